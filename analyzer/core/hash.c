/*
 * SipHash-2-4 and its key, from libsodium's crypto_shorthash.
 */
#include "analyzer/core/hash.h"

#include <assert.h>
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "analyzer/log.h"

static_assert(sizeof(struct hash_key) == crypto_shorthash_KEYBYTES, "SipHash key size");
static_assert(sizeof(uint64_t) == crypto_shorthash_BYTES, "SipHash result size");

int
hash_key_random(struct hash_key *out, char *err)
{
	if (sodium_init() < 0) {
		snprintf(err, ERR_SIZE, "libsodium cannot start: no source of random bytes");
		return -1;
	}
	crypto_shorthash_keygen(out->bytes);
	return 0;
}

struct hash_key
hash_key_fixed(void)
{
	struct hash_key key;
	size_t i;

	for (i = 0; i < sizeof(key.bytes); i++)
		key.bytes[i] = (uint8_t)i;
	return key;
}

uint64_t
hash_bytes(const struct hash_key *key, const void *bytes, size_t len)
{
	uint8_t digest[crypto_shorthash_BYTES];
	uint64_t value;

	crypto_shorthash(digest, bytes, len, key->bytes);
	memcpy(&value, digest, sizeof(value));
	return le64toh(value);
}

void
hash_words_init(struct hash_words *words, const struct hash_key *key)
{
	uint64_t i;

	for (i = 0; i < HASH_WORDS_MAX; i++)
		words->secret[i] = hash_bytes(key, &i, sizeof(i));
}
