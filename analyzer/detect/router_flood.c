/*
 * Floods of router advertisements, each of which has every host of a link make
 * addresses and routes, and of solicitations, each of which has every router
 * answer. Judged by link: a sender may give another name each time.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/core/distinct.h"
#include "analyzer/detect/detectors.h"
#include "analyzer/detect/station.h"
#include "analyzer/detect/subject.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS 1000000
#define SPAN_NS (60 * NS_PER_S) /* in which seconds, senders and prefixes are counted */
#define SUDDEN 2        /* times the rate in one second, */
#define OVER_SECONDS 3  /* or so many seconds over it, are a flood */
#define FAR 4           /* times the rate */
#define MANY_THINGS 64  /* senders, or prefixes, that are made up */
#define MADE_UP_SHARE 2 /* a sender of so few advertisements is none of its own */
#define PREFIX_INFORMATION 3
#define SOLICITATION4 10

enum {
	WEIGHT_RATE = 50,
	WEIGHT_FAR = 75,
	WEIGHT_SENDERS = 10,
	WEIGHT_MANY_SENDERS = 25,
	WEIGHT_MADE_UP = 25,
	WEIGHT_PREFIXES = 20,
};

/* What there is a flood of; the kind of a subject. */
enum flooded {
	ADVERTISEMENTS,
	SOLICITATIONS,
};

struct router_flood {
	struct subject subject;      /* link */
	uint64_t begun_ns, told_ns;  /* analysis time */
	uint64_t second;             /* that is counted now */
	uint32_t count, peak, over;  /* in it, in the fullest, seconds over the rate */
	struct addr latest;          /* sender */
	struct addr some[FINDING_RELATED_MAX];
	struct distinct senders, prefixes;
};

/* The setting of a kind. */
static const struct {
	size_t offset;
	const char *setting, *what;
} kinds[] = {
	[ADVERTISEMENTS] = { offsetof(struct settings, detect_router_flood.advertisements),
	    "detect.router_flood.advertisements", "advertisement" },
	[SOLICITATIONS] = { offsetof(struct settings, detect_router_flood.solicitations),
	    "detect.router_flood.solicitations", "solicitation" },
};

static uint64_t
rate_of(const struct subjects *subjects, const struct router_flood *flood)
{
	return *(const uint64_t *)((const char *)subjects->settings +
	    kinds[flood->subject.key.kind].offset);
}

static bool
is_over_rate(const struct router_flood *flood, uint64_t rate)
{
	return flood->peak >= SUDDEN * rate || flood->over + (flood->count > rate) >= OVER_SECONDS;
}

/* An estimate may exceed what there can be. */
static uint32_t
senders_of(const struct router_flood *flood)
{
	uint32_t senders = distinct_count(&flood->senders);

	return senders < flood->subject.packets ? senders : (uint32_t)flood->subject.packets;
}

static bool
has_many_senders(const struct subjects *subjects, const struct router_flood *flood)
{
	return flood->subject.key.kind == ADVERTISEMENTS &&
	       senders_of(flood) >= subjects->settings->detect_router_flood.routers;
}

static void
add_senders(struct finding *finding, const struct subjects *subjects,
    const struct router_flood *flood, uint32_t senders)
{
	if (has_many_senders(subjects, flood))
		finding_reason(finding, "many_routers", REASON_TARGETS, WEIGHT_MANY_SENDERS,
		    "%" PRIu32 " addresses that say to be routers", senders);
	else
		finding_reason(finding, senders == 1 ? "single_sender" : "several_senders",
		    REASON_TARGETS, WEIGHT_SENDERS, "from %" PRIu32 " address%s", senders,
		    senders == 1 ? "" : "es");
	if (senders >= MANY_THINGS && senders > flood->subject.packets / MADE_UP_SHARE)
		finding_reason(finding, "made_up_senders", REASON_CHANGE, WEIGHT_MADE_UP,
		    "%" PRIu32 " addresses in %" PRIu64 " packets", senders, flood->subject.packets);
}

static void
add_reasons(struct finding *finding, const struct subjects *subjects,
    const struct router_flood *flood)
{
	uint64_t rate = rate_of(subjects, flood);
	uint32_t prefixes = distinct_count(&flood->prefixes);

	if (is_over_rate(flood, rate))
		finding_reason(finding, "rate", REASON_RATE,
		    flood->peak >= FAR * rate ? WEIGHT_FAR : WEIGHT_RATE,
		    "up to %" PRIu32 " a second, where %" PRIu64 " are too many", flood->peak, rate);
	add_senders(finding, subjects, flood, senders_of(flood));
	if (prefixes >= MANY_THINGS)
		finding_reason(finding, "many_prefixes", REASON_CONTENT, WEIGHT_PREFIXES,
		    "%" PRIu32 " prefixes, in each of which a host makes an address", prefixes);
}

/* "fe80::1" or "60 senders". */
static void
name_senders(const struct router_flood *flood, uint32_t senders, char out[ADDR_TEXT_SIZE])
{
	if (senders == 1)
		addr_text(&flood->latest, out);
	else
		snprintf(out, ADDR_TEXT_SIZE, "%s%" PRIu32 " senders",
		    flood->senders.is_estimated ? "about " : "", senders);
}

