/* claims_time - the claims that times decide: T1, T6 and T8. */
#include <math.h>

#include "common/units.h"
#include "driver/claims.h"
#include "driver/verdict.h"

/* What a win's interval says; a ratio that is not credible says nothing. */
enum said { SAID_NOTHING, SAID_WIN, SAID_NO_WIN };

static enum said win_said(const struct claim_win *win)
{
	if (!win->credible || win->pairs < VERDICT_PAIRS_MIN ||
	    !(win->interval.level > 0))
		return SAID_NOTHING;
	if (win->interval.high < CLAIM_WIN)
		return SAID_WIN;
	return win->interval.low > CLAIM_WIN ? SAID_NO_WIN : SAID_NOTHING;
}

/* Of one kind of copy. */
struct reach {
	const struct claim_win *largest;
	uint64_t from; /* the least size from which on all win; 0: none */
	unsigned int sizes; /* from CLAIM_WIN_FROM on */
	unsigned int wins; /* of them */
};

static struct reach reach_of(const struct claim_win *wins, size_t count,
			     unsigned int copy)
{
	struct reach reach = {0};

	for (size_t i = 0; i < count; i++) {
		enum said said = win_said(&wins[i]);

		if (wins[i].copy != copy)
			continue;
		if (!reach.largest || wins[i].size >= reach.largest->size)
			reach.largest = &wins[i];
		if (said != SAID_WIN)
			reach.from = 0;
		else if (reach.from == 0)
			reach.from = wins[i].size;
		reach.sizes += wins[i].size >= CLAIM_WIN_FROM;
		reach.wins +=
			wins[i].size >= CLAIM_WIN_FROM && said == SAID_WIN;
	}
	return reach;
}

static void reach_say(const struct reach *reach, const char *copy,
		      struct claim_finding *finding)
{
	const struct claim_win *largest = reach->largest;
	char size[UNITS_TEXT_SIZE], from[UNITS_TEXT_SIZE];

	units_exact_size(largest->size, size);
	if (reach->from)
		claim_say(finding,
			  "Over %s moving wins from %s on; to %s it takes %.3g "
			  "of the time (%.3g to %.3g). ",
			  copy, units_exact_size(reach->from, from), size,
			  largest->ratio, largest->interval.low,
			  largest->interval.high);
	else if (largest->interval.level > 0)
		claim_say(finding,
			  "Over %s: %s at %s, %.3g of the time (%.3g to "
			  "%.3g)%s. ",
			  copy,
			  win_said(largest) == SAID_NO_WIN ? "no win"
							   : "not told",
			  size, largest->ratio, largest->interval.low,
			  largest->interval.high,
			  largest->credible ? ""
					    : ", where the instrument did not "
					      "find what was planted");
	else
		claim_say(finding, "Over %s: too few rounds at %s. ", copy,
			  size);
}

void claim_judge_win(const struct claim_win *wins, size_t count,
		     const char *const *copies, unsigned int copies_count,
		     struct claim_finding *finding)
{
	unsigned int kinds = 0, all = 0, no_win = 0, some = 0;
	bool told = false;

	finding->of = "sizes";
	for (unsigned int i = 0; i < copies_count; i++) {
		struct reach reach = reach_of(wins, count, i);
		enum said largest;

		if (!reach.largest)
			continue;
		largest = win_said(reach.largest);
		told |= kinds == 0 && largest != SAID_NOTHING;
		kinds++;
		all += reach.sizes > 0 && reach.wins == reach.sizes;
		some += reach.from > 0;
		no_win += largest == SAID_NO_WIN;
		reach_say(&reach, copies[i], finding);
	}
	if (!told)
		finding->verdict = CLAIM_UNTOLD;
	else if (all == kinds)
		finding->verdict = CLAIM_HOLDS;
	else if (no_win == kinds)
		finding->verdict = CLAIM_FAILS;
	else
		finding->verdict = some ? CLAIM_PARTLY : CLAIM_UNTOLD;
}

/* Of one allocator's rules. */
struct amortising {
	bool below; /* all geometric ones, at all sizes */
	bool above; /* some geometric one at its largest size */
	bool control; /* above, at the largest size */
	double most; /* of the geometric ones at the largest size */
	double control_share;
	unsigned int geometric;
};

static bool is_largest(const struct claim_share *shares, size_t count,
		       size_t place)
{
	const struct claim_share *of = &shares[place];

	for (size_t i = 0; i < count; i++)
		if (shares[i].allocator == of->allocator &&
		    shares[i].rule == of->rule &&
		    shares[i].final_bytes > of->final_bytes)
			return false;
	return true;
}

