/* test_vector_growth - vector-growth asks for exactly what it promises. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "fake_worker.h"

/* Every size that one vector is asked to have, in order; 0 ends the list. */
static void assert_sizes(const char *text, const uint64_t *sizes)
{
	size_t found = 0;

	fake_run(text, 1, 0);
	for (size_t i = 0; i < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];

		if (request->kind != FAKE_ALLOC && request->kind != FAKE_GROW)
			continue;
		assert_int_equal(request->to, sizes[found]);
		if (found > 0)
			assert_int_equal(request->from, sizes[found - 1]);
		found++;
	}
	assert_int_equal(sizes[found], 0);
}

#define SIZES(...) ((const uint64_t[]){__VA_ARGS__, 0})

static void test_factor_2_doubles(void **state)
{
	(void)state;
	assert_sizes("vector-growth:first=64K:last=512K",
		     SIZES(65536, 131072, 262144, 524288));
}

static void test_last_growth_is_cut_to_last(void **state)
{
	(void)state;
	assert_sizes("vector-growth:factor=1.5:last=256K",
		     SIZES(65536, 98304, 147456, 221184, 262144));
	assert_sizes("vector-growth:factor=+1M:last=3M",
		     SIZES(65536, 1114112, 2162688, 3145728));
}

static void test_factor_1_125_grows_by_an_eighth(void **state)
{
	(void)state;
	assert_sizes("vector-growth:factor=1.125:last=96K",
		     SIZES(65536, 73728, 82944, 93312, 98304));
}

static void test_factors_round_down_to_elements_and_add_one(void **state)
{
	(void)state;
	assert_sizes("vector-growth:factor=1.125:first=8:last=88",
		     SIZES(8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88));
	assert_sizes("vector-growth:factor=1.5:first=24:last=72",
		     SIZES(24, 32, 48, 72));
}

static void test_step_adds_the_same_each_time(void **state)
{
	(void)state;
	assert_sizes("vector-growth:factor=+64K:last=256K",
		     SIZES(65536, 131072, 196608, 262144));
	assert_sizes("vector-growth:factor=+4096:first=4K:last=16K",
		     SIZES(4096, 8192, 12288, 16384));
}

static void
test_folly_grows_by_half_from_4k_to_128k_in_jemallocs_classes(void **state)
{
	(void)state;
	/* 9216 is between the classes 8 and 10 KiB, 15360 between 14 and 16. */
	assert_sizes("vector-growth:factor=folly:first=1K:last=720K",
		     SIZES(1024, 2048, 4096, 6144, 10240, 16384, 24576, 40960,
			   65536, 98304, 163840, 327680, 655360, 737280));
	/* 128 KiB itself still grows by half, 4 KiB less an element doubles. */
	assert_sizes("vector-growth:factor=folly:first=128K:last=192K",
		     SIZES(131072, 196608));
	assert_sizes("vector-growth:factor=folly:first=4088:last=12K",
		     SIZES(4088, 8192, 12288));
	/* Small classes are 16 bytes apart. */
	assert_sizes("vector-growth:factor=folly:first=72:last=200",
		     SIZES(72, 144 + 16, 200));
}

static void test_rust_doubles_from_four_elements_on(void **state)
{
	(void)state;
	assert_sizes("vector-growth:factor=rust:first=8:last=128",
		     SIZES(8, 32, 64, 128));
	assert_sizes("vector-growth:factor=rust:first=24:last=100K",
		     SIZES(24, 48, 96, 192, 384, 768, 1536, 3072, 6144, 12288,
			   24576, 49152, 98304, 102400));
}

static void test_libstdcxx_doubles_and_msvc_adds_half_rounded_down(void **state)
{
	(void)state;
	assert_sizes("vector-growth:factor=libstdc++:first=8:last=64",
		     SIZES(8, 16, 32, 64));
	assert_sizes("vector-growth:factor=msvc:first=8:last=104",
		     SIZES(8, 16, 24, 32, 48, 72, 104));
}

