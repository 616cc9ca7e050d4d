/* crossover_print - a map as tables: thresholds, then the ratio at each size. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/crossover_text.h"
#include "driver/json.h"
#include "driver/names.h"
#include "driver/table_parts.h"

#define HEADING_MAX 1600

static const struct grid_column threshold_columns[] = {
	{{"mover", NULL}, true},	{{"against", "a copy that is"}, true},
	{{"threshold", NULL}, false},	{{"between", NULL}, true},
	{{"above", NULL}, true},	{{"rounds", NULL}, false},
	{{"of grow()", "alone"}, true},
};
enum { T_MOVER, T_COPY, T_SIZE, T_BETWEEN, T_ABOVE, T_ROUNDS, T_GROW, T_COUNT };

static const struct grid_column ratio_columns[] = {
	{{"size", NULL}, false},	  {{"rounds", NULL}, false},
	{{"over a copy", "cold"}, false}, {{NULL, "pre-populated"}, false},
	{{NULL, "warm"}, false},	  {{"grow()", "cold"}, false},
	{{NULL, "pre-p."}, false},	  {{NULL, "warm"}, false},
};
enum {
	R_SIZE,
	R_ROUNDS,
	R_WHOLE,
	R_GROW = R_WHOLE + CROSSOVER_COPIES,
	R_COUNT = R_GROW + CROSSOVER_COPIES
};

static void heading(const struct crossover_map *map, const struct style *style,
		    FILE *stream)
{
	const struct json *run = map->results->files[0]->run;
	char text[HEADING_MAX];

	snprintf(text, sizeof(text),
		 "regrow %.60s, %.40s, %.100s, Linux %.80s, seed %lld",
		 json_text(run, "regrow", "of an unknown version"),
		 json_text(run, "started", "at an unknown time"),
		 json_text(run, "machine.cpu_model", "an unknown CPU"),
		 json_text(run, "machine.kernel", "of an unknown release"),
		 (long long)json_count(run, "plan.seed", 0));
	style_wrap(style, EMPHASIS_FAINT, "", text, stream);
	fputc('\n', stream);
	style_wrap(style, EMPHASIS_STRONG, "",
		   "From which size on does moving a block cost less than "
		   "copying it?",
		   stream);
}

/* Curves of one THP mode, layout and rest belong together. */
static bool is_same_part(const struct crossover_curve *a,
			 const struct crossover_curve *b)
{
	return a->thp == b->thp && a->layout == b->layout &&
	       strcmp(a->rest, b->rest) == 0;
}

static void part_heading(const struct crossover_curve *curve,
			 const struct style *style, FILE *stream)
{
	char text[HEADING_MAX];

	snprintf(text, sizeof(text), "%s%s%s",
		 names_mode(curve->thp, curve->layout),
		 curve->rest[0] ? ", " : "", curve->rest);
	fputc('\n', stream);
	style_wrap(style, EMPHASIS_STRONG, "", text, stream);
}

static void between_text(const struct crossover_crossing *crossing,
			 const struct style *style, char *text)
{
	char low[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE];

	crossover_text_size((double)crossing->low, low);
	crossover_text_size((double)crossing->high, high);
	/* "32 to 40 KiB". */
	if (strcmp(strchr(low, ' '), strchr(high, ' ')) == 0)
		*strchr(low, ' ') = '\0';
	snprintf(text, GRID_TEXT_MAX, "%s%s%s", low, style_range(style), high);
}

/* All crossings of growth alone in one cell. */
static void grow_text(const struct crossover_curve *curve,
		      const struct style *style, char *text)
{
	unsigned int count = curve->crossings[CROSSOVER_GROW].count;
	struct crossover_reach reach = crossover_reach(curve, CROSSOVER_GROW);
	char between[GRID_TEXT_MAX];
	size_t used = 0;

	snprintf(text, GRID_TEXT_MAX, "%s",
		 reach.told == 0		   ? "not told"
		 : reach.below == CROSSOVER_MOVING ? "always moving"
						   : "always copying");
	for (unsigned int i = 0; i < count && used < GRID_TEXT_MAX / 2; i++) {
		between_text(&curve->crossings[CROSSOVER_GROW].list[i], style,
			     between);
		used += (size_t)snprintf(text + used, GRID_TEXT_MAX - used,
					 "%s%.60s", used > 0 ? "; " : "",
					 between);
	}
}

