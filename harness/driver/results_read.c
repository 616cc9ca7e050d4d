/* results_read - reads a results file, line by line, into the model. */
#include "driver/results_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/json_keep.h"
#include "driver/lines.h"
#include "driver/names.h"
#include "driver/record.h"

/* What a lean reader parses of a sample. */
static const char *const lean_members[] = {
	"type",
	"round",
	"pass",
	"cell",
	"outcome",
	"reason",
	"valid",
	"invalid",
	"time.wall_ns",
	"time.cpu_ns",
	"outcomes",
	"bytes_copied",
	"bytes_moved",
	"moves.pud_equal",
	"moves.pmd_equal",
	"moves.mismatched",
	"destinations",
	"refills",
	"requests",
	"digest",
	"live_bytes_max",
	"touched_bytes",
	"faults.minor",
	"memory.peak_virtual_bytes",
	"map.final.mappings",
	"map.final.mapped_bytes",
	"map.final.holes",
	"map.final.hole_bytes",
	"map.drained.mappings",
	"map.drained.mapped_bytes",
	"map.drained.holes",
	"map.drained.hole_bytes",
	"contradiction",
	"library",
	NULL,
};

static bool is_type(const struct json *line, const char *type)
{
	return strcmp(json_text(line, "type", ""), type) == 0;
}

static void take_end(struct results_file *file, const struct json *line,
		     struct fields *fields)
{
	int status = fields_word(fields, line, "status", run_status_names,
				 RUN_STATUS_COUNT);

	if (status < 0) {
		fields_complain(fields, "status", "is missing");
		return;
	}
	file->status = run_status_names[status];
	file->ended = true;
}

/* A line behind the first. What is of an unknown type is of a later version. */
static int take_line(struct results_file *file, struct json *line,
		     struct fields *fields)
{
	if (fields_text(fields, line, "type") == NULL)
		fields_complain(fields, "type", "is missing");
	/* An end line is the last one, unless the run was taken up again. */
	file->ended = false;
	results_take_progress(file, line, fields);
	if (is_type(line, "sample"))
		return results_take_sample(file, line, fields);
	if (is_type(line, "end"))
		take_end(file, line, fields);
	else if (is_type(line, "run"))
		fields_complain(fields, "type",
				"is a second run: one file holds one");
	return fields->bad ? -EBADMSG : 0;
}

static int take_first(struct results_file *file, struct json *line,
		      struct fields *fields)
{
	file->run = line;
	if (is_type(line, "run"))
		return results_take_run(file, fields);
	fields_complain(fields, "type",
			"is not 'run': this is not a results file of regrow");
	return -EBADMSG;
}

static struct json *parse_lean(const struct lines *lines, char *why,
			       size_t why_size)
{
	static const char beginning[] = "{\"type\":\"sample\"";
	size_t length = sizeof(beginning) - 1, size = 0;
	struct json *line = NULL;
	char *text = NULL;

	if (lines->size > length && memcmp(lines->text, beginning, length) == 0)
		text = json_keep(lines->text, lines->size, lean_members, &size);
	if (text != NULL)
		line = json_parse(text, size, why, why_size);
	free(text);
	if (line != NULL)
		return line;
	/* Whatever is wrong is said of the line as it is. */
	return json_parse(lines->text, lines->size, why, why_size);
}

/* The last one of its kind is kept. */
static void keep(struct json **kept, struct json *line)
{
	json_free(*kept);
	*kept = line;
}

/* Takes the current line; 0, or -errno and a sentence in fields->why. */
static int take(struct results_file *file, struct lines *lines,
		struct fields *fields)
{
	char reason[256];
	struct json *line;
	int error;

	fields->line = lines->number;
	if (file->lean)
		line = parse_lean(lines, reason, sizeof(reason));
	else
		line = json_parse(lines->text, lines->size, reason,
				  sizeof(reason));
	if (line == NULL) {
		file->torn = lines->torn && file->run != NULL;
		if (file->torn)
			return 0;
		snprintf(fields->why, fields->why_size, "line %llu is %s%s",
			 (unsigned long long)lines->number, reason,
			 file->run == NULL ? ": not a results file of regrow"
					   : "");
		return -EBADMSG;
	}
	if (file->run == NULL)
		return take_first(file, line, fields); /* and keeps it */
	error = take_line(file, line, fields);
	if (error == 0 && is_type(line, "calibration"))
		keep(&file->calibration, line);
	else if (error == 0 && is_type(line, "resume"))
		keep(&file->resume, line);
	else
		json_free(line);
	return error;
}

