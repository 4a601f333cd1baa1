/*
 * Looks up event fields by their path. What all events share has a table here;
 * everything else comes from the rows that also make the events.
 */
#include "analyzer/explain_field.h"

#include <string.h>

#include "analyzer/core/event.h"

#define PREFIX "icmp."
#define PATH_SIZE 128
#define DEPTH_MAX 4 /* objects inside each other */

struct common_field {
	const char *path, *kind, *meaning;
};

/* clang-format off */
static const struct common_field common_fields[] = {
	{ "@timestamp", "time", "when it was known: the arrival of a message, the end of a wait" },
	{ "event.kind", "text", "event, alert or metric" },
	{ "event.dataset", "text", "what kind of observation it is: icmp.message, icmp.exchange, ..." },
	{ "event.category", "texts", "as ECS has it: network" },
	{ "event.type", "texts", "as ECS has it: protocol, info, connection" },
	{ "event.action", "text", "what happened" },
	{ "event.outcome", "text", "success, failure or unknown" },
	{ "event.id", "16 hex digits", "the same for the same capture" },
	{ "event.sequence", "number", "counts up by one for each event written" },
	{ "event.start", "time", "when what took time began" },
	{ "event.end", "time", "when what took time ended" },
	{ "event.duration", "number, ns", "from event.start to event.end" },
	{ "observer.name", "text", "the sensor: the setting, else the host's name when live" },
	{ "observer.type", "text", "sensor" },
	{ "observer.version", "text", "of the program" },
	{ "observer.ingress.interface.name", "text", "where the packet was captured, when live" },
	{ "log.file.path", "text", "the capture, as given" },
	{ "source.ip", "address", "who sent the message; of an exchange, who asked" },
	{ "source.mac", "MAC", "of the outermost Ethernet header" },
	{ "destination.ip", "address", "where the IP header sends the message" },
	{ "destination.mac", "MAC", "of the outermost Ethernet header" },
	{ "network.type", "text", "ipv4 or ipv6" },
	{ "network.transport", "text", "icmp or ipv6-icmp" },
	{ "network.vlan.id", "number", "of the outermost VLAN tag" },
	{ "network.inner.vlan.id", "number", "of the innermost, when there are several" },
	{ "network.community_id", "text", "Community ID v1 of the flow" },
	{ "icmp.frame", "number", "of the frame in its file, from 1: the one that completed a "
	  "reassembled datagram, or the first of one that was never complete" },
	{ "icmp.index", "number", "of the message among those of its frame, from 0" },
	{ "icmp.version", "number", "of ICMP: 4 or 6" },
	{ "icmp.type", "number", "ICMP type" },
	{ "icmp.code", "number", "ICMP code" },
	{ "icmp.name", "text", "of the type, in IANA's words" },
	{ "icmp.code_name", "text", "of the code, in IANA's words" },
	{ "icmp.layout", "text", "unpublished: what the type's messages hold "
	  "was never told; encrypted: a key would be needed to read it" },
	{ "icmp.checksum.status", "text", "good, bad, or unverified: not all of the message is here" },
	{ "icmp.checksum.expected", "number", "what the checksum should be, when it is bad" },
	{ "icmp.bytes", "number, octets", "length of the message by its IP header" },
	{ "icmp.payload_bytes", "number, octets", "length of the data behind the fields" },
	{ "icmp.ttl", "number", "TTL or hop limit of the header that carries the message" },
	{ "icmp.encapsulation", "texts", "the headers that lead to it, outermost first" },
	{ "icmp.outer.source.ip", "address", "of an IP header around it, outermost first" },
	{ "icmp.outer.destination.ip", "address", "of an IP header around it, outermost first" },
	{ "icmp.fragments", "numbers", "frames that the datagram was put together from" },
	{ "icmp.anomalies", "texts", "what is wrong with it; each can be explained by its name" },
	{ "icmp.quoted.source.ip", "address", "who sent the datagram that the error is about" },
	{ "icmp.quoted.source.port", "number", "of TCP, UDP, UDP-Lite, SCTP and DCCP; never from a "
	  "fragment that is not the first" },
	{ "icmp.quoted.destination.ip", "address", "where that datagram went" },
	{ "icmp.quoted.destination.port", "number", "as the source port" },
	{ "icmp.quoted.protocol", "number", "IP protocol behind all headers that could be read" },
	{ "icmp.quoted.transport", "text", "IANA's keyword of that protocol" },
	{ "icmp.quoted.ttl", "number", "TTL or hop limit that the datagram had left" },
	{ "icmp.quoted.ip_id", "number", "identification, in IPv6 of its fragment header" },
	{ "icmp.quoted.length", "number, octets", "of the datagram when it was sent" },
	{ "icmp.quoted.fragment_offset", "number, octets", "when it was a fragment" },
	{ "icmp.quoted.tcp_sequence", "number", "sequence number of the TCP segment; a forger off "
	  "the path has to guess it (RFC 5927)" },
	{ "icmp.quoted.verification_tag", "number", "of the SCTP packet" },
	{ "icmp.quoted.spi", "number", "security parameters index of ESP or AH" },
	{ "icmp.quoted.ipsec_sequence", "number", "sequence number of ESP or AH" },
	{ "icmp.quoted.key", "number", "of GRE" },
	{ "icmp.quoted.icmp.type", "number", "of an ICMP message that the error is about" },
	{ "icmp.quoted.icmp.code", "number", "likewise" },
	{ "icmp.quoted.icmp.id", "number", "its identifier, when it has one" },
	{ "icmp.quoted.icmp.seq", "number", "its sequence number, when it has one" },
	{ "icmp.quoted.bytes", "number, octets", "how much of the datagram was quoted" },
	{ "icmp.quoted.community_id", "text", "Community ID v1 of the quoted flow" },
	{ "icmp.quoted.seen", "true or false", "whether packets of that flow were seen; absent when "
	  "it cannot be known, and without correlate.flows" },
	{ "icmp.quoted.translated", "true", "the quoted source is what NAT made of the receiver's "
	  "address" },
	{ "icmp.extension.version", "number", "of the extension structure (RFC 4884): 2" },
	{ "icmp.extension.checksum.status", "text", "good, bad, absent or unverified" },
	{ "icmp.extension.placement", "text", "how it was found: compliant (by the length attribute), "
	  "legacy_128, bad_length_attribute, length_in_octets" },
	{ "icmp.extension.objects.class", "number", "class of an extension object" },
	{ "icmp.extension.objects.ctype", "number", "its subtype" },
	{ "icmp.options.type", "number", "of an option or record" },
	{ "icmp.options.name", "text", "in its RFC's words" },
	{ "icmp.options.length", "number, octets", "with its header" },
	{ NULL, NULL, NULL }
};
/* clang-format on */

