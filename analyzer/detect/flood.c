/*
 * Floods: more messages of one class to one host than it should get. Judged by
 * the second: a cumulative sum over what is usual for that host (Page's CUSUM),
 * seconds over a fixed rate, octets, and a steady stream from few senders, the
 * faster the sooner. What a host has asked for is no flood: its requests pay for
 * replies, and for the errors that quote them.
 */
#include "analyzer/detect/flood.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/log.h"

#define NS_PER_S UINT64_C(1000000000)
#define LEARN_SECONDS 60    /* before what is usual is believed */
#define LEARN_SHARE 300     /* seconds over which it is averaged */
#define HEADROOM 1.25F      /* over the mean, and so many deviations: */
#define DEVIATIONS 4
#define SUM_RATES 2         /* rates that the sum may reach */
#define OVER_SECONDS 3      /* over the rate make a flood, pauses or not */
#define HASTE_MAX 4         /* seconds of a steady stream that one can stand for */
#define FORGET_SECONDS 30   /* of calm, and one of those is forgotten */
#define CREDIT_SECONDS 10   /* of the rate that a host can have asked for */
#define CREDIT_GROUP 1024   /* answers to one request, when a group is asked */
#define GAP_MAX 600         /* seconds of silence after which all is forgotten */

#define SIEVE_BITS 11
#define SIEVE_SHARE 4       /* of a steady stream, or of too many octets, passes the sieve */

/*
 * What came in a second for a host, or for some that share a place. Few hosts
 * ever get so much that it need be judged: only those become subjects, unless
 * there is a flood of somebody already.
 */
struct sieve_place {
	uint64_t second;
	uint64_t begun_ns; /* capture's clock: its first message */
	uint64_t octets;
	uint32_t count, messages;
	bool is_watched;   /* a host is a subject; never forgotten */
};

struct floods {
	struct subjects *subjects;
	uint64_t secret;
	struct sieve_place sieve[1U << SIEVE_BITS];
};

/* A message of a class, to a host. */
struct flood_note {
	const struct packet *packet;
	const struct icmp_msg *msg;
	uint64_t now_ns;
	uint32_t frames; /* a host has the work of every fragment */
	enum flood_class class;
};

/* Types whose class their role does not tell; 0 is by role. */
#define CLASS(class) ((class) + 1)

static const uint8_t classes4[UINT8_MAX + 1] = {
	[9] = CLASS(FLOOD_NONE), /* router_flood knows better */
	[10] = CLASS(FLOOD_NONE),
};

static const uint8_t classes6[UINT8_MAX + 1] = {
	[130] = CLASS(FLOOD_LISTENER),
	[131] = CLASS(FLOOD_LISTENER),
	[132] = CLASS(FLOOD_LISTENER),
	[133] = CLASS(FLOOD_NONE),
	[134] = CLASS(FLOOD_NONE),
	[135] = CLASS(FLOOD_NEIGHBOR),
	[136] = CLASS(FLOOD_NEIGHBOR),
	[143] = CLASS(FLOOD_LISTENER),
};

static enum flood_class
class_of(const struct icmp_msg *msg)
{
	uint8_t class = (msg->version == 6 ? classes6 : classes4)[msg->type_number];

	if (class != 0)
		return (enum flood_class)(class - 1);
	switch (msg->type->role) {
	case ICMP_REQUEST:
		return FLOOD_REQUEST;
	case ICMP_REPLY:
	case ICMP_ERROR:
		return FLOOD_ANSWER;
	case ICMP_INFORMATION:
		break;
	}
	return FLOOD_OTHER;
}

/* Messages a second that are still usual for this host. */
static float
reference(const struct flood *flood, float rate)
{
	float usual;

	if (flood->learned < LEARN_SECONDS)
		return rate / 2;
	usual = HEADROOM * flood->mean + DEVIATIONS * sqrtf(flood->variance);
	return usual > rate / 2 ? usual : rate / 2;
}

/* Learns what is usual from a second without a flood. */
static void
learn(struct flood *flood)
{
	float share = flood->learned < LEARN_SHARE ? 1.0F / (float)(flood->learned + 1) :
	    1.0F / LEARN_SHARE;
	float difference = (float)flood->count - flood->mean;

	flood->mean += share * difference;
	flood->variance += share * (difference * difference - flood->variance);
	flood->learned++;
}

