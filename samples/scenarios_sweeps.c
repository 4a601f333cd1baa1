/*
 * Who looks for hosts, and monitors, which only look after theirs.
 */
#include "samples/scenarios.h"

#include <stdio.h>

#define SCANNER "192.0.2.66"
#define MONITOR "192.0.2.10"
#define SCANNER6 "2001:db8::66"
#define RTT (12 * MS)
#define TEXT_SIZE 40

/* One echo to the `n`-th address of a network, given up to its last number. */
static void
ping(struct scene *s, struct scene_echo *echo, const char *network, unsigned int n,
    bool is_answered)
{
	char target[TEXT_SIZE];

	snprintf(target, sizeof(target), "%s%u", network, n);
	echo->destination = target;
	echo->seq++;
	scene_echo(s, echo);
	scene_wait(s, RTT);
	if (is_answered)
		scene_reply(s, echo);
	scene_wait(s, RTT);
}

/* A loop around ping: most are not there. */
static void
play_sweep(struct scene *s)
{
	struct scene_echo echo = { .source = SCANNER, .id = 7 };
	unsigned int n;

	for (n = 1; n <= 60; n++)
		ping(s, &echo, "198.51.100.", n, n % 5 == 0);
	scene_wait(s, 5 * SECOND);
	ping(s, &echo, "198.51.100.", 5, true);
}

static void
play_sweep_ipv6(struct scene *s)
{
	struct scene_echo echo = { .source = SCANNER6, .id = 7 };
	unsigned int n;

	for (n = 10; n <= 50; n++)
		ping(s, &echo, "2001:db8:1::", n, n % 5 == 0);
	scene_wait(s, 5 * SECOND);
}

/* All answer, and nobody comes back to them. */
static void
play_sweep_answered(struct scene *s)
{
	struct scene_echo echo = { .source = SCANNER, .id = 7 };
	unsigned int n;

	for (n = 1; n <= 40; n++)
		ping(s, &echo, "198.51.100.", n, true);
}

/* Replies that nobody asked for, for a router tells who is not there. */
static void
play_sweep_replies(struct scene *s)
{
	struct scene_echo echo;
	char target[TEXT_SIZE];
	unsigned int n;

	for (n = 1; n <= 40; n++) {
		snprintf(target, sizeof(target), "198.51.100.%u", n);
		echo = (struct scene_echo){ .source = target, .destination = SCANNER, .id = 7,
			.seq = (uint16_t)n };
		scene_reply(s, &echo);
		scene_wait(s, RTT);
	}
}

/* A monitor is switched on: the first round is all new, the next ones are not. */
static void
play_monitor(struct scene *s)
{
	struct scene_echo echo = { .source = MONITOR, .id = 7 };
	unsigned int round, n;

	for (round = 0; round < 3; round++) {
		for (n = 1; n <= 40; n++)
			ping(s, &echo, "198.51.100.", n, n % 8 != 0);
		scene_wait(s, 60 * SECOND);
	}
}

/* clang-format off */
#define SWEEP(name, shows, play) \
	{ "sweep_" name ".pcap", shows, play, LINK_TYPE_ETHERNET, 0, NULL, NULL, NULL }

const struct scenario sweep_scenarios[] = {
	SWEEP("echo", "a loop around ping over 60 addresses, of which 12 answer", play_sweep),
	SWEEP("ipv6", "the same over 41 addresses of IPv6", play_sweep_ipv6),
	SWEEP("answered", "40 addresses, all of which answer, pinged once", play_sweep_answered),
	SWEEP("replies", "unsolicited replies to 40 addresses, one after the other",
	    play_sweep_replies),
	SWEEP("monitor", "a monitor is switched on: 40 targets, some of them down, are polled",
	    play_monitor),
	{ .file = NULL }
};
/* clang-format on */
