/*
 * Clocks by the day: differences are taken around midnight, to half a day
 * either way.
 */
#include "analyzer/track/clock_offset.h"

#define NS_PER_MS 1000000
#define DAY_MS 86400000u
#define SWAPPED_NEAR_NS (INT64_C(60) * 1000 * NS_PER_MS) /* nobody's clock by chance */

static uint32_t
swapped(uint32_t number)
{
	return number >> 24 | (number >> 8 & 0xff00) | (number << 8 & 0xff0000) | number << 24;
}

/* From `before` to `after`, times of day in ns, the shorter way round. */
static int64_t
difference(int64_t after, int64_t before)
{
	const int64_t day = (int64_t)DAY_MS * NS_PER_MS;
	int64_t ahead = (after - before) % day;

	if (ahead > day / 2)
		ahead -= day;
	else if (ahead < -day / 2)
		ahead += day;
	return ahead;
}

static int64_t
stamp_ns(uint32_t stamp)
{
	return (int64_t)stamp * NS_PER_MS;
}

static int64_t
time_of_day(uint64_t when_ns)
{
	return (int64_t)(when_ns % ((uint64_t)DAY_MS * NS_PER_MS));
}

/* The responder's clock against another's, at both ends of what it did. */
static int64_t
ahead_of(const struct timestamps *stamps, int64_t request_ns, int64_t reply_ns)
{
	return (difference(stamp_ns(stamps->receive), request_ns) +
	    difference(stamp_ns(stamps->transmit), reply_ns)) / 2;
}

static bool
is_standard(const struct timestamps *stamps)
{
	return stamps->receive < DAY_MS && stamps->transmit < DAY_MS;
}

static struct clock_offset
offset_of(const struct timestamps *stamps, enum clock_form form, uint64_t request_ns,
    uint64_t reply_ns)
{
	struct clock_offset out = { .form = form };
	int64_t originate = stamp_ns(stamps->originate);
	bool has_request = request_ns != 0 && request_ns <= reply_ns;

	if (!has_request)
		request_ns = reply_ns;
	out.capture_ns = ahead_of(stamps, time_of_day(request_ns), time_of_day(reply_ns));
	/* Scanners leave the originate timestamp zero. */
	if (!has_request || stamps->originate == 0 || stamps->originate >= DAY_MS)
		return out;
	out.has_requester = true;
	out.requester_ns = ahead_of(stamps, originate,
	    originate + (int64_t)(reply_ns - request_ns));
	return out;
}

struct clock_offset
clock_offset(const struct timestamps *stamps, uint64_t request_ns, uint64_t reply_ns)
{
	const struct timestamps other = { stamps->originate, swapped(stamps->receive),
		swapped(stamps->transmit) };
	struct clock_offset plain = offset_of(stamps, CLOCK_STANDARD, request_ns, reply_ns);
	struct clock_offset turned = offset_of(&other, CLOCK_BYTE_SWAPPED, request_ns, reply_ns);
	bool is_near = turned.capture_ns < SWAPPED_NEAR_NS && turned.capture_ns > -SWAPPED_NEAR_NS;
	bool is_far = plain.capture_ns > SWAPPED_NEAR_NS || plain.capture_ns < -SWAPPED_NEAR_NS;

	if (is_standard(&other) && is_near && (!is_standard(stamps) || is_far))
		return turned;
	if (is_standard(stamps))
		return plain;
	return (struct clock_offset){ .form = CLOCK_NONSTANDARD };
}

const char *
clock_form_name(enum clock_form form)
{
	static const char *const names[] = {
		[CLOCK_STANDARD] = "standard",
		[CLOCK_BYTE_SWAPPED] = "byte_swapped",
		[CLOCK_NONSTANDARD] = "nonstandard",
	};

	return names[form];
}
