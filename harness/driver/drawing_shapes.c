/* drawing_shapes - the data of the figure of what a call costs along an axis. */
#include "driver/drawing_shapes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/drawing_series.h"
#include "driver/drawing_text.h"
#include "driver/group_units.h"
#include "driver/names.h"
#include "driver/shape_read.h"

#define LABEL_WIDTH 40

struct picture {
	FILE *rows;
	struct drawing_series series;
	unsigned int panels;
	int operation; /* of the last panel */
};

static void write_number(FILE *rows, double number)
{
	fputc('\t', rows);
	if (isfinite(number))
		fprintf(rows, "%.9g", number);
}

static void write_course(struct picture *picture, const struct shape_line *line,
			 const struct shape_course *course)
{
	unsigned int series =
		drawing_series_of(&picture->series, course->cell->allocator);
	char label[256], whole[SPEC_TEXT_MAX];

	if (series == 0)
		return;
	if (picture->panels == 0 ||
	    picture->operation != (int)course->operation)
		picture->panels++;
	picture->operation = (int)course->operation;
	drawing_shortened(course->cell->allocator, LABEL_WIDTH, label,
			  sizeof(label));
	drawing_field(course->cell->allocator, whole, sizeof(whole));
	for (size_t i = 0; i < line->points; i++) {
		const struct interval *interval = &course->intervals[i];

		if (isnan(course->fit.medians[i]))
			continue;
		fprintf(picture->rows, "%u\t%s\t%s\t%s\t%u\t%s\t%s", series,
			role_names[course->cell->role], label, whole,
			picture->panels, operation_names[course->operation],
			shape_names[course->fit.shape]);
		write_number(picture->rows, line->n[i]);
		write_number(picture->rows, course->fit.medians[i]);
		write_number(picture->rows, interval->low);
		write_number(picture->rows, interval->high);
		fputc('\n', picture->rows);
	}
}

static void describe(const struct results_file *file,
		     const struct shape_line *line, struct drawing *drawing)
{
	const struct machine_unit unit = group_units_of_file(file);
	char shown[256], text[512];

	drawing->kind = "shapes";
	drawing_field(line->axis, shown, sizeof(shown));
	snprintf(drawing->title, sizeof(drawing->title),
		 "What a call costs%s, by %.22s",
		 machine_units_same(&unit, &machine_units_none)
			 ? ""
			 : " in instructions",
		 shown);
	snprintf(drawing->measure, sizeof(drawing->measure), "%s", unit.name);
	drawing_shortened(line->workload, 88, shown, sizeof(shown));
	snprintf(text, sizeof(text), "%s \xc2\xb7 %s%s", shown,
		 names_mode(line->group->thp, line->group->layout),
		 file->ended ? "" : " \xc2\xb7 interrupted");
	drawing_visible(text, drawing->workload, sizeof(drawing->workload));
	drawing_machine(file, drawing->machine, sizeof(drawing->machine));
	snprintf(drawing->note, sizeof(drawing->note),
		 "Medians over rounds of the median of a sample's calls; bars: "
		 "%.0f %% interval, or the whole range where rounds are few. "
		 "Words: the shape from the least number above 0 on.",
		 100 * SHAPE_LEVEL);
}

static unsigned int number_next(const struct drawings *drawings)
{
	unsigned int number = 1;

	for (unsigned int i = 0; i < drawings->count; i++)
		number += strcmp(drawings->list[i].kind, "shapes") == 0;
	return number;
}

static int make_one(const struct results_file *file, const char *prefix,
		    const struct shapes *shapes, unsigned int place,
		    struct drawings *drawings)
{
	struct drawing *drawing = &drawings->list[drawings->count];
	const struct shape_line *line = &shapes->lines[place];
	const struct machine_unit unit = group_units_of_file(file);
	struct picture picture = {0};
	char word[DRAWING_WORD_SIZE];
	int failed;

	picture.rows = open_memstream(&drawing->data, &drawing->data_size);
	if (!picture.rows)
		return -ENOMEM;
	fprintf(picture.rows,
		"series\trole\tlabel\tallocator\tpanel\tpanel_name\tshape\tn\t"
		"cost_%s\tlow_%s\thigh_%s\n",
		unit.name, unit.name, unit.name);
	for (size_t i = 0; i < shapes->courses_count; i++)
		if (shapes->courses[i].line == place)
			write_course(&picture, line, &shapes->courses[i]);
	failed = ferror(picture.rows);
	failed |= fclose(picture.rows) != 0;
	if (failed || picture.panels == 0) {
		free(drawing->data);
		*drawing = (struct drawing){.kind = NULL};
		return failed ? -ENOMEM : 0;
	}
	describe(file, line, drawing);
	drawing_word(line->workload, ':', word);
	snprintf(drawing->stem, sizeof(drawing->stem), "%s%sshapes-%s-%u",
		 prefix, *prefix ? "-" : "", word, number_next(drawings));
	drawings->count++;
	return 0;
}

int drawing_shapes(const struct results_file *file, const char *prefix,
		   struct drawings *drawings)
{
	struct shapes shapes;
	int error = shapes_read(file, &shapes);

	for (unsigned int i = 0;
	     !error && i < shapes.lines_count && i < file->groups_count; i++)
		error = make_one(file, prefix, &shapes, i, drawings);
	shapes_free(&shapes);
	return error;
}
