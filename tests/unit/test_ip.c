/*
 * IPv4 and IPv6 headers from hex: lengths that lie, fragments, options, and
 * every extension header, strict and as quoted.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "decoders/ip.h"

#define SIZE 4096

/* The ends of a header: from .1 to .2 of the documentation prefixes. */
#define IP4_ENDS "c0000201 c0000202"
#define IP6_ENDS "20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 00000002"
#define ADDRESS_9 "20010db8 00000000 00000000 00000009"
#define EIGHT "0102030405060708"

/* Two hex digits an octet, blanks ignored; an exactly sized heap copy. */
static uint8_t *
from_hex(const char *hex, uint32_t *len)
{
	uint8_t bytes[SIZE] = { 0 }, *copy;
	char digits[3] = { 0 };

	for (*len = 0; *hex != '\0'; hex++) {
		if (*hex == ' ')
			continue;
		digits[0] = *hex++;
		digits[1] = *hex;
		assert_in_range(*len, 0, SIZE - 1);
		bytes[(*len)++] = (uint8_t)strtoul(digits, NULL, 16);
	}
	copy = malloc(*len > 0 ? *len : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, *len);
	return copy;
}

enum {
	FRAGMENT = 1,
	MORE = 2,
	DONT = 4,
	OPTIONS = 8,
	ALERT = 16,
	BAD_SUM = 32,
	BAD_LENGTH = 64,
	HAS_ID = 128,
};

static int
flags_of(const struct ip_header *ip)
{
	return (ip->is_fragment ? FRAGMENT : 0) | (ip->more_fragments ? MORE : 0) |
	       (ip->dont_fragment ? DONT : 0) | (ip->has_options ? OPTIONS : 0) |
	       (ip->router_alert ? ALERT : 0) | (ip->checksum_bad ? BAD_SUM : 0) |
	       (ip->length_bad ? BAD_LENGTH : 0) | (ip->has_id ? HAS_ID : 0);
}

struct header_case {
	const char *name, *hex;
	bool lenient;
	enum decode_status status;
	uint8_t version, protocol;
	uint32_t header_length, length, payload; /* payload as claimed */
	int flags;
};

static void
run_case(const struct header_case *t, uint8_t version)
{
	struct ip_header ip;
	enum decode_status status;
	struct cursor c;
	uint8_t *bytes;
	uint32_t len;

	bytes = from_hex(t->hex, &len);
	c = cursor_over(bytes, len, len);
	memset(&ip, 0xff, sizeof ip);
	status = version == 4 ? ip4_decode(&c, t->lenient, &ip) : ip6_decode(&c, t->lenient, &ip);
	if (status != t->status || ip.version != t->version)
		fail_msg("%s: status %d, version %d", t->name, status, ip.version);
	if (status == DECODE_OK) {
		if (ip.header_length != t->header_length || ip.length != t->length)
			fail_msg("%s: lengths %u, %u", t->name, ip.header_length, ip.length);
		if (c.claimed != t->payload)
			fail_msg("%s: payload %u", t->name, c.claimed);
		if (flags_of(&ip) != t->flags)
			fail_msg("%s: flags %d", t->name, flags_of(&ip));
	}
	if (ip.version != 0 && ip.protocol != t->protocol)
		fail_msg("%s: protocol %d", t->name, ip.protocol);
	free(bytes);
}

