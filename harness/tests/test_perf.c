/* test_perf - a sample's counters, on real software events and planted ones. */
/* wrap: perf_event_open_fd perf_event_read */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "driver/tracefs.h"
#include "sample/perf.h"
#include "tests/sanitized.h"
#include "sample/perf_event.h"

#define PAGES 64

/* What the kernel is to answer instead; 0: what it does answer. */
static struct {
	int open_error;
	unsigned int open_error_at; /* the call that fails, from 1; 0: all */
	unsigned int opens;
	int leaders[COUNTERS_MAX]; /* of each call */
	int read_error;
	struct perf_event_value value;
} planted;

static struct sample_request request;
static struct counter_figures figures[COUNTERS_MAX];
static unsigned char *pages;
static size_t page_size;

int __real_perf_event_open_fd(struct perf_event_attr *attr, int leader_fd);
int __real_perf_event_read(int fd, struct perf_event_value *value);

int __wrap_perf_event_open_fd(struct perf_event_attr *attr, int leader_fd)
{
	planted.leaders[planted.opens++] = leader_fd;
	if (planted.open_error && (planted.open_error_at == 0 ||
				   planted.open_error_at == planted.opens))
		return planted.open_error;
	return __real_perf_event_open_fd(attr, leader_fd);
}

int __wrap_perf_event_read(int fd, struct perf_event_value *value)
{
	if (planted.read_error)
		return planted.read_error;
	if (planted.value.enabled_ns) {
		*value = planted.value;
		return 0;
	}
	return __real_perf_event_read(fd, value);
}

