/* compare_facts - what is known of the machines of a side. */
#include "driver/compare_facts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 256
#define LONG_BYTES 1200 /* of a text that is not shown, but its size */

/* Another in each run of one machine, and nothing that results depend on. */
static const char *const passing[] = {
	"memory_available_bytes",
};

/* Where the facts of a run are added, and the path so far. */
struct walk {
	struct compare_facts *facts;
	char path[NAME_MAX_BYTES];
	int error;
};

static struct compare_fact *find(struct compare_facts *facts, const char *name)
{
	/* Runs have the same facts in the same order. */
	for (unsigned int i = 0; i < facts->count; i++) {
		unsigned int place = (facts->next + i) % facts->count;

		if (strcmp(facts->facts[place].name, name) == 0) {
			facts->next = place + 1;
			return &facts->facts[place];
		}
	}
	return NULL;
}

static struct compare_fact *add_fact(struct compare_facts *facts,
				     const char *name)
{
	struct compare_fact *fact;

	if (facts->count == facts->room) {
		unsigned int room = 2 * facts->room + 64;
		struct compare_fact *list =
			realloc(facts->facts, room * sizeof(*list));

		if (list == NULL)
			return NULL;
		facts->facts = list;
		facts->room = room;
	}
	fact = &facts->facts[facts->count];
	memset(fact, 0, sizeof(*fact));
	fact->name = strdup(name);
	if (fact->name == NULL)
		return NULL;
	facts->count++;
	return fact;
}

static int add_value(struct compare_fact *fact, const char *text)
{
	unsigned int count = fact->values_count;

	for (unsigned int i = 0; i < count; i++)
		if (strcmp(fact->values[i].text, text) == 0) {
			fact->values[i].runs++;
			return 0;
		}
	if (count == COMPARE_FACT_VALUES_MAX) {
		fact->others++;
		return 0;
	}
	fact->values[count].text = strdup(text);
	if (fact->values[count].text == NULL)
		return -ENOMEM;
	fact->values[count].runs = 1;
	fact->values_count++;
	return 0;
}

int compare_facts_add(struct compare_facts *facts, const char *name,
		      const char *text)
{
	struct compare_fact *fact = find(facts, name);

	if (fact == NULL && facts->count == COMPARE_FACTS_MAX)
		return -E2BIG;
	if (fact == NULL)
		fact = add_fact(facts, name);
	if (fact == NULL)
		return -ENOMEM;
	fact->runs++;
	return add_value(fact, text);
}

static bool is_passing(const char *path)
{
	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (strcmp(passing[i], path) == 0)
			return true;
	return false;
}

static int add_json(struct compare_facts *facts, const char *path,
		    const struct json *value)
{
	const char *text = json_own_text(value, NULL);
	char *line;
	size_t size;
	int error;

	if (text != NULL)
		return compare_facts_add(facts, path, text);
	line = json_line(value, &size);
	if (line == NULL)
		return -ENOMEM;
	line[size - 1] = 0; /* its newline */
	error = compare_facts_add(facts, path, line);
	free(line);
	return error;
}

static void walk_member(void *context, const char *key,
			const struct json *value)
{
	struct walk *walk = context;
	size_t length = strlen(walk->path);

	if (walk->error != 0)
		return;
	snprintf(walk->path + length, sizeof(walk->path) - length, "%s%s",
		 length > 0 ? "." : "", key);
	if (json_is_object(value))
		json_each(value, walk_member, walk);
	else if (!is_passing(walk->path))
		walk->error = add_json(walk->facts, walk->path, value);
	walk->path[length] = 0;
}

int compare_facts_add_run(struct compare_facts *facts, const struct json *run)
{
	struct walk machine = {.facts = facts};
	struct walk placement = {.facts = facts, .path = "placement"};
	const char *version = json_text(run, "regrow", NULL);
	int error = 0;

	facts->runs++;
	facts->next = 0;
	if (version != NULL)
		error = compare_facts_add(facts, "regrow", version);
	json_each(json_get(run, "machine"), walk_member, &machine);
	json_each(json_get(run, "placement"), walk_member, &placement);
	if (error == 0)
		error = machine.error;
	return error != 0 ? error : placement.error;
}

