/*
 * Rows are sorted so that those to be folded are neighbours, folded in place,
 * and sorted again as they are shown.
 */
#include "analyzer/track/flow_rows.h"

#include <stdlib.h>

/* What rows that are folded have in common besides their addresses. */
enum { KIND_NUMBERS = 9, KIND_SIZE = KIND_NUMBERS + ANOMALY_WORDS };

static void
kind_of(const struct report_flow *flow, uint64_t out[KIND_SIZE])
{
	const struct transport *transport = &flow->transport;
	const uint64_t numbers[KIND_NUMBERS] = {
		transport->protocol, transport->has_ports, transport->has_id, flow->version,
		flow->type, flow->code, (uint64_t)flow->mtu, flow->is_translated,
		flow->seen > 0 ? 2 : flow->not_seen > 0,
	};

	memcpy(out, numbers, sizeof(numbers));
	memcpy(out + KIND_NUMBERS, flow->anomalies.bits, sizeof(flow->anomalies.bits));
}

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
compare_ends(const struct report_flow *a, const struct report_flow *b)
{
	int order = addr_compare(&a->source, &b->source);

	return order != 0 ? order : addr_compare(&a->destination, &b->destination);
}

/* Zero for rows that are folded. */
static int
compare_kinds(const struct report_flow *a, const struct report_flow *b)
{
	uint64_t kind_a[KIND_SIZE], kind_b[KIND_SIZE];
	int order = compare_ends(a, b), i;

	kind_of(a, kind_a);
	kind_of(b, kind_b);
	for (i = 0; order == 0 && i < KIND_SIZE; i++)
		order = compare_numbers(kind_a[i], kind_b[i]);
	return order;
}

/* Those that are folded are neighbours, and in them those of one reporter. */
static int
compare_folded(const void *left, const void *right)
{
	const struct report_flow *a = left, *b = right;
	int order = compare_kinds(a, b);

	if (order == 0)
		order = addr_compare(&a->reporter, &b->reporter);
	if (order == 0)
		order = compare_numbers(a->sources.least, b->sources.least);
	return order != 0 ? order :
	    compare_numbers(a->destinations.least, b->destinations.least);
}

/* How much speaks for it that errors about a flow are not what they say. */
static int
doubts_about(const struct report_flow *flow)
{
	return anomalies_has(&flow->anomalies, ANOMALY_FLOW_NOT_SEEN) +
	       anomalies_has(&flow->anomalies, ANOMALY_TCP_SEQUENCE_OUTSIDE_WINDOW) +
	       (anomalies_has(&flow->anomalies, ANOMALY_QUOTED_SOURCE_MISMATCH) &&
	           !flow->is_translated);
}

static int
compare_shown(const void *left, const void *right)
{
	const struct report_flow *a = left, *b = right;
	int order = doubts_about(b) - doubts_about(a);

	if (order == 0)
		order = compare_numbers(b->count, a->count);
	if (order == 0)
		order = compare_ends(a, b);
	if (order == 0)
		order = compare_numbers(a->transport.protocol, b->transport.protocol);
	if (order == 0)
		order = compare_numbers(a->sources.least, b->sources.least);
	if (order == 0)
		order = compare_numbers(a->destinations.least, b->destinations.least);
	return order != 0 ? order : compare_kinds(a, b);
}

static struct report_span
joined(struct report_span a, struct report_span b)
{
	return (struct report_span){
		.least = a.least < b.least ? a.least : b.least,
		.most = a.most > b.most ? a.most : b.most,
	};
}

/* Adds a flow to a row; what is said of the latest error is what the later of them says. */
static void
fold(struct report_flow *row, const struct report_flow *flow)
{
	struct report_flow folded = flow->last_ns >= row->last_ns ? *flow : *row;

	folded.flows = row->flows + flow->flows;
	folded.reporters = row->reporters;
	folded.count = row->count + flow->count;
	folded.seen = row->seen + flow->seen;
	folded.not_seen = row->not_seen + flow->not_seen;
	folded.sources = joined(row->sources, flow->sources);
	folded.destinations = joined(row->destinations, flow->destinations);
	*row = folded;
}

uint32_t
flow_rows_fold(struct report_flow *rows, uint32_t count)
{
	struct addr reporter = { .version = 0 }; /* of the flow before */
	uint32_t kept = 0, i;

	qsort(rows, count, sizeof(*rows), compare_folded);
	for (i = 0; i < count; i++) {
		const struct report_flow flow = rows[i];

		if (kept > 0 && compare_kinds(&rows[kept - 1], &flow) == 0) {
			fold(&rows[kept - 1], &flow);
			rows[kept - 1].reporters += !addr_equal(&reporter, &flow.reporter);
		} else {
			rows[kept++] = flow;
		}
		reporter = flow.reporter;
	}
	qsort(rows, kept, sizeof(*rows), compare_shown);
	return kept;
}