static int setup(void **state)
{
	(void)state;
	memset(&planted, 0, sizeof(planted));
	memset(&request, 0, sizeof(request));
	page_size = (size_t)sysconf(_SC_PAGESIZE);
	pages = mmap(NULL, PAGES * page_size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		return -1;
	/* May fail where the kernel has no huge pages: none to avoid then. */
	(void)madvise(pages, PAGES * page_size, MADV_NOHUGEPAGE);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	perf_close();
	return munmap(pages, PAGES * page_size);
}

static void touch(void)
{
	for (size_t i = 0; i < PAGES; i++)
		((volatile unsigned char *)pages)[i * page_size] = 1;
}

/* The pages as if they were never touched; code and shadow memory are warm. */
static void forget(void)
{
	touch();
	assert_int_equal(madvise(pages, PAGES * page_size, MADV_DONTNEED), 0);
}

static struct perf_event_attr *add(unsigned int type, uint64_t config,
				   int32_t group)
{
	struct counter_request *counter =
		&request.counters[request.counters_count++];

	counter->attr.type = type;
	counter->attr.config = config;
	counter->group = group;
	return &counter->attr;
}

/* Faults of user mode: all that perf_event_paranoid 2 allows. */
static void add_faults(int32_t group)
{
	add(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, group)
		->exclude_kernel = 1;
}

/* Opens what was added; skips the test where this user may not. */
static void open_all(void)
{
	unsigned int opened = perf_open(&request, figures);

	if (opened == request.counters_count)
		return;
	for (unsigned int i = 0; i < request.counters_count; i++)
		if (figures[i].error)
			print_message("# counter %u: %s\n", i,
				      strerror(figures[i].error));
	skip();
}

static void touched_pages_are_counted_and_pauses_are_not(void **state)
{
	(void)state;
	add_faults(-1);
	open_all();
	perf_start();
	perf_stop();
	perf_read(figures);
	forget();
	perf_start();
	perf_stop();
	touch();
	perf_read(figures);
	assert_int_equal(figures[0].value, 0);
	for (uint64_t times = 1; times <= 3; times++) {
		forget();
		perf_start();
		touch();
		perf_stop();
		forget();
		perf_read(figures);
		assert_int_equal(figures[0].error, 0);
		assert_int_equal(figures[0].value, times * PAGES);
	}
	assert_true(figures[0].enabled_ns > 0);
	assert_int_equal(figures[0].enabled_ns, figures[0].running_ns);
}

static void a_group_starts_and_stops_with_its_leader(void **state)
{
	(void)state;
	add_faults(4);
	add(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK, 4)->exclude_kernel =
		1;
	add_faults(4);
	add_faults(-1);
	add_faults(-1);
	open_all();
	assert_int_equal(planted.leaders[0], -1);
	assert_true(planted.leaders[1] >= 0);
	assert_int_equal(planted.leaders[2], planted.leaders[1]);
	assert_int_equal(planted.leaders[3], -1);
	assert_int_equal(planted.leaders[4], -1);
	forget();
	perf_start();
	touch();
	perf_stop();
	forget();
	perf_read(figures);
	assert_int_equal(figures[0].value, PAGES);
	assert_int_equal(figures[2].value, PAGES);
	assert_int_equal(figures[3].value, PAGES);
	assert_int_equal(figures[4].value, PAGES);
	assert_true(figures[1].value > 0);
	assert_int_equal(figures[0].enabled_ns, figures[2].enabled_ns);
}

static void faults_of_user_and_kernel_are_counted_apart(void **state)
{
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(zero >= 0);
	add(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, 0)->exclude_kernel =
		1;
	add(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, 0)->exclude_user = 1;
	open_all();
	forget();
	perf_start();
	touch();
	perf_stop();
	perf_read(figures);
	assert_int_equal(figures[0].value, PAGES);
	assert_int_equal(figures[1].value, 0);
	forget();
	perf_start();
	assert_int_equal(read(zero, pages, PAGES * page_size),
			 PAGES * page_size);
	perf_stop();
	perf_read(figures);
	/* A sanitizer's shadow takes faults of its own. */
	assert_in_range(figures[0].value, PAGES,
			SANITIZED ? 64 * PAGES : PAGES + PAGES / 2);
	assert_int_equal(figures[1].value, PAGES);
	close(zero);
}

/* A thread that touches the pages each time that it is told to. */
static sem_t told;
static sem_t done;

static void *toucher(void *times)
{
	for (unsigned int i = 0; i < *(unsigned int *)times; i++) {
		sem_wait(&told);
		touch();
		sem_post(&done);
	}
	return NULL;
}

static void tell(void)
{
	sem_post(&told);
	sem_wait(&done);
}

static void
threads_made_after_opening_are_counted_alive_and_joined(void **state)
{
	unsigned int times = 3;
	pthread_t thread;

	(void)state;
	sem_init(&told, 0, 0);
	sem_init(&done, 0, 0);
	add_faults(0);
	add_faults(0);
	open_all();
	assert_int_equal(pthread_create(&thread, NULL, toucher, &times), 0);
	tell(); /* stopped, and the thread's stack is warm */
	perf_read(figures);
	assert_int_equal(figures[0].value, 0);
	forget();
	perf_start();
	tell();
	perf_stop();
	perf_read(figures);
	/* A sanitizer's shadow takes faults of its own. */
	assert_in_range(figures[0].value, PAGES,
			SANITIZED ? 64 * PAGES : PAGES + PAGES / 2);
	forget();
	perf_start();
	tell();
	perf_stop();
	pthread_join(thread, NULL);
	perf_read(figures);
	assert_in_range(figures[0].value, 2 * PAGES, 2 * PAGES + PAGES / 2);
	assert_int_equal(figures[0].value, figures[1].value);
	sem_destroy(&told);
	sem_destroy(&done);
}

static void one_that_fails_has_its_errno_and_the_others_go_on(void **state)
{
	(void)state;
	add_faults(7);
	add_faults(7);
	add_faults(7);
	/* The second leads where the first did not open. */
	planted.open_error = -ENOENT;
	planted.open_error_at = 1;
	if (perf_open(&request, figures) != 2)
		skip();
	assert_int_equal(figures[0].error, ENOENT);
	assert_int_equal(planted.leaders[1], -1);
	assert_true(planted.leaders[2] >= 0);
	forget();
	perf_start();
	touch();
	perf_stop();
	perf_read(figures);
	assert_int_equal(figures[0].error, ENOENT);
	assert_int_equal(figures[0].value, 0);
	assert_int_equal(figures[1].value, PAGES);
	assert_int_equal(figures[2].value, PAGES);
}

static void every_error_of_the_kernel_is_kept(void **state)
{
	const int errors[] = {ENOENT, EACCES, EPERM, ENOSYS, EMFILE, EINVAL};

	(void)state;
	add_faults(-1);
	add_faults(0);
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		memset(&planted, 0, sizeof(planted));
		planted.open_error = -errors[i];
		assert_int_equal(perf_open(&request, figures), 0);
		perf_start();
		perf_stop();
		perf_read(figures);
		assert_int_equal(figures[0].error, errors[i]);
		assert_int_equal(figures[1].error, errors[i]);
		perf_close();
	}
}

