/*
 * Who has which IPv6 address on a link: what Neighbor Discovery messages claim,
 * as a host that follows RFC 4861 would believe them, and what duplicate address
 * detection found. Messages that such a host drops are not believed.
 */
#include <string.h>

#include "analyzer/track/neighbor_state.h"
#include "analyzer/track/trackers.h"

#define OPTION_NONCE 14
#define NONCE_LEN 6 /* at least (RFC 3971 5.3.2) */

/* What makes a receiver drop a message (RFC 4861 6.1, 7.1, 8.1; RFC 6980 5). */
static const enum anomaly dropped_for[] = {
	ANOMALY_BAD_CHECKSUM, ANOMALY_TRUNCATED_MESSAGE, ANOMALY_UNKNOWN_CODE,
	ANOMALY_WRONG_IP_VERSION, ANOMALY_HOP_LIMIT_NOT_255, ANOMALY_SOURCE_NOT_LINK_LOCAL,
	ANOMALY_SOURCE_NOT_UNICAST, ANOMALY_SOURCE_UNSPECIFIED, ANOMALY_TARGET_MULTICAST,
	ANOMALY_LINK_ADDRESS_WITHOUT_SOURCE, ANOMALY_SOLICITED_TO_MULTICAST,
	ANOMALY_FRAGMENTED_NEIGHBOR_DISCOVERY, ANOMALY_REDIRECT_BAD_TARGET,
	ANOMALY_BAD_OPTION_LENGTH, ANOMALY_BAD_COUNT,
};

static bool
is_valid(const struct icmp_msg *msg)
{
	size_t i;

	for (i = 0; i < sizeof(dropped_for) / sizeof(dropped_for[0]); i++)
		if (anomalies_has(&msg->anomalies, dropped_for[i]))
			return false;
	return msg->status == DECODE_OK;
}

/* Whether a MAC is that of a router that was heard to speak VRRP. */
static bool
is_speaker(const struct neighbor *neighbor, const struct mac *mac)
{
	uint32_t i, count = neighbor->speaker_count;

	if (count > NEIGHBOR_SPEAKERS)
		count = NEIGHBOR_SPEAKERS;
	for (i = 0; i < count; i++)
		if (mac_equal(&neighbor->speakers[i], mac))
			return true;
	return false;
}

/*
 * Why an address goes from one MAC to another. Virtual routers do that by
 * design; when it comes back to the MAC that lost it, two claim it.
 */
static const char *
cause_of(const struct neighbor *neighbor, const struct binding *binding, const struct mac *mac,
    uint64_t now_ns)
{
	if (mac_virtual_kind(mac) != NULL || mac_virtual_kind(&binding->mac) != NULL ||
	    is_speaker(neighbor, mac))
		return "failover";
	if (binding->changes > 0 && mac_equal(&binding->before, mac) &&
	    now_ns - binding->changed_ns <= neighbor->contest_ns)
		return "contested";
	return NULL;
}

/* Puts another MAC in a binding; the facts of that. */
static struct neighbor_facts
change_binding(struct neighbor *neighbor, struct binding *binding, const struct mac *mac,
    uint64_t now_ns)
{
	struct neighbor_facts facts = {
		.old_mac = binding->mac,
		.old_mac_kind = mac_virtual_kind(&binding->mac),
		.old_age_ns = (int64_t)(now_ns - binding->claimed_ns),
		.old_router = binding->is_router ? 1 : EVENT_UNKNOWN,
		.cause = cause_of(neighbor, binding, mac, now_ns),
		.router = EVENT_UNKNOWN,
		.override = EVENT_UNKNOWN,
		.solicited = EVENT_UNKNOWN,
	};

	binding->before = binding->mac;
	binding->mac = *mac;
	binding->changed_ns = now_ns;
	binding->changes++;
	return facts;
}

/* A flag of the message at hand, or unknown. */
static int64_t
flag_of(const struct neighbor *neighbor, const char *name)
{
	const union value *value = icmp_value(neighbor->msg, name);

	return value != NULL ? (int64_t)value->number : EVENT_UNKNOWN;
}

