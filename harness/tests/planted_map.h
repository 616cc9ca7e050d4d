/*
 * planted_map - what a test looks at in its own map, by a way of its own: the C
 * library's, line by line.
 */
#ifndef REGROW_TESTS_PLANTED_MAP_H
#define REGROW_TESTS_PLANTED_MAP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Mappings that begin in a range; an end of 0: all, but for vsyscall. */
static inline unsigned int map_count(uintptr_t from, uintptr_t to)
{
	FILE *file = fopen("/proc/self/maps", "re");
	unsigned long begin;
	unsigned int count = 0;
	char line[512];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%lx-", &begin) == 1 && begin >= from &&
		    begin < (to ? to : (uintptr_t)1 << 62))
			count++;
	fclose(file);
	return count;
}

/* The same program in the legacy layout, where the kernel looks upward. */
static inline void run_legacy(void)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		personality(ADDR_COMPAT_LAYOUT);
		execl("/proc/self/exe", "legacy", "legacy", NULL);
		_exit(99);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (status)
		fail_msg("in the legacy layout: status %d", status);
}

#endif
