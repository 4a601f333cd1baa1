/*
 * The table of senders, and the shapes of payloads that its rows speak of.
 */
#include "decoders/sender.h"

#include <stddef.h>
#include <string.h>

#define LOOK_LEN 512u /* octets that are looked at */

#define NS_PER_S UINT64_C(1000000000)
#define YEAR_S (UINT64_C(366) * 86400)
#define CLOCK_LEAST_S UINT64_C(631152000) /* 1990: a capture's clock that was never set is older */

/* clang-format off */
static const char *const mode_names[] = {
	[SEQ_UNKNOWN] = NULL,
	[SEQ_BE_INC] = "be_inc",
	[SEQ_LE_INC] = "le_inc",
	[SEQ_SHARED_COUNTER] = "shared_counter",
	[SEQ_CONST_ZERO] = "const_zero",
	[SEQ_CONST_NONZERO] = "const_nonzero",
	[SEQ_FROM_33000] = "from_33000",
	[SEQ_RANDOM] = "random",
};
/* clang-format on */

const char *
seq_mode_name(enum seq_mode mode)
{
	return mode_names[mode];
}

#define FEW_MAX 1024 /* destinations that a counter may be shared by */
#define BACK_MAX 16  /* so far the network changes the order */
#define MTR_FIRST 33000 /* and not long after, when its start was seen */
#define MTR_LAST 33999

static uint16_t
swapped(uint16_t number)
{
	return (uint16_t)(number << 8 | number >> 8);
}

enum seq_step
seq_step(uint16_t last, uint16_t seq)
{
	uint16_t ahead = (uint16_t)(seq - last);

	if (ahead == 0)
		return SEQ_STEP_NONE;
	if (ahead == 1)
		return SEQ_STEP_ONE;
	if ((uint16_t)(swapped(seq) - swapped(last)) == 1)
		return SEQ_STEP_SWAPPED;
	if (ahead > UINT16_MAX - BACK_MAX)
		return SEQ_STEP_BACK;
	return ahead <= FEW_MAX ? SEQ_STEP_FEW : SEQ_STEP_ANY;
}

/* The step that most are; none when no step is half of them. */
static enum seq_step
usual_step(const uint32_t steps[SEQ_STEPS])
{
	uint64_t sum = 0;
	int i, usual = 0;

	for (i = 0; i < SEQ_STEPS; i++) {
		sum += steps[i];
		if (steps[i] > steps[usual])
			usual = i;
	}
	return 2 * (uint64_t)steps[usual] > sum ? (enum seq_step)usual : SEQ_STEPS;
}

static bool
is_from_33000(uint16_t first)
{
	return first >= MTR_FIRST && first <= MTR_LAST;
}

enum seq_mode
seq_mode(const uint32_t steps[SEQ_STEPS], uint16_t first)
{
	static const uint32_t none[SEQ_STEPS];

	if (memcmp(steps, none, sizeof(none)) == 0)
		return SEQ_UNKNOWN;
	switch (usual_step(steps)) {
	case SEQ_STEP_NONE:
		return first == 0 ? SEQ_CONST_ZERO : SEQ_CONST_NONZERO;
	case SEQ_STEP_ONE:
		return is_from_33000(first) ? SEQ_FROM_33000 : SEQ_BE_INC;
	case SEQ_STEP_SWAPPED:
		return SEQ_LE_INC;
	case SEQ_STEP_FEW:
		return is_from_33000(first) ? SEQ_FROM_33000 : SEQ_SHARED_COUNTER;
	default:
		return SEQ_RANDOM;
	}
}

/* What a payload holds behind its timestamp. */
enum fill {
	FILL_ANY,
	FILL_ZERO,
	FILL_INDEX,    /* each octet its place in the payload, plus `octet` */
	FILL_CONSTANT, /* `octet` */
	FILL_PERIOD,   /* the same again after at most `octet` */
	FILL_ALPHABET, /* a to w, again and again */
	FILL_ABCD,     /* 0xab, 0xcd */
	FILL_64,       /* 0x40 and the place, header included, modulo 64 */
};

/* What it begins with. */
enum stamp {
	STAMP_NONE,
	STAMP_TIMEVAL_64,   /* seconds and microseconds, of 8 octets each */
	STAMP_TIMEVAL_32,
	STAMP_MICROSECONDS, /* of a clock of the sender's, 4 octets */
	STAMP_CHECKSUM,     /* 2 octets that keep the checksum what it is */
	STAMP_CISCO,        /* 4 zeros, a timer of 4 octets */
};

static const uint8_t stamp_lens[] = {
	[STAMP_TIMEVAL_64] = 16,
	[STAMP_TIMEVAL_32] = 8,
	[STAMP_MICROSECONDS] = 4,
	[STAMP_CHECKSUM] = 2,
	[STAMP_CISCO] = 8,
};

