/* machine - what a run was measured on. */
#include "driver/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#include "driver/machine_parts.h"
#include "driver/sysfile.h"

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

void machine_add_text(const char *root, const char *path, struct json *into,
		      const char *key)
{
	char text[4096];

	if (sysfile_text(root, path, text, sizeof(text)))
		json_add_text(into, key, text);
}

void machine_add_count(const char *root, const char *path, struct json *into,
		       const char *key)
{
	uint64_t value;

	if (sysfile_count(root, path, &value))
		json_add_count(into, key, value);
}

void machine_add_chosen(const char *root, const char *path, struct json *into,
			const char *key)
{
	char text[64];

	if (sysfile_chosen(root, path, text, sizeof(text)))
		json_add_text(into, key, text);
}

static void add_topology(struct json *into, struct topology *topology)
{
	struct topology_counts counts;
	char summary[128];
	char *xml;

	if (topology == NULL)
		return;
	topology_count(topology, &counts);
	json_add_count(into, "cores_allowed", counts.cores_allowed);
	if (counts.packages > 0)
		json_add_count(into, "packages", counts.packages);
	json_add_count(into, "numa_nodes", counts.nodes);
	topology_summary(topology, summary, sizeof(summary));
	json_add_text(into, "topology", summary);
	xml = topology_xml(topology);
	if (xml != NULL)
		json_add_text(into, "topology_xml", xml);
	free(xml);
}

static void add_build(struct json *into)
{
#ifdef __GLIBC__
	char libc[32];

	snprintf(libc, sizeof(libc), "glibc %s", gnu_get_libc_version());
	json_add_text(into, "libc", libc);
#endif
	json_add_text(into, "compiler", COMPILER);
#ifdef REGROW_COMPILER_FLAGS
	json_add_text(into, "compiler_flags", REGROW_COMPILER_FLAGS);
#endif
}

/* A list of libraries without their folders, which may name a person. */
static void add_base_names(struct json *into, const char *key, const char *list)
{
	char *copy = strdup(list);
	char *rest = copy;
	char *item;
	char names[1024] = "";
	size_t used = 0;

	while (rest != NULL && (item = strsep(&rest, ": ")) != NULL &&
	       used < sizeof(names)) {
		const char *slash = strrchr(item, '/');

		used += (size_t)snprintf(names + used, sizeof(names) - used,
					 "%s%s", used > 0 ? ":" : "",
					 slash != NULL ? slash + 1 : item);
	}
	json_add_text(into, key, names);
	free(copy);
}

/* What changes how the C library's allocator behaves. */
static void add_environment(struct json *into, bool anonymous)
{
	struct json *variables = json_add_object(into, "environment");

	for (char **entry = environ; *entry != NULL; entry++) {
		const char *equals = strchr(*entry, '=');
		char name[128];

		if (equals == NULL || (size_t)(equals - *entry) >= sizeof(name))
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(equals - *entry),
			 *entry);
		if (strcmp(name, "LD_PRELOAD") == 0 && anonymous)
			add_base_names(variables, name, equals + 1);
		else if (strncmp(name, "MALLOC_", 7) == 0 ||
			 strcmp(name, "GLIBC_TUNABLES") == 0 ||
			 strcmp(name, "LD_PRELOAD") == 0)
			json_add_text(variables, name, equals + 1);
	}
}

void machine_facts_at(const char *root, struct json *into, bool anonymous,
		      struct topology *topology)
{
	struct utsname system;

	if (uname(&system) == 0) {
		if (!anonymous)
			json_add_text(into, "host", system.nodename);
		json_add_text(into, "kernel", system.release);
		json_add_text(into, "kernel_build", system.version);
		json_add_text(into, "kernel_arch", system.machine);
	}
	machine_cpu_facts(root, into, topology);
	add_topology(into, topology);
	machine_hypervisor(root, into);
	machine_memory_facts(root, into);
	machine_kernel_facts(root, into, anonymous);
	add_build(into);
	add_environment(into, anonymous);
}

void machine_facts(struct json *into, bool anonymous, struct topology *topology)
{
	machine_facts_at("", into, anonymous, topology);
}
