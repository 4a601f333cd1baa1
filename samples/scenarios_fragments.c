/*
 * Fragmented pings, IPv4 and IPv6, whose fragments arrive in every order and
 * with every fault that reassembly must stand.
 */
#include <string.h>

#include "samples/scenarios.h"

#define PIECE 512 /* octets in a fragment; a multiple of 8 */
#define PIECES 4  /* the last is shorter */
#define PAYLOAD_LEN (3 * PIECE + 200)
#define ATTACKER "203.0.113.66"
#define GAP 200   /* microseconds between fragments */

static const struct scene_echo echo4 = {
	"192.0.2.10", "198.51.100.20", 0x0f01, 1, PAYLOAD_LEN, 64
};
static const struct scene_echo echo6 = {
	"2001:db8::10", "2001:db8:1::20", 0x0f02, 1, PAYLOAD_LEN, 64
};

struct piece {
	const struct scene_echo *echo;
	bool is_reply;
	uint32_t id;
};

/* A fragment of the echo: `len` octets of the message from `offset` on. */
static void
send_piece(struct scene *s, const struct piece *piece, uint32_t offset, uint32_t len)
{
	struct wire whole = scene_echo_datagram(s, piece->echo, piece->is_reply);
	bool is_ipv6 = whole.bytes[0] >> 4 == 6;
	uint32_t header_len = is_ipv6 ? 40 : 20, message_len = whole.len - header_len;
	struct wire w = scene_wire(s);
	struct wire_ip ip = {
		.source = piece->is_reply ? piece->echo->destination : piece->echo->source,
		.destination = piece->is_reply ? piece->echo->source : piece->echo->destination,
		.id = piece->id,
		.fragment_offset = (uint16_t)offset,
		.more_fragments = offset + len < message_len,
		.keep_checksum = true,
	};

	if (offset + len > message_len)
		len = message_len - offset;
	wire_bytes(&w, whole.bytes + header_len + offset, len);
	scene_send(s, &w, &ip);
	scene_wait(s, GAP);
}

static void
send_nth(struct scene *s, const struct piece *piece, uint32_t n)
{
	send_piece(s, piece, n * PIECE, PIECE);
}

/* Request and reply, both as these fragments. */
static void
play_order(struct scene *s, const uint32_t *order, size_t count)
{
	const struct piece pieces[] = {
		{ &echo4, false, 0x7001 }, { &echo4, true, 0x7002 },
		{ &echo6, false, 0x70000001 }, { &echo6, true, 0x70000002 },
	};
	size_t i, n;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		for (n = 0; n < count; n++)
			send_nth(s, &pieces[i], order[n]);
		scene_wait(s, 12 * MS);
	}
}

static void
play_in_order(struct scene *s)
{
	play_order(s, (const uint32_t[]){ 0, 1, 2, 3 }, 4);
}

static void
play_reversed(struct scene *s)
{
	play_order(s, (const uint32_t[]){ 3, 2, 1, 0 }, 4);
}

static void
play_duplicate(struct scene *s)
{
	play_order(s, (const uint32_t[]){ 0, 1, 1, 2, 0, 3 }, 6);
}

/* The third never comes; 90 s later all waiting is over. */
static void
play_missing(struct scene *s)
{
	const struct scene_echo later = { "192.0.2.10", "198.51.100.20", 0x0f03, 2, 56, 64 };

	play_order(s, (const uint32_t[]){ 0, 1, 3 }, 3);
	scene_wait(s, (uint64_t)90 * SECOND);
	scene_echo(s, &later);
	scene_wait(s, 12 * MS);
	scene_reply(s, &later);
}

/* Two datagrams of the same pair at once, told apart by their identification. */
static void
play_interleaved(struct scene *s)
{
	const struct scene_echo second4 = {
		"192.0.2.10", "198.51.100.20", 0x0f01, 2, PAYLOAD_LEN, 64
	};
	const struct piece a = { &echo4, false, 0x7011 }, b = { &second4, false, 0x7012 };
	const struct piece c = { &echo6, false, 0x7011 };
	uint32_t n;

	for (n = 0; n < PIECES; n++) {
		send_nth(s, &a, n);
		send_nth(s, &b, PIECES - 1 - n);
		send_nth(s, &c, n);
	}
}

/* The second fragment starts 8 octets early: teardrop's shape. */
static void
play_overlapping(struct scene *s)
{
	const struct piece pieces[] = { { &echo4, false, 0x7021 }, { &echo6, false, 0x7022 } };
	size_t i;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		send_piece(s, &pieces[i], 0, PIECE);
		send_piece(s, &pieces[i], PIECE - 8, PIECE + 8);
		send_nth(s, &pieces[i], 2);
		send_nth(s, &pieces[i], 3);
		scene_wait(s, SECOND);
	}
}

