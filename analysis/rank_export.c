/* CSV and JSON of a ranking: both write the same fields, one run a line. */
#include "analysis/rank_export.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- fields ----------------------------------------------------------------------------------- */

typedef enum value_kind { VALUE_REAL, VALUE_WHOLE, VALUE_TEXT } value_kind;

typedef struct value {
  value_kind kind;
  double real;
  uint64_t size; /* a whole number without its sign */
  bool negative;
  char text[VS_HOST]; /* the longest that there are */
} value;

_Static_assert(VS_AXIS_TEXT <= VS_HOST, "an axis' text fits into a value");

/* Fields are numbered: place, score, then columns, axes, metrics. */
enum { PLACE, SCORE, FIRST_COLUMN };

typedef struct listing {
  const vs_ranking *ranking;
  vs_metrics *metrics;
  const vs_results *results;
  const vs_column *columns;
  const vs_metric *table;
  size_t first_axis, first_metric, count; /* of fields */
} listing;

static listing listing_of(const vs_ranking *ranking, vs_metrics *metrics) {
  listing l = {.ranking = ranking, .metrics = metrics, .results = vs_metrics_results(metrics)};
  size_t column_count, metric_count;
  l.columns = vs_column_table(&column_count);
  l.table = vs_metric_table(&metric_count);
  l.first_axis = FIRST_COLUMN + column_count;
  l.first_metric = l.first_axis + vs_results_axis_count(l.results);
  l.count = l.first_metric + metric_count;
  return l;
}

static const char *field_name(const listing *l, size_t field) {
  if (field == PLACE) return "place";
  if (field == SCORE) return "score";
  if (field < l->first_axis) return l->columns[field - FIRST_COLUMN].name;
  if (field < l->first_metric) return vs_results_axis(l->results, field - l->first_axis)->name;
  return l->table[field - l->first_metric].name;
}

static value real_value(double real) {
  return (value){.kind = VALUE_REAL, .real = real};
}

static value whole_value(uint64_t size, bool negative) {
  return (value){.kind = VALUE_WHOLE, .size = size, .negative = negative};
}

static value text_value(const char *text) {
  value v = {.kind = VALUE_TEXT};
  snprintf(v.text, sizeof v.text, "%s", text);
  return v;
}

static value column_value(const vs_column *column, const vs_row *row) {
  if (vs_column_is_text(column)) return text_value(vs_column_text(column, row));
  double number = vs_column_number(column, row);
  if (column->kind == VS_COLUMN_INTEGER) return whole_value((uint64_t)fabs(number), number < 0.0);
  if (column->kind == VS_COLUMN_UNSIGNED) return whole_value(vs_column_whole(column, row), false);
  return real_value(number);
}

static value axis_value(const vs_results *results, size_t row, size_t axis) {
  vs_axis_value v;
  vs_results_axis_value(results, row, axis, &v);
  return vs_results_axis(results, axis)->is_number ? real_value(v.number) : text_value(v.text);
}

static vs_status get_field(const listing *l, size_t place, size_t field, value *out) {
  size_t row = l->ranking->rows[place];
  if (field == PLACE) {
    *out = whole_value(place + 1, false);
  } else if (field == SCORE) {
    *out = real_value(l->ranking->score[place]);
  } else if (field < l->first_axis) {
    *out = column_value(&l->columns[field - FIRST_COLUMN], vs_results_row(l->results, row));
  } else if (field < l->first_metric) {
    *out = axis_value(l->results, row, field - l->first_axis);
  } else {
    double figure;
    vs_status status = vs_metrics_get(l->metrics, &l->table[field - l->first_metric], row, &figure);
    if (status != VS_OK) return status;
    *out = real_value(figure);
  }
  return VS_OK;
}

/* --- CSV -------------------------------------------------------------------------------------- */

/* The fewest digits that read back to the same number. */
static void write_real(double real, FILE *out) {
  char digits[40] = "";
  for (int precision = 15; precision <= 17; precision++) {
    snprintf(digits, sizeof digits, "%.*g", precision, real);
    if (strtod(digits, NULL) == real) break;
  }
  fputs(digits, out);
}

/* RFC 4180: quotes where there is a comma, quote or line end, quotes doubled inside. A spreadsheet
 * would compute a text that begins like a formula; a ' before it makes it a text. */
