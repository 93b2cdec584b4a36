/* utf8.h - which bytes are a character. */
#ifndef VS_CORE_BASE_UTF8_H
#define VS_CORE_BASE_UTF8_H

/* Length in bytes of the UTF-8 character at `text`, or 0 if it is none (RFC 3629: no overlong
 * forms, no surrogates, nothing beyond U+10FFFF). The zero that ends a text is a character of one
 * byte. */
int vs_utf8_length(const char *text);

#endif
