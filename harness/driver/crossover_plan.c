/* crossover_plan - the sizes of a map, as plans. */
#include "driver/crossover_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/crossover_points.h"
#include "driver/plan_make.h"
#include "driver/verdict.h"

#define HUGE_BYTES ((uint64_t)2 << 20) /* what one PMD maps */
#define DEPTHS 3 /* of crossover_between() */
#define LIST_ITEM_MAX (SPEC_TEXT_MAX + 96)

uint64_t crossover_times(uint64_t size)
{
	uint64_t times = CROSSOVER_WORK_BYTES / size;

	if (times > CROSSOVER_TIMES_MAX)
		return CROSSOVER_TIMES_MAX;
	return times ? times : 1;
}

void crossover_grid_add(struct crossover_grid *grid, uint64_t size,
			unsigned int depth)
{
	unsigned int place = 0, behind;

	while (place < grid->count && grid->sizes[place] < size)
		place++;
	if (place < grid->count && grid->sizes[place] == size) {
		if (depth < grid->depths[place])
			grid->depths[place] = (unsigned char)depth;
		return;
	}
	if (grid->count == CROSSOVER_SIZES_MAX)
		return;
	behind = grid->count++ - place;
	memmove(&grid->sizes[place + 1], &grid->sizes[place],
		behind * sizeof(grid->sizes[0]));
	memmove(&grid->depths[place + 1], &grid->depths[place], behind);
	grid->sizes[place] = size;
	grid->depths[place] = (unsigned char)depth;
}

void crossover_octaves(uint64_t from, uint64_t to, struct crossover_grid *grid)
{
	grid->count = 0;
	for (uint64_t size = from; size <= to && size >= from; size *= 2)
		crossover_grid_add(grid, size, 0);
}

void crossover_between(uint64_t low, uint64_t high, uint64_t page_bytes,
		       struct crossover_grid *grid)
{
	uint64_t unit =
		low % HUGE_BYTES || high % HUGE_BYTES ? page_bytes : HUGE_BYTES;
	double octaves = log2((double)high / (double)low);
	unsigned int steps = octaves <= 2.01 ? 4 : octaves <= 4.01 ? 2 : 1;

	crossover_grid_add(grid, low, 0);
	crossover_grid_add(grid, high, 0);
	for (unsigned int i = 1;; i++) {
		double exact = (double)low * exp2((double)i / steps);
		uint64_t size = (uint64_t)llround(exact / (double)unit) * unit;
		/* Of 4 steps: 0 2 1 2; of 2: 0 1. */
		unsigned int depth = i % steps == 0	  ? 0
				     : i * 2 % steps == 0 ? 1
							  : 2;

		if (exact >= (double)high || size >= high)
			return;
		if (size > low)
			crossover_grid_add(grid, size, depth);
	}
}

char *crossover_list(const struct crossover_grid *grid, const char *workload,
		     const char *const *rests, unsigned int rests_count)
{
	size_t size = (size_t)grid->count * rests_count * LIST_ITEM_MAX + 1;
	char *list = calloc(1, size), number[UNITS_TEXT_SIZE];
	size_t used = 0;

	for (unsigned int i = 0; list && i < rests_count; i++)
		for (unsigned int j = 0; j < grid->count; j++)
			used += (size_t)snprintf(
				list + used, size - used,
				"%s%s:size=%s:times=%llu%s%s",
				used > 0 ? "," : "", workload,
				units_exact_size(grid->sizes[j], number),
				(unsigned long long)crossover_times(
					grid->sizes[j]),
				rests[i][0] ? ":" : "", rests[i]);
	return list;
}

static struct crossover_want *want_take(struct crossover_wants *wants,
					const struct crossover_curve *curve)
{
	struct crossover_want *want;

	for (unsigned int i = 0; i < wants->count; i++) {
		want = &wants->list[i];
		if (want->thp == curve->thp && want->layout == curve->layout &&
		    strcmp(want->rest, curve->rest) == 0)
			return want;
	}
	if (wants->count == sizeof(wants->list) / sizeof(wants->list[0]))
		return NULL;
	want = &wants->list[wants->count++];
	*want = (struct crossover_want){.thp = curve->thp,
					.layout = curve->layout};
	snprintf(want->rest, sizeof(want->rest), "%s", curve->rest);
	return want;
}

/* What growth alone wants goes before anything that decides. */
static void crossing_want(const struct crossover_crossing *crossing,
			  enum crossover_cost cost, uint64_t page_bytes,
			  struct crossover_grid *grid)
{
	struct crossover_grid between = {0};
	unsigned int deeper = cost == CROSSOVER_WHOLE ? 0 : DEPTHS;

	crossover_between(crossing->low, crossing->high, page_bytes, &between);
	for (unsigned int i = 0; i < between.count; i++)
		crossover_grid_add(grid, between.sizes[i],
				   between.depths[i] + deeper);
}

static void cost_wanted(const struct crossover_map *map,
			enum crossover_cost cost, uint64_t page_bytes,
			struct crossover_wants *wants)
{
	for (unsigned int i = 0; i < map->curves_count; i++) {
		const struct crossover_curve *curve = &map->curves[i];

		for (unsigned int j = 0; j < curve->crossings[cost].count;
		     j++) {
			struct crossover_want *want = want_take(wants, curve);

			if (want)
				crossing_want(&curve->crossings[cost].list[j],
					      cost, page_bytes, &want->grid);
		}
	}
}

