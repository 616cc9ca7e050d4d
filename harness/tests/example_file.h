/* example_file - a results file of the example run, written by the journal. */
#ifndef REGROW_TESTS_EXAMPLE_FILE_H
#define REGROW_TESTS_EXAMPLE_FILE_H

#include <stdlib.h>

#include "driver/journal.h"
#include "tests/example.h"

#define EXAMPLE_ROUNDS 4

static inline int example_write(struct journal *journal, struct json *line)
{
	int error = journal_write(journal, line);

	json_free(line);
	return error;
}

/*
 * A checking round, then timing rounds of the cells of the first group; the
 * answer of a cell and round is example_answer(1000 * round + 7 * cell), the
 * checking one's round being 9. 0 or -errno.
 */
static inline int example_file(const char *path)
{
	static struct sample_answer answer;
	static struct counters counters;
	struct spawn_result result = {.process_ns = 77};
	struct taint_reading taint;
	struct sample_context context;
	struct journal journal;
	char why[256];
	int error = journal_create(path, &journal, why, sizeof(why));

	if (error != 0)
		return error;
	error = example_write(&journal, example_run());
	example_context(&context);
	example_counters(&counters);
	context.taint = &taint;
	context.sequence = 0;
	for (unsigned int i = 0; error == 0 && i <= EXAMPLE_ROUNDS; i++) {
		context.pass = i == 0 ? PASS_CHECKING : PASS_TIMING;
		context.round = i == 0 ? 0 : i - 1;
		for (context.cell = 0; error == 0 && context.cell < 4;
		     context.cell++) {
			uint64_t first =
				1000 * (i == 0 ? 9 : i - 1) + 7 * context.cell;

			example_answer(&answer, first);
			example_taint(&taint, first);
			error = example_write(&journal,
					      record_sample(&context, &answer,
							    &result, &counters,
							    example_places));
			context.sequence++;
		}
		if (error == 0)
			error = example_write(
				&journal,
				record_round(context.round, context.pass, i));
	}
	if (error == 0)
		error = example_write(&journal,
				      record_end(RUN_DONE, context.sequence,
						 EXAMPLE_ROUNDS, 99));
	if (error != 0)
		return error;
	return journal_close(&journal);
}

/* The whole of a file, malloc'ed, with a 0 behind it; NULL: unreadable. */
static inline char *example_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	char *text = malloc(1 << 20);

	if (file == NULL || text == NULL) {
		free(text);
		return NULL;
	}
	*size = fread(text, 1, (1 << 20) - 1, file);
	text[*size] = 0;
	fclose(file);
	return text;
}

static inline int example_put(const char *path, const char *text, size_t size)
{
	FILE *file = fopen(path, "w");

	if (file == NULL)
		return -1;
	fwrite(text, 1, size, file);
	return fclose(file);
}

#endif
