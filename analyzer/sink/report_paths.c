/*
 * A traceroute is a headline and a row for each hop; the address comes last,
 * so that the longest of IPv6 may go on a line below. Hops in a row that never
 * answered are one row.
 */
#include "analyzer/sink/report_paths.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/sink/format.h"
#include "analyzer/sink/path_words.h"
#include "analyzer/sink/report_pairs.h"

#define ADDRESS_INDENT 49
#define WORDS_INDENT 8
#define TTL_SIZE 48
#define PPM 1000000

static void
add_ms(struct text_page *page, int64_t ns)
{
	char ms[FORMAT_MS_SIZE];

	text_add(page, "%8s", ns != EVENT_UNKNOWN ? format_ms((uint64_t)ns, ms) : "-");
}

static void
add_count(struct text_page *page, int64_t count)
{
	if (count == EVENT_UNKNOWN)
		text_add(page, "%6s", "-");
	else
		text_add(page, "%6" PRId64, count);
}

/* Hop, loss, sent and RTTs; `ttl` may be several. */
static void
add_numbers(struct text_page *page, const char *ttl, const struct path_hop *hop)
{
	char share[SHARE_SIZE];

	text_add(page, "%5s", ttl);
	text_add(page, "%7s", hop->loss != EVENT_UNKNOWN ?
	    share_text((uint64_t)hop->loss, PPM, share) : "-");
	add_count(page, hop->sent);
	add_ms(page, hop->last_ns);
	add_ms(page, hop->avg_ns);
	add_ms(page, hop->best_ns);
	add_ms(page, hop->worst_ns);
}

static void
add_address(struct text_page *page, const struct addr *address)
{
	char text[ADDR_TEXT_SIZE];

	addr_text(address, text);
	text_add(page, " %s", text);
}

/* What is behind the address. */
static void
add_remarks(struct text_page *page, const struct path_hop *hop)
{
	if (hop->error != NULL)
		text_add(page, " %s", hop->error);
	if (hop->is_inferred == 1)
		text_add(page, " (inferred)");
	if (hop->is_rate_limited == 1)
		text_add(page, " (rate-limited)");
	if (hop->has_changed == 1)
		text_add(page, " (changed)");
}

static void
write_labels(struct text_page *page, const struct path_hop *hop)
{
	const struct path_label *labels = hop->labels.items;
	uint32_t i;

	for (i = 0; i < hop->labels.count; i++) {
		text_start(page, TEXT_PLAIN, ADDRESS_INDENT);
		text_add(page, "%*s", ADDRESS_INDENT, "");
		text_add(page, " MPLS %" PRId64, labels[i].label);
		text_add(page, " tc %" PRId64, labels[i].tc);
		text_add(page, " ttl %" PRId64, labels[i].ttl);
		text_end(page);
	}
}

static void
write_hop(struct text_page *page, const struct path_hop *hop)
{
	const struct addr *addresses = hop->addresses.items;
	bool is_bad = hop->loss > 0 && hop->is_rate_limited != 1;
	char ttl[TTL_SIZE];
	uint32_t i;

	snprintf(ttl, sizeof(ttl), "%" PRId64, hop->ttl);
	text_start(page, is_bad ? TEXT_BAD : TEXT_PLAIN, ADDRESS_INDENT);
	add_numbers(page, ttl, hop);
	add_address(page, hop->addresses.count > 0 ? &addresses[0] : &hop->address);
	add_remarks(page, hop);
	text_end(page);
	for (i = 1; i < hop->addresses.count; i++) {
		text_start(page, TEXT_PLAIN, ADDRESS_INDENT);
		text_add(page, "%*s", ADDRESS_INDENT - 1, "");
		add_address(page, &addresses[i]);
		text_end(page);
	}
	write_labels(page, hop);
}

static bool
is_silent(const struct path_hop *hop)
{
	return hop->address.version == 0 && hop->addresses.count == 0;
}

/* `count` hops that never answered. */
static void
write_silence(struct text_page *page, const struct path_hop *hop, uint32_t count)
{
	char ttl[TTL_SIZE];

	snprintf(ttl, sizeof(ttl), "%" PRId64, hop->ttl);
	if (count > 1)
		snprintf(ttl, sizeof(ttl), "%" PRId64 "-%" PRId64, hop->ttl,
		    hop->ttl + count - 1);
	text_start(page, TEXT_PLAIN, ADDRESS_INDENT);
	add_numbers(page, ttl, hop);
	text_add(page, " no answer");
	text_end(page);
}

