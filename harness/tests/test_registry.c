/* test_registry - what is fit to be used is found; what is not says why. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/entry.h"
#include "common/registry.h"
#include "common/spec.h"
#include "common/suggest.h"
#include "tests/subjects.h"
#include "tests/scratch.h"

static char why[512];
static char plugins[4096]; /* the folder that the plug-ins are in */

/* Built in, but not fit to be used. */
static const struct allocator subject_handless = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "test-handless",
	.summary = "test",
	.alloc = idle_alloc,
	.release = idle_release,
};
static const struct allocator subject_first_twin = {
	.name = "test-twin",
	SUBJECT_ALLOCATOR,
};
static const struct allocator subject_second_twin = {
	.name = "test-twin",
	SUBJECT_ALLOCATOR,
};
static const struct allocator subject_nameless = {
	SUBJECT_ALLOCATOR,
};

BUILT_IN(allocator, subject_handless);
BUILT_IN(allocator, subject_first_twin);
BUILT_IN(allocator, subject_second_twin);
BUILT_IN(allocator, subject_nameless);

static int find_plugins(void **state)
{
	ssize_t size = readlink("/proc/self/exe", plugins, sizeof(plugins) - 1);

	(void)state;
	if (size < 0)
		return -1;
	plugins[size] = 0;
	dirname(plugins);
	strncat(plugins, "/plugins", sizeof(plugins) - strlen(plugins) - 1);
	return access(plugins, R_OK);
}

static const char *plugin_path(const char *name)
{
	static char path[4200];

	snprintf(path, sizeof(path), "%s/%s.so", plugins, name);
	return path;
}

static void allocator_fails(const char *name, int error, const char *words)
{
	why[0] = 0;
	errno = 0;
	assert_null(registry_allocator(name, why, sizeof(why)));
	assert_int_equal(errno, error);
	if (strstr(why, words) == NULL)
		fail_msg("'%s' was refused with: %s", name, why);
}

static void workload_fails(const char *name, int error, const char *words)
{
	why[0] = 0;
	errno = 0;
	assert_null(registry_workload(name, why, sizeof(why)));
	assert_int_equal(errno, error);
	if (strstr(why, words) == NULL)
		fail_msg("'%s' was refused with: %s", name, why);
}

static void the_lists_are_sorted_and_stay_the_same(void **state)
{
	unsigned int count;
	unsigned int again;
	const struct allocator *const *allocators = registry_allocators(&count);
	const struct workload *const *workloads;
	unsigned int i;

	(void)state;
	assert_true(count >= 7);
	for (i = 1; i < count; i++)
		assert_true(strcmp(allocators[i - 1]->name,
				   allocators[i]->name) < 0);
	assert_ptr_equal(registry_allocators(&again), allocators);
	assert_int_equal(again, count);
	workloads = registry_workloads(&count);
	assert_true(count >= 1);
	for (i = 1; i < count; i++)
		assert_true(strcmp(workloads[i - 1]->name, workloads[i]->name) <
			    0);
	assert_ptr_equal(registry_workloads(&again), workloads);
	assert_int_equal(again, count);
}

static void each_in_the_lists_is_found_by_its_name(void **state)
{
	unsigned int count;
	const struct allocator *const *allocators = registry_allocators(&count);
	const struct workload *const *workloads;
	unsigned int i;

	(void)state;
	for (i = 0; i < count; i++)
		assert_ptr_equal(registry_allocator(allocators[i]->name, why,
						    sizeof(why)),
				 allocators[i]);
	workloads = registry_workloads(&count);
	for (i = 0; i < count; i++)
		assert_ptr_equal(
			registry_workload(workloads[i]->name, why, sizeof(why)),
			workloads[i]);
}

extern const struct allocator *const __start_allocators[];
extern const struct allocator *const __stop_allocators[];
extern const struct workload *const __start_workloads[];
extern const struct workload *const __stop_workloads[];

static void all_that_is_built_in_is_fit_to_be_used(void **state)
{
	const struct allocator *const *allocator = __start_allocators;
	const struct workload *const *workload = __start_workloads;
	unsigned int references = 0;
	unsigned int floors = 0;

	(void)state;
	for (; allocator < __stop_allocators; allocator++) {
		const char *name = (*allocator)->name;

		/* This test's own defects. */
		if (name == NULL || strncmp(name, "test-", 5) == 0)
			continue;
		if (registry_allocator(name, why, sizeof(why)) != *allocator)
			fail_msg("%s", why);
		references += (*allocator)->is_reference;
		floors += (*allocator)->is_floor;
	}
	for (; workload < __stop_workloads; workload++) {
		if (registry_workload((*workload)->name, why, sizeof(why)) !=
		    *workload)
			fail_msg("%s", why);
	}
	assert_true(references <= 1);
	assert_int_equal(floors, 1);
}

