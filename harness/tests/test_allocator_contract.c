/*
 * test_allocator_contract - every allocator keeps what the contract promises;
 * or those that are named: test_allocator_contract ./mine.so, with options
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "common/registry.h"
#include "driver/layers.h"
#include "tests/heaps.h"

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define VARIANTS_MAX 256
#define BLOCK_SIZE_MAX (8 * MIB)
/*
 * Of each spelling in each test: some hundred of them are a minute of CPU. A
 * sanitizer, which sees what is wrong by itself, needs fewer.
 */
#define STEPS (SANITIZED ? 50 : 150)

/* A sanitizer's malloc is to fail as malloc does. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* Canonical spellings of all that can be asked for here, each once. */
static char variants[VARIANTS_MAX][SPEC_TEXT_MAX];
static unsigned int variants_count;

static struct heaps heaps;

/* Takes a spelling unless it is malformed, a floor, or cannot run here. */
static void add_variant(const char *spelling)
{
	struct allocator_spec spec;
	char why[256] = "";
	unsigned int i;

	if (spec_parse_allocator(spelling, &spec, why, sizeof(why)))
		return;
	for (i = 0; i < spec.depth; i++)
		if (spec.layers[i].allocator->is_floor)
			return;
	for (i = 0; i < variants_count; i++)
		if (strcmp(variants[i], spec.canonical) == 0)
			return;
	for (i = 0; i < spec.depth; i++)
		if (spec.layers[i].allocator->probe &&
		    spec.layers[i].allocator->probe(spec.layers[i].values, why,
						    sizeof(why))) {
			print_message("# %s cannot run here: %s\n",
				      spec.canonical, why);
			return;
		}
	assert_true(variants_count < VARIANTS_MAX);
	memcpy(variants[variants_count++], spec.canonical, SPEC_TEXT_MAX);
}

/* base, and base with each choice and each wrapped allocator, one at a time. */
static void add_choices(const struct allocator *allocator, const char *base)
{
	const struct option_entry *option = allocator->options;
	const struct allocator *const *others;
	char spelling[2 * SPEC_TEXT_MAX], choices[256], *choice, *save;
	unsigned int count, i;

	add_variant(base);
	others = registry_allocators(&count);
	for (; option && option->name; option++) {
		if (option->kind == OPTION_CHOICE) {
			snprintf(choices, sizeof(choices), "%s",
				 option->choices);
			for (choice = strtok_r(choices, "|", &save); choice;
			     choice = strtok_r(NULL, "|", &save)) {
				snprintf(spelling, sizeof(spelling), "%s:%s=%s",
					 base, option->name, choice);
				add_variant(spelling);
			}
		}
		if (option->kind != OPTION_ALLOCATOR)
			continue;
		for (i = 0; i < count; i++) {
			snprintf(spelling, sizeof(spelling), "%s:%s=%s", base,
				 option->name, others[i]->name);
			add_variant(spelling);
		}
	}
}

/*
 * Sizes at their standard, none, and small: thresholds on either side. The
 * small ones alone with each choice, whose blocks meet both sides of them.
 */
static void add_allocator(const struct allocator *allocator,
			  const char *spelled)
{
	static const char *const sizes[] = {NULL, "0", "64K"};
	unsigned int i;

	for (i = 0; i < 3; i++) {
		const struct option_entry *option = allocator->options;
		char base[SPEC_TEXT_MAX];
		size_t used =
			(size_t)snprintf(base, sizeof(base), "%s", spelled);

		for (; sizes[i] && option && option->name; option++)
			if (option->kind == OPTION_SIZE && used < sizeof(base))
				used += (size_t)snprintf(
					base + used, sizeof(base) - used,
					":%s=%s", option->name, sizes[i]);
		if (i < 2)
			add_variant(base);
		else
			add_choices(allocator, base);
	}
}

