/*
 * test_fault_beside_move - a fixed number of faults beside a fixed number of
 * growths, as the recorder sees them.
 */
#include "fake_worker.h"

#define SMALL "fault-beside-move:size=64K:steps=96:blocks=4:pages=64"

static unsigned int logged(uint32_t kind)
{
	unsigned int found = 0;

	for (size_t i = 0; i < fake.count; i++)
		found += fake.log[i].kind == kind;
	return found;
}

/* A mover that runs first is done when thread 0 begins. */
static void blocks_grow_by_a_page_in_turn(void **state)
{
	uint64_t steps = 0;

	(void)state;
	fake_run("fault-beside-move:size=64K:steps=7:blocks=3:pages=5", 1, 1);
	for (size_t i = 0; i < fake.count; i++) {
		const struct fake_request *request = &fake.log[i];

		if (request->kind != FAKE_GROW)
			continue;
		assert_int_equal(request->identity, steps % 3);
		assert_int_equal(request->from,
				 65536 + steps / 3 * fake.page_size);
		assert_int_equal(request->to, request->from + fake.page_size);
		steps++;
	}
	assert_int_equal(steps, 7);
	assert_int_equal(logged(FAKE_ALLOC | FAKE_PAUSED), 3);
	assert_int_equal(logged(FAKE_TOUCH | FAKE_PAUSED), 3);
	assert_int_equal(logged(FAKE_TOUCH), 7);
	assert_int_equal(logged(FAKE_RELEASE), 3);
	assert_string_equal(fake.figures[2].name, "steps_beside");
	assert_int_equal(fake.figures[2].value, 7);
	fake_run("fault-beside-move:size=64K:steps=7:blocks=3:pages=5", 1, 0);
	assert_int_equal(fake.count, 1); /* its checkpoint */
	assert_int_equal(fake.faults[true], 0);
	assert_int_equal(fake.faults[false], 5);
	assert_string_equal(fake.figures[1].name, "faults_alone");
	assert_int_equal(fake.figures[1].value, 5);
}

/* Whoever is done is not so any longer when the work begins anew. */
static void a_second_time_begins_like_the_first(void **state)
{
	static const char text[] =
		"fault-beside-move:size=64K:steps=7:blocks=3:pages=5";

	(void)state;
	for (unsigned int time = 0; time < 2; time++) {
		fake_run(text, 1, 1);
		assert_string_equal(fake.figures[2].name, "steps_beside");
		assert_int_equal(fake.figures[2].value, 7);
		fake_run(text, 1, 0);
	}
}

static void without_movers_all_faults_are_of_interest(void **state)
{
	(void)state;
	fake_run("fault-beside-move:movers=0:pages=5", 1, 0);
	assert_int_equal(fake.faults[true], 5);
	assert_int_equal(fake.faults[false], 0);
}

static bool fails_every_third(uint64_t call)
{
	return call % 3 == 1;
}

static void what_failed_is_tried_again_at_its_next_turn(void **state)
{
	(void)state;
	fake.fails = fails_every_third;
	fake_run("fault-beside-move:size=64K:steps=20:blocks=4:pages=5", 1, 1);
	fake.fails = NULL;
	assert_int_equal(logged(FAKE_ALLOC | FAKE_PAUSED), 4);
	assert_int_equal(logged(FAKE_ALLOC) + logged(FAKE_GROW), 20);
	assert_true(logged(FAKE_ALLOC) > 0);
	assert_true(logged(FAKE_TOUCH) < 20);
	fake_run("fault-beside-move:size=64K:steps=20:blocks=4:pages=5", 1, 0);
}

static void the_estimate_is_what_all_threads_take(void **state)
{
	(void)state;
	fake_assert_estimate("fault-beside-move:movers=0:pages=9", 1);
	fake_assert_estimate(SMALL, 1);
	fake_assert_estimate(SMALL ":movers=3", 1);
	fake_assert_estimate("fault-beside-move:size=4K:blocks=5:steps=3", 1);
	fake_assert_estimate("fault-beside-move:size=8K:blocks=3:steps=10", 1);
	fake_assert_estimate("fault-beside-move:size=8K:blocks=1:steps=1", 1);
}

static void bad_options_are_refused_in_words(void **state)
{
	(void)state;
	fake_assert_refused("fault-beside-move:movers=64", "at most 63");
	fake_assert_refused("fault-beside-move:pages=0", "pages is 1 to");
	fake_assert_refused("fault-beside-move:pages=16777217", "pages is 1");
	fake_assert_refused("fault-beside-move:size=0", "number of pages");
	fake_assert_refused("fault-beside-move:size=5000", "number of pages");
	fake_assert_refused("fault-beside-move:size=65G", "at most 64G");
	fake_assert_refused("fault-beside-move:blocks=0", "blocks is 1 to");
	fake_assert_refused("fault-beside-move:blocks=257", "blocks is 1 to");
	fake_assert_refused("fault-beside-move:steps=0", "steps is 1 to");
	fake_assert_refused("fault-beside-move:steps=1000001", "steps is 1");
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(blocks_grow_by_a_page_in_turn),
		TEST(a_second_time_begins_like_the_first),
		TEST(without_movers_all_faults_are_of_interest),
		TEST(what_failed_is_tried_again_at_its_next_turn),
		TEST(the_estimate_is_what_all_threads_take),
		TEST(bad_options_are_refused_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
