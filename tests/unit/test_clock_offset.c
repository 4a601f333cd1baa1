/*
 * Clock offsets from timestamps: ahead and behind, around midnight, in the
 * other byte order, and times that are none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analyzer/track/clock_offset.h"

#define MS INT64_C(1000000)
#define MIDNIGHT_NS (UINT64_C(19675) * 86400000 * 1000000)

struct example {
	uint32_t originate, receive, transmit; /* ms since midnight */
	int64_t request_ms, reply_ms; /* capture's clock since midnight; request -1: not known */
	enum clock_form form;
	int64_t capture_ms, requester_ms;
	bool has_requester;
};

/* clang-format off */
static const struct example examples[] = {
	{ 1000, 1510, 1510, 1000, 1020, CLOCK_STANDARD, 500, 500, true },
	{ 5000, 1510, 1512, 1000, 1020, CLOCK_STANDARD, 501, -3499, true },
	{ 0, 1510, 1510, 1000, 1020, CLOCK_STANDARD, 500, 0, false },
	{ 1000, 800, 800, -1, 1000, CLOCK_STANDARD, -200, 0, false },
	/* midnight comes in between */
	{ 86399990, 20, 20, 86399990, 86400010, CLOCK_STANDARD, 20, 20, true },
	{ 10, 86399990, 86399990, 10, 30, CLOCK_STANDARD, -30, -30, true },
	/* 43200100 is 0x02932e64 */
	{ 43200000, 0x642e9302, 0x642e9302, 43200000, 43200020, CLOCK_BYTE_SWAPPED, 90, 90, true },
	{ 1000, 0x80000001, 0x80000001, 1000, 1020, CLOCK_NONSTANDARD, 0, 0, false },
};
/* clang-format on */

static void
offsets(void **state)
{
	struct clock_offset offset;
	struct timestamps stamps;
	const struct example *t;
	uint64_t request_ns;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		t = &examples[i];
		stamps = (struct timestamps){ t->originate, t->receive, t->transmit };
		request_ns = t->request_ms < 0 ? 0 : MIDNIGHT_NS + (uint64_t)(t->request_ms * MS);
		offset = clock_offset(&stamps, request_ns,
		    MIDNIGHT_NS + (uint64_t)(t->reply_ms * MS));
		assert_int_equal(offset.form, t->form);
		assert_int_equal(offset.capture_ns / MS, t->capture_ms);
		assert_int_equal(offset.has_requester, t->has_requester);
		assert_int_equal(offset.requester_ns / MS, t->requester_ms);
		assert_non_null(clock_form_name(offset.form));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(offsets) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
