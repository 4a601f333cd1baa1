/*
 * Detectors and settings by name, from their tables.
 */
#include "analyzer/explain_detector.h"

#include <string.h>

#include "analyzer/detect/detector.h"
#include "analyzer/settings.h"

#define PREFIX "detect."
#define VALUE_SIZE 32
#define MEANING_INDENT 6

/* "detect.icmp_flood.quiet (duration): default 30s, from 1s to 1h", and its meaning. */
static void
print_setting(const struct page *page, const struct settings_row *row)
{
	struct page_text text = { .len = 0 };
	char standard[VALUE_SIZE], minimum[VALUE_SIZE], maximum[VALUE_SIZE];

	page_text_add(&text, "%s (%s): default ", row->key, settings_form(row));
	if (settings_has_number(row)) {
		settings_format(row, row->standard, standard, sizeof(standard));
		settings_format(row, row->minimum, minimum, sizeof(minimum));
		settings_format(row, row->maximum, maximum, sizeof(maximum));
		page_text_add(&text, "%s", standard);
		if (row->kind != SETTINGS_SWITCH)
			page_text_add(&text, ", from %s to %s", minimum, maximum);
	} else {
		page_text_add(&text, "none");
	}
	page_paragraph(page, text.bytes);
	page_indented(page, MEANING_INDENT, row->help);
}

/* Whether the key is `name`'s: "detect.<name>.<setting>". */
static bool
is_setting_of(const char *key, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(key, PREFIX, strlen(PREFIX)) != 0)
		return false;
	key += strlen(PREFIX);
	return strncmp(key, name, len) == 0 && key[len] == '.';
}

static void
print_detector(const struct page *page, const struct detector *detector)
{
	const struct alert_rule *rule = &detector->rule;
	const struct settings_row *rows;
	struct page_text text = { .len = 0 };
	size_t i, count;

	page_heading(page, 3, rule->name);
	page_text_add(&text, "%s: %s. rule.id %s.", rule->title, detector->meaning, rule->id);
	if (rule->technique_id != NULL)
		page_text_add(&text, " ATT&CK %s %s, tactic %s.", rule->technique_id,
		    rule->technique, rule->tactic);
	page_paragraph(page, text.bytes);
	rows = settings_rows(&count);
	for (i = 0; i < count; i++)
		if (is_setting_of(rows[i].key, rule->name))
			print_setting(page, &rows[i]);
}

void
explain_detectors(struct page *page)
{
	const struct detector *const *detector;
	const struct settings_row *rows;
	size_t i, count;

	for (detector = detectors; *detector != NULL; detector++)
		page_line(page, "Detectors", "%s", (*detector)->rule.name);
	rows = settings_rows(&count);
	for (i = 0; i < count; i++)
		page_line(page, "Settings", "%s", rows[i].key);
}

/* Whether the key is of detectors, and of none of them. */
static bool
is_common(const char *key)
{
	const struct detector *const *detector;

	for (detector = detectors; *detector != NULL; detector++)
		if (is_setting_of(key, (*detector)->rule.name))
			return false;
	return strncmp(key, PREFIX, strlen(PREFIX)) == 0;
}

void
explain_detectors_all(const struct page *page)
{
	const struct detector *const *detector;
	const struct settings_row *rows;
	size_t i, count;

	page_heading(page, 3, "All detectors");
	rows = settings_rows(&count);
	for (i = 0; i < count; i++)
		if (is_common(rows[i].key))
			print_setting(page, &rows[i]);
	for (detector = detectors; *detector != NULL; detector++) {
		fputc('\n', page->out);
		print_detector(page, *detector);
	}
}

unsigned
explain_detector(const struct page *page, const char *name, unsigned found)
{
	const struct detector *const *detector = detectors;
	const struct settings_row *row = settings_find(name, strlen(name));

	while (*detector != NULL && strcmp((*detector)->rule.name, name) != 0)
		detector++;
	if (*detector == NULL && row == NULL)
		return 0;
	fputs(found > 0 ? "\n" : "", page->out);
	if (*detector != NULL)
		print_detector(page, *detector);
	else
		print_setting(page, row);
	return 1;
}
