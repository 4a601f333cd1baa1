/* Transport headers at the lengths that routers quote, and the keywords. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "decoders/icmp.h"
#include "decoders/ip.h"
#include "decoders/transport.h"

enum {
	PORTS = 1,
	SEQUENCE = 2,
	TAG = 4,
	SPI = 8,
	KEY = 16,
	ICMP = 32,
	ID = 64,
	SEQ = 128,
	COUNTER = 256, /* of ESP and AH */
};

static int
found_in(const struct transport *t)
{
	return (t->has_ports ? PORTS : 0) | (t->has_tcp_sequence ? SEQUENCE : 0) |
	       (t->has_verification_tag ? TAG : 0) | (t->has_spi ? SPI : 0) |
	       (t->has_key ? KEY : 0) | (t->has_icmp ? ICMP : 0) | (t->has_id ? ID : 0) |
	       (t->has_seq ? SEQ : 0) | (t->has_ipsec_sequence ? COUNTER : 0);
}

/* The octets 0x01 0x02 ... 0x0c, but for the first two. */
static struct cursor
make_header(uint8_t *bytes, uint32_t captured, uint32_t claimed, uint16_t first)
{
	uint32_t i;

	for (i = 0; i < captured; i++)
		bytes[i] = (uint8_t)(i + 1);
	if (captured > 0)
		bytes[0] = (uint8_t)(first >> 8);
	if (captured > 1)
		bytes[1] = (uint8_t)first;
	return cursor_over(bytes, captured, claimed);
}

/* What is found in `captured` octets of `claimed`. */
static void
finds_what_is_there(void **state)
{
	static const struct {
		uint8_t protocol;
		uint16_t first;
		uint32_t captured, claimed;
		int found;
		enum decode_status status;
	} cases[] = {
		{ 6, 0x0102, 8, 8, PORTS | SEQUENCE, DECODE_OK },
		{ 6, 0x0102, 7, 7, PORTS, DECODE_MALFORMED },
		{ 6, 0x0102, 7, 20, PORTS, DECODE_TRUNCATED },
		{ 6, 0x0102, 4, 4, PORTS, DECODE_MALFORMED },
		{ 6, 0x0102, 3, 3, 0, DECODE_MALFORMED },
		{ 6, 0x0102, 0, 0, 0, DECODE_MALFORMED },
		{ 17, 0x0102, 4, 4, PORTS, DECODE_OK },
		{ 17, 0x0102, 3, 8, 0, DECODE_TRUNCATED },
		{ 136, 0x0102, 8, 8, PORTS, DECODE_OK },
		{ 33, 0x0102, 8, 8, PORTS, DECODE_OK },
		{ 132, 0x0102, 8, 8, PORTS | TAG, DECODE_OK },
		{ 132, 0x0102, 4, 12, PORTS, DECODE_TRUNCATED },
		{ 50, 0x0102, 8, 8, SPI | COUNTER, DECODE_OK },
		{ 50, 0x0102, 4, 8, SPI, DECODE_TRUNCATED },
		{ 51, 0x0102, 12, 12, SPI | COUNTER, DECODE_OK },
		{ 51, 0x0102, 8, 8, SPI, DECODE_MALFORMED },
		{ 51, 0x0102, 7, 7, 0, DECODE_MALFORMED },
		{ 47, 0x2000, 8, 8, KEY, DECODE_OK },
		{ 47, 0xa000, 12, 12, KEY, DECODE_OK },
		{ 47, 0xa000, 8, 8, 0, DECODE_MALFORMED },
		{ 47, 0x0000, 4, 4, 0, DECODE_OK },
		{ 1, 0x0800, 8, 8, ICMP | ID | SEQ, DECODE_OK },
		{ 1, 0x0000, 8, 8, ICMP | ID | SEQ, DECODE_OK },
		{ 1, 0x0800, 7, 7, ICMP | ID, DECODE_MALFORMED },
		{ 1, 0x0800, 5, 5, ICMP, DECODE_MALFORMED },
		{ 1, 0x0800, 1, 1, 0, DECODE_MALFORMED },
		{ 1, 0x0000, 0, 8, 0, DECODE_TRUNCATED },
		{ 1, 0x0303, 2, 2, ICMP, DECODE_OK },
		{ 1, 0x2a00, 7, 7, ICMP | ID | SEQ, DECODE_OK },
		{ 1, 0x8000, 8, 8, ICMP, DECODE_OK },
		{ 58, 0x8000, 8, 8, ICMP | ID | SEQ, DECODE_OK },
		{ 58, 0xa100, 7, 7, ICMP | ID | SEQ, DECODE_OK },
		{ 58, 0x9000, 6, 6, ICMP | ID, DECODE_OK },
		{ 58, 0x8700, 8, 8, ICMP, DECODE_OK },
		{ 58, 0x0800, 8, 8, ICMP, DECODE_OK },
		{ 89, 0x0102, 8, 8, 0, DECODE_OK },
	};
	struct transport t;
	uint8_t *bytes;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint32_t captured = cases[i].captured;
		enum decode_status status;
		struct cursor c;

		bytes = malloc(captured > 0 ? captured : 1);
		assert_non_null(bytes);
		c = make_header(bytes, captured, cases[i].claimed, cases[i].first);
		memset(&t, 0xff, sizeof t);
		status = transport_decode(c, cases[i].protocol, &t);
		if (found_in(&t) != cases[i].found || status != cases[i].status)
			fail_msg("case %zu: found %d, status %d", i, found_in(&t), status);
		assert_int_equal(t.protocol, cases[i].protocol);
		free(bytes);
	}
}

