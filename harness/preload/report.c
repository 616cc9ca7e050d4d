/* report - the line of JSON that a process leaves at its end. */
#include "preload/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "driver/names.h"

struct report_line {
	char *text;
	size_t used;
};

/* Nothing of a line is longer than REPORT_SIZE allows; a test fills it. */
__attribute__((format(printf, 2, 3))) static void
report_add(struct report_line *line, const char *format, ...)
{
	size_t room = REPORT_SIZE - line->used;
	va_list arguments;
	int more;

	va_start(arguments, format);
	more = vsnprintf(line->text + line->used, room, format, arguments);
	va_end(arguments);
	if (more > 0)
		line->used += (size_t)more < room ? (size_t)more : room - 1;
}

/* At most 255 bytes; those that JSON or UTF-8 might not like are a ?. */
static void report_text(struct report_line *line, const char *name,
			const char *text)
{
	size_t i;

	report_add(line, ",\"%s\":\"", name);
	for (i = 0; text[i] && i < 255; i++) {
		char byte = text[i];

		if (byte < ' ' || byte > '~' || byte == '"' || byte == '\\')
			byte = '?';
		report_add(line, "%c", byte);
	}
	report_add(line, "\"");
}

/* A group begins with no comma, and so does its first count. */
static void report_group(struct report_line *line, const char *name)
{
	report_add(line, ",\"%s\":{", name);
}

static void report_end(struct report_line *line)
{
	if (line->text[line->used - 1] == ',')
		line->used--;
	report_add(line, "}");
}

static void report_count(struct report_line *line, const char *name,
			 uint64_t count)
{
	report_add(line, "\"%s\":%" PRIu64 ",", name, count);
}

static void report_served(struct report_line *line, const struct served *served,
			  const struct serve_live *live)
{
	report_group(line, "served");
	report_count(line, "allocs", served->allocs);
	report_count(line, "allocs_failed", served->allocs_failed);
	report_count(line, "frees", served->frees);
	report_count(line, "shrinks", served->shrinks);
	report_count(line, "shrinks_copied", served->shrinks_copied);
	report_count(line, "shrinks_refused", served->shrinks_refused);
	report_count(line, "entered", served->entered);
	report_count(line, "entered_bytes", served->entered_bytes);
	report_count(line, "left", served->left);
	report_count(line, "left_bytes", served->left_bytes);
	report_count(line, "aligned_passed", served->aligned_passed);
	report_count(line, "live_blocks", live->blocks);
	report_count(line, "live_bytes", live->bytes);
	report_count(line, "live_bytes_max", live->bytes_max);
	report_end(line);
}

static void report_tally(struct report_line *line, const struct tally *tally)
{
	char text[ERRNO_TEXT_SIZE];
	int i;

	report_group(line, "outcomes");
	for (i = 0; i < OUTCOME_COUNT; i++)
		report_count(line, outcome_names[i], tally->growths[i]);
	report_end(line);
	report_add(line, ",");
	report_count(line, "bytes_copied", tally->bytes_copied);
	report_count(line, "bytes_moved", tally->bytes_moved);
	line->used--;
	report_group(line, "moves");
	for (i = 0; i < MOVE_PHASE_COUNT; i++)
		report_count(line, move_phase_names[i], tally->moves[i]);
	for (i = 0; i < MOVE_PHASE_COUNT; i++) {
		snprintf(text, sizeof(text), "%s_bytes", move_phase_names[i]);
		report_count(line, text, tally->moves_bytes[i]);
	}
	report_end(line);
	report_group(line, "destinations");
	report_count(line, "owned", tally->destinations_owned);
	report_count(line, "fresh", tally->destinations_fresh);
	report_end(line);
	report_group(line, "refills");
	for (i = 0; i < REFILL_COUNT; i++)
		report_count(line, refill_names[i], tally->refills[i]);
	report_end(line);
	report_group(line, "failed_calls");
	for (i = 0; i < TALLY_ERRNO_MAX; i++)
		if (tally->failed_calls[i])
			report_count(line, names_errno(i, text),
				     tally->failed_calls[i]);
	report_end(line);
}

size_t report_write(const struct report *report, char text[REPORT_SIZE])
{
	struct report_line line = {.text = text};

	report_add(&line, "{\"type\":\"preload\",\"format\":%d", REPORT_FORMAT);
	report_add(&line, ",\"pid\":%d,\"forked\":%s", (int)report->pid,
		   report->forked ? "true" : "false");
	report_text(&line, "program", report->program);
	if (report->allocator)
		report_text(&line, "allocator", report->allocator);
	report_add(&line, ",\"from_bytes\":%zu", report->from);
	report_served(&line, &report->served, &report->live);
	report_tally(&line, &report->tally);
	report_add(&line, "}\n");
	return line.used;
}
