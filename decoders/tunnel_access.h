/*
 * Tunnels of access networks: of mobile phones, of dial-in and leased lines,
 * of wireless access points and sniffers to their controllers.
 */
#ifndef DECODERS_TUNNEL_ACCESS_H
#define DECODERS_TUNNEL_ACCESS_H

#include "decoders/link.h"

/* Readers, as in struct header_type, of what UDP carries; L2TPv3 of IP's. */
struct step tunnel_gtp(struct packet *packet, struct cursor *c);
struct step tunnel_l2tp(struct packet *packet, struct cursor *c);
struct step tunnel_l2tp3(struct packet *packet, struct cursor *c);
struct step tunnel_capwap(struct packet *packet, struct cursor *c);
struct step tunnel_lwapp(struct packet *packet, struct cursor *c);
struct step tunnel_tzsp(struct packet *packet, struct cursor *c);

#endif
