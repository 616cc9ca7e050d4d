/*
 * test_hole_refill - hole-refill tells what became of a hole, on a map whose
 * way to place blocks is known, and asks the same whatever that way is.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "fake_worker.h"

#define AREA_PAGES 4096
#define AREA_START ((uintptr_t)0x700000000000)
#define PLUGS 40

/* A map of its own: a flag for each page, and rules for where blocks go. */
static struct {
	bool mapped[AREA_PAGES];
	bool upward; /* from the begin on, else from the end down */
	bool never_refills; /* goes on from where it is */
	bool keeps; /* unmaps nothing, and hands out nothing again */
	bool spares_first; /* the first gap is taken after a release only */
	size_t apart; /* pages left free behind each block */
	bool pairs; /* only behind each second one */
	size_t placed;
	size_t header; /* bytes before a block, in its first page */
	bool released; /* some block was */
	size_t used; /* pages from the begin of the search on, ever */
	int broken; /* what a look at the map gives; 0: what is so */
	unsigned int looks;
} area;

static size_t area_pages(size_t size)
{
	return (size + area.header + fake.page_size - 1) / fake.page_size;
}

/* A page by its number in the order of the search. */
static bool *area_page(size_t number)
{
	assert_true(number < AREA_PAGES);
	return &area.mapped[area.upward ? number : AREA_PAGES - 1 - number];
}

static bool area_fits(size_t from, size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		if (*area_page(from + i))
			return false;
	return true;
}

static void *area_place(size_t size)
{
	size_t apart = area.pairs && area.placed++ % 2 == 0 ? 0 : area.apart;
	size_t pages = area_pages(size) + apart, from = 0, low;

	if (area.spares_first && !area.released)
		from = pages;
	if (area.never_refills || area.keeps)
		from = area.used;
	while (!area_fits(from, pages))
		from += apart ? pages : 1;
	for (size_t i = 0; i < pages - apart; i++)
		*area_page(from + i) = true;
	if (area.used < from + pages)
		area.used = from + pages;
	low = area.upward ? from : AREA_PAGES - from - (pages - apart);
	return (void *)(AREA_START + low * fake.page_size + area.header);
}

static void area_unplace(void *block, size_t size)
{
	size_t first = ((uintptr_t)block - AREA_START) / fake.page_size;

	area.released = true;
	if (area.keeps)
		return;
	for (size_t i = 0; i < area_pages(size); i++) {
		assert_true(area.mapped[first + i]);
		area.mapped[first + i] = false;
	}
}

static int area_mapping(uintptr_t address, struct mapping *mapping)
{
	size_t from = address < AREA_START
			      ? 0
			      : (address - AREA_START) / fake.page_size;
	size_t to;

	area.looks++;
	if (area.broken)
		return area.broken;
	while (from < AREA_PAGES && !area.mapped[from])
		from++;
	if (from == AREA_PAGES)
		return -ENOENT;
	while (from > 0 && area.mapped[from - 1])
		from--;
	for (to = from; to < AREA_PAGES && area.mapped[to];)
		to++;
	*mapping = (struct mapping){.from = AREA_START + from * fake.page_size,
				    .to = AREA_START + to * fake.page_size};
	return 0;
}

static int setup(void **state)
{
	(void)state;
	memset(&area, 0, sizeof(area));
	fake.fails = NULL;
	fake.place = area_place;
	fake.unplace = area_unplace;
	fake.mapping = area_mapping;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake.fails = NULL;
	fake.place = NULL;
	fake.unplace = NULL;
	fake.mapping = NULL;
	fake_reset();
	return 0;
}

static uint64_t figure(const char *name)
{
	for (int i = 0; i < WORKER_FIGURES_MAX; i++)
		if (fake.figures[i].name &&
		    strcmp(fake.figures[i].name, name) == 0)
			return fake.figures[i].value;
	fail_msg("no figure '%s'", name);
	return 0;
}

