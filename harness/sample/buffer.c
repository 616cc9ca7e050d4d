/* buffer - what a workload asks of the allocator: timed, counted, verified. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <regrow/random.h>

#include "common/spin.h"
#include "sample/context.h"

/*
 * The thread sanitizer does not see mremap(2): pages that were moved keep the
 * history of their old address, which may be another thread's by now.
 */
#define BLOCK_CONTENTS __attribute__((no_sanitize_thread))

/* Begins a timed operation in a phase; its start. */
static uint64_t operation_begin(struct context *context, enum phase phase)
{
	uint64_t now_ns = clock_now_ns();

	context->recorder.phase = phase;
	context->recorder.phase_since_ns = now_ns;
	return now_ns;
}

/* Ends it, into the histogram and the sums but in a pause; how long it took. */
static uint64_t operation_end(struct context *context, enum operation operation,
			      uint64_t begin_ns)
{
	struct recorder *recorder = &context->recorder;
	uint64_t now_ns = clock_now_ns();
	uint64_t took_ns = now_ns - begin_ns;

	if (context->paused)
		return took_ns;
	if (recorder->phases_on)
		recorder->phase_ns[recorder->phase] +=
			now_ns - recorder->phase_since_ns;
	context->wall_ns += took_ns;
	context->clock_reads += 2;
	histogram_record(&context->operations[operation].histogram, took_ns);
	return took_ns;
}

/* A pause leaves no trace in the tally: from here to tally_forget(). */
static void tally_keep(const struct context *context, struct tally *before)
{
	if (context->paused)
		*before = context->recorder.tally;
}

static void tally_forget(struct context *context, const struct tally *before)
{
	if (context->paused)
		context->recorder.tally = *before;
}

/*
 * The request goes into the digest before it is known how it comes out. One
 * multiplication in the chain: this is paid in each operation.
 */
static void request_note(struct context *context, enum operation operation,
			 uint64_t identity, size_t size)
{
	uint64_t word = identity * 0x9e3779b97f4a7c15u +
			(uint64_t)size * 0xbf58476d1ce4e5b9u + operation;
	uint64_t digest = context->digest;

	context->requests++;
	context->digest =
		((digest << 23 | digest >> 41) ^ word) * 0x94d049bb133111ebu;
}

static void live_add(struct context *context, int64_t bytes)
{
	context->live_bytes += bytes;
	if (context->live_bytes > context->live_bytes_max)
		context->live_bytes_max = context->live_bytes;
}

/* Repetitions differ, or a page that is left of one would be right. */
static uint64_t buffer_key(struct worker *worker, uint64_t identity,
			   uint32_t generation)
{
	uint64_t life = (uint64_t)generation << 32 |
			worker_context(worker)->sample->repetition;

	/*
	 * Not a multiple of 8 in its low bits: a word shifted by bytes shows.
	 */
	return random_mix(worker->seed ^ random_mix(identity) ^ life) | 1;
}

/* A first call in a pause is not measured, and none after it is the first. */
static void first_call_note(const struct context *context,
			    struct first_call *first, uint64_t begin_ns,
			    uint64_t took_ns, size_t bytes)
{
	if (first->begin_ns == 0)
		*first = (struct first_call){begin_ns, took_ns,
					     context->paused ? 0 : bytes};
}

static uint64_t pages_of(const struct context *context, uint64_t bytes)
{
	size_t page = context->worker.page_size;

	return (bytes + page - 1) / page;
}

/* An alignment that malloc promises anyway changes no request. */
static uint64_t aligned_identity(uint64_t identity, size_t alignment)
{
	return alignment > ALIGNMENT_STANDARD
		       ? identity ^ random_mix((uint64_t)alignment)
		       : identity;
}

int buffer_alloc(struct worker *worker, struct buffer *buffer,
		 uint64_t identity, size_t size)
{
	return buffer_alloc_aligned(worker, buffer, identity,
				    ALIGNMENT_STANDARD, size);
}

