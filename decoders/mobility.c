/*
 * Candidate Access Router Discovery (RFC 4066) and the Context Transfer
 * Protocol (RFC 4067), as far as ICMP carries them: between a mobile node and
 * an access router. What attributes and contexts mean was never published.
 */
#include "decoders/mobility.h"

#include "decoders/record.h"

#define SUBTYPE_AT 4
#define CARD 0
#define CXTP 1
#define CXTP_TYPE_AT 8
#define CXTP_TYPE_MASK 0x1f
#define CTAR 1
#define CTAA 2

static bool
has_subtype(struct cursor message, int subtype)
{
	return cursor_peek(&message, SUBTYPE_AT) == subtype;
}

static bool
is_cxtp(struct cursor message)
{
	return has_subtype(message, CXTP) && message.claimed >= 12 &&
	       cursor_peek(&message, CXTP_TYPE_AT) >= 0;
}

static int
cxtp_type(struct cursor message)
{
	return cursor_peek(&message, CXTP_TYPE_AT) & CXTP_TYPE_MASK;
}

bool
mobility_is_card(struct cursor message)
{
	return has_subtype(message, CARD) && message.claimed >= 8;
}

bool
mobility_is_cxtp_request(struct cursor message)
{
	return is_cxtp(message) && cxtp_type(message) == CTAR;
}

bool
mobility_is_cxtp_acknowledge(struct cursor message)
{
	return is_cxtp(message) && cxtp_type(message) == CTAA;
}

bool
mobility_is_other_cxtp(struct cursor message)
{
	return is_cxtp(message) && cxtp_type(message) != CTAR && cxtp_type(message) != CTAA;
}

/* clang-format off */

static const struct name subtypes[] = { { CARD, "card" }, { CXTP, "cxtp" }, { 0, NULL } };
/* RFC 4067 2.5 */
static const struct name cxtp_types[] = {
	{ 1, "context_transfer_activate_request" },
	{ 2, "context_transfer_activate_acknowledge" },
	{ 3, "context_transfer_data" },
	{ 4, "predictive_context_transfer_data" },
	{ 5, "context_transfer_data_reply" },
	{ 6, "context_transfer_cancel" },
	{ 7, "context_transfer_request" },
	{ 0, NULL }
};
/* RFC 4066 5.1.3.1 */
static const struct name l2_statuses[] = {
	{ 0, "none" }, { 1, "candidate" }, { 2, "match" }, { 3, "resolver_error" }, { 0, NULL }
};
static const struct name address_types[] = { { 1, "ipv4" }, { 2, "ipv6" }, { 0, NULL } };

const struct field card_request_fields[] = {
	F_BITS("version", 16, 3),
	F_FLAG("piggybacking", 19),
	F_FLAG("capabilities_requested", 20),
	F_FLAG("no_address_translation", 21),
	F_FLAG("certificates_requested", 22),
	F_UNUSED(23, 9),
	F_U32("sequence_number", 4),
	F_RECORDS("sub_options", 8, card_sub_options),
	F_END
};
const struct field card_reply_fields[] = {
	F_BITS("version", 16, 3),
	F_FLAG("piggybacking", 19),
	F_FLAG("unsolicited", 20),
	F_FLAG("last", 21),
	F_UNUSED(22, 10),
	F_U32("sequence_number", 4),
	F_RECORDS("sub_options", 8, card_sub_options),
	F_END
};

static const struct record_type option_rows[] = {
	{ 138, 8, 0, "card_request", "4066 5.1.2.1", card_request_fields, NULL },
	{ 139, 8, 0, "card_reply", "4066 5.1.2.2", card_reply_fields, NULL },
	{ .name = NULL }
};

static const struct field l2_id[] = {
	F_U8("context_id", 2), F_ENUM("status", 24, 8, l2_statuses), F_U16("l2_type", 4),
	F_REST("l2_id", FIELD_BYTES, 6), F_END
};
static const struct field address[] = {
	F_U8("context_id", 2),
	F_ENUM("address_type", 24, 8, address_types),
	F_THEN("address", FIELD_IP4, 32, WHEN(2, 1)),
	F_THEN("address", FIELD_IP6, 128, WHEN(2, 2)),
	F_END
};
static const struct field capability_container[] = {
	F_U8("context_id", 2), F_FLAG("piggybacking", 24), F_UNUSED(25, 7),
	F_RECORDS("capabilities", 4, card_capabilities), F_END
};
static const struct field preferences[] = {
	{ .name = "attributes", .kind = FIELD_NUMBERS, .bit = 16, RULE(.item_len = 2) }, F_END
};
static const struct field requirements[] = {
	F_RECORDS("capabilities", 2, card_capabilities), F_END
};
static const struct field trusted_anchor[] = {
	F_U16("component", 2), F_REST("trusted_anchor", FIELD_DER, 4), F_END
};
static const struct field router_certificate[] = {
	F_U8("context_id", 2), F_UNUSED(24, 8), F_U16("all_components", 4), F_U16("component", 6),
	F_REST("certificate", FIELD_DER, 8), F_END
};

static const struct record_type sub_option_rows[] = {
	{ 1, 8, 0, "l2_id", "4066 5.1.3.1", l2_id, NULL },
	{ 2, 8, 24, "address", "4066 5.1.3.5", address, NULL },
	{ 3, 8, 0, "capability_container", "4066 5.1.3.4", capability_container, NULL },
	{ 4, 8, 0, "preferences", "4066 5.1.3.2", preferences, NULL },
	{ 5, 8, 0, "requirements", "4066 5.1.3.3", requirements, NULL },
	{ 6, 8, 0, "trusted_anchor", "4066 5.1.3.6", trusted_anchor, NULL },
	{ 7, 8, 0, "router_certificate", "4066 5.1.3.7", router_certificate, NULL },
	{ .name = NULL }
};

