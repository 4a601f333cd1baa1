/*
 * Errors and what they quote: every transport, options and extension headers,
 * quotes cut short, and the extension structure of RFC 4884 wherever real
 * senders put it.
 */
#include <string.h>

#include "samples/scenarios.h"

#define HOST4 "192.0.2.10"
#define ROUTER4 "203.0.113.1"
#define FAR4 "198.51.100.80"
#define HOST6 "2001:db8::10"
#define ROUTER6 "2001:db8:f::1"
#define FAR6 "2001:db8:5::80"
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The first octets of transport headers, by protocol. */
static const struct {
	uint8_t protocol;
	uint8_t len;
	uint8_t bytes[16];
} transports[] = {
	{ 33, 12, { 0x9c, 0x40, 0x13, 0x8c, 0x03, 0x00, 0x12, 0x34, 0x01, 0x00, 0x00, 0x2a } },
	{ IP_PROTO_GRE, 8, { 0x20, 0x00, 0x08, 0x00, 0x00, 0x00, 0xbe, 0xef } },
	{ IP_PROTO_ESP, 12, { 0x00, 0x00, 0x10, 0x01, 0x00, 0x00, 0x00, 0x05, 1, 2, 3, 4 } },
	{ IP_PROTO_AH, 12, { 17, 4, 0, 0, 0x00, 0x00, 0x20, 0x02, 0, 0, 0, 9 } },
	{ IP_PROTO_SCTP, 12, { 0x9c, 0x41, 0x0e, 0x60, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4 } },
	{ IP_PROTO_UDP_LITE, 8, { 0x9c, 0x42, 0x13, 0xc4, 0x00, 0x08, 0x12, 0x34 } },
	{ IP_PROTO_IGMP, 8, { 0x16, 0, 0x08, 0x04, 0xe0, 0, 0, 0xfb } },
	{ 250, 8, { 1, 2, 3, 4, 5, 6, 7, 8 } },
};

/* An error of the router about `about`, its first `len` octets quoted. */
static void
report(struct scene *s, uint8_t type, uint8_t code, const struct wire *about, uint32_t len)
{
	bool is_ipv6 = about->bytes[0] >> 4 == 6;
	const struct scene_error error = {
		.from = is_ipv6 ? ROUTER6 : ROUTER4,
		.to = is_ipv6 ? HOST6 : HOST4,
		.type = type,
		.code = code,
		.ttl = 61,
		.about = about,
		.len = len,
	};

	scene_error(s, &error);
	scene_wait(s, 100 * MS);
}

static void
play_quotes(struct scene *s)
{
	static const uint8_t record_route[] = { 1, 7, 11, 8, 203, 0, 113, 1, 0, 0, 0, 0 };
	struct wire_ip ip = { .source = HOST4, .destination = FAR4, .ttl = 1, .id = 0x0abc };
	struct wire_ip fragment = ip;
	const struct scene_echo echo = { HOST4, FAR4, 0x4e20, 9, 56, 1 };
	struct wire w;
	size_t i;

	w = scene_tcp_datagram(s, &ip, 49152, 443, 0xfeedf00d);
	report(s, 3, 1, &w, 40);
	report(s, 3, 1, &w, 28); /* RFC 792: the header and 64 bits */
	w = scene_udp_datagram(s, &ip, 53124, 53, 40);
	report(s, 3, 3, &w, w.len);
	w = scene_echo_datagram(s, &echo, false);
	report(s, 11, 0, &w, 28);
	ip.options = record_route;
	ip.options_len = sizeof(record_route);
	w = scene_udp_datagram(s, &ip, 40001, 33434, 32);
	report(s, 11, 0, &w, 40); /* the ports are behind the options */
	ip.options_len = 0;
	for (i = 0; i < COUNT_OF(transports); i++) {
		ip.protocol = transports[i].protocol;
		w = scene_wire(s);
		wire_bytes(&w, transports[i].bytes, transports[i].len);
		scene_ip(&w, &ip);
		report(s, 3, 2, &w, w.len);
	}
	fragment.more_fragments = true;
	fragment.id = 0x0def;
	w = scene_wire(s);
	wire_uint(&w, 0x9c40829a05c80000, 8); /* ports 40000 and 33434 */
	fragment.protocol = IP_PROTO_UDP;
	scene_ip(&w, &fragment);
	report(s, 11, 1, &w, w.len);
}

