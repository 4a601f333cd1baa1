/*
 * One message, record or anomaly of the reference, by one walk for a terminal
 * and for Markdown, so that both say the same.
 */
#include "analyzer/explain_page.h"

#include <inttypes.h>
#include <string.h>

#include "decoders/judge.h"

#define RULE_INDENT 21 /* below the name of a field */

static const char *const kind_names[] = {
	[FIELD_UINT] = "number",
	[FIELD_INT] = "signed number",
	[FIELD_FLAG] = "flag",
	[FIELD_ENUM] = "named number",
	[FIELD_SELECTOR] = "tells what follows",
	[FIELD_UNUSED] = "must be zero",
	[FIELD_IP4] = "IPv4 address",
	[FIELD_IP6] = "IPv6 address",
	[FIELD_BYTES] = "octets",
	[FIELD_IP4_LIST] = "IPv4 addresses",
	[FIELD_IP6_LIST] = "IPv6 addresses",
	[FIELD_IP6_PREFIX] = "IPv6 prefix",
	[FIELD_IP6_SUFFIX] = "IPv6 address suffix",
	[FIELD_IP6_SUFFIXES] = "IPv6 address suffixes",
	[FIELD_NUMBERS] = "numbers",
	[FIELD_DER] = "DER",
	[FIELD_LINK_ADDRESS] = "link-layer address",
	[FIELD_DNS_NAME] = "DNS name",
	[FIELD_DNS_NAMES] = "DNS names",
	[FIELD_TEXT] = "text",
	[FIELD_RECORDS] = "records",
	[FIELD_PADDING] = "padding",
};

static const char *const role_names[] = {
	[ICMP_INFORMATION] = "information",
	[ICMP_ERROR] = "error",
	[ICMP_REQUEST] = "request",
	[ICMP_REPLY] = "reply",
};

static void
add_type(struct page_text *text, const struct field *field)
{
	page_text_add(text, "%s%s%s", kind_names[field->kind], field->unit != NULL ? ", " : "",
	    field->unit != NULL ? field->unit : "");
}

/* What is beside the number of a code, what is inside records, when it is there. */
static void
add_rule(struct page_text *text, const struct field *fields, const struct field_rule *rule)
{
	if (rule == NULL)
		return;
	if (rule->meaning != NULL)
		page_text_add(text, ", meaning `%s`%s%s", rule->meaning->name,
		    rule->meaning->unit != NULL ? ", " : "",
		    rule->meaning->unit != NULL ? rule->meaning->unit : "");
	if (rule->list != NULL)
		page_text_add(text, ", of the kind \"%s\"", rule->list->name);
	if (rule->when_of > 0)
		page_text_add(text, ", there when `%s` is %u", fields[rule->when_of - 1].name,
		    (unsigned)rule->least);
	if (rule->when_of > 0 && rule->most == UINT16_MAX)
		page_text_add(text, " or more");
	else if (rule->when_of > 0 && rule->most > rule->least)
		page_text_add(text, " to %u", (unsigned)rule->most);
	if (rule->may_end)
		page_text_add(text, ", there unless the end comes first");
}

/* What a number must not be, and what is told of it then. */
static void
add_bands(struct page_text *text, const struct band *band)
{
	const char *comma = "";

	for (; band != NULL && band->anomaly != ANOMALY_COUNT; band++, comma = ",") {
		page_text_add(text, "%s %ju", comma, (uintmax_t)band->least);
		if (band->most > band->least)
			page_text_add(text, " to %ju", (uintmax_t)band->most);
		page_text_add(text, " is `%s`", anomaly_type(band->anomaly)->slug);
	}
}

void
page_add_kind(struct page_text *text, const struct field *fields, const struct field *field)
{
	add_type(text, field);
	add_rule(text, fields, field->rule);
	if (field->odd != NULL)
		page_text_add(text, ";");
	add_bands(text, field->odd);
}

