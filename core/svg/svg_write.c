/* svg_write.c - one document printed from a drawing, layer by layer, numbers as short as
 * thousandths allow. */
#include "core/svg/svg_write.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/file.h"
#include "core/base/utf8.h"
#include "core/image/color.h"
#include "core/svg/svg_color.h"

/* How far from 0 a place may be; far beyond any sheet, and exact in what follows. */
static const double farthest = 1e9;

/* --- numbers and texts ------------------------------------------------------------------------ */

/* Three decimals, without the zeros at their end. By whole numbers: printf's %f would write the
 * comma of some locales. */
static void print_number(FILE *out, double value) {
  const long long thousandths = llround(fmin(fmax(value, -farthest), farthest) * 1000.0);
  const unsigned long long size = (unsigned long long)llabs(thousandths);
  fprintf(out, "%s%llu", thousandths < 0 ? "-" : "", size / 1000);
  int fraction = (int)(size % 1000), digits = 3;
  if (fraction == 0) return;
  for (; fraction % 10 == 0; fraction /= 10) digits--;
  fprintf(out, ".%0*d", digits, fraction);
}

/* One that must not become 0. */
static void print_width(FILE *out, double width) {
  print_number(out, width > 0.001 ? width : 0.001);
}

static void print_color(FILE *out, const float color[3]) {
  char text[VS_COLOR_HEX];
  vs_color_hex(color, text);
  fputs(text, out);
}

/* Whether XML 1.0 allows the character at `at`, of `length` bytes. */
static bool is_xml(const unsigned char *at, int length) {
  if (length == 0) return false;
  if (*at < 0x20) return *at == '\t' || *at == '\n' || *at == '\r';
  return !(length == 3 && at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe); /* U+FFFE, U+FFFF */
}

/* A text as it may stand in an element or in an attribute between double quotes. What XML has no
 * place for becomes U+FFFD. */
static void print_text(FILE *out, const char *text) {
  while (*text != '\0') {
    const int length = vs_utf8_length(text);
    if (!is_xml((const unsigned char *)text, length))
      fputs("\xef\xbf\xbd", out);
    else if (*text == '&')
      fputs("&amp;", out);
    else if (*text == '<')
      fputs("&lt;", out);
    else if (*text == '>')
      fputs("&gt;", out);
    else if (*text == '"')
      fputs("&quot;", out);
    else
      fwrite(text, 1, (size_t)length, out);
    text += length > 0 ? length : 1;
  }
}

/* --- strokes ---------------------------------------------------------------------------------- */

/* What a line is drawn with. */
typedef struct line_style {
  float color[3], opacity;
  float width;
} line_style;

static line_style style_of(const vs_stroke *stroke, const vs_svg_options *options) {
  line_style own = {.opacity = stroke->opacity, .width = stroke->width};
  memcpy(own.color, stroke->color, sizeof own.color);
  if (!options->as_pens || options->pens == NULL || stroke->pen < 0) return own;
  memcpy(own.color, options->pens->pens[stroke->pen].color, sizeof own.color);
  own.opacity = 1.0f;
  return own;
}

/* The attributes in which a style differs from what is inherited; all of them if that is NULL. */
static void print_style(FILE *out, const line_style *line, const line_style *inherited) {
  if (inherited == NULL || !vs_drawing_same_color(line->color, inherited->color)) {
    fputs(" stroke=\"", out);
    print_color(out, line->color);
    fputs("\"", out);
  }
  if (inherited == NULL || line->width != inherited->width) {
    fputs(" stroke-width=\"", out);
    print_width(out, (double)line->width);
    fputs("\"", out);
  }
  if (line->opacity != (inherited == NULL ? 1.0f : inherited->opacity)) {
    fputs(" stroke-opacity=\"", out);
    print_number(out, (double)fminf(fmaxf(line->opacity, 0.0f), 1.0f));
    fputs("\"", out);
  }
}

static bool is_drawable(const vs_drawing *drawing, const vs_stroke *stroke) {
  const vs_point2 *points = drawing->points + stroke->first_point;
  const size_t count = vs_drawing_stroke_points(stroke->segments, stroke->closed);
  for (size_t i = 0; i < count; i++) /* NaN is not below anything */
    if (!(fabs((double)points[i].x) < farthest && fabs((double)points[i].y) < farthest))
      return false;
  return true;
}

static void print_point(FILE *out, vs_point2 point) {
  putc(' ', out);
  print_number(out, (double)point.x);
  putc(' ', out);
  print_number(out, (double)point.y);
}

static void print_path(FILE *out, const vs_drawing *drawing, const vs_stroke *stroke,
                       const line_style *line, const line_style *inherited) {
  fputs("<path", out);
  print_style(out, line, inherited);
  fputs(" d=\"M", out);
  print_point(out, drawing->points[stroke->first_point]);
  fputs(" C", out);
  for (int segment = 0; segment < stroke->segments; segment++) {
    vs_point2 cubic[4];
    vs_drawing_stroke_cubic(drawing, stroke, segment, cubic);
    for (int i = 1; i < 4; i++) print_point(out, cubic[i]);
  }
  fputs(stroke->closed ? " Z\"/>\n" : "\"/>\n", out);
}

