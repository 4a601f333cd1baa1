/*
 * The neighbor tracker on a set clock: each step is a message on the wire, with
 * the events expected until the next one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/track/trackers.h"
#include "tests/tracked.h"
#include "tests/wire.h"

#define ROUTER_FLAG 1
#define SOLICITED 2
#define OVERRIDE 4
#define NO_MAC 8      /* without the option that tells the MAC */
#define NEAR 16       /* hop limit 64: it may come from afar */
#define VLAN_7 32
#define VIRTUAL 0x80  /* as the last octet of a MAC: that of a VRRP router */
#define LIFETIME_S 1800

enum what { NS, NA, DAD, RS, RA, REDIRECT, IRDP, VRRP, OTHER, PASS };

struct step {
	uint32_t at_ms;
	enum what what;
	uint8_t host, mac; /* last octets */
	uint32_t flags;
	uint32_t lifetime; /* of a router */
	const char *events;
};

static const char *
or_dash(const char *text)
{
	return text != NULL ? text : "-";
}

/* "binding_new:host:mac", "binding_changed:host:old>new:cause", "router_gone:host:cause", ... */
static void
collect(void *owner, const struct event *event)
{
	struct tracked *fixture = owner;
	const struct event_type *type = event_type(event->id);
	const struct neighbor_facts *binding = event->facts;
	const struct router_facts *router = event->facts;
	const struct change_facts *changes;
	char text[256];
	uint32_t i;

	if (event->id == EVENT_BINDING_NEW) {
		snprintf(text, sizeof(text), ":%x:%x", binding->address.bytes[15],
		    binding->mac.bytes[5]);
	} else if (event->id == EVENT_BINDING_CHANGED) {
		snprintf(text, sizeof(text), ":%x:%x>%x:%s", binding->address.bytes[15],
		    binding->old_mac.bytes[5], binding->mac.bytes[5], or_dash(binding->cause));
	} else if (event->id == EVENT_DUPLICATE_ADDRESS) {
		snprintf(text, sizeof(text), ":%x:%x>%x", binding->address.bytes[15],
		    binding->prober_mac.bytes[5], binding->mac.bytes[5]);
	} else {
		snprintf(text, sizeof(text), ":%x", router->address.version == 6 ?
		    router->address.bytes[15] : router->address.bytes[3]);
		if (router->cause != NULL)
			snprintf(text + strlen(text), 32, ":%s", router->cause);
		changes = router->changes.items;
		for (i = 0; i < router->changes.count; i++)
			snprintf(text + strlen(text), 128, ":%s=%s>%s", changes[i].field,
			    or_dash(changes[i].old), or_dash(changes[i].new));
	}
	tracked_say(fixture, " ", "%s%s", type->action, text);
	assert_true(event->when_ns >= START_NS);
}

/* Gives the frame's source the MAC 02:00:00:00:00:xx, or that of a virtual router. */
static void
mac_of(uint8_t last, uint8_t out[6])
{
	static const uint8_t own[6] = { 2 }, virtual[6] = { 0, 0, 0x5e, 0, 2 };

	memcpy(out, last == VIRTUAL ? virtual : own, 6);
	out[5] = last;
}

static void
add_mac_option(struct wire *w, uint32_t type, const struct step *step)
{
	uint8_t mac[6];

	mac_of(step->mac, mac);
	if ((step->flags & NO_MAC) == 0)
		wire_record(w, &nd_options, type, (struct wire_value[]){
		    { "link_layer_address", .bytes = mac, .len = 6 }, WIRE_END });
}

/* The address a step is about, and its solicited-node group. */
struct names {
	char host[32], group[32];
};