static void test_go_grows_by_its_rule_and_its_size_classes(void **state)
{
	(void)state;
	/*
	 * What a program that appends 8-byte integers prints as capacities: 4,
	 * 8, 16, 32, 64, 128, 256, 512, 848, 1280, 1792, 2560.
	 */
	assert_sizes("vector-growth:factor=go:first=32:last=20480",
		     SIZES(32, 64, 128, 256, 512, 1024, 2048, 4096, 6784, 10240,
			   14336, 20480));
	/* Beyond the classes: 5/4 and 1536 bytes, in pages of 8 KiB. */
	assert_sizes("vector-growth:factor=go:first=32K:last=88K",
		     SIZES(32768, 49152, 65536, 90112));
	assert_sizes("vector-growth:factor=go:first=32K:last=400K",
		     SIZES(32768, 49152, 65536, 90112, 114688, 147456, 188416,
			   237568, 303104, 385024, 409600));
}

static void test_reserve_asks_for_all_at_once_and_fills_it(void **state)
{
	(void)state;
	assert_sizes("vector-growth:factor=reserve:last=1M", SIZES(1048576));
	assert_sizes("vector-growth:factor=reserve:first=2M:last=1M",
		     SIZES(1048576));
	fake_assert_estimate("vector-growth:factor=reserve:vectors=3", 1);
	assert_int_equal(fake.seen.growths, 0);
	assert_true(fake.seen.touched_bytes > 0);
}

static void test_alignment_is_asked_for_with_each_block_and_growth(void **state)
{
	(void)state;
	fake_run("vector-growth:align=64:last=1M", 1, 0);
	assert_int_equal(fake.alignments, 64);
	fake_run("vector-growth:last=1M", 1, 0);
	assert_int_equal(fake.alignments, 16);
	fake_assert_refused("vector-growth:align=0", "power of two");
	fake_assert_refused("vector-growth:align=48", "power of two");
	fake_assert_refused("vector-growth:align=4M", "at most 2M");
}

static void test_residue_is_added_to_each_size_once(void **state)
{
	(void)state;
	assert_sizes("vector-growth:residue=4K:last=512K",
		     SIZES(69632, 135168, 266240, 528384));
}

/* The final size of one vector, by the options' standards. */
static uint64_t last_of(const char *text)
{
	struct estimate estimate;
	struct workload_spec spec;

	fake_parse(text, &spec);
	spec.workload->estimate(spec.values, 1, &estimate);
	return estimate.block_bytes_max;
}

static void test_scale_is_shared_by_the_vectors(void **state)
{
	(void)state;
	assert_int_equal(last_of("vector-growth:scale=S"), 64 << 20);
	assert_int_equal(last_of("vector-growth:scale=M"), 512 << 20);
	assert_int_equal(last_of("vector-growth:scale=L"), 4l << 30);
	assert_int_equal(last_of("vector-growth:scale=S:vectors=8"), 8 << 20);
	assert_int_equal(last_of("vector-growth:scale=S:vectors=3"),
			 (64 << 20) / 3 / 8 * 8);
	assert_int_equal(last_of("vector-growth:scale=S:factor=1.125"),
			 64 << 20);
}

static void
test_step_ends_where_it_copied_at_most_8_times_the_scale(void **state)
{
	static const char *const texts[] = {
		"vector-growth:factor=+64K:scale=S",
		"vector-growth:factor=+64K:scale=M",
		"vector-growth:factor=+64K:scale=L",
		"vector-growth:factor=+1M:scale=S",
		"vector-growth:factor=+1M:scale=L",
		"vector-growth:factor=+64K:scale=S:vectors=5",
	};
	struct estimate estimate;
	struct workload_spec spec;
	uint64_t scale;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		fake_parse(texts[i], &spec);
		spec.workload->estimate(spec.values, 1, &estimate);
		scale = (uint64_t)64 << 20;
		if (strstr(texts[i], "scale=M"))
			scale <<= 3;
		if (strstr(texts[i], "scale=L"))
			scale <<= 6;
		assert_in_range(estimate.copied_bytes, scale, 8 * scale);
	}
	assert_int_equal(last_of("vector-growth:factor=+64K:scale=S"), 8 << 20);
	assert_int_equal(last_of("vector-growth:factor=+64K:scale=L"),
			 64 << 20);
	assert_int_equal(last_of("vector-growth:factor=+1M:scale=S"), 32 << 20);
	/* A step as large as the scale copies little: no limit. */
	assert_int_equal(last_of("vector-growth:factor=+64M:scale=S"),
			 64 << 20);
}

static void assert_log(const struct fake_request *expected, size_t count)
{
	assert_int_equal(fake.count, count);
	for (size_t i = 0; i < count; i++)
		assert_memory_equal(&fake.log[i], &expected[i],
				    sizeof(*expected));
}

