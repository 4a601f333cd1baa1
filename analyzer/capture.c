/*
 * Live capture: opening interfaces, taking frames in turn, the drop counters.
 * No permission is needed after capture_open(): the counters of the interfaces
 * are files that stay open, and libpcap's own count of them is not used, as it
 * opens those files anew each time.
 */
#include "analyzer/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analyzer/capture_filter.h"
#include "analyzer/capture_kernel.h"
#include "analyzer/log.h"
#include "analyzer/nearest.h"

#define TIMEOUT_MS 100
#define NS_SECOND UINT64_C(1000000000)
#define LAG_NS (2 * TIMEOUT_MS * UINT64_C(1000000)) /* the kernel may hold a frame back */
#define TURN_FRAMES 64   /* from one interface, before the next has its turn */
#define BYTES_SLACK 64   /* a VLAN tag put back, a cooked header */

/* The counters of an interface that tell what it lost before the filter. */
static const char *const loss_counters[] = { "rx_missed_errors", "rx_fifo_errors" };

#define LOSS_COUNTERS (sizeof(loss_counters) / sizeof(loss_counters[0]))

struct source {
	pcap_t *pcap;
	const char *name;
	uint32_t link_type;
	bool is_nano;
	struct kernel_filter filter;
	uint32_t last_received, last_drops; /* the kernel's 32 bits */
	int loss_files[LOSS_COUNTERS];      /* -1: not known */
	uint64_t losses;                    /* their sum when last read */
};

struct capture {
	struct source sources[CAPTURE_INTERFACES_MAX];
	struct pollfd polls[CAPTURE_INTERFACES_MAX];
	size_t count;
	size_t turn;             /* whose turn it is */
	unsigned int turn_left;  /* frames left of it */
	uint8_t *bytes;          /* of the frame handed out */
	uint32_t bytes_size;
	struct pcap_pkthdr header; /* its header */
	uint64_t number;
	struct capture_stats stats;
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

/* What to do about a missing permission. */
static void
explain_permission(const char *name, char *err)
{
	char path[256] = "icmpscope";
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len > 0)
		path[len] = '\0';
	snprintf(err, ERR_SIZE,
	    "cannot capture on %.64s: no permission; run as root, or: "
	    "sudo setcap cap_net_raw,cap_net_admin=ep %.255s", name, path);
}

static void
explain_unknown(const char *name, char *err)
{
	char why[PCAP_ERRBUF_SIZE];
	struct nearest nearest;
	pcap_if_t *all, *one;

	snprintf(err, ERR_SIZE, "cannot capture on %.64s: no such interface; "
	    "icmpscope -D lists them", name);
	if (pcap_findalldevs(&all, why) != 0)
		return;
	nearest_init(&nearest, name, strlen(name));
	for (one = all; one != NULL; one = one->next)
		nearest_try(&nearest, one->name);
	nearest_append(&nearest, err);
	pcap_freealldevs(all);
}

static void
explain_failure(const struct source *source, int status, char *err)
{
	const char *why = pcap_geterr(source->pcap);

	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		explain_permission(source->name, err);
		break;
	case PCAP_ERROR_NO_SUCH_DEVICE:
		explain_unknown(source->name, err);
		break;
	case PCAP_ERROR_IFACE_NOT_UP:
		snprintf(err, ERR_SIZE, "cannot capture on %.64s: the interface is down",
		    source->name);
		break;
	default:
		snprintf(err, ERR_SIZE, "cannot capture on %.64s: %.100s%s%.200s", source->name,
		    pcap_statustostr(status), *why != '\0' ? ": " : "", why);
		break;
	}
}

/* The sum of an interface's loss counters; 0 when it is gone. */
static uint64_t
read_losses(const struct source *source)
{
	uint64_t sum = 0;
	char text[32];
	size_t i;

	for (i = 0; i < LOSS_COUNTERS; i++) {
		ssize_t len = -1;

		if (source->loss_files[i] != -1)
			len = pread(source->loss_files[i], text, sizeof(text) - 1, 0);
		if (len <= 0)
			continue;
		text[len] = '\0';
		sum += strtoull(text, NULL, 10);
	}
	return sum;
}

static void
open_losses(struct source *source)
{
	char path[256];
	size_t i;

	for (i = 0; i < LOSS_COUNTERS; i++) {
		snprintf(path, sizeof(path), "/sys/class/net/%.64s/statistics/%s", source->name,
		    loss_counters[i]);
		source->loss_files[i] = open(path, O_RDONLY | O_CLOEXEC);
	}
	source->losses = read_losses(source);
}

