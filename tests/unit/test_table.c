/*
 * The table with room for four and one bucket, so that every entry collides,
 * and against a plain model over many random steps.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "analyzer/core/table.h"
#include "analyzer/log.h"

#define CAPACITY 4
#define IDLE_NS 100

struct item {
	struct entry entry;
	uint32_t key;
	uint32_t value;
};

/* What the recycle callback saw. */
struct witness {
	struct table *table;
	uint32_t calls;
	uint32_t key;
};

static void
witness_recycle(void *owner, struct entry *entry)
{
	struct witness *witness = owner;
	struct item *item = (struct item *)entry;

	witness->calls++;
	witness->key = item->key;
	assert_ptr_equal(table_find(witness->table, &item->key), entry);
	assert_ptr_equal(table_oldest(witness->table), entry);
}

static void
setup(struct table *table, uint32_t capacity, uint32_t buckets, struct witness *witness)
{
	struct table_config config = {
		.name = "items",
		.entry_size = sizeof(struct item),
		.key_size = sizeof(uint32_t),
		.capacity = capacity,
		.buckets = buckets,
		.idle_ns = IDLE_NS,
		.hash_key = hash_key_fixed(),
	};
	char err[ERR_SIZE];

	if (witness != NULL) {
		memset(witness, 0, sizeof(*witness));
		witness->table = table;
		config.recycle = witness_recycle;
		config.owner = witness;
	}
	assert_int_equal(table_init(table, &config, err), 0);
}

static struct item *
add(struct table *table, uint32_t key, uint64_t now_ns)
{
	return (struct item *)table_add(table, &key, now_ns);
}

static struct item *
find(struct table *table, uint32_t key)
{
	return (struct item *)table_find(table, &key);
}

/* Compares the age list with keys in one number, the oldest in front: 1234. */
static void
assert_order(const struct table *table, uint32_t expected)
{
	const struct entry *entry, *before = NULL;
	uint32_t order = 0, count = 0;

	for (entry = table_oldest(table); entry != NULL; entry = table_newer(table, entry)) {
		order = order * 10 + ((const struct item *)entry)->key;
		assert_ptr_equal(table_at(table, entry->older), before);
		before = entry;
		count++;
	}
	assert_int_equal(order, expected);
	assert_int_equal(count, table->count);
}

static void
test_add_find_remove(void **state)
{
	struct table table;
	uint32_t key;

	(void)state;
	setup(&table, CAPACITY, 1, NULL);
	assert_null(find(&table, 1));
	assert_null(table_oldest(&table));
	for (key = 1; key <= CAPACITY; key++)
		add(&table, key, key)->value = key * 10;
	for (key = 1; key <= CAPACITY; key++)
		assert_int_equal(find(&table, key)->value, key * 10);
	assert_null(find(&table, 5));
	table_remove(&table, &find(&table, 2)->entry); /* middle of the chain */
	assert_order(&table, 134);
	table_remove(&table, &find(&table, 4)->entry); /* its head */
	assert_order(&table, 13);
	table_remove(&table, &find(&table, 1)->entry); /* its end */
	assert_order(&table, 3);
	assert_null(find(&table, 2));
	assert_non_null(find(&table, 3));
	table_remove(&table, &find(&table, 3)->entry);
	assert_order(&table, 0);
	assert_int_equal(table.removed, 4);
	assert_int_equal(table.added, 4);
	assert_int_equal(table.peak, 4);
	assert_int_equal(table.evicted + table.expired, 0);
	table_free(&table);
}

static void
test_reused_entry_is_zero(void **state)
{
	struct table table;
	uint32_t key = 2;
	struct item *item;

	(void)state;
	setup(&table, CAPACITY, 1, NULL);
	item = add(&table, 1, 0);
	item->value = 77;
	table_remove(&table, &item->entry);
	assert_int_equal(item->value, 77); /* readable until the next is added */
	assert_ptr_equal(table_add(&table, &key, 0), item);
	assert_int_equal(item->value, 0);
	assert_int_equal(item->key, 2);
	table_free(&table);
}

