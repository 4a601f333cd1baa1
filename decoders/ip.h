/*
 * What both versions of the IP header say, for the packet itself and for the
 * datagram quoted in an error: one struct, filled by ip4.c and ip6.c.
 */
#ifndef DECODERS_IP_H
#define DECODERS_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/addr.h"
#include "decoders/cursor.h"

/* Protocol numbers (IANA) that the walk knows. */
enum {
	IP_PROTO_HOP_BY_HOP = 0,
	IP_PROTO_ICMP = 1,
	IP_PROTO_IGMP = 2,
	IP_PROTO_IPIP = 4,
	IP_PROTO_TCP = 6,
	IP_PROTO_UDP = 17,
	IP_PROTO_DCCP = 33,
	IP_PROTO_IPV6 = 41,
	IP_PROTO_ROUTING = 43,
	IP_PROTO_FRAGMENT = 44,
	IP_PROTO_GRE = 47,
	IP_PROTO_ESP = 50,
	IP_PROTO_AH = 51,
	IP_PROTO_ICMPV6 = 58,
	IP_PROTO_NO_NEXT = 59,
	IP_PROTO_DESTINATION = 60,
	IP_PROTO_ETHERIP = 97,
	IP_PROTO_ENCAP = 98,
	IP_PROTO_PIM = 103,
	IP_PROTO_VRRP = 112,
	IP_PROTO_IPCOMP = 108,
	IP_PROTO_L2TP = 115,
	IP_PROTO_SCTP = 132,
	IP_PROTO_MOBILITY = 135,
	IP_PROTO_UDP_LITE = 136,
	IP_PROTO_MPLS = 137,
	IP_PROTO_HIP = 139,
	IP_PROTO_SHIM6 = 140,
	IP_PROTO_ETHERNET = 143,
	IP_PROTO_EXPERIMENT_1 = 253,
	IP_PROTO_EXPERIMENT_2 = 254,
};

struct ip_header {
	uint8_t version;  /* 4 or 6; 0 when there was no readable header */
	uint8_t ttl;      /* TTL or hop limit */
	uint8_t protocol; /* what follows the last header read */
	uint8_t tos;      /* TOS or traffic class octet */
	struct addr source, destination;
	struct addr final_destination; /* of a source route, else as destination */
	uint32_t header_length;        /* octets, with options or extension headers */
	uint32_t length;               /* datagram as claimed: header and payload; 0 if not known */
	uint32_t id;                   /* identification; of the fragment header in IPv6 */
	uint32_t flow_label;           /* of IPv6; 0: the sender set none */
	uint32_t fragment_offset;      /* octets */
	bool has_id;                   /* IPv4, or an IPv6 fragment header was there */
	bool is_fragment;              /* not the whole datagram */
	bool more_fragments;
	bool dont_fragment;
	bool has_options;  /* IPv4 options, or any IPv6 extension header */
	bool router_alert; /* RFC 2113, RFC 2711 */
	bool checksum_bad; /* IPv4 header checksum, when it could be verified */
	bool length_bad;   /* the length contradicts the header or the frame */
};

/*
 * Reads an IPv4 header (RFC 791) and leaves `c` at its payload, limited to
 * the total length. `lenient` is for quoted headers: the total length speaks
 * of the original datagram, so it limits nothing.
 */
enum decode_status ip4_decode(struct cursor *c, bool lenient, struct ip_header *out);

/*
 * Reads an IPv6 header and its chain of extension headers (RFC 8200 4) up to
 * the first that is none, or to a fragment header that is not the whole
 * datagram (then `is_fragment`, and `c` is at the fragment's data), or to an
 * Authentication Header, which IPv4 has too: ip_ah_decode reads it.
 * There may be any number of headers. When the chain is cut, `protocol` is the
 * last next header known.
 */
enum decode_status ip6_decode(struct cursor *c, bool lenient, struct ip_header *out);

/* Goes on along the chain from `out->protocol`, e.g. after reassembly. */
enum decode_status ip6_decode_chain(struct cursor *c, struct ip_header *out);

/* Whether ip6_decode_chain or ip_ah_decode would read a header `protocol`. */
bool ip6_is_extension(uint8_t protocol);

/*
 * Goes over a Mobility Header (RFC 6275 6.1.1) and the rest of the chain. It is
 * none of the chain's own, for in a quote it is what the datagram is about.
 */
enum decode_status ip6_mobility_decode(struct cursor *c, struct ip_header *out);

/*
 * Goes over an Authentication Header (RFC 4302 2), and in IPv6 over the rest
 * of the chain behind it; notes what follows as `out->protocol`.
 */
enum decode_status ip_ah_decode(struct cursor *c, struct ip_header *out);

/*
 * Limits `c` to a payload of `len` octets. When the frame has fewer, `len`
 * is still what is claimed, so reads past the frame are TRUNCATED and no
 * checksum is judged over half of its bytes; `length_bad` is set.
 */
void ip_limit_payload(struct cursor *c, uint32_t len, struct ip_header *out);

#endif
