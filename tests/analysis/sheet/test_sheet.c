/* Contact sheets: which picture stands where, what is written, what does not fit. Pictures are of
 * one colour each, so that they can be found on the sheet. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/sheet/label.h"
#include "analysis/sheet/sheet.h"
#include "core/image/png.h"
#include "tests/analysis/fake_results.h"

#define PATH TEST_SCRATCH_DIR "/sheet.png"

/* --- labels and canvas ------------------------------------------------------------------------ */

/* Rows of a canvas as text, '#' where it is dark. */
static void assert_looks(const vs_canvas *canvas, const char *expected) {
  char text[4096] = "";
  char *at = text;
  for (int y = 0; y < canvas->height; y++) {
    for (int x = 0; x < canvas->width; x++)
      *at++ = canvas->rgb[(y * canvas->width + x) * 3] < 128 ? '#' : '.';
    *at++ = '\n';
  }
  *at = '\0';
  if (strcmp(text, expected) != 0) fail_msg("looks like\n%snot like\n%s", text, expected);
}

static void letters_look_like_letters(void **state) {
  (void)state;
  vs_canvas canvas;
  assert_ok(vs_canvas_init(&canvas, 9, 11));
  vs_label_draw(&canvas, 0, 0, 1, 0, "Ag");
  assert_looks(&canvas, ".###.......\n"
                        "#...#......\n"
                        "#...#..####\n"
                        "#####.#...#\n"
                        "#...#.#...#\n"
                        "#...#.#...#\n"
                        "#...#..####\n"
                        "..........#\n"
                        ".......###.\n");
  vs_canvas_clear(&canvas);
  vs_canvas_clear(&canvas);
}

/* Twice the size, with corners cut and filled: no stairs. */
static void large_letters_are_smooth(void **state) {
  (void)state;
  vs_canvas canvas;
  assert_ok(vs_canvas_init(&canvas, 14, 10));
  vs_label_draw(&canvas, 0, 0, 2, 0, "/");
  assert_looks(&canvas, "........##\n"
                        "........##\n"
                        "........##\n"
                        ".......###\n"
                        "......###.\n"
                        ".....###..\n"
                        "....###...\n"
                        "...###....\n"
                        "..###.....\n"
                        ".###......\n"
                        "###.......\n"
                        "##........\n"
                        "##........\n"
                        "##........\n");
  vs_canvas_clear(&canvas);
}

static void widths_are_those_drawn(void **state) {
  (void)state;
  assert_int_equal(vs_label_width("", 1), 0);
  assert_int_equal(vs_label_width("A", 1), 5);
  assert_int_equal(vs_label_width("relu4_3", 1), 41);
  assert_int_equal(vs_label_width("relu4_3", 2), 82);
}

/* Every printable letter leaves dots, no two the same; other bytes are question marks. */
static void every_letter_is_drawn(void **state) {
  (void)state;
  static uint8_t seen[256][9 * 5 * 3];
  for (int c = 1; c < 256; c++) {
    vs_canvas canvas;
    assert_ok(vs_canvas_init(&canvas, 9, 5));
    char text[2] = {(char)c, '\0'};
    vs_label_draw(&canvas, 0, 0, 1, 0, text);
    memcpy(seen[c], canvas.rgb, sizeof seen[c]);
    vs_canvas_clear(&canvas);
  }
  for (int c = 1; c < 256; c++) {
    bool printable = c >= ' ' && c <= '~';
    if (!printable) assert_memory_equal(seen[c], seen['?'], sizeof seen[c]);
    for (int other = ' '; printable && other < c; other++)
      assert_memory_not_equal(seen[c], seen[other], sizeof seen[c]);
  }
}

