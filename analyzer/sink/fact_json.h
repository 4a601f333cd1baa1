/*
 * Facts as JSON members, by their rows: what events say of what they tell, and
 * the rows of the report that are made of the same facts.
 */
#ifndef ANALYZER_SINK_FACT_JSON_H
#define ANALYZER_SINK_FACT_JSON_H

#include "analyzer/core/event.h"
#include "analyzer/sink/json_writer.h"

/* Writes the members that `facts` has by `rows`; nothing when it is NULL. */
void fact_json(struct json_writer *w, const struct fact *rows, const void *facts);

/* An object that has the address as its `ip`, as ECS names an end of a flow. */
void json_host(struct json_writer *w, const char *key, const struct addr *address);

#endif
