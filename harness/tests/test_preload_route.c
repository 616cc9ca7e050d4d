/*
 * test_preload_route - malloc(3) over an allocator's hooks: each in a process
 * of its own, as the library would be.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include <regrow/pages.h>

#include "common/registry.h"
#include "preload/gate.h"
#include "preload/route.h"
#include "preload/serve.h"
#include "tests/exercise.h"

#define FROM ((size_t)64 << 10)

/* A sanitizer's malloc is to fail as malloc does. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1:detect_leaks=0";
}

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* An allocator that does what the contract allows and others do not. */
static struct {
	size_t offset; /* of each block in its first page */
	bool dirty; /* what it hands out was written to */
	bool refuses; /* to shrink and to grow */
	bool asks; /* the functions that it serves, inside of its hooks */
	unsigned int opened; /* atomic: times open() ran */
	unsigned int live; /* atomic: blocks */
	unsigned int reused; /* atomic: open() saw a state that was used */
} odd;

static int odd_open(struct heap *heap)
{
	uint64_t *state = heap->state;

	__atomic_fetch_add(&odd.opened, 1, __ATOMIC_RELAXED);
	if (*state)
		__atomic_fetch_add(&odd.reused, 1, __ATOMIC_RELAXED);
	*state = 1;
	return 0;
}

/* What malloc(3) may be asked for while one is being served. */
static void odd_ask(void)
{
	unsigned char *block = route_malloc(3 * FROM);

	block[0] = 1;
	block = route_realloc(block, 5 * FROM);
	route_free(block);
}

static void *odd_alloc(struct heap *heap, size_t size)
{
	unsigned char *block;

	if (size > SIZE_MAX / 2)
		return NULL;
	block = pages_alloc(heap, size + odd.offset);
	if (!block)
		return NULL;
	block += odd.offset;
	if (odd.dirty)
		memset(block, 0xdd, size);
	if (odd.asks)
		odd_ask();
	__atomic_fetch_add(&odd.live, 1, __ATOMIC_RELAXED);
	return block;
}

static void odd_release(struct heap *heap, void *block, size_t size)
{
	if (odd.asks)
		odd_ask();
	pages_release(heap, (unsigned char *)block - odd.offset,
		      size + odd.offset);
	__atomic_fetch_sub(&odd.live, 1, __ATOMIC_RELAXED);
}

static void *odd_grow(struct heap *heap, void *block, size_t size,
		      size_t new_size)
{
	void *grown = odd.refuses ? NULL : odd_alloc(heap, new_size);

	if (!grown) {
		tally_growth(heap->recorder, OUTCOME_FAILED);
		return NULL;
	}
	memcpy(grown, block, size);
	odd_release(heap, block, size);
	tally_copied(heap->recorder, size);
	return grown;
}

static void *odd_shrink(struct heap *heap, void *block, size_t size,
			size_t new_size)
{
	void *shrunk;

	if (odd.refuses)
		return NULL;
	shrunk = odd_alloc(heap, new_size);
	if (!shrunk)
		return NULL;
	memcpy(shrunk, block, new_size);
	odd_release(heap, block, size);
	return shrunk;
}

#define ODD(label, ...)                                                        \
	{                                                                      \
		.contract_version = ALLOCATOR_CONTRACT_VERSION,                \
		.name = (label), .summary = "test", .heap_size = 64,           \
		.open = odd_open, .alloc = odd_alloc, .grow = odd_grow,        \
		.release = odd_release, __VA_ARGS__                            \
	}

static const struct allocator odd_whole = ODD("odd", .shrink = odd_shrink);
static const struct allocator odd_bare = ODD("odd-bare");

#define BUILT_IN(object)                                                       \
	static const struct allocator *const built_in_##object                 \
		__attribute__((used, REGISTER_RETAIN section("allocators"))) = \
			&(object)
BUILT_IN(odd_whole);
BUILT_IN(odd_bare);

static void *call_memalign(size_t alignment, size_t size)
{
	return route_aligned(gate.next.memalign, alignment, size);
}

