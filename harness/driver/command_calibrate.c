/* command_calibrate - `regrow calibrate`: the machine's constants. */
#include <stdbool.h>
#include <stdio.h>

#include "common/units.h"
#include "driver/calibrate.h"
#include "driver/cli.h"
#include "driver/json.h"

static const char documentation[] =
	"Measure this machine's constants: what a system call, a page fault, "
	"a copied byte and a moved page-table entry cost. A run measures them "
	"as well, and keeps them in its results file.\v"
	"Examples:\n"
	"  regrow calibrate\n"
	"  regrow calibrate --json | jq .fault_4k_ns";

enum { KEY_JSON = 0x100 };

static const struct argp_option options_table[] = {
	{"json", KEY_JSON, NULL, 0,
	 "As the line \"calibration\" of a results file", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	(void)argument;
	if (key != KEY_JSON)
		return ARGP_ERR_UNKNOWN;
	*(bool *)state->input = true;
	return 0;
}

static void row_print(const char *what, double ns)
{
	char text[UNITS_TEXT_SIZE];

	printf("%-44s %12s\n", what,
	       ns > 0 ? units_read_time(ns, text) : "not measured");
}

static void calibration_print(const struct calibration *calibration)
{
	row_print("system call (getppid)", calibration->syscall_ns);
	row_print("clock read (CLOCK_MONOTONIC)", calibration->clock_ns);
	row_print("CPU clock read (CLOCK_THREAD_CPUTIME_ID)",
		  calibration->cpu_clock_ns);
	row_print("step of the loop that plants an effect",
		  calibration->spin_ns);
	row_print("mmap", calibration->mmap_ns);
	row_print("first touch of a page", calibration->fault_4k_ns);
	row_print("first touch of a 2 MiB page", calibration->fault_2m_ns);
	row_print("mremap, per page-table entry (PTE)",
		  calibration->move_pte_ns);
	row_print("mremap, per 2 MiB entry (PMD), ends aligned",
		  calibration->move_pmd_ns);
	row_print("munmap, per resident page", calibration->munmap_page_ns);
	for (unsigned int i = 0; i < CALIBRATE_SIZES; i++)
		if (calibration->memcpy_gib_s[i] > 0)
			printf("memcpy of %-34s %8.3g GiB/s\n",
			       calibrate_size_name(i),
			       calibration->memcpy_gib_s[i]);
}

static int calibration_print_json(const struct calibration *calibration)
{
	struct json *line = json_new_object();
	int error;

	json_add_text(line, "type", "calibration");
	calibrate_to_json(calibration, line);
	error = json_print(line, stdout);
	json_free(line);
	return error ? cli_fail(STATUS_FILE, "cannot write") : STATUS_DONE;
}

static int calibrate_run(int argc, char **argv)
{
	const struct argp argp = {.options = options_table,
				  .parser = parse,
				  .doc = documentation};
	struct calibration calibration;
	bool json = false;
	char why[256];
	int status = cli_parse(&argp, argc, argv, &json);

	if (status)
		return status;
	if (calibrate(-1, UINT64_MAX, &calibration, why, sizeof(why)) != 0)
		return cli_fail(STATUS_NOTHING_MEASURED, "%s", why);
	if (json)
		return calibration_print_json(&calibration);
	calibration_print(&calibration);
	return STATUS_DONE;
}

const struct command command_calibrate = {
	.name = "calibrate",
	.summary = "the machine's constants: fault, copy, move, system call",
	.run = calibrate_run,
};
