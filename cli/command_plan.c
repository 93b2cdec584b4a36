/* command_plan.c - `plan`: what a sweep would take, without running it. */
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common_options.h"
#include "cli/value_set.h"
#include "core/base/json.h"
#include "core/tensor/blas.h"
#include "sweeps/spec/cost.h"
#include "sweeps/store/store.h"
#include "sweeps/store/stored.h"

static const double calibration_seconds = 0.5;

typedef struct plan_request {
  const char *file, *weights, *out;
  vs_texts overrides;
  int ranks, threads, family;
  bool json;
} plan_request;

typedef struct plan_axis {
  const char *name;
  vs_value_set values;
} plan_axis;

/* Channels of a layer, counted while going through the grid, in which layers are the slowest axis
 * and channels the next. */
typedef struct channel_count {
  int tap, channel; /* of the last run */
  size_t here;      /* of this layer, so far */
  size_t min, max;
} channel_count;

/* The axes that every sweep has come first, the other ones after them. */
enum { AXIS_LAYER, AXIS_CHANNEL, AXIS_SEED, AXIS_WEIGHT, FIXED_AXES };

typedef struct sweep_plan {
  vs_sweep *sweep;
  char folder[PATH_MAX];
  plan_axis *axes;
  size_t axis_count;
  double macs;         /* of all runs */
  double alone_macs;   /* of all runs, if each had the last of its sizes alone */
  double longest_macs; /* of the longest */
  double left_macs;    /* of the runs that are not done yet */
  /* Of the longest run together with the baseline that it waits for; of the runs not done yet. */
  double chain_macs, left_chain_macs;
  size_t waiting;      /* runs that wait for a baseline which is not done yet */
  size_t memory_bytes; /* of a rank: weights and its largest run */
  size_t runs;
  vs_stored stored;
  double macs_per_second; /* of one rank */
  channel_count channels;
  vs_weights weights;
  bool is_refused; /* the folder holds something else: nothing is done */
} sweep_plan;

/* --- going through the grid ------------------------------------------------------------------- */

/* What a run costs does not depend on these: with them out of the way, neighbours in the grid have
 * equal specs and the cost is computed once for all of them. */
static void forget_what_costs_nothing(vs_run_spec *spec) {
  spec->objective.channel = 0;
  spec->lambda = spec->strength = 0;
  spec->stream = 0;
  if (spec->balance != VS_BALANCE_RHO) spec->rho = 0;
}

typedef struct cost_memo {
  bool valid;
  vs_run_spec spec;
  vs_cost cost;
} cost_memo;

static vs_cost cost_of(cost_memo *memo, const vs_run_spec *spec, int threads) {
  vs_run_spec plain;
  memcpy(&plain, spec, sizeof plain); /* with its padding: it is compared as bytes */
  forget_what_costs_nothing(&plain);
  /* Padding can only make equal specs look different, which costs time and nothing else. */
  // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison)
  if (!memo->valid || memcmp(&memo->spec, &plain, sizeof plain) != 0) {
    memo->cost = vs_cost_of_run(spec, threads);
    memcpy(&memo->spec, &plain, sizeof plain);
    memo->valid = true;
  }
  return memo->cost;
}

static vs_status note_values(sweep_plan *plan, const vs_sweep_run *run) {
  char channel[VS_AXIS_TEXT], seed[VS_AXIS_TEXT], weight[VS_AXIS_TEXT];
  snprintf(channel, sizeof channel, "%d", run->spec.objective.channel);
  snprintf(seed, sizeof seed, "%" PRIu64, run->seed);
  snprintf(weight, sizeof weight, "%g", vs_run_weight(&run->spec));
  plan->axes[AXIS_WEIGHT].name = vs_run_balance_words[run->spec.balance];
  const char *fixed[FIXED_AXES] = {[AXIS_LAYER] = vs_vgg16_tap(run->spec.objective.tap)->name,
                                   [AXIS_CHANNEL] = channel,
                                   [AXIS_SEED] = seed,
                                   [AXIS_WEIGHT] = weight};
  vs_status status = VS_OK;
  for (size_t i = 0; i < FIXED_AXES && status == VS_OK; i++)
    status = vs_value_set_add(&plan->axes[i].values, fixed[i]);
  for (size_t i = FIXED_AXES; i < plan->axis_count && status == VS_OK; i++) {
    vs_axis_value value;
    vs_sweep_get_axis(plan->sweep, run->index, i - FIXED_AXES, &value);
    status = vs_value_set_add(&plan->axes[i].values, value.text);
  }
  return status;
}

