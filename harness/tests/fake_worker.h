/*
 * fake_worker - the buffer_ and worker_ functions as a recorder: no allocator,
 * no clock; what was asked for, in order, and what it means for memory.
 *
 * Include in one file of a test. A block is an address with nothing behind it;
 * which words were written and verified stands in a shadow. A word that is read
 * without having been written, or that dies without having been verified since
 * its block last grew, fails the test at once.
 */
#ifndef REGROW_FAKE_WORKER_H
#define REGROW_FAKE_WORKER_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <regrow/allocator.h>
#include <regrow/workload.h>

#include "common/spec.h"

enum fake_kind {
	FAKE_ALLOC,
	FAKE_GROW,
	FAKE_SHRINK,
	FAKE_RELEASE,
	FAKE_TOUCH,
	FAKE_REREAD,
	FAKE_VERIFY,
	FAKE_CHECKPOINT,
	FAKE_FORK,
	FAKE_PAUSED = 0x100, /* added: it was done in a pause */
};

/* Without padding: logs are compared by memcmp. */
struct fake_request {
	uint32_t kind;
	uint32_t generation;
	uint64_t identity;
	uint64_t from; /* grow: the size before; checkpoint: live bytes */
	uint64_t to; /* alloc, grow, shrink, release: the size */
};

enum { FAKE_WRITTEN = 1, FAKE_VERIFIED = 2 };

struct fake_block {
	unsigned char *words; /* FAKE_ flags of each */
	unsigned char *touched; /* by page: bool */
	uint64_t pages_resident; /* by growths that copy */
};

static struct {
	struct fake_request *log;
	uint64_t *begun; /* requests that had, at each of the log */
	size_t count;
	size_t room;
	/* Says whether that call of alloc or grow, from 0, fails. */
	bool (*fails)(uint64_t call);
	/*
	 * Where blocks lie, for what looks at addresses; NULL: anywhere. All
	 * three or none.
	 */
	void *(*place)(size_t size);
	void (*unplace)(void *block, size_t size);
	int (*mapping)(uintptr_t address, struct mapping *mapping);
	uint64_t calls;
	uint64_t failed;
	uint64_t alignments; /* a mask of those that alloc and grow asked */
	bool paused;
	unsigned int checkpoints;
	enum arrivals law;
	double interval_ns;
	uint64_t requests_due; /* of the schedule */
	uint64_t requests;
	bool requesting;
	struct {
		const char *name;
		uint64_t value;
	} figures[WORKER_FIGURES_MAX];
	uint64_t faults
		[2]; /* of the workload's own pages: of interest, or not */
	uint64_t own_pages; /* of them; they are not given back */
	uint64_t page_size;
	uint64_t live;
	uint64_t live_blocks;
	uint64_t resident;
	struct estimate seen; /* what the run took, as an estimate says it */
} fake;

static void fake_log(enum fake_kind kind, const struct buffer *buffer,
		     uint64_t from, uint64_t to)
{
	if (fake.count == fake.room) {
		fake.room = fake.room ? 2 * fake.room : 1024;
		fake.log = realloc(fake.log, fake.room * sizeof(*fake.log));
		fake.begun =
			realloc(fake.begun, fake.room * sizeof(*fake.begun));
		assert_non_null(fake.log);
		assert_non_null(fake.begun);
	}
	fake.begun[fake.count] = fake.requests + fake.requesting;
	fake.log[fake.count++] = (struct fake_request){
		.kind = kind | (fake.paused ? FAKE_PAUSED : 0),
		.generation = buffer ? buffer->generation : 0,
		.identity = buffer ? buffer->identity : 0,
		.from = from,
		.to = to,
	};
}

static struct fake_block *fake_block(const struct buffer *buffer)
{
	assert_non_null(buffer->bytes);
	return (struct fake_block *)(uintptr_t)buffer->key;
}

static uint64_t fake_pages(uint64_t size)
{
	return (size + fake.page_size - 1) / fake.page_size;
}

static void fake_peak(uint64_t *peak, uint64_t value)
{
	if (*peak < value)
		*peak = value;
}

static bool fake_fails(void)
{
	bool fails = fake.fails && fake.fails(fake.calls);

	fake.calls++;
	fake.failed += fails;
	return fails;
}

