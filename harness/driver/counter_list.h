/* counter_list - the names in a list of counters. */
#ifndef REGROW_COUNTER_LIST_H
#define REGROW_COUNTER_LIST_H

#include "driver/counters.h"

/*
 * Clears counters and gives it the list's names, separated by commas, blanks
 * around them taken off. 0; -EINVAL, with a sentence in why: an empty name, one
 * that is too long or named twice, too many.
 */
int counter_list_parse(const char *list, struct counters *counters, char *why,
		       unsigned int why_size);

#endif
