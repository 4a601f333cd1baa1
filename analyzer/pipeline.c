/*
 * The stages in order: clock, walk, reassembly, decoding, trackers; and the
 * way of events to the sinks.
 */
#include "analyzer/pipeline.h"

#include <stdio.h>
#include <string.h>

#define EXPIRE_NS UINT64_C(1000000000) /* incomplete datagrams are let go to within it */
#define RESUMES_MAX 8 /* datagrams inside datagrams that were all fragmented */
#define TICKS_MAX 256 /* of a long silence; what is waited for is over by then */

/* Adds why output was lost to what was said before. */
static void
note_failure(struct analyzer *analyzer, const char *reason)
{
	size_t len = strlen(analyzer->err);

	snprintf(analyzer->err + len, sizeof(analyzer->err) - len, "%s%s", len > 0 ? "; " : "",
	    reason);
	analyzer->has_failed = true;
}

static void
emit(void *owner, const struct event *event)
{
	struct analyzer *analyzer = owner;
	uint32_t dataset = UINT32_C(1) << event_type(event->id)->dataset;
	char reason[ERR_SIZE];
	int i;

	for (i = 0; analyzer->detectors[i] != NULL; i++)
		if ((analyzer->detectors[i]->observes & dataset) != 0)
			analyzer->detectors[i]->event(analyzer->judges[i], event, analyzer->clock.now_ns);
	if (analyzer->evidence != NULL && event_type(event->id)->dataset == DATASET_ALERT)
		evidence_alert(analyzer->evidence, event);
	if ((analyzer->sinks->wanted & dataset) == 0)
		return;
	if (sinks_event(analyzer->sinks, event, reason) != 0)
		note_failure(analyzer, reason);
}

static void abandon(void *owner, const struct packet_head *head,
    const struct datagram *datagram);

void
pipeline_free(struct analyzer *analyzer)
{
	int i;

	for (i = 0; trackers[i] != NULL; i++)
		trackers[i]->destroy(analyzer->states[i]);
	for (i = 0; analyzer->detectors[i] != NULL; i++)
		analyzer->detectors[i]->destroy(analyzer->judges[i]);
	incidents_free(analyzer->incidents);
	reassembly_free(&analyzer->reassembly);
	pairs_free(&analyzer->pairs);
}

/* Shows it the messages that it does not ignore, after those who are there already. */
static void
listen(struct analyzer *analyzer, const struct listener *one, unsigned ignores)
{
	struct listener *listener;
	unsigned kind;

	for (kind = 0; one->message != NULL && kind < MESSAGE_KINDS; kind++) {
		if ((ignores >> kind & 1) != 0)
			continue;
		for (listener = analyzer->listeners[kind]; listener->message != NULL;)
			listener++;
		*listener = *one;
	}
}

/* A wait that is over at once, so that its owner says when it is next. */
static struct wait *
init_wait(struct analyzer *analyzer, struct wait *out)
{
	*out = (struct wait){ 0, &analyzer->next_tick_ns };
	return out;
}

static void
choose_detectors(struct analyzer *analyzer)
{
	uint32_t count = 0;
	int i;

	if (analyzer->settings->detect_enabled == SWITCH_OFF)
		return;
	for (i = 0; detectors[i] != NULL; i++)
		if (detector_is_on(detectors[i], analyzer->settings))
			analyzer->detectors[count++] = detectors[i];
}

/* Makes the detectors, and lets them observe what they want. */
static int
init_detectors(struct analyzer *analyzer, const struct hash_key *key, char *err)
{
	struct detector_context context = { .settings = analyzer->settings, .key = *key };
	int i;

	analyzer->incidents = incidents_create(analyzer->settings, &analyzer->emitter,
	    init_wait(analyzer, &analyzer->incidents_wait), key, err);
	if (analyzer->incidents == NULL)
		return -1;
	context.incidents = analyzer->incidents;
	context.pairs = &analyzer->pairs;
	for (i = 0; analyzer->detectors[i] != NULL; i++) {
		context.wait = init_wait(analyzer, &analyzer->detector_waits[i]);
		analyzer->judges[i] = analyzer->detectors[i]->create(&context, err);
		if (analyzer->judges[i] == NULL)
			return -1;
		listen(analyzer, &(struct listener){ analyzer->detectors[i]->message,
		    analyzer->judges[i], analyzer->detectors[i]->hush },
		    analyzer->detectors[i]->ignores);
		analyzer->emitter.wanted |= analyzer->detectors[i]->observes;
	}
	return 0;
}

