/*
 * The subjects with the most findings are kept as by SpaceSaving (Metwally et
 * al. 2005): a newcomer takes the place and the count of the least.
 */
#include "analyzer/detect/suppressed.h"

#include <stdlib.h>
#include <string.h>

#define TELL_NS UINT64_C(60000000000)

/* What facts point into. */
struct lists {
	struct suppressed_facts_item rules[DETECTORS_MAX], worst[SUPPRESSED_WORST_MAX];
};

/* The place of a subject: its own, or that of the least. */
static struct suppressed_subject *
place_of(struct suppressed *suppressed, uint8_t rule, const struct subject_key *key)
{
	struct suppressed_subject *least = suppressed->worst, *subject;
	uint32_t i;

	for (i = 0; i < SUPPRESSED_WORST_MAX; i++) {
		subject = &suppressed->worst[i];
		if (subject->findings > 0 && subject->rule == rule &&
		    subject_key_equal(&subject->key, key))
			return subject;
		if (subject->findings < least->findings)
			least = subject;
	}
	return least;
}

static void
note_subject(struct suppressed *suppressed, uint8_t rule, const struct finding *finding)
{
	const char *name = finding->detector->rule.name;
	uint64_t hash = distinct_hash(&finding->key, sizeof(finding->key)) ^
	    distinct_hash(name, strlen(name));
	struct suppressed_subject *subject = place_of(suppressed, rule, &finding->key);

	distinct_add(&suppressed->subjects, hash);
	distinct_add(&suppressed->ever, hash);
	subject->key = finding->key;
	subject->rule = rule;
	subject->actor = finding->actor;
	subject->victim = finding->victim;
	subject->findings++;
}

void
suppressed_note(struct suppressed *suppressed, uint8_t rule, const struct finding *finding,
    uint64_t now_ns)
{
	if (suppressed->findings == 0) {
		suppressed->due_ns = now_ns + TELL_NS;
		suppressed->first_ns = finding->last_ns;
	}
	suppressed->last_ns = finding->last_ns;
	suppressed->findings++;
	suppressed->by_rule[rule]++;
	note_subject(suppressed, rule, finding);
}

/* The most first, then by rule and addresses. */
static int
compare_items(const void *left, const void *right)
{
	const struct suppressed_facts_item *a = left, *b = right;
	int order;

	if (a->findings != b->findings)
		return a->findings > b->findings ? -1 : 1;
	order = strcmp(a->rule, b->rule);
	if (order == 0)
		order = memcmp(&a->actor, &b->actor, sizeof(a->actor));
	return order != 0 ? order : memcmp(&a->victim, &b->victim, sizeof(a->victim));
}

static struct fact_list
sorted(struct suppressed_facts_item *items, uint32_t count)
{
	qsort(items, count, sizeof(*items), compare_items);
	return (struct fact_list){ items, count, sizeof(*items) };
}

static void
fill_facts(const struct suppressed *suppressed, struct lists *lists,
    struct suppressed_facts *out)
{
	const struct suppressed_subject *subject = suppressed->worst;
	uint32_t rules = 0, worst = 0, i;

	memset(lists, 0, sizeof(*lists));
	for (i = 0; i < DETECTORS_MAX; i++)
		if (suppressed->by_rule[i] > 0)
			lists->rules[rules++] = (struct suppressed_facts_item){
				.rule = detectors[i]->rule.name,
				.findings = (int64_t)suppressed->by_rule[i] };
	for (i = 0; i < SUPPRESSED_WORST_MAX; i++, subject++)
		if (subject->findings > 0)
			lists->worst[worst++] = (struct suppressed_facts_item){
				detectors[subject->rule]->rule.name, subject->actor,
				subject->victim, (int64_t)subject->findings };
	out->subjects = distinct_count(&suppressed->subjects);
	out->findings = (int64_t)suppressed->findings;
	out->rules = sorted(lists->rules, rules);
	out->worst = sorted(lists->worst, worst);
}

static void
clear(struct suppressed *suppressed)
{
	const struct distinct ever = suppressed->ever;

	memset(suppressed, 0, sizeof(*suppressed));
	suppressed->ever = ever;
}

uint64_t
suppressed_tell(struct suppressed *suppressed, const struct emitter *emitter, uint64_t known_ns,
    uint64_t now_ns)
{
	struct suppressed_facts facts;
	const struct event event = {
		.id = EVENT_ALERTS_SUPPRESSED,
		.when_ns = known_ns,
		.start_ns = suppressed->first_ns,
		.end_ns = suppressed->last_ns,
		.facts = &facts,
	};
	struct lists lists;

	if (suppressed->findings == 0)
		return WAIT_NEVER;
	if (now_ns < suppressed->due_ns)
		return suppressed->due_ns;
	if (emitter_wants(emitter, DATASET_ALERT)) {
		fill_facts(suppressed, &lists, &facts);
		emitter->emit(emitter->owner, &event);
	}
	clear(suppressed);
	return WAIT_NEVER;
}