static const char *state_mark(enum crossover_state state)
{
	return state == CROSSING_FRESH		 ? ""
	       : state == CROSSING_NOT_CONFIRMED ? " ?"
						 : " *";
}

static void crossing_row(const struct crossover_crossing *crossing,
			 const struct style *style, struct grid_row *row)
{
	bool confirmed = crossing->state != CROSSING_NOT_CONFIRMED;
	char between[GRID_TEXT_MAX];

	if (confirmed)
		crossover_text_size(crossing->estimate, row->cells[T_SIZE]);
	else
		snprintf(row->cells[T_SIZE], GRID_TEXT_MAX, "none sure");
	between_text(crossing, style, between);
	snprintf(row->cells[T_BETWEEN], GRID_TEXT_MAX, "%.60s%s", between,
		 state_mark(crossing->state));
	snprintf(row->cells[T_ABOVE], GRID_TEXT_MAX, "%s",
		 crossover_side_names[crossing->above]);
	snprintf(row->cells[T_ROUNDS], GRID_TEXT_MAX, "%zu", crossing->pairs);
}

static int thresholds_print(struct printout *printout,
			    const struct crossover_curve *curves,
			    unsigned int count)
{
	struct grid *grid = grid_new(threshold_columns, T_COUNT);

	if (!grid)
		return -ENOMEM;
	for (unsigned int i = 0; i < count; i++) {
		const struct crossover_curve *curve = &curves[i];
		unsigned int all = curve->crossings[CROSSOVER_WHOLE].count;
		struct grid_row *row = NULL;

		for (unsigned int j = 0; j < all || j == 0; j++) {
			row = grid_row(grid);
			if (j == 0) {
				printout_name(printout, curve->mover,
					      row->cells[T_MOVER]);
				snprintf(row->cells[T_COPY], GRID_TEXT_MAX,
					 "%s",
					 crossover_copy_names[curve->copy]);
				grow_text(curve, printout->style,
					  row->cells[T_GROW]);
			}
			if (j < all)
				crossing_row(&curve->crossings[CROSSOVER_WHOLE]
						      .list[j],
					     printout->style, row);
			else
				snprintf(row->cells[T_SIZE], GRID_TEXT_MAX,
					 "none");
		}
	}
	grid_print(grid, printout->style, printout->stream);
	free(grid);
	return 0;
}

/* What is said where no threshold is, and why a size is not told. */
static void notes_print(struct printout *printout,
			const struct crossover_curve *curves,
			unsigned int count)
{
	char text[CROSSOVER_TEXT_MAX], line[2 * CROSSOVER_TEXT_MAX];

	for (unsigned int i = 0; i < count; i++) {
		const struct crossover_curve *curve = &curves[i];

		if (curve->crossings[CROSSOVER_WHOLE].count > 0)
			continue;
		crossover_text_none(curve, CROSSOVER_WHOLE, text);
		snprintf(line, sizeof(line), "%.160s against a %s copy: %s",
			 curve->mover, crossover_copy_names[curve->copy], text);
		style_wrap(printout->style, EMPHASIS_NONE, "none: ", line,
			   printout->stream);
	}
}

/* To compare the thresholds with; see each allocator's source. */
static void built_in_print(const struct printout *printout)
{
	style_wrap(printout->style, EMPHASIS_FAINT, "built in: ",
		   "glibc 128 KiB (dynamic, to 32 MiB), musl 128 to 224 KiB, "
		   "jemalloc 3.6 4 MiB, hardened_malloc 32 MiB, PHP 2 MiB (in "
		   "place)",
		   printout->stream);
}