static int find_variants(void **state)
{
	const struct allocator *const *allocators;
	unsigned int count, i;

	(void)state;
	allocators = registry_allocators(&count);
	for (i = 0; i < count; i++)
		add_allocator(allocators[i], allocators[i]->name);
	return 0;
}

/* Names or paths of plug-ins on the command line, instead of all built in. */
static char **named;

static int find_named(void **state)
{
	const struct allocator *allocator;
	char name[SPEC_TEXT_MAX], why[256];

	(void)state;
	for (; *named; named++) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(*named, ":"),
			 *named);
		allocator = registry_allocator(name, why, sizeof(why));

		if (!allocator)
			fail_msg("%s", why);
		else
			add_allocator(allocator, *named);
	}
	return 0;
}

/* Runs a test over all variants; it returns NULL, or what is wrong. */
static void over_all(const char *(*test)(void), unsigned int threads)
{
	unsigned int i, failed = 0;

	/* One thread races with nobody. */
	if (THREAD_SANITIZED && threads == 1)
		skip();
	assert_true(variants_count > 0);
	for (i = 0; i < variants_count; i++) {
		const char *wrong;

		if (heaps_open(&heaps, variants[i], threads, BLOCK_SIZE_MAX))
			fail_msg("%s: %s", variants[i], heaps.why);
		wrong = test();
		heaps_close(&heaps);
		if (wrong) {
			print_error("%s: %s\n", variants[i], wrong);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

static void every_allocator_describes_itself(void **state)
{
	const struct allocator *const *allocators;
	unsigned int count, i, references = 0, floors = 0;

	(void)state;
	allocators = registry_allocators(&count);
	assert_true(count > 0);
	for (i = 0; i < count; i++) {
		const struct option_entry *option = allocators[i]->options;
		struct allocator_spec spec;
		char why[256];

		assert_non_null(allocators[i]->name);
		assert_non_null(allocators[i]->summary);
		assert_true(strlen(allocators[i]->summary) <= 64);
		assert_true(allocators[i]->mechanism < 1 << OUTCOME_COUNT);
		references += allocators[i]->is_reference;
		floors += allocators[i]->is_floor;
		for (; option && option->name; option++) {
			assert_non_null(option->standard);
			assert_non_null(option->help);
			assert_true(strlen(option->help) <= 72);
			assert_true((option->kind == OPTION_CHOICE) ==
				    (option->choices != NULL));
		}
		if (spec_parse_allocator(allocators[i]->name, &spec, why,
					 sizeof(why)))
			fail_msg("%s: the standard values: %s",
				 allocators[i]->name, why);
	}
	assert_int_equal(references, 1);
	assert_int_equal(floors, 1);
}

static const char *grow_through_odd_sizes(void)
{
	static const size_t sizes[] = {
		1,
		2,
		15,
		16,
		17,
		4095,
		4096,
		4097,
		8191,
		8192,
		64 * KIB - 1,
		64 * KIB,
		64 * KIB + 1,
		128 * KIB,
		128 * KIB + 1,
		MIB - 4097,
		MIB,
		MIB + 1,
		2 * MIB - 1,
		2 * MIB,
		2 * MIB + 1,
		3 * MIB + 99,
		4 * MIB,
		4 * MIB + 4097,
	};
	struct heap *heap = heaps_of(&heaps, 0);
	struct checked block;
	unsigned int i;

	if (!checked_alloc(heap, &block, sizes[0], 7))
		return "cannot allocate 1 byte";
	for (i = 1; i < sizeof(sizes) / sizeof(*sizes); i++) {
		bool grew;
		const char *wrong = checked_grow(heap, &block, sizes[i], &grew);

		if (wrong || !grew)
			return wrong ? wrong : "a growth failed";
	}
	checked_release(heap, &block);
	return NULL;
}

static void contents_survive_growth_through_odd_sizes(void **state)
{
	(void)state;
	over_all(grow_through_odd_sizes, 1);
}

/* Mostly small, up to 1 MiB, hardly ever whole pages. */
static size_t random_size(struct random *random)
{
	size_t bits = 4 + random_below(random, 16);

	return ((size_t)1 << bits) + random_below(random, (size_t)1 << bits);
}

static const char *grow_many_blocks(void)
{
	struct heap *heap = heaps_of(&heaps, 0);
	struct random random = {42};
	struct checked blocks[24] = {0};
	unsigned int step, i;
	bool grew;

	for (step = 0; step < STEPS; step++) {
		struct checked *block = &blocks[random_below(&random, 24)];
		size_t size = random_size(&random);

		if (!block->bytes) {
			if (!checked_alloc(heap, block, size, step))
				return "an allocation failed";
		} else if (block->size < size) {
			const char *wrong =
				checked_grow(heap, block, size, &grew);

			if (wrong || !grew)
				return wrong ? wrong : "a growth failed";
		} else if (!checked_intact(block)) {
			return "another block's growth changed the contents";
		} else {
			checked_release(heap, block);
		}
	}
	for (i = 0; i < 24; i++)
		if (blocks[i].bytes) {
			if (!checked_intact(&blocks[i]))
				return "contents were lost at the end";
			checked_release(heap, &blocks[i]);
		}
	return NULL;
}

static void many_blocks_grow_at_random_and_keep_their_contents(void **state)
{
	(void)state;
	over_all(grow_many_blocks, 1);
}

/* A growth that must fail, one that must not, and an impossible alloc(). */
static const char *grow_beyond(size_t impossible)
{
	struct heap *heap = heaps_of(&heaps, 0);
	struct checked block;
	const char *wrong;
	bool grew;

	if (heap_alloc(heap, impossible))
		return "an impossible size was allocated";
	if (!checked_alloc(heap, &block, 200 * KIB + 5, 3))
		return "cannot allocate 200 KiB";
	wrong = checked_grow(heap, &block, impossible, &grew);
	if (wrong || grew)
		return wrong ? wrong : "an impossible growth was done";
	wrong = checked_grow(heap, &block, 300 * KIB, &grew);
	if (wrong || !grew)
		return wrong ? wrong : "the growth after a failed one failed";
	checked_release(heap, &block);
	return NULL;
}

static const char *grow_beyond_the_address_space(void)
{
	static const size_t sizes[] = {
		SIZE_MAX,	 SIZE_MAX - 5,	     SIZE_MAX - 4095,
		SIZE_MAX - MIB,	 SIZE_MAX - 3 * MIB, SIZE_MAX / 2 + 2,
		(size_t)1 << 62,
	};
	unsigned int i;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		const char *wrong = grow_beyond(sizes[i]);

		if (wrong)
			return wrong;
	}
	return NULL;
}

static void an_impossible_growth_fails_and_leaves_the_block(void **state)
{
	(void)state;
	over_all(grow_beyond_the_address_space, 1);
}

static const char *grow_under_a_limit(void)
{
	struct heap *heap = heaps_of(&heaps, 0);
	struct rlimit limit;
	struct checked block;
	const char *wrong;
	bool grew;

	if (!checked_alloc(heap, &block, 200 * KIB + 5, 3))
		return "cannot allocate 200 KiB";
	limit.rlim_cur = limit.rlim_max = heaps_map().mapped_bytes + 16 * MIB;
	if (setrlimit(RLIMIT_AS, &limit))
		return "setrlimit failed";
	wrong = checked_grow(heap, &block, 64 * MIB, &grew);
	if (wrong || grew)
		return wrong ? wrong : "grew beyond RLIMIT_AS";
	wrong = checked_grow(heap, &block, 300 * KIB, &grew);
	if (wrong || !grew)
		return wrong ? wrong : "the growth after a failed one failed";
	checked_release(heap, &block);
	return NULL;
}

/* In a child of its own, since the limit cannot be raised again. */
static const char *fork_under_a_limit(void)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		return "fork failed";
	if (child == 0) {
		const char *wrong = grow_under_a_limit();

		if (wrong)
			print_error("in the child: %s\n", wrong);
		_exit(wrong ? 1 : 0);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		return "failed in a child under RLIMIT_AS";
	return NULL;
}

static void growth_beyond_rlimit_as_fails_and_leaves_the_block(void **state)
{
	(void)state;
	if (SANITIZED)
		skip(); /* its shadow needs the address space */
	over_all(fork_under_a_limit, 1);
}

#define THREADS 4
#define PLACES 16

/* Blocks on their way from one thread to another. */
static struct checked handed[PLACES];
static pthread_mutex_t handed_locks[PLACES];

struct thread {
	pthread_t thread;
	unsigned int index;
	const char *wrong;
};

static const char *work_on(struct heap *heap, struct random *random,
			   struct checked *block)
{
	size_t size = random_size(random) / 4 + 1;
	bool grew;

	if (!block->bytes)
		return checked_alloc(heap, block, size, random_next(random))
			       ? NULL
			       : "an allocation failed";
	if (block->size < size)
		return checked_grow(heap, block, size, &grew);
	if (!checked_intact(block))
		return "contents did not survive another thread";
	checked_release(heap, block);
	return NULL;
}

static void *thread_main(void *argument)
{
	struct thread *thread = argument;
	struct random random = {thread->index};
	unsigned int step;

	for (step = 0; step < STEPS && !thread->wrong; step++) {
		uint64_t place = random_below(&random, PLACES);

		pthread_mutex_lock(&handed_locks[place]);
		thread->wrong = work_on(heaps_of(&heaps, thread->index),
					&random, &handed[place]);
		pthread_mutex_unlock(&handed_locks[place]);
	}
	return NULL;
}

static const char *hand_blocks_across_threads(void)
{
	struct thread threads[THREADS];
	const char *wrong = NULL;
	unsigned int i;

	for (i = 0; i < PLACES; i++)
		pthread_mutex_init(&handed_locks[i], NULL);
	for (i = 0; i < THREADS; i++) {
		threads[i] = (struct thread){.index = i};
		if (pthread_create(&threads[i].thread, NULL, thread_main,
				   &threads[i]))
			return "no thread";
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i].thread, NULL);
		if (threads[i].wrong)
			wrong = threads[i].wrong;
	}
	for (i = 0; i < PLACES; i++) {
		if (handed[i].bytes)
			checked_release(heaps_of(&heaps, 0), &handed[i]);
		pthread_mutex_destroy(&handed_locks[i]);
	}
	return wrong;
}

