/* schema.h - the one table of everything that may stand in a sweep file: key, type, range, default,
 * meaning. The checker, the defaults, the canonical form and the JSON Schema are all read off it;
 * a new key is one row here and, if it decides numbers, a place in vs_run_spec. */
#ifndef VS_SWEEPS_SPEC_SCHEMA_H
#define VS_SWEEPS_SPEC_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum vs_type {
  VS_TYPE_NAME,    /* a word that can name a folder */
  VS_TYPE_PATH,    /* a file, or one of the builtin names in choices */
  VS_TYPE_INT,     /* a whole number in min..max */
  VS_TYPE_REAL,    /* a finite number in min..max */
  VS_TYPE_BOOL,    /* true, false */
  VS_TYPE_CHOICE,  /* one of choices, as its place */
  VS_TYPE_WORD,    /* one of choices, as it is */
  VS_TYPE_COLOR,   /* "#rrggbb" or "#rgb" */
  VS_TYPE_PENS,    /* none, an installed set, a file (pens.h), or a list of pens */
  VS_TYPE_TAP,     /* a layer, core/vgg/vgg16.h */
  VS_TYPE_SIZE,    /* N or [height, width], each in min..max */
  VS_TYPE_SPAN,    /* [a, b] with a <= b, each in min..max */
  VS_TYPE_TAPS,    /* a list of layers, at least one */
  VS_TYPE_WEIGHTS, /* a list of numbers in min..max, perhaps empty */
  VS_TYPE_STEPS,   /* an increasing list of whole numbers in min..max, perhaps empty */
  VS_TYPE_CHANNELS /* N, a list, all, {range: [a, b, step]}, {sample: n, seed: s} (channels.h) */
} vs_type;

/* The rows of the table. */
typedef enum vs_key_id {
  VS_KEY_NAME,
  VS_KEY_SEED,
  VS_KEY_STREAMS,
  VS_KEY_WEIGHTS_FILE,
  VS_KEY_WEIGHTS_FAMILY,
  VS_KEY_IMAGE_SIZE,
  VS_KEY_IMAGE_PARAMETRIZATION,
  VS_KEY_IMAGE_DECAY,
  VS_KEY_IMAGE_SD,
  VS_KEY_IMAGE_CONTRAST,
  VS_KEY_STROKES_COUNT,
  VS_KEY_STROKES_SEGMENTS,
  VS_KEY_STROKES_CLOSED,
  VS_KEY_STROKES_WIDTH,
  VS_KEY_STROKES_COLOR,
  VS_KEY_STROKES_OPACITY,
  VS_KEY_STROKES_PAPER,
  VS_KEY_STROKES_START,
  VS_KEY_STROKES_LR_POINTS,
  VS_KEY_STROKES_LR_WIDTH,
  VS_KEY_STROKES_LR_COLOR,
  VS_KEY_STROKES_LR_OPACITY,
  VS_KEY_STROKES_MOMENTUM,
  VS_KEY_PALETTE_COLORS,
  VS_KEY_PALETTE_PENS,
  VS_KEY_PALETTE_REFINE,
  VS_KEY_LEVELS,
  VS_KEY_TILES,
  VS_KEY_OVERLAP,
  VS_KEY_FLIP,
  VS_KEY_TURN,
  VS_KEY_TILE_JITTER,
  VS_KEY_LEVEL_SHARE,
  VS_KEY_PLOT_PAGE,
  VS_KEY_PLOT_MARGIN,
  VS_KEY_PLOT_PEN,
  VS_KEY_STEPS,
  VS_KEY_STYLE_IMAGE,
  VS_KEY_STYLE_LAYERS,
  VS_KEY_STYLE_NORM,
  VS_KEY_STYLE_WEIGHTS,
  VS_KEY_STYLE_WHEN,
  VS_KEY_RESCUE,
  VS_KEY_ZERO_BELOW,
  VS_KEY_TV,
  VS_KEY_L2,
  VS_KEY_TV_STRENGTH,
  VS_KEY_L2_STRENGTH,
  VS_KEY_CROP,
  VS_KEY_PAD,
  VS_KEY_JITTER,
  VS_KEY_SCALE,
  VS_KEY_ROTATE,
  VS_KEY_OPTIMIZER,
  VS_KEY_LR,
  VS_KEY_SCHEDULE,
  VS_KEY_BETA1,
  VS_KEY_BETA2,
  VS_KEY_EPSILON,
  VS_KEY_WEIGHT_DECAY,
  VS_KEY_LAYER,
  VS_KEY_CHANNEL,
  VS_KEY_LAMBDA,
  VS_KEY_RHO,
  VS_KEY_STRENGTH, /* with lambda and rho before it: one of the three is used */
  VS_KEY_LOG_EVERY,
  VS_KEY_LOG_SNAPSHOTS,
  VS_KEY_LOG_PARAMS,
  VS_KEY_COUNT
} vs_key_id;

