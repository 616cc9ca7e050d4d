/* test_server_churn - server-churn asks for exactly what it promises. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "fake_worker.h"

#include "tests/sanitized.h"

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)

/* Takes the log out of the recorder; to be freed. */
static struct fake_request *log_take(size_t *count)
{
	struct fake_request *log = fake.log;

	*count = fake.count;
	fake.log = NULL;
	fake.room = 0;
	return log;
}

static uint64_t figure_replacements(void)
{
	assert_string_equal(fake.figures[0].name, "replacements");
	return fake.figures[0].value;
}

static const char *const varied[] = {
	"server-churn:steps=3000:live=300",
	"server-churn:steps=3000:live=300:touch=all",
	"server-churn:profile=conn:steps=300:live=30",
	"server-churn:profile=conn:steps=60:live=10:touch=all",
	"server-churn:profile=conn:steps=300:live=30:touch=none",
	"server-churn:profile=pow2:steps=300:live=16",
	"server-churn:profile=pow2+4K:steps=300:live=16",
	"server-churn:steps=3000:live=100:threads=3",
	"server-churn:profile=conn:steps=300:live=31:threads=4",
	"server-churn:profile=pow2:steps=9:live=1",
	"server-churn",
};
#define VARIED (sizeof(varied) / sizeof(*varied))

static void test_equal_seeds_make_equal_requests_others_do_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < VARIED - 1; i++) {
		struct fake_request *log;
		size_t count;

		fake_run(varied[i], 42, 0);
		log = log_take(&count);
		fake_run(varied[i], 42, 0);
		assert_int_equal(fake.count, count);
		assert_memory_equal(fake.log, log, count * sizeof(*log));
		fake_run(varied[i], 43, 0);
		assert_false(fake.count == count &&
			     memcmp(fake.log, log, count * sizeof(*log)) == 0);
		free(log);
	}
}

static void test_threads_of_one_seed_ask_for_different_things(void **state)
{
	struct fake_request *log;
	size_t count;
	size_t same = 0;

	(void)state;
	fake_run("server-churn:steps=3000:live=99:threads=3", 42, 0);
	log = log_take(&count);
	fake_run("server-churn:steps=3000:live=99:threads=3", 42, 1);
	for (size_t i = 0; i < count && i < fake.count; i++)
		same += fake.log[i].kind == log[i].kind &&
			fake.log[i].to == log[i].to;
	assert_true(same < count / 2);
	free(log);
}

static void test_estimate_is_what_a_run_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < VARIED; i++)
		fake_assert_estimate(varied[i], 7);
}

static void test_threads_share_connections_and_steps(void **state)
{
	uint64_t seen[2] = {0};
	unsigned int checkpoints = 0;

	(void)state;
	for (unsigned int index = 0; index < 3; index++) {
		uint64_t steps = 0;

		fake_run("server-churn:steps=3000:live=100:threads=3", 1,
			 index);
		for (size_t i = 0; i < fake.count; i++) {
			const struct fake_request *request = &fake.log[i];

			if (request->kind == FAKE_CHECKPOINT)
				continue;
			assert_int_equal(request->identity % 3, index);
			assert_in_range(request->identity, 0, 99);
			seen[request->identity / 64] |=
				(uint64_t)1 << request->identity % 64;
			steps += request->kind == FAKE_GROW;
		}
		assert_int_equal(steps + figure_replacements(), 1000);
		if (index > 0)
			assert_int_equal(fake.checkpoints, checkpoints);
		checkpoints = fake.checkpoints;
	}
	assert_int_equal(seen[0], UINT64_MAX);
	assert_int_equal(seen[1], ((uint64_t)1 << 36) - 1);
}

static void test_live_set_is_built_first_and_stays_full(void **state)
{
	size_t blocks = 0;

	(void)state;
	fake_run("server-churn:steps=3000:live=300", 1, 0);
	for (size_t i = 0; fake.log[i].kind != FAKE_CHECKPOINT; i++) {
		assert_true(fake.log[i].kind == FAKE_ALLOC ||
			    fake.log[i].kind == FAKE_TOUCH);
		blocks += fake.log[i].kind == FAKE_ALLOC;
	}
	assert_int_equal(blocks, 300);
	/* Each death is followed by the birth of the same connection. */
	for (size_t i = 0;
	     fake.log[i].kind != FAKE_VERIFY || fake.log[i].generation > 0;
	     i++) {
		if (fake.log[i].kind != FAKE_RELEASE)
			continue;
		if (fake.log[i + 1].kind != FAKE_ALLOC)
			break; /* the drain */
		assert_int_equal(fake.log[i + 1].identity,
				 fake.log[i].identity);
	}
}

