/* machines_present - `regrow compare --machines`. */
#include "driver/machines_present.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/cli.h"
#include "driver/drawing_machines.h"
#include "driver/machines_print.h"

#define REASONS_SHOWN 20

static int write_out(const struct machines *machines, enum present_form form)
{
	struct style style = style_of(stdout);
	struct json *json;
	int error;

	if (form == PRESENT_TABLE)
		return machines_print(machines, &style, stdout);
	if (form == PRESENT_MARKDOWN)
		return machines_markdown(machines, stdout);
	json = machines_json(machines);
	if (json == NULL)
		return -ENOMEM;
	error = json_print(json, stdout);
	json_free(json);
	return error;
}

static int draw(const struct machines *machines, const char *path,
		const char *folder, bool quiet)
{
	struct drawings drawings = {0};
	int status;

	if (drawings_machines(machines, &drawings) != 0)
		status = cli_fail(STATUS_FILE, "no memory for the figures");
	else
		status = present_drawings(&drawings, path, folder, quiet);
	drawings_free(&drawings);
	return status;
}

/* Nothing is left to compare: each reason is why. */
static int refuse(const struct machines *machines)
{
	for (unsigned int i = 0; i < machines->apart_count && i < REASONS_SHOWN;
	     i++)
		cli_fail(STATUS_USAGE, "%s%s",
			 machines->apart[i].path[0] &&
					 !machines->apart[i].failed
				 ? "set apart: "
				 : "",
			 machines->apart[i].reason);
	return cli_fail(machines_failed(machines) > 0 ? STATUS_FILE
						      : STATUS_USAGE,
			"not compared: no run is left");
}

static int print_and_draw(const struct machines *machines, const char *path,
			  enum present_form form, bool plot, const char *folder)
{
	unsigned int failed = machines_failed(machines);
	int error = write_out(machines, form);
	int status = STATUS_DONE;

	if (error == 0 && fflush(stdout) != 0)
		error = -errno;
	else if (error == 0 && ferror(stdout))
		error = -EIO;
	if (error != 0)
		return cli_fail(STATUS_FILE, "cannot print the comparison: %s",
				strerror(-error));
	if (plot)
		status = draw(machines, path, folder, form != PRESENT_TABLE);
	if (failed > 0)
		status = cli_fail(STATUS_FILE,
				  "%u of %u files could not be read", failed,
				  machines->files_count);
	return status;
}

int machines_present(char *const *paths, unsigned int count,
		     const struct machines_options *options,
		     enum present_form form, bool plot, const char *folder)
{
	struct machines machines;
	char why[1024];
	int error = machines_make(paths, count, options, &machines, why,
				  sizeof(why));
	int status;

	if (error != 0)
		status = cli_fail(STATUS_FILE, "%s", why);
	else if (machines.runs == 0)
		status = refuse(&machines);
	else
		status =
			print_and_draw(&machines, paths[0], form, plot, folder);
	machines_free(&machines);
	return status;
}
