/*
 * Minutes hang on their session, the newest first: most of what happens is of
 * that one, so finding it takes no hash.
 */
#include "analyzer/track/series.h"

#include <string.h>

#define LOOK_BACK 4 /* minutes; no wait takes longer */

static struct session *
session_of(const struct series *series, const struct minute *minute)
{
	return (struct session *)table_at(series->sessions, minute->session);
}

/* The table is full: the oldest minute is the last of its session. */
static void
recycle(void *owner, struct entry *entry)
{
	struct series *series = owner;
	struct minute *minute = (struct minute *)entry;

	if (minute->newer != TABLE_NONE)
		series_at(series, minute->newer)->older = TABLE_NONE;
	else
		session_of(series, minute)->newest_minute = TABLE_NONE;
	histogram_release(&series->histograms, &minute->rtt);
}

int
series_init(struct series *series, const struct table *sessions,
    const struct settings *settings, const struct hash_key *key, char *err)
{
	const struct table_config minutes = {
		.name = "exchange.minutes",
		.entry_size = sizeof(struct minute),
		.key_size = sizeof(struct minute_key),
		.capacity = (uint32_t)settings->exchange_minutes,
		.hash_key = *key,
		.recycle = recycle,
		.owner = series,
	};

	series->sessions = sessions;
	if (table_init(&series->minutes, &minutes, err) != 0)
		return -1;
	return histogram_pool_init(&series->histograms,
	    (uint32_t)settings->exchange_minute_chunks, err);
}

void
series_free(struct series *series)
{
	table_free(&series->minutes);
	histogram_pool_free(&series->histograms);
}

/* The session's minute of that time, or NULL. */
static struct minute *
find(const struct series *series, const struct session *session, uint64_t when_ns)
{
	uint64_t number = when_ns / NS_PER_MINUTE;
	uint32_t place = session->newest_minute, steps;
	struct minute *minute;

	for (steps = 0; place != TABLE_NONE && steps < LOOK_BACK; steps++) {
		minute = series_at(series, place);
		if (minute->key.minute == number)
			return minute;
		place = minute->older;
	}
	return NULL;
}

/* Where a session's first minute is that of its first request, it has all so far. */
static void
begin(struct series *series, const struct session *session, struct minute *minute)
{
	if (session->first_ns / NS_PER_MINUTE != minute->key.minute || session->counts.sent != 2)
		return;
	minute->sent = 1;
	minute->answered = (uint32_t)(session->counts.answered + session->counts.late);
	minute->lost = (uint32_t)(session->counts.lost + session->counts.unreachable);
	if (session->rtt.count == 1)
		(void)histogram_record(&series->histograms, &minute->rtt, session->rtt.min_ns);
}

static struct minute *
add(struct series *series, struct session *session, uint64_t when_ns, uint64_t now_ns)
{
	const struct minute_key key = { session->secret, when_ns / NS_PER_MINUTE };
	struct minute *minute;
	uint32_t index;

	if (table_find(&series->minutes, &key) != NULL)
		return NULL; /* the clock went far back */
	minute = (struct minute *)table_add(&series->minutes, &key, now_ns);
	index = table_index(&series->minutes, &minute->entry);
	minute->session = table_index(series->sessions, &session->entry);
	minute->newer = TABLE_NONE;
	minute->older = session->newest_minute;
	if (minute->older != TABLE_NONE)
		series_at(series, minute->older)->newer = index;
	session->newest_minute = index;
	begin(series, session, minute);
	return minute;
}

void
series_sent(struct series *series, struct session *session, uint64_t when_ns, uint64_t now_ns)
{
	struct minute *minute;

	if (session->counts.sent < 2)
		return;
	minute = find(series, session, when_ns);
	if (minute == NULL)
		minute = add(series, session, when_ns, now_ns);
	if (minute != NULL)
		minute->sent++;
}

void
series_answered(struct series *series, const struct session *session, uint64_t when_ns,
    bool was_lost)
{
	struct minute *minute = find(series, session, when_ns);

	if (minute == NULL)
		return;
	if (was_lost && minute->lost > 0)
		minute->lost--;
	minute->answered++;
}

void
series_rtt(struct series *series, const struct session *session, uint64_t when_ns,
    uint64_t rtt_ns)
{
	struct minute *minute = find(series, session, when_ns);

	if (minute != NULL && !histogram_record(&series->histograms, &minute->rtt, rtt_ns))
		histogram_miss(&series->histograms, &minute->rtt, rtt_ns);
}

void
series_lost(struct series *series, const struct session *session, uint64_t when_ns)
{
	struct minute *minute = find(series, session, when_ns);

	if (minute != NULL)
		minute->lost++;
}

void
series_forget(struct series *series, struct session *session)
{
	struct minute *minute;

	while (session->newest_minute != TABLE_NONE) {
		minute = series_at(series, session->newest_minute);
		session->newest_minute = minute->older;
		histogram_release(&series->histograms, &minute->rtt);
		table_remove(&series->minutes, &minute->entry);
	}
}
