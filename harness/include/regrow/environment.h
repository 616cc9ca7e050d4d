/*
 * regrow/environment.h - adding a variable to what an allocator's environment()
 * hook asks for.
 *
 * The caller adds no more than ENVIRONMENT_ENTRIES_MAX; what is longer than an
 * entry is cut.
 */
#ifndef REGROW_ENVIRONMENT_H
#define REGROW_ENVIRONMENT_H

#include <stdarg.h>
#include <stdio.h>

#include <regrow/allocator.h>

__attribute__((format(printf, 2, 3))) static inline void
environment_add(struct environment *environment, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(environment->entries[environment->count++],
		  sizeof(environment->entries[0]), format, arguments);
	va_end(arguments);
}

#endif
