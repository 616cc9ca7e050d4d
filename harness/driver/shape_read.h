/*
 * shape_read - axes of a results file, and the shape of each cost along them.
 *
 * An axis is an option N of a workload whose samples tell by a figure of their
 * own, planted_N, how many there were: it goes through the groups that are alike
 * but for that option. Its numbers are the figure's, as it was read back, not the
 * option's.
 *
 * The cost of an operation in a round at a number is the median of its calls in
 * the round's valid timing sample.
 */
#ifndef REGROW_SHAPE_READ_H
#define REGROW_SHAPE_READ_H

#include "common/spec.h"
#include "driver/results.h"
#include "driver/shape.h"

#define SHAPE_LEVEL 0.95 /* of each interval */

/* Groups that differ in one option. */
struct shape_line {
	char axis[32]; /* the option: "mappings" */
	char workload[SPEC_TEXT_MAX]; /* the spelling without it */
	const struct results_group *group; /* the first of them */
	size_t points;
	double n[SHAPE_POINTS_MAX]; /* ascending */
	const struct results_group *groups[SHAPE_POINTS_MAX];
};

/* One operation of one allocator, a reference's or a row's. */
struct shape_course {
	unsigned int line; /* of the lines */
	enum operation operation;
	const struct results_cell *cell; /* at the first number */
	size_t rounds; /* in which something was measured */
	struct shape_fit fit;
	/* Intervals of the costs at each number; level 0: too few rounds. */
	struct interval intervals[SHAPE_POINTS_MAX];
};

/* Zeroed: none. By line, then operation, then in the order of the plan. */
struct shapes {
	size_t lines_count;
	struct shape_line *lines;
	size_t courses_count;
	struct shape_course *courses;
};

/*
 * A workload's spelling without one of its options; false: a value of it that
 * is no number, or rest is too small. An option that is not spelled has its
 * standard value.
 */
bool spelling_without(const char *spelling, const char *option, char *rest,
		      size_t rest_size);

/* 0 or -ENOMEM. file must outlive the shapes. */
int shapes_read(const struct results_file *file, struct shapes *shapes);
void shapes_free(struct shapes *shapes);

#endif
