/*
 * A datagram by units of 8 octets, in which all fragment offsets are given.
 * Octets lie in blocks by their position, so memory follows the datagram's
 * length and not the number of fragments, and a fragment costs time for its
 * own octets only. Each block knows of every unit whether it came, whether a
 * fragment started with it and whether the capture has all of it.
 */
#include "analyzer/core/assembly.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define BLOCK_SIZE 2048
#define BLOCK_UNITS (BLOCK_SIZE / FRAGMENT_UNIT)
#define BLOCK_WORDS (BLOCK_UNITS / 64)
#define BLOCK_FRAMES (BLOCK_SIZE / sizeof(uint64_t))
#define UNITS_MAX (ASSEMBLY_OCTET_BLOCKS * BLOCK_UNITS)

static_assert(ASSEMBLY_OCTET_BLOCKS * BLOCK_SIZE >= ASSEMBLY_LENGTH_MAX, "octets");
static_assert(
    ASSEMBLY_FRAMES_INLINE + ASSEMBLY_FRAME_BLOCKS * BLOCK_FRAMES >= ASSEMBLY_FRAMES_MAX, "frames");

struct block {
	uint64_t covered[BLOCK_WORDS]; /* the unit came */
	uint64_t starts[BLOCK_WORDS];  /* and a fragment began with it */
	uint64_t held[BLOCK_WORDS];    /* and all of it was captured */
	uint32_t next;                 /* of the free list */
	union {
		uint8_t octets[BLOCK_SIZE];
		uint64_t frames[BLOCK_FRAMES];
	};
};

static bool
bit_is_set(const uint64_t *words, uint32_t unit)
{
	return words[unit % BLOCK_UNITS / 64] >> unit % 64 & 1;
}

static void
bit_set(uint64_t *words, uint32_t unit)
{
	words[unit % BLOCK_UNITS / 64] |= (uint64_t)1 << unit % 64;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	if (a < b)
		return a;
	return b;
}

int
block_pool_init(struct block_pool *pool, uint64_t size, char *err)
{
	uint64_t capacity = size / sizeof(struct block);

	memset(pool, 0, sizeof(*pool));
	if (capacity < ASSEMBLY_BLOCKS_MAX)
		capacity = ASSEMBLY_BLOCKS_MAX;
	if (capacity < UINT32_MAX && capacity <= SIZE_MAX / sizeof(struct block))
		pool->blocks = calloc((size_t)capacity, sizeof(struct block));
	if (pool->blocks == NULL) {
		snprintf(err, ERR_SIZE, "reassembly: no memory for %ju bytes", (uintmax_t)size);
		return -1;
	}
	pool->capacity = (uint32_t)capacity;
	return 0;
}

void
block_pool_free(struct block_pool *pool)
{
	free(pool->blocks);
	pool->blocks = NULL;
}

size_t
block_pool_memory(const struct block_pool *pool)
{
	return pool->capacity * sizeof(struct block);
}

uint32_t
block_pool_room(const struct block_pool *pool)
{
	return pool->capacity - pool->used;
}

/* A block by its number, which is not 0. */
static struct block *
block_at(const struct block_pool *pool, uint32_t number)
{
	return &pool->blocks[number - 1];
}

/* The block of `*number`, taken from the pool if it is none yet. */
static struct block *
block_need(struct block_pool *pool, uint32_t *number)
{
	struct block *block;

	if (*number != 0)
		return block_at(pool, *number);
	assert(block_pool_room(pool) > 0); /* assembly_need was asked */
	if (pool->free != 0) {
		*number = pool->free;
		pool->free = block_at(pool, *number)->next;
	} else {
		*number = ++pool->fresh;
	}
	if (++pool->used > pool->peak)
		pool->peak = pool->used;
	block = block_at(pool, *number);
	memset(block->covered, 0, sizeof(block->covered));
	memset(block->starts, 0, sizeof(block->starts));
	memset(block->held, 0, sizeof(block->held));
	return block;
}

static void
blocks_release(struct block_pool *pool, uint32_t *numbers, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (numbers[i] == 0)
			continue;
		block_at(pool, numbers[i])->next = pool->free;
		pool->free = numbers[i];
		pool->used--;
		numbers[i] = 0;
	}
}

void
assembly_release(struct block_pool *pool, struct assembly *assembly)
{
	blocks_release(pool, assembly->octet_blocks, ASSEMBLY_OCTET_BLOCKS);
	blocks_release(pool, assembly->frame_blocks, ASSEMBLY_FRAME_BLOCKS);
}

