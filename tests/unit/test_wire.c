/*
 * Whole packets built by tests/wire and walked by the decoders: lengths and
 * checksums agree, and what cannot be built says so.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "decoders/icmp.h"
#include "tests/wire.h"

#define LINKTYPE_ETHERNET 1

static const struct wire_ip ip4 = { .source = "192.0.2.1", .destination = "198.51.100.2" };
static const struct wire_ip ip6 = { .source = "2001:db8::1", .destination = "2001:db8::2" };

static void
decode(const struct wire *w, struct icmp_msg *out)
{
	struct frame frame = { .bytes = w->bytes,
		.captured = w->len,
		.length = w->len,
		.link_type = LINKTYPE_ETHERNET };
	struct packet packet;

	assert_false(w->failed);
	assert_int_equal(packet_walk(&frame, &packet), PACKET_ICMP);
	assert_false(anomalies_any(&packet.anomalies));
	assert_int_equal(icmp_decode(&packet, out), DECODE_OK);
	assert_int_equal(out->checksum, CHECKSUM_GOOD);
}

static void
test_echo(void **state)
{
	const struct wire_value values[] = { { "id", .number = 0x1234 }, { "seq", .number = 5 },
		WIRE_END };
	uint8_t buffer[128];
	struct wire w = wire_over(buffer, sizeof(buffer));
	struct icmp_msg msg;

	(void)state;
	wire_icmp(&w, 4, 8, 0, values);
	wire_bytes(&w, "odd", 3);
	wire_ip4(&w, &ip4);
	wire_ethernet(&w, 0x0800);
	decode(&w, &msg);
	assert_string_equal(msg.type->name, "echo_request");
	assert_int_equal(icmp_value(&msg, "id")->number, 0x1234);
	assert_int_equal(msg.tail.claimed, 3);

	w = wire_over(buffer, sizeof(buffer));
	wire_icmp(&w, 6, 129, 0, values);
	wire_bytes(&w, "odd", 3);
	wire_ip6(&w, &ip6);
	wire_ethernet(&w, 0x86dd);
	decode(&w, &msg);
	assert_string_equal(msg.type->name, "echo_reply");
	assert_int_equal(icmp_value(&msg, "seq")->number, 5);
}

/* An error that quotes UDP, padded to 128 octets, with an MPLS label behind. */
static void
test_error(void **state)
{
	uint8_t buffer[512], quoted[128], labels[32], objects[64];
	struct wire w = wire_over(buffer, sizeof(buffer)), q = wire_over(quoted, sizeof(quoted));
	struct wire l = wire_over(labels, sizeof(labels)), o = wire_over(objects, sizeof(objects));
	const struct wire_ip inner = { .source = "198.51.100.2",
		.destination = "203.0.113.9",
		.ttl = 1,
		.protocol = IP_PROTO_UDP,
		.id = 77 };
	struct icmp_msg msg;

	(void)state;
	wire_udp(&q, 33000, 33434);
	wire_ip4(&q, &inner);
	wire_record(&l, &mpls_labels, 0,
	    (struct wire_value[]){ { "label", .number = 16 }, { "s", .number = 1 },
		{ "ttl", .number = 1 }, WIRE_END });
	wire_record(&o, &extension_objects, 0x0101, NULL);
	wire_quote(&o, &l, l.len);
	wire_put(&o, 0, o.len, 2);
	wire_icmp(&w, 4, 11, 0, (struct wire_value[]){ { "length", .number = 32 }, WIRE_END });
	wire_quote(&w, &q, 64);
	wire_pad(&w, 8 + 128);
	wire_extension(&w, &o);
	wire_ip4(&w, &ip4);
	wire_ethernet(&w, 0x0800);
	decode(&w, &msg);
	assert_false(anomalies_any(&msg.anomalies));
	assert_int_equal(msg.quote.transport.destination_port, 33434);
	assert_int_equal(msg.quote.ip.id, 77);
	assert_true(msg.extension.present);
	assert_int_equal(msg.extension.placement, EXTENSION_COMPLIANT);
	assert_int_equal(msg.extension.checksum, CHECKSUM_GOOD);
}