static void
test_full_table_recycles_the_oldest(void **state)
{
	struct witness witness;
	struct table table;
	uint32_t key;

	(void)state;
	setup(&table, CAPACITY, 1, &witness);
	for (key = 1; key <= CAPACITY; key++)
		add(&table, key, key);
	assert_int_equal(witness.calls, 0);
	table_touch(&table, &find(&table, 1)->entry, 5);
	assert_order(&table, 2341);
	add(&table, 5, 6);
	assert_int_equal(witness.calls, 1);
	assert_int_equal(witness.key, 2);
	assert_null(find(&table, 2));
	assert_order(&table, 3415);
	assert_int_equal(table.evicted, 1);
	assert_int_equal(table.count, CAPACITY);
	assert_int_equal(table.peak, CAPACITY);
	table_remove(&table, &find(&table, 3)->entry);
	add(&table, 6, 7); /* has room again */
	assert_int_equal(witness.calls, 1);
	assert_order(&table, 4156);
	table_free(&table);
}

static void
test_touch_moves_to_the_end(void **state)
{
	static const struct {
		uint32_t key, order;
	} steps[] = { { 1, 2341 }, { 1, 2341 }, { 3, 2413 }, { 4, 2134 }, { 2, 1342 } };
	struct table table;
	uint32_t key;
	size_t i;

	(void)state;
	setup(&table, CAPACITY, 1, NULL);
	for (key = 1; key <= CAPACITY; key++)
		add(&table, key, key);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		table_touch(&table, &find(&table, steps[i].key)->entry, 10 + i);
		assert_order(&table, steps[i].order);
		assert_int_equal(find(&table, steps[i].key)->entry.seen_ns, 10 + i);
	}
	table_free(&table);
}

static void
test_expires_in_order_of_touch(void **state)
{
	struct table table;
	struct item *item;

	(void)state;
	setup(&table, CAPACITY, 1, NULL);
	add(&table, 1, 1000);
	add(&table, 2, 1010);
	add(&table, 3, 1020);
	table_touch(&table, &find(&table, 1)->entry, 1030);
	assert_null(table_expire_next(&table, 1010 + IDLE_NS - 1));
	item = (struct item *)table_expire_next(&table, 1010 + IDLE_NS);
	assert_int_equal(item->key, 2);
	assert_null(table_expire_next(&table, 1010 + IDLE_NS));
	item = (struct item *)table_expire_next(&table, 5000);
	assert_int_equal(item->key, 3);
	item = (struct item *)table_expire_next(&table, 5000);
	assert_int_equal(item->key, 1);
	assert_null(table_expire_next(&table, 5000));
	assert_int_equal(table.expired, 3);
	assert_int_equal(table.count, 0);
	table_free(&table);
}

static void
test_clock_jumping_back(void **state)
{
	struct table table;

	(void)state;
	setup(&table, CAPACITY, 1, NULL);
	add(&table, 1, 1000);
	assert_null(table_expire_next(&table, 1000 - IDLE_NS + 1));
	assert_non_null(table_expire_next(&table, 1000 - IDLE_NS));
	table_free(&table);
}

static void
test_no_timeout(void **state)
{
	struct table table;

	(void)state;
	setup(&table, CAPACITY, 1, NULL);
	table.config.idle_ns = 0;
	add(&table, 1, 0);
	assert_null(table_expire_next(&table, UINT64_MAX));
	table_free(&table);
}

static void
test_find_or_add(void **state)
{
	struct table table;
	struct entry *entry;
	uint32_t key = 7;
	bool added = false;

	(void)state;
	setup(&table, CAPACITY, 1, NULL);
	entry = table_find_or_add(&table, &key, 1, &added);
	assert_true(added);
	assert_ptr_equal(table_find_or_add(&table, &key, 2, &added), entry);
	assert_false(added);
	assert_int_equal(entry->seen_ns, 1); /* finding is no touch */
	assert_memory_equal(table_key(entry), &key, sizeof(key));
	assert_ptr_equal(table_at(&table, table_index(&table, entry)), entry);
	assert_null(table_at(&table, TABLE_NONE));
	table_free(&table);
}

/* Equal hashes, different keys; and the same key under another hash is lost. */
static void
test_hash_of_the_callers_choice(void **state)
{
	uint32_t one = 1, two = 2;
	struct table table;
	struct entry *entry;

	(void)state;
	setup(&table, CAPACITY, 0, NULL);
	entry = table_add_hashed(&table, &one, 99, 0);
	table_add_hashed(&table, &two, 99, 0);
	assert_ptr_equal(table_find_hashed(&table, &one, 99), entry);
	assert_ptr_not_equal(table_find_hashed(&table, &two, 99), entry);
	assert_null(table_find_hashed(&table, &one, 98));
	assert_int_equal(
	    table_hash(&table, &one), hash_bytes(&table.config.hash_key, &one, sizeof(one)));
	table_free(&table);
}

