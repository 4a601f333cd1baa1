/*
 * Serial lines and wide area networks: SLIP, PPP and Cisco HDLC with a
 * direction in front, frame relay, ATM.
 */
#include "decoders/link.h"

#include "decoders/tunnel.h"

#define SLIP_HEADER_LEN 16
#define SLIP_BSDOS_HEADER_LEN 24
#define PPPD_HEADER_LEN 2 /* direction and control */

#define Q922_ADDRESS_END 1
#define Q922_ADDRESS_MAX 4
#define UNNUMBERED 0x03

#define MULTILINK_CONTROL 0x20

#define LLC_SNAP 0xaaaa03
#define LLC_NLPID 0xfefe03
#define LLC_IP 0x060603
#define SNAP_LEN 8
#define SNAP_BRIDGED_FCS UINT64_C(0xaaaa030080c20001)
#define SNAP_BRIDGED UINT64_C(0xaaaa030080c20007)
#define OUI_BRIDGED 0x0080c2
#define BRIDGED_FRAGMENT 13 /* RFC 1490 5 */

#define SUNATM_TYPE_MASK 15
#define SUNATM_LANE 1
#define SUNATM_USER_CIRCUITS 32 /* circuits of path 0 below are the network's own */

/* The driver's header holds the direction and, for TCP, what was compressed. */
static struct step
read_slip(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, SLIP_HEADER_LEN);
	return step_to(link_ip_version(c));
}

/* libpcap has the longer header, tcpdump the shorter. */
static struct step
read_slip_bsdos(struct packet *packet, struct cursor *c)
{
	int first;

	(void)packet;
	if (!cursor_want(c, SLIP_BSDOS_HEADER_LEN + 1))
		return step_end(PACKET_OTHER);
	first = cursor_peek(c, SLIP_BSDOS_HEADER_LEN);
	if ((first >= 0x45 && first <= 0x4f) || first >> 4 == 6)
		cursor_skip(c, SLIP_BSDOS_HEADER_LEN);
	else
		cursor_skip(c, SLIP_HEADER_LEN);
	return step_to(link_ip_version(c));
}

/* pppd puts the direction in the place of HDLC's address. */
static struct step
read_ppp_pppd(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, PPPD_HEADER_LEN);
	return step_to(link_type(LINKTYPE_PPP));
}

static struct step
read_ppp_direction(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, 1);
	return step_to(link_type(LINKTYPE_PPP));
}

static struct step
read_cisco_direction(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, 1);
	return step_to(link_type(LINKTYPE_CISCO_HDLC));
}

/* SNAP as frame relay has it: bridged frames follow without padding. */
static struct step
read_relayed_snap(struct packet *packet, struct cursor *c)
{
	uint32_t oui = (uint32_t)cursor_uint(c, 3);
	uint16_t type = cursor_u16(c);

	(void)packet;
	if (oui == OUI_BRIDGED && (type == 1 || type == 7))
		return step_to(link_ethertype(LINK_BRIDGED));
	if (oui == OUI_BRIDGED && type == BRIDGED_FRAGMENT)
		return step_end(PACKET_LINK_FRAGMENT);
	if (oui != 0)
		return step_end(PACKET_OTHER);
	return step_to(link_ethertype(type));
}

static struct step
read_relayed_ppp(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_to(link_ethertype(LINK_PPP));
}

/* FRF.12 and FRF.15: frames that are whole have their own NLPID. */
static struct step
read_relayed_fragment(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_end(PACKET_LINK_FRAGMENT);
}

const struct header_type link_nlpids[] = {
	{ 0xcc, LAYER_IPV4, "IPv4", tunnel_ipv4 },
	{ 0x8e, LAYER_IPV6, "IPv6", tunnel_ipv6 },
	{ 0x80, LAYER_SNAP, "SNAP", read_relayed_snap },
	{ 0xcf, LAYER_KINDS, "PPP, RFC 1973", read_relayed_ppp },
	{ 0xb0, LAYER_KINDS, "compressed, FRF.9", tunnel_opaque },
	{ 0xb1, LAYER_KINDS, "fragment, FRF.12", read_relayed_fragment },
	{ 0, LAYER_KINDS, NULL, NULL },
};

/* A zero octet pads to an even length (RFC 2427 3). */
static struct step
read_nlpid(struct packet *packet, struct cursor *c)
{
	uint8_t nlpid = cursor_u8(c);

	(void)packet;
	if (nlpid == 0)
		nlpid = cursor_u8(c);
	return step_to(header_find(link_nlpids, nlpid));
}

const struct header_type link_nlpid = { 0, LAYER_NLPID, "NLPID", read_nlpid };