/* The block's shadow, zero from the old size on. */
static void fake_resize(struct buffer *buffer, uint64_t old, uint64_t size)
{
	struct fake_block *block = fake_block(buffer);

	block->words = realloc(block->words, size / 8);
	block->touched = realloc(block->touched, fake_pages(size));
	assert_non_null(block->words);
	assert_non_null(block->touched);
	memset(block->words + old / 8, 0, size / 8 - old / 8);
	memset(block->touched + fake_pages(old), 0,
	       fake_pages(size) - fake_pages(old));
	fake.live += size - old;
	fake_peak(&fake.seen.live_bytes_max, fake.live);
	fake_peak(&fake.seen.block_bytes_max, size);
}

static void fake_align(size_t alignment)
{
	assert_true(alignment && (alignment & (alignment - 1)) == 0);
	fake.alignments |= alignment;
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
	(void)worker;
	assert_null(buffer->bytes);
	assert_true(size > 0 && size % 8 == 0);
	buffer->identity = identity;
	fake_log(FAKE_ALLOC, buffer, 0, size);
	fake_align(alignment);
	fake.seen.operations++;
	if (fake_fails())
		return -ENOMEM;
	buffer->bytes = fake.place ? fake.place(size) : malloc(1);
	assert_non_null(buffer->bytes);
	buffer->size = size;
	buffer->generation++;
	buffer->key = (uint64_t)(uintptr_t)calloc(1, sizeof(struct fake_block));
	fake.live_blocks++;
	fake_resize(buffer, 0, size);
	return 0;
}

int buffer_grow(struct worker *worker, struct buffer *buffer, size_t new_size)
{
	return buffer_grow_aligned(worker, buffer, ALIGNMENT_STANDARD,
				   new_size);
}

int buffer_grow_aligned(struct worker *worker, struct buffer *buffer,
			size_t alignment, size_t new_size)
{
	struct fake_block *block = fake_block(buffer);
	uint64_t old = buffer->size;

	(void)worker;
	assert_true(new_size > old && new_size % 8 == 0);
	assert_null(fake.place); /* of what does not grow */
	fake_log(FAKE_GROW, buffer, old, new_size);
	fake_align(alignment);
	fake.seen.operations++;
	fake.seen.growths += !fake.paused;
	if (fake_fails())
		return -ENOMEM;
	fake.seen.copied_bytes += fake.paused ? 0 : old;
	/* A copy: both ends at once; then all that was copied is there. */
	fake_peak(&fake.seen.resident_bytes_max,
		  (fake.resident + fake_pages(old)) * fake.page_size);
	fake.resident += fake_pages(old) - block->pages_resident;
	block->pages_resident = fake_pages(old);
	for (uint64_t i = 0; i < old / 8; i++)
		block->words[i] &= FAKE_WRITTEN;
	fake_resize(buffer, old, new_size);
	free(buffer->bytes);
	buffer->bytes = malloc(1);
	assert_non_null(buffer->bytes);
	buffer->size = new_size;
	return 0;
}

int buffer_shrink(struct worker *worker, struct buffer *buffer, size_t new_size)
{
	struct fake_block *block = fake_block(buffer);
	uint64_t pages = fake_pages(new_size), page;

	(void)worker;
	assert_true(new_size > 0 && new_size < buffer->size &&
		    new_size % 8 == 0);
	/* What dies by it was verified. */
	assert_null(memchr(block->words + new_size / 8, FAKE_WRITTEN,
			   (buffer->size - new_size) / 8));
	fake_log(FAKE_SHRINK, buffer, buffer->size, new_size);
	fake.seen.operations++;
	if (fake_fails())
		return -ENOMEM;
	for (page = pages; page < fake_pages(buffer->size); page++)
		if (block->touched[page]) {
			block->pages_resident--;
			fake.resident--;
		}
	fake.live -= buffer->size - new_size;
	buffer->size = new_size;
	return 0;
}

void buffer_release(struct worker *worker, struct buffer *buffer)
{
	struct fake_block *block = fake_block(buffer);

	(void)worker;
	assert_null(memchr(block->words, FAKE_WRITTEN, buffer->size / 8));
	fake_log(FAKE_RELEASE, buffer, 0, buffer->size);
	fake.seen.operations++;
	fake.live -= buffer->size;
	fake.live_blocks--;
	fake.resident -= block->pages_resident;
	free(block->words);
	free(block->touched);
	free(block);
	if (fake.unplace)
		fake.unplace(buffer->bytes, buffer->size);
	else
		free(buffer->bytes);
	buffer->bytes = NULL;
	buffer->size = 0;
}

