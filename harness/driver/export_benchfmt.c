/* export_benchfmt - samples as Go's benchmark format, for benchstat. */
#include <inttypes.h>

#include "driver/export.h"
#include "driver/export_text.h"
#include "driver/group_units.h"

/*
 * A line "key: value"; without a value it takes back that of the file before.
 * Each key that differs makes tables of their own in benchstat, so that what
 * always differs, such as the time of day, is not among them.
 */
static void put_key(const struct results_file *file, const char *key,
		    const char *path, FILE *stream)
{
	char text[EXPORT_LINE_SIZE];

	if (export_run_line(file, path, text)[0] != 0)
		fprintf(stream, "%s: %s\n", key, text);
	else
		fprintf(stream, "%s:\n", key);
}

static void put_configuration(const struct results_file *file, FILE *stream)
{
	char text[EXPORT_LINE_SIZE];

	fprintf(stream, "# %s", export_line(file->path, text));
	fprintf(stream, ", %s", export_run_line(file, "started", text));
	fprintf(stream, ", regrow %s%s\n",
		export_run_line(file, "regrow", text),
		file->ended ? "" : ", interrupted");
	put_key(file, "label", "label", stream);
	put_key(file, "host", "machine.host", stream);
	put_key(file, "kernel", "machine.kernel", stream);
	put_key(file, "arch", "machine.kernel_arch", stream);
	put_key(file, "cpu", "machine.cpu_model", stream);
}

static void put_counters(const struct results_file *file,
			 const struct results_sample *sample, FILE *stream)
{
	for (unsigned int i = 0; i < file->counters_count; i++) {
		const struct results_reading *reading = &sample->readings[i];
		double value = (double)reading->value;

		if (!reading->present || reading->running_ns == 0)
			continue;
		if (reading->running_ns > 0 &&
		    reading->running_ns < reading->enabled_ns)
			value *= (double)reading->enabled_ns /
				 (double)reading->running_ns;
		fprintf(stream, " %.15g ", value);
		export_word(file->counters[i].name, stream);
		fputs("/op", stream);
	}
}

/* An operation is a sample: the whole work of one process. */
static void put_sample(const struct results_cell *cell,
		       const struct results_sample *sample, FILE *stream)
{
	bool instructions = group_units_counts_instructions(cell->file);

	fputs("BenchmarkRegrow/", stream);
	export_name(cell, stream);
	fputs(" 1", stream);
	for (int i = 0; i < EXPORT_FIGURES; i++) {
		const struct export_figure *figure = &export_figures[i];
		int64_t value = sample->values[figure->figure];
		const char *unit = figure->unit;

		if (value == FIGURE_ABSENT || (instructions && figure->of_cpu))
			continue;
		if (instructions && figure->figure == FIGURE_WALL_NS)
			unit = "instructions/op";
		fprintf(stream, " %" PRId64 " %s", value, unit);
	}
	if (sample->readings != NULL)
		put_counters(cell->file, sample, stream);
	fputc('\n', stream);
}

static int benchfmt_file(struct export *export, const struct results_file *file)
{
	put_configuration(file, export->stream);
	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		for (size_t j = 0; j < cell->samples_count; j++)
			if (export_counts(&cell->samples[j]))
				put_sample(cell, &cell->samples[j],
					   export->stream);
	}
	return 0;
}

/* https://golang.org/design/14313-benchmark-format */
const struct export_format export_benchfmt = {
	.name = "benchfmt",
	.file = benchfmt_file,
};
