/*
 * regrow/library.h - the malloc libraries that go by a name: what file each is,
 * and how its settings are spelled.
 *
 * A name is looked up by library_find(); a path (what has a / in it) is
 * library_unnamed, of which nothing is known. Where no file of a library is
 * installed library_soname() says the first that was looked for, which the
 * loader then does not find.
 */
#ifndef REGROW_LIBRARY_H
#define REGROW_LIBRARY_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A library that goes by a name. */
struct library {
	const char *name;
	const char *sonames[2]; /* the first that is installed */
	const char *prefix; /* of its variables; NULL: it has MALLOC_CONF */
	bool lower; /* the library knows the names in lower case, without it */
	const char *huge; /* the variable that advises huge pages; or NULL */
};

static const struct library library_known[] = {
	{"jemalloc", {"libjemalloc.so.2", "libjemalloc.so.1"}, NULL, false, ""},
	{"mimalloc",
	 {"libmimalloc.so.2", "libmimalloc.so.3"},
	 "MIMALLOC_",
	 true,
	 "MIMALLOC_LARGE_OS_PAGES=1"},
	{"tcmalloc",
	 {"libtcmalloc_minimal.so.4", "libtcmalloc.so.4"},
	 "TCMALLOC_",
	 false,
	 NULL},
};

/* What is a path, and known by nothing. */
static const struct library library_unnamed = {.name = NULL, .prefix = ""};

/* NULL: no path, and a name that nothing goes by. */
static inline const struct library *library_find(const char *name)
{
	for (size_t i = 0; i < sizeof(library_known) / sizeof(library_known[0]);
	     i++)
		if (strcmp(library_known[i].name, name) == 0)
			return &library_known[i];
	return strchr(name, '/') ? &library_unnamed : NULL;
}

static inline bool library_is_jemalloc(const struct library *library)
{
	return library->prefix == NULL;
}

/*
 * Is the name in a file? The loader's cache holds those of all libraries in its
 * folders, a library those of the variables that it reads.
 */
static inline bool library_file_has(const char *path, const char *name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *bytes = MAP_FAILED;
	struct stat status;
	bool has = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && status.st_size > 0)
		bytes = mmap(NULL, (size_t)status.st_size, PROT_READ,
			     MAP_PRIVATE, fd, 0);
	if (bytes != MAP_FAILED) {
		has = memmem(bytes, (size_t)status.st_size, name,
			     strlen(name) + 1);
		munmap(bytes, (size_t)status.st_size);
	}
	close(fd);
	return has;
}

/* Of a library that has a name: the file that is installed. */
static inline const char *library_soname(const struct library *library)
{
	bool second =
		!library_file_has("/etc/ld.so.cache", library->sonames[0]) &&
		library_file_has("/etc/ld.so.cache", library->sonames[1]);

	return library->sonames[second];
}

#endif
