/*
 * Redirects: of a router that knows a better way, and of a host that wants to be
 * one.
 */
#include <string.h>

#include "samples/scenarios.h"

#define HOST "192.0.2.10"
#define FAR "198.51.100.20"
#define HOST6 "2001:db8:a::10"
#define FAR6 "2001:db8:5::10"

/* Last octets of MACs. */
enum { HOST_MAC = 0x10, ROUTER_MAC = 0x01, OTHER_MAC = 0x02, ATTACKER_MAC = 0x66 };

/* Sends an IP datagram from one station to another. */
static void
send(struct scene *s, const struct wire *datagram, uint8_t from, uint8_t to)
{
	struct wire w = scene_wire(s);

	wire_bytes(&w, datagram->bytes, datagram->len);
	wire_ethernet(&w, datagram->bytes[0] >> 4 == 6 ? 0x86dd : 0x0800);
	if (!w.failed) {
		w.bytes[5] = to;
		w.bytes[11] = from;
	}
	scene_frame(s, &w);
}

static struct wire
ping(struct scene *s, const char *to, uint16_t seq)
{
	return scene_echo_datagram(s, &(struct scene_echo){ .source = strchr(to, ':') != NULL ?
	    HOST6 : HOST, .destination = to, .id = 7, .seq = seq }, false);
}

static struct wire
answer_of(struct scene *s, uint16_t seq)
{
	return scene_echo_datagram(s, &(struct scene_echo){ .source = HOST, .destination = FAR,
	    .id = 7, .seq = seq }, true);
}

/* To reach FAR, says `source`, the host shall use `gateway`. */
static void
redirect(struct scene *s, const char *source, const char *gateway, const struct wire *about,
    uint8_t from)
{
	struct wire w = scene_wire(s);

	wire_icmp(&w, 4, 5, 1, (struct wire_value[]){ { "gateway", .text = gateway }, WIRE_END });
	wire_quote(&w, about, 28);
	scene_ip(&w, &(struct wire_ip){ .source = source, .destination = HOST });
	send(s, &w, from, HOST_MAC);
}

static void
redirect6(struct scene *s, const char *target, uint8_t target_mac, const struct wire *about,
    uint8_t from)
{
	const uint8_t mac[6] = { 0, 0, 0x5e, 0, 0x53, target_mac };
	struct wire w = scene_wire(s);

	wire_icmp(&w, 6, 137, 0, (struct wire_value[]){ { "target", .text = target },
	    { "destination", .text = FAR6 }, WIRE_END });
	wire_record(&w, &nd_options, 2, (struct wire_value[]){
	    { "link_layer_address", .bytes = mac, .len = 6 }, WIRE_END });
	wire_record(&w, &nd_options, 4, (struct wire_value[]){
	    { "ip_header_and_data", .bytes = about->bytes, .len = about->len }, WIRE_END });
	scene_ip(&w, &(struct wire_ip){ .source = "fe80::1", .destination = HOST6, .ttl = 255 });
	send(s, &w, from, HOST_MAC);
}

/* A host pings through the router, while another says in the router's name to use it. */
static void
play_forged(struct scene *s)
{
	struct wire about, answer;
	uint16_t seq;

	for (seq = 1; seq <= 4; seq++) {
		about = ping(s, FAR, seq);
		answer = answer_of(s, seq);
		send(s, &about, HOST_MAC, ROUTER_MAC);
		scene_wait(s, 12 * MS);
		send(s, &answer, ROUTER_MAC, HOST_MAC);
		scene_wait(s, 300 * MS);
		redirect(s, "192.0.2.1", "192.0.2.66", &about, ATTACKER_MAC);
		about = ping(s, FAR6, seq);
		send(s, &about, HOST_MAC, ROUTER_MAC);
		redirect6(s, "fe80::66", ATTACKER_MAC, &about, ATTACKER_MAC);
		scene_wait(s, SECOND);
	}
}

/* The router sends a datagram on, with a hop less and its checksum put right (RFC 1624). */
static void
pass_on(struct scene *s, const struct wire *datagram)
{
	bool is_ip6 = datagram->bytes[0] >> 4 == 6;
	struct wire w = scene_wire(s);

	wire_bytes(&w, datagram->bytes, datagram->len);
	w.bytes[is_ip6 ? 7 : 8]--;
	if (!is_ip6)
		w.bytes[10]++;
	send(s, &w, ROUTER_MAC, OTHER_MAC);
}

/* What the router has to pass on to another of the same link, it redirects. */
static void
play_better(struct scene *s)
{
	struct wire about, answer;
	uint16_t seq;

	for (seq = 1; seq <= 3; seq++) {
		about = ping(s, FAR, seq);
		answer = answer_of(s, seq);
		send(s, &about, HOST_MAC, ROUTER_MAC);
		scene_wait(s, MS);
		redirect(s, "192.0.2.1", "192.0.2.2", &about, ROUTER_MAC);
		pass_on(s, &about);
		scene_wait(s, 12 * MS);
		send(s, &answer, OTHER_MAC, HOST_MAC);
		about = ping(s, FAR6, seq);
		send(s, &about, HOST_MAC, ROUTER_MAC);
		redirect6(s, "fe80::2", OTHER_MAC, &about, ROUTER_MAC);
		pass_on(s, &about);
		scene_wait(s, SECOND);
	}
}

/* clang-format off */
#define REDIRECT(name, what, how) \
	{ "redirect_" name ".pcap", what, .play = (how), .link_type = LINK_TYPE_ETHERNET }

const struct scenario redirect_scenarios[] = {
	REDIRECT("forged", "a host redirects another to itself, in the name of the router",
	    play_forged),
	REDIRECT("better", "a router redirects a host to a better one: no attack", play_better),
	{ .file = NULL }
};
/* clang-format on */
