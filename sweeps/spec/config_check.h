/* config_check.h - values of a configuration checked against each other, once each is right by
 * itself. */
#ifndef VS_SWEEPS_SPEC_CONFIG_CHECK_H
#define VS_SWEEPS_SPEC_CONFIG_CHECK_H

#include "sweeps/spec/config.h"

/* Adds a problem for each pair of keys that do not go together in any run of the grid. */
void vs_config_check(const vs_config *config, vs_problems *problems);

/* What margins leave of the shorter side of the smallest page, mm: more than the line of any pen.
 */
double vs_config_check_sheet_mm(const vs_config *config);

#endif
