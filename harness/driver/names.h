/*
 * names - the words for the enumerations: the same on the command line, in the
 * results, in tables and in legends.
 */
#ifndef REGROW_NAMES_H
#define REGROW_NAMES_H

#include "driver/plan.h"
#include "driver/spawn.h"
#include "sample/protocol.h"

extern const char *const pass_names[PASS_COUNT];
extern const char *const thp_names[THP_COUNT];
extern const char *const layout_names[LAYOUT_COUNT];
extern const char *const map_lookup_names[MAP_LOOKUP_COUNT];
extern const char *const role_names[ROLE_COUNT];
extern const char *const clock_names[CLOCK_COUNT];
extern const char *const sample_outcome_names[SAMPLE_OUTCOME_COUNT];
extern const char *const stage_names[STAGE_DONE + 1];
extern const char *const phase_names[PHASE_COUNT];
extern const char *const operation_names[OPERATION_COUNT];
extern const char *const arrivals_names[ARRIVALS_COUNT];
extern const char *const outcome_names[OUTCOME_COUNT];
extern const char *const move_phase_names[MOVE_PHASE_COUNT];
extern const char *const move_level_names[MOVE_LEVEL_COUNT];
extern const char *const refill_names[REFILL_COUNT];

/* Why a sample is not used in verdicts; a mask of 1 << INVALID_... . */
enum invalid {
	INVALID_OUTCOME, /* the process did not end well */
	INVALID_WORD, /* memory did not hold what was written */
	INVALID_CONTRADICTION, /* a tally that disagrees with the address */
	INVALID_ORACLE, /* not the page faults that the work makes */
	INVALID_ANSWER, /* the process's own answer does not add up */
	INVALID_COUNT,
};
extern const char *const invalid_names[INVALID_COUNT];

/* What disturbed a sample, which is kept; a mask of 1 << TAINT_... . */
enum taint {
	TAINT_SWITCHES, /* involuntary ones */
	TAINT_WAITED, /* for a CPU that another had */
	TAINT_MIGRATED, /* to another CPU */
	TAINT_PRESSURE, /* others waited for CPU or memory, says PSI */
	TAINT_PROBE_GAPS, /* another core was not to be had, either */
	TAINT_MAJOR_FAULTS,
	TAINT_THP, /* set otherwise, or khugepaged was at work */
	TAINT_FREQUENCY, /* of the CPU, at the begin and at the end */
	TAINT_THROTTLED, /* the CPU was too hot */
	TAINT_COUNT,
};
extern const char *const taint_names[TAINT_COUNT];

/*
 * "THP never, legacy layout": under what the cells of a group ran; the standard
 * layout goes without saying.
 */
const char *names_mode(enum thp_mode thp, enum layout layout);

/* The place of text among count names, or -1. */
int names_find(const char *const *names, unsigned int count, const char *text);

/* ENOMEM for 12; for a number without a name "errno 4242" in text. */
#define ERRNO_TEXT_SIZE 24
const char *names_errno(int error, char text[ERRNO_TEXT_SIZE]);
/* The other way round; 0 for what names no error below TALLY_ERRNO_MAX. */
int names_find_errno(const char *text);

#endif
