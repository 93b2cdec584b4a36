/* What runs and groups are called, and the streams of their random numbers. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/sha256.h"
#include "tests/sweeps/spec/old_defaults.h"

/* Computed apart from this program, with Python's hashlib. Stored results are found by them: a
 * change here makes every results folder a stranger. */
static void ids_never_change(void **state) {
  (void)state;
  static const char *const ids[] = {"58ed1ac175fe56e4", "adc6024ef64104db", "ebb8bac3b24ab414",
                                    "d8a255b08d156dc8"};
  vs_sweep *sweep = sweep_of_then(small, VS_FAMILY_UNKNOWN);
  for (size_t i = 0; i < COUNT(ids); i++) assert_string_equal(run_at(sweep, i).id, ids[i]);
  vs_sweep_free(sweep);
  sweep = sweep_of_then("seed: 2022\ngrid: {layer: [relu4_3], channel: [7, 8], rho: [0, 0.5]}\n",
                        VS_FAMILY_UNKNOWN);
  assert_string_equal(run_at(sweep, 1).id, "c32162e6427e5834");
  vs_sweep_free(sweep);
  sweep = sweep_of_then("seed: 2022\nimage: {parametrization: strokes}\n" /* all keys of format 3 */
                        "grid: {layer: [relu4_3], channel: [7, 8], lambda: [0, 50]}\n",
                        VS_FAMILY_UNKNOWN);
  assert_string_equal(run_at(sweep, 1).id, "f7453edb02dfe2a7");
  vs_sweep_free(sweep);
}

static void pictures_are_named_by_content(void **state) {
  (void)state;
  char *const style[] = {"objective.style.image=" STYLE};
  vs_sweep *sweep = make_sweep(small, style, 1);
  char *spec = vs_canonical_of_spec(sweep, 0), hex[VS_SHA256_HEX], member[128];
  assert_ok(vs_sha256_file(STYLE, hex));
  snprintf(member, sizeof member, "\"objective.style.image\":\"sha256:%s\"", hex);
  assert_non_null(strstr(spec, member));
  free(spec);
  vs_sweep_free(sweep);
}

static void an_id_is_the_hash_of_the_canonical_spec(void **state) {
  (void)state;
  vs_sweep *sweep = sweep_of_then(small, VS_FAMILY_UNKNOWN);
  char *spec = vs_canonical_of_spec(sweep, 1);
  assert_string_equal(
      spec,
      "{\"channel\":7,\"image.decay\":1.0,\"image.parametrization\":\"fourier\",\"image.sd\":0.01,"
      "\"image.size\":[224,224],\"lambda\":50.0,\"layer\":\"relu4_3\",\"objective.rescue\":16,"
      "\"objective.steps\":400,\"objective.style.image\":\"builtin:mondrian\","
      "\"objective.style.layers\":[\"relu2_2\"],\"objective.style.norm\":\"frobenius\","
      "\"optimizer.beta1\":0.90000000000000002,\"optimizer.beta2\":0.999,"
      "\"optimizer.epsilon\":1e-8,\"optimizer.lr\":0.050000000000000003,"
      "\"optimizer.name\":\"adam\",\"regularizers.l2\":0.0,\"regularizers.tv\":0.0,\"seed\":2022,"
      "\"transforms.jitter\":8.0,\"transforms.pad\":0,\"transforms.rotate\":5.0,"
      "\"transforms.scale\":[0.94999999999999996,1.05],\"weights.family\":\"recognize\","
      "\"weights.sha256\":\"" SHA "\"}");
  char hex[VS_SHA256_HEX];
  assert_ok(vs_sha256(spec, strlen(spec), hex));
  assert_memory_equal(hex, run_at(sweep, 1).id, VS_ID - 1);
  free(spec);
  vs_sweep_free(sweep);
}

static void a_group_is_all_lambdas_of_a_channel(void **state) {
  (void)state;
  vs_sweep *sweep = make_sweep(small, NULL, 0);
  vs_sweep_run runs[4];
  for (size_t i = 0; i < 4; i++) runs[i] = run_at(sweep, i);
  assert_string_equal(runs[0].group, runs[1].group);
  assert_string_equal(runs[2].group, runs[3].group);
  assert_string_not_equal(runs[0].group, runs[2].group);
  assert_true(runs[0].spec.stream == runs[1].spec.stream);
  assert_true(runs[0].spec.stream == strtoull(runs[0].group, NULL, 16));
  for (size_t i = 0; i < 4; i++)
    for (size_t j = 0; j < i; j++) assert_string_not_equal(runs[i].id, runs[j].id);
  vs_sweep_free(sweep);
  char *const rho[] = {"grid.rho=1"}; /* balanced otherwise, the same start and the same views */
  sweep = make_sweep(small, rho, 1);
  vs_sweep_run balanced = run_at(sweep, 0);
  assert_string_equal(balanced.group, runs[0].group);
  assert_true(balanced.spec.balance == VS_BALANCE_RHO && balanced.spec.rho == 1.0);
  vs_sweep_free(sweep);
  char *const strength[] = {"grid.strength=1"};
  sweep = make_sweep(small, strength, 1);
  balanced = run_at(sweep, 1);
  assert_string_equal(balanced.group, runs[0].group);
  assert_true(balanced.spec.balance == VS_BALANCE_STRENGTH && balanced.spec.strength == 1.0);
  vs_sweep_free(sweep);
}

