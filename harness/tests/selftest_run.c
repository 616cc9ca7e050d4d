/* selftest_run - a run on this machine, by the binary and a plan of our own. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/plan_make.h"
#include "driver/record.h"
#include "tests/selftest.h"

/* Real work, of some milliseconds a sample. */
#define WORKLOAD "vector-growth"
#define SET WORKLOAD ".last=4M"

/*
 * The standard one's reference, and our cells after it: a plan may hold what no
 * option asks for, the reference as a row.
 */
static void plan_fill(struct plan *plan, const struct real_cell *cells,
		      unsigned int cells_count)
{
	struct group *group = &plan->groups[0];

	for (unsigned int i = 0; i < cells_count; i++) {
		plan->cells[i + 1] = plan->cells[0];
		plan->cells[i + 1].role = cells[i].role;
		plan->cells[i + 1].planted_percent = cells[i].planted_percent;
	}
	group->count = plan->cells_count = cells_count + 1;
}

static void plan_write(const struct plan *plan, const char *path)
{
	struct json *json = record_plan(plan, NULL);
	size_t size;
	char *line = json_line(json, &size);
	FILE *file = fopen(path, "we");

	if (!line || !file || fputs(line, file) == EOF || fclose(file) != 0)
		selftest_die(path, strerror(errno));
	free(line);
	json_free(json);
}

static void child_exec(const struct real *real, const char *plan,
		       const char *results, const char *log)
{
	int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
	    dup2(fd, STDERR_FILENO) < 0)
		_exit(127);
	execl(real->regrow, real->regrow, "run", "--plan", plan, "--results",
	      results, "--anonymous", "--quiet", (char *)NULL);
	_exit(127);
}

static void binary_run(const struct real *real, const char *plan,
		       const char *results, const char *log)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0)
		child_exec(real, plan, results, log);
	if (child < 0 || waitpid(child, &status, 0) != child)
		selftest_die(real->regrow, strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		selftest_die("a run failed: see", log);
}

void run_real(const struct real *real, const char *name,
	      const struct real_cell *cells, unsigned int cells_count,
	      unsigned int rounds, double precision, uint64_t seed,
	      struct results *results)
{
	static const char *const sets[] = {SET};
	static struct plan plan;
	struct plan_request request = {.workloads = WORKLOAD,
				       .sets = sets,
				       .sets_count = 1,
				       .seed = seed >> 1,
				       .rounds = rounds,
				       .budget_ns = real->budget_ns,
				       .precision = precision};
	char plan_path[4200], path[4200], log[4200], why[512];

	snprintf(plan_path, sizeof(plan_path), "%s/%s.plan", real->folder,
		 name);
	snprintf(path, sizeof(path), "%s/%s.jsonl", real->folder, name);
	snprintf(log, sizeof(log), "%s/%s.log", real->folder, name);
	if (plan_make(&request, &plan, why, sizeof(why)) != 0)
		selftest_die("the plan", why);
	plan_fill(&plan, cells, cells_count);
	plan_write(&plan, plan_path);
	unlink(path);
	binary_run(real, plan_path, path, log);
	if (results_read(results, path, why, sizeof(why)) != 0)
		selftest_die("the results", why);
}
