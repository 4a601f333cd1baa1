/*
 * Frames with their times, and the datagrams that most scenarios need.
 */
#include "samples/scene.h"

#include <stdlib.h>
#include <string.h>

#define QUOTE_WITH_EXTENSION 128 /* RFC 4884 4: the quote is padded to it */

int
scene_init(struct scene *s, const struct scenario *scenario)
{
	int i;

	*s = (struct scene){
		.scenario = scenario,
		.now_ns = SCENE_START_S * SECOND * 1000,
		.random = UINT64_C(0x9e3779b97f4a7c15),
		.ip_id = 0x1c46,
	};
	for (i = 0; i < SCENE_BUFFERS; i++) {
		s->buffers[i] = malloc(SCENE_BUFFER_SIZE);
		if (s->buffers[i] == NULL)
			return -1;
	}
	return 0;
}

static uint8_t *
frame_bytes(const struct writer_frame *frame)
{
	uint8_t *bytes;

	memcpy(&bytes, &frame->bytes, sizeof(bytes)); /* ours: made by add_frame */
	return bytes;
}

void
scene_free(struct scene *s)
{
	size_t i;

	for (i = 0; i < s->frame_count; i++)
		free(frame_bytes(&s->frames[i]));
	for (i = 0; i < SCENE_BUFFERS; i++)
		free(s->buffers[i]);
	free(s->frames);
}

void
scene_sort(struct scene *s)
{
	struct writer_frame frame;
	size_t i, at;

	for (i = 1; i < s->frame_count; i++) {
		frame = s->frames[i];
		for (at = i; at > 0 && s->frames[at - 1].when_ns > frame.when_ns; at--)
			s->frames[at] = s->frames[at - 1];
		s->frames[at] = frame;
	}
}

struct wire
scene_wire(struct scene *s)
{
	return wire_over(s->buffers[s->next_buffer++ % SCENE_BUFFERS], SCENE_BUFFER_SIZE);
}

void
scene_wait(struct scene *s, uint64_t us)
{
	s->now_ns += us * 1000;
}

void
scene_at(struct scene *s, uint64_t us)
{
	s->now_ns = (SCENE_START_S * SECOND + us) * 1000;
}

uint32_t
scene_random(struct scene *s, uint32_t below)
{
	/* xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift") */
	s->random ^= s->random >> 12;
	s->random ^= s->random << 25;
	s->random ^= s->random >> 27;
	return (uint32_t)((s->random * UINT64_C(0x2545f4914f6cdd1d)) >> 32) % below;
}

static void
add_frame(struct scene *s, const uint8_t *bytes, uint32_t len)
{
	uint32_t captured = len, snap_len = s->scenario->snap_len;
	struct writer_frame *frames;
	uint8_t *copy;

	if (s->frame_count == s->frame_size) {
		s->frame_size = s->frame_size * 2 + 16;
		frames = realloc(s->frames, s->frame_size * sizeof(*frames));
		if (frames == NULL) {
			s->failed = true;
			return;
		}
		s->frames = frames;
	}
	if (snap_len > 0 && captured > snap_len)
		captured = snap_len;
	copy = malloc(len + 1);
	if (copy == NULL) {
		s->failed = true;
		return;
	}
	memcpy(copy, bytes, len);
	s->frames[s->frame_count++] = (struct writer_frame){
		.when_ns = s->now_ns,
		.bytes = copy,
		.captured = captured,
		.length = len,
	};
}

void
scene_frame(struct scene *s, const struct wire *w)
{
	if (w->failed || s->failed)
		s->failed = true;
	else
		add_frame(s, w->bytes, w->len);
}

void
scene_again(struct scene *s, size_t back)
{
	const struct writer_frame *frame;

	if (s->failed || back == 0 || back > s->frame_count) {
		s->failed = true;
		return;
	}
	frame = &s->frames[s->frame_count - back];
	add_frame(s, frame->bytes, frame->length);
}

static uint8_t
version_of(const char *address)
{
	return strchr(address, ':') != NULL ? 6 : 4;
}

void
scene_ip(struct wire *w, const struct wire_ip *ip)
{
	if (version_of(ip->source) == 4)
		wire_ip4(w, ip);
	else
		wire_ip6(w, ip);
}

/* Ethernet between stations whose addresses end as their IP addresses do. */
static void
wrap_ethernet(struct wire *w, uint8_t version)
{
	uint32_t source = version == 4 ? 15 : 23, destination = version == 4 ? 19 : 39;
	uint8_t from, to;

	if (w->failed || w->len <= destination)
		return;
	from = w->bytes[source];
	to = w->bytes[destination];
	wire_ethernet(w, version == 4 ? 0x0800 : 0x86dd);
	wire_put(w, 5, to, 1);
	wire_put(w, 11, from, 1);
}

static void
wrap(struct scene *s, struct wire *w, uint8_t version)
{
	if (s->scenario->wrap != NULL)
		s->scenario->wrap(w, version);
	else
		wrap_ethernet(w, version);
	scene_frame(s, w);
}

void
scene_send(struct scene *s, struct wire *w, const struct wire_ip *ip)
{
	scene_ip(w, ip);
	wrap(s, w, version_of(ip->source));
}

