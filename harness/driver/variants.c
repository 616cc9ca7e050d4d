/* variants - each workload by the values that were set for its options. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/suggest.h"
#include "driver/list_error.h"
#include "driver/variants.h"

#define SETS_MAX 32

struct set {
	const char *typed;
	char workload[SPEC_TEXT_MAX];
	char option[64];
	const char *values; /* the rest of typed */
	bool used;
};

struct sets {
	unsigned int count;
	struct set items[SETS_MAX];
};

static int set_parse(const char *typed, struct set *set, char *why,
		     size_t why_size)
{
	const char *equals = strchr(typed, '='), *dot = equals;

	/* The last dot before it: a plug-in's path has dots of its own. */
	while (dot && dot > typed && *dot != '.')
		dot--;
	if (!equals || dot == typed || dot + 1 == equals ||
	    (size_t)(equals - dot) > sizeof(set->option) ||
	    (size_t)(dot - typed) >= sizeof(set->workload)) {
		snprintf(why, why_size,
			 "'%s' sets nothing: it is "
			 "WORKLOAD.OPTION=VALUE[,VALUE]...",
			 typed);
		return -EINVAL;
	}
	set->typed = typed;
	snprintf(set->workload, sizeof(set->workload), "%.*s",
		 (int)(dot - typed), typed);
	snprintf(set->option, sizeof(set->option), "%.*s",
		 (int)(equals - dot - 1), dot + 1);
	set->values = equals + 1;
	set->used = false;
	return 0;
}

static int sets_parse(const char *const *typed, unsigned int count,
		      struct sets *sets, char *why, size_t why_size)
{
	unsigned int i, j;
	int error;

	if (count > SETS_MAX) {
		snprintf(why, why_size, "more than %u options are set",
			 SETS_MAX);
		return -E2BIG;
	}
	sets->count = count;
	for (i = 0; i < count; i++) {
		error = set_parse(typed[i], &sets->items[i], why, why_size);
		if (error)
			return error;
		for (j = 0; j < i; j++) {
			if (strcmp(sets->items[i].workload,
				   sets->items[j].workload) != 0 ||
			    strcmp(sets->items[i].option,
				   sets->items[j].option) != 0)
				continue;
			snprintf(why, why_size,
				 "%s.%s is set twice: give its values in one "
				 "list",
				 sets->items[i].workload,
				 sets->items[i].option);
			return -EINVAL;
		}
	}
	return 0;
}

/* text with each combination of the values of sets from index first on. */
static int variants_extend(struct variants *variants, const struct sets *sets,
			   unsigned int first, const char *name,
			   const struct variant *base, char *why,
			   size_t why_size)
{
	char value[SPEC_TEXT_MAX];
	struct variant longer;
	const struct set *set;
	unsigned int i;
	int got;

	while (first < sets->count &&
	       strcmp(sets->items[first].workload, name) != 0)
		first++;
	if (first == sets->count) {
		if (variants->count == PLAN_GROUPS_MAX) {
			snprintf(why, why_size,
				 "the values that are set make more than %u "
				 "combinations",
				 PLAN_GROUPS_MAX);
			return -E2BIG;
		}
		variants->items[variants->count++] = *base;
		return 0;
	}
	set = &sets->items[first];
	longer.workload = base->workload;
	for (i = 0;
	     (got = spec_list_item(set->values, i, value, sizeof(value))) == 1;
	     i++) {
		if (snprintf(longer.text, sizeof(longer.text), "%s:%s=%s",
			     base->text, set->option,
			     value) >= (int)sizeof(longer.text))
			return list_error(-E2BIG, set->typed, "values", why,
					  why_size);
		got = variants_extend(variants, sets, first + 1, name, &longer,
				      why, why_size);
		if (got)
			return got;
	}
	if (got == 0 && i > 0)
		return 0;
	return list_error(got ? got : -EINVAL, set->values, "values", why,
			  why_size);
}

/* A set that no workload of the list took. */
static int sets_unused(const struct set *set, const char *workloads, char *why,
		       size_t why_size)
{
	char names[PLAN_GROUPS_MAX][64], item[SPEC_TEXT_MAX];
	struct suggestion suggestion = {set->workload, NULL, 0};
	unsigned int i;

	for (i = 0; i < PLAN_GROUPS_MAX &&
		    spec_list_item(workloads, i, item, sizeof(item)) == 1;
	     i++) {
		item[strcspn(item, ":")] = '\0';
		snprintf(names[i], sizeof(names[i]), "%.63s", item);
		suggest_offer(&suggestion, names[i]);
	}
	if (suggestion.best)
		snprintf(why, why_size,
			 "'%s' sets an option of '%s', which is not measured: "
			 "did you mean '%s'?",
			 set->typed, set->workload, suggestion.best);
	else
		snprintf(why, why_size,
			 "'%s' sets an option of '%s', which is not among the "
			 "workloads measured (%s)",
			 set->typed, set->workload, workloads);
	return -ENOENT;
}

int variants_make(const char *workloads, const char *const *sets,
		  unsigned int sets_count, struct variants *variants, char *why,
		  size_t why_size)
{
	char name[SPEC_TEXT_MAX];
	struct variant base;
	struct sets parsed;
	unsigned int i;
	int got;

	variants->count = 0;
	got = sets_parse(sets, sets_count, &parsed, why, why_size);
	if (got)
		return got;
	for (base.workload = 0;
	     (got = spec_list_item(workloads, base.workload, base.text,
				   sizeof(base.text))) == 1;
	     base.workload++) {
		snprintf(name, sizeof(name), "%.*s",
			 (int)strcspn(base.text, ":"), base.text);
		for (i = 0; i < parsed.count; i++)
			if (strcmp(parsed.items[i].workload, name) == 0)
				parsed.items[i].used = true;
		got = variants_extend(variants, &parsed, 0, name, &base, why,
				      why_size);
		if (got)
			return got;
	}
	if (got < 0 || base.workload == 0)
		return list_error(got ? got : -EINVAL, workloads, "workloads",
				  why, why_size);
	for (i = 0; i < parsed.count; i++)
		if (!parsed.items[i].used)
			return sets_unused(&parsed.items[i], workloads, why,
					   why_size);
	return 0;
}

bool spelling_gives(const char *text, const char *option)
{
	size_t length = strlen(option);
	const char *key;
	int depth = 0;

	for (; *text; text++) {
		depth += (*text == '[') - (*text == ']');
		if (depth != 0 || *text != ':')
			continue;
		key = text + 1 + strspn(text + 1, " \t");
		if (strncmp(key, option, length) == 0 &&
		    key[length + strspn(key + length, " \t")] == '=')
			return true;
	}
	return false;
}
