/*
 * RPL's control messages: base objects, options, and the security section in
 * front of them, which tells whether they can be read.
 */
#include "decoders/rpl.h"

#include "decoders/nd_option.h"
#include "decoders/record.h"

/* clang-format off */

#define SIGNATURE_KEY 3 /* of the key identifier modes */

/* IANA's registry "RPL Control Codes" */
const struct name rpl_codes[] = {
	{ 0x00, "dodag_information_solicitation" },
	{ 0x01, "dodag_information_object" },
	{ 0x02, "destination_advertisement_object" },
	{ 0x03, "destination_advertisement_object_acknowledgment" },
	{ 0x04, "p2p_discovery_reply_object" },
	{ 0x05, "p2p_discovery_reply_object_acknowledgement" },
	{ 0x06, "measurement_object" },
	{ 0x07, "destination_cleanup_object" },
	{ 0x08, "destination_cleanup_object_acknowledgment" },
	{ 0x09, "projected_dao_request" },
	{ 0x0a, "projected_dao_request_acknowledgment" },
	{ 0x80, "secure_dodag_information_solicitation" },
	{ 0x81, "secure_dodag_information_object" },
	{ 0x82, "secure_destination_advertisement_object" },
	{ 0x83, "secure_destination_advertisement_object_acknowledgment" },
	{ 0x84, "secure_p2p_discovery_reply_object" },
	{ 0x85, "secure_p2p_discovery_reply_object_acknowledgment" },
	{ 0x86, "secure_measurement_object" },
	{ 0x87, "secure_destination_cleanup_object" },
	{ 0x88, "secure_destination_cleanup_object_acknowledgment" },
	{ 0x8a, "consistency_check" },
	{ 0, NULL }
};
/* RFC 6550 6.3.1, RFC 9685 14.5 */
static const struct name modes_of_operation[] = {
	{ 0, "no_downward_routes" },
	{ 1, "non_storing" },
	{ 2, "storing_without_multicast" },
	{ 3, "storing_with_multicast" },
	{ 4, "p2p_route_discovery" },
	{ 5, "non_storing_with_ingress_replication_multicast" },
	{ 0, NULL }
};
/* RFC 6550 6.1 */
static const struct name key_identifier_modes[] = {
	{ 0, "group_key_by_index" }, { 1, "pair_key" }, { 2, "group_key_by_index_and_source" },
	{ 3, "signature_key" }, { 0, NULL }
};
/* RFC 6550 6.1: the only one; what of it is used is a matter of mode and level. */
static const struct name algorithms[] = { { 0, "ccm_aes_128_rsa_sha_256" }, { 0, NULL } };
static const struct name mac_levels[] = {
	{ 0, "mac_32" }, { 1, "enc_mac_32" }, { 2, "mac_64" }, { 3, "enc_mac_64" }, { 0, NULL }
};
static const struct name signature_levels[] = {
	{ 0, "sign_3072" }, { 1, "enc_sign_3072" }, { 2, "sign_2048" }, { 3, "enc_sign_2048" },
	{ 0, NULL }
};
static const struct rpl_seal mac_seals[] = {
	{ "mac", 4, false }, { "mac", 4, true }, { "mac", 8, false }, { "mac", 8, true }
};
static const struct rpl_seal signature_seals[] = {
	{ "signature", 384, false }, { "signature", 384, true },
	{ "signature", 256, false }, { "signature", 256, true }
};

/* RFC 6552, RFC 6719 */
static const struct name objective_codes[] = { { 0, "of0" }, { 1, "mrhof" }, { 0, NULL } };

/* RFC 9010 12.5 and 12.6, RFC 9009 5.3, RFC 9914 11.16 */
static const struct name acceptance_statuses[] = {
	{ 0, "unqualified_acceptance" }, { 0, NULL }
};
static const struct name rejection_statuses[] = {
	{ 0, "unqualified_rejection" }, { 1, "no_routing_entry" }, { 2, "out_of_resources" },
	{ 3, "error_in_vio" }, { 4, "predecessor_unreachable" }, { 5, "unreachable_target" },
	{ 0, NULL }
};
/* RFC 9914 11.10; acceptances are those above. */
static const struct name request_rejection_statuses[] = {
	{ 0, "unqualified_rejection" }, { 1, "transient_failure" }, { 0, NULL }
};

