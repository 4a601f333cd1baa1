/*
 * Fragments that no sender makes by mistake: they overlap and rewrite each other
 * (teardrop; RFC 1858, RFC 5722), are smaller than any link needs them, hide
 * neighbor discovery (RFC 6980), never make a whole datagram, or come again and
 * again. Judged by whom they are sent to, for senders are easily made up. What
 * ends past the longest datagram is ping_of_death.c's.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/core/reassembly.h"
#include "analyzer/detect/detectors.h"
#include "analyzer/detect/subject.h"

#define NS_PER_S UINT64_C(1000000000)
#define SPAN_NS (60 * NS_PER_S) /* the minute in which is counted */
#define IP4_HEADER_MIN 20
#define SHORTEST_FIRST 61 /* RFC 791 3.2: 68 fit any link; less than 8 may be left over */
#define PIECE_IP4 552     /* octets in 576, which every host must take (RFC 791 3.1) */
#define PIECE_IP6 1232    /* in 1280, which every link must carry (RFC 8200 5) */

/* The worst first, which the sentence is about. */
enum abuse {
	ABUSE_REWRITTEN,
	ABUSE_NEIGHBOR,
	ABUSE_OVERLAPPING,
	ABUSE_REPEATED,
	ABUSE_TOO_SHORT,
	ABUSE_INCOMPLETE,
	ABUSE_SHORT,
	ABUSE_REFRAGMENTED,
	ABUSE_NEEDLESS,
	ABUSES,
	ABUSE_NONE = ABUSES
};

#define BOUND(member) \
	"detect.fragment_abuse." #member, offsetof(struct settings, detect_fragment_abuse.member)

/* clang-format off */
static const struct {
	const char *name;
	enum reason_group group;
	uint8_t weight;
	const char *noun, *words;
	const char *setting;   /* that says how many or how much, with its place; or NULL */
	size_t offset;
} abuses[ABUSES] = {
	[ABUSE_REWRITTEN] = { "conflicting_overlap", REASON_SIGNATURE, 75, "fragment",
	    "made to rewrite others", NULL, 0 },
	[ABUSE_NEIGHBOR] = { "fragmented_neighbor_discovery", REASON_SIGNATURE, 75, "message",
	    "of neighbor discovery in pieces, as to get past a guard", NULL, 0 },
	[ABUSE_OVERLAPPING] = { "overlap", REASON_SIGNATURE, 55, "fragment",
	    "overlapping others, which IPv6 forbids", NULL, 0 },
	[ABUSE_REPEATED] = { "repeated_fragments", REASON_SIGNATURE, 55, "fragment",
	    "in a minute that came before", BOUND(repeated) },
	[ABUSE_TOO_SHORT] = { "impossible_length", REASON_SIGNATURE, 50, "first fragment",
	    "shorter than for any link", NULL, 0 },
	[ABUSE_INCOMPLETE] = { "incomplete_datagrams", REASON_RATE, 35, "datagram",
	    "in a minute of which not all came", BOUND(incomplete) },
	[ABUSE_SHORT] = { "short_fragments", REASON_SHAPE, 30, "first fragment",
	    "shorter than for usual links", BOUND(tiny) },
	[ABUSE_REFRAGMENTED] = { "equal_overlap", REASON_SHAPE, 20, "fragment",
	    "overlapping others, with the same octets", NULL, 0 },
	[ABUSE_NEEDLESS] = { "needless_fragments", REASON_HEADER, 25, "datagram",
	    "in more pieces than usual links need", NULL, 0 },
};
/* clang-format on */

#define WEIGHT_UNANSWERED 25
#define ADMITTED_AT 4     /* fragments, once there are too many hosts */
#define ANSWERED_LEAST 10 /* one answer to so many datagrams */

