/*
 * Errors: who sends them, and which flows they speak of. Every error is an
 * event; reporters and flows are counted in bounded tables for the report.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/core/flow_memory.h"
#include "analyzer/log.h"
#include "analyzer/track/flow_rows.h"
#include "analyzer/track/quote_verdict.h"
#include "analyzer/track/trackers.h"

/* Keys of tables: no implicit padding. */
struct reporter_key {
	struct addr address;
	uint8_t version, type, code;
	uint8_t zero[4];
};

struct reporter {
	struct entry entry;
	struct reporter_key key;
	uint8_t ttl; /* of the latest */
	uint64_t count;
	uint64_t first_ns, last_ns;
};

struct flow_key {
	struct addr source, destination;
	uint8_t protocol;
	uint8_t zero;
	uint16_t source_port, destination_port; /* id and 0 for an echo */
};

struct flow {
	struct entry entry;
	struct flow_key key;
	struct transport transport; /* the latest quoted */
	struct addr reporter;
	uint8_t version, type, code;
	int64_t mtu;
	uint64_t count, seen, not_seen;
	bool is_translated;
	struct anomalies anomalies;
};

struct quoted_flow {
	const struct emitter *emitter;
	const struct settings *settings;
	struct tally *tally;
	struct table reporters, flows;
	struct flow_memory memory; /* without memory when flows are not correlated */
	uint64_t remembered;       /* in it, at the latest report */
	uint64_t errors;
	struct report_reporter *reporter_rows; /* of the latest report */
	struct report_flow *flow_rows;
};

static void
quoted_flow_destroy(void *state)
{
	struct quoted_flow *tracker = state;

	if (tracker == NULL)
		return;
	table_free(&tracker->reporters);
	table_free(&tracker->flows);
	flow_memory_free(&tracker->memory);
	free(tracker->reporter_rows);
	free(tracker->flow_rows);
	free(tracker);
}

static void *
quoted_flow_create(const struct tracker_context *context, char *err)
{
	struct quoted_flow *tracker = calloc(1, sizeof(*tracker));
	const struct table_config reporters = {
		.name = "errors.reporters",
		.entry_size = sizeof(struct reporter),
		.key_size = sizeof(struct reporter_key),
		.capacity = (uint32_t)context->settings->errors_reporters,
		.hash_key = context->key,
	};
	const struct table_config flows = {
		.name = "errors.flows",
		.entry_size = sizeof(struct flow),
		.key_size = sizeof(struct flow_key),
		.capacity = (uint32_t)context->settings->errors_flows,
		.hash_key = context->key,
	};
	const struct flow_memory_config memory = {
		.flows = (uint32_t)context->settings->flows_remembered,
		.idle_ns = context->settings->flows_idle_ns,
		.age_ns = context->settings->errors_quote_age_ns,
		.hash_key = context->key,
	};

	if (tracker == NULL) {
		snprintf(err, ERR_SIZE, "no memory for the tracker of errors");
		return NULL;
	}
	tracker->emitter = context->emitter;
	tracker->settings = context->settings;
	tracker->tally = context->tally;
	if (table_init(&tracker->reporters, &reporters, err) != 0 ||
	    table_init(&tracker->flows, &flows, err) != 0 ||
	    (context->has_datagrams && flow_memory_init(&tracker->memory, &memory, err) != 0)) {
		quoted_flow_destroy(tracker);
		return NULL;
	}
	return tracker;
}

/* Returns the TTL of the error of its kind before, or -1 when it is the first. */
static int
count_reporter(struct quoted_flow *tracker, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	const struct reporter_key key = {
		.address = packet->ip.source,
		.version = msg->version,
		.type = msg->type_number,
		.code = msg->code,
	};
	struct reporter *reporter;
	int earlier_ttl = -1;
	bool added;

	reporter = (struct reporter *)table_find_or_add(&tracker->reporters, &key, now_ns, &added);
	if (added) {
		reporter->first_ns = packet->frame->when_ns;
	} else {
		table_touch(&tracker->reporters, &reporter->entry, now_ns);
		earlier_ttl = reporter->ttl;
	}
	reporter->last_ns = packet->frame->when_ns;
	reporter->ttl = packet->ip.ttl;
	reporter->count++;
	return earlier_ttl;
}

