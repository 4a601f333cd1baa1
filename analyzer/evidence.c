/*
 * Which frames are evidence of which incident. A frame belongs to an incident
 * when it is between those it names; where it names one side alone, when it is
 * to or from one of them.
 */
#include "analyzer/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/evidence_file.h"
#include "analyzer/evidence_ring.h"
#include "analyzer/log.h"

#define CASES_MAX 64        /* incidents whose files are written at once */
#define NAMED_MAX 18        /* addresses of an incident: its ends and those related */
#define ID_SIZE 32
#define NAME_SIZE (ID_SIZE + sizeof(".pcapng"))
#define COMMENT_SIZE 400
#define DIRECTORY_MODE 0750

/* An incident whose file is being written. */
struct evidence_case {
	char id[ID_SIZE];     /* empty: a free place */
	struct evidence_file file;
	struct addr named[NAMED_MAX];
	uint32_t named_count;
	bool has_both_ends;
	uint64_t frames;      /* written */
	uint64_t opened;      /* how many incidents were opened before */
};

struct evidence {
	const char *path;
	int directory;
	bool is_new;          /* the directory: we made it */
	struct sink_context context;
	char application[COMMENT_SIZE];
	struct evidence_ring ring;
	uint64_t frames_max;
	struct evidence_case cases[CASES_MAX];
	uint32_t case_count;  /* up to the last that is taken */
	uint64_t opened;
	uint64_t ordinal;     /* of the frame that was held last */
	uint64_t lost;        /* files that are incomplete or missing */
	int reason;           /* errno of the first */
	bool is_told;
};

/* The directory, made unless it is there. */
static int
open_directory(const char *path, bool *is_new, char *err)
{
	int fd;

	*is_new = mkdir(path, DIRECTORY_MODE) == 0;
	if (!*is_new && errno != EEXIST) {
		snprintf(err, ERR_SIZE, "%.300s: %s", path, strerror(errno));
		return -1;
	}
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		snprintf(err, ERR_SIZE, "%.300s: %s", path, strerror(errno));
	return fd;
}

int
evidence_open(const char *path, const struct settings *settings,
    const struct sink_context *context, struct evidence **out, char *err)
{
	struct evidence *evidence = calloc(1, sizeof(*evidence));

	*out = NULL;
	if (evidence == NULL) {
		snprintf(err, ERR_SIZE, "no memory for evidence");
		return -1;
	}
	evidence->path = path;
	evidence->context = *context;
	evidence->frames_max = settings->evidence_packets;
	snprintf(evidence->application, sizeof(evidence->application), "icmpscope %s",
	    context->version);
	evidence->directory = open_directory(path, &evidence->is_new, err);
	if (evidence->directory == -1 ||
	    evidence_ring_init(&evidence->ring, settings->evidence_memory_bytes, err) != 0) {
		if (evidence->directory != -1)
			close(evidence->directory);
		free(evidence);
		return -1;
	}
	*out = evidence;
	return 0;
}

int
evidence_directory(const struct evidence *evidence, bool *is_new)
{
	*is_new = evidence->is_new;
	return evidence->directory;
}

static bool
is_named(const struct evidence_case *incident, const struct addr *address)
{
	uint32_t i;

	for (i = 0; i < incident->named_count; i++)
		if (addr_equal(&incident->named[i], address))
			return true;
	return false;
}

/* Whether a frame between `ends` belongs to the incident; all do when it names nobody. */
static bool
belongs(const struct evidence_case *incident, const struct addr ends[2])
{
	bool has_source = is_named(incident, &ends[0]);

	if (incident->named_count == 0)
		return true;
	if (has_source != incident->has_both_ends)
		return has_source;
	return is_named(incident, &ends[1]);
}

/* Ends the file of an incident, with what became of it. */
static void
end_case(struct evidence *evidence, struct evidence_case *incident, enum evidence_status status)
{
	if (status == EVIDENCE_OK)
		status = evidence_file_close(&incident->file);
	if (status == EVIDENCE_FAILED && evidence->lost++ == 0)
		evidence->reason = errno;
	incident->id[0] = '\0';
	while (evidence->case_count > 0 && evidence->cases[evidence->case_count - 1].id[0] == '\0')
		evidence->case_count--;
}

