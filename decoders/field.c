/*
 * Reads and writes fields by their descriptors. Nothing here knows a message;
 * what a value means is the row's business.
 */
#include "decoders/field.h"

#define DNS_NAME_MAX 255 /* octets on the wire, RFC 1035 2.3.4 */
#define DNS_LABEL_MAX 63 /* a length octet above is a compression pointer */
#define IP6_LEN 16

/* Octets of one item of a field that a count or the rest of a record bounds. */
static uint32_t
item_len(enum field_kind kind)
{
	switch (kind) {
	case FIELD_IP4_LIST:
		return 4;
	case FIELD_IP6_LIST:
		return IP6_LEN;
	default:
		return 1;
	}
}

/* Whether it is a number of 8, 16 or 32 bits on an octet boundary. */
static inline bool
is_plain(const struct field *field)
{
	return field->kind == FIELD_UINT && field->bit % 8 == 0 &&
	       (field->bits == 8 || field->bits == 16 || field->bits == 32);
}

/* The fast path: an echo has only plain fields, and they come by the million. */
static inline uint64_t
read_plain(struct cursor *at, const struct field *field)
{
	cursor_skip(at, field->bit / 8u);
	switch (field->bits) {
	case 8:
		return cursor_u8(at);
	case 16:
		return cursor_u16(at);
	default:
		return cursor_u32(at);
	}
}

static int64_t
sign_extend(uint64_t number, uint16_t bits)
{
	uint64_t sign = (uint64_t)1 << (bits - 1);

	/* two's complement without shifting a negative number */
	return (int64_t)((number ^ sign) - sign);
}

/* An address of which only the first octets are there, the rest zero. */
static struct addr
read_prefix(struct cursor *at, uint16_t bits)
{
	struct addr prefix = { .version = 6 };
	uint32_t len = bits / 8u;

	if (bits == 0)
		len = at->claimed < IP6_LEN ? at->claimed : IP6_LEN;
	cursor_copy(at, prefix.bytes, len);
	return prefix;
}

/*
 * Octets that a count promises or the record still has. What is there is
 * handed out even when the count promises more: the failure stays in `at`.
 */
static struct cursor
read_items(struct cursor *at, const struct field *field, const union value *values,
    struct anomalies *anomalies)
{
	uint64_t wanted = at->claimed;
	struct cursor items;

	if (field->count_of > 0)
		wanted = values[field->count_of - 1].number * item_len(field->kind);
	else if (wanted % item_len(field->kind) != 0)
		anomalies_add(anomalies, ANOMALY_BAD_OPTION_LENGTH); /* RFC 8106 5.3.1 */
	if (wanted <= at->claimed) {
		items = cursor_cut(at, (uint32_t)wanted);
		if (!cursor_whole(&items))
			cursor_fail(at, DECODE_TRUNCATED);
		return items;
	}
	items = cursor_cut(at, at->claimed);
	cursor_fail(at, DECODE_MALFORMED);
	anomalies_add(anomalies, ANOMALY_BAD_COUNT);
	return items;
}

/* The kinds that are no number; leaves `at` behind the field. */
static void
read_octets(struct cursor *at, const struct field *field, union value *values, uint8_t n,
    struct anomalies *anomalies)
{
	switch (field->kind) {
	case FIELD_IP4:
		values[n].address = addr_read(at, 4);
		return;
	case FIELD_IP6:
		values[n].address = addr_read(at, 6);
		return;
	case FIELD_IP6_PREFIX:
		values[n].address = read_prefix(at, field->bits);
		return;
	default:
		break;
	}
	if (field->bits > 0) {
		if (cursor_want(at, field->bits / 8u))
			values[n].bytes = cursor_cut(at, field->bits / 8u);
	} else {
		values[n].bytes = read_items(at, field, values, anomalies);
	}
}

/* Whether a failed read still left a value to show: part of a list or of data. */
static bool
is_partial(const struct field *field)
{
	return field->bits == 0 && field->kind != FIELD_IP6_PREFIX;
}

/*
 * Any field; `at` is at its first octet, and behind it if it has no width.
 * False when there is no value; the status of `at` tells whether it is whole.
 */
static bool
read_field(struct cursor *at, const struct field *field, union value *values, uint8_t n,
    struct anomalies *anomalies)
{
	switch (field->kind) {
	case FIELD_UINT:
	case FIELD_FLAG:
	case FIELD_ENUM:
	case FIELD_UNUSED:
		values[n].number = cursor_bits(at, field->bit % 8, field->bits);
		return at->status == DECODE_OK;
	case FIELD_INT:
		values[n].integer =
		    sign_extend(cursor_bits(at, field->bit % 8, field->bits), field->bits);
		return at->status == DECODE_OK;
	default:
		if (!cursor_want(at, 0))
			return false;
		read_octets(at, field, values, n, anomalies);
		return at->status == DECODE_OK || is_partial(field);
	}
}

/* The slow path of field_read_all: all from the `n`-th field on. */
static uint8_t
read_rest(const struct field *fields, uint8_t n, struct cursor c, union value *values,
    struct anomalies *anomalies, enum decode_status *status)
{
	struct cursor at = c;

	for (; n < FIELD_VALUES_MAX && fields[n].name != NULL; n++) {
		if (fields[n].bit != FIELD_AFTER) {
			at = c;
			cursor_skip(&at, fields[n].bit / 8u);
		}
		if (!read_field(&at, &fields[n], values, n, anomalies))
			break;
		if (fields[n].kind == FIELD_UNUSED && values[n].number != 0)
			anomalies_add(anomalies, ANOMALY_NONZERO_UNUSED);
		if (at.status != DECODE_OK) {
			n++; /* there in part */
			break;
		}
	}
	*status = at.status;
	return n;
}

