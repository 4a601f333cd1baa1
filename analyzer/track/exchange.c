/*
 * Ties requests of every family to their replies and to the errors that quote
 * them: answered, late, lost, unreachable, unsolicited, duplicate, open. A
 * request stays known for a while after its verdict, so that late and
 * duplicate replies are recognised.
 */
#include "analyzer/track/exchange_state.h"
#include "analyzer/track/trackers.h"

#define COPY_NS 100000       /* the same frame again within it is a copy of a span */
#define TOUCH_NS 1000000000  /* sessions are in order of use to within it */
#define ROUTED_NS 5000000    /* ... or within it, once routed, of `-i any` */
#define TO_ALL_MAX 64        /* sessions that one reply to all is held against */

/*
 * Whether this is the frame that `request` was seen in, captured again:
 * by a span that delivers twice, or behind the router on which it is captured.
 * Senders that repeat themselves to the last octet take longer.
 */
static bool
is_copy(const struct packet *packet, const struct request *request, const struct payload *payload)
{
	uint64_t when_ns = packet->begun_ns;
	uint64_t within_ns = packet->ip.ttl == request->ttl ? COPY_NS : ROUTED_NS;

	return (request->state == REQUEST_WAITING || request->state == REQUEST_ANSWERED) &&
	    payload->digest == request->payload.digest &&
	    payload->len == request->payload.len && packet->ip.ttl <= request->ttl &&
	    (!packet->ip.has_id || (uint16_t)packet->ip.id == request->ip_id) &&
	    when_ns >= request->when_ns && when_ns - request->when_ns <= within_ns;
}

/* The session of a key, `known` or made when that is NULL. */
static struct session *
open_session(struct exchange *exchange, const struct session_key *key, struct session *known,
    uint64_t now_ns)
{
	const struct packet *packet = exchange->packet;
	struct session *session = known;

	if (session == NULL) {
		session = exchange_add_session(exchange, key, now_ns);
		session->first_ns = packet->frame->when_ns;
	} else {
		/* Who was used last need not be known to the packet. */
		if (now_ns - session->entry.seen_ns >= TOUCH_NS)
			table_touch(&exchange->sessions, &session->entry, now_ns);
	}
	session->last_ns = packet->frame->when_ns;
	return session;
}

/* Who asks whom, in a message of `type`; `reverse` for a reply. */
static void
key_of(const struct exchange *exchange, const struct pairing_type *type,
    const struct icmp_msg *msg, const struct question *question, struct session_key *out)
{
	*out = (struct session_key){ .id = question->id, .version = msg->version,
		.family = (uint8_t)type->family };
	session_key_ends(exchange->packet, msg->type->role == ICMP_REPLY, out);
	if (question->asked.version != 0)
		out->destination = question->asked;
}

static struct session *
request_session(struct exchange *exchange, const struct pairing_type *type,
    const struct icmp_msg *msg, const struct question *question, uint64_t now_ns)
{
	struct session_key key, group;
	struct session *session;

	key_of(exchange, type, msg, question, &key);
	if (question->asked.version != 0 || !session_is_group(exchange->packet)) {
		session = exchange_find_session(exchange, &key);
		return open_session(exchange, &key, session, now_ns);
	}
	session_key_of_group(&key, &group);
	session = exchange_find_session(exchange, &group);
	session = open_session(exchange, &group, session, now_ns);
	session->destination = key.destination;
	return session;
}

static void
on_request(struct exchange *exchange, const struct pairing_type *type,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	const struct packet *packet = exchange->packet;
	struct question question;
	struct session *session;
	struct request *request;

	if (!pairing_read(type, msg, exchange->seed, &question))
		return;
	session = request_session(exchange, type, msg, &question, now_ns);
	request = exchange_find(exchange, session, question.seq);
	if (request != NULL && is_copy(packet, request, &question.payload)) {
		COUNT(exchange, session, copies);
		if (request->copies < UINT8_MAX)
			request->copies++;
		return;
	}
	exchange_add(exchange, session, request, msg, &question);
	if ((type->pairing->flags & PAIRING_TO_ALL) != 0)
		exchange_expect_to_all(exchange, session);
}

static void
measure(struct exchange *exchange, struct session *session, uint64_t rtt_ns)
{
	struct entry *oldest;

	while (!session_rtt(session, &exchange->histograms, rtt_ns)) {
		oldest = table_oldest(&exchange->sessions);
		if (oldest == &session->entry) {
			session_rtt_unbinned(session, &exchange->histograms, rtt_ns);
			return;
		}
		exchange_drop_session(exchange, oldest);
	}
}

