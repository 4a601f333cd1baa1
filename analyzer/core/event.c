/*
 * The event table: one row for each thing that can be said, and the facts of
 * each by offset. Adding a fact is a line here and a member in its struct.
 */
#include "analyzer/core/event.h"

#include <stddef.h>

/* clang-format off */
#define EXCHANGE(member) offsetof(struct exchange_facts, member)

#define SIDE(at, member) ((at) + offsetof(struct exchange_side, member))

#define EXCHANGE_SIDE(key, at, whose) \
	{ (key), FACT_GROUP, 0, (whose) }, \
	{ "type", FACT_NUMBER, SIDE(at, type), "ICMP type" }, \
	{ "code", FACT_NUMBER, SIDE(at, code), "ICMP code" }, \
	{ "frame", FACT_NUMBER, SIDE(at, frame), "number of the frame in its file" }, \
	{ "ttl", FACT_NUMBER, SIDE(at, ttl), "TTL or hop limit on arrival here" }, \
	{ "payload_bytes", FACT_NUMBER, SIDE(at, payload_bytes), "octets of data" }, \
	{ (key), FACT_GROUP_END, 0, NULL }

static const struct fact exchange_rows[] = {
	{ "version", FACT_NUMBER, EXCHANGE(version), "of ICMP: 4 or 6" },
	{ "family", FACT_TEXT, EXCHANGE(family), "what was asked: echo, timestamp, ..." },
	{ "status", FACT_TEXT, EXCHANGE(status), "what became of the request" },
	{ "id", FACT_NUMBER, EXCHANGE(id), "identifier" },
	{ "seq", FACT_NUMBER, EXCHANGE(seq), "sequence number" },
	{ "rtt", FACT_GROUP, 0, "round-trip time" },
	{ "us", FACT_MICROSECONDS, EXCHANGE(rtt_ns), "in microseconds" },
	{ "rtt", FACT_GROUP_END, 0, NULL },
	EXCHANGE_SIDE("request", EXCHANGE(request), "the request, when it was seen"),
	EXCHANGE_SIDE("response", EXCHANGE(response), "the response, when there was one"),
	{ "payload_match", FACT_TEXT, EXCHANGE(payload_match),
	    "the response's data against the request's: same, truncated, different" },
	{ "reordered", FACT_FLAG, EXCHANGE(reordered), "a later request was answered before" },
	{ "duplicates", FACT_NUMBER, EXCHANGE(duplicates), "which duplicate this is, from 1" },
	{ "reporter", FACT_GROUP, 0, "the error that quoted the request" },
	{ "ip", FACT_ADDR, EXCHANGE(reporter.address), "who sent it" },
	{ "type", FACT_NUMBER, EXCHANGE(reporter.type), "ICMP type" },
	{ "code", FACT_NUMBER, EXCHANGE(reporter.code), "ICMP code" },
	{ "name", FACT_TEXT, EXCHANGE(reporter.name), "of the type" },
	{ "code_name", FACT_TEXT, EXCHANGE(reporter.code_name), "of the code" },
	{ "frame", FACT_NUMBER, EXCHANGE(reporter.frame), "number of the frame in its file" },
	{ "reporter", FACT_GROUP_END, 0, NULL },
	{ 0 }
};

static const struct fact error_rows[] = {
	{ "flow_errors", FACT_NUMBER, offsetof(struct error_facts, flow_errors),
	    "errors about the quoted flow so far, this one included" },
	{ 0 }
};

#define ALERT(member) offsetof(struct alert_facts, member)
#define REASON(member) offsetof(struct alert_reason, member)

