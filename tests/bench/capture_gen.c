/*
 * Writes the captures that tests/bench.sh measures with: all echoes, mixed
 * traffic with one ICMP packet in a hundred, and echo requests from random
 * sources. Classic pcap in microseconds, Ethernet, correct checksums, and the
 * same bytes on every machine: the numbers come from a generator of our own.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MILLION 1000000U
#define BUFFER_SIZE (1U << 20)
#define PATH_SIZE 4096
#define START_US UINT64_C(1700000000000000)
#define SEED UINT64_C(0x9e3779b97f4a7c15)

#define FRAME_MAX 1514
#define ETHERNET_LEN 14
#define IP_LEN 20
#define ICMP_LEN 8
#define UDP_LEN 8
#define TCP_LEN 20
#define IP_AT ETHERNET_LEN
#define L4_AT (ETHERNET_LEN + IP_LEN)
#define ECHO_LEN (L4_AT + ICMP_LEN + 56) /* ping's 56 octets: 98 in all */

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };
enum { ECHO_REPLY = 0, ECHO_REQUEST = 8 };

#define PAIRS 300               /* pingers, one request a second each */
#define SLOT_US (MILLION / PAIRS) /* between two requests of the capture */
#define RTT_SLOTS 64            /* the longest RTT; below PAIRS, so one is open at a time */
#define NONE UINT32_MAX
#define FLOOD_GAP_US 10         /* 100000 requests a second */
#define ICMP_EVERY 100          /* one packet of the mixed capture is ICMP */

/* One frame and its time; each writer of packets fills it. */
struct frame_out {
	uint64_t when_us;
	uint32_t len;
	uint8_t bytes[FRAME_MAX];
};

/* xorshift64*: the same numbers everywhere. */
struct numbers {
	uint64_t state;
};

/* The open requests of PAIRS pingers, by the slot in which the reply comes. */
struct echoes {
	struct numbers numbers;
	uint64_t slot;               /* requests sent so far */
	uint64_t when_us;
	uint32_t due[RTT_SLOTS];     /* first pair whose reply is due in a slot */
	uint32_t next[PAIRS];        /* the others of that slot */
	uint32_t replying;           /* next pair to reply in this slot, or NONE */
	uint64_t request_us[PAIRS];  /* when the pair's latest request was sent */
};

struct mixed {
	struct numbers numbers;
	struct echoes echoes;
	uint64_t count;
	uint8_t noise[2 * FRAME_MAX]; /* payloads begin anywhere in the first half */
};

struct flood {
	struct numbers numbers;
	uint64_t count;
};

/* What a capture is made of: `next` fills one frame from `state`. */
struct capture_kind {
	const char *name;
	uint32_t packets;
	void (*next)(void *state, struct frame_out *out);
	void (*start)(void *state);
};

union kind_state {
	struct echoes echoes;
	struct mixed mixed;
	struct flood flood;
};

static uint64_t
numbers_next(struct numbers *n)
{
	n->state ^= n->state >> 12;
	n->state ^= n->state << 25;
	n->state ^= n->state >> 27;
	return n->state * UINT64_C(0x2545f4914f6cdd1d);
}

/* A number below `limit`, from the high bits. */
static uint32_t
numbers_below(struct numbers *n, uint32_t limit)
{
	return (uint32_t)((numbers_next(n) >> 32) % limit);
}

static void
put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void
put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static void
put32_little(uint8_t *at, uint64_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	at[2] = (uint8_t)(value >> 16);
	at[3] = (uint8_t)(value >> 24);
}

/* The Internet checksum (RFC 1071) of `bytes`, `sum` added. */
static uint16_t
checksum(const uint8_t *bytes, uint32_t len, uint32_t sum)
{
	uint32_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	if (len % 2 != 0)
		sum += (uint32_t)bytes[len - 1] << 8;
	sum = (sum >> 16) + (sum & 0xffff);
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t)~sum;
}

/* Ethernet and IPv4 headers for `out->len` octets (RFC 791 3.1). */
static void
put_headers(struct frame_out *out, uint8_t protocol, uint32_t source, uint32_t destination)
{
	static const uint8_t ethernet[ETHERNET_LEN] = {
		0x02, 0x00, 0x5e, 0x10, 0x00, 0x02, 0x02, 0x00, 0x5e, 0x10, 0x00, 0x01, 0x08, 0x00,
	};
	uint8_t *ip = out->bytes + IP_AT;

	memcpy(out->bytes, ethernet, sizeof ethernet);
	memset(ip, 0, IP_LEN);
	ip[0] = 0x45;
	put16(ip + 2, out->len - ETHERNET_LEN);
	put16(ip + 4, (uint32_t)(out->when_us & 0xffff));
	ip[6] = 0x40; /* don't fragment */
	ip[8] = 64;
	ip[9] = protocol;
	put32(ip + 12, source);
	put32(ip + 16, destination);
	put16(ip + 10, checksum(ip, IP_LEN, 0));
}

