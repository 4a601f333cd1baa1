/*
 * Stateless Transport Tunneling, which looks like TCP so that interfaces cut
 * its frames into segments.
 */
#ifndef DECODERS_TUNNEL_STT_H
#define DECODERS_TUNNEL_STT_H

#include "decoders/link.h"

/* By TCP port. */
extern const struct header_type tunnel_tcp_ports[];

/* Reader, as in struct header_type: of TCP, of which all else carries no ICMP. */
struct step tunnel_tcp(struct packet *packet, struct cursor *c);

#endif
