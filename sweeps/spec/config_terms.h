/* config_terms.h - keys of the loss and of what is optimized, checked against each other. */
#ifndef VS_SWEEPS_SPEC_CONFIG_TERMS_H
#define VS_SWEEPS_SPEC_CONFIG_TERMS_H

#include "sweeps/spec/config.h"

/* Adds a problem for each pair of keys that do not go together in any run of the grid. */
void vs_config_terms_check(const vs_config *config, vs_problems *problems);

#endif
