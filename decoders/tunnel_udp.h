/*
 * Tunnels over UDP. They are told by a port, so each reader looks whether the
 * bytes agree, and where they do not, it is other traffic.
 */
#ifndef DECODERS_TUNNEL_UDP_H
#define DECODERS_TUNNEL_UDP_H

#include "decoders/link.h"

#define TUNNEL_PORT_SLOTS 128

/* By UDP port, each at its remainder; the other places have no name. */
extern const struct header_type tunnel_ports[TUNNEL_PORT_SLOTS];

/* Readers, as in struct header_type; two of what is encrypted. */
struct step tunnel_udp(struct packet *packet, struct cursor *c);
struct step tunnel_udp_lite(struct packet *packet, struct cursor *c);
struct step tunnel_esp(struct packet *packet, struct cursor *c);
struct step tunnel_wireguard(struct packet *packet, struct cursor *c);

/* Whether the ports at `c` are a tunnel's, or were not captured. */
bool tunnel_udp_is_known(struct cursor c);

#endif
