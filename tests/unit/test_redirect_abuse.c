/*
 * The detector of forged redirects: where a host sends, and who tells it to send
 * elsewhere.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "tests/stage.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define STEPS_MAX 8
#define FAR4 "198.51.100.20"
#define FAR6 "2001:db8:5::10"
#define HOST 10 /* as an address and as a station */
#define VIRTUAL 0x80

enum what {
	END,
	TCP,       /* the host sends to FAR4, or to the one address of a link */
	UDP,       /* `source` sends to the host */
	REDIRECT,  /* `source` names `gateway` to the host, for FAR4 */
	TCP6,
	REDIRECT6,
	NA,        /* `source` says whether it is a router */
};

enum flags {
	REPLY = 1,       /* about an echo reply */
	THC = 2,         /* with the marks of atk6-redir6 */
	LINK_MAC = 4,    /* with the gateway's MAC */
	IS_ROUTER = 8,
	OTHER_QUOTE = 16, /* about what another host sent */
	NEAR = 32,       /* hop limit 64 */
	ON_LINK = 64,    /* the destination itself is the gateway */
	MADE_UP = 128,   /* about a longer datagram than the host sends */
};

struct step {
	uint32_t at_ms;
	enum what what;
	uint8_t from, to; /* stations */
	uint8_t source, gateway;
	uint32_t flags;
};

/* What a redirect is about. */
static void
build_quote(struct wire *w, const struct step *step, bool is_ip6)
{
	static uint8_t buffer[256];
	struct wire about = wire_over(buffer, sizeof(buffer));
	struct wire_ip ip = { .source = is_ip6 ? "2001:db8::10" : "192.0.2.10",
		.destination = is_ip6 ? FAR6 : FAR4, .ttl = 63 };
	bool is_thc = (step->flags & THC) != 0;

	if (step->flags & OTHER_QUOTE)
		ip.source = is_ip6 ? "2001:db8::11" : "192.0.2.11";
	if (step->flags & REPLY) {
		wire_icmp(&about, is_ip6 ? 6 : 4, is_ip6 ? 129 : 0, 0, (struct wire_value[]){
		    { "id", .number = is_thc ? 0xface : 7 },
		    { "seq", .number = is_thc ? 0xbabe : 7 }, WIRE_END });
	} else {
		ip.protocol = 6;
		wire_zero(&about, step->flags & MADE_UP ? 100 : 0);
		wire_tcp(&about, 40000, 443, 1000);
	}
	if (is_ip6)
		wire_ip6(&about, &ip);
	else
		wire_ip4(&about, &ip);
	wire_quote(w, &about, about.len);
}

static void
build_redirect(struct wire *w, const struct step *step, const char *source, const char *gateway)
{
	wire_icmp(w, 4, 5, 1, (struct wire_value[]){ { "gateway", .text = gateway }, WIRE_END });
	build_quote(w, step, false);
	wire_ip4(w, &(struct wire_ip){ .source = source, .destination = "192.0.2.10" });
}

static void
build_redirect6(struct wire *w, const struct step *step, const char *source, const char *gateway)
{
	uint8_t mac[6] = { 2, 0, 0, 0, 0, step->gateway }, quoted[256];
	struct wire quote = wire_over(quoted, sizeof(quoted));

	wire_icmp(w, 6, 137, 0, (struct wire_value[]){
	    { "target", .text = step->flags & ON_LINK ? FAR6 : gateway },
	    { "destination", .text = FAR6 }, WIRE_END });
	if (step->flags & LINK_MAC)
		wire_record(w, &nd_options, 2, (struct wire_value[]){
		    { "link_layer_address", .bytes = mac, .len = 6 }, WIRE_END });
	build_quote(&quote, step, true);
	wire_record(w, &nd_options, 4, (struct wire_value[]){
	    { "ip_header_and_data", .bytes = quote.bytes, .len = quote.len }, WIRE_END });
	wire_ip6(w, &(struct wire_ip){ .source = source, .destination = "2001:db8::10",
	    .ttl = step->flags & NEAR ? 64 : 255 });
}

