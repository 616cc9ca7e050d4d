/* placement - which CPUs and which node a sample gets (hwloc). */
#include "driver/placement.h"

#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/seats.h"

struct topology {
	hwloc_topology_t hwloc;
	unsigned int seats_count;
	struct seat *seats; /* sorted */
};

/*
 * Of several nodes at one CPU the lowest: there the system numbers ordinary
 * memory before fast and far memory.
 */
static int node_of(hwloc_topology_t hwloc, hwloc_obj_t pu)
{
	hwloc_bitmap_t nodes = hwloc_bitmap_alloc();
	int node = -1;

	if (nodes == NULL)
		return -1;
	if (hwloc_bitmap_and(nodes, pu->nodeset,
			     hwloc_topology_get_allowed_nodeset(hwloc)) == 0)
		node = hwloc_bitmap_first(nodes);
	hwloc_bitmap_free(nodes);
	return node;
}

static int efficiency_of(hwloc_topology_t hwloc, hwloc_obj_t pu)
{
	int efficiency = -1;
#if HWLOC_API_VERSION >= 0x00020400
	int kind = hwloc_cpukinds_get_by_cpuset(hwloc, pu->cpuset, 0);

	if (kind >= 0)
		hwloc_cpukinds_get_info(hwloc, (unsigned int)kind, NULL,
					&efficiency, NULL, NULL, 0);
#else
	(void)hwloc;
	(void)pu;
#endif
	return efficiency;
}

static hwloc_obj_t core_of(hwloc_topology_t hwloc, hwloc_obj_t pu)
{
	hwloc_obj_t core =
		hwloc_get_ancestor_obj_by_type(hwloc, HWLOC_OBJ_CORE, pu);

	return core != NULL ? core : pu;
}

static void seat_from(const struct topology *topology, hwloc_obj_t pu,
		      struct seat *seat)
{
	*seat = (struct seat){
		.cpu = pu->os_index,
		.core = core_of(topology->hwloc, pu)->logical_index,
		.order = pu->logical_index,
		.node = node_of(topology->hwloc, pu),
		.efficiency = efficiency_of(topology->hwloc, pu),
	};
	for (unsigned int i = 0; i < topology->seats_count; i++)
		seat->sibling += topology->seats[i].core == seat->core;
}

/*
 * The CPUs that hwloc, which reads the cpuset, and this process's affinity
 * allow; the affinity says nothing about a topology of another machine.
 */
static hwloc_bitmap_t allowed_cpus(hwloc_topology_t hwloc)
{
	hwloc_bitmap_t bound = hwloc_bitmap_alloc();
	hwloc_bitmap_t allowed =
		hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(hwloc));

	if (bound != NULL && allowed != NULL &&
	    hwloc_topology_is_thissystem(hwloc) &&
	    hwloc_get_cpubind(hwloc, bound, HWLOC_CPUBIND_THREAD) == 0)
		hwloc_bitmap_and(allowed, allowed, bound);
	hwloc_bitmap_free(bound);
	return allowed;
}

static int collect_seats(struct topology *topology)
{
	hwloc_bitmap_t allowed = allowed_cpus(topology->hwloc);
	hwloc_obj_t pu = NULL;

	if (allowed == NULL)
		return -ENOMEM;
	topology->seats = calloc((size_t)hwloc_bitmap_weight(allowed) + 1,
				 sizeof(*topology->seats));
	while (topology->seats != NULL &&
	       (pu = hwloc_get_next_obj_by_type(topology->hwloc, HWLOC_OBJ_PU,
						pu)) != NULL)
		if (hwloc_bitmap_isset(allowed, pu->os_index)) {
			seat_from(topology, pu,
				  &topology->seats[topology->seats_count]);
			topology->seats_count++;
		}
	hwloc_bitmap_free(allowed);
	if (topology->seats == NULL)
		return -ENOMEM;
	seats_sort(topology->seats, topology->seats_count);
	return 0;
}

/*
 * Only the command line prints; hwloc would report a missing /sys by itself.
 */
static int load_quietly(hwloc_topology_t hwloc)
{
	bool loud = getenv("HWLOC_HIDE_ERRORS") == NULL;
	int error;

	if (loud)
		setenv("HWLOC_HIDE_ERRORS", "2", 1);
	error = hwloc_topology_load(hwloc);
	if (loud)
		unsetenv("HWLOC_HIDE_ERRORS");
	return error;
}

