/*
 * What a hop tells besides its address: the label stack that the probe came
 * with (RFC 4950), the interface that it came in by (RFC 5837).
 */
#include "analyzer/track/path_state.h"

#define OBJECT_MPLS 0x101     /* class 1, ctype 1 */
#define CLASS_INTERFACE 0x200 /* any ctype */
#define ROLE_INCOMING 0

static void
read_labels(struct hop *hop, const struct record *object)
{
	struct list labels = list_open_field(object->row->fields, object->values, 0);
	struct record label;

	hop->label_count = 0;
	while (hop->label_count < PATH_LABELS_MAX && list_next(&labels, &label) &&
	    label.row != NULL)
		hop->labels[hop->label_count++] = (struct path_label){
			.label = record_number(&label, "label"),
			.tc = record_number(&label, "tc"),
			.s = record_number(&label, "s"),
			.ttl = record_number(&label, "ttl"),
		};
}

static void
read_interface(struct hop *hop, const struct record *object)
{
	const union value *address = record_value(object, "ip");
	int64_t index = record_number(object, "index");

	if (record_number(object, "role") != ROLE_INCOMING)
		return;
	if (address != NULL)
		hop->interface_address = address->address;
	if (index != RECORD_NO_NUMBER)
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
