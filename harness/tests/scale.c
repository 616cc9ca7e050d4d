/*
 * scale - how long `regrow compare` takes over 20, 200 and 2,000 results files
 * of 100 samples each, and over 10 runs each of 10, 100 and 1,000 machines, and
 * how much memory, for `make scale`.
 *
 * usage: scale REGROW FOLDER     (the binary, and where files may be made)
 *
 * The files are what vector-growth writes: 25 rounds of four cells, their times
 * random, and one row slower by a fifth in the half that is called new.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <regrow/random.h>

#include "driver/journal.h"
#include "driver/machine.h"
#include "tests/example.h"

#define FILES 2000
#define ROUNDS 24 /* of the timing pass, behind one of the checking pass */
#define CELLS 4
#define MACHINES 1000
#define MACHINE_RUNS 10
#define MACHINE_KERNELS 2 /* of these runs */
#define GROWTHS 10 /* 64 KiB doubled to 64 MiB */
#define FIRST_BYTES 65536
#define LAST_BYTES ((uint64_t)FIRST_BYTES << GROWTHS)

static const struct {
	const char *allocator;
	enum cell_role role;
	enum outcome outcome;
	double ns_per_page; /* of the growths */
} cells[CELLS] = {
	{"copy-realloc", ROLE_REFERENCE, OUTCOME_COPIED, 1200},
	{"copy-realloc", ROLE_TWIN, OUTCOME_COPIED, 1200},
	{"null", ROLE_FLOOR, OUTCOME_SLACK, 1},
	{"mremap-maymove", ROLE_ROW, OUTCOME_MOVED, 40},
};

