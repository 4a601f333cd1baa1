/*
 * Filters for -r with pcap_compile and pcap_offline_filter. The filter of a
 * live capture is in capture_kernel.c.
 */
#include "analyzer/capture_filter.h"

#include <pcap/pcap.h>
#include <pcap/namedb.h> /* needs what is above */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/log.h"
#include "decoders/packet.h"

#define PROGRAMS_MAX 128
#define LINK_TYPES_END 512 /* no LINKTYPE_ is assigned from here on */
#define FILTER_SNAPLEN 262144

#define LINKTYPE_NULL 0
#define LINKTYPE_ETHERNET 1
#define LINKTYPE_LOOP 108

struct program {
	uint32_t link_type;
	struct bpf_program code;
};

struct filter {
	struct program programs[PROGRAMS_MAX];
	size_t count;
	uint64_t unmatchable;
};

/*
 * libpcap asks these two for the address of a name. Ours, which the linker
 * prefers, know none, so that no expression makes a query on the network.
 */
struct addrinfo *
pcap_nametoaddrinfo(const char *name)
{
	(void)name;
	return NULL;
}

bpf_u_int32
pcap_nametonetaddr(const char *name)
{
	(void)name;
	return 0;
}

/* Of several numbers for one DLT_ the first is the LINKTYPE_. */
static const struct {
	uint32_t link_type;
	int dlt;
} differing[] = {
	{ 100, DLT_ATM_RFC1483 },
	{ 101, DLT_RAW },
	{ 12, DLT_RAW }, /* in files of writers that copied their DLT_RAW */
	{ 14, DLT_RAW }, /* such as OpenBSD's */
	{ 102, DLT_SLIP_BSDOS },
	{ 103, DLT_PPP_BSDOS },
	{ 106, DLT_ATM_CLIP },
};

#define DIFFERING (sizeof(differing) / sizeof(differing[0]))

int
link_type_to_dlt(uint32_t link_type)
{
	size_t i;

	for (i = 0; i < DIFFERING; i++)
		if (differing[i].link_type == link_type)
			return differing[i].dlt;
	return link_type <= INT32_MAX ? (int)link_type : -1;
}

uint32_t
link_type_from_dlt(int dlt)
{
	size_t i;

	for (i = 0; i < DIFFERING; i++)
		if (differing[i].dlt == dlt)
			return differing[i].link_type;
	return (uint32_t)dlt;
}

void
link_type_name(uint32_t link_type, char *out, size_t size)
{
	const char *name = pcap_datalink_val_to_name(link_type_to_dlt(link_type));

	if (name != NULL)
		snprintf(out, size, "%s", name);
	else
		snprintf(out, size, "LINKTYPE_%u", (unsigned int)link_type);
}

/* Compiles for one link type. 0, or -1 and libpcap's words in `err`. */
static int
compile(const char *expression, uint32_t link_type, struct bpf_program *out, char *err)
{
	pcap_t *pcap = pcap_open_dead(link_type_to_dlt(link_type), FILTER_SNAPLEN);
	int status;

	if (pcap == NULL) {
		snprintf(err, ERR_SIZE, "out of memory");
		return -1;
	}
	status = pcap_compile(pcap, out, expression, 1, PCAP_NETMASK_UNKNOWN);
	if (status != 0)
		snprintf(err, ERR_SIZE, "filter \"%.200s\": %.200s", expression,
		    pcap_geterr(pcap));
	pcap_close(pcap);
	return status == 0 ? 0 : -1;
}

int
filter_open(const char *expression, struct filter **out, char *err)
{
	struct filter *filter = calloc(1, sizeof(*filter));
	char why[ERR_SIZE] = "";
	uint32_t type;

	*out = NULL;
	if (filter == NULL) {
		snprintf(err, ERR_SIZE, "out of memory");
		return -1;
	}
	for (type = 0; type < LINK_TYPES_END && filter->count < PROGRAMS_MAX; type++) {
		struct program *program = &filter->programs[filter->count];

		if (!packet_link_known(type))
			continue;
		program->link_type = type;
		/* What is wrong with it for Ethernet explains it best. */
		if (compile(expression, type, &program->code,
		    type == LINKTYPE_ETHERNET ? err : why) == 0)
			filter->count++;
	}
	if (filter->count == 0) {
		free(filter);
		return -1;
	}
	*out = filter;
	return 0;
}

void
filter_close(struct filter *filter)
{
	size_t i;

	if (filter == NULL)
		return;
	for (i = 0; i < filter->count; i++)
		pcap_freecode(&filter->programs[i].code);
	free(filter);
}

bool
filter_match(struct filter *filter, const struct frame *frame)
{
	struct pcap_pkthdr header = { .caplen = frame->captured, .len = frame->length };
	uint32_t type = frame->link_type;
	size_t i;

	/* NULL is in the writer's byte order; from a big-endian one it is LOOP. */
	if (type == LINKTYPE_NULL && frame->captured > 0 && frame->bytes[0] == 0)
		type = LINKTYPE_LOOP;
	for (i = 0; i < filter->count; i++)
		if (filter->programs[i].link_type == type)
			return pcap_offline_filter(&filter->programs[i].code, &header,
			    frame->bytes) != 0;
	filter->unmatchable++;
	return false;
}

uint64_t
filter_unmatchable(const struct filter *filter)
{
	return filter->unmatchable;
}
