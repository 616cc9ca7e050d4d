/* compare_notes - what a comparison says besides its tables. */
#include "driver/compare_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/names.h"

#define FACT_TEXT_MAX 1600
#define NOTE_MAX 4096

__attribute__((format(printf, 3, 4))) static void
say(const struct compare_notes *notes, const char *lead, const char *format,
    ...)
{
	char text[NOTE_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	notes->note(notes->context, lead, text);
}

static void fact_text(const struct compare_side *side, const char *name,
		      char *text, size_t size)
{
	compare_fact_text(compare_facts_find(&side->facts, name),
			  side->facts.runs, text, size);
}

static void say_side(const struct compare_notes *notes, const char *lead,
		     const struct compare_side *side)
{
	char version[200], cpu[200], kernel[200], seed[100];
	const char *label = side->label != NULL ? side->label : "";
	bool several = side->started != NULL &&
		       strcmp(side->started, side->ended) != 0;

	fact_text(side, "regrow", version, sizeof(version));
	fact_text(side, "cpu_model", cpu, sizeof(cpu));
	fact_text(side, "kernel", kernel, sizeof(kernel));
	compare_fact_text(compare_facts_find(&side->work, "seed"),
			  side->work.runs, seed, sizeof(seed));
	say(notes, lead,
	    "%.500s: %u run%s, %s%.80s%sregrow %s, %.40s%s%.40s, %s, Linux %s, "
	    "seed %s",
	    side->path, side->files_count, side->files_count == 1 ? "" : "s",
	    label[0] != 0 ? "\"" : "", label, label[0] != 0 ? "\", " : "",
	    version, side->started != NULL ? side->started : "undated",
	    several ? " to " : "", several ? side->ended : "", cpu, kernel,
	    seed);
	if (side->interrupted > 0)
		say(notes, "interrupted: ",
		    "%u of the runs in %.500s stopped before their end, and "
		    "are used as far as they got",
		    side->interrupted, side->path);
	if (side->torn > 0)
		say(notes, "torn: ",
		    "the last line of %u of the files in %.500s was cut, and "
		    "is left out",
		    side->torn, side->path);
}

static void say_differences(const struct comparison *comparison,
			    const struct compare_notes *notes)
{
	char base[FACT_TEXT_MAX], new[FACT_TEXT_MAX], lead[300];

	if (comparison->differences_count == 0)
		say(notes, "machines: ",
		    "all that is recorded of the two machines is equal");
	else
		say(notes, "machines: ", "%u fact%s differ%s, base -> new:",
		    comparison->differences_count,
		    comparison->differences_count == 1 ? "" : "s",
		    comparison->differences_count == 1 ? "s" : "");
	for (unsigned int i = 0; i < comparison->differences_count; i++) {
		const struct compare_difference *one =
			&comparison->differences[i];

		compare_fact_text(one->base, comparison->base->facts.runs, base,
				  sizeof(base));
		compare_fact_text(one->new, comparison->new->facts.runs, new,
				  sizeof(new));
		snprintf(lead, sizeof(lead), "  %.60s: ", one->name);
		say(notes, lead, "%s -> %s", base, new);
	}
}

void compare_notes_head(const struct comparison *comparison,
			const struct compare_notes *notes)
{
	say_side(notes, "base: ", comparison->base);
	say_side(notes, "new:  ", comparison->new);
	for (unsigned int i = 0; i < comparison->reasons_count; i++)
		say(notes, "forced: ", "%s", comparison->reasons[i]);
	say_differences(comparison, notes);
}

static void say_noise(const struct compare_block *block,
		      const struct compare_notes *notes)
{
	char base[COMPARE_TEXT_MAX], new[COMPARE_TEXT_MAX];

	compare_text_ratio(&block->base_noise, notes->utf8, base);
	compare_text_ratio(&block->new_noise, notes->utf8, new);
	say(notes, "noise: ",
	    "the reference against itself within a run: base %s, new %s; SAME "
	    "is within %.3g %%",
	    base, new, 100 * block->margin);
}

static void say_clock(const struct compare_block *block,
		      const struct compare_notes *notes)
{
	if (block->clocks_differ)
		say(notes, "clock: ", "%s",
		    "the pilots of the runs chose different ones; each sample "
		    "has both, and wall is compared");
}

static void say_units(const struct compare_block *block,
		      const struct compare_notes *notes)
{
	char text[NOTE_MAX];

	if (compare_units_text(&block->base->unit, &block->new->unit, text,
			       sizeof(text)))
		say(notes, "units: ", "%s", text);
}

static void say_planted(const struct compare_block *block,
			const struct compare_notes *notes)
{
	char text[NOTE_MAX];

	if (compare_planted_text(&block->base->planted, text, sizeof(text)))
		say(notes, "planted: ", "base: %s", text);
	if (compare_planted_text(&block->new->planted, text, sizeof(text)))
		say(notes, "planted: ", "new: %s", text);
}

static void say_not_exercised(const struct comparison *comparison,
			      const struct compare_row *row,
			      const struct compare_notes *notes)
{
	bool base = compare_cell_exercised(row->base);
	bool new = compare_cell_exercised(row->new);

	say(notes, "not exercised: ",
	    "%s: under 5 %% of its growths did what it is named after in %s",
	    row->base->allocator,
	    base  ? comparison->new->path
	    : new ? comparison->base->path
		  : "both");
}

static void say_inconclusive(const struct comparison *comparison,
			     const struct compare_row *row,
			     const struct compare_notes *notes)
{
	const char *unit = compare_unit(comparison, row->more);

	if (row->reason != NULL && row->more > 0)
		say(notes, "inconclusive: ",
		    "%s: %s (%zu and %zu %s): %.0f more needed",
		    row->base->allocator, row->reason, row->base_units,
		    row->new_units, compare_unit(comparison, 2), row->more);
	else if (row->reason != NULL)
		say(notes, "inconclusive: ", "%s: %s", row->base->allocator,
		    row->reason);
	else if (row->more > 0)
		say(notes, "inconclusive: ",
		    "%s: about %.0f more %s on each side would tell",
		    row->base->allocator, row->more, unit);
	else
		say(notes, "inconclusive: ",
		    "%s: more %s would be needed than can be run",
		    row->base->allocator, unit);
}

/* One run a side, and nothing says that it is not the machine that changed. */
static bool may_be_drift(const struct comparison *comparison,
			 const struct compare_row *row)
{
	const struct interval *own = &row->own.interval;

	return !comparison->runs && row->base->role == ROLE_ROW &&
	       (row->verdict == VERDICT_FASTER ||
		row->verdict == VERDICT_SLOWER) &&
	       own->level > 0 && own->low <= 1 && own->high >= 1;
}

/* 0 in all samples of both sides: it is not worth a word. */
static bool is_nothing(const struct compare_row *row, int count)
{
	return row->changes[count] == COMPARE_EQUAL &&
	       row->base->counts[count].min == 0;
}

/* Counts whose change is that one in all rows that have them. */
static void say_counts(const struct compare_block *block,
		       enum compare_change change, const char *lead,
		       const char *what, const struct compare_notes *notes)
{
	char list[NOTE_MAX / 2] = "";
	size_t used = 0;

	for (int i = 0; i < COMPARE_COUNTS && used < sizeof(list); i++) {
		bool any = false, all = true;

		for (unsigned int j = 0; j < block->rows_count; j++) {
			const struct compare_row *row = &block->rows[j];

			any |= row->changes[i] == change && !is_nothing(row, i);
			all &= !compare_count_is_shown(row, i) &&
			       (row->changes[i] == change ||
				row->changes[i] == COMPARE_NOT_MEASURED ||
				row->changes[i] == COMPARE_EQUAL);
		}
		if (any && all)
			used += (size_t)snprintf(
				list + used, sizeof(list) - used, "%s%s",
				used > 0 ? ", " : "", compare_counted[i].name);
	}
	if (used > 0)
		say(notes, lead, "%s: %s", what, list);
}

void compare_notes_block(const struct comparison *comparison,
			 const struct compare_block *block,
			 const struct compare_notes *notes)
{
	say_units(block, notes);
	say_clock(block, notes);
	say_noise(block, notes);
	say_planted(block, notes);
	for (unsigned int i = 0; i < block->rows_count; i++) {
		const struct compare_row *row = &block->rows[i];

		if (!row->exercised)
			say_not_exercised(comparison, row, notes);
		else if (row->judged && row->verdict == VERDICT_INCONCLUSIVE)
			say_inconclusive(comparison, row, notes);
		if (row->judged && may_be_drift(comparison, row))
			say(notes, "drift: ",
			    "%s: its own ratio has not clearly changed: that "
			    "the machine became %s may be all of it",
			    row->base->allocator,
			    row->verdict == VERDICT_SLOWER ? "slower"
							   : "faster");
	}
	say_counts(block, COMPARE_EQUAL,
		   "counts: ", "equal in every sample of both sides", notes);
	say_counts(block, COMPARE_VARIES, "counts: ",
		   "vary, with the same median and range on both sides", notes);
}

static void say_alone(const struct compare_alone *alone,
		      const struct compare_notes *notes)
{
	const char *lead = alone->is_base ? "only in base: " : "only in new: ";

	const char *mode = names_mode(alone->group->thp, alone->group->layout);

	if (alone->skipped != NULL)
		say(notes, lead, "%s, %s, %s: skipped there: %.500s",
		    alone->cell->allocator, alone->group->workload, mode,
		    alone->skipped);
	else
		say(notes, lead, "%s, %s, %s", alone->cell->allocator,
		    alone->group->workload, mode);
}

static void say_intervals(const struct compare *compare,
			  const struct compare_notes *notes)
{
	char together[80] = "";

	if (compare->compared > 1)
		snprintf(together, sizeof(together),
			 " each, %.4g %% for all %u together",
			 100 * (1 - VERDICT_ALPHA), compare->compared);
	say(notes, "intervals: ",
	    "unpaired, of the ratio of the medians, %.6g %%%s (bootstrap); p "
	    "is Mann-Whitney's, adjusted by Holm",
	    100 * compare->level, together);
}

void compare_notes_end(const struct compare *compare,
		       const struct comparison *comparison,
		       const struct compare_notes *notes)
{
	for (unsigned int i = 0; i < comparison->alone_count; i++)
		say_alone(&comparison->alone[i], notes);
	if (comparison->runs)
		say(notes, "unpaired: ",
		    "the run is the unit: each value is a run's median, and "
		    "what changes from run to run is in the intervals");
	else
		say(notes, "unpaired: ",
		    "one run a side: all that changed between the two runs, "
		    "the machine's drift%s included, is in new / base; several "
		    "runs a side tell it apart",
		    compare->options.in_units ? " and the calibrations' error"
					      : "");
	say(notes, "own ratio: ",
	    "new / base of the cell's ratio to the reference of the same "
	    "rounds, which a drift of all cells leaves alone");
	say_intervals(compare, notes);
}
