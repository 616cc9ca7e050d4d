/* test_claims - what evidence makes each claim of the thread hold, or not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "driver/claims.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define M ((uint64_t)1 << 20)

static struct claim_finding finding;

static int begin(void **state)
{
	(void)state;
	memset(&finding, 0, sizeof(finding));
	return 0;
}

static void assert_verdict(enum claim_verdict verdict, const char *says)
{
	assert_string_equal(claim_verdict_names[finding.verdict],
			    claim_verdict_names[verdict]);
	if (!strstr(finding.text, says))
		fail_msg("'%s' does not say '%s'", finding.text, says);
	memset(&finding, 0, sizeof(finding));
}

/* T1 */

static const char *const copies[] = {"a cold copy", "a warm copy"};

static struct claim_win win(uint64_t size, unsigned int copy, double ratio)
{
	return (struct claim_win){
		.size = size,
		.copy = copy,
		.ratio = ratio,
		.interval = {ratio * 0.95, ratio * 1.05, 0.999},
		.pairs = 15,
		.credible = true};
}

static void judge_win(const struct claim_win *wins, size_t count)
{
	claim_judge_win(wins, count, copies, 2, &finding);
}

static void moving_that_wins_over_each_copy_at_large_sizes_holds(void **state)
{
	const struct claim_win wins[] = {
		win(M / 4, 0, 1.2), win(M, 0, 0.7),  win(64 * M, 0, 0.5),
		win(M / 4, 1, 1.5), win(M, 1, 0.85), win(64 * M, 1, 0.6),
	};

	(void)state;
	judge_win(wins, COUNT(wins));
	assert_verdict(CLAIM_HOLDS, "a cold copy moving wins from 1M on");
}

static void moving_that_wins_nowhere_does_not_hold(void **state)
{
	const struct claim_win wins[] = {win(M, 0, 1.1), win(64 * M, 0, 1.0),
					 win(M, 1, 2.0), win(64 * M, 1, 30)};

	(void)state;
	judge_win(wins, COUNT(wins));
	assert_verdict(CLAIM_FAILS, "Over a warm copy: no win at 64M");
}

static void moving_that_wins_over_one_copy_holds_for_its_sizes(void **state)
{
	const struct claim_win wins[] = {win(M, 0, 1.1), win(64 * M, 0, 0.5),
					 win(M, 1, 2.0), win(64 * M, 1, 30)};

	(void)state;
	judge_win(wins, COUNT(wins));
	assert_verdict(CLAIM_PARTLY, "moving wins from 64M on");
}

static void a_win_that_is_not_credible_or_short_of_rounds_is_none(void **state)
{
	struct claim_win wins[] = {win(M, 0, 0.5), win(64 * M, 0, 0.5)};

	(void)state;
	wins[1].credible = false;
	judge_win(wins, 2);
	assert_verdict(CLAIM_UNTOLD, "did not find what was planted");
	wins[1] = win(64 * M, 0, 0.5);
	wins[1].pairs = 11;
	judge_win(wins, 2);
	assert_verdict(CLAIM_UNTOLD, "not told at 64M");
	wins[1].interval.level = 0;
	judge_win(wins, 2);
	assert_verdict(CLAIM_UNTOLD, "too few rounds at 64M");
	/* Its interval reaches over a tenth, to either side. */
	wins[1] = win(64 * M, 0, CLAIM_WIN);
	judge_win(wins, 2);
	assert_verdict(CLAIM_UNTOLD, "not told at 64M");
	judge_win(NULL, 0);
	assert_verdict(CLAIM_UNTOLD, "");
}

/* T2, T4 */

static struct claim_course course(const char *operation, enum shape shape,
				  double ratio)
{
	struct shape_estimate estimate = {
		ratio, {ratio * 0.95, ratio * 1.05, 0.95}, 12};

	return (struct claim_course){
		.operation = operation,
		.axis = "holes of a page",
		.search = true,
		.controlled = true,
		.from = 64,
		.fit = {.shape = shape, .ratio = estimate, .growth = estimate}};
}

static void a_search_that_is_linear_holds(void **state)
{
	struct claim_course courses[] = {course("mmap", SHAPE_LINEAR, 500),
					 course("mmap", SHAPE_UNTOLD, 2)};

	(void)state;
	claim_judge_scan(courses, 2, &finding);
	assert_verdict(CLAIM_HOLDS, "linear from 64 on, 500 times");
}