void
scene_datagram(struct scene *s, const struct wire *datagram)
{
	struct wire w = scene_wire(s);

	wire_quote(&w, datagram, datagram->len);
	wrap(s, &w, (uint8_t)(w.bytes[0] >> 4));
}

void
scene_hex(struct wire *w, const char *hex)
{
	char digits[3] = { 0 };

	for (; *hex != '\0'; hex += 2) {
		memcpy(digits, hex, 2);
		wire_uint(w, strtoul(digits, NULL, 16), 1);
	}
}

void
scene_pattern(struct wire *w, uint32_t len)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		wire_uint(w, 0x10 + i % 0xf0, 1);
}

struct wire
scene_echo_datagram(struct scene *s, const struct scene_echo *echo, bool is_reply)
{
	uint8_t version = version_of(echo->source), ttl = echo->ttl;
	uint8_t request = version == 4 ? 8 : 128, reply = version == 4 ? 0 : 129;
	uint32_t payload_len = echo->payload_len > 0 ? echo->payload_len : 56;
	struct wire w = scene_wire(s);
	struct wire_value values[] = {
		{ "id", .number = echo->id }, { "seq", .number = echo->seq }, WIRE_END
	};
	struct wire_ip ip = { .source = echo->source, .destination = echo->destination };

	if (ttl == 0)
		ttl = is_reply ? 57 : 64;
	ip.ttl = ttl;
	ip.id = version == 4 ? s->ip_id++ : 0;
	ip.dont_fragment = !is_reply;
	if (is_reply) {
		ip.source = echo->destination;
		ip.destination = echo->source;
	}
	wire_icmp(&w, version, is_reply ? reply : request, 0, values);
	if (payload_len >= 16) {
		/* ping's struct timeval, as a 64-bit little-endian machine sends it */
		uint64_t second = SCENE_START_S + echo->seq, us = 400000u + echo->id;
		int i;

		for (i = 0; i < 64; i += 8)
			wire_uint(&w, second >> i & 0xff, 1);
		for (i = 0; i < 64; i += 8)
			wire_uint(&w, us >> i & 0xff, 1);
		payload_len -= 16;
	}
	scene_pattern(&w, payload_len);
	scene_ip(&w, &ip);
	return w;
}

void
scene_echo(struct scene *s, const struct scene_echo *echo)
{
	struct wire w = scene_echo_datagram(s, echo, false);

	scene_datagram(s, &w);
}

void
scene_reply(struct scene *s, const struct scene_echo *echo)
{
	struct wire w = scene_echo_datagram(s, echo, true);

	scene_datagram(s, &w);
}

struct wire
scene_udp_datagram(struct scene *s, const struct wire_ip *ip, uint16_t source,
    uint16_t destination, uint32_t payload_len)
{
	struct wire w = scene_wire(s);
	struct wire_ip udp = *ip;

	scene_pattern(&w, payload_len);
	wire_udp(&w, source, destination);
	if (version_of(ip->source) == 6 && ip->options_len > 0)
		udp.last_header = IP_PROTO_UDP; /* behind extension headers */
	else
		udp.protocol = IP_PROTO_UDP;
	scene_ip(&w, &udp);
	return w;
}

struct wire
scene_tcp_datagram(struct scene *s, const struct wire_ip *ip, uint16_t source,
    uint16_t destination, uint32_t sequence)
{
	struct wire w = scene_wire(s);
	struct wire_ip tcp = *ip;

	tcp.protocol = IP_PROTO_TCP;
	wire_tcp(&w, source, destination, sequence);
	scene_ip(&w, &tcp);
	return w;
}

/* What routers do to the header at `at` on a way of so many hops (RFC 1141). */
static void
go_hops(struct wire *w, uint32_t at, uint8_t hops)
{
	uint8_t *header = w->bytes + at;
	uint32_t sum;

	if (header[0] >> 4 == 6) {
		header[7] = (uint8_t)(header[7] - hops);
		return;
	}
	header[8] = (uint8_t)(header[8] - hops);
	sum = (uint32_t)(header[10] << 8 | header[11]) + hops * 0x100u;
	wire_put(w, at + 10, (sum + (sum >> 16)) & 0xffff, 2);
}

void
scene_error(struct scene *s, const struct scene_error *error)
{
	uint8_t version = version_of(error->from);
	struct wire w = scene_wire(s);
	struct wire_ip ip = {
		.source = error->from,
		.destination = error->to,
		.ttl = error->ttl,
		.tos = version == 4 ? 0xc0 : 0, /* RFC 1812 4.3.2.5 */
		.id = s->ip_id++,
	};
	uint32_t quote_at;

	wire_icmp(&w, version, error->type, error->code, error->values);
	quote_at = w.len;
	wire_quote(&w, error->about, error->len);
	if (error->hops > 0)
		go_hops(&w, quote_at, error->hops);
	if (error->objects != NULL) {
		wire_pad(&w, 8 + QUOTE_WITH_EXTENSION);
		wire_extension(&w, error->objects);
	}
	scene_send(s, &w, &ip);
}
