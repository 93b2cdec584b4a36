/* figure_text.h - figures as people read them, in tables and under pictures. */
#ifndef VS_ANALYSIS_METRICS_FIGURE_TEXT_H
#define VS_ANALYSIS_METRICS_FIGURE_TEXT_H

#define VS_FIGURE_TEXT 24

/* Four significant digits; whole numbers from 1,000 to below 10 million, where losses live, in full
 * rather than with an exponent; "-" for NaN. */
void vs_figure_text(double value, char text[VS_FIGURE_TEXT]);

#endif
