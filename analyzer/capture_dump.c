/*
 * -w with libpcap's writer. libpcap tells nobody when a write fails, so the
 * stream underneath is asked after every frame. A failure may leave any part
 * of what the stream held in the file: it is cut back to whole records.
 */
#include "analyzer/capture_dump.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/capture_filter.h"
#include "analyzer/log.h"

#define DUMP_SNAPLEN 262144
#define LINKTYPE_ETHERNET 1
#define FILE_HEADER_LEN 24
#define RECORD_HEADER_LEN 16
#define ENDS_MAX 512 /* records between two flushes, at most */
#define NS_SECOND UINT64_C(1000000000)

struct capture_dump {
	const char *path; /* borrowed; for errors */
	FILE *file;
	pcap_t *pcap;          /* NULL until the first frame */
	pcap_dumper_t *dumper; /* the same stream as `file` */
	uint32_t link_type;
	bool is_nano;
	bool has_failed;
	bool is_regular;       /* can be cut back */
	/* Where records end: [0] was flushed, the others may be in the buffer. */
	off_t ends[ENDS_MAX];
	uint32_t end_count;
	uint64_t count, skipped;
};

/* Where the next octet goes. */
static off_t
write_position(int fd)
{
	return lseek(fd, 0, (fcntl(fd, F_GETFL) & O_APPEND) != 0 ? SEEK_END : SEEK_CUR);
}

int
capture_dump_open(const char *path, bool is_nano, struct capture_dump **out, char *err)
{
	struct capture_dump *dump = calloc(1, sizeof(*dump));
	struct stat status;

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
	dump->is_regular = fstat(fileno(dump->file), &status) == 0 && S_ISREG(status.st_mode);
	dump->ends[dump->end_count++] = write_position(fileno(dump->file));
	*out = dump;
	return 0;
}

/* Takes the unfinished record at the end out of the file. */
static void
cut_back(struct capture_dump *dump)
{
	int fd = fileno(dump->file);
	off_t written = lseek(fd, 0, SEEK_CUR);

	__fpurge(dump->file); /* or closing it would try again */
	while (dump->end_count > 1 && dump->ends[dump->end_count - 1] > written)
		dump->end_count--;
	if (written > dump->ends[dump->end_count - 1] &&
	    ftruncate(fd, dump->ends[dump->end_count - 1]) == 0)
		(void)lseek(fd, dump->ends[dump->end_count - 1], SEEK_SET);
}

static int
fail(struct capture_dump *dump, const char *why, char *err)
{
	dump->has_failed = true;
	if (dump->is_regular)
		cut_back(dump);
	snprintf(err, ERR_SIZE, "%.200s: cannot write: %.200s", dump->path, why);
	return -1;
}

/* Notes that `len` octets more are a whole record, or the file's header. */
static void
note_end(struct capture_dump *dump, uint32_t len)
{
	dump->ends[dump->end_count] = dump->ends[dump->end_count - 1] + (off_t)len;
	dump->end_count++;
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
	note_end(dump, FILE_HEADER_LEN);
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
	if (dump->end_count == ENDS_MAX && capture_dump_flush(dump, err) == -1)
		return -1;
	header.ts.tv_sec = (time_t)(frame->when_ns / NS_SECOND);
	header.ts.tv_usec = (suseconds_t)(dump->is_nano ? fraction_ns : fraction_ns / 1000);
	errno = 0;
	pcap_dump((u_char *)dump->dumper, &header, frame->bytes);
	note_end(dump, RECORD_HEADER_LEN + frame->captured);
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
	dump->ends[0] = dump->ends[dump->end_count - 1];
	dump->end_count = 1;
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
