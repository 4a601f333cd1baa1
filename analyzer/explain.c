/*
 * Prints the tables of decoders/ for people: on a terminal in 80 columns, or
 * as the Markdown of decoders/TYPES.md, by one walk, so that both say the same.
 */
#include "analyzer/explain.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"
#include "decoders/icmp.h"

#define WIDTH 78
#define TEXT_SIZE 4096 /* the longest paragraph: a list of codes */

struct printer {
	FILE *out;
	bool is_markdown;
};

/* A paragraph that is put together; what does not fit is cut. */
struct text {
	char bytes[TEXT_SIZE];
	size_t len;
};

/* What `explain` finds a list of records under. */
static const struct {
	const char *word;
	const struct list_type *list;
} groups[] = {
	{ "nd", &nd_options },
	{ "mld", &mld_records },
	{ "router", &router_entries },
	{ "mobile-ip", &mobile_extensions },
	{ "object", &extension_objects },
	{ "mpls", &mpls_labels },
};
#define GROUP_COUNT (sizeof(groups) / sizeof(groups[0]))

static void __attribute__((format(printf, 2, 3)))
text_add(struct text *text, const char *format, ...)
{
	size_t room = TEXT_SIZE - text->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text->bytes + text->len, room, format, args);
	va_end(args);
	if (len > 0)
		text->len += (size_t)len < room ? (size_t)len : room - 1;
}

/* One paragraph, wrapped on a terminal. */
static void
print_paragraph(const struct printer *printer, const char *text)
{
	size_t column = 1, len;

	if (printer->is_markdown) {
		fprintf(printer->out, "%s\n\n", text);
		return;
	}
	fputc(' ', printer->out);
	for (; *text != '\0'; text += len + strspn(text + len, " ")) {
		len = strcspn(text, " ");
		if (column + 1 + len > WIDTH) {
			fputs("\n ", printer->out);
			column = 1;
		}
		fprintf(printer->out, " %.*s", (int)len, text);
		column += 1 + len;
	}
	fputc('\n', printer->out);
}

static void
print_heading(const struct printer *printer, int level, const char *text)
{
	if (printer->is_markdown)
		fprintf(printer->out, "%.*s %s\n\n", level, "####", text);
	else
		fprintf(printer->out, "%s%s\n", level < 3 ? "\n" : "", text);
}

static const char *const kind_names[] = {
	[FIELD_UINT] = "number",
	[FIELD_INT] = "signed number",
	[FIELD_FLAG] = "flag",
	[FIELD_ENUM] = "named number",
	[FIELD_UNUSED] = "must be zero",
	[FIELD_IP4] = "IPv4 address",
	[FIELD_IP6] = "IPv6 address",
	[FIELD_BYTES] = "octets",
	[FIELD_IP4_LIST] = "IPv4 addresses",
	[FIELD_IP6_LIST] = "IPv6 addresses",
	[FIELD_IP6_PREFIX] = "IPv6 prefix",
	[FIELD_LINK_ADDRESS] = "link-layer address",
	[FIELD_DNS_NAMES] = "DNS names",
	[FIELD_TEXT] = "text",
};

static const char *const role_names[] = {
	[ICMP_INFORMATION] = "information",
	[ICMP_ERROR] = "error",
	[ICMP_REQUEST] = "request",
	[ICMP_REPLY] = "reply",
};

static void
print_field(const struct printer *printer, const struct field *field)
{
	char at[16] = "after", bits[16] = "rest";
	struct text kind = { .len = 0 };

	if (field->bit != FIELD_AFTER && field->bit % 8 == 0)
		snprintf(at, sizeof(at), "%u", field->bit / 8u);
	else if (field->bit != FIELD_AFTER)
		snprintf(at, sizeof(at), "%u.%u", field->bit / 8u, field->bit % 8u);
	if (field->bits > 0)
		snprintf(bits, sizeof(bits), "%u", (unsigned)field->bits);
	else if (field->count_of > 0)
		snprintf(bits, sizeof(bits), "counted");
	text_add(&kind, "%s%s%s", kind_names[field->kind], field->unit != NULL ? ", " : "",
	    field->unit != NULL ? field->unit : "");
	if (printer->is_markdown)
		fprintf(
		    printer->out, "| %s | %s | `%s` | %s |\n", at, bits, field->name, kind.bytes);
	else
		fprintf(printer->out, "  %6s  %7s  %-34s %s\n", at, bits, field->name, kind.bytes);
}

/* Numbers and their names behind `title`: a line each, in Markdown one for all. */
static void
print_names(const struct printer *printer, const char *title, const struct name *names)
{
	struct text text = { .len = 0 };

	if (!printer->is_markdown) {
		fprintf(printer->out, "  %s:\n", title);
		for (; names->name != NULL; names++)
			fprintf(printer->out, "  %6u  %s\n", (unsigned)names->number, names->name);
		return;
	}
	text_add(&text, "%s:", title);
	for (; names->name != NULL; names++)
		text_add(&text, " %u `%s`%s", (unsigned)names->number, names->name,
		    names[1].name != NULL ? "," : ".");
	print_paragraph(printer, text.bytes);
}