#define KIB(n) ((uint64_t)(n) << 10)

static void test_step_grows_touches_the_tail_and_rereads_the_rest(void **state)
{
	static const struct fake_request expected[] = {
		{FAKE_ALLOC, 0, 0, 0, KIB(64)},
		{FAKE_TOUCH, 1, 0, 0, KIB(64)},
		{FAKE_CHECKPOINT, 0, 0, KIB(64), 0},
		{FAKE_GROW, 1, 0, KIB(64), KIB(128)},
		{FAKE_TOUCH, 1, 0, KIB(64), KIB(128)},
		{FAKE_REREAD, 1, 0, 0, KIB(64)},
		{FAKE_CHECKPOINT, 0, 0, KIB(128), 0},
		{FAKE_VERIFY, 1, 0, 0, KIB(128)},
		{FAKE_RELEASE, 1, 0, 0, KIB(128)},
	};

	(void)state;
	fake_run("vector-growth:last=128K", 1, 0);
	assert_log(expected, sizeof(expected) / sizeof(*expected));
}

static void test_vectors_grow_in_turn(void **state)
{
	uint64_t turn = 0;

	(void)state;
	fake_run("vector-growth:vectors=3:last=1M", 1, 0);
	for (size_t i = 0; i < fake.count; i++) {
		if (fake.log[i].kind != FAKE_ALLOC &&
		    fake.log[i].kind != FAKE_GROW)
			continue;
		assert_int_equal(fake.log[i].identity, turn % 3);
		assert_int_equal(fake.log[i].to, KIB(64) << turn / 3);
		turn++;
	}
	assert_int_equal(turn, 15);
}

static void
test_touched_share_is_spread_evenly_from_the_first_page(void **state)
{
	uint64_t page, next = 0;

	(void)state;
	fake_run("vector-growth:touch=50:last=1M", 1, 0);
	page = fake.page_size;
	for (size_t i = 0; i < fake.count; i++) {
		if (fake.log[i].kind != FAKE_TOUCH)
			continue;
		assert_int_equal(fake.log[i].from, next);
		assert_int_equal(fake.log[i].to, next + page);
		next += 2 * page;
	}
	assert_int_equal(next, 1 << 20);
	fake_run("vector-growth:touch=75:last=1M", 1, 0);
	assert_int_equal(fake.seen.touched_bytes, 3 << 18);
	/* All but the second of each four pages, in runs. */
	assert_int_equal(fake.log[1].from, 0);
	assert_int_equal(fake.log[1].to, page);
	assert_int_equal(fake.log[2].from, 2 * page);
	assert_int_equal(fake.log[2].to, 5 * page);
	fake_run("vector-growth:touch=1:last=1M", 1, 0);
	assert_int_equal(fake.seen.touched_bytes,
			 ((1 << 20) / page + 99) / 100 * page);
}

static void test_touch_0_writes_and_reads_nothing(void **state)
{
	(void)state;
	fake_run("vector-growth:touch=0:last=1M", 1, 0);
	for (size_t i = 0; i < fake.count; i++)
		assert_true(fake.log[i].kind < FAKE_TOUCH ||
			    fake.log[i].kind == FAKE_CHECKPOINT);
	assert_int_equal(fake.seen.growths, 4);
}

static const char *const varied[] = {
	"vector-growth",
	"vector-growth:factor=1.5:last=1M",
	"vector-growth:factor=1.125:last=1M:touch=33",
	"vector-growth:factor=folly:first=1000:last=1M:touch=50",
	"vector-growth:factor=+64K:last=2M:vectors=2",
	"vector-growth:residue=4K:last=1M:vectors=3:touch=7",
	"vector-growth:residue=24:factor=1.3:last=1M:touch=99",
	"vector-growth:vectors=7:threads=3:factor=1.7:last=1M:touch=60",
	"vector-growth:first=8:last=8K:factor=+8",
	"vector-growth:touch=0:last=1M:vectors=2",
};

static void test_estimate_is_what_a_run_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(varied) / sizeof(*varied); i++)
		fake_assert_estimate(varied[i], 1);
}

