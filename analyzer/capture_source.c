/*
 * One interface of a live capture. No permission is needed once it is open:
 * its loss counters are files that stay open, and libpcap's own count of them
 * is not used, as it opens those files anew each time.
 */
#include "analyzer/capture_source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/capture_filter.h"
#include "analyzer/log.h"
#include "analyzer/nearest.h"

#define NS_SECOND UINT64_C(1000000000)
#define BYTES_SLACK 64 /* a VLAN tag put back, a cooked header */
#define ALONE_MS 100
#define AMONG_MS 30

/* The counters of an interface that tell what it lost before the filter. */
static const char *const loss_counters[SOURCE_LOSS_COUNTERS] = {
	"rx_missed_errors",
	"rx_fifo_errors",
};

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

	for (i = 0; i < SOURCE_LOSS_COUNTERS; i++) {
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

	for (i = 0; i < SOURCE_LOSS_COUNTERS; i++) {
		snprintf(path, sizeof(path), "/sys/class/net/%.64s/statistics/%s", source->name,
		    loss_counters[i]);
		source->loss_files[i] = open(path, O_RDONLY | O_CLOEXEC);
	}
	source->losses = read_losses(source);
}

int
source_timeout_ms(const struct capture_config *config)
{
	return config->interface_count > 1 ? AMONG_MS : ALONE_MS;
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
	pcap_set_timeout(pcap, source_timeout_ms(config));
	pcap_set_buffer_size(pcap, (int)(config->buffer_kib * 1024));
	source->is_nano = pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
	status = pcap_activate(pcap);
	if (status < 0)
		return status;
	if (is_any) /* tells the interface of each frame; without it, SLL stays */
		(void)pcap_set_datalink(pcap, DLT_LINUX_SLL2);
	return 0;
}

enum capture_status
source_open(struct source *source, const char *name, const struct capture_config *config,
    char *err)
{
	const struct kernel_request request = { .expression = config->filter,
		.with_flows = config->with_flows };
	char why[PCAP_ERRBUF_SIZE];
	enum capture_status filtered;
	int status;

	source->name = name;
	open_losses(source);
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
	filtered = kernel_filter_set(source->pcap, &request, &source->filter, err);
	if (filtered != CAPTURE_OK)
		return filtered;
	if (pcap_setnonblock(source->pcap, 1, why) != 0) {
		snprintf(err, ERR_SIZE, "cannot capture on %.64s: %.250s", source->name, why);
		return CAPTURE_FAILED;
	}
	source->fd = pcap_get_selectable_fd(source->pcap);
	source->head.size = config->snaplen + BYTES_SLACK;
	source->head.bytes = malloc(source->head.size);
	if (source->head.bytes == NULL) {
		snprintf(err, ERR_SIZE, "out of memory");
		return CAPTURE_FAILED;
	}
	return CAPTURE_OK;
}

void
source_close(struct source *source)
{
	size_t i;

	if (source->pcap != NULL)
		pcap_close(source->pcap);
	for (i = 0; i < SOURCE_LOSS_COUNTERS; i++)
		if (source->loss_files[i] != -1)
			close(source->loss_files[i]);
	free(source->head.bytes);
}

/*
 * Keeps a frame as its source's head. It is copied, since libpcap gives the
 * last frame of a block back to the kernel before it returns.
 */
static void
keep_head(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct source *source = (struct source *)(void *)user;
	struct source_head *head = &source->head;
	uint64_t fraction = (uint64_t)header->ts.tv_usec;

	head->header = *header;
	if (head->header.caplen > head->size)
		head->header.caplen = head->size;
	memcpy(head->bytes, bytes, head->header.caplen);
	head->when_ns = (uint64_t)header->ts.tv_sec * NS_SECOND +
	    (source->is_nano ? fraction : fraction * 1000);
}

int
source_ask(struct source *source)
{
	int taken;

	if (source->head.is_waiting)
		return 0;
	taken = pcap_dispatch(source->pcap, 1, keep_head, (u_char *)source);
	if (taken < 0)
		return -1;
	source->head.is_waiting = taken > 0;
	return taken > 0;
}

void
source_count(struct source *source)
{
	uint64_t losses = read_losses(source);
	struct pcap_stat now;

	if (losses > source->losses)
		source->stats.interface_drops += losses - source->losses;
	source->losses = losses;
	if (pcap_stats(source->pcap, &now) == 0) {
		source->stats.received += (uint32_t)(now.ps_recv - source->last_received);
		source->stats.kernel_drops += (uint32_t)(now.ps_drop - source->last_drops);
		source->last_received = now.ps_recv;
		source->last_drops = now.ps_drop;
	}
}

void
source_describe(const struct source *source, FILE *out)
{
	char link[LINK_TYPE_NAME_SIZE];

	link_type_name(source->link_type, link, sizeof(link));
	fprintf(out, "%s: link type %s, times in %s\n", source->name, link,
	    source->is_nano ? "nanoseconds" : "microseconds");
	kernel_filter_describe(&source->filter, out);
}
