/*
 * Sessions: keys, answers in order, RTT statistics, and their sums by pair.
 */
#include "analyzer/track/session.h"

#include <stdlib.h>
#include <string.h>

void
session_key_ends(const struct packet *packet, bool reverse, struct session_key *out)
{
	const struct ip_header *ip = &packet->ip;

	out->source = reverse ? ip->final_destination : ip->source;
	out->destination = reverse ? ip->source : ip->final_destination;
}

bool
session_is_group(const struct packet *packet)
{
	const struct addr *destination = &packet->ip.final_destination;

	/* A broadcast to a net's own address shows by the frame (RFC 1122 3.3.6). */
	return addr_is_multicast(destination) || addr_is_limited_broadcast(destination) ||
	    (packet->has_destination_mac && mac_is_broadcast(&packet->destination_mac));
}

void
session_key_of_group(const struct session_key *key, struct session_key *out)
{
	*out = *key;
	out->destination = (struct addr){ .version = 0 };
}

void
session_key_of_quote(const struct quote *quote, uint8_t version,
    enum exchange_family family, struct session_key *out)
{
	*out = (struct session_key){
		.source = quote->ip.source,
		.destination = quote->ip.final_destination,
		.id = quote->transport.id,
		.version = version,
		.family = (uint8_t)family,
	};
}

bool
session_answer(struct session *session, uint64_t ordinal)
{
	if (ordinal < session->latest_answered)
		return true;
	session->latest_answered = ordinal;
	return false;
}

/* RFC 3550 6.4.1, with RTTs for transit times: J += (|D| - J) / 16. */
static void
note_jitter(struct session *session, uint64_t rtt_ns)
{
	uint64_t difference = rtt_ns > session->last_rtt_ns ? rtt_ns - session->last_rtt_ns :
	    session->last_rtt_ns - rtt_ns;

	if (session->rtt.count > 1)
		session->jitter_ns16 += difference - (session->jitter_ns16 + 8) / 16;
	session->last_rtt_ns = rtt_ns;
}

bool
session_rtt(struct session *session, struct histogram_pool *pool, uint64_t rtt_ns)
{
	if (!histogram_record(pool, &session->rtt, rtt_ns))
		return false;
	note_jitter(session, rtt_ns);
	return true;
}

void
session_rtt_unbinned(struct session *session, struct histogram_pool *pool, uint64_t rtt_ns)
{
	histogram_miss(pool, &session->rtt, rtt_ns);
	note_jitter(session, rtt_ns);
}

uint64_t
session_open(const struct session_counts *counts)
{
	return counts->sent - counts->answered - counts->late - counts->lost -
	    counts->unanswered - counts->unreachable - counts->evicted;
}

void
session_counts_report(const struct session_counts *counts, struct report_pair *out)
{
	out->sent += counts->sent;
	out->answered += counts->answered;
	out->late += counts->late;
	out->lost += counts->lost;
	out->unanswered += counts->unanswered;
	out->unreachable += counts->unreachable;
	out->evicted += counts->evicted;
	out->open += session_open(counts);
	out->duplicates += counts->duplicates;
	out->further += counts->further;
	out->reordered += counts->reordered;
	out->unsolicited += counts->unsolicited;
	out->copies += counts->copies;
	out->altered += counts->altered;
}

/* Sessions in the order of the report's pairs: by family, who asks whom, then id. */
static int
compare_sessions(const void *left, const void *right)
{
	const struct session *a = *(const struct session *const *)left;
	const struct session *b = *(const struct session *const *)right;
	int order = a->key.family - b->key.family;

	if (order == 0)
		order = addr_compare(&a->key.source, &b->key.source);
	if (order == 0)
		order = addr_compare(&a->destination, &b->destination);
	if (order == 0)
		order = a->key.id - b->key.id;
	return order != 0 ? order : a->key.version - b->key.version;
}

