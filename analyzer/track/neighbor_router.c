/*
 * Who says to be a router, and what it says: RFC 4861 6.3.4 with the options of
 * RFC 4191, 8106 and 8781, and RFC 1256. An option that an advertisement lacks is
 * no change, for a router may spread them over several.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/track/neighbor_state.h"
#include "decoders/dns_name.h"

#define OPTION_PREFIX_INFORMATION 3
#define OPTION_MTU 5
#define OPTION_RECURSIVE_DNS_SERVER 25
#define OPTION_DNS_SEARCH_LIST 31
#define OPTION_PREF64 38

#define INFINITE UINT32_MAX /* as a lifetime: RFC 4861 4.6.2 */
#define SLACK_S 2           /* by which a lifetime may be off that runs down */
#define NS_PER_S UINT64_C(1000000000)

/* Notes what changed; nothing of a router just met, whose `changes` are NULL. */
static void
note(struct changes *changes, const char *field, const char *old, const char *new)
{
	struct change_facts *item;
	char (*texts)[CHANGE_TEXT_SIZE];

	if (changes == NULL || changes->count == CHANGES_MAX)
		return;
	texts = changes->texts[changes->count];
	item = &changes->items[changes->count++];
	*item = (struct change_facts){ .field = field };
	if (old != NULL) {
		snprintf(texts[0], CHANGE_TEXT_SIZE, "%s", old);
		item->old = texts[0];
	}
	if (new != NULL) {
		snprintf(texts[1], CHANGE_TEXT_SIZE, "%s", new);
		item->new = texts[1];
	}
}

static void
set_number(struct changes *changes, const char *field, int64_t *number, int64_t new)
{
	char texts[2][CHANGE_TEXT_SIZE];

	if (new == *number)
		return;
	snprintf(texts[0], CHANGE_TEXT_SIZE, "%" PRId64, *number);
	snprintf(texts[1], CHANGE_TEXT_SIZE, "%" PRId64, new);
	note(changes, field, *number != EVENT_UNKNOWN ? texts[0] : NULL, texts[1]);
	*number = new;
}

/* The same where zero means that nothing is said (RFC 4861 4.2). */
static void
set_unless_zero(struct changes *changes, const char *field, int64_t *number, int64_t new)
{
	if (new != 0)
		set_number(changes, field, number, new);
}

static void
set_name(struct changes *changes, const char *field, const char **name, const char *new)
{
	if (*name != new)
		note(changes, field, *name, new);
	*name = new;
}

/* A text of fixed room; empty is none. */
static void
set_text(struct changes *changes, const char *field, char *text, size_t size, const char *new)
{
	if (strncmp(text, new, size - 1) == 0)
		return;
	note(changes, field, *text != '\0' ? text : NULL, *new != '\0' ? new : NULL);
	snprintf(text, size, "%s", new);
}

/* A number of an option or message, by its field's name; 0 when it is not there. */
static int64_t
number_of(const union value *value)
{
	return value != NULL ? (int64_t)value->number : 0;
}

static int64_t
option_number(const struct record *option, const char *name)
{
	return number_of(record_value(option, name));
}

/*
 * Whether a lifetime is another one. It may run down with time (RFC 4861 6.2.1),
 * and be filled up again: then only its end and its return are told.
 */
static bool
is_other_lifetime(struct advertised *item, int64_t old, int64_t new, uint64_t now_ns)
{
	int64_t passed = (int64_t)((now_ns - item->told_ns) / NS_PER_S);

	if (new == old)
		return false;
	if (old == INFINITE || new == INFINITE || old == 0 || new == 0)
		return true;
	if (new < old && new + SLACK_S >= old - passed)
		item->counts_down = true;
	return !item->counts_down;
}

static void
set_lifetime(struct changes *changes, const char *field, struct advertised *item, int64_t *have,
    int64_t new, uint64_t now_ns)
{
	char texts[2][CHANGE_TEXT_SIZE], address[ADDR_TEXT_SIZE];

	if (is_other_lifetime(item, *have, new, now_ns)) {
		addr_text(&item->facts.prefix, address);
		snprintf(texts[0], CHANGE_TEXT_SIZE, "%s/%" PRId64 " %" PRId64, address,
		    item->facts.length, *have);
		snprintf(texts[1], CHANGE_TEXT_SIZE, "%s/%" PRId64 " %" PRId64, address,
		    item->facts.length, new);
		note(changes, field, texts[0], texts[1]);
	}
	*have = new;
}