/* What a host is sent in fragments. */
struct fragmented {
	struct subject subject; /* key: the victim alone */
	uint64_t begun_ns;      /* analysis time: of the minute */
	uint32_t fragments, duplicates, datagrams, whole, answers; /* in it */
	uint32_t counts[ABUSES];
	uint64_t told_ns;       /* analysis time */
	uint64_t first_ns;      /* capture's clock: of what is counted */
	struct addr source;     /* of the latest */
	bool has_more_sources;
};

static uint32_t
count_of(const struct fragmented *host)
{
	uint32_t count = 0;
	int i;

	for (i = 0; i < ABUSES; i++)
		count += host->counts[i];
	return count;
}

/* Nobody answers what never becomes whole; then it is no matter of the capture. */
static void
add_unanswered(struct finding *finding, const struct fragmented *host)
{
	if (host->counts[ABUSE_INCOMPLETE] > 0 &&
	    host->answers * (uint64_t)ANSWERED_LEAST < host->datagrams)
		finding_reason(finding, "unanswered", REASON_ANSWERS, WEIGHT_UNANSWERED,
		    "%" PRIu32 " answers to %" PRIu32 " datagrams in a minute", host->answers,
		    host->datagrams);
}

static void
name_ends(struct finding *finding, const struct fragmented *host, enum abuse worst)
{
	char source[ADDR_TEXT_SIZE] = "several hosts", victim[ADDR_TEXT_SIZE];
	uint32_t count = host->counts[worst];

	if (host->has_more_sources)
		finding_relate(finding, &host->source);
	else
		finding->actor = host->source;
	if (finding->actor.version != 0)
		addr_text(&finding->actor, source);
	addr_text(&finding->victim, victim);
	snprintf(finding->message, sizeof(finding->message), "%s sent %s %" PRIu32 " %s%s %s",
	    source, victim, count, abuses[worst].noun, count == 1 ? "" : "s",
	    abuses[worst].words);
}

static void
tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	struct fragmented *host = (struct fragmented *)subject;
	enum abuse worst = ABUSE_NONE;
	struct finding finding;
	int i;

	host->told_ns = now_ns;
	subjects_finding(subjects, &host->subject, &finding);
	for (i = 0; i < ABUSES; i++) {
		if (host->counts[i] == 0)
			continue;
		if (worst == ABUSE_NONE)
			worst = (enum abuse)i;
		finding_reason(&finding, abuses[i].name, abuses[i].group, abuses[i].weight,
		    "%" PRIu32 " %s%s %s", host->counts[i], abuses[i].noun,
		    host->counts[i] == 1 ? "" : "s", abuses[i].words);
	}
	add_unanswered(&finding, host);
	if (worst == ABUSE_NONE || !finding_stands(&finding))
		return;
	finding.first_ns = host->first_ns;
	finding.quiet_ns = subjects->settings->detect_fragment_abuse.quiet_ns;
	finding.ceiling = SEVERITY_HIGH;
	finding.threshold = abuses[worst].setting;
	if (finding.threshold != NULL)
		finding.threshold_value = *(const int64_t *)((const char *)subjects->settings +
		    abuses[worst].offset);
	finding.counts.packets = count_of(host);
	finding.counts.bytes = EVENT_UNKNOWN;
	name_ends(&finding, host, worst);
	subject->is_told = incidents_report(subjects->incidents, &finding, packet, now_ns);
}

/* Whether its incident is over for good; fragments may have gone on. */
static bool
is_over(const struct subjects *subjects, const struct fragmented *host, uint64_t now_ns)
{
	return host->subject.is_told && subjects_is_over(subjects, host->told_ns,
	    subjects->settings->detect_fragment_abuse.quiet_ns, now_ns);
}