/* Seconds in which nothing came. */
static void
pass_silence(struct flood *flood, uint64_t seconds, float rate)
{
	if (seconds == 0)
		return;
	if (seconds > GAP_MAX) {
		flood->learned = 0;
		flood->mean = flood->variance = 0;
		seconds = GAP_MAX;
	}
	flood->episode.steady = 0;
	flood->episode.excess = 0;
	flood->episode.calm += (uint32_t)seconds;
	flood->sum -= rate / 2 * (float)seconds;
	if (flood->sum < 0)
		flood->sum = 0;
}

/* What calm lets one forget: seconds over the rate first, at last all. */
static void
forget(struct flood *flood, uint64_t quiet_s)
{
	struct flood_episode *episode = &flood->episode;
	bool was_flood = episode->evidence != 0;

	for (; episode->calm >= FORGET_SECONDS && episode->over_rate + episode->over_octets > 0;
	    episode->calm -= FORGET_SECONDS) {
		episode->over_rate -= episode->over_rate > 0;
		episode->over_octets -= episode->over_octets > 0;
	}
	if (flood->sum > 0 || episode->steady > 0)
		return;
	if (was_flood ? episode->calm > quiet_s : episode->over_rate + episode->over_octets == 0)
		memset(episode, 0, sizeof(*episode));
}

/*
 * Whether a stream goes on that is too steady for a person: at the rate for so
 * many seconds, or faster for fewer. What counts is how far each second is over
 * half of the rate, but a burst is no stream.
 */
static bool
is_steady(struct flood *flood, const struct settings *settings)
{
	struct flood_episode *episode = &flood->episode;
	uint64_t rate = settings->detect_icmp_flood.steady_rate * distinct_count(&episode->sources);
	uint64_t excess;

	if (flood->messages < rate) {
		episode->steady = 0;
		episode->excess = 0;
		return false;
	}
	episode->steady++;
	if (episode->steady > episode->longest)
		episode->longest = episode->steady;
	excess = 2 * (uint64_t)flood->messages - rate;
	episode->excess += excess < HASTE_MAX * rate ? excess : HASTE_MAX * rate;
	return episode->excess >= rate * settings->detect_icmp_flood.steady_seconds;
}

/* Judges the second that is over; returns what makes it part of a flood. */
static unsigned
judge_second(struct flood *flood, const struct settings *settings, float rate)
{
	struct flood_episode *episode = &flood->episode;
	uint64_t octets = settings->detect_icmp_flood.octets;
	float over = flood->sum + (float)flood->count - reference(flood, rate);
	unsigned evidence = 0;

	flood->sum = over > 0 ? over : 0;
	episode->calm = (float)flood->count > rate / 2 ? 0 : episode->calm + 1;
	episode->over_rate += (float)flood->count > rate;
	episode->over_octets += flood->octets > octets;
	if (flood->sum > SUM_RATES * rate)
		evidence |= FLOOD_SUDDEN;
	if (episode->over_rate >= OVER_SECONDS)
		evidence |= FLOOD_LASTING;
	if (episode->over_octets >= OVER_SECONDS || flood->octets > SUM_RATES * octets)
		evidence |= FLOOD_HEAVY;
	if (is_steady(flood, settings))
		evidence |= FLOOD_STEADY;
	return evidence;
}

static void
tell(struct subjects *subjects, struct flood *flood, unsigned evidence,
    const struct packet *packet, uint64_t now_ns)
{
	flood->episode.evidence |= (uint8_t)evidence;
	flood->episode.told = 2 * flood->count;
	flood_report(subjects, flood, packet, now_ns);
}

/*
 * Ends the second that was counted, and starts the one of `now_ns`; `packet` is
 * the one at hand, or NULL.
 */
