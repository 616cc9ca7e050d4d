/* spec - the spelling of an allocator or a workload, resolved. */
#include "common/spec.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/registry.h"
#include "common/spec_read.h"
#include "common/spec_value.h"

static bool is_scale(const struct option_entry *option)
{
	return strcmp(option->name, "scale") == 0;
}

/* Has the option its standard value? A wrapped allocator is judged apart. */
static bool is_standard(const struct option_entry *option,
			const struct option_value *value)
{
	struct option_value standard = {.text = option->standard};
	char why[128];

	return spec_value_read(option, &standard, why, sizeof(why)) == 0 &&
	       spec_value_equal(option, &standard, value);
}

/* The places of the options, sorted by name; their number. */
static unsigned int sort_options(const struct option_entry *options,
				 unsigned int places[OPTIONS_MAX])
{
	unsigned int count;

	for (count = 0; options[count].name; count++) {
		unsigned int i = count;

		for (; i > 0 && strcmp(options[places[i - 1]].name,
				       options[count].name) > 0;
		     i--)
			places[i] = places[i - 1];
		places[i] = count;
	}
	return count;
}

/*
 * over: how the wrapped allocator is spelled; NULL: as standard, or there is
 * none. The amount of work is part of what a workload is: a scale is always
 * written.
 */
static int write_canonical(const struct spec_reader *reader,
			   const struct spec_subject *subject, const char *over,
			   char canonical[SPEC_TEXT_MAX])
{
	size_t used =
		(size_t)snprintf(canonical, SPEC_TEXT_MAX, "%s", subject->name);
	unsigned int places[OPTIONS_MAX];
	unsigned int count, i;

	if (subject->options == NULL)
		return 0;
	count = sort_options(subject->options, places);
	for (i = 0; i < count; i++) {
		const struct option_entry *option =
			&subject->options[places[i]];
		const struct option_value *value = &subject->values[places[i]];
		char text[SPEC_TEXT_MAX];
		bool brackets;

		if (option->kind == OPTION_ALLOCATOR && over == NULL)
			continue;
		if (option->kind != OPTION_ALLOCATOR && !is_scale(option) &&
		    is_standard(option, value))
			continue;
		if (option->kind == OPTION_ALLOCATOR)
			snprintf(text, sizeof(text), "%s", over);
		else
			spec_value_write(option, value, text, sizeof(text));
		brackets = text_needs_brackets(text);
		used += (size_t)snprintf(canonical + used, SPEC_TEXT_MAX - used,
					 ":%s=%s%s%s", option->name,
					 brackets ? "[" : "", text,
					 brackets ? "]" : "");
		if (used >= SPEC_TEXT_MAX)
			return spec_read_fail(
				reader, -E2BIG,
				"'%.40s...' is longer than %d bytes when "
				"spelled in full",
				canonical, SPEC_TEXT_MAX - 1);
	}
	return 0;
}

/* What check() says about the values together. */
static int check_values(const struct spec_reader *reader,
			const struct spec_subject *subject,
			int (*check)(const struct option_value *, char *,
				     size_t))
{
	char why[256] = "";
	int error;

	if (check == NULL)
		return 0;
	error = check(subject->values, why, sizeof(why));
	if (error == 0)
		return 0;
	return spec_read_fail(reader, error < 0 ? error : -EINVAL, "'%s': %s",
			      subject->name,
			      why[0] ? why : "its options do not fit together");
}

static int parse_layer(const struct spec_reader *reader,
		       struct allocator_spec *spec, unsigned int layer,
		       const char *text, char canonical[SPEC_TEXT_MAX]);

/* Is over, in canonical form, what the option wraps where nothing is typed? */
static bool is_standard_over(const struct option_entry *option,
			     unsigned int layer, const char *typed,
			     const char *over)
{
	struct allocator_spec standard;
	char why[128];
	char canonical[SPEC_TEXT_MAX];
	struct spec_reader reader = {
		.storage = standard.storage,
		.storage_size = sizeof(standard.storage),
		.storage_used = &standard.storage_used,
		.why = why,
		.why_size = sizeof(why),
	};

	if (strcmp(typed, option->standard) == 0)
		return true;
	memset(&standard, 0, sizeof(standard));
	return parse_layer(&reader, &standard, layer, option->standard,
			   canonical) == 0 &&
	       strcmp(canonical, over) == 0;
}

