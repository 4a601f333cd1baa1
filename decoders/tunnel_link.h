/*
 * What carries packets below IP: labels, and tags in front of an ethertype or
 * of a whole frame. Their rows are ethertypes, in link.c.
 */
#ifndef DECODERS_TUNNEL_LINK_H
#define DECODERS_TUNNEL_LINK_H

#include "decoders/link.h"

#define TUNNEL_ETHERNET_LEN 16 /* octets that tell a frame: addresses, type, and more */

/* Readers, as in struct header_type. */
struct step tunnel_mpls(struct packet *packet, struct cursor *c);
struct step tunnel_pppoe(struct packet *packet, struct cursor *c);
struct step tunnel_pbb(struct packet *packet, struct cursor *c);
struct step tunnel_vntag(struct packet *packet, struct cursor *c);
struct step tunnel_etag(struct packet *packet, struct cursor *c);
struct step tunnel_fabricpath(struct packet *packet, struct cursor *c);
struct step tunnel_cisco_metadata(struct packet *packet, struct cursor *c);
struct step tunnel_nsh(struct packet *packet, struct cursor *c);
struct step tunnel_macsec(struct packet *packet, struct cursor *c);

/*
 * On to a next protocol as NSH numbers it (RFC 8300 2.2); VXLAN-GPE and
 * LISP-GPE have the same numbers.
 */
struct step tunnel_next_protocol(uint8_t number);

/* Whether an Ethernet frame that may lead to IP seems to be `offset` octets ahead. */
bool tunnel_is_ethernet(const struct cursor *c, uint32_t offset);

/* Nothing that may be next was seen in `len` octets, or in what was captured. */
struct step tunnel_unnamed(struct cursor *c, uint32_t len);

#endif
