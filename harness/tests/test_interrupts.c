/* test_interrupts - texts as /proc/interrupts is, and as it never is. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/interrupts.h"
#include "tests/scratch.h"

#define FOUR                                                                   \
	"            CPU0       CPU1       CPU2       CPU7       \n"           \
	"   0:         32          0          0          0   IO-APIC   2-edge" \
	"      timer\n"                                                        \
	" NMI:          1          2          3          4   Non-maskable\n"   \
	" TLB:       1000         20          3 4294967295   TLB shootdowns\n" \
	" ERR:          0\n"                                                   \
	" MIS:          0\n"

static int64_t parse_in_pieces(const char *text, size_t piece)
{
	size_t size = strlen(text);
	struct interrupts parser;

	interrupts_start(&parser, "TLB");
	for (size_t at = 0; at < size; at += piece)
		interrupts_feed(&parser, text + at,
				piece < size - at ? piece : size - at);
	return interrupts_end(&parser);
}

static int64_t parse(const char *text)
{
	return parse_in_pieces(text, strlen(text) + 1);
}

static void a_row_is_summed_over_the_cpus(void **state)
{
	(void)state;
	assert_int_equal(parse(FOUR), 1000 + 20 + 3 + 4294967295);
	assert_int_equal(parse(" CPU0\nTLB: 7 TLB shootdowns\n"), 7);
	assert_int_equal(parse(" CPU0\nTLB: 7\n"), 7);
}

static void the_text_may_come_in_pieces_of_any_size(void **state)
{
	(void)state;
	for (size_t piece = 1; piece <= sizeof(FOUR); piece++)
		assert_int_equal(parse_in_pieces(FOUR, piece), 4294968318);
}

static void a_missing_row_is_told_from_a_malformed_one(void **state)
{
	(void)state;
	assert_int_equal(parse(" CPU0 CPU1\n IPI0: 3 4 Rescheduling\n"),
			 -ENOENT);
	assert_int_equal(parse(" CPU0 CPU1\n"), -ENOENT);
	/* What only looks like it, and what is named so elsewhere. */
	assert_int_equal(parse(" CPU0\n TLBX: 1 a\n XTLB: 1 a\n TL: 1\n"
			       " 9: 1 TLB: 5\n TLB 5\n"),
			 -ENOENT);
}

static void hostile_text_is_refused(void **state)
{
	(void)state;
	assert_int_equal(parse(""), -EINVAL);
	assert_int_equal(parse("\n"), -EINVAL);
	assert_int_equal(parse("TLB: 1 2\n"), -EINVAL);
	assert_int_equal(parse(" CPU\nTLB: 1\n"), -EINVAL);
	assert_int_equal(parse(" CPU0x\nTLB: 1\n"), -EINVAL);
	/* Fewer numbers than CPUs, and what is none. */
	assert_int_equal(parse(" CPU0 CPU1\nTLB: 1\n"), -EINVAL);
	assert_int_equal(parse(" CPU0 CPU1\nTLB: 1 TLB shootdowns\n"), -EINVAL);
	assert_int_equal(parse(" CPU0\nTLB: -1\n"), -EINVAL);
	assert_int_equal(parse(" CPU0\nTLB: 1x\n"), -EINVAL);
	assert_int_equal(parse(" CPU0\nTLB: 0x1\n"), -EINVAL);
	assert_int_equal(parse(" CPU0\nTLB:\n"), -EINVAL);
	/* Twice, cut, or larger than any count. */
	assert_int_equal(parse(" CPU0\nTLB: 1\nTLB: 1\n"), -EINVAL);
	assert_int_equal(parse(" CPU0\nTLB: 1"), -EINVAL);
	assert_int_equal(parse(" CPU0 CPU1\nTLB: 1 "), -EINVAL);
	assert_int_equal(parse(" CPU0\nTLB: 99999999999999999999\n"), -EINVAL);
	assert_int_equal(parse(" CPU0\nTLB: 9223372036854775808\n"), -EINVAL);
	assert_int_equal(parse(" CPU0 CPU1\nTLB: 18446744073709551615 2\n"),
			 -EINVAL);
	assert_int_equal(parse(" CPU0\nTLB: 0000000000000000000000000001\n"),
			 -EINVAL);
	assert_int_equal(parse(" CPU0CPU0CPU0CPU0CPU0CPU0CPU0CPU0\nTLB: 1\n"),
			 -EINVAL);
}

static void a_file_is_read_from_its_start_each_time(void **state)
{
	char root[64], path[128];
	int fd;

	(void)state;
	scratch_open(root);
	scratch_write(root, "/proc/interrupts", FOUR);
	snprintf(path, sizeof(path), "%s/proc/interrupts", root);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(interrupts_read(fd, "TLB"), 4294968318);
	assert_int_equal(interrupts_read(fd, "NMI"), 10);
	assert_int_equal(interrupts_read(fd, "LOC"), -ENOENT);
	close(fd);
	assert_int_equal(interrupts_read(-1, "TLB"), -EBADF);
	scratch_close(root);
}

static void this_system_has_the_row_or_not(void **state)
{
	int fd = open("/proc/interrupts", O_RDONLY);
	int64_t count;

	(void)state;
	if (fd < 0)
		skip();
	count = interrupts_read(fd, "TLB");
	close(fd);
#ifdef __x86_64__
	assert_true(count >= 0);
#else
	assert_int_not_equal(count, -EINVAL);
#endif
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_row_is_summed_over_the_cpus),
		TEST(the_text_may_come_in_pieces_of_any_size),
		TEST(a_missing_row_is_told_from_a_malformed_one),
		TEST(hostile_text_is_refused),
		TEST(a_file_is_read_from_its_start_each_time),
		TEST(this_system_has_the_row_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
