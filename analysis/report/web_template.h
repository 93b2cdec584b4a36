/* web_template.h - the page of analysis/web as it was when the program was built.
 *
 * It is compiled into the program (scripts/cmake/EmbedFiles.cmake) rather than installed beside it
 * like the builtin weights: page and data are of one version then, nothing has to be found at run
 * time, and some 200 kB are no burden. */
#ifndef VS_ANALYSIS_REPORT_WEB_TEMPLATE_H
#define VS_ANALYSIS_REPORT_WEB_TEMPLATE_H

/* The page with its three places (report_page.h), zero-terminated; NULL if there was no npm. */
const char *vs_web_template(void);

/* The licences of what is bundled in it, which go wherever it goes; NULL without a page. */
const char *vs_web_template_licences(void);

#endif
