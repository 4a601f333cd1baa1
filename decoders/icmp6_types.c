/*
 * THE table of ICMPv6 messages: IANA's registry "ICMPv6 type Numbers", with
 * the layouts of the RFCs. The fields of the larger families stand in files
 * of their own.
 */
#include "decoders/icmp_types.h"
#include "decoders/locator.h"
#include "decoders/mobility.h"
#include "decoders/nd_option.h"
#include "decoders/node_information.h"
#include "decoders/rpl.h"

/* Neighbor Discovery options that a message must or must not have. */
#define OPTION_SOURCE_LINK_ADDRESS 1
#define OPTION_TARGET_LINK_ADDRESS 2
#define OPTION_REDIRECTED_HEADER 4
#define OPTION_TARGET_ADDRESS_LIST 10
#define OPTION_ADDRESS_REGISTRATION 33

/* What many types ask of the IP header: RFC 3810 5 and 4286, RFC 4861 and 6980. */
#define OF_LISTENERS (ICMP_TTL_1 | ICMP_FROM_LINK_LOCAL | ICMP_ROUTER_ALERT)
#define OF_NEIGHBORS (ICMP_TTL_255 | ICMP_NOT_FRAGMENTED)

/* clang-format off */

static const struct name no_code[] = { { 0, "no_code" }, { 0, NULL } };

static const struct name unreachable_codes[] = {
	{ 0, "no_route_to_destination" },
	{ 1, "communication_with_destination_administratively_prohibited" },
	{ 2, "beyond_scope_of_source_address" },
	{ 3, "address_unreachable" },
	{ 4, "port_unreachable" },
	{ 5, "source_address_failed_ingress_egress_policy" },
	{ 6, "reject_route_to_destination" },
	{ 7, "error_in_source_routing_header" }, /* RFC 6550, RFC 6554 */
	{ 8, "headers_too_long" },               /* RFC 8883 */
	{ 9, "error_in_p_route" },               /* RFC 9914 11.15 */
	{ 0, NULL }
};
static const struct name time_codes[] = {
	{ 0, "hop_limit_exceeded_in_transit" },
	{ 1, "fragment_reassembly_time_exceeded" },
	{ 0, NULL }
};
static const struct name parameter_codes[] = {
	{ 0, "erroneous_header_field_encountered" },
	{ 1, "unrecognized_next_header_type_encountered" },
	{ 2, "unrecognized_ipv6_option_encountered" },
	{ 3, "ipv6_first_fragment_has_incomplete_ipv6_header_chain" },           /* RFC 7112 */
	{ 4, "sr_upper_layer_header_error" },                                    /* RFC 8754 */
	{ 5, "unrecognized_next_header_type_encountered_by_intermediate_node" }, /* RFC 8883 */
	{ 6, "extension_header_too_big" },
	{ 7, "extension_header_chain_too_long" },
	{ 8, "too_many_extension_headers" },
	{ 9, "too_many_options_in_extension_header" },
	{ 10, "option_too_big" },
	{ 0, NULL }
};
static const struct name renumbering_codes[] = {
	{ 0, "router_renumbering_command" },
	{ 1, "router_renumbering_result" },
	{ 255, "sequence_number_reset" },
	{ 0, NULL }
};
/* RFC 4620 4: the code of a query says what its subject is. */
static const struct name node_query_codes[] = {
	{ 0, "subject_is_ipv6_address" },
	{ 1, "subject_is_name_or_empty" },
	{ 2, "subject_is_ipv4_address" },
	{ 0, NULL }
};
static const struct name node_reply_codes[] = {
	{ 0, "successful_reply" },
	{ 1, "responder_refuses_to_supply_the_answer" },
	{ 2, "qtype_unknown_to_the_responder" },
	{ 0, NULL }
};
/* RFC 5568 6.1: the subtype tells what the message is and what its codes mean. */
static const struct name fast_handover_subtypes[] = {
	{ 2, "router_solicitation_for_proxy_advertisement" },
	{ 3, "proxy_router_advertisement" },
	{ 4, "handover_initiate" },    /* RFC 5268, now a mobility header */
	{ 5, "handover_acknowledge" },
	{ 0, NULL }
};
/* RFC 5568 6.1.2 */
static const struct name proxy_advertisement_codes[] = {
	{ 0, "access_point_and_router_known" },
	{ 1, "network_initiated_handover" },
	{ 2, "no_new_router_information" },
	{ 3, "limited_new_router_information" },
	{ 4, "unsolicited" },
	{ 5, "use_dhcp_on_the_new_link" },
	{ 0, NULL }
};
/* RFC 5268 6.2.1, 6.2.2 */
static const struct name handover_initiate_codes[] = {
	{ 0, "binding_update_from_previous_care_of_address" },
	{ 1, "binding_update_from_other_address" },
	{ 0, NULL }
};
static const struct name handover_acknowledge_codes[] = {
	{ 0, "accepted_new_care_of_address_valid" },
	{ 1, "accepted_new_care_of_address_not_valid" },
	{ 2, "accepted_new_care_of_address_assigned" },
	{ 3, "accepted_use_previous_care_of_address" },
	{ 4, "unsolicited" },
	{ 128, "not_accepted" },
	{ 129, "administratively_prohibited" },
	{ 130, "insufficient_resources" },
	{ 0, NULL }
};
/* RFC 8505 4.2: the low half of the code tells how long the ROVR is. */
static const struct name duplicate_address_codes[] = {
	{ 0, "eui_64" },
	{ 1, "rovr_64" },
	{ 2, "rovr_128" },
	{ 3, "rovr_192" },
	{ 4, "rovr_256" },
	{ 0, NULL }
};

