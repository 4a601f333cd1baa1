/*
 * Distributed sweeps: many sources that ping a slice of one network each, so
 * that none of them need speak to many hosts. Judged by the network: how many
 * different sources and targets there are, that hardly a target has more than
 * one source (monitors all poll the same ones), and that most do not answer.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/core/distinct.h"
#include "analyzer/detect/detectors.h"
#include "analyzer/detect/subject.h"
#include "analyzer/log.h"

#define NS_PER_S UINT64_C(1000000000)
#define NETWORK4_LEN 3   /* octets of a network as most are made */
#define NETWORK6_LEN 8
#define KNOWN_BITS 12    /* pairs lately counted */
#define JUDGE_EVERY 16   /* new pairs, for to count them takes time */
#define CROWD_PAIRS 1024 /* so many pairs of so few targets are a flood, and */
#define CROWD_TARGETS 8  /* their sources may be spoofed */

enum {
	WEIGHT_SOURCES = 30,
	WEIGHT_UNANSWERED = 30,
	WEIGHT_SLICES = 10,
};

struct network {
	struct subject subject; /* victim: its prefix */
	uint64_t begun_ns;      /* analysis time: of what is counted */
	uint64_t pairs;         /* of a source and a target */
	bool is_told;
	uint8_t zero[7];
	struct distinct sources, targets, answering;
	struct addr some[FINDING_RELATED_MAX]; /* sources, the first ones */
};

struct distributed {
	struct subjects *subjects;
	struct pairs *pairs;             /* borrowed: who need not be counted */
	uint64_t known_until_ns;         /* then pairs are new again */
	uint64_t known[1U << KNOWN_BITS]; /* digests of pairs, by themselves */
};

static struct addr
network_of(const struct addr *addr)
{
	struct addr network = { .version = addr->version };

	memcpy(network.bytes, addr->bytes, addr->version == 6 ? NETWORK6_LEN : NETWORK4_LEN);
	return network;
}

/* Whether a pair was not counted lately; now it was. */
static bool
is_new(struct distributed *state, const struct addr *source, const struct addr *target,
    bool is_answer, uint64_t now_ns)
{
	uint64_t mixed = (uint64_t)recent_tail(source) << 32 | recent_tail(target);
	uint64_t *place;

	if (now_ns >= state->known_until_ns) {
		memset(state->known, 0, sizeof(state->known));
		pairs_wake(state->pairs);
		state->known_until_ns = now_ns +
		    state->subjects->settings->detect_distributed_sweep.span_ns;
	}
	mixed = (mixed ^ is_answer) * UINT64_C(0x9e3779b97f4a7c15) | 1;
	place = &state->known[mixed >> (64 - KNOWN_BITS)];
	if (*place == mixed)
		return false;
	*place = mixed;
	return true;
}

/* How many different ones there are. */
struct crowd {
	uint32_t sources, targets, answering;
};

static void
tell(struct subjects *subjects, struct network *network, const struct crowd *crowd,
    const struct packet *packet, uint64_t now_ns)
{
	unsigned bits = 8 * (network->subject.key.victim.version == 6 ? NETWORK6_LEN : NETWORK4_LEN);
	char prefix[ADDR_TEXT_SIZE];
	struct finding finding;
	unsigned i;

	network->is_told = true;
	subjects_finding(subjects, &network->subject, &finding);
	finding.victim = (struct addr){ .version = 0 };
	finding.quiet_ns = subjects->settings->detect_distributed_sweep.quiet_ns;
	finding.threshold = "detect.distributed_sweep.targets";
	finding.threshold_value = (int64_t)subjects->settings->detect_distributed_sweep.targets;
	finding.ceiling = SEVERITY_HIGH;
	finding.counts.sources = crowd->sources;
	finding.counts.targets = crowd->targets;
	finding.counts.answered = crowd->answering;
	for (i = 0; i < FINDING_RELATED_MAX && network->some[i].version != 0; i++)
		finding_relate(&finding, &network->some[i]);
	finding_reason(&finding, "sources", REASON_TARGETS, WEIGHT_SOURCES,
	    "%" PRIu32 " sources and %" PRIu32 " targets of one network",
	    crowd->sources, crowd->targets);
	finding_reason(&finding, "unanswered", REASON_ANSWERS, WEIGHT_UNANSWERED,
	    "%" PRIu32 " of %" PRIu32 " targets answered", crowd->answering, crowd->targets);
	finding_reason(&finding, "slices", REASON_TARGETS, WEIGHT_SLICES,
	    "%" PRIu64 " pairs: hardly a target has two sources", network->pairs);
	addr_text(&network->subject.key.victim, prefix);
	snprintf(finding.message, sizeof(finding.message),
	    "%" PRIu32 " sources together pinged %" PRIu32 " addresses of %s/%u, %" PRIu32 " answered",
	    crowd->sources, crowd->targets, prefix, bits, crowd->answering);
	(void)incidents_report(subjects->incidents, &finding, packet, now_ns);
}

