/*
 * sysfile - small texts of /proc and /sys, under a root that tests choose.
 *
 * root stands before each path; "" is this system. What cannot be read is
 * missing; sysfile_error() says why.
 */
#ifndef REGROW_SYSFILE_H
#define REGROW_SYSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole text, malloc'ed and ended by 0, of any length; NULL: missing. */
char *sysfile_all(const char *root, const char *path);

/*
 * The text without the white space at its end, cut off where text is full;
 * false, and "", where it is missing or blank.
 */
bool sysfile_text(const char *root, const char *path, char *text, size_t size);

/* Why a file cannot be read: -errno; 0: it can (and may be blank). */
int sysfile_error(const char *root, const char *path);

/*
 * Some files of /proc (mountinfo, swaps) write blanks and the like as \040;
 * makes bytes of these again, in place.
 */
void sysfile_unescape(char *text);

/* The word that stands in brackets: "always [madvise] never". */
bool sysfile_chosen(const char *root, const char *path, char *text,
		    size_t size);

/* A decimal number that is all of the text. */
bool sysfile_count(const char *root, const char *path, uint64_t *value);
bool sysfile_signed(const char *root, const char *path, int64_t *value);

/*
 * Calls visit with each name in the folder that starts with prefix, in the
 * order of version numbers (hugepages-64kB before hugepages-128kB).
 */
void sysfile_each(const char *root, const char *folder, const char *prefix,
		  void (*visit)(void *context, const char *name),
		  void *context);

#endif
