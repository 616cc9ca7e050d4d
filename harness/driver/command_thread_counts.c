/* command_thread_counts - evidence of T3, T5 and T7, from runs that count. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/command_thread.h"
#include "driver/evidence.h"
#include "driver/map_trend.h"
#include "driver/names.h"

#define GROWTH "vector-growth"
#define CHURN "server-churn"
#define REFILL "hole-refill"
#define LINEAR "exponential:step=+4M"
#define CLASSES "exponential"

/* T5 */

/* "+4M" of "exponential:step=+4M"; x2 is the standard step. */
static const char *step_of(const struct results_cell *cell, char *text,
			   size_t size)
{
	const char *at = strstr(cell->allocator, ":step=");

	snprintf(text, size, "x2");
	if (at)
		snprintf(text, size, "%.*s",
			 (int)strcspn(at + strlen(":step="), ":"),
			 at + strlen(":step="));
	return text;
}

static double share_of(int64_t bytes, int64_t live)
{
	return bytes == FIGURE_ABSENT || live <= 0
		       ? NAN
		       : (double)bytes / (double)live;
}

static void classes_fill(const struct results_cell *cell,
			 struct claim_classes *classes)
{
	int64_t copies, copied, mapped, resident, live;

	classes->steady =
		evidence_count(cell, FIGURE_OUTCOMES + OUTCOME_COPIED, &copies);
	classes->steady &= evidence_count(cell, FIGURE_BYTES_COPIED, &copied);
	evidence_count(cell, FIGURE_FINAL + MAP_MAPPED_BYTES, &mapped);
	evidence_count(cell, FIGURE_FINAL + MAP_RESIDENT_BYTES, &resident);
	evidence_count(cell, FIGURE_FINAL + MAP_LIVE_BYTES, &live);
	classes->copies = copies > 0 ? (uint64_t)copies : 0;
	classes->bytes_copied = copied > 0 ? (uint64_t)copied : 0;
	classes->mapped = share_of(mapped, live);
	classes->resident = share_of(resident, live);
}

static void classes_row(struct claim_table *table,
			const struct claim_classes *of)
{
	char size[UNITS_TEXT_SIZE], copied[UNITS_TEXT_SIZE];

	claim_table_row(table);
	claim_table_set(table, 0, "%s", of->rule);
	claim_table_set(table, 1, "%s",
			units_exact_size(of->final_bytes, size));
	claim_table_set(table, 2, "%s%s", of->classes,
			of->linear ? " (jemalloc 3.6)" : "");
	claim_table_set(table, 3, "%llu", (unsigned long long)of->copies);
	claim_table_set(table, 4, "%s",
			units_read_size((double)of->bytes_copied, copied));
	claim_table_set(table, 5, "%.2f",
			(double)of->bytes_copied / (double)of->final_bytes);
	claim_table_set(table, 6, "%.2f", of->mapped);
	claim_table_set(table, 7, "%.2f", of->resident);
}

struct class_names {
	char rule[32];
	char step[32];
};

static bool is_classes(const struct results_cell *cell)
{
	return !cell->skipped &&
	       (cell->role == ROLE_REFERENCE || cell->role == ROLE_ROW) &&
	       strncmp(cell->allocator, CLASSES, strlen(CLASSES)) == 0;
}

static void classes_of_file(const struct results_file *file,
			    struct claim_classes *list,
			    struct class_names *names, size_t *count,
			    struct claim_report *report)
{
	static struct workload_spec spec;
	char row[64];

	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];
		struct claim_classes *of = &list[*count];

		if (!is_classes(cell) ||
		    !evidence_workload(cell->group, GROWTH, &spec))
			continue;
		snprintf(names[*count].rule, sizeof(names->rule), "%s",
			 evidence_text(&spec, "factor"));
		step_of(cell, names[*count].step, sizeof(names->step));
		*of = (struct claim_classes){
			.rule = names[*count].rule,
			.classes = names[*count].step,
			.final_bytes = evidence_number(&spec, "last"),
			.linear = strcmp(names[*count].step, "+4M") == 0,
		};
		classes_fill(cell, of);
		classes_row(&report->tables[0], of);
		evidence_growth_text(of->rule, of->final_bytes, row,
				     sizeof(row));
		claim_chart_add(&report->chart, row, of->classes,
				(double)of->bytes_copied /
					(double)of->final_bytes,
				NULL);
		(*count)++;
	}
}

