/* label.h - short texts on a canvas, in a small bitmap font of our own.
 *
 * Letters of 5 x 7 dots, two more below the line for descenders, ASCII 32..126. Labels of a contact
 * sheet are all the text that this program ever draws; a font library and font files would be a
 * heavy dependency for that alone. Larger sizes are whole multiples, with the steps of slanted
 * lines smoothed (the Scale2x rule), so that they do not look like bricks. */
#ifndef VS_ANALYSIS_SHEET_LABEL_H
#define VS_ANALYSIS_SHEET_LABEL_H

#include "analysis/sheet/canvas.h"

#define VS_LABEL_ADVANCE 6 /* px from letter to letter at scale 1 */
#define VS_LABEL_HEIGHT  7 /* px above the base line at scale 1 */
#define VS_LABEL_DESCENT 2 /* px below it */

/* How wide the text is drawn, in px; scale is 1 or 2. */
int vs_label_width(const char *text, int scale);

/* Draws the text with its upper left corner at (x, y), cut at the canvas' edges. Bytes that are not
 * printable ASCII are drawn as '?'. */
void vs_label_draw(vs_canvas *canvas, int x, int y, int scale, uint8_t grey, const char *text);

#endif