/* Two decimals, or what a small or large one needs. */
static void ratio_text(double ratio, char *text)
{
	int decimals = ratio < 0.1 ? 3 : ratio < 10 ? 2 : ratio < 100 ? 1 : 0;

	snprintf(text, GRID_TEXT_MAX, "%.*f", decimals, ratio);
}

static void ratio_cell(const struct crossover_point *point,
		       enum crossover_cost cost, const struct style *style,
		       char *text)
{
	const struct crossover_ratio *ratio = &point->ratios[cost];
	char median[GRID_TEXT_MAX], low[GRID_TEXT_MAX], high[GRID_TEXT_MAX];
	bool told = crossover_told(point, cost) != CROSSOVER_UNTOLD;

	if (point->doubt == DOUBT_SKIPPED || !isfinite(ratio->median)) {
		snprintf(text, GRID_TEXT_MAX, "-");
		return;
	}
	if (point->doubt == DOUBT_WARM || point->doubt == DOUBT_EXERCISED) {
		snprintf(text, GRID_TEXT_MAX, "%s",
			 cost == CROSSOVER_GROW	      ? "-"
			 : point->doubt == DOUBT_WARM ? "not warm"
						      : "not exercised");
		return;
	}
	ratio_text(ratio->median, median);
	if (cost == CROSSOVER_GROW) {
		snprintf(text, GRID_TEXT_MAX, "%.12s%s", median,
			 told ? "" : "?");
		return;
	}
	ratio_text(ratio->interval.low, low);
	ratio_text(ratio->interval.high, high);
	snprintf(text, GRID_TEXT_MAX, "%.12s%s (%.12s%s%.12s)", median,
		 told ? "" : "?", low, style_range(style), high);
}

/* The points of a mover's curves at one size and file, in one row. */
static void ratio_row(const struct crossover_curve *curves, unsigned int count,
		      const struct crossover_point *at,
		      const struct style *style, struct grid_row *row)
{
	crossover_text_size((double)at->size, row->cells[R_SIZE]);
	snprintf(row->cells[R_ROUNDS], GRID_TEXT_MAX, "%zu%s",
		 at->ratios[CROSSOVER_WHOLE].pairs, at->file > 0 ? "f" : "");
	for (unsigned int i = 0; i < count; i++) {
		const struct crossover_curve *curve = &curves[i];

		for (unsigned int j = 0; j < curve->points_count; j++) {
			const struct crossover_point *point = &curve->points[j];

			if (point->size != at->size || point->file != at->file)
				continue;
			ratio_cell(point, CROSSOVER_WHOLE, style,
				   row->cells[R_WHOLE + (int)curve->copy]);
			ratio_cell(point, CROSSOVER_GROW, style,
				   row->cells[R_GROW + (int)curve->copy]);
		}
	}
}

static int point_order(const void *left, const void *right)
{
	const struct crossover_point *a =
		*(const struct crossover_point *const *)left;
	const struct crossover_point *b =
		*(const struct crossover_point *const *)right;

	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;
	return (a->file > b->file) - (a->file < b->file);
}

/* Of a mover, whose curves are neighbours: all its sizes, upward. */
static int ratios_print(struct printout *printout,
			const struct crossover_curve *curves,
			unsigned int count)
{
	const struct crossover_curve *first = &curves[0];
	const struct crossover_point **order =
		calloc(first->points_count + 1, sizeof(void *));
	struct grid *grid = grid_new(ratio_columns, R_COUNT);
	int error = order && grid ? 0 : -ENOMEM;

	for (unsigned int i = 0; !error && i < first->points_count; i++)
		order[i] = &first->points[i];
	if (!error) {
		qsort(order, first->points_count, sizeof(void *), point_order);
		for (unsigned int i = 0; i < first->points_count; i++)
			ratio_row(curves, count, order[i], printout->style,
				  grid_row(grid));
		fputc('\n', printout->stream);
		style_wrap(printout->style, EMPHASIS_NONE, "", first->mover,
			   printout->stream);
		grid_print(grid, printout->style, printout->stream);
	}
	free(grid);
	free(order);
	return error;
}

