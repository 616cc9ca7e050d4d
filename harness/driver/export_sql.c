/* export_sql - samples as a script that makes a database in sqlite3. */
#include <ctype.h>

#include "driver/export.h"
#include "driver/export_text.h"
#include "driver/insert.h"
#include "driver/names.h"

struct script {
	uint64_t samples; /* written so far, of all files: the last one's key */
};

/*
 * The shell goes on after an error unless it is told otherwise. An export that
 * is cut short never commits.
 */
static const char head[] =
	".bail on\n"
	"BEGIN;\n"
	"CREATE TABLE run(run INTEGER PRIMARY KEY, path TEXT, label TEXT,"
	" started TEXT, host TEXT, kernel TEXT, cpu_model TEXT, regrow TEXT,"
	" status TEXT, clock_unit TEXT, facts TEXT, calibration TEXT);\n"
	"CREATE TABLE cell(run INTEGER, cell INTEGER, role TEXT, workload TEXT,"
	" thp TEXT, layout TEXT, allocator TEXT, planted_percent INTEGER, clock TEXT,"
	" skipped TEXT, PRIMARY KEY(run, cell));\n"
	"CREATE TABLE counter(sample INTEGER, name TEXT, value INTEGER,"
	" enabled_ns INTEGER, running_ns INTEGER);\n"
	"CREATE TABLE figure(sample INTEGER, name TEXT, value INTEGER);\n"
	"CREATE TABLE failed_call(sample INTEGER, error TEXT, count INTEGER);\n"
	"CREATE TABLE size(sample INTEGER, log2 INTEGER, growths INTEGER,"
	" bytes INTEGER, grow_ns INTEGER, touch_ns INTEGER,"
	" reread_ns INTEGER);\n"
	"CREATE TABLE latency(run INTEGER, cell INTEGER, operation TEXT,"
	" low_ns INTEGER, high_ns INTEGER, count INTEGER);\n"
	"CREATE TABLE sample(sample INTEGER PRIMARY KEY, run INTEGER,"
	" cell INTEGER, sequence INTEGER, round INTEGER, pass TEXT,"
	" outcome TEXT, stage TEXT, valid INTEGER, invalid TEXT,"
	" taint TEXT, digest TEXT,"
	" migrated INTEGER, oracle_applies INTEGER";

static const char tail[] =
	"CREATE INDEX sample_cell ON sample(run, cell, pass);\n"
	"CREATE INDEX counter_sample ON counter(sample, name);\n"
	"CREATE INDEX figure_sample ON figure(sample, name);\n"
	"CREATE INDEX failed_call_sample ON failed_call(sample);\n"
	"CREATE INDEX size_sample ON size(sample, log2);\n"
	"CREATE INDEX latency_cell ON latency(run, cell, operation, low_ns);\n"
	"CREATE INDEX timeline_cell ON timeline(run, cell, at_ns);\n"
	"CREATE VIEW timed AS SELECT label, workload, thp, layout, role, allocator,"
	" sample.* FROM sample JOIN cell USING(run, cell) JOIN run USING(run)"
	" WHERE valid AND pass = 'timing';\n"
	"COMMIT;\n";

/* , time_wall_ns INTEGER: names that need no quotes, which hide mistakes. */
static void put_column(const char *name, FILE *stream)
{
	fputs(", ", stream);
	for (; *name != 0; name++)
		fputc(isalnum((unsigned char)*name) ? *name : '_', stream);
	fputs(" INTEGER", stream);
}

static int put_run(struct insert *insert, const struct export *export,
		   const struct results_file *file)
{
	const struct json *run = file->run;
	int error;

	insert_begin(insert, "run");
	insert_number(insert, export->number);
	insert_text(insert, file->path);
	insert_text(insert, json_text(run, "label", NULL));
	insert_text(insert, json_text(run, "started", NULL));
	insert_text(insert, json_text(run, "machine.host", NULL));
	insert_text(insert, json_text(run, "machine.kernel", NULL));
	insert_text(insert, json_text(run, "machine.cpu_model", NULL));
	insert_text(insert, json_text(run, "regrow", NULL));
	insert_text(insert, file->ended ? file->status : NULL);
	insert_text(insert, file->clock_unit);
	error = insert_json(insert, run);
	if (error == 0)
		error = insert_json(insert, file->calibration);
	insert_end(insert);
	return error;
}

