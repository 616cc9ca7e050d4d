/* beside - where the files that belong to regrow are. */
#include "driver/beside.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has_file(const char *folder, const char *file)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s", folder, file) <
		       (int)sizeof(path) &&
	       access(path, R_OK) == 0;
}

/* The folder of this binary, without a / at its end. */
static int binary_folder(char *folder, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", folder, size - 1);
	char *slash;

	if (length < 0)
		return -errno;
	folder[length] = 0;
	slash = strrchr(folder, '/');
	if (!slash)
		return -ENXIO;
	*slash = 0;
	return 0;
}

int beside_find(const char *variable, const char *name, const char *file,
		char *folder, size_t folder_size)
{
	static const char *const beside[] = {"..", "../..", "../share/regrow"};
	const char *asked = getenv(variable);
	char binary[PATH_MAX], found[PATH_MAX], path[PATH_MAX * 2] = "";
	size_t i;

	if (asked && *asked) {
		if (has_file(asked, file))
			snprintf(path, sizeof(path), "%s", asked);
	} else if (binary_folder(binary, sizeof(binary)) == 0) {
		for (i = 0; i < sizeof(beside) / sizeof(*beside); i++) {
			snprintf(path, sizeof(path), "%s/%s/%s", binary,
				 beside[i], name);
			if (has_file(path, file))
				break;
			path[0] = 0;
		}
	}
	if (!path[0] || !realpath(path, found) || strlen(found) >= folder_size)
		return -ENXIO;
	snprintf(folder, folder_size, "%s", found);
	return 0;
}
