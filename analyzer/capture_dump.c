/*
 * -w with libpcap's writer. libpcap tells nobody when a write fails, so the
 * stream underneath is asked after every frame.
 */
#include "analyzer/capture_dump.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/capture_filter.h"
#include "analyzer/log.h"

#define DUMP_SNAPLEN 262144
#define LINKTYPE_ETHERNET 1
#define NS_SECOND UINT64_C(1000000000)

struct capture_dump {
	const char *path; /* borrowed; for errors */
	FILE *file;
	pcap_t *pcap;          /* NULL until the first frame */
	pcap_dumper_t *dumper; /* the same stream as `file` */
	uint32_t link_type;
	bool is_nano;
	bool has_failed;
	uint64_t count, skipped;
};

int
capture_dump_open(const char *path, bool is_nano, struct capture_dump **out, char *err)
{
	struct capture_dump *dump = calloc(1, sizeof(*dump));

	*out = NULL;
	if (dump == NULL) {
		snprintf(err, ERR_SIZE, "out of memory");
		return -1;
	}
	dump->path = path;
	dump->is_nano = is_nano;
	dump->file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
	if (dump->file == NULL) {
		snprintf(err, ERR_SIZE, "%.300s: %s", path, strerror(errno));
		free(dump);
		return -1;
	}
	*out = dump;
	return 0;
}

static int
fail(struct capture_dump *dump, const char *why, char *err)
{
	dump->has_failed = true;
	snprintf(err, ERR_SIZE, "%.200s: cannot write: %.200s", dump->path, why);
	return -1;
}

/* Writes the file's header. */
static int
begin(struct capture_dump *dump, uint32_t link_type, char *err)
{
	dump->link_type = link_type;
	dump->pcap = pcap_open_dead_with_tstamp_precision(link_type_to_dlt(link_type),
	    DUMP_SNAPLEN,
	    dump->is_nano ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO);
	if (dump->pcap == NULL)
		return fail(dump, "out of memory", err);
	dump->dumper = pcap_dump_fopen(dump->pcap, dump->file);
	if (dump->dumper == NULL)
		return fail(dump, pcap_geterr(dump->pcap), err);
	return 0;
}

int
capture_dump_write(struct capture_dump *dump, const struct frame *frame, char *err)
{
	struct pcap_pkthdr header = { .caplen = frame->captured, .len = frame->length };
	uint64_t fraction_ns = frame->when_ns % NS_SECOND;

	if (dump->has_failed)
		return 0;
	if (dump->dumper == NULL && begin(dump, frame->link_type, err) == -1)
		return -1;
	if (frame->link_type != dump->link_type) {
		dump->skipped++;
		return 0;
	}
	header.ts.tv_sec = (time_t)(frame->when_ns / NS_SECOND);
	header.ts.tv_usec = (suseconds_t)(dump->is_nano ? fraction_ns : fraction_ns / 1000);
	errno = 0;
	pcap_dump((u_char *)dump->dumper, &header, frame->bytes);
	if (ferror(dump->file))
		return fail(dump, strerror(errno), err);
	dump->count++;
	return 0;
}

int
capture_dump_flush(struct capture_dump *dump, char *err)
{
	if (dump->has_failed)
		return 0;
	if (fflush(dump->file) != 0)
		return fail(dump, strerror(errno), err);
	return 0;
}

uint64_t
capture_dump_count(const struct capture_dump *dump)
{
	return dump->count;
}

uint64_t
capture_dump_skipped(const struct capture_dump *dump)
{
	return dump->skipped;
}

int
capture_dump_close(struct capture_dump *dump, char *err)
{
	int status = 0;

	if (dump == NULL)
		return 0;
	if (dump->dumper == NULL && !dump->has_failed)
		status = begin(dump, LINKTYPE_ETHERNET, err);
	if (status == 0)
		status = capture_dump_flush(dump, err);
	if (dump->dumper != NULL)
		pcap_dump_close(dump->dumper); /* closes the file */
	else
		fclose(dump->file);
	if (dump->pcap != NULL)
		pcap_close(dump->pcap);
	free(dump);
	return status;
}