static void drawing_is_cut_at_the_edges(void **state) {
  (void)state;
  vs_canvas canvas;
  assert_ok(vs_canvas_init(&canvas, 4, 5));
  uint8_t dark[4 * 4 * 3] = {0};
  vs_canvas_paste(&canvas, (vs_box){-2, -3, 4, 4}, dark);
  vs_canvas_paste(&canvas, (vs_box){4, 3, 4, 4}, dark);
  vs_canvas_paste(&canvas, (vs_box){9, 9, 4, 4}, dark);
  assert_looks(&canvas, "##...\n.....\n.....\n....#\n");
  vs_canvas_frame(&canvas, (vs_box){2, 1, 9, 9}, 0);
  assert_looks(&canvas, "#####\n.#...\n.#...\n.#..#\n");
  vs_canvas_hatch(&canvas, (vs_box){-9, -9, 30, 30}, 0);
  vs_label_draw(&canvas, -3, -3, 2, 0, "WWWW");
  vs_canvas_clear(&canvas);
  assert_int_equal(vs_canvas_init(&canvas, 16385, 1), VS_ERR_LIMIT);
  assert_int_equal(vs_canvas_init(&canvas, 16000, 16000), VS_ERR_LIMIT);
  assert_null(canvas.rgb);
}

/* --- sheets ----------------------------------------------------------------------------------- */

typedef struct sheet {
  uint8_t *rgb;
  int height, width;
} sheet;

/* A colour of its own for each run; no grey among them. */
static void colour_of(size_t run, uint8_t colour[3]) {
  colour[0] = (uint8_t)(40 + run);
  colour[1] = 200;
  colour[2] = 10;
}

static size_t add(vs_results *results, const char *layer, int channel, double lambda, int height,
                  int width) {
  vs_row row = fake_row(layer, channel, lambda, -86120.4, 6244.1);
  row.height = height;
  row.width = width;
  size_t bytes = (size_t)height * (size_t)width * 3;
  uint8_t *rgb = malloc(bytes);
  assert_non_null(rgb);
  for (size_t i = 0; i < bytes; i += 3) colour_of(vs_results_count(results), rgb + i);
  size_t run = fake_results_add(results, &row, rgb);
  free(rgb);
  return run;
}

static sheet draw(const vs_results *results, vs_sheet_options options) {
  sheet s;
  assert_ok(vs_sheet_write(results, &options, PATH));
  assert_ok(vs_png_read(PATH, &s.rgb, &s.height, &s.width));
  unlink(PATH);
  return s;
}

/* The smallest box that holds every pixel of a run's colour; empty if there is none. */
static vs_box find(const sheet *s, size_t run) {
  uint8_t colour[3];
  colour_of(run, colour);
  int left = s->width, top = s->height, right = 0, bottom = 0;
  for (int y = 0; y < s->height; y++)
    for (int x = 0; x < s->width; x++) {
      if (memcmp(s->rgb + (y * s->width + x) * 3, colour, 3) != 0) continue;
      left = x < left ? x : left;
      top = y < top ? y : top;
      right = x + 1 > right ? x + 1 : right;
      bottom = y + 1 > bottom ? y + 1 : bottom;
    }
  return right == 0 ? (vs_box){0} : (vs_box){left, top, right - left, bottom - top};
}

static void assert_size(vs_box box, int height, int width) {
  assert_int_equal(box.height, height);
  assert_int_equal(box.width, width);
}

/* Shares of dark and of light grey pixels in a box: labels, and hatching. */
static int count_below(const sheet *s, vs_box box, int grey) {
  int count = 0;
  for (int y = box.y; y < box.y + box.height; y++)
    for (int x = box.x; x < box.x + box.width; x++)
      count += s->rgb[(y * s->width + x) * 3 + 2] < grey;
  return count;
}

/* Whether the text stands somewhere, on white, in one grey. */
static bool shows(const sheet *s, const char *text) {
  vs_canvas label;
  int width = vs_label_width(text, 1);
  bool found = false;
  assert_ok(vs_canvas_init(&label, VS_LABEL_HEIGHT + VS_LABEL_DESCENT, width));
  vs_label_draw(&label, 0, 0, 1, 0, text);
  for (int y = 0; y + label.height <= s->height && !found; y++)
    for (int x = 0; x + width <= s->width && !found; x++) {
      found = true;
      for (int i = 0; i < label.height * width && found; i++) {
        const uint8_t *pixel = s->rgb + ((y + i / width) * s->width + x + i % width) * 3;
        found = (label.rgb[i * 3] == 255) == (pixel[0] == 255);
      }
    }
  vs_canvas_clear(&label);
  return found;
}

