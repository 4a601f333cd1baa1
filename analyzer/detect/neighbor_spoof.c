/*
 * Spoofed neighbors: a station that takes addresses which others have and keep
 * claiming, and objections to all addresses that hosts want to take into use.
 * Built on what the neighbor tracker makes of Neighbor Discovery. No spoofing is
 * an address that fails over between virtual routers, and one whose host asked
 * before whether it is free (RFC 4862 5.4): that is how hosts move.
 */
#include "analyzer/detect/neighbor_spoof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/log.h"

#define IDENTIFIER_AT 8 /* octets in front of an interface identifier */
#define LINK_SHIFT 1    /* of the link, in a subject's kind */
#define REFUSALS 1      /* the lowest bit of it */

bool
spoof_is_refusals(const struct spoof *spoof)
{
	return (spoof->subject.key.kind & REFUSALS) != 0;
}

/* The VLAN, 0 for none. */
static uint16_t
link_of(const struct neighbor_facts *facts)
{
	return facts->vlan == EVENT_UNKNOWN ? 0 : (uint16_t)(facts->vlan + 1);
}

/* The address that stands for a station's MAC in a key (RFC 4291 appendix A). */
static struct addr
address_of(const struct mac *mac)
{
	const uint8_t *m = mac->bytes;

	return (struct addr){ .version = 6, .bytes = { 0xfe, 0x80, [8] = m[0] ^ 2, m[1], m[2],
		0xff, 0xfe, m[3], m[4], m[5] } };
}

static struct subject_key
key_of(const struct mac *mac, uint16_t link)
{
	return (struct subject_key){ .actor = address_of(mac),
		.kind = (uint16_t)(link << LINK_SHIFT) };
}

/* Notes the first address of a station. */
static void
note_station(struct spoofs *spoofs, const struct neighbor_facts *facts, uint64_t now_ns)
{
	const struct station_key key = { facts->mac, link_of(facts) };
	struct station *station;
	bool added;

	station = (struct station *)table_find_or_add(&spoofs->stations, &key, now_ns, &added);
	if (added)
		station->own = facts->address;
	else
		table_touch(&spoofs->stations, &station->entry, now_ns);
}

static struct taken *
find_taken(struct spoof *spoof, const struct addr *address)
{
	uint32_t i;

	for (i = 0; spoof != NULL && i < SPOOF_TAKEN_MAX; i++)
		if (spoof->taken[i].address.version != 0 &&
		    addr_equal(&spoof->taken[i].address, address))
			return &spoof->taken[i];
	return NULL;
}

/* What was counted long ago is no part of it; who owns an address still is. */
static void
forget_old(const struct subjects *subjects, struct spoof *spoof, uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	uint64_t span_ns = spoof->subject.is_told ? settings->detect_neighbor_spoof.quiet_ns :
	    settings->detect_neighbor_spoof.span_ns;
	uint64_t since_ns = spoof->subject.is_told ? spoof->subject.entry.seen_ns :
	    spoof->begun_ns;
	uint32_t i;

	if (now_ns - since_ns <= span_ns)
		return;
	for (i = 0; i < SPOOF_TAKEN_MAX; i++)
		memset(&spoof->taken[i].tally, 0, sizeof(spoof->taken[i].tally));
	memset(&spoof->refusals, 0, sizeof(spoof->refusals));
	subject_restart(&spoof->subject);
}

static struct spoof *
note(struct spoofs *spoofs, const struct subject_key *key, const struct mac *mac,
    const struct packet *packet, uint64_t now_ns)
{
	const struct station_key station_key = { *mac, key->kind >> LINK_SHIFT };
	const struct station *station;
	struct spoof *spoof = (struct spoof *)subjects_find(spoofs->subjects, key);

	if (spoof != NULL)
		forget_old(spoofs->subjects, spoof, now_ns);
	spoof = (struct spoof *)subjects_note(spoofs->subjects, key, packet, 0, now_ns);
	if (spoof->subject.packets == 1)
		spoof->begun_ns = now_ns;
	spoof->mac = *mac;
	station = (const struct station *)table_find(&spoofs->stations, &station_key);
	if (station != NULL)
		spoof->own = station->own;
	return spoof;
}

