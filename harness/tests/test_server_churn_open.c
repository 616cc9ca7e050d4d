/*
 * test_server_churn_open - server-churn as servers are: steps that are requests,
 * due by a schedule, and lives by laws, by a file, without an end, in spikes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "fake_worker.h"

static void test_each_step_is_a_request_in_closed_and_open_loop(void **state)
{
	(void)state;
	fake_run("server-churn:steps=700:live=30", 1, 0);
	assert_int_equal(fake.law, ARRIVALS_CLOSED);
	assert_int_equal(fake.requests, 700);
	fake_run("server-churn:steps=700:live=30:rate=2000", 1, 0);
	assert_int_equal(fake.law, ARRIVALS_POISSON);
	assert_int_equal(fake.requests, 700);
	fake_run("server-churn:steps=700:live=30:rate=2000:arrivals=fixed", 1,
		 0);
	assert_int_equal(fake.law, ARRIVALS_FIXED);
	assert_int_equal(fake.requests, 700);
}

static void test_a_rate_changes_nothing_that_is_asked_for(void **state)
{
	struct fake_request *closed;
	size_t count;

	(void)state;
	fake_run("server-churn:steps=700:live=30", 1, 0);
	closed = fake.log;
	count = fake.count;
	fake.log = NULL;
	fake_run("server-churn:steps=700:live=30:rate=2000", 1, 0);
	assert_int_equal(fake.count, count);
	assert_memory_equal(fake.log, closed, count * sizeof(*closed));
	free(closed);
}

static void test_threads_share_the_rate(void **state)
{
	(void)state;
	fake_run("server-churn:steps=700:live=30:rate=2000", 1, 0);
	assert_true(fake.interval_ns == 500000);
	for (unsigned int index = 0; index < 4; index++) {
		fake_run("server-churn:steps=700:live=30:rate=2000:threads=4",
			 1, index);
		assert_true(fake.interval_ns == 2000000);
		assert_int_equal(fake.requests_due, 175);
	}
}

static uint64_t span_ns_min(const char *text)
{
	struct estimate estimate;
	struct workload_spec spec;

	fake_parse(text, &spec);
	spec.workload->estimate(spec.values, 1, &estimate);
	return estimate.span_ns_min;
}

static void test_the_estimate_knows_how_long_a_schedule_takes(void **state)
{
	(void)state;
	assert_int_equal(span_ns_min("server-churn:steps=700:live=30"), 0);
	assert_int_equal(span_ns_min("server-churn:steps=700:live=30:rate=200"),
			 3500000000);
	assert_int_equal(
		span_ns_min(
			"server-churn:steps=700:live=30:rate=200:threads=7"),
		3500000000);
}

static void test_bad_rates_are_refused_in_words(void **state)
{
	(void)state;
	fake_assert_refused("server-churn:rate=1000000001", "rate is at most");
	fake_assert_refused("server-churn:rate=1.5", "not a count");
	fake_assert_refused("server-churn:rate=5:arrivals=sometimes",
			    "none of poisson|fixed");
}

#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)

static const char *file_contents; /* of what is named by a path */

static int file_find(const struct option_entry *option,
		     struct option_value *value, char *why, size_t why_size)
{
	(void)option;
	(void)why;
	(void)why_size;
	value->contents = file_contents;
	value->number = strlen(file_contents);
	return 0;
}

#define COUNTED                                                                \
	"server-churn:sizes=empirical:life=empirical:file=./counted:"          \
	"steps=3000:live=40"
#define COUNTED_CONNECTIONS                                                    \
	COUNTED ":profile=conn:long=5%:spike=10%:rate=2000:threads=2"

