/* test_plan_read - a plan that was written reads back as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>

#include <cmocka.h>

#include "driver/pilot.h"
#include "driver/plan_read.h"
#include "driver/record.h"
#include "tests/scratch.h"

static struct plan plan;
static struct plan back;
static char why[512];
static char *text; /* the line of the plan */

static void fill_cell(unsigned int index, unsigned int group,
		      enum cell_role role, const char *allocator)
{
	struct cell *cell = &plan.cells[index];

	cell->group = group;
	cell->role = role;
	snprintf(cell->allocator, sizeof(cell->allocator), "%s", allocator);
}

static void fill_group(struct group *group, const char *workload,
		       enum thp_mode thp, uint64_t from)
{
	/* Member by member: what lies between them stays zero. */
	struct estimate *estimate = &group->estimate;
	struct pilot *pilot = &group->pilot;

	snprintf(group->workload, sizeof(group->workload), "%s", workload);
	group->thp = thp;
	group->layout = thp == THP_MADVISE ? LAYOUT_LEGACY : LAYOUT_STANDARD;
	estimate->threads = (unsigned int)from;
	estimate->operations = from + 1;
	estimate->growths = from + 2;
	estimate->block_bytes_max = from + 3;
	estimate->live_bytes_max = from + 4;
	estimate->resident_bytes_max = from + 5;
	estimate->touched_bytes = from + 6;
	estimate->reread_bytes = from + 7;
	estimate->copied_bytes = INT64_MAX - from;
	estimate->span_ns_min = from % 20 == 0 ? from + 8 : 0;
	group->sample_ns = from + 9;
	group->clock = from % 20 == 0 ? CLOCK_WALL : CLOCK_CPU;
	snprintf(group->clock_why, sizeof(group->clock_why),
		 "%d %% more noise \xe2\x80\x94 in wall time", (int)from);
	pilot->samples = PILOT_SAMPLES;
	pilot->wall_ns = from + 10;
	pilot->cpu_ns = from + 11;
	pilot->wall_noise = 1.0 / (double)(from + 12);
	pilot->cpu_noise = 1.0 / (double)(from + 13);
	pilot->growths = from + 14;
}

/* No two numbers are equal, and nothing is at its standard. */
static void fill_plan(void)
{
	memset(&plan, 0, sizeof(plan));
	plan.seed = INT64_MAX;
	plan.rounds = 77;
	plan.budget_ns = 61000000000;
	plan.precision = 0.1 / 3;
	plan.margin = 0.2 / 3;
	plan.settle_ns = 1234567890;
	plan.counts = 4;
	plan.repeat = 1;
	plan.groups_count = 2;
	plan.cells_count = 7;
	fill_group(&plan.groups[0], "vector-growth:factor=folly:scale=S",
		   THP_MADVISE, 20);
	fill_group(&plan.groups[1], "null", THP_ALWAYS, 1);
	plan.groups[0].count = 4;
	plan.groups[1].first = 4;
	plan.groups[1].count = 3;
	strcpy(plan.groups[1].skipped, "THP is never here");
	fill_cell(0, 0, ROLE_REFERENCE, "copy-realloc");
	fill_cell(1, 0, ROLE_TWIN, "copy-realloc");
	fill_cell(2, 0, ROLE_FLOOR, "null");
	fill_cell(3, 0, ROLE_ROW,
		  "exponential:over=[mremap-maymove:threshold=8M]");
	strcpy(plan.cells[3].skipped, "no memory \xe2\x80\x94 for it");
	fill_cell(4, 1, ROLE_REFERENCE, "mremap-maymove");
	fill_cell(5, 1, ROLE_PLANTED, "mremap-maymove");
	plan.cells[5].planted_percent = 7;
	plan.cells[5].planted_iterations = 123456;
	fill_cell(6, 1, ROLE_ROW, "copy-realloc");
}

