/*
 * The tour's IPv6: a host that comes up and finds its router and neighbors.
 */
#include "samples/tour.h"

/* A message between link-local addresses, or to the groups of all. */
static void
send_link(struct scene *s, struct wire *w, const char *source, const char *destination)
{
	const struct wire_ip ip = { .source = source, .destination = destination, .ttl = 255 };

	scene_send(s, w, &ip);
}

static void
put_link_address(struct wire *w, uint32_t option, uint8_t station)
{
	uint8_t address[6] = { 0x00, 0x00, 0x5e, 0x00, 0x53, station };
	const struct wire_value values[] = {
		{ "link_layer_address", .bytes = address, .len = sizeof(address) }, WIRE_END
	};

	wire_record(w, &nd_options, option, values);
}

static void
send_advertisement(struct scene *s)
{
	const struct wire_value header[] = {
		{ "cur_hop_limit", .number = 64 }, { "other_config", .number = 1 },
		{ "router_lifetime", .number = 1800 }, WIRE_END
	};
	const struct wire_value prefix[] = {
		{ "prefix_length", .number = 64 }, { "on_link", .number = 1 },
		{ "autonomous", .number = 1 }, { "valid_lifetime", .number = 86400 },
		{ "preferred_lifetime", .number = 14400 }, { "prefix", .text = "2001:db8:10::" },
		WIRE_END
	};
	const struct wire_value mtu[] = { { "mtu", .number = 1500 }, WIRE_END };
	const struct wire_value dns[] = {
		{ "lifetime", .number = 1800 }, { "addresses", .text = "2001:db8:10::53" }, WIRE_END
	};
	const struct wire_value search[] = {
		{ "lifetime", .number = 1800 }, { "domain_names", .text = "lab.example" }, WIRE_END
	};
	struct wire w = scene_wire(s);

	wire_icmp(&w, 6, 134, 0, header);
	put_link_address(&w, 1, 1);
	wire_record(&w, &nd_options, 3, prefix);
	wire_record(&w, &nd_options, 5, mtu);
	wire_record(&w, &nd_options, 25, dns);
	wire_record(&w, &nd_options, 31, search);
	send_link(s, &w, ROUTER6_LINK, "ff02::1");
}

/* Who has `target`? It is `station`. */
static void
play_neighbor(struct scene *s, const char *source, const char *target, uint8_t station)
{
	const struct wire_value asked[] = { { "target", .text = target }, WIRE_END };
	const struct wire_value told[] = {
		{ "solicited", .number = 1 }, { "override", .number = 1 },
		{ "target", .text = target }, WIRE_END
	};
	struct wire w = scene_wire(s);

	wire_icmp(&w, 6, 135, 0, asked);
	put_link_address(&w, 1, 10);
	send_link(s, &w, source, "ff02::1:ff00:5301");
	scene_wait(s, 410 + scene_random(s, 200));
	w = scene_wire(s);
	wire_icmp(&w, 6, 136, 0, told);
	put_link_address(&w, 2, station);
	send_link(s, &w, target, source);
}

/* A host comes up: duplicate address detection, router, multicast groups. */
void
tour_ipv6(struct scene *s)
{
	static const uint8_t router_alert[] = { 58, 0, 5, 2, 0, 0, 1, 0 };
	const struct wire_value tentative[] = { { "target", .text = ADMIN6_LINK }, WIRE_END };
	const struct wire_value count[] = { { "record_count", .number = 1 }, WIRE_END };
	const struct wire_value group[] = { { "group", .text = "ff02::1:ff00:530a" }, WIRE_END };
	const struct wire_ip report = {
		.source = ADMIN6_LINK, .destination = "ff02::16", .ttl = 1,
		.protocol = IP_PROTO_HOP_BY_HOP, .options = router_alert,
		.options_len = sizeof(router_alert),
	};
	struct wire w = scene_wire(s);

	scene_at(s, 120 * MS);
	wire_icmp(&w, 6, 135, 0, tentative);
	send_link(s, &w, "::", "ff02::1:ff00:530a");
	scene_wait(s, 310 * MS);
	w = scene_wire(s);
	wire_icmp(&w, 6, 143, 0, count);
	wire_record(&w, &mld_records, 4, group);
	scene_send(s, &w, &report);
	scene_wait(s, 720 * MS);
	w = scene_wire(s);
	wire_icmp(&w, 6, 133, 0, NULL);
	put_link_address(&w, 1, 10);
	send_link(s, &w, ADMIN6_LINK, "ff02::2");
	scene_wait(s, 21 * MS);
	send_advertisement(s);
	scene_at(s, 62 * SECOND + 30 * MS);
	send_advertisement(s);
	scene_at(s, 63 * SECOND + 998 * MS);
	play_neighbor(s, ADMIN6_LINK, ROUTER6_LINK, 1);
}
