/*
 * record - turns what happened into the lines of a results file, as
 * results/FORMAT.md says. Each function returns a line for journal_write(),
 * owned by the caller, or NULL where memory ran out.
 */
#ifndef REGROW_RECORD_H
#define REGROW_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "driver/changes.h"
#include "driver/counters.h"
#include "driver/json.h"
#include "driver/placement.h"
#include "driver/plan.h"
#include "driver/spawn.h"
#include "driver/taint.h"
#include "sample/protocol.h"

#define RECORD_FORMAT 2 /* of the files written; higher ones are refused */

/*
 * What a nanosecond of a file is. A machine whose clock counts something else,
 * such as instructions, is not compared with one of time.
 */
#define RECORD_CLOCK_UNIT "ns"

/* What the run line says. */
struct run_facts {
	const char *version; /* regrow's */
	time_t started;
	const char *label; /* or NULL */
	const char *const *command; /* the command line */
	unsigned int command_count;
	const struct plan *plan;
	/* Of each cell of the plan, struct allocator's; NULL: not known. */
	const unsigned int *mechanisms;
	const struct placement *placement;
	const struct counters *counters;
	/* What of TAINT_... cannot be seen, and why; "": it is seen. */
	const char (*unseen)[TAINT_WHY_SIZE]; /* or NULL */
	/* Why TLB shootdowns are not counted; NULL or "": they are. */
	const char *no_shootdowns;
	uint64_t timeout_ns; /* of a sample, as it was asked for; 0: not */
	const char *binary; /* binary_hash()'s */
	const struct json *lab; /* lab_read()'s; NULL: not of the lab */
};

/* machine: an object of the machine's facts, given away; or NULL. */
struct json *record_run(const struct run_facts *facts, struct json *machine);

/* The plan alone, for --dry-run --json; plan_read_file() takes it. */
struct json *record_plan(const struct plan *plan,
			 const unsigned int *mechanisms);

/* The member "placement" of the run line. */
void record_placement(struct json *line, const struct placement *placement);

/* Which sample it was, and what its answer is to be judged by. */
struct sample_context {
	uint64_t sequence; /* in the run, from 0 */
	unsigned int round; /* from 0, within the pass */
	enum pass pass;
	unsigned int cell; /* index in the plan */
	enum cell_role role; /* of that cell */
	enum thp_mode thp; /* of its group */
	unsigned int repeat; /* of the work, as in the request */
	uint64_t at_ns; /* since the run began */
	uint64_t page_bytes; /* sysconf(_SC_PAGESIZE) */
	enum faults_rule faults; /* of the allocator, all layers together */
	unsigned int counters_count; /* in the request */
	const struct taint_reading *taint; /* NULL: nobody looked */
};

/*
 * places[i]: index in counters of the request's i-th, from counters_request().
 * The answer is a child's and may be anything: what does not add up is left out
 * and makes the sample invalid. What was measured is written where the run was
 * completed (a stage past STAGE_RUN).
 */
struct json *record_sample(const struct sample_context *context,
			   const struct sample_answer *answer,
			   const struct spawn_result *result,
			   const struct counters *counters,
			   const unsigned int places[COUNTERS_MAX]);

/* What is said where a run is taken up again. */
struct resume_facts {
	const char *version;
	time_t started; /* this time */
	uint64_t at_ns;
	const char *const *command;
	unsigned int command_count;
	const char *binary;
	const struct plan
		*plan; /* its rounds, budget and precision hold from now on */
	const struct changes *forced; /* what differs all the same */
};

struct json *record_resume(const struct resume_facts *facts);

struct json *record_round(unsigned int round, enum pass pass, uint64_t at_ns);

/* How a run ended: its rounds done, precise enough, no time left, stopped. */
enum run_status {
	RUN_DONE,
	RUN_PRECISION,
	RUN_BUDGET,
	RUN_INTERRUPTED,
	RUN_STATUS_COUNT,
};
extern const char *const run_status_names[RUN_STATUS_COUNT];

/* rounds: timing rounds completed. */
struct json *record_end(enum run_status status, uint64_t samples,
			unsigned int rounds, uint64_t at_ns);

#endif
