/*
 * Ties echo requests to their replies and to the errors that quote them:
 * answered, late, lost, unreachable, unsolicited, duplicate, open. A request
 * stays known for a while after its verdict, so that late and duplicate
 * replies are recognised.
 */
#include <stdlib.h>

#include "analyzer/track/exchange_state.h"
#include "analyzer/track/trackers.h"

#define SAME_SEQ_MAX 16      /* requests with one id and seq looked at per reply */
#define COPY_NS 100000       /* the same frame again within it is a copy of a span */
#define TOUCH_NS 1000000000  /* sessions are in order of use to within it */
#define ROUTED_NS 5000000    /* ... or within it, once routed, of `-i any` */

/*
 * Whether this echo is the frame that `request` was seen in, captured again:
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

/*
 * The session of a reply. Where none asked its sender, somebody may have asked
 * a group that it is in (RFC 1122 3.2.2.6, RFC 4443 4.2).
 */
static struct session *
reply_session(struct exchange *exchange, const struct icmp_msg *msg, uint64_t now_ns)
{
	uint16_t id = (uint16_t)msg->values[ECHO_ID].number;
	struct session_key key, group;
	struct session *session;

	session_key_of(exchange->packet, msg->version, id, true, &key);
	session = exchange_find_session(exchange, &key);
	if (session == NULL) {
		session_key_of_group(&key, &group);
		session = exchange_find_session(exchange, &group);
	}
	return open_session(exchange, &key, session, now_ns);
}

static struct session *
request_session(struct exchange *exchange, const struct icmp_msg *msg, uint64_t now_ns)
{
	const struct packet *packet = exchange->packet;
	uint16_t id = (uint16_t)msg->values[ECHO_ID].number;
	struct session_key key, group;
	struct session *session;

	session_key_of(packet, msg->version, id, false, &key);
	if (!session_is_group(packet)) {
		session = exchange_find_session(exchange, &key);
		return open_session(exchange, &key, session, now_ns);
	}
	session_key_of_group(&key, &group);
	session = exchange_find_session(exchange, &group);
	session = open_session(exchange, &group, session, now_ns);
	session->destination = key.destination;
	return session;
}

/* The request before with the same sequence number, or NULL. */
static struct request *
older_same(const struct exchange *exchange, const struct request *request)
{
	if (request->older_same == TABLE_NONE)
		return NULL;
	return exchange_request_at(exchange, request->older_same);
}

static void
on_request(struct exchange *exchange, const struct icmp_msg *msg, uint64_t now_ns)
{
	const struct packet *packet = exchange->packet;
	struct session *session = request_session(exchange, msg, now_ns);
	struct payload payload = payload_read(msg->tail, exchange->seed);
	struct request *request = exchange_find(exchange, session,
	    (uint16_t)msg->values[ECHO_SEQ].number);

	if (request != NULL && is_copy(packet, request, &payload)) {
		COUNT(exchange, session, copies);
		if (request->copies < UINT8_MAX)
			request->copies++;
		return;
	}
	exchange_add(exchange, session, request, msg, &payload);
}

/*
 * The request that a reply answers. Several may share id and seq: one that
 * still waits and sent the same payload comes first, then any that waits, then
 * the latest.
 */
