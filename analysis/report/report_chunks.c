/* Files of traces, specs and commands, some runs each, as scripts. */
#include "analysis/report/report_chunks.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/metrics/columns.h"
#include "analysis/report/drawing_facts.h"
#include "analysis/report/reproduce.h"
#include "core/base/json.h"
#include "core/base/log.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "traces are written as they are in memory, which is to be little-endian");

typedef struct writer {
  vs_report_chunks *chunks;
  const vs_results *results;
  const vs_report_folder *folder;
  vs_reproduction *reproduction; /* NULL: no commands can be given */
  float *traces;                 /* (VS_TRACE_COUNT, VS_REPORT_CHUNK, step_count) */
  char *specs[VS_REPORT_CHUNK];  /* NULL where it cannot be read */
  size_t unreadable;
} writer;

/* --- reading ---------------------------------------------------------------------------------- */

static vs_status pass_over(writer *w, vs_status status) {
  if (status != VS_ERR_IO && status != VS_ERR_FORMAT) return status;
  if (w->unreadable++ == 0)
    vs_log(VS_LOG_WARNING, "%s; traces, specs and drawings that cannot be read are left out",
           vs_status_message());
  return VS_OK;
}

static float *trace_at(const writer *w, int trace, size_t place) {
  return w->traces + ((size_t)trace * VS_REPORT_CHUNK + place) * (size_t)w->chunks->step_count;
}

/* Both lists of steps increase. */
static vs_status read_trace(writer *w, size_t row, vs_trace trace, float *out) {
  int *steps = NULL, count = 0;
  float *values = NULL;
  vs_status status = vs_results_read_trace(w->results, row, trace, &steps, &values, &count);
  for (int own = 0, all = 0; status == VS_OK && own < count; own++) {
    while (all < w->chunks->step_count && w->chunks->steps[all] < steps[own]) all++;
    if (all < w->chunks->step_count && w->chunks->steps[all] == steps[own]) out[all] = values[own];
  }
  free(steps);
  free(values);
  return status;
}

static vs_status read_run(writer *w, size_t row, size_t place) {
  vs_status status = VS_OK;
  for (int trace = 0; status == VS_OK && trace < VS_TRACE_COUNT; trace++)
    status = read_trace(w, row, (vs_trace)trace, trace_at(w, trace, place));
  if (status == VS_OK) status = vs_results_read_spec(w->results, row, &w->specs[place]);
  return pass_over(w, status);
}

static vs_status read_chunk(writer *w, size_t first, size_t count) {
  size_t numbers = (size_t)VS_TRACE_COUNT * VS_REPORT_CHUNK * (size_t)w->chunks->step_count;
  for (size_t i = 0; i < numbers; i++) w->traces[i] = NAN;
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < count; i++) status = read_run(w, first + i, i);
  return status;
}

static void forget_specs(writer *w) {
  for (size_t i = 0; i < VS_REPORT_CHUNK; i++) {
    free(w->specs[i]);
    w->specs[i] = NULL;
  }
}

/* --- writing ---------------------------------------------------------------------------------- */

static void print_traces(writer *w, vs_json *json, size_t count) {
  vs_json_open(json, "traces", '{');
  size_t bytes = count * (size_t)w->chunks->step_count * sizeof(float);
  for (int trace = 0; trace < VS_TRACE_COUNT; trace++)
    vs_json_base64(json, vs_run_trace_names[trace], trace_at(w, trace, 0), bytes);
  vs_json_close(json);
}

static vs_status print_command(const writer *w, vs_json *json, size_t row, const char *spec) {
  char *command = NULL;
  vs_status status = VS_OK;
  if (spec != NULL && w->reproduction != NULL)
    status =
        vs_reproduce_command(w->reproduction, vs_results_row(w->results, row)->id, spec, &command);
  if (status == VS_ERR_FORMAT) status = VS_OK; /* a foreign file: then there is no command */
  if (status == VS_OK) vs_json_text(json, NULL, command);
  free(command);
  return status;
}

