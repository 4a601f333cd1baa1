/*
 * What a well-formed message can still do wrong: rules of the RFCs about its
 * type, its IP header, its fields and the datagram it quotes. A row of the
 * message tables lists the rules that its type is under; judge.c has a function
 * for each kind of rule. Rules about one value alone are bands of its field.
 */
#ifndef DECODERS_JUDGE_H
#define DECODERS_JUDGE_H

#include "decoders/icmp.h"

enum icmp_rule_kind {
	RULE_END,                 /* of a list */
	RULE_NEVER,               /* the code itself breaks it */
	RULE_NOT_MULTICAST,       /* `field` is no multicast address */
	RULE_MULTICAST,           /* `field` is one */
	RULE_MULTICAST_OR_ZERO,   /* ... or unspecified */
	RULE_LINK_LOCAL_OR_EQUAL, /* `field` is link-local or the same as `other` */
	RULE_CLEAR_TO_GROUP,      /* `field` is 0 in a message to a group */
	RULE_ZERO_WITH_CODE,      /* `field` is 0 when the code is not */
	RULE_NOT_BOTH,            /* `field` or `other` is 0 */
	RULE_NOT_EMPTY,           /* `field` is not 0, or something follows the fields */
	RULE_MULTICAST_GROUPS,    /* the group of each record is a multicast address */
	RULE_SOLICITED_NODE,      /* from nobody, then to a solicited-node address */
	RULE_TARGET_IS_HOST,      /* `field` is no group, unless option `number` subscribes to it */
	RULE_OPTION,              /* option `number` is there */
	RULE_OPTION_NEEDS_SOURCE, /* from nobody, then without option `number` */
	RULE_ONE_INTERFACE,       /* an extended echo asks for one; `field` is its L-bit */
	RULE_GATEWAY_IS_HOST,     /* `field` can be a router's address */
	RULE_GATEWAY_IS_OTHER,    /* ... and is neither end of the redirect */
	RULE_GATEWAY_IS_NEAR,     /* ... and may be on the receiver's net */
	RULE_QUOTED_TTL_SPENT,    /* the quoted datagram had no hop left */
	RULE_FROM_DESTINATION,    /* the sender is where the quoted datagram went */
	RULE_BELOW_QUOTED_LENGTH, /* `field` is less than the quoted datagram's length */
	RULE_KINDS
};

struct icmp_rule {
	enum icmp_rule_kind kind;
	int16_t code;              /* the one code it is for, or ICMP_ANY_CODE */
	const char *field, *other; /* names of fields, or NULL */
	uint8_t number;            /* type of an option */
	enum anomaly anomaly;      /* what breaking it is */
};

/*
 * Adds to `msg->anomalies` every rule that the decoded message breaks, also
 * what its type, code and IP header give away. What was not captured, or is
 * in a fragment that did not come, is never held against the sender.
 */
void judge_message(const struct packet *packet, struct icmp_msg *msg);

/* Row shorteners for tables. */
#define R_FIELD(k, f, a) \
	{ .kind = (k), .code = ICMP_ANY_CODE, .field = (f), .anomaly = (a) }
#define R_FIELDS(k, f, o, a) \
	{ .kind = (k), .code = ICMP_ANY_CODE, .field = (f), .other = (o), .anomaly = (a) }
#define R_CODE(k, c, f, a) { .kind = (k), .code = (c), .field = (f), .anomaly = (a) }
#define R_FIELD_OR_OPTION(k, f, n, a) \
	{ .kind = (k), .code = ICMP_ANY_CODE, .field = (f), .number = (n), .anomaly = (a) }
#define R_OPTION(k, n, a) \
	{ .kind = (k), .code = ICMP_ANY_CODE, .number = (n), .anomaly = (a) }
#define R_END { .kind = RULE_END }

#endif