/* The host that a packet is sent to, in its minute; NULL when there is no room for it. */
static struct fragmented *
find_host(struct subjects *subjects, const struct packet *packet, uint64_t now_ns)
{
	const struct subject_key key = { .victim = packet->ip.destination };
	struct fragmented *host;

	if (!subjects_admits(subjects, &key, ADMITTED_AT))
		return NULL;
	if (subjects->table.count == 0)
		pairs_wake(subjects->pairs); /* for answers */
	host = (struct fragmented *)subjects_note(subjects, &key, packet, 0, now_ns);
	if (is_over(subjects, host, now_ns)) {
		subject_restart(&host->subject);
		memset(host->counts, 0, sizeof(host->counts));
		host->has_more_sources = false;
	}
	if (host->begun_ns == 0 || now_ns - host->begun_ns >= SPAN_NS) {
		host->begun_ns = now_ns;
		host->fragments = host->duplicates = host->datagrams = 0;
		host->whole = host->answers = 0;
	}
	return host;
}

/* What is counted of an abuse is `count` now. */
static void
note(struct subjects *subjects, struct fragmented *host, enum abuse abuse, uint32_t count,
    const struct packet *packet, uint64_t now_ns)
{
	const struct addr *source = &packet->ip.source;

	if (abuse == ABUSE_NONE || host->counts[abuse] >= count)
		return;
	if (count_of(host) == 0) {
		host->source = *source;
		host->first_ns = packet->frame->when_ns;
	}
	host->has_more_sources |= !addr_equal(&host->source, source);
	host->source = *source;
	host->counts[abuse] = count;
	subjects_news(subjects, &host->subject, packet, now_ns);
}

/*
 * What its place among the others makes of a fragment. The identification of
 * IPv4 comes back: what does not fit a datagram that began long ago is of another
 * one (RFC 4963). Routers cut IPv4 again, and a capture may show both.
 */
static enum abuse
abuse_by_place(const struct packet *packet, const struct datagram *datagram, uint64_t reuse_ns)
{
	bool is_ip4 = packet->ip.version == 4;

	switch (datagram->overlap) {
	case OVERLAP_SAME:
		return is_ip4 ? ABUSE_REFRAGMENTED : ABUSE_OVERLAPPING;
	case OVERLAP_REPLACED:
	case OVERLAP_CONFLICT:
	case OVERLAP_MISFIT:
		return is_ip4 && packet->frame->when_ns - datagram->begun_ns >= reuse_ns ?
		    ABUSE_NONE : ABUSE_REWRITTEN;
	default:
		return ABUSE_NONE;
	}
}

/*
 * Who cuts a datagram fills the first piece as far as the link takes it. Of what
 * is cut once more, pieces behind it may be of any length.
 */
static enum abuse
abuse_by_length(const struct packet *packet, uint64_t tiny)
{
	const struct ip_header *ip = &packet->ip;
	uint32_t length = packet->payload.claimed;

	if (ip->fragment_offset != 0 || !ip->more_fragments)
		return ABUSE_NONE;
	/* IPv6 may be IPv4 translated, which has the shorter links. */
	length += ip->version == 4 ? ip->header_length : IP4_HEADER_MIN;
	if (length < SHORTEST_FIRST)
		return ABUSE_TOO_SHORT;
	return length < tiny ? ABUSE_SHORT : ABUSE_NONE;
}

static bool
carries_icmp(const struct packet *packet)
{
	return packet->ip.protocol == IP_PROTO_ICMP || packet->ip.protocol == IP_PROTO_ICMPV6;
}

/* A reply, or the beginning of one: the host has had what it answers. */
static void
note_answer(struct subjects *subjects, const struct packet *packet)
{
	const struct subject_key key = { .victim = packet->ip.source };
	struct fragmented *host = (struct fragmented *)subjects_find(subjects, &key);

	if (host != NULL)
		host->answers++;
}

/* What is only told by many in a minute. */
static void
note_minute(struct subjects *subjects, struct fragmented *host, const struct packet *packet,
    uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	uint32_t missing = host->datagrams - host->whole;

	if (missing >= settings->detect_fragment_abuse.incomplete && missing >= host->whole)
		note(subjects, host, ABUSE_INCOMPLETE, missing, packet, now_ns);
	if (host->duplicates >= settings->detect_fragment_abuse.repeated &&
	    host->duplicates >= host->fragments - host->fragments / 3)
		note(subjects, host, ABUSE_REPEATED, host->duplicates, packet, now_ns);
}