static void write_plan(void)
{
	struct json *line = record_plan(&plan, NULL);
	size_t size;

	assert_non_null(line);
	free(text);
	text = json_line(line, &size);
	assert_non_null(text);
	json_free(line);
}

static int read_text(const char *line)
{
	struct json *json = json_parse(line, strlen(line), why, sizeof(why));
	int error;

	if (json == NULL)
		fail_msg("%s", why);
	error = plan_read(json, &back, why, sizeof(why));
	json_free(json);
	return error;
}

static int start_afresh(void **state)
{
	(void)state;
	why[0] = 0;
	fill_plan();
	memset(&back, 0xff, sizeof(back));
	write_plan();
	return 0;
}

static int free_text(void **state)
{
	(void)state;
	free(text);
	text = NULL;
	return 0;
}

/* With the first from replaced by to. */
static void assert_refused(const char *from, const char *to, int error,
			   const char *because)
{
	char *at = strstr(text, from);
	char *line = malloc(strlen(text) + strlen(to) + 1);

	assert_non_null(line);
	if (at == NULL)
		fail_msg("there is no %s in %s", from, text);
	sprintf(line, "%.*s%s%s", (int)(at - text), text, to,
		at + strlen(from));
	why[0] = 0;
	if (read_text(line) != error || strstr(why, because) == NULL)
		fail_msg("%s for %s: %s", to, from, why);
	free(line);
}

static void every_field_comes_back(void **state)
{
	(void)state;
	if (read_text(text) != 0)
		fail_msg("%s", why);
	assert_memory_equal(&back, &plan, sizeof(plan));
}

static void what_was_not_known_stays_unknown(void **state)
{
	(void)state;
	plan.rounds = 0;
	plan.groups[0].sample_ns = 0;
	plan.precision = plan.margin = 0;
	plan.groups[1].clock = CLOCK_WALL;
	memset(plan.groups[1].clock_why, 0, sizeof(plan.groups[1].clock_why));
	memset(&plan.groups[1].pilot, 0, sizeof(plan.groups[1].pilot));
	plan.cells[5].planted_iterations = 0;
	memset(plan.groups[1].skipped, 0, sizeof(plan.groups[1].skipped));
	memset(plan.cells[3].skipped, 0, sizeof(plan.cells[3].skipped));
	write_plan();
	if (read_text(text) != 0)
		fail_msg("%s", why);
	assert_memory_equal(&back, &plan, sizeof(plan));
}

static void the_order_of_the_rounds_is_the_same_again(void **state)
{
	static unsigned int before[PLAN_CELLS_MAX], after[PLAN_CELLS_MAX];

	(void)state;
	plan.groups[1].skipped[0] = 0;
	write_plan();
	assert_int_equal(read_text(text), 0);
	for (unsigned int round = 0; round < 20; round++) {
		unsigned int count = plan_order(&plan, round, before);

		assert_int_equal(plan_order(&back, round, after), count);
		assert_memory_equal(before, after, count * sizeof(*before));
	}
}

static void plans_of_before_there_was_a_pilot_have_none(void **state)
{
	static const char *const later[] = {
		"\"clock\"",  "\"clock_why\"", "\"pilot\"", "\"precision\"",
		"\"margin\"", "\"settle_ns\"", "\"counts\""};

	(void)state;
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		for (char *at = text; (at = strstr(at, later[i])) != NULL;)
			at[1] = 'x';
	assert_int_equal(read_text(text), 0);
	assert_true(pilot_wanted(&back.groups[0]));
	assert_int_equal(back.groups[1].clock, CLOCK_WALL);
	assert_true(back.precision == 0 && back.margin == 0);
	assert_int_equal(back.settle_ns, 0);
	assert_int_equal(back.counts, 0);
}

static void a_plan_without_a_layout_is_of_the_standard_one(void **state)
{
	(void)state;
	for (char *at = text; (at = strstr(at, "\"layout\"")) != NULL;)
		at[1] = 'x';
	assert_int_equal(read_text(text), 0);
	for (unsigned int i = 0; i < back.groups_count; i++)
		assert_int_equal(back.groups[i].layout, LAYOUT_STANDARD);
}

