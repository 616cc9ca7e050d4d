/*
 * placement - which CPUs and which node a sample gets (hwloc; the only file
 * that knows it).
 */
#ifndef REGROW_PLACEMENT_H
#define REGROW_PLACEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "sample/protocol.h"

struct topology;

/* What was decided, or why not. CPU and node numbers are the system's. */
struct placement {
	unsigned int threads;
	int cpus[THREADS_MAX]; /* of each workload thread; -1: not bound */
	int driver_cpu; /* -1: wherever the system likes */
	int probe_cpu; /* -1: no core is left over for a noise probe */
	unsigned long node_mask[16]; /* for set_mempolicy; all 0: not bound */
	unsigned int nodes_max;
	unsigned int cores_allowed; /* physical cores in the allowed set */
	bool shared; /* some thread shares a core or a CPU */
	char note[256]; /* what shares what, what could not be bound; "" */
};

/*
 * The machine's topology, or, for tests, a synthetic one ("node:2 core:4 pu:2")
 * or XML that topology_xml() gave. NULL, and a sentence in why:
 * placement_unbound() then goes on. The CPUs that this process may use are
 * those of this moment: open it before the driver binds itself.
 */
struct topology *topology_open(const char *synthetic, char *why,
			       unsigned int why_size);
void topology_close(struct topology *topology);

/*
 * Workload threads on distinct physical cores of the node with the most allowed
 * cores, the driver and then the probe elsewhere. cpus is the --cpus list
 * ("2,4-7"), or NULL: exactly these, in order, for the threads. 0; -EINVAL
 * (malformed); -ERANGE (a CPU outside the allowed set): the sentence is in
 * placement->note.
 */
int placement_decide(struct topology *topology, const char *cpus,
		     unsigned int threads, struct placement *placement);

/* No topology: nothing bound, and why stands in the note. */
void placement_unbound(unsigned int threads, const char *why,
		       struct placement *placement);

/* All but the cpus_allowed and cores_allowed are the whole machine's. */
struct topology_counts {
	unsigned int packages; /* 0: not known */
	unsigned int cores; /* physical; CPUs where these are not known */
	unsigned int cpus;
	unsigned int nodes;
	unsigned int cores_allowed;
	unsigned int cpus_allowed;
};

void topology_count(const struct topology *topology,
		    struct topology_counts *counts);

/*
 * hwloc's XML of the topology, malloc'ed; NULL where there is none. Names and
 * numbers that identify the machine (host, serial, cgroup) are blank.
 */
char *topology_xml(struct topology *topology);

/* One line for people: "1 package, 2 cores, 2 threads, 1 NUMA node". */
void topology_summary(struct topology *topology, char *text,
		      unsigned int text_size);

#endif