static void
write_hops(struct text_page *page, const struct traceroute_facts *facts)
{
	const struct path_hop *hops = facts->hops.items;
	uint32_t i, n;

	for (i = 0; i < facts->hops.count; i += n) {
		for (n = 0; i + n < facts->hops.count && is_silent(&hops[i + n]) &&
		    hops[i + n].sent == hops[i].sent; n++)
			;
		if (n > 0) {
			write_silence(page, &hops[i], n);
			continue;
		}
		write_hop(page, &hops[i]);
		n = 1;
	}
}

static void
write_traceroute(struct text_page *page, const struct report_traceroute *row)
{
	const struct traceroute_facts *facts = &row->facts;
	char source[ADDR_TEXT_SIZE], destination[ADDR_TEXT_SIZE], words[PATH_WORDS_SIZE];
	char when[FORMAT_SECOND_LEN + 1];

	addr_text(&row->source, source);
	addr_text(&row->destination, destination);
	*format_second(when, row->first_ns / UINT64_C(1000000000)) = '\0';
	when[10] = ' ';
	path_words(EVENT_TRACEROUTE, facts, words);
	text_start(page, facts->is_reached == 1 ? TEXT_PLAIN : TEXT_BAD, WORDS_INDENT);
	text_add(page, "%s", source);
	text_add(page, " -> %s", destination);
	text_add(page, " %s", when);
	text_end(page);
	text_start(page, TEXT_PLAIN, WORDS_INDENT);
	text_add(page, "%*s", WORDS_INDENT - 1, "");
	text_words(page, words);
	if (facts->is_inferred == 1)
		text_words(page, "(its probes were not captured)");
	text_end(page);
	write_hops(page, facts);
}

static void
write_more(struct text_page *page, uint64_t total, uint64_t shown)
{
	if (total <= shown)
		return;
	text_start(page, TEXT_PLAIN, WORDS_INDENT);
	text_add(page, "... and %" PRIu64 " more", total - shown);
	text_end(page);
}

static void
write_traceroutes(struct text_page *page, const struct report *report)
{
	uint32_t shown = report->traceroute_count, i;

	if (shown == 0)
		return;
	if (shown > report->rows)
		shown = report->rows;
	text_section(page, report->traceroute_total > 1 ?
	    "TRACEROUTES, the worst first; times in ms" : "TRACEROUTES; times in ms");
	text_start(page, TEXT_PLAIN, 0);
	text_add(page, "  hop   loss  sent    last     avg    best   worst  address");
	text_end(page);
	for (i = 0; i < shown; i++)
		write_traceroute(page, &report->traceroutes[i]);
	write_more(page, report->traceroute_total, shown);
}

static void
write_note(struct text_page *page, const struct report_path_note *note)
{
	char source[ADDR_TEXT_SIZE], destination[ADDR_TEXT_SIZE], words[PATH_WORDS_SIZE];

	addr_text(&note->source, source);
	addr_text(&note->destination, destination);
	path_words(note->event, note->facts, words);
	text_start(page, note->event == EVENT_ROUTING_LOOP ||
	    note->event == EVENT_PMTU_BLACKHOLE ? TEXT_BAD : TEXT_PLAIN, WORDS_INDENT);
	text_add(page, "%s", source);
	text_add(page, " -> %s", destination);
	if (note->count > 1)
		text_add(page, " (%" PRIu64 " times)", note->count);
	text_end(page);
	text_start(page, TEXT_PLAIN, WORDS_INDENT);
	text_add(page, "%*s", WORDS_INDENT - 1, "");
	text_words(page, words);
	text_end(page);
}

static void
write_notes(struct text_page *page, const char *title, const struct report_path_note *notes,
    uint32_t count, uint32_t rows)
{
	uint32_t i;

	if (count == 0)
		return;
	text_section(page, title);
	for (i = 0; i < count && i < rows; i++)
		write_note(page, &notes[i]);
	write_more(page, count, i);
}

void
report_paths(struct text_page *page, const struct report *report)
{
	write_traceroutes(page, report);
	write_notes(page, "PATHS: changes, loops and limits", report->path_notes,
	    report->path_note_count, report->rows);
	write_notes(page, "PATH MTU and redirects", report->pmtu_notes, report->pmtu_note_count,
	    report->rows);
}