/*
 * RFC 9010 6.3: a status is a rejection or not (U), and of RPL or of Neighbor
 * Discovery (A). `kind` is the number of the selector of both bits.
 */
#define STATUS_VALUE(list, ...) \
	{ .name = "status_value", .kind = FIELD_ENUM, .bit = FIELD_AFTER, .bits = 6, \
	  .names = (list), RULE(__VA_ARGS__) }
#define STATUS(at, kind) \
	F_FLAG("rejected", (at) * 8), F_FLAG("is_nd_status", (at) * 8 + 1), \
	F_SELECTOR("status_kind", (at) * 8, 2), \
	STATUS_VALUE(acceptance_statuses, WHEN(kind, 0)), \
	STATUS_VALUE(nd_registration_statuses, WHEN(kind, 1)), \
	STATUS_VALUE(rejection_statuses, WHEN(kind, 2)), \
	STATUS_VALUE(nd_registration_statuses, WHEN(kind, 3))
#define DODAG_ID(is_present) F_THEN("dodag_id", FIELD_IP6, 128, WHEN(is_present, 1))

const struct field rpl_dis_fields[] = { F_U8("flags", 4), F_UNUSED(40, 8), F_END };
const struct field rpl_dio_fields[] = {
	F_U8("rpl_instance_id", 4),
	F_U8("version_number", 5),
	F_U16("rank", 6),
	F_FLAG("grounded", 64),
	F_UNUSED(65, 1),
	F_ENUM("mode_of_operation", 66, 3, modes_of_operation),
	F_BITS("dodag_preference", 69, 3),
	F_U8("dtsn", 9),
	F_U8("flags", 10),
	F_UNUSED(88, 8),
	F_IP6("dodag_id", 12),
	F_END
};
const struct field rpl_dao_fields[] = {
	F_U8("rpl_instance_id", 4),
	F_FLAG("ack_requested", 40),
	F_FLAG("dodag_id_present", 41),
	F_FLAG("projected", 42), /* RFC 9914 4.1.1 */
	F_BITS("flags", 43, 5),
	F_UNUSED(48, 8),
	F_U8("sequence", 7),
	DODAG_ID(3),
	F_END
};
const struct field rpl_dao_ack_fields[] = {
	F_U8("rpl_instance_id", 4),
	F_FLAG("dodag_id_present", 40),
	F_FLAG("projected", 41), /* RFC 9914 4.1.2 */
	F_UNUSED(42, 6),
	F_U8("sequence", 6),
	STATUS(7, 8),
	DODAG_ID(2),
	F_END
};
const struct field rpl_p2p_dro_fields[] = {
	F_U8("rpl_instance_id", 4),
	F_U8("version_number", 5),
	F_FLAG("stop", 48),
	F_FLAG("ack_required", 49),
	F_BITS("sequence", 50, 2),
	F_UNUSED(52, 12),
	F_IP6("dodag_id", 8),
	F_END
};
const struct field rpl_p2p_dro_ack_fields[] = {
	F_U8("rpl_instance_id", 4),
	F_U8("version_number", 5),
	F_BITS("sequence", 48, 2),
	F_UNUSED(50, 14),
	F_IP6("dodag_id", 8),
	F_END
};
const struct field rpl_mo_fields[] = {
	F_U8("rpl_instance_id", 4),
	F_BITS("compr", 40, 4),
	F_FLAG("measurement_request", 44),
	F_FLAG("hop_by_hop", 45),
	F_FLAG("accumulate_route", 46),
	F_FLAG("reverse", 47),
	F_FLAG("back_request", 48),
	F_FLAG("intermediate_reply", 49),
	F_BITS("sequence", 50, 6),
	F_BITS("num", 56, 4),
	F_BITS("next_index", 60, 4),
	F_RULED("start_point", FIELD_IP6_SUFFIX, .item_of = 2, .item = field_unelided_octets),
	F_RULED("end_point", FIELD_IP6_SUFFIX, .item_of = 2, .item = field_unelided_octets),
	{ .name = "addresses", .kind = FIELD_IP6_SUFFIXES, .bit = FIELD_AFTER, .count_of = 10,
	  RULE(.item_of = 2, .item = field_unelided_octets) },
	F_END
};
const struct field rpl_dco_fields[] = {
	F_U8("rpl_instance_id", 4),
	F_FLAG("ack_requested", 40),
	F_FLAG("dodag_id_present", 41),
	F_BITS("flags", 42, 6),
	STATUS(6, 7),
	F_U8("sequence", 7),
	DODAG_ID(3),
	F_END
};
const struct field rpl_dco_ack_fields[] = {
	F_U8("rpl_instance_id", 4),
	F_FLAG("dodag_id_present", 40),
	F_BITS("flags", 41, 7),
	F_U8("sequence", 6),
	STATUS(7, 7),
	DODAG_ID(2),
	F_END
};
const struct field rpl_pdr_fields[] = {
	F_U8("track_id", 4),
	F_FLAG("ack_requested", 40),
	F_FLAG("redundant", 41),
	F_BITS("flags", 42, 6),
	F_U8_IN("requested_lifetime", 6, "lifetime units"),
	F_U8("sequence", 7),
	F_END
};
const struct field rpl_pdr_ack_fields[] = {
	F_U8("track_id", 4),
	F_U8("flags", 5),
	F_U8_IN("track_lifetime", 6, "lifetime units"),
	F_U8("sequence", 7),
	F_FLAG("rejected", 64),
	F_UNUSED(65, 1),
	STATUS_VALUE(acceptance_statuses, WHEN(5, 0)),
	STATUS_VALUE(request_rejection_statuses, WHEN(5, 1)),
	F_UNUSED(72, 24),
	F_END
};

