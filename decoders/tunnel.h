/*
 * Packets inside packets: readers of IP and of what carries it again. Their
 * rows, by IP protocol, are in tunnel.c; ethertypes refer to them too.
 */
#ifndef DECODERS_TUNNEL_H
#define DECODERS_TUNNEL_H

#include "decoders/link.h"

#define TUNNEL_PROTOCOLS 256

/* By IP protocol, each in its place; the others have no name. */
extern const struct header_type tunnel_protocols[TUNNEL_PROTOCOLS];

/*
 * Readers, as in struct header_type. The IP readers make the header the
 * innermost, note the one before in packet->outer, and go on to its payload.
 */
struct step tunnel_ipv4(struct packet *packet, struct cursor *c);
struct step tunnel_ipv6(struct packet *packet, struct cursor *c);
struct step tunnel_opaque(struct packet *packet, struct cursor *c);

/* A frame without more, as SRv6 (RFC 8986 4.9), ERSPAN I and LWAPP carry it. */
struct step tunnel_ethernet(struct packet *packet, struct cursor *c);

/*
 * Makes packet->ip one of packet->outer, for what is read next is inside;
 * nothing when there is none.
 */
void tunnel_enter(struct packet *packet);

/*
 * What the payload of packet->ip is: the next header, ICMP, or a fragment.
 * Notes it as packet->carried.
 */
struct step tunnel_payload(struct packet *packet);

#endif
