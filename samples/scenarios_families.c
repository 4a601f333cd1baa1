/*
 * Requests that are no echoes, and their replies: one exchange of most
 * families, what a broadcast gives, and what nobody need answer.
 */
#include <string.h>

#include "samples/scenarios.h"

#define ADMIN "192.0.2.10"
#define SERVER "192.0.2.53"
#define HOST6 "fe80::10"
#define ROUTER6 "fe80::1"

/* When the samples begin, in ms since midnight. */
#define NINE_MS 32400000

/* One message, `wait_us` after the one before. */
struct line {
	uint32_t wait_us;
	uint8_t type;
	const char *source, *destination;
	const struct wire_value *values;
};

static void
send_line(struct scene *s, const struct line *line)
{
	struct wire_ip ip = { .source = line->source, .destination = line->destination };
	uint8_t version = strchr(line->source, ':') != NULL ? 6 : 4;
	const struct wire_value name[] = { { "interface_name", .text = "eth0" }, WIRE_END };
	const struct wire_value group[] = { { "group", .text = "ff02::1:3" }, WIRE_END };
	struct wire w = scene_wire(s), objects = scene_wire(s);

	if (version == 6)
		ip.ttl = 255;
	scene_wait(s, line->wait_us);
	wire_icmp(&w, version, line->type, 0, line->values);
	if (line->type == 42) {
		wire_record(&objects, &extension_objects, 0x0301, name);
		wire_extension(&w, &objects);
	} else if (line->type == 143 && version == 6) {
		wire_record(&w, &mld_records, 2, group);
	} else if (line->type == 8 || (line->type == 0 && version == 4)) {
		scene_pattern(&w, 32);
	}
	scene_send(s, &w, &ip);
}

#define VALUES(...) (const struct wire_value[]){ __VA_ARGS__, WIRE_END }
#define V(field, value) { (field), .number = (value) }
#define A(field, value) { (field), .text = (value) }

static void
play_families(struct scene *s)
{
	/* clang-format off */
	const struct line lines[] = {
		/* the server's clock is 2.5 s ahead */
		{ 0, 13, ADMIN, SERVER, VALUES(V("id", 7), V("seq", 1),
		    V("originate_timestamp", NINE_MS)) },
		{ 800, 14, SERVER, ADMIN, VALUES(V("id", 7), V("seq", 1),
		    V("originate_timestamp", NINE_MS), V("receive_timestamp", NINE_MS + 2500),
		    V("transmit_timestamp", NINE_MS + 2500)) },
		/* and another's is written in the other order of octets, and told no time */
		{ SECOND, 13, ADMIN, "192.0.2.54", VALUES(V("id", 7), V("seq", 2)) },
		{ 900, 14, "192.0.2.54", ADMIN, VALUES(V("id", 7), V("seq", 2),
		    V("receive_timestamp", 0x6966ee01), V("transmit_timestamp", 0x6966ee01)) },
		{ SECOND, 13, ADMIN, "192.0.2.55", VALUES(V("id", 7), V("seq", 3)) },
		{ 900, 14, "192.0.2.55", ADMIN, VALUES(V("id", 7), V("seq", 3),
		    V("receive_timestamp", 0x80000001), V("transmit_timestamp", 0x80000001)) },
		{ SECOND, 42, ADMIN, SERVER, VALUES(V("id", 8), V("seq", 1), V("local", 1)) },
		{ 700, 43, SERVER, ADMIN, VALUES(V("id", 8), V("seq", 1), V("active", 1),
		    V("ipv4", 1)) },
		/* who knows no address is answered by broadcast */
		{ SECOND, 17, "0.0.0.0", "255.255.255.255", VALUES(V("id", 9), V("seq", 0)) },
		{ 600, 18, "192.0.2.1", "255.255.255.255", VALUES(V("id", 9), V("seq", 0),
		    A("address_mask", "255.255.255.0")) },
		/* three answer a broadcast, one of them twice */
		{ SECOND, 8, ADMIN, "255.255.255.255", VALUES(V("id", 10), V("seq", 1)) },
		{ 300, 0, "192.0.2.53", ADMIN, VALUES(V("id", 10), V("seq", 1)) },
		{ 20, 0, "192.0.2.54", ADMIN, VALUES(V("id", 10), V("seq", 1)) },
		{ 20, 0, "192.0.2.55", ADMIN, VALUES(V("id", 10), V("seq", 1)) },
		{ 9000, 0, "192.0.2.55", ADMIN, VALUES(V("id", 10), V("seq", 1)) },
		/* a host comes up: nobody has its address; its router, to all; a neighbor */
		{ SECOND, 135, "::", "ff02::1:ff00:10", VALUES(A("target", HOST6)) },
		{ SECOND, 133, HOST6, "ff02::2", NULL },
		{ 30000, 134, ROUTER6, "ff02::1", VALUES(V("router_lifetime", 1800)) },
		{ SECOND, 135, HOST6, "ff02::1:ff00:1", VALUES(A("target", ROUTER6)) },
		{ 500, 136, ROUTER6, HOST6, VALUES(V("router", 1), V("solicited", 1),
		    A("target", ROUTER6)) },
		/* an advertisement that nobody asked for, and one that somebody should have */
		{ SECOND, 136, ROUTER6, "ff02::1", VALUES(V("router", 1), A("target", ROUTER6)) },
		{ 500, 136, "fe80::99", HOST6, VALUES(V("solicited", 1), A("target", "fe80::99")) },
		{ SECOND, 139, HOST6, ROUTER6, VALUES(V("qtype", 2),
		    { "nonce", .bytes = "abcdefgh", .len = 8 }) },
		{ 800, 140, ROUTER6, HOST6, VALUES(V("qtype", 0),
		    { "nonce", .bytes = "abcdefgh", .len = 8 }) },
		/* two listen, but nobody to that one group */
		{ SECOND, 130, ROUTER6, "ff02::1", VALUES(V("maximum_response_code", 10000)) },
		{ 100000, 143, HOST6, "ff02::16", VALUES(V("record_count", 1)) },
		{ 100000, 131, "fe80::11", "ff02::1:3", VALUES(A("group", "ff02::1:3")) },
		{ SECOND, 130, ROUTER6, "ff02::fb", VALUES(A("group", "ff02::fb")) },
		/* an anycast address is asked, an agent of that name answers */
		{ SECOND, 144, "2001:db8::10", "2001:db8:5::fe", VALUES(V("id", 11)) },
		{ 8000, 145, "2001:db8:5::1", "2001:db8::10", VALUES(V("id", 11)) },
		{ 12 * SECOND, 8, ADMIN, SERVER, VALUES(V("id", 12), V("seq", 1)) },
	};
	/* clang-format on */
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		send_line(s, &lines[i]);
}

