/*
 * A frame walked from its link header down to the innermost IP datagram: the
 * stack of layers, the IP header that carries the payload, and where the walk
 * ended. Nothing is copied, moved or overwritten.
 */
#ifndef DECODERS_PACKET_H
#define DECODERS_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/addr.h"
#include "decoders/anomaly.h"
#include "decoders/cursor.h"
#include "decoders/frame.h"
#include "decoders/ip.h"

#define PACKET_LAYERS_MAX 16 /* headers walked; more is a verdict, not an error */
#define PACKET_OUTER_MAX 4   /* outer IP headers kept */
#define PACKET_VLANS_MAX 4
#define PACKET_SIBLINGS_MAX 4    /* frames of several datagrams, one in another */
#define PACKET_SCRATCH_SIZE 2048 /* the longest datagram of 6LoWPAN is 2047 */

enum layer_kind {
	LAYER_ETHERNET,
	LAYER_LINUX_SLL,
	LAYER_LINUX_SLL2,
	LAYER_RAW,
	LAYER_NULL,
	LAYER_LOOP,
	LAYER_PPP,
	LAYER_VLAN,
	LAYER_LLC,
	LAYER_SNAP,
	LAYER_MPLS,
	LAYER_PPPOE,
	LAYER_IPV4,
	LAYER_IPV6,
	LAYER_GRE,
	LAYER_AH,
	LAYER_ERSPAN,
	LAYER_CISCO_HDLC,
	LAYER_TOKEN_RING,
	LAYER_FDDI,
	LAYER_ARCNET,
	LAYER_FIBRE_CHANNEL,
	LAYER_INFINIBAND,
	LAYER_IEEE1394,
	LAYER_NETANALYZER,
	LAYER_SWITCH_TAG,
	LAYER_MPACKET,
	LAYER_DOCSIS,
	LAYER_SLIP,
	LAYER_FRAME_RELAY,
	LAYER_MULTILINK_FRAME_RELAY,
	LAYER_ATM,
	LAYER_LANE,
	LAYER_NLPID,
	LAYER_JUNIPER,
	LAYER_ENC,
	LAYER_PFLOG,
	LAYER_IPNET,
	LAYER_NFLOG,
	LAYER_PKTAP,
	LAYER_PPI,
	LAYER_ERF,
	LAYER_VSOCK,
	LAYER_SYMANTEC,
	LAYER_RADIOTAP,
	LAYER_PRISM,
	LAYER_AVS,
	LAYER_WLAN,
	LAYER_AMSDU,
	LAYER_WPAN,
	LAYER_LOWPAN,
	LAYER_PBB,
	LAYER_VNTAG,
	LAYER_ETAG,
	LAYER_FABRICPATH,
	LAYER_CISCO_METADATA,
	LAYER_NSH,
	LAYER_MACSEC,
	LAYER_PWACH,
	LAYER_EOIP,
	LAYER_WCCP,
	LAYER_ETHERIP,
	LAYER_PIM,
	LAYER_L2TP,
	LAYER_UDP,
	LAYER_VXLAN,
	LAYER_VXLAN_GPE,
	LAYER_GENEVE,
	LAYER_GUE,
	LAYER_LISP,
	LAYER_TEREDO,
	LAYER_AYIYA,
	LAYER_GTP,
	LAYER_CAPWAP,
	LAYER_LWAPP,
	LAYER_TZSP,
	LAYER_STT,
	LAYER_PPP_MULTILINK,
	LAYER_UDP_LITE,
	LAYER_KINDS
};

struct layer {
	enum layer_kind kind;
	uint32_t tag; /* VLAN id, MPLS label, VXLAN network...; 0 for the others */
};

/* Where the walk ended. */
enum packet_verdict {
	PACKET_ICMP,         /* `payload` is an ICMP message */
	PACKET_FRAGMENT,     /* `payload` is part of a datagram that may carry ICMP */
	PACKET_LATER_FRAGMENT, /* the same, if the first fragment was PACKET_FRAGMENT */
	PACKET_LINK_FRAGMENT,  /* part of what a link or tunnel cut; not put together */
	PACKET_OTHER,        /* read to the end: not ICMP, and carries none */
	PACKET_OPAQUE,       /* cannot be looked into: encrypted, or not named */
	PACKET_UNKNOWN_LINK, /* a link type we do not read */
	PACKET_TOO_DEEP,     /* more than PACKET_LAYERS_MAX headers */
	PACKET_TRUNCATED,    /* the snap length cut a header */
	PACKET_MALFORMED,    /* a header contradicts itself */
	PACKET_VERDICTS
};

