/*
 * comparing - two sides made up, compared, and what came of it.
 *
 * Include in one file of a test.
 */
#ifndef REGROW_TESTS_COMPARING_H
#define REGROW_TESTS_COMPARING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver/compare.h"
#include "tests/compared.h"

static char root[64];
static struct compare compare;
static struct compare_options options;
static char why[1024];

static inline void comparing_open(void)
{
	scratch_open(root);
	memset(&options, 0, sizeof(options));
}

static inline void comparing_close(void)
{
	compare_free(&compare);
	scratch_close(root);
}

/* In the folder of the test; good until the fourth call from here. */
static inline char *path_of(const char *name)
{
	static char paths[4][128];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", root, name);
	return path;
}

static inline int try_paths(const char *base, const char *new)
{
	const char *paths[] = {base, new};

	compare_free(&compare);
	return compare_make(paths, 2, &options, &compare, why, sizeof(why));
}

static inline void compare_paths(const char *base, const char *new)
{
	if (try_paths(base, new) != 0)
		fail_msg("%s", why);
}

static inline int try_files(const struct compared_run *base,
			    const struct compared_run *new)
{
	const char *one = path_of("base.jsonl"), *other = path_of("new.jsonl");

	compared_write(one, base);
	compared_write(other, new);
	return try_paths(one, other);
}

static inline void compare_files(const struct compared_run *base,
				 const struct compared_run *new)
{
	if (try_files(base, new) != 0)
		fail_msg("%s", why);
}

/* The first row of an allocator. */
static inline const struct compare_row *row_of(const char *allocator)
{
	const struct comparison *comparison = &compare.comparisons[0];

	for (unsigned int i = 0; i < comparison->blocks_count; i++)
		for (unsigned int j = 0; j < comparison->blocks[i].rows_count;
		     j++) {
			const struct compare_row *row =
				&comparison->blocks[i].rows[j];

			if (strcmp(row->base->allocator, allocator) == 0)
				return row;
		}
	fail_msg("no row of %s", allocator);
	return NULL;
}

#endif