/* Rows of pixels below the last one that is not white. */
static int foot_of(const sheet *s) {
  int y = s->height;
  while (y > 0 && count_below(s, (vs_box){0, y - 1, s->width, 1}, 255) == 0) y--;
  return s->height - y;
}

static void figures_compare_with_the_baseline(void **state) {
  (void)state;
  vs_results *results = fake_results_new(4);
  static const double exc[] = {-200.0, -230.0, -50.125, -70.0};
  for (int i = 0; i < 4; i++) {
    size_t run = add(results, "relu4_3", i < 3 ? 7 : 8, i < 3 ? 50.0 * i : 50.0, 64, 64);
    ((vs_row *)vs_results_row(results, run))->exc_eval = exc[i];
  }
  sheet s = draw(results, (vs_sheet_options){0});
  assert_true(shows(&s, "exc -200"));
  assert_true(shows(&s, "gain +15.0%"));
  assert_true(shows(&s, "gain -74.9%"));
  assert_true(shows(&s, "exc -70")); /* no baseline */
  assert_true(shows(&s, "style 6244"));
  assert_true(!shows(&s, "exc -230") && !shows(&s, "exc -50"));
  assert_true(shows(&s, "exc: lower is more excited"));
  assert_true(shows(&s, "gain: excitation over lambda 0"));
  assert_true(shows(&s, "style: Gram distance to the style"));
  free(s.rgb);
  vs_results_close(results);
}

/* However narrow the sheet, the legend is there, and nothing but the margin is below it. */
static void legends_fit_every_width(void **state) {
  (void)state;
  enum { MARGIN = 12, DESCENT = 2, MOST_COLUMNS = 12 };
  int height[MOST_COLUMNS + 1] = {0};
  for (int columns = 1; columns <= MOST_COLUMNS; columns++) {
    vs_results *results = fake_results_new(12);
    for (int i = 0; i < columns; i++) {
      size_t run = add(results, "relu4_3", 7, 50.0 * i, 16, 16);
      ((vs_row *)vs_results_row(results, run))->rho = 0.5 * i;
    }
    sheet s = draw(results, (vs_sheet_options){.cell = 16});
    bool narrow = columns <= 2; /* one phrase takes two lines */
    if (!narrow) assert_true(shows(&s, "exc: lower is more excited"));
    if (!narrow) assert_true(shows(&s, "style: Gram distance to the style"));
    if (columns > 1) assert_true(shows(&s, "gain: excitation over rho 0"));
    assert_true(shows(&s, "exc:") && shows(&s, "Gram"));
    assert_true(shows(&s, "gain:") == (columns > 1));
    assert_in_range(foot_of(&s), MARGIN - DESCENT, MARGIN);
    height[columns] = s.height;
    if (columns > 2) assert_true(s.height <= height[columns - 1]); /* fewer lines, if anything */
    free(s.rgb);
    vs_results_close(results);
  }
  assert_true(height[2] >= height[MOST_COLUMNS] + 2 * VS_LABEL_HEIGHT);
}

/* Where no run has figures there is nothing to explain. */
static void no_figures_need_no_legend(void **state) {
  (void)state;
  vs_results *results = fake_results_new(1);
  vs_row row = fake_row("relu4_3", 7, 0.0, NAN, NAN);
  row.status = VS_RUN_FAILED;
  fake_results_add(results, &row, NULL);
  sheet s = draw(results, (vs_sheet_options){.cell = 64});
  assert_true(shows(&s, "failed"));
  assert_true(!shows(&s, "exc:") && !shows(&s, "style:"));
  free(s.rgb);
  vs_results_close(results);
}