struct header_type;

/*
 * What is left of a frame of several datagrams, and what was known of the
 * packet in front of them.
 */
struct sibling {
	const struct header_type *row; /* reads `rest` */
	struct cursor rest;
	struct anomalies anomalies;
	uint8_t layer_count, outer_count, vlan_count;
	bool has_source_mac, has_destination_mac;
	bool is_reassembled; /* `rest` lies in the datagram of packet->fragments */
};

/*
 * The ends of an IEEE 802.15.4 frame, from which 6LoWPAN makes addresses:
 * interface identifiers (RFC 6282 3.2.2), and the PAN for those of RFC 4944.
 */
struct lowpan_ends {
	uint8_t source[8], destination[8];
	uint16_t source_pan, destination_pan;
};

/* Of an outer IP header. */
struct packet_ends {
	struct addr source, destination;
};

struct packet {
	const struct frame *frame;
	enum packet_verdict verdict;
	struct layer layers[PACKET_LAYERS_MAX];
	uint8_t layer_count;
	uint8_t outer_count; /* IP headers outside `ip`, may exceed OUTER_MAX */
	uint8_t vlan_count;  /* may exceed VLANS_MAX */
	bool has_source_mac, has_destination_mac; /* SLL has the source alone */
	struct mac source_mac, destination_mac;   /* of the outermost Ethernet */
	uint16_t vlans[PACKET_VLANS_MAX];         /* outermost first */
	struct ip_header ip;                      /* the innermost */
	struct packet_ends outer[PACKET_OUTER_MAX]; /* outermost first */
	struct cursor payload;      /* what `ip` carries; what was left where the walk ended */
	struct cursor carried;      /* what `ip` carries, from its first octet on */
	struct anomalies anomalies; /* of the headers */
	uint64_t begun_ns;          /* the frame's time, or its first fragment's */
	const uint64_t *fragments;  /* frame numbers, when reassembled */
	uint32_t fragment_count;
	bool is_link_fragment;      /* the first; what follows is cut as by the snap length */
	bool is_partial;            /* fragments are missing; `payload` claims one octet more
	                               when it is not known how many */
	uint32_t index;             /* of the message among those of its frame, from 0 */
	uint8_t sibling_count;      /* of `siblings` */
	struct sibling siblings[PACKET_SIBLINGS_MAX]; /* the last one is next */
	struct lowpan_ends lowpan;
	uint8_t scratch[PACKET_SCRATCH_SIZE]; /* a header that was decompressed */
};

/* Walks `frame` from its link type; fills `out` and returns its verdict. */
enum packet_verdict packet_walk(const struct frame *frame, struct packet *out);

/*
 * Goes on after reassembly: `payload` is the whole datagram's payload, which
 * follows `packet->ip.protocol`. The verdict may be PACKET_FRAGMENT again.
 */
enum packet_verdict packet_resume(struct packet *packet, struct cursor payload);

/*
 * Goes on to the next datagram of the same frame, as in an A-MSDU of 802.11,
 * and walks it as packet_walk() does; false when there is none. What has to
 * be reassembled itself is PACKET_TOO_DEEP while others wait in the memory of
 * a reassembled datagram.
 */
bool packet_next(struct packet *packet);

/*
 * Whether it is to more than one: multicast, or any kind of broadcast. One to a
 * net's own address shows by the frame (RFC 1122 3.3.6).
 */
static inline bool
packet_is_to_group(const struct packet *packet)
{
	const struct addr *destination = &packet->ip.final_destination;

	if (packet->has_destination_mac && mac_is_group(&packet->destination_mac) &&
	    mac_is_broadcast(&packet->destination_mac))
		return true;
	return !addr_is_ordinary(destination) &&
	       (addr_is_multicast(destination) || addr_is_limited_broadcast(destination));
}

/*
 * The name of a layer in the encapsulation path, whether it goes with a tag
 * there ("vlan:10"), and the name of a verdict (a slug).
 */
const char *layer_name(enum layer_kind kind);
bool layer_has_tag(enum layer_kind kind);

/*
 * The innermost tag of VLAN, VXLAN and the like, or 0: the link that the
 * datagram is on, as far as the frame tells.
 */
uint32_t packet_link(const struct packet *packet);
const char *packet_verdict_name(enum packet_verdict verdict);

/* Whether packet_walk reads this link type. */
bool packet_link_known(uint32_t link_type);

#endif
