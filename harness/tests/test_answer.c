/* test_answer - threads' figures added up: first calls, and repetitions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sample/context.h"

static struct context contexts[3];
static struct sample_answer answer;
static struct sample sample;

static int start_afresh(void **state)
{
	(void)state;
	memset(contexts, 0, sizeof(contexts));
	memset(&answer, 0, sizeof(answer));
	sample = (struct sample){
		.answer = &answer, .contexts = contexts, .threads = 3};
	return 0;
}

static void the_first_growth_is_of_the_thread_that_came_first(void **state)
{
	(void)state;
	/* The first thread grows nothing. */
	contexts[1].first_grow = (struct first_call){2000, 50, 8192};
	contexts[2].first_grow = (struct first_call){1000, 70, 16384};
	contexts[0].first_alloc = (struct first_call){900, 7, 4096};
	contexts[1].first_alloc = (struct first_call){800, 8, 4096};
	answer_fill(&sample);
	assert_int_equal(answer.cold.grow_ns, 70);
	assert_int_equal(answer.cold.bytes, 16384);
	assert_int_equal(answer.cold.alloc_ns, 8);
}

static void a_first_call_that_failed_gives_way_to_no_later_one(void **state)
{
	(void)state;
	contexts[0].first_grow = (struct first_call){1000, 70, 0};
	contexts[1].first_grow = (struct first_call){2000, 50, 8192};
	answer_fill(&sample);
	assert_int_equal(answer.cold.grow_ns, 0);
	assert_int_equal(answer.cold.bytes, 0);
}

static void a_repetition_is_what_was_spent_since_the_last(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		contexts[i].wall_ns = 100 + i;
		contexts[i].usage.cpu_ns = 50;
		contexts[i].usage.minor_faults = 3;
	}
	answer_add_repetition(&sample);
	contexts[0].wall_ns += 40;
	contexts[2].wall_ns += 10;
	contexts[1].usage.cpu_ns += 5;
	contexts[1].usage.minor_faults += 1;
	answer_add_repetition(&sample);
	assert_int_equal(answer.repetitions_count, 2);
	assert_int_equal(answer.repetitions[0].wall_ns, 102);
	assert_int_equal(answer.repetitions[0].cpu_ns, 150);
	assert_int_equal(answer.repetitions[0].minor_faults, 9);
	assert_int_equal(answer.repetitions[1].wall_ns, 40);
	assert_int_equal(answer.repetitions[1].cpu_ns, 5);
	assert_int_equal(answer.repetitions[1].minor_faults, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			the_first_growth_is_of_the_thread_that_came_first,
			start_afresh),
		cmocka_unit_test_setup(
			a_first_call_that_failed_gives_way_to_no_later_one,
			start_afresh),
		cmocka_unit_test_setup(
			a_repetition_is_what_was_spent_since_the_last,
			start_afresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
