/* test_replay - what a trace asks of an allocator, and what is no trace. */
#include "tests/fake_worker.h"

#include <sys/stat.h>

#include <regrow/random.h>

#include "common/registry.h"
#include "driver/inputs.h"
#include "tests/packed.h"
#include "tests/scratch.h"
#include "tests/traces.h"

#define K ((uint64_t)1024)

static char folder[SCRATCH_PATH_SIZE];
static char path[256];
static char text[SPEC_TEXT_MAX];
static struct made_trace made;

static int suite_setup(void **state)
{
	(void)state;
	scratch_open(folder);
	spec_files_by(inputs_find);
	return 0;
}

static int suite_teardown(void **state)
{
	(void)state;
	fake_reset();
	scratch_close(folder);
	return 0;
}

/* The spelling of a replay of the trace as it is now, in a file of its own. */
static const char *spelling(const char *options)
{
	static unsigned int number;

	snprintf(path, sizeof(path), "%s/%u" TRACE_SUFFIX, folder, number++);
	packed_write(path, made.bytes, made.size);
	snprintf(text, sizeof(text), "replay:trace=%s%s", path, options);
	return text;
}

static void event(enum trace_kind kind, uint32_t block, uint64_t size)
{
	made_event(&made, (struct trace_event){.kind = kind,
					       .block = block,
					       .size = size,
					       .ns = 10});
}

/* Two blocks that cross the threshold both ways, and one that never does. */
static void make_crossings(void)
{
	made_head(&made, 128 * K, 0);
	event(TRACE_ALLOC, 0, 64 * K);
	event(TRACE_ALLOC, 1, 256 * K);
	event(TRACE_RESIZE, 0, 128 * K); /* an alloc */
	event(TRACE_RESIZE, 0, 192 * K); /* a growth */
	event(TRACE_RESIZE, 0, 192 * K); /* nothing */
	event(TRACE_RESIZE, 1, 160 * K); /* a shrink */
	event(TRACE_RESIZE, 1, 100 * K); /* a release */
	event(TRACE_RESIZE, 1, 110 * K);
	event(TRACE_ALLOC, 2, 100 * K);
	made_event(&made, (struct trace_event){.kind = TRACE_ALLOC_ALIGNED,
					       .block = 3,
					       .size = 512 * K,
					       .alignment = 2048 * K});
	event(TRACE_RESIZE, 3, 1024 * K);
	event(TRACE_FREE, 0, 0);
	event(TRACE_FREE, 1, 0);
	event(TRACE_RESIZE, 2, 1 * K);
	made_end(&made); /* 3 is left alive */
}

/* The requests of the log, without touches and what else there is. */
static size_t requests_next(size_t at)
{
	while (at < fake.count && fake.log[at].kind != FAKE_ALLOC &&
	       fake.log[at].kind != FAKE_GROW &&
	       fake.log[at].kind != FAKE_SHRINK &&
	       fake.log[at].kind != FAKE_RELEASE)
		at++;
	return at;
}

static void blocks_are_asked_for_as_the_preload_library_would(void **state)
{
	static const struct {
		enum fake_kind kind;
		uint64_t slot, size;
	} expected[] = {
		{FAKE_ALLOC, 0, 256 * K},    {FAKE_ALLOC, 1, 128 * K},
		{FAKE_GROW, 1, 192 * K},     {FAKE_SHRINK, 0, 160 * K},
		{FAKE_RELEASE, 0, 160 * K},  {FAKE_ALLOC, 0, 512 * K},
		{FAKE_GROW, 0, 1024 * K},    {FAKE_RELEASE, 1, 192 * K},
		{FAKE_RELEASE, 0, 1024 * K},
	};
	size_t at = 0;

	(void)state;
	make_crossings();
	fake_run(spelling(""), 1, 0);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		at = requests_next(at);
		assert_true(at < fake.count);
		assert_int_equal(fake.log[at].kind, expected[i].kind);
		assert_int_equal(fake.log[at].identity, expected[i].slot);
		assert_int_equal(fake.log[at].to, expected[i].size);
		at++;
	}
	assert_int_equal(requests_next(at), fake.count);
	assert_true(fake.alignments & 2048 * K);
	assert_string_equal(fake.figures[0].name, "events");
	assert_int_equal(fake.figures[0].value, 14);
	/* 64K, 110K, 100K, the free of 110K, and 1K. */
	assert_string_equal(fake.figures[1].name, "below_from");
	assert_int_equal(fake.figures[1].value, 5);
	assert_string_equal(fake.figures[2].name, "same_size");
	assert_int_equal(fake.figures[2].value, 1);
	assert_string_equal(fake.figures[3].name, "left_alive");
	assert_int_equal(fake.figures[3].value, 1);
}

