/* Rows are read file by file, sorted, and of equal ids the best is kept. */
#include "sweeps/store/folder/scan.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/order.h"
#include "sweeps/store/folder/manifest.h"
#include "sweeps/store/results_format.h"

/* --- reading the rows of a file --------------------------------------------------------------- */

static void close_all(vs_scan *scan) {
  for (int i = 0; i < VS_SCAN_OPEN_FILES; i++) {
    vs_segment_free(scan->open[i].segment);
    scan->open[i].segment = NULL;
  }
}

void vs_scan_clear(vs_scan *scan) {
  close_all(scan);
  for (size_t f = 0; f < scan->file_count; f++) free(scan->files[f].path);
  free(scan->files);
  free(scan->rows);
  free(scan->axes);
  vs_segment_header_clear(&scan->header);
  vs_segment_shape_clear(&scan->shape);
  *scan = (vs_scan){0};
}

/* Makes room for `more` rows and their axes. */
static vs_status make_room(vs_scan *scan, size_t more) {
  size_t need = scan->count + more;
  if (need > scan->room) {
    size_t room = need > 2 * scan->room ? need : 2 * scan->room;
    vs_scan_row *rows = realloc(scan->rows, room * sizeof *rows);
    if (rows == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %zu runs", room);
    scan->rows = rows;
    scan->room = room;
  }
  size_t axes_need = scan->axes_used + more * scan->axes_bytes;
  if (axes_need > scan->axes_room) {
    size_t room = axes_need > 2 * scan->axes_room ? axes_need : 2 * scan->axes_room;
    unsigned char *axes = realloc(scan->axes, room);
    if (axes == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the axes of %zu runs", need);
    scan->axes = axes;
    scan->axes_room = room;
  }
  return VS_OK;
}

static vs_status take_rows(vs_scan *scan, vs_segment *segment, size_t file) {
  enum { BLOCK = 1024 };
  size_t total = vs_segment_get_shape(segment)->rows;
  vs_row *rows = malloc((total < BLOCK ? total : BLOCK) * sizeof *rows);
  if (rows == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the runs of a file");
  vs_status status = VS_OK;
  for (size_t first = 0; status == VS_OK && first < total; first += BLOCK) {
    size_t block = total - first < BLOCK ? total - first : BLOCK;
    status = make_room(scan, block);
    if (status == VS_OK)
      status = vs_segment_read_rows(segment, first, block, rows,
                                    scan->axes_bytes > 0 ? scan->axes + scan->axes_used : NULL);
    for (size_t i = 0; status == VS_OK && i < block; i++) {
      scan->rows[scan->count++] = (vs_scan_row){rows[i], file, first + i, scan->axes_used};
      scan->axes_used += scan->axes_bytes;
    }
  }
  free(rows);
  return status;
}

static bool same_axes(const vs_segment_header *a, const vs_segment_header *b) {
  if (a->axis_count != b->axis_count) return false;
  for (size_t i = 0; i < a->axis_count; i++)
    if (strcmp(a->axes[i].name, b->axes[i].name) != 0 ||
        a->axes[i].is_number != b->axes[i].is_number)
      return false;
  return true;
}

/* All files of a folder belong to one sweep; the first one seen (or the manifest) says to which. */
static vs_status take_header(vs_scan *scan, const vs_segment *segment) {
  const vs_segment_header *theirs = vs_segment_get_header(segment);
  vs_segment_header *ours = &scan->header;
  if (ours->canonical == NULL) {
    vs_status status = vs_segment_header_copy(ours, theirs);
    if (status != VS_OK) return status;
  }
  if (strcmp(ours->canonical, theirs->canonical) != 0 || !same_axes(ours, theirs))
    return vs_fail(VS_ERR_FORMAT, "it belongs to another sweep than the rest of this folder");
  scan->axes_bytes = vs_segment_table_axis_offset(ours->axes, ours->axis_count);
  if (ours->finished != NULL && strcmp(ours->finished, theirs->finished) >= 0) return VS_OK;
  char *finished = strdup(theirs->finished);
  if (finished == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a date");
  free(ours->finished);
  ours->finished = finished;
  return VS_OK;
}

static vs_status take_file(vs_scan *scan, const char *path) {
  vs_segment *segment;
  vs_status status = vs_segment_open(&segment, path);
  if (status != VS_OK) return status;
  status = take_header(scan, segment);
  if (status == VS_OK)
    status = vs_segment_shape_include(&scan->shape, vs_segment_get_shape(segment));
  if (status == VS_OK) {
    vs_scan_file *files = realloc(scan->files, (scan->file_count + 1) * sizeof *files);
    char *copy = strdup(path);
    if (files != NULL) scan->files = files;
    if (files == NULL || copy == NULL) {
      free(copy);
      status = vs_fail(VS_ERR_MEMORY, "no memory for a list of files");
    } else {
      scan->files[scan->file_count++] = (vs_scan_file){copy, *vs_segment_stamp(segment)};
    }
  }
  if (status == VS_OK) status = take_rows(scan, segment, scan->file_count - 1);
  if (status != VS_OK && strstr(vs_status_message(), path) == NULL)
    vs_status_context(status, "%s", path);
  vs_segment_free(segment);
  return status;
}

/* --- each run once ---------------------------------------------------------------------------- */

/* Of one id the row to keep comes first: done before the others, then the newest, then whatever is
 * always the same. */
static int by_id_best_first(const void *a, const void *b) {
  const vs_scan_row *x = a, *y = b;
  int order = strcmp(x->row.id, y->row.id);
  if (order != 0) return order;
  bool x_done = x->row.status == VS_RUN_DONE, y_done = y->row.status == VS_RUN_DONE;
  if (x_done != y_done) return x_done ? -1 : 1;
  if (x->row.finished > y->row.finished) return -1;
  if (x->row.finished < y->row.finished) return 1;
  if (x->file != y->file) return x->file < y->file ? -1 : 1;
  return x->at < y->at ? -1 : x->at > y->at;
}

static int by_index(const void *a, const void *b) {
  const vs_scan_row *x = a, *y = b;
  if (x->row.index != y->row.index) return x->row.index < y->row.index ? -1 : 1;
  return strcmp(x->row.id, y->row.id);
}

static bool in_order(const vs_scan *scan) {
  for (size_t i = 1; i < scan->count; i++)
    if (scan->rows[i - 1].row.index >= scan->rows[i].row.index) return false;
  return true;
}

static void keep_each_once(vs_scan *scan) {
  /* One merged file, the usual case, is in order, and a run has one index: nothing to do. */
  if (scan->count == 0 || (scan->file_count == 1 && in_order(scan))) return;
  qsort(scan->rows, scan->count, sizeof *scan->rows, by_id_best_first);
  size_t kept = 1;
  for (size_t i = 1; i < scan->count; i++)
    if (strcmp(scan->rows[i].row.id, scan->rows[kept - 1].row.id) != 0)
      scan->rows[kept++] = scan->rows[i];
  scan->count = kept;
  qsort(scan->rows, scan->count, sizeof *scan->rows, by_index);
}

/* --- files and folders ------------------------------------------------------------------------ */

vs_status vs_scan_files(vs_scan *scan, char *const *paths, size_t count) {
  *scan = (vs_scan){0};
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < count; i++) status = take_file(scan, paths[i]);
  if (status == VS_OK)
    keep_each_once(scan);
  else
    vs_scan_clear(scan);
  return status;
}

typedef struct names {
  char **name; /* owned, as are the strings */
  size_t count;
} names;

static void names_clear(names *list) {
  for (size_t i = 0; i < list->count; i++) free(list->name[i]);
  free(list->name);
  *list = (names){0};
}

static vs_status add_name(names *list, const char *name) {
  char **grown = realloc(list->name, (list->count + 1) * sizeof *grown);
  char *copy = strdup(name);
  if (grown != NULL) list->name = grown;
  if (grown == NULL || copy == NULL) {
    free(copy);
    return vs_fail(VS_ERR_MEMORY, "no memory for a list of files");
  }
  list->name[list->count++] = copy;
  return VS_OK;
}

/* The sealed files of a folder, by name; none if there is no such folder. */
static vs_status list_sealed(names *list, const char *folder) {
  *list = (names){0};
  DIR *stream = opendir(folder);
  if (stream == NULL && errno == ENOENT) return VS_OK;
  if (stream == NULL)
    return vs_fail(VS_ERR_IO, "%s: cannot open the folder: %s", folder, strerror(errno));
  vs_status status = VS_OK;
  const struct dirent *entry;
  while (status == VS_OK && (errno = 0, entry = readdir(stream)) != NULL)
    if (entry->d_name[0] != '.' && vs_file_ends_in(entry->d_name, ".h5"))
      status = add_name(list, entry->d_name);
  if (status == VS_OK && errno != 0)
    status = vs_fail(VS_ERR_IO, "%s: cannot list the folder: %s", folder, strerror(errno));
  closedir(stream);
  if (status != VS_OK)
    names_clear(list);
  else if (list->count > 1)
    qsort(list->name, list->count, sizeof *list->name, vs_order_texts);
  return status;
}

static struct timespec modified(const char *folder) {
  struct stat info;
  return stat(folder, &info) == 0 ? info.st_mtim : (struct timespec){0};
}

/* A listing made while files are gathered into one may have missed both: list until the folder held
 * still, or (where it never does) take the last one. */
static vs_status list_steadily(names *list, const char *folder) {
  for (int attempt = 0;; attempt++) {
    struct timespec before = modified(folder);
    vs_status status = list_sealed(list, folder);
    struct timespec after = modified(folder);
    bool steady = before.tv_sec == after.tv_sec && before.tv_nsec == after.tv_nsec;
    if (status != VS_OK || steady || attempt == 20) return status;
    names_clear(list);
  }
}

/* A file of a folder; if it cannot be used, the way out is said. */
static vs_status take_file_of_folder(vs_scan *scan, const char *path) {
  vs_status status = take_file(scan, path);
  if (status != VS_ERR_FORMAT && status != VS_ERR_LIMIT) return status;
  return vs_fail(status, "%s; move the file away to go on without its runs", vs_status_message());
}

/* One look at a folder. *vanished tells that a listed file was gone when it should be opened. */
static vs_status look(vs_scan *scan, const char *folder, bool *vanished) {
  *scan = (vs_scan){0};
  *vanished = false;
  char segments[PATH_MAX], path[PATH_MAX];
  names list = {0};
  bool is_there = false;
  vs_status status = vs_manifest_path(path, sizeof path, folder);
  if (status == VS_OK) status = vs_file_find(path, &is_there);
  if (status == VS_OK && is_there) status = vs_manifest_read(&scan->header, folder);
  if (status == VS_OK) status = vs_file_join(segments, sizeof segments, folder, VS_STORE_SEGMENTS);
  if (status == VS_OK) status = list_steadily(&list, segments);
  for (size_t i = 0; status == VS_OK && i < list.count; i++) {
    status = vs_file_join(path, sizeof path, segments, list.name[i]);
    if (status == VS_OK) status = take_file_of_folder(scan, path);
    *vanished = status != VS_OK && !vs_file_exists(path);
  }
  /* After the segments: a merge publishes sweep.h5 before it removes them. */
  if (status == VS_OK) status = vs_file_join(path, sizeof path, folder, VS_STORE_MERGED);
  if (status == VS_OK) status = vs_file_find(path, &is_there);
  if (status == VS_OK && is_there) status = take_file_of_folder(scan, path);
  names_clear(&list);
  if (status == VS_OK)
    keep_each_once(scan);
  else
    vs_scan_clear(scan);
  return status;
}

vs_status vs_scan_folder(vs_scan *scan, const char *folder) {
  enum { ATTEMPTS = 100 };
  vs_status status;
  bool vanished;
  int attempt = 0;
  do {
    status = look(scan, folder, &vanished);
  } while (status != VS_OK && vanished && ++attempt < ATTEMPTS);
  return status;
}

/* --- open files ------------------------------------------------------------------------------- */

vs_status vs_scan_open(vs_scan *scan, size_t file, vs_segment **segment, bool *changed) {
  if (changed != NULL) *changed = false;
  int slot = 0;
  for (int i = 0; i < VS_SCAN_OPEN_FILES; i++) {
    if (scan->open[i].segment != NULL && scan->open[i].file == file) {
      scan->open[i].used = ++scan->uses;
      *segment = scan->open[i].segment;
      return VS_OK;
    }
    if (scan->open[i].used < scan->open[slot].used) slot = i;
  }
  const vs_scan_file *info = &scan->files[file];
  vs_status status = vs_segment_open(segment, info->path);
  if (status != VS_OK) {
    if (changed != NULL) *changed = !vs_file_exists(info->path);
    return status;
  }
  if (!vs_segment_stamp_equal(vs_segment_stamp(*segment), &info->stamp)) {
    vs_segment_free(*segment);
    *segment = NULL;
    if (changed != NULL) *changed = true;
    return vs_fail(VS_ERR_IO, "%s: was replaced while it was read", info->path);
  }
  vs_segment_free(scan->open[slot].segment);
  scan->open[slot].segment = *segment;
  scan->open[slot].file = file;
  scan->open[slot].used = ++scan->uses;
  return VS_OK;
}

void vs_scan_remove_files(const vs_scan *scan, const char *keep) {
  for (size_t f = 0; f < scan->file_count; f++)
    if (keep == NULL || strcmp(scan->files[f].path, keep) != 0) unlink(scan->files[f].path);
}
