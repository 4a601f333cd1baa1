/*
 * The section of incidents in the text report, which leads it.
 */
#ifndef ANALYZER_SINK_REPORT_ALERTS_H
#define ANALYZER_SINK_REPORT_ALERTS_H

#include "analyzer/core/report.h"
#include "analyzer/sink/text_page.h"

/* Writes the section; nothing when there are no incidents. */
void report_alerts(struct text_page *page, const struct report *report);

#endif
