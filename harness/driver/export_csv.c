/* export_csv - samples as comma-separated values, for other programs. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "driver/export.h"
#include "driver/export_text.h"
#include "driver/names.h"

/* Names in the order in which they were first seen. */
struct names {
	char **list;
	unsigned int count;
};

/* Columns that not every file has. */
struct columns {
	struct names counters;
	struct names own;
	bool failed_calls[TALLY_ERRNO_MAX]; /* by errno; 0: without a name */
};

/* A row that is being written. */
struct row {
	FILE *stream;
	bool begun;
};

static const char *const first_columns[] = {
	"file",		  "label",
	"started",	  "host",
	"kernel",	  "cell",
	"role",		  "allocator",
	"workload",	  "thp",
	"sequence",	  "round",
	"pass",		  "outcome",
	"stage",	  "valid",
	"invalid",	  "taint",
	"digest",	  "migrated",
	"oracle.applies", "planted_percent",
	"layout",	  "clock_unit",
};

/* 0 or -ENOMEM. */
static int add_name(struct names *names, const char *name)
{
	char **list;

	if (names_find((const char *const *)names->list, names->count, name) >=
	    0)
		return 0;
	list = realloc(names->list, (names->count + 1) * sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	names->list = list;
	list[names->count] = strdup(name);
	if (list[names->count] == NULL)
		return -ENOMEM;
	names->count++;
	return 0;
}

static void free_names(struct names *names)
{
	for (unsigned int i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
}

static void add_failed_calls(struct columns *columns,
			     const struct results_cell *cell)
{
	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];

		for (unsigned int j = 0; j < sample->failed_calls_count; j++)
			columns->failed_calls[sample->failed_calls[j].error] =
				true;
	}
}

static int csv_survey(struct export *export, const struct results_file *file)
{
	struct columns *columns = export->state;
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < file->counters_count; i++)
		if (file->counters[i].missing == NULL)
			error = add_name(&columns->counters,
					 file->counters[i].name);
	for (unsigned int i = 0; error == 0 && i < file->own_names_count; i++)
		error = add_name(&columns->own, file->own_names[i]);
	for (unsigned int i = 0; i < file->cells_count; i++)
		add_failed_calls(columns, &file->cells[i]);
	return error;
}

static void put_comma(struct row *row)
{
	if (row->begun)
		fputc(',', row->stream);
	row->begun = true;
}

/* Whether a spreadsheet would run it (OWASP, CSV injection). */
static bool is_formula(const char *text)
{
	return text[0] != 0 && strchr("=+-@\t\r\n", text[0]) != NULL;
}

/* NULL: an empty field. */
static void put_text(struct row *row, const char *text)
{
	bool quoted;

	put_comma(row);
	if (text == NULL)
		return;
	quoted = strpbrk(text, ",\"\r\n") != NULL;
	if (quoted)
		fputc('"', row->stream);
	if (is_formula(text))
		fputc('\'', row->stream);
	for (; *text != 0; text++) {
		if (*text == '"')
			fputc('"', row->stream);
		fputc(*text, row->stream);
	}
	if (quoted)
		fputc('"', row->stream);
}

static void put_number(struct row *row, int64_t value)
{
	put_comma(row);
	if (value != FIGURE_ABSENT)
		fprintf(row->stream, "%" PRId64, value);
}

static void put_bool(struct row *row, bool value)
{
	put_text(row, value ? "true" : "false");
}

static void end_row(struct row *row)
{
	fputs("\r\n", row->stream);
	row->begun = false;
}

/* A column's name in two or three parts, cut where it is absurdly long. */
static void put_name(struct row *row, const char *kind, const char *name,
		     const char *ending)
{
	char text[512];

	snprintf(text, sizeof(text), "%s.%s%s", kind, name, ending);
	put_text(row, text);
}

static void put_header(struct row *row, const struct columns *columns)
{
	char text[ERRNO_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(first_columns) / sizeof(char *); i++)
		put_text(row, first_columns[i]);
	for (int i = 0; i < FIGURE_COUNT; i++)
		put_text(row, figures[i].name);
	for (int i = 0; i < TALLY_ERRNO_MAX; i++)
		if (columns->failed_calls[i])
			put_name(row, "failed_calls",
				 i > 0 ? names_errno(i, text) : "other", "");
	for (unsigned int i = 0; i < columns->counters.count; i++) {
		const char *name = columns->counters.list[i];

		put_name(row, "counters", name, ".value");
		put_name(row, "counters", name, ".enabled_ns");
		put_name(row, "counters", name, ".running_ns");
	}
	for (unsigned int i = 0; i < columns->own.count; i++)
		put_name(row, "figures", columns->own.list[i], "");
	end_row(row);
}

