/* weights_keras.c - Keras weights in HDF5, in the layouts of two eras; one of the readers of
 * weights_readers.h.
 *
 * Legacy (.h5): the root, or /model_weights in a whole model, has an attribute `layer_names`; each
 * layer's group has `weight_names`, kernel then bias, the names of data sets relative to the group.
 * Long attributes are split into `layer_names0`, `layer_names1`, ...
 * Keras 3 (.weights.h5): layers/<layer>/vars/0 is the kernel, /1 the bias; layers are called
 * conv2d, conv2d_1 .. conv2d_12 in order of depth, or by their own names.
 *
 * Kernels are (3,3,C,K). HDF5 converts any floating-point type to float32 as it reads. */
#include <assert.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/vgg/weights_readers.h"

enum { NAME_BYTES = 256, MAX_NAMES = 4096, MAX_ATTRIBUTE_PARTS = 1000 };

/* --- lists of names in attributes ------------------------------------------------------------- */

typedef struct name_list {
  char (*names)[NAME_BYTES]; /* owned */
  size_t count;
} name_list;

static void clear_names(name_list *list) {
  free(list->names);
  *list = (name_list){0};
}

static vs_status add_name(name_list *list, const char *text, size_t length) {
  if (length >= NAME_BYTES) return vs_fail(VS_ERR_FORMAT, "a name of more than 255 bytes");
  snprintf(list->names[list->count++], NAME_BYTES, "%.*s", (int)length, text);
  return VS_OK;
}

