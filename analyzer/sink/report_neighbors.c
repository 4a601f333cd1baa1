/*
 * Each router with what it advertises, then who has which MAC address, those
 * first that changed it.
 */
#include "analyzer/sink/report_neighbors.h"

#include <inttypes.h>
#include <string.h>

#define WORDS_INDENT 4
#define INFINITE UINT32_MAX /* as a lifetime: RFC 4861 4.6.2 */

static bool
has_mac(const struct mac *mac)
{
	static const struct mac none;

	return memcmp(mac, &none, sizeof(none)) != 0;
}

static void
add_addr(struct text_page *page, const char *before, const struct addr *address)
{
	char text[ADDR_TEXT_SIZE];

	addr_text(address, text);
	text_add(page, "%s%s", before, text);
}

/* " 00:00:5e:00:02:01 (vrrp)" */
static void
add_mac(struct text_page *page, const char *before, const struct mac *mac, const char *kind)
{
	char text[MAC_TEXT_SIZE];

	if (!has_mac(mac))
		return;
	mac_text(mac, text);
	text_add(page, "%s%s", before, text);
	if (kind != NULL)
		text_add(page, " (%s)", kind);
}

/* What else is to be said; the comma stays on the line of what it follows. */
static void
add_clause(struct text_page *page, const char *words)
{
	text_add(page, ",");
	text_add(page, " %s", words);
}

static void
add_number(struct text_page *page, const char *words, int64_t number, const char *unit)
{
	text_add(page, ",");
	text_add(page, " %s %" PRId64 "%s", words, number, unit);
}

static void
add_vlan(struct text_page *page, int64_t vlan)
{
	if (vlan != EVENT_UNKNOWN)
		add_number(page, "VLAN", vlan, "");
}

static void
add_lifetime(struct text_page *page, const char *words, int64_t lifetime)
{
	if (lifetime != INFINITE) {
		add_number(page, words, lifetime, " s");
		return;
	}
	add_clause(page, words);
	text_add(page, " for ever");
}

/* Starts a line that goes on about what stands above it. */
static void
start_more(struct text_page *page)
{
	text_start(page, TEXT_PLAIN, WORDS_INDENT);
	text_add(page, "%*s", WORDS_INDENT, "");
}

static void
write_prefixes(struct text_page *page, const struct router_facts *router)
{
	const char *item = router->prefixes.items;
	const struct prefix_facts *prefix;
	uint32_t i;

	for (i = 0; i < router->prefixes.count; i++, item += router->prefixes.size) {
		prefix = (const struct prefix_facts *)(const void *)item;
		start_more(page);
		add_addr(page, "", &prefix->prefix);
		text_add(page, "/%" PRId64, prefix->length);
		text_add(page, "%s", prefix->on_link ? " on-link" : "");
		text_add(page, "%s", prefix->autonomous ? " autonomous" : "");
		add_lifetime(page, "valid", prefix->valid_lifetime);
		add_lifetime(page, "preferred", prefix->preferred_lifetime);
		text_end(page);
	}
}

static void
write_names(struct text_page *page, const struct router_facts *router)
{
	const struct server_facts *servers = router->servers.items;
	uint32_t i;

	if (router->servers.count > 0) {
		start_more(page);
		text_add(page, "DNS");
		for (i = 0; i < router->servers.count; i++)
			add_addr(page, " ", &servers[i].address);
		text_end(page);
	}
	if (router->domains != NULL && *router->domains != '\0') {
		start_more(page);
		text_add(page, "search");
		text_outside(page, router->domains);
		text_end(page);
	}
	if (router->nat64 != NULL && *router->nat64 != '\0') {
		start_more(page);
		text_add(page, "NAT64 %s", router->nat64);
		text_end(page);
	}
}

static void
write_router(struct text_page *page, const struct router_facts *router)
{
	bool is_gone = strcmp(router->status, "gone") == 0;

	text_start(page, is_gone ? TEXT_BAD : TEXT_PLAIN, WORDS_INDENT);
	add_addr(page, "", &router->address);
	add_mac(page, " ", &router->mac, router->mac_kind);
	add_vlan(page, router->vlan);
	if (is_gone)
		add_clause(page, "GONE");
	else if (router->router_lifetime == 0)
		add_clause(page, "no default router");
	else
		add_lifetime(page, "lifetime", router->router_lifetime);
	if (router->preference != NULL) {
		add_clause(page, "preference");
		text_add(page, " %s", router->preference);
	}
	if (router->preference_level != EVENT_UNKNOWN)
		add_number(page, "preference", router->preference_level, "");
	if (router->mtu != EVENT_UNKNOWN)
		add_number(page, "MTU", router->mtu, "");
	if (router->managed == 1)
		add_clause(page, "addresses by DHCPv6");
	text_end(page);
	write_prefixes(page, router);
	write_names(page, router);
}

static void
write_neighbor(struct text_page *page, const struct neighbor_facts *neighbor)
{
	bool is_changed = neighbor->change_count != EVENT_UNKNOWN;

	text_start(page, is_changed ? TEXT_BAD : TEXT_PLAIN, WORDS_INDENT);
	add_addr(page, "", &neighbor->address);
	add_mac(page, " ", &neighbor->mac, neighbor->mac_kind);
	add_vlan(page, neighbor->vlan);
	if (neighbor->router == 1)
		add_clause(page, "router");
	if (is_changed) {
		add_clause(page, "was");
		add_mac(page, " ", &neighbor->old_mac, neighbor->old_mac_kind);
		add_number(page, "changed", neighbor->change_count,
		    neighbor->change_count == 1 ? " time" : " times");
	}
	text_end(page);
}

static void
write_more(struct text_page *page, uint32_t total, uint32_t shown)
{
	if (total <= shown)
		return;
	text_start(page, TEXT_PLAIN, WORDS_INDENT);
	text_add(page, "... and %" PRIu32 " more", total - shown);
	text_end(page);
}

static uint32_t
at_most(uint32_t count, uint32_t rows)
{
	return count < rows ? count : rows;
}

void
report_neighbors(struct text_page *page, const struct report *report)
{
	uint32_t shown = at_most(report->router_count, report->rows), i;

	if (report->router_total > 0)
		text_section(page, "ROUTERS that advertise themselves");
	for (i = 0; i < shown; i++)
		write_router(page, &report->routers[i]);
	write_more(page, report->router_total, shown);
	if (report->binding_total + report->duplicate_addresses == 0)
		return;
	text_section(page, "NEIGHBORS, with their MAC addresses");
	shown = at_most(report->binding_count, report->rows);
	for (i = 0; i < shown; i++)
		write_neighbor(page, &report->bindings[i]);
	write_more(page, report->binding_total, shown);
	if (report->duplicate_addresses == 0)
		return;
	text_start(page, TEXT_BAD, WORDS_INDENT);
	text_add(page, "%" PRIu64 " time%s a host wanted an address that another has",
	    report->duplicate_addresses, report->duplicate_addresses == 1 ? "" : "s");
	text_end(page);
}
