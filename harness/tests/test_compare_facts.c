/* test_compare_facts - machines' facts: what differs, and what cannot. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/compare_facts.h"

static struct compare_facts base, new;
static struct compare_difference *differences;
static unsigned int count;

static int teardown(void **state)
{
	(void)state;
	compare_facts_free(&base);
	compare_facts_free(&new);
	free(differences);
	differences = NULL;
	return 0;
}

/* A run with that machine, whose quotes are single ones. */
static int add(struct compare_facts *facts, const char *machine)
{
	char text[512], why[256];
	struct json *run;
	int error;

	snprintf(text, sizeof(text),
		 "{\"regrow\":\"v1\",\"placement\":{\"cpus\":[1]},"
		 "\"machine\":{%s}}",
		 machine);
	for (char *byte = text; *byte != 0; byte++)
		if (*byte == '\'')
			*byte = '"';
	run = json_parse(text, strlen(text), why, sizeof(why));
	assert_non_null(run);
	error = compare_facts_add_run(facts, run);
	json_free(run);
	return error;
}

static void differ(void)
{
	free(differences);
	assert_int_equal(
		compare_facts_differ(&base, &new, &differences, &count), 0);
}

/* The one of that name, as "base -> new". */
static void says(const char *name, const char *text)
{
	char one[256], other[256], both[600];

	for (unsigned int i = 0; i < count; i++) {
		if (strcmp(differences[i].name, name) != 0)
			continue;
		compare_fact_text(differences[i].base, base.runs, one,
				  sizeof(one));
		compare_fact_text(differences[i].new, new.runs, other,
				  sizeof(other));
		snprintf(both, sizeof(both), "%s -> %s", one, other);
		assert_string_equal(both, text);
		return;
	}
	fail_msg("%s does not differ", name);
}

static void equal_machines_do_not_differ(void **state)
{
	(void)state;
	add(&base, "'kernel':'6.1','thp':{'enabled':'never','sizes':{}}");
	add(&new, "'kernel':'6.1','thp':{'sizes':{},'enabled':'never'}");
	differ();
	assert_int_equal(count, 0);
}

static void facts_that_differ_are_named_with_both_values(void **state)
{
	(void)state;
	add(&base, "'kernel':'6.1','max_map_count':65530,'smt':true,'a':1");
	add(&new, "'kernel':'6.18','max_map_count':1048576,'smt':false,'a':1");
	differ();
	assert_int_equal(count, 3);
	says("kernel", "6.1 -> 6.18");
	says("max_map_count", "65530 -> 1048576");
	says("smt", "true -> false");
}

static void facts_inside_facts_are_compared(void **state)
{
	(void)state;
	add(&base, "'mitigations':{'mds':'Not affected','tsa':'x'},'l':[1,2]");
	add(&new, "'mitigations':{'mds':'Vulnerable','tsa':'x'},'l':[1,3]");
	differ();
	assert_int_equal(count, 2);
	says("mitigations.mds", "Not affected -> Vulnerable");
	says("l", "[1,2] -> [1,3]");
}

static void a_fact_of_one_side_is_absent_on_the_other(void **state)
{
	(void)state;
	add(&base, "'governor':'performance'");
	add(&new, "'hypervisor':'kvm','note':''");
	differ();
	assert_int_equal(count, 3);
	says("governor", "performance -> absent");
	says("hypervisor", "absent -> kvm");
	says("note", "absent -> empty");
}

static void what_passes_is_not_a_difference(void **state)
{
	(void)state;
	add(&base, "'memory_bytes':5,'memory_available_bytes':3");
	add(&new, "'memory_bytes':5,'memory_available_bytes':4");
	differ();
	assert_int_equal(count, 0);
}

static void values_that_vary_among_runs_are_counted(void **state)
{
	(void)state;
	add(&base, "'kernel':'6.1'");
	add(&base, "'kernel':'6.2'");
	add(&base, "'kernel':'6.1'");
	add(&base, "");
	add(&new, "'kernel':'6.1'");
	differ();
	assert_int_equal(count, 1);
	says("kernel", "6.1 in 2 runs, 6.2 in 1 run, absent in 1 -> 6.1");
}

static void the_same_variety_on_both_sides_is_listed_too(void **state)
{
	(void)state;
	add(&base, "'kernel':'6.1'");
	add(&base, "'kernel':'6.2'");
	add(&new, "'kernel':'6.1'");
	add(&new, "'kernel':'6.2'");
	differ();
	assert_int_equal(count, 1);
}

static void many_values_are_counted_and_not_kept(void **state)
{
	char machine[64];

	(void)state;
	for (unsigned int i = 0; i < 100; i++) {
		snprintf(machine, sizeof(machine), "'x':%u", i);
		assert_int_equal(add(&base, machine), 0);
	}
	assert_int_equal(compare_facts_find(&base, "x")->values_count,
			 COMPARE_FACT_VALUES_MAX);
	assert_int_equal(compare_facts_find(&base, "x")->others,
			 100 - COMPARE_FACT_VALUES_MAX);
	add(&new, "'x':0");
	differ();
	assert_int_equal(count, 1);
}

static void long_values_are_shown_by_their_size(void **state)
{
	char text[2001] = "", shown[64];

	(void)state;
	memset(text, 'x', 2000);
	base.runs = 1;
	assert_int_equal(compare_facts_add(&base, "topology_xml", text), 0);
	compare_fact_text(compare_facts_find(&base, "topology_xml"), 1, shown,
			  sizeof(shown));
	assert_string_equal(shown, "a text of 2000 bytes");
}

static void more_facts_than_a_machine_has_are_refused(void **state)
{
	char name[32];
	int error = 0;

	(void)state;
	for (unsigned int i = 0; error == 0 && i <= COMPARE_FACTS_MAX; i++) {
		snprintf(name, sizeof(name), "fact%u", i);
		error = compare_facts_add(&base, name, "1");
	}
	assert_int_equal(error, -E2BIG);
	assert_int_equal(base.count, COMPARE_FACTS_MAX);
}

static void versions_and_placement_are_facts(void **state)
{
	(void)state;
	add(&base, "");
	assert_string_equal(compare_facts_find(&base, "regrow")->values[0].text,
			    "v1");
	assert_string_equal(
		compare_facts_find(&base, "placement.cpus")->values[0].text,
		"[1]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
		TEST(equal_machines_do_not_differ),
		TEST(facts_that_differ_are_named_with_both_values),
		TEST(facts_inside_facts_are_compared),
		TEST(a_fact_of_one_side_is_absent_on_the_other),
		TEST(what_passes_is_not_a_difference),
		TEST(values_that_vary_among_runs_are_counted),
		TEST(the_same_variety_on_both_sides_is_listed_too),
		TEST(many_values_are_counted_and_not_kept),
		TEST(long_values_are_shown_by_their_size),
		TEST(more_facts_than_a_machine_has_are_refused),
		TEST(versions_and_placement_are_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