static int load(hwloc_topology_t hwloc, const char *synthetic, char *why,
		unsigned int why_size)
{
	int error = 0;

	/* Whole: the record is of the machine, not of our share in it. */
	hwloc_topology_set_flags(hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	hwloc_topology_set_type_filter(hwloc, HWLOC_OBJ_MISC,
				       HWLOC_TYPE_FILTER_KEEP_NONE);
	if (synthetic != NULL && synthetic[0] == '<')
		error = hwloc_topology_set_xmlbuffer(
			hwloc, synthetic, (int)strlen(synthetic) + 1);
	else if (synthetic != NULL)
		error = hwloc_topology_set_synthetic(hwloc, synthetic);
	if (error == 0)
		error = load_quietly(hwloc);
	if (error != 0) {
		snprintf(
			why, why_size,
			"hwloc cannot load the topology: %s (is /sys mounted?)",
			strerror(errno));
		return -EIO;
	}
	if (synthetic == NULL && !hwloc_topology_is_thissystem(hwloc)) {
		snprintf(
			why, why_size,
			"hwloc describes another machine: unset HWLOC_XMLFILE, "
			"HWLOC_SYNTHETIC and HWLOC_FSROOT");
		return -EINVAL;
	}
	if (!hwloc_topology_get_support(hwloc)->discovery->pu) {
		snprintf(why, why_size,
			 "hwloc finds no CPUs: is /sys mounted?");
		return -ENODEV;
	}
	return 0;
}

struct topology *topology_open(const char *synthetic, char *why,
			       unsigned int why_size)
{
	struct topology *topology = calloc(1, sizeof(*topology));

	if (topology == NULL || hwloc_topology_init(&topology->hwloc) != 0) {
		snprintf(why, why_size, "no memory is left for the topology");
		free(topology);
		return NULL;
	}
	if (load(topology->hwloc, synthetic, why, why_size) != 0) {
		topology_close(topology);
		return NULL;
	}
	if (collect_seats(topology) != 0) {
		snprintf(why, why_size, "no memory is left for the topology");
		topology_close(topology);
		return NULL;
	}
	return topology;
}

void topology_close(struct topology *topology)
{
	if (topology == NULL)
		return;
	hwloc_topology_destroy(topology->hwloc);
	free(topology->seats);
	free(topology);
}

static unsigned int count_of(const struct topology *topology,
			     hwloc_obj_type_t type)
{
	int count = hwloc_get_nbobjs_by_type(topology->hwloc, type);

	return count > 0 ? (unsigned int)count : 0;
}

int placement_decide(struct topology *topology, const char *cpus,
		     unsigned int threads, struct placement *placement)
{
	int error = seats_decide(topology->seats, topology->seats_count, cpus,
				 threads, placement);

	if (error == 0 && count_of(topology, HWLOC_OBJ_CORE) == 0)
		seats_note(placement, "the physical cores are not known: each "
				      "CPU is taken for one");
	return error;
}

void placement_unbound(unsigned int threads, const char *why,
		       struct placement *placement)
{
	memset(placement, 0, sizeof(*placement));
	placement->threads = threads;
	placement->driver_cpu = -1;
	placement->probe_cpu = -1;
	for (unsigned int i = 0; i < THREADS_MAX; i++)
		placement->cpus[i] = -1;
	snprintf(placement->note, sizeof(placement->note), "%s", why);
}

void topology_count(const struct topology *topology,
		    struct topology_counts *counts)
{
	*counts = (struct topology_counts){
		.packages = count_of(topology, HWLOC_OBJ_PACKAGE),
		.cores = count_of(topology, HWLOC_OBJ_CORE),
		.cpus = count_of(topology, HWLOC_OBJ_PU),
		.nodes = count_of(topology, HWLOC_OBJ_NUMANODE),
		.cpus_allowed = topology->seats_count,
	};
	if (counts->cores == 0)
		counts->cores = counts->cpus;
	for (unsigned int i = 0; i < topology->seats_count; i++)
		counts->cores_allowed += topology->seats[i].sibling == 0;
}

/* Blank in place: hwloc owns the texts and has no call to take them away. */
static void blank_identity(hwloc_obj_t machine)
{
	static const char *const parts[] = {"HostName", "Serial", "UUID",
					    "AssetTag", "Cgroup"};

	for (unsigned int i = 0; i < machine->infos_count; i++)
		for (unsigned int j = 0; j < sizeof(parts) / sizeof(*parts);
		     j++)
			if (strstr(machine->infos[i].name, parts[j]) != NULL)
				machine->infos[i].value[0] = 0;
}

char *topology_xml(struct topology *topology)
{
	char *buffer;
	char *xml;
	int size;

	blank_identity(hwloc_get_root_obj(topology->hwloc));
	if (hwloc_topology_export_xmlbuffer(topology->hwloc, &buffer, &size,
					    0) != 0)
		return NULL;
	xml = strdup(buffer);
	hwloc_free_xmlbuffer(topology->hwloc, buffer);
	return xml;
}

static const char *plural(unsigned int count)
{
	return count == 1 ? "" : "s";
}

void topology_summary(struct topology *topology, char *text,
		      unsigned int text_size)
{
	struct topology_counts counts;
	char packages[32] = "";

	topology_count(topology, &counts);
	if (counts.packages > 0)
		snprintf(packages, sizeof(packages), "%u package%s, ",
			 counts.packages, plural(counts.packages));
	snprintf(text, text_size, "%s%u core%s, %u thread%s, %u NUMA node%s",
		 packages, counts.cores, plural(counts.cores), counts.cpus,
		 plural(counts.cpus), counts.nodes, plural(counts.nodes));
}