/* Reads `count` strings of fixed length, padded with zeros or spaces that do not belong to them. */
static vs_status read_fixed(hid_t attribute, hid_t type, size_t count, name_list *list) {
  size_t width = H5Tget_size(type);
  if (width == 0 || width > 65536) return vs_fail(VS_ERR_FORMAT, "names of impossible length");
  char *text = calloc(count + 1, width);
  if (text == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the names of the layers");
  vs_status status = VS_OK;
  if (H5Aread(attribute, type, text) < 0) {
    status = vs_fail(VS_ERR_FORMAT, "a list of names cannot be read: damaged");
    goto done;
  }
  for (size_t i = 0; status == VS_OK && i < count; i++)
    status = add_name(list, text + i * width, strnlen(text + i * width, width));
done:
  free(text);
  return status;
}

static vs_status read_variable(hid_t attribute, hid_t type, hid_t space, size_t count,
                               name_list *list) {
  char **text = calloc(count + 1, sizeof *text);
  if (text == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the names of the layers");
  vs_status status = VS_OK;
  if (H5Aread(attribute, type, text) < 0) {
    status = vs_fail(VS_ERR_FORMAT, "a list of names cannot be read: damaged");
    goto done;
  }
  for (size_t i = 0; status == VS_OK && i < count; i++)
    status = text[i] == NULL ? vs_fail(VS_ERR_FORMAT, "a list of names has a hole")
                             : add_name(list, text[i], strlen(text[i]));
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, text);
done:
  free(text);
  return status;
}

static vs_status read_attribute(hid_t group, const char *name, name_list *list) {
  hid_t attribute = H5Aopen(group, name, H5P_DEFAULT);
  hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
  hssize_t points = H5Sget_simple_extent_npoints(space);
  vs_status status;
  if (points < 0 || type < 0 || H5Tget_class(type) != H5T_STRING) {
    status = vs_fail(VS_ERR_FORMAT, "attribute %s is no list of names", name);
    goto done;
  }
  if (points > MAX_NAMES || list->count + (size_t)points > MAX_NAMES) {
    status = vs_fail(VS_ERR_LIMIT, "attribute %s has more than %d names", name, MAX_NAMES);
    goto done;
  }
  size_t count = (size_t)points;
  void *names = realloc(list->names, (list->count + count + 1) * sizeof *list->names);
  if (names == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory for the names of the layers");
    goto done;
  }
  list->names = names;
  status = count == 0                     ? VS_OK
           : H5Tis_variable_str(type) > 0 ? read_variable(attribute, type, space, count, list)
                                          : read_fixed(attribute, type, count, list);
done:
  if (space >= 0) H5Sclose(space);
  if (type >= 0) H5Tclose(type);
  if (attribute >= 0) H5Aclose(attribute);
  return status;
}

static bool has_attribute(hid_t group, const char *name) {
  return H5Aexists(group, name) > 0;
}

/* The attribute, or its parts name0, name1, ... one after the other. */
static vs_status read_names(hid_t group, const char *name, name_list *list) {
  *list = (name_list){0};
  if (has_attribute(group, name)) return read_attribute(group, name, list);
  vs_status status = VS_OK;
  for (int part = 0; status == VS_OK && part < MAX_ATTRIBUTE_PARTS; part++) {
    char part_name[64];
    snprintf(part_name, sizeof part_name, "%s%d", name, part);
    if (!has_attribute(group, part_name)) break;
    status = read_attribute(group, part_name, list);
  }
  return status;
}

/* --- tensors ---------------------------------------------------------------------------------- */

/* out (K,C,3,3) = in (3,3,C,K) */
static void transpose_kernel(const float *in, float *out, size_t in_channels, size_t out_channels) {
  for (size_t c = 0; c < in_channels; c++)
    for (size_t k = 0; k < out_channels; k++)
      for (size_t uv = 0; uv < 9; uv++)
        out[(k * in_channels + c) * 9 + uv] = in[(uv * in_channels + c) * out_channels + k];
}

/* Kernels are (3,3,C,K), which is never (K,C,3,3) as well. Messages have torch's order of axes. */
static vs_status check_shape(vs_weights_slot slot, const hsize_t *dims, size_t rank) {
  int64_t shape[H5S_MAX_RANK];
  for (size_t d = 0; d < rank; d++) shape[d] = dims[d] > INT64_MAX ? INT64_MAX : (int64_t)dims[d];
  if (slot.is_bias || rank != 4) return vs_weights_slot_check_shape(slot, shape, rank);
  if (vs_weights_slot_has_shape(slot, shape, 4))
    return vs_fail(VS_ERR_FORMAT, "the kernels are in the order of Theano (th_dim_ordering): use "
                                  "the file of the tf_dim_ordering_tf_kernels kind");
  const int64_t torch_order[4] = {shape[3], shape[2], shape[0], shape[1]};
  return vs_weights_slot_check_shape(slot, torch_order, 4);
}

/* Reads a whole data set whose shape was checked, in torch's order of axes. */
static vs_status read_values(hid_t set, vs_weights_slot slot, vs_weights_raw *raw) {
  float *values, *file_order = NULL;
  vs_status status = vs_weights_raw_add(raw, slot, &values);
  if (status != VS_OK) return status;
  float *target = values;
  if (!slot.is_bias) {
    file_order = malloc(vs_weights_slot_count(slot) * sizeof *file_order);
    if (file_order == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a kernel");
    target = file_order;
  }
  if (H5Dread(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, target) < 0)
    status = vs_fail(VS_ERR_FORMAT, "its numbers cannot be read: damaged, or cut short");
  else if (!slot.is_bias)
    transpose_kernel(file_order, values, (size_t)vs_vgg16_in_channels(slot.conv),
                     (size_t)vs_vgg16_tap(vs_vgg16_tap_of_conv(slot.conv))->channels);
  free(file_order);
  return status;
}

static vs_status read_tensor(hid_t group, const char *name, vs_weights_slot slot,
                             vs_weights_raw *raw) {
  vs_status status;
  hid_t space = H5I_INVALID_HID, type = H5I_INVALID_HID;
  hid_t set = H5Dopen2(group, name, H5P_DEFAULT);
  if (set < 0) {
    status = vs_fail(VS_ERR_FORMAT, "no such data set");
    goto done;
  }
  space = H5Dget_space(set);
  type = H5Dget_type(set);
  if (type < 0 || H5Tget_class(type) != H5T_FLOAT) {
    status = vs_fail(VS_ERR_FORMAT, "holds something else than floating-point numbers");
    goto done;
  }
  hsize_t dims[H5S_MAX_RANK];
  int rank = H5Sget_simple_extent_dims(space, dims, NULL);
  if (rank < 0) {
    status = vs_fail(VS_ERR_FORMAT, "its shape cannot be read: damaged");
    goto done;
  }
  status = check_shape(slot, dims, (size_t)rank);
  if (status == VS_OK) status = read_values(set, slot, raw);
done:
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  if (set >= 0) H5Dclose(set);
  char shown[NAME_BYTES];
  vs_weights_raw_printable(shown, sizeof shown, name, strlen(name));
  return vs_status_context(status, "data set %s", shown);
}

static vs_status read_layer(hid_t group, const char *kernel, const char *bias, int conv,
                            vs_weights_raw *raw) {
  vs_status status = read_tensor(group, kernel, (vs_weights_slot){.conv = conv}, raw);
  if (status == VS_OK)
    status = read_tensor(group, bias, (vs_weights_slot){.conv = conv, .is_bias = true}, raw);
  return vs_status_context(status, "layer %s", vs_vgg16_tap(vs_vgg16_tap_of_conv(conv))->name);
}

/* --- legacy ----------------------------------------------------------------------------------- */

static vs_status read_legacy_layer(hid_t root, const char *name, int conv, vs_weights_raw *raw) {
  name_list weights = {0};
  hid_t group = H5Gopen2(root, name, H5P_DEFAULT);
  vs_status status = group < 0 ? vs_fail(VS_ERR_FORMAT, "layer %s has no group", name)
                               : read_names(group, "weight_names", &weights);
  if (status == VS_OK && weights.count != 2)
    status = vs_fail(VS_ERR_FORMAT, "layer %s has %zu weights, not a kernel and a bias", name,
                     weights.count);
  if (status == VS_OK) status = read_layer(group, weights.names[0], weights.names[1], conv, raw);
  clear_names(&weights);
  if (group >= 0) H5Gclose(group);
  return status;
}

static vs_status read_legacy(hid_t root, vs_weights_raw *raw) {
  name_list layers;
  vs_status status = read_names(root, "layer_names", &layers);
  for (size_t i = 0; status == VS_OK && i < layers.count; i++) {
    vs_weights_slot slot;
    status = vs_weights_slot_of_keras_name(&slot, layers.names[i]);
    if (status == VS_OK && vs_weights_raw_wants(raw, slot))
      status = read_legacy_layer(root, layers.names[i], slot.conv, raw);
  }
  clear_names(&layers);
  return status;
}

/* --- Keras 3 ---------------------------------------------------------------------------------- */

static bool has_link(hid_t group, const char *name) {
  return H5Lexists(group, name, H5P_DEFAULT) > 0;
}

/* Layers go by their own names (block3_conv2) or are numbered; `name` is that of this file. */
static void name_layer(hid_t layers, int conv, char *name, size_t size) {
  const vs_tap_info *tap = vs_vgg16_tap(vs_vgg16_tap_of_conv(conv)); /* "conv3_2" */
  snprintf(name, size, "block%c_conv%c", tap->name[4], tap->name[6]);
  if (has_link(layers, name)) return;
  if (conv == 0)
    snprintf(name, size, "conv2d");
  else
    snprintf(name, size, "conv2d_%d", conv);
}

static vs_status refuse_other_networks(hid_t layers) {
  if (has_link(layers, "batch_normalization"))
    return vs_fail(VS_ERR_FORMAT, "has a layer batch_normalization: plain VGG16 is needed");
  if (has_link(layers, "conv2d_13") || has_link(layers, "block3_conv4"))
    return vs_fail(VS_ERR_FORMAT, "has more than 13 convolutions: this is VGG19 or another "
                                  "network, VGG16 is needed");
  return VS_OK;
}

static vs_status read_keras3(hid_t layers, vs_weights_raw *raw) {
  vs_status status = refuse_other_networks(layers);
  for (int conv = 0; status == VS_OK && conv <= raw->last_conv; conv++) {
    char name[64];
    name_layer(layers, conv, name, sizeof name);
    hid_t layer = H5Gopen2(layers, name, H5P_DEFAULT);
    if (layer < 0) return vs_fail(VS_ERR_FORMAT, "has no layer %s: not VGG16 weights", name);
    status = read_layer(layer, "vars/0", "vars/1", conv, raw);
    H5Gclose(layer);
    status = vs_status_context(status, "%s", name);
  }
  return status;
}

/* --- which of the two ------------------------------------------------------------------------- */

typedef enum layout { LAYOUT_LEGACY, LAYOUT_KERAS3 } layout;

typedef struct place {
  const char *path;
  layout layout;
} place;

/* Where layers may be, the likeliest first. */
static const place places[] = {
    {"/", LAYOUT_LEGACY},
    {"/model_weights", LAYOUT_LEGACY},
    {"/layers/functional/layers", LAYOUT_KERAS3},
    {"/layers/functional/_layer_checkpoint_dependencies", LAYOUT_KERAS3},
    {"/layers/functional", LAYOUT_KERAS3},
    {"/layers", LAYOUT_KERAS3},
    {"/_layer_checkpoint_dependencies/functional/layers", LAYOUT_KERAS3},
    {"/_layer_checkpoint_dependencies/functional", LAYOUT_KERAS3},
    {"/_layer_checkpoint_dependencies", LAYOUT_KERAS3},
};

static bool has_layers(hid_t group, layout kind) {
  if (kind == LAYOUT_LEGACY)
    return has_attribute(group, "layer_names") || has_attribute(group, "layer_names0");
  return has_link(group, "conv2d") || has_link(group, "block1_conv1");
}

static vs_status read_file(hid_t file, vs_weights_raw *raw, bool *is_keras3) {
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    hid_t group = H5Gopen2(file, places[i].path, H5P_DEFAULT);
    if (group < 0) continue;
    bool found = has_layers(group, places[i].layout);
    vs_status status = VS_OK;
    *is_keras3 = places[i].layout == LAYOUT_KERAS3;
    if (found) status = *is_keras3 ? read_keras3(group, raw) : read_legacy(group, raw);
    H5Gclose(group);
    if (found) return status;
  }
  return vs_fail(VS_ERR_FORMAT, "an HDF5 file without layers as Keras saves them (layer_names, or "
                                "layers/conv2d)");
}

/* HDF5 prints a trace of every error by itself unless told otherwise. Absence is an answer here. */
typedef struct error_printing {
  H5E_auto2_t function;
  void *data;
} error_printing;

static error_printing stop_printing(void) {
  error_printing before = {0};
  H5Eget_auto2(H5E_DEFAULT, &before.function, &before.data);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  return before;
}

vs_status vs_weights_keras_read(const vs_weights_file *file, vs_weights_raw *raw, bool *is_keras3) {
  *is_keras3 = false;
  raw->is_hwio = true;
  error_printing before = stop_printing();
  hid_t handle = H5Fopen(file->path, H5F_ACC_RDONLY, H5P_DEFAULT);
  vs_status status =
      handle < 0 ? vs_fail(VS_ERR_FORMAT, "HDF5 cannot open it: damaged, cut short, or still open "
                                          "for writing elsewhere")
                 : read_file(handle, raw, is_keras3);
  if (handle >= 0) H5Fclose(handle);
  H5Eset_auto2(H5E_DEFAULT, before.function, before.data);
  return status;
}
