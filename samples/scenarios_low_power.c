/*
 * Low-power networks: registrations with their routers, and RPL, secured too.
 */
#include "samples/scenarios.h"

#define ROUTER6 "2001:db8::1"
#define LINK_LOCAL_ROUTER "fe80::1"

#define VALUES(...) (const struct wire_value[]){ __VA_ARGS__, WIRE_END }

/* A message of ICMPv6 and an option behind it. */
struct low_power_message {
	const char *source, *destination;
	uint8_t ttl, type, code;
	const struct wire_value *values;
	const struct list_type *list; /* NULL = no option */
	uint8_t option;
	const struct wire_value *option_values;
};

/* Nodes register a prefix and a group with a router, which asks the border router. */
static void
play_low_power(struct scene *s)
{
	static const uint8_t verifier[] = { 2, 0, 0x5e, 0xff, 0xfe, 0, 0x53, 1 };
	static const uint8_t prefix[15] = { 0x20, 1, 0x0d, 0xb8, 0, 0x64 };
	static const uint8_t mac[] = { 0, 0, 0x5e, 0, 0x53, 1 };
	static const uint8_t eui64[14] = { 2, 0, 0x5e, 0xff, 0xfe, 0, 0x53, 0x10 }; /* padded */
	static const uint8_t via[] = { 1, 1, 0, 0x51, 0, 0x52 };
#define VERIFIER { "registration_ownership_verifier", .bytes = verifier, .len = 8 }
#define REGISTRATION(kind) \
	{ "address_type", .number = (kind) }, { "routing_registrar", .number = 1 }, \
	{ "transaction_id_present", .number = 1 }, { "transaction_id", .number = 7 }, \
	{ "registration_lifetime", .number = 10 }, VERIFIER
	const struct low_power_message messages[] = {
		{ "fe80::10", "ff02::2", 255, 133, 0, NULL, &nd_options, 1,
		  VALUES({ "link_layer_address", .bytes = eui64, .len = sizeof(eui64) }) },
		{ "fe80::1", "ff02::1", 255, 134, 0, NULL, &nd_options, 36,
		  VALUES({ "multicast_and_anycast_registration", .number = 1 },
		      { "lowpan_router", .number = 1 }, { "extended_registration", .number = 1 },
		      { "prefix_registration", .number = 1 }) },
		{ "fe80::10", "fe80::1", 255, 135, 0,
		  VALUES({ "target", .text = "2001:db8:64::10" }), &nd_options, 33,
		  VALUES(REGISTRATION(3), { "status_or_prefix_length", .number = 64 }) },
		{ "fe80::10", "fe80::1", 255, 135, 0, VALUES({ "target", .text = "ff05::fb" }),
		  &nd_options, 33, VALUES(REGISTRATION(1)) },
		{ ROUTER6, "2001:db8::b", 64, 157, 1,
		  VALUES({ "code_suffix", .number = 1 }, { "address_type", .number = 3 },
		      { "transaction_id", .number = 7 },
		      { "registration_lifetime", .number = 10 }, VERIFIER,
		      { "registered_prefix", .bytes = prefix, .len = 15 },
		      { "prefix_length", .number = 64 }),
		  &nd_options, 1, VALUES({ "link_layer_address", .bytes = mac, .len = 6 }) },
		{ "2001:db8::b", ROUTER6, 64, 158, 1,
		  VALUES({ "code_suffix", .number = 1 }, { "registration_status", .number = 9 },
		      { "transaction_id", .number = 7 }, VERIFIER,
		      { "registered_address", .text = "2001:db8:64::40" }), NULL, 0, NULL },
		{ "fe80::1", "fe80::10", 255, 136, 0,
		  VALUES({ "target", .text = "2001:db8:64::10" }), &nd_options, 33,
		  VALUES(REGISTRATION(2), { "status", .number = 12 }) },
		{ "2001:db8::b", ROUTER6, 64, 155, 2,
		  VALUES({ "rpl_instance_id", .number = 30 }, { "projected", .number = 1 }),
		  &rpl_options, 0x0f,
		  VALUES({ "segment_lifetime", .number = 60 },
		      { "via", .bytes = via, .len = sizeof(via) }) },
		{ ROUTER6, "2001:db8::b", 64, 155, 3,
		  VALUES({ "projected", .number = 1 }, { "status_kind", .number = 2 },
		      { "status_value", .number = 4 }), NULL, 0, NULL },
		{ "2001:db8::b", ROUTER6, 64, 155, 8,
		  VALUES({ "status_kind", .number = 2 }, { "status_value", .number = 1 }),
		  NULL, 0, NULL },
		{ "2001:db8::b", ROUTER6, 64, 155, 0x0a,
		  VALUES({ "rejected", .number = 1 }, { "status_value", .number = 1 }),
		  NULL, 0, NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		const struct low_power_message *message = &messages[i];
		const struct wire_ip ip = { .source = message->source,
			.destination = message->destination, .ttl = message->ttl };
		struct wire w = scene_wire(s);

		wire_icmp(&w, 6, message->type, message->code, message->values);
		if (message->list != NULL)
			wire_record(&w, message->list, message->option, message->option_values);
		scene_send(s, &w, &ip);
		scene_wait(s, SECOND);
	}
}

/* A secured DODAG Information Solicitation of that mode and level; `len` octets behind it. */
static void
send_secured(struct scene *s, uint8_t mode, uint8_t level, uint32_t len)
{
	const struct wire_ip ip = { .source = LINK_LOCAL_ROUTER, .destination = "ff02::1a" };
	const struct icmp_type *row = icmp_lookup(6, 155, 0x80, UINT32_MAX);
	const struct wire_value section[] = {
		{ "key_identifier_mode", .number = mode },
		{ "security_level", .number = level },
		{ "is_key_named", .number = mode == 3 && level % 2 == 1 },
		{ "counter", .number = 7 },
		WIRE_END
	};
	struct wire w = scene_wire(s);

	wire_message(&w, row, 0x80, section);
	wire_secured(&w, row, NULL);
	scene_pattern(&w, len);
	scene_send(s, &w, &ip);
	scene_wait(s, SECOND);
}

/* Each mode and length of a seal (RFC 6550 6.1), and what cannot be read. */
static void
play_secured(struct scene *s)
{
	send_secured(s, 1, 0, 4);
	send_secured(s, 0, 2, 8);
	send_secured(s, 3, 0, 384);
	send_secured(s, 3, 2, 256);
	send_secured(s, 1, 3, 8);   /* encrypted */
	send_secured(s, 3, 3, 256); /* encrypted */
	send_secured(s, 1, 4, 8);   /* a level that nobody assigned */
	send_secured(s, 1, 2, 3);   /* shorter than its MAC */
}

/* clang-format off */
const struct scenario low_power_scenarios[] = {
	{ "low_power.pcap", "registrations of a prefix and a group, and RPL's answers about routes",
	  .play = play_low_power, .link_type = LINK_TYPE_ETHERNET },
	{ "rpl_secured.pcap", "secured RPL messages: authenticated, encrypted, cut short",
	  .play = play_secured, .link_type = LINK_TYPE_ETHERNET },
	{ .file = NULL }
};
/* clang-format on */
