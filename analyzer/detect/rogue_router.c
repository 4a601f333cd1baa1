/*
 * Routers that should not be: who advertises itself beside the routers there
 * are and other things than they do, and who speaks in a router's name. What a
 * virtual router does that fails over, or a router that starts again or changes
 * its prefixes, is none of that. A flood of routers is left to router_flood.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/rogue.h"
#include "analyzer/log.h"

#define NS_PER_S UINT64_C(1000000000)
#define SETTLE_NS NS_PER_S            /* before a router is judged: it may be one of a flood */
#define COPY_NS (NS_PER_S / 10)       /* advertisements as close are one, captured twice */
#define RETURNS 3                     /* from the dead that are no restart */
#define HASTY 3                       /* gaps too short, of which one may be */
/* RFC 4861 6.2.6 and RFC 1256 4.1 have 3 s between advertisements to all. */
#define GAP_NS (29 * NS_PER_S / 10)
#define LEVEL4_HIGHEST INT32_MAX      /* RFC 1256 3.1 */

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct rogues {
	struct subjects *subjects;
	struct stations stations;
	uint64_t begun_ns; /* when the first router was heard */
};

/*
 * The router whose advertisement is at hand, or NULL: of a flood of new ones
 * none is kept, lest they take the place of those that are real.
 */
static struct rogue *
open_rogue(struct rogues *rogues, const struct packet *packet, uint64_t bytes, uint64_t now_ns)
{
	const struct subject_key key = { .actor = packet->ip.source,
		.link = station_link(packet) };
	struct rogue *rogue;

	if (rogues->begun_ns == 0)
		rogues->begun_ns = now_ns;
	if (!subjects_may_add(rogues->subjects, &key, now_ns))
		return NULL;
	rogue = (struct rogue *)subjects_note(rogues->subjects, &key, packet, bytes, now_ns);
	if (rogue->begun_ns == 0)
		rogue->begun_ns = now_ns;
	return rogue;
}

static void
event(void *state, const struct event *event, uint64_t now_ns)
{
	struct rogues *rogues = state;
	struct rogue *rogue;

	if ((event->id != EVENT_ROUTER_NEW && event->id != EVENT_ROUTER_CHANGED) ||
	    event->packet == NULL)
		return;
	rogue = open_rogue(rogues, event->packet, 0, now_ns);
	if (rogue == NULL)
		return;
	rogue->is_news = event->id == EVENT_ROUTER_NEW && rogue->advertisements == 0;
	rogue_take_content(rogue, event->facts);
}

/* Whether the station that sends is a virtual router's, or was: it may change. */
static bool
is_virtual(const struct rogue *rogue, const struct mac *mac)
{
	return mac_virtual_kind(mac) != NULL || mac_virtual_kind(&rogue->mac) != NULL;
}

/* Who sends in the router's name; returns whether it is the station known. */
static bool
judge_station(const struct settings *settings, struct rogue *rogue, const struct mac *mac,
    uint64_t now_ns)
{
	uint64_t lifetime_ns = rogue->lifetime * NS_PER_S;
	bool is_known = !rogue->has_mac || mac_equal(mac, &rogue->mac);

	if (lifetime_ns < settings->neighbor_contest_ns)
		lifetime_ns = settings->neighbor_contest_ns;
	if (is_known && rogue->by_other > 0 && now_ns - rogue->other_ns <= lifetime_ns)
		rogue_suspect(rogue, ROGUE_BOTH_MACS);
	if (is_known || is_virtual(rogue, mac) || now_ns - rogue->mac_ns > lifetime_ns) {
		rogue->has_mac = true;
		rogue->mac = *mac;
		rogue->mac_ns = now_ns;
		return true;
	}
	rogue_suspect(rogue, ROGUE_OTHER_MAC);
	rogue->other_mac = *mac;
	rogue->other_ns = now_ns;
	rogue->by_other++;
	return false;
}

/* A router that takes itself back, or is taken back by others. */
static void
judge_end(struct rogue *rogue, const struct icmp_msg *msg, bool is_own)
{
	int64_t level = msg->version == 6 ? rogue_level(msg) : 0;

	if (!is_own && rogue->advertisements > 0)
		rogue_suspect(rogue, ROGUE_WITHDRAWN);
	/* RFC 4191 2.2: without a lifetime there is no preference. */
	if (level != 0)
		rogue_suspect(rogue, rogue->faces[0] != 0 && level != rogue->level ? ROGUE_UNLIKELY_END :
		    ROGUE_ODD_END);
}