static const struct calls calls = {
	.malloc = route_malloc,
	.calloc = route_calloc,
	.realloc = route_realloc,
	.free = route_free,
	.posix_memalign = route_posix_memalign,
	.memalign = call_memalign,
	.valloc = route_valloc,
	.pvalloc = route_pvalloc,
	.usable_size = route_usable_size,
};

/* All that is served, all threads idle. */
static struct {
	struct tally tally;
	struct served served;
	struct serve_live live;
} sums;

static void sums_take(void)
{
	serve_lock();
	serve_sum(&sums.tally, &sums.served, &sums.live);
	serve_unlock();
}

/* What the library does before main(), for FROM. NULL or what is wrong. */
static const char *start_on(const char *spelling)
{
	static struct allocator_spec spec;
	static char why[256];

	if (!next_ready())
		return "there is no next malloc";
	if (spec_parse_allocator(spelling, &spec, why, sizeof(why)) ||
	    slots_setup(&spec, why, sizeof(why)))
		return why;
	if (pthread_atfork(serve_lock, serve_unlock, serve_unlock))
		return "no atfork";
	route_start(FROM, SIZE_MAX);
	return NULL;
}

/* In a child: exit status 0 where the test returns NULL. */
static void in_a_child(const char *spelling, const char *(*test)(void))
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const char *wrong = start_on(spelling);

		if (!wrong)
			wrong = test();
		if (wrong)
			fprintf(stderr, "%s: %s\n", spelling, wrong);
		exit(wrong ? 1 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (status != 0)
		fail_msg("%s: status %d", spelling, status);
}

static const char *ask_all(void)
{
	const char *wrong = exercise_edges(&calls);

	if (!wrong && !SANITIZED)
		wrong = exercise_impossible(&calls);
	if (!wrong)
		wrong = exercise_zero(&calls);
	if (!wrong)
		wrong = exercise_alignments(&calls);
	if (!wrong)
		wrong = exercise_many(&calls, 3, 60);
	sums_take();
	if (!wrong && (sums.live.blocks || sums.live.bytes))
		wrong = "blocks are left";
	if (!wrong && sums.served.allocs == 0)
		wrong = "nothing was served";
	return wrong;
}

static const char *ask_in_threads(void)
{
	const char *wrong = exercise_threads(&calls, 20);

	sums_take();
	if (!wrong && (sums.live.blocks || sums.live.bytes))
		wrong = "blocks are left";
	if (!wrong && sums.served.allocs + sums.served.entered !=
			      sums.served.frees + sums.served.left)
		wrong = "blocks do not add up";
	return wrong;
}

static void over_all(const char *(*test)(void))
{
	const struct allocator *const *allocators;
	unsigned int count, i;
	char why[256];

	allocators = registry_allocators(&count);
	for (i = 0; i < count; i++) {
		struct allocator_spec spec;

		if (spec_parse_allocator(allocators[i]->name, &spec, why,
					 sizeof(why)) ||
		    allocators[i]->is_floor)
			continue;
		if (allocators[i]->probe &&
		    allocators[i]->probe(spec.layers[0].values, why,
					 sizeof(why)))
			continue;
		in_a_child(allocators[i]->name, test);
	}
}

static void malloc_is_whole_over_every_allocator(void **state)
{
	(void)state;
	over_all(ask_all);
}

static void threads_share_blocks_over_every_allocator(void **state)
{
	(void)state;
	over_all(ask_in_threads);
}

static const char *ask_dirty(void)
{
	odd.dirty = true;
	return ask_all();
}

static void calloc_is_zero_where_dirty_pages_are_handed_out(void **state)
{
	(void)state;
	in_a_child("odd", ask_dirty);
}

