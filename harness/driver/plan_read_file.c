/* plan_read_file - the plan in the first line of a file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/lines.h"
#include "driver/plan_read.h"
#include "driver/record.h"

static int read_line(const struct json *line, struct plan *plan, char *why,
		     size_t why_size)
{
	if (!json_is_object(line) || json_get(line, "plan") == NULL) {
		snprintf(why, why_size,
			 "its first line holds no plan: it is neither a "
			 "results file nor what --dry-run --json prints");
		return -EBADMSG;
	}
	if (json_count(line, "format", 1) > RECORD_FORMAT) {
		snprintf(why, why_size,
			 "it has a later format than %d: use a later regrow",
			 RECORD_FORMAT);
		return -EPROTONOSUPPORT;
	}
	return plan_read(line, plan, why, why_size);
}

int plan_read_file(const char *path, struct plan *plan, char *why,
		   size_t why_size)
{
	char reason[512] = "";
	struct json *line = NULL;
	struct lines lines;
	int error = lines_open(&lines, path, reason, sizeof(reason));

	if (error == 0) {
		error = lines_next(&lines);
		if (error == 1)
			line = json_parse(lines.text, lines.size, reason,
					  sizeof(reason));
		else if (error == 0)
			snprintf(reason, sizeof(reason), "it is empty");
		if (error >= 0)
			error = line == NULL ? -EBADMSG
					     : read_line(line, plan, reason,
							 sizeof(reason));
		json_free(line);
		lines_close(&lines);
	}
	if (error != 0)
		snprintf(why, why_size, "cannot take the plan of '%s': %s",
			 path, reason[0] ? reason : strerror(-error));
	return error;
}
