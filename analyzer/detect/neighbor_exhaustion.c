/*
 * Neighbor cache exhaustion (RFC 6583): somebody sends to very many addresses of
 * a network, its router has to look for each (RFC 4861 7.2.2), and remembers for
 * seconds that it waits. What shows are solicitations for addresses that nobody
 * has. Who looks for a host that is down asks for few; whoever makes addresses
 * up, instead of counting, draws most of the 64 bits.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/core/distinct.h"
#include "analyzer/detect/detectors.h"
#include "analyzer/detect/subject.h"

#define NS_PER_MS UINT64_C(1000000)
#define ANSWER_NS UINT64_C(1000000000) /* who is there answers before it is asked again
                                          (RFC 4861 10: RETRANS_TIMER) */
#define NETWORK_LEN 8   /* octets of a network, by far most often */
#define RANDOM_LEN 4    /* of an interface identifier, that who counts leaves alone */
#define RANDOM_SHARE 75 /* percent that differ in them when they are drawn */
#define ADMITTED_AT 8   /* solicitations; a flood has other senders each time */
#define JUDGE_EVERY 16  /* solicitations, for to count takes time */

enum {
	WEIGHT_ABSENT = 30,
	WEIGHT_RANDOM = 30,
	WEIGHT_MANY = 20,
};

/* Who looks for neighbors: the victim, whoever makes it do that. */
struct exhaustion {
	struct subject subject;
	uint64_t begun_ns;      /* analysis time: of what is counted */
	uint64_t solicited_ns;  /* capture's clock: of the latest solicitation */
	uint32_t absent;        /* the most in one span of time */
	uint32_t solicitations; /* in this one */
	uint64_t total;         /* addresses that nobody has, in all spans before */
	struct addr network;    /* of the latest target */
	bool are_random;
	uint8_t zero[6];
	struct distinct targets, answering;
	struct distinct beginnings; /* of the targets' interface identifiers */
};

static uint32_t
count_absent(const struct exhaustion *exhaustion)
{
	uint32_t targets = distinct_count(&exhaustion->targets);
	uint32_t answering = distinct_count(&exhaustion->answering);

	if (targets > exhaustion->solicitations)
		targets = exhaustion->solicitations; /* it may be an estimate */
	return targets > answering ? targets - answering : 0;
}

/* What was counted long ago is no part of it, unless that was an attack. */
static void
turn(const struct subjects *subjects, struct exhaustion *exhaustion, uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	uint64_t since_ns = now_ns - exhaustion->begun_ns;
	struct subject *subject = &exhaustion->subject;

	if (since_ns < settings->detect_neighbor_exhaustion.span_ns)
		return;
	exhaustion->total += count_absent(exhaustion);
	if (!subject->is_told || since_ns > settings->detect_neighbor_exhaustion.quiet_ns) {
		subject_restart(subject);
		exhaustion->total = exhaustion->absent = 0;
		exhaustion->are_random = false;
	}
	exhaustion->begun_ns = now_ns;
	exhaustion->solicitations = 0;
	memset(&exhaustion->targets, 0, sizeof(exhaustion->targets));
	memset(&exhaustion->answering, 0, sizeof(exhaustion->answering));
	memset(&exhaustion->beginnings, 0, sizeof(exhaustion->beginnings));
}

static void
add_reasons(const struct subjects *subjects, const struct exhaustion *exhaustion,
    struct finding *finding)
{
	uint64_t many = subjects->settings->detect_neighbor_exhaustion.many;

	finding_reason(finding, "absent_targets", REASON_TARGETS, WEIGHT_ABSENT,
	    "%" PRIu32 " addresses within %" PRIu64 " s that nobody has", exhaustion->absent,
	    subjects->settings->detect_neighbor_exhaustion.span_ns / (1000 * NS_PER_MS));
	if (exhaustion->are_random)
		finding_reason(finding, "random_identifiers", REASON_CONTENT, WEIGHT_RANDOM,
		    "the interface identifiers differ from their first octets on");
	if (exhaustion->absent >= many)
		finding_reason(finding, "fills_cache", REASON_RATE, WEIGHT_MANY,
		    "%" PRIu64 " and more at once are what caches hold", many);
}

/*
 * Notes how bad it is; whether it looks for far more addresses than are there,
 * whose hosts had time to answer.
 */
static bool
judge(struct subjects *subjects, struct exhaustion *exhaustion, uint64_t now_ns)
{
	uint32_t absent = count_absent(exhaustion);

	if (absent < subjects->settings->detect_neighbor_exhaustion.targets ||
	    absent < distinct_count(&exhaustion->answering))
		return exhaustion->subject.is_told;
	if (now_ns - exhaustion->begun_ns < ANSWER_NS) {
		subjects_tell_at(subjects, &exhaustion->subject, exhaustion->begun_ns + ANSWER_NS);
		return exhaustion->subject.is_told;
	}
	if (absent > exhaustion->absent)
		exhaustion->absent = absent;
	if (distinct_count(&exhaustion->beginnings) >= (uint64_t)absent * RANDOM_SHARE / 100)
		exhaustion->are_random = true;
	return true;
}

