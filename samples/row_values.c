/*
 * Values for the fields of any row: all bits of a number in use, names that are
 * for documentation, and what must make sense together does.
 */
#include "samples/row_values.h"

#include <string.h>

static const uint8_t octets[] = {
	0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
	0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e,
	0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28,
};

#define MESSAGE_REST_LEN 16 /* octets that the last field of a message gets */
#define RECORD_REST_LEN 4   /* at least, of a record */

/* What must make sense together with the rest of the message. */
static const struct wire_value fitting[] = {
	{ "length", .number = 0 },
	{ "mtu", .number = 1400 },
	{ "pointer", .number = 8 },
	{ "addr_entry_size", .number = 2 },
	{ "prefix_length", .number = 64 },
	{ "context_length", .number = 64 },
	{ "valid_lifetime", .number = 2592000 },
	{ "preferred_lifetime", .number = 604800 },
	{ "state", .number = 0 }, /* an interface that is active has none */
	{ "address_length", .number = 4 },
	{ "afi", .number = 1 },
	{ "aux_data_len", .number = 1 },
	{ "rovr_size", .number = 1 },
	{ "compr", .number = 8 },
	{ "compression", .number = 3 },
	{ "name_length", .number = 8 },
	{ "seed_id_size", .number = 1 },
	{ "bm_len", .number = 2 },
	{ "security_level", .number = 0 },
	{ "estimated_energy", .number = 80 },
	{ "group", .text = "ff3e::db8:1" },
	{ "keys", .bytes = "\0\1\0\3", .len = 4 }, /* of the parameters that are there */
	{ "id", .bytes = "h2", .len = 2 },
	{ "interface_name", .bytes = "eth0", .len = 4 },
	{ "name", .bytes = "eth0\0\0\0", .len = 7 },
	{ "dohpath", .bytes = "/dns-query{?dns}", .len = 16 },
	WIRE_END
};

static const struct wire_value *
fitting_value(const struct field *field)
{
	const struct wire_value *value;

	for (value = fitting; value->name != NULL; value++)
		if (strcmp(value->name, field->name) == 0 &&
		    (value->bytes == NULL && value->text == NULL) == field_is_number(field))
			return value;
	return NULL;
}

/* Numbers, each once, for which the field at `index` has others behind it. */
struct deciding {
	uint64_t numbers[FIELD_VALUES_MAX];
	unsigned int count;
};

static struct deciding
deciding_numbers(const struct field *fields, unsigned int index)
{
	struct deciding out = { .count = 0 };
	const struct field *field;
	unsigned int i;

	for (field = fields; field->name != NULL; field++) {
		if (field->rule == NULL || field->rule->when_of != index + 1)
			continue;
		for (i = 0; i < out.count && out.numbers[i] != field->rule->least; i++)
			;
		out.numbers[i] = field->rule->least;
		if (i == out.count)
			out.count++;
	}
	return out;
}

unsigned int
row_values_variants(const struct field *fields)
{
	unsigned int variants = 1, i;

	for (i = 0; fields != NULL && fields[i].name != NULL; i++) {
		unsigned int count = deciding_numbers(fields, i).count;

		if (count > variants && fitting_value(&fields[i]) == NULL)
			variants = count;
	}
	return variants;
}

static uint64_t
number_for(const struct field *fields, unsigned int index, unsigned int variant)
{
	const struct field *field = &fields[index];
	uint64_t mask = field->bits < 64 ? (UINT64_C(1) << field->bits) - 1 : UINT64_MAX;
	const struct wire_value *fits = fitting_value(field);
	struct deciding deciding = deciding_numbers(fields, index);

	if (fits != NULL)
		return fits->number & mask;
	if (deciding.count > 0)
		return deciding.numbers[variant % deciding.count];
	if (field->kind == FIELD_ENUM && field->names[1].name != NULL)
		return field->names[1].number;
	if (field->kind == FIELD_ENUM)
		return field->names[0].number;
	if (field->kind == FIELD_FLAG)
		return 1;
	if (field->kind == FIELD_SELECTOR)
		return mask;
	/* every digit of the width is used, and no two fields are alike */
	return (UINT64_C(0x1122334455667788) + index * UINT64_C(0x0101010101010101)) & mask;
}

/* How many octets a field without a width gets when `rest_len` are wanted. */
static uint32_t
octets_of(const struct field *field, const union value *numbers, uint32_t rest_len)
{
	const struct field_rule *rule = field->rule;

	if (field->bits > 0)
		return field->bits / 8u;
	if (field->kind == FIELD_DER)
		return 2u + octets[1];
	if (rule != NULL && rule->octets != NULL)
		return rule->octets(numbers[rule->octets_of - 1].number);
	if (rule != NULL && rule->item_of > 0)
		return rule->item(numbers[rule->item_of - 1].number);
	if (rule != NULL && rule->item_len > 0)
		return 2u * rule->item_len;
	return rest_len;
}

