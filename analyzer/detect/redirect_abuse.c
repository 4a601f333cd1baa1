/*
 * Redirects that lead a host astray. A host must drop one that does not come from
 * its first hop (RFC 1122 3.2.2.2, RFC 4861 8.1), but knows that by an address,
 * which is easily forged; the frames tell more. Routers redirect in answer to a
 * datagram, to another router than themselves; those who do so are calm.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/detect/detectors.h"
#include "analyzer/detect/redirect.h"
#include "analyzer/log.h"
#include "decoders/nd_option.h"

#define SETTLE_NS UINT64_C(1000000000) /* before a sender is judged: it may be one of a flood */
#define THC_ID 0xface /* by which atk6-redir6 first pings its victim */
#define THC_SEQ 0xbabe

struct redirects {
	struct subjects *subjects;
	struct stations stations;
};

static void
suspect(struct redirector *redirector, enum redirect_evidence evidence)
{
	redirector->evidence |= UINT32_C(1) << evidence;
}

/* What spoke against it long ago is no part of what does now. */
static void
forget_old(const struct subjects *subjects, struct redirector *redirector, uint64_t now_ns)
{
	uint64_t quiet_ns = subjects->settings->detect_redirect_abuse.quiet_ns;
	const struct subject subject = redirector->subject;

	if (redirector->evidence == 0)
		return;
	if (subject.is_told ? !subjects_is_over(subjects, redirector->told_ns, quiet_ns, now_ns) :
	    now_ns - redirector->evidence_ns <= quiet_ns)
		return;
	*redirector = (struct redirector){ .subject = subject, .begun_ns = redirector->begun_ns };
	subject_restart(&redirector->subject);
}

/* Who sent the redirect at hand; of too many at once, all of them. */
static struct redirector *
open_redirector(struct redirects *redirects, const struct packet *packet, uint64_t now_ns)
{
	struct subject_key key = { .actor = packet->ip.source, .link = station_link(packet) };
	struct redirector *redirector;

	if (!subjects_may_add(redirects->subjects, &key, now_ns))
		memset(&key.actor, 0, sizeof(key.actor));
	redirector = (struct redirector *)subjects_find(redirects->subjects, &key);
	if (redirector != NULL)
		forget_old(redirects->subjects, redirector, now_ns);
	redirector = (struct redirector *)subjects_note(redirects->subjects, &key, packet, 0,
	    now_ns);
	if (redirector->begun_ns == 0)
		redirector->begun_ns = now_ns;
	if (key.actor.version == 0 && redirector->evidence == 0) {
		suspect(redirector, REDIRECT_CROWD);
		redirector->evidence_ns = now_ns;
	}
	return redirector;
}

static bool
is_known(const struct mac *mac)
{
	static const struct mac none;

	return !mac_equal(mac, &none);
}

/*
 * A station speaks in the sender's name: from now on its redirects count, and not
 * those that the sender itself may send.
 */
static void
blame(struct redirector *redirector, const struct mac *station)
{
	if (is_known(&redirector->station))
		return;
	redirector->station = *station;
	subject_restart(&redirector->subject);
	redirector->redirects = redirector->octets = 0;
	memset(redirector->victims, 0, sizeof(redirector->victims));
	memset(&redirector->victim_count, 0, sizeof(redirector->victim_count));
}

/*
 * Whether the sender's address is that of another station. Against the first hop
 * itself that proves nothing: others forge its address. Virtual routers share one.
 */
static bool
is_others_address(const struct path_facts *facts, const struct mac *station)
{
	const struct mac *owner = &facts->reporter_mac;

	return facts->is_from_first_hop != 1 && is_known(owner) && !mac_equal(owner, station) &&
	       mac_virtual_kind(owner) == NULL && mac_virtual_kind(station) == NULL;
}

/* What the tracker knows of the host's first hop; it tells so once for each path. */
static void
judge_path(const struct settings *settings, struct redirector *redirector,
    const struct event *event)
{
	const struct path_facts *facts = event->facts;
	const struct mac *station = &event->packet->source_mac;

	if (facts->is_from_first_hop == 0) {
		suspect(redirector, is_known(&facts->first_hop) ? REDIRECT_NOT_FIRST_HOP :
		    REDIRECT_NOT_A_HOP);
		blame(redirector, station);
		redirector->first_hop = facts->first_hop;
	}
	if (is_others_address(facts, station)) {
		suspect(redirector, REDIRECT_OTHERS_ADDRESS);
		blame(redirector, station);
		redirector->owner = facts->reporter_mac;
	}
	if (is_known(&facts->gateway_mac) && mac_equal(&facts->gateway_mac, station) &&
	    !addr_equal(&facts->gateway, &event->destination))
		suspect(redirector, REDIRECT_TO_ITSELF);
	if (facts->is_quote_sent == 0)
		suspect(redirector, REDIRECT_NOT_SENT);
	if (facts->delay_ns > (int64_t)settings->detect_redirect_abuse.delay_ns) {
		suspect(redirector, REDIRECT_UNPROMPTED);
		redirector->delay_ns = facts->delay_ns;
	}
}

