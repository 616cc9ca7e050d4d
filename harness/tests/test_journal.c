/* test_journal - a results file survives what happens to its writer. */
/* wrap: write ftruncate open */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/journal.h"
#include "driver/results.h"
#include "tests/example.h"
#include "tests/scratch.h"

/* What write() does from now on: take few bytes, then fail; -1: as ever. */
static ssize_t bytes_until_error = -1;
static int write_error;
static int write_calls;
static bool truncate_fails;
static int open_error;

ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size)
{
	ssize_t got;

	write_calls++;
	if (bytes_until_error < 0)
		return __real_write(fd, data, size);
	if (bytes_until_error == 0) {
		bytes_until_error = write_error == EINTR ? -1 : 0;
		errno = write_error;
		return -1;
	}
	if (size > (size_t)bytes_until_error)
		size = (size_t)bytes_until_error;
	got = __real_write(fd, data, size);
	bytes_until_error -= got;
	return got;
}

int __real_ftruncate(int fd, off_t size);
int __wrap_ftruncate(int fd, off_t size)
{
	errno = EIO;
	return truncate_fails ? -1 : __real_ftruncate(fd, size);
}

int __real_open(const char *path, int flags, mode_t mode);
int __wrap_open(const char *path, int flags, mode_t mode)
{
	errno = open_error;
	return open_error != 0 ? -1 : __real_open(path, flags, mode);
}

static char directory[SCRATCH_PATH_SIZE];
static char path[128];
static char why[512];

static int make_directory(void **state)
{
	(void)state;
	bytes_until_error = -1;
	truncate_fails = false;
	open_error = 0;
	scratch_open(directory);
	snprintf(path, sizeof(path), "%s/run.jsonl", directory);
	return 0;
}

static int remove_directory(void **state)
{
	(void)state;
	scratch_close(directory);
	return 0;
}

static const char *contents(void)
{
	static char text[65536];
	FILE *file = fopen(path, "r");
	size_t size;

	assert_non_null(file);
	size = fread(text, 1, sizeof(text) - 1, file);
	text[size] = 0;
	fclose(file);
	return text;
}

static void fill_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* One line more, {"n":number}. */
static int add(struct journal *journal, uint64_t number)
{
	struct json *line = json_new_object();
	int error;

	json_add_count(line, "n", number);
	error = journal_write(journal, line);
	json_free(line);
	return error;
}

static void opened(struct journal *journal)
{
	if (journal_create(path, journal, why, sizeof(why)) != 0)
		fail_msg("%s", why);
}

static void each_line_is_one_write_at_the_end_of_the_file(void **state)
{
	struct journal journal;

	(void)state;
	opened(&journal);
	write_calls = 0;
	assert_int_equal(add(&journal, 1), 0);
	assert_int_equal(add(&journal, 2), 0);
	assert_int_equal(write_calls, 2);
	assert_int_equal(journal_sync(&journal), 0);
	assert_int_equal(journal_close(&journal), 0);
	assert_int_equal(journal_close(&journal), 0);
	assert_string_equal(contents(), "{\"n\":1}\n{\"n\":2}\n");
	assert_int_equal(journal.lines, 2);
	assert_int_equal(journal.size, 16);
}

static void a_file_with_contents_is_never_touched(void **state)
{
	struct journal journal;

	(void)state;
	fill_file("precious\n");
	assert_int_equal(journal_create(path, &journal, why, sizeof(why)),
			 -EEXIST);
	assert_non_null(strstr(why, path));
	assert_non_null(strstr(why, "exists"));
	assert_string_equal(contents(), "precious\n");
	assert_int_equal(journal_close(&journal), 0);
	fill_file("");
	opened(&journal);
	journal_close(&journal);
}

static void
a_missing_or_unwritable_directory_is_said_before_measuring(void **state)
{
	struct journal journal;

	(void)state;
	assert_int_equal(
		journal_create("/nowhere/at/all", &journal, why, sizeof(why)),
		-ENOENT);
	assert_non_null(strstr(why, "make the directory"));
	assert_int_equal(
		journal_create("/dev/null/x", &journal, why, sizeof(why)),
		-ENOTDIR);
	assert_int_equal(journal_create(directory, &journal, why, sizeof(why)),
			 -EISDIR);
	assert_int_equal(journal_create("", &journal, why, sizeof(why)),
			 -ENOENT);
	open_error = EACCES;
	assert_int_equal(journal_create(path, &journal, why, sizeof(why)),
			 -EACCES);
	assert_non_null(strstr(why, "Permission denied"));
	assert_int_equal(journal.fd, -1);
}

