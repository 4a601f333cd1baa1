/*
 * The report for a person: 80 columns, plain ASCII but for file names, the
 * worst first, nothing that is empty.
 */
#ifndef ANALYZER_SINK_REPORT_TEXT_H
#define ANALYZER_SINK_REPORT_TEXT_H

#include "analyzer/core/report.h"
#include "analyzer/sink/output.h"

/*
 * Writes the report. Colours only when the output is a terminal and NO_COLOR
 * is not set. 0, or -1 and `err`.
 */
int report_text(struct output *output, const struct report *report, char *err);

#endif
