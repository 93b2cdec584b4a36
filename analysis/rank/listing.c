/* One table as CSV, as JSON, or as aligned text. */
#include "analysis/rank/listing.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/figure_text.h"
#include "core/base/json.h"

vs_cell vs_listing_cell_real(double real) {
  return (vs_cell){.kind = VS_CELL_REAL, .real = real};
}

vs_cell vs_listing_cell_whole(uint64_t size) {
  return (vs_cell){.kind = VS_CELL_WHOLE, .size = size};
}

vs_cell vs_listing_cell_integer(int64_t value) {
  uint64_t bits = (uint64_t)value;
  return (vs_cell){.kind = VS_CELL_WHOLE, .size = value < 0 ? -bits : bits, .negative = value < 0};
}

vs_cell vs_listing_cell_text(const char *text) {
  return (vs_cell){.kind = VS_CELL_TEXT, .text = text};
}

/* --- CSV -------------------------------------------------------------------------------------- */

#define REAL_TEXT 40

/* The fewest digits that read back to the same number; whole ones, which are many, at once. */
static void format_real(double real, char digits[REAL_TEXT]) {
  if (fabs(real) < 1e15 && real == floor(real)) { /* -0 is 0 to whoever reads a table */
    snprintf(digits, REAL_TEXT, "%" PRId64, (int64_t)real);
    return;
  }
  for (int precision = 15; precision <= 17; precision++) {
    snprintf(digits, REAL_TEXT, "%.*g", precision, real);
    if (strtod(digits, NULL) == real) break;
  }
}

static void write_real(double real, FILE *out) {
  char digits[REAL_TEXT];
  format_real(real, digits);
  fputs(digits, out);
}

static void write_csv_text(const char *text, FILE *out) {
  bool formula = text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL;
  bool quoted = strpbrk(text, ",\"\r\n") != NULL;
  if (quoted) putc('"', out);
  if (formula) putc('\'', out);
  for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
    fwrite(text, 1, (size_t)(quote - text), out);
    fputs("\"\"", out);
  }
  fputs(text, out);
  if (quoted) putc('"', out);
}

static void write_csv_cell(const vs_cell *cell, FILE *out) {
  if (cell->kind == VS_CELL_TEXT) write_csv_text(cell->text, out);
  if (cell->kind == VS_CELL_WHOLE)
    fprintf(out, "%s%ju", cell->negative ? "-" : "", (uintmax_t)cell->size);
  if (cell->kind == VS_CELL_REAL && isfinite(cell->real)) write_real(cell->real, out);
}

vs_status vs_listing_write_csv(const vs_listing *listing, FILE *out) {
  for (size_t column = 0; column < listing->columns; column++) {
    if (column > 0) putc(',', out);
    write_csv_text(listing->name(listing->context, column), out);
  }
  fputs("\r\n", out);
  for (size_t row = 0; row < listing->rows; row++) {
    for (size_t column = 0; column < listing->columns; column++) {
      vs_cell cell;
      vs_status status = listing->cell(listing->context, row, column, &cell);
      if (status != VS_OK) return status;
      if (column > 0) putc(',', out);
      write_csv_cell(&cell, out);
    }
    fputs("\r\n", out);
  }
  return VS_OK;
}

/* --- JSON ------------------------------------------------------------------------------------- */

/* A real number stays one for readers that tell them from whole ones. */
static void write_json_real(double real, FILE *out) {
  char digits[REAL_TEXT];
  format_real(real, digits);
  fputs(digits, out);
  if (strpbrk(digits, ".e") == NULL) fputs(".0", out);
}

static void write_json_cell(const vs_cell *cell, FILE *out) {
  bool is_text = cell->kind == VS_CELL_WHOLE && cell->size > INT64_MAX; /* no digit is lost */
  if (is_text) putc('"', out);
  if (cell->kind == VS_CELL_TEXT)
    vs_json_print_text(out, cell->text);
  else if (cell->kind == VS_CELL_WHOLE)
    fprintf(out, "%s%ju", cell->negative ? "-" : "", (uintmax_t)cell->size);
  else if (!isfinite(cell->real))
    fputs("null", out);
  else
    write_json_real(cell->real, out);
  if (is_text) putc('"', out);
}