static void
build_na(struct wire *w, const struct step *step, const char *source)
{
	wire_icmp(w, 6, 136, 0, (struct wire_value[]){
	    { "router", .number = step->flags & IS_ROUTER ? 1 : 0 },
	    { "override", .number = 1 }, { "target", .text = source }, WIRE_END });
	wire_ip6(w, &(struct wire_ip){ .source = source, .destination = "ff02::1", .ttl = 255 });
}

/* Builds the IP datagram of a step; returns its Ethernet type. */
static uint16_t
build(struct wire *w, const struct step *step)
{
	char source[32], gateway[32];
	bool is_ip6 = step->what >= TCP6;

	snprintf(source, sizeof(source), is_ip6 ? "fe80::%x" : "192.0.2.%u", step->source);
	snprintf(gateway, sizeof(gateway), is_ip6 ? "fe80::%x" : "192.0.2.%u", step->gateway);
	if (step->what == TCP) {
		wire_tcp(w, 40000, 443, 1000);
		wire_ip4(w, &(struct wire_ip){ .source = "192.0.2.10", .destination = FAR4,
		    .protocol = 6 });
	} else if (step->what == TCP6) {
		wire_tcp(w, 40000, 443, 1000);
		wire_ip6(w, &(struct wire_ip){ .source = "2001:db8::10", .destination = FAR6,
		    .protocol = 6 });
	} else if (step->what == UDP) {
		wire_udp(w, 53, 40000);
		wire_ip4(w, &(struct wire_ip){ .source = source, .destination = "192.0.2.10",
		    .protocol = 17 });
	} else if (step->what == REDIRECT) {
		build_redirect(w, step, source, gateway);
	} else if (step->what == REDIRECT6) {
		build_redirect6(w, step, source, gateway);
	} else {
		build_na(w, step, source);
	}
	return is_ip6 ? 0x86dd : 0x0800;
}

static void
play(struct stage *stage, const struct step *step)
{
	static const uint8_t virtual[6] = { 0, 0, 0x5e, 0, 1, 7 };
	uint8_t buffer[512];
	struct wire w = wire_over(buffer, sizeof(buffer));

	wire_ethernet(&w, build(&w, step));
	stage_source(&w, step->from);
	stage_destination(&w, step->to);
	if (step->to == VIRTUAL)
		memcpy(w.bytes, virtual, sizeof(virtual));
	stage_send(stage, step->at_ms, &w);
}

struct redirect_case {
	const char *name;
	struct step steps[STEPS_MAX];
	const char *setting;
	const char *severity, *reasons, *message; /* "": nothing is said */
};

/* The host sends to FAR4 through station 1, every second. */
#define USUAL { 0, TCP, HOST, 1, 0, 0, 0 }, { 1000, TCP, HOST, 1, 0, 0, 0 }
#define USUAL6 { 0, TCP6, HOST, 1, 0, 0, 0 }, { 1000, TCP6, HOST, 1, 0, 0, 0 }

