/*
 * Ties requests of every family to their replies and to the errors that quote
 * them: answered, late, lost, unreachable, unsolicited, duplicate, open. A
 * request stays known for a while after its verdict, so that late and
 * duplicate replies are recognised.
 */
#include <stdlib.h>

#include "analyzer/track/exchange_state.h"
#include "analyzer/track/trackers.h"

#define COPY_NS 100000       /* the same frame again within it is a copy of a span */
#define TOUCH_NS UINT64_C(16000000000) /* sessions are in order of use to within it */
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
	    payload_equal(payload, &request->payload) && packet->ip.ttl <= request->ttl &&
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
	if (question->asked.version != 0 || !packet_is_to_group(exchange->packet)) {
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
answer(struct exchange *exchange, struct session *session, struct request *request,
    const struct reply *reply)
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
	series_answered(&exchange->series, session, request->when_ns,
	    request->state == REQUEST_LOST || request->state == REQUEST_UNREACHABLE);
	request->state = REQUEST_ANSWERED;
	request->replies = 1;
	if (exchange_waited(exchange, request, reply->when_ns, &waited_ns)) {
		measure(exchange, session, waited_ns);
		series_rtt(&exchange->series, session, request->when_ns, waited_ns);
	}
	if (addr_equal(&reply->source, &session->key.destination))
		session_ttl(session, reply->ttl);
	return status;
}

/* Whether this reply is of somebody of the group asked who did not reply yet. */
static bool
is_new_replier(struct exchange *exchange, struct session *session, struct request *request,
    const struct reply *reply)
{
	if (!session_asks_group(session) ||
	    !exchange_add_replier(exchange, request, &reply->source))
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
    const struct reply *reply, enum exchange_status *status)
{
	bool is_new = is_new_replier(exchange, session, request, reply);

	if (request->state != REQUEST_ANSWERED) {
		*status = answer(exchange, session, request, reply);
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
    const struct reply *reply)
{
	struct verdict verdict = { .payload_match = PAYLOAD_UNKNOWN };

	if (!judge_reply(exchange, session, request, reply, &verdict.status))
		return;
	if ((pairing_of(family_of(session))->flags & PAIRING_RETURNS_DATA) != 0)
		verdict.payload_match = payload_match(&request->payload,
		    &reply->question.payload);
	if (verdict.payload_match == PAYLOAD_DIFFERENT)
		COUNT(exchange, session, altered);
	if (verdict.status != EXCHANGE_DUPLICATE && session_answer(session, request->ordinal)) {
		COUNT(exchange, session, reordered);
		verdict.is_reordered = true;
	}
	exchange_emit_reply(exchange, session, request, reply, &verdict);
}

/*
 * The same request captured again. Behind a router it is on the side where its
 * answer comes in first: an RTT is measured on one side. Of those captured at
 * one time the last one counts, as for tshark.
 */
static void
note_copy(struct exchange *exchange, struct session *session, struct request *request)
{
	const struct packet *packet = exchange->packet;

	COUNT(exchange, session, copies);
	if (request->copies < UINT8_MAX)
		request->copies++;
	if (request->state == REQUEST_WAITING &&
	    (packet->ip.ttl < request->ttl || packet->begun_ns == request->when_ns))
		exchange_place(exchange, request);
}

static void
note_sender(const struct exchange *exchange, struct session *session,
    const struct icmp_msg *msg, const struct question *question)
{
	struct sender_clues clues = {
		.payload = msg->tail,
		.when_ns = exchange->packet->frame->when_ns,
		.id = question->id,
		.seq = question->seq,
		.code = msg->code,
		.ttl = exchange->packet->ip.ttl,
	};

	session_sender(session, &clues);
}

/* A file may have an answer in front of its request. */
static void
adopt(struct exchange *exchange, struct session *session, struct request *request)
{
	const struct reply *orphan = exchange_take_orphan(exchange, session, request);

	if (orphan == NULL)
		return;
	UNCOUNT(exchange, session, unsolicited);
	on_match(exchange, session, request, orphan);
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
		note_copy(exchange, session, request);
		return;
	}
	request = exchange_add(exchange, session, request, msg, &question);
	if (type->family == FAMILY_ECHO)
		note_sender(exchange, session, msg, &question);
	else if (type->family == FAMILY_EXTENDED_ECHO)
		exchange_note_probed(exchange, request, msg);
	if (session->counts.unsolicited > 0)
		adopt(exchange, session, request);
	if ((type->pairing->flags & PAIRING_TO_ALL) != 0)
		exchange_expect_to_all(exchange, session);
}

/*
 * Whether what is said to all still matters to a request: it waits, or somebody
 * else answered it just now. Who repeats what they said announces it.
 */
static bool
is_concerned(const struct exchange *exchange, const struct session *session,
    const struct request *request, const struct reply *reply)
{
	if (request->state == REQUEST_WAITING)
		return true;
	return request->state == REQUEST_ANSWERED && session_asks_group(session) &&
	    exchange->now_ns - request->entry.seen_ns < exchange->timeout_ns &&
	    !exchange_has_replied(exchange, request, &reply->source);
}

