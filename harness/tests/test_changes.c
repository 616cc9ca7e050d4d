/* test_changes - what differs is found, and shown as it was and as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver/changes.h"

static struct changes changes;
static char text[CHANGES_TEXT_MAX];
static char why[256];

static int start_afresh(void **state)
{
	(void)state;
	memset(&changes, 0, sizeof(changes));
	return 0;
}

static struct json *parse(const char *line)
{
	struct json *json = json_parse(line, strlen(line), why, sizeof(why));

	if (json == NULL)
		fail_msg("%s", why);
	return json;
}

/* All that differs between two objects, in words. */
static void assert_told(const char *was, const char *is, const char *expected)
{
	struct json *one = parse(was), *other = parse(is);

	start_afresh(NULL);
	changes_add_json(&changes, "machine", one, other);
	changes_tell(&changes, text, sizeof(text));
	assert_string_equal(text, expected);
	json_free(one);
	json_free(other);
}

static void equal_machines_do_not_differ(void **state)
{
	static const char *const one =
		"{\"kernel\":\"6.18\",\"page_bytes\":4096,\"thp\":{\"sizes\":{"
		"\"16kB\":\"never\"}},\"environment\":{}}";

	(void)state;
	assert_told(one, one, "");
	assert_told("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", "");
	assert_int_equal(changes.count, 0);
}

static void each_fact_is_shown_as_it_was_and_as_it_is(void **state)
{
	(void)state;
	assert_told("{\"kernel\":\"6.17\",\"page_bytes\":4096}",
		    "{\"kernel\":\"6.18\",\"page_bytes\":16384}",
		    "  machine.kernel: 6.17 -> 6.18\n"
		    "  machine.page_bytes: 4096 -> 16384");
	assert_string_equal(changes.items[0].what, "machine.kernel");
	assert_string_equal(changes.items[0].was, "6.17");
	assert_string_equal(changes.items[0].is, "6.18");
}

static void what_one_of_them_lacks_is_none(void **state)
{
	(void)state;
	assert_told("{\"hypervisor\":\"KVM\"}", "{\"governor\":\"powersave\"}",
		    "  machine.hypervisor: KVM -> none\n"
		    "  machine.governor: none -> powersave");
	changes_add_json(&changes, "placement", NULL, NULL);
	assert_int_equal(changes.count, 2);
}

static void facts_in_objects_and_arrays_are_found(void **state)
{
	(void)state;
	assert_told("{\"thp\":{\"sizes\":{\"16kB\":\"never\"}}}",
		    "{\"thp\":{\"sizes\":{\"16kB\":\"always\"}}}",
		    "  machine.thp.sizes.16kB: never -> always");
	assert_told("{\"thp\":{\"enabled\":\"always\"}}", "{}",
		    "  machine.thp.enabled: always -> none");
	assert_told("{\"cpus\":[0,1]}", "{\"cpus\":[0,2]}",
		    "  machine.cpus: [0,1] -> [0,2]");
	assert_told("{\"smt\":true}", "{\"smt\":{\"control\":\"on\"}}",
		    "  machine.smt: true -> {\"control\":\"on\"}");
	/* A key with a dot is a key. */
	assert_told("{\"environment\":{\"A.B\":\"1\"}}",
		    "{\"environment\":{\"A.B\":\"2\"}}",
		    "  machine.environment.A.B: 1 -> 2");
}

static void what_passes_by_itself_is_no_difference(void **state)
{
	struct json *one = parse("{\"note\":\"a\"}");
	struct json *other = parse("{\"note\":\"b\"}");

	(void)state;
	assert_told("{\"memory_available_bytes\":1}",
		    "{\"memory_available_bytes\":2}", "");
	changes_add_json(&changes, "placement", one, other);
	assert_int_equal(changes.count, 0);
	changes_add_json(&changes, "machine", one, other);
	assert_int_equal(changes.count, 1);
	json_free(one);
	json_free(other);
}

static void long_texts_are_cut_to_where_they_part(void **state)
{
	char was[1000], is[1000];

	(void)state;
	snprintf(was, sizeof(was), "%0500dleft%0495d", 0, 0);
	snprintf(is, sizeof(is), "%0500dright%0494d", 0, 0);
	changes_add(&changes, "x", was, is);
	assert_int_equal(changes.count, 1);
	assert_non_null(strstr(changes.items[0].was, "left"));
	assert_non_null(strstr(changes.items[0].is, "right"));
	assert_memory_equal(changes.items[0].was, "...", 3);
	assert_string_equal(changes.items[0].was + 156, "...");
	changes_add(&changes, "machine.topology_xml", "<a/>", "<b/>");
	assert_string_equal(changes.items[1].was, "one");
	assert_string_equal(changes.items[1].is, "another");
}

#define NODE(cpus, memory, pages)                                              \
	"<object type=\"NUMANode\" cpuset=\"" cpus "\" local_memory=\"" memory \
	"\"><page_type size=\"4096\" count=\"" pages "\"/></object>"

/* Seen: a kernel that sets up a node's pages when they are needed first. */
static void a_node_whose_memory_grows_is_the_same_topology(void **state)
{
	(void)state;
	changes_add(&changes, "machine.topology_xml",
		    NODE("0x3", "10965778432", "2677191"),
		    NODE("0x3", "19824148480", "4839880"));
	assert_int_equal(changes.count, 0);
	changes_add(&changes, "machine.topology_xml",
		    NODE("0x3", "10965778432", "2677191"),
		    NODE("0x1", "10965778432", "2677191"));
	assert_int_equal(changes.count, 1);
	changes_add(&changes, "machine.topology_xml", NODE("0x3", "1", "1"),
		    "<object type=\"NUMANode\" cpuset=\"0x3\"/>");
	changes_add(&changes, "machine.topology_xml", NODE("0x3", "1", "1"),
		    NODE("0x3", "1", "1") "<object/>");
	assert_int_equal(changes.count, 3);
	changes_add(&changes, "machine.other", " count=\"1\"", " count=\"2\"");
	assert_int_equal(changes.count, 4);
}

static void texts_are_fit_for_a_terminal(void **state)
{
	(void)state;
	changes_add(&changes, "x", "\x1b[2J", "b");
	assert_string_equal(changes.items[0].was, "?[2J");
	changes_add(&changes, "machine.\x1b[2J\n", "a", "b");
	assert_string_equal(changes.items[1].what, "machine.?[2J?");
}

static void more_than_are_kept_are_counted(void **state)
{
	char what[16];

	(void)state;
	for (int i = 0; i < CHANGES_MAX + 3; i++) {
		snprintf(what, sizeof(what), "fact%d", i);
		changes_add(&changes, what, "a", "b");
		changes_add(&changes, what, "a", "a");
	}
	assert_int_equal(changes.count, CHANGES_MAX + 3);
	changes_tell(&changes, text, sizeof(text));
	assert_non_null(strstr(text, "fact63: a -> b"));
	assert_non_null(strstr(text, "and 3 more"));
	changes_tell(&changes, text, 20);
	assert_int_equal(strlen(text), 19);
}

#define TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(equal_machines_do_not_differ),
		TEST(each_fact_is_shown_as_it_was_and_as_it_is),
		TEST(what_one_of_them_lacks_is_none),
		TEST(facts_in_objects_and_arrays_are_found),
		TEST(what_passes_by_itself_is_no_difference),
		TEST(long_texts_are_cut_to_where_they_part),
		TEST(a_node_whose_memory_grows_is_the_same_topology),
		TEST(texts_are_fit_for_a_terminal),
		TEST(more_than_are_kept_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
