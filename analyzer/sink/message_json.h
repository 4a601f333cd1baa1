/*
 * How a decoded message becomes members of the object "icmp": by the rows of
 * its type, its options and its extension objects, so that a new row needs
 * nothing here.
 */
#ifndef ANALYZER_SINK_MESSAGE_JSON_H
#define ANALYZER_SINK_MESSAGE_JSON_H

#include "analyzer/core/event.h"
#include "analyzer/sink/community_id.h"
#include "analyzer/sink/json_writer.h"

/* Of `event` its packet and message, which it has, and what is known of the quote. */
void message_json(struct json_writer *w, struct community_ids *ids, const struct event *event);

/* The member "anomalies" with their slugs, unless there are none. */
void anomalies_json(struct json_writer *w, const struct anomalies *anomalies);

#endif
