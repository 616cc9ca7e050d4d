/* machines_parts - the pieces of machines; for the machines_ files alone. */
#ifndef REGROW_MACHINES_PARTS_H
#define REGROW_MACHINES_PARTS_H

#include "driver/machines.h"
#include "driver/results.h"

/* All results files of paths, sorted, each once. As machines_make(). */
int machines_find_files(struct machines *machines, char *const *paths,
			unsigned int count, char *why, size_t why_size);

/* The machine (kernel) of a run line; its place. 0 or -ENOMEM. */
int machines_find_machine(struct machines *machines, const struct json *run,
			  unsigned int *place);
int machines_find_kernel(struct machines *machines, const struct json *run,
			 unsigned int *place);
/* As versions sort; groups refer to them anew. 0 or -ENOMEM. */
int machines_sort_kernels(struct machines *machines);
/* Names for all machines. 0 or -ENOMEM. */
int machines_name(struct machines *machines);

/* A run that is in no table. 0 or -ENOMEM. */
int machines_set_apart(struct machines *machines, const char *reason,
		       const char *path, unsigned int runs, bool failed);

/* Takes what is wanted of a run; the file can be freed then. 0 or -ENOMEM. */
int machines_reduce(struct machines *machines, const struct results_file *file);

/* Which blocks are apart; medians, intervals, verdicts. 0 or -ENOMEM. */
int machines_judge(struct machines *machines);

/* An array with room for one more; NULL where memory ran out. */
void *machines_grow(void *list, unsigned int count, size_t size);

#endif
