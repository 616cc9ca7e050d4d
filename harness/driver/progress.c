/* progress - how far a run is and when it will end, to stderr. */
#include <math.h>
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
	progress->rounds_likely = 0;
	progress->shown_ns = 0;
}

static void line_clear(const struct progress *progress)
{
	if (progress->terminal && !progress->quiet)
		fputs("\r\033[K", stderr);
}

/* Time for the rounds that are left of so many; 0: nothing is known yet. */
static uint64_t rounds_left_ns(const struct progress *progress,
			       unsigned int rounds, unsigned int done)
{
	if (done == 0 || done >= rounds)
		return 0;
	return (clock_now_ns() - progress->first_round_ns) / done *
	       (rounds - done);
}

/* Time to the end, from the rounds done; 0 where nothing is known yet. */
static uint64_t eta_ns(const struct progress *progress, unsigned int done)
{
	uint64_t spent_ns = clock_now_ns() - progress->started_ns;
	uint64_t budget_ns = progress->budget_ns > spent_ns
				     ? progress->budget_ns - spent_ns
				     : 0;
	uint64_t likely_ns;

	if (progress->rounds > 0)
		return rounds_left_ns(progress, progress->rounds, done);
	likely_ns = rounds_left_ns(progress, progress->rounds_likely, done);
	return likely_ns > 0 && likely_ns < budget_ns ? likely_ns : budget_ns;
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

void progress_sample(struct progress *progress, enum pass pass,
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
	if (pass == PASS_PILOT)
		fprintf(stderr, "pilot: %.24s %.40s", workload, allocator);
	else if (pass == PASS_CHECKING)
		fprintf(stderr, "checking pass: %.24s %.40s", workload,
			allocator);
	else
		fprintf(stderr, "round %u%s%s: %.24s %.32s", round + 1, of,
			eta_text(progress, round, eta), workload, allocator);
	fflush(stderr);
}

void progress_round(struct progress *progress, enum pass pass,
		    unsigned int done, double width)
{
	char spent[UNITS_TEXT_SIZE];
	char eta[ETA_TEXT_SIZE];
	char narrow[32] = "";
	uint64_t now_ns = clock_now_ns();

	if (pass != PASS_TIMING)
		progress->first_round_ns = now_ns;
	if (progress->quiet || progress->terminal)
		return;
	units_read_time((double)(now_ns - progress->started_ns), spent);
	if (isfinite(width) && width > 0)
		snprintf(narrow, sizeof(narrow), ", within %.2g %%",
			 100 * width);
	if (pass != PASS_TIMING)
		fprintf(stderr, "regrow: %s done after %s\n",
			pass == PASS_PILOT ? "pilot" : "checking pass", spent);
	else
		fprintf(stderr, "regrow: round %u done after %s%s%s\n", done,
			spent, narrow, eta_text(progress, done, eta));
}

void progress_expect(struct progress *progress, unsigned int rounds)
{
	progress->rounds_likely = rounds;
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
