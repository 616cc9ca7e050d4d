/* doctor_cpu - checks of who may compute where, and what else does. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/cgroup.h"
#include "driver/cpulist.h"
#include "driver/doctor_parts.h"
#include "driver/sysfile.h"

static unsigned int measuring(const struct doctor_system *system)
{
	unsigned int cpus[THREADS_MAX];
	unsigned int count = doctor_cpus(system, cpus, THREADS_MAX);

	return count > 0 ? count : 1;
}

static void look_cores(const struct doctor_system *system,
		       struct doctor_finding *finding)
{
	unsigned int cores = system->placement->cores_allowed;
	unsigned int online = doctor_cpus_online(system);
	unsigned int enough = measuring(system) + 2;

	if (cores == 0) {
		doctor_cannot(finding, DOCTOR_UNKNOWN, "%s",
			      system->placement->note);
		return;
	}
	doctor_is(finding, "%u core%s for this process", cores,
		  cores > 1 ? "s" : "");
	if (system->cpus_allowed > 0 && online > system->cpus_allowed)
		doctor_is(finding,
			  "%u core%s for this process, which may use %u of the "
			  "%u CPUs (cpuset or affinity)",
			  cores, cores > 1 ? "s" : "", system->cpus_allowed,
			  online);
	if (cores < 2)
		doctor_could(finding, DOCTOR_BAD, "%u cores or more", enough);
	else if (cores < enough)
		doctor_could(finding, DOCTOR_BETTER, "%u cores or more",
			     enough);
}

static void look_placement(const struct doctor_system *system,
			   struct doctor_finding *finding)
{
	const struct placement *placement = system->placement;
	char cpus[DOCTOR_LIST_MAX];

	if (placement->cpus[0] < 0) {
		doctor_is(finding, "%s", placement->note);
		doctor_could(finding, DOCTOR_BAD,
			     "each thread bound to a core of its own");
		return;
	}
	doctor_cpus_text(system, cpus, sizeof(cpus));
	doctor_is(finding, "measuring on CPU %s%s%s", cpus,
		  placement->note[0] != 0 ? "; " : "", placement->note);
	if (placement->shared)
		doctor_could(finding, DOCTOR_BAD,
			     "--cpus with one CPU of each core");
	else if (placement->note[0] != 0)
		doctor_could(finding, DOCTOR_BETTER,
			     "a core of its own for each thread, for the "
			     "driver and for the noise probe, on one node");
}

/* The siblings that the measuring CPUs have, as a list; "": none. */
static bool find_siblings(const struct doctor_system *system,
			  struct doctor_finding *finding, char *list,
			  size_t size)
{
	unsigned int cpus[THREADS_MAX];
	unsigned int count = doctor_cpus(system, cpus, THREADS_MAX);
	size_t used = 0;

	list[0] = 0;
	for (unsigned int i = 0; i < count && used < size; i++) {
		char path[128];
		char own[128];

		snprintf(path, sizeof(path),
			 DOCTOR_CPUS "/cpu%u/topology/thread_siblings_list",
			 cpus[i]);
		if (!sysfile_text(system->root, path, own, sizeof(own)) ||
		    cpulist_count(own) == 0) {
			doctor_cannot(finding, DOCTOR_UNKNOWN,
				      "%s: cannot be read, or is no list",
				      path);
			return false;
		}
		if (cpulist_count(own) > 1)
			used += (size_t)snprintf(list + used, size - used,
						 "%s%s",
						 used > 0 ? " and " : "", own);
	}
	if (count == 0)
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "which CPUs would measure is not known");
	return count > 0;
}

static void look_siblings(const struct doctor_system *system,
			  struct doctor_finding *finding)
{
	static const char path[] = DOCTOR_CPUS "/smt/control";
	char control[DOCTOR_WORD_MAX];
	char list[512];

	if (!find_siblings(system, finding, list, sizeof(list)))
		return;
	if (list[0] == 0) {
		doctor_is(finding,
			  "one hardware thread on each measuring core");
		return;
	}
	doctor_is(finding, "CPUs %s share a core", list);
	doctor_could(finding, DOCTOR_BETTER,
		     "one hardware thread for each core (SMT off)");
	if (sysfile_text(system->root, path, control, sizeof(control)) &&
	    strcmp(control, "on") == 0)
		doctor_write(finding, path, "on", "off");
}

static void look_quota(const struct doctor_system *system,
		       struct doctor_finding *finding)
{
	struct cgroup_quota quota;
	unsigned int threads = measuring(system);
	char change[PATH_MAX * 2];
	char undo[PATH_MAX * 2];
	char *file;
	double cpus;

