/*
 * THE table of Neighbor Discovery options (RFC 4861 4.6 and IANA's registry
 * "IPv6 Neighbor Discovery Option Formats"), and of what some have inside.
 */
#include "decoders/nd_option.h"

#include "decoders/mobility.h"
#include "decoders/record.h"

/* clang-format off */

/* RFC 4191 2.1 */
const struct name nd_preferences[] = {
	{ 0, "medium" }, { 1, "high" }, { 2, "reserved" }, { 3, "low" }, { 0, NULL }
};
/* RFC 3971 6.4.3, RFC 6495 */
static const struct name trust_anchor_types[] = {
	{ 1, "der_encoded_x501_name" }, { 2, "fqdn" }, { 3, "sha1_ski" }, { 4, "sha224_ski" },
	{ 5, "sha256_ski" }, { 6, "sha384_ski" }, { 7, "sha512_ski" }, { 0, NULL }
};
static const struct name certificate_types[] = { { 1, "x509v3" }, { 0, NULL } };
/* RFC 5568 6.4.1 */
static const struct name address_codes[] = {
	{ 1, "old_care_of_address" }, { 2, "new_care_of_address" }, { 3, "nar_ip_address" },
	{ 4, "nar_prefix" }, { 0, NULL }
};
/* RFC 5568 6.4.3 */
static const struct name link_layer_codes[] = {
	{ 0, "wildcard" }, { 1, "new_access_point" }, { 2, "mobile_node" },
	{ 3, "new_access_router" }, { 4, "source" }, { 5, "this_router" },
	{ 6, "no_prefix_information" }, { 7, "no_fast_handover" }, { 0, NULL }
};
/* RFC 5568 6.4.6 */
static const struct name acknowledgment_statuses[] = {
	{ 1, "new_care_of_address_invalid_perform_address_configuration" },
	{ 2, "new_care_of_address_invalid_use_the_supplied" },
	{ 3, "new_care_of_address_invalid_use_nar_ip_address" },
	{ 4, "previous_care_of_address_supplied" },
	{ 128, "link_layer_address_unrecognized" },
	{ 0, NULL }
};
/* RFC 5271 6.1, 6.2 */
static const struct name assist_codes[] = {
	{ 1, "access_network_identifier" }, { 2, "sector_id" }, { 0, NULL }
};
static const struct name node_identifier_codes[] = {
	{ 1, "nai" }, { 2, "imsi" }, { 0, NULL }
};
/* RFC 8928 8.2 */
static const struct name crypto_types[] = {
	{ 0, "ecdsa256" }, { 1, "ed25519" }, { 2, "ecdsa25519" }, { 0, NULL }
};
/* RFC 9685 14.1, RFC 9926 7.1 */
const struct name nd_registered_address_types[] = {
	{ 0, "unicast" }, { 1, "multicast" }, { 2, "anycast" }, { 3, "unicast_prefix" },
	{ 0, NULL }
};
/* RFC 6775 4.1, RFC 8505 4.1, RFC 9685 14.7 */
const struct name nd_registration_statuses[] = {
	{ 0, "success" }, { 1, "duplicate_address" }, { 2, "neighbor_cache_full" },
	{ 3, "moved" }, { 4, "removed" }, { 5, "validation_requested" },
	{ 6, "duplicate_source_address" }, { 7, "invalid_source_address" },
	{ 8, "registered_address_topologically_incorrect" }, { 9, "registry_saturated" },
	{ 10, "validation_failed" }, { 11, "registration_refresh_request" },
	{ 12, "invalid_registration" }, { 0, NULL }
};
/* RFC 8781 4 */
static bool
prefix_length(uint64_t code, uint64_t *out)
{
	static const uint8_t lengths[] = { 96, 64, 56, 48, 40, 32 };

	if (code >= sizeof(lengths))
		return false;
	*out = lengths[code];
	return true;
}

static bool
eight_seconds(uint64_t scaled, uint64_t *out)
{
	*out = scaled * 8;
	return true;
}

static const struct field_meaning prefix_length_meaning = { "prefix_length", NULL, prefix_length };
static const struct field_meaning lifetime_meaning = { "lifetime", "s", eight_seconds };