static const char *const varied[] = {
	"server-churn:steps=3000:live=100:sizes=[lognormal:64K:1]",
	"server-churn:steps=3000:live=100:sizes=[bimodal:16K:1M:10%]:life=3",
	"server-churn:profile=pow2+4K:steps=300:live=16:sizes=[pareto:1M:1.1]",
	"server-churn:profile=conn:steps=500:live=30:sizes=100001:threads=3",
	"server-churn:steps=3000:live=100:life=[pareto:4:1.2]:touch=all",
	"server-churn:steps=3000:live=100:life=[lognormal:20:1]:touch=none",
	"server-churn:steps=3000:live=100:long=13%:spike=25%:threads=3",
	"server-churn:steps=16:live=9:spike=1%",
	"server-churn:profile=conn:steps=500:live=30:long=100%",
	/* NOLINTBEGIN(bugprone-suspicious-missing-comma): meant so */
	COUNTED, COUNTED_CONNECTIONS,
	/* NOLINTEND(bugprone-suspicious-missing-comma) */
};

static void test_estimate_is_what_a_run_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(varied) / sizeof(*varied); i++)
		fake_assert_estimate(varied[i], 7);
}

/* What becomes of one connection, from its birth in the churn to its death. */
struct life {
	uint64_t born;
	uint64_t size;
	uint64_t reads; /* in steps of their own */
	bool dead;
};

static bool read_alone(size_t i)
{
	return fake.log[i].kind == FAKE_REREAD && fake.log[i].from == 0 &&
	       fake.begun[i - 1] != fake.begun[i];
}

/* The lives that began in the churn, by the order of their births. */
static struct life *lives(size_t *count)
{
	struct life *found = calloc(fake.count, sizeof(*found));
	struct life *of[1024] = {0};

	assert_non_null(found);
	*count = 0;
	for (size_t i = 0; i < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];
		struct life **life = &of[request->identity];

		if (request->kind == FAKE_CHECKPOINT)
			continue;
		assert_true(request->identity < 1024);
		if (request->kind == FAKE_ALLOC && fake.begun[i] > 0) {
			*life = &found[(*count)++];
			(*life)->born = (*life)->size = request->to;
		} else if (*life && request->kind == FAKE_GROW) {
			(*life)->size = request->to;
		} else if (*life && read_alone(i)) {
			(*life)->reads++;
		} else if (*life && request->kind == FAKE_RELEASE) {
			(*life)->dead = i + 1 < fake.count &&
					fake.log[i + 1].kind == FAKE_ALLOC;
			*life = NULL;
		}
	}
	return found;
}

static void test_a_life_ends_at_a_size_of_its_law(void **state)
{
	struct life *found;
	size_t count, large = 0, dead = 0;

	(void)state;
	fake_run("server-churn:steps=9000:live=50:sizes=[bimodal:2K:1M:20%]", 3,
		 0);
	found = lives(&count);
	for (size_t i = 0; i < count; i++) {
		if (!found[i].dead)
			continue;
		dead++;
		large += found[i].size == MIB(1);
		if (found[i].size == MIB(1)) {
			assert_int_equal(found[i].born, KIB(4));
		} else {
			/* Less than the profile's birth. */
			assert_int_equal(found[i].size, KIB(2));
			assert_int_equal(found[i].born, KIB(2));
		}
	}
	assert_in_range(large, dead * 17 / 100, dead * 23 / 100);
	free(found);
}

static void test_sizes_are_words_and_get_a_profile_s_residue(void **state)
{
	struct life *found;
	size_t count;

	(void)state;
	fake_run("server-churn:profile=pow2+4K:steps=300:live=9:sizes=5000001",
		 3, 0);
	found = lives(&count);
	assert_true(count > 50);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(found[i].born, MIB(2) + KIB(4));
		if (found[i].dead)
			assert_int_equal(found[i].size, 5000008 + KIB(4));
	}
	free(found);
}

static void test_a_life_is_so_many_reads_long_and_then_ends(void **state)
{
	struct life *found;
	size_t count, dead = 0;

	(void)state;
	fake_run("server-churn:steps=9000:live=50:life=5:touch=all", 3, 0);
	found = lives(&count);
	for (size_t i = 0; i < count; i++) {
		assert_true(found[i].reads <= 5);
		if (found[i].dead)
			assert_int_equal(found[i].reads, 5);
		dead += found[i].dead;
	}
	assert_true(dead > 500);
	assert_string_equal(fake.figures[1].name, "reads");
	/* Two growths, five reads, one death. */
	assert_in_range(fake.figures[1].value, 5300, 5950);
	free(found);
}