static void another_threshold_is_another_share_of_the_blocks(void **state)
{
	(void)state;
	make_crossings();
	fake_run(spelling(":from=1K"), 1, 0);
	assert_int_equal(fake.figures[1].value, 0);
	assert_int_equal(fake.seen.growths, 4);
	fake_run(spelling(":from=300K"), 1, 0);
	assert_int_equal(fake.seen.operations, 3);
	assert_int_equal(fake.seen.growths, 1);
}

/* A sound trace of any calls, sizes in whole words as the recorder asks. */
static void make_random(uint64_t seed, unsigned int events, uint64_t largest)
{
	struct random random = {seed};
	uint64_t sizes[16] = {0};
	uint32_t used = 0;

	made_head(&made, 64 * K, 0);
	for (unsigned int i = 0; i < events; i++) {
		uint32_t block = (uint32_t)random_below(&random, 16);
		uint64_t size = 8 * (1 + random_below(&random, largest / 8));

		if (block >= used)
			block = used < 16 ? used++ : block % used;
		if (sizes[block] == 0)
			event(TRACE_ALLOC, block, size);
		else if (random_below(&random, 4) == 0)
			event(TRACE_FREE, block, size = 0);
		else
			event(TRACE_RESIZE, block, size);
		sizes[block] = size;
	}
	made_end(&made);
}

static void estimates_are_what_the_run_takes(void **state)
{
	static const char *const options[] = {
		"",	    ":reread=yes", ":touch=0", ":touch=37:reread=yes",
		":times=3", ":from=200K",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		/* Growth alone: shrinking is counted as a copy would take. */
		made_head(&made, 128 * K, 0);
		for (uint64_t block = 0; block < 5; block++)
			event(TRACE_ALLOC, (uint32_t)block,
			      (block + 1) * 8 * K + 24);
		for (uint32_t step = 1; step < 60; step++)
			event(TRACE_RESIZE, step % 5,
			      40 * K + (uint64_t)296 * step * step);
		event(TRACE_FREE, 3, 0);
		event(TRACE_FREE, 1, 0);
		made_end(&made);
		fake_assert_estimate(spelling(options[i]), 1);
	}
}

static void estimates_of_any_trace_are_no_less_than_it_takes(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		const char *options = seed % 2 ? ":touch=30" : "";
		struct estimate estimate;
		struct workload_spec spec;

		make_random(seed, 300, 300 * K);
		fake_run(spelling(options), 1, 0);
		fake_parse(text, &spec);
		spec.workload->estimate(spec.values, 1, &estimate);
		assert_int_equal(estimate.operations, fake.seen.operations);
		assert_int_equal(estimate.growths, fake.seen.growths);
		assert_int_equal(estimate.copied_bytes, fake.seen.copied_bytes);
		assert_int_equal(estimate.live_bytes_max,
				 fake.seen.live_bytes_max);
		assert_int_equal(estimate.block_bytes_max,
				 fake.seen.block_bytes_max);
		if (seed % 2)
			continue;
		assert_int_equal(estimate.touched_bytes,
				 fake.seen.touched_bytes);
		/* A shrink is counted as if it were a copy. */
		assert_true(estimate.resident_bytes_max >=
			    fake.seen.resident_bytes_max);
	}
}

