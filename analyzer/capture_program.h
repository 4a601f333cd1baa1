/*
 * A small assembler of classic BPF, which the kernel runs on every frame.
 * Jumps go forward, to labels. Only the kernel's filter is written with it.
 */
#ifndef ANALYZER_CAPTURE_PROGRAM_H
#define ANALYZER_CAPTURE_PROGRAM_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

#define PROGRAM_MAX 4096 /* the kernel's BPF_MAXINSNS */
#define PROGRAM_LABELS 32
#define PROGRAM_NEXT 0   /* as a label: the instruction that follows */

struct program {
	struct bpf_insn code[PROGRAM_MAX];
	uint32_t len;
	uint32_t label_at[PROGRAM_LABELS]; /* index of the instruction */
	uint8_t yes[PROGRAM_MAX], no[PROGRAM_MAX]; /* labels; 0: final already */
	bool is_wrong; /* too long, or a jump too far */
};

/* An instruction that does not jump, such as BPF_LD | BPF_B | BPF_IND. */
void program_add(struct program *program, int code, uint32_t k);

/* Goes to the label `yes` or `no` by a test of A, such as BPF_JEQ. */
void program_test(struct program *program, int test, uint32_t k, unsigned int yes,
    unsigned int no);

void program_jump(struct program *program, unsigned int label);

/* The label, 1 to PROGRAM_LABELS - 1, is the next instruction. */
void program_label(struct program *program, unsigned int label);

/*
 * Appends what libpcap compiled; where that accepts a frame, it goes on with
 * what is appended next instead.
 */
void program_add_compiled(struct program *program, const struct bpf_program *compiled);

/* Puts distances in the place of the labels added since `from`. */
void program_resolve(struct program *program, uint32_t from);

#endif
