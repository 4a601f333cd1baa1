/*
 * An ICMP or ICMPv6 message: the row of its type, its fields' values, and
 * what follows them. icmp4_types.c and icmp6_types.c hold the rows; a row is
 * the single source of decoding, JSON keys, docs, encoding and tests.
 */
#ifndef DECODERS_ICMP_H
#define DECODERS_ICMP_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/anomaly.h"
#include "decoders/checksum.h"
#include "decoders/extension.h"
#include "decoders/field.h"
#include "decoders/packet.h"
#include "decoders/payload.h"
#include "decoders/quote.h"
#include "decoders/record.h"
#include "decoders/rpl.h"

#define ICMP_ANY_CODE (-1)
#define ICMP_HEADER_LEN 4 /* type, code, checksum */
#define ICMP_LISTS_MAX 2

/* Types that code outside the tables speaks of by number. */
enum {
	ICMP4_ECHO_REPLY = 0,
	ICMP4_DESTINATION_UNREACHABLE = 3,
	ICMP4_REDIRECT = 5,
	ICMP4_ECHO = 8,
	ICMP4_ROUTER_ADVERTISEMENT = 9,
	ICMP4_TIME_EXCEEDED = 11,
	ICMP4_PARAMETER_PROBLEM = 12,
	ICMP6_DESTINATION_UNREACHABLE = 1,
	ICMP6_PACKET_TOO_BIG = 2,
	ICMP6_TIME_EXCEEDED = 3,
	ICMP6_PARAMETER_PROBLEM = 4,
	ICMP6_ECHO_REQUEST = 128,
	ICMP6_ECHO_REPLY = 129,
	ICMP6_ROUTER_SOLICITATION = 133,
	ICMP6_ROUTER_ADVERTISEMENT = 134,
	ICMP6_NEIGHBOR_SOLICITATION = 135,
	ICMP6_NEIGHBOR_ADVERTISEMENT = 136,
	ICMP6_REDIRECT = 137,
};

/* The same of codes. */
enum {
	ICMP4_FRAGMENTATION_NEEDED = 4, /* of ICMP4_DESTINATION_UNREACHABLE */
};

enum icmp_role {
	ICMP_INFORMATION, /* neither asks nor answers */
	ICMP_ERROR,       /* quotes a datagram */
	ICMP_REQUEST,     /* `counterpart` answers it */
	ICMP_REPLY,       /* answers `counterpart` */
};

/* What follows the fields. */
enum icmp_tail {
	ICMP_TAIL_NONE,  /* nothing: more is trailing bytes */
	ICMP_TAIL_DATA,  /* octets without a layout: `payload_bytes` in events */
	ICMP_TAIL_QUOTE, /* the original datagram; an extension when `length_unit` */
	ICMP_TAIL_LISTS, /* records of `lists`, in order */
	ICMP_TAIL_SECURED, /* `secured` and records of `lists`, then a seal; or encrypted octets */
	ICMP_TAIL_EXTENSION, /* an extension structure with no quote before it (RFC 8335 2) */
};

enum icmp_flags {
	ICMP_DEPRECATED = 1,    /* RFC 6918, RFC 6633 */
	ICMP_TTL_255 = 2,       /* must arrive with TTL or hop limit 255 */
	ICMP_TTL_1 = 4,         /* must be sent with TTL or hop limit 1 */
	ICMP_NO_LAYOUT = 8,     /* no layout was ever published */
	ICMP_CODE_IS_DATA = 16, /* the code octet means something else, or is free */
	ICMP_UNASSIGNED = 32,   /* IANA has not assigned the type */
	/* Rules about the IP header; judge.h has those about the message. */
	ICMP_TTL_1_TO_GROUP = 64,    /* TTL 1 when sent to a group */
	ICMP_FROM_LINK_LOCAL = 128,  /* the source is link-local */
	ICMP_FROM_NOBODY = 256,      /* the source may be unspecified */
	ICMP_TO_ONE = 512,           /* the destination is unicast; of errors, always */
	ICMP_OFF_LINK = 1024,        /* neither end is link-local */
	ICMP_ROUTER_ALERT = 2048,    /* carries the Router Alert option */
	ICMP_NOT_FRAGMENTED = 4096,  /* has no fragment header */
};

struct icmp_rule;