static void a_search_that_is_logarithmic_does_not_hold(void **state)
{
	struct claim_course courses[] = {course("mmap", SHAPE_LOGARITHMIC, 2),
					 course("mmap", SHAPE_CONSTANT, 1),
					 course("fork", SHAPE_LINEAR, 900)};

	(void)state;
	courses[2].search = false; /* and says nothing of a search */
	claim_judge_scan(courses, 3, &finding);
	assert_verdict(CLAIM_FAILS, "logarithmic");
}

/* What the first of them costs is no growth, see shape.h. */
static void a_step_to_the_first_is_not_said_to_be_growth(void **state)
{
	struct claim_course courses[] = {course("mmap", SHAPE_CONSTANT, 1.02)};

	(void)state;
	courses[0].fit.ratio.median = 1.42;
	claim_judge_scan(courses, 1, &finding);
	assert_verdict(CLAIM_FAILS, "constant from 64 on, 1.02 times");
}

static void a_search_that_cannot_be_a_walk_does_not_hold(void **state)
{
	struct claim_course courses[] = {course("mmap", SHAPE_CONSTANT, 1),
					 course("mremap", SHAPE_UNTOLD, 1.2)};

	(void)state;
	claim_judge_scan(courses, 2, &finding);
	assert_verdict(CLAIM_FAILS, "mremap against holes of a page: no walk");
	courses[1] = course("mremap", SHAPE_UNTOLD, 1.95);
	claim_judge_scan(courses, 2, &finding);
	assert_verdict(CLAIM_UNTOLD, "cannot tell");
	courses[1].fit.growth.interval.level = 0;
	claim_judge_scan(courses, 2, &finding);
	assert_verdict(CLAIM_UNTOLD, "cannot tell");
}

static void without_its_control_a_shape_tells_nothing(void **state)
{
	struct claim_course courses[] = {course("mmap", SHAPE_CONSTANT, 1),
					 course("mmap", SHAPE_CONSTANT, 1)};

	(void)state;
	courses[1].controlled = false;
	claim_judge_scan(courses, 2, &finding);
	assert_verdict(CLAIM_UNTOLD, "was not called linear");
	courses[0].fit.shape = courses[1].fit.shape = SHAPE_LINEAR;
	courses[0].controlled = false;
	claim_judge_scan(courses, 2, &finding);
	assert_verdict(CLAIM_UNTOLD, "");
	claim_judge_scan(courses, 0, &finding);
	assert_verdict(CLAIM_UNTOLD, "");
}

static void costs_that_grow_with_holes_hold(void **state)
{
	const struct claim_course courses[] = {
		course("mmap", SHAPE_LINEAR, 50),
		course("munmap", SHAPE_LOGARITHMIC, 2)};

	(void)state;
	claim_judge_slower(courses, 2, &finding);
	assert_verdict(CLAIM_HOLDS, "mmap is 50 times as dear");
}

static void costs_that_stay_do_not_hold(void **state)
{
	const struct claim_course courses[] = {
		course("mmap", SHAPE_CONSTANT, 1.01),
		course("fault", SHAPE_CONSTANT, 0.99)};

	(void)state;
	claim_judge_slower(courses, 2, &finding);
	assert_verdict(CLAIM_FAILS, "2 do not");
}

/* A churn has no layout without mappings: it begins at some. */
static void costs_without_a_layout_of_none_are_judged_too(void **state)
{
	struct claim_course courses[] = {course("mmap", SHAPE_CONSTANT, 1.01),
					 course("mremap", SHAPE_LINEAR, 9)};

	(void)state;
	for (int i = 0; i < 2; i++) {
		courses[i].fit.growth = courses[i].fit.ratio;
		courses[i].fit.ratio =
			(struct shape_estimate){NAN, {NAN, NAN, 0}, 0};
	}
	claim_judge_slower(courses, 2, &finding);
	assert_verdict(CLAIM_PARTLY, "1 grow, 1 do not, 0 are not told");
}