static void
event(void *state, const struct event *event, uint64_t now_ns)
{
	struct redirects *redirects = state;
	bool is_error = event->id == EVENT_ERROR && event->quote != NULL &&
	    event->msg->version == 4 && event->msg->type_number == ICMP4_REDIRECT;
	struct redirector *redirector;
	uint32_t before;

	if (event->packet == NULL || (!is_error && event->id != EVENT_REDIRECTED))
		return;
	redirector = open_redirector(redirects, event->packet, now_ns);
	before = redirector->evidence;
	if (!is_error)
		judge_path(redirects->subjects->settings, redirector, event);
	else if (anomalies_has(&event->quote->anomalies, ANOMALY_FLOW_NOT_SEEN))
		suspect(redirector, REDIRECT_NOT_SEEN);
	if (redirector->evidence != before)
		redirector->evidence_ns = now_ns;
}

/* RFC 1122 3.2.2.2, RFC 4861 8.1. */
static void
judge_rules(struct redirector *redirector, const struct icmp_msg *msg)
{
	static const enum anomaly dropped[] = { ANOMALY_HOP_LIMIT_NOT_255,
		ANOMALY_SOURCE_NOT_LINK_LOCAL, ANOMALY_REDIRECT_BAD_TARGET,
		ANOMALY_REDIRECT_BAD_GATEWAY, ANOMALY_REDIRECT_OFF_LINK };
	size_t i;

	for (i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++) {
		if (!anomalies_has(&msg->anomalies, dropped[i]))
			continue;
		suspect(redirector, REDIRECT_DROPPED);
		redirector->rule = dropped[i];
	}
	if (anomalies_has(&msg->anomalies, ANOMALY_REDIRECT_TO_SELF))
		suspect(redirector, REDIRECT_TO_ITSELF);
	if (anomalies_has(&msg->anomalies, ANOMALY_QUOTED_SOURCE_MISMATCH))
		suspect(redirector, REDIRECT_OTHERS_QUOTE);
}

static void
judge_quote(struct redirector *redirector, const struct quote *quote)
{
	const struct transport *transport = &quote->transport;
	uint8_t reply = quote->ip.version == 6 ? ICMP6_ECHO_REPLY : ICMP4_ECHO_REPLY;

	if (!quote->present || !transport->has_seq || transport->icmp_type != reply)
		return;
	suspect(redirector, REDIRECT_OF_REPLY);
	if (transport->id == THC_ID && transport->seq == THC_SEQ)
		suspect(redirector, REDIRECT_TOOL);
}

/* The station of the gateway, when a redirect of IPv6 tells it. */
static bool
read_target(const struct icmp_msg *msg, struct mac *out)
{
	const union value *address;
	struct record option;
	struct cursor octets;
	struct list list;

	if (msg->version != 6 || !icmp_list(msg, 0, msg->tail, &list))
		return false;
	while (list_next(&list, &option)) {
		if (option.type != ND_TARGET_LINK_LAYER_ADDRESS || option.row == NULL)
			continue;
		address = record_value(&option, "link_layer_address");
		if (address == NULL || address->bytes.captured < sizeof(out->bytes))
			return false;
		octets = address->bytes;
		cursor_copy(&octets, out->bytes, sizeof(out->bytes));
		return true;
	}
	return false;
}

/* Whether an address was made of a MAC (RFC 4291 appendix A). */
static bool
is_made_of(const struct addr *addr, const struct mac *mac)
{
	const uint8_t *m = mac->bytes;
	const uint8_t made[] = { m[0] ^ 2, m[1], m[2], 0xff, 0xfe, m[3], m[4], m[5] };

	return addr->version == 6 && memcmp(addr->bytes + 8, made, sizeof(made)) == 0;
}

/* Who sends, and to whom the host shall: unless that is the destination itself. */
static void
judge_roles(const struct redirects *redirects, struct redirector *redirector,
    const struct packet *packet, const struct icmp_msg *msg)
{
	const struct settings *settings = redirects->subjects->settings;
	uint16_t link = redirector->subject.key.link;
	struct mac gateway;

	if (router_listing(settings, &packet->ip.source) == LISTING_OUT)
		suspect(redirector, REDIRECT_UNLISTED);
	if (msg->version == 6 && station_is_told(packet) &&
	    stations_is_host(&redirects->stations, &packet->source_mac, link))
		suspect(redirector, REDIRECT_FROM_HOST);
	if (addr_equal(&redirector->gateway, &redirector->destination))
		return;
	if (router_listing(settings, &redirector->gateway) == LISTING_OUT)
		suspect(redirector, REDIRECT_TO_UNLISTED);
	if (!station_is_told(packet))
		return;
	if (is_made_of(&redirector->gateway, &packet->source_mac))
		suspect(redirector, REDIRECT_TO_ITSELF);
	if (!read_target(msg, &gateway))
		return;
	if (mac_equal(&gateway, &packet->source_mac))
		suspect(redirector, REDIRECT_TO_ITSELF);
	if (stations_is_host(&redirects->stations, &gateway, link))
		suspect(redirector, REDIRECT_TO_HOST);
}

