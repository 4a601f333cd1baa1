/*
 * What is said of a sweep: how many, where, how fast, what answered, and whose
 * packets they look like.
 */
#include "analyzer/detect/sweep.h"

#include <inttypes.h>
#include <stdio.h>

#define NS_PER_MS 1000000
#define NS_PER_S UINT64_C(1000000000)
#define NETWORK4_BITS 24
#define NETWORK6_BITS 64
#define LOCAL4_BITS 16 /* all targets within such a prefix lie close together */
#define LOCAL6_BITS 48
#define ORDER_SHARE 2 /* one in so many in order is remarkable */
#define WHERE_SIZE (ADDR_TEXT_SIZE + 32)
#define WHAT_SIZE 64

enum {
	WEIGHT_TARGETS = 30,
	WEIGHT_UNANSWERED = 30,
	WEIGHT_ONE_ROUND = 25,
	WEIGHT_UNASKED = 25,
	WEIGHT_TOOL = 25,
	WEIGHT_IN_ORDER = 10,
	WEIGHT_RARE = 10,
};

#define WIDTH(seconds, member) \
	{ (seconds) * NS_PER_S, offsetof(struct settings, detect_ping_sweep.member), \
	  "detect.ping_sweep." #member }

const struct sweep_width sweep_widths[SWEEP_WINDOWS] = {
	WIDTH(60, minute),
	WIDTH(300, five_minutes),
	WIDTH(3600, hour),
	WIDTH(86400, day),
};

uint64_t
sweep_width_targets(const struct settings *settings, unsigned window)
{
	return *(const uint64_t *)((const char *)settings + sweep_widths[window].offset);
}

/* The network that has the most targets of a tally. */
static const struct sweep_network *
main_network(const struct sweep_tally *tally)
{
	const struct sweep_network *found = &tally->networks[0];
	unsigned i;

	for (i = 1; i < SWEEP_NETWORKS; i++)
		if (tally->networks[i].count > found->count)
			found = &tally->networks[i];
	return found;
}

static bool
is_within(const struct sweep_tally *tally)
{
	return tally->common_bits >= (tally->common.version == 6 ? LOCAL6_BITS : LOCAL4_BITS);
}

bool
sweep_is_local(const struct sweep_tally *tally)
{
	return is_within(tally) || main_network(tally)->count > tally->targets / 2;
}

/* " of 10.20.0.0/24", or "" where there is no one place. */
static void
name_place(const struct sweep_tally *tally, char out[WHERE_SIZE])
{
	unsigned usual = tally->common.version == 6 ? NETWORK6_BITS : NETWORK4_BITS;
	struct addr prefix = tally->common;
	unsigned bits = tally->common_bits, i;
	char text[ADDR_TEXT_SIZE];

	out[0] = '\0';
	if (main_network(tally)->count > tally->targets / 2) {
		prefix = main_network(tally)->prefix;
		bits = usual;
	} else if (!is_within(tally)) {
		return;
	}
	for (i = bits; i < 8 * sizeof(prefix.bytes); i++)
		prefix.bytes[i / 8] &= (uint8_t)~(0x80 >> i % 8);
	addr_text(&prefix, text);
	snprintf(out, WHERE_SIZE, " %s %s/%u",
	    bits <= tally->common_bits ? "of" : "mostly of", text, bits);
}

/* What it did to its targets. */
static const char *
name_deed(const struct sweep_tally *tally)
{
	static const char *const deeds[SWEEP_PROBES] = {
		[SWEEP_ECHO] = "pinged",
		[SWEEP_TIMESTAMP] = "sent timestamp requests to",
		[SWEEP_MASK] = "sent address mask requests to",
		[SWEEP_INFORMATION] = "sent information requests to",
		[SWEEP_REPLY] = "sent unsolicited replies to",
	};
	unsigned i;

	for (i = 0; i < SWEEP_PROBES; i++)
		if (tally->probes[i] > tally->targets / 2)
			return deeds[i];
	return "probed";
}

static void
add_answers(struct finding *finding, const struct sweep_tally *tally, uint8_t evidence)
{
	uint32_t judged = tally->answered + tally->failed;

	if (tally->probes[SWEEP_REPLY] > tally->targets / 2)
		finding_reason(finding, "unasked", REASON_ANSWERS, WEIGHT_UNASKED,
		    "nobody asked for these replies; routers said of %" PRIu32
		    " that nobody is there", tally->failed);
	else if ((evidence & SWEEP_HITS_NOTHING) != 0 || tally->failed > judged / 2)
		finding_reason(finding, "unanswered", REASON_ANSWERS, WEIGHT_UNANSWERED,
		    "%" PRIu32 " of %" PRIu32 " targets did not answer", tally->failed, judged);
	if ((evidence & SWEEP_NEVER_RETURNS) != 0)
		finding_reason(finding, "one_round", REASON_TIMING, WEIGHT_ONE_ROUND,
		    "came back to %" PRIu32 " of them, where a monitor comes back to all", tally->again);
}

static void
add_reasons(struct finding *finding, const struct sweep_tally *tally, uint8_t evidence)
{
	uint32_t echoes = tally->probes[SWEEP_ECHO] + tally->probes[SWEEP_REPLY];
	bool is_scanner;

	finding_reason(finding, "targets", REASON_TARGETS, WEIGHT_TARGETS,
	    "%" PRIu32 " addresses it had not spoken to", tally->targets);
	add_answers(finding, tally, evidence);
	if (tally->in_order > tally->targets / ORDER_SHARE)
		finding_reason(finding, "in_order", REASON_TARGETS, WEIGHT_IN_ORDER,
		    "%" PRIu32 " addresses one after the other", tally->in_order);
	finding->tool = sweep_tool_name(tally, &is_scanner);
	if (is_scanner)
		finding_reason(finding, "scanner", REASON_SIGNATURE, WEIGHT_TOOL,
		    "packets as %s sends them", finding->tool);
	if (echoes < tally->targets)
		finding_reason(finding, "rare_requests", REASON_HEADER, WEIGHT_RARE,
		    "%" PRIu32 " asked for the time, a mask or a name", tally->targets - echoes);
}

static void
write_message(struct finding *finding, const struct sweep_tally *tally)
{
	uint64_t ms = tally->last_ns > tally->first_ns ?
	    (tally->last_ns - tally->first_ns) / NS_PER_MS : 0;
	char source[ADDR_TEXT_SIZE], where[WHERE_SIZE], tool[WHAT_SIZE] = "";

	addr_text(&finding->actor, source);
	name_place(tally, where);
	if (finding->tool != NULL)
		snprintf(tool, sizeof(tool), "; looks like %s", finding->tool);
	snprintf(finding->message, sizeof(finding->message),
	    "%s %s %" PRIu32 " addresses%s in %" PRIu64 ".%" PRIu64 " s, %" PRIu32 " answered%s",
	    source, name_deed(tally), tally->targets, where, ms / 1000, ms % 1000 / 100,
	    tally->answered, tool);
}

void
sweep_report(struct subjects *subjects, struct sweeper *sweeper, const struct packet *packet,
    uint64_t now_ns)
{
	bool is_walk = (sweeper->evidence & SWEEP_HITS_NOTHING) != 0;
	const struct sweep_tally *tally = is_walk ? &sweeper->walk : &sweeper->all;
	struct finding finding;

	subjects_finding(subjects, &sweeper->subject, &finding);
	finding.first_ns = tally->first_ns;
	finding.last_ns = tally->last_ns;
	finding.ceiling = SEVERITY_HIGH;
	finding.quiet_ns = subjects->settings->detect_ping_sweep.quiet_ns;
	finding.counts.packets = (int64_t)tally->packets;
	finding.counts.bytes = (int64_t)tally->bytes;
	finding.counts.targets = tally->targets;
	finding.counts.answered = tally->answered;
	finding.counts.unanswered = tally->failed;
	if (is_walk) {
		finding.threshold = "detect.ping_sweep.excess";
		finding.threshold_value = (int64_t)subjects->settings->detect_ping_sweep.excess;
	} else {
		finding.threshold = sweep_widths[sweeper->wide - 1].setting;
		finding.threshold_value =
		    (int64_t)sweep_width_targets(subjects->settings, sweeper->wide - 1U);
	}
	add_reasons(&finding, tally, sweeper->evidence);
	write_message(&finding, tally);
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}