static const char *ask_offset(void)
{
	void *page = (void *)(uintptr_t)0x7f0000001000;
	void *block;

	odd.offset = 48;
	if (!gate_passes_block((char *)page + 48))
		return "the gate is open before there is such a block";
	block = route_malloc(FROM);
	if (gate_passes_block(block))
		return "the gate passes a served block on";
	if (!gate_passes_block((char *)page + 64))
		return "the gate is wider than it must be";
	route_free(block);
	if (odd.live)
		return "the block was not released";
	return ask_all();
}

static void blocks_at_any_place_in_a_page_are_known(void **state)
{
	(void)state;
	in_a_child("odd", ask_offset);
}

static const char *ask_inside(void)
{
	odd.asks = true;
	return ask_all();
}

static void an_allocator_may_ask_the_next_malloc_by_the_same_names(void **state)
{
	(void)state;
	in_a_child("odd", ask_inside);
}

static const char *ask_what_is_refused(void)
{
	struct exercised block = {route_malloc(4 * FROM), 4 * FROM, 9};
	unsigned char *bytes = block.bytes;

	odd.refuses = true;
	exercised_fill(&block, 0);
	errno = 0;
	if (route_realloc(bytes, 5 * FROM) || errno != ENOMEM)
		return "a growth that failed is not ENOMEM";
	errno = EDOM;
	if (route_realloc(bytes, 2 * FROM) != bytes || errno != EDOM)
		return "a block that cannot shrink did not stay";
	if (route_usable_size(bytes) != 4 * FROM)
		return "its size is not what it was";
	if (!exercised_is_intact(&block))
		return "contents were lost";
	block.size = 100;
	block.bytes = route_realloc(bytes, 100);
	if (!exercised_is_intact(&block) || odd.live)
		return "it cannot leave, or was not released";
	route_free(block.bytes);
	sums_take();
	if (sums.served.shrinks_refused != 1 || sums.served.left != 1 ||
	    sums.served.left_bytes != 100 ||
	    sums.tally.growths[OUTCOME_FAILED] != 1)
		return "it was not counted so";
	return NULL;
}

static void what_an_allocator_refuses_leaves_the_block(void **state)
{
	(void)state;
	in_a_child("odd", ask_what_is_refused);
}

static const char *ask_bare(void)
{
	struct exercised block = {route_malloc(4 * FROM), 4 * FROM, 9};
	void *aligned;

	exercised_fill(&block, 0);
	block.size = 2 * FROM;
	block.bytes = route_realloc(block.bytes, block.size);
	if (!exercised_is_intact(&block) || odd.live != 1)
		return "it did not shrink";
	if (route_posix_memalign(&aligned, 1024, FROM) || serve_size(aligned))
		return "an aligned block did not come from the next malloc";
	route_free(aligned);
	if (route_posix_memalign(&aligned, 16, FROM) || !serve_size(aligned))
		return "one aligned as any was not served";
	route_free(aligned);
	route_free(block.bytes);
	sums_take();
	if (sums.served.shrinks_copied != 1 || sums.served.shrinks != 1 ||
	    sums.served.aligned_passed != 1 || sums.served.allocs != 2 ||
	    sums.served.frees != 2)
		return "it was not counted so";
	return NULL;
}

static void what_an_allocator_has_no_hook_for_is_made_up_for(void **state)
{
	(void)state;
	in_a_child("odd-bare", ask_bare);
}

static void *grow_once(void *argument)
{
	unsigned char *block = route_malloc(2 * FROM);

	(void)argument;
	block = route_realloc(block, 3 * FROM);
	route_free(block);
	return NULL;
}

static const char *start_threads_by_turns(void)
{
	pthread_t thread;
	unsigned int i;

	for (i = 0; i < 20; i++)
		if (pthread_create(&thread, NULL, grow_once, NULL) ||
		    pthread_join(thread, NULL))
			return "no thread";
	sums_take();
	if (odd.opened != 2)
		return "threads that ended did not hand their heap on";
	if (odd.reused)
		return "a heap was opened twice";
	if (sums.tally.growths[OUTCOME_COPIED] != 20 ||
	    sums.tally.bytes_copied != (uint64_t)20 * 2 * FROM)
		return "the growths of threads that ended are not counted";
	return NULL;
}

