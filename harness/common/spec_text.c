/* spec_text - where the parts of a spelling begin and end; brackets nest. */
#include "common/spec_text.h"

#include <errno.h>
#include <string.h>

#include "common/spec.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

struct span span_trim(const char *text, size_t size)
{
	while (size > 0 && is_blank(text[size - 1]))
		size--;
	while (size > 0 && is_blank(*text)) {
		text++;
		size--;
	}
	return (struct span){text, size};
}

bool span_is_balanced(struct span span)
{
	size_t depth = 0;
	size_t i;

	for (i = 0; i < span.size; i++) {
		if (span.text[i] == '[')
			depth++;
		else if (span.text[i] == ']' && depth-- == 0)
			return false;
	}
	return depth == 0;
}

size_t span_until(struct span span, char stop)
{
	size_t depth = 0;
	size_t i;

	for (i = 0; i < span.size; i++) {
		if (span.text[i] == stop && depth == 0)
			break;
		if (span.text[i] == '[')
			depth++;
		else if (span.text[i] == ']')
			depth--;
	}
	return i;
}

bool span_unwrap(struct span *span)
{
	size_t depth = 0;
	size_t i;

	if (span->size == 0 || span->text[0] != '[')
		return true;
	for (i = 0; i < span->size; i++) {
		if (span->text[i] == '[')
			depth++;
		else if (span->text[i] == ']' && --depth == 0)
			break;
	}
	if (i + 1 != span->size)
		return false;
	span->text++;
	span->size -= 2;
	return true;
}

bool text_needs_brackets(const char *text)
{
	size_t size = strlen(text);

	return size == 0 || strpbrk(text, ":,[]") != NULL ||
	       is_blank(text[0]) || is_blank(text[size - 1]);
}

int spec_list_item(const char *list, unsigned int index, char *item,
		   size_t item_size)
{
	struct span rest = {list, strlen(list)};
	struct span found;
	size_t size;

	if (!span_is_balanced(rest))
		return -EINVAL;
	for (size = span_until(rest, ','); index > 0; index--) {
		if (size == rest.size)
			return 0;
		rest.text += size + 1;
		rest.size -= size + 1;
		size = span_until(rest, ',');
	}
	found = span_trim(rest.text, size);
	if (found.size == 0)
		return -EINVAL;
	if (found.size >= item_size)
		return -E2BIG;
	memcpy(item, found.text, found.size);
	item[found.size] = 0;
	return 1;
}

const struct option_entry *spec_find_option(const struct option_entry *options,
					    const char *name,
					    unsigned int *place)
{
	unsigned int i;

	for (i = 0; options && options[i].name; i++) {
		if (strcmp(options[i].name, name) != 0)
			continue;
		if (place)
			*place = i;
		return &options[i];
	}
	return NULL;
}
