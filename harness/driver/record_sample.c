/* record_sample - the line of one sample; what does not add up is left out. */
#include "driver/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "driver/judge.h"
#include "driver/names.h"
#include "driver/record_figures.h"
#include "driver/record_map.h"

/* The line that is being made, and what was found wrong on the way. */
struct draft {
	const struct sample_context *context;
	const struct sample_answer *answer;
	const struct spawn_result *result;
	struct json *line;
	unsigned int invalid; /* 1 << INVALID_... */
	int64_t values[FIGURE_COUNT];
};

/* Text from the child's memory, which need not end; in out, size bytes. */
static const char *bounded(const char *text, char *out, size_t size)
{
	size_t length = strnlen(text, size - 1);

	memcpy(out, text, length);
	out[length] = 0;
	return out;
}

static struct json *operation_of(struct json *line, int operation)
{
	return json_at(json_at(line, "operations"), operation_names[operation]);
}

static void add_histograms(struct draft *draft)
{
	for (int i = 0; i < OPERATION_COUNT; i++) {
		const struct histogram *histogram =
			&draft->answer->operations[i].histogram;
		struct json *list, *pair;

		if (!judge_histogram(histogram)) {
			draft->invalid |= 1u << INVALID_ANSWER;
			continue;
		}
		if (histogram->count == 0)
			continue;
		list = json_add_array(operation_of(draft->line, i),
				      "histogram");
		for (unsigned int j = 0; j < HISTOGRAM_BUCKETS; j++) {
			if (histogram->buckets[j] == 0)
				continue;
			pair = json_append_array(list);
			json_append_count(pair, j);
			json_append_count(pair, histogram->buckets[j]);
		}
	}
}

/* What of it is no number; the rest are figures. */
static void add_open_loop(struct draft *draft)
{
	const struct open_loop_figures *loop = &draft->answer->open_loop;
	struct json *json;

	if ((unsigned int)loop->law >= ARRIVALS_COUNT) {
		draft->invalid |= 1u << INVALID_ANSWER;
		return;
	}
	if (loop->law == ARRIVALS_CLOSED)
		return;
	json = json_at(draft->line, "open_loop");
	json_add_text(json, "law", arrivals_names[loop->law]);
	json_add_bool(json, "saturated", loop->saturated);
}

static void add_sizes(struct draft *draft)
{
	struct json *list = json_add_array(draft->line, "sizes");

	for (unsigned int i = 0; i < SIZE_CLASSES; i++) {
		const struct size_figures *size = &draft->answer->sizes[i];
		struct json *json;

		if (size->growths == 0)
			continue;
		json = json_append_object(list);
		json_add_count(json, "log2", i);
		json_add_count(json, "growths", size->growths);
		json_add_count(json, "bytes", size->bytes);
		json_add_count(json, "grow_ns", size->grow_ns);
		json_add_count(json, "touch_ns", size->touch_ns);
		json_add_count(json, "reread_ns", size->reread_ns);
	}
}

static void add_repetitions(struct draft *draft)
{
	uint32_t count = draft->answer->repetitions_count;
	unsigned int asked = draft->context->repeat;
	struct json *list, *json;

	if (count > REPETITIONS_MAX || count != (asked > 1 ? asked : 1)) {
		draft->invalid |= 1u << INVALID_ANSWER;
		return;
	}
	if (count == 1)
		return;
	list = json_add_array(draft->line, "repetitions");
	for (uint32_t i = 0; i < count; i++) {
		const struct repetition_figures *of =
			&draft->answer->repetitions[i];

		json = json_append_object(list);
		json_add_count(json, "wall_ns", of->wall_ns);
		json_add_count(json, "cpu_ns", of->cpu_ns);
		json_add_count(json, "minor_faults", of->minor_faults);
	}
}

static void add_failed_calls(struct draft *draft)
{
	struct json *json = json_add_object(draft->line, "failed_calls");
	char text[ERRNO_TEXT_SIZE];

	for (int i = 1; i < TALLY_ERRNO_MAX; i++) {
		uint64_t count = draft->answer->tally.failed_calls[i];

		if (count > 0)
			json_add_count(json, names_errno(i, text), count);
	}
}

