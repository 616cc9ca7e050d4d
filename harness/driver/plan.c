/* plan - the order of each round: groups shuffled, Williams designs inside. */
#include <string.h>

#include <regrow/random.h>

#include "driver/plan.h"

/* What a number is drawn for, so that no two draws are related. */
enum plan_draw { DRAW_GROUPS = 1, DRAW_ROWS, DRAW_LABELS };

static struct random plan_random(uint64_t seed, enum plan_draw draw,
				 uint64_t which, uint64_t index)
{
	struct random random = {random_mix(seed) ^ (uint64_t)draw};

	random.state = random_mix(random_next(&random) ^ which);
	random.state = random_mix(random_next(&random) ^ index);
	return random;
}

/* 0 to count - 1 in a random order (Fisher and Yates). */
static void plan_shuffle(struct random random, unsigned int *places,
			 unsigned int count)
{
	unsigned int i, other;

	for (i = 0; i < count; i++) {
		other = (unsigned int)random_below(&random, i + 1);
		places[i] = places[other];
		places[other] = i;
	}
}

static unsigned int plan_williams_rows(unsigned int n)
{
	return n % 2 == 0 ? n : 2 * n;
}

/*
 * 0, 1, n-1, 2, n-2, ... has each difference modulo n once, so its n shifts
 * have each ordered pair once for even n, and with their mirrors twice for odd.
 * For even n the mirror is itself a shift, by n/2. Mirrors come next to what
 * they mirror.
 */
void plan_williams(unsigned int n, unsigned int row, unsigned int *order)
{
	unsigned int shift, i, place, step;

	if (n == 0)
		return;
	row %= plan_williams_rows(n);
	shift = row / 2;
	for (i = 0; i < n; i++) {
		place = row % 2 == 0 ? i : n - 1 - i;
		step = place % 2 == 0 ? n - place / 2 : (place + 1) / 2;
		order[i] = (step + shift) % n;
	}
}

/* The cells of a group that can run, as indices into plan->cells. */
static unsigned int plan_live(const struct plan *plan, unsigned int group,
			      unsigned int live[PLAN_GROUP_CELLS_MAX])
{
	const struct group *cells = &plan->groups[group];
	unsigned int count = 0, i;

	if (cells->skipped[0] != '\0')
		return 0;
	for (i = cells->first; i < cells->first + cells->count; i++)
		if (plan->cells[i].skipped[0] == '\0' &&
		    count < PLAN_GROUP_CELLS_MAX)
			live[count++] = i;
	return count;
}

/*
 * One group in one round. Which cell is which treatment is drawn once; the rows
 * are drawn without repetition, a new permutation for each full design. Not a
 * row and its mirror together: what comes last in one is first in the next, so
 * a disturbance that lasts some samples would tilt both ratios the same way.
 */
static unsigned int plan_group_order(const struct plan *plan,
				     unsigned int group, unsigned int round,
				     unsigned int order[PLAN_GROUP_CELLS_MAX])
{
	unsigned int live[PLAN_GROUP_CELLS_MAX], labels[PLAN_GROUP_CELLS_MAX];
	unsigned int drawn[2 * PLAN_GROUP_CELLS_MAX], count, rows, i;

	count = plan_live(plan, group, live);
	if (count == 0)
		return 0;
	rows = plan_williams_rows(count);
	plan_shuffle(plan_random(plan->seed, DRAW_LABELS, group, 0), labels,
		     count);
	plan_shuffle(plan_random(plan->seed, DRAW_ROWS, group, round / rows),
		     drawn, rows);
	plan_williams(count, drawn[round % rows], order);
	for (i = 0; i < count; i++)
		order[i] = live[labels[order[i]]];
	return count;
}

unsigned int plan_order(const struct plan *plan, unsigned int round,
			unsigned int order[PLAN_CELLS_MAX])
{
	unsigned int groups[PLAN_GROUPS_MAX], inside[PLAN_GROUP_CELLS_MAX];
	unsigned int count = 0, taken, i;

	plan_shuffle(plan_random(plan->seed, DRAW_GROUPS, round, 0), groups,
		     plan->groups_count);
	for (i = 0; i < plan->groups_count; i++) {
		taken = plan_group_order(plan, groups[i], round, inside);
		if (count + taken > PLAN_CELLS_MAX)
			break;
		memcpy(order + count, inside, taken * sizeof(*order));
		count += taken;
	}
	return count;
}

const char *plan_why_empty(const struct plan *plan)
{
	for (unsigned int i = 0; i < plan->groups_count; i++)
		if (plan->groups[i].skipped[0] != '\0')
			return plan->groups[i].skipped;
	return NULL;
}

unsigned int plan_imbalance(const struct plan *plan, unsigned int group,
			    unsigned int rounds)
{
	unsigned int follows[PLAN_GROUP_CELLS_MAX][PLAN_GROUP_CELLS_MAX] = {0};
	unsigned int live[PLAN_GROUP_CELLS_MAX], order[PLAN_GROUP_CELLS_MAX];
	unsigned int first = plan->groups[group].first;
	unsigned int count, round, i, j, pair, most = 0, least = rounds;

	for (round = 0; round < rounds; round++) {
		count = plan_group_order(plan, group, round, order);
		for (i = 1; i < count; i++)
			follows[order[i - 1] - first][order[i] - first]++;
	}
	count = plan_live(plan, group, live);
	if (count < 2)
		return 0;
	for (i = 0; i < count; i++) {
		for (j = 0; j < count; j++) {
			if (i == j)
				continue;
			pair = follows[live[i] - first][live[j] - first];
			most = pair > most ? pair : most;
			least = pair < least ? pair : least;
		}
	}
	return most - least;
}
