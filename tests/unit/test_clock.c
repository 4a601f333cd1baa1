/*
 * The analysis clock on timestamps that behave and that do not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analyzer/core/clock.h"

#define S(n) ((uint64_t)(n) * 1000000000)

struct step {
	uint64_t when_ns; /* a frame's timestamp */
	uint64_t now_ns;  /* analysis time expected then */
	uint64_t back_count, jump_count;
};

static void
run(const struct step *steps, size_t count)
{
	struct clock clock;
	size_t i;

	clock_init(&clock, S(3600));
	for (i = 0; i < count; i++) {
		assert_int_equal(clock_follow(&clock, steps[i].when_ns), steps[i].now_ns);
		assert_int_equal(clock.back_count, steps[i].back_count);
		assert_int_equal(clock.jump_count, steps[i].jump_count);
	}
}

#define RUN(steps) run(steps, sizeof(steps) / sizeof((steps)[0]))

static void
follows_the_capture(void **state)
{
	static const struct step steps[] = {
		{ S(1000), S(1000), 0, 0 },
		{ S(1000), S(1000), 0, 0 },
		{ S(1001), S(1001), 0, 0 },
		{ S(4601), S(4601), 0, 0 }, /* an hour is a gap, not a jump */
	};

	(void)state;
	RUN(steps);
}

static void
small_steps_back_are_reordering(void **state)
{
	static const struct step steps[] = {
		{ S(1000), S(1000), 0, 0 },
		{ S(1000) - 500, S(1000), 1, 0 },
		{ S(1000) + 500, S(1000) + 500, 1, 0 },
	};

	(void)state;
	RUN(steps);
}

static void
time_goes_on_after_a_long_step_back(void **state)
{
	static const struct step steps[] = {
		{ S(10000), S(10000), 0, 0 },
		{ S(6400), S(10000), 1, 0 },
		{ S(6401), S(10001), 1, 0 },
		{ S(6403), S(10003), 1, 0 },
	};

	(void)state;
	RUN(steps);
}

static void
one_frame_in_the_far_future_moves_nothing(void **state)
{
	static const struct step steps[] = {
		{ S(1000), S(1000), 0, 0 },
		{ S(4294967295), S(1000), 0, 0 },
		{ S(1001), S(1001), 0, 1 },
		{ S(1002), S(1002), 0, 1 },
	};

	(void)state;
	RUN(steps);
}

static void
a_confirmed_jump_counts(void **state)
{
	static const struct step steps[] = {
		{ S(1000), S(1000), 0, 0 },
		{ S(90000), S(1000), 0, 0 },
		{ S(90001), S(90001), 0, 0 },
	};

	(void)state;
	RUN(steps);
}

static void
one_frame_in_the_far_past_dates_nothing(void **state)
{
	struct clock clock;

	(void)state;
	clock_init(&clock, S(3600));
	clock_follow(&clock, S(1000000));
	assert_int_equal(clock_follow(&clock, 0), S(1000000));
	assert_int_equal(clock_follow(&clock, S(1000001)), S(1000001));
	assert_int_equal(clock.first_ns, S(1000000));
	assert_int_equal(clock.back_count, 0);
	assert_int_equal(clock.jump_count, 1);
}

static void
an_hour_back_and_forth(void **state)
{
	static const struct step steps[] = {
		{ S(10000), S(10000), 0, 0 },
		{ S(0), S(10000), 0, 0 }, /* held: it might be the odd one */
		{ S(1), S(10001), 1, 0 },
		{ S(10001), S(10001), 1, 0 }, /* held again */
		{ S(10002), S(20002), 1, 0 },
	};

	(void)state;
	RUN(steps);
}

/* A source that is idle moves time, and frames under way are no step back. */
static void
idle_moves_time_on(void **state)
{
	struct clock clock;

	(void)state;
	clock_init(&clock, S(3600));
	assert_int_equal(clock_idle(&clock, S(5)), 0); /* no frame yet: no time */
	assert_int_equal(clock_follow(&clock, S(1000)), S(1000));
	assert_int_equal(clock_idle(&clock, S(1002)), S(1002));
	assert_int_equal(clock_follow(&clock, S(1001)), S(1002));
	assert_int_equal(clock_follow(&clock, S(1003)), S(1003));
	assert_int_equal(clock_idle(&clock, S(90000)), S(90000));
	assert_int_equal(clock_follow(&clock, S(90001)), S(90001)); /* a long silence */
	assert_int_equal(clock.back_count, 0);
	assert_int_equal(clock.jump_count, 0);
	assert_int_equal(clock.latest_ns, S(90001));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_the_capture),
		cmocka_unit_test(small_steps_back_are_reordering),
		cmocka_unit_test(time_goes_on_after_a_long_step_back),
		cmocka_unit_test(one_frame_in_the_far_future_moves_nothing),
		cmocka_unit_test(a_confirmed_jump_counts),
		cmocka_unit_test(one_frame_in_the_far_past_dates_nothing),
		cmocka_unit_test(an_hour_back_and_forth),
		cmocka_unit_test(idle_moves_time_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
