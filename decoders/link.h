/*
 * How the walk goes from header to header, and the headers below IP. Every
 * header is a row; its reader moves the cursor past it and says which row
 * comes next. A new link type, ethertype or tunnel is a row and a reader.
 * The rows here are link types, ethertypes and PPP protocols; those that IP
 * carries are in tunnel.h.
 */
#ifndef DECODERS_LINK_H
#define DECODERS_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "decoders/cursor.h"
#include "decoders/packet.h"

/* Ethertypes (IANA, IEEE) that readers name as what comes next. */
enum {
	LINK_IPV4 = 0x0800,
	LINK_BRIDGED = 0x6558, /* transparent Ethernet bridging: a whole frame */
	LINK_IPV6 = 0x86dd,
	LINK_PPP = 0x880b,
	LINK_MPLS = 0x8847,
	LINK_PPPOE = 0x8864,
	LINK_ERSPAN = 0x88be,
	LINK_NSH = 0x894f,
};

/* Link types (tcpdump.org) that readers name as what comes next. */
enum {
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_PPP = 9,
	LINKTYPE_PPP_OR_CISCO = 50,
	LINKTYPE_ATM = 100,
	LINKTYPE_RAW = 101,
	LINKTYPE_CISCO_HDLC = 104,
	LINKTYPE_WLAN = 105,
	LINKTYPE_PRISM = 119,
	LINKTYPE_AVS = 163,
};

struct header_type;

/* What a reader answers: the next header, or why there is none. */
struct step {
	const struct header_type *next; /* NULL ends the walk */
	enum packet_verdict verdict;    /* when it ends here */
};

struct header_type {
	uint32_t number;      /* in the table it is found in */
	enum layer_kind kind; /* noted in packet->layers; LAYER_KINDS for none */
	const char *name;     /* NULL ends the table */

	/* When the cursor fails, what it returns does not matter. */
	struct step (*read)(struct packet *packet, struct cursor *c);
};

/* The row of `number` in a table, or NULL. */
static inline const struct header_type *
header_find(const struct header_type *rows, uint32_t number)
{
	for (; rows->name != NULL; rows++)
		if (rows->number == number)
			return rows;
	return NULL;
}

/* On to `next`; a number without a row is a protocol that carries no ICMP. */
static inline struct step
step_to(const struct header_type *next)
{
	struct step s = { next, PACKET_OTHER };

	return s;
}

static inline struct step
step_end(enum packet_verdict verdict)
{
	struct step s = { NULL, verdict };

	return s;
}

/* Sets the tag of the layer that is being read. */
static inline void
layer_tag(struct packet *packet, uint32_t tag)
{
	packet->layers[packet->layer_count - 1].tag = tag;
}

/*
 * Notes that the frame goes on at `rest` with another header of `row`, the
 * one that is being read: packet_next() will walk it. Called before anything
 * of the datagram at hand is noted. Returns false when too many are nested.
 */
bool link_sibling(struct packet *packet, const struct header_type *row, struct cursor rest);

/*
 * Goes on behind the header of the first of several fragments that a link or
 * tunnel made: the datagram in it is cut as a snap length would cut it. Others
 * end at PACKET_LINK_FRAGMENT, for without the first they are nothing.
 */
void link_first_fragment(struct packet *packet, struct cursor *c);

/*
 * The same by the highest bits of multilink's flags, begin and end (RFC 1990
 * 3, FRF.12 5); both are set when it is whole. False when another is the first.
 */
bool link_multilink(struct packet *packet, struct cursor *c, uint8_t flags);

/* Link types by file, then what else has numbers. */
extern const struct header_type link_common_types[], link_lan_types[], link_wan_types[];
extern const struct header_type link_juniper_types[];
extern const struct header_type link_host_types[], link_wlan_types[], link_wpan_types[];
extern const struct header_type link_ethertypes[], link_ppp_protocols[], link_nlpids[];

/* Rows that are found in no table of numbers. */
extern const struct header_type link_llc;
extern const struct header_type link_nlpid; /* RFC 2427, RFC 2684: what ISO 9577 names */

/* 802.11 with its frame control's octets swapped, as in LWAPP and CAPWAP. */
extern const struct header_type link_wlan_swapped;

/* Reads the destination's and the source's address; keeps the outermost. */
void link_macs(struct packet *packet, struct cursor *c);

/* Keeps the addresses of a frame, unless those of one around it are kept. */
void link_note_macs(struct packet *packet, const struct mac *destination,
    const struct mac *source);

/* Counts a VLAN tag and keeps its id, while there is room. */
void link_note_vlan(struct packet *packet, uint16_t id);

/* Reads an address family of 4 octets: their order is the writer's; families are small. */
uint32_t link_read_family(struct cursor *c);

/* On by an address family as the writing system numbers it. */
struct step link_family(uint32_t family);

/* The row of a link type or ethertype, or NULL. */
const struct header_type *link_type(uint32_t link_type);
const struct header_type *link_ethertype(uint32_t ethertype);

/* Behind addresses or a tag: on by an ethertype, or by 802.3's length to LLC. */
struct step link_type_or_length(struct cursor *c);

/* The IP row that the version nibble at `c` asks for, or NULL. */
const struct header_type *link_ip_version(struct cursor *c);

#endif