static void numbers_out_of_their_limits_are_refused(void **state)
{
	(void)state;
	assert_refused("\"seed\":9223372036854775807", "\"seed\":-1", -EBADMSG,
		       "'seed' is not a whole number");
	assert_refused("\"rounds\":77", "\"rounds\":100001", -EBADMSG,
		       "'rounds' is out of range");
	assert_refused("\"rounds\":77", "\"rounds\":\"77\"", -EBADMSG,
		       "'rounds' is not");
	assert_refused("\"budget_ns\":", "\"budget\":", -EBADMSG,
		       "'budget_ns' is missing");
	assert_refused("\"precision\":0.", "\"precision\":-0.", -EBADMSG,
		       "'precision' is not a number in its range");
	assert_refused("\"margin\":0.", "\"margin\":2.", -EBADMSG, "'margin'");
	assert_refused("\"margin\":0.", "\"margin\":\"\",\"x\":0.", -EBADMSG,
		       "'margin'");
	assert_refused("\"settle_ns\":1", "\"settle_ns\":9", -EBADMSG,
		       "'settle_ns' is more than 5 s");
	assert_refused("\"settle_ns\":1", "\"settle_ns\":-1", -EBADMSG,
		       "'settle_ns' is not a whole number");
	assert_refused("\"counts\":4", "\"counts\":1001", -EBADMSG,
		       "'counts' is out of range");
	assert_refused("\"repeat\":1", "\"repeat\":2", -EBADMSG, "'repeat'");
	assert_refused("\"repeat\":1", "\"repeat\":0", -EBADMSG, "'repeat'");
	assert_refused("\"threads\":20", "\"threads\":0", -EBADMSG,
		       "plan.groups[0]: 'threads' is 0");
	assert_refused("\"threads\":20", "\"threads\":65", -EBADMSG,
		       "'threads' is out of range");
	assert_refused("\"operations\":21", "\"operations\":1.5", -EBADMSG,
		       "'operations'");
	assert_refused("\"copied_bytes\":", "\"x\":", -EBADMSG,
		       "'copied_bytes' is missing");
	assert_refused("\"samples\":6", "\"samples\":7", -EBADMSG,
		       "'samples' is out of range");
	assert_refused("\"wall_noise\":", "\"wall_noise\":-", -EBADMSG,
		       "'wall_noise'");
	assert_refused("\"planted_percent\":7", "\"planted_percent\":1001",
		       -EBADMSG, "plan.cells[5]: 'planted_percent'");
	assert_refused("\"planted_iterations\":", "\"x\":", -EBADMSG,
		       "'planted_iterations' is missing");
	assert_refused("\"sample_ns\":29", "\"sample_ns\":-29", -EBADMSG,
		       "'sample_ns'");
}

static void what_is_not_a_plan_is_refused(void **state)
{
	(void)state;
	assert_refused("\"plan\":", "\"plans\":", -EBADMSG,
		       "'plan' is missing");
	assert_int_equal(read_text("{\"plan\":[]}"), -EBADMSG);
	assert_int_equal(read_text("{\"plan\":{}}"), -EBADMSG);
	assert_int_equal(read_text("{\"plan\":null}"), -EBADMSG);
	assert_refused("\"groups\":[", "\"groups\":[],\"x\":[", -EBADMSG,
		       "'groups' is empty");
	assert_refused("\"cells\":[", "\"cells\":[],\"x\":[", -EBADMSG,
		       "'cells' is empty");
	assert_refused("\"cells\":[{", "\"cells\":[7,{", -EBADMSG,
		       "plan.cells[0]");
	assert_refused("\"estimate\":{", "\"estimates\":{", -EBADMSG,
		       "'threads' is missing");
}

