/* test_placement - who gets which CPU, on machines that hwloc makes up. */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "driver/cpulist.h"
#include "driver/placement.h"
#include "driver/seats.h"
#include "tests/scratch.h"

static struct topology *made_up(const char *description)
{
	char why[256] = "";
	struct topology *topology =
		topology_open(description, why, sizeof(why));

	if (topology == NULL)
		fail_msg("%s", why);
	return topology;
}

static int decide(const char *description, const char *cpus,
		  unsigned int threads, struct placement *placement)
{
	struct topology *topology = made_up(description);
	int error = placement_decide(topology, cpus, threads, placement);

	topology_close(topology);
	return error;
}

/* XML of a made-up machine in which one piece of text is another. */
static char *xml_with(const char *description, const char *from, const char *to)
{
	struct topology *topology = made_up(description);
	char *xml = topology_xml(topology);
	char *place;
	char *changed;

	assert_non_null(xml);
	topology_close(topology);
	place = strstr(xml, from);
	assert_non_null(place);
	changed = malloc(strlen(xml) + strlen(to) + 1);
	assert_non_null(changed);
	sprintf(changed, "%.*s%s%s", (int)(place - xml), xml, to,
		place + strlen(from));
	free(xml);
	return changed;
}

static void assert_cpus_are(const struct placement *placement, const int *cpus,
			    unsigned int count)
{
	assert_int_equal(placement->threads, count);
	for (unsigned int i = 0; i < count; i++)
		assert_int_equal(placement->cpus[i], cpus[i]);
	for (unsigned int i = count; i < THREADS_MAX; i++)
		assert_int_equal(placement->cpus[i], -1);
}

#define assert_cpus(placement, ...)                                            \
	assert_cpus_are(placement, (const int[]){__VA_ARGS__},                 \
			sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

static void threads_get_distinct_cores_before_siblings(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("node:1 core:4 pu:2", NULL, 3, &placement), 0);
	assert_cpus(&placement, 2, 4, 6);
	assert_int_equal(placement.cores_allowed, 4);
	assert_false(placement.shared);
}

static void cpu_0_is_left_to_the_driver_where_cores_suffice(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("node:1 core:4 pu:2", NULL, 2, &placement), 0);
	assert_int_equal(placement.driver_cpu, 0);
	assert_int_equal(placement.probe_cpu, 6);
	assert_string_equal(placement.note, "");
}

static void the_probe_shares_the_only_core_left_with_the_driver(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("node:1 core:2 pu:1", NULL, 1, &placement), 0);
	assert_cpus(&placement, 1);
	assert_int_equal(placement.driver_cpu, 0);
	assert_int_equal(placement.probe_cpu, 0);
	assert_false(placement.shared);
}

static void threads_stay_on_one_node_and_so_does_memory(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("node:2 core:4 pu:1", NULL, 4, &placement), 0);
	assert_cpus(&placement, 1, 2, 3, 0);
	assert_int_equal(placement.node_mask[0], 1);
	assert_int_equal(placement.nodes_max, 1);
	assert_int_equal(placement.driver_cpu, 7);
	assert_int_equal(placement.probe_cpu, 6);
}

static void the_node_with_most_allowed_cores_is_taken(void **state)
{
	char *xml =
		xml_with("node:2 core:4 pu:1", "allowed_cpuset=\"0x000000ff\"",
			 "allowed_cpuset=\"0x000000f1\"");
	struct placement placement;

	(void)state;
	assert_int_equal(decide(xml, NULL, 2, &placement), 0);
	free(xml);
	assert_cpus(&placement, 4, 5);
	assert_int_equal(placement.node_mask[0], 2);
	assert_int_equal(placement.nodes_max, 2);
	assert_int_equal(placement.cores_allowed, 5);
	assert_int_equal(placement.driver_cpu, 0);
}

static void more_threads_than_cores_use_siblings_on_the_node(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("node:2 core:2 pu:2", NULL, 3, &placement), 0);
	assert_cpus(&placement, 2, 0, 3);
	assert_int_equal(placement.node_mask[0], 1);
	assert_true(placement.shared);
	assert_string_equal(placement.note,
			    "2 threads share the core of CPUs 2,3");
}

static void more_threads_than_a_node_has_cpus_span_nodes(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("node:2 core:2 pu:1", NULL, 3, &placement), 0);
	assert_cpus(&placement, 1, 2, 3);
	assert_int_equal(placement.node_mask[0], 3);
	assert_int_equal(placement.nodes_max, 2);
	assert_false(placement.shared);
	assert_string_equal(placement.note, "the threads span 2 NUMA nodes");
}

