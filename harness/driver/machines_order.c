/* machines_order - in which order machines, rows and kernels are shown. */
#include "driver/machines_order.h"

#include <math.h>
#include <stdlib.h>

unsigned int machines_next_row(const struct machines *machines,
			       unsigned int block, enum cell_role role,
			       unsigned int from)
{
	for (unsigned int i = from + 1; i < machines->rows_count; i++)
		if (machines->rows[i].block == block &&
		    machines->rows[i].role == role)
			return i;
	return MACHINES_NONE;
}

unsigned int machines_main_row(const struct machines *machines,
			       unsigned int block)
{
	unsigned int most = MACHINES_NONE;
	double reached = -1;

	for (unsigned int i = machines_next_row(machines, block, ROLE_ROW,
						MACHINES_NONE);
	     i != MACHINES_NONE;
	     i = machines_next_row(machines, block, ROLE_ROW, i)) {
		double effect = fabs(log(machines->rows[i].ratio.median));

		if (!(effect > reached))
			continue;
		reached = effect;
		most = i;
	}
	return most;
}

const struct machines_cell *machines_on_kernel(const struct machines *machines,
					       unsigned int machine,
					       unsigned int kernel,
					       unsigned int row)
{
	for (unsigned int i = machines->machines[machine].last_group;
	     i != MACHINES_NONE; i = machines->groups[i].before)
		if (machines->groups[i].kernel == kernel)
			return machines_cell(&machines->groups[i], row);
	return NULL;
}

/* What a machine is sorted by. */
struct sorted {
	unsigned int machine;
	unsigned int kernels;
	double ratio;
};

static int in_order(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;

	if (a->kernels != b->kernels)
		return a->kernels > b->kernels ? -1 : 1;
	if (a->ratio != b->ratio)
		return a->ratio < b->ratio ? -1 : 1;
	return a->machine < b->machine ? -1 : a->machine > b->machine;
}

unsigned int machines_order(const struct machines *machines, unsigned int row,
			    bool by_kernels, unsigned int *places)
{
	struct sorted *list =
		calloc(machines->machines_count + 1, sizeof(*list));
	unsigned int count = 0;

	for (unsigned int i = 0; list && i < machines->machines_count; i++) {
		struct machines_value value = machines_value(machines, i, row);

		if (isfinite(value.ratio))
			list[count++] = (struct sorted){
				i, by_kernels ? value.kernels : 0, value.ratio};
	}
	if (list)
		qsort(list, count, sizeof(*list), in_order);
	for (unsigned int i = 0; i < count; i++)
		places[i] = list[i].machine;
	free(list);
	return count;
}
