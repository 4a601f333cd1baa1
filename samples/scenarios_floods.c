/*
 * Many pings to one host: too many, and as many as a person may send.
 */
#include "samples/scenarios.h"

#define PINGER "192.0.2.10"
#define SERVER "198.51.100.7"
#define PAYLOAD_LEN 16

/* So many pings, one each `pause_us`; answered after a millisecond, or not. */
static void
ping(struct scene *s, uint16_t count, uint64_t pause_us, bool is_answered)
{
	struct scene_echo echo = { .source = PINGER, .destination = SERVER, .id = 0x1f2e,
		.payload_len = PAYLOAD_LEN };

	for (echo.seq = 1; echo.seq <= count; echo.seq++) {
		scene_echo(s, &echo);
		scene_wait(s, MS);
		if (is_answered)
			scene_reply(s, &echo);
		scene_wait(s, pause_us - MS);
	}
}

/* As hping3 -i u13333: fewer than a rate limit would notice, and no answers. */
static void
play_flood_low(struct scene *s)
{
	ping(s, 5, SECOND, true);
	ping(s, 750, SECOND / 75, false);
}

/* As ping -A, and ping -f for two seconds. */
static void
play_flood_not(struct scene *s)
{
	ping(s, 5, SECOND, true);
	ping(s, 240, SECOND / 60, true);
	scene_wait(s, 10 * SECOND);
	ping(s, 200, SECOND / 100, true);
}

/* clang-format off */
const struct scenario flood_scenarios[] = {
	{ "flood_low.pcap", "75 pings a second to one host, for ten seconds",
	  play_flood_low, LINK_TYPE_ETHERNET, 0, NULL, NULL, NULL },
	{ "flood_not.pcap", "sixty pings a second for four seconds, a hundred for two: no flood",
	  play_flood_not, LINK_TYPE_ETHERNET, 0, NULL, NULL, NULL },
	{ .file = NULL }
};
/* clang-format on */
