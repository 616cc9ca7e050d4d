/*
 * sheet - a drawing's data while it is written: the series of a group, rows,
 * the middle of values, the note below the picture.
 */
#ifndef REGROW_SHEET_H
#define REGROW_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "driver/drawing.h"
#include "driver/machine_units.h"
#include "driver/stats.h"

#define SHEET_LABEL_WIDTH 40 /* characters of a name in a legend */
#define SHEET_LABEL_SIZE 192
#define SHEET_LEVEL 0.95 /* of each interval */

struct sheet_series {
	const struct results_cell *cell;
	char label[SHEET_LABEL_SIZE]; /* unique in its sheet */
	bool has_rows;
};

struct sheet {
	const struct results_file *file;
	const struct results_group *group;
	/* NULL: not measured. */
	const struct results_cell *reference;
	const struct results_cell *twin;
	bool compares; /* with the reference; not where the work is repeated */
	size_t samples_max; /* of one cell */
	/* Of the times in it; of a growth's cost it depends on the size. */
	struct machine_unit unit;
	unsigned int series_count;
	struct sheet_series *series; /* number 1 is [0] */
	FILE *rows;
	struct drawing *drawing; /* note and why_not are for the kind to fill */
	/* Values behind one point: of all points the fewest and the most. */
	size_t values_min;
	size_t values_max;
	bool has_ranges; /* some interval is the whole range: too few values */
	bool has_flat_band; /* one without width in some panel: nothing is seen */
};

/*
 * The series of a group: the reference, its twin where it is to be one of
 * them, rows, floor; skipped cells are left out. 0 or -ENOMEM.
 */
int sheet_open(struct sheet *sheet, const struct results_file *file,
	       const struct results_group *group, bool twin_is_series);
/* Leaves the text in the drawing, unless why_not says why there is none. */
int sheet_close(struct sheet *sheet);

/*
 * The header: the shared columns, then columns ("samples\tratio"). A name that
 * ends in _ns ends in the unit's name.
 */
void sheet_header(struct sheet *sheet, const char *columns);
/*
 * A row begins: the shared fields of a series (from 1), or of the noise floor
 * (0). Its fields follow, then sheet_row_end().
 */
void sheet_row(struct sheet *sheet, unsigned int series);
void sheet_text(struct sheet *sheet, const char *text);
void sheet_count(struct sheet *sheet, uint64_t count);
void sheet_real(struct sheet *sheet, double value); /* not finite: empty */
void sheet_time(struct sheet *sheet, double ns); /* in the sheet's unit */
/* "98.2 ms", or "3.31" in units of the machine; UNITS_TEXT_SIZE bytes. */
void sheet_time_text(const struct sheet *sheet, double ns, char *text);
void sheet_row_end(struct sheet *sheet);

/* The middle of values, and its interval at SHEET_LEVEL. */
struct sheet_middle {
	size_t count; /* of values; 0: the rest is NaN */
	double median;
	double low;
	double high;
};
/* Sorts values; keeps the sheet's values_min and values_max. */
struct sheet_middle sheet_middle(struct sheet *sheet, double *values,
				 size_t count);
/* Of a / b, paired; scratch holds count values. */
struct sheet_middle sheet_ratio(const double *a, const double *b, size_t count,
				double *scratch);
/* The interval widened to take in 1: what the twin leaves undecided. */
struct sheet_middle sheet_noise(struct sheet_middle ratio);
/* Notes how wide the noise floor of a panel is, at its widest. */
void sheet_band_width(struct sheet *sheet, double width);
/* Three fields: median, low, high. */
void sheet_middle_fields(struct sheet *sheet, struct sheet_middle middle);
/* The same of times. */
void sheet_middle_times(struct sheet *sheet, struct sheet_middle middle);

/* Adds to the note, cut where it does not fit. */
__attribute__((format(printf, 2, 3))) void sheet_note(struct sheet *sheet,
						      const char *format, ...);
/* "Medians of 12 samples; bars: ...", once all middles are known. */
void sheet_note_middles(struct sheet *sheet);
/* Why there is no picture. */
__attribute__((format(printf, 2, 3))) void
sheet_why_not(struct sheet *sheet, const char *format, ...);

/* A valid sample of that pass. */
static inline bool sheet_usable(const struct results_sample *sample,
				enum pass pass)
{
	return sample->pass == pass && sample->valid &&
	       sample->outcome == SAMPLE_OK;
}

/*
 * The valid sample of that pass that cell has in that round, or NULL. Rounds
 * are asked for upward, from a cursor that begins at 0.
 */
const struct results_sample *sheet_partner(const struct results_cell *cell,
					   enum pass pass, unsigned int round,
					   size_t *cursor);

#endif
