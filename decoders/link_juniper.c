/*
 * Captures of Juniper routers: a magic number, flags, extensions, then what
 * the interface card puts in front of the link's own header (a cookie). There
 * is no specification: the layouts are those that tcpdump and Wireshark know,
 * and where the two differ, both are tried.
 */
#include "decoders/link.h"

#include "decoders/tunnel.h"

#define MAGIC 0x4d4743
#define FLAG_INCOMING 0x01
#define FLAG_NO_LINK 0x02
#define FLAG_EXTENSIONS 0x80
#define NO_LINK_LEN 4 /* behind the header, when the link's own was taken off */

#define COOKIE_LINK_SERVICES 0x54
#define COOKIE_ADAPTIVE_SERVICES 0x47
#define COOKIE_LSQ 0x48
#define ADAPTIVE_COOKIE_LEN 8
#define ATM1_COOKIE_LEN 4
#define ATM2_COOKIE_LEN 8
#define GSN_COOKIE_LEN 8
#define MONITOR_COOKIE_LEN 8
#define IPSEC_HEADER_LEN 16
#define VOICE_HEADER_LEN 18
#define IP_PLACE_MAX 16

#define LSQ_PROTOCOL_SHIFT 4
#define LSQ_PROTOCOL_MASK 7
#define LSQ_TO_ENGINE 0x0c /* to the routing engine: PPP of its own */

#define PROTOCOL_IPV4 2
#define PROTOCOL_IPV6 6

#define UNNUMBERED 0x03
#define FRAME_RELAY_LINK 107
#define MULTILINK_LINK 182

/*
 * Reads up to the cookie. Returns false when there is none: `out` is then
 * where the walk goes on.
 */
static bool
read_header(struct cursor *c, uint8_t *flags, struct step *out)
{
	uint32_t magic = (uint32_t)cursor_uint(c, 3);

	*out = step_end(PACKET_OTHER);
	*flags = cursor_u8(c);
	if (magic != MAGIC)
		return false;
	if ((*flags & FLAG_EXTENSIONS) != 0)
		cursor_skip(c, cursor_u16(c));
	if ((*flags & FLAG_NO_LINK) == 0)
		return c->status == DECODE_OK;
	cursor_skip(c, NO_LINK_LEN);
	*out = step_to(link_ip_version(c));
	return false;
}

/* On to IP at the first of the places where its version may be. */
static struct step
step_to_ip(struct cursor *c, const uint32_t *places, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		int first = cursor_peek(c, places[i]);

		if ((first >= 0x45 && first <= 0x4f) || first >> 4 == 6)
			break;
	}
	if (i == count) {
		cursor_want(c, IP_PLACE_MAX + 1);
		return step_end(PACKET_OTHER);
	}
	cursor_skip(c, places[i]);
	return step_to(link_ip_version(c));
}

/* Ethernet, PPP, Frame Relay, Cisco HDLC behind the header alone. */
static struct step
read_link(struct cursor *c, const struct header_type *link)
{
	struct step step;
	uint8_t flags;

	if (!read_header(c, &flags, &step))
		return step;
	return step_to(link);
}

static struct step
read_ether(struct packet *packet, struct cursor *c)
{
	(void)packet;
	return read_link(c, link_ethertype(LINK_BRIDGED));
}

static struct step
read_ppp(struct packet *packet, struct cursor *c)
{
	(void)packet;
	return read_link(c, link_ethertype(LINK_PPP));
}

static struct step
read_frame_relay(struct packet *packet, struct cursor *c)
{
	(void)packet;
	return read_link(c, link_type(FRAME_RELAY_LINK));
}

static struct step
read_cisco_hdlc(struct packet *packet, struct cursor *c)
{
	(void)packet;
	return read_link(c, link_type(LINKTYPE_CISCO_HDLC));
}

/* Ethernet, or PPPoE's own header: no station has an address 11:00. */
static struct step
read_pppoe(struct packet *packet, struct cursor *c)
{
	struct step step;
	uint8_t flags;

	(void)packet;
	if (!read_header(c, &flags, &step))
		return step;
	if (cursor_peek(c, 0) == 0x11 && cursor_peek(c, 1) == 0)
		return step_to(link_ethertype(LINK_PPPOE));
	return step_to(link_ethertype(LINK_BRIDGED));
}

static struct step
read_pppoe_atm(struct packet *packet, struct cursor *c)
{
	struct step step;
	uint8_t flags;

	(void)packet;
	if (!read_header(c, &flags, &step))
		return step;
	return step_to(link_ethertype(cursor_u16(c)));
}