static void
turn(struct subjects *subjects, struct flood *flood, const struct packet *packet, uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	float rate = (float)flood_rate(settings, (enum flood_class)flood->subject.key.kind);
	uint64_t second = now_ns / NS_PER_S;
	unsigned evidence = 0;

	if (flood->episode.packets > 0)
		evidence = judge_second(flood, settings, rate);
	if (evidence != 0)
		tell(subjects, flood, evidence, packet, now_ns);
	else if ((float)flood->count <= rate)
		learn(flood);
	if (flood->episode.packets > 0) {
		pass_silence(flood, second - flood->second - 1, rate);
		forget(flood, settings->detect_icmp_flood.quiet_ns / NS_PER_S);
	}
	flood->second = second;
	flood->episode.told = 0;
	flood->count = 0;
	flood->messages = 0;
	flood->octets = 0;
}

/* Notes a message of an episode; its first stands for all of its second so far. */
static void
note_episode(struct flood *flood, const struct packet *packet, const struct icmp_msg *msg,
    uint32_t frames)
{
	struct flood_episode *episode = &flood->episode;

	if (episode->packets == 0) {
		episode->first_ns = flood->begun_ns;
		episode->packets = flood->count - frames;
		episode->bytes = flood->octets - msg->length;
		episode->source = packet->ip.source;
	}
	if (!addr_equal(&episode->latest, &packet->ip.source)) {
		episode->latest = packet->ip.source;
		distinct_add(&episode->sources, distinct_hash_addr(&episode->latest));
	} else if (episode->ttl != packet->ip.ttl)
		flood->messages--; /* probes of a path: the routers on it get most */
	episode->last_ns = packet->frame->when_ns;
	episode->version = msg->version;
	episode->type = msg->type_number;
	episode->code = msg->code;
	episode->ttl = packet->ip.ttl;
	episode->packets += frames;
	episode->bytes += msg->length;
	if (flood->count > episode->peak)
		episode->peak = flood->count;
}

/* Whether this second has more than one that nobody need look at. */
static bool
is_remarkable(const struct flood *flood, const struct settings *settings)
{
	return flood->episode.packets > 0 ||
	       flood->count >= settings->detect_icmp_flood.steady_rate / 2 ||
	       flood->octets > settings->detect_icmp_flood.octets / 2;
}

/* Counts a message to its host. */
static void
count(struct subjects *subjects, struct flood *flood, const struct flood_note *note)
{
	float rate;

	if (flood->credit > 0) {
		flood->credit--;
		return;
	}
	if (flood->count == 0)
		flood->begun_ns = note->packet->frame->when_ns;
	flood->count += note->frames;
	flood->messages++;
	flood->octets += note->msg->length;
	if (!is_remarkable(flood, subjects->settings))
		return;
	if (flood->episode.packets == 0) {
		subjects->active++;
		wait_until(subjects->wait, (note->now_ns / NS_PER_S + 1) * NS_PER_S);
	}
	note_episode(flood, note->packet, note->msg, note->frames);
	rate = (float)flood_rate(subjects->settings, note->class);
	if (flood->sum + (float)flood->count - reference(flood, rate) > SUM_RATES * rate &&
	    flood->count >= flood->episode.told)
		tell(subjects, flood, FLOOD_SUDDEN, note->packet, note->now_ns);
}

static struct sieve_place *
place_of(struct floods *floods, const struct addr *host, enum flood_class class)
{
	uint64_t words[2];

	memcpy(words, host->bytes, sizeof(words));
	return &floods->sieve[fold_product(words[0] ^ floods->secret,
	    words[1] ^ (floods->secret + class)) >> (64 - SIEVE_BITS)];
}

/*
 * What a request asks for: its sender may get as many answers. Many answer who
 * asks a group; smurf judges whether it was he who asked.
 */
static void
give_credit(struct floods *floods, const struct packet *request)
{
	const struct subject_key key = { .victim = request->ip.source, .kind = FLOOD_ANSWER };
	struct subjects *subjects = floods->subjects;
	struct flood *flood;

	if (!place_of(floods, &key.victim, FLOOD_ANSWER)->is_watched)
		return;
	flood = (struct flood *)subjects_find(subjects, &key);
	if (flood != NULL &&
	    flood->credit < CREDIT_SECONDS * flood_rate(subjects->settings, FLOOD_ANSWER))
		flood->credit += packet_is_to_group(request) ? CREDIT_GROUP : 1;
}

