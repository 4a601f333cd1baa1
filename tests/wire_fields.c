/*
 * The opposite of decoders/: fields and records to octets, by the same rows.
 */
#include <string.h>

#include "tests/wire.h"

#define PIECE_MAX 128 /* the longest address or DNS name in a value's text */

/* Takes the next word of `text` into `out`; false when there is none. */
static bool
next_word(const char **text, char *out)
{
	size_t len;

	*text += strspn(*text, " ");
	len = strcspn(*text, " ");
	if (len == 0 || len >= PIECE_MAX)
		return false;
	memcpy(out, *text, len);
	out[len] = '\0';
	*text += len;
	return true;
}

/* Labels parted by dots (RFC 1035 3.1). */
static void
append_dns_name(struct wire *w, const char *name)
{
	size_t len;

	for (; *name != '\0'; name += len + (name[len] == '.')) {
		len = strcspn(name, ".");
		if (len == 0 || len > 63) {
			w->failed = true;
			return;
		}
		wire_uint(w, len, 1);
		wire_bytes(w, name, (uint32_t)len);
	}
	wire_uint(w, 0, 1);
}

/* Appends the addresses or DNS names in `text`. */
static void
append_words(struct wire *w, enum field_kind kind, const char *text)
{
	uint8_t version = kind == FIELD_IP4_LIST ? 4 : 6, address[16];
	char word[PIECE_MAX];

	while (next_word(&text, word)) {
		if (kind == FIELD_DNS_NAMES || kind == FIELD_DNS_NAME)
			append_dns_name(w, word);
		else if (wire_address(word, version, address))
			wire_bytes(w, address, version == 4 ? 4 : 16);
		else
			w->failed = true;
	}
}

static const struct wire_value *
find_value(const struct wire_value *values, const char *name)
{
	for (; values != NULL && values->name != NULL; values++)
		if (strcmp(values->name, name) == 0)
			return values;
	return NULL;
}

static bool
is_field(const struct field *fields, const char *name)
{
	for (; fields != NULL && fields->name != NULL; fields++)
		if (strcmp(fields->name, name) == 0)
			return true;
	return false;
}

bool
wire_counts(const struct field *fields, const union value *numbers, uint8_t index)
{
	uint8_t n, of = (uint8_t)(index + 1);

	for (n = 0; fields[n].name != NULL; n++) {
		const struct field_rule *rule = fields[n].rule;
		bool is_told = fields[n].count_of == of ||
		    (rule != NULL && (rule->spare_of == of ||
		    (rule->octets_of == of && rule->octets == NULL)));

		if (is_told && field_is_present(fields, numbers, n))
			return true;
	}
	return false;
}

/* Writes a field of a fixed width into what starts at `start`. */
static void
write_fixed(
    struct wire *w, uint32_t start, const struct field *field, const struct wire_value *given)
{
	union value value = { .number = given->number };

	switch (field->kind) {
	case FIELD_INT:
		value.integer = (int64_t)given->number;
		break;
	case FIELD_IP4:
	case FIELD_IP6:
	case FIELD_IP6_PREFIX:
		memset(&value.address, 0, sizeof(value.address));
		if (given->text == NULL && given->bytes != NULL &&
		    given->len == field->bits / 8u)
			memcpy(value.address.bytes, given->bytes, given->len);
		else if (given->text == NULL ||
			 !wire_address(
			     given->text, field->kind == FIELD_IP4 ? 4 : 6, value.address.bytes))
			w->failed = true;
		break;
	case FIELD_BYTES:
		value.bytes = cursor_over(given->bytes, given->len, given->len);
		break;
	default:
		break;
	}
	if (!w->failed && !field_write(field, &value, w->bytes + start, w->len - start))
		w->failed = true;
}

/* Appends a field without a width; returns how many octets it got. */
static uint32_t
append_rest(struct wire *w, const struct field *field, const struct wire_value *given)
{
	uint32_t before = w->len;

	if (given->text == NULL)
		wire_bytes(w, given->bytes, given->len);
	else if (field->kind == FIELD_BYTES || field->kind == FIELD_TEXT)
		wire_bytes(w, given->text, (uint32_t)strlen(given->text));
	else
		append_words(w, field->kind, given->text);
	return w->len - before;
}