/* RFC 4861 4.6.2 and 4.6.4, RFC 4191 2.1 */
const struct band nd_prefix_bands[] = {
	{ 129, 255, ANOMALY_VALUE_OUT_OF_RANGE }, BAND_END
};
static const struct band mtu_bands[] = { { 0, 1279, ANOMALY_BAD_MTU }, BAND_END };
const struct band nd_preference_bands[] = { { 2, 2, ANOMALY_VALUE_OUT_OF_RANGE }, BAND_END };

static const struct field link_layer_address[] = {
	F_REST("link_layer_address", FIELD_LINK_ADDRESS, 2), F_END
};
static const struct field prefix_information[] = {
	F_ODD("prefix_length", 16, 8, "bits", nd_prefix_bands),
	F_FLAG("on_link", 24),
	F_FLAG("autonomous", 25),
	F_FLAG("router_address", 26),
	F_FLAG("dhcpv6_pd_preferred", 27), /* RFC 9762 */
	F_UNUSED(28, 4),
	F_U32_IN("valid_lifetime", 4, "s"),
	{ .name = "preferred_lifetime", .kind = FIELD_UINT, .bit = 64, .bits = 32, .unit = "s",
	  RULE(.most_of = 7) },
	F_UNUSED(96, 32),
	F_IP6("prefix", 16),
	F_END
};
static const struct field redirected_header[] = {
	F_UNUSED(16, 48), F_REST("ip_header_and_data", FIELD_BYTES, 8), F_END
};
static const struct field mtu[] = { F_UNUSED(16, 16), F_ODD("mtu", 32, 32, "octets", mtu_bands), F_END };
static const struct field nbma_shortcut_limit[] = {
	F_U8("shortcut_limit", 2), F_UNUSED(24, 40), F_END
};
static const struct field advertisement_interval[] = {
	F_UNUSED(16, 16), F_U32_IN("advertisement_interval", 4, "ms"), F_END
};
static const struct field home_agent_information[] = {
	F_FLAG("mobile_router", 16), /* RFC 3963 */
	F_UNUSED(17, 15),
	F_U16("home_agent_preference", 4),
	F_U16_IN("home_agent_lifetime", 6, "s"),
	F_END
};
static const struct field address_list[] = {
	F_UNUSED(16, 48), F_REST("addresses", FIELD_IP6_LIST, 8), F_END
};
static const struct field cga[] = {
	F_U8_IN("pad_length", 2, "octets"),
	F_UNUSED(24, 8),
	F_BYTES("modifier", 4, 16),
	F_BYTES("subnet_prefix", 20, 8),
	F_U8("collision_count", 28),
	F_RULED("public_key", FIELD_DER, .spare_of = 1),
	F_RULED("extensions", FIELD_RECORDS, .spare_of = 1, .list = &cga_extensions),
	F_END
};
static const struct field signature[] = {
	F_UNUSED(16, 16), F_BYTES("key_hash", 4, 16),
	F_REST("digital_signature", FIELD_BYTES, 20), F_END
};
static const struct field timestamp[] = {
	F_UNUSED(16, 48),
	{ .name = "timestamp", .kind = FIELD_UINT, .bit = 64, .bits = 48, .unit = "s since 1970" },
	F_U16_IN("timestamp_fraction", 14, "1/65536 s"),
	F_END
};
static const struct field nonce[] = { F_REST("nonce", FIELD_BYTES, 2), F_END };
static const struct field trust_anchor[] = {
	F_ENUM("name_type", 16, 8, trust_anchor_types),
	F_U8_IN("pad_length", 3, "octets"),
	F_RULED("trust_anchor", FIELD_BYTES, WHEN_IN(1, 0, 1), .spare_of = 2),
	F_RULED("trust_anchor", FIELD_DNS_NAME, WHEN(1, 2), .spare_of = 2),
	F_RULED("trust_anchor", FIELD_BYTES, WHEN_IN(1, 3, UINT8_MAX), .spare_of = 2),
	F_END
};
static const struct field certificate[] = {
	F_ENUM("certificate_type", 16, 8, certificate_types), F_UNUSED(24, 8),
	F_REST("certificate", FIELD_DER, 4), F_END
};
static const struct field address_prefix[] = {
	F_ENUM("option_code", 16, 8, address_codes), F_U8_IN("prefix_length", 3, "bits"), F_UNUSED(32, 32),
	F_IP6("address", 8), F_END
};
static const struct field new_router_prefix[] = {
	F_U8("option_code", 2), F_U8_IN("prefix_length", 3, "bits"), F_UNUSED(32, 32),
	F_IP6("prefix", 8), F_END
};
static const struct field coded_link_layer_address[] = {
	F_ENUM("option_code", 16, 8, link_layer_codes),
	F_REST("link_layer_address", FIELD_LINK_ADDRESS, 3), F_END
};
static const struct field advertisement_ack[] = {
	F_U8("option_code", 2), F_ENUM("status", 24, 8, acknowledgment_statuses),
	F_UNUSED(32, 32),
	F_REST("new_care_of_addresses", FIELD_IP6_LIST, 8), F_END
};
/* RFC 8801 3.1: with the R flag a Router Advertisement's header comes before the options. */
#define IF_RA_HEADER WHEN(3, 1)
static const struct field pvd_id[] = {
	F_FLAG("http", 16),
	F_FLAG("legacy", 17),
	F_FLAG("ra_header", 18),
	F_UNUSED(19, 9),
	F_BITS("delay", 28, 4),
	F_U16("sequence_number", 4),
	F_AFTER("pvd_id", FIELD_DNS_NAME),
	F_RULED("padding", FIELD_PADDING, .item_len = 8),
	F_THEN("ra_type_and_checksum", FIELD_SELECTOR, 32, IF_RA_HEADER),
	F_THEN("cur_hop_limit", FIELD_UINT, 8, IF_RA_HEADER),
	F_THEN("managed", FIELD_FLAG, 1, IF_RA_HEADER),
	F_THEN("other_config", FIELD_FLAG, 1, IF_RA_HEADER),
	F_THEN("home_agent", FIELD_FLAG, 1, IF_RA_HEADER),
	{ .name = "preference", .kind = FIELD_ENUM, .bit = FIELD_AFTER, .bits = 2,
	  .names = nd_preferences, RULE(IF_RA_HEADER) },
	F_THEN("proxy", FIELD_FLAG, 1, IF_RA_HEADER),
	F_THEN("snac_router", FIELD_FLAG, 1, IF_RA_HEADER),
	F_THEN("unused", FIELD_UNUSED, 1, IF_RA_HEADER),
	{ .name = "router_lifetime", .kind = FIELD_UINT, .bit = FIELD_AFTER, .bits = 16,
	  .unit = "s", RULE(IF_RA_HEADER) },
	{ .name = "reachable_time", .kind = FIELD_UINT, .bit = FIELD_AFTER, .bits = 32,
	  .unit = "ms", RULE(IF_RA_HEADER) },
	{ .name = "retrans_timer", .kind = FIELD_UINT, .bit = FIELD_AFTER, .bits = 32,
	  .unit = "ms", RULE(IF_RA_HEADER) },
	F_RULED("options", FIELD_RECORDS, .list = &nd_options),
	F_END
};
static const struct field map[] = {
	F_BITS("distance", 16, 4),
	F_BITS("preference", 20, 4),
	F_FLAG("regional_care_of_address", 24),
	F_UNUSED(25, 7),
	F_U32_IN("valid_lifetime", 4, "s"),
	F_IP6("global_address", 8),
	F_END
};
const struct field nd_route_information[] = {
	F_ODD("prefix_length", 16, 8, "bits", nd_prefix_bands),
	F_UNUSED(24, 3),
	{ .name = "preference", .kind = FIELD_ENUM, .bit = 27, .bits = 2, .names = nd_preferences,
	  .odd = nd_preference_bands },
	F_UNUSED(29, 3),
	F_U32_IN("route_lifetime", 4, "s"),
	{ .name = "prefix", .kind = FIELD_IP6_PREFIX, .bit = 64, RULE(.bits_of = 1) },
	F_END
};
static const struct field recursive_dns_server[] = {
	F_UNUSED(16, 16), F_U32_IN("lifetime", 4, "s"),
	F_REST("addresses", FIELD_IP6_LIST, 8), F_END
};
/* RFC 5175 4 has it grow when 48 flags are not enough. */
static const struct field flags_extension[] = { F_REST("flags", FIELD_BYTES, 2), F_END };
static const struct field handover_key_request[] = {
	F_U8_IN("pad_length", 2, "octets"), F_BITS("algorithm_type", 24, 4), F_UNUSED(28, 4),
	F_RULED("handover_key_encryption_public_key", FIELD_BYTES, .spare_of = 1), F_END
};
static const struct field handover_key_reply[] = {
	F_U8_IN("pad_length", 2, "octets"), F_BITS("algorithm_type", 24, 4), F_UNUSED(28, 4),
	F_U16_IN("key_lifetime", 4, "s"),
	F_RULED("encrypted_handover_key", FIELD_BYTES, .spare_of = 1), F_END
};
static const struct field handover_assist[] = {
	F_ENUM("option_code", 16, 8, assist_codes), F_U8_IN("value_length", 3, "octets"),
	F_COUNTED("value", FIELD_BYTES, 4, 2), F_END
};
static const struct field node_identifier[] = {
	F_ENUM("option_code", 16, 8, node_identifier_codes), F_U8_IN("value_length", 3, "octets"),
	F_COUNTED("value", FIELD_BYTES, 4, 2), F_END
};
static const struct field dns_search_list[] = {
	F_UNUSED(16, 16), F_U32_IN("lifetime", 4, "s"),
	F_REST("domain_names", FIELD_DNS_NAMES, 8), F_END
};
/*
 * Who registers a prefix puts its length where the answer has the status
 * (RFC 9926 7.2); which of the two it is, only the message tells.
 */
