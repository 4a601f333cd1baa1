/*
 * How a decoded message becomes members of the object "icmp": by the rows of
 * its type, its options and its extension objects, so that a new row needs
 * nothing here.
 */
#ifndef ANALYZER_SINK_MESSAGE_JSON_H
#define ANALYZER_SINK_MESSAGE_JSON_H

#include <stdint.h>

#include "analyzer/sink/community_id.h"
#include "analyzer/sink/json_writer.h"
#include "decoders/icmp.h"
#include "decoders/packet.h"

/* `index` counts the messages of one frame from 0. */
void message_json(struct json_writer *w, struct community_ids *ids, const struct packet *packet,
    const struct icmp_msg *msg, uint32_t index);

#endif