/* In the order of first_columns. */
static void put_first(struct row *row, const struct results_cell *cell,
		      const struct results_sample *sample)
{
	const struct results_file *file = cell->file;
	char invalid[EXPORT_INVALID_SIZE], taint[EXPORT_TAINT_SIZE];

	put_text(row, file->path);
	put_text(row, json_text(file->run, "label", NULL));
	put_text(row, json_text(file->run, "started", NULL));
	put_text(row, json_text(file->run, "machine.host", NULL));
	put_text(row, json_text(file->run, "machine.kernel", NULL));
	put_number(row, cell->index);
	put_text(row, role_names[cell->role]);
	put_text(row, cell->allocator);
	put_text(row, cell->group->workload);
	put_text(row, thp_names[cell->group->thp]);
	put_number(row, sample->sequence);
	put_number(row, sample->round);
	put_text(row, pass_names[sample->pass]);
	put_text(row, sample_outcome_names[sample->outcome]);
	put_text(row, sample->stage >= 0 ? stage_names[sample->stage] : NULL);
	put_bool(row, sample->valid);
	put_text(row, export_invalid(sample, invalid));
	put_text(row, export_taint(sample, taint));
	put_text(row, sample->digest);
	put_bool(row, sample->migrated);
	put_bool(row, sample->oracle_applies);
	put_number(row, cell->role == ROLE_PLANTED ? cell->planted_percent
						   : FIGURE_ABSENT);
	put_text(row, layout_names[cell->group->layout]);
	put_text(row, file->clock_unit);
}

static int64_t failed_calls_of(const struct results_sample *sample, int error)
{
	int64_t count = FIGURE_ABSENT;

	for (unsigned int i = 0; i < sample->failed_calls_count; i++)
		if (sample->failed_calls[i].error == error)
			count = sample->failed_calls[i].count;
	return count;
}

static void put_counter(struct row *row, const struct results_file *file,
			const struct results_sample *sample, const char *name)
{
	static const struct results_reading nothing = {
		.value = FIGURE_ABSENT,
		.enabled_ns = FIGURE_ABSENT,
		.running_ns = FIGURE_ABSENT,
	};
	const struct results_reading *reading = &nothing;

	for (unsigned int i = 0; i < file->counters_count; i++)
		if (sample->readings != NULL && sample->readings[i].present &&
		    strcmp(file->counters[i].name, name) == 0)
			reading = &sample->readings[i];
	put_number(row, reading->value);
	put_number(row, reading->enabled_ns);
	put_number(row, reading->running_ns);
}

static void put_sample(struct row *row, const struct columns *columns,
		       const struct results_cell *cell,
		       const struct results_sample *sample)
{
	const struct results_file *file = cell->file;

	put_first(row, cell, sample);
	for (int i = 0; i < FIGURE_COUNT; i++)
		put_number(row, sample->values[i]);
	for (int i = 0; i < TALLY_ERRNO_MAX; i++)
		if (columns->failed_calls[i])
			put_number(row, failed_calls_of(sample, i));
	for (unsigned int i = 0; i < columns->counters.count; i++)
		put_counter(row, file, sample, columns->counters.list[i]);
	for (unsigned int i = 0; i < columns->own.count; i++) {
		int name =
			names_find((const char *const *)file->own_names,
				   file->own_names_count, columns->own.list[i]);

		put_number(row,
			   name >= 0 ? results_own(sample, (unsigned int)name)
				     : FIGURE_ABSENT);
	}
	end_row(row);
}

static int csv_begin(struct export *export)
{
	struct row row = {.stream = export->stream};

	put_header(&row, export->state);
	return 0;
}

static int csv_file(struct export *export, const struct results_file *file)
{
	struct row row = {.stream = export->stream};

	for (unsigned int i = 0; i < file->cells_count; i++)
		for (size_t j = 0; j < file->cells[i].samples_count; j++)
			put_sample(&row, export->state, &file->cells[i],
				   &file->cells[i].samples[j]);
	return 0;
}

static void csv_free(struct export *export)
{
	struct columns *columns = export->state;

	free_names(&columns->counters);
	free_names(&columns->own);
}

/*
 * RFC 4180: a header, then a row for each sample (CRLF; quotes where they are
 * needed). The columns after the first few are figures by their names, then
 * failed_calls, counters and the workloads' own figures that occur in any file.
 */
const struct export_format export_csv = {
	.name = "csv",
	.state_size = sizeof(struct columns),
	.survey = csv_survey,
	.begin = csv_begin,
	.file = csv_file,
	.free = csv_free,
};
