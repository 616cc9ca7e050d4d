/*
 * drawing - the data of each picture of a run, as plain tab-separated files:
 * one file a picture and group, a header line, one row a point.
 *
 * Every row begins with series, role, label, allocator. Series count from 1:
 * the reference, the rows in the order of the plan, the floor; series 0 is the
 * noise floor, what the twin says the reference could as well have been. label
 * is the allocator's spelling cut to be drawn, allocator the whole of it. An
 * empty field was not measured. The scripts in plot/ say what the further
 * columns are; those of times end in _ns, or in _copies or _faults where the
 * file's times are given in units of its machine. A picture with nothing to
 * show has no file and says why.
 */
#ifndef REGROW_DRAWING_H
#define REGROW_DRAWING_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/results.h"

struct drawing {
	const char *kind; /* the script's name without .gp: "growth-cost" */
	char stem[160]; /* of its files: "growth-cost-vector-growth-1" */
	char title[64]; /* with the unit of its times, where that is no time */
	char measure
		[16]; /* of its times: "ns", "copies", "faults", "instructions" */
	char workload[256]; /* workload, parameters, THP mode */
	char machine[256]; /* processor, cores, kernel, and what measured */
	char note
		[400]; /* what the points are, and what is not in the picture */
	char why_not[192]; /* nothing is drawn, and why; "" */
	/* Its data file's text, malloc'ed; NULL with why_not. */
	char *data;
	size_t data_size;
};

struct drawings {
	unsigned int count;
	struct drawing *list;
};

/*
 * All drawings of all files, in the order of files, groups, kinds. Stems are
 * unique; with several files they begin with the file's name. 0 or -ENOMEM.
 */
int drawings_make(const struct results *results, struct drawings *drawings);
void drawings_free(struct drawings *drawings);

/* What a figure says of the machine and of what measured. */
void drawing_machine(const struct results_file *file, char *text, size_t size);

#endif
