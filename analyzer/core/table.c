/*
 * The fixed table: one slab of entries, one array of chain heads, one age
 * list. All links are 32-bit indexes into the slab.
 */
#include "analyzer/core/table.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"

#define CACHE_LINE 64
#define WORD 8 /* octets */

static struct entry *
entry_at(const struct table *table, uint32_t index)
{
	return (struct entry *)(void *)(table->slab + (size_t)index * table->stride);
}

/* The head of a hash's chain. */
static uint32_t *
bucket_of(const struct table *table, uint32_t hash)
{
	return &table->buckets[hash & table->bucket_mask];
}

static uint32_t
buckets_for(uint32_t capacity)
{
	uint32_t count = 1;

	while (count < capacity)
		count *= 2;
	return count;
}

static bool
config_is_sound(const struct table_config *config)
{
	return config->capacity > 0 && config->capacity <= TABLE_CAPACITY_MAX &&
	       config->key_size > 0 && config->entry_size % 8 == 0 &&
	       config->entry_size >= sizeof(struct entry) &&
	       config->entry_size - sizeof(struct entry) >= config->key_size &&
	       (config->buckets & (config->buckets - 1)) == 0 &&
	       (uint64_t)config->capacity * (config->entry_size + CACHE_LINE) <= SIZE_MAX - CACHE_LINE;
}

