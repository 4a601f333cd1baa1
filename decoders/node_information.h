/*
 * The fields of the Node Information messages (RFC 4620): by what the code
 * of a query says of its subject, and by the qtype of a reply.
 */
#ifndef DECODERS_NODE_INFORMATION_H
#define DECODERS_NODE_INFORMATION_H

#include "decoders/field.h"

#define NODE_INFORMATION_LEN 16 /* octets in front of the data */

extern const struct field node_information_fields[];    /* no data, or unknown data */
extern const struct field node_query_ipv6_fields[];     /* code 0 */
extern const struct field node_query_name_fields[];     /* code 1 */
extern const struct field node_query_ipv4_fields[];     /* code 2 */
extern const struct field node_reply_fields[];          /* code 0 */

#endif
