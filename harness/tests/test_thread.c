/* test_thread - each claim from results files in which it was planted, or not. */
#include "tests/thread_files.h"

#include "driver/cells.h"

#define MS 1000000.0
#define M ((uint64_t)1 << 20)

/* What the sample writers read; each test sets what it plants. */
static struct {
	double moving; /* of the time of copying */
	double moving_huge; /* the same in huge pages; 0: as without */
	double noise; /* of a cell's own, as a share */
	bool planted_shows;
	int64_t kept_holes;
	int64_t unsteady; /* added in round 1 */
	uint64_t exact_below; /* sizes that are taken again */
	double holes; /* bytes of each live byte, at the end */
	double growing; /* of them, for each 10,000 requests */
	double linear; /* bytes copied by chunks for each final byte */
	double classes;
	double grow_share; /* of geometric growth */
	double control_share;
	double scan_ns; /* of an allocation, for each that is planted */
	double control_ns; /* the same where the walk was planted */
	unsigned int moved, copied;
} plan;

static struct made_run run;

static int begin(void **state)
{
	(void)state;
	memset(&plan, 0, sizeof(plan));
	memset(&run, 0, sizeof(run));
	plan.planted_shows = true;
	return 0;
}

static void group_add(const char *thp, const char *format, ...)
{
	struct made_group *group = &run.groups[run.groups_count++];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(group->workload, sizeof(group->workload), format, arguments);
	va_end(arguments);
	group->thp = thp;
}

static void cell_add(const char *allocator, enum cell_role role,
		     unsigned int percent)
{
	run.cells[run.cells_count++] =
		(struct made_cell){allocator, role, percent};
}

/* A reference with its twin and planted rows, as each timed run has them. */
static void cells_timed(const char *reference)
{
	cell_add(reference, ROLE_REFERENCE, 0);
	cell_add(reference, ROLE_TWIN, 0);
	cell_add(reference, ROLE_PLANTED, CELLS_PLANTED_PERCENT);
	run.pass = PASS_TIMING;
	run.rounds = 14;
}

static double noise_of(unsigned int cell, unsigned int round)
{
	return 1 + plan.noise * ((round * 5 + cell * 3) % 7 - 3.0) / 3.0;
}

static double size_of_group(unsigned int group)
{
	const char *workload = run.groups[group].workload;
	const char *at = strstr(workload, "last=");
	char *end;
	double size;

	at = at ? at : strstr(workload, "size=");
	size = at ? strtod(at + strlen("last="), &end) : 1;

	return at && *end == 'M' ? size : size / 1024;
}

/* T1 */

static void win_sample(FILE *file, unsigned int group, unsigned int cell,
		       unsigned int round)
{
	double ms = 8 * size_of_group(group) + 1;
	bool moves = strstr(run.cells[cell].allocator, "mremap") != NULL;

	if (moves)
		ms *= run.groups[group].thp && plan.moving_huge
			      ? plan.moving_huge
			      : plan.moving;
	if (run.cells[cell].planted_percent && plan.planted_shows)
		ms *= 1.1;
	fprintf(file, ",\"time\":{\"wall_ns\":%.0f,\"cpu_ns\":1}",
		ms * MS * noise_of(cell, round));
}

static void make_growth(void)
{
	cells_timed("copy-realloc");
	cell_add("copy-realloc:populate=write", ROLE_ROW, 0);
	cell_add("mremap-maymove", ROLE_ROW, 0);
	group_add(NULL, "vector-growth:last=1M");
	group_add(NULL, "vector-growth:last=64M");
	group_add("madvise", "vector-growth:last=64M");
	run.sample = win_sample;
	made_file("growth", &run);
	memset(&run, 0, sizeof(run));
	cells_timed("copy-realloc:keep=pages");
	cell_add("mremap-maymove", ROLE_ROW, 0);
	group_add(NULL, "single-growth:size=512K");
	group_add(NULL, "single-growth:size=32M");
	run.sample = win_sample;
	made_file("growth-warm", &run);
}

static void t1_holds_where_moving_takes_half_the_time(void **state)
{
	(void)state;
	plan.moving = 0.5;
	plan.noise = 0.04;
	make_growth();
	assert_claim("T1", CLAIM_HOLDS, "moving wins from 1M on");
}

