/*
 * The writer: json-c's printbuf holds the text, the bytes are put into it
 * here. Nothing is allocated once the buffer has grown to the longest text.
 */
#include "analyzer/sink/json_writer.h"

#include <assert.h>
#include <json-c/printbuf.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"
#include "analyzer/sink/format.h"

#define FIRST_SIZE 65536 /* no event of an ordinary message is longer */
#define RUN_MAX 1024     /* bytes of a string put in one go */
#define SAFE_MAX (UINT64_C(1) << 53)
#define ESCAPE_LEN 6     /* \uXXXX */
#define NS_PER_S UINT64_C(1000000000)

struct level {
	const char *key;
	bool is_array;
};

struct json_writer {
	struct printbuf *text;
	bool failed;             /* memory ran out: the text is not whole */
	bool indent;
	bool comma;              /* a value stands before what comes next */
	uint32_t depth, written; /* levels opened, and those of them in the text */
	struct level levels[JSON_DEPTH_MAX];
	uint64_t second;         /* the latest one formatted, and its text */
	char second_text[FORMAT_SECOND_LEN];
};

static const char hex_digits[] = "0123456789abcdef";

struct json_writer *
json_writer_new(bool indent)
{
	struct json_writer *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->indent = indent;
	w->second = UINT64_MAX;
	w->text = printbuf_new();
	if (w->text == NULL || printbuf_memset(w->text, 0, 0, FIRST_SIZE) != 0) {
		json_writer_free(w);
		return NULL;
	}
	return w;
}

void
json_writer_free(struct json_writer *w)
{
	if (w == NULL)
		return;
	if (w->text != NULL)
		printbuf_free(w->text);
	free(w);
}

/*
 * Makes room the slow way. When memory is out the text starts over in the
 * room there is: it will not be used, and its writers need not care.
 */
static void
grow(struct json_writer *w, int len)
{
	int used = w->text->bpos;

	if (printbuf_memset(w->text, used, 0, len) == 0) {
		w->text->bpos = used;
		return;
	}
	w->failed = true;
	w->text->bpos = 0;
}

/* Where `len` bytes (at most FIRST_SIZE) can be put. */
static inline char *
reserve(struct json_writer *w, int len)
{
	if (w->text->size - w->text->bpos < len)
		grow(w, len);
	return w->text->buf + w->text->bpos;
}

/* Says that the text now ends at `end`. */
static inline void
commit(struct json_writer *w, const char *end)
{
	w->text->bpos = (int)(end - w->text->buf);
}

static char *
put_line_start(const struct json_writer *w, char *p)
{
	uint32_t i;

	*p++ = '\n';
	for (i = 0; i < w->written; i++)
		p = format_bytes(p, "  ", 2);
	return p;
}

/*
 * Writes what precedes a value: comma and key. The room left after it is
 * `value_len` and a little more for punctuation.
 */
static inline char *
put_key(struct json_writer *w, const char *key, size_t value_len)
{
	size_t key_len = key != NULL ? strlen(key) : 0;
	char *p = reserve(w, (int)(key_len + value_len) + 8 + 2 * JSON_DEPTH_MAX);

	if (w->comma)
		*p++ = ',';
	if (w->indent)
		p = put_line_start(w, p);
	if (key != NULL) {
		*p++ = '"';
		p = format_bytes(p, key, key_len);
		*p++ = '"';
		*p++ = ':';
		if (w->indent)
			*p++ = ' ';
	}
	return p;
}

/* Writes the opening of the levels that waited for a first member. */
static void
write_levels(struct json_writer *w)
{
	const struct level *level;
	char *p;

	while (w->written < w->depth) {
		level = &w->levels[w->written];
		p = put_key(w, level->key, 1);
		*p++ = level->is_array ? '[' : '{';
		commit(w, p);
		w->comma = false;
		w->written++;
	}
}

/* Starts a member or element whose value takes at most `value_len` bytes. */
static inline char *
start_value(struct json_writer *w, const char *key, size_t value_len)
{
	if (w->written < w->depth)
		write_levels(w);
	return put_key(w, key, value_len);
}

static inline void
end_value(struct json_writer *w, const char *end)
{
	commit(w, end);
	w->comma = true;
}

static void
open_level(struct json_writer *w, const char *key, bool is_array)
{
	assert(w->depth < JSON_DEPTH_MAX);
	w->levels[w->depth].key = key;
	w->levels[w->depth].is_array = is_array;
	w->depth++;
}