#define START TEST_SCRATCH_DIR "/start.svg"

static void make_start(void) {
  static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
                            "<path d='M1 1L8 8' stroke='#000'/></svg>";
  assert_ok(vs_file_write(START, svg, sizeof svg - 1));
}

/* Another value than the default, of whatever type; NULL if there is no other. */
static const char *another_value(int id, const vs_key *key, const char *written_default) {
  if (id == VS_KEY_STROKES_START) return START;
  if (id == VS_KEY_TILES) return "[1, 3]";
  if (id == VS_KEY_CROP) return "64";
  switch (key->type) {
  case VS_TYPE_NAME:
    return "another";
  case VS_TYPE_PATH:
    return STYLE;
  case VS_TYPE_INT:
    return "3";
  case VS_TYPE_REAL:
    return strcmp(written_default != NULL ? written_default : "", "0.25") == 0 ? "0.5" : "0.25";
  case VS_TYPE_BOOL:
    return strcmp(written_default, "false") == 0 ? "true" : "false";
  case VS_TYPE_COLOR:
    return "\"#fed\"";
  case VS_TYPE_PENS:
    return "[[red, \"#c00\", 0.3]]";
  case VS_TYPE_SIZE:
    return "[64, 96]";
  case VS_TYPE_SPAN:
    return "[0.5, 1]";
  case VS_TYPE_TAPS:
    return "[relu3_1]";
  case VS_TYPE_WEIGHTS:
    return "[2]";
  case VS_TYPE_STEPS:
    return "[0, 1]";
  case VS_TYPE_TAP:
    return "relu3_1";
  case VS_TYPE_CHANNELS:
    return "9";
  case VS_TYPE_CHOICE:
  case VS_TYPE_WORD:
    for (const char *const *word = key->choices; *word != NULL; word++)
      if (strcmp(*word, written_default) != 0 &&
          (key->born == NULL || strcmp(*word, key->born) != 0))
        return *word;
    return NULL;
  }
  return NULL;
}

static void every_key_that_decides_numbers_changes_ids(void **state) {
  (void)state;
  make_start();
  vs_sweep *plain = make_sweep("grid: {layer: [relu4_3], channel: [7]}\n", NULL, 0);
  vs_sweep_run before = run_at(plain, 0);
  vs_sweep_free(plain);
  int changed = 0;
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    const char *value = another_value(id, key, key->fallback);
    if (value == NULL) continue;             /* optimizer.name: there is only adam */
    if (id == VS_KEY_WEIGHTS_FILE) continue; /* weights go by their hash, below */
    char fixed[1024], axis[1024];
    bool is_grid = vs_schema_is_grid_only(id);
    snprintf(fixed, sizeof fixed, "%s=%s", key->path, value);
    snprintf(axis, sizeof axis, "%s%s=[%s]", is_grid ? "" : "grid.", key->path, value);
    char *overrides[1] = {fixed};
    vs_sweep *sweep = make_sweep("grid: {layer: [relu4_3], channel: [7]}\n", overrides, 1);
    vs_sweep_run after = run_at(sweep, 0);
    vs_sweep_free(sweep);
    if (!key->is_result) {
      assert_string_equal(after.id, before.id);
      continue;
    }
    changed++;
    if (strcmp(after.id, before.id) == 0) fail_msg("%s does not change the id", key->path);
    bool is_balance = id >= VS_KEY_LAMBDA && id <= VS_KEY_STRENGTH;
    assert_int_equal(strcmp(after.group, before.group) == 0, is_balance);
    const bool has_long_path = id == VS_KEY_STYLE_IMAGE || id == VS_KEY_STROKES_START;
    if (key->why_no_axis != NULL || has_long_path) continue;
    overrides[0] = axis; /* varied or not, it is the same run */
    sweep = make_sweep("grid: {layer: [relu4_3], channel: [7]}\n", overrides, 1);
    assert_string_equal(run_at(sweep, 0).id, after.id);
    vs_sweep_free(sweep);
  }
  assert_true(changed > 20);
}