/* Growths and deaths of a churn, the build and the drain left out. */
static double growths_to_one_death(void)
{
	return (double)fake.seen.growths / (double)figure_replacements();
}

static void test_small_has_two_growths_to_one_death(void **state)
{
	(void)state;
	fake_run("server-churn:steps=60000:live=500", 5, 0);
	/* 20,000 deaths; the standard deviation of a life is below 3. */
	assert_true(growths_to_one_death() > 1.9);
	assert_true(growths_to_one_death() < 2.1);
}

static void test_small_doubles_from_4k_to_at_most_1m(void **state)
{
	bool largest = false;

	(void)state;
	fake_run("server-churn:steps=60000:live=500", 5, 0);
	for (size_t i = 0; i < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];

		if (request->kind != FAKE_ALLOC && request->kind != FAKE_GROW)
			continue;
		assert_true(request->to >= KIB(4) && request->to <= MIB(1));
		assert_int_equal(request->to & (request->to - 1), 0);
		if (request->kind == FAKE_GROW)
			assert_int_equal(request->to, 2 * request->from);
		else if (request->generation > 0)
			assert_int_equal(request->to, KIB(4));
		largest |= request->to == MIB(1);
	}
	assert_true(largest);
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

/* Sizes at death of those that were born in the churn, sorted. */
static uint64_t *final_sizes(size_t *count)
{
	uint64_t *sizes = calloc(fake.count, sizeof(*sizes));

	assert_non_null(sizes);
	*count = 0;
	for (size_t i = 0; i + 1 < fake.count; i++)
		if (fake.log[i].kind == FAKE_RELEASE &&
		    fake.log[i + 1].kind == FAKE_ALLOC &&
		    fake.log[i].generation > 1)
			sizes[(*count)++] = fake.log[i].to;
	qsort(sizes, *count, sizeof(*sizes), compare);
	return sizes;
}

static void test_conn_ends_at_a_lognormal_size(void **state)
{
	uint64_t *sizes;
	size_t count;

	(void)state;
	fake_run("server-churn:profile=conn:steps=6000:live=20", 5, 0);
	sizes = final_sizes(&count);
	assert_in_range(count, 800, 1400);
	/* Median 1 MiB; the quartiles are exp(1.5 * 0.6745) = 2.75 apart. */
	assert_in_range(sizes[count / 2], KIB(850), KIB(1200));
	assert_in_range(sizes[count / 4], KIB(300), KIB(460));
	assert_in_range(sizes[3 * count / 4], KIB(2300), KIB(3400));
	assert_true(sizes[0] >= KIB(64));
	assert_true(sizes[count - 1] <= MIB(64));
	assert_true(sizes[count - 1] >= MIB(16));
	free(sizes);
}

static void test_conn_doubles_from_64k_to_its_final_size(void **state)
{
	uint64_t cut = 0;

	(void)state;
	fake_run("server-churn:profile=conn:steps=2000:live=20", 6, 0);
	for (size_t i = 0; i < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];

		if (request->kind == FAKE_ALLOC && request->generation > 0)
			assert_int_equal(request->to, KIB(64));
		if (request->kind != FAKE_GROW)
			continue;
		assert_true(request->to <= 2 * request->from);
		cut += request->to < 2 * request->from;
	}
	/* Only the last growth of a life is cut. */
	assert_in_range(cut, 1, figure_replacements() + 20);
}

static void assert_pow2(uint64_t residue)
{
	uint64_t births[4] = {0};
	uint64_t total = 0;

	for (size_t i = 0; i < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];
		uint64_t class = (request->to - residue) >> 21;

		if (request->kind != FAKE_ALLOC && request->kind != FAKE_GROW)
			continue;
		assert_int_equal((request->to - residue) % MIB(2), 0);
		assert_true(class == 1 || class == 2 || class == 4 ||
			    class == 8);
		if (request->kind == FAKE_GROW) {
			assert_int_equal(request->to - residue,
					 2 * (request->from - residue));
			continue;
		}
		births[__builtin_ctzll(class)]++;
		total++;
	}
	for (unsigned int i = 0; i < 4; i++)
		assert_in_range(births[i], total / 5, total * 3 / 10);
	assert_true(growths_to_one_death() > 1.0 / 24);
	assert_true(growths_to_one_death() < 1.0 / 12);
}

