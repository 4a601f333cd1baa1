/*
 * What the neighbor tracker tells: its events, and its rows of the report, which
 * are made of the same facts.
 */
#include <stdlib.h>
#include <string.h>

#include "analyzer/track/neighbor_state.h"

#define INDEX_SHIFT 16 /* of which event of its message one is, in its index */

/* An event of the message at hand. */
static void
emit_now(struct neighbor *neighbor, enum event_id id, const void *facts)
{
	const struct packet *packet = neighbor->packet;
	const struct event event = {
		.id = id,
		.when_ns = packet->frame->when_ns,
		.ordinal = packet->frame->ordinal,
		.index = packet->index | neighbor->event_count++ << INDEX_SHIFT,
		.source = packet->ip.source,
		.destination = packet->ip.destination,
		.packet = packet,
		.facts = facts,
	};

	neighbor->emitter->emit(neighbor->emitter->owner, &event);
}

/* A wait that is over, by the capture's clock; of the frame that began it. */
struct ended_wait {
	uint64_t ordinal, start_ns, length_ns;
};

static void
emit_later(struct neighbor *neighbor, enum event_id id, const struct neighbor_key *key,
    const struct ended_wait *wait, const void *facts)
{
	const struct event event = {
		.id = id,
		.when_ns = wait->start_ns + wait->length_ns,
		.start_ns = wait->start_ns,
		.end_ns = wait->start_ns + wait->length_ns,
		.ordinal = wait->ordinal,
		.source = key->address,
		.facts = facts,
	};

	neighbor->emitter->emit(neighbor->emitter->owner, &event);
}

/* What is known of a binding, into the facts of what happened to it. */
static void
fill_binding(const struct binding *binding, struct neighbor_facts *facts)
{
	facts->address = binding->key.address;
	facts->mac = binding->mac;
	facts->mac_kind = mac_virtual_kind(&binding->mac);
	facts->vlan = binding->vlan;
	facts->claim = binding->claim;
	facts->change_count = binding->changes > 0 ? (int64_t)binding->changes : EVENT_UNKNOWN;
	facts->first_ns = facts->last_ns = EVENT_UNKNOWN;
}

void
neighbor_emit_binding(struct neighbor *neighbor, enum event_id id, const struct binding *binding,
    struct neighbor_facts facts)
{
	if (!emitter_wants(neighbor->emitter, DATASET_NEIGHBOR))
		return;
	fill_binding(binding, &facts);
	emit_now(neighbor, id, &facts);
}

void
neighbor_emit_free(struct neighbor *neighbor, enum event_id id, const struct probe *probe,
    const struct binding *binding, struct neighbor_facts facts)
{
	if (!emitter_wants(neighbor->emitter, DATASET_NEIGHBOR))
		return;
	fill_binding(binding, &facts);
	emit_later(neighbor, id, &probe->key, &(struct ended_wait){ probe->ordinal,
	    probe->when_ns, neighbor->dad_wait_ns }, &facts);
}

void
neighbor_emit_duplicate(struct neighbor *neighbor, const struct probe *probe,
    const struct mac *holder, bool has_holder)
{
	const struct binding *known = (const struct binding *)table_find(&neighbor->bindings,
	    &probe->key);
	struct neighbor_facts facts = {
		.address = probe->key.address,
		.vlan = probe->vlan,
		.claim = neighbor->msg->type->name,
		.router = EVENT_UNKNOWN,
		.change_count = EVENT_UNKNOWN,
		.old_age_ns = EVENT_UNKNOWN,
		.old_router = EVENT_UNKNOWN,
		.override = EVENT_UNKNOWN,
		.solicited = EVENT_UNKNOWN,
		.first_ns = EVENT_UNKNOWN,
		.last_ns = EVENT_UNKNOWN,
	};

	neighbor->duplicates++;
	if (!emitter_wants(neighbor->emitter, DATASET_NEIGHBOR))
		return;
	if (has_holder) {
		facts.mac = *holder;
		facts.mac_kind = mac_virtual_kind(holder);
	}
	if (probe->has_mac)
		facts.prober_mac = probe->mac;
	if (known != NULL) {
		facts.old_mac = known->mac;
		facts.old_age_ns = (int64_t)(neighbor->now_ns - known->claimed_ns);
	}
	emit_now(neighbor, EVENT_DUPLICATE_ADDRESS, &facts);
}