static struct binding *
open_binding(struct neighbor *neighbor, const struct neighbor_key *key, int64_t vlan,
    uint64_t when_ns, uint64_t now_ns, bool *added)
{
	struct binding *binding = (struct binding *)table_find_or_add(&neighbor->bindings, key,
	    now_ns, added);

	if (*added) {
		binding->first_ns = when_ns;
		binding->vlan = vlan;
	} else {
		table_touch(&neighbor->bindings, &binding->entry, now_ns);
	}
	binding->last_ns = when_ns;
	return binding;
}

/* The message at hand claims an address for a MAC. */
static void
claim(struct neighbor *neighbor, const struct addr *address, const struct mac *mac)
{
	const struct neighbor_key key = neighbor_key_of(neighbor, address);
	struct neighbor_facts facts = { .old_age_ns = EVENT_UNKNOWN, .old_router = EVENT_UNKNOWN };
	enum event_id id = EVENT_BINDING_NEW;
	struct binding *binding;
	bool added;

	if (!addr_is_single_host(address))
		return;
	binding = open_binding(neighbor, &key, neighbor->vlan, neighbor->packet->frame->when_ns,
	    neighbor->now_ns, &added);
	binding->claim = neighbor->msg->type->name;
	if (added) {
		binding->mac = *mac;
	} else if (!mac_equal(&binding->mac, mac)) {
		facts = change_binding(neighbor, binding, mac, neighbor->now_ns);
		id = EVENT_BINDING_CHANGED;
	}
	if (flag_of(neighbor, "router") == 1 ||
	    neighbor->msg->type_number == ICMP6_ROUTER_ADVERTISEMENT)
		binding->is_router = true;
	binding->claimed_ns = neighbor->now_ns;
	if (!added && id == EVENT_BINDING_NEW)
		return;
	facts.router = flag_of(neighbor, "router");
	facts.override = flag_of(neighbor, "override");
	facts.solicited = flag_of(neighbor, "solicited");
	neighbor_emit_binding(neighbor, id, binding, facts);
}

/* A message whose source tells its own link-layer address. */
static void
claim_source(struct neighbor *neighbor)
{
	struct mac mac;

	if (neighbor_option_mac(neighbor, ND_SOURCE_LINK_LAYER_ADDRESS, &mac))
		claim(neighbor, &neighbor->packet->ip.source, &mac);
}

/* The first octets of the nonce in the message at hand; 0 without. */
static uint64_t
nonce_of(const struct neighbor *neighbor)
{
	struct record option;
	const union value *value;
	struct cursor octets;

	if (!neighbor_option(neighbor, OPTION_NONCE, 0, &option))
		return 0;
	value = record_value(&option, "nonce");
	if (value == NULL)
		return 0;
	octets = value->bytes;
	return cursor_uint(&octets, NONCE_LEN);
}

static void
take_probe(struct neighbor *neighbor, struct probe *probe, uint64_t nonce)
{
	const struct packet *packet = neighbor->packet;

	probe->has_mac = packet->has_source_mac && packet->outer_count == 0;
	if (probe->has_mac)
		probe->mac = packet->source_mac;
	probe->vlan = neighbor->vlan;
	probe->nonce = nonce;
	probe->when_ns = packet->frame->when_ns;
	probe->ordinal = packet->frame->ordinal;
}

/* Ends a probe whose address somebody else has, or wants at the same time. */
static void
refuse(struct neighbor *neighbor, struct probe *probe, const struct mac *holder, bool has_holder)
{
	neighbor_emit_duplicate(neighbor, probe, holder, has_holder);
	table_remove(&neighbor->probes, &probe->entry);
}

