/*
 * test_uffd_move - moves that stop half-way, and descriptors that are lost: no
 * byte is read where it is no more, and nobody ever waits for a page.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/growing.h"

/* wrap: ioctl syscall */

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define PATIENCE_SECONDS 30 /* a touch that waits for a page ends by SIGALRM */

/* struct uffdio_move, which a header before 6.8 has not. */
struct move {
	uint64_t to, from, bytes, mode;
	int64_t moved;
};

int __real_ioctl(int descriptor, unsigned long request, ...);
long __real_syscall(long number, ...);

static struct {
	int open_error; /* of userfaultfd() */
	int api_error; /* of UFFDIO_API */
	int register_error;
	int unregister_error;
	size_t step; /* bytes that one move moves at most; 0: all */
	unsigned int again; /* moves that are to be tried again, first */
	size_t move_stops; /* bytes moved, after which move_error comes */
	int move_error;

	size_t moved; /* of the growth */
	unsigned int calls;
} planted;

static struct heaps heaps;

static int fails(int error)
{
	errno = error;
	return -1;
}

/* As the kernel does: EAGAIN and the bytes where it moved some of them. */
static int move(int descriptor, struct move *move)
{
	uint64_t asked = move->bytes;
	int result;

	planted.calls++;
	if (planted.again > 0) {
		planted.again--; /* kernels before 6.15 do not write moved */
		return fails(EAGAIN);
	}
	if (planted.move_error && planted.moved >= planted.move_stops) {
		move->moved = -planted.move_error;
		return fails(planted.move_error);
	}
	if (planted.step && move->bytes > planted.step)
		move->bytes = planted.step;
	if (planted.move_error &&
	    move->bytes > planted.move_stops - planted.moved)
		move->bytes = planted.move_stops - planted.moved;
	result = __real_ioctl(descriptor, _IOWR(0xAA, 5, struct move), move);
	if (result == 0) {
		planted.moved += move->bytes;
		if (move->bytes < asked)
			result = fails(EAGAIN);
	}
	return result;
}

int __wrap_ioctl(int descriptor, unsigned long request, ...)
{
	void *argument;
	int error = 0;
	va_list list;

	va_start(list, request);
	argument = va_arg(list, void *);
	va_end(list);
	if (request == _IOWR(0xAA, 5, struct move))
		return move(descriptor, argument);
	if (request == UFFDIO_API)
		error = planted.api_error;
	else if (request == UFFDIO_REGISTER)
		error = planted.register_error;
	else if (request == UFFDIO_UNREGISTER)
		error = planted.unregister_error;
	if (error)
		return fails(error);
	return __real_ioctl(descriptor, request, argument);
}

long __wrap_syscall(long number, ...)
{
	int flags;
	va_list list;

	va_start(list, number);
	flags = va_arg(list, int);
	va_end(list);
	assert_int_equal(number, SYS_userfaultfd);
	if (planted.open_error)
		return fails(planted.open_error);
	return __real_syscall(number, flags);
}

static struct heap *start(void)
{
	memset(&planted, 0, sizeof(planted));
	if (heaps_open(&heaps, "uffd-move", 1, 64 * MIB)) {
		print_message("# uffd-move: %s\n", heaps.why);
		skip();
	}
	memset(&planted, 0, sizeof(planted));
	alarm(PATIENCE_SECONDS);
	return heaps_of(&heaps, 0);
}

static void stop(void)
{
	alarm(0);
	heaps_close(&heaps);
}

/* Grows, and what is new is touched. */
static void moves(struct heap *heap, struct checked *block, size_t new_size)
{
	planted.moved = 0;
	grows(heap, block, new_size);
}

static const struct tally *tally_of(const struct heap *heap)
{
	return &heap->recorder->tally;
}

static void a_growth_moves_whole_pages_in_one_call(void **state)
{
	struct heap *heap = start();
	struct checked block = block_of(heap, 300 * KIB + 1);

	(void)state;
	planted.calls = 0;
	moves(heap, &block, MIB);
	assert_int_equal(planted.calls, 1);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 1);
	assert_int_equal(tally_of(heap)->bytes_moved, 304 * KIB);
	assert_int_equal(tally_of(heap)->bytes_copied, 0);
	moves(heap, &block, 3 * MIB + 1);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 2);
	checked_release(heap, &block);
	stop();
}

static void moves_in_part_and_in_vain_go_on_to_the_end(void **state)
{
	struct heap *heap = start();
	struct checked block = block_of(heap, 300 * KIB + 1);

	(void)state;
	planted.step = 12 * KIB;
	planted.again = 50;
	moves(heap, &block, MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 1);
	assert_int_equal(tally_of(heap)->failed_calls[EAGAIN], 50);
	assert_int_equal(planted.calls, 50 + (304 + 11) / 12);
	checked_release(heap, &block);
	stop();
}

