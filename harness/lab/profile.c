/*
 * profile - a plug-in of QEMU's translator: how many instructions of the guest's
 * kernel each operation of a workload takes, by the address of the code.
 *
 *	-plugin FILE,output=FILE,mark=OPERATION:ADDRESS,mark=...,kernel=ADDRESS
 *
 * An operation begins where the guest's user code comes to one of the marked
 * addresses, the entry of a function of the harness, and lasts until the next
 * one. "none" begins what is not counted (the harness between operations),
 * "pause" and "resume" a stretch in which nothing is. All code from kernel= on
 * is the kernel's. The output has a line for each operation, "calls OPERATION
 * COUNT", and one for each block of the kernel's code that it ran, "code
 * OPERATION ADDRESS INSTRUCTIONS".
 *
 * QEMU's packages have no header for plug-ins: what is used of version 1 of
 * their interface (docs/devel/tcg-plugins.rst) is declared here.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
#define OPERATIONS_MAX 16
#define MARKS_MAX 64
#define TABLE_SIZE 4096 /* of the blocks, by address; a power of two */
#define NONE 0 /* the first operation */

typedef uint64_t plugin_id;
struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum callback_flags { CALLBACK_NO_REGISTERS };

EXPORT extern int qemu_plugin_version;
EXPORT int qemu_plugin_install(plugin_id id, const struct qemu_info *info,
			       int argc, char **argv);
void qemu_plugin_register_vcpu_tb_trans_cb(
	plugin_id id, void (*call)(plugin_id id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_tb_exec_cb(
	struct qemu_plugin_tb *tb, void (*call)(unsigned int cpu, void *data),
	enum callback_flags flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*call)(unsigned int cpu,
							 void *data),
					    enum callback_flags flags,
					    void *data);
void qemu_plugin_register_atexit_cb(plugin_id id,
				    void (*call)(plugin_id id, void *data),
				    void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

int qemu_plugin_version = 1;

/* A block of the kernel's code. */
struct block {
	struct block *next; /* of the same place in the table */
	uint64_t address;
	uint64_t size; /* instructions */
	uint64_t runs[OPERATIONS_MAX];
};

enum effect { EFFECT_BEGIN, EFFECT_PAUSE, EFFECT_RESUME };

struct mark {
	uint64_t address;
	enum effect effect;
	unsigned int operation;
};

static struct {
	FILE *output;
	uint64_t kernel; /* where its code begins */
	unsigned int operations_count;
	char operations[OPERATIONS_MAX][32];
	uint64_t calls[OPERATIONS_MAX];
	unsigned int marks_count;
	struct mark marks[MARKS_MAX];
	unsigned int now; /* the operation; the machine has one CPU */
	bool paused;
	struct block *table[TABLE_SIZE];
} profile;

static void block_run(unsigned int cpu, void *data)
{
	struct block *block = data;

	(void)cpu;
	if (!profile.paused)
		block->runs[profile.now]++;
}

static void mark_reached(unsigned int cpu, void *data)
{
	const struct mark *mark = data;

	(void)cpu;
	if (mark->effect == EFFECT_BEGIN) {
		profile.now = mark->operation;
		profile.calls[mark->operation] += !profile.paused;
	} else {
		profile.paused = mark->effect == EFFECT_PAUSE;
	}
}

/* Code is translated again and again: it keeps its counts. */
static struct block *block_find(uint64_t address, uint64_t size)
{
	struct block **place = &profile.table[(address >> 2) % TABLE_SIZE];
	struct block *block = *place;

	while (block && (block->address != address || block->size != size))
		block = block->next;
	if (block)
		return block;
	block = calloc(1, sizeof(*block));
	if (!block)
		abort();
	*block = (struct block){
		.next = *place, .address = address, .size = size};
	*place = block;
	return block;
}

static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
	uint64_t address = qemu_plugin_tb_vaddr(tb);
	size_t size = qemu_plugin_tb_n_insns(tb);

	(void)id;
	if (address >= profile.kernel) {
		qemu_plugin_register_vcpu_tb_exec_cb(tb, block_run,
						     CALLBACK_NO_REGISTERS,
						     block_find(address, size));
		return;
	}
	for (size_t i = 0; i < size; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t at = qemu_plugin_insn_vaddr(insn);

		for (unsigned int j = 0; j < profile.marks_count; j++)
			if (profile.marks[j].address == at)
				qemu_plugin_register_vcpu_insn_exec_cb(
					insn, mark_reached,
					CALLBACK_NO_REGISTERS,
					&profile.marks[j]);
	}
}

static void write_out(plugin_id id, void *data)
{
	(void)id;
	(void)data;
	for (unsigned int i = 1; i < profile.operations_count; i++)
		fprintf(profile.output, "calls %s %" PRIu64 "\n",
			profile.operations[i], profile.calls[i]);
	for (size_t i = 0; i < TABLE_SIZE; i++)
		for (struct block *block = profile.table[i]; block;
		     block = block->next)
			for (unsigned int j = 1; j < profile.operations_count;
			     j++)
				if (block->runs[j] > 0)
					fprintf(profile.output,
						"code %s %" PRIx64 " %" PRIu64
						"\n",
						profile.operations[j],
						block->address,
						block->runs[j] * block->size);
	fclose(profile.output);
}

static bool mark_add(const char *text)
{
	struct mark *mark = &profile.marks[profile.marks_count];
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : 0;
	unsigned int i = 0;

	if (!colon || length == 0 || length >= sizeof(profile.operations[0]) ||
	    profile.marks_count == MARKS_MAX)
		return false;
	mark->address = strtoull(colon + 1, NULL, 16);
	if (length == 5 && strncmp(text, "pause", length) == 0)
		mark->effect = EFFECT_PAUSE;
	else if (length == 6 && strncmp(text, "resume", length) == 0)
		mark->effect = EFFECT_RESUME;
	else
		mark->effect = EFFECT_BEGIN;
	while (mark->effect == EFFECT_BEGIN && i < profile.operations_count &&
	       (strncmp(profile.operations[i], text, length) != 0 ||
		profile.operations[i][length] != '\0'))
		i++;
	if (mark->effect == EFFECT_BEGIN && i == profile.operations_count) {
		if (i == OPERATIONS_MAX)
			return false;
		memcpy(profile.operations[i], text, length);
		profile.operations_count++;
	}
	mark->operation = i;
	profile.marks_count++;
	return true;
}

int qemu_plugin_install(plugin_id id, const struct qemu_info *info, int argc,
			char **argv)
{
	(void)info;
	snprintf(profile.operations[NONE], sizeof(profile.operations[NONE]),
		 "none");
	profile.operations_count = 1;
	profile.kernel = UINT64_C(0xffff000000000000);
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "output=", 7) == 0)
			profile.output = fopen(argv[i] + 7, "we");
		else if (strncmp(argv[i], "kernel=", 7) == 0)
			profile.kernel = strtoull(argv[i] + 7, NULL, 16);
		else if (strncmp(argv[i], "mark=", 5) != 0 ||
			 !mark_add(argv[i] + 5))
			return fprintf(stderr, "profile: what is '%s'?\n",
				       argv[i]);
	}
	if (!profile.output)
		return fprintf(stderr, "profile: output=FILE, which can be "
				       "written\n");
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, write_out, NULL);
	return 0;
}