static void test_pow2_replaces_four_classes_and_grows_rarely(void **state)
{
	(void)state;
	fake_run("server-churn:profile=pow2:steps=3000:live=16", 5, 0);
	assert_pow2(0);
}

static void test_pow2_and_a_page_is_the_same_with_a_page_more(void **state)
{
	(void)state;
	fake_run("server-churn:profile=pow2+4K:steps=3000:live=16", 5, 0);
	assert_pow2(4096);
}

/* Live bytes at the checkpoints: the first, and the mean of those after. */
static void assert_settled(const char *text, double tolerance)
{
	double first = 0;
	double sum = 0;
	unsigned int points = 0;

	fake_run(text, 11, 0);
	for (size_t i = 0; i < fake.count; i++) {
		if (fake.log[i].kind != FAKE_CHECKPOINT)
			continue;
		if (points++ == 0)
			first = (double)fake.log[i].from;
		else
			sum += (double)fake.log[i].from;
	}
	sum /= points - 1;
	if (first < sum * (1 - tolerance) || first > sum * (1 + tolerance))
		fail_msg("%s begins with %.0f live bytes, then has %.0f", text,
			 first, sum);
}

static void test_churn_begins_in_the_state_that_it_settles_in(void **state)
{
	(void)state;
	assert_settled("server-churn:steps=60000:live=4000", 0.1);
	assert_settled("server-churn:profile=conn:steps=3000:live=300", 0.35);
	assert_settled("server-churn:profile=pow2:steps=2000:live=256", 0.1);
}

static void test_ends_touches_first_and_last_page_of_new_bytes(void **state)
{
	uint64_t page;

	(void)state;
	fake_run("server-churn:profile=pow2+4K:steps=500:live=16", 1, 0);
	page = fake.page_size;
	for (size_t i = 0; i + 2 < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];

		if (request->kind != FAKE_ALLOC && request->kind != FAKE_GROW)
			continue;
		assert_int_equal(request[1].kind, FAKE_TOUCH);
		assert_int_equal(request[1].from, request->from);
		assert_int_equal(request[1].to, request->from + page);
		assert_int_equal(request[2].kind, FAKE_TOUCH);
		assert_int_equal(request[2].from, request->to - page);
		assert_int_equal(request[2].to, request->to);
		assert_int_not_equal(request[3].kind, FAKE_TOUCH);
	}
}

static void test_ends_that_are_neighbours_are_one_touch(void **state)
{
	(void)state;
	fake_run("server-churn:steps=3000:live=100", 1, 0);
	for (size_t i = 0; i < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];

		if (request->kind != FAKE_GROW ||
		    request->to - request->from > 2 * fake.page_size)
			continue;
		assert_int_equal(request[1].kind, FAKE_TOUCH);
		assert_int_equal(request[1].from, request->from);
		assert_int_equal(request[1].to, request->to);
	}
}

static void test_all_touches_every_new_byte(void **state)
{
	(void)state;
	fake_run("server-churn:profile=conn:steps=100:live=10:touch=all", 1, 0);
	for (size_t i = 0; i + 1 < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];

		if (request->kind != FAKE_ALLOC && request->kind != FAKE_GROW)
			continue;
		assert_int_equal(request[1].kind, FAKE_TOUCH);
		assert_int_equal(request[1].from, request->from);
		assert_int_equal(request[1].to, request->to);
	}
}

/* The sizes asked for, by connection, of alloc and grow alike. */
static void asked(const struct fake_request *log, size_t count,
		  struct fake_request *sizes, size_t *found)
{
	*found = 0;
	for (size_t i = 0; i < count; i++)
		if (log[i].kind == FAKE_ALLOC || log[i].kind == FAKE_GROW)
			sizes[(*found)++] = (struct fake_request){
				.identity = log[i].identity,
				.to = log[i].to,
			};
}

