/*
 * The base objects of RPL's control messages (RFC 6550 6 and the RFCs that
 * add codes): the fields of the rows of ICMPv6 type 155.
 */
#ifndef DECODERS_RPL_H
#define DECODERS_RPL_H

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
extern const struct field rpl_secure_fields[];      /* RFC 6550 6.1: the security section */
extern const struct field rpl_cc_fields[];          /* RFC 6550 6.6.1, behind such a section */

#endif
