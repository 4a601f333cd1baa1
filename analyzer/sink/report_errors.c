/*
 * A row of flows is two lines, who talked to whom and what the latest error was,
 * and a third when something is wrong with what the errors quote.
 */
#include "analyzer/sink/report_errors.h"

#include <inttypes.h>
#include <stdio.h>

#include "analyzer/sink/report_rows.h"

#define SPAN_SIZE 12 /* "65534-65535" */
#define END_SIZE (ADDR_TEXT_SIZE + SPAN_SIZE + 3)

static void
write_reporters(struct text_page *page, const struct report *report)
{
	uint32_t shown = rows_shown(report, report->reporter_count), i;
	const struct report_reporter *reporter;
	char address[ADDR_TEXT_SIZE];

	if (report->reporter_count == 0)
		return;
	text_section(page, "ERRORS by who sent them");
	for (i = 0; i < shown; i++) {
		reporter = &report->reporters[i];
		addr_text(&reporter->address, address);
		row_start(page, TEXT_PLAIN, reporter->count);
		text_add(page, " %s ", address);
		row_names(page, reporter->name, reporter->code_name);
		text_end(page);
	}
	row_more(page, report->reporter_total, shown, "sender");
}

/* "53", or "33434-33439" for those of several flows. */
static void
span_text(const struct report_span *span, char out[SPAN_SIZE])
{
	if (span->least == span->most)
		snprintf(out, SPAN_SIZE, "%u", span->least);
	else
		snprintf(out, SPAN_SIZE, "%u-%u", span->least, span->most);
}

/* One end of a flow: "10.0.0.1:53", "[2001:db8::1]:53", or without a port. */
static void
end_text(const struct addr *address, bool has_ports, const struct report_span *ports,
    char out[END_SIZE])
{
	char text[ADDR_TEXT_SIZE], span[SPAN_SIZE];

	addr_text(address, text);
	span_text(ports, span);
	if (!has_ports)
		snprintf(out, END_SIZE, "%s", text);
	else if (address->version == 6)
		snprintf(out, END_SIZE, "[%s]:%s", text, span);
	else
		snprintf(out, END_SIZE, "%s:%s", text, span);
}

static void
write_ends(struct text_page *page, const struct report_flow *flow)
{
	const struct transport *transport = &flow->transport;
	const char *name = transport_name(transport->protocol);
	char source[END_SIZE], destination[END_SIZE], ids[SPAN_SIZE];

	end_text(&flow->source, transport->has_ports, &flow->sources, source);
	end_text(&flow->destination, transport->has_ports, &flow->destinations, destination);
	row_start(page, TEXT_PLAIN, flow->count);
	if (name != NULL)
		text_add(page, " %s", name);
	else
		text_add(page, " protocol %u", transport->protocol);
	text_add(page, " %s", source);
	text_add(page, " -> %s", destination);
	if (transport->has_id) {
		span_text(&flow->sources, ids);
		text_add(page, " id %s", ids);
	}
	if (flow->flows > 1)
		text_add(page, ", %u flows", flow->flows);
	if (flow->seen > 0)
		text_add(page, " (seen)");
	text_end(page);
}

static void
write_latest(struct text_page *page, const struct report_flow *flow)
{
	char reporter[ADDR_TEXT_SIZE];

	addr_text(&flow->reporter, reporter);
	row_continue(page, TEXT_PLAIN);
	row_names(page, flow->name, flow->code_name);
	if (flow->mtu > 0)
		text_add(page, " with MTU %" PRId64, flow->mtu);
	text_add(page, " from %s", reporter);
	if (flow->reporters > 1)
		text_add(page, " and %u other%s", flow->reporters - 1,
		    plural(flow->reporters - 1));
	text_end(page);
}

/* What is wrong with errors of a flow, in a few words. */
static const struct {
	enum anomaly anomaly;
	const char *words;
} verdicts[] = {
	{ ANOMALY_FLOW_NOT_SEEN, "the flow was not seen" },
	{ ANOMALY_TCP_SEQUENCE_OUTSIDE_WINDOW, "not a sequence number of that flow" },
	{ ANOMALY_QUOTED_SOURCE_MISMATCH, "sent to another than the quoted source" },
	{ ANOMALY_QUOTED_BAD_IP_CHECKSUM, "quoted with a bad checksum" },
	{ ANOMALY_QUOTED_BAD_LENGTH, "quoted with a bad length" },
	{ ANOMALY_QUOTED_TTL_LEFT, "quoted with hops left" },
	{ ANOMALY_QUOTED_TTL_FRESH, "quoted as if it had crossed no router" },
	{ ANOMALY_REPORTER_NOT_DESTINATION, "not from the destination" },
	{ ANOMALY_REPORTER_TTL_INCONSISTENT, "from another distance than before" },
};

#define VERDICTS (sizeof(verdicts) / sizeof(verdicts[0]))
#define TRANSLATED "quoted as NAT made it" /* in place of a quoted source that is another */

static void
write_verdicts(struct text_page *page, const struct report_flow *flow)
{
	const char *words[VERDICTS];
	size_t count = 0, i;

	for (i = 0; i < VERDICTS; i++) {
		if (!anomalies_has(&flow->anomalies, verdicts[i].anomaly))
			continue;
		words[count++] = verdicts[i].anomaly == ANOMALY_QUOTED_SOURCE_MISMATCH &&
		    flow->is_translated ? TRANSLATED : verdicts[i].words;
	}
	if (count == 0)
		return;
	row_continue(page, TEXT_BAD);
	for (i = 0; i < count; i++)
		text_add(page, " %s%s", words[i], i + 1 < count ? ";" : "");
	text_end(page);
}

static void
write_flows(struct text_page *page, const struct report *report)
{
	uint32_t shown = rows_shown(report, report->flow_count), flows = 0, i;

	if (report->flow_count == 0)
		return;
	text_section(page, "ERRORS by the flow they speak of, with the latest error");
	for (i = 0; i < shown; i++) {
		write_ends(page, &report->flows[i]);
		write_latest(page, &report->flows[i]);
		write_verdicts(page, &report->flows[i]);
		flows += report->flows[i].flows;
	}
	row_more(page, report->flow_total, flows, "flow");
}

void
report_errors(struct text_page *page, const struct report *report)
{
	write_reporters(page, report);
	write_flows(page, report);
}