/* The layer that the allocator in this one wraps, if it does. */
static int parse_over(const struct spec_reader *reader,
		      struct allocator_spec *spec, unsigned int layer,
		      const struct spec_subject *subject,
		      char canonical[SPEC_TEXT_MAX])
{
	const struct option_entry *option = subject->options;
	const struct option_value *value = subject->values;
	char over[SPEC_TEXT_MAX];
	int error;

	for (; option && option->name; option++, value++) {
		if (option->kind == OPTION_ALLOCATOR)
			break;
	}
	if (option == NULL || option->name == NULL)
		return write_canonical(reader, subject, NULL, canonical);
	error = parse_layer(reader, spec, layer + 1, value->text, over);
	if (error)
		return error;
	if (is_standard_over(option, layer + 1, value->text, over))
		return write_canonical(reader, subject, NULL, canonical);
	return write_canonical(reader, subject, over, canonical);
}

static int parse_layer(const struct spec_reader *reader,
		       struct allocator_spec *spec, unsigned int layer,
		       const char *text, char canonical[SPEC_TEXT_MAX])
{
	char name[SPEC_TEXT_MAX];
	struct spec_subject subject = {.name = name};
	const struct allocator *allocator;
	struct span typed;
	struct span rest;
	int error;

	if (layer >= SPEC_DEPTH_MAX)
		return spec_read_fail(reader, -E2BIG,
				      "'%s' would be allocator number %d in "
				      "one spelling: %d is the most",
				      text, SPEC_DEPTH_MAX + 1, SPEC_DEPTH_MAX);
	error = spec_read_text(reader, text, &typed);
	if (error)
		return error;
	error = spec_read_name(reader, typed, name, &rest);
	if (error)
		return error;
	allocator = registry_allocator(name, reader->why, reader->why_size);
	if (allocator == NULL)
		return -errno;
	spec->layers[layer].allocator = allocator;
	spec->depth = layer + 1;
	subject.options = allocator->options;
	subject.values = spec->layers[layer].values;
	error = spec_read_options(reader, &subject, rest);
	if (error)
		return error;
	error = check_values(reader, &subject, allocator->check);
	if (error)
		return error;
	return parse_over(reader, spec, layer, &subject, canonical);
}

int spec_parse_allocator(const char *text, struct allocator_spec *spec,
			 char *why, size_t why_size)
{
	struct spec_reader reader = {
		.storage = spec->storage,
		.storage_size = sizeof(spec->storage),
		.storage_used = &spec->storage_used,
		.why = why,
		.why_size = why_size,
	};

	memset(spec, 0, sizeof(*spec));
	return parse_layer(&reader, spec, 0, text, spec->canonical);
}

const struct option_value *spec_find_file(const struct workload_spec *spec)
{
	const struct option_entry *option = spec->workload->options;

	for (unsigned int i = 0; option && option[i].name; i++)
		if (option[i].kind == OPTION_FILE && spec->values[i].contents)
			return &spec->values[i];
	return NULL;
}

int spec_parse_workload(const char *text, struct workload_spec *spec, char *why,
			size_t why_size)
{
	struct spec_reader reader = {
		.storage = spec->storage,
		.storage_size = sizeof(spec->storage),
		.storage_used = &spec->storage_used,
		.why = why,
		.why_size = why_size,
	};
	struct spec_subject subject = {.values = spec->values};
	char name[SPEC_TEXT_MAX];
	struct span typed;
	struct span rest;
	int error;

	memset(spec, 0, sizeof(*spec));
	error = spec_read_text(&reader, text, &typed);
	if (error)
		return error;
	error = spec_read_name(&reader, typed, name, &rest);
	if (error)
		return error;
	spec->workload = registry_workload(name, why, why_size);
	if (spec->workload == NULL)
		return -errno;
	subject.name = name;
	subject.options = spec->workload->options;
	error = spec_read_options(&reader, &subject, rest);
	if (error)
		return error;
	error = check_values(&reader, &subject, spec->workload->check);
	if (error)
		return error;
	return write_canonical(&reader, &subject, NULL, spec->canonical);
}