static const char *
without_prefix(const char *path)
{
	if (strncmp(path, PREFIX, strlen(PREFIX)) == 0)
		return path + strlen(PREFIX);
	return path;
}

static void
print_field(const struct page *page, const char *path, const char *kind, unsigned found)
{
	fprintf(page->out, "%s%s  %s\n", found > 0 ? "\n" : "", path, kind);
}

static unsigned
explain_common(const struct page *page, const char *path, unsigned found)
{
	const struct common_field *field;

	for (field = common_fields; field->path != NULL; field++) {
		if (strcmp(field->path, path) != 0 &&
		    strcmp(without_prefix(field->path), path) != 0)
			continue;
		print_field(page, field->path, field->kind, found);
		page_paragraph(page, field->meaning);
		return 1;
	}
	return 0;
}

static const char *const fact_kinds[] = {
	[FACT_NUMBER] = "number",
	[FACT_MICROSECONDS] = "number, microseconds",
	[FACT_FLAG] = "flag",
	[FACT_TEXT] = "text",
	[FACT_ADDR] = "address",
	[FACT_MAC] = "MAC address",
	[FACT_SHARE] = "number from 0 to 1",
	[FACT_TIME] = "time",
};

/* Where a walk over the facts of an event is. */
struct fact_walk {
	const struct fact *next;
	const struct fact *groups[DEPTH_MAX];
	unsigned depth;
};

/* The next fact that is no group, and its path; NULL at the end. */
static const struct fact *
next_fact(struct fact_walk *walk, char path[PATH_SIZE])
{
	const struct fact *fact;
	unsigned i;
	int len;

	for (fact = walk->next; fact->key != NULL; fact++) {
		if (fact_closes(fact->kind) && walk->depth > 0)
			walk->depth--;
		else if (fact_opens(fact->kind) && walk->depth < DEPTH_MAX)
			walk->groups[walk->depth++] = fact;
		if (fact_closes(fact->kind) || fact_opens(fact->kind))
			continue;
		len = snprintf(path, PATH_SIZE, PREFIX);
		for (i = 0; i < walk->depth; i++)
			len += snprintf(path + len, PATH_SIZE - (size_t)len, "%s%s", i > 0 ? "." : "",
			    walk->groups[i]->key);
		snprintf(path + len, PATH_SIZE - (size_t)len, "%s%s",
		    walk->depth > 0 && fact->key[0] != '\0' ? "." : "", fact->key);
		walk->next = fact + 1;
		return fact;
	}
	return NULL;
}

/* Rows of one dataset share their facts: the first of them stands for all. */
static bool
is_first_of_dataset(int id)
{
	int i;

	for (i = 0; i < id; i++)
		if (event_type((enum event_id)i)->facts == event_type((enum event_id)id)->facts)
			return false;
	return true;
}