static void costs_of_which_some_grow_are_named(void **state)
{
	const struct claim_course courses[] = {
		course("fork", SHAPE_LINEAR, 900),
		course("fault", SHAPE_CONSTANT, 1)};

	(void)state;
	claim_judge_slower(courses, 2, &finding);
	assert_verdict(CLAIM_PARTLY, "fork is 900 times as dear");
}

static void costs_that_are_mostly_not_told_tell_nothing(void **state)
{
	struct claim_course courses[] = {course("mmap", SHAPE_LINEAR, 9),
					 course("munmap", SHAPE_UNTOLD, 1.25),
					 course("fault", SHAPE_UNTOLD, 1.25)};

	(void)state;
	claim_judge_slower(courses, 3, &finding);
	assert_verdict(CLAIM_UNTOLD, "2 are not told");
}

/* T3 */

static struct claim_refill refill(uint64_t size, uint64_t exact,
				  uint64_t elsewhere)
{
	return (struct claim_refill){size, exact, 0, elsewhere, true};
}

static void holes_that_nothing_takes_and_that_add_up_hold(void **state)
{
	const struct claim_refill refills[] = {refill(M, 0, 9),
					       refill(2 * M, 0, 9)};
	const struct claim_residue residues[] = {
		{"4 MiB", MAP_TREND_GROWING, 3}};

	(void)state;
	claim_judge_holes(refills, 2, residues, 1, &finding);
	assert_verdict(CLAIM_HOLDS, "and growing");
}

static void holes_that_the_next_request_takes_do_not_hold(void **state)
{
	const struct claim_refill refills[] = {refill(M, 9, 0),
					       refill(2 * M, 9, 0)};
	const struct claim_residue residues[] = {
		{"4 MiB", MAP_TREND_BOUNDED, 0.01}};

	(void)state;
	claim_judge_holes(refills, 2, residues, 1, &finding);
	assert_verdict(CLAIM_FAILS, "bounded at 0.01 of live");
}

static void holes_of_some_sizes_are_named_and_where_they_end(void **state)
{
	const struct claim_refill refills[] = {
		refill(M, 9, 0), refill(2 * M, 0, 9), refill(3 * M, 9, 0)};
	const struct claim_residue residues[] = {
		{"4 MiB", MAP_TREND_BOUNDED, 0.5}};

	(void)state;
	claim_judge_holes(refills, 3, residues, 1, &finding);
	assert_verdict(CLAIM_PARTLY, "does not take: 2M. The hole is taken "
				     "again at 1M, 3M");
	/* A higher gap leaves the hole as well as another place does. */
	claim_judge_holes(&(struct claim_refill){M, 0, 9, 0, true}, 1, residues,
			  1, &finding);
	assert_verdict(CLAIM_PARTLY, "bounded at 0.5 of live");
}

static void holes_on_which_repeats_disagree_tell_nothing(void **state)
{
	struct claim_refill refills[] = {refill(M, 5, 4)};
	const struct claim_residue residues[] = {
		{"4 MiB", MAP_TREND_UNTOLD, 0.5}};

	(void)state;
	refills[0].steady = false;
	claim_judge_holes(refills, 1, NULL, 0, &finding);
	assert_verdict(CLAIM_UNTOLD, "Not all repeats agree");
	refills[0] = refill(M, 9, 0);
	claim_judge_holes(refills, 1, residues, 1, &finding);
	assert_verdict(CLAIM_UNTOLD, "cannot be told whether they grow");
	claim_judge_holes(NULL, 0, NULL, 0, &finding);
	assert_verdict(CLAIM_UNTOLD, "");
}

/* T5 */

static struct claim_classes classes(const char *name, uint64_t final_bytes,
				    uint64_t bytes_copied)
{
	return (struct claim_classes){
		.rule = "+1M",
		.classes = name,
		.final_bytes = final_bytes,
		.copies = bytes_copied / M,
		.bytes_copied = bytes_copied,
		.mapped = 1.5,
		.resident = 1,
		.linear = strcmp(name, "+4M") == 0,
		.steady = true,
	};
}

static void classes_that_copy_little_and_in_proportion_hold(void **state)
{
	const struct claim_classes list[] = {classes("x2", 16 * M, 12 * M),
					     classes("x2", 64 * M, 60 * M),
					     classes("+4M", 16 * M, 30 * M),
					     classes("+4M", 64 * M, 500 * M)};

	(void)state;
	claim_judge_classes(list, 4, &finding);
	assert_verdict(CLAIM_HOLDS,
		       "x2: 0.12 times the bytes that linear chunks "
		       "copy, amortised under 1 of 1 rules, at most 1.50");
}

