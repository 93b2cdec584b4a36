/* command_bench.c - `bench`: how fast this machine is at what a run does: every convolution of the
 * net forward and back, a whole iteration, and the sgemm peak beside them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common_options.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/order.h"
#include "core/image/picture.h"
#include "core/objective/objective.h"
#include "core/tensor/blas.h"
#include "sweeps/spec/cost.h"

enum { MIN_REPEATS = 3, MAX_REPEATS = 51 };
static const double seconds_per_figure = 0.25; /* unless MIN_REPEATS take longer */

typedef struct bench_request {
  const char *layer, *weights;
  vs_texts style_layers;
  int size, threads, conv, family;
  bool json;
} bench_request;

typedef struct layer_figures {
  const char *name;
  int height, width, in_channels, out_channels;
  double macs; /* in one direction */
  double forward_ms, backward_ms;
} layer_figures;

typedef struct benchmark {
  vs_objective_spec spec;
  vs_weights weights;
  double peak; /* GFLOP/s of sgemm, all threads */
  int layer_count;
  layer_figures layers[VS_VGG_CONVS];
  double iteration_ms, iteration_macs;
  size_t weights_bytes, run_bytes;
} benchmark;

/* --- timing ----------------------------------------------------------------------------------- */

/* Median time of `work` in ms, after one call that warms up caches and pages. */
typedef void timed_work(void *context);
static double median_ms(timed_work *work, void *context) {
  double times[MAX_REPEATS];
  int count = 0;
  work(context);
  double begin = vs_clock_seconds();
  while (count < MIN_REPEATS ||
         (count < MAX_REPEATS && vs_clock_seconds() - begin < seconds_per_figure)) {
    double start = vs_clock_seconds();
    work(context);
    times[count++] = 1e3 * (vs_clock_seconds() - start);
  }
  qsort(times, (size_t)count, sizeof times[0], vs_order_doubles);
  return times[count / 2];
}

/* --- one layer -------------------------------------------------------------------------------- */

typedef struct layer_work {
  vs_conv_plan plan;
  float *x, *y;
} layer_work;

static void run_forward(void *context) {
  layer_work *work = context;
  vs_conv_forward(&work->plan, work->x, work->y, NULL);
}

static void run_backward(void *context) {
  layer_work *work = context;
  vs_conv_backward_input(&work->plan, work->y, NULL, work->x);
}

static vs_status bench_layer(const bench_request *request, benchmark *bench, int conv) {
  int tap = vs_vgg16_tap_of_conv(conv), only = vs_objective_only_channel(&bench->spec, conv);
  const vs_conv_weights *weights = &bench->weights.conv[conv];
  layer_figures figures = {.name = vs_vgg16_tap(tap)->name,
                           .height = vs_vgg16_side_at(tap, request->size),
                           .width = vs_vgg16_side_at(tap, request->size),
                           .in_channels = weights->in_channels,
                           .out_channels = only < 0 ? weights->out_channels : 1};
  vs_conv_algorithm algorithm = (vs_conv_algorithm)request->conv;
  size_t positions = (size_t)figures.height * (size_t)figures.width;
  size_t x_count = positions * (size_t)figures.in_channels;
  size_t y_count = positions * (size_t)figures.out_channels;
  size_t scratch_count =
      vs_conv_scratch_floats(weights->in_channels, weights->out_channels, figures.height,
                             figures.width, only, VS_EPILOGUE_NONE, algorithm, request->threads);
  vs_arena arena;
  size_t padding = 4 * VS_ARENA_ALIGNMENT;
  vs_status status =
      vs_arena_init(&arena, (x_count + y_count + scratch_count) * sizeof(float) + padding);
  if (status != VS_OK) return status;

  layer_work work = {.x = vs_arena_floats(&arena, x_count), .y = vs_arena_floats(&arena, y_count)};
  vs_random_fill_normal(vs_random_make_key(0, VS_RANDOM_TEST, 0), 1, work.x, x_count);
  vs_conv_plan_init(&work.plan, weights, figures.height, figures.width, only, VS_EPILOGUE_NONE,
                    algorithm, request->threads, vs_arena_floats(&arena, scratch_count));
  figures.forward_ms = median_ms(run_forward, &work);
  figures.backward_ms = median_ms(run_backward, &work);
  figures.macs = vs_conv_macs(weights->in_channels, weights->out_channels, figures.height,
                              figures.width, only);
  bench->layers[bench->layer_count++] = figures;
  vs_arena_clear(&arena);
  return VS_OK;
}

