/* exported - the example run, exported into a file and read again. */
#ifndef REGROW_TESTS_EXPORTED_H
#define REGROW_TESTS_EXPORTED_H

#include <stdlib.h>
#include <unistd.h>

#include "driver/export.h"
#include "tests/example_file.h"
#include "tests/scratch.h"

static char exported_folder[64];
static char exported_path[128]; /* of the example */
static char *exported_text; /* of the last export */
static char exported_why[512];

/* A setup: there is a results file at exported_path. */
static inline int exported_open(void **state)
{
	(void)state;
	scratch_open(exported_folder);
	snprintf(exported_path, sizeof(exported_path), "%s/example.jsonl",
		 exported_folder);
	return example_file(exported_path);
}

static inline int exported_close(void **state)
{
	(void)state;
	free(exported_text);
	exported_text = NULL;
	scratch_close(exported_folder);
	return 0;
}

/* Exports files into exported_text; 0 or -errno. */
static inline int exported(const struct export_format *format,
			   const char *const *paths, unsigned int count)
{
	struct export_request request = {format, paths, count, NULL, NULL};
	size_t size;
	int error;

	free(exported_text);
	request.stream = open_memstream(&exported_text, &size);
	error = export_files(&request, exported_why, sizeof(exported_why));
	fclose(request.stream);
	return error;
}

/* Puts to in place of from wherever it stands in the example's file. */
static inline void exported_replace(const char *from, const char *to)
{
	size_t size, length = strlen(from);
	char *text = example_read(exported_path, &size);
	FILE *file = fopen(exported_path, "we");
	char *at = text, *next;

	if (text == NULL || file == NULL || strstr(text, from) == NULL)
		abort();
	for (; (next = strstr(at, from)) != NULL; at = next + length) {
		fwrite(at, 1, (size_t)(next - at), file);
		fputs(to, file);
	}
	fputs(at, file);
	fclose(file);
	free(text);
}

/* Makes the example one of the kernel lab, whose clock counts instructions. */
static inline void exported_in_instructions(void)
{
	exported_replace("\"clock_unit\":\"ns\"",
			 "\"clock_unit\":\"instructions\"");
}

/* Cuts the example's file behind so many lines. */
static inline void exported_keep_lines(unsigned int lines)
{
	size_t size;
	char *text = example_read(exported_path, &size), *end = text;

	while (lines-- > 0)
		end = strchr(end, '\n') + 1;
	if (example_put(exported_path, text, (size_t)(end - text)) != 0)
		abort();
	free(text);
}

#endif
