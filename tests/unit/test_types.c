/*
 * Properties that every row of every table must have: names, order, fields
 * that fit, rows that agree with each other. test_encode.c runs them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <string.h>

#include "decoders/icmp.h"

#define MESSAGE_MAX 512

/* Keys that events have under `icmp.` themselves; a field must not take one. */
static const char *const taken_keys[] = {
	"frame",
	"index",
	"version",
	"type",
	"code",
	"name",
	"code_name",
	"layout",
	"checksum",
	"bytes",
	"payload_bytes",
	"ttl",
	"encapsulation",
	"outer",
	"fragments",
	"options",
	"quoted",
	"extension",
	"anomalies",
	"family",
	"status",
	"rtt",
	"request",
	"response",
	"hops",
	"probe",
	"loss",
	"down",
	"alert",
	"sender",
	"payload_match",
};

static unsigned
field_count(const struct field *fields)
{
	unsigned count = 0;

	while (fields != NULL && fields[count].name != NULL)
		count++;
	return count;
}

static void
assert_snake_case(const char *name)
{
	size_t len = strlen(name), i;

	assert_true(len > 0 && name[0] != '_' && name[len - 1] != '_');
	for (i = 0; i < len; i++) {
		assert_true(islower((unsigned char)name[i]) || isdigit((unsigned char)name[i]) ||
			    name[i] == '_');
		assert_false(name[i] == '_' && name[i + 1] == '_');
	}
}

static void
assert_names(const struct name *names)
{
	const struct name *other;

	for (; names != NULL && names->name != NULL; names++) {
		assert_snake_case(names->name);
		for (other = names + 1; other->name != NULL; other++) {
			assert_true(other->number > names->number);
			assert_string_not_equal(other->name, names->name);
		}
	}
}

/* Whether there is always one of the two at most, by the same number. */
static bool
is_either(const struct field *a, const struct field *b)
{
	return a->rule != NULL && b->rule != NULL && a->rule->when_of > 0 &&
	       a->rule->when_of == b->rule->when_of &&
	       (a->rule->most < b->rule->least || b->rule->most < a->rule->least);
}

/* Whether its place is another field's when it is not there itself. */
static bool
shares_place(const struct field *fields, const struct field *field)
{
	const struct field *other;

	for (other = fields; other->name != NULL; other++)
		if (is_either(other, field) && other->bit != FIELD_AFTER &&
		    other->bit < field->bit + field->bits && field->bit < other->bit + other->bits)
			return true;
	return false;
}

/* A rule speaks of earlier numbers, and of what its field's kind can have. */
static void
assert_rule(const struct field *fields, unsigned index)
{
	const struct field *field = &fields[index];
	const struct field_rule *rule = field->rule;
	const uint8_t named[] = { rule->when_of, rule->octets_of, rule->spare_of, rule->item_of,
		rule->bits_of, rule->most_of };
	unsigned i;

	for (i = 0; i < sizeof(named); i++) {
		assert_true(named[i] <= index);
		assert_true(named[i] == 0 || field_is_number(&fields[named[i] - 1]));
	}
	assert_true(rule->least <= rule->most);
	if (rule->may_end)
		assert_int_equal(field->bit, FIELD_AFTER);
	if (rule->when_of > 0)
		assert_true(field->bit == FIELD_AFTER || field->kind == FIELD_SELECTOR ||
			    shares_place(fields, field));
	assert_int_equal(field->kind == FIELD_RECORDS, rule->list != NULL);
	assert_true(field->kind != FIELD_PADDING || rule->item_len > 0);
	assert_true((rule->item_of == 0) == (rule->item == NULL));
	assert_true(rule->octets == NULL || rule->octets_of > 0);
	assert_true(rule->bits_of == 0 || field->kind == FIELD_IP6_PREFIX);
	assert_true(rule->most_of == 0 || field_is_number(field));
	if (rule->meaning != NULL) {
		assert_int_equal(field->kind, FIELD_UINT);
		assert_snake_case(rule->meaning->name);
		for (i = 0; i < field_count(fields); i++)
			assert_string_not_equal(rule->meaning->name, fields[i].name);
	}
}

/* Two fields may share a name when each is there only at times. */
static bool
is_alternative(const struct field *a, const struct field *b)
{
	return a->rule != NULL && a->rule->when_of > 0 && b->rule != NULL && b->rule->when_of > 0;
}