static void words_that_are_none_of_ours_are_refused(void **state)
{
	(void)state;
	assert_refused("\"thp\":\"madvise\"", "\"thp\":\"often\"", -EBADMSG,
		       "'thp' is not a word");
	assert_refused("\"thp\":\"madvise\",", "", -EBADMSG,
		       "'thp' is missing");
	assert_refused("\"layout\":\"legacy\"", "\"layout\":\"upward\"",
		       -EBADMSG, "'layout' is not a word");
	assert_refused("\"clock\":\"cpu\"", "\"clock\":\"sun\"", -EBADMSG,
		       "plan.groups[1]: 'clock' is not a word");
	assert_refused("\"clock\":\"wall\"", "\"clock\":\"cpu\"", -EBADMSG,
		       "of several threads");
	assert_refused("\"threads\":1,", "\"threads\":1,\"span_ns_min\":5,",
		       -EBADMSG, "in which requests are waited for");
	assert_refused("\"role\":\"twin\"", "\"role\":\"king\"", -EBADMSG,
		       "plan.cells[1]: 'role' is not a word");
}

static void texts_that_do_not_fit_are_refused(void **state)
{
	char longer[700];

	(void)state;
	snprintf(longer, sizeof(longer), "\"skipped\":\"%0200d", 0);
	assert_refused("\"skipped\":\"THP", longer, -EBADMSG,
		       "'skipped' is too long");
	snprintf(longer, sizeof(longer), "\"clock_why\":\"%0160d", 0);
	assert_refused("\"clock_why\":\"20", longer, -EBADMSG,
		       "'clock_why' is too long");
	snprintf(longer, sizeof(longer), "\"workload\":\"%0600d", 0);
	assert_refused("\"workload\":\"null", longer, -EBADMSG,
		       "'workload' is too long");
	assert_refused("\"allocator\":\"null", "\"allocator\":\"\\u001bnull",
		       -EBADMSG, "'allocator' is not a name");
}

static void
groups_hold_their_cells_as_neighbours_behind_a_reference(void **state)
{
	(void)state;
	assert_refused("\"group\":1", "\"group\":2", -EBADMSG,
		       "'group' is out of range");
	assert_refused("{\"group\":0,\"role\":\"twin\"",
		       "{\"group\":1,\"role\":\"reference\"", -EBADMSG,
		       "is apart from the other cells");
	assert_refused("\"role\":\"reference\"", "\"role\":\"row\"", -EBADMSG,
		       "one reference");
	assert_refused("\"role\":\"twin\"", "\"role\":\"reference\"", -EBADMSG,
		       "one reference");
}

static void more_cells_than_a_group_may_have_are_refused(void **state)
{
	(void)state;
	plan.cells_count = PLAN_GROUP_CELLS_MAX + 1;
	for (unsigned int i = 1; i < plan.cells_count; i++)
		fill_cell(i, 0, ROLE_ROW, "null");
	write_plan();
	assert_int_equal(read_text(text), -EBADMSG);
	assert_non_null(strstr(why, "too many cells"));
	plan.cells_count--;
	write_plan();
	assert_int_equal(read_text(text), 0);
}

static void too_many_groups_or_cells_are_refused(void **state)
{
	char *longer = malloc(4 * (PLAN_CELLS_MAX + 2) + 64);
	size_t used;

	(void)state;
	assert_non_null(longer);
	used = (size_t)sprintf(longer, "\"cells\":[");
	for (int i = 0; i <= PLAN_CELLS_MAX; i++)
		used += (size_t)sprintf(longer + used, "{},");
	assert_refused("\"cells\":[", longer, -EBADMSG,
		       "'cells' has too many members");
	free(longer);
}

