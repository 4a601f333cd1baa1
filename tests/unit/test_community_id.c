/*
 * Community ID against the published vectors of its specification, and what
 * must hold for any flow: both directions agree, one-way types keep theirs.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "analyzer/sink/community_id.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct addr
address(const char *text)
{
	struct addr a = { 0 };

	if (inet_pton(AF_INET, text, a.bytes) == 1)
		a.version = 4;
	else if (inet_pton(AF_INET6, text, a.bytes) == 1)
		a.version = 6;
	assert_int_not_equal(a.version, 0);
	return a;
}

struct icmp_case {
	const char *source, *destination;
	uint8_t version, type, code;
	uint16_t seed;
	const char *id;
};

static const struct icmp_case icmp_cases[] = {
	{ "192.168.0.89", "192.168.0.1", 4, 8, 0, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=" },
	{ "192.168.0.1", "192.168.0.89", 4, 0, 0, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=" },
	{ "192.168.0.89", "192.168.0.1", 4, 8, 0, 1, "1:03g6IloqVBdcZlPyX8r0hgoE7kA=" },
	{ "192.168.0.89", "192.168.0.1", 4, 20, 0, 0, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI=" },
	{ "192.168.0.89", "192.168.0.1", 4, 20, 1, 0, "1:tz/fHIDUHs19NkixVVoOZywde+I=" },
	{ "192.168.0.89", "192.168.0.1", 4, 20, 1, 1, "1:Ie3wmFyxiEyikbsbcO03d2nh+PM=" },
	{ "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 6, 135, 0, 0,
	    "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=" },
	{ "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 6, 136, 0, 0,
	    "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=" },
	{ "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 6, 135, 0, 1,
	    "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY=" },
	{ "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:507:0:1:260:97ff:fe07:69ea", 6, 3, 0, 0,
	    "1:/OGBt9BN1ofenrmSPWYicpij2Vc=" },
};

static void
test_icmp_vectors(void **state)
{
	struct addr source, destination;
	struct community_ids *ids;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(icmp_cases); i++) {
		const struct icmp_case *c = &icmp_cases[i];

		ids = community_ids_new(c->seed);
		assert_non_null(ids);
		source = address(c->source);
		destination = address(c->destination);
		assert_string_equal(community_id_icmp(ids, &source, &destination, c->version,
		    c->type, c->code), c->id);
		community_ids_free(ids);
	}
}

struct quote_case {
	uint8_t protocol;
	uint16_t source_port, destination_port;
	const char *source, *destination;
	const char *id;
};

static const struct quote_case quote_cases[] = {
	{ 6, 34855, 80, "128.232.110.120", "66.35.250.204", "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
	{ 6, 80, 34855, "66.35.250.204", "128.232.110.120", "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
	{ 6, 10, 11569, "10.0.0.1", "10.0.0.2", "1:SXBGMX1lBOwhhoDrZynfROxnhnM=" },
	{ 6, 41, 42, "192.168.1.42", "192.168.1.42", "1:eRcf7I/xocOxnYo5pbJBV5NhVm0=" },
	{ 6, 42, 41, "192.168.1.42", "192.168.1.42", "1:eRcf7I/xocOxnYo5pbJBV5NhVm0=" },
	{ 17, 54585, 53, "192.168.1.52", "8.8.8.8", "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
	{ 17, 53, 54585, "8.8.8.8", "192.168.1.52", "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
	{ 132, 7, 7, "192.168.170.8", "192.168.170.56", "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=" },
	{ 132, 80, 7, "192.168.170.56", "192.168.170.8", "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=" },
	{ 46, 0, 0, "1.2.3.4", "5.6.7.8", "1:ikv3kmf89luf73WPz1jOs49S768=" }, /* RSVP: no ports */
};

