/*
 * One message of every row of the type tables, and one record of every row of
 * the lists in them, made from the rows themselves: a row without a sample
 * cannot exist.
 */
#include <string.h>

#include "samples/row_values.h"
#include "samples/scenarios.h"

#define HOST4 "192.0.2.10"
#define ROUTER4 "192.0.2.1"
#define HOST6 "2001:db8::10"
#define ROUTER6 "2001:db8::1"
#define LINK_LOCAL_ROUTER "fe80::1"
#define OPTIONS_PER_MESSAGE 6
#define MODE_AT 6 /* octet of a security section's key identifier mode and level */

/* How many records row_values_put_all appends. */
static uint32_t
count_records(const struct list_type *list)
{
	const struct record_type *row;
	uint32_t count = 0;

	for (row = list->types; row->name != NULL; row++)
		count += row_values_variants(row->fields);
	return count;
}

/* Octets that make sense behind the fields of this row. */
static void
put_data(struct wire *w, const struct icmp_type *row)
{
	if ((row->flags & ICMP_NO_LAYOUT) || (row->family != NULL &&
	    strcmp(row->family, "echo") == 0)) {
		wire_bytes(w, "icmpdata", 8);
	}
}

/* What an extended echo asks about (RFC 8335 2.1). */
static void
put_query(struct scene *s, struct wire *w, const struct icmp_type *row)
{
	const struct wire_value name[] = { { "interface_name", .text = "eth0" }, WIRE_END };
	struct wire objects = scene_wire(s);

	if (row->role != ICMP_REQUEST)
		return;
	wire_record(&objects, &extension_objects, 0x0301, name);
	wire_extension(w, &objects);
}

/* What a row secures, with its seal, when the fields that are there do not hide it. */
static void
put_secured(struct wire *w, const struct icmp_type *row)
{
	const struct rpl_seal *seal = rpl_seal_of(w->bytes[MODE_AT] >> 6, w->bytes[MODE_AT] & 7);
	struct row_values values;

	if (seal == NULL || seal->is_encrypted) {
		wire_bytes(w, "encrypted octets", 16);
		return;
	}
	row_values_give(row->secured, 0, &values);
	wire_secured(w, row, values.given);
	row_values_put(w, row->lists[0], row->lists[0]->types);
	scene_pattern(w, seal->len);
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
		put_data(w, row);
		break;
	case ICMP_TAIL_QUOTE:
		datagram = scene_udp_datagram(s, version == 4 ? &ip4 : &ip6, 40000, 33435, 1472);
		wire_quote(w, &datagram, version == 4 ? 28 : 48);
		break;
	case ICMP_TAIL_LISTS:
		if (row->lists[0] == &nd_options) {
			row_values_put(w, &nd_options, nd_options.types);
			break;
		}
		row_values_put_all(w, row->lists[0]);
		if (row->lists[1] != NULL)
			row_values_put_all(w, row->lists[1]);
		break;
	case ICMP_TAIL_SECURED:
		put_secured(w, row);
		break;
	case ICMP_TAIL_EXTENSION:
		put_query(s, w, row);
		break;
	}
}

/* Overrides the field that counts the records behind the fields. */
static void
fill_count(const struct icmp_type *row, struct wire_value *values)
{
	const char *name;

	if (row->count_of == 0)
		return;
	name = row->fields[row->count_of - 1].name;
	for (; values->name != NULL; values++)
		if (strcmp(values->name, name) == 0)
			values->number = count_records(row->lists[0]);
}

static void
change_value(struct wire_value *values, const char *name, uint64_t number)
{
	for (; values->name != NULL; values++)
		if (strcmp(values->name, name) == 0)
			values->number = number;
}

/*
 * Encodes the fields; what tells rows of one type apart, octets of the message,
 * is changed until the row fits.
 */
static void
put_fields(struct wire *w, const struct icmp_type *row, uint8_t code, struct wire_value *values)
{
	unsigned int i;

	for (i = 0; i < 64; i++) {
		w->len = 0;
		wire_message(w, row, code, values);
		if (row->fits == NULL || row->fits(cursor_over(w->bytes, w->len, w->len)))
			return;
		change_value(values, "subtype", i % 8);
		change_value(values, "code_suffix", i % 8);
		change_value(values, "cxtp_type", i / 8);
		change_value(values, "operation", 1 + i / 8);
	}
}

static const uint8_t router_alert[] = { 58, 0, 5, 2, 0, 0, 1, 0 }; /* RFC 2711 */