/* Whether what it says of itself goes to and fro. */
static void
judge_face(const struct settings *settings, struct rogue *rogue, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	uint64_t face = UINT64_C(1) << 63 | rogue_number(msg, "router_lifetime") << 32 |
	    rogue_number(msg, "cur_hop_limit") << 16 | rogue_number(msg, "preference") << 8 |
	    rogue_number(msg, "managed") << 1 | rogue_number(msg, "other_config");

	if (face == rogue->faces[0])
		return;
	if (face == rogue->faces[1] && now_ns - rogue->face_ns <= settings->neighbor_contest_ns)
		rogue_suspect(rogue, ROGUE_TWO_FACES);
	rogue->faces[1] = rogue->faces[0];
	rogue->faces[0] = face;
	rogue->face_ns = now_ns;
}

static void
judge_lifetime(const struct settings *settings, struct rogue *rogue, const struct icmp_msg *msg,
    bool is_own, uint64_t now_ns)
{
	uint32_t lifetime = (uint32_t)rogue_number(msg, "router_lifetime");

	if (lifetime == 0) {
		judge_end(rogue, msg, is_own);
	} else {
		judge_face(settings, rogue, msg, now_ns);
		if (msg->version == 6)
			rogue->level = rogue_level(msg);
	}
	if (lifetime > 0 && rogue->lifetime == 0 && rogue->advertisements > 0) {
		if (now_ns - rogue->returned_ns > settings->neighbor_contest_ns)
			rogue->returns = 0;
		rogue->returned_ns = now_ns;
		if (++rogue->returns >= RETURNS)
			rogue_suspect(rogue, ROGUE_FLAPS);
	}
	if (is_own || lifetime > 0)
		rogue->lifetime = lifetime;
}

static void
judge_gap(struct rogue *rogue, const struct packet *packet, uint64_t now_ns)
{
	uint64_t gap_ns = now_ns - rogue->heard_ns;

	if (rogue->advertisements == 0 || gap_ns < COPY_NS || gap_ns >= GAP_NS ||
	    !addr_is_multicast(&packet->ip.destination))
		return;
	if (++rogue->hasty >= HASTY)
		rogue_suspect(rogue, ROGUE_HASTY);
}

/*
 * What hosts have to drop, and what no router sends but gets past a switch that
 * looks no further than the first header (RFC 6980, RFC 7113). Returns whether
 * they take it.
 */
static bool
judge_rules(struct rogue *rogue, const struct packet *packet, const struct icmp_msg *msg)
{
	static const enum anomaly broken[] = { ANOMALY_HOP_LIMIT_NOT_255,
		ANOMALY_SOURCE_NOT_LINK_LOCAL };
	size_t i;

	if (msg->version == 6 && (packet->ip.has_options || packet->fragment_count > 0))
		rogue_suspect(rogue, ROGUE_EVADES);
	for (i = 0; i < COUNT_OF(broken); i++) {
		if (!anomalies_has(&msg->anomalies, broken[i]))
			continue;
		rogue_suspect(rogue, ROGUE_BROKEN);
		rogue->broken = broken[i];
		return false;
	}
	return msg->status == DECODE_OK;
}

/* A router of those that the user has listed may be new and different. */
static void
judge_role(struct rogues *rogues, struct rogue *rogue, const struct packet *packet,
    uint64_t now_ns)
{
	const struct addr *router = &rogue->subject.key.actor;
	enum listing listing = router_listing(rogues->subjects->settings, router);

	if (listing == LISTING_OUT)
		rogue_suspect(rogue, ROGUE_UNLISTED);
	if (listing == LISTING_IN)
		return;
	if (rogue->is_news)
		rogue_judge_new(rogues->subjects, rogue, now_ns - rogues->begun_ns >
		    rogues->subjects->settings->detect_rogue_router.learn_ns, now_ns);
	if (router->version == 4 && rogue->level == LEVEL4_HIGHEST)
		rogue_suspect(rogue, ROGUE_HIGHEST);
	/* Who routes IPv4 alone is a host in IPv6. */
	if (router->version == 6 && station_is_told(packet) &&
	    stations_is_host(&rogues->stations, &packet->source_mac, rogue->subject.key.link))
		rogue_suspect(rogue, ROGUE_HOST);
}

