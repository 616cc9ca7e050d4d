/*
 * record - writes down what the program asks of malloc(3), as a trace
 * (regrow/trace.h), whoever serves it.
 *
 * The caller keeps to the order of events: record_alloc() after a block was
 * taken, record_free() before it is given back, record_resize() around what may
 * move it. What an allocator asks for itself, and what is asked amid
 * record_resize(), is not the program's. errno is left alone.
 *
 * What goes wrong is said once; recording is over then, the program goes on,
 * and the file is good as far as it is written.
 */
#ifndef REGROW_PRELOAD_RECORD_H
#define REGROW_PRELOAD_RECORD_H

#include <stdbool.h>
#include <stddef.h>

struct record_options {
	const char *pattern; /* REGROW_TRACE, absolute: config_file_name() */
	size_t floor; /* bytes; smaller blocks are not recorded */
	size_t from; /* bytes, at least floor: see struct trace_head */
	const char *version; /* of regrow */
	const char *allocator; /* canonical; empty: none */
};

extern bool record_on __attribute__((visibility("hidden")));

static inline bool record_is_on(void)
{
	return __atomic_load_n(&record_on, __ATOMIC_RELAXED);
}

/* The texts stay where they are. Before there are threads. */
void record_start(const struct record_options *options);

/* alignment: a power of two; 16 and less is that of any block. NULL: failed. */
void record_alloc(const void *block, size_t size, size_t alignment);

void record_free(const void *block);

/* Calls resize(block, size), which is realloc(3) of no NULL; its result. */
void *record_resize(void *block, size_t size,
		    void *(*resize)(void *block, size_t size));

/* The program's end: the trace gets its own. */
void record_end(void);

/*
 * Around fork(2). The child begins a trace of its own at its first event where
 * the name has %p in it, without the blocks that it inherited; else it records
 * nothing.
 */
void record_lock(void);
void record_unlock(void);
void record_renew(void);

#endif
