/*
 * One datagram in the making, for reassembly.c: the octets and the frames its
 * fragments brought, in blocks of a pool that all datagrams share. It finds
 * out how fragments overlap; what follows from that is reassembly's to say.
 */
#ifndef ANALYZER_CORE_ASSEMBLY_H
#define ANALYZER_CORE_ASSEMBLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/core/table.h"
#include "decoders/anomaly.h"

#define FRAGMENT_UNIT 8 /* octets; offsets are multiples of it */
#define ASSEMBLY_LENGTH_MAX 65535
#define ASSEMBLY_FRAMES_MAX 8193 /* one for each unit, one for the end */
#define ASSEMBLY_FRAMES_INLINE 16
#define ASSEMBLY_OCTET_BLOCKS 32 /* for the longest datagram */
#define ASSEMBLY_FRAME_BLOCKS 32 /* for the most frames, behind the inline ones */
#define ASSEMBLY_BLOCKS_MAX (ASSEMBLY_OCTET_BLOCKS + ASSEMBLY_FRAME_BLOCKS)

struct block;

/* Blocks are numbered from 1; 0 is none. */
struct block_pool {
	struct block *blocks;
	uint32_t capacity;
	uint32_t fresh; /* blocks from here on were never used */
	uint32_t free;  /* used before */
	uint32_t used;  /* now, and the most ever */
	uint32_t peak;
};

/* What a packet brings. At least one octet, none past ASSEMBLY_LENGTH_MAX. */
struct fragment {
	const uint8_t *octets; /* borrowed */
	uint32_t captured;     /* of them; the rest is only claimed */
	uint32_t offset;       /* a multiple of FRAGMENT_UNIT */
	uint32_t end;          /* likewise, unless it is the last */
	uint64_t frame;        /* number of the frame it came in */
	bool is_last;
	uint8_t protocol;
	uint8_t ttl;
};

struct assembly_key {
	uint8_t source[16];
	uint8_t destination[16];
	uint32_t id;
	uint8_t version;
	uint8_t protocol; /* IPv4 only: in IPv6 only the first fragment's counts */
	uint8_t zero[2];
};

struct assembly {
	struct entry entry;
	struct assembly_key key;
	struct anomalies anomalies;
	uint64_t begun_ns; /* timestamp of the fragment that came first */
	uint32_t received; /* octets */
	uint32_t reach;    /* farthest end of a fragment */
	uint32_t total;    /* length of the datagram, 0 before its last fragment */
	uint32_t gap;      /* first octet that came and was not captured, plus 1; or 0 */
	uint32_t frame_count;
	uint8_t protocol; /* the first fragment's, like the TTL */
	uint8_t ttl;
	bool has_first;
	bool is_given_up;
	bool is_told; /* what there was of it was handed out */
	uint64_t frames[ASSEMBLY_FRAMES_INLINE];
	uint32_t octet_blocks[ASSEMBLY_OCTET_BLOCKS];
	uint32_t frame_blocks[ASSEMBLY_FRAME_BLOCKS];
};

/* How a fragment lies to those that came before, from harmless to hostile. */
enum overlap {
	OVERLAP_NONE,
	OVERLAP_DUPLICATE, /* one earlier fragment, exactly */
	OVERLAP_SAME,      /* other bounds; the same octets where both are captured */
	OVERLAP_REPLACED,  /* the bounds of an earlier fragment, different octets */
	OVERLAP_CONFLICT,  /* other bounds, different octets */
	OVERLAP_MISFIT,    /* contradicts the end of the datagram */
};

/*
 * Takes `size` octets of memory, or what one datagram may need if that is
 * more. Returns 0, or -1 with `err` filled and nothing held.
 */
int block_pool_init(struct block_pool *pool, uint64_t size, char *err);
void block_pool_free(struct block_pool *pool);
size_t block_pool_memory(const struct block_pool *pool);

/* Blocks that can be taken. */
uint32_t block_pool_room(const struct block_pool *pool);

enum overlap assembly_overlap(const struct block_pool *pool, const struct assembly *assembly,
    const struct fragment *fragment);

/* Blocks that taking in the fragment may use. */
uint32_t assembly_need(const struct assembly *assembly, const struct fragment *fragment);

/*
 * Takes in what the fragment brings that was not there: octets, the end, the
 * first header. Wants room for assembly_need, and no OVERLAP_MISFIT.
 */
void
assembly_take(struct block_pool *pool, struct assembly *assembly, const struct fragment *fragment);

static inline bool
assembly_is_whole(const struct assembly *assembly)
{
	return assembly->total > 0 && assembly->received == assembly->total;
}

/*
 * Copies the octets of a whole datagram up to the first that was not captured;
 * returns how many. And the frame numbers, `frame_count` of them.
 */
uint32_t
assembly_copy_octets(const struct block_pool *pool, const struct assembly *assembly, uint8_t *out);
void
assembly_copy_frames(const struct block_pool *pool, const struct assembly *assembly, uint64_t *out);

/*
 * The same for a datagram that is not whole, up to the first octet missing.
 */
uint32_t
assembly_copy_start(const struct block_pool *pool, const struct assembly *assembly, uint8_t *out);

/* Gives all blocks back. */
void assembly_release(struct block_pool *pool, struct assembly *assembly);

#endif
