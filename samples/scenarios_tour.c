/*
 * Two and a half minutes on the mirror port of a small network: hosts in
 * 192.0.2.0/24 and 2001:db8:10::/64 behind the router .1, those from .128 on
 * in VLAN 20. Addresses are those that RFC 5737 and RFC 3849 keep for examples.
 */
#include <string.h>

#include "samples/scenarios.h"
#include "samples/tour.h"

#define ADMIN "192.0.2.10"
#define DESK "192.0.2.21"
#define STORAGE "192.0.2.34"
#define RESOLVER "192.0.2.53"
#define ROUTER "192.0.2.1"
#define WEB "198.51.100.20"
#define TRACED "198.51.100.80"
#define WEB6 "2001:db8:20::20"
#define VLAN_TAG 20
#define LAST_S 150 /* the quiet end, so that no wait is cut short */

static const uint8_t documentation_mac[] = { 0x00, 0x00, 0x5e, 0x00, 0x53 };

/* Who owns an IPv4 address on this link: the host's own MAC, or the router's. */
static uint8_t
station4(const uint8_t *address)
{
	static const uint8_t lan[] = { 192, 0, 2 };

	return memcmp(address, lan, sizeof(lan)) == 0 ? address[3] : 1;
}

/* Interface identifiers end like the host's MAC; other prefixes are routed. */
static uint8_t
station6(const uint8_t *address)
{
	static const uint8_t lan[] = { 0x20, 0x01, 0x0d, 0xb8, 0x00, 0x10, 0, 0 };

	if (address[0] == 0)
		return 10; /* the host that comes up has no address yet */
	if (memcmp(address, lan, sizeof(lan)) == 0)
		return address[15] == 0x10 ? 10 : address[15];
	return address[0] == 0xfe ? address[15] : 1;
}

/* Ethernet, with a VLAN tag for those who are in one. */
static void
wrap_station(struct wire *w, uint8_t version)
{
	static const uint8_t tag[] = { 0, VLAN_TAG, 0x08, 0x00 };
	uint8_t source, destination, multicast[4] = { 0 };
	uint32_t i;

	if (w->failed)
		return;
	if (version == 4) {
		source = station4(w->bytes + 12);
		destination = station4(w->bytes + 16);
	} else {
		source = station6(w->bytes + 8);
		destination = station6(w->bytes + 24);
		if (w->bytes[24] == 0xff)
			memcpy(multicast, w->bytes + 36, sizeof(multicast));
	}
	if (source >= 128)
		wire_prepend(w, tag, sizeof(tag));
	wire_ethernet(w, source >= 128 ? 0x8100 : version == 4 ? 0x0800 : 0x86dd);
	for (i = 0; i < sizeof(documentation_mac); i++)
		wire_put(w, i, documentation_mac[i], 1);
	wire_put(w, 5, destination, 1);
	wire_put(w, 11, source, 1);
	if (version == 6 && multicast[0] != 0) {
		wire_put(w, 0, 0x3333, 2); /* RFC 2464 7 */
		for (i = 0; i < sizeof(multicast); i++)
			wire_put(w, 2 + i, multicast[i], 1);
	}
}

/* A series of pings; losses and oddities are told by their numbers. */
struct series {
	const char *source, *destination;
	uint16_t id, count, payload_len;
	uint32_t start_ms, interval_ms;
	uint32_t rtt_us, jitter_us;
	uint8_t reply_ttl;
	uint16_t lost[6]; /* ended by 0 */
	uint16_t slow;    /* answered after `slow_ms`, or 0 */
	uint32_t slow_ms;
	uint16_t twice;   /* answered twice, or 0 */
};

static const struct series all_series[] = {
	{ ADMIN, WEB, 0x3a10, 100, 0, 2100, 1000, 12300, 2600, 55, { 17, 18, 61, 90 }, 44, 1240, 72 },
	{ ADMIN, "203.0.113.7", 0x3a11, 24, 0, 5300, 1000, 187000, 9000, 47, { 9 }, 6, 11400, 0 },
	{ DESK, ROUTER, 0x1502, 20, 0, 30400, 500, 420, 160, 64, { 0 }, 0, 0, 0 },
	{ "192.0.2.130", "192.0.2.129", 0x0b07, 8, 0, 58200, 1000, 610, 200, 64, { 0 }, 0, 0, 0 },
	{ ADMIN6, WEB6, 0x3a12, 20, 0, 64000, 1000, 13100, 1900, 54, { 11 }, 0, 0, 0 },
};

