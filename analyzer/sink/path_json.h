/*
 * What the report knows of paths, as JSON.
 */
#ifndef ANALYZER_SINK_PATH_JSON_H
#define ANALYZER_SINK_PATH_JSON_H

#include "analyzer/core/report.h"
#include "analyzer/sink/json_writer.h"

/* Writes the members `traceroutes`, `paths` and `pmtu`, those that are not empty. */
void path_json(struct json_writer *w, const struct report *report);

#endif
