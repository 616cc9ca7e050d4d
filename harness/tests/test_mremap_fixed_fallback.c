/*
 * test_mremap_fixed_fallback - planted failures and a planted racing thread:
 * no byte is lost, and nothing that is another's is touched.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>

#include "tests/growing.h"

/* wrap: mremap mmap munmap madvise mprotect */

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define FOREIGN 0x5a /* what another thread writes to its pages */

void *__real_mremap(void *old, size_t size, size_t new_size, int flags, ...);
void *__real_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset);
int __real_munmap(void *address, size_t size);
int __real_madvise(void *address, size_t size, int advice);
int __real_mprotect(void *address, size_t size, int protection);

/* What goes wrong, and what was seen of it. Zeroed: nothing does. */
static struct {
	int fixed_error; /* of mremap(MREMAP_FIXED) */
	bool fixed_unmaps; /* it fails only after it unmapped, and that is taken */
	int extend_error; /* of mremap(0) */
	int dontunmap_error;
	int refill_error; /* of mmap(MAP_FIXED_NOREPLACE) */
	bool refill_hints; /* a kernel that does not know MAP_FIXED_NOREPLACE */
	int map_error; /* of mmap(NULL), once map_after more succeeded */
	unsigned int map_after;
	int munmap_error;
	bool hole_taken; /* another thread maps into the source's hole */
	bool tail_taken; /* and into what a reserving move unmaps behind it */

	unsigned char *lost; /* the destination of a failed MREMAP_FIXED */
	size_t lost_size;
	unsigned int lost_touched; /* calls that touched it after */
	unsigned char *foreign; /* what the other thread mapped */
	size_t foreign_size;
} planted;

static struct heaps heaps;

/*
 * The other thread: maps where nothing is mapped, and writes there. It is there
 * before the tests, since what a new thread needs may be mapped into the very
 * hole that it is to take.
 */
static struct {
	pthread_t thread;
	sem_t asked;
	sem_t done;
	bool ends;
} foreigner;

static void *foreigner_main(void *unused)
{
	(void)unused;
	for (;;) {
		while (sem_wait(&foreigner.asked))
			;
		if (foreigner.ends)
			return NULL;
		if (__real_mmap(planted.foreign, planted.foreign_size,
				PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS |
					MAP_FIXED_NOREPLACE,
				-1, 0) != planted.foreign)
			planted.foreign = NULL;
		else
			memset(planted.foreign, FOREIGN, planted.foreign_size);
		sem_post(&foreigner.done);
	}
}

static int foreigner_start(void **state)
{
	(void)state;
	if (sem_init(&foreigner.asked, 0, 0) || sem_init(&foreigner.done, 0, 0))
		return -1;
	return pthread_create(&foreigner.thread, NULL, foreigner_main, NULL);
}

static int foreigner_stop(void **state)
{
	(void)state;
	foreigner.ends = true;
	sem_post(&foreigner.asked);
	return pthread_join(foreigner.thread, NULL);
}

static void map_from_another_thread(void *at, size_t size)
{
	planted.foreign = at;
	planted.foreign_size = size;
	sem_post(&foreigner.asked);
	while (sem_wait(&foreigner.done))
		;
}

static bool foreign_intact(void)
{
	size_t i;

	for (i = 0; i < planted.foreign_size; i++)
		if (!planted.foreign || planted.foreign[i] != FOREIGN)
			return false;
	return true;
}

static void see(const void *address, size_t size)
{
	uintptr_t start = (uintptr_t)address;
	uintptr_t lost = (uintptr_t)planted.lost;

	if (lost && start < lost + planted.lost_size && start + size > lost)
		planted.lost_touched++;
}

static void *fail_fixed(unsigned char *to, size_t new_size)
{
	planted.lost = to;
	planted.lost_size = new_size;
	if (planted.fixed_unmaps) {
		__real_munmap(to, new_size);
		map_from_another_thread(to, new_size);
	}
	errno = planted.fixed_error;
	return MAP_FAILED;
}