int thread_gather_classes(const struct results_file *const *files,
			  struct claim_report *report)
{
	static const char *const heads[] = {
		"growth",	  "grown to",	      "classes",
		"copies",	  "bytes copied",     "per final byte",
		"mapped of live", "resident of live", NULL};
	static const char *const names[] = {"classes", "classes-fine"};
	struct claim_classes *list;
	struct class_names *texts;
	size_t room = 1, count = 0;

	claim_table_begin(&report->tables[0],
			  "Copies by size classes, against linear chunks",
			  heads);
	claim_chart_begin(&report->chart, "Copies under slow growth",
			  "bytes copied for each final byte, by growth rule "
			  "and final size",
			  NAN, NULL);
	for (size_t i = 0; i < 2; i++)
		if (thread_file(files, names[i]))
			room += thread_file(files, names[i])->cells_count;
	list = calloc(room, sizeof(*list));
	texts = calloc(room, sizeof(*texts));
	for (size_t i = 0; list && texts && i < 2; i++)
		if (thread_file(files, names[i]))
			classes_of_file(thread_file(files, names[i]), list,
					texts, &count, report);
	if (list && texts)
		claim_judge_classes(list, count, &report->finding);
	free(list);
	free(texts);
	return list && texts ? 0 : -ENOMEM;
}

/* T7 */

static const struct {
	const char *unmapping;
	const char *keeping;
} keepings[] = {
	{"copy-realloc", "copy-realloc:keep=dontneed"},
	{"mremap-maymove", "mremap-maymove:keep=dontneed"},
};
#define KEEPINGS (sizeof(keepings) / sizeof(keepings[0]))

/* Holes and mappings at the end of the run; false: they differ by round. */
static bool map_of(const struct results_cell *cell, uint64_t *holes,
		   uint64_t *mappings)
{
	int64_t values[2] = {0, 0};
	bool steady =
		evidence_count(cell, FIGURE_FINAL + MAP_HOLES, &values[0]);

	steady &= evidence_count(cell, FIGURE_FINAL + MAP_MAPPINGS, &values[1]);

	*holes = values[0] > 0 ? (uint64_t)values[0] : 0;
	*mappings = values[1] > 0 ? (uint64_t)values[1] : 0;
	return steady;
}

static void keeping_row(struct claim_table *table,
			const struct results_cell *cell)
{
	uint64_t holes, mappings;
	int64_t live, touched;
	bool steady = map_of(cell, &holes, &mappings);
	const char *touch = strstr(cell->group->workload, "touch=none");

	evidence_count(cell, FIGURE_FINAL + MAP_LIVE_BYTES, &live);
	evidence_count(cell, FIGURE_TOUCHED_BYTES, &touched);
	claim_table_row(table);
	claim_table_set(table, 0, "%s", cell->allocator);
	claim_table_set(table, 1, "%s", touch ? "none" : "first and last page");
	claim_table_set(table, 2, "%llu", (unsigned long long)holes);
	claim_table_set(table, 3, "%llu", (unsigned long long)mappings);
	if (live > 0)
		claim_table_set(table, 4, "%.2f",
				(double)mappings / ((double)live / 0x1p20));
	claim_table_set(table, 5, "%s", steady ? "yes" : "no");
}

int thread_gather_keeping(const struct results_file *const *files,
			  struct claim_report *report)
{
	static const char *const heads[] = {
		"allocator", "touched",	     "holes",
		"mappings",  "per live MiB", "the same each time",
		NULL};
	const struct results_file *file = thread_file(files, "keeping");
	struct claim_keeping list[KEEPINGS];
	static struct workload_spec spec;
	size_t count = 0;

