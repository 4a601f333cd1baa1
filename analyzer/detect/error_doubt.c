/*
 * The table of doubts, and the errors that have some.
 */
#include "analyzer/detect/error_doubt.h"

#include <inttypes.h>
#include <stdio.h>

#define SHARE 4         /* a doubt counts that one error of so many has, */
#define WEIGHT_ALONE 40 /* or one of this weight, whichever has it */
#define WEIGHT_GUESSES 25
#define ADMITTED_AT 4 /* errors, once there are too many victims */
#define THC_ID 0xface /* by which atk6-toobig6 and its kin first ping their victim */
#define THC_SEQ 0xbabe

/* RFC 1191 3: a router asks for smaller datagrams only if it may not cut them itself. */
static bool
may_be_cut(const struct event *event)
{
	return event->msg->quote.ip.version == 4 && !event->msg->quote.ip.dont_fragment;
}

/* RFC 4443 3.2: too large is what has to go on; at its destination nothing has. */
static bool
is_from_destination(const struct event *event)
{
	return addr_equal(&event->source, &event->msg->quote.ip.final_destination);
}

/*
 * Whether it is about an answer to a ping: anybody can make a host send one, and
 * so knows what to quote.
 */
static bool
is_about_reply(const struct event *event)
{
	const struct quote *quote = &event->msg->quote;

	return quote->transport.has_seq && quote->transport.icmp_type ==
	    (quote->ip.version == 6 ? ICMP6_ECHO_REPLY : ICMP4_ECHO_REPLY);
}

static bool
is_thc(const struct event *event)
{
	return is_about_reply(event) && event->msg->quote.transport.id == THC_ID &&
	       event->msg->quote.transport.seq == THC_SEQ;
}

/* A doubt is an anomaly, or what `holds` says. */
struct doubt {
	const char *name;
	enum doubt_scope scope;
	enum reason_group group;
	uint8_t weight;
	enum anomaly anomaly;
	bool (*holds)(const struct event *event);
	const char *words; /* behind "errors" */
};

/* clang-format off */
static const struct doubt doubts[] = {
	{ "flow_not_seen", DOUBT_OF_BOTH, REASON_FLOW, 35, ANOMALY_FLOW_NOT_SEEN, NULL,
	  "are about flows not seen here" },
	{ "tcp_sequence_outside_window", DOUBT_OF_BOTH, REASON_FLOW, 40,
	  ANOMALY_TCP_SEQUENCE_OUTSIDE_WINDOW, NULL, "have no sequence number of their flow" },
	{ "quoted_ttl_fresh", DOUBT_OF_BOTH, REASON_ROLE, 30, ANOMALY_QUOTED_TTL_FRESH, NULL,
	  "are about what had not crossed a router yet" },
	{ "reporter_ttl_inconsistent", DOUBT_OF_BOTH, REASON_ROLE, 25,
	  ANOMALY_REPORTER_TTL_INCONSISTENT, NULL, "come from another distance than their sender" },
	{ "quoted_bad_length", DOUBT_OF_BOTH, REASON_HEADER, 20, ANOMALY_QUOTED_BAD_LENGTH, NULL,
	  "are about datagrams of a length that cannot be" },
	{ "reporter_not_destination", DOUBT_OF_END, REASON_ROLE, 10,
	  ANOMALY_REPORTER_NOT_DESTINATION, NULL, "come from another than the destination" },
	{ "source_quench", DOUBT_OF_END, REASON_SHAPE, 20, ANOMALY_DEPRECATED_TYPE, NULL,
	  "are of a type that is gone since RFC 6633" },
	{ "impossible_mtu", DOUBT_OF_SIZE, REASON_SHAPE, 45, ANOMALY_BAD_MTU, NULL,
	  "name less than every link carries" },
	{ "small_mtu", DOUBT_OF_SIZE, REASON_SHAPE, 30, ANOMALY_SMALL_MTU, NULL,
	  "name less than every host must take" },
	{ "mtu_not_exceeded", DOUBT_OF_SIZE, REASON_HEADER, 35, ANOMALY_MTU_NOT_EXCEEDED, NULL,
	  "are about datagrams that would have fitted" },
	{ "error_too_long", DOUBT_OF_SIZE, REASON_HEADER, 15, ANOMALY_ERROR_TOO_LONG, NULL,
	  "are longer than errors may be" },
	{ "quoted_may_be_fragmented", DOUBT_OF_SIZE, REASON_HEADER, 40, ANOMALY_COUNT, may_be_cut,
	  "are about datagrams that routers may cut" },
	{ "reporter_is_destination", DOUBT_OF_SIZE, REASON_ROLE, 35, ANOMALY_COUNT,
	  is_from_destination, "come from the destination, which forwards nothing" },
	{ "quotes_reply", DOUBT_OF_SIZE, REASON_FLOW, 20, ANOMALY_COUNT, is_about_reply,
	  "are about a reply that anybody may have asked for" },
	{ "thc_ipv6", DOUBT_OF_SIZE, REASON_SIGNATURE, 40, ANOMALY_COUNT, is_thc,
	  "are about a ping with the marks of THC-IPv6" },
};
/* clang-format on */

