/*
 * Example values by the fields' kinds and rules. No two numbers of a row are
 * alike, so that a wrong position cannot pass unseen.
 */
#include "tests/example.h"

#include <stdio.h>
#include <string.h>

#define VARIANTS 5 /* of the numbers that tell which fields are there */

static const uint8_t octets[64] = { 0xd1, 2, 0xc3, 0x14, 0xb5, 0x26, 0xa7, 0x38, 0x99, 0x4a, 0x8b,
	0x5c, 0x7d, 0x6e };

static uint64_t
example_number(const struct field *field, unsigned index)
{
	uint64_t number = UINT64_C(0x9e3779b97f4a7c15) * (index + 1);

	if (field->kind == FIELD_UNUSED)
		return 0;
	if (field->kind == FIELD_FLAG)
		return 1;
	return field->bits == 64 ? number : number >> (64 - field->bits);
}

static bool
is_same_place(const struct field *a, const struct field *b)
{
	return a->bit == b->bit && a->bits == b->bits && a->bit != FIELD_AFTER;
}

bool
example_is_looked_at(const struct field *fields, const struct field *field)
{
	for (; fields->name != NULL; fields++)
		if (fields->kind == FIELD_SELECTOR && fields != field &&
		    field->bit != FIELD_AFTER && field->bit < fields->bit + fields->bits &&
		    field->bit + field->bits > fields->bit)
			return true;
	return false;
}

/* Another number when later fields depend on it: in variants, all they ask for. */
static uint64_t
deciding_number(const struct field *fields, unsigned index, unsigned variant, uint64_t number)
{
	const struct field *field;
	unsigned dependants = 0;

	for (field = fields; field->name != NULL; field++)
		if (field->rule != NULL && field->rule->when_of == index + 1)
			dependants++;
	for (field = fields; field->name != NULL; field++) {
		const struct field_rule *rule = field->rule;

		if (rule == NULL)
			continue;
		if (rule->when_of == index + 1 && variant-- % dependants == 0)
			return rule->least;
		if (dependants == 0 && (rule->octets_of == index + 1 || rule->item_of == index + 1))
			return 2;
	}
	return number;
}

static void
example_text(const struct field *field, unsigned index, char *out, size_t size)
{
	switch (field->kind) {
	case FIELD_IP4:
		snprintf(out, size, "192.0.2.%u", index + 1);
		break;
	case FIELD_IP4_LIST:
		snprintf(out, size, "192.0.2.1 198.51.100.2 203.0.113.3");
		break;
	case FIELD_IP6:
		snprintf(out, size, "2001:db8::%x:1", index + 1);
		break;
	case FIELD_IP6_LIST:
		snprintf(out, size, "2001:db8::1 2001:db8::2 fe80::3");
		break;
	case FIELD_IP6_PREFIX:
		snprintf(out, size, "2001:db8:1:2::");
		break;
	case FIELD_DNS_NAME:
		snprintf(out, size, "host%u.example", index);
		break;
	case FIELD_DNS_NAMES:
		snprintf(out, size, "host%u.example a.b.test x.invalid", index);
		break;
	default:
		out[0] = '\0';
		break;
	}
}

/* The octets of an example, those of one record when it holds records. */
static uint32_t
example_octets(const struct field *field, const union value *numbers, uint8_t *records)
{
	const struct field_rule *rule = field->rule;
	struct wire w = wire_over(records, 64);

	if (field->bits > 0)
		return field->bits / 8u;
	if (field->kind == FIELD_IP6_PREFIX && (rule == NULL || rule->octets_of == 0))
		return 8;
	if (field->kind == FIELD_RECORDS) {
		wire_record(&w, rule->list, rule->list->types->type, NULL);
		return w.len;
	}
	if (field->kind == FIELD_DER)
		return 4;
	if (rule != NULL && rule->octets != NULL)
		return rule->octets(numbers[rule->octets_of - 1].number);
	if (rule != NULL && rule->item_of > 0)
		return rule->item(numbers[rule->item_of - 1].number);
	return rule != NULL && rule->item_len > 0 ? 2u * rule->item_len : 6;
}

bool
example_is_given(const struct field *fields, const union value *numbers, uint8_t index)
{
	return !wire_counts(fields, numbers, index) && fields[index].kind != FIELD_UNUSED &&
	       fields[index].kind != FIELD_PADDING && field_is_present(fields, numbers, index);
}

/* Selectors of the same bits agree; one that nothing depends on is each bit in turn. */
static uint64_t
example_of_number(
    const struct field *fields, uint8_t index, unsigned variant, const union value *numbers)
{
	uint64_t number = example_number(&fields[index], index);
	uint8_t i;

	for (i = 0; i < index; i++)
		if (is_same_place(&fields[i], &fields[index]))
			return numbers[i].number;
	if (fields[index].kind == FIELD_SELECTOR)
		number = variant % 2;
	return deciding_number(fields, index, variant, number);
}

void
example_make(const struct field *fields, uint32_t max_len, unsigned variant, struct example *out)
{
	unsigned n = 0;
	uint8_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; fields != NULL && fields[i].name != NULL; i++) {
		struct wire_value *value = &out->values[n];

		if (!example_is_given(fields, out->numbers, i))
			continue;
		value->name = fields[i].name;
		if (field_is_number(&fields[i]))
			value->number = example_of_number(fields, i, variant, out->numbers);
		out->numbers[i].number = value->number;
		example_text(&fields[i], i, out->text[n], sizeof(out->text[n]));
		if (max_len > 0 && fields[i].kind == FIELD_IP6_LIST)
			*strchr(out->text[n], ' ') = '\0';
		if (out->text[n][0] != '\0')
			value->text = out->text[n];
		value->len = example_octets(&fields[i], out->numbers, out->records[n]);
		value->bytes = fields[i].kind == FIELD_RECORDS ? out->records[n] : octets;
		if (fields[i].kind == FIELD_IP6_PREFIX && fields[i].bits == 0)
			value->text = NULL;
		n++;
	}
}

void
example_change(struct example *examples, const char *name, uint64_t number)
{
	struct wire_value *value;

	for (value = examples->values; value->name != NULL; value++)
		if (strcmp(value->name, name) == 0)
			value->number = number;
}

unsigned
example_variants(const struct field *fields)
{
	for (; fields != NULL && fields->name != NULL; fields++)
		if (fields->rule != NULL && fields->rule->when_of > 0)
			return VARIANTS;
	return 1;
}
