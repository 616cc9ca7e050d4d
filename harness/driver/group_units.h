/*
 * group_units - in what a group's times are given: as they are, which may be
 * instructions, or in units of the machine where its file has those.
 */
#ifndef REGROW_GROUP_UNITS_H
#define REGROW_GROUP_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/machine_units.h"
#include "driver/results.h"

/*
 * Sets file->machine from the calibration line, so that its times are given in
 * units of the machine. 0 or -errno and one sentence in why: the file has no
 * calibration that can be used.
 */
int group_units_take_machine(struct results_file *file, char *why,
			     size_t why_size);

/* Whether a file's clock, one of the kernel lab, counts instructions. */
bool group_units_counts_instructions(const struct results_file *file);

/* What a file's times are without units of its machine. */
struct machine_unit group_units_of_file(const struct results_file *file);

/* What the plan says that an allocator copies which copies each growth. */
struct group_copies {
	double bytes;
	double growths;
};
struct group_copies group_units_copies(const struct results_group *group,
				       const struct results_file *file);

/* Of the time of a sample, of a call, of a growth to so many bytes. */
struct machine_unit group_units_of_sample(const struct results_group *group,
					  const struct results_file *file);
struct machine_unit group_units_of_call(const struct results_file *file);
struct machine_unit group_units_of_growth(const struct results_file *file,
					  double bytes);

#endif
