/* Holds the bundled page and the licences of what is in it, as the build embedded them. */
#include "analysis/report/web_template.h"

#include <stddef.h>

#include "vs_web_files.h" /* generated: vs_web_page_file, vs_web_licences_file */

const char *vs_web_template(void) {
  const char *page = (const char *)vs_web_page_file;
  return page[0] != '\0' ? page : NULL;
}

const char *vs_web_template_licences(void) {
  return vs_web_template() != NULL ? (const char *)vs_web_licences_file : NULL;
}
