/* compare_check - what speaks against comparing cells that were matched. */
#include "driver/compare_parts.h"

#include <stdio.h>
#include <string.h>

#include "driver/names.h"

#define LIST_MAX 1024

/*
 * A fact of the work that must be one and the same in all runs of both sides.
 * what: of the reason, before the values.
 */
static int check_fact(struct comparison *comparison, const char *name,
		      const char *what, bool *differ)
{
	const struct compare_facts *base = &comparison->base->work;
	const struct compare_facts *new = &comparison->new->work;
	const struct compare_fact *one = compare_facts_find(base, name);
	const struct compare_fact *other = compare_facts_find(new, name);
	char a[LIST_MAX], b[LIST_MAX];

	*differ = one->values_count > 1 || other->values_count > 1 ||
		  strcmp(one->values[0].text, other->values[0].text) != 0;
	if (!*differ)
		return 0;
	compare_fact_text(one, base->runs, a, sizeof(a));
	compare_fact_text(other, new->runs, b, sizeof(b));
	return compare_reason(comparison, "%s: %s in %s, %s in %s", what, a,
			      comparison->base->path, b, comparison->new->path);
}

/*
 * Each run's pilot chose its own clock, by its noise; each sample has both.
 * Where they did not all choose CPU time, it is what a program waits for.
 */
static void choose_clock(struct compare_block *block)
{
	unsigned int clocks = block->base->clocks | block->new->clocks;

	block->clock = clocks == 1u << CLOCK_CPU ? CLOCK_CPU : CLOCK_WALL;
	block->clocks_differ = clocks != 1u << block->clock;
}

/* Copies and faults have no ratio. */
static int check_unit(struct comparison *comparison,
		      const struct compare_block *block)
{
	const struct compare_unit *base = &block->base->unit;
	const struct compare_unit *new = &block->new->unit;

	if (compare_units_agree(base, new))
		return 0;
	return compare_reason(comparison,
			      "the unit of %s, %s, differs: %s in %s, %s "
			      "in %s",
			      block->base->workload,
			      names_mode(block->base->thp, block->base->layout),
			      compare_unit_name(base), comparison->base->path,
			      compare_unit_name(new), comparison->new->path);
}

/* Each side made always the same requests, and not those of the other. */
static bool requests_differ(const struct compare_row *row)
{
	return row->base->digest[0] != 0 && row->new->digest[0] != 0 &&
	       !row->base->digests_differ &&
	       !row->new->digests_differ &&strcmp(row->base->digest,
						  row->new->digest) != 0;
}

/* Why they differ, where that is known: the end of a sentence, or "". */
static void contents_differ(const struct compare_block *block, char *text,
			    size_t size)
{
	const char *base = block->base->contents, *new = block->new->contents;

	text[0] = '\0';
	if (strcmp(base, new) != 0)
		snprintf(text, size,
			 ": the file that it names had other contents (hash "
			 "%s, then %s)",
			 base[0] ? base : "none", new[0] ? new : "none");
}

/* One reason for all cells of a block that made other requests. */
static int check_requests(struct comparison *comparison,
			  const struct compare_block *block)
{
	char list[LIST_MAX] = "", contents[160];
	size_t used = 0;

	for (unsigned int i = 0; i < block->rows_count; i++) {
		const struct compare_row *row = &block->rows[i];

		if (!requests_differ(row) || used >= sizeof(list))
			continue;
		used += (size_t)snprintf(list + used, sizeof(list) - used,
					 "%s%s", used > 0 ? ", " : "",
					 row->base->allocator);
	}
	if (used == 0)
		return 0;
	contents_differ(block, contents, sizeof(contents));
	return compare_reason(
		comparison,
		"the requests of %s, %s, differ between %s and %s for %s%s",
		block->base->workload,
		names_mode(block->base->thp, block->base->layout),
		comparison->base->path, comparison->new->path, list, contents);
}

int compare_match_repeated(struct comparison *comparison, bool *repeated)
{
	const struct compare_side *sides[] = {comparison->base,
					      comparison->new};
	int error = 0;

	*repeated = false;
	for (int i = 0; error == 0 && i < 2; i++) {
		if (sides[i]->repeated == 0)
			continue;
		*repeated = true;
		error = compare_reason(
			comparison,
			"%u of the runs in %s repeat%s the work in each "
			"process (--repeat): that is a study of how allocators "
			"warm up, and not compared",
			sides[i]->repeated, sides[i]->path,
			sides[i]->repeated == 1 ? "s" : "");
	}
	return error;
}

int compare_match_check(struct comparison *comparison)
{
	bool seeds_differ, units_differ;
	int error = check_fact(comparison, "seed",
			       "the seed differs, and with it the requests",
			       &seeds_differ);

	if (error == 0)
		error = check_fact(comparison, "clock_unit",
				   "the unit of the clock differs",
				   &units_differ);

	for (unsigned int i = 0; error == 0 && i < comparison->blocks_count;
	     i++) {
		struct compare_block *block = &comparison->blocks[i];

		choose_clock(block);
		error = check_unit(comparison, block);
		/* Other seeds and other work make other requests anyhow. */
		if (error == 0 && !seeds_differ && !block->rows[0].forced)
			error = check_requests(comparison, block);
	}
	return error;
}
