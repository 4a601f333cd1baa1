/*
 * Each list of the report as an array, in the order it has there; all rows,
 * where the text shows the first few. Times that the reader computes with are
 * integers in nanoseconds.
 */
#include "analyzer/sink/report_json.h"

#include <stdio.h>

#include "analyzer/core/event.h"
#include "analyzer/log.h"
#include "analyzer/sink/alert_json.h"
#include "analyzer/sink/fact_json.h"
#include "analyzer/sink/message_json.h"
#include "analyzer/sink/pairs_json.h"
#include "analyzer/sink/path_json.h"

static void
write_inputs(struct json_writer *w, const struct report *report)
{
	const struct report_input *input;
	uint32_t i;

	json_open_array(w, "inputs");
	for (i = 0; i < report->input_count; i++) {
		input = &report->inputs[i];
		json_open_object(w, NULL);
		json_text(w, "name", input->name);
		json_text(w, "format", input->format);
		json_uint(w, "packets", input->packets);
		json_uint(w, "bytes", input->bytes);
		json_uint(w, "dropped", input->dropped);
		json_text(w, "damage", input->damage);
		json_uint(w, "skipped_bytes", input->skipped_bytes);
		json_close(w);
	}
	json_close(w);
}

static void
write_links(struct json_writer *w, const struct report *report)
{
	const struct report_link *link;
	uint32_t i;

	json_open_array(w, "links");
	for (i = 0; i < report->link_count; i++) {
		link = &report->links[i];
		json_open_object(w, NULL);
		json_uint(w, "type", link->link_type);
		json_text(w, "name", link->name);
		json_uint(w, "packets", link->packets);
		json_flag(w, "known", link->known);
		json_close(w);
	}
	if (report->other_links > 0) {
		json_open_object(w, NULL);
		json_text(w, "name", "other");
		json_uint(w, "packets", report->other_links);
		json_close(w);
	}
	json_close(w);
}

/* The names and numbers of a type and code, under one version. */
static void
write_type(struct json_writer *w, uint8_t version, uint8_t type, uint8_t code)
{
	json_uint(w, "version", version);
	json_uint(w, "type", type);
	json_uint(w, "code", code);
}

static void
write_names(struct json_writer *w, const char *name, const char *code_name)
{
	json_text(w, "name", name);
	json_text(w, "code_name", code_name);
}

static void
write_types(struct json_writer *w, const struct report *report)
{
	const struct report_type *type;
	uint32_t i;

	json_open_array(w, "types");
	for (i = 0; i < report->type_count; i++) {
		type = &report->types[i];
		json_open_object(w, NULL);
		write_type(w, type->version, type->type, type->code);
		write_names(w, type->name, type->code_name);
		json_uint(w, "count", type->count);
		json_uint(w, "bytes", type->bytes);
		json_close(w);
	}
	json_close(w);
}

static void
write_reporters(struct json_writer *w, const struct report *report)
{
	const struct report_reporter *reporter;
	uint32_t i;

	json_open_array(w, "reporters");
	for (i = 0; i < report->reporter_count; i++) {
		reporter = &report->reporters[i];
		json_open_object(w, NULL);
		json_addr(w, "ip", &reporter->address);
		write_type(w, reporter->version, reporter->type, reporter->code);
		write_names(w, reporter->name, reporter->code_name);
		json_uint(w, "count", reporter->count);
		json_time(w, "first", reporter->first_ns);
		json_time(w, "last", reporter->last_ns);
		json_close(w);
	}
	json_close(w);
}

/* An array of rows that events are made of too. */
static void
write_rows(struct json_writer *w, const char *key, const struct fact *rows,
    const struct fact_list *list)
{
	const char *item = list->items;
	uint32_t i;

	json_open_array(w, key);
	for (i = 0; i < list->count; i++, item += list->size) {
		json_open_object(w, NULL);
		fact_json(w, rows, item);
		json_close(w);
	}
	json_close(w);
}

static void
write_targets(struct json_writer *w, const struct report *report)
{
	const struct fact_list targets = { report->targets, report->target_count,
		sizeof(*report->targets) };

	if (report->target_total + report->target_mute == 0)
		return;
	write_rows(w, "targets", availability_rows, &targets);
	json_uint(w, "target_total", report->target_total);
	json_uint(w, "target_troubled", report->target_troubled);
	json_uint(w, "target_down", report->target_down);
	json_uint(w, "target_mute", report->target_mute);
}

