/* drawing_refill - the data of the figure of what became of holes, by size. */
#include "driver/drawing_refill.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/drawing_series.h"
#include "driver/drawing_text.h"
#include "driver/names.h"

#define LABEL_WIDTH 40
#define SIZE_OPTION "size="
#define PAGE_BYTES 4096 /* of a file that does not say */

enum refill_outcome {
	REFILL_EXACT,
	REFILL_HIGHER_GAP,
	REFILL_ELSEWHERE,
	REFILL_NO_HOLE,
	REFILL_NOT_ABUTTING,
	REFILL_FAILED,
	REFILL_OUTCOMES,
};

/* The workload's own figures; the first three make it one of these. */
static const char *const refill_figures[REFILL_OUTCOMES] = {
	[REFILL_EXACT] = "exact",
	[REFILL_HIGHER_GAP] = "higher_gap",
	[REFILL_ELSEWHERE] = "elsewhere",
	[REFILL_NO_HOLE] = "no_hole",
	[REFILL_NOT_ABUTTING] = "not_abutting",
	[REFILL_FAILED] = "failed",
};
#define OUTCOMES_NEEDED 3

/* A group of one size, of those that are otherwise alike. */
struct member {
	const struct results_group *group;
	uint64_t size;
	char rest[SPEC_TEXT_MAX]; /* the spelling without its size */
	bool taken;
};

/* Splits "w:size=4M:x=1" into its size and "w:x=1". */
static bool member_fill(struct member *member,
			const struct results_group *group)
{
	const char *at = strstr(group->workload, ":" SIZE_OPTION), *value, *end;
	char text[64];

	if (!at || group->skipped)
		return false;
	value = at + strlen(":" SIZE_OPTION);
	end = value + strcspn(value, ":");
	snprintf(text, sizeof(text), "%.*s", (int)(end - value), value);
	member->group = group;
	snprintf(member->rest, sizeof(member->rest), "%.*s%s",
		 (int)(at - group->workload), group->workload, end);
	return units_parse_size(text, &member->size) == 0;
}

static int by_size(const void *left, const void *right)
{
	const struct member *a = left, *b = right;

	return (a->size > b->size) - (a->size < b->size);
}

static bool alike(const struct member *a, const struct member *b)
{
	return a->group->thp == b->group->thp &&
	       a->group->layout == b->group->layout &&
	       strcmp(a->rest, b->rest) == 0;
}

/* Of all valid samples of a cell; false: it tells nothing of holes. */
static bool outcomes_sum(const struct results_cell *cell,
			 int64_t sums[REFILL_OUTCOMES])
{
	bool any = false;

	memset(sums, 0, REFILL_OUTCOMES * sizeof(*sums));
	for (int i = 0; i < REFILL_OUTCOMES; i++) {
		int name = names_find(
			(const char *const *)cell->file->own_names,
			cell->file->own_names_count, refill_figures[i]);

		if (name < 0 && i < OUTCOMES_NEEDED)
			return false;
		for (size_t j = 0; name >= 0 && j < cell->samples_count; j++) {
			int64_t value = results_own(&cell->samples[j],
						    (unsigned int)name);

			if (!cell->samples[j].valid || value == FIGURE_ABSENT)
				continue;
			sums[i] += value;
			any |= value > 0;
		}
	}
	return any;
}

/* "2M", "2M-4K", "2M+4K": neighbours by a page are told so. */
static void size_name(const struct results_file *file, uint64_t size,
		      char *text, size_t text_size)
{
	uint64_t page = json_count(file->run, "machine.page_bytes", PAGE_BYTES);
	char name[UNITS_TEXT_SIZE], page_name[UNITS_TEXT_SIZE];
	uint64_t power = 1;

	while (power < size - size / 4)
		power *= 2;
	units_exact_size(page, page_name);
	if (power > 4 * page && (power == size + page || power + page == size))
		snprintf(text, text_size, "%s%c%s",
			 units_exact_size(power, name),
			 size < power ? '-' : '+', page_name);
	else
		snprintf(text, text_size, "%s", units_exact_size(size, name));
}

struct picture {
	const struct results_file *file;
	FILE *rows;
	struct drawing_series series;
	unsigned int points;
};

