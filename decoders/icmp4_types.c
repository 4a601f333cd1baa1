/*
 * THE table of ICMPv4 messages: IANA's registry "ICMP Type Numbers", with the
 * layouts of the RFCs. A row without a layout still has its name and codes.
 */
#include "decoders/icmp_types.h"
#include "decoders/locator.h"
#include "decoders/mobility.h"

/* clang-format off */

static const struct name no_code[] = { { 0, "no_code" }, { 0, NULL } };

static const struct name unreachable_codes[] = {
	{ 0, "net_unreachable" },
	{ 1, "host_unreachable" },
	{ 2, "protocol_unreachable" },
	{ 3, "port_unreachable" },
	{ 4, "fragmentation_needed_and_dont_fragment_was_set" },
	{ 5, "source_route_failed" },
	{ 6, "destination_network_unknown" },
	{ 7, "destination_host_unknown" },
	{ 8, "source_host_isolated" },
	{ 9, "communication_with_destination_network_is_administratively_prohibited" },
	{ 10, "communication_with_destination_host_is_administratively_prohibited" },
	{ 11, "destination_network_unreachable_for_type_of_service" },
	{ 12, "destination_host_unreachable_for_type_of_service" },
	{ 13, "communication_administratively_prohibited" },
	{ 14, "host_precedence_violation" },
	{ 15, "precedence_cutoff_in_effect" },
	{ 0, NULL }
};
static const struct name redirect_codes[] = {
	{ 0, "redirect_datagram_for_the_network_or_subnet" },
	{ 1, "redirect_datagram_for_the_host" },
	{ 2, "redirect_datagram_for_the_type_of_service_and_network" },
	{ 3, "redirect_datagram_for_the_type_of_service_and_host" },
	{ 0, NULL }
};
static const struct name alternate_codes[] = {
	{ 0, "alternate_address_for_host" }, { 0, NULL }
};
static const struct name advertisement_codes[] = {
	{ 0, "normal_router_advertisement" },
	{ 16, "does_not_route_common_traffic" }, /* RFC 5944 2.1 */
	{ 0, NULL }
};
static const struct name time_codes[] = {
	{ 0, "time_to_live_exceeded_in_transit" },
	{ 1, "fragment_reassembly_time_exceeded" },
	{ 0, NULL }
};
static const struct name parameter_codes[] = {
	{ 0, "pointer_indicates_the_error" },
	{ 1, "missing_a_required_option" },
	{ 2, "bad_length" },
	{ 0, NULL }
};
/* RFC 1393 2.3 */
static const struct name traceroute_codes[] = {
	{ 0, "outbound_packet_successfully_forwarded" },
	{ 1, "no_route_for_outbound_packet" },
	{ 0, NULL }
};
/* RFC 1475 */
static const struct name conversion_codes[] = {
	{ 0, "unknown_or_unspecified_error" },
	{ 1, "dont_convert_option_present" },
	{ 2, "unknown_mandatory_option_present" },
	{ 3, "known_unsupported_option_present" },
	{ 4, "unsupported_transport_protocol" },
	{ 5, "overall_length_exceeded" },
	{ 6, "ip_header_length_exceeded" },
	{ 7, "transport_protocol_greater_than_255" },
	{ 8, "port_conversion_out_of_range" },
	{ 9, "transport_header_length_exceeded" },
	{ 10, "32_bit_rollover_missing_and_ack_set" },
	{ 11, "unknown_mandatory_transport_option_present" },
	{ 0, NULL }
};
static const struct name photuris_codes[] = {
	{ 0, "bad_spi" },
	{ 1, "authentication_failed" },
	{ 2, "decompression_failed" },
	{ 3, "decryption_failed" },
	{ 4, "need_authentication" },
	{ 5, "need_authorization" },
	{ 0, NULL }
};
const struct name icmp_extended_echo_codes[] = { { 0, "no_error" }, { 0, NULL } };
const struct name icmp_extended_reply_codes[] = {
	{ 0, "no_error" },
	{ 1, "malformed_query" },
	{ 2, "no_such_interface" },
	{ 3, "no_such_table_entry" },
	{ 4, "multiple_interfaces_satisfy_query" },
	{ 0, NULL }
};
/* RFC 8335 3 */
static const struct name interface_states[] = {
	{ 0, "reserved" }, { 1, "incomplete" }, { 2, "reachable" }, { 3, "stale" },
	{ 4, "delay" }, { 5, "probe" }, { 6, "failed" }, { 0, NULL }
};

