/*
 * One message of every row of the type tables, and one option of every row of
 * Neighbor Discovery, made from the rows themselves: a row without a sample
 * cannot exist.
 */
#include <string.h>

#include "samples/scenarios.h"

#define HOST4 "192.0.2.10"
#define ROUTER4 "192.0.2.1"
#define HOST6 "2001:db8::10"
#define ROUTER6 "2001:db8::1"
#define OPTIONS_PER_MESSAGE 6

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
	{ "pad_length", .number = 2 },
	{ "num_locators", .number = 0 },
	WIRE_END
};

/* Whether another field counts its items in this one: wire counts for us. */
static bool
is_counter(const struct field *fields, unsigned int index)
{
	const struct field *field;

	for (field = fields; field->name != NULL; field++)
		if (field->count_of == index + 1)
			return true;
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
	/* every digit of the width is used, and no two fields are alike */
	return (UINT64_C(0x1122334455667788) + index * UINT64_C(0x0101010101010101)) & mask;
}

/* `len` octets for a field of octets, link address or text. */
static void
give_octets(const struct field *field, uint32_t len, struct wire_value *out)
{
	if (field->kind == FIELD_TEXT) {
		out->text = "https://portal.example/";
	} else {
		out->bytes = octets;
		out->len = len < sizeof(octets) ? len : (uint32_t)sizeof(octets);
	}
}

/* A value of its kind; false for what must be zero or counts itself. */
static bool
give_value(const struct field *fields, unsigned int index, uint32_t rest_len,
    struct wire_value *out)
{
	const struct field *field = &fields[index];

	*out = (struct wire_value){ .name = field->name };
	switch (field->kind) {
	case FIELD_UNUSED:
		return false;
	case FIELD_IP4:
		out->text = "203.0.113.7";
		return true;
	case FIELD_IP6:
		out->text = "2001:db8:0:7::77";
		return true;
	case FIELD_IP6_PREFIX:
		out->text = "2001:db8:64::";
		return true;
	case FIELD_IP4_LIST:
		out->text = "203.0.113.8 203.0.113.9";
		return true;
	case FIELD_IP6_LIST:
		out->text = "2001:db8:0:8::8";
		return true;
	case FIELD_DNS_NAMES:
		out->text = field->count_of > 0 ? "dot.example" : "a.example host.b.example";
		return true;
	case FIELD_BYTES:
	case FIELD_LINK_ADDRESS:
	case FIELD_TEXT:
		give_octets(field, field->bits > 0 ? field->bits / 8u : rest_len, out);
		return true;
	default:
		out->number = number_for(field, index);
		return !is_counter(fields, index);
	}
}

/* A value for every field; `out` has FIELD_VALUES_MAX + 1. */
static void
give_values(const struct field *fields, uint32_t rest_len, struct wire_value *out)
{
	unsigned int i, n = 0;

	for (i = 0; fields != NULL && fields[i].name != NULL; i++)
		if (give_value(fields, i, rest_len, &out[n]))
			n++;
	out[n] = (struct wire_value){ .name = NULL };
}

/* Octets for the last field that fill the record to its unit and minimum. */
static uint32_t
rest_len_of(const struct record_type *row, const struct list_type *list)
{
	const struct field *field = row->fields;
	uint32_t start = row->min_len, least;

	for (; field != NULL && field->name != NULL; field++)
		if (field_takes_rest(field) && field->bit != FIELD_AFTER)
			start = field->bit / 8u;
	if (list != &nd_options)
		return 4;
	least = row->min_len;
	if (least < start + 4)
		least = (start + 4 + 7) / 8 * 8;
	return least - start;
}

/* A record of `row` with a value in every field. */
static void
put_record(struct wire *w, const struct list_type *list, const struct record_type *row)
{
	struct wire_value values[FIELD_VALUES_MAX + 1];

	give_values(row->fields, rest_len_of(row, list), values);
	wire_record(w, list, row->type, values);
}

static void
put_records(struct wire *w, const struct list_type *list)
{
	const struct record_type *row = list->types;

	for (; row->name != NULL; row++)
		put_record(w, list, row);
}

static uint32_t
count_rows(const struct list_type *list)
{
	uint32_t count = 0;

	while (list->types[count].name != NULL)
		count++;
	return count;
}

