/* doctor_background - checks of what moves or takes memory meanwhile. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "driver/doctor_parts.h"
#include "driver/sysfile.h"

static const char one_node[] = "there is one NUMA node";

static void look_numa_balancing(const struct doctor_system *system,
				struct doctor_finding *finding)
{
	static const char path[] = "/proc/sys/kernel/numa_balancing";
	uint64_t value;

	if (doctor_nodes(system) < 2) {
		doctor_cannot(finding, DOCTOR_APART, "%s", one_node);
		return;
	}
	if (!doctor_count(system, finding, path,
			  "this kernel has no NUMA balancing", &value))
		return;
	doctor_is(finding, "%" PRIu64 ", on %u nodes", value,
		  doctor_nodes(system));
	if (value != 0)
		doctor_want_count(finding, path, value, 0);
}

static void look_zone_reclaim(const struct doctor_system *system,
			      struct doctor_finding *finding)
{
	static const char path[] = "/proc/sys/vm/zone_reclaim_mode";
	uint64_t value;

	if (doctor_nodes(system) < 2) {
		doctor_cannot(finding, DOCTOR_APART, "%s", one_node);
		return;
	}
	if (!doctor_count(system, finding, path,
			  "this kernel does not reclaim by node", &value))
		return;
	doctor_is(finding, "%" PRIu64, value);
	if (value != 0)
		doctor_want_count(finding, path, value, 0);
}

static void look_ksm(const struct doctor_system *system,
		     struct doctor_finding *finding)
{
	static const char path[] = "/sys/kernel/mm/ksm/run";
	uint64_t value;

	if (!doctor_count(system, finding, path, "this kernel has no KSM",
			  &value))
		return;
	doctor_is(finding, "%s", value == 1 ? "running" : "stopped");
	if (value == 1)
		doctor_want_count(finding, path, value, 0);
}

/* What the balloon devices of this guest do. */
struct balloons {
	const char *root;
	unsigned int count;
	unsigned int reporting;
};

static void take_balloon(void *context, const char *name)
{
	struct balloons *balloons = context;
	char path[256];
	char features[96];

	/* A character for each bit; 5 is VIRTIO_BALLOON_F_REPORTING. */
	snprintf(path, sizeof(path),
		 "/sys/bus/virtio/drivers/virtio_balloon/%s/features", name);
	sysfile_text(balloons->root, path, features, sizeof(features));
	balloons->count++;
	balloons->reporting += strlen(features) > 5 && features[5] == '1';
}

static void look_page_reporting(const struct doctor_system *system,
				struct doctor_finding *finding)
{
	struct balloons balloons = {.root = system->root};

	sysfile_each(system->root, "/sys/bus/virtio/drivers/virtio_balloon",
		     "virtio", take_balloon, &balloons);
	if (balloons.count == 0) {
		doctor_cannot(finding, DOCTOR_APART,
			      "no memory balloon: not a guest, or one that "
			      "keeps its memory");
		return;
	}
	doctor_is(finding, balloons.reporting > 0
				   ? "free pages are given back to the host"
				   : "a balloon that keeps free pages");
	if (balloons.reporting > 0)
		doctor_could(finding, DOCTOR_BETTER,
			     "a guest that keeps its memory: turn free page "
			     "reporting off at the hypervisor's balloon "
			     "device");
}

const struct doctor_check doctor_background_checks[] = {
	{"numa-balancing",
	 "The kernel unmaps pages from time to time to see by the faults who "
	 "uses them.",
	 "Faults that no allocator caused are in the times and in the counts, "
	 "and the page-fault oracle rejects samples.",
	 look_numa_balancing},
	{"zone-reclaim",
	 "A node that is full reclaims its own memory before another node's is "
	 "taken.",
	 "Faults wait for reclaim although there is memory.",
	 look_zone_reclaim},
	{"ksm",
	 "A kernel thread compares and merges pages; writing to a merged one "
	 "is a fault.",
	 "It takes time on some CPU and evicts caches of all.", look_ksm},
	{"page-reporting",
	 "The first touch of a page that the host has taken back goes through "
	 "the hypervisor, which can take ten times as long as the fault.",
	 "Copying into fresh memory looks dearer than on a machine of its own, "
	 "by how long the memory was free before.",
	 look_page_reporting},
	{0},
};
