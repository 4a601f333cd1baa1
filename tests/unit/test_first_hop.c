/*
 * First hops: what frames show of where hosts send.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "analyzer/core/first_hop.h"

#define MS UINT64_C(1000000)
#define NOW_NS (UINT64_C(1700000000) * 1000 * MS)

static const struct addr host = { .version = 4, .bytes = { 192, 0, 2, 10 } };
static const struct addr far = { .version = 4, .bytes = { 198, 51, 100, 20 } };
static const struct addr near = { .version = 4, .bytes = { 192, 0, 2, 20 } };
static const struct mac of_host = { { 2, 0, 0, 0, 0, 10 } };
static const struct mac router = { { 2, 0, 0, 0, 0, 1 } };
static const struct mac neighbor = { { 2, 0, 0, 0, 0, 20 } };
static const struct mac stranger = { { 2, 0, 0, 0, 0, 66 } };
static const struct mac group = { { 1, 0, 0x5e, 0, 0, 1 } };

static void
note(struct first_hops *hops, const struct addr *from, const struct addr *to,
    const struct mac *station, const struct mac *hop, uint64_t now_ns)
{
	static struct packet packet;

	packet.has_source_mac = packet.has_destination_mac = true;
	packet.ip.source = *from;
	packet.ip.destination = *to;
	packet.source_mac = *station;
	packet.destination_mac = *hop;
	first_hops_note(hops, &packet, now_ns);
}

static void
test_hops(void **state)
{
	static struct first_hops hops;
	const struct first_hop *hop;
	struct first_hop_host known;

	(void)state;
	assert_null(first_hops_find(&hops, &host, &far, &of_host));
	assert_false(first_hops_host(&hops, &host, &router).is_known);
	note(&hops, &host, &far, &of_host, &router, NOW_NS);
	note(&hops, &host, &near, &of_host, &neighbor, NOW_NS + 5 * MS);
	note(&hops, &host, &host, &of_host, &group, NOW_NS);
	hop = first_hops_find(&hops, &host, &far, &of_host);
	assert_non_null(hop);
	assert_true(mac_equal(&hop->mac, &router));
	assert_int_equal(first_hop_age_ns(hop, NOW_NS + 7 * MS), 7 * MS);
	assert_null(first_hops_find(&hops, &far, &host, &of_host));
	assert_null(first_hops_find(&hops, &host, &host, &of_host)); /* a group is no hop */
	known = first_hops_host(&hops, &host, &router);
	assert_true(known.is_known && known.uses_station && known.is_one);
	assert_true(mac_equal(&known.owner, &of_host));
	assert_false(first_hops_host(&hops, &host, &stranger).uses_station);

	/* What the router passes on is another path, and another station sends it. */
	note(&hops, &host, &far, &router, &neighbor, NOW_NS);
	assert_true(mac_equal(&first_hops_find(&hops, &host, &far, &of_host)->mac, &router));
	assert_true(mac_equal(&first_hops_find(&hops, &host, &far, &router)->mac, &neighbor));
	assert_false(first_hops_host(&hops, &host, &router).is_one);
}

/* Made-up senders behind another station push out no path of a host. */
static void
test_made_up(void **state)
{
	static struct first_hops hops;
	struct addr source = { .version = 4, .bytes = { 11 } };
	uint32_t i;

	(void)state;
	note(&hops, &host, &far, &of_host, &router, NOW_NS);
	for (i = 0; i < 100000; i++) {
		memcpy(source.bytes + 1, &i, 3);
		note(&hops, &source, &near, &stranger, &of_host, NOW_NS);
	}
	assert_non_null(first_hops_find(&hops, &host, &far, &of_host));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hops),
		cmocka_unit_test(test_made_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
