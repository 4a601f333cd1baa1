/*
 * Walks any list of records by its rows. How records follow each other is the
 * list's own `cut`; all that is the same for every list is here.
 */
#include "decoders/record.h"

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

static void
check_length(const struct record_type *row, struct record *out)
{
	if (out->length < row->min_len || (row->max_len > 0 && out->length > row->max_len))
		anomalies_add(&out->anomalies, ANOMALY_BAD_OPTION_LENGTH);
}

bool
list_next(struct list *list, struct record *out)
{
	if (!has_next(list) || !list->type->cut(list, &out->type, &out->bytes))
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
	}
	/* A record cut by the capture is the last one that can be read. */
	if (!cursor_whole(&out->bytes))
		cursor_fail(&list->rest, DECODE_TRUNCATED);
	return true;
}
