/* cpulist - lists of CPUs as people and the kernel write them: 0-3,8. */
#include "driver/cpulist.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>

static int read_number(const char **text, unsigned int *number)
{
	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	for (*number = 0; isdigit((unsigned char)**text); (*text)++) {
		*number = *number * 10 + (unsigned int)(**text - '0');
		if (*number > CPULIST_CPU_MAX)
			*number = CPULIST_CPU_MAX;
	}
	return 0;
}

int cpulist_next(const char **text, unsigned int *first, unsigned int *last)
{
	if (**text == 0)
		return 0;
	if (read_number(text, first) != 0)
		return -EINVAL;
	*last = *first;
	if (**text == '-') {
		(*text)++;
		if (read_number(text, last) != 0 || *last < *first)
			return -EINVAL;
	}
	if (**text == 0)
		return 1;
	if (**text != ',' || !isdigit((unsigned char)(*text)[1]))
		return -EINVAL;
	(*text)++;
	return 1;
}

unsigned int cpulist_count(const char *text)
{
	unsigned int count = 0;
	unsigned int first;
	unsigned int last;
	int got;

	while ((got = cpulist_next(&text, &first, &last)) > 0)
		count += last - first + 1;
	return got == 0 ? count : 0;
}

void cpulist_write(bool (*in_set)(const void *set, unsigned int cpu),
		   const void *set, unsigned int end, char *text, size_t size)
{
	size_t used = 0;

	text[0] = 0;
	for (unsigned int cpu = 0; cpu < end && used < size; cpu++) {
		unsigned int first = cpu;

		if (!in_set(set, cpu))
			continue;
		while (cpu + 1 < end && in_set(set, cpu + 1))
			cpu++;
		used += (size_t)snprintf(text + used, size - used, "%s%u",
					 used > 0 ? "," : "", first);
		if (cpu > first && used < size)
			used += (size_t)snprintf(text + used, size - used,
						 "-%u", cpu);
	}
}
