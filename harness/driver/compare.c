/* compare - results files against each other: read, matched, judged. */
#include "driver/compare_parts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_pair(struct compare *compare, unsigned int index)
{
	struct comparison *comparison = &compare->comparisons[index];
	bool repeated = false;
	int error;

	comparison->base = &compare->base;
	comparison->new = &compare->sides[index];
	comparison->runs = comparison->base->files_count > 1 ||
			   comparison->new->files_count > 1;
	error = compare_facts_differ(
		&comparison->base->facts, &comparison->new->facts,
		&comparison->differences, &comparison->differences_count);
	if (error == 0)
		error = compare_match_repeated(comparison, &repeated);
	if (error == 0 && !repeated)
		error = compare_match(comparison, compare->options.force);
	if (comparison->reasons_count > 0 &&
	    (!compare->options.force || comparison->blocks_count == 0))
		compare->refused = true;
	return error;
}

static int compare_sides(struct compare *compare)
{
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < compare->count; i++)
		error = compare_pair(compare, i);
	if (error != 0 || compare->refused)
		return error;
	return compare_judge(compare);
}

int compare_make(const char *const *paths, unsigned int count,
		 const struct compare_options *options, struct compare *compare,
		 char *why, size_t why_size)
{
	int error;

	memset(compare, 0, sizeof(*compare));
	compare->options = *options;
	compare->sides = calloc(count, sizeof(*compare->sides));
	compare->comparisons = calloc(count, sizeof(*compare->comparisons));
	if (compare->sides == NULL || compare->comparisons == NULL) {
		snprintf(why, why_size, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	error = compare_side_read(&compare->base, paths[0], options->in_units,
				  why, why_size);
	for (unsigned int i = 1; error == 0 && i < count; i++)
		error = compare_side_read(&compare->sides[compare->count++],
					  paths[i], options->in_units, why,
					  why_size);
	if (error != 0)
		return error;
	error = compare_sides(compare);
	if (error != 0)
		snprintf(why, why_size, "cannot compare: %s", strerror(-error));
	return error;
}

static void free_comparison(struct comparison *comparison)
{
	for (unsigned int i = 0; i < comparison->blocks_count; i++)
		free(comparison->blocks[i].rows);
	for (unsigned int i = 0; i < comparison->reasons_count; i++)
		free(comparison->reasons[i]);
	free(comparison->blocks);
	free(comparison->alone);
	free(comparison->differences);
	free(comparison->reasons);
}

void compare_free(struct compare *compare)
{
	for (unsigned int i = 0; i < compare->count; i++) {
		free_comparison(&compare->comparisons[i]);
		compare_side_free(&compare->sides[i]);
	}
	compare_side_free(&compare->base);
	free(compare->sides);
	free(compare->comparisons);
	memset(compare, 0, sizeof(*compare));
}

bool compare_row_is_worse(const struct compare_row *row, int count)
{
	return row->changes[count] == COMPARE_CHANGED &&
	       compare_counted[count].more_is_worse &&
	       row->new->counts[count].min > row->base->counts[count].min;
}

static bool is_worse(const struct compare_row *row, bool counts)
{
	if (row->judged && row->verdict == VERDICT_SLOWER)
		return true;
	for (int i = 0; counts && i < COMPARE_COUNTS; i++)
		if (compare_row_is_worse(row, i))
			return true;
	return false;
}

enum compare_gate compare_gate(const struct compare *compare, bool counts)
{
	bool slower = false, inconclusive = compare->compared == 0;

	for (unsigned int i = 0; i < compare->count; i++) {
		const struct comparison *comparison = &compare->comparisons[i];

		for (unsigned int j = 0; j < comparison->blocks_count; j++) {
			const struct compare_block *block =
				&comparison->blocks[j];

			for (unsigned int k = 0; k < block->rows_count; k++) {
				slower |= is_worse(&block->rows[k], counts);
				inconclusive |= block->rows[k].judged &&
						block->rows[k].verdict ==
							VERDICT_INCONCLUSIVE;
			}
		}
	}
	if (slower)
		return COMPARE_GATE_SLOWER;
	return inconclusive ? COMPARE_GATE_CANNOT_TELL : COMPARE_GATE_FINE;
}
