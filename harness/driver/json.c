/* json - JSON lines, written and read strictly (jansson). */
#include <jansson.h>
/* Macros there, functions here. */
#undef json_is_array
#undef json_is_object

#include "driver/json.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"

#define KEY_MAX 128 /* bytes of one key in a path, the 0 included */

/*
 * struct json is json_t by another name. A container that lost a member for
 * want of memory holds a reference to itself: nothing else makes a second one,
 * so that the loss is found from the root without memory to note it in.
 */
static unsigned int poisoned; /* containers, so that most walks are saved */

static json_t *value_of(const struct json *json)
{
	return (json_t *)json;
}

static struct json *json_of(json_t *value)
{
	return (struct json *)value;
}

static bool is_container(const json_t *value)
{
	return value != NULL && (json_typeof(value) == JSON_OBJECT ||
				 json_typeof(value) == JSON_ARRAY);
}

static void poison(json_t *container)
{
	if (!is_container(container) || container->refcount > 1)
		return;
	json_incref(container);
	poisoned++;
}

/* Whether value or anything in it lost a member; heal forgets that. */
static bool find_poison(json_t *value, bool heal)
{
	bool found = false;
	const char *key;
	json_t *child;
	size_t index;

	if (poisoned == 0 || !is_container(value))
		return false;
	if (json_typeof(value) == JSON_OBJECT) {
		json_object_foreach(value, key, child) found |=
			find_poison(child, heal);
	} else {
		json_array_foreach(value, index, child) found |=
			find_poison(child, heal);
	}
	if (value->refcount < 2)
		return found;
	if (heal) {
		json_decref(value);
		poisoned--;
	}
	return true;
}

struct json *json_new_object(void)
{
	return json_of(json_object());
}

struct json *json_new_array(void)
{
	return json_of(json_array());
}

void json_free(struct json *json)
{
	find_poison(value_of(json), true);
	json_decref(value_of(json));
}

struct json *json_duplicate(const struct json *json)
{
	return json_of(json_deep_copy(value_of(json)));
}

/* Text in UTF-8, malloc'ed; NULL where memory ran out. */
static char *scrub(const char *text, size_t *size)
{
	size_t length = strlen(text);
	char *out = malloc(3 * length + 1);

	if (out == NULL)
		return NULL;
	*size = utf8_scrub(text, length, out);
	out[*size] = 0;
	return out;
}

/* Gives value to the parent; a value that was not made is a loss. */
static struct json *put(struct json *parent, const char *key, json_t *value)
{
	json_t *into = value_of(parent);
	char *name = NULL;
	size_t size;
	int error = -1;

	if (parent == NULL || value == NULL) {
		poison(into);
		json_free(json_of(value));
		return NULL;
	}
	if (key == NULL) {
		error = json_array_append_new(into, value);
	} else {
		name = scrub(key, &size);
		if (name != NULL)
			error = json_object_set_new_nocheck(into, name, value);
		else
			json_free(json_of(value));
		free(name);
	}
	if (error == 0)
		return json_of(value);
	poison(into);
	return NULL;
}

static json_t *make_text(const char *text)
{
	json_t *value;
	size_t size;
	char *clean;

	if (text == NULL)
		return json_null();
	clean = scrub(text, &size);
	if (clean == NULL)
		return NULL;
	value = json_stringn_nocheck(clean, size);
	free(clean);
	return value;
}

static json_t *make_count(uint64_t value)
{
	return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

static json_t *make_real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

struct json *json_add_object(struct json *parent, const char *key)
{
	return put(parent, key, json_object());
}

struct json *json_add_array(struct json *parent, const char *key)
{
	return put(parent, key, json_array());
}

void json_add(struct json *parent, const char *key, struct json *value)
{
	put(parent, key, value_of(value));
}

void json_add_text(struct json *parent, const char *key, const char *text)
{
	put(parent, key, make_text(text));
}

void json_add_count(struct json *parent, const char *key, uint64_t value)
{
	put(parent, key, make_count(value));
}

void json_add_signed(struct json *parent, const char *key, int64_t value)
{
	put(parent, key, json_integer(value));
}

void json_add_real(struct json *parent, const char *key, double value)
{
	put(parent, key, make_real(value));
}

void json_add_bool(struct json *parent, const char *key, bool value)
{
	put(parent, key, json_boolean(value));
}

struct json *json_at(struct json *json, const char *path)
{
	while (json != NULL && path[0] != 0) {
		size_t size = strcspn(path, ".");
		char key[KEY_MAX];
		json_t *child;

		if (size >= sizeof(key) || !json_is_object(json))
			return NULL;
		memcpy(key, path, size);
		key[size] = 0;
		child = json_object_get(value_of(json), key);
		json = child != NULL ? json_of(child)
				     : json_add_object(json, key);
		path += size + (path[size] == '.');
	}
	return json_is_object(json) ? json : NULL;
}

struct json *json_append_object(struct json *array)
{
	return put(array, NULL, json_object());
}

struct json *json_append_array(struct json *array)
{
	return put(array, NULL, json_array());
}

void json_append_text(struct json *array, const char *text)
{
	put(array, NULL, make_text(text));
}

void json_append_count(struct json *array, uint64_t value)
{
	put(array, NULL, make_count(value));
}

void json_append_signed(struct json *array, int64_t value)
{
	put(array, NULL, json_integer(value));
}

void json_append_real(struct json *array, double value)
{
	put(array, NULL, make_real(value));
}

/* Text that grows; capacity doubles. */
struct growing {
	char *text;
	size_t size;
	size_t capacity;
};

static int grow(const char *piece, size_t size, void *context)
{
	struct growing *line = context;

	if (line->capacity - line->size < size) {
		size_t capacity = 2 * line->capacity + size;
		char *text = realloc(line->text, capacity);

		if (text == NULL)
			return -1;
		line->text = text;
		line->capacity = capacity;
	}
	memcpy(line->text + line->size, piece, size);
	line->size += size;
	return 0;
}

char *json_line(const struct json *json, size_t *size)
{
	size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
	struct growing line = {0};

	if (json == NULL || find_poison(value_of(json), false) ||
	    json_dump_callback(value_of(json), grow, &line, flags) != 0 ||
	    grow("\n", 2, &line) != 0) { /* with its 0 */
		free(line.text);
		return NULL;
	}
	*size = line.size - 1;
	return line.text;
}

int json_print(const struct json *json, FILE *stream)
{
	if (json == NULL || find_poison(value_of(json), false))
		return -ENOMEM;
	errno = 0;
	if (json_dumpf(value_of(json), stream,
		       JSON_INDENT(2) | JSON_ENCODE_ANY))
		return errno != 0 ? -errno : -ENOMEM;
	return fputc('\n', stream) == EOF ? -EIO : 0;
}

/*
 * jansson recurses up to 2,048 deep; our lines need a handful, and what walks
 * them should not have to think of more. Brackets outside of strings.
 */
static bool too_deep(const char *text, size_t size)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < size; i++) {
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && (text[i] == '[' || text[i] == '{'))
			depth++;
		else if (!quoted && (text[i] == ']' || text[i] == '}'))
			depth--;
		if (depth > JSON_DEPTH_MAX)
			return true;
	}
	return false;
}