/* Counts a message in the sieve. */
static struct sieve_place *
sift(struct floods *floods, const struct flood_note *note)
{
	struct sieve_place *place = place_of(floods, &note->packet->ip.destination, note->class);
	uint64_t second = note->now_ns / NS_PER_S;

	if (place->second != second)
		*place = (struct sieve_place){ .second = second,
			.begun_ns = note->packet->frame->when_ns,
			.is_watched = place->is_watched };
	place->count += note->frames;
	place->messages++;
	place->octets += note->msg->length;
	return place;
}

/* Whether so many are none that need be judged. */
static bool
is_held_back(const struct settings *settings, uint64_t messages, uint64_t octets)
{
	return SIEVE_SHARE * messages < settings->detect_icmp_flood.steady_rate &&
	       SIEVE_SHARE * octets < settings->detect_icmp_flood.octets;
}

/* Begins the second at hand with what the sieve held back of it, if that is known. */
static void
take_back(struct flood *flood, const struct sieve_place *place, const struct flood_note *note,
    const struct settings *settings)
{
	uint32_t messages = place->messages - 1, asked;
	uint64_t octets = place->octets - note->msg->length;

	if (!is_held_back(settings, messages, octets))
		return; /* it is of others too */
	asked = flood->credit < messages ? flood->credit : messages;
	flood->credit -= asked;
	if (asked == messages)
		return;
	flood->begun_ns = place->begun_ns;
	flood->count = place->count - note->frames - asked;
	flood->messages = messages - asked;
	flood->octets = octets;
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	const struct flood_note note = { packet, msg, now_ns,
		packet->fragment_count > 0 ? packet->fragment_count : 1, class_of(msg) };
	const struct subject_key key = { .victim = packet->ip.destination,
		.kind = (uint16_t)note.class };
	struct floods *floods = state;
	struct subjects *subjects = floods->subjects;
	struct sieve_place *place;
	struct flood *flood;

	if (note.class == FLOOD_NONE || packet->is_partial)
		return; /* of what never becomes whole fragment_abuse tells, and sooner */
	if (note.class == FLOOD_REQUEST)
		give_credit(floods, packet);
	place = sift(floods, &note);
	if (subjects->active == 0 &&
	    is_held_back(subjects->settings, place->messages, place->octets))
		return;
	place->is_watched = true;
	flood = (struct flood *)subjects_note(subjects, &key, packet, msg->length, now_ns);
	if (flood->second != place->second) {
		turn(subjects, flood, packet, now_ns);
		take_back(flood, place, &note, subjects->settings);
	}
	count(subjects, flood, &note);
}

/* A flood that has stopped has a second that no packet ends. */
static uint64_t
tick(void *state, uint64_t now_ns)
{
	struct subjects *subjects = ((struct floods *)state)->subjects;
	uint64_t second = now_ns / NS_PER_S;
	struct entry *entry;
	struct flood *flood;

	if (subjects->active == 0)
		return WAIT_NEVER;
	subjects->active = 0;
	for (entry = table_oldest(&subjects->table); entry != NULL;
	    entry = table_newer(&subjects->table, entry)) {
		flood = (struct flood *)entry;
		if (flood->episode.packets == 0)
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

static uint32_t
tables(const void *state, struct report_table *out, uint32_t max)
{
	return subjects_tables(((const struct floods *)state)->subjects, out, max);
}

static void
destroy(void *state)
{
	struct floods *floods = state;

	if (floods == NULL)
		return;
	subjects_destroy(floods->subjects);
	free(floods);
}

static void *
create(const struct detector_context *context, char *err)
{
	struct floods *floods = calloc(1, sizeof(*floods));

	if (floods == NULL) {
		snprintf(err, ERR_SIZE, "no memory for detect.icmp_flood");
		return NULL;
	}
	floods->secret = hash_bytes(&context->key, "sieve", 5);
	floods->subjects = subjects_create(&detector_icmp_flood, context, sizeof(struct flood),
	    context->settings->detect_icmp_flood.hosts, 0, err);
	if (floods->subjects == NULL) {
		destroy(floods);
		return NULL;
	}
	return floods;
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
	.tables = tables,
	.destroy = destroy,
};
