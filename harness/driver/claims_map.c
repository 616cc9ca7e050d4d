/* claims_map - the claims on the map and its search: T2, T3 and T4. */
#include <math.h>

#include "common/units.h"
#include "driver/claims.h"

static bool is_told(const struct claim_course *course)
{
	return course->controlled && course->fit.shape != SHAPE_UNTOLD;
}

/* It cannot be a walk, whatever its shape. */
static bool is_no_walk(const struct claim_course *course)
{
	const struct interval *growth = &course->fit.growth.interval;

	return course->controlled && growth->level > 0 &&
	       growth->high < CLAIM_WALK;
}

static void course_say(const struct claim_course *course,
		       struct claim_finding *finding)
{
	const struct shape_fit *fit = &course->fit;

	claim_say(finding, "%s against %s: ", course->operation, course->axis);
	if (!course->controlled)
		claim_say(finding, "the linear walk that was planted was not "
				   "called linear, so that nothing is said. ");
	else if (fit->shape == SHAPE_UNTOLD && !is_no_walk(course))
		claim_say(finding, "cannot tell (%s). ",
			  shape_doubt_texts[fit->doubt]);
	else
		claim_say(finding,
			  "%s from %.0f on, %.3g times (%.3g to %.3g). ",
			  fit->shape == SHAPE_UNTOLD ? "no walk"
						     : shape_names[fit->shape],
			  course->from, fit->growth.median,
			  fit->growth.interval.low, fit->growth.interval.high);
}

void claim_judge_scan(const struct claim_course *courses, size_t count,
		      struct claim_finding *finding)
{
	unsigned int searches = 0, linear = 0, others = 0;

	finding->of = "axes";
	for (size_t i = 0; i < count; i++) {
		if (!courses[i].search)
			continue;
		searches++;
		if (!is_told(&courses[i]))
			others += is_no_walk(&courses[i]);
		else if (courses[i].fit.shape == SHAPE_LINEAR)
			linear++;
		else
			others++;
		course_say(&courses[i], finding);
	}
	if (linear > 0)
		finding->verdict = CLAIM_HOLDS;
	else
		finding->verdict = searches > 0 && others == searches
					   ? CLAIM_FAILS
					   : CLAIM_UNTOLD;
}

enum growth { GROWTH_UNTOLD, GROWTH_SOME, GROWTH_NONE };

static bool lies_above(const struct shape_estimate *estimate)
{
	return estimate->interval.level > 0 &&
	       estimate->interval.low > SHAPE_MARGIN;
}

static enum growth growth_of(const struct claim_course *course)
{
	const struct shape_fit *fit = &course->fit;

	if (lies_above(&fit->growth) || lies_above(&fit->ratio))
		return GROWTH_SOME;
	if (shape_whole(fit)->interval.level > 0 &&
	    shape_whole(fit)->interval.high < SHAPE_MARGIN)
		return GROWTH_NONE;
	return GROWTH_UNTOLD;
}

void claim_judge_slower(const struct claim_course *courses, size_t count,
			struct claim_finding *finding)
{
	unsigned int grow = 0, none = 0;

	finding->of = "operations and axes";
	for (size_t i = 0; i < count; i++) {
		const struct claim_course *course = &courses[i];
		const struct shape_estimate *whole = shape_whole(&course->fit);
		enum growth growth = growth_of(course);

		grow += growth == GROWTH_SOME;
		none += growth == GROWTH_NONE;
		if (growth == GROWTH_SOME)
			claim_say(finding,
				  "%s is %.3g times as dear (%.3g to %.3g) "
				  "with the most %s%s. ",
				  course->operation, whole->median,
				  whole->interval.low, whole->interval.high,
				  course->axis,
				  course->whole ? ", which it walks" : "");
	}
	claim_say(finding,
		  "Of %zu pairs of an operation and an axis %u grow, %u do "
		  "not, %zu are not told. ",
		  count, grow, none, count - grow - none);
	if (grow + none == 0 || 2 * ((size_t)grow + none) < count)
		finding->verdict = CLAIM_UNTOLD;
	else if (none == 0)
		finding->verdict = CLAIM_HOLDS;
	else if (grow > 0)
		finding->verdict = CLAIM_PARTLY;
	else
		finding->verdict = none == count ? CLAIM_FAILS : CLAIM_UNTOLD;
}

/* "2M, 4M, 8M and 5 more" of the sizes that remained, or that were taken. */
static unsigned int sizes_say(const struct claim_refill *refills, size_t count,
			      bool remained, struct claim_finding *finding)
{
	const unsigned int named_max = 12;
	unsigned int named = 0;
	char size[UNITS_TEXT_SIZE];

	for (size_t i = 0; i < count; i++) {
		bool remains = refills[i].elsewhere > 0 || refills[i].higher;

		if (remains != remained)
			continue;
		if (named++ < named_max)
			claim_say(finding, "%s%s", named > 1 ? ", " : "",
				  units_exact_size(refills[i].size, size));
	}
	if (named > named_max)
		claim_say(finding, " and %u more", named - named_max);
	return named;
}

static void refills_say(const struct claim_refill *refills, size_t count,
			unsigned int remained, struct claim_finding *finding)
{
	claim_say(finding,
		  "Of %zu sizes %u leave a hole that the next request "
		  "of that size does not take",
		  count, remained);
	if (remained > 0 && remained < count) {
		claim_say(finding, ": ");
		sizes_say(refills, count, true, finding);
		claim_say(finding, ". The hole is taken again at ");
		sizes_say(refills, count, false, finding);
	}
	claim_say(finding, ". ");
}

static void residue_say(const struct claim_residue *residue,
			struct claim_finding *finding)
{
	claim_say(finding, "Random replacements of %s: bytes in holes are ",
		  residue->what);
	if (residue->trend == MAP_TREND_BOUNDED)
		claim_say(finding, "bounded at %.2g of live. ", residue->holes);
	else if (residue->trend == MAP_TREND_GROWING)
		claim_say(finding, "%.2g of live and growing. ",
			  residue->holes);
	else
		claim_say(finding,
			  "%.2g of live; it cannot be told whether "
			  "they grow. ",
			  residue->holes);
}

void claim_judge_holes(const struct claim_refill *refills, size_t count,
		       const struct claim_residue *residues,
		       size_t residues_count, struct claim_finding *finding)
{
	unsigned int remained = 0, growing = 0, bounded = 0;
	bool steady = count > 0;

	finding->of = "sizes";
	for (size_t i = 0; i < count; i++) {
		steady &= refills[i].steady;
		remained += refills[i].elsewhere > 0 || refills[i].higher > 0;
	}
	refills_say(refills, count, remained, finding);
	for (size_t i = 0; i < residues_count; i++) {
		growing += residues[i].trend == MAP_TREND_GROWING;
		bounded += residues[i].trend == MAP_TREND_BOUNDED;
		residue_say(&residues[i], finding);
	}
	if (!steady)
		claim_say(finding, "Not all repeats agree. ");
	if (!steady || growing + bounded < residues_count)
		finding->verdict = CLAIM_UNTOLD;
	else if (remained == count &&
		 (growing == residues_count || residues_count == 0))
		finding->verdict = CLAIM_HOLDS;
	else if (remained == 0 && growing == 0)
		finding->verdict = CLAIM_FAILS;
	else
		finding->verdict = CLAIM_PARTLY;
}