/* RFC 4884 4.4: the length attribute took one octet of what was unused. */
static const struct field unreachable[] = {
	F_U8_IN("length", 4, "words of 8 octets"), F_UNUSED(40, 24), F_END
};
static const struct band mtu_bands[] = { { 0, 1279, ANOMALY_BAD_MTU }, BAND_END };
static const struct field packet_too_big[] = {
	F_ODD("mtu", 32, 32, "octets", mtu_bands), F_END
};
static const struct field parameter_problem[] = { F_U32_IN("pointer", 4, "octets"), F_END };
static const struct field id_and_seq[] = { F_U16("id", 4), F_U16("seq", 6), F_END };
static const struct field unused_32[] = { F_UNUSED(32, 32), F_END };

/* RFC 2710 3 */
static const struct field mld1[] = {
	F_U16_IN("maximum_response_delay", 4, "ms"), F_UNUSED(48, 16), F_IP6("group", 8), F_END
};
/* RFC 3810 5.1.3: from 32768 on 1 bit, 3 of exponent, 12 of mantissa */
static bool
response_delay(uint64_t code, uint64_t *out)
{
	*out = code;
	if (code >= 0x8000)
		*out = (0x1000 | (code & 0xfff)) << ((code >> 12 & 7) + 3);
	return true;
}

/* RFC 3810 5.1.9: from 128 on 1 bit, 3 of exponent, 4 of mantissa */
static bool
query_interval(uint64_t code, uint64_t *out)
{
	*out = code;
	if (code >= 0x80)
		*out = (0x10 | (code & 0xf)) << ((code >> 4 & 7) + 3);
	return true;
}

static const struct field_meaning response_delay_meaning = {
	"maximum_response_delay", "ms", response_delay
};
static const struct field_meaning query_interval_meaning = {
	"query_interval", "s", query_interval
};

/* RFC 3810 5.1 */
static const struct field mld2_query[] = {
	F_MEANS("maximum_response_code", 32, 16, response_delay_meaning),
	F_UNUSED(48, 16),
	F_IP6("group", 8),
	F_FLAG("has_extensions", 192), /* RFC 9279 */
	F_UNUSED(193, 3),
	F_FLAG("suppress", 196),
	F_BITS("qrv", 197, 3),
	F_MEANS("qqic", 200, 8, query_interval_meaning),
	F_U16("source_count", 26),
	F_COUNTED("sources", FIELD_IP6_LIST, 28, 9),
	F_RULED("extensions", FIELD_RECORDS, WHEN(4, 1), .list = &mld_extensions),
	F_END
};
static const struct field mld2_report[] = {
	F_FLAG("has_extensions", 32), /* RFC 9279 */
	F_UNUSED(33, 15),
	F_U16("record_count", 6),
	F_END
};
/* RFC 4861 6.2.1 */
static const struct band reachable_bands[] = {
	{ 3600001, UINT32_MAX, ANOMALY_VALUE_OUT_OF_RANGE }, BAND_END
};
static const struct field router_advertisement[] = {
	F_U8_IN("cur_hop_limit", 4, "hops"),
	F_FLAG("managed", 40),
	F_FLAG("other_config", 41),
	F_FLAG("home_agent", 42), /* RFC 6275 7.1 */
	{ .name = "preference", .kind = FIELD_ENUM, .bit = 43, .bits = 2, .names = nd_preferences,
	  .odd = nd_preference_bands },
	F_FLAG("proxy", 45), /* RFC 4389 */
	F_FLAG("snac_router", 46),
	F_UNUSED(47, 1),
	F_U16_IN("router_lifetime", 6, "s"),
	F_ODD("reachable_time", 64, 32, "ms", reachable_bands),
	F_U32_IN("retrans_timer", 12, "ms"),
	F_END
};
static const struct field neighbor_solicitation[] = {
	F_UNUSED(32, 32), F_IP6("target", 8), F_END
};
static const struct field neighbor_advertisement[] = {
	F_FLAG("router", 32),
	F_FLAG("solicited", 33),
	F_FLAG("override", 34),
	F_UNUSED(35, 29),
	F_IP6("target", 8),
	F_END
};
static const struct field redirect[] = {
	F_UNUSED(32, 32), F_IP6("target", 8), F_IP6("destination", 24), F_END
};
static const struct field router_renumbering[] = {
	F_U32("sequence_number", 4),
	F_U8("segment_number", 8),
	F_FLAG("test", 72),
	F_FLAG("result_requested", 73),
	F_FLAG("all_interfaces", 74),
	F_FLAG("site_specific", 75),
	F_FLAG("processed_previously", 76),
	F_UNUSED(77, 3),
	F_U16_IN("max_delay", 10, "ms"),
	F_UNUSED(96, 32),
	F_END
};
static const struct field home_agent_request[] = {
	F_U16("id", 4), F_FLAG("mobile_router", 48), F_UNUSED(49, 15), F_END
};
static const struct field home_agent_reply[] = {
	F_U16("id", 4), F_FLAG("mobile_router", 48), F_UNUSED(49, 15),
	F_REST("home_agent_addresses", FIELD_IP6_LIST, 8), F_END
};
static const struct field mobile_prefix_solicitation[] = {
	F_U16("id", 4), F_UNUSED(48, 16), F_END
};
static const struct field mobile_prefix_advertisement[] = {
	F_U16("id", 4), F_FLAG("managed", 48), F_FLAG("other_config", 49), F_UNUSED(50, 14), F_END
};
static const struct field path_solicitation[] = { F_U16("id", 4), F_U16("component", 6), F_END };
static const struct field path_advertisement[] = {
	F_U16("id", 4), F_U16("all_components", 6), F_U16("component", 8), F_UNUSED(80, 16), F_END
};
/* RFC 4286 4.2 */
static const struct band interval_bands[] = {
	{ 0, 3, ANOMALY_VALUE_OUT_OF_RANGE }, { 181, 255, ANOMALY_VALUE_OUT_OF_RANGE }, BAND_END
};
/* RFC 4286 2: the interval is where other messages have the code. */
static const struct field multicast_router_advertisement[] = {
	F_ODD("advertisement_interval", 8, 8, "s", interval_bands),
	F_U16_IN("query_interval", 4, "s"),
	F_U16("robustness_variable", 6),
	F_END
};
#define SUBTYPE F_ENUM("subtype", 32, 8, fast_handover_subtypes)
static const struct field fast_handover[] = {
	SUBTYPE, F_UNUSED(40, 8), F_U16("id", 6), F_END
};
/* RFC 5271 6.4 added the flag. */
static const struct field proxy_advertisement[] = {
	SUBTYPE, F_FLAG("reactive_mode", 40), F_UNUSED(41, 7), F_U16("id", 6), F_END
};
static const struct field handover_initiate[] = {
	SUBTYPE, F_FLAG("assigned_address", 40), F_FLAG("buffer", 41), F_UNUSED(42, 6),
	F_U16("id", 6), F_END
};
static const struct field mpl_control[] = { F_RECORDS("seed_infos", 4, seed_infos), F_END };

