/* ssim.h - structural similarity of two pictures (Wang, Bovik, Sheikh & Simoncelli, "Image quality
 * assessment: from error visibility to structural similarity", IEEE TIP 13(4), 2004).
 *
 *   SSIM = mean over windows of (2 ma mb + c1)(2 sab + c2) / ((ma^2 + mb^2 + c1)(saa + sbb + c2))
 *
 * with window means m and (co)variances s under a Gaussian of 11 x 11, sd 1.5, sum 1;
 * c1 = (.01 * 255)^2, c2 = (.03 * 255)^2. As in the authors' own program, only windows that lie
 * wholly inside count. Computed on Y = .299 R + .587 G + .114 B of the encoded bytes: the lightness
 * that a viewer sees, not colour. */
#ifndef VS_ANALYSIS_METRICS_SSIM_H
#define VS_ANALYSIS_METRICS_SSIM_H

#include <stdint.h>

#include "core/base/status.h"

#define VS_SSIM_WINDOW 11 /* the least side of a picture */

/* Similarity of a and b (height, width, 3), -1..1, 1 exactly when their Y is the same everywhere.
 * Sides at least VS_SSIM_WINDOW. VS_ERR_MEMORY for a few rows of working space. */
vs_status vs_ssim(const uint8_t *a, const uint8_t *b, int height, int width, double *ssim);

#endif
