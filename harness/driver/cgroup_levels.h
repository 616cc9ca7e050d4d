/*
 * cgroup_levels - the cgroups that this process is in, from its own up to the
 * root of what is mounted, v1 and v2.
 */
#ifndef REGROW_CGROUP_LEVELS_H
#define REGROW_CGROUP_LEVELS_H

/* One level. */
struct cgroup_level {
	const char *root; /* before folder; see sysfile */
	const char *folder; /* where its files are */
	const char *name; /* "/user/job"; "/" */
	int version; /* 1 or 2 */
};

/*
 * Visits the levels of v1's hierarchy with that controller ("memory"), then
 * those of v2's. Reads /proc/self/cgroup and the mounts, under root.
 */
void cgroup_levels(const char *root, const char *controller,
		   void (*visit)(void *context,
				 const struct cgroup_level *level),
		   void *context);

#endif