int
pipeline_init(struct analyzer *analyzer, const struct settings *settings, struct sinks *sinks,
    const struct hash_key *key, char *err)
{
	const struct reassembly_config reassembly = {
		.abandon = abandon,
		.owner = analyzer,
		.datagrams = (uint32_t)settings->reassembly_datagrams,
		.memory_size = settings->reassembly_memory_bytes,
		.timeout_ns = settings->reassembly_timeout_ns,
		.hash_key = *key,
	};
	struct tracker_context context = {
		.settings = settings,
		.has_datagrams = settings_flows_on(settings, sinks->context.is_live),
		.emitter = &analyzer->emitter,
		.tally = &analyzer->tally,
		.pairs = &analyzer->pairs,
		.heard_ns = &analyzer->heard_ns,
		.key = *key,
	};
	int i;

	memset(analyzer, 0, sizeof(*analyzer));
	analyzer->settings = settings;
	analyzer->payload_seed = hash_bytes(key, "payload", 7);
	choose_detectors(analyzer);
	analyzer->wants_datagrams = context.has_datagrams;
	analyzer->sinks = sinks;
	analyzer->emitter = (struct emitter){ .wanted = sinks->wanted, .emit = emit,
		.owner = analyzer };
	clock_init(&analyzer->clock, settings->clock_jump_ns);
	if (pairs_init(&analyzer->pairs, key, err) != 0)
		return -1;
	if (reassembly_init(&analyzer->reassembly, &reassembly, err) != 0) {
		pairs_free(&analyzer->pairs);
		return -1;
	}
	init_wait(analyzer, &analyzer->reassembly_wait);
	for (i = 0; trackers[i] != NULL; i++) {
		context.wait = init_wait(analyzer, &analyzer->tracker_waits[i]);
		analyzer->states[i] = trackers[i]->create(&context, err);
		if (analyzer->states[i] == NULL) {
			pipeline_free(analyzer);
			return -1;
		}
		listen(analyzer, &(struct listener){ trackers[i]->message, analyzer->states[i],
		    trackers[i]->hush }, trackers[i]->ignores);
	}
	if (init_detectors(analyzer, key, err) != 0) {
		pipeline_free(analyzer);
		return -1;
	}
	return 0;
}

void
pipeline_keep_evidence(struct analyzer *analyzer, struct evidence *evidence)
{
	analyzer->evidence = evidence;
	analyzer->emitter.wanted |= UINT32_C(1) << DATASET_ALERT;
}

static uint64_t
expire_datagrams(struct analyzer *analyzer, uint64_t now_ns)
{
	reassembly_expire(&analyzer->reassembly, now_ns);
	return reassembly_is_busy(&analyzer->reassembly) ? now_ns + EXPIRE_NS : WAIT_NEVER;
}

/* Ends the waits that are over. */
static void
tick(struct analyzer *analyzer, uint64_t now_ns)
{
	struct wait *wait = &analyzer->reassembly_wait;
	uint64_t known_ns = clock_known_at(&analyzer->clock, now_ns);
	int i;

	analyzer->next_tick_ns = WAIT_NEVER;
	if (wait_is_over(wait, now_ns))
		wait_until(wait, expire_datagrams(analyzer, now_ns));
	for (i = 0; trackers[i] != NULL; i++) {
		wait = &analyzer->tracker_waits[i];
		if (trackers[i]->tick != NULL && wait_is_over(wait, now_ns))
			wait_until(wait, trackers[i]->tick(analyzer->states[i], now_ns));
	}
	incidents_follow(analyzer->incidents, known_ns);
	for (i = 0; analyzer->detectors[i] != NULL; i++) {
		wait = &analyzer->detector_waits[i];
		if (analyzer->detectors[i]->tick != NULL && wait_is_over(wait, now_ns))
			wait_until(wait, analyzer->detectors[i]->tick(analyzer->judges[i], now_ns));
	}
	wait = &analyzer->incidents_wait;
	if (wait_is_over(wait, now_ns))
		wait_until(wait, incidents_tick(analyzer->incidents, now_ns));
}