/* The header that the rules of the row's type ask for. */
static struct wire_ip
header_of(struct scene *s, const struct icmp_type *row, uint8_t version)
{
	const struct wire_ip ip4 = { .source = ROUTER4, .destination = HOST4, .id = s->ip_id++ };
	const struct wire_ip ip6 = { .source = ROUTER6, .destination = HOST6 };
	struct wire_ip ip = version == 4 ? ip4 : ip6;

	if (row->flags & ICMP_TTL_255)
		ip.ttl = 255;
	else if (row->flags & ICMP_TTL_1)
		ip.ttl = 1;
	if (row->flags & ICMP_FROM_LINK_LOCAL)
		ip.source = LINK_LOCAL_ROUTER;
	if (row->flags & ICMP_ROUTER_ALERT) {
		ip.protocol = IP_PROTO_HOP_BY_HOP;
		ip.options = router_alert;
		ip.options_len = sizeof(router_alert);
	}
	return ip;
}

static void
send_variant(struct scene *s, const struct icmp_type *row, uint8_t version, uint8_t code,
    unsigned int variant)
{
	struct wire_ip ip = header_of(s, row, version);
	struct row_values values;
	struct wire w = scene_wire(s);

	row_values_give(row->fields, variant, &values);
	fill_count(row, values.given);
	put_fields(&w, row, code, values.given);
	put_tail(s, &w, row, version);
	scene_send(s, &w, &ip);
	scene_wait(s, 10 * MS);
}

static void
send_row(struct scene *s, const struct icmp_type *row, uint8_t version, uint8_t code)
{
	unsigned int variant;

	for (variant = 0; variant < row_values_variants(row->fields); variant++)
		send_variant(s, row, version, code, variant);
}

/* The row's own code, or the first that no other row of the type is for. */
static uint8_t
code_of(const struct icmp_type *row, uint8_t version)
{
	uint8_t code = 0;

	if (row->code != ICMP_ANY_CODE)
		return (uint8_t)row->code;
	while (code < UINT8_MAX &&
	    icmp_lookup(version, row->type, code, UINT32_MAX)->code != ICMP_ANY_CODE)
		code++;
	return code;
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
	const struct icmp_type *row, *fitting;
	const struct name *code;
	uint8_t version, number;

	for (version = 4; version <= 6; version = (uint8_t)(version + 2)) {
		for (row = icmp_types(version); row->name != NULL; row++) {
			if (row->code != ICMP_ANY_CODE || row->codes == NULL)
				continue;
			for (code = row->codes; code->name != NULL; code++) {
				number = (uint8_t)code->number;
				fitting = row;
				if (row->fits == NULL)
					fitting = icmp_lookup(
					    version, row->type, number, UINT32_MAX);
				send_row(s, fitting, version, number);
			}
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
	const struct wire_ip ip = {
		.source = LINK_LOCAL_ROUTER, .destination = "ff02::1", .ttl = 255,
	};
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
			row_values_put(&w, &nd_options, row);
		scene_send(s, &w, &ip);
		scene_wait(s, SECOND);
	}
}

/* All objects of an extension structure, each in an error. */
static void
play_objects(struct scene *s)
{
	const struct wire_ip ip = { .source = HOST4, .destination = "198.51.100.5", .ttl = 1 };
	const struct record_type *row = extension_objects.types;

	for (; row->name != NULL; row++) {
		struct wire about = scene_udp_datagram(s, &ip, 40000, 33435, 100);
		struct wire objects = scene_wire(s);

		row_values_put(&objects, &extension_objects, row);
		scene_error(s, &(struct scene_error){
		    .from = ROUTER4, .to = HOST4, .type = 11, .about = &about,
		    .values = (struct wire_value[]){ { "length", .number = 32 }, WIRE_END },
		    .len = 128, .objects = &objects });
		scene_wait(s, SECOND);
	}
}

/* A query of MLDv2 with sources, and reports with all kinds of records. */
static void
play_mld(struct scene *s)
{
	const struct wire_ip ip = {
		.source = LINK_LOCAL_ROUTER,
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
	{ "all_objects.pcap", "every object of an extension structure, in errors",
	  .play = play_objects, .link_type = LINK_TYPE_ETHERNET },
	{ "mld_version_2.pcap", "an MLDv2 query with sources and a report with two records",
	  .play = play_mld, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
/* clang-format on */
