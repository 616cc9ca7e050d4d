/* test_doctor_print - the doctor's report as text, JSON and scripts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/doctor_print.h"
#include "driver/json.h"
#include "tests/quiet_machine.h"

/* Files that hold nothing but a value, which commands can set here as well. */
static const struct {
	const char *path;
	const char *text;
} values[] = {
	{QUIET_CPUS "/cpu2/cpufreq/scaling_governor", "powersave\n"},
	{QUIET_CPUS "/cpu3/cpufreq/scaling_governor", "schedutil\n"},
	{QUIET_CPUS "/intel_pstate/no_turbo", "0\n"},
	{QUIET_CPUS "/cpu2/cpuidle/state1/disable", "0\n"},
	{QUIET_CPUS "/cpu3/cpuidle/state1/disable", "0\n"},
	{QUIET_CPUS "/cpu2/topology/thread_siblings_list", "2,6\n"},
	{QUIET_CPUS "/smt/control", "on\n"},
	{"/sys/fs/cgroup/job/cpu.max", "50000 100000\n"},
	{"/proc/sys/vm/max_map_count", "30000\n"},
	{"/proc/sys/vm/overcommit_memory", "2\n"},
	{"/proc/sys/vm/zone_reclaim_mode", "3\n"},
	{"/proc/sys/vm/legacy_va_layout", "1\n"},
	{"/proc/sys/kernel/randomize_va_space", "0\n"},
	{"/proc/sys/kernel/numa_balancing", "2\n"},
	{"/proc/sys/kernel/nmi_watchdog", "1\n"},
	{"/proc/sys/kernel/perf_event_paranoid", "3\n"},
	{"/sys/kernel/mm/ksm/run", "1\n"},
	{QUIET_THP "/khugepaged/scan_sleep_millisecs", "10000\n"},
	{QUIET_KFENCE, "100\n"},
	{QUIET_CLOCK "/current_clocksource", "hpet\n"},
};

#define VALUES (sizeof(values) / sizeof(*values))

static int noisy_open(void **state)
{
	quiet_open(state);
	quiet_placement.threads = 2;
	quiet_placement.cpus[1] = 3;
	for (size_t i = 0; i < VALUES; i++)
		quiet_put(values[i].path, values[i].text);
	return quiet_examine();
}

static char *text_of(void (*print)(FILE *stream))
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	print(stream);
	assert_int_equal(fclose(stream), 0);
	return text;
}

static struct style plain;
static bool print_all;

static void print_text(FILE *stream)
{
	doctor_print_text(&quiet_system, &quiet_report, print_all, &plain,
			  stream);
}

static void print_json(FILE *stream)
{
	assert_int_equal(
		doctor_print_json(&quiet_system, &quiet_report, stream), 0);
}

static void print_change(FILE *stream)
{
	doctor_print_script(&quiet_report, false, stream);
}

static void print_undo(FILE *stream)
{
	doctor_print_script(&quiet_report, true, stream);
}

/* Runs a script with the machine's files under the root. */
static void run_script(const char *script)
{
	char command[256];
	FILE *shell;

	snprintf(command, sizeof(command), "sed 's|>/|>%s/|' | sh -eu",
		 quiet_root);
	shell = popen(command, "w");
	assert_non_null(shell);
	assert_true(fputs(script, shell) >= 0);
	assert_int_equal(pclose(shell), 0);
}

static void assert_holds(const char *path, const char *text)
{
	char full[512];
	char found[128] = "";
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", quiet_root, path);
	file = fopen(full, "r");
	assert_non_null(file);
	assert_non_null(fgets(found, sizeof(found), file));
	fclose(file);
	if (strcmp(found, text) != 0)
		fail_msg("%s holds %s, not %s", path, found, text);
}

static void the_change_is_undone_to_the_byte(void **state)
{
	char *change = text_of(print_change);
	char *undo = text_of(print_undo);

	(void)state;
	run_script(change);
	assert_holds("/proc/sys/kernel/numa_balancing", "0\n");
	assert_holds("/sys/fs/cgroup/job/cpu.max", "max\n");
	assert_int_equal(quiet_examine(), 0);
	for (unsigned int i = 0; i < quiet_report.count; i++)
		if (quiet_report.findings[i].change != NULL)
			fail_msg("%s still wants %s",
				 quiet_report.findings[i].name,
				 quiet_report.findings[i].change);
	run_script(undo);
	for (size_t i = 0; i < VALUES; i++)
		assert_holds(values[i].path, values[i].text);
	free(change);
	free(undo);
}

static void the_undo_goes_backward(void **state)
{
	char *change = text_of(print_change);
	char *undo = text_of(print_undo);
	const char *governor = "/cpufreq/scaling_governor\n";
	const char *watchdog = "/nmi_watchdog\n";

	(void)state;
	assert_true(strstr(change, governor) < strstr(change, watchdog));
	assert_true(strstr(undo, watchdog) < strstr(undo, governor));
	assert_null(strstr(undo, "performance"));
	free(change);
	free(undo);
}

