/*
 * Wrapping, escaping and the two colours.
 */
#include "analyzer/sink/text_page.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define NAME_SIZE 4096   /* PATH_MAX */
#define ROOM_AT_END 32   /* for colours and the newline */

/* no-color.org: set and not empty means none. */
static bool
wants_colour(const struct output *output)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (!output_is_terminal(output) || (no_color != NULL && *no_color != '\0'))
		return false;
	return term != NULL && strcmp(term, "dumb") != 0;
}

void
text_init(struct text_page *page, struct output *output, char *err)
{
	page->output = output;
	page->err = err;
	page->has_failed = false;
	page->has_colour = wants_colour(output);
	text_start(page, TEXT_PLAIN, 0);
}

/* Puts bytes on the line at hand. */
static void
put(struct text_page *page, const char *text)
{
	size_t len = strlen(text);

	memcpy(page->line + page->len, text, len);
	page->len += len;
}

/* Starts a line `columns` from the left. The colours come inside the lines. */
static void
start_line(struct text_page *page, uint32_t columns)
{
	static const char *const colours[] = { "", "\033[1m", "\033[31m" };

	page->len = 0;
	page->columns = columns;
	if (page->has_colour)
		put(page, colours[page->style]);
	memset(page->line + page->len, ' ', columns);
	page->len += columns;
}

/* Writes the line at hand, without trailing blanks. */
static void
write_line(struct text_page *page)
{
	while (page->len > 0 && page->line[page->len - 1] == ' ')
		page->len--;
	if (page->has_colour && page->style != TEXT_PLAIN)
		put(page, "\033[0m");
	put(page, "\n");
	if (!page->has_failed &&
	    output_write(page->output, page->line, page->len, page->err) != 0)
		page->has_failed = true;
}

void
text_start(struct text_page *page, enum text_style style, uint32_t indent)
{
	page->style = style;
	page->indent = indent;
	start_line(page, 0);
}

/* Columns that UTF-8 takes, one a character. */
static uint32_t
count_columns(const char *text)
{
	uint32_t columns = 0;

	for (; *text != '\0'; text++)
		columns += (*text & 0xc0) != 0x80;
	return columns;
}

static void
add_piece(struct text_page *page, const char *piece)
{
	bool fits = page->columns + count_columns(piece) <= TEXT_COLUMNS &&
	    page->len + strlen(piece) <= TEXT_LINE_SIZE - ROOM_AT_END;

	if (page->columns > page->indent && !fits) {
		write_line(page);
		start_line(page, page->indent);
		while (*piece == ' ')
			piece++;
	}
	put(page, piece);
	page->columns += count_columns(piece);
}

void
text_add(struct text_page *page, const char *format, ...)
{
	char piece[TEXT_COLUMNS * 4];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(piece, sizeof(piece), format, arguments);
	va_end(arguments);
	add_piece(page, piece);
}

void
text_words(struct text_page *page, const char *text)
{
	char word[TEXT_COLUMNS];
	size_t len;

	while (*text != '\0') {
		len = strcspn(text, " ");
		if (len > sizeof(word) - 2)
			len = sizeof(word) - 2;
		word[0] = ' ';
		memcpy(word + 1, text, len);
		word[1 + len] = '\0';
		add_piece(page, word);
		text += len;
		while (*text == ' ')
			text++;
	}
}

void
text_name(struct text_page *page, const char *name)
{
	char piece[LOG_ESCAPED_SIZE(NAME_SIZE) + 2];

	piece[0] = ' ';
	log_escape(name, piece + 1, sizeof(piece) - 1);
	add_piece(page, piece);
}

void
text_outside(struct text_page *page, const char *words)
{
	char escaped[LOG_ESCAPED_SIZE(NAME_SIZE) + 1];

	log_escape(words, escaped, sizeof(escaped));
	text_words(page, escaped);
}

void
text_end(struct text_page *page)
{
	write_line(page);
	text_start(page, TEXT_PLAIN, 0);
}

void
text_section(struct text_page *page, const char *title)
{
	text_end(page);
	text_start(page, TEXT_TITLE, 0);
	text_add(page, "%s", title);
	text_end(page);
}
