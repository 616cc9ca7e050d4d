/* test_spec - spellings are resolved, refused in words, and made canonical. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <regrow/random.h>

#include "common/spec.h"
#include "tests/subjects.h"

static struct allocator_spec spec;
static struct workload_spec work;
static char why[512];

static void canonical_is(const char *text, const char *canonical)
{
	int error = spec_parse_allocator(text, &spec, why, sizeof(why));

	if (error)
		fail_msg("'%s' was refused: %s", text, why);
	assert_string_equal(spec.canonical, canonical);
}

static void work_is(const char *text, const char *canonical)
{
	int error = spec_parse_workload(text, &work, why, sizeof(why));

	if (error)
		fail_msg("'%s' was refused: %s", text, why);
	assert_string_equal(work.canonical, canonical);
}

/* Refused with that error, in a sentence that contains words. */
static void refused(const char *text, int error, const char *words)
{
	int got;

	why[0] = 0;
	got = spec_parse_allocator(text, &spec, why, sizeof(why));
	if (got != error)
		fail_msg("'%s' gave %d: %s", text, got, why);
	if (strstr(why, words) == NULL)
		fail_msg("'%s' was refused with: %s", text, why);
}

static void a_bare_name_has_its_standard_values(void **state)
{
	(void)state;
	canonical_is("test-options", "test-options");
	assert_int_equal(spec.depth, 1);
	assert_string_equal(spec.layers[0].allocator->name, "test-options");
	assert_int_equal(spec.layers[0].values[PLACE_MODE].number, 0);
	assert_string_equal(spec.layers[0].values[PLACE_MODE].text, "no");
	assert_int_equal(spec.layers[0].values[PLACE_SIZE].number, 4 << 20);
	assert_int_equal(spec.layers[0].values[PLACE_COUNT].number, 1);
	assert_int_equal(spec.layers[0].values[PLACE_SHARE].number, 100);
	assert_string_equal(spec.layers[0].values[PLACE_CONF].text, "a:b");
}

static void values_reach_their_place_as_typed_and_as_numbers(void **state)
{
	(void)state;
	canonical_is("test-options:size=1024K:mode=map:share=25:conf=[x:1,y]:"
		     "count=007",
		     "test-options:conf=[x:1,y]:count=7:mode=map:share=25%:"
		     "size=1M");
	assert_int_equal(spec.layers[0].values[PLACE_MODE].number, 2);
	assert_int_equal(spec.layers[0].values[PLACE_SIZE].number, 1 << 20);
	assert_string_equal(spec.layers[0].values[PLACE_SIZE].text, "1024K");
	assert_int_equal(spec.layers[0].values[PLACE_COUNT].number, 7);
	assert_int_equal(spec.layers[0].values[PLACE_SHARE].number, 25);
	assert_string_equal(spec.layers[0].values[PLACE_CONF].text, "x:1,y");
}

static void the_canonical_form_leaves_out_what_is_standard(void **state)
{
	(void)state;
	canonical_is("test-options:size=4096K:mode=no:count=01:share=100:"
		     "conf=[a:b]",
		     "test-options");
	canonical_is("test-options:size=4M:mode=write",
		     "test-options:mode=write");
	canonical_is("test-options:size=1536M", "test-options:size=1.5G");
	canonical_is("test-options:size=0", "test-options:size=0");
}

static void blanks_are_taken_off_but_kept_in_brackets(void **state)
{
	(void)state;
	canonical_is("\n  test-options : mode = map : count= 2 \t",
		     "test-options:count=2:mode=map");
	canonical_is("test-options:conf= two words ",
		     "test-options:conf=two words");
	canonical_is("test-options:conf=[ two ]", "test-options:conf=[ two ]");
	assert_string_equal(spec.layers[0].values[PLACE_CONF].text, " two ");
}

static void brackets_nest_and_stand_only_where_needed(void **state)
{
	(void)state;
	canonical_is("test-options:conf=[plain]", "test-options:conf=plain");
	canonical_is("test-options:conf=[]", "test-options:conf=[]");
	canonical_is("test-options:conf=", "test-options:conf=[]");
	canonical_is("test-options:conf=[[]]", "test-options:conf=[[]]");
	assert_string_equal(spec.layers[0].values[PLACE_CONF].text, "[]");
	canonical_is("test-options:conf=[a:[b,c]:[d]]",
		     "test-options:conf=[a:[b,c]:[d]]");
	canonical_is("test-options:conf=a[b:c]d",
		     "test-options:conf=[a[b:c]d]");
	canonical_is("test-options:conf=k=v=w", "test-options:conf=k=v=w");
}

