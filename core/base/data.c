/* data.c - the places where installed data may be, tried in their order. */
#include "core/base/data.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"

/* The folder of the running binary, without a slash at its end; false if it is not known. */
static bool find_program_folder(char *folder, size_t size) {
  ssize_t length = readlink("/proc/self/exe", folder, size - 1);
  if (length <= 0) return false;
  folder[length] = '\0';
  char *slash = strrchr(folder, '/');
  if (slash == NULL) return false;
  *slash = '\0';
  return true;
}

vs_status vs_data_find(char *path, size_t size, const char *name) {
  const char *named = getenv("VGGSWEEP_DATA");
  if (named != NULL && named[0] != '\0') { /* that one, and no other */
    vs_status status = vs_file_join(path, size, named, name);
    if (status != VS_OK || vs_file_exists(path)) return status;
    return vs_fail(VS_ERR_IO, "%s: is not there; VGGSWEEP_DATA names the folder that holds %s",
                   path, name);
  }
  char folder[PATH_MAX], installed[PATH_MAX] = "";
  if (find_program_folder(folder, sizeof folder)) {
    vs_status status = vs_file_join(installed, sizeof installed, folder, VGGSWEEP_RELATIVE_DATA);
    if (status == VS_OK) status = vs_file_join(path, size, installed, name);
    if (status != VS_OK || vs_file_exists(path)) return status;
  }
  vs_status status = vs_file_join(path, size, VGGSWEEP_SOURCE_DATA, name);
  if (status != VS_OK || vs_file_exists(path)) return status;
  return vs_fail(VS_ERR_IO,
                 "%s is neither in %s nor in %s: set VGGSWEEP_DATA to the folder that holds it",
                 name, installed, VGGSWEEP_SOURCE_DATA);
}

vs_status vs_data_of_user(char *path, size_t size, const char *name) {
  const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  char folder[PATH_MAX];
  vs_status status;
  if (data != NULL && data[0] == '/')
    status = vs_file_join(folder, sizeof folder, data, "vggsweep");
  else if (home != NULL && home[0] == '/')
    status = vs_file_join(folder, sizeof folder, home, ".local/share/vggsweep");
  else
    status = vs_fail(VS_ERR_IO, "neither XDG_DATA_HOME nor HOME names a folder");
  return status == VS_OK ? vs_file_join(path, size, folder, name) : status;
}
