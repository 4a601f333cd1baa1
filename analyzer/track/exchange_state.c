/*
 * The tables of the exchange tracker: requests linked into their sessions,
 * and what goes with them when a table is full.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"
#include "analyzer/track/exchange_state.h"

#define BUCKETS_PER_LINE 16U /* 64 octets */

void
exchange_unlink(struct exchange *exchange, struct request *request)
{
	struct session *session = session_of(exchange, request);
	uint32_t index = table_index(&exchange->requests, &request->entry);
	struct request *other;

	if (request->newer != TABLE_NONE) {
		other = exchange_request_at(exchange, request->newer);
		other->older = request->older;
	} else {
		session->newest_request = request->older;
	}
	if (request->older != TABLE_NONE) {
		other = exchange_request_at(exchange, request->older);
		other->newer = request->newer;
	}
	if (request->newer_same != TABLE_NONE)
		exchange_request_at(exchange, request->newer_same)->older_same = request->older_same;
	if (request->older_same != TABLE_NONE)
		exchange_request_at(exchange, request->older_same)->newer_same = request->newer_same;
	if (exchange->judged == index)
		exchange->judged = request->entry.newer;
}

/* The table of requests is full: the oldest goes, unknown if it still waits. */
static void
recycle_request(void *owner, struct entry *entry)
{
	struct exchange *exchange = owner;
	struct request *request = (struct request *)entry;
	struct session *session = session_of(exchange, request);

	if (request->state == REQUEST_WAITING)
		COUNT(exchange, session, evicted);
	exchange_unlink(exchange, request);
}

/* The place of whoever asks under that id, among all. */
static uint32_t *
asking_place(struct exchange *exchange, const struct session_key *key)
{
	static const struct addr anybody;

	return recent_place(&exchange->asking, &key->source, &anybody,
	    (uint64_t)key->id << 8 | key->family);
}

static struct session *
session_at(const struct exchange *exchange, uint32_t index)
{
	return (struct session *)table_at(&exchange->sessions, index);
}

/* Takes a session off the list of its family; it need not be on it. */
static void
leave_to_all(struct exchange *exchange, struct session *session)
{
	uint32_t *newest = &exchange->newest_to_all[session->key.family];

	if (session->newer_to_all != TABLE_NONE)
		session_at(exchange, session->newer_to_all)->older_to_all = session->older_to_all;
	else if (*newest == table_index(&exchange->sessions, &session->entry))
		*newest = session->older_to_all;
	if (session->older_to_all != TABLE_NONE)
		session_at(exchange, session->older_to_all)->newer_to_all = session->newer_to_all;
	session->older_to_all = session->newer_to_all = TABLE_NONE;
}

void
exchange_expect_to_all(struct exchange *exchange, struct session *session)
{
	uint32_t *newest = &exchange->newest_to_all[session->key.family];
	uint32_t index = table_index(&exchange->sessions, &session->entry);

	if (*newest == index)
		return;
	leave_to_all(exchange, session);
	session->older_to_all = *newest;
	if (*newest != TABLE_NONE)
		session_at(exchange, *newest)->newer_to_all = index;
	*newest = index;
}

/* The table of sessions is full: the one longest unused goes with its requests. */
static void
recycle_session(void *owner, struct entry *entry)
{
	struct exchange *exchange = owner;
	struct session *session = (struct session *)entry;
	uint32_t index = table_index(&exchange->sessions, entry);

	while (session->newest_request != TABLE_NONE) {
		struct request *request = exchange_request_at(exchange, session->newest_request);

		recycle_request(exchange, &request->entry);
		table_remove(&exchange->requests, &request->entry);
	}
	recent_forget(asking_place(exchange, &session->key), index);
	leave_to_all(exchange, session);
	series_forget(&exchange->series, session);
	if (session->rtt.count > 0)
		histogram_dense_merge(&exchange->totals[session->key.family].evicted_rtt,
		    &exchange->histograms, &session->rtt);
	histogram_release(&exchange->histograms, &session->rtt);
	exchange->sessions_evicted++;
}

void
exchange_drop_session(struct exchange *exchange, struct entry *entry)
{
	recycle_session(exchange, entry);
	table_remove(&exchange->sessions, entry);
}