static void die(const char *what)
{
	fprintf(stderr, "scale: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void plan_fill(struct plan *plan)
{
	struct group *group = &plan->groups[0];

	plan->seed = 1;
	plan->rounds = ROUNDS;
	plan->repeat = 1;
	plan->groups_count = 1;
	plan->cells_count = CELLS;
	group->count = CELLS;
	group->estimate.threads = 1;
	snprintf(group->workload, SPEC_TEXT_MAX, "vector-growth:scale=S");
	for (unsigned int i = 0; i < CELLS; i++) {
		plan->cells[i].role = cells[i].role;
		snprintf(plan->cells[i].allocator, SPEC_TEXT_MAX, "%s",
			 cells[i].allocator);
	}
}

static void counters_fill(struct counters *counters)
{
	static const char *const names[] = {"page-faults", "page-faults:u",
					    "context-switches",
					    "cpu-migrations", "task-clock"};

	for (unsigned int i = 0; i < 5; i++) {
		snprintf(counters->counters[i].name, COUNTER_NAME_MAX, "%s",
			 names[i]);
		counters->counters[i].usable = true;
	}
	counters->count = 5;
}

static void operation_add(struct sample_answer *answer,
			  enum operation operation, double ns)
{
	histogram_record(&answer->operations[operation].histogram,
			 (uint64_t)ns);
	answer->wall_ns += (uint64_t)ns;
}

/* One sample's work: the growths, the touches between them, the end. */
static void operations_fill(struct sample_answer *answer, unsigned int cell,
			    double slowness, struct random *random)
{
	uint64_t bytes = FIRST_BYTES;

	operation_add(answer, OPERATION_ALLOC, 4000);
	operation_add(answer, OPERATION_TOUCH, 35000);
	for (unsigned int i = 0; i < GROWTHS; i++) {
		struct size_figures *size = &answer->sizes[17 + i];
		double pages = (double)bytes / EXAMPLE_PAGE;
		double grow_ns =
			2000 + pages * cells[cell].ns_per_page * slowness *
				       random_lognormal(random, 1, .02);
		double touch_ns = pages * 550 * slowness *
				  random_lognormal(random, 1, .02);

		bytes *= 2;
		*size = (struct size_figures){1, (uint64_t)grow_ns,
					      (uint64_t)touch_ns,
					      (uint64_t)(60 * pages), bytes};
		operation_add(answer, OPERATION_GROW, grow_ns);
		operation_add(answer, OPERATION_TOUCH, touch_ns);
		operation_add(answer, OPERATION_REREAD, 60 * pages);
	}
	operation_add(answer, OPERATION_RELEASE, 1e6);
}

static void map_fill(struct sample_answer *answer, struct random *random)
{
	struct map_figures *map = &answer->before;

	map->holes.mappings = 23;
	map->holes.mapped_bytes = 3362816;
	map->holes.holes = 1;
	map->holes.hole_bytes = map->holes.hole_bytes_max = 45056;
	map->resident_bytes = 274432;
	map->page_table_bytes = 40960;
	answer->drained = *map;
	answer->final = *map;
	map = &answer->final;
	map->holes.mappings++;
	map->holes.mapped_bytes += LAST_BYTES;
	map->holes.holes++;
	map->holes.hole_bytes +=
		LAST_BYTES + EXAMPLE_PAGE * random_below(random, 512);
	map->resident_bytes += LAST_BYTES;
	map->page_table_bytes += LAST_BYTES / 512;
	map->live_bytes = LAST_BYTES;
}

static void answer_fill(struct sample_answer *answer, unsigned int cell,
			double slowness, struct random *random)
{
	uint64_t pages = LAST_BYTES / EXAMPLE_PAGE;
	bool copies = cells[cell].outcome == OUTCOME_COPIED;

	memset(answer, 0, sizeof(*answer));
	answer->stage = STAGE_DONE;
	answer->repetitions_count = 1;
	operations_fill(answer, cell, slowness, random);
	map_fill(answer, random);
	answer->cpu_ns = answer->wall_ns;
	answer->span_ns = answer->wall_ns + 46000000;
	answer->clock_reads = 95;
	answer->phase_ns[PHASE_TOUCH] = answer->wall_ns / 2;
	answer->phase_ns[PHASE_COPY] = answer->wall_ns / 2;
	answer->tally.growths[cells[cell].outcome] = GROWTHS;
	answer->tally.bytes_copied = copies ? LAST_BYTES - FIRST_BYTES : 0;
	answer->copied_pages = copies ? pages - 16 : 0;
	answer->touched_bytes = LAST_BYTES;
	answer->minor_faults = pages + answer->copied_pages;
	answer->requests = GROWTHS + 2;
	answer->digest = 0x8ce123526e95bc92;
	answer->live_bytes_max = LAST_BYTES;
	answer->peak_resident_bytes = LAST_BYTES;
	answer->peak_virtual_bytes = LAST_BYTES + (copies ? LAST_BYTES / 2 : 0);
	answer->words_verified = LAST_BYTES / 8;
	answer->cpu_start = answer->cpu_end = 1;
	for (unsigned int i = 0; i < 5; i++)
		answer->counters[i] = (struct counter_figures){
			0, answer->minor_faults, answer->wall_ns,
			answer->wall_ns};
}

/* Writes the line and frees it. */
static void put(struct journal *journal, struct json *line)
{
	errno = -journal_write(journal, line);
	if (errno != 0)
		die(journal->path);
	json_free(line);
}

static void samples_write(struct journal *journal,
			  const struct counters *counters, double slowness,
			  struct random *random)
{
	static const unsigned int places[COUNTERS_MAX] = {0, 1, 2, 3, 4};
	static struct sample_answer answer;
	struct sample_context context = {.page_bytes = EXAMPLE_PAGE,
					 .counters_count = 5};
	struct spawn_result result = {.process_ns = 70000000};

	for (unsigned int i = 0; i <= ROUNDS; i++) {
		context.pass = i == 0 ? PASS_CHECKING : PASS_TIMING;
		context.round = i == 0 ? 0 : i - 1;
		for (unsigned int j = 0; j < CELLS; j++) {
			context.cell = j;
			context.role = cells[j].role;
			answer_fill(&answer, j,
				    cells[j].role == ROLE_ROW ? slowness : 1,
				    random);
			put(journal, record_sample(&context, &answer, &result,
						   counters, places));
			context.sequence++;
			context.at_ns += answer.span_ns;
		}
		put(journal,
		    record_round(context.round, context.pass, context.at_ns));
	}
	put(journal,
	    record_end(RUN_DONE, context.sequence, ROUNDS, context.at_ns));
}

/* Number 0: this machine; else one of many, each with its own speed. */
static struct json *machine_of(unsigned int number, unsigned int kernel)
{
	static const char *const kernels[MACHINE_KERNELS] = {"6.1.0", "6.12.0"};
	struct json *machine = json_new_object();
	char host[32];

	if (number == 0) {
		machine_facts(machine, true, NULL);
		return machine;
	}
	snprintf(host, sizeof(host), "machine%u", number);
	json_add_text(machine, "host", host);
	json_add_text(machine, "cpu_model", "A Processor");
	json_add_count(machine, "cpus_online", 4);
	json_add_count(machine, "memory_bytes", (uint64_t)8 << 30);
	json_add_text(machine, "kernel", kernels[kernel]);
	return machine;
}

static void file_write(const char *path, double slowness, uint64_t seed,
		       struct json *machine)
{
	static struct plan plan;
	static struct counters counters;
	static const struct placement placement = {
		.threads = 1, .cpus = {1}, .driver_cpu = 0, .probe_cpu = -1};
	const char *command[] = {"regrow run", "--alloc", "mremap-maymove"};
	struct run_facts facts = {.version = "v1",
				  .started = 1795527005 + (time_t)seed,
				  .command = command,
				  .command_count = 3,
				  .plan = &plan,
				  .placement = &placement,
				  .counters = &counters};
	struct random random = {seed};
	struct journal journal;
	char why[512];

	if (plan.cells_count == 0) {
		plan_fill(&plan);
		counters_fill(&counters);
	}
	if (journal_create(path, &journal, why, sizeof(why)) != 0) {
		fprintf(stderr, "scale: %s\n", why);
		exit(1);
	}
	put(&journal, record_run(&facts, machine));
	samples_write(&journal, &counters,
		      slowness * random_lognormal(&random, 1, .02), &random);
	if (journal_close(&journal) != 0)
		die(path);
}

static int remove_one(const char *path, const struct stat *status, int kind,
		      struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static void folder_make(const char *path)
{
	if (mkdir(path, 0755) != 0)
		die(path);
}

/* Half of FILES on each side, in all/base and all/new. */
static void files_write(void)
{
	char path[64];

	folder_make("all");
	folder_make("all/base");
	folder_make("all/new");
	for (unsigned int i = 0; i < FILES / 2; i++) {
		snprintf(path, sizeof(path), "all/base/%04u.jsonl", i);
		file_write(path, 1, 2 * (uint64_t)i, machine_of(0, 0));
		snprintf(path, sizeof(path), "all/new/%04u.jsonl", i);
		file_write(path, 1.2, 2 * (uint64_t)i + 1, machine_of(0, 0));
	}
}

/* The first so many files of a side; returns their bytes. */
static double files_link(const char *side, unsigned int count)
{
	char from[64], path[64];
	struct stat status;
	double bytes = 0;

	folder_make(side);
	for (unsigned int i = 0; i < count; i++) {
		snprintf(from, sizeof(from), "all/%s/%04u.jsonl", side, i);
		snprintf(path, sizeof(path), "%s/%04u.jsonl", side, i);
		if (link(from, path) != 0 || stat(path, &status) != 0)
			die(path);
		bytes += (double)status.st_size;
	}
	return bytes;
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Whether it found what is planted: else it had nothing to compute. */
static bool says(const char *path, const char *text)
{
	char line[4096];
	FILE *file = fopen(path, "r");
	bool found = false;

	if (!file)
		die(path);
	while (!found && fgets(line, sizeof(line), file))
		found = strstr(line, text) != NULL;
	fclose(file);
	return found;
}

/* The command, from argument 1 on, which has to say what is expected. */
static double command_s(const char *regrow, const char *const *arguments,
			const char *expected, struct rusage *usage)
{
	double begin_s = now_s();
	pid_t child = fork();
	double seconds;
	int status;

	if (child < 0)
		die("fork");
	if (child == 0) {
		int output = open("output", O_WRONLY | O_CREAT | O_TRUNC, 0644);

		dup2(output, STDOUT_FILENO);
		execv(regrow, (char *const *)arguments);
		_exit(127);
	}
	if (wait4(child, &status, 0, usage) != child)
		die("wait");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "scale: regrow compare ended with %#x\n",
			status);
		exit(1);
	}
	seconds = now_s() - begin_s;
	if (!says("output", expected)) {
		fprintf(stderr, "scale: regrow compare does not say %s\n",
			expected);
		exit(1);
	}
	return seconds;
}

static double cpu_s(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       1e-6 * (double)(usage->ru_utime.tv_usec +
			       usage->ru_stime.tv_usec);
}

static void report(const char *what, unsigned int files, double bytes,
		   double seconds, const struct rusage *usage)
{
	printf("%s%5u files %6.1f MiB: %6.2f s, %6.2f s of CPU, %5.2f ms a "
	       "file, %5.1f MiB of memory at most\n",
	       what, files, bytes / 0x1p20, seconds, cpu_s(usage),
	       1e3 * seconds / files, (double)usage->ru_maxrss / 0x1p10);
	fflush(stdout);
}

static void step(const char *regrow, unsigned int files)
{
	static const char *const arguments[] = {"regrow", "compare", "base",
						"new", NULL};
	double bytes =
		files_link("base", files / 2) + files_link("new", files / 2);
	struct rusage usage;
	double seconds = command_s(regrow, arguments, "SLOWER", &usage);

	report("", files, bytes, seconds, &usage);
	if (nftw("base", remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0 ||
	    nftw("new", remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		die("base, new");
}

/* Machines from..to - 1, each in a folder; returns the bytes of their files. */
static double machines_write(unsigned int from, unsigned int to)
{
	struct random random = {from};
	char path[64];
	struct stat status;
	double bytes = 0;

	for (unsigned int i = from; i < to; i++) {
		double slowness = random_lognormal(&random, 1, .2);

		snprintf(path, sizeof(path), "machines/%04u", i);
		folder_make(path);
		for (unsigned int j = 0; j < MACHINE_RUNS; j++) {
			snprintf(path, sizeof(path), "machines/%04u/%u.jsonl",
				 i, j);
			file_write(path, slowness,
				   (uint64_t)i * MACHINE_RUNS + j,
				   machine_of(i, j % MACHINE_KERNELS));
			if (stat(path, &status) != 0)
				die(path);
			bytes += (double)status.st_size;
		}
	}
	return bytes;
}

static void machines_steps(const char *regrow)
{
	static const char *const arguments[] = {"regrow", "compare",
						"--machines", "machines", NULL};
	unsigned int from = 1;
	double bytes = 0;

	folder_make("machines");
	for (unsigned int count = 10; count <= MACHINES; count *= 10) {
		struct rusage usage;
		char what[64];
		double seconds;

		bytes += machines_write(from, count + 1);
		from = count + 1;
		seconds = command_s(regrow, arguments, " (0.", &usage);
		snprintf(what, sizeof(what), "%4u machines, ", count);
		report(what, count * MACHINE_RUNS, bytes, seconds, &usage);
	}
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: scale REGROW FOLDER\n");
		return 2;
	}
	nftw(argv[2], remove_one, 8, FTW_DEPTH | FTW_PHYS);
	if (mkdir(argv[2], 0755) != 0 || chdir(argv[2]) != 0)
		die(argv[2]);
	files_write();
	for (unsigned int files = 20; files <= FILES; files *= 10)
		step(argv[1], files);
	if (nftw("all", remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		die("all");
	machines_steps(argv[1]);
	if (chdir("/") == 0)
		nftw(argv[2], remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}
