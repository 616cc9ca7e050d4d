/* lab - what a machine of the kernel lab is told about itself. */
#include "driver/lab.h"

#include <stdio.h>
#include <string.h>

#include "driver/lines.h"
#include "driver/record.h"

static struct json *facts_check(struct json *facts, char *reason, size_t size)
{
	const char *unit;

	if (!facts)
		return NULL;
	unit = json_text(facts, "clock_unit", "");
	if (!json_is_object(facts))
		snprintf(reason, size, "its first line is no object");
	else if (strcmp(unit, RECORD_CLOCK_UNIT) != 0 &&
		 strcmp(unit, LAB_INSTRUCTIONS) != 0)
		snprintf(reason, size,
			 "its clock_unit is neither \"" RECORD_CLOCK_UNIT
			 "\" nor \"" LAB_INSTRUCTIONS "\"");
	else
		return facts;
	json_free(facts);
	return NULL;
}

struct json *lab_read(const char *path, char *why, size_t why_size)
{
	char reason[512] = "";
	struct json *facts = NULL;
	struct lines lines;
	int error = lines_open(&lines, path, reason, sizeof(reason));

	if (error == 0) {
		error = lines_next(&lines);
		if (error == 1)
			facts = json_parse(lines.text, lines.size, reason,
					   sizeof(reason));
		else if (error == 0)
			snprintf(reason, sizeof(reason), "it is empty");
		facts = facts_check(facts, reason, sizeof(reason));
		lines_close(&lines);
	}
	if (!facts)
		snprintf(why, why_size,
			 "cannot take the facts of the lab from '%s': %s", path,
			 reason[0] ? reason : strerror(-error));
	return facts;
}
