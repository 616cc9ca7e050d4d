/* machine_memory - how much memory there is, and how much a run may use. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mapfile.h"
#include "common/units.h"
#include "driver/cgroup.h"
#include "driver/machine.h"
#include "driver/machine_parts.h"
#include "driver/sysfile.h"

static void add_bytes(struct json *into, const char *key, uint64_t bytes)
{
	if (bytes > 0)
		json_add_count(into, key, bytes);
}

void machine_memory_facts(const char *root, struct json *into)
{
	char *text = sysfile_all(root, "/proc/meminfo");
	struct cgroup_memory cgroup;

	if (text != NULL) {
		add_bytes(into, "memory_bytes",
			  map_field_bytes(text, "MemTotal"));
		add_bytes(into, "memory_available_bytes",
			  map_field_bytes(text, "MemAvailable"));
		if (strstr(text, "SwapTotal:") != NULL)
			json_add_count(into, "swap_bytes",
				       map_field_bytes(text, "SwapTotal"));
	}
	free(text);
	cgroup_memory(root, &cgroup);
	if (cgroup.limit_bytes != CGROUP_NO_LIMIT)
		json_add_count(into, "cgroup_limit_bytes", cgroup.limit_bytes);
	json_add_count(into, "page_bytes", (uint64_t)sysconf(_SC_PAGESIZE));
}

/* Kernels before 3.14 have no estimate of what is available. */
static uint64_t available_bytes(const char *root)
{
	char *text = sysfile_all(root, "/proc/meminfo");
	uint64_t bytes = 0;

	if (text != NULL)
		bytes = map_field_bytes(text, "MemAvailable");
	free(text);
	if (bytes == 0)
		bytes = (uint64_t)sysconf(_SC_AVPHYS_PAGES) *
			(uint64_t)sysconf(_SC_PAGESIZE);
	return bytes;
}

bool machine_resource_limit(const char *root, const char *name, uint64_t *soft,
			    uint64_t *hard)
{
	char *text = sysfile_all(root, "/proc/self/limits");
	char *line = text != NULL ? strstr(text, name) : NULL;
	char values[2][24];
	bool found = line != NULL && sscanf(line + strlen(name), "%23s %23s",
					    values[0], values[1]) == 2;

	*soft = UINT64_MAX;
	*hard = UINT64_MAX;
	/* "unlimited" is no number. */
	if (found) {
		sscanf(values[0], "%" SCNu64, soft);
		sscanf(values[1], "%" SCNu64, hard);
	}
	free(text);
	return found;
}

/* A soft limit; UINT64_MAX: unlimited, or not there. */
static uint64_t soft_limit(const char *root, const char *name)
{
	uint64_t soft;
	uint64_t hard;

	machine_resource_limit(root, name, &soft, &hard);
	return soft;
}

/* The least so far, and which one it is. */
struct least {
	uint64_t bytes;
	char which[192];
};

__attribute__((format(printf, 3, 4))) static void
offer(struct least *least, uint64_t bytes, const char *format, ...)
{
	va_list arguments;

	if (bytes >= least->bytes)
		return;
	least->bytes = bytes;
	va_start(arguments, format);
	vsnprintf(least->which, sizeof(least->which), format, arguments);
	va_end(arguments);
}

uint64_t machine_memory_limit_at(const char *root, char *why,
				 unsigned int why_size)
{
	struct least least = {.bytes = UINT64_MAX};
	struct cgroup_memory cgroup;
	char size[UNITS_TEXT_SIZE];

	cgroup_memory(root, &cgroup);
	offer(&least, available_bytes(root), "the machine's available memory");
	offer(&least, cgroup.left_bytes,
	      "what the memory limit of cgroup %s leaves", cgroup.name);
	offer(&least, soft_limit(root, "Max address space"),
	      "the limit of address space (RLIMIT_AS; see ulimit -v)");
	offer(&least, soft_limit(root, "Max data size"),
	      "the limit of data (RLIMIT_DATA; see ulimit -d)");
	if (why != NULL)
		snprintf(why, why_size, "%s: %s",
			 units_read_size((double)least.bytes, size),
			 least.which);
	return least.bytes;
}

uint64_t machine_memory_limit_bytes(char *why, unsigned int why_size)
{
	return machine_memory_limit_at("", why, why_size);
}
