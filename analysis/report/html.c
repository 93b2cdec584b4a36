/* The one place where text from outside becomes HTML. */
#include "analysis/report/html.h"

static const char *entity(char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return NULL;
  }
}

void vs_html_print(FILE *out, const char *text) {
  for (; text != NULL && *text != '\0'; text++) {
    const char *escaped = entity(*text);
    if (escaped != NULL)
      fputs(escaped, out);
    else
      putc(*text, out);
  }
}