/* No AVP code was ever assigned, so all rows are one. */
static const struct field capability[] = {
	F_U16("avp_code", 0), F_UNUSED(24, 8),
	F_U16_IN("attribute_lifetime", 4, "s"), F_REST("value", FIELD_BYTES, 6), F_END
};
static const struct record_type capability_rows[] = {
	{ 0, 6, 0, "capability", "4066 5.1.4", capability, NULL },
	{ .name = NULL }
};

const struct field mobility_fields[] = {
	F_ENUM("subtype", 32, 8, subtypes), F_UNUSED(40, 24), F_END
};

/* An address of the version that the V flag, the given field, tells. */
#define ADDRESS(name, is_ipv4) \
	F_THEN(name, FIELD_IP6, 128, WHEN(is_ipv4, 0)), F_THEN(name, FIELD_IP4, 32, WHEN(is_ipv4, 1))
#define CXTP_HEADER \
	F_ENUM("subtype", 32, 8, subtypes), \
	F_UNUSED(40, 24), \
	F_BITS("cxtp_version", 64, 3), \
	F_ENUM("cxtp_type", 67, 5, cxtp_types), \
	F_FLAG("ipv4", 72)

const struct field cxtp_fields[] = {
	CXTP_HEADER, F_UNUSED(73, 7), F_U16_IN("cxtp_length", 10, "octets"), F_END
};
const struct field cxtp_request_fields[] = {
	CXTP_HEADER,
	F_FLAG("ack_requested", 73),
	F_UNUSED(74, 6),
	F_U16_IN("cxtp_length", 10, "octets"),
	ADDRESS("previous_address", 5),
	ADDRESS("access_router", 5),
	F_NEXT("sequence_number", FIELD_UINT, 32),
	F_NEXT("authorization_token", FIELD_BYTES, 32),
	F_RULED("context_blocks", FIELD_RECORDS, .list = &context_blocks),
	F_END
};
const struct field cxtp_acknowledge_fields[] = {
	CXTP_HEADER,
	F_UNUSED(73, 7),
	F_U16_IN("cxtp_length", 10, "octets"),
	ADDRESS("previous_address", 5),
	F_RULED("context_failures", FIELD_RECORDS, .list = &context_failures),
	F_END
};

/* RFC 4067 2.4 */
static const struct field context_block[] = {
	F_U16("feature_profile_type", 0),
	F_SELECTOR("has_presence_vector", 24, 1),
	F_UNUSED(25, 7),
	F_THEN("presence_vector", FIELD_BYTES, 32, WHEN(2, 1)),
	F_AFTER("data", FIELD_BYTES),
	F_END
};
static const struct record_type block_rows[] = {
	{ 0, 4, 0, "context_data_block", "4067 2.4", context_block, NULL },
	{ .name = NULL }
};

/* RFC 4067 2.5.2 */
static const struct field context_failure[] = {
	F_U16("feature_profile_type", 0), F_U8("status", 2), F_UNUSED(24, 8), F_END
};
static const struct record_type failure_rows[] = {
	{ 0, 4, 4, "context_failure", "4067 2.5.2", context_failure, NULL },
	{ .name = NULL }
};
/* clang-format on */

/* RFC 4066 5.1.2: like options of Neighbor Discovery, in ICMPv4 too. */
const struct list_type card_options = {
	.key = "options",
	.name = "CARD option",
	.word = "card",
	.types = option_rows,
	.is_typed = true,
	.header_len = 2,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 1, .length_at = 1, .length_len = 1, .unit = 8 },
};

const struct list_type card_sub_options = {
	.key = "sub_options",
	.name = "CARD sub-option",
	.word = "card-sub-option",
	.types = sub_option_rows,
	.is_typed = true,
	.header_len = 2,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 1, .length_at = 1, .length_len = 1, .unit = 8 },
};

/* RFC 4066 5.1.4: code 0 is where the padding of the sub-option starts. */
const struct list_type card_capabilities = {
	.key = "capabilities",
	.name = "CARD capability",
	.word = "card-capability",
	.types = capability_rows,
	.header_len = 6,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 2, .length_at = 2, .length_len = 1, .unit = 1,
	    .ends_at_zero = true },
};

/*
 * A request names contexts with the first 4 octets of a block; then the
 * length is zero, as there is no 8 octets of it.
 */
static bool
cut_block(struct list *list, uint32_t *type, struct cursor *bytes)
{
	struct cursor c = list->rest;
	uint32_t len;

	*type = 0;
	cursor_skip(&c, 2);
	len = cursor_u8(&c) * 8u;
	return list_cut(list, c.status, len > 0 ? len : 4, bytes);
}

const struct list_type context_blocks = {
	.key = "context_blocks",
	.name = "Context data block",
	.word = "context-block",
	.types = block_rows,
	.header_len = 4,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.cut = cut_block,
};

const struct list_type context_failures = {
	.key = "context_failures",
	.name = "Context failure",
	.word = "context-failure",
	.types = failure_rows,
	.header_len = 4,
	.fault = ANOMALY_BAD_COUNT,
	.fixed_len = 4,
};