static const struct field address_registration[] = {
	F_ENUM("address_type", 34, 2, nd_registered_address_types), /* the P-Field of RFC 9685 7.1 */
	{ .name = "unused", .kind = FIELD_UNUSED, .bit = 16, .bits = 2, RULE(WHEN_IN(1, 0, 2)) },
	{ .name = "status", .kind = FIELD_ENUM, .bit = 18, .bits = 6, /* RFC 9010 12.2 */
	  .names = nd_registration_statuses, RULE(WHEN_IN(1, 0, 2)) },
	{ .name = "status_or_prefix_length", .kind = FIELD_UINT, .bit = 16, .bits = 8,
	  RULE(WHEN(1, 3)) },
	F_U8("opaque", 3),
	F_UNUSED(32, 1),
	F_FLAG("crypto_id", 33),       /* C of RFC 8928, where RFC 9927 3 put it */
	F_BITS("opaque_kind", 36, 2),  /* the I field of RFC 8505 4.1 */
	F_FLAG("routing_registrar", 38),
	F_FLAG("transaction_id_present", 39),
	F_U8("transaction_id", 5),
	F_U16_IN("registration_lifetime", 6, "60 s"),
	F_REST("registration_ownership_verifier", FIELD_BYTES, 8),
	F_END
};
static const struct field lowpan_context[] = {
	F_ODD("context_length", 16, 8, "bits", nd_prefix_bands),
	F_UNUSED(24, 3),
	F_FLAG("compression", 27),
	F_BITS("context_id", 28, 4),
	F_UNUSED(32, 16),
	F_U16_IN("valid_lifetime", 6, "60 s"),
	{ .name = "context_prefix", .kind = FIELD_IP6_PREFIX, .bit = 64, RULE(.bits_of = 1) },
	F_END
};
static const struct field border_router[] = {
	F_U16("version_low", 2), F_U16("version_high", 4), F_U16_IN("valid_lifetime", 6, "60 s"),
	F_IP6("border_router", 8), F_END
};
static const struct field lowpan_capability[] = {
	F_BITS("experimental", 16, 8), /* RFC 7400 3.4 */
	F_FLAG("multicast_and_anycast_registration", 24), /* X of RFC 9685 5 */
	F_FLAG("authenticated_registration", 25), /* A of RFC 8928 */
	F_FLAG("extended_duplicate_address", 26), /* D to E of RFC 8505 */
	F_FLAG("lowpan_router", 27),
	F_FLAG("border_router", 28),
	F_FLAG("routing_registrar", 29),
	F_FLAG("extended_registration", 30),
	F_FLAG("generic_header_compression", 31), /* G of RFC 7400 */
	F_FLAG("prefix_registration", 32), /* F of RFC 9926 5 */
	F_UNUSED(33, 31),
	F_REST("unassigned", FIELD_PADDING, 8), /* the option may grow: RFC 7400 3.4 */
	F_END
};
static const struct field captive_portal[] = { F_REST("uri", FIELD_TEXT, 2), F_END };
static const struct field pref64[] = {
	F_MEANS("scaled_lifetime", 16, 13, lifetime_meaning),
	F_MEANS("prefix_length_code", 29, 3, prefix_length_meaning),
	{ .name = "prefix", .kind = FIELD_IP6_PREFIX, .bit = 32, .bits = 96 },
	F_END
};
static const struct field crypto_id[] = {
	F_UNUSED(16, 5),
	F_BITS("public_key_length", 21, 11),
	F_ENUM("crypto_type", 32, 8, crypto_types),
	F_U8("modifier", 5),
	F_U8("earo_length", 6),
	F_COUNTED("public_key", FIELD_BYTES, 7, 2),
	F_END
};
static const struct field ndp_signature[] = {
	F_UNUSED(16, 5), F_BITS("digital_signature_length", 21, 11), F_UNUSED(32, 32),
	F_COUNTED("digital_signature", FIELD_BYTES, 8, 2), F_END
};
static const struct field resource_directory[] = {
	F_UNUSED(16, 16), F_U32_IN("valid_lifetime", 4, "s"), F_IP6("address", 8), F_END
};
/* RFC 9463 6.1: in ADN-only mode nothing, or only padding, follows the name. */
static const struct field encrypted_dns[] = {
	F_U16("service_priority", 2),
	F_U32_IN("lifetime", 4, "s"),
	F_U16_IN("adn_length", 8, "octets"),
	F_COUNTED("authentication_domain_name", FIELD_DNS_NAME, 10, 3),
	{ .name = "addr_length", .kind = FIELD_UINT, .bit = FIELD_AFTER, .bits = 16,
	  .unit = "octets", RULE(.may_end = true) },
	F_RULED("addresses", FIELD_IP6_LIST, .octets_of = 5),
	{ .name = "svc_params_length", .kind = FIELD_UINT, .bit = FIELD_AFTER, .bits = 16,
	  .unit = "octets", RULE(.may_end = true) },
	F_RULED("service_parameters", FIELD_RECORDS, .octets_of = 7, .list = &service_parameters),
	F_END
};
/* RFC 9685 10: the time is the mantissa times 2 to the exponent, in ms. */
static const struct field consistent_uptime[] = {
	F_BITS("uptime_exponent", 16, 6),
	F_BITS("uptime_mantissa", 22, 10),
	F_FLAG("sleeps", 32),
	F_FLAG("has_peer_nssi", 33),
	F_UNUSED(34, 6),
	F_BITS("nssi", 40, 12),
	F_BITS("peer_nssi", 52, 12),
	F_END
};
static const struct field data[] = { F_REST("data", FIELD_BYTES, 2), F_END };

