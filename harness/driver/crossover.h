/*
 * crossover - from which size on does moving a block cost less than copying it?
 *
 * The map is computed from results files alone, of groups that grow one block
 * of a size: a curve is the ratio of a mover's time to a copy's along the sizes.
 * A copy goes into cold memory (the reference), into memory that was populated
 * just before, or into warm memory, that was kept with its pages.
 *
 * How a threshold is found, and what it promises:
 *
 * - At each size there is an exact interval of the median ratio, by the sign
 *   test over rounds. All intervals of a file are simultaneous (Bonferroni),
 *   those of several files, too: with probability 1 - CROSSOVER_ALPHA all that
 *   is said of the whole map is right. A size is told where its interval leaves
 *   1 out: copying or moving is cheaper there. Else it is not told.
 * - A crossing is a pair of told sizes, next to each other or with sizes between
 *   that are not told, of which one way is cheaper at the one and the other way
 *   at the other. Its interval is these two sizes. Nothing is assumed about the
 *   curve between them, neither a line nor a slope: it may jump, as it does at
 *   2 MiB, where page tables begin to be moved as a whole. An interval from a
 *   line's root would be narrow there and wrong.
 * - The first file of a curve is the coarse grid. Its sizes were fixed before
 *   anything was measured, so its crossings are right as they are, only wide.
 *   Later files refine them, by fresh rounds at sizes between: what chose the
 *   place is not used again. Of each coarse crossing the fresh points between
 *   its ends, these included, are looked at in the same way.
 * - The estimate inside of an interval is where the medians, joined over the
 *   logarithm of size, cross 1: a reading aid, without a promise.
 *
 * A single crossing per round by interpolation, and the median of those, was
 * the other way to go: it has no value in rounds that do not cross, more than
 * one in rounds that cross twice, and it is biased where the curve bends.
 * `make selftest-crossover` counts how often intervals hold the truth.
 */
#ifndef REGROW_CROSSOVER_H
#define REGROW_CROSSOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/spec.h"
#include "driver/results.h"
#include "driver/stats.h"
#include "driver/style.h"

#define CROSSOVER_ALPHA 0.05 /* of all that a map says together */
/* Of the cold copy's page faults; a warm copy that takes more was not warm. */
#define CROSSOVER_WARM_FAULTS 0.05

enum crossover_copy {
	CROSSOVER_COLD, /* the reference: the destination was never touched */
	CROSSOVER_POPULATED, /* faulted in by a call before the copy */
	CROSSOVER_WARM, /* kept with its pages from earlier blocks */
	CROSSOVER_COPIES,
};
/* "cold", "pre-populated", "warm". */
extern const char *const crossover_copy_names[CROSSOVER_COPIES];

/* What is compared. */
enum crossover_cost {
	CROSSOVER_WHOLE, /* growth, first touch of the tail, re-read: decides */
	CROSSOVER_GROW, /* grow() alone, by wall */
	CROSSOVER_COSTS,
};

enum crossover_side {
	CROSSOVER_UNTOLD,
	CROSSOVER_COPYING, /* is cheaper, for certain */
	CROSSOVER_MOVING,
};
/* "not told", "copying", "moving". */
extern const char *const crossover_side_names[CROSSOVER_MOVING + 1];

/* Why a size is not told whatever its interval. */
enum crossover_doubt {
	DOUBT_NONE,
	DOUBT_ROUNDS, /* too few for an interval at that level */
	DOUBT_PLANTED, /* the planted effect was not found, or not measured */
	DOUBT_EXERCISED, /* the mover did not move */
	DOUBT_WARM, /* the warm copy took page faults */
	DOUBT_SKIPPED, /* not measured; the group's or cell's reason */
	DOUBT_COUNT,
};

struct crossover_ratio {
	double median; /* mover over copy; NaN: not measured */
	struct interval interval; /* level 0: too few pairs */
	size_t pairs;
	enum crossover_side side;
};

