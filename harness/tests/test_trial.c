/*
 * test_trial - what a sample was served by is what was asked for, or it fails;
 * and what cannot be preloaded says why before it is measured.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/cells.h"
#include "driver/judge.h"
#include "driver/layers.h"
#include "driver/spawn.h"
#include "driver/trial.h"
#include "tests/plugin_folder.h"
#include "tests/sanitized.h"
#include "tests/scratch.h"

static char plugins[256]; /* where those of this build are */
static char folder[64];
static char why[512];
static struct identity identity;
static struct allocator_spec spec;
static struct spawn_result result;
static struct sample_answer answer;

static int start_afresh(void **state)
{
	(void)state;
	scratch_open(folder);
	why[0] = '\0';
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	scratch_close(folder);
	return 0;
}

/* Tries lib=PATH with the options behind it. */
static int try_library(const char *path, const char *options)
{
	char spelling[SPEC_TEXT_MAX];

	snprintf(spelling, sizeof(spelling), "malloc:lib=%s%s", path, options);
	if (spec_parse_allocator(spelling, &spec, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	return trial_run(&spec, &identity, why, sizeof(why));
}

static const char *good_library(void)
{
	static char path[384];

	snprintf(path, sizeof(path), "%s/page-malloc.so", plugins);
	return path;
}

static void says(const char *part)
{
	if (!strstr(why, part))
		fail_msg("'%s' lacks '%s'", why, part);
}

static void a_library_is_known_by_what_was_loaded(void **state)
{
	(void)state;
	if (SANITIZED)
		skip();
	if (try_library(good_library(), "") != 0)
		fail_msg("%s", why);
	assert_string_equal(identity.file, good_library());
	assert_string_equal(identity.version, "1.2.3");
}

static void without_a_library_no_process_is_started(void **state)
{
	(void)state;
	assert_int_equal(
		spec_parse_allocator("malloc", &spec, why, sizeof(why)), 0);
	assert_false(layers_preload(&spec));
	assert_int_equal(trial_run(&spec, &identity, why, sizeof(why)), 0);
	assert_string_equal(identity.file, "");
}

static void what_the_loader_refuses_is_skipped_with_its_words(void **state)
{
	char path[128], skipped[192];

	(void)state;
	if (SANITIZED)
		skip();
	snprintf(path, sizeof(path), "%s/text.so", folder);
	scratch_write(folder, "text.so", "not a library, and long enough\n");
	assert_int_equal(try_library(path, ""), -ELIBACC);
	says("text.so cannot be preloaded (");
	snprintf(path, sizeof(path), "%s/missing.so", folder);
	assert_int_equal(try_library(path, ""), -ELIBACC);
	says("missing.so cannot be preloaded (cannot open shared object file");
	assert_int_equal(cells_probe(&spec, skipped, sizeof(skipped)),
			 -ELIBACC);
	assert_string_equal(skipped, why);
}

static void a_library_without_a_malloc_is_not_taken_for_one(void **state)
{
	char path[512];

	(void)state;
	if (SANITIZED)
		skip();
	snprintf(path, sizeof(path), "%s/good-allocator.so", plugins);
	assert_int_equal(try_library(path, ""), -ELIBBAD);
	says("blocks come from ");
	says("good-allocator.so is not loaded, or has no malloc");
}

/* A sample of an allocator; in result and answer, how it ended. */
static void run_sample_of(const char *allocator, const char *workload,
			  unsigned int threads,
			  const struct environment *environment)
{
	struct spawn_setting setting = {.timeout_ns = 100000000000u,
					.environment = environment};
	struct sample_request *request;
	struct spawner spawner;

	assert_int_equal(spawner_open(&spawner), 0);
	request = &spawner.exchange->request;
	memset(request, 0, sizeof(*request));
	snprintf(request->allocator, sizeof(request->allocator), "%s",
		 allocator);
	snprintf(request->workload, sizeof(request->workload), "%s", workload);
	request->seed = 1;
	request->threads = threads;
	for (unsigned int i = 0; i < threads; i++)
		request->cpus[i] = -1;
	request->block_bytes_max = (uint64_t)64 << 20;
	assert_int_equal(spawn_sample(&spawner, &setting, &result), 0);
	memcpy(&answer, &spawner.exchange->answer, sizeof(answer));
	snprintf(why, sizeof(why), "%s", result.reason);
	spawner_close(&spawner);
}

/* The loader is told nothing of the library, and libc serves. */
static void a_library_that_was_not_loaded_fails_the_sample(void **state)
{
	char spelling[SPEC_TEXT_MAX];

	(void)state;
	if (SANITIZED)
		skip();
	snprintf(spelling, sizeof(spelling), "malloc:lib=%s", good_library());
	run_sample_of(spelling, "null", 1, NULL);
	assert_int_equal(result.outcome, SAMPLE_FAILED);
	says("page-malloc.so is not loaded");
	assert_string_equal(answer.identity.version, "");
}

/* It is wrong only of what would be measured under another malloc. */
static void libc_is_not_taken_for_what_is_preloaded_over_it(void **state)
{
	static struct environment environment;

	(void)state;
	if (SANITIZED)
		skip();
	snprintf(environment.preload, sizeof(environment.preload), "%s",
		 good_library());
	run_sample_of("malloc", "null", 1, &environment);
	assert_int_equal(result.outcome, SAMPLE_FAILED);
	says("page-malloc.so, not from libc");
}

static void an_answer_is_kept(void **state)
{
	char path[128], command[1024];

	(void)state;
	if (SANITIZED)
		skip();
	snprintf(path, sizeof(path), "%s/page-malloc.so", folder);
	snprintf(command, sizeof(command), "cp '%s' '%s'", good_library(),
		 path);
	assert_int_equal(system(command), 0);
	assert_int_equal(try_library(path, ""), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(try_library(path, ""), 0);
	assert_string_equal(identity.file, path);
	/* Another spelling is asked for itself. */
	assert_int_equal(try_library(path, ":conf=[A=1]"), -ELIBACC);
}

static void huge_pages_that_nobody_asks_for_are_not_measured(void **state)
{
	char spelling[1024], skipped[192];

	(void)state;
	snprintf(spelling, sizeof(spelling), "malloc:lib=%s", good_library());
	assert_int_equal(
		spec_parse_allocator(spelling, &spec, why, sizeof(why)), 0);
	assert_int_equal(
		cells_fit_thp(&spec, THP_NEVER, skipped, sizeof(skipped)), 0);
	assert_int_equal(cells_fit_thp(&spec, THP_MADVISE, why, sizeof(why)),
			 -ENOTSUP);
	says("say it by conf=, or use --thp always");
	assert_int_equal(spec_parse_allocator("malloc:lib=tcmalloc", &spec, why,
					      sizeof(why)),
			 0);
	assert_int_equal(cells_fit_thp(&spec, THP_MADVISE, why, sizeof(why)),
			 -ENOTSUP);
	says("does not advise huge pages");
	assert_int_equal(spec_parse_allocator("malloc:lib=jemalloc", &spec, why,
					      sizeof(why)),
			 0);
	assert_int_equal(cells_fit_thp(&spec, THP_MADVISE, why, sizeof(why)),
			 0);
}

/* The installed library of that name, under two threads. */
static void serve_threads(const char *name)
{
	static const char *const workloads[] = {
		"vector-growth:last=2M:vectors=2:threads=2",
		"server-churn:profile=small:live=50:steps=500:threads=2",
	};
	static struct environment environment;
	char spelling[64];

	if (SANITIZED)
		skip();
	if (try_library(name, "") != 0) {
		print_message("# %s\n", why);
		says("make deps-allocators");
		skip();
	}
	assert_string_not_equal(identity.version, "");
	assert_int_equal(layers_environment(&spec, THP_NEVER, &environment, why,
					    sizeof(why)),
			 0);
	snprintf(spelling, sizeof(spelling), "malloc:lib=%s", name);
	for (unsigned int i = 0; i < 2; i++) {
		run_sample_of(spelling, workloads[i], 2, &environment);
		if (result.outcome != SAMPLE_OK)
			fail_msg("%s: %s", workloads[i], why);
		assert_string_equal(answer.identity.file, identity.file);
		assert_string_equal(answer.identity.version, identity.version);
		assert_true(answer.words_verified > 0);
		assert_int_equal(answer.words_wrong, 0);
		assert_int_equal(answer.contradictions, 0);
		assert_int_equal(answer.tally.growths[OUTCOME_FAILED], 0);
	}
}

static void jemalloc_serves_threads_and_contents_hold(void **state)
{
	(void)state;
	serve_threads("jemalloc");
}

static void mimalloc_serves_threads_and_contents_hold(void **state)
{
	(void)state;
	serve_threads("mimalloc");
}

static void tcmalloc_serves_threads_and_contents_hold(void **state)
{
	(void)state;
	serve_threads("tcmalloc");
}

/*
 * jemalloc gives 64 KiB and a page 80 KiB, and copies all of it: by the bytes
 * that were asked for there would be too many page faults.
 */
static void a_library_is_told_to_copy_its_whole_size_class(void **state)
{
	static struct environment environment;
	struct sample_context context = {
		.role = ROLE_ROW,
		.thp = THP_NEVER,
		.repeat = 1,
		.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE),
	};

	(void)state;
	if (SANITIZED || try_library("jemalloc", "") != 0)
		skip();
	assert_int_equal(layers_environment(&spec, THP_NEVER, &environment, why,
					    sizeof(why)),
			 0);
	run_sample_of("malloc:lib=jemalloc", "vector-growth:last=4M:residue=4K",
		      1, &environment);
	assert_int_equal(result.outcome, SAMPLE_OK);
	assert_true(answer.tally.growths[OUTCOME_COPIED] > 0);
	context.faults = layers_faults(&spec);
	assert_true(judge_faults(&context, &answer).agrees);
}

int main(int argc, char **argv)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, start_afresh, remove_folder)
	const struct CMUnitTest tests[] = {
		TEST(a_library_is_known_by_what_was_loaded),
		TEST(without_a_library_no_process_is_started),
		TEST(what_the_loader_refuses_is_skipped_with_its_words),
		TEST(a_library_without_a_malloc_is_not_taken_for_one),
		TEST(a_library_that_was_not_loaded_fails_the_sample),
		TEST(libc_is_not_taken_for_what_is_preloaded_over_it),
		TEST(an_answer_is_kept),
		TEST(jemalloc_serves_threads_and_contents_hold),
		TEST(mimalloc_serves_threads_and_contents_hold),
		TEST(tcmalloc_serves_threads_and_contents_hold),
		TEST(a_library_is_told_to_copy_its_whole_size_class),
		TEST(huge_pages_that_nobody_asks_for_are_not_measured),
	};

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	if (!plugin_folder(plugins, sizeof(plugins)))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
