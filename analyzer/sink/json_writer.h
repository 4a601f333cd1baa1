/*
 * JSON written straight into one buffer that is used again and again: one
 * object per text, always valid whatever the bytes are. Integers, and shares of
 * one; integers beyond 2^53 become strings, because readers would round them.
 * What is not known (NULL, version 0, negative where nothing is negative) is
 * not written, and an object or array that stays empty vanishes with its key.
 *
 * Every writing function takes the member's key; inside an array it is NULL.
 */
#ifndef ANALYZER_SINK_JSON_WRITER_H
#define ANALYZER_SINK_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoders/addr.h"
#include "decoders/cursor.h"

#define JSON_DEPTH_MAX 16

struct json_writer;

/* `indent` lays the text out for people. NULL when memory ran out. */
struct json_writer *json_writer_new(bool indent);
void json_writer_free(struct json_writer *w);

/* Forgets the text before and starts a new one with its outermost object. */
void json_begin(struct json_writer *w);

/*
 * Ends the text with a newline. Its bytes, valid until the next json_begin,
 * or NULL when memory ran out on the way.
 */
const char *json_end(struct json_writer *w, size_t *len);

/* What comes until json_close is inside. Objects in arrays have no key. */
void json_open_object(struct json_writer *w, const char *key);
void json_open_array(struct json_writer *w, const char *key);
void json_close(struct json_writer *w);

void json_int(struct json_writer *w, const char *key, int64_t value);
void json_uint(struct json_writer *w, const char *key, uint64_t value);
/* Parts per million as a share of one: 0, 0.25, 0.000001, 1. */
void json_share(struct json_writer *w, const char *key, uint64_t ppm);

void json_flag(struct json_writer *w, const char *key, bool value);

/* A string from a NUL-terminated text; NULL and "" are not written. */
void json_text(struct json_writer *w, const char *key, const char *text);

/*
 * A string from `len` bytes of unknown origin. Returns false when some of
 * them were no UTF-8 and U+FFFD stands in their place.
 */
bool json_string(struct json_writer *w, const char *key, const char *text, size_t len);

/*
 * Members as an earlier text holds them, between its braces: what many texts
 * have in common need be written only once.
 */
void json_members(struct json_writer *w, const char *members, size_t len);

/* The captured octets in lower-case hexadecimal; nothing when there are none. */
void json_hex(struct json_writer *w, const char *key, struct cursor octets);

/* The same with colons between the octets. */
void json_link_address(struct json_writer *w, const char *key, struct cursor octets);

/* A 64-bit number as 16 hexadecimal digits. */
void json_hex64(struct json_writer *w, const char *key, uint64_t value);

/* RFC 3339, UTC, nanoseconds. */
void json_time(struct json_writer *w, const char *key, uint64_t when_ns);

void json_addr(struct json_writer *w, const char *key, const struct addr *address);
void json_mac(struct json_writer *w, const char *key, const struct mac *mac);

#endif
