/*
 * Edit distance (insert, delete, replace, swap neighbors) over names of a few
 * dozen letters. Longer names are never near to anything.
 */
#include "analyzer/nearest.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/log.h"

#define NEAREST_LEN_MAX 48

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The number of single-letter edits that turn `a` into `b`. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][NEAREST_LEN_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2], *spare;
	size_t i, j;

	for (j = 0; j <= b_len; j++)
		above[j] = before[j] = j;
	for (i = 1; i <= a_len; i++) {
		row[0] = i;
		for (j = 1; j <= b_len; j++) {
			size_t edit = above[j - 1] + (a[i - 1] != b[j - 1]);

			row[j] = smaller(edit, smaller(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = smaller(row[j], before[j - 2] + 1);
		}
		spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[b_len];
}

void
nearest_init(struct nearest *nearest, const char *wanted, size_t len)
{
	nearest->wanted = wanted;
	nearest->wanted_len = len;
	nearest->name = NULL;
	nearest->distance = (len + 2) / 3 + 1;
}

void
nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t len = strlen(candidate), found;

	if (nearest->wanted_len > NEAREST_LEN_MAX || len > NEAREST_LEN_MAX)
		return;
	found = distance(nearest->wanted, nearest->wanted_len, candidate, len);
	if (nearest->wanted_len >= 2 && nearest->wanted_len < len &&
	    memcmp(candidate, nearest->wanted, nearest->wanted_len) == 0)
		found = 1;
	if (found < nearest->distance) {
		nearest->name = candidate;
		nearest->distance = found;
	}
}

void
nearest_append(const struct nearest *nearest, char *err)
{
	size_t len = strlen(err);

	if (nearest->name != NULL)
		snprintf(err + len, ERR_SIZE - len, "; the nearest is \"%s\"", nearest->name);
}
