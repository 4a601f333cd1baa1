/*
 * Backscatter: what comes back of datagrams that somebody sent in the name of
 * others (Moore et al. 2001). It is no attack on those who get it, and says who
 * is attacked: errors to many hosts about datagrams to one that none of them
 * sent. Or whose name is used: errors from many hosts about what one never sent.
 * More than floods may have is a flood.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/core/distinct.h"
#include "analyzer/detect/detectors.h"
#include "analyzer/detect/subject.h"

#define NS_PER_S UINT64_C(1000000000)
#define ADMITTED_AT 2    /* errors; those made up speak of another host each time */
#define NOT_SENT_LEAST 2 /* errors; of hosts that never send nothing is known */

enum {
	WEIGHT_HOSTS = 25,
	WEIGHT_NOT_SENT = 20,
};

/* The kind of a subject. */
enum backscatter_kind {
	BACKSCATTER_ATTACKED, /* the victim is attacked in the name of others */
	BACKSCATTER_USED,     /* the victim's name is used to attack others */
};

struct backscatter {
	struct subject subject;
	uint64_t begun_ns;     /* analysis time: of what is counted */
	uint32_t not_sent;     /* errors about flows that would have been seen */
	uint32_t sent;         /* about flows that there are */
	struct distinct hosts; /* that get the errors, or that send them */
	struct addr some[FINDING_RELATED_MAX];
};

static void
say_attacked(struct finding *finding, uint32_t hosts, const char *victim)
{
	finding->counts.targets = hosts;
	finding_reason(finding, "receivers", REASON_TARGETS, WEIGHT_HOSTS,
	    "%" PRIu32 " hosts got errors about datagrams to %s", hosts, victim);
	snprintf(finding->message, sizeof(finding->message),
	    "%s is attacked in the name of others: %" PRIu32
	    " hosts got errors about datagrams to it that they never sent", victim, hosts);
}

static void
say_used(struct finding *finding, uint32_t hosts, const char *victim)
{
	finding->counts.sources = hosts;
	finding_reason(finding, "senders", REASON_TARGETS, WEIGHT_HOSTS,
	    "%" PRIu32 " hosts sent errors to %s", hosts, victim);
	snprintf(finding->message, sizeof(finding->message),
	    "Somebody sends in the name of %s: %" PRIu32
	    " hosts sent it errors about datagrams that it never sent", victim, hosts);
}

/* Whether it is backscatter, and no flood, which a second tells at the earliest. */
static bool
judge(struct subjects *subjects, struct backscatter *backscatter, uint32_t hosts, uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	uint64_t since_ns = now_ns - backscatter->begun_ns;

	if (hosts < settings->detect_backscatter.hosts ||
	    backscatter->not_sent < NOT_SENT_LEAST || backscatter->sent > backscatter->not_sent)
		return false;
	if (since_ns < NS_PER_S) {
		subjects_tell_at(subjects, &backscatter->subject, backscatter->begun_ns + NS_PER_S);
		return false;
	}
	return backscatter->subject.packets <=
	       settings->detect_icmp_flood.answer_rate * (since_ns / NS_PER_S);
}

static void
tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	struct backscatter *backscatter = (struct backscatter *)subject;
	const struct settings *settings = subjects->settings;
	uint32_t hosts = distinct_count(&backscatter->hosts), i;
	char victim[ADDR_TEXT_SIZE];
	struct finding finding;

	if (!judge(subjects, backscatter, hosts, now_ns))
		return;
	subjects_finding(subjects, subject, &finding);
	finding.quiet_ns = settings->detect_backscatter.quiet_ns;
	finding.ceiling = SEVERITY_LOW;
	finding.threshold = "detect.backscatter.hosts";
	finding.threshold_value = (int64_t)settings->detect_backscatter.hosts;
	for (i = 0; i < FINDING_RELATED_MAX && backscatter->some[i].version != 0; i++)
		finding_relate(&finding, &backscatter->some[i]);
	addr_text(&subject->key.victim, victim);
	(subject->key.kind == BACKSCATTER_ATTACKED ? say_attacked : say_used)(&finding, hosts,
	    victim);
	finding_reason(&finding, "not_sent", REASON_FLOW, WEIGHT_NOT_SENT,
	    "%" PRIu32 " of %" PRIu64 " errors are about flows that would have been seen",
	    backscatter->not_sent, subject->packets);
	subject->is_told = incidents_report(subjects->incidents, &finding, packet, now_ns);
}

