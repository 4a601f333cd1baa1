/*
 * The built-in reference: every message, option, object, anomaly, event field,
 * detector and setting, straight from the tables that make them. No network,
 * no files.
 */
#ifndef ANALYZER_EXPLAIN_H
#define ANALYZER_EXPLAIN_H

#include <stddef.h>
#include <stdio.h>

/*
 * Writes to `out` what is known about `words`:
 *
 *	(none)                  the list of all there is
 *	3, 3/4, icmpv6 134      messages by type and code, of one version or both
 *	nd 25, object 1/1       options and objects by number; option 25: of any list
 *	nd, icmpv6              a group: the list of what is in it
 *	port_unreachable        anything by its name in events: messages, codes,
 *	bad_mtu, cur_hop_limit  options, anomalies, fields, detectors, settings
 *	icmp.quoted.ttl         a field of events by its path
 *	echo                    the first letters of a word in such names: a list of them
 *	markdown                all of it as decoders/TYPES.md
 *
 * Returns 0, or -1 with `err` (of ERR_SIZE) filled: nothing has that name, or
 * `out` cannot be written.
 */
int explain_run(size_t count, const char *const *words, FILE *out, char *err);

#endif
