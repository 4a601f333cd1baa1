/*
 * Lists of records inside a message: Neighbor Discovery options, MLDv2
 * address records, router addresses, extension objects, MPLS labels. A row
 * says what one record holds; a list says how records follow each other.
 */
#ifndef DECODERS_RECORD_H
#define DECODERS_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/anomaly.h"
#include "decoders/cursor.h"
#include "decoders/field.h"

#define RECORD_LIST_MAX 512 /* records read of one list; the step budget */

struct list_type;

struct record_type {
	uint16_t type;            /* of the record; class << 8 | ctype of an object */
	uint16_t min_len;         /* octets, its own header included */
	uint16_t max_len;         /* 0 = any */
	const char *name;         /* NULL ends a list of rows */
	const char *rfc;
	const struct field *fields;
	const struct list_type *list; /* records inside, from `min_len` on, or NULL */
};

struct record {
	const struct record_type *row; /* NULL when the type is unknown */
	uint32_t type;
	uint32_t length;               /* octets, its own header included */
	struct cursor bytes;           /* the record, its own header included */
	union value values[FIELD_VALUES_MAX];
	uint8_t value_count;
	enum decode_status status;
	struct anomalies anomalies;
};

struct list {
	const struct list_type *type;
	struct cursor rest;
	uint32_t record_len; /* octets of one, when the message tells (router entries) */
	uint32_t left;       /* records still claimed by a count; UINT32_MAX without */
	uint32_t read;       /* records given so far */
	struct anomalies anomalies;
};

struct list_type {
	const char *key;  /* in events: "options", "records", ... */
	const char *name; /* for the docs: "Neighbor Discovery option" */
	const struct record_type *types; /* one row without a type: all records alike */
	bool is_typed;    /* records carry a type that events show */
	bool is_classed;  /* that type is class << 8 | ctype (RFC 4884 8) */
	/*
	 * Cuts the next record off `list->rest`: its type and its bytes. False at
	 * the end, or when what is there cannot be a record (then rest has failed).
	 */
	bool (*cut)(struct list *list, uint32_t *type, struct cursor *bytes);
};

/*
 * Starts to read `type`'s records from `rest`; `count` is how many the
 * message claims (UINT32_MAX when it does not), `record_len` the octets of
 * each when the message says so, else 0.
 */
struct list list_open(const struct list_type *type, struct cursor rest, uint32_t count,
    uint32_t record_len);

/*
 * Reads the next record. False at the end; `list->rest.status` then tells
 * whether the list ended well, `list->anomalies` what was wrong in it.
 */
bool list_next(struct list *list, struct record *out);

#define RECORD_ANY_CTYPE 0xff /* in a row of a classed list: any ctype of its class */

/* The row for a type in a list, or NULL; one with RECORD_ANY_CTYPE comes second. */
const struct record_type *list_row(const struct list_type *list, uint32_t type);

/* The lists there are; each is defined beside its rows. */
extern const struct list_type nd_options;        /* nd_option.c */
extern const struct list_type mld_records;       /* mld.c */
extern const struct list_type router_entries;    /* router.c: RFC 1256 */
extern const struct list_type mobile_extensions; /* router.c: RFC 5944 */
extern const struct list_type extension_objects; /* extension.c: RFC 4884 */
extern const struct list_type mpls_labels;       /* extension.c: RFC 4950 */

#endif