static const struct field id_and_seq[] = { F_U16("id", 4), F_U16("seq", 6), F_END };
static const struct field unused_32[] = { F_UNUSED(32, 32), F_END };

/* RFC 4884 4.1: the length attribute took one octet of what was unused. */
static const struct field unreachable[] = {
	F_UNUSED(32, 8), F_U8_IN("length", 5, "words of 4 octets"), F_UNUSED(48, 16), F_END
};
/* RFC 1191 5, RFC 791 3.2 and 3.1 */
static const struct band mtu_bands[] = {
	{ 0, 0, ANOMALY_MTU_MISSING },
	{ 1, 67, ANOMALY_BAD_MTU },
	{ 68, 575, ANOMALY_SMALL_MTU },
	BAND_END
};
/* RFC 1191 4 */
static const struct field fragmentation_needed[] = {
	F_UNUSED(32, 8), F_U8_IN("length", 5, "words of 4 octets"),
	F_ODD("mtu", 48, 16, "octets", mtu_bands), F_END
};
static const struct field parameter_problem[] = {
	F_U8_IN("pointer", 4, "octets"), F_U8_IN("length", 5, "words of 4 octets"), F_UNUSED(48, 16), F_END
};
static const struct field redirect[] = { F_IP4("gateway", 4), F_END };
/* RFC 1256 5.2: an address and its preference at least */
static const struct band entry_bands[] = { { 0, 1, ANOMALY_BAD_OPTION_LENGTH }, BAND_END };
static const struct field router_advertisement[] = {
	F_U8("num_addrs", 4),
	F_ODD("addr_entry_size", 40, 8, "words of 4 octets", entry_bands),
	F_U16_IN("router_lifetime", 6, "s"),
	F_END
};
/* RFC 792 lets a host set the highest bit when its time is no such time. */
static const struct band day_bands[] = {
	{ 86400000, UINT32_MAX, ANOMALY_NONSTANDARD_TIMESTAMP }, BAND_END
};
static const struct field timestamp[] = {
	F_U16("id", 4),
	F_U16("seq", 6),
	F_ODD("originate_timestamp", 64, 32, "ms since midnight UT", day_bands),
	F_ODD("receive_timestamp", 96, 32, "ms since midnight UT", day_bands),
	F_ODD("transmit_timestamp", 128, 32, "ms since midnight UT", day_bands),
	F_END
};
static const struct field address_mask[] = {
	F_U16("id", 4), F_U16("seq", 6), F_IP4("address_mask", 8), F_END
};
static const struct field traceroute[] = {
	F_U16("id", 4),
	F_UNUSED(48, 16),
	F_U16_IN("outbound_hop_count", 8, "hops"),
	F_U16_IN("return_hop_count", 10, "hops"),
	F_U32_IN("output_link_speed", 12, "octets/s"),
	F_U32_IN("output_link_mtu", 16, "octets"),
	F_END
};
static const struct field conversion_error[] = { F_U32_IN("pointer", 4, "octets"), F_END };
static const struct field domain_name_reply[] = {
	F_U16("id", 4),
	F_U16("seq", 6),
	{ .name = "time_to_live", .kind = FIELD_INT, .bit = 64, .bits = 32, .unit = "s" },
	/* RFC 1788 3: compression counts from the type octet */
	{ .name = "names", .kind = FIELD_DNS_NAMES, .bit = 96, RULE(.offsets_from = 1) },
	F_END
};
static const struct field photuris[] = { F_UNUSED(32, 16), F_U16_IN("pointer", 6, "octets"), F_END };
const struct field icmp_extended_echo_fields[] = {
	F_U16("id", 4), F_U8("seq", 6), F_UNUSED(56, 7), F_FLAG("local", 63), F_END
};
const struct field icmp_extended_reply_fields[] = {
	F_U16("id", 4),
	F_U8("seq", 6),
	F_ENUM("state", 56, 3, interface_states),
	F_UNUSED(59, 2),
	F_FLAG("active", 61),
	{ .name = "ipv4", .kind = FIELD_FLAG, .bit = 62, .bits = 1, RULE(.most_of = 5) },
	{ .name = "ipv6", .kind = FIELD_FLAG, .bit = 63, .bits = 1, RULE(.most_of = 5) },
	F_END
};

