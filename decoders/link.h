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
	LINK_ERSPAN = 0x88be,
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

/* The row of a link type or ethertype, or NULL. */
const struct header_type *link_type(uint32_t link_type);
const struct header_type *link_ethertype(uint32_t ethertype);

/* The IP row that the version nibble at `c` asks for, or NULL. */
const struct header_type *link_ip_version(struct cursor *c);

#endif