static void more_threads_than_cpus_say_what_they_share(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("node:1 core:2 pu:1", NULL, 3, &placement), 0);
	assert_cpus(&placement, 1, 0, 1);
	assert_true(placement.shared);
	assert_int_equal(placement.driver_cpu, -1);
	assert_int_equal(placement.probe_cpu, -1);
	assert_string_equal(placement.note,
			    "2 threads share CPU 1; no CPU is left over for "
			    "the driver; no core is left over for the noise "
			    "probe");
}

static void a_driver_without_a_core_takes_a_sibling(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("node:1 core:2 pu:2", NULL, 2, &placement), 0);
	assert_cpus(&placement, 2, 0);
	assert_false(placement.shared);
	assert_int_equal(placement.driver_cpu, 1);
	assert_int_equal(placement.probe_cpu, -1);
	assert_non_null(strstr(placement.note,
			       "the driver (CPU 1) shares a thread's core"));
}

static void one_cpu_is_enough(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("pu:1", NULL, 1, &placement), 0);
	assert_cpus(&placement, 0);
	assert_int_equal(placement.node_mask[0], 1);
	assert_int_equal(placement.driver_cpu, -1);
	assert_false(placement.shared);
}

static void unknown_cores_are_said(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("node:1 pu:4", NULL, 2, &placement), 0);
	assert_int_equal(placement.cores_allowed, 4);
	assert_non_null(
		strstr(placement.note, "the physical cores are not known"));
}

static void fast_cores_come_before_slow_ones(void **state)
{
	char *xml = xml_with(
		"node:1 core:4 pu:1", "</topology>",
		"<cpukind cpuset=\"0x00000007\" forced_efficiency=\"0\"/>"
		"<cpukind cpuset=\"0x00000008\" forced_efficiency=\"1\"/>"
		"</topology>");
	struct placement placement;

	(void)state;
	assert_int_equal(decide(xml, NULL, 2, &placement), 0);
	free(xml);
	assert_cpus(&placement, 3, 1);
}

static void memory_is_not_bound_where_no_node_is_allowed(void **state)
{
	char *xml =
		xml_with("node:2 core:2 pu:1", "allowed_nodeset=\"0x00000003\"",
			 "allowed_nodeset=\"0x00000002\"");
	struct placement placement;

	(void)state;
	assert_int_equal(decide(xml, "0", 1, &placement), 0);
	assert_int_equal(placement.node_mask[0], 0);
	assert_int_equal(placement.nodes_max, 0);
	assert_non_null(strstr(placement.note, "memory is not bound"));
	assert_int_equal(decide(xml, NULL, 1, &placement), 0);
	free(xml);
	assert_cpus(&placement, 2);
	assert_int_equal(placement.node_mask[0], 2);
}

static void a_list_is_taken_in_its_order(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("node:2 core:4 pu:1", "6,1-2,7", 3, &placement),
			 0);
	assert_cpus(&placement, 6, 1, 2);
	assert_int_equal(placement.node_mask[0], 3);
	assert_int_equal(placement.driver_cpu, 0);
	assert_int_equal(placement.probe_cpu, 7);
}

static void a_list_shorter_than_the_threads_is_shared(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(
		decide("node:1 core:4 pu:1", "2,3", THREADS_MAX, &placement),
		0);
	assert_int_equal(placement.cpus[0], 2);
	assert_int_equal(placement.cpus[THREADS_MAX - 1], 3);
	assert_true(placement.shared);
	assert_string_equal(placement.note, "32 threads share CPU 2; "
					    "32 threads share CPU 3");
}

static void a_malformed_list_is_refused_with_a_sentence(void **state)
{
	static const char *const lists[] = {
		"",    ",",   "1,",  ",1",    "1,,2", "x",  "1-",  "-1",
		"3-1", "1 2", "0x1", "1-2-3", "1;2",  " 1", "1.5", "+1",
	};
	struct placement placement;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		assert_int_equal(
			decide("node:1 core:4 pu:1", lists[i], 1, &placement),
			-EINVAL);
		assert_non_null(
			strstr(placement.note, "is not a list of CPUs"));
	}
}

static void a_cpu_outside_the_allowed_set_is_named(void **state)
{
	char *xml =
		xml_with("node:1 core:8 pu:1", "allowed_cpuset=\"0x000000ff\"",
			 "allowed_cpuset=\"0x0000008f\"");
	struct placement placement;

	(void)state;
	assert_int_equal(decide(xml, "1-5", 1, &placement), -ERANGE);
	free(xml);
	assert_string_equal(placement.note,
			    "CPU 4 is outside the set that this process may "
			    "use (0-3,7): choose from it, or change the "
			    "cpuset or affinity");
	assert_int_equal(
		decide("pu:2", "0-99999999999999999999", 1, &placement),
		-ERANGE);
	assert_int_equal(decide("pu:2", "18446744073709551616", 1, &placement),
			 -ERANGE);
}

