/* scalar.c - texts and numbers by themselves, and the words in which a number is refused. */
#include "sweeps/spec/scalar.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct phrase {
  char text[160];
} phrase;

static phrase range_of(const vs_key *key) {
  phrase range;
  const char *low = key->min_is_out ? "greater than" : "at least";
  if (isinf(key->max))
    snprintf(range.text, sizeof range.text, ", %s %.16g", low, key->min);
  else if (!key->min_is_out && !key->max_is_out)
    snprintf(range.text, sizeof range.text, " in %.16g..%.16g", key->min, key->max);
  else
    snprintf(range.text, sizeof range.text, ", %s %.16g and %s %.16g", low, key->min,
             key->max_is_out ? "less than" : "at most", key->max);
  return range;
}

static phrase number_of(const vs_key *key, bool whole) {
  phrase number;
  phrase range = range_of(key);
  snprintf(number.text, sizeof number.text, "a %snumber%s",
           whole             ? "whole "
           : isinf(key->max) ? "finite "
                             : "",
           range.text);
  return number;
}

const char *vs_scalar_text(const vs_document_node *node, const char *expected, const char *label,
                           vs_problems *problems) {
  if (node->kind == VS_NODE_BAD) return NULL;
  if (node->kind != VS_NODE_SCALAR)
    vs_problems_add(problems, node->mark, label, "must be %s, not a %s", expected,
                    node->kind == VS_NODE_LIST ? "list" : "map");
  else if (vs_document_node_is_null(node))
    vs_problems_add(problems, node->mark, label, "has no value; it must be %s", expected);
  else
    return node->text;
  return NULL;
}

static size_t count_digits(const char *text) {
  size_t count = 0;
  while (isdigit((unsigned char)text[count])) count++;
  return count;
}

/* -?(0|[1-9][0-9]*) and, unless whole, a fraction and an exponent; JSON's numbers, and .5, 5., +5.
 */
static bool is_number_text(const char *text, bool whole) {
  if (*text == '+' || *text == '-') text++;
  size_t before = count_digits(text), after = 0;
  if (before > 1 && text[0] == '0') return false;
  text += before;
  if (!whole && *text == '.') {
    after = count_digits(text + 1);
    text += 1 + after;
  }
  if (before + after == 0) return false;
  if (!whole && (*text == 'e' || *text == 'E')) {
    text++;
    if (*text == '+' || *text == '-') text++;
    size_t exponent = count_digits(text);
    if (exponent == 0) return false;
    text += exponent;
  }
  return *text == '\0';
}

bool vs_scalar_number(double *number, const vs_document_node *node, const vs_key *range, bool whole,
                      const char *label, vs_problems *problems) {
  phrase expected = number_of(range, whole);
  const char *text = vs_scalar_text(node, expected.text, label, problems);
  if (text == NULL) return false;
  bool is_number = is_number_text(text, whole);
  if (is_number && node->quoted) {
    vs_problems_add(problems, node->mark, label, "must be %s, and %s in quotes is a text",
                    expected.text, text);
    return false;
  }
  double parsed = is_number ? strtod(text, NULL) : NAN;
  bool inside = isfinite(parsed) && parsed >= range->min && parsed <= range->max &&
                !(range->min_is_out && parsed <= range->min) &&
                !(range->max_is_out && parsed >= range->max);
  if (!inside) {
    vs_problems_add(problems, node->mark, label, "must be %s, not %s", expected.text,
                    vs_problem_quote(text).text);
    return false;
  }
  *number = parsed + 0.0; /* -0 becomes 0 */
  return true;
}

bool vs_scalar_whole(double *number, const vs_document_node *node, double min, double max,
                     const char *label, vs_problems *problems) {
  const vs_key range = {.min = min, .max = max};
  return vs_scalar_number(number, node, &range, true, label, problems);
}
