/* doctor_script - the doctor's commands as a script for /bin/sh. */
#include <stdlib.h>
#include <string.h>

#include "driver/doctor_print.h"

/* What came from a file must not end the comment. */
static void print_comment(const char *name, const char *text, FILE *stream)
{
	static const struct style ascii = {.utf8 = false};
	char clean[512];

	style_clean(&ascii, text, clean, sizeof(clean));
	fprintf(stream, "# %s: %s\n", name, clean);
}

static void print_finding(const struct doctor_finding *finding, bool undo,
			  FILE *stream)
{
	const char *commands = undo ? finding->undo : finding->change;

	if (commands == NULL)
		return;
	print_comment(finding->name, finding->is != NULL ? finding->is : "",
		      stream);
	if (finding->means == DOCTOR_ROOT)
		fprintf(stream, "%s\n", commands);
	else
		print_comment(finding->means == DOCTOR_BOOT
				      ? "boot the kernel with"
				      : "start by",
			      commands, stream);
}

void doctor_print_script(const struct doctor_report *report, bool undo,
			 FILE *stream)
{
	fprintf(stream, "#!/bin/sh\n# As root. %s\n",
		undo ? "Sets back what there was when this was printed."
		     : "Print the script that undoes this before: regrow "
		       "doctor --script=undo");
	for (unsigned int i = 0; i < report->count; i++)
		print_finding(
			&report->findings[undo ? report->count - 1 - i : i],
			undo, stream);
}
