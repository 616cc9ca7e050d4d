/* drawing_threads - the data of the figure of throughput and tail by threads. */
#include "driver/drawing_threads.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/drawing_text.h"
#include "driver/names.h"
#include "driver/threads.h"

#define LABEL_WIDTH 40

enum panel { PANEL_THROUGHPUT, PANEL_TAIL, PANELS };

/* A figure of which the cells are the series. */
struct picture {
	const struct results_file *file;
	const struct threads_line *line;
	double *values;
	FILE *rows;
	bool has_panel[PANELS];
	enum tail_of tail; /* of the last course */
};

static bool is_series(const struct picture *picture,
		      const struct results_cell *cell)
{
	return cell->group == picture->line->points[0].group &&
	       !cell->skipped &&
	       (cell->role == ROLE_REFERENCE || cell->role == ROLE_ROW);
}

static bool has_value(enum panel panel, const struct threads_course *course)
{
	return panel == PANEL_TAIL
		       ? !isnan(course->p99.ns)
		       : course->is_base || course->throughput.pairs > 0;
}

/* False: there is nothing to be told of it. */
static bool course_at(const struct picture *picture, size_t point,
		      const struct results_cell *cell,
		      struct threads_course *course)
{
	return picture->line->points[point].why[0] == 0 &&
	       threads_course(picture->line, point, cell, picture->values,
			      course);
}

/* Which panels there are: a single point of throughput is none. */
static void panels_find(struct picture *picture)
{
	struct threads_course course;

	for (unsigned int i = 0; i < picture->file->cells_count; i++)
		for (size_t j = 0; j < picture->line->points_count; j++) {
			const struct results_cell *cell =
				&picture->file->cells[i];

			if (!is_series(picture, cell) ||
			    !course_at(picture, j, cell, &course))
				continue;
			picture->tail = course.tail;
			picture->has_panel[PANEL_THROUGHPUT] |=
				course.throughput.pairs > 0;
			picture->has_panel[PANEL_TAIL] |=
				has_value(PANEL_TAIL, &course);
		}
}

static void write_three(FILE *rows, double median,
			const struct interval *interval)
{
	/* Of too few rounds it is the whole range. */
	fprintf(rows, "\t%.9g\t%.9g\t%.9g", median, interval->low,
		interval->high);
}

static void write_row(const struct picture *picture, enum panel panel,
		      unsigned int series, const struct results_cell *cell,
		      size_t point, const struct threads_course *course)
{
	static const struct interval one = {.low = 1, .high = 1, .level = 1};
	unsigned int number =
		panel == PANEL_TAIL && picture->has_panel[PANEL_THROUGHPUT] ? 2
									    : 1;
	char label[256], whole[SPEC_TEXT_MAX];

	drawing_shortened(cell->allocator, LABEL_WIDTH, label, sizeof(label));
	drawing_field(cell->allocator, whole, sizeof(whole));
	fprintf(picture->rows, "%u\t%s\t%s\t%s\t%u\t", series,
		role_names[cell->role], label, whole, number);
	if (panel == PANEL_TAIL)
		fprintf(picture->rows, "p99, %s",
			operation_names[tail_operations[picture->tail]]);
	else
		fputs("requests in a second, ratio", picture->rows);
	fprintf(picture->rows, "\t%u",
		picture->line->points[point].group->threads);
	if (panel == PANEL_TAIL)
		fputs("\t\t\t", picture->rows);
	if (panel == PANEL_TAIL)
		write_three(picture->rows, course->p99.ns,
			    &course->p99.interval);
	else if (course->is_base)
		write_three(picture->rows, 1, &one);
	else
		write_three(picture->rows, course->throughput.median,
			    &course->throughput.interval);
	if (panel == PANEL_THROUGHPUT)
		fputs("\t\t\t", picture->rows);
	fputc('\n', picture->rows);
}

static void write_rows(const struct picture *picture)
{
	struct threads_course course;
	unsigned int series = 0;
	bool has_rows;

	for (unsigned int i = 0; i < picture->file->cells_count; i++) {
		const struct results_cell *cell = &picture->file->cells[i];

		if (!is_series(picture, cell))
			continue;
		has_rows = false;
		for (int panel = 0; panel < PANELS; panel++)
			for (size_t j = 0; j < picture->line->points_count;
			     j++) {
				if (!picture->has_panel[panel] ||
				    !course_at(picture, j, cell, &course) ||
				    !has_value((enum panel)panel, &course))
					continue;
				series += !has_rows;
				has_rows = true;
				write_row(picture, (enum panel)panel, series,
					  cell, j, &course);
			}
	}
}

static void describe(const struct picture *picture, struct drawing *drawing)
{
	char shown[256], text[512];

	drawing->kind = "threads";
	snprintf(drawing->title, sizeof(drawing->title),
		 "What threads cost each other, by %s", picture->line->option);
	snprintf(drawing->measure, sizeof(drawing->measure), "ns");
	drawing_shortened(picture->line->workload, 88, shown, sizeof(shown));
	snprintf(text, sizeof(text), "%s \xc2\xb7 %s%s", shown,
		 names_mode(picture->line->thp, picture->line->layout),
		 picture->file->ended ? "" : " \xc2\xb7 interrupted");
	drawing_visible(text, drawing->workload, sizeof(drawing->workload));
	drawing_machine(picture->file, drawing->machine,
			sizeof(drawing->machine));
	snprintf(drawing->note, sizeof(drawing->note),
		 "Medians over rounds; bars: %.0f %% interval, or the whole "
		 "range where rounds are few. Ratios are to the same allocator "
		 "at the least number, paired by round; only where each "
		 "thread, the driver and the probe had a core.",
		 100 * TABLE_LEVEL);
}

static int make_one(struct picture *picture, const char *prefix,
		    unsigned int number, struct drawings *drawings)
{
	struct drawing *drawing = &drawings->list[drawings->count];
	char word[DRAWING_WORD_SIZE];
	int failed;

	panels_find(picture);
	if (!picture->has_panel[PANEL_THROUGHPUT] &&
	    !picture->has_panel[PANEL_TAIL])
		return 0;
	picture->rows = open_memstream(&drawing->data, &drawing->data_size);
	if (!picture->rows)
		return -ENOMEM;
	fputs("series\trole\tlabel\tallocator\tpanel\tpanel_name\tthreads\t"
	      "ratio\tratio_low\tratio_high\ttail_ns\tlow_ns\thigh_ns\n",
	      picture->rows);
	write_rows(picture);
	failed = ferror(picture->rows);
	failed |= fclose(picture->rows) != 0;
	if (failed) {
		free(drawing->data);
		*drawing = (struct drawing){.kind = NULL};
		return -ENOMEM;
	}
	describe(picture, drawing);
	drawing_word(picture->line->workload, ':', word);
	snprintf(drawing->stem, sizeof(drawing->stem), "%s%sthreads-%s-%u",
		 prefix, *prefix ? "-" : "", word, number);
	drawings->count++;
	return 0;
}

int drawing_threads(const struct results_file *file, const char *prefix,
		    struct drawings *drawings)
{
	double *values = calloc(threads_values(file), sizeof(*values));
	struct threads_lines lines = {0};
	int error = values ? threads_read(file, &lines) : -ENOMEM;

	for (size_t i = 0; !error && i < lines.count; i++) {
		struct picture picture = {
			.file = file,
			.line = &lines.list[i],
			.values = values,
		};

		error = make_one(&picture, prefix, (unsigned int)i + 1,
				 drawings);
	}
	threads_free(&lines);
	free(values);
	return error;
}
