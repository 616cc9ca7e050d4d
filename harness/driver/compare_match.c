/* compare_match - which cells of two sides are the same work. */
#include "driver/compare_parts.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "driver/names.h"

/* Of each cell of a side: whether it has found its like on the other. */
struct matched {
	bool *base;
	bool *new;
};

/* Skipped in all runs that have it. */
static bool is_skipped(const struct compare_cell *cell)
{
	return cell->skipped != NULL && cell->runs == 0;
}

static const struct compare_group *group_of(const struct compare_side *side,
					    const struct compare_cell *cell)
{
	return &side->groups[cell->group];
}

static bool is_same_work(const struct compare_group *a,
			 const struct compare_group *b)
{
	return a->thp == b->thp && a->layout == b->layout &&
	       strcmp(a->workload, b->workload) == 0;
}

/* The same workload, whatever its parameters, THP mode and layout. */
static bool is_like_work(const struct compare_group *a,
			 const struct compare_group *b)
{
	size_t length = strcspn(a->workload, ":");

	return length == strcspn(b->workload, ":") &&
	       strncmp(a->workload, b->workload, length) == 0;
}

static bool is_same_cell(const struct compare_cell *a,
			 const struct compare_cell *b)
{
	return a->role == b->role && strcmp(a->allocator, b->allocator) == 0;
}

/*
 * The unmatched cell of a side that is the given one of the other side, by
 * same; NULL: none, or more than one.
 */
static const struct compare_cell *
find_like(const struct compare_side *side, const bool *matched,
	  const struct compare_group *group, const struct compare_cell *cell,
	  bool (*same)(const struct compare_group *a,
		       const struct compare_group *b))
{
	const struct compare_cell *found = NULL;

	for (unsigned int i = 0; i < side->cells_count; i++) {
		const struct compare_cell *one = &side->cells[i];

		if (matched[i] || !is_same_cell(one, cell) ||
		    !same(group_of(side, one), group))
			continue;
		if (found != NULL)
			return NULL;
		found = one;
	}
	return found;
}

/* The block of two groups, made where it is new; NULL where memory ran out. */
static struct compare_block *block_of(struct comparison *comparison,
				      const struct compare_group *base,
				      const struct compare_group *new)
{
	struct compare_block *blocks, *block;

	for (unsigned int i = 0; i < comparison->blocks_count; i++) {
		block = &comparison->blocks[i];
		if (block->base == base && block->new == new)
			return block;
	}
	blocks = realloc(comparison->blocks,
			 (comparison->blocks_count + 1) * sizeof(*blocks));
	if (blocks == NULL)
		return NULL;
	comparison->blocks = blocks;
	block = &blocks[comparison->blocks_count++];
	memset(block, 0, sizeof(*block));
	block->base = base;
	block->new = new;
	return block;
}

static int add_row(struct comparison *comparison,
		   const struct compare_cell *base,
		   const struct compare_cell *new, bool forced)
{
	struct compare_block *block =
		block_of(comparison, group_of(comparison->base, base),
			 group_of(comparison->new, new));
	struct compare_row *rows = NULL;
	bool exercised =
		compare_cell_exercised(base) && compare_cell_exercised(new);

	if (block != NULL)
		rows = realloc(block->rows,
			       (block->rows_count + 1) * sizeof(*rows));
	if (rows == NULL)
		return -ENOMEM;
	block->rows = rows;
	rows[block->rows_count++] = (struct compare_row){
		.base = base,
		.new = new,
		.forced = forced,
		.exercised = exercised,
		.judged = exercised && base->role != ROLE_FLOOR,
	};
	return 0;
}

static int add_alone(struct comparison *comparison, bool is_base,
		     const struct compare_cell *cell, const char *skipped)
{
	const struct compare_side *side =
		is_base ? comparison->base : comparison->new;
	struct compare_alone *list =
		realloc(comparison->alone,
			(comparison->alone_count + 1) * sizeof(*list));

	if (list == NULL)
		return -ENOMEM;
	comparison->alone = list;
	list[comparison->alone_count++] = (struct compare_alone){
		is_base, group_of(side, cell), cell, skipped};
	return 0;
}

/* A pair; what is skipped on one side stands alone, and on both, not at all. */
static int add_pair(struct comparison *comparison,
		    const struct compare_cell *base,
		    const struct compare_cell *new, bool forced)
{
	if (is_skipped(base) && is_skipped(new))
		return 0;
	if (is_skipped(base))
		return add_alone(comparison, false, new, base->skipped);
	if (is_skipped(new))
		return add_alone(comparison, true, base, new->skipped);
	return add_row(comparison, base, new, forced);
}

