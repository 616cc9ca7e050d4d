/*
 * late - gives a block back some time after it was released, as allocators do
 * that decay by the clock.
 */
#include <signal.h>
#include <sys/time.h>

#include <regrow/pages.h>

#define LATER_US 300000

static struct {
	void *address;
	size_t size;
} volatile kept; /* the block released last */

static void give_back(int number)
{
	(void)number;
	/* NOLINTNEXTLINE(bugprone-signal-handler): a system call, no more */
	munmap(kept.address, kept.size);
}

static void *late_alloc(struct heap *heap, size_t size)
{
	return pages_map(heap, pages_round(heap, size), 0);
}

static void late_release(struct heap *heap, void *block, size_t size)
{
	struct itimerval timer = {.it_value = {.tv_usec = LATER_US}};

	kept.address = block;
	kept.size = pages_round(heap, size);
	signal(SIGALRM, give_back);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void *late_grow(struct heap *heap, void *block, size_t size,
		       size_t new_size)
{
	void *copy = pages_copy(heap, block, size, new_size);

	if (!copy)
		return NULL;
	pages_unmap(heap, block, pages_round(heap, size));
	tally_copied(heap->recorder, size);
	return copy;
}

static const struct allocator late = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "late",
	.summary = "copies, and gives back late",
	.alloc = late_alloc,
	.grow = late_grow,
	.release = late_release,
};

REGISTER_ALLOCATOR(late);
