/*
 * Who looks for hosts, and monitors, which only look after theirs.
 */
#include "samples/scenarios.h"

#include <stdio.h>

#define SCANNER "192.0.2.66"
#define MONITOR "192.0.2.10"
#define FAR "198.51.100.20"
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
	echo->destination = NULL;
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

/* Ten sources that share a network: none has more than eight targets. */
static void
play_shared(struct scene *s)
{
	struct scene_echo echo = { .id = 7 };
	char source[TEXT_SIZE];
	unsigned int n;

	for (n = 1; n <= 80; n++) {
		snprintf(source, sizeof(source), "192.0.2.%u", 70 + n % 10);
		echo.source = source;
		ping(s, &echo, "198.51.100.", n, n % 5 == 0);
	}
}

/* UDP to `count` ports from `port` on, all of them closed. */
static void
scan_ports(struct scene *s, uint16_t port, uint16_t count)
{
	struct wire about;
	uint16_t n;

	for (n = 0; n < count; n++) {
		about = scene_udp_datagram(s, &(struct wire_ip){ .source = SCANNER,
			.destination = FAR, .protocol = 17, .ttl = 64 }, 40000, (uint16_t)(port + n), 0);
		scene_datagram(s, &about);
		scene_wait(s, RTT);
		scene_error(s, &(struct scene_error){ .from = FAR, .to = SCANNER, .type = 3,
			.code = 3, .ttl = 62, .about = &about, .len = 28, .hops = 2 });
		scene_wait(s, 50 * MS);
	}
}

static void
play_ports(struct scene *s)
{
	scan_ports(s, 1, 30);
}

/* A service that is gone, and a traceroute. */
static void
play_ports_few(struct scene *s)
{
	scan_ports(s, 5060, 4);
	scan_ports(s, 33434, 40);
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
	SWEEP("shared", "ten sources ping eight addresses each of one network", play_shared),
	SWEEP("ports", "30 UDP ports of a host, all of them closed", play_ports),
	SWEEP("ports_few", "a service that is gone, and a traceroute: no scan", play_ports_few),
	{ .file = NULL }
};
/* clang-format on */
