/*
 * spec_value - one option's value: read, compared, and written as it stands in
 * a canonical spelling.
 */
#ifndef REGROW_SPEC_VALUE_H
#define REGROW_SPEC_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include <regrow/option.h>

/*
 * Fills number from text. 0, or -EINVAL and in why what is wrong with the
 * value, as the end of a sentence; -ENODATA: with its file. OPTION_TEXT and
 * OPTION_ALLOCATOR have no number: 0.
 */
int spec_value_read(const struct option_entry *option,
		    struct option_value *value, char *why, size_t why_size);

/* Of texts the bytes count, of all others the number. */
bool spec_value_equal(const struct option_entry *option,
		      const struct option_value *a,
		      const struct option_value *b);

/*
 * The value as it is spelled in a canonical form, without brackets: a choice by
 * its name, a size exactly, a text as it is. The number of bytes that it takes,
 * as snprintf.
 */
size_t spec_value_write(const struct option_entry *option,
			const struct option_value *value, char *text,
			size_t size);

#endif
