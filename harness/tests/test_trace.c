/* test_trace - the record of a program's allocation calls, whole and damaged. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "tests/traces.h"

static const struct trace_event events[] = {
	{.kind = TRACE_ALLOC, .thread = 0, .block = 0, .size = 1, .ns = 5},
	{.kind = TRACE_ALLOC, .thread = 1, .block = 1, .size = 127, .ns = 0},
	{.kind = TRACE_RESIZE, .thread = 1, .block = 0, .size = 128, .ns = 300},
	{.kind = TRACE_FREE, .thread = 0, .block = 1, .ns = 1000000000000u},
	{.kind = TRACE_ALLOC_ALIGNED,
	 .thread = 2,
	 .block = 1,
	 .size = TRACE_SIZE_MAX,
	 .alignment = 1u << 21},
	{.kind = TRACE_RESIZE, .thread = 2, .block = 1, .size = 0, .ns = 1},
	{.kind = TRACE_FREE, .thread = 2, .block = 0, .ns = 20},
};
#define EVENTS_COUNT (sizeof(events) / sizeof(events[0]))

static struct made_trace made;

static int make_trace(void **state)
{
	(void)state;
	made_head(&made, 131072, 4096);
	for (size_t i = 0; i < EVENTS_COUNT; i++)
		made_event(&made, events[i]);
	made_end(&made);
	return 0;
}

/* From memory of that very size, so that a sanitizer sees a read beyond it. */
static int decode(const unsigned char *bytes, size_t size,
		  struct trace_decoder *decoder)
{
	unsigned char *copy = malloc(size ? size : 1);
	struct trace_event event;
	struct trace_head head;
	int status;

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	status = trace_open(decoder, copy, size, &head);
	while (status == 0 && (status = trace_next(decoder, &event)) > 0) {
		assert_in_range(event.kind, TRACE_ALLOC, TRACE_FREE);
		assert_true(event.thread < decoder->threads);
		assert_true(event.block < decoder->blocks);
		assert_true(event.size <= TRACE_SIZE_MAX);
		status = 0;
	}
	free(copy);
	return status;
}

static void a_trace_reads_back_as_it_was_written(void **state)
{
	struct trace_decoder decoder;
	struct trace_event event;
	struct trace_head head;

	(void)state;
	assert_int_equal(trace_open(&decoder, made.bytes, made.size, &head), 0);
	assert_int_equal(head.page_size, 4096);
	assert_int_equal(head.start_ns, 1700000000000000000u);
	assert_int_equal(head.from, 131072);
	assert_int_equal(head.floor, 4096);
	assert_int_equal(head.regrow.length, 8);
	assert_memory_equal(head.regrow.bytes, "1.0-test", 8);
	assert_memory_equal(head.allocator.bytes, "mremap-maymove", 14);
	assert_int_equal(head.command.length, 14);
	assert_memory_equal(head.command.bytes, "python3 -c 'x'", 14);
	for (size_t i = 0; i < EVENTS_COUNT; i++) {
		assert_int_equal(trace_next(&decoder, &event), 1);
		assert_int_equal(event.kind, events[i].kind);
		assert_int_equal(event.thread, events[i].thread);
		assert_int_equal(event.block, events[i].block);
		assert_int_equal(event.size, events[i].size);
		assert_int_equal(event.alignment, events[i].alignment);
		assert_int_equal(event.ns, events[i].ns);
	}
	assert_int_equal(trace_next(&decoder, &event), 0);
	assert_true(decoder.ended);
	assert_int_equal(decoder.events, EVENTS_COUNT);
	assert_int_equal(decoder.threads, 3);
	assert_int_equal(decoder.blocks, 2);
	assert_int_equal(decoder.time_ns, 1000000000326u);
	/* And stays there. */
	assert_int_equal(trace_next(&decoder, &event), 0);
}

