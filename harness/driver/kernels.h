/*
 * kernels - the same work on several kernels, where a clock counts instructions:
 * what each operation costs on each of them, and what changed from one to the
 * next.
 *
 * From results files of the kernel lab (results/FORMAT.md, `lab`). Two boots of
 * one kernel give the same numbers, so that repeating says nothing; what may
 * differ is how a kernel takes another layout of memory. The samples of a file
 * are the points of a sweep (sample/sweep.h), the same ones on each kernel, and
 * are paired by them. A change is one where all points agree in its direction;
 * where some are dearer and some cheaper, nothing is concluded.
 */
#ifndef REGROW_KERNELS_H
#define REGROW_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <regrow/workload.h>

#include "driver/plan.h"
#include "driver/stats.h"

#define KERNELS_MAX 64 /* compared at a time */
#define KERNELS_POINTS_MIN 12 /* of a sweep, for a change to be told */
/* What counts as the same where nothing else was asked for: timer ticks fall
 * into some calls on one kernel, and not on another. */
#define KERNELS_MARGIN 0.02
#define KERNELS_LEVEL 0.95 /* of each interval */

enum kernels_verdict {
	KERNELS_INCONCLUSIVE, /* dearer at some points, cheaper at others */
	KERNELS_SAME, /* the interval lies within the margin */
	KERNELS_DEARER, /* at all points */
	KERNELS_CHEAPER,
	KERNELS_ABSENT, /* not measured on one of the two */
	KERNELS_VERDICTS,
};
/* "INCONCLUSIVE", "SAME", "DEARER", "CHEAPER", "-". */
extern const char *const kernels_verdict_names[KERNELS_VERDICTS];

/* One results file. */
struct kernels_side {
	const char *path; /* as given */
	char release[128]; /* the kernel's, uname -r */
	/*
	 * Of tables: the version without the package's part; with it, or the
	 * file's name, where two would have one name, and then a number.
	 */
	char name[128];
	char version[128]; /* the package's, or the file's name; "": not said */
	unsigned int points; /* of its sweep */
};

/* Of one side against another. */
struct kernels_change {
	double ratio; /* median over points; NaN: none */
	struct interval interval; /* of it, KERNELS_LEVEL */
	unsigned int pairs; /* points that both have */
	unsigned int dearer; /* of these */
	unsigned int cheaper;
	enum kernels_verdict verdict;
};

/* An operation of a cell: instructions of one call, the mean of a sample's. */
struct kernels_row {
	char *workload; /* canonical */
	char *allocator;
	enum thp_mode thp;
	enum layout layout;
	enum operation operation;
	bool is_control; /* no kernel's work: it has to be the same everywhere */
	double medians[KERNELS_MAX]; /* of each side; NaN: not measured */
	/* Of side i against the last one before it that has the row. */
	struct kernels_change changes[KERNELS_MAX];
	struct kernels_change whole; /* of the last one against the first */
	double *points[KERNELS_MAX]; /* by point; NaN: none; or NULL */
};

/* What a kernel does, as a count that is the same each time. */
struct kernels_fact {
	char *workload;
	char *allocator;
	enum thp_mode thp;
	enum layout layout;
	/* "growths moved", "calls failed: EFAULT", a workload's own "exact". */
	char name[64];
	int64_t values[KERNELS_MAX]; /* FIGURE_ABSENT: not measured */
	bool differs; /* between two that measured it */
};

/* A cell that some kernel has no numbers of. */
struct kernels_absence {
	char *workload;
	char *allocator;
	enum thp_mode thp;
	enum layout layout;
	/* Of each side, why: "skipped: ..."; NULL: it has numbers, or no such
	 * cell. */
	char *reasons[KERNELS_MAX];
	bool differs; /* the sides do not all give this one reason */
};

struct kernels {
	unsigned int sides_count;
	struct kernels_side sides[KERNELS_MAX];
	size_t rows_count;
	struct kernels_row *rows; /* in the order of the plan */
	size_t facts_count;
	struct kernels_fact *facts;
	size_t absences_count;
	struct kernels_absence *absences;
	double margin;
	char clock[160]; /* "instructions (QEMU 7.2.1, Skylake-Server-v4)" */
	unsigned int reasons_count; /* why it is refused */
	char reasons[16][512];
};

/*
 * Whether a results file is one of the lab's that counts instructions, by its
 * first line alone. A file that cannot be read is none.
 */
bool kernels_is_lab(const char *path);

/*
 * Reads count files, two at least, in their order. margin: of SAME; 0: the
 * standard. 0; or -errno, and one sentence in why: a file could not be read, or
 * memory ran out. What is not the same work, or a control that differs, is in
 * reasons. To be freed in any case.
 */
int kernels_make(const char *const *paths, unsigned int count, double margin,
		 struct kernels *kernels, char *why, size_t why_size);
void kernels_free(struct kernels *kernels);

/*
 * The rows that changed between neighbours, largest first: places has room for
 * rows_count * sides_count, and holds row * sides_count + side; returns how
 * many.
 */
size_t kernels_largest(const struct kernels *kernels, size_t *places);

/* One change, from values by point; NaN: none. Pure. */
void kernels_change_of(const double *before, const double *after,
		       unsigned int points, double margin,
		       struct kernels_change *change);

#endif