static bool
is_same_pair(const struct session *a, const struct session *b)
{
	return addr_equal(&a->key.source, &b->key.source) &&
	    addr_equal(&a->destination, &b->destination);
}

/* Share of the sent that got no answer; unsent requests lose nothing. */
static double
loss_of(const struct report_pair *pair)
{
	if (pair->sent == 0)
		return 0;
	return (double)report_pair_missing(pair) / (double)pair->sent;
}

/* Worst first: loss, then what the slow end of the RTTs is, then size. */
static int
compare_pairs(const void *left, const void *right)
{
	const struct report_pair *a = left, *b = right;
	double loss_a = loss_of(a), loss_b = loss_of(b);
	int order;

	if (loss_a < loss_b || loss_a > loss_b)
		return loss_a > loss_b ? -1 : 1;
	if (a->rtt_p95_ns != b->rtt_p95_ns)
		return a->rtt_p95_ns > b->rtt_p95_ns ? -1 : 1;
	if (a->sent != b->sent)
		return a->sent > b->sent ? -1 : 1;
	order = addr_compare(&a->source, &b->source);
	return order != 0 ? order : addr_compare(&a->destination, &b->destination);
}

static void
report_dense(const struct histogram_dense *dense, struct report_pair *out)
{
	out->rtt_count = dense->totals.count;
	out->rtt_min_ns = dense->totals.min_ns;
	out->rtt_max_ns = dense->totals.max_ns;
	out->rtt_avg_ns = histogram_mean(&dense->totals);
	out->rtt_median_ns = histogram_dense_quantile(dense, 500);
	out->rtt_p95_ns = histogram_dense_quantile(dense, 950);
	out->rtt_p99_ns = histogram_dense_quantile(dense, 990);
	out->quantiles_missing = dense->totals.missing;
}

static void
report_rtt(const struct histogram_pool *pool, struct session *const *sessions, uint32_t count,
    struct histogram_dense *dense, struct report_pair *out)
{
	const struct session *largest = sessions[0];
	uint32_t i;

	for (i = 1; i < count; i++)
		if (sessions[i]->rtt.count > largest->rtt.count)
			largest = sessions[i];
	out->jitter_ns = largest->jitter_ns16 / 16;
	out->has_jitter = largest->rtt.count > 1;
	memset(dense, 0, sizeof(*dense));
	for (i = 0; i < count; i++)
		histogram_dense_merge(dense, pool, &sessions[i]->rtt);
	report_dense(dense, out);
}

static void
report_pair(const struct histogram_pool *pool, struct session *const *sessions, uint32_t count,
    struct histogram_dense *dense, struct report_pair *out)
{
	uint32_t i;

	*out = (struct report_pair){
		.source = sessions[0]->key.source,
		.destination = sessions[0]->destination,
		.sessions = count,
		.first_ns = sessions[0]->first_ns,
		.last_ns = sessions[0]->last_ns,
	};
	for (i = 0; i < count; i++) {
		session_counts_report(&sessions[i]->counts, out);
		if (sessions[i]->repliers > out->repliers)
			out->repliers = sessions[i]->repliers;
		if (sessions[i]->first_ns < out->first_ns)
			out->first_ns = sessions[i]->first_ns;
		if (sessions[i]->last_ns > out->last_ns)
			out->last_ns = sessions[i]->last_ns;
	}
	report_rtt(pool, sessions, count, dense, out);
}

/* All sessions as a sorted array; NULL when memory ran out. */
static struct session **
sorted_sessions(const struct table *table, uint32_t *count)
{
	struct session **all = calloc((size_t)table->count + 1, sizeof(struct session *));
	struct entry *entry;

	*count = 0;
	if (all == NULL)
		return NULL;
	for (entry = table_oldest(table); entry != NULL; entry = table_newer(table, entry))
		all[(*count)++] = (struct session *)entry;
	qsort(all, *count, sizeof(struct session *), compare_sessions);
	return all;
}

