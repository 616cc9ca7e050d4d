/* list_error - what is wrong with a list that was typed, in a sentence. */
#ifndef REGROW_LIST_ERROR_H
#define REGROW_LIST_ERROR_H

#include <stddef.h>

/*
 * error: of spec_list_item(), or -EINVAL: the list is empty. noun: "allocators".
 * Returns error.
 */
int list_error(int error, const char *list, const char *noun, char *why,
	       size_t why_size);

#endif