/* The message, up to where more options may follow; the ends of its datagram. */
static void
build_message(struct wire *w, const struct step *step, struct wire_ip *ip, struct names *names)
{
	const char *host = names->host;
	const struct wire_value advertised[] = {
		{ "router", .number = step->flags & ROUTER_FLAG ? 1 : 0 },
		{ "solicited", .number = step->flags & SOLICITED ? 1 : 0 },
		{ "override", .number = step->flags & OVERRIDE ? 1 : 0 },
		{ "target", .text = host }, WIRE_END };
	const struct wire_value routers[] = { { "router_lifetime", .number = step->lifetime },
		{ "cur_hop_limit", .number = 64 }, WIRE_END };
	const struct wire_value redirect[] = { { "target", .text = host },
		{ "destination", .text = "2001:db8:1::1" }, WIRE_END };

	*ip = (struct wire_ip){ .source = host, .destination = "ff02::1",
		.ttl = step->flags & NEAR ? 64 : 255 };
	if (step->what == NS || step->what == DAD) {
		wire_icmp(w, 6, 135, 0, (struct wire_value[]){ { "target", .text = host },
		    WIRE_END });
		ip->source = step->what == DAD ? "::" : host;
		ip->destination = names->group;
		if (step->what == NS)
			add_mac_option(w, 1, step);
	} else if (step->what == NA) {
		wire_icmp(w, 6, 136, 0, advertised);
		ip->source = "fe80::99";
		ip->destination = step->flags & SOLICITED ? "fe80::98" : "ff02::1";
		add_mac_option(w, 2, step);
	} else if (step->what == RS) {
		wire_icmp(w, 6, 133, 0, NULL);
		add_mac_option(w, 1, step);
	} else if (step->what == RA) {
		wire_icmp(w, 6, 134, 0, routers);
		add_mac_option(w, 1, step);
	} else {
		wire_icmp(w, 6, 137, 0, redirect);
		ip->source = "fe80::99";
		ip->destination = "2001:db8::98";
		add_mac_option(w, 2, step);
	}
}

/* Sends what is in `w`, its IP header included, in a frame of the step's MAC. */
static void
send_frame(struct tracked *fixture, const struct step *step, struct wire *w, uint16_t ether_type)
{
	static struct packet packet;
	static struct icmp_msg msg;
	struct frame frame = { .when_ns = tracked_pass(fixture, step->at_ms), .link_type = 1 };
	struct transport transport = { .protocol = 0 };

	if (step->flags & VLAN_7) {
		wire_prepend(w, (const uint8_t[]){ 0, 7, (uint8_t)(ether_type >> 8),
		    (uint8_t)ether_type }, 4);
		ether_type = 0x8100;
	}
	wire_ethernet(w, ether_type);
	assert_false(w->failed);
	mac_of(step->mac, w->bytes + 6);
	frame.bytes = w->bytes;
	frame.captured = frame.length = w->len;
	frame.number = frame.ordinal = ++fixture->number;
	packet_walk(&frame, &packet);
	packet.begun_ns = frame.when_ns;
	if (packet.verdict == PACKET_ICMP) {
		(void)icmp_decode(&packet, &msg);
		tracker_neighbor.message(fixture->state, &packet, &msg, frame.when_ns);
	} else {
		tracker_neighbor.datagram(fixture->state, &packet, &transport, frame.when_ns);
	}
	fixture->heard_ns = frame.when_ns;
}

static void
send_ip4(struct tracked *fixture, const struct step *step)
{
	const struct wire_value header[] = { { "num_addrs", .number = 1 },
		{ "addr_entry_size", .number = 2 }, { "router_lifetime", .number = step->lifetime },
		WIRE_END };
	struct wire w = wire_over(fixture->sent, sizeof(fixture->sent));
	struct wire_ip ip = { .source = "192.0.2.9", .destination = "224.0.0.1", .ttl = 1 };

	if (step->what == IRDP) {
		wire_icmp(&w, 4, 9, 0, header);
		wire_uint(&w, 0xc0000200 | step->host, 4);
		wire_uint(&w, step->flags, 4);
	} else {
		wire_zero(&w, 20);
		ip.protocol = step->what == VRRP ? 112 : 17;
		ip.keep_checksum = true;
	}
	wire_ip4(&w, &ip);
	send_frame(fixture, &(struct step){ .at_ms = step->at_ms, .mac = step->mac }, &w, 0x0800);
}