/*
 * RFC 6550 6.1. With a signature key (KIM 3) the key is named when the lowest
 * bit of the level says that the message is encrypted.
 */
#define SECURITY_LEVEL(list, ...) \
	{ .name = "security_level", .kind = FIELD_ENUM, .bit = 53, .bits = 3, .names = (list), \
	  RULE(__VA_ARGS__) }
const struct field rpl_security_fields[] = {
	F_FLAG("counter_is_time", 32),
	F_UNUSED(33, 7),
	F_ENUM("algorithm", 40, 8, algorithms),
	F_ENUM("key_identifier_mode", 48, 2, key_identifier_modes),
	F_UNUSED(50, 3),
	SECURITY_LEVEL(mac_levels, WHEN_IN(4, 0, 2)),
	SECURITY_LEVEL(signature_levels, WHEN(4, SIGNATURE_KEY)),
	{ .name = "is_key_named", .kind = FIELD_SELECTOR, .bit = 55, .bits = 1,
	  RULE(WHEN(4, SIGNATURE_KEY)) },
	F_U8("security_flags", 7),
	F_U32("counter", 8),
	F_THEN("key_source", FIELD_BYTES, 64, WHEN(4, 2)),
	F_THEN("key_source", FIELD_BYTES, 64, WHEN(8, 1)),
	F_THEN("key_index", FIELD_UINT, 8, WHEN(4, 0)),
	F_THEN("key_index", FIELD_UINT, 8, WHEN(4, 2)),
	F_THEN("key_index", FIELD_UINT, 8, WHEN(8, 1)),
	F_END
};
const struct field rpl_cc_fields[] = {
	F_U8("rpl_instance_id", 4),
	F_FLAG("is_response", 40),
	F_BITS("flags", 41, 7),
	F_U16("nonce", 6),
	F_IP6("dodag_id", 8),
	F_U32("destination_counter", 24),
	F_END
};

