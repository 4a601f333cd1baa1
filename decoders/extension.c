/*
 * Finding and walking the extension structure of RFC 4884, and the rows of
 * its objects. Where it starts is judged by what is there: version, checksum
 * and object lengths that end exactly with the message.
 */
#include "decoders/extension.h"

#define HEADER_LEN 4
#define OBJECT_HEADER_LEN 4
#define QUOTE_MIN 128 /* RFC 4884 4: a quote in front of extensions is padded to it */
#define VERSION 2
#define ECHO_OBJECTS_MAX 4 /* RFC 8335 2 has one, and others may follow */

/* The walk over the objects, by their lengths alone. */
static bool
objects_fit(struct cursor objects)
{
	uint32_t count = 0, len;

	while (objects.claimed > 0) {
		len = cursor_u16(&objects);
		if (objects.status == DECODE_TRUNCATED)
			return true; /* no contradiction as far as it was captured */
		if (len < OBJECT_HEADER_LEN || len % 4 != 0 || len - 2 > objects.claimed)
			return false;
		(void)cursor_cut(&objects, len - 2);
		if (++count > RECORD_LIST_MAX)
			return false;
	}
	return count > 0;
}

/* Reads what would be the structure at `quote_len` into `out`. */
static bool
read_at(struct cursor body, uint32_t quote_len, struct extension *out)
{
	struct cursor c = body, structure;
	uint16_t first, checksum;

	cursor_skip(&c, quote_len);
	structure = c;
	first = cursor_u16(&c);
	checksum = cursor_u16(&c);
	if (c.status != DECODE_OK || first >> 12 != VERSION)
		return false;
	out->version = VERSION;
	out->quote_len = quote_len;
	out->objects = c;
	if (checksum == 0)
		out->checksum = CHECKSUM_ABSENT; /* RFC 4884 7 */
	else if (!cursor_whole(&structure))
		out->checksum = CHECKSUM_UNVERIFIED;
	else if (checksum_is_right(&structure, 0))
		out->checksum = CHECKSUM_GOOD;
	else
		out->checksum = CHECKSUM_BAD;
	/* Without a good checksum it may be chance: all else must be right then. */
	return out->checksum == CHECKSUM_GOOD || ((first & 0xfff) == 0 && objects_fit(c));
}

/*
 * Whether the length attribute leads to a header without fault, though what
 * follows it is broken: that is a structure, and one to complain about.
 */
static bool
claims_to_be_at(struct cursor body, uint32_t quote_len, struct extension *out)
{
	struct cursor c = body;

	cursor_skip(&c, quote_len);
	if (cursor_u16(&c) != VERSION << 12 || !cursor_want(&c, HEADER_LEN - 2))
		return false;
	(void)read_at(body, quote_len, out);
	out->placement = EXTENSION_COMPLIANT;
	return true;
}

void
extension_find(struct cursor body, uint32_t length, uint32_t unit, struct extension *out)
{
	struct extension bad;

	out->present = true;
	bad.checksum = CHECKSUM_GOOD;
	if (length > UINT32_MAX / unit)
		length = 0; /* no octet can say so; a caller might */
	if (length > 0 && read_at(body, length * unit, out)) {
		out->placement = EXTENSION_COMPLIANT;
		if (length * unit < QUOTE_MIN)
			out->placement = EXTENSION_BAD_LENGTH_ATTRIBUTE;
		/* So short a quote is against the rule: only a checksum makes it sure. */
		if (out->checksum == CHECKSUM_GOOD ||
		    (out->checksum != CHECKSUM_BAD && length * unit >= QUOTE_MIN))
			return;
		if (out->checksum == CHECKSUM_BAD)
			bad = *out;
	}
	if (length >= QUOTE_MIN && read_at(body, length, out) &&
	    out->checksum != CHECKSUM_BAD) {
		out->placement = EXTENSION_LENGTH_IN_OCTETS;
		return;
	}
	if (read_at(body, QUOTE_MIN, out) && out->checksum != CHECKSUM_BAD) {
		out->placement = EXTENSION_BAD_LENGTH_ATTRIBUTE;
		if (length == 0)
			out->placement = EXTENSION_LEGACY_128;
		return;
	}
	if (bad.checksum == CHECKSUM_BAD)
		*out = bad;
	else
		out->present = length > 0 && claims_to_be_at(body, length * unit, out);
}

struct list
extension_open(const struct extension *extension)
{
	return list_open(&extension_objects, extension->objects, UINT32_MAX, 0);
}

const char *
extension_placement_name(enum extension_placement placement)
{
	static const char *const names[EXTENSION_PLACEMENTS] = {
		[EXTENSION_COMPLIANT] = "compliant",
		[EXTENSION_LEGACY_128] = "legacy_128",
		[EXTENSION_BAD_LENGTH_ATTRIBUTE] = "bad_length_attribute",
		[EXTENSION_LENGTH_IN_OCTETS] = "length_in_octets",
	};

	return names[placement];
}

