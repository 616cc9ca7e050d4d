/* run_changes - whether a run that goes on is still on the same machine. */
#include <stdio.h>
#include <string.h>

#include "driver/cli.h"
#include "driver/machine.h"
#include "driver/record.h"
#include "driver/run_parts.h"

/* A list of names reads back as these names, unless one holds a comma. */
static bool counters_match(const struct run *run,
			   const struct results_file *file)
{
	bool match = run->counters.count == file->counters_count;

	for (unsigned int i = 0; match && i < run->counters.count; i++)
		match = strcmp(run->counters.counters[i].name,
			       file->counters[i].name) == 0;
	return match;
}

/* One set of counters for the whole file. */
static void compare_counters(struct run *run, const struct results_file *file)
{
	for (unsigned int i = 0; i < run->counters.count; i++) {
		struct counter *counter = &run->counters.counters[i];
		const char *missing = file->counters[i].missing;
		char what[COUNTER_NAME_MAX + 16];

		if (!missing == counter->usable)
			continue;
		snprintf(what, sizeof(what), "counters.%s", counter->name);
		changes_add(&run->changes, what, missing ? missing : "counted",
			    counter->usable ? "counted" : counter->reason);
		if (!counter->usable)
			continue;
		counter->usable = false;
		snprintf(counter->reason, sizeof(counter->reason), "%s",
			 missing);
	}
}

/* What differs from the machine, the kernel and the program of the file. */
static int compare(struct run *run, const struct results_file *file)
{
	struct json *now = json_new_object();
	struct json *machine = json_add_object(now, "machine");
	char why[512] = "";

	if (!counters_match(run, file))
		snprintf(why, sizeof(why),
			 "cannot go on with %s: its counters cannot be asked "
			 "for",
			 file->path);
	if (why[0] ||
	    binary_hash(&run->plan, run->binary, why, sizeof(why)) != 0) {
		json_free(now);
		return cli_fail(STATUS_FILE, "%s", why);
	}
	changes_add(&run->changes, "binary",
		    json_text(file->run, "binary", NULL), run->binary);
	machine_facts(machine, run->options->anonymous, run->topology);
	record_placement(now, &run->placement);
	changes_add_json(&run->changes, "machine",
			 json_get(file->run, "machine"), machine);
	changes_add_json(&run->changes, "placement",
			 json_get(file->run, "placement"),
			 json_get(now, "placement"));
	json_free(now);
	compare_counters(run, file);
	return STATUS_DONE;
}

static int refuse(struct run *run, const struct results_file *file)
{
	char list[CHANGES_TEXT_MAX];

	if (run->changes.count == 0)
		return STATUS_DONE;
	changes_tell(&run->changes, list, sizeof(list));
	if (!run->options->force) {
		cli_fail(STATUS_CHECK_FAILED,
			 "%s was not measured by this program on this machine "
			 "as it is now; --force goes on all the same, and "
			 "keeps this list in the file:",
			 file->path);
		fprintf(stderr, "%s\n", list);
		return STATUS_CHECK_FAILED;
	}
	progress_note(&run->progress,
		      "forced to go on with %s all the same:\n%s", file->path,
		      list);
	return STATUS_DONE;
}

int run_changes(struct run *run, const struct results_file *file)
{
	int status = compare(run, file);

	return status ? status : refuse(run, file);
}
