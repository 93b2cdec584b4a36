/* The table of columns, and rows read by it. */
#include "sweeps/store/row.h"

#include <assert.h>
#include <string.h>

#include "core/base/words.h"

/* param_count is a size_t and is read as the uint64_t that it is here. */
static_assert(sizeof(size_t) == sizeof(uint64_t), "64-bit systems only");

/* Field, kind, role, first format version, whose: of ALL runs or of those DRAWN, unit, direction.
 */
#define COLUMN(field, column_kind, column_role, version, whose, units, better, text)               \
  {                                                                                                \
    .name = #field, .kind = VS_COLUMN_##column_kind, .offset = offsetof(vs_row, field),            \
    .bytes = sizeof(((vs_row *)0)->field), .role = VS_COLUMN_##column_role, .since = (version),    \
    .of_drawings = (whose), .unit = (units), .direction = (better), .meaning = (text)              \
  }
#define ALL    false
#define DRAWN  true
#define LOWER  VS_LOWER_IS_BETTER
#define HIGHER VS_HIGHER_IS_BETTER
#define NONE   VS_NO_DIRECTION

static const vs_column columns[] = {
    COLUMN(id, TEXT, IDENTITY, 1, ALL, "", NONE, "names the run: a hash of its spec"),
    COLUMN(group, TEXT, IDENTITY, 1, ALL, "", NONE,
           "runs that differ only in their weight have the same"),
    COLUMN(index, UNSIGNED, DETAIL, 1, ALL, "", NONE,
           "place in the grid; rows stand in this order"),
    COLUMN(layer, TAP, IDENTITY, 1, ALL, "", NONE, "whose excitation"),
    COLUMN(channel, INTEGER, IDENTITY, 1, ALL, "", NONE, "of the layer, from 0 on"),
    COLUMN(lambda, REAL, IDENTITY, 1, ALL, "", NONE, "weight of the style, as used"),
    COLUMN(rho, REAL, IDENTITY, 1, ALL, "", NONE,
           "share of the style's gradient in the excitation's at the start that lambda was chosen "
           "for"),
    COLUMN(strength, REAL, IDENTITY, 4, ALL, "", NONE,
           "lambda in units of excitation over style distance (eval) of the group's run at 0"),
    COLUMN(seed, UNSIGNED, IDENTITY, 1, ALL, "", NONE, "of the start image and the transforms"),
    COLUMN(status, OUTCOME, IDENTITY, 1, ALL, "", NONE,
           "done, diverged (a loss was not finite) or failed (not computed)"),
    COLUMN(failure, TEXT, FIGURE, 4, ALL, "", NONE, "why it could not be computed"),
    COLUMN(rank, INTEGER, FIGURE, 1, ALL, "", NONE, "which rank computed it"),
    COLUMN(host, TEXT, FIGURE, 1, ALL, "", NONE, "where"),
    COLUMN(steps, INTEGER, FIGURE, 1, ALL, "", NONE, "updates made"),
    COLUMN(seconds, REAL, COST, 1, ALL, "s", LOWER, "time it took"),
    COLUMN(finished, REAL, DETAIL, 1, ALL, "s", NONE, "when it was stored, since 1970 UTC"),
    COLUMN(exc_first, REAL, FIGURE, 1, ALL, "", LOWER,
           "exc_loss before the first step: minus the channel's activation"),
    COLUMN(exc_final, REAL, FIGURE, 1, ALL, "", LOWER, "exc_loss after the last step"),
    COLUMN(exc_eval, REAL, FIGURE, 1, ALL, "", LOWER,
           "exc_loss, mean over the fixed views: the one to compare by"),
    COLUMN(style_first, REAL, FIGURE, 1, ALL, "", LOWER,
           "distance to the style before the first step, without lambda"),
    COLUMN(style_final, REAL, FIGURE, 1, ALL, "", LOWER,
           "distance to the style after the last step, without lambda"),
    COLUMN(style_eval, REAL, FIGURE, 1, ALL, "", LOWER,
           "distance to the style, mean over the fixed views, without lambda"),
    COLUMN(exc_best, REAL, FIGURE, 2, ALL, "", LOWER, "the lowest exc_loss of any step"),
    COLUMN(exc_style, REAL, FIGURE, 2, ALL, "", NONE, "exc_loss of the style image"),
    COLUMN(exc_paper, REAL, FIGURE, 2, ALL, "", NONE, "exc_loss of blank paper"),
    COLUMN(exc_random_mean, REAL, FIGURE, 2, ALL, "", NONE, "exc_loss of random pictures, mean"),
    COLUMN(exc_random_sd, REAL, FIGURE, 2, ALL, "", NONE,
           "exc_loss of random pictures, standard deviation"),
    COLUMN(coverage, REAL, FIGURE, 2, ALL, "", LOWER,
           "share of the final picture's pixels that are ink"),
    COLUMN(edge_density, REAL, FIGURE, 2, ALL, "", LOWER,
           "share of the final picture's pixels where luma changes"),
    COLUMN(gram_style, REAL, FIGURE, 2, ALL, "", LOWER,
           "distance to the style in a layer that is not in the loss"),
    COLUMN(pre_eval, REAL, FIGURE, 4, ALL, "", LOWER,
           "exc_eval before the ReLU: minus the channel's activation there"),
    COLUMN(pre_paper, REAL, FIGURE, 4, ALL, "", NONE, "exc_paper before the ReLU"),
    COLUMN(pre_random_mean, REAL, FIGURE, 4, ALL, "", NONE, "exc_random_mean before the ReLU"),
    COLUMN(pre_random_sd, REAL, FIGURE, 4, ALL, "", NONE, "exc_random_sd before the ReLU"),
    COLUMN(ink, REAL, FIGURE, 4, ALL, "", LOWER,
           "mean distance of the final picture's pixels to white paper; 1: all black"),
    COLUMN(paper, REAL, FIGURE, 4, ALL, "", HIGHER,
           "share of the final picture's pixels that look like white paper"),
    COLUMN(style_floor, REAL, FIGURE, 5, ALL, "", NONE,
           "style_eval of the style image itself: what its crops are away from the whole"),
    COLUMN(exc_free, REAL, FIGURE, 3, ALL, "", LOWER,
           "exc_eval at the end of the first stage, with free colours"),
    COLUMN(exc_quantized, REAL, FIGURE, 3, DRAWN, "", LOWER,
           "exc_eval with the colours reduced to pens"),
    COLUMN(exc_refined, REAL, FIGURE, 3, DRAWN, "", LOWER,
           "exc_eval once the drawing was refined with these pens"),
    COLUMN(exc_plotted, REAL, FIGURE, 3, DRAWN, "", LOWER,
           "exc_eval in the pens' own colours and widths, as plotted"),
    COLUMN(strokes, INTEGER, FIGURE, 3, DRAWN, "", NONE, "of the drawing"),
    COLUMN(stroke_points, INTEGER, DETAIL, 3, DRAWN, "", NONE, "of each stroke"),
    COLUMN(pens, INTEGER, FIGURE, 3, DRAWN, "", NONE, "that draw it"),
    COLUMN(drawn_mm, REAL, COST, 3, DRAWN, "mm", LOWER,
           "way with the pen down: the ink that a plot takes"),
    COLUMN(travel_mm, REAL, COST, 3, DRAWN, "mm", LOWER, "way with the pen up"),
    COLUMN(lifts, REAL, COST, 3, DRAWN, "", LOWER, "how often a pen is lifted"),
    COLUMN(minutes, REAL, COST, 3, DRAWN, "min", LOWER,
           "time that a plot takes, changes of pens not counted"),
    COLUMN(gram_tap, TEXT, DETAIL, 2, ALL, "", NONE, "the layer of gram_style"),
    COLUMN(height, INTEGER, DETAIL, 1, ALL, "px", NONE, "of the run's images"),
    COLUMN(width, INTEGER, DETAIL, 1, ALL, "px", NONE, "of the run's images"),
    COLUMN(parametrization, PARAMETRIZATION, DETAIL, 1, ALL, "", NONE,
           "pixels, fourier or strokes"),
    COLUMN(param_count, UNSIGNED, DETAIL, 1, ALL, "", NONE,
           "numbers in /params/theta; 0 if they were not kept"),
};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };
static_assert(COLUMN_COUNT <= VS_ROW_MAX_COLUMNS, "make VS_ROW_MAX_COLUMNS larger");