/* The octets of the object at `c`, or 0 when there is none. */
static uint32_t
object_len(struct cursor c)
{
	uint32_t left = c.claimed, len = cursor_u16(&c);

	cursor_skip(&c, OBJECT_HEADER_LEN - 2);
	if (c.status != DECODE_OK || len < OBJECT_HEADER_LEN || len % 4 != 0 || len > left)
		return 0;
	return len;
}

/* Whether the checksum holds for the first `len` octets of the structure. */
static bool
is_sum_of(struct cursor structure, uint32_t len)
{
	cursor_limit(&structure, len);
	return cursor_whole(&structure) && checksum_is_right(&structure, 0);
}

void
extension_read(struct cursor body, struct extension *out)
{
	struct cursor c = body;
	uint16_t first = cursor_u16(&c), checksum = cursor_u16(&c);
	uint32_t end = HEADER_LEN, shown, count, len;

	out->present = c.status == DECODE_OK && first >> 12 == VERSION && object_len(c) > 0;
	if (!out->present)
		return;
	shown = end + object_len(c);
	out->checksum = CHECKSUM_BAD;
	for (count = 0; count < ECHO_OBJECTS_MAX && (len = object_len(c)) > 0; count++) {
		(void)cursor_cut(&c, len);
		end += len;
		if (checksum != 0 && is_sum_of(body, end)) {
			out->checksum = CHECKSUM_GOOD;
			shown = end;
		}
	}
	if (checksum == 0 && c.claimed == 0)
		shown = end;
	if (checksum == 0)
		out->checksum = CHECKSUM_ABSENT;
	else if (!cursor_whole(&body) && out->checksum != CHECKSUM_GOOD)
		out->checksum = CHECKSUM_UNVERIFIED;
	out->version = VERSION;
	out->placement = EXTENSION_COMPLIANT;
	out->quote_len = 0;
	out->payload = body;
	out->objects = cursor_cut(&out->payload, shown);
	cursor_skip(&out->objects, HEADER_LEN);
}

/* clang-format off */

static const struct field mpls_fields[] = {
	F_BITS("label", 0, 20), F_BITS("tc", 20, 3), F_FLAG("s", 23), F_U8("ttl", 3), F_END
};
static const struct record_type mpls_rows[] = {
	{ 0, 4, 4, "mpls_label", "4950", mpls_fields, NULL },
	{ .name = NULL }
};
/* Label stack entries are four octets each (RFC 4950 5, RFC 3032 2.1). */
const struct list_type mpls_labels = {
	.key = "mpls",
	.name = "MPLS label stack entry",
	.word = "mpls",
	.types = mpls_rows,
	.fault = ANOMALY_EXTENSION_MALFORMED,
	.fixed_len = 4,
};

static const struct field mpls_stack[] = { F_RECORDS("mpls", 4, mpls_labels), F_END };

/* RFC 5837 4.1 */
static const struct name interface_roles[] = {
	{ 0, "incoming_ip_interface" },
	{ 1, "sub_ip_component_of_incoming_ip_interface" },
	{ 2, "outgoing_ip_interface" },
	{ 3, "ip_next_hop" },
	{ 0, NULL }
};

/* RFC 5837 4.3: the length counts its own octet. */
static uint32_t
name_octets(uint64_t length)
{
	return length > 0 ? (uint32_t)length - 1 : 0;
}

/* RFC 5837 4.3: not longer than 64 octets. */
static const struct band name_bands[] = {
	{ 0, 0, ANOMALY_VALUE_OUT_OF_RANGE }, { 65, 255, ANOMALY_VALUE_OUT_OF_RANGE }, BAND_END
};

/*
 * RFC 5837 4.2, 4.3, and the same in a node identification: what is behind an
 * address of an unknown family cannot be told from it.
 */
#define ADDRESS(has_address, afi) \
	F_THEN("afi", FIELD_SELECTOR, 16, WHEN(has_address, 1)), \
	F_THEN("unused", FIELD_UNUSED, 16, WHEN(has_address, 1)), \
	F_THEN("ip", FIELD_IP4, 32, WHEN(afi, 1)), \
	F_THEN("ip", FIELD_IP6, 128, WHEN(afi, 2)), \
	F_RULED("data", FIELD_BYTES, WHEN_IN(afi, 3, UINT16_MAX))
#define IF_TOLD(n, b, afi) \
	{ .name = (n), .kind = FIELD_SELECTOR, .bit = (b), .bits = 1, RULE(WHEN_IN(afi, 0, 2)) }
