/*
 * Errors by flow: equal counts come in an order that does not depend on which
 * flow was seen first.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "analyzer/log.h"
#include "analyzer/track/trackers.h"

/* An error about a flow of `protocol`, the same in all else. */
static void
send_error(void *tracker, uint8_t protocol)
{
	static const uint8_t bytes[ICMP_HEADER_LEN];
	const struct addr source = { { 192, 0, 2, 1 }, 4 }, destination = { { 192, 0, 2, 2 }, 4 };
	const struct frame frame = { .when_ns = 1 };
	const struct packet packet = { .frame = &frame, .ip = { .source = { { 192, 0, 2, 9 }, 4 } } };
	struct icmp_msg msg;

	memset(&msg, 0, sizeof(msg));
	msg.type = icmp_lookup(4, ICMP4_DESTINATION_UNREACHABLE, 1, UINT32_MAX);
	msg.version = 4;
	msg.type_number = ICMP4_DESTINATION_UNREACHABLE;
	msg.code = 1;
	msg.bytes = cursor_over(bytes, sizeof(bytes), sizeof(bytes));
	msg.quote.present = true;
	msg.quote.ip.source = source;
	msg.quote.ip.destination = msg.quote.ip.final_destination = destination;
	msg.quote.ip.protocol = protocol;
	msg.quote.transport = (struct transport){ .protocol = protocol, .has_ports = true,
		.source_port = 40000, .destination_port = 53 };
	tracker_quoted_flow.message(tracker, &packet, &msg, 1);
}

static void
test_order(void **state)
{
	static const uint8_t orders[][3] = { { 6, 17, 132 }, { 132, 17, 6 }, { 17, 132, 6 } };
	struct settings settings;
	struct emitter emitter = { 0 };
	struct tally tally = { 0 };
	const struct tracker_context context = { .settings = &settings, .emitter = &emitter,
		.tally = &tally, .key = hash_key_fixed() };
	char err[ERR_SIZE];
	size_t i, n;

	(void)state;
	settings_defaults(&settings);
	for (i = 0; i < 3; i++) {
		void *tracker = tracker_quoted_flow.create(&context, err);
		struct report report = { 0 };

		assert_non_null(tracker);
		for (n = 0; n < 3; n++)
			send_error(tracker, orders[i][n]);
		assert_int_equal(tracker_quoted_flow.report(tracker, &report), 0);
		assert_int_equal(report.flow_count, 3);
		for (n = 0; n < 3; n++)
			assert_int_equal(report.flows[n].transport.protocol, orders[0][n]);
		assert_string_equal(report.flows[0].name, "destination_unreachable");
		assert_string_equal(report.flows[0].code_name, "host_unreachable");
		assert_string_equal(report.reporters[0].name, "destination_unreachable");
		tracker_quoted_flow.destroy(tracker);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
