/* list_error - what is wrong with a list that was typed. */
#include <errno.h>
#include <stdio.h>

#include "driver/list_error.h"

int list_error(int error, const char *list, const char *noun, char *why,
	       size_t why_size)
{
	if (error == -E2BIG)
		snprintf(why, why_size, "an item of the %s '%.80s' is too long",
			 noun, list);
	else
		snprintf(why, why_size,
			 "'%.80s' is no list of %s: an item is empty, or "
			 "brackets do not match",
			 list, noun);
	return error;
}
