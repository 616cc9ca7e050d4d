/*
 * test_fork - forks that a workload asks for: timed, and nothing else changes.
 * This program is its own sample's binary.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sample/context.h"
#include "tests/own_sample.h"
#include "tests/plugin_folder.h"
#include "tests/sanitized.h"

/* wrap: fork socketpair */

static struct {
	int fork; /* errno; 0: it works */
	int socketpair;
	bool child_dies; /* before it says that it lives */
} faults;

pid_t __real_fork(void);
int __real_socketpair(int domain, int type, int protocol, int fds[2]);

pid_t __wrap_fork(void)
{
	pid_t child;

	errno = faults.fork;
	if (faults.fork)
		return -1;
	child = __real_fork();
	if (child == 0 && faults.child_dies)
		_exit(3);
	return child;
}

int __wrap_socketpair(int domain, int type, int protocol, int fds[2])
{
	errno = faults.socketpair;
	return faults.socketpair
		       ? -1
		       : __real_socketpair(domain, type, protocol, fds);
}

static char plugins[3072];

/* A sample of the steps workload by copy-realloc. */
static const struct sample_answer *sample_run(const char *steps,
					      unsigned int threads)
{
	struct sample_request *request =
		own_request("copy-realloc", "%.*s/steps.so:growths=5:lives=3%s",
			    400, plugins, steps);

	request->pass = PASS_TIMING;
	request->threads = threads;
	return own_spawn();
}

static void forks_and_exits_are_operations_of_a_sample(void **state)
{
	const struct sample_answer *answer = sample_run(":forks=2", 1);
	uint64_t phases_ns = 0, operations_ns = 0;

	(void)state;
	if (own_result.outcome != SAMPLE_OK)
		fail_msg("%s", own_result.reason);
	assert_int_equal(own_counted(answer, OPERATION_FORK), 6);
	assert_int_equal(own_counted(answer, OPERATION_EXIT), 6);
	assert_int_equal(answer->operations[OPERATION_FORK].failed, 0);
	for (unsigned int i = 0; i < PHASE_COUNT; i++)
		phases_ns += answer->phase_ns[i];
	for (unsigned int i = 0; i < OPERATION_COUNT; i++)
		operations_ns += answer->operations[i].histogram.sum_ns;
	assert_int_equal(phases_ns, answer->wall_ns);
	assert_int_equal(operations_ns, answer->wall_ns);
	/* A fork alone takes tens of microseconds. */
	assert_true(answer->operations[OPERATION_FORK].histogram.min_ns > 1000);
	assert_true(answer->operations[OPERATION_EXIT].histogram.min_ns > 1000);
}

static void forks_change_no_request_no_content_and_no_count(void **state)
{
	static struct sample_answer without;
	const struct sample_answer *answer;

	(void)state;
	without = *sample_run("", 1);
	answer = sample_run(":forks=4", 1);
	assert_int_equal(own_result.outcome, SAMPLE_OK);
	assert_int_equal(own_counted(&without, OPERATION_FORK), 0);
	assert_int_equal(answer->requests, without.requests);
	assert_int_equal(answer->digest, without.digest);
	assert_int_equal(answer->words_verified, without.words_verified);
	assert_int_equal(answer->words_wrong, 0);
	assert_int_equal(answer->touched_bytes, without.touched_bytes);
	/* The harness's own pages that are shared for a while: a few. */
	if (!SANITIZED)
		assert_in_range(answer->minor_faults, without.minor_faults,
				without.minor_faults + (uint64_t)12 * 8);
}

static void only_the_first_thread_may_fork(void **state)
{
	(void)state;
	sample_run(":threads=2:forks=1", 2);
	assert_int_equal(own_result.outcome, SAMPLE_FAILED);
	assert_non_null(strstr(own_result.reason, "thread 1"));
}

/* A worker of this process, whose run began. */
static struct context *context_begin(void)
{
	static struct context context;
	static struct sample sample;
	static struct sample_request request;

	sample.request = &request;
	memset(&context, 0, sizeof(context));
	memset(&faults, 0, sizeof(faults));
	context.worker.threads = 1;
	context.sample = &sample;
	context_start(&context);
	return &context;
}

static void assert_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, 0), -1);
	assert_int_equal(errno, ECHILD);
}

static void the_child_is_gone_and_no_descriptor_is_left(void **state)
{
	struct context *context = context_begin();
	int before = dup(STDERR_FILENO), after;

	(void)state;
	for (unsigned int i = 0; i < 20; i++)
		assert_int_equal(worker_fork(&context->worker), 0);
	assert_no_child();
	after = dup(STDERR_FILENO);
	assert_int_equal(after, before + 1);
	close(before);
	close(after);
	assert_false(context->paused);
	context_stop(context);
}

static void in_a_pause_a_fork_is_not_measured(void **state)
{
	struct context *context = context_begin();

	(void)state;
	worker_pause(&context->worker);
	assert_int_equal(worker_fork(&context->worker), 0);
	assert_true(context->paused);
	assert_int_equal(context->wall_ns, 0);
	assert_int_equal(context->operations[OPERATION_FORK].histogram.count,
			 0);
	assert_no_child();
}

static void a_fork_that_fails_is_counted_and_the_run_goes_on(void **state)
{
	struct context *context = context_begin();

	(void)state;
	faults.fork = EAGAIN;
	assert_int_equal(worker_fork(&context->worker), -EAGAIN);
	faults.fork = 0;
	faults.socketpair = EMFILE;
	assert_int_equal(worker_fork(&context->worker), -EMFILE);
	faults.socketpair = 0;
	faults.child_dies = true;
	assert_int_equal(worker_fork(&context->worker), -ECHILD);
	assert_int_equal(context->operations[OPERATION_FORK].failed, 3);
	assert_no_child();
	assert_false(context->paused);
	context_stop(context);
}

#define TEST(name) cmocka_unit_test(name)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(forks_and_exits_are_operations_of_a_sample),
		TEST(forks_change_no_request_no_content_and_no_count),
		TEST(only_the_first_thread_may_fork),
		TEST(the_child_is_gone_and_no_descriptor_is_left),
		TEST(in_a_pause_a_fork_is_not_measured),
		TEST(a_fork_that_fails_is_counted_and_the_run_goes_on),
	};

	if (own_is_sample(argc, argv))
		return sample_main();
	if (!plugin_folder(plugins, sizeof(plugins)))
		return 1;
	return cmocka_run_group_tests(tests, own_open, own_close);
}