static const struct record_type rows[] = {
	{   1,  8,  0, "source_link_layer_address", "4861 4.6.1", link_layer_address, NULL },
	{   2,  8,  0, "target_link_layer_address", "4861 4.6.1", link_layer_address, NULL },
	{   3, 32, 32, "prefix_information", "4861 4.6.2", prefix_information, NULL },
	{   4,  8,  0, "redirected_header", "4861 4.6.3", redirected_header, NULL },
	{   5,  8,  8, "mtu", "4861 4.6.4", mtu, NULL },
	{   6,  8,  8, "nbma_shortcut_limit", "2491", nbma_shortcut_limit, NULL },
	{   7,  8,  8, "advertisement_interval", "6275 7.3", advertisement_interval, NULL },
	{   8,  8,  8, "home_agent_information", "6275 7.4", home_agent_information, NULL },
	{   9, 24,  0, "source_address_list", "3122 3.1", address_list, NULL },
	{  10, 24,  0, "target_address_list", "3122 3.1", address_list, NULL },
	{  11, 32,  0, "cga", "3971 5.1", cga, NULL },
	{  12, 24,  0, "rsa_signature", "3971 5.2", signature, NULL },
	{  13, 16, 16, "timestamp", "3971 5.3.1", timestamp, NULL },
	{  14,  8,  0, "nonce", "3971 5.3.2", nonce, NULL },
	{  15,  8,  0, "trust_anchor", "3971 6.4.3", trust_anchor, NULL },
	{  16,  8,  0, "certificate", "3971 6.4.4", certificate, NULL },
	{  17, 24, 24, "ip_address_prefix", "5568 6.4.1", address_prefix, NULL },
	{  18, 24, 24, "new_router_prefix_information", "4068", new_router_prefix, NULL },
	{  19,  8,  0, "link_layer_address", "5568 6.4.3", coded_link_layer_address, NULL },
	{  20,  8, 24, "neighbor_advertisement_acknowledgment", "5568 6.4.6",
	   advertisement_ack, NULL },
	{  21,  8,  0, "pvd_id_router_advertisement", "8801 3.1", pvd_id, NULL },
	{  23, 24, 24, "map", "5380", map, NULL },
	{  24,  8, 24, "route_information", "4191 2.3", nd_route_information, NULL },
	{  25, 24,  0, "recursive_dns_server", "8106 5.1", recursive_dns_server, NULL },
	{  26,  8,  0, "ra_flags_extension", "5175 4", flags_extension, NULL },
	{  27,  8,  0, "handover_key_request", "5269", handover_key_request, NULL },
	{  28,  8,  0, "handover_key_reply", "5269", handover_key_reply, NULL },
	{  29,  8,  0, "handover_assist_information", "5271 6.1", handover_assist, NULL },
	{  30,  8,  0, "mobile_node_identifier", "5271 6.2", node_identifier, NULL },
	{  31, 16,  0, "dns_search_list", "8106 5.2", dns_search_list, NULL },
	{  32, 24,  0, "proxy_signature", "6496", signature, NULL },
	{  33, 16, 40, "address_registration", "8505 4.1, 9685 7.1, 9926 7.2", address_registration, NULL },
	{  34, 16, 24, "6lowpan_context", "6775 4.2", lowpan_context, NULL },
	{  35, 24, 24, "authoritative_border_router", "6775 4.3", border_router, NULL },
	{  36,  8,  0, "6lowpan_capability_indication", "7400 3.4, 8505 4.3", lowpan_capability, NULL },
	{  37,  8,  0, "dhcp_captive_portal", "8910 2.3", captive_portal, NULL },
	{  38, 16, 16, "pref64", "8781 4", pref64, NULL },
	{  39,  8,  0, "crypto_id_parameters", "8928 4.3", crypto_id, NULL },
	{  40,  8,  0, "ndp_signature", "8928 4.4", ndp_signature, NULL },
	{  41, 24, 24, "resource_directory_address", "9176", resource_directory, NULL },
	{  42,  8,  8, "consistent_uptime", "9685 10", consistent_uptime, NULL },
	{ 138,  8,  0, "card_request", "4066 5.1.2.1", card_request_fields, NULL },
	{ 139,  8,  0, "card_reply", "4066 5.1.2.2", card_reply_fields, NULL },
	{ 144, 16,  0, "encrypted_dns", "9463 6.1", encrypted_dns, NULL },
	{ 253,  8,  0, "rfc3692_style_experiment_1", "4727", data, NULL },
	{ 254,  8,  0, "rfc3692_style_experiment_2", "4727", data, NULL },
	{ .name = NULL }
};