static void what_a_script_cannot_do_is_a_comment(void **state)
{
	char *script;

	(void)state;
	quiet_put(QUIET_CPUS "/isolated", "9\nreboot\n");
	quiet_put(QUIET_CPUS "/nohz_full", "1\n");
	quiet_put("/proc/self/limits",
		  "Max address space  8589934592  unlimited  bytes\n");
	quiet_examine();
	script = text_of(print_change);
	assert_non_null(
		strstr(script, "\n# boot the kernel with: nohz_full=2-3\n"));
	assert_non_null(
		strstr(script, "\n# start by: ulimit -S -v unlimited\n"));
	assert_null(strstr(script, "\nulimit"));
	assert_null(strstr(script, "\nreboot"));
	free(script);
}

static void nothing_of_a_file_ends_a_line_of_the_text(void **state)
{
	char *text;

	(void)state;
	quiet_put("/sys/class/dmi/id/product_name", "KVM\nnext\033[2J\x9b");
	quiet_examine();
	text = text_of(print_text);
	assert_null(strstr(text, "\nnext"));
	assert_null(strchr(text, '\033'));
	assert_null(strchr(text, '\x9b'));
	free(text);
}

static void no_line_but_a_command_is_longer_than_the_page(void **state)
{
	char *text;
	char *rest;
	char *line;

	(void)state;
	print_all = true;
	text = text_of(print_text);
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL)
		if (strlen(line) > STYLE_COLUMNS && !strstr(line, " >/"))
			fail_msg("%s", line);
	print_all = false;
	free(text);
}

static void the_text_says_all_of_what_is_not_good(void **state)
{
	static const char *const parts[] = {
		"Linux 6.1.0; measuring on CPU 2-3, the driver on CPU 0, the "
		"noise probe on CPU 1\n",
		"\nbad (",
		"\ncould be better (",
		"\n  ksm: running\n    better  0\n    why     A kernel thread ",
		"\n    cost    It takes time on some CPU",
		"\n    change  echo 0 >/sys/kernel/mm/ksm/run\n"
		"    undo    echo 1 >/sys/kernel/mm/ksm/run\n",
		"\n  governor: powersave on CPU 2, schedutil on CPU 3\n",
		"\ngood (",
		"\nNothing was changed. The commands are root's;",
	};
	char *text = text_of(print_text);

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(text, parts[i]) == NULL)
			fail_msg("'%s' is not in %s", parts[i], text);
	assert_null(strchr(text, '\033'));
	assert_true(strstr(text, "\nbad (") < strstr(text, "\ncould be"));
	assert_null(strstr(text, "stack: "));
	free(text);
	print_all = true;
	text = text_of(print_text);
	assert_non_null(strstr(text, "stack: 8.00 MiB, and 8 MiB for the"));
	print_all = false;
	free(text);
}

static void a_terminal_gets_what_is_bad_emphasized(void **state)
{
	char *text;

	(void)state;
	plain.colour = true;
	text = text_of(print_text);
	plain.colour = false;
	assert_non_null(strstr(text, "\033[1mbad\033[0m ("));
	assert_non_null(strstr(text, "  \033[1mlayout: bottom-up"));
	assert_null(strstr(text, "\033[1mksm"));
	free(text);
}

static void the_json_has_every_finding_whole(void **state)
{
	char *text = text_of(print_json);
	char why[256];
	struct json *json = json_parse(text, strlen(text), why, sizeof(why));
	const struct json *findings = json_get(json, "findings");
	uint64_t states = 0;

	(void)state;
	assert_non_null(json);
	assert_int_equal(json_count(json, "doctor_format", 0), 1);
	assert_string_equal(json_text(json, "kernel", ""), "6.1.0");
	assert_int_equal(json_size(json_get(json, "cpus")), 2);
	assert_int_equal(json_size(findings), quiet_report.count);
	for (unsigned int i = 0; i < quiet_report.count; i++) {
		const struct doctor_finding *finding =
			&quiet_report.findings[i];
		const struct json *item = json_item(findings, i);
		const char *change = json_text(item, "change", NULL);

		assert_string_equal(json_text(item, "name", ""), finding->name);
		assert_string_equal(json_text(item, "state", ""),
				    doctor_state_names[finding->state]);
		assert_string_equal(json_text(item, "why", ""), finding->why);
		assert_string_equal(json_text(item, "cost", ""), finding->cost);
		assert_true((change == NULL) == (finding->change == NULL));
		if (change == NULL)
			continue;
		assert_string_equal(change, finding->change);
		assert_string_equal(json_text(item, "undo", ""), finding->undo);
		assert_string_equal(json_text(item, "means", ""),
				    doctor_means_names[finding->means]);
	}
	for (unsigned int i = 0; i < DOCTOR_STATES; i++)
		states += json_count(json_get(json, "states"),
				     doctor_state_names[i], 0);
	assert_int_equal(states, quiet_report.count);
	json_free(json);
	free(text);
}

#define NOISY(test)                                                            \
	cmocka_unit_test_setup_teardown(test, noisy_open, quiet_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NOISY(the_change_is_undone_to_the_byte),
		NOISY(the_undo_goes_backward),
		NOISY(what_a_script_cannot_do_is_a_comment),
		NOISY(nothing_of_a_file_ends_a_line_of_the_text),
		NOISY(no_line_but_a_command_is_longer_than_the_page),
		NOISY(the_text_says_all_of_what_is_not_good),
		NOISY(a_terminal_gets_what_is_bad_emphasized),
		NOISY(the_json_has_every_finding_whole),
	};

	return cmocka_run_group_tests_name("doctor_print", tests, NULL, NULL);
}
