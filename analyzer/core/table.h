/*
 * A hash table that never grows: fixed capacity, memory taken once, one idle
 * timeout. Entries are the user's structs with a `struct entry` in front and
 * the key right behind it. All entries are in one age list, the least recently
 * touched first; as the timeout is the same for all, that is also the order in
 * which they expire, and a full table gives up the first of it. What happens to
 * entries is counted. No locks: a table has one owner.
 *
 *	struct pair {
 *		struct entry entry;
 *		struct pair_key key;	padding zeroed: keys are compared as octets
 *		...			zero when added
 *	};
 */
#ifndef ANALYZER_CORE_TABLE_H
#define ANALYZER_CORE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/core/hash.h"

#define TABLE_NONE UINT32_MAX /* no such index */
#define TABLE_FREED (TABLE_NONE - 1) /* the `older` of an entry that is none now */
#define TABLE_CAPACITY_MAX (1U << 30)

/* The table's own part of an entry: to be read (`seen_ns`), never written. */
struct entry {
	uint64_t seen_ns; /* when last touched */
	uint32_t hash;    /* low half of the key's hash */
	uint32_t chain;   /* next in the bucket or in the free list */
	uint32_t older;   /* neighbours in the age list */
	uint32_t newer;
};

struct table_config {
	const char *name;    /* for messages and statistics; borrowed */
	uint32_t entry_size; /* of the user's struct; a multiple of 8 */
	uint32_t key_size;
	uint32_t capacity;
	uint32_t buckets; /* a power of two; 0 for the least that is >= capacity */
	uint64_t idle_ns; /* timeout; 0 for none */
	struct hash_key hash_key;
	/*
	 * Called, unless NULL, just before a full table takes its oldest entry
	 * back (and only then), to let go of what the entry owns elsewhere. The
	 * entry is whole and still found. Must not change this table.
	 */
	void (*recycle)(void *owner, struct entry *entry);
	void *owner;
};

struct table {
	struct table_config config;
	struct hash_words secret; /* for keys of whole words */
	uint32_t key_words; /* 0: the key is no such */
	uint8_t *slab;     /* the entries, on a line of the processor's cache */
	void *memory;      /* of the slab */
	uint32_t stride;   /* from one entry to the next */
	uint64_t size_inverse; /* with the shift: divides by the size of an entry */
	uint32_t size_shift;
	uint32_t *buckets; /* first index of each chain, inverted: zero is TABLE_NONE */
	uint32_t bucket_mask;
	uint32_t fresh; /* entries from here on were never used */
	uint32_t free;  /* used before, linked by `chain` */
	uint32_t oldest;
	uint32_t newest;
	uint32_t count; /* entries now, and the most ever */
	uint32_t peak;
	uint64_t added;
	uint64_t evicted; /* the oldest, because the table was full */
	uint64_t expired; /* idle for too long */
	uint64_t removed; /* by table_remove */
};

/*
 * Takes all the memory the table will ever use; pages not yet touched cost
 * nothing. Returns 0, or -1 with the reason in `err`; then nothing is held.
 */
int table_init(struct table *table, const struct table_config *config, char *err);

/* Gives the memory back. Entries are not recycled one by one. */
void table_free(struct table *table);

/* Bytes taken by table_init. */
size_t table_memory(const struct table *table);

/* The key's hash as the table uses it; hash_derive makes more of it. */
uint64_t table_hash(const struct table *table, const void *key);

/* The entry with this key, or NULL. Finding does not touch. */
struct entry *table_find(const struct table *table, const void *key);

/*
 * Adds an entry for a key that is not there, as the most recently touched:
 * key copied, the rest behind it zero. Never fails: a full table recycles its
 * oldest entry, so pointers to other entries may go stale here and only here.
 */
struct entry *table_add(struct table *table, const void *key, uint64_t now_ns);

/*
 * The entry with this key, added if need be; `*added` says which. Hashes once.
 * An entry that was there is not touched.
 */
struct entry *table_find_or_add(struct table *table, const void *key, uint64_t now_ns, bool *added);

/*
 * The same with a hash of the caller's choice, which must be a function of the
 * key and out of strangers' control. A table is used with one kind of hash or
 * the other, not both (but table_hash and these are the same kind).
 */
struct entry *table_find_hashed(const struct table *table, const void *key, uint64_t hash);
struct entry *
table_add_hashed(struct table *table, const void *key, uint64_t hash, uint64_t now_ns);

/*
 * Gives an entry another key, with a hash as above. Its place in the age list
 * and its index stay.
 */
void table_rekey_hashed(struct table *table, struct entry *entry, const void *key, uint64_t hash);

/* Makes the entry the most recently touched. */
void table_touch(struct table *table, struct entry *entry, uint64_t now_ns);

/* Takes the entry out. It stays readable until the next entry is added. */
void table_remove(struct table *table, struct entry *entry);

/*
 * Takes out the oldest entry if it has been idle for the timeout, else NULL;
 * call until NULL. A clock that has jumped back by the timeout or more makes
 * an entry idle too, for its age can no longer be known. The entry stays
 * readable until the next one is added.
 */
struct entry *table_expire_next(struct table *table, uint64_t now_ns);

/* In the order of touch, whatever the hash key; NULL at the end. */
struct entry *table_oldest(const struct table *table);
struct entry *table_newer(const struct table *table, const struct entry *entry);

/* An entry's place, good as a 32-bit reference while the entry is there. */
uint32_t table_index(const struct table *table, const struct entry *entry);
struct entry *table_at(const struct table *table, uint32_t index);

/*
 * Whether an entry is one: of a pointer kept from before, for which the key is
 * to be compared too. Its memory stays what it is, an entry or none.
 */
static inline bool
table_is_entry(const struct entry *entry)
{
	return entry->older != TABLE_FREED;
}

/* The key of an entry, `key_size` bytes. */
static inline const void *
table_key(const struct entry *entry)
{
	return entry + 1;
}

#endif