/* RFC 1812 5.2.7.2 forbids the codes for networks. */
static const struct icmp_rule redirect_rules[] = {
	R_CODE(RULE_NEVER, 0, NULL, ANOMALY_REDIRECT_FOR_NETWORK),
	R_CODE(RULE_NEVER, 2, NULL, ANOMALY_REDIRECT_FOR_NETWORK),
	R_FIELD(RULE_GATEWAY_IS_HOST, "gateway", ANOMALY_REDIRECT_BAD_GATEWAY),
	R_FIELD(RULE_GATEWAY_IS_OTHER, "gateway", ANOMALY_REDIRECT_TO_SELF),
	R_FIELD(RULE_GATEWAY_IS_NEAR, "gateway", ANOMALY_REDIRECT_OFF_LINK),
	R_END
};
/* Without addresses it advertises an agent of Mobile IP (RFC 5944 2.1). */
static const struct icmp_rule router_rules[] = {
	R_FIELD(RULE_NOT_EMPTY, "num_addrs", ANOMALY_VALUE_OUT_OF_RANGE), R_END
};
/* RFC 1122 3.2.2.1: only the destination has protocols and ports. */
static const struct icmp_rule unreachable_rules[] = {
	R_CODE(RULE_FROM_DESTINATION, 2, NULL, ANOMALY_REPORTER_NOT_DESTINATION),
	R_CODE(RULE_FROM_DESTINATION, 3, NULL, ANOMALY_REPORTER_NOT_DESTINATION),
	R_END
};
static const struct icmp_rule fragmentation_rules[] = {
	R_FIELD(RULE_BELOW_QUOTED_LENGTH, "mtu", ANOMALY_MTU_NOT_EXCEEDED), R_END
};
static const struct icmp_rule parameter_rules[] = {
	R_CODE(RULE_BELOW_QUOTED_LENGTH, 0, "pointer", ANOMALY_POINTER_OUTSIDE_QUOTE), R_END
};
const struct icmp_rule icmp_time_exceeded_rules[] = {
	R_CODE(RULE_QUOTED_TTL_SPENT, 0, NULL, ANOMALY_QUOTED_TTL_LEFT), R_END
};
const struct icmp_rule icmp_extended_echo_rules[] = {
	R_FIELD(RULE_ONE_INTERFACE, "local", ANOMALY_BAD_QUERY_OBJECT), R_END
};
/* RFC 8335 3 */
const struct icmp_rule icmp_extended_reply_rules[] = {
	R_FIELD(RULE_ZERO_WITH_CODE, "state", ANOMALY_FIELDS_CONTRADICT),
	R_FIELD(RULE_ZERO_WITH_CODE, "active", ANOMALY_FIELDS_CONTRADICT),
	R_FIELD(RULE_ZERO_WITH_CODE, "ipv4", ANOMALY_FIELDS_CONTRADICT),
	R_FIELD(RULE_ZERO_WITH_CODE, "ipv6", ANOMALY_FIELDS_CONTRADICT),
	R_FIELDS(RULE_NOT_BOTH, "state", "active", ANOMALY_FIELDS_CONTRADICT),
	R_END
};

/* Types of which nothing but the name was published. */
#define BARE(t, n, words, r, f) \
	{ .type = (t), .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN, .name = (n), \
	  .title = (words), .rfc = (r), .tail = ICMP_TAIL_DATA, .flags = ICMP_NO_LAYOUT | (f) }
#define RESERVED(t) \
	BARE(t, "reserved_for_robustness_experiment", \
	    "Reserved (for Robustness Experiment)", "1700", ICMP_CODE_IS_DATA)
