/*
 * Which request a reply answers, or an error quotes. Several requests may
 * share all that pairs them, and a reply need not come from who was asked.
 */
#include "analyzer/track/exchange_state.h"

#define SAME_SEQ_MAX 16 /* requests with one id and seq looked at */

struct request *
exchange_match(const struct exchange *exchange, const struct session *session,
    const struct question *question)
{
	struct request *latest = exchange_find(exchange, session, question->seq);
	struct request *request = latest, *waiting = NULL;
	uint32_t steps;

	for (steps = 0; request != NULL && steps < SAME_SEQ_MAX; steps++) {
		if (request->state == REQUEST_WAITING) {
			if (payload_equal(&request->payload, &question->payload))
				return request;
			if (waiting == NULL)
				waiting = request;
		}
		request = exchange_older_same(exchange, request);
	}
	return waiting != NULL ? waiting : latest;
}

/*
 * Where the sequence number is a digest of what pairs, the whole digest must
 * be the same.
 */
static struct request *
match_same(const struct exchange *exchange, const struct session *session,
    const struct question *question)
{
	struct request *request = exchange_match(exchange, session, question);

	if (request == NULL || pairing_of(family_of(session))->same[0] == NULL ||
	    payload_equal(&request->payload, &question->payload))
		return request;
	return NULL;
}

/* The request, if the session is there and has it. */
static bool
match_in(const struct exchange *exchange, struct session *session,
    const struct question *question, struct exchange_match *out)
{
	struct request *request;

	if (session == NULL)
		return false;
	request = match_same(exchange, session, question);
	if (request == NULL)
		return false;
	*out = (struct exchange_match){ session, request };
	return true;
}

/*
 * Somebody else was asked than who replies: behind address translation, or an
 * anycast address. Then the rest must be beyond doubt.
 */
static bool
match_elsewhere(struct exchange *exchange, const struct session_key *key,
    const struct question *question, struct exchange_match *out)
{
	const struct pairing *pairing = pairing_of((enum exchange_family)key->family);
	struct exchange_match found;

	if (!pairing_is_exact(pairing) ||
	    !match_in(exchange, exchange_find_asking(exchange, key), question, &found))
		return false;
	if ((pairing->flags & PAIRING_RETURNS_DATA) != 0 &&
	    (question->payload.captured == 0 || payload_match(&found.request->payload,
	    &question->payload) != PAYLOAD_SAME))
		return false;
	*out = found;
	return true;
}

struct exchange_match
exchange_match_reply(struct exchange *exchange, const struct session_key *key,
    const struct question *question)
{
	struct session *session = exchange_find_session(exchange, key);
	struct exchange_match match = { session, NULL };
	struct session_key group;

	if (match_in(exchange, session, question, &match))
		return match;
	/* Its sender may be in a group that was asked (RFC 1122 3.2.2.6, RFC 4443 4.2). */
	session_key_of_group(key, &group);
	if (!match_in(exchange, exchange_find_session(exchange, &group), question, &match))
		(void)match_elsewhere(exchange, key, question, &match);
	return match;
}

struct exchange_match
exchange_match_quote(struct exchange *exchange, const struct session_key *key,
    const struct quote *quote)
{
	struct exchange_match match = { exchange_find_session(exchange, key), NULL };
	struct request *request;
	uint32_t steps;

	if (match.session == NULL)
		return match;
	request = exchange_find(exchange, match.session, quote->transport.seq);
	for (steps = 0; request != NULL && steps < SAME_SEQ_MAX; steps++) {
		if (request->type == quote->transport.icmp_type &&
		    (request->state == REQUEST_WAITING || request->state == REQUEST_LOST)) {
			if (quote->ip.has_id && (uint16_t)quote->ip.id == request->ip_id) {
				match.request = request;
				break;
			}
			if (match.request == NULL)
				match.request = request;
		}
		request = exchange_older_same(exchange, request);
	}
	return match;
}
