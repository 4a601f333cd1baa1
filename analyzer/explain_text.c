/*
 * Text of the reference in 80 columns for a terminal, or as Markdown.
 */
#include "analyzer/explain_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#define WIDTH 78
#define PARAGRAPH_INDENT 2

void
page_text_add(struct page_text *text, const char *format, ...)
{
	size_t room = PAGE_TEXT_SIZE - text->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text->bytes + text->len, room, format, args);
	va_end(args);
	if (len > 0)
		text->len += (size_t)len < room ? (size_t)len : room - 1;
}

void
page_indented(const struct page *page, unsigned indent, const char *text)
{
	size_t column = indent, len;

	fprintf(page->out, "%*s", (int)indent, "");
	for (; *text != '\0'; text += len + strspn(text + len, " ")) {
		len = strcspn(text, " ");
		if (column > indent && column + 1 + len > WIDTH) {
			fprintf(page->out, "\n%*s", (int)indent, "");
			column = indent;
		}
		fprintf(page->out, "%s%.*s", column > indent ? " " : "", (int)len, text);
		column += len + (column > indent);
	}
	fputc('\n', page->out);
}

void
page_paragraph(const struct page *page, const char *text)
{
	if (page->is_markdown)
		fprintf(page->out, "%s\n\n", text);
	else
		page_indented(page, PARAGRAPH_INDENT, text);
}

/* Whether one of the words in `line` begins with `part`. */
static bool
has_word(const char *line, const char *part)
{
	const char *at = strstr(line, part);

	while (at != NULL && at > line && isalnum((unsigned char)at[-1]))
		at = strstr(at + 1, part);
	return at != NULL;
}

void
page_line(struct page *page, const char *section, const char *format, ...)
{
	struct page_text line;
	va_list args;

	va_start(args, format);
	vsnprintf(line.bytes, sizeof(line.bytes), format, args);
	va_end(args);
	if (page->part != NULL && !has_word(line.bytes, page->part) &&
	    !has_word(section, page->part))
		return;
	if (strcmp(page->section, section) != 0)
		fprintf(page->out, "%s%s\n", page->section[0] != '\0' ? "\n" : "", section);
	snprintf(page->section, sizeof(page->section), "%s", section);
	fprintf(page->out, "  %s\n", line.bytes);
}

void
page_heading(const struct page *page, int level, const char *text)
{
	if (page->is_markdown)
		fprintf(page->out, "%.*s %s\n\n", level, "####", text);
	else
		fprintf(page->out, "%s%s\n", level < 3 ? "\n" : "", text);
}
