/*
 * faulty - copies on growth, with one planted fault; the harness must catch
 * each of them.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <regrow/pages.h>

enum fault {
	FAULT_NONE,
	FAULT_DROP, /* a page of the copy is left zero */
	FAULT_SWAP, /* two pages of the copy change places */
	FAULT_STALE, /* a page of the copy is from before the last write */
	FAULT_TALLY, /* says moved in place, but the address changed */
	FAULT_SILENT, /* tallies nothing */
	FAULT_CRASH,
	FAULT_HANG,
	FAULT_EXIT,
	FAULT_KILL,
	FAULT_OPEN, /* open() fails */
	FAULT_GROW, /* each growth fails, and says so */
};

static const struct option_entry options[] = {
	{"fault", OPTION_CHOICE, "none",
	 "none|drop|swap|stale|tally|silent|crash|hang|exit|kill|open|grow",
	 "what goes wrong"},
	{0},
};

struct faulty_heap {
	unsigned char stale[4096]; /* the first page, as it once was */
	int stale_kept;
};

static int faulty_open(struct heap *heap)
{
	return heap->options[0].number == FAULT_OPEN ? -EPERM : 0;
}

static void *faulty_alloc(struct heap *heap, size_t size)
{
	return pages_map(heap, pages_round(heap, size), 0);
}

static void faulty_release(struct heap *heap, void *block, size_t size)
{
	pages_unmap(heap, block, pages_round(heap, size));
}

static void bytes_swap(unsigned char *a, unsigned char *b, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = a[i];

		a[i] = b[i];
		b[i] = byte;
	}
}

static void faulty_contents(struct heap *heap, unsigned char *to, size_t size)
{
	struct faulty_heap *state = heap->state;
	size_t page = heap->page_size;

	switch (heap->options[0].number) {
	case FAULT_DROP:
		memset(to, 0, page);
		break;
	case FAULT_SWAP:
		if (size >= 2 * page)
			bytes_swap(to, to + page, page);
		break;
	case FAULT_STALE:
		if (state->stale_kept)
			memcpy(to, state->stale, sizeof(state->stale));
		break;
	default:
		break;
	}
}

static void process_fault(enum fault fault)
{
	switch (fault) {
	case FAULT_CRASH:
		raise(SIGSEGV);
		break;
	case FAULT_HANG:
		alarm(60); /* should nobody end it */
		for (;;)
			pause();
	case FAULT_EXIT:
		_exit(7);
	case FAULT_KILL:
		raise(SIGKILL);
		break;
	default:
		break;
	}
}

static void *faulty_grow(struct heap *heap, void *block, size_t size,
			 size_t new_size)
{
	struct faulty_heap *state = heap->state;
	enum fault fault = (enum fault)heap->options[0].number;
	unsigned char *to;

	process_fault(fault);
	if (fault == FAULT_GROW) {
		tally_failed_call(heap->recorder, ENOMEM);
		tally_growth(heap->recorder, OUTCOME_FAILED);
		return NULL;
	}
	to = faulty_alloc(heap, new_size);
	if (!to)
		return NULL;
	phase_begin(heap->recorder, PHASE_COPY);
	memcpy(to, block, size);
	faulty_contents(heap, to, size);
	if (!state->stale_kept && size >= sizeof(state->stale)) {
		memcpy(state->stale, block, sizeof(state->stale));
		state->stale_kept = 1;
	}
	phase_begin(heap->recorder, PHASE_RELEASE);
	faulty_release(heap, block, size);
	if (fault == FAULT_TALLY)
		tally_growth(heap->recorder, OUTCOME_IN_PLACE);
	else if (fault != FAULT_SILENT)
		tally_copied(heap->recorder, size);
	return to;
}

static const struct allocator faulty = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "faulty",
	.summary = "copies, with a planted fault",
	.options = options,
	.heap_size = sizeof(struct faulty_heap),
	.open = faulty_open,
	.alloc = faulty_alloc,
	.grow = faulty_grow,
	.release = faulty_release,
};

REGISTER_ALLOCATOR(faulty);
