/* channels.c - a selection is understood first, then written out for each layer. */
#include "sweeps/spec/channels.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "sweeps/spec/scalar.h"

#define CHANNELS_MAX 512 /* of the widest layer */

static const char forms[] = "must be a channel, a list of them, all, {range: [from, to]} or "
                            "{sample: n, seed: s}";

/* A selection, understood but not yet written out. */
typedef struct selection {
  enum { LISTED, ALL, RANGE, SAMPLE } kind;
  bool chosen_before[CHANNELS_MAX]; /* LISTED: to find what is listed twice */
  int listed[CHANNELS_MAX];
  size_t count; /* of listed; SAMPLE: how many to draw */
  int from, to, step;
  uint64_t seed;
} selection;

typedef struct reader {
  selection *chosen;
  const vs_value *layers;
  size_t layer_count;
  const char *label;
  vs_problems *problems;
} reader;

static const vs_tap_info *tap_of(const vs_value *layer) {
  return vs_vgg16_tap((int)layer->numbers[0]);
}

void vs_channels_clear(vs_channels *channels) {
  free(channels->list);
  *channels = (vs_channels){0};
}

/* The first layer with fewer than `needed` channels, or NULL. */
static const vs_tap_info *find_narrow_layer(const reader *read, double needed) {
  for (size_t i = 0; i < read->layer_count; i++)
    if (tap_of(&read->layers[i])->channels < needed) return tap_of(&read->layers[i]);
  return NULL;
}

/* The same for messages; without a layer the widest there is. */
static const char *name_of(const vs_tap_info *narrow) {
  return narrow != NULL ? narrow->name : "the widest layer";
}

static int width_of(const vs_tap_info *narrow) {
  return narrow != NULL ? narrow->channels : CHANNELS_MAX;
}

/* A channel number that every layer has. */
static bool read_channel(reader *read, const vs_document_node *node, int *channel) {
  double number;
  if (!vs_scalar_whole(&number, node, 0, INFINITY, read->label, read->problems)) return false;
  const vs_tap_info *narrow = find_narrow_layer(read, number + 1);
  if (narrow == NULL && number < CHANNELS_MAX) {
    *channel = (int)number;
    return true;
  }
  vs_problems_add(read->problems, node->mark, read->label,
                  "there is no channel %s; %s has channels 0..%d",
                  vs_problem_quote(node->text).text, name_of(narrow), width_of(narrow) - 1);
  return false;
}

static bool read_list(reader *read, const vs_document_node *node) {
  selection *chosen = read->chosen;
  chosen->kind = LISTED;
  bool fine = true;
  if (node->count == 0) {
    vs_problems_add(read->problems, node->mark, read->label, "an empty list");
    return false;
  }
  for (const vs_document_node *item = node->first; item != NULL; item = item->next) {
    int channel;
    if (!read_channel(read, item, &channel)) {
      fine = false;
    } else if (chosen->chosen_before[channel]) {
      vs_problems_add(read->problems, item->mark, read->label, "%d is listed twice", channel);
      fine = false;
    } else {
      chosen->chosen_before[channel] = true;
      chosen->listed[chosen->count++] = channel;
    }
  }
  return fine;
}

static bool read_range(reader *read, const vs_document_node *node) {
  selection *chosen = read->chosen;
  chosen->kind = RANGE;
  double bounds[3] = {0, 0, 1};
  if (node->kind == VS_NODE_BAD) return false;
  if (node->kind != VS_NODE_LIST || node->count < 2 || node->count > 3) {
    vs_problems_add(read->problems, node->mark, read->label,
                    "range must be [from, to] or [from, to, step], without `to` itself");
    return false;
  }
  const vs_document_node *items[3] = {node->first, node->first->next, node->first->next->next};
  bool fine = true;
  for (size_t i = 0; i < node->count; i++)
    fine &= vs_scalar_whole(&bounds[i], items[i], i == 0 ? 0 : 1, i == 2 ? CHANNELS_MAX : INFINITY,
                            read->label, read->problems);
  if (!fine) return false;
  if (bounds[0] >= bounds[1]) {
    vs_problems_add(read->problems, node->mark, read->label,
                    "an empty range: it goes from %.0f up to %.0f, without %.0f", bounds[0],
                    bounds[1], bounds[1]);
    return false;
  }
  const vs_tap_info *narrow = find_narrow_layer(read, bounds[1]);
  if (narrow != NULL || bounds[1] > CHANNELS_MAX) {
    vs_problems_add(read->problems, items[1]->mark, read->label,
                    "%s has channels 0..%d, so a range ends at %d at most, not at %.0f",
                    name_of(narrow), width_of(narrow) - 1, width_of(narrow), bounds[1]);
    return false;
  }
  chosen->from = (int)bounds[0];
  chosen->to = (int)bounds[1];
  chosen->step = (int)bounds[2];
  return true;
}

