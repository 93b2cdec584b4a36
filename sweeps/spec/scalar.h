/* scalar.h - a single text or number of a YAML document, read strictly: the whole text must be the
 * number. What is wrong is added to the problems under `label`, the key as the user wrote it. */
#ifndef VS_SWEEPS_SPEC_SCALAR_H
#define VS_SWEEPS_SPEC_SCALAR_H

#include "sweeps/spec/document.h"
#include "sweeps/spec/schema.h"

/* The text of a scalar; NULL, and a problem, if something else stands there than `expected`. */
const char *vs_scalar_text(const vs_document_node *node, const char *expected, const char *label,
                           vs_problems *problems);

/* Reads a finite number within the bounds of a key, whose other members do not matter. */
bool vs_scalar_number(double *number, const vs_document_node *node, const vs_key *range, bool whole,
                      const char *label, vs_problems *problems);

/* Reads a whole number in min..max. */
bool vs_scalar_whole(double *number, const vs_document_node *node, double min, double max,
                     const char *label, vs_problems *problems);

#endif