static void assert_outcome(const char *name, uint64_t count)
{
	static const char *const names[] = {"exact",	    "higher_gap",
					    "elsewhere",    "no_hole",
					    "not_abutting", "failed"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(figure(names[i]),
				 strcmp(names[i], name) == 0 ? count : 0);
}

static void first_fit_is_exact_in_either_direction(void **state)
{
	(void)state;
	fake_run("hole-refill:size=8K", 1, 0);
	assert_outcome("exact", 3);
	assert_true(area.looks > 0);
	area.upward = true;
	fake_run("hole-refill:size=8K:refills=5", 1, 0);
	assert_outcome("exact", 5);
}

static void a_block_behind_a_header_is_exact_as_well(void **state)
{
	(void)state;
	area.header = 16;
	fake_run("hole-refill:size=8K", 1, 0);
	assert_outcome("exact", 3);
	fake_run("hole-refill:size=8176", 1, 0);
	assert_outcome("exact", 3);
}

static void what_never_fills_a_hole_goes_elsewhere(void **state)
{
	(void)state;
	area.never_refills = true;
	fake_run("hole-refill:size=8K:refills=2", 1, 0);
	assert_outcome("elsewhere", 2);
	area.used = 0;
	area.upward = true;
	fake_run("hole-refill:size=8K:refills=2", 1, 0);
	assert_outcome("elsewhere", 2);
}

static void a_gap_nearer_to_the_begin_is_a_higher_gap(void **state)
{
	(void)state;
	area.spares_first = true;
	fake_run("hole-refill:size=8K:refills=1", 1, 0);
	assert_outcome("higher_gap", 1);
	memset(area.mapped, 0, sizeof(area.mapped));
	area.released = false;
	area.upward = true;
	fake_run("hole-refill:size=8K:refills=1", 1, 0);
	assert_outcome("higher_gap", 1);
}

static void what_stays_mapped_is_no_hole(void **state)
{
	(void)state;
	area.keeps = true;
	fake_run("hole-refill:size=8K:refills=3", 1, 0);
	assert_outcome("no_hole", 3);
}

static void buffers_apart_are_not_counted(void **state)
{
	(void)state;
	area.apart = 1;
	fake_run("hole-refill:size=8K:refills=3", 1, 0);
	assert_outcome("not_abutting", 3);
	/* One side alone does not do, nor a last page that is its own. */
	area.pairs = true;
	area.never_refills = true;
	for (area.header = 0; area.header < 32; area.header += 16) {
		area.used = 0;
		fake_run("hole-refill:size=8K:refills=3", 1, 0);
		assert_outcome("not_abutting", 3);
	}
}

static bool fails_always(uint64_t call)
{
	(void)call;
	return true;
}

static bool fails_again(uint64_t call)
{
	return call % (PLUGS + 1) == PLUGS;
}

static bool fails_every_third(uint64_t call)
{
	return call % 3 == 1;
}

static void out_of_memory_is_a_failure_and_survived(void **state)
{
	(void)state;
	fake.fails = fails_again;
	fake_run("hole-refill:size=8K", 1, 0);
	assert_outcome("failed", 3);
	fake.fails = fails_always;
	fake_run("hole-refill:size=8K:replacements=20:live=4", 1, 0);
	assert_outcome("failed", 3);
	fake.fails = fails_every_third;
	fake_run("hole-refill:size=8K:replacements=40:live=8", 1, 0);
	assert_int_equal(figure("exact") + figure("failed"), 3);
	assert_true(fake.failed > 20);
}

static void a_map_that_cannot_be_read_ends_the_sample(void **state)
{
	struct worker worker = {.seed = 1};
	struct workload_spec spec;

	(void)state;
	fake_parse("hole-refill:size=8K", &spec);
	fake_reset();
	worker.options = spec.values;
	worker.page_size = fake.page_size;
	worker.threads = 1;
	worker.state = calloc(1, spec.workload->state_size(spec.values));
	assert_non_null(worker.state);
	area.broken = -EIO;
	assert_int_equal(spec.workload->setup(&worker), 0);
	assert_int_equal(spec.workload->run(&worker), -EIO);
	assert_int_equal(spec.workload->drain(&worker), 0);
	free(worker.state);
}

/* Generations are no part of a request. */
static void assert_same_log(const struct fake_request *a,
			    const struct fake_request *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(a[i].kind, b[i].kind);
		assert_int_equal(a[i].identity, b[i].identity);
		assert_int_equal(a[i].from, b[i].from);
		assert_int_equal(a[i].to, b[i].to);
	}
}

static void requests_are_the_same_wherever_blocks_lie(void **state)
{
	static const char text[] =
		"hole-refill:size=8K:replacements=50:live=8:classes=3";
	struct fake_request *before;
	size_t count;

	(void)state;
	fake_run(text, 1, 0);
	count = fake.count;
	before = malloc(count * sizeof(*before));
	assert_non_null(before);
	memcpy(before, fake.log, count * sizeof(*before));
	for (int way = 0; way < 4; way++) {
		memset(&area, 0, sizeof(area));
		area.upward = way == 0;
		area.apart = way == 1;
		area.never_refills = way == 2;
		area.header = way == 3 ? 16 : 0;
		fake_run(text, 1, 0);
		assert_int_equal(fake.count, count);
		assert_same_log(fake.log, before, count);
	}
	free(before);
}

