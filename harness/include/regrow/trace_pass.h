/*
 * regrow/trace_pass.h - a pass over a trace, from event to event that asks
 * something of the allocator.
 *
 * Blocks below from= are not the allocator's. One that grows to it is then
 * allocated, one that shrinks below it released; a resize to the same size asks
 * nothing. Blocks that are the allocator's have slots: numbers without gaps, of
 * which one is used again when its block is released.
 *
 * The contents must outlive the pass. A pass holds memory of its own, which
 * trace_pass_close() gives back, and takes none from malloc.
 */
#ifndef REGROW_TRACE_PASS_H
#define REGROW_TRACE_PASS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include <regrow/trace.h>

/* Of a block of the trace, by its number in it. */
struct trace_block {
	uint64_t size; /* bytes */
	uint64_t resident; /* pages; of the user of the pass, 0 at first */
	uint32_t slot; /* from 1; 0: it is not the allocator's */
	bool alive;
};

/* Of those that are the allocator's: numbers without gaps, used again. */
struct trace_slot {
	uint32_t next_free; /* from 1 */
	uint32_t turns; /* requests so far */
};

enum trace_step_kind {
	TRACE_STEP_ALLOC,
	TRACE_STEP_RESIZE,
	TRACE_STEP_RELEASE
};

/* What is asked of the allocator. */
struct trace_step {
	enum trace_step_kind kind;
	uint32_t thread; /* of the trace */
	uint32_t slot;
	uint32_t turn; /* requests of the slot before */
	uint64_t alignment; /* bytes; 0: none is asked for */
	uint64_t old_size; /* bytes; TRACE_STEP_ALLOC: 0 */
	uint64_t size; /* TRACE_STEP_RELEASE: 0 */
	struct trace_block *block;
};

/* A pass over a trace, from event to event that asks something. */
struct trace_pass {
	struct trace_decoder decoder;
	struct trace_head head;
	uint64_t from; /* bytes */
	struct trace_block *blocks;
	struct trace_slot *slots;
	size_t map_size;
	uint32_t slots_count;
	uint32_t slots_alive;
	uint32_t slot_free; /* from 1; 0: none */
	uint64_t steps;
	uint64_t below; /* events of blocks that are not the allocator's */
	uint64_t same; /* resizes to the same size */
};

/*
 * From the first event; from=0 is the from of the trace's head. 0, -EBADMSG
 * (decoder.error) or -ENOMEM. No more blocks than events; pages of the tables
 * that are not used take no memory.
 */
static inline int trace_pass_open(const void *contents, size_t size,
				  uint64_t from, struct trace_pass *pass)
{
	size_t events = size / 4 + 1;
	int error;

	memset(pass, 0, sizeof(*pass));
	error = trace_open(&pass->decoder, contents, size, &pass->head);
	if (error)
		return error;
	pass->from = from;
	if (pass->from == 0)
		pass->from = pass->head.from;
	if (pass->from == 0)
		pass->from = 1;
	pass->map_size = events * (sizeof(struct trace_block) +
				   sizeof(struct trace_slot));
	pass->blocks = mmap(NULL, pass->map_size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (pass->blocks == MAP_FAILED)
		return -ENOMEM;
	pass->slots = (struct trace_slot *)(void *)(pass->blocks + events);
	return 0;
}

static inline void trace_pass_close(struct trace_pass *pass)
{
	munmap(pass->blocks, pass->map_size);
}

static inline uint32_t trace_pass_slot_take(struct trace_pass *pass)
{
	uint32_t slot = pass->slot_free;

	if (slot)
		pass->slot_free = pass->slots[slot - 1].next_free;
	else
		slot = ++pass->slots_count;
	pass->slots_alive++;
	return slot;
}

static inline void trace_pass_slot_give(struct trace_pass *pass, uint32_t slot)
{
	pass->slots[slot - 1].next_free = pass->slot_free;
	pass->slot_free = slot;
	pass->slots_alive--;
}

/* The step that an event comes to, of a block that is sound; false: none. */
static inline bool trace_pass_step(struct trace_pass *pass,
				   const struct trace_event *event,
				   struct trace_block *block,
				   struct trace_step *step)
{
	bool serves = event->kind != TRACE_FREE && event->size >= pass->from;
	bool served = block->slot != 0;

	if (!serves && !served) {
		pass->below++;
		return false;
	}
	if (serves && served && event->size == block->size) {
		pass->same++;
		return false;
	}
	if (!served)
		block->slot = trace_pass_slot_take(pass);
	*step = (struct trace_step){
		.kind = !served	 ? TRACE_STEP_ALLOC
			: serves ? TRACE_STEP_RESIZE
				 : TRACE_STEP_RELEASE,
		.thread = event->thread,
		.slot = block->slot - 1,
		.turn = pass->slots[block->slot - 1].turns++,
		.alignment = event->alignment,
		.old_size = served ? block->size : 0,
		.size = serves ? event->size : 0,
		.block = block,
	};
	if (!serves) {
		trace_pass_slot_give(pass, block->slot);
		block->slot = 0;
	}
	pass->steps++;
	return true;
}

/* 1: *step is the next. 0: there is none. -EBADMSG: see decoder.error. */
static inline int trace_pass_next(struct trace_pass *pass,
				  struct trace_step *step)
{
	struct trace_event event;
	int status;

	while ((status = trace_next(&pass->decoder, &event)) > 0) {
		struct trace_block *block = &pass->blocks[event.block];
		bool starts = event.kind == TRACE_ALLOC ||
			      event.kind == TRACE_ALLOC_ALIGNED;
		bool steps;

		if (starts == block->alive) {
			pass->decoder.events--;
			return trace_refuse(&pass->decoder,
					    starts ? "its block lives already"
						   : "its block does not live");
		}
		steps = trace_pass_step(pass, &event, block, step);
		block->alive = event.kind != TRACE_FREE;
		block->size = event.size;
		if (steps)
			return 1;
	}
	return status;
}

#endif