static void
write_frame(struct evidence *evidence, struct evidence_case *incident,
    const struct evidence_frame *held, const char *comment)
{
	enum evidence_status status;

	status = evidence_file_write(&incident->file, &held->frame, held->source, comment);
	if (status != EVIDENCE_OK || ++incident->frames >= evidence->frames_max)
		end_case(evidence, incident, status);
}

/*
 * Writes what is held of the incident: at most half of its frames, the latest, up
 * to the one that opened it.
 */
static void
write_before(struct evidence *evidence, struct evidence_case *incident, uint64_t opening)
{
	const struct evidence_ring *ring = &evidence->ring;
	uint64_t most = (evidence->frames_max + 1) / 2, found = 0;
	const struct evidence_frame *held;
	uint32_t n;

	for (n = 0; n < ring->count && found < most; n++) {
		held = evidence_ring_latest(ring, n);
		found += held->frame.ordinal == opening || belongs(incident, held->ends);
	}
	while (n-- > 0 && incident->id[0] != '\0') {
		held = evidence_ring_latest(ring, n);
		if (held->frame.ordinal == opening)
			write_frame(evidence, incident, held, "the incident was opened here");
		else if (belongs(incident, held->ends))
			write_frame(evidence, incident, held, NULL);
	}
}

static void
add_named(struct evidence_case *incident, const struct addr *address)
{
	if (address->version != 0 && incident->named_count < NAMED_MAX &&
	    !is_named(incident, address))
		incident->named[incident->named_count++] = *address;
}

/* Adds whom the incident names. */
static void
name_ends(struct evidence_case *incident, const struct alert_facts *facts)
{
	const struct addr *related = facts->related.items;
	uint32_t i;

	add_named(incident, &facts->actor);
	add_named(incident, &facts->victim);
	incident->has_both_ends = facts->actor.version != 0 && facts->victim.version != 0;
	for (i = 0; i < facts->related.count; i++)
		add_named(incident, &related[i]);
}

/*
 * Adds who sent the packet that opened the incident to whom, where its names are
 * not those of packets: who claims an address speaks from another, to a group;
 * and who floods a link has so many names that the group alone tells it.
 */
static void
name_opening(struct evidence_case *incident, const struct alert_facts *facts,
    const struct packet *packet)
{
	const struct addr ends[2] = { packet->ip.source, packet->ip.destination };

	if (incident->has_both_ends && !belongs(incident, ends))
		add_named(incident, &ends[0]);
	if ((incident->has_both_ends && !belongs(incident, ends)) ||
	    (facts->actor.version == 0 && facts->victim.version == 0 &&
	    addr_is_multicast(&ends[1])))
		add_named(incident, &ends[1]);
}

/* The incident of an id whose file is being written, or NULL. */
static struct evidence_case *
find_case(struct evidence *evidence, const char *id)
{
	uint32_t i;

	for (i = 0; i < evidence->case_count; i++)
		if (strcmp(evidence->cases[i].id, id) == 0)
			return &evidence->cases[i];
	return NULL;
}

/* A place for one more; the oldest of too many gives up its. */
static struct evidence_case *
take_place(struct evidence *evidence)
{
	struct evidence_case *oldest = evidence->cases;
	uint32_t i;

	for (i = 0; i < CASES_MAX && evidence->cases[i].id[0] != '\0'; i++)
		if (evidence->cases[i].opened < oldest->opened)
			oldest = &evidence->cases[i];
	if (i == CASES_MAX) {
		i = (uint32_t)(oldest - evidence->cases);
		end_case(evidence, oldest, EVIDENCE_OK);
	}
	if (i >= evidence->case_count)
		evidence->case_count = i + 1;
	return &evidence->cases[i];
}