static void t1_is_of_huge_pages_apart(void **state)
{
	(void)state;
	plan.moving = 0.5;
	plan.moving_huge = 1.5;
	plan.noise = 0.04;
	make_growth();
	assert_claim("T1", CLAIM_PARTLY,
		     "Over a cold copy in huge pages: no win at 64M");
	assert_claim("T1", CLAIM_PARTLY,
		     "Over a warm copy moving wins from 1M on");
}

static void t1_does_not_hold_where_moving_takes_as_long(void **state)
{
	(void)state;
	plan.moving = 1;
	plan.noise = 0.04;
	make_growth();
	assert_claim("T1", CLAIM_FAILS, "no win at 64M");
}

static void t1_is_not_told_in_the_noise_but_beyond_it(void **state)
{
	(void)state;
	plan.planted_shows = false;
	plan.noise = 0.3;
	plan.moving = 0.75;
	make_growth();
	assert_claim("T1", CLAIM_UNTOLD, "did not find what was planted");
	made_end(NULL);
	memset(&run, 0, sizeof(run));
	plan.moving = 0.1;
	make_growth();
	assert_claim("T1", CLAIM_HOLDS, "moving wins");
}

/* T2, T4 */

static void pressure_sample(FILE *file, unsigned int group, unsigned int cell,
			    unsigned int round)
{
	static const unsigned int planted[] = {0, 64, 1000, 8000, 60000};
	bool control = strstr(run.cells[cell].allocator, "linear") != NULL;
	double per = control ? plan.control_ns : plan.scan_ns;
	double alloc = (2000 + per * planted[group]) * noise_of(cell, round);

	fprintf(file, ",\"figures\":{\"planted_mappings\":%u}", planted[group]);
	fprintf(file, ",\"time\":{\"wall_ns\":1000000,\"cpu_ns\":1}");
	fputs(",\"operations\":{", file);
	for (int i = 0; i < 2; i++) {
		double ns = i == 0 ? alloc : 40000 * noise_of(cell, round);
		unsigned int bucket = histogram_bucket((uint64_t)ns);

		fprintf(file,
			"%s\"%s\":{\"count\":10,\"failed\":0,\"sum_ns\":%.0f,"
			"\"min_ns\":%.0f,\"max_ns\":%.0f,\"overflow\":0,"
			"\"histogram\":[[%u,10]]}",
			i ? "," : "", i ? "release" : "alloc", 10 * ns, ns, ns,
			bucket);
	}
	fputc('}', file);
}

/* name: of the experiment; "map-pressure:size=1M" and so on. */
static void make_pressure_of(const char *name, const char *workload)
{
	static const unsigned int planted[] = {0, 64, 1000, 8000, 60000};

	cells_timed("copy-realloc");
	cell_add("linear-walk", ROLE_ROW, 0);
	for (unsigned int i = 0; i < 5; i++)
		if (planted[i])
			group_add(NULL, "%s:mappings=%u", workload, planted[i]);
		else
			group_add(NULL, "%s", workload);
	run.sample = pressure_sample;
	made_file(name, &run);
}

static void make_pressure(void)
{
	make_pressure_of("mappings", "map-pressure:size=1M");
}

static void t2_and_t4_hold_where_the_search_is_linear(void **state)
{
	(void)state;
	plan.noise = 0.05;
	plan.scan_ns = 300;
	plan.control_ns = 500;
	make_pressure();
	assert_claim("T2", CLAIM_HOLDS, "mmap against mappings: linear");
	assert_claim("T4", CLAIM_PARTLY, "mmap is");
}

static void t2_and_t4_do_not_hold_where_the_search_is_constant(void **state)
{
	(void)state;
	plan.noise = 0.05;
	plan.control_ns = 500;
	make_pressure();
	assert_claim("T2", CLAIM_FAILS, "mmap against mappings: constant");
	assert_claim("T4", CLAIM_FAILS, "0 grow, 2 do not");
}