static void a_wrapped_allocator_is_the_next_layer(void **state)
{
	(void)state;
	canonical_is("test-wrap", "test-wrap");
	assert_int_equal(spec.depth, 2);
	assert_string_equal(spec.layers[1].allocator->name, "test-plain");

	canonical_is("test-wrap:over=[test-options:mode=map:size=8M]",
		     "test-wrap:over=[test-options:mode=map:size=8M]");
	assert_int_equal(spec.depth, 2);
	assert_string_equal(spec.layers[0].values[0].text,
			    "test-options:mode=map:size=8M");
	assert_int_equal(spec.layers[1].values[PLACE_SIZE].number, 8 << 20);

	canonical_is("test-wrap:over=test-options:step=quarter",
		     "test-wrap:over=test-options:step=quarter");
	canonical_is("test-wrap:over=[test-options:size=4M]",
		     "test-wrap:over=test-options");
	canonical_is("test-wrap:over=[test-wrap:over=[test-wrap:over="
		     "[test-options:mode=map]]]",
		     "test-wrap:over=[test-wrap:over=[test-wrap:over="
		     "[test-options:mode=map]]]");
	assert_int_equal(spec.depth, 4);
	assert_int_equal(spec.layers[3].values[PLACE_MODE].number, 2);
}

static void a_wrapped_allocator_that_is_the_standard_is_left_out(void **state)
{
	(void)state;
	canonical_is("test-wrap:over=test-plain", "test-wrap");
	canonical_is("test-wrap:over=[ test-plain ]", "test-wrap");
	canonical_is("test-fancy", "test-fancy");
	assert_int_equal(spec.depth, 3);
	assert_int_equal(spec.layers[1].values[1].number, 1);
	/* Another spelling of the same. */
	canonical_is("test-fancy:over=[test-wrap:over=test-plain:step=quarter]",
		     "test-fancy");
	canonical_is("test-fancy:over=test-wrap", "test-fancy:over=test-wrap");
}

static void nesting_too_deep_is_refused(void **state)
{
	(void)state;
	refused("test-wrap:over=[test-wrap:over=[test-wrap:over=[test-wrap:"
		"over=test-plain]]]",
		-E2BIG, "4 is the most");
	/* One that wraps itself by its standard value must end as well. */
	refused("test-loop", -E2BIG, "4 is the most");
	refused("test-loop:over=[test-loop:over=[test-loop:over=test-plain]]x",
		-EINVAL, "closing bracket");
	canonical_is("test-loop:over=test-plain", "test-loop:over=test-plain");
}

static void unknown_names_get_the_nearest_right_one(void **state)
{
	(void)state;
	refused("test-optoins", -ENOENT, "did you mean 'test-options'?");
	refused("nothing-like-it", -ENOENT, "regrow list");
	refused("test-options:sise=4M", -EINVAL, "did you mean 'size'?");
	refused("test-options:colour=red", -EINVAL,
		"its options are mode, size, count, share, conf");
	refused("test-plain:size=4M", -EINVAL, "'test-plain' has no options");
	refused("test-options:mode=wirte", -EINVAL, "did you mean 'write'?");
	refused("test-options:mode=purple", -EINVAL,
		"'purple' is none of no|write|map");
	refused("test-wrap:over=test-plian", -ENOENT,
		"did you mean 'test-plain'?");
	assert_int_equal(
		spec_parse_workload("test-wrok", &work, why, sizeof(why)),
		-ENOENT);
	assert_non_null(strstr(why, "unknown workload 'test-wrok': did you "
				    "mean 'test-work'?"));
}

static void malformed_spellings_are_refused(void **state)
{
	(void)state;
	refused("", -EINVAL, "does not begin with a name");
	refused("   ", -EINVAL, "does not begin with a name");
	refused(":mode=no", -EINVAL, "does not begin with a name");
	refused("test-options:", -EINVAL, "not key=value");
	refused("test-options:mode", -EINVAL, "'mode' of 'test-options'");
	refused("test-options::mode=no", -EINVAL, "not key=value");
	refused("test-options:=no", -EINVAL, "not key=value");
	refused("test-options:mode=no:mode=map", -EINVAL, "given twice");
	refused("test-options:conf=[a", -EINVAL, "brackets");
	refused("test-options:conf=a]", -EINVAL, "brackets");
	refused("test-options:conf=]a[", -EINVAL, "brackets");
	refused("test-options:conf=[a]b", -EINVAL, "closing bracket");
	refused("test-options:conf=[a][b]", -EINVAL, "closing bracket");
	refused("[test-options]", -EINVAL, "brackets stand around values");
	refused("test-options,test-plain", -EINVAL, "list");
	refused("test-options:conf=a,b", -EINVAL, "list");
	refused("test-wrap:over=[test-plain,test-plain]", -EINVAL, "list");
	refused("test-wrap:over=", -EINVAL, "does not begin with a name");
	refused("test-options:conf=a\001b", -EINVAL, "control character");
	refused("test-options:mode=\tno", -EINVAL, "control character");
	refused("test-options:[mode]=no", -EINVAL, "unknown option");
}

