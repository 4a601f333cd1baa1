/*
 * The assembler. A program that does not fit is marked, not cut.
 */
#include "analyzer/capture_program.h"

static void
append(struct program *program, struct bpf_insn insn, unsigned int yes, unsigned int no)
{
	if (program->len == PROGRAM_MAX) {
		program->is_wrong = true;
		return;
	}
	program->code[program->len] = insn;
	program->yes[program->len] = (uint8_t)yes;
	program->no[program->len] = (uint8_t)no;
	program->len++;
}

void
program_add(struct program *program, int code, uint32_t k)
{
	struct bpf_insn insn = { .code = (u_short)code, .k = k };

	append(program, insn, PROGRAM_NEXT, PROGRAM_NEXT);
}

void
program_test(struct program *program, int test, uint32_t k, unsigned int yes, unsigned int no)
{
	struct bpf_insn insn = { .code = (u_short)(BPF_JMP | test | BPF_K), .k = k };

	append(program, insn, yes, no);
}

void
program_jump(struct program *program, unsigned int label)
{
	struct bpf_insn insn = { .code = BPF_JMP | BPF_JA };

	append(program, insn, label, PROGRAM_NEXT);
}

void
program_label(struct program *program, unsigned int label)
{
	program->label_at[label] = program->len;
}

void
program_add_compiled(struct program *program, const struct bpf_program *compiled)
{
	uint32_t i;

	for (i = 0; i < compiled->bf_len; i++) {
		struct bpf_insn insn = compiled->bf_insns[i];

		if (insn.code == (BPF_RET | BPF_K) && insn.k != 0) {
			insn.code = BPF_JMP | BPF_JA;
			insn.jt = insn.jf = 0;
			insn.k = compiled->bf_len - i - 1;
		}
		append(program, insn, PROGRAM_NEXT, PROGRAM_NEXT);
	}
}

/* How far it is from `index` to a label; PROGRAM_NEXT is no way at all. */
static uint32_t
way_to(const struct program *program, uint32_t index, unsigned int label)
{
	if (label == PROGRAM_NEXT)
		return 0;
	return program->label_at[label] - index - 1;
}

void
program_resolve(struct program *program, uint32_t from)
{
	uint32_t i, yes, no;

	for (i = from; i < program->len; i++) {
		if (program->yes[i] == PROGRAM_NEXT && program->no[i] == PROGRAM_NEXT)
			continue;
		yes = way_to(program, i, program->yes[i]);
		no = way_to(program, i, program->no[i]);
		if (program->code[i].code == (BPF_JMP | BPF_JA)) {
			program->code[i].k = yes;
			continue;
		}
		if (yes > UINT8_MAX || no > UINT8_MAX)
			program->is_wrong = true;
		program->code[i].jt = (u_char)yes;
		program->code[i].jf = (u_char)no;
	}
}
