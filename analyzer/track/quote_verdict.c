/*
 * Each verdict is of one sentence that is true however the error came about;
 * whether it was forged is for those to judge who weigh several.
 */
#include "analyzer/track/quote_verdict.h"

#include <stdlib.h>

/* Three solicitations, a second each (RFC 4861 10); ARP is no faster. */
#define RESOLUTION_NS UINT64_C(3000000000)

/* Not one: the error's sender may have counted its own hop, or not. */
#define HOPS_SEVERAL 2

/* Errors about what waited before it was given up. */
static const struct {
	uint8_t version, type, code;
	bool is_reassembly; /* else for a neighbor's address */
} waits[] = {
	{ 4, ICMP4_DESTINATION_UNREACHABLE, 1, false },
	{ 4, ICMP4_TIME_EXCEEDED, 1, true },
	{ 6, ICMP6_DESTINATION_UNREACHABLE, 3, false },
	{ 6, ICMP6_TIME_EXCEEDED, 1, true },
};

static uint64_t
extra_age(const struct quote_case *quote)
{
	const struct icmp_msg *msg = quote->msg;
	size_t i;

	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		if (waits[i].version == msg->version && waits[i].type == msg->type_number &&
		    waits[i].code == msg->code)
			return waits[i].is_reassembly ? quote->settings->reassembly_timeout_ns :
			    RESOLUTION_NS;
	return 0;
}

/* A host that refuses what it was about to send tells itself, and nobody sees it. */
static bool
is_from_sender(const struct quote_case *quote)
{
	return addr_equal(&quote->packet->ip.source, &quote->msg->quote.ip.source);
}

static struct flow_recall
recall_from(const struct quote_case *quote, const struct addr *source)
{
	const struct flow_claim claim = {
		.source = source,
		.destination = &quote->msg->quote.ip.final_destination,
		.transport = &quote->msg->quote.transport,
		.extra_age_ns = extra_age(quote),
	};

	return flow_memory_recall(quote->memory, &claim, quote->now_ns);
}

/*
 * The flow as quoted; or, when the error went to another address than the
 * quoted source, that address's: NAT may have translated the one and not the
 * other (RFC 5508 4.2). Either the flow that was seen proves it, or a
 * checksum that fits the other address.
 */
static struct flow_recall
recall_flow(const struct quote_case *quote, bool *is_translated)
{
	const struct icmp_msg *msg = quote->msg;
	const struct addr *receiver = &quote->packet->ip.destination;
	struct flow_recall recall = recall_from(quote, &msg->quote.ip.source), other;

	*is_translated = false;
	if (recall.verdict == FLOW_SEEN ||
	    !anomalies_has(&msg->anomalies, ANOMALY_QUOTED_SOURCE_MISMATCH))
		return recall;
	other = recall_from(quote, receiver);
	*is_translated = other.verdict == FLOW_SEEN ||
	    quote_sums_with(msg->tail, &msg->quote, receiver);
	return *is_translated ? other : recall;
}

/* How many hops a datagram came, if it began as most do. */
static int
hops_of(uint8_t ttl)
{
	if (ttl <= 32)
		return 32 - ttl;
	if (ttl <= 64)
		return 64 - ttl;
	return ttl <= 128 ? 128 - ttl : 255 - ttl;
}

/*
 * RFC 5927 gives no such test; it needs that the sender is not near the victim.
 * A host's other datagrams may begin with another TTL than its errors, so those
 * are compared by hops, errors of one kind as they are.
 */
static bool
is_ttl_inconsistent(const struct quote_case *quote, const struct flow_recall *recall)
{
	const struct ip_header *ip = &quote->packet->ip;
	int slack = (int)quote->settings->errors_ttl_slack;

	if (recall->has_answer && addr_equal(&ip->source, &quote->msg->quote.ip.destination))
		return abs(hops_of(ip->ttl) - hops_of(recall->answer_ttl)) > slack &&
		       abs(ip->ttl - recall->answer_ttl) > slack;
	return quote->earlier_ttl >= 0 && abs(ip->ttl - quote->earlier_ttl) > slack;
}

/* Whether it has the TTL that most senders begin with; 32, of old ones, may be of a long way. */
static bool
is_ttl_fresh(uint8_t ttl)
{
	return ttl > 32 && hops_of(ttl) == 0;
}

/*
 * What an error is about came as far as the error's sender, so who makes one up
 * must guess what the routers between took off its TTL. Of datagrams whose time
 * was over in transit, the TTL left is judged.
 */
static bool
is_quoted_ttl_fresh(const struct quote_case *quote)
{
	const struct icmp_msg *msg = quote->msg;

	if (msg->type_number == (msg->version == 6 ? ICMP6_TIME_EXCEEDED : ICMP4_TIME_EXCEEDED) &&
	    msg->code == 0)
		return false;
	return is_ttl_fresh(msg->quote.ip.ttl) && hops_of(quote->packet->ip.ttl) >= HOPS_SEVERAL;
}

struct quote_facts
quote_verdict(const struct quote_case *quote)
{
	const struct transport *transport = &quote->msg->quote.transport;
	struct quote_facts facts = { .seen = EVENT_UNKNOWN, .translated = EVENT_UNKNOWN };
	struct flow_recall recall;
	bool is_translated;

	recall = recall_flow(quote, &is_translated);
	if (recall.verdict == FLOW_NOT_SEEN && is_from_sender(quote))
		recall.verdict = FLOW_UNKNOWN;
	if (recall.verdict != FLOW_UNKNOWN)
		facts.seen = recall.verdict == FLOW_SEEN;
	if (is_translated)
		facts.translated = 1;
	if (recall.verdict == FLOW_NOT_SEEN)
		anomalies_add(&facts.anomalies, ANOMALY_FLOW_NOT_SEEN);
	if (transport->has_tcp_sequence && flow_recall_excludes(&recall, transport->tcp_sequence,
	    (uint32_t)quote->settings->errors_tcp_slack))
		anomalies_add(&facts.anomalies, ANOMALY_TCP_SEQUENCE_OUTSIDE_WINDOW);
	if (is_ttl_inconsistent(quote, &recall))
		anomalies_add(&facts.anomalies, ANOMALY_REPORTER_TTL_INCONSISTENT);
	if (is_quoted_ttl_fresh(quote))
		anomalies_add(&facts.anomalies, ANOMALY_QUOTED_TTL_FRESH);
	return facts;
}
