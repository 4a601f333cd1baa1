/*
 * What an ICMPv4 Router Advertisement lists: router addresses (RFC 1256 3.1),
 * and behind them the extensions of Mobile IP (RFC 5944 2.1).
 */
#include "decoders/mobility.h"
#include "decoders/record.h"

/* clang-format off */
static const struct field entry_fields[] = {
	F_IP4("address", 0),
	{ .name = "preference", .kind = FIELD_INT, .bit = 32, .bits = 32 },
	F_END
};

static const struct record_type entry_rows[] = {
	{ 0, 8, 0, "router_entry", "1256 3.1", entry_fields, NULL },
	{ .name = NULL }
};

/* The message tells how long an entry is, so that entries may grow. */
const struct list_type router_entries = {
	.key = "routers",
	.name = "Router address entry",
	.word = "router",
	.types = entry_rows,
	.fault = ANOMALY_BAD_COUNT,
};

static const struct field mobility_agent_fields[] = {
	F_U16("sequence_number", 2),
	F_U16_IN("registration_lifetime", 4, "s"),
	F_FLAG("registration_required", 48),
	F_FLAG("busy", 49),
	F_FLAG("home_agent", 50),
	F_FLAG("foreign_agent", 51),
	F_FLAG("minimal_encapsulation", 52),
	F_FLAG("gre_encapsulation", 53),
	F_FLAG("ignored", 54),
	F_FLAG("reverse_tunneling", 55),
	F_FLAG("udp_tunneling", 56),
	F_FLAG("revocation", 57),
	F_FLAG("regional_registration", 58),
	F_UNUSED(59, 5),
	F_REST("care_of_addresses", FIELD_IP4_LIST, 8),
	F_END
};
static const struct field prefix_lengths_fields[] = {
	{ .name = "prefix_lengths", .kind = FIELD_NUMBERS, .bit = 16, RULE(.item_len = 1) }, F_END
};
static const struct field challenge_fields[] = { F_REST("challenge", FIELD_BYTES, 2), F_END };
static const struct field data_fields[] = { F_REST("data", FIELD_BYTES, 2), F_END };

static const struct record_type extension_rows[] = {
	{ 0, 1, 1, "one_byte_padding", "5944 2.1.3", NULL, NULL },
	{ 16, 8, 0, "mobility_agent_advertisement", "5944 2.1.1", mobility_agent_fields, NULL },
	{ 19, 2, 0, "prefix_lengths", "5944 2.1.2", prefix_lengths_fields, NULL },
	{ 24, 2, 0, "challenge", "4721", challenge_fields, NULL },
	{ 137, 2, 0, "card_signature", "4065", data_fields, NULL },
	{ 138, 8, 0, "card_request", "4066 5.1.2.1", card_request_fields, NULL },
	{ 139, 8, 0, "card_reply", "4066 5.1.2.2", card_reply_fields, NULL },
	{ .name = NULL }
};
/* clang-format on */

/* Type, then the length of what follows the two of them (RFC 5944 1.9). */
const struct list_type mobile_extensions = {
	.key = "options",
	.name = "Mobile IP extension",
	.word = "mobile-ip",
	.types = extension_rows,
	.is_typed = true,
	.header_len = 2,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 1, .length_at = 1, .length_len = 1, .unit = 1, .uncounted = 2,
	    .has_pad = true },
};