/* Takes down whom it concerns. */
static void
note_ends(struct redirector *redirector, const struct packet *packet, const struct icmp_msg *msg)
{
	const union value *gateway = icmp_value(msg, msg->version == 6 ? "target" : "gateway");
	const union value *destination = icmp_value(msg, "destination");

	redirector->victim = packet->ip.destination;
	redirector->gateway = gateway != NULL ? gateway->address : (struct addr){ .version = 0 };
	redirector->destination = destination != NULL ? destination->address :
	    msg->quote.ip.final_destination;
	if (distinct_add(&redirector->victim_count, distinct_hash_addr(&redirector->victim)) &&
	    redirector->victim_count.exact_count <= FINDING_RELATED_MAX)
		redirector->victims[redirector->victim_count.exact_count - 1] = redirector->victim;
}

static void
on_redirect(struct redirects *redirects, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct redirector *redirector;
	uint32_t before;

	if (anomalies_has(&msg->anomalies, ANOMALY_BAD_CHECKSUM) || packet->is_partial)
		return;
	redirector = open_redirector(redirects, packet, now_ns);
	if (is_known(&redirector->station) && station_is_told(packet) &&
	    !mac_equal(&redirector->station, &packet->source_mac))
		return;
	before = redirector->evidence;
	note_ends(redirector, packet, msg);
	judge_rules(redirector, msg);
	judge_quote(redirector, &msg->quote);
	judge_roles(redirects, redirector, packet, msg);
	if (redirector->evidence != before)
		redirector->evidence_ns = now_ns;
	redirector->redirects++;
	redirector->octets += msg->length;
	if (redirector->evidence != 0)
		subjects_tell_at(redirects->subjects, &redirector->subject, now_ns + SETTLE_NS);
}

static void
message(void *state, const struct packet *packet, const struct icmp_msg *msg, uint64_t now_ns)
{
	struct redirects *redirects = state;

	if (msg->version == 6 && msg->type_number == ICMP6_NEIGHBOR_ADVERTISEMENT)
		stations_note(&redirects->stations, packet, msg, now_ns);
	else if (msg->type_number == (msg->version == 6 ? ICMP6_REDIRECT : ICMP4_REDIRECT))
		on_redirect(redirects, packet, msg, now_ns);
}

static uint64_t
tick(void *state, uint64_t now_ns)
{
	struct redirects *redirects = state;

	return subjects_tick(redirects->subjects, now_ns);
}

static void
finish(void *state, uint64_t now_ns)
{
	struct redirects *redirects = state;

	subjects_finish(redirects->subjects, now_ns);
}

static uint32_t
tables(const void *state, struct report_table *out, uint32_t max)
{
	const struct redirects *redirects = state;

	if (max < 2)
		return 0;
	report_table_row(&redirects->stations.table, &out[1]);
	return subjects_tables(redirects->subjects, out, 1) + 1;
}

static void
destroy(void *state)
{
	struct redirects *redirects = state;

	if (redirects == NULL)
		return;
	subjects_destroy(redirects->subjects);
	stations_free(&redirects->stations);
	free(redirects);
}

static void *
create(const struct detector_context *context, char *err)
{
	struct redirects *redirects = calloc(1, sizeof(*redirects));

	if (redirects == NULL) {
		snprintf(err, ERR_SIZE, "no memory for detect.redirect_abuse");
		return NULL;
	}
	redirects->subjects = subjects_create(&detector_redirect_abuse, context,
	    sizeof(struct redirector), context->settings->detect_redirect_abuse.senders, 0, err);
	if (redirects->subjects == NULL || stations_init(&redirects->stations,
	    "detect.redirect_abuse.stations", context->settings->detect_redirect_abuse.stations,
	    &context->key, err) != 0) {
		destroy(redirects);
		return NULL;
	}
	redirects->subjects->tell = redirect_tell;
	return redirects;
}

const struct detector detector_redirect_abuse = {
	.rule = {
		.name = "redirect_abuse",
		.id = "icmpscope-1001",
		.title = "Forged redirects",
		.tactic_id = "TA0006",
		.tactic = "Credential Access",
		.technique_id = "T1557",
		.technique = "Adversary-in-the-Middle",
	},
	.meaning = "redirects from another station than the host's first hop, to the station that sends "
	           "them or to one that is no router, about what the host did not just send, or from "
	           "more senders than there are routers",
	.ignores = IGNORE_ECHOES,
	.observes = UINT32_C(1) << DATASET_PATH | UINT32_C(1) << DATASET_ERROR,
	.create = create,
	.message = message,
	.event = event,
	.tick = tick,
	.finish = finish,
	.tables = tables,
	.destroy = destroy,
};
