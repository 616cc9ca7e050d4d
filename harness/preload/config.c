/* config - what the environment asks of the library. */
#include "preload/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/units.h"

#define STANDARD_FROM "128K" /* glibc's first mmap threshold */
#define WHY_MAX 256

/* Where errors are said. */
struct config_reader {
	config_getter *get;
	char *why;
	size_t why_size;
};

/* Puts the sentence in why; is error. */
#define config_fail(reader, error, ...)                                        \
	(snprintf((reader)->why, (reader)->why_size, __VA_ARGS__), (error))

static const char *config_value(const struct config_reader *reader,
				const char *name, const char *standard)
{
	const char *value = reader->get(name);

	return value && *value ? value : standard;
}

static int config_size(const struct config_reader *reader, const char *variable,
		       const char *text, size_t *size)
{
	uint64_t bytes;
	int error = units_parse_size(text, &bytes);

	if (error)
		return config_fail(reader, error,
				   "%s=%.100s is not a size such as 64K or 1M",
				   variable, text);
	*size = bytes;
	return 0;
}

static int config_from(const struct config_reader *reader,
		       struct config *config)
{
	const char *text = config_value(reader, "REGROW_FROM", STANDARD_FROM);
	int error = config_size(reader, "REGROW_FROM", text, &config->from);

	if (!error && config->from == 0)
		return config_fail(reader, -EINVAL,
				   "REGROW_FROM=%.100s: from 1 on is the least",
				   text);
	return error;
}

/* Is entry "NAME=value" in the environment, as the value or one of a list? */
static bool config_is_set(const struct config_reader *reader, const char *entry)
{
	const char *value = strchr(entry, '=') + 1;
	const char *set, *at;
	char name[64];

	if ((size_t)(value - entry) > sizeof(name))
		return false;
	memcpy(name, entry, (size_t)(value - entry));
	name[value - entry - 1] = '\0';
	set = reader->get(name);
	for (at = set; at && (at = strstr(at, value)) != NULL; at++) {
		char before = at > set ? at[-1] : ':';
		char after = at[strlen(value)];

		if (strchr(": ", before) && strchr(": ", after))
			return true; /* strchr finds the 0, too */
	}
	return false;
}

/* What an allocator needs in the environment must be there already. */
static int config_environment(const struct config_reader *reader,
			      const struct option_value *options,
			      const struct allocator *allocator)
{
	struct environment environment = {0};
	unsigned int i;
	int error;

	if (!allocator->environment)
		return 0;
	error = allocator->environment(options, &environment);
	if (error)
		return config_fail(
			reader, error, "REGROW_ALLOC: '%s' cannot run here: %s",
			allocator->name,
			*environment.why ? environment.why : strerror(-error));
	/* A library that is to be preloaded is one more variable. */
	if (*environment.preload &&
	    environment.count < ENVIRONMENT_ENTRIES_MAX) {
		char *entry = environment.entries[environment.count++];

		snprintf(entry, sizeof(environment.entries[0]),
			 "LD_PRELOAD=%.480s", environment.preload);
	}
	for (i = 0; i < environment.count; i++)
		if (!config_is_set(reader, environment.entries[i]))
			return config_fail(reader, -EINVAL,
					   "REGROW_ALLOC: '%s' needs %s in the "
					   "program's environment",
					   allocator->name,
					   environment.entries[i]);
	return 0;
}

static int config_layer(const struct config_reader *reader,
			const struct option_value *options,
			const struct allocator *allocator)
{
	char why[WHY_MAX] = "";
	int error;

	if (allocator->is_floor)
		return config_fail(reader, -EINVAL,
				   "REGROW_ALLOC: '%s' keeps no contents: no "
				   "program can run on it",
				   allocator->name);
	error = allocator->probe ? allocator->probe(options, why, sizeof(why))
				 : 0;
	if (error)
		return config_fail(
			reader, error, "REGROW_ALLOC: '%s' cannot run here: %s",
			allocator->name, *why ? why : strerror(-error));
	return config_environment(reader, options, allocator);
}

