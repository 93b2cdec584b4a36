/* weights_raw.c - what the readers of all formats gather tensors with: number types turned into
 * float32, places filled once, and the check that all are there and finite. */
#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/multiversion.h"
#include "core/vgg/weights_readers.h"

void vs_weights_raw_clear(vs_weights_raw *raw) {
  for (int conv = 0; conv < VS_VGG_CONVS; conv++) {
    free(raw->kernel[conv]);
    free(raw->bias[conv]);
  }
  *raw = (vs_weights_raw){0};
}

/* --- numbers ---------------------------------------------------------------------------------- */

static float from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* Exponent and fraction move to where float32 has them; the product with 2^112 turns the exponent's
 * bias of 15 into 127 and normalizes what was subnormal, without a branch, so that compilers make
 * vectors of it. An exponent of all ones must stay one. */
static float half_to_float(uint16_t half) {
  uint32_t magnitude = (uint32_t)(half & 0x7fffu) << 13;
  float scaled = from_bits(magnitude) * 0x1p112f;
  uint32_t bits;
  memcpy(&bits, &scaled, sizeof bits);
  bits |= magnitude >= 0x0f800000u ? 0x7f800000u : 0u;
  return from_bits(bits | (uint32_t)(half & 0x8000u) << 16);
}

static uint16_t load16(const unsigned char *bytes) {
  uint16_t value;
  memcpy(&value, bytes, sizeof value);
  return le16toh(value);
}

static uint32_t load32(const unsigned char *bytes) {
  uint32_t value;
  memcpy(&value, bytes, sizeof value);
  return le32toh(value);
}

static double load_double(const unsigned char *bytes) {
  uint64_t bits;
  double value;
  memcpy(&bits, bytes, sizeof bits);
  bits = le64toh(bits);
  memcpy(&value, &bits, sizeof value);
  return value;
}

size_t vs_weights_raw_dtype_bytes(vs_dtype dtype) {
  static const size_t bytes[] = {
      [VS_DTYPE_F32] = 4, [VS_DTYPE_F16] = 2, [VS_DTYPE_BF16] = 2, [VS_DTYPE_F64] = 8};
  return bytes[dtype];
}

VS_MULTIVERSION
static void to_float(vs_dtype dtype, const unsigned char *bytes, float *out, size_t count) {
  assert(dtype != VS_DTYPE_OTHER);
  if (dtype == VS_DTYPE_F32)
    for (size_t i = 0; i < count; i++) out[i] = from_bits(load32(bytes + 4 * i));
  else if (dtype == VS_DTYPE_F16)
    for (size_t i = 0; i < count; i++) out[i] = half_to_float(load16(bytes + 2 * i));
  else if (dtype == VS_DTYPE_BF16)
    for (size_t i = 0; i < count; i++) out[i] = from_bits((uint32_t)load16(bytes + 2 * i) << 16);
  else
    for (size_t i = 0; i < count; i++) out[i] = (float)load_double(bytes + 8 * i);
}

void vs_weights_raw_to_float(vs_dtype dtype, const unsigned char *bytes, float *out, size_t count) {
  to_float(dtype, bytes, out, count);
}

/* --- gathering -------------------------------------------------------------------------------- */

bool vs_weights_raw_wants(const vs_weights_raw *raw, vs_weights_slot slot) {
  return slot.conv >= 0 && slot.conv <= raw->last_conv;
}

vs_status vs_weights_raw_add(vs_weights_raw *raw, vs_weights_slot slot, float **values) {
  assert(vs_weights_raw_wants(raw, slot));
  *values = NULL;
  char name[VS_SLOT_NAME];
  vs_weights_slot_torch_name(slot, name);
  float **place = slot.is_bias ? &raw->bias[slot.conv] : &raw->kernel[slot.conv];
  if (*place != NULL) return vs_fail(VS_ERR_FORMAT, "has the tensor %s twice", name);
  *place = malloc(vs_weights_slot_count(slot) * sizeof(float));
  if (*place == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %s", name);
  *values = *place;
  return VS_OK;
}

vs_status vs_weights_raw_add_bytes(vs_weights_raw *raw, vs_weights_slot slot, vs_dtype dtype,
                                   const unsigned char *bytes) {
  float *values;
  vs_status status = vs_weights_raw_add(raw, slot, &values);
  if (status != VS_OK) return status;
  assert(values != NULL);
  vs_weights_raw_to_float(dtype, bytes, values, vs_weights_slot_count(slot));
  return VS_OK;
}

/* Index of the first number that is infinite or NaN, or `count`. Looks at bits, and at blocks, so
 * that compilers make vectors of it. */
VS_MULTIVERSION
static size_t find_not_finite(const float *values, size_t count) {
  enum { BLOCK = 4096 };
  for (size_t first = 0; first < count; first += BLOCK) {
    size_t end = first + BLOCK < count ? first + BLOCK : count;
    uint32_t largest = 0;
    for (size_t i = first; i < end; i++) {
      uint32_t bits;
      memcpy(&bits, &values[i], sizeof bits);
      bits &= 0x7fffffffu;
      largest = bits > largest ? bits : largest;
    }
    if (largest < 0x7f800000u) continue;
    for (size_t i = first; i < end; i++)
      if (!__builtin_isfinite(values[i])) return i;
  }
  return count;
}

static vs_status check_tensor(const float *values, vs_weights_slot slot) {
  char name[VS_SLOT_NAME];
  vs_weights_slot_torch_name(slot, name);
  if (values == NULL)
    return vs_fail(VS_ERR_FORMAT, "has no tensor %s (%s of %s): not VGG16 weights, or not all",
                   name, slot.is_bias ? "bias" : "kernel",
                   vs_vgg16_tap(vs_vgg16_tap_of_conv(slot.conv))->name);
  size_t bad = find_not_finite(values, vs_weights_slot_count(slot));
  if (bad < vs_weights_slot_count(slot))
    return vs_fail(VS_ERR_FORMAT, "%s: number %zu is %f: the file is damaged", name, bad,
                   (double)values[bad]);
  return VS_OK;
}

vs_status vs_weights_raw_check(const vs_weights_raw *raw) {
  for (int conv = 0; conv <= raw->last_conv; conv++) {
    vs_status status = check_tensor(raw->kernel[conv], (vs_weights_slot){.conv = conv});
    if (status == VS_OK)
      status = check_tensor(raw->bias[conv], (vs_weights_slot){.conv = conv, .is_bias = true});
    if (status != VS_OK) return status;
  }
  return VS_OK;
}
