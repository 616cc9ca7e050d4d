/* claims_counts - the claims that counts decide: T5 and T7. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driver/claims.h"

#define CLASSES_MAX 8

/* Those of the same rule and classes, to the least and the greatest size. */
struct extent {
	const struct claim_classes *smallest;
	const struct claim_classes *largest;
};

/* like: of its rule and classes; linear: of its rule and the linear chunks. */
static struct extent extent_of(const struct claim_classes *classes,
			       size_t count, const struct claim_classes *like,
			       bool linear)
{
	struct extent extent = {NULL, NULL};

	for (size_t i = 0; i < count; i++) {
		const struct claim_classes *of = &classes[i];

		if (strcmp(of->rule, like->rule) != 0 || of->linear != linear ||
		    (!linear && strcmp(of->classes, like->classes) != 0))
			continue;
		if (!extent.smallest ||
		    of->final_bytes < extent.smallest->final_bytes)
			extent.smallest = of;
		if (!extent.largest ||
		    of->final_bytes > extent.largest->final_bytes)
			extent.largest = of;
	}
	return extent;
}

static double for_each_byte(const struct claim_classes *classes)
{
	return (double)classes->bytes_copied / (double)classes->final_bytes;
}

static bool is_bounded(const struct extent *extent)
{
	double sizes = (double)extent->largest->final_bytes /
		       (double)extent->smallest->final_bytes;

	return for_each_byte(extent->largest) <=
	       sqrt(sizes) * for_each_byte(extent->smallest);
}

/* Of one kind of classes, under all rules. */
struct amortising {
	const char *classes;
	unsigned int rules;
	unsigned int amortised; /* of them */
	double least, most; /* of the bytes that linear chunks copy */
	double mapped; /* of live, the most */
};

static void amortising_add(struct amortising *kinds, size_t *count,
			   const struct claim_classes *of, double gain,
			   bool amortised)
{
	struct amortising *kind = kinds;

	while (kind < kinds + *count && strcmp(kind->classes, of->classes) != 0)
		kind++;
	if (kind == kinds + *count) {
		if (*count == CLASSES_MAX)
			return;
		(*count)++;
		*kind = (struct amortising){
			.classes = of->classes, .least = gain, .most = gain};
	}
	kind->rules++;
	kind->amortised += amortised;
	kind->least = fmin(kind->least, gain);
	kind->most = fmax(kind->most, gain);
	kind->mapped = fmax(kind->mapped, of->mapped);
}

static void amortising_say(const struct amortising *kind,
			   struct claim_finding *finding)
{
	char least[16], most[16];

	snprintf(least, sizeof(least), "%.2g", kind->least);
	snprintf(most, sizeof(most), "%.2g", kind->most);
	claim_say(finding, "%s: %s", kind->classes, least);
	if (strcmp(least, most) != 0)
		claim_say(finding, " to %s", most);
	claim_say(finding,
		  " times the bytes that linear chunks copy, amortised under "
		  "%u of %u rules",
		  kind->amortised, kind->rules);
	if (isfinite(kind->mapped) && kind->mapped > 0)
		claim_say(finding, ", at most %.2f of live mapped",
			  kind->mapped);
	claim_say(finding, ". ");
}

void claim_judge_classes(const struct claim_classes *classes, size_t count,
			 struct claim_finding *finding)
{
	unsigned int pairs = 0, amortised = 0, without_gain = 0;
	struct amortising kinds[CLASSES_MAX];
	size_t kinds_count = 0;
	bool steady = true;

	finding->of = "classes and rules";
	for (size_t i = 0; i < count; i++) {
		const struct claim_classes *of = &classes[i];
		struct extent own = extent_of(classes, count, of, false);
		struct extent linear = extent_of(classes, count, of, true);
		bool is_amortised;
		double gain;

		steady &= of->steady;
		if (of->linear || own.largest != of || !linear.largest ||
		    linear.largest->final_bytes != of->final_bytes ||
		    own.smallest == of || linear.largest->bytes_copied == 0)
			continue;
		gain = (double)of->bytes_copied /
		       (double)linear.largest->bytes_copied;
		pairs++;
		is_amortised = gain <= CLAIM_AMORTISED && is_bounded(&own);
		amortised += is_amortised;
		without_gain += gain >= CLAIM_NO_GAIN;
		amortising_add(kinds, &kinds_count, of, gain, is_amortised);
	}
	for (size_t i = 0; i < kinds_count; i++)
		amortising_say(&kinds[i], finding);
	if (!steady)
		claim_say(finding, "Some counts differ from round to round. ");
	if (!steady || pairs == 0)
		finding->verdict = CLAIM_UNTOLD;
	else if (amortised == pairs)
		finding->verdict = CLAIM_HOLDS;
	else if (without_gain == pairs)
		finding->verdict = CLAIM_FAILS;
	else
		finding->verdict = CLAIM_PARTLY;
}

void claim_judge_keeping(const struct claim_keeping *keepings, size_t count,
			 struct claim_finding *finding)
{
	unsigned int caused = 0, not_caused = 0, looked = 0;

	finding->of = "allocators";
	for (size_t i = 0; i < count; i++) {
		const struct claim_keeping *of = &keepings[i];
		double kept = (double)of->holes_kept;
		double unmapped = (double)of->holes_unmapped;

		claim_say(finding,
			  "%s: %llu holes where ranges are unmapped, %llu "
			  "where they are kept; %llu and %llu mappings. ",
			  of->allocator, (unsigned long long)of->holes_unmapped,
			  (unsigned long long)of->holes_kept,
			  (unsigned long long)of->mappings_unmapped,
			  (unsigned long long)of->mappings_kept);
		if (!of->steady || of->holes_unmapped < CLAIM_HOLES_MIN)
			continue;
		looked++;
		caused += kept <= CLAIM_CAUSED * unmapped;
		not_caused += kept >= CLAIM_NO_GAIN * unmapped;
	}
	if (looked < count || count == 0)
		finding->verdict = CLAIM_UNTOLD;
	else if (caused == count)
		finding->verdict = CLAIM_HOLDS;
	else if (not_caused == count)
		finding->verdict = CLAIM_FAILS;
	else
		finding->verdict = CLAIM_PARTLY;
	if (looked < count)
		claim_say(finding, "Too few holes, or counts that differ from "
				   "round to round: nothing is concluded. ");
}