static void
decodes_ip4(void **state)
{
	/* clang-format off */
	static const struct header_case cases[] = {
		{ "plain", "4500001c 00014000 4001b6dc" IP4_ENDS EIGHT, false, DECODE_OK,
		    4, 1, 20, 28, 8, DONT | HAS_ID },
		{ "bad checksum", "4500001c 00014000 4001b6dd" IP4_ENDS EIGHT, false, DECODE_OK,
		    4, 1, 20, 28, 8, DONT | HAS_ID | BAD_SUM },
		{ "checksum of zero", "4500001c 00014000 40010000" IP4_ENDS EIGHT, false,
		    DECODE_OK, 4, 1, 20, 28, 8, DONT | HAS_ID },
		{ "padded frame", "4500001c 00014000 4001b6dc" IP4_ENDS EIGHT "00000000", false,
		    DECODE_OK, 4, 1, 20, 28, 8, DONT | HAS_ID },
		{ "segmentation offload", "45000000 00014000 40010000" IP4_ENDS EIGHT, false,
		    DECODE_OK, 4, 1, 20, 28, 8, DONT | HAS_ID },
		{ "longer than the frame", "45000064 00014000 40010000" IP4_ENDS EIGHT, false,
		    DECODE_OK, 4, 1, 20, 100, 80, DONT | HAS_ID | BAD_LENGTH },
		{ "shorter than its header", "45000013 00014000 40010000" IP4_ENDS EIGHT, false,
		    DECODE_MALFORMED, 4, 1, 0, 0, 0, 0 },
		{ "shorter, quoted", "45000013 00014000 40010000" IP4_ENDS EIGHT, true,
		    DECODE_OK, 4, 1, 20, 19, 8, DONT | HAS_ID | BAD_LENGTH },
		{ "quoted in part", "450005dc 00014000 40010000" IP4_ENDS EIGHT, true,
		    DECODE_OK, 4, 1, 20, 1500, 8, DONT | HAS_ID },
		{ "first fragment", "4500001c 00012000 40010000" IP4_ENDS EIGHT, false,
		    DECODE_OK, 4, 1, 20, 28, 8, FRAGMENT | MORE | HAS_ID },
		{ "last fragment", "4500001c 000100b9 40010000" IP4_ENDS EIGHT, false,
		    DECODE_OK, 4, 1, 20, 28, 8, FRAGMENT | HAS_ID },
		{ "router alert", "46000020 00010000 40020000" IP4_ENDS "94040000" EIGHT, false,
		    DECODE_OK, 4, 2, 24, 32, 8, OPTIONS | ALERT | HAS_ID },
		{ "router alert behind no-operations",
		    "47000024 00010000 40020000" IP4_ENDS "0101019404000000" EIGHT, false,
		    DECODE_OK, 4, 2, 28, 36, 8, OPTIONS | ALERT | HAS_ID },
		{ "end of options", "47000024 00010000 40020000" IP4_ENDS "0000000094040000" EIGHT,
		    false, DECODE_OK, 4, 2, 28, 36, 8, OPTIONS | HAS_ID },
		{ "option of length 0", "46000020 00010000 40020000" IP4_ENDS "07000000" EIGHT,
		    false, DECODE_OK, 4, 2, 24, 32, 8, OPTIONS | HAS_ID },
		{ "option too long", "46000020 00010000 40020000" IP4_ENDS "07ff0000" EIGHT,
		    false, DECODE_OK, 4, 2, 24, 32, 8, OPTIONS | HAS_ID },
		{ "options cut by the sender", "4f000064 00010000 40020000" IP4_ENDS EIGHT, false,
		    DECODE_MALFORMED, 4, 2, 0, 0, 0, 0 },
		{ "header length 16", "4400001c 00014000 40010000" IP4_ENDS EIGHT, false,
		    DECODE_MALFORMED, 0, 0, 0, 0, 0, 0 },
		{ "version 5", "5500001c 00014000 40010000" IP4_ENDS EIGHT, false,
		    DECODE_MALFORMED, 0, 0, 0, 0, 0, 0 },
		{ "19 octets", "4500001c 00014000 40010000 c0000201 c00002", false,
		    DECODE_MALFORMED, 0, 0, 0, 0, 0, 0 },
		{ "nothing", "", false, DECODE_MALFORMED, 0, 0, 0, 0, 0, 0 },
	};
	/* clang-format on */
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		run_case(&cases[i], 4);
}

