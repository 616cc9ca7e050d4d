/* crossover_points - the points of a map from the groups of results files. */
#include "driver/crossover_points.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/cells.h"

bool crossover_number(const char *spelling, const char *workload,
		      const char *option, uint64_t *number)
{
	struct workload_spec spec;
	const struct option_entry *entry;
	unsigned int place;
	char why[8];

	if (spec_parse_workload(spelling, &spec, why, sizeof(why)) != 0 ||
	    strcmp(spec.workload->name, workload) != 0)
		return false;
	entry = spec_find_option(spec.workload->options, option, &place);
	if (!entry)
		return false;
	*number = spec.values[place].number;
	return true;
}

static bool is_option(const char *text, size_t length, const char *name)
{
	size_t name_length = strlen(name);

	return length > name_length && text[name_length] == '=' &&
	       strncmp(text, name, name_length) == 0;
}

void crossover_rest(const char *spelling, char rest[SPEC_TEXT_MAX])
{
	const char *part = strchr(spelling, ':');
	size_t used = 0;

	rest[0] = '\0';
	while (part) {
		size_t length = strcspn(++part, ":");

		if (!is_option(part, length, "size") &&
		    !is_option(part, length, "times"))
			used += (size_t)snprintf(
				rest + used, SPEC_TEXT_MAX - used, "%s%.*s",
				used > 0 ? ":" : "", (int)length, part);
		part = part[length] ? part + length : NULL;
	}
}

/* What kind of copy a cell is; CROSSOVER_COPIES: none of the three. */
static enum crossover_copy copy_of(const struct results_cell *cell)
{
	if (cell->role == ROLE_REFERENCE)
		return CROSSOVER_COLD;
	if (cell->role != ROLE_ROW || cell->mechanism != 1u << OUTCOME_COPIED)
		return CROSSOVER_COPIES;
	if (strstr(cell->allocator, ":keep=pages"))
		return CROSSOVER_WARM;
	return strstr(cell->allocator, ":populate=") ? CROSSOVER_POPULATED
						     : CROSSOVER_COPIES;
}

static bool is_mover(const struct results_cell *cell)
{
	return cell->role == ROLE_ROW &&
	       cell->mechanism != 1u << OUTCOME_COPIED;
}

static int curve_order(const struct crossover_curve *a,
		       const struct crossover_curve *b)
{
	int order = (int)a->thp - (int)b->thp;

	if (!order)
		order = (int)a->layout - (int)b->layout;
	if (!order)
		order = strcmp(a->rest, b->rest);
	if (!order)
		order = strcmp(a->mover, b->mover);
	return order ? order : (int)a->copy - (int)b->copy;
}

/* Room for one more; 0 or -ENOMEM. */
static int curves_grow(struct crossover_draft *draft)
{
	struct crossover_map *map = draft->map;
	unsigned int room = 2 * draft->curves_room + 8;
	void *curves, *sources;

	if (map->curves_count < draft->curves_room)
		return 0;
	curves = realloc(map->curves, room * sizeof(*map->curves));
	if (curves)
		map->curves = curves;
	sources = realloc(draft->sources, room * sizeof(void *));
	if (sources)
		draft->sources = sources;
	if (!curves || !sources)
		return -ENOMEM;
	draft->curves_room = room;
	return 0;
}

/* The place of the curve that is like this one; it is added. -ENOMEM. */
static int curve_take(struct crossover_draft *draft,
		      const struct crossover_curve *like)
{
	struct crossover_map *map = draft->map;
	unsigned int place = 0;
	size_t behind;
	int order = 1;

	for (; place < map->curves_count; place++) {
		order = curve_order(&map->curves[place], like);
		if (order >= 0)
			break;
	}
	if (place < map->curves_count && order == 0)
		return (int)place;
	if (curves_grow(draft) != 0)
		return -ENOMEM;
	behind = map->curves_count++ - place;
	memmove(&map->curves[place + 1], &map->curves[place],
		behind * sizeof(*map->curves));
	memmove(&draft->sources[place + 1], &draft->sources[place],
		behind * sizeof(void *));
	map->curves[place] = *like;
	draft->sources[place] = NULL;
	return (int)place;
}