static void test_a_line_of_the_file_gives_size_and_life_together(void **state)
{
	struct life *found;
	size_t count, dead[2] = {0};

	(void)state;
	fake_run(COUNTED ":touch=all", 3, 0);
	found = lives(&count);
	for (size_t i = 0; i < count; i++) {
		if (!found[i].dead)
			continue;
		assert_true(found[i].size == KIB(16) ||
			    found[i].size == KIB(128));
		assert_int_equal(found[i].reads,
				 found[i].size == KIB(16) ? 1 : 4);
		dead[found[i].size == KIB(128)]++;
	}
	assert_true(dead[0] > 2 * dead[1]);
	assert_true(dead[0] < 5 * dead[1]);
	free(found);
}

static void test_long_lived_ones_are_built_grown_and_never_die(void **state)
{
	unsigned int allocs[120] = {0}, changes[120] = {0};
	unsigned int immortal = 0, last = 0;

	(void)state;
	fake_run("server-churn:steps=9000:live=120:long=12%", 3, 0);
	for (size_t i = 0; i < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];

		if (request->kind == FAKE_ALLOC)
			allocs[request->identity]++;
		if (request->kind == FAKE_GROW)
			changes[request->identity]++;
	}
	for (unsigned int i = 0; i < 120; i++) {
		if (allocs[i] > 1 || changes[i] > 0)
			continue;
		immortal++;
		assert_in_range(i - last, 1, 8);
		last = i;
	}
	/* 14.4, rounded up; 75 steps each leave no other alone. */
	assert_int_equal(immortal, 15);
}

/* Connections of a spike alive after each request. */
static void spike_alive(uint64_t live, unsigned int steps, unsigned int *alive)
{
	memset(alive, 0, (steps + 1) * sizeof(*alive));
	for (size_t i = 0; i < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];
		int by = request->kind == FAKE_ALLOC	 ? 1
			 : request->kind == FAKE_RELEASE ? -1
							 : 0;

		if (request->kind == FAKE_CHECKPOINT ||
		    request->identity < live)
			continue;
		assert_int_not_equal(request->kind, FAKE_GROW);
		for (uint64_t at = fake.begun[i]; by && at <= steps; at++)
			alive[at] += (unsigned int)by;
	}
}

static void test_spikes_are_born_at_once_and_die_evenly(void **state)
{
	static unsigned int alive[1601];

	(void)state;
	fake_run("server-churn:steps=1600:live=39:spike=50%", 3, 0);
	spike_alive(39, 1600, alive);
	for (unsigned int spike = 0; spike < 8; spike++) {
		unsigned int at = 100 + 200 * spike;

		assert_int_equal(alive[at - 1], 0);
		/* 19.5, rounded up. */
		for (unsigned int since = 0; since < 100; since++)
			assert_int_equal(alive[at + since],
					 20 - 20 * since / 100);
		assert_int_equal(alive[at + 100], 0);
	}
}

static void test_the_last_spike_is_gone_when_the_run_ends(void **state)
{
	static unsigned int alive[101];

	(void)state;
	for (unsigned int steps = 16; steps <= 100; steps++) {
		char text[64];
		size_t births = 0;

		snprintf(text, sizeof(text),
			 "server-churn:steps=%u:live=5:spike=100%%", steps);
		fake_run(text, 3, 0);
		spike_alive(5, steps, alive);
		assert_int_equal(alive[steps], 0);
		for (size_t i = 0; i < fake.count; i++)
			births += fake.log[i].kind == FAKE_ALLOC &&
				  fake.log[i].identity >= 5;
		assert_int_equal(births, 40);
	}
}

