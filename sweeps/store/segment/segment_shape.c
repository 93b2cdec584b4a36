/* Shapes that hold several others. */
#include "sweeps/store/segment/segment_shape.h"

#include <stdlib.h>
#include <string.h>

void vs_segment_shape_clear(vs_segment_shape *shape) {
  free(shape->steps);
  free(shape->snapshot_steps);
  *shape = (vs_segment_shape){0};
}

vs_status vs_segment_shape_add_steps(int **steps, int *count, const int *more, int more_count) {
  if (more_count == 0) return VS_OK;
  if (*count == more_count && memcmp(*steps, more, (size_t)more_count * sizeof *more) == 0)
    return VS_OK;
  size_t room = (size_t)*count + (size_t)more_count;
  int *united = malloc(room * sizeof *united);
  if (united == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %zu steps", room);
  int a = 0, b = 0, n = 0;
  while (a < *count || b < more_count) {
    int next = b == more_count || (a < *count && (*steps)[a] <= more[b]) ? (*steps)[a] : more[b];
    if (a < *count && (*steps)[a] == next) a++;
    if (b < more_count && more[b] == next) b++;
    united[n++] = next;
  }
  free(*steps);
  *steps = united;
  *count = n;
  return VS_OK;
}

vs_status vs_segment_shape_include(vs_segment_shape *shape, const vs_segment_shape *other) {
  vs_status status = vs_segment_shape_add_steps(&shape->steps, &shape->step_count, other->steps,
                                                other->step_count);
  if (status == VS_OK)
    status = vs_segment_shape_add_steps(&shape->snapshot_steps, &shape->snapshot_count,
                                        other->snapshot_steps, other->snapshot_count);
  if (other->height > shape->height) shape->height = other->height;
  if (other->width > shape->width) shape->width = other->width;
  if (other->params > shape->params) shape->params = other->params;
  if (other->spec_bytes > shape->spec_bytes) shape->spec_bytes = other->spec_bytes;
  if (other->strokes > shape->strokes) shape->strokes = other->strokes;
  if (other->stroke_points > shape->stroke_points) shape->stroke_points = other->stroke_points;
  if (other->pens > shape->pens) shape->pens = other->pens;
  if (other->sketch > shape->sketch) shape->sketch = other->sketch;
  return status;
}
