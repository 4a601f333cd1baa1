/*
 * How each rule is decided. Only what is there is judged: a value that was not
 * captured, or that a missing fragment holds, breaks no rule.
 */
#include "decoders/judge.h"

#include <string.h>

#define IP4_HEADER_MIN 20
#define IP6_HEADER_LEN 40
#define IP6_MTU_MIN 1280 /* RFC 8200 5 */
#define TRANSPORT_MIN 8  /* RFC 792: what an error quotes at least */

/* Classes of extension objects, and a ctype of one (RFC 8335 2.1). */
#define CLASS_MPLS 1
#define REGISTERED_GROUP 1 /* P-Field of RFC 9685 14.1 */
#define CLASS_INTERFACE_INFORMATION 2
#define CLASS_INTERFACE_IDENTIFICATION 3
#define CLASS_REFLECTION 6
#define IDENTIFIED_BY_ADDRESS 3

static void
add(struct icmp_msg *msg, enum anomaly anomaly)
{
	anomalies_add(&msg->anomalies, anomaly);
}

/*
 * Whether it may be the broadcast address of a net, the old one of zeros too;
 * the frame must have been a broadcast then.
 */
static bool
is_to_net(const struct packet *packet)
{
	uint8_t last = packet->ip.destination.bytes[3];

	return packet->ip.version == 4 && (last == 0xff || last == 0) &&
	       packet->outer_count == 0 && packet->has_destination_mac &&
	       mac_is_broadcast(&packet->destination_mac);
}

static bool
is_to_group(const struct packet *packet)
{
	const struct addr *destination = &packet->ip.destination;

	return addr_is_multicast(destination) || addr_is_limited_broadcast(destination) ||
	       is_to_net(packet);
}

/* What the type and the code alone give away. */
static void
judge_type(struct icmp_msg *msg)
{
	const struct icmp_type *type = msg->type;

	if (type->flags & ICMP_UNASSIGNED)
		add(msg, ANOMALY_UNKNOWN_TYPE);
	else if (type->codes != NULL && (type->flags & ICMP_CODE_IS_DATA) == 0 &&
	    name_of(type->codes, msg->code) == NULL)
		add(msg, ANOMALY_UNKNOWN_CODE);
	if (type->flags & ICMP_DEPRECATED)
		add(msg, ANOMALY_DEPRECATED_TYPE);
}

static void
judge_ends(const struct packet *packet, struct icmp_msg *msg)
{
	const struct addr *source = &packet->ip.source;
	const struct addr *destination = &packet->ip.destination;
	uint16_t flags = msg->type->flags;

	if (((flags & ICMP_TO_ONE) || msg->type->role == ICMP_ERROR) && is_to_group(packet))
		add(msg, ANOMALY_DESTINATION_NOT_UNICAST);
	/* Nearly all: what is asked below is false of them. */
	if (addr_is_ordinary(source) && addr_is_ordinary(destination) &&
	    (flags & ICMP_FROM_LINK_LOCAL) == 0)
		return;
	if (addr_is_multicast(source) || addr_is_limited_broadcast(source) ||
	    addr_is_reserved(source))
		add(msg, ANOMALY_SOURCE_NOT_UNICAST);
	else if (addr_is_unspecified(source) && (flags & ICMP_FROM_NOBODY) == 0)
		add(msg, ANOMALY_SOURCE_UNSPECIFIED);
	else if ((flags & ICMP_FROM_LINK_LOCAL) && !addr_is_unspecified(source) &&
	    !addr_is_link_local(source))
		add(msg, ANOMALY_SOURCE_NOT_LINK_LOCAL);
	if ((flags & ICMP_OFF_LINK) &&
	    (addr_is_link_local(source) || addr_is_link_local(destination)))
		add(msg, ANOMALY_LINK_LOCAL_ADDRESS);
}