int buffer_alloc_aligned(struct worker *worker, struct buffer *buffer,
			 uint64_t identity, size_t alignment, size_t size)
{
	struct context *context = worker_context(worker);
	struct heap *heap = &context->heaps[0];
	uint64_t begin_ns, took_ns;
	struct tally before;
	void *block;

	tally_keep(context, &before);
	request_note(context, OPERATION_ALLOC,
		     aligned_identity(identity, alignment), size);
	begin_ns = operation_begin(context, PHASE_CALL);
	block = heap_alloc_aligned(heap, alignment, size);
	took_ns = operation_end(context, OPERATION_ALLOC, begin_ns);
	tally_forget(context, &before);
	first_call_note(context, &context->first_alloc, begin_ns, took_ns,
			block ? size : 0);
	if (!block) {
		context->operations[OPERATION_ALLOC].failed++;
		return -ENOMEM;
	}
	buffer->bytes = block;
	buffer->size = size;
	buffer->identity = identity;
	buffer->generation++;
	buffer->key = buffer_key(worker, identity, buffer->generation);
	buffer->resident_pages = 0;
	buffer->copied_bytes = 0;
	buffer->written_pages = 0;
	live_add(context, (int64_t)size);
	return 0;
}

static void contradiction_note(struct context *context, const char *what,
			       const void *from, const void *to)
{
	if (context->contradictions++ == 0)
		snprintf(context->contradiction, sizeof(context->contradiction),
			 "%s: from %p to %p", what, from, to);
}

/* The tally of one growth against what is seen from outside. */
static void growth_check(struct context *context, const struct tally *before,
			 const void *from, const void *to)
{
	const struct tally *after = &context->recorder.tally;
	uint64_t counted[OUTCOME_COUNT];
	uint64_t growths = 0;
	bool moved;

	for (unsigned int i = 0; i < OUTCOME_COUNT; i++) {
		counted[i] = after->growths[i] - before->growths[i];
		growths += counted[i];
	}
	moved = counted[OUTCOME_MOVED] || counted[OUTCOME_COPIED];
	if (growths != 1)
		contradiction_note(context, "not exactly one outcome tallied",
				   from, to);
	else if (!to != !!counted[OUTCOME_FAILED])
		contradiction_note(context, "failure and tally differ", from,
				   to);
	else if (to && moved != (from != to))
		contradiction_note(context, "address and tally differ", from,
				   to);
}

/* Before a block grows or goes. */
static void sparse_note(struct context *context, const struct buffer *buffer)
{
	context->sparse_blocks +=
		buffer->resident_pages < pages_of(context, buffer->size);
}

/* That many pages were copied to and read; one read first is a fault. */
static void copy_note(struct context *context, const struct buffer *buffer,
		      uint64_t pages)
{
	if (context->paused)
		return;
	context->copied_pages += pages;
	if (pages > buffer->resident_pages)
		context->untouched_pages += pages - buffer->resident_pages;
}

/*
 * What the page-fault oracle needs to know of a growth: a copy writes the pages
 * of its destination, and reads those of its source, each of which is a fault
 * where nothing was written there before.
 */
static void growth_account(struct context *context, struct buffer *buffer,
			   uint64_t bytes_copied)
{
	uint64_t pages = pages_of(context, bytes_copied);

	sparse_note(context, buffer);
	if (bytes_copied == 0)
		return;
	copy_note(context, buffer, pages);
	buffer->resident_pages = pages;
	buffer->copied_bytes = bytes_copied;
}

static unsigned int size_class_of(size_t size)
{
	unsigned int class = 63 - (unsigned int)__builtin_clzll(size | 1);

	return class < SIZE_CLASSES ? class : SIZE_CLASSES - 1;
}

/* A growth's own time; that of its touches and re-reads follows. */
static void size_note(struct context *context, size_t new_size,
		      uint64_t took_ns)
{
	struct size_figures *class;

	context->size_class = size_class_of(new_size);
	if (context->paused)
		return;
	class = &context->sizes[context->size_class];
	class->growths++;
	class->bytes += new_size;
	class->grow_ns += took_ns;
}

/* The floor's blocks are one mapping, which a copy would write to. */
static void *grow_aligned(struct heap *heap, const struct buffer *buffer,
			  size_t alignment, size_t new_size)
{
	void *block;

	if (alignment <= ALIGNMENT_STANDARD || heap->allocator->is_floor)
		return heap_grow(heap, buffer->bytes, buffer->size, new_size);
	block = heap_replace(heap, buffer->bytes, buffer->size, alignment,
			     new_size);
	tally_growth(heap->recorder, block ? OUTCOME_COPIED : OUTCOME_FAILED);
	return block;
}

int buffer_grow(struct worker *worker, struct buffer *buffer, size_t new_size)
{
	return buffer_grow_aligned(worker, buffer, ALIGNMENT_STANDARD,
				   new_size);
}