static void
decodes_ip6(void **state)
{
	/* clang-format off */
	static const struct header_case cases[] = {
		{ "plain", "60000000 0008 3a ff" IP6_ENDS EIGHT, false, DECODE_OK,
		    6, 58, 40, 48, 8, 0 },
		{ "padded frame", "60000000 0008 3a ff" IP6_ENDS EIGHT "0000", false, DECODE_OK,
		    6, 58, 40, 48, 8, 0 },
		{ "longer than the frame", "60000000 0064 3a ff" IP6_ENDS EIGHT, false, DECODE_OK,
		    6, 58, 40, 140, 100, BAD_LENGTH },
		{ "quoted in part", "60000000 0500 3a ff" IP6_ENDS EIGHT, true, DECODE_OK,
		    6, 58, 40, 1320, 8, 0 },
		{ "segmentation offload", "60000000 0000 3a ff" IP6_ENDS EIGHT, false, DECODE_OK,
		    6, 58, 40, 48, 8, 0 },
		{ "no next header", "60000000 0000 3b ff" IP6_ENDS EIGHT, false, DECODE_OK,
		    6, 59, 40, 40, 0, 0 },
		{ "hop-by-hop, router alert",
		    "60000000 0010 00 01" IP6_ENDS "3a00 05020000 0100" EIGHT, false, DECODE_OK,
		    6, 58, 48, 56, 8, OPTIONS | ALERT },
		{ "hop-by-hop, padding only", "60000000 0010 00 01" IP6_ENDS "3a00 010400000000"
		    EIGHT, false, DECODE_OK, 6, 58, 48, 56, 8, OPTIONS },
		{ "hop-by-hop, option beyond it", "60000000 0010 00 01" IP6_ENDS "3a00 05ff00000000"
		    EIGHT, false, DECODE_OK, 6, 58, 48, 56, 8, OPTIONS },
		{ "jumbogram", "60000000 0000 00 40" IP6_ENDS "3a00 c204 00000010" EIGHT "ffff",
		    false, DECODE_OK, 6, 58, 48, 56, 8, OPTIONS },
		{ "jumbogram, longer than the frame",
		    "60000000 0000 00 40" IP6_ENDS "3a00 c204 00020000" EIGHT, false,
		    DECODE_OK, 6, 58, 48, 131112, 131064, OPTIONS | BAD_LENGTH },
		{ "jumbogram, too large to count",
		    "60000000 0000 00 40" IP6_ENDS "3a00 c204 ffffffff" EIGHT, false,
		    DECODE_OK, 6, 58, 48, 56, 8, OPTIONS },
		{ "atomic fragment", "60000000 0010 2c 40" IP6_ENDS "3a000000 00001234" EIGHT,
		    false, DECODE_OK, 6, 58, 48, 56, 8, OPTIONS | HAS_ID },
		{ "first fragment", "60000000 0018 2c 40" IP6_ENDS "3cff0001 00001234"
		    "3a00010400000000" EIGHT, false, DECODE_OK, 6, 60, 48, 64, 16,
		    OPTIONS | HAS_ID | FRAGMENT | MORE },
		{ "later fragment", "60000000 0010 2c 40" IP6_ENDS "3a0005a8 00001234" EIGHT, false,
		    DECODE_OK, 6, 58, 48, 56, 8, OPTIONS | HAS_ID | FRAGMENT },
		{ "destination options, HIP, shim6", "60000000 0020 3c 40" IP6_ENDS
		    "8b00010400000000 8c00000000000000 3a00000000000000" EIGHT, false,
		    DECODE_OK, 6, 58, 64, 72, 8, OPTIONS },
		{ "authentication is not followed", "60000000 0018 33 40" IP6_ENDS
		    "3a04000000000001 00000001 000000000000000000000000", false, DECODE_OK,
		    6, 51, 40, 64, 24, 0 },
		{ "mobility ends the chain", "60000000 0008 87 40" IP6_ENDS "3b00000000000000",
		    false, DECODE_OK, 6, 135, 40, 48, 8, 0 },
		{ "chain cut by the sender", "60000000 0008 3c 40" IP6_ENDS "1105010400000000",
		    true, DECODE_MALFORMED, 6, 17, 0, 0, 0, 0 },
		{ "chain ends at its first octet", "60000000 0500 3c 40" IP6_ENDS, true,
		    DECODE_MALFORMED, 6, 60, 0, 0, 0, 0 },
		{ "version 4", "40000000 0008 3a ff" IP6_ENDS EIGHT, false, DECODE_MALFORMED,
		    0, 0, 0, 0, 0, 0 },
		{ "39 octets", "60000000 0008 3a ff 20010db8 00000000 00000000 00000001"
		    "20010db8 00000000 00000000 000000", false, DECODE_MALFORMED,
		    0, 0, 0, 0, 0, 0 },
	};
	/* clang-format on */
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		run_case(&cases[i], 6);
}