/* What the IP header may look like, by the flags of the type. */
static void
judge_carrier(const struct packet *packet, struct icmp_msg *msg)
{
	const struct ip_header *ip = &packet->ip;
	uint16_t flags = msg->type->flags;

	if (ip->version != msg->version) {
		add(msg, ANOMALY_WRONG_IP_VERSION);
		return;
	}
	judge_ends(packet, msg);
	if ((flags & ICMP_TTL_255) && ip->ttl != 255)
		add(msg, ANOMALY_HOP_LIMIT_NOT_255);
	if (ip->ttl != 1 && ((flags & ICMP_TTL_1) ||
	    ((flags & ICMP_TTL_1_TO_GROUP) && addr_is_multicast(&ip->destination))))
		add(msg, ANOMALY_HOP_LIMIT_NOT_1);
	if ((flags & ICMP_ROUTER_ALERT) && !ip->router_alert)
		add(msg, ANOMALY_MISSING_ROUTER_ALERT);
	if ((flags & ICMP_NOT_FRAGMENTED) && ip->has_id) /* in IPv6: a fragment header */
		add(msg, ANOMALY_FRAGMENTED_NEIGHBOR_DISCOVERY);
	if (msg->version == 6 && msg->type->role == ICMP_ERROR && ip->length > IP6_MTU_MIN)
		add(msg, ANOMALY_ERROR_TOO_LONG);
}

/* RFC 1122 3.2.2 and RFC 4443 2.4 (e): what no error may be sent about. */
static void
judge_subject(const struct packet *packet, struct icmp_msg *msg)
{
	const struct quote *quote = &msg->quote;
	const struct addr *source = &quote->ip.source, *destination = &quote->ip.destination;
	uint8_t version = quote->ip.protocol == IP_PROTO_ICMPV6 ? 6 : 4;
	uint8_t type = quote->transport.icmp_type;
	bool is_path_mtu = msg->version == 6 && (msg->type_number == ICMP6_PACKET_TOO_BIG ||
	    (msg->type_number == ICMP6_PARAMETER_PROBLEM && msg->code == 2));

	if (quote->transport.has_icmp && (icmp_lookup(version, type,
	    quote->transport.icmp_code, UINT32_MAX)->role == ICMP_ERROR ||
	    (version == 6 && type == ICMP6_REDIRECT)))
		add(msg, ANOMALY_ERROR_ABOUT_ERROR);
	if (!is_path_mtu && (addr_is_multicast(destination) ||
	    addr_is_limited_broadcast(destination)))
		add(msg, ANOMALY_ERROR_ABOUT_MULTICAST);
	/* A host talks with itself by its loopback address, and gets errors there. */
	if (!addr_is_single_host(source) &&
	    !(addr_is_loopback(source) && addr_is_loopback(&packet->ip.destination)))
		add(msg, ANOMALY_ERROR_ABOUT_INVALID_SOURCE);
	if (msg->version == 4 && quote->ip.fragment_offset > 0)
		add(msg, ANOMALY_ERROR_ABOUT_FRAGMENT);
}

/*
 * Whether less was quoted than the header and what RFC 792 wants of the rest,
 * or in IPv6 than what tells whose datagram it was (RFC 4443 2.4 (d)). An
 * Authentication Header is part of the rest.
 */
static bool
is_too_short(const struct packet *packet, const struct quote *quote)
{
	uint32_t header_len = quote->ip.header_length;

	if (packet->is_partial || quote->bytes >= quote->ip.length)
		return false;
	if (quote->ip.version == 4)
		header_len = (quote->first_octet & 15u) * 4;
	return quote->bytes < header_len + TRANSPORT_MIN ||
	       (quote->is_chain_cut && quote->status == DECODE_MALFORMED);
}

/* A quote without a readable header: nothing, too little, or something else. */
static void
judge_missing_quote(struct icmp_msg *msg)
{
	const struct quote *quote = &msg->quote;
	uint8_t version = quote->first_octet >> 4;

	if (quote->bytes == 0)
		add(msg, ANOMALY_QUOTE_MISSING);
	else if (quote->status != DECODE_MALFORMED)
		return;
	else if ((version == 4 && quote->bytes < IP4_HEADER_MIN) ||
	    (version == 6 && quote->bytes < IP6_HEADER_LEN))
		add(msg, ANOMALY_QUOTE_TOO_SHORT);
	else
		add(msg, ANOMALY_QUOTE_MALFORMED);
}

