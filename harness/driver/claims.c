/* claims - what a verdict is called, and how a finding is put into words. */
#include "driver/claims.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const claim_verdict_names[CLAIM_VERDICTS] = {
	[CLAIM_UNTOLD] = "cannot tell",
	[CLAIM_HOLDS] = "holds",
	[CLAIM_PARTLY] = "holds for these",
	[CLAIM_FAILS] = "does not hold",
};

void claim_say(struct claim_finding *finding, const char *format, ...)
{
	size_t used = strlen(finding->text);
	size_t room = sizeof(finding->text) - used;
	va_list arguments;
	int wrote;

	va_start(arguments, format);
	wrote = vsnprintf(finding->text + used, room, format, arguments);
	va_end(arguments);
	if (wrote < 0 || (size_t)wrote >= room)
		finding->text[used] = '\0';
}
