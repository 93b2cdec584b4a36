#include "sweeps/store/segment/segment_layout.h"

#include <assert.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- header ----------------------------------------------------------------------------------- */

static const vs_header_text header_texts[] = {
    {"name", offsetof(vs_header, name), true},
    {"sweep", offsetof(vs_header, sweep), true},
    {"sweep_sha256", offsetof(vs_header, sweep_sha256), true},
    {"canonical", offsetof(vs_header, canonical), true},
    {"weights_sha256", offsetof(vs_header, weights_sha256), true},
    {"weights_family", offsetof(vs_header, weights_family), true},
    {"program_version", offsetof(vs_header, program_version), true},
    {"program_commit", offsetof(vs_header, program_commit), true},
    {"created", offsetof(vs_header, created), true},
    {"finished", offsetof(vs_header, finished), false},
};

const vs_header_text *vs_schema_header_texts(size_t *count) {
  *count = sizeof header_texts / sizeof header_texts[0];
  return header_texts;
}

char **vs_header_slot(vs_header *header, const vs_header_text *text) {
  return (char **)(void *)((char *)header + text->offset);
}

void vs_header_clear(vs_header *header) {
  size_t count;
  const vs_header_text *texts = vs_schema_header_texts(&count);
  for (size_t i = 0; i < count; i++) free(*vs_header_slot(header, &texts[i]));
  free(header->axes);
  *header = (vs_header){0};
}

vs_status vs_header_copy(vs_header *copy, const vs_header *header) {
  *copy = (vs_header){.planned = header->planned};
  vs_header source = *header;
  size_t count;
  const vs_header_text *texts = vs_schema_header_texts(&count);
  for (size_t i = 0; i < count; i++) {
    const char *text = *vs_header_slot(&source, &texts[i]);
    if (text == NULL) continue;
    char *copied = strdup(text);
    if (copied == NULL) goto no_memory;
    *vs_header_slot(copy, &texts[i]) = copied;
  }
  if (header->axis_count > 0) {
    copy->axes = malloc(header->axis_count * sizeof *copy->axes);
    if (copy->axes == NULL) goto no_memory;
    memcpy(copy->axes, header->axes, header->axis_count * sizeof *copy->axes);
    copy->axis_count = header->axis_count;
  }
  return VS_OK;
no_memory:
  vs_header_clear(copy);
  return vs_fail(VS_ERR_MEMORY, "no memory for the description of a results folder");
}

/* --- the table of runs ------------------------------------------------------------------------ */

typedef enum column_kind { COLUMN_TEXT, COLUMN_INT, COLUMN_UINT64, COLUMN_DOUBLE } column_kind;

typedef struct table_column {
  const char *name;
  column_kind kind;
  size_t offset; /* in vs_table_row */
  size_t bytes;  /* of a text, with its zero */
  int since;     /* the first format version that has it */
} table_column;

static_assert(sizeof(size_t) == sizeof(uint64_t), "param_count is stored as uint64");