static void write_cell(struct picture *picture, unsigned int place,
		       const struct member *member,
		       const struct results_cell *cell)
{
	char label[256], whole[SPEC_TEXT_MAX], size[64];
	int64_t sums[REFILL_OUTCOMES];
	unsigned int series;

	if (cell->group != member->group ||
	    (cell->role != ROLE_REFERENCE && cell->role != ROLE_ROW) ||
	    !outcomes_sum(cell, sums))
		return;
	series = drawing_series_of(&picture->series, cell->allocator);
	if (series == 0)
		return;
	size_name(picture->file, member->size, size, sizeof(size));
	fprintf(picture->rows, "%u\t%s\t%s\t%s\t%u\t%llu\t%s", series,
		role_names[cell->role],
		drawing_shortened(cell->allocator, LABEL_WIDTH, label,
				  sizeof(label)),
		drawing_field(cell->allocator, whole, sizeof(whole)), place,
		(unsigned long long)member->size, size);
	for (int i = 0; i < REFILL_OUTCOMES; i++)
		fprintf(picture->rows, "\t%lld", (long long)sums[i]);
	fputc('\n', picture->rows);
	picture->points++;
}

static void describe(const struct results_file *file,
		     const struct member *member, struct drawing *drawing)
{
	char shown[256], line[512];

	drawing->kind = "refills";
	snprintf(drawing->title, sizeof(drawing->title),
		 "What becomes of a hole, by size");
	snprintf(drawing->measure, sizeof(drawing->measure), "ns");
	drawing_shortened(member->rest, 88, shown, sizeof(shown));
	snprintf(line, sizeof(line), "%s \xc2\xb7 %s%s", shown,
		 names_mode(member->group->thp, member->group->layout),
		 file->ended ? "" : " \xc2\xb7 interrupted");
	drawing_visible(line, drawing->workload, sizeof(drawing->workload));
	drawing_machine(file, drawing->machine, sizeof(drawing->machine));
	snprintf(drawing->note, sizeof(drawing->note),
		 "A block among neighbours is released, and its size asked for "
		 "again. Sizes in their order, not to scale; two marks: not "
		 "always the same. All valid samples of all passes.");
}

/* The members from first on that are alike; rest is the whole list. */
static int make_one(const struct results_file *file, const char *prefix,
		    struct member *members, size_t count, size_t first,
		    struct drawings *drawings)
{
	struct drawing *drawing = &drawings->list[drawings->count];
	struct picture picture = {.file = file};
	unsigned int places = 0, number = 1;
	char word[DRAWING_WORD_SIZE];
	int failed;

	picture.rows = open_memstream(&drawing->data, &drawing->data_size);
	if (!picture.rows)
		return -ENOMEM;
	fputs("series\trole\tlabel\tallocator\tplace\tsize_bytes\tsize\texact\t"
	      "higher_gap\telsewhere\tno_hole\tnot_abutting\tfailed\n",
	      picture.rows);
	for (size_t i = first; i < count; i++) {
		unsigned int before = picture.points;

		if (members[i].taken || !alike(&members[first], &members[i]))
			continue;
		members[i].taken = true;
		for (unsigned int j = 0; j < file->cells_count; j++)
			write_cell(&picture, places + 1, &members[i],
				   &file->cells[j]);
		places += picture.points > before;
	}
	failed = ferror(picture.rows);
	failed |= fclose(picture.rows) != 0;
	if (failed || places < 2) {
		free(drawing->data);
		*drawing = (struct drawing){.kind = NULL};
		return failed ? -ENOMEM : 0;
	}
	describe(file, &members[first], drawing);
	drawing_word(members[first].rest, ':', word);
	for (unsigned int i = 0; i < drawings->count; i++)
		number += strcmp(drawings->list[i].kind, drawing->kind) == 0;
	snprintf(drawing->stem, sizeof(drawing->stem), "%s%srefills-%s-%u",
		 prefix, *prefix ? "-" : "", word, number);
	drawings->count++;
	return 0;
}

int drawing_refill(const struct results_file *file, const char *prefix,
		   struct drawings *drawings)
{
	struct member *members =
		calloc(file->groups_count + 1, sizeof(*members));
	size_t count = 0;
	int error = 0;

	if (!members)
		return -ENOMEM;
	for (unsigned int i = 0; i < file->groups_count; i++)
		count += member_fill(&members[count], &file->groups[i]);
	qsort(members, count, sizeof(*members), by_size);
	for (size_t i = 0; i < count && !error; i++)
		if (!members[i].taken)
			error = make_one(file, prefix, members, count, i,
					 drawings);
	free(members);
	return error;
}
