/*
 * Quoted datagrams: every transport in eight octets, chains, fragments, and
 * every length at which a quote can be cut, by its sender or by the capture.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "decoders/quote.h"

#define SIZE 512

/* The ends of a header: from .1 to .2 of the documentation prefixes. */
#define IP4_ENDS "c0000201 c0000202"
#define IP6_ENDS "20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 00000002"
#define PORTS "1388 1770"
#define EIGHT "1388 1770 01020304"

/* Two hex digits an octet, blanks ignored. */
static uint32_t
from_hex(const char *hex, uint8_t *bytes)
{
	char digits[3] = { 0 };
	uint32_t len;

	for (len = 0; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		digits[0] = *hex++;
		digits[1] = *hex;
		assert_in_range(len, 0, SIZE - 1);
		bytes[len++] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return len;
}

/* Decodes from an exactly sized heap copy of what was captured. */
static struct quote
decode(const uint8_t *bytes, uint32_t captured, uint32_t claimed)
{
	uint8_t *copy = malloc(captured > 0 ? captured : 1);
	struct quote q;

	assert_non_null(copy);
	memcpy(copy, bytes, captured);
	memset(&q, 0xff, sizeof q);
	quote_decode(cursor_over(copy, captured, claimed), false, &q);
	free(copy);
	return q;
}

enum {
	HAS_PORTS = 1,
	HAS_SEQUENCE = 2,
	HAS_TAG = 4,
	HAS_SPI = 8,
	HAS_KEY = 16,
	HAS_ICMP = 32,
	HAS_ID = 64,
	HAS_SEQ = 128,
	HAS_COUNTER = 256,
};

static int
found_in(const struct transport *t)
{
	return (t->has_ports ? HAS_PORTS : 0) | (t->has_tcp_sequence ? HAS_SEQUENCE : 0) |
	       (t->has_verification_tag ? HAS_TAG : 0) | (t->has_spi ? HAS_SPI : 0) |
	       (t->has_key ? HAS_KEY : 0) | (t->has_icmp ? HAS_ICMP : 0) |
	       (t->has_id ? HAS_ID : 0) | (t->has_seq ? HAS_SEQ : 0) |
	       (t->has_ipsec_sequence ? HAS_COUNTER : 0);
}

struct quote_case {
	const char *name, *hex;
	bool present;
	enum decode_status status;
	uint8_t protocol;
	int found;
};

/* clang-format off */
static const struct quote_case cases[] = {
	{ "udp", "4500 003c 0001 0000 4011 0000" IP4_ENDS EIGHT, true, DECODE_OK, 17, HAS_PORTS },
	{ "tcp", "4500 003c 0001 0000 4006 0000" IP4_ENDS EIGHT, true, DECODE_OK, 6,
	    HAS_PORTS | HAS_SEQUENCE },
	{ "tcp, ports alone", "4500 003c 0001 0000 4006 0000" IP4_ENDS PORTS, true,
	    DECODE_MALFORMED, 6, HAS_PORTS },
	{ "sctp", "4500 003c 0001 0000 4084 0000" IP4_ENDS EIGHT, true, DECODE_OK, 132,
	    HAS_PORTS | HAS_TAG },
	{ "dccp", "4500 003c 0001 0000 4021 0000" IP4_ENDS EIGHT, true, DECODE_OK, 33, HAS_PORTS },
	{ "udp-lite", "4500 003c 0001 0000 4088 0000" IP4_ENDS EIGHT, true, DECODE_OK, 136,
	    HAS_PORTS },
	{ "esp", "4500 003c 0001 0000 4032 0000" IP4_ENDS EIGHT, true, DECODE_OK, 50,
	    HAS_SPI | HAS_COUNTER },
	{ "gre", "4500 003c 0001 0000 402f 0000" IP4_ENDS "2000 0800 01020304", true, DECODE_OK, 47,
	    HAS_KEY },
	{ "echo", "4500 003c 0001 0000 4001 0000" IP4_ENDS "0800 0000 0007 0001", true, DECODE_OK,
	    1, HAS_ICMP | HAS_ID | HAS_SEQ },
	{ "error in error", "4500 003c 0001 0000 4001 0000" IP4_ENDS "0303 0000 00000000", true,
	    DECODE_OK, 1, HAS_ICMP },
	{ "ah, cut", "4500 003c 0001 0000 4033 0000" IP4_ENDS "1104 0000 01020304", true,
	    DECODE_MALFORMED, 17, HAS_SPI },
	{ "ah, whole", "4500 003c 0001 0000 4033 0000" IP4_ENDS "1102 0000 01020304"
	    "00000001 00000000" EIGHT, true, DECODE_OK, 17,
	    HAS_SPI | HAS_COUNTER | HAS_PORTS },
	{ "header alone", "4500 003c 0001 0000 4011 0000" IP4_ENDS, true, DECODE_MALFORMED, 17, 0 },
	{ "options", "4600 003c 0001 0000 4011 0000" IP4_ENDS "94040000" EIGHT, true, DECODE_OK, 17,
	    HAS_PORTS },
	{ "options cut", "4f00 003c 0001 0000 4011 0000" IP4_ENDS EIGHT, true, DECODE_MALFORMED, 17,
	    0 },
	{ "first fragment", "4500 003c 0001 2000 4011 0000" IP4_ENDS EIGHT, true, DECODE_OK, 17,
	    HAS_PORTS },
	{ "later fragment", "4500 003c 0001 2002 4011 0000" IP4_ENDS EIGHT, true, DECODE_OK, 17,
	    0 },
	{ "protocol without ports", "4500 003c 0001 0000 4059 0000" IP4_ENDS EIGHT, true, DECODE_OK,
	    89, 0 },
	{ "no header", "00000000 00000000", false, DECODE_MALFORMED, 0, 0 },
	{ "nothing", "", false, DECODE_MALFORMED, 0, 0 },
	{ "v6 udp", "60000000 0500 11 40" IP6_ENDS EIGHT, true, DECODE_OK, 17, HAS_PORTS },
	{ "v6 chain", "60000000 0500 00 40" IP6_ENDS "3c00010400000000 2b00010400000000"
	    "2c00000000000000 1100000100001234" EIGHT, true, DECODE_OK, 17, HAS_PORTS },
	{ "v6 first fragment, options behind", "60000000 0500 2c 40" IP6_ENDS "3c00000100001234"
	    "1100010400000000" EIGHT, true, DECODE_OK, 17, HAS_PORTS },
	{ "v6 later fragment", "60000000 0500 2c 40" IP6_ENDS "1100000900001234" EIGHT, true,
	    DECODE_OK, 17, 0 },
	{ "v6 ah", "60000000 0500 33 40" IP6_ENDS "0604000001020304 00000001"
	    "000000000000000000000000" EIGHT, true, DECODE_OK, 6,
	    HAS_SPI | HAS_COUNTER | HAS_PORTS | HAS_SEQUENCE },
	{ "v6 chain cut", "60000000 0500 3c 40" IP6_ENDS "11020104", true, DECODE_MALFORMED, 17,
	    0 },
	{ "v6 echo", "60000000 0500 3a 40" IP6_ENDS "8000 0000 0007 0001", true, DECODE_OK, 58,
	    HAS_ICMP | HAS_ID | HAS_SEQ },
	{ "v6 identifier alone", "60000000 0500 3a 40" IP6_ENDS "9200 0000 0007 0000", true,
	    DECODE_OK, 58, HAS_ICMP | HAS_ID },
};
/* clang-format on */

static const char cut_ip4[] = "4500 003c 0001 0000 4011 0000" IP4_ENDS;
static const char cut_ip6[] = "60000000 0014 11 40" IP6_ENDS;

static void
reads_quotes(void **state)
{
	uint8_t bytes[SIZE];
	struct quote q;
	uint32_t len;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		len = from_hex(cases[i].hex, bytes);
		q = decode(bytes, len, len);
		if (q.present != cases[i].present || q.status != cases[i].status)
			fail_msg("%s: present %d, status %d", cases[i].name, q.present, q.status);
		if (q.ip.protocol != cases[i].protocol || q.transport.protocol != q.ip.protocol)
			fail_msg("%s: protocol %d", cases[i].name, q.ip.protocol);
		if (found_in(&q.transport) != cases[i].found)
			fail_msg("%s: found %d", cases[i].name, found_in(&q.transport));
		assert_int_equal(q.bytes, len);
	}
}