static void
judge(struct subjects *subjects, struct network *network, const struct packet *packet,
    uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	struct crowd crowd = { distinct_count(&network->sources),
		distinct_count(&network->targets), distinct_count(&network->answering) };

	/* The first is an estimate, which the other bounds. */
	if (crowd.targets > network->pairs)
		crowd.targets = (uint32_t)network->pairs;
	if (crowd.sources >= settings->detect_distributed_sweep.sources &&
	    crowd.targets >= settings->detect_distributed_sweep.targets &&
	    network->pairs <= crowd.targets + crowd.targets / 2 &&
	    crowd.answering < crowd.targets / 2)
		tell(subjects, network, &crowd, packet, now_ns);
}

/* What was counted long ago is no part of it. */
static void
forget_old(const struct subjects *subjects, struct network *network, uint64_t now_ns)
{
	const struct subject subject = network->subject;

	if (now_ns - network->begun_ns <= subjects->settings->detect_distributed_sweep.span_ns)
		return;
	memset(network, 0, sizeof(*network));
	network->subject = subject;
	network->subject.packets = network->subject.bytes = 0;
	network->begun_ns = now_ns;
}

static bool
is_flooded(const struct network *network)
{
	return network->pairs >= CROWD_PAIRS && !network->targets.is_estimated &&
	       network->targets.exact_count < CROWD_TARGETS;
}

static void
note_probe(struct subjects *subjects, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	const struct addr *source = &packet->ip.source, *target = &packet->ip.destination;
	const struct subject_key key = { .victim = network_of(target) };
	struct network *network = (struct network *)subjects_note(subjects, &key, packet,
	    msg->length, now_ns);

	if (network->begun_ns == 0)
		network->begun_ns = now_ns;
	forget_old(subjects, network, now_ns);
	if (network->pairs == 0)
		network->subject.first_ns = packet->frame->when_ns;
	if (is_flooded(network))
		return;
	if (distinct_add(&network->sources, distinct_hash_addr(source)) &&
	    network->sources.exact_count <= FINDING_RELATED_MAX)
		network->some[network->sources.exact_count - 1] = *source;
	distinct_add(&network->targets, distinct_hash_addr(target));
	if (++network->pairs % JUDGE_EVERY == 0)
		judge(subjects, network, packet, now_ns);
}

static void
note_answer(struct subjects *subjects, const struct packet *packet)
{
	const struct subject_key key = { .victim = network_of(&packet->ip.source) };
	struct network *network = (struct network *)subjects_find(subjects, &key);

	if (network != NULL)
		distinct_add(&network->answering, distinct_hash_addr(&packet->ip.source));
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	bool is_answer = msg->type->role == ICMP_REPLY;
	struct distributed *distributed = state;

	if ((msg->type->role != ICMP_REQUEST && !is_answer) || msg->type->tail != ICMP_TAIL_DATA)
		return;
	if (!addr_is_ordinary(&packet->ip.destination) || !is_new(distributed,
	    &packet->ip.source, &packet->ip.destination, is_answer, now_ns)) {
		pairs_hush(distributed->pairs, HUSH_DISTRIBUTED_SWEEP, message_kind(msg), now_ns);
		return;
	}
	if (is_answer)
		note_answer(distributed->subjects, packet);
	else if (!prefix_list_has(&distributed->subjects->settings->detect_monitors,
	    &packet->ip.source))
		note_probe(distributed->subjects, packet, msg, now_ns);
}

static uint32_t
tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct distributed *distributed = state;

	return subjects_tables(distributed->subjects, out, max);
}

static void
destroy(void *state)
{
	struct distributed *distributed = state;

	if (distributed == NULL)
		return;
	subjects_destroy(distributed->subjects);
	free(distributed);
}

static void *
create(const struct detector_context *context, char *err)
{
	struct distributed *distributed = calloc(1, sizeof(*distributed));

	if (distributed == NULL) {
		snprintf(err, ERR_SIZE, "no memory for detect.distributed_sweep");
		return NULL;
	}
	distributed->pairs = context->pairs;
	distributed->subjects = subjects_create(&detector_distributed_sweep, context,
	    sizeof(struct network),
	    context->settings->detect_distributed_sweep.networks, 0, err);
	if (distributed->subjects == NULL) {
		destroy(distributed);
		return NULL;
	}
	return distributed;
}

const struct detector detector_distributed_sweep = {
	.rule = {
		.name = "distributed_sweep",
		.id = "icmpscope-102",
		.title = "Distributed ping sweep",
		.tactic_id = "TA0007",
		.tactic = "Discovery",
		.technique_id = "T1018",
		.technique = "Remote System Discovery",
	},
	.meaning = "many sources that ping one network between them, a slice each, most of which does "
	           "not answer",
	.create = create,
	.message = message,
	.hush = HUSH_DISTRIBUTED_SWEEP,
	.tables = tables,
	.destroy = destroy,
};