static void spellings_must_be_known_here_and_be_spelled_so(void **state)
{
	(void)state;
	assert_refused("\"allocator\":\"mremap-maymove\"",
		       "\"allocator\":\"mremap-maymov\"", -ENOENT,
		       "did you mean 'mremap-maymove'");
	assert_refused("vector-growth:factor=folly:scale=S",
		       "vector-growth:fact=2", -EINVAL, "fact");
	/* The standard value, spelled out: a row under another name. */
	assert_refused("\"allocator\":\"mremap-maymove\"",
		       "\"allocator\":\"mremap-maymove:threshold=0\"", -EINVAL,
		       "is spelled 'mremap-maymove' by this regrow");
	assert_refused("\"allocator\":\"mremap-maymove\"",
		       "\"allocator\":\"/nowhere/mine.so\"", -ENOENT,
		       "/nowhere/mine.so");
}

static void any_damage_is_refused_or_read_within_limits(void **state)
{
	size_t size = strlen(text);
	char *line = malloc(size + 1);
	char reason[256];

	(void)state;
	assert_non_null(line);
	for (size_t i = 0; i < size; i++) {
		struct json *json;

		memcpy(line, text, size + 1);
		line[i] = line[i] == '9' ? '0' : '9';
		json = json_parse(line, size, reason, sizeof(reason));
		if (json == NULL)
			continue;
		if (plan_read(json, &back, why, sizeof(why)) == 0) {
			assert_in_range(back.groups_count, 1, PLAN_GROUPS_MAX);
			assert_in_range(back.cells_count, 1, PLAN_CELLS_MAX);
			assert_in_range(back.groups[0].estimate.threads, 1,
					THREADS_MAX);
		}
		json_free(json);
	}
	free(line);
}

static void a_file_gives_the_plan_of_its_first_line(void **state)
{
	char folder[64], path[128];

	(void)state;
	scratch_open(folder);
	snprintf(path, sizeof(path), "%s/plan.json", folder);
	scratch_write(folder, "plan.json", text);
	assert_int_equal(plan_read_file(path, &back, why, sizeof(why)), 0);
	assert_memory_equal(&back, &plan, sizeof(plan));
	scratch_write(folder, "plan.json", "");
	assert_int_equal(plan_read_file(path, &back, why, sizeof(why)),
			 -EBADMSG);
	assert_non_null(strstr(why, "it is empty"));
	scratch_write(folder, "plan.json", "{\"type\":\"run\"}\n");
	assert_int_equal(plan_read_file(path, &back, why, sizeof(why)),
			 -EBADMSG);
	assert_non_null(strstr(why, "holds no plan"));
	scratch_write(folder, "plan.json", "plan\n");
	assert_int_equal(plan_read_file(path, &back, why, sizeof(why)),
			 -EBADMSG);
	assert_non_null(strstr(why, path));
	scratch_write(folder, "plan.json", "{\"format\":99,\"plan\":{}}\n");
	assert_int_equal(plan_read_file(path, &back, why, sizeof(why)),
			 -EPROTONOSUPPORT);
	assert_int_equal(plan_read_file("/nowhere/x", &back, why, sizeof(why)),
			 -ENOENT);
	assert_non_null(strstr(why, "No such file"));
	scratch_close(folder);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, start_afresh, free_text)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_field_comes_back),
		TEST(what_was_not_known_stays_unknown),
		TEST(the_order_of_the_rounds_is_the_same_again),
		TEST(plans_of_before_there_was_a_pilot_have_none),
		TEST(a_plan_without_a_layout_is_of_the_standard_one),
		TEST(numbers_out_of_their_limits_are_refused),
		TEST(what_is_not_a_plan_is_refused),
		TEST(words_that_are_none_of_ours_are_refused),
		TEST(texts_that_do_not_fit_are_refused),
		TEST(groups_hold_their_cells_as_neighbours_behind_a_reference),
		TEST(more_cells_than_a_group_may_have_are_refused),
		TEST(too_many_groups_or_cells_are_refused),
		TEST(spellings_must_be_known_here_and_be_spelled_so),
		TEST(any_damage_is_refused_or_read_within_limits),
		TEST(a_file_gives_the_plan_of_its_first_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
