/* output - a file that is whole when it appears under its name. */
#include "driver/output.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether there is something at path that rename() must not replace. */
static bool is_special(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

int output_open(struct output *output, const char *path)
{
	const char *name = path;

	output->renamed = false;
	if (!is_special(path)) {
		output->renamed = true;
		name = output->begun;
		if (snprintf(output->path, sizeof(output->path), "%s", path) >=
			    (int)sizeof(output->path) ||
		    snprintf(output->begun, sizeof(output->begun), "%s.%ld.new",
			     path,
			     (long)getpid()) >= (int)sizeof(output->begun))
			return -ENAMETOOLONG;
	}
	output->stream = fopen(name, "we");
	return output->stream == NULL ? -errno : 0;
}

int output_flush(FILE *stream, int error)
{
	if ((fflush(stream) != 0 || ferror(stream)) && error == 0)
		error = errno != 0 ? -errno : -EIO;
	return error;
}

int output_close(struct output *output, int error)
{
	error = output_flush(output->stream, error);
	if (fclose(output->stream) != 0 && error == 0)
		error = -errno;
	if (error == 0 && output->renamed &&
	    rename(output->begun, output->path) != 0)
		error = -errno;
	if (error != 0 && output->renamed)
		unlink(output->begun);
	return error;
}
