/*
 * The only way to the bytes of a capture. A cursor holds what is left of a
 * packet under two lengths: how much its sender claimed is there, and how much
 * of that the capture kept. Reading past the first is the sender's fault
 * (MALFORMED), past the second ours (TRUNCATED). The first failure sticks:
 * every later read returns zero and moves nothing, so a decoder reads all its
 * fields and tests the status once.
 */
#ifndef DECODERS_CURSOR_H
#define DECODERS_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "decoders/fold.h"

enum decode_status {
	DECODE_OK,
	DECODE_TRUNCATED, /* the capture was cut (snap length) */
	DECODE_MALFORMED, /* the sender's lengths contradict each other */
};

struct cursor {
	const uint8_t *next; /* borrowed: valid as long as the frame */
	uint32_t captured;   /* bytes left that we hold; never more than claimed */
	uint32_t claimed;    /* bytes left by the sender's account */
	enum decode_status status;
};

/* A cursor over `captured` bytes at `bytes` of what claims to be `claimed`. */
static inline struct cursor
cursor_over(const uint8_t *bytes, uint32_t captured, uint32_t claimed)
{
	struct cursor c = { bytes, captured, claimed, DECODE_OK };

	if (c.captured > c.claimed)
		c.captured = c.claimed;
	return c;
}

/* A cursor over nothing. */
static inline struct cursor
cursor_empty(void)
{
	static const uint8_t nothing[1];
	struct cursor c = { nothing, 0, 0, DECODE_OK };

	return c;
}

/* Notes a failure unless there was one before. Always returns false. */
static inline bool
cursor_fail(struct cursor *c, enum decode_status status)
{
	if (c->status == DECODE_OK)
		c->status = status;
	return false;
}

/* Whether `len` bytes can be read now; if not, the failure sticks. */
static inline bool
cursor_want(struct cursor *c, uint32_t len)
{
	if (c->status != DECODE_OK)
		return false;
	if (len > c->claimed)
		return cursor_fail(c, DECODE_MALFORMED);
	if (len > c->captured)
		return cursor_fail(c, DECODE_TRUNCATED);
	return true;
}

static inline void
cursor_advance(struct cursor *c, uint32_t len)
{
	c->next += len;
	c->captured -= len;
	c->claimed -= len;
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	uint8_t value;

	if (!cursor_want(c, 1))
		return 0;
	value = c->next[0];
	cursor_advance(c, 1);
	return value;
}

static inline uint16_t
cursor_u16(struct cursor *c)
{
	uint16_t value;

	if (!cursor_want(c, 2))
		return 0;
	value = (uint16_t)(c->next[0] << 8 | c->next[1]);
	cursor_advance(c, 2);
	return value;
}

static inline uint32_t
cursor_u32(struct cursor *c)
{
	uint32_t value;

	if (!cursor_want(c, 4))
		return 0;
	value = (uint32_t)c->next[0] << 24 | (uint32_t)c->next[1] << 16 |
	    (uint32_t)c->next[2] << 8 | c->next[3];
	cursor_advance(c, 4);
	return value;
}

/* The same 32 bits with the lowest octet first (BSD loopback, pcap files). */
static inline uint32_t
cursor_u32_le(struct cursor *c)
{
	uint32_t value = cursor_u32(c);

	return value >> 24 | (value >> 8 & 0xff00) | (value << 8 & 0xff0000) | value << 24;
}

static inline uint16_t
cursor_u16_le(struct cursor *c)
{
	uint16_t value = cursor_u16(c);

	return (uint16_t)(value >> 8 | value << 8);
}

/* An unsigned number of `len` octets (at most 8), network order. */
static inline uint64_t
cursor_uint(struct cursor *c, uint32_t len)
{
	uint64_t value = 0;
	uint32_t i;

	if (!cursor_want(c, len))
		return 0;
	for (i = 0; i < len; i++)
		value = value << 8 | c->next[i];
	cursor_advance(c, len);
	return value;
}

/* Moves over `len` bytes. */
static inline void
cursor_skip(struct cursor *c, uint32_t len)
{
	if (cursor_want(c, len))
		cursor_advance(c, len);
}

/* Moves over the rest of a header that says it has `len` bytes, of which `used` were read. */
static inline void
cursor_skip_header(struct cursor *c, uint32_t len, uint32_t used)
{
	if (len < used)
		cursor_fail(c, DECODE_MALFORMED);
	else
		cursor_skip(c, len - used);
}

/* Copies `len` bytes out; `out` is zeroed when they are not there. */
static inline bool
cursor_copy(struct cursor *c, void *out, uint32_t len)
{
	if (!cursor_want(c, len)) {
		memset(out, 0, len);
		return false;
	}
	memcpy(out, c->next, len);
	cursor_advance(c, len);
	return true;
}

/* Numbers `offset` bytes ahead, network order. Nothing moves. */
static inline uint8_t
cursor_u8_at(struct cursor *c, uint32_t offset)
{
	return cursor_want(c, offset + 1) ? c->next[offset] : 0;
}

static inline uint16_t
cursor_u16_at(struct cursor *c, uint32_t offset)
{
	if (!cursor_want(c, offset + 2))
		return 0;
	return (uint16_t)(c->next[offset] << 8 | c->next[offset + 1]);
}