static void test_none_writes_reads_and_verifies_nothing(void **state)
{
	struct fake_request *sizes;
	size_t count, found;

	(void)state;
	fake_run("server-churn:steps=3000:live=100", 1, 0);
	sizes = log_take(&count);
	asked(sizes, count, sizes, &count);
	fake_run("server-churn:steps=3000:live=100:touch=none", 1, 0);
	for (size_t i = 0; i < fake.count; i++) {
		assert_int_not_equal(fake.log[i].kind, FAKE_TOUCH);
		assert_int_not_equal(fake.log[i].kind, FAKE_REREAD);
		assert_int_not_equal(fake.log[i].kind, FAKE_VERIFY);
	}
	/* The requests are those of any other touch=. */
	asked(fake.log, fake.count, fake.log, &found);
	assert_int_equal(found, count);
	assert_memory_equal(fake.log, sizes, count * sizeof(*sizes));
	free(sizes);
}

static void test_growth_is_followed_by_a_read_of_what_was_written(void **state)
{
	uint64_t rereads = 0;

	(void)state;
	fake_run("server-churn:steps=3000:live=100:touch=all", 1, 0);
	for (size_t i = 0; i < fake.count; i++)
		rereads += fake.log[i].kind == FAKE_REREAD;
	assert_true(rereads >= fake.seen.growths);
	assert_int_equal(fake.seen.reread_bytes, fake.seen.copied_bytes);
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

static void test_failures_change_no_size_that_is_asked_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < VARIED - 1; i++) {
		struct fake_request *without;
		struct fake_request *with;
		size_t count, found;

		fake_run(varied[i], 3, 0);
		without = log_take(&count);
		asked(without, count, without, &count);
		fake.fails = fails_every_third;
		fake_run(varied[i], 3, 0);
		fake.fails = NULL;
		assert_true(fake.failed > 0);
		with = log_take(&found);
		asked(with, found, with, &found);
		assert_int_equal(found, count);
		assert_memory_equal(with, without, count * sizeof(*with));
		free(with);
		free(without);
	}
}

static void test_no_memory_at_all_is_survived(void **state)
{
	(void)state;
	fake.fails = fails_always;
	fake_run("server-churn:steps=3000:live=300", 1, 0);
	fake.fails = NULL;
	assert_int_equal(fake.failed, 3300);
	assert_int_equal(fake.seen.growths, 0);
}

static void test_checkpoints_are_about_64(void **state)
{
	(void)state;
	fake_run("server-churn:steps=7:live=3", 1, 0);
	assert_int_equal(fake.checkpoints, 8);
	fake_run("server-churn:steps=64:live=3", 1, 0);
	assert_int_equal(fake.checkpoints, 65);
	fake_run("server-churn:steps=65:live=3", 1, 0);
	assert_int_equal(fake.checkpoints, 33);
	fake_run("server-churn:steps=7500:live=3", 1, 0);
	assert_int_equal(fake.checkpoints, 64);
}

static uint64_t steps_by_scale(const char *text, uint64_t live)
{
	struct estimate estimate;
	struct workload_spec spec;
	uint64_t steps;

	fake_parse(text, &spec);
	spec.workload->estimate(spec.values, 1, &estimate);
	/* Operations are births, drain, growths, and twice the deaths. */
	steps = estimate.operations - 2 * live + estimate.growths;
	assert_int_equal(steps % 2, 0);
	return steps / 2;
}

static void test_scales_are_1_8_and_64_times_the_steps(void **state)
{
	(void)state;
	assert_int_equal(steps_by_scale("server-churn:scale=S", 4000), 7500);
	assert_int_equal(steps_by_scale("server-churn:scale=M", 4000), 60000);
	assert_int_equal(steps_by_scale("server-churn:scale=L", 4000), 480000);
	assert_int_equal(
		steps_by_scale("server-churn:profile=conn:scale=S", 1000), 500);
	assert_int_equal(
		steps_by_scale("server-churn:profile=conn:scale=L", 1000),
		32000);
	assert_int_equal(
		steps_by_scale("server-churn:profile=pow2:scale=S", 256), 750);
	assert_int_equal(
		steps_by_scale("server-churn:profile=pow2+4K:scale=M", 256),
		6000);
}