static void rows_are_channels_and_columns_lambdas(void **state) {
  (void)state;
  vs_results *results = fake_results_new(6);
  add(results, "relu4_3", 7, 50.0, 32, 32); /* 0: third row */
  add(results, "relu4_3", 7, 0.0, 32, 32);
  add(results, "conv3_3", 20, 500.0, 32, 32); /* 2: second row */
  add(results, "conv3_3", 20, 0.0, 32, 32);
  add(results, "conv3_3", 5, 50.0, 32, 32); /* 4: first row */
  sheet s = draw(results, (vs_sheet_options){0});
  vs_box box[5];
  for (size_t run = 0; run < 5; run++) {
    box[run] = find(&s, run);
    assert_size(box[run], 32, 32);
  }
  assert_true(box[4].y + 32 < box[2].y && box[2].y == box[3].y);
  assert_true(box[2].y + 32 < box[0].y && box[0].y == box[1].y);
  assert_int_equal(box[1].x, box[3].x);
  assert_int_equal(box[0].x, box[4].x);
  assert_true(box[1].x + 32 < box[0].x && box[0].x + 32 < box[2].x);
  assert_int_equal(box[0].x - box[1].x, box[2].x - box[0].x);
  /* headings above and beside, figures below, and a hatched place for the run of conv3_3 : 5 at
   * lambda 0 that is missing */
  assert_true(count_below(&s, (vs_box){box[1].x, 0, 40, box[4].y - 2}, 100) > 50);
  assert_true(count_below(&s, (vs_box){0, box[4].y, box[3].x - 2, 32}, 100) > 50);
  assert_true(count_below(&s, (vs_box){box[4].x, box[4].y + 34, 60, 24}, 160) > 50);
  vs_box missing = {box[1].x, box[4].y, 32, 32};
  assert_true(count_below(&s, missing, 255) > 60);
  assert_true(count_below(&s, missing, 160) > 20); /* the word */
  free(s.rgb);
  vs_results_close(results);
}

static void what_did_not_finish_has_no_picture(void **state) {
  (void)state;
  vs_results *results = fake_results_new(3);
  for (int i = 0; i < 3; i++) {
    add(results, "relu4_3", 7, i, 64, 64);
    ((vs_row *)vs_results_row(results, (size_t)i))->status = (vs_outcome)i;
  }
  sheet s = draw(results, (vs_sheet_options){0});
  assert_size(find(&s, VS_RUN_DONE), 64, 64);
  assert_size(find(&s, VS_RUN_DIVERGED), 0, 0);
  assert_size(find(&s, VS_RUN_FAILED), 0, 0);
  assert_int_equal(fake_results_pictures_read(results), 1);
  free(s.rgb);
  vs_results_close(results);
}

static void pictures_are_scaled_to_the_cell(void **state) {
  (void)state;
  vs_results *results = fake_results_new(4);
  add(results, "relu4_3", 7, 0.0, 64, 32);
  add(results, "relu4_3", 7, 1.0, 33, 99);
  add(results, "relu4_3", 8, 0.0, 16, 16);
  sheet s = draw(results, (vs_sheet_options){.cell = 48});
  assert_size(find(&s, 0), 48, 24);
  assert_size(find(&s, 1), 16, 48);
  assert_size(find(&s, 2), 48, 48);
  assert_int_equal(find(&s, 0).y, find(&s, 1).y);
  free(s.rgb);
  s = draw(results, (vs_sheet_options){.cell = 0}); /* the largest at its own size */
  assert_size(find(&s, 1), 33, 99);
  free(s.rgb);
  vs_results_close(results);
  results = fake_results_new(1);
  add(results, "relu4_3", 7, 0.0, 512, 512);
  s = draw(results, (vs_sheet_options){.cell = 0});
  assert_size(find(&s, 0), 256, 256);
  free(s.rgb);
  vs_results_close(results);
}

