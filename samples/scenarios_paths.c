/*
 * Paths: traceroutes of several kinds, load balancing, loops, hops that limit
 * their answers, paths that change; path MTUs.
 */
#include "samples/scenarios.h"

#define HOST "192.0.2.10"
#define FAR "198.51.100.80"
#define ROUTER_1 "192.0.2.1"
#define ROUTER_2 "203.0.113.2"
#define ROUTER_3 "203.0.113.3"
#define ROUTER_4 "203.0.113.4"
#define HOST6 "2001:db8::10"
#define FAR6 "2001:db8:5::80"
#define ROUTER6_1 "2001:db8::1"
#define ROUTER6_2 "2001:db8:f::2"
#define QUOTE_LEN 60
#define HOP_US 4000 /* there and back for each hop */

/* An error about a probe, as long after now as its hop is away. */
static void
answer(struct scene *s, const char *router, uint8_t type, uint8_t code, uint32_t hop,
    const struct wire *probe)
{
	uint64_t now_ns = s->now_ns;

	scene_wait(s, hop * HOP_US + scene_random(s, 500));
	scene_error(s, &(struct scene_error){ .from = router,
		.to = probe->bytes[0] >> 4 == 6 ? HOST6 : HOST, .type = type, .code = code,
		.ttl = (uint8_t)(65 - hop), .about = probe, .len = QUOTE_LEN });
	s->now_ns = now_ns;
}

/* A UDP probe, and who lets it expire; nobody when `router` is NULL. */
static void
udp_probe(struct scene *s, uint32_t hop, uint16_t port, const char *router, bool is_captured)
{
	struct wire_ip ip = { .source = HOST, .destination = FAR, .ttl = (uint8_t)hop,
		.id = 0x4000u + port };
	struct wire probe = scene_udp_datagram(s, &ip, 40960, port, 32);

	if (is_captured)
		scene_datagram(s, &probe);
	ip.ttl = 1;
	probe = scene_udp_datagram(s, &ip, 40960, port, 32);
	if (router != NULL && router[0] != '\0')
		answer(s, router, 11, 0, hop, &probe);
	else if (router == NULL)
		answer(s, FAR, 3, 3, hop, &probe);
	scene_wait(s, 50 * MS);
}

/* Three probes a hop: two routers share the second, the third is silent. */
static void
play_shared(struct scene *s)
{
	static const char *const routers[] = { ROUTER_1, ROUTER_1, ROUTER_1, ROUTER_2, ROUTER_3,
		ROUTER_2, "", "", "", NULL, NULL, NULL };
	uint16_t n;

	for (n = 0; n < 12; n++)
		udp_probe(s, n / 3 + 1, (uint16_t)(33434 + n), routers[n], true);
}

/* The same seen where only answers pass. */
static void
play_inferred(struct scene *s)
{
	static const char *const routers[] = { ROUTER_1, ROUTER_1, ROUTER_1, ROUTER_2, ROUTER_2,
		ROUTER_2, "", "", "", ROUTER_4, ROUTER_4, ROUTER_4, NULL, NULL, NULL };
	uint16_t n;

	for (n = 0; n < 15; n++)
		udp_probe(s, n / 3 + 1, (uint16_t)(33434 + n), routers[n], false);
}

/* A ping of any TTL, and what becomes of it; `router` NULL: it is answered. */
static void
echo_probe(struct scene *s, struct scene_echo *echo, uint32_t hop, const char *router)
{
	struct wire probe;

	echo->ttl = (uint8_t)hop;
	echo->seq++;
	probe = scene_echo_datagram(s, echo, false);
	scene_datagram(s, &probe);
	if (router == NULL) {
		uint64_t now_ns = s->now_ns;

		scene_wait(s, hop * HOP_US);
		echo->ttl = 61;
		scene_reply(s, echo);
		s->now_ns = now_ns;
	} else if (router[0] != '\0') {
		answer(s, router, echo->source[4] == ':' ? 3 : 11, 0, hop, &probe);
	}
	scene_wait(s, 100 * MS);
}

