/*
 * Smurf: echo requests to a group in the name of a victim, whom all of the group
 * answer. Who pings a group himself asks now and then; an attack asks on and on,
 * or its requests come from another station than the answers go to. And
 * requests in the name of a group, so that the answers go to all (RFC 4291 2.7,
 * RFC 1122 3.2.1.3: no source is one).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/core/distinct.h"
#include "analyzer/detect/detectors.h"
#include "analyzer/detect/subject.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS 1000000
#define ADMITTED_AT 3  /* requests in one name; a flood has another each time */
#define TOOL_ID 0xface /* of what thc-ipv6 pings groups with */
#define TOOL_SEQ 0xbabe

enum {
	WEIGHT_AMPLIFIED = 25,
	WEIGHT_RATE = 30,
	WEIGHT_FORGED = 30,
	WEIGHT_UNASKED = 30,
	WEIGHT_TOOL = 30,
	WEIGHT_GROUP_SOURCE = 80,
};

/* The kind of a subject. */
enum smurf_kind {
	SMURF_AMPLIFIED, /* a group answers the victim */
	SMURF_REFLECTED, /* the victim answers a group */
};

/* What is counted of a span of time. */
struct smurf_span {
	uint64_t begun_ns; /* analysis time */
	uint32_t requests, replies;
	uint32_t forged;   /* requests from another station than replies go to */
	uint32_t tool;     /* requests that only a tool sends */
};

struct smurf {
	struct subject subject;
	struct smurf_span now;     /* of this span of time, */
	struct smurf_span worst;   /* and of the one that was worst */
	uint64_t requests, replies; /* since it began */
	bool has_asker, has_station;
	struct mac asker, station; /* who sends the requests; whom the replies go to */
	struct addr group;         /* asked last, or in whose name */
	uint8_t zero[5];
	struct distinct repliers;
};

/* The worst of all spans, each count for itself. */
static void
keep_worst(struct smurf *smurf)
{
	const struct smurf_span *now = &smurf->now;
	struct smurf_span *worst = &smurf->worst;

	if (now->requests > worst->requests)
		worst->requests = now->requests;
	if (now->replies > worst->replies)
		worst->replies = now->replies;
	if (now->forged > worst->forged)
		worst->forged = now->forged;
	if (now->tool > worst->tool)
		worst->tool = now->tool;
}

/* What was counted long ago is no part of it, unless that was an attack. */
static void
turn(const struct subjects *subjects, struct smurf *smurf, uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	uint64_t since_ns = now_ns - smurf->now.begun_ns;

	if (since_ns < settings->detect_smurf.span_ns)
		return;
	if (!smurf->subject.is_told || since_ns > settings->detect_smurf.quiet_ns) {
		memset(&smurf->repliers, 0, sizeof(smurf->repliers));
		memset(&smurf->worst, 0, sizeof(smurf->worst));
		smurf->requests = smurf->replies = 0;
		subject_restart(&smurf->subject);
	}
	memset(&smurf->now, 0, sizeof(smurf->now));
	smurf->now.begun_ns = now_ns;
}

static struct smurf *
note(struct subjects *subjects, const struct subject_key *key, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	struct smurf *smurf = (struct smurf *)subjects_find(subjects, key);

	if (smurf != NULL)
		turn(subjects, smurf, now_ns);
	smurf = (struct smurf *)subjects_note(subjects, key, packet, msg->length, now_ns);
	if (smurf->subject.packets == 1)
		smurf->now.begun_ns = now_ns;
	return smurf;
}

/* More replies than the hosts that replied were asked for. */
static uint64_t
unasked(const struct smurf *smurf, uint32_t repliers)
{
	uint64_t asked = smurf->requests * repliers;

	return smurf->replies > asked ? smurf->replies - asked : 0;
}

