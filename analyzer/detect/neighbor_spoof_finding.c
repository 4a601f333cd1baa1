/*
 * What is said of spoofed neighbors: whose addresses were taken, who still
 * claims them, and how they were asked for.
 */
#include "analyzer/detect/neighbor_spoof.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_MS 1000000
#define UNASKED_MAX 3 /* RFC 4861 10: MAX_NEIGHBOR_ADVERTISEMENT */
#define WHO_SIZE 80

enum {
	WEIGHT_CONTESTED = 45,
	WEIGHT_OWNER = 25,
	WEIGHT_OWNERS = 30,
	WEIGHT_ROUTER = 20,
	WEIGHT_TO_ONE = 20,
	WEIGHT_REPEATED = 25,
	WEIGHT_REFUSED = 40,
	WEIGHT_OBJECTORS = 25,
	WEIGHT_NONE_PASSED = 15,
};

/* What all addresses that a station took come to. */
struct spoils {
	const struct taken *worst; /* taken most often */
	const struct taken *router, *to_one, *repeated;
	uint32_t addresses, owners;
	uint64_t again_ns, return_ns; /* the shortest; 0: never */
};

static uint64_t
shorter(uint64_t a, uint64_t b)
{
	if (a == 0 || b == 0)
		return a > b ? a : b;
	return a < b ? a : b;
}

/* Whether no address before this one has the same owner. */
static bool
is_new_owner(const struct spoof *spoof, const struct taken *taken)
{
	const struct taken *other;

	for (other = spoof->taken; other < taken; other++)
		if (mac_equal(&other->owner, &taken->owner))
			return false;
	return true;
}

static struct spoils
add_up(const struct spoof *spoof)
{
	const struct mac nobody = { { 0 } };
	struct spoils spoils = { .worst = NULL };
	const struct taken *taken;

	for (taken = spoof->taken; taken < spoof->taken + SPOOF_TAKEN_MAX; taken++) {
		if (taken->tally.times == 0 || mac_equal(&taken->owner, &nobody))
			continue;
		spoils.addresses++;
		spoils.owners += is_new_owner(spoof, taken);
		spoils.again_ns = shorter(spoils.again_ns, taken->tally.again_ns);
		spoils.return_ns = shorter(spoils.return_ns, taken->tally.return_ns);
		if (spoils.worst == NULL || taken->tally.times > spoils.worst->tally.times)
			spoils.worst = taken;
		if (taken->was_router)
			spoils.router = taken;
		if (taken->tally.is_to_one)
			spoils.to_one = taken;
		/* Virtual routers tell all more often than they may. */
		if (taken->tally.is_to_one && taken->tally.unasked > UNASKED_MAX)
			spoils.repeated = taken;
	}
	return spoils;
}

/* "2.1 s" */
static void
write_time(uint64_t ns, char out[WHO_SIZE])
{
	uint64_t ms = ns / NS_PER_MS;

	if (ms < 1000)
		snprintf(out, WHO_SIZE, "%" PRIu64 " ms", ms);
	else
		snprintf(out, WHO_SIZE, "%" PRIu64 ".%" PRIu64 " s", ms / 1000, ms % 1000 / 100);
}

static bool
is_owner_there(const struct settings *settings, const struct spoils *spoils)
{
	return spoils->return_ns != 0 &&
	       spoils->return_ns <= settings->detect_neighbor_spoof.alive_ns;
}

static void
add_reasons(const struct settings *settings, const struct spoils *spoils,
    struct finding *finding)
{
	char address[ADDR_TEXT_SIZE], time[WHO_SIZE];

	if (spoils->again_ns != 0 && spoils->return_ns != 0 &&
	    spoils->again_ns <= settings->detect_neighbor_spoof.contest_ns) {
		addr_text(&spoils->worst->address, address);
		finding_reason(finding, "contested", REASON_CHANGE, WEIGHT_CONTESTED,
		    "took %s %" PRIu32 " times, which its owner claimed in between", address,
		    spoils->worst->tally.times);
	}
	if (is_owner_there(settings, spoils)) {
		write_time(spoils->return_ns, time);
		finding_reason(finding, "owner_is_there", REASON_ANSWERS, WEIGHT_OWNER,
		    "the owner claimed its address again after %s", time);
	}
	if (spoils->owners > 1)
		finding_reason(finding, "several_owners", REASON_TARGETS, WEIGHT_OWNERS,
		    "%" PRIu32 " addresses of %" PRIu32 " stations", spoils->addresses,
		    spoils->owners);
	if (spoils->router != NULL) {
		addr_text(&spoils->router->address, address);
		finding_reason(finding, "router_address", REASON_ROLE, WEIGHT_ROUTER,
		    "%s is a router's", address);
	}
	if (spoils->to_one != NULL)
		finding_reason(finding, "unasked_to_one", REASON_HEADER, WEIGHT_TO_ONE,
		    "told one host alone, which did not ask");
	if (spoils->repeated != NULL)
		finding_reason(finding, "repeated", REASON_TIMING, WEIGHT_REPEATED,
		    "%" PRIu32 " advertisements that nobody asked for, where %d are the most",
		    spoils->repeated->tally.unasked, UNASKED_MAX);
}

