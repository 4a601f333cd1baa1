/*
 * What the files of the tour share.
 */
#ifndef SAMPLES_TOUR_H
#define SAMPLES_TOUR_H

#include "samples/scene.h"

#define ADMIN6 "2001:db8:10::10"
#define ADMIN6_LINK "fe80::200:5eff:fe00:530a"
#define ROUTER6_LINK "fe80::200:5eff:fe00:5301"

/* A host comes up: duplicate address detection, router, multicast groups. */
void tour_ipv6(struct scene *s);

#endif
