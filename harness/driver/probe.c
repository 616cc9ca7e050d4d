/* probe - a thread that spins while a sample runs and notes its gaps. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <regrow/recorder.h>

#include "driver/probe.h"

#define CACHE_LINE 64

enum wanted { WANTED_REST, WANTED_SPIN, WANTED_END };

struct gap {
	_Atomic uint64_t begin_ns;
	_Atomic uint64_t end_ns;
};

/* Nothing of it is locked: the thread may lose its CPU at any place. */
struct probe {
	pthread_t thread;
	sem_t wake;
	/* The driver's. */
	uint64_t count_started; /* when the last start was */
	uint64_t stopped_ns;
	_Atomic int wanted;
	/* The thread's, written at every turn. */
	_Alignas(CACHE_LINE) _Atomic uint64_t seen_ns; /* its last reading */
	_Atomic uint64_t count; /* of gaps; it never goes back */
	struct gap gaps[PROBE_GAPS_MAX]; /* a ring */
};

static void gap_note(struct probe *probe, uint64_t begin_ns, uint64_t end_ns)
{
	uint64_t count =
		atomic_load_explicit(&probe->count, memory_order_relaxed);
	struct gap *gap = &probe->gaps[count % PROBE_GAPS_MAX];

	atomic_store_explicit(&gap->begin_ns, begin_ns, memory_order_relaxed);
	atomic_store_explicit(&gap->end_ns, end_ns, memory_order_relaxed);
	atomic_store_explicit(&probe->count, count + 1, memory_order_release);
}

static void probe_spin(struct probe *probe)
{
	uint64_t seen_ns =
		atomic_load_explicit(&probe->seen_ns, memory_order_relaxed);

	while (atomic_load_explicit(&probe->wanted, memory_order_relaxed) ==
	       WANTED_SPIN) {
		uint64_t now_ns = clock_now_ns();

		if (now_ns - seen_ns >= PROBE_GAP_NS_MIN)
			gap_note(probe, seen_ns, now_ns);
		seen_ns = now_ns;
		atomic_store_explicit(&probe->seen_ns, now_ns,
				      memory_order_release);
	}
}

static void *probe_main(void *argument)
{
	struct probe *probe = argument;

	for (;;) {
		while (sem_wait(&probe->wake) != 0)
			;
		if (atomic_load(&probe->wanted) == WANTED_END)
			return NULL;
		probe_spin(probe);
	}
}

/* The errno of what failed, which is then in what. */
static int thread_start(struct probe *probe, int cpu, const char **what)
{
	struct sched_param parameters = {.sched_priority = 0};
	pthread_attr_t attributes;
	sigset_t all, before;
	cpu_set_t set;
	int error;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	pthread_attr_init(&attributes);
	pthread_attr_setaffinity_np(&attributes, sizeof(set), &set);
	/* Signals are for the thread that waits for the sample. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	*what = "cannot be started";
	error = pthread_create(&probe->thread, &attributes, probe_main, probe);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	if (error)
		return error;
	pthread_setname_np(probe->thread, "regrow-probe");
	*what = "cannot be given the policy SCHED_IDLE";
	error = pthread_setschedparam(probe->thread, SCHED_IDLE, &parameters);
	if (error) {
		atomic_store(&probe->wanted, WANTED_END);
		sem_post(&probe->wake);
		pthread_join(probe->thread, NULL);
	}
	return error;
}

struct probe *probe_open(int cpu, char *why, size_t why_size)
{
	struct probe *probe;
	const char *what = "has no memory";
	int error;

	/* There before it is written to, and not copied by a fork. */
	probe = mmap(NULL, sizeof(*probe), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (probe == MAP_FAILED) {
		error = errno;
		goto fail;
	}
	madvise(probe, sizeof(*probe), MADV_DONTFORK);
	sem_init(&probe->wake, 0, 0);
	error = thread_start(probe, cpu, &what);
	if (!error)
		return probe;
	sem_destroy(&probe->wake);
	munmap(probe, sizeof(*probe));
fail:
	snprintf(why, why_size, "the noise probe %s on CPU %d: %s", what, cpu,
		 strerror(error));
	return NULL;
}

void probe_close(struct probe *probe)
{
	if (!probe)
		return;
	atomic_store(&probe->wanted, WANTED_END);
	sem_post(&probe->wake);
	pthread_join(probe->thread, NULL);
	sem_destroy(&probe->wake);
	munmap(probe, sizeof(*probe));
}

void probe_start(struct probe *probe)
{
	probe->count_started = atomic_load(&probe->count);
	atomic_store(&probe->seen_ns, clock_now_ns());
	atomic_store(&probe->wanted, WANTED_SPIN);
	sem_post(&probe->wake);
}

void probe_stop(struct probe *probe)
{
	probe->stopped_ns = clock_now_ns();
	atomic_store(&probe->wanted, WANTED_REST);
}

static void gaps_add(struct probe_gaps *gaps, uint64_t length_ns)
{
	gaps->gaps++;
	gaps->gap_ns += length_ns;
	if (length_ns > gaps->gap_ns_max)
		gaps->gap_ns_max = length_ns;
}

/* The part of a gap that lies in the window, where there is any. */
static void gaps_clip(struct probe_gaps *gaps, uint64_t from_ns, uint64_t to_ns,
		      uint64_t begin_ns, uint64_t end_ns)
{
	if (from_ns < begin_ns)
		from_ns = begin_ns;
	if (to_ns > end_ns)
		to_ns = end_ns;
	if (from_ns < to_ns)
		gaps_add(gaps, to_ns - from_ns);
}

void probe_read(const struct probe *probe, uint64_t begin_ns, uint64_t end_ns,
		struct probe_gaps *gaps)
{
	/* In this order: a gap noted meanwhile is seen once at least. */
	uint64_t seen_ns =
		atomic_load_explicit(&probe->seen_ns, memory_order_acquire);
	uint64_t count =
		atomic_load_explicit(&probe->count, memory_order_acquire);
	uint64_t i = probe->count_started;
	bool noted = false;

	memset(gaps, 0, sizeof(*gaps));
	/* The oldest place may be written to just now. */
	for (; count - i >= PROBE_GAPS_MAX; i++)
		gaps_add(gaps, PROBE_GAP_NS_MIN);
	for (; i < count; i++) {
		const struct gap *gap = &probe->gaps[i % PROBE_GAPS_MAX];
		uint64_t from_ns = atomic_load_explicit(&gap->begin_ns,
							memory_order_relaxed);
		uint64_t to_ns = atomic_load_explicit(&gap->end_ns,
						      memory_order_relaxed);

		noted |= from_ns <= seen_ns && seen_ns < to_ns;
		gaps_clip(gaps, from_ns, to_ns, begin_ns, end_ns);
	}
	/* It may still be in a gap. */
	if (!noted && probe->stopped_ns > seen_ns &&
	    probe->stopped_ns - seen_ns >= PROBE_GAP_NS_MIN)
		gaps_clip(gaps, seen_ns, probe->stopped_ns, begin_ns, end_ns);
}
