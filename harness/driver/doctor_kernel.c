/* doctor_kernel - checks of the kernel itself, and of what is around it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mapfile.h"
#include "driver/doctor_parts.h"
#include "driver/json.h"
#include "driver/machine_parts.h"
#include "driver/perf_facts.h"
#include "driver/sysfile.h"

static void look_hypervisor(const struct doctor_system *system,
			    struct doctor_finding *finding)
{
	struct json *facts = json_new_object();
	const char *name;

	machine_hypervisor(system->root, facts);
	name = json_text(facts, "hypervisor", NULL);
	if (name == NULL && sysfile_error(system->root, "/proc/cpuinfo") != 0) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "/proc/cpuinfo cannot be read");
		json_free(facts);
		return;
	}
	doctor_is(finding, "%s", name != NULL ? name : "none");
	if (name != NULL)
		doctor_could(finding, DOCTOR_BETTER,
			     "a machine of its own; here, many rounds");
	json_free(facts);
}

/* What a kernel may be built with that changes the cost of what is measured. */
struct option {
	const char *name; /* CONFIG_... */
	enum doctor_state state;
	/*
	 * The option that turns it on where it is built in; NULL: it is on
	 * anyway; "": only a parameter does.
	 */
	const char *by_default;
	/* Parameters of the kernel's command line; NULL: there is none. */
	const char *on;
	const char *off;
};

static const struct option options[] = {
	/* KASAN is built in either way but for the one that hardware does. */
	{"KASAN_INLINE", DOCTOR_BAD, NULL, NULL, "kasan=off"},
	{"KASAN_OUTLINE", DOCTOR_BAD, NULL, NULL, "kasan=off"},
	{"KASAN_HW_TAGS", DOCTOR_BETTER, NULL, NULL, "kasan=off"},
	{"KMSAN", DOCTOR_BAD, NULL, NULL, NULL},
	{"KCSAN", DOCTOR_BAD, NULL, NULL, NULL},
	{"KCOV_INSTRUMENT_ALL", DOCTOR_BAD, NULL, NULL, NULL},
	{"GCOV_PROFILE_ALL", DOCTOR_BAD, NULL, NULL, NULL},
	{"LOCKDEP", DOCTOR_BAD, NULL, NULL, NULL},
	{"DEBUG_MAPLE_TREE", DOCTOR_BAD, NULL, NULL, NULL},
	{"DEBUG_VM_MAPLE_TREE", DOCTOR_BAD, NULL, NULL, NULL},
	{"DEBUG_VM_RB", DOCTOR_BAD, NULL, NULL, NULL},
	{"DEBUG_KMEMLEAK", DOCTOR_BAD, NULL, NULL, "kmemleak=off"},
	{"DEBUG_PAGEALLOC", DOCTOR_BAD, "DEBUG_PAGEALLOC_ENABLE_DEFAULT",
	 "debug_pagealloc=on", "debug_pagealloc=off"},
	{"PAGE_OWNER", DOCTOR_BAD, "", "page_owner=on", NULL},
	{"PAGE_POISONING", DOCTOR_BAD, "", "page_poison=1", NULL},
	{"SLUB_DEBUG", DOCTOR_BETTER, "SLUB_DEBUG_ON", "slub_debug", NULL},
	{"PAGE_TABLE_CHECK", DOCTOR_BETTER, "PAGE_TABLE_CHECK_ENFORCED",
	 "page_table_check=on", NULL},
	{"DEBUG_VM", DOCTOR_BETTER, NULL, NULL, NULL},
	{"DEBUG_SPINLOCK", DOCTOR_BETTER, NULL, NULL, NULL},
	{"DEBUG_ATOMIC_SLEEP", DOCTOR_BETTER, NULL, NULL, NULL},
	{"DEBUG_PREEMPT", DOCTOR_BETTER, NULL, NULL, NULL},
	{"UBSAN", DOCTOR_BETTER, NULL, NULL, NULL},
};

static bool is_on(const struct option *option, const char *config,
		  const char *command_line)
{
	if (!doctor_config_has(config, option->name) ||
	    (option->off != NULL &&
	     doctor_booted_with(command_line, option->off)))
		return false;
	if (option->on != NULL && doctor_booted_with(command_line, option->on))
		return true;
	return option->by_default == NULL ||
	       doctor_config_has(config, option->by_default);
}

static void look_debugging(const struct doctor_system *system,
			   struct doctor_finding *finding)
{
	char command_line[4096];
	char names[512] = "";
	const char *config = system->config;
	enum doctor_state state = DOCTOR_GOOD;
	size_t used = 0;

