/*
 * Reads fields by their descriptors. Nothing here knows a message; what a
 * value means is the row's business. field_write.c is the opposite.
 */
#include "decoders/field.h"

#include "decoders/dns_name.h"

#define IP6_LEN 16
#define MAC_LEN 6
#define EUI64_LEN 8   /* RFC 4944 8 */
#define OPTION_UNIT 8 /* octets of one of the length: RFC 4861 4.6 */

uint32_t
field_prefix_octets(uint64_t bits)
{
	return (uint32_t)((bits + 7) / 8);
}

uint32_t
field_unelided_octets(uint64_t elided)
{
	return elided < IP6_LEN ? IP6_LEN - (uint32_t)elided : 0;
}

/* The number of the field that a rule names. */
static uint64_t
number_of(const union value *values, uint8_t of)
{
	return values[of - 1].number;
}

/* Octets of one item of a field that a count, a rule or the rest bounds. */
static uint32_t
item_len(const struct field *field, const union value *values)
{
	const struct field_rule *rule = field->rule;
	uint32_t len = 1;

	if (field->kind == FIELD_IP4_LIST)
		return 4;
	if (field->kind == FIELD_IP6_LIST)
		return IP6_LEN;
	if (rule != NULL && rule->item_of > 0)
		len = rule->item(number_of(values, rule->item_of));
	else if (rule != NULL && rule->item_len > 0)
		return rule->item_len;
	/* whatever was sent, an item is something, and no more than an address */
	if (len > IP6_LEN)
		return IP6_LEN;
	return len > 0 ? len : 1;
}

static int64_t
sign_extend(uint64_t number, uint16_t bits)
{
	uint64_t sign = (uint64_t)1 << ((bits - 1u) & 63);

	/* two's complement without shifting a negative number */
	return (int64_t)((number ^ sign) - sign);
}

/* Whether the value is an address of which only some octets were sent. */
static bool
is_partial_address(const struct field *field)
{
	return field->kind == FIELD_IP6_PREFIX || field->kind == FIELD_IP6_SUFFIX;
}

bool
field_is_number(const struct field *field)
{
	return field->kind <= FIELD_UNUSED;
}

bool
field_is_present(const struct field *fields, const union value *values, uint8_t n)
{
	const struct field_rule *rule = fields[n].rule;
	uint64_t number;

	if (rule == NULL || rule->when_of == 0)
		return true;
	number = number_of(values, rule->when_of);
	return number >= rule->least && number <= rule->most;
}

/* The value of a field that a rule leaves out. */
static union value
absent_value(const struct field *field)
{
	union value value = { .number = 0 };

	if (field->kind == FIELD_IP4 || field->kind == FIELD_IP6 || is_partial_address(field))
		value.address = (struct addr){ 0 };
	else if (!field_is_number(field))
		value.bytes = cursor_empty();
	return value;
}

/*
 * Octets that a field takes which starts with what is left in `at`: by a
 * count, by a number that a rule names, or all of them.
 */
static uint64_t
wanted_octets(const struct field *field, const union value *values, const struct cursor *at)
{
	const struct field_rule *rule = field->rule;
	uint64_t number;

	if (field->bits > 0)
		return field->bits / 8u;
	if (field->kind == FIELD_IP6_SUFFIX)
		return item_len(field, values);
	if (field->count_of > 0)
		return number_of(values, field->count_of) * item_len(field, values);
	if (rule != NULL && rule->octets_of > 0) {
		number = number_of(values, rule->octets_of);
		return rule->octets != NULL ? rule->octets(number) : number;
	}
	if (rule != NULL && rule->spare_of > 0) {
		number = number_of(values, rule->spare_of);
		return number <= at->claimed ? at->claimed - number : at->claimed + UINT64_C(1);
	}
	return at->claimed;
}

/* An address of which only the first or the last octets are there, the rest zero. */
static struct addr
read_partial_address(struct cursor *at, const struct field *field, uint64_t len)
{
	struct addr address = { .version = 6 };
	uint32_t first = 0;

	if (len > IP6_LEN && (field->rule == NULL || field->rule->octets_of == 0))
		len = IP6_LEN;
	if (len > IP6_LEN)
		cursor_fail(at, DECODE_MALFORMED);
	else if (field->kind == FIELD_IP6_SUFFIX)
		first = IP6_LEN - (uint32_t)len;
	if (at->status == DECODE_OK)
		cursor_copy(at, address.bytes + first, (uint32_t)len);
	return address;
}

/*
 * Octets that were promised or that the record still has. What is there is
 * handed out even when more was promised: the failure stays in `at`.
 */
static struct cursor
read_items(struct cursor *at, const struct field *field, uint64_t wanted, uint32_t each,
    struct anomalies *anomalies)
{
	struct cursor items;

	if (field->count_of == 0 && wanted == at->claimed && wanted % each != 0)
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

/* Zeros from octet `start` up to a multiple of the rule's item, or all that is left. */
static struct cursor
read_padding(struct cursor *at, const struct field *field, uint32_t start,
    struct anomalies *anomalies)
{
	uint32_t len = at->claimed, unit;
	struct cursor padding, rest;