void *__wrap_mremap(void *old, size_t size, size_t new_size, int flags, ...)
{
	void *to = NULL, *moved;
	va_list list;
	int error = 0;

	va_start(list, flags);
	if (flags & MREMAP_FIXED)
		to = va_arg(list, void *);
	va_end(list);
	see(old, size);
	see(to, to ? new_size : 0);
	if (flags & MREMAP_FIXED && planted.fixed_error)
		return fail_fixed(to, new_size);
	if (flags & MREMAP_DONTUNMAP)
		error = planted.dontunmap_error;
	else if (flags == 0)
		error = planted.extend_error;
	if (error) {
		errno = error;
		return MAP_FAILED;
	}
	moved = __real_mremap(old, size, new_size, flags, to);
	if (moved != MAP_FAILED && flags & MREMAP_MAYMOVE && planted.hole_taken)
		map_from_another_thread(old, size);
	return moved;
}

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	int error = 0;

	if (address && flags & MAP_FIXED)
		see(address, size);
	if (address && flags & MAP_FIXED_NOREPLACE) {
		error = planted.refill_error;
		if (planted.refill_hints)
			flags &= ~MAP_FIXED_NOREPLACE;
	} else if (!address && planted.map_error) {
		if (planted.map_after == 0)
			error = planted.map_error;
		else
			planted.map_after--;
	}
	if (error) {
		errno = error;
		return MAP_FAILED;
	}
	return __real_mmap(address, size, protection, flags, fd, offset);
}

int __wrap_munmap(void *address, size_t size)
{
	int result;

	see(address, size);
	if (planted.munmap_error) {
		errno = planted.munmap_error;
		return -1;
	}
	result = __real_munmap(address, size);
	if (result == 0 && planted.tail_taken) {
		planted.tail_taken = false;
		map_from_another_thread(address, size);
	}
	return result;
}

int __wrap_madvise(void *address, size_t size, int advice)
{
	see(address, size);
	return __real_madvise(address, size, advice);
}

int __wrap_mprotect(void *address, size_t size, int protection)
{
	see(address, size);
	return __real_mprotect(address, size, protection);
}

/* Starts an allocator of 64 KiB threshold with these options. */
static struct heap *start(const char *options)
{
	char spelling[SPEC_TEXT_MAX];

	memset(&planted, 0, sizeof(planted));
	snprintf(spelling, sizeof(spelling),
		 "mremap-fixed-fallback:threshold=64K%s", options);
	if (heaps_open(&heaps, spelling, 1, 64 * MIB))
		fail_msg("%s: %s", spelling, heaps.why);
	return heaps_of(&heaps, 0);
}

/* What others mapped goes, so that the next test finds the address free. */
static void stop(void)
{
	heaps_close(&heaps);
	assert_int_equal(planted.lost_touched, 0);
	if (planted.lost)
		__real_munmap(planted.lost, planted.lost_size);
	if (planted.foreign)
		__real_munmap(planted.foreign, planted.foreign_size);
	memset(&planted, 0, sizeof(planted));
}

static void fails_to_grow(struct heap *heap, struct checked *block,
			  size_t new_size)
{
	bool grew;
	const char *wrong = checked_grow(heap, block, new_size, &grew);

	if (wrong)
		fail_msg("%s: %s", heaps.spec.canonical, wrong);
	assert_false(grew);
}

static const struct tally *tally_of(const struct heap *heap)
{
	return &heap->recorder->tally;
}

static void
a_block_of_the_threshold_moves_and_a_smaller_one_is_copied(void **state)
{
	struct heap *heap = start("");
	struct checked block = block_of(heap, 64 * KIB - 1);

	(void)state;
	grows(heap, &block, 65 * KIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_COPIED], 1);
	assert_int_equal(tally_of(heap)->bytes_copied, 64 * KIB - 1);
	grows(heap, &block, 3 * MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 1);
	assert_int_equal(tally_of(heap)->bytes_moved, 68 * KIB);
	checked_release(heap, &block);
	stop();
}

/* Every way to move. */
static const char *const ways[] = {
	":hole=leave",
	":hole=refill",
	":hole=refill-none",
	":hole=reserve",
	":dest=fresh",
	":inplace=yes",
	":hole=leave:phase=pmd",
	":hole=refill:phase=mismatch",
	":hole=reserve:phase=unaligned",
	":hole=refill:phase=pud",
};
#define WAYS (sizeof(ways) / sizeof(*ways))