/* "2001:db8::/64 on_link autonomous" */
static void
told_text(const struct prefix_facts *prefix, char out[CHANGE_TEXT_SIZE])
{
	char address[ADDR_TEXT_SIZE];

	addr_text(&prefix->prefix, address);
	snprintf(out, CHANGE_TEXT_SIZE, "%s/%" PRId64 "%s%s", address, prefix->length,
	    prefix->on_link ? " on_link" : "", prefix->autonomous ? " autonomous" : "");
}

static struct advertised *
find_prefix(struct router *router, const struct prefix_facts *told)
{
	struct advertised *item;
	uint32_t i;

	for (i = 0; i < router->prefix_count; i++) {
		item = &router->prefixes[i];
		if (addr_equal(&item->facts.prefix, &told->prefix) &&
		    item->facts.length == told->length)
			return item;
	}
	return NULL;
}

static void
add_prefix(struct router *router, struct changes *changes, const struct prefix_facts *told,
    uint64_t now_ns)
{
	char text[CHANGE_TEXT_SIZE];

	if (told->valid_lifetime == 0 || router->prefix_count == ROUTER_PREFIXES)
		return;
	told_text(told, text);
	note(changes, "prefix", NULL, text);
	router->prefixes[router->prefix_count++] = (struct advertised){ .facts = *told,
		.told_ns = now_ns };
}

static void
update_prefix(struct changes *changes, struct advertised *item, const struct prefix_facts *told,
    uint64_t now_ns)
{
	struct prefix_facts *have = &item->facts;
	char old[CHANGE_TEXT_SIZE], new[CHANGE_TEXT_SIZE];

	told_text(have, old);
	told_text(told, new);
	if (strcmp(old, new) != 0)
		note(changes, "prefix", old, new);
	have->on_link = told->on_link;
	have->autonomous = told->autonomous;
	set_lifetime(changes, "valid_lifetime", item, &have->valid_lifetime, told->valid_lifetime,
	    now_ns);
	set_lifetime(changes, "preferred_lifetime", item, &have->preferred_lifetime,
	    told->preferred_lifetime, now_ns);
	item->told_ns = now_ns;
}

static void
on_prefix(struct router *router, struct changes *changes, const struct record *option,
    uint64_t now_ns)
{
	const union value *prefix = record_value(option, "prefix");
	struct prefix_facts told = {
		.length = option_number(option, "prefix_length"),
		.on_link = option_number(option, "on_link"),
		.autonomous = option_number(option, "autonomous"),
		.valid_lifetime = option_number(option, "valid_lifetime"),
		.preferred_lifetime = option_number(option, "preferred_lifetime"),
	};
	char text[CHANGE_TEXT_SIZE];
	struct advertised *item;

	if (prefix == NULL)
		return;
	told.prefix = prefix->address;
	item = find_prefix(router, &told);
	if (item == NULL) {
		add_prefix(router, changes, &told, now_ns);
	} else if (told.valid_lifetime == 0) {
		told_text(&item->facts, text);
		note(changes, "prefix", text, NULL);
		*item = router->prefixes[--router->prefix_count];
	} else {
		update_prefix(changes, item, &told, now_ns);
	}
}

/* RFC 8106 5.1: a lifetime of zero takes the server back. */
static void
on_server(struct router *router, struct changes *changes, const struct addr *address,
    int64_t lifetime)
{
	struct server_facts *server = router->servers;
	char text[ADDR_TEXT_SIZE];
	uint32_t i;

	for (i = 0; i < router->server_count; i++, server++)
		if (addr_equal(&server->address, address))
			break;
	addr_text(address, text);
	if (i < router->server_count && lifetime == 0) {
		note(changes, "rdnss", text, NULL);
		*server = router->servers[--router->server_count];
	} else if (i < router->server_count) {
		server->lifetime = lifetime;
	} else if (lifetime > 0 && router->server_count < ROUTER_SERVERS) {
		note(changes, "rdnss", NULL, text);
		router->servers[router->server_count++] =
		    (struct server_facts){ .address = *address, .lifetime = lifetime };
	}
}

static void
on_servers(struct router *router, struct changes *changes, const struct record *option)
{
	int64_t lifetime = option_number(option, "lifetime");
	struct addr address;
	uint8_t i;
	uint32_t n;

	for (i = 0; i < option->value_count; i++)
		for (n = 0; option->row->fields[i].kind == FIELD_IP6_LIST &&
		    field_list_address(option->row->fields, option->values, i, n, &address); n++)
			on_server(router, changes, &address, lifetime);
}

