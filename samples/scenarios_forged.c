/*
 * Attacks by errors about what never happened: path MTUs that no router found.
 */
#include "samples/scenarios.h"

#define VICTIM "192.0.2.30"
#define SERVER "198.51.100.20"
#define ATTACKER "203.0.113.66"
#define VICTIM6 "2001:db8::30"
#define SERVER6 "2001:db8:5::20"
#define PING_LEN 1400

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

	for (n = 0; n < 12; n++)
		guess_mtu(s, (uint16_t)(49152 + 611 * n));
	scene_wait(s, SECOND);
	for (n = 1; n <= 2; n++)
		provoke_mtu(s, n);
}

/* clang-format off */
const struct scenario forged_scenarios[] = {
	{ "forged_mtu.pcap",
	  "path MTUs made up: for guessed ports, and for an answer that was asked for to that end",
	  .play = play_mtu, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
/* clang-format on */
