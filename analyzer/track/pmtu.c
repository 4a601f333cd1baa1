/*
 * Path MTUs as routers tell them (RFC 1191, RFC 8201), senders that do not
 * heed them, and redirects. All are notes: what is known of a source's path
 * to a destination.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/log.h"
#include "analyzer/track/path_note.h"
#include "analyzer/track/redirect.h"
#include "analyzer/track/segment.h"
#include "analyzer/track/trackers.h"

#define IP4_MTU_LEAST 68   /* RFC 791 3.2 */
#define IP6_MTU_LEAST 1280 /* RFC 8200 5; less must not be heeded (RFC 8201 4) */
#define FRAGMENTATION_NEEDED 4

struct pmtu {
	struct path_notes notes;
	struct segments segments;
	uint64_t settle_ns, age_ns, blackhole_errors;
	int64_t least; /* of the path MTUs known */
	struct redirects redirects;
	struct pairs *pairs; /* borrowed: whose replies say nothing, as long as none is known */
};

static void
pmtu_destroy(void *state)
{
	struct pmtu *pmtu = state;

	if (pmtu == NULL)
		return;
	path_notes_free(&pmtu->notes);
	segments_free(&pmtu->segments);
	free(pmtu);
}

static void *
pmtu_create(const struct tracker_context *context, char *err)
{
	const struct settings *settings = context->settings;
	struct pmtu *pmtu = calloc(1, sizeof(*pmtu));

	if (pmtu == NULL) {
		snprintf(err, ERR_SIZE, "no memory for the tracker of path MTUs");
		return NULL;
	}
	pmtu->redirects.has_datagrams = context->has_datagrams;
	pmtu->pairs = context->pairs;
	pmtu->settle_ns = settings->pmtu_settle_ns;
	pmtu->age_ns = settings->pmtu_age_ns;
	pmtu->blackhole_errors = settings->pmtu_blackhole_errors;
	if (segments_init(&pmtu->segments, context, err) != 0 ||
	    path_notes_init(&pmtu->notes, context, "pmtu.notes", settings->pmtu_notes,
	    err) != 0) {
		pmtu_destroy(pmtu);
		return NULL;
	}
	return pmtu;
}

/* The plateau below a length: RFC 1191 7.1. */
static int64_t
plateau_below(uint32_t length)
{
	static const uint16_t plateaus[] = { 65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006,
		508, 296, IP4_MTU_LEAST };
	size_t i = 0;

	while (plateaus[i] >= length && plateaus[i] > IP4_MTU_LEAST)
		i++;
	return plateaus[i];
}

/* What an error about a datagram's size says of the path. */
struct told {
	int64_t mtu;
	bool is_estimated;
};

/*
 * Whether the error can be true: it is about a datagram that was too large
 * for the MTU it names and might not be fragmented.
 */
static bool
read_mtu(const struct icmp_msg *msg, struct told *out)
{
	const union value *mtu = icmp_value(msg, "mtu");
	const struct quote *quote = &msg->quote;

	if (mtu == NULL || !quote->present)
		return false;
	out->mtu = (int64_t)mtu->number;
	out->is_estimated = msg->version == 4 && out->mtu == 0;
	if (msg->version == 6)
		return out->mtu >= IP6_MTU_LEAST && quote->ip.length > out->mtu;
	if (out->is_estimated)
		out->mtu = plateau_below(quote->ip.length);
	return out->mtu >= IP4_MTU_LEAST && quote->ip.length > out->mtu &&
	    quote->ip.dont_fragment;
}

static struct path_note *
note_of(struct pmtu *pmtu, enum event_id id, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns, bool *is_news)
{
	const struct path_note_key key = {
		.source = msg->quote.ip.source,
		.destination = msg->quote.ip.final_destination,
		.event = (uint8_t)id,
	};

	return path_note_find(&pmtu->notes, &key, packet->frame->when_ns, now_ns, is_news);
}

static void
settle(struct path_note *note, uint64_t when_ns)
{
	note->settled_ns = when_ns;
	note->unheeded = note->oversized = 0;
}