/* What was counted long ago is no part of it. */
static void
forget_old(const struct subjects *subjects, struct backscatter *backscatter, uint64_t now_ns)
{
	const struct settings *settings = subjects->settings;
	struct subject *subject = &backscatter->subject;
	uint64_t since_ns = subject->is_told ? subject->entry.seen_ns : backscatter->begun_ns;

	if (now_ns - since_ns <= (subject->is_told ? settings->detect_backscatter.quiet_ns :
	    settings->detect_backscatter.span_ns))
		return;
	memset(&backscatter->hosts, 0, sizeof(backscatter->hosts));
	memset(backscatter->some, 0, sizeof(backscatter->some));
	backscatter->not_sent = backscatter->sent = 0;
	subject_restart(subject);
}

static void
note(struct subjects *subjects, const struct subject_key *key, const struct addr *host,
    const struct event *event, uint64_t now_ns)
{
	struct backscatter *backscatter;

	if (!subjects_admits(subjects, key, ADMITTED_AT))
		return;
	backscatter = (struct backscatter *)subjects_find(subjects, key);
	if (backscatter != NULL)
		forget_old(subjects, backscatter, now_ns);
	backscatter = (struct backscatter *)subjects_note(subjects, key, event->packet,
	    event->msg->length, now_ns);
	if (backscatter->subject.packets == 1)
		backscatter->begun_ns = now_ns;
	backscatter->not_sent += event->quote->seen == 0;
	backscatter->sent += event->quote->seen == 1;
	if (event->quote->seen == 1)
		return;
	if (distinct_add(&backscatter->hosts, distinct_hash_addr(host)) &&
	    backscatter->hosts.exact_count <= FINDING_RELATED_MAX)
		backscatter->some[backscatter->hosts.exact_count - 1] = *host;
	subjects_news(subjects, &backscatter->subject, event->packet, now_ns);
}

/* An error, if it speaks to who is said to have sent the datagram. */
static void
event(void *state, const struct event *event, uint64_t now_ns)
{
	const struct addr *receiver = &event->destination;
	struct subject_key attacked, used;

	if (event->quote == NULL || !addr_equal(&event->msg->quote.ip.source, receiver))
		return;
	attacked = (struct subject_key){ .victim = event->msg->quote.ip.final_destination,
		.kind = BACKSCATTER_ATTACKED };
	used = (struct subject_key){ .victim = *receiver, .kind = BACKSCATTER_USED };
	note(state, &attacked, receiver, event, now_ns);
	note(state, &used, &event->source, event, now_ns);
}

static void *
create(const struct detector_context *context, char *err)
{
	struct subjects *subjects = subjects_create(&detector_backscatter, context,
	    sizeof(struct backscatter), context->settings->detect_backscatter.victims, 0, err);

	if (subjects != NULL)
		subjects->tell = tell;
	return subjects;
}

const struct detector detector_backscatter = {
	.rule = {
		.name = "backscatter",
		.id = "icmpscope-801",
		.title = "Backscatter",
		.tactic_id = "TA0040",
		.tactic = "Impact",
		.technique_id = "T1498",
		.technique = "Network Denial of Service",
	},
	.meaning = "errors about datagrams that were sent in somebody else's name: information about an "
	           "attack on others",
	.observes = UINT32_C(1) << DATASET_ERROR,
	.create = create,
	.event = event,
	.tick = subjects_tick,
	.finish = subjects_finish,
	.tables = subjects_tables,
	.destroy = subjects_destroy,
};
