/* test_malloc - the pinned threshold holds, outcomes are told, settings reach. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/mman.h>
#include <sys/wait.h>

#include "tests/heaps.h"

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

static struct heaps heaps;

static struct heap *start(const char *spelling)
{
	if (heaps_open(&heaps, spelling, 1, 64 * MIB))
		fail_msg("%s: %s", spelling, heaps.why);
	return heaps_of(&heaps, 0);
}

/*
 * In a process of its own: frees 16 MiB, after which glibc's dynamic threshold
 * is 16 MiB, and tells by the exit status whether 1 MiB still is a mapping of
 * its own: 0 yes, 1 no.
 */
static int child_main(void)
{
	struct heap *heap;
	unsigned char *large, *block;

	if (heaps_open(&heaps, "malloc", 1, 64 * MIB))
		return 2;
	heap = heaps_of(&heaps, 0);
	large = heap_alloc(heap, 16 * MIB);
	heap_release(heap, large, 16 * MIB);
	block = heap_alloc(heap, MIB);
	if (!block)
		return 3;
	return (uintptr_t)block % heap->page_size == 16 ? 0 : 1;
}

/* The child's exit status under the environment of a spelling, or under none. */
static int run_child(const char *spelling)
{
	struct environment environment = {0};
	struct allocator_spec spec;
	char name[] = "test_malloc", command[] = "--child";
	char *argv[] = {name, command, NULL};
	char *envp[ENVIRONMENT_ENTRIES_MAX + 1] = {NULL};
	char why[256];
	unsigned int i;
	int status;
	pid_t child;

	if (spelling) {
		assert_int_equal(
			spec_parse_allocator(spelling, &spec, why, sizeof(why)),
			0);
		assert_int_equal(spec.layers[0].allocator->environment(
					 spec.layers[0].values, &environment),
				 0);
	}
	for (i = 0; i < environment.count; i++)
		envp[i] = environment.entries[i];
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		execve("/proc/self/exe", argv, envp);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void the_pinned_threshold_does_not_rise_with_what_is_freed(void **state)
{
	(void)state;
#ifndef __GLIBC__
	skip();
#endif
	if (SANITIZED)
		skip(); /* another malloc */
	assert_int_equal(run_child("malloc"), 0);
	assert_int_equal(run_child("malloc:threshold=2M"), 1);
	assert_int_equal(run_child(NULL), 1); /* as it is without a pin */
}

static void huge_pages_are_asked_for_where_the_others_are_advised(void **state)
{
	struct environment environment = {0};
	static struct allocator_spec spec;
	char why[192];

	(void)state;
	assert_int_equal(
		spec_parse_allocator("malloc", &spec, why, sizeof(why)), 0);
	assert_int_equal(spec.layers[0].allocator->environment(
				 spec.layers[0].values, &environment),
			 0);
	assert_null(strstr(environment.entries[0], "hugetlb"));
	environment = (struct environment){.thp_advise = true};
	assert_int_equal(spec.layers[0].allocator->environment(
				 spec.layers[0].values, &environment),
			 0);
	assert_non_null(
		strstr(environment.entries[0], ":glibc.malloc.hugetlb=1"));
}

/* The environment that a spelling asks for; in why, what was wrong. */
static int environment_of(const char *spelling, bool thp_advise,
			  struct environment *environment)
{
	static struct allocator_spec spec;
	char why[256];

	if (spec_parse_allocator(spelling, &spec, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	memset(environment, 0, sizeof(*environment));
	environment->thp_advise = thp_advise;
	return spec.layers[0].allocator->environment(spec.layers[0].values,
						     environment);
}

static void what_is_not_pinned_is_left_to_glibc(void **state)
{
	static struct environment environment;

	(void)state;
	assert_int_equal(
		environment_of("malloc:dynamic=yes", false, &environment), 0);
	assert_int_equal(environment.count, 0);
	environment_of("malloc:dynamic=yes", true, &environment);
	assert_int_equal(environment.count, 1);
	assert_string_equal(environment.entries[0],
			    "GLIBC_TUNABLES=glibc.malloc.hugetlb=1");
	environment_of("malloc:hugetlb=no", true, &environment);
	assert_null(strstr(environment.entries[0], "hugetlb"));
	/* The dynamic threshold rises with what is freed. */
	if (!SANITIZED)
		assert_int_equal(run_child("malloc:dynamic=yes"), 1);
}

static void settings_become_variables_of_the_library(void **state)
{
	static struct environment environment;

	(void)state;
	environment_of("malloc:lib=jemalloc", false, &environment);
	assert_int_equal(environment.count, 0);
	assert_non_null(strstr(environment.preload, "libjemalloc.so."));
	assert_non_null(strstr(environment.remedy, "make deps-allocators"));
	environment_of("malloc:lib=jemalloc:conf=[narenas:1,tcache:false]",
		       true, &environment);
	assert_int_equal(environment.count, 1);
	assert_string_equal(environment.entries[0],
			    "MALLOC_CONF=abort_conf:true,thp:always,narenas:1,"
			    "tcache:false");
	environment_of("malloc:lib=mimalloc:conf=[reset_delay=0,"
		       "MIMALLOC_PAGE_RESET=1]",
		       true, &environment);
	assert_int_equal(environment.count, 3);
	assert_string_equal(environment.entries[0], "MIMALLOC_RESET_DELAY=0");
	assert_string_equal(environment.entries[1], "MIMALLOC_PAGE_RESET=1");
	assert_string_equal(environment.entries[2],
			    "MIMALLOC_LARGE_OS_PAGES=1");
	environment_of("malloc:lib=./x.so:conf=[a_B=[1,2],C=]", true,
		       &environment);
	assert_string_equal(environment.preload, "./x.so");
	assert_int_equal(environment.count, 2);
	assert_string_equal(environment.entries[0], "a_B=1,2");
	assert_string_equal(environment.entries[1], "C=");
}

static void huge_pages_that_a_library_cannot_ask_for_are_refused(void **state)
{
	static struct environment environment;

	(void)state;
	assert_int_equal(
		environment_of("malloc:lib=tcmalloc", true, &environment),
		-ENOTSUP);
	assert_non_null(strstr(environment.why, "tcmalloc does not advise"));
	assert_int_equal(
		environment_of("malloc:lib=./x.so", true, &environment),
		-ENOTSUP);
	assert_non_null(strstr(environment.why, "say it by conf="));
}

static void a_setting_too_many_is_refused(void **state)
{
	char spelling[SPEC_TEXT_MAX] = "malloc:lib=./x.so:conf=[A=1";
	static struct allocator_spec spec;
	size_t used = strlen(spelling);
	char why[256];

	(void)state;
	for (int i = 1; i < ENVIRONMENT_ENTRIES_MAX - 1; i++)
		used += (size_t)snprintf(spelling + used,
					 sizeof(spelling) - used, ",A=1");
	snprintf(spelling + used, sizeof(spelling) - used, "]");
	assert_int_equal(
		spec_parse_allocator(spelling, &spec, why, sizeof(why)), 0);
	snprintf(spelling + used, sizeof(spelling) - used, ",A=1]");
	assert_int_equal(
		spec_parse_allocator(spelling, &spec, why, sizeof(why)),
		-EINVAL);
	assert_non_null(strstr(why, "more than 15 settings"));
}

static void thresholds_that_glibc_may_ignore_are_refused(void **state)
{
	(void)state;
	assert_int_equal(heaps_open(&heaps, "malloc:threshold=33M", 1, MIB),
			 -EINVAL);
	assert_non_null(strstr(heaps.why, "32M"));
	start("malloc:threshold=32M");
	heaps_close(&heaps);
}

static enum outcome grow_and_tell(struct heap *heap, struct checked *block,
				  size_t new_size)
{
	struct tally before = heap->recorder->tally;
	enum outcome outcome = OUTCOME_SLACK;
	bool grew;
	const char *wrong = checked_grow(heap, block, new_size, &grew);

	if (wrong)
		fail_msg("%s", wrong);
	assert_true(grew);
	while (heap->recorder->tally.growths[outcome] ==
	       before.growths[outcome])
		outcome++;
	return outcome;
}

static void a_mapped_block_moves_and_a_heap_block_is_copied(void **state)
{
	struct heap *heap;
	struct checked mapped = {0}, small = {0}, neighbour = {0};
	unsigned char *end;
	void *wall;

	(void)state;
	if (SANITIZED)
		skip(); /* another malloc */
	heap = start("malloc");
	assert_true(checked_alloc(heap, &small, 990, 1));
	assert_true(checked_alloc(heap, &neighbour, 1000, 2));
	assert_int_equal(grow_and_tell(heap, &small, 1000), OUTCOME_SLACK);
	assert_int_equal(grow_and_tell(heap, &small, 9000), OUTCOME_COPIED);
	assert_int_equal(heap->recorder->tally.bytes_copied, 1000);

	assert_true(checked_alloc(heap, &mapped, MIB, 3));
	end = mapped.bytes - 16 + MIB + heap->page_size;
	wall = mmap(end, heap->page_size, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	assert_int_equal(grow_and_tell(heap, &mapped, MIB + 100),
			 OUTCOME_SLACK);
	assert_int_equal(grow_and_tell(heap, &mapped, 2 * MIB), OUTCOME_MOVED);
	assert_int_equal(heap->recorder->tally.bytes_moved,
			 MIB + heap->page_size);
	if (wall != MAP_FAILED)
		munmap(wall, heap->page_size);
	checked_release(heap, &mapped);
	checked_release(heap, &small);
	checked_release(heap, &neighbour);
	heaps_close(&heaps);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_pinned_threshold_does_not_rise_with_what_is_freed),
		cmocka_unit_test(thresholds_that_glibc_may_ignore_are_refused),
		cmocka_unit_test(what_is_not_pinned_is_left_to_glibc),
		cmocka_unit_test(settings_become_variables_of_the_library),
		cmocka_unit_test(
			huge_pages_that_a_library_cannot_ask_for_are_refused),
		cmocka_unit_test(a_setting_too_many_is_refused),
		cmocka_unit_test(
			huge_pages_are_asked_for_where_the_others_are_advised),
		cmocka_unit_test(
			a_mapped_block_moves_and_a_heap_block_is_copied),
	};

	if (argc == 2 && strcmp(argv[1], "--child") == 0)
		return child_main();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