/*
 * Whether the sender should have heeded the MTU by now: it may have datagrams
 * under way when it is told, and may try larger ones again after ten minutes
 * (RFC 1191 3 and 6.3, RFC 8201 4).
 */
static bool
is_due(const struct pmtu *pmtu, const struct path_note *note, uint64_t when_ns)
{
	return when_ns >= note->settled_ns && when_ns - note->settled_ns >= pmtu->settle_ns;
}

/* An error that tells a known MTU again: about what the sender did send, or forged. */
static void
count_unheeded(struct pmtu *pmtu, struct path_note *known, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	uint64_t when_ns = packet->frame->when_ns;
	struct path_note *note;
	bool is_news;

	if (when_ns - known->settled_ns >= pmtu->age_ns)
		settle(known, when_ns);
	if (!is_due(pmtu, known, when_ns) || known->oversized == 0 ||
	    ++known->unheeded != pmtu->blackhole_errors)
		return;
	note = note_of(pmtu, EVENT_PMTU_BLACKHOLE, packet, msg, now_ns, &is_news);
	note->facts.reporter = packet->ip.source;
	note->facts.mtu = known->facts.mtu;
	note->facts.evidence = "sender_does_not_heed";
	note->facts.count = (int64_t)known->unheeded;
	if (is_news)
		path_note_emit(&pmtu->notes, note, packet, when_ns);
}

static void
on_too_large(struct pmtu *pmtu, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	uint64_t when_ns = packet->frame->when_ns, before_ns;
	struct path_note *note;
	struct told told;
	bool is_news, is_new;

	if (!read_mtu(msg, &told))
		return;
	note = note_of(pmtu, EVENT_PMTU_CHANGED, packet, msg, now_ns, &is_news);
	is_new = note->facts.mtu == EVENT_UNKNOWN;
	before_ns = note->settled_ns;
	/* Two narrow links in a row tell the larger MTU first, each time anew. */
	if (!is_new && told.mtu > note->facts.mtu && when_ns >= before_ns &&
	    when_ns - before_ns < pmtu->age_ns)
		return;
	if (!is_new && told.mtu == note->facts.mtu) {
		count_unheeded(pmtu, note, packet, msg, now_ns);
		return;
	}
	settle(note, when_ns);
	if (pmtu->least == 0 || told.mtu < pmtu->least) {
		pmtu->least = told.mtu;
		pairs_wake(pmtu->pairs);
	}
	note->facts.previous_mtu = note->facts.mtu;
	note->facts.mtu = told.mtu;
	note->facts.is_estimated = told.is_estimated ? 1 : EVENT_UNKNOWN;
	note->facts.reporter = packet->ip.source;
	path_note_emit(&pmtu->notes, note, packet, when_ns);
}

/* RFC 792, RFC 4861 4.5: in IPv6 the target is the destination itself when that is on the link. */
static void
on_redirect(struct pmtu *pmtu, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	bool is_ip6 = msg->version == 6;
	const union value *gateway = icmp_value(msg, is_ip6 ? "target" : "gateway");
	const union value *destination = is_ip6 ? icmp_value(msg, "destination") : NULL;
	struct path_note_key key = {
		.source = packet->ip.destination,
		.event = EVENT_REDIRECTED,
	};
	struct path_note *note;
	bool is_news;

	if (gateway == NULL || (is_ip6 ? destination == NULL : !msg->quote.present))
		return;
	key.destination = is_ip6 ? destination->address : msg->quote.ip.final_destination;
	key.about = gateway->address;
	note = path_note_find(&pmtu->notes, &key, packet->frame->when_ns, now_ns, &is_news);
	if (!is_news)
		return;
	note->facts = path_facts_unknown(msg->version);
	note->facts.gateway = gateway->address;
	note->facts.reporter = packet->ip.source;
	redirects_judge(&pmtu->redirects, &(struct redirect){ packet, msg, &key.source,
	    &key.destination }, now_ns, &note->facts);
	path_note_emit(&pmtu->notes, note, packet, packet->frame->when_ns);
}

