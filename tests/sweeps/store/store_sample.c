#include "tests/sweeps/store/store_sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char store_sample_text[] = "name: sample\n"
                                 "seed: 7  # \"quoted\", \xc3\xa4\n"
                                 "image: {parametrization: fourier}\n"
                                 "grid:\n"
                                 "  layer: [relu3_3, relu4_3]\n"
                                 "  channel: [1, 7]\n"
                                 "  lambda: [0, 50]\n"
                                 "  image.size: [32, [36, 40]]\n"
                                 "  objective.steps: [20, 25]\n"
                                 "log: {every: 10, snapshots: [0, 15]}\n";

const char store_sample_drawings[] =
    "name: drawings\n"
    "image: {size: [36, 40]}\n"
    "objective: {steps: 20}\n"
    "palette: {refine: 0.25}\n"
    "grid:\n"
    "  layer: [relu3_3]\n"
    "  channel: [1]\n"
    "  image.parametrization: [fourier, strokes]\n"
    "  strokes.count: [3, 7]\n"
    "  strokes.closed: [false, true]\n"
    "  palette.pens: [none, black, [[a, '#111', 0.3], [\xc3\xa4, '#c22', 0.45]]]\n"
    "log: {every: 10, snapshots: [0, 15]}\n";

static void stop_unless(bool good, const char *what) {
  if (good) return;
  fprintf(stderr, "store_sample: %s: %s\n", what, vs_status_message());
  abort();
}

store_sample store_sample_open(const char *text) {
  store_sample sample = {.weights = {.family = VS_FAMILY_TORCHVISION}};
  memset(sample.weights.sha256, 'a', VS_SHA256_HEX - 1);
  memset(sample.weights.digest, 'd', VS_SHA256_HEX - 1);
  stop_unless(vs_sweep_parse(&sample.sweep, text, strlen(text), "sample.yaml", NULL, 0) == VS_OK,
              "parse");
  stop_unless(vs_identity_bind(sample.sweep, &sample.weights, VS_CANONICAL_BY_DIGEST) == VS_OK,
              "bind");
  return sample;
}

void store_sample_clear(store_sample *sample) {
  vs_sweep_free(sample->sweep);
  *sample = (store_sample){0};
}

static void *take(size_t count, size_t size) {
  void *memory = calloc(count + 1, size);
  stop_unless(memory != NULL, "memory");
  return memory;
}

/* A number in 0..65535 that depends on the run and the place. */
static unsigned mix(uint64_t stream, unsigned what, size_t i) {
  uint64_t x = stream + 0x9e3779b97f4a7c15u * (what + 1u) + i * 0xd1b54a32d192ed03u;
  x ^= x >> 29;
  x *= 0xbf58476d1ce4e5b9u;
  return (unsigned)(x >> 48);
}

/* A drawing of made-up numbers, its places and budget, and the pens of the spec. */
static void add_drawing(vs_run_result *result, const vs_run_spec *spec, uint64_t stream) {
  const vs_strokes_spec *strokes = &spec->param.strokes;
  const size_t count = (size_t)strokes->count;
  const size_t points = vs_drawing_stroke_points(strokes->segments, strokes->closed);
  vs_drawing *drawing;
  stop_unless(vs_drawing_new(&drawing, spec->param.width, spec->param.height, count,
                             count * points) == VS_OK,
              "drawing");
  for (size_t c = 0; c < 3; c++) drawing->paper[c] = (float)mix(stream, 30, c) / 65536.0f;
  for (size_t i = 0; i < count * points; i++)
    drawing->points[i] = (vs_point2){(float)mix(stream, 31, i) * 1e-3f - 5.0f,
                                     (float)mix(stream, 32, i) * 1e-3f - 5.0f};
  vs_pen_set *pens = take(1, sizeof *pens);
  *pens = spec->palette.pens;
  float *places = take(count, sizeof *places), *budget = take(count, sizeof *budget);
  for (size_t i = 0; i < count; i++) {
    vs_stroke *stroke = &drawing->strokes[i];
    *stroke = (vs_stroke){.first_point = i * points,
                          .segments = strokes->segments,
                          .closed = strokes->closed,
                          .width = 0.1f + (float)mix(stream, 33, i) * 1e-4f,
                          .opacity = (float)mix(stream, 34, i) / 65536.0f,
                          .pen = pens->count > 0 ? (int)mix(stream, 35, i) % pens->count : -1};
    for (size_t c = 0; c < 3; c++)
      stroke->color[c] = (float)mix(stream, 36 + (unsigned)c, i) / 65536.0f;
    places[i] = (float)((i + 2) % count);
    budget[i] = i % 3 == 1 ? NAN : -(float)mix(stream, 39, i);
  }
  result->drawing = drawing;
  result->pens = pens;
  result->stroke_places = places;
  result->budget = budget;
  result->plot = (vs_plot_figures){.drawn_mm = 1234.5 + mix(stream, 40, 0),
                                   .travel_mm = 234.5 + mix(stream, 40, 1),
                                   .lifts = (int)mix(stream, 40, 2),
                                   .minutes = 1.5 + mix(stream, 40, 3)};
}

