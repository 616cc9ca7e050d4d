/*
 * compare_facts - what is known of the machines of a side, as names and texts,
 * and where two sides differ in it.
 */
#ifndef REGROW_COMPARE_FACTS_H
#define REGROW_COMPARE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "driver/json.h"

#define COMPARE_FACTS_MAX 1024
#define COMPARE_FACT_VALUES_MAX 8 /* kept; more are counted */

struct compare_fact {
	char *name; /* "thp.enabled" */
	unsigned int runs; /* that have it */
	unsigned int values_count; /* distinct ones */
	unsigned int others; /* runs with a value that was not kept */
	struct {
		char *text;
		unsigned int runs;
	} values[COMPARE_FACT_VALUES_MAX];
};

struct compare_facts {
	unsigned int runs; /* that were asked */
	unsigned int count;
	unsigned int room;
	unsigned int next; /* where the next one is looked for first */
	struct compare_fact *facts;
};

/*
 * Adds a run's facts: all members of the objects "machine" and "placement" of
 * its run line, but for those that are another in each run; and regrow's own
 * version. 0, -ENOMEM, or -E2BIG: more than COMPARE_FACTS_MAX.
 */
int compare_facts_add_run(struct compare_facts *facts, const struct json *run);
/* One fact of the current run, as text. */
int compare_facts_add(struct compare_facts *facts, const char *name,
		      const char *text);
void compare_facts_free(struct compare_facts *facts);

/* NULL where no run has it. */
const struct compare_fact *compare_facts_find(const struct compare_facts *facts,
					      const char *name);

/* A fact that is not one and the same in all runs of both sides. */
struct compare_difference {
	const char *name;
	const struct compare_fact *base; /* NULL: no run has it */
	const struct compare_fact *new;
};

/*
 * All of them, malloc'ed, in the order of base's facts; NULL and count 0 where
 * there is none. 0 or -ENOMEM.
 */
int compare_facts_differ(const struct compare_facts *base,
			 const struct compare_facts *new,
			 struct compare_difference **differences,
			 unsigned int *count);

/*
 * A side of a difference as people read it: "6.1.0", "absent", "6.1.0 in 3
 * runs, 6.2.0 in 2". Cut where text ends.
 */
void compare_fact_text(const struct compare_fact *fact, unsigned int runs,
		       char *text, size_t size);

#endif
