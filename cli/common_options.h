/* common_options.h - options of several commands, each told once, and what their values mean. */
#ifndef VS_CLI_COMMON_OPTIONS_H
#define VS_CLI_COMMON_OPTIONS_H

#include "cli/options.h"
#include "core/strokes/pen.h"
#include "core/vgg/vgg16.h"
#include "core/vgg/weights.h"

#define VS_MAX_THREADS 1024

vs_option vs_common_option_json(bool *json);

/* Threads of this process, 1 by default: ranks are what fills a machine. */
vs_option vs_common_option_threads(int *threads);

/* A name of weights for vs_weights_load. */
vs_option vs_common_option_weights(const char **name);

/* How pictures are prepared for weights; *family is a vs_family. */
vs_option vs_common_option_family(int *family);

/* The way to convolve; *conv is a vs_conv_algorithm. */
vs_option vs_common_option_conv(int *conv);
extern const char *const vs_common_option_convs[]; /* its words, by vs_conv_algorithm */

/* --set of a sweep file. */
vs_option vs_common_option_set(vs_texts *overrides);

/* A file of thresholds for vs_verdict_rules_read. */
vs_option vs_common_option_verdicts(const char **file);

/* Where styles are compared: the items of the list name one tap, or several with commas. */
vs_option vs_common_option_style_layers(vs_texts *names);

/* The taps that it names; without any relu2_2. VS_ERR_USAGE with a suggestion. */
vs_status vs_common_option_find_style_taps(const vs_texts *names, bool taps[VS_VGG_TAPS]);

/* The number of the tap that --layer names. VS_ERR_USAGE with a suggestion. */
vs_status vs_common_option_find_layer(const char *name, int *tap);

/* --pens K|FILE: how many pens (1 to VS_MAX_PENS), or *count is 0 and `pens` are those of a file or
 * an installed set. VS_ERR_USAGE, and what vs_pens_read says. */
vs_status vs_common_option_read_pens(const char *text, int *count, vs_pen_set *pens);

#endif
