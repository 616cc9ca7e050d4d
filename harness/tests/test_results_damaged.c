/* test_results_damaged - files from anywhere are read or refused, never more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>
#include <unistd.h>

#include <cmocka.h>

#include <regrow/random.h>

#include "driver/lines.h"
#include "driver/results.h"
#include "tests/example_file.h"
#include "tests/scratch.h"

#define FLIPS 4000

static char path[SCRATCH_PATH_SIZE];
static char why[512];
static char *text; /* of the good file */
static size_t size;
static struct results results;

static int make_example(void **state)
{
	(void)state;
	close(scratch_file(path));
	if (example_file(path) != 0)
		return -1;
	text = example_read(path, &size);
	return text == NULL;
}

static int remove_example(void **state)
{
	(void)state;
	results_free(&results);
	free(text);
	return unlink(path);
}

static int read_now(void)
{
	results_free(&results);
	why[0] = 0;
	return results_read(&results, path, why, sizeof(why));
}

static void assert_refused(const char *contents, size_t length, int error,
			   const char *word)
{
	assert_int_equal(example_put(path, contents, length), 0);
	assert_int_equal(read_now(), error);
	assert_int_equal(results.files_count, 0);
	if (strstr(why, word) == NULL || strstr(why, path) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why, word);
}

/* The good file with the first from, at or behind a line's start, replaced. */
static void assert_change_refused(const char *line, const char *from,
				  const char *to, const char *word)
{
	char *start = strstr(text, line), *at, *changed;
	int length;

	assert_non_null(start);
	at = strstr(start, from);
	assert_non_null(at);
	length = asprintf(&changed, "%.*s%s%s", (int)(at - text), text, to,
			  at + strlen(from));
	assert_true(length > 0);
	assert_refused(changed, (size_t)length, -EBADMSG, word);
	free(changed);
}

static void a_file_that_is_torn_anywhere_in_its_last_line_is_read(void **state)
{
	size_t last = size - 1;

	(void)state;
	while (text[last - 1] != '\n')
		last--;
	for (size_t cut = last; cut <= size; cut++) {
		bool whole = cut >= size - 1; /* but for its newline */

		assert_int_equal(example_put(path, text, cut), 0);
		assert_int_equal(read_now(), 0);
		assert_int_equal(results.files[0]->torn, cut > last && !whole);
		assert_int_equal(results.files[0]->ended, whole);
		assert_int_equal(results.files[0]->samples_count,
				 4 * (EXAMPLE_ROUNDS + 1));
	}
}

static void a_file_that_is_torn_in_a_sample_lacks_that_sample(void **state)
{
	char *last = text;
	size_t start, end;

	(void)state;
	for (char *at = text; (at = strstr(at, "{\"type\":\"sample\"")); at++)
		last = at;
	start = (size_t)(last - text);
	end = start + strcspn(last, "\n");
	for (size_t cut = start + 1; cut < end; cut += 97) {
		assert_int_equal(example_put(path, text, cut), 0);
		assert_int_equal(read_now(), 0);
		assert_true(results.files[0]->torn);
		assert_false(results.files[0]->ended);
		assert_int_equal(results.files[0]->samples_count,
				 4 * (EXAMPLE_ROUNDS + 1) - 1);
	}
}

static void what_is_not_ours_is_refused(void **state)
{
	size_t first = strcspn(text, "\n");
	char *rest = text + first + 1;

	(void)state;
	assert_refused("", 0, -EBADMSG, "empty");
	assert_refused("\x7f\x45LF\0\0", 6, -EBADMSG, "not a results file");
	assert_refused("a,b,c\n", 6, -EBADMSG, "not a results file");
	assert_refused("{}\n", 3, -EBADMSG, "not a results file");
	assert_refused("[1]\n", 4, -EBADMSG, "not");
	assert_refused("7", 1, -EBADMSG, "not");
	assert_refused(rest, strlen(rest), -EBADMSG, "not a results file");
	assert_refused(text, first / 2, -EBADMSG, "not a results file");
}

static void later_formats_are_refused_and_named(void **state)
{
	static const char later[] = "{\"type\":\"run\",\"format\":3}\n";

	(void)state;
	assert_refused(later, strlen(later), -EPROTONOSUPPORT, "later regrow");
	assert_change_refused("{\"type\":\"run\"", "\"format\":2",
			      "\"format\":0", "format");
	assert_change_refused("{\"type\":\"run\"", "\"format\":2",
			      "\"format\":\"2\"", "format");
	assert_change_refused("{\"type\":\"run\"", "\"format\":2,", "",
			      "format");
}