static void
judge_quote(const struct packet *packet, struct icmp_msg *msg)
{
	const struct quote *quote = &msg->quote;
	const struct addr *source = &quote->ip.source;

	if (!quote->present) {
		judge_missing_quote(msg);
		return;
	}
	if (quote->ip.length_bad)
		add(msg, ANOMALY_QUOTE_MALFORMED);
	if (is_too_short(packet, quote))
		add(msg, ANOMALY_QUOTE_TOO_SHORT);
	if (quote->ip.checksum_bad)
		add(msg, ANOMALY_QUOTED_BAD_IP_CHECKSUM);
	if (quote->length_bad)
		add(msg, ANOMALY_QUOTED_BAD_LENGTH);
	if (quote->ip.version != packet->ip.version)
		add(msg, ANOMALY_QUOTED_WRONG_IP_VERSION);
	else if (!addr_equal(source, &packet->ip.destination) &&
	    !addr_equal(source, &packet->ip.final_destination))
		add(msg, ANOMALY_QUOTED_SOURCE_MISMATCH);
	if (msg->type->role == ICMP_ERROR)
		judge_subject(packet, msg);
}

/* RFC 5837 4: at most one object for each of the four roles. */
static void
judge_roles(struct icmp_msg *msg)
{
	struct list objects = extension_open(&msg->extension);
	struct record record;
	unsigned seen = 0, role;

	while (list_next(&objects, &record)) {
		if (record.type >> 8 != CLASS_INTERFACE_INFORMATION)
			continue;
		role = 1u << (record.type >> 6 & 3);
		if (seen & role)
			add(msg, ANOMALY_DUPLICATE_INTERFACE_ROLE);
		seen |= role;
	}
}

static void
judge_extension(struct icmp_msg *msg)
{
	const struct extension *extension = &msg->extension;

	if (extension->checksum == CHECKSUM_BAD)
		add(msg, ANOMALY_EXTENSION_BAD_CHECKSUM);
	if (extension->checksum == CHECKSUM_ABSENT)
		add(msg, ANOMALY_EXTENSION_NO_CHECKSUM);
	if (extension->placement == EXTENSION_BAD_LENGTH_ATTRIBUTE ||
	    extension->placement == EXTENSION_LENGTH_IN_OCTETS)
		add(msg, ANOMALY_EXTENSION_MISPLACED);
	judge_roles(msg);
}

/* A message before one of its type's rules. */
struct trial {
	const struct packet *packet;
	const struct icmp_msg *msg;
	const struct icmp_rule *rule;
	const union value *value, *other; /* of the fields that the rule names */
};

/* The functions from here on tell whether a rule is broken. */

static bool
breaks_never(const struct trial *trial)
{
	(void)trial;
	return true;
}

static bool
breaks_not_multicast(const struct trial *trial)
{
	return addr_is_multicast(&trial->value->address);
}

static bool
breaks_multicast(const struct trial *trial)
{
	return !addr_is_multicast(&trial->value->address);
}

static bool
breaks_multicast_or_zero(const struct trial *trial)
{
	return breaks_multicast(trial) && !addr_is_unspecified(&trial->value->address);
}

static bool
breaks_link_local_or_equal(const struct trial *trial)
{
	return !addr_is_link_local(&trial->value->address) &&
	       !addr_equal(&trial->value->address, &trial->other->address);
}

static bool
breaks_clear_to_group(const struct trial *trial)
{
	return trial->value->number != 0 && addr_is_multicast(&trial->packet->ip.destination);
}

static bool
breaks_zero_with_code(const struct trial *trial)
{
	return trial->value->number != 0 && trial->msg->code != 0;
}

static bool
breaks_not_both(const struct trial *trial)
{
	return trial->value->number != 0 && trial->other->number != 0;
}

static bool
breaks_not_empty(const struct trial *trial)
{
	return trial->value->number == 0 && trial->msg->tail.claimed == 0;
}