/* A request's first answer: in time, late, or after an error. */
static enum exchange_status
answer(struct exchange *exchange, struct session *session, struct request *request)
{
	enum exchange_status status = EXCHANGE_ANSWERED;
	uint64_t waited_ns;

	if (request->state == REQUEST_LOST) {
		UNCOUNT(exchange, session, lost);
		COUNT(exchange, session, late);
		status = EXCHANGE_LATE;
	} else {
		if (request->state == REQUEST_UNREACHABLE)
			UNCOUNT(exchange, session, unreachable);
		COUNT(exchange, session, answered);
	}
	request->state = REQUEST_ANSWERED;
	request->replies = 1;
	if (exchange_waited(exchange, request, &waited_ns))
		measure(exchange, session, waited_ns);
	return status;
}

/* Whether this reply is of somebody of the group asked who did not reply yet. */
static bool
is_new_replier(struct exchange *exchange, struct session *session, struct request *request)
{
	if (!session_asks_group(session) || !exchange_add_replier(exchange, request))
		return false;
	if (++request->repliers > session->repliers)
		session->repliers = request->repliers;
	return true;
}

/* A capture that doubled the request doubles every replier's reply too. */
static bool
is_reply_copy(const struct request *request)
{
	uint32_t repliers = request->repliers > 1 ? request->repliers : 1;

	return request->reply_copies < request->copies * repliers;
}

/* What a reply means for the request it matches; false for a mere copy. */
static bool
judge_reply(struct exchange *exchange, struct session *session, struct request *request,
    enum exchange_status *status)
{
	bool is_new = is_new_replier(exchange, session, request);

	if (request->state != REQUEST_ANSWERED) {
		*status = answer(exchange, session, request);
		return true;
	}
	if (!is_new && is_reply_copy(request)) {
		request->reply_copies++;
		COUNT(exchange, session, copies);
		return false;
	}
	if (is_new)
		COUNT(exchange, session, further);
	else
		COUNT(exchange, session, duplicates);
	*status = EXCHANGE_DUPLICATE;
	request->replies++;
	return true;
}

/* A reply to a request that was found. */
static void
on_match(struct exchange *exchange, struct session *session, struct request *request,
    const struct icmp_msg *msg, const struct question *question)
{
	struct exchange_reply reply = { .msg = msg, .seq = question->seq };
	enum exchange_status status;

	if (!judge_reply(exchange, session, request, &status))
		return;
	if ((pairing_of(family_of(session))->flags & PAIRING_RETURNS_DATA) != 0)
		reply.payload_match = payload_match(&request->payload, &question->payload);
	if (reply.payload_match == PAYLOAD_DIFFERENT)
		COUNT(exchange, session, altered);
	if (status != EXCHANGE_DUPLICATE && session_answer(session, request->ordinal)) {
		COUNT(exchange, session, reordered);
		reply.is_reordered = true;
	}
	exchange_emit_reply(exchange, status, session, request, &reply);
}

/*
 * Whether what is said to all still matters to a request: it waits, or somebody
 * else answered it just now. Who repeats what they said announces it.
 */
static bool
is_concerned(const struct exchange *exchange, const struct session *session,
    const struct request *request)
{
	if (request->state == REQUEST_WAITING)
		return true;
	return request->state == REQUEST_ANSWERED && session_asks_group(session) &&
	    exchange->now_ns - request->entry.seen_ns < exchange->timeout_ns &&
	    !exchange_has_replied(exchange, request);
}

/* A reply to a group: for everybody who waits for it; to nobody it is an announcement. */
static void
on_reply_to_all(struct exchange *exchange, const struct pairing_type *type,
    const struct icmp_msg *msg, const struct question *question)
{
	uint32_t place = exchange->newest_to_all[type->family], steps;
	struct session *session;
	struct request *request;

	for (steps = 0; place != TABLE_NONE && steps < TO_ALL_MAX; steps++) {
		session = (struct session *)table_at(&exchange->sessions, place);
		place = session->older_to_all;
		if (session->key.version != msg->version ||
		    (question->id != 0 && question->id != session->key.id) ||
		    !pairing_speaks_of(type, msg, &session->key.destination))
			continue;
		request = exchange_match(exchange, session, question);
		if (request != NULL && is_concerned(exchange, session, request))
			on_match(exchange, session, request, msg, question);
	}
}

static void
on_reply(struct exchange *exchange, const struct pairing_type *type,
    const struct icmp_msg *msg, uint64_t now_ns)
{
	struct question question;
	struct exchange_match match;
	struct session_key key;

	if (!pairing_read(type, msg, exchange->seed, &question))
		return;
	if ((type->pairing->flags & PAIRING_TO_ALL) != 0 && session_is_group(exchange->packet)) {
		on_reply_to_all(exchange, type, msg, &question);
		return;
	}
	key_of(exchange, type, msg, &question, &key);
	match = exchange_match_reply(exchange, &key, &question);
	if (match.request == NULL && (type->pairing->flags & PAIRING_UNASKED) != 0)
		return;
	match.session = open_session(exchange, &key, match.session, now_ns);
	if (match.request != NULL) {
		on_match(exchange, match.session, match.request, msg, &question);
	} else {
		const struct exchange_reply reply = { .msg = msg, .seq = question.seq };

		COUNT(exchange, match.session, unsolicited);
		exchange_emit_reply(exchange, EXCHANGE_UNSOLICITED, match.session, NULL, &reply);
	}
}

