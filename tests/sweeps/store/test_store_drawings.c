/* Drawings in files: strokes, pens and budgets are read as they were stored, bit by bit. */
#include "tests/support/unit.h"

#include <math.h>

#include "tests/sweeps/store/store_fixture.h"

static void check_pens(const vs_pen_set *read, const vs_pen_set *made) {
  assert_int_equal(read->count, made->count);
  for (int k = 0; k < made->count; k++) {
    assert_string_equal(read->pens[k].name, made->pens[k].name);
    assert_memory_equal(read->pens[k].color, made->pens[k].color, sizeof made->pens[k].color);
    assert_true(read->pens[k].width_mm == made->pens[k].width_mm);
  }
}

/* Bit by bit, of NaN as well. */
static void check_drawing(const vs_results *results, size_t row, const vs_run_result *made) {
  const vs_row *read_row = vs_results_row(results, row);
  const vs_drawing *drawing = made->drawing;
  vs_results_drawing read;
  assert_true(same(read_row->exc_free, made->exc_free) &&
              same(read_row->exc_quantized, made->exc_quantized) &&
              same(read_row->exc_refined, made->exc_refined) &&
              same(read_row->exc_plotted, made->exc_plotted));
  assert_true(same(read_row->drawn_mm, made->plot.drawn_mm) &&
              same(read_row->travel_mm, made->plot.travel_mm) &&
              same(read_row->minutes, made->plot.minutes));
  if (drawing == NULL) {
    assert_true(isnan(read_row->lifts) && read_row->strokes == 0 && read_row->pens == 0);
    assert_int_equal(vs_results_read_drawing(results, row, &read), VS_ERR_USAGE);
    return;
  }
  assert_true(read_row->lifts == made->plot.lifts);
  assert_int_equal(read_row->strokes, drawing->stroke_count);
  assert_int_equal(read_row->pens, made->pens->count);
  assert_ok(vs_results_read_drawing(results, row, &read));
  assert_true(read.drawing->width == drawing->width && read.drawing->height == drawing->height);
  assert_memory_equal(read.drawing->paper, drawing->paper, sizeof drawing->paper);
  assert_int_equal(read.drawing->point_count, drawing->point_count);
  assert_memory_equal(read.drawing->points, drawing->points,
                      drawing->point_count * sizeof *drawing->points);
  assert_int_equal(read.drawing->stroke_count, drawing->stroke_count);
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    const vs_stroke *a = &read.drawing->strokes[i], *b = &drawing->strokes[i];
    assert_true(a->first_point == b->first_point && a->segments == b->segments &&
                a->closed == b->closed && a->width == b->width && a->opacity == b->opacity &&
                a->pen == b->pen);
    assert_memory_equal(a->color, b->color, sizeof a->color);
    assert_true(read.places[i] == made->stroke_places[i]);
    assert_true(same((double)read.budget[i], (double)made->budget[i]));
  }
  check_pens(&read.pens, made->pens);
  vs_results_clear_drawing(&read);
}

static void check_drawings(const char *path, const store_sample *sample) {
  const size_t count = vs_sweep_count(sample->sweep);
  vs_results *results = open_results(path);
  assert_int_equal(vs_results_count(results), count);
  for (size_t i = 0; i < count; i++) {
    vs_sweep_run run;
    vs_sweep_get(sample->sweep, i, &run);
    vs_run_result made = store_sample_result(&run);
    check_drawing(results, i, &made);
    float *theta = (float *)made.theta;
    if (made.drawing != NULL) made.theta = NULL; /* it is kept as a drawing */
    check_run(results, i, sample, &run, &made);
    made.theta = theta;
    store_sample_result_clear(&made);
  }
  vs_results_close(results);
}

/* Alone in a file, gathered with others of more and fewer strokes, merged, and gone on with. */
static void drawings_are_read_as_they_were_stored(void **state) {
  (void)state;
  store_sample sample = store_sample_open(store_sample_drawings);
  const size_t count = vs_sweep_count(sample.sweep);
  assert_int_equal(count, 24);
  vs_store *store = create_store(&sample);
  for (size_t i = 0; i < count; i++)
    assert_ok(store_sample_add(store, &sample, (i * 7) % count, 0));
  check_drawings(STORE_FOLDER, &sample);
  assert_ok(vs_store_add_compact(store, 0));
  assert_int_equal(count_segments(), 1);
  check_drawings(STORE_FOLDER, &sample);
  vs_store_close(store);
  assert_ok(vs_store_merge(STORE_FOLDER));
  check_drawings(STORE_MERGED, &sample);
  store = create_store(&sample); /* pictures alone on top of them, and merged once more */
  assert_ok(store_sample_add(store, &sample, 0, 0));
  vs_store_close(store);
  assert_ok(vs_store_merge(STORE_FOLDER));
  check_drawings(STORE_MERGED, &sample);
  store_sample_clear(&sample);
}

static void what_has_no_drawing_says_so(void **state) {
  (void)state;
  store_sample sample = store_sample_open(store_sample_drawings);
  vs_store *store = create_store(&sample);
  vs_sweep_run run;
  vs_sweep_get(sample.sweep, 20, &run);
  vs_run_result failed = vs_run_blank_result(&run.spec);
  assert_int_equal(run.spec.param.kind, VS_PARAM_STROKES);
  assert_ok(vs_store_add(store, &run, &failed, 0));
  assert_ok(store_sample_add(store, &sample, 1, 0));
  vs_store_close(store);
  vs_results *results = open_results(STORE_FOLDER);
  vs_results_drawing read;
  float *theta;
  assert_int_equal(vs_results_read_drawing(results, 0, &read), VS_ERR_USAGE);
  assert_message("is a picture (image.parametrization: fourier), not a drawing of strokes");
  assert_int_equal(vs_results_read_drawing(results, 1, &read), VS_ERR_USAGE);
  assert_message("has no drawing: it failed");
  assert_int_equal(vs_results_read_theta(results, 1, &theta), VS_ERR_USAGE);
  vs_results_close(results);
  store_sample_clear(&sample);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(drawings_are_read_as_they_were_stored, start_store,
                                      finish_store),
      cmocka_unit_test_setup_teardown(what_has_no_drawing_says_so, start_store, finish_store),
  };
  return cmocka_run_group_tests_name("store_drawings", tests, NULL, NULL);
}
