/*
 * ECS has places for who did what by which rule, and for its place in ATT&CK.
 */
#include "analyzer/sink/alert_json.h"

void
alert_json_event(struct json_writer *w, const struct alert_facts *facts)
{
	json_int(w, "severity", facts->severity);
	json_int(w, "risk_score", facts->risk_score);
}

static void
write_rule(struct json_writer *w, const struct alert_rule *rule)
{
	json_open_object(w, "rule");
	json_text(w, "id", rule->id);
	json_text(w, "name", rule->name);
	json_text(w, "description", rule->title);
	json_close(w);
}

/* An id and a name, each an array (ECS: several may apply). */
static void
write_threat_part(struct json_writer *w, const char *key, const char *id, const char *name)
{
	json_open_object(w, key);
	json_open_array(w, "id");
	json_text(w, NULL, id);
	json_close(w);
	json_open_array(w, "name");
	json_text(w, NULL, name);
	json_close(w);
	json_close(w);
}

static void
write_threat(struct json_writer *w, const struct alert_rule *rule)
{
	if (rule->technique_id == NULL)
		return;
	json_open_object(w, "threat");
	json_text(w, "framework", "MITRE ATT&CK");
	write_threat_part(w, "tactic", rule->tactic_id, rule->tactic);
	write_threat_part(w, "technique", rule->technique_id, rule->technique);
	json_close(w);
}

static void
write_related(struct json_writer *w, const struct alert_facts *facts)
{
	const struct addr *related = facts->related.items;
	uint32_t i;

	json_open_object(w, "related");
	json_open_array(w, "ip");
	json_addr(w, NULL, &facts->actor);
	json_addr(w, NULL, &facts->victim);
	for (i = 0; i < facts->related.count; i++)
		if (!addr_equal(&related[i], &facts->actor) &&
		    !addr_equal(&related[i], &facts->victim))
			json_addr(w, NULL, &related[i]);
	json_close(w);
	json_close(w);
}

void
alert_json(struct json_writer *w, const struct alert_facts *facts)
{
	json_text(w, "message", facts->message);
	write_rule(w, facts->rule);
	write_threat(w, facts->rule);
	write_related(w, facts);
}