static void running_below_enabled_is_kept_as_read(void **state)
{
	(void)state;
	add_faults(0);
	open_all();
	planted.value = (struct perf_event_value){1234, 1000, 250};
	perf_read(figures);
	assert_int_equal(figures[0].value, 1234);
	assert_int_equal(figures[0].enabled_ns, 1000);
	assert_int_equal(figures[0].running_ns, 250);
	planted.read_error = -ENODATA;
	perf_read(figures);
	assert_int_equal(figures[0].error, ENODATA);
	assert_int_equal(figures[0].value, 0);
	assert_int_equal(figures[0].running_ns, 0);
}

static void
nothing_open_is_free_and_closing_returns_the_descriptors(void **state)
{
	int before = dup(STDERR_FILENO);
	int after;

	(void)state;
	close(before);
	assert_int_equal(perf_open(&request, figures), 0);
	perf_start();
	perf_stop();
	memset(figures, 0x55, sizeof(figures));
	perf_read(figures);
	assert_int_equal(figures[0].error, 0x55555555);
	perf_close();
	for (unsigned int i = 0; i < COUNTERS_MAX; i++)
		add_faults(i % 2 ? -1 : 3);
	open_all();
	perf_close();
	perf_close();
	perf_start();
	after = dup(STDERR_FILENO);
	close(after);
	assert_int_equal(after, before);
}

static void a_tracepoint_counts_exactly_the_calls_that_were_made(void **state)
{
	struct tracefs tracefs;
	void *moved = pages;
	uint64_t id = 0;

	(void)state;
	if (tracefs_open(&tracefs, NULL) != 0 ||
	    tracefs_id(&tracefs, "syscalls:sys_enter_mremap", &id) != 0) {
		print_message("# no tracefs, or without system calls: %s\n",
			      strerror(-tracefs.error));
		skip();
	}
	add(PERF_TYPE_TRACEPOINT, id, 0);
	add_faults(0);
	open_all();
	perf_start();
	for (unsigned int i = 0; i < 17; i++)
		moved = mremap(moved, PAGES * page_size, PAGES * page_size, 0);
	perf_stop();
	moved = mremap(moved, PAGES * page_size, PAGES * page_size, 0);
	assert_ptr_equal(moved, pages);
	perf_read(figures);
	assert_int_equal(figures[0].value, 17);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(touched_pages_are_counted_and_pauses_are_not),
		test(a_group_starts_and_stops_with_its_leader),
		test(faults_of_user_and_kernel_are_counted_apart),
		test(threads_made_after_opening_are_counted_alive_and_joined),
		test(one_that_fails_has_its_errno_and_the_others_go_on),
		test(every_error_of_the_kernel_is_kept),
		test(running_below_enabled_is_kept_as_read),
		test(nothing_open_is_free_and_closing_returns_the_descriptors),
		test(a_tracepoint_counts_exactly_the_calls_that_were_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