/* A key of an entry of some lines is in the first, so each begins one. */
static uint32_t
stride_of(uint32_t entry_size)
{
	if (entry_size <= CACHE_LINE)
		return entry_size;
	return (entry_size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

/* The first line in some memory. */
static uint8_t *
on_line(void *memory)
{
	uintptr_t past = (uintptr_t)memory % CACHE_LINE;

	return (uint8_t *)memory + (past == 0 ? 0 : CACHE_LINE - past);
}

/*
 * An offset is a multiple of the entry's size, so it is divided by a shift and
 * a product with the inverse of the size's odd part modulo 2^64.
 */
static void
invert_size(struct table *table)
{
	uint64_t odd = table->stride, inverse;
	int i;

	for (table->size_shift = 0; odd % 2 == 0; table->size_shift++)
		odd /= 2;
	inverse = odd; /* right in three bits; each round doubles them (Newton) */
	for (i = 0; i < 5; i++)
		inverse *= 2 - odd * inverse;
	table->size_inverse = inverse;
}

int
table_init(struct table *table, const struct table_config *config, char *err)
{
	uint32_t bucket_count;

	memset(table, 0, sizeof(*table));
	if (!config_is_sound(config)) {
		snprintf(err, ERR_SIZE, "table %s: %u entries of %u bytes cannot be", config->name,
		    config->capacity, config->entry_size);
		return -1;
	}
	bucket_count = config->buckets;
	if (bucket_count == 0)
		bucket_count = buckets_for(config->capacity);
	table->config = *config;
	table->stride = stride_of(config->entry_size);
	invert_size(table);
	hash_words_init(&table->secret, &config->hash_key);
	if (config->key_size % WORD == 0 && config->key_size <= HASH_WORDS_MAX * WORD)
		table->key_words = config->key_size / WORD;
	table->bucket_mask = bucket_count - 1;
	table->free = TABLE_NONE;
	table->oldest = TABLE_NONE;
	table->newest = TABLE_NONE;
	table->memory = calloc(1, (size_t)config->capacity * table->stride + CACHE_LINE);
	table->slab = on_line(table->memory);
	table->buckets = calloc(bucket_count, sizeof(*table->buckets));
	if (table->memory == NULL || table->buckets == NULL) {
		snprintf(err, ERR_SIZE, "table %s: no memory for %zu bytes", config->name,
		    table_memory(table));
		table_free(table);
		return -1;
	}
	return 0;
}

void
table_free(struct table *table)
{
	free(table->memory);
	free(table->buckets);
	table->memory = NULL;
	table->slab = NULL;
	table->buckets = NULL;
}

size_t
table_memory(const struct table *table)
{
	return (size_t)table->config.capacity * table->stride +
	       ((size_t)table->bucket_mask + 1) * sizeof(*table->buckets);
}

uint64_t
table_hash(const struct table *table, const void *key)
{
	uint64_t words[HASH_WORDS_MAX] = { 0 };
	uint32_t i;

	if (table->key_words == 0)
		return hash_bytes(&table->config.hash_key, key, table->config.key_size);
	for (i = 0; i < table->key_words; i++)
		memcpy(&words[i], (const uint8_t *)key + (size_t)i * WORD, WORD);
	return hash_words(&table->secret, words, (table->key_words + 1) & ~1U);
}

/* Keys of whole words are compared sooner here than by a call. */
static bool
key_equal(const struct table *table, const struct entry *entry, const void *key)
{
	const uint8_t *a = table_key(entry), *b = key;
	uint64_t left, right, differing = 0;
	uint32_t i;

	if (table->key_words == 0)
		return memcmp(a, b, table->config.key_size) == 0;
	for (i = 0; i < table->key_words; i++) {
		memcpy(&left, a + (size_t)i * WORD, WORD);
		memcpy(&right, b + (size_t)i * WORD, WORD);
		differing |= left ^ right;
	}
	return differing == 0;
}

struct entry *
table_find_hashed(const struct table *table, const void *key, uint64_t hash)
{
	uint32_t index = ~*bucket_of(table, (uint32_t)hash);

	while (index != TABLE_NONE) {
		struct entry *entry = entry_at(table, index);

		if (entry->hash == (uint32_t)hash &&
		    key_equal(table, entry, key))
			return entry;
		index = entry->chain;
	}
	return NULL;
}

struct entry *
table_find(const struct table *table, const void *key)
{
	return table_find_hashed(table, key, table_hash(table, key));
}

/* Puts an entry at the newest end of the age list. */
static void
age_append(struct table *table, struct entry *entry, uint32_t index)
{
	entry->older = table->newest;
	entry->newer = TABLE_NONE;
	if (table->newest == TABLE_NONE)
		table->oldest = index;
	else
		entry_at(table, table->newest)->newer = index;
	table->newest = index;
}

static void
age_unlink(struct table *table, const struct entry *entry)
{
	if (entry->older == TABLE_NONE)
		table->oldest = entry->newer;
	else
		entry_at(table, entry->older)->newer = entry->newer;
	if (entry->newer == TABLE_NONE)
		table->newest = entry->older;
	else
		entry_at(table, entry->newer)->older = entry->older;
}

static void
chain_unlink(struct table *table, const struct entry *entry, uint32_t index)
{
	uint32_t *head = bucket_of(table, entry->hash);
	struct entry *before;

	if (~*head == index) {
		*head = ~entry->chain;
		return;
	}
	before = entry_at(table, ~*head);
	while (before->chain != index)
		before = entry_at(table, before->chain);
	before->chain = entry->chain;
}

/* Takes an entry out of everything and puts it on the free list. */
static void
entry_release(struct table *table, struct entry *entry)
{
	uint32_t index = table_index(table, entry);

	chain_unlink(table, entry, index);
	age_unlink(table, entry);
	entry->older = TABLE_FREED;
	entry->chain = table->free;
	table->free = index;
	table->count--;
}

/* The index of an entry to use: freed, never used, or the oldest recycled. */
static uint32_t
index_take(struct table *table)
{
	struct entry *oldest;
	uint32_t index;

	if (table->free == TABLE_NONE && table->fresh < table->config.capacity)
		return table->fresh++;
	if (table->free == TABLE_NONE) {
		oldest = entry_at(table, table->oldest);
		if (table->config.recycle != NULL)
			table->config.recycle(table->config.owner, oldest);
		entry_release(table, oldest);
		table->evicted++;
	}
	index = table->free;
	table->free = entry_at(table, index)->chain;
	return index;
}

struct entry *
table_add_hashed(struct table *table, const void *key, uint64_t hash, uint64_t now_ns)
{
	uint32_t index = index_take(table);
	uint32_t *head = bucket_of(table, (uint32_t)hash);
	struct entry *entry = entry_at(table, index);
	uint8_t *body = (uint8_t *)(entry + 1);

	memcpy(body, key, table->config.key_size);
	memset(body + table->config.key_size, 0,
	    table->config.entry_size - sizeof(*entry) - table->config.key_size);
	entry->seen_ns = now_ns;
	entry->hash = (uint32_t)hash;
	entry->chain = ~*head;
	*head = ~index;
	age_append(table, entry, index);
	table->added++;
	table->count++;
	if (table->count > table->peak)
		table->peak = table->count;
	return entry;
}

void
table_rekey_hashed(struct table *table, struct entry *entry, const void *key, uint64_t hash)
{
	uint32_t index = table_index(table, entry);
	uint32_t *head = bucket_of(table, (uint32_t)hash);

	chain_unlink(table, entry, index);
	memcpy(entry + 1, key, table->config.key_size);
	entry->hash = (uint32_t)hash;
	entry->chain = ~*head;
	*head = ~index;
}

struct entry *
table_add(struct table *table, const void *key, uint64_t now_ns)
{
	return table_add_hashed(table, key, table_hash(table, key), now_ns);
}

struct entry *
table_find_or_add(struct table *table, const void *key, uint64_t now_ns, bool *added)
{
	uint64_t hash = table_hash(table, key);
	struct entry *entry = table_find_hashed(table, key, hash);

	*added = entry == NULL;
	if (entry == NULL)
		entry = table_add_hashed(table, key, hash, now_ns);
	return entry;
}

void
table_touch(struct table *table, struct entry *entry, uint64_t now_ns)
{
	entry->seen_ns = now_ns;
	if (entry->newer == TABLE_NONE)
		return;
	age_unlink(table, entry);
	age_append(table, entry, table_index(table, entry));
}

void
table_remove(struct table *table, struct entry *entry)
{
	entry_release(table, entry);
	table->removed++;
}

/*
 * Brings what the next to expire touches: it is the oldest, so nobody has
 * touched it for long, and memory answers while other work is done.
 */
static void
prefetch_oldest(const struct table *table)
{
	const struct entry *oldest = table_oldest(table);

	if (oldest == NULL)
		return;
	__builtin_prefetch(bucket_of(table, oldest->hash), 1);
	if (oldest->newer != TABLE_NONE) {
		__builtin_prefetch(entry_at(table, oldest->newer), 1);
		__builtin_prefetch((const char *)entry_at(table, oldest->newer) + CACHE_LINE, 1);
	}
}

struct entry *
table_expire_next(struct table *table, uint64_t now_ns)
{
	struct entry *entry = table_oldest(table);
	uint64_t away_ns;

	if (entry == NULL || table->config.idle_ns == 0)
		return NULL;
	away_ns = now_ns - entry->seen_ns;
	if (now_ns < entry->seen_ns)
		away_ns = entry->seen_ns - now_ns;
	if (away_ns < table->config.idle_ns)
		return NULL;
	entry_release(table, entry);
	table->expired++;
	prefetch_oldest(table);
	return entry;
}

struct entry *
table_oldest(const struct table *table)
{
	return table_at(table, table->oldest);
}

struct entry *
table_newer(const struct table *table, const struct entry *entry)
{
	return table_at(table, entry->newer);
}

uint32_t
table_index(const struct table *table, const struct entry *entry)
{
	uint64_t offset = (uint64_t)((const uint8_t *)entry - table->slab);

	return (uint32_t)((offset >> table->size_shift) * table->size_inverse);
}

struct entry *
table_at(const struct table *table, uint32_t index)
{
	if (index == TABLE_NONE)
		return NULL;
	assert(index < table->fresh);
	return entry_at(table, index);
}
