/*
 * context - one thread of a sample: the worker that the workload sees, and
 * what the harness keeps behind it. Private to harness/sample.
 */
#ifndef REGROW_CONTEXT_H
#define REGROW_CONTEXT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <regrow/allocator.h>
#include <regrow/workload.h>

#include "sample/open_loop.h"
#include "sample/protocol.h"
#include "sample/surroundings.h"

/* What the threads share. */
struct sample {
	struct sample_answer *answer;
	const struct sample_request *request;
	pthread_barrier_t barrier;
	uint64_t started_ns; /* the run's begin, for the timeline */
	uint64_t last_read_ns; /* what the last look at the map took */
	struct surroundings surroundings; /* then */
	bool contents_kept; /* the allocator is not the floor */
	uint32_t repetition; /* of the work, from 0 */
	struct context *contexts;
	unsigned int threads;
};

/* Resources of the timed part: added up from each resume to the next pause. */
struct usage {
	uint64_t cpu_ns;
	uint64_t user_ns;
	uint64_t system_ns;
	uint64_t minor_faults;
	uint64_t major_faults;
	uint64_t voluntary_switches;
	uint64_t involuntary_switches;
};

/* The first call of alloc() or grow() of a thread, whatever it gave. */
struct first_call {
	uint64_t begin_ns; /* 0: there was none */
	uint64_t took_ns;
	uint64_t bytes; /* asked for; 0: it failed, or is not measured */
};

/* What had been spent by the end of the last repetition. */
struct spent {
	uint64_t wall_ns;
	uint64_t cpu_ns;
	uint64_t minor_faults;
};

struct context {
	struct worker worker; /* first: worker_context() relies on it */
	struct sample *sample;
	struct heap heaps[SPEC_DEPTH_MAX]; /* [0] is the outer one */
	unsigned int depth; /* how many of them there are */
	struct recorder recorder;
	struct usage usage;
	struct usage since; /* readings at the last resume */

	uint64_t wall_ns;
	struct spent spent;
	uint64_t clock_reads;
	uint64_t begin_ns;
	uint64_t end_ns;
	struct schedule schedule; /* at the begin; then what came about */
	struct operation_figures operations[OPERATION_COUNT];
	struct size_figures sizes[SIZE_CLASSES];
	unsigned int size_class; /* of the last growth, for touch and reread */
	struct first_call first_alloc;
	struct first_call first_grow;

	uint64_t requests;
	uint64_t digest;
	uint64_t touched_bytes;
	uint64_t copied_pages;
	uint64_t untouched_pages;
	uint64_t rewritten_pages;
	uint64_t sparse_blocks;
	int64_t live_bytes; /* below 0 where others' blocks were released */
	int64_t live_bytes_max;
	int64_t written_pages; /* of what is alive; below 0 as live_bytes */

	uint64_t words_verified;
	uint64_t words_wrong;
	uint64_t wrong_identity;
	uint64_t wrong_offset;
	uint64_t contradictions;
	char contradiction[128];
	struct {
		const char *name;
		uint64_t value;
		uint64_t before; /* of the repetitions before this one */
	} figures[WORKER_FIGURES_MAX];

	struct open_loop loop;
	bool requests_on; /* there are some: a pause is to be timed */
	bool paused;
	uint64_t paused_since_ns;
	uint64_t paused_ns; /* all pauses since requests_on */
	int error; /* of a hook */
	pthread_t thread;
};

static inline struct context *worker_context(struct worker *worker)
{
	return (struct context *)worker;
}

/* Ends the sample: the reason goes into the answer, which the driver reads. */
_Noreturn void sample_fail(struct sample_answer *answer, int error,
			   const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The two ends of all timed work of a thread; in between, worker_pause(). */
void context_start(struct context *context);
void context_stop(struct context *context);

/*
 * worker_fork(). Paused but for its two timed parts: what is written afterwards
 * faults, since the child had it, too, and these are not faults that follow
 * from the workload's own work, which is what they are counted for.
 */
int context_fork(struct context *context);

/* A repetition's own figures; one thread, the others waiting. */
void answer_add_repetition(struct sample *sample);

/* Sums up all threads into the answer, after they are joined. */
void answer_fill(struct sample *sample);

/*
 * The map, what is alive, when, and what it took to look; one thread, the others
 * waiting. 0 or -errno.
 */
int sample_read_map(struct sample *sample, struct map_figures *figures);

#endif