static int config_allocator(const struct config_reader *reader,
			    struct config *config, const char *standard)
{
	const char *text = config_value(reader, "REGROW_ALLOC", standard);
	struct allocator_spec *spec = &config->spec;
	char why[WHY_MAX];
	unsigned int i;
	int error;

	config->serves = strcmp(text, "none") != 0;
	if (!config->serves)
		return 0;
	error = spec_parse_allocator(text, spec, why, sizeof(why));
	if (error)
		return config_fail(reader, error, "REGROW_ALLOC: %s", why);
	for (i = 0; i < spec->depth && !error; i++)
		error = config_layer(reader, spec->layers[i].values,
				     spec->layers[i].allocator);
	return error;
}

/* Appends the working folder and a /, each % doubled. 0 or -errno. */
static int config_folder(char path[PATH_MAX])
{
	char folder[PATH_MAX];
	size_t used = 0;
	char *from;

	if (!getcwd(folder, sizeof(folder)))
		return -errno;
	for (from = folder; *from; from++) {
		if (used + 4 > PATH_MAX)
			return -ENAMETOOLONG;
		if (*from == '%')
			path[used++] = '%';
		path[used++] = *from;
	}
	path[used++] = '/';
	path[used] = '\0';
	return 0;
}

/* The program may change its folder before the file is written. */
static int config_path(const struct config_reader *reader, const char *variable,
		       char path[PATH_MAX])
{
	const char *text = config_value(reader, variable, "");
	char name[PATH_MAX];
	int error = config_file_name(text, 0, name, sizeof(name));
	size_t used;

	*path = '\0';
	if (error)
		return config_fail(reader, error,
				   "%s=%.100s: only p (the process) or another "
				   "%% may follow a %%, in a path of less than "
				   "%d bytes",
				   variable, text, PATH_MAX);
	if (*text && *text != '/' && strcmp(text, "-") != 0)
		error = config_folder(path);
	used = strlen(path);
	if (!error && used + strlen(text) >= PATH_MAX)
		error = -ENAMETOOLONG;
	if (error)
		return config_fail(reader, error,
				   "%s=%.100s: not below the working folder: "
				   "%s",
				   variable, text, strerror(-error));
	memcpy(path + used, text, strlen(text) + 1);
	return 0;
}

static int config_trace(const struct config_reader *reader,
			struct config *config)
{
	const char *text = config_value(reader, "REGROW_TRACE_FROM", "");
	int error = config_path(reader, "REGROW_TRACE", config->trace);

	config->trace_from = config->from;
	if (!error && *text)
		error = config_size(reader, "REGROW_TRACE_FROM", text,
				    &config->trace_from);
	if (error)
		return error;
	if (strcmp(config->trace, "-") == 0)
		return config_fail(reader, -EINVAL,
				   "REGROW_TRACE=-: a trace needs a file");
	if (config->serves && config->trace_from > config->from)
		return config_fail(reader, -EINVAL,
				   "REGROW_TRACE_FROM=%.100s: above "
				   "REGROW_FROM, blocks would be served that "
				   "are not recorded",
				   text);
	return 0;
}

int config_read(struct config *config, config_getter *get,
		const char *standard_allocator, char *why, size_t why_size)
{
	const struct config_reader reader = {get, why, why_size};
	int error = config_from(&reader, config);

	if (!error)
		error = config_path(&reader, "REGROW_STATS", config->stats);
	if (!error)
		error = config_allocator(&reader, config, standard_allocator);
	if (!error)
		error = config_trace(&reader, config);
	return error;
}

int config_file_name(const char *pattern, pid_t pid, char *name,
		     size_t name_size)
{
	size_t used = 0;

	for (; *pattern; pattern++) {
		size_t room = name_size - used, more = 1;

		if (*pattern == '%' && *++pattern != '%') {
			if (*pattern != 'p')
				return -EINVAL;
			more = (size_t)snprintf(name + used, room, "%d",
						(int)pid);
		} else {
			name[used] = *pattern;
		}
		if (more >= room)
			return -ENAMETOOLONG;
		used += more;
	}
	name[used] = '\0';
	return 0;
}
