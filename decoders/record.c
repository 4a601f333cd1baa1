/*
 * Walks any list of records by its rows. How records follow each other is the
 * list's own `cut`; all that is the same for every list is here.
 */
#include "decoders/record.h"

#include <string.h>

const struct list_type *const list_types[] = {
	&nd_options,
	&cga_extensions,
	&service_parameters,
	&alpn_ids,
	&mld_records,
	&mld_extensions,
	&router_entries,
	&mobile_extensions,
	&extension_objects,
	&mpls_labels,
	&prefix_operations,
	&prefix_uses,
	&prefix_matches,
	&node_addresses,
	&node_ipv4_addresses,
	&locators_32,
	&locators_64,
	&seed_infos,
	&card_options,
	&card_sub_options,
	&card_capabilities,
	&context_blocks,
	&context_failures,
	&rpl_options,
	&rpl_metrics,
	&rpl_energy,
	&rpl_link_quality,
	&rpl_link_colors,
	&rpl_color_constraints,
	&rpl_via_addresses,
	NULL,
};

struct list
list_open(const struct list_type *type, struct cursor rest, uint32_t count, uint32_t record_len)
{
	struct list list = {
		.type = type,
		.rest = rest,
		.record_len = record_len,
		.left = count,
	};

	return list;
}

const struct record_type *
list_row(const struct list_type *list, uint32_t type)
{
	const struct record_type *row;

	if (!list->is_typed)
		return list->types;
	for (row = list->types; row->name != NULL; row++)
		if (row->type == type)
			return row;
	if (!list->is_classed)
		return NULL;
	for (row = list->types; row->name != NULL; row++)
		if (row->type == (type | RECORD_ANY_CTYPE))
			return row;
	return NULL;
}

/* Whether there is a record to cut; notes why the list ends too early. */
static bool
has_next(struct list *list)
{
	bool is_counted = list->left != UINT32_MAX;

	if (list->left == 0 || list->rest.status != DECODE_OK)
		return false;
	if (list->rest.claimed == 0 && !is_counted)
		return false;
	if (list->rest.claimed == 0 || list->read == RECORD_LIST_MAX) {
		anomalies_add(&list->anomalies, ANOMALY_BAD_COUNT);
		return cursor_fail(&list->rest, DECODE_MALFORMED);
	}
	return true;
}

/* Notes a length that the row of its type does not allow. */
static void
check_length(const struct record_type *row, struct record *out)
{
	if (out->length < row->min_len || (row->max_len > 0 && out->length > row->max_len))
		anomalies_add(&out->anomalies, ANOMALY_BAD_OPTION_LENGTH);
}

/* The octets that the header at `c` claims, or 0 when it cannot be one. */
static uint32_t
record_claim(const struct record_header *header, struct cursor c)
{
	uint32_t units, len, header_len = header->length_at + header->length_len;

	if (header->type_at + header->type_len > header_len)
		header_len = header->type_at + header->type_len;
	cursor_skip(&c, header->length_at);
	units = (uint32_t)cursor_uint(&c, header->length_len);
	len = units * header->unit + header->uncounted;
	return c.status == DECODE_OK && len >= header_len ? len : 0;
}

bool
list_cut(struct list *list, enum decode_status status, uint32_t len, struct cursor *bytes)
{
	if (status != DECODE_OK)
		cursor_fail(&list->rest, status);
	*bytes = cursor_cut(&list->rest, len);
	if (list->rest.status == DECODE_MALFORMED)
		anomalies_add(&list->anomalies, list->type->fault);
	return list->rest.status == DECODE_OK;
}

/* Records with a header of type and length. */
static bool
cut_by_header(struct list *list, uint32_t *type, struct cursor *bytes)
{
	const struct record_header *header = &list->type->header;
	struct cursor c = list->rest;
	uint32_t len = 1;

	cursor_skip(&c, header->type_at);
	*type = (uint32_t)cursor_uint(&c, header->type_len);
	if (c.status != DECODE_OK)
		return list_cut(list, c.status, 0, bytes);
	if (header->ends_at_zero && *type == 0) {
		list->rest = cursor_empty();
		return false;
	}
	if (!header->has_pad || *type != 0) {
		c = list->rest;
		len = record_claim(header, c);
		cursor_skip(&c, header->length_at + header->length_len);
	}
	if (c.status == DECODE_OK && len == 0)
		cursor_fail(&c, DECODE_MALFORMED);
	return list_cut(list, c.status, len, bytes);
}

