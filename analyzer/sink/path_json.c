/*
 * Traceroutes and notes on paths, by the rows of their events.
 */
#include "analyzer/sink/path_json.h"

#include "analyzer/sink/fact_json.h"

static void
write_traceroutes(struct json_writer *w, const struct report *report)
{
	const struct report_traceroute *row;
	uint32_t i;

	json_open_array(w, "traceroutes");
	for (i = 0; i < report->traceroute_count; i++) {
		row = &report->traceroutes[i];
		json_open_object(w, NULL);
		json_host(w, "source", &row->source);
		json_host(w, "destination", &row->destination);
		json_time(w, "first", row->first_ns);
		json_time(w, "last", row->last_ns);
		fact_json(w, event_type(EVENT_TRACEROUTE)->facts, &row->facts);
		json_close(w);
	}
	json_close(w);
}

static void
write_path_notes(struct json_writer *w, const char *key, const struct report_path_note *notes,
    uint32_t count)
{
	uint32_t i;

	json_open_array(w, key);
	for (i = 0; i < count; i++) {
		json_open_object(w, NULL);
		json_text(w, "action", event_type(notes[i].event)->action);
		json_host(w, "source", &notes[i].source);
		json_host(w, "destination", &notes[i].destination);
		json_uint(w, "times", notes[i].count);
		json_time(w, "first", notes[i].first_ns);
		json_time(w, "last", notes[i].last_ns);
		fact_json(w, event_type(notes[i].event)->facts, notes[i].facts);
		json_close(w);
	}
	json_close(w);
}

/* Only when there is something: most captures hold nobody's traceroute. */
void
path_json(struct json_writer *w, const struct report *report)
{
	if (report->traceroute_total > 0) {
		write_traceroutes(w, report);
		json_uint(w, "traceroute_total", report->traceroute_total);
	}
	write_path_notes(w, "paths", report->path_notes, report->path_note_count);
	write_path_notes(w, "pmtu", report->pmtu_notes, report->pmtu_note_count);
}