static struct quote
quote_of(const struct quote_case *c)
{
	struct quote quote = { .present = true };

	quote.ip.protocol = quote.transport.protocol = c->protocol;
	quote.ip.source = address(c->source);
	quote.ip.destination = address(c->destination);
	quote.ip.version = quote.ip.source.version;
	quote.transport.has_ports = c->protocol != 46;
	quote.transport.source_port = c->source_port;
	quote.transport.destination_port = c->destination_port;
	return quote;
}

static void
test_quote_vectors(void **state)
{
	struct community_ids *ids = community_ids_new(0);
	struct quote quote;
	size_t i;

	(void)state;
	assert_non_null(ids);
	for (i = 0; i < COUNT(quote_cases); i++) {
		quote = quote_of(&quote_cases[i]);
		assert_string_equal(community_id_quote(ids, &quote), quote_cases[i].id);
	}
	community_ids_free(ids);
}

/* A quoted echo has the id of the echo itself. */
static void
test_quoted_icmp(void **state)
{
	struct community_ids *ids = community_ids_new(0);
	struct quote quote = { .present = true };

	(void)state;
	assert_non_null(ids);
	quote.ip.protocol = IP_PROTO_ICMP;
	quote.ip.source = address("192.168.0.89");
	quote.ip.destination = address("192.168.0.1");
	assert_null(community_id_quote(ids, &quote)); /* type and code were not quoted */
	quote.transport.has_icmp = true;
	quote.transport.icmp_type = 8;
	assert_string_equal(community_id_quote(ids, &quote), icmp_cases[0].id);
	community_ids_free(ids);
}

static void
test_too_little(void **state)
{
	struct community_ids *ids = community_ids_new(0);
	struct quote quote = quote_of(&quote_cases[0]);
	struct addr none = { 0 }, some = address("192.0.2.1"), other = address("2001:db8::1");

	(void)state;
	assert_non_null(ids);
	quote.transport.has_ports = false;
	assert_null(community_id_quote(ids, &quote));
	quote.transport.has_ports = true;
	quote.present = false;
	assert_null(community_id_quote(ids, &quote));
	assert_null(community_id_icmp(ids, &none, &some, 4, 8, 0));
	assert_null(community_id_icmp(ids, &some, &other, 4, 8, 0));
	community_ids_free(ids);
}

/* Far more flows than are remembered: what comes back is the same as afresh. */
static void
test_forgetting(void **state)
{
	struct community_ids *ids = community_ids_new(0), *fresh;
	struct addr source = address("10.0.0.0"), destination = address("192.0.2.1");
	char first[COMMUNITY_ID_LEN + 1];
	uint32_t n;

	(void)state;
	assert_non_null(ids);
	for (n = 0; n < 20000; n++) {
		source.bytes[2] = (uint8_t)(n >> 8);
		source.bytes[3] = (uint8_t)n;
		memcpy(first, community_id_icmp(ids, &source, &destination, 4, 8, 0),
		    sizeof(first));
		assert_string_equal(community_id_icmp(ids, &destination, &source, 4, 0, 0), first);
		if (n % 1000 != 0)
			continue;
		fresh = community_ids_new(0);
		assert_non_null(fresh);
		assert_string_equal(community_id_icmp(fresh, &source, &destination, 4, 8, 0),
		    first);
		community_ids_free(fresh);
	}
	community_ids_free(ids);
}

/* One-way types: the way back is another flow. */
static void
test_one_way(void **state)
{
	struct community_ids *ids = community_ids_new(0);
	struct addr a = address("10.0.0.1"), b = address("10.0.0.9");
	char there[COMMUNITY_ID_LEN + 1];

	(void)state;
	assert_non_null(ids);
	memcpy(there, community_id_icmp(ids, &b, &a, 4, 3, 1), sizeof(there));
	assert_string_not_equal(there, community_id_icmp(ids, &a, &b, 4, 3, 1));
	community_ids_free(ids);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_icmp_vectors),
		cmocka_unit_test(test_quote_vectors),
		cmocka_unit_test(test_quoted_icmp),
		cmocka_unit_test(test_too_little),
		cmocka_unit_test(test_forgetting),
		cmocka_unit_test(test_one_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
