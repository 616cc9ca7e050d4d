/* plugin_folder - where the plug-ins are that were built for the tests. */
#ifndef REGROW_PLUGIN_FOLDER_H
#define REGROW_PLUGIN_FOLDER_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Beside this program; false: its own path cannot be read, or is too long. */
static inline bool plugin_folder(char *path, size_t path_size)
{
	ssize_t length = readlink("/proc/self/exe", path, path_size);
	char *slash;

	if (length < 0 || (size_t)length >= path_size - sizeof("/plugins"))
		return false;
	path[length] = '\0';
	slash = strrchr(path, '/');
	snprintf(slash, sizeof("/plugins"), "/plugins");
	return true;
}

#endif
