/*
 * Monitors and what they poll: targets that go and come.
 */
#include "samples/scenarios.h"

#define MONITOR "192.0.2.10"
#define FAR "198.51.100.20"
#define ROUTER "203.0.113.1"
#define MONITOR6 "2001:db8::10"
#define FAR6 "2001:db8:1::20"
#define RTT (12 * MS)

/* Requests `every_us`, each answered or not. */
static void
poll_target(struct scene *s, struct scene_echo *echo, uint32_t count, uint64_t every_us,
    bool is_answered)
{
	for (; count > 0; count--) {
		echo->seq++;
		scene_echo(s, echo);
		scene_wait(s, RTT);
		if (is_answered)
			scene_reply(s, echo);
		scene_wait(s, every_us - RTT);
	}
}

static void
play_outage(struct scene *s)
{
	struct scene_echo echo = { .source = MONITOR, .destination = FAR, .id = 7 };

	poll_target(s, &echo, 10, SECOND, true);
	poll_target(s, &echo, 6, SECOND, false);
	poll_target(s, &echo, 4, SECOND, true);
	poll_target(s, &echo, 5, SECOND, false);
}

/* The router that cannot find the target says so of every request. */
static void
play_unreachable(struct scene *s)
{
	struct scene_echo echo = { .source = MONITOR, .destination = FAR, .id = 7 };
	struct wire about;
	unsigned int i;

	poll_target(s, &echo, 10, SECOND, true);
	for (i = 0; i < 4; i++) {
		poll_target(s, &echo, 1, 500 * MS, false);
		about = scene_echo_datagram(s, &echo, false);
		scene_error(s, &(struct scene_error){ .from = ROUTER, .to = MONITOR, .type = 3,
			.code = 1, .ttl = 62, .about = &about, .len = 28, .hops = 2 });
		scene_wait(s, 500 * MS);
	}
	poll_target(s, &echo, 3, SECOND, true);
}

/* Three requests at the start of each minute; one lost minute is no outage. */
static void
play_rounds(struct scene *s)
{
	static const bool is_answered[] = { true, true, true, true, true, true, true, true, false,
		true, false, false, false, false, true };
	struct scene_echo echo = { .source = MONITOR6, .destination = FAR6, .id = 9 };
	size_t minute;

	for (minute = 0; minute < sizeof(is_answered); minute++) {
		poll_target(s, &echo, 3, 300 * MS, is_answered[minute]);
		scene_wait(s, 60 * SECOND - 900 * MS);
	}
}

/* A one-way capture, a few pings, a monitor that stops in the middle of a loss. */
static void
play_quiet(struct scene *s)
{
	struct scene_echo mute = { .source = MONITOR, .destination = FAR, .id = 7 };
	struct scene_echo few = { .source = MONITOR, .destination = ROUTER, .id = 8 };
	struct scene_echo gone = { .source = MONITOR6, .destination = FAR6, .id = 9 };

	poll_target(s, &mute, 12, SECOND, false);
	poll_target(s, &few, 2, SECOND, true);
	poll_target(s, &few, 2, SECOND, false);
	poll_target(s, &gone, 10, SECOND, true);
	poll_target(s, &gone, 2, SECOND, false);
	scene_wait(s, 60 * SECOND);
	poll_target(s, &few, 1, SECOND, true);
}

/* clang-format off */
#define AVAILABILITY(name, what, how) \
	{ "availability_" name ".pcap", what, .play = (how), .link_type = LINK_TYPE_ETHERNET }

const struct scenario availability_scenarios[] = {
	AVAILABILITY("outage", "a target polled every second is down twice, at last to the end",
	    play_outage),
	AVAILABILITY("unreachable", "a polled target is down, says a router", play_unreachable),
	AVAILABILITY("rounds", "three requests a minute: one lost minute is none, three are an outage",
	    play_rounds),
	AVAILABILITY("quiet", "a one-way capture, a few pings, a monitor that stops: no outage",
	    play_quiet),
	{ .file = NULL }
};
/* clang-format on */