/* Fields being written into the message or record that starts at `start`. */
struct writer {
	struct wire *w;
	uint32_t start, end; /* octets; bits behind the last field */
	const struct field *fields;
	const struct wire_value *given;
	union value numbers[FIELD_VALUES_MAX]; /* of the fields written so far */
	uint16_t bits[FIELD_VALUES_MAX];       /* where those with a width are */
};

/* Writes the number that a later field needs, unless the caller gave another. */
static void
write_number_of(struct writer *r, uint8_t of, uint32_t number)
{
	struct field field = r->fields[of - 1];
	struct wire_value value = { .number = number };

	field.bit = r->bits[of - 1];
	if (find_value(r->given, field.name) == NULL)
		write_fixed(r->w, r->start, &field, &value);
}

static uint32_t
item_len(const struct writer *r, const struct field *field)
{
	const struct field_rule *rule = field->rule;

	if (field->kind == FIELD_IP4_LIST || field->kind == FIELD_IP6_LIST)
		return field->kind == FIELD_IP4_LIST ? 4 : 16;
	if (rule != NULL && rule->item_of > 0)
		return rule->item(r->numbers[rule->item_of - 1].number);
	return rule != NULL && rule->item_len > 0 ? rule->item_len : 1;
}

/* A field without a width, and what counts it. */
static void
write_rest(struct writer *r, const struct field *field, const struct wire_value *value)
{
	uint32_t len = 0, unit;

	if (field->kind == FIELD_PADDING) {
		unit = item_len(r, field);
		wire_zero(r->w, (unit - (r->w->len - r->start) % unit) % unit);
	} else if (value != NULL) {
		len = append_rest(r->w, field, value);
	}
	if (field->count_of > 0 && value != NULL)
		write_number_of(r, field->count_of, len / item_len(r, field));
	if (field->rule != NULL && field->rule->octets_of > 0 && field->rule->octets == NULL &&
	    value != NULL)
		write_number_of(r, field->rule->octets_of, len);
	r->end = (r->w->len - r->start) * 8;
}

/* A field with a width, wherever it is; zero without a value. */
static void
write_wide(struct writer *r, uint8_t n, const struct wire_value *value)
{
	struct field placed = r->fields[n];

	if (placed.bit == FIELD_AFTER)
		placed.bit = (uint16_t)r->end;
	r->bits[n] = placed.bit;
	if (r->end < (uint32_t)placed.bit + placed.bits)
		r->end = (uint32_t)placed.bit + placed.bits;
	wire_pad(r->w, r->start + (r->end + 7) / 8);
	if (value != NULL)
		write_fixed(r->w, r->start, &placed, value);
}

/* Whether there is a value for one of `fields`. */
static bool
is_any_given(const struct field *fields, const struct wire_value *values)
{
	for (; fields->name != NULL; fields++)
		if (find_value(values, fields->name) != NULL)
			return true;
	return false;
}

/* Encodes `fields` into the message or record that starts at `start`. */
static void
write_fields(
    struct wire *w, uint32_t start, const struct field *fields, const struct wire_value *values)
{
	struct writer r = { .w = w, .start = start, .fields = fields, .given = values };
	const struct wire_value *value;
	const struct field *field;
	uint8_t n;

	for (value = values; value != NULL && value->name != NULL; value++)
		if (!is_field(fields, value->name))
			w->failed = true;
	for (n = 0; fields != NULL && fields[n].name != NULL && !w->failed; n++) {
		field = &fields[n];
		value = find_value(values, field->name);
		if (!field_is_present(fields, r.numbers, n))
			continue;
		if (field->rule != NULL && field->rule->may_end && !is_any_given(field, values))
			break;
		if (value != NULL)
			r.numbers[n].number = value->number;
		if (field_takes_rest(field))
			write_rest(&r, field, value);
		else
			write_wide(&r, n, value);
	}
}