static void
every_truncation_is_an_error_or_a_trace_without_its_end(void **state)
{
	struct trace_decoder decoder;
	unsigned int without_end = 0;

	(void)state;
	for (size_t size = 0; size < made.size; size++) {
		int status = decode(made.bytes, size, &decoder);

		assert_false(decoder.ended);
		if (status == 0)
			without_end++;
		else
			assert_non_null(decoder.error);
	}
	/* Behind the head, and behind each event. */
	assert_int_equal(without_end, EVENTS_COUNT + 1);
}

static void a_damaged_byte_is_never_read_past_the_end_or_bounds(void **state)
{
	static unsigned char bytes[TRACE_BYTES_MAX];
	struct trace_decoder decoder;
	unsigned int refused = 0;

	(void)state;
	memcpy(bytes, made.bytes, made.size);
	for (size_t i = 0; i < made.size; i++) {
		for (unsigned int value = 1; value < 256; value++) {
			bytes[i] = (unsigned char)(made.bytes[i] ^ value);
			refused += decode(bytes, made.size, &decoder) != 0;
		}
		bytes[i] = made.bytes[i];
	}
	/* What a checksum must find is what is another valid trace. */
	assert_true(refused > made.size * 255 / 3);
}

static void nothing_may_follow_the_end(void **state)
{
	struct trace_decoder decoder;

	(void)state;
	assert_int_equal(decode(made.bytes, made.size + 1, &decoder), -EBADMSG);
	assert_string_equal(decoder.error, "something follows it");
}

static void an_end_that_counts_other_events_is_refused(void **state)
{
	static struct made_trace trace;
	struct trace_decoder decoder;

	(void)state;
	made_head(&trace, 0, 0);
	made_event(&trace, events[0]);
	trace.encoder.events++;
	made_end(&trace);
	assert_int_equal(decode(trace.bytes, trace.size, &decoder), -EBADMSG);
	assert_int_equal(decoder.events, 1);
}

static void expect_refused(struct trace_event event, const char *error)
{
	static struct made_trace trace;
	struct trace_decoder decoder;

	made_head(&trace, 0, 0);
	made_event(&trace, events[0]);
	made_event(&trace, event);
	made_end(&trace);
	assert_int_equal(decode(trace.bytes, trace.size, &decoder), -EBADMSG);
	assert_string_equal(decoder.error, error);
	assert_int_equal(decoder.events, 1);
}

static void an_event_out_of_bounds_is_refused_by_its_number(void **state)
{
	static const char bounds[] = "a number is out of bounds";

	(void)state;
	/* Block 1 is the next; thread 1, too. */
	expect_refused((struct trace_event){.kind = TRACE_ALLOC, .block = 2},
		       bounds);
	expect_refused((struct trace_event){.kind = TRACE_RESIZE, .block = 1},
		       bounds);
	expect_refused((struct trace_event){.kind = TRACE_FREE, .block = 1},
		       bounds);
	expect_refused((struct trace_event){.kind = TRACE_ALLOC,
					    .thread = 2,
					    .block = 1},
		       bounds);
	expect_refused((struct trace_event){.kind = TRACE_ALLOC,
					    .block = 1,
					    .size = TRACE_SIZE_MAX + 1},
		       bounds);
	expect_refused((struct trace_event){.kind = TRACE_ALLOC,
					    .block = 1,
					    .ns = TRACE_TIME_MAX},
		       bounds);
	expect_refused((struct trace_event){.kind = TRACE_ALLOC_ALIGNED,
					    .block = 1,
					    .alignment = (uint64_t)1 << 41},
		       bounds);
	expect_refused((struct trace_event){.kind = TRACE_ALLOC_ALIGNED,
					    .block = 1,
					    .alignment = 16},
		       "it is not aligned");
	expect_refused((struct trace_event){.kind = TRACE_END, .block = 3},
		       "events are missing before it");
	expect_refused((struct trace_event){.kind = 6, .block = 1},
		       "it is of no known kind");
}

