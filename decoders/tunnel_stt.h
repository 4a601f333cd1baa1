/*
 * Stateless Transport Tunneling, which looks like TCP so that interfaces cut
 * its frames into segments.
 */
#ifndef DECODERS_TUNNEL_STT_H
#define DECODERS_TUNNEL_STT_H

#include "decoders/link.h"

/* By TCP port. */
extern const struct header_type tunnel_tcp_ports[];

/*
 * The row of the port that the TCP header at `c` goes to, or NULL: the rest of
 * TCP carries no ICMP. A port that was cut off is none.
 */
const struct header_type *tunnel_tcp_find(const struct cursor *c);

#endif
