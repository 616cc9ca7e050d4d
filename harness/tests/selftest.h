/*
 * selftest - what the parts of `make selftest-stats` share: whether verdicts
 * are wrong as seldom as they claim, on synthetic times and on real ones.
 */
#ifndef REGROW_TESTS_SELFTEST_H
#define REGROW_TESTS_SELFTEST_H

#include <stdbool.h>
#include <stdint.h>

#include <regrow/random.h>

#include "driver/stats.h"
#include "driver/table_rows.h"

/* Whatever goes wrong but a promise: said on stderr; exits. */
__attribute__((noreturn)) void selftest_die(const char *what, const char *why);

/* selftest_share.c: how often something happened. */

/* Clopper and Pearson's exact 95 % interval (Biometrika 26, 1934). */
struct interval share_interval(unsigned int hits, unsigned int of);
/* That it happens in at most (at least) so large a share is not refuted. */
bool share_at_most(unsigned int hits, unsigned int of, double limit);
bool share_at_least(unsigned int hits, unsigned int of, double limit);
/* In per cent, "2.1 (1.5-2.8)"; returned. */
#define SHARE_TEXT_SIZE 48
char *share_text(unsigned int hits, unsigned int of, char *text);

/* selftest_synthetic.c: the times of samples on a machine that is made up. */

enum noise {
	NOISE_NORMAL, /* of the logarithm; each sample its own */
	NOISE_SKEWED, /* besides, a tenth of the samples take half as much again */
	NOISE_HEAVY, /* Student's t with 2 degrees: no variance */
	NOISE_STATES, /* a host with two speeds: ratios of two have three modes */
	NOISE_CORRELATED, /* a level, AR(1) of 0.8 from round to round */
	NOISE_FLICKERING, /* the same, of 0.8 from sample to sample */
	NOISE_DRIFTING, /* a level that creeps by 30 % and jumps thrice */
	NOISE_COUNT,
};
extern const char *const noise_names[NOISE_COUNT];

#define SYNTHETIC_SLOTS_MAX 1024 /* samples, one after the other */

struct synthetic {
	enum noise noise;
	struct random random;
	double levels[SYNTHETIC_SLOTS_MAX]; /* logarithms, by slot */
};

/* A machine for that many samples. */
void synthetic_start(struct synthetic *synthetic, enum noise noise,
		     uint64_t seed, unsigned int slots);
/*
 * Of a sample in that slot, in ns, ratio 1. Another call is another sample, as
 * if it had run there instead. The logarithms of two samples' ratio in slots of
 * one level are symmetric about 0.
 */
double synthetic_ns(struct synthetic *synthetic, unsigned int slot);

/* selftest_simulate.c: one run on it, by the code that real runs go through. */

/* When a run ends: as it does, or as it must not. */
enum stopping {
	STOPPING_REAL,
	STOPPING_EACH_ROUND, /* as soon as the interval is narrow enough */
};

struct scenario {
	enum noise noise;
	enum stopping stopping;
	unsigned int rows;
	double ratio; /* of each row to the reference */
	double margin; /* 0: the twin decides */
	double precision;
	unsigned int rounds_max; /* what the budget has time for */
};

#define SIMULATE_ROUNDS_MAX 100

struct simulated_run {
	unsigned int rounds;
	unsigned int verdicts[VERDICT_COUNT]; /* of the rows */
	bool hold; /* all rows' intervals hold the ratio */
	/*
	 * The same number of samples of each on the same machine in the same
	 * time, but the reference first, then one row after the other:
	 * Mann-Whitney tells one apart at VERDICT_ALPHA over all rows.
	 */
	bool apart;
};

void simulate(const struct scenario *scenario, uint64_t seed,
	      struct simulated_run *told);

/* Mann-Whitney, two-sided; 1 where a side is empty. */
double simulate_rank_p(const double *a, size_t a_count, const double *b,
		       size_t b_count);

/* selftest_lines.c: many of them. Each returns how many promises failed. */

unsigned int lines_same(unsigned int runs, uint64_t seed);
unsigned int lines_margin(unsigned int runs, uint64_t seed);
unsigned int lines_stopping(unsigned int runs, uint64_t seed);

/* selftest_run.c: a run on this machine, by the binary. */

struct real {
	const char *regrow; /* the binary */
	char folder[4096]; /* where plans and results go */
	uint64_t seed;
	unsigned int runs; /* A/A */
	uint64_t budget_ns; /* of each */
};

/* A plan's cell beside the reference, which each is again. */
struct real_cell {
	enum cell_role role;
	unsigned int planted_percent;
};

/*
 * Runs a small workload with these cells and reads its results file, which is
 * called after name. rounds: exactly so many; 0: by budget and precision.
 */
void run_real(const struct real *real, const char *name,
	      const struct real_cell *cells, unsigned int cells_count,
	      unsigned int rounds, double precision, uint64_t seed,
	      struct results *results);

/* selftest_same.c: the reference against itself; promises that failed. */
unsigned int same_show(const struct real *real);

/* selftest_power.c: what is planted, by the number of rounds. */
void power_show(const struct real *real);

#endif