static void no_two_lives_have_the_same_contents(void **state)
{
	(void)state;
	fake_run("hole-refill:size=8K:refills=2", 1, 0);
	for (size_t i = 0; i < fake.count; i++)
		for (size_t j = i + 1; j < fake.count; j++) {
			const struct fake_request *a = &fake.log[i];
			const struct fake_request *b = &fake.log[j];

			if (a->kind == FAKE_TOUCH && b->kind == FAKE_TOUCH)
				assert_true(a->identity != b->identity ||
					    a->generation != b->generation);
		}
}

static void replacements_keep_so_many_alive(void **state)
{
	(void)state;
	fake_run("hole-refill:size=8K:refills=0:replacements=1000:live=10", 1,
		 0);
	assert_int_equal(fake.seen.operations, 2 * 10 + 2 * 1000);
	assert_int_equal(fake.seen.live_bytes_max, 10 * 8192);
	assert_in_range(fake.checkpoints, 50, 64);
	/* All in the timeline are at the full number. */
	for (size_t i = 0; i < fake.count; i++)
		if (fake.log[i].kind == FAKE_CHECKPOINT)
			assert_int_equal(fake.log[i].from, 10 * 8192);
}

static void classes_are_doublings_of_the_size(void **state)
{
	unsigned int seen[4] = {0};

	(void)state;
	fake_run("hole-refill:size=4K:refills=0:replacements=400:live=4:"
		 "classes=4",
		 1, 0);
	for (size_t i = 0; i < fake.count; i++) {
		if (fake.log[i].kind != FAKE_ALLOC)
			continue;
		assert_int_equal(fake.log[i].to & (fake.log[i].to - 1), 0);
		assert_in_range(fake.log[i].to, 4096, 32768);
		seen[__builtin_ctzll(fake.log[i].to) - 12]++;
	}
	for (int i = 0; i < 4; i++)
		assert_in_range(seen[i], 60, 150);
}

static void touch_says_what_is_written(void **state)
{
	(void)state;
	fake_run("hole-refill:size=12K:refills=1:touch=none", 1, 0);
	assert_int_equal(fake.seen.touched_bytes, 0);
	fake_run("hole-refill:size=12K:refills=1", 1, 0);
	assert_int_equal(fake.seen.touched_bytes, (PLUGS + 1) * fake.page_size);
	fake_run("hole-refill:size=12K:refills=1:touch=all", 1, 0);
	assert_int_equal(fake.seen.touched_bytes, (PLUGS + 1) * 12288);
}

static void the_estimate_is_what_a_run_takes(void **state)
{
	(void)state;
	fake_assert_estimate("hole-refill:size=8K", 1);
	fake_assert_estimate("hole-refill:size=104:touch=first", 1);
	fake_assert_estimate("hole-refill:size=12K:touch=all:replacements=100",
			     1);
	fake_assert_estimate("hole-refill:size=4K:touch=all:replacements=300:"
			     "live=7:classes=4:refills=0",
			     3);
	fake_assert_estimate("hole-refill:size=4K:touch=none:replacements=10",
			     1);
}

static void bad_options_are_refused_in_words(void **state)
{
	(void)state;
	fake_assert_refused("hole-refill", "of which size");
	fake_assert_refused("hole-refill:size=104:refills=0", "nothing is");
	fake_assert_refused("hole-refill:size=12", "multiple of 8");
	fake_assert_refused("hole-refill:size=2T", "too large");
	fake_assert_refused("hole-refill:size=1T:classes=2", "too large");
	fake_assert_refused("hole-refill:size=4K:classes=0", "classes is 1 to");
	fake_assert_refused("hole-refill:size=4K:classes=9", "classes is 1 to");
	fake_assert_refused("hole-refill:size=4K:refills=1001",
			    "refills is at most");
	fake_assert_refused("hole-refill:size=4K:replacements=100000001",
			    "replacements is at most");
	fake_assert_refused("hole-refill:size=4K:live=0", "live is 1 to");
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(first_fit_is_exact_in_either_direction),
		TEST(a_block_behind_a_header_is_exact_as_well),
		TEST(what_never_fills_a_hole_goes_elsewhere),
		TEST(a_gap_nearer_to_the_begin_is_a_higher_gap),
		TEST(what_stays_mapped_is_no_hole),
		TEST(buffers_apart_are_not_counted),
		TEST(out_of_memory_is_a_failure_and_survived),
		TEST(a_map_that_cannot_be_read_ends_the_sample),
		TEST(requests_are_the_same_wherever_blocks_lie),
		TEST(no_two_lives_have_the_same_contents),
		TEST(replacements_keep_so_many_alive),
		TEST(classes_are_doublings_of_the_size),
		TEST(touch_says_what_is_written),
		TEST(the_estimate_is_what_a_run_takes),
		TEST(bad_options_are_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