/* mtr: the second hop answers one probe in five, the first is another half-way. */
static void
play_mtr(struct scene *s)
{
	struct scene_echo echo = { .source = HOST6, .destination = FAR6, .id = 0x3039,
		.seq = 32999, .payload_len = 36 };
	uint32_t round;

	for (round = 0; round < 10; round++) {
		echo_probe(s, &echo, 1, round < 5 ? ROUTER6_1 : "2001:db8::2");
		echo_probe(s, &echo, 2, round % 5 == 0 ? ROUTER6_2 : "");
		echo_probe(s, &echo, 3, NULL);
		scene_wait(s, 700 * MS);
	}
}

/* Pings die of old age; a traceroute shows between whom. */
static void
play_loop(struct scene *s)
{
	struct scene_echo echo = { .source = HOST, .destination = FAR, .id = 7 };
	uint16_t n;

	for (n = 0; n < 5; n++)
		echo_probe(s, &echo, 64, ROUTER_2);
	for (n = 0; n < 8; n++)
		udp_probe(s, n + 1u, (uint16_t)(33434 + n),
		    n == 0 ? ROUTER_1 : n % 2 == 1 ? ROUTER_2 : ROUTER_3, true);
}

/* A datagram of `len` octets that is too large for the path, as a router says. */
static void
send_too_large(struct scene *s, const char *router, uint32_t len, uint32_t mtu)
{
	const struct wire_value values[] = { { "mtu", .number = mtu }, WIRE_END };
	const bool is_ipv6 = router[4] == ':';
	const struct wire_ip ip = { .source = is_ipv6 ? HOST6 : HOST,
		.destination = is_ipv6 ? FAR6 : FAR, .dont_fragment = !is_ipv6 };
	const struct wire probe = scene_udp_datagram(s, &ip, 5060, 5060,
	    len - (is_ipv6 ? 48 : 28));

	scene_datagram(s, &probe);
	scene_wait(s, 5 * MS);
	scene_error(s, &(struct scene_error){ .from = router, .to = ip.source,
		.type = is_ipv6 ? 2 : 3, .code = is_ipv6 ? 0 : 4, .ttl = 62, .values = values,
		.about = &probe, .len = QUOTE_LEN, .hops = 2 });
	scene_wait(s, 500 * MS);
}

/*
 * A path MTU, a smaller one further on, an old router that names none; MTUs
 * that cannot be; and at last a sender that does not care.
 */
static void
play_mtu(struct scene *s)
{
	uint32_t n;

	send_too_large(s, ROUTER_2, 1500, 1480);
	send_too_large(s, ROUTER_3, 1480, 1400);
	send_too_large(s, ROUTER_3, 1390, 1400); /* was not too large */
	send_too_large(s, ROUTER_4, 1400, 0);
	send_too_large(s, ROUTER6_2, 1500, 1000); /* below what every link takes */
	send_too_large(s, ROUTER6_2, 1500, 1420);
	for (n = 0; n < 6; n++)
		send_too_large(s, ROUTER6_2, 1500, 1420);
}

/* A TCP segment, in order of its header, with `len` octets of data. */
struct tcp {
	uint16_t source, destination;
	uint32_t sequence, acknowledgment;
	uint8_t flags;
	uint32_t len;
};

static struct wire
tcp_datagram(struct scene *s, const struct wire_ip *ip, const struct tcp *tcp)
{
	struct wire w = scene_wire(s);
	struct wire_ip header = *ip;

	scene_pattern(&w, tcp->len);
	wire_tcp(&w, tcp->source, tcp->destination, tcp->sequence);
	wire_put(&w, 8, tcp->acknowledgment, 4);
	wire_put(&w, 13, tcp->flags, 1);
	header.protocol = IP_PROTO_TCP;
	scene_ip(&w, &header);
	return w;
}

