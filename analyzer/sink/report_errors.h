/*
 * The report's sections about errors: who sent them, and which flows they speak
 * of, with what is wrong with that in words.
 */
#ifndef ANALYZER_SINK_REPORT_ERRORS_H
#define ANALYZER_SINK_REPORT_ERRORS_H

#include "analyzer/core/report.h"
#include "analyzer/sink/text_page.h"

void report_errors(struct text_page *page, const struct report *report);

#endif