/* An echo as Linux ping sends it: the time of sending, then 0x10, 0x11, ... */
static void
put_echo(struct frame_out *out, uint8_t type, uint32_t id_seq, uint64_t sent_us)
{
	uint8_t *icmp = out->bytes + L4_AT;
	uint8_t i;

	icmp[0] = type;
	icmp[1] = 0;
	put16(icmp + 2, 0);
	put32(icmp + 4, id_seq);
	put32_little(icmp + 8, sent_us / MILLION);
	put32_little(icmp + 12, 0);
	put32_little(icmp + 16, sent_us % MILLION);
	put32_little(icmp + 20, 0);
	for (i = 16; i < 56; i++)
		icmp[ICMP_LEN + i] = i;
	put16(icmp + 2, checksum(icmp, ECHO_LEN - L4_AT, 0));
}

static void
echoes_start(void *of)
{
	struct echoes *e = of;
	uint32_t i;

	memset(e, 0, sizeof *e);
	e->numbers.state = SEED;
	e->when_us = START_US;
	e->replying = NONE;
	for (i = 0; i < RTT_SLOTS; i++)
		e->due[i] = NONE;
}

/* A pinger of 10.1.0.0/16 and its target in 10.2.0.0/16; every sixth target is shared. */
static void
put_pair_echo(struct echoes *e, struct frame_out *out, uint32_t pair, uint8_t type)
{
	uint32_t source = 0x0a010000 + pair + 1;
	uint32_t destination = 0x0a020000 + pair - pair % 6 + 1;
	uint32_t sequence = (uint32_t)(e->request_us[pair] - START_US) / MILLION;
	uint32_t id = (pair * 7919) & 0xffff;

	out->when_us = e->when_us;
	out->len = ECHO_LEN;
	if (type == ECHO_REQUEST)
		put_headers(out, PROTOCOL_ICMP, source, destination);
	else
		put_headers(out, PROTOCOL_ICMP, destination, source);
	put_echo(out, type, id << 16 | (sequence & 0xffff), e->request_us[pair]);
}

/*
 * Time goes in slots: one pair's request, then the replies that are due. A
 * pair has its own distance and some jitter; one request in a hundred is lost.
 */
static void
echoes_next(void *of, struct frame_out *out)
{
	struct echoes *e = of;
	uint32_t pair, slots;

	if (e->replying != NONE) {
		pair = e->replying;
		e->replying = e->next[pair];
		e->when_us += 20 + numbers_below(&e->numbers, 80);
		put_pair_echo(e, out, pair, ECHO_REPLY);
		return;
	}
	pair = (uint32_t)(e->slot % PAIRS);
	e->when_us = START_US + e->slot * SLOT_US;
	e->request_us[pair] = e->when_us;
	put_pair_echo(e, out, pair, ECHO_REQUEST);
	e->replying = e->due[e->slot % RTT_SLOTS];
	e->due[e->slot % RTT_SLOTS] = NONE;
	if (numbers_below(&e->numbers, 100) > 0) {
		slots = 1 + pair % (RTT_SLOTS - 4) + numbers_below(&e->numbers, 3);
		slots = (uint32_t)((e->slot + slots) % RTT_SLOTS);
		e->next[pair] = e->due[slots];
		e->due[slots] = pair;
	}
	e->slot++;
}

/* The sum of the pseudo-header of TCP and UDP (RFC 9293 3.1). */
static uint32_t
pseudo_sum(const struct frame_out *out, uint8_t protocol)
{
	const uint8_t *addresses = out->bytes + IP_AT + 12;
	uint32_t sum = protocol + out->len - L4_AT;
	uint32_t i;

	for (i = 0; i < 8; i += 2)
		sum += (uint32_t)addresses[i] << 8 | addresses[i + 1];
	return sum;
}

static void
put_udp(struct frame_out *out, uint32_t ports, const uint8_t *payload)
{
	uint8_t *udp = out->bytes + L4_AT;
	uint32_t len = out->len - L4_AT;
	uint32_t sum;

	put32(udp, ports);
	put16(udp + 4, len);
	put16(udp + 6, 0);
	memcpy(udp + UDP_LEN, payload, len - UDP_LEN);
	sum = checksum(udp, len, pseudo_sum(out, PROTOCOL_UDP));
	put16(udp + 6, sum == 0 ? 0xffff : sum); /* RFC 768: zero means none */
}

static void
put_tcp(struct frame_out *out, uint32_t ports, const uint8_t *payload)
{
	uint8_t *tcp = out->bytes + L4_AT;
	uint32_t len = out->len - L4_AT;

	memset(tcp, 0, TCP_LEN);
	put32(tcp, ports);
	put32(tcp + 4, (uint32_t)out->when_us * 1460);
	put32(tcp + 8, (uint32_t)out->when_us * 29);
	put16(tcp + 12, 0x5010); /* 20 octets, ACK */
	put16(tcp + 14, 64240);
	memcpy(tcp + TCP_LEN, payload, len - TCP_LEN);
	put16(tcp + 16, checksum(tcp, len, pseudo_sum(out, PROTOCOL_TCP)));
}

/* Sizes as on an access link: acknowledgements, full segments, and the rest between. */
static uint32_t
mixed_len(struct numbers *n)
{
	uint32_t share = numbers_below(n, 100);

	if (share < 40)
		return 60 + numbers_below(n, 7);
	if (share < 65)
		return 67 + numbers_below(n, 1447);
	return FRAME_MAX;
}