static struct request *
match_request(struct exchange *exchange, const struct session *session, uint16_t seq,
    const struct payload *payload)
{
	struct request *latest = exchange_find(exchange, session, seq), *waiting = NULL;
	struct request *request = latest;
	uint32_t steps;

	for (steps = 0; request != NULL && steps < SAME_SEQ_MAX; steps++) {
		if (request->state == REQUEST_WAITING) {
			if (request->payload.digest == payload->digest)
				return request;
			if (waiting == NULL)
				waiting = request;
		}
		request = older_same(exchange, request);
	}
	return waiting != NULL ? waiting : latest;
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
static enum event_id
answer(struct exchange *exchange, struct session *session, struct request *request)
{
	enum event_id id = EVENT_ECHO_ANSWERED;

	switch ((enum request_state)request->state) {
	case REQUEST_LOST:
		UNCOUNT(exchange, session, lost);
		COUNT(exchange, session, late);
		id = EVENT_ECHO_LATE;
		break;
	case REQUEST_UNREACHABLE:
		UNCOUNT(exchange, session, unreachable);
		COUNT(exchange, session, answered);
		break;
	default:
		COUNT(exchange, session, answered);
		break;
	}
	request->state = REQUEST_ANSWERED;
	return id;
}

/* What a reply means for the request it matches; false for a mere copy. */
static bool
judge_reply(struct exchange *exchange, struct session *session, struct request *request,
    enum event_id *id)
{
	uint64_t waited_ns;

	if (request->state == REQUEST_ANSWERED) {
		/* A capture that doubled the request doubles the reply too. */
		if (request->reply_copies < request->copies) {
			request->reply_copies++;
			COUNT(exchange, session, copies);
			return false;
		}
		COUNT(exchange, session, duplicates);
		*id = EVENT_ECHO_DUPLICATE;
		request->replies++;
		return true;
	}
	*id = answer(exchange, session, request);
	request->replies = 1;
	if (exchange_waited(exchange, request, &waited_ns))
		measure(exchange, session, waited_ns);
	return true;
}

static void
on_reply(struct exchange *exchange, const struct icmp_msg *msg, uint64_t now_ns)
{
	struct session *session = reply_session(exchange, msg, now_ns);
	struct payload payload = payload_read(msg->tail, exchange->seed);
	uint16_t seq = (uint16_t)msg->values[ECHO_SEQ].number;
	struct request *request = match_request(exchange, session, seq, &payload);
	enum event_id id = EVENT_ECHO_UNSOLICITED;
	struct exchange_reply reply = { .msg = msg, .seq = seq };

	if (request == NULL) {
		COUNT(exchange, session, unsolicited);
	} else {
		if (!judge_reply(exchange, session, request, &id))
			return;
		reply.payload_match = payload_match(&request->payload, &payload);
		if (reply.payload_match == PAYLOAD_DIFFERENT)
			COUNT(exchange, session, altered);
		if (id != EVENT_ECHO_DUPLICATE && session_answer(session, request->ordinal)) {
			COUNT(exchange, session, reordered);
			reply.is_reordered = true;
		}
	}
	exchange_emit_reply(exchange, id, session, request, &reply);
}

/* The request that an error quotes: by its IP identification, else any that waits. */
static struct request *
quoted_request(struct exchange *exchange, const struct session *session,
    const struct quote *quote)
{
	struct request *request = exchange_find(exchange, session, quote->transport.seq);
	struct request *waiting = NULL;
	uint32_t steps;

	for (steps = 0; request != NULL && steps < SAME_SEQ_MAX; steps++) {
		if (request->type == quote->transport.icmp_type &&
		    (request->state == REQUEST_WAITING || request->state == REQUEST_LOST)) {
			if (quote->ip.has_id && (uint16_t)quote->ip.id == request->ip_id)
				return request;
			if (waiting == NULL)
				waiting = request;
		}
		request = older_same(exchange, request);
	}
	return waiting;
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
	struct session_key key;
	struct session *session;
	struct request *request;

	session_key_of_quote(&msg->quote, msg->version, &key);
	session = exchange_find_session(exchange, &key);
	request = session != NULL ? quoted_request(exchange, session, &msg->quote) : NULL;
	if (request == NULL)
		return;
	if (request->state == REQUEST_LOST)
		UNCOUNT(exchange, session, lost);
	request->state = REQUEST_UNREACHABLE;
	COUNT(exchange, session, unreachable);
	exchange_emit_unreachable(exchange, session, request, msg);
}

static bool
is_echo(const struct icmp_msg *msg, uint8_t echo4, uint8_t echo6)
{
	return msg->type_number == (msg->version == 4 ? echo4 : echo6) &&
	    msg->value_count >= ECHO_FIELDS;
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

	if (packet->is_partial)
		return; /* it did not reach anyone whole */
	exchange->packet = packet;
	exchange->now_ns = now_ns;
	if (is_echo(msg, ICMP4_ECHO, ICMP6_ECHO_REQUEST))
		on_request(exchange, msg, now_ns);
	else if (is_echo(msg, ICMP4_ECHO_REPLY, ICMP6_ECHO_REPLY))
		on_reply(exchange, msg, now_ns);
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
		if (request->state != REQUEST_WAITING)
			continue;
		request->state = REQUEST_LOST;
		COUNT(exchange, session_of(exchange, request), lost);
		exchange_emit_unanswered(exchange, EVENT_ECHO_LOST, request);
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
		if (request->state == REQUEST_WAITING)
			exchange_emit_unanswered(exchange, EVENT_ECHO_OPEN, request);
	}
}

static int
exchange_report(void *state, struct report *out)
{
	struct exchange *exchange = state;
	struct histogram_dense *dense = malloc(sizeof(*dense));
	int64_t total = -1;

	free(exchange->pairs);
	exchange->pairs = calloc((size_t)2 * REPORT_LIST_MAX, sizeof(*exchange->pairs));
	if (exchange->pairs != NULL && dense != NULL)
		total = session_report(&exchange->sessions, &exchange->histograms, dense,
		    exchange->pairs, &out->pair_lossy);
	if (total >= 0) {
		out->pairs = exchange->pairs;
		out->pair_total = (uint32_t)total;
		out->pair_count = REPORT_LIST_MAX;
		if (total < REPORT_LIST_MAX)
			out->pair_count = (uint32_t)total;
		session_counts_report(&exchange->totals, &out->all_pairs);
		*dense = exchange->evicted_rtt;
		session_report_all(&exchange->sessions, &exchange->histograms, dense,
		    &out->all_pairs);
		out->all_pairs.sessions = exchange->sessions.count;
		out->pairs_evicted = exchange->sessions_evicted;
	}
	free(dense);
	return total >= 0 ? 0 : -1;
}

static uint32_t
exchange_tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct exchange *exchange = state;
	const struct histogram_pool *pool = &exchange->histograms;

	if (max < 3)
		return 0;
	report_table_row(&exchange->sessions, &out[0]);
	out[0].evicted = exchange->sessions_evicted;
	report_table_row(&exchange->requests, &out[1]);
	out[2] = (struct report_table){
		.name = "exchange.histogram_chunks",
		.capacity = pool->capacity,
		.count = pool->used,
		.peak = pool->peak,
		.refused = pool->refused,
		.memory = histogram_pool_memory(pool),
	};
	return 3;
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