static void bad_values_are_refused(void **state)
{
	(void)state;
	refused("test-options:size=1X", -EINVAL, "'1X' is not a size");
	refused("test-options:size=", -EINVAL, "'' is not a size");
	refused("test-options:size=-1", -EINVAL, "is not a size");
	refused("test-options:size=99999999T", -EINVAL, "above 2^63 - 1");
	refused("test-options:count=1.5", -EINVAL, "is not a count");
	refused("test-options:count=-1", -EINVAL, "is not a count");
	refused("test-options:count=", -EINVAL, "is not a count");
	refused("test-options:count=9223372036854775808", -EINVAL,
		"is not a count");
	refused("test-options:share=101%", -EINVAL, "percent");
	refused("test-options:share=%", -EINVAL, "percent");
	refused("test-options:share=0.5", -EINVAL, "percent");
	refused("test-options:mode=", -EINVAL, "is none of");
	refused("test-options:mode=wri", -EINVAL, "is none of");
	refused("test-options:mode=no|write", -EINVAL, "is none of");
	canonical_is("test-options:count=9223372036854775807",
		     "test-options:count=9223372036854775807");
	canonical_is("test-options:share=0%", "test-options:share=0%");
}

static void what_check_says_is_passed_on(void **state)
{
	(void)state;
	canonical_is("test-picky", "test-picky");
	refused("test-picky:limit=0", -EINVAL,
		"'test-picky': a limit of 0 allows nothing");
	refused("test-picky:limit=13", -ERANGE, "do not fit together");
	refused("test-wrap:over=[test-picky:limit=0]", -EINVAL,
		"'test-picky': a limit of 0 allows nothing");
	assert_int_equal(spec_parse_workload("test-work:threads=0", &work, why,
					     sizeof(why)),
			 -EINVAL);
	assert_string_equal(why, "'test-work': no threads, no work");
}

static void a_standard_value_that_is_wrong_is_refused_by_name(void **state)
{
	(void)state;
	refused("test-wrong", -EINVAL,
		"option 'size' of 'test-wrong': 'many' is not a size");
	canonical_is("test-wrong:size=4K", "test-wrong:size=4K");
}

static void long_spellings_are_refused(void **state)
{
	char text[2 * SPEC_TEXT_MAX];
	size_t used =
		(size_t)snprintf(text, sizeof(text), "test-options:conf=");

	(void)state;
	memset(text + used, 'x', sizeof(text) - used);
	text[SPEC_TEXT_MAX - 1] = 0;
	canonical_is(text, text);
	text[SPEC_TEXT_MAX - 1] = 'x';
	text[SPEC_TEXT_MAX] = 0;
	refused(text, -E2BIG, "longer than 511 bytes");
	/* The blank inside needs no brackets typed, the [ ] do in full. */
	text[SPEC_TEXT_MAX - 1] = 0;
	text[used + 1] = '[';
	text[used + 2] = ']';
	refused(text, -E2BIG, "when spelled in full");
}

static void many_nested_values_are_refused_rather_than_cut(void **state)
{
	char conf[300];
	char text[SPEC_TEXT_MAX];

	(void)state;
	memset(conf, 'x', sizeof(conf));
	conf[sizeof(conf) - 1] = 0;
	/* Each layer keeps what it wraps as it was typed. */
	snprintf(text, sizeof(text),
		 "test-wrap:over=[test-wrap:over=[test-wrap:over="
		 "[test-options:conf=%s]]]",
		 conf);
	refused(text, -E2BIG, "too long");
}

static void the_amount_of_work_is_always_in_the_key(void **state)
{
	(void)state;
	work_is("test-work", "test-work:scale=S");
	work_is("test-work:scale=S", "test-work:scale=S");
	work_is("test-work:threads=2:scale=L", "test-work:scale=L:threads=2");
	work_is("test-work:threads=1", "test-work:scale=S");
	assert_int_equal(work.values[0].number, 0);
	assert_int_equal(work.values[1].number, 1);
	work_is("null", "null");
}