static void blocks_may_be_grown_and_released_by_any_thread(void **state)
{
	(void)state;
	over_all(hand_blocks_across_threads, THREADS);
}

/*
 * The first time warms up what stays for good (the C library's heap, stacks);
 * what the second leaves behind is a leak.
 */
static void teardown_leaves_nothing_mapped(void **state)
{
	unsigned int i, leaks = 0;

	(void)state;
	for (i = 0; i < variants_count; i++) {
		uint64_t before = 0, after = 0;
		unsigned int time;

		/* A library keeps what it keeps, for the process. */
		assert_int_equal(spec_parse_allocator(variants[i], &heaps.spec,
						      heaps.why,
						      sizeof(heaps.why)),
				 0);
		if (layers_preload(&heaps.spec))
			continue;
		for (time = 0; time < 2; time++) {
			before = after;
			assert_int_equal(heaps_open(&heaps, variants[i], 1,
						    BLOCK_SIZE_MAX),
					 0);
			assert_null(grow_many_blocks());
			assert_null(grow_through_odd_sizes());
			heaps_close(&heaps);
			after = heaps_map().mapped_bytes;
		}
		if (after > before && !SANITIZED) {
			print_error("%s: %llu bytes are left\n", variants[i],
				    (unsigned long long)(after - before));
			leaks++;
		}
	}
	assert_int_equal(leaks, 0);
}

