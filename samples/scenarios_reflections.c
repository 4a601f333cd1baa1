/*
 * What hosts get for requests that were made in their name, and what they get
 * for their own.
 */
#include "samples/scenarios.h"

#include <stdio.h>
#include <string.h>

#define VICTIM "192.0.2.20"
#define MONITOR "192.0.2.10"
#define BROADCAST "192.0.2.255"
#define FORGER 0x66 /* the last octet of its MAC */
#define TEXT_SIZE 40

/* Ethernet between stations as their addresses end, but for broadcasts. */
static void
wrap_lan(struct wire *w, uint8_t forger)
{
	uint8_t from, to;

	if (w->failed || w->len < 20)
		return;
	from = w->bytes[15];
	to = w->bytes[19];
	wire_ethernet(w, 0x0800);
	wire_put(w, 5, to, 1);
	wire_put(w, 11, from, 1);
	if (w->failed || to != 255)
		return;
	memset(w->bytes, 0xff, 6);
	if (forger != 0)
		wire_put(w, 11, forger, 1);
}

static void
wrap_forged(struct wire *w, uint8_t version)
{
	(void)version;
	wrap_lan(w, FORGER);
}

static void
wrap_honest(struct wire *w, uint8_t version)
{
	(void)version;
	wrap_lan(w, 0);
}

/* `source` asks all, or seems to; so many of them answer. */
static void
ask_all(struct scene *s, const char *source, uint16_t seq, unsigned int repliers)
{
	struct scene_echo echo = { .source = source, .destination = BROADCAST, .id = 0x5a5a,
		.seq = seq };
	char replier[TEXT_SIZE];
	unsigned int n;

	scene_echo(s, &echo);
	for (n = 0; n < repliers; n++) {
		snprintf(replier, sizeof(replier), "192.0.2.%u", 100 + n);
		echo.destination = replier;
		scene_wait(s, MS / 10);
		scene_reply(s, &echo);
	}
}

/* Twenty requests a second for four seconds, and seven hosts. */
static void
play_smurf(struct scene *s)
{
	uint16_t seq;

	for (seq = 0; seq < 80; seq++) {
		ask_all(s, VICTIM, seq, 7);
		scene_wait(s, 50 * MS);
	}
}

/* A monitor looks each minute who is there: many are. */
static void
play_roll_call(struct scene *s)
{
	uint16_t seq;

	for (seq = 0; seq < 8; seq++) {
		ask_all(s, MONITOR, seq, 60);
		scene_wait(s, seq % 2 == 0 ? 1 * SECOND : 60 * SECOND);
	}
}

/* UDP from the `n`-th host to a server, or as that sees it. */
static struct wire
datagram_of(struct scene *s, unsigned int n, const char *server, uint8_t ttl)
{
	char host[TEXT_SIZE];
	const struct wire_ip ip = { .source = host, .destination = server, .protocol = 17,
		.ttl = ttl };

	snprintf(host, sizeof(host), "192.0.2.%u", n);
	return scene_udp_datagram(s, &ip, (uint16_t)(40000 + n), 53, 20);
}

/* Hosts ask their server, as they do all day. */
static void
ask_server(struct scene *s)
{
	struct wire about;
	unsigned int n;

	for (n = 1; n <= 12; n++) {
		about = datagram_of(s, n, "198.51.100.53", 64);
		scene_datagram(s, &about);
		scene_wait(s, 200 * MS);
	}
}

/* Errors of a server, to hosts that sent it something, or of whom somebody says so. */
static void
refuse(struct scene *s, const char *server, bool was_sent)
{
	struct wire about;
	char host[TEXT_SIZE];
	unsigned int n;

	for (n = 1; n <= 12; n++) {
		snprintf(host, sizeof(host), "192.0.2.%u", n);
		about = datagram_of(s, n, server, 64);
		if (was_sent)
			scene_datagram(s, &about);
		about = datagram_of(s, n, server, 55);
		scene_wait(s, 20 * MS);
		scene_error(s, &(struct scene_error){ .from = server, .to = host, .type = 3,
			.code = 3, .ttl = 55, .about = &about, .len = 28 });
		scene_wait(s, 700 * MS);
	}
}

/* Somebody attacks a server with made-up sources, ours among them. */
static void
play_backscatter(struct scene *s)
{
	ask_server(s);
	ask_server(s);
	refuse(s, "203.0.113.9", false);
}

/* A server is down, and all who use it are told. */
static void
play_server_down(struct scene *s)
{
	ask_server(s);
	ask_server(s);
	refuse(s, "198.51.100.53", true);
}

/* clang-format off */
const struct scenario reflection_scenarios[] = {
	{ "smurf.pcap", "pings to a broadcast address in the name of a host, who gets the answers",
	  play_smurf, LINK_TYPE_ETHERNET, 0, wrap_forged, NULL, NULL },
	{ "smurf_roll_call.pcap", "a monitor pings a broadcast address each minute: 60 hosts answer",
	  play_roll_call, LINK_TYPE_ETHERNET, 0, wrap_honest, NULL, NULL },
	{ "backscatter.pcap", "errors about datagrams to a server, to hosts that sent it none",
	  play_backscatter, LINK_TYPE_ETHERNET, 0, NULL, NULL, NULL },
	{ "backscatter_none.pcap", "errors of a server that is down, to the hosts that use it",
	  play_server_down, LINK_TYPE_ETHERNET, 0, NULL, NULL, NULL },
	{ .file = NULL }
};
/* clang-format on */
