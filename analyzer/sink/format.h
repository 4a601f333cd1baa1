/*
 * Numbers, dates and characters as text, by hand, because every event needs
 * them. Each writer puts bytes at `p`, without a NUL, and returns their end.
 */
#ifndef ANALYZER_SINK_FORMAT_H
#define ANALYZER_SINK_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FORMAT_DECIMAL_MAX 20 /* digits of UINT64_MAX */
#define FORMAT_SECOND_LEN 19  /* 2024-02-29T23:59:59 */
#define FORMAT_SHARE_LEN (FORMAT_DECIMAL_MAX + 7)
#define FORMAT_MS_SIZE 24

static inline char *
format_bytes(char *p, const char *bytes, size_t len)
{
	memcpy(p, bytes, len);
	return p + len;
}

/* The decimal digits of `value`. */
char *format_decimal(char *p, uint64_t value);

/* Exactly `count` digits (an even number), with zeros in front. */
char *format_digits(char *p, uint32_t value, size_t count);

/* Parts per million as a share of one: at most FORMAT_SHARE_LEN bytes. */
char *format_share(char *p, uint64_t ppm);

/* A second since 1970 as UTC date and time: FORMAT_SECOND_LEN bytes. */
char *format_second(char *p, uint64_t second);

/*
 * Nanoseconds as a text in milliseconds, with the three digits that ping
 * prints while they fit in seven characters. NUL-terminated, in `out` of
 * FORMAT_MS_SIZE, which is returned.
 */
const char *format_ms(uint64_t ns, char *out);

/*
 * The length of the well-formed UTF-8 character at `s` (Unicode 3.9, table
 * 3-7). 0 when there is none; `bad_len` is then how many bytes one U+FFFD
 * replaces. `left` is at least 1.
 */
size_t format_utf8_len(const uint8_t *s, size_t left, size_t *bad_len);

#endif