/*
 * RFC 6775 4.4, RFC 8505 4.2: the address follows the ROVR, whatever its
 * length. RFC 9685 7.2 made the status of a request, always zero before, flags;
 * RFC 9926 7.3 a prefix and its length of the address. An answer with a prefix
 * cannot be told from one with an address.
 */
#define ROVR_CODE \
	F_UNUSED(8, 4), F_ENUM("code_suffix", 12, 4, duplicate_address_codes)
#define LIFETIME_AND_ROVR(octets) \
	F_U8("transaction_id", 5), \
	F_U16_IN("registration_lifetime", 6, "60 s"), \
	F_BYTES("registration_ownership_verifier", 8, octets)
#define REQUESTED_ADDRESS(octets) \
	ROVR_CODE, F_ENUM("address_type", 32, 2, nd_registered_address_types), F_UNUSED(34, 6), \
	LIFETIME_AND_ROVR(octets), \
	{ .name = "registered_address", .kind = FIELD_IP6, .bit = (8 + (octets)) * 8, \
	  .bits = 128, RULE(WHEN_IN(3, 0, 2)) }, \
	{ .name = "registered_prefix", .kind = FIELD_IP6_PREFIX, .bit = (8 + (octets)) * 8, \
	  .bits = 120, RULE(WHEN(3, 3)) }, \
	{ .name = "unused", .kind = FIELD_UNUSED, .bit = (23 + (octets)) * 8, .bits = 1, \
	  RULE(WHEN(3, 3)) }, \
	{ .name = "prefix_length", .kind = FIELD_UINT, .bit = (23 + (octets)) * 8 + 1, \
	  .bits = 7, .unit = "bits", RULE(WHEN(3, 3)) }, \
	F_END
#define CONFIRMED_ADDRESS(octets) \
	ROVR_CODE, F_ENUM("registration_status", 32, 8, nd_registration_statuses), \
	LIFETIME_AND_ROVR(octets), F_IP6("registered_address", 8 + (octets)), F_END

static const struct field request_rovr_64[] = { REQUESTED_ADDRESS(8) };
static const struct field request_rovr_128[] = { REQUESTED_ADDRESS(16) };
static const struct field request_rovr_192[] = { REQUESTED_ADDRESS(24) };
static const struct field request_rovr_256[] = { REQUESTED_ADDRESS(32) };
static const struct field confirmation_rovr_64[] = { CONFIRMED_ADDRESS(8) };
static const struct field confirmation_rovr_128[] = { CONFIRMED_ADDRESS(16) };
static const struct field confirmation_rovr_192[] = { CONFIRMED_ADDRESS(24) };
static const struct field confirmation_rovr_256[] = { CONFIRMED_ADDRESS(32) };

/* What tells a row from the others of its type: an octet of the message. */
static bool
has_subtype(struct cursor message, int subtype)
{
	return message.claimed >= 8 && cursor_peek(&message, 4) == subtype;
}

static bool
has_rovr(struct cursor message, int code_suffix)
{
	int code = cursor_peek(&message, 1);

	return code >= 0 && (code & 0xf) == code_suffix;
}

static bool
is_proxy_solicitation(struct cursor message)
{
	return has_subtype(message, 2);
}

static bool
is_proxy_advertisement(struct cursor message)
{
	return has_subtype(message, 3);
}

static bool
is_handover_initiate(struct cursor message)
{
	return has_subtype(message, 4);
}

static bool
is_handover_acknowledge(struct cursor message)
{
	return has_subtype(message, 5);
}

static bool
has_rovr_128(struct cursor message)
{
	return has_rovr(message, 2);
}

static bool
has_rovr_192(struct cursor message)
{
	return has_rovr(message, 3);
}