static const struct field padding[] = { F_REST("padding", FIELD_PADDING, 2), F_END };
static const struct field metric_container[] = { F_RECORDS("metrics", 2, rpl_metrics), F_END };
static const struct field dodag_configuration[] = {
	F_FLAG("projected_routes", 16),    /* D of RFC 9914 4.1.7 */
	F_FLAG("root_proxies_edar", 17),   /* P of RFC 9010 */
	F_FLAG("rfc8138_compression", 18), /* T of RFC 9035 */
	F_UNUSED(19, 1),
	F_FLAG("authentication_enabled", 20),
	F_BITS("path_control_size", 21, 3),
	F_U8("dio_interval_doublings", 3),
	F_U8("dio_interval_min", 4),
	F_U8("dio_redundancy_constant", 5),
	F_U16("max_rank_increase", 6),
	F_U16("min_hop_rank_increase", 8),
	F_ENUM("objective_code_point", 80, 16, objective_codes),
	F_UNUSED(96, 8),
	F_U8_IN("default_lifetime", 13, "lifetime units"),
	F_U16_IN("lifetime_unit", 14, "s"),
	F_END
};

/* RFC 9010 6.1 */
static uint32_t
rovr_octets(uint64_t size)
{
	return (uint32_t)size * 8;
}

/* RFC 6550 6.7.7, RFC 9010 6.1: with F the prefix is the whole address of its advertiser. */
static const struct field target[] = {
	F_FLAG("full_address", 16),
	F_FLAG("proxy_requested", 17),
	F_ENUM("address_type", 18, 2, nd_registered_address_types), /* the P-Field of RFC 9685 6.6 */
	F_BITS("rovr_size", 20, 4),
	F_U8_IN("prefix_length", 3, "bits"),
	F_RULED("target_prefix", FIELD_IP6_PREFIX, WHEN(1, 0), .octets_of = 5,
	    .octets = field_prefix_octets),
	F_THEN("target_prefix", FIELD_IP6, 128, WHEN(1, 1)),
	F_RULED("rovr", FIELD_BYTES, WHEN_IN(4, 1, 4), .octets_of = 4, .octets = rovr_octets),
	F_RULED("rovr", FIELD_BYTES, WHEN_IN(4, 5, 15)),
	F_END
};
static const struct field transit_information[] = {
	F_FLAG("external", 16),
	F_FLAG("invalidate_previous_route", 17), /* RFC 9009 4.2 */
	F_UNUSED(18, 6),
	F_U8("path_control", 3),
	F_U8("path_sequence", 4),
	F_U8_IN("path_lifetime", 5, "lifetime units"),
	F_THEN("parent_address", FIELD_IP6, 128, .may_end = true),
	F_END
};
static const struct field solicited_information[] = {
	F_U8("rpl_instance_id", 2),
	F_FLAG("version_predicate", 24),
	F_FLAG("instance_predicate", 25),
	F_FLAG("dodag_predicate", 26),
	F_UNUSED(27, 5),
	F_IP6("dodag_id", 4),
	F_U8("version_number", 20),
	F_END
};
static const struct field prefix_information[] = {
	F_ODD("prefix_length", 16, 8, "bits", nd_prefix_bands),
	F_FLAG("on_link", 24),
	F_FLAG("autonomous", 25),
	F_FLAG("router_address", 26),
	F_UNUSED(27, 5),
	F_U32_IN("valid_lifetime", 4, "s"),
	{ .name = "preferred_lifetime", .kind = FIELD_UINT, .bit = 64, .bits = 32, .unit = "s",
	  RULE(.most_of = 6) },
	F_UNUSED(96, 32),
	F_IP6("prefix", 16),
	F_END
};
static const struct field target_descriptor[] = { F_U32("descriptor", 2), F_END };

/* RFC 6997 7; what L means in seconds differs in RFC 9854. */
static bool
p2p_lifetime(uint64_t code, uint64_t *out)
{
	*out = UINT64_C(1) << 2 * code;
	return code < 4;
}

static bool
aodv_lifetime(uint64_t code, uint64_t *out)
{
	*out = UINT64_C(4) << 2 * code;
	return code > 0 && code < 4;
}

