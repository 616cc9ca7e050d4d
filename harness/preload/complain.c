/* complain - what the library says on standard error, without stdio. */
#include "preload/complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void complain(const char *format, ...)
{
	char text[2000];
	size_t used = (size_t)snprintf(text, sizeof(text), "regrow-preload: ");
	va_list arguments;
	int more;

	va_start(arguments, format);
	more = vsnprintf(text + used, sizeof(text) - 1 - used, format,
			 arguments);
	va_end(arguments);
	if (more > 0)
		used += (size_t)more;
	if (used > sizeof(text) - 1)
		used = sizeof(text) - 1;
	text[used++] = '\n';
	/* Where it cannot be said, nobody wants to hear it. */
	if (write(STDERR_FILENO, text, used) < 0)
		return;
}
