/* drawing_machines - the data of the figures of results of many machines. */
#include "driver/drawing_machines.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driver/drawing_text.h"
#include "driver/machines_order.h"
#include "driver/names.h"

#define LABEL_WIDTH 40 /* characters */
#define NAME_WIDTH 26
#define RELEASE_WIDTH 16

/* What a figure is made of. */
struct figure_of {
	const struct machines *machines;
	unsigned int block;
	unsigned int main_row;
	unsigned int panels;
	unsigned int rows[DRAWING_MACHINES_PANELS];
	unsigned int columns; /* kernels drawn */
	unsigned int kernels[DRAWING_MACHINES_COLUMNS]; /* as versions sort */
	unsigned int *order; /* of machines; room for all */
	FILE *stream;
};

static double effect_of(const struct machines *machines, unsigned int row)
{
	return fabs(log(machines->rows[row].ratio.median));
}

/* The allocators of the largest effect, the largest first. */
static void rows_pick(struct figure_of *figure, unsigned int limit)
{
	const struct machines *machines = figure->machines;
	unsigned int count = 0;

	for (unsigned int i = machines_next_row(machines, figure->block,
						ROLE_ROW, MACHINES_NONE);
	     i != MACHINES_NONE;
	     i = machines_next_row(machines, figure->block, ROLE_ROW, i)) {
		unsigned int at = count < limit ? count : limit;

		if (machines->rows[i].ratio.machines == 0)
			continue;
		for (; at > 0 && effect_of(machines, figure->rows[at - 1]) <
					 effect_of(machines, i);
		     at--)
			if (at < limit)
				figure->rows[at] = figure->rows[at - 1];
		if (at < limit)
			figure->rows[at] = i;
		count += count < limit;
	}
	figure->panels = count;
}

/* The kernels with most runs, in the order of their versions. */
static void kernels_pick(struct figure_of *figure)
{
	const struct machines *machines = figure->machines;

	figure->columns = 0;
	for (unsigned int i = 0; i < machines->kernels_count; i++) {
		unsigned int more = 0;

		for (unsigned int j = 0; j < machines->kernels_count; j++)
			more += machines->kernels[j].runs >
					machines->kernels[i].runs ||
				(machines->kernels[j].runs ==
					 machines->kernels[i].runs &&
				 j < i);
		if (more < DRAWING_MACHINES_COLUMNS)
			figure->kernels[figure->columns++] = i;
	}
}

/* Number i of at most DRAWING_MACHINES_ROWS, evenly of all. */
static unsigned int drawn_of(unsigned int count)
{
	return count < DRAWING_MACHINES_ROWS ? count : DRAWING_MACHINES_ROWS;
}

static unsigned int machine_at(const struct figure_of *figure,
			       unsigned int count, unsigned int i)
{
	return figure->order[(size_t)i * count / drawn_of(count)];
}

/* series, role, label, allocator: what all figures begin with. */
static void begin_line(const struct figure_of *figure, unsigned int panel)
{
	const char *spelling =
		figure->machines->rows[figure->rows[panel]].allocator;
	char label[512], allocator[1024];

	drawing_shortened(spelling, LABEL_WIDTH, label, sizeof(label));
	drawing_field(spelling, allocator, sizeof(allocator));
	fprintf(figure->stream, "%u\trow\t%s\t%s", panel + 1, label, allocator);
}

static void put_real(const struct figure_of *figure, double value)
{
	if (isfinite(value))
		fprintf(figure->stream, "\t%.6g", value);
	else
		fputs("\t", figure->stream);
}

