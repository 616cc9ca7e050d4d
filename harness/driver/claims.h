/*
 * claims - what a thread on mremap claimed in 2014, and what evidence says of it
 * on the machine and kernel it was measured on. Pure.
 *
 * T1 moving is a significant win for vectors at very large sizes
 * T2 the kernel finds a first fit only by a linear scan
 * T3 an unmapped chunk leaves a hole that remains indefinitely
 * T4 the more holes, the slower
 * T5 exponential size classes amortise reallocation away
 * T6 container types already amortise the cost
 * T7 it is caused by unmapping
 * T8 MREMAP_FIXED with a copy as fallback succeeds often enough to be worth it
 *
 * Each judge below says by what it decides. A verdict is said only where the
 * evidence forces it; else it is CLAIM_UNTOLD, and the finding says what is
 * missing. Counts are evidence where all repeats of them are equal ("steady"),
 * times where their interval says so and the instrument found itself in order
 * ("credible").
 */
#ifndef REGROW_CLAIMS_H
#define REGROW_CLAIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/map_trend.h"
#include "driver/shape.h"
#include "driver/stats.h"

enum claim_verdict {
	CLAIM_UNTOLD,
	CLAIM_HOLDS,
	CLAIM_PARTLY, /* for some of what was measured, which the finding names */
	CLAIM_FAILS,
	CLAIM_VERDICTS,
};
/* "cannot tell", "holds", "holds for these", "does not hold". */
extern const char *const claim_verdict_names[CLAIM_VERDICTS];

struct claim_finding {
	enum claim_verdict verdict;
	const char *of; /* CLAIM_PARTLY: for these "sizes"; a literal */
	char text[2048]; /* sentences */
};

/* The sentence is cut where there is no room for it. */
__attribute__((format(printf, 2, 3))) void
claim_say(struct claim_finding *finding, const char *format, ...);

/*
 * T1. Moving over copying, the time of the whole growth of a vector to a size. A
 * win is a ratio below CLAIM_WIN, the whole interval. Holds: a win at each size
 * from CLAIM_WIN_FROM on, over each kind of copy. Fails: at the largest size over
 * no kind of copy. Partly: at some; of each kind the finding says from which size
 * on. Untold: the largest size is not told over the first kind of copy.
 */
#define CLAIM_WIN (1 / 1.1)
#define CLAIM_WIN_FROM ((uint64_t)1 << 20)
struct claim_win {
	uint64_t size; /* bytes; of one kind upward */
	double ratio;
	struct interval interval; /* level 0: none */
	size_t pairs;
	unsigned int copy; /* which kind: index in the names given */
	bool credible;
};
void claim_judge_win(const struct claim_win *wins, size_t count,
		     const char *const *copies, unsigned int copies_count,
		     struct claim_finding *finding);

/*
 * T2 and T4. A cost along an axis. controlled: a linear walk that was planted on
 * the same axis was called linear.
 */
struct claim_course {
	const char *operation; /* "mmap", "fork" */
	const char *axis; /* "holes of a page", "mappings" */
	bool search; /* it asks for an address */
	bool whole; /* it walks the whole map by its nature, as fork does */
	bool controlled;
	double from; /* the least number above 0, where the growth begins */
	struct shape_fit fit;
};
/*
 * T2, of those that search. Holds: some are linear. Fails: none walks: each is
 * constant or logarithmic, or of no shape that is told but with the whole interval
 * of its growth below CLAIM_WALK (a walk through ten thousand things costs more
 * than the rest of a call). A course without its control tells nothing; where one
 * is linear, others need not be told.
 */
#define CLAIM_WALK 2
void claim_judge_scan(const struct claim_course *courses, size_t count,
		      struct claim_finding *finding);
/*
 * T4. A cost grows where its growth's or step's whole interval lies above
 * SHAPE_MARGIN, and does not where the whole interval of c(N_max) to c(0) lies
 * below it. Holds: all grow that are told, and no fewer than half are. Fails:
 * none does, and all are told. Partly: some.
 */
void claim_judge_slower(const struct claim_course *courses, size_t count,
			struct claim_finding *finding);

/* T3. What became of holes of a size: how often, over all repeats. */
struct claim_refill {
	uint64_t size; /* bytes, upward */
	uint64_t exact;
	uint64_t higher;
	uint64_t elsewhere;
	bool steady;
};
/* Random replacements: whether holes add up. */
struct claim_residue {
	char what[64]; /* "4 MiB", "2 to 16 MiB" */
	enum map_trend trend;
	double holes; /* bytes in holes over live bytes, at the end */
};
/*
 * A hole remains where the next request of its size did not take it. Holds: it
 * does at each size, and under replacements holes add up without bound. Fails:
 * at none, and they do not add up. Partly: the rest; the sizes are named, and
 * where it ends: "bounded at a half of live". Untold: nothing was measured,
 * some size is not steady, or it cannot be told whether holes add up.
 */