static bool
is_lost(const struct series *series, uint16_t seq)
{
	size_t i;

	for (i = 0; i < sizeof(series->lost) / sizeof(series->lost[0]); i++)
		if (series->lost[i] == seq)
			return true;
	return false;
}

/* Most replies take the usual time and a little; some met a queue. */
static uint32_t
rtt_us(struct scene *s, const struct series *series)
{
	uint32_t rtt = series->rtt_us + scene_random(s, series->jitter_us);

	if (scene_random(s, 12) == 0)
		rtt += scene_random(s, 6 * series->jitter_us);
	return rtt;
}

static void
play_series(struct scene *s, const struct series *series)
{
	struct scene_echo echo = {
		.source = series->source, .destination = series->destination, .id = series->id,
		.payload_len = series->payload_len,
	};
	uint64_t sent_us, wait_us;
	uint16_t seq;

	for (seq = 1; seq <= series->count; seq++) {
		echo.seq = seq;
		echo.ttl = 64;
		sent_us = series->start_ms * UINT64_C(1000) +
		    (seq - 1) * (series->interval_ms * UINT64_C(1000) + 160) +
		    scene_random(s, 900);
		scene_at(s, sent_us);
		scene_echo(s, &echo);
		if (is_lost(series, seq))
			continue;
		wait_us = rtt_us(s, series);
		if (seq == series->slow)
			wait_us += series->slow_ms * UINT64_C(1000);
		echo.ttl = series->reply_ttl;
		scene_at(s, sent_us + wait_us);
		scene_reply(s, &echo);
		if (seq == series->twice) {
			scene_wait(s, 830);
			scene_again(s, 1);
		}
	}
}

/* A router's report, `rtt` after now. */
static void
report(struct scene *s, const struct scene_error *error, uint32_t rtt)
{
	uint64_t now_ns = s->now_ns;

	scene_wait(s, rtt);
	scene_error(s, error);
	s->now_ns = now_ns;
}

/* Nobody has this address: the far router says so, for some of the pings. */
static void
play_unreachable(struct scene *s)
{
	struct scene_echo echo = { DESK, "203.0.113.200", 0x1503, 0, 56, 64 };
	struct scene_error error = {
		.from = "203.0.113.1", .to = DESK, .type = 3, .code = 1, .ttl = 58, .len = 84,
		.hops = 6,
	};
	struct wire about;

	for (echo.seq = 1; echo.seq <= 6; echo.seq++) {
		scene_at(s, 41 * SECOND + 200 * MS + echo.seq * UINT64_C(1000200));
		about = scene_echo_datagram(s, &echo, false);
		scene_datagram(s, &about);
		error.about = &about;
		if (echo.seq % 3 != 0)
			report(s, &error, 3 * SECOND + 62 * MS + scene_random(s, 4000));
	}
}

struct hop {
	const char *address;
	uint32_t rtt_us;
	uint32_t label; /* of the MPLS stack quoted, or 0 */
};

/* traceroute with UDP probes: three for each hop, the last hop is the target. */
static void
play_traceroute(struct scene *s)
{
	static const struct hop hops[] = {
		{ ROUTER, 380, 0 }, { "203.0.113.9", 4100, 0 }, { "203.0.113.17", 8800, 24017 },
		{ "203.0.113.21", 9100, 24002 }, { "198.51.100.1", 11900, 0 }, { TRACED, 12600, 0 },
	};
	struct scene_error error = { .to = ADMIN };
	struct wire_ip ip = { .source = ADMIN, .destination = TRACED };
	struct wire probe, objects;
	uint16_t port = 33434;
	uint32_t n, hop;

	for (n = 0; n < 18; n++, port++) {
		hop = n / 3;
		scene_at(s, 20 * SECOND + n * 21000u + scene_random(s, 900));
		ip.ttl = (uint8_t)(hop + 1);
		ip.id = 0x6000 + n;
		probe = scene_udp_datagram(s, &ip, 41822, port, 32);
		scene_datagram(s, &probe);
		if (n == 7)
			continue; /* a star */
		ip.ttl = 1; /* when it was quoted */
		probe = scene_udp_datagram(s, &ip, 41822, port, 32);
		error.from = hops[hop].address;
		error.ttl = (uint8_t)(64 - hop);
		error.type = hop == 5 ? 3 : 11;
		error.code = hop == 5 ? 3 : 0;
		error.about = &probe;
		error.len = 60;
		error.objects = NULL;
		if (hops[hop].label != 0) {
			objects = scene_wire(s);
			wire_uint(&objects, 0x00080101, 4);
			wire_uint(&objects, hops[hop].label << 12 | 0x101, 4);
			error.objects = &objects;
		}
		report(s, &error, hops[hop].rtt_us + scene_random(s, 1200));
	}
}

