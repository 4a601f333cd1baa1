/*
 * The state of the exchange tracker, shared by its files: exchange.c
 * decides, exchange_state.c keeps, exchange_event.c tells. Nobody else includes this.
 */
#ifndef ANALYZER_TRACK_EXCHANGE_STATE_H
#define ANALYZER_TRACK_EXCHANGE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/histogram.h"
#include "analyzer/core/table.h"
#include "analyzer/track/payload.h"
#include "analyzer/track/session.h"
#include "analyzer/track/tracker.h"

/* The fields of an echo row, by position (tests/unit/test_types.c holds it). */
enum { ECHO_ID, ECHO_SEQ, ECHO_FIELDS };

enum request_state {
	REQUEST_WAITING,
	REQUEST_ANSWERED,
	REQUEST_LOST,
	REQUEST_UNREACHABLE,
};

/*
 * The latest request with a sequence number has turn 0; when another comes it
 * gets a turn of its own, so that no two are found in the same place.
 */
struct request_key {
	uint32_t session; /* index */
	uint16_t seq;
	uint16_t turn;
};

struct request {
	struct entry entry; /* touched when sent, never later: age is the wait */
	struct request_key key;
	uint64_t when_ns;   /* capture's clock; of its first fragment */
	uint64_t whole_ns;  /* of the frame that completed it */
	uint64_t frame, ordinal;
	struct payload payload;
	uint32_t older, newer; /* in its session */
	uint32_t older_same, newer_same; /* with its sequence number */
	uint16_t repeats;      /* requests with its sequence number before it */
	uint16_t index;        /* among the messages of its frame */
	uint16_t ip_id;
	uint16_t replies;      /* that were no copies */
	uint8_t copies;        /* frames beyond the first that show this request */
	uint8_t reply_copies;
	uint8_t state;
	uint8_t ttl, type, code;
};

#define RECENT_SESSIONS 1024 /* a power of two */

struct exchange {
	const struct emitter *emitter;
	struct table sessions, requests;
	uint32_t recent[RECENT_SESSIONS]; /* indexes of sessions lately used, by key */
	struct histogram_pool histograms;
	struct session_counts totals;
	struct histogram_dense evicted_rtt; /* what evicted sessions measured */
	uint64_t sessions_evicted;
	uint64_t seed;          /* of payload digests */
	uint64_t timeout_ns;
	uint32_t judged;        /* index of the oldest request without a verdict on its wait */
	struct report_pair *pairs;
	const struct packet *packet; /* at hand */
	uint64_t now_ns;             /* its analysis time */
	uint64_t end_ns;             /* the timestamp the capture ended with */
};

/* The session of a request. */
static inline struct session *
session_of(const struct exchange *exchange, const struct request *request)
{
	return (struct session *)table_at(&exchange->sessions, request->key.session);
}

static inline struct request *
exchange_request_at(const struct exchange *exchange, uint32_t index)
{
	return (struct request *)table_at(&exchange->requests, index);
}

#define STEP_NS UINT64_C(1000000000) /* timestamps may be out of order by so much */

/*
 * How long `request` has waited when the packet at hand comes. False when
 * nobody knows, because the capture's clock was set back or ahead in between.
 */
static inline bool
exchange_waited(const struct exchange *exchange, const struct request *request, uint64_t *out_ns)
{
	uint64_t when_ns = exchange->packet->frame->when_ns;

	if (when_ns < request->when_ns)
		return false;
	*out_ns = when_ns - request->when_ns;
	return *out_ns <= exchange->now_ns - request->entry.seen_ns + STEP_NS;
}

/* Counts in the session and in the totals alike. */
#define COUNT(exchange, session, what) \
	((exchange)->totals.what++, (session)->counts.what++)
#define UNCOUNT(exchange, session, what) \
	((exchange)->totals.what--, (session)->counts.what--)

struct exchange *exchange_state_create(const struct tracker_context *context, char *err);
void exchange_state_free(struct exchange *exchange);

/* The session of a key, or NULL. */
struct session *exchange_find_session(struct exchange *exchange, const struct session_key *key);

/* Adds a session for a key that has none. */
struct session *exchange_add_session(struct exchange *exchange, const struct session_key *key,
    uint64_t now_ns);

/* The latest request of a session with that sequence number, or NULL. */
struct request *exchange_find(const struct exchange *exchange, const struct session *session,
    uint16_t seq);

/*
 * Adds the echo at hand as a request of its session; `same` is what
 * exchange_find has for its sequence number.
 */
void exchange_add(struct exchange *exchange, struct session *session, struct request *same,
    const struct icmp_msg *msg, const struct payload *payload);

/* Takes a request out of its lists and off the judging mark. */
void exchange_unlink(struct exchange *exchange, struct request *request);

/* Gives up a session with its requests and what it measured. */
void exchange_drop_session(struct exchange *exchange, struct entry *entry);

/* What is known of a reply when its event is sent. */
struct exchange_reply {
	const struct icmp_msg *msg;
	uint16_t seq;
	bool is_reordered;
	enum payload_match payload_match;
};

/* Events of the dataset `exchange`. Each checks first that somebody wants it. */

/* A wait that ended: EVENT_ECHO_LOST, or EVENT_ECHO_OPEN with the capture. */
void exchange_emit_unanswered(const struct exchange *exchange, enum event_id id,
    const struct request *request);

/* A reply; `request` is NULL for one that nobody asked for. */
void exchange_emit_reply(const struct exchange *exchange, enum event_id id,
    const struct session *session, const struct request *request,
    const struct exchange_reply *reply);

/* An error that quoted a request. */
void exchange_emit_unreachable(const struct exchange *exchange, const struct session *session,
    const struct request *request, const struct icmp_msg *msg);

#endif
