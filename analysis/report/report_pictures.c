/* Pictures streamed from one reading thread through several that shrink and encode, in batches. */
#include "analysis/report/report_pictures.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/log.h"
#include "core/image/jpeg.h"
#include "core/image/picture.h"

#define QUALITY       90 /* of pictures that are looked at closely */
#define SHEET_QUALITY 85
#define BATCH         32 /* runs that are read before they are worked on */
#define BATCH_BYTES   ((size_t)32 << 20)
#define NAME          64 /* of a file in the folder */

/* One run on its way from the results to the folder. */
typedef struct job {
  size_t row;
  int height, width;
  uint8_t *rgb;    /* final image; NULL: it cannot be read. Owned */
  vs_canvas strip; /* snapshots; no pixels: it has none */
  uint64_t bytes;  /* written */
  vs_status status;
  char problem[512]; /* messages are kept by thread */
} job;

typedef struct batch {
  job jobs[BATCH];
  size_t count;
} batch;

typedef struct writer {
  vs_report_pictures *pictures;
  const vs_results *results;
  vs_report_layout *layout;
  const vs_report_folder *folder;
  vs_canvas sheet;
  batch batches[2]; /* one is read while the other is worked on */
  size_t limit;     /* jobs in a batch */
} writer;

vs_status vs_report_pictures_choose_steps(const int *all, int count, int limit, int **chosen,
                                          int *chosen_count) {
  int kept = count < limit ? count : limit;
  *chosen_count = 0;
  *chosen = malloc(((size_t)kept + 1) * sizeof **chosen);
  if (*chosen == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %d steps", kept);
  for (int i = 0; i < kept; i++)
    (*chosen)[i] = all[kept > 1 ? (size_t)i * (size_t)(count - 1) / (size_t)(kept - 1) : 0];
  *chosen_count = kept;
  return VS_OK;
}

/* --- reading, on one thread ------------------------------------------------------------------- */

static int place_of(const int *steps, int count, int step) {
  for (int i = 0; i < count; i++)
    if (steps[i] == step) return i;
  return -1;
}

/* Those of the run's snapshots that are shown, side by side. */
static vs_status fill_strip(writer *w, job *j, const uint8_t *rgb, const int *steps, int count) {
  vs_report_pictures *pictures = w->pictures;
  uint32_t taken = 0;
  for (int i = 0; i < count; i++) {
    int place = place_of(pictures->steps, pictures->step_count, steps[i]);
    if (place >= 0) taken |= (uint32_t)1 << place;
  }
  if (taken == 0) return VS_OK;
  vs_status status = vs_canvas_init(&j->strip, j->height, __builtin_popcount(taken) * j->width);
  if (status != VS_OK) return status;
  vs_box box = {.width = j->width, .height = j->height};
  size_t picture_bytes = (size_t)j->height * (size_t)j->width * 3;
  for (int i = 0; i < count; i++) {
    if (place_of(pictures->steps, pictures->step_count, steps[i]) < 0) continue;
    vs_canvas_paste(&j->strip, box, rgb + (size_t)i * picture_bytes);
    box.x += j->width;
  }
  pictures->taken[j->row] = taken;
  return VS_OK;
}

static vs_status read_strip(writer *w, job *j) {
  uint8_t *rgb = NULL;
  int *steps = NULL, count = 0;
  vs_status status = vs_results_read_snapshots(w->results, j->row, &rgb, &steps, &count);
  if (status == VS_OK) status = fill_strip(w, j, rgb, steps, count);
  free(steps);
  free(rgb);
  return status;
}

/* A damaged picture is no reason to show none at all. */
static vs_status pass_over(writer *w, job *j, vs_status status) {
  if (status != VS_ERR_IO && status != VS_ERR_FORMAT) return status;
  if (w->pictures->unreadable++ == 0)
    vs_log(VS_LOG_WARNING, "%s; pictures that cannot be read are left out", vs_status_message());
  w->layout->sheet[j->row] = -1;
  return VS_OK;
}

static vs_status read_job(writer *w, job *j, size_t row) {
  const vs_row *run = vs_results_row(w->results, row);
  *j = (job){.row = row, .height = run->height, .width = run->width};
  vs_status status = vs_results_read_image(w->results, row, &j->rgb);
  if (status != VS_OK) return pass_over(w, j, status);
  if (w->pictures->step_count == 0) return VS_OK;
  status = read_strip(w, j);
  return status == VS_ERR_LIMIT ? status
                                : vs_status_context(status, "snapshots of run %s", run->id);
}

static vs_status read_batch(writer *w, batch *b, const size_t *rows, size_t count) {
  vs_status status = VS_OK;
  for (b->count = 0; b->count < count && status == VS_OK; b->count++)
    status = read_job(w, &b->jobs[b->count], rows[b->count]);
  return status;
}

static void clear_batch(batch *b) {
  for (size_t i = 0; i < b->count; i++) {
    free(b->jobs[i].rgb);
    vs_canvas_clear(&b->jobs[i].strip);
  }
  b->count = 0;
}

/* --- working, on all threads ------------------------------------------------------------------ */

static vs_status write_jpeg(const writer *w, const char *name, const uint8_t *rgb, int height,
                            int width, int quality, uint64_t *bytes) {
  uint8_t *jpeg = NULL;
  size_t size = 0;
  bool full_colour = quality == QUALITY;
  vs_status status = vs_jpeg_encode(rgb, height, width, quality, full_colour, &jpeg, &size);
  if (status == VS_OK) status = vs_report_folder_write(w->folder, name, jpeg, size);
  if (status == VS_OK) *bytes += size;
  free(jpeg);
  return status;
}

static vs_status work(writer *w, job *j) {
  if (j->rgb == NULL) return VS_OK;
  const char *id = vs_results_row(w->results, j->row)->id;
  char name[NAME];
  vs_box box = vs_report_layout_box(w->layout, w->layout->cell[j->row], j->height, j->width);
  vs_status status = vs_canvas_paste_scaled(&w->sheet, box, j->rgb, j->height, j->width);
  if (status != VS_OK) return status;
  snprintf(name, sizeof name, VS_REPORT_PICTURES "/%s.jpg", id);
  status = write_jpeg(w, name, j->rgb, j->height, j->width, QUALITY, &j->bytes);
  if (status != VS_OK || j->strip.rgb == NULL) return status;
  snprintf(name, sizeof name, VS_REPORT_SNAPSHOTS "/%s.jpg", id);
  return write_jpeg(w, name, j->strip.rgb, j->strip.height, j->strip.width, QUALITY, &j->bytes);
}

static void work_and_note(writer *w, job *j) {
  j->status = work(w, j);
  if (j->status != VS_OK) snprintf(j->problem, sizeof j->problem, "%s", vs_status_message());
}

/* Hands the jobs to whichever threads are free. */
static void start_work(writer *w, batch *b) {
  for (size_t i = 0; i < b->count; i++) {
    job *j = &b->jobs[i];
#pragma omp task firstprivate(w, j)
    work_and_note(w, j);
  }
}

/* After the work: what became of it. */
static vs_status account(writer *w, const batch *b) {
  for (size_t i = 0; i < b->count; i++) {
    const job *j = &b->jobs[i];
    if (j->status != VS_OK) return vs_fail(j->status, "%s", j->problem);
    w->pictures->bytes += j->bytes;
    w->pictures->final_count += j->rgb != NULL;
    w->pictures->strip_count += j->strip.rgb != NULL;
  }
  return VS_OK;
}

/* --- sheets ----------------------------------------------------------------------------------- */

static vs_status write_sheet(writer *w, int sheet) {
  char name[NAME];
  snprintf(name, sizeof name, VS_REPORT_SHEETS "/%d.jpg", sheet);
  return write_jpeg(w, name, w->sheet.rgb, w->sheet.height, w->sheet.width, SHEET_QUALITY,
                    &w->pictures->bytes);
}

/* Whatever runs stand on one sheet, in batches: while the threads work on one, the next is read. */
static vs_status write_runs_of_sheet(writer *w, const size_t *rows, size_t count,
                                     vs_report_listener listener, size_t before) {
  vs_status status = VS_OK;
  batch *now = &w->batches[0], *next = &w->batches[1];
  size_t read = 0;
  do {
    size_t left = count - read;
    start_work(w, now);
    if (status == VS_OK)
      status = read_batch(w, next, rows + read, left < w->limit ? left : w->limit);
    read += next->count;
#pragma omp taskwait
    vs_status worked = account(w, now);
    if (status == VS_OK) status = worked;
    clear_batch(now);
    batch *swap = now;
    now = next;
    next = swap;
    if (listener.tell != NULL)
      listener.tell(listener.context, "pictures", before + read - now->count, w->layout->count);
  } while (status == VS_OK && now->count > 0);
  clear_batch(now);
  return status;
}

static vs_status write_sheets(writer *w, vs_report_listener listener) {
  const vs_report_layout *layout = w->layout;
  size_t first = 0;
  vs_status status = VS_OK;
  while (status == VS_OK && first < layout->count) {
    int sheet = layout->sheet[layout->order[first]]; /* before a bad picture loses its place */
    size_t end = first;
    while (end < layout->count && layout->sheet[layout->order[end]] == sheet) end++;
    memset(w->sheet.rgb, 255, (size_t)w->sheet.height * (size_t)w->sheet.width * 3);
    status = write_runs_of_sheet(w, layout->order + first, end - first, listener, first);
    if (status == VS_OK) status = write_sheet(w, sheet);
    first = end;
  }
  return status;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* The largest picture decides how many runs are in memory at once, and how many snapshots still
 * make a strip that can be written. */
static vs_status measure(writer *w) {
  size_t most_bytes = 1;
  int widest = 1, count;
  for (size_t i = 0; i < w->layout->count; i++) {
    const vs_row *run = vs_results_row(w->results, w->layout->order[i]);
    size_t bytes = (size_t)run->height * (size_t)run->width * 3;
    if (bytes > most_bytes) most_bytes = bytes;
    if (run->width > widest) widest = run->width;
  }
  int limit = VS_PICTURE_MAX_SIDE / widest;
  if (limit > VS_REPORT_SNAPSHOT_STEPS) limit = VS_REPORT_SNAPSHOT_STEPS;
  const int *steps = vs_results_snapshot_steps(w->results, &count);
  vs_status status = vs_report_pictures_choose_steps(steps, count, limit, &w->pictures->steps,
                                                     &w->pictures->step_count);
  size_t fitting = BATCH_BYTES / (most_bytes * ((size_t)w->pictures->step_count + 1));
  w->limit = fitting < 1 ? 1 : fitting < BATCH ? fitting : BATCH;
  return status;
}

vs_status vs_report_pictures_write(vs_report_pictures *pictures, const vs_results *results,
                                   vs_report_layout *layout, const vs_report_folder *folder,
                                   int threads, vs_report_listener listener) {
  *pictures =
      (vs_report_pictures){.taken = calloc(vs_results_count(results) + 1, sizeof *pictures->taken)};
  writer *w = calloc(1, sizeof *w);
  vs_status status = VS_OK;
  if (w == NULL || pictures->taken == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory to write pictures");
    goto done;
  }
  w->pictures = pictures;
  w->results = results;
  w->layout = layout;
  w->folder = folder;
  status = measure(w);
  if (status == VS_OK)
    status = vs_canvas_init(&w->sheet, layout->rows * VS_REPORT_THUMBNAIL,
                            layout->columns * VS_REPORT_THUMBNAIL);
  if (status != VS_OK) goto done;
#pragma omp parallel num_threads(threads)
#pragma omp master /* no single: messages of failures are kept by thread, and the caller is it */
  status = write_sheets(w, listener);
done:
  if (w != NULL) vs_canvas_clear(&w->sheet);
  free(w);
  if (status != VS_OK) vs_report_pictures_clear(pictures);
  return status;
}

void vs_report_pictures_clear(vs_report_pictures *pictures) {
  free(pictures->steps);
  free(pictures->taken);
  *pictures = (vs_report_pictures){0};
}