/* Sets what must be set before activation, and activates. */
static int
activate(struct source *source, const struct capture_config *config)
{
	bool is_any = strcmp(source->name, "any") == 0;
	pcap_t *pcap = source->pcap;
	int status;

	pcap_set_snaplen(pcap, (int)config->snaplen);
	pcap_set_promisc(pcap, config->promiscuous && !is_any);
	pcap_set_timeout(pcap, TIMEOUT_MS);
	pcap_set_buffer_size(pcap, (int)(config->buffer_kib * 1024));
	source->is_nano = pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
	status = pcap_activate(pcap);
	if (status < 0)
		return status;
	if (is_any) /* tells the interface of each frame; without it, SLL stays */
		(void)pcap_set_datalink(pcap, DLT_LINUX_SLL2);
	return 0;
}

static enum capture_status
open_source(struct source *source, const struct capture_config *config, char *err)
{
	char why[PCAP_ERRBUF_SIZE];
	enum capture_status filtered;
	int status;

	source->pcap = pcap_create(source->name, why);
	if (source->pcap == NULL) {
		snprintf(err, ERR_SIZE, "cannot capture on %.64s: %.250s", source->name, why);
		return CAPTURE_FAILED;
	}
	status = activate(source, config);
	if (status != 0) {
		explain_failure(source, status, err);
		return CAPTURE_FAILED;
	}
	source->link_type = link_type_from_dlt(pcap_datalink(source->pcap));
	filtered = kernel_filter_set(source->pcap, config->filter, &source->filter, err);
	if (filtered != CAPTURE_OK)
		return filtered;
	if (pcap_setnonblock(source->pcap, 1, why) != 0) {
		snprintf(err, ERR_SIZE, "cannot capture on %.64s: %.250s", source->name, why);
		return CAPTURE_FAILED;
	}
	return CAPTURE_OK;
}

static enum capture_status
open_sources(struct capture *capture, const struct capture_config *config, char *err)
{
	enum capture_status status;
	size_t i;

	for (i = 0; i < config->interface_count; i++) {
		struct source *source = &capture->sources[i];

		source->name = config->interfaces[i];
		open_losses(source);
		capture->count++;
		status = open_source(source, config, err);
		if (status != CAPTURE_OK)
			return status;
		capture->polls[i].fd = pcap_get_selectable_fd(source->pcap);
		capture->polls[i].events = POLLIN;
	}
	return CAPTURE_OK;
}

enum capture_status
capture_open(const struct capture_config *config, struct capture **out, char *err)
{
	struct capture *capture = calloc(1, sizeof(*capture));
	enum capture_status status = CAPTURE_FAILED;

	*out = NULL;
	snprintf(err, ERR_SIZE, "out of memory");
	if (capture == NULL)
		return CAPTURE_FAILED;
	capture->bytes_size = config->snaplen + BYTES_SLACK;
	capture->bytes = malloc(capture->bytes_size);
	capture->turn_left = TURN_FRAMES;
	if (config->interface_count > CAPTURE_INTERFACES_MAX)
		snprintf(err, ERR_SIZE, "more than %d interfaces", CAPTURE_INTERFACES_MAX);
	else if (capture->bytes != NULL)
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
	size_t i, j;

	if (capture == NULL)
		return;
	for (i = 0; i < capture->count; i++) {
		if (capture->sources[i].pcap != NULL)
			pcap_close(capture->sources[i].pcap);
		for (j = 0; j < LOSS_COUNTERS; j++)
			if (capture->sources[i].loss_files[j] != -1)
				close(capture->sources[i].loss_files[j]);
	}
	free(capture->bytes);
	free(capture);
}

/*
 * Keeps a frame. It is copied, since libpcap gives the last frame of a block
 * back to the kernel before it returns.
 */
static void
keep_frame(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct capture *capture = (struct capture *)(void *)user;

	capture->header = *header;
	if (capture->header.caplen > capture->bytes_size)
		capture->header.caplen = capture->bytes_size;
	memcpy(capture->bytes, bytes, capture->header.caplen);
}

