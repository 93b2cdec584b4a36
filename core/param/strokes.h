/* strokes.h - theta of the parametrization "strokes" and the drawing it stands for.
 *
 *   points     (N,P,2) x, y in px of the canvas, P points a stroke (core/strokes/drawing.h)
 *   widths     (N)     px
 *   opacities  (N)     0..1
 *   colours    (N,3)   sRGB in 0..1; or (N,K) logits where strokes choose among K pens
 *
 * The colour of a stroke that chooses is the mean of the pens', weighted by
 * softmax(logit / temperature). The temperature falls from 1 to VS_PEN_TEMPERATURE over the
 * optimization, so that what is drawn comes close to one pen a stroke.
 *
 * Strokes start as those of the reference (AdMoR/neural-styles): the first point anywhere on the
 * canvas, every other within 5% of its sides of the one before. */
#ifndef VS_CORE_PARAM_STROKES_H
#define VS_CORE_PARAM_STROKES_H

#include "core/param/param.h"
#include "core/strokes/drawing.h"

#define VS_PEN_TEMPERATURE 0.05

/* Points of all strokes. */
size_t vs_strokes_point_count(const vs_strokes_spec *strokes);

/* Fills a drawing of strokes.count strokes and as many points as they have. Of a palette's strokes
 * each gets the colour and the index of the pen that it prefers; other strokes have no pen. */
void vs_strokes_to_drawing(const vs_param_spec *spec, const float *theta, vs_drawing *drawing);

/* Theta of a drawing whose strokes all have the spec's segments; its canvas is the spec's. Where
 * strokes choose among pens, their logits stay as they are. */
void vs_strokes_from_drawing(const vs_param_spec *spec, const vs_drawing *drawing, float *theta);

/* The parametrization itself, for param.c (param_kind.h). */
extern const struct vs_param_kind vs_strokes_kind;

#endif
