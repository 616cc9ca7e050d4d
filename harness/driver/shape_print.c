/* shape_print - the shapes of a results file, for people and as JSON. */
#include "driver/shape_print.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/group_units.h"
#include "driver/names.h"
#include "driver/table_parts.h"

static void ratio_text(const struct printout *printout,
		       const struct shape_estimate *estimate, char *text)
{
	const struct row_ratio ratio = {
		.median = estimate->median,
		.interval = estimate->interval,
		.pairs = estimate->rounds,
	};

	printout_ratio_interval(printout, &ratio, text);
}

/* "512 ns (498 ns..530 ns)". */
static void slope_text(const struct printout *printout,
		       const struct shape_fit *fit, char *text)
{
	const struct shape_estimate *slope = &fit->slope;
	char median[GRID_TEXT_MAX], low[GRID_TEXT_MAX], high[GRID_TEXT_MAX];

	if (isnan(slope->median)) {
		snprintf(text, GRID_TEXT_MAX, "-");
		return;
	}
	printout_time_of(printout, TIME_OF_CALL, slope->median, median);
	if (!(slope->interval.level > 0)) {
		snprintf(text, GRID_TEXT_MAX, "%.20s", median);
		return;
	}
	printout_time_of(printout, TIME_OF_CALL, slope->interval.low, low);
	printout_time_of(printout, TIME_OF_CALL, slope->interval.high, high);
	snprintf(text, GRID_TEXT_MAX, "%.20s (%.20s%s%.20s)", median, low,
		 style_range(printout->style), high);
}

static void course_line(struct printout *printout, struct grid *grid,
			const struct shape_line *line,
			const struct shape_course *course, bool begins)
{
	struct grid_row *row = grid_row(grid);
	const struct shape_fit *fit = &course->fit;

	row->apart = begins;
	snprintf(row->cells[0], GRID_TEXT_MAX, "%s",
		 begins ? operation_names[course->operation] : "");
	printout_name(printout, course->cell->allocator, row->cells[1]);
	printout_time_of(printout, TIME_OF_CALL, fit->medians[0],
			 row->cells[2]);
	printout_time_of(printout, TIME_OF_CALL, fit->medians[line->points - 1],
			 row->cells[3]);
	ratio_text(printout, &fit->ratio, row->cells[4]);
	slope_text(printout, fit, row->cells[5]);
	snprintf(row->cells[6], GRID_TEXT_MAX, "%s", shape_names[fit->shape]);
}

static void line_heading(const struct printout *printout,
			 const struct shape_line *line)
{
	char text[2 * SPEC_TEXT_MAX];

	snprintf(text, sizeof(text),
		 "against %s, %g to %g (%zu numbers): %s, %s", line->axis,
		 line->n[0], line->n[line->points - 1], line->points,
		 line->workload,
		 names_mode(line->group->thp, line->group->layout));
	fputc('\n', printout->stream);
	style_wrap(printout->style, EMPHASIS_STRONG, "", text,
		   printout->stream);
}

/* Which are not told for a reason, and for which. */
static void doubt_note(struct printout *printout, const struct shapes *shapes,
		       unsigned int place, enum shape_doubt doubt)
{
	char text[2048], name[GRID_TEXT_MAX];
	size_t used = 0;

	for (size_t i = 0; i < shapes->courses_count; i++) {
		const struct shape_course *course = &shapes->courses[i];

		if (course->line != place || course->fit.doubt != doubt ||
		    used >= sizeof(text) / 2)
			continue;
		printout_name(printout, course->cell->allocator, name);
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s%s of %s", used ? ", " : "",
					 operation_names[course->operation],
					 name);
	}
	if (used == 0)
		return;
	snprintf(text + used, sizeof(text) - used, ": %s",
		 shape_doubt_texts[doubt]);
	printout_note(printout, "cannot tell: ", text);
}

static int line_print(struct printout *printout, const struct shapes *shapes,
		      unsigned int place)
{
	const struct shape_line *line = &shapes->lines[place];
	char least[32], most[32];
	const struct grid_column columns[] = {
		{{NULL, "call"}, true},	    {{NULL, "allocator"}, true},
		{{"median", least}, false}, {{"median", most}, false},
		{{"ratio", NULL}, false},   {{"for 1,000", "more"}, false},
		{{NULL, "shape"}, true},
	};
	const struct shape_course *before = NULL;
	struct grid *grid = grid_new(columns, 7);

	if (!grid)
		return -ENOMEM;
	snprintf(least, sizeof(least), "at %g", line->n[0]);
	snprintf(most, sizeof(most), "at %g", line->n[line->points - 1]);
	for (size_t i = 0; i < shapes->courses_count; i++) {
		const struct shape_course *course = &shapes->courses[i];

		if (course->line != place)
			continue;
		course_line(printout, grid, line, course,
			    !before || before->operation != course->operation);
		before = course;
	}
	if (grid->rows_count > 0) {
		line_heading(printout, line);
		grid_print(grid, printout->style, printout->stream);
		for (int i = SHAPE_SURE + 1; i < SHAPE_DOUBTS; i++)
			doubt_note(printout, shapes, place,
				   (enum shape_doubt)i);
	}
	free(grid);
	return 0;
}

static void shapes_foot(struct printout *printout)
{
	char text[640];

	snprintf(text, sizeof(text),
		 "of the median of a sample's calls, medians over rounds, "
		 "intervals of %.0f %% each (exact sign test). The shape is "
		 "that of the growth from the least number above 0 on: "
		 "constant within a factor of %.2f; else logarithmic where it "
		 "is more like log N than like the root of N (exponent below "
		 "%.1f), linear at an exponent of %.1f to %.1f",
		 100 * SHAPE_LEVEL, SHAPE_MARGIN, SHAPE_LOGARITHMIC_MAX,
		 SHAPE_LINEAR_MIN, SHAPE_LINEAR_MAX);
	printout_note(printout, "shapes: ", text);
}

int printout_print_shapes(struct printout *printout,
			  const struct results_file *file)
{
	struct shapes shapes;
	int error = shapes_read(file, &shapes);

	printout->call_unit = group_units_of_call(file);
	for (unsigned int i = 0; !error && i < shapes.lines_count; i++)
		error = line_print(printout, &shapes, i);
	if (!error && shapes.courses_count > 0)
		shapes_foot(printout);
	shapes_free(&shapes);
	return error;
}

int shape_print(const struct results_file *file, const struct style *style,
		FILE *stream)
{
	struct printout *printout = calloc(1, sizeof(*printout));
	int error;

	if (!printout)
		return -ENOMEM;
	printout->style = style;
	printout->stream = stream;
	error = printout_print_shapes(printout, file);
	printout_print_names(printout);
	free(printout);
	return error;
}
