/*
 * Hosts and routers of an IPv6 link, and IPv4 router discovery: who has which
 * address, and what routers say.
 */
#include <stdio.h>
#include <string.h>

#include "samples/scenarios.h"

#define ROUTER "fe80::1"
#define ROUTER_MAC 0x01
#define OTHER_MAC 0x66
#define HOST "2001:db8:a::10"
#define HOST_MAC 0x10
#define GROUP_SIZE 32
#define TEXT_SIZE 40

/* A MAC of those for documentation, and one of VRRP for IPv6 (RFC 9568 7.3). */
static const uint8_t documentation_mac[] = { 0x00, 0x00, 0x5e, 0x00, 0x53 };
static const uint8_t vrrp_mac[] = { 0x00, 0x00, 0x5e, 0x00, 0x02, 0x07 };

static void
get_mac(uint8_t station, uint8_t out[6])
{
	memcpy(out, documentation_mac, sizeof(documentation_mac));
	out[5] = station;
}

/* Sends a datagram in a frame of that MAC. */
static void
send_from(struct scene *s, struct wire *w, const struct wire_ip *ip, const uint8_t mac[6])
{
	scene_ip(w, ip);
	wire_ethernet(w, strchr(ip->source, ':') != NULL ? 0x86dd : 0x0800);
	if (!w->failed)
		memcpy(w->bytes + 6, mac, 6);
	scene_frame(s, w);
	scene_wait(s, 100 * MS);
}

static void
put_mac(struct wire *w, uint32_t option, const uint8_t mac[6])
{
	wire_record(w, &nd_options, option, (struct wire_value[]){
	    { "link_layer_address", .bytes = mac, .len = 6 }, WIRE_END });
}

/* Who has `target`? The source has `station`'s MAC. */
static void
solicit(struct scene *s, const char *source, const char *target, uint8_t station)
{
	char group[GROUP_SIZE];
	const struct wire_ip ip = { .source = source, .destination = group, .ttl = 255 };
	struct wire w = scene_wire(s);
	uint8_t mac[6];

	get_mac(station, mac);
	snprintf(group, sizeof(group), "ff02::1:ff00%s", strrchr(target, ':'));
	wire_icmp(&w, 6, 135, 0, (struct wire_value[]){ { "target", .text = target }, WIRE_END });
	if (strcmp(source, "::") != 0)
		put_mac(&w, 1, mac);
	send_from(s, &w, &ip, mac);
}

/* `target` is at that MAC, says a router or a host to all. */
static void
advertise(struct scene *s, const char *target, const uint8_t mac[6], bool is_router)
{
	const struct wire_value values[] = { { "router", .number = is_router },
		{ "override", .number = 1 }, { "target", .text = target }, WIRE_END };
	const struct wire_ip ip = { .source = target, .destination = "ff02::1", .ttl = 255 };
	struct wire w = scene_wire(s);

	wire_icmp(&w, 6, 136, 0, values);
	put_mac(&w, 2, mac);
	send_from(s, &w, &ip, mac);
}

static void
advertise_station(struct scene *s, const char *target, uint8_t station, bool is_router)
{
	uint8_t mac[6];

	get_mac(station, mac);
	advertise(s, target, mac, is_router);
}

/* The host that `to` looked for answers. */
static void
answer(struct scene *s, const char *target, const char *to, uint8_t station)
{
	const struct wire_value values[] = { { "solicited", .number = 1 },
		{ "override", .number = 1 }, { "target", .text = target }, WIRE_END };
	const struct wire_ip ip = { .source = target, .destination = to, .ttl = 255 };
	struct wire w = scene_wire(s);
	uint8_t mac[6];

	get_mac(station, mac);
	wire_icmp(&w, 6, 136, 0, values);
	put_mac(&w, 2, mac);
	send_from(s, &w, &ip, mac);
}

/* What a router says of itself. */
struct said {
	uint32_t lifetime, mtu, preferred;
	const char *dns;
	const char *prefix; /* NULL: that of the link */
	uint32_t preference;
};

