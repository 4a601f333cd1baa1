/*
 * Sweeps: a source that speaks to one host after the other to learn which are
 * there. Two tests on its first contacts. A sequential one (threshold random
 * walk, Jung et al. 2004): who knows its targets is answered by most of them,
 * who guesses is not. And how many targets are new in a minute, in five, in an
 * hour and in a day, for a sweep of hosts that all answer; such a source may be
 * a monitor that was just switched on, so unless its packets are a scanner's it
 * gets the time in which a monitor comes back to its targets.
 */
#include "analyzer/detect/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/log.h"

#define NS_PER_S UINT64_C(1000000000)
#define IDLE_NS (3600 * NS_PER_S)  /* a source with nothing new for so long is forgotten */
#define AGAIN_NS (10 * NS_PER_S)   /* no tool repeats a probe so much later, */
#define MEASURED 4                 /* nor to a host that has answered already as often */

/* What a type of message looks for; SWEEP_NO_PROBE for most. */
static enum sweep_probe
probe_of(const struct icmp_msg *msg)
{
	static const uint8_t probes[2][256] = {
		{ [8] = 1 + SWEEP_ECHO, [13] = 1 + SWEEP_TIMESTAMP, [15] = 1 + SWEEP_INFORMATION,
		    [17] = 1 + SWEEP_MASK, [42] = 1 + SWEEP_ECHO },
		{ [128] = 1 + SWEEP_ECHO, [139] = 1 + SWEEP_INFORMATION, [160] = 1 + SWEEP_ECHO },
	};
	uint8_t probe = probes[msg->version == 6][msg->type_number];

	return probe == 0 ? SWEEP_NO_PROBE : (enum sweep_probe)(probe - 1);
}

static bool
is_answer(const struct icmp_msg *msg)
{
	static const bool answers[2][256] = {
		{ [0] = true, [14] = true, [16] = true, [18] = true, [43] = true },
		{ [129] = true, [140] = true, [161] = true },
	};

	return answers[msg->version == 6][msg->type_number];
}

static struct sweeper *
find_sweeper(struct sweeps *sweeps, const struct addr *source)
{
	const struct subject_key key = { .actor = *source };

	return (struct sweeper *)subjects_find(sweeps->subjects, &key);
}

/* A target that a source never spoke to. */
static void
note_target(struct sweeper *sweeper, const struct addr *target, enum sweep_probe probe,
    uint64_t when_ns, const struct sweep_probe_seen *seen)
{
	sweep_tally_add(&sweeper->all, target, probe, when_ns, seen);
	sweep_tally_add(&sweeper->walk, target, probe, when_ns, seen);
	sweeper->is_news = true;
}

/* Counts what became of a contact, `was` before. */
static void
count_outcome(struct sweeper *sweeper, enum sweep_outcome was, enum sweep_outcome is)
{
	struct sweep_tally *const tallies[] = { &sweeper->all, &sweeper->walk };
	unsigned i;

	for (i = 0; i < sizeof(tallies) / sizeof(tallies[0]); i++) {
		tallies[i]->answered += is == SWEEP_ANSWERED;
		tallies[i]->failed += is == SWEEP_FAILED;
		if (was == SWEEP_FAILED && tallies[i]->failed > 0)
			tallies[i]->failed--;
	}
	sweeper->excess += (is == SWEEP_FAILED) - (was == SWEEP_FAILED) - (is == SWEEP_ANSWERED);
	sweeper->is_news = true;
}

/* What became of a contact is known. */
static void
settle(struct sweeps *sweeps, struct contact *contact, enum sweep_outcome outcome,
    const struct packet *packet, uint64_t now_ns)
{
	enum sweep_outcome was = (enum sweep_outcome)contact->outcome;
	struct sweeper *sweeper;

	/* The first answer counts, even after its time. */
	if (was == outcome || was == SWEEP_ANSWERED)
		return;
	contact->outcome = (uint8_t)outcome;
	sweeper = find_sweeper(sweeps, &contact->key.source);
	if (sweeper == NULL)
		return;
	count_outcome(sweeper, was, outcome);
	sweep_judge_walk(sweeps, sweeper, packet, now_ns);
}

