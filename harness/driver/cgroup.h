/* cgroup - what the cgroups of this process leave it, v1 and v2. */
#ifndef REGROW_CGROUP_H
#define REGROW_CGROUP_H

#include <limits.h>
#include <stdint.h>

#define CGROUP_NO_LIMIT UINT64_MAX

struct cgroup_memory {
	uint64_t
		limit_bytes; /* the smallest of all levels; or CGROUP_NO_LIMIT */
	/*
	 * The least that a level's limit (memory.max, memory.high,
	 * memory.limit_in_bytes) leaves beside what is in use; cached files
	 * that were not used lately give way and count as free.
	 */
	uint64_t left_bytes;
	char name[128]; /* the cgroup that leaves the least */
};

/* Reads /proc/self/cgroup, the mounts and each level, under root; see sysfile. */
void cgroup_memory(const char *root, struct cgroup_memory *memory);

/* The least CPU time that a level's quota (cpu.max, cpu.cfs_quota_us) gives. */
struct cgroup_quota {
	uint64_t quota_us; /* in each period; CGROUP_NO_LIMIT: no quota */
	uint64_t period_us;
	int version;
	char file[PATH_MAX]; /* where it is written, under root */
	char name[128]; /* the cgroup's */
};

void cgroup_quota(const char *root, struct cgroup_quota *quota);

#endif