/* Points of a curve stand by file, then by size. 0 or -ENOMEM. */
static int point_add(struct crossover_curve *curve,
		     struct crossover_source **sources,
		     const struct crossover_point *point,
		     const struct crossover_source *source)
{
	size_t room = curve->points_count + 1u;
	void *points = realloc(curve->points, room * sizeof(*curve->points));
	void *more;
	unsigned int place = curve->points_count;

	if (points)
		curve->points = points;
	more = realloc(*sources, room * sizeof(**sources));
	if (more)
		*sources = more;
	if (!points || !more)
		return -ENOMEM;
	for (; place > 0; place--) {
		const struct crossover_point *before =
			&curve->points[place - 1];

		if (before->file < point->file || before->size <= point->size)
			break;
		curve->points[place] = *before;
		(*sources)[place] = (*sources)[place - 1];
	}
	curve->points[place] = *point;
	(*sources)[place] = *source;
	curve->points_count++;
	return 0;
}

static const struct table_row *row_of(const struct table_group *group,
				      const struct results_cell *cell)
{
	for (unsigned int i = 0; i < group->rows_count; i++)
		if (group->rows[i].cell == cell)
			return &group->rows[i];
	return NULL;
}

static bool planted_found(const struct table_group *group)
{
	for (unsigned int i = 0; i < group->rows_count; i++) {
		const struct table_row *row = &group->rows[i];

		if (row->cell->role == ROLE_PLANTED &&
		    row->cell->planted_percent == CELLS_PLANTED_PERCENT)
			return table_finds(row);
	}
	return false;
}

/* What makes a point untold before its ratio is looked at. */
static void point_doubt(const struct table_group *group,
			const struct crossover_source *source,
			struct crossover_point *point)
{
	const struct table_row *mover = row_of(group, source->mover);
	const struct table_row *copy = row_of(group, source->copy);

	point->why = group->group->skipped;
	point->of_group = point->why != NULL;
	if (!point->why)
		point->why = source->mover->skipped;
	if (!point->why)
		point->why = source->copy->skipped;
	if (point->why || !mover || !copy)
		point->doubt = DOUBT_SKIPPED;
	else if (!mover->exercised || !copy->exercised)
		point->doubt = DOUBT_EXERCISED;
	else if (!planted_found(group)) {
		point->doubt = DOUBT_PLANTED;
		point->of_group = true;
	}
}

/* A mover against a copy of its group. 0 or -ENOMEM. */
static int pair_add(struct crossover_draft *draft,
		    const struct table_group *group,
		    const struct crossover_source *source,
		    const struct crossover_point *point)
{
	struct crossover_curve like = {
		.mover = source->mover->allocator,
		.copier = source->copy->allocator,
		.copy = copy_of(source->copy),
		.thp = group->group->thp,
		.layout = group->group->layout,
		.coarse = point->file,
	};
	struct crossover_point full = *point;
	int place;

	crossover_rest(group->group->workload, like.rest);
	point_doubt(group, source, &full);
	place = curve_take(draft, &like);
	if (place < 0)
		return place;
	return point_add(&draft->map->curves[place], &draft->sources[place],
			 &full, source);
}

static int group_add(struct crossover_draft *draft,
		     const struct table_group *group,
		     struct crossover_point *point)
{
	const struct results_file *file =
		draft->map->results->files[point->file];
	struct crossover_source source = {.clock = group->clock};
	int error = 0;

	for (unsigned int i = 0; i < file->cells_count; i++)
		if (file->cells[i].group == group->group &&
		    file->cells[i].role == ROLE_REFERENCE)
			source.cold = &file->cells[i];
	for (unsigned int i = 0; i < file->cells_count && source.cold; i++) {
		source.mover = &file->cells[i];
		if (source.mover->group != group->group ||
		    !is_mover(source.mover))
			continue;
		for (unsigned int j = 0; j < file->cells_count && !error; j++) {
			source.copy = &file->cells[j];
			if (source.copy->group == group->group &&
			    copy_of(source.copy) != CROSSOVER_COPIES)
				error = pair_add(draft, group, &source, point);
		}
	}
	return error;
}

int crossover_points_add(struct crossover_draft *draft,
			 const struct table *table, unsigned int file)
{
	static const struct crossover_ratio none = {
		NAN, {NAN, NAN, 0}, 0, CROSSOVER_UNTOLD};
	int error = 0;

	draft->groups = 0;
	for (unsigned int i = 0; i < table->groups_count && !error; i++) {
		const struct table_group *group = &table->groups[i];
		struct crossover_point point = {.file = file,
						.ratios = {none, none},
						.warm_faults = NAN};
		uint64_t times;

		/* Other workloads have a size as well. */
		if (!crossover_number(group->group->workload, draft->workload,
				      "size", &point.size) ||
		    !crossover_number(group->group->workload, draft->workload,
				      "times", &times))
			continue;
		draft->groups++;
		error = group_add(draft, group, &point);
	}
	return error;
}
