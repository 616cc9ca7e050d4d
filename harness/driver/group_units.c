/* group_units - in what a group's times are given. */
#include "driver/group_units.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/lab.h"

int group_units_take_machine(struct results_file *file, char *why,
			     size_t why_size)
{
	struct calibration *machine = malloc(sizeof(*machine));
	int error = -ENOMEM;

	if (machine)
		error = file->calibration ? calibrate_from_json(
						    file->calibration, machine)
					  : -ENODATA;
	if (error) {
		free(machine);
		snprintf(why, why_size,
			 "%s has no calibration that its times could be given "
			 "in units of: %s; leave out --units machine",
			 file->path,
			 error == -ENOMEM    ? "no memory for it"
			 : error == -ENODATA ? "the line is not there"
					     : "constants are missing in its "
					       "line");
		return error;
	}
	free(file->machine);
	file->machine = machine;
	return 0;
}

bool group_units_counts_instructions(const struct results_file *file)
{
	return file->clock_unit &&
	       strcmp(file->clock_unit, LAB_INSTRUCTIONS) == 0;
}

struct machine_unit group_units_of_file(const struct results_file *file)
{
	return group_units_counts_instructions(file)
		       ? machine_units_instructions
		       : machine_units_none;
}

struct group_copies group_units_copies(const struct results_group *group,
				       const struct results_file *file)
{
	const struct json *plan = json_item(json_get(file->run, "plan.groups"),
					    (size_t)(group - file->groups));

	return (struct group_copies){
		.bytes = (double)json_count(plan, "estimate.copied_bytes", 0),
		.growths = (double)json_count(plan, "estimate.growths", 0),
	};
}

struct machine_unit group_units_of_sample(const struct results_group *group,
					  const struct results_file *file)
{
	struct group_copies copies;

	if (!file->machine)
		return group_units_of_file(file);
	copies = group_units_copies(group, file);
	return machine_units_of_work(file->machine, copies.bytes,
				     copies.growths);
}

struct machine_unit group_units_of_call(const struct results_file *file)
{
	return file->machine ? machine_units_of_call(file->machine)
			     : group_units_of_file(file);
}

struct machine_unit group_units_of_growth(const struct results_file *file,
					  double bytes)
{
	return file->machine ? machine_units_of_growth(file->machine, bytes)
			     : group_units_of_file(file);
}
