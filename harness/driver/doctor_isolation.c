/* doctor_isolation - checks of what the kernel itself does on these CPUs. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/cpulist.h"
#include "driver/doctor_parts.h"
#include "driver/sysfile.h"

/* No list at all is written "(null)" by some kernels. */
static void read_list(const struct doctor_system *system, const char *path,
		      char *list, size_t size)
{
	if (!sysfile_text(system->root, path, list, size) ||
	    strstr(list, "(null)") != NULL)
		list[0] = 0;
}

/* The value of a parameter of the kernel's command line; false: not there. */
static bool parameter(const struct doctor_system *system, const char *name,
		      char *value, size_t size)
{
	char text[4096];
	char *rest = text;
	char *word;
	size_t length = strlen(name);
	bool found = false;

	if (!sysfile_text(system->root, "/proc/cmdline", text, sizeof(text)))
		return false;
	while ((word = strsep(&rest, " \n")) != NULL) {
		if (strcmp(word, "--") == 0)
			break;
		if (strncmp(word, name, length) != 0 || word[length] != '=')
			continue;
		snprintf(value, size, "%s", word + length + 1);
		found = true;
	}
	return found;
}

/* CPU 0 keeps the time; one CPU must be left for all the rest. */
static bool can_isolate(const struct doctor_system *system,
			struct doctor_finding *finding)
{
	unsigned int cpus[THREADS_MAX];
	unsigned int count = doctor_cpus(system, cpus, THREADS_MAX);

	if (count == 0) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "which CPUs would measure is not known");
		return false;
	}
	if (count >= doctor_cpus_online(system)) {
		doctor_cannot(
			finding, DOCTOR_APART,
			"no CPU would be left for the rest of the system");
		return false;
	}
	if (cpus[0] == 0) {
		doctor_cannot(finding, DOCTOR_APART,
			      "CPU 0, which would measure, keeps the time and "
			      "cannot be freed: choose others by --cpus");
		return false;
	}
	return true;
}

/* What there is now is put back by an undo; a list has nothing to quote. */
static void boot_with(const struct doctor_system *system,
		      struct doctor_finding *finding, const char *name)
{
	char cpus[DOCTOR_LIST_MAX];
	char change[DOCTOR_LIST_MAX + 32];
	char value[DOCTOR_LIST_MAX];
	char undo[DOCTOR_LIST_MAX + 32];

	doctor_cpus_text(system, cpus, sizeof(cpus));
	snprintf(change, sizeof(change), "%s=%s", name, cpus);
	if (parameter(system, name, value, sizeof(value)) &&
	    strspn(value, "0123456789-,:/abcdefghijklmnopqrstuvwxyz_N") ==
		    strlen(value))
		snprintf(undo, sizeof(undo), "%s=%s", name, value);
	else
		snprintf(undo, sizeof(undo), "no %s", name);
	doctor_command(finding, DOCTOR_BOOT, change, undo);
}

/* The affinity that a shell has does not include isolated CPUs. */
static void look_isolated(const struct doctor_system *system,
			  struct doctor_finding *finding)
{
	static const char path[] = DOCTOR_CPUS "/isolated";
	char list[1024];
	char cpus[DOCTOR_LIST_MAX];
	char change[DOCTOR_LIST_MAX + 64];
	int error = sysfile_error(system->root, path);

