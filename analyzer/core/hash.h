/*
 * Keyed hashing for the tables: SipHash-2-4 (libsodium), so that nobody who
 * does not know the key can choose keys that collide. The only file pair that
 * knows libsodium. It proves nothing about content and signs nothing.
 */
#ifndef ANALYZER_CORE_HASH_H
#define ANALYZER_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "decoders/fold.h"

struct hash_key {
	uint8_t bytes[16];
};

/*
 * A key nobody can guess, for one process. Draws from the system, so it is
 * called before the sandbox closes. Returns 0, or -1 with the reason in `err`.
 */
int hash_key_random(struct hash_key *out, char *err);

/* The same key every time, for tests and for runs that must repeat exactly. */
struct hash_key hash_key_fixed(void);

/* SipHash-2-4 of `len` bytes; the same number on every machine. */
uint64_t hash_bytes(const struct hash_key *key, const void *bytes, size_t len);

/*
 * The hash of a part of something already hashed: one to one in `part` for a
 * given `secret` (a hash_bytes result), and as hard to steer as the secret is
 * to guess. About 1 ns, where hash_bytes takes about 25.
 */
static inline uint64_t
hash_derive(uint64_t secret, uint64_t part)
{
	uint64_t mixed = secret ^ part * UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ mixed >> 31;
}

#define HASH_WORDS_MAX 6

/* The secret of hash_words. */
struct hash_words {
	uint64_t secret[HASH_WORDS_MAX];
};

void hash_words_init(struct hash_words *words, const struct hash_key *key);

/*
 * The hash of an even number of words, at most HASH_WORDS_MAX: sums and products
 * with secret words (NH, the inner hash of UMAC), so that whoever never sees a
 * hash cannot make two meet. A few ns; not the same on machines of other byte
 * order.
 */
static inline uint64_t
hash_words(const struct hash_words *words, const uint64_t *in, size_t count)
{
	uint64_t mixed = 0;
	size_t i;

	for (i = 0; i < count; i += 2)
		mixed += fold_product(in[i] + words->secret[i], in[i + 1] + words->secret[i + 1]);
	mixed = (mixed ^ mixed >> 32) * UINT64_C(0x9e3779b97f4a7c15);
	return mixed ^ mixed >> 29;
}

#endif
