/*
 * test_phase - phase= of mremap-fixed-fallback puts blocks where it says, from
 * the first growth on, for addresses alone and no memory.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <regrow/phase.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/growing.h"

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)

static struct heaps heaps;
static size_t pmd, pud; /* extents */

static const struct expected {
	const char *name;
	enum move_phase moves;
} phases[] = {
	{"pud", MOVE_PUD_EQUAL},
	{"pmd", MOVE_PMD_EQUAL},
	{"unaligned", MOVE_PMD_EQUAL},
	{"mismatch", MOVE_MISMATCHED},
};
#define PHASES (sizeof(phases) / sizeof(*phases))

static struct heap *start(const char *phase, const char *options)
{
	char spelling[SPEC_TEXT_MAX];

	pmd = page_tables_pmd((size_t)sysconf(_SC_PAGESIZE));
	pud = page_tables_pud((size_t)sysconf(_SC_PAGESIZE));
	snprintf(spelling, sizeof(spelling),
		 "mremap-fixed-fallback:threshold=64K:phase=%s%s", phase,
		 options);
	if (heaps_open(&heaps, spelling, 1, 64 * MIB))
		fail_msg("%s: %s", spelling, heaps.why);
	return heaps_of(&heaps, 0);
}

/* As the phase places new blocks. */
static void assert_placed(const char *phase, const void *block)
{
	uintptr_t address = (uintptr_t)block;

	if (strcmp(phase, "pud") == 0)
		assert_int_equal(address % pud, 0);
	else
		assert_int_equal(address % pmd,
				 strcmp(phase, "unaligned") == 0 ? pmd / 2 : 0);
}

/* Of one move, by the addresses, not by what the allocator tallies. */
static void assert_moved(const struct expected *phase, const void *from,
			 const void *to)
{
	uintptr_t apart = (uintptr_t)from ^ (uintptr_t)to;

	if (phase->moves == MOVE_PUD_EQUAL)
		assert_int_equal(apart % pud, 0);
	else if (phase->moves == MOVE_PMD_EQUAL)
		assert_true(apart % pmd == 0 && apart % pud != 0);
	else
		assert_int_equal(apart % pmd, pmd / 2);
}

/* Where a range begins is the kernel's choice, so each is tried. */
static void pmd_is_never_equal_by_pud_wherever_the_range_begins(void **state)
{
	struct heap *heap = start("pmd", "");
	const unsigned char *source = (const unsigned char *)(8 * pud);

	(void)state;
	for (uintptr_t start = 4 * pud - 2 * pmd; start <= 4 * pud + pmd;
	     start += pmd / 4) {
		size_t front = phase_front(heap, PHASE_PMD, source,
					   (const unsigned char *)start);

		assert_int_equal((start + front) % pmd, 0);
		assert_int_not_equal((start + front) % pud, 0);
		assert_in_range(front, 0, phase_slack(heap, PHASE_PMD));
	}
	heaps_close(&heaps);
}

static void each_move_is_in_the_phase_from_the_first_on(void **state)
{
	static const char *const holes[] = {
		":hole=leave", ":hole=refill", ":hole=refill-none",
		":hole=reserve", ":dest=fresh:hole=refill"};

	(void)state;
	for (size_t i = 0; i < PHASES * 5; i++) {
		const struct expected *phase = &phases[i % PHASES];
		struct heap *heap = start(phase->name, holes[i / PHASES]);
		const struct tally *tally = &heap->recorder->tally;
		struct checked block = {0};

		assert_true(checked_alloc(heap, &block, 100 * KIB, i));
		assert_placed(phase->name, block.bytes);
		for (size_t k = 1; k <= 8; k++) {
			void *before = block.bytes;

			grows(heap, &block, 100 * KIB + k * 132 * KIB);
			assert_moved(phase, before, block.bytes);
			if (phase->moves != MOVE_MISMATCHED)
				assert_placed(phase->name, block.bytes);
		}
		assert_int_equal(tally->growths[OUTCOME_MOVED], 8);
		assert_int_equal(tally->moves[phase->moves], 8);
		checked_release(heap, &block);
		heaps_close(&heaps);
	}
}

static void
blocks_that_come_to_the_threshold_by_copying_are_placed(void **state)
{
	(void)state;
	for (size_t i = 0; i < PHASES; i++) {
		struct heap *heap = start(phases[i].name, "");
		struct checked block = {0};
		void *before;

		assert_true(checked_alloc(heap, &block, 32 * KIB, i));
		grows(heap, &block, 80 * KIB);
		assert_int_equal(heap->recorder->tally.growths[OUTCOME_COPIED],
				 1);
		assert_placed(phases[i].name, block.bytes);
		before = block.bytes;
		grows(heap, &block, 5 * MIB);
		assert_moved(&phases[i], before, block.bytes);
		checked_release(heap, &block);
		heaps_close(&heaps);
	}
}