/*
 * Ends the waits that are over, one after the other: however long nothing came,
 * what was due first is told first.
 */
static void
catch_up(struct analyzer *analyzer, uint64_t now_ns)
{
	int steps;

	if (analyzer->next_tick_ns > 0) /* it is, before the first */
		for (steps = 0; steps < TICKS_MAX && analyzer->next_tick_ns <= now_ns; steps++)
			tick(analyzer, analyzer->next_tick_ns);
	if (analyzer->next_tick_ns <= now_ns)
		tick(analyzer, now_ns);
}

static void
count_link(struct analyzer *analyzer, uint32_t link_type)
{
	struct pipeline_link *link = analyzer->links;
	uint32_t i;

	for (i = 0; i < analyzer->link_count; i++, link++) {
		if (link->link_type == link_type) {
			link->packets++;
			return;
		}
	}
	if (i == PIPELINE_LINKS_MAX) {
		analyzer->other_links++;
		return;
	}
	link->link_type = link_type;
	link->packets = 1;
	analyzer->link_count++;
}

/* What is wrong with a fragment shows although it is part of no message. */
static void
dropped(struct analyzer *analyzer)
{
	int i;

	for (i = 0; trackers[i] != NULL; i++)
		if (trackers[i]->dropped != NULL)
			trackers[i]->dropped(analyzer->states[i], &analyzer->packet);
}

/* How datagrams are cut is judged whatever is in them. */
static void
judge_fragment(struct analyzer *analyzer, const struct datagram *datagram)
{
	int i;

	for (i = 0; analyzer->detectors[i] != NULL; i++)
		if (analyzer->detectors[i]->fragment != NULL)
			analyzer->detectors[i]->fragment(analyzer->judges[i], &analyzer->packet,
			    datagram, analyzer->clock.now_ns);
}

static bool
is_fragment(enum packet_verdict verdict)
{
	return verdict == PACKET_FRAGMENT || verdict == PACKET_LATER_FRAGMENT;
}

/* Goes on with a datagram, or as much of it as there will be. */
static enum packet_verdict
resume(struct packet *packet, const struct datagram *datagram)
{
	anomalies_merge(&packet->anomalies, &datagram->anomalies);
	packet->ip.protocol = datagram->protocol;
	packet->ip.ttl = datagram->ttl;
	packet->begun_ns = datagram->begun_ns;
	packet->fragments = datagram->frames;
	packet->fragment_count = datagram->frame_count;
	return packet_resume(packet, datagram->payload);
}

/* Goes on through reassembly where a datagram becomes whole, or never will. */
static enum packet_verdict
reassemble(struct analyzer *analyzer, uint64_t now_ns)
{
	struct packet *packet = &analyzer->packet;
	enum packet_verdict verdict = packet->verdict;
	enum reassembly_verdict fate;
	struct datagram datagram;
	int resumes;

	for (resumes = 0; is_fragment(verdict) && resumes < RESUMES_MAX; resumes++) {
		fate = reassembly_add(&analyzer->reassembly, packet, now_ns, &datagram);
		if (fate == REASSEMBLY_UNCLAIMED)
			return PACKET_OTHER;
		wait_until(&analyzer->reassembly_wait, now_ns + EXPIRE_NS);
		packet->is_partial = fate == REASSEMBLY_PARTIAL;
		if (fate == REASSEMBLY_DROPPED) {
			anomalies_merge(&packet->anomalies, &datagram.anomalies);
			dropped(analyzer);
		}
		judge_fragment(analyzer, &datagram);
		if (fate != REASSEMBLY_COMPLETE && !packet->is_partial)
			return verdict;
		verdict = resume(packet, &datagram);
		if (packet->is_partial)
			return verdict == PACKET_ICMP ? PACKET_ICMP : PACKET_FRAGMENT;
	}
	return verdict;
}

