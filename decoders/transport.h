/*
 * The first octets of a transport header, as far as they identify a flow:
 * eight of them is all that an old router quotes (RFC 792).
 */
#ifndef DECODERS_TRANSPORT_H
#define DECODERS_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/cursor.h"

struct transport {
	uint8_t protocol;
	bool has_ports, has_tcp_sequence, has_verification_tag, has_spi;
	bool has_ipsec_sequence, has_key;
	bool has_icmp;        /* type and code */
	bool has_id, has_seq; /* has_seq only with has_id */
	bool has_checksum;    /* of UDP and ICMP */
	bool has_tcp_flags;   /* and the acknowledgment number */
	uint16_t source_port, destination_port;
	uint32_t tcp_sequence;
	uint32_t verification_tag; /* SCTP */
	uint32_t spi;              /* ESP, AH */
	uint32_t ipsec_sequence;   /* likewise */
	uint32_t key;              /* GRE */
	uint8_t icmp_type, icmp_code;
	uint16_t id, seq;          /* of an echo or other ICMP message with them */
	uint16_t checksum;
	uint32_t tcp_acknowledgment;
	uint8_t tcp_flags;         /* the last octet of them */
};

/* Of tcp_flags (RFC 9293 3.1). */
enum {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_ACK = 0x10,
};

/* Reads what is there of `protocol`'s header; says how far it got. */
enum decode_status transport_decode(struct cursor c, uint8_t protocol, struct transport *out);

/* IANA's protocol keyword in lower case ("tcp", "ipv6-icmp"), or NULL. */
const char *transport_name(uint8_t protocol);

#endif