static void
test_unsound_configurations(void **state)
{
	static const struct {
		uint32_t entry_size, key_size, capacity, buckets;
	} cases[] = {
		{ sizeof(struct item), 4, 0, 0 },
		{ sizeof(struct item), 0, 4, 0 },
		{ sizeof(struct item), 9, 4, 0 },
		{ sizeof(struct item) + 4, 4, 4, 0 },
		{ 8, 4, 4, 0 },
		{ sizeof(struct item), 4, 4, 3 },
		{ sizeof(struct item), 4, TABLE_CAPACITY_MAX + 1, 0 },
	};
	struct table_config config = { .name = "bad" };
	struct table table;
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		config.entry_size = cases[i].entry_size;
		config.key_size = cases[i].key_size;
		config.capacity = cases[i].capacity;
		config.buckets = cases[i].buckets;
		memset(err, 0, sizeof(err));
		assert_int_equal(table_init(&table, &config, err), -1);
		assert_non_null(strstr(err, "bad"));
	}
}

/* The model: the keys that are there, oldest first, and when they were seen. */
struct model {
	uint32_t keys[CAPACITY];
	uint64_t seen_ns[CAPACITY];
	uint32_t count;
};

static void
model_drop(struct model *model, uint32_t place)
{
	model->count--;
	for (; place < model->count; place++) {
		model->keys[place] = model->keys[place + 1];
		model->seen_ns[place] = model->seen_ns[place + 1];
	}
}

/* Finds or adds `key` and makes it the newest. */
static void
model_use(struct model *model, uint32_t key, uint64_t now_ns)
{
	uint32_t place = 0;

	while (place < model->count && model->keys[place] != key)
		place++;
	if (place < model->count)
		model_drop(model, place);
	else if (model->count == CAPACITY)
		model_drop(model, 0);
	model->keys[model->count] = key;
	model->seen_ns[model->count++] = now_ns;
}

static void
assert_as_model(const struct table *table, const struct model *model)
{
	const struct entry *entry = table_oldest(table);
	uint32_t i;

	assert_int_equal(table->count, model->count);
	for (i = 0; i < model->count; i++, entry = table_newer(table, entry)) {
		assert_int_equal(((const struct item *)entry)->key, model->keys[i]);
		assert_int_equal(entry->seen_ns, model->seen_ns[i]);
		assert_ptr_equal(table_find(table, &model->keys[i]), entry);
	}
	assert_null(entry);
	assert_int_equal(
	    table->added, table->count + table->evicted + table->expired + table->removed);
}

static void
test_many_random_steps(void **state)
{
	struct model model = { { 0 }, { 0 }, 0 };
	uint64_t now_ns = 1000, random = 1;
	struct table table;
	uint32_t step, key;
	bool added;

	(void)state;
	setup(&table, CAPACITY, 2, NULL);
	for (step = 0; step < 20000; step++) {
		random = hash_derive(random, step);
		key = (uint32_t)(random % 7);
		now_ns += random >> 8 & 63;
		while (table_expire_next(&table, now_ns) != NULL) {
			assert_true(now_ns - model.seen_ns[0] >= IDLE_NS);
			model_drop(&model, 0);
		}
		if (random >> 32 & 3) {
			struct entry *entry = table_find_or_add(&table, &key, now_ns, &added);

			table_touch(&table, entry, now_ns);
			model_use(&model, key, now_ns);
		} else if (model.count > 0) {
			uint32_t place = (uint32_t)(random >> 40) % model.count;

			table_remove(&table, &find(&table, model.keys[place])->entry);
			model_drop(&model, place);
		}
		assert_as_model(&table, &model);
	}
	assert_true(table.evicted > 100 && table.expired > 100 && table.removed > 100);
	table_free(&table);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_find_remove),
		cmocka_unit_test(test_reused_entry_is_zero),
		cmocka_unit_test(test_full_table_recycles_the_oldest),
		cmocka_unit_test(test_touch_moves_to_the_end),
		cmocka_unit_test(test_expires_in_order_of_touch),
		cmocka_unit_test(test_clock_jumping_back),
		cmocka_unit_test(test_no_timeout),
		cmocka_unit_test(test_find_or_add),
		cmocka_unit_test(test_hash_of_the_callers_choice),
		cmocka_unit_test(test_unsound_configurations),
		cmocka_unit_test(test_many_random_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
