/* surroundings - what the kernel says of whatever else goes on. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/interrupts.h"
#include "sample/surroundings.h"

#define PATH_SIZE 512
/* On the stack of each thread; what is asked for stands in the first lines. */
#define TEXT_SIZE 1024

static const char *const pressure_paths[PRESSURE_COUNT] = {
	[PRESSURE_CPU] = "/proc/pressure/cpu",
	[PRESSURE_MEMORY] = "/proc/pressure/memory",
	[PRESSURE_IO] = "/proc/pressure/io",
};

static struct {
	int pressure[PRESSURE_COUNT];
	int frequency;
	int interrupts;
} files = {.pressure = {-1, -1, -1}, .frequency = -1, .interrupts = -1};

static int open_under(const char *root, const char *path)
{
	char full[PATH_SIZE];
	int size = snprintf(full, sizeof(full), "%s%s", root, path);

	if (size < 0 || (size_t)size >= sizeof(full))
		return -1;
	return open(full, O_RDONLY | O_CLOEXEC);
}

void surroundings_open(const char *root, int cpu)
{
	char path[96];

	for (int i = 0; i < PRESSURE_COUNT; i++)
		files.pressure[i] = open_under(root, pressure_paths[i]);
	files.interrupts = open_under(root, "/proc/interrupts");
	if (cpu < 0)
		return;
	snprintf(path, sizeof(path),
		 "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_cur_freq", cpu);
	files.frequency = open_under(root, path);
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void surroundings_close(void)
{
	for (int i = 0; i < PRESSURE_COUNT; i++)
		close_one(&files.pressure[i]);
	close_one(&files.frequency);
	close_one(&files.interrupts);
}

/* The beginning of a file, "" where it cannot be read. */
static void text_read(int fd, char text[TEXT_SIZE])
{
	ssize_t got = -1;

	if (fd >= 0)
		do
			got = pread(fd, text, TEXT_SIZE - 1, 0);
		while (got < 0 && errno == EINTR);
	text[got > 0 ? got : 0] = '\0';
}

/* A number from 0 at the start of text, blanks left out; -1. */
static int64_t number_of(const char *text)
{
	char *end;
	long long value;

	text += strspn(text, " \t");
	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	value = strtoll(text, &end, 10);
	return errno == 0 && strchr(" \t\n", *end) != NULL ? value : -1;
}

int64_t pressure_parse_ns(const char *text)
{
	const char *total;
	int64_t us;

	if (strncmp(text, "some ", 5) != 0)
		return -1;
	total = strstr(text, " total=");
	if (!total || total > text + strcspn(text, "\n"))
		return -1;
	us = number_of(total + strlen(" total="));
	return us < 0 || us > INT64_MAX / 1000 ? -1 : us * 1000;
}

int64_t schedule_parse_count(const char *text, const char *key)
{
	const char *line = strstr(text, key);

	while (line && line > text && line[-1] != '\n')
		line = strstr(line + 1, key);
	if (!line)
		return -1;
	line += strlen(key);
	line += strspn(line, " \t");
	return *line == ':' ? number_of(line + 1) : -1;
}

int64_t schedule_parse_waited_ns(const char *text)
{
	if (number_of(text) < 0)
		return -1;
	return number_of(text + strcspn(text, " \t\n"));
}

/* What came about between two readings; -1 where it cannot be told. */
static int64_t between(int64_t before, int64_t after)
{
	return before < 0 || after < before ? -1 : after - before;
}

void surroundings_begin(struct surroundings *surroundings)
{
	char text[TEXT_SIZE];

	for (int i = 0; i < PRESSURE_COUNT; i++) {
		text_read(files.pressure[i], text);
		surroundings->pressure_ns[i] = pressure_parse_ns(text);
	}
	text_read(files.frequency, text);
	surroundings->khz = number_of(text);
	surroundings->shootdowns =
		interrupts_read(files.interrupts, INTERRUPTS_SHOOTDOWNS);
}

void surroundings_end(const struct surroundings *begin,
		      struct disturbance *disturbance)
{
	struct surroundings now;

	surroundings_begin(&now);
	for (int i = 0; i < PRESSURE_COUNT; i++)
		disturbance->pressure_ns[i] =
			between(begin->pressure_ns[i], now.pressure_ns[i]);
	disturbance->khz_before = begin->khz;
	disturbance->khz_after = now.khz;
	disturbance->shootdowns = between(begin->shootdowns, now.shootdowns);
}

void schedule_begin(struct schedule *schedule)
{
	char text[TEXT_SIZE];
	int fd = open("/proc/thread-self/sched", O_RDONLY | O_CLOEXEC);

	text_read(fd, text);
	schedule->migrations = schedule_parse_count(text, "se.nr_migrations");
	close_one(&fd);
	fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	text_read(fd, text);
	schedule->waited_ns = schedule_parse_waited_ns(text);
	close_one(&fd);
}

void schedule_end(struct schedule *schedule)
{
	struct schedule now;

	schedule_begin(&now);
	schedule->migrations = between(schedule->migrations, now.migrations);
	schedule->waited_ns = between(schedule->waited_ns, now.waited_ns);
}