/* Asks to be called within a second, while there is something to wait for. */
static void
wake(struct sweeps *sweeps, uint64_t now_ns)
{
	wait_until(sweeps->subjects->wait, (now_ns / NS_PER_S + 1) * NS_PER_S);
}

/* Contacts that nobody answered in time have failed. */
static void
settle_overdue(struct sweeps *sweeps, const struct packet *packet, uint64_t now_ns)
{
	uint64_t wait_ns = sweeps->subjects->settings->detect_ping_sweep.wait_ns;
	struct contact *contact;

	while ((contact = sweep_overdue(sweeps, wait_ns, now_ns)) != NULL)
		settle(sweeps, contact, SWEEP_FAILED, packet, now_ns);
}

/* Whatever comes for an unsolicited reply, it is no answer. */
static enum sweep_outcome
begins_as(enum sweep_probe probe)
{
	return probe == SWEEP_REPLY ? SWEEP_UNJUDGED : SWEEP_WAITING;
}

/* A newcomer's second target makes it one to be watched. */
static void
admit(struct sweeps *sweeps, const struct newcomer *newcomer, const struct sweep_probe_seen *seen)
{
	const struct subject_key key = { .actor = newcomer->source };
	struct sweeper *sweeper = (struct sweeper *)subjects_note(sweeps->subjects, &key,
	    seen->packet, seen->msg->length, seen->now_ns);

	note_target(sweeper, &newcomer->target, (enum sweep_probe)newcomer->probe,
	    newcomer->when_ns, NULL);
	sweeper->all.bytes += newcomer->length;
	sweeper->walk.bytes += newcomer->length;
	(void)sweep_widest(sweeps, sweeper, newcomer->now_ns);
	if (sweep_find(sweeps, &newcomer->source, &newcomer->target) == NULL) {
		struct contact *contact = sweep_add(sweeps, &newcomer->source, &newcomer->target,
		    begins_as((enum sweep_probe)newcomer->probe), seen->now_ns);

		contact->begun_ns = newcomer->now_ns;
		if (newcomer->outcome != SWEEP_WAITING)
			settle(sweeps, contact, (enum sweep_outcome)newcomer->outcome,
			    seen->packet, seen->now_ns);
	}
}

/* Gives a source a place among newcomers, unless it is one of a crowd. */
static void
take_place(struct sweeps *sweeps, struct newcomer *newcomer, const struct sweep_probe_seen *seen,
    bool is_sweeper)
{
	if (!is_sweeper && sweep_is_crowded(sweeps, &seen->target, seen->now_ns))
		return;
	pairs_wake_here(sweeps->pairs); /* its answer is waited for */
	*newcomer = (struct newcomer){ .source = seen->source, .target = seen->target,
		.probe = (uint8_t)seen->probe, .now_ns = seen->now_ns,
		.outcome = (uint8_t)begins_as(seen->probe),
		.when_ns = seen->packet->frame->when_ns, .length = seen->msg->length,
		.is_sweeper = is_sweeper };
}

/*
 * Whether a contact was made in a sweep that is over: when the same hosts are
 * swept again, they are new again.
 */
static bool
is_of_the_past(struct sweeps *sweeps, const struct contact *contact)
{
	const struct sweeper *sweeper;

	if (!sweeps->has_swept)
		return false;
	sweeper = find_sweeper(sweeps, &contact->key.source);
	return sweeper != NULL && contact->begun_ns < sweeper->anew_ns;
}

/* Such an echo between these two has nothing to tell for a while. */
static void
hush(struct sweeps *sweeps, const struct sweep_probe_seen *seen)
{
	pairs_hush(sweeps->pairs, HUSH_PING_SWEEP, message_kind(seen->msg), seen->now_ns);
}