static void classes_of_two_rules_are_said_as_a_range(void **state)
{
	struct claim_classes list[] = {classes("x2", 16 * M, 12 * M),
				       classes("x2", 64 * M, 60 * M),
				       classes("+4M", 16 * M, 30 * M),
				       classes("+4M", 64 * M, 500 * M),
				       classes("x2", 16 * M, 12 * M),
				       classes("x2", 64 * M, 60 * M),
				       classes("+4M", 16 * M, 30 * M),
				       classes("+4M", 64 * M, 250 * M)};

	(void)state;
	for (size_t i = 4; i < 8; i++)
		list[i].rule = "+64K";
	claim_judge_classes(list, 8, &finding);
	assert_verdict(CLAIM_HOLDS,
		       "x2: 0.12 to 0.24 times the bytes that linear chunks "
		       "copy, amortised under 2 of 2 rules");
}

static void classes_that_copy_as_much_do_not_hold(void **state)
{
	const struct claim_classes list[] = {classes("page", 16 * M, 30 * M),
					     classes("page", 64 * M, 490 * M),
					     classes("+4M", 16 * M, 30 * M),
					     classes("+4M", 64 * M, 500 * M)};

	(void)state;
	claim_judge_classes(list, 4, &finding);
	assert_verdict(CLAIM_FAILS, "page: 0.98 times the bytes");
}

static void classes_that_save_but_do_not_amortise_hold_in_part(void **state)
{
	/* Half of linear, but with the square of the size. */
	const struct claim_classes list[] = {classes("+8M", 16 * M, 15 * M),
					     classes("+8M", 64 * M, 250 * M),
					     classes("+4M", 16 * M, 30 * M),
					     classes("+4M", 64 * M, 500 * M)};

	(void)state;
	claim_judge_classes(list, 4, &finding);
	assert_verdict(CLAIM_PARTLY, "amortised under 0 of 1 rules");
}

static void
classes_without_equal_repeats_or_a_baseline_tell_nothing(void **state)
{
	struct claim_classes list[] = {classes("x2", 16 * M, 12 * M),
				       classes("x2", 64 * M, 60 * M),
				       classes("+4M", 16 * M, 30 * M),
				       classes("+4M", 64 * M, 500 * M)};

	(void)state;
	claim_judge_classes(list, 2, &finding);
	assert_verdict(CLAIM_UNTOLD, "");
	list[0].steady = false;
	claim_judge_classes(list, 4, &finding);
	assert_verdict(CLAIM_UNTOLD, "differ from round to round");
}

/* T6 */

static const char copying[] = "copying", moving[] = "moving", two[] = "2",
		  fixed[] = "+64K";

static struct claim_share share(const char *allocator, const char *rule,
				uint64_t final_bytes, double value)
{
	return (struct claim_share){allocator,
				    rule,
				    final_bytes,
				    value,
				    {value * 0.9, value * 1.1, 0.95},
				    rule == two};
}

static void shares_below_a_tenth_with_a_control_above_hold(void **state)
{
	const struct claim_share shares[] = {share(moving, two, M, 0.03),
					     share(moving, two, 64 * M, 0.05),
					     share(moving, fixed, M, 0.05),
					     share(moving, fixed, 4 * M, 0.6)};

	(void)state;
	claim_judge_shares(shares, 4, &finding);
	assert_verdict(CLAIM_HOLDS, "moving: growing is less than a tenth");
}

static void shares_above_a_tenth_do_not_hold(void **state)
{
	const struct claim_share shares[] = {share(copying, two, M, 0.5),
					     share(copying, two, 64 * M, 0.55),
					     share(copying, fixed, 4 * M, 0.9)};

	(void)state;
	claim_judge_shares(shares, 3, &finding);
	assert_verdict(CLAIM_FAILS, "copying: growing is more than a tenth");
}

static void shares_that_differ_by_allocator_are_named(void **state)
{
	const struct claim_share shares[] = {share(copying, two, 64 * M, 0.5),
					     share(copying, fixed, 4 * M, 0.9),
					     share(moving, two, 64 * M, 0.05)};

	(void)state;
	claim_judge_shares(shares, 3, &finding);
	assert_verdict(CLAIM_PARTLY, "moving: growing is less than a tenth");
}

