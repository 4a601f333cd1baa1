/*
 * Prints the tables of decoders/ for people: on a terminal in 80 columns, or
 * as the Markdown of decoders/TYPES.md, by one walk, so that both say the same.
 */
#include "analyzer/explain.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/explain_detector.h"
#include "analyzer/explain_field.h"
#include "analyzer/explain_header.h"
#include "analyzer/explain_page.h"
#include "analyzer/log.h"
#include "decoders/icmp.h"

#define WORDS_MAX 2
#define WORD_SIZE 128

static void
print_markdown(const struct page *page)
{
	const struct icmp_type *message;
	const struct list_type *const *list;
	const struct record_type *record;
	unsigned version, i;

	page_heading(page, 1, "Messages, options, objects, encapsulations and anomalies");
	page_paragraph(page,
	    "Generated from the tables in this folder by `make docs`. An octet "
	    "is counted from the type octet of the message, or from the start of the option or "
	    "record; 5.3 is bit 3 of octet 5, and bit 0 is the highest. A field's name is its key "
	    "in events.");
	for (version = 4; version <= 6; version += 2) {
		page_heading(page, 2, version == 4 ? "ICMPv4 messages" : "ICMPv6 messages");
		for (message = icmp_types((uint8_t)version); message->name != NULL; message++)
			page_message(page, version, message, -1);
	}
	page_heading(page, 2, "Records in lists");
	for (list = list_types; *list != NULL; list++)
		for (record = (*list)->types; record->name != NULL; record++)
			page_record(page, *list, record);
	page_heading(page, 2, "Encapsulations");
	explain_headers_all(page);
	page_heading(page, 2, "Anomalies");
	fprintf(page->out, "| anomaly | meaning | RFC | sent by |\n|---|---|---|---|\n");
	for (i = 0; i < ANOMALY_COUNT; i++)
		page_anomaly(page, anomaly_type((enum anomaly)i));
}

/* A question: what it is about, if anything, and a number or a name. */
struct question {
	unsigned version;             /* 4, 6, or 0 for both */
	bool is_type, is_option;      /* "type 11", "option 25" */
	const struct list_type *list;
	const char *name; /* NULL when it is a number */
	unsigned number;
	int code; /* -1 when not given */
	bool is_any_code; /* it need not be assigned */
};

/* The messages, one line each; those of one part with the codes that have it too. */
static void
list_messages(struct page *page, unsigned version)
{
	const char *section = version == 4 ? "ICMPv4 messages" : "ICMPv6 messages";
	const struct icmp_type *row;
	const struct name *code;

	for (row = icmp_types((uint8_t)version); row->name != NULL; row++) {
		if (row->type != row[1].type || row[1].name == NULL)
			page_line(page, section, "%3u  %-56s %s", (unsigned)row->type, row->name,
			    page_role_name(row->role));
		if (page->part == NULL || row->code != ICMP_ANY_CODE)
			continue;
		for (code = row->codes; code != NULL && code->name != NULL; code++)
			page_line(page, section, "%u/%u  %s", (unsigned)row->type,
			    (unsigned)code->number, code->name);
	}
}

static void
list_records(struct page *page, const struct list_type *list)
{
	const struct record_type *record;
	char section[PAGE_SECTION_SIZE];

	snprintf(section, sizeof(section), "%s (%s)", list->name, list->word);
	for (record = list->types; record->name != NULL; record++) {
		struct page_text number = { .len = 0 };

		page_add_number(&number, list, record->type);
		page_line(page, section, "%6s  %s", number.bytes, record->name);
	}
}

/* Everything there is, or all of the group or with the part asked for, one line each. */
static void
print_contents(struct page *page, const struct question *question)
{
	const struct list_type *const *list;
	unsigned version, i;

	for (version = 4; version <= 6; version += 2)
		if (question->list == NULL &&
		    (question->version == 0 || question->version == version))
			list_messages(page, version);
	for (list = list_types; *list != NULL; list++)
		if (question->version == 0 && (question->list == NULL || question->list == *list))
			list_records(page, *list);
	if (question->version != 0 || question->list != NULL)
		return;
	for (i = 0; i < ANOMALY_COUNT; i++)
		page_line(page, "Anomalies", "%s", anomaly_type((enum anomaly)i)->slug);
	explain_headers(page);
	explain_fields(page);
	explain_detectors(page);
}