/* Zero members ask nothing, unless a flag says that they do. */
struct sender {
	const char *tool;
	enum stamp stamp;
	enum fill fill;
	const char *text;     /* right behind the stamp */
	uint16_t least, most; /* octets of payload */
	uint16_t modes;       /* bits of enum seq_mode */
	uint16_t id, seq;
	uint8_t octet;        /* of the fill */
	uint8_t ttl_least, ttl_most;
	uint8_t code;
	bool is_empty, has_id, has_seq;
};

#define MODE(mode) (1u << (mode))

/* clang-format off */

/*
 * The first row that fits wins. From the tools' sources and captures of them:
 * iputils, fping, busybox, mtr, nmap, masscan, zmap, hping3, monitoring-plugins,
 * Apple's network_cmds, traceroute, scamper, thc-ipv6.
 */
static const struct sender senders[] = {
	{ "thc_ipv6", STAMP_NONE, FILL_CONSTANT, .octet = 'A', .least = 1, .id = 0xface,
	  .seq = 0xbabe, .has_id = true, .has_seq = true },
	/* nmap draws its TTL, hping3 counts in the order of its host */
	{ "nmap", .is_empty = true, .has_seq = true, .ttl_least = 27, .ttl_most = 59,
	  .modes = MODE(SEQ_UNKNOWN) | MODE(SEQ_CONST_ZERO) },
	{ "hping3", .is_empty = true, .modes = MODE(SEQ_LE_INC) },
	{ "nmap", STAMP_NONE, FILL_ZERO, .least = 120, .most = 120, .seq = 295, .has_seq = true,
	  .code = 9 },
	{ "nmap", STAMP_NONE, FILL_ZERO, .least = 150, .most = 150, .seq = 296, .has_seq = true },
	{ "mtr", STAMP_NONE, FILL_ZERO, .modes = MODE(SEQ_FROM_33000) },
	{ "windows_tracert", STAMP_NONE, FILL_ZERO, .least = 64, .most = 64, .id = 1,
	  .has_id = true },
	{ "windows_tracert", STAMP_NONE, FILL_ZERO, .least = 64, .most = 64, .id = 0x200,
	  .has_id = true },
	{ "zmap", STAMP_NONE, FILL_ZERO, .least = 20, .most = 20, .ttl_least = 200 },
	{ "fping", STAMP_NONE, FILL_ZERO, .least = 56, .most = 56 },
	{ "masscan", STAMP_NONE, FILL_INDEX, .octet = 8, .least = 48, .most = 48,
	  .ttl_least = 200 },
	{ "check_icmp", STAMP_TIMEVAL_64, FILL_ANY, .least = 68, .most = 68, .text = "\x0a" },
	{ "iputils", STAMP_TIMEVAL_64, FILL_INDEX, .least = 16 },
	{ "iputils", STAMP_TIMEVAL_64, FILL_PERIOD, .octet = 16, .least = 24 },
	{ "iputils", STAMP_NONE, FILL_INDEX, .least = 4, .most = 15 },
	{ "bsd", STAMP_TIMEVAL_32, FILL_INDEX, .least = 9 },
	{ "windows", STAMP_NONE, FILL_ALPHABET, .least = 4 },
	{ "windows", STAMP_NONE, FILL_ANY, .text = "0123456789abcdefghijklmnopqrstuv" },
	{ "cisco", STAMP_CISCO, FILL_ABCD, .least = 12 },
	{ "traceroute", STAMP_NONE, FILL_64, .least = 4 },
	{ "hping3", STAMP_NONE, FILL_CONSTANT, .octet = 'X', .least = 4 },
	{ "solarwinds", STAMP_NONE, FILL_ANY, .text = "SolarWinds" },
	{ "whatsup", STAMP_NONE, FILL_ANY, .text = "WhatsUp - A Netw" },
	{ "cacti", STAMP_NONE, FILL_ANY, .text = "cacti-monitoring-system" },
	{ "iss_scanner", STAMP_NONE, FILL_ANY, .text = "ISSPNGRQ" },
	{ "l3retriever", STAMP_NONE, FILL_ANY, .text = "ABCDEFGHIJKLMNOPQRSTUVWABCDEFGHI" },
	{ "viber", STAMP_NONE, FILL_ANY, .text = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ__" },
	{ "delphi", STAMP_NONE, FILL_ANY, .text = "Pinging from Del" },
	{ "tjping", STAMP_NONE, FILL_ANY, .text = "TJPingPro by Jim" },
	{ "netxray", STAMP_NONE, FILL_ANY, .text = "Cinco Network, Inc." },
	{ "cyberkit", STAMP_NONE, FILL_CONSTANT, .octet = 0xaa, .least = 64, .most = 64 },
	{ "hans", STAMP_NONE, FILL_ANY, .text = "hanc" },
	{ "ptunnel", STAMP_NONE, FILL_ANY, .text = "\xd5\x20\x08\x80" },
	{ "ptunnel_ng", STAMP_NONE, FILL_ANY, .text = "\xde\xad\xc0\xde" },
	{ "icmptunnel", STAMP_NONE, FILL_ANY, .text = "TUNL" },
	{ "scamper", STAMP_CHECKSUM, FILL_ZERO, .least = 8 },
	{ "busybox", STAMP_MICROSECONDS, FILL_ZERO, .least = 12 },
};
/* clang-format on */

static uint32_t
look_len(const struct cursor *payload)
{
	return payload->captured < LOOK_LEN ? payload->captured : LOOK_LEN;
}

/* What an octet should be, by the fill and the ones before. */
static int
filled(const struct sender *row, const struct cursor *payload, uint32_t at)
{
	switch (row->fill) {
	case FILL_ZERO:
		return 0;
	case FILL_INDEX:
		return (uint8_t)(at + row->octet);
	case FILL_CONSTANT:
		return row->octet;
	case FILL_ALPHABET:
		return 'a' + (int)(at % 23);
	case FILL_ABCD:
		return at % 2 == 0 ? 0xab : 0xcd;
	case FILL_64:
		return 0x40 + (int)((at + 8) & 0x3f);
	default:
		return cursor_peek(payload, at);
	}
}

/* Whether what lies from `from` on repeats itself after `period` octets. */
static bool
has_period(const struct cursor *payload, uint32_t from, uint32_t period)
{
	uint32_t at, end = look_len(payload);

	for (at = from + period; at < end; at++)
		if (cursor_peek(payload, at) != cursor_peek(payload, at - period))
			return false;
	return true;
}

static bool
is_filled(const struct sender *row, const struct cursor *payload)
{
	uint32_t at = stamp_lens[row->stamp], end = look_len(payload), period;

	if (row->fill == FILL_PERIOD) {
		for (period = 1; period <= row->octet; period++)
			if (has_period(payload, at, period))
				return true;
		return false;
	}
	for (; at < end; at++)
		if (cursor_peek(payload, at) != filled(row, payload, at))
			return false;
	return true;
}

/* A number of the sender's byte order. */
static uint64_t
number(const struct cursor *payload, uint32_t at, uint32_t octets, bool is_big)
{
	uint64_t value = 0;
	uint32_t i;

	for (i = 0; i < octets; i++)
		value = value << 8 |
		    (uint8_t)cursor_peek(payload, is_big ? at + i : at + octets - 1 - i);
	return value;
}

/* A time within a year of the capture's, whose clock may never have been set. */
static bool
is_timeval(const struct cursor *payload, uint32_t octets, bool is_big, uint64_t when_ns)
{
	uint64_t s = number(payload, 0, octets, is_big), when_s = when_ns / NS_PER_S;

	if (number(payload, octets, octets, is_big) >= 1000000)
		return false;
	return when_s < CLOCK_LEAST_S || (s < when_s + YEAR_S && s + YEAR_S > when_s);
}

static bool
is_stamped(enum stamp stamp, const struct cursor *payload, uint64_t when_ns)
{
	switch (stamp) {
	case STAMP_TIMEVAL_64:
		return is_timeval(payload, 8, false, when_ns) ||
		    is_timeval(payload, 8, true, when_ns);
	case STAMP_TIMEVAL_32:
		return is_timeval(payload, 4, false, when_ns) ||
		    is_timeval(payload, 4, true, when_ns);
	case STAMP_CISCO:
		return number(payload, 0, 4, true) == 0;
	case STAMP_MICROSECONDS:
	case STAMP_CHECKSUM:
		return number(payload, 0, stamp_lens[stamp], true) != 0;
	default:
		return true;
	}
}

static bool
has_text(const struct cursor *payload, uint32_t at, const char *text)
{
	for (; *text != '\0'; text++, at++)
		if (cursor_peek(payload, at) != (uint8_t)*text)
			return false;
	return true;
}

static bool
fits_header(const struct sender *row, const struct sender_clues *clues)
{
	uint32_t len = clues->payload.claimed;

	return row->is_empty == (len == 0) && len >= row->least &&
	    (row->most == 0 || len <= row->most) && clues->ttl >= row->ttl_least &&
	    (row->ttl_most == 0 || clues->ttl <= row->ttl_most) &&
	    (!row->has_id || clues->id == row->id) &&
	    (!row->has_seq || clues->seq == row->seq) &&
	    (row->code == 0 || clues->code == row->code) &&
	    (row->modes == 0 || (row->modes >> clues->mode & 1) != 0);
}

/* What the capture cut off is not held against the row, but some of the fill must be there. */
static bool
fits_payload(const struct sender *row, const struct sender_clues *clues)
{
	const struct cursor *payload = &clues->payload;
	uint32_t stamp_len = stamp_lens[row->stamp];

	if (row->is_empty)
		return true;
	return payload->captured > stamp_len && is_stamped(row->stamp, payload, clues->when_ns) &&
	    (row->text == NULL || has_text(payload, stamp_len, row->text)) &&
	    is_filled(row, payload);
}

const char *
sender_tool(const struct sender_clues *clues)
{
	size_t i;

	for (i = 0; i < sizeof(senders) / sizeof(senders[0]); i++)
		if (fits_header(&senders[i], clues) && fits_payload(&senders[i], clues))
			return senders[i].tool;
	return NULL;
}
