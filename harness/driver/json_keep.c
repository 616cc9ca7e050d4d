/* json_keep - copies the members of an object that are asked for. */
#include "driver/json_keep.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 64 /* longer ones are nobody's */

/* Text that is being read, and the copy that is made of it. */
struct keeping {
	const char *at;
	const char *end;
	char *out;
	size_t size;
	const char *const *keep;
	char path[PATH_SIZE]; /* of the member that is being read */
};

static void skip_blanks(struct keeping *keeping)
{
	while (keeping->at < keeping->end &&
	       (*keeping->at == ' ' || *keeping->at == '\t' ||
		*keeping->at == '\r' || *keeping->at == '\n'))
		keeping->at++;
}

/* Takes the byte, if it is the next one. */
static bool take(struct keeping *keeping, char byte)
{
	skip_blanks(keeping);
	if (keeping->at == keeping->end || *keeping->at != byte)
		return false;
	keeping->at++;
	return true;
}

/* To behind the quote that ends a string; at is behind the one before it. */
static bool skip_string(struct keeping *keeping)
{
	const char *at = keeping->at;

	for (; at < keeping->end; at++) {
		if (*at == '"') {
			keeping->at = at + 1;
			return true;
		}
		if (*at == '\\' && at + 1 < keeping->end)
			at++;
	}
	return false;
}

/* To the comma or bracket that ends a value, whatever it is. */
static bool skip_value(struct keeping *keeping)
{
	int depth = 0;

	while (keeping->at < keeping->end) {
		switch (*keeping->at) {
		case '"':
			keeping->at++;
			if (!skip_string(keeping))
				return false;
			continue;
		case '[':
		case '{':
			depth++;
			break;
		case ']':
		case '}':
			if (depth-- == 0)
				return true;
			break;
		case ',':
			if (depth == 0)
				return true;
			break;
		default:
			break;
		}
		keeping->at++;
	}
	return false;
}

enum part { PART_NONE, PART_INSIDE, PART_WHOLE };

/* What is kept of the member at that path. */
static enum part part_of(const char *path, size_t size, const char *const *keep)
{
	for (; *keep != NULL; keep++) {
		if ((*keep)[0] != path[0] || strncmp(*keep, path, size) != 0)
			continue;
		if ((*keep)[size] == 0)
			return PART_WHOLE;
		if ((*keep)[size] == '.')
			return PART_INSIDE;
	}
	return PART_NONE;
}

static void put(struct keeping *keeping, const char *text, size_t size)
{
	memcpy(keeping->out + keeping->size, text, size);
	keeping->size += size;
}

/* The path of a member: its object's, a dot, and its key. 0: too long. */
static size_t path_of(char *path, size_t object, const char *key, size_t size)
{
	if (object + 1 + size > PATH_SIZE)
		return 0;
	if (object > 0)
		path[object++] = '.';
	memcpy(path + object, key, size);
	return object + size;
}

static bool take_object(struct keeping *keeping, size_t length);

/* One member; is copied, behind a comma unless it is the first one, if kept. */
static bool take_member(struct keeping *keeping, size_t object, bool *first)
{
	const char *member, *key;
	size_t length;
	enum part part;

	skip_blanks(keeping);
	member = keeping->at;
	if (!take(keeping, '"'))
		return false;
	key = keeping->at;
	if (!skip_string(keeping))
		return false;
	length = path_of(keeping->path, object, key,
			 (size_t)(keeping->at - 1 - key));
	part = length > 0 ? part_of(keeping->path, length, keeping->keep)
			  : PART_NONE;
	if (!take(keeping, ':'))
		return false;
	skip_blanks(keeping);
	if (part != PART_NONE && !*first)
		put(keeping, ",", 1);
	*first &= part == PART_NONE;
	if (part == PART_INSIDE && keeping->at < keeping->end &&
	    *keeping->at == '{') {
		put(keeping, member, (size_t)(keeping->at - member));
		return take_object(keeping, length);
	}
	if (!skip_value(keeping))
		return false;
	if (part != PART_NONE)
		put(keeping, member, (size_t)(keeping->at - member));
	return true;
}

/* An object's members, to its end. */
static bool take_object(struct keeping *keeping, size_t length)
{
	bool first = true;

	if (!take(keeping, '{'))
		return false;
	put(keeping, "{", 1);
	if (!take(keeping, '}')) {
		do {
			if (!take_member(keeping, length, &first))
				return false;
		} while (take(keeping, ','));
		if (!take(keeping, '}'))
			return false;
	}
	put(keeping, "}", 1);
	return true;
}

char *json_keep(const char *text, size_t size, const char *const *keep,
		size_t *kept)
{
	/* The copy is never longer: each comma that it has was read. */
	struct keeping keeping = {
		.at = text,
		.end = text + size,
		.out = malloc(size + 1),
		.keep = keep,
	};

	if (keeping.out != NULL && take_object(&keeping, 0)) {
		skip_blanks(&keeping);
		*kept = keeping.size;
		if (keeping.at == keeping.end)
			return keeping.out;
	}
	free(keeping.out);
	return NULL;
}