static void
reads_values(void **state)
{
	uint8_t bytes[14];
	struct transport t;

	(void)state;
	transport_decode(make_header(bytes, 14, 14, 0x0102), 6, &t);
	assert_true(t.has_tcp_flags);
	assert_true(t.tcp_acknowledgment == 0x090a0b0c);
	assert_int_equal(t.tcp_flags, 0x0e);
	transport_decode(make_header(bytes, 8, 8, 0x0102), 6, &t);
	assert_false(t.has_tcp_flags);
	transport_decode(make_header(bytes, 8, 8, 0x0102), 17, &t);
	assert_true(t.has_checksum);
	assert_int_equal(t.checksum, 0x0708);
	transport_decode(make_header(bytes, 7, 8, 0x0102), 17, &t);
	assert_false(t.has_checksum);
	transport_decode(make_header(bytes, 12, 12, 0x0800), 1, &t);
	assert_int_equal(t.checksum, 0x0304);
	transport_decode(make_header(bytes, 12, 12, 0x0102), 6, &t);
	assert_int_equal(t.source_port, 0x0102);
	assert_int_equal(t.destination_port, 0x0304);
	assert_true(t.tcp_sequence == 0x05060708);
	transport_decode(make_header(bytes, 12, 12, 0x0102), 132, &t);
	assert_true(t.verification_tag == 0x05060708);
	transport_decode(make_header(bytes, 12, 12, 0x0102), 50, &t);
	assert_true(t.spi == 0x01020304);
	assert_true(t.ipsec_sequence == 0x05060708);
	transport_decode(make_header(bytes, 12, 12, 0x0102), 51, &t);
	assert_true(t.spi == 0x05060708);
	assert_true(t.ipsec_sequence == 0x090a0b0c);
	transport_decode(make_header(bytes, 12, 12, 0x2000), 47, &t);
	assert_true(t.key == 0x05060708);
	transport_decode(make_header(bytes, 12, 12, 0xb000), 47, &t);
	assert_true(t.key == 0x090a0b0c);
	transport_decode(make_header(bytes, 12, 12, 0x0d02), 1, &t);
	assert_int_equal(t.icmp_type, 13);
	assert_int_equal(t.icmp_code, 2);
	assert_int_equal(t.id, 0x0506);
	assert_int_equal(t.seq, 0x0708);
	transport_decode(make_header(bytes, 12, 12, 0xa000), 58, &t);
	assert_int_equal(t.id, 0x0506);
	assert_int_equal(t.seq, 0x07);
}

static const struct field *
field_of(const struct icmp_type *row, const char *name)
{
	const struct field *field;

	for (field = row->fields; field != NULL && field->name != NULL; field++)
		if (strcmp(field->name, name) == 0)
			return field;
	return NULL;
}

/* Identifiers and sequence numbers of exchanges are where the rows have them. */
static void
agrees_with_the_rows(void **state)
{
	const struct field *id, *seq;
	const struct icmp_type *row;
	uint8_t version, bytes[12];
	struct transport t;

	(void)state;
	for (version = 4; version <= 6; version += 2) {
		for (row = icmp_types(version); row->name != NULL; row++) {
			id = field_of(row, "id");
			if (id == NULL || row->family == NULL)
				continue;
			assert_int_equal(id->bit, 32);
			seq = field_of(row, "seq");
			transport_decode(make_header(bytes, 12, 12, (uint16_t)(row->type << 8)),
			    version == 4 ? IP_PROTO_ICMP : IP_PROTO_ICMPV6, &t);
			assert_int_equal(found_in(&t), ICMP | ID | (seq != NULL ? SEQ : 0));
			if (seq != NULL)
				assert_int_equal(t.seq, seq->bits == 16 ? 0x0708 : 0x07);
		}
	}
}

static void
names_protocols(void **state)
{
	/* clang-format off */
	static const struct {
		uint8_t protocol;
		const char *name;
	} cases[] = {
		{ 0, "hopopt" }, { 1, "icmp" }, { 2, "igmp" }, { 4, "ipv4" }, { 6, "tcp" },
		{ 17, "udp" }, { 33, "dccp" }, { 41, "ipv6" }, { 47, "gre" }, { 50, "esp" },
		{ 51, "ah" }, { 58, "ipv6-icmp" }, { 89, "ospfigp" }, { 103, "pim" },
		{ 112, "vrrp" }, { 132, "sctp" }, { 136, "udplite" }, { 137, "mpls-in-ip" },
	};
	/* clang-format on */
	const char *name, *p;
	unsigned protocol, other;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(transport_name(cases[i].protocol), cases[i].name);
	assert_null(transport_name(61)); /* assigned, without a keyword */
	assert_null(transport_name(253));
	for (protocol = 0; protocol < 256; protocol++) {
		name = transport_name((uint8_t)protocol);
		for (p = name; p != NULL && *p != '\0'; p++)
			assert_true(*p > ' ' && *p <= 'z' && !(*p >= 'A' && *p <= 'Z'));
		for (other = 0; name != NULL && other < protocol; other++)
			if (transport_name((uint8_t)other) != NULL)
				assert_string_not_equal(name, transport_name((uint8_t)other));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_there),
		cmocka_unit_test(reads_values),
		cmocka_unit_test(agrees_with_the_rows),
		cmocka_unit_test(names_protocols),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
