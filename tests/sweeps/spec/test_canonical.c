/* Canonical forms: how two sweeps differ, how a form is written, and that it is read back. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweeps/spec/schema.h"
#include "tests/sweeps/spec/bound_sweep.h"

/* --- differences ------------------------------------------------------------------------------ */

static char *canonical(const char *text, char *override) {
  char *overrides[1] = {override};
  vs_sweep *sweep = make_sweep(text, overrides, override != NULL);
  char *form = vs_canonical_of_sweep(sweep);
  assert_non_null(form);
  vs_sweep_free(sweep);
  return form;
}

static void assert_difference(char *override, const char *expected) {
  char *theirs = canonical(small, NULL), *ours = canonical(small, override);
  char *difference = vs_canonical_difference(theirs, ours);
  assert_string_equal(difference, expected);
  free(theirs);
  free(ours);
  free(difference);
}

static void differences_are_shown_key_by_key(void **state) {
  (void)state;
  assert_difference(NULL, "");
  assert_difference("name=other", "");
  assert_difference("lr=0.1", "optimizer.lr: 0.25 -> 0.1");
  assert_difference("lr=0.05000000001", "optimizer.lr: 0.25 -> 0.05000000001");
  assert_difference("grid.lambda=0,1000", "grid.lambda: [0,50] -> [0,1000]");
  assert_difference("grid.channel=all",
                    "grid.channel: {\"relu4_3\": \"7, 8\"} -> {\"relu4_3\": \"0..511\"}");
  assert_difference("grid.seed=1,2", "grid.seed: (nothing) -> [1,2]\nseed: 2022 -> (nothing)");
  assert_difference("grid.rho=1", "grid.lambda: [0,50] -> (nothing)\ngrid.rho: (nothing) -> [1]");
  assert_difference("grid.strength=1,0",
                    "grid.lambda: [0,50] -> (nothing)\ngrid.strength: (nothing) -> [1,0]");
  assert_difference("grid.strength=1,2", /* 0 is added */
                    "grid.lambda: [0,50] -> (nothing)\ngrid.strength: (nothing) -> [0,1,2]");
  assert_difference("log.every=5", "log.every: 10 -> 5");
  char *difference = vs_canonical_difference("{}", "no json");
  assert_string_equal(difference, "one of the two is not a sweep's canonical form");
  free(difference);
}

static void long_differences_are_cut(void **state) {
  (void)state;
  char *ours = canonical(small, NULL);
  char *difference = vs_canonical_difference("{}", ours);
  size_t lines = 1;
  for (const char *c = difference; *c != '\0'; c++) lines += *c == '\n';
  assert_int_equal(lines, 21);
  assert_non_null(strstr(difference, "\n... and "));
  free(difference);
  free(ours);
  char many[2][600] = {"grid.lambda=0", "grid.lambda=0"};
  for (int i = 1; i < 100; i++)
    for (int j = 0; j < 2; j++) sprintf(many[j] + strlen(many[j]), ",%d", i < 99 ? i : i + j);
  char *forms[2] = {canonical(small, many[0]), canonical(small, many[1])};
  difference = vs_canonical_difference(forms[0], forms[1]);
  assert_string_equal(difference,
                      "grid.lambda: ...2,93,94,95,96,97,98,99] -> ...2,93,94,95,96,97,98,100]");
  free(difference);
  free(forms[0]);
  free(forms[1]);
}

static void a_canonical_form_has_a_key_a_line(void **state) {
  (void)state;
  char *form =
      canonical("grid: {layer: [pool1, pool2], channel: [0, 1, 2, 3, 7, 9, 10], tv: [1]}\n", NULL);
  assert_non_null(strstr(form, "{\n\"grid.channel\": {\"pool1\":\"0..3, 7, 9, 10\","
                               "\"pool2\":\"0..3, 7, 9, 10\"},\n\"grid.lambda\": [0.0],\n"
                               "\"grid.layer\": [\"pool1\",\"pool2\"],\n"
                               "\"grid.order\": [\"regularizers.tv\"],\n"
                               "\"grid.regularizers.tv\": [1.0],\n"));
  free(form);
}

/* --- read back -------------------------------------------------------------------------------- */

static vs_sweep *read_back(const char *form) {
  vs_sweep *sweep;
  assert_ok(vs_sweep_from_canonical(&sweep, form));
  return sweep;
}

static void assert_same_axes(const vs_sweep *left, const vs_sweep *right, size_t index) {
  assert_int_equal(vs_sweep_axis_count(left), vs_sweep_axis_count(right));
  for (size_t a = 0; a < vs_sweep_axis_count(left); a++) {
    vs_axis_value values[2];
    assert_string_equal(vs_sweep_axis(left, a)->name, vs_sweep_axis(right, a)->name);
    assert_int_equal(vs_sweep_axis(left, a)->is_number, vs_sweep_axis(right, a)->is_number);
    vs_sweep_get_axis(left, index, a, &values[0]);
    vs_sweep_get_axis(right, index, a, &values[1]);
    assert_true(values[0].number == values[1].number ||
                (isnan(values[0].number) && isnan(values[1].number)));
  }
}

