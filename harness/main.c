/*
 * main - the driver, or one sample's process: the same binary.
 *
 * The driver and the libraries that it needs (hwloc, libpfm4, jansson) are a
 * shared object beside the binary, loaded only where they are wanted: a sample
 * starts without them. A static binary has the driver linked in.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/cli.h"
#include "sample/protocol.h"

/* There only where the driver is linked in. */
#pragma weak driver_main

/* The driver's entry from a folder given relative to the binary's, or NULL. */
static void *driver_load(const char *folder)
{
	char path[4096 + 64];
	char *slash;
	ssize_t length = readlink("/proc/self/exe", path, 4096 - 1);
	void *driver;

	if (length < 0)
		return NULL;
	path[length] = '\0';
	slash = strrchr(path, '/');
	snprintf(slash + 1, sizeof(path) - (size_t)(slash + 1 - path),
		 "%sregrow-driver.so", folder);
	if (access(path, R_OK) != 0)
		return NULL;
	driver = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
	if (!driver)
		fprintf(stderr,
			"regrow: cannot load the driver: %s (make deps "
			"installs what it needs)\n",
			dlerror());
	return driver ? dlsym(driver, "driver_main") : NULL;
}

int main(int argc, char **argv)
{
	int (*driver)(int argc, char **argv) = driver_main;

	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	if (!driver)
		driver = (int (*)(int, char **))driver_load("");
	if (!driver)
		driver = (int (*)(int, char **))driver_load("../lib/regrow/");
	if (!driver) {
		fprintf(stderr, "regrow: no regrow-driver.so beside the binary "
				"or in ../lib/regrow\n");
		return STATUS_NOTHING_MEASURED;
	}
	return driver(argc, argv);
}