static void a_move_in_vain_for_ever_becomes_a_copy(void **state)
{
	struct heap *heap = start();
	struct checked block = block_of(heap, 300 * KIB + 1);

	(void)state;
	planted.again = UINT32_MAX;
	moves(heap, &block, MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_COPIED], 1);
	assert_int_equal(tally_of(heap)->bytes_copied, 300 * KIB + 1);
	planted.again = 0;
	moves(heap, &block, 2 * MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 1);
	checked_release(heap, &block);
	stop();
}

/* Moved pages are zeros at the source: reading them again would be seen. */
static void of_a_move_that_stops_only_the_rest_is_copied(void **state)
{
	static const int errors[] = {EBUSY, EINVAL, ENOMEM, EFAULT};
	static const size_t stops[] = {0, 4 * KIB, 120 * KIB, 300 * KIB};
	unsigned int i, k;

	(void)state;
	for (i = 0; i < 4; i++)
		for (k = 0; k < 4; k++) {
			struct heap *heap = start();
			struct checked block = block_of(heap, 300 * KIB + 1);

			planted.move_error = errors[i];
			planted.move_stops = stops[k];
			moves(heap, &block, MIB);
			assert_int_equal(
				tally_of(heap)->growths[OUTCOME_COPIED], 1);
			assert_int_equal(tally_of(heap)->bytes_copied,
					 300 * KIB + 1 - stops[k]);
			assert_int_equal(tally_of(heap)->bytes_moved, stops[k]);
			assert_int_equal(
				tally_of(heap)->failed_calls[errors[i]], 1);
			checked_release(heap, &block);
			stop();
		}
}

/* Every page, by reading and by writing. */
static void touch_all(unsigned char *bytes, size_t size)
{
	volatile unsigned char *page = bytes;
	size_t i;

	for (i = 0; i < size; i += 4 * KIB) {
		unsigned char read = page[i];

		page[i] = read;
	}
	page[size - 1] = 1;
}

/* A block of which one page in seven was written, grown and touched. */
static void touch_sparsely(struct heap *heap, size_t size, size_t new_size)
{
	unsigned char *block = heap_alloc(heap, size), *grown;
	size_t i;

	assert_non_null(block);
	for (i = 0; i < size; i += 28 * KIB)
		block[i] = (unsigned char)(i >> 12 | 1);
	planted.moved = 0;
	grown = heap_grow(heap, block, size, new_size);
	assert_non_null(grown);
	for (i = 0; i < size; i += 4 * KIB)
		assert_int_equal(grown[i],
				 i % (28 * KIB) ? 0
						: (unsigned char)(i >> 12 | 1));
	touch_all(grown, new_size);
	heap_release(heap, grown, new_size);
}

static void whatever_is_touched_after_a_growth_is_never_waited_for(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 7; i++) {
		struct heap *heap = start();
		size_t size;

		planted.register_error = i == 1 ? ENOMEM : 0;
		planted.unregister_error = i == 2 ? ENOMEM : 0;
		planted.move_error = i == 3 || i == 4 ? EBUSY : 0;
		planted.move_stops = i == 4 ? 36 * KIB : 0;
		planted.again = i == 5 ? UINT32_MAX : 0;
		planted.step = i == 6 ? 8 * KIB : 0;
		for (size = 8 * KIB; size < 3 * MIB; size *= 3) {
			touch_sparsely(heap, size, size + 4 * KIB);
			touch_sparsely(heap, size - 1, size + 1);
			touch_sparsely(heap, size, 2 * size + 5);
		}
		/* Holes are no reason to copy. */
		if (i == 0 || i == 2 || i == 6)
			assert_int_equal(
				tally_of(heap)->growths[OUTCOME_COPIED], 0);
		stop();
	}
}

static int descriptor_of(struct heap *heap)
{
	return *(int *)heap->state; /* its first member */
}

static void a_range_that_stays_registered_ends_with_its_descriptor(void **state)
{
	struct heap *heap = start();
	struct checked block = block_of(heap, 300 * KIB);

	(void)state;
	planted.unregister_error = ENOMEM;
	moves(heap, &block, MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 1);
	/* Neither can another be had: copies, until it can. */
	planted.open_error = EMFILE;
	moves(heap, &block, 2 * MIB);
	planted.unregister_error = 0;
	assert_int_equal(descriptor_of(heap), -EMFILE);
	moves(heap, &block, 3 * MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_COPIED], 1);
	planted.open_error = 0;
	moves(heap, &block, 4 * MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 3);
	checked_release(heap, &block);
	stop();
}

static void the_descriptor_is_closed_on_exec_and_at_the_end(void **state)
{
	struct heap *heap = start();
	int descriptor = descriptor_of(heap);

	(void)state;
	assert_int_equal(fcntl(descriptor, F_GETFD), FD_CLOEXEC);
	stop();
	assert_int_equal(fcntl(descriptor, F_GETFD), -1);
}

/* As daemons do, which close all that they know nothing of. */
static void a_file_in_the_place_of_the_descriptor_is_left_alone(void **state)
{
	struct heap *heap = start();
	struct checked block = block_of(heap, 300 * KIB);
	int descriptor = descriptor_of(heap), file;

	(void)state;
	close(descriptor);
	file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(file, descriptor);
	moves(heap, &block, MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_COPIED], 1);
	moves(heap, &block, 2 * MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 1);
	checked_release(heap, &block);
	stop();
	assert_int_equal(fcntl(file, F_GETFD), FD_CLOEXEC);
	close(file);
}

