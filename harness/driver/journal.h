/*
 * journal - writes a results file line by line, so that it can be read whatever
 * happens to the writer.
 *
 * Each line is one write(2) at the file's end. A writer that is killed leaves
 * at most one torn last line; one that runs into a full disk leaves none.
 */
#ifndef REGROW_JOURNAL_H
#define REGROW_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "driver/json.h"

#define JOURNAL_PATH_MAX 4096

struct journal {
	int fd; /* -1: closed */
	int error; /* -errno that ended the writing: a torn line could not be taken back */
	bool regular; /* a file that can be cut and synced; not a pipe or device */
	uint64_t size; /* bytes of whole lines in the file, or written here */
	uint64_t lines;
	char path[JOURNAL_PATH_MAX];
};

/*
 * Whether journal_create() could make the file at path, as far as that can be
 * said without making it. 0, or -errno and a sentence in why.
 */
int journal_check(const char *path, char *why, size_t why_size);

/*
 * Makes the file at path. An existing one is never overwritten or added to,
 * unless it is empty, a pipe or a device. A regular file is locked (flock(2)),
 * so that no second process adds to it. 0, or -errno and one sentence in why
 * (directory missing or not writable, file exists, or is written to): nothing
 * was measured yet.
 */
int journal_create(const char *path, struct journal *journal, char *why,
		   size_t why_size);

/*
 * The same in directory under the standard name, YYYY-MM-DDTHH-MM-SSZ-ALLOC
 * .jsonl with what is not safe in a file's name replaced; -2, -3 and so on
 * where that exists.
 */
int journal_create_named(const char *directory, time_t started,
			 const char *allocators, struct journal *journal,
			 char *why, size_t why_size);

/*
 * Opens an existing regular file that holds something, to add lines to it, and
 * locks it; nothing is changed yet: before the first line journal_mend() must
 * be called. 0, or -errno and one sentence in why (no such file, not regular,
 * not writable; -EWOULDBLOCK: another process writes to it; -ENODATA: empty;
 * -EMEDIUMTYPE: compressed).
 */
int journal_append(const char *path, struct journal *journal, char *why,
		   size_t why_size);

/*
 * Makes the file end with a whole line: one that lacks its newline is cut off
 * where it is torn, and gets its newline where it is whole otherwise. 0 or
 * -errno.
 */
int journal_mend(struct journal *journal, bool torn);

/*
 * Adds one line. 0, -ENOMEM (nothing was written), or another -errno (disk
 * full): the file then ends with the line before, or, where it could not be
 * cut, with a torn line that no later one follows: every later call fails.
 */
int journal_write(struct journal *journal, const struct json *line);

/* Down to the disk; 0 or -errno. Does nothing for a pipe or a device. */
int journal_sync(struct journal *journal);

/* 0, or -errno of the sync or the close; journal->path stays. */
int journal_close(struct journal *journal);

#endif
