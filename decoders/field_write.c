/*
 * Writes fields of a fixed width by their descriptors, for tests and samples;
 * those without a width are the encoder's business.
 */
#include "decoders/field.h"

/* Puts the low `bits` bits of `number` at `bit`; the bits around them stay. */
static void
write_bits(uint64_t number, uint32_t bit, uint32_t bits, uint8_t *out)
{
	uint32_t i, mask;

	for (i = 0; i < bits; i++) {
		mask = 0x80u >> (bit + i) % 8;
		if (number >> (bits - 1 - i) & 1)
			out[(bit + i) / 8] = (uint8_t)(out[(bit + i) / 8] | mask);
		else
			out[(bit + i) / 8] = (uint8_t)(out[(bit + i) / 8] & ~mask);
	}
}

bool
field_write(const struct field *field, const union value *value, uint8_t *out, uint32_t len)
{
	uint32_t octets = field->bits / 8u, at = field->bit / 8u;
	struct cursor bytes;

	if (field_takes_rest(field) || field->bit == FIELD_AFTER ||
	    (uint32_t)field->bit + field->bits > len * 8)
		return false;
	switch (field->kind) {
	case FIELD_INT:
		write_bits((uint64_t)value->integer, field->bit, field->bits, out);
		return true;
	case FIELD_IP4:
	case FIELD_IP6:
	case FIELD_IP6_PREFIX:
		memcpy(out + at, value->address.bytes, octets);
		return true;
	case FIELD_BYTES:
	case FIELD_LINK_ADDRESS:
	case FIELD_TEXT:
		bytes = value->bytes;
		return cursor_copy(&bytes, out + at, octets);
	default:
		write_bits(value->number, field->bit, field->bits, out);
		return true;
	}
}
