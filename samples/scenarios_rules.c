/*
 * Well-formed messages, each of which breaks one rule of an RFC: about who may
 * send it to whom, about its fields, and about what it quotes.
 */
#include "samples/scenarios.h"

#define LL1 "fe80::1"
#define LL2 "fe80::2"
#define G1 "2001:db8::1"
#define G2 "2001:db8::2"

/* Addresses as octets. */
#define H_LL2 "fe800000000000000000000000000002"
#define H_G1 "20010db8000000000000000000000001"
#define H_G2 "20010db8000000000000000000000002"
#define H_NET "20010db8000000000000000000000000"
#define H_GROUP "ff0200000000000000000000000000fb"
#define H_NOBODY "00000000000000000000000000000000"
#define MAC_OPTION "010100005e005301"

/* Quoted datagrams, UDP from the host to some port far away. */
#define Q4_ENDS "c0000201c6336409"
#define UDP "13881770001c0000"
#define Q4 "450000300001000001110000" Q4_ENDS UDP
#define Q4_LONG "450005dc0001400040110000" Q4_ENDS UDP
#define Q6_HEAD "6000000000141101"
#define Q6 Q6_HEAD H_G1 H_G2 UDP

static const uint8_t atomic_fragment[] = { IP_PROTO_ICMPV6, 0, 0, 0, 0, 0, 0, 7 };

struct message {
	struct wire_ip ip;
	const char *hex; /* its checksum is filled in */
};

#define IP4(s, d) { .source = (s), .destination = (d) }
#define IP6(s, d, t) { .source = (s), .destination = (d), .ttl = (t) }
#define TO_HOST4 IP4("203.0.113.1", "192.0.2.1")
#define TO_HOST6 IP6("2001:db8:f::1", G1, 64)
#define ON_LINK4 IP4("192.0.2.254", "192.0.2.1")

/* clang-format off */
static const struct message ends[] = {
	{ IP4("192.0.2.1", "224.0.0.1"), "0800000000070001" },
	{ IP4("192.0.2.1", "255.255.255.255"), "0800000000070001" },
	{ IP6(LL1, "ff02::1", 64), "8000000000070001" },
	{ IP4("240.0.0.1", "192.0.2.2"), "0800000000070001" },
	{ IP6("ff02::1", G1, 64), "8000000000070001" },
	{ IP4("0.0.0.0", "192.0.2.2"), "0800000000070001" },
	{ IP6("::", G1, 64), "8000000000070001" },
	{ IP4("192.0.2.1", "224.0.0.2"), "0a00000000000000" },
	{ IP4("192.0.2.1", "192.0.2.2"), "0d0000000007000105265c000000000000000000" },
	{ IP6(LL1, G2, 64), "9d000000000000010102030405060708" H_G1 },
	{ IP4("192.0.2.1", "192.0.2.2"), "2a00000000070101" "20000000" },
	{ IP4("192.0.2.1", "192.0.2.2"), "2b00000000070102" },
	{ IP4("192.0.2.1", "192.0.2.2"), "2b00000000070144" },
	{ IP6(G1, G2, 64), "9d050000000000010102030405060708" H_G1 },
	{ IP6(G1, G2, 64), "9d040000000000010102030405060708" H_G1 },
};

static const struct message neighbors[] = {
	{ IP6(LL1, LL2, 255), "8700000000000000" H_GROUP },
	{ IP6("::", "ff02::1", 255), "8700000000000000" H_LL2 },
	{ IP6("::", "ff02::1:ff00:2", 255), "8700000000000000" H_LL2 MAC_OPTION },
	{ { .source = LL1, .destination = LL2, .ttl = 255, .options = atomic_fragment,
	    .options_len = sizeof(atomic_fragment), .protocol = IP_PROTO_FRAGMENT },
	  "8700000000000000" H_LL2 },
	{ IP6(LL1, "ff02::1", 255), "8800000060000000" H_LL2 },
	{ IP6(G1, "ff02::1", 255), "86000000400007080000000000000000" },
	{ IP6(LL1, "ff02::1", 255), "86000000401007080000000000000000" },
	{ IP6(LL1, G1, 255), "8900000000000000" H_G1 H_G2 },
	{ IP6(LL1, G1, 255), "8900000000000000" H_LL2 H_GROUP },
	{ IP6(LL1, G2, 255), "8900000000000000" H_LL2 H_G2 "0408000000000000" Q6
	  "0000000000000000" },
	{ IP6(LL1, "ff02::1", 255), "8d00000000000000" MAC_OPTION },
	{ IP6(LL1, "ff02::fb", 1), "8300000000000000" H_GROUP },
	{ IP6(G1, "ff02::fb", 1), "8300000000000000" H_G1 },
	{ IP6(LL1, "ff02::16", 1), "8f0000000000000104000000" H_G1 },
	{ IP6(LL1, "ff02::1", 255), "86000000400007080000000000000000"
	  "030440c0000000010000000200000000" H_NET },
	{ IP6(LL1, "ff02::1", 255), "86000000400007080000000000000000" "1801400000000258" },
};

