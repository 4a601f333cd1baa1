/*
 * Addresses on a line of their own, for IPv6 needs it, and ten columns of
 * eight below; what is out of the ordinary in words on a third.
 */
#include "analyzer/sink/report_pairs.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/sink/format.h"

#define NOTES_INDENT 8
#define NOTES_MAX 16 /* kinds of notes there are */
#define NOTE_SIZE (TEXT_COLUMNS + COUNT_TEXT_SIZE)
#define COUNT_TEXT_SIZE 24
#define COUNT_COLUMN_MAX 9999999 /* more digits do not fit the column */

const char *
share_text(uint64_t part, uint64_t whole, char *out)
{
	uint64_t permille = whole == 0 ? 0 : (part * 1000 + whole / 2) / whole;

	if (part == 0)
		snprintf(out, SHARE_SIZE, "0%%");
	else if (part == whole)
		snprintf(out, SHARE_SIZE, "100%%");
	else if (permille == 0)
		snprintf(out, SHARE_SIZE, "<0.1%%");
	else if (permille == 1000)
		snprintf(out, SHARE_SIZE, ">99.9%%");
	else
		snprintf(out, SHARE_SIZE, "%u.%u%%", (unsigned)(permille / 10),
		    (unsigned)(permille % 10));
	return out;
}

static void
add_count(struct text_page *page, uint64_t count)
{
	if (count <= COUNT_COLUMN_MAX)
		text_add(page, "%8" PRIu64, count);
	else
		text_add(page, "%7" PRIu64 "M", count / 1000000);
}

static void
add_ms(struct text_page *page, bool is_known, uint64_t ns)
{
	char ms[FORMAT_MS_SIZE];

	text_add(page, "%8s", is_known ? format_ms(ns, ms) : "-");
}

static void
write_numbers(struct text_page *page, const struct report_pair *pair)
{
	uint64_t known = report_pair_known(pair), missing = report_pair_missing(pair);
	bool has_rtt = pair->rtt_count > 0;
	bool has_quantiles = pair->quantiles_missing < pair->rtt_count;
	char share[SHARE_SIZE];

	text_start(page, missing > 0 ? TEXT_BAD : TEXT_PLAIN, 0);
	add_count(page, pair->sent);
	add_count(page, report_pair_received(pair));
	if (known > 0)
		text_add(page, "%8s", share_text(missing, known, share));
	else
		text_add(page, "%8s", "-");
	add_ms(page, has_rtt, pair->rtt_min_ns);
	add_ms(page, has_rtt, pair->rtt_avg_ns);
	add_ms(page, has_rtt, pair->rtt_max_ns);
	add_ms(page, has_quantiles, pair->rtt_median_ns);
	add_ms(page, has_quantiles, pair->rtt_p95_ns);
	add_ms(page, has_quantiles, pair->rtt_p99_ns);
	add_ms(page, pair->has_jitter, pair->jitter_ns);
	text_end(page);
}

/* What is said below the numbers of a pair. */
struct notes {
	char words[NOTES_MAX][NOTE_SIZE];
	uint32_t count;
};

/* Adds a note, unless its count is zero. */
static void
add_note(struct notes *notes, uint64_t count, const char *words)
{
	if (count > 0)
		snprintf(notes->words[notes->count++], NOTE_SIZE, "%" PRIu64 " %s", count,
		    words);
}

/* Replies that come another way than before. */
static void
add_ttl(struct notes *notes, const struct report_pair *pair)
{
	char words[TEXT_COLUMNS];

	snprintf(words, sizeof(words), "change%s of TTL, to %u from %u",
	    pair->ttl_changes == 1 ? "" : "s", pair->ttl_last, pair->ttl_before);
	add_note(notes, pair->ttl_changes, words);
}

