/* The bar or the lines that a person sees, the time left, and when the file is due. */
#include "mpi/progress.h"

#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/clock.h"

#define BAR_EVERY_S  0.2
#define LINE_EVERY_S 30.0
#define FILE_EVERY_S 2.0
#define FILE_NEWS_S  0.2  /* after a write, before the next when a run has begun or ended */
#define FILE_SHARE   0.02 /* of the time that writing the file may take, on slow file systems */
#define MIN_COLUMNS  20

struct vs_progress {
  char folder[PATH_MAX];
  FILE *out;
  int columns;
  bool bar_shown;
  bool has_news; /* since the file was written */
  double started, next_show;
  double next_news, next_file; /* when the file is due, with news and without */

  size_t planned, stored[VS_OUTCOMES];
  size_t finished;  /* by this job */
  double cost_left; /* of runs not finished */
  double cost_seen; /* of runs finished here, and the seconds they took, added up: */
  double seconds_seen;
  int step; /* of rank 0's run */
  int workers, rank_count;
  vs_progress_rank *ranks; /* owned */
};

static int columns_of(int descriptor) {
  struct winsize size;
  if (!isatty(descriptor)) return 0;
  bool known = ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= MIN_COLUMNS;
  return known ? size.ws_col : 80;
}

int vs_progress_terminal_columns(void) {
  int columns = columns_of(STDERR_FILENO);
  if (columns > 0 || getenv("OMPI_COMM_WORLD_RANK") == NULL) return columns;
  char path[64];
  snprintf(path, sizeof path, "/proc/%ld/fd/2", (long)getppid());
  int descriptor = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return 0;
  columns = columns_of(descriptor);
  close(descriptor);
  return columns;
}

vs_status vs_progress_new(vs_progress **out, const vs_progress_setup *setup, double now) {
  assert(setup->workers >= 1 && setup->ranks >= 1);
  vs_progress *progress = calloc(1, sizeof *progress);
  *out = progress;
  if (progress != NULL) progress->ranks = calloc((size_t)setup->ranks, sizeof *progress->ranks);
  if (progress == NULL || progress->ranks == NULL) {
    vs_progress_free(progress);
    *out = NULL;
    return vs_fail(VS_ERR_MEMORY, "no memory to follow %d ranks", setup->ranks);
  }
  snprintf(progress->folder, sizeof progress->folder, "%s", setup->folder);
  progress->out = setup->out;
  progress->columns = setup->columns;
  progress->started = now;
  progress->next_show = now + (setup->columns > 0 ? 0.0 : LINE_EVERY_S);
  progress->next_news = progress->next_file = now;
  progress->planned = setup->planned;
  memcpy(progress->stored, setup->stored, sizeof progress->stored);
  progress->cost_left = setup->cost_left;
  progress->workers = setup->workers;
  progress->rank_count = setup->ranks;
  for (int r = 0; r < setup->ranks; r++)
    memcpy(progress->ranks[r].host, setup->hosts[r], VS_COMM_HOST);
  return VS_OK;
}

void vs_progress_free(vs_progress *progress) {
  if (progress == NULL) return;
  free(progress->ranks);
  free(progress);
}

static vs_progress_rank *rank_at(vs_progress *progress, int rank) {
  assert(rank >= 0 && rank < progress->rank_count);
  return &progress->ranks[rank];
}

void vs_progress_begin(vs_progress *progress, int rank, const vs_progress_run *run, double now) {
  vs_progress_rank *at = rank_at(progress, rank);
  at->busy = true;
  at->run = *run;
  at->since = now;
  progress->has_news = true;
  if (rank == 0) progress->step = 0;
}

void vs_progress_finish(vs_progress *progress, int rank, vs_outcome outcome, double seconds) {
  vs_progress_rank *at = rank_at(progress, rank);
  assert(at->busy);
  at->busy = false;
  progress->has_news = true;
  progress->stored[outcome]++;
  progress->finished++;
  progress->cost_left -= at->run.cost;
  /* A run that failed or diverged stopped early: it tells nothing of the speed. */
  if (outcome != VS_RUN_DONE) return;
  progress->cost_seen += at->run.cost;
  progress->seconds_seen += seconds;
}

