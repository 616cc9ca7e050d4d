/* compare_parts - the pieces of compare; for the compare_ files alone. */
#ifndef REGROW_COMPARE_PARTS_H
#define REGROW_COMPARE_PARTS_H

#include "driver/compare.h"
#include "driver/grid.h"

/*
 * Which cells are the same on both sides, into a zeroed comparison with its
 * sides set: its blocks and rows, what stands alone, and the reasons against
 * it. 0 or -ENOMEM.
 */
int compare_match(struct comparison *comparison, bool force);

/*
 * The reason against comparing runs that repeat their work, and whether there
 * is one; it cannot be overruled. 0 or -ENOMEM.
 */
int compare_match_repeated(struct comparison *comparison, bool *repeated);

/*
 * The reasons against comparing what was matched: other seeds, requests,
 * clocks or units. 0 or -ENOMEM.
 */
int compare_match_check(struct comparison *comparison);
/* One reason more. 0 or -ENOMEM. */
__attribute__((format(printf, 2, 3))) int
compare_reason(struct comparison *comparison, const char *format, ...);

/*
 * A row's medians, their ratio with its interval of that level, and p; and the
 * same of its own ratio to its reference. 0 or -ENOMEM.
 */
int compare_ratio_row(const struct comparison *comparison,
		      const struct compare_block *block,
		      struct compare_row *row, double level);
int compare_ratio_own(const struct comparison *comparison,
		      const struct compare_block *block,
		      struct compare_row *row, double level);
/* The twin's ratio to its reference on one side, as a run's table has it. */
int compare_ratio_noise(const struct compare_values *twin,
			struct compare_ratio *noise);

/* All of that, and the verdicts, of all rows. 0 or -ENOMEM. */
int compare_judge(struct compare *compare);

/* What is said besides the tables: a word before it, and a sentence. */
struct compare_notes {
	void (*note)(void *context, const char *lead, const char *text);
	void *context;
	bool utf8;
};

/* Above a comparison's tables: the sides, what was forced, the machines. */
void compare_notes_head(const struct comparison *comparison,
			const struct compare_notes *notes);
/* Under a block's table: its noise, what is inconclusive, equal counts. */
void compare_notes_block(const struct comparison *comparison,
			 const struct compare_block *block,
			 const struct compare_notes *notes);
/* Under all of its tables: what stands alone, what the columns mean. */
void compare_notes_end(const struct compare *compare,
		       const struct comparison *comparison,
		       const struct compare_notes *notes);

/* Texts of cells of a table; each holds GRID_TEXT_MAX bytes. */
#define COMPARE_TEXT_MAX GRID_TEXT_MAX
/* "1.203 (1.150..1.262)"; "1.203 (too few)"; "-". */
void compare_text_ratio(const struct compare_ratio *ratio, bool utf8,
			char *text);
/* "0.0041", "<0.001", "1"; "-". */
void compare_text_p(double p, char *text);
/* The cell's own ratio to its reference: as above, or what it is instead. */
void compare_text_own(const struct compare_row *row, bool utf8, char *text);
void compare_text_verdict(const struct compare_row *row, char *text);
/*
 * "steps:scale=S, THP never, clock: wall, in copies, unpaired: 24 and 24
 * samples"
 */
void compare_text_block(const struct comparison *comparison,
			const struct compare_block *block, char *text,
			size_t size);
/* All digits of what never varied, "131072"; else "5.06 MiB (4.90..5.30)". */
void compare_text_count(const struct compare_count *count,
			enum figure_unit unit, bool utf8, char *text);
/* "x2.00", "+3", "same", "varies". */
void compare_text_change(const struct compare_row *row, int count, char *text);
/* Whether a count of a row is worth a line: it is not the same on both sides.
 */
bool compare_count_is_shown(const struct compare_row *row, int count);
/* "samples" or "runs"; "sample" or "run" where there is one. */
const char *compare_unit(const struct comparison *comparison, double count);

#endif