static void
say(struct scene *s, const char *source, uint8_t station, const struct said *said)
{
	const struct wire_value header[] = { { "cur_hop_limit", .number = 64 },
		{ "preference", .number = said->preference },
		{ "router_lifetime", .number = said->lifetime }, WIRE_END };
	const struct wire_value prefix[] = { { "prefix_length", .number = 64 },
		{ "on_link", .number = 1 }, { "autonomous", .number = 1 },
		{ "valid_lifetime", .number = 86400 },
		{ "preferred_lifetime", .number = said->preferred },
		{ "prefix", .text = said->prefix != NULL ? said->prefix : "2001:db8:a::" },
		WIRE_END };
	const struct wire_value dns[] = { { "lifetime", .number = 1800 },
		{ "addresses", .text = said->dns }, WIRE_END };
	const struct wire_value search[] = { { "lifetime", .number = 1800 },
		{ "domain_names", .text = "lab.example home.example" }, WIRE_END };
	const struct wire_value nat64[] = { { "scaled_lifetime", .number = 225 },
		{ "prefix", .text = "64:ff9b::" }, WIRE_END };
	const struct wire_ip ip = { .source = source, .destination = "ff02::1", .ttl = 255 };
	struct wire w = scene_wire(s);
	uint8_t mac[6];

	get_mac(station, mac);
	wire_icmp(&w, 6, 134, 0, header);
	put_mac(&w, 1, mac);
	wire_record(&w, &nd_options, 3, prefix);
	wire_record(&w, &nd_options, 5,
	    (struct wire_value[]){ { "mtu", .number = said->mtu }, WIRE_END });
	wire_record(&w, &nd_options, 25, dns);
	wire_record(&w, &nd_options, 31, search);
	wire_record(&w, &nd_options, 38, nat64);
	send_from(s, &w, &ip, mac);
}

/* A host comes up: it probes for its addresses, finds its router and a neighbor. */
static void
play_start(struct scene *s)
{
	const struct said said = { 1800, 1500, 14400, .dns = "2001:db8:a::53" };

	solicit(s, "::", HOST, HOST_MAC);
	scene_wait(s, 2 * SECOND);
	say(s, ROUTER, ROUTER_MAC, &said);
	solicit(s, HOST, "2001:db8:a::20", HOST_MAC);
	advertise_station(s, "2001:db8:a::20", 0x20, false);
	say(s, ROUTER, ROUTER_MAC, &said);
}

/* The router keeps speaking for its address while another does too. */
static void
play_spoofed(struct scene *s)
{
	int i;

	advertise_station(s, "2001:db8:a::1", ROUTER_MAC, true);
	for (i = 0; i < 2; i++) {
		scene_wait(s, SECOND);
		advertise_station(s, "2001:db8:a::1", OTHER_MAC, false);
		scene_wait(s, SECOND);
		advertise_station(s, "2001:db8:a::1", ROUTER_MAC, true);
	}
}

/* A VRRP advertisement of version 3, as far as who sends it matters. */
static void
speak_vrrp(struct scene *s, const char *source, uint8_t station)
{
	const struct wire_ip ip = { .source = source, .destination = "ff02::12", .ttl = 255,
		.protocol = 112, .keep_checksum = true };
	struct wire w = scene_wire(s);
	uint8_t mac[6];

	get_mac(station, mac);
	wire_uint(&w, 0x31076401, 4);
	wire_zero(&w, 4 + 16);
	send_from(s, &w, &ip, mac);
}

/* Two pairs of routers: one moves the address, the other keeps a virtual MAC. */
static void
play_failover(struct scene *s)
{
	speak_vrrp(s, "fe80::1", ROUTER_MAC);
	advertise_station(s, "2001:db8:a::1", ROUTER_MAC, true);
	advertise(s, "2001:db8:b::1", vrrp_mac, true);
	scene_wait(s, 10 * SECOND);
	speak_vrrp(s, "fe80::2", 0x02);
	advertise_station(s, "2001:db8:a::1", 0x02, true);
	advertise(s, "2001:db8:b::1", vrrp_mac, true);
}

/* An address that another has, and one that two want at once. */
static void
play_duplicate(struct scene *s)
{
	solicit(s, "::", "2001:db8:a::1", HOST_MAC);
	advertise_station(s, "2001:db8:a::1", 0x20, false);
	scene_wait(s, 5 * SECOND);
	solicit(s, "::", "2001:db8:b::1", HOST_MAC);
	solicit(s, "::", "2001:db8:b::1", 0x20);
}