static void lists_are_split_at_their_own_commas_only(void **state)
{
	const char *list = " a:b=[c,d] , e,[f,[g,h]] ,i ";
	char item[32];

	(void)state;
	assert_int_equal(spec_list_item(list, 0, item, sizeof(item)), 1);
	assert_string_equal(item, "a:b=[c,d]");
	assert_int_equal(spec_list_item(list, 1, item, sizeof(item)), 1);
	assert_string_equal(item, "e");
	assert_int_equal(spec_list_item(list, 2, item, sizeof(item)), 1);
	assert_string_equal(item, "[f,[g,h]]");
	assert_int_equal(spec_list_item(list, 3, item, sizeof(item)), 1);
	assert_string_equal(item, "i");
	assert_int_equal(spec_list_item(list, 4, item, sizeof(item)), 0);
	assert_int_equal(spec_list_item(list, 99, item, sizeof(item)), 0);
}

static void malformed_lists_are_refused(void **state)
{
	char item[4];

	(void)state;
	assert_int_equal(spec_list_item("", 0, item, 4), -EINVAL);
	assert_int_equal(spec_list_item("  ", 0, item, 4), -EINVAL);
	assert_int_equal(spec_list_item("a,", 1, item, 4), -EINVAL);
	assert_int_equal(spec_list_item(",a", 0, item, 4), -EINVAL);
	assert_int_equal(spec_list_item("a, ,b", 1, item, 4), -EINVAL);
	assert_int_equal(spec_list_item("a,[b", 0, item, 4), -EINVAL);
	assert_int_equal(spec_list_item("a,b]", 0, item, 4), -EINVAL);
	assert_int_equal(spec_list_item("abc", 0, item, 4), 1);
	assert_int_equal(spec_list_item("abcd", 0, item, 4), -E2BIG);
}

static void an_option_is_found_with_its_place(void **state)
{
	unsigned int place = 99;
	const struct option_entry *options;

	(void)state;
	canonical_is("test-options", "test-options");
	options = spec.layers[0].allocator->options;
	assert_ptr_equal(spec_find_option(options, "share", &place),
			 &options[PLACE_SHARE]);
	assert_int_equal(place, PLACE_SHARE);
	assert_ptr_equal(spec_find_option(options, "mode", NULL),
			 &options[PLACE_MODE]);
	assert_null(spec_find_option(options, "shar", &place));
	assert_null(spec_find_option(NULL, "mode", &place));
}

/* A text under construction. */
struct draft {
	char text[4 * SPEC_TEXT_MAX];
	size_t used;
};

static void add(struct draft *draft, const char *text)
{
	int size = snprintf(draft->text + draft->used,
			    sizeof(draft->text) - draft->used, "%s", text);

	draft->used += (size_t)size;
	assert_true(draft->used < sizeof(draft->text));
}

static void add_one_of(struct draft *draft, struct random *random,
		       const char *const *texts, unsigned int count)
{
	add(draft, texts[random_below(random, count)]);
}

static void add_blank(struct draft *draft, struct random *random)
{
	static const char *const blanks[] = {"", "", "", " ", " ", "  "};

	add_one_of(draft, random, blanks, 6);
}

static void add_key(struct draft *draft, struct random *random, const char *key)
{
	add_blank(draft, random);
	add(draft, ":");
	add_blank(draft, random);
	add(draft, key);
	add_blank(draft, random);
	add(draft, "=");
	add_blank(draft, random);
}

static void add_value(struct draft *draft, struct random *random,
		      const char *text)
{
	bool brackets = random_below(random, 4) == 0;

	add(draft, brackets ? "[" : "");
	add(draft, text);
	add(draft, brackets ? "]" : "");
}

static void draft_options(struct draft *draft, struct random *random)
{
	static const char *const keys[] = {"mode", "size", "count", "share",
					   "conf"};
	static const char *const values[5][6] = {
		{"no", "write", "map", "no", "write", "map"},
		{"0", "4M", "4096K", "1.5G", "4097", "12345678"},
		{"1", "0", "01", "77", "4096", "123456789012"},
		{"100", "100%", "0", "50%", "7", "07%"},
		{"[a:b]", "[]", "plain", "[[x],[y:z]]", "p[q]", "[ r s ]"},
	};
	unsigned int first = (unsigned int)random_below(random, 5);
	unsigned int i;

	add(draft, "test-options");
	for (i = 0; i < 5; i++) {
		unsigned int key = (first + 2 * i) % 5;
		const char *value = values[key][random_below(random, 6)];

		if (random_below(random, 2))
			continue;
		add_key(draft, random, keys[key]);
		if (key == 4)
			add(draft, value);
		else
			add_value(draft, random, value);
	}
	add_blank(draft, random);
}

