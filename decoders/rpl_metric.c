/*
 * The routing metrics and constraints in a DAG Metric Container (RFC 6551).
 */
#include "decoders/record.h"

/* clang-format off */

/* RFC 6551 2.1 */
static const struct name aggregations[] = {
	{ 0, "additive" }, { 1, "maximum" }, { 2, "minimum" }, { 3, "multiplicative" }, { 0, NULL }
};
/* RFC 6551 3.2 */
static const struct name node_types[] = {
	{ 0, "mains_powered" }, { 1, "battery_powered" }, { 2, "energy_scavenger" }, { 0, NULL }
};

#define HEADER \
	F_UNUSED(8, 5), \
	F_FLAG("partial", 13), \
	F_FLAG("constraint", 14), \
	F_FLAG("optional", 15), \
	F_FLAG("recorded", 16), \
	F_ENUM("aggregation", 17, 3, aggregations), \
	F_BITS("precedence", 20, 4)
#define NUMBERS(n, octets, u) \
	{ .name = (n), .kind = FIELD_NUMBERS, .bit = 32, .unit = (u), RULE(.item_len = (octets)) }

static const struct field node_state[] = {
	HEADER, F_UNUSED(32, 14), F_FLAG("aggregator", 46), F_FLAG("overloaded", 47),
	F_REST("data", FIELD_BYTES, 6), F_END
};
static const struct field node_energy[] = {
	HEADER, F_RECORDS("sub_objects", 4, rpl_energy), F_END
};
static const struct field hop_count[] = {
	HEADER, F_UNUSED(32, 8), F_U8_IN("hop_count", 5, "hops"), F_REST("data", FIELD_BYTES, 6), F_END
};
static const struct field throughput[] = { HEADER, NUMBERS("throughput", 4, "octets/s"), F_END };
static const struct field latency[] = { HEADER, NUMBERS("latency", 4, "us"), F_END };
static const struct field link_quality[] = {
	HEADER, F_UNUSED(32, 8), F_RECORDS("sub_objects", 5, rpl_link_quality), F_END
};
static const struct field etx[] = {
	HEADER, NUMBERS("etx", 2, "1/128 transmissions"), F_END
};
/* RFC 6551 4.4.1: a metric counts links of a colour, a constraint asks for them. */
static const struct field link_color[] = {
	HEADER,
	F_UNUSED(32, 8),
	F_RULED("sub_objects", FIELD_RECORDS, WHEN(3, 0), .list = &rpl_link_colors),
	F_RULED("sub_objects", FIELD_RECORDS, WHEN(3, 1), .list = &rpl_color_constraints),
	F_END
};

static const struct record_type metric_rows[] = {
	{ 1, 6, 0, "node_state_and_attribute", "6551 3.1", node_state, NULL },
	{ 2, 6, 0, "node_energy", "6551 3.2", node_energy, NULL },
	{ 3, 6, 0, "hop_count", "6551 3.3", hop_count, NULL },
	{ 4, 8, 0, "link_throughput", "6551 4.1", throughput, NULL },
	{ 5, 8, 0, "link_latency", "6551 4.2", latency, NULL },
	{ 6, 6, 0, "link_quality_level", "6551 4.3.1", link_quality, NULL },
	{ 7, 6, 0, "link_etx", "6551 4.3.2", etx, NULL },
	{ 8, 7, 0, "link_color", "6551 4.4", link_color, NULL },
	{ .name = NULL }
};

static const struct field energy[] = {
	F_UNUSED(0, 4), F_FLAG("included", 4), F_ENUM("node_type", 5, 2, node_types),
	F_FLAG("estimated", 7), F_U8_IN("estimated_energy", 1, "%"), F_END
};
static const struct record_type energy_rows[] = {
	{ 0, 2, 2, "node_energy", "6551 3.2", energy, NULL }, { .name = NULL }
};
static const struct field quality[] = { F_BITS("value", 0, 3), F_BITS("counter", 3, 5), F_END };
static const struct record_type quality_rows[] = {
	{ 0, 1, 1, "link_quality_level", "6551 4.3.1", quality, NULL }, { .name = NULL }
};
static const struct field color[] = { F_BITS("color", 0, 10), F_BITS("counter", 10, 6), F_END };
static const struct record_type color_rows[] = {
	{ 0, 2, 2, "link_color", "6551 4.4.1", color, NULL }, { .name = NULL }
};
static const struct field color_constraint[] = {
	F_BITS("color", 0, 10), F_UNUSED(10, 5), F_FLAG("included", 15), F_END
};
static const struct record_type color_constraint_rows[] = {
	{ 0, 2, 2, "link_color_constraint", "6551 4.4.1", color_constraint, NULL },
	{ .name = NULL }
};
/* clang-format on */

const struct list_type rpl_metrics = {
	.key = "metrics",
	.name = "RPL metric or constraint",
	.word = "rpl-metric",
	.types = metric_rows,
	.is_typed = true,
	.header_len = 4,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.header = { .type_len = 1, .length_at = 3, .length_len = 1, .unit = 1, .uncounted = 4 },
};

const struct list_type rpl_energy = {
	.key = "sub_objects",
	.name = "RPL node energy",
	.word = "rpl-energy",
	.types = energy_rows,
	.header_len = 2,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.fixed_len = 2,
};

const struct list_type rpl_link_quality = {
	.key = "sub_objects",
	.name = "RPL link quality level",
	.word = "rpl-link-quality",
	.types = quality_rows,
	.header_len = 1,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.fixed_len = 1,
};

const struct list_type rpl_link_colors = {
	.key = "sub_objects",
	.name = "RPL link color",
	.word = "rpl-link-color",
	.types = color_rows,
	.header_len = 2,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.fixed_len = 2,
};

const struct list_type rpl_color_constraints = {
	.key = "sub_objects",
	.name = "RPL link color constraint",
	.word = "rpl-color-constraint",
	.types = color_constraint_rows,
	.header_len = 2,
	.fault = ANOMALY_BAD_OPTION_LENGTH,
	.fixed_len = 2,
};