/* Octets that make sense behind the fields of this row. */
static void
put_data(struct scene *s, struct wire *w, const struct icmp_type *row)
{
	static const uint8_t rpl_padding[] = { 1, 2, 0, 0 }; /* RFC 6550 6.7.3 */
	const struct wire_value name[] = { { "interface_name", .text = "eth0" }, WIRE_END };
	bool is_extended = row->family != NULL && strcmp(row->family, "extended_echo") == 0;
	struct wire objects = scene_wire(s);

	if (is_extended && row->role == ICMP_REQUEST) {
		wire_record(&objects, &extension_objects, 0x0301, name);
		wire_extension(w, &objects);
	} else if (strcmp(row->name, "rpl_control") == 0) {
		wire_bytes(w, rpl_padding, sizeof(rpl_padding));
	} else if ((row->flags & ICMP_NO_LAYOUT) || (row->family != NULL &&
	    strcmp(row->family, "echo") == 0)) {
		wire_bytes(w, "icmpdata", 8);
	}
}

/* What follows the fields, by the row's tail. */
static void
put_tail(struct scene *s, struct wire *w, const struct icmp_type *row, uint8_t version)
{
	const struct wire_ip ip4 = { .source = HOST4, .destination = "198.51.100.5", .ttl = 3 };
	const struct wire_ip ip6 = { .source = HOST6, .destination = "2001:db8:5::5", .ttl = 3 };
	struct wire datagram;

	switch (row->tail) {
	case ICMP_TAIL_NONE:
		break;
	case ICMP_TAIL_DATA:
		put_data(s, w, row);
		break;
	case ICMP_TAIL_QUOTE:
		datagram = scene_udp_datagram(s, version == 4 ? &ip4 : &ip6, 40000, 33435, 1472);
		wire_quote(w, &datagram, version == 4 ? 28 : 48);
		break;
	case ICMP_TAIL_LISTS:
		if (row->lists[0] == &nd_options) {
			put_record(w, &nd_options, &nd_options.types[0]);
			break;
		}
		put_records(w, row->lists[0]);
		if (row->lists[1] != NULL)
			put_records(w, row->lists[1]);
		break;
	}
}

/* Overrides the field that counts the records behind the fields. */
static void
count_records(const struct icmp_type *row, struct wire_value *values)
{
	const char *name;

	if (row->count_of == 0)
		return;
	name = row->fields[row->count_of - 1].name;
	for (; values->name != NULL; values++)
		if (strcmp(values->name, name) == 0)
			values->number = count_rows(row->lists[0]);
}

static void
send_row(struct scene *s, const struct icmp_type *row, uint8_t version, uint8_t code)
{
	const struct wire_ip ip4 = { .source = ROUTER4, .destination = HOST4, .id = s->ip_id++ };
	const struct wire_ip ip6 = { .source = ROUTER6, .destination = HOST6 };
	struct wire_value values[FIELD_VALUES_MAX + 1];
	struct wire_ip ip = version == 4 ? ip4 : ip6;
	struct wire w = scene_wire(s);

	if (row->flags & ICMP_TTL_255)
		ip.ttl = 255;
	else if (row->flags & ICMP_TTL_1)
		ip.ttl = 1;
	give_values(row->fields, 16, values);
	count_records(row, values);
	wire_message(&w, row, code, values);
	put_tail(s, &w, row, version);
	scene_send(s, &w, &ip);
	scene_wait(s, 10 * MS);
}

/* The row's own code, or the first that no other row of the type is for. */
static uint8_t
code_of(const struct icmp_type *row, uint8_t version)
{
	const struct name *code = row->codes;

	if (row->code != ICMP_ANY_CODE)
		return (uint8_t)row->code;
	for (; code != NULL && code->name != NULL; code++)
		if (icmp_lookup(version, row->type, (uint8_t)code->number, UINT32_MAX)->code ==
		    ICMP_ANY_CODE)
			return (uint8_t)code->number;
	return 0;
}

static void
play_rows(struct scene *s, uint8_t version)
{
	const struct icmp_type *row = icmp_types(version);

	for (; row->name != NULL; row++)
		send_row(s, row, version, code_of(row, version));
}

static void
play_icmp4(struct scene *s)
{
	play_rows(s, 4);
}

static void
play_icmp6(struct scene *s)
{
	play_rows(s, 6);
}

/* Every code that has a name, in the most fitting row. */
static void
play_codes(struct scene *s)
{
	const struct icmp_type *row;
	const struct name *code;
	uint8_t version;

	for (version = 4; version <= 6; version = (uint8_t)(version + 2)) {
		for (row = icmp_types(version); row->name != NULL; row++) {
			if (row->code != ICMP_ANY_CODE || row->codes == NULL)
				continue;
			for (code = row->codes; code->name != NULL; code++)
				send_row(s, icmp_lookup(version, row->type, (uint8_t)code->number,
				    UINT32_MAX), version, (uint8_t)code->number);
		}
	}
}

