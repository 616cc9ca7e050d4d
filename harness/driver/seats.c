/* seats - the CPUs that a run may use, and who gets which of them. */
#include "driver/seats.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/cpulist.h"

#define NODE_BITS (8 * sizeof(unsigned long))
#define NODES_MAX (16 * NODE_BITS)

/* What a decision is made from, and for. */
struct room {
	const struct seat *seats;
	unsigned int count;
	struct placement *placement;
};

void seats_note(struct placement *placement, const char *format, ...)
{
	size_t used = strlen(placement->note);
	size_t left = sizeof(placement->note) - used;
	size_t gap = used > 0 ? 2 : 0;
	va_list arguments;
	int size;

	if (left <= gap)
		return;
	memcpy(placement->note + used, "; ", gap);
	va_start(arguments, format);
	size = vsnprintf(placement->note + used + gap, left - gap, format,
			 arguments);
	va_end(arguments);
	if (size >= 0 && (size_t)size >= left - gap)
		memcpy(placement->note + sizeof(placement->note) - 4, "...", 4);
}

static int compare(const void *one, const void *other)
{
	const struct seat *a = one;
	const struct seat *b = other;

	if (a->sibling != b->sibling)
		return a->sibling < b->sibling ? -1 : 1;
	if (a->efficiency != b->efficiency)
		return a->efficiency > b->efficiency ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

void seats_sort(struct seat *seats, unsigned int count)
{
	unsigned int order_end = 0;
	unsigned int i;
	unsigned int j;

	for (i = 0; i < count; i++)
		if (seats[i].order >= order_end)
			order_end = seats[i].order + 1;
	for (i = 0; i < count; i++) {
		if (seats[i].cpu != 0)
			continue;
		for (j = 0; j < count; j++)
			if (seats[j].core == seats[i].core)
				seats[j].order += order_end;
		break;
	}
	qsort(seats, count, sizeof(*seats), compare);
}

static const struct seat *seat_of(const struct room *room, unsigned int cpu)
{
	for (unsigned int i = 0; i < room->count; i++)
		if (room->seats[i].cpu == cpu)
			return &room->seats[i];
	return NULL;
}

static unsigned int threads_on_cpu(const struct room *room, unsigned int cpu)
{
	const struct placement *placement = room->placement;
	unsigned int threads = 0;

	for (unsigned int i = 0; i < placement->threads; i++)
		threads += placement->cpus[i] == (int)cpu;
	return threads;
}

static unsigned int threads_on_core(const struct room *room, unsigned int core)
{
	unsigned int threads = 0;

	for (unsigned int i = 0; i < room->count; i++)
		if (room->seats[i].core == core)
			threads += threads_on_cpu(room, room->seats[i].cpu);
	return threads;
}

/* The node with the most allowed cores; of equals the lowest. */
static int best_node(const struct room *room)
{
	unsigned int cores_max = 0;
	int best = -1;

	for (unsigned int i = 0; i < room->count; i++) {
		int node = room->seats[i].node;
		unsigned int cores = 0;

		for (unsigned int j = 0; j < room->count; j++)
			cores += room->seats[j].node == node &&
				 room->seats[j].sibling == 0;
		if (cores > cores_max ||
		    (cores == cores_max &&
		     (unsigned int)node < (unsigned int)best)) {
			cores_max = cores;
			best = node;
		}
	}
	return best;
}

static void seat_threads(const struct room *room)
{
	struct placement *placement = room->placement;
	int node = best_node(room);
	unsigned int on_node = 0;
	unsigned int seated = 0;
	unsigned int i;

	for (i = 0; i < room->count; i++)
		on_node += room->seats[i].node == node;
	for (i = 0; seated < placement->threads; i = (i + 1) % room->count) {
		const struct seat *seat = &room->seats[i];

		if (placement->threads > on_node || seat->node == node)
			placement->cpus[seated++] = (int)seat->cpu;
	}
}

static bool is_allowed(const void *room, unsigned int cpu)
{
	return seat_of(room, cpu) != NULL;
}

static int out_of_range(const struct room *room, unsigned int cpu)
{
	char allowed[96];
	unsigned int end = 0;

	for (unsigned int i = 0; i < room->count; i++)
		if (room->seats[i].cpu >= end)
			end = room->seats[i].cpu + 1;
	cpulist_write(is_allowed, room, end, allowed, sizeof(allowed));
	seats_note(room->placement,
		   "CPU %u is outside the set that this process may use (%s): "
		   "choose from it, or change the cpuset or affinity",
		   cpu, allowed);
	return -ERANGE;
}

static int seat_listed(const struct room *room, const char *cpus)
{
	struct placement *placement = room->placement;
	const char *text = cpus;
	unsigned int listed = 0;
	unsigned int first;
	unsigned int last;
	int got;

	while ((got = cpulist_next(&text, &first, &last)) > 0)
		for (unsigned int cpu = first; cpu <= last; cpu++) {
			if (!is_allowed(room, cpu))
				return out_of_range(room, cpu);
			if (listed < placement->threads)
				placement->cpus[listed++] = (int)cpu;
		}
	if (got < 0 || listed == 0) {
		seats_note(placement,
			   "'%.60s' is not a list of CPUs: write it as 2,4-7",
			   cpus);
		return -EINVAL;
	}
	for (unsigned int i = listed; i < placement->threads; i++)
		placement->cpus[i] = placement->cpus[i - listed];
	return 0;
}

/* Says what shares what, for each core with more than one thread. */
static void note_sharing(const struct room *room)
{
	for (unsigned int i = 0; i < room->count; i++) {
		const struct seat *seat = &room->seats[i];
		unsigned int threads = threads_on_core(room, seat->core);
		char cpus[32] = "";
		size_t used = 0;
		unsigned int several = 0;

		if (seat->sibling != 0 || threads < 2)
			continue;
		room->placement->shared = true;
		for (unsigned int j = 0; j < room->count; j++) {
			if (room->seats[j].core != seat->core ||
			    threads_on_cpu(room, room->seats[j].cpu) == 0 ||
			    used >= sizeof(cpus))
				continue;
			used += (size_t)snprintf(
				cpus + used, sizeof(cpus) - used, "%s%u",
				several++ ? "," : "", room->seats[j].cpu);
		}
		seats_note(room->placement,
			   several > 1 ? "%u threads share the core of CPUs %s"
				       : "%u threads share CPU %s",
			   threads, cpus);
	}
}

static void bind_memory(const struct room *room)
{
	struct placement *placement = room->placement;
	unsigned int nodes = 0;

	for (unsigned int i = 0; i < placement->threads; i++) {
		const struct seat *seat =
			seat_of(room, (unsigned int)placement->cpus[i]);
		unsigned int node = (unsigned int)seat->node;
		unsigned long *word;

		if (node >= NODES_MAX) {
			memset(placement->node_mask, 0,
			       sizeof(placement->node_mask));
			placement->nodes_max = 0;
			seats_note(
				placement,
				"memory is not bound: CPU %u has no NUMA node "
				"that this process may use",
				seat->cpu);
			return;
		}
		word = &placement->node_mask[node / NODE_BITS];
		nodes += !(*word >> (node % NODE_BITS) & 1);
		*word |= 1UL << (node % NODE_BITS);
		if (node >= placement->nodes_max)
			placement->nodes_max = node + 1;
	}
	if (nodes > 1)
		seats_note(placement, "the threads span %u NUMA nodes", nodes);
}

/*
 * The last CPU of the order that is the first of a core with no thread and is
 * not cpu; NULL: there is none.
 */
static const struct seat *free_core(const struct room *room, int cpu)
{
	for (unsigned int i = room->count; i-- > 0;) {
		const struct seat *seat = &room->seats[i];

		if (seat->sibling == 0 && (int)seat->cpu != cpu &&
		    threads_on_core(room, seat->core) == 0)
			return seat;
	}
	return NULL;
}

static void seat_driver(const struct room *room)
{
	struct placement *placement = room->placement;
	const struct seat *seat = free_core(room, -1);

	for (unsigned int i = room->count; seat == NULL && i-- > 0;)
		if (threads_on_cpu(room, room->seats[i].cpu) == 0)
			seat = &room->seats[i];
	if (seat == NULL) {
		seats_note(placement, "no CPU is left over for the driver");
		return;
	}
	placement->driver_cpu = (int)seat->cpu;
	if (threads_on_core(room, seat->core) > 0)
		seats_note(placement,
			   "the driver (CPU %u) shares a thread's core",
			   seat->cpu);
}

/* The driver sleeps while a sample runs, so that the probe may share its CPU. */
static void seat_probe(const struct room *room)
{
	struct placement *placement = room->placement;
	const struct seat *seat = free_core(room, placement->driver_cpu);

	if (seat == NULL)
		seat = free_core(room, -1);
	if (seat == NULL)
		seats_note(placement,
			   "no core is left over for the noise probe");
	else
		placement->probe_cpu = (int)seat->cpu;
}

int seats_decide(const struct seat *seats, unsigned int count, const char *cpus,
		 unsigned int threads, struct placement *placement)
{
	struct room room = {seats, count, placement};
	int error = 0;

	placement_unbound(threads, "", placement);
	for (unsigned int i = 0; i < count; i++)
		placement->cores_allowed += seats[i].sibling == 0;
	if (threads == 0 || threads > THREADS_MAX) {
		seats_note(placement, "%u threads: at least 1, at most %d",
			   threads, THREADS_MAX);
		return -EINVAL;
	}
	if (count == 0) {
		seats_note(placement,
			   "nothing is bound: none of the CPUs that are "
			   "known is one that this process may use");
		return cpus != NULL ? -ERANGE : 0;
	}
	if (cpus != NULL)
		error = seat_listed(&room, cpus);
	else
		seat_threads(&room);
	if (error != 0)
		return error;
	note_sharing(&room);
	bind_memory(&room);
	seat_driver(&room);
	seat_probe(&room);
	return 0;
}
