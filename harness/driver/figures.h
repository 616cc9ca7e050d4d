/*
 * figures - the numbers that each sample line may hold: their path in the line,
 * which is their name everywhere, and their unit.
 *
 * results.h reads a sample into an array of them; a table, a plot or an export
 * is then a loop over figures. All are whole numbers.
 */
#ifndef REGROW_FIGURES_H
#define REGROW_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include <regrow/recorder.h>
#include <regrow/workload.h>

#include "sample/protocol.h"

#define FIGURE_ABSENT INT64_MIN /* not measured, which is never 0 */

enum figure_unit { UNIT_COUNT, UNIT_NS, UNIT_BYTES };

/* The numbers of one state of the map: before, final, drained, timeline. */
enum map_figure {
	MAP_MAPPINGS,
	MAP_MAPPED_BYTES,
	MAP_HOLES,
	MAP_HOLE_BYTES,
	MAP_HOLE_BYTES_MAX,
	MAP_RESIDENT_BYTES,
	MAP_PAGE_TABLE_BYTES,
	MAP_HUGE_BYTES,
	MAP_LAZY_FREE_BYTES,
	MAP_LIVE_BYTES,
	MAP_IDEAL_BYTES,
	MAP_FIGURES,
};
extern const char *const map_figure_names[MAP_FIGURES];

/* The numbers of one kind of operation, in the order below. */
enum operation_figure {
	OPERATION_FIGURE_COUNT,
	OPERATION_FIGURE_FAILED,
	OPERATION_FIGURE_SUM_NS,
	OPERATION_FIGURE_MIN_NS,
	OPERATION_FIGURE_MAX_NS,
	OPERATION_FIGURE_OVERFLOW,
	OPERATION_FIGURES,
};

/*
 * An array of figures begins at its name: FIGURE_PHASES + PHASE_COPY,
 * FIGURE_FINAL + MAP_HOLES, figure_of_operation(OPERATION_GROW, ...).
 */
enum figure_index {
	FIGURE_AT_NS,
	FIGURE_PROCESS_NS,
	FIGURE_WALL_NS,
	FIGURE_CPU_NS,
	FIGURE_USER_NS,
	FIGURE_SYSTEM_NS,
	FIGURE_SPAN_NS,
	FIGURE_CLOCK_READS,
	FIGURE_PHASES,
	FIGURE_OPERATIONS = FIGURE_PHASES + PHASE_COUNT,
	FIGURE_COLD_ALLOC_NS =
		FIGURE_OPERATIONS + OPERATION_COUNT * OPERATION_FIGURES,
	FIGURE_COLD_GROW_NS,
	FIGURE_COLD_BYTES,
	FIGURE_OUTCOMES,
	FIGURE_BYTES_COPIED = FIGURE_OUTCOMES + OUTCOME_COUNT,
	FIGURE_BYTES_MOVED,
	FIGURE_MOVES,
	FIGURE_MOVES_BYTES = FIGURE_MOVES + MOVE_PHASE_COUNT,
	FIGURE_LEVELS_BYTES = FIGURE_MOVES_BYTES + MOVE_PHASE_COUNT,
	FIGURE_DESTINATIONS_OWNED = FIGURE_LEVELS_BYTES + MOVE_LEVEL_COUNT,
	FIGURE_DESTINATIONS_FRESH,
	FIGURE_REFILLS,
	FIGURE_REQUESTS = FIGURE_REFILLS + REFILL_COUNT,
	FIGURE_LIVE_BYTES_MAX,
	FIGURE_TOUCHED_BYTES,
	FIGURE_FAULTS_MINOR,
	FIGURE_FAULTS_MAJOR,
	FIGURE_ORACLE_EXPECTED,
	FIGURE_ORACLE_COPIED_PAGES,
	FIGURE_ORACLE_UNTOUCHED_PAGES,
	FIGURE_ORACLE_REWRITTEN_PAGES,
	FIGURE_SWITCHES_VOLUNTARY,
	FIGURE_SWITCHES_INVOLUNTARY,
	FIGURE_CPU_START,
	FIGURE_CPU_END,
	FIGURE_PEAK_RESIDENT_BYTES,
	FIGURE_PEAK_VIRTUAL_BYTES,
	FIGURE_BEFORE,
	FIGURE_FINAL = FIGURE_BEFORE + MAP_FIGURES,
	FIGURE_DRAINED = FIGURE_FINAL + MAP_FIGURES,
	FIGURE_MAP_READS = FIGURE_DRAINED + MAP_FIGURES,
	FIGURE_MAP_READ_NS,
	FIGURE_MAP_POINTS_SKIPPED,
	FIGURE_SWITCHES_WAITED_NS,
	FIGURE_MIGRATIONS,
	FIGURE_PRESSURE,
	FIGURE_PROBE_GAPS = FIGURE_PRESSURE + PRESSURE_COUNT,
	FIGURE_PROBE_GAP_NS,
	FIGURE_PROBE_GAP_NS_MAX,
	FIGURE_KHZ_BEFORE,
	FIGURE_KHZ_AFTER,
	FIGURE_COLLAPSED,
	FIGURE_THROTTLES,
	FIGURE_VERIFIED_WORDS,
	FIGURE_VERIFIED_WRONG,
	FIGURE_CONTRADICTIONS,
	FIGURE_COUNT,
};

static inline enum figure_index
figure_of_operation(enum operation operation, enum operation_figure figure)
{
	return (enum figure_index)(FIGURE_OPERATIONS +
				   (int)operation * OPERATION_FIGURES +
				   (int)figure);
}

struct figure {
	const char *name; /* its path in a sample line, "map.final.holes" */
	enum figure_unit unit;
	bool is_signed; /* may be below 0 */
};

extern const struct figure figures[FIGURE_COUNT];

/* The figure of that name; FIGURE_COUNT where there is none. */
enum figure_index figures_find(const char *name);

#endif