/* A last fragment that ends beyond 65535 octets: the ping of death. */
static void
play_oversized(struct scene *s)
{
	struct wire_ip ip = {
		.source = "203.0.113.66", .destination = "192.0.2.10", .id = 0x7031,
		.fragment_offset = 65528, .keep_checksum = true,
	};
	const struct piece first = { &echo4, false, 0x7031 };
	struct wire w = scene_wire(s);

	scene_pattern(&w, 400);
	scene_send(s, &w, &ip);
	scene_wait(s, GAP);
	send_piece(s, &first, 0, PIECE);
	ip.source = "192.0.2.10";
	ip.destination = "198.51.100.20";
	w = scene_wire(s);
	scene_pattern(&w, 400);
	scene_send(s, &w, &ip);
}

/* What is to be a harmless ping is another one once the second piece lies on the first. */
static void
send_rewritten(struct scene *s, const char *victim, uint32_t id)
{
	const struct scene_echo echo = { ATTACKER, victim, 0x0f05, 1, 80, 64 };
	const struct piece piece = { &echo, false, id };
	struct wire_ip ip = { .source = ATTACKER, .destination = victim, .id = id,
		.fragment_offset = 16, .more_fragments = true, .keep_checksum = true };
	struct wire w = scene_wire(s);

	send_piece(s, &piece, 0, 64);
	scene_hex(&w, "2f62696e2f7368202d632072656164790a0a0a0a0a0a0a0a");
	scene_send(s, &w, &ip);
	scene_wait(s, GAP);
	send_piece(s, &piece, 64, 24);
}

/* Fragments of eight octets each, of what would fit any link whole. */
static void
send_tiny(struct scene *s, const char *victim, uint32_t id)
{
	const struct scene_echo echo = { ATTACKER, victim, 0x0f06, 1, 32, 64 };
	const struct piece piece = { &echo, false, id };
	uint32_t offset;

	for (offset = 0; offset < 40; offset += 8)
		send_piece(s, &piece, offset, 8);
}

/* A Router Advertisement in two pieces, the type in the first, what it says in the second. */
static void
send_advertisement(struct scene *s)
{
	const struct wire_value values[] = { { "cur_hop_limit", .number = 64 },
		{ "router_lifetime", .number = 1800 }, WIRE_END };
	struct wire_ip ip = { .source = "fe80::66", .destination = "ff02::1", .ttl = 255 };
	struct wire whole = scene_wire(s), w = scene_wire(s);

	wire_icmp(&whole, 6, 134, 0, values);
	scene_hex(&whole, "010100005e005342"); /* its link-layer address */
	scene_ip(&whole, &ip);
	ip.keep_checksum = true;
	ip.id = 0x7041;
	ip.more_fragments = true;
	wire_bytes(&w, whole.bytes + 40, 8);
	scene_send(s, &w, &ip);
	scene_wait(s, GAP);
	w = scene_wire(s);
	ip.fragment_offset = 8;
	ip.more_fragments = false;
	wire_bytes(&w, whole.bytes + 48, whole.len - 48);
	scene_send(s, &w, &ip);
}

static void
play_abused(struct scene *s)
{
	const struct scene_echo endless = { ATTACKER, "198.51.100.23", 0x0f07, 1, PAYLOAD_LEN, 64 };
	const struct scene_echo again = { ATTACKER, "198.51.100.24", 0x0f08, 1, PAYLOAD_LEN, 64 };
	struct piece piece = { &endless, false, 0 };
	uint32_t n;

	for (n = 0; n < 3; n++, scene_wait(s, 100 * MS))
		send_rewritten(s, "198.51.100.21", 0x7100 + n);
	for (n = 0; n < 3; n++, scene_wait(s, 100 * MS))
		send_tiny(s, "198.51.100.22", 0x7200 + n);
	for (piece.id = 0x7300; piece.id < 0x7300 + 80; piece.id++)
		send_nth(s, &piece, 0);
	piece = (struct piece){ &again, false, 0x7400 };
	for (n = 0; n < 80; n++)
		send_nth(s, &piece, 1);
	send_advertisement(s);
}

/* clang-format off */
const struct scenario fragment_scenarios[] = {
	{ "fragments_in_order.pcap", "pings in four fragments each, in order",
	  .play = play_in_order, .link_type = LINK_TYPE_ETHERNET },
	{ "fragments_reversed.pcap", "the same, the last fragment first",
	  .play = play_reversed, .link_type = LINK_TYPE_ETHERNET },
	{ "fragments_duplicate.pcap", "the same, two fragments twice",
	  .play = play_duplicate, .link_type = LINK_TYPE_ETHERNET },
	{ "fragments_missing.pcap", "the same, one fragment never sent; a whole ping 90 s later",
	  .play = play_missing, .link_type = LINK_TYPE_ETHERNET },
	{ "fragments_interleaved.pcap", "three datagrams, their fragments mixed",
	  .play = play_interleaved, .link_type = LINK_TYPE_ETHERNET },
	{ "fragments_overlapping.pcap", "fragments that overlap by 8 octets",
	  .play = play_overlapping, .link_type = LINK_TYPE_ETHERNET },
	{ "fragments_oversized.pcap", "fragments that end beyond 65535 octets (ping of death)",
	  .play = play_oversized, .link_type = LINK_TYPE_ETHERNET },
	{ "fragments_abused.pcap", "fragments that rewrite others, tiny, endless and repeated ones; "
	  "a router advertisement in two", .play = play_abused, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
/* clang-format on */