#define BY_NAME 0x0301 /* objects of RFC 8335 2.1 */
#define BY_INDEX 0x0302
#define BY_ADDRESS 0x0303
#define ADMIN6 "2001:db8::10"
#define SERVER6 "2001:db8::53"

/* An extended echo with an object, or the reply to it; `wait_us` after the one before. */
struct probe {
	uint32_t wait_us;
	uint8_t type, code;
	uint16_t seq;
	uint32_t object; /* 0: none */
	const struct wire_value *values; /* of the object, or of a reply's fields */
};

static struct wire
probe_datagram(struct scene *s, const struct probe *probe)
{
	const struct wire_value fields[] = { V("id", 8), V("seq", probe->seq), WIRE_END };
	struct wire_ip ip = { .source = ADMIN, .destination = SERVER, .id = s->ip_id++ };
	struct wire w = scene_wire(s), objects = scene_wire(s);

	if (probe->type == 160)
		ip = (struct wire_ip){ .source = ADMIN6, .destination = SERVER6 };
	wire_icmp(&w, probe->type == 160 ? 6 : 4, probe->type, 0, fields);
	if (probe->object != 0) {
		wire_record(&objects, &extension_objects, probe->object, probe->values);
		wire_extension(&w, &objects);
	}
	scene_ip(&w, &ip);
	return w;
}

static void
probe_reply(struct scene *s, const struct probe *probe)
{
	const struct wire_ip ip = { .source = SERVER, .destination = ADMIN, .id = s->ip_id++ };
	struct wire w = scene_wire(s);

	wire_icmp(&w, 4, probe->type, probe->code, probe->values);
	scene_send(s, &w, &ip);
}

