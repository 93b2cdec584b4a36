/* order.h - plain orders for qsort and bsearch. */
#ifndef VS_CORE_BASE_ORDER_H
#define VS_CORE_BASE_ORDER_H

#include <string.h>

/* Of doubles, the smallest first; none of them NaN. */
static inline int vs_order_doubles(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* Of pointers to texts, by their bytes, whatever the locale. */
static inline int vs_order_texts(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

#endif
