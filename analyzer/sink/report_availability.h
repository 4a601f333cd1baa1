/*
 * The section of the text report about targets that somebody polls.
 */
#ifndef ANALYZER_SINK_REPORT_AVAILABILITY_H
#define ANALYZER_SINK_REPORT_AVAILABILITY_H

#include "analyzer/core/report.h"
#include "analyzer/sink/text_page.h"

/* Writes the section, unless nothing was polled. */
void report_availability(struct text_page *page, const struct report *report);

#endif