	claim_table_begin(&report->tables[0],
			  "The map at the end of the same churn", heads);
	for (unsigned int i = 0; file && i < file->cells_count; i++)
		if (!file->cells[i].skipped &&
		    file->cells[i].role != ROLE_TWIN &&
		    evidence_workload(file->cells[i].group, CHURN, &spec))
			keeping_row(&report->tables[0], &file->cells[i]);
	for (unsigned int i = 0; file && i < file->groups_count; i++) {
		const struct results_group *group = &file->groups[i];

		if (!evidence_workload(group, CHURN, &spec) ||
		    strstr(group->workload, "touch=none"))
			continue;
		for (size_t j = 0; j < KEEPINGS && count < KEEPINGS; j++) {
			const struct results_cell *own = evidence_cell(
				file, group, keepings[j].unmapping);
			const struct results_cell *kept =
				evidence_cell(file, group, keepings[j].keeping);
			struct claim_keeping *of = &list[count];

			if (!own || !kept)
				continue;
			of->allocator = own->allocator;
			of->steady = map_of(own, &of->holes_unmapped,
					    &of->mappings_unmapped);
			of->steady &= map_of(kept, &of->holes_kept,
					     &of->mappings_kept);
			count++;
		}
	}
	claim_judge_keeping(list, count, &report->finding);
	return 0;
}

/* T3 */

static const char *const refill_files[] = {"holes", "holes-huge", "holes-up"};
#define REFILL_FILES 3

static uint64_t own_of(const struct results_cell *cell, const char *name,
		       bool *steady)
{
	int64_t value;

	*steady &= evidence_own(cell, name, &value);
	return value > 0 ? (uint64_t)value : 0;
}

struct refill_counts {
	struct claim_refill refill;
	uint64_t no_hole;
	uint64_t others; /* no hole was made, or no memory was left */
};

static void refill_fill(const struct results_cell *cell, uint64_t size,
			struct refill_counts *counts)
{
	bool *steady = &counts->refill.steady;

	*counts = (struct refill_counts){
		.refill = {.size = size, .steady = true}};
	counts->refill.exact = own_of(cell, "exact", steady);
	counts->refill.higher = own_of(cell, "higher_gap", steady);
	counts->refill.elsewhere = own_of(cell, "elsewhere", steady);
	counts->no_hole = own_of(cell, "no_hole", steady);
	counts->others = own_of(cell, "not_abutting", steady) +
			 own_of(cell, "failed", steady);
}

static void refill_row(struct claim_table *table,
		       const struct results_cell *cell,
		       const struct refill_counts *counts)
{
	const struct claim_refill *refill = &counts->refill;
	char size[UNITS_TEXT_SIZE];

	claim_table_row(table);
	claim_table_set(table, 0, "%s", units_exact_size(refill->size, size));
	claim_table_set(table, 1, "%s", cell->allocator);
	claim_table_set(table, 2, "%s",
			names_mode(cell->group->thp, cell->group->layout));
	claim_table_set(table, 3, "%llu", (unsigned long long)refill->exact);
	claim_table_set(table, 4, "%llu", (unsigned long long)refill->higher);
	claim_table_set(table, 5, "%llu",
			(unsigned long long)refill->elsewhere);
	claim_table_set(table, 6, "%llu", (unsigned long long)counts->no_hole);
	claim_table_set(table, 7, "%llu", (unsigned long long)counts->others);
}

struct refills {
	struct claim_refill *list; /* of the reference, in the usual mode */
	size_t count;
	struct claim_residue *residues;
	size_t residues_count;
	struct claim_table *tables;
};

