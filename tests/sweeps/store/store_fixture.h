/* store_fixture.h - what all tests of results on disk begin with: a folder of their own, the
 * made-up sweep of store_sample.h in it, and the comparison of what is read with what was made.
 *
 * STORE_FOLDER is another one in each test program, so that they may run at the same time. All of
 * these fail the test when something fails on the way. */
#ifndef VS_TESTS_SWEEPS_STORE_STORE_FIXTURE_H
#define VS_TESTS_SWEEPS_STORE_STORE_FIXTURE_H

#include "sweeps/store/results.h"
#include "tests/support/unit.h"
#include "tests/sweeps/store/store_sample.h"

#ifndef STORE_FOLDER
#error "tests/CMakeLists.txt gives every test program its own"
#endif
#define STORE_MERGED STORE_FOLDER "/sweep.h5"

/* 140 runs of one step: 70 channels, lambda 0 and 5; parameters are not kept. */
extern const char store_many_text[];

/* Around every test: no STORE_FOLDER, and *state a store_sample of store_sample_text. */
int start_store(void **state);
int finish_store(void **state);

/* --- the folder ------------------------------------------------------------------------------- */

/* STORE_FOLDER as the sample's: made, or gone on with. The caller closes it. */
vs_store *create_store(const store_sample *sample);
/* Creates it, adds runs first, ..., last - 1, and closes it. */
void add_runs(const store_sample *sample, size_t first, size_t last);

/* Segments of STORE_FOLDER, and files of any folder whose names end so; 0 where there is none. */
size_t count_segments(void);
size_t count_files(const char *folder, const char *ending);

/* Files without the trouble that vs_file_write takes. */
void write_file(const char *path, const char *data, size_t size);
void copy_file(const char *from, const char *to);
/* With all that is in it; one that is not there is fine. */
void remove_folder(const char *folder);

/* --- what is read ----------------------------------------------------------------------------- */

/* Of a folder or a file; closed by the caller. */
vs_results *open_results(const char *path);

/* Everything of one row against a made result. */
void check_run(const vs_results *results, size_t row, const store_sample *sample,
               const vs_sweep_run *run, const vs_run_result *made);

/* The rows are runs first, first + 1, ..., `count` of them, as store_sample_add stores them. */
void check_all(const vs_results *results, const store_sample *sample, size_t first, size_t count);

/* Equal, or both NaN. */
bool same(double a, double b);

/* Reads everything that a file or folder holds; whether all of it could be read. */
bool reads_well(const char *path);

/* The path cannot be opened, for this reason; the message names it and says `message`, if any. */
void assert_refused(const char *path, vs_status expected, const char *message);

/* The last message of a failure says so somewhere. */
void assert_message(const char *part);

#endif