static void impossible_numbers_of_threads_are_refused(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(decide("pu:2", NULL, 0, &placement), -EINVAL);
	assert_int_equal(decide("pu:2", NULL, THREADS_MAX + 1, &placement),
			 -EINVAL);
	assert_non_null(strstr(placement.note, "at most 64"));
}

static void a_note_that_is_too_long_ends_in_dots(void **state)
{
	struct placement placement;
	size_t length;

	(void)state;
	assert_int_equal(decide("node:1 core:32 pu:1", NULL, 64, &placement),
			 0);
	length = strlen(placement.note);
	assert_int_equal(length, sizeof(placement.note) - 1);
	assert_string_equal(placement.note + length - 3, "...");
}

static void nothing_is_bound_without_a_topology(void **state)
{
	struct placement placement;

	(void)state;
	placement_unbound(2, "hwloc finds no CPUs", &placement);
	assert_cpus(&placement, -1, -1);
	assert_int_equal(placement.driver_cpu, -1);
	assert_int_equal(placement.probe_cpu, -1);
	assert_int_equal(placement.nodes_max, 0);
	assert_string_equal(placement.note, "hwloc finds no CPUs");
}

static void nothing_is_bound_where_no_cpu_is_allowed(void **state)
{
	struct placement placement;

	(void)state;
	assert_int_equal(seats_decide(NULL, 0, NULL, 1, &placement), 0);
	assert_cpus(&placement, -1);
	assert_non_null(strstr(placement.note, "nothing is bound"));
	assert_int_equal(seats_decide(NULL, 0, "0", 1, &placement), -ERANGE);
}

static void a_description_that_hwloc_refuses_has_a_reason(void **state)
{
	char why[256] = "";

	(void)state;
	assert_null(topology_open("node:x", why, sizeof(why)));
	assert_non_null(strstr(why, "hwloc cannot load the topology"));
	assert_null(topology_open("<not xml", why, sizeof(why)));
}

static void another_machines_topology_is_not_taken_for_this_one(void **state)
{
	char why[256] = "";

	(void)state;
	setenv("HWLOC_SYNTHETIC", "node:4 core:16 pu:2", 1);
	assert_null(topology_open(NULL, why, sizeof(why)));
	unsetenv("HWLOC_SYNTHETIC");
	assert_non_null(strstr(why, "another machine"));
}

static void a_machine_without_sysfs_is_placed_by_its_cpus(void **state)
{
	char folder[SCRATCH_PATH_SIZE];
	struct placement placement;
	struct topology *topology;
	char why[256] = "";

	(void)state;
	scratch_open(folder);
	setenv("HWLOC_FSROOT", folder, 1);
	setenv("HWLOC_THISSYSTEM", "1", 1);
	setenv("HWLOC_COMPONENTS", "-x86", 1);
	topology = topology_open(NULL, why, sizeof(why));
	unsetenv("HWLOC_FSROOT");
	unsetenv("HWLOC_THISSYSTEM");
	unsetenv("HWLOC_COMPONENTS");
	scratch_close(folder);
	if (topology == NULL)
		fail_msg("%s", why);
	assert_int_equal(placement_decide(topology, NULL, 1, &placement), 0);
	topology_close(topology);
	assert_true(placement.cpus[0] >= 0);
	assert_non_null(
		strstr(placement.note, "the physical cores are not known"));
}

static void the_summary_counts_the_whole_machine(void **state)
{
	char *xml = xml_with("package:2 node:1 core:4 pu:2",
			     "allowed_cpuset=\"0x0000ffff\"",
			     "allowed_cpuset=\"0x00000007\"");
	struct topology *topology = made_up(xml);
	struct topology_counts counts;
	char text[128];

	(void)state;
	free(xml);
	topology_summary(topology, text, sizeof(text));
	assert_string_equal(text,
			    "2 packages, 8 cores, 16 threads, 2 NUMA nodes");
	topology_count(topology, &counts);
	assert_int_equal(counts.cpus_allowed, 3);
	assert_int_equal(counts.cores_allowed, 2);
	topology_close(topology);
	topology = made_up("package:1 node:1 core:1 pu:1");
	topology_summary(topology, text, sizeof(text));
	assert_string_equal(text, "1 package, 1 core, 1 thread, 1 NUMA node");
	topology_close(topology);
}