static bool
has_rovr_256(struct cursor message)
{
	return has_rovr(message, 4);
}

/* RFC 4443 3.1: only the destination has ports. */
static const struct icmp_rule unreachable_rules[] = {
	R_CODE(RULE_FROM_DESTINATION, 4, NULL, ANOMALY_REPORTER_NOT_DESTINATION), R_END
};
static const struct icmp_rule packet_too_big_rules[] = {
	R_FIELD(RULE_BELOW_QUOTED_LENGTH, "mtu", ANOMALY_MTU_NOT_EXCEEDED), R_END
};
static const struct icmp_rule parameter_rules[] = {
	R_FIELD(RULE_BELOW_QUOTED_LENGTH, "pointer", ANOMALY_POINTER_OUTSIDE_QUOTE), R_END
};
/* RFC 2710 3.6: a query for every group has none. */
static const struct icmp_rule query_rules[] = {
	R_FIELD(RULE_MULTICAST_OR_ZERO, "group", ANOMALY_GROUP_NOT_MULTICAST), R_END
};
static const struct icmp_rule listener_rules[] = {
	R_FIELD(RULE_MULTICAST, "group", ANOMALY_GROUP_NOT_MULTICAST), R_END
};
/* RFC 3810 5.2.8 */
static const struct icmp_rule listener_report_rules[] = {
	R_FIELD(RULE_MULTICAST_GROUPS, NULL, ANOMALY_GROUP_NOT_MULTICAST), R_END
};
/* RFC 4861 6.1.1 */
static const struct icmp_rule router_solicitation_rules[] = {
	R_OPTION(RULE_OPTION_NEEDS_SOURCE, OPTION_SOURCE_LINK_ADDRESS,
	    ANOMALY_LINK_ADDRESS_WITHOUT_SOURCE),
	R_END
};
/* RFC 4861 7.1.1 */
static const struct icmp_rule neighbor_solicitation_rules[] = {
	R_FIELD_OR_OPTION(RULE_TARGET_IS_HOST, "target", OPTION_ADDRESS_REGISTRATION,
	    ANOMALY_TARGET_MULTICAST),
	R_FIELD(RULE_SOLICITED_NODE, NULL, ANOMALY_NOT_SOLICITED_NODE),
	R_OPTION(RULE_OPTION_NEEDS_SOURCE, OPTION_SOURCE_LINK_ADDRESS,
	    ANOMALY_LINK_ADDRESS_WITHOUT_SOURCE),
	R_END
};
/* RFC 4861 7.1.2 */
static const struct icmp_rule neighbor_advertisement_rules[] = {
	R_FIELD_OR_OPTION(RULE_TARGET_IS_HOST, "target", OPTION_ADDRESS_REGISTRATION,
	    ANOMALY_TARGET_MULTICAST),
	R_FIELD(RULE_CLEAR_TO_GROUP, "solicited", ANOMALY_SOLICITED_TO_MULTICAST),
	R_END
};
/* RFC 4861 8.1 */
static const struct icmp_rule redirect_rules[] = {
	R_FIELD(RULE_NOT_MULTICAST, "destination", ANOMALY_TARGET_MULTICAST),
	R_FIELDS(RULE_LINK_LOCAL_OR_EQUAL, "target", "destination", ANOMALY_REDIRECT_BAD_TARGET),
	R_END
};
/* RFC 3122 2.1 and 2.2 */
static const struct icmp_rule inverse_solicitation_rules[] = {
	R_OPTION(RULE_OPTION, OPTION_SOURCE_LINK_ADDRESS, ANOMALY_MISSING_OPTION),
	R_OPTION(RULE_OPTION, OPTION_TARGET_LINK_ADDRESS, ANOMALY_MISSING_OPTION),
	R_END
};
static const struct icmp_rule inverse_advertisement_rules[] = {
	R_OPTION(RULE_OPTION, OPTION_SOURCE_LINK_ADDRESS, ANOMALY_MISSING_OPTION),
	R_OPTION(RULE_OPTION, OPTION_TARGET_LINK_ADDRESS, ANOMALY_MISSING_OPTION),
	R_OPTION(RULE_OPTION, OPTION_TARGET_ADDRESS_LIST, ANOMALY_MISSING_OPTION),
	R_END
};

/* Types of which nothing but the name was published; below 128 are errors. */
#define BARE(t, n, words) \
	{ .type = (t), .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN, .name = (n), \
	  .title = (words), .rfc = "4443", .role = (t) < 128 ? ICMP_ERROR : ICMP_INFORMATION, \
	  .tail = ICMP_TAIL_DATA, .flags = ICMP_NO_LAYOUT | ICMP_CODE_IS_DATA }
#define DUPLICATE_REQUEST(len, list, test) \
	{ .type = 157, .code = ICMP_ANY_CODE, .min_len = (len), .fits = (test), \
	  .name = "duplicate_address_request", \
	  .title = "Duplicate Address Request", .rfc = "6775 4.4, 8505 4.2, 8929 3.1", \
	  .codes = duplicate_address_codes, .fields = (list), .role = ICMP_REQUEST, \
	  .counterpart = 158, .family = "duplicate_address", \
	  .tail = ICMP_TAIL_LISTS, .lists = { &nd_options }, \
	  .flags = ICMP_CODE_IS_DATA | ICMP_OFF_LINK }