void vs_progress_drop(vs_progress *progress, int rank) {
  rank_at(progress, rank)->busy = false;
}

void vs_progress_step(vs_progress *progress, int step) {
  progress->step = step;
}

/* Cost that one rank gets through in a second: from the runs that are through, and from the steps
 * that rank 0 has made of its own; NaN if there is neither. */
static double speed_of_a_rank(const vs_progress *progress, double now) {
  double cost = progress->cost_seen, seconds = progress->seconds_seen;
  const vs_progress_rank *own = &progress->ranks[0];
  if (own->busy && progress->step > 0 && now > own->since) {
    cost += own->run.cost * progress->step / own->run.steps;
    seconds += now - own->since;
  }
  return seconds > 0.0 && cost > 0.0 ? cost / seconds : (double)NAN;
}

/* All that is left, shared by all ranks; but not less than the longest of the runs in hand still
 * takes, and one after the other those that wait for it. */
static double seconds_left(const vs_progress *progress, double now) {
  double speed = speed_of_a_rank(progress, now);
  double left = progress->cost_left, longest = 0.0;
  for (int r = 0; r < progress->rank_count; r++) {
    const vs_progress_rank *rank = &progress->ranks[r];
    if (!rank->busy) continue;
    double computed = fmin(fmax(speed * (now - rank->since), 0.0), rank->run.cost);
    left -= computed;
    longest = fmax(longest, rank->run.cost - computed + rank->run.behind);
  }
  return fmax(fmax(left, 0.0) / (speed * progress->workers), longest / speed);
}

vs_progress_figures vs_progress_get_figures(const vs_progress *progress, double now) {
  vs_progress_figures figures = {.planned = progress->planned};
  size_t stored = 0;
  for (int i = 0; i < VS_OUTCOMES; i++) {
    figures.stored[i] = progress->stored[i];
    stored += progress->stored[i];
  }
  for (int r = 0; r < progress->rank_count; r++)
    if (progress->ranks[r].busy) figures.running++;
  size_t taken = stored + figures.running;
  figures.left = taken < figures.planned ? figures.planned - taken : 0;
  double hours = (now - progress->started) / 3600.0;
  figures.runs_per_hour =
      progress->finished > 0 && hours > 0.0 ? (double)progress->finished / hours : (double)NAN;
  if (figures.left + figures.running == 0)
    figures.seconds_left = 0.0;
  else if (isnan(speed_of_a_rank(progress, now)))
    figures.seconds_left = (double)NAN; /* fmax above would pass NaN by */
  else
    figures.seconds_left = seconds_left(progress, now);
  return figures;
}

void vs_progress_format_duration(double seconds, char out[VS_DURATION_TEXT]) {
  if (!isfinite(seconds) || seconds > 1e9) {
    snprintf(out, VS_DURATION_TEXT, "unknown");
    return;
  }
  long s = lround(fmax(seconds, 0.0)), minutes = (s + 30) / 60, hours = minutes / 60;
  if (s < 60)
    snprintf(out, VS_DURATION_TEXT, "%ld s", s);
  else if (minutes < 60)
    snprintf(out, VS_DURATION_TEXT, "%ld min", minutes);
  else if (hours < 48)
    snprintf(out, VS_DURATION_TEXT, "%ld h %02ld min", hours, minutes % 60);
  else
    snprintf(out, VS_DURATION_TEXT, "%ld d %ld h", hours / 24, hours % 24);
}

void vs_progress_format(const vs_progress_figures *figures, char *out, size_t size) {
  size_t failed = figures->stored[VS_RUN_FAILED], diverged = figures->stored[VS_RUN_DIVERGED];
  FILE *text = fmemopen(out, size, "w");
  if (text == NULL) {
    out[0] = '\0';
    return;
  }
  fprintf(text, "%zu of %zu runs", figures->stored[VS_RUN_DONE] + failed + diverged,
          figures->planned);
  if (failed > 0) fprintf(text, ", %zu failed", failed);
  if (diverged > 0) fprintf(text, ", %zu diverged", diverged);
  if (isfinite(figures->runs_per_hour)) fprintf(text, ", %.0f runs/h", figures->runs_per_hour);
  if (isfinite(figures->seconds_left)) {
    char duration[VS_DURATION_TEXT];
    vs_progress_format_duration(figures->seconds_left, duration);
    fprintf(text, ", %s left", duration);
  }
  fclose(text);
  out[size - 1] = '\0';
}

