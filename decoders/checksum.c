/*
 * The Internet checksum (RFC 1071): what it should be, and what it covers.
 */
#include "decoders/checksum.h"

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

uint16_t
checksum_expected(const struct cursor *c, uint16_t found, uint64_t initial)
{
	uint16_t sum;

	/* Zero has two forms; when the whole adds up, the one found is right. */
	if (checksum_is_right(c, initial))
		return found;
	sum = checksum_fold(checksum_turn(checksum_fold(cursor_sum(c))) + initial);
	if (found != 0)
		sum = checksum_fold((uint64_t)sum + (uint16_t)~found);
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
