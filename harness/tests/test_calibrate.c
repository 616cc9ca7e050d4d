/* test_calibrate - constants are measured, kept and used as they are said to. */
/* wrap: prctl mmap mremap fork */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "driver/calibrate.h"
#include "driver/json.h"

int __real_prctl(int option, unsigned long value, unsigned long second,
		 unsigned long third, unsigned long fourth);
void *__real_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset);
void *__real_mremap(void *address, size_t size, size_t new_size, int flags,
		    void *to);
pid_t __real_fork(void);

/* What goes wrong in the child. */
static enum {
	NOTHING,
	KILLED,
	EXITS,
	NO_HUGE,
	NO_MAP,
	NO_MOVE,
	NO_PROCESS,
} trouble;

int __wrap_prctl(int option, unsigned long value, unsigned long second,
		 unsigned long third, unsigned long fourth)
{
	if (option == PR_SET_PDEATHSIG && trouble == KILLED)
		raise(SIGKILL);
	if (option == PR_SET_PDEATHSIG && trouble == EXITS)
		_exit(7);
	if (option == PR_SET_THP_DISABLE && trouble == NO_HUGE)
		value = 1;
	return __real_prctl(option, value, second, third, fourth);
}

void *__wrap_mmap(void *address, size_t size, int protection, int flags, int fd,
		  off_t offset)
{
	if (trouble == NO_MAP) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
	return __real_mmap(address, size, protection, flags, fd, offset);
}

void *__wrap_mremap(void *address, size_t size, size_t new_size, int flags,
		    void *to)
{
	if (trouble == NO_MOVE) {
		errno = EFAULT;
		return MAP_FAILED;
	}
	return __real_mremap(address, size, new_size, flags, to);
}

pid_t __wrap_fork(void)
{
	if (trouble == NO_PROCESS) {
		errno = EAGAIN;
		return -1;
	}
	return __real_fork();
}

static int no_trouble(void **state)
{
	(void)state;
	trouble = NOTHING;
	return 0;
}

static void assert_measured(double value)
{
	assert_true(isfinite(value));
	assert_true(value > 0);
}

static void measure(struct calibration *calibration)
{
	char why[256] = "";

	if (calibrate(-1, UINT64_MAX, calibration, why, sizeof(why)) != 0)
		fail_msg("%s", why);
}

static void every_constant_is_positive_and_finite(void **state)
{
	struct calibration calibration;

	(void)state;
	measure(&calibration);
	assert_measured(calibration.syscall_ns);
	assert_measured(calibration.clock_ns);
	assert_measured(calibration.fault_4k_ns);
	assert_measured(calibration.munmap_page_ns);
	assert_measured(calibration.mmap_ns);
	assert_measured(calibration.cpu_clock_ns);
	assert_measured(calibration.memcpy_gib_s[0]);
	assert_measured(calibration.memcpy_gib_s[1]);
	assert_true(isfinite(calibration.fault_2m_ns));
	assert_true(isfinite(calibration.move_pte_ns));
	assert_true(isfinite(calibration.move_pmd_ns));
}

/* No more memory is made resident than the blocks of a plan are worth. */
static void copies_are_measured_up_to_the_largest_block(void **state)
{
	static const struct {
		uint64_t bytes;
		unsigned int sizes;
	} cases[] = {{0, 3}, {1 << 20, 3}, {(1 << 20) + 1, 4}, {16 << 20, 4}};
	struct calibration calibration;
	char why[256] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (calibrate(-1, cases[i].bytes, &calibration, why,
			      sizeof(why)) != 0)
			fail_msg("%s", why);
		for (unsigned int j = 0; j < CALIBRATE_SIZES; j++)
			assert_true((calibration.memcpy_gib_s[j] > 0) ==
				    (j < cases[i].sizes));
	}
}

