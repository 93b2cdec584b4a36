#include "core/vector/palette.h"
vs_status vs_palette_find(const vs_drawing *d, int n, vs_pen_set *p, double *i) { (void)d; (void)n; (void)p; (void)i; return vs_fail(VS_ERR_INTERNAL, "palette is not merged"); }
void vs_palette_apply(vs_drawing *d, const vs_pen_set *p) { (void)d; (void)p; }
