/* drawing_inflation - the data of the figure of mappings for each live MiB. */
#include "driver/drawing_inflation.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/drawing_text.h"
#include "driver/names.h"

#define LABEL_WIDTH 40
#define TOUCH_OPTION ":touch="
#define UNTOUCHED ":touch=none"
#define LIVE_MIN_MIB 1.0

/* The spelling without its option touch; false: it has none, or not that. */
static bool rest_of(const struct results_group *group, bool untouched,
		    char rest[SPEC_TEXT_MAX])
{
	const char *at = strstr(group->workload, TOUCH_OPTION);
	size_t head =
		at ? (size_t)(at - group->workload) : strlen(group->workload);
	bool is_untouched =
		at && strncmp(at, UNTOUCHED, strlen(UNTOUCHED)) == 0;

	if (group->skipped || is_untouched != untouched)
		return false;
	snprintf(rest, SPEC_TEXT_MAX, "%.*s%s", (int)head, group->workload,
		 at ? at + 1 + strcspn(at + 1, ":") : "");
	return true;
}

/* The group in which nothing is written, of one in which something is. */
static const struct results_group *partner_of(const struct results_file *file,
					      const struct results_group *group)
{
	char rest[SPEC_TEXT_MAX], other[SPEC_TEXT_MAX];

	if (!rest_of(group, false, rest))
		return NULL;
	for (unsigned int i = 0; i < file->groups_count; i++)
		if (file->groups[i].thp == group->thp &&
		    file->groups[i].layout == group->layout &&
		    rest_of(&file->groups[i], true, other) &&
		    strcmp(rest, other) == 0)
			return &file->groups[i];
	return NULL;
}

/* Of all valid samples, their mean; NaN: none has both numbers. */
static double inflation_of(const struct results_cell *cell)
{
	double mappings = 0, live = 0;

	for (size_t i = 0; cell && i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];
		int64_t of = sample->values[FIGURE_FINAL + MAP_MAPPINGS];
		int64_t bytes = sample->values[FIGURE_FINAL + MAP_LIVE_BYTES];

		if (!sample->valid || of == FIGURE_ABSENT || bytes <= 0)
			continue;
		mappings += (double)of;
		live += (double)bytes / 0x1p20;
	}
	return live >= LIVE_MIN_MIB && mappings >= 0 ? mappings / live : NAN;
}

static const struct results_cell *cell_of(const struct results_file *file,
					  const struct results_group *group,
					  const struct results_cell *like)
{
	for (unsigned int i = 0; i < file->cells_count; i++)
		if (file->cells[i].group == group &&
		    file->cells[i].role == like->role &&
		    strcmp(file->cells[i].allocator, like->allocator) == 0)
			return &file->cells[i];
	return NULL;
}

static unsigned int rows_write(const struct results_file *file,
			       const struct results_group *group,
			       const struct results_group *untouched,
			       FILE *rows)
{
	char label[256], whole[SPEC_TEXT_MAX];
	unsigned int series = 0;

	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];
		double values[2];

		if (cell->group != group || cell->skipped ||
		    (cell->role != ROLE_REFERENCE && cell->role != ROLE_ROW))
			continue;
		values[0] = inflation_of(cell);
		values[1] = inflation_of(cell_of(file, untouched, cell));
		if (isnan(values[0]) && isnan(values[1]))
			continue;
		fprintf(rows, "%u\t%s\t%s\t%s", ++series,
			role_names[cell->role],
			drawing_shortened(cell->allocator, LABEL_WIDTH, label,
					  sizeof(label)),
			drawing_field(cell->allocator, whole, sizeof(whole)));
		for (int j = 0; j < 2; j++)
			if (isnan(values[j]))
				fputc('\t', rows);
			else
				fprintf(rows, "\t%.6g", values[j]);
		fputc('\n', rows);
	}
	return series;
}

static void describe(const struct results_file *file,
		     const struct results_group *group, struct drawing *drawing)
{
	char rest[SPEC_TEXT_MAX], shown[256], line[512];

	drawing->kind = "inflation";
	snprintf(drawing->title, sizeof(drawing->title),
		 "Mappings for each MiB that is alive");
	snprintf(drawing->measure, sizeof(drawing->measure), "ns");
	rest_of(group, false, rest);
	drawing_shortened(rest, 88, shown, sizeof(shown));
	snprintf(line, sizeof(line), "%s \xc2\xb7 %s%s", shown,
		 names_mode(group->thp, group->layout),
		 file->ended ? "" : " \xc2\xb7 interrupted");
	drawing_visible(line, drawing->workload, sizeof(drawing->workload));
	drawing_machine(file, drawing->machine, sizeof(drawing->machine));
	snprintf(drawing->note, sizeof(drawing->note),
		 "At the end of the run, over the state before it. What was "
		 "written keeps the offset of where it was first, and merges "
		 "with no neighbour once it has moved; what was not written "
		 "merges, unless anything was in the mapping that it was part "
		 "of (mappings=2 keeps the churn apart from all else). Copies, "
		 "and pages moved one by one, are new where they are.");
}

static int make_one(const struct results_file *file, const char *prefix,
		    const struct results_group *group,
		    const struct results_group *untouched,
		    struct drawings *drawings)
{
	struct drawing *drawing = &drawings->list[drawings->count];
	FILE *rows = open_memstream(&drawing->data, &drawing->data_size);
	char word[DRAWING_WORD_SIZE];
	unsigned int series, number = 1;
	int failed;

	if (!rows)
		return -ENOMEM;
	fputs("series\trole\tlabel\tallocator\ttouched\tuntouched\n", rows);
	series = rows_write(file, group, untouched, rows);
	failed = ferror(rows);
	failed |= fclose(rows) != 0;
	if (failed || series == 0) {
		free(drawing->data);
		*drawing = (struct drawing){.kind = NULL};
		return failed ? -ENOMEM : 0;
	}
	describe(file, group, drawing);
	drawing_word(group->workload, ':', word);
	for (unsigned int i = 0; i < drawings->count; i++)
		number += strcmp(drawings->list[i].kind, drawing->kind) == 0;
	snprintf(drawing->stem, sizeof(drawing->stem), "%s%sinflation-%s-%u",
		 prefix, *prefix ? "-" : "", word, number);
	drawings->count++;
	return 0;
}

int drawing_inflation(const struct results_file *file, const char *prefix,
		      struct drawings *drawings)
{
	int error = 0;

	for (unsigned int i = 0; i < file->groups_count && !error; i++) {
		const struct results_group *untouched =
			partner_of(file, &file->groups[i]);

		if (untouched)
			error = make_one(file, prefix, &file->groups[i],
					 untouched, drawings);
	}
	return error;
}
