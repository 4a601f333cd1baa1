/*
 * Builds messages and packets for tests and samples, from the same tables that
 * decode them. Inside out: first the payload, then each header in front of it.
 *
 *	struct wire w = wire_over(buffer, sizeof(buffer));
 *	struct wire_ip ip = { .source = "192.0.2.1", .destination = "192.0.2.2" };
 *
 *	wire_icmp(&w, 4, 8, 0, (struct wire_value[]){
 *	    { "id", .number = 7 }, { "seq", .number = 1 }, WIRE_END });
 *	wire_bytes(&w, "ping", 4);
 *	wire_ip4(&w, &ip);
 *	wire_ethernet(&w, 0x0800);
 *
 * Nothing is written beyond the caller's buffer: what does not fit, or cannot
 * be encoded, sets `failed`, and the packet must not be used.
 */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/icmp.h"

struct wire {
	uint8_t *bytes; /* the caller's */
	uint32_t size;
	uint32_t len;
	bool failed;
};

/* The value of a field by its name; a list of them ends with a NULL name. */
struct wire_value {
	const char *name;
	uint64_t number;   /* numbers and flags; the two's complement of an INT */
	const char *text;  /* addresses and DNS names, several parted by blanks; text */
	const void *bytes; /* octets, when `text` is NULL */
	uint32_t len;
};

#define WIRE_END { .name = NULL }

struct wire_ip {
	const char *source, *destination;
	uint8_t ttl;       /* 0 = 64 */
	uint8_t protocol;  /* 0 = ICMP of that version; of IPv6 the first next header */
	uint8_t tos;
	uint32_t id;
	uint32_t flow_label; /* IPv6 */
	uint16_t fragment_offset; /* octets, a multiple of 8 */
	bool more_fragments, dont_fragment;
	bool keep_checksum;     /* leave the payload's checksum field alone */
	const uint8_t *options; /* IPv4 options, or whole IPv6 extension headers */
	uint32_t options_len;   /* a multiple of 4, of 8 in IPv6 */
	uint8_t last_header;    /* IPv6: what follows `options`; 0 = ICMPv6 */
};

struct wire wire_over(uint8_t *buffer, uint32_t size);

/* The octets of an address of `version`, from its text; false when it is none. */
bool wire_address(const char *text, uint8_t version, uint8_t *out);

/* Appending. */
void wire_bytes(struct wire *w, const void *bytes, uint32_t len);
void wire_zero(struct wire *w, uint32_t len);
void wire_uint(struct wire *w, uint64_t number, uint32_t octets);

/* In front of what is there. */
void wire_prepend(struct wire *w, const void *bytes, uint32_t len);

/* Overwrites `octets` octets at `at`, which must be there. */
void wire_put(struct wire *w, uint32_t at, uint64_t number, uint32_t octets);

/*
 * A message of the row that icmp_lookup gives for an endless message, or of
 * the row given. Fields without a value are zero; a count without a value is
 * that of its items. `values` may be NULL. The checksum is left zero: it is
 * written by wire_ip4 and wire_ip6.
 */
void wire_icmp(struct wire *w, uint8_t version, uint8_t type, uint8_t code,
    const struct wire_value *values);
void wire_message(struct wire *w, const struct icmp_type *row, uint8_t code,
    const struct wire_value *values);

/* What the security section that is there secures, by the row: `values` and no seal. */
void wire_secured(struct wire *w, const struct icmp_type *row, const struct wire_value *values);

/*
 * Whether the field at `index` is such a count, of items, octets or padding,
 * of a field that is there by the numbers before it.
 */
bool wire_counts(const struct field *fields, const union value *numbers, uint8_t index);

/*
 * A record of one of the lists of decoders/record.h, with its header. It is
 * padded with zeros to the unit of its length, 8 octets for Neighbor Discovery.
 */
void wire_record(struct wire *w, const struct list_type *list, uint32_t type,
    const struct wire_value *values);

/* The first `len` octets of a datagram (all, if it has fewer), as an error quotes it. */
void wire_quote(struct wire *w, const struct wire *datagram, uint32_t len);

/* Zeros up to `len` octets in all. */
void wire_pad(struct wire *w, uint32_t len);

/* An extension structure (RFC 4884 7) around these objects, with its checksum. */
void wire_extension(struct wire *w, const struct wire *objects);

/* Transport headers in front of what is there; wire_ip4/6 write the checksum. */
void wire_udp(struct wire *w, uint16_t source, uint16_t destination);
void wire_tcp(struct wire *w, uint16_t source, uint16_t destination, uint32_t sequence);

/*
 * An IP header in front of what is there, lengths and checksums filled in.
 * The checksum of an ICMP, UDP or TCP payload is too, unless it is a fragment.
 */
void wire_ip4(struct wire *w, const struct wire_ip *ip);
void wire_ip6(struct wire *w, const struct wire_ip *ip);

/* An Ethernet header between two documentation MAC addresses (RFC 7042 2.1.2). */
void wire_ethernet(struct wire *w, uint16_t ether_type);

#endif