static void
play_cut_quotes(struct scene *s)
{
	static const uint8_t lengths[] = { 0, 1, 12, 19, 20, 22, 24, 28 };
	const struct wire_ip ip4 = { .source = HOST4, .destination = FAR4, .ttl = 1 };
	const struct wire_ip ip6 = { .source = HOST6, .destination = FAR6, .ttl = 1 };
	struct wire w;
	size_t i;

	w = scene_tcp_datagram(s, &ip4, 49152, 443, 0xfeedf00d);
	for (i = 0; i < COUNT_OF(lengths); i++)
		report(s, 11, 0, &w, lengths[i]);
	w = scene_udp_datagram(s, &ip6, 49153, 53, 24);
	report(s, 3, 0, &w, 39);
	report(s, 3, 0, &w, 40);
	report(s, 3, 0, &w, 44);
}

/* An ICMPv6 error of a type that has no layout, which quotes as all errors do. */
static void
report_unknown(struct scene *s, uint8_t type)
{
	const struct wire_ip about = { .source = HOST6, .destination = FAR6, .ttl = 63 };
	const struct wire_ip ip = { .source = ROUTER6, .destination = HOST6, .ttl = 61 };
	struct wire datagram = scene_udp_datagram(s, &about, 40003, 33434, 24);
	struct wire w = scene_wire(s);

	wire_uint(&w, type, 1);
	wire_zero(&w, 7);
	wire_bytes(&w, datagram.bytes, datagram.len);
	scene_send(s, &w, &ip);
	scene_wait(s, 100 * MS);
}

static void
play_quotes_ipv6(struct scene *s)
{
	/* Hop-by-hop, routing and destination options of 8 octets each; then UDP. */
	static const uint8_t chain[] = {
		43, 0, 5, 2, 0, 0, 1, 0, 60, 0, 0, 0, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0,
	};
	const struct wire_ip plain = { .source = HOST6, .destination = FAR6, .ttl = 1 };
	const struct wire_ip extended = {
		.source = HOST6, .destination = FAR6, .ttl = 1,
		.options = chain, .options_len = sizeof(chain), .protocol = IP_PROTO_HOP_BY_HOP,
		.last_header = IP_PROTO_UDP,
	};
	const struct wire_ip fragment = {
		.source = HOST6, .destination = FAR6, .ttl = 1, .protocol = IP_PROTO_UDP,
		.id = 0x01020304, .more_fragments = true,
	};
	const struct wire_value mtu[] = { { "mtu", .number = 1280 }, WIRE_END };
	const struct scene_echo echo = { HOST6, FAR6, 0x4e21, 10, 1400, 64 };
	struct scene_error too_big = {
		.from = ROUTER6, .to = HOST6, .type = 2, .values = mtu, .len = 1232,
	};
	struct wire w;

	w = scene_tcp_datagram(s, &plain, 49154, 443, 0x0badcafe);
	report(s, 1, 0, &w, w.len);
	w = scene_udp_datagram(s, &extended, 40002, 33434, 24);
	report(s, 3, 0, &w, w.len);
	report(s, 4, 1, &w, 48); /* cut inside the chain */
	w = scene_wire(s);
	wire_uint(&w, 0x9c40829a05c80000, 8);
	scene_ip(&w, &fragment);
	report(s, 3, 1, &w, w.len);
	w = scene_echo_datagram(s, &echo, false);
	too_big.about = &w;
	scene_error(s, &too_big);
	scene_wait(s, 100 * MS);
	report_unknown(s, 100);
	report_unknown(s, 99);
}