/* The message in `packet`. */
static void
emit_message(struct analyzer *analyzer, const struct packet *packet)
{
	const struct event event = {
		.id = EVENT_MESSAGE,
		.when_ns = packet->frame->when_ns,
		.ordinal = packet->frame->ordinal,
		.index = packet->index,
		.source = packet->ip.source,
		.destination = packet->ip.destination,
		.packet = packet,
		.msg = &analyzer->msg,
	};

	emit(analyzer, &event);
}

static void
message(struct analyzer *analyzer, const struct packet *packet, uint64_t now_ns)
{
	const struct listener *listener;
	enum message_kind kind;
	unsigned hushed = 0;

	pairs_look(&analyzer->pairs, &packet->ip.source, &packet->ip.final_destination);
	(void)icmp_decode(packet, &analyzer->msg);
	pairs_fetch(&analyzer->pairs);
	kind = message_kind(&analyzer->msg);
	if (kind != MESSAGE_OTHER) {
		analyzer->msg.payload = payload_read(analyzer->msg.tail, analyzer->payload_seed);
		/* Of what came in pieces nobody is spared. */
		if (packet->fragment_count <= 1)
			hushed = pairs_hushed(&analyzer->pairs, kind, &analyzer->msg, now_ns);
	}
	if (emitter_wants(&analyzer->emitter, DATASET_MESSAGE))
		emit_message(analyzer, packet);
	for (listener = analyzer->listeners[kind]; listener->message != NULL; listener++)
		if ((listener->hush & hushed) == 0)
			listener->message(listener->state, packet, &analyzer->msg, now_ns);
}

/* A datagram without ICMP that trackers may want: one of which errors speak. */
static void
other_datagram(struct analyzer *analyzer, uint64_t now_ns)
{
	const struct packet *packet = &analyzer->packet;
	struct transport transport;
	int i;

	if (packet->ip.version == 0 || packet->ip.fragment_offset != 0)
		return;
	(void)transport_decode(packet->carried, packet->ip.protocol, &transport);
	for (i = 0; trackers[i] != NULL; i++)
		if (trackers[i]->datagram != NULL)
			trackers[i]->datagram(analyzer->states[i], packet, &transport, now_ns);
}

/* The beginning of a datagram whose fragments never all came. */
static void
abandon(void *owner, const struct packet_head *head, const struct datagram *datagram)
{
	struct analyzer *analyzer = owner;
	struct packet packet;
	struct frame frame;

	packet_head_restore(head, &packet);
	/* It is known now, though it began long ago: events come in time order. */
	frame = *packet.frame;
	frame.when_ns = clock_known(&analyzer->clock);
	packet.frame = &frame;
	packet.is_partial = true;
	if (resume(&packet, datagram) == PACKET_ICMP)
		message(analyzer, &packet, analyzer->clock.now_ns);
}

/* A fragment of ICMP by its header; others may still turn out to carry it. */
static bool
is_icmp_fragment(const struct packet *packet)
{
	return packet->ip.protocol == IP_PROTO_ICMP || packet->ip.protocol == IP_PROTO_ICMPV6;
}

/* A message, or a fragment that is part of one by its header. */
static bool
is_icmp(const struct packet *packet)
{
	return packet->verdict == PACKET_ICMP ||
	       (is_fragment(packet->verdict) && is_icmp_fragment(packet));
}