/* Sorts the rows and keeps the worst REPORT_LIST_MAX of them. */
static uint32_t
keep_worst(struct report_pair *rows, uint32_t used)
{
	qsort(rows, used, sizeof(*rows), compare_pairs);
	return used < REPORT_LIST_MAX ? used : REPORT_LIST_MAX;
}

/* Sums over all sessions of a family, and those that are forgotten. */
static void
report_sum(const struct histogram_pool *pool, struct session *const *sessions, uint32_t count,
    struct histogram_dense *dense, struct report_pair *out)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		histogram_dense_merge(dense, pool, &sessions[i]->rtt);
	report_dense(dense, out);
	out->sessions = count;
}

/* The pairs of one family, whose sessions these are. */
static void
report_pairs(const struct histogram_pool *pool, struct session *const *sessions, uint32_t count,
    struct histogram_dense *dense, struct report_family *out)
{
	uint32_t first, last, used = 0;

	for (first = 0; first < count; first = last) {
		for (last = first + 1; last < count &&
		    is_same_pair(sessions[first], sessions[last]); last++)
			;
		if (used == 2 * REPORT_LIST_MAX)
			used = keep_worst(out->pairs, used);
		report_pair(pool, sessions + first, last - first, dense, &out->pairs[used]);
		if (out->pairs[used].repliers > out->sum.repliers)
			out->sum.repliers = out->pairs[used].repliers;
		out->pair_lossy += report_pair_missing(&out->pairs[used++]) > 0;
		out->pair_total++;
	}
	out->pair_count = keep_worst(out->pairs, used);
}

static bool
is_unused(const struct session_counts *counts)
{
	static const struct session_counts none;

	return memcmp(counts, &none, sizeof(none)) == 0;
}

/* How many of the sorted sessions are of the family of the first. */
static uint32_t
count_family(struct session *const *sessions, uint32_t count, enum exchange_family family)
{
	uint32_t i = 0;

	while (i < count && sessions[i]->key.family == family)
		i++;
	return i;
}

/* The families, of sorted sessions; -1 when memory ran out. */
static int
report_families(const struct histogram_pool *pool, struct session *const *sessions,
    uint32_t count, const struct session_totals *totals, struct report_family *out)
{
	struct histogram_dense dense;
	int family, used = 0;
	uint32_t own;

	for (family = 0; family < EXCHANGE_FAMILY_COUNT; family++) {
		own = count_family(sessions, count, (enum exchange_family)family);
		if (own == 0 && is_unused(&totals[family].counts))
			continue;
		out[used] = (struct report_family){
			.name = exchange_family_name((enum exchange_family)family),
			.pairs = calloc((size_t)2 * REPORT_LIST_MAX, sizeof(*out->pairs)),
		};
		if (out[used].pairs == NULL)
			return -1;
		report_pairs(pool, sessions, own, &dense, &out[used]);
		session_counts_report(&totals[family].counts, &out[used].sum);
		dense = totals[family].evicted_rtt;
		report_sum(pool, sessions, own, &dense, &out[used++].sum);
		sessions += own;
		count -= own;
	}
	return used;
}

void
session_report_free(struct report_family families[EXCHANGE_FAMILY_COUNT])
{
	int i;

	for (i = 0; i < EXCHANGE_FAMILY_COUNT; i++) {
		free(families[i].pairs);
		families[i] = (struct report_family){ .pairs = NULL };
	}
}

int
session_report(const struct table *sessions, const struct histogram_pool *pool,
    const struct session_totals totals[EXCHANGE_FAMILY_COUNT],
    struct report_family out[EXCHANGE_FAMILY_COUNT])
{
	uint32_t count;
	struct session **all = sorted_sessions(sessions, &count);
	int used;

	if (all == NULL)
		return -1;
	session_report_free(out);
	used = report_families(pool, all, count, totals, out);
	free(all);
	return used;
}
