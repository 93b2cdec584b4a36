/* winograd_tiles.c - the transforms of tiles, a vector of channels at a time, with the epilogue on
 * their way. Compiled once for each kind of processor, with VS_TILES_NAME and VS_TILES_BYTES (of a
 * vector) defined: see winograd_tiles.h. */
#include "core/tensor/winograd_tiles.h"

#define A 0.70710678118654752440F /* sqrt(1/2) */
#define B 1.41421356237309504880F /* sqrt(2) */

enum { SIDE = 6, TILE = VS_WINOGRAD_TILE, LANES = VS_TILES_BYTES / 4 };

/* As many channels as a register holds. */
typedef float lanes __attribute__((vector_size(VS_TILES_BYTES)));
typedef int32_t lane_masks __attribute__((vector_size(VS_TILES_BYTES)));
typedef uint32_t lane_words __attribute__((vector_size(VS_TILES_BYTES)));
typedef float lanes_in_memory __attribute__((vector_size(VS_TILES_BYTES), aligned(4), may_alias));
typedef uint32_t words_in_memory
    __attribute__((vector_size(VS_TILES_BYTES), aligned(4), may_alias));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE lanes load(const float *from) {
  return *(const lanes_in_memory *)from;
}

ALWAYS_INLINE void store(float *to, lanes from) {
  *(lanes_in_memory *)to = from;
}

/* Where the transform of tile t of a block begins, channel c of the image. */
ALWAYS_INLINE size_t place(const vs_winograd_layout *layout, int tile) {
  return (size_t)(tile / layout->group) * layout->group_stride +
         (size_t)(tile % layout->group) * layout->tile_stride;
}

ALWAYS_INLINE size_t place_of_channel(const vs_winograd_layout *layout, size_t c) {
  const size_t within = c % VS_WINOGRAD_LANES;
  return (c - within) * layout->channel_stride + within;
}

/* --- input ------------------------------------------------------------------------------------ */

/* B' d: six numbers along one side of a tile. */
ALWAYS_INLINE void transform_input(const lanes *d, lanes *out, int stride) {
  const lanes even_a = d[4] - 2.0f * d[2], odd_a = A * d[3] - B * d[1];
  const lanes even_b = d[4] - 0.5f * d[2], odd_b = B * d[3] - A * d[1];
  out[0] = d[0] - 2.5f * d[2] + d[4];
  out[stride] = even_a + odd_a;
  out[2 * stride] = even_a - odd_a;
  out[3 * stride] = even_b + odd_b;
  out[4 * stride] = even_b - odd_b;
  out[5 * stride] = d[1] - 2.5f * d[3] + d[5];
}

/* One 6x6 tile of one vector of channels: what it reads, and where it lies. */
typedef struct tile_window {
  const float *x;    /* of the first channel, at pixel (0, 0) */
  int y0, x0;        /* of the tile's first pixel, in pixels of the image */
  int height, width; /* of x: the image, or half of it */
  size_t channels;
  bool inside; /* nothing that the tile reads is off x */
  const vs_gates
      *gates[9]; /* of the 3 x 3 words that it reads, first channel; NULL off the image */
} tile_window;

ALWAYS_INLINE lanes load_value(const tile_window *window, int y, int x) {
  if (!window->inside && (y < 0 || y >= window->height || x < 0 || x >= window->width))
    return (lanes){0};
  return load(window->x + ((size_t)y * (size_t)window->width + (size_t)x) * window->channels);
}

ALWAYS_INLINE void load_words(const tile_window *window, size_t c, lane_words *words) {
  for (int w = 0; w < 9; w++) {
    words[w] = (lane_words){0};
    if (window->gates[w] != NULL) words[w] = *(const words_in_memory *)(window->gates[w] + c);
  }
}

/* Pixel (i, j) of a tile, if its gate is open. Tiles begin one pixel before a word's. */
ALWAYS_INLINE lanes pass_open(lanes value, const lane_words *words, int i, int j) {
  const int word = 3 * ((i + 3) / 4) + (j + 3) / 4, bit = vs_gates_bit(i + 3, j + 3);
  const lane_masks open = (lane_masks)(words[word] << (31 - bit)) >> 31;
  return (lanes)((lane_masks)value & open);
}

/* Column j of a tile, six pixels. */
ALWAYS_INLINE void load_column(const tile_window *window, int j, const lane_words *words,
                               lanes *d) {
  for (int i = 0; i < SIDE; i++) {
    d[i] = load_value(window, window->y0 + i, window->x0 + j);
    if (words != NULL) d[i] = pass_open(d[i], words, i, j);
  }
}

/* The same out of four pooled values: the first and the last pixel belong to windows whose other
 * half is in the neighbouring tile. */
