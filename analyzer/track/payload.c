/*
 * Comparing payloads by digest. Hosts shorten what they return, captures cut
 * what they keep; neither makes a payload a different one.
 */
#include "analyzer/track/payload.h"

#include <stddef.h>

#define HEAD_LEN 16 /* octets compared when the rest was cut */

struct payload
payload_read(struct cursor c, uint64_t seed)
{
	struct payload payload = {
		.digest = cursor_digest(&c, seed),
		.len = c.claimed,
		.captured = c.captured,
	};

	cursor_limit(&c, HEAD_LEN);
	payload.head = cursor_digest(&c, seed);
	return payload;
}

const char *
payload_match(const struct payload *request, const struct payload *reply)
{
	if (request->len == 0 || reply->len == 0)
		return request->len == reply->len ? "same" : "different";
	if (request->captured == 0 || reply->captured == 0)
		return NULL;
	if (request->len == reply->len && request->captured == reply->captured)
		return request->digest == reply->digest ? "same" : "different";
	if (request->captured < HEAD_LEN || reply->captured < HEAD_LEN)
		return request->len == reply->len ? NULL : "different";
	if (request->head != reply->head)
		return "different";
	if (request->len == reply->len)
		return NULL; /* cut at different places by the capture */
	return reply->len < request->len ? "truncated" : "different";
}