/* A contact that is made once more. */
static void
repeat(struct sweeps *sweeps, struct contact *contact, const struct sweep_probe_seen *seen)
{
	struct sweeper *sweeper;

	sweep_touch(sweeps, contact, seen->now_ns);
	if (contact->is_again) {
		hush(sweeps, seen);
		return;
	}
	if (contact->outcome == SWEEP_ANSWERED)
		contact->measured++;
	contact->is_again = seen->now_ns - contact->begun_ns >= AGAIN_NS ||
	    contact->measured >= MEASURED;
	if (!contact->is_again && contact->outcome == SWEEP_ANSWERED)
		return;
	sweeper = find_sweeper(sweeps, &seen->source);
	if (sweeper == NULL)
		return;
	sweeper->all.again += contact->is_again;
	sweeper->all.packets++;
	sweeper->all.bytes += seen->msg->length;
	sweeper->walk.packets++;
	sweeper->walk.bytes += seen->msg->length;
}

/* A source's first word to a target. */
static void
make_contact(struct sweeps *sweeps, const struct sweep_probe_seen *seen)
{
	const struct subject_key key = { .actor = seen->source };
	struct sweeper *sweeper = (struct sweeper *)subjects_note(sweeps->subjects, &key,
	    seen->packet, seen->msg->length, seen->now_ns);

	(void)sweep_add(sweeps, &seen->source, &seen->target, begins_as(seen->probe), seen->now_ns);
	pairs_wake_here(sweeps->pairs); /* its answer is waited for */
	wake(sweeps, seen->now_ns);
	note_target(sweeper, &seen->target, seen->probe, seen->packet->frame->when_ns, seen);
	sweep_judge_width(sweeps, sweeper, seen->packet, seen->now_ns);
	if (sweeper->evidence != 0 && sweeper->all.targets >= 2 * sweeper->told)
		sweep_tell(sweeps, sweeper, 0, seen->packet, seen->now_ns);
}

static void
note_probe(struct sweeps *sweeps, const struct sweep_probe_seen *seen)
{
	struct newcomer *newcomer = sweep_newcomer(sweeps, &seen->source);
	struct contact *contact;
	bool is_sweeper;

	if (!addr_equal(&newcomer->source, &seen->source)) {
		is_sweeper = find_sweeper(sweeps, &seen->source) != NULL;
		take_place(sweeps, newcomer, seen, is_sweeper);
		if (!is_sweeper)
			return;
	} else if (!newcomer->is_sweeper) {
		if (addr_equal(&newcomer->target, &seen->target)) {
			hush(sweeps, seen);
			return;
		}
		admit(sweeps, newcomer, seen);
		newcomer->is_sweeper = true;
	}
	contact = sweep_find(sweeps, &seen->source, &seen->target);
	if (contact != NULL && is_of_the_past(sweeps, contact)) {
		sweep_drop(sweeps, contact);
		contact = NULL;
	}
	if (contact != NULL)
		repeat(sweeps, contact, seen);
	else
		make_contact(sweeps, seen);
}

/* What came of what `source` sent to `target`. Returns whether it did send. */
static bool
note_outcome(struct sweeps *sweeps, const struct addr *source, const struct addr *target,
    enum sweep_outcome outcome, const struct packet *packet, uint64_t now_ns)
{
	struct newcomer *newcomer = sweep_newcomer(sweeps, source);
	struct contact *contact;

	if (addr_equal(&newcomer->source, source) && !newcomer->is_sweeper) {
		if (!addr_equal(&newcomer->target, target))
			return false;
		if (newcomer->outcome != SWEEP_ANSWERED)
			newcomer->outcome = (uint8_t)outcome;
		return true;
	}
	contact = sweep_find(sweeps, source, target);
	if (contact != NULL)
		settle(sweeps, contact, outcome, packet, now_ns);
	return contact != NULL;
}

