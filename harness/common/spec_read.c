/* spec_read - one name[:key=value]... is taken apart. */
#include "common/spec_read.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/spec.h"
#include "common/spec_value.h"
#include "common/suggest.h"

#define KEY_SIZE 64

static const char *keep_text(const struct spec_reader *reader, struct span span)
{
	char *text = reader->storage + *reader->storage_used;

	if (span.size >= reader->storage_size - *reader->storage_used)
		return NULL;
	memcpy(text, span.text, span.size);
	text[span.size] = 0;
	*reader->storage_used += span.size + 1;
	return text;
}

static int fail_unknown(const struct spec_reader *reader,
			const struct spec_subject *subject, const char *key)
{
	struct suggestion suggestion = {.wrong = key};
	const struct option_entry *option = subject->options;
	char names[256] = "";
	size_t used = 0;

	if (option == NULL || option->name == NULL)
		return spec_read_fail(
			reader, -EINVAL,
			"unknown option '%s': '%s' has no options", key,
			subject->name);
	for (; option->name; option++) {
		suggest_offer(&suggestion, option->name);
		if (used < sizeof(names))
			used += (size_t)snprintf(
				names + used, sizeof(names) - used, "%s%s",
				used > 0 ? ", " : "", option->name);
	}
	if (suggestion.best)
		return spec_read_fail(
			reader, -EINVAL,
			"unknown option '%s' of '%s': did you mean '%s'?", key,
			subject->name, suggestion.best);
	return spec_read_fail(reader, -EINVAL,
			      "unknown option '%s' of '%s': its options are %s",
			      key, subject->name, names);
}

/* Takes one key=value. */
static int take_option(const struct spec_reader *reader,
		       const struct spec_subject *subject, struct span item)
{
	const char *equals = memchr(item.text, '=', item.size);
	char key_text[KEY_SIZE];
	struct span key = item;
	struct span value;
	unsigned int place;

	if (equals)
		key = span_trim(item.text, (size_t)(equals - item.text));
	snprintf(key_text, sizeof(key_text), "%.*s", (int)key.size, key.text);
	if (equals == NULL || key.size == 0)
		return spec_read_fail(reader, -EINVAL,
				      "'%.*s' of '%s' is not key=value",
				      (int)item.size, item.text, subject->name);
	if (key.size >= sizeof(key_text) ||
	    spec_find_option(subject->options, key_text, &place) == NULL)
		return fail_unknown(reader, subject, key_text);
	if (subject->values[place].text)
		return spec_read_fail(reader, -EINVAL,
				      "option '%s' of '%s' is given twice",
				      key_text, subject->name);
	value = span_trim(equals + 1,
			  (size_t)(item.text + item.size - equals - 1));
	if (!span_unwrap(&value))
		return spec_read_fail(
			reader, -EINVAL,
			"option '%s' of '%s': something follows the "
			"closing bracket of '%.*s'",
			key_text, subject->name, (int)value.size, value.text);
	subject->values[place].text = keep_text(reader, value);
	if (subject->values[place].text == NULL)
		return spec_read_fail(reader, -E2BIG,
				      "the values of '%s' are too long",
				      subject->name);
	return 0;
}

int spec_read_options(const struct spec_reader *reader,
		      const struct spec_subject *subject, struct span rest)
{
	char why[320];
	unsigned int i;
	int error;

	while (rest.size > 0) {
		struct span after = {rest.text + 1, rest.size - 1};
		size_t size = span_until(after, ':');

		error = take_option(reader, subject,
				    span_trim(after.text, size));
		if (error)
			return error;
		rest.text = after.text + size;
		rest.size = after.size - size;
	}
	for (i = 0; subject->options && subject->options[i].name; i++) {
		const struct option_entry *option = &subject->options[i];
		struct option_value *value = &subject->values[i];

		if (value->text == NULL)
			value->text = option->standard;
		error = spec_value_read(option, value, why, sizeof(why));
		if (error)
			return spec_read_fail(
				reader, error, "option '%s' of '%s': '%s' %s",
				option->name, subject->name, value->text, why);
	}
	return 0;
}

/* A plug-in's path of which a separator made a name and what follows it? */
static bool is_torn_path(const char *name, struct span rest)
{
	if (strchr(name, '/') == NULL)
		return false;
	if (strpbrk(name, ",[]"))
		return true;
	if (rest.size == 0)
		return false;
	rest.text++;
	rest.size--;
	return memchr(rest.text, '=', span_until(rest, ':')) == NULL;
}

int spec_read_name(const struct spec_reader *reader, struct span typed,
		   char *name, struct span *rest)
{
	size_t size = span_until(typed, ':');
	struct span found = span_trim(typed.text, size);

	memcpy(name, found.text, found.size);
	name[found.size] = 0;
	rest->text = typed.text + size;
	rest->size = typed.size - size;
	if (found.size == 0)
		return spec_read_fail(reader, -EINVAL,
				      "'%.*s' does not begin with a name",
				      (int)typed.size, typed.text);
	if (is_torn_path(name, *rest))
		return spec_read_fail(reader, -EINVAL,
				      "'%.*s': a plug-in's path must not "
				      "contain any of : , [ ]",
				      (int)typed.size, typed.text);
	if (strpbrk(name, "[]"))
		return spec_read_fail(reader, -EINVAL,
				      "'%s': brackets stand around values only",
				      name);
	if (span_until(typed, ',') < typed.size)
		return spec_read_fail(reader, -EINVAL,
				      "'%.*s' is a list where one is asked "
				      "for: a value that contains , stands in "
				      "brackets",
				      (int)typed.size, typed.text);
	return 0;
}

int spec_read_text(const struct spec_reader *reader, const char *text,
		   struct span *typed)
{
	size_t size = strlen(text);
	size_t i;

	*typed = span_trim(text, size);
	if (size >= SPEC_TEXT_MAX)
		return spec_read_fail(reader, -E2BIG,
				      "'%.40s...' is longer than %d bytes",
				      text, SPEC_TEXT_MAX - 1);
	if (!span_is_balanced(*typed))
		return spec_read_fail(reader, -EINVAL,
				      "the brackets in '%s' do not match",
				      text);
	for (i = 0; i < typed->size; i++) {
		unsigned char c = (unsigned char)typed->text[i];

		if (c < ' ' || c == 127)
			return spec_read_fail(
				reader, -EINVAL,
				"byte %zu of a spelling is a control "
				"character: only spaces may stand "
				"between its parts",
				(size_t)(typed->text - text) + i + 1);
	}
	return 0;
}