/* Where a routing header or a source route ends. */
static void
finds_the_final_destination(void **state)
{
	/* clang-format off */
	static const struct {
		const char *name, *hex, *end;
		uint8_t version;
	} cases[] = {
		{ "type 0", "60000000 0028 2b 40" IP6_ENDS "3a040002 00000000"
		    "20010db8000000000000000000000007" ADDRESS_9, ADDRESS_9, 6 },
		{ "type 0, none left", "60000000 0018 2b 40" IP6_ENDS "3a020000 00000000" ADDRESS_9,
		    "20010db8 00000000 00000000 00000002", 6 },
		{ "type 0 without addresses", "60000000 0008 2b 40" IP6_ENDS "3a000001 00000000",
		    "20010db8 00000000 00000000 00000002", 6 },
		{ "type 2", "60000000 0018 2b 40" IP6_ENDS "3a020201 00000000" ADDRESS_9,
		    ADDRESS_9, 6 },
		{ "type 4", "60000000 0028 2b 40" IP6_ENDS "3a040401 01000000" ADDRESS_9
		    "20010db8000000000000000000000002", ADDRESS_9, 6 },
		{ "type 3, 8 octets shared", "60000000 0018 2b 40" IP6_ENDS
		    "3a020302 88000000 0000000000000007 0000000000000009", ADDRESS_9, 6 },
		{ "type 3, 15 octets shared, 6 of padding", "60000000 0010 2b 40" IP6_ENDS
		    "3a010302 ff600000 0709000000000000", ADDRESS_9, 6 },
		{ "type 3, short", "60000000 0008 2b 40" IP6_ENDS "3a000301 ffff0000",
		    "20010db8 00000000 00000000 00000002", 6 },
		{ "unknown type", "60000000 0018 2b 40" IP6_ENDS "3a02fd01 00000000" ADDRESS_9,
		    "20010db8 00000000 00000000 00000002", 6 },
		{ "loose source route", "4800002000010000 40010000" IP4_ENDS
		    "01830b04 c0000203 c0000204", "c0000204", 4 },
		{ "source route at its end", "4800002000010000 40010000" IP4_ENDS
		    "01890b0c c0000203 c0000204", "c0000202", 4 },
		{ "empty source route", "4600001800010000 40010000" IP4_ENDS "83030400",
		    "c0000202", 4 },
	};
	/* clang-format on */
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint32_t len, end_len;
		uint8_t *bytes = from_hex(cases[i].hex, &len);
		uint8_t *end = from_hex(cases[i].end, &end_len);
		struct cursor c = cursor_over(bytes, len, len);
		struct ip_header ip;

		if (cases[i].version == 4)
			ip4_decode(&c, false, &ip);
		else
			ip6_decode(&c, false, &ip);
		if (c.status != DECODE_OK || memcmp(ip.final_destination.bytes, end, end_len) != 0)
			fail_msg("%s: status %d", cases[i].name, c.status);
		assert_int_equal(ip.final_destination.version, cases[i].version);
		free(bytes);
		free(end);
	}
}

static void
reads_ip4_fields(void **state)
{
	uint32_t len;
	uint8_t *bytes = from_hex("45b8001c abcd2005 3f010000 c0000201 c0000202" EIGHT, &len);
	static const uint8_t source[4] = { 192, 0, 2, 1 }, destination[4] = { 192, 0, 2, 2 };
	struct cursor c = cursor_over(bytes, len, len);
	struct ip_header ip;

	(void)state;
	assert_int_equal(ip4_decode(&c, false, &ip), DECODE_OK);
	assert_int_equal(ip.tos, 0xb8);
	assert_int_equal(ip.id, 0xabcd);
	assert_int_equal(ip.ttl, 63);
	assert_int_equal(ip.fragment_offset, 40);
	assert_memory_equal(ip.source.bytes, source, 4);
	assert_memory_equal(ip.destination.bytes, destination, 4);
	assert_ptr_equal(c.next, bytes + 20);
	free(bytes);
}

