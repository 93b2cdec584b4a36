/* From rows to memory that HDF5 writes, and back; their types. */
#include "sweeps/store/segment/segment_table.h"

#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweeps/store/segment/segment_header.h"

/* A row in memory, followed by the axes' values. */
enum { WORD = 16 };
typedef struct row_memory {
  vs_row row;
  char status[WORD];          /* of row.status, as a word */
  char parametrization[WORD]; /* of row.parametrization */
} row_memory;

/* --- axes ------------------------------------------------------------------------------------- */

static size_t axis_bytes(const vs_axis *axis) {
  return axis->is_number ? sizeof(double) : VS_AXIS_TEXT;
}

size_t vs_segment_table_axis_offset(const vs_axis *axes, size_t axis) {
  size_t offset = 0;
  for (size_t a = 0; a < axis; a++) offset += axis_bytes(&axes[a]);
  return offset;
}

void vs_segment_table_axis_value(const vs_axis *axes, size_t axis, const unsigned char *values,
                                 vs_axis_value *value) {
  const unsigned char *place = values + vs_segment_table_axis_offset(axes, axis);
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

/* --- rows ------------------------------------------------------------------------------------- */

size_t vs_segment_table_bytes(const vs_axis *axes, size_t count) {
  return sizeof(row_memory) + vs_segment_table_axis_offset(axes, count);
}

static row_memory *memory_of(unsigned char *memory) {
  return (row_memory *)(void *)memory;
}

static bool is_enumeration(const vs_column *column) {
  return column->kind == VS_COLUMN_OUTCOME || column->kind == VS_COLUMN_PARAMETRIZATION;
}

/* Where a column stands in row_memory. */
static size_t place_of(const vs_column *column) {
  if (column->kind == VS_COLUMN_OUTCOME) return offsetof(row_memory, status);
  if (column->kind == VS_COLUMN_PARAMETRIZATION) return offsetof(row_memory, parametrization);
  return offsetof(row_memory, row) + column->offset;
}

static size_t bytes_of(const vs_column *column) {
  return is_enumeration(column) ? WORD : column->bytes;
}

void vs_segment_table_blank(unsigned char *memory) {
  *memory_of(memory) = (row_memory){.row = vs_row_blank()};
}

void vs_segment_table_pack(unsigned char *memory, const vs_row *row, const vs_axis *axes,
                           const vs_axis_value *values, size_t count) {
  memset(memory, 0, vs_segment_table_bytes(axes, count));
  row_memory *packed = memory_of(memory);
  packed->row = *row;
  snprintf(packed->status, sizeof packed->status, "%s", vs_run_outcome_words[row->status]);
  snprintf(packed->parametrization, sizeof packed->parametrization, "%s",
           vs_param_words[row->parametrization]);
  for (size_t a = 0; a < count; a++) {
    unsigned char *place = memory + sizeof *packed + vs_segment_table_axis_offset(axes, a);
    if (axes[a].is_number)
      memcpy(place, &values[a].number, sizeof(double));
    else
      memcpy(place, values[a].text, VS_AXIS_TEXT);
  }
}

static bool is_id(const char *text) {
  size_t length = strspn(text, "0123456789abcdef");
  return length == VS_ID - 1 && text[length] == '\0';
}

vs_status vs_segment_table_unpack(unsigned char *memory, vs_row *row) {
  vs_row *read = &memory_of(memory)->row;
  size_t count;
  const vs_column *columns = vs_row_columns(&count);
  for (size_t c = 0; c < count; c++)
    if (vs_row_holds_text(&columns[c]))
      memory[place_of(&columns[c]) + bytes_of(&columns[c]) - 1] = '\0';
  if (!is_id(read->id) || !is_id(read->group))
    return vs_fail(VS_ERR_FORMAT, "\"%s\" is no id of a run", read->id);
  for (size_t c = 0; c < count; c++) {
    const char *word = (char *)memory + place_of(&columns[c]);
    if (is_enumeration(&columns[c]) && !vs_row_set_word(read, &columns[c], word))
      return vs_fail(VS_ERR_FORMAT, "run %s: unknown %s \"%s\"", read->id, columns[c].name, word);
  }
  *row = *read;
  return VS_OK;
}

/* --- types ------------------------------------------------------------------------------------ */

static vs_h5 column_type(const vs_column *column) {
  if (column->kind == VS_COLUMN_INTEGER) return H5Tcopy(H5T_NATIVE_INT);
  if (column->kind == VS_COLUMN_UNSIGNED) return H5Tcopy(H5T_NATIVE_UINT64);
  if (column->kind == VS_COLUMN_REAL) return H5Tcopy(H5T_NATIVE_DOUBLE);
  return vs_h5_text_type(bytes_of(column), false);
}

static H5T_class_t class_of(const vs_column *column) {
  if (column->kind == VS_COLUMN_REAL) return H5T_FLOAT;
  return vs_row_holds_text(column) ? H5T_STRING : H5T_INTEGER;
}

static vs_h5 axis_type(const vs_axis *axis) {
  return axis->is_number ? H5Tcopy(H5T_NATIVE_DOUBLE) : vs_h5_text_type(VS_AXIS_TEXT, true);
}

/* Inserts a member and closes its type. */
static bool insert(vs_h5 row, const char *name, size_t offset, vs_h5 type) {
  bool good = type >= 0 && H5Tinsert(row, name, offset, type) >= 0;
  vs_h5_close(&type);
  return good;
}

vs_h5 vs_segment_table_type(const vs_axis *axes, size_t axis_count) {
  vs_h5 row = H5Tcreate(H5T_COMPOUND, vs_segment_table_bytes(axes, axis_count));
  bool good = row >= 0;
  size_t count;
  const vs_column *columns = vs_row_columns(&count);
  for (size_t c = 0; good && c < count; c++) {
    good = insert(row, columns[c].name, place_of(&columns[c]), column_type(&columns[c]));
    if (!vs_row_axes_follow(&columns[c])) continue;
    for (size_t a = 0; good && a < axis_count; a++)
      good = insert(row, axes[a].name, sizeof(row_memory) + vs_segment_table_axis_offset(axes, a),
                    axis_type(&axes[a]));
  }
  if (!good) vs_h5_close(&row);
  return row;
}

vs_h5 vs_segment_table_file_type(vs_h5 row_type) {
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

/* One member of a table that is not a fixed column. */
static vs_status take_axis(vs_axis *axis, const char *name, H5T_class_t class) {
  if (strlen(name) >= VS_AXIS_NAME || (class != H5T_FLOAT && class != H5T_STRING))
    return vs_fail(VS_ERR_FORMAT, "%s: column \"%.100s\" is neither number nor text", VS_PATH_RUNS,
                   name);
  *axis = (vs_axis){.is_number = class == H5T_FLOAT};
  memcpy(axis->name, name, strlen(name));
  return VS_OK;
}

/* HDF5 1.10.8 believes a damaged type, and reads beyond a row. */
static bool lies_within(vs_h5 type, unsigned member) {
  vs_h5 own = H5Tget_member_type(type, member);
  const size_t bytes = own >= 0 ? H5Tget_size(own) : 0, offset = H5Tget_member_offset(type, member);
  vs_h5_close(&own);
  return bytes > 0 && bytes <= H5Tget_size(type) && offset <= H5Tget_size(type) - bytes;
}

static vs_status take_member(vs_h5 type, unsigned member, vs_axis *axes, size_t *axis_count,
                             size_t *column_count) {
  char *name = H5Tget_member_name(type, member);
  if (name == NULL) return vs_h5_fail(VS_ERR_FORMAT, "read the columns of " VS_PATH_RUNS);
  H5T_class_t class = H5Tget_member_class(type, member);
  const vs_column *fixed = vs_row_find_column(name);
  vs_status status = VS_OK;
  if (!lies_within(type, member))
    status =
        vs_fail(VS_ERR_FORMAT, "%s: column \"%.100s\" lies beyond its row", VS_PATH_RUNS, name);
  else if (fixed == NULL && *axis_count == VS_SEGMENT_MAX_AXES)
    status = vs_fail(VS_ERR_LIMIT, "%s has more than %d axes", VS_PATH_RUNS, VS_SEGMENT_MAX_AXES);
  else if (fixed == NULL)
    status = take_axis(&axes[(*axis_count)++], name, class);
  else if (class != class_of(fixed))
    status = vs_fail(VS_ERR_FORMAT, "%s: column \"%s\" has the wrong type", VS_PATH_RUNS, name);
  else
    (*column_count)++;
  H5free_memory(name);
  return status;
}

vs_status vs_segment_table_find_axes(vs_h5 type, uint64_t version, vs_axis **axes, size_t *count) {
  *axes = NULL;
  *count = 0;
  if (H5Tget_class(type) != H5T_COMPOUND)
    return vs_fail(VS_ERR_FORMAT, "%s is not a table", VS_PATH_RUNS);
  int members = H5Tget_nmembers(type);
  size_t all_count, column_count = 0, needed = 0;
  const vs_column *columns = vs_row_columns(&all_count);
  for (size_t c = 0; c < all_count; c++) needed += (uint64_t)columns[c].since <= version;
  vs_status status = VS_OK;
  vs_axis *found = calloc(VS_SEGMENT_MAX_AXES, sizeof *found);
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

vs_status vs_segment_table_mark_table(vs_h5 table, vs_h5 type) {
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