const vs_column *vs_row_columns(size_t *count) {
  *count = COLUMN_COUNT;
  return columns;
}

const vs_column *vs_row_find_column(const char *name) {
  for (size_t i = 0; i < COLUMN_COUNT; i++)
    if (strcmp(columns[i].name, name) == 0) return &columns[i];
  return NULL;
}

bool vs_row_axes_follow(const vs_column *column) {
  return column->offset == offsetof(vs_row, seed);
}

/* The words of an enumeration, in the order of its values; NULL for any other column. */
static const char *const *words_of(const vs_column *column) {
  if (column->kind == VS_COLUMN_OUTCOME) return vs_run_outcome_words;
  return column->kind == VS_COLUMN_PARAMETRIZATION ? vs_param_words : NULL;
}

bool vs_row_holds_text(const vs_column *column) {
  return column->kind == VS_COLUMN_TEXT || column->kind == VS_COLUMN_TAP ||
         words_of(column) != NULL;
}

static const void *field_of(const vs_row *row, const vs_column *column) {
  return (const char *)row + column->offset;
}

double vs_row_number(const vs_row *row, const vs_column *column) {
  const void *field = field_of(row, column);
  if (column->kind == VS_COLUMN_REAL) return *(const double *)field;
  if (column->kind == VS_COLUMN_INTEGER) return *(const int *)field;
  if (column->kind == VS_COLUMN_UNSIGNED) return (double)*(const uint64_t *)field;
  return NAN;
}

uint64_t vs_row_whole(const vs_row *row, const vs_column *column) {
  assert(column->kind == VS_COLUMN_UNSIGNED);
  return *(const uint64_t *)field_of(row, column);
}

static_assert(sizeof(vs_outcome) == sizeof(int) && sizeof(vs_parametrization) == sizeof(int),
              "enumerations are read and set as the ints that they are");

const char *vs_row_text(const vs_row *row, const vs_column *column) {
  const void *field = field_of(row, column);
  if (words_of(column) != NULL) return words_of(column)[*(const int *)field];
  return vs_row_holds_text(column) ? field : NULL;
}

size_t vs_row_words(const vs_column *column, const char *words[VS_ROW_MAX_WORDS]) {
  size_t count = 0;
  const char *const *list = words_of(column);
  for (; list != NULL && list[count] != NULL; count++) words[count] = list[count];
  if (column->kind == VS_COLUMN_TAP)
    for (; count < VS_VGG_TAPS; count++) words[count] = vs_vgg16_tap((int)count)->name;
  return count;
}

bool vs_row_set_word(vs_row *row, const vs_column *column, const char *word) {
  const int value = vs_words_find(words_of(column), word);
  if (value >= 0) *(int *)(void *)((char *)row + column->offset) = value;
  return value >= 0;
}

vs_row vs_row_blank(void) {
  vs_row row = {0};
  for (size_t i = 0; i < COLUMN_COUNT; i++)
    if (columns[i].kind == VS_COLUMN_REAL)
      *(double *)(void *)((char *)&row + columns[i].offset) = NAN;
  return row;
}
