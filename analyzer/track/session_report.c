/*
 * Sums of sessions: pairs, minute by minute too, and families.
 */
#include "analyzer/track/session_report.h"

#include <stdlib.h>
#include <string.h>

/* What sums are made with. */
struct summing {
	const struct session_books *books;
	struct histogram_dense dense;
	struct report_minute *minutes; /* where the next goes */
	const struct minute **scratch; /* room for all there are */
};

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
report_rtt(struct summing *summing, struct session *const *sessions, uint32_t count,
    struct report_pair *out)
{
	const struct session *largest = sessions[0];
	uint32_t i;

	for (i = 1; i < count; i++)
		if (sessions[i]->rtt.count > largest->rtt.count)
			largest = sessions[i];
	out->jitter_ns = largest->jitter_ns16 / 16;
	out->has_jitter = largest->rtt.count > 1;
	if (out->has_jitter)
		out->ipdv_avg_ns = largest->ipdv_sum_ns / (largest->rtt.count - 1);
	out->ipdv_max_ns = largest->ipdv_max_ns;
	out->tool = largest->tool;
	out->seq_mode = seq_mode_name(session_seq_mode(largest));
	histogram_dense_reset(&summing->dense);
	for (i = 0; i < count; i++)
		histogram_dense_merge(&summing->dense, summing->books->histograms,
		    &sessions[i]->rtt);
	report_dense(&summing->dense, out);
}

/* Minutes by their time. */
static int
compare_minutes(const void *left, const void *right)
{
	const struct minute *a = *(const struct minute *const *)left;
	const struct minute *b = *(const struct minute *const *)right;

	return (a->key.minute > b->key.minute) - (a->key.minute < b->key.minute);
}

/* The same minute of several sessions. */
static void
report_minute(struct summing *summing, const struct minute *const *minutes, uint32_t count,
    struct report_minute *out)
{
	struct histogram_dense *dense = &summing->dense;
	uint32_t i;

	*out = (struct report_minute){ .start_ns = minutes[0]->key.minute * NS_PER_MINUTE };
	histogram_dense_reset(dense);
	for (i = 0; i < count; i++) {
		out->sent += minutes[i]->sent;
		out->received += minutes[i]->answered;
		out->lost += minutes[i]->lost;
		histogram_dense_merge(dense, &summing->books->series->histograms, &minutes[i]->rtt);
	}
	out->rtt_count = dense->totals.count;
	out->rtt_min_ns = dense->totals.min_ns;
	out->rtt_max_ns = dense->totals.max_ns;
	out->rtt_median_ns = histogram_dense_quantile(dense, 500);
	out->rtt_p95_ns = histogram_dense_quantile(dense, 950);
}

/* The minutes of a pair, in order, behind those of the pairs before. */
static void
report_minutes(struct summing *summing, struct session *const *sessions, uint32_t count,
    struct report_pair *out)
{
	const struct series *series = summing->books->series;
	const struct minute **minutes = summing->scratch;
	uint32_t i, place, first, last, found = 0;

	for (i = 0; i < count; i++)
		for (place = sessions[i]->newest_minute; place != TABLE_NONE;
		    place = minutes[found - 1]->older)
			minutes[found++] = series_at(series, place);
	qsort(minutes, found, sizeof(const struct minute *), compare_minutes);
	out->minutes = summing->minutes;
	for (first = 0; first < found; first = last) {
		for (last = first + 1; last < found &&
		    minutes[last]->key.minute == minutes[first]->key.minute; last++)
			;
		report_minute(summing, minutes + first, last - first, summing->minutes++);
		out->minute_count++;
	}
}

static void
add_probes(const struct session_counts *counts, struct report_pair *out)
{
	out->probes += counts->sent;
	out->probes_received += counts->answered + counts->late;
	out->probes_missing += counts->lost + counts->unreachable + session_open(counts);
}

static void
report_pair(struct summing *summing, struct session *const *sessions, uint32_t count,
    struct report_pair *out)
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
		if (session_probes_path(sessions[i]))
			add_probes(&sessions[i]->counts, out);
		if (sessions[i]->ttl_changes > 0) {
			out->ttl_changes += sessions[i]->ttl_changes;
			out->ttl_last = sessions[i]->ttl_last;
			out->ttl_before = sessions[i]->ttl_before;
		}
		if (sessions[i]->repliers > out->repliers)
			out->repliers = sessions[i]->repliers;
		if (sessions[i]->first_ns < out->first_ns)
			out->first_ns = sessions[i]->first_ns;
		if (sessions[i]->last_ns > out->last_ns)
			out->last_ns = sessions[i]->last_ns;
	}
	report_rtt(summing, sessions, count, out);
	report_minutes(summing, sessions, count, out);
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
report_sum(struct summing *summing, struct session *const *sessions, uint32_t count,
    const struct session_totals *totals, struct report_pair *out)
{
	uint32_t i;

	session_counts_report(&totals->counts, out);
	summing->dense = totals->evicted_rtt;
	for (i = 0; i < count; i++)
		histogram_dense_merge(&summing->dense, summing->books->histograms,
		    &sessions[i]->rtt);
	report_dense(&summing->dense, out);
	out->sessions = count;
}

/* The pairs of one family, whose sessions these are. */
static void
report_pairs(struct summing *summing, struct session *const *sessions, uint32_t count,
    struct report_family *out)
{
	uint32_t first, last, used = 0;

	for (first = 0; first < count; first = last) {
		for (last = first + 1; last < count &&
		    is_same_pair(sessions[first], sessions[last]); last++)
			;
		if (used == 2 * REPORT_LIST_MAX)
			used = keep_worst(out->pairs, used);
		report_pair(summing, sessions + first, last - first, &out->pairs[used]);
		if (out->pairs[used].repliers > out->sum.repliers)
			out->sum.repliers = out->pairs[used].repliers;
		out->sum.probes += out->pairs[used].probes;
		out->sum.probes_received += out->pairs[used].probes_received;
		out->sum.probes_missing += out->pairs[used].probes_missing;
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
report_families(struct summing *summing, struct session *const *sessions, uint32_t count,
    struct report_family *out)
{
	const struct session_totals *totals = summing->books->totals;
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
		report_pairs(summing, sessions, own, &out[used]);
		report_sum(summing, sessions, own, &totals[family], &out[used++].sum);
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
session_report(const struct session_books *books, struct report_minute *minutes,
    struct report_family out[EXCHANGE_FAMILY_COUNT])
{
	uint32_t count;
	struct session **all = sorted_sessions(books->sessions, &count);
	struct summing *summing = calloc(1, sizeof(*summing));
	const struct minute **scratch = calloc((size_t)books->series->minutes.count + 1,
	    sizeof(struct minute *));
	int used = -1;

	session_report_free(out);
	if (all != NULL && summing != NULL && scratch != NULL) {
		summing->books = books;
		summing->minutes = minutes;
		summing->scratch = scratch;
		used = report_families(summing, all, count, out);
	}
	free(all);
	free(summing);
	free(scratch);
	return used;
}
