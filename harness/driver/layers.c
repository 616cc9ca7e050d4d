/* layers - environment and fault rule of an allocator and what it wraps. */
#include "driver/layers.h"

#include <stdio.h>
#include <string.h>

int layers_environment(const struct allocator_spec *spec, enum thp_mode thp,
		       struct environment *environment, char *why,
		       size_t why_size)
{
	int error = 0;

	memset(environment, 0, sizeof(*environment));
	environment->thp_advise = thp == THP_MADVISE;
	for (unsigned int i = 0; !error && i < spec->depth; i++) {
		const struct allocator *layer = spec->layers[i].allocator;

		if (layer->environment)
			error = layer->environment(spec->layers[i].values,
						   environment);
		if (error)
			snprintf(why, why_size, "%s%s%s",
				 i > 0 ? layer->name : "", i > 0 ? ": " : "",
				 environment->why[0] ? environment->why
						     : strerror(-error));
	}
	return error;
}

enum faults_rule layers_faults(const struct allocator_spec *spec)
{
	enum faults_rule rule = FAULTS_EXACT;

	for (unsigned int i = 0; i < spec->depth; i++) {
		const struct allocator *layer = spec->layers[i].allocator;
		enum faults_rule its =
			layer->faults ? layer->faults(spec->layers[i].values)
				      : FAULTS_EXACT;

		if (its > rule)
			rule = its;
	}
	return rule;
}

bool layers_preload(const struct allocator_spec *spec)
{
	static struct environment environment;
	char why[192];

	return layers_environment(spec, THP_NEVER, &environment, why,
				  sizeof(why)) == 0 &&
	       environment.preload[0] != '\0';
}
