/*
 * Comparing payloads by digest. Hosts shorten what they return, captures cut
 * what they keep; neither makes a payload a different one.
 */
#include "decoders/payload.h"

#include <stddef.h>

struct payload
payload_read(struct cursor c, uint64_t seed)
{
	struct payload payload = { .len = c.claimed, .captured = c.captured };
	struct cursor head;

	if (c.claimed <= PAYLOAD_HEAD_LEN) {
		payload.head = cursor_digest(&c, seed);
		return payload;
	}
	head = cursor_cut(&c, PAYLOAD_HEAD_LEN);
	payload.head = cursor_digest(&head, seed);
	payload.rest = cursor_digest(&c, seed);
	return payload;
}

enum payload_match
payload_match(const struct payload *request, const struct payload *reply)
{
	if (request->len == 0 || reply->len == 0)
		return request->len == reply->len ? PAYLOAD_SAME : PAYLOAD_DIFFERENT;
	if (request->captured == 0 || reply->captured == 0)
		return PAYLOAD_UNKNOWN;
	if (request->len == reply->len && request->captured == reply->captured)
		return payload_equal(request, reply) ? PAYLOAD_SAME : PAYLOAD_DIFFERENT;
	if (request->captured < PAYLOAD_HEAD_LEN || reply->captured < PAYLOAD_HEAD_LEN)
		return request->len == reply->len ? PAYLOAD_UNKNOWN : PAYLOAD_DIFFERENT;
	if (request->head != reply->head)
		return PAYLOAD_DIFFERENT;
	if (request->len == reply->len)
		return PAYLOAD_UNKNOWN; /* cut at different places by the capture */
	return reply->len < request->len ? PAYLOAD_TRUNCATED : PAYLOAD_DIFFERENT;
}

const char *
payload_match_name(enum payload_match match)
{
	static const char *const names[] = {
		[PAYLOAD_SAME] = "same",
		[PAYLOAD_TRUNCATED] = "truncated",
		[PAYLOAD_DIFFERENT] = "different",
	};

	return names[match];
}