/* Records of one length. */
static bool
cut_by_length(struct list *list, uint32_t *type, struct cursor *bytes)
{
	uint32_t len = list->type->fixed_len;

	*type = 0;
	if (len == 0)
		len = list->record_len;
	if (len == 0)
		return cursor_fail(&list->rest, DECODE_MALFORMED);
	return list_cut(list, DECODE_OK, len, bytes);
}

static bool
cut_record(struct list *list, uint32_t *type, struct cursor *bytes)
{
	if (list->type->cut != NULL)
		return list->type->cut(list, type, bytes);
	if (list->type->header.length_len > 0)
		return cut_by_header(list, type, bytes);
	return cut_by_length(list, type, bytes);
}

bool
list_next(struct list *list, struct record *out)
{
	out->type = 0;
	out->bytes = cursor_empty();
	if (!has_next(list) || !cut_record(list, &out->type, &out->bytes))
		return false;
	list->read++;
	if (list->left != UINT32_MAX)
		list->left--;
	out->length = out->bytes.claimed;
	out->value_count = 0;
	out->status = out->bytes.status;
	out->anomalies = (struct anomalies){ { 0 } };
	out->row = list_row(list->type, out->type);
	if (out->row == NULL) {
		anomalies_add(&out->anomalies, ANOMALY_UNKNOWN_OPTION);
	} else {
		check_length(out->row, out);
		out->value_count = field_read_all(
		    out->row->fields, out->bytes, out->values, &out->anomalies, &out->status);
		if (out->status == DECODE_MALFORMED &&
		    !anomalies_has(&out->anomalies, ANOMALY_BAD_COUNT))
			anomalies_add(&out->anomalies, ANOMALY_BAD_OPTION_LENGTH);
	}
	/* A record cut by the capture is the last one that can be read. */
	if (!cursor_whole(&out->bytes))
		cursor_fail(&list->rest, DECODE_TRUNCATED);
	return true;
}

struct list
list_open_field(const struct field *fields, const union value *values, uint8_t index)
{
	const struct field *field = &fields[index];
	uint32_t count = UINT32_MAX;

	if (field->count_of > 0)
		count = (uint32_t)values[field->count_of - 1].number;
	return list_open(field->rule->list, values[index].bytes, count, 0);
}

static void check_fields(const struct field *fields, const union value *values, uint8_t count,
    struct anomalies *anomalies, unsigned depth);

/* `depth` lists are around this one; the tables may nest without an end. */
static void
check_list(struct list *list, struct anomalies *anomalies, unsigned depth)
{
	struct record record;

	while (list_next(list, &record)) {
		anomalies_merge(anomalies, &record.anomalies);
		if (record.row != NULL)
			check_fields(record.row->fields, record.values, record.value_count,
			    anomalies, depth + 1);
	}
	anomalies_merge(anomalies, &list->anomalies);
}

static void
check_fields(const struct field *fields, const union value *values, uint8_t count,
    struct anomalies *anomalies, unsigned depth)
{
	uint8_t n;

	for (n = 0; n < count && depth < RECORD_DEPTH_MAX; n++) {
		struct list list;

		if (fields[n].kind != FIELD_RECORDS)
			continue;
		list = list_open_field(fields, values, n);
		check_list(&list, anomalies, depth);
	}
}

void
list_check(struct list *list, struct anomalies *anomalies)
{
	check_list(list, anomalies, 0);
}

void
list_check_fields(const struct field *fields, const union value *values, uint8_t count,
    struct anomalies *anomalies)
{
	check_fields(fields, values, count, anomalies, 0);
}

const union value *
record_value(const struct record *record, const char *name)
{
	const struct field *fields;
	uint8_t i;

	for (i = 0; i < record->value_count; i++) {
		fields = record->row->fields;
		if (strcmp(fields[i].name, name) == 0 &&
		    field_is_present(fields, record->values, i))
			return &record->values[i];
	}
	return NULL;
}

int64_t
record_number(const struct record *record, const char *name)
{
	const union value *value = record_value(record, name);

	return value != NULL ? (int64_t)value->number : RECORD_NO_NUMBER;
}

bool
record_mac(const struct record *record, const char *name, struct mac *out)
{
	const union value *value = record_value(record, name);
	struct cursor octets;

	if (value == NULL || value->bytes.captured != sizeof(out->bytes) ||
	    value->bytes.claimed != sizeof(out->bytes))
		return false;
	octets = value->bytes;
	return cursor_copy(&octets, out->bytes, sizeof(out->bytes));
}