static void
play(struct tracked *fixture, const struct step *step)
{
	struct wire w = wire_over(fixture->sent, sizeof(fixture->sent));
	struct wire_ip ip;
	struct names names;

	if (step->what == PASS) {
		tracked_pass(fixture, step->at_ms);
		return;
	}
	if (step->what == IRDP || step->what == VRRP || step->what == OTHER) {
		send_ip4(fixture, step);
		return;
	}
	snprintf(names.group, sizeof(names.group), "ff02::1:ff00:%x", step->host);
	snprintf(names.host, sizeof(names.host), "%s%x", step->what == RA || step->what == REDIRECT ?
	    "fe80::" : "2001:db8::", step->host);
	build_message(&w, step, &ip, &names);
	wire_ip6(&w, &ip);
	send_frame(fixture, step, &w, 0x86dd);
}

static void
run_steps(struct tracked *fixture, const struct step *steps, size_t count)
{
	size_t i;

	tracked_start(fixture, DATASET_NEIGHBOR, collect);
	for (i = 0; i < count; i++) {
		fixture->events[0] = '\0';
		play(fixture, &steps[i]);
		if (i + 1 < count)
			tracked_pass(fixture, steps[i + 1].at_ms);
		tracked_expect(fixture, i, steps[i].events);
	}
}

#define RUN(fixture, steps) run_steps(fixture, steps, sizeof(steps) / sizeof((steps)[0]))

static int
setup(void **state)
{
	return tracked_setup(state, &tracker_neighbor);
}

static void
messages_bind_addresses(void **state)
{
	static const struct step steps[] = {
		{ 0, NS, 1, 0x11, 0, 0, "binding_new:1:11" },
		{ 10, NS, 1, 0x11, 0, 0, "" },
		{ 20, NA, 2, 0x12, SOLICITED | OVERRIDE, 0, "binding_new:2:12" },
		{ 30, NA, 3, 0x13, SOLICITED | NO_MAC, 0, "" },
		{ 40, RS, 4, 0x14, 0, 0, "binding_new:4:14" },
		{ 50, REDIRECT, 5, 0x15, 0, 0, "binding_new:5:15" },
		{ 60, REDIRECT, 6, 0x16, NO_MAC, 0, "" },
	};

	RUN(*state, steps);
}

/* RFC 4861 7.1: what may come from afar is no neighbor's. */
static void
invalid_messages_bind_nothing(void **state)
{
	static const struct step steps[] = {
		{ 0, NS, 1, 0x11, NEAR, 0, "" },
		{ 10, NA, 2, 0x12, OVERRIDE | NEAR, 0, "" },
		{ 20, RA, 3, 0x13, NEAR, LIFETIME_S, "" },
	};

	RUN(*state, steps);
}

static void
links_are_kept_apart(void **state)
{
	static const struct step steps[] = {
		{ 0, NS, 1, 0x11, 0, 0, "binding_new:1:11" },
		{ 10, NS, 1, 0x12, VLAN_7, 0, "binding_new:1:12" },
		{ 20, NS, 1, 0x11, 0, 0, "" },
	};

	RUN(*state, steps);
}

/* A host with a new network card: the address moves, once. */
static void
an_address_moves(void **state)
{
	static const struct step steps[] = {
		{ 0, NA, 1, 0x11, OVERRIDE, 0, "binding_new:1:11" },
		{ 600000, NA, 1, 0x12, OVERRIDE, 0, "binding_changed:1:11>12:-" },
		{ 601000, NS, 1, 0x12, 0, 0, "" },
	};

	RUN(*state, steps);
}

/* Anycast and proxies: RFC 4861 7.2.5 keeps what is known. */
static void
without_override_nothing_moves(void **state)
{
	static const struct step steps[] = {
		{ 0, NA, 1, 0x11, SOLICITED, 0, "binding_new:1:11" },
		{ 1000, NA, 1, 0x12, SOLICITED, 0, "" },
		{ 2000, NA, 1, 0x13, SOLICITED, 0, "" },
	};

	RUN(*state, steps);
}

/* The router still speaks for its address when somebody else does. */
static void
spoofing_is_contested(void **state)
{
	static const struct step steps[] = {
		{ 0, NA, 1, 0x11, ROUTER_FLAG | SOLICITED | OVERRIDE, 0, "binding_new:1:11" },
		{ 1000, NA, 1, 0x66, OVERRIDE, 0, "binding_changed:1:11>66:-" },
		{ 1500, NA, 1, 0x11, ROUTER_FLAG | SOLICITED | OVERRIDE, 0,
		  "binding_changed:1:66>11:contested" },
		{ 2000, NA, 1, 0x66, OVERRIDE, 0, "binding_changed:1:11>66:contested" },
	};

	RUN(*state, steps);
}