void buffer_touch(struct worker *worker, struct buffer *buffer, size_t from,
		  size_t to)
{
	struct fake_block *block = fake_block(buffer);

	(void)worker;
	assert_true(from < to && to <= buffer->size);
	fake_log(FAKE_TOUCH, buffer, from, to);
	memset(block->words + from / 8, FAKE_WRITTEN, (to - from) / 8);
	for (uint64_t page = from / fake.page_size; page < fake_pages(to);
	     page++) {
		if (block->touched[page])
			continue;
		block->touched[page] = true;
		fake.seen.touched_bytes += fake.page_size;
		/* A partly old page came with the copy. */
		if (page * fake.page_size >= from) {
			block->pages_resident++;
			fake.resident++;
		}
	}
	fake_peak(&fake.seen.resident_bytes_max,
		  fake.resident * fake.page_size);
}

void worker_fault(struct worker *worker, bool of_interest, uint64_t *word,
		  uint64_t value)
{
	(void)worker;
	assert_int_equal(*word, 0);
	*word = value;
	fake.faults[of_interest]++;
	fake.seen.touched_bytes += fake.page_size;
	fake.own_pages++;
	fake_peak(&fake.seen.resident_bytes_max,
		  (fake.resident + fake.own_pages) * fake.page_size);
}

static void fake_read(const struct buffer *buffer, size_t from, size_t to)
{
	struct fake_block *block = fake_block(buffer);

	assert_true(from < to && to <= buffer->size);
	assert_null(memchr(block->words + from / 8, 0, (to - from) / 8));
}

void buffer_reread(struct worker *worker, const struct buffer *buffer,
		   size_t from, size_t to)
{
	(void)worker;
	fake_log(FAKE_REREAD, buffer, from, to);
	fake_read(buffer, from, to);
	fake.seen.reread_bytes += fake.paused ? 0 : to - from;
}

void buffer_verify(struct worker *worker, const struct buffer *buffer,
		   size_t from, size_t to)
{
	struct fake_block *block = fake_block(buffer);

	(void)worker;
	fake_log(FAKE_VERIFY, buffer, from, to);
	fake_read(buffer, from, to);
	memset(block->words + from / 8, FAKE_WRITTEN | FAKE_VERIFIED,
	       (to - from) / 8);
}

void worker_pause(struct worker *worker)
{
	(void)worker;
	assert_false(fake.paused);
	fake.paused = true;
}

void worker_resume(struct worker *worker)
{
	(void)worker;
	assert_true(fake.paused);
	fake.paused = false;
}

void worker_arrivals(struct worker *worker, enum arrivals law,
		     double interval_ns, uint64_t requests)
{
	(void)worker;
	assert_int_equal(fake.requests, 0);
	assert_true(interval_ns > 0);
	fake.law = law;
	fake.interval_ns = interval_ns;
	fake.requests_due = requests;
}

void worker_request_begin(struct worker *worker)
{
	(void)worker;
	assert_false(fake.paused || fake.requesting);
	fake.requesting = true;
}

void worker_request_end(struct worker *worker)
{
	(void)worker;
	assert_false(fake.paused);
	assert_true(fake.requesting);
	fake.requesting = false;
	fake.requests++;
}

void worker_checkpoint(struct worker *worker)
{
	(void)worker;
	assert_false(fake.paused || fake.requesting);
	fake_log(FAKE_CHECKPOINT, NULL, fake.live, 0);
	fake.checkpoints++;
}

int worker_mapping(struct worker *worker, const void *address,
		   struct mapping *mapping)
{
	(void)worker;
	assert_true(fake.paused);
	assert_non_null(fake.mapping);
	return fake.mapping((uintptr_t)address, mapping);
}

int worker_fork(struct worker *worker)
{
	assert_int_equal(worker->index, 0);
	fake_log(FAKE_FORK, NULL, fake.live, 0);
	return 0;
}

void worker_figure(struct worker *worker, unsigned int place, const char *name,
		   uint64_t value)
{
	(void)worker;
	assert_true(place < WORKER_FIGURES_MAX);
	fake.figures[place].name = name;
	fake.figures[place].value = value;
}

