/*
 * The report's table of who asked whom, what of it was answered and how fast.
 */
#ifndef ANALYZER_SINK_REPORT_PAIRS_H
#define ANALYZER_SINK_REPORT_PAIRS_H

#include <stdint.h>

#include "analyzer/core/report.h"
#include "analyzer/sink/text_page.h"

#define SHARE_SIZE 16

void report_pairs(struct text_page *page, const struct report *report);

/*
 * A share in percent, never rounded to none or all: "0%", "<0.1%", "47.8%",
 * ">99.9%", "100%". In `out` of SHARE_SIZE, which is returned.
 */
const char *share_text(uint64_t part, uint64_t whole, char *out);

#endif