/* The backup speaks VRRP, then takes the address with its own MAC (no virtual one). */
static void
failover_by_vrrp(void **state)
{
	static const struct step steps[] = {
		{ 0, NA, 1, 0x11, ROUTER_FLAG | OVERRIDE, 0, "binding_new:1:11" },
		{ 1000, VRRP, 0, 0x11, 0, 0, "" },
		{ 5000, VRRP, 0, 0x12, 0, 0, "" },
		{ 5001, NA, 1, 0x12, ROUTER_FLAG | OVERRIDE, 0, "binding_changed:1:11>12:failover" },
		{ 9000, NA, 1, 0x11, ROUTER_FLAG | OVERRIDE, 0, "binding_changed:1:12>11:failover" },
	};

	RUN(*state, steps);
}

/* With a virtual MAC nothing changes when another router takes it over. */
static void
failover_of_a_virtual_mac(void **state)
{
	static const struct step steps[] = {
		{ 0, NA, 1, 0x11, ROUTER_FLAG | OVERRIDE, 0, "binding_new:1:11" },
		{ 1000, NA, 1, VIRTUAL, ROUTER_FLAG | OVERRIDE, 0,
		  "binding_changed:1:11>80:failover" },
		{ 5000, NA, 1, VIRTUAL, ROUTER_FLAG | OVERRIDE, 0, "" },
	};
	struct report report;

	RUN(*state, steps);
	report = tracked_report(*state);
	assert_int_equal(report.binding_count, 1);
	assert_string_equal(report.bindings[0].mac_kind, "vrrp");
}

static void
a_free_address_is_taken(void **state)
{
	static const struct step steps[] = {
		{ 0, DAD, 1, 0x11, 0, 0, "binding_new:1:11" },
		{ 1000, NS, 1, 0x11, 0, 0, "" },
	};

	RUN(*state, steps);
}

/* Three probes a second apart are one detection; its end is that of the last. */
static void
repeated_probes(void **state)
{
	static const struct step steps[] = {
		{ 0, DAD, 1, 0x11, 0, 0, "" },
		{ 900, DAD, 1, 0x11, 0, 0, "" },
		{ 1800, DAD, 1, 0x11, 0, 0, "" },
		{ 2700, PASS, 0, 0, 0, 0, "binding_new:1:11" },
		{ 2800, PASS, 0, 0, 0, 0, "" },
	};

	RUN(*state, steps);
}

static void
a_duplicate_is_refused(void **state)
{
	static const struct step steps[] = {
		{ 0, DAD, 1, 0x11, 0, 0, "" },
		{ 10, NA, 1, 0x12, OVERRIDE, 0, "duplicate_address:1:11>12 binding_new:1:12" },
		{ 20, NA, 1, 0x12, OVERRIDE, 0, "" },
		{ 5000, PASS, 0, 0, 0, 0, "" },
	};

	RUN(*state, steps);
}

/* RFC 4862 5.4.3: two that want the same address at once. */
static void
two_want_one_address(void **state)
{
	static const struct step steps[] = {
		{ 0, DAD, 1, 0x11, 0, 0, "" },
		{ 10, DAD, 1, 0x12, 0, 0, "duplicate_address:1:11>12" },
		{ 5000, PASS, 0, 0, 0, 0, "" },
	};

	RUN(*state, steps);
}

/* RFC 4429: the host that probes answers for the address itself. */
static void
an_optimistic_host(void **state)
{
	static const struct step steps[] = {
		{ 0, DAD, 1, 0x11, 0, 0, "" },
		{ 10, NA, 1, 0x11, SOLICITED, 0, "binding_new:1:11" },
		{ 5000, PASS, 0, 0, 0, 0, "" },
	};

	RUN(*state, steps);
}

