/*
 * Pairs as JSON: counts, RTTs in nanoseconds, and minute by minute.
 */
#include "analyzer/sink/pairs_json.h"

#include "analyzer/sink/fact_json.h"

/* Loss in parts per million of the requests whose fate is known. */
static uint64_t
loss_ppm(const struct report_pair *pair)
{
	uint64_t known = report_pair_known(pair);

	return known == 0 ? 0 : (report_pair_missing(pair) * 1000000 + known / 2) / known;
}

/* RFC 5481 4.2: how far delays are above the least; so are their quantiles. */
static void
write_pdv(struct json_writer *w, const struct report_pair *pair)
{
	json_uint(w, "pdv_median_ns", pair->rtt_median_ns - pair->rtt_min_ns);
	json_uint(w, "pdv_p95_ns", pair->rtt_p95_ns - pair->rtt_min_ns);
	json_uint(w, "pdv_p99_ns", pair->rtt_p99_ns - pair->rtt_min_ns);
}

static void
write_rtt(struct json_writer *w, const struct report_pair *pair)
{
	if (pair->rtt_count == 0)
		return;
	json_open_object(w, "rtt");
	json_uint(w, "count", pair->rtt_count);
	json_uint(w, "min_ns", pair->rtt_min_ns);
	json_uint(w, "avg_ns", pair->rtt_avg_ns);
	json_uint(w, "max_ns", pair->rtt_max_ns);
	if (pair->quantiles_missing < pair->rtt_count) {
		json_uint(w, "median_ns", pair->rtt_median_ns);
		json_uint(w, "p95_ns", pair->rtt_p95_ns);
		json_uint(w, "p99_ns", pair->rtt_p99_ns);
	}
	if (pair->quantiles_missing < pair->rtt_count)
		write_pdv(w, pair);
	if (pair->has_jitter) {
		json_uint(w, "jitter_ns", pair->jitter_ns);
		json_uint(w, "ipdv_avg_ns", pair->ipdv_avg_ns);
		json_uint(w, "ipdv_max_ns", pair->ipdv_max_ns);
	}
	json_uint(w, "quantiles_missing", pair->quantiles_missing);
	json_close(w);
}

static void
write_pair_counts(struct json_writer *w, const struct report_pair *pair)
{
	json_uint(w, "sessions", pair->sessions);
	json_uint(w, "sent", pair->sent);
	json_uint(w, "received", report_pair_received(pair));
	json_uint(w, "loss_ppm", loss_ppm(pair));
	json_uint(w, "path_probes", pair->probes);
	json_uint(w, "answered", pair->answered);
	json_uint(w, "late", pair->late);
	json_uint(w, "lost", pair->lost);
	json_uint(w, "unanswered", pair->unanswered);
	json_uint(w, "unreachable", pair->unreachable);
	json_uint(w, "open", pair->open);
	json_uint(w, "evicted", pair->evicted);
	json_uint(w, "duplicates", pair->duplicates);
	json_uint(w, "further", pair->further);
	json_uint(w, "repliers", pair->repliers);
	json_uint(w, "reordered", pair->reordered);
	json_uint(w, "unsolicited", pair->unsolicited);
	json_uint(w, "copies", pair->copies);
	json_uint(w, "altered", pair->altered);
}

/* How it went, for a picture; one minute is no more than the sums. */
static void
write_minutes(struct json_writer *w, const struct report_pair *pair)
{
	const struct report_minute *minute;
	uint32_t i;

	if (pair->minute_count < 2)
		return;
	json_open_array(w, "minutes");
	for (i = 0; i < pair->minute_count; i++) {
		minute = &pair->minutes[i];
		json_open_object(w, NULL);
		json_time(w, "start", minute->start_ns);
		json_uint(w, "sent", minute->sent);
		json_uint(w, "received", minute->received);
		json_uint(w, "lost", minute->lost);
		if (minute->rtt_count > 0) {
			json_uint(w, "rtt_min_ns", minute->rtt_min_ns);
			json_uint(w, "rtt_median_ns", minute->rtt_median_ns);
			json_uint(w, "rtt_p95_ns", minute->rtt_p95_ns);
			json_uint(w, "rtt_max_ns", minute->rtt_max_ns);
		}
		json_close(w);
	}
	json_close(w);
}

static void
write_ttl(struct json_writer *w, const struct report_pair *pair)
{
	if (pair->ttl_changes == 0)
		return;
	json_open_object(w, "ttl");
	json_uint(w, "changes", pair->ttl_changes);
	json_uint(w, "last", pair->ttl_last);
	json_uint(w, "before", pair->ttl_before);
	json_close(w);
}

static void
write_sender(struct json_writer *w, const struct report_pair *pair)
{
	if (pair->tool == NULL && pair->seq_mode == NULL)
		return;
	json_open_object(w, "sender");
	json_text(w, "tool", pair->tool);
	json_text(w, "seq_mode", pair->seq_mode);
	json_close(w);
}

static void
write_pair(struct json_writer *w, const char *family, const struct report_pair *pair)
{
	json_open_object(w, NULL);
	json_host(w, "source", &pair->source);
	json_host(w, "destination", &pair->destination);
	json_text(w, "family", family);
	write_pair_counts(w, pair);
	write_rtt(w, pair);
	write_ttl(w, pair);
	write_sender(w, pair);
	json_time(w, "first", pair->first_ns);
	json_time(w, "last", pair->last_ns);
	write_minutes(w, pair);
	json_close(w);
}

/* The sums of each family, then the pairs of all. */
void
pairs_json(struct json_writer *w, const struct report *report)
{
	const struct report_family *family;
	uint32_t i, j;

	if (report->family_count == 0)
		return;
	json_open_array(w, "families");
	for (i = 0; i < report->family_count; i++) {
		family = &report->families[i];
		json_open_object(w, NULL);
		json_text(w, "family", family->name);
		json_uint(w, "pair_total", family->pair_total);
		write_pair_counts(w, &family->sum);
		write_rtt(w, &family->sum);
		json_close(w);
	}
	json_close(w);
	json_open_array(w, "pairs");
	for (i = 0; i < report->family_count; i++)
		for (family = &report->families[i], j = 0; j < family->pair_count; j++)
			write_pair(w, family->name, &family->pairs[j]);
	json_close(w);
}