static void
write_neighbors(struct json_writer *w, const struct report *report)
{
	const struct fact_list routers = { report->routers, report->router_count,
		sizeof(*report->routers) };
	const struct fact_list bindings = { report->bindings, report->binding_count,
		sizeof(*report->bindings) };

	if (report->router_total + report->binding_total + report->duplicate_addresses == 0)
		return;
	write_rows(w, "routers", router_rows, &routers);
	json_uint(w, "router_total", report->router_total);
	write_rows(w, "neighbors", neighbor_rows, &bindings);
	json_uint(w, "neighbor_total", report->binding_total);
	json_uint(w, "neighbor_changed", report->binding_changed);
	json_uint(w, "duplicate_addresses", report->duplicate_addresses);
}

/* A port or identifier, or the least and the most of those of several flows. */
static void
write_span(struct json_writer *w, const char *key, const struct report_span *span)
{
	char name[16];

	if (span->least == span->most) {
		json_uint(w, key, span->least);
		return;
	}
	snprintf(name, sizeof(name), "%s_min", key);
	json_uint(w, name, span->least);
	snprintf(name, sizeof(name), "%s_max", key);
	json_uint(w, name, span->most);
}

static void
write_flow_end(struct json_writer *w, const char *key, const struct addr *address, bool has_ports,
    const struct report_span *ports)
{
	json_open_object(w, key);
	json_addr(w, "ip", address);
	if (has_ports)
		write_span(w, "port", ports);
	json_close(w);
}

/* Whether the flow was seen, when it is known, and what was wrong with its errors. */
static void
write_flow_verdicts(struct json_writer *w, const struct report_flow *flow)
{
	if (flow->seen > 0 || flow->not_seen > 0)
		json_flag(w, "seen", flow->seen > 0);
	if (flow->is_translated)
		json_flag(w, "translated", true);
	anomalies_json(w, &flow->anomalies);
}

static void
write_flows(struct json_writer *w, const struct report *report)
{
	const struct transport *transport;
	const struct report_flow *flow;
	uint32_t i;

	json_open_array(w, "flows");
	for (i = 0; i < report->flow_count; i++) {
		flow = &report->flows[i];
		transport = &flow->transport;
		json_open_object(w, NULL);
		json_uint(w, "flow_count", flow->flows);
		write_flow_end(w, "source", &flow->source, transport->has_ports, &flow->sources);
		write_flow_end(w, "destination", &flow->destination, transport->has_ports,
		    &flow->destinations);
		json_uint(w, "protocol", transport->protocol);
		json_text(w, "transport", transport_name(transport->protocol));
		if (transport->has_id)
			write_span(w, "id", &flow->sources);
		write_type(w, flow->version, flow->type, flow->code);
		write_names(w, flow->name, flow->code_name);
		json_host(w, "reporter", &flow->reporter);
		json_uint(w, "reporter_count", flow->reporters);
		if (flow->mtu >= 0)
			json_int(w, "mtu", flow->mtu);
		json_uint(w, "count", flow->count);
		write_flow_verdicts(w, flow);
		json_close(w);
	}
	json_close(w);
}

static void
write_anomalies(struct json_writer *w, const struct report *report)
{
	const struct anomaly_type *type;
	uint32_t i;

	json_open_array(w, "anomalies");
	for (i = 0; i < report->anomaly_count; i++) {
		type = anomaly_type(report->anomalies[i].anomaly);
		json_open_object(w, NULL);
		json_text(w, "name", type->slug);
		json_text(w, "meaning", type->meaning);
		json_uint(w, "count", report->anomalies[i].count);
		json_uint(w, "first_frame", report->anomalies[i].first_frame);
		json_close(w);
	}
	json_close(w);
}

static void
write_alerts(struct json_writer *w, const struct report *report)
{
	const struct alert_facts *alert;
	uint32_t i;

	json_flag(w, "is_detecting", report->is_detecting);
	json_uint(w, "alert_total", report->alert_total);
	json_uint(w, "alerts_suppressed", report->alerts_suppressed);
	json_open_array(w, "alerts");
	for (i = 0; i < report->alert_count; i++) {
		alert = &report->alerts[i];
		json_open_object(w, NULL);
		alert_json_event(w, alert);
		json_time(w, "start", (uint64_t)alert->first_ns);
		json_time(w, "end", (uint64_t)alert->last_ns);
		alert_json(w, alert);
		fact_json(w, alert_rows, alert);
		json_close(w);
	}
	json_close(w);
}

static void
write_skips(struct json_writer *w, const struct report *report)
{
	static const char *const kinds[] = {
		[REPORT_SKIPPED] = "skipped",
		[REPORT_LOST] = "lost",
		[REPORT_ODD] = "odd",
	};
	uint32_t i;

	json_open_array(w, "skipped");
	for (i = 0; i < report->skip_count; i++) {
		json_open_object(w, NULL);
		json_text(w, "reason", report->skips[i].reason);
		json_text(w, "meaning", report->skips[i].meaning);
		json_uint(w, "count", report->skips[i].count);
		json_text(w, "kind", kinds[report->skips[i].kind]);
		json_close(w);
	}
	json_close(w);
}

