/*
 * What a field of a message, option or object is: one descriptor gives the
 * reader, the writer (for tests and samples), the JSON key and the docs.
 */
#ifndef DECODERS_FIELD_H
#define DECODERS_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/addr.h"
#include "decoders/anomaly.h"
#include "decoders/cursor.h"
#include "decoders/names.h"

#define FIELD_VALUES_MAX 32 /* fields of one message or record */
#define FIELD_AFTER UINT16_MAX /* as `bit`: behind all fields before */

struct list_type;

enum field_kind {
	FIELD_UINT,          /* number, big-endian, 1 to 64 bits */
	FIELD_INT,           /* two's complement number */
	FIELD_FLAG,          /* one bit */
	FIELD_ENUM,          /* number with `names`; events show both */
	FIELD_SELECTOR,      /* number that only tells what follows; never shown */
	FIELD_UNUSED,        /* must be zero; never shown, an anomaly when not */
	FIELD_IP4,           /* 32 bits */
	FIELD_IP6,           /* 128 bits */
	FIELD_BYTES,         /* octets: `bits` of them, or the rest when 0 */
	/* those below may have no width: they take the rest, or what a rule or count says */
	FIELD_IP4_LIST,      /* 4 octets each */
	FIELD_IP6_LIST,      /* 16 octets each */
	FIELD_IP6_PREFIX,    /* the first 0 to 16 octets of an address */
	FIELD_IP6_SUFFIX,    /* the last octets of an address: one item of the rule */
	FIELD_IP6_SUFFIXES,  /* several of those */
	FIELD_NUMBERS,       /* numbers of an item's octets each */
	FIELD_DER,           /* octets as its DER header says, the rest if that cannot be */
	FIELD_LINK_ADDRESS,  /* a MAC or EUI-64, zero padded; anything else as bytes */
	FIELD_DNS_NAME,      /* one RFC 1035 3.1 name; by itself when it is FIELD_AFTER */
	FIELD_DNS_NAMES,     /* such names, zero padded */
	FIELD_TEXT,          /* UTF-8 by its RFC, NUL padded */
	FIELD_RECORDS,       /* records of the rule's list */
	FIELD_PADDING,       /* zeros up to a multiple of an item's octets, or all; not shown */
};

/* A number that stands for another one: the code, and what it means. */
struct field_meaning {
	const char *name; /* its key in events, beside the field's own */
	const char *unit;
	bool (*of)(uint64_t code, uint64_t *out); /* false: the code means nothing */
};

/* Octets that a number in the message stands for. */
typedef uint32_t field_octets(uint64_t number);

/*
 * What a field needs that is not always there, or not always as long. Fields
 * are named by 1 + their index, 0 is none; they come earlier in the list.
 */
struct field_rule {
	uint8_t when_of;      /* there when this field's number (0 if it is not there) is */
	uint32_t least, most; /* from `least` to `most` */
	bool may_end;         /* the message or record may end in front of it */
	uint8_t octets_of;    /* the number that tells its octets, by `octets` when not NULL */
	field_octets *octets;
	uint8_t spare_of;     /* the number of octets behind it that are padding */
	uint8_t bits_of;      /* the number of bits that have to fit in an address */
	uint8_t most_of;      /* the number that it must not exceed (ANOMALY_FIELDS_CONTRADICT) */
	uint8_t item_len;     /* octets of an item, or */
	uint8_t item_of;      /* the number that tells them, by `item` */
	field_octets *item;
	uint8_t offsets_from; /* 1 + the octet that DNS compression counts from; 0 = forbidden */
	const struct list_type *list;
	const struct field_meaning *meaning;
};

/* Values from `least` to `most` that are an anomaly; a list ends at ANOMALY_COUNT. */
struct band {
	uint64_t least, most;
	enum anomaly anomaly;
};