/* A layer is through. */
static void end_layer(channel_count *count) {
  if (count->here == 0) return;
  if (count->max == 0 || count->here < count->min) count->min = count->here;
  if (count->here > count->max) count->max = count->here;
  count->here = 0;
}

static void count_channel(channel_count *count, const vs_objective_spec *objective) {
  bool is_new_layer = count->here == 0 || objective->tap != count->tap;
  if (is_new_layer) end_layer(count);
  if (is_new_layer || objective->channel != count->channel) count->here++;
  count->tap = objective->tap;
  count->channel = objective->channel;
}

/* All runs of a group cost the same. */
static void note_chain(sweep_plan *plan, const vs_sweep_run *run, double macs) {
  const bool has_baseline = run->spec.balance == VS_BALANCE_STRENGTH && run->spec.strength > 0.0;
  const bool waits = vs_stored_waits(&plan->stored, plan->sweep, run->index);
  plan->chain_macs = fmax(plan->chain_macs, has_baseline ? 2 * macs : macs);
  if (plan->stored.holds[run->index]) return;
  plan->left_macs += macs;
  plan->left_chain_macs = fmax(plan->left_chain_macs, waits ? 2 * macs : macs);
  if (waits) plan->waiting++;
}

static vs_status add_up(sweep_plan *plan, int threads) {
  cost_memo memo = {0};
  size_t largest_run = 0;
  for (size_t i = 0; i < plan->runs; i++) {
    vs_sweep_run run;
    vs_sweep_get(plan->sweep, i, &run);
    vs_cost cost = cost_of(&memo, &run.spec, threads);
    plan->macs += cost.macs;
    plan->alone_macs += cost.macs_alone;
    plan->longest_macs = fmax(plan->longest_macs, cost.macs);
    note_chain(plan, &run, cost.macs);
    if (cost.memory_bytes > largest_run) largest_run = cost.memory_bytes;
    count_channel(&plan->channels, &run.spec.objective);
    vs_status status = note_values(plan, &run);
    if (status != VS_OK) return status;
  }
  end_layer(&plan->channels);
  plan->memory_bytes = vs_cost_weights_bytes(vs_sweep_last_conv(plan->sweep)) + largest_run;
  return VS_OK;
}

