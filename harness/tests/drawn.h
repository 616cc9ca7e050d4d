/* drawn - a results file made line by line, and what a drawing says of it. */
#ifndef REGROW_TESTS_DRAWN_H
#define REGROW_TESTS_DRAWN_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/drawing.h"
#include "tests/scratch.h"

#define DRAWN_FIELD_MAX 512

struct drawn {
	char folder[64];
	char text[1 << 18]; /* of the results file */
	struct results results;
	struct drawings drawings;
	unsigned int samples;
};

/* Adds to the file's text. */
__attribute__((format(printf, 2, 3))) static inline void
drawn_add(struct drawn *drawn, const char *format, ...)
{
	size_t used = strlen(drawn->text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(drawn->text + used, sizeof(drawn->text) - used, format,
		  arguments);
	va_end(arguments);
}

/* The run line: groups, cells and counters as in FORMAT.md, without []. */
static inline void drawn_run(struct drawn *drawn, const char *groups,
			     const char *cells, const char *counters)
{
	memset(drawn, 0, sizeof(*drawn));
	scratch_open(drawn->folder);
	drawn_add(drawn,
		  "{\"type\":\"run\",\"format\":1,\"regrow\":\"v9\",\"plan\":{"
		  "\"seed\":1,\"rounds\":9,\"budget_ns\":1,\"repeat\":1,"
		  "\"groups\":[%s],\"cells\":[%s]},\"counters\":[%s],"
		  "\"machine\":{\"cpu_model\":\"A processor\","
		  "\"cores_allowed\":2,\"kernel\":\"6.1.2-test\"}}\n",
		  groups, cells, counters);
}

/* A valid sample; more: further fields, each after a comma. */
static inline void drawn_sample(struct drawn *drawn, const char *pass,
				unsigned int round, unsigned int cell,
				const char *more)
{
	drawn_add(drawn,
		  "{\"type\":\"sample\",\"sequence\":%u,\"round\":%u,"
		  "\"pass\":\"%s\",\"cell\":%u,\"at_ns\":0,\"outcome\":\"ok\","
		  "\"stage\":\"done\",\"valid\":true,\"invalid\":[]%s}\n",
		  drawn->samples++, round, pass, cell, more);
}

static inline void drawn_end(struct drawn *drawn)
{
	drawn_add(drawn,
		  "{\"type\":\"end\",\"status\":\"done\",\"samples\":%u,"
		  "\"rounds\":9,\"at_ns\":0}\n",
		  drawn->samples);
}

/* Stores the text as name and reads it. 0 or -errno. */
static inline int drawn_read(struct drawn *drawn, const char *name)
{
	char path[256], why[512] = "";
	int error;

	scratch_write(drawn->folder, name, drawn->text);
	snprintf(path, sizeof(path), "%s/%s", drawn->folder, name);
	error = results_read(&drawn->results, path, why, sizeof(why));
	if (error)
		fprintf(stderr, "%s\n", why);
	return error;
}

/* Reads and makes the drawings. 0 or -errno. */
static inline int drawn_make_of(struct drawn *drawn, const char *clock_unit)
{
	int error = drawn_read(drawn, "run.jsonl");

	if (!error)
		drawn->results.files[0]->clock_unit = clock_unit;
	return error ? error : drawings_make(&drawn->results, &drawn->drawings);
}

static inline int drawn_make(struct drawn *drawn)
{
	return drawn_make_of(drawn, "ns");
}

static inline void drawn_close(struct drawn *drawn)
{
	drawings_free(&drawn->drawings);
	results_free(&drawn->results);
	scratch_close(drawn->folder);
}

static inline const struct drawing *drawn_find(const struct drawn *drawn,
					       const char *stem)
{
	for (unsigned int i = 0; i < drawn->drawings.count; i++)
		if (strcmp(drawn->drawings.list[i].stem, stem) == 0)
			return &drawn->drawings.list[i];
	abort();
}

/* Field number index of a line into field; false: it has fewer. */
static inline bool drawn_field(const char *line, unsigned int index,
			       char field[DRAWN_FIELD_MAX])
{
	for (; index > 0; index--) {
		line += strcspn(line, "\t\n");
		if (*line != '\t')
			return false;
		line++;
	}
	snprintf(field, DRAWN_FIELD_MAX, "%.*s", (int)strcspn(line, "\t\n"),
		 line);
	return true;
}

static inline unsigned int drawn_column(const struct drawing *drawing,
					const char *name)
{
	char field[DRAWN_FIELD_MAX];

	for (unsigned int i = 0; drawn_field(drawing->data, i, field); i++)
		if (strcmp(field, name) == 0)
			return i;
	abort();
}

static inline const char *drawn_next_line(const char *line)
{
	line = strchr(line, '\n');
	return line && line[1] ? line + 1 : NULL;
}

/*
 * The text in a column of the first row of a series whose field in another
 * column is is; "(no row)" where there is none.
 */
static inline const char *drawn_text(const struct drawing *drawing,
				     const char *series, const char *other,
				     const char *is, const char *column)
{
	static char field[DRAWN_FIELD_MAX];
	const char *line = drawing->data;

	if (!line)
		abort();
	while ((line = drawn_next_line(line)) != NULL) {
		drawn_field(line, 0, field);
		if (strcmp(field, series) != 0)
			continue;
		drawn_field(line, drawn_column(drawing, other), field);
		if (strcmp(field, is) != 0)
			continue;
		drawn_field(line, drawn_column(drawing, column), field);
		return field;
	}
	return "(no row)";
}

/*
 * The same as a number; DRAWN_NONE: empty, or no row (a NaN would be equal to
 * anything in cmocka's eyes).
 */
#define DRAWN_NONE (-1e30)
static inline double drawn_real(const struct drawing *drawing,
				const char *series, const char *other,
				const char *is, const char *column)
{
	const char *text = drawn_text(drawing, series, other, is, column);
	char *end;
	double value = strtod(text, &end);

	return end == text || *end ? DRAWN_NONE : value;
}

#endif
