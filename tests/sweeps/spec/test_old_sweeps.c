/* Old sweeps: sweep files as they were before any default changed, with the names that their runs
 * had. Results folders hold these names, so they stay, whatever is a default today. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/sha256.h"
#include "tests/sweeps/spec/old_defaults.h"

/* With as much of their canonical form as identifies it. */
typedef struct old_sweep {
  const char *text;
  size_t runs;
  const char *first, *last; /* ids */
  const char *all;          /* sha256 of all ids and groups, one behind the other */
  const char *form;         /* sha256 of the sweep's canonical form */
} old_sweep;

static const old_sweep old_sweeps[] = {
    /* pixels, and nothing but defaults */
    {"image: {parametrization: pixels}\n"
     "grid: {layer: [relu4_3], channel: [7, 8], lambda: [0, 50]}\n",
     4, "b9d4f1ee222992ac", "a1d80d3818c72d4d",
     "cbddd466eb198ae8837afc64b212f242f4da7e31bcce768ac2d7f0aaa2eb7c9e",
     "a512e37ba6531ec4b255ad9e9684e9e78084c8790c75c5b5b3fb08cbb9af4c0e"},
    /* examples/demo.yaml of format 3 */
    {"name: demo\n"
     "seed: 2022\n"
     "weights: builtin\n"
     "image: {size: 96, parametrization: fourier}\n"
     "objective:\n"
     "  steps: 100\n"
     "  style: {image: builtin:mondrian, layers: [relu2_2], norm: frobenius}\n"
     "transforms: {jitter: 4, scale: [0.97, 1.03], rotate: 3}\n"
     "optimizer: {name: adam, lr: 0.05}\n"
     "grid:\n"
     "  layer: [relu3_3, relu4_3]\n"
     "  channel: [1, 7, 20]\n"
     "  lambda: [0, 100, 2000]\n"
     "log: {every: 10, snapshots: [0, 50, 100]}\n",
     18, "a974cc1409ea6393", "eb8501d76030f5b2",
     "647b60e984089588797896b316c94b3c313d8593127ae1989db50a71f52ce4fe",
     "ee5c4fd025805dcf699b5de31e43e41dfe9b9e13812c25c7fc91b3ea812efe06"},
    /* examples/rho.yaml of format 3 */
    {"name: rho\n"
     "image: {size: 128}\n"
     "objective: {steps: 200}\n"
     "transforms: {jitter: 5, scale: [0.95, 1.05], rotate: 5}\n"
     "grid:\n"
     "  layer: [relu3_3, relu4_1, relu4_3]\n"
     "  channel: {sample: 8, seed: 1}\n"
     "  rho: [0, 0.5, 1, 2]\n"
     "  seed: [1, 2]\n"
     "log: {every: 10}\n",
     192, "9d5fc6912743982e", "0a601ce8e6d1cbcc",
     "b17e913dbb8cd1f39af4720706ced1df5ecc27445451d45bfece61f055aa3453",
     "9cfdd5921d61a6fb6eabb6ef6e3b8c58053070716a9be2b3f17244c2b00eafe8"},
    /* examples/strokes.yaml of format 3 */
    {"name: strokes\n"
     "seed: 2022\n"
     "weights: builtin\n"
     "image: {size: 128, parametrization: strokes}\n"
     "strokes: {count: 160, segments: 2, width: [1, 4]}\n"
     "palette: {colors: 5}\n"
     "plot: {page: A6, margin: 8, pen: 0.8}\n"
     "objective: {steps: 120, style: {image: builtin:mondrian, layers: [relu2_2]}}\n"
     "transforms: {jitter: 6, scale: [0.97, 1.03], rotate: 3}\n"
     "grid:\n"
     "  layer: [relu3_3, relu4_3]\n"
     "  channel: [1, 7]\n"
     "  lambda: [0, 20]\n"
     "log: {every: 10, snapshots: [0]}\n",
     8, "9c852a77c531e984", "0ffbb1677b966fe3",
     "6d5b1cd3f1746f83561528634028a619cc3cdd3c89f848818a91b4470051d7bd",
     "1d47b2b0f08ae5341e342d2c9f0022b7f1cef5b699eda50fc34e8933bdd46f27"},
    /* several sizes, of pictures and of drawings whose strokes choose among pens or are free; a
     * schedule that varies; strokes with nothing but defaults */
    {"image: {size: 256}\n"
     "palette: {pens: [[black, '#111', 0.3], [red, '#c00', 0.5]]}\n"
     "multiscale: {levels: 2, tiles: [2, 2], overlap: 0.1}\n"
     "transforms: {crop: 96}\n"
     "grid:\n"
     "  image.parametrization: [fourier, strokes]\n"
     "  strokes.color: [palette, free]\n"
     "  optimizer.schedule: [auto, constant]\n"
     "  layer: [relu3_3]\n"
     "  channel: [1]\n"
     "  lambda: [0, 20]\n",
     16, "6087e8af13ea64c0", "49de5f8118836154",
     "593d117935dd4593ba806ce7b39ba636f96c78716233cec562bc677f908880cb",
     "678eac80cdaff0fd53cdeb3533806d97025fe3ac39c0d042afacde2eae078d0c"},
};

