/*
 * Who comes often, among any number of others who come once each: in each place
 * a majority vote (Boyer and Moore 1981), which who holds the place loses when as
 * many others came there. It decides who is worth an entry of a table, so that
 * made-up senders take none from those who matter.
 */
#ifndef ANALYZER_CORE_FREQUENT_H
#define ANALYZER_CORE_FREQUENT_H

#include <stdint.h>

#define FREQUENT_BITS 12

struct frequent_place {
	uint32_t thing; /* of its hash */
	uint32_t count; /* how often it came, less the others */
};

/* Empty when zero. */
struct frequent {
	struct frequent_place places[1U << FREQUENT_BITS];
};

/*
 * Notes a thing by its hash, of which the higher bits tell most; how often it
 * came, as far as that is known.
 */
static inline uint32_t
frequent_note(struct frequent *frequent, uint64_t hash)
{
	struct frequent_place *place = &frequent->places[hash >> (64 - FREQUENT_BITS)];
	uint32_t thing = (uint32_t)(hash >> (32 - FREQUENT_BITS));

	if (place->count > 0 && place->thing != thing) {
		place->count--;
		return 0;
	}
	place->thing = thing;
	if (place->count < UINT32_MAX)
		place->count++;
	return place->count;
}

#endif
