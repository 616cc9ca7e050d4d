/* test_plan - the balance, the repeatability and the imbalance of an order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver/plan.h"

#define N_MAX 12

static struct plan plan;

/* A plan of groups with so many cells each. */
static void plan_of(const unsigned int *counts, unsigned int groups)
{
	unsigned int i, j;

	memset(&plan, 0, sizeof(plan));
	plan.seed = 2014;
	plan.groups_count = groups;
	for (i = 0; i < groups; i++) {
		plan.groups[i].first = plan.cells_count;
		plan.groups[i].count = counts[i];
		for (j = 0; j < counts[i]; j++)
			plan.cells[plan.cells_count++].group = i;
	}
}

static unsigned int full_square(unsigned int n)
{
	return n % 2 == 0 ? n : 2 * n;
}

static void each_row_holds_each_treatment_once(void **state)
{
	unsigned int order[N_MAX], n, row, i;
	unsigned int seen;

	(void)state;
	for (n = 1; n <= N_MAX; n++) {
		for (row = 0; row < full_square(n); row++) {
			plan_williams(n, row, order);
			for (i = 0, seen = 0; i < n; i++)
				seen |= 1u << order[i];
			assert_int_equal(seen, (1u << n) - 1);
		}
	}
}

static void each_treatment_follows_each_other_equally_often(void **state)
{
	unsigned int order[N_MAX], n, row, i, j;

	(void)state;
	for (n = 1; n <= N_MAX; n++) {
		unsigned int follows[N_MAX][N_MAX] = {0};

		for (row = 0; row < full_square(n); row++) {
			plan_williams(n, row, order);
			for (i = 1; i < n; i++)
				follows[order[i - 1]][order[i]]++;
		}
		for (i = 0; i < n; i++)
			for (j = 0; j < n; j++)
				assert_int_equal(follows[i][j],
						 i == j ? 0 : 1 + n % 2);
	}
}

static void each_treatment_is_in_each_place_equally_often(void **state)
{
	unsigned int order[N_MAX], n, row, i, j;

	(void)state;
	for (n = 1; n <= N_MAX; n++) {
		unsigned int places[N_MAX][N_MAX] = {0};

		for (row = 0; row < full_square(n); row++) {
			plan_williams(n, row, order);
			for (i = 0; i < n; i++)
				places[order[i]][i]++;
		}
		for (i = 0; i < n; i++)
			for (j = 0; j < n; j++)
				assert_int_equal(places[i][j], 1 + n % 2);
	}
}

static void rows_are_taken_modulo_their_number(void **state)
{
	unsigned int once[N_MAX], again[N_MAX], n, row;

	(void)state;
	for (n = 1; n <= N_MAX; n++) {
		for (row = 0; row < full_square(n); row++) {
			plan_williams(n, row, once);
			plan_williams(n, row + 7 * full_square(n), again);
			assert_memory_equal(once, again, n * sizeof(*once));
		}
	}
}

static void each_second_row_mirrors_the_one_before(void **state)
{
	unsigned int forth[N_MAX], back[N_MAX], n, row, i;

	(void)state;
	for (n = 1; n <= N_MAX; n++) {
		for (row = 0; row + 1 < full_square(n); row += 2) {
			plan_williams(n, row, forth);
			plan_williams(n, row + 1, back);
			for (i = 0; i < n; i++)
				assert_int_equal(forth[i], back[n - 1 - i]);
		}
	}
}

static void a_full_square_of_rounds_is_balanced_whatever_the_seed(void **state)
{
	unsigned int n, i;

	(void)state;
	for (n = 1; n <= N_MAX; n++) {
		plan_of((unsigned int[]){3, n}, 2);
		for (plan.seed = 0; plan.seed < 20; plan.seed++)
			for (i = 0; i < 3; i++)
				assert_int_equal(
					plan_imbalance(&plan, 1,
						       i * full_square(n)),
					0);
	}
}

static void a_round_holds_each_cell_once_and_groups_whole(void **state)
{
	unsigned int order[PLAN_CELLS_MAX], round, i, changes;

	(void)state;
	plan_of((unsigned int[]){4, 1, 5, 3}, 4);
	for (round = 0; round < 50; round++) {
		unsigned int seen = 0;

		assert_int_equal(plan_order(&plan, round, order), 13);
		for (i = 0, changes = 0; i < 13; i++) {
			seen |= 1u << order[i];
			changes +=
				i > 0 && plan.cells[order[i]].group !=
						 plan.cells[order[i - 1]].group;
		}
		assert_int_equal(seen, (1u << 13) - 1);
		assert_int_equal(changes, 3);
	}
}

static void the_same_seed_gives_the_same_order(void **state)
{
	unsigned int once[PLAN_CELLS_MAX], again[PLAN_CELLS_MAX], round, count;

	(void)state;
	for (round = 0; round < 20; round++) {
		plan_of((unsigned int[]){4, 6, 5}, 3);
		count = plan_order(&plan, round, once);
		plan_of((unsigned int[]){4, 6, 5}, 3);
		assert_int_equal(plan_order(&plan, round, again), count);
		assert_memory_equal(once, again, count * sizeof(*once));
	}
}