static void test_bad_options_are_refused_in_words(void **state)
{
	(void)state;
	fake_assert_refused("server-churn:threads=0", "threads is 1 to 64");
	fake_assert_refused("server-churn:threads=65", "threads is 1 to 64");
	fake_assert_refused("server-churn:live=1000001", "live is at most");
	fake_assert_refused("server-churn:steps=1000000001",
			    "steps is at most");
	fake_assert_refused("server-churn:live=3:threads=4",
			    "raise live or steps");
	fake_assert_refused("server-churn:steps=3:threads=4",
			    "raise live or steps");
	fake_assert_refused("server-churn:profile=smal", "profile");
	fake_assert_refused("server-churn:touch=some", "touch");
}

static void
test_planting_changes_no_request_and_is_gone_at_the_end(void **state)
{
	struct fake_request *log;
	size_t count;

	(void)state;
	if (SANITIZED)
		skip(); /* its runtime has more gaps than can be plugged */
	fake_run("server-churn:live=200:steps=400", 42, 0);
	log = fake.log;
	count = fake.count;
	fake.log = NULL;
	fake.room = 0;
	for (int i = 0; i < 2; i++) { /* nothing is left in the way */
		fake_run(
			"server-churn:live=200:steps=400:mappings=7:holes=5:hole=64K",
			42, 0);
		/* The threads have met once more, before all else. */
		assert_int_equal(fake.count, count + 1);
		assert_memory_equal(fake.log + 1, log, count * sizeof(*log));
		assert_string_equal(fake.figures[2].name, "planted_mappings");
		assert_int_equal(fake.figures[2].value, 7 + 5 + 1);
		assert_string_equal(fake.figures[3].name, "planted_holes");
		assert_int_equal(fake.figures[3].value, 5);
	}
	free(log);
}

static void test_what_cannot_be_planted_is_refused_in_words(void **state)
{
	(void)state;
	fake_assert_refused("server-churn:mappings=1000000000",
			    "of vm.max_map_count");
	fake_assert_refused("server-churn:holes=1000000000",
			    "of vm.max_map_count");
	fake_assert_refused("server-churn:holes=20000:hole=1T", "than 16T");
	fake_assert_refused("server-churn:holes=1:hole=5000", "whole pages");
	fake_assert_refused("server-churn:holes=1:hole=0", "whole pages");
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
		cmocka_unit_test(
			test_equal_seeds_make_equal_requests_others_do_not),
		cmocka_unit_test(
			test_threads_of_one_seed_ask_for_different_things),
		cmocka_unit_test(test_estimate_is_what_a_run_takes),
		cmocka_unit_test(test_threads_share_connections_and_steps),
		cmocka_unit_test(test_live_set_is_built_first_and_stays_full),
		cmocka_unit_test(test_small_has_two_growths_to_one_death),
		cmocka_unit_test(test_small_doubles_from_4k_to_at_most_1m),
		cmocka_unit_test(test_conn_ends_at_a_lognormal_size),
		cmocka_unit_test(test_conn_doubles_from_64k_to_its_final_size),
		cmocka_unit_test(
			test_pow2_replaces_four_classes_and_grows_rarely),
		cmocka_unit_test(
			test_pow2_and_a_page_is_the_same_with_a_page_more),
		cmocka_unit_test(
			test_churn_begins_in_the_state_that_it_settles_in),
		cmocka_unit_test(
			test_ends_touches_first_and_last_page_of_new_bytes),
		cmocka_unit_test(test_ends_that_are_neighbours_are_one_touch),
		cmocka_unit_test(test_all_touches_every_new_byte),
		cmocka_unit_test(test_none_writes_reads_and_verifies_nothing),
		cmocka_unit_test(
			test_growth_is_followed_by_a_read_of_what_was_written),
		cmocka_unit_test(
			test_failures_change_no_size_that_is_asked_for),
		cmocka_unit_test(test_no_memory_at_all_is_survived),
		cmocka_unit_test(test_checkpoints_are_about_64),
		cmocka_unit_test(test_scales_are_1_8_and_64_times_the_steps),
		cmocka_unit_test(test_bad_options_are_refused_in_words),
		cmocka_unit_test(
			test_planting_changes_no_request_and_is_gone_at_the_end),
		cmocka_unit_test(
			test_what_cannot_be_planted_is_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