#define DOUBTS (sizeof(doubts) / sizeof(doubts[0]))

_Static_assert(DOUBTS <= DOUBTS_MAX, "counts of doubts");

static bool
has_doubt(const struct event *event, const struct doubt *doubt)
{
	if (doubt->holds != NULL)
		return doubt->holds(event);
	return anomalies_has(&event->msg->anomalies, doubt->anomaly) ||
	       anomalies_has(&event->quote->anomalies, doubt->anomaly);
}

/* What speaks against an error. */
struct verdict {
	uint32_t doubts; /* a bit for each */
	unsigned groups; /* likewise */
	uint64_t weight;
};

static struct verdict
judge(const struct event *event, enum doubt_scope scope)
{
	struct verdict verdict = { 0 };
	size_t i;

	for (i = 0; i < DOUBTS; i++) {
		if ((doubts[i].scope & scope) == 0 || !has_doubt(event, &doubts[i]))
			continue;
		verdict.doubts |= UINT32_C(1) << i;
		verdict.groups |= 1U << doubts[i].group;
		verdict.weight += doubts[i].weight;
	}
	return verdict;
}

/* A host drops an error about what it did not send (RFC 1122 3.2.2, RFC 4443 2.4). */
static bool
is_believed(const struct event *event)
{
	return event->quote != NULL && (event->quote->translated == 1 ||
	    !anomalies_has(&event->msg->anomalies, ANOMALY_QUOTED_SOURCE_MISMATCH));
}

/* No implicit padding. */
struct flow_name {
	struct addr peer;
	uint8_t protocol;
	uint16_t source_port, destination_port;
};

_Static_assert(sizeof(struct flow_name) == sizeof(struct addr) + 5, "padding in the name of flows");

/*
 * Only what has ports has some to guess. Of UDP nobody does, to end a flow: errors
 * about many ports are those of a flood.
 */
static bool
can_be_guessed(const struct quote *quote, enum doubt_scope scope)
{
	return quote->transport.has_ports &&
	       (scope == DOUBT_OF_SIZE || quote->ip.protocol == IP_PROTO_TCP);
}

static void
note_flow(struct doubted *doubted, const struct event *event, enum doubt_scope scope)
{
	const struct quote *quote = &event->msg->quote;
	const struct flow_name flow = {
		.peer = quote->ip.final_destination,
		.protocol = quote->ip.protocol,
		.source_port = quote->transport.source_port,
		.destination_port = quote->transport.destination_port,
	};
	bool is_first = doubted->subject.packets == 1;

	if (can_be_guessed(quote, scope)) {
		distinct_add(&doubted->flows, distinct_hash(&flow, sizeof(flow)));
		distinct_add(&doubted->peers, distinct_hash_addr(&flow.peer));
	}
	doubted->has_more_peers |= !is_first && !addr_equal(&doubted->peer, &flow.peer);
	doubted->has_more_reporters |= !is_first && !addr_equal(&doubted->reporter, &event->source);
	doubted->peer = flow.peer;
	doubted->reporter = event->source;
}

static void
note_mtu(struct doubted *doubted, const struct icmp_msg *msg)
{
	const union value *mtu = icmp_value(msg, "mtu");

	if (mtu != NULL && mtu->number != 0 &&
	    (doubted->least_mtu == 0 || mtu->number < doubted->least_mtu))
		doubted->least_mtu = (uint32_t)mtu->number;
}

