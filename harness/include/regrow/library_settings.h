/*
 * regrow/library_settings.h - what a library is told before it is loaded: conf=,
 * and huge pages, as variables of the sample's environment.
 *
 * conf= is a list with commas: NAME=VALUE, each a variable, whose prefix need
 * not be written; of jemalloc key:value, which it reads from MALLOC_CONF. A
 * value in brackets may have commas. Nothing else can stand there: no space, no
 * quote, no name that would change more than the library.
 *
 * Huge pages in THP mode madvise: jemalloc's thp:always, mimalloc's
 * large_os_pages. tcmalloc has none, and of a library that is named by its path
 * conf= has to say how.
 *
 * -EINVAL: it is malformed, and why says where; -ENOTSUP: the library cannot do
 * what --thp asks.
 */
#ifndef REGROW_LIBRARY_SETTINGS_H
#define REGROW_LIBRARY_SETTINGS_H

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <regrow/allocator.h>
#include <regrow/environment.h>
#include <regrow/library.h>
#include <regrow/refuse.h>

#define SETTING_SIZE sizeof(((struct environment *)0)->entries[0])

static inline bool setting_may_hold(char byte, const char *others)
{
	return isalnum((unsigned char)byte) || (byte && strchr(others, byte));
}

/* The bytes of a setting: up to a comma that is not in brackets. */
static inline size_t setting_size(const char *text)
{
	size_t size = 0;

	for (int depth = 0; text[size] && (depth || text[size] != ','); size++)
		depth += text[size] == '[' ? 1 : text[size] == ']' ? -1 : 0;
	return size;
}

/* NAME=VALUE of these names would change more than the library. */
static inline bool setting_is_reserved(const char *name)
{
	static const char *const reserved[] = {"LD_", "GLIBC_", "LC_ALL",
					       "PATH"};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strncasecmp(name, reserved[i], strlen(reserved[i])) == 0)
			return true;
	return false;
}

/* One NAME=VALUE of conf=, or a VALUE in brackets, as a variable. */
static inline int setting_variable(const struct library *library,
				   const char *text, size_t size,
				   char variable[SETTING_SIZE], char *why,
				   size_t why_size)
{
	const char *equals = memchr(text, '=', size);
	size_t prefix = strlen(library->prefix), used, i = 0;
	const char *value = equals + 1, *end = text + size;

	while (equals && text + i < equals && setting_may_hold(text[i], "_"))
		i++;
	if (!equals || i == 0 || text + i != equals)
		return refuse(why, why_size, "conf=: '%.*s' is not NAME=VALUE",
			      (int)size, text);
	if (setting_is_reserved(text))
		return refuse(why, why_size,
			      "conf=: %.*s is not the library's to set", (int)i,
			      text);
	if (strncasecmp(text, library->prefix, prefix) == 0)
		prefix = 0;
	if (end - value >= 2 && value[0] == '[' && end[-1] == ']') {
		value++;
		end--;
	}
	for (const char *byte = value; byte < end; byte++)
		if (!setting_may_hold(*byte, "_.,:;|+=/%@-"))
			return refuse(why, why_size,
				      "conf=: '%c' cannot stand in a value",
				      *byte);
	used = (size_t)snprintf(variable, SETTING_SIZE, "%.*s%.*s=%.*s",
				(int)prefix, library->prefix, (int)i, text,
				(int)(end - value), value);
	for (i = 0; library->prefix[0] && variable[i] != '='; i++)
		variable[i] = (char)toupper((unsigned char)variable[i]);
	return used < SETTING_SIZE
		       ? 0
		       : refuse(why, why_size, "conf=: a setting is too long");
}

/* One key:value of jemalloc's, as it stands. */
static inline int setting_pair_check(const char *text, size_t size, char *why,
				     size_t why_size)
{
	const char *colon = memchr(text, ':', size);
	size_t i = 0;

	while (i < size && setting_may_hold(text[i], "_.:|+/-"))
		i++;
	if (!colon || colon == text || i < size || colon == text + size - 1)
		return refuse(why, why_size, "conf=: '%.*s' is not key:value",
			      (int)size, text);
	return 0;
}

