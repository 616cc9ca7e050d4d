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
	[MAP_IDEAL_BYTES] = "ideal_bytes",
};

#define COUNT(path)                                                            \
	{                                                                      \
		path, UNIT_COUNT, false                                        \
	}
#define NS(path)                                                               \
	{                                                                      \
		path, UNIT_NS, false                                           \
	}
#define BYTES(path)                                                            \
	{                                                                      \
		path, UNIT_BYTES, false                                        \
	}

/* In the order of enum operation_figure. */
#define OPERATION(path)                                                        \
	COUNT(path ".count"), COUNT(path ".failed"), NS(path ".sum_ns"),       \
		NS(path ".min_ns"), NS(path ".max_ns"),                        \
		COUNT(path ".overflow")

/* In the order of enum map_figure; most differ from before, up or down. */
#define MAP(path, differs)                                                     \
	{path ".mappings", UNIT_COUNT, differs},                               \
		{path ".mapped_bytes", UNIT_BYTES, differs},                   \
		{path ".holes", UNIT_COUNT, differs},                          \
		{path ".hole_bytes", UNIT_BYTES, differs},                     \
		{path ".hole_bytes_max", UNIT_BYTES, false},                   \
		{path ".resident_bytes", UNIT_BYTES, differs},                 \
		{path ".page_table_bytes", UNIT_BYTES, differs},               \
		{path ".huge_bytes", UNIT_BYTES, differs},                     \
		{path ".lazy_free_bytes", UNIT_BYTES, differs},                \
		{path ".live_bytes", UNIT_BYTES, false},                       \
	{                                                                      \
		path ".ideal_bytes", UNIT_BYTES, false                         \
	}