/* A reply to a group: for everybody who waits for it; to nobody it is an announcement. */
static void
on_reply_to_all(struct exchange *exchange, const struct pairing_type *type,
    const struct icmp_msg *msg, const struct reply *reply)
{
	uint32_t place = exchange->newest_to_all[type->family], steps;
	struct session *session;
	struct request *request;

	for (steps = 0; place != TABLE_NONE && steps < TO_ALL_MAX; steps++) {
		session = (struct session *)table_at(&exchange->sessions, place);
		place = session->older_to_all;
		if (session->key.version != msg->version ||
		    (reply->question.id != 0 && reply->question.id != session->key.id) ||
		    !pairing_speaks_of(type, msg, &session->key.destination))
			continue;
		request = exchange_match(exchange, session, &reply->question);
		if (request != NULL && is_concerned(exchange, session, request, reply))
			on_match(exchange, session, request, reply);
	}
}

/* A reply to one, who asked or did not. */
static void
on_reply_to_one(struct exchange *exchange, const struct pairing_type *type,
    const struct icmp_msg *msg, const struct reply *reply)
{
	static const struct verdict unsolicited = { .status = EXCHANGE_UNSOLICITED };
	struct exchange_match match;
	struct session_key key;

	key_of(exchange, type, msg, &reply->question, &key);
	match = exchange_match_reply(exchange, &key, &reply->question);
	if (match.request == NULL && (type->pairing->flags & PAIRING_UNASKED) != 0)
		return;
	match.session = open_session(exchange, &key, match.session, exchange->now_ns);
	if (match.request != NULL) {
		on_match(exchange, match.session, match.request, reply);
		return;
	}
	COUNT(exchange, match.session, unsolicited);
	exchange_emit_reply(exchange, match.session, NULL, reply, &unsolicited);
	exchange_keep_orphan(exchange, match.session, reply);
}

static void
on_reply(struct exchange *exchange, const struct pairing_type *type, const struct icmp_msg *msg)
{
	const struct packet *packet = exchange->packet;
	struct reply reply;

	if (!pairing_read(type, msg, exchange->seed, &reply.question))
		return;
	exchange_read_answer(type->family, msg, &reply.answer);
	reply.source = packet->ip.source;
	reply.when_ns = packet->frame->when_ns;
	reply.frame = packet->frame->number;
	reply.ttl = packet->ip.ttl;
	reply.type = msg->type_number;
	reply.code = msg->code;
	if ((type->pairing->flags & PAIRING_TO_ALL) != 0 && packet_is_to_group(packet))
		on_reply_to_all(exchange, type, msg, &reply);
	else
		on_reply_to_one(exchange, type, msg, &reply);
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
	exchange->told = 0;
	exchange_forget(exchange, now_ns);
	if (type->pairing != NULL && msg->type->role == ICMP_REQUEST)
		on_request(exchange, type, msg, now_ns);
	else if (type->pairing != NULL)
		on_reply(exchange, type, msg);
	else if (msg->type->role == ICMP_ERROR && msg->quote.present &&
	    msg->quote.transport.has_id)
		exchange_on_error(exchange, msg);
}

static uint64_t
exchange_tick(void *state, uint64_t now_ns)
{
	return exchange_end_waits(state, now_ns);
}

static void
exchange_finish(void *state, uint64_t now_ns, uint64_t end_ns)
{
	struct exchange *exchange = state;

	(void)exchange_end_waits(exchange, now_ns);
	exchange_forget(exchange, now_ns);
	exchange_leave_open(exchange, end_ns);
}

static int
exchange_report(void *state, struct report *out)
{
	struct exchange *exchange = state;
	const struct session_books books = { &exchange->sessions, &exchange->histograms,
		exchange->totals, &exchange->series };
	int count;

	free(exchange->minutes);
	exchange->minutes = calloc((size_t)exchange->series.minutes.count + 1,
	    sizeof(*exchange->minutes));
	if (exchange->minutes == NULL)
		return -1;
	count = session_report(&books, exchange->minutes, exchange->families);
	if (count < 0)
		return -1;
	out->families = exchange->families;
	out->family_count = (uint32_t)count;
	out->pairs_evicted = exchange->sessions_evicted;
	return 0;
}

static struct report_table
pool_row(const char *name, const struct histogram_pool *pool)
{
	return (struct report_table){
		.name = name,
		.capacity = pool->capacity,
		.count = pool->used,
		.peak = pool->peak,
		.refused = pool->refused,
		.memory = histogram_pool_memory(pool),
	};
}

static uint32_t
exchange_tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct exchange *exchange = state;

	if (max < 8)
		return 0;
	report_table_row(&exchange->sessions, &out[0]);
	out[0].evicted = exchange->sessions_evicted;
	report_table_row(&exchange->requests, &out[1]);
	report_table_row(&exchange->repliers, &out[2]);
	report_table_row(&exchange->probed, &out[3]);
	report_table_row(&exchange->orphans, &out[4]);
	report_table_row(&exchange->series.minutes, &out[5]);
	out[6] = pool_row("exchange.histogram_chunks", &exchange->histograms);
	out[7] = pool_row("exchange.minute_chunks", &exchange->series.histograms);
	return 8;
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
