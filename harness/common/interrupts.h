/*
 * interrupts - a row of /proc/interrupts, summed over the CPUs.
 *
 * Row "TLB" (x86): interrupts that CPUs received to forget translations, since
 * the system was started, for whichever process (irq_tlb_count in
 * arch/x86/mm/tlb.c). Flushes that need no interrupt are not in it: a CPU's own,
 * those that a hypervisor does for a CPU which is not running, those by
 * INVLPGB (Linux 6.15 on newer AMD).
 */
#ifndef REGROW_INTERRUPTS_H
#define REGROW_INTERRUPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INTERRUPTS_SHOOTDOWNS "TLB"
#define INTERRUPTS_TOKEN_SIZE 24

/* The text in pieces of any size; the fields are the parser's own. */
struct interrupts {
	const char *row;
	enum {
		INTERRUPTS_HEADER,
		INTERRUPTS_LABEL,
		INTERRUPTS_COUNTS,
		INTERRUPTS_REST,
	} place;
	char token[INTERRUPTS_TOKEN_SIZE];
	size_t token_size; /* it may be longer than what is kept */
	unsigned int cpus; /* in the header */
	unsigned int counts; /* of the row, so far */
	unsigned int rows; /* of that name */
	uint64_t sum;
	bool wrong; /* it is not of that format */
};

/* row: its name without the colon. */
void interrupts_start(struct interrupts *parser, const char *row);
void interrupts_feed(struct interrupts *parser, const char *text, size_t size);

/*
 * The sum; -ENOENT: no such row; -EINVAL: the row has not a number for each CPU
 * of the header, is there twice or is cut, or there is no header.
 */
int64_t interrupts_end(const struct interrupts *parser);

/* The same of a file, from its start; -EBADF, or what reading gave. */
int64_t interrupts_read(int fd, const char *row);

#endif
