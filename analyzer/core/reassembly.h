/*
 * Fragments to datagrams, IPv4 (RFC 791 3.2) and IPv6 (RFC 8200 4.5), in
 * memory taken once. Datagrams are told apart by addresses, identification
 * and, in IPv4, protocol; VLANs and tunnels around them make no difference.
 *
 * Overlaps: a fragment that repeats an earlier one exactly is a duplicate and
 * does nothing. Any other overlap is an anomaly. IPv4 keeps the octets that
 * came first and takes only what is new; IPv6 gives up the datagram and all of
 * its fragments, also those still to come (RFC 5722 4). A fragment past the
 * datagram's known end, or a second, different end, counts as an overlap; in
 * IPv4 only that fragment is dropped.
 *
 * UDP carries tunnels, but most of its fragments are none of ours, and only the
 * first of a datagram says so. So later ones are taken when that one was, and
 * take neither memory nor room from ICMP otherwise; the price is that tunneled
 * datagrams whose fragments come out of order stay incomplete.
 *
 * A datagram that will never be whole still has its beginning, if the first
 * fragment came: it is handed out when the datagram is let go.
 */
#ifndef ANALYZER_CORE_REASSEMBLY_H
#define ANALYZER_CORE_REASSEMBLY_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/core/assembly.h"
#include "analyzer/core/hash.h"
#include "analyzer/core/table.h"
#include "decoders/packet.h"
#include "decoders/packet_head.h"

/* How long after a datagram is complete its late duplicates are known as such. */
#define REASSEMBLY_LINGER_NS UINT64_C(1000000000)

enum reassembly_verdict {
	REASSEMBLY_WAITING,   /* taken; more must come */
	REASSEMBLY_COMPLETE,  /* taken; the datagram is whole */
	REASSEMBLY_DUPLICATE, /* seen before; nothing to do */
	REASSEMBLY_DROPPED,   /* not taken; counted by reason */
	REASSEMBLY_PARTIAL,   /* the same, but it begins a datagram that will not be whole */
	REASSEMBLY_UNCLAIMED, /* not taken nor counted: of a datagram that nobody began */
};

enum reassembly_loss {
	REASSEMBLY_BAD_LENGTH, /* no octets; IPv6: no multiple of 8 and not the last */
	REASSEMBLY_OVERSIZED,  /* ends past the longest datagram there can be */
	REASSEMBLY_MISFIT,     /* IPv4: contradicts the known end */
	REASSEMBLY_OVERLAP,    /* IPv6: overlaps, so the datagram is given up */
	REASSEMBLY_GIVEN_UP,   /* IPv6: of a datagram given up before */
	REASSEMBLY_LOSSES
};

struct datagram;

struct reassembly_config {
	/*
	 * Takes the beginning of a datagram that is let go, as of its first
	 * fragment; all is borrowed for the call. May be NULL.
	 */
	void (*abandon)(void *owner, const struct packet_head *head,
	    const struct datagram *datagram);
	void *owner;
	uint32_t datagrams;   /* that can be incomplete at once */
	uint64_t memory_size; /* for their octets; raised to what one datagram may need */
	uint64_t timeout_ns;  /* from a datagram's first fragment */
	struct hash_key hash_key;
};

/*
 * Every fragment is taken, or in one of `duplicates`, `late_duplicates` and
 * `dropped`. Every datagram begun still waits, or is in one of the last four.
 */
struct reassembly_counts {
	uint64_t fragments;
	uint64_t duplicates;      /* fragments seen before, while incomplete */
	uint64_t late_duplicates; /* and after the datagram was complete */
	uint64_t dropped[REASSEMBLY_LOSSES];
	uint64_t overlaps;  /* fragments that overlap others, whatever came of it */
	uint64_t conflicts; /* of these, with different octets or ends */
	uint64_t completed; /* datagrams */
	uint64_t timed_out; /* incomplete when their time was over */
	uint64_t evicted;   /* incomplete when their memory was needed */
	uint64_t given_up;  /* IPv6, for an overlap */
};

struct reassembly {
	struct table waiting; /* incomplete datagrams, and those given up */
	struct table done;    /* complete ones, to know late duplicates by */
	struct block_pool pool;
	struct packet_head *heads; /* of first fragments, by their place in `waiting` */
	uint8_t *octets;  /* the datagram last completed */
	uint64_t *frames; /* and its frames */
	uint8_t *partial_octets;  /* of the one last abandoned */
	uint64_t *partial_frames;
	struct reassembly_config config;
	struct reassembly_counts counts;
};

/* What a fragment led to. Borrowed parts are valid until the next fragment. */
struct datagram {
	/* Set with every verdict. */
	enum reassembly_verdict verdict;
	enum overlap overlap;       /* of the fragment with those before */
	bool is_begun;              /* the fragment is the first of its datagram to come */
	struct anomalies anomalies; /* of all fragments so far */
	uint64_t begun_ns;          /* timestamp of the fragment that came first; 0: not kept */
	/* The rest is set when complete, or abandoned. */
	struct cursor payload;  /* captured: up to the first octet that was not;
	                           claimed, of a beginning: an octet more if not known */
	uint8_t protocol;       /* what follows, by the first fragment (RFC 8200 4.5) */
	uint8_t ttl;            /* the first fragment's */
	const uint64_t *frames; /* numbers of the frames it is made of, as they came */
	uint32_t frame_count;
};

/*
 * Takes all memory. Returns 0, or -1 with `err` filled and nothing held. The
 * struct must stay where it is.
 */
int
reassembly_init(struct reassembly *reassembly, const struct reassembly_config *config, char *err);
void reassembly_free(struct reassembly *reassembly);
size_t reassembly_memory(const struct reassembly *reassembly);

/*
 * Takes a packet whose verdict is PACKET_FRAGMENT, or PACKET_LATER_FRAGMENT: then
 * it is UNCLAIMED unless it joins others. A fragment captured short
 * still counts with all the octets it claims. Its payload may lie in the
 * datagram returned last, as with fragments in a tunnel that is fragmented.
 */
enum reassembly_verdict reassembly_add(struct reassembly *reassembly, const struct packet *packet,
    uint64_t now_ns, struct datagram *out);

/* Whether it holds anything that time could change. */
static inline bool
reassembly_is_busy(const struct reassembly *reassembly)
{
	return reassembly->waiting.count > 0 || reassembly->done.count > 0;
}

/* Lets go of what has waited too long; reassembly_add does it too. */
void reassembly_expire(struct reassembly *reassembly, uint64_t now_ns);

/* The capture ended: hands out the beginnings of all that waits. */
void reassembly_finish(struct reassembly *reassembly);

/* The slug of a reason to drop a fragment. */
const char *reassembly_loss_name(enum reassembly_loss loss);

#endif
