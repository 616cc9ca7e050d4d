/*
 * spawn - one sample: a fresh process of this binary, its end, its answer.
 */
#ifndef REGROW_SPAWN_H
#define REGROW_SPAWN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include <regrow/allocator.h>

#include "sample/protocol.h"

enum sample_outcome {
	SAMPLE_OK,
	SAMPLE_FAILED, /* the child says why in answer.message */
	SAMPLE_CRASHED, /* a signal: number in signal */
	SAMPLE_KILLED, /* SIGKILL that was not ours: the OOM killer, as a rule */
	SAMPLE_TIMEOUT,
	SAMPLE_INTERRUPTED, /* the driver was asked to stop */
	SAMPLE_OUTCOME_COUNT,
};

struct spawn_result {
	enum sample_outcome outcome;
	int signal; /* SAMPLE_CRASHED, SAMPLE_KILLED */
	uint64_t process_ns; /* fork to reaped */
	char reason[320]; /* one sentence where not SAMPLE_OK */
};

/* The memory between driver and children; made once for a run. */
struct spawner {
	int fd;
	int child_fd; /* signalfd: a child ended */
	struct exchange *exchange;
	sigset_t mask; /* as it was before spawner_open() */
	char program[4096]; /* this binary */
};

/*
 * 0 or -errno. Blocks SIGCHLD, SIGINT, SIGTERM and SIGHUP in this thread until
 * spawner_close(): a handler of the latter three runs only while a sample is
 * waited for, so that none is lost between two.
 */
int spawner_open(struct spawner *spawner);
void spawner_close(struct spawner *spawner);

/* What is set between fork and exec, beside the request. */
struct spawn_setting {
	unsigned long
		node_mask[16]; /* set_mempolicy(MPOL_BIND); all 0: not bound */
	unsigned int nodes_max; /* bits of it in use */
	uint64_t timeout_ns; /* 0: none */
	const volatile sig_atomic_t *stop; /* becomes non-zero on Ctrl-C */
	const struct environment *environment; /* or NULL */
	int error_fd; /* where standard error goes; 0: where the driver's does */
	int input_fd; /* where the request has input_bytes */
};

/*
 * Runs spawner->exchange->request to its end, blocking; the answer is in
 * spawner->exchange->answer, complete up to its stage. 0, or -errno where no
 * process could be made (EAGAIN: RLIMIT_NPROC).
 */
int spawn_sample(struct spawner *spawner, const struct spawn_setting *setting,
		 struct spawn_result *result);

#endif
