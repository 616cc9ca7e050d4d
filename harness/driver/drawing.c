/* drawing - the data of each picture of a run. */
#include "driver/drawing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/drawing_inflation.h"
#include "driver/drawing_kinds.h"
#include "driver/drawing_refill.h"
#include "driver/drawing_shapes.h"
#include "driver/drawing_threads.h"
#include "driver/drawing_text.h"
#include "driver/names.h"

struct kind {
	const char *name; /* and its script's */
	const char *title;
	bool twin_is_series; /* the twin has bars of its own */
	bool of_time; /* its axis is */
	int (*write)(struct sheet *sheet);
	/* NULL: of every group. */
	bool (*applies)(const struct results_file *file,
			const struct results_group *group);
};

static const struct kind kinds[] = {
	{"growth-cost", "What a growth costs, by size", false, true,
	 drawing_growth_cost, NULL},
	{"phases", "What the time of a sample goes to", true, true,
	 drawing_phases, NULL},
	{"latency", "Latency by percentile", false, true, drawing_latency,
	 NULL},
	{"requests", "Requests by percentile", false, true, drawing_requests,
	 drawing_has_requests},
	{"timeline", "The memory map along the run", false, false,
	 drawing_timeline, NULL},
	{"counters", "What was counted in a sample", true, false,
	 drawing_counters, NULL},
	{"rounds", "Every sample, in the order of the run", false, true,
	 drawing_rounds, NULL},
	{"warmup", "Every repetition, from the first", false, true,
	 drawing_warmup, drawing_has_warmup},
};
#define KINDS (sizeof(kinds) / sizeof(*kinds))
#define LINE_WIDTH 120 /* characters of a line below the title */

void drawing_machine(const struct results_file *file, char *text, size_t size)
{
	const struct json *run = file->run;
	const char *hypervisor = json_text(run, "machine.hypervisor", NULL);
	uint64_t cores = json_count(run, "machine.cores_allowed", 0);
	char line[1024], cpu[160];
	int used;

	used = snprintf(line, sizeof(line), "%s",
			drawing_shortened(json_text(run, "machine.cpu_model",
						    "unknown processor"),
					  56, cpu, sizeof(cpu)));
	if (cores)
		used += snprintf(line + used, sizeof(line) - (size_t)used,
				 " \xc2\xb7 %llu core%s",
				 (unsigned long long)cores,
				 cores == 1 ? "" : "s");
	if (hypervisor)
		used += snprintf(line + used, sizeof(line) - (size_t)used,
				 " \xc2\xb7 %.40s", hypervisor);
	snprintf(line + used, sizeof(line) - (size_t)used,
		 " \xc2\xb7 Linux %.64s \xc2\xb7 regrow %.40s",
		 json_text(run, "machine.kernel", "of unknown release"),
		 json_text(run, "regrow", "of unknown version"));
	drawing_shortened(line, LINE_WIDTH, text, size);
}

static void describe_workload(const struct results_file *file,
			      const struct results_group *group, char *text,
			      size_t size)
{
	const char *label = json_text(file->run, "label", "");
	char line[1024], shown[256], mark[160];

	drawing_shortened(group->workload, 88, shown, sizeof(shown));
	drawing_shortened(label, 24, mark, sizeof(mark));
	snprintf(line, sizeof(line), "%s \xc2\xb7 %s%s%s%s", shown,
		 names_mode(group->thp, group->layout),
		 *mark ? " \xc2\xb7 " : "", mark,
		 file->ended ? "" : " \xc2\xb7 interrupted");
	drawing_visible(line, text, size);
}

static bool stem_is_taken(const struct drawings *drawings, const char *stem)
{
	unsigned int i;

	for (i = 0; i < drawings->count; i++)
		if (strcmp(drawings->list[i].stem, stem) == 0)
			return true;
	return false;
}

/* KIND-WORKLOAD-NUMBER, the number counting the groups of that name. */
static void choose_stem(const struct drawings *drawings, const char *prefix,
			const char *kind, const char *workload, char *stem,
			size_t size)
{
	char word[DRAWING_WORD_SIZE];
	unsigned int number = 1;

	drawing_word(workload, ':', word);
	do {
		snprintf(stem, size, "%s%s%s-%s-%u", prefix, *prefix ? "-" : "",
			 kind, word, number++);
	} while (stem_is_taken(drawings, stem));
}

static void note_skipped(struct sheet *sheet)
{
	unsigned int i, count = 0;
	char name[256];

	for (i = 0; i < sheet->file->cells_count; i++) {
		const struct results_cell *cell = &sheet->file->cells[i];

		if (cell->group != sheet->group || !cell->skipped)
			continue;
		sheet_note(sheet, "%s%s", count++ ? ", " : " Skipped: ",
			   drawing_shortened(cell->allocator, 32, name,
					     sizeof(name)));
	}
	if (count)
		sheet_note(sheet, ".");
}

