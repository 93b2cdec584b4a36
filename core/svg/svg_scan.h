/* svg_scan.h - numbers and lengths as SVG writes them, whatever the locale.
 *
 * All functions move *at behind what they took, and leave it where it was if that is not there. */
#ifndef VS_CORE_SVG_SVG_SCAN_H
#define VS_CORE_SVG_SVG_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* White space, and white space around at most one comma. */
void vs_svg_scan_space(const char **at);
void vs_svg_scan_comma(const char **at);

/* sign? (digits, or digits "." digits) (e sign? digits)?: a number ends where it can no longer go
 * on, "1.5.5-3" are three. Beyond double's range it is infinite, for the caller to refuse. */
bool vs_svg_scan_number(const char **at, double *value);

/* The keyword, letters of either case, not followed by another letter. */
bool vs_svg_scan_word(const char **at, const char *word);

/* px, mm, cm, in, pt, pc, q, em or ex: *px is how many px that is (CSS: 96 an inch; em and ex are
 * those of 16 px letters). */
bool vs_svg_scan_unit(const char **at, double *px);

/* A whole text as a length in px; `hundred` is what 100% are. false if it is none; *value is then
 * unchanged. */
bool vs_svg_scan_length(const char *text, double hundred, double *value);

/* Up to `size` - 1 bytes of a text for a message, without what terminals would obey. */
void vs_svg_scan_quote(char *out, size_t size, const char *text);

#endif
