/* How many digits people see. */
#include "analysis/metrics/figure_text.h"

#include <math.h>
#include <stdio.h>

void vs_figure_text(double value, char text[VS_FIGURE_TEXT]) {
  double size = fabs(value);
  if (size == 0.0) value = 0.0; /* a channel that is silent has an excitation loss of -0 */
  if (isnan(value))
    snprintf(text, VS_FIGURE_TEXT, "-");
  else if (size >= 999.95 && size < 9999999.5)
    snprintf(text, VS_FIGURE_TEXT, "%.0f", value);
  else
    snprintf(text, VS_FIGURE_TEXT, "%.4g", value);
}
