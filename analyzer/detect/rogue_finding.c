/*
 * What is said of a router: what speaks against it, and in which words.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/rogue.h"

struct evidence_row {
	const char *name;
	enum reason_group group;
	uint8_t weight;
	const char *words; /* NULL: it takes numbers */
};

static const struct evidence_row rows[ROGUE_EVIDENCE] = {
	[ROGUE_BESIDE] = { "new_router", REASON_CHANGE, 10, NULL },
	[ROGUE_BESIDE_LATE] = { "new_router", REASON_CHANGE, 25, NULL },
	[ROGUE_PREFERRED] = { "preferred", REASON_ROLE, 20,
	    "its preference is higher than that of all other routers" },
	[ROGUE_OTHER_PREFIX] = { "other_prefix", REASON_CONTENT, 20, NULL },
	[ROGUE_OTHER_SERVER] = { "other_name_server", REASON_CONTENT, 15, NULL },
	[ROGUE_HIGHEST] = { "highest_preference", REASON_ROLE, 35,
	    "the highest preference there can be, where 0 is usual" },
	[ROGUE_OTHER_MAC] = { "other_station", REASON_HEADER, 25, NULL },
	[ROGUE_BOTH_MACS] = { "two_stations", REASON_ROLE, 30,
	    "the station that had the address goes on advertising" },
	[ROGUE_WITHDRAWN] = { "withdrawn_by_other", REASON_CHANGE, 35,
	    "lifetime 0, which a router says of itself alone" },
	[ROGUE_UNLIKELY_END] = { "unlikely_withdrawal", REASON_CONTENT, 35,
	    "lifetime 0 with a preference, and another one than the router's" },
	[ROGUE_ODD_END] = { "odd_withdrawal", REASON_CONTENT, 15, "lifetime 0 with a preference" },
	[ROGUE_TWO_FACES] = { "contradicts_itself", REASON_CHANGE, 35,
	    "what it says of itself changes, and changes back" },
	[ROGUE_FLAPS] = { "withdrawn_again_and_again", REASON_CHANGE, 30, NULL },
	[ROGUE_HOST] = { "is_a_host", REASON_ROLE, 40,
	    "neighbor advertisements of that station say that it is no router" },
	[ROGUE_UNLISTED] = { "not_listed", REASON_ROLE, 60, "it is not in detect.routers" },
	[ROGUE_BROKEN] = { "dropped_by_hosts", REASON_HEADER, 30, NULL },
	[ROGUE_EVADES] = { "extension_headers", REASON_SIGNATURE, 50,
	    "fragments or extension headers, which get past the filters of switches" },
	[ROGUE_HASTY] = { "too_often", REASON_TIMING, 15,
	    "advertisements to all less than 3 s apart" },
	[ROGUE_TOOL] = { "tool_values", REASON_SIGNATURE, 60,
	    "lifetimes and hop limit that fake_router6 always advertises" },
};

/* The evidence that takes numbers. */
static void
add_numbers(struct finding *finding, const struct rogue *rogue, enum rogue_evidence evidence)
{
	const struct evidence_row *row = &rows[evidence];
	char text[PREFIX_TEXT_SIZE], other[MAC_TEXT_SIZE];

	switch (evidence) {
	case ROGUE_BESIDE:
	case ROGUE_BESIDE_LATE:
		addr_text(&rogue->rival, text);
		finding_reason(finding, row->name, row->group, row->weight,
		    "it appeared beside %s, which goes on", text);
		break;
	case ROGUE_OTHER_PREFIX:
		prefix_text(&rogue->prefixes[rogue->other_prefix], text);
		finding_reason(finding, row->name, row->group, row->weight,
		    "%s, which no other router advertises", text);
		break;
	case ROGUE_OTHER_SERVER:
		addr_text(&rogue->servers[rogue->other_server], text);
		finding_reason(finding, row->name, row->group, row->weight,
		    "%s, which no other router advertises", text);
		break;
	case ROGUE_OTHER_MAC:
		mac_text(&rogue->other_mac, text);
		mac_text(&rogue->mac, other);
		finding_reason(finding, row->name, row->group, row->weight,
		    "%" PRIu32 " of %" PRIu32 " advertisements from %s, not from %s",
		    rogue->by_other, rogue->advertisements, text, other);
		break;
	case ROGUE_FLAPS:
		finding_reason(finding, row->name, row->group, row->weight,
		    "lifetime 0 and back %" PRIu32 " times", rogue->returns);
		break;
	default: /* ROGUE_BROKEN */
		finding_reason(finding, row->name, row->group, row->weight, "%s",
		    anomaly_type(rogue->broken)->meaning);
		break;
	}
}

static void
add_reasons(struct finding *finding, const struct rogue *rogue)
{
	enum rogue_evidence evidence;

	for (evidence = 0; evidence < ROGUE_EVIDENCE; evidence++) {
		if (!rogue_has(rogue, evidence) ||
		    (evidence == ROGUE_ODD_END && rogue_has(rogue, ROGUE_UNLIKELY_END)))
			continue;
		if (rows[evidence].words == NULL)
			add_numbers(finding, rogue, evidence);
		else
			finding_reason(finding, rows[evidence].name, rows[evidence].group,
			    rows[evidence].weight, "%s", rows[evidence].words);
	}
}

static const char *
plural(uint32_t count)
{
	return count == 1 ? "" : "s";
}

/* One sentence: of who speaks in a router's name, or of a router. */
static void
say(struct finding *finding, const struct rogue *rogue)
{
	char router[ADDR_TEXT_SIZE], rival[ADDR_TEXT_SIZE], mac[MAC_TEXT_SIZE];
	uint32_t count = rogue->advertisements;

	addr_text(&rogue->subject.key.actor, router);
	addr_text(&rogue->rival, rival);
	mac_text(&rogue->other_mac, mac);
	if (rogue_has(rogue, ROGUE_OTHER_MAC))
		snprintf(finding->message, sizeof(finding->message),
		    "%s sent %" PRIu32 " router advertisement%s in the name of %s%s", mac,
		    rogue->by_other, plural(rogue->by_other), router, rogue_has(rogue, ROGUE_WITHDRAWN) ?
		    ", so that hosts no longer use it" : "");
	else if (rogue->rival.version != 0)
		snprintf(finding->message, sizeof(finding->message),
		    "%s advertised itself %" PRIu32 " time%s as a router beside %s%s%s", router, count,
		    plural(count), rival, rogue_has(rogue, ROGUE_PREFERRED) ? ", to be preferred" : "",
		    rogue_has(rogue, ROGUE_OTHER_PREFIX) ? ", with another prefix" : "");
	else
		snprintf(finding->message, sizeof(finding->message),
		    "%s advertised itself %" PRIu32 " time%s as a router, and may be none", router, count,
		    plural(count));
}

void
rogue_tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	struct rogue *rogue = (struct rogue *)subject;
	struct finding finding;

	if (subjects_is_crowd(subjects, rogue->begun_ns, now_ns))
		return;
	subjects_finding(subjects, subject, &finding);
	finding.quiet_ns = subjects->settings->detect_rogue_router.quiet_ns;
	finding.counts.packets = rogue->advertisements;
	finding.counts.bytes = rogue->octets;
	if (rogue->rival.version != 0)
		finding_relate(&finding, &rogue->rival);
	add_reasons(&finding, rogue);
	say(&finding, rogue);
	subject->is_told |= incidents_report(subjects->incidents, &finding, packet, now_ns);
	rogue->told_ns = now_ns;
}