struct json *json_parse(const char *text, size_t size, char *why,
			size_t why_size)
{
	json_error_t error;
	json_t *value;

	if (too_deep(text, size)) {
		snprintf(why, why_size,
			 "not read: nested deeper than %d levels",
			 JSON_DEPTH_MAX);
		return NULL;
	}
	value = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
			   &error);
	if (value != NULL)
		return json_of(value);
	/* It quotes the line, which may hold what moves a terminal's cursor. */
	for (char *byte = error.text; *byte != 0; byte++)
		if (!isprint((unsigned char)*byte))
			*byte = '?';
	snprintf(why, why_size, "not JSON: %s (column %d)", error.text,
		 error.column);
	return NULL;
}

const struct json *json_get(const struct json *json, const char *path)
{
	while (json != NULL && path != NULL) {
		const char *dot = strchr(path, '.');
		size_t size = dot != NULL ? (size_t)(dot - path) : strlen(path);
		char key[KEY_MAX];

		if (size >= sizeof(key))
			return NULL;
		memcpy(key, path, size);
		key[size] = 0;
		json = json_of(json_object_get(value_of(json), key));
		path = dot != NULL ? dot + 1 : NULL;
	}
	return json;
}

const char *json_text(const struct json *json, const char *path,
		      const char *standard)
{
	return json_own_text(json_get(json, path), standard);
}

uint64_t json_count(const struct json *json, const char *path,
		    uint64_t standard)
{
	return json_own_count(json_get(json, path), standard);
}

int64_t json_signed(const struct json *json, const char *path, int64_t standard)
{
	return json_own_signed(json_get(json, path), standard);
}

double json_number(const struct json *json, const char *path, double standard)
{
	return json_own_number(json_get(json, path), standard);
}

bool json_bool(const struct json *json, const char *path, bool standard)
{
	const json_t *value = value_of(json_get(json, path));

	return json_is_boolean(value) ? json_is_true(value) : standard;
}

bool json_is_array(const struct json *json)
{
	return json != NULL && json_typeof(value_of(json)) == JSON_ARRAY;
}

bool json_is_object(const struct json *json)
{
	return json != NULL && json_typeof(value_of(json)) == JSON_OBJECT;
}

bool json_is_bool(const struct json *json)
{
	return json != NULL && json_is_boolean(value_of(json));
}

size_t json_size(const struct json *array)
{
	return json_array_size(value_of(array));
}

const struct json *json_item(const struct json *array, size_t index)
{
	return json_of(json_array_get(value_of(array), index));
}

const char *json_own_text(const struct json *json, const char *standard)
{
	const char *text = json_string_value(value_of(json));

	return text != NULL ? text : standard;
}

uint64_t json_own_count(const struct json *json, uint64_t standard)
{
	int64_t value = json_own_signed(json, -1);

	return value < 0 ? standard : (uint64_t)value;
}

int64_t json_own_signed(const struct json *json, int64_t standard)
{
	const json_t *value = value_of(json);

	return json_is_integer(value) ? json_integer_value(value) : standard;
}

double json_own_number(const struct json *json, double standard)
{
	const json_t *value = value_of(json);

	return json_is_number(value) ? json_number_value(value) : standard;
}

void json_each(const struct json *object,
	       void (*visit)(void *context, const char *key,
			     const struct json *value),
	       void *context)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return;
	json_object_foreach(value_of(object), key, value)
		visit(context, key, json_of(value));
}
