/*
 * The seed infos of an MPL Control Message (RFC 7731 6.2, 6.3).
 */
#include "decoders/record.h"

/* RFC 7731 6.3: S is the code of the seed-id's octets. */
static uint32_t
seed_octets(uint64_t size)
{
	static const uint8_t octets[] = { 0, 2, 8, 16 };

	return octets[size % sizeof(octets)];
}

static bool
cut_seed(struct list *list, uint32_t *type, struct cursor *bytes)
{
	struct cursor c = list->rest;
	uint32_t sizes;

	*type = 0;
	cursor_skip(&c, 1);
	sizes = cursor_u8(&c);
	return list_cut(list, c.status, 2 + seed_octets(sizes & 3) + (sizes >> 2), bytes);
}

/* clang-format off */
static const struct field seed_fields[] = {
	F_U8("min_seqno", 0),
	F_BITS("bm_len", 8, 6),
	F_BITS("seed_id_size", 14, 2),
	F_RULED("seed_id", FIELD_BYTES, WHEN_IN(3, 1, 3), .octets_of = 3, .octets = seed_octets),
	F_RULED("buffered_mpl_messages", FIELD_BYTES, .octets_of = 2),
	F_END
};
static const struct record_type seed_rows[] = {
	{ 0, 2, 0, "seed_info", "7731 6.3", seed_fields, NULL },
	{ .name = NULL }
};
/* clang-format on */

const struct list_type seed_infos = {
	.key = "seed_infos",
	.name = "MPL seed info",
	.word = "mpl",
	.types = seed_rows,
	.header_len = 2,
	.fault = ANOMALY_BAD_COUNT,
	.cut = cut_seed,
};
