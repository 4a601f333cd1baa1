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
#include "analyzer/core/recent.h"
#include "analyzer/core/table.h"
#include "analyzer/track/clock_offset.h"
#include "analyzer/track/pairing.h"
#include "analyzer/track/session_report.h"
#include "analyzer/track/tracker.h"

enum request_state {
	REQUEST_WAITING,
	REQUEST_ANSWERED,
	REQUEST_LOST,
	REQUEST_UNANSWERED, /* and silence was an answer */
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
	uint16_t repliers;     /* who sent them, of those who were asked as a group */
	uint16_t reply_copies;
	uint8_t copies;        /* frames beyond the first that show this request */
	uint8_t state;
	uint8_t ttl, type, code;
};

/* Who answered a request to a group. Key: no implicit padding. */
struct replier_key {
	uint64_t ordinal; /* of the request's frame */
	uint32_t index;   /* among the messages of it */
	struct addr address;
	uint8_t zero[3];
};

struct replier {
	struct entry entry;
	struct replier_key key;
};

/* The request's place: every request of the family that comes there sets it anew. */
struct probed_key {
	uint32_t request;
	uint32_t zero;
};

#define PROBED_NAME_SIZE 64 /* an ifName has at most 63 octets (RFC 5837 4.3) */

/* The interface that an extended echo asks about, by one of these. */
struct probed {
	struct entry entry;
	struct probed_key key;
	int64_t index;       /* EVENT_UNKNOWN: not by it */
	struct addr address;
	struct mac mac;
	char name[PROBED_NAME_SIZE];
};

/* What the replies of some families say. */
struct answer {
	struct timestamps stamps;
	const char *state; /* of an interface */
	bool is_active, has_ipv4, has_ipv6;
};

/* What is kept of a reply. */
struct reply {
	struct question question; /* that it answers */
	struct answer answer;     /* set for the families that have one */
	struct addr source;
	uint64_t when_ns, frame;
	uint8_t ttl, type, code;
};

/* By the session's secret, for the session may be another one by then. */
struct orphan_key {
	uint64_t session;
	uint16_t seq;
	uint16_t zero[3];
};

/* A reply that nobody asked for, yet. */
struct orphan {
	struct entry entry;
	struct orphan_key key;
	struct reply reply;
};

