/* plan_same - whether two files were to measure the same. */
#include "driver/plan_same.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const of_plan[] = {
	"seed",	     "rounds", "budget_ns", "precision", "margin",
	"settle_ns", "repeat", "counts",    "sweep",	 NULL};
static const char *const of_group[] = {"workload", "contents", "thp", "layout",
				       NULL};
static const char *const of_cell[] = {"group", "role", "allocator",
				      "planted_percent", NULL};

/* The members as text, as far as they are there; NULL: no memory. */
static char *text_of(const struct json *from, const char *const *names)
{
	struct json *json = json_new_object();
	size_t size;
	char *text;

	for (; *names; names++)
		if (json_get(from, *names))
			json_add(json, *names,
				 json_duplicate(json_get(from, *names)));
	text = json_line(json, &size);
	json_free(json);
	return text;
}

static bool members_same(const struct json *one, const struct json *other,
			 const char *const *names, char *why, size_t why_size)
{
	char *text = text_of(one, names);
	char *other_text = text_of(other, names);
	bool same = text && other_text && strcmp(text, other_text) == 0;

	if (!same && text && other_text)
		snprintf(why, why_size, "%.*s is not %.*s",
			 (int)strcspn(text, "\n"), text,
			 (int)strcspn(other_text, "\n"), other_text);
	else if (!same)
		snprintf(why, why_size, "there is no memory to compare them");
	free(text);
	free(other_text);
	return same;
}

static bool list_same(const struct json *one, const struct json *other,
		      const char *path, const char *const *names, char *why,
		      size_t why_size)
{
	const struct json *list = json_get(one, path);
	const struct json *other_list = json_get(other, path);
	size_t size = json_size(list);

	if (!json_is_array(list) || !json_is_array(other_list) ||
	    json_size(other_list) != size) {
		snprintf(why, why_size, "%s is %zu long, not %zu", path, size,
			 json_size(other_list));
		return false;
	}
	for (size_t i = 0; i < size; i++)
		if (!members_same(json_item(list, i), json_item(other_list, i),
				  names, why, why_size))
			return false;
	return true;
}

bool plan_same(const struct json *one, const struct json *other, char *why,
	       size_t why_size)
{
	return members_same(json_get(one, "plan"), json_get(other, "plan"),
			    of_plan, why, why_size) &&
	       list_same(one, other, "plan.groups", of_group, why, why_size) &&
	       list_same(one, other, "plan.cells", of_cell, why, why_size);
}
