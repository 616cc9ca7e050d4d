/* inputs - the files that options of workloads name. */
#include "driver/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/suggest.h"
#include "driver/beside.h"
#include "driver/binary_hash.h"
#include "driver/zstd_file.h"

#define PLACE "NAME" /* of a file's name, in choices */

static struct {
	unsigned int count;
	struct {
		const struct option_entry *option;
		char text[SPEC_TEXT_MAX];
		struct input input;
	} list[INPUTS_MAX];
} inputs;

/* Where shipped files are, and what their names end with. */
struct pattern {
	char folder[64];
	const char *suffix;
};

static bool pattern_read(const struct option_entry *option,
			 struct pattern *pattern)
{
	const char *name =
		option->choices ? strstr(option->choices, PLACE) : NULL;

	if (!name)
		return false;
	pattern->suffix = name + strlen(PLACE);
	return snprintf(pattern->folder, sizeof(pattern->folder), "%.*s",
			(int)(name - option->choices),
			option->choices) < (int)sizeof(pattern->folder);
}

/* The folder of an option's shipped files. */
static int shipped_folder(const struct option_entry *option,
			  struct pattern *pattern, char *folder, size_t size)
{
	char workloads[PATH_MAX];

	if (!pattern_read(option, pattern) ||
	    beside_find(INPUTS_VARIABLE, "workloads", pattern->folder,
			workloads, sizeof(workloads)) != 0)
		return -ENXIO;
	return snprintf(folder, size, "%s/%s", workloads, pattern->folder) <
			       (int)size
		       ? 0
		       : -ENAMETOOLONG;
}