static void
print_field(const struct page *page, const struct field *fields, const struct field *field)
{
	char at[16] = "after", bits[16] = "rest";
	struct page_text type = { .len = 0 }, rule = { .len = 0 };

	if (field->bit != FIELD_AFTER && field->bit % 8 == 0)
		snprintf(at, sizeof(at), "%u", field->bit / 8u);
	else if (field->bit != FIELD_AFTER)
		snprintf(at, sizeof(at), "%u.%u", field->bit / 8u, field->bit % 8u);
	if (field->bits > 0)
		snprintf(bits, sizeof(bits), "%u", (unsigned)field->bits);
	else if (field->count_of > 0 || (field->rule != NULL && field->rule->octets_of > 0))
		snprintf(bits, sizeof(bits), "counted");
	add_type(&type, field);
	add_rule(&rule, fields, field->rule);
	if (page->is_markdown) {
		fprintf(page->out, "| %s | %s | `%s` | %s%s |\n", at, bits, field->name,
		    type.bytes, rule.bytes);
		return;
	}
	fprintf(page->out, "  %6s  %7s  %-31s %s\n", at, bits, field->name, type.bytes);
	if (rule.len > 0)
		page_indented(page, RULE_INDENT, rule.bytes + strlen(", "));
}

/* Numbers and their names behind `title`: a line each, in Markdown one for all. */
static void
print_names(const struct page *page, const char *title, const struct name *names)
{
	struct page_text text = { .len = 0 };

	if (!page->is_markdown) {
		fprintf(page->out, "  %s:\n", title);
		for (; names->name != NULL; names++)
			fprintf(page->out, "  %6u  %s\n", (unsigned)names->number, names->name);
		return;
	}
	page_text_add(&text, "%s:", title);
	for (; names->name != NULL; names++)
		page_text_add(&text, " %u `%s`%s", (unsigned)names->number, names->name,
		    names[1].name != NULL ? "," : ".");
	page_paragraph(page, text.bytes);
}

static void
print_bands(const struct page *page, const struct field *field)
{
	struct page_text text = { .len = 0 };

	page_text_add(&text, "Odd values of %s:", field->name);
	add_bands(&text, field->odd);
	page_text_add(&text, ".");
	page_paragraph(page, text.bytes);
}

static void
print_fields(const struct page *page, const struct field *fields)
{
	const struct field *field;

	if (fields == NULL)
		return;
	if (page->is_markdown)
		fprintf(page->out, "| octet | bits | field | kind |\n|---|---|---|---|\n");
	else
		fprintf(page->out, "\n  %6s  %7s  %-31s %s\n", "octet", "bits", "field", "kind");
	for (field = fields; field->name != NULL; field++)
		print_field(page, fields, field);
	fputc('\n', page->out);
	for (field = fields; field->name != NULL; field++) {
		struct page_text title = { .len = 0 };

		page_text_add(&title, "Values of %s", field->name);
		if (field->names != NULL && field->rule != NULL)
			add_rule(&title, fields, field->rule);
		if (field->names != NULL)
			print_names(page, title.bytes, field->names);
		if (field->odd != NULL)
			print_bands(page, field);
	}
}

static void
add_tail(struct page_text *text, const struct icmp_type *row)
{
	unsigned i;

	if (row->flags & ICMP_NO_LAYOUT) {
		page_text_add(text, " No layout was ever published.");
		return;
	}
	switch (row->tail) {
	case ICMP_TAIL_NONE:
		break;
	case ICMP_TAIL_DATA:
		page_text_add(text, " Data follows from octet %u.", (unsigned)row->min_len);
		break;
	case ICMP_TAIL_QUOTE:
		page_text_add(text, " The datagram it is about follows from octet %u%s.",
		    (unsigned)row->min_len,
		    row->length_unit > 0 ? ", behind it an extension structure (RFC 4884)" : "");
		break;
	case ICMP_TAIL_EXTENSION:
		page_text_add(text, " An extension structure (RFC 4884) follows from octet %u.",
		    (unsigned)row->min_len);
		break;
	case ICMP_TAIL_SECURED:
		page_text_add(text, " Behind it follows what it secures, with records of the kind "
		    "\"%s\" and a MAC or signature at the end, or all of that encrypted.",
		    row->lists[0]->name);
		break;
	case ICMP_TAIL_LISTS:
		for (i = 0; i < ICMP_LISTS_MAX && row->lists[i] != NULL; i++)
			page_text_add(text, " %s of the kind \"%s\".",
			    i == 0 ? "Records follow" : "Then records", row->lists[i]->name);
		break;
	}
}