static void
tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	struct exhaustion *exhaustion = (struct exhaustion *)subject;
	uint64_t total = exhaustion->total + count_absent(exhaustion), ms = 0;
	char router[ADDR_TEXT_SIZE], network[ADDR_TEXT_SIZE];
	struct finding finding;

	if (!judge(subjects, exhaustion, now_ns))
		return;
	subjects_finding(subjects, subject, &finding);
	finding.quiet_ns = subjects->settings->detect_neighbor_exhaustion.quiet_ns;
	finding.threshold = "detect.neighbor_exhaustion.targets";
	finding.threshold_value = (int64_t)subjects->settings->detect_neighbor_exhaustion.targets;
	finding.last_ns = exhaustion->solicited_ns;
	finding.counts.targets = (int64_t)total;
	finding_relate(&finding, &exhaustion->network);
	add_reasons(subjects, exhaustion, &finding);
	if (finding.reason_count < 2)
		return;
	if (finding.last_ns > finding.first_ns)
		ms = (finding.last_ns - finding.first_ns) / NS_PER_MS;
	addr_text(&subject->key.victim, router);
	addr_text(&exhaustion->network, network);
	snprintf(finding.message, sizeof(finding.message),
	    "%s had to look for about %" PRIu64 " addresses of %s/%d in %" PRIu64 ".%" PRIu64
	    " s that nobody has: somebody fills its neighbor cache", router, total, network,
	    8 * NETWORK_LEN, ms / 1000, ms % 1000 / 100);
	subject->is_told = true;
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}

static void
on_solicitation(struct subjects *subjects, const struct packet *packet,
    const struct icmp_msg *msg, const struct addr *target, uint64_t now_ns)
{
	const struct subject_key key = { .victim = packet->ip.source };
	struct exhaustion *exhaustion;

	if (!subjects_admits(subjects, &key, ADMITTED_AT))
		return;
	exhaustion = (struct exhaustion *)subjects_find(subjects, &key);
	if (exhaustion != NULL)
		turn(subjects, exhaustion, now_ns);
	exhaustion = (struct exhaustion *)subjects_note(subjects, &key, packet, msg->length,
	    now_ns);
	if (exhaustion->solicitations == 0)
		exhaustion->begun_ns = now_ns;
	exhaustion->solicited_ns = packet->frame->when_ns;
	exhaustion->network = (struct addr){ .version = target->version };
	memcpy(exhaustion->network.bytes, target->bytes, NETWORK_LEN);
	distinct_add(&exhaustion->targets, distinct_hash_addr(target));
	distinct_add(&exhaustion->beginnings,
	    distinct_hash(target->bytes + NETWORK_LEN, RANDOM_LEN));
	if (++exhaustion->solicitations % JUDGE_EVERY == 0)
		subjects_news(subjects, &exhaustion->subject, packet, now_ns);
}

static void
on_advertisement(struct subjects *subjects, const struct packet *packet,
    const struct addr *target)
{
	const struct subject_key key = { .victim = packet->ip.destination };
	struct exhaustion *exhaustion = (struct exhaustion *)subjects_find(subjects, &key);

	if (exhaustion != NULL)
		distinct_add(&exhaustion->answering, distinct_hash_addr(target));
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	const union value *target;

	if (msg->version != 6 || (msg->type_number != ICMP6_NEIGHBOR_SOLICITATION &&
	    msg->type_number != ICMP6_NEIGHBOR_ADVERTISEMENT))
		return;
	target = icmp_value(msg, "target");
	if (target == NULL)
		return;
	/* To one host it is a question whether that is still there (RFC 4861 7.3.1). */
	if (msg->type_number == ICMP6_NEIGHBOR_ADVERTISEMENT)
		on_advertisement(state, packet, &target->address);
	else if (addr_is_solicited_node(&packet->ip.destination) &&
	    !addr_is_unspecified(&packet->ip.source))
		on_solicitation(state, packet, msg, &target->address, now_ns);
}

static void *
create(const struct detector_context *context, char *err)
{
	struct subjects *subjects = subjects_create(&detector_neighbor_exhaustion, context,
	    sizeof(struct exhaustion),
	    context->settings->detect_neighbor_exhaustion.solicitors, 0, err);

	if (subjects != NULL)
		subjects->tell = tell;
	return subjects;
}

const struct detector detector_neighbor_exhaustion = {
	.rule = {
		.name = "neighbor_exhaustion",
		.id = "icmpscope-304",
		.title = "Neighbor cache exhaustion",
		.tactic_id = "TA0040",
		.tactic = "Impact",
		.technique_id = "T1498.001",
		.technique = "Network Denial of Service: Direct Network Flood",
	},
	.meaning = "a router that has to look for very many neighbors that do not exist",
	.create = create,
	.message = message,
	.ignores = IGNORE_ECHOES,
	.tick = subjects_tick,
	.finish = subjects_finish,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
