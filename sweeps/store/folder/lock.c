/* An flock on a file that names its holder for people. */
#include "sweeps/store/folder/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/log.h"
#include "sweeps/store/results_format.h"
#include "sweeps/store/row.h"

/* Who holds the lock, as its file says: "host pid". */
static vs_status refuse(const char *folder, int file) {
  char holder[256] = "";
  ssize_t length = pread(file, holder, sizeof holder - 1, 0);
  holder[length > 0 ? length : 0] = '\0';
  holder[strcspn(holder, "\n")] = '\0';
  return vs_fail(VS_ERR_USAGE,
                 "%s: another job is writing here (%s); wait for it, or choose another folder "
                 "with --out",
                 folder, holder[0] != '\0' ? holder : "it has not said who it is");
}

static void write_holder(int file) {
  char host[VS_HOST] = "";
  gethostname(host, sizeof host - 1);
  char holder[256];
  int length = snprintf(holder, sizeof holder, "host %s, process %ld\n", host, (long)getpid());
  /* For people only: a failure changes nothing. */
  if (ftruncate(file, 0) == 0 && pwrite(file, holder, (size_t)length, 0) != length)
    vs_log(VS_LOG_WARNING, "cannot write into the lock file: %s", strerror(errno));
}

/* A plain file of its own: what a link leads to is somebody else's, and would be written over. */
static vs_status open_lock(const char *path, const char *folder, int *opened) {
  struct stat info;
  const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  if (file < 0 && errno != ELOOP)
    return vs_fail(VS_ERR_IO, "%s: cannot write there: %s", folder, strerror(errno));
  if (file < 0 || fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
    if (file >= 0) close(file);
    return vs_fail(VS_ERR_IO, "%s: is no plain file, as the lock of a results folder is; remove it",
                   path);
  }
  *opened = file;
  return VS_OK;
}

vs_status vs_lock_take(const char *folder, int *lock) {
  *lock = -1;
  char path[PATH_MAX];
  int file = -1;
  vs_status status = vs_file_join(path, sizeof path, folder, VS_STORE_LOCK);
  if (status == VS_OK) status = open_lock(path, folder, &file);
  if (status != VS_OK) return status;
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      status = refuse(folder, file);
      close(file);
      return status;
    }
    vs_log(VS_LOG_WARNING,
           "%s: the file system cannot lock (%s); make sure that one job at a time writes there",
           folder, strerror(errno));
  }
  write_holder(file);
  *lock = file;
  return VS_OK;
}

void vs_lock_release(int *lock) {
  if (*lock < 0) return;
  if (ftruncate(*lock, 0) != 0) vs_log(VS_LOG_WARNING, "cannot empty the lock file");
  close(*lock); /* and with it the lock goes */
  *lock = -1;
}