void compare_facts_free(struct compare_facts *facts)
{
	for (unsigned int i = 0; i < facts->count; i++) {
		struct compare_fact *fact = &facts->facts[i];

		for (unsigned int j = 0; j < fact->values_count; j++)
			free(fact->values[j].text);
		free(fact->name);
	}
	free(facts->facts);
	memset(facts, 0, sizeof(*facts));
}

const struct compare_fact *compare_facts_find(const struct compare_facts *facts,
					      const char *name)
{
	for (unsigned int i = 0; i < facts->count; i++)
		if (strcmp(facts->facts[i].name, name) == 0)
			return &facts->facts[i];
	return NULL;
}

/* One value in all runs of the side. */
static bool is_one(const struct compare_facts *facts,
		   const struct compare_fact *fact)
{
	return fact != NULL && fact->values_count == 1 && fact->others == 0 &&
	       fact->runs == facts->runs;
}

static bool differs(const struct compare_facts *base,
		    const struct compare_fact *base_fact,
		    const struct compare_facts *new,
		    const struct compare_fact *new_fact)
{
	return !is_one(base, base_fact) || !is_one(new, new_fact) ||
	       strcmp(base_fact->values[0].text, new_fact->values[0].text) != 0;
}

int compare_facts_differ(const struct compare_facts *base,
			 const struct compare_facts *new,
			 struct compare_difference **differences,
			 unsigned int *count)
{
	size_t room = (size_t)base->count + new->count;
	struct compare_difference *list =
		calloc(room > 0 ? room : 1, sizeof(*list));

	if (list == NULL)
		return -ENOMEM;
	*count = 0;
	for (unsigned int i = 0; i < base->count; i++) {
		const struct compare_fact *one = &base->facts[i];
		const struct compare_fact *other =
			compare_facts_find(new, one->name);

		if (differs(base, one, new, other))
			list[(*count)++] = (struct compare_difference){
				one->name, one, other};
	}
	for (unsigned int i = 0; i < new->count; i++) {
		const struct compare_fact *one = &new->facts[i];

		if (compare_facts_find(base, one->name) == NULL)
			list[(*count)++] = (struct compare_difference){
				one->name, NULL, one};
	}
	*differences = list;
	return 0;
}

/* A value; a long one by its size. */
static int value_text(const char *value, char *text, size_t size)
{
	size_t length = strlen(value);

	if (length > LONG_BYTES)
		return snprintf(text, size, "a text of %zu bytes", length);
	return snprintf(text, size, "%s", length > 0 ? value : "empty");
}

void compare_fact_text(const struct compare_fact *fact, unsigned int runs,
		       char *text, size_t size)
{
	unsigned int absent = runs - (fact != NULL ? fact->runs : 0);
	unsigned int kinds;
	size_t used = 0;

	text[0] = 0;
	if (fact == NULL) {
		snprintf(text, size, "absent");
		return;
	}
	kinds = fact->values_count + (absent > 0) + (fact->others > 0);
	for (unsigned int i = 0; i < fact->values_count && used < size; i++) {
		if (i > 0)
			used += (size_t)snprintf(text + used, size - used,
						 ", ");
		if (used < size)
			used += (size_t)value_text(fact->values[i].text,
						   text + used, size - used);
		if (kinds > 1 && used < size)
			used += (size_t)snprintf(
				text + used, size - used, " in %u run%s",
				fact->values[i].runs,
				fact->values[i].runs == 1 ? "" : "s");
	}
	if (fact->others > 0 && used < size)
		used += (size_t)snprintf(text + used, size - used,
					 ", others in %u", fact->others);
	if (absent > 0 && used < size)
		snprintf(text + used, size - used, ", absent in %u", absent);
}