static bool fails_now_and_then(uint64_t call)
{
	return call % 3 == 1;
}

/* The recorder itself looks whether what was written is verified. */
static void without_memory_a_block_is_asked_for_at_its_next_size(void **state)
{
	(void)state;
	fake.fails = fails_now_and_then;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		make_random(seed, 300, 200 * K);
		fake_run(spelling(":times=2"), 1, 0);
		assert_true(fake.failed > 10);
	}
	fake.fails = NULL;
}

static void what_is_asked_for_wrongly_is_refused(void **state)
{
	(void)state;
	fake_assert_refused("replay", "trace= is missing");
	make_crossings();
	fake_assert_refused(spelling(":threads=0"), "threads is 1 to 64");
	fake_assert_refused(spelling(":times=0"), "times is 1 to");
	fake_assert_refused(spelling(":threads=2"),
			    "the trace has 1 thread: threads=1 is the most");
	fake_assert_refused(spelling(":from=2M"),
			    "the trace's 14 events comes to 2097152 bytes");
	made_head(&made, 128 * K, 64 * K);
	event(TRACE_ALLOC, 0, 128 * K);
	made_end(&made);
	fake_assert_refused(spelling(":from=32K"),
			    "nothing below 65536 bytes is in the trace");
	fake_run(spelling(""), 1, 0);
}

/* A trace that is not sound is one sentence, and names the event. */
static void expect_malformed(const char *words)
{
	struct workload_spec spec;
	char why[512] = "";

	if (spec_parse_workload(spelling(""), &spec, why, sizeof(why)) !=
	    -ENODATA)
		fail_msg("not refused as a file: %s", why);
	if (!strstr(why, words))
		fail_msg("'%s' does not say '%s'", why, words);
}

static void
a_malformed_trace_is_refused_by_the_number_of_its_event(void **state)
{
	(void)state;
	memcpy(made.bytes, "no trace", made.size = 8);
	expect_malformed("the head of the trace is wrong: it is no trace");
	made_head(&made, 0, 0);
	event(TRACE_ALLOC, 0, 8 * K);
	event(TRACE_ALLOC, 0, 8 * K);
	made_end(&made);
	expect_malformed("event 2 of the trace is wrong: its block lives");
	made_head(&made, 0, 0);
	event(TRACE_ALLOC, 0, 8 * K);
	event(TRACE_FREE, 0, 0);
	event(TRACE_RESIZE, 0, 8 * K);
	made_end(&made);
	expect_malformed("event 3 of the trace is wrong: its block does not");
	made_head(&made, 0, 0);
	event(TRACE_ALLOC, 0, 8 * K);
	event(TRACE_FREE, 0, 0);
	event(TRACE_FREE, 0, 0);
	made_end(&made);
	expect_malformed("event 3 of the trace is wrong: its block does not");
	made_head(&made, 0, 0);
	event(TRACE_ALLOC, 1, 8 * K);
	made_end(&made);
	expect_malformed("event 1 of the trace is wrong: a number is out");
}

static void a_trace_without_its_end_is_taken_only_where_asked(void **state)
{
	(void)state;
	made_head(&made, 0, 0);
	event(TRACE_ALLOC, 0, 8 * K);
	event(TRACE_RESIZE, 0, 16 * K);
	expect_malformed("torn=yes takes the 2 events that are whole");
	fake_run(spelling(":torn=yes"), 1, 0);
	assert_int_equal(fake.seen.growths, 1);
	/* In the middle of an event it is damaged, not torn. */
	made.size--;
	expect_malformed("event 2 of the trace is wrong: it is cut short");
}