static uint32_t
first_unit(const struct fragment *fragment)
{
	return fragment->offset / FRAGMENT_UNIT;
}

/* The unit behind the fragment's last. */
static uint32_t
after_unit(const struct fragment *fragment)
{
	return (fragment->end + FRAGMENT_UNIT - 1) / FRAGMENT_UNIT;
}

/* The octets the fragment has in a unit: 8, or fewer at the datagram's end. */
static uint32_t
unit_length(const struct fragment *fragment, uint32_t unit)
{
	return least(FRAGMENT_UNIT, fragment->end - unit * FRAGMENT_UNIT);
}

/* How many of these were captured. */
static uint32_t
unit_captured(const struct fragment *fragment, uint32_t unit)
{
	uint32_t at = unit * FRAGMENT_UNIT - fragment->offset;

	if (at >= fragment->captured)
		return 0;
	return least(unit_length(fragment, unit), fragment->captured - at);
}

/* The fragment's octets of a unit. */
static const uint8_t *
unit_octets(const struct fragment *fragment, uint32_t unit)
{
	return fragment->octets + (unit * FRAGMENT_UNIT - fragment->offset);
}

static uint8_t *
unit_place(struct block *block, uint32_t unit)
{
	return block->octets + (size_t)(unit % BLOCK_UNITS) * FRAGMENT_UNIT;
}

/* The block of a unit that came, or NULL. */
static struct block *
unit_find(const struct block_pool *pool, const struct assembly *assembly, uint32_t unit)
{
	struct block *block;

	if (unit >= UNITS_MAX || assembly->octet_blocks[unit / BLOCK_UNITS] == 0)
		return NULL;
	block = block_at(pool, assembly->octet_blocks[unit / BLOCK_UNITS]);
	if (!bit_is_set(block->covered, unit))
		return NULL;
	return block;
}

static bool
unit_differs(struct block *block, const struct fragment *fragment, uint32_t unit)
{
	uint32_t length = unit_length(fragment, unit);

	if (!bit_is_set(block->held, unit) || unit_captured(fragment, unit) < length)
		return false;
	return memcmp(unit_place(block, unit), unit_octets(fragment, unit), length) != 0;
}

/* Whether the fragment contradicts what is known of the datagram's end. */
static bool
is_misfit(const struct assembly *assembly, const struct fragment *fragment)
{
	if (assembly->total == 0)
		return fragment->is_last && fragment->end < assembly->reach;
	return fragment->end > assembly->total ||
	       fragment->is_last != (fragment->end == assembly->total);
}

/* Whether no fragment that came lies on both sides of the start of `unit`. */
static bool
is_boundary(const struct block_pool *pool, const struct assembly *assembly, uint32_t unit)
{
	const struct block *block = unit_find(pool, assembly, unit);

	return block == NULL || bit_is_set(block->starts, unit);
}

enum overlap
assembly_overlap(
    const struct block_pool *pool, const struct assembly *assembly, const struct fragment *fragment)
{
	uint32_t first = first_unit(fragment), after = after_unit(fragment);
	uint32_t covered = 0, starts = 0, unit;
	bool differs = false;

	if (is_misfit(assembly, fragment))
		return OVERLAP_MISFIT;
	for (unit = first; unit < after; unit++) {
		struct block *block = unit_find(pool, assembly, unit);

		if (block == NULL)
			continue;
		differs |= unit_differs(block, fragment, unit);
		covered++;
		starts += bit_is_set(block->starts, unit);
	}
	if (covered == 0)
		return OVERLAP_NONE;
	if (fragment->is_last == (assembly->total > 0 && fragment->end == assembly->total) &&
	    covered == after - first && starts == 1 && is_boundary(pool, assembly, first) &&
	    is_boundary(pool, assembly, after))
		return differs ? OVERLAP_REPLACED : OVERLAP_DUPLICATE;
	return differs ? OVERLAP_CONFLICT : OVERLAP_SAME;
}

uint32_t
assembly_need(const struct assembly *assembly, const struct fragment *fragment)
{
	uint32_t last = (fragment->end - 1) / BLOCK_SIZE;
	uint32_t need = 0, i;

	for (i = fragment->offset / BLOCK_SIZE; i <= last; i++)
		need += assembly->octet_blocks[i] == 0;
	if (assembly->frame_count >= ASSEMBLY_FRAMES_INLINE) {
		i = (assembly->frame_count - ASSEMBLY_FRAMES_INLINE) / (uint32_t)BLOCK_FRAMES;
		need += assembly->frame_blocks[i] == 0;
	}
	return need;
}