#define NAME(has_name, len) \
	{ .name = "name_length", .kind = FIELD_SELECTOR, .bit = FIELD_AFTER, .bits = 8, \
	  .odd = name_bands, RULE(WHEN(has_name, 1)) }, \
	F_RULED("name", FIELD_TEXT, WHEN(has_name, 1), .octets_of = (len), .octets = name_octets)

/* RFC 5837 4: the C-Type has a bit for each of what follows. */
static const struct field interface_information[] = {
	F_ENUM("role", 24, 2, interface_roles),
	F_UNUSED(26, 2),
	F_SELECTOR("has_index", 28, 1),
	F_SELECTOR("has_address", 29, 1),
	F_SELECTOR("has_name_and_mtu", 30, 2),
	F_THEN("index", FIELD_UINT, 32, WHEN(3, 1)),
	ADDRESS(4, 7),
	IF_TOLD("has_name", 30, 7),
	IF_TOLD("has_mtu", 31, 7),
	NAME(12, 14),
	{ .name = "mtu", .kind = FIELD_UINT, .bit = FIELD_AFTER, .bits = 32, .unit = "octets",
	  RULE(WHEN(13, 1)) },
	F_END
};
static const struct field node_identification[] = {
	F_UNUSED(24, 5),
	F_SELECTOR("has_address", 29, 1),
	F_SELECTOR("name_bit", 30, 1),
	F_UNUSED(31, 1),
	ADDRESS(2, 5),
	IF_TOLD("has_name", 30, 5),
	NAME(10, 11),
	F_END
};
static const struct field identification_by_name[] = {
	F_REST("interface_name", FIELD_TEXT, 4), F_END
};
static const struct field identification_by_index[] = { F_U32("interface_index", 4), F_END };
/* RFC 8335 2.1: an address of any family; 16389 is a MAC address of 48 bits. */
static const struct field identification_by_address[] = {
	F_U16("afi", 4),
	F_U8("address_length", 6),
	F_UNUSED(56, 8),
	F_THEN("interface_address", FIELD_IP4, 32, WHEN(1, 1)),
	F_THEN("interface_address", FIELD_IP6, 128, WHEN(1, 2)),
	F_RULED("interface_address", FIELD_LINK_ADDRESS, WHEN_IN(1, 3, UINT16_MAX),
	    .octets_of = 2),
	F_END
};
static const struct field pointer_fields[] = { F_U32_IN("pointer", 4, "octets"), F_END };
static const struct field packet_fields[] = { F_REST("packet", FIELD_BYTES, 4), F_END };
static const struct field data_fields[] = { F_REST("data", FIELD_BYTES, 4), F_END };

#define OBJECT(class, ctype) ((class) << 8 | (ctype))
#define PRIVATE(class) \
	{ OBJECT(class, RECORD_ANY_CTYPE), 4, 0, "private_use", "4884 8", data_fields, NULL }
static const struct record_type object_rows[] = {
	{ OBJECT(1, 1), 4, 0, "mpls_label_stack", "4950 5", mpls_stack, NULL },
	{ OBJECT(2, RECORD_ANY_CTYPE), 4, 0, "interface_information", "5837 4",
	  interface_information, "interface" },
	{ OBJECT(3, 1), 4, 0, "interface_identification", "8335 2.1", identification_by_name, NULL },
	{ OBJECT(3, 2), 8, 8, "interface_identification", "8335 2.1", identification_by_index, NULL },
	{ OBJECT(3, 3), 8, 0, "interface_identification", "8335 2.1", identification_by_address, NULL },
	{ OBJECT(4, 1), 8, 8, "extended_information", "8883 3.1", pointer_fields, NULL },
	/* draft-ietf-intarea-extended-icmp-nodeid, draft-ietf-6man-icmpv6-reflection */
	{ OBJECT(5, RECORD_ANY_CTYPE), 4, 0, "node_identification", "4884 8", node_identification,
	  "node" },
	{ OBJECT(6, 0), 4, 0, "reflect_all_request", "4884 8", packet_fields, NULL },
	{ OBJECT(6, 1), 4, 0, "reflect_all_reply", "4884 8", packet_fields, NULL },
	PRIVATE(247), PRIVATE(248), PRIVATE(249), PRIVATE(250), PRIVATE(251), PRIVATE(252),
	PRIVATE(253), PRIVATE(254), PRIVATE(255),
	{ .name = NULL }
};
/* clang-format on */

/* Objects: length, class, ctype (RFC 4884 8). */
const struct list_type extension_objects = {
	.key = "objects",
	.name = "extension object",
	.word = "object",
	.types = object_rows,
	.is_typed = true,
	.is_classed = true,
	.header_len = OBJECT_HEADER_LEN,
	.fault = ANOMALY_EXTENSION_MALFORMED,
	.header = { .type_at = 2, .type_len = 2, .length_at = 0, .length_len = 2, .unit = 1 },
};
