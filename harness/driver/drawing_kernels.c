/* drawing_kernels - the data of the figures of a comparison of kernels. */
#include "driver/drawing_kernels.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/drawing_text.h"
#include "driver/names.h"

/* Of a label, in characters: both of its spellings begin with a name. */
#define ALLOCATOR_WIDTH 28
#define WORKLOAD_WIDTH 44
#define NAME_WIDTH 24 /* of a kernel */
#define HEAD                                                                   \
	"series\trole\tlabel\tallocator\tkernel\tkernel_name\tinstructions\t"  \
	"ratio\tverdict\tis_first\n"

/* The largest change from its first kernel, either way; 0: it has but one. */
static double reach(const struct kernels *kernels,
		    const struct kernels_row *row)
{
	double first = NAN, most = 0;

	for (unsigned int i = 0; i < kernels->sides_count; i++) {
		if (isnan(first))
			first = row->medians[i];
		else if (fabs(log(row->medians[i] / first)) > most)
			most = fabs(log(row->medians[i] / first));
	}
	return most;
}

/* Some change of it is told. */
static bool changes(const struct kernels *kernels,
		    const struct kernels_row *row)
{
	for (unsigned int i = 1; i < kernels->sides_count; i++)
		if (row->changes[i].verdict == KERNELS_DEARER ||
		    row->changes[i].verdict == KERNELS_CHEAPER)
			return true;
	return false;
}

/*
 * The rows that change, most first; returns how many of at most limit, and in
 * all how many do.
 */
static size_t rows_pick(const struct kernels *kernels, size_t limit,
			size_t *picked, size_t *all)
{
	size_t count = 0;

	*all = 0;
	for (size_t i = 0; i < kernels->rows_count; i++) {
		const struct kernels_row *row = &kernels->rows[i];
		size_t at = count < limit ? count : limit;

		if (!changes(kernels, row))
			continue;
		(*all)++;
		while (at > 0 &&
		       reach(kernels, &kernels->rows[picked[at - 1]]) <
			       reach(kernels, row)) {
			if (at < limit)
				picked[at] = picked[at - 1];
			at--;
		}
		if (at < limit)
			picked[at] = i;
		count += count < limit;
	}
	return count;
}

/* As plot/kernels.gp has it. */
static int verdict_number(enum kernels_verdict verdict)
{
	switch (verdict) {
	case KERNELS_DEARER:
		return 1;
	case KERNELS_CHEAPER:
		return -1;
	case KERNELS_SAME:
	case KERNELS_ABSENT:
		return 0;
	default:
		return 2;
	}
}

static void row_label(const struct kernels_row *row, char *label, size_t size)
{
	char allocator[4 * ALLOCATOR_WIDTH + 1];
	char workload[4 * WORKLOAD_WIDTH + 1];

	drawing_shortened(row->allocator, ALLOCATOR_WIDTH, allocator,
			  sizeof(allocator));
	drawing_shortened(row->workload, WORKLOAD_WIDTH, workload,
			  sizeof(workload));
	snprintf(label, size, "%s, %s, %s", operation_names[row->operation],
		 allocator, workload);
}

static void row_write(const struct kernels *kernels,
		      const struct kernels_row *row, size_t number,
		      FILE *stream)
{
	char label[512], name[128], allocator[512];
	double first = NAN;

	row_label(row, label, sizeof(label));
	drawing_field(row->allocator, allocator, sizeof(allocator));
	for (unsigned int i = 0; i < kernels->sides_count; i++) {
		bool is_first = isnan(first) && !isnan(row->medians[i]);

		if (is_first)
			first = row->medians[i];
		drawing_shortened(kernels->sides[i].name, NAME_WIDTH, name,
				  sizeof(name));
		fprintf(stream, "%zu\trow\t%s\t%s\t%u\t%s\t", number, label,
			allocator, i + 1, name);
		if (isnan(row->medians[i]))
			fputs("\t\t3\t0\n", stream);
		else
			fprintf(stream, "%.6g\t%.6g\t%d\t%d\n", row->medians[i],
				row->medians[i] / first,
				verdict_number(row->changes[i].verdict),
				is_first);
	}
}

static int drawing_fill(const struct kernels *kernels, const char *kind,
			const char *title, const char *measured, size_t limit,
			struct drawing *drawing)
{
	size_t *picked = calloc(limit, sizeof(*picked));
	FILE *stream = open_memstream(&drawing->data, &drawing->data_size);
	size_t count, all;
	char of_all[32] = "";

	if (!picked || !stream) {
		free(picked);
		if (stream)
			fclose(stream);
		return -ENOMEM;
	}
	count = rows_pick(kernels, limit, picked, &all);
	fputs(HEAD, stream);
	for (size_t i = 0; i < count; i++)
		row_write(kernels, &kernels->rows[picked[i]], i + 1, stream);
	free(picked);
	if (fclose(stream) != 0)
		return -ENOMEM;
	if (count < all)
		snprintf(of_all, sizeof(of_all), "%u largest of ",
			 (unsigned int)count);
	drawing->kind = kind;
	snprintf(drawing->stem, sizeof(drawing->stem), "%s", kind);
	snprintf(drawing->title, sizeof(drawing->title), "%s", title);
	snprintf(drawing->measure, sizeof(drawing->measure), "ns");
	snprintf(drawing->workload, sizeof(drawing->workload),
		 "%s, medians of %u layouts of memory; %s%zu changes", measured,
		 kernels->sides[0].points, of_all, all);
	snprintf(drawing->machine, sizeof(drawing->machine),
		 "%s: a nanosecond of its clock is an executed instruction",
		 kernels->clock);
	snprintf(drawing->note, sizeof(drawing->note),
		 "Caches, TLB misses, memory and other CPUs cost nothing here. "
		 "A circle: not told against the kernel before, as layouts "
		 "disagree on the direction. Empty: not measured.");
	if (count > 0)
		return 0;
	free(drawing->data);
	drawing->data = NULL;
	snprintf(drawing->why_not, sizeof(drawing->why_not),
		 "nothing changed between these kernels");
	return 0;
}

int drawings_kernels(const struct kernels *kernels, struct drawings *drawings)
{
	int error;

	drawings->list = calloc(2, sizeof(*drawings->list));
	if (!drawings->list)
		return -ENOMEM;
	drawings->count = 2;
	error = drawing_fill(kernels, "kernels", "What calls cost, by kernel",
			     "instructions on the first kernel, and on the "
			     "others what it is to that",
			     DRAWING_KERNELS_ROWS, &drawings->list[0]);
	if (!error)
		error = drawing_fill(kernels, "kernel-steps",
				     "What changed, from kernel to kernel",
				     "instructions of a call",
				     DRAWING_KERNELS_PANELS,
				     &drawings->list[1]);
	return error;
}
