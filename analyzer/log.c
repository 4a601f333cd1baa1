/*
 * One line of diagnostics on standard error, escaped so that a file name from
 * a stranger cannot drive the terminal.
 */
#include "analyzer/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_SIZE (2 * ERR_SIZE) /* a message and the file it speaks of */

bool
log_is_obeyed(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
	    character == 0x61c || character == 0x200e || character == 0x200f ||
	    (character >= 0x2028 && character <= 0x202e) ||
	    (character >= 0x2066 && character <= 0x2069);
}

/*
 * The length of the printable character at `p`: 1 for ASCII, 2 to 4 for
 * well-formed UTF-8 (RFC 3629, section 4), 0 for what must be escaped.
 */
static size_t
printable_len(const unsigned char *p)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t value;
	size_t len, i;

	if (p[0] < 0x80)
		return !log_is_obeyed(p[0]);
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		len = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		len = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		len = 4;
	else
		return 0;
	value = p[0] & (0x7fU >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (p[i] & 0x3fU);
	}
	if (value < smallest[len] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	return log_is_obeyed(value) ? 0 : len;
}

size_t
log_escape(const char *text, char *out, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *p = (const unsigned char *)text;
	size_t used = 0;

	while (*p != '\0') {
		size_t len = printable_len(p);

		if (used + (len > 0 ? len : 4) >= size)
			break;
		if (len > 0) {
			memcpy(out + used, p, len);
			used += len;
			p += len;
			continue;
		}
		out[used++] = '\\';
		out[used++] = 'x';
		out[used++] = hex[*p >> 4];
		out[used++] = hex[*p & 0x0f];
		p++;
	}
	out[used] = '\0';
	return used;
}

static void __attribute__((format(printf, 1, 0)))
log_line(const char *format, va_list arguments)
{
	char text[LINE_SIZE], line[LOG_ESCAPED_SIZE(LINE_SIZE)];
	size_t len, done = 0;

	len = (size_t)snprintf(line, sizeof line, "icmpscope: ");
	vsnprintf(text, sizeof text, format, arguments);
	len += log_escape(text, line + len, sizeof line - len - 1);
	line[len++] = '\n';
	while (done < len) {
		ssize_t written = write(STDERR_FILENO, line + done, len - done);

		if (written <= 0)
			return; /* nobody is left to be told */
		done += (size_t)written;
	}
}

void
log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_line(format, arguments);
	va_end(arguments);
}

void
log_note(bool is_quiet, const char *format, ...)
{
	va_list arguments;

	if (is_quiet)
		return;
	va_start(arguments, format);
	log_line(format, arguments);
	va_end(arguments);
}