/* The facts of a router with its lists, which hold as long as it. */
static struct router_facts
facts_of(const struct router *router)
{
	struct router_facts facts = router->facts;

	facts.status = router->is_gone ? "gone" : "present";
	facts.prefixes = (struct fact_list){ router->prefixes, router->prefix_count,
		sizeof(router->prefixes[0]) };
	facts.servers = (struct fact_list){ router->servers, router->server_count,
		sizeof(router->servers[0]) };
	facts.domains = router->domains;
	facts.nat64 = router->nat64;
	return facts;
}

void
neighbor_emit_router(struct neighbor *neighbor, enum event_id id, const struct router *router,
    const struct changes *changes, const char *cause)
{
	struct router_facts facts;

	if (!emitter_wants(neighbor->emitter, DATASET_NEIGHBOR))
		return;
	facts = facts_of(router);
	facts.first_ns = facts.last_ns = EVENT_UNKNOWN;
	facts.cause = cause;
	if (changes != NULL)
		facts.changes = (struct fact_list){ changes->items, changes->count,
			sizeof(changes->items[0]) };
	emit_now(neighbor, id, &facts);
}

void
neighbor_emit_expired(struct neighbor *neighbor, const struct router *router)
{
	struct router_facts facts;

	if (!emitter_wants(neighbor->emitter, DATASET_NEIGHBOR))
		return;
	facts = facts_of(router);
	facts.first_ns = facts.last_ns = EVENT_UNKNOWN;
	facts.cause = "expired";
	emit_later(neighbor, EVENT_ROUTER_GONE, &router->key, &(struct ended_wait){
	    router->ordinal, router->when_ns,
	    (uint64_t)router->facts.router_lifetime * UINT64_C(1000000000) }, &facts);
}

/* What changed most often first, then by link and address. */
static int
compare_bindings(const void *left, const void *right)
{
	const struct neighbor_facts *a = left, *b = right;

	if (a->change_count != b->change_count)
		return a->change_count > b->change_count ? -1 : 1;
	if (a->vlan != b->vlan)
		return a->vlan < b->vlan ? -1 : 1;
	return addr_compare(&a->address, &b->address);
}

static int
compare_routers(const void *left, const void *right)
{
	const struct router_facts *a = left, *b = right;

	if (a->vlan != b->vlan)
		return a->vlan < b->vlan ? -1 : 1;
	return addr_compare(&a->address, &b->address);
}

static uint32_t
at_most(uint32_t count)
{
	return count < REPORT_LIST_MAX ? count : REPORT_LIST_MAX;
}

static int
report_bindings(struct neighbor *neighbor, struct report *out)
{
	const struct binding *binding;
	struct neighbor_facts *row;
	struct entry *entry;

	free(neighbor->binding_rows);
	row = calloc((size_t)neighbor->bindings.count + 1, sizeof(*row));
	neighbor->binding_rows = row;
	if (row == NULL)
		return -1;
	for (entry = table_oldest(&neighbor->bindings); entry != NULL;
	    entry = table_newer(&neighbor->bindings, entry), row++) {
		binding = (const struct binding *)entry;
		row->old_age_ns = row->old_router = EVENT_UNKNOWN;
		row->override = row->solicited = EVENT_UNKNOWN;
		fill_binding(binding, row);
		if (binding->changes > 0)
			row->old_mac = binding->before;
		row->router = binding->is_router ? 1 : EVENT_UNKNOWN;
		row->first_ns = (int64_t)binding->first_ns;
		row->last_ns = (int64_t)binding->last_ns;
		out->binding_changed += binding->changes > 0;
	}
	qsort(neighbor->binding_rows, neighbor->bindings.count, sizeof(*row), compare_bindings);
	out->bindings = neighbor->binding_rows;
	out->binding_total = neighbor->bindings.count;
	out->binding_count = at_most(neighbor->bindings.count);
	return 0;
}

static int
report_routers(struct neighbor *neighbor, struct report *out)
{
	struct router_facts *row;
	struct entry *entry;

	free(neighbor->router_rows);
	row = calloc((size_t)neighbor->routers.count + 1, sizeof(*row));
	neighbor->router_rows = row;
	if (row == NULL)
		return -1;
	for (entry = table_oldest(&neighbor->routers); entry != NULL;
	    entry = table_newer(&neighbor->routers, entry))
		*row++ = facts_of((const struct router *)entry);
	qsort(neighbor->router_rows, neighbor->routers.count, sizeof(*row), compare_routers);
	out->routers = neighbor->router_rows;
	out->router_total = neighbor->routers.count;
	out->router_count = at_most(neighbor->routers.count);
	return 0;
}

int
neighbor_report(struct neighbor *neighbor, struct report *out)
{
	out->duplicate_addresses = neighbor->duplicates;
	if (report_bindings(neighbor, out) != 0)
		return -1;
	return report_routers(neighbor, out);
}
