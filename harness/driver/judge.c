/* judge - whether what a sample's process answered holds together. */
#include "driver/judge.h"

#include <string.h>

/*
 * How far faults may be from the oracle: 1 %, as it is known to hold, and what
 * the harness and the allocator touch for the first time beside the blocks.
 */
#define ORACLE_SLACK_FAULTS 64

bool judge_histogram(const struct histogram *histogram)
{
	uint64_t count = histogram->overflow;

	for (unsigned int i = 0; i < HISTOGRAM_BUCKETS; i++)
		count += histogram->buckets[i];
	return count == histogram->count &&
	       histogram->overflow <= histogram->count &&
	       histogram->min_ns <= histogram->max_ns;
}

/* All that the allocator held was asked for, and touched before it grew. */
static bool is_dense(const struct sample_answer *answer)
{
	return answer->sparse_blocks == 0 && answer->untouched_pages == 0 &&
	       answer->rewritten_pages == 0 &&
	       answer->tally.growths[OUTCOME_SLACK] == 0;
}

/*
 * What a shrunk block loses may be given back by the allocator or kept; grown
 * again it faults anew or does not.
 */
static bool is_shrunk(const struct sample_answer *answer)
{
	return answer->operations[OPERATION_SHRINK].histogram.count > 0;
}

static const char *why_silent(const struct sample_context *context,
			      const struct sample_answer *answer)
{
	if (context->role == ROLE_FLOOR)
		return "the floor's memory was faulted in beforehand";
	if (context->thp != THP_NEVER)
		return "huge pages were allowed";
	if (context->repeat > 1)
		return "the work was repeated, in memory that the allocator "
		       "may have kept";
	if (context->page_bytes == 0)
		return "the page size is not known";
	if (context->faults != FAULTS_EXACT && !is_dense(answer))
		return context->faults == FAULTS_EXACT_DENSE
			       ? "not all memory was touched, and the allocator "
				 "faults it in itself"
			       : "not all memory was touched, and the allocator "
				 "hands out pages again";
	if (is_shrunk(answer) && !is_dense(answer))
		return "blocks were made smaller of which not all was touched";
	if (answer->major_faults > 0)
		return "major faults: memory came from swap";
	return NULL;
}

struct oracle judge_faults(const struct sample_context *context,
			   const struct sample_answer *answer)
{
	struct oracle oracle = {.expected = answer->copied_pages +
					    answer->untouched_pages,
				.silent = why_silent(context, answer)};
	uint64_t rewritten = answer->rewritten_pages;
	uint64_t off;

	if (context->page_bytes > 0)
		oracle.expected += answer->touched_bytes / context->page_bytes;
	oracle.expected -=
		rewritten < oracle.expected ? rewritten : oracle.expected;
	oracle.at_most =
		context->faults == FAULTS_AT_MOST_DENSE || is_shrunk(answer);
	off = answer->minor_faults > oracle.expected
		      ? answer->minor_faults - oracle.expected
	      : oracle.at_most ? 0
			       : oracle.expected - answer->minor_faults;
	oracle.agrees = oracle.silent != NULL ||
			off <= oracle.expected / 100 + ORACLE_SLACK_FAULTS;
	return oracle;
}