/* --- a whole iteration ------------------------------------------------------------------------ */

typedef struct iteration_work {
  vs_objective *objective;
  float *image, *gradient;
} iteration_work;

static void run_iteration(void *context) {
  iteration_work *work = context;
  vs_balance balance = {.excitation = 1, .lambda = 50, .image_terms = 1};
  vs_objective_evaluate(work->objective, work->image, &balance, work->gradient);
}

/* Plans what an iteration needs; while `arena` measures, only sizes count. */
static iteration_work plan_iteration(const bench_request *request, const benchmark *bench,
                                     vs_arena *arena) {
  size_t count = (size_t)request->size * (size_t)request->size * 3;
  const vs_weights *weights = arena->measuring ? NULL : &bench->weights;
  iteration_work work;
  work.objective = vs_objective_new(&bench->spec, request->size, request->size, weights,
                                    (vs_conv_algorithm)request->conv, request->threads, arena);
  work.image = vs_arena_floats(arena, count);
  work.gradient = vs_arena_floats(arena, count);
  return work;
}

static vs_status bench_iteration(const bench_request *request, benchmark *bench) {
  vs_picture mondrian = {0}, style = {0};
  vs_arena measure = vs_arena_measure(), arena = {0};
  plan_iteration(request, bench, &measure);
  vs_status status = vs_arena_init(&arena, measure.used_bytes);
  if (status == VS_OK) status = vs_picture_open(&mondrian, "builtin:mondrian");
  if (status == VS_OK) status = vs_picture_resized(&style, &mondrian, request->size, request->size);
  if (status == VS_OK) {
    iteration_work work = plan_iteration(request, bench, &arena);
    size_t count = (size_t)request->size * (size_t)request->size * 3;
    for (size_t i = 0; i < count; i++)
      work.image[i] = vs_random_uniform(vs_random_make_key(0, VS_RANDOM_TEST, 1), i);
    vs_objective_set_style(work.objective, style.rgb);
    bench->iteration_ms = median_ms(run_iteration, &work);
    bench->iteration_macs = vs_objective_macs(&bench->spec, request->size, request->size);
    bench->run_bytes = measure.used_bytes;
  }
  vs_picture_clear(&style);
  vs_picture_clear(&mondrian);
  vs_arena_clear(&arena);
  return status;
}

/* --- output ----------------------------------------------------------------------------------- */

/* "Effective" speed: what direct convolution would have to do, over the time that it took. */
static double gflops(double macs, double ms) {
  return 2e-6 * macs / ms;
}

static void print_json(const bench_request *request, const benchmark *bench) {
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_json_integer(&json, "size", request->size);
  vs_json_integer(&json, "threads", request->threads);
  vs_json_text(&json, "conv", vs_common_option_convs[request->conv]);
  vs_json_text(&json, "layer", vs_vgg16_tap(bench->spec.tap)->name);
  vs_json_text(&json, "blas_kernel", vs_blas_kernel_name());
  vs_json_number(&json, "sgemm_peak_gflops", bench->peak);
  vs_json_number(&json, "iteration_ms", bench->iteration_ms);
  vs_json_number(&json, "iteration_gflops", gflops(bench->iteration_macs, bench->iteration_ms));
  vs_json_number(&json, "iteration_share_of_peak",
                 gflops(bench->iteration_macs, bench->iteration_ms) / bench->peak);
  vs_json_integer(&json, "weights_bytes", (int64_t)bench->weights_bytes);
  vs_json_integer(&json, "run_bytes", (int64_t)bench->run_bytes);
  vs_json_open(&json, "layers", '[');
  for (int i = 0; i < bench->layer_count; i++) {
    const layer_figures *figures = &bench->layers[i];
    vs_json_open(&json, NULL, '{');
    vs_json_text(&json, "name", figures->name);
    vs_json_integer(&json, "side", figures->height);
    vs_json_integer(&json, "in_channels", figures->in_channels);
    vs_json_integer(&json, "out_channels", figures->out_channels);
    vs_json_number(&json, "forward_ms", figures->forward_ms);
    vs_json_number(&json, "forward_gflops", gflops(figures->macs, figures->forward_ms));
    vs_json_number(&json, "backward_ms", figures->backward_ms);
    vs_json_number(&json, "backward_gflops", gflops(figures->macs, figures->backward_ms));
    vs_json_close(&json);
  }
  vs_json_close(&json);
  vs_json_close(&json);
}