static void many_blocks_each_keep_their_own_phase(void **state)
{
	(void)state;
	for (size_t i = 0; i < PHASES; i++) {
		struct heap *heap = start(phases[i].name, "");
		struct checked blocks[32] = {0};

		for (size_t k = 0; k < 400; k++) {
			struct checked *block = &blocks[random_mix(k) % 32];
			void *before = block->bytes;

			if (!before) {
				assert_true(checked_alloc(heap, block, 68 * KIB,
							  k));
				assert_placed(phases[i].name, block->bytes);
			} else if (block->size > MIB) {
				assert_true(checked_intact(block));
				checked_release(heap, block);
			} else {
				grows(heap, block, 2 * block->size);
				assert_moved(&phases[i], before, block->bytes);
			}
		}
		for (size_t k = 0; k < 32; k++)
			if (blocks[k].bytes) {
				assert_true(checked_intact(&blocks[k]));
				checked_release(heap, &blocks[k]);
			}
		assert_int_equal(heap->recorder->tally.growths[OUTCOME_COPIED],
				 0);
		heaps_close(&heaps);
	}
}

static void the_map_returns_to_what_it_was(void **state)
{
	(void)state;
	for (size_t i = 0; i < PHASES; i++) {
		struct map_holes before, after;
		struct heap *heap = start(phases[i].name, ":hole=leave");
		struct checked block = {0};

		before = heaps_map();
		assert_true(checked_alloc(heap, &block, 100 * KIB, i));
		grows(heap, &block, 5 * MIB);
		checked_release(heap, &block);
		after = heaps_map();
		if (!SANITIZED)
			assert_int_equal(after.mapped_bytes,
					 before.mapped_bytes);
		heaps_close(&heaps);
	}
}

static void aligned_blocks_are_placed_or_aligned_all_the_same(void **state)
{
	const size_t alignments[] = {64, 4096, MIB, 2 * MIB, 8 * MIB};

	(void)state;
	for (size_t i = 0; i < PHASES * 5; i++) {
		struct heap *heap = start(phases[i % PHASES].name, "");
		size_t alignment = alignments[i / PHASES];
		struct checked block = {.size = 300 * KIB, .key = i};

		block.bytes = heap_alloc_aligned(heap, alignment, block.size);
		assert_non_null(block.bytes);
		assert_int_equal((uintptr_t)block.bytes % alignment, 0);
		if (alignment <= MIB)
			assert_placed(phases[i % PHASES].name, block.bytes);
		checked_fill(&block, 0);
		grows(heap, &block, MIB);
		checked_release(heap, &block);
		heaps_close(&heaps);
	}
}

/* Private and writable is what is charged, and what RLIMIT_DATA limits. */
static void a_phase_costs_addresses_and_no_memory(void **state)
{
	(void)state;
	if (SANITIZED)
		skip();
	for (size_t i = 0; i < PHASES; i++) {
		int status;
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			struct heap *heap = start(phases[i].name, "");
			struct rlimit limit = {64 * MIB, 64 * MIB};
			struct checked blocks[16] = {0};
			bool grew = true;

			setrlimit(RLIMIT_DATA, &limit);
			for (int k = 0; k < 16 && grew; k++)
				grew = checked_alloc(heap, &blocks[k],
						     512 * KIB, 1) &&
				       !checked_grow(heap, &blocks[k], 2 * MIB,
						     &grew) &&
				       grew;
			_exit(!grew ||
			      heap->recorder->tally.growths[OUTCOME_MOVED] !=
				      16);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
}

static void where_there_are_no_addresses_pud_is_refused(void **state)
{
	int status;
	pid_t child;

	(void)state;
	if (SANITIZED)
		skip();
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit limit = {(rlim_t)1 << 30, (rlim_t)1 << 30};
		char why[256] = "";
		size_t page_size = (size_t)sysconf(_SC_PAGESIZE);

		setrlimit(RLIMIT_AS, &limit);
		_exit(phase_probe(PHASE_PUD, page_size, why, sizeof(why)) !=
			      -ENOMEM ||
		      !strstr(why, "phase=pud needs") ||
		      phase_probe(PHASE_PMD, page_size, why, sizeof(why)) != 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Then moves go on, out of phase, and the tally shows it. */
static void a_block_that_finds_no_range_lies_where_it_can(void **state)
{
	int status;
	pid_t child;

	(void)state;
	if (SANITIZED)
		skip();
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct heap *heap = start("pud", "");
		struct rlimit limit = {(rlim_t)1 << 29, (rlim_t)1 << 29};
		struct checked block = {0};
		const struct tally *tally = &heap->recorder->tally;
		bool grew = false;

		setrlimit(RLIMIT_AS, &limit);
		_exit(!checked_alloc(heap, &block, 512 * KIB, 1) ||
		      checked_grow(heap, &block, 2 * MIB, &grew) || !grew ||
		      tally->failed_calls[ENOMEM] < 2 ||
		      tally->growths[OUTCOME_COPIED] != 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			pmd_is_never_equal_by_pud_wherever_the_range_begins),
		cmocka_unit_test(each_move_is_in_the_phase_from_the_first_on),
		cmocka_unit_test(
			blocks_that_come_to_the_threshold_by_copying_are_placed),
		cmocka_unit_test(many_blocks_each_keep_their_own_phase),
		cmocka_unit_test(the_map_returns_to_what_it_was),
		cmocka_unit_test(
			aligned_blocks_are_placed_or_aligned_all_the_same),
		cmocka_unit_test(a_phase_costs_addresses_and_no_memory),
		cmocka_unit_test(where_there_are_no_addresses_pud_is_refused),
		cmocka_unit_test(a_block_that_finds_no_range_lies_where_it_can),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
