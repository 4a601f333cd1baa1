/*
 * THE table of Neighbor Discovery options (RFC 4861 4.6 and IANA's registry
 * "IPv6 Neighbor Discovery Option Formats"), and how they follow each other.
 * An option whose inside has a structure of its own is one field of octets.
 */
#include "decoders/record.h"

#define UNIT 8 /* RFC 4861 4.6: the length counts 8 octets, header included */

/* RFC 4861 4.6: a length of zero is invalid, and nothing behind it is safe. */
static bool
cut_option(struct list *list, uint32_t *type, struct cursor *bytes)
{
	struct cursor c = list->rest;
	uint32_t units;

	*type = cursor_u8(&c);
	units = cursor_u8(&c);
	if (c.status == DECODE_OK && units == 0)
		cursor_fail(&c, DECODE_MALFORMED);
	if (c.status != DECODE_OK)
		cursor_fail(&list->rest, c.status);
	*bytes = cursor_cut(&list->rest, units * UNIT);
	if (list->rest.status == DECODE_MALFORMED)
		anomalies_add(&list->anomalies, ANOMALY_BAD_OPTION_LENGTH);
	return list->rest.status == DECODE_OK;
}

/* clang-format off */

/* RFC 4191 2.1 */
static const struct name preferences[] = {
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
/* RFC 6775 4.1, RFC 8505 */
static const struct name registration_statuses[] = {
	{ 0, "success" }, { 1, "duplicate_address" }, { 2, "neighbor_cache_full" },
	{ 3, "moved" }, { 4, "removed" }, { 5, "validation_requested" },
	{ 6, "duplicate_source_address" }, { 7, "invalid_source_address" },
	{ 8, "registered_address_topologically_incorrect" }, { 9, "registry_saturated" },
	{ 10, "validation_failed" }, { 0, NULL }
};
/* RFC 8781 4 */
static const struct name prefix_lengths[] = {
	{ 0, "96" }, { 1, "64" }, { 2, "56" }, { 3, "48" }, { 4, "40" }, { 5, "32" }, { 0, NULL }
};

static const struct field link_layer_address[] = {
	F_REST("link_layer_address", FIELD_LINK_ADDRESS, 2), F_END
};
static const struct field prefix_information[] = {
	F_U8("prefix_length", 2),
	F_FLAG("on_link", 24),
	F_FLAG("autonomous", 25),
	F_FLAG("router_address", 26),
	F_FLAG("dhcpv6_pd_preferred", 27), /* RFC 9762 */
	F_UNUSED(28, 4),
	F_U32_IN("valid_lifetime", 4, "s"),
	F_U32_IN("preferred_lifetime", 8, "s"),
	F_UNUSED(96, 32),
	F_IP6("prefix", 16),
	F_END
};
static const struct field redirected_header[] = {
	F_UNUSED(16, 48), F_REST("ip_header_and_data", FIELD_BYTES, 8), F_END
};
static const struct field mtu[] = { F_UNUSED(16, 16), F_U32_IN("mtu", 4, "octets"), F_END };
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
	F_U8("pad_length", 2),
	F_UNUSED(24, 8),
	F_BYTES("modifier", 4, 16),
	F_BYTES("subnet_prefix", 20, 8),
	F_U8("collision_count", 28),
	F_REST("public_key", FIELD_BYTES, 29), /* and extensions, padding */
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
	F_ENUM("name_type", 16, 8, trust_anchor_types), F_U8("pad_length", 3),
	F_REST("trust_anchor", FIELD_BYTES, 4), F_END
};
static const struct field certificate[] = {
	F_ENUM("certificate_type", 16, 8, certificate_types), F_UNUSED(24, 8),
	F_REST("certificate", FIELD_BYTES, 4), F_END
};
static const struct field address_prefix[] = {
	F_ENUM("option_code", 16, 8, address_codes), F_U8("prefix_length", 3), F_UNUSED(32, 32),
	F_IP6("address", 8), F_END
};
static const struct field new_router_prefix[] = {
	F_U8("option_code", 2), F_U8("prefix_length", 3), F_UNUSED(32, 32),
	F_IP6("prefix", 8), F_END
};
static const struct field coded_link_layer_address[] = {
	F_ENUM("option_code", 16, 8, link_layer_codes),
	F_REST("link_layer_address", FIELD_LINK_ADDRESS, 3), F_END
};
static const struct field advertisement_ack[] = {
	F_U8("option_code", 2), F_U8("status", 3), F_UNUSED(32, 32),
	F_REST("new_care_of_addresses", FIELD_IP6_LIST, 8), F_END
};
static const struct field pvd_id[] = {
	F_FLAG("http", 16),
	F_FLAG("legacy", 17),
	F_FLAG("ra_header", 18),
	F_UNUSED(19, 9),
	F_BITS("delay", 28, 4),
	F_U16("sequence_number", 4),
	F_REST("pvd_id_and_options", FIELD_BYTES, 6),
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
static const struct field route_information[] = {
	F_U8("prefix_length", 2),
	F_UNUSED(24, 3),
	F_ENUM("preference", 27, 2, preferences),
	F_UNUSED(29, 3),
	F_U32_IN("route_lifetime", 4, "s"),
	F_REST("prefix", FIELD_IP6_PREFIX, 8),
	F_END
};
static const struct field recursive_dns_server[] = {
	F_UNUSED(16, 16), F_U32_IN("lifetime", 4, "s"),
	F_REST("addresses", FIELD_IP6_LIST, 8), F_END
};
static const struct field flags_extension[] = { F_BYTES("flags", 2, 6), F_END };
static const struct field handover_key_request[] = {
	F_U8("pad_length", 2), F_BITS("algorithm_type", 24, 4), F_UNUSED(28, 4),
	F_REST("handover_key_encryption_public_key", FIELD_BYTES, 4), F_END
};
static const struct field handover_key_reply[] = {
	F_U8("pad_length", 2), F_BITS("algorithm_type", 24, 4), F_UNUSED(28, 4),
	F_U16_IN("key_lifetime", 4, "s"), F_REST("encrypted_handover_key", FIELD_BYTES, 6), F_END
};
static const struct field coded_value[] = {
	F_U8("option_code", 2), F_U8("value_length", 3),
	F_COUNTED("value", FIELD_BYTES, 4, 2), F_END
};
static const struct field dns_search_list[] = {
	F_UNUSED(16, 16), F_U32_IN("lifetime", 4, "s"),
	F_REST("domain_names", FIELD_DNS_NAMES, 8), F_END
};
static const struct field address_registration[] = {
	F_ENUM("status", 16, 8, registration_statuses),
	F_U8("opaque", 3),
	F_UNUSED(32, 2),
	F_BITS("address_type", 34, 2), /* the P-Field of RFC 9685 */
	F_BITS("opaque_kind", 36, 2),  /* the I field of RFC 8505 4.1 */
	F_FLAG("routing_registrar", 38),
	F_FLAG("transaction_id_present", 39),
	F_U8("transaction_id", 5),
	F_U16_IN("registration_lifetime", 6, "60 s"),
	F_REST("registration_ownership_verifier", FIELD_BYTES, 8),
	F_END
};
static const struct field lowpan_context[] = {
	F_U8("context_length", 2),
	F_UNUSED(24, 3),
	F_FLAG("compression", 27),
	F_BITS("context_id", 28, 4),
	F_UNUSED(32, 16),
	F_U16_IN("valid_lifetime", 6, "60 s"),
	F_REST("context_prefix", FIELD_IP6_PREFIX, 8),
	F_END
};
static const struct field border_router[] = {
	F_U16("version_low", 2), F_U16("version_high", 4), F_U16_IN("valid_lifetime", 6, "60 s"),
	F_IP6("border_router", 8), F_END
};
static const struct field lowpan_capability[] = {
	F_FLAG("authenticated_registration", 25), /* A of RFC 8928 */
	F_FLAG("extended_duplicate_address", 26), /* D to E of RFC 8505 */
	F_FLAG("lowpan_router", 27),
	F_FLAG("border_router", 28),
	F_FLAG("routing_registrar", 29),
	F_FLAG("extended_registration", 30),
	F_FLAG("generic_header_compression", 31), /* G of RFC 7400 */
	F_UNUSED(32, 32),
	F_END
};
static const struct field captive_portal[] = { F_REST("uri", FIELD_TEXT, 2), F_END };
static const struct field pref64[] = {
	{ .name = "scaled_lifetime", .kind = FIELD_UINT, .bit = 16, .bits = 13, .unit = "8 s" },
	F_ENUM("prefix_length_code", 29, 3, prefix_lengths),
	{ .name = "prefix", .kind = FIELD_IP6_PREFIX, .bit = 32, .bits = 96 },
	F_END
};
static const struct field crypto_id[] = {
	F_UNUSED(16, 5),
	F_BITS("public_key_length", 21, 11),
	F_U8("crypto_type", 4),
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
static const struct field encrypted_dns[] = {
	F_U16("service_priority", 2),
	F_U32_IN("lifetime", 4, "s"),
	F_U16_IN("adn_length", 8, "octets"),
	F_COUNTED("authentication_domain_name", FIELD_DNS_NAMES, 10, 3),
	F_AFTER("addresses_and_parameters", FIELD_BYTES),
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
	{  24,  8, 24, "route_information", "4191 2.3", route_information, NULL },
	{  25, 24,  0, "recursive_dns_server", "8106 5.1", recursive_dns_server, NULL },
	{  26,  8,  8, "ra_flags_extension", "5175 4", flags_extension, NULL },
	{  27,  8,  0, "handover_key_request", "5269", handover_key_request, NULL },
	{  28,  8,  0, "handover_key_reply", "5269", handover_key_reply, NULL },
	{  29,  8,  0, "handover_assist_information", "5271", coded_value, NULL },
	{  30,  8,  0, "mobile_node_identifier", "5271", coded_value, NULL },
	{  31, 16,  0, "dns_search_list", "8106 5.2", dns_search_list, NULL },
	{  32, 24,  0, "proxy_signature", "6496", signature, NULL },
	{  33, 16, 40, "address_registration", "8505 4.1", address_registration, NULL },
	{  34, 16, 24, "6lowpan_context", "6775 4.2", lowpan_context, NULL },
	{  35, 24, 24, "authoritative_border_router", "6775 4.3", border_router, NULL },
	{  36,  8,  8, "6lowpan_capability_indication", "7400", lowpan_capability, NULL },
	{  37,  8,  0, "dhcp_captive_portal", "8910 2.3", captive_portal, NULL },
	{  38, 16, 16, "pref64", "8781 4", pref64, NULL },
	{  39,  8,  0, "crypto_id_parameters", "8928 4.3", crypto_id, NULL },
	{  40,  8,  0, "ndp_signature", "8928 4.4", ndp_signature, NULL },
	{  41, 24, 24, "resource_directory_address", "9176", resource_directory, NULL },
	{  42,  8,  0, "consistent_uptime", "9685", data, NULL },
	{ 138,  8,  0, "card_request", "4065", data, NULL },
	{ 139,  8,  0, "card_reply", "4065", data, NULL },
	{ 144, 16,  0, "encrypted_dns", "9463 6.1", encrypted_dns, NULL },
	{ 253,  8,  0, "rfc3692_style_experiment_1", "4727", data, NULL },
	{ 254,  8,  0, "rfc3692_style_experiment_2", "4727", data, NULL },
	{ .name = NULL }
};
/* clang-format on */

const struct list_type nd_options = {
	.key = "options",
	.name = "Neighbor Discovery option",
	.types = rows,
	.is_typed = true,
	.cut = cut_option,
};