/*
 * The settings of conf=, each a variable in environment (or NULL: checked
 * only). 0, or -EINVAL and why.
 */
static inline int settings_read(const struct library *library, const char *text,
				struct environment *environment, char *why,
				size_t why_size)
{
	char variable[SETTING_SIZE];
	unsigned int count = 0;
	size_t size;
	int error = 0;

	for (; *text && !error; text += size + (text[size] == ',')) {
		size = setting_size(text);
		if (text[size] == ',' && text[size + 1] == '\0')
			return refuse(why, why_size,
				      "conf=: nothing stands behind the last "
				      "comma");
		if (library_is_jemalloc(library)) {
			error = setting_pair_check(text, size, why, why_size);
			continue;
		}
		error = setting_variable(library, text, size, variable, why,
					 why_size);
		/* One is left for huge pages. */
		if (!error && ++count == ENVIRONMENT_ENTRIES_MAX)
			error = refuse(why, why_size,
				       "conf=: more than %d settings",
				       ENVIRONMENT_ENTRIES_MAX - 1);
		if (!error && environment)
			memcpy(environment->entries[environment->count++],
			       variable, sizeof(variable));
	}
	return error;
}

/* ld.so splits LD_PRELOAD at blanks and colons, and expands $ORIGIN. */
static inline int library_path_check(const char *path, char *why,
				     size_t why_size)
{
	for (; *path; path++)
		if (!setting_may_hold(*path, "/._+-~@%=,"))
			return refuse(why, why_size,
				      "lib=: a path with '%c' in it cannot be "
				      "preloaded: give the file another name",
				      *path);
	return 0;
}

/* Whether lib=name, which is library, can be loaded with these settings. */
static inline int library_check(const struct library *library, const char *name,
				const char *conf, char *why, size_t why_size)
{
	int error = library == &library_unnamed
			    ? library_path_check(name, why, why_size)
			    : 0;

	return error ? error
		     : settings_read(library, conf, NULL, why, why_size);
}

/* What has the library ask for huge pages by itself. */
static inline int library_huge_environment(const struct library *library,
					   const char *name, const char *conf,
					   struct environment *environment)
{
	if (library->huge) {
		if (library->huge[0])
			environment_add(environment, "%s", library->huge);
		return 0;
	}
	if (library == &library_unnamed && conf[0])
		return 0;
	snprintf(environment->why, sizeof(environment->why),
		 library == &library_unnamed
			 ? "it is not known what has %.80s advise huge pages: "
			   "say it by conf=, or use --thp always"
			 : "%.80s does not advise huge pages (MADV_HUGEPAGE): "
			   "use --thp always",
		 name);
	return -ENOTSUP;
}

/* All that the sample needs to be run with the library. */
static inline int library_environment(const struct library *library,
				      const char *name, const char *conf,
				      struct environment *environment)
{
	bool huge = environment->thp_advise;
	int error = 0;

	snprintf(environment->preload, sizeof(environment->preload), "%s",
		 library == &library_unnamed ? name : library_soname(library));
	if (library != &library_unnamed)
		snprintf(environment->remedy, sizeof(environment->remedy),
			 "make deps-allocators installs %s", library->name);
	/* Settings that it does not know are not to be passed over. */
	if (library_is_jemalloc(library) && (conf[0] || huge))
		environment_add(
			environment, "MALLOC_CONF=abort_conf:true%s%s%s",
			huge ? ",thp:always" : "", conf[0] ? "," : "", conf);
	else if (!library_is_jemalloc(library))
		error = settings_read(library, conf, environment,
				      environment->why,
				      sizeof(environment->why));
	if (!error && huge)
		error = library_huge_environment(library, name, conf,
						 environment);
	return error;
}

#endif
