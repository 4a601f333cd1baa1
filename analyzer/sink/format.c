/*
 * Digits two at a time, the Gregorian calendar, and the shape of UTF-8.
 */
#include "analyzer/sink/format.h"

#include <inttypes.h>
#include <stdio.h>

#define PPM 1000000
#define S_PER_DAY UINT64_C(86400)

static const char two_digits[] =
    "00010203040506070809101112131415161718192021222324"
    "25262728293031323334353637383940414243444546474849"
    "50515253545556575859606162636465666768697071727374"
    "75767778798081828384858687888990919293949596979899";

char *
format_decimal(char *p, uint64_t value)
{
	char digits[FORMAT_DECIMAL_MAX];
	size_t at = sizeof(digits);

	while (value >= 100) {
		at -= 2;
		memcpy(digits + at, two_digits + (size_t)(value % 100) * 2, 2);
		value /= 100;
	}
	if (value >= 10) {
		at -= 2;
		memcpy(digits + at, two_digits + value * 2, 2);
	} else {
		digits[--at] = (char)('0' + value);
	}
	return format_bytes(p, digits + at, sizeof(digits) - at);
}

char *
format_digits(char *p, uint32_t value, size_t count)
{
	size_t at;

	for (at = count; at > 0; at -= 2) {
		memcpy(p + at - 2, two_digits + (size_t)(value % 100) * 2, 2);
		value /= 100;
	}
	return p + count;
}

char *
format_share(char *p, uint64_t ppm)
{
	p = format_decimal(p, ppm / PPM);
	if (ppm % PPM == 0)
		return p;
	*p++ = '.';
	p = format_digits(p, (uint32_t)(ppm % PPM), 6);
	while (p[-1] == '0')
		p--;
	return p;
}

/*
 * The date of a day since 1970: counted in cycles of 400 years and in years
 * that start on 1 March, so that the leap day comes last.
 */
static char *
format_date(char *p, uint64_t day)
{
	uint64_t shifted = day + 719468, cycle = shifted / 146097, rest = shifted % 146097;
	uint64_t year = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
	uint64_t of_year = rest - (365 * year + year / 4 - year / 100);
	uint64_t month = (5 * of_year + 2) / 153;
	uint64_t of_month = of_year - (153 * month + 2) / 5 + 1;

	month = month < 10 ? month + 3 : month - 9;
	year += cycle * 400 + (month <= 2);
	p = format_digits(p, (uint32_t)year, 4);
	*p++ = '-';
	p = format_digits(p, (uint32_t)month, 2);
	*p++ = '-';
	return format_digits(p, (uint32_t)of_month, 2);
}

char *
format_second(char *p, uint64_t second)
{
	uint32_t of_day = (uint32_t)(second % S_PER_DAY);

	p = format_date(p, second / S_PER_DAY);
	*p++ = 'T';
	p = format_digits(p, of_day / 3600, 2);
	*p++ = ':';
	p = format_digits(p, of_day / 60 % 60, 2);
	*p++ = ':';
	return format_digits(p, of_day % 60, 2);
}

const char *
format_ms(uint64_t ns, char *out)
{
	uint64_t us = ns / 1000;

	if (us < 1000000)
		snprintf(out, FORMAT_MS_SIZE, "%" PRIu64 ".%03" PRIu64, us / 1000, us % 1000);
	else if (us < 100000000)
		snprintf(out, FORMAT_MS_SIZE, "%" PRIu64 ".%" PRIu64, us / 1000,
		    us / 100 % 10);
	else
		snprintf(out, FORMAT_MS_SIZE, "%" PRIu64, us / 1000);
	return out;
}

size_t
format_utf8_len(const uint8_t *s, size_t left, size_t *bad_len)
{
	uint8_t low = 0x80, high = 0xbf;
	size_t len, i;

	*bad_len = 1;
	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		len = 2;
	else if ((s[0] & 0xf0) == 0xe0)
		len = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (s[0] == 0xe0)
		low = 0xa0; /* below: overlong */
	else if (s[0] == 0xed)
		high = 0x9f; /* above: surrogates */
	else if (s[0] == 0xf0)
		low = 0x90; /* below: overlong */
	else if (s[0] == 0xf4)
		high = 0x8f; /* above: beyond U+10FFFF */
	for (i = 1; i < len; i++) {
		if (i >= left || s[i] < low || s[i] > high)
			return 0;
		*bad_len = i + 1;
		low = 0x80;
		high = 0xbf;
	}
	return len;
}
