/*
 * One walk over the rows; an object or array inside is the walk of the rows up
 * to its end, in an array once for each item.
 */
#include "analyzer/sink/fact_json.h"

#include <string.h>

static int64_t
read_number(const char *at)
{
	int64_t number;

	memcpy(&number, at, sizeof(number));
	return number;
}

static const char *
read_text(const char *at)
{
	const char *text;

	memcpy(&text, at, sizeof(text));
	return text;
}

static void
write_addr(struct json_writer *w, const char *key, const char *at)
{
	struct addr address;

	memcpy(&address, at, sizeof(address));
	json_addr(w, key, &address);
}

static void
write_mac(struct json_writer *w, const char *key, const char *at)
{
	static const struct mac none;
	struct mac mac;

	memcpy(&mac, at, sizeof(mac));
	if (memcmp(&mac, &none, sizeof(mac)) != 0)
		json_mac(w, key, &mac);
}

static void
write_number(struct json_writer *w, const char *key, enum fact_kind kind, int64_t number)
{
	if (number == EVENT_UNKNOWN)
		return;
	switch (kind) {
	case FACT_MICROSECONDS:
		json_int(w, key, number / 1000);
		break;
	case FACT_FLAG:
		json_flag(w, key, number != 0);
		break;
	case FACT_SHARE:
		json_share(w, key, (uint64_t)number);
		break;
	case FACT_TIME:
		json_time(w, key, (uint64_t)number);
		break;
	default:
		json_int(w, key, number);
		break;
	}
}

static void
write_fact(struct json_writer *w, const struct fact *fact, const char *at)
{
	const char *key = fact->key[0] != '\0' ? fact->key : NULL;

	switch (fact->kind) {
	case FACT_TEXT:
		json_text(w, key, read_text(at));
		break;
	case FACT_ADDR:
		write_addr(w, key, at);
		break;
	case FACT_MAC:
		write_mac(w, key, at);
		break;
	default:
		write_number(w, key, fact->kind, read_number(at));
		break;
	}
}

static const struct fact *write_rows(struct json_writer *w, const struct fact *fact,
    const char *facts);

/* The row that ends what the row before `fact` opened. */
static const struct fact *
end_of(const struct fact *fact)
{
	for (; fact->key != NULL && !fact_closes(fact->kind); fact++)
		if (fact_opens(fact->kind))
			fact = end_of(fact + 1);
	return fact;
}

static void
write_item(struct json_writer *w, const struct fact *rows, const char *item)
{
	if (rows->key[0] == '\0') {
		write_fact(w, rows, item + rows->offset);
		return;
	}
	json_open_object(w, NULL);
	write_rows(w, rows, item);
	json_close(w);
}

static const struct fact *
write_list(struct json_writer *w, const struct fact *open, const char *at)
{
	struct fact_list list;
	uint32_t i;

	memcpy(&list, at, sizeof(list));
	json_open_array(w, open->key);
	for (i = 0; i < list.count; i++)
		write_item(w, open + 1, (const char *)list.items + (size_t)i * list.size);
	json_close(w);
	return end_of(open + 1);
}

static const struct fact *
write_group(struct json_writer *w, const struct fact *open, const char *facts)
{
	const struct fact *end;

	json_open_object(w, open->key);
	end = write_rows(w, open + 1, facts);
	json_close(w);
	return end;
}

/* Up to the row that ends what is open, which it returns. */
static const struct fact *
write_rows(struct json_writer *w, const struct fact *fact, const char *facts)
{
	for (; fact->key != NULL && !fact_closes(fact->kind); fact++) {
		if (fact->kind == FACT_LIST)
			fact = write_list(w, fact, facts + fact->offset);
		else if (fact->kind == FACT_GROUP)
			fact = write_group(w, fact, facts);
		else
			write_fact(w, fact, facts + fact->offset);
	}
	return fact;
}

void
fact_json(struct json_writer *w, const struct fact *rows, const void *facts)
{
	if (facts != NULL)
		write_rows(w, rows, facts);
}

void
json_host(struct json_writer *w, const char *key, const struct addr *address)
{
	json_open_object(w, key);
	json_addr(w, "ip", address);
	json_close(w);
}
