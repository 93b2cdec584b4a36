/* Colours from space to space: against published values, and back again. */
#include "tests/support/unit.h"

#include "core/image/color.h"

/* B. Lindbloom's colour calculator (brucelindbloom.com; sRGB, D65, no adaptation), whose matrix is
 * ours: four decimals. */
typedef struct reference {
  float rgb[3];
  double xyz[3], lab[3];
} reference;

// clang-format off
static const reference published[] = {
    {{1, 0, 0}, {0.412456, 0.212673, 0.019334}, {53.2408, 80.0925, 67.2032}},
    {{0, 1, 0}, {0.357576, 0.715152, 0.119192}, {87.7347, -86.1827, 83.1793}},
    {{0, 0, 1}, {0.180437, 0.072175, 0.950304}, {32.2970, 79.1875, -107.8602}},
    {{0, 1, 1}, {0.538014, 0.787327, 1.069496}, {91.1132, -48.0875, -14.1312}},
    {{1, 0, 1}, {0.592894, 0.284848, 0.969638}, {60.3242, 98.2343, -60.8249}},
    {{1, 1, 0}, {0.770033, 0.927825, 0.138526}, {97.1393, -21.5537, 94.4780}},
    {{1, 1, 1}, {0.950470, 1.000000, 1.088830}, {100.0000, 0.0000, 0.0000}},
    {{0, 0, 0}, {0, 0, 0}, {0, 0, 0}},
    {{0.5f, 0.5f, 0.5f}, {0.203440, 0.214041, 0.233054}, {53.3890, 0.0000, 0.0000}}};
// clang-format on
enum { PUBLISHED = sizeof published / sizeof published[0] };

static void published_values(void **state) {
  (void)state;
  for (int i = 0; i < PUBLISHED; i++) {
    double linear[3], xyz[3], lab[3];
    for (int c = 0; c < 3; c++) linear[c] = vs_color_srgb_to_linear((double)published[i].rgb[c]);
    vs_color_xyz_from_linear(linear, xyz);
    vs_color_lab_from_srgb(published[i].rgb, lab);
    for (int c = 0; c < 3; c++) {
      assert_close(xyz[c], published[i].xyz[c], 1e-6);   /* their six decimals */
      assert_close(lab[c], published[i].lab[c], 1.5e-4); /* their four */
    }
  }
}

/* IEC 61966-2-1 gives the two pieces of the curve; they meet to four digits only. */
static void encoding(void **state) {
  (void)state;
  assert_close(vs_color_srgb_to_linear(0.0), 0.0, 0.0);
  assert_close(vs_color_srgb_to_linear(1.0), 1.0, 1e-15);
  assert_close(vs_color_srgb_to_linear(0.04045), 0.0031308, 1e-7);
  assert_close(vs_color_srgb_to_linear(0.5), 0.21404114, 1e-8); /* the well-known middle grey */
  for (int i = 0; i <= 1000; i++)
    assert_close(vs_color_srgb_from_linear(vs_color_srgb_to_linear(i / 1000.0)), i / 1000.0, 1e-14);
}

static void there_and_back(void **state) {
  (void)state;
  for (int i = 0; i < 9 * 9 * 9; i++) {
    const float rgb[3] = {(float)(i % 9) / 8, (float)(i / 9 % 9) / 8, (float)(i / 81) / 8};
    double lab[3], xyz[3], again[3];
    float back[3];
    vs_color_lab_from_srgb(rgb, lab);
    vs_color_lab_to_srgb(lab, back);
    vs_color_lab_to_xyz(lab, xyz);
    vs_color_lab_from_xyz(xyz, again);
    for (int c = 0; c < 3; c++) {
      assert_close(back[c], rgb[c], 1e-6); /* single precision */
      assert_close(again[c], lab[c], 1e-11);
    }
  }
}

static void distances(void **state) {
  (void)state;
  assert_close(vs_color_lab_distance((const double[3]){50, 3, -4}, (const double[3]){50, 0, 0}), 5,
               0);
  double white[3], black[3];
  vs_color_lab_from_srgb((const float[3]){1, 1, 1}, white);
  vs_color_lab_from_srgb((const float[3]){0, 0, 0}, black);
  assert_close(vs_color_lab_distance(white, black), 100.0, 1e-4);
}

static void hex(void **state) {
  (void)state;
  char text[8];
  vs_color_hex((const float[3]){0.0f, 0.501f, 1.0f}, text);
  assert_string_equal(text, "#0080ff");
  vs_color_hex((const float[3]){-1.0f, 2.0f, NAN}, text);
  assert_string_equal(text, "#00ff00");
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(published_values), cmocka_unit_test(encoding),
                                     cmocka_unit_test(there_and_back), cmocka_unit_test(distances),
                                     cmocka_unit_test(hex)};
  return cmocka_run_group_tests_name("color", tests, NULL, NULL);
}
