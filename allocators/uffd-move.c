/*
 * uffd-move - moves the block's pages into a new mapping by UFFDIO_MOVE.
 *
 * On growth: mmap, UFFDIO_MOVE of what the block has, munmap. Unlike mremap,
 * which moves mappings, it moves pages between mappings that are where they
 * were made, so that these go on to merge with their neighbours. Android's
 * garbage collector compacts so; no allocator is known to grow blocks with it.
 * Holes of the source stay holes. Linux 6.8, without any privilege.
 *
 * The kernel moves only into a range that is registered for events of missing
 * pages. Nobody answers events here: whoever touched a missing page would wait
 * for ever. So the range is that of the pages that are moved, what is new
 * behind them never belongs to it, and it is registered no more before anybody
 * sees the block; should even that fail, closing the descriptor ends it.
 *
 * What cannot be moved (EBUSY: a page shared with a forked child, or pinned) is
 * copied from where the move stopped. What was moved before is not read again:
 * it is zeros at the source. The growth is tallied as copied.
 *
 * Each thread has a descriptor of its own, so that closing one ends only what
 * its thread registered. A forked child's would register its parent's memory,
 * and is replaced.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <linux/userfaultfd.h>

#include <regrow/pages.h>

/* As in <linux/userfaultfd.h> since 5.11. */
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

/*
 * As in <linux/userfaultfd.h> since 6.8 (commit adef440691ba), by names of our
 * own, since a header has all of them or none.
 */
#define MOVE_FEATURE ((uint64_t)1 << 16) /* UFFD_FEATURE_MOVE */
#define MOVE_ALLOW_HOLES ((uint64_t)1 << 1) /* ..._MODE_ALLOW_SRC_HOLES */
#define MOVE_IOCTL _IOWR(UFFDIO, 0x05, struct move_request) /* UFFDIO_MOVE */

/* struct uffdio_move */
struct move_request {
	uint64_t to;
	uint64_t from;
	uint64_t bytes;
	uint64_t mode;
	int64_t moved; /* written by the kernel: bytes, or -errno */
};

/* Tries without a byte moved, where the kernel says to try again. */
#define TRIES_MAX 100

struct uffd_move_heap {
	int descriptor; /* -1: none */
	pid_t owner; /* the process that opened it */
};

