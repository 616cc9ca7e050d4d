/* open_loop - a thread's schedule of requests, and what became of them. */
#include "sample/open_loop.h"

/* Not one of the streams that requests are drawn from. */
#define ARRIVALS_STREAM 0x6172726976616c73u

static uint64_t offset_ns(const struct arrival *arrival)
{
	return (uint64_t)arrival->at_ns;
}

/* Equal gaps are multiplied, not added up: a rounding would grow. */
static double fixed_at_ns(const struct open_loop *loop, uint64_t number)
{
	return ((double)number + loop->phase) * loop->interval_ns;
}

static void arrival_first(const struct open_loop *loop, uint64_t seed,
			  unsigned int index, struct arrival *arrival)
{
	arrival->random.state =
		random_mix(seed ^ random_mix(ARRIVALS_STREAM + index));
	arrival->number = 0;
	arrival->at_ns = loop->law == ARRIVALS_FIXED
				 ? fixed_at_ns(loop, 0)
				 : random_exponential(&arrival->random,
						      loop->interval_ns);
}

static void arrival_step(const struct open_loop *loop, struct arrival *arrival)
{
	arrival->number++;
	if (loop->law == ARRIVALS_FIXED)
		arrival->at_ns = fixed_at_ns(loop, arrival->number);
	else
		arrival->at_ns +=
			random_exponential(&arrival->random, loop->interval_ns);
}

void open_loop_open(struct open_loop *loop, enum arrivals law,
		    double interval_ns, uint64_t requests, uint64_t seed,
		    unsigned int index, unsigned int threads)
{
	loop->law = law;
	loop->begun = false;
	if (law == ARRIVALS_CLOSED)
		return;
	loop->interval_ns = interval_ns;
	loop->phase = (double)index / threads;
	loop->requests = requests;
	arrival_first(loop, seed, index, &loop->next);
	loop->ahead = loop->next;
	loop->figures.law = law;
}

static void raise(uint64_t *most, uint64_t value)
{
	if (*most < value)
		*most = value;
}

/* Requests that are due and wait behind the one that begins. */
static void backlog_look(struct open_loop *loop)
{
	uint64_t now_ns = loop->start_ns - loop->origin_ns;

	while (loop->ahead.number < loop->requests &&
	       offset_ns(&loop->ahead) <= now_ns)
		arrival_step(loop, &loop->ahead);
	if (loop->ahead.number > loop->next.number + 1)
		raise(&loop->figures.backlog_max,
		      loop->ahead.number - loop->next.number - 1);
}

static void due_wait(struct open_loop *loop, uint64_t now_ns)
{
	struct open_loop_figures *figures = &loop->figures;

	loop->start_ns = now_ns;
	if (now_ns > loop->due_ns) {
		figures->late++;
		raise(&figures->late_ns_max, now_ns - loop->due_ns);
	} else if (now_ns < loop->due_ns) {
		loop->clock.wait(loop->clock.context, loop->due_ns);
		loop->start_ns = loop->clock.now_ns(loop->clock.context);
		figures->waited_ns += loop->start_ns - now_ns;
	}
}

static void half_begin(struct open_loop *loop, uint64_t now_ns)
{
	loop->half.free_ns = now_ns;
	loop->half.due_ns = loop->due_ns;
	loop->half.waited_ns = loop->figures.waited_ns;
	loop->half.longest_ns = 0;
}

void open_loop_begin(struct open_loop *loop)
{
	uint64_t now_ns = loop->clock.now_ns(loop->clock.context);

	if (loop->law == ARRIVALS_CLOSED) {
		loop->start_ns = now_ns;
		return;
	}
	if (!loop->begun)
		loop->origin_ns = now_ns;
	loop->begun = true;
	loop->due_ns = loop->origin_ns + offset_ns(&loop->next);
	if (loop->next.number == loop->requests / 2)
		half_begin(loop, now_ns);
	due_wait(loop, now_ns);
	backlog_look(loop);
}

/* See the head of open_loop.h. The last request has ended. */
static bool is_saturated(const struct open_loop *loop, uint64_t end_ns)
{
	uint64_t spent_ns = end_ns - loop->half.free_ns;
	uint64_t waited_ns = loop->figures.waited_ns - loop->half.waited_ns;
	uint64_t offered_ns =
		loop->due_ns - loop->half.due_ns + (uint64_t)loop->interval_ns;
	uint64_t off_ns = waited_ns + loop->half.longest_ns;

	return loop->requests >= OPEN_LOOP_JUDGED_MIN && spent_ns >= off_ns &&
	       100 * (spent_ns - off_ns) >= 98 * offered_ns &&
	       99 * spent_ns >= 100 * offered_ns;
}

void open_loop_end(struct open_loop *loop)
{
	uint64_t now_ns = loop->clock.now_ns(loop->clock.context);
	uint64_t service_ns = now_ns - loop->start_ns;
	struct open_loop_figures *figures = &loop->figures;

	histogram_record(loop->service, service_ns);
	if (loop->law == ARRIVALS_CLOSED)
		return;
	histogram_record(loop->response, now_ns - loop->due_ns);
	figures->requests++;
	figures->busy_ns += service_ns;
	raise(&loop->half.longest_ns, service_ns);
	if (loop->next.number + 1 == loop->requests) {
		figures->offered_ns += loop->due_ns - loop->origin_ns;
		figures->served_ns += now_ns - loop->origin_ns;
		figures->saturated |= is_saturated(loop, now_ns);
	}
	arrival_step(loop, &loop->next);
}

void open_loop_add(struct open_loop_figures *into,
		   const struct open_loop_figures *from)
{
	if (from->law != ARRIVALS_CLOSED)
		into->law = from->law;
	into->requests += from->requests;
	raise(&into->offered_ns, from->offered_ns);
	raise(&into->served_ns, from->served_ns);
	into->busy_ns += from->busy_ns;
	into->waited_ns += from->waited_ns;
	into->late += from->late;
	raise(&into->late_ns_max, from->late_ns_max);
	raise(&into->backlog_max, from->backlog_max);
	into->saturated |= from->saturated;
}
