/*
 * What routers advertise: held against what the others of their link do, and
 * against what only tools advertise.
 */
#include <string.h>

#include "analyzer/detect/rogue.h"

#define NS_PER_S UINT64_C(1000000000)
#define HOP_LIMIT_HIGHEST 255
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What the tools of thc-ipv6 always say (fake_router6.c, fake_router26.c). */
enum {
	MARK_HEADER = 1, /* preference high, hop limit 255, lifetime 2048 s */
	MARK_PREFIX = 2,
	MARK_SERVER = 4,
};

static const struct {
	int64_t valid, preferred;
} marked_prefixes[] = { { 0x11111111, 0x04040404 }, { 99999, 49999 } };

static const int64_t marked_servers[] = { 0x01010101, 4096 };

#define MARKED_LIFETIME 2048

/* The n-th item of a list of facts. */
static const void *
item_of(const struct fact_list *list, uint32_t n)
{
	return (const char *)list->items + (size_t)n * list->size;
}

static uint8_t
mark_of_prefix(const struct prefix_facts *facts)
{
	size_t i;

	for (i = 0; i < COUNT_OF(marked_prefixes); i++)
		if (facts->valid_lifetime == marked_prefixes[i].valid &&
		    facts->preferred_lifetime == marked_prefixes[i].preferred)
			return MARK_PREFIX;
	return 0;
}

static uint8_t
mark_of_server(const struct server_facts *facts)
{
	size_t i;

	for (i = 0; i < COUNT_OF(marked_servers); i++)
		if (facts->lifetime == marked_servers[i])
			return MARK_SERVER;
	return 0;
}

void
rogue_take_content(struct rogue *rogue, const struct router_facts *facts)
{
	const struct prefix_facts *prefix;
	const struct server_facts *server;
	uint32_t i;

	rogue->prefix_count = rogue->server_count = 0;
	for (i = 0; i < facts->prefixes.count && i < ROGUE_PREFIXES; i++) {
		prefix = item_of(&facts->prefixes, i);
		rogue->prefixes[rogue->prefix_count++] = (struct prefix){ prefix->prefix,
			(uint8_t)prefix->length };
		rogue->marks |= mark_of_prefix(prefix);
	}
	for (i = 0; i < facts->servers.count && i < ROGUE_SERVERS; i++) {
		server = item_of(&facts->servers, i);
		rogue->servers[rogue->server_count++] = server->address;
		rogue->marks |= mark_of_server(server);
	}
	if (facts->preference_level != EVENT_UNKNOWN)
		rogue->level = facts->preference_level;
}

static bool
has_prefix(const struct rogue *rogue, const struct prefix *prefix)
{
	uint32_t i;

	for (i = 0; i < rogue->prefix_count; i++)
		if (rogue->prefixes[i].length == prefix->length &&
		    addr_equal(&rogue->prefixes[i].address, &prefix->address))
			return true;
	return false;
}

static bool
has_server(const struct rogue *rogue, const struct addr *server)
{
	uint32_t i;

	for (i = 0; i < rogue->server_count; i++)
		if (addr_equal(&rogue->servers[i], server))
			return true;
	return false;
}

/* Whether another router of that link has said that it is there, and still is. */
static bool
is_rival(const struct rogue *rogue, const struct rogue *other, uint64_t now_ns)
{
	return other != rogue && other->lifetime > 0 &&
	       other->subject.key.actor.version == rogue->subject.key.actor.version &&
	       other->subject.key.link == rogue->subject.key.link &&
	       now_ns - other->heard_ns < other->lifetime * NS_PER_S;
}

/* Bits of `of`, less those that a rival has too. */
static void
compare(const struct rogue *rogue, const struct rogue *rival, uint32_t *prefixes,
    uint32_t *servers)
{
	uint32_t i;

	for (i = 0; i < rogue->prefix_count; i++)
		if (has_prefix(rival, &rogue->prefixes[i]))
			*prefixes &= ~(UINT32_C(1) << i);
	for (i = 0; i < rogue->server_count; i++)
		if (has_server(rival, &rogue->servers[i]))
			*servers &= ~(UINT32_C(1) << i);
	if (rival->prefix_count == 0)
		*prefixes = 0;
	if (rival->server_count == 0)
		*servers = 0;
}

static uint32_t
lowest_bit(uint32_t bits)
{
	uint32_t n = 0;

	while ((bits >> n & 1) == 0)
		n++;
	return n;
}

void
rogue_judge_new(const struct subjects *subjects, struct rogue *rogue, bool is_late, uint64_t now_ns)
{
	uint32_t prefixes = (UINT32_C(1) << rogue->prefix_count) - 1;
	uint32_t servers = (UINT32_C(1) << rogue->server_count) - 1;
	const struct table *table = &subjects->table;
	const struct rogue *other;
	struct entry *entry;
	bool is_preferred = true;

	for (entry = table_oldest(table); entry != NULL; entry = table_newer(table, entry)) {
		other = (const struct rogue *)entry;
		if (!is_rival(rogue, other, now_ns))
			continue;
		rogue->rival = other->subject.key.actor;
		is_preferred &= rogue->level > other->level;
		compare(rogue, other, &prefixes, &servers);
	}
	if (rogue->rival.version == 0)
		return;
	rogue_suspect(rogue, is_late ? ROGUE_BESIDE_LATE : ROGUE_BESIDE);
	if (is_preferred)
		rogue_suspect(rogue, ROGUE_PREFERRED);
	if (prefixes != 0) {
		rogue_suspect(rogue, ROGUE_OTHER_PREFIX);
		rogue->other_prefix = lowest_bit(prefixes);
	}
	if (servers != 0) {
		rogue_suspect(rogue, ROGUE_OTHER_SERVER);
		rogue->other_server = lowest_bit(servers);
	}
}

/* A mark may be chance, two are none. */
void
rogue_judge_marks(struct rogue *rogue, const struct icmp_msg *msg)
{
	if (msg->version == 6 && rogue_number(msg, "router_lifetime") == MARKED_LIFETIME &&
	    rogue_number(msg, "cur_hop_limit") == HOP_LIMIT_HIGHEST && rogue_level(msg) > 0)
		rogue->marks |= MARK_HEADER;
	if ((rogue->marks & (rogue->marks - 1)) != 0)
		rogue_suspect(rogue, ROGUE_TOOL);
}

uint64_t
rogue_number(const struct icmp_msg *msg, const char *name)
{
	const union value *value = icmp_value(msg, name);

	return value != NULL ? value->number : 0;
}

/* RFC 4191 2.1: two bits with a sign; the value that is reserved means medium. */
int64_t
rogue_level(const struct icmp_msg *msg)
{
	static const int8_t levels[] = { 0, 1, 0, -1 };

	return levels[rogue_number(msg, "preference") & 3];
}
