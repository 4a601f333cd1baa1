/*
 * What an alert says outside of "icmp", in the fields that ECS has for it.
 */
#ifndef ANALYZER_SINK_ALERT_JSON_H
#define ANALYZER_SINK_ALERT_JSON_H

#include "analyzer/core/event.h"
#include "analyzer/sink/json_writer.h"

/* Members of "event": severity and risk score. */
void alert_json_event(struct json_writer *w, const struct alert_facts *facts);

/* Members of the alert itself: "message", "rule", "threat", "related". */
void alert_json(struct json_writer *w, const struct alert_facts *facts);

#endif