int buffer_grow_aligned(struct worker *worker, struct buffer *buffer,
			size_t alignment, size_t new_size)
{
	struct context *context = worker_context(worker);
	struct heap *heap = &context->heaps[0];
	bool checking = context->sample->request->pass == PASS_CHECKING;
	uint64_t copied_before = context->recorder.tally.bytes_copied;
	struct tally before;
	uint64_t begin_ns;
	uint64_t took_ns;
	uint64_t copied;
	void *block;

	if (checking || context->paused)
		before = context->recorder.tally;
	request_note(context, OPERATION_GROW,
		     aligned_identity(buffer->identity, alignment), new_size);
	begin_ns = operation_begin(context, PHASE_CALL);
	if (context->sample->request->spin_iterations > 0 && !context->paused)
		spin(context->sample->request->spin_iterations);
	block = grow_aligned(heap, buffer, alignment, new_size);
	took_ns = operation_end(context, OPERATION_GROW, begin_ns);
	first_call_note(context, &context->first_grow, begin_ns, took_ns,
			block ? new_size : 0);
	if (checking)
		growth_check(context, &before, buffer->bytes, block);
	copied = context->recorder.tally.bytes_copied - copied_before;
	tally_forget(context, &before);
	size_note(context, new_size, took_ns);
	if (!block) {
		context->operations[OPERATION_GROW].failed++;
		return -ENOMEM;
	}
	growth_account(context, buffer, copied);
	live_add(context, (int64_t)new_size - (int64_t)buffer->size);
	buffer->bytes = block;
	buffer->size = new_size;
	return 0;
}

/* Pages that the workload wrote, fewer by then; at most those of a size. */
static void written_cut(struct context *context, struct buffer *buffer,
			size_t size)
{
	size_t pages = pages_of(context, size);

	if (buffer->written_pages <= pages)
		return;
	context->written_pages -= (int64_t)(buffer->written_pages - pages);
	buffer->written_pages = pages;
}

/*
 * The pages behind the new end are gone, or may come back with their faults
 * saved: see judge_faults(). A block that went elsewhere was copied, as a
 * library may do without a word.
 */
static void shrink_account(struct context *context, struct buffer *buffer,
			   const void *block, size_t new_size)
{
	size_t pages = pages_of(context, new_size);
	bool dense = buffer->resident_pages == pages_of(context, buffer->size);

	sparse_note(context, buffer);
	/* Its last page stays, though less than a word of it may be left. */
	if (dense)
		buffer->copied_bytes = new_size;
	if (buffer->resident_pages > pages)
		buffer->resident_pages = pages;
	if (buffer->copied_bytes > new_size)
		buffer->copied_bytes = new_size;
	if (block == buffer->bytes)
		return;
	copy_note(context, buffer, pages);
	buffer->resident_pages = pages;
	buffer->copied_bytes = new_size;
}

int buffer_shrink(struct worker *worker, struct buffer *buffer, size_t new_size)
{
	struct context *context = worker_context(worker);
	struct heap *heap = &context->heaps[0];
	struct tally before;
	uint64_t begin_ns;
	void *block;

	tally_keep(context, &before);
	request_note(context, OPERATION_SHRINK, buffer->identity, new_size);
	begin_ns = operation_begin(context, PHASE_CALL);
	block = heap_shrink(heap, buffer->bytes, buffer->size, new_size);
	operation_end(context, OPERATION_SHRINK, begin_ns);
	tally_forget(context, &before);
	if (!block) {
		context->operations[OPERATION_SHRINK].failed++;
		return -ENOMEM;
	}
	shrink_account(context, buffer, block, new_size);
	written_cut(context, buffer, new_size);
	live_add(context, (int64_t)new_size - (int64_t)buffer->size);
	buffer->bytes = block;
	buffer->size = new_size;
	return 0;
}

void buffer_release(struct worker *worker, struct buffer *buffer)
{
	struct context *context = worker_context(worker);
	struct heap *heap = &context->heaps[0];
	struct tally before;
	uint64_t begin_ns;

	tally_keep(context, &before);
	request_note(context, OPERATION_RELEASE, buffer->identity,
		     buffer->size);
	sparse_note(context, buffer);
	begin_ns = operation_begin(context, PHASE_CALL);
	heap->allocator->release(heap, buffer->bytes, buffer->size);
	operation_end(context, OPERATION_RELEASE, begin_ns);
	tally_forget(context, &before);
	live_add(context, -(int64_t)buffer->size);
	written_cut(context, buffer, 0);
	buffer->bytes = NULL;
	buffer->size = 0;
	buffer->resident_pages = 0;
	buffer->copied_bytes = 0;
}

