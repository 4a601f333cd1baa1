/*
 * The Internet checksum (RFC 1071). cursor_sum adds in the machine's octet
 * order, which a one's complement sum allows; here the result is turned round.
 */
#include "decoders/checksum.h"

#include <string.h>

const char *
checksum_name(enum checksum_verdict verdict)
{
	static const char *const names[CHECKSUM_VERDICTS] = {
		[CHECKSUM_UNVERIFIED] = "unverified",
		[CHECKSUM_GOOD] = "good",
		[CHECKSUM_BAD] = "bad",
		[CHECKSUM_ABSENT] = "absent",
	};

	return names[verdict];
}

/* Adds the carries back in until 16 bits are left (RFC 1071 4.1). */
static uint16_t
fold(uint64_t sum)
{
	uint32_t half = (uint32_t)(sum >> 32), word = (uint32_t)sum + half;

	word += word < half;
	word = (word >> 16) + (word & 0xffff);
	return (uint16_t)(word + (word >> 16));
}

/* The sum of the captured bytes as 16-bit words in network order. */
static uint16_t
sum_bytes(const struct cursor *c)
{
	uint16_t word = fold(cursor_sum(c));
	uint8_t octets[2];

	memcpy(octets, &word, sizeof octets);
	return (uint16_t)(octets[0] << 8 | octets[1]);
}

uint16_t
checksum_expected(const struct cursor *c, uint16_t found, uint64_t initial)
{
	uint16_t sum = sum_bytes(c);

	if (initial != 0)
		sum = fold(sum + initial);
	/* Zero has two forms; when the whole adds up, the one found is right. */
	if (sum == 0xffff)
		return found;
	if (found != 0)
		sum = fold((uint64_t)sum + (uint16_t)~found);
	return (uint16_t)~sum;
}

uint64_t
checksum_pseudo6(
    const struct addr *source, const struct addr *destination, uint32_t length, uint8_t protocol)
{
	uint64_t sum = (uint64_t)length + protocol;
	size_t i;

	for (i = 0; i < sizeof source->bytes; i += 2) {
		sum += (uint64_t)source->bytes[i] << 8 | source->bytes[i + 1];
		sum += (uint64_t)destination->bytes[i] << 8 | destination->bytes[i + 1];
	}
	return sum;
}