static void
add_reasons(const struct subjects *subjects, const struct smurf *smurf, struct finding *finding)
{
	const struct settings *settings = subjects->settings;
	uint32_t repliers = distinct_count(&smurf->repliers);
	uint64_t seconds = settings->detect_smurf.span_ns / NS_PER_S;
	char asker[MAC_TEXT_SIZE], station[MAC_TEXT_SIZE];

	finding_reason(finding, "amplified", REASON_ANSWERS, WEIGHT_AMPLIFIED,
	    "%" PRIu32 " hosts sent %" PRIu64 " replies to %" PRIu64 " requests", repliers,
	    smurf->replies, smurf->requests);
	if (smurf->worst.requests >= settings->detect_smurf.requests)
		finding_reason(finding, "rate", REASON_RATE, WEIGHT_RATE,
		    "%" PRIu32 " requests to a group within %" PRIu64 " s", smurf->worst.requests,
		    seconds);
	else if (unasked(smurf, repliers) >= settings->detect_smurf.unasked)
		finding_reason(finding, "unasked", REASON_RATE, WEIGHT_UNASKED,
		    "%" PRIu64 " replies more than %" PRIu64 " requests of %" PRIu32 " hosts make",
		    unasked(smurf, repliers), smurf->requests, repliers);
	if (smurf->worst.forged >= settings->detect_smurf.forged) {
		mac_text(&smurf->asker, asker);
		mac_text(&smurf->station, station);
		finding_reason(finding, "forged_source", REASON_HEADER, WEIGHT_FORGED,
		    "requests come from %s, replies go to %s", asker, station);
	}
	if (smurf->worst.tool >= settings->detect_smurf.forged) {
		finding->tool = "thc-ipv6";
		finding_reason(finding, "tool", REASON_SIGNATURE, WEIGHT_TOOL,
		    "identifier 0x%x and sequence number 0x%x in each request", TOOL_ID, TOOL_SEQ);
	}
}

/* In the words of a person; that a station forges is what one acts on. */
static void
write_message(const struct smurf *smurf, struct finding *finding)
{
	uint64_t ms = finding->last_ns > finding->first_ns ?
	    (finding->last_ns - finding->first_ns) / NS_PER_MS : 0;
	char victim[ADDR_TEXT_SIZE], group[ADDR_TEXT_SIZE], asker[MAC_TEXT_SIZE];
	int len;

	addr_text(&smurf->subject.key.victim, victim);
	addr_text(&smurf->group, group);
	len = snprintf(finding->message, sizeof(finding->message),
	    "%" PRIu32 " hosts sent %s %" PRIu64 " echo replies in %" PRIu64 ".%" PRIu64
	    " s, for %" PRIu64 " requests to %s were sent in its name",
	    distinct_count(&smurf->repliers), victim, smurf->replies, ms / 1000, ms % 1000 / 100,
	    smurf->requests, group);
	if (smurf->worst.forged == 0 || len < 0 || (size_t)len >= sizeof(finding->message))
		return;
	mac_text(&smurf->asker, asker);
	snprintf(finding->message + len, sizeof(finding->message) - (size_t)len, " by %s", asker);
}

static void
tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	const struct smurf *smurf = (const struct smurf *)subject;
	const struct settings *settings = subjects->settings;
	struct finding finding;

	if (distinct_count(&smurf->repliers) < settings->detect_smurf.repliers ||
	    smurf->replies <= smurf->requests)
		return;
	subjects_finding(subjects, subject, &finding);
	finding.quiet_ns = settings->detect_smurf.quiet_ns;
	finding.threshold = "detect.smurf.requests";
	finding.threshold_value = (int64_t)settings->detect_smurf.requests;
	finding.counts.sources = distinct_count(&smurf->repliers);
	finding_relate(&finding, &smurf->group);
	add_reasons(subjects, smurf, &finding);
	if (finding.reason_count < 2)
		return;
	write_message(smurf, &finding);
	subject->is_told = true;
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}

/* The first replies say which station has the victim's address. */
static bool
is_forged(const struct smurf *smurf)
{
	return smurf->has_asker && smurf->has_station &&
	       !mac_equal(&smurf->asker, &smurf->station);
}

static bool
is_of_tool(const struct icmp_msg *msg)
{
	const union value *id, *seq;

	if (msg->version != 6)
		return false;
	id = icmp_value(msg, "id");
	seq = icmp_value(msg, "seq");
	return id != NULL && seq != NULL && id->number == TOOL_ID && seq->number == TOOL_SEQ;
}