static void options_choose_rows(void **state) {
  (void)state;
  vs_results *results = fake_results_new(4);
  add(results, "relu4_3", 7, 0.0, 32, 32);
  add(results, "relu4_3", 8, 0.0, 32, 32);
  add(results, "conv3_3", 9, 5.0, 32, 32);
  sheet s = draw(results, (vs_sheet_options){.layer = "relu4_3"});
  assert_size(find(&s, 0), 32, 32);
  assert_size(find(&s, 1), 32, 32);
  assert_size(find(&s, 2), 0, 0);
  int width = s.width;
  free(s.rgb);
  s = draw(results, (vs_sheet_options){.top = 2});
  assert_size(find(&s, 0), 32, 32);
  assert_size(find(&s, 1), 0, 0);
  assert_size(find(&s, 2), 32, 32);
  assert_true(s.width > width); /* lambda 5 has a column of its own here */
  free(s.rgb);
  vs_sheet_options options = {.layer = "relu4_2"};
  assert_int_equal(vs_sheet_write(results, &options, PATH), VS_ERR_USAGE);
  assert_string_equal(vs_status_message(),
                      "--layer: these results have no runs of relu4_2 (did you "
                      "mean \"relu4_3\"?)");
  options.layer = "pool1";
  assert_int_equal(vs_sheet_write(results, &options, PATH), VS_ERR_USAGE);
  assert_string_equal(vs_status_message(),
                      "--layer: these results have no runs of pool1, only of conv3_3, relu4_3");
  vs_results_close(results);
  results = fake_results_new(4);
  assert_int_equal(vs_sheet_write(results, &(vs_sheet_options){0}, PATH), VS_ERR_USAGE);
  assert_string_equal(vs_status_message(),
                      "these results hold no runs yet: there is nothing to draw");
  assert_int_not_equal(access(PATH, F_OK), 0);
  vs_results_close(results);
}

/* Rows that differ in seed or axes say so: more dark pixels beside the same picture. */
/* Rows without a chosen run go, and columns; of the rows that stay only chosen runs are drawn. */
static void chosen_runs_are_drawn(void **state) {
  (void)state;
  vs_results *results = fake_results_new(6);
  for (int i = 0; i < 6; i++) add(results, "relu4_3", i / 3, 50.0 * (i % 3), 64, 64);
  const bool some[6] = {true, false, true};
  sheet s = draw(results, (vs_sheet_options){.chosen = some});
  for (size_t run = 0; run < 6; run++) assert_int_equal(find(&s, run).width > 0, some[run]);
  assert_false(shows(&s, "lambda 50"));
  assert_true(shows(&s, "lambda 100"));
  free(s.rgb);
  const bool none[6] = {false};
  const vs_sheet_options options = {.chosen = none};
  assert_int_equal(vs_sheet_write(results, &options, PATH), VS_ERR_USAGE);
  assert_non_null(strstr(vs_status_message(), "--where: no run meets it"));
  vs_results_close(results);
}

static void what_varies_is_written_beside(void **state) {
  (void)state;
  int ink[2];
  for (int varied = 0; varied < 2; varied++) {
    vs_results *results = fake_results_new(2);
    fake_results_add_axis(results, "optimizer.lr", true);
    for (int i = 0; i < 2; i++) {
      size_t run = add(results, "relu4_3", 7 + i, 0.0, 64, 64);
      ((vs_row *)vs_results_row(results, run))->seed = varied && i == 1 ? 2 : 1;
      fake_results_set_axis(results, run, 0, varied && i == 1 ? "0.1" : "0.5");
    }
    sheet s = draw(results, (vs_sheet_options){0});
    vs_box box = find(&s, 0);
    ink[varied] = count_below(&s, (vs_box){0, box.y, box.x - 2, box.height}, 160);
    free(s.rgb);
    vs_results_close(results);
  }
  assert_true(ink[1] > ink[0] + 60);
}

static void columns_are_rhos_where_they_balance(void **state) {
  (void)state;
  vs_results *results = fake_results_new(3);
  for (int i = 0; i < 3; i++) {
    size_t run = add(results, "relu4_3", 7 + i % 2, 100.0 * i, 32, 32); /* lambda of each its own */
    ((vs_row *)vs_results_row(results, run))->rho = i < 2 ? 0.5 : 1.0;
  }
  sheet s = draw(results, (vs_sheet_options){0});
  assert_int_equal(find(&s, 0).x, find(&s, 1).x);
  assert_true(find(&s, 2).x > find(&s, 0).x && find(&s, 2).y == find(&s, 0).y);
  free(s.rgb);
  vs_results_close(results);
}