struct exchange {
	const struct emitter *emitter;
	struct pairing_type types[2][256]; /* [1]: of ICMPv6 */
	struct table sessions, requests, repliers, probed, orphans;
	struct pairs *pairs; /* borrowed: which session is likely */
	struct recent asking; /* sessions lately made, by who asks */
	uint32_t newest_to_all[EXCHANGE_FAMILY_COUNT]; /* where a reply may be for all */
	struct histogram_pool histograms;
	struct series series;
	struct session_totals totals[EXCHANGE_FAMILY_COUNT];
	uint64_t sessions_evicted;
	uint64_t seed;          /* of payload digests */
	uint64_t timeout_ns;
	uint32_t judged;        /* index of the oldest request that may still wait */
	struct report_family families[EXCHANGE_FAMILY_COUNT];
	struct report_minute *minutes; /* of the report */
	const struct packet *packet; /* at hand */
	uint64_t now_ns;             /* its analysis time */
	uint32_t told;               /* events that hang on it, so far */
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
 * How long `request` had waited at `when_ns`. False when nobody knows, because
 * the capture's clock was set back or ahead in between.
 */
static inline bool
exchange_waited(const struct exchange *exchange, const struct request *request,
    uint64_t when_ns, uint64_t *out_ns)
{
	if (when_ns < request->when_ns)
		return false;
	*out_ns = when_ns - request->when_ns;
	return *out_ns <= exchange->now_ns - request->entry.seen_ns + STEP_NS;
}

/* Counts in the session and in its family's totals alike. */
#define COUNT(exchange, session, what) \
	((exchange)->totals[(session)->key.family].counts.what++, (session)->counts.what++)
#define UNCOUNT(exchange, session, what) \
	((exchange)->totals[(session)->key.family].counts.what--, (session)->counts.what--)

static inline enum exchange_family
family_of(const struct session *session)
{
	return (enum exchange_family)session->key.family;
}

struct exchange *exchange_state_create(const struct tracker_context *context, char *err);
void exchange_state_free(struct exchange *exchange);

/* The session of a key, or NULL. */
struct session *exchange_find_session(struct exchange *exchange, const struct session_key *key);

/* Adds a session for a key that has none. */
struct session *exchange_add_session(struct exchange *exchange, const struct session_key *key,
    uint64_t now_ns);

/*
 * The session that the key's requester opened last under its id, with whomever;
 * NULL when that is not remembered.
 */
struct session *exchange_find_asking(struct exchange *exchange, const struct session_key *key);

/* Makes the session the newest of its family in `newest_to_all`. */
void exchange_expect_to_all(struct exchange *exchange, struct session *session);

/* The latest request of a session with that sequence number, or NULL. */
struct request *exchange_find(const struct exchange *exchange, const struct session *session,
    uint16_t seq);

/* The request before with the same sequence number, or NULL. */
struct request *exchange_older_same(const struct exchange *exchange,
    const struct request *request);

/*
 * Adds the message at hand as a request of its session; `same` is what
 * exchange_find has for its sequence number.
 */
struct request *exchange_add(struct exchange *exchange, struct session *session,
    struct request *same, const struct icmp_msg *msg, const struct question *question);

/* Says that the request is the packet at hand. */
void exchange_place(const struct exchange *exchange, struct request *request);

/* Whether somebody has answered this request. */
bool exchange_has_replied(const struct exchange *exchange, const struct request *request,
    const struct addr *replier);

/* Notes somebody as a replier; whether that is news. */
bool exchange_add_replier(struct exchange *exchange, const struct request *request,
    const struct addr *replier);

/* Keeps a reply that nobody asked for, should its request come later in the file. */
void exchange_keep_orphan(struct exchange *exchange, const struct session *session,
    const struct reply *reply);

/*
 * The kept reply of a session to that request, which came later in the file
 * though it was earlier; NULL when there is none. Good until the next is kept.
 */
const struct reply *exchange_take_orphan(struct exchange *exchange,
    const struct session *session, const struct request *request);

/* Takes a request out of its lists and off the judging mark. */
void exchange_unlink(struct exchange *exchange, struct request *request);

/* Gives up a session with its requests and what it measured. */
void exchange_drop_session(struct exchange *exchange, struct entry *entry);

/* An error that quotes a message with an identifier, in exchange_error.c. */
void exchange_on_error(struct exchange *exchange, const struct icmp_msg *msg);

/* The ends of waits, in exchange_wait.c. */

/* Forgets requests that late answers are no longer waited for. */
void exchange_forget(struct exchange *exchange, uint64_t now_ns);

/* Ends the waits that are over; returns when the next one will be. */
uint64_t exchange_end_waits(struct exchange *exchange, uint64_t now_ns);

/* The capture ended: what still waits stays open. */
void exchange_leave_open(struct exchange *exchange, uint64_t end_ns);

/* Finding requests, in exchange_match.c. */

/*
 * The request that a reply answers, of `session`; NULL when there is none.
 * Several may share id and seq: one that still waits and sent the same payload
 * comes first, then any that waits, then the latest.
 */
struct request *exchange_match(const struct exchange *exchange, const struct session *session,
    const struct question *question);

/* What a reply answers. */
struct exchange_match {
	struct session *session; /* that its addresses name, or where the request is */
	struct request *request;
};

/* The request that the reply at hand answers, whoever was asked; `key` is of the reply. */
struct exchange_match exchange_match_reply(struct exchange *exchange,
    const struct session_key *key, const struct question *question);

/* The request that an error quotes: by its IP identification, else any that waits. */
struct exchange_match exchange_match_quote(struct exchange *exchange,
    const struct session_key *key, const struct quote *quote);

/* What extended echoes ask about, in exchange_probed.c. */
void exchange_note_probed(struct exchange *exchange, const struct request *request,
    const struct icmp_msg *msg);

/* ... as facts, borrowed until the next is noted. */
void exchange_fill_probed(const struct exchange *exchange, const struct request *request,
    struct exchange_facts *out);

/* What replies say, in exchange_answer.c. */
void exchange_read_answer(enum exchange_family family, const struct icmp_msg *msg,
    struct answer *out);

/* ... as facts; `request` may be NULL. */
void exchange_fill_answer(const struct session *session, const struct request *request,
    const struct reply *reply, struct exchange_facts *out);

/* What a reply means. */
struct verdict {
	enum exchange_status status;
	bool is_reordered;
	enum payload_match payload_match;
};

/* Events of the dataset `exchange`. Each checks first that somebody wants it. */

/* A wait that ended: lost or unanswered, or open with the capture. */
void exchange_emit_unanswered(const struct exchange *exchange, enum exchange_status status,
    const struct request *request);

/* A reply; `request` is NULL for one that nobody asked for. */
void exchange_emit_reply(struct exchange *exchange, const struct session *session,
    const struct request *request, const struct reply *reply, const struct verdict *verdict);

/* An error that quoted a request. */
void exchange_emit_unreachable(struct exchange *exchange, const struct session *session,
    const struct request *request, const struct icmp_msg *msg);

#endif