static void
routers_come_and_go(void **state)
{
	static const struct step steps[] = {
		{ 0, RA, 1, 0x11, NO_MAC, LIFETIME_S, "router_new:1" },
		{ 1000, RA, 1, 0x11, NO_MAC, LIFETIME_S, "" },
		{ 2000, RA, 1, 0x11, NO_MAC, 600,
		  "router_changed:1:router_lifetime=1800>600" },
		{ 3000, RA, 1, 0x11, NO_MAC, 0,
		  "router_gone:1:lifetime_zero:router_lifetime=600>0" },
		{ 4000, RA, 1, 0x11, NO_MAC, 0, "" },
		{ 5000, RA, 1, 0x11, NO_MAC, LIFETIME_S, "router_new:1:returned" },
		{ 6000, RA, 2, 0x12, NO_MAC, 0, "router_new:2" },
		{ 7000, RA, 2, 0x12, NO_MAC, 0, "" },
	};

	RUN(*state, steps);
}

/* Its lifetime is over while the capture goes on; without that nobody knows. */
static void
routers_expire(void **state)
{
	static const struct step steps[] = {
		{ 0, RA, 1, 0x11, NO_MAC, 60, "router_new:1" },
		{ 50000, OTHER, 0, 0x12, 0, 0, "router_gone:1:expired" },
		{ 70000, RA, 1, 0x11, NO_MAC, 60, "router_new:1:returned" },
		{ 90000, OTHER, 0, 0x12, 0, 0, "" },
		{ 900000, RA, 1, 0x11, NO_MAC, 60, "router_new:1:returned" },
	};

	RUN(*state, steps);
}

static void
routers_of_ipv4(void **state)
{
	static const struct step steps[] = {
		{ 0, IRDP, 1, 0x11, 5, LIFETIME_S, "router_new:1" },
		{ 1000, IRDP, 1, 0x11, 5, LIFETIME_S, "" },
		{ 2000, IRDP, 1, 0x11, 9, LIFETIME_S, "router_changed:1:preference_level=5>9" },
		{ 3000, IRDP, 1, 0x11, 9, 0,
		  "router_gone:1:lifetime_zero:router_lifetime=1800>0" },
	};

	RUN(*state, steps);
}

/* What an advertisement of 2001:db8:a::/64 says besides. */
struct said {
	uint32_t at_ms, valid, preferred, mtu;
	bool autonomous;
	const char *dns, *search;
	uint32_t dns_lifetime;
	const char *events;
};

static void
advertise(struct tracked *fixture, const struct said *said)
{
	const struct wire_value header[] = { { "router_lifetime", .number = LIFETIME_S },
		WIRE_END };
	const struct wire_value prefix[] = { { "prefix_length", .number = 64 },
		{ "on_link", .number = 1 }, { "autonomous", .number = said->autonomous },
		{ "valid_lifetime", .number = said->valid },
		{ "preferred_lifetime", .number = said->preferred },
		{ "prefix", .text = "2001:db8:a::" }, WIRE_END };
	const struct wire_value mtu[] = { { "mtu", .number = said->mtu }, WIRE_END };
	const struct wire_value dns[] = { { "lifetime", .number = said->dns_lifetime },
		{ "addresses", .text = said->dns }, WIRE_END };
	const struct wire_value search[] = { { "lifetime", .number = 600 },
		{ "domain_names", .text = said->search }, WIRE_END };
	const struct wire_ip ip = { .source = "fe80::1", .destination = "ff02::1", .ttl = 255 };
	struct wire w = wire_over(fixture->sent, sizeof(fixture->sent));

	wire_icmp(&w, 6, 134, 0, header);
	if (said->valid != 1)
		wire_record(&w, &nd_options, 3, prefix);
	if (said->mtu > 0)
		wire_record(&w, &nd_options, 5, mtu);
	if (said->dns != NULL)
		wire_record(&w, &nd_options, 25, dns);
	if (said->search != NULL)
		wire_record(&w, &nd_options, 31, search);
	wire_ip6(&w, &ip);
	send_frame(fixture, &(struct step){ .at_ms = said->at_ms, .mac = 0x11 }, &w, 0x86dd);
}

#define NO_PREFIX 1 /* as a lifetime: leave the option out */

