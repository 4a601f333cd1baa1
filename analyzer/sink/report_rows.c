/*
 * The column of counts is nine digits wide.
 */
#include "analyzer/sink/report_rows.h"

#include <inttypes.h>
#include <string.h>

const char *
plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

void
row_start(struct text_page *page, enum text_style style, uint64_t count)
{
	text_start(page, style, COUNT_INDENT);
	text_add(page, "%9" PRIu64 " ", count);
}

void
row_word(struct text_page *page, enum text_style style, const char *word)
{
	text_start(page, style, COUNT_INDENT);
	text_add(page, "%9s ", word);
}

void
row_continue(struct text_page *page, enum text_style style)
{
	text_start(page, style, COUNT_INDENT);
	text_add(page, "%*s", COUNT_INDENT - 1, "");
}

void
row_words(struct text_page *page, enum text_style style, uint64_t count, const char *words)
{
	if (count == 0)
		return;
	row_start(page, style, count);
	text_words(page, words);
	text_end(page);
}

void
row_more(struct text_page *page, uint64_t total, uint64_t shown, const char *what)
{
	if (total <= shown)
		return;
	text_start(page, TEXT_PLAIN, COUNT_INDENT);
	text_add(page, "%*s... and %" PRIu64 " more %s%s", COUNT_INDENT, "", total - shown, what,
	    plural(total - shown));
	text_end(page);
}

void
row_names(struct text_page *page, const char *name, const char *code_name)
{
	if (code_name != NULL && strcmp(code_name, "no_code") == 0)
		code_name = NULL;
	text_add(page, " %s%s", name, code_name != NULL ? ":" : "");
	if (code_name != NULL)
		text_add(page, " %s", code_name);
}

uint32_t
rows_shown(const struct report *report, uint32_t count)
{
	return count < report->rows ? count : report->rows;
}