static void draft_allocator(struct draft *draft, struct random *random,
			    unsigned int depth)
{
	static const char *const steps[] = {"x2", "quarter"};
	bool step_first = random_below(random, 2);
	bool step = random_below(random, 2);

	if (depth == 0 || random_below(random, 5) == 0) {
		if (random_below(random, 3) == 0)
			add(draft, "test-plain");
		else
			draft_options(draft, random);
		return;
	}
	add(draft, "test-wrap");
	if (step && step_first) {
		add_key(draft, random, "step");
		add_one_of(draft, random, steps, 2);
	}
	if (random_below(random, 4) != 0) {
		add_key(draft, random, "over");
		add(draft, "[");
		add_blank(draft, random);
		draft_allocator(draft, random, depth - 1);
		add_blank(draft, random);
		add(draft, "]");
	}
	if (step && !step_first) {
		add_key(draft, random, "step");
		add_one_of(draft, random, steps, 2);
	}
}

/* The same allocators with the same values, however they were typed. */
static void assert_same(const struct allocator_spec *a,
			const struct allocator_spec *b)
{
	unsigned int layer;
	unsigned int i;

	assert_int_equal(a->depth, b->depth);
	for (layer = 0; layer < a->depth; layer++) {
		const struct allocator *allocator = a->layers[layer].allocator;
		const struct option_entry *options = allocator->options;

		assert_ptr_equal(allocator, b->layers[layer].allocator);
		for (i = 0; options && options[i].name; i++) {
			const struct option_value *x =
				&a->layers[layer].values[i];
			const struct option_value *y =
				&b->layers[layer].values[i];

			assert_int_equal(x->number, y->number);
			if (options[i].kind == OPTION_TEXT)
				assert_string_equal(x->text, y->text);
		}
	}
	assert_string_equal(a->canonical, b->canonical);
}

static void the_canonical_form_of_a_canonical_form_is_itself(void **state)
{
	static struct allocator_spec again;
	struct random random = {20140425};
	unsigned int resolved = 0;
	unsigned int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		struct draft draft = {.used = 0};
		int error;

		draft_allocator(&draft, &random, 3);
		error = spec_parse_allocator(draft.text, &spec, why,
					     sizeof(why));
		if (error == -E2BIG)
			continue;
		if (error)
			fail_msg("'%s' was refused: %s", draft.text, why);
		error = spec_parse_allocator(spec.canonical, &again, why,
					     sizeof(why));
		if (error)
			fail_msg("'%s' was refused: %s", spec.canonical, why);
		assert_same(&spec, &again);
		resolved++;
	}
	assert_true(resolved > 15000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bare_name_has_its_standard_values),
		cmocka_unit_test(
			values_reach_their_place_as_typed_and_as_numbers),
		cmocka_unit_test(
			the_canonical_form_leaves_out_what_is_standard),
		cmocka_unit_test(blanks_are_taken_off_but_kept_in_brackets),
		cmocka_unit_test(brackets_nest_and_stand_only_where_needed),
		cmocka_unit_test(a_wrapped_allocator_is_the_next_layer),
		cmocka_unit_test(
			a_wrapped_allocator_that_is_the_standard_is_left_out),
		cmocka_unit_test(nesting_too_deep_is_refused),
		cmocka_unit_test(unknown_names_get_the_nearest_right_one),
		cmocka_unit_test(malformed_spellings_are_refused),
		cmocka_unit_test(bad_values_are_refused),
		cmocka_unit_test(what_check_says_is_passed_on),
		cmocka_unit_test(
			a_standard_value_that_is_wrong_is_refused_by_name),
		cmocka_unit_test(long_spellings_are_refused),
		cmocka_unit_test(
			many_nested_values_are_refused_rather_than_cut),
		cmocka_unit_test(the_amount_of_work_is_always_in_the_key),
		cmocka_unit_test(lists_are_split_at_their_own_commas_only),
		cmocka_unit_test(malformed_lists_are_refused),
		cmocka_unit_test(an_option_is_found_with_its_place),
		cmocka_unit_test(
			the_canonical_form_of_a_canonical_form_is_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