static void
reads_values(void **state)
{
	uint8_t bytes[SIZE];
	uint32_t len = from_hex("4600 05dc abcd 4000 0106 0000" IP4_ENDS "94040000" EIGHT, bytes);
	struct quote q = decode(bytes, len, 600);

	(void)state;
	assert_int_equal(q.bytes, 600);
	assert_int_equal(q.ip.ttl, 1);
	assert_int_equal(q.ip.length, 1500);
	assert_int_equal(q.ip.id, 0xabcd);
	assert_true(q.ip.dont_fragment);
	assert_int_equal(q.transport.source_port, 5000);
	assert_int_equal(q.transport.destination_port, 6000);
	assert_true(q.transport.tcp_sequence == 0x01020304);
	len = from_hex("4500 003c 0001 0000 4033 0000" IP4_ENDS
		       "1102 0000 01020304 00000001 00000000" EIGHT,
	    bytes);
	q = decode(bytes, len, len);
	assert_true(q.transport.spi == 0x01020304);
	assert_true(q.transport.ipsec_sequence == 1);
	assert_int_equal(q.transport.source_port, 5000);
}

/* A header that its sender cut is no header, but its first fields are there. */
static void
shows_what_a_cut_header_has(void **state)
{
	static const struct {
		const char *hex;
		uint32_t len;
		bool has_length, has_id, has_ttl, has_protocol;
	} cuts[] = {
		{ cut_ip4, 3, false, false, false, false },
		{ cut_ip4, 4, true, false, false, false },
		{ cut_ip4, 6, true, true, false, false },
		{ cut_ip4, 9, true, true, true, false },
		{ cut_ip4, 19, true, true, true, true },
		{ cut_ip6, 5, false, false, false, false },
		{ cut_ip6, 6, true, false, false, false },
		{ cut_ip6, 7, true, false, false, true },
		{ cut_ip6, 39, true, false, true, true },
	};
	uint8_t bytes[SIZE];
	struct quote q;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
		from_hex(cuts[i].hex, bytes);
		q = decode(bytes, cuts[i].len, cuts[i].len);
		assert_false(q.present);
		assert_int_equal(q.status, DECODE_MALFORMED);
		assert_int_equal(q.has_length, cuts[i].has_length);
		assert_int_equal(q.ip.has_id, cuts[i].has_id);
		assert_int_equal(q.has_ttl, cuts[i].has_ttl);
		assert_int_equal(q.has_protocol, cuts[i].has_protocol);
		assert_int_equal(q.ip.length, cuts[i].has_length ? 60 : 0);
		assert_int_equal(q.ip.ttl, cuts[i].has_ttl ? 64 : 0);
		assert_int_equal(q.ip.protocol, cuts[i].has_protocol ? 17 : 0);
	}
}

