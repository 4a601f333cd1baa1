/*
 * What is known of the roles on a link: which stations say in Neighbor
 * Advertisements that they are routers, and which say that they are not
 * (RFC 4861 4.4); and which routers the user has listed.
 */
#ifndef ANALYZER_DETECT_STATION_H
#define ANALYZER_DETECT_STATION_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/core/table.h"
#include "analyzer/settings.h"
#include "decoders/icmp.h"
#include "decoders/packet.h"

struct stations {
	struct table table;
};

/* `name` is the table's; 0, or -1 and `err`. */
int stations_init(struct stations *stations, const char *name, uint64_t capacity,
    const struct hash_key *key, char *err);
void stations_free(struct stations *stations);

/* The link of a packet, as struct subject_key has it. */
uint16_t station_link(const struct packet *packet);

/*
 * Whether the frame tells which station of its link sent the datagram in it:
 * by Ethernet, and in no tunnel. A cooked capture may be of several links.
 */
bool station_is_told(const struct packet *packet);

/* Takes a Neighbor Advertisement. */
void stations_note(struct stations *stations, const struct packet *packet,
    const struct icmp_msg *msg, uint64_t now_ns);

/* Whether a station has said that it is no router, and never that it is one. */
bool stations_is_host(const struct stations *stations, const struct mac *mac, uint16_t link);

enum listing {
	LISTING_NONE, /* the user has listed no routers of this kind */
	LISTING_IN,
	LISTING_OUT,
};

/* Whether the user has listed a router, by detect.routers. */
enum listing router_listing(const struct settings *settings, const struct addr *router);

#endif
