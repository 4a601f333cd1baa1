/*
 * The tables of the availability tracker: polls, the list of those that may be
 * down, and their outages.
 */
#include "analyzer/track/availability_state.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/log.h"

struct poll *
availability_poll_at(const struct availability *state, uint32_t index)
{
	return (struct poll *)table_at(&state->polls, index);
}

static struct outage *
outage_at(const struct availability *state, uint32_t index)
{
	return (struct outage *)table_at(&state->outages, index);
}

/* The table of polls is full: nobody watches this one any more. */
static void
recycle_poll(void *owner, struct entry *entry)
{
	struct availability *state = owner;
	struct poll *poll = (struct poll *)entry;

	availability_clear(state, poll);
	if (poll->is_down)
		availability_end_outage(state, poll, 0);
}

static void
recycle_outage(void *owner, struct entry *entry)
{
	struct availability *state = owner;
	const struct outage *outage = (const struct outage *)entry;
	struct poll *poll = availability_poll_at(state, outage->poll);

	if (poll != NULL)
		poll->outage = TABLE_NONE;
}

static int
create_tables(struct availability *state, const struct tracker_context *context, char *err)
{
	const struct table_config polls = {
		.name = "availability.polls",
		.entry_size = sizeof(struct poll),
		.key_size = sizeof(struct poll_key),
		.capacity = (uint32_t)context->settings->availability_polls,
		.hash_key = context->key,
		.recycle = recycle_poll,
		.owner = state,
	};
	const struct table_config outages = {
		.name = "availability.outages",
		.entry_size = sizeof(struct outage),
		.key_size = sizeof(uint64_t),
		.capacity = (uint32_t)context->settings->availability_outages,
		.hash_key = context->key,
		.recycle = recycle_outage,
		.owner = state,
	};

	if (table_init(&state->polls, &polls, err) != 0)
		return -1;
	return table_init(&state->outages, &outages, err);
}

void
availability_state_free(struct availability *state)
{
	if (state == NULL)
		return;
	table_free(&state->polls);
	table_free(&state->outages);
	free(state->rows);
	free(state->row_outages);
	free(state);
}

struct availability *
availability_state_create(const struct tracker_context *context, char *err)
{
	const struct settings *settings = context->settings;
	struct availability *state = calloc(1, sizeof(*state));

	if (state == NULL) {
		snprintf(err, ERR_SIZE, "no memory for the availability tracker");
		return NULL;
	}
	state->emitter = context->emitter;
	state->wait = context->wait;
	state->suspects = TABLE_NONE;
	state->losses = settings->availability_losses;
	state->rounds = settings->availability_rounds;
	state->odds = settings->availability_odds;
	state->wait_ns = settings->availability_wait_ns;
	state->timeout_ns = settings->exchange_timeout_ns;
	state->pairs = context->pairs;
	if (create_tables(state, context, err) != 0) {
		availability_state_free(state);
		return NULL;
	}
	return state;
}

/* The poll that the guess for the packet at hand is, if it is the one of this key. */
static struct poll *
guess(const struct availability *state, const struct poll_key *key)
{
	struct poll *poll = (struct poll *)*pairs_guess(state->pairs, PAIR_POLL);

	if (poll == NULL || !addr_equal(&poll->key.target, &key->target) ||
	    !addr_equal(&poll->key.source, &key->source) || !table_is_entry(&poll->entry))
		return NULL;
	return poll;
}

struct poll *
availability_find(struct availability *state, const struct addr *source,
    const struct addr *target)
{
	const struct poll_key key = { .source = *source, .target = *target };
	struct poll *poll = guess(state, &key);

	if (poll != NULL)
		return poll;
	poll = (struct poll *)table_find(&state->polls, &key);
	if (poll != NULL)
		*pairs_guess(state->pairs, PAIR_POLL) = &poll->entry;
	return poll;
}

struct poll *
availability_open(struct availability *state, const struct addr *source,
    const struct addr *target, uint64_t now_ns, bool *added)
{
	const struct poll_key key = { .source = *source, .target = *target };
	struct poll *poll = guess(state, &key);

	*added = false;
	if (poll != NULL)
		return poll;
	poll = (struct poll *)table_find_or_add(&state->polls, &key, now_ns, added);
	if (*added)
		poll->outage = poll->older = poll->newer = TABLE_NONE;
	*pairs_guess(state->pairs, PAIR_POLL) = &poll->entry;
	return poll;
}

void
availability_suspect(struct availability *state, struct poll *poll)
{
	uint32_t index = table_index(&state->polls, &poll->entry);
	struct poll *older;

	if (poll->is_suspect)
		return;
	poll->is_suspect = true;
	poll->older = state->suspects;
	poll->newer = TABLE_NONE;
	older = availability_poll_at(state, poll->older);
	if (older != NULL)
		older->newer = index;
	state->suspects = index;
}

void
availability_clear(struct availability *state, struct poll *poll)
{
	struct poll *older, *newer;

	if (!poll->is_suspect)
		return;
	poll->is_suspect = false;
	older = availability_poll_at(state, poll->older);
	newer = availability_poll_at(state, poll->newer);
	if (older != NULL)
		older->newer = poll->newer;
	if (newer != NULL)
		newer->older = poll->older;
	else
		state->suspects = poll->older;
}

void
availability_begin_outage(struct availability *state, struct poll *poll, const char *cause)
{
	uint64_t serial = ++state->serial;
	struct outage *outage = (struct outage *)table_add(&state->outages, &serial,
	    poll->request.now_ns);

	outage->source = poll->key.source;
	outage->target = poll->key.target;
	outage->start_ns = poll->unanswered.when_ns;
	outage->cause = cause;
	outage->poll = table_index(&state->polls, &poll->entry);
	poll->outage = table_index(&state->outages, &outage->entry);
	poll->outages++;
}

uint64_t
availability_down_for(const struct poll *poll, uint64_t end_ns)
{
	uint64_t start_ns = poll->unanswered.when_ns;

	if (end_ns == 0)
		end_ns = poll->request.when_ns;
	return end_ns > start_ns ? end_ns - start_ns : 0; /* the clock may be set back */
}

void
availability_end_outage(struct availability *state, struct poll *poll, uint64_t end_ns)
{
	uint64_t down_ns = availability_down_for(poll, end_ns);
	struct outage *outage = outage_at(state, poll->outage);

	poll->down_ns += down_ns;
	poll->outage = TABLE_NONE;
	if (outage == NULL)
		return;
	outage->end_ns = end_ns;
	outage->down_ns = down_ns;
	outage->poll = TABLE_NONE;
}
