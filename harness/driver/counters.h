/*
 * counters - names to perf events: libpfm4 (the only file that knows it) and
 * tracefs.
 *
 * Names as libpfm4 takes them (cycles:k, instructions:u, dTLB-load-misses,
 * page-faults), tracepoints as group:name (mmap:vm_unmapped_area). Where u and
 * k are to be apart, both are asked for.
 */
#ifndef REGROW_COUNTERS_H
#define REGROW_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "sample/protocol.h"

#define COUNTER_NAME_MAX 64

/* What is asked for where nothing is named: with any kernel... */
#define COUNTERS_SOFTWARE                                                      \
	"page-faults,page-faults:u,context-switches,cpu-migrations,task-clock"
/* ... with a PMU ... */
#define COUNTERS_HARDWARE                                                      \
	"cycles:u,cycles:k,instructions:u,instructions:k,"                     \
	"dTLB-load-misses:u,dTLB-load-misses:k,"                               \
	"LLC-load-misses:u,LLC-load-misses:k"
/* ... and with tracefs. */
#define COUNTERS_TRACEPOINTS                                                   \
	"mmap:vm_unmapped_area,tlb:tlb_flush,exceptions:page_fault_user,"      \
	"kmem:mm_page_alloc,syscalls:sys_enter_mremap"

struct counter {
	char name[COUNTER_NAME_MAX]; /* as typed */
	bool usable;
	bool tracepoint; /* opened in the checking pass only */
	char reason[192]; /* where not usable: why, and what to do */
	struct counter_request request;
};

struct counters {
	unsigned int count;
	struct counter counters[COUNTERS_MAX];
};

/*
 * Resolves a list ("page-faults,cycles:u,mmap:vm_unmapped_area"; NULL: the
 * defaults), tries to open each on this process, and keeps for each missing one
 * the reason: no PMU or one that does not work, perf_event_paranoid, seccomp,
 * another CPU's event, no tracefs, no such tracepoint in this kernel. 0;
 * -EINVAL where a name is malformed, named twice, unknown both to libpfm4 and
 * tracefs (with the nearest name), or there are too many, with a sentence in
 * why.
 */
int counters_resolve(const char *list, struct counters *counters, char *why,
		     unsigned int why_size);

/*
 * Puts the usable ones of a pass in the request, in groups that fit the PMU: 0
 * is what software counts, each above it as much hardware as counts at a time.
 * With more than one of those the kernel takes turns, and running_ns is below
 * enabled_ns. places[i]: index in counters of the request's i-th.
 */
void counters_request(const struct counters *counters, enum pass pass,
		      struct sample_request *request,
		      unsigned int places[COUNTERS_MAX]);

/*
 * Says what can be asked for here: one line per call, "" at the end. For
 * `list`.
 */
void counters_describe(void (*line)(void *context, const char *text),
		       void *context);

#endif
