/* plot - draws the figures of results files: data files, then gnuplot. */
#include "driver/plot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/beside.h"
#include "driver/gnuplot.h"

#define SCRIPTS_VARIABLE "REGROW_PLOT_DIR"

int plot_scripts(char *folder, size_t folder_size, char *why, size_t why_size)
{
	const char *asked = getenv(SCRIPTS_VARIABLE);

	/* Absolute, as gnuplot takes a name that begins with < for a pipe. */
	if (beside_find(SCRIPTS_VARIABLE, "plot", "style.gp", folder,
			folder_size) == 0)
		return 0;
	if (asked && *asked)
		snprintf(why, why_size,
			 "no plot scripts in %s: REGROW_PLOT_DIR is to name "
			 "the folder of style.gp",
			 asked);
	else
		snprintf(why, why_size,
			 "no plot scripts beside the binary (plot/ or "
			 "share/regrow/plot/): set REGROW_PLOT_DIR to the "
			 "folder of style.gp");
	return -ENXIO;
}

/* Makes a folder and those above it; 0 or -errno. */
static int make_folders(const char *folder)
{
	char path[PATH_MAX];
	struct stat status;
	size_t i, length = strlen(folder);

	if (length == 0 || length >= sizeof(path))
		return length ? -ENAMETOOLONG : -EINVAL;
	memcpy(path, folder, length + 1);
	for (i = 1; i <= length; i++) {
		if (path[i] != '/' && path[i] != 0)
			continue;
		path[i] = 0;
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			return -errno;
		path[i] = i < length ? '/' : 0;
	}
	if (stat(path, &status) != 0)
		return -errno;
	return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

static int write_data(const char *folder, const struct drawing *drawing)
{
	char path[PATH_MAX];
	FILE *stream;
	size_t written;

	if (snprintf(path, sizeof(path), "%s/data/%s.tsv", folder,
		     drawing->stem) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	stream = fopen(path, "we");
	if (!stream)
		return -errno;
	written = fwrite(drawing->data, 1, drawing->data_size, stream);
	if (fclose(stream) != 0 || written != drawing->data_size)
		return -(errno ? errno : EIO);
	return 0;
}

/* folder/data exists, found is folder's absolute path, all data is in it. */
static int write_all(const struct drawings *drawings, const char *folder,
		     char found[PATH_MAX], char *why, size_t why_size)
{
	char data[PATH_MAX];
	unsigned int i;
	int result;

	if (snprintf(data, sizeof(data), "%s/data", folder) >=
	    (int)sizeof(data))
		result = -ENAMETOOLONG;
	else
		result = make_folders(*folder ? data : folder);
	if (result == 0 && !realpath(folder, found))
		result = -errno;
	for (i = 0; i < drawings->count && result == 0; i++)
		if (drawings->list[i].data)
			result = write_data(found, &drawings->list[i]);
	if (result)
		snprintf(why, why_size, "cannot write plots to '%s': %s",
			 folder, strerror(-result));
	/* That code says that there is no gnuplot. */
	return result == -ENOENT ? -EINVAL : result;
}

int plot_draw(const struct drawings *drawings, const char *folder,
	      plot_told *told, void *context, struct plot_report *report,
	      char *why, size_t why_size)
{
	char found[PATH_MAX], scripts[PATH_MAX], trouble[512];
	unsigned int i;
	int result;

	*report = (struct plot_report){.drawn = 0};
	result = write_all(drawings, folder, found, why, why_size);
	if (result)
		return result;
	result = plot_scripts(scripts, sizeof(scripts), why, why_size);
	for (i = 0; i < drawings->count && result == 0; i++) {
		const struct drawing *drawing = &drawings->list[i];
		const char *reason = NULL;

		if (drawing->why_not[0]) {
			reason = drawing->why_not;
			report->empty++;
		} else {
			result = gnuplot_draw(drawing, scripts, found, trouble,
					      sizeof(trouble));
			if (result == -ENOENT)
				break;
			if (result)
				reason = trouble;
			report->failed += result != 0;
			report->drawn += result == 0;
			result = 0;
		}
		if (told)
			told(context, drawing, reason);
	}
	if (result == -ENOENT) {
		snprintf(why, why_size,
			 "gnuplot is not installed, so nothing was drawn; the "
			 "data is in %s/data (install gnuplot-nox or gnuplot, "
			 "or run 'make deps')",
			 folder);
	} else if (result == 0 && report->failed) {
		snprintf(why, why_size, "%u of %u figures were not drawn: %s",
			 report->failed, report->failed + report->drawn,
			 trouble);
		result = -EPROTO;
	}
	return result;
}