static bool
parse_group(const char *word, struct question *out)
{
	const struct list_type *const *list;

	if (strcmp(word, "icmp") == 0 || strcmp(word, "icmpv4") == 0 || strcmp(word, "icmp4") == 0)
		out->version = 4;
	else if (strcmp(word, "icmpv6") == 0 || strcmp(word, "icmp6") == 0)
		out->version = 6;
	for (list = list_types; *list != NULL; list++)
		if (strcmp(word, (*list)->word) == 0)
			out->list = *list;
	out->is_type = strcmp(word, "type") == 0;
	out->is_option = strcmp(word, "option") == 0;
	return out->version != 0 || out->list != NULL || out->is_type || out->is_option;
}

/* "TYPE" or "TYPE/CODE", each below 256; anything else is a name. */
static void
parse_topic(const char *word, struct question *out)
{
	unsigned long number, code;
	char *end;

	out->name = word;
	out->code = -1;
	if (*word < '0' || *word > '9')
		return;
	number = strtoul(word, &end, 10);
	if (*end == '/' && end[1] >= '0' && end[1] <= '9') {
		code = strtoul(end + 1, &end, 10);
		if (code > 255)
			return;
		out->code = (int)code;
	}
	if (*end != '\0' || number > 255)
		return;
	out->number = (unsigned)number;
	out->name = NULL;
}

static bool
has_field(const struct field *fields, const char *name)
{
	for (; fields != NULL && fields->name != NULL; fields++)
		if (fields->kind != FIELD_UNUSED && strcmp(fields->name, name) == 0)
			return true;
	return false;
}

/* The code that the question names or that has its name in the row; -1 for none. */
static int
code_asked(const struct icmp_type *row, const struct question *question)
{
	const struct name *code = row->codes;

	if (question->code >= 0 || question->name == NULL)
		return question->code;
	for (; code != NULL && code->name != NULL; code++)
		if (strcmp(code->name, question->name) == 0 &&
		    (row->code == ICMP_ANY_CODE || row->code == (int)code->number))
			return (int)code->number;
	return -1;
}

static bool
message_answers(const struct icmp_type *row, unsigned version, const struct question *question)
{
	int code = question->code;

	if (question->list != NULL || question->is_option ||
	    (question->version != 0 && question->version != version))
		return false;
	if (question->name != NULL)
		return strcmp(row->name, question->name) == 0 ||
		       code_asked(row, question) >= 0 ||
		       has_field(row->fields, question->name) ||
		       has_field(row->secured, question->name);
	if (row->type != question->number || code < 0)
		return row->type == question->number;
	if (row->codes != NULL && name_of(row->codes, (uint32_t)code) == NULL &&
	    !question->is_any_code)
		return false;
	return row == icmp_lookup((uint8_t)version, row->type, (uint8_t)code, row->min_len);
}

static bool
record_answers(const struct list_type *list, const struct record_type *row,
    const struct question *question)
{
	uint32_t class = question->number;

	bool is_option = question->is_option && strcmp(list->key, "options") == 0;

	if (question->version != 0 || question->is_type ||
	    (question->is_option && !is_option) ||
	    (question->list != NULL && question->list != list))
		return false;
	if (question->name != NULL)
		return strcmp(row->name, question->name) == 0 ||
		       has_field(row->fields, question->name);
	if (question->list == NULL || !list->is_classed)
		return (question->list != NULL || is_option) && row->type == question->number;
	if (question->code < 0)
		return row->type / 256u == class;
	return list_row(list, class << 8 | (uint32_t)question->code) == row;
}

/* Says which codes of the row's type have rows of their own, when any has. */
static void
print_other_rows(const struct page *page, const struct icmp_type *row)
{
	struct page_text text = { .len = 0 };
	uint8_t type = row->type;

	for (row++; row->name != NULL && row->type == type; row++)
		if (row->code != ICMP_ANY_CODE)
			page_text_add(&text, "%s %u/%d", text.len > 0 ? "," : "", type, row->code);
	if (text.len == 0)
		return;
	fprintf(page->out, "\n  Codes with a layout of their own, each to be explained:\n");
	page_paragraph(page, text.bytes + 1);
}

