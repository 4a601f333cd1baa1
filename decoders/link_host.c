/*
 * Headers that the capturing host or device puts in front: firewall logs,
 * IPsec interfaces, and wrappers that name the link type of what they hold.
 */
#include "decoders/link.h"

#include "decoders/tunnel_access.h"

#define ALIGNMENT 4

#define PFLOG_MIN_LEN 2

#define IPNET_LEN 24
#define IPNET_IPV4 2
#define IPNET_IPV6 26

#define NFLOG_PAYLOAD 9

#define PPI_LEN 8

#define PKTAP_LEN 12
#define PKTAP_PACKET 1

#define ERF_TYPE_MASK 0x7f
#define ERF_MORE 0x80
#define ERF_TIME_LEN 8
#define ERF_EXTENSION_LEN 8
#define ERF_PAD_LEN 2
#define ERF_CHANNEL_LEN 4
#define ERF_CELL_HEADER_LEN 4

#define SYMANTEC_LEN 44
#define SYMANTEC_TYPE_AT 6
#define SYMANTEC3_LEN 56
#define SYMANTEC3_TYPE_AT 10

/* `len` raised to a multiple of ALIGNMENT. */
static uint32_t
aligned(uint32_t len)
{
	return (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* OpenBSD's IPsec interface: family in its own order, SPI, flags. */
static struct step
read_enc(struct packet *packet, struct cursor *c)
{
	uint32_t family = link_read_family(c);

	(void)packet;
	cursor_skip(c, 8);
	return link_family(family);
}

/* The header's length, without its padding, and the family; then the rule. */
static struct step
read_pflog(struct packet *packet, struct cursor *c)
{
	uint8_t len = cursor_u8(c);
	uint8_t family = cursor_u8(c);

	(void)packet;
	if (len < PFLOG_MIN_LEN)
		cursor_fail(c, DECODE_MALFORMED);
	cursor_skip(c, aligned(len) - 2);
	return link_family(family);
}

/* Solaris: version, family, hook, lengths, interfaces and zones. */
static struct step
read_ipnet(struct packet *packet, struct cursor *c)
{
	uint8_t family;

	(void)packet;
	cursor_skip(c, 1);
	family = cursor_u8(c);
	cursor_skip(c, IPNET_LEN - 2);
	if (family == IPNET_IPV4)
		return step_to(link_ethertype(LINK_IPV4));
	if (family == IPNET_IPV6)
		return step_to(link_ethertype(LINK_IPV6));
	return step_end(PACKET_OTHER);
}

/*
 * Netfilter: family, version, resource, then attributes up to the payload.
 * Lengths and types are in the order of the writer; types are small.
 */
static struct step
read_nflog(struct packet *packet, struct cursor *c)
{
	uint8_t family = cursor_u8(c);

	(void)packet;
	cursor_skip(c, 3);
	while (!cursor_done(c)) {
		struct cursor big = *c;
		uint16_t len = cursor_u16_le(c);
		uint16_t type = cursor_u16_le(c);
		uint32_t padding;

		if (type > UINT8_MAX) {
			len = cursor_u16(&big);
			type = cursor_u16(&big);
		}
		if (len < 4) {
			cursor_fail(c, DECODE_MALFORMED);
			break;
		}
		if (type == NFLOG_PAYLOAD) {
			*c = cursor_cut(c, len - 4U);
			return link_family(family);
		}
		padding = aligned(len) - len;
		cursor_skip(c, len - 4U);
		cursor_skip(c, padding < c->claimed ? padding : c->claimed);
	}
	return step_end(PACKET_OTHER);
}

/* Apple: header length, what follows, link type, interface and process. */
static struct step
read_pktap(struct packet *packet, struct cursor *c)
{
	uint32_t len = cursor_u32_le(c);
	uint32_t kind = cursor_u32_le(c);
	uint32_t type = cursor_u32_le(c);

	(void)packet;
	cursor_skip_header(c, len, PKTAP_LEN);
	if (kind != PKTAP_PACKET)
		return step_end(PACKET_OTHER);
	return step_to(link_type(type));
}

/* Per-Packet Information: version, flags, length, link type, fields. */
static struct step
read_ppi(struct packet *packet, struct cursor *c)
{
	uint32_t len, type;

	(void)packet;
	cursor_skip(c, 2);
	len = cursor_u16_le(c);
	type = cursor_u32_le(c);
	cursor_skip_header(c, len, PPI_LEN);
	return step_to(link_type(type));
}

/* A record type of ERF: what is between its header and the frame. */
struct erf_type {
	uint8_t type;
	uint8_t skipped;
	uint16_t link_type;
};

static const struct erf_type erf_types[] = {
	{ 1, 0, LINKTYPE_PPP_OR_CISCO },
	{ 2, ERF_PAD_LEN, LINKTYPE_ETHERNET },
	{ 4, ERF_CELL_HEADER_LEN, LINKTYPE_ATM },
	{ 5, ERF_CHANNEL_LEN, LINKTYPE_PPP_OR_CISCO },
	{ 9, ERF_CHANNEL_LEN + ERF_CELL_HEADER_LEN, LINKTYPE_ATM },
	{ 10, 0, LINKTYPE_PPP_OR_CISCO },
	{ 11, ERF_PAD_LEN, LINKTYPE_ETHERNET },
	{ 15, 0, LINKTYPE_PPP_OR_CISCO },
	{ 16, ERF_PAD_LEN, LINKTYPE_ETHERNET },
	{ 17, ERF_CHANNEL_LEN, LINKTYPE_PPP_OR_CISCO },
	{ 19, 0, LINKTYPE_PPP_OR_CISCO },
	{ 20, ERF_PAD_LEN, LINKTYPE_ETHERNET },
	{ 22, 0, 228 },
	{ 23, 0, 229 },
};

/* Endace: time, type, flags, lengths and losses, extension headers, frame. */
static struct step
read_erf(struct packet *packet, struct cursor *c)
{
	uint8_t type, more;
	size_t i;

	(void)packet;
	cursor_skip(c, ERF_TIME_LEN);
	type = cursor_u8(c);
	cursor_skip(c, 7);
	for (more = type; (more & ERF_MORE) != 0 && c->status == DECODE_OK;) {
		more = cursor_u8(c);
		cursor_skip(c, ERF_EXTENSION_LEN - 1);
	}
	for (i = 0; i < sizeof erf_types / sizeof erf_types[0]; i++) {
		if (erf_types[i].type != (type & ERF_TYPE_MASK))
			continue;
		cursor_skip(c, erf_types[i].skipped);
		return step_to(link_type(erf_types[i].link_type));
	}
	return step_end(PACKET_OTHER);
}

/* Sockets between virtual machines: no network at all. */
static struct step
read_vsock(struct packet *packet, struct cursor *c)
{
	(void)packet;
	(void)c;
	return step_end(PACKET_OTHER);
}

/* The two lengths differ in where the ethertype is; it is zero elsewhere. */
static struct step
read_symantec(struct packet *packet, struct cursor *c)
{
	struct cursor header = *c;
	uint16_t type, type3;

	(void)packet;
	cursor_skip(&header, SYMANTEC_TYPE_AT);
	type = cursor_u16(&header);
	cursor_skip(&header, SYMANTEC3_TYPE_AT - SYMANTEC_TYPE_AT - 2);
	type3 = cursor_u16(&header);
	if (header.status != DECODE_OK)
		cursor_fail(c, header.status);
	cursor_skip(c, type != 0 ? SYMANTEC_LEN : SYMANTEC3_LEN);
	return step_to(link_ethertype(type != 0 ? type : type3));
}

/* clang-format off */
const struct header_type link_host_types[] = {
	{ 99, LAYER_SYMANTEC, "Symantec firewall", read_symantec },
	{ 109, LAYER_ENC, "OpenBSD IPsec", read_enc },
	{ 117, LAYER_PFLOG, "OpenBSD packet filter log", read_pflog },
	{ 128, LAYER_TZSP, "TZSP", tunnel_tzsp },
	{ 192, LAYER_PPI, "Per-Packet Information", read_ppi },
	{ 197, LAYER_ERF, "Endace ERF", read_erf },
	{ 226, LAYER_IPNET, "Solaris IPNET", read_ipnet },
	{ 239, LAYER_NFLOG, "Linux netfilter log", read_nflog },
	{ 258, LAYER_PKTAP, "Apple PKTAP", read_pktap },
	{ 271, LAYER_VSOCK, "Linux vsock", read_vsock },
	{ 0, LAYER_KINDS, NULL, NULL },
};
/* clang-format on */
