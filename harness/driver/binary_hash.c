/* binary_hash - which program measured. */
#include "driver/binary_hash.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/spec.h"
#include "driver/trial.h"

#define FNV_PRIME 0x100000001b3u
#define FILES_MAX 64 /* each has a place in the registry, or is the program */

/* Files that are in the hash, each once. */
struct hashed {
	uint64_t hash;
	unsigned int count;
	struct {
		dev_t device;
		ino_t number;
	} files[FILES_MAX];
	char *why;
	size_t why_size;
};

uint64_t binary_hash_bytes(uint64_t hash, const unsigned char *bytes,
			   size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * FNV_PRIME;
	return hash;
}

int binary_hash_add(const char *path, uint64_t *hash)
{
	static unsigned char bytes[1 << 16];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	uint64_t size = 0;
	ssize_t got;
	int error;

	if (fd < 0)
		return -errno;
	while ((got = read(fd, bytes, sizeof(bytes))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		*hash = binary_hash_bytes(*hash, bytes, (size_t)got);
		size += (uint64_t)got;
	}
	error = got < 0 ? -errno : 0;
	close(fd);
	/* Where one file ends and the next begins is in the hash as well. */
	for (unsigned int i = 0; i < sizeof(size); i++)
		bytes[i] = (unsigned char)(size >> (8 * i));
	*hash = binary_hash_bytes(*hash, bytes, sizeof(size));
	return error;
}

static bool is_hashed(struct hashed *hashed, const struct stat *status)
{
	for (unsigned int i = 0; i < hashed->count; i++)
		if (hashed->files[i].device == status->st_dev &&
		    hashed->files[i].number == status->st_ino)
			return true;
	return false;
}

static int add_file(struct hashed *hashed, const char *path)
{
	struct stat status;
	int error = stat(path, &status) == 0 ? 0 : -errno;

	if (!error && is_hashed(hashed, &status))
		return 0;
	if (!error && hashed->count == FILES_MAX)
		error = -E2BIG;
	if (!error) {
		hashed->files[hashed->count].device = status.st_dev;
		hashed->files[hashed->count++].number = status.st_ino;
		error = binary_hash_add(path, &hashed->hash);
	}
	if (error)
		snprintf(hashed->why, hashed->why_size,
			 "cannot read the program '%s': %s", path,
			 strerror(-error));
	return error;
}

/* A plug-in's name is its path. */
static int add_plugin(struct hashed *hashed, const char *spelling)
{
	char path[SPEC_TEXT_MAX];

	snprintf(path, sizeof(path), "%.*s", (int)strcspn(spelling, ":"),
		 spelling);
	return strchr(path, '/') ? add_file(hashed, path) : 0;
}

/* What a sample loads before all others; what cannot be, is not run. */
static int add_library(struct hashed *hashed, const struct allocator_spec *spec)
{
	struct identity identity;
	char why[192];

	if (trial_run(spec, &identity, why, sizeof(why)) != 0 ||
	    identity.file[0] == '\0')
		return 0;
	return add_file(hashed, identity.file);
}

/* Of an allocator the wrapped ones, too. */
static int add_layers(struct hashed *hashed, const struct cell *cell)
{
	const char *allocator = cell->allocator;
	static struct allocator_spec spec;
	int error = spec_parse_allocator(allocator, &spec, hashed->why,
					 hashed->why_size);

	if (!error)
		error = add_plugin(hashed, allocator);
	for (unsigned int i = 0; !error && i + 1 < spec.depth; i++) {
		const struct allocator *layer = spec.layers[i].allocator;

		for (unsigned int j = 0; !error && layer->options[j].name; j++)
			if (layer->options[j].kind == OPTION_ALLOCATOR)
				error = add_plugin(
					hashed, spec.layers[i].values[j].text);
	}
	if (error || cell->skipped[0])
		return error;
	return add_library(hashed, &spec);
}

int binary_hash(const struct plan *plan, char text[BINARY_HASH_TEXT], char *why,
		size_t why_size)
{
	struct hashed hashed = {
		.hash = BINARY_HASH_START, .why = why, .why_size = why_size};
	Dl_info info;
	int error = add_file(&hashed, "/proc/self/exe");

	/* Linked in, it may go by a name that leads nowhere. */
	if (!error && dladdr((void *)(uintptr_t)binary_hash_add, &info) &&
	    info.dli_fname && access(info.dli_fname, R_OK) == 0)
		error = add_file(&hashed, info.dli_fname);
	for (unsigned int i = 0; !error && i < plan->groups_count; i++)
		error = add_plugin(&hashed, plan->groups[i].workload);
	for (unsigned int i = 0; !error && i < plan->cells_count; i++)
		error = add_layers(&hashed, &plan->cells[i]);
	if (!error)
		snprintf(text, BINARY_HASH_TEXT, "%016" PRIx64, hashed.hash);
	return error;
}
