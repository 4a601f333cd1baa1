/*
 * Forged errors that end or slow what a host has under way: who sits elsewhere
 * says that a destination cannot be reached, or is too busy, and guesses the ports of
 * a connection (RFC 5927 5 and 6). What a real error cannot have tells it. Of
 * expired datagrams nobody closes anything, so those errors are left out.
 */
#include <inttypes.h>
#include <stdio.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/error_doubt.h"

#define FRAGMENTATION_NEEDED 4
#define ICMP4_SOURCE_QUENCH 4

static struct doubt_bounds
bounds_of(const struct settings *settings)
{
	return (struct doubt_bounds){ settings->detect_forged_error.doubt,
		settings->detect_forged_error.flows, settings->detect_forged_error.quiet_ns };
}

static bool
ends_flow(const struct icmp_msg *msg)
{
	if (msg->version == 6)
		return msg->type_number == ICMP6_DESTINATION_UNREACHABLE ||
		       msg->type_number == ICMP6_PARAMETER_PROBLEM;
	return msg->type_number == ICMP4_SOURCE_QUENCH ||
	       msg->type_number == ICMP4_PARAMETER_PROBLEM ||
	       (msg->type_number == ICMP4_DESTINATION_UNREACHABLE &&
	       msg->code != FRAGMENTATION_NEEDED);
}

/*
 * Errors about what nobody has do no harm, unless they hit, or guess. Many that
 * guess may also be answers to datagrams in the victim's name: real ones, then.
 */
static enum severity
ceiling_of(const struct settings *settings, const struct doubted *doubted,
    const struct finding *finding)
{
	const unsigned made_up = 1U << REASON_HEADER | 1U << REASON_ROLE;
	const struct doubt_bounds bounds = bounds_of(settings);

	if (doubted->hits > 0 || (doubted_has_guesses(doubted, &bounds) &&
	    (finding_groups(finding) & made_up) != 0))
		return SEVERITY_HIGH;
	return SEVERITY_LOW;
}

static void
say(const struct doubted *doubted, const char *reporter, const char *victim,
    struct finding *finding)
{
	uint64_t errors = doubted->subject.packets;
	char peer[ADDR_TEXT_SIZE];

	addr_text(&doubted->peer, peer);
	snprintf(finding->message, sizeof(finding->message),
	    "%" PRIu64 " error%s in the name of %s would end or slow what %s has under way with "
	    "%s%s, and %s made up", errors, errors == 1 ? "" : "s", reporter, victim, peer,
	    doubted->has_more_peers ? " and others" : "", errors == 1 ? "looks" : "look");
}

static const struct doubt_rule rule = {
	.scope = DOUBT_OF_END,
	.threshold = "detect.forged_error.doubt",
	.bounds = bounds_of,
	.covers = ends_flow,
	.ceiling = ceiling_of,
	.say = say,
};

static void
event(void *state, const struct event *event, uint64_t now_ns)
{
	doubted_event(state, &rule, event, now_ns);
}

static void
tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	doubted_tell(subjects, &rule, subject, packet, now_ns);
}

static void *
create(const struct detector_context *context, char *err)
{
	const struct settings *settings = context->settings;
	struct subjects *subjects = subjects_create(&detector_forged_error, context,
	    sizeof(struct doubted), settings->detect_forged_error.hosts,
	    settings->detect_forged_error.quiet_ns, err);

	if (subjects != NULL)
		subjects->tell = tell;
	return subjects;
}

const struct detector detector_forged_error = {
	.rule = {
		.name = "forged_error",
		.id = "icmpscope-1201",
		.title = "Forged errors",
		.tactic_id = "TA0040",
		.tactic = "Impact",
		.technique_id = "T1499",
		.technique = "Endpoint Denial of Service",
	},
	.meaning = "errors that would end or slow connections and cannot be true: about flows that "
	    "were not seen, with guessed ports and sequence numbers, from where they cannot come",
	.observes = UINT32_C(1) << DATASET_ERROR,
	.create = create,
	.event = event,
	.tick = subjects_tick,
	.finish = subjects_finish,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
