/*
 * What was there: messages and octets by version, type and code, anomalies by
 * kind. Counts only; nothing is ever forgotten, so nothing needs a table.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/log.h"
#include "analyzer/track/trackers.h"

#define CODES 256
#define TYPES 256
#define VERSIONS 2
#define KINDS (VERSIONS * TYPES * CODES)
#define TYPE_AND_CODE_LEN 2

struct census_count {
	uint64_t count, bytes;
};

struct census {
	struct census_count counts[KINDS];
	uint32_t seen[KINDS]; /* indexes of the counts that are not zero, oldest first */
	uint32_t seen_count;
	uint64_t messages, message_bytes;
	struct tally *tally;
	struct report_anomaly anomalies[ANOMALY_COUNT];
	struct report_type *types; /* of the latest report */
};

static void *
census_create(const struct tracker_context *context, char *err)
{
	struct census *census = calloc(1, sizeof(*census));

	if (census == NULL)
		snprintf(err, ERR_SIZE, "no memory for the census of messages");
	else
		census->tally = context->tally;
	return census;
}

static uint32_t
count_index(const struct icmp_msg *msg)
{
	uint32_t version = msg->version == 6;

	return (version * TYPES + msg->type_number) * CODES + msg->code;
}

static void
census_message(void *state, const struct packet *packet, const struct icmp_msg *msg,
    uint64_t now_ns)
{
	struct census *census = state;
	uint32_t index = count_index(msg);
	struct census_count *count = &census->counts[index];

	(void)now_ns;
	census->messages++;
	census->message_bytes += msg->length;
	/* Without both octets there is no type and code to count it under. */
	if (msg->bytes.captured >= TYPE_AND_CODE_LEN) {
		if (count->count++ == 0)
			census->seen[census->seen_count++] = index;
		count->bytes += packet->is_partial ? msg->bytes.captured : msg->length;
	}
	tally_add(census->tally, &msg->anomalies, packet->frame->number);
}

static void
census_dropped(void *state, const struct packet *packet)
{
	const struct census *census = state;

	tally_add(census->tally, &packet->anomalies, packet->frame->number);
}

static int
compare_types(const void *left, const void *right)
{
	const struct report_type *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	if (a->version != b->version)
		return a->version - b->version;
	return a->type != b->type ? a->type - b->type : a->code - b->code;
}

static void
report_row(const struct census *census, uint32_t index, struct report_type *out)
{
	const struct icmp_type *row;

	out->version = index < TYPES * CODES ? 4 : 6;
	out->type = (uint8_t)(index / CODES % TYPES);
	out->code = (uint8_t)(index % CODES);
	out->count = census->counts[index].count;
	out->bytes = census->counts[index].bytes;
	row = icmp_lookup(out->version, out->type, out->code, UINT32_MAX);
	out->name = row->name;
	out->code_name = name_of(row->codes, out->code);
}

static int
report_types(struct census *census, struct report *out)
{
	uint32_t i;

	free(census->types);
	census->types = calloc((size_t)census->seen_count + 1, sizeof(*census->types));
	if (census->types == NULL)
		return -1;
	for (i = 0; i < census->seen_count; i++)
		report_row(census, census->seen[i], &census->types[i]);
	qsort(census->types, census->seen_count, sizeof(*census->types), compare_types);
	out->types = census->types;
	out->type_count = census->seen_count;
	return 0;
}

static int
census_report(void *state, struct report *out)
{
	struct census *census = state;

	out->messages = census->messages;
	out->message_bytes = census->message_bytes;
	out->anomaly_count = tally_rows(census->tally, census->anomalies);
	out->anomalies = census->anomalies;
	return report_types(census, out);
}

static void
census_destroy(void *state)
{
	struct census *census = state;

	if (census == NULL)
		return;
	free(census->types);
	free(census);
}

const struct tracker tracker_census = {
	.name = "census",
	.create = census_create,
	.message = census_message,
	.dropped = census_dropped,
	.report = census_report,
	.destroy = census_destroy,
};