static bool
breaks_multicast_groups(const struct trial *trial)
{
	const union value *group;
	struct record record;
	struct list list;

	if (!icmp_list(trial->msg, 0, trial->msg->tail, &list))
		return false;
	while (list_next(&list, &record)) {
		group = record_value(&record, "group");
		if (group != NULL && !addr_is_multicast(&group->address))
			return true;
	}
	return false;
}

static bool
breaks_solicited_node(const struct trial *trial)
{
	return addr_is_unspecified(&trial->packet->ip.source) &&
	       !addr_is_solicited_node(&trial->packet->ip.destination);
}

/* Looks for the rule's option; without one, `end` tells how the list ended. */
static bool
find_option(const struct trial *trial, struct record *out, enum decode_status *end)
{
	const struct icmp_msg *msg = trial->msg;
	struct list list;

	*end = msg->tail.status;
	if (*end != DECODE_OK || !icmp_list(msg, 0, msg->tail, &list))
		return false;
	while (list_next(&list, out))
		if (out->type == trial->rule->number)
			return true;
	*end = list.rest.status;
	return false;
}

static bool
breaks_option(const struct trial *trial)
{
	enum decode_status end;
	struct record record;

	return !find_option(trial, &record, &end) && end == DECODE_OK;
}

static bool
breaks_option_needs_source(const struct trial *trial)
{
	enum decode_status end;
	struct record record;

	return addr_is_unspecified(&trial->packet->ip.source) &&
	       find_option(trial, &record, &end);
}

/* RFC 9685 4: who subscribes to a group names it as the target. */
static bool
breaks_target_is_host(const struct trial *trial)
{
	enum decode_status end;
	struct record record;

	if (!breaks_not_multicast(trial))
		return false;
	if (!find_option(trial, &record, &end))
		return end != DECODE_TRUNCATED;
	if (record.value_count == 0)
		return record.status != DECODE_TRUNCATED;
	return record.values[0].number != REGISTERED_GROUP;
}

/*
 * RFC 8335 2: exactly one Interface Identification Object, by address when it
 * is not about an interface of the node that is asked. A request that asks for
 * reflection (draft-ietf-6man-icmpv6-reflection) needs none.
 */
static bool
breaks_one_interface(const struct trial *trial)
{
	const struct icmp_msg *msg = trial->msg;
	struct list objects;
	struct record record;
	uint32_t count = 0, ctype = IDENTIFIED_BY_ADDRESS;
	bool is_reflection = false;

	if (!msg->extension.present)
		return cursor_whole(&msg->bytes);
	objects = extension_open(&msg->extension);
	while (list_next(&objects, &record)) {
		is_reflection |= record.type >> 8 == CLASS_REFLECTION;
		if (record.type >> 8 != CLASS_INTERFACE_IDENTIFICATION)
			continue;
		ctype = record.type & 0xff;
		count++;
	}
	if (objects.rest.status == DECODE_TRUNCATED)
		return count > 1;
	if (trial->value->number == 0 && ctype != IDENTIFIED_BY_ADDRESS)
		return true;
	return count > 1 || (count == 0 && !is_reflection);
}

static bool
breaks_gateway_is_host(const struct trial *trial)
{
	return !addr_is_single_host(&trial->value->address);
}

static bool
breaks_gateway_is_other(const struct trial *trial)
{
	const struct addr *gateway = &trial->value->address;

	return addr_equal(gateway, &trial->packet->ip.source) ||
	       addr_equal(gateway, &trial->packet->ip.destination);
}

/* No net is larger than one of class A, so the first octet tells enough. */
static bool
breaks_gateway_is_near(const struct trial *trial)
{
	const struct addr *gateway = &trial->value->address;

	return addr_is_single_host(gateway) &&
	       gateway->bytes[0] != trial->packet->ip.destination.bytes[0];
}

