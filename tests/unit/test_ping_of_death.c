/*
 * The detector of pings of death: how long a datagram would be, of which a last
 * fragment is seen.
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

struct last_fragment {
	uint8_t version;
	uint16_t offset, len;
	bool has_options;  /* 8 octets of destination options before the Fragment header */
	uint32_t told;     /* octets of the datagram, or 0: nothing is said */
};

static const struct last_fragment cases[] = {
	{ 4, 65512, 3, false, 0 },
	{ 4, 65512, 4, false, 65536 }, /* RFC 791 3.1: with its header */
	{ 4, 65528, 400, false, 65948 },
	{ 6, 65528, 7, false, 0 },
	{ 6, 65528, 8, false, 65536 }, /* RFC 8200 4.5: without IPv6 and Fragment headers, */
	{ 6, 65520, 7, true, 0 },
	{ 6, 65520, 8, true, 65536 },  /* with the others before the fragments */
};

static void
send_last(struct stage *stage, const struct last_fragment *fragment)
{
	static const uint8_t options[8] = { 44, 0, 1, 4 };
	uint8_t buffer[512];
	struct wire w = wire_over(buffer, sizeof(buffer));
	bool is_ip6 = fragment->version == 6;
	struct wire_ip ip = { .source = is_ip6 ? "2001:db8::66" : "192.0.2.66",
		.destination = is_ip6 ? "2001:db8::10" : "192.0.2.10", .id = 7,
		.fragment_offset = fragment->offset, .keep_checksum = true };

	wire_zero(&w, fragment->len);
	if (fragment->has_options) {
		ip.protocol = 60;
		ip.options = options;
		ip.options_len = sizeof(options);
	}
	if (is_ip6)
		wire_ip6(&w, &ip);
	else
		wire_ip4(&w, &ip);
	wire_ethernet(&w, is_ip6 ? 0x86dd : 0x0800);
	stage_send(stage, 0, &w);
}

static void
test_lengths(void **state)
{
	static struct stage stage;
	char told[32];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		stage_open(&stage, &detector_ping_of_death, NULL);
		send_last(&stage, &cases[i]);
		stage_end(&stage);
		snprintf(told, sizeof(told), " %u octets", cases[i].told);
		if (stage.opened != (cases[i].told > 0) ||
		    (stage.opened > 0 && strstr(stage.message, told) == NULL))
			print_error("case %zu: %s\n", i, stage.message);
		assert_int_equal(stage.opened, cases[i].told > 0);
		assert_true(stage.opened == 0 || strstr(stage.message, told) != NULL);
		stage_close(&stage);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