/* The record of an address that a station took, the oldest one's if there is none. */
static struct taken *
open_taken(struct spoof *spoof, const struct neighbor_facts *facts)
{
	struct taken *taken = find_taken(spoof, &facts->address);

	if (taken != NULL)
		return taken;
	taken = &spoof->taken[spoof->taken_next++ % SPOOF_TAKEN_MAX];
	*taken = (struct taken){ .address = facts->address, .owner = facts->old_mac,
		.was_router = facts->old_router == 1 };
	return taken;
}

static uint64_t
shorter(uint64_t known_ns, uint64_t since_ns, uint64_t now_ns)
{
	uint64_t length_ns = now_ns - since_ns;

	if (length_ns == 0)
		length_ns = 1;
	return known_ns == 0 || length_ns < known_ns ? length_ns : known_ns;
}

/*
 * What a station says of an address that it took. Advertisements that answer
 * nothing are for all, and no more than three (RFC 4861 7.2.6).
 */
static void
note_claim(struct taken *taken, bool is_unasked, const struct packet *packet)
{
	taken->tally.frame = packet->frame->ordinal;
	if (!is_unasked)
		return;
	taken->tally.unasked++;
	if (!addr_is_multicast(&packet->ip.destination))
		taken->tally.is_to_one = true;
}

/* A station takes an address; the facts' old MAC is zero when nobody had it. */
static void
on_taken(struct spoofs *spoofs, const struct event *event, uint64_t now_ns)
{
	const struct neighbor_facts *facts = event->facts;
	const struct subject_key key = key_of(&facts->mac, link_of(facts));
	struct spoof *spoof = note(spoofs, &key, &facts->mac, event->packet, now_ns);
	struct taken *taken = open_taken(spoof, facts);
	struct taken_tally *tally = &taken->tally;

	if (tally->times++ > 0)
		tally->again_ns = shorter(tally->again_ns, tally->last_ns, now_ns);
	tally->last_ns = now_ns;
	note_claim(taken, facts->solicited == 0, event->packet);
	subjects_news(spoofs->subjects, &spoof->subject, event->packet, now_ns);
}

/* Whether it is the owner who claims an address again that another took. */
static bool
on_return(struct spoofs *spoofs, const struct event *event, uint64_t now_ns)
{
	const struct neighbor_facts *facts = event->facts;
	const struct subject_key key = key_of(&facts->old_mac, link_of(facts));
	const struct mac nobody = { { 0 } };
	struct spoof *spoof = (struct spoof *)subjects_find(spoofs->subjects, &key);
	struct taken *taken = find_taken(spoof, &facts->address);

	if (taken == NULL)
		return false;
	if (mac_equal(&taken->owner, &nobody)) {
		taken->owner = facts->mac;
		taken->was_router = facts->router == 1;
	}
	if (!mac_equal(&taken->owner, &facts->mac))
		return false;
	spoof = note(spoofs, &key, &facts->old_mac, event->packet, now_ns);
	if (taken->tally.times == 0)
		return true;
	taken->tally.return_ns = shorter(taken->tally.return_ns, taken->tally.last_ns, now_ns);
	subjects_news(spoofs->subjects, &spoof->subject, event->packet, now_ns);
	return true;
}

static void
on_changed(struct spoofs *spoofs, const struct event *event, uint64_t now_ns)
{
	const struct neighbor_facts *facts = event->facts;

	/* Without a packet it is a wait that ended: nobody objected. */
	if (event->packet == NULL || (facts->cause != NULL && strcmp(facts->cause, "failover") == 0))
		return;
	if (!on_return(spoofs, event, now_ns))
		on_taken(spoofs, event, now_ns);
}