static void test_estimate_of_doubling_is_known(void **state)
{
	struct estimate estimate;
	struct workload_spec spec;

	(void)state;
	fake_parse("vector-growth:scale=S", &spec);
	spec.workload->estimate(spec.values, 1, &estimate);
	assert_int_equal(estimate.threads, 1);
	assert_int_equal(estimate.growths, 10);
	assert_int_equal(estimate.operations, 12);
	assert_int_equal(estimate.copied_bytes, (64 << 20) - KIB(64));
	assert_int_equal(estimate.touched_bytes, 64 << 20);
	/* While 32 MiB are copied there are two of them. */
	assert_int_equal(estimate.resident_bytes_max, 64 << 20);
	assert_int_equal(estimate.live_bytes_max, 64 << 20);
}

static void test_requests_do_not_depend_on_the_seed(void **state)
{
	struct fake_request *log;
	size_t count;

	(void)state;
	fake_run(varied[5], 1, 0);
	log = fake.log;
	count = fake.count;
	fake.log = NULL;
	fake_run(varied[5], 2, 0);
	assert_int_equal(fake.count, count);
	assert_memory_equal(fake.log, log, count * sizeof(*log));
	free(log);
}

static void test_threads_share_the_vectors_and_meet_as_often(void **state)
{
	uint64_t seen = 0;
	unsigned int checkpoints = 0;

	(void)state;
	for (unsigned int index = 0; index < 3; index++) {
		fake_run("vector-growth:vectors=7:threads=3:last=1M", 1, index);
		for (size_t i = 0; i < fake.count; i++) {
			if (fake.log[i].kind != FAKE_ALLOC)
				continue;
			assert_int_equal(fake.log[i].identity % 3, index);
			seen |= (uint64_t)1 << fake.log[i].identity;
		}
		if (index > 0)
			assert_int_equal(fake.checkpoints, checkpoints);
		checkpoints = fake.checkpoints;
	}
	assert_int_equal(seen, (1 << 7) - 1);
}

static void test_checkpoints_are_thinned_to_the_timeline(void **state)
{
	(void)state;
	fake_run("vector-growth:first=8:last=768:factor=+8", 1, 0);
	assert_int_equal(fake.checkpoints, 96);
	fake_run("vector-growth:first=8:last=776:factor=+8", 1, 0);
	assert_int_equal(fake.checkpoints, 48);
	fake_run("vector-growth:first=8:last=8K:factor=+8", 1, 0);
	assert_in_range(fake.checkpoints, 48, 96);
}

static bool fails_every_third(uint64_t call)
{
	return call % 3 == 0;
}

static bool fails_always(uint64_t call)
{
	(void)call;
	return true;
}

static void test_failed_vector_goes_on_at_its_next_step(void **state)
{
	static const struct fake_request expected[] = {
		{FAKE_ALLOC, 0, 0, 0, KIB(64)}, /* fails */
		{FAKE_CHECKPOINT, 0, 0, 0, 0},
		{FAKE_ALLOC, 0, 0, 0, KIB(128)},
		{FAKE_TOUCH, 1, 0, 0, KIB(128)},
		{FAKE_CHECKPOINT, 0, 0, KIB(128), 0},
		{FAKE_GROW, 1, 0, KIB(128), KIB(256)},
		{FAKE_TOUCH, 1, 0, KIB(128), KIB(256)},
		{FAKE_REREAD, 1, 0, 0, KIB(128)},
		{FAKE_CHECKPOINT, 0, 0, KIB(256), 0},
		{FAKE_GROW, 1, 0, KIB(256), KIB(512)}, /* fails */
		{FAKE_CHECKPOINT, 0, 0, KIB(256), 0},
		{FAKE_GROW, 1, 0, KIB(256), KIB(1024)},
		{FAKE_TOUCH, 1, 0, KIB(256), KIB(1024)},
		{FAKE_REREAD, 1, 0, 0, KIB(256)},
		{FAKE_CHECKPOINT, 0, 0, KIB(1024), 0},
		{FAKE_VERIFY, 1, 0, 0, KIB(1024)},
		{FAKE_RELEASE, 1, 0, 0, KIB(1024)},
	};

	(void)state;
	fake.fails = fails_every_third;
	fake_run("vector-growth:last=1M", 1, 0);
	fake.fails = NULL;
	assert_log(expected, sizeof(expected) / sizeof(*expected));
}

static void test_no_memory_at_all_is_survived(void **state)
{
	(void)state;
	fake.fails = fails_always;
	fake_run("vector-growth:last=1M:vectors=4", 1, 0);
	fake.fails = NULL;
	assert_int_equal(fake.failed, 20);
	assert_int_equal(fake.seen.growths, 0);
}