static void
fill_notes(struct notes *notes, const struct report_pair *pair)
{
	notes->count = 0;
	add_note(notes, pair->probes, "probes of a traceroute");
	add_note(notes, pair->late, "late");
	add_note(notes, pair->unanswered, "unanswered, as they may be");
	add_note(notes, pair->unreachable, "unreachable");
	add_note(notes, pair->open, "open when the capture ended");
	add_note(notes, pair->evicted, "given up for want of room");
	add_note(notes, pair->duplicates, "duplicate");
	if (pair->repliers > 1)
		add_note(notes, pair->repliers, "hosts answer one request");
	add_note(notes, pair->reordered, "reordered");
	add_note(notes, pair->altered, "with other data");
	add_note(notes, pair->unsolicited, "unsolicited");
	add_note(notes, pair->copies, "captured twice");
	add_note(notes, pair->quantiles_missing, "not in the quantiles");
	if (pair->sessions > 1)
		add_note(notes, pair->sessions, "sessions");
	add_ttl(notes, pair);
	if (pair->tool != NULL)
		snprintf(notes->words[notes->count++], NOTE_SIZE, "sender like %s",
		    pair->tool);
}

static void
write_notes(struct text_page *page, const struct report_pair *pair)
{
	struct notes notes;
	uint32_t i;

	fill_notes(&notes, pair);
	if (notes.count == 0)
		return;
	text_start(page, TEXT_PLAIN, NOTES_INDENT);
	text_add(page, "%*s", NOTES_INDENT - 1, "");
	for (i = 0; i < notes.count; i++)
		text_add(page, " %s%s", notes.words[i], i + 1 < notes.count ? "," : "");
	text_end(page);
}

static void
write_pair(struct text_page *page, const struct report_pair *pair)
{
	char source[ADDR_TEXT_SIZE], destination[ADDR_TEXT_SIZE];

	addr_text(&pair->source, source);
	addr_text(&pair->destination, destination);
	text_start(page, TEXT_PLAIN, NOTES_INDENT);
	text_add(page, "%s", source);
	text_add(page, " -> %s", destination);
	text_end(page);
	write_numbers(page, pair);
	write_notes(page, pair);
}

static void
write_line(struct text_page *page, const char *line)
{
	text_start(page, TEXT_PLAIN, 0);
	text_add(page, "%s", line);
	text_end(page);
}

/* "NODE INFORMATION PAIRS" */
static void
write_title(struct text_page *page, const struct report_family *family)
{
	char title[TEXT_COLUMNS];
	size_t i;

	for (i = 0; family->name[i] != '\0' && i + 1 < sizeof(title); i++) {
		title[i] = (char)toupper((unsigned char)family->name[i]);
		if (title[i] == '_')
			title[i] = ' ';
	}
	title[i] = '\0';
	strncat(title, " PAIRS", sizeof(title) - i - 1);
	if (family->pair_count > 1)
		strncat(title, ", the worst first", sizeof(title) - strlen(title) - 1);
	strncat(title, "; times in ms", sizeof(title) - strlen(title) - 1);
	text_section(page, title);
}

static void
write_family(struct text_page *page, const struct report_family *family, uint32_t rows)
{
	uint32_t shown = family->pair_count < rows ? family->pair_count : rows;
	uint32_t i;

	write_title(page, family);
	write_line(page, "    sent    recv    loss     min     avg     max"
	    "  median     p95     p99  jitter");
	for (i = 0; i < shown; i++)
		write_pair(page, &family->pairs[i]);
	text_start(page, TEXT_PLAIN, 0);
	if (family->pair_total > shown) {
		text_add(page, "... and %" PRIu32 " more", family->pair_total - shown);
		text_end(page);
	}
	if (family->pair_total < 2)
		return;
	text_start(page, TEXT_PLAIN, 0);
	text_add(page, "all %" PRIu32 " pairs", family->pair_total);
	text_end(page);
	write_numbers(page, &family->sum);
	write_notes(page, &family->sum);
}

void
report_pairs(struct text_page *page, const struct report *report)
{
	uint32_t i;

	for (i = 0; i < report->family_count; i++)
		if (report->families[i].pair_count > 0)
			write_family(page, &report->families[i], report->rows);
}
