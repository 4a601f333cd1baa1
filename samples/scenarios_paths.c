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

/* clang-format off */
#define PATH(name, what, how) \
	{ "path_" name ".pcap", what, .play = (how), .link_type = LINK_TYPE_ETHERNET }

const struct scenario path_scenarios[] = {
	PATH("shared", "a traceroute: two routers share a hop, another is silent", play_shared),
	PATH("inferred", "the answers to a traceroute whose probes were not captured", play_inferred),
	PATH("mtr", "mtr in IPv6: one hop limits its answers, another changes half-way", play_mtr),
	PATH("loop", "a routing loop that pings die in, and a traceroute through it", play_loop),
	PATH("mtu", "path MTUs, estimated and impossible ones, a sender that heeds none", play_mtu),
	{ .file = NULL }
};
/* clang-format on */