#define VS_KEY_NONE      (-1)
#define VS_KEY_AMBIGUOUS (-2)

/* The words of `streams` (identity.h). */
typedef enum vs_streams { VS_STREAMS_GROUP, VS_STREAMS_CHANNEL } vs_streams;

#define VS_NO_PLACE ((size_t)-1)

typedef struct vs_key {
  const char *path; /* dotted, e.g. "objective.steps"; "grid.*" can stand in the grid alone */
  vs_type type;
  double min, max;             /* of a number, or of each in a list; max may be INFINITY */
  bool min_is_out, max_is_out; /* the bound itself is not allowed */
  const char *const *choices;  /* words (core/base/words.h) */
  const char *fallback;        /* the default, as it would be written; NULL: none */
  const char *why_no_axis;     /* why it cannot vary within a sweep; NULL: it can be an axis */
  bool is_result;              /* decides a run's numbers, so it is a part of its id */
  bool is_later;     /* older programs did not know it: where it has the value that it was born with
                        it is no part of an id, so that older runs keep theirs */
  bool with_strokes; /* later, but as old as strokes, of whose ids it is always a part */
  const char *born;  /* later: what was so before it was a key, where the default is another one by
                        now; NULL: the fallback */
  bool of_pictures;  /* later: drawings do not read it, and have no part of it in their ids */
  int yields_to; /* later: where that key is written and this one is not, this has the value that it
                    was born with; 0: to none */
  bool stands_for_section; /* may be written in place of its whole section */
  size_t place;            /* in vs_run_spec, or VS_NO_PLACE */
  const char *doc;         /* one line */
} vs_key;

const vs_key *vs_schema_key(int id);

/* The value that a later key was born with: what a canonical form without it means. NULL: none. */
const char *vs_schema_born(int id);

/* Whether a key belongs to the grid alone: layer, channel, lambda, rho, strength. */
bool vs_schema_is_grid_only(int id);

/* The key with this path, or VS_KEY_NONE. */
int vs_schema_find(const char *path);

/* Whether a path ends in this part, or parts, after a dot: "optimizer.lr" in "lr". */
bool vs_schema_ends_in(const char *path, const char *name);

/* The key that a path or its last part (or parts) names: "optimizer.lr" or "lr". VS_KEY_AMBIGUOUS
 * if several keys or sections could be meant. Keys of the grid are found by their last part too. */
int vs_schema_find_short(const char *name);

/* What follows "section." in path (all of it where the section is ""), or NULL if path is not
 * inside the section. */
const char *vs_schema_inside(const char *section, const char *path);

/* Whether keys begin with "path.". */
bool vs_schema_is_section(const char *path);

/* The key that may be written in place of this section, or VS_KEY_NONE. */
int vs_schema_find_stand_in(const char *section);

/* For a word that is no key of this section ("": of the file): ` (did you mean "steps"?)`, or what
 * there is. In the section "grid" every axis is proposed, elsewhere what the section holds. */
typedef struct vs_key_hint {
  char text[400];
} vs_key_hint;
vs_key_hint vs_schema_hint(const char *section, const char *word);

/* Writes a JSON Schema (draft 7) of sweep files, for editors. */
void vs_schema_json(FILE *out);

#endif
