/* plot_join.h - strokes of one pen whose ends meet, made one stroke, so that the pen stays down. */
#ifndef VS_CORE_PLOT_PLOT_JOIN_H
#define VS_CORE_PLOT_PLOT_JOIN_H

#include "core/strokes/drawing.h"

/* Joins ends of one pen's open strokes that are at most `reach` apart: each end with the nearest
 * one that is free, in the order of the strokes; some are drawn backwards then. A gap that a file
 * could show is bridged by a straight line, so that curves stay as they are. What becomes a ring,
 * of more than 20 times the reach, is closed. Strokes stand in the order of the first that is in
 * them. *joined is how many of the drawing's strokes became part of one with another. All places
 * are finite, in mm. Freed by the caller. VS_ERR_LIMIT, VS_ERR_MEMORY. */
vs_status vs_plot_join(vs_drawing **out, const vs_drawing *drawing, double reach, int *joined);

#endif