#define DUPLICATE_CONFIRMATION(len, list, test) \
	{ .type = 158, .code = ICMP_ANY_CODE, .min_len = (len), .fits = (test), \
	  .name = "duplicate_address_confirmation", \
	  .title = "Duplicate Address Confirmation", .rfc = "6775 4.4, 8505 4.2, 8929 3.1", \
	  .codes = duplicate_address_codes, .fields = (list), .role = ICMP_REPLY, \
	  .counterpart = 157, .family = "duplicate_address", \
	  .tail = ICMP_TAIL_LISTS, .lists = { &nd_options }, \
	  .flags = ICMP_CODE_IS_DATA | ICMP_OFF_LINK }
#define RPL(c, len, numbers, list) \
	{ .type = 155, .code = (c), .min_len = (len), .name = "rpl_control", \
	  .title = "RPL Control Message", .rfc = (numbers), .codes = rpl_codes, \
	  .fields = (list), .tail = ICMP_TAIL_LISTS, .lists = { &rpl_options } }
/* Behind the security section comes the base object of `len` octets with a header. */
#define RPL_SECURE(c, len, numbers, list) \
	{ .type = 155, .code = (c), .min_len = 12, .name = "rpl_control", \
	  .title = "RPL Control Message", .rfc = (numbers), .codes = rpl_codes, \
	  .fields = rpl_security_fields, .secured = (list), .secured_len = (len), \
	  .tail = ICMP_TAIL_SECURED, .lists = { &rpl_options } }
#define FAST_HANDOVER(words, numbers, names, list, test) \
	{ .type = 154, .code = ICMP_ANY_CODE, .min_len = 8, .fits = (test), .name = "fmipv6", \
	  .title = (words), .rfc = (numbers), .codes = (names), .fields = (list), \
	  .tail = ICMP_TAIL_LISTS, .lists = { &nd_options }, .flags = ICMP_TTL_255 }
#define MOBILITY(len, numbers, list, test) \
	.type = 150, .code = ICMP_ANY_CODE, .min_len = (len), .fits = (test), \
	.name = "experimental_mobility", \
	.title = "ICMP messages utilized by experimental mobility protocols such as Seamoby", \
	.rfc = (numbers), .fields = (list), .flags = ICMP_CODE_IS_DATA | ICMP_TTL_255
#define NODE_QUERY(c, len, list) \
	{ .type = 139, .code = (c), .min_len = (len), .name = "node_information_query", \
	  .title = "ICMP Node Information Query", .rfc = "4620 4", .codes = node_query_codes, \
	  .fields = (list), .role = ICMP_REQUEST, .counterpart = 140, \
	  .family = "node_information", .tail = ICMP_TAIL_DATA }
#define NODE_REPLY(c, list) \
	{ .type = 140, .code = (c), .min_len = NODE_INFORMATION_LEN, \
	  .name = "node_information_response", .title = "ICMP Node Information Response", \
	  .rfc = "4620 4", .codes = node_reply_codes, .fields = (list), .role = ICMP_REPLY, \
	  .counterpart = 139, .family = "node_information", .tail = ICMP_TAIL_DATA }