struct field {
	const char *name; /* the RFC's, snake_case: the JSON key. NULL ends a list */
	enum field_kind kind;
	uint16_t bit;     /* first bit, from the start of the message or record */
	uint16_t bits;    /* width; 0 = the rest */
	uint8_t plain;    /* octets of a number that may be anything, as F_U8 has it; 0 = none */
	uint8_t count_of; /* 1 + index of the field that counts the items; 0 = none */
	const struct name *names;
	const char *unit; /* "s", "ms", "octets", ... or NULL */
	const struct field_rule *rule; /* or NULL */
	const struct band *odd;        /* values that a number must not have, or NULL */
};

/* Which member holds follows from the field's kind. */
union value {
	uint64_t number;     /* UINT, FLAG, ENUM, SELECTOR, UNUSED */
	int64_t integer;     /* INT */
	struct addr address; /* IP4, IP6, IP6_PREFIX, IP6_SUFFIX */
	struct cursor bytes; /* BYTES, lists, names, text: borrowed */
};

/*
 * Reads `fields` (which may be NULL) of the message or record that starts at
 * `c`, in order, up to the first that is not there; sets `status` to why.
 * Returns how many values were read; those of fields that a rule leaves out
 * are zero or empty. Of a list or data without a width that is there in part,
 * that part is the last value read. Nonzero unused bits, odd values, counts that promise
 * too much and a rest that is no whole number of items are noted in
 * `anomalies`. Nothing moves.
 */
uint8_t field_read_all(const struct field *fields, struct cursor c, union value *values,
    struct anomalies *anomalies, enum decode_status *status);

/*
 * The same of fields that are all plain numbers, as of an echo, which come by the
 * million. False, with nothing said, when they are not, or not all there.
 */
static inline bool
field_read_plain(const struct field *fields, struct cursor c, union value *values, uint8_t *count)
{
	uint32_t at;
	uint8_t n;

	for (n = 0; n < FIELD_VALUES_MAX && fields[n].plain != 0; n++) {
		at = fields[n].bit / 8u;
		if (fields[n].plain == 2)
			values[n].number = cursor_u16_at(&c, at);
		else if (fields[n].plain == 1)
			values[n].number = cursor_u8_at(&c, at);
		else
			values[n].number = cursor_u32_at(&c, at);
	}
	*count = n;
	return c.status == DECODE_OK && n < FIELD_VALUES_MAX && fields[n].name == NULL;
}

/* Whether the n-th field is there, by its rule and the values before it. */
bool field_is_present(const struct field *fields, const union value *values, uint8_t n);

/*
 * Whether the first `count` fields may end elsewhere than where the last one
 * has its fixed place.
 */
static inline bool
field_is_open(const struct field *fields, uint8_t count)
{
	const struct field *last = fields + count;

	if (count == 0)
		return false;
	last--;
	return last->bits == 0 || last->bit == FIELD_AFTER || last->rule != NULL;
}

/*
 * The octets, from the start of the message or record, that the first `count`
 * fields take with these values: where what follows them begins.
 */
uint32_t field_extent(const struct field *fields, const union value *values, uint8_t count);

/*
 * Writes one value of a kind with a fixed width into the message or record at
 * `out` of `len` octets; other bits stay. False when it does not fit.
 */
bool field_write(const struct field *field, const union value *value, uint8_t *out, uint32_t len);

/* Whether the field has no width of its own: it takes the rest, or a count. */
bool field_takes_rest(const struct field *field);

/* Whether its value is a number: kinds up to FIELD_UNUSED. */
bool field_is_number(const struct field *field);

/* The n-th address in the field at `index`, a list; false past the end. */
bool field_list_address(const struct field *fields, const union value *values, uint8_t index,
    uint32_t n, struct addr *out);

/*
 * The octets of the address in a FIELD_LINK_ADDRESS, which an option of units
 * of 8 octets pads with zeros: 6 or 8, and 0 when it is of another length, or
 * not all captured.
 */
uint32_t field_link_address_octets(struct cursor octets);

