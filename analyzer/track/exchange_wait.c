/*
 * Waits that end: without an answer in time, or with the capture.
 */
#include "analyzer/track/exchange_state.h"

void
exchange_forget(struct exchange *exchange, uint64_t now_ns)
{
	struct entry *entry;

	while ((entry = table_expire_next(&exchange->requests, now_ns)) != NULL)
		exchange_unlink(exchange, (struct request *)entry);
}

/* Whether it tells something that nobody answers, and is no loss. */
static bool
may_be_silent(const struct session *session)
{
	unsigned flags = pairing_of(family_of(session))->flags;

	return (flags & PAIRING_SILENCE) != 0 || ((flags & PAIRING_SILENCE_TO_NOBODY) != 0 &&
	    addr_is_unspecified(&session->key.source));
}

/* Nobody answered in time. */
static void
give_up(struct exchange *exchange, struct request *request)
{
	struct session *session = session_of(exchange, request);

	if (may_be_silent(session)) {
		request->state = REQUEST_UNANSWERED;
		COUNT(exchange, session, unanswered);
		exchange_emit_unanswered(exchange, EXCHANGE_UNANSWERED, request);
		return;
	}
	request->state = REQUEST_LOST;
	COUNT(exchange, session, lost);
	series_lost(&exchange->series, session, request->when_ns);
	exchange_emit_unanswered(exchange, EXCHANGE_LOST, request);
}

/* Says what was lost; returns when the next wait will be over. */
uint64_t
exchange_end_waits(struct exchange *exchange, uint64_t now_ns)
{
	struct request *request;

	for (; exchange->judged != TABLE_NONE; exchange->judged = request->entry.newer) {
		request = exchange_request_at(exchange, exchange->judged);
		__builtin_prefetch(exchange_request_at(exchange, request->entry.newer));
		if (request->state != REQUEST_WAITING)
			continue;
		if (now_ns - request->entry.seen_ns < exchange->timeout_ns)
			return request->entry.seen_ns + exchange->timeout_ns;
		give_up(exchange, request);
	}
	return now_ns + exchange->timeout_ns;
}

void
exchange_leave_open(struct exchange *exchange, uint64_t end_ns)
{
	struct request *request;

	exchange->end_ns = end_ns;
	while (exchange->judged != TABLE_NONE) {
		request = exchange_request_at(exchange, exchange->judged);
		exchange->judged = request->entry.newer;
		if (request->state != REQUEST_WAITING)
			continue;
		/* What need not be answered is no loss, however long it waited. */
		if (may_be_silent(session_of(exchange, request)))
			COUNT(exchange, session_of(exchange, request), unanswered);
		exchange_emit_unanswered(exchange, EXCHANGE_OPEN, request);
	}
}
