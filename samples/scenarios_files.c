/*
 * The same ten pings as files of every format, and the same file with every
 * kind of damage.
 */
#include "samples/scenarios.h"

#define PINGS 5           /* so ten frames */
#define FRAME_LEN 98
#define FILE_HEADER_LEN 24
#define RECORD_LEN (16 + FRAME_LEN)
#define RECORD_AT(n) (FILE_HEADER_LEN + ((n) - 1) * (size_t)RECORD_LEN) /* from 1 */

static void
play_pings(struct scene *s)
{
	struct scene_echo echo = { "192.0.2.10", "198.51.100.20", 0x2b01, 0, 56, 0 };
	uint16_t i;

	for (i = 1; i <= PINGS; i++) {
		echo.seq = i;
		scene_echo(s, &echo);
		scene_wait(s, 10 * MS + i * 111u);
		s->now_ns += 123; /* lost in microseconds */
		scene_reply(s, &echo);
		scene_wait(s, SECOND);
	}
}

static void
play_nothing(struct scene *s)
{
	(void)s;
}

static void
write_pcap(const struct scene *s, struct writer *w, enum writer_pcap_kind kind)
{
	size_t i;

	writer_pcap_header(w, kind, SCENE_SNAP_LEN, s->scenario->link_type);
	for (i = 0; i < s->frame_count; i++)
		writer_pcap_record(w, kind, &s->frames[i]);
}

static void
write_us(const struct scene *s, struct writer *w)
{
	write_pcap(s, w, WRITER_US);
}

static void
write_us_big(const struct scene *s, struct writer *w)
{
	w->is_big_endian = true;
	write_pcap(s, w, WRITER_US);
}

static void
write_ns(const struct scene *s, struct writer *w)
{
	write_pcap(s, w, WRITER_NS);
}

static void
write_ns_big(const struct scene *s, struct writer *w)
{
	w->is_big_endian = true;
	write_pcap(s, w, WRITER_NS);
}

static void
write_kuznetzov(const struct scene *s, struct writer *w)
{
	write_pcap(s, w, WRITER_KUZNETZOV);
}

static void
write_pcapng(const struct scene *s, struct writer *w)
{
	const struct writer_interface interface = { LINK_TYPE_ETHERNET, SCENE_SNAP_LEN, 9, "eth0" };
	size_t i;

	writer_section(w);
	writer_interface(w, &interface);
	for (i = 0; i < s->frame_count; i++)
		writer_packet(w, &interface, &s->frames[i]);
}

static void
write_pcapng_big(const struct scene *s, struct writer *w)
{
	w->is_big_endian = true;
	write_pcapng(s, w);
}

/* The frame without its Ethernet header. */
static struct writer_frame
without_link(const struct writer_frame *frame)
{
	struct writer_frame raw = *frame;

	raw.bytes += 14;
	raw.captured -= 14;
	raw.length -= 14;
	return raw;
}

/* Ethernet in microseconds and raw IP in 2^-20 s, taking turns. */
static void
write_pcapng_interfaces(const struct scene *s, struct writer *w)
{
	const struct writer_interface ethernet = { LINK_TYPE_ETHERNET, SCENE_SNAP_LEN, 0, "lan0" };
	const struct writer_interface raw = { LINK_TYPE_RAW, 96, 0x80 | 20, "tun0" };
	struct writer_frame frame;
	size_t i;

	writer_section(w);
	writer_interface(w, &ethernet);
	writer_interface(w, &raw);
	for (i = 0; i < s->frame_count; i++) {
		if (i % 2 == 0) {
			writer_packet(w, &ethernet, &s->frames[i]);
		} else {
			frame = without_link(&s->frames[i]);
			frame.interface = 1;
			writer_packet(w, &raw, &frame);
		}
	}
}

/* Three sections, as concatenated files have: other order, link type and clock. */
static void
write_pcapng_sections(const struct scene *s, struct writer *w)
{
	const struct writer_interface first = { LINK_TYPE_ETHERNET, SCENE_SNAP_LEN, 6, "eth0" };
	const struct writer_interface second = { LINK_TYPE_RAW, SCENE_SNAP_LEN, 9, NULL };
	struct writer_frame frame;
	size_t i;

	writer_section(w);
	writer_interface(w, &first);
	for (i = 0; i < 4; i++)
		writer_packet(w, &first, &s->frames[i]);
	w->is_big_endian = true;
	writer_section(w);
	writer_interface(w, &second);
	for (; i < 8; i++) {
		frame = without_link(&s->frames[i]);
		writer_packet(w, &second, &frame);
	}
	w->is_big_endian = false;
	writer_section(w);
	writer_interface(w, &first);
	for (; i < s->frame_count; i++)
		writer_packet(w, &first, &s->frames[i]);
}