/* Names, kinds and widths; and that no bit before `len` has two fields at once. */
static void
assert_fields(const struct field *fields, uint32_t len)
{
	const struct field *users[MESSAGE_MAX * 8] = { NULL };
	unsigned i, j, bit;

	assert_true(field_count(fields) <= FIELD_VALUES_MAX);
	for (i = 0; i < field_count(fields); i++) {
		const struct field *field = &fields[i];

		assert_snake_case(field->name);
		assert_names(field->names);
		assert_int_equal(field->kind == FIELD_ENUM, field->names != NULL);
		assert_true(field->count_of <= i);
		for (j = 0; j < i && field->kind != FIELD_UNUSED; j++)
			if (!is_alternative(field, &fields[j]))
				assert_string_not_equal(field->name, fields[j].name);
		if (field->rule != NULL)
			assert_rule(fields, i);
		else
			assert_int_not_equal(field->kind, FIELD_RECORDS);
		if (field->bits == 0)
			assert_true(field->kind > FIELD_IP6);
		if (field->bit == FIELD_AFTER) {
			assert_true(i > 0);
			continue;
		}
		if (field->bits == 0)
			assert_true(field->bit % 8 == 0 && field->bit / 8u <= len);
		assert_true((uint32_t)field->bit + field->bits <= len * 8);
		/* A selector may look at the bits of a field that is shown. */
		for (bit = field->bit; bit < (unsigned)field->bit + field->bits &&
		     field->kind != FIELD_SELECTOR; bit++) {
			assert_true(users[bit] == NULL || is_either(users[bit], field));
			users[bit] = field;
		}
	}
}

static void
assert_rfc(const char *rfc)
{
	assert_non_null(rfc);
	assert_true(isdigit((unsigned char)rfc[0]));
}

/* Where the fields of a message end that are always there and have a place. */
static uint32_t
fixed_extent(const struct field *fields)
{
	uint32_t end, extent = 0;

	for (; fields->name != NULL; fields++) {
		end = (uint32_t)fields->bit + fields->bits;
		if (fields->bit != FIELD_AFTER && end > extent)
			extent = end;
	}
	return (extent + 7) / 8;
}

/* A secured body shows its fields beside those of the section in front of it. */
static void
assert_secured(const struct icmp_type *row)
{
	const struct field *field, *other;

	assert_fields(row->secured, row->secured_len);
	assert_int_equal(fixed_extent(row->secured), row->secured_len);
	for (field = row->secured; field->name != NULL; field++)
		for (other = row->fields; other->name != NULL; other++)
			if (field->kind != FIELD_UNUSED)
				assert_string_not_equal(field->name, other->name);
}

static void
test_message_rows(void **state)
{
	const struct icmp_type *row;
	unsigned i, key, version;

	(void)state;
	for (version = 4; version <= 6; version += 2) {
		for (row = icmp_types((uint8_t)version); row->name != NULL; row++) {
			assert_snake_case(row->name);
			assert_non_null(row->title);
			assert_rfc(row->rfc);
			assert_names(row->codes);
			assert_true(row->codes != NULL || (row->flags & ICMP_CODE_IS_DATA));
			assert_fields(row->fields, row->min_len);
			assert_int_equal(row->role >= ICMP_REQUEST, row->family != NULL);
			assert_int_equal(row->tail == ICMP_TAIL_LISTS ||
			    row->tail == ICMP_TAIL_SECURED, row->lists[0] != NULL);
			assert_int_equal(row->tail == ICMP_TAIL_SECURED, row->secured != NULL);
			if (row->secured != NULL)
				assert_secured(row);
			assert_true(row->count_of <= field_count(row->fields));
			assert_true(row->size_of <= field_count(row->fields));
			if (row->fields != NULL)
				assert_int_equal(fixed_extent(row->fields), row->min_len);
			else
				assert_int_equal(row->min_len, ICMP_HEADER_LEN);
			for (i = 0; row->fields != NULL && i < field_count(row->fields); i++)
				for (key = 0; key < sizeof(taken_keys) / sizeof(taken_keys[0]);
				     key++)
					assert_string_not_equal(
					    row->fields[i].name, taken_keys[key]);
		}
	}
}

static int
row_order(const struct icmp_type *row)
{
	return row->type << 20 | (row->code + 1) << 10 | row->min_len;
}

