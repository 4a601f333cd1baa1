/*
 * Values into JSON, one function for each kind that is more than a number.
 */
#include "analyzer/sink/field_json.h"

#include <stdio.h>

#include "decoders/dns_name.h"

#define KEY_MAX 64
#define TEXT_MAX 2048 /* octets; an option of Neighbor Discovery holds 2038 */
#define NAMES_MAX 512 /* DNS names of one list that are written */

/* Writes under the key `name` with `suffix` behind it. */
static const char *
key_with(char key[KEY_MAX], const char *name, const char *suffix)
{
	snprintf(key, KEY_MAX, "%s%s", name, suffix);
	return key;
}

/* A code is shown as it was sent, and as what it means beside that. */
static void
write_uint(struct json_writer *w, const struct field *field, uint64_t number)
{
	const struct field_meaning *meaning = NULL;
	uint64_t meant;

	json_uint(w, field->name, number);
	if (field->rule != NULL)
		meaning = field->rule->meaning;
	if (meaning != NULL && meaning->of(number, &meant))
		json_uint(w, meaning->name, meant);
}

static void
write_enum(struct json_writer *w, const struct field *field, uint64_t number)
{
	const char *name = name_of(field->names, (uint32_t)number);
	char key[KEY_MAX];

	json_uint(w, field->name, number);
	if (name != NULL)
		json_text(w, key_with(key, field->name, "_name"), name);
}

static void
write_addresses(
    struct json_writer *w, const struct field *fields, const union value *values, uint8_t index)
{
	struct addr address;
	uint32_t n;

	json_open_array(w, fields[index].name);
	for (n = 0; field_list_address(fields, values, index, n, &address); n++)
		json_addr(w, NULL, &address);
	json_close(w);
}

static void
write_numbers(
    struct json_writer *w, const struct field *fields, const union value *values, uint8_t index)
{
	uint64_t number;
	uint32_t n;

	json_open_array(w, fields[index].name);
	for (n = 0; field_list_number(fields, values, index, n, &number); n++)
		json_uint(w, NULL, number);
	json_close(w);
}

/* What compression pointers in the field count from: nothing, when it has none. */
static struct cursor
offsets_base(const struct field *field, struct cursor start)
{
	if (field->rule == NULL || field->rule->offsets_from == 0)
		return cursor_empty();
	cursor_skip(&start, field->rule->offsets_from - 1u);
	return start;
}

static void
write_dns_names(
    struct json_writer *w, const struct field *field, struct cursor names, struct cursor start)
{
	struct cursor base = offsets_base(field, start);
	char name[DNS_NAME_TEXT_SIZE];
	uint32_t n;

	json_open_array(w, field->name);
	for (n = 0; n < NAMES_MAX && dns_name_next(&names, base, name, sizeof(name)); n++)
		json_text(w, NULL, name);
	json_close(w);
}

static void
write_dns_name(struct json_writer *w, const struct field *field, struct cursor octets)
{
	char name[DNS_NAME_TEXT_SIZE];

	if (dns_name_next(&octets, cursor_empty(), name, sizeof(name)))
		json_text(w, field->name, name);
}

static void
write_link_address(struct json_writer *w, const struct field *field, struct cursor octets)
{
	uint32_t len = field_link_address_octets(octets);

	if (len > 0)
		json_link_address(w, field->name, cursor_cut(&octets, len));
	else
		json_hex(w, field->name, octets);
}

/* Text that is no UTF-8, or longer than any text, is shown as octets too. */
static void
write_text(struct json_writer *w, const struct field *field, struct cursor octets)
{
	struct cursor c = octets;
	uint32_t len = octets.captured;
	char text[TEXT_MAX], key[KEY_MAX];

	while (len > 0 && cursor_peek(&octets, len - 1) == 0)
		len--; /* padding */
	if (len == 0)
		return;
	if (len <= sizeof(text) && cursor_copy(&c, text, len) &&
	    json_string(w, field->name, text, len))
		return;
	json_hex(w, key_with(key, field->name, "_hex"), octets);
}