static void instructions_tell_a_walk_and_not_what_is_slower(void **state)
{
	struct claim_report report;

	(void)state;
	plan.scan_ns = 300;
	plan.control_ns = 500;
	run.clock_unit = "instructions";
	make_pressure();
	made_report("T2", &report);
	assert_int_equal(report.finding.verdict, CLAIM_HOLDS);
	assert_string_equal(claim_table_cell(&report.tables[0], 0, 4),
			    "2000 instructions");
	made_report_free(&report);
	made_report("T4", &report);
	assert_int_equal(report.finding.verdict, CLAIM_UNTOLD);
	assert_non_null(strstr(report.finding.text, "Instructions were"));
	/* Nor is there a table that calls them times. */
	assert_int_equal(report.tables[0].rows, 0);
	made_report_free(&report);
	memset(&run, 0, sizeof(run));
	run.clock_unit = "instructions";
	make_growth();
	assert_int_equal(made_verdict("T1"), CLAIM_UNTOLD);
}

static void t2_is_not_told_where_the_planted_walk_is_not_seen(void **state)
{
	(void)state;
	plan.noise = 0.05;
	make_pressure();
	assert_claim("T2", CLAIM_UNTOLD, "was not called linear");
}

static void t4_is_told_under_churn_as_well_and_t2_is_not(void **state)
{
	(void)state;
	plan.noise = 0.05;
	plan.scan_ns = 300;
	plan.control_ns = 500;
	make_pressure_of("churn-mappings", "server-churn");
	assert_claim("T4", CLAIM_PARTLY, "the most mappings, under churn");
	/* There is no walk to hold it against. */
	assert_int_equal(made_verdict("T2"), CLAIM_UNTOLD);
}

/* T3 */

static void refill_sample(FILE *file, unsigned int group, unsigned int cell,
			  unsigned int round)
{
	const char *size = strstr(run.groups[group].workload, "size=");
	uint64_t mib = strtoull(size + strlen("size="), NULL, 10);
	bool exact = mib < plan.exact_below;

	(void)cell;
	fprintf(file,
		",\"figures\":{\"exact\":%d,\"higher_gap\":0,\"elsewhere\":%d,"
		"\"no_hole\":0,\"not_abutting\":0,\"failed\":0}",
		exact ? 3 - (int)(round * plan.unsteady) : 0,
		exact ? (int)(round * plan.unsteady) : 3);
}

static void residue_sample(FILE *file, unsigned int group, unsigned int cell,
			   unsigned int round)
{
	(void)group;
	(void)cell;
	(void)round;
	fputs(",\"timeline\":[", file);
	for (int i = 0; i < 32; i++)
		fprintf(file,
			"%s{\"at_ns\":%d,\"operations\":%d,\"live_bytes\":"
			"1073741824,\"hole_bytes\":%.0f}",
			i ? "," : "", i + 1, 1000 * i,
			(plan.holes + plan.growing * i / 10) * 0x1p30);
	fputc(']', file);
}

static void make_holes(void)
{
	cell_add("copy-realloc", ROLE_REFERENCE, 0);
	run.pass = PASS_CHECKING;
	run.rounds = 3;
	for (unsigned int size = 1; size <= 16; size *= 2)
		group_add(NULL, "hole-refill:size=%uM", size);
	run.sample = refill_sample;
	made_file("holes", &run);
	run.groups_count = 0;
	group_add(NULL, "hole-refill:replacements=30000:size=4M");
	run.rounds = 1;
	run.sample = residue_sample;
	made_file("residue", &run);
}

static void t3_holds_where_no_hole_is_taken_and_they_add_up(void **state)
{
	(void)state;
	plan.growing = 0.3;
	make_holes();
	assert_claim("T3", CLAIM_HOLDS, "and growing");
}

static void t3_does_not_hold_where_all_are_taken_again(void **state)
{
	(void)state;
	plan.exact_below = 1000;
	make_holes();
	assert_claim("T3", CLAIM_FAILS, "bounded at 0 of live");
}

static void t3_holds_for_sizes_and_is_bounded_as_it_is_on_6_18(void **state)
{
	(void)state;
	plan.exact_below = 2;
	plan.holes = 0.5;
	make_holes();
	assert_claim("T3", CLAIM_PARTLY, "bounded at 0.5 of live");
}

static void t3_is_not_told_where_repeats_disagree(void **state)
{
	(void)state;
	plan.exact_below = 1000;
	plan.unsteady = 1;
	make_holes();
	assert_claim("T3", CLAIM_UNTOLD, "Not all repeats agree");
}

/* T5 */