static void fail_every_move(int error, bool unmaps)
{
	unsigned int i;

	for (i = 0; i < WAYS; i++) {
		struct heap *heap = start(ways[i]);
		struct checked block = block_of(heap, 300 * KIB);

		grows(heap, &block, MIB); /* a source with margins */
		planted.fixed_error = error;
		planted.fixed_unmaps = unmaps;
		planted.extend_error = ENOMEM;
		grows(heap, &block, 3 * MIB + 5);
		planted.fixed_error = 0;
		planted.extend_error = 0;
		assert_int_equal(tally_of(heap)->growths[OUTCOME_COPIED], 1);
		assert_int_equal(tally_of(heap)->bytes_copied, MIB);
		assert_true(tally_of(heap)->failed_calls[error] >= 1);
		assert_non_null(planted.lost);
		assert_int_equal(planted.lost_touched, 0);
		if (unmaps)
			assert_true(foreign_intact());
		grows(heap, &block, 5 * MIB);
		checked_release(heap, &block);
		if (unmaps)
			assert_true(foreign_intact());
		stop();
	}
}

static void a_failed_move_is_copied_and_its_destination_left_alone(void **state)
{
	(void)state;
	fail_every_move(EFAULT, false);
	fail_every_move(ENOMEM, false);
	fail_every_move(EINVAL, false);
}

static void
a_destination_that_another_thread_took_keeps_its_contents(void **state)
{
	(void)state;
	fail_every_move(ENOMEM, true);
}

static void where_even_the_copy_fails_the_block_is_as_it_was(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		struct heap *heap = start(ways[i]);
		struct checked block = block_of(heap, 300 * KIB);

		grows(heap, &block, MIB);
		planted.fixed_error = ENOMEM;
		planted.extend_error = ENOMEM;
		planted.map_error = ENOMEM;
		fails_to_grow(heap, &block, 3 * MIB);
		planted.map_after = 1;
		fails_to_grow(heap, &block, 3 * MIB);
		planted.fixed_error = planted.extend_error = 0;
		planted.map_error = 0;
		grows(heap, &block, 3 * MIB);
		checked_release(heap, &block);
		stop();
	}
}

static void
a_hole_that_another_thread_takes_is_tallied_and_left_to_it(void **state)
{
	static const char *const options[] = {
		":hole=refill",
		":hole=refill-none",
		":hole=refill:phase=pmd",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct heap *heap = start(options[i]);
		struct checked block = block_of(heap, 300 * KIB);

		planted.hole_taken = true;
		grows(heap, &block, MIB);
		planted.hole_taken = false;
		assert_int_equal(tally_of(heap)->refills[REFILL_TAKEN], 1);
		assert_int_equal(tally_of(heap)->refills[REFILL_DONE], 0);
		assert_int_equal(tally_of(heap)->failed_calls[EEXIST], 1);
		grows(heap, &block, 2 * MIB);
		assert_int_equal(tally_of(heap)->refills[REFILL_DONE], 1);
		checked_release(heap, &block);
		assert_true(foreign_intact());
		stop();
	}
}

static void an_old_kernel_that_maps_elsewhere_counts_as_taken(void **state)
{
	struct heap *heap = start("");
	struct checked block = block_of(heap, 300 * KIB);

	(void)state;
	planted.hole_taken = true;
	planted.refill_hints = true;
	grows(heap, &block, MIB);
	assert_int_equal(tally_of(heap)->refills[REFILL_TAKEN], 1);
	assert_int_equal(tally_of(heap)->failed_calls[EEXIST], 0);
	planted.hole_taken = false;
	grows(heap, &block, 2 * MIB); /* the hint is free */
	assert_int_equal(tally_of(heap)->refills[REFILL_DONE], 1);
	checked_release(heap, &block);
	assert_true(foreign_intact());
	stop();
}