static const table_column columns[] = {
    {"id", COLUMN_TEXT, offsetof(vs_table_row, row.id), VS_ID, 1},
    {"group", COLUMN_TEXT, offsetof(vs_table_row, row.group), VS_ID, 1},
    {"index", COLUMN_UINT64, offsetof(vs_table_row, row.index), 0, 1},
    {"layer", COLUMN_TEXT, offsetof(vs_table_row, row.layer), VS_TAP_NAME, 1},
    {"channel", COLUMN_INT, offsetof(vs_table_row, row.channel), 0, 1},
    {"lambda", COLUMN_DOUBLE, offsetof(vs_table_row, row.lambda), 0, 1},
    {"rho", COLUMN_DOUBLE, offsetof(vs_table_row, row.rho), 0, 1},
    {"seed", COLUMN_UINT64, offsetof(vs_table_row, row.seed), 0, 1},
    {"status", COLUMN_TEXT, offsetof(vs_table_row, status), sizeof(((vs_table_row *)0)->status), 1},
    {"rank", COLUMN_INT, offsetof(vs_table_row, row.rank), 0, 1},
    {"host", COLUMN_TEXT, offsetof(vs_table_row, row.host), VS_HOST, 1},
    {"steps", COLUMN_INT, offsetof(vs_table_row, row.steps), 0, 1},
    {"seconds", COLUMN_DOUBLE, offsetof(vs_table_row, row.seconds), 0, 1},
    {"finished", COLUMN_DOUBLE, offsetof(vs_table_row, row.finished), 0, 1},
    {"exc_first", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_first), 0, 1},
    {"exc_final", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_final), 0, 1},
    {"exc_eval", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_eval), 0, 1},
    {"style_first", COLUMN_DOUBLE, offsetof(vs_table_row, row.style_first), 0, 1},
    {"style_final", COLUMN_DOUBLE, offsetof(vs_table_row, row.style_final), 0, 1},
    {"style_eval", COLUMN_DOUBLE, offsetof(vs_table_row, row.style_eval), 0, 1},
    {"exc_best", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_best), 0, 2},
    {"exc_style", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_style), 0, 2},
    {"exc_paper", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_paper), 0, 2},
    {"exc_random_mean", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_random_mean), 0, 2},
    {"exc_random_sd", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_random_sd), 0, 2},
    {"coverage", COLUMN_DOUBLE, offsetof(vs_table_row, row.coverage), 0, 2},
    {"edge_density", COLUMN_DOUBLE, offsetof(vs_table_row, row.edge_density), 0, 2},
    {"gram_style", COLUMN_DOUBLE, offsetof(vs_table_row, row.gram_style), 0, 2},
    {"exc_free", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_free), 0, 3},
    {"exc_quantized", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_quantized), 0, 3},
    {"exc_refined", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_refined), 0, 3},
    {"exc_plotted", COLUMN_DOUBLE, offsetof(vs_table_row, row.exc_plotted), 0, 3},
    {"strokes", COLUMN_INT, offsetof(vs_table_row, row.strokes), 0, 3},
    {"stroke_points", COLUMN_INT, offsetof(vs_table_row, row.stroke_points), 0, 3},
    {"pens", COLUMN_INT, offsetof(vs_table_row, row.pens), 0, 3},
    {"drawn_mm", COLUMN_DOUBLE, offsetof(vs_table_row, row.drawn_mm), 0, 3},
    {"travel_mm", COLUMN_DOUBLE, offsetof(vs_table_row, row.travel_mm), 0, 3},
    {"lifts", COLUMN_DOUBLE, offsetof(vs_table_row, row.lifts), 0, 3},
    {"minutes", COLUMN_DOUBLE, offsetof(vs_table_row, row.minutes), 0, 3},
    {"gram_tap", COLUMN_TEXT, offsetof(vs_table_row, row.gram_tap), VS_TAP_NAME, 2},
    {"height", COLUMN_INT, offsetof(vs_table_row, row.height), 0, 1},
    {"width", COLUMN_INT, offsetof(vs_table_row, row.width), 0, 1},
    {"parametrization", COLUMN_TEXT, offsetof(vs_table_row, parametrization),
     sizeof(((vs_table_row *)0)->parametrization), 1},
    {"param_count", COLUMN_UINT64, offsetof(vs_table_row, row.param_count), 0, 1},
};
enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };
static const char axes_follow[] = "seed"; /* the sweep's own axes stand behind this column */

void vs_schema_blank_row(vs_table_row *row) {
  memset(row, 0, sizeof *row);
  for (size_t c = 0; c < COLUMN_COUNT; c++)
    if (columns[c].kind == COLUMN_DOUBLE)
      *(double *)(void *)((char *)row + columns[c].offset) = NAN;
}

static size_t axis_bytes(const vs_axis *axis) {
  return axis->is_number ? sizeof(double) : VS_AXIS_TEXT;
}

size_t vs_schema_axis_offset(const vs_axis *axes, size_t axis) {
  size_t offset = 0;
  for (size_t a = 0; a < axis; a++) offset += axis_bytes(&axes[a]);
  return offset;
}

