/*
 * The two tables of messages, each in a file of its own. Only icmp.c and the
 * tables themselves need this; everyone else asks icmp.h.
 */
#ifndef DECODERS_ICMP_TYPES_H
#define DECODERS_ICMP_TYPES_H

#include "decoders/icmp.h"

/* Sorted by type, then code, then min_len; ended by a NULL name. */
extern const struct icmp_type icmp4_types[];
extern const struct icmp_type icmp6_types[];

/* What both versions share (RFC 8335, RFC 4065); in icmp4_types.c. */
extern const struct name icmp_extended_echo_codes[];
extern const struct name icmp_extended_reply_codes[];
extern const struct field icmp_extended_echo_fields[];
extern const struct field icmp_extended_reply_fields[];
extern const struct field icmp_mobility_fields[];

#endif