static void digest_of_ids(const vs_sweep *sweep, char hex[VS_SHA256_HEX]) {
  const size_t each = 2 * (VS_ID - 1), runs = vs_sweep_count(sweep);
  char *all = malloc(runs * each + 1);
  assert_non_null(all);
  for (size_t i = 0; i < runs; i++) {
    vs_sweep_run run;
    vs_sweep_get(sweep, i, &run);
    snprintf(all + i * each, each + 1, "%s%s", run.id, run.group);
  }
  assert_ok(vs_sha256(all, runs * each, hex));
  free(all);
}

static void old_sweeps_keep_their_names(void **state) {
  (void)state;
  for (size_t s = 0; s < COUNT(old_sweeps); s++) {
    const old_sweep *old = &old_sweeps[s];
    vs_sweep *sweep = sweep_of_then(old->text, VS_FAMILY_TORCHVISION);
    assert_int_equal(vs_sweep_count(sweep), old->runs);
    vs_sweep_run first, last;
    char all[VS_SHA256_HEX], hex[VS_SHA256_HEX], *form = vs_canonical_of_sweep(sweep);
    vs_sweep_get(sweep, 0, &first);
    vs_sweep_get(sweep, old->runs - 1, &last);
    digest_of_ids(sweep, all);
    assert_ok(vs_sha256(form, strlen(form), hex));
    assert_string_equal(first.id, old->first);
    assert_string_equal(last.id, old->last);
    assert_string_equal(all, old->all);
    assert_string_equal(hex, old->form);
    free(form);
    vs_sweep_free(sweep);
  }
}

/* Stored forms are read as they were meant, without what was no key then. */
static void old_forms_are_read_with_what_was_so_then(void **state) {
  (void)state;
  for (size_t s = 0; s < COUNT(old_sweeps); s++) {
    vs_sweep *sweep = sweep_of_then(old_sweeps[s].text, VS_FAMILY_TORCHVISION), *again;
    char *form = vs_canonical_of_sweep(sweep);
    assert_ok(vs_sweep_from_canonical(&again, form));
    char *form_again = vs_canonical_of_sweep(again);
    assert_string_equal(form_again, form);
    for (size_t i = 0; i < vs_sweep_count(sweep); i++) {
      char *spec = vs_canonical_of_spec(sweep, i), *spec_again = vs_canonical_of_spec(again, i);
      assert_string_equal(spec_again, spec);
      free(spec);
      free(spec_again);
    }
    free(form);
    free(form_again);
    vs_sweep_free(sweep);
    vs_sweep_free(again);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(old_sweeps_keep_their_names),
      cmocka_unit_test(old_forms_are_read_with_what_was_so_then),
  };
  return cmocka_run_group_tests_name("old_sweeps", tests, NULL, NULL);
}