/* An adaptive services cookie names the protocol: IPv4, IPv6, MPLS, ISO. */
static struct step
read_adaptive_cookie(struct cursor *c, const struct header_type *to_engine)
{
	uint8_t direction, protocol;

	cursor_skip(c, 4);
	direction = cursor_u8(c);
	protocol = cursor_u8(c) >> LSQ_PROTOCOL_SHIFT & LSQ_PROTOCOL_MASK;
	cursor_skip(c, ADAPTIVE_COOKIE_LEN - 6);
	switch (protocol) {
	case 0:
		if (direction == LSQ_TO_ENGINE)
			return step_to(to_engine);
		return step_to(link_ethertype(LINK_IPV4));
	case 1:
		return step_to(link_ethertype(LINK_IPV6));
	case 2:
		return step_to(link_ethertype(LINK_MPLS));
	default:
		return step_end(PACKET_OTHER);
	}
}

static bool
has_adaptive_cookie(const struct cursor *c)
{
	int first = cursor_peek(c, 0);

	return first == COOKIE_ADAPTIVE_SERVICES || first == COOKIE_LSQ;
}

/* A link of the bundle has no cookie, and PPP's address shows. */
static struct step
read_mlppp(struct packet *packet, struct cursor *c)
{
	struct step step;
	uint8_t flags;

	(void)packet;
	if (!read_header(c, &flags, &step))
		return step;
	if (has_adaptive_cookie(c))
		return read_adaptive_cookie(c, link_ethertype(LINK_PPP));
	if (cursor_peek(c, 0) == COOKIE_LINK_SERVICES)
		cursor_skip(c, 4);
	else if (cursor_peek(c, 0) != 0xff)
		cursor_skip(c, 2);
	return step_to(link_ethertype(LINK_PPP));
}

/* Frame relay without its address: control and NLPID. */
static struct step
step_to_nlpid(struct cursor *c)
{
	if (cursor_u8(c) != UNNUMBERED)
		return step_end(PACKET_OTHER);
	return step_to(&link_nlpid);
}

static struct step
read_mlfr(struct packet *packet, struct cursor *c)
{
	struct step step;
	uint8_t flags;

	(void)packet;
	if (!read_header(c, &flags, &step))
		return step;
	if (has_adaptive_cookie(c))
		return read_adaptive_cookie(c, NULL);
	cursor_skip(c, cursor_peek(c, 0) == COOKIE_LINK_SERVICES ? 4 : 2);
	return step_to_nlpid(c);
}

static struct step
read_mfr(struct packet *packet, struct cursor *c)
{
	struct step step;
	uint8_t flags;

	(void)packet;
	if (!read_header(c, &flags, &step))
		return step;
	if (has_adaptive_cookie(c))
		return read_adaptive_cookie(c, NULL);
	if (cursor_peek(c, 0) >> 6 == 3)
		return step_to(link_type(MULTILINK_LINK));
	cursor_skip(c, cursor_peek(c, 0) == COOKIE_LINK_SERVICES ? 6 : 4);
	return step_to_nlpid(c);
}

/* Behind an ATM cookie: LLC, Cisco's NLPID, PPP or IP alone. */
static struct step
step_to_atm(struct cursor *c)
{
	int first = cursor_peek(c, 0), second = cursor_peek(c, 1);

	if (first == 0 && (second == 0x21 || second == 0x57))
		return step_to(link_ethertype(LINK_PPP));
	return step_to(link_type(LINKTYPE_ATM));
}

static struct step
read_atm1(struct packet *packet, struct cursor *c)
{
	struct step step;
	uint8_t flags, format;

	(void)packet;
	if (!read_header(c, &flags, &step))
		return step;
	format = cursor_u8(c);
	cursor_skip(c, ATM1_COOKIE_LEN - 1);
	if (format == 0x80) /* operation and maintenance */
		return step_end(PACKET_OTHER);
	return step_to_atm(c);
}

/* A gap count in what goes out means bridged Ethernet, unless LLC says more. */
static struct step
read_atm2(struct packet *packet, struct cursor *c)
{
	uint64_t cookie;
	struct step step;
	uint8_t flags;
	int first;

	(void)packet;
	if (!read_header(c, &flags, &step))
		return step;
	cookie = cursor_uint(c, ATM2_COOKIE_LEN);
	if ((cookie & 0x70) != 0) /* operation and maintenance */
		return step_end(PACKET_OTHER);
	first = cursor_peek(c, 0);
	if ((flags & FLAG_INCOMING) == 0 && (cookie >> 32 & 0x3f) != 0 && first != 0xaa &&
	    first != 0xfe)
		return step_to(link_ethertype(LINK_BRIDGED));
	return step_to_atm(c);
}