/* Blocks that nobody knows, custom blocks, and packets without a time. */
static void
write_pcapng_blocks(const struct scene *s, struct writer *w)
{
	const struct writer_interface interface = { LINK_TYPE_ETHERNET, SCENE_SNAP_LEN, 6, NULL };
	struct writer strange = { 0 };
	size_t i;

	writer_bytes(&strange, "what is this?", 13);
	writer_section(w);
	writer_block(w, 0x0bad, &strange);
	writer_interface(w, &interface);
	writer_block(w, 0x40000bad, &strange); /* a custom block */
	for (i = 0; i < 4; i++)
		writer_packet(w, &interface, &s->frames[i]);
	writer_block(w, 4, &strange); /* name resolution, its content broken */
	for (; i < s->frame_count; i++)
		writer_simple_packet(w, &s->frames[i]);
	writer_free(&strange);
}

static void
cut_at(struct writer *w, size_t len)
{
	if (w->len > len)
		w->len = len;
}

static void
cut_payload(struct writer *w)
{
	cut_at(w, w->len - 20);
}

static void
cut_record_header(struct writer *w)
{
	cut_at(w, RECORD_AT(10) + 7);
}

static void
cut_file_header(struct writer *w)
{
	cut_at(w, 10);
}

static void
empty(struct writer *w)
{
	cut_at(w, 0);
}

static void
huge_length(struct writer *w)
{
	writer_patch(w, RECORD_AT(6) + 8, 0x7fffffff, 4);
}

static void
longer_length(struct writer *w)
{
	writer_patch(w, RECORD_AT(6) + 8, FRAME_LEN + 8, 4);
}

static void
bad_magic(struct writer *w)
{
	writer_patch(w, 0, 0xa1b2c3d5, 4);
}

static void
bad_link_type(struct writer *w)
{
	writer_patch(w, 20, 9999, 4);
}

static void
odd_fraction(struct writer *w)
{
	writer_patch(w, RECORD_AT(6) + 4, 5000000, 4);
}

static void
overlong(struct writer *w)
{
	writer_patch(w, RECORD_AT(6) + 12, FRAME_LEN - 8, 4);
}

static void
last_time(struct writer *w)
{
	writer_patch(w, RECORD_AT(6), UINT32_MAX, 4);
}

static void
cut_block(struct writer *w)
{
	cut_at(w, w->len - 30);
}

/* clang-format off */
#define FORMAT(name, words, how) \
	{ name, words, .play = play_pings, .link_type = LINK_TYPE_ETHERNET, .write = (how) }
#define DAMAGE(name, words, how) \
	{ "damage_" name ".pcap", words, .play = play_pings, .link_type = LINK_TYPE_ETHERNET, \
	  .write = write_us, .damage = (how) }

const struct scenario file_scenarios[] = {
	FORMAT("pings.pcap", "five pings answered: the file that all formats and damages start from",
	    write_us),
	FORMAT("format_us_big_endian.pcap", "the same, highest octet first", write_us_big),
	FORMAT("format_ns.pcap", "the same in nanoseconds", write_ns),
	FORMAT("format_ns_big_endian.pcap", "the same in nanoseconds, highest octet first",
	    write_ns_big),
	FORMAT("format_kuznetzov.pcap", "the same in Kuznetzov's modified format", write_kuznetzov),
	FORMAT("format_pcapng.pcapng", "the same as pcapng in nanoseconds", write_pcapng),
	FORMAT("format_pcapng_big_endian.pcapng", "the same, highest octet first", write_pcapng_big),
	FORMAT("format_pcapng_interfaces.pcapng",
	    "two interfaces that differ in link type, snap length and clock",
	    write_pcapng_interfaces),
	FORMAT("format_pcapng_sections.pcapng",
	    "three sections that differ in octet order, link type and clock",
	    write_pcapng_sections),
	FORMAT("format_pcapng_blocks.pcapng",
	    "unknown blocks, a custom block, packets without a time", write_pcapng_blocks),
	DAMAGE("payload_cut", "the last frame is cut", cut_payload),
	DAMAGE("record_header_cut", "the last record's header is cut", cut_record_header),
	DAMAGE("file_header_cut", "ten octets of the file header", cut_file_header),
	DAMAGE("empty", "no octet at all", empty),
	{ "damage_header_only.pcap", "a file header without packets: not damaged", .play = play_nothing,
	  .link_type = LINK_TYPE_ETHERNET },
	DAMAGE("huge_length", "packet 6 claims a captured length of 0x7fffffff", huge_length),
	DAMAGE("longer_length", "packet 6 claims eight octets too many", longer_length),
	DAMAGE("bad_magic", "no known magic number", bad_magic),
	DAMAGE("bad_link_type", "link type 9999", bad_link_type),
	DAMAGE("odd_fraction", "packet 6 has 5000000 microseconds", odd_fraction),
	DAMAGE("overlong", "packet 6 captured more than was on the wire", overlong),
	DAMAGE("last_time", "packet 6 is of the year 2106", last_time),
	{ "damage_pcapng_cut.pcapng", "the last block is cut", .play = play_pings,
	  .link_type = LINK_TYPE_ETHERNET, .write = write_pcapng, .damage = cut_block },
	{ .file = NULL }
};
/* clang-format on */
