/* cgroup - what the cgroups of this process leave it, v1 and v2. */
#include "driver/cgroup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/cgroup_levels.h"
#include "driver/sysfile.h"

#define LEVEL_PATH_MAX (PATH_MAX + 64)

/* One version's files; see the kernel's admin-guide/cgroup-v1 and cgroup-v2. */
struct version {
	const char *limits[2];
	const char *usage;
	const char *cached; /* in memory.stat, of the whole subtree */
};

static const struct version version_1 = {
	.limits = {"memory.limit_in_bytes"},
	.usage = "memory.usage_in_bytes",
	.cached = "total_inactive_file",
};

static const struct version version_2 = {
	/* Above high a process is slowed down so much that nothing is measured. */
	.limits = {"memory.max", "memory.high"},
	.usage = "memory.current",
	.cached = "inactive_file",
};

static uint64_t stat_count(const char *text, const char *name)
{
	size_t length = strlen(name);

	while (text != NULL && *text != 0) {
		if (strncmp(text, name, length) == 0 && text[length] == ' ')
			return strtoull(text + length + 1, NULL, 10);
		text = strchr(text, '\n');
		if (text != NULL)
			text++;
	}
	return 0;
}

/* A file of a cgroup as a number; false: missing, or "max". */
static bool level_count(const struct cgroup_level *level, const char *file,
			uint64_t *value)
{
	char path[LEVEL_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", level->folder, file);
	return sysfile_count(level->root, path, value);
}

static uint64_t level_used(const struct cgroup_level *level,
			   const struct version *version)
{
	char path[LEVEL_PATH_MAX];
	uint64_t used = 0;
	uint64_t cached;
	char *stat;

	level_count(level, version->usage, &used);
	snprintf(path, sizeof(path), "%s/memory.stat", level->folder);
	stat = sysfile_all(level->root, path);
	cached = stat_count(stat, version->cached);
	free(stat);
	return used > cached ? used - cached : 0;
}

static void read_memory(void *context, const struct cgroup_level *level)
{
	struct cgroup_memory *memory = context;
	const struct version *version =
		level->version == 1 ? &version_1 : &version_2;
	uint64_t limit = CGROUP_NO_LIMIT;
	uint64_t used;
	uint64_t left;

	for (int i = 0; i < 2 && version->limits[i] != NULL; i++) {
		uint64_t value;

		if (level_count(level, version->limits[i], &value) &&
		    value < limit)
			limit = value;
	}
	/* v1 writes "no limit" as the largest number of whole pages. */
	if (limit >= (uint64_t)1 << 62)
		return;
	if (limit < memory->limit_bytes)
		memory->limit_bytes = limit;
	used = level_used(level, version);
	left = limit > used ? limit - used : 0;
	if (left < memory->left_bytes) {
		memory->left_bytes = left;
		snprintf(memory->name, sizeof(memory->name), "%s", level->name);
	}
}

void cgroup_memory(const char *root, struct cgroup_memory *memory)
{
	*memory = (struct cgroup_memory){.limit_bytes = CGROUP_NO_LIMIT,
					 .left_bytes = CGROUP_NO_LIMIT};
	cgroup_levels(root, "memory", read_memory, memory);
}

/* v2: "50000 100000", or "max 100000"; v1: a file for each, or -1. */
static bool level_quota(const struct cgroup_level *level, uint64_t *quota_us,
			uint64_t *period_us)
{
	char path[LEVEL_PATH_MAX];
	char text[64];

	if (level->version == 1)
		return level_count(level, "cpu.cfs_quota_us", quota_us) &&
		       level_count(level, "cpu.cfs_period_us", period_us);
	snprintf(path, sizeof(path), "%s/cpu.max", level->folder);
	return sysfile_text(level->root, path, text, sizeof(text)) &&
	       sscanf(text, "%" SCNu64 " %" SCNu64, quota_us, period_us) == 2;
}

static void read_quota(void *context, const struct cgroup_level *level)
{
	struct cgroup_quota *least = context;
	uint64_t quota_us;
	uint64_t period_us;

	if (!level_quota(level, &quota_us, &period_us) || period_us == 0 ||
	    (least->quota_us != CGROUP_NO_LIMIT &&
	     (double)quota_us / (double)period_us >=
		     (double)least->quota_us / (double)least->period_us))
		return;
	least->quota_us = quota_us;
	least->period_us = period_us;
	least->version = level->version;
	snprintf(least->file, sizeof(least->file), "%s/%s", level->folder,
		 level->version == 1 ? "cpu.cfs_quota_us" : "cpu.max");
	snprintf(least->name, sizeof(least->name), "%s", level->name);
}

void cgroup_quota(const char *root, struct cgroup_quota *quota)
{
	*quota = (struct cgroup_quota){.quota_us = CGROUP_NO_LIMIT};
	cgroup_levels(root, "cpu", read_quota, quota);
}
