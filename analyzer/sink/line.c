/*
 * The sink that prints one line for each event on a terminal: when, who to
 * whom, what. Within 80 columns for IPv4, but for the sentence of an incident.
 * Nothing from the wire but numbers and addresses is printed.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/log.h"
#include "analyzer/sink/format.h"
#include "analyzer/sink/path_words.h"
#include "analyzer/sink/sink_kinds.h"

#define COLUMNS 80
#define LINE_SIZE 768
#define TIME_SIZE 16
#define SEVERITY_SIZE 16
#define NS_PER_MS 1000000u
#define NS_PER_S UINT64_C(1000000000)

struct line_sink {
	struct output *output; /* borrowed */
};

/* The time of day, UTC, in milliseconds. */
static void
write_time(uint64_t when_ns, char out[TIME_SIZE])
{
	uint64_t second = when_ns / NS_PER_S;
	uint32_t of_day = (uint32_t)(second % 86400), ms;

	ms = (uint32_t)(when_ns % NS_PER_S) / NS_PER_MS;
	snprintf(out, TIME_SIZE, "%02u:%02u:%02u.%03u", of_day / 3600, of_day / 60 % 60,
	    of_day % 60, ms);
}

/* "10.0.0.1 -> 10.0.0.2" */
static void
write_ends(const struct addr *source, const struct addr *destination, char *out, size_t size)
{
	char from[ADDR_TEXT_SIZE], to[ADDR_TEXT_SIZE];

	addr_text(source, from);
	addr_text(destination, to);
	snprintf(out, size, "%s -> %s", from, to);
}

/* "seq 7 12.3 ms"; an answer in time is told by the time it took. */
static void
write_exchange(const struct event *event, char *out, size_t size)
{
	const struct exchange_facts *facts = event->facts;
	char ends[2 * ADDR_TEXT_SIZE + 8], seq[LINE_SIZE / 8] = "", ms[FORMAT_MS_SIZE + 8] = "";
	const char *status = facts->status;

	write_ends(&event->source, &event->destination, ends, sizeof(ends));
	if (facts->seq != EVENT_UNKNOWN)
		snprintf(seq, sizeof(seq), " seq %lld", (long long)facts->seq);
	if (facts->rtt_ns != EVENT_UNKNOWN) {
		char number[FORMAT_MS_SIZE];

		snprintf(ms, sizeof(ms), " %s ms", format_ms((uint64_t)facts->rtt_ns, number));
		if (strcmp(status, exchange_status_name(EXCHANGE_ANSWERED)) == 0)
			status = NULL;
	}
	snprintf(out, size, "%s %s%s%s%s%s", ends, facts->family, seq,
	    status != NULL ? " " : "", status != NULL ? status : "", ms);
}

/* The flow that an error speaks of, by its destination: the source is who gets it. */
static void
write_quoted(const struct quote *quote, char *out, size_t size)
{
	const char *name = transport_name(quote->ip.protocol);
	char to[ADDR_TEXT_SIZE];

	*out = '\0';
	if (!quote->present)
		return;
	addr_text(&quote->ip.destination, to);
	if (!quote->transport.has_ports)
		snprintf(out, size, " to %s %s", to, name != NULL ? name : "");
	else if (quote->ip.version == 6)
		snprintf(out, size, " to [%s]:%u %s", to, quote->transport.destination_port, name);
	else
		snprintf(out, size, " to %s:%u %s", to, quote->transport.destination_port, name);
}

/* The reporter, what it says, and of which flow; the words are cut to fit. */
static void
write_error(const struct event *event, char *out, size_t size)
{
	const struct icmp_msg *msg = event->msg;
	const char *what = name_of(msg->type->codes, msg->code);
	char reporter[ADDR_TEXT_SIZE], quoted[LINE_SIZE / 2];
	size_t rest, room;

	if (what == NULL || (msg->type->flags & ICMP_CODE_IS_DATA) != 0)
		what = msg->type->name;
	addr_text(&event->source, reporter);
	write_quoted(&msg->quote, quoted, sizeof(quoted));
	rest = TIME_SIZE + strlen(reporter) + strlen(quoted);
	room = rest + 3 < COLUMNS ? COLUMNS - rest : 0;
	if (strlen(what) <= room || event->source.version == 6)
		snprintf(out, size, "%s %s%s", reporter, what, quoted);
	else
		snprintf(out, size, "%s %.*s...%s", reporter, (int)room - 3, what, quoted);
}

/* Who to whom, and what is learned of the path between. */
static void
write_path(const struct event *event, char *out, size_t size)
{
	char ends[2 * ADDR_TEXT_SIZE + 8], words[PATH_WORDS_SIZE];

	write_ends(&event->source, &event->destination, ends, sizeof(ends));
	path_words(event->id, event->facts, words);
	snprintf(out, size, "%s %s", ends, words);
}

static void
write_availability(const struct event *event, char *out, size_t size)
{
	const struct availability_facts *facts = event->facts;
	char ends[2 * ADDR_TEXT_SIZE + 8];
	uint64_t down_ms;

	write_ends(&event->source, &facts->target, ends, sizeof(ends));
	if (event->id == EVENT_UP) {
		down_ms = (uint64_t)facts->down_ns / NS_PER_MS;
		snprintf(out, size, "%s up after %llu.%03u s", ends,
		    (unsigned long long)down_ms / 1000, (unsigned)(down_ms % 1000));
	} else if (facts->reporter.name != NULL) {
		snprintf(out, size, "%s DOWN: %s", ends, facts->reporter.code_name != NULL ?
		    facts->reporter.code_name : facts->reporter.name);
	} else {
		snprintf(out, size, "%s DOWN: %lld rounds without an answer", ends,
		    (long long)facts->rounds);
	}
}