static void add_counters(struct draft *draft, const struct counters *counters,
			 const unsigned int places[COUNTERS_MAX])
{
	struct json *all = json_add_object(draft->line, "counters");
	unsigned int count = draft->context->counters_count;

	for (unsigned int i = 0; i < count && i < COUNTERS_MAX; i++) {
		const struct counter_figures *of = &draft->answer->counters[i];
		char text[ERRNO_TEXT_SIZE];
		struct json *json;

		if (places[i] >= counters->count)
			continue;
		json = json_add_object(all, counters->counters[places[i]].name);
		if (of->error != 0) {
			json_add_text(json, "error",
				      names_errno(of->error, text));
			continue;
		}
		json_add_count(json, "value", of->value);
		json_add_count(json, "enabled_ns", of->enabled_ns);
		json_add_count(json, "running_ns", of->running_ns);
	}
}

static void add_own_figures(struct draft *draft)
{
	struct json *json = json_add_object(draft->line, "figures");

	for (unsigned int i = 0; i < WORKER_FIGURES_MAX; i++) {
		char name[sizeof(draft->answer->figures[i].name)];

		bounded(draft->answer->figures[i].name, name, sizeof(name));
		if (name[0] != 0)
			json_add_count(json, name,
				       draft->answer->figures[i].value);
	}
}

/* What served, where it is not the program itself and its libc. */
static void add_library(struct draft *draft)
{
	const struct identity *identity = &draft->answer->identity;
	char text[sizeof(identity->file)];
	struct json *json;

	if (identity->file[0] == '\0')
		return;
	json = json_add_object(draft->line, "library");
	json_add_text(json, "file",
		      bounded(identity->file, text, sizeof(identity->file)));
	if (identity->version[0])
		json_add_text(json, "version",
			      bounded(identity->version, text,
				      sizeof(identity->version)));
	if (identity->build_id[0])
		json_add_text(json, "build_id",
			      bounded(identity->build_id, text,
				      sizeof(identity->build_id)));
}

static void add_oracle(struct draft *draft)
{
	struct oracle oracle = judge_faults(draft->context, draft->answer);
	struct json *json = json_at(draft->line, "oracle");

	json_add_count(json, "expected", oracle.expected);
	json_add_count(json, "copied_pages", draft->answer->copied_pages);
	json_add_count(json, "untouched_pages", draft->answer->untouched_pages);
	json_add_count(json, "rewritten_pages", draft->answer->rewritten_pages);
	json_add_bool(json, "applies", oracle.silent == NULL);
	if (oracle.silent != NULL)
		json_add_text(json, "why", oracle.silent);
	else if (oracle.at_most)
		json_add_bool(json, "at_most", true);
	if (!oracle.agrees)
		draft->invalid |= 1u << INVALID_ORACLE;
}

static void add_verified(struct draft *draft)
{
	const struct sample_answer *answer = draft->answer;
	char text[sizeof(answer->contradiction)];
	struct json *json = json_at(draft->line, "verified");

	if (answer->words_wrong > 0) {
		draft->invalid |= 1u << INVALID_WORD;
		json_add_count(json, "identity", answer->wrong_identity);
		json_add_count(json, "offset", answer->wrong_offset);
	}
	if (draft->context->pass != PASS_CHECKING)
		return;
	json_add_count(draft->line, "contradictions", answer->contradictions);
	if (answer->contradictions > 0) {
		draft->invalid |= 1u << INVALID_CONTRADICTION;
		json_add_text(
			draft->line, "contradiction",
			bounded(answer->contradiction, text, sizeof(text)));
	}
}

/* The words, none of them where nothing disturbed it. */
static void add_taint(struct draft *draft)
{
	const struct taint_reading *reading = draft->context->taint;
	struct json *list, *thp;
	unsigned int mask;

	mask = taint_judge(draft->values, taint_thp_changed(reading));
	list = json_add_array(draft->line, "taint");
	for (unsigned int i = 0; i < TAINT_COUNT; i++)
		if (mask & (1u << i))
			json_append_text(list, taint_names[i]);
	if (!taint_thp_changed(reading))
		return;
	thp = json_add_object(draft->line, "thp_changed");
	json_add_text(thp, "before", reading->before.thp);
	json_add_text(thp, "after", reading->after.thp);
}

