/* mondrian.h - the builtin style image: mostly white paper, a few thick black bars, a few red, blue
 * and yellow rectangles. A composition of our own in the manner of Mondrian, always the same. */
#ifndef VS_CORE_IMAGE_MONDRIAN_H
#define VS_CORE_IMAGE_MONDRIAN_H

/* Draws the composition into rgb (size, size, 3), values 0..1, edges antialiased by exact area
 * coverage, so that every size shows the same picture. size >= 1. */
void vs_mondrian_draw(float *rgb, int size);

#endif