/* Whether this error means that the datagram it quotes was not delivered. */
static bool
is_undelivered(const struct icmp_msg *msg)
{
	if (msg->version == 4)
		return msg->type_number == ICMP4_DESTINATION_UNREACHABLE ||
		    msg->type_number == ICMP4_TIME_EXCEEDED ||
		    msg->type_number == ICMP4_PARAMETER_PROBLEM;
	return msg->type_number <= ICMP6_PARAMETER_PROBLEM;
}

static void
on_error(struct exchange *exchange, const struct icmp_msg *msg)
{
	const struct pairing_type *type =
	    &exchange->types[msg->version == 6][msg->quote.transport.icmp_type];
	struct exchange_match match;
	struct session_key key;

	if (type->pairing == NULL)
		return;
	session_key_of_quote(&msg->quote, msg->version, type->family, &key);
	match = exchange_match_quote(exchange, &key, &msg->quote);
	if (match.request == NULL)
		return;
	if (match.request->state == REQUEST_LOST)
		UNCOUNT(exchange, match.session, lost);
	match.request->state = REQUEST_UNREACHABLE;
	COUNT(exchange, match.session, unreachable);
	exchange_emit_unreachable(exchange, match.session, match.request, msg);
}

static void *
exchange_create(const struct tracker_context *context, char *err)
{
	return exchange_state_create(context, err);
}

static void
exchange_destroy(void *state)
{
	exchange_state_free(state);
}

static void
exchange_message(void *state, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct exchange *exchange = state;
	const struct pairing_type *type = &exchange->types[msg->version == 6][msg->type_number];

	if (packet->is_partial)
		return; /* it did not reach anyone whole */
	exchange->packet = packet;
	exchange->now_ns = now_ns;
	if (type->pairing != NULL && msg->type->role == ICMP_REQUEST)
		on_request(exchange, type, msg, now_ns);
	else if (type->pairing != NULL)
		on_reply(exchange, type, msg, now_ns);
	else if (msg->type->role == ICMP_ERROR && msg->quote.present &&
	    msg->quote.transport.has_echo && is_undelivered(msg))
		on_error(exchange, msg);
}

/* Requests are forgotten once late answers are no longer waited for. */
static void
forget(struct exchange *exchange, uint64_t now_ns)
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
	exchange_emit_unanswered(exchange, EXCHANGE_LOST, request);
}

/* Ends the waits that are over; returns when the next one will be. */
static uint64_t
judge(struct exchange *exchange, uint64_t now_ns)
{
	struct request *request;

	while (exchange->judged != TABLE_NONE) {
		request = exchange_request_at(exchange, exchange->judged);
		if (now_ns - request->entry.seen_ns < exchange->timeout_ns)
			return request->entry.seen_ns + exchange->timeout_ns;
		exchange->judged = request->entry.newer;
		if (request->state == REQUEST_WAITING)
			give_up(exchange, request);
	}
	return now_ns + exchange->timeout_ns;
}

/* After a long silence a request may be due for both: first its verdict. */
static uint64_t
exchange_tick(void *state, uint64_t now_ns)
{
	struct exchange *exchange = state;
	uint64_t due_ns = judge(exchange, now_ns);

	forget(exchange, now_ns);
	return due_ns;
}

static void
exchange_finish(void *state, uint64_t now_ns, uint64_t end_ns)
{
	struct exchange *exchange = state;
	struct request *request;

	exchange->end_ns = end_ns;
	(void)exchange_tick(exchange, now_ns);
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

static int
exchange_report(void *state, struct report *out)
{
	struct exchange *exchange = state;
	int count = session_report(&exchange->sessions, &exchange->histograms, exchange->totals,
	    exchange->families);

	if (count < 0)
		return -1;
	out->families = exchange->families;
	out->family_count = (uint32_t)count;
	out->pairs_evicted = exchange->sessions_evicted;
	return 0;
}

static uint32_t
exchange_tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct exchange *exchange = state;
	const struct histogram_pool *pool = &exchange->histograms;

	if (max < 4)
		return 0;
	report_table_row(&exchange->sessions, &out[0]);
	out[0].evicted = exchange->sessions_evicted;
	report_table_row(&exchange->requests, &out[1]);
	report_table_row(&exchange->repliers, &out[2]);
	out[3] = (struct report_table){
		.name = "exchange.histogram_chunks",
		.capacity = pool->capacity,
		.count = pool->used,
		.peak = pool->peak,
		.refused = pool->refused,
		.memory = histogram_pool_memory(pool),
	};
	return 4;
}

const struct tracker tracker_exchange = {
	.name = "exchange",
	.create = exchange_create,
	.message = exchange_message,
	.tick = exchange_tick,
	.finish = exchange_finish,
	.report = exchange_report,
	.tables = exchange_tables,
	.destroy = exchange_destroy,
};
