/* kernels_page_facts - what kernels do alike, and what not, for people. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "driver/figures.h"
#include "driver/kernels_page.h"

static unsigned int block_of(const struct kernels_page *page,
			     const struct kernels_fact *fact)
{
	return kernels_block(page->kernels, fact->workload, fact->thp,
			     fact->layout);
}

/* "3"; "-": nothing of that workload was timed. */
static void block_text(unsigned int number, char *text)
{
	if (number > 0)
		snprintf(text, GRID_TEXT_MAX, "%u", number);
	else
		snprintf(text, GRID_TEXT_MAX, "-");
}

/* Of kernels from `from` on. */
static int differing_print(struct kernels_page *page, unsigned int from)
{
	struct grid_column columns[GRID_COLUMNS_MAX] = {
		{{NULL, "count"}, true}, {{NULL, "allocator"}, true}};
	const struct kernels *kernels = page->kernels;
	unsigned int count = kernels_columns(kernels, from, columns);
	struct grid *grid;

	columns[2 + count] = (struct grid_column){{NULL, "of"}, false};
	grid = grid_new(columns, 3 + count);
	if (!grid)
		return -ENOMEM;
	for (size_t i = 0; i < kernels->facts_count; i++) {
		const struct kernels_fact *fact = &kernels->facts[i];
		struct grid_row *line;

		if (!fact->differs)
			continue;
		line = page_row(&page->out, grid);
		snprintf(line->cells[0], GRID_TEXT_MAX, "%s", fact->name);
		page_name(&page->out, fact->allocator, line->cells[1]);
		for (unsigned int j = 0; j < count; j++)
			kernels_text_count(fact->values[from + j],
					   line->cells[2 + j]);
		block_text(block_of(page, fact), line->cells[2 + count]);
	}
	page_grid(&page->out, grid);
	free(grid);
	return 0;
}

static bool same_cell(const struct kernels_fact *a,
		      const struct kernels_fact *b)
{
	return a->thp == b->thp && a->layout == b->layout &&
	       strcmp(a->allocator, b->allocator) == 0 &&
	       strcmp(a->workload, b->workload) == 0;
}

/* The value of all kernels that have one. */
static int64_t value_of(const struct kernels *kernels,
			const struct kernels_fact *fact)
{
	for (unsigned int i = 0; i < kernels->sides_count; i++)
		if (fact->values[i] != FIGURE_ABSENT)
			return fact->values[i];
	return FIGURE_ABSENT;
}

/* A cell's counts in one line or, where they are many, in some. */
static void same_add(struct kernels_page *page, struct grid *grid,
		     const struct kernels_fact *fact, bool is_new)
{
	char text[GRID_TEXT_MAX];
	struct grid_row *line;
	size_t used;

	snprintf(text, sizeof(text), "%s %" PRId64, fact->name,
		 value_of(page->kernels, fact));
	line = is_new ? NULL : &grid->rows[grid->rows_count - 1];
	used = line ? strlen(line->cells[2]) : 0;
	if (line && used + strlen(text) + 3 <= GRID_TEXT_MAX) {
		snprintf(line->cells[2] + used, GRID_TEXT_MAX - used, ", %s",
			 text);
		return;
	}
	line = page_row(&page->out, grid);
	block_text(block_of(page, fact), line->cells[0]);
	page_name(&page->out, fact->allocator, line->cells[1]);
	snprintf(line->cells[2], GRID_TEXT_MAX, "%s", text);
}

/* The first that is shown of a cell's, facts of which lie together. */
static bool is_shown(const struct kernels *kernels,
		     const struct kernels_fact *fact)
{
	return !fact->differs && value_of(kernels, fact) != 0;
}

static int same_print(struct kernels_page *page)
{
	static const struct grid_column columns[] = {
		{{NULL, "of"}, false},
		{{NULL, "allocator"}, true},
		{{NULL, "counts"}, true},
	};
	const struct kernels *kernels = page->kernels;
	const struct kernels_fact *before = NULL;
	struct grid *grid = grid_new(columns, 3);

	if (!grid)
		return -ENOMEM;
	for (size_t i = 0; i < kernels->facts_count; i++) {
		const struct kernels_fact *fact = &kernels->facts[i];

		if (!is_shown(kernels, fact))
			continue;
		same_add(page, grid, fact, !before || !same_cell(before, fact));
		before = fact;
	}
	if (grid->rows_count > 0)
		page_heading(&page->out, "The same on all kernels that "
					 "measured it, and not 0");
	page_grid(&page->out, grid);
	free(grid);
	return 0;
}