static void weights_are_named_by_content_and_family(void **state) {
  (void)state;
  vs_sweep *sweep = make_sweep(small, NULL, 0);
  vs_sweep_run before = run_at(sweep, 0);
  assert_ok(bind_by_file(sweep, "0123", VS_FAMILY_UNKNOWN));
  assert_string_not_equal(run_at(sweep, 0).id, before.id);
  assert_ok(bind_by_file(sweep, SHA, VS_FAMILY_KERAS));
  assert_int_equal(vs_sweep_family(sweep), VS_FAMILY_KERAS);
  vs_sweep_run keras = run_at(sweep, 0);
  assert_string_not_equal(keras.id, before.id);
  vs_sweep_free(sweep);
  char *const said[] = {"weights={file: x.h5, family: keras}"}; /* told or recognised */
  sweep = make_sweep(small, said, 1);
  assert_string_equal(run_at(sweep, 0).id, keras.id);
  vs_sweep_free(sweep);
}

/* In results of format 4 and later. The id was computed apart, as above. */
static void a_network_has_the_same_ids_in_any_file(void **state) {
  (void)state;
  const vs_weights files[] = {
      {.family = VS_FAMILY_CAFFE, .file_family = VS_FAMILY_KERAS, .sha256 = "01", .digest = SHA},
      {.family = VS_FAMILY_CAFFE, .file_family = VS_FAMILY_CAFFE, .sha256 = "23", .digest = SHA}};
  vs_sweep *sweep = sweep_of_then(small, VS_FAMILY_UNKNOWN);
  vs_sweep_run runs[2];
  for (int i = 0; i < 2; i++) {
    assert_ok(vs_identity_bind(sweep, &files[i], VS_CANONICAL_BY_DIGEST));
    assert_int_equal(vs_sweep_family(sweep), VS_FAMILY_CAFFE);
    runs[i] = run_at(sweep, 1);
    assert_string_equal(runs[i].id, "104e0194de3fccf3");
  }
  assert_string_equal(runs[0].group, runs[1].group);
  assert_true(runs[0].spec.stream == runs[1].spec.stream);
  char *spec = vs_canonical_of_spec(sweep, 1);
  assert_non_null(strstr(spec, "\"weights.digest\":\"" SHA "\",\"weights.family\":\"caffe\"}"));
  assert_null(strstr(spec, "sha256"));
  free(spec);
  for (int i = 0; i < 2; i++) { /* and by its file as before */
    assert_ok(vs_identity_bind(sweep, &files[i], VS_CANONICAL_BY_FILE));
    assert_int_equal(vs_sweep_family(sweep), files[i].file_family);
    runs[i] = run_at(sweep, 1);
  }
  assert_string_not_equal(runs[0].id, runs[1].id);
  vs_sweep_free(sweep);
}

static void two_names_for_one_picture_are_no_axis(void **state) {
  (void)state;
  static const char text[] = "grid: {layer: [pool1], channel: 0}\n";
  vs_sweep *sweep;
  char *const both[] = {"grid.objective.style.image=style.png,../golden/style.png"};
  char old[4096];
  assert_non_null(getcwd(old, sizeof old));
  assert_int_equal(chdir(TEST_GOLDEN_DIR), 0);
  assert_ok(vs_sweep_parse(&sweep, text, strlen(text), "s.yaml", both, 1));
  assert_int_equal(bind_by_file(sweep, SHA, VS_FAMILY_TORCHVISION), VS_ERR_USAGE);
  assert_string_equal(vs_status_message(), "objective.style.image: style.png and "
                                           "../golden/style.png are the same picture");
  vs_sweep_free(sweep);
  assert_int_equal(chdir(old), 0);
}

/* Keys that older programs did not know are no part of a name where they have the value that was so
 * before; those as old as strokes are of all strokes. */
static void later_keys_leave_older_ids_alone(void **state) {
  (void)state;
  char *born[VS_KEY_COUNT + 1];
  size_t later = 0;
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    assert_true(key->is_later || (key->born == NULL && !key->with_strokes));
    if (vs_schema_born(id) == NULL) continue;
    assert_true(key->is_result);
    assert_true(asprintf(&born[later++], "%s=%s", key->path, vs_schema_born(id)) > 0);
  }
  vs_sweep *plain = make_sweep(small, born, later);
  born[later] = strdup("grid.image.parametrization=fourier,strokes");
  vs_sweep *mixed = make_sweep(small, born, later + 1);
  for (size_t i = 0; i <= later; i++) free(born[i]);
  assert_string_equal(run_at(mixed, 0).id, run_at(plain, 0).id);
  assert_int_equal(run_at(mixed, 2).spec.param.kind, VS_PARAM_STROKES);
  char *fourier = vs_canonical_of_spec(mixed, 0), *strokes = vs_canonical_of_spec(mixed, 2),
       *form = vs_canonical_of_sweep(plain);
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    char member[128];
    snprintf(member, sizeof member, "\"%s\"", key->path);
    if (vs_schema_born(id) == NULL) continue;
    assert_null(strstr(fourier, member));
    assert_null(strstr(form, member));
    assert_int_equal(strstr(strokes, member) != NULL, key->with_strokes);
  }
  free(form);
  free(strokes);
  free(fourier);
  vs_sweep_free(mixed);
  vs_sweep_free(plain);
}

