/*
 * Floods: more messages of one class to one host than it should get. Judged by
 * the second: a cumulative sum over what is usual for that host (Page's CUSUM),
 * seconds over a fixed rate, octets, and a steady stream from few senders. What
 * a host has asked for is no flood: its requests pay for replies, and for the
 * errors that quote them.
 */
#include "analyzer/detect/flood.h"

#include <math.h>
#include <string.h>

#include "analyzer/detect/detectors.h"

#define NS_PER_S UINT64_C(1000000000)
#define LEARN_SECONDS 60    /* before what is usual is believed */
#define LEARN_SHARE 300.0   /* seconds over which it is averaged */
#define HEADROOM 1.25       /* over the mean, and so many deviations: */
#define DEVIATIONS 4
#define SUM_RATES 2         /* rates that the sum may reach */
#define OVER_SECONDS 3      /* over the rate make a flood, pauses or not */
#define FORGET_SECONDS 30   /* of calm, and one of those is forgotten */
#define CREDIT_SECONDS 10   /* of the rate that a host can have asked for */
#define GAP_MAX 600         /* seconds of silence after which all is forgotten */

/* The class of a message, by what its row says. */
static enum flood_class
class_of(const struct icmp_msg *msg)
{
	const struct icmp_type *type = msg->type;

	if (type->role == ICMP_ERROR)
		return FLOOD_ERROR;
	if (type->family == NULL)
		return FLOOD_OTHER;
	if (strcmp(type->family, "router") == 0)
		return FLOOD_NONE; /* router_flood knows better */
	if (strcmp(type->family, "neighbor") == 0)
		return FLOOD_NEIGHBOR;
	if (strcmp(type->family, "multicast_listener") == 0)
		return FLOOD_LISTENER;
	return type->role == ICMP_REQUEST ? FLOOD_REQUEST : FLOOD_REPLY;
}

/* Messages a second that are still usual for this host. */
static double
reference(const struct flood *flood, double rate)
{
	double usual;

	if (flood->learned < LEARN_SECONDS)
		return rate / 2;
	usual = HEADROOM * flood->mean + DEVIATIONS * sqrt(flood->variance);
	return usual > rate / 2 ? usual : rate / 2;
}

/* Learns what is usual from a second without a flood. */
static void
learn(struct flood *flood)
{
	double share = flood->learned < LEARN_SHARE ? 1.0 / (flood->learned + 1) : 1 / LEARN_SHARE;
	double difference = flood->count - flood->mean;

	flood->mean += share * difference;
	flood->variance += share * (difference * difference - flood->variance);
	flood->learned++;
}

/* Forgets the flood that was, when there is none now. */
static void
forget(struct flood *flood)
{
	flood->first_ns = 0;
	flood->packets = flood->bytes = flood->unasked = 0;
	flood->peak = 0;
	flood->evidence = 0;
	memset(&flood->sources, 0, sizeof(flood->sources));
}

/* Seconds in which nothing came. */
static void
pass_silence(struct flood *flood, uint64_t seconds, double rate)
{
	if (seconds == 0)
		return;
	if (seconds > GAP_MAX) {
		flood->learned = 0;
		flood->mean = flood->variance = 0;
		seconds = GAP_MAX;
	}
	flood->steady = 0;
	flood->calm += (uint32_t)seconds;
	flood->sum -= rate / 2 * (double)seconds;
	if (flood->sum < 0)
		flood->sum = 0;
}

/* A calm second, and what it lets one forget. */
static void
pass_calm(struct flood *flood, uint64_t quiet_s)
{
	for (; flood->calm >= FORGET_SECONDS && flood->over_rate + flood->over_octets > 0;
	    flood->calm -= FORGET_SECONDS) {
		flood->over_rate -= flood->over_rate > 0;
		flood->over_octets -= flood->over_octets > 0;
	}
	if (flood->first_ns != 0 && flood->sum <= 0 && flood->steady == 0 &&
	    (flood->evidence == 0 ? flood->over_rate == 0 : flood->calm > quiet_s))
		forget(flood);
}

/* Judges the second that is over; returns what makes it part of a flood. */
static unsigned
judge_second(struct flood *flood, const struct settings *settings)
{
	double rate = (double)flood_rate(settings, (enum flood_class)flood->subject.key.kind);
	double over = flood->sum + flood->count - reference(flood, rate);
	uint32_t sources = distinct_count(&flood->sources);
	unsigned evidence = 0;

	flood->sum = over > 0 ? over : 0;
	flood->calm = flood->count > rate / 2 ? 0 : flood->calm + 1;
	flood->over_rate += flood->count > rate;
	flood->over_octets += flood->octets > settings->detect_icmp_flood.octets;
	if (flood->count >= (uint64_t)settings->detect_icmp_flood.steady_rate *
	    (sources > 0 ? sources : 1))
		flood->steady++;
	else
		flood->steady = 0;
	if (flood->sum > SUM_RATES * rate)
		evidence |= FLOOD_SUDDEN;
	if (flood->over_rate >= OVER_SECONDS)
		evidence |= FLOOD_LASTING;
	if (flood->over_octets >= OVER_SECONDS ||
	    flood->octets > SUM_RATES * settings->detect_icmp_flood.octets)
		evidence |= FLOOD_HEAVY;
	if (flood->steady >= settings->detect_icmp_flood.steady_seconds)
		evidence |= FLOOD_STEADY;
	return evidence;
}