static const struct redirect_case cases[] = {
	{ "in the router's name, a while after the host sent", { USUAL,
	    { 1300, REDIRECT, 0x66, HOST, 1, 66, 0 } }, NULL, "medium", "not_first_hop unprompted",
	  "02:00:00:00:00:66 sent 1 redirect to 192.0.2.10 in the name of 192.0.2.1, the latest to reach "
	  FAR4 " through 192.0.2.66" },
	{ "at once, but the address is another station's", { USUAL,
	    { 1100, UDP, 1, HOST, 1, 0, 0 }, { 2000, TCP, HOST, 1, 0, 0, 0 },
	    { 2001, REDIRECT, 0x66, HOST, 1, 66, 0 } }, NULL, "medium", "not_first_hop other_station",
	  "02:00:00:00:00:66 sent 1 redirect to 192.0.2.10 in the name of 192.0.2.1, the latest to reach "
	  FAR4 " through 192.0.2.66" },
	{ "at once, to the station that sends it", { USUAL,
	    { 1100, UDP, 0x66, HOST, 66, 0, 0 }, { 2000, TCP, HOST, 1, 0, 0, 0 },
	    { 2001, REDIRECT, 0x66, HOST, 1, 66, 0 } }, NULL, "high", "not_first_hop to_itself",
	  "02:00:00:00:00:66 sent 1 redirect to 192.0.2.10 in the name of 192.0.2.1, the latest to reach "
	  FAR4 " through 192.0.2.66" },
	{ "between redirects that the router does send", { USUAL,
	    { 1001, REDIRECT, 1, HOST, 1, 2, 0 }, { 1300, REDIRECT, 0x66, HOST, 1, 66, 0 },
	    { 1700, REDIRECT, 0x66, HOST, 1, 66, 0 }, { 2000, REDIRECT, 1, HOST, 1, 2, 0 } }, NULL,
	  "medium", "not_first_hop unprompted",
	  "02:00:00:00:00:66 sent 2 redirects to 192.0.2.10 in the name of 192.0.2.1, the latest to "
	  "reach " FAR4 " through 192.0.2.66" },
	{ "at once, about what the host did not send", { USUAL,
	    { 1001, REDIRECT, 0x66, HOST, 1, 66, MADE_UP } }, NULL, "medium",
	  "not_first_hop quotes_nothing_sent",
	  "02:00:00:00:00:66 sent 1 redirect to 192.0.2.10 in the name of 192.0.2.1, the latest to "
	  "reach " FAR4 " through 192.0.2.66" },
	{ "the same between many datagrams, of which one may have been that", {
	    { 1000, TCP, HOST, 1, 0, 0, 0 }, { 1010, TCP, HOST, 1, 0, 0, 0 },
	    { 1020, REDIRECT, 0x66, HOST, 1, 66, MADE_UP } }, NULL, "low", "not_first_hop",
	  "02:00:00:00:00:66 sent 1 redirect to 192.0.2.10 in the name of 192.0.2.1, the latest to "
	  "reach " FAR4 " through 192.0.2.66" },
	{ "nothing but another station: that may be a second one of the router", { USUAL,
	    { 1001, REDIRECT, 0x66, HOST, 1, 66, 0 } }, NULL, "low", "not_first_hop",
	  "02:00:00:00:00:66 sent 1 redirect to 192.0.2.10 in the name of 192.0.2.1, the latest to reach "
	  FAR4 " through 192.0.2.66" },
	{ "a host redirects in its own name, to itself", { USUAL,
	    { 1001, REDIRECT, 0x66, HOST, 66, 66, 0 } }, NULL, "high", "not_first_hop to_itself",
	  "02:00:00:00:00:66 sent 1 redirect to 192.0.2.10 in the name of 192.0.2.66, the latest to reach "
	  FAR4 " through 192.0.2.66" },
	{ "of THC-IPv6, with the router's MAC", { USUAL6,
	    { 1050, REDIRECT6, 1, HOST, 1, 0x66, REPLY | THC | LINK_MAC } }, NULL, "high",
	  "quotes_reply tool_values", "fe80::1 sent 1 redirect to 2001:db8::10, the latest to reach " FAR6
	  " through fe80::66" },
	{ "in IPv6 from its own station", { USUAL6,
	    { 1001, REDIRECT6, 0x66, HOST, 1, 0x66, LINK_MAC } }, NULL, "high",
	  "not_first_hop to_itself",
	  "02:00:00:00:00:66 sent 1 redirect to 2001:db8::10 in the name of fe80::1, the latest to reach "
	  FAR6 " through fe80::66" },
	{ "with the router's MAC, to a station that says that it is none", { USUAL6,
	    { 1000, NA, 0x66, HOST, 0x66, 0, 0 }, { 1300, REDIRECT6, 1, HOST, 1, 0x66, LINK_MAC } },
	  NULL, "medium", "to_a_host unprompted",
	  "fe80::1 sent 1 redirect to 2001:db8::10, the latest to reach " FAR6 " through fe80::66" },
	{ "from afar", { USUAL6, { 1001, REDIRECT6, 1, HOST, 1, 2, NEAR } }, NULL, "low",
	  "dropped_by_hosts", "fe80::1 sent 1 redirect to 2001:db8::10, the latest to reach " FAR6
	  " through fe80::2" },
	{ "to a router that is not listed", { USUAL, { 1001, REDIRECT, 1, HOST, 1, 2, 0 } },
	  "detect.routers=192.0.2.1", "low", "gateway_not_listed",
	  "192.0.2.1 sent 1 redirect to 192.0.2.10, the latest to reach " FAR4 " through 192.0.2.2" },
	{ "to one that is", { USUAL, { 1001, REDIRECT, 1, HOST, 1, 2, 0 } },
	  "detect.routers=192.0.2.1,192.0.2.2", "", "", "" },
	{ "a router does", { USUAL, { 1001, REDIRECT, 1, HOST, 1, 2, 0 },
	    { 1002, TCP, 1, 2, 0, 0, 0 }, { 2000, TCP, HOST, 1, 0, 0, 0 },
	    { 2001, REDIRECT, 1, HOST, 1, 2, 0 } }, NULL, "", "", "" },
	{ "in IPv6", { USUAL6, { 1000, NA, 2, HOST, 2, 0, IS_ROUTER },
	    { 1001, REDIRECT6, 1, HOST, 1, 2, LINK_MAC } }, NULL, "", "", "" },
	{ "a neighbor is on the link", { USUAL6, { 1000, NA, 2, HOST, 2, 0, 0 },
	    { 1001, REDIRECT6, 1, HOST, 1, 2, LINK_MAC | ON_LINK } }, NULL, "", "", "" },
	{ "a virtual router, from a MAC of its own", { { 0, TCP, HOST, VIRTUAL, 0, 0, 0 },
	    { 1000, TCP, HOST, VIRTUAL, 0, 0, 0 }, { 1001, REDIRECT, 1, HOST, 1, 2, 0 } }, NULL,
	  "", "", "" },
	{ "of which nothing else was seen", { { 0, REDIRECT, 1, HOST, 1, 2, 0 } }, NULL, "", "", "" },
};