/* One size of a curve in one file. */
struct crossover_point {
	uint64_t size; /* bytes of the block before it grows, no residue */
	unsigned int file; /* in map->files; the first of the curve is coarse */
	bool of_group; /* the doubt is: of all curves at this size */
	enum crossover_doubt doubt;
	const char *why; /* DOUBT_SKIPPED; or NULL */
	struct crossover_ratio ratios[CROSSOVER_COSTS];
	double warm_faults; /* of the cold copy's; NaN: not measured */
};

enum crossover_state {
	CROSSING_COARSE, /* from the grid; there were no fresh rounds */
	CROSSING_FRESH, /* from fresh rounds alone */
	CROSSING_NOT_NARROWED, /* fresh rounds could not tell more */
	CROSSING_NOT_CONFIRMED, /* fresh rounds tell that there is none */
};
extern const char *const crossover_state_names[CROSSING_NOT_CONFIRMED + 1];

struct crossover_crossing {
	uint64_t low; /* told sizes; the crossing lies between them */
	uint64_t high;
	double estimate; /* bytes, between low and high */
	enum crossover_side above; /* who is cheaper from there on */
	enum crossover_state state;
	size_t pairs; /* rounds at its ends, the fewer */
};

#define CROSSOVER_CROSSINGS_MAX 16 /* of a curve; more are not curves */

struct crossover_curve {
	const char *mover; /* canonical */
	const char *copier; /* the copy's spelling */
	enum crossover_copy copy;
	enum thp_mode thp;
	enum layout layout;
	char rest[SPEC_TEXT_MAX]; /* the workload's other options; "" */
	unsigned int coarse; /* the file of its grid */
	unsigned int points_count;
	struct crossover_point *points; /* by file, then upward by size */
	struct {
		unsigned int count;
		struct crossover_crossing list[CROSSOVER_CROSSINGS_MAX];
	} crossings[CROSSOVER_COSTS];
};

/* Curves stand by THP mode, layout, rest, mover and copy. */
struct crossover_map {
	const struct results *results; /* its files are the map's */
	double levels
		[CROSSOVER_COSTS]; /* of each interval, of each file least */
	unsigned int curves_count;
	struct crossover_curve *curves; /* in their order */
};

/* crossover_read.c: the map of files. */

#define CROSSOVER_WHY_MAX 8192 /* for all that differs */

/*
 * workload: the name of the one whose groups are looked at; it has the options
 * size and times. 0, or -errno and a sentence in why: -ENODATA (a file has no
 * such group), -EINVAL (the files are of several machines or programs: what
 * differs is in why), -ENOMEM. results must outlive the map.
 */
int crossover_read(const struct results *results, const char *workload,
		   struct crossover_map *map, char *why, size_t why_size);
void crossover_free(struct crossover_map *map);

/* crossover_find.c: pure. */

/*
 * Who is cheaper at a ratio's interval. Fewer pairs than VERDICT_PAIRS_MIN, or
 * no level: nobody.
 */
enum crossover_side crossover_side(const struct crossover_ratio *ratio);

/* The told side of a point; CROSSOVER_UNTOLD with a doubt. */
enum crossover_side crossover_told(const struct crossover_point *point,
				   enum crossover_cost cost);

/* Fills the crossings of a curve from its points. */
void crossover_find(struct crossover_curve *curve, enum crossover_cost cost);

/* What is said of a curve apart from its crossings, of its coarse points. */
struct crossover_reach {
	unsigned int told; /* sizes; 0: the rest is not set */
	unsigned int untold;
	enum crossover_side below; /* at the smallest told size */
	uint64_t from; /* smallest and largest told size */
	uint64_t to;
};
struct crossover_reach crossover_reach(const struct crossover_curve *curve,
				       enum crossover_cost cost);

/* crossover_print.c: the table; crossover_json.c. 0 or -errno. */
int crossover_print(const struct crossover_map *map, const struct style *style,
		    FILE *stream);
struct json *crossover_json(const struct crossover_map *map);

#endif