static void
tell(struct subjects *subjects, struct flood *flood, unsigned evidence,
    const struct packet *packet, uint64_t now_ns)
{
	flood->evidence |= (uint8_t)evidence;
	subjects->active++;
	flood_report(subjects, flood, packet, now_ns);
}

/* How many messages in a second end the waiting for its end. */
static void
set_limit(struct flood *flood, double rate)
{
	flood->limit = (uint32_t)(SUM_RATES * rate + reference(flood, rate) - flood->sum) + 1;
}

/*
 * Ends the second that was counted, and starts the one of `now_ns`; `packet` is
 * the one at hand, or NULL.
 */
static void
turn(struct subjects *subjects, struct flood *flood, const struct packet *packet, uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	double rate = (double)flood_rate(settings, (enum flood_class)flood->subject.key.kind);
	uint64_t second = now_ns / NS_PER_S;
	unsigned evidence = judge_second(flood, settings);

	if (evidence != 0) {
		tell(subjects, flood, evidence, packet, now_ns);
	} else if (flood->count <= rate) {
		learn(flood);
	}
	pass_silence(flood, second - flood->second - 1, rate);
	pass_calm(flood, settings->detect_icmp_flood.quiet_ns / NS_PER_S);
	flood->second = second;
	flood->count = 0;
	flood->octets = 0;
	set_limit(flood, rate);
}

/* Counts a message to its host. */
static void
count(struct subjects *subjects, struct flood *flood, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	uint64_t second = now_ns / NS_PER_S;

	if (flood->second == 0) {
		flood->second = second;
		set_limit(flood, (double)flood_rate(subjects->settings,
		    (enum flood_class)flood->subject.key.kind));
	} else if (second != flood->second) {
		turn(subjects, flood, packet, now_ns);
	}
	if (flood->credit > 0) {
		flood->credit--;
		return;
	}
	if (flood->first_ns == 0) {
		flood->first_ns = packet->frame->when_ns;
		flood->source = packet->ip.source;
	}
	distinct_add(&flood->sources, distinct_hash_addr(&packet->ip.source));
	flood->last_ns = packet->frame->when_ns;
	flood->version = msg->version;
	flood->type = msg->type_number;
	flood->code = msg->code;
	flood->packets++;
	flood->bytes += msg->length;
	flood->octets += msg->length;
	if (++flood->count > flood->peak)
		flood->peak = flood->count;
	if (flood->count < flood->limit)
		return;
	flood->limit *= 2; /* reports of one second stay few */
	tell(subjects, flood, FLOOD_SUDDEN, packet, now_ns);
}

/* What a request asks for: its sender may get as many replies, or errors. */
static void
give_credit(struct subjects *subjects, const struct addr *asker)
{
	static const enum flood_class classes[] = { FLOOD_REPLY, FLOOD_ERROR };
	struct subject_key key = { .victim = *asker };
	struct flood *flood;
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		key.kind = (uint16_t)classes[i];
		flood = (struct flood *)subjects_find(subjects, &key);
		if (flood != NULL &&
		    flood->credit < CREDIT_SECONDS * flood_rate(subjects->settings, classes[i]))
			flood->credit++;
	}
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	struct subject_key key = { .victim = packet->ip.destination };
	struct subjects *subjects = state;

	key.kind = (uint16_t)class_of(msg);
	if (key.kind == FLOOD_NONE)
		return;
	count(subjects, (struct flood *)subjects_note(subjects, &key, packet, msg->length, now_ns),
	    packet, msg, now_ns);
	/* Who asks a group is answered by many: that is no flood of its making only
	 * if it did ask, which a spoofed sender did not (smurf has that). */
	if (key.kind == FLOOD_REQUEST && !addr_is_multicast(&packet->ip.destination))
		give_credit(subjects, &packet->ip.source);
}

/* A flood that has stopped has a second that no packet ends. */
static uint64_t
tick(void *state, uint64_t now_ns)
{
	struct subjects *subjects = state;
	uint64_t second = now_ns / NS_PER_S;
	struct entry *entry;
	struct flood *flood;

	if (subjects->active == 0)
		return DETECTOR_NEVER;
	subjects->active = 0;
	for (entry = table_oldest(&subjects->table); entry != NULL;
	    entry = table_newer(&subjects->table, entry)) {
		flood = (struct flood *)entry;
		if (flood->evidence == 0)
			continue;
		subjects->active++;
		if (flood->second < second)
			turn(subjects, flood, NULL, now_ns);
	}
	return (second + 1) * NS_PER_S;
}

/* The capture ended in the middle of a second. */
static void
finish(void *state, uint64_t now_ns)
{
	(void)tick(state, now_ns + NS_PER_S);
}

static void *
create(const struct detector_context *context, char *err)
{
	return subjects_create(&detector_icmp_flood, context, "detect.icmp_flood",
	    sizeof(struct flood), context->settings->detect_icmp_flood.hosts, 0, err);
}

const struct detector detector_icmp_flood = {
	.rule = {
		.name = "icmp_flood",
		.id = "icmpscope-301",
		.title = "ICMP flood",
		.tactic_id = "TA0040",
		.tactic = "Impact",
		.technique_id = "T1498.001",
		.technique = "Network Denial of Service: Direct Network Flood",
	},
	.meaning = "more messages of one class to one host than it asked for or usually gets",
	.create = create,
	.message = message,
	.tick = tick,
	.finish = finish,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