/* --- layers ----------------------------------------------------------------------------------- */

/* ` inkscape:groupmode="layer" ...` of the layer of a pen; pens->count stands for no pen. */
static void print_layer_name(FILE *out, const vs_pen_set *pens, int pen) {
  const char *name = pen < pens->count ? pens->pens[pen].name : "no pen";
  char label[VS_PEN_NAME];
  size_t length = 0;
  for (; *name != '\0'; name++)
    if (!isdigit((unsigned char)*name)) label[length++] = *name;
  label[length] = '\0';
  const char *first = label + strspn(label, " -_.");
  while (length > 0 && strchr(" -_.", label[length - 1]) != NULL) label[--length] = '\0';
  fprintf(out, " inkscape:groupmode=\"layer\" inkscape:label=\"%d-", pen + 1);
  print_text(out, *first != '\0' ? first : "pen");
  fprintf(out, "\" id=\"layer%d\"", pen + 1);
}

/* The strokes of one pen as a group, or nothing if it draws none. pens NULL: all strokes. */
static void print_group(FILE *out, const vs_drawing *drawing, const vs_svg_options *options,
                        int pen) {
  const vs_pen_set *pens = options->pens;
  line_style shared;
  bool is_open = false;
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    const vs_stroke *stroke = &drawing->strokes[i];
    const int layer = pens == NULL || stroke->pen >= 0 ? stroke->pen : pens->count;
    assert(pens == NULL || layer <= pens->count);
    if ((pens != NULL && layer != pen) || !is_drawable(drawing, stroke)) continue;
    const line_style line = style_of(stroke, options);
    if (!is_open) { /* the group is as its first stroke is */
      shared = line;
      fputs("<g", out);
      if (pens != NULL) print_layer_name(out, pens, pen);
      fputs(" fill=\"none\"", out);
      print_style(out, &shared, NULL);
      fputs(" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n", out);
      is_open = true;
    }
    print_path(out, drawing, stroke, &line, &shared);
  }
  if (is_open) fputs("</g>\n", out);
}

/* --- the document ----------------------------------------------------------------------------- */

static void print_sheet_size(FILE *out, const vs_drawing *drawing, const char *unit) {
  fputs("width=\"", out);
  print_number(out, drawing->width);
  fprintf(out, "%s\" height=\"", unit);
  print_number(out, drawing->height);
  fprintf(out, "%s\"", unit);
}

static void print_element(FILE *out, const char *element, const char *text) {
  if (text == NULL) return;
  fprintf(out, "<%s>", element);
  print_text(out, text);
  fprintf(out, "</%s>\n", element);
}

void vs_svg_write_print(FILE *out, const vs_drawing *drawing, const vs_svg_options *options) {
  fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" "
        "xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" ",
        out);
  print_sheet_size(out, drawing, options->unit);
  fputs(" viewBox=\"0 0", out);
  print_point(out, (vs_point2){(float)drawing->width, (float)drawing->height});
  fputs("\">\n", out);
  print_element(out, "title", options->title);
  print_element(out, "metadata", options->description);
  if (options->paper) {
    fputs("<rect ", out);
    print_sheet_size(out, drawing, "");
    fputs(" fill=\"", out);
    print_color(out, drawing->paper);
    fputs("\"/>\n", out);
  }
  const int last = options->pens != NULL ? options->pens->count : 0;
  for (int pen = 0; pen <= last; pen++) print_group(out, drawing, options, pen);
  fputs("</svg>\n", out);
}

/* --- the file --------------------------------------------------------------------------------- */

/* Whether the first element of a text is <svg>. */
static bool begins_as_svg(const char *text, size_t size) {
  const char *end = text + size;
  for (const char *at = text; at + 4 < end; at++) {
    if (*at != '<' || !isalpha((unsigned char)at[1])) continue;
    return strncmp(at, "<svg", 4) == 0 && !isalnum((unsigned char)at[4]);
  }
  return false;
}

/* VS_ERR_USAGE if `path` is a file that no SVG may replace. */
static vs_status check_kind(const char *path) {
  char begin[8192];
  struct stat info;
  if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) return VS_OK; /* for the writer to judge */
  FILE *file = fopen(path, "rb");
  if (file == NULL) return vs_fail(VS_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
  const size_t size = fread(begin, 1, sizeof begin, file);
  fclose(file);
  if (size == 0 || begins_as_svg(begin, size)) return VS_OK;
  return vs_fail(VS_ERR_USAGE,
                 "%s: there is a file that is no SVG, which is not overwritten; choose another "
                 "name",
                 path);
}

vs_status vs_svg_write(const char *path, const vs_drawing *drawing, const vs_svg_options *options) {
  vs_status status = check_kind(path);
  if (status != VS_OK) return status;
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  bool is_whole = out != NULL;
  if (out != NULL) {
    vs_svg_write_print(out, drawing, options);
    is_whole = !ferror(out);
    is_whole &= fclose(out) == 0;
  }
  status = is_whole ? vs_file_write(path, text, size)
                    : vs_fail(VS_ERR_MEMORY, "%s: no memory to write it", path);
  free(text);
  return status;
}
