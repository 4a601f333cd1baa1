/*
 * THE table of anomalies. A row without an RFC is no broken rule but a limit
 * of what can be known.
 */
#include "decoders/anomaly.h"

#include <stddef.h>

/* clang-format off */
static const struct anomaly_type anomaly_types[ANOMALY_COUNT] = {
	[ANOMALY_BAD_CHECKSUM] = { "bad_checksum",
	    "The ICMP checksum does not fit the message.", "792, 4443 2.3" },
	[ANOMALY_TRUNCATED_MESSAGE] = { "truncated_message",
	    "The message is shorter than the layout of its type.", "792, 4443" },
	[ANOMALY_TRUNCATED_CAPTURE] = { "truncated_capture",
	    "The capture kept only the beginning of the message.", NULL },
	[ANOMALY_TRAILING_BYTES] = { "trailing_bytes",
	    "Octets follow where the layout of the type has none.", "792, 4443" },
	[ANOMALY_NONZERO_UNUSED] = { "nonzero_unused",
	    "A field that must be sent as zero is not.", "792, 4443 2.2" },
	[ANOMALY_UNKNOWN_TYPE] = { "unknown_type",
	    "IANA has not assigned this ICMP type.", "2780" },
	[ANOMALY_UNKNOWN_CODE] = { "unknown_code",
	    "The type has no such code.", "2780" },
	[ANOMALY_DEPRECATED_TYPE] = { "deprecated_type",
	    "The type is deprecated; nobody should send it any more.", "6918, 6633" },
	[ANOMALY_WRONG_IP_VERSION] = { "wrong_ip_version",
	    "ICMPv6 was carried by IPv4, or ICMP by IPv6.", "4443 1" },
	[ANOMALY_HOP_LIMIT_NOT_255] = { "hop_limit_not_255",
	    "The hop limit is not 255, so the message may come from off the link.",
	    "4861 6.1, 7.1, 8.1" },
	[ANOMALY_HOP_LIMIT_NOT_1] = { "hop_limit_not_1",
	    "The hop limit of a message for the link alone is not 1.", "3810 5, 4286" },
	[ANOMALY_BAD_OPTION_LENGTH] = { "bad_option_length",
	    "An option or record has a length that its type does not allow.", "4861 4.6" },
	[ANOMALY_UNKNOWN_OPTION] = { "unknown_option",
	    "An option, record or extension object has a type that is not assigned.", "4861 4.6" },
	[ANOMALY_BAD_COUNT] = { "bad_count",
	    "A count in the message promises more than the message holds.", "3810 5.2, 1256 3.1" },
	[ANOMALY_QUOTE_MISSING] = { "quote_missing",
	    "The error quotes nothing of the datagram that it is about.", "792, 4443 2.4" },
	[ANOMALY_QUOTE_MALFORMED] = { "quote_malformed",
	    "What the error quotes is no IP header.", "792, 4443 2.4" },
	[ANOMALY_ERROR_ABOUT_ERROR] = { "error_about_error",
	    "The error is about an ICMP error, which none may be.", "1122 3.2.2, 4443 2.4" },
	[ANOMALY_ERROR_ABOUT_MULTICAST] = { "error_about_multicast",
	    "The error is about a datagram to a multicast or broadcast address.",
	    "1122 3.2.2, 4443 2.4" },
	[ANOMALY_ERROR_ABOUT_FRAGMENT] = { "error_about_fragment",
	    "The error is about a fragment that is not the first.", "1122 3.2.2" },
	[ANOMALY_QUOTED_SOURCE_MISMATCH] = { "quoted_source_mismatch",
	    "The error went to an address that did not send the quoted datagram.", "1122 3.2.2" },
	[ANOMALY_BAD_MTU] = { "bad_mtu",
	    "The MTU is below the protocol's minimum, or the quoted datagram would have fitted.",
	    "1191 3, 8201 4" },
	[ANOMALY_POINTER_OUTSIDE_QUOTE] = { "pointer_outside_quote",
	    "The pointer is beyond the end of the datagram that it points into.", "792, 4443 3.4" },
	[ANOMALY_EXTENSION_MALFORMED] = { "extension_malformed",
	    "The lengths in the extension structure contradict each other.", "4884 8" },
	[ANOMALY_EXTENSION_BAD_CHECKSUM] = { "extension_bad_checksum",
	    "The checksum of the extension structure is wrong.", "4884 7" },
	[ANOMALY_EXTENSION_MISPLACED] = { "extension_misplaced",
	    "The extension structure is not where the length attribute says.", "4884 4" },
	[ANOMALY_BAD_IP_CHECKSUM] = { "bad_ip_checksum",
	    "The checksum of the IPv4 header is wrong.", "791 3.1" },
	[ANOMALY_BAD_IP_LENGTH] = { "bad_ip_length",
	    "The length in the IP header contradicts the header or the frame.", "791 3.1, 8200 3" },
	[ANOMALY_OVERLAPPING_FRAGMENTS] = { "overlapping_fragments",
	    "Fragments of the datagram overlap each other.", "5722, 1858" },
	[ANOMALY_OVERSIZED_DATAGRAM] = { "oversized_datagram",
	    "The fragments add up to more than a datagram can hold.", "791 3.1, 8200 4.5" },
};
/* clang-format on */

const struct anomaly_type *
anomaly_type(enum anomaly anomaly)
{
	return &anomaly_types[anomaly];
}