static void
open_case(struct evidence *evidence, const struct event *event)
{
	const struct alert_facts *facts = event->facts;
	struct evidence_case *incident = take_place(evidence);
	char name[NAME_SIZE], comment[COMMENT_SIZE];
	enum evidence_status status;

	snprintf(incident->id, sizeof(incident->id), "%s", facts->id);
	incident->frames = 0;
	incident->opened = evidence->opened++;
	incident->named_count = 0;
	name_ends(incident, facts);
	if (event->packet != NULL)
		name_opening(incident, facts, event->packet);
	snprintf(name, sizeof(name), "%s.pcapng", incident->id);
	snprintf(comment, sizeof(comment), "%s, %s: %s", facts->rule->name, facts->severity_name,
	    facts->message);
	status = evidence_file_create(&incident->file, evidence->directory, name, comment,
	    evidence->application);
	if (status == EVIDENCE_OK)
		write_before(evidence, incident,
		    event->packet != NULL ? event->packet->frame->ordinal : 0);
	else /* of the same incident, in the same capture, there is a file already */
		end_case(evidence, incident, status);
}

void
evidence_packet(struct evidence *evidence, const struct packet *packet)
{
	const struct sink_context *context = &evidence->context;
	const struct evidence_frame *held;
	uint32_t i;

	/* A frame may hold several datagrams. */
	if (packet->frame->ordinal == evidence->ordinal)
		return;
	evidence->ordinal = packet->frame->ordinal;
	evidence_ring_add(&evidence->ring, packet,
	    context->source_name(context->owner, packet->frame));
	if (evidence->ring.count == 0)
		return;
	held = evidence_ring_latest(&evidence->ring, 0);
	if (held->frame.ordinal != evidence->ordinal)
		return; /* too long to be held */
	for (i = 0; i < evidence->case_count; i++)
		if (evidence->cases[i].id[0] != '\0' && belongs(&evidence->cases[i], held->ends))
			write_frame(evidence, &evidence->cases[i], held, NULL);
}

void
evidence_alert(struct evidence *evidence, const struct event *event)
{
	const struct alert_facts *facts = event->facts;
	struct evidence_case *incident;

	if (event_type(event->id)->facts != alert_rows)
		return;
	incident = find_case(evidence, facts->id);
	if (event->id == EVENT_ALERT_OPENED && incident == NULL)
		open_case(evidence, event);
	else if (event->id == EVENT_ALERT_UPDATED && incident != NULL)
		name_ends(incident, facts);
	else if (event->id == EVENT_ALERT_CLOSED && incident != NULL)
		end_case(evidence, incident, EVIDENCE_OK);
}

void
evidence_table(const struct evidence *evidence, struct report_table *out)
{
	const struct evidence_ring *ring = &evidence->ring;

	*out = (struct report_table){
		.name = "evidence.frames",
		.capacity = ring->capacity,
		.count = ring->count,
		.peak = ring->peak,
		.added = ring->added,
		.expired = ring->added - ring->count,
		.memory = ring->size + ring->capacity * sizeof(*ring->frames),
	};
}

int
evidence_trouble(struct evidence *evidence, char *err)
{
	if (evidence->lost == 0 || evidence->is_told)
		return 0;
	evidence->is_told = true;
	snprintf(err, ERR_SIZE, "%.200s: cannot write evidence: %s", evidence->path,
	    strerror(evidence->reason));
	return -1;
}

int
evidence_close(struct evidence *evidence, char *err)
{
	int result = 0;

	if (evidence == NULL)
		return 0;
	while (evidence->case_count > 0)
		end_case(evidence, &evidence->cases[evidence->case_count - 1], EVIDENCE_OK);
	if (evidence->lost > 0) {
		snprintf(err, ERR_SIZE, "%.200s: evidence of %" PRIu64 " incident%s is missing "
		    "or cut: %s", evidence->path, evidence->lost, evidence->lost == 1 ? "" : "s",
		    strerror(evidence->reason));
		result = -1;
	}
	evidence_ring_free(&evidence->ring);
	close(evidence->directory);
	free(evidence);
	return result;
}