/* The rules about the IP header that a flag of a row stands for. */
static const struct {
	uint16_t flag;
	enum anomaly anomaly;
} flag_rules[] = {
	{ ICMP_DEPRECATED, ANOMALY_DEPRECATED_TYPE },
	{ ICMP_TTL_255, ANOMALY_HOP_LIMIT_NOT_255 },
	{ ICMP_TTL_1 | ICMP_TTL_1_TO_GROUP, ANOMALY_HOP_LIMIT_NOT_1 },
	{ ICMP_FROM_LINK_LOCAL, ANOMALY_SOURCE_NOT_LINK_LOCAL },
	{ ICMP_TO_ONE, ANOMALY_DESTINATION_NOT_UNICAST },
	{ ICMP_OFF_LINK, ANOMALY_LINK_LOCAL_ADDRESS },
	{ ICMP_ROUTER_ALERT, ANOMALY_MISSING_ROUTER_ALERT },
	{ ICMP_NOT_FRAGMENTED, ANOMALY_FRAGMENTED_NEIGHBOR_DISCOVERY },
};

/* What is told of a message that breaks the rules of its own type. */
static struct anomalies
own_rules(const struct icmp_type *row)
{
	struct anomalies rules = { { 0 } };
	const struct icmp_rule *rule;
	size_t i;

	for (i = 0; i < sizeof(flag_rules) / sizeof(flag_rules[0]); i++)
		if (row->flags & flag_rules[i].flag)
			anomalies_add(&rules, flag_rules[i].anomaly);
	for (rule = row->rules; rule != NULL && rule->kind != RULE_END; rule++)
		anomalies_add(&rules, rule->anomaly);
	return rules;
}

static void
add_bands_of(const struct field *fields, struct anomalies *out)
{
	const struct band *band;

	for (; fields != NULL && fields->name != NULL; fields++)
		for (band = fields->odd; band != NULL && band->anomaly != ANOMALY_COUNT; band++)
			anomalies_add(out, band->anomaly);
}

static void
print_rules(const struct page *page, const struct icmp_type *row)
{
	struct page_text text = { .len = 0 };
	struct anomalies rules = own_rules(row);
	unsigned i;

	if (!anomalies_any(&rules))
		return;
	page_text_add(&text, "Its own rules, when broken:");
	for (i = 0; i < ANOMALY_COUNT; i++)
		if (anomalies_has(&rules, (enum anomaly)i))
			page_text_add(&text, " `%s`", anomaly_type((enum anomaly)i)->slug);
	page_text_add(&text, ".");
	page_paragraph(page, text.bytes);
}

/* On a terminal, where nothing else of them is in sight: what those mean. */
static void
print_meanings(const struct page *page, const struct icmp_type *row)
{
	struct anomalies rules = own_rules(row);
	unsigned i;

	add_bands_of(row->fields, &rules);
	if (page->is_markdown || !anomalies_any(&rules))
		return;
	fprintf(page->out, "\n  What can be wrong with it, by its own rules and values:\n");
	for (i = 0; i < ANOMALY_COUNT; i++) {
		const struct anomaly_type *type = anomaly_type((enum anomaly)i);
		struct page_text text = { .len = 0 };

		if (!anomalies_has(&rules, (enum anomaly)i))
			continue;
		page_text_add(&text, "`%s`: %s Sent by %s.", type->slug, type->meaning, type->who);
		page_paragraph(page, text.bytes);
	}
}

const char *
page_role_name(enum icmp_role role)
{
	return role_names[role];
}

void
page_add_message(struct page_text *text, unsigned version, const struct icmp_type *row)
{
	page_text_add(text, " ICMPv%u %u", version, (unsigned)row->type);
	if (row->code != ICMP_ANY_CODE)
		page_text_add(text, "/%d", row->code);
	page_text_add(text, " %s", row->name);
}

