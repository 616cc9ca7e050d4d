/*
 * test_movers_limits - failures that the kernel really makes, and threads that
 * really race, for the movers that keep no margins: no byte is lost.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/limits.h"

/* ahead= small enough to be outgrown, and not by whole multiples. */
static const char *const ways[] = {
	"mremap-in-place",
	"mremap-dontunmap",
	"mremap-dontunmap:tail=map",
	"uffd-move",
	"reserve:ahead=48K",
	"exponential:step=page:over=[mremap-dontunmap:tail=map]",
	"exponential:step=page:over=uffd-move",
};
#define WAYS (sizeof(ways) / sizeof(*ways))

static void at_rlimit_as_a_block_grows_or_stays_as_it_was(void **state)
{
	(void)state;
	limits_of_address_space(ways, WAYS);
}

static void near_max_map_count_a_block_grows_or_stays_as_it_was(void **state)
{
	(void)state;
	limits_of_mappings(ways, WAYS);
}

static void
threads_that_map_at_random_neither_lose_nor_take_a_byte(void **state)
{
	(void)state;
	limits_of_races(ways, WAYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_rlimit_as_a_block_grows_or_stays_as_it_was),
		cmocka_unit_test(
			near_max_map_count_a_block_grows_or_stays_as_it_was),
		cmocka_unit_test(
			threads_that_map_at_random_neither_lose_nor_take_a_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
