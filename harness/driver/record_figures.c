/* record_figures - a sample's numbers, by figure, from its answer. */
#include "driver/record_figures.h"

#include <string.h>

/* JSON's whole numbers end here; see json_add_count(). */
static int64_t clip(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

static int64_t difference(uint64_t now, uint64_t before)
{
	return now >= before ? clip(now - before) : -clip(before - now);
}

void record_map(const struct map_figures *map, const struct map_figures *before,
		int64_t values[MAP_FIGURES])
{
	static const struct map_figures nothing;

	if (before == NULL)
		before = &nothing;
	values[MAP_MAPPINGS] =
		difference(map->holes.mappings, before->holes.mappings);
	values[MAP_MAPPED_BYTES] =
		difference(map->holes.mapped_bytes, before->holes.mapped_bytes);
	values[MAP_HOLES] = difference(map->holes.holes, before->holes.holes);
	values[MAP_HOLE_BYTES] =
		difference(map->holes.hole_bytes, before->holes.hole_bytes);
	values[MAP_HOLE_BYTES_MAX] = clip(map->holes.hole_bytes_max);
	values[MAP_RESIDENT_BYTES] =
		difference(map->resident_bytes, before->resident_bytes);
	values[MAP_PAGE_TABLE_BYTES] =
		difference(map->page_table_bytes, before->page_table_bytes);
	values[MAP_HUGE_BYTES] =
		difference(map->huge_bytes, before->huge_bytes);
	values[MAP_LAZY_FREE_BYTES] =
		difference(map->lazy_free_bytes, before->lazy_free_bytes);
	values[MAP_LIVE_BYTES] = clip(map->live_bytes);
	values[MAP_IDEAL_BYTES] = clip(map->ideal_bytes);
}

static void figures_of_operations(const struct sample_answer *answer,
				  int64_t values[FIGURE_COUNT])
{
	for (int i = 0; i < OPERATION_COUNT; i++) {
		const struct operation_figures *of = &answer->operations[i];
		int64_t *into =
			&values[FIGURE_OPERATIONS + i * OPERATION_FIGURES];

		if (of->histogram.count == 0 && of->failed == 0)
			continue;
		into[OPERATION_FIGURE_COUNT] = clip(of->histogram.count);
		into[OPERATION_FIGURE_FAILED] = clip(of->failed);
		into[OPERATION_FIGURE_SUM_NS] = clip(of->histogram.sum_ns);
		into[OPERATION_FIGURE_MIN_NS] = clip(of->histogram.min_ns);
		into[OPERATION_FIGURE_MAX_NS] = clip(of->histogram.max_ns);
		into[OPERATION_FIGURE_OVERFLOW] = clip(of->histogram.overflow);
	}
}

/* A process in which nothing was allocated, or grown, has no first time. */
static void figures_of_cold(const struct sample_answer *answer,
			    int64_t values[FIGURE_COUNT])
{
	if (answer->cold.alloc_ns > 0)
		values[FIGURE_COLD_ALLOC_NS] = clip(answer->cold.alloc_ns);
	if (answer->cold.grow_ns == 0)
		return;
	values[FIGURE_COLD_GROW_NS] = clip(answer->cold.grow_ns);
	values[FIGURE_COLD_BYTES] = clip(answer->cold.bytes);
}

/* Nothing of a closed loop. */
static void figures_of_open_loop(const struct open_loop_figures *loop,
				 int64_t values[FIGURE_COUNT])
{
	if (loop->law == ARRIVALS_CLOSED)
		return;
	values[FIGURE_OPEN_LOOP_REQUESTS] = clip(loop->requests);
	values[FIGURE_OPEN_LOOP_OFFERED_NS] = clip(loop->offered_ns);
	values[FIGURE_OPEN_LOOP_SERVED_NS] = clip(loop->served_ns);
	values[FIGURE_OPEN_LOOP_BUSY_NS] = clip(loop->busy_ns);
	values[FIGURE_OPEN_LOOP_WAITED_NS] = clip(loop->waited_ns);
	values[FIGURE_OPEN_LOOP_LATE] = clip(loop->late);
	values[FIGURE_OPEN_LOOP_LATE_NS_MAX] = clip(loop->late_ns_max);
	values[FIGURE_OPEN_LOOP_BACKLOG_MAX] = clip(loop->backlog_max);
}

static void figures_of_tally(const struct tally *tally,
			     int64_t values[FIGURE_COUNT])
{
	for (int i = 0; i < OUTCOME_COUNT; i++)
		values[FIGURE_OUTCOMES + i] = clip(tally->growths[i]);
	for (int i = 0; i < MOVE_PHASE_COUNT; i++) {
		values[FIGURE_MOVES + i] = clip(tally->moves[i]);
		values[FIGURE_MOVES_BYTES + i] = clip(tally->moves_bytes[i]);
	}
	for (int i = 0; i < MOVE_LEVEL_COUNT; i++)
		values[FIGURE_LEVELS_BYTES + i] = clip(tally->levels_bytes[i]);
	for (int i = 0; i < REFILL_COUNT; i++)
		values[FIGURE_REFILLS + i] = clip(tally->refills[i]);
	values[FIGURE_BYTES_COPIED] = clip(tally->bytes_copied);
	values[FIGURE_BYTES_MOVED] = clip(tally->bytes_moved);
	values[FIGURE_DESTINATIONS_OWNED] = clip(tally->destinations_owned);
	values[FIGURE_DESTINATIONS_FRESH] = clip(tally->destinations_fresh);
}

static void figures_of_time(const struct sample_answer *answer,
			    int64_t values[FIGURE_COUNT])
{
	values[FIGURE_WALL_NS] = clip(answer->wall_ns);
	values[FIGURE_CPU_NS] = clip(answer->cpu_ns);
	values[FIGURE_USER_NS] = clip(answer->user_ns);
	values[FIGURE_SYSTEM_NS] = clip(answer->system_ns);
	values[FIGURE_SPAN_NS] = clip(answer->span_ns);
	values[FIGURE_CLOCK_READS] = clip(answer->clock_reads);
	for (int i = 0; i < PHASE_COUNT; i++)
		values[FIGURE_PHASES + i] = clip(answer->phase_ns[i]);
	values[FIGURE_FAULTS_MINOR] = clip(answer->minor_faults);
	values[FIGURE_FAULTS_MAJOR] = clip(answer->major_faults);
	values[FIGURE_SWITCHES_VOLUNTARY] = clip(answer->voluntary_switches);
	values[FIGURE_SWITCHES_INVOLUNTARY] =
		clip(answer->involuntary_switches);
	if (answer->cpu_start >= 0 && answer->cpu_end >= 0) {
		values[FIGURE_CPU_START] = answer->cpu_start;
		values[FIGURE_CPU_END] = answer->cpu_end;
	}
}

/* -1: the process did not see it. */
static int64_t seen(int64_t value)
{
	return value < 0 ? FIGURE_ABSENT : value;
}

static void figures_of_disturbance(const struct disturbance *disturbance,
				   int64_t values[FIGURE_COUNT])
{
	for (int i = 0; i < PRESSURE_COUNT; i++)
		values[FIGURE_PRESSURE + i] = seen(disturbance->pressure_ns[i]);
	values[FIGURE_SWITCHES_WAITED_NS] = seen(disturbance->waited_ns);
	values[FIGURE_MIGRATIONS] = seen(disturbance->migrations);
	values[FIGURE_KHZ_BEFORE] = seen(disturbance->khz_before);
	values[FIGURE_KHZ_AFTER] = seen(disturbance->khz_after);
	values[FIGURE_SHOOTDOWNS] = seen(disturbance->shootdowns);
}

/* A process always has mappings: none means that nobody looked. */
static void figures_of_memory(const struct sample_answer *answer,
			      int64_t values[FIGURE_COUNT])
{
	values[FIGURE_PEAK_RESIDENT_BYTES] = clip(answer->peak_resident_bytes);
	values[FIGURE_PEAK_VIRTUAL_BYTES] = clip(answer->peak_virtual_bytes);
	if (answer->before.holes.mappings == 0)
		return;
	record_map(&answer->before, NULL, &values[FIGURE_BEFORE]);
	values[FIGURE_MAP_READS] = clip(answer->reading.reads);
	values[FIGURE_MAP_READ_NS] = clip(answer->reading.read_ns);
	values[FIGURE_MAP_POINTS_SKIPPED] =
		clip(answer->reading.points_skipped);
	if (answer->final.holes.mappings > 0)
		record_map(&answer->final, &answer->before,
			   &values[FIGURE_FINAL]);
	if (answer->drained.holes.mappings > 0)
		record_map(&answer->drained, &answer->before,
			   &values[FIGURE_DRAINED]);
}

void record_figures(const struct sample_answer *answer,
		    int64_t values[FIGURE_COUNT])
{
	for (int i = 0; i < FIGURE_COUNT; i++)
		values[i] = FIGURE_ABSENT;
	figures_of_time(answer, values);
	figures_of_disturbance(&answer->disturbance, values);
	figures_of_operations(answer, values);
	figures_of_cold(answer, values);
	figures_of_open_loop(&answer->open_loop, values);
	figures_of_tally(&answer->tally, values);
	figures_of_memory(answer, values);
	values[FIGURE_REQUESTS] = clip(answer->requests);
	values[FIGURE_LIVE_BYTES_MAX] = clip(answer->live_bytes_max);
	values[FIGURE_TOUCHED_BYTES] = clip(answer->touched_bytes);
	values[FIGURE_VERIFIED_WORDS] = clip(answer->words_verified);
	values[FIGURE_VERIFIED_WRONG] = clip(answer->words_wrong);
	values[FIGURE_CONTRADICTIONS] = clip(answer->contradictions);
}

void record_add_figures(struct json *line, const int64_t values[FIGURE_COUNT])
{
	for (int i = 0; i < FIGURE_COUNT; i++) {
		const char *name = figures[i].name;
		const char *dot = strrchr(name, '.');
		char parent[64] = "";

		if (values[i] == FIGURE_ABSENT)
			continue;
		if (dot != NULL)
			memcpy(parent, name, (size_t)(dot - name));
		json_add_signed(json_at(line, parent),
				dot != NULL ? dot + 1 : name, values[i]);
	}
}
