/* utf8.c - what RFC 3629 allows, byte by byte. JSON, SVG and messages print text by it. */
#include "core/base/utf8.h"

#include <stdbool.h>

int vs_utf8_length(const char *text) {
  const unsigned char *at = (const unsigned char *)text;
  if (at[0] < 0x80) return 1;
  if (at[0] < 0xc2 || at[0] > 0xf4) return 0;
  int length = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
  for (int i = 1; i < length; i++)
    if ((at[i] & 0xc0) != 0x80) return 0;
  bool overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
  bool surrogate = at[0] == 0xed && at[1] > 0x9f;
  bool beyond = at[0] == 0xf4 && at[1] > 0x8f;
  return overlong || surrogate || beyond ? 0 : length;
}
