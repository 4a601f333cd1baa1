/*
 * The sections of paths in the text report: traceroutes as mtr prints them,
 * what else is known of paths, path MTUs and redirects.
 */
#ifndef ANALYZER_SINK_REPORT_PATHS_H
#define ANALYZER_SINK_REPORT_PATHS_H

#include "analyzer/core/report.h"
#include "analyzer/sink/text_page.h"

/* Writes the sections; of what there is nothing to say of, nothing. */
void report_paths(struct text_page *page, const struct report *report);

#endif