static void
mixed_start(void *of)
{
	struct mixed *m = of;
	uint32_t i;

	memset(m, 0, sizeof *m);
	echoes_start(&m->echoes);
	m->numbers.state = SEED + 1;
	for (i = 0; i < sizeof m->noise; i++)
		m->noise[i] = (uint8_t)numbers_below(&m->numbers, 256);
}

/* Of 2000 flows of TCP (85 %) and UDP; the ICMP between sets the clock. */
static void
mixed_next(void *of, struct frame_out *out)
{
	struct mixed *m = of;
	uint64_t place = m->count++ % ICMP_EVERY;
	uint32_t flow, source, destination;
	const uint8_t *payload;

	if (place == 0) {
		echoes_next(&m->echoes, out);
		return;
	}
	flow = numbers_below(&m->numbers, 2000);
	source = 0x0a030000 + flow;
	destination = 0xc6336400 + flow % 200;
	payload = m->noise + numbers_below(&m->numbers, FRAME_MAX);
	out->when_us = m->echoes.when_us;
	out->len = mixed_len(&m->numbers);
	if (flow % 20 < 17) {
		put_headers(out, PROTOCOL_TCP, source, destination);
		put_tcp(out, (40000 + flow) << 16 | 443, payload);
	} else {
		put_headers(out, PROTOCOL_UDP, source, destination);
		put_udp(out, (40000 + flow) << 16 | 53, payload);
	}
}

static void
flood_start(void *of)
{
	struct flood *f = of;

	f->count = 0;
	f->numbers.state = SEED + 2;
}

/* A spoofed flood of one host: every address (below 128.0.0.0), id and seq is new. */
static void
flood_next(void *of, struct frame_out *out)
{
	struct flood *f = of;
	uint64_t number = numbers_next(&f->numbers);

	out->when_us = START_US + f->count++ * FLOOD_GAP_US;
	out->len = ECHO_LEN;
	put_headers(out, PROTOCOL_ICMP, (uint32_t)(number >> 33), 0xc633640a);
	put_echo(out, ECHO_REQUEST, (uint32_t)number, out->when_us);
}

static bool
write_file_header(FILE *file)
{
	uint8_t header[24] = { 0 };

	put32_little(header, 0xa1b2c3d4);
	header[4] = 2; /* version 2.4 */
	header[6] = 4;
	put32_little(header + 16, 262144);
	put32_little(header + 20, 1); /* LINKTYPE_ETHERNET */
	return fwrite(header, sizeof header, 1, file) == 1;
}

static bool
write_record(FILE *file, const struct frame_out *out)
{
	uint8_t header[16];

	put32_little(header, out->when_us / MILLION);
	put32_little(header + 4, out->when_us % MILLION);
	put32_little(header + 8, out->len);
	put32_little(header + 12, out->len);
	return fwrite(header, sizeof header, 1, file) == 1 &&
	    fwrite(out->bytes, out->len, 1, file) == 1;
}

static bool
write_packets(FILE *file, const struct capture_kind *kind, uint64_t packets)
{
	union kind_state state;
	struct frame_out out = { 0 };
	bool written;

	kind->start(&state);
	for (written = write_file_header(file); written && packets > 0; packets--) {
		kind->next(&state, &out);
		written = write_record(file, &out);
	}
	return written;
}

/* Writes one capture of `percent` of its full size; complains on failure. */
static int
write_capture(const char *directory, const struct capture_kind *kind, uint32_t percent)
{
	static char buffer[BUFFER_SIZE];
	char path[PATH_SIZE];
	FILE *file;
	bool written;
	int len;

	len = snprintf(path, sizeof path, "%s/%s.pcap", directory, kind->name);
	if (len < 0 || (size_t)len >= sizeof path) {
		fprintf(stderr, "capture_gen: %s: name too long\n", directory);
		return -1;
	}
	file = fopen(path, "wb");
	if (file == NULL) {
		perror(path);
		return -1;
	}
	(void)setvbuf(file, buffer, _IOFBF, sizeof buffer);
	written = write_packets(file, kind, (uint64_t)kind->packets * percent / 100);
	if (fclose(file) != 0 || !written) {
		perror(path);
		return -1;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct capture_kind kinds[] = {
		{ "echo", 6 * MILLION, echoes_next, echoes_start },
		{ "mixed", 4 * MILLION, mixed_next, mixed_start },
		{ "random1", 1 * MILLION, flood_next, flood_start },
		{ "random4", 4 * MILLION, flood_next, flood_start },
	};
	unsigned long percent = 100;
	size_t i;

	if (argc == 3)
		percent = strtoul(argv[2], NULL, 10);
	if (argc < 2 || argc > 3 || percent < 1 || percent > 1000) {
		fprintf(stderr, "usage: capture_gen DIRECTORY [PERCENT]\n");
		return 2;
	}
	for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (write_capture(argv[1], &kinds[i], (uint32_t)percent) != 0)
			return 1;
	return 0;
}