/* The form of the sweep gives the sweep again, and the form of each run this run. */
static void check_way_back_of(const char *text, vs_canonical_naming naming) {
  vs_sweep *sweep = make_sweep(text, NULL, 0);
  const vs_weights weights = {.sha256 = SHA, .digest = SHA};
  vs_canonical_naming found;
  assert_ok(vs_identity_bind(sweep, &weights, naming));
  char *form = vs_canonical_of_sweep(sweep);
  vs_sweep *again = read_back(form);
  char *form_again = vs_canonical_of_sweep(again);
  assert_string_equal(form_again, form);
  assert_int_equal(vs_sweep_count(again), vs_sweep_count(sweep));
  assert_string_equal(vs_sweep_weights(again), SHA);
  assert_ok(vs_canonical_naming_of(form, &found));
  assert_int_equal(found, naming);
  for (size_t i = 0; i < vs_sweep_count(sweep); i++) {
    char *spec = vs_canonical_of_spec(sweep, i), *second = vs_canonical_of_spec(again, i);
    assert_string_equal(second, spec);
    assert_same_axes(again, sweep, i);
    vs_sweep *alone = read_back(spec);
    char *third = vs_canonical_of_spec(alone, 0);
    assert_string_equal(third, spec);
    assert_int_equal(vs_sweep_count(alone), 1);
    vs_sweep_free(alone);
    free(spec);
    free(second);
    free(third);
  }
  vs_sweep_free(again);
  vs_sweep_free(sweep);
  free(form);
  free(form_again);
}

static void check_way_back(const char *text) {
  check_way_back_of(text, VS_CANONICAL_BY_DIGEST);
  check_way_back_of(text, VS_CANONICAL_BY_FILE);
}

static void forms_are_read_back(void **state) {
  (void)state;
  check_way_back(small);
  check_way_back("grid: {layer: [relu1_1, pool4], channel: {sample: 5, seed: 2}, seed: [5, 3],\n"
                 "       rho: [0, 0.1, 0.3333333333333333], tv: [1.0e-7, 0], crop: [0, 100],\n"
                 "       size: [224, 128], scale: [[1, 1], [0.9, 1.1]]}\n");
  check_way_back("grid: {layer: [relu1_1, pool4], channel: all, schedule: [constant, cosine],\n"
                 "       style.layers: [[relu1_1], [relu2_2, relu1_1]]}\n");
  check_way_back("image: {size: [64, 48]}\nlog: {snapshots: [0, 50]}\n"
                 "grid: {style.image: [builtin:mondrian, " STYLE "], channel: [9, 0, 1, 2, 7],\n"
                 "       layer: conv1_1}\n");
  check_way_back("grid: {layer: [relu2_2], channel: [3], strength: [1, 2.5], seed: [1, 2]}\n");
  check_way_back("image: {parametrization: strokes}\nweights: {family: keras}\n"
                 "strokes: {paper: '#abc', closed: true, width: [1, 2.5]}\n"
                 "grid: {layer: [relu2_2], channel: 3, palette.pens: [stabilo-point-88, none,\n"
                 "       [[a<b, '#123', 0.1]]]}\n");
}

static void damaged_forms_are_refused(void **state) {
  (void)state;
#define LAYER "\"grid.layer\": [\"relu3_3\"], "
#define ORDER "\"grid.order\": [], "
  static const char *const forms[] = {
      "",
      "[]",
      "{}",
      "{" LAYER ORDER "\"grid.lambda\": [0]}",
      "{" LAYER "\"grid.channel\": {\"relu3_3\": \"0..1\"}, \"grid.order\": [\"seed\"]}",
      "{" LAYER "\"grid.channel\": {\"relu3_3\": \"0..1\"}, \"grid.order\": [1]}",
      "{" LAYER "\"grid.channel\": {\"relu3_3\": \"0..1\"}, \"grid.order\": [], \"grid.x\": [1]}",
      "{" LAYER "\"grid.channel\": {\"relu3_3\": \"0..1\"}, \"grid.tv\": [1, 2]}",
      "{" LAYER ORDER "\"grid.channel\": {}}",
      "{" LAYER ORDER "\"grid.channel\": {\"relu3_3\": \"\"}}",
      "{" LAYER ORDER "\"grid.channel\": {\"relu3_3\": \"3..0\"}}",
      "{" LAYER ORDER "\"grid.channel\": {\"relu3_3\": \"1..\"}}",
      "{" LAYER ORDER "\"grid.channel\": {\"relu3_3\": \"x\"}}",
      "{" LAYER ORDER "\"grid.channel\": {\"relu3_3\": \"0..256\"}}",
      "{" LAYER ORDER "\"grid.channel\": {\"relu3_3\": \"0..255, 1\"}}",
      "{" LAYER ORDER "\"grid.channel\": {\"relu3_3\": \"0..99999999999999999999\"}}",
      "{\"layer\": \"relu3_3\", \"channel\": 1, \"channel\": 2}",
      "{\"layer\": \"relu3_3\", \"channel\": 256}"};
  for (size_t i = 0; i < COUNT(forms); i++) {
    vs_sweep *sweep;
    if (vs_sweep_from_canonical(&sweep, forms[i]) != VS_ERR_FORMAT) fail_msg("%s", forms[i]);
    assert_null(sweep);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(differences_are_shown_key_by_key),
      cmocka_unit_test(long_differences_are_cut),
      cmocka_unit_test(a_canonical_form_has_a_key_a_line),
      cmocka_unit_test(forms_are_read_back),
      cmocka_unit_test(damaged_forms_are_refused),
  };
  return cmocka_run_group_tests_name("canonical", tests, NULL, NULL);
}