const struct fact alert_rows[] = {
	{ "alert", FACT_GROUP, 0, "the incident" },
	{ "id", FACT_TEXT, ALERT(id), "of the incident, the same in all its alerts" },
	{ "severity", FACT_TEXT, ALERT(severity_name), "low, medium, high or critical" },
	{ "confidence", FACT_TEXT, ALERT(confidence),
	    "low, medium or high: by how many independent kinds of evidence" },
	{ "reasons", FACT_LIST, ALERT(reasons), "what speaks for it" },
	{ "name", FACT_TEXT, REASON(name), "of the reason" },
	{ "weight", FACT_NUMBER, REASON(weight), "what it adds to the risk score" },
	{ "evidence", FACT_TEXT, REASON(evidence), "what was seen, in numbers" },
	{ "reasons", FACT_LIST_END, 0, NULL },
	{ "tool", FACT_TEXT, ALERT(tool), "the tool that it looks like" },
	{ "threshold", FACT_GROUP, 0, "what was exceeded" },
	{ "name", FACT_TEXT, ALERT(threshold.name), "of the setting" },
	{ "value", FACT_NUMBER, ALERT(threshold.value), "of the setting" },
	{ "threshold", FACT_GROUP_END, 0, NULL },
	{ "counts", FACT_GROUP, 0, "of the incident so far" },
	{ "packets", FACT_NUMBER, ALERT(counts.packets), "packets" },
	{ "bytes", FACT_NUMBER, ALERT(counts.bytes), "octets of ICMP" },
	{ "targets", FACT_NUMBER, ALERT(counts.targets), "different targets" },
	{ "sources", FACT_NUMBER, ALERT(counts.sources), "different sources" },
	{ "answered", FACT_NUMBER, ALERT(counts.answered), "targets or requests that answered" },
	{ "unanswered", FACT_NUMBER, ALERT(counts.unanswered), "those that did not" },
	{ "counts", FACT_GROUP_END, 0, NULL },
	{ "alert", FACT_GROUP_END, 0, NULL },
	{ 0 }
};

static const struct fact no_rows[] = { { 0 } };

#define EXCHANGE_ROW(action, outcome, meaning) \
	{ DATASET_EXCHANGE, action, outcome, "connection", exchange_rows, meaning }

#define ALERT_ROW(action, ecs_type, meaning) \
	{ DATASET_ALERT, action, NULL, ecs_type, alert_rows, meaning }

static const struct event_type types[EVENTS] = {
	[EVENT_MESSAGE] = { DATASET_MESSAGE, "message_seen", NULL, NULL, no_rows,
	    "a message was decoded" },
	[EVENT_ECHO_ANSWERED] = EXCHANGE_ROW("echo_answered", "success",
	    "a request was answered in time"),
	[EVENT_ECHO_LATE] = EXCHANGE_ROW("echo_late", "success",
	    "the answer came after the wait for it had ended"),
	[EVENT_ECHO_LOST] = EXCHANGE_ROW("echo_lost", "failure",
	    "the wait ended without an answer"),
	[EVENT_ECHO_UNREACHABLE] = EXCHANGE_ROW("echo_unreachable", "failure",
	    "an error quoted the request"),
	[EVENT_ECHO_UNSOLICITED] = EXCHANGE_ROW("echo_unsolicited", "unknown",
	    "a reply to no request that was seen"),
	[EVENT_ECHO_DUPLICATE] = EXCHANGE_ROW("echo_duplicate", "success",
	    "a further reply to a request already answered"),
	[EVENT_ECHO_OPEN] = EXCHANGE_ROW("echo_open", "unknown",
	    "the capture ended while the request waited"),
	[EVENT_ERROR] = { DATASET_ERROR, "error_seen", NULL, "info", error_rows,
	    "an error message, and the flow it speaks of" },
	[EVENT_ALERT_OPENED] = ALERT_ROW("alert_opened", "start", "an incident began"),
	[EVENT_ALERT_UPDATED] = ALERT_ROW("alert_updated", "change", "an incident grew worse"),
	[EVENT_ALERT_CLOSED] = ALERT_ROW("alert_closed", "end",
	    "nothing new for a while: an incident's totals"),
	[EVENT_STATS] = { DATASET_STATS, "stats_reported", NULL, "info", no_rows,
	    "the sensor's own health" },
	[EVENT_SUMMARY] = { DATASET_SUMMARY, "summary_reported", NULL, "info", no_rows,
	    "what the report holds" },
};

static const char *const dataset_names[DATASETS] = {
	[DATASET_MESSAGE] = "message",
	[DATASET_EXCHANGE] = "exchange",
	[DATASET_ERROR] = "error",
	[DATASET_PATH] = "path",
	[DATASET_NEIGHBOR] = "neighbor",
	[DATASET_AVAILABILITY] = "availability",
	[DATASET_ALERT] = "alert",
	[DATASET_STATS] = "stats",
	[DATASET_SUMMARY] = "summary",
};
/* clang-format on */

const struct event_type *
event_type(enum event_id id)
{
	return &types[id];
}

const char *
dataset_name(enum dataset dataset)
{
	return dataset_names[dataset];
}