/* In the child: what it shares is copied, what is its own is moved. */
static int grow_in_a_child(struct heap *heap, struct checked *shared)
{
	struct checked own = {0};
	bool grew;

	alarm(PATIENCE_SECONDS);
	if (checked_grow(heap, shared, 2 * MIB, &grew) || !grew ||
	    tally_of(heap)->growths[OUTCOME_COPIED] != 1)
		return 1;
	if (!checked_alloc(heap, &own, MIB, 5) ||
	    checked_grow(heap, &own, 2 * MIB, &grew) || !grew ||
	    tally_of(heap)->growths[OUTCOME_MOVED] != 1)
		return 2;
	touch_all(own.bytes, own.size);
	return 0;
}

static void pages_shared_with_a_child_are_copied_on_both_sides(void **state)
{
	struct heap *heap = start();
	struct checked block = block_of(heap, MIB);
	int status, ends[2];
	char byte;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[1]);
		/* The parent grows first, while the pages are shared. */
		if (read(ends[0], &byte, 1) != 0)
			_exit(3);
		_exit(grow_in_a_child(heap, &block));
	}
	close(ends[0]);
	moves(heap, &block, 2 * MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_COPIED], 1);
	assert_int_equal(tally_of(heap)->failed_calls[EBUSY], 1);
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	moves(heap, &block, 4 * MIB);
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 1);
	touch_all(block.bytes, block.size);
	checked_fill(&block, 0);
	checked_release(heap, &block);
	stop();
}

/* mremap leaves a mapping for each block that was moved. */
static void moved_blocks_merge_with_their_neighbours(void **state)
{
	struct heap *heap;
	struct checked blocks[16];
	struct map_holes before, after;
	unsigned int i, round;

	(void)state;
	if (SANITIZED)
		skip();
	heap = start();
	before = heaps_map();
	for (i = 0; i < 16; i++)
		blocks[i] = block_of(heap, 32 * KIB);
	for (round = 2; round < 8; round++)
		for (i = 0; i < 16; i++)
			moves(heap, &blocks[(i * 5 + round) % 16],
			      32 * KIB * round);
	after = heaps_map();
	assert_int_equal(tally_of(heap)->growths[OUTCOME_MOVED], 16 * 6);
	assert_true(after.mappings - after.holes <=
		    before.mappings - before.holes + 2);
	for (i = 0; i < 16; i++)
		checked_release(heap, &blocks[i]);
	stop();
}

static void huge_pages_keep_their_contents(void **state)
{
	struct heap *heap = start();
	struct checked block;

	(void)state;
	heap->thp_advise = true;
	block = block_of(heap, 5 * MIB + 1);
	moves(heap, &block, 9 * MIB);
	moves(heap, &block, 17 * MIB);
	touch_all(block.bytes, block.size);
	checked_fill(&block, 0);
	checked_release(heap, &block);
	stop();
}

static void a_kernel_or_sandbox_that_refuses_is_explained(void **state)
{
	(void)state;
	memset(&planted, 0, sizeof(planted));
	planted.open_error = EPERM;
	assert_int_equal(heaps_open(&heaps, "uffd-move", 1, MIB), -EPERM);
	assert_non_null(strstr(heaps.why, "seccomp"));
	planted.open_error = 0;
	planted.api_error = EINVAL;
	assert_int_equal(heaps_open(&heaps, "uffd-move", 1, MIB), -EINVAL);
	assert_non_null(strstr(heaps.why, "Linux 6.8"));
	planted.api_error = 0;
	planted.move_error = EINVAL;
	assert_int_equal(heaps_open(&heaps, "uffd-move", 1, MIB), -EINVAL);
	assert_non_null(strstr(heaps.why, "UFFDIO_MOVE"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_growth_moves_whole_pages_in_one_call),
		cmocka_unit_test(moves_in_part_and_in_vain_go_on_to_the_end),
		cmocka_unit_test(a_move_in_vain_for_ever_becomes_a_copy),
		cmocka_unit_test(of_a_move_that_stops_only_the_rest_is_copied),
		cmocka_unit_test(
			whatever_is_touched_after_a_growth_is_never_waited_for),
		cmocka_unit_test(
			a_range_that_stays_registered_ends_with_its_descriptor),
		cmocka_unit_test(
			the_descriptor_is_closed_on_exec_and_at_the_end),
		cmocka_unit_test(
			a_file_in_the_place_of_the_descriptor_is_left_alone),
		cmocka_unit_test(
			pages_shared_with_a_child_are_copied_on_both_sides),
		cmocka_unit_test(moved_blocks_merge_with_their_neighbours),
		cmocka_unit_test(huge_pages_keep_their_contents),
		cmocka_unit_test(a_kernel_or_sandbox_that_refuses_is_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
