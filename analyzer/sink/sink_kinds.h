/*
 * The kinds of sinks there are, for sinks.c alone. Each fills `out` for a
 * sink that writes to `output`, which it borrows. 0, or -1 and `err`.
 */
#ifndef ANALYZER_SINK_SINK_KINDS_H
#define ANALYZER_SINK_SINK_KINDS_H

#include "analyzer/sink/output.h"
#include "analyzer/sink/sink.h"

/* NDJSON in ECS (file.c). */
int file_sink_create(const struct sinks *sinks, struct output *output, struct sink *out,
    char *err);

/* A line for a person (line.c). */
int line_sink_create(struct output *output, struct sink *out, char *err);

/* The report of a kind, "text" or "json" (report_sink.c). */
int report_sink_create(const char *kind, struct output *output, struct sink *out, char *err);

#endif