static void
write_tables(struct json_writer *w, const struct report *report)
{
	const struct report_table *table;
	uint32_t i;

	json_open_array(w, "tables");
	for (i = 0; i < report->table_count; i++) {
		table = &report->tables[i];
		json_open_object(w, NULL);
		json_text(w, "name", table->name);
		json_uint(w, "capacity", table->capacity);
		json_uint(w, "count", table->count);
		json_uint(w, "peak", table->peak);
		json_uint(w, "added", table->added);
		json_uint(w, "evicted", table->evicted);
		json_uint(w, "expired", table->expired);
		json_uint(w, "memory", table->memory);
		json_close(w);
	}
	json_close(w);
}

static void
write_clock(struct json_writer *w, const struct report *report)
{
	json_open_object(w, "clock");
	json_uint(w, "back", report->clock_back);
	json_uint(w, "jumps", report->clock_jumps);
	json_close(w);
}

void
report_json_members(struct json_writer *w, const struct report *report)
{
	json_flag(w, "is_live", report->is_live);
	json_flag(w, "is_complete", report->is_complete);
	json_uint(w, "packets", report->packets);
	json_uint(w, "bytes", report->bytes);
	if (report->packets > 0) {
		json_time(w, "first", report->first_ns);
		json_time(w, "last", report->last_ns);
	}
	json_uint(w, "messages", report->messages);
	json_uint(w, "message_bytes", report->message_bytes);
	json_uint(w, "errors", report->errors);
	json_uint(w, "events", report->events);
	json_uint(w, "pairs_evicted", report->pairs_evicted);
	write_alerts(w, report);
	write_clock(w, report);
	write_inputs(w, report);
	write_links(w, report);
	write_types(w, report);
	pairs_json(w, report);
	write_targets(w, report);
	path_json(w, report);
	write_neighbors(w, report);
	write_reporters(w, report);
	json_uint(w, "reporter_total", report->reporter_total);
	write_flows(w, report);
	json_uint(w, "flow_total", report->flow_total);
	write_anomalies(w, report);
	write_skips(w, report);
	write_tables(w, report);
}

static uint64_t
sum_dropped(const struct report *report)
{
	uint64_t dropped = 0;
	uint32_t i;

	for (i = 0; i < report->input_count; i++)
		dropped += report->inputs[i].dropped;
	return dropped;
}

/* "reason": count, for those of one kind. */
static void
write_skip_counts(struct json_writer *w, const struct report *report, enum report_skip_kind kind)
{
	uint32_t i;

	for (i = 0; i < report->skip_count; i++)
		if (report->skips[i].kind == kind)
			json_uint(w, report->skips[i].reason, report->skips[i].count);
}

void
report_json_stats(struct json_writer *w, const struct report *report, const uint64_t *by_dataset)
{
	uint64_t memory = 0;
	uint32_t i;

	json_uint(w, "packets", report->packets);
	json_uint(w, "bytes", report->bytes);
	json_uint(w, "messages", report->messages);
	json_open_object(w, "drops");
	json_uint(w, "source", sum_dropped(report));
	write_skip_counts(w, report, REPORT_LOST);
	json_close(w);
	json_open_object(w, "skipped");
	write_skip_counts(w, report, REPORT_SKIPPED);
	json_close(w);
	json_open_object(w, "odd");
	write_skip_counts(w, report, REPORT_ODD);
	json_close(w);
	write_clock(w, report);
	json_open_object(w, "events");
	for (i = 0; i < DATASETS; i++)
		if (by_dataset[i] > 0)
			json_uint(w, dataset_name((enum dataset)i), by_dataset[i]);
	json_close(w);
	write_tables(w, report);
	for (i = 0; i < report->table_count; i++)
		memory += report->tables[i].memory;
	json_uint(w, "memory", memory);
}

int
report_json(struct output *output, const struct report *report, char *err)
{
	struct json_writer *w = json_writer_new(true);
	const char *text;
	size_t len;
	int result = -1;

	if (w == NULL) {
		snprintf(err, ERR_SIZE, "no memory for the report");
		return -1;
	}
	json_begin(w);
	report_json_members(w, report);
	text = json_end(w, &len);
	if (text == NULL)
		snprintf(err, ERR_SIZE, "no memory for the report");
	else
		result = output_write(output, text, len, err);
	json_writer_free(w);
	return result;
}