static void
print_fields(const struct printer *printer, const struct field *fields)
{
	const struct field *field;

	if (fields == NULL)
		return;
	if (printer->is_markdown)
		fprintf(printer->out, "| octet | bits | field | kind |\n|---|---|---|---|\n");
	else
		fprintf(printer->out, "\n  %6s  %7s  %-34s %s\n", "octet", "bits", "field", "kind");
	for (field = fields; field->name != NULL; field++)
		print_field(printer, field);
	fputc('\n', printer->out);
	for (field = fields; field->name != NULL; field++) {
		struct text title = { .len = 0 };

		text_add(&title, "Values of %s", field->name);
		if (field->names != NULL)
			print_names(printer, title.bytes, field->names);
	}
}

static void
add_tail(struct text *text, const struct icmp_type *row)
{
	unsigned i;

	if (row->flags & ICMP_NO_LAYOUT) {
		text_add(text, " No layout was ever published.");
		return;
	}
	switch (row->tail) {
	case ICMP_TAIL_NONE:
		break;
	case ICMP_TAIL_DATA:
		text_add(text, " Data follows from octet %u.", (unsigned)row->min_len);
		break;
	case ICMP_TAIL_QUOTE:
		text_add(text, " The datagram it is about follows from octet %u%s.",
		    (unsigned)row->min_len,
		    row->length_unit > 0 ? ", behind it an extension structure (RFC 4884)" : "");
		break;
	case ICMP_TAIL_LISTS:
		for (i = 0; i < ICMP_LISTS_MAX && row->lists[i] != NULL; i++)
			text_add(text, " %s of the kind \"%s\".",
			    i == 0 ? "Records follow" : "Then records", row->lists[i]->name);
		break;
	}
}

static void
print_message(const struct printer *printer, unsigned version, const struct icmp_type *row)
{
	struct text heading = { .len = 0 }, text = { .len = 0 };

	text_add(&heading, "ICMPv%u %u", version, (unsigned)row->type);
	if (row->code != ICMP_ANY_CODE)
		text_add(&heading, "/%d", row->code);
	text_add(&heading, " %s", row->name);
	print_heading(printer, 3, heading.bytes);
	text_add(&text, "%s, RFC %s. Role: %s", row->title, row->rfc, role_names[row->role]);
	if (row->family != NULL)
		text_add(&text, " in the family %s, counterpart %u", row->family,
		    (unsigned)row->counterpart);
	text_add(&text, ". At least %u octets.", (unsigned)row->min_len);
	add_tail(&text, row);
	if (row->flags & ICMP_TTL_255)
		text_add(&text, " Must arrive with a hop limit of 255.");
	if (row->flags & ICMP_TTL_1)
		text_add(&text, " Must be sent with a hop limit of 1.");
	print_paragraph(printer, text.bytes);
	print_fields(printer, row->fields);
	/* A row for one code shares the names that the row of its type shows. */
	if (row->codes != NULL && (row->code == ICMP_ANY_CODE || !printer->is_markdown))
		print_names(printer, "Codes", row->codes);
}

static void
add_record_number(struct text *text, const struct list_type *list, unsigned type)
{
	if (list->is_classed && type % 256 == RECORD_ANY_CTYPE)
		text_add(text, " %u/any", type / 256);
	else if (list->is_classed)
		text_add(text, " %u/%u", type / 256, type % 256);
	else if (list->is_typed)
		text_add(text, " %u", type);
}

static void
print_record(
    const struct printer *printer, const struct list_type *list, const struct record_type *row)
{
	struct text heading = { .len = 0 }, text = { .len = 0 };

	text_add(&heading, "%s", list->name);
	add_record_number(&heading, list, row->type);
	text_add(&heading, " %s", row->name);
	print_heading(printer, 3, heading.bytes);
	text_add(&text, "RFC %s. ", row->rfc);
	if (row->max_len == row->min_len)
		text_add(&text, "%u octets.", (unsigned)row->min_len);
	else if (row->max_len > 0)
		text_add(&text, "%u to %u octets.", (unsigned)row->min_len, (unsigned)row->max_len);
	else
		text_add(&text, "At least %u octets.", (unsigned)row->min_len);
	if (row->list != NULL)
		text_add(&text, " Inside are records of the kind \"%s\".", row->list->name);
	print_paragraph(printer, text.bytes);
	print_fields(printer, row->fields);
}

static void
print_anomaly(const struct printer *printer, const struct anomaly_type *row)
{
	if (printer->is_markdown) {
		fprintf(printer->out, "| `%s` | %s | %s |\n", row->slug, row->meaning,
		    row->rfc != NULL ? row->rfc : "");
		return;
	}
	print_heading(printer, 3, row->slug);
	print_paragraph(printer, row->meaning);
	if (row->rfc != NULL)
		fprintf(printer->out, "  RFC %s\n", row->rfc);
}

