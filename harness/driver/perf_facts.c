/* perf_facts - what this machine allows of perf_event_open, and why not. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/perf_facts.h"

static FILE *facts_file(const char *root, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s%s", root, name);
	return fopen(path, "re");
}

/* cpu, cpu_core, cpum_cf; armv8_pmuv3_0; apple_icestorm_pmu. */
static bool facts_is_cpu_pmu(const char *name)
{
	return strncmp(name, "cpu", 3) == 0 || strncmp(name, "armv", 4) == 0 ||
	       strncmp(name, "apple_", 6) == 0;
}

static bool facts_read_cpu_pmu(const char *root)
{
	struct dirent *entry;
	bool found = false;
	char path[512];
	DIR *devices;

	snprintf(path, sizeof(path), "%s/sys/bus/event_source/devices", root);
	devices = opendir(path);
	if (!devices)
		return false;
	while (!found && (entry = readdir(devices)))
		found = facts_is_cpu_pmu(entry->d_name);
	closedir(devices);
	return found;
}

/* Whether a line of the file starts with field and holds word after it. */
static bool facts_field_has(const char *root, const char *name,
			    const char *field, const char *word)
{
	FILE *file = facts_file(root, name);
	char line[8192];
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file))
		found = strncmp(line, field, strlen(field)) == 0 &&
			strstr(line + strlen(field), word);
	fclose(file);
	return found;
}

void perf_facts_read(const char *root, struct perf_facts *facts)
{
	FILE *file = facts_file(root, "/proc/sys/kernel/perf_event_paranoid");

	memset(facts, 0, sizeof(*facts));
	facts->cpu_pmu = facts_read_cpu_pmu(root);
	facts->virtual_machine =
		facts_field_has(root, "/proc/cpuinfo", "flags", " hypervisor");
	facts->seccomp =
		facts_field_has(root, "/proc/self/status", "Seccomp:", "2");
	if (!file)
		return;
	facts->paranoid_known = fscanf(file, "%d", &facts->paranoid) == 1;
	fclose(file);
}

bool perf_facts_software(const struct perf_event_attr *attr)
{
	return attr->type == PERF_TYPE_SOFTWARE ||
	       attr->type == PERF_TYPE_TRACEPOINT;
}

bool perf_facts_has_sides(const struct perf_event_attr *attr)
{
	if (attr->type == PERF_TYPE_TRACEPOINT)
		return false;
	if (attr->type != PERF_TYPE_SOFTWARE)
		return true;
	switch (attr->config) {
	case PERF_COUNT_SW_CPU_CLOCK:
	case PERF_COUNT_SW_TASK_CLOCK:
	case PERF_COUNT_SW_CONTEXT_SWITCHES:
	case PERF_COUNT_SW_CPU_MIGRATIONS:
	case 11: /* PERF_COUNT_SW_CGROUP_SWITCHES, since Linux 5.13 */
		return false;
	default:
		return true;
	}
}

static bool facts_needs_cpu_pmu(const struct perf_event_attr *attr)
{
	return attr->type == PERF_TYPE_HARDWARE ||
	       attr->type == PERF_TYPE_HW_CACHE || attr->type == PERF_TYPE_RAW;
}

static const char *facts_no_event(const struct perf_facts *facts,
				  const struct perf_event_attr *attr)
{
	if (perf_facts_software(attr))
		return "this kernel does not have this event";
	if (facts->cpu_pmu)
		return "this CPU's PMU does not count this event";
	if (facts->virtual_machine)
		return "no PMU in this virtual machine (no cpu in "
		       "/sys/bus/event_source/devices): give the guest one, or "
		       "run on the machine itself";
	return "no PMU (no cpu in /sys/bus/event_source/devices): the kernel "
	       "lacks the driver, or firmware or the hypervisor hides it";
}

/*
 * The kernel's side of an event needs perf_event_paranoid 1, the user's side 2
 * (Debian and Ubuntu know 3 and 4, which refuse both).
 */
static void facts_refused(const struct perf_facts *facts,
			  const struct perf_event_attr *attr, int error,
			  char *reason, size_t reason_size)
{
	int needed = attr->exclude_kernel ? 2 : 1;

	/* perf_event_paranoid refuses with EACCES, seccomp with EPERM. */
	if (facts->seccomp && error == EPERM)
		snprintf(reason, reason_size,
			 "a seccomp filter refuses perf_event_open (containers "
			 "have one): start the container with "
			 "--cap-add PERFMON or --security-opt "
			 "seccomp=unconfined");
	else if (facts->paranoid_known && facts->paranoid > needed)
		snprintf(reason, reason_size,
			 "perf_event_paranoid is %d, this needs %d: sysctl -w "
			 "kernel.perf_event_paranoid=%d, or root%s",
			 facts->paranoid, needed, needed,
			 needed == 1 && facts->paranoid == 2 &&
					 perf_facts_has_sides(attr)
				 ? ", or the user's side alone (:u)"
				 : "");
	else
		snprintf(reason, reason_size,
			 "refused (%s) although perf_event_paranoid is %d: a "
			 "security module or kernel lockdown; root may",
			 strerror(error), facts->paranoid);
}

void perf_facts_reason(const struct perf_facts *facts,
		       const struct perf_event_attr *attr, int error,
		       char *reason, size_t reason_size)
{
	const char *text;

	switch (error) {
	case EACCES:
	case EPERM:
		/* Permission is asked for first, but alone would not help. */
		if (facts_needs_cpu_pmu(attr) && !facts->cpu_pmu) {
			text = facts_no_event(facts, attr);
			break;
		}
		facts_refused(facts, attr, error, reason, reason_size);
		return;
	case ENOENT:
	case ENODEV:
	case ENXIO:
	case EOPNOTSUPP:
		text = facts_no_event(facts, attr);
		break;
	case ENOSYS:
		text = facts->seccomp
			       ? "a seccomp filter hides perf_event_open "
				 "(containers have one): start the container "
				 "with --security-opt seccomp=unconfined"
			       : "this kernel has no perf_event_open "
				 "(CONFIG_PERF_EVENTS)";
		break;
	case EMFILE:
	case ENFILE:
		text = "no file descriptor is left: ulimit -n with a larger "
		       "number, or fewer counters";
		break;
	case EBUSY:
		text = "another program has the PMU for itself";
		break;
	case EINVAL:
		text = "the kernel cannot count this for one process: it is "
		       "counted per package, or the PMU does not have that "
		       "combination";
		break;
	default:
		text = strerror(error);
		break;
	}
	snprintf(reason, reason_size, "%s", text);
}
