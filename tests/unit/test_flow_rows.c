/* Rows of quoted flows: which are folded into one, and what it says then. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "analyzer/track/flow_rows.h"
#include "decoders/ip.h"

#define ROWS_MAX 6

#define HOST(last) { .version = 4, .bytes = { 192, 0, 2, (last) } }
#define FLOW(from, to, port, router, when) { .flows = 1, .source = HOST(from), \
	.destination = HOST(to), .sources = { 40000, 40000 }, .destinations = { (port), (port) }, \
	.transport = { .protocol = IP_PROTO_UDP, .has_ports = true }, .version = 4, .type = 11, \
	.reporter = HOST(router), .reporters = 1, .last_ns = (when), .count = 1

struct fold_case {
	const char *name;
	struct report_flow flows[ROWS_MAX];
	uint32_t count, rows;
	struct report_flow first; /* of the rows: the members that are checked */
};

/* clang-format off */
static const struct fold_case cases[] = {
	{ "a traceroute", {
	    FLOW(1, 2, 33436, 12, 30) }, FLOW(1, 2, 33434, 11, 10) }, FLOW(1, 2, 33435, 11, 20) },
	    FLOW(1, 2, 33437, 11, 40) } }, 4, 1,
	  { .flows = 4, .destinations = { 33434, 33437 }, .reporter = HOST(11), .reporters = 2,
	    .count = 4 } },
	{ "another error", {
	    FLOW(1, 2, 33434, 11, 10) }, FLOW(1, 2, 33435, 12, 20) },
	    FLOW(1, 2, 33436, 2, 30), .code = 3 } }, 3, 2,
	  { .flows = 2, .destinations = { 33434, 33435 }, .reporter = HOST(12), .reporters = 2,
	    .count = 2 } },
	{ "other hosts", {
	    FLOW(1, 2, 53, 11, 10) }, FLOW(3, 2, 54, 11, 10) }, FLOW(1, 3, 55, 11, 10) } }, 3, 3,
	  { .flows = 1, .destinations = { 53, 53 }, .reporter = HOST(11), .reporters = 1,
	    .count = 1 } },
	/* one that was not seen is no part of one that was, and comes first */
	{ "a doubtful one", {
	    FLOW(1, 2, 53, 11, 10), .seen = 1 }, FLOW(1, 2, 54, 11, 10), .seen = 1 },
	    FLOW(1, 2, 55, 11, 10), .not_seen = 1,
	      .anomalies = { { [ANOMALY_FLOW_NOT_SEEN / 64] =
	          UINT64_C(1) << ANOMALY_FLOW_NOT_SEEN % 64 } } } }, 3, 2,
	  { .flows = 1, .destinations = { 55, 55 }, .reporter = HOST(11), .reporters = 1,
	    .count = 1 } },
	{ "another MTU", {
	    FLOW(1, 2, 53, 11, 10), .mtu = 1400 }, FLOW(1, 2, 54, 11, 10), .mtu = 1300 } }, 2, 2,
	  { .flows = 1, .destinations = { 53, 53 }, .reporter = HOST(11), .reporters = 1,
	    .count = 1 } },
};
/* clang-format on */

static void
folds_what_differs_in_ports(void **state)
{
	struct report_flow rows[ROWS_MAX];
	const struct fold_case *c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		c = &cases[i];
		memcpy(rows, c->flows, sizeof(rows));
		if (flow_rows_fold(rows, c->count) != c->rows)
			fail_msg("%s: not %u rows", c->name, c->rows);
		assert_int_equal(rows[0].flows, c->first.flows);
		assert_int_equal(rows[0].sources.least, 40000);
		assert_int_equal(rows[0].sources.most, 40000);
		assert_int_equal(rows[0].destinations.least, c->first.destinations.least);
		assert_int_equal(rows[0].destinations.most, c->first.destinations.most);
		assert_true(addr_equal(&rows[0].reporter, &c->first.reporter));
		assert_int_equal(rows[0].reporters, c->first.reporters);
		assert_int_equal(rows[0].count, c->first.count);
	}
	assert_int_equal(flow_rows_fold(rows, 0), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_what_differs_in_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