#define MOBILITY(len, numbers, list, test) \
	.type = 41, .code = ICMP_ANY_CODE, .min_len = (len), .fits = (test), \
	.name = "experimental_mobility", \
	.title = "ICMP messages utilized by experimental mobility protocols such as Seamoby", \
	.rfc = (numbers), .fields = (list), .flags = ICMP_CODE_IS_DATA
#define WITHDRAWN(t, n, words) \
	BARE(t, n, words, "6918", ICMP_CODE_IS_DATA | ICMP_DEPRECATED)

const struct icmp_type icmp4_types[] = {
	{ .type = 0, .code = ICMP_ANY_CODE, .min_len = 8, .name = "echo_reply",
	  .title = "Echo Reply", .rfc = "792", .codes = no_code, .fields = id_and_seq,
	  .role = ICMP_REPLY, .counterpart = 8, .family = "echo", .tail = ICMP_TAIL_DATA,
	  .flags = ICMP_TO_ONE },
	{ .type = 3, .code = ICMP_ANY_CODE, .min_len = 8, .name = "destination_unreachable",
	  .title = "Destination Unreachable", .rfc = "792, 1122 3.2.2.1, 1812 5.2.7.1, 4884 4.1",
	  .codes = unreachable_codes, .fields = unreachable,
	  .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE, .length_unit = 4,
	  .rules = unreachable_rules },
	{ .type = 3, .code = 4, .min_len = 8, .name = "destination_unreachable",
	  .title = "Destination Unreachable", .rfc = "792, 1191 4, 4884 4.1",
	  .codes = unreachable_codes, .fields = fragmentation_needed,
	  .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE, .length_unit = 4,
	  .rules = fragmentation_rules },
	{ .type = 4, .code = ICMP_ANY_CODE, .min_len = 8, .name = "source_quench",
	  .title = "Source Quench (Deprecated)", .rfc = "792, 6633", .codes = no_code,
	  .fields = unused_32, .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE,
	  .flags = ICMP_DEPRECATED },
	{ .type = 5, .code = ICMP_ANY_CODE, .min_len = 8, .name = "redirect",
	  .title = "Redirect", .rfc = "792, 1122 3.2.2.2", .codes = redirect_codes,
	  .fields = redirect, .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE,
	  .rules = redirect_rules },
	{ .type = 6, .code = ICMP_ANY_CODE, .min_len = ICMP_HEADER_LEN,
	  .name = "alternate_host_address", .title = "Alternate Host Address (Deprecated)",
	  .rfc = "6918", .codes = alternate_codes, .tail = ICMP_TAIL_DATA,
	  .flags = ICMP_DEPRECATED | ICMP_NO_LAYOUT },
	{ .type = 8, .code = ICMP_ANY_CODE, .min_len = 8, .name = "echo_request",
	  .title = "Echo", .rfc = "792", .codes = no_code, .fields = id_and_seq,
	  .role = ICMP_REQUEST, .counterpart = 0, .family = "echo", .tail = ICMP_TAIL_DATA,
	  .flags = ICMP_TO_ONE },
	{ .type = 9, .code = ICMP_ANY_CODE, .min_len = 8, .name = "router_advertisement",
	  .title = "Router Advertisement", .rfc = "1256 3.1, 5944 2.1",
	  .codes = advertisement_codes, .fields = router_advertisement,
	  .role = ICMP_REPLY, .counterpart = 10, .family = "router", .tail = ICMP_TAIL_LISTS,
	  .lists = { &router_entries, &mobile_extensions }, .count_of = 1, .size_of = 2,
	  .flags = ICMP_TTL_1_TO_GROUP, .rules = router_rules },
	{ .type = 10, .code = ICMP_ANY_CODE, .min_len = 8, .name = "router_solicitation",
	  .title = "Router Solicitation", .rfc = "1256 3.2", .codes = no_code,
	  .fields = unused_32, .role = ICMP_REQUEST, .counterpart = 9, .family = "router",
	  .flags = ICMP_TTL_1_TO_GROUP | ICMP_FROM_NOBODY },
	{ .type = 11, .code = ICMP_ANY_CODE, .min_len = 8, .name = "time_exceeded",
	  .title = "Time Exceeded", .rfc = "792, 4884 4.2", .codes = time_codes,
	  .fields = unreachable, .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE, .length_unit = 4,
	  .rules = icmp_time_exceeded_rules },
	{ .type = 12, .code = ICMP_ANY_CODE, .min_len = 8, .name = "parameter_problem",
	  .title = "Parameter Problem", .rfc = "792, 1108, 4884 4.3", .codes = parameter_codes,
	  .fields = parameter_problem, .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE,
	  .length_unit = 4,
	  .rules = parameter_rules },
	{ .type = 13, .code = ICMP_ANY_CODE, .min_len = 20, .name = "timestamp",
	  .title = "Timestamp", .rfc = "792", .codes = no_code, .fields = timestamp,
	  .role = ICMP_REQUEST, .counterpart = 14, .family = "timestamp",
	  .flags = ICMP_TO_ONE },
	{ .type = 14, .code = ICMP_ANY_CODE, .min_len = 20, .name = "timestamp_reply",
	  .title = "Timestamp Reply", .rfc = "792", .codes = no_code, .fields = timestamp,
	  .role = ICMP_REPLY, .counterpart = 13, .family = "timestamp",
	  .flags = ICMP_TO_ONE },
	{ .type = 15, .code = ICMP_ANY_CODE, .min_len = 8, .name = "information_request",
	  .title = "Information Request (Deprecated)", .rfc = "792, 6918", .codes = no_code,
	  .fields = id_and_seq, .role = ICMP_REQUEST, .counterpart = 16,
	  .family = "information", .flags = ICMP_DEPRECATED | ICMP_FROM_NOBODY },
	{ .type = 16, .code = ICMP_ANY_CODE, .min_len = 8, .name = "information_reply",
	  .title = "Information Reply (Deprecated)", .rfc = "792, 6918", .codes = no_code,
	  .fields = id_and_seq, .role = ICMP_REPLY, .counterpart = 15,
	  .family = "information", .flags = ICMP_DEPRECATED },
	{ .type = 17, .code = ICMP_ANY_CODE, .min_len = 12, .name = "address_mask_request",
	  .title = "Address Mask Request (Deprecated)", .rfc = "950, 6918", .codes = no_code,
	  .fields = address_mask, .role = ICMP_REQUEST, .counterpart = 18,
	  .family = "address_mask", .flags = ICMP_DEPRECATED | ICMP_FROM_NOBODY },
	{ .type = 18, .code = ICMP_ANY_CODE, .min_len = 12, .name = "address_mask_reply",
	  .title = "Address Mask Reply (Deprecated)", .rfc = "950, 6918", .codes = no_code,
	  .fields = address_mask, .role = ICMP_REPLY, .counterpart = 17,
	  .family = "address_mask", .flags = ICMP_DEPRECATED },
	BARE(19, "reserved_for_security", "Reserved (for Security)", "1700",
	    ICMP_CODE_IS_DATA),
	RESERVED(20), RESERVED(21), RESERVED(22), RESERVED(23), RESERVED(24),
	RESERVED(25), RESERVED(26), RESERVED(27), RESERVED(28), RESERVED(29),
	{ .type = 30, .code = ICMP_ANY_CODE, .min_len = 20, .name = "traceroute",
	  .title = "Traceroute (Deprecated)", .rfc = "1393, 6918", .codes = traceroute_codes,
	  .fields = traceroute, .flags = ICMP_DEPRECATED },
	{ .type = 31, .code = ICMP_ANY_CODE, .min_len = 8, .name = "datagram_conversion_error",
	  .title = "Datagram Conversion Error (Deprecated)", .rfc = "1475, 6918",
	  .codes = conversion_codes, .fields = conversion_error, .role = ICMP_ERROR,
	  .tail = ICMP_TAIL_QUOTE, .flags = ICMP_DEPRECATED },
	WITHDRAWN(32, "mobile_host_redirect", "Mobile Host Redirect (Deprecated)"),
	WITHDRAWN(33, "ipv6_where_are_you", "IPv6 Where-Are-You (Deprecated)"),
	WITHDRAWN(34, "ipv6_i_am_here", "IPv6 I-Am-Here (Deprecated)"),
	WITHDRAWN(35, "mobile_registration_request", "Mobile Registration Request (Deprecated)"),
	WITHDRAWN(36, "mobile_registration_reply", "Mobile Registration Reply (Deprecated)"),
	{ .type = 37, .code = ICMP_ANY_CODE, .min_len = 8, .name = "domain_name_request",
	  .title = "Domain Name Request (Deprecated)", .rfc = "1788, 6918", .codes = no_code,
	  .fields = id_and_seq, .role = ICMP_REQUEST, .counterpart = 38,
	  .family = "domain_name", .flags = ICMP_DEPRECATED },
	{ .type = 38, .code = ICMP_ANY_CODE, .min_len = 12, .name = "domain_name_reply",
	  .title = "Domain Name Reply (Deprecated)", .rfc = "1788, 6918", .codes = no_code,
	  .fields = domain_name_reply, .role = ICMP_REPLY, .counterpart = 37,
	  .family = "domain_name", .flags = ICMP_DEPRECATED },
	WITHDRAWN(39, "skip", "SKIP (Deprecated)"),
	{ .type = 40, .code = ICMP_ANY_CODE, .min_len = 8, .name = "photuris",
	  .title = "Photuris", .rfc = "2521", .codes = photuris_codes, .fields = photuris,
	  .role = ICMP_ERROR, .tail = ICMP_TAIL_QUOTE },
	{ MOBILITY(8, "4065", mobility_fields, NULL), .tail = ICMP_TAIL_DATA },
	{ MOBILITY(8, "4066 5.1.1", mobility_fields, mobility_is_card),
	  .tail = ICMP_TAIL_LISTS, .lists = { &card_options } },
	{ MOBILITY(12, "4067 2.5.1", cxtp_request_fields, mobility_is_cxtp_request) },
	{ MOBILITY(12, "4067 2.5.2", cxtp_acknowledge_fields, mobility_is_cxtp_acknowledge) },
	{ MOBILITY(12, "4067 2.5", cxtp_fields, mobility_is_other_cxtp), .tail = ICMP_TAIL_DATA },
	{ .type = 42, .code = ICMP_ANY_CODE, .min_len = 8, .name = "extended_echo_request",
	  .title = "Extended Echo Request", .rfc = "8335 2", .codes = icmp_extended_echo_codes,
	  .fields = icmp_extended_echo_fields, .role = ICMP_REQUEST, .counterpart = 43,
	  .family = "extended_echo", .tail = ICMP_TAIL_EXTENSION,
	  .flags = ICMP_TO_ONE, .rules = icmp_extended_echo_rules },
	{ .type = 43, .code = ICMP_ANY_CODE, .min_len = 8, .name = "extended_echo_reply",
	  .title = "Extended Echo Reply", .rfc = "8335 3", .codes = icmp_extended_reply_codes,
	  .fields = icmp_extended_reply_fields, .role = ICMP_REPLY, .counterpart = 42,
	  .family = "extended_echo", .tail = ICMP_TAIL_EXTENSION,
	  .flags = ICMP_TO_ONE, .rules = icmp_extended_reply_rules },
	BARE(253, "rfc3692_style_experiment_1", "RFC3692-style Experiment 1", "4727, 6745",
	    ICMP_CODE_IS_DATA),
	{ .type = 253, .code = ICMP_ANY_CODE, .min_len = 8, .fits = locator_is_update_4,
	  .name = "rfc3692_style_experiment_1", .title = "ILNPv4 Locator Update Message",
	  .rfc = "6745 2", .fields = locator_update_4_fields, .flags = ICMP_CODE_IS_DATA },
	BARE(254, "rfc3692_style_experiment_2", "RFC3692-style Experiment 2", "4727",
	    ICMP_CODE_IS_DATA),
	BARE(255, "reserved", "Reserved", "1700", ICMP_CODE_IS_DATA),
	{ .name = NULL }
};
/* clang-format on */

const uint32_t icmp4_type_count = sizeof(icmp4_types) / sizeof(icmp4_types[0]) - 1;