static void shares_whose_control_does_not_fail_tell_nothing(void **state)
{
	struct claim_share shares[] = {share(moving, two, 64 * M, 0.05),
				       share(moving, fixed, 4 * M, 0.05)};

	(void)state;
	claim_judge_shares(shares, 2, &finding);
	assert_verdict(CLAIM_UNTOLD, "The rule that has to fail did not");
	shares[1] = share(moving, fixed, 4 * M, 0.9);
	shares[0].interval.high = 0.2; /* about a tenth */
	claim_judge_shares(shares, 2, &finding);
	assert_verdict(CLAIM_UNTOLD, "not told from a tenth");
	shares[0].interval.level = 0;
	claim_judge_shares(shares, 2, &finding);
	assert_verdict(CLAIM_UNTOLD, "");
}

/* T7 */

static void holes_that_go_where_ranges_are_kept_hold(void **state)
{
	const struct claim_keeping keepings[] = {
		{"copying", 834, 1, 835, 1, true},
		{"moving", 985, 1, 3125, 3265, true}};

	(void)state;
	claim_judge_keeping(keepings, 2, &finding);
	assert_verdict(CLAIM_HOLDS, "moving: 985 holes where ranges are "
				    "unmapped, 1 where they are kept; 3125 and "
				    "3265 mappings");
}

static void holes_that_stay_where_ranges_are_kept_do_not_hold(void **state)
{
	const struct claim_keeping keepings[] = {
		{"copying", 834, 834, 835, 835, true},
		{"moving", 985, 1000, 3125, 3265, true}};

	(void)state;
	claim_judge_keeping(keepings, 2, &finding);
	assert_verdict(CLAIM_FAILS, "834 where they are kept");
}

static void holes_that_go_for_some_allocators_hold_for_these(void **state)
{
	const struct claim_keeping keepings[] = {
		{"copying", 834, 1, 835, 1, true},
		{"moving", 985, 1000, 3125, 3265, true}};

	(void)state;
	claim_judge_keeping(keepings, 2, &finding);
	assert_verdict(CLAIM_PARTLY, "copying: 834");
}

static void few_holes_or_unequal_repeats_tell_nothing(void **state)
{
	struct claim_keeping keepings[] = {{"copying", 19, 0, 835, 1, true},
					   {"moving", 985, 1, 3125, 9, true}};

	(void)state;
	claim_judge_keeping(keepings, 2, &finding);
	assert_verdict(CLAIM_UNTOLD, "Too few holes");
	keepings[0].holes_unmapped = 834;
	keepings[1].steady = false;
	claim_judge_keeping(keepings, 2, &finding);
	assert_verdict(CLAIM_UNTOLD, "differ from round to round");
	claim_judge_keeping(keepings, 0, &finding);
	assert_verdict(CLAIM_UNTOLD, "");
}

/* T8 */

static struct claim_fixed fixed_work(uint64_t moved, uint64_t fell_back,
				     double ratio)
{
	return (struct claim_fixed){
		.work = "churn",
		.moved = moved,
		.fell_back = fell_back,
		.owned = 10,
		.fresh = 90,
		.recovered = 40,
		.lost = 60,
		.ratio = ratio,
		.interval = {ratio * 0.95, ratio * 1.05, 0.99},
		.pairs = 15,
		.credible = true,
		.steady = true,
	};
}

static void moves_that_succeed_and_are_faster_than_copies_hold(void **state)
{
	const struct claim_fixed work = fixed_work(1000, 3, 0.6);

	(void)state;
	claim_judge_fixed(&work, 1, &finding);
	assert_verdict(CLAIM_HOLDS, "99.7 % of the calls succeed, 10 % of the "
				    "destinations were its own, 40 % of the "
				    "sources were recovered; 0.6 of the time");
}

static void moves_that_fail_or_cost_more_do_not_hold(void **state)
{
	struct claim_fixed work = fixed_work(400, 600, 0.6);

	(void)state;
	claim_judge_fixed(&work, 1, &finding);
	assert_verdict(CLAIM_FAILS, "40 % of the calls");
	work = fixed_work(1000, 0, 1.3);
	claim_judge_fixed(&work, 1, &finding);
	assert_verdict(CLAIM_FAILS, "1.3 of the time");
}

