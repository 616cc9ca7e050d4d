/* cgroup_levels - the cgroups that this process is in, v1 and v2. */
#include "driver/cgroup_levels.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/sysfile.h"

/* A mounted hierarchy: mount[0] 0 where there is none. */
struct hierarchy {
	int version;
	char mount[PATH_MAX / 2]; /* where */
	char top[PATH_MAX / 2]; /* which cgroup of it is at the mount point */
	char path[PATH_MAX / 2]; /* the process's, from the hierarchy's root */
};

/* What is looked for, and what was found. */
struct search {
	const char *controller;
	struct hierarchy v1;
	struct hierarchy v2;
};

struct visitor {
	void (*visit)(void *context, const struct cgroup_level *level);
	void *context;
};

/* From the process's cgroup up to what is mounted, that level included. */
static void walk(const char *root, const struct hierarchy *hierarchy,
		 const struct visitor *visitor)
{
	size_t top = strcmp(hierarchy->top, "/") ? strlen(hierarchy->top) : 0;
	char folder[PATH_MAX];
	char path[PATH_MAX / 2];
	struct cgroup_level level = {
		.root = root, .folder = folder, .version = hierarchy->version};

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
		level.name = path[0] != 0 ? path : "/";
		visitor->visit(visitor->context, &level);
		if (slash == NULL)
			return;
		*slash = 0;
	}
}

/* Whether a list with commas has that word: "rw,cpu,cpuacct". */
static bool lists(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (*list != 0) {
		size_t size = strcspn(list, ",");

		if (size == length && strncmp(list, word, size) == 0)
			return true;
		list += size + (list[size] == ',');
	}
	return false;
}

/* A line of mountinfo: "31 23 0:28 TOP MOUNT rw - TYPE SOURCE OPTIONS". */
static void take_mount(char *line, struct search *search)
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
		hierarchy = &search->v2;
	else if (strcmp(type, "cgroup") == 0 &&
		 lists(options, search->controller))
		hierarchy = &search->v1;
	else
		return;
	sysfile_unescape(top);
	sysfile_unescape(mount);
	memcpy(hierarchy->top, top, sizeof(top));
	memcpy(hierarchy->mount, mount, sizeof(mount));
}

/* A line of /proc/self/cgroup: "4:memory:/a/b", or v2: "0::/a/b". */
static void take_path(char *line, struct search *search)
{
	char *controllers = strchr(line, ':');
	char *path = controllers ? strchr(controllers + 1, ':') : NULL;
	struct hierarchy *hierarchy = NULL;

	if (path == NULL)
		return;
	*path++ = 0;
	controllers++;
	if (*controllers == 0)
		hierarchy = &search->v2;
	else if (lists(controllers, search->controller))
		hierarchy = &search->v1;
	if (hierarchy != NULL)
		snprintf(hierarchy->path, sizeof(hierarchy->path), "%s", path);
}

static void each_line(const char *root, const char *file,
		      void (*take)(char *line, struct search *search),
		      struct search *search)
{
	char *text = sysfile_all(root, file);
	char *rest = text;
	char *line;

	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
		take(line, search);
	free(text);
}

void cgroup_levels(const char *root, const char *controller,
		   void (*visit)(void *context,
				 const struct cgroup_level *level),
		   void *context)
{
	struct search search = {
		.controller = controller, .v1.version = 1, .v2.version = 2};
	struct visitor visitor = {visit, context};

	each_line(root, "/proc/self/mountinfo", take_mount, &search);
	each_line(root, "/proc/self/cgroup", take_path, &search);
	walk(root, &search.v1, &visitor);
	walk(root, &search.v2, &visitor);
}