/* What happened to an address and its MACs; which of them there are tells what. */
static void
write_binding(const struct event *event, char *out, size_t size)
{
	const struct neighbor_facts *facts = event->facts;
	char address[ADDR_TEXT_SIZE], mac[MAC_TEXT_SIZE], other[MAC_TEXT_SIZE];

	addr_text(&facts->address, address);
	mac_text(&facts->mac, mac);
	if (event->id == EVENT_BINDING_CHANGED) {
		mac_text(&facts->old_mac, other);
		snprintf(out, size, "%s moves from %s to %s%s%s", address, other, mac,
		    facts->cause != NULL ? ", " : "", facts->cause != NULL ? facts->cause : "");
	} else if (event->id == EVENT_DUPLICATE_ADDRESS) {
		mac_text(&facts->prober_mac, other);
		snprintf(out, size, "%s is wanted by %s, but %s has it", address, other, mac);
	} else {
		snprintf(out, size, "%s is at %s", address, mac);
	}
}

/* What became of a router, with the first of what changed. */
static void
write_router(const struct event *event, char *out, size_t size)
{
	const struct router_facts *facts = event->facts;
	const struct change_facts *change = facts->changes.items;
	char address[ADDR_TEXT_SIZE];

	addr_text(&facts->address, address);
	if (event->id == EVENT_ROUTER_GONE)
		snprintf(out, size, "%s is no router any more: %s", address, facts->cause);
	else if (event->id == EVENT_ROUTER_NEW)
		snprintf(out, size, "%s is a router", address);
	else
		snprintf(out, size, "router %s: %s %s -> %s", address, change->field,
		    change->old != NULL ? change->old : "none",
		    change->new != NULL ? change->new : "none");
}

/* The sentence of an incident, whole, behind its severity and what became of it. */
static void
write_alert(const struct event *event, char *out, size_t size)
{
	static const char *const news[] = {
		[0] = "",
		[EVENT_ALERT_UPDATED - EVENT_ALERT_OPENED] = "goes on: ",
		[EVENT_ALERT_CLOSED - EVENT_ALERT_OPENED] = "is over: ",
	};
	const struct alert_facts *facts = event->facts;
	char severity[SEVERITY_SIZE];
	size_t i;

	snprintf(severity, sizeof(severity), "%s", facts->severity_name);
	for (i = 0; severity[i] != '\0'; i++)
		severity[i] = (char)toupper((unsigned char)severity[i]);
	snprintf(out, size, "%s %s: %s%s", severity, facts->rule->name,
	    news[event->id - EVENT_ALERT_OPENED], facts->message);
}

static void
write_suppressed(const struct event *event, char *out, size_t size)
{
	const struct suppressed_facts *facts = event->facts;

	snprintf(out, size, "about %lld more incidents were held back, for there were too many "
	    "at once", (long long)facts->subjects);
}

static int
line_event(struct sink *sink, const struct event *event, char *err)
{
	struct line_sink *state = sink->state;
	const struct event_type *type = event_type(event->id);
	char time[TIME_SIZE], what[LINE_SIZE - TIME_SIZE - 2], line[LINE_SIZE];
	char ends[2 * ADDR_TEXT_SIZE + 8];
	int len;

	if (type->dataset == DATASET_EXCHANGE) {
		write_exchange(event, what, sizeof(what));
	} else if (type->dataset == DATASET_ERROR) {
		write_error(event, what, sizeof(what));
	} else if (type->dataset == DATASET_PATH) {
		write_path(event, what, sizeof(what));
	} else if (type->facts == alert_rows) {
		write_alert(event, what, sizeof(what));
	} else if (type->facts == suppressed_rows) {
		write_suppressed(event, what, sizeof(what));
	} else if (type->facts == neighbor_rows) {
		write_binding(event, what, sizeof(what));
	} else if (type->facts == router_rows) {
		write_router(event, what, sizeof(what));
	} else if (type->dataset == DATASET_AVAILABILITY) {
		write_availability(event, what, sizeof(what));
	} else {
		write_ends(&event->source, &event->destination, ends, sizeof(ends));
		snprintf(what, sizeof(what), "%s %s", ends, type->action);
	}
	write_time(event->when_ns, time);
	len = snprintf(line, sizeof(line), "%s %s\n", time, what);
	if (output_write(state->output, line, (size_t)len, err) != 0)
		return -1;
	if (output_is_terminal(state->output))
		return output_flush(state->output, err);
	return 0;
}

static int
line_flush(struct sink *sink, char *err)
{
	struct line_sink *state = sink->state;

	return output_flush(state->output, err);
}

static void
line_destroy(struct sink *sink)
{
	free(sink->state);
}

static const struct sink_ops line_ops = {
	.name = "line",
	.event = line_event,
	.flush = line_flush,
	.destroy = line_destroy,
};

int
line_sink_create(struct output *output, struct sink *out, char *err)
{
	struct line_sink *state = calloc(1, sizeof(*state));

	if (state == NULL) {
		snprintf(err, ERR_SIZE, "no memory for lines");
		return -1;
	}
	state->output = output;
	*out = (struct sink){ .ops = &line_ops, .state = state };
	return 0;
}
