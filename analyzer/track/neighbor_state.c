/*
 * The tables of the neighbor tracker, and what its parts read of a message.
 */
#include "analyzer/track/neighbor_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

static int
create_tables(struct neighbor *neighbor, const struct tracker_context *context, char *err)
{
	const struct settings *settings = context->settings;
	const struct table_config bindings = {
		.name = "neighbor.bindings",
		.entry_size = sizeof(struct binding),
		.key_size = sizeof(struct neighbor_key),
		.capacity = (uint32_t)settings->neighbor_bindings,
		.hash_key = context->key,
	};
	const struct table_config probes = {
		.name = "neighbor.probes",
		.entry_size = sizeof(struct probe),
		.key_size = sizeof(struct neighbor_key),
		.capacity = (uint32_t)settings->neighbor_probes,
		.idle_ns = settings->neighbor_dad_wait_ns,
		.hash_key = context->key,
	};
	const struct table_config routers = {
		.name = "neighbor.routers",
		.entry_size = sizeof(struct router),
		.key_size = sizeof(struct neighbor_key),
		.capacity = (uint32_t)settings->neighbor_routers,
		.hash_key = context->key,
	};

	if (table_init(&neighbor->bindings, &bindings, err) != 0 ||
	    table_init(&neighbor->probes, &probes, err) != 0)
		return -1;
	return table_init(&neighbor->routers, &routers, err);
}

void
neighbor_state_free(struct neighbor *neighbor)
{
	if (neighbor == NULL)
		return;
	table_free(&neighbor->bindings);
	table_free(&neighbor->probes);
	table_free(&neighbor->routers);
	free(neighbor->binding_rows);
	free(neighbor->router_rows);
	free(neighbor);
}

struct neighbor *
neighbor_state_create(const struct tracker_context *context, char *err)
{
	struct neighbor *neighbor = calloc(1, sizeof(*neighbor));

	if (neighbor == NULL) {
		snprintf(err, ERR_SIZE, "no memory for the neighbor tracker");
		return NULL;
	}
	neighbor->emitter = context->emitter;
	neighbor->wait = context->wait;
	neighbor->heard_ns = context->heard_ns;
	neighbor->contest_ns = context->settings->neighbor_contest_ns;
	neighbor->dad_wait_ns = context->settings->neighbor_dad_wait_ns;
	if (create_tables(neighbor, context, err) != 0) {
		neighbor_state_free(neighbor);
		return NULL;
	}
	return neighbor;
}

static int64_t
vlan_of(const struct packet *packet)
{
	uint32_t count = packet->vlan_count;

	if (count > PACKET_VLANS_MAX)
		count = PACKET_VLANS_MAX;
	return count == 0 ? EVENT_UNKNOWN : packet->vlans[count - 1];
}

void
neighbor_look_at(struct neighbor *neighbor, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	neighbor->packet = packet;
	neighbor->msg = msg;
	neighbor->now_ns = now_ns;
	neighbor->link = packet_link(packet);
	neighbor->vlan = vlan_of(packet);
	neighbor->event_count = 0;
}

struct neighbor_key
neighbor_key_of(const struct neighbor *neighbor, const struct addr *address)
{
	return (struct neighbor_key){ .address = *address, .link = neighbor->link };
}

bool
neighbor_option(const struct neighbor *neighbor, uint32_t type, uint32_t n, struct record *out)
{
	struct list list;

	if (!icmp_list(neighbor->msg, 0, neighbor->msg->tail, &list))
		return false;
	while (list_next(&list, out))
		if (out->type == type && out->row != NULL && n-- == 0)
			return true;
	return false;
}

bool
neighbor_option_mac(const struct neighbor *neighbor, uint32_t type, struct mac *out)
{
	struct record option;

	return neighbor_option(neighbor, type, 0, &option) &&
	    record_mac(&option, "link_layer_address", out);
}
