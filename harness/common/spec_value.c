/* spec_value - one option's value: read, compared and written. */
#include "common/spec_value.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/spec.h"
#include "common/suggest.h"
#include "common/units.h"

#define CHOICES_TEXT_MAX 256

/* The choice of that number in "no|write|map"; size 0: past the end. */
static const char *choice_at(const char *choices, uint64_t number, size_t *size)
{
	for (;; number--) {
		*size = strcspn(choices, "|");
		if (number == 0)
			return choices;
		if (choices[*size] == 0) {
			*size = 0;
			return choices;
		}
		choices += *size + 1;
	}
}

static void say_choices(const char *choices, const char *wrong, char *why,
			size_t why_size)
{
	struct suggestion suggestion = {.wrong = wrong};
	char names[CHOICES_TEXT_MAX];
	char *rest = names;
	char *name;

	snprintf(names, sizeof(names), "%s", choices);
	while ((name = strsep(&rest, "|")) != NULL)
		suggest_offer(&suggestion, name);
	if (suggestion.best)
		snprintf(why, why_size, "is none of %s: did you mean '%s'?",
			 choices, suggestion.best);
	else
		snprintf(why, why_size, "is none of %s", choices);
}

static int read_choice(const struct option_entry *option,
		       struct option_value *value, char *why, size_t why_size)
{
	uint64_t number;
	size_t size;

	for (number = 0;; number++) {
		const char *choice = choice_at(option->choices, number, &size);

		if (size == 0)
			break;
		if (strlen(value->text) != size ||
		    memcmp(value->text, choice, size) != 0)
			continue;
		value->number = number;
		return 0;
	}
	say_choices(option->choices, value->text, why, why_size);
	return -EINVAL;
}

static int read_size(struct option_value *value, char *why, size_t why_size)
{
	int error = units_parse_size(value->text, &value->number);

	if (error == -ERANGE)
		snprintf(why, why_size, "is above 2^63 - 1 bytes");
	else if (error)
		snprintf(why, why_size,
			 "is not a size: write 4096, 64K, 2M or 1.5G");
	return error ? -EINVAL : 0;
}

/* Decimal digits alone, at most max. */
static bool read_digits(const char *text, size_t size, uint64_t max,
			uint64_t *number)
{
	size_t i;

	*number = 0;
	for (i = 0; i < size; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');

		if (text[i] < '0' || text[i] > '9' ||
		    *number > (max - digit) / 10)
			return false;
		*number = *number * 10 + digit;
	}
	return size > 0;
}

static int read_percent(struct option_value *value, char *why, size_t why_size)
{
	size_t size = strlen(value->text);

	if (size > 0 && value->text[size - 1] == '%')
		size--;
	if (read_digits(value->text, size, 100, &value->number))
		return 0;
	snprintf(why, why_size, "is not a whole number of percent, 0 to 100");
	return -EINVAL;
}

static spec_file_find *file_find;

void spec_files_by(spec_file_find *find)
{
	file_find = find;
}

static int read_file(const struct option_entry *option,
		     struct option_value *value, char *why, size_t why_size)
{
	if (value->text[0] == 0)
		return 0;
	if (file_find)
		return file_find(option, value, why, why_size);
	snprintf(why, why_size, "is a file, and none can be had here");
	return -ENODATA;
}

int spec_value_read(const struct option_entry *option,
		    struct option_value *value, char *why, size_t why_size)
{
	value->number = 0;
	value->contents = NULL;
	switch (option->kind) {
	case OPTION_CHOICE:
		return read_choice(option, value, why, why_size);
	case OPTION_SIZE:
		return read_size(value, why, why_size);
	case OPTION_PERCENT:
		return read_percent(value, why, why_size);
	case OPTION_COUNT:
		if (read_digits(value->text, strlen(value->text), INT64_MAX,
				&value->number))
			return 0;
		snprintf(why, why_size,
			 "is not a count: write a whole number, 0 to 2^63 - 1");
		return -EINVAL;
	case OPTION_FILE:
		return read_file(option, value, why, why_size);
	case OPTION_TEXT:
	case OPTION_ALLOCATOR:
		return 0;
	}
	snprintf(why, why_size, "is of an unknown kind");
	return -EINVAL;
}

bool spec_value_equal(const struct option_entry *option,
		      const struct option_value *a,
		      const struct option_value *b)
{
	if (option->kind == OPTION_TEXT || option->kind == OPTION_ALLOCATOR ||
	    option->kind == OPTION_FILE)
		return strcmp(a->text, b->text) == 0;
	return a->number == b->number;
}

size_t spec_value_write(const struct option_entry *option,
			const struct option_value *value, char *text,
			size_t size)
{
	char exact[UNITS_TEXT_SIZE];
	const char *choice;
	size_t length;

	switch (option->kind) {
	case OPTION_CHOICE:
		choice = choice_at(option->choices, value->number, &length);
		return (size_t)snprintf(text, size, "%.*s", (int)length,
					choice);
	case OPTION_SIZE:
		return (size_t)snprintf(text, size, "%s",
					units_exact_size(value->number, exact));
	case OPTION_COUNT:
		return (size_t)snprintf(text, size, "%llu",
					(unsigned long long)value->number);
	case OPTION_PERCENT:
		return (size_t)snprintf(text, size, "%llu%%",
					(unsigned long long)value->number);
	case OPTION_FILE:
	case OPTION_TEXT:
	case OPTION_ALLOCATOR:
		break;
	}
	return (size_t)snprintf(text, size, "%s", value->text);
}