/* Zeros behind a datagram shorter than its place are not of it (RFC 4884 4). */
static void
leaves_padding_out(void **state)
{
	uint8_t bytes[SIZE] = { 0 };
	struct quote q;

	(void)state;
	from_hex("4500 0020 0001 0000 4011 0000" IP4_ENDS EIGHT "00000000", bytes);
	quote_decode(cursor_over(bytes, 128, 128), true, &q);
	assert_int_equal(q.bytes, 32);
	quote_decode(cursor_over(bytes, 128, 128), false, &q);
	assert_int_equal(q.bytes, 128);
	bytes[3] = 0xff; /* longer than the place */
	quote_decode(cursor_over(bytes, 128, 128), true, &q);
	assert_int_equal(q.bytes, 128);
}

/* Cut anywhere: the right party is blamed, and nothing is read that is not there. */
static void
survives_every_cut(void **state)
{
	uint8_t bytes[SIZE];
	struct quote whole, q;
	uint32_t len, cut;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		len = from_hex(cases[i].hex, bytes);
		whole = decode(bytes, len, len);
		for (cut = 0; cut < len; cut++) {
			q = decode(bytes, cut, len);
			assert_true(q.status == DECODE_TRUNCATED || q.status == whole.status);
			assert_int_equal(found_in(&q.transport) & ~found_in(&whole.transport), 0);
			if (cut < 20)
				assert_false(q.present);
			q = decode(bytes, cut, cut);
			assert_int_not_equal(q.status, DECODE_TRUNCATED);
			assert_int_equal(found_in(&q.transport) & ~found_in(&whole.transport), 0);
			assert_int_equal(q.bytes, cut);
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_quotes),
		cmocka_unit_test(reads_values),
		cmocka_unit_test(shows_what_a_cut_header_has),
		cmocka_unit_test(leaves_padding_out),
		cmocka_unit_test(survives_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
