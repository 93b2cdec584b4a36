/* report_page.h - index.html: the page around a report's data.
 *
 * The page that is bundled from analysis/web is built into the program (web_template.h), and has
 * three places, each exactly once:
 *
 *   <!--vggsweep-title-->     the sweep's name
 *   <!--vggsweep-noscript-->  what is shown without JavaScript: counts and the best runs
 *   <!--vggsweep-data-->      <script type="application/json" id="report-data">...</script>
 *
 * A program that was built without npm has none: the plain page of this file shows counts,
 * headlines, shares of verdicts and the best runs with their pictures, and says what is missing.
 * The data stand in it all the same, for scripts. */
#ifndef VS_ANALYSIS_REPORT_REPORT_PAGE_H
#define VS_ANALYSIS_REPORT_REPORT_PAGE_H

#include "analysis/report/report_data.h"

/* Prints the whole page around the parts' data. `top`: runs in the table of the best, in order of
 * exc_gain. The template is zero-terminated; NULL: the plain page. VS_ERR_INTERNAL for a template
 * that lacks a place; whether all was written, `out` tells. */
vs_status vs_report_page_print(const vs_report_parts *parts, const char *page_template, size_t top,
                               FILE *out);

#endif
