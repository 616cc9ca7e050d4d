/* machine_kernel - how the kernel is set up: THP, limits, mitigations. */
#include <stdio.h>
#include <string.h>

#include "driver/machine_parts.h"
#include "driver/sysfile.h"

#define THP "/sys/kernel/mm/transparent_hugepage"
#define VULNERABILITIES "/sys/devices/system/cpu/vulnerabilities"

/* A folder whose entries become an object, made with the first one. */
struct folder {
	const char *root;
	struct json *parent;
	const char *key;
	struct json *into;
};

static struct json *object_of(struct folder *folder)
{
	if (folder->into == NULL)
		folder->into = json_add_object(folder->parent, folder->key);
	return folder->into;
}

static void add_huge_size(void *context, const char *name)
{
	struct folder *folder = context;
	char path[512];

	snprintf(path, sizeof(path), THP "/%s/enabled", name);
	machine_add_chosen(folder->root, path, object_of(folder),
			   name + strlen("hugepages-"));
}

static void add_thp(const char *root, struct json *into)
{
	struct json *thp;
	struct folder sizes = {.root = root, .key = "sizes"};
	char enabled[64];

	if (!sysfile_chosen(root, THP "/enabled", enabled, sizeof(enabled)))
		return;
	thp = json_add_object(into, "thp");
	json_add_text(thp, "enabled", enabled);
	machine_add_chosen(root, THP "/defrag", thp, "defrag");
	machine_add_count(root, THP "/khugepaged/defrag", thp,
			  "khugepaged_defrag");
	machine_add_chosen(root, THP "/shmem_enabled", thp, "shmem_enabled");
	sizes.parent = thp;
	sysfile_each(root, THP, "hugepages-", add_huge_size, &sizes);
}

static void add_vulnerability(void *context, const char *name)
{
	struct folder *folder = context;
	char path[512];

	snprintf(path, sizeof(path), VULNERABILITIES "/%s", name);
	machine_add_text(folder->root, path, object_of(folder), name);
}

static void add_mitigations(const char *root, struct json *into)
{
	struct folder folder = {
		.root = root, .parent = into, .key = "mitigations"};

	sysfile_each(root, VULNERABILITIES, "", add_vulnerability, &folder);
}

/*
 * Whether a parameter changes how memory or CPUs behave: its name, up to a
 * value, a module's parameter or the rest of a longer name, is in the list.
 */
static bool is_relevant(const char *parameter)
{
	static const char names[] =
		"mitigations spectre nospectre retbleed pti nopti kpti "
		"transparent_hugepage thp hugepages hugepagesz "
		"default_hugepagesz numa mem memmap movable kernelcore "
		"movablecore init_on page_poison page_owner page_alloc "
		"page_reporting slub slab debug_pagealloc kasan kfence lru_gen "
		"zswap isolcpus nohz rcu_nocbs irqaffinity nosmt maxcpus "
		"nr_cpus nosmp idle cpuidle cpufreq intel_pstate intel_idle "
		"amd_pstate processor clocksource tsc notsc skew_tick preempt "
		"threadirqs nmi_watchdog nowatchdog audit norandmaps no5lvl "
		"nopcid noinvpcid cgroup swapaccount psi nopv nopvspin kvm "
		"iommu nokaslr";
	const char *name = names;

	while (*name != 0) {
		size_t size = strcspn(name, " ");

		if (strncmp(parameter, name, size) == 0 &&
		    strchr("=._", parameter[size]) != NULL)
			return true;
		name += size + (name[size] == ' ');
	}
	return false;
}

/* What stands behind "--" is for init and not for the kernel. */
static void add_command_line(const char *root, struct json *into,
			     bool anonymous)
{
	char text[4096];
	char kept[sizeof(text)] = "";
	char *rest = text;
	char *word;
	size_t used = 0;

	if (!sysfile_text(root, "/proc/cmdline", text, sizeof(text)))
		return;
	while ((word = strsep(&rest, " \n")) != NULL) {
		if (strcmp(word, "--") == 0)
			break;
		if (word[0] == 0 || (anonymous && !is_relevant(word)))
			continue;
		used += (size_t)snprintf(kept + used, sizeof(kept) - used,
					 "%s%s", used > 0 ? " " : "", word);
	}
	json_add_text(into, "kernel_command_line", kept);
}

void machine_kernel_facts(const char *root, struct json *into, bool anonymous)
{
	int64_t paranoid;

	add_command_line(root, into, anonymous);
	add_mitigations(root, into);
	add_thp(root, into);
	machine_add_count(root, "/proc/sys/vm/max_map_count", into,
			  "max_map_count");
	machine_add_count(root, "/proc/sys/vm/overcommit_memory", into,
			  "overcommit_memory");
	machine_add_count(root, "/proc/sys/kernel/randomize_va_space", into,
			  "aslr");
	machine_add_count(root, "/proc/sys/kernel/numa_balancing", into,
			  "numa_balancing");
	if (sysfile_signed(root, "/proc/sys/kernel/perf_event_paranoid",
			   &paranoid))
		json_add_signed(into, "perf_event_paranoid", paranoid);
}