static void
on_domains(struct router *router, struct changes *changes, const struct record *option)
{
	const union value *value = record_value(option, "domain_names");
	char text[ROUTER_NAMES_SIZE] = "", name[DNS_NAME_TEXT_SIZE];
	struct cursor names;
	size_t len = 0;

	if (value == NULL)
		return;
	names = value->bytes;
	while (option_number(option, "lifetime") > 0 && len < sizeof(text) &&
	    dns_name_next(&names, cursor_empty(), name, sizeof(name)))
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
		    len > 0 ? " " : "", name);
	set_text(changes, "dnssl", router->domains, sizeof(router->domains), text);
}

/* What a number stands for, by its field. */
static uint64_t
meaning_of(const struct record *option, const char *name)
{
	uint64_t meaning = 0;
	uint8_t i;

	for (i = 0; i < option->value_count; i++)
		if (strcmp(option->row->fields[i].name, name) == 0)
			(void)option->row->fields[i].rule->meaning->of(option->values[i].number,
			    &meaning);
	return meaning;
}

static void
on_pref64(struct router *router, struct changes *changes, const struct record *option)
{
	const union value *prefix = record_value(option, "prefix");
	char text[sizeof(router->nat64)] = "", address[ADDR_TEXT_SIZE];

	if (prefix == NULL)
		return;
	addr_text(&prefix->address, address);
	if (option_number(option, "scaled_lifetime") > 0)
		snprintf(text, sizeof(text), "%s/%u", address,
		    (unsigned)meaning_of(option, "prefix_length_code"));
	set_text(changes, "pref64", router->nat64, sizeof(router->nat64), text);
}

static void
read_options(const struct neighbor *neighbor, struct router *router, struct changes *changes)
{
	struct record option;
	struct list list;

	if (!icmp_list(neighbor->msg, 0, neighbor->msg->tail, &list))
		return;
	while (list_next(&list, &option)) {
		if (option.row == NULL)
			continue;
		if (option.type == OPTION_PREFIX_INFORMATION)
			on_prefix(router, changes, &option, neighbor->now_ns);
		else if (option.type == OPTION_MTU)
			set_number(changes, "mtu", &router->facts.mtu,
			    option_number(&option, "mtu"));
		else if (option.type == OPTION_RECURSIVE_DNS_SERVER)
			on_servers(router, changes, &option);
		else if (option.type == OPTION_DNS_SEARCH_LIST)
			on_domains(router, changes, &option);
		else if (option.type == OPTION_PREF64)
			on_pref64(router, changes, &option);
	}
}

static void
read_header(const struct neighbor *neighbor, struct router_facts *facts, struct changes *changes)
{
	const struct icmp_msg *msg = neighbor->msg;
	const union value *preference = icmp_value(msg, "preference");

	set_number(changes, "managed", &facts->managed, number_of(icmp_value(msg, "managed")));
	set_number(changes, "other_config", &facts->other_config,
	    number_of(icmp_value(msg, "other_config")));
	if (preference != NULL)
		set_name(changes, "preference", &facts->preference,
		    name_of(nd_preferences, (uint32_t)preference->number));
	set_unless_zero(changes, "cur_hop_limit", &facts->cur_hop_limit,
	    number_of(icmp_value(msg, "cur_hop_limit")));
	set_unless_zero(changes, "reachable_time", &facts->reachable_time,
	    number_of(icmp_value(msg, "reachable_time")));
	set_unless_zero(changes, "retrans_timer", &facts->retrans_timer,
	    number_of(icmp_value(msg, "retrans_timer")));
}

/* The MAC that a router gives, or at least sends from. */
static void
read_mac(const struct neighbor *neighbor, struct router_facts *facts)
{
	const struct packet *packet = neighbor->packet;

	if (!neighbor_option_mac(neighbor, ND_SOURCE_LINK_LAYER_ADDRESS, &facts->mac) &&
	    packet->has_source_mac && packet->outer_count == 0)
		facts->mac = packet->source_mac;
	facts->mac_kind = mac_virtual_kind(&facts->mac);
}