static bool
is_too_large(const struct icmp_msg *msg)
{
	return msg->version == 6 ? msg->type_number == ICMP6_PACKET_TOO_BIG :
	    msg->type_number == ICMP4_DESTINATION_UNREACHABLE &&
	    msg->code == FRAGMENTATION_NEEDED;
}

/* A datagram that may be larger than the path takes. */
static void
on_sent(struct pmtu *pmtu, const struct packet *packet)
{
	const struct ip_header *ip = &packet->ip;
	const struct path_note_key key = {
		.source = ip->source,
		.destination = ip->final_destination,
		.event = EVENT_PMTU_CHANGED,
	};
	struct path_note *note;

	if (pmtu->least == 0 || ip->length <= pmtu->least || ip->is_fragment ||
	    (ip->version == 4 && !ip->dont_fragment))
		return;
	note = (struct path_note *)table_find(&pmtu->notes.table, &key);
	if (note != NULL && ip->length > note->facts.mtu &&
	    is_due(pmtu, note, packet->frame->when_ns))
		note->oversized++;
}

/* The first large segment of a connection never arrives, and no router says why. */
static void
on_stuck(struct pmtu *pmtu, const struct segment *segment, const struct packet *packet,
    uint64_t now_ns)
{
	struct path_note_key key = {
		.source = segment->source,
		.destination = segment->destination,
		.event = EVENT_PMTU_CHANGED,
	};
	struct path_note *note;
	bool is_news;

	if (table_find(&pmtu->notes.table, &key) != NULL)
		return; /* one did say so */
	key.event = EVENT_PMTU_BLACKHOLE;
	note = path_note_find(&pmtu->notes, &key, packet->frame->when_ns, now_ns, &is_news);
	note->facts.evidence = "large_segments_lost";
	note->facts.bytes = segment->length;
	note->facts.count = segment->resent;
	if (is_news)
		path_note_emit(&pmtu->notes, note, packet, packet->frame->when_ns);
}

static void
pmtu_datagram(void *state, const struct packet *packet, const struct transport *transport,
    uint64_t now_ns)
{
	const struct segment *stuck;
	struct pmtu *pmtu = state;

	on_sent(pmtu, packet);
	first_hops_note(&pmtu->redirects.first_hops, packet, now_ns);
	if (packet->ip.protocol != IP_PROTO_TCP)
		return;
	stuck = segments_note(&pmtu->segments, packet, transport);
	if (stuck != NULL)
		on_stuck(pmtu, stuck, packet, now_ns);
}

static void
pmtu_message(void *state, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct pmtu *pmtu = state;

	if (pmtu->least == 0 && icmp_is_echo_reply(msg))
		pairs_hush(pmtu->pairs, HUSH_PMTU, MESSAGE_ECHO_REPLY, now_ns);
	if (msg->type->role == ICMP_REQUEST)
		first_hops_note(&pmtu->redirects.first_hops, packet, now_ns);
	if (msg->type->role == ICMP_REQUEST || msg->type->role == ICMP_REPLY)
		on_sent(pmtu, packet);
	else if (is_too_large(msg))
		on_too_large(pmtu, packet, msg, now_ns);
	else if (msg->type_number == (msg->version == 6 ? ICMP6_REDIRECT : ICMP4_REDIRECT))
		on_redirect(pmtu, packet, msg, now_ns);
}

static int
pmtu_report(void *state, struct report *out)
{
	struct pmtu *pmtu = state;

	out->pmtu_notes = path_notes_report(&pmtu->notes, &out->pmtu_note_count);
	return out->pmtu_notes != NULL ? 0 : -1;
}

static uint32_t
pmtu_tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct pmtu *pmtu = state;

	if (max < 1)
		return 0;
	report_table_row(&pmtu->notes.table, &out[0]);
	return 1;
}

const struct tracker tracker_pmtu = {
	.name = "pmtu",
	.create = pmtu_create,
	.message = pmtu_message,
	.hush = HUSH_PMTU,
	.datagram = pmtu_datagram,
	.report = pmtu_report,
	.tables = pmtu_tables,
	.destroy = pmtu_destroy,
};
