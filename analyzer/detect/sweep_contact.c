/*
 * Who spoke to whom: contacts, newcomers with one, and tallies of many.
 */
#include <string.h>

#include "analyzer/detect/sweep.h"

#define TOUCH_NS UINT64_C(60000000000) /* contacts are in order of use to within it */
#define NS_PER_S UINT64_C(1000000000)
#define CROWD_MAX 32 /* newcomers of one target in a second */
#define STEP_MAX 16 /* between addresses in order */

_Static_assert(sizeof(struct contact_key) == 2 * sizeof(struct addr) + 6,
    "padding in the key of contacts");

/* A contact goes, or moves: it waits no longer. */
static void
recycle(void *owner, struct entry *entry)
{
	struct sweeps *sweeps = owner;

	if (sweeps->waiting == table_index(&sweeps->contacts, entry))
		sweeps->waiting = entry->newer;
}

int
sweep_contacts_init(struct sweeps *sweeps, const struct detector_context *context, char *err)
{
	const struct table_config config = {
		.name = "detect.ping_sweep.contacts",
		.entry_size = sizeof(struct contact),
		.key_size = sizeof(struct contact_key),
		.capacity = (uint32_t)context->settings->detect_ping_sweep.contacts,
		.idle_ns = context->settings->detect_ping_sweep.memory_ns,
		.hash_key = context->key,
		.recycle = recycle,
		.owner = sweeps,
	};

	sweeps->pairs = context->pairs;
	sweeps->waiting = TABLE_NONE;
	return table_init(&sweeps->contacts, &config, err);
}

struct contact *
sweep_find(struct sweeps *sweeps, const struct addr *source, const struct addr *target)
{
	const struct contact_key key = { .source = *source, .target = *target };
	struct entry **guess = pairs_guess(sweeps->pairs, PAIR_CONTACT);
	struct contact *contact = (struct contact *)*guess;

	if (contact != NULL && addr_equal(&contact->key.target, target) &&
	    addr_equal(&contact->key.source, source) && table_is_entry(&contact->entry))
		return contact;
	contact = (struct contact *)table_find(&sweeps->contacts, &key);
	if (contact != NULL)
		*guess = &contact->entry;
	return contact;
}

struct contact *
sweep_add(struct sweeps *sweeps, const struct addr *source, const struct addr *target,
    enum sweep_outcome outcome, uint64_t now_ns)
{
	const struct contact_key key = { .source = *source, .target = *target };
	struct contact *contact = (struct contact *)table_add(&sweeps->contacts, &key, now_ns);

	contact->begun_ns = now_ns;
	contact->outcome = (uint8_t)outcome;
	if (sweeps->waiting == TABLE_NONE)
		sweeps->waiting = table_index(&sweeps->contacts, &contact->entry);
	return contact;
}

void
sweep_drop(struct sweeps *sweeps, struct contact *contact)
{
	recycle(sweeps, &contact->entry);
	table_remove(&sweeps->contacts, &contact->entry);
}

void
sweep_touch(struct sweeps *sweeps, struct contact *contact, uint64_t now_ns)
{
	/* One that waits keeps its place, which is how long it has waited. */
	if (contact->outcome == SWEEP_WAITING || now_ns - contact->entry.seen_ns < TOUCH_NS)
		return;
	recycle(sweeps, &contact->entry);
	table_touch(&sweeps->contacts, &contact->entry, now_ns);
	if (sweeps->waiting == TABLE_NONE)
		sweeps->waiting = table_index(&sweeps->contacts, &contact->entry);
}

struct contact *
sweep_overdue(struct sweeps *sweeps, uint64_t wait_ns, uint64_t now_ns)
{
	struct contact *contact;

	while (sweeps->waiting != TABLE_NONE) {
		contact = (struct contact *)table_at(&sweeps->contacts, sweeps->waiting);
		if (contact->outcome == SWEEP_WAITING) {
			if (now_ns - contact->begun_ns < wait_ns)
				return NULL;
			return contact;
		}
		sweeps->waiting = contact->entry.newer;
	}
	return NULL;
}