/* Whether it would be known, had `source` asked anybody. */
static bool
is_remembered(struct sweeps *sweeps, const struct addr *source)
{
	const struct newcomer *newcomer = sweep_newcomer(sweeps, source);

	return newcomer->source.version == 0 || addr_equal(&newcomer->source, source);
}

/* A reply is the answer to a request, or tells whoever sends it something. */
static void
note_answer(struct sweeps *sweeps, struct sweep_probe_seen *seen)
{
	if (note_outcome(sweeps, &seen->target, &seen->source, SWEEP_ANSWERED, seen->packet,
	    seen->now_ns)) {
		sweeps->hears_answers = true;
		hush(sweeps, seen); /* the first answer counts */
	} else if (is_remembered(sweeps, &seen->target)) {
		note_probe(sweeps, seen);
	}
}

/* Whether an error says that nobody is at the address that was spoken to. */
static bool
says_nobody(const struct icmp_msg *msg)
{
	static const uint32_t codes4 = 1U << 0 | 1U << 1 | 1U << 6 | 1U << 7 | 1U << 9 | 1U << 10 |
	    1U << 11 | 1U << 12 | 1U << 13;

	if (msg->version == 6)
		return msg->type_number == ICMP6_DESTINATION_UNREACHABLE;
	return msg->type_number == ICMP4_DESTINATION_UNREACHABLE && msg->code < 32 &&
	       (codes4 >> msg->code & 1) != 0;
}

/* An error about a probe. */
static void
note_error(struct sweeps *sweeps, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	const struct ip_header *ip = &msg->quote.ip;

	if (!msg->quote.present ||
	    (ip->protocol != IP_PROTO_ICMP && ip->protocol != IP_PROTO_ICMPV6))
		return;
	if (note_outcome(sweeps, &ip->source, &ip->destination,
	    says_nobody(msg) ? SWEEP_FAILED : SWEEP_UNJUDGED, packet, now_ns))
		sweeps->hears_answers = true;
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	struct sweep_probe_seen seen = { .packet = packet, .msg = msg, .source = packet->ip.source,
		.target = packet->ip.destination, .probe = probe_of(msg), .now_ns = now_ns };
	struct sweeps *sweeps = state;

	if (sweeps->waiting != TABLE_NONE)
		settle_overdue(sweeps, packet, now_ns);
	if (msg->type->role == ICMP_ERROR) {
		note_error(sweeps, packet, msg, now_ns);
		return;
	}
	if (addr_is_multicast(&seen.target) || addr_is_limited_broadcast(&seen.target))
		return;
	if (seen.probe != SWEEP_NO_PROBE) {
		note_probe(sweeps, &seen);
	} else if (is_answer(msg)) {
		seen.probe = SWEEP_REPLY;
		note_answer(sweeps, &seen);
	}
}

/* A sweep is over: what comes next is judged anew. */
static void
end_sweep(struct sweeps *sweeps, struct sweeper *sweeper, uint64_t now_ns)
{
	memset(&sweeper->all, 0, sizeof(sweeper->all));
	memset(&sweeper->walk, 0, sizeof(sweeper->walk));
	memset(sweeper->windows, 0, sizeof(sweeper->windows));
	sweeper->excess = 0;
	sweeper->evidence = sweeper->wide = 0;
	sweeper->anew_ns = now_ns;
	sweeps->has_swept = true;
	pairs_wake(sweeps->pairs);
}

/* Looks at what time has done to one source; whether it must again. */
static bool
look_at(struct sweeps *sweeps, struct sweeper *sweeper, uint64_t now_ns)
{
	if (sweeper->return_ns != 0 && now_ns >= sweeper->return_ns)
		sweep_judge_return(sweeps, sweeper, now_ns);
	else if (sweeper->evidence != 0 && sweeper->is_news)
		sweep_tell(sweeps, sweeper, 0, NULL, now_ns);
	if (sweeper->evidence != 0 && now_ns - sweeper->subject.entry.seen_ns >
	    sweeps->subjects->settings->detect_ping_sweep.quiet_ns)
		end_sweep(sweeps, sweeper, now_ns);
	return sweeper->evidence != 0 || sweeper->return_ns != 0;
}

