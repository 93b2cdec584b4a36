/* verdict_reason.c - the reason of a verdict in words: the figures that decided, in one line. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "analysis/metrics/figure_text.h"
#include "analysis/metrics/groups.h"
#include "analysis/verdict/verdict_internal.h"

/* Collects one line in a buffer; what does not fit is cut. */
typedef struct line {
  char *text;
  size_t size, length;
} line;

static void add(line *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(line *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int wanted = vsnprintf(out->text + out->length, out->size - out->length, format, arguments);
  va_end(arguments);
  size_t room = out->size - out->length - 1;
  if (wanted > 0) out->length += (size_t)wanted < room ? (size_t)wanted : room;
}

typedef struct figure {
  char text[VS_FIGURE_TEXT];
} figure;

static figure figure_of(double value) {
  figure f;
  vs_figure_text(value + 0.0, f.text); /* -0 is 0 to people */
  return f;
}

/* "exc_eval -4123 against -3890 at lambda 0, +6.0%" */
static void add_comparison(line *out, const vs_row *run, const vs_row *baseline, double gain) {
  add(out, "exc_eval %s against %s at %s 0", figure_of(run->exc_eval).text,
      figure_of(baseline->exc_eval).text, vs_groups_weight_name(run));
  if (isfinite(gain)) add(out, ", %s", vs_figure_text_as("%+.1f%%", 100.0 * gain).text);
}

static void add_coverage(line *out, const vs_row *run, const vs_row *baseline) {
  add(out, "; coverage %.1f%% against %.1f%%", 100.0 * run->coverage, 100.0 * baseline->coverage);
}

static void add_silence(line *out, const vs_row *run) {
  double best = isnan(run->exc_best) ? run->exc_final : run->exc_best;
  add(out, "exc_loss %s at the start and %s at best", figure_of(run->exc_first).text,
      figure_of(best).text);
}

/* "; style distance 715 against 3541 at lambda 0 (the style's own crops: 468): collapse 1.10, ..."
 */
static void add_collapse(line *out, const vs_verdicts *verdicts, size_t row, const vs_evidence *e) {
  const vs_row *run = vs_results_row(verdicts->results, row);
  const vs_row *baseline = vs_verdicts_baseline(verdicts, row);
  add(out, "; style distance %s against %s", figure_of(run->style_eval).text,
      figure_of(baseline->style_eval).text);
  if (isfinite(run->style_floor))
    add(out, " (the style's own crops: %s)", figure_of(run->style_floor).text);
  add(out, ": collapse %.2f, from %.2f on it is one", e->collapse, verdicts->rules.collapse);
}

static void add_ink(line *out, const vs_row *run, const vs_row *baseline, double saved) {
  add(out, ", with %.0f%% less ink: coverage %.1f%% against %.1f%%", 100.0 * saved,
      100.0 * run->coverage, 100.0 * baseline->coverage);
  if (run->parametrization == VS_PARAM_STROKES)
    add(out, ", %.2f m of line against %.2f, plotted in %s min against %s", run->drawn_mm / 1000.0,
        baseline->drawn_mm / 1000.0, figure_of(run->minutes).text,
        figure_of(baseline->minutes).text);
}

static void add_paired(line *out, const vs_verdicts *verdicts, size_t row, const vs_evidence *e) {
  vs_verdict verdict = verdicts->verdict[row];
  const vs_row *run = vs_results_row(verdicts->results, row);
  const vs_row *baseline = vs_verdicts_baseline(verdicts, row);
  if (verdict == VS_VERDICT_RESCUED) {
    add(out, "exc_eval %s, but at %s 0 the channel never rose: ", figure_of(run->exc_eval).text,
        vs_groups_weight_name(run));
    add_silence(out, baseline);
    return;
  }
  add_comparison(out, run, baseline, e->exc_gain);
  if (verdict == VS_VERDICT_SPARSE) add_ink(out, run, baseline, e->ink_saved);
  if (verdict == VS_VERDICT_TRADEOFF || verdict == VS_VERDICT_NO_EFFECT)
    add_coverage(out, run, baseline);
  if (verdict == VS_VERDICT_TRADEOFF && isfinite(e->likeness))
    add(out, "; %.0f%% of the way to the style", 100.0 * e->likeness);
  if (verdict == VS_VERDICT_COLLAPSE) add_collapse(out, verdicts, row, e);
}

/* "3 of 3 seeds": how many of the case are judged alike. */
static void add_seeds(line *out, const vs_verdicts *verdicts, size_t row) {
  size_t index = verdicts->case_of[row], alike = 0;
  size_t begin = verdicts->first[index], end = verdicts->first[index + 1];
  if (end - begin < 2) return;
  for (size_t i = begin; i < end; i++)
    alike += verdicts->verdict[verdicts->members[i]] == verdicts->verdict[row];
  add(out, ", %zu of %zu seeds", alike, end - begin);
}

/* What the seeds of a case say of its gain, or how many it takes. */
static void add_evidence(line *out, const vs_verdicts *verdicts, size_t row) {
  const vs_case *c = &verdicts->cases[verdicts->case_of[row]];
  if (isnan(c->gain_low)) {
    add(out, "; a win takes %d seeds", VS_VERDICT_WIN_SEEDS);
    return;
  }
  add(out, ", mean %s", vs_figure_text_as("%+.1f%%", 100.0 * c->gain_mean).text);
  add(out, " (%s", vs_figure_text_as("%+.1f%%", 100.0 * c->gain_low).text);
  add(out, " to %s)", vs_figure_text_as("%+.1f%%", 100.0 * c->gain_high).text);
}

void vs_verdict_reason(const vs_verdicts *verdicts, size_t row, char text[VS_VERDICT_REASON]) {
  vs_verdict verdict = vs_verdicts_of(verdicts, row);
  const vs_row *run = vs_results_row(verdicts->results, row);
  line out = {text, VS_VERDICT_REASON, 0};
  add(&out, "%s: ", vs_verdict_name(verdict));
  vs_evidence evidence;
  switch (verdict) {
  case VS_VERDICT_DEAD:
    add(&out, "the channel never rose: ");
    add_silence(&out, run);
    break;
  case VS_VERDICT_DIVERGED:
    add(&out, "a loss was not finite after %d steps", run->steps);
    break;
  case VS_VERDICT_FAILED:
    add(&out, "%s", run->failure[0] != '\0' ? run->failure : vs_verdict_meaning(verdict));
    break;
  case VS_VERDICT_UNPAIRED:
    add(&out, "%s", vs_verdict_meaning(verdict));
    break;
  case VS_VERDICT_BASELINE:
    add(&out, "exc_eval %s at %s 0, what the others are compared with",
        figure_of(run->exc_eval).text, vs_groups_weight_name(run));
    break;
  default: /* judged when it was made, so its figures are known by now */
    if (vs_verdicts_evidence(verdicts, row, &evidence) == VS_OK)
      add_paired(&out, verdicts, row, &evidence);
  }
  add_seeds(&out, verdicts, row);
  if (verdict == VS_VERDICT_WIN || verdict == VS_VERDICT_UNPROVEN)
    add_evidence(&out, verdicts, row);
}