static int
create_tables(struct exchange *exchange, const struct tracker_context *context, char *err)
{
	const struct settings *settings = context->settings;
	const struct table_config sessions = {
		.name = "exchange.sessions",
		.entry_size = sizeof(struct session),
		.key_size = sizeof(struct session_key),
		.capacity = (uint32_t)settings->exchange_sessions,
		.idle_ns = 0,
		.hash_key = context->key,
		.recycle = recycle_session,
		.owner = exchange,
	};
	const struct table_config requests = {
		.name = "exchange.requests",
		.entry_size = sizeof(struct request),
		.key_size = sizeof(struct request_key),
		.capacity = (uint32_t)settings->exchange_requests,
		.idle_ns = settings->exchange_timeout_ns + settings->exchange_late_ns,
		.hash_key = context->key,
		.recycle = recycle_request,
		.owner = exchange,
	};

	const struct table_config repliers = {
		.name = "exchange.repliers",
		.entry_size = sizeof(struct replier),
		.key_size = sizeof(struct replier_key),
		.capacity = (uint32_t)settings->exchange_repliers,
		.idle_ns = 0,
		.hash_key = context->key,
	};
	const struct table_config probed = {
		.name = "exchange.probed",
		.entry_size = sizeof(struct probed),
		.key_size = sizeof(struct probed_key),
		.capacity = (uint32_t)settings->exchange_probed,
		.idle_ns = requests.idle_ns,
		.hash_key = context->key,
	};
	const struct table_config orphans = {
		.name = "exchange.orphans",
		.entry_size = sizeof(struct orphan),
		.key_size = sizeof(struct orphan_key),
		.capacity = (uint32_t)settings->exchange_orphans,
		.idle_ns = 0,
		.hash_key = context->key,
	};

	if (table_init(&exchange->sessions, &sessions, err) != 0 ||
	    table_init(&exchange->requests, &requests, err) != 0 ||
	    table_init(&exchange->repliers, &repliers, err) != 0 ||
	    table_init(&exchange->probed, &probed, err) != 0 ||
	    table_init(&exchange->orphans, &orphans, err) != 0 ||
	    series_init(&exchange->series, &exchange->sessions, settings, &context->key, err) != 0)
		return -1;
	return histogram_pool_init(&exchange->histograms,
	    (uint32_t)settings->exchange_histogram_chunks, err);
}

void
exchange_state_free(struct exchange *exchange)
{
	if (exchange == NULL)
		return;
	table_free(&exchange->sessions);
	table_free(&exchange->requests);
	table_free(&exchange->repliers);
	table_free(&exchange->probed);
	table_free(&exchange->orphans);
	histogram_pool_free(&exchange->histograms);
	series_free(&exchange->series);
	session_report_free(exchange->families);
	free(exchange->minutes);
	free(exchange);
}

struct exchange *
exchange_state_create(const struct tracker_context *context, char *err)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));

	if (exchange == NULL) {
		snprintf(err, ERR_SIZE, "no memory for the exchange tracker");
		return NULL;
	}
	exchange->emitter = context->emitter;
	exchange->timeout_ns = context->settings->exchange_timeout_ns;
	exchange->seed = hash_bytes(&context->key, "payload", 7);
	exchange->judged = TABLE_NONE;
	pairing_types(exchange->types);
	exchange->pairs = context->pairs;
	recent_init(&exchange->asking);
	memset(exchange->newest_to_all, 0xff, sizeof(exchange->newest_to_all)); /* TABLE_NONE */
	if (create_tables(exchange, context, err) != 0) {
		exchange_state_free(exchange);
		return NULL;
	}
	return exchange;
}

struct session *
exchange_find_session(struct exchange *exchange, const struct session_key *key)
{
	struct entry **guess = pairs_guess(exchange->pairs, PAIR_SESSION);
	struct session *session = (struct session *)*guess;

	if (session != NULL && session_key_equal(&session->key, key) &&
	    table_is_entry(&session->entry))
		return session;
	session = (struct session *)table_find(&exchange->sessions, key);
	if (session != NULL)
		*guess = &session->entry;
	return session;
}

struct session *
exchange_find_asking(struct exchange *exchange, const struct session_key *key)
{
	uint32_t place = *asking_place(exchange, key);
	struct session *session;

	if (place == TABLE_NONE)
		return NULL;
	session = session_at(exchange, place);
	if (session->key.id != key->id || session->key.family != key->family ||
	    session->key.version != key->version ||
	    !addr_equal(&session->key.source, &key->source))
		return NULL;
	return session;
}

struct session *
exchange_add_session(struct exchange *exchange, const struct session_key *key, uint64_t now_ns)
{
	uint64_t hash = table_hash(&exchange->sessions, key);
	struct session *session = (struct session *)table_add_hashed(&exchange->sessions, key,
	    hash, now_ns);
	uint32_t index = table_index(&exchange->sessions, &session->entry);

	session->secret = hash;
	session->newest_request = session->newest_minute = TABLE_NONE;
	session->older_to_all = session->newer_to_all = TABLE_NONE;
	session->destination = key->destination;
	*pairs_guess(exchange->pairs, PAIR_SESSION) = &session->entry;
	*asking_place(exchange, key) = index;
	return session;
}

/*
 * Sixteen sequence numbers in a row fall into neighbouring buckets, one line of
 * the processor's cache; where that line is depends on the secret.
 */
static uint64_t
request_hash(const struct session *session, const struct request_key *key)
{
	uint64_t line = (uint64_t)key->turn << 16 | key->seq / BUCKETS_PER_LINE;

	return hash_derive(session->secret, line) ^ key->seq % BUCKETS_PER_LINE;
}

struct request *
exchange_find(const struct exchange *exchange, const struct session *session, uint16_t seq)
{
	struct request *newest = exchange_request_at(exchange, session->newest_request);
	const struct request_key key = {
		.session = table_index(&exchange->sessions, &session->entry),
		.seq = seq,
	};

	/* What a reply answers most often; one of its number that came before has a turn. */
	if (newest != NULL && newest->key.seq == seq && newest->key.turn == 0)
		return newest;
	return (struct request *)table_find_hashed(&exchange->requests, &key,
	    request_hash(session, &key));
}