static void the_reference_and_the_floor_say_so_themselves(void **state)
{
	const struct allocator *reference = registry_reference();

	(void)state;
	assert_true(reference == NULL || reference->is_reference);
	assert_non_null(registry_floor());
	assert_true(registry_floor()->is_floor);
}

static void unknown_names_get_the_nearest_right_one(void **state)
{
	(void)state;
	allocator_fails("test-plian", ENOENT,
			"unknown allocator 'test-plian': did you mean "
			"'test-plain'?");
	allocator_fails("entirely-unlike-any", ENOENT, "regrow list");
	allocator_fails("", ENOENT, "unknown allocator ''");
	workload_fails("test-wrk", ENOENT, "did you mean 'test-work'?");
	workload_fails("test-plain", ENOENT, "unknown workload");
}

static void what_is_built_in_but_unfit_is_left_out_and_says_why(void **state)
{
	unsigned int count;
	const struct allocator *const *allocators = registry_allocators(&count);
	unsigned int i;

	(void)state;
	for (i = 0; i < count; i++) {
		assert_string_not_equal(allocators[i]->name, "test-handless");
		assert_string_not_equal(allocators[i]->name, "test-twin");
	}
	allocator_fails("test-handless", ENOEXEC,
			"the allocator 'test-handless' cannot be used: it "
			"lacks the hook grow()");
	allocator_fails("test-twin", ENOEXEC,
			"two built-in allocators have the name 'test-twin'");
}

static void a_plugin_is_loaded_by_its_path_and_stays(void **state)
{
	const char *path = plugin_path("good-allocator");
	const struct allocator *allocator =
		registry_allocator(path, why, sizeof(why));
	const struct workload *workload;

	(void)state;
	if (allocator == NULL) {
		fail_msg("%s", why);
		return;
	}
	assert_string_equal(allocator->name, "good-allocator");
	assert_non_null(allocator->grow);
	assert_ptr_equal(registry_allocator(path, why, sizeof(why)), allocator);
	workload = registry_workload(plugin_path("good-workload"), why,
				     sizeof(why));
	if (workload == NULL) {
		fail_msg("%s", why);
		return;
	}
	assert_string_equal(workload->name, "good-workload");
}

static void a_plugin_does_not_join_the_lists(void **state)
{
	(void)state;
	assert_non_null(registry_allocator(plugin_path("good-allocator"), why,
					   sizeof(why)));
	allocator_fails("good-allocator", ENOENT, "unknown allocator");
}

static void a_plugin_of_another_contract_is_refused(void **state)
{
	char words[64];

	(void)state;
	snprintf(words, sizeof(words),
		 "contract version %d and this regrow has %d",
		 ALLOCATOR_CONTRACT_VERSION + 1, ALLOCATOR_CONTRACT_VERSION);
	allocator_fails(plugin_path("wrong-version"), ENOEXEC, words);
	assert_non_null(strstr(why, "rebuild"));
}

static void a_plugin_without_a_required_hook_is_refused(void **state)
{
	(void)state;
	allocator_fails(plugin_path("missing-hook"), ENOEXEC,
			"lacks the hook grow()");
	assert_non_null(strstr(why, "missing-hook.so"));
}

static void a_plugin_without_the_symbol_is_refused(void **state)
{
	(void)state;
	allocator_fails(plugin_path("missing-symbol"), ENOEXEC,
			"has no symbol regrow_allocator");
	workload_fails(plugin_path("missing-symbol"), ENOEXEC,
		       "has no symbol regrow_workload");
	/* One of the other kind. */
	workload_fails(plugin_path("good-allocator"), ENOEXEC,
		       "has no symbol regrow_workload");
	allocator_fails(plugin_path("null-symbol"), ENOEXEC,
			"its allocator is NULL");
	workload_fails(plugin_path("null-symbol"), ENOEXEC,
		       "its workload is NULL");
}

static void a_plugin_that_needs_what_is_nowhere_is_refused(void **state)
{
	(void)state;
	allocator_fails(plugin_path("unresolved"), ENOEXEC, "nowhere");
}

static void a_file_that_is_no_plugin_is_refused(void **state)
{
	char path[SCRATCH_PATH_SIZE];
	int fd = scratch_file(path);

	(void)state;
	assert_int_equal(write(fd, "this is not ELF\n", 16), 16);
	allocator_fails(path, ENOEXEC, "cannot load the plug-in");
	assert_int_equal(ftruncate(fd, 0), 0);
	allocator_fails(path, ENOEXEC, "cannot load the plug-in");
	close(fd);
	unlink(path);
	allocator_fails(path, ENOENT, "cannot load the plug-in");
	allocator_fails("/", ENOEXEC, "cannot load the plug-in");
	assert_int_equal(chdir("/tmp"), 0);
	allocator_fails("./not-there.so", ENOENT, "./not-there.so");
}

