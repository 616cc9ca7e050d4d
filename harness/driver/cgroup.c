/* cgroup - what the memory cgroups of this process leave it, v1 and v2. */
#include "driver/cgroup.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* A mounted hierarchy: mount[0] 0 where there is none. */
struct hierarchy {
	char mount[PATH_MAX / 2]; /* where */
	char top[PATH_MAX / 2]; /* which cgroup of it is at the mount point */
	char path[PATH_MAX / 2]; /* the process's, from the hierarchy's root */
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
static bool level_count(const char *root, const char *folder, const char *file,
			uint64_t *value)
{
	char path[LEVEL_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	return sysfile_count(root, path, value);
}

static uint64_t level_used(const char *root, const char *folder,
			   const struct version *version)
{
	char path[LEVEL_PATH_MAX];
	uint64_t used = 0;
	uint64_t cached;
	char *stat;

	level_count(root, folder, version->usage, &used);
	snprintf(path, sizeof(path), "%s/memory.stat", folder);
	stat = sysfile_all(root, path);
	cached = stat_count(stat, version->cached);
	free(stat);
	return used > cached ? used - cached : 0;
}

static void read_level(const char *root, const char *folder, const char *name,
		       const struct version *version,
		       struct cgroup_memory *memory)
{
	uint64_t limit = CGROUP_NO_LIMIT;
	uint64_t used;
	uint64_t left;

	for (int i = 0; i < 2 && version->limits[i] != NULL; i++) {
		uint64_t value;

		if (level_count(root, folder, version->limits[i], &value) &&
		    value < limit)
			limit = value;
	}
	/* v1 writes "no limit" as the largest number of whole pages. */
	if (limit >= (uint64_t)1 << 62)
		return;
	if (limit < memory->limit_bytes)
		memory->limit_bytes = limit;
	used = level_used(root, folder, version);
	left = limit > used ? limit - used : 0;
	if (left < memory->left_bytes) {
		memory->left_bytes = left;
		snprintf(memory->name, sizeof(memory->name), "%s",
			 name[0] != 0 ? name : "/");
	}
}

/* From the process's cgroup up to what is mounted, that level included. */
static void walk(const char *root, const struct hierarchy *hierarchy,
		 const struct version *version, struct cgroup_memory *memory)
{
	size_t top = strcmp(hierarchy->top, "/") ? strlen(hierarchy->top) : 0;
	char folder[PATH_MAX];
	char path[PATH_MAX / 2];

	if (hierarchy->mount[0] == 0)
		return;
	snprintf(path, sizeof(path), "%s", hierarchy->path);
	/* Not below what is mounted: only the mount's own level can be seen. */
	if (strncmp(path, hierarchy->top, top) != 0 ||
	    (path[top] != '/' && path[top] != 0) ||
	    strncmp(path, "/..", 3) == 0) {
		top = 0;
		path[0] = 0;
	}
	if (strcmp(path + top, "/") == 0)
		path[top] = 0;
	for (;;) {
		char *slash = strrchr(path + top, '/');

		snprintf(folder, sizeof(folder), "%s%s", hierarchy->mount,
			 path + top);
		read_level(root, folder, path, version, memory);
		if (slash == NULL)
			return;
		*slash = 0;
	}
}

/* mountinfo writes blanks as \040; see proc(5). */
static void unescape(char *text)
{
	char *to = text;

	for (; *text != 0; text++) {
		unsigned int byte;
		int length = 0;

		if (sscanf(text, "\\%3o%n", &byte, &length) == 1 &&
		    length == 4) {
			*to++ = (char)byte;
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = 0;
}

/* A line of mountinfo: "31 23 0:28 TOP MOUNT rw - TYPE SOURCE OPTIONS". */
static void take_mount(char *line, struct hierarchy *v1, struct hierarchy *v2)
{
	char type[32];
	char options[256];
	char top[PATH_MAX / 2];
	char mount[PATH_MAX / 2];
	struct hierarchy *hierarchy;
	char *second = strstr(line, " - ");

	if (second == NULL ||
	    sscanf(second, " - %31s %*s %255s", type, options) != 2 ||
	    sscanf(line, "%*s %*s %*s %2047s %2047s", top, mount) != 2)
		return;
	if (strcmp(type, "cgroup2") == 0)
		hierarchy = v2;
	else if (strcmp(type, "cgroup") == 0 &&
		 strstr(options, "memory") != NULL)
		hierarchy = v1;
	else
		return;
	unescape(top);
	unescape(mount);
	memcpy(hierarchy->top, top, sizeof(top));
	memcpy(hierarchy->mount, mount, sizeof(mount));
}

/* A line of /proc/self/cgroup: "4:memory:/a/b", or v2: "0::/a/b". */
static void take_path(char *line, struct hierarchy *v1, struct hierarchy *v2)
{
	char *controllers = strchr(line, ':');
	char *path = controllers ? strchr(controllers + 1, ':') : NULL;
	struct hierarchy *hierarchy = NULL;

	if (path == NULL)
		return;
	*path++ = 0;
	if (controllers[1] == 0)
		hierarchy = v2;
	else if (strstr(controllers, "memory") != NULL)
		hierarchy = v1;
	if (hierarchy != NULL)
		snprintf(hierarchy->path, sizeof(hierarchy->path), "%s", path);
}

static void each_line(const char *root, const char *file,
		      void (*take)(char *line, struct hierarchy *v1,
				   struct hierarchy *v2),
		      struct hierarchy *v1, struct hierarchy *v2)
{
	char *text = sysfile_all(root, file);
	char *rest = text;
	char *line;

	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
		take(line, v1, v2);
	free(text);
}

void cgroup_memory(const char *root, struct cgroup_memory *memory)
{
	struct hierarchy v1 = {.mount = ""};
	struct hierarchy v2 = {.mount = ""};

	*memory = (struct cgroup_memory){.limit_bytes = CGROUP_NO_LIMIT,
					 .left_bytes = CGROUP_NO_LIMIT};
	each_line(root, "/proc/self/mountinfo", take_mount, &v1, &v2);
	each_line(root, "/proc/self/cgroup", take_path, &v1, &v2);
	walk(root, &v1, &version_1, memory);
	walk(root, &v2, &version_2, memory);
}
