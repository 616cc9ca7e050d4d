/*
 * json - JSON lines, written and read strictly (jansson; the only file that
 * knows it).
 */
#ifndef REGROW_JSON_H
#define REGROW_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json; /* a value; owned by whoever made it, children by their parent */

/*
 * Making. NULL where memory ran out; a NULL target is ignored, and a loss is
 * remembered by the container it is in, so that json_line()'s check at the end
 * is enough. One thread at a time.
 */
struct json *json_new_object(void);
struct json *json_new_array(void);
void json_free(struct json *json);
/* All of it anew; NULL also of NULL. */
struct json *json_duplicate(const struct json *json);

/* A new object (array) under that key; owned by the parent. */
struct json *json_add_object(struct json *parent, const char *key);
struct json *json_add_array(struct json *parent, const char *key);
/* Gives value, whatever it is, to parent. */
void json_add(struct json *parent, const char *key, struct json *value);
/*
 * Text that is not UTF-8 has its bad bytes replaced by U+FFFD. NULL text: null.
 */
void json_add_text(struct json *parent, const char *key, const char *text);
/* Above 2^63 - 1: kept as that. */
void json_add_count(struct json *parent, const char *key, uint64_t value);
void json_add_signed(struct json *parent, const char *key, int64_t value);
/* Not finite: null. */
void json_add_real(struct json *parent, const char *key, double value);
void json_add_bool(struct json *parent, const char *key, bool value);

/*
 * The object at a path of keys, "map.final"; objects that are missing are made.
 * NULL where something else is in the way. The empty path: json itself.
 */
struct json *json_at(struct json *json, const char *path);

/* At the end of an array. */
struct json *json_append_object(struct json *array);
struct json *json_append_array(struct json *array);
void json_append_text(struct json *array, const char *text);
void json_append_count(struct json *array, uint64_t value);
void json_append_signed(struct json *array, int64_t value);
void json_append_real(struct json *array, double value);

/*
 * One line of text with its newline, malloc'ed; NULL where memory ran out, in
 * making it or anything inside.
 */
char *json_line(const struct json *json, size_t *size);
/* Indented, for people and --json. 0 or -errno. */
int json_print(const struct json *json, FILE *stream);

/*
 * One value from a line, with or without its newline; NULL, and a sentence in
 * why: not JSON (with the column), nested deeper than JSON_DEPTH_MAX, a key
 * twice, bytes that are not UTF-8, a NUL, a number out of range.
 */
#define JSON_DEPTH_MAX 64
struct json *json_parse(const char *text, size_t size, char *why,
			size_t why_size);

/*
 * Reading. A path of keys, "map.final.holes"; what is missing or of another
 * kind is the standard value (NULL, 0). Counts below 0 and reals where a count
 * is asked are the standard.
 */
const struct json *json_get(const struct json *json, const char *path);
const char *json_text(const struct json *json, const char *path,
		      const char *standard);
uint64_t json_count(const struct json *json, const char *path,
		    uint64_t standard);
/* A whole number that may be below 0. */
int64_t json_signed(const struct json *json, const char *path,
		    int64_t standard);
double json_number(const struct json *json, const char *path, double standard);
bool json_bool(const struct json *json, const char *path, bool standard);
bool json_is_array(const struct json *json);
bool json_is_object(const struct json *json);
bool json_is_bool(const struct json *json);
size_t json_size(const struct json *array);
const struct json *json_item(const struct json *array, size_t index);
/* The value itself, not a member of it. */
const char *json_own_text(const struct json *json, const char *standard);
uint64_t json_own_count(const struct json *json, uint64_t standard);
int64_t json_own_signed(const struct json *json, int64_t standard);
double json_own_number(const struct json *json, double standard);
/* Visits an object's members in their order in the file. */
void json_each(const struct json *object,
	       void (*visit)(void *context, const char *key,
			     const struct json *value),
	       void *context);

#endif