/* A life in the middle of its reads is met by its share of all steps. */
static void test_lives_are_met_as_a_long_churn_would_show_them(void **state)
{
	uint64_t first = 0, sum = 0, points = 0;

	(void)state;
	/* 200 steps to 1 MiB, 3 to 16 KiB. */
	file_contents = "16K 0 195\n1M 191 5\n";
	fake_run("server-churn:sizes=empirical:life=empirical:file=./x:"
		 "steps=200000:live=1000",
		 3, 0);
	for (size_t i = 0; i < fake.count; i++) {
		if (fake.log[i].kind != FAKE_CHECKPOINT)
			continue;
		if (points++ == 0)
			first = fake.log[i].from;
		else
			sum += fake.log[i].from;
	}
	assert_true(points > 1);
	points = points > 1 ? points : 2; /* it does not come here */
	assert_in_range(first, sum / (points - 1) * 85 / 100,
			sum / (points - 1) * 115 / 100);
	file_contents = "16K 1 3\n128K 4 1 # some\n";
}

static void test_bad_laws_and_files_are_refused_in_words(void **state)
{
	const char *contents = file_contents;

	(void)state;
	fake_assert_refused("server-churn:sizes=[lognormal:1M]",
			    "sizes=lognormal:1M is not lognormal:MEDIAN:SIGMA");
	fake_assert_refused("server-churn:sizes=2G", "to 1073741824 bytes");
	fake_assert_refused("server-churn:life=[]", "neither a number nor");
	fake_assert_refused("server-churn:life=[pareto:0.5K:1]",
			    "as in [pareto:4:1.2]");
	fake_assert_refused("server-churn:life=1000000001", "to 1000000000");
	fake_assert_refused("server-churn:sizes=empirical", "is in a file");
	fake_assert_refused("server-churn:file=./x", "where sizes=empirical");
	file_contents = "1M 2 3\n2M x 1\n";
	fake_assert_refused("server-churn:life=empirical:file=./x",
			    "file=./x: line 2: LIFE");
	file_contents = contents;
	fake_assert_refused("server-churn:steps=15:live=3:spike=1%",
			    "need 16 steps of a thread, not 15");
	fake_assert_refused("server-churn:steps=40:live=3:threads=3:spike=1%",
			    "not 13");
	fake_assert_refused("server-churn:long=101%", "0 to 100");
}

static int teardown(void **state)
{
	(void)state;
	fake_reset();
	return 0;
}

static int suite_setup(void **state)
{
	(void)state;
	file_contents = "16K 1 3\n128K 4 1 # some\n";
	spec_files_by(file_find);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_each_step_is_a_request_in_closed_and_open_loop),
		cmocka_unit_test(test_a_rate_changes_nothing_that_is_asked_for),
		cmocka_unit_test(test_threads_share_the_rate),
		cmocka_unit_test(
			test_the_estimate_knows_how_long_a_schedule_takes),
		cmocka_unit_test(test_bad_rates_are_refused_in_words),
		cmocka_unit_test(test_estimate_is_what_a_run_takes),
		cmocka_unit_test(test_a_life_ends_at_a_size_of_its_law),
		cmocka_unit_test(
			test_sizes_are_words_and_get_a_profile_s_residue),
		cmocka_unit_test(
			test_a_life_is_so_many_reads_long_and_then_ends),
		cmocka_unit_test(
			test_a_line_of_the_file_gives_size_and_life_together),
		cmocka_unit_test(
			test_long_lived_ones_are_built_grown_and_never_die),
		cmocka_unit_test(test_spikes_are_born_at_once_and_die_evenly),
		cmocka_unit_test(test_the_last_spike_is_gone_when_the_run_ends),
		cmocka_unit_test(
			test_lives_are_met_as_a_long_churn_would_show_them),
		cmocka_unit_test(test_bad_laws_and_files_are_refused_in_words),
	};

	return cmocka_run_group_tests(tests, suite_setup, teardown);
}