/* Two MPLS labels and the interface that the datagram came in on. */
static struct wire
objects_of(struct scene *s)
{
	struct wire objects = scene_wire(s);

	wire_uint(&objects, 12, 2); /* length, class 1, ctype 1: the label stack */
	wire_uint(&objects, 0x0101, 2);
	wire_uint(&objects, 24007 << 12 | 1, 4);
	wire_uint(&objects, 16 << 12 | 0x100 | 1, 4);
	/* RFC 5837: incoming IP interface; index, address, name, MTU follow */
	wire_uint(&objects, 32, 2);
	wire_uint(&objects, 0x020f, 2);
	wire_uint(&objects, 17, 4);
	wire_uint(&objects, 0x00010000cb007109, 8); /* 203.0.113.9 */
	wire_bytes(&objects, "\x0cxe-0/0/1\0\0\0", 12);
	wire_uint(&objects, 1500, 4);
	return objects;
}

/* RFC 8335: which interface is asked for; RFC 8883: a pointer beyond 32 bits' need. */
static void
play_objects(struct scene *s)
{
	const struct wire_value echo[] = {
		{ "id", .number = 77 }, { "seq", .number = 1 }, { "local", .number = 1 }, WIRE_END
	};
	const struct wire_value values[][5] = {
		{ { "interface_name", .text = "eth0" }, WIRE_END },
		{ { "interface_index", .number = 2 }, WIRE_END },
		{ { "afi", .number = 1 }, { "address_length", .number = 4 },
		  { "interface_address", .bytes = "\xc6\x33\x64\x07", .len = 4 }, WIRE_END },
	};
	const struct wire_ip ip = { .source = HOST4, .destination = ROUTER4 };
	struct wire objects, w;
	uint32_t i;

	for (i = 0; i < COUNT_OF(values); i++) {
		objects = scene_wire(s);
		wire_record(&objects, &extension_objects, 0x0301 + i, values[i]);
		w = scene_wire(s);
		wire_icmp(&w, 4, 42, 0, echo);
		wire_extension(&w, &objects);
		scene_send(s, &w, &ip);
		scene_wait(s, SECOND);
	}
}

/* Those of RFC 8335 and RFC 8883, which other messages may carry as well. */
static struct wire
other_objects_of(struct scene *s)
{
	const struct wire_value values[][4] = {
		{ { "interface_name", .text = "eth0" }, WIRE_END },
		{ { "interface_index", .number = 2 }, WIRE_END },
		{ { "afi", .number = 1 }, { "address_length", .number = 4 },
		  { "interface_address", .bytes = "\xc6\x33\x64\x07", .len = 4 }, WIRE_END },
		{ { "pointer", .number = 40 }, WIRE_END },
	};
	static const uint32_t types[] = { 0x0301, 0x0302, 0x0303, 0x0401 };
	struct wire objects = scene_wire(s);
	size_t i;

	for (i = 0; i < COUNT_OF(types); i++)
		wire_record(&objects, &extension_objects, types[i], values[i]);
	return objects;
}

/* Where the structure is, and what the length attribute says of it. */
struct placement {
	uint8_t version;
	uint32_t quote_len; /* with padding */
	uint8_t length;     /* the attribute */
	uint32_t broken_at; /* octet of the structure that is spoiled, or 0 */
};

