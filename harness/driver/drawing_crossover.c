/* drawing_crossover - the data of the figure of a map. */
#include "driver/drawing_crossover.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/drawing_text.h"
#include "driver/names.h"

#define LABEL_WIDTH 40
#define COLUMNS                                                                \
	"series\trole\tlabel\tallocator\tsize_bytes\tfile\tratio\tratio_low\t" \
	"ratio_high\ttold\tthreshold_bytes\tthreshold_low_bytes\t"             \
	"threshold_high_bytes\tthreshold_state\n"

static void row_begin(FILE *rows, unsigned int series,
		      const struct crossover_curve *curve)
{
	char mover[256], whole[4096];

	fprintf(rows, "%u\trow\t%s over a %s copy\t%s", series,
		drawing_shortened(curve->mover, LABEL_WIDTH, mover,
				  sizeof(mover)),
		crossover_copy_names[curve->copy],
		drawing_field(curve->mover, whole, sizeof(whole)));
}

static void real(FILE *rows, double value)
{
	if (isfinite(value))
		fprintf(rows, "\t%.10g", value);
	else
		fputc('\t', rows);
}

static bool point_row(FILE *rows, unsigned int series,
		      const struct crossover_curve *curve,
		      const struct crossover_point *point)
{
	const struct crossover_ratio *ratio = &point->ratios[CROSSOVER_WHOLE];
	static const int told[] = {[CROSSOVER_UNTOLD] = 0,
				   [CROSSOVER_COPYING] = 1,
				   [CROSSOVER_MOVING] = -1};

	/* A number that is not what its row says is not drawn. */
	if (!isfinite(ratio->median) || point->doubt == DOUBT_WARM ||
	    point->doubt == DOUBT_EXERCISED || point->doubt == DOUBT_SKIPPED)
		return false;
	row_begin(rows, series, curve);
	fprintf(rows, "\t%llu\t%u", (unsigned long long)point->size,
		point->file - curve->coarse);
	real(rows, ratio->median);
	real(rows, ratio->interval.low);
	real(rows, ratio->interval.high);
	fprintf(rows, "\t%d\t\t\t\t\n",
		told[crossover_told(point, CROSSOVER_WHOLE)]);
	return true;
}

static void threshold_row(FILE *rows, unsigned int series,
			  const struct crossover_curve *curve,
			  const struct crossover_crossing *crossing)
{
	row_begin(rows, series, curve);
	fprintf(rows, "\t\t\t\t\t\t\t%.10g\t%llu\t%llu\t%d\n",
		crossing->estimate, (unsigned long long)crossing->low,
		(unsigned long long)crossing->high, (int)crossing->state);
}

/* The rows of a part; how many of them are points. */
static unsigned int part_rows(FILE *rows, const struct crossover_curve *curves,
			      unsigned int count)
{
	unsigned int points = 0;

	fputs(COLUMNS, rows);
	for (unsigned int i = 0; i < count; i++) {
		const struct crossover_curve *curve = &curves[i];
		unsigned int before = points;

		for (unsigned int j = 0; j < curve->points_count; j++)
			points += point_row(rows, i + 1, curve,
					    &curve->points[j]);
		for (unsigned int j = 0;
		     j < curve->crossings[CROSSOVER_WHOLE].count; j++)
			threshold_row(
				rows, i + 1, curve,
				&curve->crossings[CROSSOVER_WHOLE].list[j]);
		/* A curve without a point has a place all the same. */
		if (points == before) {
			row_begin(rows, i + 1, curve);
			fputs("\t\t\t\t\t\t\t\t\t\t\n", rows);
		}
	}
	return points;
}

static int part_make(const struct crossover_map *map,
		     const struct crossover_curve *curves, unsigned int count,
		     unsigned int number, struct drawing *drawing)
{
	FILE *rows = open_memstream(&drawing->data, &drawing->data_size);
	unsigned int points;
	char line[1024];
	int failed;

	if (!rows)
		return -ENOMEM;
	drawing->kind = "crossover";
	snprintf(drawing->stem, sizeof(drawing->stem), "crossover-%s%s-%u",
		 thp_names[curves->thp],
		 curves->layout == LAYOUT_LEGACY ? "-legacy" : "", number);
	snprintf(drawing->title, sizeof(drawing->title),
		 "From which size on moving a block beats copying it");
	snprintf(drawing->measure, sizeof(drawing->measure), "ns");
	snprintf(line, sizeof(line),
		 "one growth to twice the size%s%s "
		 "\xc2\xb7 %s",
		 curves->rest[0] ? " \xc2\xb7 " : "", curves->rest,
		 names_mode(curves->thp, curves->layout));
	drawing_visible(line, drawing->workload, sizeof(drawing->workload));
	drawing_machine(map->results->files[0], drawing->machine,
			sizeof(drawing->machine));
	snprintf(drawing->note, sizeof(drawing->note),
		 "Growth, first touch of the new part, re-read of the old. "
		 "Medians over rounds; bars: intervals that all hold together "
		 "with %g %%. Hollow: not told. Brackets: between these sizes "
		 "lies the threshold. Dotted: what allocators have built in.",
		 100 * (1 - CROSSOVER_ALPHA));
	points = part_rows(rows, curves, count);
	failed = ferror(rows);
	failed |= fclose(rows) != 0;
	if (failed)
		return -ENOMEM;
	if (points == 0) {
		snprintf(drawing->why_not, sizeof(drawing->why_not),
			 "no size has a ratio");
		free(drawing->data);
		drawing->data = NULL;
	}
	return 0;
}

int drawing_crossover(const struct crossover_map *map,
		      struct drawings *drawings)
{
	unsigned int i = 0, last, number = 0;
	int error = 0;

	*drawings = (struct drawings){
		.list = calloc(map->curves_count + 1, sizeof(*drawings->list))};
	if (!drawings->list)
		return -ENOMEM;
	for (; i < map->curves_count && !error; i = last) {
		const struct crossover_curve *first = &map->curves[i];

		if (i > 0 && (first->thp != first[-1].thp ||
			      first->layout != first[-1].layout))
			number = 0;
		for (last = i;
		     last < map->curves_count &&
		     map->curves[last].thp == first->thp &&
		     map->curves[last].layout == first->layout &&
		     strcmp(map->curves[last].rest, first->rest) == 0;)
			last++;
		error = part_make(map, first, last - i, ++number,
				  &drawings->list[drawings->count++]);
	}
	if (error)
		drawings_free(drawings);
	return error;
}
