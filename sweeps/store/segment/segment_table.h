/* segment_table.h - a row of /runs in memory as HDF5 reads and writes it, and its type: the columns
 * of row.h with words in place of enumerations, then the sweep's own axes. Internal to the store.
 *
 * Axis values stand one after the other: a double for a number, VS_AXIS_TEXT characters for a
 * text. */
#ifndef VS_SWEEPS_STORE_SEGMENT_SEGMENT_TABLE_H
#define VS_SWEEPS_STORE_SEGMENT_SEGMENT_TABLE_H

#include "sweeps/store/row.h"
#include "sweeps/store/segment/h5.h"

#define VS_PATH_RUNS "/runs"

/* Where the value of an axis begins, counted from the first; of axis == count: bytes of all. */
size_t vs_segment_table_axis_offset(const vs_axis *axes, size_t axis);

/* The value of one axis; numbers as the shortest text that gives them back. */
void vs_segment_table_axis_value(const vs_axis *axes, size_t axis, const unsigned char *values,
                                 vs_axis_value *value);

/* Bytes of a row in memory; the axes' values are its last. */
size_t vs_segment_table_bytes(const vs_axis *axes, size_t count);

/* The compound type of a row in memory, and that of a row in the file: the same columns without
 * holes, in the order in which people read them. VS_H5_NONE if HDF5 fails. */
vs_h5 vs_segment_table_type(const vs_axis *axes, size_t count);
vs_h5 vs_segment_table_file_type(vs_h5 row_type);

/* Prepares memory for a row to be read: what a file of an older format lacks is left blank. */
void vs_segment_table_blank(unsigned char *memory);

/* A row to be written, with a value for each axis. */
void vs_segment_table_pack(unsigned char *memory, const vs_row *row, const vs_axis *axes,
                           const vs_axis_value *values, size_t count);

/* A row that was read; texts of a foreign file need not end, and get an end here. VS_ERR_FORMAT: no
 * id, or a word that no enumeration has. */
vs_status vs_segment_table_unpack(unsigned char *memory, vs_row *row);

/* Checks the type of a table in a file of this format version for the fixed columns that it must
 * have, and finds the axes: what else there is. */
vs_status vs_segment_table_find_axes(vs_h5 type, uint64_t version, vs_axis **axes, size_t *count);

/* Writes the attributes that make a dataset a table of HDF5's high-level library (H5TB). */
vs_status vs_segment_table_mark_table(vs_h5 table, vs_h5 type);

#endif
