/* fourier.c - the spectrum of an image in decorrelated colours, after Lucid (Olah et al., "Feature
 * Visualization", Distill 2017; tensorflow/lucid, optvis/param).
 *
 *   t_c   = irfft2(s * theta_c) / 4        c = 0..2, theta (3, H, W/2+1, 2): real and imaginary
 *   s     = sqrt(H W) / max(f, 1 / max(H, W))^decay
 *   f     = sqrt((u/H)^2 + (v/W)^2)          -1/2 <= u/H < 1/2
 *   image = sigmoid(M t)                     per pixel; of held contrast: contrast.h
 *
 * irfft2 divides by H W here; with sqrt(H W) in s that is the orthonormal transform of fft.h, so
 * neither appears below. All frequencies have the same weight at the start, and colours vary as
 * they do in photographs. For odd W Lucid keeps one more column and drops a pixel; here W/2+1
 * columns make exactly W pixels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/image/fft.h"
#include "core/param/contrast.h"
#include "core/param/param_kind.h"

/* Square root of the colour correlations of ImageNet; the longest column has length 1 after
 * division by column_length = |(.26, .27, .27)|. */
static const double colour_root[3][3] = {
    {0.26, 0.09, 0.02}, {0.27, 0.00, -0.05}, {0.27, -0.09, 0.03}};
static const double column_length = 0.46195237849804394;

typedef struct fourier {
  size_t positions, coefficients; /* H * W, and complex ones of a channel */
  vs_fft *fft;
  float *scale;    /* (H, W/2+1) */
  float *spectrum; /* (H, W/2+1, 2): theta_c scaled */
  float *dt;       /* (H, W, 3): gradient by M t, then by t */
  vs_contrast contrast;
  float colours[9]; /* M, row by row */
} fourier;

static size_t count_numbers(const vs_param_spec *spec) {
  return 3 * 2 * vs_fft_spectrum_count(spec->height, spec->width);
}

static void fill_scale(float *scale, const vs_param_spec *spec) {
  int height = spec->height, width = spec->width;
  double lowest = 1.0 / (height > width ? height : width);
  for (int u = 0; u < height; u++) {
    double fy = (double)(2 * u < height ? u : height - u) / height;
    for (int v = 0; v <= width / 2; v++) {
      double frequency = hypot(fy, (double)v / width);
      *scale++ = (float)(0.25 / pow(fmax(frequency, lowest), spec->decay));
    }
  }
}

static void *make_plan(const vs_param_spec *spec, int threads, vs_arena *arena) {
  (void)threads;
  fourier *self = vs_arena_take(arena, 1, sizeof *self);
  fourier made = {.positions = (size_t)spec->height * (size_t)spec->width,
                  .coefficients = vs_fft_spectrum_count(spec->height, spec->width)};
  made.fft = vs_fft_new(spec->height, spec->width, arena);
  made.scale = vs_arena_floats(arena, made.coefficients);
  made.spectrum = vs_arena_floats(arena, 2 * made.coefficients);
  made.dt = vs_arena_floats(arena, 3 * made.positions);
  made.contrast = vs_contrast_plan(spec->contrast, 3 * made.positions, arena);
  for (int i = 0; i < 9; i++) made.colours[i] = (float)(colour_root[i / 3][i % 3] / column_length);
  if (self == NULL) return NULL;
  fill_scale(made.scale, spec);
  *self = made;
  return self;
}

static void render(void *plan, const float *theta, float *image) {
  fourier *self = plan;
  for (size_t c = 0; c < 3; c++) {
    const float *channel = theta + c * 2 * self->coefficients;
    for (size_t i = 0; i < self->coefficients; i++) {
      self->spectrum[2 * i] = self->scale[i] * channel[2 * i];
      self->spectrum[2 * i + 1] = self->scale[i] * channel[2 * i + 1];
    }
    vs_fft_inverse(self->fft, self->spectrum, image + c, 3);
  }
  const float *m = self->colours;
  for (size_t p = 0; p < self->positions; p++) {
    float *rgb = image + 3 * p, t0 = rgb[0], t1 = rgb[1], t2 = rgb[2];
    for (int k = 0; k < 3; k++) rgb[k] = m[3 * k] * t0 + m[3 * k + 1] * t1 + m[3 * k + 2] * t2;
  }
  vs_contrast_apply(&self->contrast, image);
}

