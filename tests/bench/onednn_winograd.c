/* The peer of the fast convolution: oneDNN, asked for its Winograd F(4x4,3x3) by name, convolves as
 * an iteration of `vggsweep bench` does, forward and back to the input, all channels of all layers,
 * and nothing else: no losses, pools or rectifiers. conv1_1, whose three channels oneDNN's Winograd
 * does not take, and whatever else it refuses goes by its direct convolution.
 *
 *   onednn_winograd SIZE LAST_CONV REPEATS      prints one JSON object; one thread
 *
 * Weights are reordered once, before the clock runs; activations stay in oneDNN's own formats. */
#include <dnnl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/vgg/vgg16.h"

static void check(dnnl_status_t status, const char *what) {
  if (status == dnnl_success) return;
  fprintf(stderr, "onednn_winograd: %s failed with %d\n", what, (int)status);
  exit(1);
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* One direction of one layer, ready to run. */
typedef struct pass {
  dnnl_primitive_t primitive;
  dnnl_exec_arg_t args[4];
  int arg_count;
  int is_winograd;
} pass;

static dnnl_engine_t engine;
static dnnl_stream_t stream;

static dnnl_memory_t memory_for(const_dnnl_primitive_desc_t desc, dnnl_query_t query) {
  dnnl_memory_t memory;
  check(dnnl_memory_create(&memory, dnnl_primitive_desc_query_md(desc, query, 0), engine,
                           DNNL_MEMORY_ALLOCATE),
        "memory");
  void *data;
  check(dnnl_memory_map_data(memory, &data), "map");
  const size_t bytes = dnnl_memory_desc_get_size(dnnl_primitive_desc_query_md(desc, query, 0));
  for (size_t i = 0; i < bytes / sizeof(float); i++)
    ((float *)data)[i] = (float)((i * 2654435761u >> 8) % 1000) * 1e-3f - 0.5f;
  check(dnnl_memory_unmap_data(memory, data), "unmap");
  return memory;
}

typedef struct shape {
  int side, in, out;
} shape;

static dnnl_memory_desc_t any(int rank, const dnnl_dims_t dims) {
  dnnl_memory_desc_t desc;
  check(dnnl_memory_desc_init_by_tag(&desc, rank, dims, dnnl_f32, dnnl_format_tag_any), "shape");
  return desc;
}

/* The primitive of one direction by the given algorithm; NULL if oneDNN has none. */
static dnnl_primitive_desc_t describe(const shape *s, int backward, dnnl_alg_kind_t algorithm) {
  const dnnl_dims_t x_dims = {1, s->in, s->side, s->side}, w_dims = {s->out, s->in, 3, 3};
  const dnnl_dims_t y_dims = {1, s->out, s->side, s->side}, ones = {1, 1};
  const dnnl_memory_desc_t x = any(4, x_dims), w = any(4, w_dims), y = any(4, y_dims);
  dnnl_convolution_desc_t convolution;
  dnnl_primitive_desc_t desc = NULL, hint = NULL;
  check(dnnl_convolution_forward_desc_init(&convolution, dnnl_forward_training, algorithm, &x, &w,
                                           NULL, &y, ones, ones, ones),
        "forward description");
  if (dnnl_primitive_desc_create(&desc, &convolution, NULL, engine, NULL) != dnnl_success)
    return NULL;
  if (!backward) return desc;
  hint = desc;
  check(dnnl_convolution_backward_data_desc_init(&convolution, algorithm, &x, &w, &y, ones, ones,
                                                 ones),
        "backward description");
  if (dnnl_primitive_desc_create(&desc, &convolution, NULL, engine, hint) != dnnl_success)
    desc = NULL;
  dnnl_primitive_desc_destroy(hint);
  return desc;
}

static pass make_pass(const shape *s, int backward) {
  pass p = {.is_winograd = 1};
  dnnl_primitive_desc_t desc = describe(s, backward, dnnl_convolution_winograd);
  if (desc == NULL) {
    p.is_winograd = 0;
    desc = describe(s, backward, dnnl_convolution_direct);
  }
  if (desc == NULL) {
    fprintf(stderr, "onednn_winograd: no convolution of %d to %d channels\n", s->in, s->out);
    exit(1);
  }
  check(dnnl_primitive_create(&p.primitive, desc), "primitive");
  const dnnl_query_t from = backward ? dnnl_query_diff_dst_md : dnnl_query_src_md;
  const dnnl_query_t to = backward ? dnnl_query_diff_src_md : dnnl_query_dst_md;
  p.args[0] =
      (dnnl_exec_arg_t){backward ? DNNL_ARG_DIFF_DST : DNNL_ARG_SRC, memory_for(desc, from)};
  p.args[1] = (dnnl_exec_arg_t){DNNL_ARG_WEIGHTS, memory_for(desc, dnnl_query_weights_md)};
  p.args[2] = (dnnl_exec_arg_t){backward ? DNNL_ARG_DIFF_SRC : DNNL_ARG_DST, memory_for(desc, to)};
  p.arg_count = 3;
  dnnl_primitive_desc_destroy(desc);
  return p;
}

static void run(const pass *p) {
  check(dnnl_primitive_execute(p->primitive, stream, p->arg_count, p->args), "convolution");
}

int main(int argc, char **argv) {
  enum { MOST_REPEATS = 1000 };
  if (argc != 4) {
    fprintf(stderr, "usage: onednn_winograd SIZE LAST_CONV REPEATS\n");
    return 2;
  }
  const int size = atoi(argv[1]), last = atoi(argv[2]), repeats = atoi(argv[3]);
  if (size < VS_VGG_MIN_SIDE || last < 0 || last >= VS_VGG_CONVS || repeats < 1 ||
      repeats > MOST_REPEATS)
    return 2;
  check(dnnl_engine_create(&engine, dnnl_cpu, 0), "engine");
  check(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags), "stream");
  pass passes[2 * VS_VGG_CONVS];
  int count = 0, winograd = 0;
  for (int conv = 0; conv <= last; conv++) {
    const int tap = vs_vgg16_tap_of_conv(conv);
    const shape s = {vs_vgg16_side_at(tap, size), vs_vgg16_in_channels(conv),
                     vs_vgg16_tap(tap)->channels};
    for (int backward = 0; backward < 2; backward++) {
      passes[count] = make_pass(&s, backward);
      winograd += passes[count++].is_winograd;
    }
  }
  double times[MOST_REPEATS];
  for (int i = 0; i < count; i++) run(&passes[i]); /* warms caches and pages */
  for (int r = 0; r < repeats; r++) {
    const double start_s = vs_clock_seconds();
    for (int i = 0; i < count; i++) run(&passes[i]);
    check(dnnl_stream_wait(stream), "stream");
    times[r] = 1e3 * (vs_clock_seconds() - start_s);
  }
  qsort(times, (size_t)repeats, sizeof times[0], compare);
  const dnnl_version_t *version = dnnl_version();
  printf(
      "{\"convolutions_ms\": %.3f, \"passes\": %d, \"winograd\": %d, \"version\": \"%d.%d.%d\"}\n",
      times[repeats / 2], count, winograd, version->major, version->minor, version->patch);
  return 0;
}