static struct amortising amortising_of(const struct claim_share *shares,
				       size_t count, const char *allocator)
{
	struct amortising of = {.below = true};

	for (size_t i = 0; i < count; i++) {
		const struct claim_share *share = &shares[i];
		bool told = share->interval.level > 0;
		bool above = told && share->interval.low > CLAIM_SHARE;

		if (share->allocator != allocator)
			continue;
		if (!share->geometric) {
			of.control |= above && is_largest(shares, count, i);
			of.control_share = fmax(of.control_share, share->share);
			continue;
		}
		of.geometric++;
		of.below =
			of.below && told && share->interval.high < CLAIM_SHARE;
		if (!is_largest(shares, count, i))
			continue;
		of.above |= above;
		of.most = fmax(of.most, share->share);
	}
	return of;
}

static bool is_first_of(const struct claim_share *shares, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (shares[i].allocator == shares[place].allocator)
			return false;
	return true;
}

/* Names are compared by place: they are the evidence's own. */
void claim_judge_shares(const struct claim_share *shares, size_t count,
			struct claim_finding *finding)
{
	unsigned int allocators = 0, below = 0, above = 0;
	bool control = false;

	finding->of = "allocators";
	for (size_t i = 0; i < count; i++) {
		struct amortising of;

		if (!is_first_of(shares, i))
			continue;
		of = amortising_of(shares, count, shares[i].allocator);
		control |= of.control;
		if (of.geometric == 0)
			continue;
		allocators++;
		below += of.below;
		above += of.above && !of.below;
		claim_say(finding,
			  "%s: growing is %s of growing and filling (%.3g %% "
			  "at most, to the largest size). ",
			  shares[i].allocator,
			  of.below   ? "less than a tenth"
			  : of.above ? "more than a tenth"
				     : "not told from a tenth",
			  100 * of.most);
	}
	if (!control)
		claim_say(finding, "The rule that has to fail did not, or was "
				   "not measured: nothing is concluded. ");
	if (!control || allocators == 0 || below + above == 0)
		finding->verdict = CLAIM_UNTOLD;
	else if (below == allocators)
		finding->verdict = CLAIM_HOLDS;
	else if (above == allocators)
		finding->verdict = CLAIM_FAILS;
	else
		finding->verdict = below ? CLAIM_PARTLY : CLAIM_UNTOLD;
}

static double part(uint64_t of, uint64_t rest)
{
	return of + rest > 0 ? (double)of / (double)(of + rest) : NAN;
}

/* "98 %", or "-" where it happened never. */
static const char *percent_text(double share, char text[16])
{
	if (isnan(share))
		return "-";
	snprintf(text, 16, "%.3g %%", 100 * share);
	return text;
}

void claim_judge_fixed(const struct claim_fixed *works, size_t count,
		       struct claim_finding *finding)
{
	unsigned int worth = 0, not_worth = 0;

	finding->of = "workloads";
	for (size_t i = 0; i < count; i++) {
		const struct claim_fixed *work = &works[i];
		double often = part(work->moved, work->fell_back);
		bool timed = work->credible && work->interval.level > 0 &&
			     work->pairs >= VERDICT_PAIRS_MIN;
		char texts[3][16];

		if (isnan(often) || !work->steady) {
			claim_say(finding, "%s: %s. ", work->work,
				  isnan(often) ? "no call was made"
					       : "its counts differ from "
						 "round to round");
			continue;
		}
		worth += often >= CLAIM_OFTEN && timed &&
			 work->interval.high < 1;
		not_worth += often < 0.5 || (timed && work->interval.low > 1);
		claim_say(
			finding,
			"%s: %s of the calls succeed, %s of the destinations "
			"were its own, %s of the sources were recovered",
			work->work, percent_text(often, texts[0]),
			percent_text(part(work->owned, work->fresh), texts[1]),
			percent_text(part(work->recovered, work->lost),
				     texts[2]));
		if (work->interval.level > 0)
			claim_say(finding,
				  "; %.3g of the time of copying (%.3g to "
				  "%.3g)%s",
				  work->ratio, work->interval.low,
				  work->interval.high,
				  timed ? ""
					: ", which is not taken at its "
					  "word");
		if (work->to_plain_interval.level > 0)
			claim_say(finding,
				  ", and %.3g of that of MREMAP_MAYMOVE alone "
				  "(%.3g to %.3g)",
				  work->to_plain, work->to_plain_interval.low,
				  work->to_plain_interval.high);
		claim_say(finding, ". ");
	}
	if (count > 0 && worth == count)
		finding->verdict = CLAIM_HOLDS;
	else if (count > 0 && not_worth == count)
		finding->verdict = CLAIM_FAILS;
	else
		finding->verdict = worth ? CLAIM_PARTLY : CLAIM_UNTOLD;
}
