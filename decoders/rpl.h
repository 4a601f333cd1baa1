/*
 * The base objects of RPL's control messages (RFC 6550 6 and the RFCs that
 * add codes): the fields of the rows of ICMPv6 type 155.
 */
#ifndef DECODERS_RPL_H
#define DECODERS_RPL_H

#include <stdbool.h>
#include <stdint.h>

#include "decoders/field.h"
#include "decoders/names.h"

extern const struct name rpl_codes[];

extern const struct field rpl_dis_fields[];         /* RFC 6550 6.2.1 */
extern const struct field rpl_dio_fields[];         /* 6.3.1 */
extern const struct field rpl_dao_fields[];         /* 6.4.1 */
extern const struct field rpl_dao_ack_fields[];     /* 6.5.1 */
extern const struct field rpl_p2p_dro_fields[];     /* RFC 6997 8 */
extern const struct field rpl_p2p_dro_ack_fields[]; /* RFC 6997 10 */
extern const struct field rpl_mo_fields[];          /* RFC 6998 3 */
extern const struct field rpl_dco_fields[];         /* RFC 9009 4.3 */
extern const struct field rpl_dco_ack_fields[];     /* RFC 9009 4.3.4 */
extern const struct field rpl_pdr_fields[];         /* RFC 9914 */
extern const struct field rpl_pdr_ack_fields[];     /* RFC 9914 */
extern const struct field rpl_cc_fields[];          /* RFC 6550 6.6.1 */

/* The security section in front of a secured base object (RFC 6550 6.1). */
extern const struct field rpl_security_fields[];

/* What a secured message ends with. */
struct rpl_seal {
	const char *name;   /* its key in events */
	uint32_t len;       /* octets */
	bool is_encrypted;  /* so is what is in front of it */
};

/* By key identifier mode and security level; NULL for a level nobody assigned. */
const struct rpl_seal *rpl_seal_of(uint64_t mode, uint64_t level);

#endif