/* Wireshark: protocol and VLAN; tcpdump: a cookie with the protocol inside. */
static struct step
read_ggsn(struct packet *packet, struct cursor *c)
{
	struct step step;
	uint8_t flags, protocol;
	int first;

	(void)packet;
	if (!read_header(c, &flags, &step))
		return step;
	first = cursor_peek(c, 0);
	if ((first == PROTOCOL_IPV4 || first == PROTOCOL_IPV6) && cursor_peek(c, 1) == 0) {
		protocol = cursor_u8(c);
		cursor_skip(c, 3);
	} else {
		cursor_skip(c, 2);
		protocol = cursor_u8(c);
		cursor_skip(c, GSN_COOKIE_LEN - 3);
	}
	if (protocol == PROTOCOL_IPV4)
		return step_to(link_ethertype(LINK_IPV4));
	if (protocol == PROTOCOL_IPV6)
		return step_to(link_ethertype(LINK_IPV6));
	return step_end(PACKET_OTHER);
}

static struct step
read_services(struct packet *packet, struct cursor *c)
{
	static const uint32_t places[] = { 8, 12, 16 };
	struct step step;
	uint8_t flags;

	(void)packet;
	if (!read_header(c, &flags, &step))
		return step;
	return step_to_ip(c, places, sizeof places / sizeof places[0]);
}

/* IP behind the header and `len` octets of the card's own. */
static struct step
read_ip_behind(struct cursor *c, uint32_t len)
{
	struct step step;
	uint8_t flags;

	if (!read_header(c, &flags, &step))
		return step;
	cursor_skip(c, len);
	return step_to(link_ip_version(c));
}

static struct step
read_monitor(struct packet *packet, struct cursor *c)
{
	(void)packet;
	return read_ip_behind(c, MONITOR_COOKIE_LEN);
}

/* The encryption card: an association in front, or the datagram alone. */
static struct step
read_es(struct packet *packet, struct cursor *c)
{
	static const uint32_t places[] = { IPSEC_HEADER_LEN, 0 };
	struct step step;
	uint8_t flags;

	(void)packet;
	if (!read_header(c, &flags, &step))
		return step;
	return step_to_ip(c, places, sizeof places / sizeof places[0]);
}

static struct step
read_voice(struct packet *packet, struct cursor *c)
{
	(void)packet;
	return read_ip_behind(c, VOICE_HEADER_LEN);
}

static struct step
read_srx(struct packet *packet, struct cursor *c)
{
	(void)packet;
	return read_ip_behind(c, 0);
}

/* clang-format off */
const struct header_type link_juniper_types[] = {
	{ 130, LAYER_JUNIPER, "Juniper multilink PPP", read_mlppp },
	{ 131, LAYER_JUNIPER, "Juniper multilink Frame Relay", read_mlfr },
	{ 132, LAYER_JUNIPER, "Juniper encryption card", read_es },
	{ 133, LAYER_JUNIPER, "Juniper GGSN", read_ggsn },
	{ 134, LAYER_JUNIPER, "Juniper FRF.16", read_mfr },
	{ 135, LAYER_JUNIPER, "Juniper ATM2", read_atm2 },
	{ 136, LAYER_JUNIPER, "Juniper services card", read_services },
	{ 137, LAYER_JUNIPER, "Juniper ATM1", read_atm1 },
	{ 164, LAYER_JUNIPER, "Juniper monitor card", read_monitor },
	{ 167, LAYER_JUNIPER, "Juniper PPPoE", read_pppoe },
	{ 168, LAYER_JUNIPER, "Juniper PPPoE over ATM", read_pppoe_atm },
	{ 178, LAYER_JUNIPER, "Juniper Ethernet", read_ether },
	{ 179, LAYER_JUNIPER, "Juniper PPP", read_ppp },
	{ 180, LAYER_JUNIPER, "Juniper Frame Relay", read_frame_relay },
	{ 181, LAYER_JUNIPER, "Juniper Cisco HDLC", read_cisco_hdlc },
	{ 183, LAYER_JUNIPER, "Juniper voice card", read_voice },
	{ 233, LAYER_JUNIPER, "Juniper SRX", read_srx },
	{ 0, LAYER_KINDS, NULL, NULL },
};
/* clang-format on */