/* Whether it can be made, as it is found without and by making it. */
static void assert_checked(const char *name, int error)
{
	struct journal journal;
	char words[sizeof(why)] = "";

	why[0] = '\0';
	assert_int_equal(journal_check(name, words, sizeof(words)), error);
	assert_int_equal(journal_create(name, &journal, why, sizeof(why)),
			 error);
	assert_string_equal(words, why);
	journal_close(&journal);
}

static void what_cannot_be_made_is_known_before_in_the_same_words(void **state)
{
	static char name[JOURNAL_PATH_MAX + 10];

	(void)state;
	assert_checked("/nowhere/at/all", -ENOENT);
	assert_checked("/dev/null/x", -ENOTDIR);
	assert_checked(directory, -EISDIR);
	assert_checked("", -ENOENT);
	memset(name, 'x', sizeof(name) - 1);
	assert_checked(name, -ENAMETOOLONG);
	fill_file("precious\n");
	assert_checked(path, -EEXIST);
	assert_string_equal(contents(), "precious\n");
}

static void to_ask_whether_a_file_can_be_made_makes_none(void **state)
{
	(void)state;
	assert_int_equal(journal_check(path, why, sizeof(why)), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_checked(path, 0);
	/* Empty, it can be taken; a device always. */
	assert_checked(path, 0);
	assert_checked("/dev/null", 0);
}

static void a_path_that_is_too_long_is_refused(void **state)
{
	static char name[JOURNAL_PATH_MAX + 10];
	struct journal journal;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	assert_int_equal(journal_create(name, &journal, why, sizeof(why)),
			 -ENAMETOOLONG);
	assert_int_equal(
		journal_create_named(name, 0, "a", &journal, why, sizeof(why)),
		-ENAMETOOLONG);
}

static void assert_named(const char *allocators, const char *expected)
{
	struct journal journal;

	assert_int_equal(journal_create_named(directory, 1795527005, allocators,
					      &journal, why, sizeof(why)),
			 0);
	assert_string_equal(journal.path + strlen(directory) + 1, expected);
	journal_close(&journal);
}

static void standard_names_are_safe_and_unique(void **state)
{
	(void)state;
	assert_named("mremap-maymove",
		     "2026-11-24T13-30-05Z-mremap-maymove.jsonl");
	assert_named("mremap-maymove",
		     "2026-11-24T13-30-05Z-mremap-maymove-2.jsonl");
	assert_named("mremap-maymove",
		     "2026-11-24T13-30-05Z-mremap-maymove-3.jsonl");
	assert_named("../a b:c=[d],\n*", "2026-11-24T13-30-05Z-a_b_c_d.jsonl");
	assert_named("", "2026-11-24T13-30-05Z.jsonl");
	assert_named(
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"2026-11-24T13-30-05Z-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.jsonl");
}

static void short_writes_and_interruptions_lose_nothing(void **state)
{
	struct journal journal;

	(void)state;
	opened(&journal);
	bytes_until_error = 3;
	write_error = EINTR;
	assert_int_equal(add(&journal, 1), 0);
	assert_int_equal(add(&journal, 2), 0);
	journal_close(&journal);
	assert_string_equal(contents(), "{\"n\":1}\n{\"n\":2}\n");
}

static void a_full_disk_leaves_whole_lines_and_can_be_gone_on_from(void **state)
{
	struct journal journal;

	(void)state;
	opened(&journal);
	assert_int_equal(add(&journal, 1), 0);
	bytes_until_error = 3;
	write_error = ENOSPC;
	assert_int_equal(add(&journal, 2), -ENOSPC);
	assert_string_equal(contents(), "{\"n\":1}\n");
	assert_int_equal(add(&journal, 3), -ENOSPC);
	bytes_until_error = -1;
	assert_int_equal(add(&journal, 4), 0);
	journal_close(&journal);
	assert_string_equal(contents(), "{\"n\":1}\n{\"n\":4}\n");
}

static void nothing_follows_a_torn_line_that_cannot_be_taken_back(void **state)
{
	struct journal journal;

	(void)state;
	opened(&journal);
	assert_int_equal(add(&journal, 1), 0);
	bytes_until_error = 3;
	write_error = ENOSPC;
	truncate_fails = true;
	assert_int_equal(add(&journal, 2), -ENOSPC);
	bytes_until_error = -1;
	assert_int_equal(add(&journal, 3), -ENOSPC);
	journal_close(&journal);
	assert_string_equal(contents(), "{\"n\":1}\n{\"n");
}

static void a_device_is_written_to_and_its_errors_are_told(void **state)
{
	struct journal journal;

	(void)state;
	assert_int_equal(
		journal_create("/dev/null", &journal, why, sizeof(why)), 0);
	assert_int_equal(add(&journal, 1), 0);
	assert_int_equal(journal_sync(&journal), 0);
	assert_int_equal(journal_close(&journal), 0);
	assert_int_equal(
		journal_create("/dev/full", &journal, why, sizeof(why)), 0);
	assert_int_equal(add(&journal, 1), -ENOSPC);
	assert_int_equal(journal_close(&journal), 0);
}

static void a_line_that_memory_ran_out_for_is_not_written(void **state)
{
	struct journal journal;

	(void)state;
	opened(&journal);
	assert_int_equal(journal_write(&journal, NULL), -ENOMEM);
	journal_close(&journal);
	assert_string_equal(contents(), "");
}

/* In a process that will be killed: rounds of samples, until then. */
static void write_for_ever(void)
{
	static struct sample_answer answer;
	static struct counters counters;
	struct spawn_result result = {0};
	struct sample_context context;
	struct json *line = example_run();
	struct journal journal;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	opened(&journal);
	journal_write(&journal, line);
	json_free(line);
	journal_sync(&journal);
	example_answer(&answer, 1000);
	example_context(&context);
	example_counters(&counters);
	for (context.round = 0;; context.round++) {
		line = record_sample(&context, &answer, &result, &counters,
				     example_places);
		journal_write(&journal, line);
		json_free(line);
	}
}

static void a_killed_writer_leaves_a_file_that_can_be_read(void **state)
{
	struct random random = {7};

	(void)state;
	for (int i = 0; i < 10; i++) {
		struct results results = {0};
		const struct results_file *file;
		struct stat status;
		pid_t child;

		unlink(path);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			write_for_ever();
		do
			usleep(1000 + (useconds_t)random_below(&random, 9000));
		while (stat(path, &status) != 0 || status.st_size < 8192);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		if (results_read(&results, path, why, sizeof(why)) != 0)
			fail_msg("%s", why);
		file = results.files[0];
		assert_false(file->ended);
		assert_int_equal(file->cells[3].samples_count,
				 file->samples_count);
		for (size_t j = 0; j < file->samples_count; j++)
			assert_int_equal(file->cells[3].samples[j].round, j);
		assert_true(file->samples_count > 0);
		results_free(&results);
	}
}

/* Opens what the file holds for adding; takes off a torn line. */
static void reopened(struct journal *journal, bool torn)
{
	if (journal_append(path, journal, why, sizeof(why)) != 0)
		fail_msg("%s", why);
	assert_int_equal(journal_mend(journal, torn), 0);
}

static void lines_are_added_behind_those_that_are_there(void **state)
{
	struct journal journal;

	(void)state;
	fill_file("{\"n\":1}\n{\"n\":2}\n");
	reopened(&journal, true);
	assert_true(journal.regular);
	assert_int_equal(add(&journal, 3), 0);
	assert_int_equal(journal_close(&journal), 0);
	assert_string_equal(contents(), "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
	assert_int_equal(journal.size, 24);
}

static void a_torn_last_line_is_taken_off_and_only_that(void **state)
{
	struct journal journal;

	(void)state;
	fill_file("{\"n\":1}\n{\"n\":");
	assert_int_equal(journal_append(path, &journal, why, sizeof(why)), 0);
	/* Not before it is known whose file that is. */
	assert_string_equal(contents(), "{\"n\":1}\n{\"n\":");
	assert_int_equal(journal_mend(&journal, true), 0);
	assert_string_equal(contents(), "{\"n\":1}\n");
	assert_int_equal(add(&journal, 3), 0);
	journal_close(&journal);
	assert_string_equal(contents(), "{\"n\":1}\n{\"n\":3}\n");
}

static void a_torn_line_may_be_long_or_all_there_is(void **state)
{
	static char longer[3 * 4096 + 100];
	struct journal journal;

	(void)state;
	for (size_t i = 4080; i < 4110; i++) {
		memset(longer, 'x', sizeof(longer));
		longer[i] = '\n';
		longer[sizeof(longer) - 1] = 0;
		fill_file(longer);
		reopened(&journal, true);
		assert_int_equal(journal.size, i + 1);
		journal_close(&journal);
		assert_int_equal(strlen(contents()), i + 1);
	}
	memset(longer, 'x', sizeof(longer) - 1);
	fill_file(longer);
	reopened(&journal, true);
	journal_close(&journal);
	assert_string_equal(contents(), "");
}

static void a_whole_line_without_its_newline_is_kept(void **state)
{
	struct journal journal;

	(void)state;
	fill_file("{\"n\":1}\n{\"n\":2}");
	reopened(&journal, false);
	assert_int_equal(add(&journal, 3), 0);
	journal_close(&journal);
	assert_string_equal(contents(), "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
}

static void a_full_disk_takes_back_no_more_than_what_was_added(void **state)
{
	struct journal journal;

	(void)state;
	fill_file("{\"n\":1}\n{\"n");
	reopened(&journal, true);
	bytes_until_error = 3;
	write_error = ENOSPC;
	assert_int_equal(add(&journal, 2), -ENOSPC);
	assert_string_equal(contents(), "{\"n\":1}\n");
	bytes_until_error = -1;
	journal_close(&journal);
	fill_file("{\"n\":1}\n{\"n");
	assert_int_equal(journal_append(path, &journal, why, sizeof(why)), 0);
	truncate_fails = true;
	assert_int_equal(journal_mend(&journal, true), -EIO);
	journal_close(&journal);
	assert_string_equal(contents(), "{\"n\":1}\n{\"n");
}

static void two_cannot_write_one_file(void **state)
{
	struct journal journal, other;

	(void)state;
	opened(&journal);
	assert_int_equal(journal_create(path, &other, why, sizeof(why)),
			 -EWOULDBLOCK);
	assert_non_null(strstr(why, "another regrow writes to it"));
	assert_int_equal(other.fd, -1);
	add(&journal, 1);
	assert_int_equal(journal_append(path, &other, why, sizeof(why)),
			 -EWOULDBLOCK);
	assert_non_null(strstr(why, "another regrow writes to it"));
	assert_int_equal(other.fd, -1);
	journal_close(&journal);
	assert_int_equal(journal_append(path, &other, why, sizeof(why)), 0);
	journal_close(&other);
	assert_string_equal(contents(), "{\"n\":1}\n");
}

/* A child that was being made when its driver died holds the lock a while. */
static void a_lock_that_is_let_go_is_waited_for(void **state)
{
	struct journal journal, other;
	pid_t child;

	(void)state;
	opened(&journal);
	add(&journal, 1);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		usleep(100000);
		_exit(0);
	}
	close(journal.fd); /* The child has it open, too. */
	assert_int_equal(journal_append(path, &other, why, sizeof(why)), 0);
	journal_close(&other);
	waitpid(child, NULL, 0);
}

static void what_cannot_be_added_to_is_told(void **state)
{
	struct journal journal;
	char name[128];

	(void)state;
	assert_int_equal(journal_append(path, &journal, why, sizeof(why)),
			 -ENOENT);
	assert_non_null(strstr(why, path));
	assert_int_equal(journal.fd, -1);
	fill_file("");
	assert_int_equal(journal_append(path, &journal, why, sizeof(why)),
			 -ENODATA);
	assert_non_null(strstr(why, "nothing to go on from"));
	assert_int_equal(journal_append(directory, &journal, why, sizeof(why)),
			 -EISDIR);
	assert_int_equal(
		journal_append("/dev/null", &journal, why, sizeof(why)),
		-EINVAL);
	assert_non_null(strstr(why, "not a regular file"));
	snprintf(name, sizeof(name), "%s/fifo", directory);
	assert_int_equal(mkfifo(name, 0600), 0);
	assert_int_equal(journal_append(name, &journal, why, sizeof(why)),
			 -EINVAL);
	open_error = EACCES;
	assert_int_equal(journal_append(path, &journal, why, sizeof(why)),
			 -EACCES);
	assert_non_null(strstr(why, "Permission denied"));
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_line_is_one_write_at_the_end_of_the_file),
		TEST(a_file_with_contents_is_never_touched),
		TEST(a_missing_or_unwritable_directory_is_said_before_measuring),
		TEST(what_cannot_be_made_is_known_before_in_the_same_words),
		TEST(to_ask_whether_a_file_can_be_made_makes_none),
		TEST(a_path_that_is_too_long_is_refused),
		TEST(standard_names_are_safe_and_unique),
		TEST(short_writes_and_interruptions_lose_nothing),
		TEST(a_full_disk_leaves_whole_lines_and_can_be_gone_on_from),
		TEST(nothing_follows_a_torn_line_that_cannot_be_taken_back),
		TEST(a_device_is_written_to_and_its_errors_are_told),
		TEST(a_line_that_memory_ran_out_for_is_not_written),
		TEST(lines_are_added_behind_those_that_are_there),
		TEST(a_torn_last_line_is_taken_off_and_only_that),
		TEST(a_torn_line_may_be_long_or_all_there_is),
		TEST(a_whole_line_without_its_newline_is_kept),
		TEST(a_full_disk_takes_back_no_more_than_what_was_added),
		TEST(two_cannot_write_one_file),
		TEST(a_lock_that_is_let_go_is_waited_for),
		TEST(what_cannot_be_added_to_is_told),
		TEST(a_killed_writer_leaves_a_file_that_can_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