/* A tunnel on the way takes 1420 octets; TCP needs two tries to believe it. */
static void
play_path_mtu(struct scene *s)
{
	struct wire_ip ip = {
		.source = STORAGE, .destination = "198.51.100.44", .dont_fragment = true,
		.protocol = IP_PROTO_TCP,
	};
	const struct wire_value mtu[] = { { "mtu", .number = 1420 }, WIRE_END };
	struct scene_error error = {
		.from = "203.0.113.5", .to = STORAGE, .type = 3, .code = 4, .ttl = 62,
		.values = mtu, .len = 548, .hops = 2,
	};
	struct wire w;
	uint32_t i;

	for (i = 0; i < 3; i++) {
		scene_at(s, 36 * SECOND + i * 210000u);
		w = scene_wire(s);
		scene_pattern(&w, i < 2 ? 1460 : 1380);
		wire_tcp(&w, 51844, 443, 0x5eed0001 + i / 2 * 1460);
		ip.id = 0x7700 + i;
		scene_ip(&w, &ip);
		scene_datagram(s, &w);
		error.about = &w;
		if (i < 2)
			report(s, &error, 5200 + scene_random(s, 700));
	}
}

/* A question to a name server: the address of www.example. */
static struct wire
dns_query(struct scene *s, const struct wire_ip *ip, uint16_t port)
{
	static const char question[] = "\x03www\x07" "example\0\0\x01\0\x01";
	struct wire_ip udp = *ip;
	struct wire w = scene_wire(s);

	wire_uint(&w, port ^ 0x5a5au, 2);
	wire_uint(&w, 0x0100000100000000, 8); /* recursion desired, one question */
	wire_zero(&w, 2);
	wire_bytes(&w, question, sizeof(question) - 1);
	wire_udp(&w, port, 53);
	udp.protocol = IP_PROTO_UDP;
	scene_ip(&w, &udp);
	return w;
}

/* The resolver has no DNS server running any more. */
static void
play_dns(struct scene *s)
{
	struct wire_ip ip = { .source = DESK, .destination = RESOLVER };
	struct scene_error error = {
		.from = RESOLVER, .to = DESK, .type = 3, .code = 3, .ttl = 64, .len = 57,
	};
	struct wire w;
	uint32_t i;

	for (i = 0; i < 5; i++) {
		scene_at(s, 48 * SECOND + i * UINT64_C(1700000));
		ip.id = 0x2210 + i;
		w = dns_query(s, &ip, (uint16_t)(50211 + i));
		scene_datagram(s, &w);
		error.about = &w;
		report(s, &error, 320 + scene_random(s, 200));
	}
}

/* .254 is the better first hop for that network. */
static void
play_redirect(struct scene *s)
{
	const struct wire_ip ip = { .source = STORAGE, .destination = "198.51.100.99" };
	const struct wire_value gateway[] = { { "gateway", .text = "192.0.2.254" }, WIRE_END };
	struct wire w = scene_udp_datagram(s, &ip, 514, 514, 120);
	const struct scene_error error = {
		.from = ROUTER, .to = STORAGE, .type = 5, .code = 1, .ttl = 64,
		.values = gateway, .about = &w, .len = 28,
	};

	scene_at(s, 55 * SECOND);
	scene_datagram(s, &w);
	report(s, &error, 290);
}

/* A fragment of a large ping: `len` octets of the message from `offset`. */
static void
send_fragment(struct scene *s, const struct wire *whole, struct wire_ip ip, uint32_t offset)
{
	uint32_t len = whole->len - 20 - offset;
	struct wire w = scene_wire(s);

	ip.more_fragments = len > 1480;
	ip.fragment_offset = (uint16_t)offset;
	wire_bytes(&w, whole->bytes + 20 + offset, ip.more_fragments ? 1480 : len);
	scene_send(s, &w, &ip);
	scene_wait(s, 12);
}

