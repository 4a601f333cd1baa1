/*
 * What a hop tells besides its address: the label stack that the probe came
 * with (RFC 4950), the interface that it came in by (RFC 5837).
 */
#include <string.h>

#include "analyzer/track/path_state.h"

#define OBJECT_MPLS 0x101     /* class 1, ctype 1 */
#define CLASS_INTERFACE 0x200 /* any ctype */
#define ROLE_INCOMING 0

/* The value of a record's field of that name, or NULL when it is not there. */
static const union value *
value_of(const struct record *record, const char *name)
{
	const struct field *fields = record->row->fields;
	uint8_t i;

	for (i = 0; i < record->value_count; i++)
		if (strcmp(fields[i].name, name) == 0 &&
		    field_is_present(fields, record->values, i))
			return &record->values[i];
	return NULL;
}

static int64_t
number_of(const struct record *record, const char *name)
{
	const union value *value = value_of(record, name);

	return value != NULL ? (int64_t)value->number : EVENT_UNKNOWN;
}

static void
read_labels(struct hop *hop, const struct record *object)
{
	struct list labels = list_open_field(object->row->fields, object->values, 0);
	struct record label;

	hop->label_count = 0;
	while (hop->label_count < PATH_LABELS_MAX && list_next(&labels, &label) &&
	    label.row != NULL)
		hop->labels[hop->label_count++] = (struct path_label){
			.label = number_of(&label, "label"),
			.tc = number_of(&label, "tc"),
			.s = number_of(&label, "s"),
			.ttl = number_of(&label, "ttl"),
		};
}

static void
read_interface(struct hop *hop, const struct record *object)
{
	const union value *address = value_of(object, "ip");
	int64_t index = number_of(object, "index");

	if (number_of(object, "role") != ROLE_INCOMING)
		return;
	if (address != NULL)
		hop->interface_address = address->address;
	if (index != EVENT_UNKNOWN)
		hop->interface_index = index;
}

void
path_read_extension(struct hop *hop, const struct icmp_msg *msg)
{
	struct record object;
	struct list objects;

	if (!msg->extension.present)
		return;
	objects = extension_open(&msg->extension);
	while (list_next(&objects, &object)) {
		if (object.row == NULL || object.value_count == 0)
			continue;
		if (object.type == OBJECT_MPLS)
			read_labels(hop, &object);
		else if ((object.type & ~0xffu) == CLASS_INTERFACE)
			read_interface(hop, &object);
	}
}