/* The heat map: one line a machine, allocator and kernel that has a ratio. */
static unsigned int map_write(const struct figure_of *figure)
{
	const struct machines *machines = figure->machines;
	unsigned int count = machines_order(machines, figure->main_row, false,
					    figure->order);
	char name[256], release[256];

	fputs("series\trole\tlabel\tallocator\tmachine\tmachine_name\tkernel\t"
	      "kernel_name\tratio\tverdict\n",
	      figure->stream);
	for (unsigned int i = 0; i < figure->panels; i++)
		for (unsigned int j = 0; j < drawn_of(count); j++) {
			unsigned int machine = machine_at(figure, count, j);

			drawing_shortened(machines->machines[machine].name,
					  NAME_WIDTH, name, sizeof(name));
			for (unsigned int k = 0; k < figure->columns; k++) {
				const struct machines_cell *cell =
					machines_on_kernel(machines, machine,
							   figure->kernels[k],
							   figure->rows[i]);

				if (cell == NULL || !isfinite(cell->ratio))
					continue;
				drawing_shortened(
					machines->kernels[figure->kernels[k]]
						.release,
					RELEASE_WIDTH, release,
					sizeof(release));
				begin_line(figure, i);
				fprintf(figure->stream,
					"\t%u\t%s\t%u\t%s\t%.6g\t%s\n", j + 1,
					name, k + 1, release, cell->ratio,
					machines_verdict_names[cell->verdict]);
			}
		}
	return count;
}

/* What the reference against its twin was, on all machines. */
static void noise_write(const struct figure_of *figure)
{
	unsigned int twin = machines_next_row(figure->machines, figure->block,
					      ROLE_TWIN, MACHINES_NONE);
	const struct machines_spread *spread;

	if (twin == MACHINES_NONE)
		return;
	spread = &figure->machines->rows[twin].ratio;
	if (spread->machines == 0)
		return;
	fprintf(figure->stream, "0\tnoise\tnoise floor\t\t\t\t%.6g",
		spread->median);
	put_real(figure, spread->lowest);
	put_real(figure, spread->highest);
	fputs("\t\t\t\n", figure->stream);
}

/* The spread: one line a machine and allocator, by its ratio upward. */
static unsigned int spread_write(const struct figure_of *figure)
{
	const struct machines *machines = figure->machines;
	unsigned int most = 0;
	char name[256];

	fputs("series\trole\tlabel\tallocator\trank\tmachine_name\tratio\tlow\t"
	      "high\tmedian\tquartile_low\tquartile_high\n",
	      figure->stream);
	noise_write(figure);
	for (unsigned int i = 0; i < figure->panels; i++) {
		const struct machines_spread *spread =
			&machines->rows[figure->rows[i]].ratio;
		unsigned int count = machines_order(machines, figure->rows[i],
						    false, figure->order);

		most = count > most ? count : most;
		for (unsigned int j = 0; j < drawn_of(count); j++) {
			unsigned int machine = machine_at(figure, count, j);
			struct machines_value value = machines_value(
				machines, machine, figure->rows[i]);
			bool told = value.interval.level > 0;

			drawing_shortened(machines->machines[machine].name,
					  NAME_WIDTH, name, sizeof(name));
			begin_line(figure, i);
			fprintf(figure->stream, "\t%u\t%s\t%.6g", j + 1, name,
				value.ratio);
			put_real(figure, told ? value.interval.low : NAN);
			put_real(figure, told ? value.interval.high : NAN);
			fprintf(figure->stream, "\t%.6g\t%.6g\t%.6g\n",
				spread->median, spread->quartile_low,
				spread->quartile_high);
		}
	}
	return most;
}

/* What is said of what is not in the picture. */
static void thinned_note(unsigned int count, char *text, size_t size)
{
	text[0] = '\0';
	if (count > DRAWING_MACHINES_ROWS)
		snprintf(text, size, " %u of %u machines, evenly.",
			 DRAWING_MACHINES_ROWS, count);
}

static void map_note(const struct figure_of *figure, unsigned int count,
		     struct drawing *drawing)
{
	char thinned[64], label[164], kernels[64] = "";

	thinned_note(count, thinned, sizeof(thinned));
	if (figure->columns < figure->machines->kernels_count)
		snprintf(kernels, sizeof(kernels),
			 " %u of %u kernels, those with most runs.",
			 figure->columns, figure->machines->kernels_count);
	drawing_shortened(figure->machines->rows[figure->main_row].allocator,
			  LABEL_WIDTH, label, sizeof(label));
	snprintf(drawing->note, sizeof(drawing->note),
		 "Rows: %u machines%s, by their ratio of %s. Columns: kernels."
		 "%s%s",
		 count,
		 drawn_of(count) > DRAWING_MACHINES_LABELS
			 ? ", too many to be named"
			 : "",
		 label, kernels, thinned);
}