/*
 * One line for each reason, with the sizes that it is of: all groups', or a
 * curve's own.
 */
static void doubts_print(struct printout *printout,
			 const struct crossover_curve *curve, bool of_group)
{
	char size[UNITS_TEXT_SIZE], sizes[CROSSOVER_TEXT_MAX];
	char text[2 * CROSSOVER_TEXT_MAX];

	for (int doubt = DOUBT_ROUNDS; doubt < DOUBT_COUNT; doubt++) {
		const char *why = NULL;
		size_t used = 0;

		for (unsigned int i = 0; i < curve->points_count; i++) {
			const struct crossover_point *point = &curve->points[i];

			if ((int)point->doubt != doubt ||
			    point->of_group != of_group ||
			    used > CROSSOVER_TEXT_MAX / 2)
				continue;
			why = point->why ? point->why : why;
			crossover_text_size((double)point->size, size);
			used += (size_t)snprintf(sizes + used,
						 sizeof(sizes) - used, "%s%s",
						 used > 0 ? ", " : "", size);
		}
		if (used == 0)
			continue;
		snprintf(
			text, sizeof(text), "%.300s (%s%s%s)",
			why ? why
			    : crossover_text_doubt((enum crossover_doubt)doubt),
			of_group ? "" : crossover_copy_names[curve->copy],
			of_group ? "" : " copy, ", sizes);
		style_wrap(printout->style, EMPHASIS_NONE,
			   "cannot tell: ", text, printout->stream);
	}
}

static int part_print(struct printout *printout,
		      const struct crossover_curve *curves, unsigned int count)
{
	unsigned int i = 0, last;
	int error;

	part_heading(curves, printout->style, printout->stream);
	error = thresholds_print(printout, curves, count);
	if (error)
		return error;
	notes_print(printout, curves, count);
	built_in_print(printout);
	for (; i < count && !error; i = last) {
		for (last = i; last < count && strcmp(curves[last].mover,
						      curves[i].mover) == 0;)
			last++;
		error = ratios_print(printout, &curves[i], last - i);
		doubts_print(printout, &curves[i], true);
		for (unsigned int j = i; j < last; j++)
			doubts_print(printout, &curves[j], false);
	}
	return error;
}

static void foot(const struct crossover_map *map, struct printout *printout)
{
	char text[CROSSOVER_TEXT_MAX];

	fputc('\n', printout->stream);
	printout_print_names(printout);
	snprintf(text, sizeof(text),
		 "of the time of moving over copying: growth, first touch of "
		 "the new part, re-read of the old, of a block that grows to "
		 "twice its size; and of grow() alone. A "
		 "threshold lies between two sizes at which it is told who is "
		 "cheaper; all that is told is right with a probability of "
		 "%g %% (each interval: %.4g %% or more). ?: not told. f: "
		 "fresh rounds, which alone decide where there are any",
		 100 * (1 - CROSSOVER_ALPHA),
		 100 * map->levels[CROSSOVER_WHOLE]);
	style_wrap(printout->style, EMPHASIS_FAINT, "ratios: ", text,
		   printout->stream);
	style_wrap(printout->style, EMPHASIS_FAINT, "*: ",
		   "from the coarse grid: there were no fresh rounds, or they "
		   "could not tell",
		   printout->stream);
}

int crossover_print(const struct crossover_map *map, const struct style *style,
		    FILE *stream)
{
	struct printout *printout = calloc(1, sizeof(*printout));
	unsigned int i = 0, last;
	int error = printout ? 0 : -ENOMEM;

	if (error)
		return error;
	printout->style = style;
	printout->stream = stream;
	heading(map, style, stream);
	for (; i < map->curves_count && !error; i = last) {
		for (last = i;
		     last < map->curves_count &&
		     is_same_part(&map->curves[i], &map->curves[last]);)
			last++;
		error = part_print(printout, &map->curves[i], last - i);
	}
	if (!error)
		foot(map, printout);
	free(printout);
	return error;
}
