/*
 * regrow/library_identity.h - whether the library that was asked for is the one
 * that serves malloc, and which version it is.
 *
 * -ELIBACC: another serves, or only a part is served; -EINVAL: conf= names a
 * setting that the library does not have; -ELIBBAD: it serves wrongly. why says
 * which. Blocks are asked for here, outside every measurement.
 */
#ifndef REGROW_LIBRARY_IDENTITY_H
#define REGROW_LIBRARY_IDENTITY_H

#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <regrow/identity.h>
#include <regrow/library.h>
#include <regrow/library_settings.h>

/* A name that the library says its version by, where it is the one. */
static inline uintptr_t library_symbol(const struct identity *identity,
				       const char *name)
{
	uintptr_t address = (uintptr_t)dlsym(RTLD_DEFAULT, name);
	Dl_info info;

	return address && dladdr((void *)address, &info) &&
			       strcmp(info.dli_fname, identity->file) == 0
		       ? address
		       : 0;
}

/* mallctl(3), mi_version(), tc_version(): whichever it has. */
static inline void library_version_read(struct identity *identity)
{
	int (*mallctl)(const char *, void *, size_t *, void *, size_t) =
		(int (*)(const char *, void *, size_t *, void *,
			 size_t))library_symbol(identity, "mallctl");
	int (*mi_version)(void) =
		(int (*)(void))library_symbol(identity, "mi_version");
	const char *(*tc_version)(int *, int *, const char **) =
		(const char *(*)(int *, int *, const char **))library_symbol(
			identity, "tc_version");
	char *into = identity->version;
	size_t room = sizeof(identity->version), size = sizeof(char *);
	const char *text = NULL;

	if (mallctl && mallctl("version", &text, &size, NULL, 0) == 0 && text) {
		snprintf(into, room, "%s", text);
	} else if (mi_version) {
		int number = mi_version(); /* 209: 2.0.9 */

		snprintf(into, room, "%d.%d.%d", number / 100, number / 10 % 10,
			 number % 10);
	} else if (tc_version) {
		int major, minor;

		snprintf(into, room, "%s", tc_version(&major, &minor, &text));
	}
}

/* Is it the file that was asked for? */
static inline bool library_is_asked_for(const struct library *library,
					const char *asked_name,
					const char *file)
{
	struct stat asked, loaded;
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;

	if (library != &library_unnamed)
		return strcmp(name, library->sonames[0]) == 0 ||
		       strcmp(name, library->sonames[1]) == 0;
	return stat(asked_name, &asked) == 0 && stat(file, &loaded) == 0 &&
	       asked.st_dev == loaded.st_dev && asked.st_ino == loaded.st_ino;
}

/* All that is called here must be one library's. */
static inline int library_servers_check(const struct identity *identity,
					char *why, size_t why_size)
{
	const struct {
		const char *name;
		uintptr_t address;
	} called[] = {
		{"realloc", (uintptr_t)realloc},
		{"free", (uintptr_t)free},
		{"posix_memalign", (uintptr_t)posix_memalign},
		{"malloc_usable_size", (uintptr_t)malloc_usable_size},
	};
	struct identity other;

	for (size_t i = 0; i < sizeof(called) / sizeof(called[0]); i++) {
		if (identity_find(called[i].address, &other) == 0 &&
		    strcmp(other.file, identity->file) == 0)
			continue;
		snprintf(why, why_size, "%s has malloc, but %s is that of %s",
			 identity->file, called[i].name, other.file);
		return -ELIBACC;
	}
	return 0;
}

/* A setting whose name is nowhere in the library is not read by it. */
static inline int library_settings_check(const struct library *library,
					 const char *conf,
					 const struct identity *identity,
					 char *why, size_t why_size)
{
	struct environment set = {.count = 0};
	size_t prefix = library->prefix ? strlen(library->prefix) : 0;

	if (prefix == 0)
		return 0; /* jemalloc ends; of others no name is known */
	settings_read(library, conf, &set, why, why_size);
	for (unsigned int i = 0; i < set.count; i++) {
		char *name = set.entries[i] + (library->lower ? prefix : 0);

		*strchr(name, '=') = '\0';
		for (char *byte = name; library->lower && *byte; byte++)
			*byte = (char)tolower((unsigned char)*byte);
		if (library_file_has(identity->file, name))
			continue;
		snprintf(why, why_size, "conf=: %s has no setting '%s'",
			 identity->file, name);
		return -EINVAL;
	}
	return 0;
}

/* One block through all that is called, so that what is loaded also works. */
static inline bool library_works(void)
{
	const size_t size = 100, new_size = (size_t)1 << 20;
	unsigned char *block = malloc(size), *grown;
	void *aligned = NULL;
	bool works;

	if (!block)
		return false;
	memset(block, 0x5a, size);
	grown = realloc(block, new_size);
	if (!grown) {
		free(block);
		return false;
	}
	works = malloc_usable_size(grown) >= new_size;
	for (size_t i = 0; i < size; i++)
		works &= grown[i] == 0x5a;
	free(grown);
	works &= posix_memalign(&aligned, 64, size) == 0 &&
		 (uintptr_t)aligned % 64 == 0;
	free(aligned);
	return works;
}

/* Of lib=name, which is library. */
static inline int library_identify(const struct library *library,
				   const char *name, const char *conf,
				   struct identity *identity, char *why,
				   size_t why_size)
{
	int error = identity_find((uintptr_t)malloc, identity);

	if (error || !library_is_asked_for(library, name, identity->file)) {
		snprintf(why, why_size,
			 "blocks come from %s: %s is not loaded, or has "
			 "no malloc",
			 error ? "a static program" : identity->file,
			 library == &library_unnamed ? name
						     : library_soname(library));
		return -ELIBACC;
	}
	error = library_servers_check(identity, why, why_size);
	if (!error)
		error = library_settings_check(library, conf, identity, why,
					       why_size);
	if (error)
		return error;
	if (!library_works()) {
		snprintf(why, why_size, "%s does not serve a block as it must",
			 identity->file);
		return -ELIBBAD;
	}
	library_version_read(identity);
	return 0;
}

#endif
