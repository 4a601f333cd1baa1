/*
 * Prints the tables of decoders/ for people: on a terminal in 80 columns, or
 * as the Markdown of decoders/TYPES.md, by one walk, so that both say the same.
 */
#include "analyzer/explain.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/explain_field.h"
#include "analyzer/explain_header.h"
#include "analyzer/explain_page.h"
#include "analyzer/log.h"
#include "decoders/icmp.h"

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
			page_message(page, version, message);
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

/* Everything there is, one line each. */
static void
print_contents(const struct page *page)
{
	const struct icmp_type *message;
	const struct list_type *const *list;
	const struct record_type *record;
	unsigned version, i;

	for (version = 4; version <= 6; version += 2) {
		fprintf(page->out, "%sICMPv%u messages\n", version == 4 ? "" : "\n", version);
		for (message = icmp_types((uint8_t)version); message->name != NULL; message++)
			if (message->type != message[1].type || message[1].name == NULL)
				fprintf(page->out, "  %3u  %-56s %s\n", (unsigned)message->type,
				    message->name, page_role_name(message->role));
	}
	for (list = list_types; *list != NULL; list++) {
		fprintf(page->out, "\n%s (%s)\n", (*list)->name, (*list)->word);
		for (record = (*list)->types; record->name != NULL; record++) {
			struct page_text number = { .len = 0 };

			page_add_number(&number, *list, record->type);
			fprintf(page->out, "  %6s  %s\n", number.bytes, record->name);
		}
	}
	fprintf(page->out, "\nAnomalies\n");
	for (i = 0; i < ANOMALY_COUNT; i++)
		fprintf(page->out, "  %s\n", anomaly_type((enum anomaly)i)->slug);
	explain_headers(page);
	explain_fields(page);
	fprintf(page->out, "\nDetectors\n  none in this version\n"
	    "\nMore about one: icmpscope explain 3/4, icmpv6 134, nd 25, bad_mtu, gre, icmp.ttl\n");
}

/* A question: the group it is about, if any, and a number or a name. */
struct question {
	unsigned version; /* 4, 6, or 0 for both */
	const struct list_type *list;
	const char *name; /* NULL when it is a number */
	unsigned number;
	int code; /* -1 when not given */
};

static bool
parse_group(const char *word, struct question *out)
{
	const struct list_type *const *list;

	if (strcmp(word, "icmp") == 0 || strcmp(word, "icmpv4") == 0)
		out->version = 4;
	else if (strcmp(word, "icmpv6") == 0)
		out->version = 6;
	else
		for (list = list_types; *list != NULL; list++)
			if (strcmp(word, (*list)->word) == 0)
				out->list = *list;
	return out->version != 0 || out->list != NULL;
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

static bool
has_code_name(const struct icmp_type *row, const char *name)
{
	const struct name *code = row->codes;

	for (; code != NULL && code->name != NULL; code++)
		if (strcmp(code->name, name) == 0 &&
		    (row->code == ICMP_ANY_CODE || row->code == (int)code->number))
			return true;
	return false;
}

static bool
message_answers(const struct icmp_type *row, unsigned version, const struct question *question)
{
	int code = question->code;

	if (question->list != NULL || (question->version != 0 && question->version != version))
		return false;
	if (question->name != NULL)
		return strcmp(row->name, question->name) == 0 ||
		       has_code_name(row, question->name) || has_field(row->fields, question->name);
	if (row->type != question->number || code < 0)
		return row->type == question->number;
	if (row->codes != NULL && name_of(row->codes, (uint32_t)code) == NULL)
		return false;
	return row == icmp_lookup((uint8_t)version, row->type, (uint8_t)code, row->min_len);
}

static bool
record_answers(const struct list_type *list, const struct record_type *row,
    const struct question *question)
{
	uint32_t class = question->number;

	if (question->version != 0 || (question->list != NULL && question->list != list))
		return false;
	if (question->name != NULL)
		return strcmp(row->name, question->name) == 0 ||
		       has_field(row->fields, question->name);
	if (question->list == NULL || !list->is_classed)
		return question->list != NULL && row->type == question->number;
	if (question->code < 0)
		return row->type / 256u == class;
	return list_row(list, class << 8 | (uint32_t)question->code) == row;
}

/* Prints all that the question may mean; returns how much that was. */
static unsigned
answer(const struct page *page, const struct question *question)
{
	const struct icmp_type *message;
	const struct list_type *const *list;
	const struct record_type *record;
	unsigned version, i, found = 0;

	for (version = 4; version <= 6; version += 2)
		for (message = icmp_types((uint8_t)version); message->name != NULL; message++)
			if (message_answers(message, version, question)) {
				fputs(found++ > 0 ? "\n" : "", page->out);
				page_message(page, version, message);
			}
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
		found += explain_field(page, question->name, found);
	}
	return found;
}

int
explain_run(size_t count, const char *const *words, FILE *out, char *err)
{
	struct page page = { out, count == 1 && strcmp(words[0], "markdown") == 0 };
	struct question question = { .version = 0 };
	const char *topic = count > 0 ? words[count - 1] : "";

	if (page.is_markdown) {
		print_markdown(&page);
	} else if (count == 0) {
		print_contents(&page);
	} else {
		parse_topic(topic, &question);
		if (count > 2 || (count == 2 && !parse_group(words[0], &question)) ||
		    answer(&page, &question) == 0) {
			snprintf(err, ERR_SIZE, "nothing is known about \"%.128s\"; "
			    "icmpscope explain lists what is", topic);
			return -1;
		}
	}
	if (fflush(out) != 0 || ferror(out)) {
		snprintf(err, ERR_SIZE, "cannot write the reference");
		return -1;
	}
	return 0;
}
