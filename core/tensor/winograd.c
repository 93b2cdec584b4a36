#include "core/tensor/winograd.h"

#include "core/base/multiversion.h"

#define A 0.70710678118654752440 /* sqrt(1/2) */
#define B 1.41421356237309504880 /* sqrt(2) */

enum { SIDE = 6, TILE = VS_WINOGRAD_TILE, LANES = VS_WINOGRAD_LANES };

/* 16 channels. The compiler makes one, two or four registers of it. */
typedef float lanes __attribute__((vector_size(64)));
typedef int lane_masks __attribute__((vector_size(64)));
typedef float lanes_in_memory __attribute__((vector_size(64), aligned(4), may_alias));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE void load(const float *from, lanes *to) {
  *to = *(const lanes_in_memory *)from;
}

ALWAYS_INLINE void store(float *to, const lanes *from) {
  *(lanes_in_memory *)to = *from;
}

/* --- kernels ---------------------------------------------------------------------------------- */

/* G: row i is (1, p, p^2) / prod (p - other points); infinity takes the last coefficient. */
static const double kernel_rows[SIDE][3] = {
    {1.0, 0.0, 0.0},
    {-1.0 / 1.5, -A / 1.5, -0.5 / 1.5},
    {-1.0 / 1.5, A / 1.5, -0.5 / 1.5},
    {1.0 / 6.0, B / 6.0, 2.0 / 6.0},
    {1.0 / 6.0, -B / 6.0, 2.0 / 6.0},
    {0.0, 0.0, 1.0},
};

/* G applied along one side: from three numbers to six, a lane each. */
ALWAYS_INLINE void transform_kernel(const double *g0, const double *g1, const double *g2,
                                    double (*out)[LANES], int stride) {
  for (int i = 0; i < SIDE; i++)
    for (int lane = 0; lane < LANES; lane++)
      out[i * stride][lane] = kernel_rows[i][0] * g0[lane] + kernel_rows[i][1] * g1[lane] +
                              kernel_rows[i][2] * g2[lane];
}

VS_MULTIVERSION
void vs_winograd_kernels(const double g[9][VS_WINOGRAD_LANES],
                         double u[VS_WINOGRAD_POINTS][VS_WINOGRAD_LANES]) {
  double half[SIDE * 3][LANES]; /* [3 i + w]: column w transformed */
  for (int w = 0; w < 3; w++) transform_kernel(g[w], g[3 + w], g[6 + w], &half[w], 3);
  for (int i = 0; i < SIDE; i++)
    transform_kernel(half[3 * i], half[3 * i + 1], half[3 * i + 2], &u[SIDE * i], 1);
}

/* --- tiles ------------------------------------------------------------------------------------ */

vs_winograd_image vs_winograd_cut(int height, int width, int channels) {
  return (vs_winograd_image){.height = height,
                             .width = width,
                             .channels = channels,
                             .tiles_down = (height + TILE - 1) / TILE,
                             .tiles_across = (width + TILE - 1) / TILE};
}

static size_t place(const vs_winograd_layout *layout, int tile) {
  return (size_t)(tile / layout->group) * layout->group_stride +
         (size_t)(tile % layout->group) * layout->tile_stride;
}

/* B' d: six numbers along one side of a tile. */
ALWAYS_INLINE void transform_input(const lanes *d, lanes *out, int stride) {
  const lanes even_a = d[4] - 2.0f * d[2], odd_a = (float)A * d[3] - (float)B * d[1];
  const lanes even_b = d[4] - 0.5f * d[2], odd_b = (float)B * d[3] - (float)A * d[1];
  out[0] = d[0] - 2.5f * d[2] + d[4];
  out[stride] = even_a + odd_a;
  out[2 * stride] = even_a - odd_a;
  out[3 * stride] = even_b + odd_b;
  out[4 * stride] = even_b - odd_b;
  out[5 * stride] = d[1] - 2.5f * d[3] + d[5];
}

/* A' m: four outputs of six numbers. */
ALWAYS_INLINE void transform_output(const lanes *m, lanes *out, int stride) {
  const lanes sum_a = m[1] + m[2], difference_a = m[1] - m[2];
  const lanes sum_b = m[3] + m[4], difference_b = m[3] - m[4];
  out[0] = m[0] + sum_a + sum_b;
  out[stride] = (float)A * difference_a + (float)B * difference_b;
  out[2 * stride] = 0.5f * sum_a + 2.0f * sum_b;
  out[3 * stride] = (float)(A / 2.0) * difference_a + (float)(2.0 * B) * difference_b + m[5];
}

