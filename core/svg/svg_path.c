/* svg_path.c - the data of paths and polygons: SVG 1.1 section 8.3, with the habits that all
 * renderers share: numbers without anything between them, commands left out where they repeat. */
#include <stdio.h>
#include <string.h>

#include "core/svg/svg_outline.h"
#include "core/svg/svg_scan.h"

enum { MAX_ARGUMENTS = 7 };

typedef struct parser {
  const char *data, *at;
  vs_svg_outline *outline;
  vs_svg_point control; /* the last one of the command before, which S or T mirror */
  char before;          /* that command in upper case; 0 at first */
} parser;

static vs_status refuse(const parser *p, const char *expected) {
  char found[12];
  vs_svg_scan_quote(found, sizeof found, p->at);
  if (found[0] == '\0') snprintf(found, sizeof found, "the end");
  return vs_fail(VS_ERR_FORMAT, "data, character %zu: %s expected, not \"%s\"",
                 (size_t)(p->at - p->data) + 1, expected, found);
}

static char upper(char command) {
  return (char)(command & ~0x20);
}

/* How many numbers follow a command (in upper case); -1 for what is none. */
static int count_arguments(char command) {
  switch (command) {
  case 'M':
  case 'L':
  case 'T':
    return 2;
  case 'H':
  case 'V':
    return 1;
  case 'S':
  case 'Q':
    return 4;
  case 'C':
    return 6;
  case 'A':
    return 7;
  case 'Z':
    return 0;
  default:
    return -1;
  }
}

static bool is_number_ahead(const char *at) {
  return *at != '\0' && strchr("+-.0123456789", *at) != NULL;
}

/* An arc's flags are one digit each, and need nothing behind them: "a1 1 0 00.5.5". */
static bool scan_flag(const char **at, double *value) {
  if (**at != '0' && **at != '1') return false;
  *value = **at - '0';
  ++*at;
  return true;
}

static vs_status scan_arguments(parser *p, char command, double numbers[MAX_ARGUMENTS]) {
  const int count = count_arguments(command);
  for (int i = 0; i < count; i++) {
    const bool is_flag = command == 'A' && (i == 3 || i == 4);
    if (i > 0) vs_svg_scan_comma(&p->at);
    if (!(is_flag ? scan_flag : vs_svg_scan_number)(&p->at, &numbers[i]))
      return refuse(p, is_flag ? "a flag 0 or 1" : "a number");
  }
  return VS_OK;
}

/* The mirrored control point, if the command before was of this family; else the current point. */
static vs_svg_point mirror(const parser *p, char family, char family_too) {
  const vs_svg_point here = p->outline->current;
  if (p->before != family && p->before != family_too) return here;
  return (vs_svg_point){2.0 * here.x - p->control.x, 2.0 * here.y - p->control.y};
}

/* Draws one command; numbers are absolute by now. */
static void draw(parser *p, char command, const double *n) {
  vs_svg_outline *o = p->outline;
  const vs_svg_point first = {n[0], n[1]}, second = {n[2], n[3]}, third = {n[4], n[5]};
  switch (command) {
  case 'M':
    vs_svg_outline_move(o, n[0], n[1]);
    break;
  case 'L':
    vs_svg_outline_line(o, n[0], n[1]);
    break;
  case 'H':
    vs_svg_outline_line(o, n[0], o->current.y);
    break;
  case 'V':
    vs_svg_outline_line(o, o->current.x, n[0]);
    break;
  case 'C':
    p->control = second;
    vs_svg_outline_cubic(o, first, second, third);
    break;
  case 'S':
    vs_svg_outline_cubic(o, mirror(p, 'C', 'S'), first, second);
    p->control = first;
    break;
  case 'Q':
    p->control = first;
    vs_svg_outline_quadratic(o, first, second);
    break;
  case 'T':
    p->control = mirror(p, 'Q', 'T');
    vs_svg_outline_quadratic(o, p->control, first);
    break;
  case 'A':
    vs_svg_outline_arc(o, n[0], n[1], n[2], n[3] != 0.0, n[4] != 0.0, n[5], n[6]);
    break;
  default:
    vs_svg_outline_close(o);
    break;
  }
  p->before = command;
}

/* Relative coordinates count from the current point. */
static void make_absolute(const parser *p, char command, double *n) {
  const vs_svg_point here = p->outline->current;
  const int count = count_arguments(command);
  if (command == 'V')
    n[0] += here.y;
  else
    for (int i = command == 'A' ? 5 : 0; i < count; i++)
      n[i] += (i % 2 == (command == 'A')) ? here.x : here.y;
}

/* A letter and all that it governs. */
static vs_status parse_command(parser *p) {
  char letter = *p->at, command = upper(letter);
  const bool relative = letter != command;
  if (count_arguments(command) < 0) return refuse(p, "a command");
  if (p->before == 0 && command != 'M') return refuse(p, "M");
  p->at++;
  do {
    double numbers[MAX_ARGUMENTS] = {0};
    vs_svg_scan_space(&p->at);
    vs_status status = scan_arguments(p, command, numbers);
    if (status != VS_OK) return status;
    if (relative) make_absolute(p, command, numbers);
    draw(p, command, numbers);
    if (command == 'Z') break;
    if (command == 'M') command = 'L'; /* further points are lines */
    vs_svg_scan_comma(&p->at);
  } while (is_number_ahead(p->at) && p->outline->status == VS_OK);
  return p->outline->status;
}

vs_status vs_svg_path_data(vs_svg_outline *outline, const char *data) {
  parser p = {.data = data, .at = data, .outline = outline};
  vs_status status = VS_OK;
  vs_svg_scan_space(&p.at);
  if (strcmp(p.at, "none") == 0) return VS_OK;
  while (*p.at != '\0' && status == VS_OK) {
    status = parse_command(&p);
    vs_svg_scan_space(&p.at);
  }
  return status;
}

vs_status vs_svg_path_points(vs_svg_outline *outline, const char *data, bool closed) {
  parser p = {.data = data, .at = data, .outline = outline};
  bool is_first = true;
  vs_svg_scan_space(&p.at);
  while (*p.at != '\0' && outline->status == VS_OK) {
    double point[MAX_ARGUMENTS];
    vs_status status = scan_arguments(&p, 'L', point);
    if (status != VS_OK) return status;
    if (is_first)
      vs_svg_outline_move(outline, point[0], point[1]);
    else
      vs_svg_outline_line(outline, point[0], point[1]);
    is_first = false;
    vs_svg_scan_comma(&p.at);
  }
  if (closed && !is_first) vs_svg_outline_close(outline);
  return outline->status;
}
