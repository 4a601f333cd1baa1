/*
 * THE table of ICMPv6 messages: IANA's registry "ICMPv6 type Numbers", with
 * the layouts of the RFCs. RPL's messages (type 155) have a row for each code
 * whose base object is fixed; their options are octets.
 */
#include "decoders/icmp_types.h"

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
static const struct name node_qtypes[] = {
	{ 0, "noop" }, { 1, "unused" }, { 2, "node_name" }, { 3, "node_addresses" },
	{ 4, "ipv4_addresses" }, { 0, NULL }
};
/* RFC 5568 6.1.2: of a Proxy Router Advertisement; 0 of a solicitation. */
static const struct name fast_handover_codes[] = {
	{ 0, "access_point_and_router_known" },
	{ 1, "network_initiated_handover" },
	{ 2, "no_new_router_information" },
	{ 3, "limited_new_router_information" },
	{ 4, "unsolicited" },
	{ 0, NULL }
};
static const struct name fast_handover_subtypes[] = {
	{ 2, "router_solicitation_for_proxy_advertisement" },
	{ 3, "proxy_router_advertisement" },
	{ 4, "handover_initiate" },    /* RFC 5268, now a mobility header */
	{ 5, "handover_acknowledge" },
	{ 0, NULL }
};
static const struct name rpl_codes[] = {
	{ 0x00, "dodag_information_solicitation" },
	{ 0x01, "dodag_information_object" },
	{ 0x02, "destination_advertisement_object" },
	{ 0x03, "destination_advertisement_object_acknowledgment" },
	{ 0x04, "p2p_discovery_reply_object" },
	{ 0x05, "p2p_discovery_reply_object_acknowledgement" },
	{ 0x06, "measurement_object" },
	{ 0x07, "destination_cleanup_object" },
	{ 0x08, "destination_cleanup_object_acknowledgment" },
	{ 0x09, "p_dao_request" },
	{ 0x0a, "p_dao_request_acknowledgment" },
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
static const struct name locator_operations[] = {
	{ 1, "locator_update_advertisement" }, { 2, "locator_update_acknowledgement" }, { 0, NULL }
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
/* RFC 4191 2.1 */
static const struct name preferences[] = {
	{ 0, "medium" }, { 1, "high" }, { 2, "reserved" }, { 3, "low" }, { 0, NULL }
};

/* RFC 4884 4.4: the length attribute took one octet of what was unused. */
static const struct field unreachable[] = { F_U8("length", 4), F_UNUSED(40, 24), F_END };
static const struct field packet_too_big[] = { F_U32_IN("mtu", 4, "octets"), F_END };
static const struct field parameter_problem[] = { F_U32("pointer", 4), F_END };
static const struct field id_and_seq[] = { F_U16("id", 4), F_U16("seq", 6), F_END };
static const struct field unused_32[] = { F_UNUSED(32, 32), F_END };

/* RFC 2710 3 */
static const struct field mld1[] = {
	F_U16_IN("maximum_response_delay", 4, "ms"), F_UNUSED(48, 16), F_IP6("group", 8), F_END
};
/* RFC 3810 5.1; from 32768 the code, from 128 the QQIC is a floating-point number */
static const struct field mld2_query[] = {
	F_U16("maximum_response_code", 4),
	F_UNUSED(48, 16),
	F_IP6("group", 8),
	F_FLAG("has_extensions", 192), /* RFC 9279 */
	F_UNUSED(193, 3),
	F_FLAG("suppress", 196),
	F_BITS("qrv", 197, 3),
	F_U8("qqic", 25),
	F_U16("source_count", 26),
	F_COUNTED("sources", FIELD_IP6_LIST, 28, 9),
	F_END
};
static const struct field mld2_report[] = {
	F_FLAG("has_extensions", 32), /* RFC 9279 */
	F_UNUSED(33, 15),
	F_U16("record_count", 6),
	F_END
};
static const struct field router_advertisement[] = {
	F_U8("cur_hop_limit", 4),
	F_FLAG("managed", 40),
	F_FLAG("other_config", 41),
	F_FLAG("home_agent", 42), /* RFC 6275 7.1 */
	F_ENUM("preference", 43, 2, preferences),
	F_FLAG("proxy", 45), /* RFC 4389 */
	F_FLAG("snac_router", 46),
	F_UNUSED(47, 1),
	F_U16_IN("router_lifetime", 6, "s"),
	F_U32_IN("reachable_time", 8, "ms"),
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
/* RFC 4620 6.3: the flags are those of the qtype for addresses. */
static const struct field node_information[] = {
	F_ENUM("qtype", 32, 16, node_qtypes),
	F_UNUSED(48, 10),
	F_FLAG("global", 58),
	F_FLAG("site_local", 59),
	F_FLAG("link_local", 60),
	F_FLAG("compatible", 61),
	F_FLAG("all_unicast", 62),
	F_FLAG("truncated", 63),
	F_BYTES("nonce", 8, 8),
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
/* RFC 4286 2: the interval is where other messages have the code. */
static const struct field multicast_router_advertisement[] = {
	{ .name = "advertisement_interval", .kind = FIELD_UINT, .bit = 8, .bits = 8, .unit = "s" },
	F_U16_IN("query_interval", 4, "s"),
	F_U16("robustness_variable", 6),
	F_END
};
static const struct field fast_handover[] = {
	F_ENUM("subtype", 32, 8, fast_handover_subtypes), F_UNUSED(40, 8), F_U16("id", 6), F_END
};
static const struct field locator_update[] = {
	F_U8("num_locators", 4), F_ENUM("operation", 40, 8, locator_operations),
	F_UNUSED(48, 16), F_END
};

/* RFC 6550 6.2 to 6.5, RFC 9009 4.3 */
static const struct field rpl_dis[] = { F_U8("flags", 4), F_UNUSED(40, 8), F_END };
static const struct field rpl_dio[] = {
	F_U8("rpl_instance_id", 4),
	F_U8("version_number", 5),
	F_U16("rank", 6),
	F_FLAG("grounded", 64),
	F_UNUSED(65, 1),
	F_BITS("mode_of_operation", 66, 3),
	F_BITS("dodag_preference", 69, 3),
	F_U8("dtsn", 9),
	F_U8("flags", 10),
	F_UNUSED(88, 8),
	F_IP6("dodag_id", 12),
	F_END
};
static const struct field rpl_dao[] = {
	F_U8("rpl_instance_id", 4), F_FLAG("ack_requested", 40), F_FLAG("dodag_id_present", 41),
	F_BITS("flags", 42, 6), F_UNUSED(48, 8), F_U8("sequence", 7), F_END
};
static const struct field rpl_dao_ack[] = {
	F_U8("rpl_instance_id", 4), F_FLAG("dodag_id_present", 40), F_UNUSED(41, 7),
	F_U8("sequence", 6), F_U8("rpl_status", 7), F_END
};
static const struct field rpl_dco[] = {
	F_U8("rpl_instance_id", 4), F_FLAG("ack_requested", 40), F_FLAG("dodag_id_present", 41),
	F_BITS("flags", 42, 6), F_U8("rpl_status", 6), F_U8("sequence", 7), F_END
};
static const struct field rpl_dco_ack[] = {
	F_U8("rpl_instance_id", 4), F_FLAG("dodag_id_present", 40), F_BITS("flags", 41, 7),
	F_U8("sequence", 6), F_U8("rpl_status", 7), F_END
};

/* RFC 6775 4.4, RFC 8505 4.2: the address follows the ROVR, whatever its length. */
#define DUPLICATE_ADDRESS(octets) \
	F_U8("registration_status", 4), F_U8("transaction_id", 5), \
	F_U16_IN("registration_lifetime", 6, "60 s"), \
	F_BYTES("registration_ownership_verifier", 8, octets), \
	F_IP6("registered_address", 8 + (octets)), F_END

static const struct field duplicate_rovr_64[] = { DUPLICATE_ADDRESS(8) };
static const struct field duplicate_rovr_128[] = { DUPLICATE_ADDRESS(16) };
static const struct field duplicate_rovr_192[] = { DUPLICATE_ADDRESS(24) };
static const struct field duplicate_rovr_256[] = { DUPLICATE_ADDRESS(32) };

/* Types of which nothing but the name was published; below 128 are errors. */
#define BARE(t, n, words) \
	{ .type = (t), .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN, .name = (n), \
	  .title = (words), .rfc = "4443", .role = (t) < 128 ? ICMP_ERROR : ICMP_INFORMATION, \
	  .tail = ICMP_TAIL_DATA, .flags = ICMP_NO_LAYOUT | ICMP_CODE_IS_DATA }
#define DUPLICATE_REQUEST(c, len, list) \
	{ .type = 157, .code = (c), .min_len = (len), .name = "duplicate_address_request", \
	  .title = "Duplicate Address Request", .rfc = "6775 4.4, 8505 4.2", \
	  .codes = duplicate_address_codes, .fields = (list), .role = ICMP_REQUEST, \
	  .counterpart = 158, .family = "duplicate_address", .flags = ICMP_CODE_IS_DATA }
#define DUPLICATE_CONFIRMATION(c, len, list) \
	{ .type = 158, .code = (c), .min_len = (len), .name = "duplicate_address_confirmation", \
	  .title = "Duplicate Address Confirmation", .rfc = "6775 4.4, 8505 4.2", \
	  .codes = duplicate_address_codes, .fields = (list), .role = ICMP_REPLY, \
	  .counterpart = 157, .family = "duplicate_address", .flags = ICMP_CODE_IS_DATA }
#define RPL(c, len, numbers, list) \
	{ .type = 155, .code = (c), .min_len = (len), .name = "rpl_control", \
	  .title = "RPL Control Message", .rfc = (numbers), .codes = rpl_codes, \
	  .fields = (list), .tail = ICMP_TAIL_DATA }

const struct icmp_type icmp6_types[] = {
	BARE(0, "reserved", "Reserved"),
	{ .type = 1, .code = ICMP_ANY_CODE, .min_len = 8, .name = "destination_unreachable",
	  .title = "Destination Unreachable", .rfc = "4443 3.1, 4884 4.4",
	  .codes = unreachable_codes, .fields = unreachable,
	  .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE, .length_unit = 8 },
	{ .type = 2, .code = ICMP_ANY_CODE, .min_len = 8, .name = "packet_too_big",
	  .title = "Packet Too Big", .rfc = "4443 3.2", .codes = no_code,
	  .fields = packet_too_big, .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE },
	{ .type = 3, .code = ICMP_ANY_CODE, .min_len = 8, .name = "time_exceeded",
	  .title = "Time Exceeded", .rfc = "4443 3.3, 4884 4.5", .codes = time_codes,
	  .fields = unreachable, .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE, .length_unit = 8 },
	{ .type = 4, .code = ICMP_ANY_CODE, .min_len = 8, .name = "parameter_problem",
	  .title = "Parameter Problem", .rfc = "4443 3.4, 8883", .codes = parameter_codes,
	  .fields = parameter_problem, .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE },
	BARE(100, "private_experimentation", "Private experimentation"),
	BARE(101, "private_experimentation", "Private experimentation"),
	BARE(127, "reserved_for_expansion_of_icmpv6_error_messages",
	    "Reserved for expansion of ICMPv6 error messages"),
	{ .type = 128, .code = ICMP_ANY_CODE, .min_len = 8, .name = "echo_request",
	  .title = "Echo Request", .rfc = "4443 4.1", .codes = no_code, .fields = id_and_seq,
	  .role = ICMP_REQUEST, .counterpart = 129, .family = "echo", .tail = ICMP_TAIL_DATA },
	{ .type = 129, .code = ICMP_ANY_CODE, .min_len = 8, .name = "echo_reply",
	  .title = "Echo Reply", .rfc = "4443 4.2", .codes = no_code, .fields = id_and_seq,
	  .role = ICMP_REPLY, .counterpart = 128, .family = "echo", .tail = ICMP_TAIL_DATA },
	{ .type = 130, .code = ICMP_ANY_CODE, .min_len = 24, .name = "multicast_listener_query",
	  .title = "Multicast Listener Query", .rfc = "2710 3", .codes = no_code,
	  .fields = mld1, .flags = ICMP_TTL_1 },
	{ .type = 130, .code = ICMP_ANY_CODE, .min_len = 28, .name = "multicast_listener_query",
	  .title = "Multicast Listener Query", .rfc = "3810 5.1, 9279", .codes = no_code,
	  .fields = mld2_query, .tail = ICMP_TAIL_DATA, .flags = ICMP_TTL_1 },
	{ .type = 131, .code = ICMP_ANY_CODE, .min_len = 24, .name = "multicast_listener_report",
	  .title = "Multicast Listener Report", .rfc = "2710 3", .codes = no_code,
	  .fields = mld1, .flags = ICMP_TTL_1 },
	{ .type = 132, .code = ICMP_ANY_CODE, .min_len = 24, .name = "multicast_listener_done",
	  .title = "Multicast Listener Done", .rfc = "2710 3", .codes = no_code,
	  .fields = mld1, .flags = ICMP_TTL_1 },
	{ .type = 133, .code = ICMP_ANY_CODE, .min_len = 8, .name = "router_solicitation",
	  .title = "Router Solicitation", .rfc = "4861 4.1", .codes = no_code,
	  .fields = unused_32, .role = ICMP_REQUEST, .counterpart = 134, .family = "router",
	  .tail = ICMP_TAIL_LISTS, .lists = { &nd_options }, .flags = ICMP_TTL_255 },
	{ .type = 134, .code = ICMP_ANY_CODE, .min_len = 16, .name = "router_advertisement",
	  .title = "Router Advertisement", .rfc = "4861 4.2, 4191 2.2, 5175", .codes = no_code,
	  .fields = router_advertisement, .role = ICMP_REPLY, .counterpart = 133,
	  .family = "router", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = ICMP_TTL_255 },
	{ .type = 135, .code = ICMP_ANY_CODE, .min_len = 24, .name = "neighbor_solicitation",
	  .title = "Neighbor Solicitation", .rfc = "4861 4.3", .codes = no_code,
	  .fields = neighbor_solicitation, .role = ICMP_REQUEST, .counterpart = 136,
	  .family = "neighbor", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = ICMP_TTL_255 },
	{ .type = 136, .code = ICMP_ANY_CODE, .min_len = 24, .name = "neighbor_advertisement",
	  .title = "Neighbor Advertisement", .rfc = "4861 4.4", .codes = no_code,
	  .fields = neighbor_advertisement, .role = ICMP_REPLY, .counterpart = 135,
	  .family = "neighbor", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = ICMP_TTL_255 },
	{ .type = 137, .code = ICMP_ANY_CODE, .min_len = 40, .name = "redirect",
	  .title = "Redirect Message", .rfc = "4861 4.5", .codes = no_code, .fields = redirect,
	  .tail = ICMP_TAIL_LISTS, .lists = { &nd_options }, .flags = ICMP_TTL_255 },
	{ .type = 138, .code = ICMP_ANY_CODE, .min_len = 16, .name = "router_renumbering",
	  .title = "Router Renumbering", .rfc = "2894 3.1", .codes = renumbering_codes,
	  .fields = router_renumbering, .tail = ICMP_TAIL_DATA },
	{ .type = 139, .code = ICMP_ANY_CODE, .min_len = 16, .name = "node_information_query",
	  .title = "ICMP Node Information Query", .rfc = "4620 4", .codes = node_query_codes,
	  .fields = node_information, .role = ICMP_REQUEST, .counterpart = 140,
	  .family = "node_information", .tail = ICMP_TAIL_DATA },
	{ .type = 140, .code = ICMP_ANY_CODE, .min_len = 16, .name = "node_information_response",
	  .title = "ICMP Node Information Response", .rfc = "4620 4", .codes = node_reply_codes,
	  .fields = node_information, .role = ICMP_REPLY, .counterpart = 139,
	  .family = "node_information", .tail = ICMP_TAIL_DATA },
	{ .type = 141, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "inverse_neighbor_discovery_solicitation",
	  .title = "Inverse Neighbor Discovery Solicitation Message", .rfc = "3122 2.1",
	  .codes = no_code, .fields = unused_32, .role = ICMP_REQUEST, .counterpart = 142,
	  .family = "inverse_neighbor", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = ICMP_TTL_255 },
	{ .type = 142, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "inverse_neighbor_discovery_advertisement",
	  .title = "Inverse Neighbor Discovery Advertisement Message", .rfc = "3122 2.2",
	  .codes = no_code, .fields = unused_32, .role = ICMP_REPLY, .counterpart = 141,
	  .family = "inverse_neighbor", .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = ICMP_TTL_255 },
	{ .type = 143, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "version_2_multicast_listener_report",
	  .title = "Version 2 Multicast Listener Report", .rfc = "3810 5.2, 9279",
	  .codes = no_code, .fields = mld2_report, .tail = ICMP_TAIL_LISTS,
	  .flags = ICMP_TTL_1, .lists = { &mld_records }, .count_of = 3 },
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
	  .lists = { &nd_options }, .flags = ICMP_TTL_255 },
	{ .type = 149, .code = ICMP_ANY_CODE, .min_len = 12,
	  .name = "certification_path_advertisement",
	  .title = "Certification Path Advertisement Message", .rfc = "3971 6.4.2",
	  .codes = no_code, .fields = path_advertisement, .role = ICMP_REPLY,
	  .counterpart = 148, .family = "certification_path", .tail = ICMP_TAIL_LISTS,
	  .lists = { &nd_options }, .flags = ICMP_TTL_255 },
	{ .type = 150, .code = ICMP_ANY_CODE, .min_len = 8, .name = "experimental_mobility",
	  .title = "ICMP messages utilized by experimental mobility protocols such as Seamoby",
	  .rfc = "4065", .fields = icmp_mobility_fields, .tail = ICMP_TAIL_DATA,
	  .flags = ICMP_CODE_IS_DATA | ICMP_TTL_255 },
	{ .type = 151, .code = ICMP_ANY_CODE, .min_len = 8,
	  .name = "multicast_router_advertisement", .title = "Multicast Router Advertisement",
	  .rfc = "4286 2",
	  .fields = multicast_router_advertisement, .role = ICMP_REPLY, .counterpart = 152,
	  .family = "multicast_router", .flags = ICMP_CODE_IS_DATA | ICMP_TTL_1 },
	{ .type = 152, .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN,
	  .name = "multicast_router_solicitation", .title = "Multicast Router Solicitation",
	  .rfc = "4286 3", .codes = no_code, .role = ICMP_REQUEST, .counterpart = 151,
	  .family = "multicast_router", .flags = ICMP_TTL_1 },
	{ .type = 153, .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN,
	  .name = "multicast_router_termination", .title = "Multicast Router Termination",
	  .rfc = "4286 4", .codes = no_code, .flags = ICMP_TTL_1 },
	{ .type = 154, .code = ICMP_ANY_CODE, .min_len = 8, .name = "fmipv6",
	  .title = "FMIPv6 Messages", .rfc = "5568 6.1", .codes = fast_handover_codes,
	  .fields = fast_handover, .tail = ICMP_TAIL_LISTS, .lists = { &nd_options },
	  .flags = ICMP_CODE_IS_DATA | ICMP_TTL_255 },
	RPL(ICMP_ANY_CODE, ICMP_HEADER_LEN, "6550 6, 6997, 6998, 9009", NULL),
	RPL(0x00, 6, "6550 6.2", rpl_dis),
	RPL(0x01, 28, "6550 6.3", rpl_dio),
	RPL(0x02, 8, "6550 6.4", rpl_dao),
	RPL(0x03, 8, "6550 6.5", rpl_dao_ack),
	RPL(0x07, 8, "9009", rpl_dco),
	RPL(0x08, 8, "9009", rpl_dco_ack),
	{ .type = 156, .code = ICMP_ANY_CODE, .min_len = 8, .name = "ilnpv6_locator_update",
	  .title = "ILNPv6 Locator Update Message", .rfc = "6743", .codes = no_code,
	  .fields = locator_update, .tail = ICMP_TAIL_DATA },
	DUPLICATE_REQUEST(ICMP_ANY_CODE, 32, duplicate_rovr_64),
	DUPLICATE_REQUEST(2, 40, duplicate_rovr_128),
	DUPLICATE_REQUEST(3, 48, duplicate_rovr_192),
	DUPLICATE_REQUEST(4, 56, duplicate_rovr_256),
	DUPLICATE_CONFIRMATION(ICMP_ANY_CODE, 32, duplicate_rovr_64),
	DUPLICATE_CONFIRMATION(2, 40, duplicate_rovr_128),
	DUPLICATE_CONFIRMATION(3, 48, duplicate_rovr_192),
	DUPLICATE_CONFIRMATION(4, 56, duplicate_rovr_256),
	{ .type = 159, .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN, .name = "mpl_control",
	  .title = "MPL Control Message", .rfc = "7731", .codes = no_code,
	  .tail = ICMP_TAIL_DATA, .flags = ICMP_TTL_255 },
	{ .type = 160, .code = ICMP_ANY_CODE, .min_len = 8, .name = "extended_echo_request",
	  .title = "Extended Echo Request", .rfc = "8335 2", .codes = icmp_extended_echo_codes,
	  .fields = icmp_extended_echo_fields, .role = ICMP_REQUEST, .counterpart = 161,
	  .family = "extended_echo", .tail = ICMP_TAIL_DATA },
	{ .type = 161, .code = ICMP_ANY_CODE, .min_len = 8, .name = "extended_echo_reply",
	  .title = "Extended Echo Reply", .rfc = "8335 3", .codes = icmp_extended_reply_codes,
	  .fields = icmp_extended_reply_fields, .role = ICMP_REPLY, .counterpart = 160,
	  .family = "extended_echo", .tail = ICMP_TAIL_DATA },
	BARE(200, "private_experimentation", "Private experimentation"),
	BARE(201, "private_experimentation", "Private experimentation"),
	BARE(255, "reserved_for_expansion_of_icmpv6_informational_messages",
	    "Reserved for expansion of ICMPv6 informational messages"),
	{ .name = NULL }
};
/* clang-format on */