static void classes_sample(FILE *file, unsigned int group, unsigned int cell,
			   unsigned int round)
{
	double size = size_of_group(group);
	bool linear = strstr(run.cells[cell].allocator, "+4M") != NULL;
	/* Chunks copy with the square of the size. */
	double copied =
		linear ? plan.linear * size * size : plan.classes * size;

	fprintf(file,
		",\"bytes_copied\":%.0f,\"outcomes\":{\"slack\":0,"
		"\"in_place\":0,\"moved\":0,\"copied\":%.0f,\"failed\":0}",
		(copied + (double)(round == 1) * (double)plan.unsteady) *
			(double)M,
		copied / 4 + 1);
	fputs(",\"map\":{\"final\":{\"mapped_bytes\":4,\"resident_bytes\":4,"
	      "\"live_bytes\":2}}",
	      file);
}

static void make_classes(void)
{
	cell_add("exponential:step=+4M", ROLE_REFERENCE, 0);
	cell_add("exponential", ROLE_ROW, 0);
	run.pass = PASS_CHECKING;
	run.rounds = 3;
	group_add(NULL, "vector-growth:factor=+1M:last=8M");
	group_add(NULL, "vector-growth:factor=+1M:last=32M");
	run.sample = classes_sample;
	made_file("classes", &run);
}

static void t5_holds_where_classes_copy_in_proportion(void **state)
{
	(void)state;
	plan.linear = 1;
	plan.classes = 1;
	make_classes();
	assert_claim("T5", CLAIM_HOLDS, "amortised under ");
}

static void t5_does_not_hold_where_classes_copy_as_chunks_do(void **state)
{
	(void)state;
	plan.linear = 1;
	plan.classes = 32;
	make_classes();
	assert_claim("T5", CLAIM_FAILS, ": 1 times the bytes");
}

static void t5_is_not_told_where_repeats_disagree(void **state)
{
	(void)state;
	plan.linear = 1;
	plan.classes = 1;
	plan.unsteady = 1;
	make_classes();
	assert_claim("T5", CLAIM_UNTOLD, "differ from round to round");
}

/* T6 */

static void share_sample(FILE *file, unsigned int group, unsigned int cell,
			 unsigned int round)
{
	bool control = strstr(run.groups[group].workload, "+64K") != NULL;
	double share = control ? plan.control_share : plan.grow_share;
	double grow = 1e9 * share * noise_of(cell, round);

	fprintf(file,
		",\"time\":{\"wall_ns\":1000000000,\"cpu_ns\":1},\"phases\":{"
		"\"touch_ns\":%.0f,\"reread_ns\":%.0f}",
		1e9 * (1 - share), grow / 2);
	fprintf(file,
		",\"operations\":{\"grow\":{\"count\":10,\"failed\":0,"
		"\"sum_ns\":%.0f,\"min_ns\":1,\"max_ns\":2,\"overflow\":0,"
		"\"histogram\":[[1,10]]}}",
		grow / 2);
}

static void make_containers(void)
{
	cells_timed("copy-realloc");
	cell_add("mremap-maymove", ROLE_ROW, 0);
	group_add(NULL, "vector-growth:last=1M");
	group_add(NULL, "vector-growth:last=16M");
	group_add(NULL, "vector-growth:factor=1.5:last=16M");
	group_add(NULL, "vector-growth:factor=+64K:last=4M");
	run.sample = share_sample;
	made_file("containers", &run);
}

static void t6_holds_where_growing_is_little_and_the_control_fails(void **state)
{
	(void)state;
	plan.noise = 0.1;
	plan.grow_share = 0.05;
	plan.control_share = 0.6;
	make_containers();
	assert_claim("T6", CLAIM_HOLDS, "mremap-maymove: growing is less");
}

static void t6_does_not_hold_where_growing_is_half(void **state)
{
	(void)state;
	plan.noise = 0.1;
	plan.grow_share = 0.5;
	plan.control_share = 0.9;
	make_containers();
	assert_claim("T6", CLAIM_FAILS, "copy-realloc: growing is more");
}

static void t6_is_not_told_where_the_control_does_not_fail(void **state)
{
	(void)state;
	plan.grow_share = 0.05;
	plan.control_share = 0.05;
	make_containers();
	assert_claim("T6", CLAIM_UNTOLD, "has to fail did not");
}

/* T7 */

