/*
 * start - the library comes to life before the program does, and reports when
 * it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/version.h"
#include "preload/complain.h"
#include "preload/config.h"
#include "preload/next.h"
#include "preload/record.h"
#include "preload/report.h"
#include "preload/route.h"
#include "preload/serve.h"
#include "preload/slots.h"

#ifndef REGROW_PRELOAD_ALLOCATOR
#error "the Makefile says which allocator is the standard one"
#endif

/* The registry wants a section of these, be it empty. */
__asm__(".section workloads,\"aw\"\n.previous");

static struct {
	struct config config;
	pid_t pid; /* that the library was started in */
	/* Standard error as it was: its number may be another file's later. */
	struct stat stderr_stat;
} start;

static const char *start_variable(const char *name)
{
	return secure_getenv(name);
}

/* A program that is not what was asked for is not to run at all. */
static _Noreturn void start_refuse(const char *why)
{
	complain("%s", why);
	_exit(2);
}

/* -1, and errno: it cannot be opened. */
static int start_open_report(void)
{
	char name[PATH_MAX];

	if (config_file_name(start.config.stats, getpid(), name,
			     sizeof(name))) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY,
		    0666);
}

/* Now, while the one who asked is there to read why not. */
static void start_try_report(void)
{
	char why[PATH_MAX + 128];
	int fd;

	if (strcmp(start.config.stats, "-") == 0) {
		if (fstat(STDERR_FILENO, &start.stderr_stat))
			*start.config.stats = '\0';
		return;
	}
	fd = start_open_report();
	if (fd < 0) {
		snprintf(why, sizeof(why), "REGROW_STATS: cannot open %s: %s",
			 start.config.stats, strerror(errno));
		start_refuse(why);
	}
	close(fd);
}

/* A recorded call has the record's lock, and then those of what serves it. */
static void start_fork_prepare(void)
{
	record_lock();
	serve_lock();
}

static void start_fork_parent(void)
{
	serve_unlock();
	record_unlock();
}

static void start_fork_child(void)
{
	serve_renew();
	serve_unlock();
	record_renew();
	record_unlock();
}

static void start_serving(void)
{
	char why[256];

	if (slots_setup(&start.config.spec, why, sizeof(why)))
		start_refuse(why);
}

static void start_recording(void)
{
	const struct config *config = &start.config;
	struct record_options options = {
		.pattern = config->trace,
		.floor = config->trace_from,
		.from = config->from,
		.version = version_text(),
		.allocator = config->serves ? config->spec.canonical : "",
	};

	if (options.from < options.floor)
		options.from = options.floor;
	record_start(&options);
}

/* From here on the program's calls are what they are to be. */
static void start_route(void)
{
	const struct config *config = &start.config;
	bool records = record_is_on();

	if ((config->serves || records) &&
	    pthread_atfork(start_fork_prepare, start_fork_parent,
			   start_fork_child))
		start_refuse("no memory to be told of fork");
	route_start(config->serves ? config->from : SIZE_MAX,
		    records ? config->trace_from : SIZE_MAX);
}

__attribute__((constructor)) static void start_library(void)
{
	int error_before = errno;
	char why[2048];

	next_ready();
	/* A set-user-ID program takes no orders from the environment. */
	if (getauxval(AT_SECURE)) {
		route_start(SIZE_MAX, SIZE_MAX);
		return;
	}
	if (config_read(&start.config, start_variable, REGROW_PRELOAD_ALLOCATOR,
			why, sizeof(why)))
		start_refuse(why);
	start.pid = getpid();
	if (*start.config.stats)
		start_try_report();
	if (start.config.serves)
		start_serving();
	if (*start.config.trace)
		start_recording();
	start_route();
	errno = error_before;
}

static void start_fill(struct report *report)
{
	memset(report, 0, sizeof(*report));
	report->pid = getpid();
	report->forked = report->pid != start.pid;
	report->program = program_invocation_short_name;
	if (start.config.serves)
		report->allocator = start.config.spec.canonical;
	report->from = start.config.from;
	serve_lock();
	serve_sum(&report->tally, &report->served, &report->live);
	serve_unlock();
}

/* Is standard error still what it was? */
static bool start_stderr_is_there(void)
{
	struct stat now;

	return fstat(STDERR_FILENO, &now) == 0 &&
	       now.st_dev == start.stderr_stat.st_dev &&
	       now.st_ino == start.stderr_stat.st_ino;
}

/* In one write, so that the lines of several processes do not mix. */
static void start_report(void)
{
	bool to_stderr = strcmp(start.config.stats, "-") == 0;
	char line[REPORT_SIZE];
	struct report report;
	size_t size;
	int fd;

	if (!*start.config.stats || (to_stderr && !start_stderr_is_there()))
		return;
	start_fill(&report);
	size = report_write(&report, line);
	fd = to_stderr ? STDERR_FILENO : start_open_report();
	if (fd < 0 || write(fd, line, size) != (ssize_t)size)
		complain("REGROW_STATS: cannot write to %s: %s",
			 start.config.stats, strerror(errno));
	if (fd >= 0 && !to_stderr)
		close(fd);
}

__attribute__((destructor)) static void start_end(void)
{
	int error_before = errno;

	record_end();
	start_report();
	errno = error_before;
}
