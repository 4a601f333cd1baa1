/*
 * Live capture: the frames of all interfaces in the order of their times, the
 * end of a capture, the list of interfaces.
 */
#include "analyzer/capture.h"

#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyzer/capture_source.h"
#include "analyzer/log.h"

#define NS_SECOND UINT64_C(1000000000)
#define NS_MS UINT64_C(1000000)
#define IDLE_MS 100
#define HOLD_MS 5 /* how often it is seen whether a head's wait is over */

struct capture {
	struct source sources[CAPTURE_INTERFACES_MAX];
	struct pollfd polls[CAPTURE_INTERFACES_MAX];
	size_t count;
	uint64_t lag_ns;      /* for so long the kernel may hold a frame back */
	size_t waiting;       /* heads that are */
	struct source *given; /* whose head was given last */
	uint64_t asked_ns;    /* when all that had no head were asked for one */
	uint64_t number;
	volatile sig_atomic_t stop_asked;
	uint64_t stop_ns; /* when that was seen; 0: not yet */
	uint64_t lost_ns; /* when a source was lost; 0: not yet */
	char lost_err[ERR_SIZE];
};

static uint64_t
clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * NS_SECOND + (uint64_t)now.tv_nsec;
}

static enum capture_status
open_sources(struct capture *capture, const struct capture_config *config, char *err)
{
	enum capture_status status;
	size_t i;

	for (i = 0; i < config->interface_count; i++) {
		capture->count++;
		status = source_open(&capture->sources[i], config->interfaces[i], config, err);
		if (status != CAPTURE_OK)
			return status;
	}
	return CAPTURE_OK;
}

enum capture_status
capture_open(const struct capture_config *config, struct capture **out, char *err)
{
	struct capture *capture = calloc(1, sizeof(*capture));
	enum capture_status status = CAPTURE_FAILED;

	*out = NULL;
	if (capture == NULL) {
		snprintf(err, ERR_SIZE, "out of memory");
		return CAPTURE_FAILED;
	}
	capture->lag_ns = 2 * (uint64_t)source_timeout_ms(config) * NS_MS;
	capture->given = &capture->sources[0];
	if (config->interface_count > CAPTURE_INTERFACES_MAX)
		snprintf(err, ERR_SIZE, "more than %d interfaces", CAPTURE_INTERFACES_MAX);
	else
		status = open_sources(capture, config, err);
	if (status != CAPTURE_OK) {
		capture_close(capture);
		return status;
	}
	*out = capture;
	return CAPTURE_OK;
}

void
capture_close(struct capture *capture)
{
	size_t i;

	if (capture == NULL)
		return;
	for (i = 0; i < capture->count; i++)
		source_close(&capture->sources[i]);
	free(capture);
}

/*
 * Notes that a source has failed. What the kernel holds of it comes for a
 * while yet, so it is still asked.
 */
static void
lose_source(struct capture *capture, struct source *source)
{
	source->fd = -1;
	if (capture->lost_ns != 0)
		return;
	capture->lost_ns = clock_ns();
	snprintf(capture->lost_err, ERR_SIZE, "capture on %.64s ended: %.250s", source->name,
	    pcap_geterr(source->pcap));
}

/* Fills the head of a source, if it is free and there is a frame. */
static void
ask(struct capture *capture, struct source *source)
{
	switch (source_ask(source)) {
	case 1:
		capture->waiting++;
		break;
	case -1:
		lose_source(capture, source);
		break;
	}
}

static void
ask_all(struct capture *capture, uint64_t now_ns)
{
	size_t i;

	for (i = 0; i < capture->count; i++)
		ask(capture, &capture->sources[i]);
	capture->asked_ns = now_ns;
}

/*
 * The source of the earliest head; NULL when there is none. A head too far
 * ahead is from before the clock was set back, and goes before all others:
 * nobody knows how long it would wait for its time.
 */
static struct source *
earliest_source(struct capture *capture, uint64_t now_ns)
{
	struct source *earliest = NULL;
	size_t i;

	for (i = 0; i < capture->count; i++) {
		struct source *source = &capture->sources[i];

		if (!source->head.is_waiting)
			continue;
		if (source->head.when_ns > now_ns + capture->lag_ns)
			return source;
		if (earliest == NULL || source->head.when_ns < earliest->head.when_ns)
			earliest = source;
	}
	return earliest;
}

/* Whether no source without a head can still bring a frame before this head. */
static bool
is_due(const struct capture *capture, const struct source_head *head, uint64_t now_ns)
{
	return capture->waiting == capture->count ||
	    head->when_ns + capture->lag_ns <= capture->asked_ns ||
	    head->when_ns > now_ns + capture->lag_ns;
}

/*
 * The source whose head is to be given now, of several; NULL when none is.
 * Sources without a head are asked only when the answer matters, since each
 * asking is a system call, and when the clock was set back since.
 */
static struct source *
due_source(struct capture *capture)
{
	uint64_t now_ns = clock_ns();
	struct source *source = earliest_source(capture, now_ns);

	if (source == NULL || now_ns < capture->asked_ns ||
	    !is_due(capture, &source->head, now_ns)) {
		ask_all(capture, now_ns);
		source = earliest_source(capture, now_ns);
	}
	if (source != NULL && !is_due(capture, &source->head, now_ns))
		return NULL;
	return source;
}

