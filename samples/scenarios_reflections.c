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

/* clang-format off */
const struct scenario reflection_scenarios[] = {
	{ "smurf.pcap", "pings to a broadcast address in the name of a host, who gets the answers",
	  play_smurf, LINK_TYPE_ETHERNET, 0, wrap_forged, NULL, NULL },
	{ "smurf_roll_call.pcap", "a monitor pings a broadcast address each minute: 60 hosts answer",
	  play_roll_call, LINK_TYPE_ETHERNET, 0, wrap_honest, NULL, NULL },
	{ .file = NULL }
};
/* clang-format on */
