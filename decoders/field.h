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

#define FIELD_VALUES_MAX 16 /* fields of one message or record */
#define FIELD_AFTER UINT16_MAX /* as `bit`: behind the field before; both without a width */
#define FIELD_DNS_NAME_SIZE 1024 /* any name as text, all escaped, and its NUL */

enum field_kind {
	FIELD_UINT,          /* number, big-endian, 1 to 64 bits */
	FIELD_INT,           /* two's complement number */
	FIELD_FLAG,          /* one bit */
	FIELD_ENUM,          /* number with `names`; events show both */
	FIELD_UNUSED,        /* must be zero; never shown, an anomaly when not */
	FIELD_IP4,           /* 32 bits */
	FIELD_IP6,           /* 128 bits */
	FIELD_BYTES,         /* octets: `bits` of them, or the rest when 0 */
	/* those below may have no width: they take the rest, or `count_of` items */
	FIELD_IP4_LIST,      /* 4 octets each */
	FIELD_IP6_LIST,      /* 16 octets each */
	FIELD_IP6_PREFIX,    /* the first 0 to 16 octets of an address */
	FIELD_LINK_ADDRESS,  /* 6 octets as a MAC, anything else as bytes */
	FIELD_DNS_NAMES,     /* RFC 1035 3.1 names, zero padded, uncompressed */
	FIELD_TEXT,          /* UTF-8 by its RFC, NUL padded */
};

struct field {
	const char *name; /* the RFC's, snake_case: the JSON key. NULL ends a list */
	enum field_kind kind;
	uint16_t bit;     /* first bit, from the start of the message or record */
	uint16_t bits;    /* width; 0 = the rest */
	uint8_t count_of; /* 1 + index of the field that counts the items; 0 = none */
	const struct name *names;
	const char *unit; /* "s", "ms", "octets", ... or NULL */
};

/* Which member holds follows from the field's kind. */
union value {
	uint64_t number;     /* UINT, FLAG, ENUM, UNUSED */
	int64_t integer;     /* INT */
	struct addr address; /* IP4, IP6, IP6_PREFIX */
	struct cursor bytes; /* BYTES, lists, names, text: borrowed */
};

/*
 * Reads `fields` (which may be NULL) of the message or record that starts at
 * `c`, in order, up to the first that is not there; sets `status` to why.
 * Returns how many values were read. Of a list or data without a width that is
 * there in part, that part is the last value read. Nonzero unused bits,
 * counts that promise too much and a rest that is no whole number of addresses
 * are noted in `anomalies`. Nothing moves.
 */
uint8_t field_read_all(const struct field *fields, struct cursor c, union value *values,
    struct anomalies *anomalies, enum decode_status *status);

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

/* The n-th address of a FIELD_IP4_LIST or FIELD_IP6_LIST; false past the end. */
bool field_list_address(const struct field *field, const union value *value, uint32_t n,
    struct addr *out);

/*
 * Takes the next DNS name off `c` (a FIELD_DNS_NAMES value) as text with dots
 * into `out` of `size` octets (FIELD_DNS_NAME_SIZE holds any name), NUL
 * terminated; octets that are not printable ASCII come as \DDD, a dot or
 * backslash inside a label behind a backslash (RFC 1035 5.1). False at the end,
 * at padding, or at a name that is broken or does not fit (then `c` has failed).
 */
bool field_next_dns_name(struct cursor *c, char *out, uint32_t size);

/* Row shorteners for tables; `at` is the octet in the message or record. */
#define F_U8(n, at) { .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 8 }
#define F_U16(n, at) { .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 16 }
#define F_U32(n, at) { .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 32 }
#define F_U16_IN(n, at, u) \
	{ .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 16, .unit = (u) }
#define F_U32_IN(n, at, u) \
	{ .name = (n), .kind = FIELD_UINT, .bit = (at) * 8, .bits = 32, .unit = (u) }
#define F_BITS(n, b, w) { .name = (n), .kind = FIELD_UINT, .bit = (b), .bits = (w) }
#define F_FLAG(n, b) { .name = (n), .kind = FIELD_FLAG, .bit = (b), .bits = 1 }
#define F_ENUM(n, b, w, list) \
	{ .name = (n), .kind = FIELD_ENUM, .bit = (b), .bits = (w), .names = (list) }
#define F_UNUSED(b, w) { .name = "unused", .kind = FIELD_UNUSED, .bit = (b), .bits = (w) }
#define F_IP4(n, at) { .name = (n), .kind = FIELD_IP4, .bit = (at) * 8, .bits = 32 }
#define F_IP6(n, at) { .name = (n), .kind = FIELD_IP6, .bit = (at) * 8, .bits = 128 }
#define F_REST(n, k, at) { .name = (n), .kind = (k), .bit = (at) * 8 }
#define F_COUNTED(n, k, at, count) \
	{ .name = (n), .kind = (k), .bit = (at) * 8, .count_of = (count) }
#define F_BYTES(n, at, octets) \
	{ .name = (n), .kind = FIELD_BYTES, .bit = (at) * 8, .bits = (octets) * 8 }
#define F_AFTER(n, k) { .name = (n), .kind = (k), .bit = FIELD_AFTER }
#define F_END { .name = NULL }

#endif
