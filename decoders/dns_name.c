/*
 * Reading domain names. Every jump of a compression pointer must go further
 * back than the one before and there may be few of them, so hostile pointers
 * can neither make a loop nor keep us busy.
 */
#include "decoders/dns_name.h"

#define NAME_MAX 255 /* octets on the wire, RFC 1035 2.3.4 */
#define LABEL_MAX 63
#define POINTER 0xc0 /* RFC 1035 4.1.4: the two highest bits */
#define JUMPS_MAX 16

/* Text under construction: where it goes and how much room is left. */
struct text {
	char *next;
	uint32_t left;
};

static bool
text_put(struct text *text, char byte)
{
	if (text->left == 0)
		return false;
	*text->next++ = byte;
	text->left--;
	return true;
}

/* One octet of a label; a dot inside a label is not a separator. */
static bool
text_put_octet(struct text *text, uint8_t octet)
{
	if (octet == '.' || octet == '\\')
		return text_put(text, '\\') && text_put(text, (char)octet);
	if (octet > ' ' && octet < 0x7f)
		return text_put(text, (char)octet);
	return text_put(text, '\\') && text_put(text, (char)('0' + octet / 100)) &&
	       text_put(text, (char)('0' + octet / 10 % 10)) &&
	       text_put(text, (char)('0' + octet % 10));
}

/* Reads one label of `len` octets; the status of `c` tells how it went. */
static void
read_label(struct cursor *c, uint8_t len, struct text *text)
{
	struct cursor label = cursor_cut(c, len);

	while (!cursor_done(&label)) {
		uint8_t octet = cursor_u8(&label);

		if (label.status == DECODE_OK && !text_put_octet(text, octet))
			cursor_fail(c, DECODE_MALFORMED);
	}
	if (label.status != DECODE_OK)
		cursor_fail(c, label.status);
}

/* Where the pointer with the first octet `high` at `from` leads, if below `limit`. */
static struct cursor
follow(struct cursor *from, uint8_t high, struct cursor whole, uint32_t *limit)
{
	uint32_t target = (uint32_t)(high & ~POINTER) << 8 | cursor_u8(from);

	if (from->status == DECODE_OK && target >= *limit)
		cursor_fail(from, DECODE_MALFORMED);
	if (from->status != DECODE_OK)
		return *from;
	*limit = target;
	cursor_skip(&whole, target);
	return whole;
}

bool
dns_name_next(struct cursor *c, struct cursor whole, char *out, uint32_t size)
{
	struct text text = { out, size - 1 };
	struct cursor jumped, *from = c;
	uint32_t octets = 0, limit = 0, jumps = 0, labels = 0;
	uint8_t len;

	if (cursor_done(c) || cursor_peek(c, 0) == 0)
		return false;
	if (whole.claimed > c->claimed)
		limit = whole.claimed - c->claimed;
	for (len = cursor_u8(from); len > 0; len = cursor_u8(from)) {
		if (len >= POINTER && jumps++ < JUMPS_MAX) {
			jumped = follow(from, len, whole, &limit);
			from = &jumped;
			continue;
		}
		labels++;
		octets += len + 1u;
		if (len > LABEL_MAX || octets >= NAME_MAX ||
		    (text.next != out && !text_put(&text, '.')))
			cursor_fail(from, DECODE_MALFORMED);
		else
			read_label(from, len, &text);
	}
	*text.next = '\0';
	if (labels == 1 && jumps == 0 && cursor_peek(c, 0) == 0)
		cursor_skip(c, 1); /* the second end of a name without a domain: RFC 4620 6.2 */
	if (from->status != DECODE_OK)
		cursor_fail(c, from->status);
	return c->status == DECODE_OK;
}

struct cursor
dns_name_cut(struct cursor *c)
{
	struct cursor at = *c;
	uint8_t len;

	for (len = cursor_u8(&at); len > 0; len = cursor_u8(&at)) {
		if (len > LABEL_MAX)
			cursor_fail(&at, DECODE_MALFORMED);
		cursor_skip(&at, len);
	}
	if (at.status != DECODE_OK)
		cursor_fail(c, at.status);
	return cursor_cut(c, c->claimed - at.claimed);
}