static const struct field extension_data[] = { F_REST("data", FIELD_BYTES, 4), F_END };
static const struct record_type cga_rows[] = {
	{ 0x0012, 4, 0, "multi_prefix", "5535 4", extension_data, NULL },
	{ 0xfffd, 4, 0, "exp_fffd", "4581 3", extension_data, NULL },
	{ 0xfffe, 4, 0, "exp_fffe", "4581 3", extension_data, NULL },
	{ 0xffff, 4, 0, "exp_ffff", "4581 3", extension_data, NULL },
	{ .name = NULL }
};

static const struct field mandatory_keys[] = {
	{ .name = "keys", .kind = FIELD_NUMBERS, .bit = 32, RULE(.item_len = 2) }, F_END
};
static const struct field alpn_id[] = { F_REST("id", FIELD_TEXT, 1), F_END };
static const struct record_type alpn_rows[] = {
	{ 0, 1, 0, "alpn_id", "9460 7.1", alpn_id, NULL },
	{ .name = NULL }
};
const struct list_type alpn_ids = {
	.key = "alpn_ids",
	.name = "ALPN protocol",
	.word = "alpn",
	.types = alpn_rows,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .length_len = 1, .unit = 1, .uncounted = 1 },
};

static const struct field alpn[] = { F_RECORDS("alpn_ids", 4, alpn_ids), F_END };
static const struct field port[] = { F_U16("port", 4), F_END };
static const struct field ipv4_hint[] = { F_REST("addresses", FIELD_IP4_LIST, 4), F_END };
static const struct field ipv6_hint[] = { F_REST("addresses", FIELD_IP6_LIST, 4), F_END };
static const struct field ech[] = { F_REST("ech_config_list", FIELD_BYTES, 4), F_END };
static const struct field dohpath[] = { F_REST("dohpath", FIELD_TEXT, 4), F_END };

