/* answer - what the driver reads: the threads' figures added up, or why not. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sample/context.h"

_Noreturn void sample_fail(struct sample_answer *answer, int error,
			   const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(answer->message, sizeof(answer->message), format, arguments);
	va_end(arguments);
	answer->error = error < 0 ? -error : error;
	_exit(1);
}

static void tally_add(struct tally *into, const struct tally *from)
{
	/* A tally is counters only. */
	uint64_t *sum = (uint64_t *)into;
	const uint64_t *addend = (const uint64_t *)from;

	_Static_assert(sizeof(struct tally) % sizeof(uint64_t) == 0,
		       "a tally is an array of counters");
	for (size_t i = 0; i < sizeof(struct tally) / sizeof(uint64_t); i++)
		sum[i] += addend[i];
}

static void usage_sum(struct sample_answer *answer, const struct usage *usage)
{
	answer->cpu_ns += usage->cpu_ns;
	answer->user_ns += usage->user_ns;
	answer->system_ns += usage->system_ns;
	answer->minor_faults += usage->minor_faults;
	answer->major_faults += usage->major_faults;
	answer->voluntary_switches += usage->voluntary_switches;
	answer->involuntary_switches += usage->involuntary_switches;
}

/* Not seen of one thread: not known of all. */
static void seen_add(int64_t *sum, int64_t value)
{
	*sum = *sum < 0 || value < 0 ? -1 : *sum + value;
}

static void size_add(struct size_figures *into, const struct size_figures *from)
{
	into->growths += from->growths;
	into->grow_ns += from->grow_ns;
	into->touch_ns += from->touch_ns;
	into->reread_ns += from->reread_ns;
	into->bytes += from->bytes;
}

static void check_add(struct sample_answer *answer,
		      const struct context *context)
{
	if (context->words_wrong && answer->words_wrong == 0) {
		answer->wrong_identity = context->wrong_identity;
		answer->wrong_offset = context->wrong_offset;
	}
	if (context->contradictions && answer->contradictions == 0)
		memcpy(answer->contradiction, context->contradiction,
		       sizeof(answer->contradiction));
	answer->words_verified += context->words_verified;
	answer->words_wrong += context->words_wrong;
	answer->contradictions += context->contradictions;
}

static void figures_add(struct sample_answer *answer,
			const struct context *context)
{
	for (unsigned int i = 0; i < WORKER_FIGURES_MAX; i++) {
		if (!context->figures[i].name)
			continue;
		snprintf(answer->figures[i].name,
			 sizeof(answer->figures[i].name), "%s",
			 context->figures[i].name);
		answer->figures[i].value += context->figures[i].value;
	}
}

void answer_add_repetition(struct sample *sample)
{
	struct sample_answer *answer = sample->answer;
	struct repetition_figures *into =
		&answer->repetitions[answer->repetitions_count++];

	for (unsigned int i = 0; i < sample->threads; i++) {
		struct context *context = &sample->contexts[i];
		struct spent now = {context->wall_ns, context->usage.cpu_ns,
				    context->usage.minor_faults};
		uint64_t wall_ns = now.wall_ns - context->spent.wall_ns;

		if (wall_ns > into->wall_ns)
			into->wall_ns = wall_ns;
		into->cpu_ns += now.cpu_ns - context->spent.cpu_ns;
		into->minor_faults +=
			now.minor_faults - context->spent.minor_faults;
		context->spent = now;
	}
}

static bool first_before(const struct first_call *one,
			 const struct first_call *other)
{
	return one->begin_ns != 0 &&
	       (other->begin_ns == 0 || one->begin_ns < other->begin_ns);
}

/* The process's first calls: those of the thread that came first. */
static void cold_fill(const struct sample *sample)
{
	struct sample_answer *answer = sample->answer;
	struct first_call alloc = {0}, grow = {0};

	for (unsigned int i = 0; i < sample->threads; i++) {
		const struct context *context = &sample->contexts[i];

		if (first_before(&context->first_alloc, &alloc))
			alloc = context->first_alloc;
		if (first_before(&context->first_grow, &grow))
			grow = context->first_grow;
	}
	if (alloc.bytes)
		answer->cold.alloc_ns = alloc.took_ns;
	if (grow.bytes) {
		answer->cold.grow_ns = grow.took_ns;
		answer->cold.bytes = grow.bytes;
	}
}

static void context_add(struct sample_answer *answer,
			const struct context *context)
{
	if (context->wall_ns > answer->wall_ns)
		answer->wall_ns = context->wall_ns;
	usage_sum(answer, &context->usage);
	seen_add(&answer->disturbance.migrations, context->schedule.migrations);
	seen_add(&answer->disturbance.waited_ns, context->schedule.waited_ns);
	answer->clock_reads +=
		context->clock_reads + context->recorder.clock_reads;
	for (unsigned int i = 0; i < PHASE_COUNT; i++)
		answer->phase_ns[i] += context->recorder.phase_ns[i];
	tally_add(&answer->tally, &context->recorder.tally);
	for (unsigned int i = 0; i < OPERATION_COUNT; i++) {
		histogram_add(&answer->operations[i].histogram,
			      &context->operations[i].histogram);
		answer->operations[i].failed += context->operations[i].failed;
	}
	open_loop_add(&answer->open_loop, &context->loop.figures);
	for (unsigned int i = 0; i < SIZE_CLASSES; i++)
		size_add(&answer->sizes[i], &context->sizes[i]);
	answer->requests += context->requests;
	answer->digest ^= context->digest;
	answer->touched_bytes += context->touched_bytes;
	answer->copied_pages += context->copied_pages;
	answer->untouched_pages += context->untouched_pages;
	answer->rewritten_pages += context->rewritten_pages;
	answer->sparse_blocks += context->sparse_blocks;
	/* Several threads: each one's own highest, an upper bound. */
	answer->live_bytes_max += (uint64_t)context->live_bytes_max;
	check_add(answer, context);
	figures_add(answer, context);
}

void answer_fill(struct sample *sample)
{
	struct sample_answer *answer = sample->answer;
	uint64_t begin_ns = UINT64_MAX;
	uint64_t end_ns = 0;

	for (unsigned int i = 0; i < sample->threads; i++) {
		const struct context *context = &sample->contexts[i];

		context_add(answer, context);
		if (context->begin_ns < begin_ns)
			begin_ns = context->begin_ns;
		if (context->end_ns > end_ns)
			end_ns = context->end_ns;
	}
	answer->begin_ns = begin_ns;
	answer->span_ns = end_ns - begin_ns;
	cold_fill(sample);
}