static void
place(struct scene *s, const struct placement *p, const struct wire *objects)
{
	const struct wire_ip ip4 = { .source = HOST4, .destination = FAR4, .ttl = 1 };
	const struct wire_ip ip6 = { .source = HOST6, .destination = FAR6, .ttl = 1 };
	const struct wire_ip error4 = { .source = ROUTER4, .destination = HOST4, .ttl = 61 };
	const struct wire_ip error6 = { .source = ROUTER6, .destination = HOST6, .ttl = 61 };
	const struct wire_value values[] = { { "length", .number = p->length }, WIRE_END };
	struct wire about = scene_udp_datagram(s, p->version == 4 ? &ip4 : &ip6, 40003, 33435,
	    12), w = scene_wire(s);

	wire_icmp(&w, p->version, p->version == 4 ? 11 : 3, 0, values);
	wire_quote(&w, &about, p->quote_len);
	wire_pad(&w, 8 + p->quote_len);
	wire_extension(&w, objects);
	if (p->broken_at > 0 && !w.failed)
		w.bytes[8 + p->quote_len + p->broken_at] ^= 0x11;
	scene_send(s, &w, p->version == 4 ? &error4 : &error6);
	scene_wait(s, 100 * MS);
}

static void
play_extensions(struct scene *s)
{
	static const struct placement placements[] = {
		{ 4, 128, 32, 0 },  /* as RFC 4884 has it: words of 32 bits */
		{ 4, 128, 0, 0 },   /* before RFC 4884: no length */
		{ 4, 128, 17, 0 },  /* a length that leads nowhere */
		{ 4, 128, 128, 0 }, /* octets counted instead of words */
		{ 4, 160, 40, 0 },  /* a longer quote */
		{ 4, 128, 32, 4 },  /* the first object's length contradicts the message */
		{ 4, 128, 32, 9 },  /* a label spoiled: the checksum tells */
		{ 6, 128, 16, 0 },  /* ICMPv6: words of 64 bits */
		{ 6, 128, 0, 0 },
	};
	struct wire objects = objects_of(s), copy;
	size_t i;

	for (i = 0; i < COUNT_OF(placements); i++) {
		copy = scene_wire(s);
		wire_quote(&copy, &objects, objects.len);
		objects = copy; /* keeps it from being overwritten */
		place(s, &placements[i], &objects);
	}
	copy = other_objects_of(s);
	place(s, &placements[0], &copy);
	wire_put(&objects, 0, 3, 2); /* an object shorter than its header, checksum good */
	place(s, &placements[0], &objects);
}

#define ADDRESS6 "20010db8000000000000000000000009"
#define NAME_PART "696e746572666163652d" /* "interface-" */

/* What RFC 5837, RFC 8335 and drafts allow an object to leave out, and what nobody defined. */
static void
play_interfaces(struct scene *s)
{
	static const char *const structures[] = {
		/* all roles: index; name; address and MTU; address */
		"0008020800000011" "000c024208766c616e313000"
		"001c028500020000" ADDRESS6 "000005dc" "000c02c400010000c6336409",
		/* no part at all, reserved bits, an address of an unknown family */
		"00040200" "0008022800000011" "0010020600190000" "0011223344556677",
		/* a name of 68 octets */
		"0048020244" NAME_PART NAME_PART NAME_PART NAME_PART NAME_PART NAME_PART "30303030303030",
		/* by IPv6 address and by MAC address */
		"0018030300021000" ADDRESS6 "0010030340050600" "00005e0053010000",
		/* nodes: IPv6 address; name */
		"0018050400020000" ADDRESS6 "000c0502086e6f6465310000",
		/* undefined ctypes and a class without an owner */
		"0008010200000000" "0008040900000000" "0008640161626364",
	};
	static const struct placement placement = { 4, 128, 32, 0 };
	const struct wire_value reply[] = { { "id", .number = 7 }, { "seq", .number = 1 }, WIRE_END };
	const struct wire_ip ip = { .source = FAR6, .destination = HOST6 };
	struct wire objects, w;
	size_t i;

	for (i = 0; i < COUNT_OF(structures); i++) {
		objects = scene_wire(s);
		scene_hex(&objects, structures[i]);
		place(s, &placement, &objects);
	}
	/* what arrived at the end that reflects it: an IPv6 header and the request's */
	objects = scene_wire(s);
	scene_hex(&objects, "00340601" "6000000000083a3b" ADDRESS6 ADDRESS6 "a000000000070101");
	w = scene_wire(s);
	wire_icmp(&w, 6, 161, 0, reply);
	wire_extension(&w, &objects);
	scene_send(s, &w, &ip);
}