static const struct field_meaning p2p_lifetime_meaning = { "lifetime", "s", p2p_lifetime };
static const struct field_meaning aodv_lifetime_meaning = { "lifetime", "s", aodv_lifetime };

static const struct field p2p_route_discovery[] = {
	F_FLAG("reply", 16),
	F_FLAG("hop_by_hop", 17),
	F_BITS("number_of_routes", 18, 2),
	F_BITS("compr", 20, 4),
	F_MEANS("lifetime_code", 24, 2, p2p_lifetime_meaning),
	F_BITS("max_rank_or_next_hop", 26, 6),
	F_RULED("target_address", FIELD_IP6_SUFFIX, .item_of = 4, .item = field_unelided_octets),
	F_RULED("addresses", FIELD_IP6_SUFFIXES, .item_of = 4, .item = field_unelided_octets),
	F_END
};
/* RFC 9854 4.1 to 4.3 */
static const struct field route_request[] = {
	F_FLAG("symmetric", 16),
	F_FLAG("hop_by_hop", 17),
	F_UNUSED(18, 1),
	F_BITS("compr", 19, 4),
	F_MEANS("lifetime_code", 23, 2, aodv_lifetime_meaning),
	F_BITS("rank_limit", 25, 7),
	F_U8("origin_sequence", 4),
	F_RULED("addresses", FIELD_IP6_SUFFIXES, .item_of = 4, .item = field_unelided_octets),
	F_END
};
static const struct field route_reply[] = {
	F_FLAG("gratuitous", 16),
	F_FLAG("hop_by_hop", 17),
	F_UNUSED(18, 1),
	F_BITS("compr", 19, 4),
	F_MEANS("lifetime_code", 23, 2, aodv_lifetime_meaning),
	F_BITS("rank_limit", 25, 7),
	F_BITS("delta", 32, 6),
	F_UNUSED(38, 2),
	F_RULED("addresses", FIELD_IP6_SUFFIXES, .item_of = 4, .item = field_unelided_octets),
	F_END
};

/* A prefix length of 0 stands for a whole address. */
static uint32_t
art_octets(uint64_t bits)
{
	return bits == 0 ? 16 : field_prefix_octets(bits);
}

static const struct field aodv_target[] = {
	F_U8("destination_sequence", 2),
	F_UNUSED(24, 1),
	F_BITS("prefix_length", 25, 7),
	F_RULED("target_prefix", FIELD_IP6_PREFIX, .octets_of = 3, .octets = art_octets),
	F_END
};
/* RFC 9914 5.3: the addresses come as the routing headers of RFC 8138 5.1. */
static const struct field via_information[] = {
	F_U8("flags", 2),
	F_U8("p_route_id", 3),
	F_U8("segment_sequence", 4),
	F_U8_IN("segment_lifetime", 5, "lifetime units"),
	F_RECORDS("via", 6, rpl_via_addresses),
	F_END
};

/* RFC 8138 5.1: the types 0 to 4 stand for 1 to 16 octets of an address. */
static uint32_t
srh_octets(uint64_t type)
{
	return type < 4 ? 1u << type : 16;
}

static const struct field sibling_information[] = {
	F_FLAG("same_dodag", 16),
	F_FLAG("bidirectional", 17),
	F_UNUSED(18, 3),
	F_BITS("compression", 21, 3),
	F_U8("opaque", 3),
	F_U16("step_in_rank", 4),
	F_UNUSED(48, 16),
	F_RULED("dodag_id", FIELD_IP6_SUFFIX, WHEN(1, 0), .item_of = 4, .item = srh_octets),
	F_RULED("address", FIELD_IP6_SUFFIX, .item_of = 4, .item = srh_octets),
	F_END
};

