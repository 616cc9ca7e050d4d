/* threads - what a workload's threads cost each other. */
#include "driver/threads.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/shape_read.h"

static const char *const options[] = {"threads", "movers"};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

/* Beside the workload's own threads. */
#define CORES_BESIDE 2

static bool is_bound(const struct json *placement, unsigned int threads)
{
	const struct json *cpus = json_get(placement, "cpus");

	if (json_size(cpus) < threads)
		return false;
	for (unsigned int i = 0; i < threads; i++)
		if (!(json_own_number(json_item(cpus, i), -1) >= 0))
			return false;
	return true;
}

/* Why so many threads were in each other's way by the CPUs alone; "" */
static void why_untold(const struct results_file *file, unsigned int threads,
		       char why[THREADS_WHY_SIZE])
{
	const struct json *placement = json_get(file->run, "placement");
	uint64_t cores = json_count(file->run, "machine.cores_allowed", 0);

	why[0] = 0;
	if (cores == 0 || !json_is_object(placement))
		snprintf(why, THREADS_WHY_SIZE,
			 "the file does not say on which cores the threads "
			 "were");
	else if (threads + CORES_BESIDE > cores)
		snprintf(why, THREADS_WHY_SIZE,
			 "the threads, the driver and the noise probe need a "
			 "core each, and %llu %s allowed",
			 (unsigned long long)cores, cores == 1 ? "is" : "are");
	else if (json_bool(placement, "shared", false))
		snprintf(
			why, THREADS_WHY_SIZE,
			"threads shared a core or a CPU: %.200s",
			json_text(placement, "note", "which ones is not said"));
	else if (!is_bound(placement, threads))
		snprintf(why, THREADS_WHY_SIZE,
			 "the threads were not bound to CPUs");
	else if (!(json_number(placement, "driver_cpu", -1) >= 0) ||
		 !(json_number(placement, "probe_cpu", -1) >= 0))
		snprintf(why, THREADS_WHY_SIZE,
			 "no core was left over for the driver or the noise "
			 "probe: run with fewer threads at most");
}

static bool line_takes(const struct threads_line *line, const char *rest,
		       const struct results_group *group)
{
	return strcmp(line->workload, rest) == 0 && line->thp == group->thp &&
	       line->layout == group->layout;
}

/* In its place; a number that is there already, or too many, stay out. */
static void line_add(const struct results_file *file, struct threads_line *line,
		     const struct results_group *group)
{
	size_t place = line->points_count;

	if (line->points_count == THREADS_POINTS_MAX)
		return;
	for (size_t i = 0; i < line->points_count; i++)
		if (line->points[i].group->threads == group->threads)
			return;
	for (; place > 0 &&
	       line->points[place - 1].group->threads > group->threads;
	     place--)
		line->points[place] = line->points[place - 1];
	line->points[place].group = group;
	why_untold(file, group->threads, line->points[place].why);
	line->points_count++;
}

static void lines_of_option(const struct results_file *file, const char *option,
			    struct threads_lines *lines)
{
	size_t first = lines->count, kept = first, at;
	char rest[SPEC_TEXT_MAX];

	for (unsigned int i = 0; i < file->groups_count; i++) {
		const struct results_group *group = &file->groups[i];

		if (group->skipped || !spelling_without(group->workload, option,
							rest, sizeof(rest)))
			continue;
		for (at = first; at < lines->count; at++)
			if (line_takes(&lines->list[at], rest, group))
				break;
		if (at == lines->count) {
			lines->list[at] = (struct threads_line){
				.option = option,
				.thp = group->thp,
				.layout = group->layout,
			};
			snprintf(lines->list[at].workload, SPEC_TEXT_MAX, "%s",
				 rest);
			lines->count++;
		}
		line_add(file, &lines->list[at], group);
	}
	for (at = first; at < lines->count; at++)
		if (lines->list[at].points_count > 1)
			lines->list[kept++] = lines->list[at];
	lines->count = kept;
}

int threads_read(const struct results_file *file, struct threads_lines *lines)
{
	*lines = (struct threads_lines){0};
	lines->list =
		calloc(OPTIONS * file->groups_count + 1, sizeof(*lines->list));
	if (!lines->list)
		return -ENOMEM;
	for (size_t i = 0; i < OPTIONS; i++)
		lines_of_option(file, options[i], lines);
	return 0;
}

void threads_free(struct threads_lines *lines)
{
	free(lines->list);
	*lines = (struct threads_lines){0};
}

size_t threads_values(const struct results_file *file)
{
	size_t most = 0;

	for (unsigned int i = 0; i < file->cells_count; i++)
		if (most < file->cells[i].samples_count)
			most = file->cells[i].samples_count;
	return 3 * most + 1;
}

