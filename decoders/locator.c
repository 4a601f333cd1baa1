/*
 * ILNP Locator Updates (RFC 6743 2, RFC 6745 2).
 */
#include "decoders/locator.h"

#include "decoders/record.h"

#define HEADER_LEN 8
#define LOCATOR_32_LEN 8
#define LOCATOR_64_LEN 12
#define ADVERTISEMENT 1
#define ACKNOWLEDGEMENT 2

bool
locator_is_update_4(struct cursor message)
{
	uint32_t len = message.claimed, locators, operation, reserved;

	cursor_skip(&message, 4);
	locators = cursor_u8(&message);
	operation = cursor_u8(&message);
	reserved = cursor_u16(&message);
	return message.status == DECODE_OK && locators > 0 && reserved == 0 &&
	       (operation == ADVERTISEMENT || operation == ACKNOWLEDGEMENT) &&
	       len == HEADER_LEN + locators * LOCATOR_32_LEN;
}

/* clang-format off */
static const struct name operations[] = {
	{ ADVERTISEMENT, "locator_update_advertisement" },
	{ ACKNOWLEDGEMENT, "locator_update_acknowledgement" },
	{ 0, NULL }
};

#define HEADER \
	F_U8("num_locators", 4), F_ENUM("operation", 40, 8, operations), F_UNUSED(48, 16)

const struct field locator_update_4_fields[] = {
	HEADER,
	{ .name = "locators", .kind = FIELD_RECORDS, .bit = HEADER_LEN * 8, .count_of = 1,
	  RULE(.item_len = LOCATOR_32_LEN, .list = &locators_32) },
	F_END
};
const struct field locator_update_6_fields[] = {
	HEADER,
	{ .name = "locators", .kind = FIELD_RECORDS, .bit = HEADER_LEN * 8, .count_of = 1,
	  RULE(.item_len = LOCATOR_64_LEN, .list = &locators_64) },
	F_END
};

static const struct field locator_32[] = {
	F_IP4("locator", 0), F_U16("preference", 4), F_U16_IN("lifetime", 6, "s"), F_END
};
static const struct record_type rows_32[] = {
	{ 0, LOCATOR_32_LEN, LOCATOR_32_LEN, "locator", "6745 2", locator_32, NULL },
	{ .name = NULL }
};
/* A 64-bit locator is the routing prefix of addresses (RFC 6741 2). */
static const struct field locator_64[] = {
	{ .name = "locator", .kind = FIELD_IP6_PREFIX, .bit = 0, .bits = 64 },
	F_U16("preference", 8),
	F_U16_IN("lifetime", 10, "s"),
	F_END
};
static const struct record_type rows_64[] = {
	{ 0, LOCATOR_64_LEN, LOCATOR_64_LEN, "locator", "6743 2", locator_64, NULL },
	{ .name = NULL }
};
/* clang-format on */

const struct list_type locators_32 = {
	.key = "locators",
	.name = "ILNPv4 locator",
	.word = "locator-32",
	.types = rows_32,
	.header_len = LOCATOR_32_LEN,
	.fault = ANOMALY_BAD_COUNT,
	.fixed_len = LOCATOR_32_LEN,
};

const struct list_type locators_64 = {
	.key = "locators",
	.name = "ILNPv6 locator",
	.word = "locator-64",
	.types = rows_64,
	.header_len = LOCATOR_64_LEN,
	.fault = ANOMALY_BAD_COUNT,
	.fixed_len = LOCATOR_64_LEN,
};
