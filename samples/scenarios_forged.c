/*
 * Attacks by errors about what never happened: path MTUs that no router found,
 * connections that did not fail.
 */
#include "samples/scenarios.h"

#define VICTIM "192.0.2.30"
#define SERVER "198.51.100.20"
#define ATTACKER "203.0.113.66"
#define VICTIM6 "2001:db8::30"
#define SERVER6 "2001:db8:5::20"
#define PING_LEN 1400
#define FIRST_PORT 49152
#define PORT (FIRST_PORT + 40) /* of the connection */

/* Who sits elsewhere guesses ports, and lets the datagram be as the victim sends it. */
static void
guess_mtu(struct scene *s, uint16_t port)
{
	const struct wire_value values[] = { { "mtu", .number = 296 }, WIRE_END };
	const struct wire_ip ip = { .source = VICTIM, .destination = SERVER,
		.dont_fragment = true, .protocol = IP_PROTO_TCP };
	struct wire about = scene_wire(s);

	scene_pattern(&about, 1460);
	wire_tcp(&about, port, 443, scene_random(s, UINT32_MAX));
	scene_ip(&about, &ip);
	scene_error(s, &(struct scene_error){ .from = ATTACKER, .to = VICTIM, .type = 3, .code = 4,
		.ttl = 61, .values = values, .about = &about, .len = 28 });
	scene_wait(s, 150 * MS);
}

/* Who sits on the link pings in the server's name, and then complains of the answer. */
static void
provoke_mtu(struct scene *s, uint16_t seq)
{
	const struct wire_value values[] = { { "mtu", .number = 1280 }, WIRE_END };
	const struct scene_echo echo = { .source = SERVER6, .destination = VICTIM6, .id = 0x2b3a,
		.seq = seq, .payload_len = PING_LEN };
	const struct wire reply = scene_echo_datagram(s, &echo, true);

	scene_echo(s, &echo);
	scene_wait(s, MS);
	scene_datagram(s, &reply);
	scene_wait(s, 80 * MS);
	scene_error(s, &(struct scene_error){ .from = SERVER6, .to = VICTIM6, .type = 2,
		.ttl = 255, .values = values, .about = &reply, .len = 1232 });
	scene_wait(s, SECOND);
}

static void
play_mtu(struct scene *s)
{
	uint16_t n;

	for (n = 0; n < 20; n++)
		guess_mtu(s, (uint16_t)(FIRST_PORT + 611 * n));
	scene_wait(s, SECOND);
	for (n = 1; n <= 2; n++)
		provoke_mtu(s, n);
}

/* A connection that goes on. */
static void
play_connection(struct scene *s, uint32_t segments, uint32_t *sequence)
{
	const struct wire_ip up = { .source = VICTIM, .destination = SERVER,
		.dont_fragment = true };
	const struct wire_ip down = { .source = SERVER, .destination = VICTIM, .ttl = 57 };
	struct wire w;

	for (; segments > 0; segments--, *sequence += 400) {
		w = scene_tcp_datagram(s, &up, PORT, 443, *sequence);
		scene_datagram(s, &w);
		scene_wait(s, 14 * MS);
		w = scene_tcp_datagram(s, &down, 443, PORT, 0x20000000);
		scene_datagram(s, &w);
		scene_wait(s, 600 * MS);
	}
}

/* An error in the server's name about a connection of that port, if there were one. */
static void
guess_reset(struct scene *s, uint16_t port)
{
	const struct wire_ip ip = { .source = VICTIM, .destination = SERVER,
		.dont_fragment = true };
	const struct wire about = scene_tcp_datagram(s, &ip, port, 443,
	    scene_random(s, UINT32_MAX));

	scene_error(s, &(struct scene_error){ .from = SERVER, .to = VICTIM, .type = 3, .code = 2,
		.ttl = 58, .about = &about, .len = 28 });
	scene_wait(s, 10 * MS);
}

static void
play_reset(struct scene *s)
{
	uint32_t sequence = 0x10000000;
	uint16_t n;

	play_connection(s, 6, &sequence);
	for (n = 0; n < 64; n++)
		guess_reset(s, (uint16_t)(FIRST_PORT + n));
	play_connection(s, 2, &sequence);
}

/* The same connection ends when the server is restarted, and so say real errors. */
static void
play_unreachable(struct scene *s)
{
	const struct wire_ip ip = { .source = VICTIM, .destination = SERVER,
		.dont_fragment = true };
	uint32_t sequence = 0x10000000;
	struct wire about;
	uint16_t n;

	play_connection(s, 6, &sequence);
	for (n = 0; n < 40; n++) {
		about = scene_tcp_datagram(s, &ip, (uint16_t)(FIRST_PORT + n), 443,
		    sequence + n);
		scene_datagram(s, &about);
		scene_wait(s, 14 * MS);
		scene_error(s, &(struct scene_error){ .from = SERVER, .to = VICTIM, .type = 3,
			.code = 10, .ttl = 57, .about = &about, .len = 28, .hops = 7 });
		scene_wait(s, 200 * MS);
	}
}

/* clang-format off */
const struct scenario forged_scenarios[] = {
	{ "forged_mtu.pcap",
	  "path MTUs made up: for guessed ports, and for an answer that was asked for to that end",
	  .play = play_mtu, .link_type = LINK_TYPE_ETHERNET },
	{ "forged_reset.pcap", "errors in a server's name that guess the port of a connection with it",
	  .play = play_reset, .link_type = LINK_TYPE_ETHERNET },
	{ "forged_reset_not.pcap", "a server's own errors about forty connections that it refuses",
	  .play = play_unreachable, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
/* clang-format on */