static const struct results_cell *cell_in(const struct results_group *group,
					  const struct results_cell *like)
{
	for (unsigned int i = 0; i < like->file->cells_count; i++) {
		const struct results_cell *cell = &like->file->cells[i];

		if (cell->group == group && cell->role == like->role &&
		    strcmp(cell->allocator, like->allocator) == 0)
			return cell;
	}
	return NULL;
}

/* Requests in a second of the longest thread; 0: none. */
static double rate_of(const struct results_sample *sample)
{
	int64_t requests = sample->values[FIGURE_REQUESTS];
	int64_t wall_ns = sample->values[FIGURE_WALL_NS];

	if (!sample->valid || sample->pass != PASS_TIMING || requests <= 0 ||
	    wall_ns <= 0)
		return 0;
	return 1e9 * (double)requests / (double)wall_ns;
}

static double rate_in_round(const struct results_cell *cell, unsigned int round)
{
	for (size_t i = 0; i < cell->samples_count; i++)
		if (cell->samples[i].round == round &&
		    rate_of(&cell->samples[i]) > 0)
			return rate_of(&cell->samples[i]);
	return 0;
}

/* values: three times the samples of the cell. */
static void throughput_fill(const struct results_cell *base,
			    const struct results_cell *cell, double *values,
			    struct row_ratio *ratio)
{
	double *a = values, *b = values + cell->samples_count;
	size_t count = 0;

	for (size_t i = 0; i < cell->samples_count; i++) {
		a[count] = rate_of(&cell->samples[i]);
		b[count] = rate_in_round(base, cell->samples[i].round);
		count += a[count] > 0 && b[count] > 0;
	}
	*ratio = (struct row_ratio){.median = NAN};
	if (count > 0)
		ratio->median =
			stats_paired_ratio(a, b, count, TABLE_LEVEL,
					   values + 2 * cell->samples_count,
					   &ratio->interval, &ratio->pairs);
}

enum tail_of threads_tail(const struct results_cell *cell)
{
	if (cell->histograms[OPERATION_FAULT].count > 0)
		return TAIL_FAULT;
	return cell->histograms[OPERATION_SERVICE].count > 0 ? TAIL_SERVICE
							     : TAIL_GROW;
}

static double shootdowns_of(const struct results_cell *cell, double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];
		int64_t shootdowns = sample->values[FIGURE_SHOOTDOWNS];
		int64_t growths = sample->values[figure_of_operation(
			OPERATION_GROW, OPERATION_FIGURE_COUNT)];

		if (sample->valid && sample->pass == PASS_TIMING &&
		    shootdowns != FIGURE_ABSENT && growths > 0)
			values[count++] = (double)shootdowns / (double)growths;
	}
	stats_sort(values, count);
	return stats_median(values, count);
}

static size_t samples_of(const struct results_cell *cell)
{
	size_t count = 0;

	for (size_t i = 0; i < cell->samples_count; i++)
		count += cell->samples[i].valid &&
			 cell->samples[i].pass == PASS_TIMING;
	return count;
}

bool threads_course(const struct threads_line *line, size_t point,
		    const struct results_cell *like, double *values,
		    struct threads_course *course)
{
	const struct results_cell *base = cell_in(line->points[0].group, like);
	const struct results_cell *cell =
		cell_in(line->points[point].group, like);

	if (!cell || samples_of(cell) == 0)
		return false;
	*course = (struct threads_course){
		.samples = samples_of(cell),
		.throughput.median = NAN,
		.is_base = point == 0,
		.tail = threads_tail(cell),
	};
	if (base && point > 0)
		throughput_fill(base, cell, values, &course->throughput);
	course->p50 = tail_figure(cell, course->tail, TAIL_P50, values);
	course->p99 = tail_figure(cell, course->tail, TAIL_P99, values);
	course->p99_9 = tail_figure(cell, course->tail, TAIL_P99_9, values);
	course->shootdowns = shootdowns_of(cell, values);
	return true;
}

enum shootdowns threads_shootdowns(const struct results_file *file)
{
	enum shootdowns found = SHOOTDOWNS_ABSENT;

	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		for (size_t j = 0; j < cell->samples_count; j++) {
			int64_t count =
				cell->samples[j].values[FIGURE_SHOOTDOWNS];

			if (cell->group->threads < 2 || count == FIGURE_ABSENT)
				continue;
			if (count > 0)
				return SHOOTDOWNS_SEEN;
			found = SHOOTDOWNS_NONE;
		}
	}
	return found;
}
