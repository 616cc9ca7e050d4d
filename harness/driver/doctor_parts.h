/* doctor_parts - a check of the doctor's, and what checks are made with. */
#ifndef REGROW_DOCTOR_PARTS_H
#define REGROW_DOCTOR_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driver/doctor.h"

#define DOCTOR_CPUS "/sys/devices/system/cpu"
#define DOCTOR_WORD_MAX 64
/* A list of THREADS_MAX CPUs. */
#define DOCTOR_LIST_MAX 512

struct doctor_check {
	const char *name;
	const char *why;
	const char *cost;
	/* The finding is good, with nothing said, until this says otherwise. */
	void (*look)(const struct doctor_system *system,
		     struct doctor_finding *finding);
};

/* Tables that end with an entry without a name. */
extern const struct doctor_check doctor_cpu_checks[];
extern const struct doctor_check doctor_isolation_checks[];
extern const struct doctor_check doctor_frequency_checks[];
extern const struct doctor_check doctor_memory_checks[];
extern const struct doctor_check doctor_background_checks[];
extern const struct doctor_check doctor_layout_checks[];
extern const struct doctor_check doctor_thp_checks[];
extern const struct doctor_check doctor_kernel_checks[];
extern const struct doctor_check doctor_perf_checks[];

/* Saying, each time anew. */
__attribute__((format(printf, 2, 3))) void
doctor_is(struct doctor_finding *finding, const char *format, ...);
/* state: BETTER or BAD; the text: what would be better. */
__attribute__((format(printf, 3, 4))) void
doctor_could(struct doctor_finding *finding, enum doctor_state state,
	     const char *format, ...);
/* state: UNKNOWN or APART; the text: the reason. */
__attribute__((format(printf, 3, 4))) void
doctor_cannot(struct doctor_finding *finding, enum doctor_state state,
	      const char *format, ...);

/* Adds a line to change and one to undo, for a shell as they are. */
void doctor_command(struct doctor_finding *finding, enum doctor_means means,
		    const char *change, const char *undo);
/* Adds: echo wanted >path, and echo now >path. Both are words or numbers. */
void doctor_write(struct doctor_finding *finding, const char *path,
		  const char *now, const char *wanted);
/* Says that it could be better: wanted, which doctor_write() arranges. */
void doctor_want(struct doctor_finding *finding, const char *path,
		 const char *now, const char *wanted);
void doctor_want_count(struct doctor_finding *finding, const char *path,
		       uint64_t now, uint64_t wanted);

/*
 * Reading. false: the finding says why not. absent is why the check does not
 * apply where there is no such file; NULL: then it cannot be told.
 */
bool doctor_count(const struct doctor_system *system,
		  struct doctor_finding *finding, const char *path,
		  const char *absent, uint64_t *value);
/* A single plain word, as doctor_is_word(). */
bool doctor_word(const struct doctor_system *system,
		 struct doctor_finding *finding, const char *path,
		 const char *absent, char word[DOCTOR_WORD_MAX]);
/* The plain word in brackets. */
bool doctor_chosen(const struct doctor_system *system,
		   struct doctor_finding *finding, const char *path,
		   const char *absent, char word[DOCTOR_WORD_MAX]);

/* Letters, digits and _ + - . inside: the same to a shell as to the kernel. */
bool doctor_is_word(const char *text);
/*
 * In single quotes where a shell would not take it as it is; malloc'ed. NULL
 * where memory ran out or a control character cannot be shown.
 */
char *doctor_quoted(const char *text);

/*
 * The CPUs that would measure, upward and each once, or all that are online
 * where none is chosen; their number, at most max.
 */
unsigned int doctor_cpus(const struct doctor_system *system, unsigned int *cpus,
			 unsigned int max);
/* As 2,4-7. */
void doctor_cpus_text(const struct doctor_system *system, char *text,
		      size_t size);
/* 0: not known. */
unsigned int doctor_cpus_online(const struct doctor_system *system);
unsigned int doctor_nodes(const struct doctor_system *system);
/* Whether all measuring CPUs are in a list as the kernel writes them. */
bool doctor_cpus_within(const struct doctor_system *system, const char *list);

/*
 * A file below cpuN/ of each measuring CPU. Where one is not as wanted: could
 * be better, with the commands. absent as above, for the first CPU.
 */
void doctor_each_cpu(const struct doctor_system *system,
		     struct doctor_finding *finding, const char *file,
		     const char *absent, const char *wanted);

/* Whether CONFIG_name is y in a configuration. */
bool doctor_config_has(const char *config, const char *name);
/* Whether it is known to be otherwise. */
bool doctor_config_lacks(const struct doctor_system *system, const char *name);
/* Whether a parameter of the kernel's command line is that, with its value. */
bool doctor_booted_with(const char *command_line, const char *parameter);

#endif