static void
fragment(void *state, const struct packet *packet, const struct datagram *datagram,
    uint64_t now_ns)
{
	struct subjects *subjects = state;
	const struct settings *settings = subjects->settings;
	struct fragmented *host;
	enum abuse abuse;

	if (!carries_icmp(packet))
		return;
	if (datagram->is_begun)
		note_answer(subjects, packet);
	host = find_host(subjects, packet, now_ns);
	if (host == NULL)
		return;
	host->fragments++;
	host->duplicates += datagram->verdict == REASSEMBLY_DUPLICATE;
	host->datagrams += datagram->is_begun;
	if (datagram->verdict == REASSEMBLY_COMPLETE ||
	    anomalies_has(&datagram->anomalies, ANOMALY_OVERSIZED_DATAGRAM))
		host->whole += host->whole < host->datagrams;
	abuse = abuse_by_place(packet, datagram, settings->detect_fragment_abuse.reuse_ns);
	if (abuse == ABUSE_NONE && datagram->verdict != REASSEMBLY_DUPLICATE)
		abuse = abuse_by_length(packet, settings->detect_fragment_abuse.tiny);
	if (abuse != ABUSE_NONE)
		note(subjects, host, abuse, host->counts[abuse] + 1, packet, now_ns);
	note_minute(subjects, host, packet, now_ns);
}

/* A datagram in more pieces than a narrow link needs. */
static bool
is_needless(const struct packet *packet, const struct icmp_msg *msg)
{
	uint32_t piece = packet->ip.version == 4 ? PIECE_IP4 : PIECE_IP6;

	return packet->fragment_count > 1 && !packet->is_partial &&
	       packet->fragment_count > (msg->length + piece - 1) / piece;
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	struct subjects *subjects = state;
	enum abuse abuse = ABUSE_NONE;
	struct fragmented *host;

	if (subjects->table.count > 0 && msg->type->role == ICMP_REPLY)
		note_answer(subjects, packet);
	if (anomalies_has(&msg->anomalies, ANOMALY_FRAGMENTED_NEIGHBOR_DISCOVERY))
		abuse = ABUSE_NEIGHBOR;
	else if (is_needless(packet, msg))
		abuse = ABUSE_NEEDLESS;
	if (abuse == ABUSE_NONE) {
		if (subjects->table.count == 0)
			pairs_hush(subjects->pairs, HUSH_FRAGMENT, message_kind(msg), now_ns);
		return;
	}
	host = find_host(subjects, packet, now_ns);
	if (host != NULL)
		note(subjects, host, abuse, host->counts[abuse] + 1, packet, now_ns);
}

static void *
create(const struct detector_context *context, char *err)
{
	const struct settings *settings = context->settings;
	struct subjects *subjects = subjects_create(&detector_fragment_abuse, context,
	    sizeof(struct fragmented), settings->detect_fragment_abuse.hosts,
	    settings->detect_fragment_abuse.quiet_ns, err);

	if (subjects != NULL)
		subjects->tell = tell;
	return subjects;
}

const struct detector detector_fragment_abuse = {
	.rule = {
		.name = "fragment_abuse",
		.id = "icmpscope-502",
		.title = "Fragments made to harm",
		.tactic_id = "TA0040",
		.tactic = "Impact",
		.technique_id = "T1499.001",
		.technique = "Endpoint Denial of Service: OS Exhaustion Flood",
	},
	.meaning = "fragments that rewrite each other, are smaller than any link needs them, hide "
	    "neighbor discovery, never make a whole datagram or are always the same",
	.create = create,
	.message = message,
	.hush = HUSH_FRAGMENT,
	.fragment = fragment,
	.tick = subjects_tick,
	.finish = subjects_finish,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
