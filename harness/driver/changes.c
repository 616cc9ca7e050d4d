/* changes - what differs between two machines, or the same one later. */
#include "driver/changes.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ABSENT "none"
#define CUT_MARK "..."

/* Texts that say, in pictures of the same kind, what other facts say. */
static const char *const too_long[] = {"machine.topology_xml"};
static const char *const passing[] = {"machine.memory_available_bytes",
				      "placement.note"};

/*
 * In pictures of the topology, what kernels change by themselves: the memory of a
 * node grows where pages are set up only when they are needed
 * (CONFIG_DEFERRED_STRUCT_PAGE_INIT), and huge pages come and go.
 */
static const char *const passing_attributes[] = {" local_memory=\"",
						 " count=\""};

static bool is_one_of(const char *what, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], what) == 0)
			return true;
	return false;
}

#define IS_ONE_OF(what, names)                                                 \
	is_one_of(what, names, sizeof(names) / sizeof((names)[0]))

/* What a file says, also by its keys, is not to command a terminal. */
static void make_printable(char *text)
{
	for (char *byte = text; *byte != '\0'; byte++)
		if ((unsigned char)*byte < ' ' || *byte == 0x7f)
			*byte = '?';
}

/* From the place where they part, so that a cut text still shows it. */
static void fill(char *into, size_t size, const char *text, size_t from)
{
	int wrote = snprintf(into, size, "%s%s", from > 0 ? CUT_MARK : "",
			     text + from);

	if (wrote >= (int)size)
		memcpy(into + size - sizeof(CUT_MARK), CUT_MARK,
		       sizeof(CUT_MARK));
	make_printable(into);
}

/* A few bytes before the first that differs, where a text would be cut. */
static size_t parting(const char *was, const char *is, size_t room)
{
	const size_t context = 24;
	size_t same = 0;

	if (strlen(was) < room && strlen(is) < room)
		return 0;
	while (was[same] != '\0' && was[same] == is[same])
		same++;
	same = same > context ? same - context : 0;
	/* Not in the middle of a character. */
	while (same > 0 && ((unsigned char)was[same] & 0xc0) == 0x80)
		same--;
	return same;
}

/* The byte after a passing attribute's value where one begins at text. */
static const char *after_passing(const char *text)
{
	for (size_t i = 0;
	     i < sizeof(passing_attributes) / sizeof(passing_attributes[0]);
	     i++) {
		size_t length = strlen(passing_attributes[i]);

		if (strncmp(text, passing_attributes[i], length) == 0)
			return text + length +
			       strspn(text + length, "0123456789");
	}
	return text;
}

/* Whether two pictures of a topology show the same but for what passes. */
static bool show_the_same(const char *was, const char *is)
{
	for (;; was++, is++) {
		was = after_passing(was);
		is = after_passing(is);
		if (*was != *is || *was == '\0')
			return *was == *is;
	}
}

void changes_add(struct changes *changes, const char *what, const char *was,
		 const char *is)
{
	struct change *change;
	size_t from;

	was = was ? was : ABSENT;
	is = is ? is : ABSENT;
	if (strcmp(was, is) == 0 ||
	    (IS_ONE_OF(what, too_long) && show_the_same(was, is)))
		return;
	if (changes->count++ >= CHANGES_MAX)
		return;
	change = &changes->items[changes->count - 1];
	if (IS_ONE_OF(what, too_long)) {
		was = "one";
		is = "another";
	}
	snprintf(change->what, sizeof(change->what), "%s", what);
	make_printable(change->what);
	from = parting(was, is, sizeof(change->was));
	fill(change->was, sizeof(change->was), was, from);
	fill(change->is, sizeof(change->is), is, from);
}

/* The value as text, malloc'ed: a text as it is, others as JSON; or NULL. */
static char *value_text(const struct json *value)
{
	const char *own = json_own_text(value, NULL);
	size_t size;
	char *line;

	if (own)
		return strdup(own);
	line = value ? json_line(value, &size) : NULL;
	if (line && size > 0)
		line[size - 1] = '\0'; /* its newline */
	return line;
}

struct walk {
	struct changes *changes;
	const char *inside; /* "machine.thp" */
	const struct json *other;
	bool missing_only; /* what the other one lacks */
};

static void add_values(struct changes *changes, const char *what,
		       const struct json *was, const struct json *is)
{
	char *was_text = value_text(was), *is_text = value_text(is);

	changes_add(changes, what, was_text, is_text);
	free(was_text);
	free(is_text);
}

/* Keys may hold dots (a library's name), so json_get() is not for them. */
struct seek {
	const char *key;
	const struct json *found;
};

static void seek_key(void *context, const char *key, const struct json *value)
{
	struct seek *seek = context;

	if (strcmp(key, seek->key) == 0)
		seek->found = value;
}

static const struct json *member(const struct json *object, const char *key)
{
	struct seek seek = {.key = key};

	if (json_is_object(object))
		json_each(object, seek_key, &seek);
	return seek.found;
}

static void compare_member(void *context, const char *key,
			   const struct json *value)
{
	struct walk *walk = context;
	const struct json *other = member(walk->other, key);
	char what[64];

	snprintf(what, sizeof(what), "%s.%s", walk->inside, key);
	if (IS_ONE_OF(what, passing))
		return;
	if (!walk->missing_only)
		changes_add_json(walk->changes, what, value, other);
	else if (!other)
		changes_add_json(walk->changes, what, NULL, value);
}

void changes_add_json(struct changes *changes, const char *inside,
		      const struct json *was, const struct json *is)
{
	struct walk walk = {changes, inside, is, false};

	if ((was && !json_is_object(was)) || (is && !json_is_object(is))) {
		add_values(changes, inside, was, is);
		return;
	}
	if (json_is_object(was))
		json_each(was, compare_member, &walk);
	walk.other = was;
	walk.missing_only = true;
	if (json_is_object(is))
		json_each(is, compare_member, &walk);
}

void changes_tell(const struct changes *changes, char *text, size_t size)
{
	unsigned int kept =
		changes->count < CHANGES_MAX ? changes->count : CHANGES_MAX;
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < kept && used < size; i++)
		used += (size_t)snprintf(
			text + used, size - used, "%s  %s: %s -> %s",
			i > 0 ? "\n" : "", changes->items[i].what,
			changes->items[i].was, changes->items[i].is);
	if (changes->count > kept && used < size)
		snprintf(text + used, size - used, "\n  and %u more",
			 changes->count - kept);
}