static struct router *
open_router(struct neighbor *neighbor, const struct addr *address, bool *added)
{
	const struct neighbor_key key = neighbor_key_of(neighbor, address);
	struct router *router = (struct router *)table_find_or_add(&neighbor->routers, &key,
	    neighbor->now_ns, added);
	uint64_t when_ns = neighbor->packet->frame->when_ns;

	if (*added)
		router->facts = (struct router_facts){
			.address = *address,
			.vlan = neighbor->vlan,
			.preference_level = EVENT_UNKNOWN,
			.cur_hop_limit = EVENT_UNKNOWN,
			.managed = EVENT_UNKNOWN,
			.other_config = EVENT_UNKNOWN,
			.reachable_time = EVENT_UNKNOWN,
			.retrans_timer = EVENT_UNKNOWN,
			.mtu = EVENT_UNKNOWN,
			.first_ns = (int64_t)when_ns,
		};
	else
		table_touch(&neighbor->routers, &router->entry, neighbor->now_ns);
	router->facts.last_ns = (int64_t)when_ns;
	router->told_ns = neighbor->now_ns;
	router->when_ns = when_ns;
	router->ordinal = neighbor->packet->frame->ordinal;
	return router;
}

/* Tells what an advertisement means for its router, and when to look again. */
static void
conclude(struct neighbor *neighbor, struct router *router, bool added, int64_t lifetime,
    struct changes *changes)
{
	int64_t before = router->facts.router_lifetime;
	bool was_gone = router->is_gone;

	if (lifetime > 0)
		router->is_gone = false;
	else if (!added && before > 0)
		router->is_gone = true;
	if (!added && !was_gone)
		set_number(changes, "router_lifetime", &router->facts.router_lifetime, lifetime);
	router->facts.router_lifetime = lifetime;
	if (added || (was_gone && !router->is_gone))
		neighbor_emit_router(neighbor, EVENT_ROUTER_NEW, router, NULL,
		    added ? NULL : "returned");
	else if (router->is_gone && !was_gone)
		neighbor_emit_router(neighbor, EVENT_ROUTER_GONE, router, changes,
		    "lifetime_zero");
	else if (changes->count > 0)
		neighbor_emit_router(neighbor, EVENT_ROUTER_CHANGED, router, changes, NULL);
	if (lifetime > 0)
		wait_until(neighbor->wait, router->told_ns + (uint64_t)lifetime * NS_PER_S);
}

void
neighbor_on_routers6(struct neighbor *neighbor)
{
	struct changes changes = { .count = 0 };
	struct router *router;
	bool added;

	router = open_router(neighbor, &neighbor->packet->ip.source, &added);
	read_mac(neighbor, &router->facts);
	read_header(neighbor, &router->facts, added ? NULL : &changes);
	read_options(neighbor, router, added ? NULL : &changes);
	conclude(neighbor, router, added,
	    number_of(icmp_value(neighbor->msg, "router_lifetime")), &changes);
}

void
neighbor_on_routers4(struct neighbor *neighbor)
{
	int64_t lifetime = number_of(icmp_value(neighbor->msg, "router_lifetime"));
	const union value *address, *preference;
	struct record entry;
	struct list list;

	if (!icmp_list(neighbor->msg, 0, neighbor->msg->tail, &list))
		return;
	while (list_next(&list, &entry)) {
		struct changes changes = { .count = 0 };
		struct router *router;
		bool added;

		address = record_value(&entry, "address");
		preference = record_value(&entry, "preference");
		if (address == NULL || preference == NULL)
			continue;
		router = open_router(neighbor, &address->address, &added);
		read_mac(neighbor, &router->facts);
		set_number(added ? NULL : &changes, "preference_level",
		    &router->facts.preference_level, preference->integer);
		conclude(neighbor, router, added, lifetime, &changes);
	}
}

/* A router that is silent longer than its lifetime, while others are heard, has gone. */
static uint64_t
expire(struct neighbor *neighbor, struct router *router, uint64_t now_ns)
{
	uint64_t lifetime_ns = (uint64_t)router->facts.router_lifetime * NS_PER_S;

	if (router->is_gone || lifetime_ns == 0)
		return WAIT_NEVER;
	if (now_ns - router->told_ns < lifetime_ns)
		return router->told_ns + lifetime_ns;
	router->is_gone = true;
	if (*neighbor->heard_ns - router->told_ns >= lifetime_ns / 2)
		neighbor_emit_expired(neighbor, router);
	return WAIT_NEVER;
}

uint64_t
neighbor_expire_routers(struct neighbor *neighbor, uint64_t now_ns)
{
	uint64_t next_ns = WAIT_NEVER, due_ns;
	struct entry *entry;

	for (entry = table_oldest(&neighbor->routers); entry != NULL;
	    entry = table_newer(&neighbor->routers, entry)) {
		due_ns = expire(neighbor, (struct router *)entry, now_ns);
		if (due_ns < next_ns)
			next_ns = due_ns;
	}
	return next_ns;
}
