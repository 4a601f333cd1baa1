/*
 * What a detector says: reasons with their evidence, and what they add up to.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/detect/incident.h"

#define SCORE_MAX 100
#define SCORE_LEAST 30 /* that is worth an incident */

void
finding_init(struct finding *finding, const struct detector *detector)
{
	const struct alert_counts unknown = { EVENT_UNKNOWN, EVENT_UNKNOWN, EVENT_UNKNOWN,
		EVENT_UNKNOWN, EVENT_UNKNOWN, EVENT_UNKNOWN };

	memset(finding, 0, sizeof(*finding));
	finding->detector = detector;
	finding->threshold_value = EVENT_UNKNOWN;
	finding->counts = unknown;
}

void
finding_reason(struct finding *finding, const char *name, enum reason_group group,
    unsigned weight, const char *format, ...)
{
	struct reason *reason;
	va_list args;

	if (finding->reason_count == FINDING_REASONS_MAX)
		return;
	reason = &finding->reasons[finding->reason_count++];
	reason->name = name;
	reason->group = group;
	reason->weight = (uint8_t)weight;
	va_start(args, format);
	vsnprintf(reason->evidence, sizeof(reason->evidence), format, args);
	va_end(args);
}

void
finding_relate(struct finding *finding, const struct addr *address)
{
	uint32_t i;

	for (i = 0; i < finding->related_count; i++)
		if (addr_equal(&finding->related[i], address))
			return;
	if (finding->related_count < FINDING_RELATED_MAX)
		finding->related[finding->related_count++] = *address;
}

unsigned
finding_score(const struct finding *finding)
{
	unsigned score = 0;
	uint32_t i;

	for (i = 0; i < finding->reason_count; i++)
		score += finding->reasons[i].weight;
	return score < SCORE_MAX ? score : SCORE_MAX;
}

bool
finding_lasts(const struct finding *finding)
{
	return finding->floor > 0 || finding_score(finding) >= SCORE_LEAST / 2;
}

/* The band of severity that a score falls in; 0 below the least. */
static unsigned
band_of(unsigned score)
{
	static const unsigned least[] = {
		[SEVERITY_LOW] = SCORE_LEAST,
		[SEVERITY_MEDIUM] = 50,
		[SEVERITY_HIGH] = 75,
		[SEVERITY_CRITICAL] = 90,
	};
	unsigned band = SEVERITY_CRITICAL;

	while (band > 0 && score < least[band])
		band--;
	return band;
}

unsigned
finding_severity(const struct finding *finding)
{
	unsigned band = band_of(finding_score(finding));

	if (band > finding->ceiling && finding->ceiling != 0)
		band = finding->ceiling;
	return finding->floor > band ? finding->floor : band;
}

unsigned
finding_groups(const struct finding *finding)
{
	unsigned groups = 0;
	uint32_t i;

	for (i = 0; i < finding->reason_count; i++)
		groups |= 1U << finding->reasons[i].group;
	return groups;
}

/* Two kinds, or the mark of what nobody does by mistake. */
bool
finding_stands(const struct finding *finding)
{
	unsigned groups = finding_groups(finding);

	return (groups & (groups - 1)) != 0 || (groups & 1U << REASON_SIGNATURE) != 0;
}

const char *
finding_confidence(const struct finding *finding)
{
	static const char *const names[] = { "low", "low", "medium", "high" };
	unsigned groups = finding_groups(finding), count = 0;

	/* A signature is checked by more than one thing, or cannot be by mistake. */
	if ((groups & 1U << REASON_SIGNATURE) != 0)
		count += 2;
	for (; groups != 0; groups &= groups - 1)
		count++;
	return names[count < 3 ? count : 3];
}