static const char *use_optional_hooks(void)
{
	struct heap *heap = heaps_of(&heaps, 0);
	const struct allocator *allocator = heap->allocator;
	struct checked block = {.size = 300 * KIB + 1, .key = 9};
	const char *wrong;
	size_t alignment;
	bool grew;

	for (alignment = 32; alignment <= 4 * MIB; alignment *= 2) {
		if (!allocator->alloc_aligned)
			break;
		block.size = 300 * KIB + 1;
		block.bytes =
			allocator->alloc_aligned(heap, alignment, block.size);
		if (!block.bytes || (uintptr_t)block.bytes % alignment)
			return "alloc_aligned failed or is not aligned";
		checked_fill(&block, 0);
		if (checked_grow(heap, &block, 600 * KIB, &grew) || !grew)
			return "an aligned block does not grow";
		checked_release(heap, &block);
	}
	if (!allocator->shrink)
		return NULL;
	if (!checked_alloc(heap, &block, 300 * KIB, 11) ||
	    checked_grow(heap, &block, 900 * KIB, &grew) || !grew)
		return "cannot make a block to shrink";
	while (block.size > 1) {
		size_t size = (block.size + 2) / 3;
		unsigned char *shrunk =
			allocator->shrink(heap, block.bytes, block.size, size);

		if (!shrunk)
			return "shrink failed";
		block.bytes = shrunk;
		block.size = size;
		if (!checked_intact(&block))
			return "contents did not survive shrinking";
	}
	wrong = checked_grow(heap, &block, 500 * KIB, &grew);
	if (wrong || !grew)
		return wrong ? wrong : "a shrunk block does not grow";
	checked_release(heap, &block);
	return NULL;
}