static struct flow *
count_flow(struct quoted_flow *tracker, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	const struct transport *transport = &msg->quote.transport;
	const union value *mtu = icmp_value(msg, "mtu");
	struct flow_key key = {
		.source = msg->quote.ip.source,
		.destination = msg->quote.ip.final_destination,
		.protocol = msg->quote.ip.protocol,
	};
	struct flow *flow;
	bool added;

	if (transport->has_ports) {
		key.source_port = transport->source_port;
		key.destination_port = transport->destination_port;
	} else if (transport->has_id) {
		key.source_port = transport->id;
	}
	flow = (struct flow *)table_find_or_add(&tracker->flows, &key, now_ns, &added);
	if (!added)
		table_touch(&tracker->flows, &flow->entry, now_ns);
	flow->transport = *transport;
	flow->reporter = packet->ip.source;
	flow->version = msg->version;
	flow->type = msg->type_number;
	flow->code = msg->code;
	flow->mtu = mtu != NULL ? (int64_t)mtu->number : -1;
	flow->count++;
	return flow;
}

/* What is known besides of the quote, for the flow, the event and the report. */
static struct quote_facts
judge_quote(struct quoted_flow *tracker, const struct quote_case *quote, struct flow *flow)
{
	struct quote_facts facts = quote_verdict(quote);

	flow->seen += facts.seen == 1;
	flow->not_seen += facts.seen == 0;
	flow->is_translated |= facts.translated == 1;
	anomalies_merge(&flow->anomalies, &quote->msg->anomalies);
	anomalies_merge(&flow->anomalies, &facts.anomalies);
	tally_add(tracker->tally, &facts.anomalies, quote->packet->frame->number);
	return facts;
}

static void
on_error(struct quoted_flow *tracker, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct error_facts facts = { .flow_errors = EVENT_UNKNOWN };
	struct quote_facts quote_facts;
	struct quote_case quote = { tracker->settings, &tracker->memory, packet, msg, -1, now_ns };
	struct flow *flow;
	struct event event = {
		.id = EVENT_ERROR,
		.when_ns = packet->frame->when_ns,
		.ordinal = packet->frame->ordinal,
		.index = packet->index,
		.source = packet->ip.source,
		.destination = packet->ip.destination,
		.packet = packet,
		.msg = msg,
		.facts = &facts,
	};

	tracker->errors++;
	quote.earlier_ttl = count_reporter(tracker, packet, msg, now_ns);
	if (msg->quote.present) {
		flow = count_flow(tracker, packet, msg, now_ns);
		facts.flow_errors = (int64_t)flow->count;
		quote_facts = judge_quote(tracker, &quote, flow);
		event.quote = &quote_facts;
	}
	if (emitter_wants(tracker->emitter, DATASET_ERROR))
		tracker->emitter->emit(tracker->emitter->owner, &event);
}

/* An ICMP message is itself something that errors may quote. Half of all are replies. */
static void
note_message(struct quoted_flow *tracker, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct transport transport;

	if (msg->type->role == ICMP_REPLY || tracker->memory.buckets == NULL)
		return;
	if (icmp_is_echo_request(msg) && msg->value_count >= 2)
		transport = (struct transport){ .protocol = packet->ip.protocol, .has_icmp = true,
			.icmp_type = msg->type_number, .has_id = true,
			.id = (uint16_t)msg->values[0].number };
	else
		(void)transport_decode(msg->bytes, packet->ip.protocol, &transport);
	flow_memory_note(&tracker->memory, packet, &transport, now_ns);
}

static void
quoted_flow_message(void *state, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	if (msg->type->role == ICMP_ERROR && msg->bytes.captured >= ICMP_HEADER_LEN)
		on_error(state, packet, msg, now_ns);
	note_message(state, packet, msg, now_ns);
}

static void
quoted_flow_datagram(void *state, const struct packet *packet, const struct transport *transport,
    uint64_t now_ns)
{
	struct quoted_flow *tracker = state;

	flow_memory_note(&tracker->memory, packet, transport, now_ns);
}

static int
compare_reporters(const void *left, const void *right)
{
	const struct report_reporter *a = left, *b = right;
	int order;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	order = addr_compare(&a->address, &b->address);
	if (order == 0)
		order = a->version - b->version;
	if (order == 0)
		order = a->type - b->type;
	return order != 0 ? order : a->code - b->code;
}

static uint32_t
at_most(uint32_t count)
{
	return count < REPORT_LIST_MAX ? count : REPORT_LIST_MAX;
}

/* What an error is called. */
struct names {
	const char *type, *code;
};