static void a_refill_that_the_kernel_refuses_is_tallied_apart(void **state)
{
	struct heap *heap = start("");
	struct checked block = block_of(heap, 300 * KIB);

	(void)state;
	planted.refill_error = ENOMEM;
	grows(heap, &block, MIB);
	assert_int_equal(tally_of(heap)->refills[REFILL_REFUSED], 1);
	assert_int_equal(tally_of(heap)->refills[REFILL_TAKEN], 0);
	checked_release(heap, &block);
	stop();
}

static void a_reserved_source_cannot_be_taken(void **state)
{
	struct heap *heap = start(":hole=reserve");
	struct checked block = block_of(heap, 300 * KIB);

	(void)state;
	planted.hole_taken = true;
	grows(heap, &block, MIB);
	assert_null(planted.foreign); /* it was not free for a moment */
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 1);
	assert_int_equal(tally_of(heap)->refills[REFILL_DONE], 1);
	checked_release(heap, &block);
	stop();
}

static void a_reserving_move_whose_tail_is_taken_is_undone(void **state)
{
	struct heap *heap = start(":hole=reserve");
	struct checked block = block_of(heap, 300 * KIB);
	unsigned char *before = block.bytes;

	(void)state;
	planted.tail_taken = true;
	planted.map_error = ENOMEM; /* of the copy's destination */
	planted.map_after = 1;
	fails_to_grow(heap, &block, MIB);
	assert_ptr_equal(block.bytes, before);
	assert_true(foreign_intact());
	planted.map_error = 0;
	__real_munmap(planted.foreign, planted.foreign_size);

	planted.tail_taken = true;
	grows(heap, &block, MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_COPIED], 1);
	assert_true(foreign_intact());
	checked_release(heap, &block);
	assert_true(foreign_intact());
	stop();
}

static void
a_reserving_move_whose_tail_cannot_be_unmapped_is_undone(void **state)
{
	struct heap *heap = start(":hole=reserve");
	struct checked block = block_of(heap, 300 * KIB);

	(void)state;
	planted.munmap_error = ENOMEM;
	grows(heap, &block, MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_COPIED], 1);
	planted.munmap_error = 0;
	grows(heap, &block, 2 * MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 1);
	checked_release(heap, &block);
	stop();
}

static void without_dontunmap_reserve_is_refused_by_its_name(void **state)
{
	(void)state;
	memset(&planted, 0, sizeof(planted));
	planted.dontunmap_error = EINVAL;
	assert_int_equal(heaps_open(&heaps,
				    "mremap-fixed-fallback:hole=reserve", 1,
				    MIB),
			 -EINVAL);
	assert_non_null(strstr(heaps.why, "refill-none"));
	planted.dontunmap_error = 0;
}

static void a_range_that_was_recovered_becomes_a_destination(void **state)
{
	static const char *const holes[] = {":hole=refill", ":hole=refill-none",
					    ":hole=reserve"};
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct heap *heap = start(holes[i]);
		struct checked large = block_of(heap, 2 * MIB);
		struct checked small = block_of(heap, 100 * KIB);
		unsigned char *source = large.bytes;

		grows(heap, &large, 4 * MIB);
		assert_int_equal(tally_of(heap)->destinations_fresh, 1);
		grows(heap, &small, MIB);
		assert_int_equal(tally_of(heap)->destinations_owned, 1);
		assert_true(small.bytes >= source &&
			    small.bytes < source + 2 * MIB);
		checked_release(heap, &small);
		checked_release(heap, &large);
		stop();
	}
}

static void dest_fresh_takes_nothing_that_was_recovered(void **state)
{
	struct heap *heap = start(":dest=fresh");
	struct checked large = block_of(heap, 2 * MIB);
	struct checked small = block_of(heap, 100 * KIB);

	(void)state;
	grows(heap, &large, 4 * MIB);
	grows(heap, &small, MIB);
	assert_int_equal(tally_of(heap)->destinations_owned, 0);
	assert_int_equal(tally_of(heap)->destinations_fresh, 2);
	assert_int_equal(tally_of(heap)->refills[REFILL_DONE], 2);
	checked_release(heap, &small);
	checked_release(heap, &large);
	stop();
}

