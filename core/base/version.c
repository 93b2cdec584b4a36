/* version.c - the constants that the build has written down. */
#include "core/base/version.h"

#include "vs_commit.h" /* written by the build: scripts/cmake/WriteCommit.cmake */

const char *vs_version(void) {
  return VS_VERSION;
}

const char *vs_version_commit(void) {
  return VS_COMMIT;
}