static struct names
names_of(uint8_t version, uint8_t type, uint8_t code)
{
	const struct icmp_type *row = icmp_lookup(version, type, code, UINT32_MAX);

	return (struct names){ .type = row->name, .code = name_of(row->codes, code) };
}

static void
report_reporters(struct quoted_flow *tracker, struct report *out)
{
	struct report_reporter *row = tracker->reporter_rows;
	const struct reporter *reporter;
	struct entry *entry;
	struct names names;

	for (entry = table_oldest(&tracker->reporters); entry != NULL;
	    entry = table_newer(&tracker->reporters, entry)) {
		reporter = (const struct reporter *)entry;
		names = names_of(reporter->key.version, reporter->key.type, reporter->key.code);
		*row++ = (struct report_reporter){
			.address = reporter->key.address,
			.version = reporter->key.version,
			.type = reporter->key.type,
			.code = reporter->key.code,
			.name = names.type,
			.code_name = names.code,
			.count = reporter->count,
			.first_ns = reporter->first_ns,
			.last_ns = reporter->last_ns,
		};
	}
	qsort(tracker->reporter_rows, tracker->reporters.count, sizeof(*row), compare_reporters);
	out->reporters = tracker->reporter_rows;
	out->reporter_total = tracker->reporters.count;
	out->reporter_count = at_most(tracker->reporters.count);
}

static void
report_flows(struct quoted_flow *tracker, struct report *out)
{
	struct report_flow *row = tracker->flow_rows;
	const struct flow *flow;
	struct entry *entry;
	struct names names;

	for (entry = table_oldest(&tracker->flows); entry != NULL;
	    entry = table_newer(&tracker->flows, entry)) {
		flow = (const struct flow *)entry;
		names = names_of(flow->version, flow->type, flow->code);
		*row++ = (struct report_flow){
			.flows = 1,
			.reporters = 1,
			.last_ns = flow->entry.seen_ns,
			.sources = { flow->key.source_port, flow->key.source_port },
			.destinations = { flow->key.destination_port, flow->key.destination_port },
			.source = flow->key.source,
			.destination = flow->key.destination,
			.transport = flow->transport,
			.version = flow->version,
			.type = flow->type,
			.code = flow->code,
			.name = names.type,
			.code_name = names.code,
			.reporter = flow->reporter,
			.count = flow->count,
			.mtu = flow->mtu,
			.seen = flow->seen,
			.not_seen = flow->not_seen,
			.is_translated = flow->is_translated,
			.anomalies = flow->anomalies,
		};
	}
	out->flows = tracker->flow_rows;
	out->flow_total = tracker->flows.count;
	out->flow_count = at_most(flow_rows_fold(tracker->flow_rows, tracker->flows.count));
}

static int
quoted_flow_report(void *state, struct report *out)
{
	struct quoted_flow *tracker = state;

	free(tracker->reporter_rows);
	free(tracker->flow_rows);
	tracker->reporter_rows = calloc((size_t)tracker->reporters.count + 1,
	    sizeof(*tracker->reporter_rows));
	tracker->flow_rows = calloc((size_t)tracker->flows.count + 1, sizeof(*tracker->flow_rows));
	if (tracker->reporter_rows == NULL || tracker->flow_rows == NULL)
		return -1;
	tracker->remembered = flow_memory_count(&tracker->memory);
	out->errors = tracker->errors;
	report_reporters(tracker, out);
	report_flows(tracker, out);
	return 0;
}

static uint32_t
quoted_flow_tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct quoted_flow *tracker = state;

	if (max < 3)
		return 0;
	report_table_row(&tracker->reporters, &out[0]);
	report_table_row(&tracker->flows, &out[1]);
	if (tracker->memory.buckets == NULL)
		return 2;
	out[2] = (struct report_table){
		.name = "flows.remembered",
		.capacity = flow_memory_capacity(&tracker->memory),
		.count = tracker->remembered,
		.peak = tracker->remembered, /* at reports; it is not counted in between */
		.added = tracker->memory.added,
		.evicted = tracker->memory.evicted,
		.expired = tracker->memory.added - tracker->memory.evicted - tracker->remembered,
		.memory = tracker->memory.size,
	};
	return 3;
}

const struct tracker tracker_quoted_flow = {
	.name = "quoted_flow",
	.create = quoted_flow_create,
	.message = quoted_flow_message,
	.datagram = quoted_flow_datagram,
	.report = quoted_flow_report,
	.tables = quoted_flow_tables,
	.destroy = quoted_flow_destroy,
};
