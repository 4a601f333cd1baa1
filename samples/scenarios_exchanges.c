/*
 * What can become of an echo request, and what a capture's clock can do to it.
 */
#include "samples/scenarios.h"

#define HOST "192.0.2.10"
#define FAR "198.51.100.20"
#define ROUTER "203.0.113.1"
#define YEAR_S UINT64_C(31536000)

/* The nth echo of the session that all these samples use. */
static struct scene_echo
nth(uint16_t seq)
{
	return (struct scene_echo){ .source = HOST, .destination = FAR, .id = 0x1234, .seq = seq,
		.payload_len = 56 };
}

static void
request(struct scene *s, uint16_t seq)
{
	const struct scene_echo echo = nth(seq);

	scene_echo(s, &echo);
}

static void
reply(struct scene *s, uint16_t seq)
{
	const struct scene_echo echo = nth(seq);

	scene_reply(s, &echo);
}

/* A request, its answer `rtt_us` later, and the rest of a second. */
static void
ping(struct scene *s, uint16_t seq, uint64_t rtt_us)
{
	request(s, seq);
	scene_wait(s, rtt_us);
	reply(s, seq);
	scene_wait(s, SECOND - rtt_us % SECOND);
}

static void
play_answered(struct scene *s)
{
	static const uint32_t rtts_us[] = { 12345, 12890, 11702, 45100, 12004 };
	const struct scene_echo echo6 = {
		.source = "2001:db8::10", .destination = "2001:db8:1::20", .id = 0x1235, .seq = 1,
	};
	size_t i;

	for (i = 0; i < sizeof(rtts_us) / sizeof(rtts_us[0]); i++)
		ping(s, (uint16_t)(i + 1), rtts_us[i]);
	scene_echo(s, &echo6);
	scene_wait(s, 9876);
	scene_reply(s, &echo6);
}

/* The wait is 10 s by default. */
static void
play_late(struct scene *s)
{
	request(s, 1);
	scene_wait(s, 12 * SECOND + 500 * MS);
	reply(s, 1);
	scene_wait(s, SECOND);
	ping(s, 2, 12000);
}

static void
play_lost(struct scene *s)
{
	ping(s, 1, 12000);
	request(s, 2);
	scene_wait(s, SECOND);
	ping(s, 3, 12000);
	scene_wait(s, 12 * SECOND);
	ping(s, 4, 12000);
}

/* After a loss nothing is captured for longer than anybody waits for an answer. */
static void
play_silence(struct scene *s)
{
	ping(s, 1, 12000);
	request(s, 2);
	scene_wait(s, 300 * SECOND);
	ping(s, 3, 12000);
}

/* The last request was sent less than its wait before the end. */
static void
play_open(struct scene *s)
{
	ping(s, 1, 12000);
	request(s, 2);
	scene_wait(s, SECOND);
	request(s, 3);
}

static void
play_unreachable(struct scene *s)
{
	const struct scene_echo echo = nth(2);
	struct wire about = scene_echo_datagram(s, &echo, false);
	const struct scene_error error = {
		.from = ROUTER, .to = HOST, .type = 3, .code = 1, .ttl = 62, .about = &about,
		.len = 84, .hops = 2,
	};

	ping(s, 1, 12000);
	scene_datagram(s, &about);
	scene_wait(s, 3021 * MS);
	scene_error(s, &error);
	scene_wait(s, SECOND);
	ping(s, 3, 12000);
}

static void
play_unsolicited(struct scene *s)
{
	const struct scene_echo stranger = { "192.0.2.77", FAR, 0x9999, 65535, 8, 0 };

	reply(s, 7);
	scene_wait(s, SECOND);
	scene_reply(s, &stranger);
}

static void
play_duplicate(struct scene *s)
{
	ping(s, 1, 12000);
	request(s, 2);
	scene_wait(s, 12000);
	reply(s, 2);
	scene_wait(s, 700);
	reply(s, 2);
	scene_wait(s, 40 * MS);
	reply(s, 2);
}

static void
play_reordered(struct scene *s)
{
	request(s, 1);
	scene_wait(s, 10 * MS);
	request(s, 2);
	scene_wait(s, 10 * MS);
	request(s, 3);
	scene_wait(s, 10 * MS);
	reply(s, 2);
	scene_wait(s, 1 * MS);
	reply(s, 1);
	scene_wait(s, 1 * MS);
	reply(s, 3);
}

/* A mirror port that shows every frame on its way in and on its way out. */
static void
play_copies(struct scene *s)
{
	uint16_t seq;

	for (seq = 1; seq <= 3; seq++) {
		request(s, seq);
		scene_wait(s, 15);
		scene_again(s, 1);
		scene_wait(s, 12 * MS);
		reply(s, seq);
		scene_wait(s, 15);
		scene_again(s, 1);
		scene_wait(s, SECOND);
	}
}

/* The sequence number goes from 65535 to 0. */
static void
play_wrap(struct scene *s)
{
	uint16_t seq = 65534;
	int i;

	for (i = 0; i < 4; i++)
		ping(s, seq++, 12000);
}

