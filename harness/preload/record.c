/* record - writes down what the program asks of malloc(3), as a trace. */
#include "preload/record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <regrow/trace.h>

#include "preload/complain.h"
#include "preload/config.h"
#include "preload/numbers.h"
#include "preload/own.h"
#include "preload/slots.h"
#include "preload/trace_file.h"

#define NS_PER_S ((uint64_t)1000000000)
#define ALIGNMENT_ANY 16

/* An event later than that after the last frame ends one: a kill costs that. */
#define FRAME_NS_MAX NS_PER_S

bool record_on;

/* A thread's number, of the trace that it was given for. */
struct record_thread {
	unsigned int trace;
	uint32_t number;
};

static __thread struct record_thread record_thread;
static __thread bool record_inside; /* this thread has the lock */

static struct {
	pthread_mutex_t lock; /* of all that follows */
	struct record_options options;
	char name[PATH_MAX]; /* of the file */
	pid_t pid; /* that has the file; 0: none has it yet */
	unsigned int trace; /* from 1: a forked child's is another */
	uint32_t threads; /* numbers given */
	uint64_t last_ns; /* CLOCK_MONOTONIC, of the last event */
	uint64_t frame_ns; /* of the last frame */
	struct trace_encoder encoder;
	unsigned char *bytes; /* of the next frame: TRACE_FRAME_BYTES */
	size_t used;
} record = {.lock = PTHREAD_MUTEX_INITIALIZER};

static uint64_t record_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/*
 * Not where this thread is inside. It must not be cancelled there: open(2) and
 * the like are where it might be, and malloc(3) is not. What leave() wants.
 */
static int record_enter(void)
{
	int cancelling;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
	pthread_mutex_lock(&record.lock);
	record_inside = true;
	return cancelling;
}

static void record_leave(int cancelling)
{
	record_inside = false;
	pthread_mutex_unlock(&record.lock);
	pthread_setcancelstate(cancelling, NULL);
}

static void record_stop(void)
{
	__atomic_store_n(&record_on, false, __ATOMIC_RELAXED);
	trace_file_close();
}

static void record_fail(int error)
{
	const char *why = strerrordesc_np(-error);

	if (error == -EBUSY)
		why = "another process is writing its trace there (%p in the "
		      "name is the process)";
	else if (error == -EBADF)
		why = "the program closed it, and it is not there any more";
	else if (error == -EOVERFLOW)
		why = "a trace has no numbers for more blocks or threads";
	record_stop();
	complain("REGROW_TRACE: %s: %s; nothing more is recorded", record.name,
		 why ? why : "an unknown error");
}

static int record_flush(uint64_t now)
{
	int error = 0;

	/* A child of clone(2), which no handler of ours has seen. */
	if (getpid() != record.pid)
		record_stop();
	else
		error = trace_file_append(record.bytes, record.used);
	record.used = 0;
	record.frame_ns = now;
	return error;
}

/* As the kernel has it: argv may have been changed since. */
static size_t record_command(char command[TRACE_TEXT_MAX])
{
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? 0 : read(fd, command, TRACE_TEXT_MAX);
	ssize_t i;

	if (fd >= 0)
		close(fd);
	while (size > 0 && command[size - 1] == '\0')
		size--;
	for (i = 0; i < size; i++)
		if (command[i] == '\0')
			command[i] = ' ';
	return size > 0 ? (size_t)size : 0;
}

/* The file, with the head in it: it is a trace from then on. 0 or -errno. */
static int record_begin(void)
{
	const struct record_options *options = &record.options;
	char command[TRACE_TEXT_MAX];
	struct trace_head head = {
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.start_ns = record_clock(CLOCK_REALTIME),
		.from = options->from,
		.floor = options->floor,
		.regrow = {options->version, strlen(options->version)},
		.allocator = {options->allocator, strlen(options->allocator)},
		.command = {command, record_command(command)},
	};
	int error;

	record.pid = getpid();
	error = config_file_name(options->pattern, record.pid, record.name,
				 sizeof(record.name));
	if (!error)
		error = trace_file_open(record.name);
	if (error)
		return error;
	record.trace++;
	record.threads = 0;
	record.encoder = (struct trace_encoder){0};
	record.last_ns = record_clock(CLOCK_MONOTONIC);
	record.used = trace_put_head(record.bytes, &head);
	return record_flush(record.last_ns);
}

/* 0, or -EOVERFLOW: no trace has so many. */
static int record_number_thread(void)
{
	if (record_thread.trace == record.trace)
		return 0;
	if (record.threads == TRACE_THREADS_MAX)
		return -EOVERFLOW;
	record_thread.trace = record.trace;
	record_thread.number = record.threads++;
	return 0;
}

/* The lock is held. */
static void record_put(struct trace_event event)
{
	uint64_t now;
	int error = record.pid ? 0 : record_begin();

	if (!error)
		error = record_number_thread();
	if (!error) {
		now = record_clock(CLOCK_MONOTONIC);
		event.thread = record_thread.number;
		event.ns = now - record.last_ns;
		record.last_ns = now;
		record.used += trace_put_event(
			&record.encoder, record.bytes + record.used, &event);
		/* Room for another, or the end. */
		if (record.used + TRACE_EVENT_BYTES_MAX > TRACE_FRAME_BYTES ||
		    now - record.frame_ns >= FRAME_NS_MAX)
			error = record_flush(now);
	}
	if (error)
		record_fail(error);
}

