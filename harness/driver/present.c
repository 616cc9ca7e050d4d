/* present - results files as people see them: the table, the figures. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/cli.h"
#include "driver/group_units.h"
#include "driver/plot.h"
#include "driver/results.h"
#include "driver/present.h"
#include "driver/style.h"
#include "driver/table.h"

int present_read(struct results *results, const char *const *paths,
		 unsigned int count)
{
	char why[512];

	for (unsigned int i = 0; i < count; i++)
		if (results_read(results, paths[i], why, sizeof(why)) != 0)
			return cli_fail(STATUS_FILE, "%s", why);
	return STATUS_DONE;
}

/* As present_read(); all files in units of their machines, where asked for. */
static int read_in_units(struct results *results, const char *const *paths,
			 unsigned int count, bool machine)
{
	int status = present_read(results, paths, count);
	char why[512];

	for (size_t i = 0; !status && machine && i < results->files_count; i++)
		if (group_units_take_machine(results->files[i], why,
					     sizeof(why)) != 0)
			status = cli_fail(STATUS_FILE, "%s", why);
	return status;
}

static int table_write(const struct results_file *file, bool json)
{
	struct style style = style_of(stdout);
	struct json *table;
	int error;

	if (!json)
		return table_print(file, &style, stdout);
	table = table_json(file);
	if (!table)
		return -ENOMEM;
	error = json_print(table, stdout);
	json_free(table);
	return error;
}

int present_table(const char *path, bool json, bool machine)
{
	struct results results = {0};
	int status = read_in_units(&results, &path, 1, machine);
	int error;

	if (status)
		goto out;
	error = table_write(results.files[0], json);
	if (!error && (fflush(stdout) != 0 || ferror(stdout)))
		error = -EIO;
	if (error)
		status = cli_fail(STATUS_FILE, "cannot print the table: %s",
				  strerror(-error));
out:
	results_free(&results);
	return status;
}

struct told {
	const char *folder;
	bool quiet;
};

static void drawing_told(void *context, const struct drawing *drawing,
			 const char *why)
{
	const struct told *told = context;

	if (why && !drawing->why_not[0])
		fprintf(stderr, "regrow: no figure %s: %s\n", drawing->stem,
			why);
	else if (why && !told->quiet)
		printf("no figure %s: %s\n", drawing->stem, why);
	else if (!told->quiet)
		printf("%s/%s.svg, .png\n", told->folder, drawing->stem);
}

/* Beside the results file: its path without its ending, or with .plots. */
static void folder_beside(const char *path, char *folder, size_t size)
{
	size_t stem = results_path_stem(path);

	if (path[stem] != 0)
		snprintf(folder, size, "%.*s", (int)stem, path);
	else
		snprintf(folder, size, "%s.plots", path);
}

int present_drawings(const struct drawings *drawings, const char *path,
		     const char *folder, bool quiet)
{
	char beside[4096];
	struct told told = {.quiet = quiet};
	struct plot_report report;
	char why[512] = "";
	int error;

	if (!folder) {
		folder_beside(path, beside, sizeof(beside));
		folder = beside;
	}
	told.folder = folder;
	error = plot_draw(drawings, folder, drawing_told, &told, &report, why,
			  sizeof(why));

	if (error == -ENOENT) {
		fprintf(stderr, "regrow: %s\n", why);
		return STATUS_DONE;
	}
	if (error)
		return cli_fail(STATUS_FILE, "%s", why);
	return STATUS_DONE;
}

int present_plots(const char *const *paths, unsigned int count,
		  const char *folder, bool machine, bool quiet)
{
	struct results results = {0};
	struct drawings drawings = {0};
	int status = read_in_units(&results, paths, count, machine);

	if (!status && drawings_make(&results, &drawings) != 0)
		status = cli_fail(STATUS_FILE, "no memory for the figures");
	if (!status)
		status = present_drawings(&drawings, paths[0], folder, quiet);
	drawings_free(&drawings);
	results_free(&results);
	return status;
}
