/* doctor_frequency - checks of how fast the CPUs run, and of the clock. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "driver/doctor_parts.h"
#include "driver/machine_parts.h"
#include "driver/sysfile.h"

#define CLOCK "/sys/devices/system/clocksource/clocksource0"
/* Waking up from a deeper state than that is seen in a latency. */
#define IDLE_LATENCY_US 50
#define IDLE_STATES 16

static const char no_cpufreq[] =
	"no cpufreq: firmware or, in a virtual machine, the hypervisor alone "
	"chooses the clock";

static void look_governor(const struct doctor_system *system,
			  struct doctor_finding *finding)
{
	doctor_each_cpu(system, finding, "cpufreq/scaling_governor", no_cpufreq,
			"performance");
}

static void look_turbo(const struct doctor_system *system,
		       struct doctor_finding *finding)
{
	struct machine_turbo turbo;

	if (!machine_turbo(system->root, &turbo)) {
		doctor_cannot(finding, DOCTOR_APART,
			      "neither intel_pstate/no_turbo nor cpufreq/boost "
			      "is there");
		return;
	}
	if (turbo.per_policy) {
		doctor_each_cpu(system, finding, "cpufreq/boost", NULL, "0");
		return;
	}
	if (turbo.on)
		doctor_write(finding, turbo.path, turbo.inverted ? "0" : "1",
			     turbo.inverted ? "1" : "0");
	doctor_is(finding, "%s", turbo.on ? "on" : "off");
	if (turbo.on)
		doctor_could(finding, DOCTOR_BETTER, "off");
}

/* Where the deep idle states of a CPU are gathered. */
struct idle {
	const struct doctor_system *system;
	unsigned int cpu;
	char deep[IDLE_STATES][DOCTOR_WORD_MAX];
	unsigned int count;
	uint64_t latency_us_max;
};

static void take_state(void *context, const char *name)
{
	struct idle *idle = context;
	uint64_t latency_us;
	char path[256];

	snprintf(path, sizeof(path), DOCTOR_CPUS "/cpu%u/cpuidle/%s/latency",
		 idle->cpu, name);
	if (!doctor_is_word(name) || idle->count == IDLE_STATES ||
	    !sysfile_count(idle->system->root, path, &latency_us) ||
	    latency_us <= IDLE_LATENCY_US)
		return;
	if (latency_us > idle->latency_us_max)
		idle->latency_us_max = latency_us;
	snprintf(idle->deep[idle->count++], DOCTOR_WORD_MAX, "%s", name);
}

static void look_idle(const struct doctor_system *system,
		      struct doctor_finding *finding)
{
	struct idle idle = {.system = system};
	char folder[128];

	if (doctor_cpus(system, &idle.cpu, 1) == 0) {
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "which CPUs would measure is not known");
		return;
	}
	snprintf(folder, sizeof(folder), DOCTOR_CPUS "/cpu%u/cpuidle",
		 idle.cpu);
	sysfile_each(system->root, folder, "state", take_state, &idle);
	if (sysfile_error(system->root, folder) == -ENOENT) {
		doctor_cannot(finding, DOCTOR_APART,
			      "the kernel chooses no idle states here (no "
			      "cpuidle, as in most virtual machines)");
		return;
	}
	for (unsigned int i = 0; i < idle.count; i++) {
		char file[128];

		snprintf(file, sizeof(file), "cpuidle/%s/disable",
			 idle.deep[i]);
		doctor_each_cpu(system, finding, file, NULL, "1");
		if (finding->state == DOCTOR_UNKNOWN)
			return;
	}
	if (finding->state == DOCTOR_GOOD) {
		doctor_is(finding, "none that takes more than %d us to leave",
			  IDLE_LATENCY_US);
		return;
	}
	doctor_is(finding, "up to %llu us to leave the deepest",
		  (unsigned long long)idle.latency_us_max);
	doctor_could(finding, DOCTOR_BETTER, "none that takes more than %d us",
		     IDLE_LATENCY_US);
}

/* Whether a list of words separated by blanks has that one. */
static bool lists(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (*(list += strspn(list, " ")) != 0) {
		if (strcspn(list, " ") == length &&
		    strncmp(list, word, length) == 0)
			return true;
		list += strcspn(list, " ");
	}
	return false;
}

static void look_clock(const struct doctor_system *system,
		       struct doctor_finding *finding)
{
	/* Read in user space, by the vDSO. */
	static const char *const fast[] = {"tsc", "kvm-clock",
					   "hyperv_clocksource_tsc_page",
					   "arch_sys_counter"};
	/* Each read goes to a device or counts ticks. */
	static const char slow[] = "hpet acpi_pm pit jiffies refined-jiffies";
	char word[DOCTOR_WORD_MAX];
	char available[256];

	if (!doctor_word(system, finding, CLOCK "/current_clocksource",
			 "this kernel does not say which clock it uses", word))
		return;
	doctor_is(finding, "%s", word);
	sysfile_text(system->root, CLOCK "/available_clocksource", available,
		     sizeof(available));
	for (size_t i = 0; i < sizeof(fast) / sizeof(*fast); i++) {
		if (strcmp(word, fast[i]) == 0)
			return;
		if (!lists(available, fast[i]))
			continue;
		doctor_want(finding, CLOCK "/current_clocksource", word,
			    fast[i]);
		break;
	}
	if (lists(slow, word) && finding->better == NULL)
		doctor_could(finding, DOCTOR_BAD,
			     "a clock that is read without a system call; see "
			     "the kernel's log for why the TSC is not used");
	else if (lists(slow, word))
		finding->state = DOCTOR_BAD;
}

const struct doctor_check doctor_frequency_checks[] = {
	{"governor",
	 "Other governors than performance follow the load, so that the same "
	 "work takes longer on a core that was idle before.",
	 "The first steps of each sample run at another clock than the rest; "
	 "medians shift with how long the sample is.",
	 look_governor},
	{"turbo",
	 "With turbo the clock depends on temperature and on how many cores "
	 "are busy.",
	 "Times drift along a run; the rounds cancel most of it, the intervals "
	 "keep the rest.",
	 look_turbo},
	{"idle-states",
	 "A core in a deep idle state takes tens to hundreds of microseconds "
	 "to answer.",
	 "Threads that wait for one another, and the first step of each "
	 "sample, pay for it.",
	 look_idle},
	{"clock",
	 "Each operation is between two reads of the clock, which take 30 ns "
	 "by the TSC, and over a microsecond by a device or a system call.",
	 "What is measured per operation contains the clock.", look_clock},
	{0},
};