/* A descriptor that moves, or -errno. */
static int uffd_move_descriptor(void)
{
	struct uffdio_api api = {.api = UFFD_API, .features = MOVE_FEATURE};
	int descriptor =
		(int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	int error;

	if (descriptor < 0)
		return -errno;
	if (ioctl(descriptor, UFFDIO_API, &api) == 0)
		return descriptor;
	error = -errno;
	close(descriptor);
	return error;
}

static int uffd_move_register(int descriptor, const void *start, size_t bytes)
{
	struct uffdio_register range = {
		.range = {.start = (uintptr_t)start, .len = bytes},
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	return ioctl(descriptor, UFFDIO_REGISTER, &range) ? -errno : 0;
}

static int uffd_move_unregister(int descriptor, const void *start, size_t bytes)
{
	struct uffdio_range range = {.start = (uintptr_t)start, .len = bytes};

	return ioctl(descriptor, UFFDIO_UNREGISTER, &range) ? -errno : 0;
}

/*
 * Bytes moved by one call, which may be fewer than asked for; -errno: none.
 * Holes count as moved.
 */
static int64_t uffd_move_call(int descriptor, unsigned char *to,
			      const unsigned char *from, size_t bytes)
{
	struct move_request request = {
		.to = (uintptr_t)to,
		.from = (uintptr_t)from,
		.bytes = bytes,
		.mode = MOVE_ALLOW_HOLES,
	};

	if (ioctl(descriptor, MOVE_IOCTL, &request) == 0)
		return (int64_t)bytes;
	/* moved is set only by a call that came to move something. */
	return request.moved > 0 ? request.moved : -errno;
}

/* Moves one page. */
static int uffd_move_probe(const struct option_value *options, char *why,
			   size_t why_size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int descriptor = uffd_move_descriptor();
	int64_t error = descriptor < 0 ? descriptor : 0;
	unsigned char *pages;

	(void)options;
	pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED) {
		error = -errno;
	} else {
		pages[0] = 1;
		if (!error)
			error = uffd_move_register(descriptor, pages + page,
						   page);
		if (!error)
			error = uffd_move_call(descriptor, pages + page, pages,
					       page);
		munmap(pages, 2 * page);
	}
	if (descriptor >= 0)
		close(descriptor);
	if (error >= 0)
		return 0;
	snprintf(why, why_size, "UFFDIO_MOVE: %s: %s", strerror((int)-error),
		 error == -EPERM || error == -EACCES
			 ? "a sandbox forbids userfaultfd: allow it (seccomp)"
			 : "it needs Linux 6.8, built with USERFAULTFD");
	return (int)error;
}

static int uffd_move_open(struct heap *heap)
{
	struct uffd_move_heap *state = heap->state;

	state->owner = getpid();
	state->descriptor = uffd_move_descriptor();
	return state->descriptor < 0 ? state->descriptor : 0;
}

static void uffd_move_close(struct heap *heap)
{
	struct uffd_move_heap *state = heap->state;

	if (state->descriptor >= 0)
		close(state->descriptor);
}

/* Closes the descriptor; what was registered by it no longer is. */
static void uffd_move_renew(struct heap *heap)
{
	int error;

	uffd_move_close(heap);
	error = uffd_move_open(heap);
	if (error)
		tally_failed_call(heap->recorder, -error);
}

/* Registers the range; false, and tallied, where it cannot be. */
static bool uffd_move_begin(struct heap *heap, const void *to, size_t bytes)
{
	struct uffd_move_heap *state = heap->state;
	int error;

	if (state->descriptor < 0 || state->owner != getpid())
		uffd_move_renew(heap);
	if (state->descriptor < 0)
		return false;
	error = uffd_move_register(state->descriptor, to, bytes);
	if (error)
		tally_failed_call(heap->recorder, -error);
	/* The program has closed it: the number may be a file of its own. */
	if (error == -EBADF || error == -ENOTTY)
		state->descriptor = -1;
	return !error;
}

/* How many of the block's bytes are at to now; the rest is where it was. */
static size_t uffd_move_pages(struct heap *heap, const unsigned char *block,
			      unsigned char *to, size_t bytes)
{
	struct uffd_move_heap *state = heap->state;
	unsigned int tries = 0;
	size_t moved = 0;
	int error;

	if (!uffd_move_begin(heap, to, bytes))
		return 0;
	while (moved < bytes && tries < TRIES_MAX) {
		int64_t step = uffd_move_call(state->descriptor, to + moved,
					      block + moved, bytes - moved);

		if (step > 0) {
			moved += (size_t)step;
			tries = 0;
			continue;
		}
		tally_failed_call(heap->recorder, (int)-step);
		tries = step == -EAGAIN ? tries + 1 : TRIES_MAX;
	}
	error = uffd_move_unregister(state->descriptor, to, bytes);
	if (error) {
		tally_failed_call(heap->recorder, -error);
		uffd_move_renew(heap);
	}
	return moved;
}

static void *uffd_move_grow(struct heap *heap, void *block, size_t size,
			    size_t new_size)
{
	struct recorder *recorder = heap->recorder;
	size_t bytes = pages_round(heap, size), moved;
	unsigned char *to, *from = block;

	if (pages_slack(heap, size, new_size)) {
		tally_growth(recorder, OUTCOME_SLACK);
		return block;
	}
	phase_begin(recorder, PHASE_MAP);
	to = pages_map(heap, pages_round(heap, new_size), 0);
	if (!to) {
		tally_growth(recorder, OUTCOME_FAILED);
		return NULL;
	}
	phase_begin(recorder, PHASE_MOVE);
	moved = uffd_move_pages(heap, block, to, bytes);
	if (moved == bytes) {
		tally_moved(recorder, block, to, bytes, false);
	} else {
		phase_begin(recorder, PHASE_COPY);
		memcpy(to + moved, from + moved, size - moved);
		tally_copied(recorder, size - moved);
		recorder->tally.bytes_moved += moved;
	}
	pages_release(heap, block, size);
	return to;
}

static const struct allocator uffd_move = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "uffd-move",
	.summary = "moves pages by UFFDIO_MOVE, so that mappings merge",
	.mechanism = 1 << OUTCOME_MOVED,
	.heap_size = sizeof(struct uffd_move_heap),
	.probe = uffd_move_probe,
	.open = uffd_move_open,
	.close = uffd_move_close,
	.alloc = pages_alloc,
	.grow = uffd_move_grow,
	.release = pages_release,
	.alloc_aligned = pages_alloc_aligned,
	.shrink = pages_shrink,
};

REGISTER_ALLOCATOR(uffd_move);
