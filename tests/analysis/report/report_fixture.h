/* report_fixture.h - made-up runs of reports, and streams that are texts once they are closed. */
#ifndef VS_TESTS_ANALYSIS_REPORT_REPORT_FIXTURE_H
#define VS_TESTS_ANALYSIS_REPORT_REPORT_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>

#include "tests/analysis/fake_results.h"
#include "tests/support/unit.h"

typedef struct memory {
  char *text;
  size_t size;
  FILE *out;
} memory;

static inline void open_memory(memory *m) {
  m->out = open_memstream(&m->text, &m->size);
  assert_non_null(m->out);
}

static inline const char *close_memory(memory *m) {
  assert_int_equal(fclose(m->out), 0);
  return m->text;
}

static inline void add_run(vs_results *results, const char *layer, int channel, double lambda,
                           vs_outcome status) {
  vs_row row = fake_row(layer, channel, lambda, -100.0 - channel, 10.0);
  row.status = status;
  fake_results_add(results, &row, NULL);
}

#endif
