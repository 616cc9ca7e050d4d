/* compare_markdown - a comparison as GitHub renders it. */
#include "driver/compare_parts.h"

#include <stdlib.h>
#include <string.h>

#include "driver/markdown.h"
#include "driver/table_parts.h"

static void put_note(void *context, const char *lead, const char *text)
{
	markdown_note(lead, text, context);
}

static void put_row(const char *const *cells, unsigned int count, bool strong,
		    FILE *stream)
{
	for (unsigned int i = 0; i < count; i++) {
		fputs(i == 0 ? "| " : " | ", stream);
		fputs(strong ? "**" : "", stream);
		markdown_text(cells[i], stream);
		fputs(strong ? "**" : "", stream);
	}
	fputs(" |\n", stream);
}

/* The line below the heads; left says of each column where it is aligned. */
static void put_rule(const char *left, FILE *stream)
{
	for (; *left != 0; left++)
		fputs(*left == 'l' ? "| --- " : "| ---: ", stream);
	fputs("|\n", stream);
}

static void put_times(const struct compare_block *block, FILE *stream)
{
	static const char *const heads[] = {
		"allocator", "base",	  "new",    "new / base",
		"Holm's p",  "own ratio", "verdict"};
	char texts[7][GRID_TEXT_MAX];
	const char *cells[7];

	put_row(heads, 7, false, stream);
	put_rule("lrrlrll", stream);
	for (unsigned int i = 0; i < block->rows_count; i++) {
		const struct compare_row *row = &block->rows[i];

		compare_unit_time(&block->base->unit, row->base_time, texts[1]);
		compare_unit_time(&block->new->unit, row->new_time, texts[2]);
		compare_text_ratio(&row->ratio, true, texts[3]);
		compare_text_p(row->p_holm, texts[4]);
		compare_text_own(row, true, texts[5]);
		compare_text_verdict(row, texts[6]);
		for (int j = 0; j < 7; j++)
			cells[j] = texts[j];
		cells[0] = row->base->allocator;
		put_row(cells, 7,
			row->verdict == VERDICT_FASTER ||
				row->verdict == VERDICT_SLOWER,
			stream);
	}
}

static void put_count(const struct compare_row *row, int count, FILE *stream)
{
	char texts[3][GRID_TEXT_MAX];
	const char *const cells[] = {row->base->allocator,
				     compare_counted[count].name, texts[0],
				     texts[1], texts[2]};

	compare_text_count(&row->base->counts[count],
			   figures[compare_counted[count].figure].unit, true,
			   texts[0]);
	compare_text_count(&row->new->counts[count],
			   figures[compare_counted[count].figure].unit, true,
			   texts[1]);
	compare_text_change(row, count, texts[2]);
	put_row(cells, 5, false, stream);
}

static void put_counts(const struct compare_block *block, FILE *stream)
{
	static const char *const heads[] = {"allocator", "count", "base", "new",
					    "change"};
	bool any = false;

	for (unsigned int i = 0; i < block->rows_count; i++)
		for (int j = 0; j < COMPARE_COUNTS; j++) {
			if (!compare_count_is_shown(&block->rows[i], j))
				continue;
			if (!any) {
				fputc('\n', stream);
				put_row(heads, 5, false, stream);
				put_rule("llrrr", stream);
			}
			any = true;
			put_count(&block->rows[i], j, stream);
		}
}

static void put_comparison(const struct compare *compare,
			   const struct comparison *comparison, FILE *stream)
{
	struct compare_notes notes = {put_note, stream, true};
	char heading[800];

	fputs("### regrow compare\n\n", stream);
	compare_notes_head(comparison, &notes);
	for (unsigned int i = 0; i < comparison->blocks_count; i++) {
		const struct compare_block *block = &comparison->blocks[i];

		compare_text_block(comparison, block, heading, sizeof(heading));
		fputs("\n#### ", stream);
		markdown_text(heading, stream);
		fputs("\n\n", stream);
		put_times(block, stream);
		fputc('\n', stream);
		compare_notes_block(comparison, block, &notes);
		put_counts(block, stream);
	}
	fputc('\n', stream);
	compare_notes_end(compare, comparison, &notes);
}

int compare_markdown(const struct compare *compare, FILE *stream)
{
	for (unsigned int i = 0; i < compare->count; i++) {
		if (i > 0)
			fputc('\n', stream);
		put_comparison(compare, &compare->comparisons[i], stream);
	}
	return 0;
}
