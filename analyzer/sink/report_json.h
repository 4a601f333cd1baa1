/*
 * The report's content as JSON: a file of its own (--report json), and the
 * content of the events icmp.summary and icmp.stats.
 */
#ifndef ANALYZER_SINK_REPORT_JSON_H
#define ANALYZER_SINK_REPORT_JSON_H

#include <stdint.h>

#include "analyzer/core/report.h"
#include "analyzer/sink/json_writer.h"
#include "analyzer/sink/output.h"

/* Writes the report as one indented object. 0, or -1 and `err`. */
int report_json(struct output *output, const struct report *report, char *err);

/* Its members, inside the object that is open. */
void report_json_members(struct json_writer *w, const struct report *report);

/* The sensor's health: `by_dataset` counts the events written of each dataset. */
void report_json_stats(struct json_writer *w, const struct report *report,
    const uint64_t *by_dataset);

#endif
