/* test_ranges - kept ranges and margins against plain models of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include <regrow/margins.h>
#include <regrow/random.h>
#include <regrow/ranges.h>

/* An arena of pages that no range is unmapped of: only addresses count. */
#define PAGE ((size_t)4096)
#define PAGES 512
#define BASE ((uintptr_t)1 << 40)

static struct recorder recorder;
static struct heap heap = {.recorder = &recorder};

static int set_page_size(void **state)
{
	(void)state;
	heap.page_size = (size_t)sysconf(_SC_PAGESIZE);
	return 0;
}

static void *page(size_t number)
{
	return (void *)(BASE + number * PAGE);
}

/* The model: the run of kept pages from a page on; 0: it starts none. */
static size_t run_at(const bool *kept, size_t start)
{
	size_t end = start;

	if (start > 0 && kept[start - 1])
		return 0;
	while (end < PAGES && kept[end])
		end++;
	return end - start;
}

static size_t best_fit(const bool *kept, size_t pages)
{
	size_t i, best = PAGES, best_size = PAGES + 1;

	for (i = 0; i < PAGES; i++) {
		size_t run = run_at(kept, i);

		if (run >= pages && run < best_size) {
			best = i;
			best_size = run;
		}
	}
	return best;
}

static void ranges_take_the_best_fit_and_coalesce_as_a_model_does(void **state)
{
	struct ranges ranges;
	struct random random = {1};
	bool kept[PAGES] = {false};
	unsigned int step;
	size_t i;

	(void)state;
	assert_int_equal(ranges_setup(&heap, &ranges, PAGES), 0);
	for (step = 0; step < 20000; step++) {
		size_t pages = 1 + random_below(&random, 12);
		size_t start = random_below(&random, PAGES - pages);
		bool give = random_below(&random, 2);

		for (i = 0; give && i < pages; i++)
			give = !kept[start + i];
		if (give) {
			assert_true(
				ranges_add(&ranges, page(start), pages * PAGE));
			memset(kept + start, true, pages);
			continue;
		}
		start = best_fit(kept, pages);
		assert_ptr_equal(ranges_take(&ranges, pages * PAGE),
				 start == PAGES ? NULL : page(start));
		if (start != PAGES)
			memset(kept + start, false, pages);
	}
	/* All that is left comes back. */
	while ((i = best_fit(kept, 1)) != PAGES) {
		assert_ptr_equal(ranges_take(&ranges, PAGE), page(i));
		kept[i] = false;
	}
	assert_null(ranges_take(&ranges, PAGE));
	ranges_teardown(&heap, &ranges);
}

static void full_ranges_take_no_more_but_still_coalesce(void **state)
{
	struct ranges ranges;
	size_t i;

	(void)state;
	assert_int_equal(ranges_setup(&heap, &ranges, 8), 0);
	for (i = 0; i < 8; i++)
		assert_true(ranges_add(&ranges, page(3 * i), PAGE));
	assert_false(ranges_add(&ranges, page(100), PAGE));
	assert_true(ranges_add(&ranges, page(1), 2 * PAGE));
	assert_true(ranges_add(&ranges, page(100), PAGE));
	assert_ptr_equal(ranges_take(&ranges, 4 * PAGE), page(0));
	while (ranges_take(&ranges, PAGE))
		;
	ranges_teardown(&heap, &ranges);
}

static void margins_find_every_block_and_no_other(void **state)
{
	struct margins margins;
	struct margin model[PAGES] = {{0}};
	struct random random = {2};
	unsigned int step, count = 0;

	(void)state;
	assert_int_equal(margins_setup(&heap, &margins, 64), 0);
	for (step = 0; step < 20000; step++) {
		size_t i = random_below(&random, 80);
		struct margin margin = margins_take(&margins, page(i));

		assert_int_equal(margin.front, model[i].front);
		assert_int_equal(margin.back, model[i].back);
		count -= model[i].front != 0;
		model[i] = (struct margin){0};
		assert_int_equal(margins_full(&margins), count >= 48);
		if (margins_full(&margins))
			continue;
		model[i].front = (uint32_t)random_below(&random, 9);
		model[i].back = model[i].front ? step : 0;
		margins_put(&margins, page(i), model[i]);
		count += model[i].front != 0;
	}
	margins_teardown(&heap, &margins);
}

static void without_a_table_no_block_has_margins(void **state)
{
	struct margins margins = {0};
	struct margin none = {0};

	(void)state;
	margins_put(&margins, page(1), none);
	assert_int_equal(margins_take(&margins, page(1)).front, 0);
	margins_teardown(&heap, &margins);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			ranges_take_the_best_fit_and_coalesce_as_a_model_does),
		cmocka_unit_test(full_ranges_take_no_more_but_still_coalesce),
		cmocka_unit_test(margins_find_every_block_and_no_other),
		cmocka_unit_test(without_a_table_no_block_has_margins),
	};

	return cmocka_run_group_tests(tests, set_page_size, NULL);
}
