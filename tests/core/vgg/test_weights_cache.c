/* The cache of prepared weights: the bits of private ones, one file for all who ask, and whatever
 * is wrong with a file or folder is noticed. */
#include "tests/support/unit.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/vgg/weights_cache.h"
#include "tests/support/floats.h"

enum { IN = 32, OUT = 64 };

static float *w, *bias;
static char folder[] = TEST_SCRATCH_DIR "/weights_cache_XXXXXX";

static int set_up(void **state) {
  (void)state;
  w = random_floats(9 * IN * OUT, 1);
  bias = random_floats(OUT, 2);
  return mkdtemp(folder) == NULL || setenv("VGGSWEEP_CACHE", folder, 1) != 0;
}

/* The one file of blocks in the folder; fails the test if there are more or fewer. */
static void find_file(char path[PATH_MAX]) {
  DIR *listing = opendir(folder);
  assert_non_null(listing);
  int files = 0;
  for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
    const char *dot = strrchr(entry->d_name, '.');
    if (entry->d_name[0] == '.' || strcmp(dot, ".lock") == 0) continue;
    assert_string_not_equal(dot, ".part");
    assert_ok(vs_file_join(path, PATH_MAX, folder, entry->d_name));
    files++;
  }
  closedir(listing);
  assert_int_equal(files, 1);
}

static void empty_folder(void) {
  DIR *listing = opendir(folder);
  assert_non_null(listing);
  for (struct dirent *entry; (entry = readdir(listing)) != NULL;)
    if (entry->d_name[0] != '.') unlinkat(dirfd(listing), entry->d_name, 0);
  closedir(listing);
}

/* Maps and compares with what a program prepares for itself. */
static void check_mapped(void) {
  vs_cached_block cached;
  vs_conv_weights shared, private;
  assert_ok(vs_weights_cache_map(&cached, IN, OUT, w, bias, &shared));
  assert_ok(vs_conv_weights_init(&private, IN, OUT, w, bias));
  assert_null(shared.owned);
  assert_memory_equal(shared.w, private.w, 9 * IN * OUT * sizeof(float));
  assert_memory_equal(shared.bias, private.bias, OUT * sizeof(float));
  assert_memory_equal(shared.forward, private.forward, 36 * IN * OUT * sizeof(float));
  assert_memory_equal(shared.backward, private.backward, 36 * IN * OUT * sizeof(float));
  vs_conv_weights_clear(&private);
  vs_weights_cache_unmap(&cached);
}

static ino_t inode_of(const char *path) {
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  return info.st_ino;
}

static void the_second_finds_what_the_first_left(void **state) {
  (void)state;
  empty_folder();
  char path[PATH_MAX];
  check_mapped();
  find_file(path);
  const ino_t first = inode_of(path);
  check_mapped();
  find_file(path);
  assert_true(inode_of(path) == first);
}

static void other_weights_have_another_file(void **state) {
  (void)state;
  empty_folder();
  check_mapped();
  char path[PATH_MAX], other[PATH_MAX];
  find_file(path);
  unlink(path);
  bias[OUT - 1] += 1.0f;
  check_mapped();
  bias[OUT - 1] -= 1.0f;
  find_file(other);
  assert_string_not_equal(path, other);
}

static void change_byte(const char *path, long at) {
  FILE *file = fopen(path, "r+b");
  assert_non_null(file);
  assert_int_equal(fseek(file, at, at < 0 ? SEEK_END : SEEK_SET), 0);
  const int byte = getc(file);
  assert_int_equal(fseek(file, -1, SEEK_CUR), 0);
  putc(byte ^ 1, file);
  assert_int_equal(fclose(file), 0);
}

static void a_damaged_file_is_made_anew(void **state) {
  (void)state;
  static const long places[] = {0, 17, 40, 100, 4095, 4096, 50000, -1};
  empty_folder();
  check_mapped();
  char path[PATH_MAX];
  find_file(path);
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    const ino_t before = inode_of(path);
    change_byte(path, places[i]);
    check_mapped();
    assert_true(inode_of(path) != before);
  }
  assert_int_equal(truncate(path, 8192), 0);
  check_mapped();
  assert_int_equal(truncate(path, 0), 0);
  check_mapped();
}

/* Nobody ever writes into it: who waited for that would wait for ever. */
static void a_pipe_is_replaced(void **state) {
  (void)state;
  empty_folder();
  check_mapped();
  char path[PATH_MAX];
  find_file(path);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(mkfifo(path, 0600), 0);
  check_mapped();
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  assert_true(S_ISREG(info.st_mode));
}

static void without_a_folder_it_says_why(void **state) {
  (void)state;
  static const char *const names[] = {"off", "/dev/null/cache"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    setenv("VGGSWEEP_CACHE", names[i], 1);
    vs_cached_block cached;
    vs_conv_weights weights;
    assert_int_equal(vs_weights_cache_map(&cached, IN, OUT, w, bias, &weights), VS_ERR_IO);
    assert_null(cached.data);
    assert_true(strlen(vs_status_message()) > 0);
  }
  setenv("VGGSWEEP_CACHE", folder, 1);
}

static void many_may_come_at_once(void **state) {
  (void)state;
  enum { COMERS = 8 };
  empty_folder();
  pid_t children[COMERS];
  for (int i = 0; i < COMERS; i++) {
    children[i] = fork();
    assert_true(children[i] >= 0);
    if (children[i] == 0) {
      vs_cached_block cached;
      vs_conv_weights weights;
      const vs_status status = vs_weights_cache_map(&cached, IN, OUT, w, bias, &weights);
      _exit(status == VS_OK && memcmp(weights.bias, bias, OUT * sizeof *bias) == 0 ? 0 : 1);
    }
  }
  for (int i = 0; i < COMERS; i++) {
    int result;
    assert_int_equal(waitpid(children[i], &result, 0), children[i]);
    assert_int_equal(result, 0);
  }
  char path[PATH_MAX];
  find_file(path);
  check_mapped();
}

static int tear_down(void **state) {
  (void)state;
  free(w);
  free(bias);
  empty_folder();
  return rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_second_finds_what_the_first_left),
      cmocka_unit_test(other_weights_have_another_file),
      cmocka_unit_test(a_damaged_file_is_made_anew),
      cmocka_unit_test(a_pipe_is_replaced),
      cmocka_unit_test(without_a_folder_it_says_why),
      cmocka_unit_test(many_may_come_at_once),
  };
  return cmocka_run_group_tests_name("weights_cache", tests, set_up, tear_down);
}
