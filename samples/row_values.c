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

/* Numbers that must make sense together with the rest of the message. */
static const struct wire_value fitting[] = {
	{ "length", .number = 0 },
	{ "mtu", .number = 1400 },
	{ "pointer", .number = 8 },
	{ "addr_entry_size", .number = 2 },
	{ "prefix_length", .number = 64 },
	{ "context_length", .number = 64 },
	{ "address_length", .number = 4 },
	{ "afi", .number = 1 },
	{ "aux_data_len", .number = 1 },
	{ "has_extensions", .number = 0 },
	{ "rovr_size", .number = 1 },
	{ "compr", .number = 8 },
	{ "compression", .number = 3 },
	{ "name_length", .number = 8 },
	{ "seed_id_size", .number = 1 },
	{ "bm_len", .number = 2 },
	{ "key_identifier_mode", .number = 2 },
	{ "security_level", .number = 0 },
	{ "qtype", .number = 2 },
	WIRE_END
};

/* Whether another field counts its items in this one: wire counts for us. */
static bool
is_counter(const struct field *fields, unsigned int index)
{
	const struct field *field;

	for (field = fields; field->name != NULL; field++) {
		const struct field_rule *rule = field->rule;

		if (field->count_of == index + 1)
			return true;
		if (rule != NULL && (rule->spare_of == index + 1 ||
		    (rule->octets_of == index + 1 && rule->octets == NULL)))
			return true;
	}
	return false;
}

static uint64_t
number_for(const struct field *field, unsigned int index)
{
	uint64_t mask = field->bits < 64 ? (UINT64_C(1) << field->bits) - 1 : UINT64_MAX;
	const struct wire_value *value;

	for (value = fitting; value->name != NULL; value++)
		if (strcmp(value->name, field->name) == 0)
			return value->number & mask;
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

/* The first record of the field's list, without values of its own. */
static void
give_records(const struct field *field, uint8_t *buffer, struct wire_value *out)
{
	struct wire w = wire_over(buffer, RECORD_OCTETS);

	wire_record(&w, field->rule->list, field->rule->list->types->type, NULL);
	out->bytes = buffer;
	out->len = w.len;
}

/* A value of its kind; false for what must be zero, counts itself or is not there. */
static bool
give_value(const struct field *fields, uint8_t index, uint32_t rest_len, struct row_values *values,
    struct wire_value *out)
{
	const struct field *field = &fields[index];

	*out = (struct wire_value){ .name = field->name };
	if (!field_is_present(fields, values->numbers, index))
		return false;
	switch (field->kind) {
	case FIELD_UNUSED:
	case FIELD_PADDING:
		return false;
	case FIELD_RECORDS:
		give_records(field, values->records[index], out);
		return true;
	case FIELD_IP4:
		out->text = "203.0.113.7";
		return true;
	case FIELD_IP6:
		out->text = "2001:db8:0:7::77";
		return true;
	case FIELD_IP6_PREFIX:
		if (field->rule != NULL)
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
		give_octets(field, octets_of(field, values->numbers, rest_len), out);
		return true;
	}
	out->number = number_for(field, index);
	values->numbers[index].number = out->number;
	return !is_counter(fields, index);
}

void
row_values_give(const struct field *fields, uint32_t rest_len, struct row_values *out)
{
	unsigned int n = 0;
	uint8_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; fields != NULL && fields[i].name != NULL; i++)
		if (give_value(fields, i, rest_len, out, &out->given[n]))
			n++;
	out->given[n] = (struct wire_value){ .name = NULL };
}