static void
fill_frame(struct capture *capture, const struct source *source, struct frame *out)
{
	const struct pcap_pkthdr *header = &capture->header;
	uint64_t fraction = (uint64_t)header->ts.tv_usec;

	capture->number++;
	out->bytes = capture->bytes;
	out->captured = header->caplen;
	out->length = header->len < header->caplen ? header->caplen : header->len;
	out->link_type = source->link_type;
	out->interface = (uint32_t)(source - capture->sources);
	out->when_ns = (uint64_t)header->ts.tv_sec * NS_SECOND +
	    (source->is_nano ? fraction : fraction * 1000);
	out->number = out->ordinal = capture->number;
}

static void
next_turn(struct capture *capture)
{
	capture->turn = (capture->turn + 1) % capture->count;
	capture->turn_left = TURN_FRAMES;
}

/*
 * Notes that the source whose turn it is has failed. What the kernel holds of
 * it comes for a while yet, so it stays in the round.
 */
static void
lose_source(struct capture *capture)
{
	const struct source *source = &capture->sources[capture->turn];

	capture->polls[capture->turn].fd = -1;
	if (capture->lost_ns != 0)
		return;
	capture->lost_ns = clock_ns();
	snprintf(capture->lost_err, ERR_SIZE, "capture on %.64s ended: %.250s", source->name,
	    pcap_geterr(source->pcap));
}

/* Takes a frame that is there already, from the interface whose turn it is. */
static bool
take_frame(struct capture *capture, struct frame *out)
{
	size_t i;

	if (capture->turn_left == 0)
		next_turn(capture);
	for (i = 0; i < capture->count; i++) {
		struct source *source = &capture->sources[capture->turn];
		int taken = pcap_dispatch(source->pcap, 1, keep_frame, (u_char *)capture);

		if (taken > 0) {
			capture->turn_left--;
			fill_frame(capture, source, out);
			return true;
		}
		if (taken < 0)
			lose_source(capture);
		next_turn(capture);
	}
	return false;
}

enum capture_result
capture_next(struct capture *capture, struct frame *out, char *err)
{
	int ready;

	for (;;) {
		if (capture->lost_ns != 0 && clock_ns() - capture->lost_ns > LAG_NS) {
			memcpy(err, capture->lost_err, ERR_SIZE);
			return CAPTURE_LOST;
		}
		if (capture->stop_asked && capture->stop_ns == 0)
			capture->stop_ns = clock_ns();
		if (take_frame(capture, out)) {
			if (capture->stop_ns != 0 && out->when_ns > capture->stop_ns)
				return CAPTURE_STOPPED;
			return CAPTURE_FRAME;
		}
		ready = poll(capture->polls, (nfds_t)capture->count, TIMEOUT_MS);
		if (ready == 0 && capture->stop_ns != 0)
			return CAPTURE_STOPPED;
		if (ready > 0 || capture->stop_asked)
			continue;
		out->when_ns = clock_ns() - LAG_NS;
		return CAPTURE_IDLE;
	}
}

void
capture_stop(struct capture *capture)
{
	capture->stop_asked = 1;
}

const char *
capture_interface_name(const struct capture *capture, uint32_t index)
{
	return index < capture->count ? capture->sources[index].name : NULL;
}

uint32_t
capture_link_type(const struct capture *capture, uint32_t index)
{
	return capture->sources[index].link_type;
}

void
capture_stats(struct capture *capture, struct capture_stats *out)
{
	struct pcap_stat now;
	size_t i;

	for (i = 0; i < capture->count; i++) {
		struct source *source = &capture->sources[i];
		uint64_t losses = read_losses(source);

		if (losses > source->losses)
			capture->stats.interface_drops += losses - source->losses;
		source->losses = losses;
		if (pcap_stats(source->pcap, &now) != 0)
			continue;
		capture->stats.received += (uint32_t)(now.ps_recv - source->last_received);
		capture->stats.kernel_drops += (uint32_t)(now.ps_drop - source->last_drops);
		source->last_received = now.ps_recv;
		source->last_drops = now.ps_drop;
	}
	*out = capture->stats;
}

void
capture_describe(const struct capture *capture, FILE *out)
{
	char link[LINK_TYPE_NAME_SIZE];
	size_t i;

	for (i = 0; i < capture->count; i++) {
		const struct source *source = &capture->sources[i];

		link_type_name(source->link_type, link, sizeof(link));
		fprintf(out, "%s: link type %s, times in %s\n", source->name, link,
		    source->is_nano ? "nanoseconds" : "microseconds");
		kernel_filter_describe(&source->filter, out);
	}
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