static void
play_probed(struct scene *s)
{
	/* clang-format off */
	const struct probe probes[] = {
		{ 0, 42, 0, 1, BY_NAME, VALUES(A("interface_name", "eth0")) },
		{ 700, 43, 0, 1, 0, VALUES(V("id", 8), V("seq", 1), V("active", 1), V("ipv4", 1)) },
		{ SECOND, 42, 0, 2, BY_INDEX, VALUES(V("interface_index", 70000)) },
		{ 700, 43, 2, 2, 0, VALUES(V("id", 8), V("seq", 2)) },
		/* a neighbor of the server's, which answers twice */
		{ SECOND, 42, 0, 3, BY_ADDRESS, VALUES(V("afi", 1),
		    { "interface_address", .bytes = "\xc0\x00\x02\x63", .len = 4 }) },
		{ 700, 43, 0, 3, 0, VALUES(V("id", 8), V("seq", 3), V("state", 2)) },
		{ 9000, 43, 0, 3, 0, VALUES(V("id", 8), V("seq", 3), V("state", 2)) },
		{ SECOND, 160, 0, 1, BY_ADDRESS, VALUES(V("afi", 2), { "interface_address",
		    .bytes = "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x99", .len = 16 }) },
		/* an address of an unknown family, and no object: malformed queries */
		{ SECOND, 42, 0, 4, BY_ADDRESS, VALUES(V("afi", 16390),
		    { "interface_address", .bytes = "\0\0\x5e\xef\x10\0\0\1", .len = 8 }) },
		{ 700, 43, 1, 4, 0, VALUES(V("id", 8), V("seq", 4)) },
		{ SECOND, 42, 0, 5, 0, NULL },
		{ 700, 43, 1, 5, 0, VALUES(V("id", 8), V("seq", 5)) },
		/* names that are none: what a terminal obeys, no UTF-8, too long */
		{ SECOND, 42, 0, 6, BY_NAME, VALUES({ "interface_name",
		    .bytes = "\x1b[2J\"\\\xff\xc3\0eth", .len = 12 }) },
		{ 700, 43, 2, 6, 0, VALUES(V("id", 8), V("seq", 6)) },
		{ SECOND, 42, 0, 7, BY_NAME, VALUES({ "interface_name",
		    .bytes = "TenGigabitEthernet0/0/0/1.4094 to a customer of Zurich, "
		    "rooms über racks 3, 4 5", .len = 80 }) },
		{ 700, 43, 2, 7, 0, VALUES(V("id", 8), V("seq", 7)) },
	};
	const struct probe by_mac = { 0, 42, 0, 8, BY_ADDRESS, VALUES(V("afi", 16389),
	    V("address_length", 6), /* and padding */
	    { "interface_address", .bytes = "\0\0\x5e\0\x53\x99\0\0", .len = 8 }) };
	const struct probe last = { 0, 42, 0, 9, BY_INDEX, VALUES(V("interface_index", 3)) };
	/* clang-format on */
	struct wire w;
	size_t i;

	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		scene_wait(s, probes[i].wait_us);
		if (probes[i].type == 43) {
			probe_reply(s, &probes[i]);
			continue;
		}
		w = probe_datagram(s, &probes[i]);
		scene_datagram(s, &w);
	}
	scene_wait(s, 12 * SECOND);
	w = probe_datagram(s, &by_mac);
	scene_datagram(s, &w);
	scene_wait(s, 5 * MS);
	scene_error(s, &(struct scene_error){ .from = "192.0.2.1", .to = ADMIN, .type = 3,
	    .code = 1, .about = &w, .len = 28 });
	w = probe_datagram(s, &last);
	scene_datagram(s, &w);
}

#define MOBILE "2001:db8::10"
#define AGENT "2001:db8:5::1"
#define AGENTS "2001:db8:5::fe"
#define MOBILE_ROUTER "2001:db8::1"

/* A request with an identifier alone, and what a router has to say to it. */
struct refused {
	uint8_t type;
	uint16_t id;
	const char *destination;
	uint8_t code;  /* of the error */
	uint32_t len;  /* octets quoted; 0: no error comes */
};

/* RFC 6275 6.5, 6.7: a mobile node abroad looks for its home. */
static void
play_identifiers(struct scene *s)
{
	static const struct refused rows[] = {
		{ 144, 21, AGENTS, 0, 48 },
		{ 144, 22, AGENTS, 3, 46 }, /* up to the identifier */
		{ 146, 31, AGENT, 0, 0 },
		{ 146, 32, AGENT, 3, 48 },
		{ 146, 33, AGENT, 1, 45 }, /* too short to tell which */
	};
	struct wire_ip ip = { .source = MOBILE };
	struct wire w;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		w = scene_wire(s);
		ip.destination = rows[i].destination;
		wire_icmp(&w, 6, rows[i].type, 0, VALUES(V("id", rows[i].id)));
		scene_ip(&w, &ip);
		scene_datagram(s, &w);
		scene_wait(s, 30 * MS);
		if (rows[i].len > 0)
			scene_error(s, &(struct scene_error){ .from = MOBILE_ROUTER,
			    .to = MOBILE, .type = 1, .code = rows[i].code, .about = &w,
			    .len = rows[i].len });
		scene_wait(s, 3 * SECOND);
	}
}

const struct scenario family_scenarios[] = {
	{ "exchange_families.pcap", "one exchange of most families, a broadcast, and announcements",
	  .play = play_families, .link_type = LINK_TYPE_ETHERNET },
	{ "exchange_probed.pcap",
	  "extended echoes about interfaces by name, index and address, odd ones too",
	  .play = play_probed, .link_type = LINK_TYPE_ETHERNET },
	{ "exchange_identifiers.pcap",
	  "errors about requests of mobile nodes, which have an identifier alone",
	  .play = play_identifiers, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