static void print_table(const bench_request *request, const benchmark *bench) {
  printf("%d x %d, %s, %d thread%s, convolution %s, OpenBLAS %s\n\n", request->size, request->size,
         vs_vgg16_tap(bench->spec.tap)->name, request->threads, request->threads == 1 ? "" : "s",
         vs_common_option_convs[request->conv], vs_blas_kernel_name());
  printf("               shape           forward               backward\n"
         "layer     side    in   out      ms  GFLOP/s         ms  GFLOP/s\n");
  double layers_ms = 0;
  for (int i = 0; i < bench->layer_count; i++) {
    const layer_figures *figures = &bench->layers[i];
    printf("%-8s  %4d  %4d  %4d  %6.2f  %7.1f     %6.2f  %7.1f\n", figures->name, figures->height,
           figures->in_channels, figures->out_channels, figures->forward_ms,
           gflops(figures->macs, figures->forward_ms), figures->backward_ms,
           gflops(figures->macs, figures->backward_ms));
    layers_ms += figures->forward_ms + figures->backward_ms;
  }
  double speed = gflops(bench->iteration_macs, bench->iteration_ms);
  printf("\niteration    %9.2f ms      %.1f GFLOP/s effective, %.0f%% of the sgemm peak\n",
         bench->iteration_ms, speed, 100 * speed / bench->peak);
  printf("convolutions %9.2f ms\n", layers_ms);
  printf("sgemm peak   %9.1f GFLOP/s\n", bench->peak);
  printf("memory       %9.1f MB      weights %.1f, run %.1f\n",
         1e-6 * (double)(bench->weights_bytes + bench->run_bytes),
         1e-6 * (double)bench->weights_bytes, 1e-6 * (double)bench->run_bytes);
}

/* --- the command ------------------------------------------------------------------------------ */

static vs_status measure(const bench_request *request, benchmark *bench) {
  vs_status status = vs_common_option_find_layer(request->layer, &bench->spec.tap);
  if (status == VS_OK)
    status = vs_common_option_find_style_taps(&request->style_layers, bench->spec.style_taps);
  if (status != VS_OK) return status;
  const int last_conv = vs_objective_last_conv(&bench->spec);
  status = vs_blas_init();
  if (status == VS_OK)
    status =
        vs_weights_load(&bench->weights, request->weights, (vs_family)request->family, last_conv);
  if (status != VS_OK) return status;
  bench->weights_bytes = vs_cost_weights_bytes(last_conv);
  bench->peak = vs_blas_measure_peak(0.5) * request->threads;
  for (int conv = 0; conv <= last_conv && status == VS_OK; conv++)
    status = bench_layer(request, bench, conv);
  if (status == VS_OK) status = bench_iteration(request, bench);
  return status;
}

static int run(int argc, char **argv) {
  bench_request request = {.layer = "relu4_3", .weights = "builtin", .size = 224, .threads = 1};
  const vs_option options[] = {
      vs_option_integer("size", "N", "side of the image", &request.size, VS_VGG_MIN_SIDE,
                        VS_VGG_MAX_SIDE),
      vs_option_text("layer", "TAP", "layer of the channel", &request.layer),
      vs_common_option_style_layers(&request.style_layers),
      vs_common_option_threads(&request.threads),
      vs_common_option_conv(&request.conv),
      vs_common_option_weights(&request.weights),
      vs_common_option_family(&request.family),
      vs_common_option_json(&request.json)};
  const vs_command_line line = {&vs_command_bench, {NULL}, options, VS_COUNT(options)};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;

  benchmark bench = {0};
  vs_status status = measure(&request, &bench);
  if (status == VS_OK) {
    if (request.json)
      print_json(&request, &bench);
    else
      print_table(&request, &bench);
  }
  vs_weights_clear(&bench.weights);
  return vs_command_fail(status);
}

const vs_command vs_command_bench = {
    .name = "bench",
    .purpose = "Measures this machine: every convolution, a whole iteration, sgemm",
    .notes = "Times are medians. GFLOP/s count what direct convolution would do; the sgemm peak is "
             "that\nof one thread times --threads.\n",
    .has_threads = true,
    .run = run};