/* Somebody outside sends to addresses that he makes up: the router looks for each. */
static void
play_exhausted(struct scene *s)
{
	char target[TEXT_SIZE];
	unsigned int n;

	for (n = 0; n < 160; n++) {
		snprintf(target, sizeof(target), "2001:db8:a:0:%x:%x:%x:%x",
		    scene_random(s, 65536), scene_random(s, 65536), scene_random(s, 256) << 8,
		    scene_random(s, 65536));
		scene_at(s, n * 20 * MS);
		solicit(s, ROUTER, target, ROUTER_MAC);
	}
}

/* A router starts anew and looks for all its hosts, some of which are off. */
static void
play_reboot(struct scene *s)
{
	char target[TEXT_SIZE];
	unsigned int n;

	for (n = 0; n < 120; n++) {
		snprintf(target, sizeof(target), "2001:db8:a:0:%x:%x:%x:%x",
		    scene_random(s, 65536), scene_random(s, 65536), scene_random(s, 256) << 8,
		    scene_random(s, 65536));
		scene_at(s, n * 20 * MS);
		solicit(s, ROUTER, target, ROUTER_MAC);
		scene_at(s, n * 20 * MS + MS);
		if (n % 4 != 0)
			answer(s, target, ROUTER, (uint8_t)n);
	}
}

/* Hosts want addresses; to each of them another station says to have it. */
static void
play_refused(struct scene *s)
{
	char target[TEXT_SIZE];
	unsigned int n;

	for (n = 0; n < 4; n++) {
		snprintf(target, sizeof(target), "2001:db8:a::%x", 0x50 + n);
		solicit(s, "::", target, HOST_MAC);
		advertise_station(s, target, (uint8_t)(0x61 + n), false);
		scene_wait(s, 2 * SECOND);
	}
}

/* An advertisement of RFC 1256. */
static void
say_ipv4(struct scene *s, uint32_t lifetime, uint32_t preference)
{
	const struct wire_value header[] = { { "num_addrs", .number = 1 },
		{ "addr_entry_size", .number = 2 }, { "router_lifetime", .number = lifetime },
		WIRE_END };
	const struct wire_ip ip = { .source = "192.0.2.1", .destination = "224.0.0.1", .ttl = 1 };
	struct wire w = scene_wire(s);
	uint8_t mac[6];

	get_mac(ROUTER_MAC, mac);
	wire_icmp(&w, 4, 9, 0, header);
	wire_uint(&w, 0xc0000201, 4);
	wire_uint(&w, preference, 4);
	send_from(s, &w, &ip, mac);
}

/* A router says something else, one takes itself back, one falls silent. */
static void
play_routers(struct scene *s)
{
	const struct said first = { 1800, 1500, 14400, .dns = "2001:db8:a::53" };
	const struct said then = { 1800, 1280, 14400, .dns = "2001:db8:a::54" };
	const struct said old = { 1800, 1280, 0, .dns = "2001:db8:a::54" };
	const struct said gone = { 0, 1280, 0, .dns = "2001:db8:a::54" };
	const struct said brief = { 30, 1500, 14400, .dns = "2001:db8:a::53" };

	say(s, ROUTER, ROUTER_MAC, &first);
	say(s, "fe80::2", 0x02, &brief);
	say_ipv4(s, 1800, 0);
	scene_wait(s, 10 * SECOND);
	say(s, ROUTER, ROUTER_MAC, &then);
	scene_wait(s, 10 * SECOND);
	say(s, ROUTER, ROUTER_MAC, &old);
	say_ipv4(s, 1800, 10);
	scene_wait(s, 5 * SECOND);
	say(s, ROUTER, ROUTER_MAC, &gone);
	scene_wait(s, 10 * SECOND);
	say_ipv4(s, 0, 10);
}

