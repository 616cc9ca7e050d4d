/* table_threads - throughput, tails and shootdowns against threads. */
#include "driver/table_threads.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/interval_json.h"
#include "driver/names.h"
#include "driver/table_tails.h"
#include "driver/threads.h"

#define UNTOLD "cannot tell"

enum column {
	COLUMN_ALLOCATOR,
	COLUMN_THREADS,
	COLUMN_THROUGHPUT,
	COLUMN_P50,
	COLUMN_P99,
	COLUMN_P99_9,
	COLUMN_SHOOTDOWNS,
	COLUMNS,
};

/* The unit is left out of an end that has the median's. */
static void unit_drop(const char *median, char *end)
{
	const char *unit = strrchr(median, ' ');
	const char *own = strrchr(end, ' ');

	if (unit && own && strcmp(unit, own) == 0)
		end[own - end] = '\0';
}

/* "5.2 us (4.9..5.3)"; without the interval where that is not asked for. */
static void tail_text(const struct printout *printout,
		      const struct tail_figure *figure, bool interval,
		      char *text)
{
	char median[GRID_TEXT_MAX], low[GRID_TEXT_MAX], high[GRID_TEXT_MAX];

	if (figure->samples == 0) {
		snprintf(text, GRID_TEXT_MAX, "-");
		return;
	}
	if (isnan(figure->ns)) {
		snprintf(text, GRID_TEXT_MAX, "too few");
		return;
	}
	printout_time(figure->ns, median);
	if (!interval || figure->interval.level <= 0) {
		snprintf(text, GRID_TEXT_MAX, "%.20s", median);
		return;
	}
	printout_time(figure->interval.low, low);
	printout_time(figure->interval.high, high);
	unit_drop(median, low);
	unit_drop(median, high);
	snprintf(text, GRID_TEXT_MAX, "%.20s (%.20s%s%.20s)", median, low,
		 style_range(printout->style), high);
}

static void course_cells(const struct printout *printout,
			 const struct threads_course *course,
			 bool shootdowns_seen, struct grid_row *row)
{
	if (course->is_base)
		snprintf(row->cells[COLUMN_THROUGHPUT], GRID_TEXT_MAX, "1");
	else
		printout_ratio_interval(printout, &course->throughput,
					row->cells[COLUMN_THROUGHPUT]);
	tail_text(printout, &course->p50, false, row->cells[COLUMN_P50]);
	tail_text(printout, &course->p99, true, row->cells[COLUMN_P99]);
	tail_text(printout, &course->p99_9, false, row->cells[COLUMN_P99_9]);
	if (isnan(course->shootdowns))
		snprintf(row->cells[COLUMN_SHOOTDOWNS], GRID_TEXT_MAX, "-");
	else if (!shootdowns_seen)
		snprintf(row->cells[COLUMN_SHOOTDOWNS], GRID_TEXT_MAX, UNTOLD);
	else
		snprintf(row->cells[COLUMN_SHOOTDOWNS], GRID_TEXT_MAX, "%.3g",
			 course->shootdowns);
}

static void untold_cells(struct grid_row *row)
{
	for (int i = COLUMN_THROUGHPUT; i < COLUMNS; i++)
		snprintf(row->cells[i], GRID_TEXT_MAX, UNTOLD);
}

/* The lines of one allocator, one for each number of threads. */
static void courses_add(struct printout *printout, struct grid *grid,
			const struct threads_line *line,
			const struct results_cell *like, double *values)
{
	bool seen = threads_shootdowns(like->file) == SHOOTDOWNS_SEEN;
	bool begins = true;
	struct threads_course course;
	struct grid_row *row;

	for (size_t i = 0; i < line->points_count; i++) {
		if (!threads_course(line, i, like, values, &course))
			continue;
		row = grid_row(grid);
		row->apart = begins;
		if (begins)
			printout_name(printout, like->allocator,
				      row->cells[COLUMN_ALLOCATOR]);
		begins = false;
		snprintf(row->cells[COLUMN_THREADS], GRID_TEXT_MAX, "%u",
			 line->points[i].group->threads);
		if (line->points[i].why[0])
			untold_cells(row);
		else
			course_cells(printout, &course, seen, row);
	}
}

static bool has_row(const struct results_cell *cell,
		    const struct threads_line *line)
{
	return cell->group == line->points[0].group && !cell->skipped &&
	       (cell->role == ROLE_REFERENCE || cell->role == ROLE_ROW);
}

static void line_heading(const struct printout *printout,
			 const struct threads_line *line)
{
	char text[2 * SPEC_TEXT_MAX];

	snprintf(text, sizeof(text),
		 "against %s, %u to %u threads in all: %s, %s", line->option,
		 line->points[0].group->threads,
		 line->points[line->points_count - 1].group->threads,
		 line->workload, names_mode(line->thp, line->layout));
	fputc('\n', printout->stream);
	style_wrap(printout->style, EMPHASIS_STRONG, "", text,
		   printout->stream);
}

/* Each reason once, with the numbers of threads that it is of. */
static void whys_print(struct printout *printout,
		       const struct threads_line *line)
{
	char text[2 * THREADS_WHY_SIZE];
	const struct threads_point *points = line->points;
	size_t used, first;

	for (size_t i = 0; i < line->points_count; i++) {
		first = 0;
		while (strcmp(points[first].why, points[i].why) != 0)
			first++;
		if (first < i || points[i].why[0] == 0)
			continue;
		used = 0;
		for (size_t j = i; j < line->points_count; j++)
			if (strcmp(points[j].why, points[i].why) == 0)
				used += (size_t)snprintf(
					text + used, sizeof(text) - used,
					"%s%u", used ? ", " : "",
					points[j].group->threads);
		snprintf(text + used, sizeof(text) - used, " thread%s: %s",
			 used == 1 && text[0] == '1' ? "" : "s", points[i].why);
		printout_note(printout, UNTOLD ": ", text);
	}
}