static const struct message errors[] = {
	{ TO_HOST4, "0301000000000000450000300001000001110000" Q4_ENDS },
	{ TO_HOST4, "0301000000000000111100300001000001110000" Q4_ENDS UDP },
	{ TO_HOST4, "0301000000000000" Q6 },
	{ TO_HOST4, "0301000000000000450000300001000001111234" Q4_ENDS UDP },
	{ TO_HOST4, "0301000000000000450000300001000001110000" "7f000001c6336409" UDP },
	{ TO_HOST6, "0100000000000000" Q6_HEAD H_NOBODY H_G2 UDP },
	{ TO_HOST4, "0304000000000000" Q4_LONG },
	{ TO_HOST4, "0304000000000043" Q4_LONG },
	{ TO_HOST4, "0304000000000128" Q4_LONG },
	{ TO_HOST4, "03040000000005dc" Q4_LONG },
	{ TO_HOST4, "0b00000000000000450000300001000002110000" Q4_ENDS UDP },
	{ ON_LINK4, "05000000c00002fd" Q4 },
	{ ON_LINK4, "05010000c00002fe" Q4 },
	{ ON_LINK4, "05010000e0000002" Q4 },
	{ ON_LINK4, "050100000a000001" Q4 },
};
/* clang-format on */

static void
send_all(struct scene *s, const struct message *messages, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct wire w = scene_wire(s);

		scene_hex(&w, messages[i].hex);
		scene_send(s, &w, &messages[i].ip);
		scene_wait(s, SECOND / 2);
	}
}

#define SEND_ALL(s, messages) send_all(s, messages, sizeof(messages) / sizeof((messages)[0]))

static void
play_ends(struct scene *s)
{
	SEND_ALL(s, ends);
}

static void
play_neighbors(struct scene *s)
{
	SEND_ALL(s, neighbors);
}

/* An error about 128 octets, with these objects behind them. */
static void
send_extended(struct scene *s, const char *objects, bool has_checksum)
{
	const struct wire_ip ip = TO_HOST4;
	struct wire w = scene_wire(s), o = scene_wire(s);
	uint32_t at;

	scene_hex(&w, "0b00000000200000450005dc0001000001110000" Q4_ENDS UDP);
	wire_pad(&w, 8 + 128);
	at = w.len;
	scene_hex(&o, objects);
	wire_extension(&w, &o);
	if (!has_checksum)
		wire_put(&w, at + 2, 0, 2);
	scene_send(s, &w, &ip);
	scene_wait(s, SECOND / 2);
}

static void
play_errors(struct scene *s)
{
	const struct wire_ip ip = TO_HOST6;
	struct wire w = scene_wire(s);

	SEND_ALL(s, errors);
	scene_hex(&w, "0200000000000500" "6000000005b41101" H_G1 H_G2 UDP);
	wire_pad(&w, 1300); /* longer than any link must carry */
	scene_send(s, &w, &ip);
	scene_wait(s, SECOND / 2);
	send_extended(s, "0008010100010102", false);
	send_extended(s, "00080208000000010008020800000002", true);
}

/* clang-format off */
const struct scenario rule_scenarios[] = {
	{ "rules_ends.pcap", "messages from or to whom they must not be, or with fields that cannot be",
	  .play = play_ends, .link_type = LINK_TYPE_ETHERNET },
	{ "rules_neighbors.pcap", "Neighbor Discovery and MLD against their rules",
	  .play = play_neighbors, .link_type = LINK_TYPE_ETHERNET },
	{ "rules_errors.pcap", "errors and redirects that say what cannot be",
	  .play = play_errors, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
/* clang-format on */
