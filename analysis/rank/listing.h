/* listing.h - a table of named columns, written for programs (CSV, JSON) or for people.
 *
 * CSV is RFC 4180 with a header line. A text that a spreadsheet would take for a formula (it begins
 * with = + - @, a tab or a line end) gets a ' before it, which makes it a text there. JSON is an
 * array of objects. Numbers read back to the same bits; what is not a finite number is an empty
 * cell or null; whole numbers beyond 63 bits are texts in JSON. */
#ifndef VS_ANALYSIS_RANK_LISTING_H
#define VS_ANALYSIS_RANK_LISTING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/status.h"

typedef enum vs_cell_kind { VS_CELL_REAL, VS_CELL_WHOLE, VS_CELL_TEXT } vs_cell_kind;

typedef struct vs_cell {
  vs_cell_kind kind;
  double real;
  uint64_t size; /* of a whole number, without its sign */
  bool negative;
  const char *text; /* valid until the next cell is asked for */
} vs_cell;

vs_cell vs_listing_cell_real(double real);
vs_cell vs_listing_cell_whole(uint64_t size);
vs_cell vs_listing_cell_integer(int64_t value);
vs_cell vs_listing_cell_text(const char *text);

typedef struct vs_listing {
  size_t columns, rows;
  void *context; /* of the functions */
  const char *(*name)(void *context, size_t column);
  vs_status (*cell)(void *context, size_t row, size_t column, vs_cell *cell);
} vs_listing;

/* VS_ERR_MEMORY, or what `cell` says. Whether `out` took everything is for the caller to look at.
 */
vs_status vs_listing_write_csv(const vs_listing *listing, FILE *out);
vs_status vs_listing_write_json(const vs_listing *listing, FILE *out);

/* Aligned, with headings; figures as people read them (figure_text.h). */
vs_status vs_listing_write_text(const vs_listing *listing, FILE *out);

/* Passes a text from a file on to a terminal: what a terminal would obey, and what is wider than
 * its bytes, becomes '?'. */
void vs_listing_put_plain(const char *text, FILE *out);

#endif