static unsigned
explain_facts(const struct page *page, const char *path, unsigned found)
{
	char text[PATH_SIZE], kind[PATH_SIZE];
	const struct fact *fact;
	unsigned count = 0;
	int id;

	for (id = 0; id < EVENTS; id++) {
		const struct event_type *type = event_type((enum event_id)id);
		struct fact_walk walk = { .next = type->facts };

		if (!is_first_of_dataset(id))
			continue;
		while ((fact = next_fact(&walk, text)) != NULL) {
			if (strcmp(text, path) != 0 && strcmp(without_prefix(text), path) != 0)
				continue;
			snprintf(kind, sizeof(kind), "%s, in icmp.%s", fact_kinds[fact->kind],
			    dataset_name(type->dataset));
			print_field(page, text, kind, found + count++);
			if (walk.depth > 0)
				page_paragraph(page, walk.groups[walk.depth - 1]->meaning);
			page_paragraph(page, fact->meaning);
		}
	}
	return count;
}

/* "ttl_name" is the name of the number in "ttl". */
static bool
is_field(const struct field *field, const char *name)
{
	size_t len = strlen(field->name);

	if (field->kind == FIELD_UNUSED || strncmp(field->name, name, len) != 0)
		return false;
	return name[len] == '\0' ||
	       (field->kind == FIELD_ENUM && strcmp(name + len, "_name") == 0);
}

struct place {
	const char *path, *rfc;
	struct page_text of; /* the message or record, behind a blank */
	unsigned found;      /* of the path so far */
};

/*
 * The places where a field of `name` is among `fields`; the path goes in front
 * of the first. Returns how many.
 */
static unsigned
print_places(const struct page *page, struct place *at, const struct field *fields,
    const char *name)
{
	const struct field *field;
	unsigned count = 0;

	for (field = fields; field != NULL && field->name != NULL; field++) {
		struct page_text text = { .len = 0 };

		if (!is_field(field, name))
			continue;
		if (at->found + count == 0)
			fprintf(page->out, "%s%s\n", PREFIX, at->path);
		page_text_add(&text, "In%s: ", at->of.bytes);
		page_add_kind(&text, fields, field);
		page_text_add(&text, ". RFC %s.", at->rfc);
		page_paragraph(page, text.bytes);
		count++;
	}
	return count;
}

/* The fields of messages; `found` counts what was printed of the path before. */
static unsigned
explain_messages(const struct page *page, const char *name, unsigned found)
{
	const struct icmp_type *row;
	unsigned version, count = 0;

	for (version = 4; version <= 6; version += 2)
		for (row = icmp_types((uint8_t)version); row->name != NULL; row++) {
			struct place at = { name, row->rfc, { .len = 0 }, found + count };

			page_add_message(&at.of, version, row);
			count += print_places(page, &at, row->fields, name);
			at.found = found + count;
			count += print_places(page, &at, row->secured, name);
		}
	return count;
}

/* The part of `path` behind the list's key and the record's group, or NULL. */
static const char *
name_in_list(const char *path, const struct list_type *list, const struct record_type *row)
{
	const char *key = path;
	size_t len = strlen(list->key);

	while (strncmp(key, list->key, len) != 0 || key[len] != '.') {
		key = strchr(key, '.');
		if (key == NULL)
			return NULL;
		key++;
	}
	key += len + 1;
	if (row->group == NULL)
		return key;
	len = strlen(row->group);
	if (strncmp(key, row->group, len) != 0 || key[len] != '.')
		return NULL;
	return key + len + 1;
}

/* The same for the fields of a record. */
static unsigned
explain_record(const struct page *page, const char *path, const struct list_type *list,
    const struct record_type *row, unsigned found)
{
	const char *name = name_in_list(path, list, row);
	struct place at = { path, row->rfc, { .len = 0 }, found };

	if (name == NULL)
		return 0;
	page_add_record(&at.of, list, row);
	return print_places(page, &at, row->fields, name);
}

unsigned
explain_field(const struct page *page, const char *path, unsigned found)
{
	const char *name = without_prefix(path);
	const struct list_type *const *list;
	const struct record_type *row;
	unsigned count;

	count = explain_common(page, path, found);
	count += explain_facts(page, path, found + count);
	if (name == path && strchr(path, '.') == NULL)
		return count; /* by its plain name it was found with its message */
	if (strchr(name, '.') == NULL)
		return count + explain_messages(page, name, found + count);
	for (list = list_types; *list != NULL; list++)
		for (row = (*list)->types; row->name != NULL; row++)
			count += explain_record(page, name, *list, row, found + count);
	return count;
}

void
explain_fields(struct page *page)
{
	const struct common_field *field;
	char path[PATH_SIZE], section[PAGE_SECTION_SIZE];
	int id;

	for (field = common_fields; field->path != NULL; field++)
		page_line(page, "Fields of events", "%s", field->path);
	for (id = 0; id < EVENTS; id++) {
		const struct event_type *type = event_type((enum event_id)id);
		struct fact_walk walk = { .next = type->facts };

		if (type->facts->key == NULL || !is_first_of_dataset(id))
			continue;
		snprintf(section, sizeof(section), "Fields of icmp.%s",
		    dataset_name(type->dataset));
		while (next_fact(&walk, path) != NULL)
			page_line(page, section, "%s", path);
	}
}