void crossover_wanted(const struct crossover_map *map, uint64_t page_bytes,
		      struct crossover_wants *wants)
{
	wants->count = 0;
	/* Where there is no room for all, what decides has it. */
	cost_wanted(map, CROSSOVER_WHOLE, page_bytes, wants);
	cost_wanted(map, CROSSOVER_GROW, page_bytes, wants);
}

/* How deep a group's size lies in what is wanted of it; -1: it is not. */
static int depth_of(const struct crossover_trim *trim,
		    const struct group *group, uint64_t size)
{
	char rest[SPEC_TEXT_MAX];

	crossover_rest(group->workload, rest);
	for (unsigned int i = 0; i < trim->wants->count; i++) {
		const struct crossover_want *want = &trim->wants->list[i];

		if (want->thp != group->thp || want->layout != group->layout ||
		    strcmp(want->rest, rest) != 0)
			continue;
		for (unsigned int j = 0; j < want->grid.count; j++)
			if (want->grid.sizes[j] == size)
				return want->grid.depths[j];
	}
	return -1;
}

/* Moves the groups that are kept, and their cells, to the front. */
static void groups_keep(struct plan *plan, const bool *keep)
{
	unsigned int groups = 0, cells = 0;

	for (unsigned int i = 0; i < plan->groups_count; i++) {
		struct group *group = &plan->groups[i];

		if (!keep[i])
			continue;
		memmove(&plan->cells[cells], &plan->cells[group->first],
			group->count * sizeof(plan->cells[0]));
		for (unsigned int j = 0; j < group->count; j++)
			plan->cells[cells + j].group = groups;
		plan->groups[groups] = *group;
		plan->groups[groups++].first = cells;
		cells += group->count;
	}
	plan->groups_count = groups;
	plan->cells_count = cells;
}

/* What of the groups goes next: the largest size, or the deepest. */
static uint64_t trim_rank(const struct crossover_trim *trim,
			  const struct group *group, uint64_t size)
{
	int depth;

	if (!trim->wants)
		return size;
	depth = depth_of(trim, group, size);
	return depth > 0 ? (uint64_t)depth : 0;
}

/* Skips all of the highest rank; false: there is nothing left to skip. */
static bool trim_one(struct plan *plan, const struct crossover_trim *trim)
{
	uint64_t sizes[PLAN_GROUPS_MAX] = {0}, ranks[PLAN_GROUPS_MAX] = {0};
	uint64_t most = 0, least = UINT64_MAX;

	for (unsigned int i = 0; i < plan->groups_count; i++) {
		if (plan->groups[i].skipped[0])
			continue;
		crossover_number(plan->groups[i].workload, trim->workload,
				 "size", &sizes[i]);
		ranks[i] = trim_rank(trim, &plan->groups[i], sizes[i]);
		most = ranks[i] > most ? ranks[i] : most;
		least = ranks[i] < least ? ranks[i] : least;
	}
	if (most == 0 || most <= least)
		return false;
	for (unsigned int i = 0; i < plan->groups_count; i++)
		if (ranks[i] == most && !plan->groups[i].skipped[0])
			snprintf(plan->groups[i].skipped,
				 sizeof(plan->groups[i].skipped),
				 "there is no time for it in the budget: raise "
				 "--budget");
	return true;
}

unsigned int crossover_rounds(const struct plan *plan)
{
	double points = 0, rounds;

	for (unsigned int i = 0; i < plan->groups_count; i++) {
		const struct group *group = &plan->groups[i];
		unsigned int rows = 0;

		if (group->skipped[0])
			continue;
		for (unsigned int j = 0; j < group->count; j++)
			rows += plan->cells[group->first + j].role == ROLE_ROW;
		/* All copies but the reference, which is the cold one. */
		if (rows > CROSSOVER_COPIES - 1)
			points += (rows - (CROSSOVER_COPIES - 1)) *
				  CROSSOVER_COPIES;
	}
	/* The sign test's widest interval, of n pairs, misses with 2^(1 - n). */
	rounds = points > 0 ? ceil(1 + log2(2 * points / CROSSOVER_ALPHA)) : 0;
	return rounds > VERDICT_PAIRS_MIN ? (unsigned int)rounds
					  : VERDICT_PAIRS_MIN;
}

void crossover_trim(struct plan *plan, struct crossover_trim *trim)
{
	bool keep[PLAN_GROUPS_MAX];
	unsigned int rounds;

	for (unsigned int i = 0; trim->wants && i < plan->groups_count; i++) {
		uint64_t size = 0;

		crossover_number(plan->groups[i].workload, trim->workload,
				 "size", &size);
		keep[i] = depth_of(trim, &plan->groups[i], size) >= 0;
	}
	if (trim->wants)
		groups_keep(plan, keep);
	if (!(trim->slowness > 0))
		trim->slowness = 1;
	do {
		trim->round_ns = plan_round_ns(plan);
		trim->rounds = crossover_rounds(plan);
		rounds =
			trim->rounds + PLAN_CHECKING_ROUNDS + PLAN_PILOT_ROUNDS;
	} while (plan->budget_ns && !plan->rounds &&
		 rounds * trim->round_ns * trim->slowness >
			 (double)plan->budget_ns &&
		 trim_one(plan, trim));
}
