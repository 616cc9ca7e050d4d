/*
 * command_guest - `regrow guest`: the first program of a machine of the lab.
 *
 * The machine has this binary and nothing else: the kernel starts it as init
 * from an initramfs that holds beside it /command, the arguments of a regrow
 * command, one on each line. It mounts what the command reads, runs it with its
 * results going out through a serial port as they come, and powers off. Where a
 * second port is named the kernel's symbols go out through that one, before.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "driver/cli.h"

#define COMMAND_FILE "/command"
#define CONSOLE "/dev/console"
#define ARGUMENTS_MAX 256
#define COMMAND_BYTES_MAX 65536
/* In which a kernel that has just started does its last own work. */
#define QUIET_S 10

static const struct {
	const char *type;
	const char *where;
	bool needed;
} mounts[] = {
	{"proc", "/proc", true},
	{"sysfs", "/sys", true},
	{"devtmpfs", "/dev", true},
	{"tmpfs", "/tmp", true},
	{"tracefs", "/sys/kernel/tracing", false},
};

static void mount_all(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0,
			  NULL) != 0 &&
		    errno != EBUSY && mounts[i].needed)
			fprintf(stderr, "regrow guest: no %s on %s: %s\n",
				mounts[i].type, mounts[i].where,
				strerror(errno));
	}
}

/* An initramfs without /dev/console gives init no descriptors at all. */
static void console_open(void)
{
	int fd = open(CONSOLE, O_RDWR | O_NOCTTY);

	for (int i = 0; fd >= 0 && i <= STDERR_FILENO; i++)
		if (fd != i)
			dup2(fd, i);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* The port passes bytes as they are. 0 or -errno. */
static int port_prepare(const char *port)
{
	struct termios settings;
	int error = 0;
	int fd = open(port, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (tcgetattr(fd, &settings) == 0) {
		cfmakeraw(&settings);
		settings.c_cflag |= CLOCAL;
		cfsetspeed(&settings, B115200);
		if (tcsetattr(fd, TCSANOW, &settings) != 0)
			error = -errno;
	}
	close(fd);
	return error;
}

/* text is cut into lines. Their number; -errno. */
static int command_read(char *text, size_t size, char **arguments, int limit)
{
	int fd = open(COMMAND_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, text, size - 1) : -1;
	int error = got < 0 ? -errno : 0;
	int count = 0;
	char *rest;

	if (fd >= 0)
		close(fd);
	if (error)
		return error;
	text[got] = '\0';
	for (char *line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (count == limit)
			return -E2BIG;
		arguments[count++] = line;
	}
	return count;
}

/* /proc/kallsyms, whole. 0 or -errno. */
static int symbols_send(const char *port)
{
	char bytes[4096];
	int from, to, error = port_prepare(port);
	ssize_t got = 0;

	if (error)
		return error;
	from = open("/proc/kallsyms", O_RDONLY | O_CLOEXEC);
	to = open(port, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (from < 0 || to < 0)
		error = -errno;
	while (!error && (got = read(from, bytes, sizeof(bytes))) > 0)
		if (write(to, bytes, (size_t)got) != got)
			error = -EIO;
	if (to >= 0)
		tcdrain(to);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return error ? error : got < 0 ? -EIO : 0;
}

/* Runs this binary with the arguments; its status as waitpid() has it. */
static int command_execute(char **arguments)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		execv("/proc/self/exe", arguments);
		_exit(STATUS_NOTHING_MEASURED);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return child > 0 ? status : -1;
}

static int command_run_there(const char *port)
{
	static char text[COMMAND_BYTES_MAX];
	static char *arguments[ARGUMENTS_MAX + 4];
	static char program[] = "regrow", results[] = "--results";
	static char port_name[64];
	int count =
		command_read(text, sizeof(text), arguments + 1, ARGUMENTS_MAX);
	int error = port_prepare(port);
	int status;

	if (count < 0 || error) {
		fprintf(stderr, "regrow guest: %s: %s\n",
			count < 0 ? COMMAND_FILE : port,
			strerror(count < 0 ? -count : -error));
		return STATUS_FILE;
	}
	snprintf(port_name, sizeof(port_name), "%s", port);
	arguments[0] = program;
	arguments[++count] = results;
	arguments[++count] = port_name;
	nanosleep(&(struct timespec){.tv_sec = QUIET_S}, NULL);
	status = command_execute(arguments);
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : STATUS_NOTHING_MEASURED;
}

static int guest_run(int argc, char **argv)
{
	int status, error = 0;

	if (argc < 2 || argc > 3 || argv[1][0] == '-' || getpid() != 1)
		return cli_fail(
			STATUS_USAGE,
			"guest is what a kernel of the lab starts (make "
			"kernels): init of a machine of its own, with the port "
			"that its results go to");
	mount_all();
	console_open();
	if (argc == 3)
		error = symbols_send(argv[2]);
	if (error)
		fprintf(stderr, "regrow guest: the kernel's symbols: %s\n",
			strerror(-error));
	status = command_run_there(argv[1]);
	printf("regrow guest: ended with status %d\n", status);
	fflush(stdout);
	tcdrain(STDOUT_FILENO);
	sync();
	reboot(RB_POWER_OFF);
	return status;
}

const struct command command_guest = {
	.name = "guest",
	.hidden = true,
	.run = guest_run,
};
