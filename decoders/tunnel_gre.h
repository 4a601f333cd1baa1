/*
 * GRE, which carries packets of any ethertype and a few of its own.
 */
#ifndef DECODERS_TUNNEL_GRE_H
#define DECODERS_TUNNEL_GRE_H

#include "decoders/link.h"

/* Readers, as in struct header_type. */
struct step tunnel_gre(struct packet *packet, struct cursor *c);
struct step tunnel_erspan2(struct packet *packet, struct cursor *c);
struct step tunnel_erspan3(struct packet *packet, struct cursor *c);

#endif
