/* Listings: hostile and long texts in every place, and numbers that have to survive. */
#include "tests/support/unit.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rank/listing.h"

enum { LONG = 4096 };

typedef struct table {
  const char *name;
  vs_cell cells[3];
  size_t count;
} table;

static const char *name_of(void *context, size_t column) {
  return column == 0 ? ((const table *)context)->name : "value";
}

static vs_status cell_of(void *context, size_t row, size_t column, vs_cell *cell) {
  *cell = ((const table *)context)->cells[column == 0 ? 0 : 1 + row % 2];
  return VS_OK;
}

typedef vs_status writer(const vs_listing *listing, FILE *out);

static char *write_with(writer *write, table *t, size_t rows) {
  const vs_listing listing = {
      .columns = 2, .rows = rows, .context = t, .name = name_of, .cell = cell_of};
  enum { ROOM = 1 << 16 };
  char *text = calloc(1, ROOM);
  assert_non_null(text);
  FILE *out = fmemopen(text, ROOM, "w");
  assert_non_null(out);
  assert_ok(write(&listing, out));
  assert_int_equal(fclose(out), 0); /* fails where there is no room */
  return text;
}

static void spreadsheets_get_no_formulas(void **state) {
  (void)state;
  static const struct {
    const char *text, *written;
  } cases[] = {{"=1+1", "'=1+1"},
               {"+1", "'+1"},
               {"-1", "'-1"},
               {"@SUM(A1)", "'@SUM(A1)"},
               {"\t=1", "'\t=1"},
               {"\r=1", "\"'\r=1\""},
               {"\n=1", "\"'\n=1\""},
               {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""},
               {"a=1", "a=1"},
               {"", ""},
               {"a\"b", "\"a\"\"b\""},
               {"\"", "\"\"\"\""},
               {"<b>&</script>", "<b>&</script>"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    table t = {.name = cases[i].text,
               .cells = {vs_listing_cell_text(cases[i].text), vs_listing_cell_integer(-5)}};
    char *text = write_with(vs_listing_write_csv, &t, 1), expected[256];
    snprintf(expected, sizeof expected, "%s,value\r\n%s,-5\r\n", cases[i].written,
             cases[i].written);
    assert_string_equal(text, expected); /* headings are texts too */
    free(text);
  }
}

static void long_texts_are_whole(void **state) {
  (void)state;
  char hostile[LONG + 1];
  static const char piece[] = "=\"</script>\n\x01\xc3\xa4, ";
  for (size_t i = 0; i < LONG; i++) hostile[i] = piece[i % (sizeof piece - 1)];
  hostile[LONG] = '\0';
  table t = {.name = "text", .cells = {vs_listing_cell_text(hostile), vs_listing_cell_real(NAN)}};
  char *csv = write_with(vs_listing_write_csv, &t, 1);
  assert_true(strlen(csv) > LONG);
  assert_non_null(strstr(csv, "\r\n\"'=\"\"</script>"));
  free(csv);
  char *text = write_with(vs_listing_write_json, &t, 1);
  json_t *json = json_loads(text, 0, NULL);
  json_t *object = json_array_get(json, 0);
  const char *read = json_string_value(json_object_get(object, "text"));
  assert_non_null(read);
  assert_int_equal(strlen(read), LONG);
  assert_memory_equal(read, hostile, 32);
  assert_true(json_is_null(json_object_get(object, "value")));
  json_decref(json);
  free(text);
}

static void numbers_read_back(void **state) {
  (void)state;
  static const double reals[] = {
      0.1, -1.0 / 3.0, 1e300, 5e-324, 0.0, 123.0, -1e15, 1e15, 2e15, 1e22, 4503599627370497.5};
  for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
    table t = {.name = "n",
               .cells = {vs_listing_cell_real(reals[i]), vs_listing_cell_real(reals[i])}};
    char *csv = write_with(vs_listing_write_csv, &t, 1);
    double read = strtod(strchr(csv, '\n') + 1, NULL);
    assert_memory_equal(&read, &reals[i], sizeof read);
    free(csv);
    char *text = write_with(vs_listing_write_json, &t, 1);
    json_t *json = json_loads(text, 0, NULL);
    json_t *value = json_object_get(json_array_get(json, 0), "n");
    assert_true(json_is_real(value)); /* 123 too */
    read = json_real_value(value);
    assert_memory_equal(&read, &reals[i], sizeof read);
    json_decref(json);
    free(text);
  }
}

static void whole_numbers_keep_their_digits(void **state) {
  (void)state;
  table t = {.name = "n",
             .cells = {vs_listing_cell_whole(UINT64_MAX), vs_listing_cell_integer(INT64_MIN)}};
  char *text = write_with(vs_listing_write_csv, &t, 1);
  assert_string_equal(text, "n,value\r\n18446744073709551615,-9223372036854775808\r\n");
  free(text);
  text = write_with(vs_listing_write_json, &t, 1);
  assert_string_equal(
      text, "[\n{\"n\": \"18446744073709551615\", \"value\": \"-9223372036854775808\"}\n]\n");
  free(text);
  text = write_with(vs_listing_write_json, &t, 0);
  assert_string_equal(text, "[]\n");
  free(text);
}

static void tables_are_aligned(void **state) {
  (void)state;
  table t = {.name = "text",
             .cells = {vs_listing_cell_text("a\x1b[1m"), vs_listing_cell_real(0.5),
                       vs_listing_cell_real(-1234.5)}};
  char *text = write_with(vs_listing_write_text, &t, 2);
  assert_string_equal(text, "text   value\n"
                            "a?[1m    0.5\n"
                            "a?[1m  -1234\n");
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(spreadsheets_get_no_formulas),
      cmocka_unit_test(long_texts_are_whole),
      cmocka_unit_test(numbers_read_back),
      cmocka_unit_test(whole_numbers_keep_their_digits),
      cmocka_unit_test(tables_are_aligned),
  };
  return cmocka_run_group_tests_name("listing", tests, NULL, NULL);
}
