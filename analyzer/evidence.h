/*
 * --evidence: for each incident a file of its own, named by the incident's id,
 * with frames from before it was opened, the one that opened it, and those after,
 * as far as they are to or from whom it names. Bounded: so many frames in a file,
 * so many files written at once, and the frames of before from fixed memory.
 */
#ifndef ANALYZER_EVIDENCE_H
#define ANALYZER_EVIDENCE_H

#include <stdint.h>

#include "analyzer/core/event.h"
#include "analyzer/core/report.h"
#include "analyzer/settings.h"
#include "analyzer/sink/sink.h"

struct evidence;

/*
 * Opens the directory `path`, made if it is not there, and takes the memory. The
 * source of a frame is named by `context`, which is copied; its names outlive the
 * evidence. 0, or -1 and `err`.
 */
int evidence_open(const char *path, const struct settings *settings,
    const struct sink_context *context, struct evidence **out, char *err);

/* The directory, for the sandbox, and whether it was made. */
int evidence_directory(const struct evidence *evidence, bool *is_new);

/* A packet that is ICMP, or a fragment of it; called before it is judged. */
void evidence_packet(struct evidence *evidence, const struct packet *packet);

/* An alert. */
void evidence_alert(struct evidence *evidence, const struct event *event);

/* A row about the frames that are held. */
void evidence_table(const struct evidence *evidence, struct report_table *out);

/* Told once, as soon as something could not be written: -1 and `err`, else 0. */
int evidence_trouble(struct evidence *evidence, char *err);

/* Closes all files. 0, or -1 and `err` with how much is missing. NULL is allowed. */
int evidence_close(struct evidence *evidence, char *err);

#endif
