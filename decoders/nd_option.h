/*
 * What Neighbor Discovery options share with messages and RPL.
 */
#ifndef DECODERS_ND_OPTION_H
#define DECODERS_ND_OPTION_H

#include "decoders/field.h"

/* Options that code outside the table speaks of by number. */
enum {
	ND_SOURCE_LINK_LAYER_ADDRESS = 1,
	ND_TARGET_LINK_LAYER_ADDRESS = 2,
};

extern const struct name nd_preferences[]; /* RFC 4191 2.1 */
extern const struct band nd_preference_bands[];
extern const struct band nd_prefix_bands[]; /* RFC 4861 4.6.2 */
extern const struct field nd_route_information[]; /* RFC 4191 2.3, RFC 6550 6.7.5 */
extern const struct name nd_registered_address_types[]; /* RFC 9685 14.1 */
extern const struct name nd_registration_statuses[];    /* RFC 6775 4.1, RFC 8505 4.1 */

#endif