static void keeping_sample(FILE *file, unsigned int group, unsigned int cell,
			   unsigned int round)
{
	bool keeps = strstr(run.cells[cell].allocator, "keep=") != NULL;

	(void)group;
	fprintf(file,
		",\"touched_bytes\":9,\"map\":{\"final\":{\"holes\":%lld,"
		"\"mappings\":900,\"live_bytes\":104857600}}",
		(long long)(keeps ? plan.kept_holes : 800) +
			(round == 1 ? plan.unsteady : 0));
}

static void make_keeping(void)
{
	cell_add("copy-realloc", ROLE_REFERENCE, 0);
	cell_add("copy-realloc:keep=dontneed", ROLE_ROW, 0);
	cell_add("mremap-maymove", ROLE_ROW, 0);
	cell_add("mremap-maymove:keep=dontneed", ROLE_ROW, 0);
	run.pass = PASS_CHECKING;
	run.rounds = 3;
	group_add(NULL, "server-churn");
	group_add(NULL, "server-churn:touch=none");
	run.sample = keeping_sample;
	made_file("keeping", &run);
}

static void t7_holds_where_kept_ranges_leave_no_holes(void **state)
{
	(void)state;
	plan.kept_holes = 1;
	make_keeping();
	assert_claim("T7", CLAIM_HOLDS, "mremap-maymove: 800 holes");
}

static void t7_does_not_hold_where_they_leave_as_many(void **state)
{
	(void)state;
	plan.kept_holes = 790;
	make_keeping();
	assert_claim("T7", CLAIM_FAILS, "790 where they are kept");
}

static void t7_is_not_told_where_repeats_disagree(void **state)
{
	(void)state;
	plan.kept_holes = 1;
	plan.unsteady = 1;
	make_keeping();
	assert_claim("T7", CLAIM_UNTOLD, "differ from round to round");
}

/* T8 */

static void fixed_sample(FILE *file, unsigned int group, unsigned int cell,
			 unsigned int round)
{
	win_sample(file, group, cell, round);
	fprintf(file,
		",\"outcomes\":{\"slack\":0,\"in_place\":0,\"moved\":%u,"
		"\"copied\":%u,\"failed\":0},\"destinations\":{\"owned\":10,"
		"\"fresh\":30},\"refills\":{\"done\":3,\"taken\":1,"
		"\"refused\":0}",
		plan.moved, plan.copied);
}

static void make_fixed(void)
{
	cells_timed("copy-realloc");
	cell_add("mremap-fixed-fallback:threshold=0", ROLE_ROW, 0);
	cell_add("mremap-maymove", ROLE_ROW, 0);
	group_add(NULL, "server-churn:live=1000:steps=2000");
	run.sample = fixed_sample;
	made_file("fixed", &run);
}

static void t8_holds_where_calls_succeed_and_time_is_saved(void **state)
{
	(void)state;
	plan.moving = 0.6;
	plan.noise = 0.04;
	plan.moved = 100;
	make_fixed();
	assert_claim("T8", CLAIM_HOLDS,
		     "100 % of the calls succeed, 25 % of the destinations "
		     "were its own, 75 % of the sources were recovered");
	assert_claim("T8", CLAIM_HOLDS, "of that of MREMAP_MAYMOVE alone");
}

static void t8_does_not_hold_where_calls_fail(void **state)
{
	(void)state;
	plan.moving = 0.9;
	plan.noise = 0.04;
	plan.moved = 10;
	plan.copied = 90;
	make_fixed();
	assert_claim("T8", CLAIM_FAILS, "10 % of the calls succeed");
}

static void t8_is_not_told_where_no_call_was_made(void **state)
{
	(void)state;
	plan.moving = 0.6;
	make_fixed();
	assert_claim("T8", CLAIM_UNTOLD, "no call was made");
}

static void forced_sample(FILE *file, unsigned int group, unsigned int cell,
			  unsigned int round)
{
	fprintf(file,
		",\"outcomes\":{\"slack\":0,\"in_place\":1,\"moved\":%u,"
		"\"copied\":%u,\"failed\":%u},\"figures\":{\"recovered\":%u}",
		group ? 0 : 31, group && cell == 0 ? 31 : 0,
		group && cell == 1 ? 31 : 0,
		8 + (group && cell == 1 ? round : 0));
}