static inline uint32_t
cursor_u32_at(struct cursor *c, uint32_t offset)
{
	if (!cursor_want(c, offset + 4))
		return 0;
	return (uint32_t)c->next[offset] << 24 | (uint32_t)c->next[offset + 1] << 16 |
	    (uint32_t)c->next[offset + 2] << 8 | c->next[offset + 3];
}

/* The octet `offset` bytes ahead without moving, or -1 when it is not held. */
static inline int
cursor_peek(const struct cursor *c, uint32_t offset)
{
	if (c->status != DECODE_OK || offset >= c->captured)
		return -1;
	return c->next[offset];
}

/*
 * Cuts the next `len` claimed bytes off as a cursor of their own and moves
 * past them, so the reader of an option cannot leave it. The piece may be
 * captured only in part: then it is the piece's reads that are TRUNCATED,
 * and the parent has nothing captured left. More than the parent claims is
 * the parent's MALFORMED, and the piece is empty with the same status.
 */
static inline struct cursor
cursor_cut(struct cursor *c, uint32_t len)
{
	struct cursor piece = cursor_empty();

	if (c->status == DECODE_OK && len > c->claimed)
		c->status = DECODE_MALFORMED;
	if (c->status != DECODE_OK) {
		piece.status = c->status;
		return piece;
	}
	piece = cursor_over(c->next, c->captured, len);
	if (len > c->captured) {
		c->next += c->captured;
		c->captured = 0;
		c->claimed -= len;
	} else {
		cursor_advance(c, len);
	}
	return piece;
}

/* Lowers what is claimed to `len`, as a length field in a header says. */
static inline void
cursor_limit(struct cursor *c, uint32_t len)
{
	if (len < c->claimed)
		c->claimed = len;
	if (c->captured > c->claimed)
		c->captured = c->claimed;
}

/* Takes `len` octets off the end, such as a link's check sequence. */
static inline void
cursor_trim(struct cursor *c, uint32_t len)
{
	if (len > c->claimed)
		cursor_fail(c, DECODE_MALFORMED);
	else
		cursor_limit(c, c->claimed - len);
}

/* Whether nothing is left by the sender's account, or reading has failed. */
static inline bool
cursor_done(const struct cursor *c)
{
	return c->status != DECODE_OK || c->claimed == 0;
}

/* Whether the capture holds all that is claimed. */
static inline bool
cursor_whole(const struct cursor *c)
{
	return c->captured == c->claimed;
}

/*
 * A reader's own view of `bits` bits (1 to 64) that start `bit` bits ahead;
 * zero and a sticky failure when they are not there. Nothing moves.
 */
static inline uint64_t
cursor_bits(struct cursor *c, uint32_t bit, uint32_t bits)
{
	uint32_t first = bit / 8, last = (bit + bits - 1) / 8, i;
	uint64_t value = 0;

	if (!cursor_want(c, last + 1))
		return 0;
	for (i = first; i <= last; i++)
		value = value << 8 | c->next[i];
	value >>= 7 - (bit + bits - 1) % 8;
	if (bits < 64)
		value &= ((uint64_t)1 << bits) - 1;
	return value;
}

/*
 * The one's complement sum (RFC 1071) of all captured bytes, not folded; an
 * odd last octet counts as the high half of a word. Nothing moves.
 */
static inline uint64_t
cursor_sum(const struct cursor *c)
{
	const uint8_t *p = c->next;
	uint32_t left = c->captured, half;
	uint64_t sum = 0, pair[2];
	uint16_t word;

	for (; left >= 16; left -= 16, p += 16) {
		memcpy(pair, p, 16);
		sum += pair[0];
		sum += sum < pair[0]; /* end-around carry */
		sum += pair[1];
		sum += sum < pair[1];
	}
	sum = (sum & UINT32_MAX) + (sum >> 32); /* so that the rest does not overflow */
	for (; left >= 4; left -= 4, p += 4) {
		memcpy(&half, p, 4);
		sum += half;
	}
	for (; left > 0; left -= left > 1 ? 2 : 1, p += 2) {
		word = 0;
		memcpy(&word, p, left > 1 ? 2 : 1);
		sum += word;
	}
	return sum;
}

/*
 * Mixes all captured bytes into 64 bits under `seed`: equal bytes give equal
 * digests, and who does not know the seed cannot make others meet. It compares
 * payloads; it is no table key, and not the same on machines of other byte
 * order. Nothing moves.
 */
static inline uint64_t
cursor_digest(const struct cursor *c, uint64_t seed)
{
	const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
	const uint8_t *p = c->next;
	uint32_t left = c->captured;
	uint64_t digest = seed ^ (left * odd), secret = seed * odd + 1, pair[2];

	for (; left >= 16; left -= 16, p += 16) {
		memcpy(pair, p, 16);
		digest = fold_product(pair[0] ^ digest, pair[1] ^ secret);
	}
	if (left == 0)
		return fold_product(digest ^ odd, secret);
	pair[0] = pair[1] = 0;
	if (left == 8) /* as of ping's 56 octets, behind the first 16 */
		memcpy(pair, p, 8);
	else
		memcpy(pair, p, left);
	digest = fold_product(pair[0] ^ digest, pair[1] ^ secret);
	return fold_product(digest ^ odd, secret);
}

#endif