/* Takes in a unit that did not come before. */
static void
unit_fill(
    struct assembly *assembly, struct block *block, const struct fragment *fragment, uint32_t unit)
{
	uint32_t length = unit_length(fragment, unit);
	uint32_t captured = unit_captured(fragment, unit);
	uint32_t gap = unit * FRAGMENT_UNIT + captured + 1;

	bit_set(block->covered, unit);
	assembly->received += length;
	if (captured > 0)
		memcpy(unit_place(block, unit), unit_octets(fragment, unit), captured);
	if (captured == length)
		bit_set(block->held, unit);
	else if (assembly->gap == 0 || gap < assembly->gap)
		assembly->gap = gap;
}

static void
units_fill(struct block_pool *pool, struct assembly *assembly, const struct fragment *fragment)
{
	uint32_t after = after_unit(fragment), unit;
	bool is_start = true;

	for (unit = first_unit(fragment); unit < after; unit++) {
		struct block *block = block_need(pool, &assembly->octet_blocks[unit / BLOCK_UNITS]);

		if (bit_is_set(block->covered, unit)) {
			is_start = true;
			continue;
		}
		unit_fill(assembly, block, fragment, unit);
		if (is_start)
			bit_set(block->starts, unit);
		is_start = false;
	}
}

static void
frame_append(struct block_pool *pool, struct assembly *assembly, uint64_t frame)
{
	uint32_t place = assembly->frame_count++;
	struct block *block;

	if (place < ASSEMBLY_FRAMES_INLINE) {
		assembly->frames[place] = frame;
		return;
	}
	place -= ASSEMBLY_FRAMES_INLINE;
	block = block_need(pool, &assembly->frame_blocks[place / BLOCK_FRAMES]);
	block->frames[place % BLOCK_FRAMES] = frame;
}

void
assembly_take(struct block_pool *pool, struct assembly *assembly, const struct fragment *fragment)
{
	uint32_t received = assembly->received, total = assembly->total;

	units_fill(pool, assembly, fragment);
	if (fragment->end > assembly->reach)
		assembly->reach = fragment->end;
	if (fragment->is_last)
		assembly->total = fragment->end;
	if (fragment->offset == 0 && !assembly->has_first) {
		assembly->protocol = fragment->protocol;
		assembly->ttl = fragment->ttl;
		assembly->has_first = true;
	}
	if (assembly->received > received || assembly->total > total)
		frame_append(pool, assembly, fragment->frame);
}

/* The first `len` octets, all of which are there. */
static void
copy_octets(
    const struct block_pool *pool, const struct assembly *assembly, uint32_t len, uint8_t *out)
{
	uint32_t at;

	for (at = 0; at < len; at += BLOCK_SIZE)
		memcpy(out + at, block_at(pool, assembly->octet_blocks[at / BLOCK_SIZE])->octets,
		    least(BLOCK_SIZE, len - at));
}

uint32_t
assembly_copy_octets(const struct block_pool *pool, const struct assembly *assembly, uint8_t *out)
{
	uint32_t captured = assembly->total;

	if (assembly->gap != 0)
		captured = assembly->gap - 1;
	copy_octets(pool, assembly, captured, out);
	return captured;
}

uint32_t
assembly_copy_start(const struct block_pool *pool, const struct assembly *assembly, uint8_t *out)
{
	const struct block *block;
	uint32_t len, unit = 0;

	while ((block = unit_find(pool, assembly, unit)) != NULL && bit_is_set(block->held, unit))
		unit++;
	len = least(unit * FRAGMENT_UNIT, assembly->reach);
	if (block != NULL)
		len = assembly->gap - 1; /* inside a unit that came */
	copy_octets(pool, assembly, len, out);
	return len;
}

void
assembly_copy_frames(const struct block_pool *pool, const struct assembly *assembly, uint64_t *out)
{
	uint32_t copied = least(ASSEMBLY_FRAMES_INLINE, assembly->frame_count), count, i;

	memcpy(out, assembly->frames, copied * sizeof(*out));
	for (i = 0; copied < assembly->frame_count; i++) {
		count = least(BLOCK_FRAMES, assembly->frame_count - copied);
		memcpy(out + copied, block_at(pool, assembly->frame_blocks[i])->frames,
		    count * sizeof(*out));
		copied += count;
	}
}
