/*
 * The body of Router Renumbering (RFC 2894): what a command does to prefixes,
 * and what a result says was matched.
 */
#include "decoders/record.h"

/* clang-format off */

/* RFC 2894 3.2.1.1 */
static const struct field operation_fields[] = {
	F_U8("ordinal", 2),
	F_U8_IN("match_length", 3, "bits"),
	F_U8_IN("min_length", 4, "bits"),
	F_U8_IN("max_length", 5, "bits"),
	F_UNUSED(48, 16),
	F_IP6("match_prefix", 8),
	F_RECORDS("use_prefixes", 24, prefix_uses),
	F_END
};
static const struct record_type operation_rows[] = {
	{ 1, 24, 0, "add", "2894 3.2.1.1", operation_fields, NULL },
	{ 2, 24, 0, "change", "2894 3.2.1.1", operation_fields, NULL },
	{ 3, 24, 0, "set_global", "2894 3.2.1.1", operation_fields, NULL },
	{ .name = NULL }
};

/* RFC 2894 3.2.1.2 */
static const struct field use_fields[] = {
	F_U8_IN("use_length", 0, "bits"),
	F_U8_IN("keep_length", 1, "bits"),
	F_U8("flag_mask", 2),
	F_U8("ra_flags", 3),
	F_U32_IN("valid_lifetime", 4, "s"),
	F_U32_IN("preferred_lifetime", 8, "s"),
	F_FLAG("valid_lifetime_decrements", 96),
	F_FLAG("preferred_lifetime_decrements", 97),
	F_UNUSED(98, 30),
	F_IP6("use_prefix", 16),
	F_END
};
static const struct record_type use_rows[] = {
	{ 0, 32, 32, "use_prefix", "2894 3.2.1.2", use_fields, NULL },
	{ .name = NULL }
};

/* RFC 2894 3.3 */
static const struct field match_fields[] = {
	F_UNUSED(0, 14),
	F_FLAG("out_of_bounds", 14),
	F_FLAG("forbidden_format", 15),
	F_U8("ordinal", 2),
	F_U8_IN("matched_length", 3, "bits"),
	F_U32("interface_index", 4),
	F_IP6("matched_prefix", 8),
	F_END
};
static const struct record_type match_rows[] = {
	{ 0, 24, 24, "match_report", "2894 3.3", match_fields, NULL },
	{ .name = NULL }
};
/* clang-format on */

const struct list_type prefix_operations = {
	.key = "prefix_control_operations",
	.name = "Prefix control operation",
	.word = "prefix-operation",
	.types = operation_rows,
	.is_typed = true,
	.header_len = 2,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 1, .length_at = 1, .length_len = 1, .unit = 8 },
};

const struct list_type prefix_uses = {
	.key = "use_prefixes",
	.name = "Use-prefix part",
	.word = "use-prefix",
	.types = use_rows,
	.header_len = 32,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.fixed_len = 32,
};

const struct list_type prefix_matches = {
	.key = "match_reports",
	.name = "Match report",
	.word = "match-report",
	.types = match_rows,
	.header_len = 24,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.fixed_len = 24,
};
