/*
 * A session: the requests of one family of one requester to one responder
 * under one identifier, and what became of them. Sequence numbers, jitter and
 * order mean something only inside a session; the report sums sessions up to
 * pairs.
 */
#ifndef ANALYZER_TRACK_SESSION_H
#define ANALYZER_TRACK_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "analyzer/core/event.h"
#include "analyzer/core/histogram.h"
#include "analyzer/core/report.h"
#include "analyzer/core/table.h"
#include "decoders/addr.h"
#include "decoders/packet.h"
#include "decoders/quote.h"
#include "decoders/sender.h"

/* What is counted of requests and replies, in a session and in all. */
struct session_counts {
	uint64_t sent;        /* requests, copies by the capture not counted */
	uint64_t answered;    /* in time */
	uint64_t unsolicited; /* replies that no request known asked for */
	uint64_t late;        /* after the wait was over */
	uint64_t lost;        /* the wait ended without an answer */
	uint64_t unanswered;  /* the same, where that is no loss */
	uint64_t unreachable; /* an error quoted the request */
	uint64_t evicted;     /* forgotten for want of room before the wait ended */
	uint64_t duplicates;  /* further replies to an answered request, of who gave one */
	uint64_t further;     /* ... of others, to a request that asked a group */
	uint64_t reordered;   /* answered after a later request was */
	uint64_t copies;      /* frames that the capture holds more than once */
	uint64_t altered;     /* replies whose payload is not the request's */
};

/* Of all sessions of a family, forgotten ones too. */
struct session_totals {
	struct session_counts counts;
	struct histogram_dense evicted_rtt; /* what forgotten ones measured */
};

/* Key of the table of sessions: no implicit padding. */
struct session_key {
	struct addr source;      /* who asks */
	struct addr destination; /* who or what is asked; none when it is a group */
	uint16_t id;
	uint8_t version;         /* of ICMP */
	uint8_t family;          /* enum exchange_family */
	uint8_t zero[2];
};

/* Member by member: a key just built is compared sooner than its octets in one. */
static inline bool
session_key_equal(const struct session_key *a, const struct session_key *b)
{
	return a->id == b->id && a->version == b->version && a->family == b->family &&
	    addr_equal(&a->source, &b->source) && addr_equal(&a->destination, &b->destination);
}

struct session {
	struct entry entry;
	struct session_key key;
	/* what nearly every message touches stands together */
	uint64_t secret;         /* the key's hash: its requests' hashes derive from it */
	uint32_t newest_request; /* index of the head of its requests' list */
	uint32_t newest_minute;  /* index in the series */
	uint64_t last_ns;        /* capture's clock */
	uint64_t last_rtt_ns;
	uint64_t latest_answered; /* ordinal of the latest request that was answered */
	uint8_t ttl_last, ttl_before; /* of replies; 0 is none */
	uint8_t asked_ttl_low, asked_ttl_high; /* of its requests */
	uint16_t first_seq, last_seq; /* of its requests */
	uint32_t steps[SEQ_STEPS]; /* between them */
	struct histogram rtt;
	uint64_t jitter_ns16;    /* RFC 3550 6.4.1 jitter, times 16 */
	uint64_t ipdv_sum_ns, ipdv_max_ns; /* of differences between RTTs in a row */
	struct session_counts counts;
	/* the rest */
	struct addr destination; /* who is asked, be it a group */
	uint32_t older_to_all, newer_to_all; /* in its family, where a reply may be for all */
	uint32_t repliers;       /* the most that one request to a group had */
	uint64_t first_ns;       /* capture's clock */
	uint32_t ttl_changes;    /* of replies */
	uint32_t expired;        /* requests whose TTL did not last, by their errors */
	const char *tool;        /* that they look like; NULL is none known */
};

/* Fills in requester and responder of a request; `reverse` for a reply. */
void session_key_ends(const struct packet *packet, bool reverse, struct session_key *out);

/*
 * Notes an answer to the request in frame `ordinal`. Returns whether it came
 * after the answer to a later request. Sequence numbers would not tell: they
 * wrap, and start again with the next run of a sender that keeps its id.
 */
bool session_answer(struct session *session, uint64_t ordinal);

/* Whether several may answer a request of the session. */
static inline bool
session_asks_group(const struct session *session)
{
	return session->key.destination.version == 0 ||
	    addr_is_multicast(&session->key.destination);
}

/* The key of a requester's session with groups, from one that names somebody. */
void session_key_of_group(const struct session_key *key, struct session_key *out);

/* The same for the request that an error quotes, of a family that has ids. */
void session_key_of_quote(const struct quote *quote, uint8_t version,
    enum exchange_family family, struct session_key *out);

/*
 * Notes a request, already counted, with clues from it. Looked at closely are
 * the first ones, then fewer and fewer: what a sender sends stays the same.
 */
void session_sender(struct session *session, struct sender_clues *clues);

/* How its sequence numbers go. */
static inline enum seq_mode
session_seq_mode(const struct session *session)
{
	return seq_mode(session->steps, session->first_seq);
}

/* Notes the TTL of the one that was asked, in an answer: another way back shows. */
void session_ttl(struct session *session, uint8_t ttl);

/*
 * Notes an RTT in histogram and jitter. False, and nothing noted, when the
 * pool has no room; session_rtt_unbinned then notes it without the histogram.
 */
bool session_rtt(struct session *session, struct histogram_pool *pool, uint64_t rtt_ns);
void session_rtt_unbinned(struct session *session, struct histogram_pool *pool, uint64_t rtt_ns);

/* What of the sent has no verdict yet. */
uint64_t session_open(const struct session_counts *counts);

/* Notes the TTL of a request. */
static inline void
session_asked(struct session *session, uint8_t ttl)
{
	if (session->asked_ttl_low == 0 || ttl < session->asked_ttl_low)
		session->asked_ttl_low = ttl;
	if (ttl > session->asked_ttl_high)
		session->asked_ttl_high = ttl;
}

/* Whether its requests look for the path: their TTLs differ, and some expired. */
bool session_probes_path(const struct session *session);

/* Writes counts into a row of the report, as sums over what it holds. */
void session_counts_report(const struct session_counts *counts, struct report_pair *out);

#endif
