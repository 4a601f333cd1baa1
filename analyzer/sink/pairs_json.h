/*
 * The exchanges of the report as JSON: "families" and "pairs".
 */
#ifndef ANALYZER_SINK_PAIRS_JSON_H
#define ANALYZER_SINK_PAIRS_JSON_H

#include "analyzer/core/report.h"
#include "analyzer/sink/json_writer.h"

/* Writes both members, unless there were no exchanges. */
void pairs_json(struct json_writer *w, const struct report *report);

#endif