void
json_open_object(struct json_writer *w, const char *key)
{
	open_level(w, key, false);
}

void
json_open_array(struct json_writer *w, const char *key)
{
	open_level(w, key, true);
}

void
json_close(struct json_writer *w)
{
	char *p;

	assert(w->depth > 0);
	w->depth--;
	if (w->written <= w->depth)
		return;
	w->written--;
	p = reserve(w, 2 + 2 * JSON_DEPTH_MAX);
	if (w->indent)
		p = put_line_start(w, p);
	*p++ = w->levels[w->depth].is_array ? ']' : '}';
	end_value(w, p);
}

void
json_begin(struct json_writer *w)
{
	w->text->bpos = 0;
	w->failed = false;
	w->comma = false;
	w->depth = w->written = 1;
	w->levels[0].is_array = false;
	*w->text->buf = '{';
	w->text->bpos = 1;
}

const char *
json_end(struct json_writer *w, size_t *len)
{
	assert(w->depth == 1);
	json_close(w);
	commit(w, format_bytes(reserve(w, 1), "\n", 1));
	*len = (size_t)w->text->bpos;
	return w->failed ? NULL : w->text->buf;
}

static void
write_number(struct json_writer *w, const char *key, bool is_negative, uint64_t magnitude)
{
	char *p = start_value(w, key, 23);
	bool is_safe = magnitude <= SAFE_MAX;

	if (!is_safe)
		*p++ = '"';
	if (is_negative)
		*p++ = '-';
	p = format_decimal(p, magnitude);
	if (!is_safe)
		*p++ = '"';
	end_value(w, p);
}

void
json_int(struct json_writer *w, const char *key, int64_t value)
{
	uint64_t magnitude = (uint64_t)value;

	write_number(w, key, value < 0, value < 0 ? 0 - magnitude : magnitude);
}

void
json_uint(struct json_writer *w, const char *key, uint64_t value)
{
	write_number(w, key, false, value);
}

void
json_flag(struct json_writer *w, const char *key, bool value)
{
	char *p = start_value(w, key, 5);

	end_value(w, value ? format_bytes(p, "true", 4) : format_bytes(p, "false", 5));
}

void
json_share(struct json_writer *w, const char *key, uint64_t ppm)
{
	char *p = start_value(w, key, FORMAT_SHARE_LEN);

	end_value(w, format_share(p, ppm));
}

static char *
put_escape(char *p, uint16_t code)
{
	*p++ = '\\';
	*p++ = 'u';
	*p++ = hex_digits[code >> 12];
	*p++ = hex_digits[code >> 8 & 15];
	*p++ = hex_digits[code >> 4 & 15];
	*p++ = hex_digits[code & 15];
	return p;
}

