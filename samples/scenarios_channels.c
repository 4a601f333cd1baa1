/*
 * Pings that carry data, and pings that only look as if they did.
 */
#include "samples/scenarios.h"

#include <string.h>

#define INSIDE "192.0.2.30"
#define OUTSIDE "203.0.113.66"
#define FAR "198.51.100.20"
#define RTT (14 * MS)

/* An echo request of INSIDE or what OUTSIDE answers, with this payload. */
static void
send_ping(struct scene *s, bool is_reply, uint16_t id, uint16_t seq, const void *payload,
    uint32_t len)
{
	const struct wire_value values[] = { { "id", .number = id }, { "seq", .number = seq },
		WIRE_END };
	struct wire_ip ip = { .source = is_reply ? OUTSIDE : INSIDE,
		.destination = is_reply ? INSIDE : OUTSIDE, .ttl = is_reply ? 61 : 64,
		.id = s->ip_id++ };
	struct wire w = scene_wire(s);

	wire_icmp(&w, 4, is_reply ? 0 : 8, 0, values);
	wire_bytes(&w, payload, len);
	scene_send(s, &w, &ip);
}

/* A datagram of a TCP connection inside, behind hans's magic number and type. */
static void
send_hans(struct scene *s, bool is_reply, const char *head, uint32_t sequence)
{
	const struct wire_ip ip = { .source = is_reply ? "10.99.1.1" : "10.99.1.100",
		.destination = is_reply ? "10.99.1.100" : "10.99.1.1" };
	struct wire inner = scene_tcp_datagram(s, &ip, is_reply ? 22 : 40022,
	    is_reply ? 40022 : 22, sequence);
	struct wire w = scene_wire(s);

	wire_bytes(&w, head, 5);
	wire_quote(&w, &inner, inner.len);
	send_ping(s, is_reply, 14721, 27633, w.bytes, w.len);
}

/* hans keeps identifier and sequence number; polls let the server speak. */
static void
play_hans(struct scene *s)
{
	uint32_t i;

	for (i = 0; i < 12; i++) {
		send_ping(s, false, 14721, 27633, "hanc\x08", 5);
		scene_wait(s, 100 * MS);
		send_hans(s, false, "hanc\x07", 1000 + 40 * i);
		scene_wait(s, RTT);
		send_hans(s, true, "hans\x07", 9000 + 80 * i);
		scene_wait(s, 400 * MS);
	}
}

/* Empty polls; commands come in the replies, and what they print in the next requests. */
static void
play_shell(struct scene *s)
{
	static const char *const words[][2] = {
		{ "", "whoami" }, { "corp\\alice", "" }, { "", "" }, { "", "ipconfig /all" },
		{ "Windows IP Configuration", "" }, { "   Host Name . . . : PC-117", "" },
		{ "   IPv4 Address. . : 192.0.2.30", "" }, { "", "dir c:\\users\\alice\\docs" },
		{ "2025-11-03  budget.xlsx", "" }, { "2025-12-18  contracts.docx", "" },
		{ "2025-12-19  passwords.txt", "" }, { "", "type passwords.txt" },
		{ "vpn: alice / Winter2025!", "" }, { "mail: alice / s3cret-mail", "exit" },
	};
	uint16_t i;

	for (i = 0; i < (uint16_t)(sizeof(words) / sizeof(words[0])); i++) {
		send_ping(s, false, 1, i + 1, words[i][0], (uint32_t)strlen(words[i][0]));
		scene_wait(s, RTT);
		send_ping(s, true, 1, i + 1, words[i][1], (uint32_t)strlen(words[i][1]));
		scene_wait(s, 200 * MS);
	}
}