	if (field->rule != NULL) {
		unit = field->rule->item_len;
		len = (unit - start % unit) % unit;
	}

	padding = cursor_cut(at, len < at->claimed ? len : at->claimed);
	for (rest = padding; rest.captured > 0;)
		if (cursor_u8(&rest) != 0)
			anomalies_add(anomalies, ANOMALY_NONZERO_UNUSED);
	return padding;
}

/* The length that the DER header at `c` (X.690 8.1) claims, at most `most`. */
static uint64_t
der_octets(struct cursor c, uint64_t most)
{
	uint32_t left = c.claimed;
	uint64_t len;

	cursor_skip(&c, 1); /* the tag */
	len = cursor_u8(&c);
	if (len > 0x80 && len <= 0x84)
		len = cursor_uint(&c, (uint32_t)len - 0x80);
	len += left - c.claimed;
	return c.status == DECODE_OK && len <= most ? len : most;
}

/* Whether an address field of `len` octets has no room for the bits it should hold. */
static bool
lacks_bits(const struct field *field, const union value *values, uint64_t len)
{
	uint64_t bits;

	if (field->rule == NULL || field->rule->bits_of == 0)
		return false;
	bits = number_of(values, field->rule->bits_of);
	return bits > len * 8 && bits <= UINT64_C(8) * IP6_LEN; /* more is wrong by itself */
}

/* What is read so far of a message or record. */
struct reader {
	struct cursor start;
	const struct field *fields;
	union value *values;
	struct anomalies *anomalies;
	uint32_t end; /* bits in front of what follows the last field */
};

/* The kinds that are no number; leaves `at` behind the field. */
static void
read_octets(struct reader *r, struct cursor *at, uint8_t n)
{
	const struct field *field = &r->fields[n];
	union value *value = &r->values[n];
	uint64_t wanted = wanted_octets(field, r->values, at);

	if (field->kind == FIELD_DER)
		wanted = der_octets(*at, wanted);
	if (lacks_bits(field, r->values, wanted))
		anomalies_add(r->anomalies, ANOMALY_BAD_OPTION_LENGTH);
	switch (field->kind) {
	case FIELD_IP4:
		value->address = addr_read(at, 4);
		return;
	case FIELD_IP6:
		value->address = addr_read(at, 6);
		return;
	case FIELD_IP6_PREFIX:
	case FIELD_IP6_SUFFIX:
		value->address = read_partial_address(at, field, wanted);
		return;
	case FIELD_PADDING:
		value->bytes = read_padding(at, field, r->end / 8, r->anomalies);
		return;
	default:
		break;
	}
	if (field->kind == FIELD_DNS_NAME && field->bit == FIELD_AFTER &&
	    field->count_of == 0 && wanted == at->claimed)
		value->bytes = dns_name_cut(at);
	else if (field->bits == 0)
		value->bytes = read_items(
		    at, field, wanted, item_len(field, r->values), r->anomalies);
	else if (cursor_want(at, field->bits / 8u))
		value->bytes = cursor_cut(at, field->bits / 8u);
}

/* Whether a failed read still left a value to show: part of a list or of data. */
static bool
is_partial(const struct field *field)
{
	return field->bits == 0 && !is_partial_address(field) && field->kind != FIELD_DNS_NAME;
}

/* What a number may not be: unused and not zero, nameless, too much, in one of its bands. */
static void
judge_number(const struct reader *r, const struct field *field, uint64_t number)
{
	struct anomalies *anomalies = r->anomalies;
	const struct field_rule *rule = field->rule;
	const struct band *band;

	if (field->kind == FIELD_UNUSED && number != 0)
		anomalies_add(anomalies, ANOMALY_NONZERO_UNUSED);
	if (field->kind == FIELD_ENUM && name_of(field->names, (uint32_t)number) == NULL)
		anomalies_add(anomalies, ANOMALY_UNKNOWN_VALUE);
	if (rule != NULL && rule->most_of > 0 && number > number_of(r->values, rule->most_of))
		anomalies_add(anomalies, ANOMALY_FIELDS_CONTRADICT);
	for (band = field->odd; band != NULL && band->anomaly != ANOMALY_COUNT; band++)
		if (number >= band->least && number <= band->most)
			anomalies_add(anomalies, band->anomaly);
}

/* A number; nothing is left in `at` but its status. */
static bool
read_number(struct reader *r, struct cursor *at, uint32_t bit, uint8_t n)
{
	const struct field *field = &r->fields[n];
	uint64_t number = cursor_bits(at, bit % 8, field->bits);

	if (field->kind == FIELD_INT)
		r->values[n].integer = sign_extend(number, field->bits);
	else
		r->values[n].number = number;
	if (at->status == DECODE_OK)
		judge_number(r, field, number);
	if (r->end < bit + field->bits)
		r->end = bit + field->bits;
	return at->status == DECODE_OK;
}

/*
 * Any field. False when there is no value of it; `status` then says why, or
 * with a value whether that is whole.
 */
static bool
read_field(struct reader *r, uint8_t n, enum decode_status *status)
{
	const struct field *field = &r->fields[n];
	uint32_t bit = field->bit == FIELD_AFTER ? r->end : field->bit, end;
	struct cursor at = r->start;
	bool is_there;

	cursor_skip(&at, bit / 8);
	if (at.status == DECODE_OK && field_is_number(field)) {
		is_there = read_number(r, &at, bit, n);
		*status = at.status;
		return is_there;
	}
	*status = at.status;
	if (at.status != DECODE_OK)
		return false;
	read_octets(r, &at, n);
	end = (r->start.claimed - at.claimed) * 8;
	if (r->end < end)
		r->end = end;
	*status = at.status;
	return at.status == DECODE_OK || is_partial(field);
}

/* Whether the message may, and does, end in front of the n-th field. */
static bool
ends_before(const struct reader *r, uint8_t n)
{
	const struct field *field = &r->fields[n];

	return field->rule != NULL && field->rule->may_end &&
	       r->start.claimed * UINT64_C(8) < (uint64_t)r->end + (field->bits > 0 ? field->bits : 1);
}

uint8_t
field_read_all(const struct field *fields, struct cursor c, union value *values,
    struct anomalies *anomalies, enum decode_status *status)
{
	struct reader r = { c, fields, values, anomalies, 0 };
	uint8_t n;

