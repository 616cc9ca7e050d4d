/* cpulist - lists of CPUs as people and the kernel write them: 0-3,8. Pure. */
#ifndef REGROW_CPULIST_H
#define REGROW_CPULIST_H

#include <stdbool.h>
#include <stddef.h>

/* Numbers above it are read as it: no CPU has them. */
#define CPULIST_CPU_MAX 1000000u

/*
 * Takes one item, 4 or 4-7, and the comma behind it: 1, or 0 where the text
 * ended before, or -EINVAL (also for a comma with nothing behind it, and for a
 * range that runs down).
 */
int cpulist_next(const char **text, unsigned int *first, unsigned int *last);

/* How many CPUs a list has, counting repeated ones again; 0: malformed. */
unsigned int cpulist_count(const char *text);

/* Writes the numbers below end that are in the set; cut off where text ends. */
void cpulist_write(bool (*in_set)(const void *set, unsigned int cpu),
		   const void *set, unsigned int end, char *text, size_t size);

#endif
