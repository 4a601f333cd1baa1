/*
 * The fields of the messages of the Seamoby experiments (RFC 4065): CARD and
 * CXTP, which ICMPv4 and ICMPv6 share, and of CARD's two options, which are
 * also options of Neighbor Discovery and extensions of Mobile IP.
 */
#ifndef DECODERS_MOBILITY_H
#define DECODERS_MOBILITY_H

#include <stdbool.h>

#include "decoders/cursor.h"
#include "decoders/field.h"

extern const struct field card_request_fields[];
extern const struct field card_reply_fields[];

/* Of a message whose subtype (RFC 4065 2) is none of the two below. */
extern const struct field mobility_fields[];
/* RFC 4067 2.5: a CTAR, a CTAA, or any other message. */
extern const struct field cxtp_fields[];
extern const struct field cxtp_request_fields[];
extern const struct field cxtp_acknowledge_fields[];

/* Whether the message is that one, by its subtype and type. */
bool mobility_is_card(struct cursor message);
bool mobility_is_cxtp_request(struct cursor message);
bool mobility_is_cxtp_acknowledge(struct cursor message);
bool mobility_is_other_cxtp(struct cursor message);

#endif