static void numbers_have_one_spelling_each(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		uint64_t number;
		bool good;
	} cases[] = {
		{"\x00", 1, 0, true},
		{"\x7f", 1, 127, true},
		{"\x80\x01", 2, 128, true},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, UINT64_MAX,
		 true},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, 0, false},
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11, 0, false},
		{"\x80\x00", 2, 0, false},
		{"\x80", 1, 0, false},
		{"", 0, 0, false},
	};
	unsigned char out[10];
	uint64_t number;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct trace_decoder decoder = {
			.bytes = (const unsigned char *)cases[i].bytes,
			.size = cases[i].size,
		};
		int status = trace_get_number(&decoder, UINT64_MAX, &number);

		assert_int_equal(status, cases[i].good ? 0 : -EBADMSG);
		if (!cases[i].good)
			continue;
		assert_int_equal(number, cases[i].number);
		assert_int_equal(trace_put_number(out, number), cases[i].size);
		assert_memory_equal(out, cases[i].bytes, cases[i].size);
	}
}

static void a_text_is_cut_and_made_printable(void **state)
{
	static unsigned char out[TRACE_HEAD_BYTES_MAX];
	static const char odd[] = {'\n', '\x7f', '\x80', ' ', '~'};
	static char text[5000];
	struct trace_decoder decoder;
	struct trace_head head = {
		.page_size = UINT64_MAX,
		.start_ns = UINT64_MAX,
		.from = UINT64_MAX,
		.floor = UINT64_MAX,
		.regrow = {text, sizeof(text)},
		.allocator = {text, sizeof(text)},
		.command = {text, sizeof(text)},
	};

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, odd, sizeof(odd));
	assert_true(trace_put_head(out, &head) <= sizeof(out));
	head = (struct trace_head){.command = {text, sizeof(text)}};
	assert_int_equal(
		trace_open(&decoder, out, trace_put_head(out, &head), &head),
		0);
	assert_int_equal(head.command.length, TRACE_TEXT_MAX);
	assert_memory_equal(head.command.bytes, "??? ~a", 6);
}

static void no_event_is_longer_than_is_promised(void **state)
{
	struct trace_encoder encoder = {0};
	const struct trace_event event = {
		.kind = TRACE_ALLOC_ALIGNED,
		.thread = UINT32_MAX,
		.block = UINT32_MAX,
		.size = UINT64_MAX,
		.alignment = (uint64_t)1 << 63,
		.ns = UINT64_MAX,
	};
	unsigned char out[2 * TRACE_EVENT_BYTES_MAX];

	(void)state;
	assert_true(trace_put_event(&encoder, out, &event) <=
		    TRACE_EVENT_BYTES_MAX);
	encoder.events = UINT64_MAX;
	assert_true(trace_put_end(&encoder, out, UINT64_MAX) <=
		    TRACE_EVENT_BYTES_MAX);
}

static void what_is_no_trace_is_called_so(void **state)
{
	struct trace_decoder decoder;

	(void)state;
	assert_int_equal(decode((const unsigned char *)"\x7f"
						       "ELF",
				4, &decoder),
			 -EBADMSG);
	assert_string_equal(decoder.error, "it is no trace of regrow's");
	made.bytes[8]++;
	assert_int_equal(decode(made.bytes, made.size, &decoder), -EBADMSG);
	assert_string_equal(decoder.error,
			    "its version is not known to this regrow");
	made.bytes[8]--;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_trace_reads_back_as_it_was_written),
		cmocka_unit_test(
			every_truncation_is_an_error_or_a_trace_without_its_end),
		cmocka_unit_test(
			a_damaged_byte_is_never_read_past_the_end_or_bounds),
		cmocka_unit_test(nothing_may_follow_the_end),
		cmocka_unit_test(an_end_that_counts_other_events_is_refused),
		cmocka_unit_test(
			an_event_out_of_bounds_is_refused_by_its_number),
		cmocka_unit_test(numbers_have_one_spelling_each),
		cmocka_unit_test(a_text_is_cut_and_made_printable),
		cmocka_unit_test(no_event_is_longer_than_is_promised),
		cmocka_unit_test(what_is_no_trace_is_called_so),
	};

	return cmocka_run_group_tests(tests, make_trace, NULL);
}