static void
test_message_order(void **state)
{
	const struct icmp_type *row, *other;
	unsigned version;

	(void)state;
	for (version = 4; version <= 6; version += 2) {
		for (row = icmp_types((uint8_t)version); row->name != NULL; row++) {
			if (row[1].name != NULL)
				assert_true(row_order(row) < row_order(row + 1) ||
					    row[1].fits != NULL);
			for (other = row + 1; other->name != NULL; other++) {
				if (other->type == row->type)
					assert_string_equal(other->name, row->name);
				else if ((row->flags & other->flags & ICMP_NO_LAYOUT) == 0)
					assert_string_not_equal(other->name, row->name);
			}
		}
	}
}

/* Two kinds of message may answer one request: it names one, both name it. */
static void
test_counterparts(void **state)
{
	const struct icmp_type *row, *answer;
	unsigned version;

	(void)state;
	for (version = 4; version <= 6; version += 2) {
		for (row = icmp_types((uint8_t)version); row->name != NULL; row++) {
			if (row->family == NULL)
				continue;
			answer = icmp_lookup((uint8_t)version, row->counterpart, 0, UINT32_MAX);
			assert_int_equal(answer->type, row->counterpart);
			assert_string_equal(answer->family, row->family);
			assert_true(answer->role >= ICMP_REQUEST && answer->role != row->role);
			if (row->role == ICMP_REQUEST)
				assert_int_equal(answer->counterpart, row->type);
		}
	}
}

/* What IANA's registries have assigned, and nothing else. */
static void
test_registry(void **state)
{
	unsigned type;

	(void)state;
	for (type = 0; type < 256; type++) {
		bool assigned4 = type <= 43 ? type != 1 && type != 2 && type != 7 : type >= 253;
		bool assigned6 = type <= 4 || (type >= 127 && type <= 161) || type == 100 ||
				 type == 101 || type == 200 || type == 201 || type == 255;

		assert_int_equal(assigned4,
		    strcmp(icmp_lookup(4, (uint8_t)type, 0, 8)->name, "unassigned") != 0);
		assert_int_equal(assigned6,
		    strcmp(icmp_lookup(6, (uint8_t)type, 0, 8)->name, "unassigned") != 0);
	}
}

/* A message too short for the row of its code is that row's, cut short, all the same. */
static void
test_codes_before_lengths(void **state)
{
	const struct icmp_type *row;
	unsigned version;

	(void)state;
	for (version = 4; version <= 6; version += 2)
		for (row = icmp_types((uint8_t)version); row->name != NULL; row++)
			if (row->code != ICMP_ANY_CODE && row->fits == NULL)
				assert_int_equal(row->code,
				    icmp_lookup((uint8_t)version, row->type, (uint8_t)row->code,
				    ICMP_HEADER_LEN)->code);
}

static void
test_record_rows(void **state)
{
	const struct record_type *row;
	unsigned i, j, n;

	(void)state;
	for (n = 0; list_types[n] != NULL; n++) {
		assert_snake_case(list_types[n]->key);
		assert_non_null(list_types[n]->name);
		assert_non_null(list_types[n]->word);
		for (j = 0; j < n; j++)
			assert_string_not_equal(list_types[n]->word, list_types[j]->word);
		for (row = list_types[n]->types; row->name != NULL; row++) {
			assert_snake_case(row->name);
			assert_rfc(row->rfc);
			assert_fields(row->fields, row->min_len);
			assert_true(row->max_len == 0 || row->max_len >= row->min_len);
			if (row[1].name != NULL)
				assert_true(row[1].type > row->type);
			for (i = 0; i < field_count(row->fields); i++) {
				if (row->group != NULL)
					continue;
				assert_string_not_equal(row->fields[i].name, "type");
				assert_string_not_equal(row->fields[i].name, "name");
				assert_string_not_equal(row->fields[i].name, "length");
			}
		}
	}
}

static void
test_anomalies(void **state)
{
	unsigned i, j;

	(void)state;
	for (i = 0; i < ANOMALY_COUNT; i++) {
		const struct anomaly_type *row = anomaly_type((enum anomaly)i);

		assert_non_null(row->slug);
		assert_snake_case(row->slug);
		assert_non_null(row->meaning);
		assert_int_equal(row->meaning[strlen(row->meaning) - 1], '.');
		assert_non_null(row->who);
		if (row->rfc != NULL)
			assert_rfc(row->rfc);
		for (j = 0; j < i; j++)
			assert_string_not_equal(row->slug, anomaly_type((enum anomaly)j)->slug);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message_rows),
		cmocka_unit_test(test_message_order),
		cmocka_unit_test(test_counterparts),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_codes_before_lengths),
		cmocka_unit_test(test_record_rows),
		cmocka_unit_test(test_anomalies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
