/* kernels_check - whether results of several kernels can be compared at all. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "driver/kernels_parts.h"
#include "driver/names.h"

#define REASONS_MAX                                                            \
	(sizeof(((struct kernels *)0)->reasons) /                              \
	 sizeof(((struct kernels *)0)->reasons[0]))

/* What has to be the same text in the run lines of all. */
static const struct {
	const char *path;
	const char *what;
} texts[] = {
	{"clock_unit", "what its clock counts"},
	{"binary", "the program"},
	{"lab.emulator", "the emulator"},
	{"lab.emulator_version", "the emulator's version"},
	{"lab.machine", "the emulated machine"},
	{"lab.cpu", "the emulated CPU"},
	{"lab.accelerator", "how it is emulated"},
	{"machine.kernel_arch", "the architecture"},
};

__attribute__((format(printf, 2, 3))) static void
reason_add(struct kernels *kernels, const char *format, ...)
{
	va_list arguments;

	if (kernels->reasons_count == REASONS_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(kernels->reasons[kernels->reasons_count++],
		  sizeof(kernels->reasons[0]), format, arguments);
	va_end(arguments);
}

void kernels_check_side(struct kernels *kernels, unsigned int place,
			const struct json *first, const struct json *run)
{
	const struct kernels_side *side = &kernels->sides[place];
	uint64_t seed = json_count(run, "plan.seed", 0);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *here = json_text(run, texts[i].path, "");
		const char *there = json_text(first, texts[i].path, "");

		if (strcmp(here, there) != 0)
			reason_add(kernels,
				   "%.120s: %s is '%.80s', not '%.80s' as of "
				   "%.120s",
				   side->path, texts[i].what, here, there,
				   kernels->sides[0].path);
	}
	if (seed != json_count(first, "plan.seed", 0))
		reason_add(kernels, "%.200s has another seed", side->path);
	if (side->points != kernels->sides[0].points)
		reason_add(kernels,
			   "%.200s goes through %u layouts, not %u (--sweep)",
			   side->path, side->points, kernels->sides[0].points);
}

void kernels_check_control(struct kernels *kernels)
{
	bool found = false;

	if (kernels->sides[0].points < KERNELS_POINTS_MIN)
		reason_add(kernels,
			   "%u layouts are too few for a change to be told: %d "
			   "at least (SWEEP=, --sweep)",
			   kernels->sides[0].points, KERNELS_POINTS_MIN);
	for (size_t i = 0; i < kernels->rows_count; i++) {
		const struct kernels_row *row = &kernels->rows[i];

		if (!row->is_control || (row->operation != OPERATION_SERVICE &&
					 row->operation != OPERATION_REREAD))
			continue;
		found = true;
		for (unsigned int j = 1; j < kernels->sides_count; j++)
			if (row->changes[j].verdict != KERNELS_SAME)
				reason_add(
					kernels,
					"the control (%s, %s of %s) is not "
					"the same on %s: a ratio of %.3f "
					"(%.3f to %.3f) that no kernel makes",
					row->workload,
					operation_names[row->operation],
					row->allocator, kernels->sides[j].name,
					row->changes[j].ratio,
					row->changes[j].interval.low,
					row->changes[j].interval.high);
	}
	if (!found)
		reason_add(kernels,
			   "there is no control among the workloads, which no "
			   "kernel can change: add control:size=1M");
}