static unsigned int map_lines(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned int lines = 0;
	int byte;

	assert_non_null(maps);
	while ((byte = fgetc(maps)) != EOF)
		lines += byte == '\n';
	fclose(maps);
	return lines;
}

static void the_drivers_map_and_settings_stay_as_they_were(void **state)
{
	struct calibration calibration;
	int disabled = prctl(PR_GET_THP_DISABLE, 0UL, 0UL, 0UL, 0UL);
	unsigned int lines;
	cpu_set_t before;
	cpu_set_t after;
	char why[256] = "";

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	/* The first run may grow the heap. */
	measure(&calibration);
	lines = map_lines();
	assert_int_equal(
		calibrate(sched_getcpu(), 0, &calibration, why, sizeof(why)),
		0);
	assert_int_equal(map_lines(), lines);
	assert_int_equal(prctl(PR_GET_THP_DISABLE, 0UL, 0UL, 0UL, 0UL),
			 disabled);
	assert_int_equal(sched_getaffinity(0, sizeof(after), &after), 0);
	assert_true(CPU_EQUAL(&before, &after));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void assert_fails(int cpu, int error, const char *because)
{
	struct calibration calibration;
	char why[256] = "";

	memset(&calibration, 7, sizeof(calibration));
	assert_int_equal(calibrate(cpu, 0, &calibration, why, sizeof(why)),
			 error);
	if (strstr(why, because) == NULL)
		fail_msg("'%s' does not say '%s'", why, because);
	for (size_t i = 0; i < sizeof(calibration); i++)
		assert_int_equal(((unsigned char *)&calibration)[i], 7);
}

static void a_child_that_is_killed_is_reported(void **state)
{
	(void)state;
	trouble = KILLED;
	assert_fails(-1, -ECHILD, "was ended by signal 9 (Killed)");
}

static void a_child_that_ends_without_an_answer_is_reported(void **state)
{
	(void)state;
	trouble = EXITS;
	assert_fails(-1, -ECHILD, "without an answer (exit status 7)");
}

static void a_measurement_that_fails_is_named(void **state)
{
	(void)state;
	trouble = NO_MAP;
	assert_fails(-1, -ENOMEM, "mmap failed: Cannot allocate memory");
}

static void a_process_that_cannot_be_made_is_reported(void **state)
{
	(void)state;
	trouble = NO_PROCESS;
	assert_fails(-1, -EAGAIN, "no process could be made");
}

static void a_cpu_that_is_not_there_is_reported(void **state)
{
	(void)state;
	assert_fails(100000, -EINVAL, "binding to the CPU failed");
}

static void without_huge_pages_their_cost_is_absent(void **state)
{
	struct json *json = json_new_object();
	struct calibration calibration;

	(void)state;
	trouble = NO_HUGE;
	measure(&calibration);
	assert_true(calibration.fault_2m_ns == 0);
	calibrate_to_json(&calibration, json);
	assert_null(json_get(json, "fault_2m_ns"));
	assert_non_null(json_get(json, "fault_4k_ns"));
	json_free(json);
}

static void moves_that_are_refused_are_absent(void **state)
{
	struct json *json = json_new_object();
	struct calibration calibration;

	(void)state;
	trouble = NO_MOVE;
	measure(&calibration);
	calibrate_to_json(&calibration, json);
	assert_null(json_get(json, "move_pte_ns"));
	assert_null(json_get(json, "move_pmd_ns"));
	json_free(json);
}

static const struct calibration example = {
	.syscall_ns = 100.5,
	.clock_ns = 27.25,
	.fault_4k_ns = 100,
	.fault_2m_ns = 70000,
	.cpu_clock_ns = 1500,
	.memcpy_gib_s = {80, 40, 20, 8, 1e9 / 0x1p30},
	.move_pte_ns = 13.125,
	.move_pmd_ns = 300,
	.munmap_page_ns = 10,
	.mmap_ns = 3,
};

/* The constants as they come back from their line of text. */
static struct json *reread(struct calibration calibration)
{
	struct json *json = json_new_object();
	struct json *again;
	char why[128];
	size_t size;
	char *line;

	calibrate_to_json(&calibration, json);
	line = json_line(json, &size);
	json_free(json);
	assert_non_null(line);
	again = json_parse(line, size, why, sizeof(why));
	free(line);
	assert_non_null(again);
	return again;
}

static void what_is_written_is_read_back(void **state)
{
	struct json *json = reread(example);
	struct calibration calibration;

	(void)state;
	assert_true(json_number(json, "memcpy_gib_s.16M", 0) == 8);
	assert_int_equal(calibrate_from_json(json, &calibration), 0);
	json_free(json);
	assert_memory_equal(&calibration, &example, sizeof(example));
}

static void optional_fields_may_be_absent(void **state)
{
	struct calibration partial = example;
	struct calibration calibration;
	struct json *json;

	(void)state;
	partial.fault_2m_ns = 0;
	partial.move_pte_ns = 0;
	partial.move_pmd_ns = 0;
	partial.cpu_clock_ns = 0;
	partial.memcpy_gib_s[0] = 0;
	partial.memcpy_gib_s[4] = 0;
	json = reread(partial);
	assert_null(json_get(json, "memcpy_gib_s.64M"));
	assert_int_equal(calibrate_from_json(json, &calibration), 0);
	json_free(json);
	assert_memory_equal(&calibration, &partial, sizeof(partial));
}

static void a_line_without_a_needed_field_is_refused(void **state)
{
	static const size_t needed[] = {
		offsetof(struct calibration, syscall_ns),
		offsetof(struct calibration, clock_ns),
		offsetof(struct calibration, fault_4k_ns),
		offsetof(struct calibration, munmap_page_ns),
		offsetof(struct calibration, mmap_ns),
		offsetof(struct calibration, memcpy_gib_s[1]),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		struct calibration partial = example;
		struct calibration calibration;
		struct json *json;

		memset((char *)&partial + needed[i], 0, sizeof(double));
		json = reread(partial);
		assert_int_equal(calibrate_from_json(json, &calibration),
				 -EINVAL);
		json_free(json);
	}
}

static int read_line(const char *syscall_ns, const char *copies)
{
	struct calibration calibration;
	struct json *json;
	char why[128];
	char line[256];
	int error;

	snprintf(line, sizeof(line),
		 "{\"syscall_ns\":%s,\"clock_ns\":1,\"fault_4k_ns\":1,"
		 "\"munmap_page_ns\":1,\"mmap_ns\":1,\"memcpy_gib_s\":%s}",
		 syscall_ns, copies);
	json = json_parse(line, strlen(line), why, sizeof(why));
	assert_non_null(json);
	error = calibrate_from_json(json, &calibration);
	json_free(json);
	return error;
}

static void costs_that_are_no_numbers_are_refused(void **state)
{
	(void)state;
	assert_int_equal(read_line("1", "{\"64K\":1}"), 0);
	assert_int_equal(read_line("-1", "{\"64K\":1}"), -EINVAL);
	assert_int_equal(read_line("0", "{\"64K\":1}"), -EINVAL);
	assert_int_equal(read_line("\"1\"", "{\"64K\":1}"), -EINVAL);
	assert_int_equal(read_line("[]", "{\"64K\":1}"), -EINVAL);
	assert_int_equal(read_line("1", "1"), -EINVAL);
	assert_int_equal(read_line("1", "{\"64K\":null}"), -EINVAL);
}

static void sizes_have_the_names_that_people_type(void **state)
{
	(void)state;
	assert_string_equal(calibrate_size_name(0), "4K");
	assert_int_equal(calibrate_size_bytes(0), 4096);
	assert_string_equal(calibrate_size_name(CALIBRATE_SIZES - 1), "64M");
	assert_int_equal(calibrate_size_bytes(CALIBRATE_SIZES - 1), 67108864);
}

static void a_sample_of_nothing_takes_its_process(void **state)
{
	struct estimate nothing = {.threads = 1};

	(void)state;
	assert_int_equal(calibrate_estimate_ns(&example, &nothing), 10000000);
}

static void each_part_of_a_sample_adds_its_cost(void **state)
{
	uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	struct estimate faults = {.touched_bytes = 10 * page_bytes + 1};
	struct estimate copies = {.copied_bytes = 5 * page_bytes};
	struct estimate reads = {.reread_bytes = 1000, .live_bytes_max = 2000};
	struct estimate calls = {.operations = 7, .growths = 3};
	struct estimate due = {.operations = 7, .span_ns_min = 41};
	struct estimate overdue = {.operations = 7, .span_ns_min = 43};

	(void)state;
	/* 11 pages, each faulted in 100 ns and unmapped in 10. */
	assert_int_equal(calibrate_estimate_ns(&example, &faults),
			 10000000 + 11 * 110);
	/* 5 pages of the destination, and 1 ns for each byte. */
	assert_int_equal(calibrate_estimate_ns(&example, &copies),
			 10000000 + 5 * 110 + 5 * page_bytes);
	assert_int_equal(calibrate_estimate_ns(&example, &reads),
			 10000000 + 3000);
	/* A growth is one of the operations. */
	assert_int_equal(calibrate_estimate_ns(&example, &calls),
			 10000000 + 7 * 6);
	/* By a schedule, the work in it or more than it. */
	assert_int_equal(calibrate_estimate_ns(&example, &due),
			 10000000 + 7 * 6);
	assert_int_equal(calibrate_estimate_ns(&example, &overdue),
			 10000000 + 43);
}

static void the_speed_of_the_largest_copies_counts(void **state)
{
	struct calibration slower = example;
	struct estimate reads = {.reread_bytes = 1 << 30};

	(void)state;
	slower.memcpy_gib_s[4] = 0;
	slower.memcpy_gib_s[3] = 0.5;
	assert_int_equal(calibrate_estimate_ns(&slower, &reads), 2010000000);
}

static void an_impossible_amount_of_work_does_not_wrap(void **state)
{
	struct estimate vast = {.touched_bytes = UINT64_MAX,
				.copied_bytes = UINT64_MAX,
				.operations = UINT64_MAX};

	(void)state;
	assert_true(calibrate_estimate_ns(&example, &vast) >= (uint64_t)1
								      << 62);
}

#define TEST(test) cmocka_unit_test_setup(test, no_trouble)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_constant_is_positive_and_finite),
		TEST(copies_are_measured_up_to_the_largest_block),
		cmocka_unit_test(copies_are_measured_up_to_the_largest_block),
		TEST(the_drivers_map_and_settings_stay_as_they_were),
		TEST(a_child_that_is_killed_is_reported),
		TEST(a_child_that_ends_without_an_answer_is_reported),
		TEST(a_measurement_that_fails_is_named),
		TEST(a_process_that_cannot_be_made_is_reported),
		TEST(a_cpu_that_is_not_there_is_reported),
		TEST(without_huge_pages_their_cost_is_absent),
		TEST(moves_that_are_refused_are_absent),
		TEST(what_is_written_is_read_back),
		TEST(optional_fields_may_be_absent),
		TEST(a_line_without_a_needed_field_is_refused),
		TEST(costs_that_are_no_numbers_are_refused),
		TEST(sizes_have_the_names_that_people_type),
		TEST(a_sample_of_nothing_takes_its_process),
		TEST(each_part_of_a_sample_adds_its_cost),
		TEST(the_speed_of_the_largest_copies_counts),
		TEST(an_impossible_amount_of_work_does_not_wrap),
	};

	return cmocka_run_group_tests_name("calibrate", tests, NULL,
					   no_trouble);
}
