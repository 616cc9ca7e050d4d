/* results_sample - a sample line of a results file, reduced to its numbers. */
#include "driver/results_parts.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "driver/names.h"

/* A sample that is being read. */
struct take {
	struct results_file *file;
	struct results_sample *sample;
	struct fields *fields;
	bool no_memory;
};

static void take_sizes(struct take *take, const struct json *line)
{
	const struct json *list = fields_array(take->fields, line, "sizes");
	struct results_sample *sample = take->sample;
	size_t count = json_size(list);

	if (count > SIZE_CLASSES)
		fields_complain(take->fields, "sizes", "has too many members");
	if (count == 0 || count > SIZE_CLASSES)
		return;
	sample->sizes = calloc(count, sizeof(*sample->sizes));
	if (sample->sizes == NULL) {
		take->no_memory = true;
		return;
	}
	sample->sizes_count = (unsigned int)count;
	for (size_t i = 0; i < count; i++) {
		const struct json *json = json_item(list, i);
		struct results_size *size = &sample->sizes[i];
		struct fields *fields = take->fields;

		fields_enter(fields, "sizes", i);
		size->log2 = (unsigned int)fields_index(fields, json, "log2",
							SIZE_CLASSES);
		if (i > 0 && size->log2 <= size[-1].log2)
			fields_complain(fields, "log2", "does not ascend");
		size->growths = fields_number(fields, json, "growths", false);
		size->bytes = fields_number(fields, json, "bytes", false);
		size->grow_ns = fields_number(fields, json, "grow_ns", false);
		size->touch_ns = fields_number(fields, json, "touch_ns", false);
		size->reread_ns =
			fields_number(fields, json, "reread_ns", false);
	}
	fields_enter(take->fields, NULL, 0);
}

static void take_repetitions(struct take *take, const struct json *line)
{
	const struct json *list =
		fields_array(take->fields, line, "repetitions");
	struct results_sample *sample = take->sample;
	struct fields *fields = take->fields;
	size_t count = json_size(list);

	if (count > REPETITIONS_MAX)
		fields_complain(fields, "repetitions", "has too many members");
	if (count == 0 || count > REPETITIONS_MAX)
		return;
	sample->repetitions = calloc(count, sizeof(*sample->repetitions));
	if (sample->repetitions == NULL) {
		take->no_memory = true;
		return;
	}
	sample->repetitions_count = (unsigned int)count;
	for (size_t i = 0; i < count; i++) {
		const struct json *json = json_item(list, i);
		struct results_repetition *one = &sample->repetitions[i];

		fields_enter(fields, "repetitions", i);
		one->wall_ns = fields_number(fields, json, "wall_ns", false);
		one->cpu_ns = fields_number(fields, json, "cpu_ns", false);
		one->minor_faults =
			fields_number(fields, json, "minor_faults", false);
	}
	fields_enter(fields, NULL, 0);
}

static void take_reading(void *context, const char *key,
			 const struct json *value)
{
	struct take *take = context;
	struct results_reading *reading = NULL;

	for (unsigned int i = 0; i < take->file->counters_count; i++)
		if (strcmp(take->file->counters[i].name, key) == 0)
			reading = &take->sample->readings[i];
	if (reading == NULL)
		return;
	reading->value = fields_number(take->fields, value, "value", false);
	reading->enabled_ns =
		fields_number(take->fields, value, "enabled_ns", false);
	reading->running_ns =
		fields_number(take->fields, value, "running_ns", false);
	reading->failed = fields_text(take->fields, value, "error") != NULL;
	reading->present = reading->value != FIGURE_ABSENT;
}

static void take_readings(struct take *take, const struct json *line)
{
	const struct json *all = fields_object(take->fields, line, "counters");

	if (all == NULL || take->file->counters_count == 0)
		return;
	take->sample->readings = calloc(take->file->counters_count,
					sizeof(*take->sample->readings));
	if (take->sample->readings == NULL)
		take->no_memory = true;
	else
		json_each(all, take_reading, take);
}

static void take_failed_call(void *context, const char *key,
			     const struct json *value)
{
	struct take *take = context;
	struct results_sample *sample = take->sample;
	struct results_failed_call *call;

	if (sample->failed_calls_count >= TALLY_ERRNO_MAX) {
		fields_complain(take->fields, "failed_calls",
				"has too many members");
		return;
	}
	call = &sample->failed_calls[sample->failed_calls_count++];
	call->error = names_find_errno(key);
	call->count = json_own_signed(value, -1);
	if (call->count < 0)
		fields_complain(take->fields, "failed_calls",
				"holds what is not a whole number from 0");
}

static void take_failed_calls(struct take *take, const struct json *line)
{
	const struct json *all =
		fields_object(take->fields, line, "failed_calls");
	struct results_sample *sample = take->sample;
	struct results_failed_call calls[TALLY_ERRNO_MAX];
	size_t size;

	sample->failed_calls_known = all != NULL;
	sample->failed_calls = calls;
	json_each(all, take_failed_call, take);
	size = sample->failed_calls_count * sizeof(calls[0]);
	sample->failed_calls = NULL;
	if (size == 0)
		return;
	sample->failed_calls = malloc(size);
	if (sample->failed_calls == NULL)
		take->no_memory = true;
	else
		memcpy(sample->failed_calls, calls, size);
}