	if (error != 0) {
		doctor_cannot(finding, DOCTOR_UNKNOWN, "%s: %s", path,
			      strerror(-error));
		return;
	}
	read_list(system, path, list, sizeof(list));
	doctor_is(finding, list[0] != 0 ? "CPU %s" : "none%s", list);
	if (list[0] != 0 && doctor_cpus_within(system, list))
		return;
	if (list[0] != 0 && cpulist_count(list) > 0) {
		doctor_could(finding, DOCTOR_BETTER,
			     "measuring on the isolated CPUs");
		if (strlen(list) >= DOCTOR_LIST_MAX)
			return;
		snprintf(change, sizeof(change),
			 "taskset -c 0-%u regrow run --cpus %s ...",
			 doctor_cpus_online(system) - 1, list);
		doctor_command(finding, DOCTOR_SHELL, change, "regrow run ...");
		return;
	}
	if (!can_isolate(system, finding))
		return;
	doctor_cpus_text(system, cpus, sizeof(cpus));
	doctor_could(finding, DOCTOR_BETTER,
		     "CPU %s isolated, and regrow started by taskset -c 0-%u "
		     "regrow run --cpus %s",
		     cpus, doctor_cpus_online(system) - 1, cpus);
	boot_with(system, finding, "isolcpus");
}

static void look_tick(const struct doctor_system *system,
		      struct doctor_finding *finding)
{
	static const char path[] = DOCTOR_CPUS "/nohz_full";
	char list[1024];
	int error = sysfile_error(system->root, path);

	if (error != 0) {
		doctor_cannot(finding,
			      error == -ENOENT ? DOCTOR_APART : DOCTOR_UNKNOWN,
			      "this kernel cannot do without a tick "
			      "(CONFIG_NO_HZ_FULL)");
		return;
	}
	read_list(system, path, list, sizeof(list));
	doctor_is(finding, list[0] != 0 ? "none on CPU %s" : "on all CPUs%s",
		  list);
	if (list[0] != 0 && doctor_cpus_within(system, list))
		return;
	if (!can_isolate(system, finding))
		return;
	doctor_could(finding, DOCTOR_BETTER, "none on the measuring CPUs");
	boot_with(system, finding, "nohz_full");
}

static void look_callbacks(const struct doctor_system *system,
			   struct doctor_finding *finding)
{
	char list[1024];
	char no_tick[1024];

	if (sysfile_error(system->root, "/proc/cmdline") != 0) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "/proc/cmdline cannot be read");
		return;
	}
	/* A CPU without a tick has its callbacks elsewhere, too. */
	read_list(system, DOCTOR_CPUS "/nohz_full", no_tick, sizeof(no_tick));
	if (!parameter(system, "rcu_nocbs", list, sizeof(list)))
		list[0] = 0;
	doctor_is(finding,
		  list[0] != 0 ? "elsewhere for CPU %s"
			       : "on the CPU that made them%s",
		  list);
	if (strcmp(list, "all") == 0 || doctor_cpus_within(system, list) ||
	    doctor_cpus_within(system, no_tick))
		return;
	if (doctor_config_lacks(system, "RCU_NOCB_CPU")) {
		doctor_cannot(finding, DOCTOR_APART,
			      "this kernel cannot move them "
			      "(CONFIG_RCU_NOCB_CPU)");
		return;
	}
	if (list[0] != 0 && cpulist_count(list) == 0) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "rcu_nocbs=%s is not a plain list", list);
		return;
	}
	if (!can_isolate(system, finding))
		return;
	doctor_could(finding, DOCTOR_BETTER,
		     "on other CPUs than the measuring ones");
	boot_with(system, finding, "rcu_nocbs");
}

const struct doctor_check doctor_isolation_checks[] = {
	{"isolated", "The scheduler puts nothing on an isolated CPU by itself.",
	 "Other programs are moved onto the measuring CPU now and then, each "
	 "time at the cost of its caches.",
	 look_isolated},
	{"tick",
	 "The timer tick interrupts a CPU 100 to 1,000 times a second; in a "
	 "guest each one may leave it.",
	 "A few tenths of a percent of each time, and a step in the tail of "
	 "the latencies.",
	 look_tick},
	{"rcu-callbacks",
	 "Freed page tables and mappings are given back in RCU callbacks, on "
	 "the CPU that freed them unless told otherwise.",
	 "Bursts of them fall into later steps or later samples than those "
	 "that caused them.",
	 look_callbacks},
	{0},
};
