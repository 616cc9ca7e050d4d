/*
 * regrow/refuse.h - the sentence that says why a value is refused, for the hooks
 * that are given a why of why_size bytes.
 */
#ifndef REGROW_REFUSE_H
#define REGROW_REFUSE_H

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Always -EINVAL; a longer sentence is cut. */
__attribute__((format(printf, 3, 4))) static inline int
refuse(char *why, size_t why_size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, why_size, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

#endif