static int residue_add(struct refills *refills, const struct results_cell *cell,
		       const struct workload_spec *spec)
{
	struct claim_residue *residue =
		&refills->residues[refills->residues_count];
	char size[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];
	uint64_t bytes = evidence_number(spec, "size");
	uint64_t classes = evidence_number(spec, "classes");
	struct map_course course;

	if (map_course_find(cell, &course) != 0)
		return -ENOMEM;
	units_exact_size(bytes, size);
	snprintf(residue->what, sizeof(residue->what), "%s", size);
	if (classes > 1)
		snprintf(residue->what, sizeof(residue->what), "%s to %s", size,
			 units_exact_size(bytes << (classes - 1), most));
	residue->trend = course.trend;
	residue->holes = course.holes;
	claim_table_row(&refills->tables[1]);
	claim_table_set(&refills->tables[1], 0, "%s", residue->what);
	claim_table_set(&refills->tables[1], 1, "%s", cell->allocator);
	claim_table_set(&refills->tables[1], 2, "%.3f", course.holes);
	claim_table_set(&refills->tables[1], 3, "%.4f (%.4f to %.4f)",
			course.slope, course.interval.low,
			course.interval.high);
	claim_table_set(&refills->tables[1], 4, "%s",
			map_trend_names[course.trend]);
	/* Other allocators have ways of their own to serve. */
	refills->residues_count += cell->role == ROLE_REFERENCE;
	return 0;
}

static void refill_add(struct refills *refills, const struct results_cell *cell,
		       const struct workload_spec *spec)
{
	struct refill_counts counts;

	refill_fill(cell, evidence_number(spec, "size"), &counts);
	refill_row(&refills->tables[0], cell, &counts);
	if (cell->role == ROLE_REFERENCE && cell->group->thp == THP_NEVER &&
	    cell->group->layout == LAYOUT_STANDARD)
		refills->list[refills->count++] = counts.refill;
}

static int refills_of_file(struct refills *refills,
			   const struct results_file *file)
{
	static struct workload_spec spec;
	int error = 0;

	for (unsigned int i = 0; i < file->cells_count && !error; i++) {
		const struct results_cell *cell = &file->cells[i];

		if (cell->skipped || cell->role == ROLE_TWIN ||
		    !evidence_workload(cell->group, REFILL, &spec))
			continue;
		if (evidence_number(&spec, "replacements"))
			error = residue_add(refills, cell, &spec);
		else
			refill_add(refills, cell, &spec);
	}
	return error;
}

static int refill_order(const void *left, const void *right)
{
	const struct claim_refill *a = left, *b = right;

	return (a->size > b->size) - (a->size < b->size);
}

int thread_gather_holes(const struct results_file *const *files,
			struct claim_report *report)
{
	static const char *const heads[] = {
		"size",	     "allocator", "mode",  "taken again", "higher gap",
		"elsewhere", "no hole",	  "other", NULL};
	static const char *const residue_heads[] = {"replaced",
						    "allocator",
						    "in holes, of live",
						    "per 10,000 requests",
						    "trend",
						    NULL};
	struct refills refills = {.tables = report->tables};
	const struct results_file *residues = thread_file(files, "residue");
	size_t room = 1;
	int error = 0;

	claim_table_begin(&report->tables[0],
			  "What became of a hole among neighbours", heads);
	claim_table_begin(&report->tables[1],
			  "Bytes in holes under random replacements",
			  residue_heads);
	for (size_t i = 0; i < REFILL_FILES; i++)
		if (thread_file(files, refill_files[i]))
			room += thread_file(files, refill_files[i])
					->cells_count;
	refills.list = calloc(room, sizeof(*refills.list));
	refills.residues = calloc(residues ? residues->cells_count + 1 : 1,
				  sizeof(*refills.residues));
	if (!refills.list || !refills.residues)
		error = -ENOMEM;
	for (size_t i = 0; i < REFILL_FILES && !error; i++)
		if (thread_file(files, refill_files[i]))
			error = refills_of_file(
				&refills, thread_file(files, refill_files[i]));
	if (residues && !error)
		error = refills_of_file(&refills, residues);
	if (!error) {
		qsort(refills.list, refills.count, sizeof(*refills.list),
		      refill_order);
		claim_judge_holes(refills.list, refills.count, refills.residues,
				  refills.residues_count, &report->finding);
	}
	free(refills.list);
	free(refills.residues);
	return error;
}
