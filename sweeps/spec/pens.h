/* pens.h - a set of pens from a file: in YAML, or JSON.
 *
 *   pens:
 *     - {name: black, color: "#111111", width: 0.3}   # width in mm
 *
 * One to VS_MAX_PENS pens with names of their own, colours #rgb or #rrggbb (in quotes: # begins a
 * comment), widths above 0 and at most VS_MAX_PEN_MM. */
#ifndef VS_SWEEPS_SPEC_PENS_H
#define VS_SWEEPS_SPEC_PENS_H

#include "core/base/json.h"
#include "core/base/status.h"
#include "core/strokes/pen.h"
#include "sweeps/spec/document.h"
#include "sweeps/spec/problems.h"

#define VS_MAX_PEN_MM 20.0

/* Reads a file of pens; or, if `path_or_name` is a word without dot or slash, the installed set of
 * that name (sweeps/pens/NAME.yaml; core/base/data.h tells where). Everything that is wrong with a
 * file is told at once, with file, line and key (problems.h): VS_ERR_USAGE; as for a name that no
 * set has, with the sets there are. VS_ERR_IO, VS_ERR_LIMIT, VS_ERR_MEMORY. Writes *pens only if
 * all is well. */
vs_status vs_pens_read(vs_pen_set *pens, const char *path_or_name);

/* Reads the list of pens alone: each a map as in a file, or [name, color, width]. false: a problem
 * was added. */
bool vs_pens_from_list(vs_pen_set *pens, const vs_document_node *list, const char *label,
                       vs_problems *problems);

/* Writes the list as [["black","#111111",0.3]], which is read as the same pens. */
void vs_pens_print(vs_json *json, const vs_pen_set *pens);

#endif