/* A host asks whether an address is free: RFC 4862 5.4.2, 5.4.3. */
static void
on_probe(struct neighbor *neighbor, const struct addr *target)
{
	const struct neighbor_key key = neighbor_key_of(neighbor, target);
	const struct packet *packet = neighbor->packet;
	uint64_t nonce = nonce_of(neighbor);
	struct probe *probe;
	bool added;

	if (anomalies_has(&neighbor->msg->anomalies, ANOMALY_NOT_SOLICITED_NODE))
		return;
	probe = (struct probe *)table_find_or_add(&neighbor->probes, &key, neighbor->now_ns,
	    &added);
	/* The same again, be it a repetition or a copy that a switch sent back. */
	if (!added && probe->has_mac && packet->has_source_mac &&
	    !mac_equal(&probe->mac, &packet->source_mac) &&
	    (nonce == 0 || nonce != probe->nonce)) {
		refuse(neighbor, probe, &packet->source_mac, true);
		return;
	}
	if (!added)
		table_touch(&neighbor->probes, &probe->entry, neighbor->now_ns);
	take_probe(neighbor, probe, nonce);
	wait_until(neighbor->wait, neighbor->now_ns + neighbor->dad_wait_ns);
}

static void
on_solicitation(struct neighbor *neighbor)
{
	const union value *target = icmp_value(neighbor->msg, "target");

	if (!addr_is_unspecified(&neighbor->packet->ip.source))
		claim_source(neighbor);
	else if (target != NULL)
		on_probe(neighbor, &target->address);
}

/* An advertisement for an address that somebody just asked for answers that. */
static void
answer_probe(struct neighbor *neighbor, const struct addr *target, const struct mac *mac,
    bool has_mac)
{
	const struct neighbor_key key = neighbor_key_of(neighbor, target);
	struct probe *probe = (struct probe *)table_find(&neighbor->probes, &key);
	const struct packet *packet = neighbor->packet;

	if (probe == NULL)
		return;
	if (!has_mac && packet->has_source_mac && packet->outer_count == 0) {
		mac = &packet->source_mac;
		has_mac = true;
	}
	/* An optimistic host speaks for its address before it is sure (RFC 4429 3.3). */
	if (has_mac && probe->has_mac && mac_equal(mac, &probe->mac))
		return;
	refuse(neighbor, probe, mac, has_mac);
}

/*
 * RFC 4861 7.2.5: without the override flag another MAC does not replace the
 * one that is known. So do several hosts of one anycast address, and proxies.
 */
static void
on_advertisement(struct neighbor *neighbor)
{
	const union value *target = icmp_value(neighbor->msg, "target");
	struct mac mac = { { 0 } };
	bool has_mac = neighbor_option_mac(neighbor, ND_TARGET_LINK_LAYER_ADDRESS, &mac);
	struct neighbor_key key;
	const struct binding *known;

	if (target == NULL)
		return;
	answer_probe(neighbor, &target->address, &mac, has_mac);
	if (!has_mac)
		return;
	key = neighbor_key_of(neighbor, &target->address);
	known = (const struct binding *)table_find(&neighbor->bindings, &key);
	if (known == NULL || flag_of(neighbor, "override") == 1 || mac_equal(&known->mac, &mac))
		claim(neighbor, &target->address, &mac);
}

/* RFC 4861 8.3: the better first hop, and its link-layer address if it is known. */
static void
on_redirect(struct neighbor *neighbor)
{
	const union value *target = icmp_value(neighbor->msg, "target");
	struct mac mac;

	if (target != NULL && neighbor_option_mac(neighbor, ND_TARGET_LINK_LAYER_ADDRESS, &mac))
		claim(neighbor, &target->address, &mac);
}

static void
on_message6(struct neighbor *neighbor)
{
	switch (neighbor->msg->type_number) {
	case ICMP6_ROUTER_SOLICITATION:
		claim_source(neighbor);
		break;
	case ICMP6_ROUTER_ADVERTISEMENT:
		claim_source(neighbor);
		neighbor_on_routers6(neighbor);
		break;
	case ICMP6_NEIGHBOR_SOLICITATION:
		on_solicitation(neighbor);
		break;
	case ICMP6_NEIGHBOR_ADVERTISEMENT:
		on_advertisement(neighbor);
		break;
	default:
		on_redirect(neighbor);
		break;
	}
}