ALWAYS_INLINE void load_pooled_column(const tile_window *window, int j, const lane_words *words,
                                      lanes *d) {
  const int top = (window->y0 + 1) / 2 - 1, left = (window->x0 + 1) / 2 - 1;
  for (int w = 0; w < 4; w++) {
    const lanes value = load_value(window, top + w, left + (j + 1) / 2);
    if (w > 0) d[2 * w - 1] = pass_open(value, words, 2 * w - 1, j);
    if (w < 3) d[2 * w] = pass_open(value, words, 2 * w, j);
  }
}

/* words is NULL without gates; that and `pooled` are constants wherever this is inlined. */
ALWAYS_INLINE void transform_tile(const tile_window *window, const lane_words *words, bool pooled,
                                  size_t point_stride, float *out) {
  lanes half[SIDE][SIDE]; /* [i][j]: column j transformed */
  for (int j = 0; j < SIDE; j++) {
    lanes d[SIDE];
    if (pooled)
      load_pooled_column(window, j, words, d);
    else
      load_column(window, j, words, d);
    transform_input(d, &half[0][j], SIDE);
  }
  for (int i = 0; i < SIDE; i++) {
    lanes v[SIDE];
    transform_input(half[i], v, 1);
    for (int j = 0; j < SIDE; j++) store(out + (size_t)(SIDE * i + j) * point_stride, v[j]);
  }
}

/* Puts the window over a tile. */
static void place_window(tile_window *window, const vs_winograd_image *image,
                         const vs_winograd_source *source, int tile) {
  const int row = tile / image->tiles_across, column = tile % image->tiles_across;
  window->y0 = TILE * row - 1;
  window->x0 = TILE * column - 1;
  const int last_y = window->y0 + SIDE - 1, last_x = window->x0 + SIDE - 1;
  window->inside = row > 0 && column > 0 &&
                   (source->pooled ? last_y / 2 : last_y) < window->height &&
                   (source->pooled ? last_x / 2 : last_x) < window->width;
  if (source->gates == NULL) return;
  for (int w = 0; w < 9; w++) {
    const int y = row + w / 3 - 1, x = column + w % 3 - 1;
    const bool there = y >= 0 && y < image->tiles_down && x >= 0 && x < image->tiles_across;
    window->gates[w] =
        there ? source->gates + vs_gates_word(TILE * y, TILE * x, image->width, image->channels)
              : NULL;
  }
}

static void input(const vs_winograd_image *image, const vs_winograd_source *source, int first,
                  int count, int to, const vs_winograd_layout *layout, float *out) {
  tile_window window = {.height = source->pooled ? image->height / 2 : image->height,
                        .width = source->pooled ? image->width / 2 : image->width,
                        .channels = (size_t)image->channels};
  for (int t = 0; t < count; t++) {
    place_window(&window, image, source, first + t);
    float *tile_out = out + place(layout, to + t);
    for (size_t c = 0; c < window.channels; c += LANES) {
      float *channel_out = tile_out + place_of_channel(layout, c);
      lane_words words[9];
      window.x = source->x + c;
      if (source->gates == NULL) {
        transform_tile(&window, NULL, false, layout->point_stride, channel_out);
        continue;
      }
      load_words(&window, c, words);
      if (source->pooled)
        transform_tile(&window, words, true, layout->point_stride, channel_out);
      else
        transform_tile(&window, words, false, layout->point_stride, channel_out);
    }
  }
}

/* --- output ----------------------------------------------------------------------------------- */

/* A' m: four outputs of six numbers. */
ALWAYS_INLINE void transform_output(const lanes *m, lanes *out, int stride) {
  const lanes sum_a = m[1] + m[2], difference_a = m[1] - m[2];
  const lanes sum_b = m[3] + m[4], difference_b = m[3] - m[4];
  out[0] = m[0] + sum_a + sum_b;
  out[stride] = A * difference_a + B * difference_b;
  out[2 * stride] = 0.5f * sum_a + 2.0f * sum_b;
  out[3 * stride] = (A / 2.0f) * difference_a + (2.0f * B) * difference_b + m[5];
}

/* z of one tile of one vector of channels: A' m A, and the bias. */
ALWAYS_INLINE void restore_tile(const float *m, size_t point_stride, lanes bias, lanes (*z)[TILE]) {
  lanes half[TILE][SIDE]; /* [i][j]: column j transformed */
  for (int j = 0; j < SIDE; j++) {
    lanes column[SIDE];
    for (int i = 0; i < SIDE; i++) column[i] = load(m + (size_t)(SIDE * i + j) * point_stride);
    transform_output(column, &half[0][j], SIDE);
  }
  for (int i = 0; i < TILE; i++) {
    transform_output(half[i], z[i], 1);
    for (int j = 0; j < TILE; j++) z[i][j] += bias;
  }
}

ALWAYS_INLINE lanes choose(lane_masks which, lanes a, lanes b) {
  return (lanes)(((lane_masks)a & which) | ((lane_masks)b & ~which));
}

ALWAYS_INLINE lane_words choose_words(lane_masks which, lane_words a, lane_words b) {
  return (a & (lane_words)which) | (b & ~(lane_words)which);
}