/* The n-th number in the field at `index`, FIELD_NUMBERS; false past the end. */
bool field_list_number(const struct field *fields, const union value *values, uint8_t index,
    uint32_t n, uint64_t *out);

/* For rules: prefix bits in whole octets; what is left of an IPv6 address. */
uint32_t field_prefix_octets(uint64_t bits);
uint32_t field_unelided_octets(uint64_t elided);

/* Row shorteners for tables; `at` is the octet in the message or record. */
#define F_U8(n, at) \
	{ .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 8, .plain = 1 }
#define F_U16(n, at) \
	{ .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 16, .plain = 2 }
#define F_U32(n, at) \
	{ .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 32, .plain = 4 }
#define F_U8_IN(n, at, u) \
	{ .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 8, .unit = (u) }
#define F_U16_IN(n, at, u) \
	{ .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 16, .unit = (u) }
#define F_U32_IN(n, at, u) \
	{ .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 32, .unit = (u) }
#define F_BITS(n, b, w) { .name = (n), .kind = FIELD_UINT, .bit = (b), .bits = (w) }
#define F_FLAG(n, b) { .name = (n), .kind = FIELD_FLAG, .bit = (b), .bits = 1 }
#define F_ENUM(n, b, w, list) \
	{ .name = (n), .kind = FIELD_ENUM, .bit = (b), .bits = (w), .names = (list) }
#define F_SELECTOR(n, b, w) { .name = (n), .kind = FIELD_SELECTOR, .bit = (b), .bits = (w) }
#define F_UNUSED(b, w) { .name = "unused", .kind = FIELD_UNUSED, .bit = (b), .bits = (w) }
#define F_IP4(n, at) { .name = (n), .kind = FIELD_IP4, .bit = (at) * 8, .bits = 32 }
#define F_IP6(n, at) { .name = (n), .kind = FIELD_IP6, .bit = (at) * 8, .bits = 128 }
#define F_REST(n, k, at) { .name = (n), .kind = (k), .bit = (at) * 8 }
#define F_COUNTED(n, k, at, count) \
	{ .name = (n), .kind = (k), .bit = (at) * 8, .count_of = (count) }
#define F_BYTES(n, at, octets) \
	{ .name = (n), .kind = FIELD_BYTES, .bit = (at) * 8, .bits = (octets) * 8 }
#define F_AFTER(n, k) { .name = (n), .kind = (k), .bit = FIELD_AFTER }
#define F_ODD(n, b, w, u, bands) \
	{ .name = (n), .kind = FIELD_UINT, .bit = (b), .bits = (w), .unit = (u), .odd = (bands) }
#define F_END { .name = NULL }
#define BAND_END { 0, 0, ANOMALY_COUNT }

/* Behind the field before, with a width. */
#define F_NEXT(n, k, w) { .name = (n), .kind = (k), .bit = FIELD_AFTER, .bits = (w) }

/* With a rule: F_THEN behind the field before with a width, F_RULED without. */
#define RULE(...) .rule = &(const struct field_rule){ __VA_ARGS__ }
#define WHEN(of, number) .when_of = (of), .least = (number), .most = (number)
#define WHEN_IN(of, from, to) .when_of = (of), .least = (from), .most = (to)
#define F_THEN(n, k, w, ...) \
	{ .name = (n), .kind = (k), .bit = FIELD_AFTER, .bits = (w), RULE(__VA_ARGS__) }
#define F_RULED(n, k, ...) { .name = (n), .kind = (k), .bit = FIELD_AFTER, RULE(__VA_ARGS__) }
#define F_RECORDS(n, at, records) \
	{ .name = (n), .kind = FIELD_RECORDS, .bit = (at) * 8, RULE(.list = &(records)) }
#define F_MEANS(n, b, w, m) \
	{ .name = (n), .kind = FIELD_UINT, .bit = (b), .bits = (w), RULE(.meaning = &(m)) }

#endif