/* One octet of the payload changed, then eight octets of it missing. */
static void
play_altered(struct scene *s)
{
	struct scene_echo echo = nth(1);
	struct wire w;

	ping(s, 1, 12000);
	echo.seq = 2;
	request(s, 2);
	scene_wait(s, 12000);
	w = scene_echo_datagram(s, &echo, true);
	wire_put(&w, 80, 0xff, 1);
	wire_put(&w, 22, 0, 2);
	scene_datagram(s, &w);
	scene_wait(s, SECOND);
	echo.seq = 3;
	echo.payload_len = 48;
	request(s, 3);
	scene_wait(s, 12000);
	scene_reply(s, &echo);
}

static void
play_three(struct scene *s)
{
	uint16_t seq;

	for (seq = 1; seq <= 3; seq++)
		ping(s, seq, 12000);
}

/* Moves the clock by `step_ns` in the middle of a ping. */
static void
play_step(struct scene *s, int64_t step_ns)
{
	ping(s, 1, 12000);
	request(s, 2);
	scene_wait(s, 12000);
	s->now_ns += (uint64_t)step_ns;
	reply(s, 2);
	scene_wait(s, SECOND);
	ping(s, 3, 12000);
	ping(s, 4, 12000);
}

static void
play_back_second(struct scene *s)
{
	play_step(s, -(int64_t)SECOND * 1000);
}

static void
play_back_hour(struct scene *s)
{
	play_step(s, -(int64_t)3600 * SECOND * 1000);
}

static void
play_ahead_years(struct scene *s)
{
	play_step(s, (int64_t)(10 * YEAR_S) * SECOND * 1000);
}

/* One damaged record at the beginning of time, while two answers are due. */
static void
play_lone_zero(struct scene *s)
{
	uint64_t now_ns;

	request(s, 1);
	scene_wait(s, 2 * MS);
	now_ns = s->now_ns;
	s->now_ns = 0;
	request(s, 9);
	s->now_ns = now_ns;
	scene_wait(s, 10 * MS);
	reply(s, 1);
	scene_wait(s, SECOND);
	request(s, 2);
	scene_wait(s, SECOND);
	request(s, 3);
	scene_wait(s, 12 * MS);
	reply(s, 3);
	scene_wait(s, SECOND);
	reply(s, 2);
}

/* The least and the greatest time that a pcap file can tell, each on one frame. */
static void
play_extremes(struct scene *s)
{
	uint64_t start_ns = s->now_ns;

	ping(s, 1, 12000);
	s->now_ns = 0;
	request(s, 2);
	s->now_ns = UINT32_MAX * UINT64_C(1000000000);
	reply(s, 2);
	s->now_ns = start_ns;
	scene_wait(s, 2 * SECOND);
	ping(s, 3, 12000);
}

/* clang-format off */
#define EXCHANGE(name, words, how) \
	{ "exchange_" name ".pcap", words, .play = (how), .link_type = LINK_TYPE_ETHERNET }
#define CLOCK(name, words, how) \
	{ "clock_" name ".pcap", words, .play = (how), .link_type = LINK_TYPE_ETHERNET }

const struct scenario exchange_scenarios[] = {
	EXCHANGE("answered", "five pings answered, and one of IPv6", play_answered),
	EXCHANGE("late", "an answer after 12.5 s", play_late),
	EXCHANGE("lost", "the second of four pings is never answered", play_lost),
	EXCHANGE("silence", "a lost ping, then five minutes without a packet", play_silence),
	EXCHANGE("open", "the capture ends before two answers are due", play_open),
	EXCHANGE("unreachable", "a router answers the second ping with host unreachable",
	    play_unreachable),
	EXCHANGE("unsolicited", "replies to requests that were never seen", play_unsolicited),
	EXCHANGE("duplicate", "one request is answered three times", play_duplicate),
	EXCHANGE("reordered", "the second request is answered before the first", play_reordered),
	EXCHANGE("copies", "a mirror port that shows each frame twice, 15 us apart", play_copies),
	EXCHANGE("wrap", "sequence numbers go from 65535 to 0", play_wrap),
	EXCHANGE("altered", "replies with a changed octet and with 8 octets missing",
	    play_altered),
	{ "exchange_snapped.pcap", "pings of which 64 octets a frame were captured",
	  .play = play_three, .link_type = LINK_TYPE_ETHERNET, .snap_len = 64 },
	CLOCK("back_1s", "the clock steps back a second in the middle of a ping", play_back_second),
	CLOCK("back_1h", "the clock steps back an hour in the middle of a ping", play_back_hour),
	CLOCK("ahead_10y", "the clock jumps ahead ten years and stays there", play_ahead_years),
	CLOCK("lone_zero", "one damaged record of 1970 while answers are due", play_lone_zero),
	CLOCK("extremes", "single frames at the first and the last second a pcap file can tell",
	    play_extremes),
	{ .file = NULL }
};
/* clang-format on */