void vs_schema_axis_value(const vs_axis *axes, size_t axis, const unsigned char *values,
                          vs_axis_value *value) {
  const unsigned char *place = values + vs_schema_axis_offset(axes, axis);
  *value = (vs_axis_value){.number = NAN};
  if (!axes[axis].is_number) {
    memcpy(value->text, place, VS_AXIS_TEXT - 1);
    return;
  }
  memcpy(&value->number, place, sizeof(double));
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(value->text, sizeof value->text, "%.*g", digits, value->number);
    if (strtod(value->text, NULL) == value->number) return;
  }
}

size_t vs_schema_row_bytes(const vs_axis *axes, size_t count) {
  return sizeof(vs_table_row) + vs_schema_axis_offset(axes, count);
}

static vs_h5 text_type(size_t bytes, H5T_cset_t set) {
  vs_h5 type = H5Tcopy(H5T_C_S1);
  if (type >= 0 && H5Tset_size(type, bytes) >= 0 && H5Tset_cset(type, set) >= 0) return type;
  vs_h5_close(&type);
  return VS_H5_NONE;
}

static vs_h5 column_type(const table_column *column) {
  switch (column->kind) {
  case COLUMN_TEXT:
    return text_type(column->bytes, H5T_CSET_ASCII);
  case COLUMN_INT:
    return H5Tcopy(H5T_NATIVE_INT);
  case COLUMN_UINT64:
    return H5Tcopy(H5T_NATIVE_UINT64);
  case COLUMN_DOUBLE:
    return H5Tcopy(H5T_NATIVE_DOUBLE);
  }
  return VS_H5_NONE;
}

static vs_h5 axis_type(const vs_axis *axis) {
  return axis->is_number ? H5Tcopy(H5T_NATIVE_DOUBLE) : text_type(VS_AXIS_TEXT, H5T_CSET_UTF8);
}

/* Inserts a member and closes its type. */
static bool insert(vs_h5 row, const char *name, size_t offset, vs_h5 type) {
  bool good = type >= 0 && H5Tinsert(row, name, offset, type) >= 0;
  vs_h5_close(&type);
  return good;
}

vs_h5 vs_schema_row_type(const vs_axis *axes, size_t count) {
  vs_h5 row = H5Tcreate(H5T_COMPOUND, vs_schema_row_bytes(axes, count));
  bool good = row >= 0;
  for (size_t c = 0; good && c < COLUMN_COUNT; c++) {
    good = insert(row, columns[c].name, columns[c].offset, column_type(&columns[c]));
    if (strcmp(columns[c].name, axes_follow) != 0) continue;
    for (size_t a = 0; good && a < count; a++)
      good = insert(row, axes[a].name, sizeof(vs_table_row) + vs_schema_axis_offset(axes, a),
                    axis_type(&axes[a]));
  }
  if (!good) vs_h5_close(&row);
  return row;
}

vs_h5 vs_schema_file_row_type(vs_h5 row_type) {
  /* H5Tpack would order the columns by their place in memory. */
  int members = H5Tget_nmembers(row_type);
  size_t bytes = 0;
  vs_h5 packed = members > 0 ? H5Tcreate(H5T_COMPOUND, H5Tget_size(row_type)) : VS_H5_NONE;
  bool good = packed >= 0;
  for (int m = 0; good && m < members; m++) {
    char *name = H5Tget_member_name(row_type, (unsigned)m);
    vs_h5 type = H5Tget_member_type(row_type, (unsigned)m);
    size_t size = type >= 0 ? H5Tget_size(type) : 0;
    good = name != NULL && insert(packed, name, bytes, type);
    bytes += size;
    if (name != NULL) H5free_memory(name);
  }
  if (!good || H5Tset_size(packed, bytes) < 0) vs_h5_close(&packed);
  return packed;
}