/* The subject of all who refuse addresses on the link of the facts. */
static struct subject_key
refusals_key(const struct neighbor_facts *facts)
{
	return (struct subject_key){
		.kind = (uint16_t)(link_of(facts) << LINK_SHIFT | REFUSALS) };
}

/* Whether that address was refused to a host lately: who says to have it may not. */
static bool
was_refused(struct spoofs *spoofs, const struct neighbor_facts *facts)
{
	const struct subject_key key = refusals_key(facts);
	const struct spoof *spoof = (const struct spoof *)subjects_find(spoofs->subjects, &key);
	uint32_t i;

	for (i = 0; spoof != NULL && i < FINDING_RELATED_MAX; i++)
		if (addr_equal(&spoof->refusals.some[i], &facts->address))
			return true;
	return false;
}

/*
 * An address that nobody had: of interest if it is told to one host that did
 * not ask, where the owner may be about to be heard.
 */
static void
on_new(struct spoofs *spoofs, const struct event *event, uint64_t now_ns)
{
	const struct neighbor_facts *facts = event->facts;

	if (event->packet != NULL && facts->solicited == 0 &&
	    !addr_is_multicast(&event->destination))
		on_taken(spoofs, event, now_ns);
	else if (!was_refused(spoofs, facts))
		note_station(spoofs, facts, now_ns);
}

/* All who refuse addresses on a link: their MACs may be made up. */
static void
on_refused(struct spoofs *spoofs, const struct event *event, uint64_t now_ns)
{
	const struct neighbor_facts *facts = event->facts;
	const struct subject_key key = refusals_key(facts);
	struct refusals *refusals;
	struct spoof *spoof;

	/* Who was known to have it may well object. */
	if (event->packet == NULL || mac_equal(&facts->old_mac, &facts->mac))
		return;
	spoof = note(spoofs, &key, &facts->mac, event->packet, now_ns);
	refusals = &spoof->refusals;
	if (distinct_add(&refusals->identifiers, distinct_hash(facts->address.bytes + IDENTIFIER_AT,
	    sizeof(facts->address.bytes) - IDENTIFIER_AT)) &&
	    refusals->identifiers.exact_count <= FINDING_RELATED_MAX)
		refusals->some[refusals->identifiers.exact_count - 1] = facts->address;
	distinct_add(&refusals->objectors, distinct_hash(&facts->mac, sizeof(facts->mac)));
	subjects_news(spoofs->subjects, &spoof->subject, event->packet, now_ns);
}

/* A host got the address that it wanted. */
static void
on_passed(struct spoofs *spoofs, const struct neighbor_facts *facts)
{
	const struct subject_key key = refusals_key(facts);
	struct spoof *spoof = (struct spoof *)subjects_find(spoofs->subjects, &key);

	if (spoof != NULL)
		spoof->refusals.passed++;
}

static void
event(void *state, const struct event *event, uint64_t now_ns)
{
	const struct neighbor_facts *facts = event->facts;

	switch (event->id) {
	case EVENT_BINDING_NEW:
		on_new(state, event, now_ns);
		if (event->packet == NULL) /* nobody objected */
			on_passed(state, facts);
		break;
	case EVENT_BINDING_CHANGED:
		on_changed(state, event, now_ns);
		break;
	case EVENT_DUPLICATE_ADDRESS:
		on_refused(state, event, now_ns);
		break;
	default:
		break;
	}
}

/* The same again of an address that a station took. */
static void
repeat(struct spoofs *spoofs, struct spoof *spoof, struct taken *taken,
    const struct packet *packet, uint64_t now_ns)
{
	const struct settings *settings = spoofs->subjects->settings;

	forget_old(spoofs->subjects, spoof, now_ns);
	/* Who has had it for long may speak of it. */
	if (taken->tally.frame == packet->frame->ordinal || taken->tally.times == 0 ||
	    (!spoof->subject.is_told &&
	    now_ns - taken->tally.last_ns > settings->detect_neighbor_spoof.contest_ns))
		return;
	note_claim(taken, true, packet);
	(void)subjects_note(spoofs->subjects, &spoof->subject.key, packet, 0, now_ns);
	subjects_news(spoofs->subjects, &spoof->subject, packet, now_ns);
}