/* --- too large -------------------------------------------------------------------------------- */

static void large_sheets_shrink_then_fail(void **state) {
  (void)state;
  vs_results *results = fake_results_new(1000);
  for (int channel = 0; channel < 180; channel++) {
    vs_row row = fake_row("relu4_3", channel, 0.0, -1.0, 1.0);
    row.height = row.width = 224;
    row.status = VS_RUN_FAILED; /* needs no picture */
    fake_results_add(results, &row, NULL);
  }
  sheet s = draw(results, (vs_sheet_options){0});
  assert_true(s.height > 10000 && s.height <= 16384);
  free(s.rgb);
  vs_sheet_options options = {.cell = 224};
  assert_int_equal(vs_sheet_write(results, &options, PATH), VS_ERR_LIMIT);
  const char *advice = strstr(vs_status_message(), "--top ");
  assert_non_null(advice);
  assert_non_null(strstr(vs_status_message(), "--cell"));
  options.top = (size_t)strtoul(advice + 6, NULL, 10);
  s = draw(results, options); /* as advised: fits, and one more would not */
  free(s.rgb);
  options.top++;
  assert_int_equal(vs_sheet_write(results, &options, PATH), VS_ERR_LIMIT);
  vs_results_close(results);
}

static void too_many_columns_are_refused(void **state) {
  (void)state;
  vs_results *results = fake_results_new(1000);
  for (int i = 0; i < 2000; i++) {
    vs_row row = fake_row("relu4_3", 7, i, -1.0, 1.0);
    row.status = VS_RUN_FAILED;
    fake_results_add(results, &row, NULL);
  }
  assert_int_equal(vs_sheet_write(results, &(vs_sheet_options){0}, PATH), VS_ERR_LIMIT);
  assert_non_null(strstr(vs_status_message(), "2000 columns are too many for one sheet"));
  vs_results_close(results);
}

static void unreadable_pictures_and_folders_are_errors(void **state) {
  (void)state;
  vs_results *results = fake_results_new(1);
  vs_row row = fake_row("relu4_3", 7, 0.0, -1.0, 1.0);
  fake_results_add(results, &row, NULL);
  assert_int_equal(vs_sheet_write(results, &(vs_sheet_options){0}, PATH), VS_ERR_FORMAT);
  assert_string_equal(vs_status_message(), "run 0000000000abcdef: made-up results: no picture");
  assert_int_not_equal(access(PATH, F_OK), 0);
  vs_results_close(results);
  results = fake_results_new(1);
  add(results, "relu4_3", 7, 0.0, 32, 32);
  assert_int_equal(
      vs_sheet_write(results, &(vs_sheet_options){0}, TEST_SCRATCH_DIR "/no/such/folder.png"),
      VS_ERR_IO);
  vs_results_close(results);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(letters_look_like_letters),
      cmocka_unit_test(large_letters_are_smooth),
      cmocka_unit_test(widths_are_those_drawn),
      cmocka_unit_test(every_letter_is_drawn),
      cmocka_unit_test(drawing_is_cut_at_the_edges),
      cmocka_unit_test(figures_compare_with_the_baseline),
      cmocka_unit_test(legends_fit_every_width),
      cmocka_unit_test(no_figures_need_no_legend),
      cmocka_unit_test(rows_are_channels_and_columns_lambdas),
      cmocka_unit_test(what_did_not_finish_has_no_picture),
      cmocka_unit_test(pictures_are_scaled_to_the_cell),
      cmocka_unit_test(options_choose_rows),
      cmocka_unit_test(chosen_runs_are_drawn),
      cmocka_unit_test(what_varies_is_written_beside),
      cmocka_unit_test(columns_are_rhos_where_they_balance),
      cmocka_unit_test(large_sheets_shrink_then_fail),
      cmocka_unit_test(too_many_columns_are_refused),
      cmocka_unit_test(unreadable_pictures_and_folders_are_errors),
  };
  return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
