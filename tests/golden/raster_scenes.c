/* Draws random scenes, and says in SVG what they are: for check_raster.py.
 *
 *   raster_scenes FOLDER COUNT      FOLDER/NN.svg and NN.f32, float32 (SIDE,SIDE,3) */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/raster/raster.h"
#include "tests/support/drawings.h"

enum { SIDE = 224, MOST_SCENES = 99 };

static void check(vs_status status) {
  if (status == VS_OK) return;
  fprintf(stderr, "raster_scenes: %s\n", vs_status_message());
  exit(1);
}

static FILE *open_for(const char *folder, int scene, const char *ending) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%02d.%s", folder, scene, ending);
  FILE *file = fopen(path, "wb");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  return file;
}

static void close_file(FILE *file) {
  if (fclose(file) == 0) return;
  perror("raster_scenes");
  exit(1);
}

static void print_svg(FILE *out, const vs_drawing *drawing) {
  fprintf(out,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">\n"
          "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
          "<g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n",
          SIDE, SIDE);
  for (size_t s = 0; s < drawing->stroke_count; s++) {
    const vs_stroke *stroke = &drawing->strokes[s];
    vs_point2 p[4];
    for (int k = 0; k < stroke->segments; k++) {
      vs_drawing_stroke_cubic(drawing, stroke, k, p);
      if (k == 0) fprintf(out, "<path d=\"M%.9g %.9g", (double)p[0].x, (double)p[0].y);
      fprintf(out, " C");
      for (int i = 1; i < 4; i++) fprintf(out, " %.9g %.9g", (double)p[i].x, (double)p[i].y);
    }
    fprintf(out, "%s\" stroke-width=\"%.9g\" stroke-opacity=\"%.9g\" stroke=\"rgb(",
            stroke->closed ? " Z" : "", (double)stroke->width, (double)stroke->opacity);
    for (int c = 0; c < 3; c++)
      fprintf(out, "%.9g%%%s", 100.0 * (double)stroke->color[c], c < 2 ? "," : ")\"/>\n");
  }
  fprintf(out, "</g>\n</svg>\n");
}

/* From few wide strokes to many thin ones, open and closed. */
static vs_drawing *make_scene(int scene) {
  static const drawing_kind kinds[] = {
      {.strokes = 100, .segments = 2, .shortest = 40, .longest = 80, .thinnest = 1.5, .widest = 4},
      {.strokes = 40, .segments = 3, .shortest = 80, .longest = 300, .thinnest = 1.5, .widest = 10},
      {.strokes = 30,
       .segments = 1,
       .margin = 40,
       .shortest = 20,
       .longest = 200,
       .thinnest = 3,
       .widest = 30},
      {.strokes = 100,
       .segments = 2,
       .shortest = 30,
       .longest = 90,
       .thinnest = 0.4,
       .widest = 1.5},
      {.strokes = 30,
       .segments = 4,
       .shortest = 80,
       .longest = 200,
       .thinnest = 1,
       .widest = 6,
       .closed = true},
  };
  drawing_kind kind = kinds[scene % (int)(sizeof kinds / sizeof kinds[0])];
  kind.side = SIDE;
  kind.faintest = 0.4;
  vs_drawing *drawing;
  check(random_drawing(&drawing, &kind, (uint32_t)scene));
  return drawing;
}

static void write_scene(const char *folder, int scene) {
  vs_drawing *drawing = make_scene(scene);
  const size_t strokes = drawing->stroke_count, cubics = drawing->point_count;
  vs_arena measured = vs_arena_measure(), arena;
  vs_raster_new(SIDE, SIDE, strokes, cubics, 1, &measured);
  check(vs_arena_init(&arena, measured.peak_bytes));
  vs_raster *raster = vs_raster_new(SIDE, SIDE, strokes, cubics, 1, &arena);
  static float image[SIDE * SIDE * 3];
  vs_raster_render(raster, drawing, 1.0, image);
  FILE *file = open_for(folder, scene, "f32");
  fwrite(image, sizeof *image, sizeof image / sizeof *image, file);
  close_file(file);
  file = open_for(folder, scene, "svg");
  print_svg(file, drawing);
  close_file(file);
  vs_arena_clear(&arena);
  vs_drawing_free(drawing);
}

int main(int argc, char **argv) {
  const int count = argc == 3 ? atoi(argv[2]) : 0;
  if (count < 1 || count > MOST_SCENES) {
    fprintf(stderr, "usage: raster_scenes FOLDER COUNT\n");
    return 2;
  }
  for (int scene = 0; scene < count; scene++) write_scene(argv[1], scene);
  return 0;
}