static H5T_class_t class_of(const table_column *column) {
  switch (column->kind) {
  case COLUMN_TEXT:
    return H5T_STRING;
  case COLUMN_DOUBLE:
    return H5T_FLOAT;
  default:
    return H5T_INTEGER;
  }
}

static const table_column *find_column(const char *name) {
  for (size_t c = 0; c < COLUMN_COUNT; c++)
    if (strcmp(columns[c].name, name) == 0) return &columns[c];
  return NULL;
}

/* One member of a table that is not a fixed column. */
static vs_status take_axis(vs_axis *axis, const char *name, H5T_class_t class) {
  if (strlen(name) >= VS_AXIS_NAME || (class != H5T_FLOAT && class != H5T_STRING))
    return vs_fail(VS_ERR_FORMAT, "%s: column \"%.100s\" is neither number nor text", VS_PATH_RUNS,
                   name);
  *axis = (vs_axis){.is_number = class == H5T_FLOAT};
  memcpy(axis->name, name, strlen(name));
  return VS_OK;
}

static vs_status take_member(vs_h5 type, unsigned member, vs_axis *axes, size_t *axis_count,
                             size_t *column_count) {
  char *name = H5Tget_member_name(type, member);
  if (name == NULL) return vs_h5_fail(VS_ERR_FORMAT, "read the columns of " VS_PATH_RUNS);
  H5T_class_t class = H5Tget_member_class(type, member);
  const table_column *fixed = find_column(name);
  vs_status status = VS_OK;
  if (fixed == NULL && *axis_count == VS_STORE_MAX_AXES)
    status = vs_fail(VS_ERR_LIMIT, "%s has more than %d axes", VS_PATH_RUNS, VS_STORE_MAX_AXES);
  else if (fixed == NULL)
    status = take_axis(&axes[(*axis_count)++], name, class);
  else if (class != class_of(fixed))
    status = vs_fail(VS_ERR_FORMAT, "%s: column \"%s\" has the wrong type", VS_PATH_RUNS, name);
  else
    (*column_count)++;
  H5free_memory(name);
  return status;
}

