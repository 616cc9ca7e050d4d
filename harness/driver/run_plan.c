/* run_plan - a run's plan, where it was made before. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/cli.h"
#include "driver/plan_fit.h"
#include "driver/plan_read.h"
#include "driver/run_parts.h"

bool run_counts_only(const struct run *run, const char *path)
{
	const struct run_options *options = run->options;

	if (run->plan.counts == 0 ||
	    (options->rounds == 0 && options->precision < 0))
		return false;
	cli_fail(STATUS_USAGE,
		 "the run of %s only counts, in %u rounds: leave out --rounds "
		 "and --precision",
		 path, run->plan.counts);
	return true;
}

int run_plan_stored(struct run *run, const struct plan_request *request)
{
	char why[640] = "";
	int error = plan_read_file(run->options->plan, &run->plan, why,
				   sizeof(why));

	if (error)
		return cli_fail(STATUS_FILE, "%s", why);
	if (run_counts_only(run, run->options->plan))
		return STATUS_USAGE;
	error = plan_fit(request, &run->plan, why, sizeof(why));
	if (error == -ENOTSUP || error == -EAGAIN)
		return cli_fail(STATUS_NOTHING_MEASURED, "%s", why);
	if (error)
		return cli_fail(STATUS_USAGE, "%s", why);
	if (why[0])
		progress_note(&run->progress, "%s", why);
	return STATUS_DONE;
}

void run_plan_names(const struct plan *plan, char *names, size_t size)
{
	size_t used = 0;

	names[0] = '\0';
	for (unsigned int i = 0; i < plan->cells_count && used < size; i++) {
		const struct cell *cell = &plan->cells[i];

		if (cell->group == 0 && cell->role == ROLE_ROW)
			used += (size_t)snprintf(names + used, size - used,
						 "%s%s", used > 0 ? "," : "",
						 cell->allocator);
	}
}
