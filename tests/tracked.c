/*
 * What the tests of all trackers do alike.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/log.h"
#include "tests/one_pair.h"
#include "tests/tracked.h"

int
tracked_setup(void **state, const struct tracker *tracker)
{
	static struct tracked tracked;

	memset(&tracked, 0, sizeof(tracked));
	tracked.tracker = tracker;
	settings_defaults(&tracked.settings);
	*state = &tracked;
	return 0;
}

int
tracked_teardown(void **state)
{
	struct tracked *tracked = *state;

	tracked->tracker->destroy(tracked->state);
	return 0;
}

void
tracked_start(struct tracked *tracked, enum dataset dataset,
    void (*collect)(void *tracked, const struct event *event))
{
	char err[ERR_SIZE];

	tracked->context = (struct tracker_context){ .settings = &tracked->settings,
		.emitter = &tracked->emitter, .pairs = one_pair(), .key = hash_key_fixed(),
		.wait = &tracked->wait, .heard_ns = &tracked->heard_ns };
	tracked->emitter = (struct emitter){ UINT32_C(1) << dataset, collect, tracked };
	tracked->wait = (struct wait){ WAIT_NEVER, &tracked->next_ns };
	tracked->number = 0;
	tracked->state = tracked->tracker->create(&tracked->context, err);
	assert_non_null(tracked->state);
}

void
tracked_say(struct tracked *tracked, const char *separator, const char *format, ...)
{
	size_t used = strlen(tracked->events);
	va_list args;

	if (used > 0)
		used += (size_t)snprintf(tracked->events + used, sizeof(tracked->events) - used,
		    "%s", separator);
	va_start(args, format);
	vsnprintf(tracked->events + used, sizeof(tracked->events) - used, format, args);
	va_end(args);
}

uint64_t
tracked_pass(struct tracked *tracked, uint64_t at_ms)
{
	uint64_t now_ns = START_NS + at_ms * MS;

	while (tracked->wait.due_ns <= now_ns)
		tracked->wait.due_ns = tracked->tracker->tick(tracked->state,
		    tracked->wait.due_ns);
	return now_ns;
}

void
tracked_expect(const struct tracked *tracked, size_t step, const char *events)
{
	if (strcmp(tracked->events, events) != 0)
		print_error("step %zu: expected \"%s\", got \"%s\"\n", step, events,
		    tracked->events);
	assert_string_equal(tracked->events, events);
}

struct addr
tracked_host(uint8_t last)
{
	return (struct addr){ .version = 4, .bytes = { 192, 0, 2, last } };
}

struct report
tracked_report(const struct tracked *tracked)
{
	struct report report;

	memset(&report, 0, sizeof(report));
	assert_int_equal(tracked->tracker->report(tracked->state, &report), 0);
	return report;
}
