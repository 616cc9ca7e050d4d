/* sysfile - small texts of /proc and /sys, under a root that tests choose. */
#include "driver/sysfile.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_under(const char *root, const char *path)
{
	char full[PATH_MAX];
	int size = snprintf(full, sizeof(full), "%s%s", root, path);

	if (size < 0 || (size_t)size >= sizeof(full)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	return fopen(full, "re");
}

char *sysfile_all(const char *root, const char *path)
{
	FILE *file = open_under(root, path);
	char *text = NULL;
	size_t size = 0;

	if (file == NULL)
		return NULL;
	/* Files of /proc have no length to ask for, and no byte that is 0. */
	if (getdelim(&text, &size, 0, file) < 0) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

bool sysfile_text(const char *root, const char *path, char *text, size_t size)
{
	FILE *file = open_under(root, path);
	size_t length = 0;

	if (file != NULL) {
		length = fread(text, 1, size - 1, file);
		fclose(file);
	}
	while (length > 0 && strchr(" \t\n", text[length - 1]) != NULL)
		length--;
	text[length] = 0;
	return length > 0;
}

int sysfile_error(const char *root, const char *path)
{
	FILE *file = open_under(root, path);
	int error = 0;

	if (file == NULL)
		return errno != 0 ? -errno : -EIO;
	/* A folder, and a feature that is turned off, open but do not read. */
	errno = 0;
	if (fgetc(file) == EOF && ferror(file))
		error = errno != 0 ? -errno : -EIO;
	fclose(file);
	return error;
}

void sysfile_unescape(char *text)
{
	char *to = text;

	for (; *text != 0; text++) {
		unsigned int byte;
		int length = 0;

		if (sscanf(text, "\\%3o%n", &byte, &length) == 1 &&
		    length == 4) {
			*to++ = (char)byte;
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = 0;
}

bool sysfile_chosen(const char *root, const char *path, char *text, size_t size)
{
	char all[256];
	char *start;
	char *end;

	text[0] = 0;
	if (!sysfile_text(root, path, all, sizeof(all)))
		return false;
	start = strchr(all, '[');
	end = start != NULL ? strchr(start, ']') : NULL;
	if (end == NULL || (size_t)(end - start) > size)
		return false;
	*end = 0;
	memcpy(text, start + 1, (size_t)(end - start));
	return true;
}

bool sysfile_signed(const char *root, const char *path, int64_t *value)
{
	char text[32];
	char *end;

	if (!sysfile_text(root, path, text, sizeof(text)))
		return false;
	errno = 0;
	*value = strtoll(text, &end, 10);
	return *end == 0 && errno == 0;
}

bool sysfile_count(const char *root, const char *path, uint64_t *value)
{
	char text[32];
	char *end;

	if (!sysfile_text(root, path, text, sizeof(text)) || text[0] == '-')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return *end == 0 && errno == 0;
}

void sysfile_each(const char *root, const char *folder, const char *prefix,
		  void (*visit)(void *context, const char *name), void *context)
{
	char full[PATH_MAX];
	struct dirent **entries;
	int size = snprintf(full, sizeof(full), "%s%s", root, folder);
	int count;

	if (size < 0 || (size_t)size >= sizeof(full))
		return;
	count = scandir(full, &entries, NULL, versionsort);
	if (count < 0)
		return;
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (name[0] != '.' &&
		    strncmp(name, prefix, strlen(prefix)) == 0)
			visit(context, name);
		free(entries[i]);
	}
	free(entries);
}