/* Who asks, who answers. */
static void
add_role(struct page_text *text, unsigned version, const struct icmp_type *row)
{
	page_text_add(text, " Role: %s", role_names[row->role]);
	if (row->family != NULL)
		page_text_add(text, " in the family %s, %s %u %s", row->family,
		    row->role == ICMP_REQUEST ? "answered by" : "answers",
		    (unsigned)row->counterpart,
		    icmp_lookup((uint8_t)version, row->counterpart, 0, UINT32_MAX)->name);
	page_text_add(text, ".");
}

/* A row for one code shares the names that the row of its type shows. */
static void
print_codes(const struct page *page, const struct icmp_type *row, int code)
{
	struct page_text text = { .len = 0 };
	const char *name;

	if (row->codes == NULL || (page->is_markdown && row->code != ICMP_ANY_CODE))
		return;
	if (code < 0) {
		print_names(page, "Codes", row->codes);
		return;
	}
	name = name_of(row->codes, (uint32_t)code);
	page_text_add(&text, "Code %d: %s.", code, name != NULL ? name : "not assigned");
	page_paragraph(page, text.bytes);
}

void
page_message(const struct page *page, unsigned version, const struct icmp_type *row, int code)
{
	struct page_text heading = { .len = 0 }, text = { .len = 0 };

	if (code < 0 && row->code != ICMP_ANY_CODE)
		code = row->code;
	page_add_message(&heading, version, row);
	page_heading(page, 3, heading.bytes + 1);
	if (!page->is_markdown && code >= 0)
		print_codes(page, row, code);
	page_text_add(&text, "%s, RFC %s.", row->title, row->rfc);
	add_role(&text, version, row);
	page_text_add(&text, " At least %u octets.", (unsigned)row->min_len);
	add_tail(&text, row);
	if (row->flags & ICMP_TTL_255)
		page_text_add(&text, " Must arrive with a hop limit of 255.");
	if (row->flags & ICMP_TTL_1)
		page_text_add(&text, " Must be sent with a hop limit of 1.");
	page_paragraph(page, text.bytes);
	print_rules(page, row);
	print_fields(page, row->fields);
	if (row->secured != NULL) {
		page_paragraph(page, "What is secured, in octets as without what secures it:");
		print_fields(page, row->secured);
	}
	if (code < 0)
		print_codes(page, row, code);
	print_meanings(page, row);
}

void
page_add_number(struct page_text *text, const struct list_type *list, unsigned type)
{
	if (list->is_classed && type % 256 == RECORD_ANY_CTYPE)
		page_text_add(text, " %u/any", type / 256);
	else if (list->is_classed)
		page_text_add(text, " %u/%u", type / 256, type % 256);
	else if (list->is_typed)
		page_text_add(text, " %u", type);
}

void
page_add_record(
    struct page_text *text, const struct list_type *list, const struct record_type *row)
{
	page_text_add(text, " %s", list->name);
	page_add_number(text, list, row->type);
	page_text_add(text, " %s", row->name);
}

void
page_record(
    const struct page *page, const struct list_type *list, const struct record_type *row)
{
	struct page_text heading = { .len = 0 }, text = { .len = 0 };

	page_add_record(&heading, list, row);
	page_heading(page, 3, heading.bytes + 1);
	page_text_add(&text, "RFC %s. ", row->rfc);
	if (row->max_len == row->min_len)
		page_text_add(&text, "%u octets.", (unsigned)row->min_len);
	else if (row->max_len > 0)
		page_text_add(&text, "%u to %u octets.", (unsigned)row->min_len,
		    (unsigned)row->max_len);
	else
		page_text_add(&text, "At least %u octets.", (unsigned)row->min_len);
	page_paragraph(page, text.bytes);
	print_fields(page, row->fields);
}

void
page_anomaly(const struct page *page, const struct anomaly_type *row)
{
	struct page_text text = { .len = 0 };

	if (page->is_markdown) {
		fprintf(page->out, "| `%s` | %s | %s | %s |\n", row->slug, row->meaning,
		    row->rfc != NULL ? row->rfc : "", row->who);
		return;
	}
	page_heading(page, 3, row->slug);
	page_paragraph(page, row->meaning);
	page_text_add(&text, "Sent by %s.", row->who);
	page_paragraph(page, text.bytes);
	if (row->rfc != NULL)
		fprintf(page->out, "  RFC %s\n", row->rfc);
}
