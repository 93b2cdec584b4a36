/* The unit of strength, or why there is none. */
#include "core/optimize/strength.h"

#include <math.h>

vs_status vs_strength_unit(const vs_strength_baseline *baseline, double *unit) {
  const double exc = baseline->exc_eval, style = baseline->style_eval;
  *unit = NAN;
  if (baseline->outcome != VS_RUN_DONE)
    return vs_fail(VS_ERR_USAGE, "its baseline, the run of strength 0, %s",
                   baseline->outcome == VS_RUN_DIVERGED ? "diverged" : "failed");
  if (exc == 0.0)
    return vs_fail(VS_ERR_USAGE,
                   "its baseline, the run of strength 0, has an excitation of 0 (exc_eval)");
  if (style == 0.0)
    return vs_fail(VS_ERR_USAGE,
                   "its baseline, the run of strength 0, has a style distance of 0 (style_eval)");
  *unit = fabs(exc) / style;
  if (isfinite(*unit) && *unit > 0.0) return VS_OK;
  *unit = NAN;
  return vs_fail(VS_ERR_USAGE,
                 "its baseline, the run of strength 0, gives no unit: exc_eval %g, style_eval %g",
                 exc, style);
}
