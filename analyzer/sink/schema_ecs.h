/*
 * How an event is written in ECS: one JSON object, one line. Names are those
 * of the Elastic Common Schema where it has one; the rest is under "icmp".
 */
#ifndef ANALYZER_SINK_SCHEMA_ECS_H
#define ANALYZER_SINK_SCHEMA_ECS_H

#include <stddef.h>

#include "analyzer/core/event.h"
#include "analyzer/sink/sink.h"

struct schema_ecs;

/* `sinks` outlives it. NULL when memory ran out. */
struct schema_ecs *schema_ecs_new(const struct sinks *sinks);
void schema_ecs_free(struct schema_ecs *ecs);

/*
 * The event as a line with its newline, under the sequence number that the
 * sinks are at; valid until the next call. NULL when memory ran out.
 */
const char *schema_ecs_line(struct schema_ecs *ecs, const struct event *event, size_t *len);

#endif