static void unknown_fields_and_lines_are_ignored(void **state)
{
	static const char news[] = "{\"type\":\"pause\",\"why\":[1]}\n";
	char *changed = malloc(size + sizeof(news));

	(void)state;
	assert_non_null(changed);
	memcpy(changed, text, size);
	memcpy(changed + size, news, sizeof(news) - 1);
	assert_int_equal(example_put(path, changed, size + sizeof(news) - 1),
			 0);
	free(changed);
	assert_int_equal(read_now(), 0);
	assert_false(results.files[0]->ended);
}

static void garbage_between_lines_is_refused_with_its_number(void **state)
{
	(void)state;
	assert_change_refused("{\"type\":\"round\"", "{", "garbage\n{",
			      "line 6 is not JSON");
	assert_change_refused("{\"type\":\"round\"", "{", "\x1b[2J\n{",
			      "line 6 is not JSON");
	assert_null(strchr(why, 0x1b));
	assert_change_refused("{\"type\":\"round\"", "{", "\n{", "line 6");
	assert_change_refused("{\"type\":\"round\"", "{", "17\n{", "line 6");
	assert_change_refused("{\"type\":\"round\"", "{", "{}\n{", "line 6");
}

static void fields_of_the_wrong_kind_are_refused_by_name(void **state)
{
	static const char sample[] = "{\"type\":\"sample\"";
	static const struct {
		const char *from, *to, *word;
	} changes[] = {
		{"\"cell\":0", "\"cell\":12", "'cell' is out of range"},
		{"\"cell\":0", "\"cell\":-1", "'cell'"},
		{"\"cell\":0", "\"cell\":9223372036854775807", "'cell'"},
		{"\"cell\":0", "\"cell\":0.5", "'cell'"},
		{"\"cell\":0", "\"call\":0", "'cell' is missing"},
		{"\"round\":0", "\"round\":4294967296", "'round'"},
		{"\"pass\":\"checking\"", "\"pass\":\"x\"", "'pass'"},
		{"\"pass\":\"checking\"", "\"pass\":1", "'pass'"},
		{"\"outcome\":\"ok\"", "\"outcome\":\"fine\"", "'outcome'"},
		{"\"outcome\":\"ok\"", "\"outcome\":\"crashed\"", "'valid'"},
		{"\"stage\":\"done\"", "\"stage\":[]", "'stage'"},
		{"\"time\":{", "\"time\":7,\"x\":{", "'time.wall_ns'"},
		{"\"wall_ns\":", "\"wall_ns\":-", "'time.wall_ns'"},
		{"\"wall_ns\":", "\"wall_ns\":null,\"x\":", "wall_ns"},
		{"\"map\":{", "\"map\":[],\"x\":{", "map"},
		{"\"digest\":\"", "\"digest\":\"x", "'digest'"},
		{"\"digest\":\"", "\"digest\":\"00", "'digest'"},
		{"\"sizes\":[", "\"sizes\":{},\"x\":[", "'sizes'"},
		{"\"log2\":13", "\"log2\":48", "sizes[1]: 'log2'"},
		{"\"log2\":13", "\"log2\":12", "sizes[1]: 'log2'"},
		{"\"ENOMEM\":", "\"ENOMEM\":-", "failed_calls"},
		{"\"blocked\":", "\"\\u001b\":1,\"blocked\":", "figures"},
		{"\"blocked\":", "\"blocked\":-", "figures"},
		{"\"counters\":{", "\"counters\":5,\"x\":{", "counters"},
		{"\"valid\":true", "\"valid\":1", "'valid'"},
		{"\"timeline\":[", "\"timeline\":[7,", "timeline[0]"},
		{"\"sizes\":[", "\"repetitions\":{},\"sizes\":[",
		 "'repetitions'"},
		{"\"sizes\":[", "\"repetitions\":[{},5],\"sizes\":[",
		 "repetitions[1]"},
		{"\"sizes\":[", "\"repetitions\":[{\"cpu_ns\":-1}],\"sizes\":[",
		 "repetitions[0]: 'cpu_ns'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		assert_change_refused(sample, changes[i].from, changes[i].to,
				      changes[i].word);
}

static void plans_that_do_not_hold_together_are_refused(void **state)
{
	static const char run[] = "{\"type\":\"run\"";

	(void)state;
	assert_change_refused(run, "\"clock\":\"cpu\"", "\"clock\":\"sun\"",
			      "'clock'");
	assert_change_refused(run, "\"margin\":0.03125", "\"margin\":3",
			      "'plan.margin'");
	assert_change_refused(run, "\"group\":0", "\"group\":3",
			      "plan.cells[0]: 'group' is out of range");
	assert_change_refused(run, "\"role\":\"twin\"", "\"role\":\"x\"",
			      "plan.cells[1]: 'role'");
	assert_change_refused(run, "\"allocator\":\"null\"",
			      "\"allocator\":\"\\u001b\"", "'allocator'");
	assert_change_refused(run, "\"thp\":\"never\"", "\"thp\":\"x\"",
			      "plan.groups[0]: 'thp'");
	assert_change_refused(run, "\"layout\":\"standard\"",
			      "\"layout\":\"x\"", "plan.groups[0]: 'layout'");
	assert_change_refused(run, "\"workload\":", "\"w\":", "'workload'");
	assert_change_refused(run, "\"plan\":{", "\"plan\":[],\"x\":{", "plan");
	assert_change_refused(run, "\"mechanism\":[", "\"mechanism\":[5,",
			      "'mechanism'");
	assert_change_refused(run, "\"repeat\":1", "\"repeat\":0",
			      "'plan.repeat' is out of range");
	assert_change_refused(run, "\"repeat\":1", "\"repeat\":1001",
			      "'plan.repeat' is out of range");
	assert_change_refused(run, "\"counters\":[", "\"counters\":[5,",
			      "counters[0]");
	assert_change_refused("{\"type\":\"round\"", "{\"type\":\"round\"",
			      "{\"type\":\"run\"", "second run");
}

static void histograms_that_do_not_add_up_are_refused(void **state)
{
	static const char timing[] = "\"pass\":\"timing\"";

	(void)state;
	assert_change_refused(timing, "\"count\":", "\"count\":1", "sum to");
	assert_change_refused(timing, "\"histogram\":[",
			      "\"histogram\":[[4096,1],", "ascending");
	assert_change_refused(timing, "\"histogram\":[",
			      "\"histogram\":[[-1,1],", "ascending");
	assert_change_refused(timing, "\"histogram\":[",
			      "\"histogram\":[[4095,1],", "ascending");
	assert_change_refused(timing, "\"histogram\":[",
			      "\"histogram\":[[0,0],", "ascending");
	assert_change_refused(timing, "\"histogram\":[", "\"histogram\":[7,",
			      "ascending");
}

static void a_sample_that_stands_twice_is_refused(void **state)
{
	char *start = strstr(text, "{\"type\":\"sample\"");
	size_t line = strcspn(start, "\n") + 1;
	char *changed = malloc(size + line);

	(void)state;
	assert_non_null(changed);
	memcpy(changed, text, size);
	memcpy(changed + size, start, line);
	assert_refused(changed, size + line, -EBADMSG,
		       "cell 0 in checking round 0 stands twice");
	free(changed);
}

static void lines_are_limited_in_length(void **state)
{
	size_t length = LINES_BYTES_MAX + 2, first = strcspn(text, "\n") + 1;
	char *changed = malloc(first + length + 1);

	(void)state;
	assert_non_null(changed);
	memcpy(changed, text, first);
	memset(changed + first, ' ', length);
	assert_refused(changed, first + length, -EMSGSIZE, "line 2 is longer");
	changed[first + length] = '\n';
	assert_refused(changed, first + length + 1, -EMSGSIZE,
		       "line 2 is longer");
	memset(changed, 'x', length);
	assert_refused(changed, length, -EMSGSIZE, "line 1 is longer");
	free(changed);
}

/* Bits anywhere, or characters of numbers only, which stay JSON more often. */
static void damage(char *changed, struct random *random, bool numbers)
{
	static const char instead[] = "0123456789-.e,";
	size_t at = random_below(random, size);

	if (!numbers)
		changed[at] ^= (char)(1 << random_below(random, 8));
	else if (changed[at] >= '0' && changed[at] <= '9')
		changed[at] = instead[random_below(random, 14)];
}

/* Whatever the bytes are: read or refused with a sentence, and no more. */
static void flipped_bytes_never_do_more_than_refuse(void **state)
{
	struct random random = {20140425};
	unsigned int refused = 0;
	char *changed = malloc(size);

	(void)state;
	assert_non_null(changed);
	for (int i = 0; i < FLIPS; i++) {
		memcpy(changed, text, size);
		for (uint64_t j = 0; j <= random_below(&random, 4); j++)
			damage(changed, &random, i % 2);
		assert_int_equal(example_put(path, changed, size), 0);
		if (read_now() != 0) {
			refused++;
			assert_int_not_equal(why[0], 0);
		}
	}
	free(changed);
	assert_true(refused > FLIPS / 10 && refused < FLIPS);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, make_example, remove_example)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_that_is_torn_anywhere_in_its_last_line_is_read),
		TEST(a_file_that_is_torn_in_a_sample_lacks_that_sample),
		TEST(what_is_not_ours_is_refused),
		TEST(later_formats_are_refused_and_named),
		TEST(unknown_fields_and_lines_are_ignored),
		TEST(garbage_between_lines_is_refused_with_its_number),
		TEST(fields_of_the_wrong_kind_are_refused_by_name),
		TEST(plans_that_do_not_hold_together_are_refused),
		TEST(histograms_that_do_not_add_up_are_refused),
		TEST(a_sample_that_stands_twice_is_refused),
		TEST(lines_are_limited_in_length),
		TEST(flipped_bytes_never_do_more_than_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