static void
judge(struct rogues *rogues, struct rogue *rogue, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	const struct settings *settings = rogues->subjects->settings;
	bool is_own = true;

	if (!judge_rules(rogue, packet, msg))
		return;
	judge_gap(rogue, packet, now_ns);
	if (station_is_told(packet))
		is_own = judge_station(settings, rogue, &packet->source_mac, now_ns);
	judge_lifetime(settings, rogue, msg, is_own, now_ns);
	rogue_judge_marks(rogue, msg);
	judge_role(rogues, rogue, packet, now_ns);
	rogue->heard_ns = now_ns;
	rogue->is_news = false;
}

/* What spoke against it long ago is no part of what does now. */
static void
forget_old(const struct subjects *subjects, struct rogue *rogue, uint64_t now_ns)
{
	uint64_t quiet_ns = subjects->settings->detect_rogue_router.quiet_ns;

	if (rogue->evidence == 0)
		return;
	if (rogue->subject.is_told ? !subjects_is_over(subjects, rogue->told_ns, quiet_ns, now_ns) :
	    now_ns - rogue->evidence_ns <= quiet_ns)
		return;
	subject_restart(&rogue->subject);
	rogue->evidence = 0;
	rogue->by_other = rogue->advertisements = rogue->octets = rogue->hasty = 0;
}

static void
on_advertisement(struct rogues *rogues, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct rogue *rogue;
	uint32_t before;

	if (anomalies_has(&msg->anomalies, ANOMALY_BAD_CHECKSUM) || packet->is_partial)
		return;
	rogue = open_rogue(rogues, packet, msg->length, now_ns);
	if (rogue == NULL)
		return;
	forget_old(rogues->subjects, rogue, now_ns);
	before = rogue->evidence;
	judge(rogues, rogue, packet, msg, now_ns);
	if (rogue->evidence != before)
		rogue->evidence_ns = now_ns;
	rogue->advertisements++;
	rogue->octets += msg->length;
	if (rogue->evidence != 0)
		subjects_tell_at(rogues->subjects, &rogue->subject, now_ns + SETTLE_NS);
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	struct rogues *rogues = state;

	if (msg->version == 6 && msg->type_number == ICMP6_NEIGHBOR_ADVERTISEMENT)
		stations_note(&rogues->stations, packet, msg, now_ns);
	else if (msg->type_number ==
	    (msg->version == 6 ? ICMP6_ROUTER_ADVERTISEMENT : ICMP4_ROUTER_ADVERTISEMENT))
		on_advertisement(rogues, packet, msg, now_ns);
}

static uint64_t
tick(void *state, uint64_t now_ns)
{
	struct rogues *rogues = state;

	return subjects_tick(rogues->subjects, now_ns);
}

static void
finish(void *state, uint64_t now_ns)
{
	struct rogues *rogues = state;

	subjects_finish(rogues->subjects, now_ns);
}

static uint32_t
tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct rogues *rogues = state;

	if (max < 2)
		return 0;
	report_table_row(&rogues->stations.table, &out[1]);
	return subjects_tables(rogues->subjects, out, 1) + 1;
}

static void
destroy(void *state)
{
	struct rogues *rogues = state;

	if (rogues == NULL)
		return;
	subjects_destroy(rogues->subjects);
	stations_free(&rogues->stations);
	free(rogues);
}

static void *
create(const struct detector_context *context, char *err)
{
	struct rogues *rogues = calloc(1, sizeof(*rogues));

	if (rogues == NULL) {
		snprintf(err, ERR_SIZE, "no memory for detect.rogue_router");
		return NULL;
	}
	rogues->subjects = subjects_create(&detector_rogue_router, context, sizeof(struct rogue),
	    context->settings->detect_rogue_router.routers, 0, err);
	if (rogues->subjects == NULL || stations_init(&rogues->stations, "detect.stations",
	    context->settings->detect_rogue_router.stations, &context->key, err) != 0) {
		destroy(rogues);
		return NULL;
	}
	rogues->subjects->tell = rogue_tell;
	return rogues;
}

const struct detector detector_rogue_router = {
	.rule = {
		.name = "rogue_router",
		.id = "icmpscope-901",
		.title = "Rogue router",
		.tactic_id = "TA0006",
		.tactic = "Credential Access",
		.technique_id = "T1557",
		.technique = "Adversary-in-the-Middle",
	},
	.meaning = "a router that appears beside those there are and wants to be preferred, or advertises "
	           "other prefixes and name servers; advertisements in a router's name from another "
	           "station, above all such that withdraw it; what gets past filters or only tools send",
	.ignores = IGNORE_ECHOES,
	.observes = UINT32_C(1) << DATASET_NEIGHBOR,
	.create = create,
	.message = message,
	.event = event,
	.tick = tick,
	.finish = finish,
	.tables = tables,
	.destroy = destroy,
};