static void t8_tells_apart_what_is_made_to_fail(void **state)
{
	static const char *const expected[4][8] = {
		{"none", "mremap-fixed-fallback:threshold=0", "1", "31", "0",
		 "0", "8", "yes"},
		{"none", "mremap-maymove", "1", "31", "0", "0", "8", "yes"},
		{"mappings", "mremap-fixed-fallback:threshold=0", "1", "0",
		 "31", "0", "8", "yes"},
		{"mappings", "mremap-maymove", "1", "0", "0", "31", "8", "no"},
	};
	struct claim_report report;

	(void)state;
	cell_add("mremap-fixed-fallback:threshold=0", ROLE_REFERENCE, 0);
	cell_add("mremap-maymove", ROLE_ROW, 0);
	group_add(NULL, "map-limits:size=64K");
	group_add(NULL, "map-limits:force=mappings:size=64K");
	run.pass = PASS_CHECKING;
	run.rounds = 3;
	run.sample = forced_sample;
	made_file("forced", &run);
	made_report("T8", &report);
	assert_int_equal(report.tables[1].rows, 4);
	for (unsigned int i = 0; i < 4; i++)
		for (unsigned int j = 0; j < 8; j++)
			assert_string_equal(
				claim_table_cell(&report.tables[1], i, j),
				expected[i][j]);
	/* It is no rate, and decides nothing. */
	assert_int_equal(report.finding.verdict, CLAIM_UNTOLD);
	made_report_free(&report);
}

/* A kind that there is not would be a figure that is never drawn. */
static void each_figure_that_is_to_be_shown_has_its_script(void **state)
{
	unsigned int kinds = 0;
	char path[128];

	(void)state;
	for (unsigned int i = 0; i < thread_experiments_count; i++) {
		const char *const *kind = thread_experiments[i].figures;

		for (; kind && *kind; kind++) {
			snprintf(path, sizeof(path), "plot/%s.gp", *kind);
			if (access(path, R_OK) != 0)
				fail_msg("%s: no %s",
					 thread_experiments[i].name, path);
			kinds++;
		}
	}
	assert_true(kinds > 0);
}

static void what_was_not_measured_is_not_told(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < THREAD_CLAIMS; i++) {
		struct claim_report report = {.id = thread_claims[i].id};

		assert_int_equal(thread_claims[i].gather(made_files, &report),
				 0);
		assert_int_equal(report.finding.verdict, CLAIM_UNTOLD);
		claim_table_free(&report.tables[0]);
		claim_table_free(&report.tables[1]);
		claim_chart_free(&report.chart);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, made_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(t1_holds_where_moving_takes_half_the_time),
		TEST(t1_is_of_huge_pages_apart),
		TEST(t1_does_not_hold_where_moving_takes_as_long),
		TEST(t1_is_not_told_in_the_noise_but_beyond_it),
		TEST(t2_and_t4_hold_where_the_search_is_linear),
		TEST(t2_and_t4_do_not_hold_where_the_search_is_constant),
		TEST(instructions_tell_a_walk_and_not_what_is_slower),
		TEST(t2_is_not_told_where_the_planted_walk_is_not_seen),
		TEST(t4_is_told_under_churn_as_well_and_t2_is_not),
		TEST(t3_holds_where_no_hole_is_taken_and_they_add_up),
		TEST(t3_does_not_hold_where_all_are_taken_again),
		TEST(t3_holds_for_sizes_and_is_bounded_as_it_is_on_6_18),
		TEST(t3_is_not_told_where_repeats_disagree),
		TEST(t5_holds_where_classes_copy_in_proportion),
		TEST(t5_does_not_hold_where_classes_copy_as_chunks_do),
		TEST(t5_is_not_told_where_repeats_disagree),
		TEST(t6_holds_where_growing_is_little_and_the_control_fails),
		TEST(t6_does_not_hold_where_growing_is_half),
		TEST(t6_is_not_told_where_the_control_does_not_fail),
		TEST(t7_holds_where_kept_ranges_leave_no_holes),
		TEST(t7_does_not_hold_where_they_leave_as_many),
		TEST(t7_is_not_told_where_repeats_disagree),
		TEST(t8_holds_where_calls_succeed_and_time_is_saved),
		TEST(t8_does_not_hold_where_calls_fail),
		TEST(t8_is_not_told_where_no_call_was_made),
		TEST(t8_tells_apart_what_is_made_to_fail),
		TEST(each_figure_that_is_to_be_shown_has_its_script),
		TEST(what_was_not_measured_is_not_told),
	};

	thread_experiments_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
