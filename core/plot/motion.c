/* motion.c - trapezoidal profiles of speed between corners, limited by one pass backward over them
 * and one forward. */
#include "core/plot/motion.h"

#include <math.h>

/* saxi's numbers for an AxiDraw. */
const vs_motion vs_motion_pen_down = {.speed = 50.0, .acceleration = 200.0, .cornering = 0.127};
const vs_motion vs_motion_pen_up = {.speed = 200.0, .acceleration = 400.0, .cornering = 0.0};

/* Seconds for a segment entered and left at given speeds, which its length allows. */
static double segment_seconds(const vs_motion *motion, double length, double enter, double leave) {
  const double a = motion->acceleration, top = motion->speed;
  /* the peak of a profile that only rises and falls */
  const double peak = sqrt(0.5 * (enter * enter + leave * leave) + a * length);
  if (peak <= top) return fmax(2.0 * peak - enter - leave, 0.0) / a;
  const double ramps = (2.0 * top * top - enter * enter - leave * leave) / (2.0 * a);
  return (2.0 * top - enter - leave) / a + (length - ramps) / top;
}

double vs_motion_straight(const vs_motion *motion, double distance_mm) {
  return segment_seconds(motion, distance_mm, 0.0, 0.0);
}

/* The speed at which the corner a-b-c may be passed; all three are different. */
static double corner_speed(const vs_motion *motion, vs_place a, vs_place b, vs_place c) {
  const double ux = b.x - a.x, uy = b.y - a.y, vx = c.x - b.x, vy = c.y - b.y;
  const double cosine = (ux * vx + uy * vy) / (hypot(ux, uy) * hypot(vx, vy));
  const double s = sqrt(fmax(0.5 * (1.0 + cosine), 0.0));
  if (s >= 1.0) return motion->speed;
  return fmin(sqrt(motion->acceleration * motion->cornering * s / (1.0 - s)), motion->speed);
}

double vs_motion_along(const vs_motion *motion, const vs_place *points, size_t count,
                       vs_motion_scratch scratch) {
  /* lengths[k], speeds[k]: of the k-th segment, and at its beginning */
  double *lengths = scratch.lengths, *speeds = scratch.speeds;
  size_t segments = 0, before = 0, at = 0; /* points: the one before the last that counts, and it */
  for (size_t i = 1; i < count; i++) {
    const double length = vs_cubic_distance(points[at], points[i]);
    if (!(length > 0.0)) continue;
    speeds[segments] =
        segments == 0 ? 0.0 : corner_speed(motion, points[before], points[at], points[i]);
    lengths[segments++] = length;
    before = at;
    at = i;
  }
  /* slow enough to be slow enough at the next corner, then no faster than the last one allows */
  const double a = motion->acceleration;
  double leave = 0.0;
  for (size_t i = segments; i-- > 0;)
    leave = speeds[i] = fmin(speeds[i], sqrt(leave * leave + 2.0 * a * lengths[i]));
  double seconds = 0.0, enter = 0.0;
  for (size_t i = 0; i < segments; i++) {
    leave = i + 1 < segments ? speeds[i + 1] : 0.0;
    leave = fmin(leave, sqrt(enter * enter + 2.0 * a * lengths[i]));
    seconds += segment_seconds(motion, lengths[i], enter, leave);
    enter = leave;
  }
  return seconds;
}