/* One round of matching by same. */
static int match_by(struct comparison *comparison,
		    const struct matched *matched, bool forced,
		    bool (*same)(const struct compare_group *a,
				 const struct compare_group *b))
{
	const struct compare_side *base = comparison->base;
	const struct compare_side *new = comparison->new;
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < base->cells_count; i++) {
		const struct compare_cell *one = &base->cells[i], *other;
		const struct compare_group *group = group_of(base, one);

		if (matched->base[i])
			continue;
		other = find_like(new, matched->new, group, one, same);
		/* Each has to be the only one for the other. */
		if (other == NULL ||
		    find_like(base, matched->base, group_of(new, other), other,
			      same) != one)
			continue;
		matched->base[i] = true;
		matched->new[other - new->cells] = true;
		error = add_pair(comparison, one, other, forced);
	}
	return error;
}

/* What was not matched; a cell that was skipped anyhow is not worth a line. */
static int match_rest(struct comparison *comparison,
		      const struct matched *matched)
{
	const struct compare_side *base = comparison->base;
	const struct compare_side *new = comparison->new;
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < base->cells_count; i++)
		if (!matched->base[i] && !is_skipped(&base->cells[i]))
			error = add_alone(comparison, true, &base->cells[i],
					  NULL);
	for (unsigned int i = 0; error == 0 && i < new->cells_count; i++)
		if (!matched->new[i] && !is_skipped(&new->cells[i]))
			error = add_alone(comparison, false, &new->cells[i],
					  NULL);
	return error;
}

int compare_reason(struct comparison *comparison, const char *format, ...)
{
	char **reasons =
		realloc(comparison->reasons,
			(comparison->reasons_count + 1) * sizeof(*reasons));
	va_list arguments;
	int length;

	if (reasons == NULL)
		return -ENOMEM;
	comparison->reasons = reasons;
	va_start(arguments, format);
	length = vasprintf(&reasons[comparison->reasons_count], format,
			   arguments);
	va_end(arguments);
	if (length < 0)
		return -ENOMEM;
	comparison->reasons_count++;
	return 0;
}

/* Workloads that both have, but not with the same parameters and modes. */
static int explain_unlike(struct comparison *comparison)
{
	const struct compare_side *base = comparison->base;
	const struct compare_side *new = comparison->new;
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < base->groups_count; i++)
		for (unsigned int j = 0; error == 0 && j < new->groups_count;
		     j++) {
			const struct compare_group *a = &base->groups[i];
			const struct compare_group *b = &new->groups[j];

			if (!is_like_work(a, b) || is_same_work(a, b))
				continue;
			error = compare_reason(
				comparison,
				"the work differs: %s, %s, in %s, and %s, "
				"%s, in %s",
				a->workload, names_mode(a->thp, a->layout),
				base->path, b->workload,
				names_mode(b->thp, b->layout), new->path);
		}
	return error;
}

/* What was forced to match, once for each block. */
static int explain_forced(struct comparison *comparison)
{
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < comparison->blocks_count;
	     i++) {
		const struct compare_block *block = &comparison->blocks[i];

		if (!block->rows[0].forced)
			continue;
		error = compare_reason(
			comparison,
			"the work differs: %s, %s, in %s, and %s, %s, in %s",
			block->base->workload,
			names_mode(block->base->thp, block->base->layout),
			comparison->base->path, block->new->workload,
			names_mode(block->new->thp, block->new->layout),
			comparison->new->path);
	}
	return error;
}

static int match_all(struct comparison *comparison,
		     const struct matched *matched, bool force)
{
	int error = match_by(comparison, matched, false, is_same_work);

	if (error == 0 && force)
		error = match_by(comparison, matched, true, is_like_work);
	if (error == 0)
		error = match_rest(comparison, matched);
	if (error == 0 && force)
		error = explain_forced(comparison);
	if (error != 0 || comparison->blocks_count > 0)
		return error;
	error = compare_reason(comparison, "%s and %s have no cell in common",
			       comparison->base->path, comparison->new->path);
	return error != 0 ? error : explain_unlike(comparison);
}

int compare_match(struct comparison *comparison, bool force)
{
	struct matched matched = {
		.base = calloc(comparison->base->cells_count + 1,
			       sizeof(*matched.base)),
		.new = calloc(comparison->new->cells_count + 1,
			      sizeof(*matched.new)),
	};
	int error = -ENOMEM;

	if (matched.base != NULL && matched.new != NULL)
		error = match_all(comparison, &matched, force);
	if (error == 0)
		error = compare_match_check(comparison);
	free(matched.base);
	free(matched.new);
	return error;
}