static uint64_t
tick(void *state, uint64_t now_ns)
{
	struct sweeps *sweeps = state;
	struct subjects *subjects = sweeps->subjects;
	struct entry *entry;
	uint32_t active = 0;

	settle_overdue(sweeps, NULL, now_ns);
	sweep_expire(sweeps, now_ns);
	if (subjects->active > 0) {
		for (entry = table_oldest(&subjects->table); entry != NULL;
		    entry = table_newer(&subjects->table, entry))
			active += look_at(sweeps, (struct sweeper *)entry, now_ns);
		subjects->active = active;
	}
	return subjects->active > 0 || sweeps->waiting != TABLE_NONE ?
	    (now_ns / NS_PER_S + 1) * NS_PER_S : WAIT_NEVER;
}

/* Nobody will come back any more. */
static void
finish(void *state, uint64_t now_ns)
{
	struct sweeps *sweeps = state;
	struct entry *entry;

	for (entry = table_oldest(&sweeps->subjects->table); entry != NULL;
	    entry = table_newer(&sweeps->subjects->table, entry)) {
		struct sweeper *sweeper = (struct sweeper *)entry;

		if (sweeper->return_ns != 0)
			sweep_judge_return(sweeps, sweeper, now_ns);
		else if (sweeper->evidence != 0 && sweeper->is_news)
			sweep_tell(sweeps, sweeper, 0, NULL, now_ns);
	}
}

static uint32_t
tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct sweeps *sweeps = state;

	if (max < 2)
		return 0;
	report_table_row(&sweeps->subjects->table, out);
	report_table_row(&sweeps->contacts, out + 1);
	return 2;
}

static void
destroy(void *state)
{
	struct sweeps *sweeps = state;

	if (sweeps == NULL)
		return;
	subjects_destroy(sweeps->subjects);
	table_free(&sweeps->contacts);
	free(sweeps);
}

static void *
create(const struct detector_context *context, char *err)
{
	struct sweeps *sweeps = calloc(1, sizeof(*sweeps));

	if (sweeps == NULL) {
		snprintf(err, ERR_SIZE, "no memory for detect.ping_sweep");
		return NULL;
	}
	sweeps->subjects = subjects_create(&detector_ping_sweep, context, sizeof(struct sweeper),
	    context->settings->detect_ping_sweep.sources, IDLE_NS, err);
	if (sweeps->subjects == NULL || sweep_contacts_init(sweeps, context, err) != 0) {
		destroy(sweeps);
		return NULL;
	}
	return sweeps;
}

static const struct alert_rule from_outside = {
	.name = "ping_sweep",
	.id = "icmpscope-101",
	.title = "Ping sweep",
	.tactic_id = "TA0043",
	.tactic = "Reconnaissance",
	.technique_id = "T1595.001",
	.technique = "Active Scanning: Scanning IP Blocks",
};

const struct detector detector_ping_sweep = {
	.rule = {
		.name = "ping_sweep",
		.id = "icmpscope-101",
		.title = "Ping sweep",
		.tactic_id = "TA0007",
		.tactic = "Discovery",
		.technique_id = "T1018",
		.technique = "Remote System Discovery",
	},
	.meaning = "one source that speaks to address after address, most of which do not answer, "
	           "or to more new ones than anybody but a monitor would, and a monitor comes back",
	.spares_monitors = true,
	.from_outside = &from_outside,
	.create = create,
	.message = message,
	.hush = HUSH_PING_SWEEP,
	.tick = tick,
	.finish = finish,
	.tables = tables,
	.destroy = destroy,
};