static void threads_hand_their_heaps_on_and_their_counts_stay(void **state)
{
	(void)state;
	in_a_child("odd", start_threads_by_turns);
}

static const char *cross_the_threshold(void)
{
	struct exercised block = {route_malloc(100), 100, 3};

	exercised_fill(&block, 0);
	block.bytes = route_realloc(block.bytes, FROM - 1);
	if (serve_size(block.bytes))
		return "a block below the threshold is served";
	block.bytes = route_realloc(block.bytes, FROM);
	if (serve_size(block.bytes) != FROM || !exercised_is_intact(&block))
		return "a block at the threshold is not served, or lost";
	sums_take();
	if (sums.served.entered != 1 || sums.served.entered_bytes < FROM - 1 ||
	    sums.served.allocs || sums.live.bytes != FROM)
		return "it was not counted so";
	block.bytes = route_realloc(block.bytes, FROM + 5000);
	block.bytes = route_realloc(block.bytes, FROM + 1000);
	sums_take();
	if (sums.live.bytes != FROM + 1000 ||
	    sums.live.bytes_max != FROM + 5000 || sums.served.shrinks != 1)
		return "bytes alive are not what they are";
	block.bytes = route_realloc(block.bytes, 50);
	block.size = 50;
	if (serve_size(block.bytes) || !exercised_is_intact(&block))
		return "a block that shrank below is still served, or lost";
	route_free(block.bytes);
	sums_take();
	return sums.live.blocks || sums.live.bytes ? "bytes are left" : NULL;
}

static void blocks_cross_the_threshold_both_ways(void **state)
{
	(void)state;
	in_a_child("odd", cross_the_threshold);
}

static const char *fork_among_threads(void)
{
	return exercise_forks(&calls, 3);
}

static void a_process_forks_while_others_are_served(void **state)
{
	(void)state;
	if (SANITIZED)
		skip(); /* the locks of its own malloc do not bear it */
	in_a_child("odd", fork_among_threads);
}

static const char *bootstrap_blocks(void)
{
	unsigned char *block = next_bootstrap(16, 5000), *grown;

	if (!block || (uintptr_t)block % 4096)
		return "no block, or not at a page";
	if (!exercise_is_zero(block, 5000) || route_usable_size(block) != 5000)
		return "it is not zero, or of another size";
	memset(block, 7, 5000);
	grown = route_realloc(block, 2 * FROM);
	if (!grown || grown[0] != 7 || grown[4999] != 7)
		return "it does not become a block like others";
	route_free(grown);
	route_free(block);
	route_free(next_bootstrap(1, 0));
	if (next_bootstrap(8192, 10) || next_bootstrap(1, 1 << 20))
		return "what it cannot give is not refused";
	while (next_bootstrap(1, 4096))
		;
	return next_bootstrap(1, 1) ? "it gives more than it has" : NULL;
}

static void blocks_from_before_the_next_malloc_was_found_are_known(void **state)
{
	(void)state;
	in_a_child("odd", bootstrap_blocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(malloc_is_whole_over_every_allocator),
		cmocka_unit_test(threads_share_blocks_over_every_allocator),
		cmocka_unit_test(
			calloc_is_zero_where_dirty_pages_are_handed_out),
		cmocka_unit_test(blocks_at_any_place_in_a_page_are_known),
		cmocka_unit_test(
			an_allocator_may_ask_the_next_malloc_by_the_same_names),
		cmocka_unit_test(what_an_allocator_refuses_leaves_the_block),
		cmocka_unit_test(
			what_an_allocator_has_no_hook_for_is_made_up_for),
		cmocka_unit_test(
			threads_hand_their_heaps_on_and_their_counts_stay),
		cmocka_unit_test(blocks_cross_the_threshold_both_ways),
		cmocka_unit_test(a_process_forks_while_others_are_served),
		cmocka_unit_test(
			blocks_from_before_the_next_malloc_was_found_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