/* Counts an error, unless it is believed. Returns its subject, or NULL. */
static struct doubted *
note(struct subjects *subjects, const struct doubt_rule *rule, const struct event *event,
    uint64_t now_ns)
{
	const struct subject_key key = { .victim = event->destination };
	struct verdict verdict;
	struct doubted *doubted;
	size_t i;

	if (!rule->covers(event->msg) || !is_believed(event))
		return NULL;
	verdict = judge(event, rule->scope);
	if (verdict.weight < rule->bounds(subjects->settings).doubt ||
	    !subjects_admits(subjects, &key, ADMITTED_AT))
		return NULL;
	doubted = (struct doubted *)subjects_note(subjects, &key, event->packet,
	    event->msg->length, now_ns);
	for (i = 0; i < DOUBTS; i++)
		doubted->counts[i] += verdict.doubts >> i & 1;
	doubted->firm += (verdict.groups & (verdict.groups - 1)) != 0;
	doubted->hits += event->quote->seen == 1;
	note_flow(doubted, event, rule->scope);
	note_mtu(doubted, event->msg);
	return doubted;
}

bool
doubted_has_guesses(const struct doubted *doubted, const struct doubt_bounds *bounds)
{
	uint32_t flows = distinct_count(&doubted->flows);

	return flows > 0 && flows >= bounds->flows * distinct_count(&doubted->peers);
}

static void
add_reasons(struct finding *finding, const struct doubted *doubted,
    const struct doubt_bounds *bounds)
{
	uint64_t errors = doubted->subject.packets;
	size_t i;

	for (i = 0; i < DOUBTS; i++) {
		if (doubted->counts[i] == 0 || (doubts[i].weight < WEIGHT_ALONE &&
		    doubted->counts[i] * (uint64_t)SHARE < errors))
			continue;
		finding_reason(finding, doubts[i].name, doubts[i].group, doubts[i].weight,
		    "%" PRIu32 " of %" PRIu64 " errors %s", doubted->counts[i], errors,
		    doubts[i].words);
		if (doubts[i].group == REASON_SIGNATURE)
			finding->tool = "THC-IPv6";
	}
	if (doubted_has_guesses(doubted, bounds))
		finding_reason(finding, "guessed_flows", REASON_TARGETS, WEIGHT_GUESSES,
		    "%" PRIu32 " flows to %" PRIu32 " host%s, as who tries ports",
		    distinct_count(&doubted->flows), distinct_count(&doubted->peers),
		    doubted->has_more_peers ? "s" : "");
}

static void
name_ends(const struct doubt_rule *rule, const struct doubted *doubted, struct finding *finding)
{
	char reporter[ADDR_TEXT_SIZE] = "several hosts", victim[ADDR_TEXT_SIZE];

	if (doubted->has_more_reporters)
		finding_relate(finding, &doubted->reporter);
	else
		finding->actor = doubted->reporter;
	finding_relate(finding, &doubted->peer);
	if (finding->actor.version != 0)
		addr_text(&finding->actor, reporter);
	addr_text(&finding->victim, victim);
	rule->say(doubted, reporter, victim, finding);
}

/*
 * Errors with one doubt each, and another one each, are no more than that: one of
 * them has several, or there are so many that guess.
 */
void
doubted_tell(struct subjects *subjects, const struct doubt_rule *rule, struct subject *subject,
    const struct packet *packet, uint64_t now_ns)
{
	const struct doubt_bounds bounds = rule->bounds(subjects->settings);
	const struct doubted *doubted = (const struct doubted *)subject;
	struct finding finding;

	if (doubted->firm == 0 && !doubted_has_guesses(doubted, &bounds))
		return;
	subjects_finding(subjects, subject, &finding);
	add_reasons(&finding, doubted, &bounds);
	if (!finding_stands(&finding))
		return;
	finding.quiet_ns = bounds.quiet_ns;
	finding.threshold = rule->threshold;
	finding.threshold_value = (int64_t)bounds.doubt;
	finding.ceiling = rule->ceiling(subjects->settings, doubted, &finding);
	name_ends(rule, doubted, &finding);
	subject->is_told = incidents_report(subjects->incidents, &finding, packet, now_ns);
}

void
doubted_event(struct subjects *subjects, const struct doubt_rule *rule, const struct event *event,
    uint64_t now_ns)
{
	struct doubted *doubted = note(subjects, rule, event, now_ns);

	if (doubted != NULL)
		subjects_news(subjects, &doubted->subject, event->packet, now_ns);
}