	if (config == NULL) {
		doctor_cannot(finding, DOCTOR_UNKNOWN, "%s",
			      system->config_why);
		return;
	}
	sysfile_text(system->root, "/proc/cmdline", command_line,
		     sizeof(command_line));
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		if (!is_on(&options[i], config, command_line))
			continue;
		if (options[i].state > state)
			state = options[i].state;
		if (used < sizeof(names))
			used += (size_t)snprintf(
				names + used, sizeof(names) - used, "%s%s",
				used > 0 ? ", " : "", options[i].name);
	}
	doctor_is(finding, "%s", names[0] != 0 ? names : "none");
	if (state != DOCTOR_GOOD)
		doctor_could(finding, state,
			     "a kernel built without, as distributions ship "
			     "for daily use");
}

static void look_kfence(const struct doctor_system *system,
			struct doctor_finding *finding)
{
	static const char path[] =
		"/sys/module/kfence/parameters/sample_interval";
	uint64_t value;

	if (!doctor_count(system, finding, path, "this kernel has no KFENCE",
			  &value))
		return;
	doctor_is(finding, "every %" PRIu64 " ms", value);
	if (value == 0)
		doctor_is(finding, "off");
	else
		doctor_want_count(finding, path, value, 0);
}

static void look_pressure(const struct doctor_system *system,
			  struct doctor_finding *finding)
{
	static const char path[] = "/proc/pressure/cpu";
	int error = sysfile_error(system->root, path);

	if (error == 0) {
		doctor_is(finding, "counted");
		return;
	}
	/* Built in and turned off, the folder is missing or reads fail. */
	doctor_is(finding, "not counted (%s: %s)", path, strerror(-error));
	if (doctor_config_lacks(system, "PSI")) {
		doctor_could(finding, DOCTOR_BETTER,
			     "a kernel that is built with CONFIG_PSI");
		return;
	}
	doctor_could(finding, DOCTOR_BETTER, "counted");
	doctor_command(finding, DOCTOR_BOOT, "psi=1", "no psi");
}

static void look_seccomp(const struct doctor_system *system,
			 struct doctor_finding *finding)
{
	struct perf_facts facts;

	if (sysfile_error(system->root, "/proc/self/status") != 0) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "/proc/self/status cannot be read");
		return;
	}
	perf_facts_read(system->root, &facts);
	doctor_is(finding,
		  facts.seccomp ? "each system call is filtered" : "no filter");
	if (facts.seccomp)
		doctor_could(finding, DOCTOR_BETTER,
			     "a process without a filter: outside of the "
			     "container, or --security-opt "
			     "seccomp=unconfined");
}

static void look_tracer(const struct doctor_system *system,
			struct doctor_finding *finding)
{
	char *status = sysfile_all(system->root, "/proc/self/status");
	uint64_t tracer;

	if (status == NULL || strstr(status, "TracerPid:") == NULL) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "/proc/self/status cannot be read");
		free(status);
		return;
	}
	tracer = map_field_bytes(status, "TracerPid");
	free(status);
	if (tracer == 0) {
		doctor_is(finding, "none");
		return;
	}
	doctor_is(finding, "process %" PRIu64 " traces this one", tracer);
	doctor_could(finding, DOCTOR_BAD, "no strace and no debugger");
}

const struct doctor_check doctor_kernel_checks[] = {
	{"hypervisor",
	 "A hypervisor takes the CPU away without saying so, and walks a "
	 "second set of page tables at each TLB miss.",
	 "Wall times contain other guests' work, and faults and moves cost "
	 "what they cost in such a guest, not on the machine.",
	 look_hypervisor},
	{"kernel-debugging",
	 "Checks that are built into the kernel run in each fault and each "
	 "mremap.",
	 "What is measured is the checks: faults and moves several times as "
	 "dear, and not in proportion.",
	 look_debugging},
	{"kfence",
	 "Now and then, the kernel takes a mapping's descriptor from guarded "
	 "pages instead of its usual pool.",
	 "One call in each interval takes a fault more: a thin tail of the "
	 "latencies.",
	 look_kfence},
	{"pressure",
	 "The time that samples waited for a CPU or for memory is read from "
	 "/proc/pressure.",
	 "Disturbed samples are not marked as such.", look_pressure},
	{"seccomp",
	 "A filter runs at the entry of each system call of the process and "
	 "its children.",
	 "mmap, munmap and mremap look dearer beside copying than they are, "
	 "by what the filter takes.",
	 look_seccomp},
	{"tracer",
	 "A traced process may stop at each system call, and its children, "
	 "too.",
	 "A call then costs many times its own time: nothing that is measured "
	 "is the kernel's.",
	 look_tracer},
	{0},
};
