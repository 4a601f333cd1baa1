/*
 * The two tables of messages, each in a file of its own. Only icmp.c and the
 * tables themselves need this; everyone else asks icmp.h.
 */
#ifndef DECODERS_ICMP_TYPES_H
#define DECODERS_ICMP_TYPES_H

#include "decoders/judge.h"

/* Sorted by type, then code, then min_len; ended by a NULL name. */
extern const struct icmp_type icmp4_types[];
extern const struct icmp_type icmp6_types[];

/* How many rows each has in front of its end. */
extern const uint32_t icmp4_type_count;
extern const uint32_t icmp6_type_count;

/* What both versions share (RFC 8335); in icmp4_types.c. */
extern const struct icmp_rule icmp_time_exceeded_rules[];
extern const struct icmp_rule icmp_extended_echo_rules[];
extern const struct icmp_rule icmp_extended_reply_rules[];
extern const struct name icmp_extended_echo_codes[];
extern const struct name icmp_extended_reply_codes[];
extern const struct field icmp_extended_echo_fields[];
extern const struct field icmp_extended_reply_fields[];

#endif