/* Q.922's address, then RFC 2427's control, or Cisco's ethertype. */
static struct step
read_frame_relay(struct packet *packet, struct cursor *c)
{
	int len = 1;

	(void)packet;
	while ((cursor_u8(c) & Q922_ADDRESS_END) == 0 && c->status == DECODE_OK)
		if (++len > Q922_ADDRESS_MAX)
			cursor_fail(c, DECODE_MALFORMED);
	if (cursor_peek(c, 0) != UNNUMBERED)
		return step_to(link_ethertype(cursor_u16(c)));
	cursor_skip(c, 1);
	return step_to(&link_nlpid);
}

static const struct header_type frame_relay = { 107, LAYER_FRAME_RELAY, "Frame Relay",
	read_frame_relay };

static struct step
read_frame_relay_direction(struct packet *packet, struct cursor *c)
{
	cursor_skip(c, 1);
	return read_frame_relay(packet, c);
}

/* FRF.16.1 3: bits for begin, end and control, then a sequence number. */
static struct step
read_multilink(struct packet *packet, struct cursor *c)
{
	uint8_t flags = cursor_u8(c);

	cursor_skip(c, 1);
	if ((flags & MULTILINK_CONTROL) != 0)
		return step_end(PACKET_OTHER);
	if (!link_multilink(packet, c, flags))
		return step_end(PACKET_LINK_FRAGMENT);
	return step_to(&frame_relay);
}

/*
 * RFC 2684 5, or RFC 2225's IP alone; Cisco has the control and NLPID alone.
 * Bridged frames are behind a SNAP header and two octets of padding.
 */
static struct step
read_atm(struct packet *packet, struct cursor *c)
{
	struct cursor ahead = *c;
	uint32_t llc;
	uint64_t snap;

	(void)packet;
	if (!cursor_want(c, 3))
		return step_end(PACKET_OTHER);
	if (cursor_peek(c, 0) == UNNUMBERED) {
		cursor_skip(c, 1);
		return step_to(&link_nlpid);
	}
	llc = (uint32_t)cursor_uint(&ahead, 3);
	if (llc == LLC_NLPID) {
		cursor_skip(c, 3);
		return step_to(&link_nlpid);
	}
	if (llc != LLC_SNAP)
		return step_to(llc == LLC_IP ? &link_llc : link_ip_version(c));
	ahead = *c;
	snap = cursor_uint(&ahead, SNAP_LEN);
	if (ahead.status != DECODE_OK)
		cursor_fail(c, ahead.status);
	if (snap != SNAP_BRIDGED && snap != SNAP_BRIDGED_FCS)
		return step_to(&link_llc);
	cursor_skip(c, SNAP_LEN + 2);
	return step_to(link_ethertype(LINK_BRIDGED));
}

/* A LAN emulation client's number, then the frame (AF-LANE-0021 4.1.1). */
static struct step
read_lane(struct packet *packet, struct cursor *c)
{
	(void)packet;
	cursor_skip(c, 2);
	return step_to(link_ethertype(LINK_BRIDGED));
}

static const struct header_type lane = { 0, LAYER_LANE, "LAN emulation", read_lane };

/* Direction and type, virtual path, virtual circuit. */
static struct step
read_sunatm(struct packet *packet, struct cursor *c)
{
	uint8_t type = cursor_u8(c) & SUNATM_TYPE_MASK;
	uint8_t path = cursor_u8(c);
	uint16_t circuit = cursor_u16(c);

	if (path == 0 && circuit < SUNATM_USER_CIRCUITS)
		return step_end(PACKET_OTHER);
	if (type == SUNATM_LANE)
		return step_to(&lane);
	return read_atm(packet, c);
}

/* clang-format off */
const struct header_type link_wan_types[] = {
	{ 8, LAYER_SLIP, "SLIP", read_slip },
	{ 102, LAYER_SLIP, "SLIP of BSD/OS", read_slip_bsdos },
	{ 15, LAYER_SLIP, "SLIP of BSD/OS, as it numbers it", read_slip_bsdos },
	{ 166, LAYER_KINDS, "PPP of pppd", read_ppp_pppd },
	{ 204, LAYER_KINDS, "PPP with direction", read_ppp_direction },
	{ 205, LAYER_KINDS, "Cisco HDLC with direction", read_cisco_direction },
	{ 107, LAYER_FRAME_RELAY, "Frame Relay", read_frame_relay },
	{ 206, LAYER_FRAME_RELAY, "Frame Relay with direction", read_frame_relay_direction },
	{ 182, LAYER_MULTILINK_FRAME_RELAY, "Multilink Frame Relay", read_multilink },
	{ 100, LAYER_ATM, "ATM, RFC 1483", read_atm },
	{ 11, LAYER_ATM, "ATM, RFC 1483, as systems number it", read_atm },
	{ 106, LAYER_ATM, "classical IP over ATM", read_atm },
	{ 19, LAYER_ATM, "classical IP over ATM, as Linux numbers it", read_atm },
	{ 123, LAYER_ATM, "ATM of SunATM", read_sunatm },
	{ 0, LAYER_KINDS, NULL, NULL },
};
/* clang-format on */