static bool read_sample(reader *read, const vs_document_node *count, const vs_document_node *seed) {
  selection *chosen = read->chosen;
  chosen->kind = SAMPLE;
  double number, seed_number = 0;
  bool fine = vs_scalar_whole(&number, count, 1, INFINITY, read->label, read->problems);
  if (seed != NULL)
    fine &= vs_scalar_whole(&seed_number, seed, 0, vs_schema_key(VS_KEY_SEED)->max, read->label,
                            read->problems);
  if (!fine) return false;
  const vs_tap_info *narrow = find_narrow_layer(read, number);
  if (narrow != NULL || number > CHANNELS_MAX) {
    vs_problems_add(read->problems, count->mark, read->label,
                    "a sample of %.0f channels, but %s has %d", number, name_of(narrow),
                    width_of(narrow));
    return false;
  }
  chosen->count = (size_t)number;
  chosen->seed = (uint64_t)seed_number;
  return true;
}

static bool read_map(reader *read, const vs_document_node *node) {
  enum { RANGE_KEY, SAMPLE_KEY, SEED_KEY, KEYS };
  static const char *const known[KEYS] = {
      [RANGE_KEY] = "range", [SAMPLE_KEY] = "sample", [SEED_KEY] = "seed"};
  const vs_document_node *found[KEYS] = {NULL};
  for (const vs_document_node *item = node->first; item != NULL; item = item->next) {
    size_t match = 0;
    while (match < KEYS && strcmp(known[match], item->key) != 0) match++;
    if (match == KEYS) {
      vs_problems_add(read->problems, item->key_mark, read->label, "unknown key %s%s",
                      vs_problem_quote(item->key).text,
                      vs_problem_hint_near(item->key, known, KEYS).text);
      return false;
    }
    if (found[match] != NULL) {
      vs_problems_add(read->problems, item->key_mark, read->label, "%s is given twice", item->key);
      return false;
    }
    found[match] = item;
  }
  const vs_document_node *range = found[RANGE_KEY], *sample = found[SAMPLE_KEY],
                         *seed = found[SEED_KEY];
  if (range != NULL && sample == NULL && seed == NULL) return read_range(read, range);
  if (sample != NULL && range == NULL) return read_sample(read, sample, seed);
  vs_problems_add(read->problems, node->mark, read->label, "%s", forms);
  return false;
}

static bool read_selection(reader *read, const vs_document_node *node) {
  switch (node->kind) {
  case VS_NODE_BAD:
    return false;
  case VS_NODE_LIST:
    return read_list(read, node);
  case VS_NODE_MAP:
    return read_map(read, node);
  case VS_NODE_SCALAR:
    break;
  }
  if (strcmp(node->text, "all") == 0) {
    read->chosen->kind = ALL;
    return true;
  }
  if (vs_document_node_is_null(node) || strspn(node->text, "+-0123456789") == 0) {
    vs_problems_add(read->problems, node->mark, read->label, "%s, not %s", forms,
                    vs_problem_quote(node->text).text);
    return false;
  }
  read->chosen->kind = LISTED;
  read->chosen->count = 1;
  return read_channel(read, node, &read->chosen->listed[0]);
}

/* `count` different numbers below `total`, drawn by a shuffle that is stopped early, then sorted.
 */
static size_t draw_sample(const selection *chosen, int total, int *out) {
  assert(total > 0 && total <= CHANNELS_MAX && chosen->count <= (size_t)total);
  bool drawn[CHANNELS_MAX] = {false};
  int pool[CHANNELS_MAX];
  for (int i = 0; i < total; i++) pool[i] = i;
  vs_random_key key = vs_random_make_key(chosen->seed, VS_RANDOM_SAMPLE, 0);
  for (size_t i = 0; i < chosen->count; i++) {
    uint64_t left = (uint64_t)total - i;
    size_t pick = i + (size_t)((vs_random_bits(key, i) * left) >> 32);
    int channel = pool[pick];
    pool[pick] = pool[i];
    drawn[channel] = true;
  }
  size_t count = 0;
  for (int i = 0; i < total; i++)
    if (drawn[i]) out[count++] = i;
  return count;
}

static size_t write_out(const selection *chosen, int total, int out[CHANNELS_MAX]) {
  size_t count = 0;
  switch (chosen->kind) {
  case LISTED:
    for (; count < chosen->count; count++) out[count] = chosen->listed[count];
    break;
  case ALL:
    for (int i = 0; i < total; i++) out[count++] = i;
    break;
  case RANGE:
    for (int i = chosen->from; i < chosen->to; i += chosen->step) out[count++] = i;
    break;
  case SAMPLE:
    count = draw_sample(chosen, total, out);
    break;
  }
  return count;
}

bool vs_channels_read(vs_channels *channels, const vs_value *layers, size_t layer_count,
                      const vs_document_node *node, const char *label, vs_problems *problems) {
  selection chosen = {.kind = LISTED};
  reader read = {&chosen, layers, layer_count, label, problems};
  if (!read_selection(&read, node)) return false;
  for (size_t i = 0; i < layer_count; i++) {
    int list[CHANNELS_MAX];
    size_t count = write_out(&chosen, tap_of(&layers[i])->channels, list);
    assert(count > 0);
    channels[i].list = malloc(count * sizeof *list);
    if (channels[i].list == NULL) {
      problems->no_memory = true;
      return false;
    }
    memcpy(channels[i].list, list, count * sizeof *list);
    channels[i].count = count;
  }
  return true;
}