static void put_cell(struct insert *insert, unsigned int run,
		     const struct results_cell *cell)
{
	const struct results_group *group = cell->group;

	insert_begin(insert, "cell");
	insert_number(insert, run);
	insert_number(insert, cell->index);
	insert_text(insert, role_names[cell->role]);
	insert_text(insert, group->workload);
	insert_text(insert, thp_names[group->thp]);
	insert_text(insert, layout_names[group->layout]);
	insert_text(insert, cell->allocator);
	insert_number(insert, cell->role == ROLE_PLANTED ? cell->planted_percent
							 : FIGURE_ABSENT);
	insert_text(insert, clock_names[group->clock]);
	insert_text(insert, cell->skipped ? cell->skipped : group->skipped);
	insert_end(insert);
}

static void put_timeline(struct insert *insert, unsigned int run,
			 const struct results_cell *cell)
{
	for (unsigned int i = 0; i < cell->timeline_count; i++) {
		const struct results_point *point = &cell->timeline[i];

		insert_begin(insert, "timeline");
		insert_number(insert, run);
		insert_number(insert, cell->index);
		insert_number(insert, point->at_ns);
		insert_number(insert, point->operations);
		for (int j = 0; j < MAP_FIGURES; j++)
			insert_number(insert, point->values[j]);
		insert_end(insert);
	}
}

/* The bucket of what is too long for the others has no high_ns. */
static void put_bucket(struct insert *insert, unsigned int run,
		       const struct results_cell *cell,
		       enum operation operation, unsigned int bucket,
		       uint64_t count)
{
	insert_begin(insert, "latency");
	insert_number(insert, run);
	insert_number(insert, cell->index);
	insert_text(insert, operation_names[operation]);
	insert_number(insert, (int64_t)histogram_bucket_low_ns(bucket));
	insert_number(insert,
		      bucket < HISTOGRAM_BUCKETS
			      ? (int64_t)histogram_bucket_high_ns(bucket)
			      : FIGURE_ABSENT);
	insert_number(insert, count <= INT64_MAX ? (int64_t)count : INT64_MAX);
	insert_end(insert);
}

static void put_latencies(struct insert *insert, unsigned int run,
			  const struct results_cell *cell)
{
	for (int i = 0; i < OPERATION_COUNT; i++) {
		const struct results_histogram *all = &cell->histograms[i];
		enum operation operation = (enum operation)i;

		for (unsigned int j = 0; j < all->buckets_count; j++)
			put_bucket(insert, run, cell, operation,
				   all->buckets[j].bucket,
				   all->buckets[j].count);
		if (all->overflow > 0)
			put_bucket(insert, run, cell, operation,
				   HISTOGRAM_BUCKETS, all->overflow);
	}
}

/* In the order of head[]. */
static void put_sample(struct insert *insert, uint64_t key, unsigned int run,
		       const struct results_cell *cell,
		       const struct results_sample *sample)
{
	char invalid[EXPORT_INVALID_SIZE], taint[EXPORT_TAINT_SIZE];

	insert_begin(insert, "sample");
	insert_number(insert, (int64_t)key);
	insert_number(insert, run);
	insert_number(insert, cell->index);
	insert_number(insert, sample->sequence);
	insert_number(insert, sample->round);
	insert_text(insert, pass_names[sample->pass]);
	insert_text(insert, sample_outcome_names[sample->outcome]);
	insert_text(insert,
		    sample->stage >= 0 ? stage_names[sample->stage] : NULL);
	insert_number(insert, sample->valid);
	export_invalid(sample, invalid);
	insert_text(insert, invalid[0] != 0 ? invalid : NULL);
	insert_text(insert, export_taint(sample, taint));
	insert_text(insert, sample->digest[0] != 0 ? sample->digest : NULL);
	insert_number(insert, sample->migrated);
	insert_number(insert, sample->oracle_applies);
	for (int i = 0; i < FIGURE_COUNT; i++)
		insert_number(insert, sample->values[i]);
	insert_end(insert);
}