static void aligned_and_shrunk_blocks_are_blocks_like_others(void **state)
{
	(void)state;
	over_all(use_optional_hooks, 1);
}

static void the_floor_answers_for_blocks_up_to_the_largest(void **state)
{
	const struct allocator *floor = registry_floor();
	struct heap *heap = heaps_of(&heaps, 0);
	uint64_t before = heaps_map().mapped_bytes;
	unsigned char *block, *grown;

	(void)state;
	assert_non_null(floor);
	assert_int_equal(heaps_open(&heaps, floor->name, 1, MIB), 0);
	block = heap_alloc(heap, 17);
	assert_non_null(block);
	grown = heap_grow(heap, block, 17, MIB);
	assert_non_null(grown);
	memset(grown, 1, MIB);
	assert_int_equal(heaps_growths(&heap->recorder->tally), 1);
	assert_null(heap_grow(heap, grown, MIB, MIB + 4097));
	assert_int_equal(heap->recorder->tally.growths[OUTCOME_FAILED], 1);
	heap_release(heap, grown, MIB);
	heaps_close(&heaps);
	if (!SANITIZED)
		assert_true(heaps_map().mapped_bytes <= before + 64 * KIB);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocator_describes_itself),
		cmocka_unit_test(contents_survive_growth_through_odd_sizes),
		cmocka_unit_test(
			many_blocks_grow_at_random_and_keep_their_contents),
		cmocka_unit_test(
			an_impossible_growth_fails_and_leaves_the_block),
		cmocka_unit_test(
			growth_beyond_rlimit_as_fails_and_leaves_the_block),
		cmocka_unit_test(
			blocks_may_be_grown_and_released_by_any_thread),
		cmocka_unit_test(teardown_leaves_nothing_mapped),
		cmocka_unit_test(
			aligned_and_shrunk_blocks_are_blocks_like_others),
		cmocka_unit_test(
			the_floor_answers_for_blocks_up_to_the_largest),
	};

	named = argv + 1;
	return cmocka_run_group_tests(
		tests, argc > 1 ? find_named : find_variants, NULL);
}
