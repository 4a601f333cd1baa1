/*
 * What of a packet outlives its frame: the headers, for a datagram whose
 * fragments are gone on with when the frame of the first one is gone.
 */
#ifndef DECODERS_PACKET_HEAD_H
#define DECODERS_PACKET_HEAD_H

#include "decoders/packet.h"

struct packet_head {
	struct frame frame; /* without bytes */
	struct layer layers[PACKET_LAYERS_MAX];
	uint8_t layer_count, outer_count, vlan_count;
	bool has_source_mac, has_destination_mac;
	struct mac source_mac, destination_mac;
	uint16_t vlans[PACKET_VLANS_MAX];
	struct ip_header ip;
	struct packet_ends outer[PACKET_OUTER_MAX];
	struct anomalies anomalies;
	uint32_t index;
};

/* Keeps the headers of a packet. */
void packet_head_keep(struct packet_head *head, const struct packet *packet);

/*
 * Makes the packet again, without payload; packet_resume goes on from there.
 * It borrows from `head`.
 */
void packet_head_restore(const struct packet_head *head, struct packet *out);

#endif