/* The kinds that hold octets, each by itself. */
static void
write_octets(
    struct json_writer *w, const struct field *field, struct cursor octets, struct cursor start)
{
	switch (field->kind) {
	case FIELD_LINK_ADDRESS:
		write_link_address(w, field, octets);
		break;
	case FIELD_DNS_NAME:
		write_dns_name(w, field, octets);
		break;
	case FIELD_DNS_NAMES:
		write_dns_names(w, field, octets, start);
		break;
	case FIELD_TEXT:
		write_text(w, field, octets);
		break;
	case FIELD_PADDING:
		break;
	default:
		json_hex(w, field->name, octets);
		break;
	}
}

static void
write_records(struct json_writer *w, const char *key, struct list *list, unsigned depth);

static void
write_field(struct json_writer *w, const struct field *fields, const union value *values,
    uint8_t index, struct cursor start)
{
	const struct field *field = &fields[index];
	const union value *value = &values[index];

	switch (field->kind) {
	case FIELD_UINT:
		write_uint(w, field, value->number);
		break;
	case FIELD_INT:
		json_int(w, field->name, value->integer);
		break;
	case FIELD_FLAG:
		json_flag(w, field->name, value->number != 0);
		break;
	case FIELD_ENUM:
		write_enum(w, field, value->number);
		break;
	case FIELD_SELECTOR:
	case FIELD_UNUSED:
		break;
	case FIELD_IP4:
	case FIELD_IP6:
	case FIELD_IP6_PREFIX:
	case FIELD_IP6_SUFFIX:
		json_addr(w, field->name, &value->address);
		break;
	case FIELD_IP4_LIST:
	case FIELD_IP6_LIST:
	case FIELD_IP6_SUFFIXES:
		write_addresses(w, fields, values, index);
		break;
	case FIELD_NUMBERS:
		write_numbers(w, fields, values, index);
		break;
	default:
		write_octets(w, field, value->bytes, start);
		break;
	}
}

static void
write_fields(struct json_writer *w, const struct field *fields, const union value *values,
    uint8_t count, struct cursor start, unsigned depth)
{
	uint8_t i;

	for (i = 0; i < count; i++) {
		struct list list;

		if (!field_is_present(fields, values, i))
			continue;
		if (fields[i].kind != FIELD_RECORDS) {
			write_field(w, fields, values, i, start);
		} else if (depth < RECORD_DEPTH_MAX) {
			list = list_open_field(fields, values, i);
			write_records(w, fields[i].name, &list, depth);
		}
	}
}

/* What a record of an unknown type holds. */
static void
write_unknown(struct json_writer *w, const struct list_type *list, const struct record *record)
{
	struct cursor data = record->bytes;

	cursor_skip(&data, list->header_len);
	if (data.status == DECODE_OK && data.claimed > 0)
		json_hex(w, "data", data);
}

static void
write_record(struct json_writer *w, const struct list_type *list, const struct record *record,
    unsigned depth)
{
	const struct record_type *row = record->row;

	if (list->is_classed) {
		json_uint(w, "class", record->type >> 8);
		json_uint(w, "ctype", record->type & 0xff);
	} else if (list->is_typed) {
		json_uint(w, "type", record->type);
	}
	if (row != NULL && list->is_typed)
		json_text(w, "name", row->name);
	if (list->is_typed)
		json_uint(w, "length", record->length);
	if (row == NULL) {
		write_unknown(w, list, record);
		return;
	}
	if (row->group != NULL)
		json_open_object(w, row->group);
	write_fields(w, row->fields, record->values, record->value_count, record->bytes, depth + 1);
	if (row->group != NULL)
		json_close(w);
}

/* `depth` lists are around this one. */
static void
write_records(struct json_writer *w, const char *key, struct list *list, unsigned depth)
{
	struct record record;

	json_open_array(w, key);
	while (list_next(list, &record)) {
		json_open_object(w, NULL);
		write_record(w, list->type, &record, depth);
		json_close(w);
	}
	json_close(w);
}

void
field_json(struct json_writer *w, const struct field *fields, const union value *values,
    uint8_t count, struct cursor start)
{
	write_fields(w, fields, values, count, start, 0);
}

void
list_json(struct json_writer *w, struct list *list)
{
	write_records(w, list->type->key, list, 0);
}
