/* version.h - which program this is, for --version and for the attributes of every result. */
#ifndef VS_CORE_BASE_VERSION_H
#define VS_CORE_BASE_VERSION_H

/* "0.1.0", the version of the project in CMakeLists.txt. */
const char *vs_version(void);

/* The commit it was built from, 12 hex digits, with "-dirty" if the tree had changes; "unknown"
 * when it was not built from a git repository. */
const char *vs_version_commit(void);

#endif
