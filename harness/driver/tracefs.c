/* tracefs - the numbers of this kernel's tracepoints. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/suggest.h"
#include "driver/tracefs.h"

/* Older systems have it only inside debugfs. */
static const char *const tracefs_roots[] = {
	"/sys/kernel/tracing",
	"/sys/kernel/debug/tracing",
	NULL,
};

int tracefs_open(struct tracefs *tracefs, const char *const *roots)
{
	memset(tracefs, 0, sizeof(*tracefs));
	tracefs->error = -ENOENT;
	for (roots = roots ? roots : tracefs_roots; *roots; roots++) {
		snprintf(tracefs->events, sizeof(tracefs->events), "%s/events",
			 *roots);
		if (access(tracefs->events, R_OK | X_OK) == 0)
			return tracefs->error = 0;
		if (errno == EACCES)
			tracefs->error = -EACCES;
	}
	tracefs->events[0] = '\0';
	return tracefs->error;
}

/*
 * Parts group:name at its colon. A name of u and k alone is a modifier of
 * libpfm4's, as in cycles:u.
 */
static bool tracefs_split(const char *text, char *group, size_t group_size,
			  const char **name)
{
	const char *colon = strchr(text, ':');
	size_t length;

	if (!colon || colon == text ||
	    strspn(colon + 1, "uk") >= strlen(colon + 1))
		return false;
	for (const char *at = text; *at; at++)
		if (at != colon && !isalnum((unsigned char)*at) && *at != '_')
			return false;
	length = (size_t)(colon - text);
	if (length >= group_size)
		return false;
	memcpy(group, text, length);
	group[length] = '\0';
	*name = colon + 1;
	return true;
}

static int tracefs_read_id(const char *path, uint64_t *id)
{
	FILE *file = fopen(path, "re");
	int error = 0;

	if (!file)
		return -errno;
	if (fscanf(file, "%" SCNu64, id) != 1)
		error = ferror(file) ? -EIO : -EBADMSG;
	fclose(file);
	return error;
}

int tracefs_id(const struct tracefs *tracefs, const char *name, uint64_t *id)
{
	char path[512];
	char group[64];
	const char *event;
	int error;

	if (!tracefs_split(name, group, sizeof(group), &event))
		return -EINVAL;
	if (tracefs->error)
		return tracefs->error;
	snprintf(path, sizeof(path), "%s/%s/%s/id", tracefs->events, group,
		 event);
	error = tracefs_read_id(path, id);
	if (error == -ENOTDIR) /* group/enable, group/filter: files */
		return -ENOENT;
	if (error != -ENOENT)
		return error;
	snprintf(path, sizeof(path), "%s/%s", tracefs->events, group);
	return access(path, F_OK) == 0 ? -ENOENT : -ENOTDIR;
}

/* Offers each event of a group; the best so far stands in near. */
static void tracefs_offer_group(const struct tracefs *tracefs,
				const char *group,
				struct suggestion *suggestion, char *near,
				size_t near_size)
{
	char path[512];
	struct dirent *entry;
	DIR *events;

	snprintf(path, sizeof(path), "%s/%s", tracefs->events, group);
	events = opendir(path);
	if (!events)
		return;
	while ((entry = readdir(events))) {
		int length = snprintf(path, sizeof(path), "%s:%s", group,
				      entry->d_name);

		if (entry->d_name[0] == '.' || entry->d_type == DT_REG ||
		    (size_t)length >= near_size)
			continue;
		suggest_offer(suggestion, path);
		if (suggestion->best == path) {
			memcpy(near, path, (size_t)length + 1);
			suggestion->best = near;
		}
	}
	closedir(events);
}

void tracefs_nearest(const struct tracefs *tracefs, const char *name,
		     char *near, size_t near_size)
{
	struct suggestion suggestion = {.wrong = name};
	struct dirent *entry;
	DIR *groups;

	near[0] = '\0';
	groups = tracefs->error ? NULL : opendir(tracefs->events);
	if (!groups)
		return;
	while ((entry = readdir(groups)))
		if (entry->d_name[0] != '.' && entry->d_type != DT_REG)
			tracefs_offer_group(tracefs, entry->d_name, &suggestion,
					    near, near_size);
	closedir(groups);
}