static void moves_worth_it_in_one_work_hold_for_it(void **state)
{
	const struct claim_fixed works[] = {fixed_work(1000, 3, 0.6),
					    fixed_work(1000, 0, 1.3)};

	(void)state;
	claim_judge_fixed(works, 2, &finding);
	assert_verdict(CLAIM_PARTLY, "0.6 of the time");
}

static void moves_that_were_not_made_or_timed_tell_nothing(void **state)
{
	struct claim_fixed work = fixed_work(0, 0, 0.6);

	(void)state;
	claim_judge_fixed(&work, 1, &finding);
	assert_verdict(CLAIM_UNTOLD, "no call was made");
	work = fixed_work(1000, 0, 0.6);
	work.credible = false;
	claim_judge_fixed(&work, 1, &finding);
	assert_verdict(CLAIM_UNTOLD, "not taken at its word");
	work = fixed_work(1000, 0, 1); /* neither */
	claim_judge_fixed(&work, 1, &finding);
	assert_verdict(CLAIM_UNTOLD, "1 of the time");
	work = fixed_work(1000, 0, 0.6);
	work.steady = false;
	claim_judge_fixed(&work, 1, &finding);
	assert_verdict(CLAIM_UNTOLD, "differ from round to round");
}

static void a_finding_with_no_room_loses_whole_sentences(void **state)
{
	(void)state;
	for (int i = 0; i < 300; i++)
		claim_say(&finding, "sentence %03d. ", i);
	assert_true(strlen(finding.text) < sizeof(finding.text));
	assert_string_equal(finding.text + strlen(finding.text) - 2, ". ");
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(moving_that_wins_over_each_copy_at_large_sizes_holds),
		TEST(moving_that_wins_nowhere_does_not_hold),
		TEST(moving_that_wins_over_one_copy_holds_for_its_sizes),
		TEST(a_win_that_is_not_credible_or_short_of_rounds_is_none),
		TEST(a_search_that_is_linear_holds),
		TEST(a_search_that_is_logarithmic_does_not_hold),
		TEST(a_step_to_the_first_is_not_said_to_be_growth),
		TEST(a_search_that_cannot_be_a_walk_does_not_hold),
		TEST(without_its_control_a_shape_tells_nothing),
		TEST(costs_that_grow_with_holes_hold),
		TEST(costs_that_stay_do_not_hold),
		TEST(costs_without_a_layout_of_none_are_judged_too),
		TEST(costs_of_which_some_grow_are_named),
		TEST(costs_that_are_mostly_not_told_tell_nothing),
		TEST(holes_that_nothing_takes_and_that_add_up_hold),
		TEST(holes_that_the_next_request_takes_do_not_hold),
		TEST(holes_of_some_sizes_are_named_and_where_they_end),
		TEST(holes_on_which_repeats_disagree_tell_nothing),
		TEST(classes_that_copy_little_and_in_proportion_hold),
		TEST(classes_of_two_rules_are_said_as_a_range),
		TEST(classes_that_copy_as_much_do_not_hold),
		TEST(classes_that_save_but_do_not_amortise_hold_in_part),
		TEST(classes_without_equal_repeats_or_a_baseline_tell_nothing),
		TEST(shares_below_a_tenth_with_a_control_above_hold),
		TEST(shares_above_a_tenth_do_not_hold),
		TEST(shares_that_differ_by_allocator_are_named),
		TEST(shares_whose_control_does_not_fail_tell_nothing),
		TEST(holes_that_go_where_ranges_are_kept_hold),
		TEST(holes_that_stay_where_ranges_are_kept_do_not_hold),
		TEST(holes_that_go_for_some_allocators_hold_for_these),
		TEST(few_holes_or_unequal_repeats_tell_nothing),
		TEST(moves_that_succeed_and_are_faster_than_copies_hold),
		TEST(moves_that_fail_or_cost_more_do_not_hold),
		TEST(moves_worth_it_in_one_work_hold_for_it),
		TEST(moves_that_were_not_made_or_timed_tell_nothing),
		TEST(a_finding_with_no_room_loses_whole_sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