struct icmp_type {
	uint8_t type;
	int16_t code;      /* the one code this row is for, or ICMP_ANY_CODE */
	uint16_t min_len;  /* octets of type, code, checksum and fields; the tail's start */
	bool (*fits)(struct cursor message); /* the row is for such messages only; or NULL */
	const char *name;  /* NULL ends the table */
	const char *title; /* IANA's words */
	const char *rfc;
	const struct name *codes;
	const struct field *fields;
	enum icmp_role role;
	uint8_t counterpart;
	const char *family; /* of the exchange it belongs to, or NULL */
	enum icmp_tail tail;
	uint8_t length_unit; /* octets per unit of RFC 4884's length attribute, 0 = none */
	uint8_t quote_option; /* the option of lists[0] that quotes a datagram, 0 = none */
	uint16_t flags;
	const struct icmp_rule *rules; /* that it can break (judge.h), or NULL */
	const struct list_type *lists[ICMP_LISTS_MAX];
	const struct field *secured; /* counted as if only a header were in front of them */
	uint16_t secured_len; /* as min_len, of those */
	uint8_t count_of;    /* 1 + index of the field that counts lists[0], 0 = none */
	uint8_t size_of;     /* 1 + index of the field with a record's size in 32-bit words */
	uint8_t more_of;     /* 1 + index of the flag without which there is no lists[1] */
};

struct icmp_msg {
	const struct icmp_type *type; /* never NULL: unassigned types have a row too */
	uint8_t version;              /* 4 or 6: of ICMP, by the protocol number */
	uint8_t type_number;
	uint8_t code;
	enum decode_status status;    /* how far decoding got; earlier values hold */
	enum checksum_verdict checksum;
	uint16_t checksum_expected;   /* when bad */
	uint8_t value_count;
	union value values[FIELD_VALUES_MAX]; /* parallel to type->fields */
	uint32_t length;              /* octets claimed, from the type octet */
	struct cursor bytes;          /* the message, from the type octet */
	struct cursor tail;           /* what follows the fields */
	struct payload payload;       /* digests of an echo's tail, by who has the seed */
	const struct rpl_seal *seal;  /* of an ICMP_TAIL_SECURED of a known level, or NULL */
	struct cursor seal_bytes;     /* it, if what it seals can be read; then also: */
	struct cursor secured_bytes;  /* from where a header would be */
	uint8_t secured_count;        /* 0 when it is encrypted */
	union value secured_values[FIELD_VALUES_MAX]; /* parallel to type->secured */
	struct quote quote;           /* of an ICMP_TAIL_QUOTE or a quote_option */
	struct extension extension;   /* likewise */
	struct anomalies anomalies;   /* of the message and of its packet */
};

/*
 * Decodes the message that `packet` (verdict PACKET_ICMP) carries. `out`
 * borrows from the frame. Returns `out->status`.
 */
enum decode_status icmp_decode(const struct packet *packet, struct icmp_msg *out);

/*
 * The row for a message of `version` with that type, code and length: the
 * most specific one wins (code, then the greatest min_len that fits). Never
 * NULL: what IANA has not assigned gets a row named "unassigned". Rows with
 * `fits` are left out: they need the message itself, as icmp_decode has it.
 */
const struct icmp_type *icmp_lookup(uint8_t version, uint8_t type, uint8_t code, uint32_t length);

/* The table of a version, ended by a NULL name. */
const struct icmp_type *icmp_types(uint8_t version);

/* Whether a message asks for an echo, or is one (RFC 792, RFC 4443 4). */
static inline bool
icmp_is_echo_request(const struct icmp_msg *msg)
{
	return msg->type_number == (msg->version == 6 ? ICMP6_ECHO_REQUEST : ICMP4_ECHO);
}

static inline bool
icmp_is_echo_reply(const struct icmp_msg *msg)
{
	return msg->type_number == (msg->version == 6 ? ICMP6_ECHO_REPLY : ICMP4_ECHO_REPLY);
}

/* The value of the field with that name, or NULL when it was not read. */
const union value *icmp_value(const struct icmp_msg *msg, const char *name);

/*
 * Opens the n-th list behind the fields. Lists follow each other: `rest` is
 * msg->tail for the first and the list's rest for the next. False past the last.
 */
bool icmp_list(const struct icmp_msg *msg, unsigned n, struct cursor rest, struct list *out);

#endif