static void test_failures_and_sparse_pages_lose_nothing(void **state)
{
	(void)state;
	fake.fails = fails_every_third;
	for (size_t i = 1; i < sizeof(varied) / sizeof(*varied); i++)
		fake_run(varied[i], 1, 0);
	fake.fails = NULL;
}

static void test_bad_options_are_refused_in_words(void **state)
{
	static const char *const factors[] = {
		"1",	    "0.5",  "17",
		"16.01",    "nan",  "inf",
		"-2",	    "2x",   "0x2",
		"1.5.1",    "",	    "+",
		"+0",	    "+12",  "+1.5K",
		"+64KB",    "+1T",  "+-8",
		"folly2",   "2e1",  "+99999999999G",
		"libstdc+", "Rust",
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(factors) / sizeof(*factors); i++) {
		snprintf(text, sizeof(text), "vector-growth:factor=%s",
			 factors[i]);
		fake_assert_refused(text, "factor");
	}
	fake_assert_refused("vector-growth:vectors=0", "vectors is 1 to");
	fake_assert_refused("vector-growth:vectors=65537", "vectors is 1 to");
	fake_assert_refused("vector-growth:threads=0", "threads is 1 to 64");
	fake_assert_refused("vector-growth:threads=65:vectors=99",
			    "threads is 1 to 64");
	fake_assert_refused("vector-growth:threads=4", "add vectors=4");
	fake_assert_refused("vector-growth:first=0", "at least 8");
	fake_assert_refused("vector-growth:first=100", "multiples of 8");
	fake_assert_refused("vector-growth:last=1000001", "multiples of 8");
	fake_assert_refused("vector-growth:residue=1", "multiples of 8");
	fake_assert_refused("vector-growth:first=64M", "nothing grows");
	fake_assert_refused("vector-growth:vectors=1024", "nothing grows");
	fake_assert_refused("vector-growth:last=256T", "address space");
	fake_assert_refused("vector-growth:last=1T:vectors=1000",
			    "address space");
	fake_assert_refused("vector-growth:residue=256T", "address space");
	fake_assert_refused("vector-growth:factor=+8:last=1G",
			    "more than 1000000 growths");
}

static int teardown(void **state)
{
	(void)state;
	fake.fails = NULL;
	fake_reset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_factor_2_doubles),
		cmocka_unit_test(test_last_growth_is_cut_to_last),
		cmocka_unit_test(test_factor_1_125_grows_by_an_eighth),
		cmocka_unit_test(
			test_factors_round_down_to_elements_and_add_one),
		cmocka_unit_test(test_step_adds_the_same_each_time),
		cmocka_unit_test(
			test_folly_grows_by_half_from_4k_to_128k_in_jemallocs_classes),
		cmocka_unit_test(test_rust_doubles_from_four_elements_on),
		cmocka_unit_test(
			test_libstdcxx_doubles_and_msvc_adds_half_rounded_down),
		cmocka_unit_test(
			test_go_grows_by_its_rule_and_its_size_classes),
		cmocka_unit_test(
			test_reserve_asks_for_all_at_once_and_fills_it),
		cmocka_unit_test(
			test_alignment_is_asked_for_with_each_block_and_growth),
		cmocka_unit_test(test_residue_is_added_to_each_size_once),
		cmocka_unit_test(test_scale_is_shared_by_the_vectors),
		cmocka_unit_test(
			test_step_ends_where_it_copied_at_most_8_times_the_scale),
		cmocka_unit_test(
			test_step_grows_touches_the_tail_and_rereads_the_rest),
		cmocka_unit_test(test_vectors_grow_in_turn),
		cmocka_unit_test(
			test_touched_share_is_spread_evenly_from_the_first_page),
		cmocka_unit_test(test_touch_0_writes_and_reads_nothing),
		cmocka_unit_test(test_estimate_is_what_a_run_takes),
		cmocka_unit_test(test_estimate_of_doubling_is_known),
		cmocka_unit_test(test_requests_do_not_depend_on_the_seed),
		cmocka_unit_test(
			test_threads_share_the_vectors_and_meet_as_often),
		cmocka_unit_test(test_checkpoints_are_thinned_to_the_timeline),
		cmocka_unit_test(test_failed_vector_goes_on_at_its_next_step),
		cmocka_unit_test(test_no_memory_at_all_is_survived),
		cmocka_unit_test(test_failures_and_sparse_pages_lose_nothing),
		cmocka_unit_test(test_bad_options_are_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