static int by_pass_and_round(const void *a, const void *b)
{
	const struct results_sample *one = a, *other = b;

	if (one->pass != other->pass)
		return one->pass < other->pass ? -1 : 1;
	return (one->round > other->round) - (one->round < other->round);
}

/* Samples in order; a sample that stands twice makes no pairs that are true. */
static int finish_cell(struct results_cell *cell, struct fields *fields)
{
	if (cell->samples_count < 2)
		return 0;
	qsort(cell->samples, cell->samples_count, sizeof(*cell->samples),
	      by_pass_and_round);
	for (size_t i = 1; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];

		if (by_pass_and_round(sample - 1, sample) != 0)
			continue;
		snprintf(fields->why, fields->why_size,
			 "the sample of cell %u in %s round %u stands twice",
			 cell->index, pass_names[sample->pass], sample->round);
		return -EBADMSG;
	}
	return 0;
}

/* What else can be said of an error without a complaint. */
static void explain(int error, const struct lines *lines, struct fields *fields)
{
	if (error == -EMSGSIZE)
		snprintf(fields->why, fields->why_size,
			 "line %llu is longer than %zu bytes",
			 (unsigned long long)lines->number + 1,
			 LINES_BYTES_MAX);
	else if (error == -EFBIG)
		snprintf(fields->why, fields->why_size,
			 "it has more than %d samples", RESULTS_SAMPLES_MAX);
	else if (error == -EPROTONOSUPPORT)
		snprintf(fields->why, fields->why_size,
			 "it has a later format than %d: use a later regrow",
			 RECORD_FORMAT);
	else if (error != -EBADMSG && error != -ENODATA)
		snprintf(fields->why, fields->why_size, "%s", strerror(-error));
}

static int read_all(struct results_file *file, struct lines *lines,
		    struct fields *fields)
{
	int error = lines_next(lines);

	while (error == 1) {
		error = take(file, lines, fields);
		if (error == 0)
			error = lines_next(lines);
	}
	if (error == 0 && file->run == NULL) {
		snprintf(fields->why, fields->why_size,
			 "it is empty: not a results file of regrow");
		return -EBADMSG;
	}
	for (unsigned int i = 0; error == 0 && i < file->cells_count; i++)
		error = finish_cell(&file->cells[i], fields);
	return error;
}

/* A file read; NULL, and *error, and a sentence in fields->why. */
static struct results_file *read_file(const char *path, bool lean, int *error,
				      struct fields *fields)
{
	struct results_file *file = calloc(1, sizeof(*file));
	struct lines lines = {0};

	if (file != NULL)
		file->path = strdup(path);
	if (file != NULL)
		file->lean = lean;
	if (file == NULL || file->path == NULL)
		*error = -ENOMEM;
	else
		*error =
			lines_open(&lines, path, fields->why, fields->why_size);
	if (*error == 0) {
		*error = read_all(file, &lines, fields);
		lines_close(&lines);
	}
	if (*error == 0)
		return file;
	explain(*error, &lines, fields);
	results_free_file(file);
	return NULL;
}

static int read_into(struct results *results, const char *path, bool lean,
		     char *why, size_t why_size)
{
	char reason[512] = "";
	struct fields fields = {.why = reason, .why_size = sizeof(reason)};
	struct results_file **files =
		realloc(results->files, (results->files_count + 1) *
						sizeof(struct results_file *));
	struct results_file *file = NULL;
	int error = -ENOMEM;

	if (files != NULL) {
		results->files = files;
		file = read_file(path, lean, &error, &fields);
	}
	if (file != NULL)
		files[results->files_count++] = file;
	else
		snprintf(why, why_size, "cannot read results file '%s': %s",
			 path, reason[0] != 0 ? reason : strerror(-error));
	return error;
}

int results_read(struct results *results, const char *path, char *why,
		 size_t why_size)
{
	return read_into(results, path, false, why, why_size);
}

int results_read_lean(struct results *results, const char *path, char *why,
		      size_t why_size)
{
	return read_into(results, path, true, why, why_size);
}
