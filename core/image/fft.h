/* fft.h - two-dimensional inverse real Fourier transform and its adjoint, on kissfft.
 *
 *   y[i,j] = sum_{u=0}^{H-1} sum_{v=0}^{W/2} m_v Re( X[u,v] exp(2 pi sqrt(-1) (u i / H + v j / W))
 * ) / N
 *
 * with m_v = 1 for v = 0 and (W even) v = W/2, else 2, and N = sqrt(H W) (orthonormal, as Lucid and
 * torch.fft.irfft2(norm="ortho") have it). Imaginary parts that a real signal cannot have are
 * ignored, as torch does. Any H, W >= 1, odd ones included. */
#ifndef VS_CORE_IMAGE_FFT_H
#define VS_CORE_IMAGE_FFT_H

#include <stddef.h>

#include "core/base/arena.h"

typedef struct vs_fft vs_fft; /* plans and scratch for one size; one user at a time */

/* Plans for height x width. Scratch comes from the arena (NULL fft while it measures: then *out is
 * NULL too and only sizes count); kissfft's own tables are freed by vs_fft_free. */
vs_status vs_fft_new(vs_fft **out, int height, int width, vs_arena *arena);
void vs_fft_free(vs_fft *fft);

/* Complex values of a half spectrum of one channel: height * (width / 2 + 1). */
size_t vs_fft_spectrum_count(int height, int width);

/* spectrum: (H, W/2+1, 2) real and imaginary; image: (H, W), its values `stride` floats apart.
 * Overwrites image. */
void vs_fft_inverse(vs_fft *fft, const float *spectrum, float *image, size_t stride);

/* dspectrum = transpose of vs_fft_inverse (a real linear map of the 2 * H * (W/2+1) numbers)
 * applied to dimage. Overwrites dspectrum. */
void vs_fft_inverse_adjoint(vs_fft *fft, const float *dimage, size_t stride, float *dspectrum);

#endif