/* One datagram of the frame. Returns whether it was ICMP or a fragment of it. */
static bool
analyze_datagram(struct analyzer *analyzer, uint64_t now_ns)
{
	enum packet_verdict verdict;

	if (analyzer->evidence != NULL && is_icmp(&analyzer->packet))
		evidence_packet(analyzer->evidence, &analyzer->packet);
	verdict = reassemble(analyzer, now_ns);
	analyzer->verdicts[verdict]++;
	if (is_fragment(verdict) && is_icmp_fragment(&analyzer->packet))
		analyzer->fragments++;
	if (verdict != PACKET_ICMP) {
		if (analyzer->wants_datagrams)
			other_datagram(analyzer, now_ns);
		return is_fragment(verdict);
	}
	message(analyzer, &analyzer->packet, now_ns);
	return true;
}

bool
pipeline_frame(struct analyzer *analyzer, const struct frame *frame)
{
	uint64_t now_ns = clock_follow(&analyzer->clock, frame->when_ns);
	bool is_icmp = false;

	if (now_ns >= analyzer->next_tick_ns)
		catch_up(analyzer, now_ns);
	analyzer->frames++;
	analyzer->bytes += frame->length;
	count_link(analyzer, frame->link_type);
	packet_walk(frame, &analyzer->packet);
	do {
		if (analyze_datagram(analyzer, now_ns))
			is_icmp = true;
	} while (packet_next(&analyzer->packet));
	analyzer->heard_ns = now_ns;
	return is_icmp;
}

void
pipeline_idle(struct analyzer *analyzer, uint64_t when_ns)
{
	uint64_t now_ns = clock_idle(&analyzer->clock, when_ns);
	char reason[ERR_SIZE];

	if (now_ns >= analyzer->next_tick_ns)
		catch_up(analyzer, now_ns);
	if (sinks_flush(analyzer->sinks, reason) != 0)
		note_failure(analyzer, reason);
}

void
pipeline_lost(struct analyzer *analyzer)
{
	int i;

	for (i = 0; trackers[i] != NULL; i++)
		if (trackers[i]->lost != NULL)
			trackers[i]->lost(analyzer->states[i], analyzer->clock.now_ns);
}

/* An event that carries the report. */
static void
emit_report(struct analyzer *analyzer, enum event_id id, const struct report *report)
{
	const struct event event = {
		.id = id,
		.when_ns = clock_known(&analyzer->clock),
		.start_ns = analyzer->clock.first_ns,
		.end_ns = clock_known(&analyzer->clock),
		.ordinal = analyzer->frames,
		.index = (uint32_t)analyzer->sinks->sequence,
		.facts = report,
	};

	if (emitter_wants(&analyzer->emitter, event_type(id)->dataset))
		emit(analyzer, &event);
}

void
pipeline_stats(struct analyzer *analyzer, const struct pipeline_source *source)
{
	struct report report;

	if (!emitter_wants(&analyzer->emitter, DATASET_STATS))
		return;
	if (pipeline_report(analyzer, source, &report) != 0)
		note_failure(analyzer, "no memory for the report");
	else
		emit_report(analyzer, EVENT_STATS, &report);
}

void
pipeline_finish(struct analyzer *analyzer, const struct pipeline_source *source)
{
	struct report report;
	char reason[ERR_SIZE];
	int i;

	catch_up(analyzer, analyzer->clock.now_ns);
	reassembly_finish(&analyzer->reassembly);
	for (i = 0; trackers[i] != NULL; i++)
		if (trackers[i]->finish != NULL)
			trackers[i]->finish(analyzer->states[i], analyzer->clock.now_ns,
			    clock_known(&analyzer->clock));
	incidents_follow(analyzer->incidents, clock_known(&analyzer->clock));
	for (i = 0; analyzer->detectors[i] != NULL; i++)
		if (analyzer->detectors[i]->finish != NULL)
			analyzer->detectors[i]->finish(analyzer->judges[i], analyzer->clock.now_ns);
	incidents_finish(analyzer->incidents);
	if (pipeline_report(analyzer, source, &report) != 0) {
		note_failure(analyzer, "no memory for the report");
		return;
	}
	emit_report(analyzer, EVENT_STATS, &report);
	report.events = analyzer->sinks->sequence;
	emit_report(analyzer, EVENT_SUMMARY, &report);
	if (sinks_report(analyzer->sinks, &report, reason) != 0)
		note_failure(analyzer, reason);
}