static void sums_beyond_their_range_stay_at_it(void **state)
{
	struct estimate estimate;
	struct workload_spec spec;

	(void)state;
	made_head(&made, 0, 0);
	event(TRACE_ALLOC, 0, 8);
	for (unsigned int i = 0; i < 1000; i++) {
		event(TRACE_RESIZE, 0, TRACE_SIZE_MAX);
		event(TRACE_RESIZE, 0, 8);
	}
	made_end(&made);
	fake_parse(spelling(":times=1000000"), &spec);
	spec.workload->estimate(spec.values, 1, &estimate);
	assert_int_equal(estimate.touched_bytes, UINT64_MAX);
	assert_int_equal(estimate.block_bytes_max, TRACE_SIZE_MAX);
	assert_int_equal(estimate.growths, 1000000000u);
}

/* Any byte of a sound trace: refused, or replayed as another sound one. */
static void a_damaged_trace_is_refused_or_replayed(void **state)
{
	struct option_value values[8];
	struct workload_spec spec;
	struct estimate estimate;
	char why[256];
	unsigned int refused = 0;

	(void)state;
	make_crossings();
	fake_parse(spelling(""), &spec);
	memcpy(values, spec.values, sizeof(values));
	values[0].contents = made.bytes;
	for (size_t i = 0; i < made.size; i++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			made.bytes[i] ^= (unsigned char)(1 << bit);
			if (spec.workload->check(values, why, sizeof(why)))
				refused++;
			spec.workload->estimate(values, 1, &estimate);
			spec.workload->state_size(values);
			made.bytes[i] ^= (unsigned char)(1 << bit);
		}
	}
	assert_true(refused > made.size);
}

struct shipped {
	unsigned int count;
	uint64_t bytes;
};

static void check_shipped(void *context, const char *name)
{
	struct shipped *shipped = context;
	struct estimate estimate;
	struct workload_spec spec;
	struct stat status;

	snprintf(path, sizeof(path), "workloads/traces/%s" TRACE_SUFFIX, name);
	assert_int_equal(stat(path, &status), 0);
	assert_in_range(status.st_size, 1, 100 * K);
	snprintf(text, sizeof(text), "replay:trace=%s", name);
	fake_parse(text, &spec);
	spec.workload->estimate(spec.values, 1, &estimate);
	assert_in_range(estimate.growths, 50, 100000);
	assert_true(estimate.block_bytes_max >= 1000 * K);
	/* For machines of any size. */
	assert_true(estimate.resident_bytes_max < 256 * K * K);
	shipped->count++;
	shipped->bytes += (uint64_t)status.st_size;
}

static void
shipped_traces_are_small_and_sound_and_grow_large_blocks(void **state)
{
	const struct option_entry *option =
		registry_workload("replay", text, sizeof(text))->options;
	struct shipped shipped = {0};

	(void)state;
	setenv(INPUTS_VARIABLE, "workloads", 1);
	inputs_shipped(option, check_shipped, &shipped);
	assert_true(shipped.count >= 4);
	assert_true(shipped.bytes < 400 * K);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			blocks_are_asked_for_as_the_preload_library_would),
		cmocka_unit_test(
			another_threshold_is_another_share_of_the_blocks),
		cmocka_unit_test(estimates_are_what_the_run_takes),
		cmocka_unit_test(
			estimates_of_any_trace_are_no_less_than_it_takes),
		cmocka_unit_test(
			without_memory_a_block_is_asked_for_at_its_next_size),
		cmocka_unit_test(what_is_asked_for_wrongly_is_refused),
		cmocka_unit_test(
			a_malformed_trace_is_refused_by_the_number_of_its_event),
		cmocka_unit_test(
			a_trace_without_its_end_is_taken_only_where_asked),
		cmocka_unit_test(sums_beyond_their_range_stay_at_it),
		cmocka_unit_test(a_damaged_trace_is_refused_or_replayed),
		cmocka_unit_test(
			shipped_traces_are_small_and_sound_and_grow_large_blocks),
	};

	return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
