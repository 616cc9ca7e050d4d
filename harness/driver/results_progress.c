/* results_progress - how far a run got, as its lines are read. */
#include "driver/results_parts.h"

#include <string.h>

#include "driver/names.h"

/* What a line says of its round; whether a sample's is whole is not its. */
static void take_round(struct results_file *file, const struct json *line,
		       bool completed, struct fields *fields)
{
	int place = fields_word(fields, line, "pass", pass_names, PASS_COUNT);
	int64_t round = fields_number(fields, line, "round", false);
	struct results_pass *pass;

	if (place < 0)
		return;
	pass = &file->passes[place];
	if (round != FIGURE_ABSENT && (uint64_t)round >= pass->next)
		pass->next = (uint64_t)round + 1;
	if (!completed)
		return;
	pass->rounds++;
	pass->at_ns = file->at_ns;
	file->rounds = file->passes[PASS_TIMING].rounds;
}

void results_take_progress(struct results_file *file, const struct json *line,
			   struct fields *fields)
{
	const char *type = json_text(line, "type", "");
	int64_t at_ns = json_signed(line, "at_ns", 0);
	int64_t sequence;

	if (at_ns > file->at_ns)
		file->at_ns = at_ns;
	if (strcmp(type, "round") == 0)
		take_round(file, line, true, fields);
	if (strcmp(type, "resume") == 0) {
		file->resumes++;
		file->forced += fields_array(fields, line, "forced") != NULL;
	}
	if (strcmp(type, "sample") != 0)
		return;
	take_round(file, line, false, fields);
	sequence = fields_number(fields, line, "sequence", false);
	if (sequence != FIGURE_ABSENT && (uint64_t)sequence >= file->sequence)
		file->sequence = (uint64_t)sequence + 1;
}