void
sweep_expire(struct sweeps *sweeps, uint64_t now_ns)
{
	struct entry *entry, *oldest;

	while ((entry = table_expire_next(&sweeps->contacts, now_ns)) != NULL) {
		/* Even one that waits may go, where memory is set shorter than the wait. */
		if (sweeps->waiting == table_index(&sweeps->contacts, entry)) {
			oldest = table_oldest(&sweeps->contacts);
			sweeps->waiting = oldest == NULL ? TABLE_NONE :
			    table_index(&sweeps->contacts, oldest);
		}
	}
}

/* One of 1 << bits places for an address. */
static uint32_t
place_of(const struct addr *addr, unsigned bits)
{
	return recent_tail(addr) * UINT32_C(0x9e3779b1) >> (32 - bits);
}

struct newcomer *
sweep_newcomer(struct sweeps *sweeps, const struct addr *source)
{
	return &sweeps->newcomers[place_of(source, SWEEP_NEWCOMER_BITS)];
}

bool
sweep_is_crowded(struct sweeps *sweeps, const struct addr *target, uint64_t now_ns)
{
	struct crowd *crowd = &sweeps->crowds[place_of(target, SWEEP_CROWD_BITS)];
	uint64_t second = now_ns / NS_PER_S;

	if (crowd->second != second || !addr_equal(&crowd->target, target))
		*crowd = (struct crowd){ .target = *target, .second = second };
	return ++crowd->count > CROWD_MAX;
}

/* The octets in which hosts of a network differ come last. */
static uint32_t
tail_of(const struct addr *addr)
{
	const uint8_t *tail = addr->version == 6 ? addr->bytes + 12 : addr->bytes;

	return (uint32_t)tail[0] << 24 | (uint32_t)tail[1] << 16 | (uint32_t)tail[2] << 8 | tail[3];
}

/* The network of a host as most are made: 24 bits of IPv4, 64 of IPv6. */
static struct addr
network_of(const struct addr *addr)
{
	struct addr network = { .version = addr->version };

	memcpy(network.bytes, addr->bytes, addr->version == 6 ? 8 : 3);
	return network;
}

static void
count_network(struct sweep_tally *tally, const struct addr *target)
{
	struct addr prefix = network_of(target);
	struct sweep_network *free = NULL;
	unsigned i;

	for (i = 0; i < SWEEP_NETWORKS; i++) {
		struct sweep_network *network = &tally->networks[i];

		if (network->count > 0 && addr_equal(&network->prefix, &prefix)) {
			network->count++;
			return;
		}
		if (network->count == 0)
			free = network;
	}
	if (free != NULL) {
		*free = (struct sweep_network){ prefix, 1 };
		return;
	}
	for (i = 0; i < SWEEP_NETWORKS; i++)
		tally->networks[i].count--;
}

/* How many bits two addresses have in common from the first on, at most `most`. */
static uint8_t
common_bits(const struct addr *a, const struct addr *b, uint8_t most)
{
	uint8_t bits = 0;

	while (bits < most && ((a->bytes[bits / 8] ^ b->bytes[bits / 8]) >> (7 - bits % 8) & 1) == 0)
		bits++;
	return bits;
}

/* Notes where a target lies among those before. */
static void
place_target(struct sweep_tally *tally, const struct addr *target)
{
	int64_t step = (int64_t)tail_of(target) - (int64_t)tail_of(&tally->latest);

	if (tally->targets == 0) {
		tally->common = *target;
		tally->common_bits = target->version == 6 ? 128 : 32;
	} else {
		tally->common_bits = common_bits(&tally->common, target, tally->common_bits);
		tally->in_order += step == tally->step && step >= -STEP_MAX && step <= STEP_MAX;
		tally->step = step;
	}
	tally->latest = *target;
	count_network(tally, target);
}

void
sweep_tally_add(struct sweep_tally *tally, const struct addr *target, enum sweep_probe probe,
    uint64_t when_ns, const struct sweep_probe_seen *seen)
{
	place_target(tally, target);
	if (tally->targets++ == 0)
		tally->first_ns = when_ns;
	tally->last_ns = when_ns;
	tally->packets++;
	tally->probes[probe]++;
	if (seen == NULL)
		return;
	tally->bytes += seen->msg->length;
	sweep_tool_vote(tally, sweep_tool_of(seen));
}