static void shootdowns_note(struct printout *printout,
			    const struct results_file *file)
{
	const char *missing = json_text(file->run, "shootdowns_missing", NULL);

	if (missing)
		printout_note(printout, "shootdowns: not counted: ", missing);
	else if (threads_shootdowns(file) == SHOOTDOWNS_ABSENT)
		printout_note(printout, "shootdowns: ",
			      "not counted: no sample of several threads says "
			      "how many there were");
	else if (threads_shootdowns(file) == SHOOTDOWNS_NONE)
		printout_note(printout, "shootdowns: ",
			      "cannot tell: no sample of several threads "
			      "counted one. A hypervisor, or the processor by "
			      "itself (INVLPGB), may do without the interrupts "
			      "that are counted");
	else
		printout_note(printout, "shootdowns: ",
			      "interrupts that all CPUs of the machine "
			      "received to forget translations, for each "
			      "growth, whoever they were for");
}

/* Of the first allocator; it is the workload's. */
static enum tail_of tail_of(const struct results_file *file,
			    const struct threads_line *line)
{
	for (unsigned int i = 0; i < file->cells_count; i++)
		if (has_row(&file->cells[i], line))
			return threads_tail(&file->cells[i]);
	return TAIL_GROW;
}

static int line_print(struct printout *printout,
		      const struct results_file *file,
		      const struct threads_line *line, double *values)
{
	const char *of = operation_names[tail_operations[tail_of(file, line)]];
	const struct grid_column columns[COLUMNS] = {
		{{NULL, "allocator"}, true},
		{{NULL, "threads"}, false},
		{{"requests/s,", "ratio"}, false},
		{{of, "p50"}, false},
		{{of, "p99"}, false},
		{{of, "p99.9"}, false},
		{{"shoot-", "downs"}, false},
	};
	struct grid *grid = grid_new(columns, COLUMNS);

	if (!grid)
		return -ENOMEM;
	for (unsigned int i = 0; i < file->cells_count; i++)
		if (has_row(&file->cells[i], line))
			courses_add(printout, grid, line, &file->cells[i],
				    values);
	if (grid->rows_count > 0) {
		line_heading(printout, line);
		grid_print(grid, printout->style, printout->stream);
		whys_print(printout, line);
	}
	free(grid);
	return 0;
}

int printout_print_threads(struct printout *printout,
			   const struct results_file *file)
{
	double *values = calloc(threads_values(file), sizeof(*values));
	struct threads_lines lines = {0};
	int error = values ? threads_read(file, &lines) : -ENOMEM;

	for (size_t i = 0; !error && i < lines.count; i++)
		error = line_print(printout, file, &lines.list[i], values);
	if (!error && lines.count > 0) {
		shootdowns_note(printout, file);
		printout_note(printout, "threads: ",
			      "requests in a second of the longest thread's "
			      "timed work, to those at the least number, "
			      "paired by round; percentiles of a sample's own "
			      "calls; medians over rounds with intervals of "
			      "95 %");
	}
	threads_free(&lines);
	free(values);
	return error;
}

static void add_course(struct json *list, const struct threads_line *line,
		       size_t point, const struct results_cell *like,
		       const struct threads_course *course)
{
	const struct threads_point *at = &line->points[point];
	struct json *json = json_append_object(list), *object;

	json_add_text(json, "allocator", like->allocator);
	json_add_text(json, "role", role_names[like->role]);
	json_add_count(json, "threads", at->group->threads);
	json_add_count(json, "samples", course->samples);
	if (at->why[0]) {
		json_add_text(json, "cannot_tell", at->why);
		return;
	}
	if (course->throughput.pairs > 0) {
		object = json_add_object(json, "throughput");
		json_add_real(object, "median", course->throughput.median);
		interval_to_json(object, &course->throughput.interval);
		json_add_count(object, "pairs", course->throughput.pairs);
	}
	json_add_text(json, "operation",
		      operation_names[tail_operations[course->tail]]);
	tail_figure_to_json(json, "p50_ns", &course->p50);
	tail_figure_to_json(json, "p99_ns", &course->p99);
	tail_figure_to_json(json, "p99_9_ns", &course->p99_9);
	if (!isnan(course->shootdowns) &&
	    threads_shootdowns(like->file) == SHOOTDOWNS_SEEN)
		json_add_real(json, "shootdowns", course->shootdowns);
}

static void add_line(struct json *list, const struct results_file *file,
		     const struct threads_line *line, double *values)
{
	struct json *json = json_append_object(list), *courses;
	struct threads_course course;

	json_add_text(json, "option", line->option);
	json_add_text(json, "workload", line->workload);
	json_add_text(json, "thp", thp_names[line->thp]);
	json_add_text(json, "layout", layout_names[line->layout]);
	courses = json_add_array(json, "courses");
	for (unsigned int i = 0; i < file->cells_count; i++)
		for (size_t j = 0; j < line->points_count; j++)
			if (has_row(&file->cells[i], line) &&
			    threads_course(line, j, &file->cells[i], values,
					   &course))
				add_course(courses, line, j, &file->cells[i],
					   &course);
}

int threads_to_json(const struct results_file *file, struct json *into)
{
	double *values = calloc(threads_values(file), sizeof(*values));
	struct threads_lines lines = {0};
	int error = values ? threads_read(file, &lines) : -ENOMEM;
	struct json *list = NULL;

	if (!error && lines.count > 0)
		list = json_add_array(into, "threads");
	for (size_t i = 0; list && i < lines.count; i++)
		add_line(list, file, &lines.list[i], values);
	threads_free(&lines);
	free(values);
	return error;
}
