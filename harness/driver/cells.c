/* cells - the allocators of each group: which, in which role, usable or not. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/registry.h"
#include "common/spec.h"
#include "driver/cells.h"
#include "driver/layers.h"
#include "driver/list_error.h"
#include "driver/trial.h"

int cells_probe(const struct allocator_spec *spec, char *skipped,
		size_t skipped_size)
{
	struct identity identity;
	unsigned int i;

	for (i = 0; i < spec->depth; i++) {
		const struct allocator *layer = spec->layers[i].allocator;
		char why[160] = "";
		int error;

		if (!layer->probe)
			continue;
		error = layer->probe(spec->layers[i].values, why, sizeof(why));
		if (!error)
			continue;
		snprintf(skipped, skipped_size, "%s%s%s",
			 i > 0 ? layer->name : "", i > 0 ? ": " : "",
			 why[0] ? why : strerror(abs(error)));
		return error;
	}
	skipped[0] = '\0';
	return trial_run(spec, &identity, skipped, skipped_size);
}

int cells_fit_thp(const struct allocator_spec *spec, enum thp_mode thp,
		  char *skipped, size_t skipped_size)
{
	static struct environment environment;

	return layers_environment(spec, thp, &environment, skipped,
				  skipped_size);
}

/* A cell more in each group. 0, -EEXIST: it is there already, -E2BIG. */
static int cells_add(struct cell_list *list, const struct allocator_spec *spec,
		     enum cell_role role)
{
	struct cell *cell = &list->cells[list->count];
	unsigned int i;

	for (i = 0;
	     role != ROLE_TWIN && role != ROLE_PLANTED && i < list->count; i++)
		if (strcmp(list->cells[i].allocator, spec->canonical) == 0)
			return -EEXIST;
	if (list->count == PLAN_GROUP_CELLS_MAX)
		return -E2BIG;
	cell->role = role;
	snprintf(cell->allocator, sizeof(cell->allocator), "%s",
		 spec->canonical);
	cells_probe(spec, cell->skipped, sizeof(cell->skipped));
	list->count++;
	return 0;
}

/* The reference, made slower by so much: what the verdicts must find. */
static void cells_add_planted(struct cell_list *list,
			      const struct allocator_spec *reference)
{
	static const unsigned int percents[] = {5, CELLS_PLANTED_PERCENT};

	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++)
		if (cells_add(list, reference, ROLE_PLANTED) == 0)
			list->cells[list->count - 1].planted_percent =
				percents[i];
}

/* Reference, twin, planted rows; the floor where it is another allocator. */
int cells_add_standard(const char *text, struct cell_list *list, char *why,
		       size_t why_size)
{
	const struct allocator *reference = registry_reference();
	const struct allocator *floor = registry_floor();
	struct allocator_spec spec;
	int error;

	if (!text && !reference) {
		snprintf(why, why_size,
			 "no allocator says that it is the reference: name one "
			 "with --reference");
		return -ENOENT;
	}
	error = spec_parse_allocator(text ? text : reference->name, &spec, why,
				     why_size);
	if (error)
		return error;
	cells_add(list, &spec, ROLE_REFERENCE);
	if (list->cells[0].skipped[0] != '\0') {
		snprintf(why, why_size,
			 "the reference '%s' cannot run here: %s",
			 spec.canonical, list->cells[0].skipped);
		return -ENOTSUP;
	}
	cells_add(list, &spec, ROLE_TWIN);
	cells_add_planted(list, &spec);
	if (!floor)
		return 0;
	error = spec_parse_allocator(floor->name, &spec, why, why_size);
	if (!error)
		cells_add(list, &spec, ROLE_FLOOR);
	return error;
}

int cells_add_rows(const char *typed, struct cell_list *list, char *why,
		   size_t why_size)
{
	struct allocator_spec spec;
	char item[SPEC_TEXT_MAX];
	unsigned int i;
	int got, error;

	for (i = 0; (got = spec_list_item(typed, i, item, sizeof(item))) == 1;
	     i++) {
		error = spec_parse_allocator(item, &spec, why, why_size);
		if (error)
			return error;
		if (cells_add(list, &spec, ROLE_ROW) == -E2BIG) {
			snprintf(why, why_size,
				 "more than %d allocators beside each other",
				 PLAN_GROUP_CELLS_MAX);
			return -E2BIG;
		}
	}
	if (got == 0 && i > 0)
		return 0;
	return list_error(got ? got : -EINVAL, typed, "allocators", why,
			  why_size);
}