vs_run_result store_sample_result(const vs_sweep_run *run) {
  const vs_run_spec *spec = &run->spec;
  uint64_t stream = strtoull(run->id, NULL, 16);
  vs_stages stages;
  vs_stages_of(spec, &stages);
  size_t pixels = (size_t)spec->param.height * (size_t)spec->param.width * 3;
  size_t snapshot_values = pixels * (size_t)spec->snapshot_count;
  vs_run_result result = {
      .outcome = VS_RUN_DONE,
      .steps = spec->steps,
      .seconds = 1.5,
      .lambda = spec->lambda,
      .exc_first = -1.0 - mix(stream, 1, 0),
      .exc_final = -2.0 - mix(stream, 1, 1),
      .exc_eval = -3.0 - mix(stream, 1, 2),
      .style_first = 1.25 + mix(stream, 1, 3),
      .style_final = 2.25 + mix(stream, 1, 4),
      .style_eval = 3.25 + mix(stream, 1, 5),
      .exc_best = -4.0 - mix(stream, 1, 6),
      .measurements = {.exc_style = -5.0 - mix(stream, 1, 7),
                       .style_floor = 3.0 + mix(stream, 1, 8),
                       .exc_paper = -6.0 - mix(stream, 1, 8),
                       .exc_random_mean = -7.0 - mix(stream, 1, 9),
                       .exc_random_sd = 8.0 + mix(stream, 1, 10),
                       .pre_eval = -11.0 - mix(stream, 1, 14),
                       .pre_paper = 12.0 + mix(stream, 1, 15),
                       .pre_random_mean = 13.0 + mix(stream, 1, 16),
                       .pre_random_sd = 14.0 + mix(stream, 1, 17),
                       .ink = mix(stream, 1, 18) / 65536.0,
                       .paper = mix(stream, 1, 19) / 65536.0,
                       .coverage = 0.25,
                       .edge_density = 0.5,
                       .gram_style = 0.75,
                       .gram_tap = vs_vgg16_find_tap("relu1_2")},
      .exc_free = -8.0 - mix(stream, 1, 11),
      .exc_quantized = NAN,
      .exc_refined = -9.0 - mix(stream, 1, 12),
      .exc_plotted = -10.0 - mix(stream, 1, 13),
      .plot = {.drawn_mm = NAN, .travel_mm = NAN, .minutes = NAN},
      .trace_count = vs_run_logged_steps(vs_stages_steps(&stages), spec->log_every, NULL),
      .height = spec->param.height,
      .width = spec->param.width,
      .param_count = vs_param_count(&spec->param),
  };
  for (size_t i = 0; i < VS_SKETCH; i++) result.measurements.sketch[i] = (float)mix(stream, 5, i);
  for (unsigned t = 0; t < VS_TRACE_COUNT; t++) {
    float *trace = take((size_t)result.trace_count, sizeof *trace);
    for (int i = 0; i < result.trace_count; i++)
      trace[i] = (float)mix(stream, 10 + t, (size_t)i) * 0.1f;
    result.trace[t] = trace;
  }
  uint8_t *final_rgb = take(pixels, 1), *snapshots = take(snapshot_values, 1);
  float *theta = take(result.param_count, sizeof *theta);
  for (size_t i = 0; i < pixels; i++) final_rgb[i] = (uint8_t)(mix(stream, 2, i) >> 8);
  for (size_t i = 0; i < snapshot_values; i++) snapshots[i] = (uint8_t)(mix(stream, 3, i) >> 8);
  for (size_t i = 0; i < result.param_count; i++) theta[i] = (float)mix(stream, 4, i) - 1e4f;
  result.final_rgb = final_rgb;
  result.snapshots = snapshots;
  result.theta = theta;
  if (spec->param.kind == VS_PARAM_STROKES) add_drawing(&result, spec, stream);
  return result;
}

void store_sample_result_clear(vs_run_result *result) {
  for (int t = 0; t < VS_TRACE_COUNT; t++) free((float *)result->trace[t]);
  free((uint8_t *)result->final_rgb);
  free((uint8_t *)result->snapshots);
  free((float *)result->theta);
  free((float *)result->stroke_places);
  free((float *)result->budget);
  free((vs_pen_set *)result->pens);
  vs_drawing_free((vs_drawing *)result->drawing);
  *result = (vs_run_result){0};
}

vs_status store_sample_add(vs_store *store, const store_sample *sample, size_t index, int rank) {
  vs_sweep_run run;
  vs_sweep_get(sample->sweep, index, &run);
  vs_run_result result = store_sample_result(&run);
  vs_status status = vs_store_add(store, &run, &result, rank);
  store_sample_result_clear(&result);
  return status;
}