unsigned int inputs_shipped(const struct option_entry *option,
			    void (*call)(void *context, const char *name),
			    void *context)
{
	struct pattern pattern;
	struct dirent **entries;
	char folder[PATH_MAX];
	unsigned int found = 0;
	int count;

	if (shipped_folder(option, &pattern, folder, sizeof(folder)) != 0)
		return 0;
	count = scandir(folder, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		char *name = entries[i]->d_name;
		size_t length = strlen(name), end = strlen(pattern.suffix);

		if (length > end &&
		    strcmp(name + length - end, pattern.suffix) == 0) {
			name[length - end] = '\0';
			call(context, name);
			found++;
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return found;
}

/* For a message: those there are, and the nearest. */
struct offer {
	struct suggestion suggestion;
	char best[64];
	char names[192];
	size_t used;
};

static void offer_add(void *context, const char *name)
{
	struct offer *offer = context;
	const char *before = offer->suggestion.best;

	suggest_offer(&offer->suggestion, name);
	/* The name does not stay. */
	if (offer->suggestion.best != before) {
		snprintf(offer->best, sizeof(offer->best), "%s", name);
		offer->suggestion.best = offer->best;
	}
	if (offer->used < sizeof(offer->names))
		offer->used += (size_t)snprintf(
			offer->names + offer->used,
			sizeof(offer->names) - offer->used, "%s%s",
			offer->used > 0 ? ", " : "", name);
}

static int refuse_name(const struct option_entry *option, const char *text,
		       char *why, size_t why_size)
{
	struct offer offer = {.suggestion.wrong = text};

	if (inputs_shipped(option, offer_add, &offer) == 0)
		snprintf(why, why_size,
			 "is not the path of a file, which has a /, and none "
			 "are shipped here");
	else if (offer.suggestion.best)
		snprintf(why, why_size,
			 "is none of those that are shipped: did you mean "
			 "'%s'? (a path has a /)",
			 offer.best);
	else
		snprintf(why, why_size,
			 "is none of those that are shipped (%s); a path has "
			 "a /",
			 offer.names);
	return -ENODATA;
}

/* Where the file of that text is. */
static int input_path(const struct option_entry *option, const char *text,
		      char *path, size_t size, char *why, size_t why_size)
{
	struct pattern pattern;
	char folder[PATH_MAX];

	if (strchr(text, '/')) {
		snprintf(path, size, "%s", text);
		return 0;
	}
	if (shipped_folder(option, &pattern, folder, sizeof(folder)) != 0 ||
	    snprintf(path, size, "%s/%s%s", folder, text, pattern.suffix) >=
		    (int)size ||
	    access(path, F_OK) != 0)
		return refuse_name(option, text, why, why_size);
	return 0;
}

/* Open, and a file: a device might give bytes for ever, a pipe only once. */
static int input_open(const char *path, char *why, size_t why_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0) {
		snprintf(why, why_size, "cannot be opened: %s",
			 strerror(errno));
	} else if (!S_ISREG(status.st_mode)) {
		snprintf(why, why_size, "is not a regular file");
		close(fd);
		fd = -1;
	}
	return fd;
}

static void input_hash(struct input *input)
{
	const unsigned char *bytes = input->contents;
	uint64_t hash = binary_hash_bytes(BINARY_HASH_START, bytes,
					  (size_t)input->bytes);

	snprintf(input->hash, sizeof(input->hash), "%016" PRIx64, hash);
}

/* All of a file that is not compressed. */
static int plain_read(int from, int to, uint64_t *bytes, char *why,
		      size_t why_size)
{
	ssize_t got;

	*bytes = 0;
	do {
		got = sendfile(to, from, NULL, INPUT_BYTES_MAX + 1 - *bytes);
		if (got > 0)
			*bytes += (uint64_t)got;
	} while (got > 0 && *bytes <= INPUT_BYTES_MAX);
	if (got < 0)
		snprintf(why, why_size, "cannot be read: %s", strerror(errno));
	else if (*bytes > INPUT_BYTES_MAX)
		snprintf(why, why_size, "holds more than %" PRIu64 " MiB",
			 INPUT_BYTES_MAX >> 20);
	else if (*bytes == 0)
		snprintf(why, why_size, "is empty");
	else
		return 0;
	return -ENODATA;
}

/* What is shipped is compressed, so an option that has such says so. */
static int contents_read(const struct option_entry *option, int from, int to,
			 uint64_t *bytes, char *why, size_t why_size)
{
	if (!option->choices && !zstd_file_is(from))
		return plain_read(from, to, bytes, why, why_size);
	return zstd_file_read(from, to, INPUT_BYTES_MAX, bytes, why, why_size);
}

/* From an open file to sealed memory that is mapped. */
static int input_take(const struct option_entry *option, int from,
		      struct input *input, char *why, size_t why_size)
{
	const int seals =
		F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
	void *contents;
	int error;

	input->fd =
		memfd_create("regrow-input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (input->fd < 0) {
		snprintf(why, why_size, "cannot be kept in memory: %s",
			 strerror(errno));
		return -errno;
	}
	error = contents_read(option, from, input->fd, &input->bytes, why,
			      why_size);
	if (error)
		goto fail;
	/* Sealed first; before Linux 6.7 a shared mapping is refused then. */
	contents = MAP_FAILED;
	if (fcntl(input->fd, F_ADD_SEALS, seals) == 0)
		contents = mmap(NULL, input->bytes, PROT_READ, MAP_PRIVATE,
				input->fd, 0);
	if (contents == MAP_FAILED) {
		error = -errno;
		snprintf(why, why_size, "cannot be kept in memory: %s",
			 strerror(errno));
		goto fail;
	}
	input->contents = contents;
	input_hash(input);
	return 0;
fail:
	close(input->fd);
	return error;
}

static int input_add(const struct option_entry *option, const char *text,
		     struct input *input, char *why, size_t why_size)
{
	char path[PATH_MAX * 2];
	int error, fd;

	if (inputs.count == INPUTS_MAX) {
		snprintf(why, why_size, "is file number %d: %d are the most",
			 INPUTS_MAX + 1, INPUTS_MAX);
		return -ENODATA;
	}
	error = input_path(option, text, path, sizeof(path), why, why_size);
	if (error)
		return error;
	fd = input_open(path, why, why_size);
	if (fd < 0)
		return -ENODATA;
	error = input_take(option, fd, input, why, why_size);
	close(fd);
	return error ? -ENODATA : 0;
}

int inputs_find(const struct option_entry *option, struct option_value *value,
		char *why, size_t why_size)
{
	unsigned int i;
	int error;

	for (i = 0; i < inputs.count; i++)
		if (inputs.list[i].option == option &&
		    strcmp(inputs.list[i].text, value->text) == 0)
			break;
	if (i == inputs.count) {
		error = input_add(option, value->text, &inputs.list[i].input,
				  why, why_size);
		if (error)
			return error;
		inputs.list[i].option = option;
		snprintf(inputs.list[i].text, sizeof(inputs.list[i].text), "%s",
			 value->text);
		inputs.count++;
	}
	value->contents = inputs.list[i].input.contents;
	value->number = inputs.list[i].input.bytes;
	return 0;
}

const struct input *inputs_of(const struct workload_spec *spec)
{
	const struct option_value *value = spec_find_file(spec);

	for (unsigned int i = 0; value && i < inputs.count; i++)
		if (inputs.list[i].input.contents == value->contents)
			return &inputs.list[i].input;
	return NULL;
}
