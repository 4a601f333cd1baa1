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
#define RECORD_DEPTH_MAX 4  /* lists inside each other that are read */

struct list_type;

struct record_type {
	uint16_t type;            /* of the record; class << 8 | ctype of an object */
	uint16_t min_len;         /* octets, its own header included */
	uint16_t max_len;         /* 0 = any */
	const char *name;         /* NULL ends a list of rows */
	const char *rfc;
	const struct field *fields;
	const char *group;        /* key of an object around the fields in events, or NULL */
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

/* Where a record's header has its type and its length, in octets. */
struct record_header {
	uint8_t type_at, type_len;     /* type_len 0: records have no type */
	uint8_t length_at, length_len; /* length_len 0: the list is of no such records */
	uint8_t unit;                  /* octets that one of the length stands for */
	uint8_t uncounted;             /* octets of the header that the length leaves out */
	bool has_pad;                  /* a record of type 0 is one octet without a length */
	bool ends_at_zero;             /* type 0 is no record but the start of padding */
};

/* Records are told apart by one of `header`, `fixed_len`, `cut`. */
struct list_type {
	const char *key;  /* in events: "options", "records", ... */
	const char *name; /* for the docs: "Neighbor Discovery option" */
	const char *word; /* for the docs, in one word, which no other list has: "nd" */
	const struct record_type *types; /* one row without a type: all records alike */
	bool is_typed;       /* records carry a type that events show */
	bool is_classed;     /* that type is class << 8 | ctype (RFC 4884 8) */
	uint8_t header_len;  /* octets in front of the data of a record of an unknown type */
	enum anomaly fault;  /* when what is there cannot be a record */
	struct record_header header;
	uint16_t fixed_len;  /* octets of every record, unless the list tells others */
	/*
	 * Cuts the next record off `list->rest`: its type and its bytes. False at
	 * the end, or when what is there cannot be a record (then rest has failed).
	 */
	bool (*cut)(struct list *list, uint32_t *type, struct cursor *bytes);
};

/*
 * The value of the field with that name; NULL when it is not there, or the
 * record's type is unknown.
 */
const union value *record_value(const struct record *record, const char *name);

#define RECORD_NO_NUMBER (-1)

/* The same of a field that is a number, or RECORD_NO_NUMBER. */
int64_t record_number(const struct record *record, const char *name);

/* The same of a MAC address of 6 octets; false when it is not there, or is another one. */
bool record_mac(const struct record *record, const char *name, struct mac *out);

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

/*
 * The end of a `cut`: takes the record's `len` octets, unless its header
 * could not be read, as `status` says. Notes the list's fault; returns what
 * the `cut` has to.
 */
bool list_cut(struct list *list, enum decode_status status, uint32_t len, struct cursor *bytes);

/* The row for a type in a list, or NULL; one with RECORD_ANY_CTYPE comes second. */
const struct record_type *list_row(const struct list_type *list, uint32_t type);

/*
 * Reads a list to its end, with the lists inside its records, for what is
 * wrong in it.
 */
void list_check(struct list *list, struct anomalies *anomalies);

/* The same for the records in fields of a message or record. */
void list_check_fields(const struct field *fields, const union value *values, uint8_t count,
    struct anomalies *anomalies);

/* Opens the records in a FIELD_RECORDS, as many as its count claims. */
struct list list_open_field(const struct field *fields, const union value *values, uint8_t index);

/* Every list there is, in the order of the docs; ended by NULL. */
extern const struct list_type *const list_types[];

/* Each is defined beside its rows. */
extern const struct list_type nd_options;           /* nd_option.c */
extern const struct list_type cga_extensions;       /* nd_option.c: RFC 4581 */
extern const struct list_type service_parameters;   /* nd_option.c: RFC 9460 */
extern const struct list_type alpn_ids;             /* nd_option.c */
extern const struct list_type mld_records;          /* mld.c */
extern const struct list_type mld_extensions;       /* mld.c: RFC 9279 */
extern const struct list_type router_entries;       /* router.c: RFC 1256 */
extern const struct list_type mobile_extensions;    /* router.c: RFC 5944 */
extern const struct list_type extension_objects;    /* extension.c: RFC 4884 */
extern const struct list_type mpls_labels;          /* extension.c: RFC 4950 */
extern const struct list_type prefix_operations;    /* renumbering.c: RFC 2894 */
extern const struct list_type prefix_uses;          /* renumbering.c */
extern const struct list_type prefix_matches;       /* renumbering.c */
extern const struct list_type node_addresses;       /* node_information.c: RFC 4620 */
extern const struct list_type node_ipv4_addresses;  /* node_information.c */
extern const struct list_type locators_32;          /* locator.c: RFC 6745 */
extern const struct list_type locators_64;          /* locator.c: RFC 6743 */
extern const struct list_type seed_infos;           /* mpl.c: RFC 7731 */
extern const struct list_type card_options;         /* mobility.c: RFC 4066 */
extern const struct list_type card_sub_options;     /* mobility.c */
extern const struct list_type card_capabilities;    /* mobility.c */
extern const struct list_type context_blocks;       /* mobility.c: RFC 4067 */
extern const struct list_type context_failures;     /* mobility.c */
extern const struct list_type rpl_options;          /* rpl.c: RFC 6550 */
extern const struct list_type rpl_metrics;          /* rpl_metric.c: RFC 6551 */
extern const struct list_type rpl_energy;           /* rpl_metric.c */
extern const struct list_type rpl_link_quality;     /* rpl_metric.c */
extern const struct list_type rpl_link_colors;      /* rpl_metric.c */
extern const struct list_type rpl_color_constraints; /* rpl_metric.c */
extern const struct list_type rpl_via_addresses;    /* rpl.c: RFC 9914 */

#endif
