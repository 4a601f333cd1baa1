/*
 * Node Information Queries and Replies (RFC 4620).
 */
#include "decoders/node_information.h"

#include "decoders/record.h"

/* clang-format off */

/* RFC 4620 6 */
static const struct name qtypes[] = {
	{ 0, "noop" }, { 1, "unused" }, { 2, "node_name" }, { 3, "node_addresses" },
	{ 4, "ipv4_addresses" }, { 0, NULL }
};

/* RFC 4620 6.3: the flags are those of the qtype for addresses. */
#define HEADER \
	F_ENUM("qtype", 32, 16, qtypes), \
	F_UNUSED(48, 10), \
	F_FLAG("global", 58), \
	F_FLAG("site_local", 59), \
	F_FLAG("link_local", 60), \
	F_FLAG("compatible", 61), \
	F_FLAG("all_unicast", 62), \
	F_FLAG("truncated", 63), \
	F_BYTES("nonce", 8, 8)

const struct field node_information_fields[] = { HEADER, F_END };
const struct field node_query_ipv6_fields[] = {
	HEADER, F_IP6("subject_address", NODE_INFORMATION_LEN), F_END
};
const struct field node_query_name_fields[] = {
	HEADER, F_REST("subject_name", FIELD_DNS_NAME, NODE_INFORMATION_LEN), F_END
};
const struct field node_query_ipv4_fields[] = {
	HEADER, F_IP4("subject_address", NODE_INFORMATION_LEN), F_END
};
/* RFC 4620 6.2: compression counts from the first octet of the data. */
const struct field node_reply_fields[] = {
	HEADER,
	F_THEN("time_to_live", FIELD_UINT, 32, WHEN(1, 2)),
	F_RULED("node_names", FIELD_DNS_NAMES, WHEN(1, 2),
	    .offsets_from = 1 + NODE_INFORMATION_LEN),
	F_RULED("node_addresses", FIELD_RECORDS, WHEN(1, 3), .list = &node_addresses),
	F_RULED("ipv4_addresses", FIELD_RECORDS, WHEN(1, 4), .list = &node_ipv4_addresses),
	F_END
};

static const struct field address_fields[] = {
	F_U32_IN("time_to_live", 0, "s"), F_IP6("address", 4), F_END
};
static const struct record_type address_rows[] = {
	{ 0, 20, 20, "node_address", "4620 6.3", address_fields, NULL },
	{ .name = NULL }
};
static const struct field ipv4_fields[] = {
	F_U32_IN("time_to_live", 0, "s"), F_IP4("address", 4), F_END
};
static const struct record_type ipv4_rows[] = {
	{ 0, 8, 8, "ipv4_address", "4620 6.4", ipv4_fields, NULL },
	{ .name = NULL }
};
/* clang-format on */

const struct list_type node_addresses = {
	.key = "node_addresses",
	.name = "Node address",
	.word = "node-address",
	.types = address_rows,
	.header_len = 20,
	.fault = ANOMALY_BAD_COUNT,
	.fixed_len = 20,
};

const struct list_type node_ipv4_addresses = {
	.key = "ipv4_addresses",
	.name = "IPv4 node address",
	.word = "node-ipv4-address",
	.types = ipv4_rows,
	.header_len = 8,
	.fault = ANOMALY_BAD_COUNT,
	.fixed_len = 8,
};