/* The trackers saw it before: what takes an address is counted already. */
static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	struct spoofs *spoofs = state;
	const union value *target, *solicited;
	struct subject_key key;
	struct spoof *spoof;
	struct taken *taken;

	if (msg->version != 6 || msg->type_number != ICMP6_NEIGHBOR_ADVERTISEMENT ||
	    spoofs->subjects->table.count == 0 || !packet->has_source_mac)
		return;
	key = key_of(&packet->source_mac,
	    packet->vlan_count == 0 ? 0 : (uint16_t)(packet->vlans[packet->vlan_count - 1] + 1));
	spoof = (struct spoof *)subjects_find(spoofs->subjects, &key);
	target = icmp_value(msg, "target");
	solicited = icmp_value(msg, "solicited");
	if (spoof == NULL || target == NULL || solicited == NULL || solicited->number == 1)
		return;
	taken = find_taken(spoof, &target->address);
	if (taken != NULL)
		repeat(spoofs, spoof, taken, packet, now_ns);
}

static uint64_t
tick(void *state, uint64_t now_ns)
{
	struct spoofs *spoofs = state;

	return subjects_tick(spoofs->subjects, now_ns);
}

static void
finish(void *state, uint64_t now_ns)
{
	struct spoofs *spoofs = state;

	subjects_finish(spoofs->subjects, now_ns);
}

static uint32_t
tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct spoofs *spoofs = state;

	if (max < 2)
		return 0;
	report_table_row(&spoofs->stations, &out[1]);
	return 1 + subjects_tables(spoofs->subjects, out, 1);
}

static void
destroy(void *state)
{
	struct spoofs *spoofs = state;

	if (spoofs == NULL)
		return;
	subjects_destroy(spoofs->subjects);
	table_free(&spoofs->stations);
	free(spoofs);
}

static void *
create(const struct detector_context *context, char *err)
{
	const struct settings *settings = context->settings;
	const struct table_config config = {
		.name = "detect.neighbor_spoof.stations",
		.entry_size = sizeof(struct station),
		.key_size = sizeof(struct station_key),
		.capacity = (uint32_t)settings->detect_neighbor_spoof.stations,
		.hash_key = context->key,
	};
	struct spoofs *spoofs = calloc(1, sizeof(*spoofs));

	if (spoofs == NULL) {
		snprintf(err, ERR_SIZE, "no memory for detect.neighbor_spoof");
		return NULL;
	}
	spoofs->subjects = subjects_create(&detector_neighbor_spoof, context,
	    sizeof(struct spoof), settings->detect_neighbor_spoof.spoofers, 0, err);
	if (spoofs->subjects == NULL || table_init(&spoofs->stations, &config, err) != 0) {
		destroy(spoofs);
		return NULL;
	}
	spoofs->subjects->tell = spoof_tell;
	return spoofs;
}

const struct detector detector_neighbor_spoof = {
	.rule = {
		.name = "neighbor_spoof",
		.id = "icmpscope-203",
		.title = "Neighbor spoofing",
		.tactic_id = "TA0006",
		.tactic = "Credential Access",
		.technique_id = "T1557",
		.technique = "Adversary-in-the-Middle",
	},
	.meaning = "a station that takes addresses which others have and keep claiming, or objections "
	           "to all addresses that hosts want",
	.observes = UINT32_C(1) << DATASET_NEIGHBOR,
	.create = create,
	.message = message,
	.ignores = IGNORE_ECHOES,
	.event = event,
	.tick = tick,
	.finish = finish,
	.tables = tables,
	.destroy = destroy,
};
