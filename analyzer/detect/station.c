/*
 * Stations are known by their MAC: addresses are what an attacker forges first.
 */
#include "analyzer/detect/station.h"

#include <string.h>

/* Key of the table: no padding. */
struct station_key {
	struct mac mac;
	uint16_t link;
};

struct station {
	struct entry entry;
	struct station_key key;
	bool says_router, says_host;
	uint8_t zero[6];
};

int
stations_init(struct stations *stations, const char *name, uint64_t capacity,
    const struct hash_key *key, char *err)
{
	const struct table_config config = {
		.name = name,
		.entry_size = sizeof(struct station),
		.key_size = sizeof(struct station_key),
		.capacity = (uint32_t)capacity,
		.hash_key = *key,
	};

	return table_init(&stations->table, &config, err);
}

void
stations_free(struct stations *stations)
{
	table_free(&stations->table);
}

uint16_t
station_link(const struct packet *packet)
{
	uint32_t link = packet_link(packet);

	return (uint16_t)(link ^ link >> 16);
}

bool
station_is_told(const struct packet *packet)
{
	return packet->has_source_mac && packet->has_destination_mac && packet->outer_count == 0;
}

void
stations_note(struct stations *stations, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	const struct station_key key = { packet->source_mac, station_link(packet) };
	const union value *router = icmp_value(msg, "router");
	struct station *station;
	bool added;

	if (router == NULL || !station_is_told(packet) ||
	    anomalies_has(&msg->anomalies, ANOMALY_BAD_CHECKSUM) ||
	    anomalies_has(&msg->anomalies, ANOMALY_HOP_LIMIT_NOT_255))
		return;
	station = (struct station *)table_find_or_add(&stations->table, &key, now_ns, &added);
	if (!added)
		table_touch(&stations->table, &station->entry, now_ns);
	station->says_router |= router->number == 1;
	station->says_host |= router->number == 0;
}

bool
stations_is_host(const struct stations *stations, const struct mac *mac, uint16_t link)
{
	const struct station_key key = { *mac, link };
	const struct station *station =
	    (const struct station *)table_find(&stations->table, &key);

	return station != NULL && station->says_host && !station->says_router;
}

/* A list speaks of the kinds of addresses that are in it: a router has several. */
enum listing
router_listing(const struct settings *settings, const struct addr *router)
{
	const struct prefix_list *list = &settings->detect_routers;
	bool is_local = addr_is_link_local(router);
	uint32_t i;

	if (prefix_list_has(list, router))
		return LISTING_IN;
	for (i = 0; i < list->count; i++)
		if (list->items[i].address.version == router->version &&
		    addr_is_link_local(&list->items[i].address) == is_local)
			return LISTING_OUT;
	return LISTING_NONE;
}