static void the_xml_does_not_tell_the_host(void **state)
{
	char why[256] = "";
	struct topology *topology = topology_open(NULL, why, sizeof(why));
	char host[256];
	char value[sizeof(host) + 16];
	char *xml;

	(void)state;
	if (topology == NULL) {
		print_message("%s\n", why);
		skip();
	}
	assert_int_equal(gethostname(host, sizeof(host)), 0);
	snprintf(value, sizeof(value), "value=\"%s\"", host);
	xml = topology_xml(topology);
	topology_close(topology);
	assert_non_null(xml);
	assert_non_null(strstr(xml, "name=\"HostName\" value=\"\""));
	assert_null(strstr(xml, value));
	free(xml);
}

/* In a child: 0 where a real decision keeps to the one CPU that is left. */
static int confined(void)
{
	struct placement placement;
	struct topology *topology;
	char why[256];
	cpu_set_t set;
	int last = -1;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 2;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			last = cpu;
	CPU_ZERO(&set);
	CPU_SET(last, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		return 77;
	topology = topology_open(NULL, why, sizeof(why));
	if (topology == NULL)
		return 77;
	if (placement_decide(topology, NULL, 2, &placement) != 0)
		return 3;
	topology_close(topology);
	if (placement.cpus[0] != last || placement.cpus[1] != last)
		return 4;
	return placement.shared && placement.cores_allowed == 1 ? 0 : 5;
}

static void the_affinity_of_this_process_is_respected(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		_exit(confined());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool in_mask(const void *set, unsigned int cpu)
{
	return *(const unsigned int *)set >> cpu & 1;
}

static void cpu_lists_are_counted_and_written(void **state)
{
	unsigned int set = 0xf1;
	char text[32];

	(void)state;
	assert_int_equal(cpulist_count("0-3,8"), 5);
	assert_int_equal(cpulist_count("0"), 1);
	assert_int_equal(cpulist_count(""), 0);
	assert_int_equal(cpulist_count("0-3,"), 0);
	cpulist_write(in_mask, &set, 32, text, sizeof(text));
	assert_string_equal(text, "0,4-7");
	cpulist_write(in_mask, &set, 32, text, 4);
	assert_string_equal(text, "0,4");
	cpulist_write(in_mask, &set, 32, text, 3);
	assert_string_equal(text, "0,");
	set = 0;
	cpulist_write(in_mask, &set, 32, text, sizeof(text));
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_get_distinct_cores_before_siblings),
		cmocka_unit_test(
			cpu_0_is_left_to_the_driver_where_cores_suffice),
		cmocka_unit_test(
			the_probe_shares_the_only_core_left_with_the_driver),
		cmocka_unit_test(threads_stay_on_one_node_and_so_does_memory),
		cmocka_unit_test(the_node_with_most_allowed_cores_is_taken),
		cmocka_unit_test(
			more_threads_than_cores_use_siblings_on_the_node),
		cmocka_unit_test(more_threads_than_a_node_has_cpus_span_nodes),
		cmocka_unit_test(more_threads_than_cpus_say_what_they_share),
		cmocka_unit_test(a_driver_without_a_core_takes_a_sibling),
		cmocka_unit_test(one_cpu_is_enough),
		cmocka_unit_test(unknown_cores_are_said),
		cmocka_unit_test(fast_cores_come_before_slow_ones),
		cmocka_unit_test(memory_is_not_bound_where_no_node_is_allowed),
		cmocka_unit_test(a_list_is_taken_in_its_order),
		cmocka_unit_test(a_list_shorter_than_the_threads_is_shared),
		cmocka_unit_test(a_malformed_list_is_refused_with_a_sentence),
		cmocka_unit_test(a_cpu_outside_the_allowed_set_is_named),
		cmocka_unit_test(impossible_numbers_of_threads_are_refused),
		cmocka_unit_test(a_note_that_is_too_long_ends_in_dots),
		cmocka_unit_test(nothing_is_bound_without_a_topology),
		cmocka_unit_test(nothing_is_bound_where_no_cpu_is_allowed),
		cmocka_unit_test(a_description_that_hwloc_refuses_has_a_reason),
		cmocka_unit_test(
			another_machines_topology_is_not_taken_for_this_one),
		cmocka_unit_test(a_machine_without_sysfs_is_placed_by_its_cpus),
		cmocka_unit_test(the_summary_counts_the_whole_machine),
		cmocka_unit_test(the_xml_does_not_tell_the_host),
		cmocka_unit_test(the_affinity_of_this_process_is_respected),
		cmocka_unit_test(cpu_lists_are_counted_and_written),
	};

	return cmocka_run_group_tests_name("placement", tests, NULL, NULL);
}