uint8_t
field_read_all(const struct field *fields, struct cursor c, union value *values,
    struct anomalies *anomalies, enum decode_status *status)
{
	uint8_t n;

	*status = c.status;
	if (fields == NULL)
		return 0;
	for (n = 0; n < FIELD_VALUES_MAX && fields[n].name != NULL; n++) {
		struct cursor at = c;

		if (!is_plain(&fields[n]))
			return read_rest(fields, n, c, values, anomalies, status);
		values[n].number = read_plain(&at, &fields[n]);
		if (at.status != DECODE_OK) {
			*status = at.status;
			break;
		}
	}
	return n;
}

uint32_t
field_extent(const struct field *fields, const union value *values, uint8_t count)
{
	uint32_t extent = 0, end = 0;
	uint8_t n;

	for (n = 0; n < count; n++) {
		if (fields[n].bit != FIELD_AFTER)
			end = ((uint32_t)fields[n].bit + fields[n].bits + 7) / 8;
		if (fields[n].bits == 0 && is_partial(&fields[n]))
			end += values[n].bytes.claimed;
		if (end > extent)
			extent = end;
	}
	return extent;
}

/* Puts the low `bits` bits of `number` at `bit`; the bits around them stay. */
static void
write_bits(uint64_t number, uint32_t bit, uint32_t bits, uint8_t *out)
{
	uint32_t i, mask;

	for (i = 0; i < bits; i++) {
		mask = 0x80u >> (bit + i) % 8;
		if (number >> (bits - 1 - i) & 1)
			out[(bit + i) / 8] = (uint8_t)(out[(bit + i) / 8] | mask);
		else
			out[(bit + i) / 8] = (uint8_t)(out[(bit + i) / 8] & ~mask);
	}
}

bool
field_write(const struct field *field, const union value *value, uint8_t *out, uint32_t len)
{
	uint32_t octets = field->bits / 8u, at = field->bit / 8u;
	struct cursor bytes;

	if (field_takes_rest(field) || field->bit == FIELD_AFTER ||
	    (uint32_t)field->bit + field->bits > len * 8)
		return false;
	switch (field->kind) {
	case FIELD_INT:
		write_bits((uint64_t)value->integer, field->bit, field->bits, out);
		return true;
	case FIELD_IP4:
	case FIELD_IP6:
	case FIELD_IP6_PREFIX:
		memcpy(out + at, value->address.bytes, octets);
		return true;
	case FIELD_BYTES:
	case FIELD_LINK_ADDRESS:
	case FIELD_TEXT:
		bytes = value->bytes;
		return cursor_copy(&bytes, out + at, octets);
	default:
		write_bits(value->number, field->bit, field->bits, out);
		return true;
	}
}

bool
field_takes_rest(const struct field *field)
{
	return field->bits == 0;
}

bool
field_list_address(
    const struct field *field, const union value *value, uint32_t n, struct addr *out)
{
	uint32_t len = item_len(field->kind);
	struct cursor c = value->bytes;

	if (n >= c.captured / len)
		return false;
	cursor_skip(&c, n * len);
	*out = addr_read(&c, field->kind == FIELD_IP4_LIST ? 4 : 6);
	return c.status == DECODE_OK;
}

/* Text under construction: where it goes and how much room is left. */
struct text {
	char *next;
	uint32_t left;
};

static bool
text_put(struct text *text, char byte)
{
	if (text->left == 0)
		return false;
	*text->next++ = byte;
	text->left--;
	return true;
}

/* One octet of a label; a dot inside a label is not a separator. */
static bool
text_put_octet(struct text *text, uint8_t octet)
{
	if (octet == '.' || octet == '\\')
		return text_put(text, '\\') && text_put(text, (char)octet);
	if (octet > ' ' && octet < 0x7f)
		return text_put(text, (char)octet);
	return text_put(text, '\\') && text_put(text, (char)('0' + octet / 100)) &&
	       text_put(text, (char)('0' + octet / 10 % 10)) &&
	       text_put(text, (char)('0' + octet % 10));
}

/* Reads one label of `len` octets; the status of `c` tells how it went. */
static void
read_label(struct cursor *c, uint8_t len, struct text *text)
{
	struct cursor label = cursor_cut(c, len);

	while (!cursor_done(&label)) {
		uint8_t octet = cursor_u8(&label);

		if (label.status == DECODE_OK && !text_put_octet(text, octet))
			cursor_fail(c, DECODE_MALFORMED);
	}
	if (label.status != DECODE_OK)
		cursor_fail(c, label.status);
}

bool
field_next_dns_name(struct cursor *c, char *out, uint32_t size)
{
	struct text text = { out, size - 1 };
	uint32_t octets = 0;
	uint8_t len;

	if (cursor_done(c) || cursor_peek(c, 0) == 0)
		return false;
	for (len = cursor_u8(c); len > 0; len = cursor_u8(c)) {
		octets += len + 1u;
		/* RFC 8106 5.2: compression must not be used */
		if (len > DNS_LABEL_MAX || octets >= DNS_NAME_MAX ||
		    (text.next != out && !text_put(&text, '.')))
			cursor_fail(c, DECODE_MALFORMED);
		else
			read_label(c, len, &text);
	}
	*text.next = '\0';
	return c->status == DECODE_OK;
}
