/* tiling.c - a larger canvas filled with copies of a drawing: tiles of the smaller canvas' size,
 * each copy turned, mirrored and shifted by chance, its strokes as large as they were. */
#include <string.h>

#include "core/param/param_kind.h"

/* x' = a x + b y + c, y' = d x + e y + f. */
typedef struct placement {
  float a, b, c, d, e, f;
} placement;

/* Which number of a tile's is for what. Part of every stored result. */
enum { DRAW_ORIENTATION, DRAW_SHIFT_X, DRAW_SHIFT_Y, DRAWS };

/* One of the orientations that a copy may have, each as likely. */
static int draw_orientation(const vs_tiling *tiling, bool is_square, vs_random_key key,
                            uint64_t index) {
  int allowed[VS_ORIENTATIONS], count = 0;
  for (int o = 0; o < VS_ORIENTATIONS; o++) {
    const int quarters = o % 4;
    const bool is_mirrored = o >= 4, keeps_tile = is_square || quarters % 2 == 0;
    if ((quarters == 0 || tiling->turn) && (!is_mirrored || tiling->flip) && keeps_tile &&
        (tiling->orientations == 0 || (tiling->orientations >> o & 1) != 0))
      allowed[count++] = o;
  }
  if (count == 0) return 0;
  return allowed[(int)((float)count * vs_random_uniform(key, index))];
}

/* Turned by quarters about the middle of the smaller canvas, perhaps mirrored, then brought to its
 * tile. The first tile is no exception: all are copies. */
static placement place_tile(const vs_tiling *tiling, vs_random_key key, const vs_param_spec *from,
                            int row, int column) {
  static const float cosine[4] = {1.0f, 0.0f, -1.0f, 0.0f}, sine[4] = {0.0f, 1.0f, 0.0f, -1.0f};
  const uint64_t first = DRAWS * (uint64_t)(row * tiling->columns + column);
  const float width = (float)from->width, height = (float)from->height;
  const float jitter = (float)tiling->jitter, stride = 1.0f - (float)tiling->overlap;
  const int orientation =
      draw_orientation(tiling, from->width == from->height, key, first + DRAW_ORIENTATION);
  const int turn = orientation % 4;
  const float mirror = orientation >= 4 ? -1.0f : 1.0f;
  const float shift_x = jitter * (2.0f * vs_random_uniform(key, first + DRAW_SHIFT_X) - 1.0f);
  const float shift_y = jitter * (2.0f * vs_random_uniform(key, first + DRAW_SHIFT_Y) - 1.0f);
  placement place = {
      .a = mirror * cosine[turn], .b = -sine[turn], .d = mirror * sine[turn], .e = cosine[turn]};
  const float middle_x = 0.5f * width, middle_y = 0.5f * height;
  place.c = middle_x - (place.a * middle_x + place.b * middle_y) +
            width * ((float)column * stride + shift_x);
  place.f = middle_y - (place.d * middle_x + place.e * middle_y) +
            height * ((float)row * stride + shift_y);
  return place;
}

static void place_points(const placement *place, const float *in, size_t points, float *out) {
  for (size_t p = 0; p < points; p++) {
    const float x = in[2 * p], y = in[2 * p + 1];
    out[2 * p] = place->a * x + place->b * y + place->c;
    out[2 * p + 1] = place->d * x + place->e * y + place->f;
  }
}

void vs_tiling_enlarge(const vs_tiling *tiling, vs_random_key key, const vs_param_spec *from,
                       size_t points, const size_t blocks[3], const float *theta, float *out) {
  const size_t tiles = (size_t)tiling->rows * (size_t)tiling->columns;
  for (size_t t = 0; t < tiles; t++) {
    const placement place =
        place_tile(tiling, key, from, (int)t / tiling->columns, (int)t % tiling->columns);
    place_points(&place, theta, points, out + t * 2 * points);
  }
  const float *in = theta + 2 * points;
  out += tiles * 2 * points;
  for (size_t b = 0; b < 3; b++) {
    for (size_t t = 0; t < tiles; t++, out += blocks[b]) memcpy(out, in, blocks[b] * sizeof *out);
    in += blocks[b];
  }
}