static vs_status write_json_object(const vs_listing *listing, size_t row, FILE *out) {
  for (size_t column = 0; column < listing->columns; column++) {
    vs_cell cell;
    fputs(column == 0 ? "{" : ", ", out);
    vs_json_print_text(out, listing->name(listing->context, column));
    fputs(": ", out);
    vs_status status = listing->cell(listing->context, row, column, &cell);
    if (status != VS_OK) return status;
    write_json_cell(&cell, out);
  }
  putc('}', out);
  return VS_OK;
}

vs_status vs_listing_write_json(const vs_listing *listing, FILE *out) {
  putc('[', out);
  for (size_t row = 0; row < listing->rows; row++) {
    fputs(row == 0 ? "\n" : ",\n", out);
    vs_status status = write_json_object(listing, row, out);
    if (status != VS_OK) return status;
  }
  fputs(listing->rows == 0 ? "]\n" : "\n]\n", out);
  return VS_OK;
}

/* --- text ------------------------------------------------------------------------------------- */

void vs_listing_put_plain(const char *text, FILE *out) {
  for (; *text != '\0'; text++) putc(*text < ' ' || *text > '~' ? '?' : *text, out);
}

enum { TEXT_GAP = 2 };

/* The cell as people read it: in its own text, or in `figure`. */
static const char *plain_cell(const vs_cell *cell, char figure[VS_FIGURE_TEXT]) {
  if (cell->kind == VS_CELL_TEXT) return cell->text;
  if (cell->kind == VS_CELL_REAL)
    vs_figure_text(cell->real, figure);
  else
    snprintf(figure, VS_FIGURE_TEXT, "%s%ju", cell->negative ? "-" : "", (uintmax_t)cell->size);
  return figure;
}

/* How wide each column is. */
static vs_status measure(const vs_listing *listing, size_t *widths) {
  for (size_t column = 0; column < listing->columns; column++) {
    widths[column] = strlen(listing->name(listing->context, column));
    for (size_t row = 0; row < listing->rows; row++) {
      vs_cell cell;
      char figure[VS_FIGURE_TEXT];
      vs_status status = listing->cell(listing->context, row, column, &cell);
      if (status != VS_OK) return status;
      size_t length = strlen(plain_cell(&cell, figure));
      if (length > widths[column]) widths[column] = length;
    }
  }
  return VS_OK;
}

/* Texts stand to the left, numbers to the right; no line ends in blanks. */
static void put_aligned(const char *text, bool is_text, size_t width, size_t *blanks, FILE *out) {
  size_t padding = width - strlen(text);
  fprintf(out, "%*s", (int)(*blanks + (is_text ? 0 : padding)), "");
  vs_listing_put_plain(text, out);
  *blanks = TEXT_GAP + (is_text ? padding : 0);
}

static vs_status write_lines(const vs_listing *listing, const size_t *widths, bool *is_text,
                             FILE *out) {
  for (size_t column = 0; column < listing->columns && listing->rows > 0; column++) {
    vs_cell cell;
    vs_status status = listing->cell(listing->context, 0, column, &cell);
    if (status != VS_OK) return status;
    is_text[column] = cell.kind == VS_CELL_TEXT;
  }
  size_t blanks = 0;
  for (size_t column = 0; column < listing->columns; column++)
    put_aligned(listing->name(listing->context, column), is_text[column], widths[column], &blanks,
                out);
  putc('\n', out);
  for (size_t row = 0; row < listing->rows; row++) {
    blanks = 0;
    for (size_t column = 0; column < listing->columns; column++) {
      vs_cell cell;
      char figure[VS_FIGURE_TEXT];
      vs_status status = listing->cell(listing->context, row, column, &cell);
      if (status != VS_OK) return status;
      put_aligned(plain_cell(&cell, figure), is_text[column], widths[column], &blanks, out);
    }
    putc('\n', out);
  }
  return VS_OK;
}

vs_status vs_listing_write_text(const vs_listing *listing, FILE *out) {
  size_t *widths = calloc(listing->columns + 1, sizeof *widths);
  bool *is_text = calloc(listing->columns + 1, sizeof *is_text);
  vs_status status = widths != NULL && is_text != NULL
                         ? measure(listing, widths)
                         : vs_fail(VS_ERR_MEMORY, "no memory for a table");
  if (status == VS_OK) status = write_lines(listing, widths, is_text, out);
  free(is_text);
  free(widths);
  return status;
}