/* Sends the echo in `w`; its checksum is as it is there. */
static void
send_with_checksum(struct scene *s, struct wire *w, uint16_t checksum)
{
	const struct wire_ip ip = {
		.source = HOST4, .destination = FAR4, .keep_checksum = true,
	};

	wire_put(w, 2, checksum, 2);
	scene_send(s, w, &ip);
	scene_wait(s, SECOND);
}

static void
play_checksums(struct scene *s)
{
	/* RFC 2460: type 0 with one segment left; FAR6 is the final destination. */
	static const uint8_t routing[] = {
		58, 2, 0, 1, 0, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80,
	};
	const struct wire_value values[] = { { "id", .number = 5 }, { "seq", .number = 1 }, WIRE_END };
	const struct wire_ip ip6 = { .source = HOST6, .destination = FAR6 };
	struct scene_echo echo = { HOST4, FAR4, 5, 1, 57, 0 };
	const struct wire_ip routed = {
		.source = HOST6, .destination = ROUTER6, .protocol = IP_PROTO_ROUTING,
		.options = routing, .options_len = sizeof(routing), .keep_checksum = true,
	};
	struct wire w;
	uint32_t checksum;

	scene_echo(s, &echo); /* good, an odd number of octets */
	scene_wait(s, SECOND);
	w = scene_wire(s);
	wire_icmp(&w, 4, 8, 0, values);
	send_with_checksum(s, &w, 0xf7f9); /* good */
	w = scene_wire(s);
	wire_icmp(&w, 4, 8, 0, values);
	send_with_checksum(s, &w, 0xf7f8); /* bad by one */
	w = scene_wire(s);
	wire_icmp(&w, 4, 8, 0, values);
	send_with_checksum(s, &w, 0); /* left to hardware that never filled it in */
	/* ICMPv6: the sum that is right for the final destination. */
	w = scene_wire(s);
	wire_icmp(&w, 6, 128, 0, values);
	scene_ip(&w, &ip6);
	checksum = (uint32_t)w.bytes[42] << 8 | w.bytes[43];
	w = scene_wire(s);
	wire_icmp(&w, 6, 128, 0, values);
	wire_put(&w, 2, checksum, 2);
	scene_send(s, &w, &routed);
}

/* clang-format off */
const struct scenario error_scenarios[] = {
	{ "quotes.pcap", "errors quoting every transport, IP options and a first fragment",
	  .play = play_quotes, .link_type = LINK_TYPE_ETHERNET },
	{ "quotes_cut.pcap", "errors that quote too little: nothing, half a header, half the ports",
	  .play = play_cut_quotes, .link_type = LINK_TYPE_ETHERNET },
	{ "quotes_ipv6.pcap",
	  "ICMPv6 errors quoting extension headers, a fragment, a large ping; errors of no known layout",
	  .play = play_quotes_ipv6, .link_type = LINK_TYPE_ETHERNET },
	{ "extensions.pcap", "RFC 4884 structures at every placement, with MPLS and interface objects",
	  .play = play_extensions, .link_type = LINK_TYPE_ETHERNET },
	{ "extension_objects.pcap", "RFC 8335 interface identification by name, index and address",
	  .play = play_objects, .link_type = LINK_TYPE_ETHERNET },
	{ "extension_interfaces.pcap", "interfaces of every role, nodes, a reflection, unknown objects",
	  .play = play_interfaces, .link_type = LINK_TYPE_ETHERNET },
	{ "checksums.pcap",
	  "good, bad and zero checksums, an odd length, a routing header's final destination",
	  .play = play_checksums, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
/* clang-format on */