/* The octets in front of the first field that has no place of its own. */
static uint32_t
fixed_len(const struct field *fields, uint32_t most)
{
	uint32_t at, end = 0, len = most;

	for (; fields != NULL && fields->name != NULL; fields++) {
		at = fields->bit == FIELD_AFTER ? end : fields->bit / 8u;
		if ((fields->bit == FIELD_AFTER || field_takes_rest(fields)) && at < len)
			return at;
		end = ((uint32_t)fields->bit + fields->bits + 7) / 8;
	}
	return len;
}

void
wire_message(
    struct wire *w, const struct icmp_type *row, uint8_t code, const struct wire_value *values)
{
	uint32_t start = w->len;

	wire_uint(w, row->type, 1);
	wire_uint(w, code, 1);
	wire_zero(w, fixed_len(row->fields, row->min_len) - 2);
	write_fields(w, start, row->fields, values);
}

void
wire_secured(struct wire *w, const struct icmp_type *row, const struct wire_value *values)
{
	uint32_t start = w->len - ICMP_HEADER_LEN;

	wire_zero(w, fixed_len(row->secured, row->secured_len) - ICMP_HEADER_LEN);
	write_fields(w, start, row->secured, values);
}

void
wire_icmp(
    struct wire *w, uint8_t version, uint8_t type, uint8_t code, const struct wire_value *values)
{
	struct icmp_type row = *icmp_lookup(version, type, code, UINT32_MAX);

	row.type = type; /* what is unassigned shares one row */
	wire_message(w, &row, code, values);
}

/* What a list asks for that has records of its own kind. */
static void
finish_own_record(struct wire *w, const struct list_type *list, uint32_t type, uint32_t start)
{
	uint32_t len = w->len - start;

	if (list == &mld_records) {
		wire_put(w, start, type, 1);
	} else if (list == &rpl_via_addresses) {
		wire_put(w, start, (len - 2) / (1u << type) - 1, 1);
		wire_put(w, start + 1, type, 1);
	} else if (list == &context_blocks) {
		wire_zero(w, (8 - len % 8) % 8);
		wire_put(w, start + 2, (w->len - start) / 8, 1);
	}
}

/* How many octets of padding a record has is in one of its fields, or in none. */
static void
write_spare(struct wire *w, uint32_t start, const struct field *fields, uint32_t spare)
{
	const struct field *field;
	struct wire_value value = { .number = spare };

	for (field = fields; field != NULL && field->name != NULL; field++)
		if (field->rule != NULL && field->rule->spare_of > 0)
			write_fixed(w, start, &fields[field->rule->spare_of - 1], &value);
}

/* Writes the header of the record at `start`, whose length is now known. */
static void
finish_record(struct wire *w, const struct list_type *list, uint32_t type, uint32_t start)
{
	const struct record_header *header = &list->header;
	uint32_t spare;

	if (header->length_len == 0) {
		finish_own_record(w, list, type, start);
		return;
	}
	spare = (header->unit - (w->len - start) % header->unit) % header->unit;
	wire_zero(w, spare);
	write_spare(w, start, list_row(list, type)->fields, spare);
	/* A ctype that may be any is a matter of the fields. */
	if (list->is_classed && type % 256 == RECORD_ANY_CTYPE)
		wire_put(w, start + header->type_at, type >> 8, 1);
	else if (list->is_typed)
		wire_put(w, start + header->type_at, type, header->type_len);
	if (!header->has_pad || type != 0)
		wire_put(w, start + header->length_at,
		    (w->len - start - header->uncounted) / header->unit, header->length_len);
}

void
wire_record(
    struct wire *w, const struct list_type *list, uint32_t type, const struct wire_value *values)
{
	const struct record_type *row = list_row(list, type);
	uint32_t start = w->len;

	if (row == NULL) {
		w->failed = true;
		return;
	}
	wire_zero(w, fixed_len(row->fields, row->min_len));
	write_fields(w, start, row->fields, values);
	if (!w->failed && w->len - start < row->min_len)
		wire_zero(w, row->min_len - (w->len - start));
	finish_record(w, list, type, start);
}
