/*
 * How sessions went minute by minute: what was sent, answered and lost, and the
 * RTTs as a histogram that merges with others. A minute is that of the clock in
 * which the request was sent. A session has none until it sends again, so a
 * flood of strangers has none at all.
 */
#ifndef ANALYZER_TRACK_SERIES_H
#define ANALYZER_TRACK_SERIES_H

#include <stdint.h>

#include "analyzer/core/histogram.h"
#include "analyzer/core/table.h"
#include "analyzer/settings.h"
#include "analyzer/track/session.h"

#define NS_PER_MINUTE UINT64_C(60000000000)

struct minute_key {
	uint64_t session; /* its secret */
	uint64_t minute;  /* since 1970 */
};

struct minute {
	struct entry entry;
	struct minute_key key;
	uint32_t session;      /* index */
	uint32_t older, newer; /* of its session */
	uint32_t sent, answered, lost;
	struct histogram rtt;
};

struct series {
	struct table minutes;
	const struct table *sessions; /* borrowed */
	struct histogram_pool histograms;
};

/* 0, or -1 and `err`. */
int series_init(struct series *series, const struct table *sessions,
    const struct settings *settings, const struct hash_key *key, char *err);
void series_free(struct series *series);

/* A request of the session, already counted there, was sent. */
void series_sent(struct series *series, struct session *session, uint64_t when_ns,
    uint64_t now_ns);

/* The request sent at `when_ns` was answered, after all when it was lost before. */
void series_answered(struct series *series, const struct session *session, uint64_t when_ns,
    bool was_lost);

/* ... after that time. */
void series_rtt(struct series *series, const struct session *session, uint64_t when_ns,
    uint64_t rtt_ns);

/* ... or it never was. */
void series_lost(struct series *series, const struct session *session, uint64_t when_ns);

/* The session goes: so do its minutes. */
void series_forget(struct series *series, struct session *session);

/* The minute of an index. */
static inline struct minute *
series_at(const struct series *series, uint32_t index)
{
	return (struct minute *)table_at(&series->minutes, index);
}

#endif
