/* export - the samples of results files in the formats of other programs. */
#include "driver/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "driver/output.h"

const struct export_format *const export_formats[] = {
	&export_csv,	  &export_hdr, &export_pyperf,
	&export_benchfmt, &export_sql, NULL,
};

/* A pipe gives its text once; then it stays in memory until it is written. */
static bool can_be_read_again(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/*
 * Reads all files, so that nothing is begun that cannot be ended. read holds
 * what must not be read again, or is the only one.
 */
static int survey(struct export *export, const struct export_request *request,
		  struct results *read)
{
	const struct export_format *format = request->format;
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < request->count; i++) {
		error = results_read(&read[i], request->paths[i], export->why,
				     export->why_size);
		export->number = i + 1;
		if (error == 0 && format->survey)
			error = format->survey(export, read[i].files[0]);
		if (request->count > 1 && can_be_read_again(request->paths[i]))
			results_free(&read[i]);
	}
	return error;
}

static int write_files(struct export *export,
		       const struct export_request *request,
		       struct results *read)
{
	const struct export_format *format = request->format;
	int error = format->begin ? format->begin(export) : 0;

	for (unsigned int i = 0; error == 0 && i < request->count; i++) {
		if (read[i].files_count == 0)
			error = results_read(&read[i], request->paths[i],
					     export->why, export->why_size);
		export->number = i + 1;
		if (error == 0)
			error = format->file(export, read[i].files[0]);
		/* Before anything else sets errno. */
		if (export->stream != NULL)
			error = output_flush(export->stream, error);
		results_free(&read[i]);
	}
	if (error == 0 && format->end)
		error = format->end(export);
	return error;
}

static int write_all(struct export *export,
		     const struct export_request *request, struct results *read)
{
	struct output output;
	int error;

	if (!request->output) {
		export->stream = request->stream;
		return output_flush(export->stream,
				    write_files(export, request, read));
	}
	if (request->format->has_folder) {
		export->folder = request->output;
		if (mkdir(request->output, 0777) != 0 && errno != EEXIST)
			return -errno;
		return write_files(export, request, read);
	}
	error = output_open(&output, request->output);
	if (error != 0)
		return error;
	export->stream = output.stream;
	return output_close(&output, write_files(export, request, read));
}

int export_files(const struct export_request *request, char *why,
		 size_t why_size)
{
	const struct export_format *format = request->format;
	struct export export = {
		.count = request->count, .why = why, .why_size = why_size};
	struct results *read = calloc(request->count, sizeof(*read));
	int error = -ENOMEM;

	why[0] = 0;
	export.state = calloc(1, format->state_size + 1);
	if (read != NULL && export.state != NULL)
		error = survey(&export, request, read);
	if (error == 0)
		error = write_all(&export, request, read);
	if (error != 0 && why[0] == 0)
		snprintf(why, why_size, "cannot write %s%s%s: %s", format->name,
			 request->output ? " to " : "",
			 request->output ? request->output : "",
			 strerror(-error));
	if (format->free && export.state != NULL)
		format->free(&export);
	for (unsigned int i = 0; read != NULL && i < request->count; i++)
		results_free(&read[i]);
	free(export.state);
	free(read);
	return error;
}