void claim_judge_holes(const struct claim_refill *refills, size_t count,
		       const struct claim_residue *residues,
		       size_t residues_count, struct claim_finding *finding);

/* T5. Size classes under one rule of slow growth, to one final size. */
struct claim_classes {
	const char *rule; /* of growth: "1.125" */
	const char *classes; /* "x2" */
	uint64_t final_bytes;
	uint64_t copies;
	uint64_t bytes_copied;
	double mapped; /* of live, at the end: the waste; NaN: not measured */
	double resident;
	bool linear; /* the chunks that the others are compared with */
	bool steady;
};
/*
 * Amortised under a rule: at the largest size the classes copy at most
 * CLAIM_AMORTISED of what linear chunks copy, and from the smallest size to it
 * bytes copied for each final byte grow less than the root of the size (linear
 * chunks grow with the size; exponential ones reach a bound). Holds: all
 * classes under all rules. Fails: none copies less than CLAIM_NO_GAIN of what
 * linear chunks do. Partly: the rest.
 */
#define CLAIM_AMORTISED 0.5
#define CLAIM_NO_GAIN 0.9
void claim_judge_classes(const struct claim_classes *classes, size_t count,
			 struct claim_finding *finding);

/*
 * T6. The share of growing (the calls, and reading the old part again) in
 * growing and filling, by growth rule, to one final size.
 */
struct claim_share {
	const char *allocator;
	const char *rule;
	uint64_t final_bytes;
	double share;
	struct interval interval; /* level 0: none */
	bool geometric; /* else it is the control, which is to fail */
};
/*
 * Amortised by an allocator: for each geometric rule at each size the share's
 * whole interval lies below CLAIM_SHARE. Not amortised: at the largest size that
 * of some geometric rule lies above it. The control has to lie above it at its
 * largest size, by some allocator, or nothing is told. Holds, fails: all
 * allocators. Partly: some, which are named.
 */
#define CLAIM_SHARE 0.10
void claim_judge_shares(const struct claim_share *shares, size_t count,
			struct claim_finding *finding);

/* T7. The same churn with ranges unmapped, and with ranges kept mapped. */
struct claim_keeping {
	const char *allocator; /* that unmaps */
	uint64_t holes_unmapped;
	uint64_t holes_kept;
	uint64_t mappings_unmapped;
	uint64_t mappings_kept;
	bool steady;
};
/*
 * "It" is the holes. Holds: keeping leaves at most CLAIM_CAUSED of the holes, of
 * each allocator. Fails: at least CLAIM_NO_GAIN of them, of each. Partly: the
 * rest. Less than CLAIM_HOLES_MIN holes are none to speak of. The finding says
 * of mappings what it sees.
 */
#define CLAIM_CAUSED 0.1
#define CLAIM_HOLES_MIN 20
void claim_judge_keeping(const struct claim_keeping *keepings, size_t count,
			 struct claim_finding *finding);

/* T8. Moves to an address of one's own choosing, in one piece of work. */
struct claim_fixed {
	const char *work;
	uint64_t moved; /* the call succeeded */
	uint64_t fell_back; /* it did not, and the block was copied */
	uint64_t owned; /* destinations out of ranges it already had */
	uint64_t fresh; /* newly mapped for it */
	uint64_t recovered; /* sources whose hole was filled again */
	uint64_t lost; /* that another took, or the kernel refused */
	double ratio; /* the whole run's time over that of copying */
	struct interval interval; /* level 0: none */
	double to_plain; /* and over that of MREMAP_MAYMOVE alone */
	struct interval to_plain_interval; /* level 0: none */
	size_t pairs;
	bool credible;
	bool steady;
};
/*
 * Worth is against copying, which is what the thread had; how it compares with
 * moving to where the kernel likes is said besides. Holds: in each work at least
 * CLAIM_OFTEN of the calls succeed, and the time's whole interval lies below 1.
 * Fails: in each less than half do, or the time's whole interval lies above 1.
 * Partly: some of the works.
 */
#define CLAIM_OFTEN 0.95
void claim_judge_fixed(const struct claim_fixed *works, size_t count,
		       struct claim_finding *finding);

#endif
