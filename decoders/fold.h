/*
 * The product of two words, folded: what digests and hashes mix with.
 */
#ifndef DECODERS_FOLD_H
#define DECODERS_FOLD_H

#include <stdint.h>

/* The halves of the 128-bit product laid over each other. */
static inline uint64_t
fold_product(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), high = (a >> 32) * (b >> 32);
	uint64_t left = (a >> 32) * (b & UINT32_MAX), right = (a & UINT32_MAX) * (b >> 32);
	uint64_t middle = (low >> 32) + (left & UINT32_MAX) + (right & UINT32_MAX);

	low = (low & UINT32_MAX) | middle << 32;
	high += (left >> 32) + (right >> 32) + (middle >> 32);
	return low ^ high;
#endif
}

#endif