static void
reads_ip6_fields(void **state)
{
	uint32_t len;
	uint8_t *bytes = from_hex("6b812345 0010 2c 3f" IP6_ENDS "3aff05af 12345678" EIGHT, &len);
	struct cursor c = cursor_over(bytes, len, len);
	struct ip_header ip;

	(void)state;
	assert_int_equal(ip6_decode(&c, false, &ip), DECODE_OK);
	assert_int_equal(ip.tos, 0xb8);
	assert_true(ip.flow_label == 0x12345);
	assert_int_equal(ip.ttl, 63);
	assert_true(ip.id == 0x12345678);
	assert_int_equal(ip.fragment_offset, 1448);
	assert_true(ip.more_fragments);
	assert_ptr_equal(c.next, bytes + 48);
	free(bytes);
}

static void
passes_authentication(void **state)
{
	uint32_t len;
	uint8_t *bytes = from_hex("3c03 0000 00001234 00000001 00000000 00000000"
				  "3a00010400000000" EIGHT,
	    &len);
	struct cursor c = cursor_over(bytes, len, len);
	struct ip_header ip = { .version = 6, .protocol = IP_PROTO_AH, .header_length = 40 };

	(void)state;
	assert_int_equal(ip_ah_decode(&c, &ip), DECODE_OK);
	assert_int_equal(ip.protocol, 58); /* over the options behind it */
	assert_int_equal(ip.header_length, 68);
	assert_int_equal(c.claimed, 8);
	c = cursor_over(bytes, len, len);
	ip = (struct ip_header){ .version = 4, .protocol = IP_PROTO_AH, .header_length = 20 };
	assert_int_equal(ip_ah_decode(&c, &ip), DECODE_OK);
	assert_int_equal(ip.protocol, 60); /* in IPv4 that is no header to follow */
	assert_int_equal(c.claimed, 16);
	c = cursor_over(bytes, 8, 8);
	assert_int_equal(ip_ah_decode(&c, &ip), DECODE_MALFORMED);
	assert_int_equal(ip.protocol, 60);
	free(bytes);
}

/* RFC 8200 4 sets no limit, and atomic fragments by the hundred are seen. */
static void
follows_long_chains(void **state)
{
	static const uint32_t counts[] = { 1, 64, 65, 180, 8191 };
	uint8_t *bytes = calloc(8191, 8);
	struct ip_header ip;
	struct cursor c;
	size_t i;
	uint32_t n;

	(void)state;
	assert_non_null(bytes);
	for (i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		for (n = 0; n < counts[i]; n++)
			bytes[n * 8] = IP_PROTO_DESTINATION;
		bytes[(counts[i] - 1) * 8] = IP_PROTO_ICMPV6;
		c = cursor_over(bytes, counts[i] * 8, counts[i] * 8);
		ip = (struct ip_header){ .version = 6, .protocol = IP_PROTO_DESTINATION };
		assert_int_equal(ip6_decode_chain(&c, &ip), DECODE_OK);
		assert_int_equal(ip.header_length, counts[i] * 8);
		assert_int_equal(ip.protocol, IP_PROTO_ICMPV6);
		bytes[(counts[i] - 1) * 8] = IP_PROTO_DESTINATION;
		c = cursor_over(bytes, counts[i] * 8, counts[i] * 8);
		ip = (struct ip_header){ .version = 6, .protocol = IP_PROTO_DESTINATION };
		assert_int_equal(ip6_decode_chain(&c, &ip), DECODE_MALFORMED);
	}
	free(bytes);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_ip4),
		cmocka_unit_test(decodes_ip6),
		cmocka_unit_test(finds_the_final_destination),
		cmocka_unit_test(reads_ip4_fields),
		cmocka_unit_test(reads_ip6_fields),
		cmocka_unit_test(passes_authentication),
		cmocka_unit_test(follows_long_chains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
