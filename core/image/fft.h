/* fft.h - two-dimensional inverse real Fourier transform and its adjoint, on kissfft.
 *
 *   y[i,j] = sum_{u=0}^{H-1} sum_{v=0}^{W/2} m_v Re( X[u,v] exp(2 pi I (u i / H + v j / W)) ) / N
 *
 * with I the imaginary unit, m_v = 1 for v = 0 and (W even) v = W/2, else 2, and N = sqrt(H W):
 * torch.fft.irfft2(X, s=(H, W), norm="ortho"). Imaginary parts that a real signal cannot have are
 * ignored, as there. Any H, W >= 1, odd ones included; fast where H and W have small prime
 * factors. */
#ifndef VS_CORE_IMAGE_FFT_H
#define VS_CORE_IMAGE_FFT_H

#include <stddef.h>

#include "core/base/arena.h"

typedef struct vs_fft vs_fft; /* tables and scratch for one size; one user at a time */

/* Plans for height x width. Everything comes from the arena, kissfft's tables too, and goes with
 * it. NULL while the arena measures. */
vs_fft *vs_fft_new(int height, int width, vs_arena *arena);

/* Complex values of a half spectrum of one channel: height * (width / 2 + 1). */
size_t vs_fft_spectrum_count(int height, int width);

/* spectrum: (H, W/2+1, 2) real and imaginary; image: (H, W), its values `stride` floats apart.
 * Overwrites image. */
void vs_fft_inverse(vs_fft *fft, const float *spectrum, float *image, size_t stride);

/* dspectrum = transpose of vs_fft_inverse (a real linear map of the 2 * H * (W/2+1) numbers)
 * applied to dimage. Overwrites dspectrum. */
void vs_fft_inverse_adjoint(vs_fft *fft, const float *dimage, size_t stride, float *dspectrum);

#endif
