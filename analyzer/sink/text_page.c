/*
 * Wrapping, escaping and the two colours.
 */
#include "analyzer/sink/text_page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"
#include "analyzer/sink/format.h"

#define DATE_LEN 10    /* 2024-02-29 */
#define NS_PER_S UINT64_C(1000000000)
#define NAME_SIZE 4096 /* PATH_MAX */
#define WORD_SIZE (LOG_ESCAPED_SIZE(NAME_SIZE) + 2)

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
put(struct text_page *page, const char *text, size_t len)
{
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
		put(page, colours[page->style], strlen(colours[page->style]));
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
		put(page, "\033[0m", 4);
	put(page, "\n", 1);
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

static bool
begins_character(char byte)
{
	return (byte & 0xc0) != 0x80;
}

/* Columns that UTF-8 takes, one a character. */
static uint32_t
count_columns(const char *text, size_t len)
{
	uint32_t columns = 0;
	size_t i;

	for (i = 0; i < len; i++)
		columns += begins_character(text[i]);
	return columns;
}

/* How much of a text that is too long goes on a line: up to a slash, or all that fits. */
static size_t
part_len(const char *text, uint32_t room)
{
	size_t len = 0, slash = 0;

	for (;; len++) {
		if (begins_character(text[len]) && room-- == 0)
			return slash > 0 ? slash : len;
		if (text[len] == '/')
			slash = len + 1;
	}
}

static void
next_line(struct text_page *page)
{
	write_line(page);
	start_line(page, page->indent);
}

/* Adds a piece to the line, or below when it does not fit; breaks what fits no line. */
static void
add_piece(struct text_page *page, const char *piece, size_t len)
{
	uint32_t columns = count_columns(piece, len);
	size_t part;

	if (page->columns > page->indent && page->columns + columns > TEXT_COLUMNS) {
		next_line(page);
		for (; len > 0 && *piece == ' '; piece++, len--)
			columns--;
	}
	for (; page->columns + columns > TEXT_COLUMNS; columns = count_columns(piece, len)) {
		part = part_len(piece, TEXT_COLUMNS - page->columns);
		put(page, piece, part);
		next_line(page);
		piece += part;
		len -= part;
	}
	put(page, piece, len);
	page->columns += columns;
}

void
text_add(struct text_page *page, const char *format, ...)
{
	char piece[TEXT_COLUMNS * 4];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(piece, sizeof(piece), format, arguments);
	va_end(arguments);
	add_piece(page, piece, strlen(piece));
}

void
text_words(struct text_page *page, const char *text)
{
	char word[WORD_SIZE];
	size_t len;

	word[0] = ' ';
	while (*text != '\0') {
		len = strcspn(text, " ");
		if (len > sizeof(word) - 1)
			len = sizeof(word) - 1;
		memcpy(word + 1, text, len);
		add_piece(page, word, 1 + len);
		text += len;
		while (*text == ' ')
			text++;
	}
}

void
text_name(struct text_page *page, const char *name)
{
	char piece[WORD_SIZE];

	piece[0] = ' ';
	add_piece(page, piece, 1 + log_escape(name, piece + 1, sizeof(piece) - 1));
}

void
text_outside(struct text_page *page, const char *words)
{
	char escaped[WORD_SIZE];

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

void
text_duration(struct text_page *page, uint64_t ns)
{
	uint64_t s = ns / NS_PER_S;

	if (s >= 86400)
		text_add(page, "%" PRIu64 " d %" PRIu64 " h", s / 86400, s / 3600 % 24);
	else if (s >= 3600)
		text_add(page, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s / 60 % 60);
	else if (s >= 60)
		text_add(page, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
	else
		text_add(page, "%" PRIu64 ".%03" PRIu64 " s", s, ns / 1000000 % 1000);
}

void
text_time(struct text_page *page, uint64_t when_ns, bool with_date)
{
	char text[FORMAT_SECOND_LEN + 1];

	*format_second(text, when_ns / NS_PER_S) = '\0';
	text[DATE_LEN] = ' ';
	text_add(page, " %s.%06" PRIu64, text + (with_date ? 0 : DATE_LEN + 1),
	    when_ns % NS_PER_S / 1000);
}