static vs_status make_axes(sweep_plan *plan) {
  plan->axis_count = FIXED_AXES + vs_sweep_axis_count(plan->sweep);
  plan->axes = calloc(plan->axis_count, sizeof *plan->axes);
  if (plan->axes == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the axes");
  plan->axes[AXIS_LAYER].name = "layer";
  plan->axes[AXIS_CHANNEL].name = "channel";
  plan->axes[AXIS_SEED].name = "seed";
  for (size_t i = FIXED_AXES; i < plan->axis_count; i++)
    plan->axes[i].name = vs_sweep_axis(plan->sweep, i - FIXED_AXES)->name;
  return VS_OK;
}

/* --- the plan --------------------------------------------------------------------------------- */

static vs_status bind_weights(const plan_request *request, sweep_plan *plan) {
  vs_status status = vs_sweep_load_weights(plan->sweep, request->weights,
                                           (vs_family)request->family, &plan->weights);
  vs_canonical_naming naming;
  if (status == VS_OK) status = vs_store_naming(plan->folder, &naming);
  return status == VS_OK ? vs_identity_bind(plan->sweep, &plan->weights, naming) : status;
}

/* Whether `run` would go on in the folder, or create it. */
static vs_status check_folder(const sweep_plan *plan) {
  return vs_store_check(plan->folder, plan->sweep, &plan->weights);
}

/* Finds what is stored already; nothing where `run` would refuse the folder. */
static vs_status find_stored(sweep_plan *plan) {
  vs_status status = check_folder(plan);
  plan->is_refused = status == VS_ERR_USAGE; /* which is said after the plan */
  if (status != VS_OK && !plan->is_refused) return status;
  return vs_stored_find(&plan->stored, plan->is_refused ? NULL : plan->folder, plan->sweep, false);
}

static vs_status make_plan(const plan_request *request, sweep_plan *plan) {
  vs_status status = vs_sweep_read(&plan->sweep, request->file, request->overrides.items,
                                   request->overrides.count);
  if (status == VS_OK)
    status = vs_sweep_name_folder(plan->sweep, request->out, plan->folder, sizeof plan->folder);
  if (status == VS_OK) status = bind_weights(request, plan);
  if (status != VS_OK) return status;
  plan->runs = vs_sweep_count(plan->sweep);
  status = make_axes(plan);
  if (status == VS_OK) status = find_stored(plan);
  if (status == VS_OK) status = add_up(plan, request->threads);
  if (status == VS_OK) status = vs_blas_init();
  if (status == VS_OK)
    status = vs_cost_calibrate(request->threads, calibration_seconds, &plan->macs_per_second);
  return status;
}

static void clear_plan(sweep_plan *plan) {
  for (size_t i = 0; plan->axes != NULL && i < plan->axis_count; i++)
    vs_value_set_clear(&plan->axes[i].values);
  free(plan->axes);
  vs_stored_clear(&plan->stored);
  vs_weights_clear(&plan->weights);
  vs_sweep_free(plan->sweep);
}

/* Seconds for so many multiply-adds: shared out over the ranks, but never less than the longest
 * chain of runs that wait for one another, which no number of ranks makes shorter. */
static double seconds_for(const plan_request *request, const sweep_plan *plan, double macs,
                          double chain_macs) {
  if (macs <= 0) return 0;
  return fmax(macs / request->ranks, chain_macs) / plan->macs_per_second;
}

static double seconds_for_all(const plan_request *request, const sweep_plan *plan) {
  return seconds_for(request, plan, plan->macs, plan->chain_macs);
}

static double seconds_left(const plan_request *request, const sweep_plan *plan) {
  return seconds_for(request, plan, plan->left_macs, plan->left_chain_macs);
}

/* --- output ----------------------------------------------------------------------------------- */

static void print_json(const plan_request *request, const sweep_plan *plan) {
  double seconds = seconds_for_all(request, plan);
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, "name", vs_sweep_name(plan->sweep));
  vs_json_text(&json, "folder", plan->folder);
  vs_json_integer(&json, "runs", (int64_t)plan->runs);
  vs_json_integer(&json, "done", (int64_t)plan->stored.count);
  vs_json_integer(&json, "left", (int64_t)(plan->runs - plan->stored.count));
  vs_json_integer(&json, "waiting", (int64_t)plan->waiting);
  vs_json_number(&json, "gflop", 2e-9 * plan->macs);
  vs_json_number(&json, "gflop_large_alone", 2e-9 * plan->alone_macs);
  vs_json_number(&json, "gflop_left", 2e-9 * plan->left_macs);
  vs_json_integer(&json, "memory_bytes_per_rank", (int64_t)plan->memory_bytes);
  vs_json_integer(&json, "ranks", request->ranks);
  vs_json_integer(&json, "threads", request->threads);
  vs_json_number(&json, "gflops_per_rank", 2e-9 * plan->macs_per_second);
  vs_json_number(&json, "hours", seconds / 3600);
  vs_json_number(&json, "hours_left", seconds_left(request, plan) / 3600);
  vs_json_number(&json, "longest_run_seconds", plan->longest_macs / plan->macs_per_second);
  vs_json_open(&json, "axes", '[');
  for (size_t i = 0; i < plan->axis_count; i++) {
    const vs_value_set *values = &plan->axes[i].values;
    vs_json_open(&json, NULL, '{');
    vs_json_text(&json, "name", plan->axes[i].name);
    vs_json_integer(&json, "count", (int64_t)values->count);
    vs_json_open(&json, "values", '[');
    for (size_t k = 0; k < values->count; k++) vs_json_text(&json, NULL, values->texts[k]);
    vs_json_close(&json);
    vs_json_close(&json);
  }
  vs_json_close(&json);
  vs_json_close(&json);
}

static void print_duration(double seconds) {
  if (seconds < 120)
    printf("%.1f s", seconds);
  else if (seconds < 7200)
    printf("%.1f min", seconds / 60);
  else
    printf("%.1f h", seconds / 3600);
}

/* The first values of an axis, as many as fit a line. */
static void print_values(const vs_value_set *values) {
  enum { LINE = 64 };
  int used = 0;
  for (size_t i = 0; i < values->count; i++) {
    if (used > LINE) {
      printf(", ...");
      break;
    }
    used += printf("%s%s", i > 0 ? ", " : "", values->texts[i]);
  }
  printf("\n");
}

/* The number of channels, which is that of a layer where layers have different ones: counts are
 * there to be multiplied. */