static void backward(void *plan, const float *image, const float *dimage, float *dtheta) {
  fourier *self = plan;
  const float *m = self->colours;
  vs_contrast_backward(&self->contrast, image, dimage, self->dt);
  for (size_t p = 0; p < self->positions; p++) {
    float *dt = self->dt + 3 * p;
    const float d[3] = {dt[0], dt[1], dt[2]};
    for (int c = 0; c < 3; c++) dt[c] = m[c] * d[0] + m[3 + c] * d[1] + m[6 + c] * d[2];
  }
  for (size_t c = 0; c < 3; c++) {
    float *channel = dtheta + c * 2 * self->coefficients;
    vs_fft_inverse_adjoint(self->fft, self->dt + c, 3, channel);
    for (size_t i = 0; i < self->coefficients; i++) {
      channel[2 * i] *= self->scale[i];
      channel[2 * i + 1] *= self->scale[i];
    }
  }
}

/* The first coefficient of a colour is its mean. */
static void fade(const vs_param_spec *spec, float keep, float *theta) {
  const size_t numbers = 2 * vs_fft_spectrum_count(spec->height, spec->width);
  for (size_t c = 0; c < 3; c++)
    for (size_t i = 2; i < numbers; i++) theta[c * numbers + i] *= keep;
}

/* The column of Nyquist's frequency gives a real row as far as it is Hermitian. The rest does not
 * show, but would in a larger spectrum. */
static void drop_what_does_not_show(const vs_param_spec *spec, float *spectrum) {
  if (spec->width % 2 != 0) return;
  const int columns = spec->width / 2 + 1;
  for (int u = 0; 2 * u <= spec->height; u++) {
    float *here = spectrum + 2 * (u * columns + columns - 1);
    float *there = spectrum + 2 * ((u > 0 ? spec->height - u : 0) * columns + columns - 1);
    const float real = 0.5f * (here[0] + there[0]), imaginary = 0.5f * (here[1] - there[1]);
    here[0] = there[0] = real;
    here[1] = imaginary;
    there[1] = -imaginary;
  }
}

/* Where frequency index u of `side` lies among those of a larger side; Nyquist's, which is its own
 * negative, has a second place. Returns how many places. */
static int find_places(int u, int side, int larger, int places[2]) {
  places[0] = 2 * u <= side ? u : larger - side + u;
  places[1] = larger - u;
  return 2 * u == side && larger > side ? 2 : 1;
}

/* The spectrum of one channel in the middle of a larger one. A column v > 0 counts twice in a half
 * spectrum, but for Nyquist's, which does in the larger one. */
static void pad_spectrum(const vs_param_spec *from, const float *in, const vs_param_spec *to,
                         float *out) {
  const int columns = from->width / 2 + 1, larger_columns = to->width / 2 + 1;
  for (int u = 0; u < from->height; u++) {
    int rows[2];
    const int count = find_places(u, from->height, to->height, rows);
    for (int v = 0; v < columns; v++) {
      const bool is_halved = 2 * v == from->width && to->width > from->width;
      const float share = (is_halved ? 0.5f : 1.0f) / (float)count;
      for (int i = 0; i < count; i++)
        for (int part = 0; part < 2; part++)
          out[2 * (rows[i] * larger_columns + v) + part] = share * in[2 * (u * columns + v) + part];
    }
  }
}

/* The same function on a finer grid: magnified to the larger canvas, without a new frequency. The
 * transform is orthonormal, so values stay if coefficients grow with the root of the pixels. */
static vs_status enlarge(const vs_param_spec *from, const float *theta, const vs_tiling *tiling,
                         vs_random_key key, const vs_param_spec *to, float *out) {
  (void)tiling;
  (void)key;
  const size_t small = vs_fft_spectrum_count(from->height, from->width);
  const size_t large = vs_fft_spectrum_count(to->height, to->width);
  float *scales = calloc(small + large + 2 * small, sizeof *scales);
  if (scales == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to enlarge a spectrum");
  float *old_scale = scales, *new_scale = scales + small, *spectrum = new_scale + large;
  fill_scale(old_scale, from);
  fill_scale(new_scale, to);
  const float growth =
      (float)sqrt((double)to->height * to->width / ((double)from->height * from->width));
  memset(out, 0, 6 * large * sizeof *out);
  for (size_t c = 0; c < 3; c++) {
    const float *in = theta + c * 2 * small;
    float *channel = out + c * 2 * large;
    for (size_t i = 0; i < 2 * small; i++) spectrum[i] = growth * old_scale[i / 2] * in[i];
    drop_what_does_not_show(from, spectrum);
    pad_spectrum(from, spectrum, to, channel);
    for (size_t i = 0; i < 2 * large; i++) channel[i] /= new_scale[i / 2];
  }
  free(scales);
  return VS_OK;
}

const vs_param_kind vs_fourier_kind = {.count = count_numbers,
                                       .plan = make_plan,
                                       .render = render,
                                       .backward = backward,
                                       .enlarge = enlarge,
                                       .fade = fade};
