/* page.h - sheets of paper, by their names. */
#ifndef VS_CORE_PLOT_PAGE_H
#define VS_CORE_PLOT_PAGE_H

#include "core/base/status.h"

typedef struct vs_page {
  double width_mm, height_mm;
} vs_page;

/* Every name: upright "A6" .. "A2", "Letter", then the same lying, "A6-landscape" ...;
 * NULL-terminated. */
extern const char *const vs_page_names[];

/* The page of this name, in any case. VS_ERR_USAGE lists the names. */
vs_status vs_page_find(const char *name, vs_page *page);

/* The names for a person: "A6, A5, A4, A3, A2 and Letter, lying as in A4-landscape". */
#define VS_PAGE_LIST 80
void vs_page_list(char out[VS_PAGE_LIST]);

#endif