/* A host wants to be the router: it speaks for itself, then ends the router's lifetime. */
static void
play_rogue(struct scene *s)
{
	const struct said real = { 1800, 1500, 14400, .dns = "2001:db8:a::53" };
	const struct said rogue = { 1800, 1500, 14400, "2001:db8:bad::53",
		.prefix = "2001:db8:bad::", .preference = 1 };
	const struct said end = { 0, 1500, 14400, "2001:db8:a::53", .preference = 1 };
	int i;

	say(s, ROUTER, ROUTER_MAC, &real);
	scene_wait(s, 10 * SECOND);
	advertise_station(s, "fe80::66", OTHER_MAC, false);
	for (i = 0; i < 3; i++) {
		say(s, "fe80::66", OTHER_MAC, &rogue);
		scene_wait(s, 5 * SECOND);
		say(s, ROUTER, OTHER_MAC, &end);
		scene_wait(s, 5 * SECOND);
		say(s, ROUTER, ROUTER_MAC, &real);
	}
}

/* Routers that are not there, one after the other, each with a prefix. */
static void
play_flood(struct scene *s)
{
	const struct said real = { 1800, 1500, 14400, .dns = "2001:db8:a::53" };
	struct said made_up = { 65535, 1500, 14400, "2001:db8:bad::53", .preference = 1 };
	char source[GROUP_SIZE], prefix[GROUP_SIZE];
	int i;

	say(s, ROUTER, ROUTER_MAC, &real);
	for (i = 0; i < 200; i++) {
		snprintf(source, sizeof(source), "fe80::bad:%x", i);
		snprintf(prefix, sizeof(prefix), "2001:db8:%x::", 0x1000 + i);
		made_up.prefix = prefix;
		scene_at(s, SECOND + 2 * MS * (uint64_t)i);
		say(s, source, OTHER_MAC, &made_up);
	}
}

/* A virtual router fails over, a router starts again and renumbers its link. */
static void
play_changes(struct scene *s)
{
	const struct said before = { 1800, 1500, 14400, .dns = "2001:db8:a::53" };
	const struct said after = { 1800, 1500, 14400, "2001:db8:b::53",
		.prefix = "2001:db8:b::" };
	const struct said end = { 0, 1500, 14400, .dns = "2001:db8:a::53" };

	speak_vrrp(s, "fe80::1", ROUTER_MAC);
	say(s, ROUTER, ROUTER_MAC, &before);
	scene_wait(s, 10 * SECOND);
	say(s, ROUTER, ROUTER_MAC, &end);
	speak_vrrp(s, "fe80::2", 0x02);
	say(s, "fe80::2", 0x02, &before);
	scene_wait(s, 60 * SECOND);
	say(s, ROUTER, ROUTER_MAC, &before);
	scene_wait(s, 10 * SECOND);
	say(s, ROUTER, ROUTER_MAC, &after);
	say(s, "fe80::2", 0x02, &after);
	scene_wait(s, 10 * SECOND);
}

/* clang-format off */
#define NEIGHBOR(name, what, how) \
	{ "neighbor_" name ".pcap", what, .play = (how), .link_type = LINK_TYPE_ETHERNET }

const struct scenario neighbor_scenarios[] = {
	NEIGHBOR("start", "a host probes for its address, finds its router and a neighbor", play_start),
	NEIGHBOR("spoofed", "two MACs claim the address of a router in turn", play_spoofed),
	NEIGHBOR("failover", "routers that speak VRRP take an address over, with and without a virtual MAC",
	    play_failover),
	NEIGHBOR("duplicate", "an address that another has, and one that two want at once",
	    play_duplicate),
	NEIGHBOR("refused", "whatever address a host wants, somebody unknown says to have it",
	    play_refused),
	NEIGHBOR("routers", "routers of both versions that change, resign and fall silent",
	    play_routers),
	NEIGHBOR("exhausted", "a router looks for 160 addresses that nobody has", play_exhausted),
	NEIGHBOR("reboot", "a router looks for its 120 hosts, most of which answer", play_reboot),
	NEIGHBOR("rogue", "a host advertises itself as a router, and ends the lifetime of the router",
	    play_rogue),
	NEIGHBOR("flood", "200 routers that are not there advertise a prefix each", play_flood),
	NEIGHBOR("changes", "routers take turns, start again and renumber their link: no attack",
	    play_changes),
	{ .file = NULL }
};
/* clang-format on */