/* In units of the machine, title and note say which, and how long one is. */
static void tell_unit(struct sheet *sheet, const struct kind *kind)
{
	struct drawing *drawing = sheet->drawing;
	bool copies = strcmp(sheet->unit.name, "copies") == 0;
	size_t used = strlen(drawing->title);
	char time[UNITS_TEXT_SIZE];

	snprintf(drawing->measure, sizeof(drawing->measure), "%s",
		 sheet->unit.name);
	if (machine_units_same(&sheet->unit, &machine_units_none) ||
	    !kind->of_time)
		return;
	if (machine_units_same(&sheet->unit, &machine_units_instructions)) {
		snprintf(drawing->title + used, sizeof(drawing->title) - used,
			 ", in instructions");
		sheet_note(sheet, " Executed instructions: no time of caches, "
				  "TLB misses, memory or other CPUs.");
		return;
	}
	snprintf(drawing->title + used, sizeof(drawing->title) - used,
		 copies ? ", in copies" : ", in page faults");
	units_read_time(sheet->unit.ns, time);
	if (kind->write == drawing_growth_cost)
		sheet_note(sheet, " A copy is the machine's memcpy of the new "
				  "size.");
	else if (copies)
		sheet_note(sheet,
			   " A copy is the machine's memcpy of what copying "
			   "copies: %s.",
			   time);
	else
		sheet_note(sheet, " A fault is the first touch of a page: %s.",
			   time);
}

/* What cannot be seen would be taken for a figure that forgot it. */
static void note_flat_band(struct sheet *sheet)
{
	if (sheet->has_flat_band)
		sheet_note(sheet, " Where no grey is seen, the twin is like "
				  "the reference.");
}

static int make_one(const struct results_file *file,
		    const struct results_group *group, const struct kind *kind,
		    struct drawing *drawing)
{
	struct sheet sheet = {.drawing = drawing};
	int result, closed;

	drawing->kind = kind->name;
	snprintf(drawing->title, sizeof(drawing->title), "%s", kind->title);
	describe_workload(file, group, drawing->workload,
			  sizeof(drawing->workload));
	drawing_machine(file, drawing->machine, sizeof(drawing->machine));
	result = sheet_open(&sheet, file, group, kind->twin_is_series);
	if (result == 0 && group->skipped)
		sheet_why_not(&sheet, "the group was skipped: %s",
			      group->skipped);
	else if (result == 0 && sheet.series_count == 0)
		sheet_why_not(&sheet, "every cell of the group was skipped");
	else if (result == 0)
		result = kind->write(&sheet);
	if (result == 0) {
		note_flat_band(&sheet);
		tell_unit(&sheet, kind);
		note_skipped(&sheet);
	}
	closed = sheet_close(&sheet);
	return result ? result : closed;
}

static int make_group(const struct results_file *file,
		      const struct results_group *group, const char *prefix,
		      struct drawings *drawings)
{
	unsigned int i;
	int result = 0;

	for (i = 0; i < KINDS && result == 0; i++) {
		struct drawing *drawing = &drawings->list[drawings->count];

		if (kinds[i].applies && !kinds[i].applies(file, group))
			continue;
		choose_stem(drawings, prefix, kinds[i].name, group->workload,
			    drawing->stem, sizeof(drawing->stem));
		drawings->count++;
		result = make_one(file, group, &kinds[i], drawing);
	}
	return result;
}

int drawings_make(const struct results *results, struct drawings *drawings)
{
	size_t i, groups = 0;
	unsigned int j;
	int result = 0;

	for (i = 0; i < results->files_count; i++)
		groups += results->files[i]->groups_count;
	*drawings = (struct drawings){.list = calloc(groups * (KINDS + 5) + 1,
						     sizeof(*drawings->list))};
	if (!drawings->list)
		return -ENOMEM;
	for (i = 0; i < results->files_count; i++) {
		const struct results_file *file = results->files[i];
		char prefix[DRAWING_WORD_SIZE] = "";

		if (results->files_count > 1)
			drawing_word(file->path, 0, prefix);
		for (j = 0; j < file->groups_count && result == 0; j++)
			result = make_group(file, &file->groups[j], prefix,
					    drawings);
		if (result == 0)
			result = drawing_refill(file, prefix, drawings);
		if (result == 0)
			result = drawing_shapes(file, prefix, drawings);
		if (result == 0)
			result = drawing_inflation(file, prefix, drawings);
		if (result == 0)
			result = drawing_threads(file, prefix, drawings);
	}
	if (result)
		drawings_free(drawings);
	return result;
}

void drawings_free(struct drawings *drawings)
{
	unsigned int i;

	for (i = 0; i < drawings->count; i++)
		free(drawings->list[i].data);
	free(drawings->list);
	*drawings = (struct drawings){.count = 0};
}
