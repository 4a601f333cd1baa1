/*
 * Sessions: keys, answers in order, RTT statistics.
 */
#include "analyzer/track/session.h"

#include <string.h>

void
session_key_ends(const struct packet *packet, bool reverse, struct session_key *out)
{
	const struct ip_header *ip = &packet->ip;

	out->source = reverse ? ip->final_destination : ip->source;
	out->destination = reverse ? ip->source : ip->final_destination;
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

	if (session->rtt.count > 1) {
		session->jitter_ns16 += difference - (session->jitter_ns16 + 8) / 16;
		session->ipdv_sum_ns += difference;
		if (difference > session->ipdv_max_ns)
			session->ipdv_max_ns = difference;
	}
	session->last_rtt_ns = rtt_ns;
}

#define CLOSE_LOOKS 4 /* requests of a session that are all looked at */

void
session_sender(struct session *session, struct sender_clues *clues)
{
	uint64_t sent = session->counts.sent;
	enum seq_step step = seq_step(session->last_seq, clues->seq);

	if (sent <= 1)
		session->first_seq = clues->seq;
	else if (step != SEQ_STEP_BACK)
		session->steps[step]++;
	if (sent <= 1 || step != SEQ_STEP_BACK)
		session->last_seq = clues->seq;
	if (sent > CLOSE_LOOKS && (sent & (sent - 1)) != 0)
		return;
	clues->mode = session_seq_mode(session);
	session->tool = sender_tool(clues);
}

void
session_ttl(struct session *session, uint8_t ttl)
{
	if (session->ttl_last != 0 && session->ttl_last != ttl)
		session->ttl_changes++;
	if (session->ttl_last != ttl)
		session->ttl_before = session->ttl_last;
	session->ttl_last = ttl;
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

bool
session_probes_path(const struct session *session)
{
	return session->asked_ttl_high > session->asked_ttl_low && session->expired > 0;
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
