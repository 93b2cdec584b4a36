/* identity.c - what a run is called: hashes of its canonical form, in which files have the names of
 * their contents. */
#include "sweeps/spec/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/sha256.h"
#include "core/image/picture.h"
#include "core/svg/svg_read.h"
#include "sweeps/spec/canonical.h"
#include "sweeps/spec/config_check.h"
#include "sweeps/spec/grid.h"
#include "sweeps/spec/pens.h"

/* --- naming contents -------------------------------------------------------------------------- */

static vs_status set_json(vs_value *value, const char *format, const char *name) {
  char *json = NULL;
  if (asprintf(&json, format, name) < 0) return vs_fail(VS_ERR_MEMORY, "no memory");
  free(value->json);
  value->json = json;
  return VS_OK;
}

/* A file is named by what it holds. */
static vs_status set_digest(vs_value *value) {
  char hex[VS_SHA256_HEX];
  vs_status status = vs_sha256_file(value->resolved, hex);
  return status == VS_OK ? set_json(value, "\"sha256:%s\"", hex) : status;
}

/* A file is opened as a picture, to be sure now that it is one. */
static vs_status bind_picture(const vs_sweep *sweep, vs_value *value) {
  (void)sweep;
  if (strncmp(value->resolved, "builtin:", 8) == 0) return VS_OK;
  vs_picture picture = {0};
  vs_status status = vs_picture_open(&picture, value->resolved);
  vs_picture_clear(&picture);
  return status == VS_OK ? set_digest(value) : status;
}

/* And one with strokes as a drawing. */
static vs_status bind_drawing(const vs_sweep *sweep, vs_value *value) {
  (void)sweep;
  if (strcmp(value->resolved, "random") == 0) return VS_OK;
  vs_drawing *drawing = NULL;
  vs_status status = vs_svg_read(&drawing, value->resolved);
  vs_drawing_free(drawing);
  if (status == VS_ERR_FORMAT || status == VS_ERR_LIMIT) status = VS_ERR_USAGE; /* as a bad value */
  return status == VS_OK ? set_digest(value) : status;
}

/* Pens are few numbers, and say themselves what they are. */
static vs_status bind_pens(const vs_sweep *sweep, vs_value *value) {
  vs_pen_set pens;
  if (value->pens != NULL || strcmp(value->resolved, "none") == 0) return VS_OK;
  vs_status status = vs_pens_read(&pens, value->resolved);
  if (status != VS_OK) return status;
  for (int k = 0; k < pens.count; k++)
    if (pens.pens[k].width_mm >= vs_config_check_sheet_mm(&sweep->config))
      return vs_fail(VS_ERR_USAGE,
                     "%s: a line of %.16g mm is wider than what plot.margin leaves of "
                     "the page (plot.page)",
                     pens.pens[k].name, pens.pens[k].width_mm);
  return vs_value_take_pens(value, vs_schema_key(VS_KEY_PALETTE_PENS), &pens)
             ? VS_OK
             : vs_fail(VS_ERR_MEMORY, "no memory for pens");
}

/* Gives every value of a key the name of its contents. */
static vs_status bind_slot(vs_sweep *sweep, int key, const char *what,
                           vs_status bind(const vs_sweep *, vs_value *)) {
  vs_config_slot *slot = &sweep->config.slots[key];
  for (size_t i = 0; i < slot->count; i++) {
    vs_value *value = &slot->values[i];
    vs_status status = bind(sweep, value);
    for (size_t j = 0; j < i && status == VS_OK; j++)
      if (strcmp(value->json, slot->values[j].json) == 0)
        status = vs_fail(VS_ERR_USAGE, "%s and %s are the same %s", slot->values[j].text,
                         value->text, what);
    if (status == VS_OK) continue;
    const char *path = vs_schema_key(key)->path;
    if (value->mark.source != VS_SOURCE_FILE) return vs_status_context(status, "%s", path);
    return vs_status_context(status, "%s:%d:%d: %s", sweep->file_name, value->mark.line,
                             value->mark.column, path);
  }
  return VS_OK;
}

vs_status vs_identity_bind(vs_sweep *sweep, const vs_weights *weights, vs_canonical_naming naming) {
  vs_config_slot *slots = sweep->config.slots;
  const bool by_file = naming == VS_CANONICAL_BY_FILE;
  sweep->family = by_file ? weights->file_family : weights->family;
  vs_canonical_name_weights(sweep, naming);
  vs_status status = bind_slot(sweep, VS_KEY_STYLE_IMAGE, "picture", bind_picture);
  if (status == VS_OK) status = bind_slot(sweep, VS_KEY_STROKES_START, "drawing", bind_drawing);
  if (status == VS_OK) status = bind_slot(sweep, VS_KEY_PALETTE_PENS, "set of pens", bind_pens);
  if (status == VS_OK)
    status = set_json(&slots[VS_KEY_WEIGHTS_FILE].values[0], "\"%s\"",
                      by_file ? weights->sha256 : weights->digest);
  if (status == VS_OK && sweep->family != VS_FAMILY_UNKNOWN)
    status = set_json(&slots[VS_KEY_WEIGHTS_FAMILY].values[0], "\"%s\"",
                      vs_weights_family_name(sweep->family));
  if (status == VS_OK) sweep->is_bound = true;
  return status;
}

/* --- one run ---------------------------------------------------------------------------------- */

static void name_spec(const vs_sweep *sweep, const vs_point *point, vs_canonical_part part,
                      char id[VS_ID]) {
  char spec[VS_CANONICAL_SPEC], hex[VS_SHA256_HEX];
  size_t length = vs_canonical_write_spec(sweep, point, part, spec);
  /* Digests of a few kilobytes fail only if OpenSSL gets no memory for a handful of bytes. A run
   * without its name could be taken for another one, so there is nothing to go on with. */
  if (vs_sha256(spec, length, hex) != VS_OK) abort();
  memcpy(id, hex, VS_ID - 1);
  id[VS_ID - 1] = '\0';
}

static uint64_t stream_of(const vs_sweep *sweep, const vs_point *point, vs_canonical_part part) {
  char stream[VS_ID];
  name_spec(sweep, point, part, stream);
  return strtoull(stream, NULL, 16);
}

uint64_t vs_identity_fill(const vs_sweep *sweep, const vs_point *point, char id[VS_ID],
                          char group[VS_ID]) {
  const int streams = (int)vs_grid_value(sweep, point, VS_KEY_STREAMS)->numbers[0];
  id[0] = group[0] = '\0';
  if (sweep->is_bound) {
    name_spec(sweep, point, VS_CANONICAL_RUN, id);
    name_spec(sweep, point, VS_CANONICAL_GROUP, group);
  }
  if (streams == VS_STREAMS_CHANNEL) return stream_of(sweep, point, VS_CANONICAL_CHANNEL);
  return sweep->is_bound ? stream_of(sweep, point, VS_CANONICAL_STREAM) : 0;
}