static void
neighbor_message(void *state, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct neighbor *neighbor = state;
	bool is_nd = msg->version == 6 && msg->type_number >= ICMP6_ROUTER_SOLICITATION &&
	    msg->type_number <= ICMP6_REDIRECT;

	if (!is_nd && (msg->version != 4 || msg->type_number != ICMP4_ROUTER_ADVERTISEMENT))
		return;
	if (packet->is_partial || !is_valid(msg))
		return;
	neighbor_look_at(neighbor, packet, msg, now_ns);
	if (is_nd)
		on_message6(neighbor);
	else
		neighbor_on_routers4(neighbor);
}

/* A router that speaks VRRP may take addresses over from another (RFC 9568 6.4). */
static void
neighbor_datagram(void *state, const struct packet *packet, const struct transport *transport,
    uint64_t now_ns)
{
	struct neighbor *neighbor = state;

	(void)transport;
	(void)now_ns;
	if (packet->ip.protocol != IP_PROTO_VRRP || !packet->has_source_mac ||
	    is_speaker(neighbor, &packet->source_mac))
		return;
	neighbor->speakers[neighbor->speaker_count++ % NEIGHBOR_SPEAKERS] = packet->source_mac;
	if (neighbor->speaker_count == 2 * NEIGHBOR_SPEAKERS)
		neighbor->speaker_count = NEIGHBOR_SPEAKERS;
}

/* Nobody has the address: who asked for it takes it into use (RFC 4862 5.4). */
static void
take_into_use(struct neighbor *neighbor, const struct probe *probe, uint64_t now_ns)
{
	struct neighbor_facts facts = { .old_age_ns = EVENT_UNKNOWN,
		.old_router = EVENT_UNKNOWN, .router = EVENT_UNKNOWN, .override = EVENT_UNKNOWN, .solicited = EVENT_UNKNOWN };
	enum event_id id = EVENT_BINDING_NEW;
	struct binding *binding;
	bool added;

	if (!probe->has_mac)
		return;
	binding = open_binding(neighbor, &probe->key, probe->vlan, probe->when_ns, now_ns, &added);
	if (added) {
		binding->mac = probe->mac;
	} else if (!mac_equal(&binding->mac, &probe->mac)) {
		facts = change_binding(neighbor, binding, &probe->mac, now_ns);
		id = EVENT_BINDING_CHANGED;
	}
	binding->claimed_ns = now_ns;
	if (!added && id == EVENT_BINDING_NEW)
		return;
	binding->claim = "duplicate_address_detection";
	neighbor_emit_free(neighbor, id, probe, binding, facts);
}

static uint64_t
neighbor_tick(void *state, uint64_t now_ns)
{
	struct neighbor *neighbor = state;
	uint64_t next_ns = neighbor_expire_routers(neighbor, now_ns), due_ns;
	struct entry *entry;

	while ((entry = table_expire_next(&neighbor->probes, now_ns)) != NULL)
		take_into_use(neighbor, (const struct probe *)entry, now_ns);
	entry = table_oldest(&neighbor->probes);
	if (entry == NULL)
		return next_ns;
	due_ns = entry->seen_ns + neighbor->dad_wait_ns;
	return due_ns < next_ns ? due_ns : next_ns;
}

static void *
neighbor_create(const struct tracker_context *context, char *err)
{
	return neighbor_state_create(context, err);
}

static void
neighbor_destroy(void *state)
{
	neighbor_state_free(state);
}

static int
neighbor_fill(void *state, struct report *out)
{
	return neighbor_report(state, out);
}

static uint32_t
neighbor_tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct neighbor *neighbor = state;

	if (max < 3)
		return 0;
	report_table_row(&neighbor->bindings, &out[0]);
	report_table_row(&neighbor->probes, &out[1]);
	report_table_row(&neighbor->routers, &out[2]);
	return 3;
}

const struct tracker tracker_neighbor = {
	.name = "neighbor",
	.create = neighbor_create,
	.message = neighbor_message,
	.ignores = IGNORE_ECHOES,
	.datagram = neighbor_datagram,
	.tick = neighbor_tick,
	.report = neighbor_fill,
	.tables = neighbor_tables,
	.destroy = neighbor_destroy,
};