/* Ordinary pings whose identifiers and sequence numbers are the data. */
static void
play_fields(struct scene *s)
{
	struct scene_echo echo = { .source = INSIDE, .destination = OUTSIDE };
	uint32_t i;

	for (i = 0; i < 32; i++) {
		echo.id = (uint16_t)(0x2020 + scene_random(s, 0x5f5f));
		echo.seq = (uint16_t)(0x2020 + scene_random(s, 0x5f5f));
		scene_echo(s, &echo);
		scene_wait(s, RTT);
		scene_reply(s, &echo);
		scene_wait(s, SECOND);
	}
}

/* One ping and its reply; `wait` until the next. */
static void
ping_once(struct scene *s, struct scene_echo *echo, uint64_t wait)
{
	echo->seq++;
	scene_echo(s, echo);
	scene_wait(s, RTT);
	scene_reply(s, echo);
	scene_wait(s, wait - RTT);
}

/* The bits of a text are short and long waits of ordinary pings; and a call home each ten minutes. */
static void
play_times(struct scene *s)
{
	static const char text[] = "meet at nine";
	struct scene_echo echo = { .source = INSIDE, .destination = FAR, .id = 50 };
	uint8_t octets[48];
	uint32_t i, n;

	for (i = 0; i < 8 * (sizeof(text) - 1); i++)
		ping_once(s, &echo, (text[i / 8] >> i % 8 & 1) != 0 ? 150 * MS : 80 * MS);
	for (i = 0; i < 12; i++) {
		for (n = 0; n < sizeof(octets); n++)
			octets[n] = (uint8_t)scene_random(s, 256);
		send_ping(s, false, 51, (uint16_t)i, octets, sizeof(octets));
		scene_wait(s, RTT);
		send_ping(s, true, 51, (uint16_t)i, octets, sizeof(octets));
		scene_wait(s, UINT64_C(600) * SECOND + scene_random(s, 9 * SECOND));
	}
}

/*
 * Two pings at once, a search for the path MTU, and a host that shortens what it
 * returns; three pings every so often.
 */
static void
play_calm(struct scene *s)
{
	static const uint16_t sizes[] = { 1472, 736, 1104, 1288, 1380, 1426, 1400, 1413, 1406 };
	struct scene_echo first = { .source = INSIDE, .destination = FAR, .id = 40 };
	struct scene_echo second = { .source = INSIDE, .destination = FAR, .id = 41,
		.seq = 300, .payload_len = 1400 };
	struct scene_echo third = { .source = INSIDE, .destination = OUTSIDE, .id = 42 };
	struct scene_echo shortened;
	uint32_t i;

	for (i = 0; i < 40; i++) {
		first.seq++;
		second.seq++;
		scene_echo(s, &first);
		scene_echo(s, &second);
		scene_wait(s, RTT);
		scene_reply(s, &first);
		shortened = second;
		shortened.payload_len = 64;
		scene_reply(s, &shortened);
		scene_wait(s, SECOND);
	}
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		first.seq++;
		first.payload_len = sizes[i];
		scene_echo(s, &first);
		scene_wait(s, RTT);
		if (sizes[i] < 1410)
			scene_reply(s, &first);
		scene_wait(s, SECOND);
	}
	for (i = 0; i < 90; i++)
		ping_once(s, &third, i % 3 == 2 ? 2 * SECOND : 100 * MS);
}

/* clang-format off */
#define CHANNEL(name, what, how) \
	{ "channel_" name ".pcap", what, .play = (how), .link_type = LINK_TYPE_ETHERNET }

const struct scenario channel_scenarios[] = {
	CHANNEL("hans", "a tunnel of hans, with a TCP connection inside", play_hans),
	CHANNEL("shell", "a shell: commands in replies, what they print in requests", play_shell),
	CHANNEL("fields", "data in identifiers and sequence numbers", play_fields),
	CHANNEL("times", "data in the times of ordinary pings; a call home every ten minutes",
	    play_times),
	CHANNEL("calm", "two pings at once, one shortened; a search for the path MTU; three pings now and "
	    "then: no channel",
	    play_calm),
	{ .file = NULL }
};
/* clang-format on */