static void put_named(struct insert *insert, const char *table, uint64_t key,
		      const char *name, int64_t value)
{
	insert_begin(insert, table);
	insert_number(insert, (int64_t)key);
	insert_text(insert, name);
	insert_number(insert, value);
}

static void put_readings(struct insert *insert, uint64_t key,
			 const struct results_file *file,
			 const struct results_sample *sample)
{
	for (unsigned int i = 0; i < file->counters_count; i++) {
		const struct results_reading *reading;

		if (sample->readings == NULL || !sample->readings[i].present)
			continue;
		reading = &sample->readings[i];
		put_named(insert, "counter", key, file->counters[i].name,
			  reading->value);
		insert_number(insert, reading->enabled_ns);
		insert_number(insert, reading->running_ns);
		insert_end(insert);
	}
}

static void put_sizes(struct insert *insert, uint64_t key,
		      const struct results_sample *sample)
{
	for (unsigned int i = 0; i < sample->sizes_count; i++) {
		const struct results_size *size = &sample->sizes[i];

		insert_begin(insert, "size");
		insert_number(insert, (int64_t)key);
		insert_number(insert, size->log2);
		insert_number(insert, size->growths);
		insert_number(insert, size->bytes);
		insert_number(insert, size->grow_ns);
		insert_number(insert, size->touch_ns);
		insert_number(insert, size->reread_ns);
		insert_end(insert);
	}
}

static void put_parts(struct insert *insert, uint64_t key,
		      const struct results_file *file,
		      const struct results_sample *sample)
{
	char text[ERRNO_TEXT_SIZE];

	put_readings(insert, key, file, sample);
	put_sizes(insert, key, sample);
	for (unsigned int i = 0; i < sample->own_count; i++) {
		put_named(insert, "figure", key,
			  file->own_names[sample->own[i].name],
			  sample->own[i].value);
		insert_end(insert);
	}
	for (unsigned int i = 0; i < sample->failed_calls_count; i++) {
		int error = sample->failed_calls[i].error;

		put_named(insert, "failed_call", key,
			  error > 0 ? names_errno(error, text) : "other",
			  sample->failed_calls[i].count);
		insert_end(insert);
	}
}

static int sql_begin(struct export *export)
{
	FILE *stream = export->stream;

	fputs(head, stream);
	for (int i = 0; i < FIGURE_COUNT; i++)
		put_column(figures[i].name, stream);
	fputs(");\nCREATE TABLE timeline(run INTEGER, cell INTEGER,"
	      " at_ns INTEGER, operations INTEGER",
	      stream);
	for (int i = 0; i < MAP_FIGURES; i++)
		put_column(map_figure_names[i], stream);
	fputs(");\n", stream);
	return 0;
}

static int sql_file(struct export *export, const struct results_file *file)
{
	struct insert insert = {.stream = export->stream};
	struct script *script = export->state;
	int error = put_run(&insert, export, file);

	for (unsigned int i = 0; error == 0 && i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		put_cell(&insert, export->number, cell);
		put_timeline(&insert, export->number, cell);
		put_latencies(&insert, export->number, cell);
		for (size_t j = 0; j < cell->samples_count; j++) {
			uint64_t key = ++script->samples;

			put_sample(&insert, key, export->number, cell,
				   &cell->samples[j]);
			put_parts(&insert, key, file, &cell->samples[j]);
		}
	}
	return error;
}

static int sql_end(struct export *export)
{
	fputs(tail, export->stream);
	return 0;
}

/* Tables as results/SQL.md describes them. */
const struct export_format export_sql = {
	.name = "sqlite",
	.state_size = sizeof(struct script),
	.begin = sql_begin,
	.file = sql_file,
	.end = sql_end,
};