static void
on_request(struct subjects *subjects, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	const struct subject_key key = { .victim = packet->ip.source, .kind = SMURF_AMPLIFIED };
	struct smurf *smurf;

	if (!subjects_admits(subjects, &key, ADMITTED_AT))
		return;
	smurf = note(subjects, &key, packet, msg, now_ns);
	smurf->group = packet->ip.final_destination;
	smurf->has_asker = packet->has_source_mac && packet->outer_count == 0;
	if (smurf->has_asker)
		smurf->asker = packet->source_mac;
	smurf->requests++;
	smurf->now.requests++;
	smurf->now.forged += is_forged(smurf);
	smurf->now.tool += is_of_tool(msg);
	keep_worst(smurf);
	subjects_news(subjects, &smurf->subject, packet, now_ns);
}

static void
on_reply(struct subjects *subjects, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct subject_key key = { .kind = SMURF_AMPLIFIED };
	struct smurf *smurf;

	if (subjects->table.count == 0)
		return;
	key.victim = packet->ip.final_destination;
	if (subjects_find(subjects, &key) == NULL)
		return;
	smurf = note(subjects, &key, packet, msg, now_ns);
	smurf->has_station = packet->has_destination_mac && packet->outer_count == 0;
	if (smurf->has_station)
		smurf->station = packet->destination_mac;
	smurf->replies++;
	smurf->now.replies++;
	(void)distinct_add(&smurf->repliers, distinct_hash_addr(&packet->ip.source));
	keep_worst(smurf);
	subjects_news(subjects, &smurf->subject, packet, now_ns);
}

/* Whoever answers that answers a group. */
static void
on_group_source(struct subjects *subjects, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	const struct subject_key key = { .victim = packet->ip.final_destination,
		.kind = SMURF_REFLECTED };
	struct smurf *smurf = note(subjects, &key, packet, msg, now_ns);
	char victim[ADDR_TEXT_SIZE], group[ADDR_TEXT_SIZE];
	struct finding finding;

	/* Sources drawn at random are groups too, but each another one. */
	if (!addr_equal(&smurf->group, &packet->ip.source))
		smurf->requests = 0;
	smurf->group = packet->ip.source;
	if (++smurf->requests < subjects->settings->detect_smurf.group_sources)
		return;
	subjects_finding(subjects, &smurf->subject, &finding);
	finding.quiet_ns = subjects->settings->detect_smurf.quiet_ns;
	finding.threshold = "detect.smurf.group_sources";
	finding.threshold_value = (int64_t)subjects->settings->detect_smurf.group_sources;
	finding_relate(&finding, &smurf->group);
	addr_text(&smurf->group, group);
	addr_text(&key.victim, victim);
	finding_reason(&finding, "group_source", REASON_SIGNATURE, WEIGHT_GROUP_SOURCE,
	    "%" PRIu64 " requests whose source is a group", smurf->requests);
	snprintf(finding.message, sizeof(finding.message),
	    "%" PRIu64 " echo requests to %s came in the name of the group %s, so that its answers go to all of them",
	    smurf->requests, victim, group);
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	struct subjects *subjects = state;
	bool is_calm = subjects->table.count == 0;

	if (icmp_is_echo_reply(msg))
		on_reply(state, packet, msg, now_ns);
	else if (!addr_is_ordinary(&packet->ip.source) && (addr_is_multicast(&packet->ip.source) ||
	    addr_is_limited_broadcast(&packet->ip.source)))
		on_group_source(state, packet, msg, now_ns);
	else if (packet_is_to_group(packet))
		on_request(state, packet, msg, now_ns);
	if (!is_calm)
		return;
	if (subjects->table.count == 0)
		pairs_hush(subjects->pairs, HUSH_SMURF, message_kind(msg), now_ns);
	else
		pairs_wake(subjects->pairs);
}

static void *
create(const struct detector_context *context, char *err)
{
	struct subjects *subjects = subjects_create(&detector_smurf, context,
	    sizeof(struct smurf), context->settings->detect_smurf.victims, 0, err);

	if (subjects != NULL)
		subjects->tell = tell;
	return subjects;
}

const struct detector detector_smurf = {
	.rule = {
		.name = "smurf",
		.id = "icmpscope-302",
		.title = "Smurf",
		.tactic_id = "TA0040",
		.tactic = "Impact",
		.technique_id = "T1498.002",
		.technique = "Network Denial of Service: Reflection Amplification",
	},
	.meaning = "requests to a group in the name of a victim, whom all of the group answer",
	.create = create,
	.message = message,
	.hush = HUSH_SMURF,
	.ignores = IGNORE_OTHERS,
	.tick = subjects_tick,
	.finish = subjects_finish,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
