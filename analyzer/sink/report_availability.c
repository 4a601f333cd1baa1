/*
 * Each target that was down, with the times when it was; the others are only
 * counted, for nobody looks for what went well.
 */
#include "analyzer/sink/report_availability.h"

#include <inttypes.h>
#include <string.h>

#include "analyzer/sink/report_pairs.h"

#define WORDS_INDENT 11 /* behind the share */
#define CERTAIN 1000000 /* parts per million */

static const char *
cause_words(const char *cause)
{
	return cause != NULL && strcmp(cause, "unreachable") == 0 ? "unreachable, says an error" :
	    "no answer";
}

static void
write_outage(struct text_page *page, const struct outage_facts *outage)
{
	text_start(page, TEXT_PLAIN, WORDS_INDENT + 2);
	text_add(page, "%*s", WORDS_INDENT - 1, "");
	text_time(page, (uint64_t)outage->start_ns, true);
	text_add(page, outage->end_ns == EVENT_UNKNOWN ? " for at least " : " for ");
	text_duration(page, (uint64_t)outage->down_ns);
	text_add(page, ": %s", cause_words(outage->cause));
	text_end(page);
}

static void
write_outages(struct text_page *page, const struct availability_facts *target, uint32_t rows)
{
	const struct outage_facts *outages = target->outages.items;
	uint32_t count = target->outages.count, i = count > rows ? count - rows : 0;

	if (target->outage_count > count - i) {
		text_start(page, TEXT_PLAIN, WORDS_INDENT + 2);
		text_add(page, "%*s ... and %" PRId64 " before", WORDS_INDENT - 1, "",
		    target->outage_count - (count - i));
		text_end(page);
	}
	for (; i < count; i++)
		write_outage(page, &outages[i]);
}

static void
write_target(struct text_page *page, const struct availability_facts *target, uint32_t rows)
{
	char source[ADDR_TEXT_SIZE], name[ADDR_TEXT_SIZE], share[SHARE_SIZE];

	addr_text(&target->source, source);
	addr_text(&target->target, name);
	text_start(page, TEXT_BAD, WORDS_INDENT);
	text_add(page, "%9s", strcmp(target->status, "down") == 0 ? "DOWN" :
	    share_text((uint64_t)target->up_ppm, CERTAIN, share));
	text_add(page, "  %s", source);
	text_add(page, " -> %s", name);
	if (target->period_ns != EVENT_UNKNOWN) {
		text_add(page, " every ");
		text_duration(page, (uint64_t)target->period_ns);
	}
	text_end(page);
	write_outages(page, target, rows);
}

/* A count of targets and what is to be said of them. */
static void
write_count(struct text_page *page, uint32_t count, const char *one, const char *many)
{
	if (count == 0)
		return;
	text_start(page, TEXT_PLAIN, WORDS_INDENT);
	text_add(page, "%9" PRIu32 " ", count);
	text_words(page, count == 1 ? one : many);
	text_end(page);
}

void
report_availability(struct text_page *page, const struct report *report)
{
	uint32_t shown = report->target_troubled < report->rows ? report->target_troubled :
	    report->rows;
	uint32_t i;

	if (report->target_total + report->target_mute == 0)
		return;
	text_section(page, "AVAILABILITY of what is polled");
	for (i = 0; i < shown; i++)
		write_target(page, &report->targets[i], report->rows);
	write_count(page, report->target_troubled - shown, "more target was down",
	    "more targets were down");
	write_count(page, report->target_total - report->target_troubled,
	    "target was up all the time", "targets were up all the time");
	write_count(page, report->target_mute,
	    "polled target never answered, or its answers take another way",
	    "polled targets never answered, or their answers take another way");
}