static void hole_leave_unmaps_and_keeps_nothing(void **state)
{
	struct heap *heap = start(":hole=leave");
	struct checked block = block_of(heap, 2 * MIB);
	unsigned char *source = block.bytes, present;

	(void)state;
	grows(heap, &block, 4 * MIB);
	assert_int_equal(mincore(source, 4096, &present), -1);
	assert_int_equal(errno, ENOMEM);
	assert_int_equal(tally_of(heap)->refills[REFILL_DONE], 0);
	checked_release(heap, &block);
	stop();
}

static void a_new_block_in_a_recovered_range_is_zero_and_writable(void **state)
{
	struct heap *heap = start(":hole=reserve");
	struct checked block = block_of(heap, 2 * MIB);
	unsigned char *source = block.bytes, *next;
	size_t i;

	(void)state;
	grows(heap, &block, 4 * MIB);
	next = heap_alloc(heap, 2 * MIB);
	assert_ptr_equal(next, source);
	for (i = 0; i < 2 * MIB; i++)
		if (next[i])
			fail_msg("byte %zu is not zero", i);
	memset(next, 1, 2 * MIB);
	heap_release(heap, next, 2 * MIB);
	checked_release(heap, &block);
	stop();
}

static void inplace_extends_where_the_space_behind_is_free(void **state)
{
	struct heap *heap = start(":inplace=yes");
	struct checked block = block_of(heap, 4 * MIB);

	(void)state;
	assert_ptr_equal(
		heap->allocator->shrink(heap, block.bytes, 4 * MIB, MIB),
		block.bytes);
	block.size = MIB;
	grows(heap, &block, 2 * MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_IN_PLACE], 1);
	planted.extend_error = ENOMEM;
	grows(heap, &block, 3 * MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 1);
	checked_release(heap, &block);
	stop();
}

static void a_release_that_munmap_refuses_loses_nothing(void **state)
{
	static const char *const options[] = {":hole=leave",
					      ":phase=pmd:hole=leave"};
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct heap *heap = start(options[i]);
		struct checked block = block_of(heap, 2 * MIB);
		struct checked other = block_of(heap, 2 * MIB);
		unsigned char *range, present;

		grows(heap, &block, 3 * MIB);
		range = block.bytes;
		planted.munmap_error = ENOMEM;
		checked_release(heap, &block);
		planted.munmap_error = 0;
		assert_int_equal(tally_of(heap)->failed_calls[ENOMEM], 1);
		grows(heap, &other, 3 * MIB); /* may take that range */
		assert_int_equal(tally_of(heap)->destinations_owned, 1);
		checked_release(heap, &other);
		stop();
		assert_int_equal(mincore(range, 4096, &present), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_block_of_the_threshold_moves_and_a_smaller_one_is_copied),
		cmocka_unit_test(
			a_failed_move_is_copied_and_its_destination_left_alone),
		cmocka_unit_test(
			a_destination_that_another_thread_took_keeps_its_contents),
		cmocka_unit_test(
			where_even_the_copy_fails_the_block_is_as_it_was),
		cmocka_unit_test(
			a_hole_that_another_thread_takes_is_tallied_and_left_to_it),
		cmocka_unit_test(
			an_old_kernel_that_maps_elsewhere_counts_as_taken),
		cmocka_unit_test(
			a_refill_that_the_kernel_refuses_is_tallied_apart),
		cmocka_unit_test(a_reserved_source_cannot_be_taken),
		cmocka_unit_test(
			a_reserving_move_whose_tail_is_taken_is_undone),
		cmocka_unit_test(
			a_reserving_move_whose_tail_cannot_be_unmapped_is_undone),
		cmocka_unit_test(
			without_dontunmap_reserve_is_refused_by_its_name),
		cmocka_unit_test(
			a_range_that_was_recovered_becomes_a_destination),
		cmocka_unit_test(dest_fresh_takes_nothing_that_was_recovered),
		cmocka_unit_test(hole_leave_unmaps_and_keeps_nothing),
		cmocka_unit_test(
			a_new_block_in_a_recovered_range_is_zero_and_writable),
		cmocka_unit_test(
			inplace_extends_where_the_space_behind_is_free),
		cmocka_unit_test(a_release_that_munmap_refuses_loses_nothing),
	};

	return cmocka_run_group_tests(tests, foreigner_start, foreigner_stop);
}
