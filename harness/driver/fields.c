/* fields - members of a line that came from anywhere. */
#include "driver/fields.h"

#include <stdio.h>
#include <string.h>

#include "driver/names.h"

void fields_complain(struct fields *fields, const char *path, const char *what)
{
	if (fields->bad)
		return;
	fields->bad = true;
	snprintf(fields->why, fields->why_size, "line %llu: %s'%s' %s",
		 (unsigned long long)fields->line, fields->place, path, what);
}

void fields_enter(struct fields *fields, const char *name, size_t index)
{
	fields->place[0] = 0;
	if (name != NULL)
		snprintf(fields->place, sizeof(fields->place),
			 "%s[%zu]: ", name, index);
}

const struct json *fields_find(struct fields *fields, const struct json *json,
			       const char *path)
{
	const char *whole = path;
	char key[64];
	size_t size;

	for (;; path += size + 1) {
		size = strcspn(path, ".");
		if (json == NULL || size >= sizeof(key))
			return NULL;
		memcpy(key, path, size);
		key[size] = 0;
		if (!json_is_object(json)) {
			fields_complain(fields, whole, "is not in an object");
			return NULL;
		}
		json = json_get(json, key);
		if (path[size] == 0)
			return json;
	}
}

const struct json *fields_array(struct fields *fields, const struct json *json,
				const char *path)
{
	const struct json *found = fields_find(fields, json, path);

	if (found == NULL || json_is_array(found))
		return found;
	fields_complain(fields, path, "is not an array");
	return NULL;
}

const struct json *fields_object(struct fields *fields, const struct json *json,
				 const char *path)
{
	const struct json *found = fields_find(fields, json, path);

	if (found == NULL || json_is_object(found))
		return found;
	fields_complain(fields, path, "is not an object");
	return NULL;
}

int64_t fields_number_of(struct fields *fields, const struct json *found,
			 const char *path, bool is_signed)
{
	int64_t value;

	if (found == NULL)
		return FIGURE_ABSENT;
	/* FIGURE_ABSENT itself is nothing that was ever measured. */
	value = json_own_signed(found, FIGURE_ABSENT);
	if (value != FIGURE_ABSENT && (is_signed || value >= 0))
		return value;
	fields_complain(fields, path,
			is_signed ? "is not a whole number"
				  : "is not a whole number from 0");
	return FIGURE_ABSENT;
}

int64_t fields_number(struct fields *fields, const struct json *json,
		      const char *path, bool is_signed)
{
	return fields_number_of(fields, fields_find(fields, json, path), path,
				is_signed);
}

uint64_t fields_index(struct fields *fields, const struct json *json,
		      const char *path, uint64_t limit)
{
	int64_t value = fields_number(fields, json, path, false);

	if (value != FIGURE_ABSENT && (uint64_t)value < limit)
		return (uint64_t)value;
	fields_complain(fields, path,
			value == FIGURE_ABSENT ? "is missing"
					       : "is out of range");
	return 0;
}

bool fields_bool(struct fields *fields, const struct json *json,
		 const char *path, bool standard)
{
	const struct json *found = fields_find(fields, json, path);

	if (found != NULL && !json_is_bool(found))
		fields_complain(fields, path, "is not true or false");
	return json_bool(json, path, standard);
}

const char *fields_text(struct fields *fields, const struct json *json,
			const char *path)
{
	const struct json *found = fields_find(fields, json, path);
	const char *text = json_own_text(found, NULL);

	if (found != NULL && text == NULL)
		fields_complain(fields, path, "is not a text");
	return text;
}

bool fields_printable(const char *text)
{
	for (; *text != 0; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

const char *fields_name(struct fields *fields, const struct json *json,
			const char *path)
{
	const char *text = fields_text(fields, json, path);

	if (text != NULL && text[0] != 0 && fields_printable(text))
		return text;
	fields_complain(fields, path,
			text == NULL ? "is missing" : "is not a name");
	return "?";
}

int fields_word(struct fields *fields, const struct json *json,
		const char *path, const char *const *names, unsigned int count)
{
	const char *text = fields_text(fields, json, path);
	int place = names_find(names, count, text);

	if (text != NULL && place < 0)
		fields_complain(fields, path, "is not a word of this format");
	return place;
}