static const struct record_type option_rows[] = {
	{ 0x00, 1, 1, "pad1", "6550 6.7.2", NULL, NULL },
	{ 0x01, 2, 0, "padn", "6550 6.7.3", padding, NULL },
	{ 0x02, 2, 0, "dag_metric_container", "6550 6.7.4", metric_container, NULL },
	{ 0x03, 8, 24, "route_information", "6550 6.7.5", nd_route_information, NULL },
	{ 0x04, 16, 16, "dodag_configuration", "6550 6.7.6", dodag_configuration, NULL },
	{ 0x05, 4, 0, "rpl_target", "6550 6.7.7, 9010 6.1", target, NULL },
	{ 0x06, 6, 22, "transit_information", "6550 6.7.8", transit_information, NULL },
	{ 0x07, 21, 21, "solicited_information", "6550 6.7.9", solicited_information, NULL },
	{ 0x08, 32, 32, "prefix_information", "6550 6.7.10", prefix_information, NULL },
	{ 0x09, 6, 6, "rpl_target_descriptor", "6550 6.7.11", target_descriptor, NULL },
	{ 0x0a, 4, 0, "p2p_route_discovery", "6997 7", p2p_route_discovery, NULL },
	{ 0x0b, 5, 0, "aodv_rpl_route_request", "9854 4.1", route_request, NULL },
	{ 0x0c, 5, 0, "aodv_rpl_route_reply", "9854 4.2", route_reply, NULL },
	{ 0x0d, 4, 20, "aodv_rpl_target", "9854 4.3", aodv_target, NULL },
	{ 0x0f, 6, 0, "storing_mode_via_information", "9914 5.3", via_information, NULL },
	{ 0x10, 6, 0, "non_storing_mode_via_information", "9914 5.3", via_information, NULL },
	{ 0x11, 8, 0, "sibling_information", "9914 5.4", sibling_information, NULL },
	{ .name = NULL }
};

#define VIA(octets) \
	{ .name = "addresses", .kind = FIELD_IP6_SUFFIXES, .bit = 16, RULE(.item_len = (octets)) }
static const struct field via_1[] = { VIA(1), F_END };
static const struct field via_2[] = { VIA(2), F_END };
static const struct field via_4[] = { VIA(4), F_END };
static const struct field via_8[] = { VIA(8), F_END };
static const struct field via_16[] = { VIA(16), F_END };

static const struct record_type via_rows[] = {
	{ 0, 3, 0, "srh_6lorh_1", "8138 5.1", via_1, NULL },
	{ 1, 4, 0, "srh_6lorh_2", "8138 5.1", via_2, NULL },
	{ 2, 6, 0, "srh_6lorh_4", "8138 5.1", via_4, NULL },
	{ 3, 10, 0, "srh_6lorh_8", "8138 5.1", via_8, NULL },
	{ 4, 18, 0, "srh_6lorh_16", "8138 5.1", via_16, NULL },
	{ .name = NULL }
};
/* clang-format on */

const struct rpl_seal *
rpl_seal_of(uint64_t mode, uint64_t level)
{
	if (level >= sizeof(mac_seals) / sizeof(mac_seals[0]))
		return NULL;
	return mode == SIGNATURE_KEY ? &signature_seals[level] : &mac_seals[level];
}

const struct list_type rpl_options = {
	.key = "options",
	.name = "RPL option",
	.word = "rpl",
	.types = option_rows,
	.is_typed = true,
	.header_len = 2,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 1, .length_at = 1, .length_len = 1, .unit = 1, .uncounted = 2,
	    .has_pad = true },
};

/* RFC 8138 5.1: 5 bits of size, the number of addresses less one; then the type. */
static bool
cut_via(struct list *list, uint32_t *type, struct cursor *bytes)
{
	struct cursor c = list->rest;
	uint32_t count = (cursor_u8(&c) & 0x1fu) + 1;

	*type = cursor_u8(&c);
	if (c.status == DECODE_OK && *type > 4)
		cursor_fail(&c, DECODE_MALFORMED);
	return list_cut(list, c.status, 2 + count * srh_octets(*type), bytes);
}

const struct list_type rpl_via_addresses = {
	.key = "via",
	.name = "Via addresses",
	.word = "rpl-via",
	.types = via_rows,
	.is_typed = true,
	.header_len = 2,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.cut = cut_via,
};