/* null for a picture. */
static vs_status print_drawing(writer *w, vs_json *json, size_t row) {
  vs_results_drawing stored = {0};
  vs_status status = VS_OK;
  if (vs_results_row(w->results, row)->strokes > 0)
    status = pass_over(w, vs_results_read_drawing(w->results, row, &stored));
  if (stored.drawing != NULL)
    vs_drawing_facts_print_json(json, NULL, &stored);
  else
    vs_json_text(json, NULL, NULL);
  vs_results_clear_drawing(&stored);
  return status;
}

static vs_status print_chunk(writer *w, FILE *out, size_t chunk, size_t first, size_t count) {
  fprintf(out, "vggsweepChunk(%zu,", chunk);
  vs_json json = vs_json_begin_script(out);
  vs_json_open(&json, NULL, '{');
  vs_json_unsigned(&json, "first", first);
  vs_json_unsigned(&json, "count", count);
  print_traces(w, &json, count);
  vs_json_open(&json, "spec", '[');
  for (size_t i = 0; i < count; i++) vs_json_text(&json, NULL, w->specs[i]);
  vs_json_close(&json);
  vs_json_open(&json, "command", '[');
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < count; i++)
    status = print_command(w, &json, first + i, w->specs[i]);
  vs_json_close(&json);
  if (vs_columns_tell_of_drawings(w->results)) {
    vs_json_open(&json, "drawing", '[');
    for (size_t i = 0; status == VS_OK && i < count; i++)
      status = print_drawing(w, &json, first + i);
    vs_json_close(&json);
  }
  vs_json_close(&json);
  fputs(")\n", out);
  return status;
}

static vs_status write_chunk(writer *w, size_t chunk, size_t first, size_t count) {
  char name[64];
  FILE *out;
  uint64_t bytes = 0;
  vs_status status = read_chunk(w, first, count);
  if (status != VS_OK) return status;
  snprintf(name, sizeof name, VS_REPORT_CHUNKS "/%zu.js", chunk);
  status = vs_report_folder_open(w->folder, name, &out);
  if (status != VS_OK) return status;
  status = print_chunk(w, out, chunk, first, count);
  vs_status closed = vs_report_folder_close(w->folder, name, out, &bytes);
  w->chunks->bytes += bytes;
  return status != VS_OK ? status : closed;
}

static vs_status write_all(writer *w, vs_report_listener listener) {
  size_t total = vs_results_count(w->results);
  vs_status status = VS_OK;
  for (size_t first = 0; status == VS_OK && first < total; first += VS_REPORT_CHUNK) {
    size_t left = total - first, count = left < VS_REPORT_CHUNK ? left : VS_REPORT_CHUNK;
    status = write_chunk(w, w->chunks->count++, first, count);
    forget_specs(w);
    if (listener.tell != NULL) listener.tell(listener.context, "traces", first + count, total);
  }
  return status;
}

vs_status vs_report_chunks_write(vs_report_chunks *chunks, const vs_results *results,
                                 const vs_report_folder *folder, vs_report_listener listener) {
  *chunks = (vs_report_chunks){0};
  writer w = {.chunks = chunks, .results = results, .folder = folder};
  int count;
  const int *steps = vs_results_steps(results, &count);
  vs_status status = vs_report_pictures_choose_steps(steps, count, VS_REPORT_STEPS, &chunks->steps,
                                                     &chunks->step_count);
  if (status != VS_OK) goto done;
  w.traces = malloc(((size_t)VS_TRACE_COUNT * VS_REPORT_CHUNK * (size_t)chunks->step_count + 1) *
                    sizeof *w.traces);
  if (w.traces == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory for traces");
    goto done;
  }
  status = vs_reproduce_new(&w.reproduction, results);
  if (status == VS_ERR_FORMAT) status = VS_OK; /* no commands, then */
  if (status == VS_OK) status = write_all(&w, listener);
done:
  vs_reproduce_free(w.reproduction);
  free(w.traces);
  if (status != VS_OK) vs_report_chunks_clear(chunks);
  return status;
}

void vs_report_chunks_clear(vs_report_chunks *chunks) {
  free(chunks->steps);
  *chunks = (vs_report_chunks){0};
}