/* MLD behind a hop-by-hop header with a Router Alert (RFC 2711). */
static void
test_extension_header(void **state)
{
	static const uint8_t router_alert[8] = { IP_PROTO_ICMPV6, 0, 5, 2, 0, 0, 1, 0 };
	const struct wire_ip ip = { .source = "fe80::1",
		.destination = "ff02::16",
		.ttl = 1,
		.protocol = IP_PROTO_HOP_BY_HOP,
		.options = router_alert,
		.options_len = 8 };
	uint8_t buffer[128];
	struct wire w = wire_over(buffer, sizeof(buffer));
	struct icmp_msg msg;
	struct list list;
	struct record record;

	(void)state;
	wire_icmp(
	    &w, 6, 143, 0, (struct wire_value[]){ { "record_count", .number = 1 }, WIRE_END });
	wire_record(&w, &mld_records, 4,
	    (struct wire_value[]){
		{ "group", .text = "ff02::1:3" }, { "sources", .text = "fe80::7" }, WIRE_END });
	wire_ip6(&w, &ip);
	wire_ethernet(&w, 0x86dd);
	decode(&w, &msg);
	assert_false(anomalies_any(&msg.anomalies));
	assert_true(icmp_list(&msg, 0, msg.tail, &list));
	assert_true(list_next(&list, &record));
	assert_string_equal(record.row->name, "change_to_exclude_mode");
	assert_int_equal(record.values[1].number, 1);
}

static void
test_fragments(void **state)
{
	uint8_t buffer[128];
	struct wire w = wire_over(buffer, sizeof(buffer));
	struct wire_ip ip = ip6;
	struct frame frame = { .link_type = LINKTYPE_ETHERNET };
	struct packet packet;

	(void)state;
	ip.id = 0xabcd;
	ip.fragment_offset = 16;
	ip.more_fragments = true;
	wire_zero(&w, 16);
	wire_ip6(&w, &ip);
	wire_ethernet(&w, 0x86dd);
	assert_false(w.failed);
	frame.bytes = w.bytes;
	frame.captured = frame.length = w.len;
	assert_int_equal(packet_walk(&frame, &packet), PACKET_FRAGMENT);
	assert_int_equal(packet.ip.fragment_offset, 16);
	assert_int_equal(packet.ip.id, 0xabcd);
	assert_true(packet.ip.more_fragments);
	assert_int_equal(packet.payload.claimed, 16);
}

static void
test_failures(void **state)
{
	uint8_t buffer[64];
	struct wire w = wire_over(buffer, 8);
	struct wire_ip bad = ip4;

	(void)state;
	wire_zero(&w, 8);
	assert_false(w.failed);
	wire_uint(&w, 0, 1);
	assert_true(w.failed);
	w = wire_over(buffer, sizeof(buffer));
	wire_put(&w, 0, 1, 1);
	assert_true(w.failed);
	w = wire_over(buffer, sizeof(buffer));
	wire_icmp(&w, 4, 8, 0, (struct wire_value[]){ { "idd", .number = 1 }, WIRE_END });
	assert_true(w.failed);
	w = wire_over(buffer, sizeof(buffer));
	wire_icmp(&w, 4, 5, 0, (struct wire_value[]){ { "gateway", .text = "nine" }, WIRE_END });
	assert_true(w.failed);
	w = wire_over(buffer, sizeof(buffer));
	wire_record(&w, &nd_options, 22, NULL);
	assert_true(w.failed);
	w = wire_over(buffer, sizeof(buffer));
	bad.source = "2001:db8::1";
	wire_ip4(&w, &bad);
	assert_true(w.failed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_extension_header),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
