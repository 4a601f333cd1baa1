/*
 * The datagram quoted in an error: the "original datagram" of RFC 792 and
 * RFC 4884, the "invoking packet" of RFC 4443. Read by the same code as the
 * packet itself; an error inside an error is not followed further.
 */
#ifndef DECODERS_QUOTE_H
#define DECODERS_QUOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/cursor.h"
#include "decoders/ip.h"
#include "decoders/transport.h"

struct quote {
	bool is_expected;          /* there is a place in the message for it */
	bool present;              /* an IP header was quoted and could be read */
	bool is_chain_cut;         /* but not all headers of its chain */
	enum decode_status status; /* how far the quoted headers could be read */
	uint8_t first_octet;       /* of what is in its place, when there is any */
	bool has_length, has_ttl, has_protocol; /* in `ip`, even when the rest was cut off */
	bool length_bad;           /* UDP's length is no length, or more than the datagram's;
	                              or the datagram has no room for a TCP header */
	uint32_t bytes;            /* how much was quoted, by the sender's account */
	struct ip_header ip;
	struct transport transport;
};

/*
 * Reads the quoted datagram at `c`; `is_padded` when zeros may follow it up to
 * the length that `c` has.
 */
void quote_decode(struct cursor c, bool is_padded, struct quote *out);

/*
 * Whether the checksum of the IPv4 header quoted at `c` fits with `source` in
 * the place of the source, and not as it is: then NAT wrote the other address
 * and left the checksum.
 */
bool quote_sums_with(struct cursor c, const struct quote *quote, const struct addr *source);

#endif