/* `len` octets for a field of octets, link address or text. */
static void
give_octets(const struct field *field, uint32_t len, struct wire_value *out)
{
	static const char path[] = "https://portal.example/";

	out->bytes = octets;
	out->len = len < sizeof(octets) ? len : (uint32_t)sizeof(octets);
	if (field->kind != FIELD_TEXT)
		return;
	out->bytes = path;
	out->len = field->rule != NULL && len < sizeof(path) ? len : (uint32_t)sizeof(path) - 1;
}

/* Octets for the last field that fill a record of the row to its unit and minimum. */
static uint32_t
rest_len_of(const struct list_type *list, const struct record_type *row)
{
	uint32_t start = row->min_len, least = row->min_len, unit = list->header.unit;
	const struct field *field;

	for (field = row->fields; field != NULL && field->name != NULL; field++)
		if (field_takes_rest(field) && field->bit != FIELD_AFTER)
			start = field->bit / 8u;
	if (least < start + RECORD_REST_LEN)
		least = start + RECORD_REST_LEN;
	if (unit > 1)
		least = (least + unit - 1) / unit * unit;
	return least - start;
}

static void give(const struct field *fields, struct row_values *out);

void
row_values_put(struct wire *w, const struct list_type *list, const struct record_type *row)
{
	unsigned int variant, variants = row_values_variants(row->fields);

	for (variant = 0; variant < variants; variant++) {
		struct row_values values = {
			.list = list, .rest_len = rest_len_of(list, row), .variant = variant,
		};

		give(row->fields, &values);
		wire_record(w, list, row->type, values.given);
	}
}

void
row_values_put_all(struct wire *w, const struct list_type *list)
{
	const struct record_type *row;

	for (row = list->types; row->name != NULL; row++)
		row_values_put(w, list, row);
}

/* A record of every row of the field's list; if it is inside that list, of one. */
static void
give_records(const struct field *field, struct row_values *values, struct wire_value *out)
{
	const struct list_type *list = field->rule->list;
	struct wire w = wire_over(values->records + values->records_len,
	    RECORDS_OCTETS - values->records_len);

	if (list == values->list)
		row_values_put(&w, list, list->types);
	else
		row_values_put_all(&w, list);
	out->bytes = w.bytes;
	out->len = w.failed ? UINT32_MAX : w.len; /* which fits nowhere */
	values->records_len += w.len;
}

/* A value of its kind; false for what must be zero, counts itself or is not there. */
static bool
give_value(const struct field *fields, uint8_t index, struct row_values *values,
    struct wire_value *out)
{
	const struct field *field = &fields[index];
	const struct wire_value *fits = fitting_value(field);

	*out = (struct wire_value){ .name = field->name };
	if (!field_is_present(fields, values->numbers, index))
		return false;
	if (fits != NULL && !field_is_number(field)) {
		*out = *fits;
		return true;
	}
	switch (field->kind) {
	case FIELD_UNUSED:
	case FIELD_PADDING:
		return false;
	case FIELD_RECORDS:
		give_records(field, values, out);
		return true;
	case FIELD_IP4:
		out->text = "203.0.113.7";
		return true;
	case FIELD_IP6:
		out->text = "2001:db8:0:7::77";
		return true;
	case FIELD_IP6_PREFIX:
		if (field->rule != NULL && field->rule->octets_of > 0)
			break;
		out->text = "2001:db8:64::";
		return true;
	case FIELD_DNS_NAME:
		out->text = "dot.example";
		return true;
	case FIELD_IP4_LIST:
		out->text = "203.0.113.8 203.0.113.9";
		return true;
	case FIELD_IP6_LIST:
		out->text = "2001:db8:0:8::8";
		return true;
	case FIELD_DNS_NAMES:
		out->text = "a.example host.b.example";
		return true;
	default:
		break;
	}
	if (!field_is_number(field)) {
		give_octets(field, octets_of(field, values->numbers, values->rest_len), out);
		return true;
	}
	out->number = number_for(fields, index, values->variant);
	values->numbers[index].number = out->number;
	return !wire_counts(fields, values->numbers, index);
}

static void
give(const struct field *fields, struct row_values *out)
{
	unsigned int n = 0;
	uint8_t i;

	for (i = 0; fields != NULL && fields[i].name != NULL; i++)
		if (give_value(fields, i, out, &out->given[n]))
			n++;
	out->given[n] = (struct wire_value){ .name = NULL };
}

void
row_values_give(const struct field *fields, unsigned int variant, struct row_values *out)
{
	*out = (struct row_values){ .rest_len = MESSAGE_REST_LEN, .variant = variant };
	give(fields, out);
}