/* The place of a name in the file's, added where it is new; -1: too many. */
static int own_name(struct take *take, const char *key)
{
	struct results_file *file = take->file;
	int place = names_find((const char *const *)file->own_names,
			       file->own_names_count, key);

	if (place >= 0)
		return place;
	if (file->own_names_count == RESULTS_OWN_NAMES_MAX ||
	    !fields_printable(key)) {
		fields_complain(take->fields, "figures",
				"has too many names, or one with control "
				"characters");
		return -1;
	}
	file->own_names[file->own_names_count] = strdup(key);
	if (file->own_names[file->own_names_count] == NULL) {
		take->no_memory = true;
		return -1;
	}
	return (int)file->own_names_count++;
}

static void take_own_figure(void *context, const char *key,
			    const struct json *value)
{
	struct take *take = context;
	struct results_sample *sample = take->sample;
	int64_t number = json_own_signed(value, -1);
	int name;

	if (number < 0 || sample->own_count == WORKER_FIGURES_MAX) {
		fields_complain(take->fields, "figures",
				"has too many members, or one that is not a "
				"whole number from 0");
		return;
	}
	name = own_name(take, key);
	if (name < 0)
		return;
	sample->own[sample->own_count].name = (unsigned int)name;
	sample->own[sample->own_count++].value = number;
}

static void take_validity(struct take *take, const struct json *line)
{
	const struct json *list = fields_array(take->fields, line, "invalid");
	struct results_sample *sample = take->sample;

	sample->valid = fields_bool(take->fields, line, "valid", false);
	if (sample->valid && sample->outcome != SAMPLE_OK)
		fields_complain(take->fields, "valid", "contradicts 'outcome'");
	for (size_t i = 0; i < json_size(list); i++) {
		int place = names_find(invalid_names, INVALID_COUNT,
				       json_own_text(json_item(list, i), NULL));

		if (place >= 0)
			sample->invalid |= 1u << place;
	}
}

/*
 * A word that is not known here, of a later regrow, taints as well: under a bit
 * of its own, beyond those with a name.
 */
static void take_taint(struct take *take, const struct json *line)
{
	const struct json *list = fields_array(take->fields, line, "taint");

	take->sample->taint_known = list != NULL;
	for (size_t i = 0; i < json_size(list); i++) {
		int place = names_find(taint_names, TAINT_COUNT,
				       json_own_text(json_item(list, i), NULL));

		take->sample->taint |= 1u << (place >= 0 ? place : TAINT_COUNT);
	}
}

/* What each sample must say, whatever became of it. */
static void take_heading(struct take *take, const struct json *line)
{
	struct results_sample *sample = take->sample;
	struct fields *fields = take->fields;
	int pass = fields_word(fields, line, "pass", pass_names, PASS_COUNT);
	int outcome = fields_word(fields, line, "outcome", sample_outcome_names,
				  SAMPLE_OUTCOME_COUNT);

	if (pass < 0 || outcome < 0) {
		fields_complain(fields, pass < 0 ? "pass" : "outcome",
				"is missing");
		return;
	}
	sample->sequence = fields_number(fields, line, "sequence", false);
	sample->round =
		(unsigned int)fields_index(fields, line, "round", UINT_MAX);
	sample->pass = (enum pass)pass;
	sample->outcome = (enum sample_outcome)outcome;
	sample->stage =
		fields_word(fields, line, "stage", stage_names, STAGE_DONE + 1);
}

/*
 * The object that a figure is in. Neighbours among the figures are mostly in
 * the same one, which is found once for all of them.
 */
struct parent {
	const char *name; /* of a figure in it */
	size_t length; /* of the object's path in that, with its last dot */
	const struct json *object; /* or NULL */
};

static void find_parent(struct take *take, const struct json *line,
			const char *name, struct parent *parent)
{
	const char *dot = strrchr(name, '.');
	size_t length = dot != NULL ? (size_t)(dot - name) + 1 : 0;
	char path[64];

	if (parent->name != NULL && length == parent->length &&
	    strncmp(name, parent->name, length) == 0)
		return;
	parent->name = name;
	parent->length = length;
	parent->object = line;
	if (length == 0 || length > sizeof(path))
		return;
	memcpy(path, name, length - 1);
	path[length - 1] = 0;
	parent->object = fields_find(take->fields, line, path);
	if (parent->object == NULL || json_is_object(parent->object))
		return;
	fields_complain(take->fields, name, "is not in an object");
	parent->object = NULL;
}

static void take_figures(struct take *take, const struct json *line)
{
	struct parent parent = {0};

	for (int i = 0; i < FIGURE_COUNT; i++) {
		const char *name = figures[i].name;

		find_parent(take, line, name, &parent);
		take->sample->values[i] = fields_number_of(
			take->fields,
			json_get(parent.object, name + parent.length), name,
			figures[i].is_signed);
	}
}