static void write_csv_text(const char *text, FILE *out) {
  bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
  bool quoted = strpbrk(text, ",\"\r\n") != NULL;
  if (quoted) putc('"', out);
  if (formula) putc('\'', out);
  for (; *text != '\0'; text++) {
    if (*text == '"') putc('"', out);
    putc(*text, out);
  }
  if (quoted) putc('"', out);
}

static void write_csv_value(const value *v, FILE *out) {
  if (v->kind == VALUE_TEXT) write_csv_text(v->text, out);
  if (v->kind == VALUE_WHOLE) fprintf(out, "%s%ju", v->negative ? "-" : "", (uintmax_t)v->size);
  if (v->kind == VALUE_REAL && isfinite(v->real)) write_real(v->real, out);
}

vs_status vs_rank_write_csv(const vs_ranking *ranking, vs_metrics *metrics, FILE *out) {
  listing l = listing_of(ranking, metrics);
  for (size_t field = 0; field < l.count; field++) {
    if (field > 0) putc(',', out);
    write_csv_text(field_name(&l, field), out);
  }
  fputs("\r\n", out);
  for (size_t place = 0; place < ranking->count; place++) {
    for (size_t field = 0; field < l.count; field++) {
      value v;
      vs_status status = get_field(&l, place, field, &v);
      if (status != VS_OK) return status;
      if (field > 0) putc(',', out);
      write_csv_value(&v, out);
    }
    fputs("\r\n", out);
  }
  return VS_OK;
}

/* --- JSON ------------------------------------------------------------------------------------- */

/* jansson refuses what is not UTF-8, which a file from elsewhere may hold: foreign bytes become
 * '?'. */
static json_t *json_text(const char *text) {
  json_t *json = json_string(text);
  if (json != NULL) return json;
  value ascii = text_value(text);
  for (char *c = ascii.text; *c != '\0'; c++)
    if ((unsigned char)*c >= 0x80) *c = '?';
  return json_string(ascii.text);
}

/* Whole numbers beyond 63 bits are given as texts: no digit is lost, and jansson has no larger. */
static json_t *json_whole(const value *v) {
  if (v->size <= INT64_MAX) {
    json_int_t size = (json_int_t)v->size;
    return json_integer(v->negative ? -size : size);
  }
  return json_sprintf("%s%ju", v->negative ? "-" : "", (uintmax_t)v->size);
}

static json_t *json_value(const value *v) {
  if (v->kind == VALUE_TEXT) return json_text(v->text);
  if (v->kind == VALUE_WHOLE) return json_whole(v);
  return isfinite(v->real) ? json_real(v->real) : json_null();
}

/* One run as an object; NULL with a status otherwise. */
static vs_status make_object(const listing *l, size_t place, json_t **out) {
  vs_status status = VS_OK;
  json_t *object = json_object();
  for (size_t field = 0; field < l->count && status == VS_OK; field++) {
    value v;
    status = get_field(l, place, field, &v);
    if (status != VS_OK) break;
    if (json_object_set_new(object, field_name(l, field), json_value(&v)) != 0)
      status = vs_fail(VS_ERR_MEMORY, "no memory to write run %zu of the ranking", place + 1);
  }
  if (status != VS_OK) {
    json_decref(object);
    object = NULL;
  }
  *out = object;
  return status;
}

/* Objects are written as they are made, so that a long ranking takes no memory. */
vs_status vs_rank_write_json(const vs_ranking *ranking, vs_metrics *metrics, FILE *out) {
  listing l = listing_of(ranking, metrics);
  putc('[', out);
  for (size_t place = 0; place < ranking->count; place++) {
    json_t *object = NULL;
    vs_status status = make_object(&l, place, &object);
    if (status != VS_OK) return status;
    fputs(place == 0 ? "\n" : ",\n", out);
    int problem = json_dumpf(object, out, JSON_REAL_PRECISION(17));
    json_decref(object);
    if (problem != 0 && !ferror(out))
      return vs_fail(VS_ERR_INTERNAL, "run %zu of the ranking cannot be written as JSON",
                     place + 1);
  }
  fputs(ranking->count == 0 ? "]\n" : "\n]\n", out);
  return VS_OK;
}
