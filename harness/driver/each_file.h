/*
 * each_file - many results files, read by several threads and handed over one
 * after the other, in their order: each is reduced to what is wanted of it and
 * gone, so that thousands take little memory.
 */
#ifndef REGROW_EACH_FILE_H
#define REGROW_EACH_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/results.h"

/*
 * Takes file number place, from 0; it is freed on return. error and its sentence
 * in why: it cannot be read, and file is NULL; or it has no calibration where
 * units of its machine are asked for, and file is what was read. Returns 0 to go on, else what
 * each_file_read() is to return. Never called by two threads at a time.
 */
typedef int each_file_take(void *context, unsigned int place,
			   const struct results_file *file, int error,
			   const char *why);

/*
 * Reads the files as results_read_lean() does; in_units: in units of the
 * machine of each. One file is in memory at a time for each CPU. 0, or what
 * take returned: no file is taken after that.
 */
int each_file_read(char *const *paths, unsigned int count, bool in_units,
		   each_file_take *take, void *context);

#endif