static void another_seed_and_another_round_give_another_order(void **state)
{
	unsigned int first[PLAN_CELLS_MAX], other[PLAN_CELLS_MAX];
	unsigned int rounds = 0, seeds = 0, i;

	(void)state;
	plan_of((unsigned int[]){4, 6, 5}, 3);
	plan_order(&plan, 0, first);
	for (i = 1; i <= 100; i++) {
		plan_order(&plan, i, other);
		rounds += memcmp(first, other, 15 * sizeof(*first)) != 0;
	}
	for (i = 1; i <= 100; i++) {
		plan.seed = 2014 + i;
		plan_order(&plan, 0, other);
		seeds += memcmp(first, other, 15 * sizeof(*first)) != 0;
	}
	assert_true(rounds >= 98);
	assert_true(seeds >= 98);
}

static void each_group_comes_first_in_its_share_of_rounds(void **state)
{
	unsigned int order[PLAN_CELLS_MAX], firsts[4] = {0}, round, i;

	(void)state;
	plan_of((unsigned int[]){2, 2, 2, 2}, 4);
	for (round = 0; round < 400; round++) {
		plan_order(&plan, round, order);
		firsts[plan.cells[order[0]].group]++;
	}
	for (i = 0; i < 4; i++)
		assert_in_range(firsts[i], 65, 135); /* 100 by 4 deviations */
}

static void
skipped_cells_and_groups_are_left_out_and_the_rest_balances(void **state)
{
	unsigned int order[PLAN_CELLS_MAX], round, i;

	(void)state;
	plan_of((unsigned int[]){6, 3, 2}, 3);
	snprintf(plan.cells[2].skipped, sizeof(plan.cells[2].skipped), "no");
	snprintf(plan.cells[5].skipped, sizeof(plan.cells[5].skipped), "no");
	snprintf(plan.groups[1].skipped, sizeof(plan.groups[1].skipped), "no");
	for (round = 0; round < 8; round++) {
		assert_int_equal(plan_order(&plan, round, order), 6);
		for (i = 0; i < 6; i++) {
			assert_int_not_equal(order[i], 2);
			assert_int_not_equal(order[i], 5);
			assert_int_not_equal(plan.cells[order[i]].group, 1);
		}
	}
	assert_int_equal(plan_imbalance(&plan, 0, 4), 0);
	assert_int_equal(plan_imbalance(&plan, 1, 4), 0);
}

static void imbalance_is_what_counting_by_hand_gives(void **state)
{
	(void)state;
	plan_of((unsigned int[]){1, 2, 3, 4}, 4);
	assert_int_equal(plan_imbalance(&plan, 0, 5), 0); /* no pair */
	assert_int_equal(plan_imbalance(&plan, 1, 0), 0);
	assert_int_equal(plan_imbalance(&plan, 1, 1), 1); /* AB */
	assert_int_equal(plan_imbalance(&plan, 1, 2), 0); /* AB BA */
	assert_int_equal(plan_imbalance(&plan, 1, 3), 1);
	/* Of three: ABC CBA has no AC, ABC BCA has BC twice. */
	assert_in_range(plan_imbalance(&plan, 2, 2), 1, 2);
	assert_in_range(plan_imbalance(&plan, 2, 4), 1, 2);
	assert_int_equal(plan_imbalance(&plan, 2, 6), 0);
	assert_int_equal(plan_imbalance(&plan, 3, 3), 1);
	assert_int_equal(plan_imbalance(&plan, 3, 4), 0);
	assert_int_equal(plan_imbalance(&plan, 3, 6), 1);
}

static void an_empty_plan_has_an_empty_order(void **state)
{
	unsigned int order[PLAN_CELLS_MAX];

	(void)state;
	plan_of(NULL, 0);
	assert_int_equal(plan_order(&plan, 0, order), 0);
	plan_of((unsigned int[]){0}, 1);
	assert_int_equal(plan_order(&plan, 0, order), 0);
	assert_int_equal(plan_imbalance(&plan, 0, 12), 0);
}

static void the_largest_plan_fits(void **state)
{
	unsigned int counts[PLAN_CELLS_MAX / PLAN_GROUP_CELLS_MAX];
	unsigned int order[PLAN_CELLS_MAX], i;

	(void)state;
	for (i = 0; i < PLAN_CELLS_MAX / PLAN_GROUP_CELLS_MAX; i++)
		counts[i] = PLAN_GROUP_CELLS_MAX;
	plan_of(counts, i);
	assert_int_equal(plan_order(&plan, 4000000000u, order), PLAN_CELLS_MAX);
	assert_int_equal(plan_imbalance(&plan, 0, PLAN_GROUP_CELLS_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_holds_each_treatment_once),
		cmocka_unit_test(
			each_treatment_follows_each_other_equally_often),
		cmocka_unit_test(each_treatment_is_in_each_place_equally_often),
		cmocka_unit_test(rows_are_taken_modulo_their_number),
		cmocka_unit_test(each_second_row_mirrors_the_one_before),
		cmocka_unit_test(
			a_full_square_of_rounds_is_balanced_whatever_the_seed),
		cmocka_unit_test(a_round_holds_each_cell_once_and_groups_whole),
		cmocka_unit_test(the_same_seed_gives_the_same_order),
		cmocka_unit_test(
			another_seed_and_another_round_give_another_order),
		cmocka_unit_test(each_group_comes_first_in_its_share_of_rounds),
		cmocka_unit_test(
			skipped_cells_and_groups_are_left_out_and_the_rest_balances),
		cmocka_unit_test(imbalance_is_what_counting_by_hand_gives),
		cmocka_unit_test(an_empty_plan_has_an_empty_order),
		cmocka_unit_test(the_largest_plan_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
