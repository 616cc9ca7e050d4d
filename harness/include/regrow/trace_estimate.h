/*
 * regrow/trace_estimate.h - what it takes to replay a trace with an allocator
 * that copies each growth.
 *
 * Sums that would be beyond their range stay at it, since a trace may come from
 * anywhere. As far as the trace is sound: what is wrong in it is another's to
 * say (trace_pass_next()).
 */
#ifndef REGROW_TRACE_ESTIMATE_H
#define REGROW_TRACE_ESTIMATE_H

#include <stdbool.h>
#include <stdint.h>

#include <regrow/touched.h>
#include <regrow/trace_pass.h>
#include <regrow/workload.h>

#define TRACE_USE_THREADS_MAX 64

/* What is done with the memory, of which a trace says nothing. */
struct trace_use {
	uint64_t touch; /* percent of the pages that is written */
	bool reread; /* all that is older is read after each growth */
	uint64_t times; /* that the whole trace is replayed */
	unsigned int threads; /* 1 to TRACE_USE_THREADS_MAX, dealt by number */
};

static inline void trace_sum_add(uint64_t *sum, uint64_t number)
{
	if (__builtin_add_overflow(*sum, number, sum))
		*sum = UINT64_MAX;
}

static inline void trace_sum_multiply(uint64_t *number, uint64_t factor)
{
	if (__builtin_mul_overflow(*number, factor, number))
		*number = UINT64_MAX;
}

static inline uint64_t trace_pages(uint64_t page_size, uint64_t size)
{
	return (size + page_size - 1) / page_size;
}

/* What goes up and down by what one thread does, and how high it came. */
struct trace_level {
	int64_t now;
	int64_t max;
};

static inline void trace_level_move(struct trace_level *level, int64_t by)
{
	if (__builtin_add_overflow(level->now, by, &level->now))
		level->now = by < 0 ? INT64_MIN : INT64_MAX;
	if (level->max < level->now)
		level->max = level->now;
}

/*
 * Each thread keeps its own order, so that no more can be there at once than
 * the sum of what each of them comes to.
 */
struct trace_levels {
	struct trace_level live[TRACE_USE_THREADS_MAX]; /* bytes */
	struct trace_level resident[TRACE_USE_THREADS_MAX]; /* pages */
};

/* The step's part of an estimate whose allocator copies each growth. */
static inline void trace_estimate_step(const struct trace_use *use,
				       const struct trace_step *step,
				       uint64_t page_size,
				       struct trace_levels *levels,
				       struct estimate *estimate)
{
	uint64_t percent = use->touch, touched, resident;
	uint64_t old = trace_pages(page_size, step->old_size);
	uint64_t new = trace_pages(page_size, step->size);
	unsigned int thread = step->thread % use->threads;
	struct trace_level *level = &levels->resident[thread];

	touched = touched_pages(new, percent);
	touched -= new > old ? touched_pages(old, percent) : touched;
	resident = step->kind == TRACE_STEP_RELEASE ? 0
		   : new > old			    ? old + touched
						    : new;
	if (step->kind == TRACE_STEP_ALLOC)
		resident = touched;
	if (step->kind == TRACE_STEP_RESIZE) {
		/* Source and destination at once, without the first writes. */
		trace_level_move(level, (int64_t)(new > old ? old : new));
		trace_level_move(level, -(int64_t)(new > old ? old : new));
	}
	trace_level_move(level,
			 (int64_t)resident - (int64_t)step->block->resident);
	step->block->resident = resident;
	trace_level_move(&levels->live[thread],
			 (int64_t)step->size - (int64_t)step->old_size);
	trace_sum_add(&estimate->touched_bytes, touched * page_size);
	if (estimate->block_bytes_max < step->size)
		estimate->block_bytes_max = step->size;
	if (step->kind != TRACE_STEP_RESIZE || step->size < step->old_size)
		return;
	estimate->growths++;
	trace_sum_add(&estimate->copied_bytes, step->old_size);
	if (use->reread)
		trace_sum_add(
			&estimate->reread_bytes,
			touched_bytes(page_size, percent, step->old_size));
}

/* Of a pass that has just been opened, and that is at its end then. */
static inline void trace_estimate(struct trace_pass *pass,
				  const struct trace_use *use,
				  uint64_t page_size, struct estimate *estimate)
{
	struct trace_levels levels = {0};
	struct trace_step step;

	while (trace_pass_next(pass, &step) > 0)
		trace_estimate_step(use, &step, page_size, &levels, estimate);
	estimate->threads = use->threads;
	estimate->operations = pass->steps + pass->slots_alive;
	for (unsigned int i = 0; i < use->threads; i++) {
		trace_sum_add(&estimate->live_bytes_max,
			      (uint64_t)levels.live[i].max);
		trace_sum_add(&estimate->resident_bytes_max,
			      (uint64_t)levels.resident[i].max * page_size);
	}
	trace_sum_multiply(&estimate->operations, use->times);
	trace_sum_multiply(&estimate->growths, use->times);
	trace_sum_multiply(&estimate->copied_bytes, use->times);
	trace_sum_multiply(&estimate->touched_bytes, use->times);
	trace_sum_multiply(&estimate->reread_bytes, use->times);
}

#endif