/* RFC 9460 14.3.2 */
static const struct record_type parameter_rows[] = {
	{ 0, 4, 0, "mandatory", "9460 8", mandatory_keys, NULL },
	{ 1, 4, 0, "alpn", "9460 7.1", alpn, NULL },
	{ 2, 4, 4, "no_default_alpn", "9460 7.1", NULL, NULL },
	{ 3, 6, 6, "port", "9460 7.2", port, NULL },
	{ 4, 8, 0, "ipv4hint", "9460 7.3", ipv4_hint, NULL },
	{ 5, 4, 0, "ech", "9460 14.3.2", ech, NULL },
	{ 6, 20, 0, "ipv6hint", "9460 7.3", ipv6_hint, NULL },
	{ 7, 4, 0, "dohpath", "9461 5", dohpath, NULL },
	{ 8, 4, 4, "ohttp", "9540 4", NULL, NULL },
	/* the registry's names; of their values only drafts and RFC 9953 tell */
	{ 9, 4, 0, "tls_supported_groups", "9460 14.3.2", extension_data, NULL },
	{ 10, 4, 0, "docpath", "9953", extension_data, NULL },
	{ 11, 4, 0, "pvd", "9460 14.3.2", extension_data, NULL },
	{ 12, 4, 0, "oots", "9460 14.3.2", extension_data, NULL },
	{ .name = NULL }
};
/* clang-format on */

/* RFC 4861 4.6: the length counts 8 octets, and zero is invalid. */
const struct list_type nd_options = {
	.key = "options",
	.name = "Neighbor Discovery option",
	.word = "nd",
	.types = rows,
	.is_typed = true,
	.header_len = 2,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 1, .length_at = 1, .length_len = 1, .unit = 8 },
};

/* RFC 4581 3 */
const struct list_type cga_extensions = {
	.key = "extensions",
	.name = "CGA extension",
	.word = "cga",
	.types = cga_rows,
	.is_typed = true,
	.header_len = 4,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 2, .length_at = 2, .length_len = 2, .unit = 1, .uncounted = 4 },
};

/* RFC 9460 2.2 */
const struct list_type service_parameters = {
	.key = "service_parameters",
	.name = "Service parameter",
	.word = "svc",
	.types = parameter_rows,
	.is_typed = true,
	.header_len = 4,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 2, .length_at = 2, .length_len = 2, .unit = 1, .uncounted = 4 },
};
