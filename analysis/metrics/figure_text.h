/* figure_text.h - figures as people read them, in tables and under pictures. */
#ifndef VS_ANALYSIS_METRICS_FIGURE_TEXT_H
#define VS_ANALYSIS_METRICS_FIGURE_TEXT_H

#define VS_FIGURE_TEXT 24

/* Four significant digits; whole numbers from 1,000 to below 10 million, where losses live, in full
 * rather than with an exponent; "-" for NaN. */
void vs_figure_text(double value, char text[VS_FIGURE_TEXT]);

/* A number by a format of printf, as a table has it: `vs_figure_text_as("%+.1f%%", 100 * gain)`.
 * What is shown as zero has no sign: a silent channel's excitation loss is -0, and a loss of .0002
 * is 0.0%. */
typedef struct vs_formatted_figure {
  char text[64];
} vs_formatted_figure;
vs_formatted_figure vs_figure_text_as(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