static void
send_tcp(struct scene *s, const struct wire_ip *ip, const struct tcp *tcp)
{
	struct wire w = tcp_datagram(s, ip, tcp);

	scene_datagram(s, &w);
}

/* The destination of a SYN has an ear for it, which its sender then closes. */
static void
accept_syn(struct scene *s, const struct wire_ip *ip, const struct tcp *syn, uint32_t hop)
{
	const struct wire_ip back = { .source = ip->destination, .destination = ip->source,
		.ttl = (uint8_t)(65 - hop), .dont_fragment = true };
	const struct wire_ip on = { .source = ip->source, .destination = ip->destination,
		.dont_fragment = true };
	uint64_t now_ns = s->now_ns;

	scene_wait(s, hop * HOP_US + scene_random(s, 500));
	send_tcp(s, &back, &(struct tcp){ syn->destination, syn->source, 0x5eed0000,
	    syn->sequence + 1, TCP_SYN | TCP_ACK, 0 });
	scene_wait(s, 20);
	send_tcp(s, &on, &(struct tcp){ syn->source, syn->destination, syn->sequence + 1, 0,
	    TCP_RST, 0 });
	s->now_ns = now_ns;
}

/* A SYN with the TTL of a hop, and who lets it expire; NULL for who accepts it. */
static void
syn_probe(struct scene *s, struct wire_ip *ip, const struct tcp *syn, uint32_t hop,
    const char *router)
{
	struct wire probe;

	ip->ttl = (uint8_t)hop;
	send_tcp(s, ip, syn);
	ip->ttl = 1;
	probe = tcp_datagram(s, ip, syn);
	if (router == NULL)
		accept_syn(s, ip, syn, hop);
	else if (router[0] != '\0')
		answer(s, router, ip->source[4] == ':' ? 3 : 11, 0, hop, &probe);
}

/* traceroute -T: from a new port each time, to the web server's; a hop is silent. */
static void
play_tcp(struct scene *s)
{
	static const char *const routers[] = { ROUTER_1, ROUTER_2, "", NULL };
	struct wire_ip ip = { .source = HOST, .destination = FAR };
	struct tcp syn = { .source = 36000, .destination = 80, .flags = TCP_SYN };
	uint32_t n;

	for (n = 0; n < 12; n++) {
		syn.source++;
		syn.sequence = scene_random(s, 0x7fffffff);
		ip.id = 0x5000 + n;
		syn_probe(s, &ip, &syn, n / 3 + 1, routers[n / 3]);
		scene_wait(s, 2 * MS);
	}
	scene_sort(s);
}

/*
 * scamper's TCP probes of IPv6 are alike but for the flow label; so are those of
 * UDP that look for routers which share the load by it (RFC 6438).
 */
static void
play_flow_label(struct scene *s)
{
	static const char *const routers[] = { ROUTER6_1, ROUTER6_2, NULL };
	struct wire_ip ip = { .source = HOST6, .destination = FAR6 };
	const struct tcp syn = { 45000, 443, 0x01020304, 0, TCP_SYN, 0 };
	struct wire probe;
	uint32_t n;

	for (n = 0; n < 6; n++) {
		ip.flow_label = n + 1;
		syn_probe(s, &ip, &syn, n / 2 + 1, routers[n / 2]);
		scene_wait(s, MS);
	}
	scene_wait(s, SECOND);
	for (n = 0; n < 12; n++) {
		ip.flow_label = 0xabc00 + n % 4;
		ip.ttl = (uint8_t)(n / 4 + 1);
		probe = scene_udp_datagram(s, &ip, 45000, 33435, 12);
		scene_datagram(s, &probe);
		ip.ttl = 1;
		probe = scene_udp_datagram(s, &ip, 45000, 33435, 12);
		if (n >= 8)
			answer(s, FAR6, 1, 4, 3, &probe);
		else
			answer(s, n < 4 ? ROUTER6_1 : n % 2 == 0 ? ROUTER6_2 : "2001:db8:f::3", 3,
			    0, n / 4 + 1, &probe);
		scene_wait(s, n % 4 < 3 ? MS : 20 * MS);
	}
	scene_sort(s);
}

