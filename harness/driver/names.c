/* names - the words for the enumerations. */
#include "driver/names.h"

#include <stdio.h>
#include <string.h>

const char *const pass_names[PASS_COUNT] = {
	[PASS_CHECKING] = "checking",
	[PASS_TIMING] = "timing",
	[PASS_PILOT] = "pilot",
};

const char *const thp_names[THP_COUNT] = {
	[THP_NEVER] = "never",
	[THP_MADVISE] = "madvise",
	[THP_ALWAYS] = "always",
};

const char *const layout_names[LAYOUT_COUNT] = {
	[LAYOUT_STANDARD] = "standard",
	[LAYOUT_LEGACY] = "legacy",
};

const char *const map_lookup_names[MAP_LOOKUP_COUNT] = {
	[MAP_LOOKUP_QUERY] = "query",
	[MAP_LOOKUP_TEXT] = "text",
};

const char *const role_names[ROLE_COUNT] = {
	[ROLE_REFERENCE] = "reference",
	[ROLE_TWIN] = "twin",
	[ROLE_FLOOR] = "floor",
	[ROLE_PLANTED] = "planted",
	[ROLE_ROW] = "row",
};

const char *const clock_names[CLOCK_COUNT] = {
	[CLOCK_WALL] = "wall",
	[CLOCK_CPU] = "cpu",
};

const char *const sample_outcome_names[SAMPLE_OUTCOME_COUNT] = {
	[SAMPLE_OK] = "ok",	      [SAMPLE_FAILED] = "failed",
	[SAMPLE_CRASHED] = "crashed", [SAMPLE_KILLED] = "killed",
	[SAMPLE_TIMEOUT] = "timeout", [SAMPLE_INTERRUPTED] = "interrupted",
};

const char *const stage_names[STAGE_DONE + 1] = {
	[STAGE_NONE] = "none",	   [STAGE_PLACE] = "place",
	[STAGE_OPEN] = "open",	   [STAGE_RUN] = "run",
	[STAGE_VERIFY] = "verify", [STAGE_DRAIN] = "drain",
	[STAGE_DONE] = "done",
};

const char *const phase_names[PHASE_COUNT] = {
	[PHASE_CALL] = "call",	       [PHASE_MAP] = "map",
	[PHASE_POPULATE] = "populate", [PHASE_COPY] = "copy",
	[PHASE_MOVE] = "move",	       [PHASE_RELEASE] = "release",
	[PHASE_TOUCH] = "touch",       [PHASE_REREAD] = "reread",
};

const char *const operation_names[OPERATION_COUNT] = {
	[OPERATION_ALLOC] = "alloc",	 [OPERATION_GROW] = "grow",
	[OPERATION_RELEASE] = "release", [OPERATION_TOUCH] = "touch",
	[OPERATION_REREAD] = "reread",	 [OPERATION_SHRINK] = "shrink",
	[OPERATION_FORK] = "fork",	 [OPERATION_EXIT] = "exit",
	[OPERATION_SERVICE] = "service", [OPERATION_RESPONSE] = "response",
	[OPERATION_FAULT] = "fault",
};

const char *const arrivals_names[ARRIVALS_COUNT] = {
	[ARRIVALS_CLOSED] = "closed",
	[ARRIVALS_FIXED] = "fixed",
	[ARRIVALS_POISSON] = "poisson",
};

const char *const outcome_names[OUTCOME_COUNT] = {
	[OUTCOME_SLACK] = "slack",   [OUTCOME_IN_PLACE] = "in_place",
	[OUTCOME_MOVED] = "moved",   [OUTCOME_COPIED] = "copied",
	[OUTCOME_FAILED] = "failed",
};

const char *const move_phase_names[MOVE_PHASE_COUNT] = {
	[MOVE_PUD_EQUAL] = "pud_equal",
	[MOVE_PMD_EQUAL] = "pmd_equal",
	[MOVE_MISMATCHED] = "mismatched",
};

const char *const move_level_names[MOVE_LEVEL_COUNT] = {
	[MOVE_BY_PUD] = "by_pud",
	[MOVE_BY_PMD] = "by_pmd",
	[MOVE_BY_PTE] = "by_pte",
};

const char *const refill_names[REFILL_COUNT] = {
	[REFILL_DONE] = "done",
	[REFILL_TAKEN] = "taken",
	[REFILL_REFUSED] = "refused",
};

const char *const invalid_names[INVALID_COUNT] = {
	[INVALID_OUTCOME] = "outcome",
	[INVALID_WORD] = "wrong word",
	[INVALID_CONTRADICTION] = "contradiction",
	[INVALID_ORACLE] = "oracle",
	[INVALID_ANSWER] = "answer",
};

const char *const taint_names[TAINT_COUNT] = {
	[TAINT_SWITCHES] = "switches",
	[TAINT_WAITED] = "waited",
	[TAINT_MIGRATED] = "migrated",
	[TAINT_PRESSURE] = "pressure",
	[TAINT_PROBE_GAPS] = "probe gaps",
	[TAINT_MAJOR_FAULTS] = "major faults",
	[TAINT_THP] = "thp",
	[TAINT_FREQUENCY] = "frequency",
	[TAINT_THROTTLED] = "throttled",
};

const char *names_mode(enum thp_mode thp, enum layout layout)
{
	static const char *const modes[THP_COUNT][LAYOUT_COUNT] = {
		[THP_NEVER] = {"THP never", "THP never, legacy layout"},
		[THP_MADVISE] = {"THP madvise", "THP madvise, legacy layout"},
		[THP_ALWAYS] = {"THP always", "THP always, legacy layout"},
	};

	return modes[thp][layout];
}

int names_find(const char *const *names, unsigned int count, const char *text)
{
	for (unsigned int i = 0; text != NULL && i < count; i++)
		if (strcmp(names[i], text) == 0)
			return (int)i;
	return -1;
}

const char *names_errno(int error, char text[ERRNO_TEXT_SIZE])
{
	const char *name = strerrorname_np(error);

	if (name != NULL)
		return name;
	snprintf(text, ERRNO_TEXT_SIZE, "errno %d", error);
	return text;
}

int names_find_errno(const char *text)
{
	char number[ERRNO_TEXT_SIZE];

	for (int error = 1; error < TALLY_ERRNO_MAX; error++)
		if (strcmp(names_errno(error, number), text) == 0)
			return error;
	return 0;
}