ALWAYS_INLINE lane_masks is_nan(lanes value) {
  return value != value; // NOLINT(misc-redundant-expression): true of NaN alone
}

/* NaN stays NaN. */
ALWAYS_INLINE lanes rectify_lanes(lanes value) {
  return (lanes)((lane_masks)value & ~(value < 0.0f));
}

/* How much of a tile is on the image, and where its results go. */
typedef struct tile_place {
  int rows, columns;     /* of z, at most 4 */
  size_t corner;         /* the number in y of its first pixel's first channel */
  size_t line, channels; /* floats of y to the next line, to the next pixel */
} tile_place;

ALWAYS_INLINE size_t offset_of(const tile_place *at, int i, int j) {
  return at->corner + (size_t)i * at->line + (size_t)j * at->channels;
}

ALWAYS_INLINE void store_tile(const tile_place *at, lanes (*z)[TILE], float *y) {
  for (int i = 0; i < at->rows; i++)
    for (int j = 0; j < at->columns; j++) store(y + offset_of(at, i, j), z[i][j]);
}

/* Returns the tile's gates. */
ALWAYS_INLINE lane_words store_rectified_tile(const tile_place *at, lanes (*z)[TILE], float *y) {
  lane_words word = {0};
  for (int i = 0; i < at->rows; i++)
    for (int j = 0; j < at->columns; j++) {
      word |= (lane_words)(z[i][j] > 0.0f) & (1U << vs_gates_bit(i, j));
      store(y + offset_of(at, i, j), rectify_lanes(z[i][j]));
    }
  return word;
}

/* The bit of pixel (i, j), in every lane. */
ALWAYS_INLINE lane_words bit_of(int i, int j) {
  return (lane_words){0} + (1U << vs_gates_bit(i, j));
}

/* The first largest of a window, row by row; a NaN comes through. Returns the tile's gates. */
ALWAYS_INLINE lane_words store_pooled_tile(const tile_place *at, lanes (*z)[TILE], float *y) {
  lane_words word = {0};
  for (int i = 0; i + 1 < at->rows; i += 2)
    for (int j = 0; j + 1 < at->columns; j += 2) {
      const lanes a = z[i][j], b = z[i][j + 1], d = z[i + 1][j], e = z[i + 1][j + 1];
      const lane_masks right = (b > a) | is_nan(b), lower_right = (e > d) | is_nan(e);
      const lanes top = choose(right, b, a), bottom = choose(lower_right, e, d);
      const lane_masks below = (bottom > top) | is_nan(bottom);
      const lanes largest = choose(below, bottom, top);
      const lane_words bit =
          choose_words(below, choose_words(lower_right, bit_of(i + 1, j + 1), bit_of(i + 1, j)),
                       choose_words(right, bit_of(i, j + 1), bit_of(i, j)));
      word |= bit & (lane_words)(largest > 0.0f);
      store(y + offset_of(at, i / 2, j / 2), rectify_lanes(largest));
    }
  return word;
}

static int at_most_a_tile(int left) {
  return left < TILE ? left : TILE;
}

static tile_place place_of(const vs_winograd_image *image, vs_epilogue epilogue, int tile) {
  const int row = tile / image->tiles_across, column = tile % image->tiles_across;
  const size_t step = (size_t)vs_epilogue_side(epilogue, TILE);
  tile_place at = {.rows = at_most_a_tile(image->height - TILE * row),
                   .columns = at_most_a_tile(image->width - TILE * column),
                   .channels = (size_t)image->channels};
  at.line = (size_t)vs_epilogue_side(epilogue, image->width) * at.channels;
  at.corner = (size_t)row * step * at.line + (size_t)column * step * at.channels;
  return at;
}

static void output(const vs_winograd_image *image, const float *m, const vs_winograd_layout *layout,
                   int from, int first, int count, const vs_winograd_sink *sink) {
  for (int t = 0; t < count; t++) {
    const tile_place at = place_of(image, sink->epilogue, first + t);
    const float *tile_in = m + place(layout, from + t);
    for (size_t c = 0; c < at.channels; c += LANES) {
      lanes z[TILE][TILE];
      const lanes bias = sink->bias == NULL ? (lanes){0} : load(sink->bias + c);
      restore_tile(tile_in + place_of_channel(layout, c), layout->point_stride, bias, z);
      if (sink->epilogue == VS_EPILOGUE_NONE) {
        store_tile(&at, z, sink->y + c);
        continue;
      }
      const lane_words word = sink->epilogue == VS_EPILOGUE_RECTIFY_POOL
                                  ? store_pooled_tile(&at, z, sink->y + c)
                                  : store_rectified_tile(&at, z, sink->y + c);
      *(words_in_memory *)(sink->gates + (size_t)(first + t) * at.channels + c) = word;
    }
  }
}

const vs_winograd_tiles VS_TILES_NAME = {input, output};
