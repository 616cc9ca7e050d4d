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

/* A bool in memory that the child wrote: any byte, and not only 0 and 1. */
static bool touched_all(const struct sample_answer *answer)
{
	unsigned char byte;

	memcpy(&byte, &answer->touched_all, 1);
	return byte == 1;
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
	if (!touched_all(answer))
		return "memory was grown before all of it was touched";
	if (answer->major_faults > 0)
		return "major faults: memory came from swap";
	return NULL;
}

struct oracle judge_faults(const struct sample_context *context,
			   const struct sample_answer *answer)
{
	struct oracle oracle = {.expected = answer->copied_pages,
				.silent = why_silent(context, answer)};
	uint64_t off;

	if (context->page_bytes > 0)
		oracle.expected += answer->touched_bytes / context->page_bytes;
	off = answer->minor_faults > oracle.expected
		      ? answer->minor_faults - oracle.expected
		      : oracle.expected - answer->minor_faults;
	oracle.agrees = oracle.silent != NULL ||
			off <= oracle.expected / 100 + ORACLE_SLACK_FAULTS;
	return oracle;
}
