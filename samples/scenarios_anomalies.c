/*
 * One message for each anomaly that a message or its IP header can have. Those
 * of fragments and of cut captures have samples of their own.
 */
#include "samples/scenarios.h"

#define HOST4 "192.0.2.10"
#define ROUTER4 "203.0.113.1"
#define FAR4 "198.51.100.80"
#define HOST6 "2001:db8::10"
#define ROUTER6 "2001:db8:f::1"
#define FAR6 "2001:db8:5::80"

static const struct wire_ip from_router4 = { .source = ROUTER4, .destination = HOST4 };
static const struct wire_ip from_router6 = { .source = ROUTER6, .destination = HOST6 };
static const struct wire_ip on_link = {
	.source = "fe80::1", .destination = "fe80::10", .ttl = 255,
};

/* The message in `w`, and half a second. */
static void
send(struct scene *s, struct wire *w, const struct wire_ip *ip)
{
	scene_send(s, w, ip);
	scene_wait(s, SECOND / 2);
}

/* `octets` octets of a message as they are; the checksum is filled in. */
static void
send_octets(struct scene *s, const char *octets, uint32_t len, const struct wire_ip *ip)
{
	struct wire w = scene_wire(s);

	wire_bytes(&w, octets, len);
	send(s, &w, ip);
}

/* nonzero_unused, truncated_message, trailing_bytes, wrong_ip_version, hop limits */
static void
play_messages(struct scene *s)
{
	const struct wire_value group[] = { { "group", .text = "ff02::fb" }, WIRE_END };
	const struct wire_value target[] = { { "target", .text = "fe80::10" }, WIRE_END };
	const struct wire_ip ip6_in_4 = {
		.source = ROUTER4, .destination = HOST4, .protocol = IP_PROTO_ICMPV6,
	};
	const struct wire_ip link_multicast = {
		.source = "fe80::10", .destination = "ff02::fb", .ttl = 64,
	};
	struct wire_ip off_link = on_link;
	struct wire w;

	send_octets(s, "\x0a\0\0\0\0\0\0\x01", 8, &from_router4);   /* solicitation */
	send_octets(s, "\x0d\0\0\0\0\x07\0\x01\0\0", 10, &from_router4); /* timestamp */
	send_octets(s, "\x08\0", 2, &from_router4);
	send_octets(s, "\x0f\0\0\0\0\x07\0\x01more", 12, &from_router4);
	send_octets(s, "\x80\0\0\0\0\x07\0\x01", 8, &ip6_in_4);
	off_link.ttl = 254;
	w = scene_wire(s);
	wire_icmp(&w, 6, 135, 0, target);
	send(s, &w, &off_link);
	w = scene_wire(s);
	wire_icmp(&w, 6, 131, 0, group);
	send(s, &w, &link_multicast);
}

/* bad_option_length, unknown_option, bad_count */
static void
play_lists(struct scene *s)
{
	const struct wire_value target[] = { { "target", .text = "fe80::10" }, WIRE_END };
	const struct wire_value sources[] = {
		{ "group", .text = "ff3e::1" }, { "source_count", .number = 3 },
		{ "sources", .text = "2001:db8::5" }, WIRE_END
	};
	const struct wire_value routers[] = {
		{ "num_addrs", .number = 3 }, { "addr_entry_size", .number = 2 }, WIRE_END
	};
	const struct wire_value entry[] = { { "address", .text = "192.0.2.1" }, WIRE_END };
	struct wire_ip query = { .source = "fe80::1", .destination = "ff02::1", .ttl = 1 };
	struct wire w = scene_wire(s);

	wire_icmp(&w, 6, 135, 0, target);
	wire_uint(&w, 0x0100000000000000, 8); /* length 0 ends the list */
	send(s, &w, &on_link);
	w = scene_wire(s);
	wire_icmp(&w, 6, 135, 0, target);
	wire_uint(&w, 0x0502000000000500, 8); /* an MTU of 16 octets */
	wire_zero(&w, 8);
	send(s, &w, &on_link);
	w = scene_wire(s);
	wire_icmp(&w, 6, 135, 0, target);
	wire_uint(&w, 0x0104005e00005301, 8); /* 32 octets claimed, 8 there */
	send(s, &w, &on_link);
	w = scene_wire(s);
	wire_icmp(&w, 6, 135, 0, target);
	wire_uint(&w, 0xc801000000000000, 8); /* option 200 */
	send(s, &w, &on_link);
	w = scene_wire(s);
	wire_icmp(&w, 6, 130, 0, sources);
	send(s, &w, &query);
	w = scene_wire(s);
	wire_icmp(&w, 4, 9, 0, routers);
	wire_record(&w, &router_entries, 0, entry);
	send(s, &w, &from_router4);
}

/* An error of `type` and `code` about the datagram, by the right router. */
static void
report(struct scene *s, uint8_t type, uint8_t code, const struct wire_value *values,
    const struct wire *about)
{
	bool is_ipv6 = about->bytes[0] >> 4 == 6;
	const struct scene_error error = {
		.from = is_ipv6 ? ROUTER6 : ROUTER4,
		.to = is_ipv6 ? HOST6 : HOST4,
		.type = type,
		.code = code,
		.values = values,
		.about = about,
		.len = 48,
	};

	scene_error(s, &error);
	scene_wait(s, SECOND / 2);
}

