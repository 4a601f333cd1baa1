/*
 * Errors and the flows that they speak of: of flows that were on the wire, of
 * such that were not, translated by NAT, and forged in each way that shows.
 */
#include "samples/scenarios.h"

#define HOST4 "192.0.2.10"
#define PUBLIC4 "203.0.113.10" /* what NAT makes of the host */
#define ROUTER4 "203.0.113.1"
#define FAR4 "198.51.100.80"
#define DNS4 "198.51.100.53"
#define HOST6 "2001:db8::10"
#define ROUTER6 "2001:db8:f::1"
#define FAR6 "2001:db8:5::80"
#define LENGTH_AT 2            /* in an IPv4 header */
#define SOURCE_AT 12           /* in an IPv4 header */
#define UDP_LENGTH_AT (20 + 4) /* behind one */
#define SEQUENCE 0x10000000

/* A TCP connection, a question to a name server, and time for the tap to be believed. */
static void
play_traffic(struct scene *s)
{
	const struct wire_ip up = { .source = HOST4, .destination = FAR4, .dont_fragment = true };
	const struct wire_ip down = { .source = FAR4, .destination = HOST4, .ttl = 57 };
	const struct wire_ip dns = { .source = HOST4, .destination = DNS4 };
	const struct wire_ip up6 = { .source = HOST6, .destination = FAR6 };
	struct wire w;
	uint32_t i;

	for (i = 0; i < 4; i++) {
		w = scene_tcp_datagram(s, &up, 49152, 443, SEQUENCE + i * 1460);
		scene_datagram(s, &w);
		scene_wait(s, 20 * MS);
		w = scene_tcp_datagram(s, &down, 443, 49152, 0x20000000 + i);
		scene_datagram(s, &w);
		w = scene_tcp_datagram(s, &up6, 49153, 443, SEQUENCE + i * 1440);
		scene_datagram(s, &w);
		scene_wait(s, 1500 * MS);
	}
	w = scene_udp_datagram(s, &dns, 53124, 53, 40);
	scene_datagram(s, &w);
	scene_wait(s, 5 * MS);
}

/* An error to `to` about `about`. */
static void
report(struct scene *s, const char *from, const char *to, uint8_t type, uint8_t code, uint8_t ttl,
    const struct wire *about)
{
	const struct scene_error error = { .from = from, .to = to, .type = type, .code = code,
		.ttl = ttl, .about = about, .len = about->len < 48 ? about->len : 48 };

	scene_error(s, &error);
	scene_wait(s, 200 * MS);
}

static struct wire
tcp(struct scene *s, uint16_t port, uint32_t sequence)
{
	const struct wire_ip ip = { .source = HOST4, .destination = FAR4, .ttl = 60,
		.dont_fragment = true };

	return scene_tcp_datagram(s, &ip, port, 443, sequence);
}

static struct wire
udp(struct scene *s, const char *source, uint16_t port)
{
	const struct wire_ip ip = { .source = source, .destination = DNS4, .ttl = 60 };

	return scene_udp_datagram(s, &ip, port, 53, 40);
}

static void
play_seen(struct scene *s)
{
	const struct wire_ip ip6 = { .source = HOST6, .destination = FAR6, .ttl = 61 };
	const struct wire_ip sctp = { .source = HOST4, .destination = FAR4, .ttl = 57,
		.protocol = IP_PROTO_SCTP };
	struct wire w;

	play_traffic(s);
	w = udp(s, HOST4, 53124);
	report(s, DNS4, HOST4, 3, 3, 57, &w);
	w = tcp(s, 49152, SEQUENCE + 3 * 1460);
	report(s, ROUTER4, HOST4, 3, 1, 61, &w);
	w = scene_tcp_datagram(s, &ip6, 49153, 443, SEQUENCE + 3 * 1440);
	report(s, ROUTER6, HOST6, 1, 3, 61, &w);
	/* Of SCTP nothing was on the wire at all: it may be that a filter hides it. */
	w = scene_wire(s);
	scene_hex(&w, "9c410e60deadbeef00000000");
	scene_ip(&w, &sctp);
	report(s, FAR4, HOST4, 3, 2, 57, &w);
}

static void
play_forged(struct scene *s)
{
	const struct wire_ip elsewhere = { .source = "198.18.0.1", .destination = FAR4, .ttl = 60 };
	const struct wire_ip at_home = { .source = HOST4, .destination = FAR4,
		.dont_fragment = true };
	struct wire w;

	play_traffic(s);
	w = tcp(s, 49152, 0xdeadbeef); /* blind: a port that is right, and any number */
	report(s, FAR4, HOST4, 3, 2, 57, &w);
	w = tcp(s, 40001, 0xdeadbeef);
	report(s, FAR4, HOST4, 3, 2, 57, &w);
	w = tcp(s, 49152, SEQUENCE + 3 * 1460); /* one that reads along, but sits nearby */
	report(s, FAR4, HOST4, 3, 2, 64, &w);
	w = udp(s, HOST4, 53124);
	report(s, ROUTER4, HOST4, 3, 3, 61, &w); /* not from where the ports are */
	w.bytes[UDP_LENGTH_AT] = 0xff;
	report(s, DNS4, HOST4, 3, 3, 57, &w);
	w = scene_tcp_datagram(s, &elsewhere, 0, 0, 0);
	report(s, ROUTER4, HOST4, 3, 1, 61, &w);
	w = tcp(s, 49152, SEQUENCE + 3 * 1460);
	report(s, ROUTER4, HOST4, 3, 1, 48, &w); /* the same router, farther away */
	w = scene_tcp_datagram(s, &at_home, 49152, 443, SEQUENCE + 3 * 1460);
	report(s, ROUTER4, HOST4, 3, 1, 48, &w); /* of a datagram that has not left */
	wire_put(&w, LENGTH_AT, 28, 2);
	report(s, ROUTER4, HOST4, 3, 1, 48, &w); /* as long as what is quoted of it */
}

/* Errors whose quote NAT did not translate back, or not whole. */
static void
play_translated(struct scene *s)
{
	static const uint8_t public4[] = { 203, 0, 113, 10 };
	struct wire w;
	int i;

	play_traffic(s);
	w = udp(s, PUBLIC4, 53124);
	report(s, DNS4, HOST4, 3, 3, 57, &w);
	w = udp(s, HOST4, 40001); /* not seen here, but its checksum is the host's */
	for (i = 0; i < 4; i++)
		w.bytes[SOURCE_AT + i] = public4[i];
	report(s, DNS4, HOST4, 3, 3, 57, &w);
	w = udp(s, PUBLIC4, 40002); /* neither: who knows */
	report(s, DNS4, HOST4, 3, 3, 57, &w);
}

/* clang-format off */
const struct scenario flow_scenarios[] = {
	{ "flows_seen.pcap", "errors about flows of TCP and UDP that are in the capture too",
	  .play = play_seen, .link_type = LINK_TYPE_ETHERNET },
	{ "flows_forged.pcap", "errors about flows there were, with what a forger could not know",
	  .play = play_forged, .link_type = LINK_TYPE_ETHERNET },
	{ "flows_translated.pcap", "errors whose quotes NAT left as they were outside of it",
	  .play = play_translated, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
/* clang-format on */