/*
 * A web server behind a tunnel whose router drops what does not fit and says
 * nothing (RFC 2923 2.1): the connection opens, the request arrives, and the
 * first full segment of the answer is sent again and again, until the user
 * has enough. The other connection is lossy, no more: its segment arrives when
 * sent again.
 */
static void
play_black_hole(struct scene *s)
{
	const struct wire_ip to_server = { .source = HOST, .destination = FAR,
		.dont_fragment = true, .ttl = 60 };
	const struct wire_ip to_host = { .source = FAR, .destination = HOST,
		.dont_fragment = true };
	uint32_t wait_us = 300 * MS, n;

	for (n = 0; n < 2; n++) {
		const uint16_t port = (uint16_t)(50000 + n);

		send_tcp(s, &to_server, &(struct tcp){ port, 80, 1000, 0, TCP_SYN, 0 });
		send_tcp(s, &to_host, &(struct tcp){ 80, port, 2000, 1001, TCP_SYN | TCP_ACK, 0 });
		scene_wait(s, 20 * MS);
		send_tcp(s, &to_server, &(struct tcp){ port, 80, 1001, 2001, TCP_ACK, 0 });
		send_tcp(s, &to_server, &(struct tcp){ port, 80, 1001, 2001, TCP_ACK, 120 });
		scene_wait(s, MS);
	}
	send_tcp(s, &to_host, &(struct tcp){ 80, 50000, 2001, 1121, TCP_ACK, 1460 });
	send_tcp(s, &to_host, &(struct tcp){ 80, 50000, 3461, 1121, TCP_ACK, 200 });
	send_tcp(s, &to_host, &(struct tcp){ 80, 50001, 2001, 1121, TCP_ACK, 1460 });
	scene_wait(s, 20 * MS);
	/* only the small segment is there */
	send_tcp(s, &to_server, &(struct tcp){ 50000, 80, 1121, 2001, TCP_ACK, 0 });
	for (n = 0; n < 5; n++) {
		scene_wait(s, wait_us);
		wait_us *= 2;
		send_tcp(s, &to_host, &(struct tcp){ 80, 50000, 2001, 1121, TCP_ACK, 1460 });
		if (n == 3) {
			scene_wait(s, 2 * SECOND);
			wait_us -= 2 * SECOND;
			send_tcp(s, &to_server, &(struct tcp){ 50000, 80, 1121, 2001,
			    TCP_FIN | TCP_ACK, 0 });
		}
		if (n > 1)
			continue;
		send_tcp(s, &to_host, &(struct tcp){ 80, 50001, 2001, 1121, TCP_ACK, 1460 });
		if (n == 1)
			send_tcp(s, &to_server, &(struct tcp){ 50001, 80, 1121, 3461, TCP_ACK, 0 });
	}
}

/* clang-format off */
#define PATH(name, what, how) \
	{ "path_" name ".pcap", what, .play = (how), .link_type = LINK_TYPE_ETHERNET }

const struct scenario path_scenarios[] = {
	PATH("shared", "a traceroute: two routers share a hop, another is silent", play_shared),
	PATH("inferred", "the answers to a traceroute whose probes were not captured", play_inferred),
	PATH("mtr", "mtr in IPv6: one hop limits its answers, another changes half-way", play_mtr),
	PATH("loop", "a routing loop that pings die in, and a traceroute through it", play_loop),
	PATH("tcp", "a traceroute by TCP, one hop of which is silent", play_tcp),
	PATH("flow_label", "IPv6 probes of TCP and UDP that differ in no more than the flow label",
	    play_flow_label),
	PATH("black_hole", "a connection whose full segments vanish, and nobody says why",
	    play_black_hole),
	PATH("mtu", "path MTUs, estimated and impossible ones, a sender that heeds none", play_mtu),
	{ .file = NULL }
};
/* clang-format on */