static void
print_markdown(const struct printer *printer)
{
	const struct icmp_type *message;
	const struct record_type *record;
	unsigned version, i;

	print_heading(printer, 1, "Messages, options, objects and anomalies");
	print_paragraph(printer,
	    "Generated from the tables in this folder by `make docs`. An octet "
	    "is counted from the type octet of the message, or from the start of the option or "
	    "record; 5.3 is bit 3 of octet 5, and bit 0 is the highest. A field's name is its key "
	    "in events.");
	for (version = 4; version <= 6; version += 2) {
		print_heading(printer, 2, version == 4 ? "ICMPv4 messages" : "ICMPv6 messages");
		for (message = icmp_types((uint8_t)version); message->name != NULL; message++)
			print_message(printer, version, message);
	}
	print_heading(printer, 2, "Records in lists");
	for (i = 0; i < GROUP_COUNT; i++)
		for (record = groups[i].list->types; record->name != NULL; record++)
			print_record(printer, groups[i].list, record);
	print_heading(printer, 2, "Anomalies");
	fprintf(printer->out, "| anomaly | meaning | RFC |\n|---|---|---|\n");
	for (i = 0; i < ANOMALY_COUNT; i++)
		print_anomaly(printer, anomaly_type((enum anomaly)i));
}

/* Everything there is, one line each. */
static void
print_contents(const struct printer *printer)
{
	const struct icmp_type *message;
	const struct record_type *record;
	unsigned version, i;

	for (version = 4; version <= 6; version += 2) {
		fprintf(printer->out, "%sICMPv%u messages\n", version == 4 ? "" : "\n", version);
		for (message = icmp_types((uint8_t)version); message->name != NULL; message++)
			if (message->type != message[1].type || message[1].name == NULL)
				fprintf(printer->out, "  %3u  %-56s %s\n", (unsigned)message->type,
				    message->name, role_names[message->role]);
	}
	for (i = 0; i < GROUP_COUNT; i++) {
		fprintf(printer->out, "\n%s (%s)\n", groups[i].list->name, groups[i].word);
		for (record = groups[i].list->types; record->name != NULL; record++) {
			struct text number = { .len = 0 };

			add_record_number(&number, groups[i].list, record->type);
			fprintf(printer->out, "  %6s  %s\n", number.bytes, record->name);
		}
	}
	fprintf(printer->out, "\nAnomalies\n");
	for (i = 0; i < ANOMALY_COUNT; i++)
		fprintf(printer->out, "  %s\n", anomaly_type((enum anomaly)i)->slug);
	fprintf(
	    printer->out, "\nMore about one: icmpscope explain 3/4, icmpv6 134, nd 25, bad_mtu\n");
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
	unsigned i;

	if (strcmp(word, "icmp") == 0 || strcmp(word, "icmpv4") == 0)
		out->version = 4;
	else if (strcmp(word, "icmpv6") == 0)
		out->version = 6;
	else
		for (i = 0; i < GROUP_COUNT; i++)
			if (strcmp(word, groups[i].word) == 0)
				out->list = groups[i].list;
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
answer(const struct printer *printer, const struct question *question)
{
	const struct icmp_type *message;
	const struct record_type *record;
	unsigned version, i, found = 0;

	for (version = 4; version <= 6; version += 2)
		for (message = icmp_types((uint8_t)version); message->name != NULL; message++)
			if (message_answers(message, version, question)) {
				fputs(found++ > 0 ? "\n" : "", printer->out);
				print_message(printer, version, message);
			}
	for (i = 0; i < GROUP_COUNT; i++)
		for (record = groups[i].list->types; record->name != NULL; record++)
			if (record_answers(groups[i].list, record, question)) {
				fputs(found++ > 0 ? "\n" : "", printer->out);
				print_record(printer, groups[i].list, record);
			}
	for (i = 0; i < ANOMALY_COUNT; i++) {
		const struct anomaly_type *row = anomaly_type((enum anomaly)i);

		if (question->name != NULL && strcmp(row->slug, question->name) == 0) {
			fputs(found++ > 0 ? "\n" : "", printer->out);
			print_anomaly(printer, row);
		}
	}
	return found;
}

int
explain_run(size_t count, const char *const *words, FILE *out, char *err)
{
	struct printer printer = { out, count == 1 && strcmp(words[0], "markdown") == 0 };
	struct question question = { .version = 0 };
	const char *topic = count > 0 ? words[count - 1] : "";

	if (printer.is_markdown) {
		print_markdown(&printer);
	} else if (count == 0) {
		print_contents(&printer);
	} else {
		parse_topic(topic, &question);
		if (count > 2 || (count == 2 && !parse_group(words[0], &question)) ||
		    answer(&printer, &question) == 0) {
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
