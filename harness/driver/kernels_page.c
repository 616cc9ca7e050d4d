/* kernels_page - how a comparison of kernels says its numbers. */
#include "driver/kernels_page.h"

#include <inttypes.h>
#include <math.h>

#include "driver/figures.h"

void kernels_text_instructions(double count, char *text)
{
	if (isfinite(count) && fabs(count) < 999.5)
		snprintf(text, GRID_TEXT_MAX, "%.4g", count);
	else
		printout_count(count, text);
}

void kernels_text_change(const struct kernels_page *page,
			 const struct kernels_change *change, char *text)
{
	const char *range = style_range(page->out.printout.style);

	if (!isfinite(change->ratio))
		snprintf(text, GRID_TEXT_MAX, "-");
	else if (change->ratio >= 3 || change->ratio <= 1.0 / 3)
		snprintf(text, GRID_TEXT_MAX, "x%.3g (%.3g%s%.3g)",
			 change->ratio, change->interval.low, range,
			 change->interval.high);
	else
		snprintf(text, GRID_TEXT_MAX, "%+.1f %% (%+.1f%s%+.1f)",
			 100 * (change->ratio - 1),
			 100 * (change->interval.low - 1), range,
			 100 * (change->interval.high - 1));
}

void kernels_text_count(int64_t count, char *text)
{
	if (count == FIGURE_ABSENT)
		snprintf(text, GRID_TEXT_MAX, "-");
	else
		snprintf(text, GRID_TEXT_MAX, "%" PRId64, count);
}