/* Whole words of from..to, inside the buffer. */
static void word_range(const struct buffer *buffer, size_t *from, size_t *to)
{
	size_t end = buffer->size & ~(size_t)7;

	*from &= ~(size_t)7;
	*to = (*to + 7) & ~(size_t)7;
	if (*to > end)
		*to = end;
	if (*from > *to)
		*from = *to;
}

/*
 * The page at from counts only where from is its first byte. A copy may have
 * written more than was asked for: what is touched there faults no more.
 */
static void touch_account(struct context *context, struct buffer *buffer,
			  size_t from, size_t to)
{
	uint64_t end = pages_of(context, to);
	uint64_t first = pages_of(context, from);
	uint64_t copied = pages_of(context, buffer->copied_bytes);
	uint64_t rewritten = 0;

	if (copied > first)
		rewritten = (copied < end ? copied : end) - first;
	if (!context->paused) {
		context->touched_bytes +=
			(end - first) * context->worker.page_size;
		context->rewritten_pages += rewritten;
	}
	buffer->resident_pages += end - first - rewritten;
	buffer->written_pages += end - first;
	context->written_pages += (int64_t)(end - first);
}

BLOCK_CONTENTS
void buffer_touch(struct worker *worker, struct buffer *buffer, size_t from,
		  size_t to)
{
	struct context *context = worker_context(worker);
	uint64_t *words = (uint64_t *)(void *)buffer->bytes;
	uint64_t key = buffer->key;
	uint64_t begin_ns;
	uint64_t took_ns;

	word_range(buffer, &from, &to);
	begin_ns = operation_begin(context, PHASE_TOUCH);
	for (size_t offset = from; offset < to; offset += 8)
		words[offset / 8] = key + offset;
	took_ns = operation_end(context, OPERATION_TOUCH, begin_ns);
	if (!context->paused)
		context->sizes[context->size_class].touch_ns += took_ns;
	touch_account(context, buffer, from, to);
}

void worker_fault(struct worker *worker, bool of_interest, uint64_t *word,
		  uint64_t value)
{
	struct context *context = worker_context(worker);
	uint64_t begin_ns = operation_begin(context, PHASE_TOUCH);

	*(volatile uint64_t *)word = value;
	operation_end(context, of_interest ? OPERATION_FAULT : OPERATION_TOUCH,
		      begin_ns);
	if (!context->paused)
		context->touched_bytes += worker->page_size;
}

BLOCK_CONTENTS
void buffer_reread(struct worker *worker, const struct buffer *buffer,
		   size_t from, size_t to)
{
	struct context *context = worker_context(worker);
	const uint64_t *words = (const uint64_t *)(void *)buffer->bytes;
	uint64_t sum = 0;
	uint64_t begin_ns;
	uint64_t took_ns;

	word_range(buffer, &from, &to);
	begin_ns = operation_begin(context, PHASE_REREAD);
	for (size_t offset = from; offset < to; offset += 64)
		sum += words[offset / 8];
	/* The sum is used, as far as the compiler can tell. */
	__asm__ volatile("" : : "r"(sum) : "memory");
	took_ns = operation_end(context, OPERATION_REREAD, begin_ns);
	if (!context->paused)
		context->sizes[context->size_class].reread_ns += took_ns;
}

BLOCK_CONTENTS
static void wrong_words(struct context *context, const struct buffer *buffer,
			size_t from, size_t to)
{
	const uint64_t *words = (const uint64_t *)(void *)buffer->bytes;

	for (size_t offset = from; offset < to; offset += 8) {
		if (words[offset / 8] == buffer->key + offset)
			continue;
		if (context->words_wrong++ == 0) {
			context->wrong_identity = buffer->identity;
			context->wrong_offset = offset;
		}
	}
}

BLOCK_CONTENTS
void buffer_verify(struct worker *worker, const struct buffer *buffer,
		   size_t from, size_t to)
{
	struct context *context = worker_context(worker);
	const uint64_t *words = (const uint64_t *)(void *)buffer->bytes;
	bool running = !context->paused;
	uint64_t difference = 0;

	if (!context->sample->contents_kept)
		return;
	if (running)
		context_stop(context);
	word_range(buffer, &from, &to);
	for (size_t offset = from; offset < to; offset += 8)
		difference |= words[offset / 8] ^ (buffer->key + offset);
	context->words_verified += (to - from) / 8;
	if (difference)
		wrong_words(context, buffer, from, to);
	if (running)
		context_start(context);
}