static void spread_note(unsigned int count, struct drawing *drawing)
{
	char thinned[64];

	thinned_note(count, thinned, sizeof(thinned));
	snprintf(drawing->note, sizeof(drawing->note),
		 "A point is a machine, with its interval where one kernel of "
		 "it has %d runs or more; line: median over machines; blue "
		 "band: half of them. The noise floor is from the lowest to "
		 "the highest machine.%s",
		 MACHINES_RUNS_MIN, thinned);
}

static void texts_fill(const struct figure_of *figure, const char *kind,
		       const char *title, struct drawing *drawing)
{
	const struct machines *machines = figure->machines;
	const struct machines_block *block = &machines->blocks[figure->block];
	char word[DRAWING_WORD_SIZE], line[2048];

	drawing->kind = kind;
	snprintf(drawing->stem, sizeof(drawing->stem), "%s-%s-%u", kind,
		 drawing_word(block->workload, ':', word), figure->block + 1);
	snprintf(drawing->title, sizeof(drawing->title), "%s", title);
	snprintf(drawing->measure, sizeof(drawing->measure), "ns");
	snprintf(line, sizeof(line), "%s, %s, ratio to %s, by %s",
		 block->workload, names_mode(block->thp, block->layout),
		 block->reference, clock_names[block->clock]);
	drawing_shortened(line, 140, drawing->workload,
			  sizeof(drawing->workload));
	snprintf(drawing->machine, sizeof(drawing->machine),
		 "%u machine%s, %u kernel%s, %u runs", machines->machines_count,
		 machines->machines_count == 1 ? "" : "s",
		 machines->kernels_count,
		 machines->kernels_count == 1 ? "" : "s", block->runs);
}

/* One of the two figures. 0 or -ENOMEM. */
static int figure_fill(struct figure_of *figure, bool is_map,
		       struct drawing *drawing)
{
	unsigned int limit = DRAWING_MACHINES_PANELS;
	unsigned int count = 0;

	kernels_pick(figure);
	if (is_map && figure->columns > 0 &&
	    limit > DRAWING_MACHINES_COLUMNS / figure->columns)
		limit = DRAWING_MACHINES_COLUMNS / figure->columns;
	rows_pick(figure, limit);
	texts_fill(figure, is_map ? "machines" : "machine-spread",
		   is_map ? "Effect by machine and kernel"
			  : "Effect, and spread between machines",
		   drawing);
	if (figure->main_row == MACHINES_NONE) {
		snprintf(drawing->why_not, sizeof(drawing->why_not),
			 "no allocator has a ratio to the reference");
		return 0;
	}
	figure->stream = open_memstream(&drawing->data, &drawing->data_size);
	if (figure->stream == NULL)
		return -ENOMEM;
	count = is_map ? map_write(figure) : spread_write(figure);
	if (fclose(figure->stream) != 0)
		return -ENOMEM;
	if (is_map)
		map_note(figure, count, drawing);
	else
		spread_note(count, drawing);
	return 0;
}

int drawings_machines(const struct machines *machines,
		      struct drawings *drawings)
{
	struct figure_of figure = {.machines = machines,
				   .order = calloc(machines->machines_count + 1,
						   sizeof(*figure.order))};
	int error = figure.order != NULL ? 0 : -ENOMEM;

	drawings->list = calloc(2 * (size_t)machines->blocks_count + 1,
				sizeof(*drawings->list));
	if (drawings->list == NULL)
		error = -ENOMEM;
	for (unsigned int i = 0; i < machines->blocks_count && error == 0;
	     i++) {
		if (machines->blocks[i].apart)
			continue;
		figure.block = i;
		figure.main_row = machines_main_row(machines, i);
		for (int j = 0; j < 2 && error == 0; j++)
			error = figure_fill(&figure, j == 0,
					    &drawings->list[drawings->count++]);
	}
	free(figure.order);
	return error;
}