/* Inside an MPLS tunnel it is the label's TTL that ends; labels may show it. */
static bool
breaks_quoted_ttl_spent(const struct trial *trial)
{
	const struct icmp_msg *msg = trial->msg;
	struct list objects;
	struct record record;

	if (!msg->quote.present || msg->quote.ip.ttl <= 1)
		return false;
	if (!msg->extension.present)
		return cursor_whole(&msg->bytes);
	objects = extension_open(&msg->extension);
	while (list_next(&objects, &record))
		if (record.type >> 8 == CLASS_MPLS)
			return false;
	return objects.rest.status == DECODE_OK;
}

static bool
breaks_from_destination(const struct trial *trial)
{
	const struct addr *reporter = &trial->packet->ip.source;
	const struct quote *quote = &trial->msg->quote;

	return quote->present && addr_is_single_host(&quote->ip.destination) &&
	       !addr_equal(reporter, &quote->ip.destination) &&
	       !addr_equal(reporter, &quote->ip.final_destination);
}

static bool
breaks_below_quoted_length(const struct trial *trial)
{
	const struct quote *quote = &trial->msg->quote;

	return quote->present && quote->ip.length > 0 &&
	       trial->value->number >= quote->ip.length;
}

static bool (*const breaks[RULE_KINDS])(const struct trial *) = {
	[RULE_NEVER] = breaks_never,
	[RULE_NOT_MULTICAST] = breaks_not_multicast,
	[RULE_MULTICAST] = breaks_multicast,
	[RULE_MULTICAST_OR_ZERO] = breaks_multicast_or_zero,
	[RULE_LINK_LOCAL_OR_EQUAL] = breaks_link_local_or_equal,
	[RULE_CLEAR_TO_GROUP] = breaks_clear_to_group,
	[RULE_ZERO_WITH_CODE] = breaks_zero_with_code,
	[RULE_NOT_BOTH] = breaks_not_both,
	[RULE_NOT_EMPTY] = breaks_not_empty,
	[RULE_MULTICAST_GROUPS] = breaks_multicast_groups,
	[RULE_SOLICITED_NODE] = breaks_solicited_node,
	[RULE_TARGET_IS_HOST] = breaks_target_is_host,
	[RULE_OPTION] = breaks_option,
	[RULE_OPTION_NEEDS_SOURCE] = breaks_option_needs_source,
	[RULE_ONE_INTERFACE] = breaks_one_interface,
	[RULE_GATEWAY_IS_HOST] = breaks_gateway_is_host,
	[RULE_GATEWAY_IS_OTHER] = breaks_gateway_is_other,
	[RULE_GATEWAY_IS_NEAR] = breaks_gateway_is_near,
	[RULE_QUOTED_TTL_SPENT] = breaks_quoted_ttl_spent,
	[RULE_FROM_DESTINATION] = breaks_from_destination,
	[RULE_BELOW_QUOTED_LENGTH] = breaks_below_quoted_length,
};

/* A field that was not read is no evidence. */
static bool
find_values(struct trial *trial)
{
	const struct icmp_rule *rule = trial->rule;

	if (rule->field != NULL)
		trial->value = icmp_value(trial->msg, rule->field);
	if (rule->other != NULL)
		trial->other = icmp_value(trial->msg, rule->other);
	return (trial->value != NULL) == (rule->field != NULL) &&
	       (trial->other != NULL) == (rule->other != NULL);
}

static void
judge_rules(const struct packet *packet, struct icmp_msg *msg)
{
	const struct icmp_rule *rule;

	for (rule = msg->type->rules; rule->kind != RULE_END; rule++) {
		struct trial trial = { .packet = packet, .msg = msg, .rule = rule };

		if (rule->code != ICMP_ANY_CODE && rule->code != msg->code)
			continue;
		if (find_values(&trial) && breaks[rule->kind](&trial))
			add(msg, rule->anomaly);
	}
}

void
judge_message(const struct packet *packet, struct icmp_msg *msg)
{
	judge_type(msg);
	judge_carrier(packet, msg);
	if (msg->quote.is_expected)
		judge_quote(packet, msg);
	if (msg->extension.present)
		judge_extension(msg);
	if (msg->type->rules != NULL)
		judge_rules(packet, msg);
}