	if (sysfile_error(system->root, "/proc/self/cgroup") != 0) {
		doctor_cannot(finding, DOCTOR_APART,
			      "this kernel has no control groups");
		return;
	}
	cgroup_quota(system->root, &quota);
	if (quota.quota_us == CGROUP_NO_LIMIT) {
		doctor_is(finding, "none");
		return;
	}
	cpus = (double)quota.quota_us / (double)quota.period_us;
	doctor_is(finding, "%.3g CPUs' time for cgroup %s", cpus, quota.name);
	if (cpus >= threads + 1)
		return;
	doctor_could(finding, cpus < threads ? DOCTOR_BAD : DOCTOR_BETTER,
		     "no quota, or that of %u CPUs", threads + 1);
	file = doctor_quoted(quota.file);
	if (file == NULL)
		return;
	snprintf(change, sizeof(change), "echo %s >%s",
		 quota.version == 1 ? "-1" : "max", file);
	if (quota.version == 1)
		snprintf(undo, sizeof(undo), "echo %" PRIu64 " >%s",
			 quota.quota_us, file);
	else
		snprintf(undo, sizeof(undo), "echo %" PRIu64 " %" PRIu64 " >%s",
			 quota.quota_us, quota.period_us, file);
	doctor_command(finding, DOCTOR_ROOT, change, undo);
	free(file);
}

/* Field 19 of /proc/self/stat, and 41; the name before may hold anything. */
static bool read_priority(const char *root, int *nice, unsigned int *policy)
{
	char *text = sysfile_all(root, "/proc/self/stat");
	const char *field = text != NULL ? strrchr(text, ')') : NULL;
	bool found = false;

	for (int number = 3; field != NULL && number <= 41; number++) {
		field = strchr(field, ' ');
		if (field == NULL)
			break;
		field++;
		if (number == 19)
			*nice = (int)strtol(field, NULL, 10);
		if (number == 41) {
			*policy = (unsigned int)strtoul(field, NULL, 10);
			found = true;
		}
	}
	free(text);
	return found;
}

static void look_priority(const struct doctor_system *system,
			  struct doctor_finding *finding)
{
	static const char *const policies[] = {"other", "fifo", "rr",
					       "batch", "4",	"idle"};
	unsigned int policy = 0;
	int nice = 0;

	if (!read_priority(system->root, &nice, &policy) || policy > 5) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "/proc/self/stat cannot be read, or names a "
			      "policy that is not known");
		return;
	}
	doctor_is(finding, "nice %d, policy %s", nice, policies[policy]);
	if (nice > 0 || policy == 3 || policy == 5)
		doctor_could(finding, DOCTOR_BETTER,
			     "nice 0, policy other: start regrow from a shell "
			     "that has them");
}

static void look_load(const struct doctor_system *system,
		      struct doctor_finding *finding)
{
	unsigned int online = doctor_cpus_online(system);
	char text[128];
	double load;
	double older[2];

	if (!sysfile_text(system->root, "/proc/loadavg", text, sizeof(text)) ||
	    sscanf(text, "%lf %lf %lf", &load, &older[0], &older[1]) != 3 ||
	    !(load >= 0) || online == 0) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "/proc/loadavg or the list of CPUs cannot be "
			      "read");
		return;
	}
	doctor_is(finding, "%.2f over the last minute, on %u CPU%s", load,
		  online, online > 1 ? "s" : "");
	if (load >= online)
		doctor_could(finding, DOCTOR_BAD,
			     "less than 0.5: wait for what runs, or end it");
	else if (load >= 0.5)
		doctor_could(finding, DOCTOR_BETTER,
			     "less than 0.5: wait for what runs, or end it");
}

const struct doctor_check doctor_cpu_checks[] = {
	{"load",
	 "What else runs takes time, cache and memory bandwidth from the "
	 "samples.",
	 "Wall times contain waits; the intervals are wide, and a verdict "
	 "needs many more rounds.",
	 look_load},
	{"cores",
	 "With a core each for the workload, the driver and the noise probe, "
	 "the harness takes nothing from what is measured.",
	 "Interrupts, other programs and the driver run between the steps of "
	 "a sample; on one core nothing can even see them.",
	 look_cores},
	{"placement",
	 "Threads that share a core, or move between cores, slow one another "
	 "down by as much as the allocators differ.",
	 "Times of several threads contain their contention for the core, and "
	 "noise is not seen where the probe has no place.",
	 look_placement},
	{"smt-siblings",
	 "The hardware threads of a core share its caches, its TLB and its "
	 "execution units.",
	 "A sample can be half as fast while anything runs on the sibling, "
	 "and no counter says so.",
	 look_siblings},
	{"cpu-quota",
	 "A control group that has used up its quota is stopped for the rest "
	 "of the period, 100 ms as a rule.",
	 "Wall times contain these stops; latencies show them as outliers.",
	 look_quota},
	{"priority",
	 "Samples inherit nice and policy, and with less than the usual ones "
	 "give way to all that runs.",
	 "Each other program that wakes up on the CPU is in the wall times.",
	 look_priority},
	{0},
};
