/*
 * The sections of the text report about routers and neighbors.
 */
#ifndef ANALYZER_SINK_REPORT_NEIGHBORS_H
#define ANALYZER_SINK_REPORT_NEIGHBORS_H

#include "analyzer/core/report.h"
#include "analyzer/sink/text_page.h"

/* Writes those sections for which there is anything to tell. */
void report_neighbors(struct text_page *page, const struct report *report);

#endif