/* "[#####---------]" for the share of runs that are stored. */
static void draw_gauge(const vs_progress_figures *figures, char *out, int width) {
  size_t through = figures->planned - figures->left - figures->running;
  int full = figures->planned > 0
                 ? (int)((double)width * (double)through / (double)figures->planned)
                 : width;
  *out++ = '[';
  for (int i = 0; i < width; i++) *out++ = i < full ? '#' : '-';
  *out++ = ']';
  *out = '\0';
}

static void show_bar(vs_progress *progress, const vs_progress_figures *figures) {
  char gauge[24], text[256], own[96] = "";
  draw_gauge(figures, gauge, 16);
  vs_progress_format(figures, text, sizeof text);
  const vs_progress_rank *rank = &progress->ranks[0];
  if (rank->busy)
    snprintf(own, sizeof own, "  %s:%d step %d/%d", rank->run.layer, rank->run.channel,
             progress->step, rank->run.steps);
  char line[sizeof gauge + sizeof text + sizeof own];
  snprintf(line, sizeof line, "%s %s%s", gauge, text, own);
  /* One column stays free: a full line would move the cursor to the next on some terminals. */
  fprintf(progress->out, "\r%.*s\033[K", progress->columns - 1, line);
  fflush(progress->out);
  progress->bar_shown = true;
}

static void clear_bar(vs_progress *progress) {
  if (!progress->bar_shown) return;
  fputs("\r\033[K", progress->out);
  fflush(progress->out);
  progress->bar_shown = false;
}

static void write_file(vs_progress *progress, vs_progress_state state, double now) {
  vs_progress_view view = {.state = state,
                           .started = progress->started,
                           .updated = now,
                           .figures = vs_progress_get_figures(progress, now)};
  /* On a full disk this fails as well: what failed first is what the job has to tell. */
  char *said = strdup(vs_status_message());
  vs_status status =
      vs_progress_file_write(progress->folder, &view, progress->ranks, progress->rank_count);
  if (status != VS_OK && said != NULL) vs_fail(status, "%s", said);
  free(said);
}

void vs_progress_tick(vs_progress *progress, double now) {
  if (progress->out != NULL && now >= progress->next_show) {
    vs_progress_figures figures = vs_progress_get_figures(progress, now);
    if (progress->columns > 0) {
      show_bar(progress, &figures);
      progress->next_show = now + BAR_EVERY_S;
    } else {
      char text[256];
      vs_progress_format(&figures, text, sizeof text);
      vs_progress_say(progress, "%s", text);
      progress->next_show = now + LINE_EVERY_S;
    }
  }
  if (now < (progress->has_news ? progress->next_news : progress->next_file)) return;
  double begun = vs_clock_seconds();
  write_file(progress, VS_PROGRESS_RUNNING, now);
  double pause = (vs_clock_seconds() - begun) / FILE_SHARE;
  progress->next_news = now + fmax(FILE_NEWS_S, pause);
  progress->next_file = now + fmax(FILE_EVERY_S, pause);
  progress->has_news = false;
}

void vs_progress_say(vs_progress *progress, const char *format, ...) {
  if (progress->out == NULL) return;
  clear_bar(progress);
  va_list args;
  va_start(args, format);
  vfprintf(progress->out, format, args);
  va_end(args);
  fputc('\n', progress->out);
  fflush(progress->out);
}

void vs_progress_end(vs_progress *progress, vs_progress_state state, double now) {
  if (progress->out != NULL) clear_bar(progress);
  for (int r = 0; r < progress->rank_count; r++) progress->ranks[r].busy = false;
  write_file(progress, state, now);
}