/* Tells of a flood; part of struct subjects. */
static void
tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	struct router_flood *flood = (struct router_flood *)subject;
	uint32_t senders = senders_of(flood), i;
	uint64_t ms = (subject->last_ns - subject->first_ns) / NS_PER_MS;
	char text[ADDR_TEXT_SIZE];
	struct finding finding;

	subjects_finding(subjects, subject, &finding);
	finding.quiet_ns = subjects->settings->detect_router_flood.quiet_ns;
	finding.threshold = kinds[subject->key.kind].setting;
	finding.threshold_value = (int64_t)rate_of(subjects, flood);
	finding.counts.sources = senders;
	if (senders == 1)
		finding.actor = flood->latest;
	for (i = 0; i < FINDING_RELATED_MAX && flood->some[i].version != 0; i++)
		finding_relate(&finding, &flood->some[i]);
	add_reasons(&finding, subjects, flood);
	name_senders(flood, senders, text);
	snprintf(finding.message, sizeof(finding.message),
	    "%s flooded their link with %" PRIu64 " router %ss in %" PRIu64 ".%" PRIu64
	    " s, up to %" PRIu32 " a second", text, subject->packets,
	    kinds[subject->key.kind].what, ms / 1000, ms % 1000 / 100, flood->peak);
	subject->is_told |= incidents_report(subjects->incidents, &finding, packet, now_ns);
	flood->told_ns = now_ns;
}

/* What was counted long ago is no part of a flood. */
static void
forget_old(const struct subjects *subjects, struct router_flood *flood, uint64_t now_ns)
{
	const struct subject subject = flood->subject;
	bool is_old = subject.is_told ? subjects_is_over(subjects, flood->told_ns,
	    subjects->settings->detect_router_flood.quiet_ns, now_ns) :
	    now_ns - flood->begun_ns > SPAN_NS;

	if (!is_old)
		return;
	*flood = (struct router_flood){ .subject = subject, .begun_ns = now_ns };
	subject_restart(&flood->subject);
}

/* The prefixes that an advertisement names. */
static void
note_prefixes(struct router_flood *flood, const struct icmp_msg *msg)
{
	const union value *prefix;
	struct record option;
	struct list list;

	if (msg->version != 6 || !icmp_list(msg, 0, msg->tail, &list))
		return;
	while (list_next(&list, &option)) {
		if (option.type != PREFIX_INFORMATION || option.row == NULL)
			continue;
		prefix = record_value(&option, "prefix");
		if (prefix != NULL)
			(void)distinct_add(&flood->prefixes, distinct_hash_addr(&prefix->address));
	}
}

static void
note_sender(struct router_flood *flood, const struct addr *sender)
{
	if (addr_equal(&flood->latest, sender))
		return;
	flood->latest = *sender;
	if (distinct_add(&flood->senders, distinct_hash_addr(sender)) &&
	    flood->senders.exact_count <= FINDING_RELATED_MAX)
		flood->some[flood->senders.exact_count - 1] = *sender;
}

static void
note(struct subjects *subjects, enum flooded kind, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	const struct subject_key key = { .kind = (uint16_t)kind, .link = station_link(packet) };
	struct router_flood *flood = (struct router_flood *)subjects_find(subjects, &key);
	uint64_t rate;

	if (flood != NULL)
		forget_old(subjects, flood, now_ns);
	flood = (struct router_flood *)subjects_note(subjects, &key, packet, msg->length, now_ns);
	if (flood->begun_ns == 0)
		flood->begun_ns = now_ns;
	rate = rate_of(subjects, flood);
	if (flood->second != now_ns / NS_PER_S) {
		flood->over += flood->count > rate;
		flood->second = now_ns / NS_PER_S;
		flood->count = 0;
	}
	if (++flood->count > flood->peak)
		flood->peak = flood->count;
	note_sender(flood, &packet->ip.source);
	if (kind == ADVERTISEMENTS)
		note_prefixes(flood, msg);
	if (is_over_rate(flood, rate) || has_many_senders(subjects, flood))
		subjects_news(subjects, &flood->subject, packet, now_ns);
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	uint8_t advertisement = ICMP4_ROUTER_ADVERTISEMENT, solicitation = SOLICITATION4;

	if (msg->version == 6) {
		advertisement = ICMP6_ROUTER_ADVERTISEMENT;
		solicitation = ICMP6_ROUTER_SOLICITATION;
	}
	if (msg->type_number == advertisement)
		note(state, ADVERTISEMENTS, packet, msg, now_ns);
	else if (msg->type_number == solicitation)
		note(state, SOLICITATIONS, packet, msg, now_ns);
}

static void *
create(const struct detector_context *context, char *err)
{
	struct subjects *subjects = subjects_create(&detector_router_flood, context,
	    sizeof(struct router_flood), context->settings->detect_router_flood.links, 0, err);

	if (subjects != NULL)
		subjects->tell = tell;
	return subjects;
}

const struct detector detector_router_flood = {
	.rule = {
		.name = "router_flood",
		.id = "icmpscope-902",
		.title = "Flood of router advertisements or solicitations",
		.tactic_id = "TA0040",
		.tactic = "Impact",
		.technique_id = "T1499.001",
		.technique = "Endpoint Denial of Service: OS Exhaustion Flood",
	},
	.meaning = "more router advertisements or solicitations on a link than its routers and hosts "
	           "send, from more senders or for more prefixes than it has",
	.ignores = IGNORE_ECHOES,
	.create = create,
	.message = message,
	.tick = subjects_tick,
	.finish = subjects_finish,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
