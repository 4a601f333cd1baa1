/*
 * What libpcap needs to read a capture and do nothing with it: the yardstick
 * of tests/bench.sh. Reads through a stdio buffer of 1 MiB, libpcap's own way
 * of being fast, and prints the packets and octets it saw.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include <pcap/pcap.h>

#define BUFFER_SIZE (1U << 20)

int
main(int argc, char **argv)
{
	static char buffer[BUFFER_SIZE];
	char err[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *header;
	const u_char *bytes;
	uint64_t packets = 0, octets = 0;
	pcap_t *pcap;
	FILE *file;
	int status;

	if (argc != 2) {
		fprintf(stderr, "usage: bare_loop FILE\n");
		return 2;
	}
	file = fopen(argv[1], "rb");
	if (file == NULL) {
		perror(argv[1]);
		return 1;
	}
	(void)setvbuf(file, buffer, _IOFBF, sizeof buffer);
	pcap = pcap_fopen_offline(file, err);
	if (pcap == NULL) {
		fprintf(stderr, "%s: %s\n", argv[1], err);
		(void)fclose(file);
		return 1;
	}
	while ((status = pcap_next_ex(pcap, &header, &bytes)) == 1) {
		packets++;
		octets += header->caplen;
	}
	if (status != PCAP_ERROR_BREAK)
		pcap_perror(pcap, argv[1]);
	pcap_close(pcap);
	printf("%" PRIu64 " packets %" PRIu64 " octets\n", packets, octets);
	return status == PCAP_ERROR_BREAK ? 0 : 1;
}