static void print_channels(const sweep_plan *plan) {
  const channel_count *channels = &plan->channels;
  const vs_value_set *values = &plan->axes[AXIS_CHANNEL].values;
  char count[48];
  if (channels->min == channels->max)
    snprintf(count, sizeof count, "%zu", channels->max);
  else
    snprintf(count, sizeof count, "%zu-%zu", channels->min, channels->max);
  bool differ = channels->min < values->count;
  printf("%6s  %s", count, differ ? "of each layer: " : "");
  print_values(values);
}

static void print_axes(const sweep_plan *plan) {
  int width = 20;
  for (size_t i = 0; i < plan->axis_count; i++)
    if ((int)strlen(plan->axes[i].name) > width) width = (int)strlen(plan->axes[i].name);
  printf("%-*s  values\n", width, "axis");
  for (size_t i = 0; i < plan->axis_count; i++) {
    printf("%-*s  ", width, plan->axes[i].name);
    if (i == AXIS_CHANNEL) {
      print_channels(plan);
    } else {
      printf("%6zu  ", plan->axes[i].values.count);
      print_values(&plan->axes[i].values);
    }
  }
}

static void print_table(const plan_request *request, const sweep_plan *plan) {
  print_axes(plan);
  printf("\nruns          %zu, %zu done, %zu left\n", plan->runs, plan->stored.count,
         plan->runs - plan->stored.count);
  if (plan->waiting > 0)
    printf("waiting       %zu of these, for the run of strength 0 of their group\n", plan->waiting);
  printf("results in    %s\n", plan->folder);
  printf("cost          %.0f GFLOP\n", 2e-9 * plan->macs);
  if (plan->alone_macs != plan->macs)
    printf("              %.0f GFLOP at the large sizes alone (multiscale), %.1f times as much\n",
           2e-9 * plan->alone_macs, plan->alone_macs / plan->macs);
  printf("memory        %.0f MB a rank, %.0f of it weights that ranks of a node share\n",
         1e-6 * (double)plan->memory_bytes,
         1e-6 * (double)vs_cost_weights_bytes(vs_sweep_last_conv(plan->sweep)));
  printf("speed         %.1f GFLOP/s a rank, measured on this machine with %d thread%s\n",
         2e-9 * plan->macs_per_second, request->threads, request->threads == 1 ? "" : "s");
  printf("expected      ");
  print_duration(seconds_for_all(request, plan));
  printf(" on %d rank%s", request->ranks, request->ranks == 1 ? "" : "s");
  if (plan->stored.count > 0) {
    printf(", ");
    print_duration(seconds_left(request, plan));
    printf(" for what is left");
  }
  printf("; longest run ");
  print_duration(plan->longest_macs / plan->macs_per_second);
  printf("\n");
}

static bool parse(int argc, char **argv, plan_request *request, int *code) {
  const vs_option options[] = {
      vs_option_integer("ranks", "N", "expected time for N ranks", &request->ranks, 1, INT_MAX),
      vs_common_option_threads(&request->threads),
      vs_common_option_set(&request->overrides),
      vs_option_default(vs_common_option_weights(&request->weights), "the sweep's"),
      vs_option_default(vs_common_option_family(&request->family), "the sweep's"),
      vs_option_default(vs_option_text("out", "DIR", "folder of the results", &request->out),
                        "results/<name>"),
      vs_common_option_json(&request->json)};
  const vs_command_line line = {&vs_command_plan, {&request->file}, options, VS_COUNT(options)};
  return vs_options_parse(&line, argc, argv, code);
}

static int run(int argc, char **argv) {
  plan_request request = {.ranks = 1, .threads = 1};
  sweep_plan plan = {0};
  int code;
  if (!parse(argc, argv, &request, &code)) return code;
  vs_status status = make_plan(&request, &plan);
  if (status == VS_OK) {
    vs_sweep_warn(plan.sweep);
    if (request.json)
      print_json(&request, &plan);
    else
      print_table(&request, &plan);
    fflush(stdout); /* before what is said on stderr; main.c sees whether it arrived */
    if (plan.is_refused) status = check_folder(&plan);
  }
  clear_plan(&plan);
  return vs_command_fail(status);
}

const vs_command vs_command_plan = {
    .name = "plan",
    .purpose = "Says what a sweep would take, and runs nothing of it",
    .notes = "The speed is measured for half a second on one rank's share of this machine; ranks "
             "that\nshare cores or memory bandwidth are slower. A results folder that `run` "
             "would refuse is told\nafter the plan, with exit code 2.\n",
    .arguments = {&vs_command_sweep_argument},
    .has_threads = true,
    .run = run};
