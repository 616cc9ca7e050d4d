/* scratch - a folder of files made up for a test. */
#ifndef REGROW_SCRATCH_H
#define REGROW_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A new, empty folder; its path in root (64 bytes). */
static inline void scratch_open(char *root)
{
	snprintf(root, 64, "/tmp/regrow-test-XXXXXX");
	if (!mkdtemp(root))
		abort();
}

/* The file root/path with that text, its folders made. */
static inline void scratch_write(const char *root, const char *path,
				 const char *text)
{
	char name[512];
	FILE *file;

	snprintf(name, sizeof(name), "%s/%s", root, path);
	for (char *at = strchr(name + strlen(root) + 1, '/'); at;
	     at = strchr(at + 1, '/')) {
		*at = '\0';
		(void)mkdir(name, 0755);
		*at = '/';
	}
	file = fopen(name, "we");
	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		abort();
}

static inline int scratch_remove(const char *path, const struct stat *status,
				 int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static inline void scratch_close(const char *root)
{
	if (nftw(root, scratch_remove, 8, FTW_DEPTH | FTW_PHYS) != 0)
		abort();
}

#endif