static void a_plugin_is_spelled_by_its_path_as_typed(void **state)
{
	static struct allocator_spec spec;
	char text[8192];
	char expected[sizeof(text) + 32];

	(void)state;
	assert_int_equal(chdir(plugins), 0);
	assert_int_equal(spec_parse_allocator("./good-allocator.so:size=4096K",
					      &spec, why, sizeof(why)),
			 0);
	assert_string_equal(spec.canonical, "./good-allocator.so");
	snprintf(text, sizeof(text), "%s:size=8M",
		 plugin_path("good-allocator"));
	assert_int_equal(spec_parse_allocator(text, &spec, why, sizeof(why)),
			 0);
	assert_string_equal(spec.canonical, text);
	snprintf(expected, sizeof(expected), "test-wrap:over=[%s]", text);
	assert_int_equal(
		spec_parse_allocator(expected, &spec, why, sizeof(why)), 0);
	assert_string_equal(spec.canonical, expected);
	assert_int_equal(spec_parse_allocator("test-wrap:over="
					      "./good-allocator.so",
					      &spec, why, sizeof(why)),
			 0);
	assert_string_equal(spec.canonical,
			    "test-wrap:over=./good-allocator.so");
	assert_int_equal(spec.depth, 2);
}

static void a_path_that_cannot_be_spelled_is_refused_clearly(void **state)
{
	static struct allocator_spec spec;
	static const char *const paths[] = {
		"./a:b.so",
		"./a,b.so",
		"./a[1].so",
		"test-wrap:over=[./a:b.so]",
		"test-wrap:over=[./a,b.so]",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(
			spec_parse_allocator(paths[i], &spec, why, sizeof(why)),
			-EINVAL);
		if (strstr(why, "path must not contain any of : , [ ]") == NULL)
			fail_msg("'%s' was refused with: %s", paths[i], why);
	}
	assert_int_equal(
		spec_parse_allocator("./not-there.so", &spec, why, sizeof(why)),
		-ENOENT);
	assert_int_equal(spec_parse_allocator(plugin_path("missing-symbol"),
					      &spec, why, sizeof(why)),
			 -ENOEXEC);
}

static void entry_fails(const struct option_entry *bad_options,
			const char *words)
{
	struct allocator allocator = subject_plain;
	struct entry entry;

	allocator.options = bad_options;
	entry = entry_of_allocator(&allocator);
	assert_int_equal(entry_check(&entry, "it", why, sizeof(why)), -ENOEXEC);
	if (strstr(why, words) == NULL)
		fail_msg("expected '%s': %s", words, why);
}