/* Types and codes that nobody assigned. */
static void
play_unassigned(struct scene *s)
{
	static const struct {
		uint8_t version, type, code;
	} cases[] = {
		{ 4, 1, 0 }, { 4, 44, 1 }, { 4, 252, 255 }, { 4, 8, 9 }, { 4, 3, 16 }, { 4, 11, 2 },
		{ 6, 5, 0 }, { 6, 99, 1 }, { 6, 162, 0 }, { 6, 254, 2 }, { 6, 128, 9 }, { 6, 1, 9 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct icmp_type row = *icmp_lookup(cases[i].version, cases[i].type,
		    cases[i].code, UINT32_MAX);

		row.type = cases[i].type;
		send_row(s, &row, cases[i].version, cases[i].code);
	}
}

/* All options, some in each Router Advertisement. */
static void
play_options(struct scene *s)
{
	const struct wire_ip ip = { .source = "fe80::1", .destination = "ff02::1", .ttl = 255 };
	const struct wire_value values[] = {
		{ "cur_hop_limit", .number = 64 },
		{ "other_config", .number = 1 },
		{ "router_lifetime", .number = 1800 },
		WIRE_END
	};
	const struct record_type *row = nd_options.types;
	struct wire w;
	int i;

	while (row->name != NULL) {
		w = scene_wire(s);
		wire_icmp(&w, 6, 134, 0, values);
		for (i = 0; i < OPTIONS_PER_MESSAGE && row->name != NULL; i++, row++)
			put_record(&w, &nd_options, row);
		scene_send(s, &w, &ip);
		scene_wait(s, SECOND);
	}
}

/* A query of MLDv2 with sources, and reports with all kinds of records. */
static void
play_mld(struct scene *s)
{
	static const uint8_t router_alert[] = { 58, 0, 5, 2, 0, 0, 1, 0 };
	const struct wire_ip ip = {
		.source = "fe80::1",
		.destination = "ff02::16",
		.ttl = 1,
		.protocol = IP_PROTO_HOP_BY_HOP,
		.options = router_alert,
		.options_len = sizeof(router_alert),
	};
	const struct wire_value query[] = {
		{ "maximum_response_code", .number = 10000 },
		{ "group", .text = "ff3e::db8:1" },
		{ "qrv", .number = 2 },
		{ "qqic", .number = 125 },
		{ "sources", .text = "2001:db8::5 2001:db8::6" },
		WIRE_END
	};
	const struct wire_value report[] = { { "record_count", .number = 2 }, WIRE_END };
	const struct wire_value first[] = { { "group", .text = "ff02::1:ff00:10" }, WIRE_END };
	const struct wire_value second[] = {
		{ "aux_data_len", .number = 1 },
		{ "group", .text = "ff3e::db8:1" },
		{ "sources", .text = "2001:db8::5 2001:db8::6 2001:db8::7" },
		{ "aux_data", .bytes = "aux!", .len = 4 },
		WIRE_END
	};
	struct wire w = scene_wire(s);

	wire_icmp(&w, 6, 130, 0, query);
	scene_send(s, &w, &ip);
	scene_wait(s, SECOND);
	w = scene_wire(s);
	wire_icmp(&w, 6, 143, 0, report);
	wire_record(&w, &mld_records, 4, first);
	wire_record(&w, &mld_records, 5, second);
	scene_send(s, &w, &ip);
}

/* clang-format off */
const struct scenario message_scenarios[] = {
	{ "all_icmp4.pcap", "one message of every row of the ICMPv4 table, all fields in use",
	  .play = play_icmp4, .link_type = LINK_TYPE_ETHERNET },
	{ "all_icmp6.pcap", "one message of every row of the ICMPv6 table, all fields in use",
	  .play = play_icmp6, .link_type = LINK_TYPE_ETHERNET },
	{ "all_codes.pcap", "every code that has a name, ICMPv4 and ICMPv6",
	  .play = play_codes, .link_type = LINK_TYPE_ETHERNET },
	{ "unassigned.pcap", "types and codes that IANA has not assigned",
	  .play = play_unassigned, .link_type = LINK_TYPE_ETHERNET },
	{ "nd_options.pcap", "every Neighbor Discovery option, in Router Advertisements",
	  .play = play_options, .link_type = LINK_TYPE_ETHERNET },
	{ "mld_version_2.pcap", "an MLDv2 query with sources and a report with two records",
	  .play = play_mld, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
/* clang-format on */