/* Gives the next frame, if it is there already. */
static bool
take_frame(struct capture *capture, struct frame *out)
{
	struct source *source = capture->given;
	const struct pcap_pkthdr *header;

	ask(capture, source);
	if (capture->count > 1)
		source = due_source(capture);
	if (source == NULL || !source->head.is_waiting)
		return false;
	source->head.is_waiting = false;
	capture->waiting--;
	capture->given = source;
	capture->number++;
	header = &source->head.header;
	out->bytes = source->head.bytes;
	out->captured = header->caplen;
	out->length = header->len < header->caplen ? header->caplen : header->len;
	out->link_type = source->link_type;
	out->interface = (uint32_t)(source - capture->sources);
	out->when_ns = source->head.when_ns;
	out->number = out->ordinal = capture->number;
	return true;
}

/*
 * Waits until a source without a head has one; not long when another's head
 * waits for that. As poll() returns.
 */
static int
wait_for_head(struct capture *capture)
{
	size_t i;

	for (i = 0; i < capture->count; i++) {
		const struct source *source = &capture->sources[i];

		capture->polls[i].fd = source->head.is_waiting ? -1 : source->fd;
		capture->polls[i].events = POLLIN;
	}
	return poll(capture->polls, (nfds_t)capture->count,
	    capture->waiting > 0 ? HOLD_MS : IDLE_MS);
}

enum capture_result
capture_next(struct capture *capture, struct frame *out, char *err)
{
	for (;;) {
		bool is_lost = capture->lost_ns != 0 &&
		    clock_ns() - capture->lost_ns > capture->lag_ns;
		bool is_taken;
		int ready;

		if (capture->stop_asked && capture->stop_ns == 0)
			capture->stop_ns = clock_ns();
		is_taken = take_frame(capture, out);
		if (is_lost && (!is_taken || out->when_ns > capture->lost_ns)) {
			memcpy(err, capture->lost_err, ERR_SIZE);
			return CAPTURE_LOST;
		}
		if (is_taken && capture->stop_ns != 0 && out->when_ns > capture->stop_ns)
			return CAPTURE_STOPPED;
		if (is_taken)
			return CAPTURE_FRAME;
		ready = wait_for_head(capture);
		if (ready > 0 || capture->waiting > 0)
			continue;
		if (ready == 0 && capture->stop_ns != 0)
			return CAPTURE_STOPPED;
		if (capture->stop_asked)
			continue;
		out->when_ns = clock_ns() - capture->lag_ns;
		return CAPTURE_IDLE;
	}
}

void
capture_stop(struct capture *capture)
{
	capture->stop_asked = 1;
}

size_t
capture_interface_count(const struct capture *capture)
{
	return capture->count;
}

const char *
capture_interface_name(const struct capture *capture, uint32_t index)
{
	return index < capture->count ? capture->sources[index].name : NULL;
}

void
capture_stats_of(struct capture *capture, uint32_t index, struct capture_stats *out)
{
	struct source *source = &capture->sources[index];

	source_count(source);
	*out = source->stats;
}

void
capture_describe(const struct capture *capture, FILE *out)
{
	size_t i;

	for (i = 0; i < capture->count; i++)
		source_describe(&capture->sources[i], out);
}

static void
list_one(FILE *out, int number, const pcap_if_t *one)
{
	static const struct {
		bpf_u_int32 mask, value;
		const char *word;
	} flags[] = {
		{ PCAP_IF_UP, PCAP_IF_UP, "Up" },
		{ PCAP_IF_RUNNING, PCAP_IF_RUNNING, "Running" },
		{ PCAP_IF_LOOPBACK, PCAP_IF_LOOPBACK, "Loopback" },
		{ PCAP_IF_WIRELESS, PCAP_IF_WIRELESS, "Wireless" },
		{ PCAP_IF_CONNECTION_STATUS, PCAP_IF_CONNECTION_STATUS_CONNECTED, "Connected" },
		{ PCAP_IF_CONNECTION_STATUS, PCAP_IF_CONNECTION_STATUS_DISCONNECTED,
		  "Disconnected" },
	};
	const char *separator = " [";
	size_t i;

	fprintf(out, "%d.%s", number, one->name);
	if (one->description != NULL)
		fprintf(out, " (%s)", one->description);
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if ((one->flags & flags[i].mask) != flags[i].value)
			continue;
		fprintf(out, "%s%s", separator, flags[i].word);
		separator = ", ";
	}
	fputs(*separator == ',' ? "]\n" : "\n", out);
}

int
capture_list(FILE *out, char *err)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_if_t *all, *one;
	int number = 0;

	if (pcap_findalldevs(&all, why) != 0) {
		snprintf(err, ERR_SIZE, "cannot list the interfaces: %.250s", why);
		return -1;
	}
	for (one = all; one != NULL; one = one->next)
		list_one(out, ++number, one);
	pcap_freealldevs(all);
	return 0;
}

const char *
capture_library(void)
{
	return pcap_lib_version();
}