/* Who it is: a MAC, and the address it had before. */
static void
write_who(const struct spoof *spoof, char out[WHO_SIZE])
{
	char mac[MAC_TEXT_SIZE], address[ADDR_TEXT_SIZE];

	mac_text(&spoof->mac, mac);
	addr_text(&spoof->own, address);
	if (spoof->own.version == 0)
		snprintf(out, WHO_SIZE, "%s", mac);
	else
		snprintf(out, WHO_SIZE, "%s (%s)", address, mac);
}

static void
say_taken(const struct settings *settings, const struct spoof *spoof,
    const struct spoils *spoils, struct finding *finding)
{
	char who[WHO_SIZE], address[ADDR_TEXT_SIZE], owner[MAC_TEXT_SIZE], more[WHO_SIZE] = "";
	uint32_t i;

	for (i = 0; i < SPOOF_TAKEN_MAX; i++)
		if (spoof->taken[i].tally.times > 0)
			finding_relate(finding, &spoof->taken[i].address);
	finding->counts.targets = spoils->addresses;
	if (spoils->addresses == 1)
		finding->victim = spoils->worst->address;
	else
		snprintf(more, sizeof(more), " and %" PRIu32 " more", spoils->addresses - 1);
	write_who(spoof, who);
	addr_text(&spoils->worst->address, address);
	mac_text(&spoils->worst->owner, owner);
	snprintf(finding->message, sizeof(finding->message),
	    "%s claims to be %s%s, which belongs to %s%s", who, address, more, owner,
	    is_owner_there(settings, spoils) ? " and is still there" : "");
}

/* Whether there is something to say of what a station took. */
static bool
judge_taken(const struct settings *settings, const struct spoof *spoof, struct finding *finding)
{
	struct spoils spoils = add_up(spoof);

	if (spoils.worst == NULL || mac_equal(&spoof->mac, &spoils.worst->owner))
		return false;
	finding->threshold = "detect.neighbor_spoof.contest";
	finding->threshold_value = (int64_t)settings->detect_neighbor_spoof.contest_ns;
	if (!mac_equal(&spoof->mac, &(struct mac){ { 0 } }) &&
	    !addr_equal(&spoof->own, &spoils.worst->address))
		finding->actor = spoof->own;
	add_reasons(settings, &spoils, finding);
	say_taken(settings, spoof, &spoils, finding);
	return finding_stands(finding);
}

static bool
judge_refusals(const struct settings *settings, const struct spoof *spoof,
    struct finding *finding)
{
	const struct refusals *refusals = &spoof->refusals;
	uint32_t refused = distinct_count(&refusals->identifiers), i;
	uint32_t objectors = distinct_count(&refusals->objectors);
	char who[WHO_SIZE], time[WHO_SIZE];

	if (refused < settings->detect_neighbor_spoof.refused)
		return false;
	finding->threshold = "detect.neighbor_spoof.refused";
	finding->threshold_value = (int64_t)settings->detect_neighbor_spoof.refused;
	finding->counts.targets = refused;
	finding->counts.sources = objectors;
	for (i = 0; i < FINDING_RELATED_MAX && refusals->some[i].version != 0; i++)
		finding_relate(finding, &refusals->some[i]);
	finding_reason(finding, "refused", REASON_CHANGE, WEIGHT_REFUSED,
	    "%" PRIu32 " addresses that nobody was known to have are in use, hosts were told", refused);
	finding_reason(finding, "objectors", REASON_TARGETS, WEIGHT_OBJECTORS, objectors == 1 ?
	    "one station has all of them" : "%" PRIu32 " stations, none known before", objectors);
	if (refusals->passed == 0)
		finding_reason(finding, "none_passed", REASON_ANSWERS, WEIGHT_NONE_PASSED,
		    "no host got an address meanwhile");
	write_who(spoof, who);
	if (objectors > 1)
		snprintf(who, sizeof(who), "%" PRIu32 " stations", objectors);
	write_time(finding->last_ns - finding->first_ns, time);
	snprintf(finding->message, sizeof(finding->message),
	    "%s refused hosts %" PRIu32 " addresses in %s, as if all were in use", who, refused, time);
	return true;
}

void
spoof_tell(struct subjects *subjects, struct subject *subject, const struct packet *packet,
    uint64_t now_ns)
{
	const struct spoof *spoof = (const struct spoof *)subject;
	struct finding finding;

	subjects_finding(subjects, subject, &finding);
	finding.actor = (struct addr){ .version = 0 };
	finding.quiet_ns = subjects->settings->detect_neighbor_spoof.quiet_ns;
	finding.counts.bytes = EVENT_UNKNOWN;
	if (!(spoof_is_refusals(spoof) ? judge_refusals : judge_taken)(subjects->settings, spoof,
	    &finding))
		return;
	subject->is_told = incidents_report(subjects->incidents, &finding, packet, now_ns);
}
