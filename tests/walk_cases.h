/*
 * Frames in hexadecimal, where their walk has to end, and by which path; the
 * checks that any such table is put through. For unit tests, after cmocka.h.
 */
#ifndef TESTS_WALK_CASES_H
#define TESTS_WALK_CASES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/packet.h"

#define WALK_FRAME_MAX 1024
#define WALK_PATH_SIZE 256

/* A ping between .1 and .2 of the documentation prefixes: 28 and 48 octets. */
#define ENDS4 "c0000201c0000202"
#define ENDS6 "20010db800000000000000000000000120010db8000000000000000000000002"
#define ECHO "0800f7f600070001"
#define PING4 "4500001c000140004001b6dc" ENDS4 ECHO
#define PING6 "6000000000083a40" ENDS6 "8000000000070001"
#define MACS "00005e00530200005e005301"
#define BRIDGED4 MACS "0800" PING4 /* 42 octets */

/* An outer header of `len` octets (four digits) for `protocol` (two digits). */
#define OUTER4(len, protocol) "4500" len "0001000040" protocol "0000" ENDS4
#define OUTER6(len, protocol) "60000000" len protocol "40" ENDS6

struct walk_case {
	const char *name;
	uint32_t link_type;
	const char *hex;
	enum packet_verdict verdict;
	const char *path; /* "ethernet vlan:10 ipv4" */
};

/* Octets of two hexadecimal digits each; returns how many, up to WALK_FRAME_MAX. */
static inline uint32_t
walk_bytes(const char *hex, uint8_t *bytes)
{
	char digits[3] = { 0 };
	uint32_t len;

	for (len = 0; *hex != '\0'; len++, hex += 2) {
		assert_in_range(len, 0, WALK_FRAME_MAX - 1);
		memcpy(digits, hex, 2);
		bytes[len] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return len;
}

/* Walks an exactly sized copy of a frame's first octets, for the sanitizer. */
static inline struct packet
walk_cut(uint32_t link_type, const uint8_t *bytes, uint32_t captured, uint32_t length)
{
	uint8_t *copy = malloc(captured > 0 ? captured : 1);
	struct frame frame = {
		.bytes = copy, .captured = captured, .length = length, .link_type = link_type
	};
	struct packet packet;

	assert_non_null(copy);
	memcpy(copy, bytes, captured);
	memset(&packet, 0xff, sizeof packet);
	packet_walk(&frame, &packet);
	free(copy);
	return packet;
}

static inline void
walk_write_path(const struct packet *packet, char *out, size_t size)
{
	size_t len = 0;
	int i;

	out[0] = '\0';
	for (i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];

		len += (size_t)snprintf(
		    out + len, size - len, "%s%s", i > 0 ? " " : "", layer_name(layer->kind));
		if (layer_has_tag(layer->kind))
			len += (size_t)snprintf(out + len, size - len, ":%u", layer->tag);
		else
			assert_int_equal(layer->tag, 0);
	}
}

/* Every frame ends where it should, and by the path. */
static inline void
walk_check_ends(const struct walk_case *cases, size_t count)
{
	uint8_t bytes[WALK_FRAME_MAX];
	char path[WALK_PATH_SIZE];
	struct packet packet;
	uint32_t len;
	size_t i;

	for (i = 0; i < count; i++) {
		len = walk_bytes(cases[i].hex, bytes);
		packet = walk_cut(cases[i].link_type, bytes, len, len);
		walk_write_path(&packet, path, sizeof path);
		if (packet.verdict != cases[i].verdict)
			fail_msg("%s: %s", cases[i].name, packet_verdict_name(packet.verdict));
		if (strcmp(path, cases[i].path) != 0)
			fail_msg("%s: %s", cases[i].name, path);
		if (packet.verdict == PACKET_ICMP && packet.payload.claimed != 8)
			fail_msg("%s: a payload of %u", cases[i].name, packet.payload.claimed);
	}
}

/* A header cut by the capture is TRUNCATED, and never the sender's fault. */
static inline void
walk_check_captured(const struct walk_case *t, const struct packet *p, uint32_t cut, uint32_t headers)
{
	if (cut < headers) {
		if (p->verdict != PACKET_TRUNCATED)
			fail_msg("%s, %u octets captured: %s", t->name, cut,
			    packet_verdict_name(p->verdict));
		return;
	}
	assert_int_equal(p->verdict, t->verdict);
	assert_int_equal(p->payload.captured, cut - headers);
	assert_false(anomalies_has(&p->anomalies, ANOMALY_BAD_IP_LENGTH));
}

/* A frame that ends early contradicts its IP header. */
static inline void
walk_check_claimed(const struct walk_case *t, const struct packet *p, uint32_t cut, uint32_t headers)
{
	if (cut < headers) {
		if (p->verdict == PACKET_ICMP || p->verdict == PACKET_FRAGMENT)
			fail_msg("%s, %u octets long: %s", t->name, cut,
			    packet_verdict_name(p->verdict));
		return;
	}
	assert_int_equal(p->verdict, t->verdict);
	assert_false(cursor_whole(&p->payload));
	assert_true(anomalies_has(&p->anomalies, ANOMALY_BAD_IP_LENGTH));
}

/* The same frames cut at every octet; behind the headers the verdict stays. */
static inline void
walk_check_cuts(const struct walk_case *cases, size_t count)
{
	uint8_t bytes[WALK_FRAME_MAX];
	struct frame frame = { .bytes = bytes };
	struct packet packet;
	uint32_t len, headers, end, cut;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct walk_case *t = &cases[i];

		len = walk_bytes(t->hex, bytes);
		frame.link_type = t->link_type;
		frame.captured = frame.length = len;
		packet_walk(&frame, &packet);
		headers = (uint32_t)(packet.payload.next - bytes);
		end = headers + packet.payload.captured;
		for (cut = 0; cut < end; cut++) {
			struct packet captured = walk_cut(t->link_type, bytes, cut, len);
			struct packet claimed = walk_cut(t->link_type, bytes, cut, cut);

			if (t->verdict != PACKET_ICMP && t->verdict != PACKET_FRAGMENT)
				continue;
			walk_check_captured(t, &captured, cut, headers);
			if (end == len) /* a trailer would be missed in the wrong place */
				walk_check_claimed(t, &claimed, cut, headers);
		}
	}
}

#endif
