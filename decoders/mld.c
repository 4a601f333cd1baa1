/*
 * The multicast address records of a Version 2 Multicast Listener Report
 * (RFC 3810 5.2), and the extensions behind them (RFC 9279).
 */
#include "decoders/record.h"

#define RECORD_MIN 20
#define SOURCE_LEN 16
#define AUX_UNIT 4

/* RFC 3810 5.2.4 to 5.2.11: a record is as long as its two counts say. */
static bool
cut_record(struct list *list, uint32_t *type, struct cursor *bytes)
{
	struct cursor c = list->rest;
	uint32_t aux_units, sources, len;

	*type = cursor_u8(&c);
	aux_units = cursor_u8(&c);
	sources = cursor_u16(&c);
	if (c.status != DECODE_OK)
		return cursor_fail(&list->rest, c.status);
	len = RECORD_MIN + sources * SOURCE_LEN + aux_units * AUX_UNIT;
	if (len <= list->rest.claimed) {
		*bytes = cursor_cut(&list->rest, len);
		return true;
	}
	/* Show what there is of it: the group is known, and some sources. */
	anomalies_add(&list->anomalies, ANOMALY_BAD_COUNT);
	*bytes = cursor_cut(&list->rest, list->rest.claimed);
	cursor_fail(&list->rest, DECODE_MALFORMED);
	return true;
}

/* clang-format off */
static const struct field record_fields[] = {
	{ .name = "aux_data_len", .kind = FIELD_UINT, .bit = 8, .bits = 8, .unit = "words of 4 octets" },
	F_U16("source_count", 2),
	F_IP6("group", 4),
	F_COUNTED("sources", FIELD_IP6_LIST, 20, 2),
	F_AFTER("aux_data", FIELD_BYTES),
	F_END
};

static const struct record_type record_rows[] = {
	{ 1, RECORD_MIN, 0, "mode_is_include", "3810 5.2.12", record_fields, NULL },
	{ 2, RECORD_MIN, 0, "mode_is_exclude", "3810 5.2.12", record_fields, NULL },
	{ 3, RECORD_MIN, 0, "change_to_include_mode", "3810 5.2.12", record_fields, NULL },
	{ 4, RECORD_MIN, 0, "change_to_exclude_mode", "3810 5.2.12", record_fields, NULL },
	{ 5, RECORD_MIN, 0, "allow_new_sources", "3810 5.2.12", record_fields, NULL },
	{ 6, RECORD_MIN, 0, "block_old_sources", "3810 5.2.12", record_fields, NULL },
	{ .name = NULL }
};

static const struct field extension_fields[] = { F_REST("data", FIELD_BYTES, 4), F_END };

static const struct record_type extension_rows[] = {
	{ 0, 4, 0, "no_op", "9279 8", extension_fields, NULL },
	{ 65534, 4, 0, "experimental_1", "9279 8", extension_fields, NULL },
	{ 65535, 4, 0, "experimental_2", "9279 8", extension_fields, NULL },
	{ .name = NULL }
};
/* clang-format on */

const struct list_type mld_records = {
	.key = "records",
	.name = "Multicast address record",
	.word = "mld",
	.types = record_rows,
	.is_typed = true,
	.header_len = 4,
	.fault = ANOMALY_BAD_COUNT,
	.cut = cut_record,
};

const struct list_type mld_extensions = {
	.key = "extensions",
	.name = "MLD extension",
	.word = "mld-extension",
	.types = extension_rows,
	.is_typed = true,
	.header_len = 4,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 2, .length_at = 2, .length_len = 2, .unit = 1, .uncounted = 4 },
};