const struct icmp_type icmp6_types[] = {
	BARE(0, "reserved", "Reserved"),
	{ .type = 1, .code = ICMP_ANY_CODE, .min_len = 8, .name = "destination_unreachable",
	  .title = "Destination Unreachable", .rfc = "4443 3.1, 4884 4.4",
	  .codes = unreachable_codes, .fields = unreachable,
	  .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE, .length_unit = 8,
	  .rules = unreachable_rules },
	{ .type = 2, .code = ICMP_ANY_CODE, .min_len = 8, .name = "packet_too_big",
	  .title = "Packet Too Big", .rfc = "4443 3.2", .codes = no_code,
	  .fields = packet_too_big, .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE,
	  .rules = packet_too_big_rules },
	{ .type = 3, .code = ICMP_ANY_CODE, .min_len = 8, .name = "time_exceeded",
	  .title = "Time Exceeded", .rfc = "4443 3.3, 4884 4.5", .codes = time_codes,
	  .fields = unreachable, .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE, .length_unit = 8,
	  .rules = icmp_time_exceeded_rules },
	{ .type = 4, .code = ICMP_ANY_CODE, .min_len = 8, .name = "parameter_problem",
	  .title = "Parameter Problem", .rfc = "4443 3.4, 8883", .codes = parameter_codes,
	  .fields = parameter_problem, .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE,
	  .rules = parameter_rules },
	BARE(100, "private_experimentation", "Private experimentation"),
	BARE(101, "private_experimentation", "Private experimentation"),
	BARE(127, "reserved_for_expansion_of_icmpv6_error_messages",
	    "Reserved for expansion of ICMPv6 error messages"),
	{ .type = 128, .code = ICMP_ANY_CODE, .min_len = 8, .name = "echo_request",
	  .title = "Echo Request", .rfc = "4443 4.1", .codes = no_code, .fields = id_and_seq,
	  .role = ICMP_REQUEST, .counterpart = 129, .family = "echo", .tail = ICMP_TAIL_DATA,
	  .flags = ICMP_TO_ONE },
	{ .type = 129, .code = ICMP_ANY_CODE, .min_len = 8, .name = "echo_reply",
	  .title = "Echo Reply", .rfc = "4443 4.2", .codes = no_code, .fields = id_and_seq,
	  .role = ICMP_REPLY, .counterpart = 128, .family = "echo", .tail = ICMP_TAIL_DATA,
	  .flags = ICMP_TO_ONE },
	{ .type = 130, .code = ICMP_ANY_CODE, .min_len = 24, .name = "multicast_listener_query",
	  .title = "Multicast Listener Query", .rfc = "2710 3", .codes = no_code,
	  .fields = mld1, .role = ICMP_REQUEST, .counterpart = 143,
	  .family = "multicast_listener", .flags = OF_LISTENERS, .rules = query_rules },
	{ .type = 130, .code = ICMP_ANY_CODE, .min_len = 28, .name = "multicast_listener_query",
	  .title = "Multicast Listener Query", .rfc = "3810 5.1, 9279", .codes = no_code,
	  .fields = mld2_query, .role = ICMP_REQUEST, .counterpart = 143,
	  .family = "multicast_listener", .tail = ICMP_TAIL_DATA, .flags = OF_LISTENERS,
	  .rules = query_rules },
	{ .type = 131, .code = ICMP_ANY_CODE, .min_len = 24, .name = "multicast_listener_report",
	  .title = "Multicast Listener Report", .rfc = "2710 3", .codes = no_code,
	  .fields = mld1, .role = ICMP_REPLY, .counterpart = 130,
	  .family = "multicast_listener", .flags = OF_LISTENERS | ICMP_FROM_NOBODY,
	  .rules = listener_rules },
	{ .type = 132, .code = ICMP_ANY_CODE, .min_len = 24, .name = "multicast_listener_done",
	  .title = "Multicast Listener Done", .rfc = "2710 3", .codes = no_code,
	  .fields = mld1, .flags = OF_LISTENERS | ICMP_FROM_NOBODY,
	  .rules = listener_rules },
	{ .type = 133, .code = ICMP_ANY_CODE, .min_len = 8, .name = "router_solicitation",
	  .title = "Router Solicitation", .rfc = "4861 4.1", .codes = no_code,
	  .fields = unused_32, .role = ICMP_REQUEST, .counterpart = 134, .family = "router",
	  .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = OF_NEIGHBORS | ICMP_FROM_NOBODY,
	  .rules = router_solicitation_rules },
	{ .type = 134, .code = ICMP_ANY_CODE, .min_len = 16, .name = "router_advertisement",
	  .title = "Router Advertisement", .rfc = "4861 4.2, 4191 2.2, 5175", .codes = no_code,
	  .fields = router_advertisement, .role = ICMP_REPLY, .counterpart = 133,
	  .family = "router", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = OF_NEIGHBORS | ICMP_FROM_LINK_LOCAL },
	{ .type = 135, .code = ICMP_ANY_CODE, .min_len = 24, .name = "neighbor_solicitation",
	  .title = "Neighbor Solicitation", .rfc = "4861 4.3", .codes = no_code,
	  .fields = neighbor_solicitation, .role = ICMP_REQUEST, .counterpart = 136,
	  .family = "neighbor", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = OF_NEIGHBORS | ICMP_FROM_NOBODY, .rules = neighbor_solicitation_rules },
	{ .type = 136, .code = ICMP_ANY_CODE, .min_len = 24, .name = "neighbor_advertisement",
	  .title = "Neighbor Advertisement", .rfc = "4861 4.4", .codes = no_code,
	  .fields = neighbor_advertisement, .role = ICMP_REPLY, .counterpart = 135,
	  .family = "neighbor", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = OF_NEIGHBORS, .rules = neighbor_advertisement_rules },
	{ .type = 137, .code = ICMP_ANY_CODE, .min_len = 40, .name = "redirect",
	  .title = "Redirect Message", .rfc = "4861 4.5", .codes = no_code, .fields = redirect,
	  .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .quote_option = OPTION_REDIRECTED_HEADER, .flags = OF_NEIGHBORS | ICMP_FROM_LINK_LOCAL,
	  .rules = redirect_rules },
	{ .type = 138, .code = ICMP_ANY_CODE, .min_len = 16, .name = "router_renumbering",
	  .title = "Router Renumbering", .rfc = "2894 3.1", .codes = renumbering_codes,
	  .fields = router_renumbering, .tail = ICMP_TAIL_DATA },
	{ .type = 138, .code = 0, .min_len = 16, .name = "router_renumbering",
	  .title = "Router Renumbering", .rfc = "2894 3.2", .codes = renumbering_codes,
	  .fields = router_renumbering, .tail = ICMP_TAIL_LISTS, .lists = { &prefix_operations } },
	{ .type = 138, .code = 1, .min_len = 16, .name = "router_renumbering",
	  .title = "Router Renumbering", .rfc = "2894 3.3", .codes = renumbering_codes,
	  .fields = router_renumbering, .tail = ICMP_TAIL_LISTS, .lists = { &prefix_matches } },
	NODE_QUERY(ICMP_ANY_CODE, NODE_INFORMATION_LEN, node_information_fields),
	NODE_QUERY(0, NODE_INFORMATION_LEN + 16, node_query_ipv6_fields),
	NODE_QUERY(1, NODE_INFORMATION_LEN, node_query_name_fields),
	NODE_QUERY(2, NODE_INFORMATION_LEN + 4, node_query_ipv4_fields),
	NODE_REPLY(ICMP_ANY_CODE, node_information_fields),
	NODE_REPLY(0, node_reply_fields),
	{ .type = 141, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "inverse_neighbor_discovery_solicitation",
	  .title = "Inverse Neighbor Discovery Solicitation Message", .rfc = "3122 2.1",
	  .codes = no_code, .fields = unused_32, .role = ICMP_REQUEST, .counterpart = 142,
	  .family = "inverse_neighbor", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = ICMP_TTL_255, .rules = inverse_solicitation_rules },
	{ .type = 142, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "inverse_neighbor_discovery_advertisement",
	  .title = "Inverse Neighbor Discovery Advertisement Message", .rfc = "3122 2.2",
	  .codes = no_code, .fields = unused_32, .role = ICMP_REPLY, .counterpart = 141,
	  .family = "inverse_neighbor", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = ICMP_TTL_255, .rules = inverse_advertisement_rules },
	{ .type = 143, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "version_2_multicast_listener_report",
	  .title = "Version 2 Multicast Listener Report", .rfc = "3810 5.2, 9279",
	  .codes = no_code, .fields = mld2_report, .role = ICMP_REPLY, .counterpart = 130,
	  .family = "multicast_listener", .tail = ICMP_TAIL_LISTS,
	  .flags = OF_LISTENERS | ICMP_FROM_NOBODY, .lists = { &mld_records, &mld_extensions },
	  .count_of = 3, .more_of = 1, .rules = listener_report_rules },
	{ .type = 144, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "home_agent_address_discovery_request",
	  .title = "Home Agent Address Discovery Request Message", .rfc = "6275 6.5, 3963",
	  .codes = no_code, .fields = home_agent_request, .role = ICMP_REQUEST,
	  .counterpart = 145, .family = "home_agent_discovery" },
	{ .type = 145, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "home_agent_address_discovery_reply",
	  .title = "Home Agent Address Discovery Reply Message", .rfc = "6275 6.6, 3963",
	  .codes = no_code, .fields = home_agent_reply, .role = ICMP_REPLY,
	  .counterpart = 144, .family = "home_agent_discovery" },
	{ .type = 146, .code = ICMP_ANY_CODE, .min_len = 8, .name = "mobile_prefix_solicitation",
	  .title = "Mobile Prefix Solicitation", .rfc = "6275 6.7", .codes = no_code,
	  .fields = mobile_prefix_solicitation, .role = ICMP_REQUEST, .counterpart = 147,
	  .family = "mobile_prefix", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options } },
	{ .type = 147, .code = ICMP_ANY_CODE, .min_len = 8, .name = "mobile_prefix_advertisement",
	  .title = "Mobile Prefix Advertisement", .rfc = "6275 6.8", .codes = no_code,
	  .fields = mobile_prefix_advertisement, .role = ICMP_REPLY, .counterpart = 146,
	  .family = "mobile_prefix", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options } },
	{ .type = 148, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "certification_path_solicitation",
	  .title = "Certification Path Solicitation Message", .rfc = "3971 6.4.1",
	  .codes = no_code, .fields = path_solicitation, .role = ICMP_REQUEST,
	  .counterpart = 149, .family = "certification_path", .tail = ICMP_TAIL_LISTS,
	  .lists = { &nd_options },
	  .flags = OF_NEIGHBORS | ICMP_FROM_LINK_LOCAL | ICMP_FROM_NOBODY },
	{ .type = 149, .code = ICMP_ANY_CODE, .min_len = 12,
	  .name = "certification_path_advertisement",
	  .title = "Certification Path Advertisement Message", .rfc = "3971 6.4.2",
	  .codes = no_code, .fields = path_advertisement, .role = ICMP_REPLY,
	  .counterpart = 148, .family = "certification_path", .tail = ICMP_TAIL_LISTS,
	  .lists = { &nd_options }, .flags = ICMP_TTL_255 | ICMP_FROM_LINK_LOCAL },
	{ MOBILITY(8, "4065", mobility_fields, NULL), .tail = ICMP_TAIL_DATA },
	{ MOBILITY(8, "4066 5.1.1", mobility_fields, mobility_is_card),
	  .tail = ICMP_TAIL_LISTS, .lists = { &card_options } },
	{ MOBILITY(12, "4067 2.5.1", cxtp_request_fields, mobility_is_cxtp_request) },
	{ MOBILITY(12, "4067 2.5.2", cxtp_acknowledge_fields, mobility_is_cxtp_acknowledge) },
	{ MOBILITY(12, "4067 2.5", cxtp_fields, mobility_is_other_cxtp), .tail = ICMP_TAIL_DATA },
	{ .type = 151, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "multicast_router_advertisement", .title = "Multicast Router Advertisement",
	  .rfc = "4286 2",
	  .fields = multicast_router_advertisement, .role = ICMP_REPLY, .counterpart = 152,
	  .family = "multicast_router", .flags = ICMP_CODE_IS_DATA | OF_LISTENERS },
	{ .type = 152, .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN,
	  .name = "multicast_router_solicitation", .title = "Multicast Router Solicitation",
	  .rfc = "4286 3", .codes = no_code, .role = ICMP_REQUEST, .counterpart = 151,
	  .family = "multicast_router", .flags = OF_LISTENERS },
	{ .type = 153, .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN,
	  .name = "multicast_router_termination", .title = "Multicast Router Termination",
	  .rfc = "4286 4", .codes = no_code, .flags = OF_LISTENERS },
	{ .type = 154, .code = ICMP_ANY_CODE, .min_len = 8, .name = "fmipv6",
	  .title = "FMIPv6 Messages", .rfc = "5568 6.1", .fields = fast_handover,
	  .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = ICMP_CODE_IS_DATA | ICMP_TTL_255 },
	FAST_HANDOVER("FMIPv6 Router Solicitation for Proxy Advertisement", "5568 6.1.1",
	    no_code, fast_handover, is_proxy_solicitation),
	FAST_HANDOVER("FMIPv6 Proxy Router Advertisement", "5568 6.1.2, 5271 6.4",
	    proxy_advertisement_codes, proxy_advertisement, is_proxy_advertisement),
	FAST_HANDOVER("FMIPv6 Handover Initiate", "5268 6.2.1", handover_initiate_codes,
	    handover_initiate, is_handover_initiate),
	FAST_HANDOVER("FMIPv6 Handover Acknowledge", "5268 6.2.2", handover_acknowledge_codes,
	    fast_handover, is_handover_acknowledge),
	{ .type = 155, .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN, .name = "rpl_control",
	  .title = "RPL Control Message", .rfc = "6550 6", .codes = rpl_codes,
	  .tail = ICMP_TAIL_DATA },
	RPL(0x00, 6, "6550 6.2", rpl_dis_fields),
	RPL(0x01, 28, "6550 6.3", rpl_dio_fields),
	RPL(0x02, 8, "6550 6.4", rpl_dao_fields),
	RPL(0x03, 8, "6550 6.5", rpl_dao_ack_fields),
	RPL(0x04, 24, "6997 8", rpl_p2p_dro_fields),
	RPL(0x05, 24, "6997 10", rpl_p2p_dro_ack_fields),
	RPL(0x06, 8, "6998 3", rpl_mo_fields),
	RPL(0x07, 8, "9009 4.3", rpl_dco_fields),
	RPL(0x08, 8, "9009 4.3.4", rpl_dco_ack_fields),
	RPL(0x09, 8, "9914 5.1", rpl_pdr_fields),
	RPL(0x0a, 12, "9914 5.2", rpl_pdr_ack_fields),
	RPL_SECURE(0x80, 6, "6550 6.2.2", rpl_dis_fields),
	RPL_SECURE(0x81, 28, "6550 6.3.2", rpl_dio_fields),
	RPL_SECURE(0x82, 8, "6550 6.4.2", rpl_dao_fields),
	RPL_SECURE(0x83, 8, "6550 6.5.2", rpl_dao_ack_fields),
	RPL_SECURE(0x84, 24, "6997 8.1", rpl_p2p_dro_fields),
	RPL_SECURE(0x85, 24, "6997 10", rpl_p2p_dro_ack_fields),
	RPL_SECURE(0x86, 8, "6998 3.1", rpl_mo_fields),
	RPL_SECURE(0x87, 8, "9009 4.3.1", rpl_dco_fields),
	RPL_SECURE(0x88, 8, "9009 4.3.5", rpl_dco_ack_fields),
	RPL_SECURE(0x8a, 28, "6550 6.6", rpl_cc_fields),
	{ .type = 156, .code = ICMP_ANY_CODE, .min_len = 8, .name = "ilnpv6_locator_update",
	  .title = "ILNPv6 Locator Update Message", .rfc = "6743", .codes = no_code,
	  .fields = locator_update_6_fields },
	DUPLICATE_REQUEST(32, request_rovr_64, NULL),
	DUPLICATE_REQUEST(40, request_rovr_128, has_rovr_128),
	DUPLICATE_REQUEST(48, request_rovr_192, has_rovr_192),
	DUPLICATE_REQUEST(56, request_rovr_256, has_rovr_256),
	DUPLICATE_CONFIRMATION(32, confirmation_rovr_64, NULL),
	DUPLICATE_CONFIRMATION(40, confirmation_rovr_128, has_rovr_128),
	DUPLICATE_CONFIRMATION(48, confirmation_rovr_192, has_rovr_192),
	DUPLICATE_CONFIRMATION(56, confirmation_rovr_256, has_rovr_256),
	{ .type = 159, .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN, .name = "mpl_control",
	  .title = "MPL Control Message", .rfc = "7731", .codes = no_code,
	  .fields = mpl_control, .flags = ICMP_TTL_255 | ICMP_FROM_LINK_LOCAL },
	{ .type = 160, .code = ICMP_ANY_CODE, .min_len = 8, .name = "extended_echo_request",
	  .title = "Extended Echo Request", .rfc = "8335 2", .codes = icmp_extended_echo_codes,
	  .fields = icmp_extended_echo_fields, .role = ICMP_REQUEST, .counterpart = 161,
	  .family = "extended_echo", .tail = ICMP_TAIL_EXTENSION,
	  .flags = ICMP_TO_ONE, .rules = icmp_extended_echo_rules },
	{ .type = 161, .code = ICMP_ANY_CODE, .min_len = 8, .name = "extended_echo_reply",
	  .title = "Extended Echo Reply", .rfc = "8335 3", .codes = icmp_extended_reply_codes,
	  .fields = icmp_extended_reply_fields, .role = ICMP_REPLY, .counterpart = 160,
	  .family = "extended_echo", .tail = ICMP_TAIL_EXTENSION,
	  .flags = ICMP_TO_ONE, .rules = icmp_extended_reply_rules },
	BARE(200, "private_experimentation", "Private experimentation"),
	BARE(201, "private_experimentation", "Private experimentation"),
	BARE(255, "reserved_for_expansion_of_icmpv6_informational_messages",
	    "Reserved for expansion of ICMPv6 informational messages"),
	{ .name = NULL }
};
/* clang-format on */

const uint32_t icmp6_type_count = sizeof(icmp6_types) / sizeof(icmp6_types[0]) - 1;