static char *
put_ascii_escape(char *p, uint8_t byte)
{
	static const char short_names[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',
		['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\' };

	if (byte >= sizeof(short_names) || short_names[byte] == 0)
		return put_escape(p, byte);
	*p++ = '\\';
	*p++ = short_names[byte];
	return p;
}

/* The character at `s`, which is well-formed; a blank for those beyond U+FFFF. */
static uint32_t
short_character(const uint8_t *s, size_t len)
{
	if (len == 2)
		return (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
	if (len == 3)
		return (s[0] & 0xfu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);
	return ' ';
}

/*
 * Puts the character at `s` that is not plain ASCII; returns the bytes it
 * took. Those that terminals and JavaScript would obey are escaped.
 */
static size_t
put_character(char **p, const uint8_t *s, size_t left, bool *is_clean)
{
	uint32_t character;
	size_t bad_len, len;

	if (s[0] < 0x80) {
		*p = put_ascii_escape(*p, s[0]);
		return 1;
	}
	len = format_utf8_len(s, left, &bad_len);
	if (len == 0) {
		*p = put_escape(*p, 0xfffd);
		*is_clean = false;
		return bad_len;
	}
	character = short_character(s, len);
	if (log_is_obeyed(character))
		*p = put_escape(*p, (uint16_t)character);
	else
		*p = format_bytes(*p, (const char *)s, len);
	return len;
}

/* Whether a byte stands for itself in a string. */
static inline bool
is_plain(uint8_t byte)
{
	return byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\';
}

/* The same of eight bytes at once; may say no of some that are. */
static inline bool
are_plain(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t quotes = word ^ ones * '"', slashes = word ^ ones * '\\';
	uint64_t deletes = word ^ ones * 0x7f;

	/* x - 1 borrows into the top bit of a byte that is zero, x - ' ' of a control. */
	return ((word | (word - ones * ' ') | (quotes - ones) | (slashes - ones) |
	    (deletes - ones)) & tops) == 0;
}

/* Puts the plain bytes at the start of `s`, at most `len`; returns how many. */
static inline size_t
put_plain(char *p, const char *s, size_t len)
{
	uint64_t word;
	size_t at = 0;

	for (; len - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, s + at, sizeof(word));
		if (!are_plain(word))
			break;
		memcpy(p + at, &word, sizeof(word));
	}
	for (; at < len && is_plain((uint8_t)s[at]); at++)
		p[at] = s[at];
	return at;
}

bool
json_string(struct json_writer *w, const char *key, const char *text, size_t len)
{
	char *p = start_value(w, key, RUN_MAX + ESCAPE_LEN + 2);
	bool is_clean = true;
	size_t at = 0, run;

	*p++ = '"';
	for (;;) {
		run = put_plain(p, text + at, len - at < RUN_MAX ? len - at : RUN_MAX);
		p += run;
		at += run;
		if (at == len)
			break;
		if (run < RUN_MAX)
			at += put_character(&p, (const uint8_t *)text + at, len - at, &is_clean);
		commit(w, p);
		p = reserve(w, RUN_MAX + ESCAPE_LEN + 2);
	}
	*p++ = '"';
	end_value(w, p);
	return is_clean;
}

void
json_text(struct json_writer *w, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		(void)json_string(w, key, text, strlen(text));
}

void
json_members(struct json_writer *w, const char *members, size_t len)
{
	if (len > 0)
		end_value(w, format_bytes(start_value(w, NULL, len), members, len));
}

/* Octets in hexadecimal, with `separator` between them unless it is NUL. */
static void
write_octets(struct json_writer *w, const char *key, struct cursor octets, char separator)
{
	bool is_first = true;
	uint8_t octet;
	char *p;

	if (octets.captured == 0 || octets.status != DECODE_OK)
		return;
	p = start_value(w, key, 2);
	*p++ = '"';
	while (octets.captured > 0) {
		commit(w, p);
		p = reserve(w, 5);
		octet = cursor_u8(&octets);
		if (separator != '\0' && !is_first)
			*p++ = separator;
		*p++ = hex_digits[octet >> 4];
		*p++ = hex_digits[octet & 15];
		is_first = false;
	}
	*p++ = '"';
	end_value(w, p);
}

void
json_hex(struct json_writer *w, const char *key, struct cursor octets)
{
	write_octets(w, key, octets, '\0');
}

void
json_link_address(struct json_writer *w, const char *key, struct cursor octets)
{
	write_octets(w, key, octets, ':');
}

void
json_hex64(struct json_writer *w, const char *key, uint64_t value)
{
	char *p = start_value(w, key, 18);
	int shift;

	*p++ = '"';
	for (shift = 60; shift >= 0; shift -= 4)
		*p++ = hex_digits[value >> shift & 15];
	*p++ = '"';
	end_value(w, p);
}

void
json_time(struct json_writer *w, const char *key, uint64_t when_ns)
{
	uint64_t second = when_ns / NS_PER_S;
	uint32_t fraction = (uint32_t)(when_ns % NS_PER_S);
	char *p = start_value(w, key, FORMAT_SECOND_LEN + 13);

	if (second != w->second) {
		(void)format_second(w->second_text, second);
		w->second = second;
	}
	*p++ = '"';
	p = format_bytes(p, w->second_text, FORMAT_SECOND_LEN);
	*p++ = '.';
	*p++ = (char)('0' + fraction / 100000000);
	p = format_digits(p, fraction % 100000000, 8);
	*p++ = 'Z';
	*p++ = '"';
	end_value(w, p);
}

void
json_addr(struct json_writer *w, const char *key, const struct addr *address)
{
	char *p;

	if (address->version == 0)
		return;
	p = start_value(w, key, ADDR_TEXT_SIZE + 2);
	*p++ = '"';
	p += addr_text(address, p);
	*p++ = '"';
	end_value(w, p);
}

void
json_mac(struct json_writer *w, const char *key, const struct mac *mac)
{
	char *p = start_value(w, key, MAC_TEXT_SIZE + 2);

	*p++ = '"';
	p += mac_text(mac, p);
	*p++ = '"';
	end_value(w, p);
}