static void
play_large(struct scene *s)
{
	struct scene_echo echo = { ADMIN, STORAGE, 0x3a13, 0, 4000, 64 };
	struct wire_ip request = { .source = ADMIN, .destination = STORAGE };
	struct wire_ip reply = { .source = STORAGE, .destination = ADMIN };
	struct wire w;
	uint32_t offset;

	for (echo.seq = 1; echo.seq <= 3; echo.seq++) {
		request.id = 0x4a00u + echo.seq;
		reply.id = 0x9100u + echo.seq;
		scene_at(s, 86 * SECOND + echo.seq * UINT64_C(1000000));
		w = scene_echo_datagram(s, &echo, false);
		for (offset = 0; offset < w.len - 20; offset += 1480)
			send_fragment(s, &w, request, offset);
		scene_wait(s, 780 + scene_random(s, 300));
		w = scene_echo_datagram(s, &echo, true);
		for (offset = 0; offset < w.len - 20; offset += 1480)
			send_fragment(s, &w, reply, offset);
	}
}

/* How far the router's clock is off: RFC 792's timestamps. */
static void
play_timestamp(struct scene *s)
{
	struct wire_value values[] = {
		{ "id", .number = 0x3a14 }, { "seq", .number = 1 },
		{ "originate_timestamp", .number = 32500000 },
		{ "receive_timestamp", .number = 0 }, { "transmit_timestamp", .number = 0 }, WIRE_END
	};
	struct wire_ip ip = { .source = ADMIN, .destination = ROUTER };
	struct wire w = scene_wire(s);

	scene_at(s, 100 * SECOND);
	wire_icmp(&w, 4, 13, 0, values);
	scene_send(s, &w, &ip);
	scene_wait(s, 510);
	values[3].number = values[4].number = 32500731;
	ip.source = ROUTER;
	ip.destination = ADMIN;
	w = scene_wire(s);
	wire_icmp(&w, 4, 14, 0, values);
	scene_send(s, &w, &ip);
}

/* One ping was spoiled on the way: its checksum no longer fits. */
static void
play_bad_checksum(struct scene *s)
{
	const struct scene_echo echo = { STORAGE, ROUTER, 0x0077, 1, 56, 64 };
	struct wire w = scene_echo_datagram(s, &echo, false);

	scene_at(s, 104 * SECOND);
	wire_put(&w, 60, 0xa5, 1);
	scene_datagram(s, &w);
}

static void
play_arp(struct scene *s, uint8_t from, uint8_t whom)
{
	struct wire w = scene_wire(s);
	uint8_t sender[] = { 0x00, 0x00, 0x5e, 0x00, 0x53, from };

	wire_uint(&w, 0x0001080006040001, 8);
	wire_bytes(&w, sender, sizeof(sender));
	wire_uint(&w, 0xc0000200u | from, 4);
	wire_zero(&w, 6);
	wire_uint(&w, 0xc0000200u | whom, 4);
	wire_ethernet(&w, 0x0806);
	wire_pad(&w, 60);
	scene_frame(s, &w);
}

/* What else goes on: web, names, time, ARP. */
static void
play_others(struct scene *s)
{
	struct wire_ip ip = { .source = DESK };
	struct wire w;
	uint32_t i;

	for (i = 0; i < 60; i++) {
		scene_at(s, i * UINT64_C(2480000) + scene_random(s, 900000));
		ip.id = 0x8000 + i;
		ip.dont_fragment = true;
		switch (i % 4) {
		case 0:
			play_arp(s, (uint8_t)(i % 3 == 0 ? 21 : 34), 1);
			continue;
		case 1:
			ip.destination = "203.0.113.80";
			w = scene_tcp_datagram(s, &ip, (uint16_t)(49200 + i), 443, 0xabcd0000 + i);
			break;
		case 2:
			ip.destination = "203.0.113.123";
			w = scene_udp_datagram(s, &ip, 123, 123, 48);
			break;
		default:
			ip.destination = "203.0.113.53";
			w = dns_query(s, &ip, (uint16_t)(52000 + i));
			break;
		}
		scene_datagram(s, &w);
	}
	scene_at(s, (uint64_t)LAST_S * SECOND);
	play_arp(s, 34, 1);
}

static void
play_tour(struct scene *s)
{
	size_t i;

	for (i = 0; i < sizeof(all_series) / sizeof(all_series[0]); i++)
		play_series(s, &all_series[i]);
	play_unreachable(s);
	play_traceroute(s);
	play_path_mtu(s);
	play_dns(s);
	play_redirect(s);
	play_large(s);
	play_timestamp(s);
	play_bad_checksum(s);
	tour_ipv6(s);
	play_others(s);
	scene_sort(s);
}

/* clang-format off */
const struct scenario tour_scenarios[] = {
	{ "tour.pcap", "two and a half minutes of a small network: most of what can be seen, at once",
	  .play = play_tour, .link_type = LINK_TYPE_ETHERNET, .wrap = wrap_station },
	{ .file = NULL }
};
/* clang-format on */
