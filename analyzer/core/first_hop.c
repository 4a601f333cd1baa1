/*
 * First hops in one array: no chains, no ages, no secret. Who makes two paths
 * share a place makes one of them forgotten, and a path is known by 64 bits. The
 * paths of a station share few of the places: a router, and who makes up senders,
 * has no end of them, and would take those of the hosts.
 */
#include "analyzer/core/first_hop.h"

#include "analyzer/core/recent.h"

#define NS_PER_MS UINT64_C(1000000)
#define PLACES (1U << FIRST_HOP_BITS)
#define STATION_BITS 5 /* of FIRST_HOP_BITS: in which part its places are */
#define MIX_HOST UINT64_C(0x9e3779b97f4a7c15)
#define MIX_STATION UINT64_C(0xbf58476d1ce4e5b9)

static uint64_t
number_of(const struct mac *mac)
{
	uint32_t first;
	uint16_t last;

	/* In parts, as it was written: a load of both would wait for the stores. */
	memcpy(&first, mac->bytes, sizeof(first));
	memcpy(&last, mac->bytes + sizeof(first), sizeof(last));
	return (uint64_t)last << 32 | first;
}

static uint32_t
hash_host(const struct addr *host)
{
	return (uint32_t)((recent_tail(host) * MIX_HOST) >> 32) | 1;
}

/*
 * A path is that of a host to a destination, as far as a station sends it. Its
 * place is in the highest bits, the station's part of it first.
 */
static uint64_t
hash_path(const struct addr *host, const struct addr *destination, const struct mac *station)
{
	uint64_t ends = (uint64_t)recent_tail(host) << 32 | recent_tail(destination);
	uint64_t sender = number_of(station) * MIX_STATION;
	uint64_t hash = (ends ^ sender) * MIX_HOST;

	return sender >> (64 - STATION_BITS) << (64 - STATION_BITS) | hash >> STATION_BITS;
}

void
first_hops_note(struct first_hops *hops, const struct packet *packet, uint64_t now_ns)
{
	uint32_t now_ms = (uint32_t)(now_ns / NS_PER_MS), gap_ms;
	struct first_hop *hop;
	uint64_t hash;

	if (!packet->has_source_mac || !packet->has_destination_mac || packet->outer_count != 0 ||
	    (packet->destination_mac.bytes[0] & 1) != 0)
		return;
	hash = hash_path(&packet->ip.source, &packet->ip.destination, &packet->source_mac);
	hop = &hops->places[hash >> (64 - FIRST_HOP_BITS)];
	gap_ms = hop->path == (uint32_t)hash ? now_ms - hop->when_ms : UINT16_MAX;
	*hop = (struct first_hop){
		.host = hash_host(&packet->ip.source),
		.path = (uint32_t)hash,
		.when_ms = now_ms,
		.station = packet->source_mac,
		.mac = packet->destination_mac,
		.length = (uint16_t)packet->ip.length,
		.id = (uint16_t)packet->ip.id,
		.gap_ms = gap_ms < UINT16_MAX ? (uint16_t)gap_ms : UINT16_MAX,
	};
}

const struct first_hop *
first_hops_find(const struct first_hops *hops, const struct addr *host,
    const struct addr *destination, const struct mac *station)
{
	uint64_t hash = hash_path(host, destination, station);
	const struct first_hop *hop = &hops->places[hash >> (64 - FIRST_HOP_BITS)];

	return hop->path == (uint32_t)hash && hop->host == hash_host(host) ? hop : NULL;
}

struct first_hop_host
first_hops_host(const struct first_hops *hops, const struct addr *host, const struct mac *station)
{
	struct first_hop_host found = { .is_one = true };
	uint32_t wanted = hash_host(host), i;
	const struct first_hop *hop;

	for (i = 0; i < PLACES; i++) {
		hop = &hops->places[i];
		if (hop->host != wanted)
			continue;
		if (!found.is_known)
			found.owner = hop->station;
		found.is_known = true;
		found.is_one &= mac_equal(&hop->station, &found.owner);
		found.uses_station |= mac_equal(&hop->mac, station);
	}
	return found;
}

uint64_t
first_hop_age_ns(const struct first_hop *hop, uint64_t now_ns)
{
	return (uint64_t)((uint32_t)(now_ns / NS_PER_MS) - hop->when_ms) * NS_PER_MS;
}