static void take_open_loop(struct take *take, const struct json *line)
{
	struct fields *fields = take->fields;
	int law = fields_word(fields, line, "open_loop.law", arrivals_names,
			      ARRIVALS_COUNT);

	take->sample->open_loop = law > ARRIVALS_CLOSED;
	take->sample->saturated =
		fields_bool(fields, line, "open_loop.saturated", false);
}

static void take_numbers(struct take *take, const struct json *line)
{
	struct results_sample *sample = take->sample;
	struct fields *fields = take->fields;
	const char *digest = fields_text(fields, line, "digest");

	take_figures(take, line);
	sample->migrated = fields_bool(fields, line, "migrated", false);
	sample->oracle_applies =
		fields_bool(fields, line, "oracle.applies", false);
	if (digest == NULL)
		return;
	if (strlen(digest) >= sizeof(sample->digest) ||
	    digest[strspn(digest, "0123456789abcdef")] != 0)
		fields_complain(fields, "digest", "is not hexadecimal text");
	else
		memcpy(sample->digest, digest, strlen(digest) + 1);
}

/* A place for one sample more, zeroed; NULL where memory ran out. */
static struct results_sample *add_sample(struct results_cell *cell)
{
	if (cell->samples_count == cell->samples_room) {
		size_t room = 2 * cell->samples_room + 8;
		struct results_sample *samples =
			realloc(cell->samples, room * sizeof(*samples));

		if (samples == NULL)
			return NULL;
		cell->samples = samples;
		cell->samples_room = room;
	}
	memset(&cell->samples[cell->samples_count], 0, sizeof(*cell->samples));
	return &cell->samples[cell->samples_count++];
}

/* The first of a kind of text, cut and made fit for a terminal. */
static void keep_first(char **kept, const char *text, struct take *take)
{
	if (*kept != NULL || text == NULL)
		return;
	*kept = strndup(text, 400);
	if (*kept == NULL)
		take->no_memory = true;
	for (char *byte = *kept; byte != NULL && *byte != 0; byte++)
		if ((unsigned char)*byte < ' ' || *byte == 0x7f)
			*byte = '?';
}

/* One of the texts that say which library it was. */
static void take_library_text(struct take *take, const struct json *line,
			      const char *path, bool first, char **kept,
			      bool *changed)
{
	const char *text = fields_text(take->fields, line, path);

	if (first)
		keep_first(kept, text, take);
	else if (!text != !*kept || (text && strcmp(text, *kept) != 0))
		*changed = true;
}

/* Of samples that came to where they say it. */
static void take_library(struct take *take, struct results_cell *cell,
			 const struct json *line)
{
	struct results_library *library = &cell->library;
	bool first = library->file == NULL;

	if (fields_object(take->fields, line, "library") == NULL)
		return;
	take_library_text(take, line, "library.file", first, &library->file,
			  &library->changed);
	take_library_text(take, line, "library.version", first,
			  &library->version, &library->changed);
	take_library_text(take, line, "library.build_id", first,
			  &library->build_id, &library->changed);
}

static void count_in_cell(struct take *take, struct results_cell *cell,
			  const struct json *line)
{
	const struct results_sample *sample = take->sample;
	const char *reason = fields_text(take->fields, line, "reason");

	cell->outcomes[sample->outcome]++;
	if (sample->outcome == SAMPLE_OK)
		cell->invalid += !sample->valid;
	else
		keep_first(&cell->reason, reason, take);
	keep_first(&cell->no_oracle,
		   fields_text(take->fields, line, "oracle.why"), take);
	keep_first(&cell->contradiction,
		   fields_text(take->fields, line, "contradiction"), take);
	take_library(take, cell, line);
}

int results_take_sample(struct results_file *file, const struct json *line,
			struct fields *fields)
{
	uint64_t place = fields_index(fields, line, "cell", file->cells_count);
	struct take take = {.file = file, .fields = fields};
	struct results_cell *cell;
	int error = 0;

	if (fields->bad)
		return -EBADMSG;
	if (file->samples_count++ >= RESULTS_SAMPLES_MAX)
		return -EFBIG;
	cell = &file->cells[place];
	take.sample = add_sample(cell);
	if (take.sample == NULL)
		return -ENOMEM;
	take_heading(&take, line);
	take_validity(&take, line);
	take_taint(&take, line);
	take_numbers(&take, line);
	take_open_loop(&take, line);
	take_sizes(&take, line);
	take_repetitions(&take, line);
	take_readings(&take, line);
	take_failed_calls(&take, line);
	json_each(fields_object(fields, line, "figures"), take_own_figure,
		  &take);
	count_in_cell(&take, cell, line);
	if (!fields->bad && take.sample->valid)
		error = take.sample->pass == PASS_TIMING
				? results_take_histograms(cell, take.sample,
							  line, fields)
				: results_take_timeline(cell, line, fields);
	if (take.no_memory)
		return -ENOMEM;
	return fields->bad ? -EBADMSG : error;
}