/* The lock is held. */
static void record_put_alloc(const void *block, size_t size, size_t alignment)
{
	struct trace_event event = {.kind = TRACE_ALLOC, .size = size};
	int error = numbers_give(block, &event.block);

	if (error) {
		record_fail(error);
		return;
	}
	if (alignment > ALIGNMENT_ANY) {
		event.kind = TRACE_ALLOC_ALIGNED;
		event.alignment = alignment;
	}
	record_put(event);
}

/* Is it the program that asks? */
static bool record_is_asked(void)
{
	return !record_inside && !slots_inside();
}

void record_alloc(const void *block, size_t size, size_t alignment)
{
	int error_before = errno, cancelling;

	if (!block || size < record.options.floor || !record_is_asked())
		return;
	cancelling = record_enter();
	if (record_is_on())
		record_put_alloc(block, size, alignment);
	record_leave(cancelling);
	errno = error_before;
}

void record_free(const void *block)
{
	struct trace_event event = {.kind = TRACE_FREE};
	int error_before = errno, cancelling;

	if (!record_is_asked() || !numbers_has(block))
		return;
	cancelling = record_enter();
	if (record_is_on() && numbers_retire(block, &event.block))
		record_put(event);
	record_leave(cancelling);
	errno = error_before;
}

/* A block that has a number, lifted, was resized, or not. The lock is held. */
static void record_put_resize(void *block, void *resized, size_t size,
			      uint32_t number)
{
	struct trace_event event = {.block = number, .size = size};

	if (!resized && size > 0) {
		numbers_set(block, number); /* it failed: all is as it was */
		return;
	}
	if (resized && size >= record.options.floor) {
		numbers_set(resized, number);
		event.kind = TRACE_RESIZE;
	} else {
		numbers_drop(number);
		event.kind = TRACE_FREE;
	}
	record_put(event);
}

void *record_resize(void *block, size_t size,
		    void *(*resize)(void *block, size_t size))
{
	bool above = size >= record.options.floor;
	int error_before, cancelling;
	uint32_t number;
	void *resized;

	if (!record_is_asked() || (!above && !numbers_has(block)))
		return resize(block, size);
	cancelling = record_enter();
	if (!record_is_on()) {
		/* It ended as we waited: the others need not wait for this. */
		record_leave(cancelling);
		return resize(block, size);
	}
	if (numbers_lift(block, &number)) {
		resized = resize(block, size);
		error_before = errno;
		record_put_resize(block, resized, size, number);
	} else {
		resized = resize(block, size);
		error_before = errno;
		if (resized && above)
			record_put_alloc(resized, size, 0);
	}
	record_leave(cancelling);
	errno = error_before;
	return resized;
}

void record_start(const struct record_options *options)
{
	int error, cancelling;

	record.options = *options;
	cancelling = record_enter();
	__atomic_store_n(&record_on, true, __ATOMIC_RELAXED);
	record.bytes = own_take(TRACE_FRAME_BYTES);
	error = record.bytes ? trace_file_setup() : -ENOMEM;
	if (!error)
		error = record_begin();
	if (error)
		record_fail(error);
	record_leave(cancelling);
}

void record_end(void)
{
	uint64_t now = record_clock(CLOCK_MONOTONIC);
	int error, cancelling;

	if (!record_is_on() || record_inside)
		return;
	cancelling = record_enter();
	if (record_is_on() && record.pid) {
		record.used += trace_put_end(&record.encoder,
					     record.bytes + record.used,
					     now - record.last_ns);
		error = record_flush(now);
		if (error)
			record_fail(error);
	}
	record_stop();
	record_leave(cancelling);
}

/* A handler that forks amid a recorded call has the lock already. */
static bool record_locked;

void record_lock(void)
{
	if (record_inside)
		return;
	pthread_mutex_lock(&record.lock);
	numbers_lock();
	record_locked = true;
}

void record_unlock(void)
{
	if (!record_locked)
		return;
	record_locked = false;
	numbers_unlock();
	pthread_mutex_unlock(&record.lock);
}

static bool record_is_per_process(void)
{
	char one[PATH_MAX], other[PATH_MAX];

	return config_file_name(record.options.pattern, 1, one, sizeof(one)) ==
		       0 &&
	       config_file_name(record.options.pattern, 2, other,
				sizeof(other)) == 0 &&
	       strcmp(one, other) != 0;
}

void record_renew(void)
{
	if (!record_is_on())
		return;
	trace_file_forget();
	/* Amid a call, its number is in use. */
	if (record_inside || !record_is_per_process()) {
		__atomic_store_n(&record_on, false, __ATOMIC_RELAXED);
		return;
	}
	numbers_clear();
	record.pid = 0;
	record.used = 0;
}