/* The messages that the question may mean; returns how many. */
static unsigned
answer_messages(const struct page *page, const struct question *question)
{
	const struct icmp_type *row;
	unsigned version, found = 0;

	for (version = 4; version <= 6; version += 2)
		for (row = icmp_types((uint8_t)version); row->name != NULL; row++) {
			bool is_type = question->name == NULL && question->code < 0;

			if (!message_answers(row, version, question) ||
			    (is_type && row->code != ICMP_ANY_CODE))
				continue;
			fputs(found++ > 0 ? "\n" : "", page->out);
			page_message(page, version, row, code_asked(row, question));
			if (is_type)
				print_other_rows(page, row);
		}
	return found;
}

/* Prints all that the question may mean; returns how much that was. */
static unsigned
answer(const struct page *page, const struct question *question)
{
	const struct list_type *const *list;
	const struct record_type *record;
	unsigned i, found = answer_messages(page, question);

	for (list = list_types; *list != NULL; list++)
		for (record = (*list)->types; record->name != NULL; record++)
			if (record_answers(*list, record, question)) {
				fputs(found++ > 0 ? "\n" : "", page->out);
				page_record(page, *list, record);
			}
	for (i = 0; i < ANOMALY_COUNT; i++) {
		const struct anomaly_type *row = anomaly_type((enum anomaly)i);

		if (question->name != NULL && strcmp(row->slug, question->name) == 0) {
			fputs(found++ > 0 ? "\n" : "", page->out);
			page_anomaly(page, row);
		}
	}
	if (question->name != NULL && question->version == 0 && question->list == NULL) {
		found += explain_header(page, question->name, found);
		found += explain_detector(page, question->name, found);
		found += explain_field(page, question->name, found);
	}
	return found;
}

/* All of the group, or all that has a word like the one asked for; whether any was. */
static bool
answer_with_list(struct page *page, const struct question *group, const char *part)
{
	page->part = part;
	print_contents(page, group);
	return page->section[0] != '\0';
}

/* One or two words: a group, a topic, or a group and a topic in it. */
static bool
answer_words(struct page *page, size_t count, const char *const *words)
{
	struct question question = { .version = 0 };
	bool has_group = parse_group(words[0], &question);

	if (count == 1 && strcmp(words[0], "detectors") == 0) {
		explain_detectors_all(page);
		return true;
	}
	if (strcmp(words[0], "detector") == 0)
		return count == 2 && explain_detector(page, words[1], 0) > 0;

	if (count > 2 || (count == 2 && !has_group))
		return false;
	if (count == 1 && (question.version != 0 || question.list != NULL))
		return answer_with_list(page, &question, NULL);
	parse_topic(words[count - 1], &question);
	if (answer(page, &question) > 0)
		return true;
	question.is_any_code = question.code >= 0;
	if (question.is_any_code)
		return answer(page, &question) > 0;
	return question.name != NULL && answer_with_list(page, &question, question.name);
}

/* Copies the words in small letters, as all names are; false for what is too long. */
static bool
lower_words(size_t count, const char *const *words, char copies[][WORD_SIZE])
{
	size_t i, j;

	for (i = 0; i < count && i < WORDS_MAX; i++) {
		if (strlen(words[i]) >= WORD_SIZE)
			return false;
		for (j = 0; words[i][j] != '\0'; j++)
			copies[i][j] = (char)tolower((unsigned char)words[i][j]);
		copies[i][j] = '\0';
	}
	return count <= WORDS_MAX;
}

int
explain_run(size_t count, const char *const *words, FILE *out, char *err)
{
	struct page page = { .out = out };
	struct question all = { .version = 0 };
	char copies[WORDS_MAX][WORD_SIZE];
	const char *lower[WORDS_MAX] = { copies[0], copies[1] };

	page.is_markdown = count == 1 && strcmp(words[0], "markdown") == 0;
	if (page.is_markdown) {
		print_markdown(&page);
	} else if (count == 0) {
		print_contents(&page, &all);
		fprintf(out, "\nMore about one: icmpscope explain 3/4, icmpv6 134, nd 25, bad_mtu, "
		    "gre,\nicmp.ttl, ping_sweep; about all detectors: icmpscope explain detectors\n");
	} else if (!lower_words(count, words, copies) || !answer_words(&page, count, lower)) {
		snprintf(err, ERR_SIZE, "nothing is known about \"%.128s\"; "
		    "icmpscope explain lists what is", words[count - 1]);
		return -1;
	}
	if (fflush(out) != 0 || ferror(out)) {
		snprintf(err, ERR_SIZE, "cannot write the reference");
		return -1;
	}
	return 0;
}
