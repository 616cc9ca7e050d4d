/* export_pyperf - timing samples as a benchmark suite that pyperf loads. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "driver/export.h"
#include "driver/export_text.h"
#include "driver/group_units.h"
#include "driver/names.h"

#define NS_PER_S 1e9

struct suite {
	size_t benchmarks; /* that there will be */
	size_t written;
};

/* pyperf refuses times that are not above 0, and benchmarks without a time. */
static bool has_time(const struct results_sample *sample)
{
	return export_counts(sample) && sample->values[FIGURE_WALL_NS] > 0;
}

static bool is_benchmark(const struct results_cell *cell)
{
	for (size_t i = 0; i < cell->samples_count; i++)
		if (has_time(&cell->samples[i]))
			return true;
	return false;
}

static int pyperf_survey(struct export *export, const struct results_file *file)
{
	struct suite *suite = export->state;

	for (unsigned int i = 0; i < file->cells_count; i++)
		suite->benchmarks += is_benchmark(&file->cells[i]);
	return 0;
}

/* pyperf refuses an empty text. */
static void add_text(struct json *metadata, const char *key, const char *text)
{
	char line[EXPORT_LINE_SIZE];

	if (export_line(text, line)[0] != 0)
		json_add_text(metadata, key, line);
}

static void add_fact(struct json *metadata, const char *key,
		     const struct results_file *file, const char *path)
{
	add_text(metadata, key, json_text(file->run, path, NULL));
}

static void add_platform(struct json *metadata, const struct results_file *file)
{
	const char *kernel = json_text(file->run, "machine.kernel", NULL);
	const char *arch = json_text(file->run, "machine.kernel_arch", "");
	char text[EXPORT_LINE_SIZE];

	if (kernel == NULL)
		return;
	snprintf(text, sizeof(text), "Linux-%s%s%s", kernel,
		 arch[0] != 0 ? "-" : "", arch);
	add_text(metadata, "platform", text);
}

/* Names are unique in a suite, so that more than one file adds its number. */
static int add_name(struct json *metadata, const struct export *export,
		    const struct results_cell *cell)
{
	char *name = NULL;
	size_t size;
	FILE *stream = open_memstream(&name, &size);
	int error = 0;

	if (stream == NULL)
		return -ENOMEM;
	export_name(cell, stream);
	if (export->count > 1)
		fprintf(stream, "/file=%u", export->number);
	if (fclose(stream) != 0)
		error = -ENOMEM;
	else
		json_add_text(metadata, "name", name);
	free(name);
	return error;
}

static int add_metadata(struct json *benchmark, const struct export *export,
			const struct results_cell *cell)
{
	const struct results_file *file = cell->file;
	struct json *metadata = json_add_object(benchmark, "metadata");
	char role[EXPORT_ROLE_SIZE];
	uint64_t cpus = json_count(file->run, "machine.cpus_online", 0);

	bool instructions = group_units_counts_instructions(file);

	json_add_text(metadata, "unit", instructions ? "integer" : "second");
	json_add_count(metadata, "loops", 1);
	json_add_text(metadata, "description",
		      instructions ? "executed instructions of the timed "
				     "operations of one process"
				   : "wall time of the timed operations of one "
				     "process");
	add_text(metadata, "workload", cell->group->workload);
	add_text(metadata, "allocator", cell->allocator);
	json_add_text(metadata, "thp", thp_names[cell->group->thp]);
	json_add_text(metadata, "layout", layout_names[cell->group->layout]);
	json_add_text(metadata, "role", export_role(cell, role));
	add_text(metadata, "results_file", file->path);
	add_fact(metadata, "label", file, "label");
	add_fact(metadata, "regrow_version", file, "regrow");
	add_fact(metadata, "hostname", file, "machine.host");
	add_fact(metadata, "cpu_model_name", file, "machine.cpu_model");
	if (cpus > 0)
		json_add_count(metadata, "cpu_count", cpus);
	add_fact(metadata, "kernel", file, "machine.kernel");
	add_platform(metadata, file);
	return add_name(metadata, export, cell);
}