static void
test_cases(void **state)
{
	static struct stage stage;
	const struct redirect_case *row;
	const struct step *step;

	(void)state;
	for (row = cases; row < cases + COUNT(cases); row++) {
		stage_open(&stage, &detector_redirect_abuse, row->setting);
		for (step = row->steps; step < row->steps + STEPS_MAX && step->to != 0; step++)
			play(&stage, step);
		stage_end(&stage);
		if (strcmp(stage.reasons, row->reasons) != 0)
			print_error("%s: %s %s\n", row->name, stage.severity, stage.reasons);
		assert_string_equal(stage.reasons, row->reasons);
		assert_string_equal(stage.message, row->message);
		assert_string_equal(stage.severity, row->severity);
		assert_int_equal(stage.opened, row->message[0] != '\0');
		stage_close(&stage);
	}
}

/* However many senders there seem to be, it is one incident. */
static void
test_flood(void **state)
{
	struct step step = { .what = REDIRECT, .from = 0x66, .to = HOST };
	static struct stage stage;
	uint32_t n;

	(void)state;
	stage_open(&stage, &detector_redirect_abuse, NULL);
	play(&stage, &(struct step){ 0, TCP, HOST, 1, 0, 0, 0 });
	for (n = 0; n < 200; n++) {
		step.at_ms = 1000 + n;
		step.source = step.gateway = (uint8_t)(20 + n);
		play(&stage, &step);
	}
	stage_end(&stage);
	assert_int_equal(stage.opened, 1);
	assert_string_equal(stage.severity, "critical");
	assert_non_null(strstr(stage.reasons, "many_senders"));
	assert_int_equal(stage.actor.version, 0);
	stage_close(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