vs_status vs_schema_find_axes(vs_h5 type, uint64_t version, vs_axis **axes, size_t *count) {
  *axes = NULL;
  *count = 0;
  if (H5Tget_class(type) != H5T_COMPOUND)
    return vs_fail(VS_ERR_FORMAT, "%s is not a table", VS_PATH_RUNS);
  int members = H5Tget_nmembers(type);
  size_t column_count = 0, needed = 0;
  for (size_t c = 0; c < COLUMN_COUNT; c++) needed += (uint64_t)columns[c].since <= version;
  vs_status status = VS_OK;
  vs_axis *found = calloc(VS_STORE_MAX_AXES, sizeof *found);
  if (found == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the axes of a sweep");
  for (int m = 0; status == VS_OK && m < members; m++)
    status = take_member(type, (unsigned)m, found, count, &column_count);
  if (status == VS_OK && column_count < needed)
    status = vs_fail(VS_ERR_FORMAT, "%s has %zu of the %zu columns of a results table",
                     VS_PATH_RUNS, column_count, needed);
  if (status != VS_OK) {
    free(found);
    *count = 0;
    return status;
  }
  *axes = found;
  return VS_OK;
}

vs_status vs_schema_mark_table(vs_h5 table, vs_h5 type) {
  vs_status status = vs_h5_write_mark(table, "CLASS", "TABLE");
  if (status == VS_OK) status = vs_h5_write_mark(table, "VERSION", "3.0");
  if (status == VS_OK) status = vs_h5_write_mark(table, "TITLE", "runs");
  int members = H5Tget_nmembers(type);
  for (int m = 0; status == VS_OK && m < members; m++) {
    char attribute[32];
    snprintf(attribute, sizeof attribute, "FIELD_%d_NAME", m);
    char *name = H5Tget_member_name(type, (unsigned)m);
    if (name == NULL) return vs_h5_fail(VS_ERR_INTERNAL, "name a column");
    status = vs_h5_write_mark(table, attribute, name);
    H5free_memory(name);
  }
  return status;
}

/* --- shapes ----------------------------------------------------------------------------------- */

void vs_shape_clear(vs_shape *shape) {
  free(shape->steps);
  free(shape->snapshot_steps);
  *shape = (vs_shape){0};
}

vs_status vs_shape_add_steps(int **steps, int *count, const int *more, int more_count) {
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

vs_status vs_shape_include(vs_shape *shape, const vs_shape *other) {
  vs_status status =
      vs_shape_add_steps(&shape->steps, &shape->step_count, other->steps, other->step_count);
  if (status == VS_OK)
    status = vs_shape_add_steps(&shape->snapshot_steps, &shape->snapshot_count,
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

/* --- arrays ----------------------------------------------------------------------------------- */

typedef enum element { ELEMENT_FLOAT, ELEMENT_BYTE, ELEMENT_TEXT, ELEMENT_NAME } element;

typedef struct array_info {
  const char *path;
  element element;
  const char *axes[VS_ARRAY_MAX_RANK]; /* NULL ends them; the first is the run */
} array_info;

static const array_info arrays[VS_ARRAY_TRACE] = {
    [VS_ARRAY_SPEC] = {"/specs", ELEMENT_TEXT, {"run"}},
    [VS_ARRAY_LOGGED] = {"/trace/logged", ELEMENT_BYTE, {"run", "step"}},
    [VS_ARRAY_FINAL] = {"/images/final", ELEMENT_BYTE, {"run", "y", "x", "rgb"}},
    [VS_ARRAY_TAKEN] = {"/images/taken", ELEMENT_BYTE, {"run", "snapshot_step"}},
    [VS_ARRAY_SNAPSHOTS] = {"/images/snapshots",
                            ELEMENT_BYTE,
                            {"run", "snapshot_step", "y", "x", "rgb"}},
    [VS_ARRAY_THETA] = {"/params/theta", ELEMENT_FLOAT, {"run", "param"}},
    [VS_ARRAY_SKETCH] = {"/features/gram", ELEMENT_FLOAT, {"run", "sketch"}},
    [VS_ARRAY_POINTS] = {"/params/points", ELEMENT_FLOAT, {"run", "stroke", "point", "xy"}},
    [VS_ARRAY_STROKES] = {"/params/strokes", ELEMENT_FLOAT, {"run", "stroke", "stroke_style"}},
    [VS_ARRAY_PENS] = {"/params/pens", ELEMENT_FLOAT, {"run", "pen", "pen_style"}},
    [VS_ARRAY_PEN_NAMES] = {"/params/pen_names", ELEMENT_NAME, {"run", "pen"}},
    [VS_ARRAY_PAPER] = {"/params/paper", ELEMENT_FLOAT, {"run", "paper_rgb"}},
};

/* The paths of traces follow from their names in core/optimize/run.h. */
static const array_info *info_of(vs_array array) {
  static const array_info trace = {NULL, ELEMENT_FLOAT, {"run", "step"}};
  return array < VS_ARRAY_TRACE ? &arrays[array] : &trace;
}

void vs_schema_array_path(vs_array array, char path[VS_ARRAY_PATH]) {
  if (array < VS_ARRAY_TRACE)
    snprintf(path, VS_ARRAY_PATH, "%s", arrays[array].path);
  else
    snprintf(path, VS_ARRAY_PATH, "/trace/%s",
             vs_run_trace_name((vs_trace)(array - VS_ARRAY_TRACE)));
}

const char *const *vs_schema_array_axes(vs_array array) {
  return info_of(array)->axes;
}

bool vs_schema_array_is_image(vs_array array) {
  return array == VS_ARRAY_FINAL || array == VS_ARRAY_SNAPSHOTS;
}

vs_h5 vs_schema_array_type(vs_array array, size_t spec_bytes) {
  switch (info_of(array)->element) {
  case ELEMENT_FLOAT:
    return H5Tcopy(H5T_NATIVE_FLOAT);
  case ELEMENT_BYTE:
    return H5Tcopy(H5T_NATIVE_UINT8);
  case ELEMENT_TEXT:
    return text_type(spec_bytes, H5T_CSET_UTF8);
  case ELEMENT_NAME:
    return text_type(VS_PEN_NAME, H5T_CSET_UTF8);
  }
  return VS_H5_NONE;
}

bool vs_schema_array_is_float(vs_array array) {
  return info_of(array)->element == ELEMENT_FLOAT;
}

size_t vs_schema_element_bytes(vs_array array, size_t spec_bytes) {
  switch (info_of(array)->element) {
  case ELEMENT_FLOAT:
    return sizeof(float);
  case ELEMENT_BYTE:
    return 1;
  case ELEMENT_TEXT:
    return spec_bytes;
  case ELEMENT_NAME:
    return VS_PEN_NAME;
  }
  return 1;
}

static uint64_t extent_of(const char *axis, const vs_shape *shape) {
  if (strcmp(axis, "run") == 0) return shape->rows;
  if (strcmp(axis, "step") == 0) return (uint64_t)shape->step_count;
  if (strcmp(axis, "snapshot_step") == 0) return (uint64_t)shape->snapshot_count;
  if (strcmp(axis, "y") == 0) return (uint64_t)shape->height;
  if (strcmp(axis, "x") == 0) return (uint64_t)shape->width;
  if (strcmp(axis, "param") == 0) return shape->params;
  if (strcmp(axis, "sketch") == 0) return shape->sketch;
  if (strcmp(axis, "stroke") == 0) return shape->strokes;
  if (strcmp(axis, "point") == 0) return shape->stroke_points;
  if (strcmp(axis, "xy") == 0) return 2;
  if (strcmp(axis, "stroke_style") == 0) return VS_STROKE_STYLE;
  if (strcmp(axis, "pen") == 0) return shape->pens;
  if (strcmp(axis, "pen_style") == 0) return VS_PEN_STYLE;
  if (strcmp(axis, "paper_rgb") == 0) return shape->strokes > 0 ? 3 : 0;
  assert(strcmp(axis, "rgb") == 0);
  return 3;
}

static bool is_drawing(vs_array array) {
  return array >= VS_ARRAY_POINTS && array <= VS_ARRAY_PAPER;
}

/* One picture, one theta, one drawing is a chunk, so that it can be read alone and copied as it is;
 * of what is small, as many runs as make a chunk of some size. */
static void choose_chunk(vs_array array, int rank, size_t element_bytes, const uint64_t *extents,
                         uint64_t *chunk) {
  enum { SMALL_CHUNK_BYTES = 65536 };
  memcpy(chunk, extents, (size_t)rank * sizeof *chunk);
  chunk[0] = 1;
  if (array == VS_ARRAY_SNAPSHOTS) chunk[1] = 1;
  if (vs_schema_array_is_image(array) || array == VS_ARRAY_THETA || is_drawing(array)) return;
  uint64_t row_bytes = element_bytes;
  for (int d = 1; d < rank; d++) row_bytes *= extents[d];
  if (row_bytes < SMALL_CHUNK_BYTES) chunk[0] = SMALL_CHUNK_BYTES / row_bytes;
  if (chunk[0] > extents[0]) chunk[0] = extents[0];
}

int vs_schema_array_extents(vs_array array, const vs_shape *shape,
                            uint64_t extents[VS_ARRAY_MAX_RANK],
                            uint64_t chunk[VS_ARRAY_MAX_RANK]) {
  const array_info *info = info_of(array);
  int rank = 0;
  while (rank < VS_ARRAY_MAX_RANK && info->axes[rank] != NULL) {
    extents[rank] = extent_of(info->axes[rank], shape);
    if (extents[rank] == 0) return 0;
    rank++;
  }
  if (info->element == ELEMENT_TEXT && shape->spec_bytes == 0) return 0;
  choose_chunk(array, rank, vs_schema_element_bytes(array, shape->spec_bytes), extents, chunk);
  return rank;
}