/* When the process began: local to no zone, as pyperf has it; here UTC. */
static void add_date(struct json *metadata, const struct results_file *file,
		     const struct results_sample *sample)
{
	int64_t at_ns = sample->values[FIGURE_AT_NS];
	int64_t process_ns = sample->values[FIGURE_PROCESS_NS];
	struct tm utc = {0};
	char text[64];
	time_t begun;

	if (strptime(json_text(file->run, "started", ""), "%Y-%m-%dT%H:%M:%SZ",
		     &utc) == NULL ||
	    at_ns == FIGURE_ABSENT)
		return;
	if (process_ns == FIGURE_ABSENT || process_ns > at_ns)
		process_ns = 0;
	begun = timegm(&utc) + (at_ns - process_ns) / (int64_t)NS_PER_S;
	/* Python knows years of four digits. */
	if (begun < 0 || gmtime_r(&begun, &utc) == NULL ||
	    utc.tm_year > 9999 - 1900)
		return;
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &utc);
	json_add_text(metadata, "date", text);
}

static void add_run(struct json *runs, const struct results_file *file,
		    const struct results_sample *sample)
{
	struct json *run = json_append_object(runs);
	struct json *metadata = json_add_object(run, "metadata");
	int64_t process_ns = sample->values[FIGURE_PROCESS_NS];
	bool instructions = group_units_counts_instructions(file);

	json_append_real(json_add_array(run, "values"),
			 (double)sample->values[FIGURE_WALL_NS] /
				 (instructions ? 1 : NS_PER_S));
	/* A clock that counts instructions knows no date. */
	if (!instructions)
		add_date(metadata, file, sample);
	if (process_ns != FIGURE_ABSENT && !instructions)
		json_add_real(metadata, "duration",
			      (double)process_ns / NS_PER_S);
	json_add_count(metadata, "round", sample->round);
	for (int i = 0; i < EXPORT_FIGURES; i++) {
		enum figure_index figure = export_figures[i].figure;
		int64_t value = sample->values[figure];

		if (value != FIGURE_ABSENT &&
		    !(instructions && export_figures[i].of_cpu))
			json_add_signed(metadata, figures[figure].name, value);
	}
}

static int write_benchmark(struct export *export,
			   const struct results_cell *cell)
{
	struct suite *suite = export->state;
	struct json *benchmark = json_new_object();
	int error = add_metadata(benchmark, export, cell);
	struct json *runs = json_add_array(benchmark, "runs");
	char *line = NULL;
	size_t size;

	for (size_t i = 0; error == 0 && i < cell->samples_count; i++)
		if (has_time(&cell->samples[i]))
			add_run(runs, cell->file, &cell->samples[i]);
	if (error == 0)
		line = json_line(benchmark, &size);
	if (line == NULL)
		error = -ENOMEM;
	else
		fprintf(export->stream, "%s%s", suite->written++ ? "," : "",
			line);
	free(line);
	json_free(benchmark);
	return error;
}

/* The suite around its benchmarks, of which one is in memory at a time. */
static int pyperf_begin(struct export *export)
{
	struct suite *suite = export->state;

	if (suite->benchmarks == 0) {
		snprintf(export->why, export->why_size,
			 "no valid sample of the timing pass: pyperf cannot "
			 "load a suite without benchmarks");
		return -ENODATA;
	}
	fputs("{\"version\":\"1.0\",\"benchmarks\":[\n", export->stream);
	return 0;
}

static int pyperf_file(struct export *export, const struct results_file *file)
{
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < file->cells_count; i++)
		if (is_benchmark(&file->cells[i]))
			error = write_benchmark(export, &file->cells[i]);
	return error;
}

static int pyperf_end(struct export *export)
{
	fputs("]}\n", export->stream);
	return 0;
}

/* https://pyperf.readthedocs.io/en/latest/api.html, of version 1.0 */
const struct export_format export_pyperf = {
	.name = "pyperf",
	.state_size = sizeof(struct suite),
	.survey = pyperf_survey,
	.begin = pyperf_begin,
	.file = pyperf_file,
	.end = pyperf_end,
};
