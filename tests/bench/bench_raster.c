/* How long the rasterizer takes, forward and back, over the number of strokes and over the size.
 *
 *   bench_raster [ROUNDS]      prints a Markdown table; one thread
 *
 * Strokes of 2 cubics, 40 to 80 px long and 1.5 to 4 px wide at 224 px; a larger canvas is the same
 * drawing magnified. Cases run in turns, and the least time of all rounds is printed. A pixel
 * counts as inked once for each stroke that covers any of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/arena.h"
#include "core/raster/raster.h"
#include "tests/support/drawings.h"

enum { BASE = 224 };

typedef struct bench_case {
  int strokes, side;
  vs_drawing *drawing, *gradient;
  vs_arena arena;
  vs_raster *raster;
  float *image, *dimage;
  double inked, forward_ms, backward_ms;
} bench_case;

static void check(vs_status status) {
  if (status == VS_OK) return;
  fprintf(stderr, "bench_raster: %s\n", vs_status_message());
  exit(1);
}

/* Of the processor's time, so that other programs on the machine count for little. */
static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* Draws each stroke alone, black and opaque, and counts. */
static double count_inked(bench_case *c) {
  vs_drawing *one;
  check(vs_drawing_copy(&one, c->drawing));
  one->stroke_count = 1;
  double inked = 0.0;
  for (int s = 0; s < c->strokes; s++) {
    one->strokes[0] = c->drawing->strokes[s];
    one->strokes[0].opacity = 1.0f;
    memset(one->strokes[0].color, 0, sizeof one->strokes[0].color);
    vs_raster_render(c->raster, one, (double)c->side / BASE, c->image);
    for (int i = 0; i < c->side * c->side; i++) inked += c->image[3 * i] < 1.0f;
  }
  vs_drawing_free(one);
  return inked;
}

static void prepare(bench_case *c) {
  const drawing_kind kind = {.strokes = c->strokes,
                             .segments = 2,
                             .side = BASE,
                             .shortest = 40.0,
                             .longest = 80.0,
                             .thinnest = 1.5,
                             .widest = 4.0,
                             .faintest = 0.5};
  const size_t strokes = (size_t)c->strokes, count = (size_t)c->side * (size_t)c->side * 3;
  check(random_drawing(&c->drawing, &kind, 1));
  check(vs_drawing_copy(&c->gradient, c->drawing));
  vs_arena measured = vs_arena_measure();
  vs_raster_new(c->side, c->side, strokes, 2 * strokes, 1, &measured);
  check(vs_arena_init(&c->arena, measured.peak_bytes));
  c->raster = vs_raster_new(c->side, c->side, strokes, 2 * strokes, 1, &c->arena);
  c->image = malloc(count * sizeof *c->image);
  c->dimage = malloc(count * sizeof *c->dimage);
  if (c->image == NULL || c->dimage == NULL) exit(1);
  vs_random_fill_normal(vs_random_make_key(1, VS_RANDOM_TEST, 1), 1.0f, c->dimage, count);
  c->inked = count_inked(c);
  c->forward_ms = c->backward_ms = 1e9;
}

static void measure(bench_case *c) {
  const double start = now_ms();
  vs_raster_render(c->raster, c->drawing, (double)c->side / BASE, c->image);
  const double middle = now_ms();
  vs_raster_backward(c->raster, c->dimage, c->gradient);
  const double end = now_ms();
  if (middle - start < c->forward_ms) c->forward_ms = middle - start;
  if (end - middle < c->backward_ms) c->backward_ms = end - middle;
}

static void print(const bench_case *c) {
  printf("| %d | %d | %.2f | %.2f | %.2f | %.0f | %.1f | %.1f |\n", c->strokes, c->side,
         c->forward_ms, c->backward_ms, c->forward_ms + c->backward_ms, c->inked / 1e3,
         1e6 * (c->forward_ms + c->backward_ms) / c->inked,
         (double)c->arena.size_bytes / 1048576.0);
}

static void print_processor(void) {
  char line[256];
  FILE *file = fopen("/proc/cpuinfo", "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, "model name", 10) != 0) continue;
    printf("%s", strchr(line, ':') + 2);
    break;
  }
  if (file != NULL) fclose(file);
}

int main(int argc, char **argv) {
  static bench_case cases[] = {{.strokes = 64, .side = 224},   {.strokes = 256, .side = 224},
                               {.strokes = 512, .side = 224},  {.strokes = 1024, .side = 224},
                               {.strokes = 4096, .side = 224}, {.strokes = 512, .side = 128},
                               {.strokes = 512, .side = 448},  {.strokes = 512, .side = 896}};
  const size_t count = sizeof cases / sizeof cases[0];
  const int rounds = argc > 1 ? atoi(argv[1]) : 30;
  for (size_t i = 0; i < count; i++) prepare(&cases[i]);
  for (int r = 0; r < rounds; r++)
    for (size_t i = 0; i < count; i++) measure(&cases[i]);
  print_processor();
  printf(
      "\n| strokes | side, px | forward, ms | back, ms | both, ms | inked, 1000 px | ns an inked "
      "pixel | memory, MB |\n|---|---|---|---|---|---|---|---|\n");
  for (size_t i = 0; i < count; i++) print(&cases[i]);
  return 0;
}