/* One 6x6 tile of 16 channels. `at` is where pixel (y, x) would be in memory, on the image or off
 * it.
 */
typedef struct tile_window {
  const float *x, *mask; /* pixel (0, 0) of the image, channel c */
  int y0, x0;            /* of the tile's first pixel */
  bool inside;           /* all 36 pixels are on the image */
} tile_window;

ALWAYS_INLINE void load_pixel(const vs_winograd_image *image, const tile_window *window, int i,
                              int j, lanes *to) {
  const int y = window->y0 + i, x = window->x0 + j;
  if (!window->inside && (y < 0 || y >= image->height || x < 0 || x >= image->width)) {
    *to = (lanes){0};
    return;
  }
  const ptrdiff_t offset =
      ((ptrdiff_t)y * image->width + (ptrdiff_t)x) * (ptrdiff_t)image->channels;
  load(window->x + offset, to);
  if (window->mask != NULL) {
    lanes mask;
    load(window->mask + offset, &mask);
    *to = (lanes)((lane_masks)*to & (mask > 0.0f));
  }
}

VS_MULTIVERSION
void vs_winograd_input(const vs_winograd_image *image, const float *x, const float *mask, int first,
                       int count, int to, const vs_winograd_layout *layout, float *out) {
  for (int t = 0; t < count; t++) {
    const int row = (first + t) / image->tiles_across, column = (first + t) % image->tiles_across;
    tile_window window = {.y0 = TILE * row - 1, .x0 = TILE * column - 1};
    window.inside = window.y0 >= 0 && window.x0 >= 0 && window.y0 + SIDE <= image->height &&
                    window.x0 + SIDE <= image->width;
    float *place_out = out + place(layout, to + t);
    for (int c = 0; c < image->channels; c += LANES) {
      window.x = x + c;
      window.mask = mask == NULL ? NULL : mask + c;
      lanes half[SIDE][SIDE]; /* [i][j]: column j transformed */
      for (int j = 0; j < SIDE; j++) {
        lanes d[SIDE];
        for (int i = 0; i < SIDE; i++) load_pixel(image, &window, i, j, &d[i]);
        transform_input(d, &half[0][j], SIDE);
      }
      float *chunk = place_out + (size_t)c * layout->channel_stride;
      for (int i = 0; i < SIDE; i++) {
        lanes v[SIDE];
        transform_input(half[i], v, 1);
        for (int j = 0; j < SIDE; j++)
          store(chunk + (size_t)(SIDE * i + j) * layout->point_stride, &v[j]);
      }
    }
  }
}

VS_MULTIVERSION
void vs_winograd_output(const vs_winograd_image *image, const float *m,
                        const vs_winograd_layout *layout, int from, int first, int count,
                        const float *bias, bool rectify, float *y) {
  const size_t pixel = (size_t)image->channels, line = (size_t)image->width * pixel;
  for (int t = 0; t < count; t++) {
    const int row = (first + t) / image->tiles_across, column = (first + t) % image->tiles_across;
    const int rows = image->height - TILE * row < TILE ? image->height - TILE * row : TILE;
    const int columns = image->width - TILE * column < TILE ? image->width - TILE * column : TILE;
    const float *place_in = m + place(layout, from + t);
    float *corner = y + (size_t)(TILE * row) * line + (size_t)(TILE * column) * pixel;
    for (int c = 0; c < image->channels; c += LANES) {
      const float *chunk = place_in + (size_t)c * layout->channel_stride;
      lanes half[TILE][SIDE]; /* [i][j]: column j transformed */
      for (int j = 0; j < SIDE; j++) {
        lanes column_m[SIDE];
        for (int i = 0; i < SIDE; i++)
          load(chunk + (size_t)(SIDE * i + j) * layout->point_stride, &column_m[i]);
        transform_output(column_m, &half[0][j], SIDE);
      }
      lanes added = {0};
      if (bias != NULL) load(bias + c, &added);
      for (int i = 0; i < rows; i++) {
        lanes out[TILE];
        transform_output(half[i], out, 1);
        for (int j = 0; j < columns; j++) {
          out[j] += added;
          if (rectify) out[j] = (lanes)((lane_masks)out[j] & ~(out[j] < 0.0f));
          store(corner + (size_t)i * line + (size_t)j * pixel + c, &out[j]);
        }
      }
    }
  }
}