/* What a default has become is said by the id of every run that it has a part in: not by that of a
 * picture, if drawings alone read it. */
static void a_default_that_is_another_by_now_is_said(void **state) {
  (void)state;
  char *const strokes[] = {"grid.image.parametrization=fourier,strokes"};
  vs_sweep *sweep = make_sweep(small, strokes, 1);
  char *specs[2] = {vs_canonical_of_spec(sweep, 0), vs_canonical_of_spec(sweep, 2)};
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    const bool is_of_drawings = vs_schema_inside("strokes", key->path) != NULL ||
                                vs_schema_inside("palette", key->path) != NULL ||
                                vs_schema_inside("plot", key->path) != NULL;
    char member[128];
    snprintf(member, sizeof member, "\"%s\"", key->path);
    if (key->born == NULL) continue;
    assert_string_not_equal(key->born, key->fallback);
    assert_int_equal(strstr(specs[0], member) != NULL, !is_of_drawings);
    assert_int_equal(strstr(specs[1], member) != NULL, !key->of_pictures);
  }
  for (size_t i = 0; i < 2; i++) {
    vs_sweep *again;
    assert_ok(vs_sweep_from_canonical(&again, specs[i]));
    char *spec = vs_canonical_of_spec(again, 0);
    assert_string_equal(spec, specs[i]);
    free(spec);
    free(specs[i]);
    vs_sweep_free(again);
  }
  vs_sweep_free(sweep);
}

/* Knobs are compared pairwise: whatever else differs, one channel and seed have one stream. */
static void streams_of_a_channel_know_seed_layer_and_channel_alone(void **state) {
  (void)state;
  char *const by_channel[] = {"streams=channel"};
  vs_sweep *sweep = make_sweep(small, by_channel, 1), *plain = make_sweep(small, NULL, 0);
  const vs_sweep_run first = run_at(sweep, 0), other = run_at(sweep, 2);
  assert_true(first.spec.stream == run_at(sweep, 1).spec.stream);
  assert_true(first.spec.stream != other.spec.stream);
  assert_string_not_equal(first.id, run_at(plain, 0).id); /* another start is another run */
  assert_string_not_equal(first.group, run_at(plain, 0).group);
  vs_sweep_free(plain);
  vs_sweep_free(sweep);

  static const char *const knobs[] = {
      "regularizers.tv=0.001",         "optimizer.lr=0.02", "image.size=96",   "objective.steps=20",
      "image.parametrization=strokes", "grid.rho=1",        "palette.colors=3"};
  for (size_t i = 0; i < sizeof knobs / sizeof knobs[0]; i++) {
    char *said[] = {"streams=channel", (char *)knobs[i]};
    sweep = make_sweep(small, said, 2);
    assert_true(run_at(sweep, 0).spec.stream == first.spec.stream);
    if (strcmp(knobs[i], "grid.rho=1") != 0)
      assert_string_not_equal(run_at(sweep, 0).group, first.group);
    vs_sweep_free(sweep);
  }
  char *const seed[] = {"streams=channel", "seed=7"}, *const layer[] = {"streams=channel",
                                                                        "grid.layer=relu4_2"};
  sweep = make_sweep(small, seed, 2);
  assert_true(run_at(sweep, 0).spec.stream != first.spec.stream);
  vs_sweep_free(sweep);
  sweep = make_sweep(small, layer, 2);
  assert_true(run_at(sweep, 0).spec.stream != first.spec.stream);
  vs_sweep_free(sweep);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ids_never_change),
      cmocka_unit_test(pictures_are_named_by_content),
      cmocka_unit_test(an_id_is_the_hash_of_the_canonical_spec),
      cmocka_unit_test(a_group_is_all_lambdas_of_a_channel),
      cmocka_unit_test(every_key_that_decides_numbers_changes_ids),
      cmocka_unit_test(weights_are_named_by_content_and_family),
      cmocka_unit_test(a_network_has_the_same_ids_in_any_file),
      cmocka_unit_test(two_names_for_one_picture_are_no_axis),
      cmocka_unit_test(later_keys_leave_older_ids_alone),
      cmocka_unit_test(a_default_that_is_another_by_now_is_said),
      cmocka_unit_test(streams_of_a_channel_know_seed_layer_and_channel_alone),
  };
  return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
