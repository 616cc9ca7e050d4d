/* plan_same_files - whether two files were to measure the same. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/lines.h"
#include "driver/plan_same.h"

/* The first line of a file, where it has a plan. */
static int read_plan(const char *path, struct json **line, char *why,
		     size_t why_size)
{
	char reason[512] = "";
	struct lines lines;
	int error = lines_open(&lines, path, reason, sizeof(reason));

	*line = NULL;
	if (error == 0) {
		error = lines_next(&lines);
		if (error == 1)
			*line = json_parse(lines.text, lines.size, reason,
					   sizeof(reason));
		if (error >= 0)
			error = json_is_object(json_get(*line, "plan"))
					? 0
					: -EBADMSG;
		lines_close(&lines);
	}
	if (error != 0)
		snprintf(why, why_size, "cannot take the plan of '%s': %s",
			 path,
			 reason[0]	     ? reason
			 : error == -EBADMSG ? "its first line holds none"
					     : strerror(-error));
	return error;
}

int plan_same_files(const char *path, const char *other_path, char *why,
		    size_t why_size)
{
	struct json *line = NULL;
	struct json *other = NULL;
	char reason[768];
	int error = read_plan(path, &line, why, why_size);

	if (error == 0)
		error = read_plan(other_path, &other, why, why_size);
	if (error == 0 && !plan_same(line, other, reason, sizeof(reason))) {
		error = -ESTALE;
		snprintf(why, why_size, "'%s' is of another plan than '%s': %s",
			 path, other_path, reason);
	}
	json_free(line);
	json_free(other);
	return error;
}