	*status = c.status;
	for (n = 0; fields != NULL && n < FIELD_VALUES_MAX && fields[n].name != NULL; n++) {
		if (!field_is_present(fields, values, n)) {
			values[n] = absent_value(&fields[n]);
			continue;
		}
		if (ends_before(&r, n) || !read_field(&r, n, status))
			break;
		if (*status != DECODE_OK)
			return (uint8_t)(n + 1); /* there in part */
	}
	return n;
}

/* The octets of a value without a width. */
static uint32_t
taken_octets(const struct field *field, const union value *values, uint8_t n)
{
	if (field->kind == FIELD_IP6_SUFFIX)
		return item_len(field, values);
	if (field->kind != FIELD_IP6_PREFIX)
		return values[n].bytes.claimed;
	if (field->rule == NULL || field->rule->octets_of == 0)
		return 0; /* it took the rest: nothing follows */
	return field->rule->octets(number_of(values, field->rule->octets_of));
}

uint32_t
field_extent(const struct field *fields, const union value *values, uint8_t count)
{
	uint32_t extent = 0, end; /* bits */
	uint8_t n;

	for (n = 0; n < count; n++) {
		if (!field_is_present(fields, values, n))
			continue;
		end = fields[n].bit == FIELD_AFTER ? extent : fields[n].bit;
		end += fields[n].bits;
		if (fields[n].bits == 0)
			end += taken_octets(&fields[n], values, n) * 8;
		if (end > extent)
			extent = end;
	}
	return (extent + 7) / 8;
}

bool
field_takes_rest(const struct field *field)
{
	return field->bits == 0;
}

/* A cursor at the n-th item of a list, or one that has failed. */
static struct cursor
list_item(const struct field *fields, const union value *values, uint8_t index, uint32_t n)
{
	uint32_t len = item_len(&fields[index], values);
	struct cursor c = values[index].bytes;

	if (n >= c.captured / len)
		cursor_fail(&c, DECODE_TRUNCATED);
	cursor_skip(&c, n * len);
	return c;
}

bool
field_list_address(const struct field *fields, const union value *values, uint8_t index,
    uint32_t n, struct addr *out)
{
	struct cursor c = list_item(fields, values, index, n);
	uint32_t len;

	switch (fields[index].kind) {
	case FIELD_IP4_LIST:
		*out = addr_read(&c, 4);
		break;
	case FIELD_IP6_SUFFIXES:
		len = item_len(&fields[index], values);
		*out = (struct addr){ .version = 6 };
		cursor_copy(&c, out->bytes + IP6_LEN - len, len);
		break;
	default:
		*out = addr_read(&c, 6);
		break;
	}
	return c.status == DECODE_OK;
}

/* Whether zeros follow the first `len` octets, fewer than a unit of them. */
static bool
is_padded_after(struct cursor octets, uint32_t len)
{
	if (octets.claimed < len || octets.claimed - len >= OPTION_UNIT)
		return false;
	for (cursor_skip(&octets, len); octets.captured > 0;)
		if (cursor_u8(&octets) != 0)
			return false;
	return true;
}

uint32_t
field_link_address_octets(struct cursor octets)
{
	if (!cursor_whole(&octets))
		return 0;
	if (octets.claimed != EUI64_LEN && is_padded_after(octets, MAC_LEN))
		return MAC_LEN;
	return is_padded_after(octets, EUI64_LEN) ? EUI64_LEN : 0;
}

bool
field_list_number(const struct field *fields, const union value *values, uint8_t index,
    uint32_t n, uint64_t *out)
{
	struct cursor c = list_item(fields, values, index, n);

	*out = cursor_uint(&c, item_len(&fields[index], values));
	return c.status == DECODE_OK;
}
