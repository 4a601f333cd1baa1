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
	LAYER_KINDS
};

struct layer {
	enum layer_kind kind;
	uint32_t tag; /* VLAN id, MPLS label; 0 for the others */
};

/* Where the walk ended. */
enum packet_verdict {
	PACKET_ICMP,         /* `payload` is an ICMP message */
	PACKET_FRAGMENT,     /* `payload` is part of a datagram that may carry ICMP */
	PACKET_OTHER,        /* read to the end: not ICMP, and carries none */
	PACKET_OPAQUE,       /* cannot be looked into: encrypted, or unnamed behind MPLS */
	PACKET_UNKNOWN_LINK, /* a link type we do not read */
	PACKET_TOO_DEEP,     /* more than PACKET_LAYERS_MAX headers */
	PACKET_TRUNCATED,    /* the snap length cut a header */
	PACKET_MALFORMED,    /* a header contradicts itself */
	PACKET_VERDICTS
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
	struct {
		struct addr source, destination;
	} outer[PACKET_OUTER_MAX];  /* outermost first */
	struct cursor payload;      /* what `ip` carries */
	struct anomalies anomalies; /* of the headers */
	uint64_t begun_ns;          /* the frame's time, or its first fragment's */
	const uint64_t *fragments;  /* frame numbers, when reassembled */
	uint32_t fragment_count;
};

/* Walks `frame` from its link type; fills `out` and returns its verdict. */
enum packet_verdict packet_walk(const struct frame *frame, struct packet *out);

/*
 * Goes on after reassembly: `payload` is the whole datagram's payload, which
 * follows `packet->ip.protocol`. The verdict may be PACKET_FRAGMENT again.
 */
enum packet_verdict packet_resume(struct packet *packet, struct cursor payload);

/* The name of a layer in the encapsulation path, and of a verdict (a slug). */
const char *layer_name(enum layer_kind kind);
const char *packet_verdict_name(enum packet_verdict verdict);

/* Whether packet_walk reads this link type. */
bool packet_link_known(uint32_t link_type);

#endif