static void
what_routers_say(void **state)
{
	static const struct said steps[] = {
		{ 0, 3600, 1800, 1500, true, "2001:db8::53", "example.org", 600, "router_new:1" },
		{ 1000, NO_PREFIX, 0, 0, true, NULL, NULL, 0, "" },
		{ 2000, 3600, 1800, 1280, true, NULL, NULL, 0,
		  "router_changed:1:mtu=1500>1280" },
		{ 3000, 3600, 1800, 0, false, NULL, NULL, 0, "router_changed:1:prefix="
		  "2001:db8:a::/64 on_link autonomous>2001:db8:a::/64 on_link" },
		{ 4000, NO_PREFIX, 0, 0, true, "2001:db8::54", NULL, 600,
		  "router_changed:1:rdnss=->2001:db8::54" },
		{ 5000, NO_PREFIX, 0, 0, true, "2001:db8::53", NULL, 0,
		  "router_changed:1:rdnss=2001:db8::53>-" },
		{ 6000, NO_PREFIX, 0, 0, true, NULL, "example.net", 0,
		  "router_changed:1:dnssl=example.org>example.net" },
		{ 7000, 3600, 0, 0, false, NULL, NULL, 0, "router_changed:1:preferred_lifetime="
		  "2001:db8:a::/64 1800>2001:db8:a::/64 0" },
		{ 8000, 0, 0, 0, false, NULL, NULL, 0,
		  "router_changed:1:prefix=2001:db8:a::/64 on_link>-" },
	};
	struct tracked *fixture = *state;
	size_t i;

	tracked_start(fixture, DATASET_NEIGHBOR, collect);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		fixture->events[0] = '\0';
		advertise(fixture, &steps[i]);
		assert_string_equal(fixture->events, steps[i].events);
	}
}

/* RFC 4861 6.2.1: lifetimes may run down with time, and are filled up again. */
static void
lifetimes_run_down(void **state)
{
	static const struct said steps[] = {
		{ 0, 3600, 1800, 0, true, NULL, NULL, 0, "router_new:1" },
		{ 100000, 3500, 1700, 0, true, NULL, NULL, 0, "" },
		{ 200000, 3400, 1600, 0, true, NULL, NULL, 0, "" },
		{ 300000, 3600, 1800, 0, true, NULL, NULL, 0, "" },
		{ 400000, 3500, 0, 0, true, NULL, NULL, 0, "router_changed:1:preferred_lifetime="
		  "2001:db8:a::/64 1800>2001:db8:a::/64 0" },
	};
	struct tracked *fixture = *state;
	size_t i;

	tracked_start(fixture, DATASET_NEIGHBOR, collect);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		fixture->events[0] = '\0';
		advertise(fixture, &steps[i]);
		assert_string_equal(fixture->events, steps[i].events);
	}
}

/* With room for two addresses the rest are forgotten, and nothing breaks. */
static void
full_tables(void **state)
{
	struct tracked *fixture = *state;
	struct step step = { 0, NS, 1, 0x11, 0, 0, "" };
	struct report report;

	fixture->settings.neighbor_bindings = 2;
	fixture->settings.neighbor_probes = 2;
	fixture->settings.neighbor_routers = 2;
	tracked_start(fixture, DATASET_NEIGHBOR, collect);
	fixture->emitter.wanted = 0;
	for (step.host = 1; step.host < 20; step.host++) {
		step.what = NS;
		play(fixture, &step);
		step.what = DAD;
		play(fixture, &step);
		step.what = RA;
		step.lifetime = LIFETIME_S;
		play(fixture, &step);
	}
	report = tracked_report(fixture);
	assert_int_equal(report.binding_count, 2);
	assert_int_equal(report.router_count, 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, tracked_teardown)
	const struct CMUnitTest tests[] = {
		TEST(messages_bind_addresses),
		TEST(invalid_messages_bind_nothing),
		TEST(links_are_kept_apart),
		TEST(an_address_moves),
		TEST(without_override_nothing_moves),
		TEST(spoofing_is_contested),
		TEST(failover_by_vrrp),
		TEST(failover_of_a_virtual_mac),
		TEST(a_free_address_is_taken),
		TEST(repeated_probes),
		TEST(a_duplicate_is_refused),
		TEST(two_want_one_address),
		TEST(an_optimistic_host),
		TEST(routers_come_and_go),
		TEST(routers_expire),
		TEST(routers_of_ipv4),
		TEST(what_routers_say),
		TEST(lifetimes_run_down),
		TEST(full_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