static void options_that_are_declared_wrongly_are_refused(void **state)
{
	static const struct option_entry cases[][4] = {
		{{"Size", OPTION_SIZE, "1", NULL, ""}},
		{{"a:b", OPTION_SIZE, "1", NULL, ""}},
		{{"", OPTION_SIZE, "1", NULL, ""}},
		{{"size", OPTION_SIZE, NULL, NULL, ""}},
		{{"mode", OPTION_CHOICE, "a", NULL, ""}},
		{{"size", OPTION_SIZE, "1", "a|b", ""}},
		{{"size", OPTION_SIZE, "1", NULL, ""},
		 {"size", OPTION_SIZE, "1", NULL, ""}},
		{{"over", OPTION_ALLOCATOR, "null", NULL, ""},
		 {"under", OPTION_ALLOCATOR, "null", NULL, ""}},
		{{"file", OPTION_FILE, "", NULL, ""}},
	};
	static const char *const words[] = {
		"'Size' has a name", "'a:b' has a name",   "'' has a name",
		"no standard value", "without being",	   "without being",
		"declared twice",    "wraps an allocator", "names a file",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		entry_fails(cases[i], words[i]);
}

static void more_options_than_have_room_are_refused(void **state)
{
	static char names[OPTIONS_MAX + 1][4];
	struct option_entry many[OPTIONS_MAX + 2] = {0};
	struct allocator allocator = subject_plain;
	struct entry entry;
	int i;

	(void)state;
	for (i = 0; i < OPTIONS_MAX; i++) {
		snprintf(names[i], sizeof(names[i]), "o%d", i);
		many[i].name = names[i];
		many[i].kind = OPTION_COUNT;
		many[i].standard = "1";
	}
	allocator.options = many;
	entry = entry_of_allocator(&allocator);
	assert_int_equal(entry_check(&entry, "it", why, sizeof(why)), 0);
	many[OPTIONS_MAX] = many[0];
	many[OPTIONS_MAX].name = "last";
	entry_fails(many, "more than 16 options");
}

static void a_workload_can_wrap_no_allocator_and_name_one_file(void **state)
{
	static const struct option_entry file_options[] = {
		{"file", OPTION_FILE, "", "files/NAME.zst", ""},
		{0},
	};
	static const struct option_entry two_files[] = {
		{"file", OPTION_FILE, "", NULL, ""},
		{"second", OPTION_FILE, "", NULL, ""},
		{0},
	};
	struct workload workload = subject_scaled;
	struct entry entry;

	(void)state;
	workload.options = wrap_options;
	entry = entry_of_workload(&workload);
	assert_int_equal(entry_check(&entry, "it", why, sizeof(why)), -ENOEXEC);
	assert_non_null(strstr(why, "wraps an allocator where none can be"));
	workload.options = file_options;
	entry = entry_of_workload(&workload);
	assert_int_equal(entry_check(&entry, "it", why, sizeof(why)), 0);
	workload.options = two_files;
	entry = entry_of_workload(&workload);
	assert_int_equal(entry_check(&entry, "it", why, sizeof(why)), -ENOEXEC);
	assert_non_null(strstr(why, "'second' names a file where none can be"));
	workload.options = NULL;
	workload.estimate = NULL;
	entry = entry_of_workload(&workload);
	assert_int_equal(entry_check(&entry, "it", why, sizeof(why)), -ENOEXEC);
	assert_non_null(strstr(why, "lacks the hook estimate()"));
}

static void suggestion_is(const char *wrong, const char *best,
			  unsigned int distance)
{
	static const char *const names[] = {"mremap-maymove", "copy", "null",
					    "malloc", "reserve"};
	struct suggestion suggestion = {.wrong = wrong};
	size_t i;

	for (i = 0; i < 5; i++)
		suggest_offer(&suggestion, names[i]);
	if (best == NULL) {
		assert_null(suggestion.best);
		return;
	}
	assert_non_null(suggestion.best);
	assert_string_equal(suggestion.best, best);
	assert_int_equal(suggestion.distance, distance);
}

static void the_nearest_name_is_within_a_third_of_the_length(void **state)
{
	char longest[100];

	(void)state;
	suggestion_is("nul", "null", 1);
	suggestion_is("nulll", "null", 1);
	suggestion_is("nill", "null", 1);
	suggestion_is("unll", "null", 1); /* a swap is one mistake */
	suggestion_is("null", "null", 0);
	suggestion_is("mallco", "malloc", 1);
	suggestion_is("mremap-mayomve", "mremap-maymove", 1);
	suggestion_is("mremap_may_move", "mremap-maymove", 2);
	suggestion_is("mremapmymoved", "mremap-maymove", 3);
	suggestion_is("resrev", "reserve", 2);
	suggestion_is("nl", NULL, 0);
	suggestion_is("xyzzy", NULL, 0);
	suggestion_is("", NULL, 0);
	memset(longest, 'm', sizeof(longest));
	longest[sizeof(longest) - 1] = 0;
	suggestion_is(longest, NULL, 0);
	longest[63] = 0;
	suggestion_is(longest, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lists_are_sorted_and_stay_the_same),
		cmocka_unit_test(each_in_the_lists_is_found_by_its_name),
		cmocka_unit_test(all_that_is_built_in_is_fit_to_be_used),
		cmocka_unit_test(the_reference_and_the_floor_say_so_themselves),
		cmocka_unit_test(unknown_names_get_the_nearest_right_one),
		cmocka_unit_test(
			what_is_built_in_but_unfit_is_left_out_and_says_why),
		cmocka_unit_test(a_plugin_is_loaded_by_its_path_and_stays),
		cmocka_unit_test(a_plugin_does_not_join_the_lists),
		cmocka_unit_test(a_plugin_of_another_contract_is_refused),
		cmocka_unit_test(a_plugin_without_a_required_hook_is_refused),
		cmocka_unit_test(a_plugin_without_the_symbol_is_refused),
		cmocka_unit_test(
			a_plugin_that_needs_what_is_nowhere_is_refused),
		cmocka_unit_test(a_file_that_is_no_plugin_is_refused),
		cmocka_unit_test(a_plugin_is_spelled_by_its_path_as_typed),
		cmocka_unit_test(
			a_path_that_cannot_be_spelled_is_refused_clearly),
		cmocka_unit_test(options_that_are_declared_wrongly_are_refused),
		cmocka_unit_test(more_options_than_have_room_are_refused),
		cmocka_unit_test(
			a_workload_can_wrap_no_allocator_and_name_one_file),
		cmocka_unit_test(
			the_nearest_name_is_within_a_third_of_the_length),
	};

	return cmocka_run_group_tests(tests, find_plugins, NULL);
}