/* What an error may not be about: RFC 1122 3.2.2, RFC 4443 2.4 */
static void
play_subjects(struct scene *s)
{
	struct wire_ip ip = { .source = HOST4, .destination = FAR4, .ttl = 1 };
	struct wire_ip ip6 = { .source = HOST6, .destination = "ff0e::101", .ttl = 1 };
	const struct wire_value fields[] = { { "mtu", .number = 1400 }, WIRE_END };
	struct wire inner = scene_udp_datagram(s, &ip, 40000, 33434, 20), w = scene_wire(s);

	wire_icmp(&w, 4, 3, 3, NULL);
	wire_quote(&w, &inner, 28);
	scene_ip(&w, &ip);
	report(s, 11, 0, NULL, &w); /* about an error */
	ip.destination = "224.0.0.251";
	w = scene_udp_datagram(s, &ip, 5353, 5353, 20);
	report(s, 3, 3, NULL, &w);
	ip.destination = "255.255.255.255";
	w = scene_udp_datagram(s, &ip, 68, 67, 20);
	report(s, 3, 3, NULL, &w);
	w = scene_udp_datagram(s, &ip6, 123, 123, 20);
	report(s, 1, 4, NULL, &w);
	w = scene_udp_datagram(s, &ip6, 123, 123, 1452);
	report(s, 2, 0, fields, &w); /* allowed: Path MTU Discovery */
	ip.destination = FAR4;
	ip.fragment_offset = 1480;
	ip.protocol = IP_PROTO_UDP;
	w = scene_wire(s);
	scene_pattern(&w, 32);
	scene_ip(&w, &ip);
	report(s, 11, 1, NULL, &w);
	ip = (struct wire_ip){ .source = "192.0.2.99", .destination = FAR4, .ttl = 1 };
	w = scene_udp_datagram(s, &ip, 40000, 33434, 20);
	report(s, 11, 0, NULL, &w); /* somebody else's datagram */
}

/* quote_missing, quote_malformed, bad_mtu, pointer_outside_quote */
static void
play_error_fields(struct scene *s)
{
	const struct wire_ip ip = { .source = HOST4, .destination = FAR4, .dont_fragment = true };
	const struct wire_ip ip6 = { .source = HOST6, .destination = FAR6 };
	const struct wire_value small[] = { { "mtu", .number = 40 }, WIRE_END };
	const struct wire_value large[] = { { "mtu", .number = 9000 }, WIRE_END };
	const struct wire_value below[] = { { "mtu", .number = 1279 }, WIRE_END };
	const struct wire_value pointer[] = { { "pointer", .number = 200 }, WIRE_END };
	struct wire w;

	send_octets(s, "\x0b\0\0\0\0\0\0\0", 8, &from_router4);
	send_octets(s, "\x0b\0\0\0\0\0\0\0no IP header is here", 28, &from_router4);
	send_octets(s, "\x03\0\0\0\0\0\0\0", 8, &from_router6);
	w = scene_udp_datagram(s, &ip, 40000, 33434, 1472);
	report(s, 3, 4, small, &w);
	w = scene_udp_datagram(s, &ip, 40000, 33434, 1472);
	report(s, 3, 4, large, &w);
	w = scene_udp_datagram(s, &ip6, 40000, 33434, 1452);
	report(s, 2, 0, below, &w);
	w = scene_udp_datagram(s, &ip, 40000, 33434, 20);
	report(s, 12, 0, pointer, &w);
}

/* An echo whose finished IPv4 header is then spoiled. */
static void
send_spoiled(struct scene *s, uint32_t at, uint64_t number, uint32_t octets)
{
	const struct scene_echo echo = { HOST4, FAR4, 0x2a2a, 1, 32, 0 };
	struct wire w = scene_echo_datagram(s, &echo, false);

	wire_put(&w, at, number, octets);
	scene_datagram(s, &w);
	scene_wait(s, SECOND);
}

/* bad_ip_checksum, bad_ip_length */
static void
play_headers(struct scene *s)
{
	send_spoiled(s, 10, 0xdead, 2); /* checksum */
	send_spoiled(s, 2, 400, 2);     /* longer than the frame (and the checksum) */
	send_spoiled(s, 2, 12, 2);      /* shorter than the header */
	send_spoiled(s, 0, 0x41, 1);    /* a header of four octets */
	send_spoiled(s, 0, 0x4f, 1);    /* a header that covers the message */
}

/* clang-format off */
const struct scenario anomaly_scenarios[] = {
	{ "anomalies_message.pcap",
	  "used unused bits, messages too short and too long, the wrong IP version, wrong hop limits",
	  .play = play_messages, .link_type = LINK_TYPE_ETHERNET },
	{ "anomalies_list.pcap", "options with bad lengths, an unknown one, counts that promise too much",
	  .play = play_lists, .link_type = LINK_TYPE_ETHERNET },
	{ "anomalies_subject.pcap",
	  "errors about what no error may be about, and about somebody else's datagram",
	  .play = play_subjects, .link_type = LINK_TYPE_ETHERNET },
	{ "anomalies_error.pcap", "errors without a quote, with impossible MTUs and pointers",
	  .play = play_error_fields, .link_type = LINK_TYPE_ETHERNET },
	{ "anomalies_header.pcap", "IPv4 headers with a wrong checksum or contradicting lengths",
	  .play = play_headers, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
/* clang-format on */
