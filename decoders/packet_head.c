/*
 * Copies between a packet and its head, member by member: most of struct
 * packet is room that few packets use.
 */
#include "decoders/packet_head.h"

#include <string.h>

void
packet_head_keep(struct packet_head *head, const struct packet *packet)
{
	head->frame = *packet->frame;
	head->frame.bytes = NULL;
	memcpy(head->layers, packet->layers, sizeof head->layers);
	head->layer_count = packet->layer_count;
	head->outer_count = packet->outer_count;
	head->vlan_count = packet->vlan_count;
	head->has_source_mac = packet->has_source_mac;
	head->has_destination_mac = packet->has_destination_mac;
	head->source_mac = packet->source_mac;
	head->destination_mac = packet->destination_mac;
	memcpy(head->vlans, packet->vlans, sizeof head->vlans);
	head->ip = packet->ip;
	memcpy(head->outer, packet->outer, sizeof head->outer);
	head->anomalies = packet->anomalies;
	head->index = packet->index;
}

void
packet_head_restore(const struct packet_head *head, struct packet *out)
{
	out->frame = &head->frame;
	memcpy(out->layers, head->layers, sizeof out->layers);
	out->layer_count = head->layer_count;
	out->outer_count = head->outer_count;
	out->vlan_count = head->vlan_count;
	out->has_source_mac = head->has_source_mac;
	out->has_destination_mac = head->has_destination_mac;
	out->source_mac = head->source_mac;
	out->destination_mac = head->destination_mac;
	memcpy(out->vlans, head->vlans, sizeof out->vlans);
	out->ip = head->ip;
	memcpy(out->outer, head->outer, sizeof out->outer);
	out->anomalies = head->anomalies;
	out->index = head->index;
	out->begun_ns = head->frame.when_ns;
	out->payload = cursor_empty();
	out->verdict = PACKET_FRAGMENT;
	out->fragments = NULL;
	out->fragment_count = 0;
	out->is_link_fragment = false;
	out->is_partial = false;
	out->sibling_count = 0;
}