/*
 * Clears the place of a sequence number for its next request. Were all found
 * under one key, a sender that repeats itself would make one endless chain.
 */
static void
step_aside(struct exchange *exchange, const struct session *session, struct request *request)
{
	struct request_key key = request->key;

	key.turn = (uint16_t)(request->repeats + 1);
	if (key.turn == 0)
		key.turn = 1;
	table_rekey_hashed(&exchange->requests, &request->entry, &key,
	    request_hash(session, &key));
}

/* Links a new request to the one before it with its sequence number, if any. */
static void
link_same(struct exchange *exchange, struct request *request, uint32_t index, uint32_t before)
{
	struct request *same;

	request->older_same = before;
	request->newer_same = TABLE_NONE;
	if (before == TABLE_NONE)
		return;
	same = exchange_request_at(exchange, before);
	same->newer_same = index;
	request->repeats = (uint16_t)(same->repeats + 1);
}

struct request *
exchange_older_same(const struct exchange *exchange, const struct request *request)
{
	if (request->older_same == TABLE_NONE)
		return NULL;
	return exchange_request_at(exchange, request->older_same);
}

static struct replier_key
replier_key_of(const struct request *request, const struct addr *replier)
{
	return (struct replier_key){
		.ordinal = request->ordinal,
		.index = request->index,
		.address = *replier,
	};
}

bool
exchange_has_replied(const struct exchange *exchange, const struct request *request,
    const struct addr *replier)
{
	struct replier_key key = replier_key_of(request, replier);

	return table_find(&exchange->repliers, &key) != NULL;
}

bool
exchange_add_replier(struct exchange *exchange, const struct request *request,
    const struct addr *replier)
{
	struct replier_key key = replier_key_of(request, replier);
	bool is_new;

	table_find_or_add(&exchange->repliers, &key, exchange->now_ns, &is_new);
	return is_new;
}

void
exchange_keep_orphan(struct exchange *exchange, const struct session *session,
    const struct reply *reply)
{
	const struct orphan_key key = { .session = session->secret, .seq = reply->question.seq };
	struct orphan *orphan;
	bool is_new;

	orphan = (struct orphan *)table_find_or_add(&exchange->orphans, &key, exchange->now_ns,
	    &is_new);
	orphan->reply = *reply;
}

const struct reply *
exchange_take_orphan(struct exchange *exchange, const struct session *session,
    const struct request *request)
{
	const struct orphan_key key = { .session = session->secret, .seq = request->key.seq };
	struct orphan *orphan = (struct orphan *)table_find(&exchange->orphans, &key);

	if (orphan == NULL || orphan->reply.when_ns < request->when_ns ||
	    orphan->reply.when_ns - request->when_ns > STEP_NS)
		return NULL;
	table_remove(&exchange->orphans, &orphan->entry);
	return &orphan->reply;
}

/* Links a new request into its session and the line of those without a verdict. */
static void
link_request(struct exchange *exchange, struct session *session, struct request *request,
    uint32_t index)
{
	request->older = session->newest_request;
	request->newer = TABLE_NONE;
	if (request->older != TABLE_NONE)
		exchange_request_at(exchange, request->older)->newer = index;
	session->newest_request = index;
	session_asked(session, exchange->packet->ip.ttl);
	if (exchange->judged == TABLE_NONE)
		exchange->judged = index;
}

void
exchange_place(const struct exchange *exchange, struct request *request)
{
	const struct packet *packet = exchange->packet;

	request->when_ns = packet->begun_ns;
	request->whole_ns = packet->frame->when_ns;
	request->frame = packet->frame->number;
	request->ordinal = packet->frame->ordinal;
	request->index = (uint16_t)packet->index;
	request->ttl = packet->ip.ttl;
}

struct request *
exchange_add(struct exchange *exchange, struct session *session, struct request *same,
    const struct icmp_msg *msg, const struct question *question)
{
	const struct packet *packet = exchange->packet;
	const struct request_key key = {
		.session = table_index(&exchange->sessions, &session->entry),
		.seq = question->seq,
	};
	struct request *request;
	uint32_t index, before = TABLE_NONE;

	if (same != NULL) {
		step_aside(exchange, session, same);
		before = table_index(&exchange->requests, &same->entry);
	}
	request = (struct request *)table_add_hashed(&exchange->requests, &key,
	    request_hash(session, &key), exchange->now_ns);
	index = table_index(&exchange->requests, &request->entry);
	/* A full table recycles its oldest entry: that may be the one before. */
	link_same(exchange, request, index, before == index ? TABLE_NONE : before);
	link_request(exchange, session, request, index);
	exchange_place(exchange, request);
	request->payload = question->payload;
	request->ip_id = (uint16_t)packet->ip.id;
	request->type = msg->type_number;
	request->code = msg->code;
	COUNT(exchange, session, sent);
	series_sent(&exchange->series, session, request->when_ns, exchange->now_ns);
	return request;
}
