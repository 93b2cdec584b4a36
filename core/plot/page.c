/* The table of pages. */
#include "core/plot/page.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/suggest.h"
#include "core/base/words.h"

enum { SIZES = 6 };

const char *const vs_page_names[] = {"A6",
                                     "A5",
                                     "A4",
                                     "A3",
                                     "A2",
                                     "Letter",
                                     "A6-landscape",
                                     "A5-landscape",
                                     "A4-landscape",
                                     "A3-landscape",
                                     "A2-landscape",
                                     "Letter-landscape",
                                     NULL};

/* In the order of the names. */
static const vs_page upright[SIZES] = {{105.0, 148.0}, {148.0, 210.0}, {210.0, 297.0},
                                       {297.0, 420.0}, {420.0, 594.0}, {215.9, 279.4}};

void vs_page_list(char out[VS_PAGE_LIST]) {
  vs_words_list(vs_page_names, SIZES, "and", out, VS_PAGE_LIST);
  const size_t used = strlen(out);
  snprintf(out + used, VS_PAGE_LIST - used, ", lying as in A4-landscape");
}

vs_status vs_page_find(const char *name, vs_page *page) {
  for (size_t i = 0; vs_page_names[i] != NULL; i++) {
    if (strcasecmp(vs_page_names[i], name) != 0) continue;
    const vs_page size = upright[i % SIZES];
    *page = i < SIZES ? size : (vs_page){size.height_mm, size.width_mm};
    return VS_OK;
  }
  char list[VS_PAGE_LIST];
  vs_page_list(list);
  const char *nearest = vs_suggest(name, vs_page_names, vs_words_count(vs_page_names));
  return vs_fail(VS_ERR_USAGE, "\"%.40s\" is no page%s%s%s: pages are %s", name,
                 nearest != NULL ? " (did you mean \"" : "", nearest != NULL ? nearest : "",
                 nearest != NULL ? "\"?)" : "", list);
}