/* What the process measured, its run completed. */
static void add_measured(struct draft *draft, const struct counters *counters,
			 const unsigned int places[COUNTERS_MAX])
{
	const struct sample_answer *answer = draft->answer;
	char digest[17];

	record_figures(answer, draft->values);
	if (draft->context->taint != NULL)
		taint_figures(draft->context->taint, draft->values);
	/* Added where they are judged. */
	draft->values[FIGURE_CONTRADICTIONS] = FIGURE_ABSENT;
	record_add_figures(draft->line, draft->values);
	snprintf(digest, sizeof(digest), "%016" PRIx64, answer->digest);
	json_add_text(draft->line, "digest", digest);
	if (answer->cpu_start >= 0 && answer->cpu_end >= 0)
		json_add_bool(draft->line, "migrated",
			      answer->cpu_start != answer->cpu_end);
	add_histograms(draft);
	add_open_loop(draft);
	add_sizes(draft);
	add_repetitions(draft);
	add_failed_calls(draft);
	add_counters(draft, counters, places);
	if (!record_map_lines(answer, draft->context->pass, draft->line))
		draft->invalid |= 1u << INVALID_ANSWER;
	add_oracle(draft);
	add_verified(draft);
	add_own_figures(draft);
	add_library(draft);
	/* The answer is added up at its end. */
	if (draft->context->taint != NULL && answer->stage == STAGE_DONE)
		add_taint(draft);
}

static void add_heading(struct draft *draft, enum sample_stage stage)
{
	const struct sample_context *context = draft->context;
	const struct spawn_result *result = draft->result;
	struct json *line = draft->line;
	char text[ERRNO_TEXT_SIZE];

	json_add_text(line, "type", "sample");
	json_add_count(line, "sequence", context->sequence);
	json_add_count(line, "round", context->round);
	json_add_text(line, "pass", pass_names[context->pass]);
	json_add_count(line, "cell", context->cell);
	json_add_count(line, "at_ns", context->at_ns);
	json_add_text(line, "outcome", sample_outcome_names[result->outcome]);
	if (result->outcome != SAMPLE_OK)
		json_add_text(line, "reason", result->reason);
	if (result->outcome == SAMPLE_CRASHED ||
	    result->outcome == SAMPLE_KILLED)
		json_add_signed(line, "signal", result->signal);
	json_add_text(line, "stage", stage_names[stage]);
	if (draft->answer->error != 0)
		json_add_text(line, "error",
			      names_errno(draft->answer->error, text));
	json_add_count(line, "process_ns", result->process_ns);
	if (draft->answer->affinity_error != 0)
		json_add_text(json_at(line, "unbound"), "cpus",
			      names_errno(draft->answer->affinity_error, text));
	if (draft->answer->mempolicy_error != 0)
		json_add_text(
			json_at(line, "unbound"), "nodes",
			names_errno(draft->answer->mempolicy_error, text));
}

static void add_verdict(struct draft *draft)
{
	struct json *list;

	json_add_bool(draft->line, "valid", draft->invalid == 0);
	if (draft->invalid == 0)
		return;
	list = json_add_array(draft->line, "invalid");
	for (unsigned int i = 0; i < INVALID_COUNT; i++)
		if (draft->invalid & (1u << i))
			json_append_text(list, invalid_names[i]);
}

struct json *record_sample(const struct sample_context *context,
			   const struct sample_answer *answer,
			   const struct spawn_result *result,
			   const struct counters *counters,
			   const unsigned int places[COUNTERS_MAX])
{
	struct draft draft = {.context = context,
			      .answer = answer,
			      .result = result,
			      .line = json_new_object()};
	unsigned int stage = (unsigned int)answer->stage;

	if (result->outcome != SAMPLE_OK)
		draft.invalid |= 1u << INVALID_OUTCOME;
	else if (stage != STAGE_DONE)
		draft.invalid |= 1u << INVALID_ANSWER;
	if (stage > STAGE_DONE) {
		draft.invalid |= 1u << INVALID_ANSWER;
		stage = STAGE_NONE;
	}
	add_heading(&draft, (enum sample_stage)stage);
	if (stage > STAGE_RUN)
		add_measured(&draft, counters, places);
	add_verdict(&draft);
	return draft.line;
}
