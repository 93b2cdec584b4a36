#include "core/objective/smoothness.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

static const double tv_epsilon = 1e-4; /* a tenth of a percent of white; 1/255 is 40 times more */

double vs_total_variation(const float *image, int height, int width, double weight, float *dimage) {
  const size_t row = 3 * (size_t)width;
  double sum = 0.0;
  for (int y = 0; y < height; y++) {
    for (size_t i = 0; i < row; i++) {
      const size_t at = (size_t)y * row + i;
      const bool has_right = i + 3 < row, has_below = y + 1 < height;
      const double dx = has_right ? (double)image[at + 3] - (double)image[at] : 0.0;
      const double dy = has_below ? (double)image[at + row] - (double)image[at] : 0.0;
      const double length = sqrt(dx * dx + dy * dy + tv_epsilon * tv_epsilon);
      sum += length - tv_epsilon;
      if (weight == 0.0) continue;
      dimage[at] -= (float)(weight * (dx + dy) / length);
      if (has_right) dimage[at + 3] += (float)(weight * dx / length);
      if (has_below) dimage[at + row] += (float)(weight * dy / length);
    }
  }
  return sum;
}

double vs_grey_l2(const float *image, int height, int width, double weight, float *dimage) {
  const size_t count = 3 * (size_t)height * (size_t)width;
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) {
    const double from_grey = (double)image[i] - 0.5;
    sum += from_grey * from_grey;
    if (weight != 0.0) dimage[i] += (float)(weight * 2.0 * from_grey);
  }
  return sum;
}
