/* scratch - a folder of files made up for a test. */
#ifndef REGROW_SCRATCH_H
#define REGROW_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SCRATCH_PATH_SIZE 64

/* Where TMPDIR says, or where programs put such files. */
static inline void scratch_name(char *path)
{
	const char *folder = getenv("TMPDIR");
	int length = snprintf(path, SCRATCH_PATH_SIZE, "%s/regrow-test-XXXXXX",
			      folder && folder[0] != '\0' ? folder : P_tmpdir);

	if (length >= SCRATCH_PATH_SIZE)
		snprintf(path, SCRATCH_PATH_SIZE,
			 P_tmpdir "/regrow-test-XXXXXX");
}

/* A new, empty folder; its path in root (SCRATCH_PATH_SIZE). */
static inline void scratch_open(char *root)
{
	scratch_name(root);
	if (!mkdtemp(root))
		abort();
}

/* A new, empty file, open; its path likewise. */
static inline int scratch_file(char *path)
{
	int descriptor;

	scratch_name(path);
	descriptor = mkstemp(path);
	if (descriptor < 0)
		abort();
	return descriptor;
}

/* The file root/path with that text, its folders made. */
static inline void scratch_write(const char *root, const char *path,
				 const char *contents)
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
	if (!file || fputs(contents, file) < 0 || fclose(file) != 0)
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