/* An initializer without a place of its own follows the one before it. */
const struct figure figures[FIGURE_COUNT] = {
	[FIGURE_AT_NS] = NS("at_ns"),
	[FIGURE_PROCESS_NS] = NS("process_ns"),
	[FIGURE_WALL_NS] = NS("time.wall_ns"),
	[FIGURE_CPU_NS] = NS("time.cpu_ns"),
	[FIGURE_USER_NS] = NS("time.user_ns"),
	[FIGURE_SYSTEM_NS] = NS("time.system_ns"),
	[FIGURE_SPAN_NS] = NS("time.span_ns"),
	[FIGURE_CLOCK_READS] = COUNT("time.clock_reads"),
	[FIGURE_PHASES + PHASE_CALL] = NS("phases.call_ns"),
	[FIGURE_PHASES + PHASE_MAP] = NS("phases.map_ns"),
	[FIGURE_PHASES + PHASE_POPULATE] = NS("phases.populate_ns"),
	[FIGURE_PHASES + PHASE_COPY] = NS("phases.copy_ns"),
	[FIGURE_PHASES + PHASE_MOVE] = NS("phases.move_ns"),
	[FIGURE_PHASES + PHASE_RELEASE] = NS("phases.release_ns"),
	[FIGURE_PHASES + PHASE_TOUCH] = NS("phases.touch_ns"),
	[FIGURE_PHASES + PHASE_REREAD] = NS("phases.reread_ns"),
	[FIGURE_OPERATIONS + OPERATION_ALLOC * OPERATION_FIGURES] =
		OPERATION("operations.alloc"),
	[FIGURE_OPERATIONS + OPERATION_GROW * OPERATION_FIGURES] =
		OPERATION("operations.grow"),
	[FIGURE_OPERATIONS + OPERATION_RELEASE * OPERATION_FIGURES] =
		OPERATION("operations.release"),
	[FIGURE_OPERATIONS + OPERATION_TOUCH * OPERATION_FIGURES] =
		OPERATION("operations.touch"),
	[FIGURE_OPERATIONS + OPERATION_REREAD * OPERATION_FIGURES] =
		OPERATION("operations.reread"),
	[FIGURE_OPERATIONS + OPERATION_SHRINK * OPERATION_FIGURES] =
		OPERATION("operations.shrink"),
	[FIGURE_OPERATIONS + OPERATION_FORK * OPERATION_FIGURES] =
		OPERATION("operations.fork"),
	[FIGURE_OPERATIONS + OPERATION_EXIT * OPERATION_FIGURES] =
		OPERATION("operations.exit"),
	[FIGURE_OPERATIONS + OPERATION_SERVICE * OPERATION_FIGURES] =
		OPERATION("operations.service"),
	[FIGURE_OPERATIONS + OPERATION_RESPONSE * OPERATION_FIGURES] =
		OPERATION("operations.response"),
	[FIGURE_OPERATIONS + OPERATION_FAULT * OPERATION_FIGURES] =
		OPERATION("operations.fault"),
	[FIGURE_COLD_ALLOC_NS] = NS("cold.alloc_ns"),
	[FIGURE_COLD_GROW_NS] = NS("cold.grow_ns"),
	[FIGURE_COLD_BYTES] = BYTES("cold.bytes"),
	[FIGURE_OPEN_LOOP_REQUESTS] = COUNT("open_loop.requests"),
	[FIGURE_OPEN_LOOP_OFFERED_NS] = NS("open_loop.offered_ns"),
	[FIGURE_OPEN_LOOP_SERVED_NS] = NS("open_loop.served_ns"),
	[FIGURE_OPEN_LOOP_BUSY_NS] = NS("open_loop.busy_ns"),
	[FIGURE_OPEN_LOOP_WAITED_NS] = NS("open_loop.waited_ns"),
	[FIGURE_OPEN_LOOP_LATE] = COUNT("open_loop.late"),
	[FIGURE_OPEN_LOOP_LATE_NS_MAX] = NS("open_loop.late_ns_max"),
	[FIGURE_OPEN_LOOP_BACKLOG_MAX] = COUNT("open_loop.backlog_max"),
	[FIGURE_OUTCOMES + OUTCOME_SLACK] = COUNT("outcomes.slack"),
	[FIGURE_OUTCOMES + OUTCOME_IN_PLACE] = COUNT("outcomes.in_place"),
	[FIGURE_OUTCOMES + OUTCOME_MOVED] = COUNT("outcomes.moved"),
	[FIGURE_OUTCOMES + OUTCOME_COPIED] = COUNT("outcomes.copied"),
	[FIGURE_OUTCOMES + OUTCOME_FAILED] = COUNT("outcomes.failed"),
	[FIGURE_BYTES_COPIED] = BYTES("bytes_copied"),
	[FIGURE_BYTES_MOVED] = BYTES("bytes_moved"),
	[FIGURE_MOVES + MOVE_PUD_EQUAL] = COUNT("moves.pud_equal"),
	[FIGURE_MOVES + MOVE_PMD_EQUAL] = COUNT("moves.pmd_equal"),
	[FIGURE_MOVES + MOVE_MISMATCHED] = COUNT("moves.mismatched"),
	[FIGURE_MOVES_BYTES + MOVE_PUD_EQUAL] = BYTES("moves.pud_equal_bytes"),
	[FIGURE_MOVES_BYTES + MOVE_PMD_EQUAL] = BYTES("moves.pmd_equal_bytes"),
	[FIGURE_MOVES_BYTES + MOVE_MISMATCHED] =
		BYTES("moves.mismatched_bytes"),
	[FIGURE_LEVELS_BYTES + MOVE_BY_PUD] = BYTES("moves.by_pud_bytes"),
	[FIGURE_LEVELS_BYTES + MOVE_BY_PMD] = BYTES("moves.by_pmd_bytes"),
	[FIGURE_LEVELS_BYTES + MOVE_BY_PTE] = BYTES("moves.by_pte_bytes"),
	[FIGURE_DESTINATIONS_OWNED] = COUNT("destinations.owned"),
	[FIGURE_DESTINATIONS_FRESH] = COUNT("destinations.fresh"),
	[FIGURE_REFILLS + REFILL_DONE] = COUNT("refills.done"),
	[FIGURE_REFILLS + REFILL_TAKEN] = COUNT("refills.taken"),
	[FIGURE_REFILLS + REFILL_REFUSED] = COUNT("refills.refused"),
	[FIGURE_REQUESTS] = COUNT("requests"),
	[FIGURE_LIVE_BYTES_MAX] = BYTES("live_bytes_max"),
	[FIGURE_TOUCHED_BYTES] = BYTES("touched_bytes"),
	[FIGURE_FAULTS_MINOR] = COUNT("faults.minor"),
	[FIGURE_FAULTS_MAJOR] = COUNT("faults.major"),
	[FIGURE_ORACLE_EXPECTED] = COUNT("oracle.expected"),
	[FIGURE_ORACLE_COPIED_PAGES] = COUNT("oracle.copied_pages"),
	[FIGURE_ORACLE_UNTOUCHED_PAGES] = COUNT("oracle.untouched_pages"),
	[FIGURE_ORACLE_REWRITTEN_PAGES] = COUNT("oracle.rewritten_pages"),
	[FIGURE_SWITCHES_VOLUNTARY] = COUNT("switches.voluntary"),
	[FIGURE_SWITCHES_INVOLUNTARY] = COUNT("switches.involuntary"),
	[FIGURE_CPU_START] = COUNT("cpu_start"),
	[FIGURE_CPU_END] = COUNT("cpu_end"),
	[FIGURE_SWITCHES_WAITED_NS] = NS("switches.waited_ns"),
	[FIGURE_MIGRATIONS] = COUNT("migrations"),
	[FIGURE_PRESSURE + PRESSURE_CPU] = NS("pressure.cpu_ns"),
	[FIGURE_PRESSURE + PRESSURE_MEMORY] = NS("pressure.memory_ns"),
	[FIGURE_PRESSURE + PRESSURE_IO] = NS("pressure.io_ns"),
	[FIGURE_PROBE_GAPS] = COUNT("probe.gaps"),
	[FIGURE_PROBE_GAP_NS] = NS("probe.gap_ns"),
	[FIGURE_PROBE_GAP_NS_MAX] = NS("probe.gap_ns_max"),
	[FIGURE_KHZ_BEFORE] = COUNT("frequency.before_khz"),
	[FIGURE_KHZ_AFTER] = COUNT("frequency.after_khz"),
	[FIGURE_COLLAPSED] = COUNT("collapsed"),
	[FIGURE_THROTTLES] = COUNT("throttles"),
	[FIGURE_SHOOTDOWNS] = COUNT("shootdowns"),
	[FIGURE_PEAK_RESIDENT_BYTES] = BYTES("memory.peak_resident_bytes"),
	[FIGURE_PEAK_VIRTUAL_BYTES] = BYTES("memory.peak_virtual_bytes"),
	[FIGURE_BEFORE] = MAP("map.before", false),
	[FIGURE_FINAL] = MAP("map.final", true),
	[FIGURE_DRAINED] = MAP("map.drained", true),
	[FIGURE_MAP_READS] = COUNT("map.reading.reads"),
	[FIGURE_MAP_READ_NS] = NS("map.reading.read_ns"),
	[FIGURE_MAP_POINTS_SKIPPED] = COUNT("map.reading.points_skipped"),
	[FIGURE_VERIFIED_WORDS] = COUNT("verified.words"),
	[FIGURE_VERIFIED_WRONG] = COUNT("verified.wrong"),
	[FIGURE_CONTRADICTIONS] = COUNT("contradictions"),
};

enum figure_index figures_find(const char *name)
{
	int index = 0;

	while (index < FIGURE_COUNT && strcmp(figures[index].name, name) != 0)
		index++;
	return (enum figure_index)index;
}
