/* machine_cpu - which CPUs these are, and how fast they may run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/cpulist.h"
#include "driver/machine_parts.h"
#include "driver/sysfile.h"

#define CPUS "/sys/devices/system/cpu"

/* Different texts, in the order in which they came, joined. */
struct distinct {
	const char *joint;
	char text[256];
};

static void distinct_add(struct distinct *distinct, const char *text)
{
	size_t used = strlen(distinct->text);
	const char *place = distinct->text;
	size_t length = strlen(text);

	while ((place = strstr(place, text)) != NULL) {
		if (place[length] == 0 ||
		    strncmp(place + length, distinct->joint,
			    strlen(distinct->joint)) == 0)
			return;
		place++;
	}
	snprintf(distinct->text + used, sizeof(distinct->text) - used, "%s%s",
		 used > 0 ? distinct->joint : "", text);
}

/* The text behind "key :" where the line starts with it; NULL otherwise. */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);

	if (strncmp(line, key, length) != 0)
		return NULL;
	line += length;
	line += strspn(line, " \t");
	if (*line != ':')
		return NULL;
	line++;
	return line + strspn(line, " \t");
}

/* arm64 says who made a core and which one it is, but not its name. */
static const char *arm_name(unsigned int implementer, unsigned int part)
{
	static const struct {
		unsigned int implementer;
		unsigned int part;
		const char *name;
	} cores[] = {
		{0x41, 0xd03, "Cortex-A53"},  {0x41, 0xd05, "Cortex-A55"},
		{0x41, 0xd07, "Cortex-A57"},  {0x41, 0xd08, "Cortex-A72"},
		{0x41, 0xd0b, "Cortex-A76"},  {0x41, 0xd0c, "Neoverse-N1"},
		{0x41, 0xd40, "Neoverse-V1"}, {0x41, 0xd49, "Neoverse-N2"},
		{0x41, 0xd4f, "Neoverse-V2"}, {0x41, 0xd84, "Neoverse-V3"},
		{0x41, 0xd8e, "Neoverse-N3"}, {0x43, 0x0af, "ThunderX2"},
		{0x46, 0x001, "A64FX"},	      {0x48, 0xd01, "Kunpeng-920"},
		{0xc0, 0xac3, "Ampere-1"},    {0xc0, 0xac4, "Ampere-1A"},
	};

	for (size_t i = 0; i < sizeof(cores) / sizeof(*cores); i++)
		if (cores[i].implementer == implementer &&
		    cores[i].part == part)
			return cores[i].name;
	return NULL;
}

static void add_arm(struct distinct *models, unsigned int implementer,
		    unsigned int part)
{
	const char *name = arm_name(implementer, part);
	char text[64];

	if (name != NULL)
		snprintf(text, sizeof(text), "%s", name);
	else
		snprintf(text, sizeof(text),
			 "arm64 implementer 0x%02x part 0x%03x", implementer,
			 part);
	distinct_add(models, text);
}

/* The model in /proc/cpuinfo: x86; POWER, MIPS, RISC-V; arm64. */
static void add_model(struct json *into, char *cpuinfo)
{
	static const char *const keys[] = {"model name", "cpu", "cpu model",
					   "uarch"};
	struct distinct models = {.joint = " + "};
	unsigned int implementer = 0;
	char *line;

	while ((line = strsep(&cpuinfo, "\n")) != NULL) {
		const char *value;

		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
			value = value_of(line, keys[i]);
			if (value != NULL && *value != 0)
				distinct_add(&models, value);
		}
		value = value_of(line, "CPU implementer");
		if (value != NULL)
			implementer = (unsigned int)strtoul(value, NULL, 16);
		value = value_of(line, "CPU part");
		if (value != NULL)
			add_arm(&models, implementer,
				(unsigned int)strtoul(value, NULL, 16));
	}
	if (models.text[0] != 0)
		json_add_text(into, "cpu_model", models.text);
}

static unsigned int count_processors(const char *cpuinfo)
{
	unsigned int count = 0;

	for (; cpuinfo != NULL; cpuinfo = strchr(cpuinfo, '\n')) {
		cpuinfo += *cpuinfo == '\n';
		count += value_of(cpuinfo, "processor") != NULL;
	}
	return count;
}

static void add_online(const char *root, struct json *into, const char *cpuinfo)
{
	char list[4096];
	unsigned int count = 0;

	if (sysfile_text(root, CPUS "/online", list, sizeof(list)))
		count = cpulist_count(list);
	if (count == 0 && cpuinfo != NULL)
		count = count_processors(cpuinfo);
	if (count > 0)
		json_add_count(into, "cpus_online", count);
}

/* The topology knows what was allowed before the driver bound itself. */
static void add_allowed(const char *root, struct json *into,
			const struct topology *topology)
{
	static const char name[] = "Cpus_allowed_list:";
	struct topology_counts counts = {0};
	char *status = sysfile_all(root, "/proc/self/status");
	char *list = status != NULL ? strstr(status, name) : NULL;

	if (list != NULL) {
		list += strlen(name);
		list += strspn(list, " \t");
		list[strcspn(list, "\n")] = 0;
		counts.cpus_allowed = cpulist_count(list);
	}
	free(status);
	if (topology != NULL)
		topology_count(topology, &counts);
	if (counts.cpus_allowed > 0)
		json_add_count(into, "cpus_allowed", counts.cpus_allowed);
}

/* Where the governors of the policies are gathered. */
struct governors {
	const char *root;
	struct distinct names;
};

static void add_governor(void *context, const char *policy)
{
	struct governors *governors = context;
	char path[512];
	char name[64];

	snprintf(path, sizeof(path), CPUS "/cpufreq/%s/scaling_governor",
		 policy);
	if (sysfile_text(governors->root, path, name, sizeof(name)))
		distinct_add(&governors->names, name);
}

bool machine_turbo(const char *root, struct machine_turbo *turbo)
{
	static const struct machine_turbo places[] = {
		{.path = CPUS "/intel_pstate/no_turbo", .inverted = true},
		{.path = CPUS "/cpufreq/boost"},
		{.path = CPUS "/cpufreq/policy0/boost", .per_policy = true},
	};
	uint64_t value;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (sysfile_count(root, places[i].path, &value)) {
			*turbo = places[i];
			turbo->on = turbo->inverted ? value == 0 : value != 0;
			return true;
		}
	return false;
}

static void add_frequency(const char *root, struct json *into)
{
	struct governors governors = {.root = root, .names.joint = ","};
	struct machine_turbo turbo;

	sysfile_each(root, CPUS "/cpufreq", "policy", add_governor, &governors);
	if (governors.names.text[0] != 0)
		json_add_text(into, "governor", governors.names.text);
	if (machine_turbo(root, &turbo))
		json_add_text(into, "turbo", turbo.on ? "on" : "off");
	machine_add_text(root, CPUS "/smt/control", into, "smt");
}

void machine_cpu_facts(const char *root, struct json *into,
		       const struct topology *topology)
{
	char *cpuinfo = sysfile_all(root, "/proc/cpuinfo");

	add_online(root, into, cpuinfo);
	add_allowed(root, into, topology);
	if (cpuinfo != NULL)
		add_model(into, cpuinfo);
	add_frequency(root, into);
	free(cpuinfo);
}