static bool same_reasons(const struct kernels *kernels,
			 const struct kernels_absence *a,
			 const struct kernels_absence *b)
{
	if (strcmp(a->allocator, b->allocator) != 0)
		return false;
	for (unsigned int i = 0; i < kernels->sides_count; i++)
		if (!a->reasons[i] != !b->reasons[i] ||
		    (a->reasons[i] &&
		     strcmp(a->reasons[i], b->reasons[i]) != 0))
			return false;
	return true;
}

/* "1, 2, 5": of which tables it is missing. */
static void missing_text(const struct kernels *kernels, size_t first,
			 char *text)
{
	size_t used = 0;

	text[0] = 0;
	for (size_t i = first; i < kernels->absences_count; i++) {
		const struct kernels_absence *one = &kernels->absences[i];
		unsigned int number;

		if (!same_reasons(kernels, &kernels->absences[first], one))
			continue;
		number = kernels_block(kernels, one->workload, one->thp,
				       one->layout);
		if (number > 0 && used + 32 < GRID_TEXT_MAX)
			used += (size_t)snprintf(text + used,
						 GRID_TEXT_MAX - used, "%s%u",
						 used > 0 ? ", " : "", number);
	}
	if (used == 0)
		block_text(0, text);
}

/* A line for each stretch of kernels that give one reason. */
static void absence_lines(struct kernels_page *page, struct grid *grid,
			  size_t place)
{
	const struct kernels *kernels = page->kernels;
	const struct kernels_absence *absence = &kernels->absences[place];
	unsigned int next;

	for (unsigned int i = 0; i < kernels->sides_count; i = next) {
		const char *reason = absence->reasons[i];
		struct grid_row *line;

		for (next = i + 1; reason && next < kernels->sides_count &&
				   absence->reasons[next] &&
				   strcmp(reason, absence->reasons[next]) == 0;)
			next++;
		if (!reason)
			continue;
		line = page_row(&page->out, grid);
		page_name(&page->out, absence->allocator, line->cells[0]);
		if (next - i == kernels->sides_count)
			snprintf(line->cells[1], GRID_TEXT_MAX, "all");
		else if (next - i == 1)
			snprintf(line->cells[1], GRID_TEXT_MAX, "%s",
				 kernels->sides[i].name);
		else
			snprintf(line->cells[1], GRID_TEXT_MAX, "%s to %s",
				 kernels->sides[i].name,
				 kernels->sides[next - 1].name);
		missing_text(kernels, place, line->cells[2]);
		/* It comes from a file. */
		style_clean(page->out.printout.style, reason, line->cells[3],
			    GRID_TEXT_MAX);
	}
}

static int absences_print(struct kernels_page *page)
{
	static const struct grid_column columns[] = {
		{{NULL, "allocator"}, true},
		{{NULL, "kernels"}, true},
		{{NULL, "of"}, true},
		{{NULL, "why not"}, true},
	};
	const struct kernels *kernels = page->kernels;
	struct grid *grid = grid_new(columns, 4);

	if (!grid)
		return -ENOMEM;
	for (size_t i = 0; i < kernels->absences_count; i++) {
		bool is_first = true;

		for (size_t j = 0; j < i && is_first; j++)
			is_first = !same_reasons(kernels, &kernels->absences[j],
						 &kernels->absences[i]);
		if (is_first)
			absence_lines(page, grid, i);
	}
	if (grid->rows_count > 0)
		page_heading(&page->out,
			     "What was not measured on some kernel");
	page_grid(&page->out, grid);
	free(grid);
	return 0;
}

int kernels_page_facts(struct kernels_page *page)
{
	const struct kernels *kernels = page->kernels;
	size_t differ = 0;
	char text[160];
	int error = 0;

	for (size_t i = 0; i < kernels->facts_count; i++)
		differ += kernels->facts[i].differs;
	snprintf(text, sizeof(text),
		 "What a kernel does: %zu of %zu counts are the same on all%s",
		 kernels->facts_count - differ, kernels->facts_count,
		 differ > 0 ? "; these are not" : "");
	page_heading(&page->out, text);
	for (unsigned int i = 0;
	     differ > 0 && i < kernels->sides_count && !error;) {
		struct grid_column columns[GRID_COLUMNS_MAX];

		if (i > 0)
			page_gap(&page->out);
		error = differing_print(page, i);
		i += kernels_columns(kernels, i, columns);
	}
	if (!error)
		error = same_print(page);
	return error ? error : absences_print(page);
}
