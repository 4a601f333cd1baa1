/*
 * What payloads of pings are like: whether they are like those before, and
 * what is in them.
 */
#include "analyzer/detect/tunnel.h"

#include <string.h>

#include "analyzer/core/distinct.h"

#define CHANGED_LEAST 16   /* octets that a timestamp and a counter do not have */
#define MOST_PERCENT 97    /* of the octets of text */
#define DISTINCT_PERCENT 75 /* of octets, different in random ones */
#define CLASSIFY_LEAST 8   /* octets, or it is not known what they are */
#define RANDOM_LEAST 24
#define BASE64_LEAST 16
#define PRIME UINT64_C(0x9e3779b97f4a7c15)
#define SIZES 61           /* a prime, for lengths are often multiples of something */

/* Octets that are unlike those in the same place of the one before. */
static uint32_t
count_changed(const struct tunnel_side *side, const uint8_t *sample, uint32_t len)
{
	uint32_t changed = 0, i;

	for (i = 0; i < len && i < side->sample_len; i++)
		changed += sample[i] != side->sample[i];
	return changed;
}

/* Whether it is another payload than before, not the same with another timestamp. */
static bool
is_fresh(const struct tunnel_side *side, const uint8_t *sample, uint32_t len)
{
	uint32_t common = len < side->sample_len ? len : side->sample_len;
	uint32_t changed = count_changed(side, sample, len);

	if (side->payloads == 0)
		return false;
	return changed > CHANGED_LEAST || 2 * changed > common || common == 0;
}

static bool
is_among(const uint64_t *digests, unsigned count, uint64_t digest)
{
	unsigned i;

	for (i = 0; i < count; i++)
		if (digests[i] == digest)
			return true;
	return false;
}

enum admission
strangers_admit(struct strangers *strangers, const struct subject_key *key,
    const struct payload *payload)
{
	uint64_t pair = distinct_hash_addr(&key->actor) * PRIME ^ distinct_hash_addr(&key->victim);
	uint32_t *place = &strangers->pairs[pair % STRANGERS_PAIRS];
	uint32_t tag = (uint32_t)(pair >> 32);
	uint64_t digest = tunnel_digest(payload);

	if (payload->captured > 0 && !is_among(strangers->payloads, STRANGERS_PAYLOADS, digest)) {
		strangers->payloads[strangers->next++ % STRANGERS_PAYLOADS] = digest;
		return ADMIT_NEW;
	}
	if (*place == tag)
		return ADMIT_KNOWN;
	*place = tag;
	return ADMIT_NOT_YET;
}

static bool
is_base64(uint8_t octet)
{
	return (octet >= 'A' && octet <= 'Z') || (octet >= 'a' && octet <= 'z') ||
	       (octet >= '0' && octet <= '9') || octet == '+' || octet == '/' || octet == '=';
}

static bool
is_text(uint8_t octet)
{
	return (octet >= ' ' && octet <= '~') || octet == '\n' || octet == '\r' || octet == '\t';
}

/* Notes what a payload is made of; a timestamp may be in front of it. */
static void
classify(struct tunnel_side *side, const uint8_t *sample, uint32_t len)
{
	uint64_t bits[4] = { 0 };
	uint32_t text = 0, base64 = 0, distinct = 0, i;

	if (len >= 2 * PAYLOAD_HEAD_LEN) {
		sample += PAYLOAD_HEAD_LEN;
		len -= PAYLOAD_HEAD_LEN;
	}
	if (len < CLASSIFY_LEAST)
		return;
	for (i = 0; i < len; i++) {
		text += is_text(sample[i]);
		base64 += is_base64(sample[i]);
		distinct += (bits[sample[i] >> 6] >> (sample[i] & 63) & 1) == 0;
		bits[sample[i] >> 6] |= UINT64_C(1) << (sample[i] & 63);
	}
	side->base64 += base64 == len && len >= BASE64_LEAST;
	side->text += text * 100 >= len * MOST_PERCENT;
	side->random += text * 2 < len * 2 - len / 2 && len >= RANDOM_LEAST &&
	    distinct * 100 >= len * DISTINCT_PERCENT;
}

/* Notes one that is unlike those before. */
static bool
note_fresh(struct tunnel_side *side, const uint8_t *sample, uint32_t len)
{
	bool fresh = is_fresh(side, sample, len);

	if (fresh) {
		side->fresh++;
		classify(side, sample, len);
	}
	memcpy(side->sample, sample, len);
	side->sample_len = (uint8_t)len;
	return fresh;
}

static bool
note_contents(struct tunnel *tunnel, struct cursor payload)
{
	const struct tunnel_tool *tool = tunnel_tool_of(payload);
	bool has_inner = tunnel_inner_find(payload, &tunnel->inner);

	if (tool != NULL) {
		tunnel->tool = tool;
		tunnel->known++;
	}
	tunnel->inner_count += has_inner;
	return tool != NULL || has_inner;
}

enum tunnel_look
tunnel_payload_look(struct tunnel *tunnel, enum tunnel_way way, struct cursor payload,
    const struct payload *digest)
{
	struct tunnel_side *side = &tunnel->sides[way];
	uint64_t whole = tunnel_digest(digest);
	struct cursor head = payload;
	uint8_t sample[TUNNEL_SAMPLE];
	uint32_t len;
	bool is_sign;

	if (payload.captured == 0)
		return LOOK_ORDINARY;
	if (is_among(tunnel->seen[way], TUNNEL_SEEN, whole)) {
		if (tunnel->tool == NULL || !tunnel->tool->fits(payload))
			return LOOK_ORDINARY;
		tunnel->known++;
		side->octets += digest->len;
		return LOOK_SIGN;
	}
	len = payload.captured < TUNNEL_SAMPLE ? payload.captured : TUNNEL_SAMPLE;
	(void)cursor_copy(&head, sample, len);
	is_sign = note_fresh(side, sample, len);
	tunnel->seen[way][side->payloads % TUNNEL_SEEN] = whole;
	side->payloads++;
	side->sizes |= UINT64_C(1) << (digest->len % SIZES);
	if (digest->len > side->largest)
		side->largest = digest->len;
	if (!note_contents(tunnel, payload) && !is_sign)
		return LOOK_OTHER;
	side->octets += digest->len;
	return LOOK_SIGN;
}

void
tunnel_side_restart(struct tunnel_side *side)
{
	struct tunnel_side fresh = { .sample_len = side->sample_len };

	memcpy(fresh.sample, side->sample, sizeof(fresh.sample));
	*side = fresh;
}
