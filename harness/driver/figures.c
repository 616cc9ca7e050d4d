/* figures - the numbers that each sample line may hold. */
#include "driver/figures.h"

#include <string.h>

const char *const map_figure_names[MAP_FIGURES] = {
	[MAP_MAPPINGS] = "mappings",
	[MAP_MAPPED_BYTES] = "mapped_bytes",
	[MAP_HOLES] = "holes",
	[MAP_HOLE_BYTES] = "hole_bytes",
	[MAP_HOLE_BYTES_MAX] = "hole_bytes_max",
	[MAP_RESIDENT_BYTES] = "resident_bytes",
	[MAP_PAGE_TABLE_BYTES] = "page_table_bytes",
	[MAP_HUGE_BYTES] = "huge_bytes",
	[MAP_LAZY_FREE_BYTES] = "lazy_free_bytes",
	[MAP_LIVE_BYTES] = "live_bytes",
};

#define OPERATION_PLACE(operation, figure)                                     \
	[FIGURE_OPERATIONS + (operation)*OPERATION_FIGURES +                   \
		OPERATION_FIGURE_##figure]

#define OPERATION(operation, name)                                             \
	OPERATION_PLACE(                                                       \
		operation,                                                     \
		COUNT) = {"operations." name ".count", UNIT_COUNT, false},     \
		OPERATION_PLACE(operation, FAILED) = {"operations." name       \
						      ".failed",               \
						      UNIT_COUNT, false},      \
		OPERATION_PLACE(operation, SUM_NS) = {"operations." name       \
						      ".sum_ns",               \
						      UNIT_NS, false},         \
		OPERATION_PLACE(operation, MIN_NS) = {"operations." name       \
						      ".min_ns",               \
						      UNIT_NS, false},         \
		OPERATION_PLACE(operation, MAX_NS) = {"operations." name       \
						      ".max_ns",               \
						      UNIT_NS, false},         \
		OPERATION_PLACE(operation, OVERFLOW) = {                       \
			"operations." name ".overflow", UNIT_COUNT, false}

#define MAP_STATE(first, name, differs)                                        \
	[(first) + MAP_MAPPINGS] = {"map." name ".mappings", UNIT_COUNT,       \
				    differs},                                  \
		   [(first) + MAP_MAPPED_BYTES] = {"map." name                 \
						   ".mapped_bytes",            \
						   UNIT_BYTES, differs},       \
		   [(first) + MAP_HOLES] = {"map." name ".holes", UNIT_COUNT,  \
					    differs},                          \
		   [(first) + MAP_HOLE_BYTES] = {"map." name ".hole_bytes",    \
						 UNIT_BYTES, differs},         \
		   [(first) + MAP_HOLE_BYTES_MAX] = {"map." name               \
						     ".hole_bytes_max",        \
						     UNIT_BYTES, false},       \
		   [(first) + MAP_RESIDENT_BYTES] = {"map." name               \
						     ".resident_bytes",        \
						     UNIT_BYTES, differs},     \
		   [(first) + MAP_PAGE_TABLE_BYTES] = {"map." name             \
						       ".page_table_bytes",    \
						       UNIT_BYTES, differs},   \
		   [(first) + MAP_HUGE_BYTES] = {"map." name ".huge_bytes",    \
						 UNIT_BYTES, differs},         \
		   [(first) + MAP_LAZY_FREE_BYTES] = {"map." name              \
						      ".lazy_free_bytes",      \
						      UNIT_BYTES, differs},    \
		   [(first) + MAP_LIVE_BYTES] = {"map." name ".live_bytes",    \
						 UNIT_BYTES, false}

const struct figure figures[FIGURE_COUNT] = {
	[FIGURE_AT_NS] = {"at_ns", UNIT_NS, false},
	[FIGURE_PROCESS_NS] = {"process_ns", UNIT_NS, false},
	[FIGURE_WALL_NS] = {"time.wall_ns", UNIT_NS, false},
	[FIGURE_CPU_NS] = {"time.cpu_ns", UNIT_NS, false},
	[FIGURE_USER_NS] = {"time.user_ns", UNIT_NS, false},
	[FIGURE_SYSTEM_NS] = {"time.system_ns", UNIT_NS, false},
	[FIGURE_SPAN_NS] = {"time.span_ns", UNIT_NS, false},
	[FIGURE_CLOCK_READS] = {"time.clock_reads", UNIT_COUNT, false},
	[FIGURE_PHASES + PHASE_CALL] = {"phases.call_ns", UNIT_NS, false},
	[FIGURE_PHASES + PHASE_MAP] = {"phases.map_ns", UNIT_NS, false},
	[FIGURE_PHASES +
		PHASE_POPULATE] = {"phases.populate_ns", UNIT_NS, false},
	[FIGURE_PHASES + PHASE_COPY] = {"phases.copy_ns", UNIT_NS, false},
	[FIGURE_PHASES + PHASE_MOVE] = {"phases.move_ns", UNIT_NS, false},
	[FIGURE_PHASES + PHASE_RELEASE] = {"phases.release_ns", UNIT_NS, false},
	[FIGURE_PHASES + PHASE_TOUCH] = {"phases.touch_ns", UNIT_NS, false},
	[FIGURE_PHASES + PHASE_REREAD] = {"phases.reread_ns", UNIT_NS, false},
	OPERATION(OPERATION_ALLOC, "alloc"),
	OPERATION(OPERATION_GROW, "grow"),
	OPERATION(OPERATION_RELEASE, "release"),
	OPERATION(OPERATION_TOUCH, "touch"),
	OPERATION(OPERATION_REREAD, "reread"),
	[FIGURE_OUTCOMES +
		OUTCOME_SLACK] = {"outcomes.slack", UNIT_COUNT, false},
	[FIGURE_OUTCOMES +
		OUTCOME_IN_PLACE] = {"outcomes.in_place", UNIT_COUNT, false},
	[FIGURE_OUTCOMES +
		OUTCOME_MOVED] = {"outcomes.moved", UNIT_COUNT, false},
	[FIGURE_OUTCOMES +
		OUTCOME_COPIED] = {"outcomes.copied", UNIT_COUNT, false},
	[FIGURE_OUTCOMES +
		OUTCOME_FAILED] = {"outcomes.failed", UNIT_COUNT, false},
	[FIGURE_BYTES_COPIED] = {"bytes_copied", UNIT_BYTES, false},
	[FIGURE_BYTES_MOVED] = {"bytes_moved", UNIT_BYTES, false},
	[FIGURE_MOVES +
		MOVE_PUD_EQUAL] = {"moves.pud_equal", UNIT_COUNT, false},
	[FIGURE_MOVES +
		MOVE_PMD_EQUAL] = {"moves.pmd_equal", UNIT_COUNT, false},
	[FIGURE_MOVES +
		MOVE_MISMATCHED] = {"moves.mismatched", UNIT_COUNT, false},
	[FIGURE_MOVES_BYTES +
		MOVE_PUD_EQUAL] = {"moves.pud_equal_bytes", UNIT_BYTES, false},
	[FIGURE_MOVES_BYTES +
		MOVE_PMD_EQUAL] = {"moves.pmd_equal_bytes", UNIT_BYTES, false},
	[FIGURE_MOVES_BYTES + MOVE_MISMATCHED] = {"moves.mismatched_bytes",
						  UNIT_BYTES, false},
	[FIGURE_DESTINATIONS_OWNED] = {"destinations.owned", UNIT_COUNT, false},
	[FIGURE_DESTINATIONS_FRESH] = {"destinations.fresh", UNIT_COUNT, false},
	[FIGURE_REFILLS + REFILL_DONE] = {"refills.done", UNIT_COUNT, false},
	[FIGURE_REFILLS + REFILL_TAKEN] = {"refills.taken", UNIT_COUNT, false},
	[FIGURE_REFILLS +
		REFILL_REFUSED] = {"refills.refused", UNIT_COUNT, false},
	[FIGURE_REQUESTS] = {"requests", UNIT_COUNT, false},
	[FIGURE_LIVE_BYTES_MAX] = {"live_bytes_max", UNIT_BYTES, false},
	[FIGURE_TOUCHED_BYTES] = {"touched_bytes", UNIT_BYTES, false},
	[FIGURE_FAULTS_MINOR] = {"faults.minor", UNIT_COUNT, false},
	[FIGURE_FAULTS_MAJOR] = {"faults.major", UNIT_COUNT, false},
	[FIGURE_ORACLE_EXPECTED] = {"oracle.expected", UNIT_COUNT, false},
	[FIGURE_ORACLE_COPIED_PAGES] = {"oracle.copied_pages", UNIT_COUNT,
					false},
	[FIGURE_SWITCHES_VOLUNTARY] = {"switches.voluntary", UNIT_COUNT, false},
	[FIGURE_SWITCHES_INVOLUNTARY] = {"switches.involuntary", UNIT_COUNT,
					 false},
	[FIGURE_CPU_START] = {"cpu_start", UNIT_COUNT, true},
	[FIGURE_CPU_END] = {"cpu_end", UNIT_COUNT, true},
	[FIGURE_PEAK_RESIDENT_BYTES] = {"memory.peak_resident_bytes",
					UNIT_BYTES, false},
	[FIGURE_PEAK_VIRTUAL_BYTES] = {"memory.peak_virtual_bytes", UNIT_BYTES,
				       false},
	MAP_STATE(FIGURE_BEFORE, "before", false),
	MAP_STATE(FIGURE_FINAL, "final", true),
	MAP_STATE(FIGURE_DRAINED, "drained", true),
	[FIGURE_VERIFIED_WORDS] = {"verified.words", UNIT_COUNT, false},
	[FIGURE_VERIFIED_WRONG] = {"verified.wrong", UNIT_COUNT, false},
	[FIGURE_CONTRADICTIONS] = {"contradictions", UNIT_COUNT, false},
};

enum figure_index figures_find(const char *name)
{
	int index = 0;

	while (index < FIGURE_COUNT && strcmp(figures[index].name, name) != 0)
		index++;
	return (enum figure_index)index;
}
