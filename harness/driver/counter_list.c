/* counter_list - the names in a list of counters. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/counter_list.h"

static bool list_has(const struct counters *counters, const char *name)
{
	for (unsigned int i = 0; i < counters->count; i++)
		if (strcmp(counters->counters[i].name, name) == 0)
			return true;
	return false;
}

static int list_add(struct counters *counters, const char *name, size_t length,
		    char *why, unsigned int why_size)
{
	char *copy;

	if (length == 0)
		snprintf(why, why_size,
			 "an empty name in the list of counters");
	else if (length >= COUNTER_NAME_MAX)
		snprintf(why, why_size,
			 "counter '%.*s': a name has at most %d bytes",
			 (int)length, name, COUNTER_NAME_MAX - 1);
	else if (counters->count == COUNTERS_MAX)
		snprintf(why, why_size, "more than %d counters", COUNTERS_MAX);
	else {
		copy = counters->counters[counters->count].name;
		memcpy(copy, name, length);
		copy[length] = '\0';
		if (!list_has(counters, copy)) {
			counters->count++;
			return 0;
		}
		snprintf(why, why_size, "counter '%s' is named twice", copy);
	}
	return -EINVAL;
}

int counter_list_parse(const char *list, struct counters *counters, char *why,
		       unsigned int why_size)
{
	const char *end;
	const char *next;
	int error;

	memset(counters, 0, sizeof(*counters));
	for (;; list = next + 1) {
		next = strchrnul(list, ',');
		while (list < next && isspace((unsigned char)*list))
			list++;
		end = next;
		while (list < end && isspace((unsigned char)end[-1]))
			end--;
		error = list_add(counters, list, (size_t)(end - list), why,
				 why_size);
		if (error || *next == '\0')
			return error;
	}
}
