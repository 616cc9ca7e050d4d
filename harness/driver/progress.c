/* progress - how far a run is and when it will end, to stderr. */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <regrow/recorder.h>

#include "common/units.h"
#include "driver/progress.h"

#define SHOW_EVERY_NS 100000000u
#define ETA_TEXT_SIZE 48

void progress_start(struct progress *progress, bool quiet, unsigned int rounds,
		    uint64_t budget_ns)
{
	progress->quiet = quiet;
	progress->terminal = isatty(STDERR_FILENO) == 1;
	progress->rounds = rounds;
	progress->budget_ns = budget_ns;
	progress->started_ns = clock_now_ns();
	progress->first_round_ns = progress->started_ns;
	progress->shown_ns = 0;
}

static void line_clear(const struct progress *progress)
{
	if (progress->terminal && !progress->quiet)
		fputs("\r\033[K", stderr);
}

/* Time to the end, from the rounds done; 0 where nothing is known yet. */
static uint64_t eta_ns(const struct progress *progress, unsigned int done)
{
	uint64_t now_ns = clock_now_ns();
	uint64_t spent_ns = now_ns - progress->started_ns;

	if (progress->rounds == 0)
		return progress->budget_ns > spent_ns
			       ? progress->budget_ns - spent_ns
			       : 0;
	if (done == 0 || done >= progress->rounds)
		return 0;
	return (now_ns - progress->first_round_ns) / done *
	       (progress->rounds - done);
}

/* ", 41 s left"; "" where it is not known, or nothing is. */
static const char *eta_text(const struct progress *progress, unsigned int done,
			    char text[ETA_TEXT_SIZE])
{
	uint64_t left_ns = eta_ns(progress, done);
	char time[UNITS_TEXT_SIZE];

	text[0] = '\0';
	if (left_ns)
		snprintf(text, ETA_TEXT_SIZE, ", %s left",
			 units_read_time((double)left_ns, time));
	return text;
}

void progress_sample(struct progress *progress, bool checking,
		     unsigned int round, const char *workload,
		     const char *allocator)
{
	uint64_t now_ns = clock_now_ns();
	char eta[ETA_TEXT_SIZE];
	char of[16] = "";

	if (progress->quiet || !progress->terminal ||
	    now_ns - progress->shown_ns < SHOW_EVERY_NS)
		return;
	progress->shown_ns = now_ns;
	if (progress->rounds)
		snprintf(of, sizeof(of), " of %u", progress->rounds);
	line_clear(progress);
	if (checking)
		fprintf(stderr, "checking pass: %.24s %.40s", workload,
			allocator);
	else
		fprintf(stderr, "round %u%s%s: %.24s %.32s", round + 1, of,
			eta_text(progress, round, eta), workload, allocator);
	fflush(stderr);
}

void progress_round(struct progress *progress, bool checking, unsigned int done)
{
	char spent[UNITS_TEXT_SIZE];
	char eta[ETA_TEXT_SIZE];
	uint64_t now_ns = clock_now_ns();

	if (checking)
		progress->first_round_ns = now_ns;
	if (progress->quiet || progress->terminal)
		return;
	units_read_time((double)(now_ns - progress->started_ns), spent);
	if (checking)
		fprintf(stderr, "regrow: checking pass done after %s\n", spent);
	else
		fprintf(stderr, "regrow: round %u done after %s%s\n", done,
			spent, eta_text(progress, done, eta));
}

void progress_note(struct progress *progress, const char *format, ...)
{
	va_list arguments;

	if (progress->quiet)
		return;
	line_clear(progress);
	fputs("regrow: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

void progress_end(struct progress *progress)
{
	line_clear(progress);
	fflush(stderr);
}
