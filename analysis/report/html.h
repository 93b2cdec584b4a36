/* html.h - text into HTML: what would be markup is written as what it looks like. */
#ifndef VS_ANALYSIS_REPORT_HTML_H
#define VS_ANALYSIS_REPORT_HTML_H

#include <stdio.h>

/* Prints a text so that it stands as itself in an element or in an attribute between quotes. NULL
 * prints nothing. Bytes that are no UTF-8 are passed on: a browser shows them as U+FFFD. */
void vs_html_print(FILE *out, const char *text);

#endif
