/* How many digits people see. */
#include "analysis/metrics/figure_text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

/* In columns a blank takes the place of the sign, so that the width stays. */
static void drop_sign(char *text) {
  char *sign = text + strspn(text, " ");
  if ((*sign != '-' && *sign != '+') || strpbrk(sign, "0123456789") == NULL) return;
  const size_t mantissa = strcspn(sign, "eE");
  if (strcspn(sign, "123456789") < mantissa) return;
  if (sign > text)
    *sign = ' ';
  else
    memmove(sign, sign + 1, strlen(sign));
}

vs_formatted_figure vs_figure_text_as(const char *format, ...) {
  vs_formatted_figure figure;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(figure.text, sizeof figure.text, format, arguments);
  va_end(arguments);
  drop_sign(figure.text);
  return figure;
}
