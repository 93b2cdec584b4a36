/* svg_scan.c - the smallest words of the grammars of SVG and CSS, for all parsers beside this
 * one. */
#include "core/svg/svg_scan.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void vs_svg_scan_space(const char **at) {
  while (is_space(**at)) ++*at;
}

void vs_svg_scan_comma(const char **at) {
  vs_svg_scan_space(at);
  if (**at != ',') return;
  ++*at;
  vs_svg_scan_space(at);
}

/* Digits into *mantissa as long as they fit; returns how many there were, *dropped of them beyond
 * its precision. */
static int scan_digits(const char **at, uint64_t *mantissa, int *dropped) {
  int count = 0;
  for (; is_digit(**at); ++*at) {
    if (*mantissa < UINT64_MAX / 10 - 1)
      *mantissa = *mantissa * 10 + (uint64_t)(**at - '0');
    else
      ++*dropped;
    if (count < 1000000) count++;
  }
  return count;
}

static bool scan_sign(const char **at) {
  const bool negative = **at == '-';
  if (negative || **at == '+') ++*at;
  return negative;
}

/* "e12": without a digit it is no exponent, as in "2em". */
static int scan_exponent(const char **at) {
  const char *from = *at;
  if (*from != 'e' && *from != 'E') return 0;
  from++;
  const bool negative = scan_sign(&from);
  if (!is_digit(*from)) return 0;
  int exponent = 0;
  for (; is_digit(*from); from++)
    if (exponent < 10000) exponent = exponent * 10 + (*from - '0');
  *at = from;
  return negative ? -exponent : exponent;
}

bool vs_svg_scan_number(const char **at, double *value) {
  const char *from = *at;
  uint64_t mantissa = 0;
  int dropped = 0, dropped_behind = 0, behind = 0;
  const bool negative = scan_sign(&from);
  int digits = scan_digits(&from, &mantissa, &dropped);
  if (*from == '.' && is_digit(from[1])) {
    from++;
    behind = scan_digits(&from, &mantissa, &dropped_behind);
  } else if (*from == '.' && digits > 0) {
    from++; /* "1." was a number once, and still is everywhere */
  }
  if (digits + behind == 0) return false;
  const int exponent = scan_exponent(&from) + dropped + dropped_behind - behind;
  double number = (double)mantissa;
  /* A division by an exact power is right to the last bit, a product with its inverse is not. */
  if (mantissa != 0)
    number = exponent < 0 ? number / pow(10.0, -exponent) : number * pow(10.0, exponent);
  *value = negative ? -number : number;
  *at = from;
  return true;
}

bool vs_svg_scan_word(const char **at, const char *word) {
  const size_t length = strlen(word);
  if (strncasecmp(*at, word, length) != 0 || is_letter((*at)[length])) return false;
  *at += length;
  return true;
}

typedef struct unit {
  const char *name;
  double px;
} unit;

static const unit units[] = {{"px", 1.0},         {"mm", 96.0 / 25.4}, {"cm", 96.0 / 2.54},
                             {"in", 96.0},        {"pt", 96.0 / 72.0}, {"pc", 16.0},
                             {"q", 96.0 / 101.6}, {"em", 16.0},        {"ex", 8.0}};

bool vs_svg_scan_unit(const char **at, double *px) {
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    if (!vs_svg_scan_word(at, units[i].name)) continue;
    *px = units[i].px;
    return true;
  }
  return false;
}

bool vs_svg_scan_length(const char *text, double hundred, double *value) {
  const char *at = text;
  double number, px = 1.0;
  vs_svg_scan_space(&at);
  if (!vs_svg_scan_number(&at, &number)) return false;
  if (*at == '%') {
    px = hundred / 100.0;
    at++;
  } else if (is_letter(*at) && !vs_svg_scan_unit(&at, &px)) {
    return false;
  }
  vs_svg_scan_space(&at);
  if (*at != '\0') return false;
  *value = number * px;
  return true;
}

void vs_svg_scan_quote(char *out, size_t size, const char *text) {
  size_t length = 0;
  for (; text[length] != '\0' && length + 1 < size; length++) {
    const char c = text[length];
    out[length] = c >= ' ' && c <= '~' ? c : '?';
  }
  out[length] = '\0';
}