/* A spelling that is right. */
static void fake_parse(const char *text, struct workload_spec *spec)
{
	char why[512] = "";

	if (spec_parse_workload(text, spec, why, sizeof(why)) != 0)
		fail_msg("%s: %s", text, why);
}

/* Empties the recorder; the ways in which it fails and places stay. */
static void fake_reset(void)
{
	bool (*fails)(uint64_t call) = fake.fails;
	void *(*place)(size_t size) = fake.place;
	void (*unplace)(void *block, size_t size) = fake.unplace;
	int (*mapping)(uintptr_t address, struct mapping * mapping) =
		fake.mapping;

	free(fake.log);
	free(fake.begun);
	memset(&fake, 0, sizeof(fake));
	fake.fails = fails;
	fake.place = place;
	fake.unplace = unplace;
	fake.mapping = mapping;
	fake.page_size = (uint64_t)sysconf(_SC_PAGESIZE);
}

/* One thread of a workload, from setup to drain, into an empty recorder. */
static void fake_run(const char *text, uint64_t seed, unsigned int index)
{
	struct workload_spec spec;
	struct estimate estimate = {0};
	struct worker worker = {.index = index, .seed = seed};

	fake_parse(text, &spec);
	fake_reset();
	spec.workload->estimate(spec.values, seed, &estimate);
	worker.options = spec.values;
	worker.threads = estimate.threads;
	worker.page_size = fake.page_size;
	worker.state = calloc(1, spec.workload->state_size(spec.values));
	assert_non_null(worker.state);
	if (spec.workload->setup)
		assert_int_equal(spec.workload->setup(&worker), 0);
	assert_int_equal(spec.workload->run(&worker), 0);
	if (spec.workload->verify)
		assert_int_equal(spec.workload->verify(&worker), 0);
	if (spec.workload->drain)
		assert_int_equal(spec.workload->drain(&worker), 0);
	if (fake.law != ARRIVALS_CLOSED)
		assert_int_equal(fake.requests, fake.requests_due);
	assert_int_equal(fake.live_blocks, 0);
	assert_int_equal(fake.live, 0);
	assert_int_equal(fake.resident, 0);
	assert_in_range(fake.checkpoints, 1, TIMELINE_POINTS_MAX);
	free(worker.state);
}

/* The estimate of a spelling equals what its threads took, added up. */
static inline void fake_assert_estimate(const char *text, uint64_t seed)
{
	struct estimate estimate = {.threads = 1};
	struct estimate sum = {0};
	struct workload_spec spec;

	fake_parse(text, &spec);
	spec.workload->estimate(spec.values, seed, &estimate);
	/* One by one, the first one last: it may wait for others. */
	for (unsigned int i = estimate.threads; i-- > 0;) {
		fake_run(text, seed, i);
		sum.operations += fake.seen.operations;
		sum.growths += fake.seen.growths;
		fake_peak(&sum.block_bytes_max, fake.seen.block_bytes_max);
		sum.live_bytes_max += fake.seen.live_bytes_max;
		sum.resident_bytes_max += fake.seen.resident_bytes_max;
		sum.touched_bytes += fake.seen.touched_bytes;
		sum.reread_bytes += fake.seen.reread_bytes;
		sum.copied_bytes += fake.seen.copied_bytes;
	}
	assert_int_equal(estimate.operations, sum.operations);
	assert_int_equal(estimate.growths, sum.growths);
	assert_int_equal(estimate.block_bytes_max, sum.block_bytes_max);
	assert_int_equal(estimate.live_bytes_max, sum.live_bytes_max);
	assert_int_equal(estimate.touched_bytes, sum.touched_bytes);
	assert_int_equal(estimate.reread_bytes, sum.reread_bytes);
	assert_int_equal(estimate.copied_bytes, sum.copied_bytes);
	assert_int_equal(estimate.resident_bytes_max, sum.resident_bytes_max);
}

/* A spelling is refused by a sentence that says what. */
static inline void fake_assert_refused(const char *text, const char *what)
{
	struct workload_spec spec;
	char why[512] = "";

	if (spec_parse_workload(text, &spec, why, sizeof(why)) != -EINVAL)
		fail_msg("%s is not refused", text);
	if (!strstr(why, what))
		fail_msg("%s: '%s' does not say '%s'", text, why, what);
}

#endif
