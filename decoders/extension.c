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
	else if (checksum_expected(&structure, checksum, 0) == checksum)
		out->checksum = CHECKSUM_GOOD;
	else
		out->checksum = CHECKSUM_BAD;
	/* Without a good checksum it may be chance: all else must be right then. */
	return out->checksum == CHECKSUM_GOOD || ((first & 0xfff) == 0 && objects_fit(c));
}

void
extension_find(struct cursor body, uint32_t length, uint32_t unit, struct extension *out)
{
	struct extension bad;

	out->present = true;
	bad.checksum = CHECKSUM_GOOD;
	if (length > 0 && length <= UINT32_MAX / unit && read_at(body, length * unit, out)) {
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
		out->present = false;
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

/* Objects: length, class, ctype (RFC 4884 8). */
static bool
cut_object(struct list *list, uint32_t *type, struct cursor *bytes)
{
	struct cursor c = list->rest;
	uint32_t len;

	if (cursor_done(&list->rest))
		return false;
	len = cursor_u16(&c);
	*type = cursor_u16(&c);
	if (c.status == DECODE_OK && len >= OBJECT_HEADER_LEN) {
		*bytes = cursor_cut(&list->rest, len);
		if (list->rest.status == DECODE_MALFORMED)
			anomalies_add(&list->anomalies, ANOMALY_EXTENSION_MALFORMED);
		return list->rest.status == DECODE_OK;
	}
	anomalies_add(&list->anomalies, ANOMALY_EXTENSION_MALFORMED);
	return cursor_fail(&list->rest, c.status != DECODE_OK ? c.status : DECODE_MALFORMED);
}

/* Label stack entries are four octets each (RFC 4950 5, RFC 3032 2.1). */
static bool
cut_label(struct list *list, uint32_t *type, struct cursor *bytes)
{
	if (cursor_done(&list->rest))
		return false;
	*type = 0;
	*bytes = cursor_cut(&list->rest, 4);
	return list->rest.status == DECODE_OK;
}

/* clang-format off */
static const struct field mpls_fields[] = {
	F_BITS("label", 0, 20), F_BITS("tc", 20, 3), F_FLAG("s", 23), F_U8("ttl", 3), F_END
};
static const struct record_type mpls_rows[] = {
	{ 0, 4, 4, "mpls_label", "4950", mpls_fields, NULL },
	{ 0 }
};
const struct list_type mpls_labels = {
	"mpls", "MPLS label stack entry", mpls_rows, false, false, cut_label
};

static const struct field identification_by_name[] = {
	F_REST("interface_name", FIELD_TEXT, 4), F_END
};
static const struct field identification_by_index[] = { F_U32("interface_index", 4), F_END };
static const struct field identification_by_address[] = {
	F_U16("afi", 4), F_U8("address_length", 6), F_UNUSED(56, 8),
	F_REST("interface_address", FIELD_BYTES, 8), F_END
};
static const struct field pointer_fields[] = { F_U32("pointer", 4), F_END };
static const struct field data_fields[] = { F_REST("data", FIELD_BYTES, 4), F_END };

#define OBJECT(class, ctype) ((class) << 8 | (ctype))
static const struct record_type object_rows[] = {
	{ OBJECT(1, 1), 4, 0, "mpls_label_stack", "4950 5", NULL, &mpls_labels },
	{ OBJECT(2, RECORD_ANY_CTYPE), 4, 0, "interface_information", "5837 4", data_fields, NULL },
	{ OBJECT(3, 1), 4, 0, "interface_identification", "8335 2.1", identification_by_name, NULL },
	{ OBJECT(3, 2), 8, 8, "interface_identification", "8335 2.1", identification_by_index, NULL },
	{ OBJECT(3, 3), 8, 0, "interface_identification", "8335 2.1", identification_by_address, NULL },
	{ OBJECT(4, 1), 8, 8, "extended_information", "8883 3.1", pointer_fields, NULL },
	{ 0 }
};
/* clang-format on */

const struct list_type extension_objects = {
	"objects", "extension object", object_rows, true, true, cut_object
};
