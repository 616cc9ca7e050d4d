/* evidence - numbers out of results files that claims are judged by. */
#include "driver/evidence.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "driver/cells.h"
#include "driver/names.h"

bool evidence_workload(const struct results_group *group, const char *workload,
		       struct workload_spec *spec)
{
	char why[128];

	return !group->skipped &&
	       spec_parse_workload(group->workload, spec, why, sizeof(why)) ==
		       0 &&
	       strcmp(spec->workload->name, workload) == 0;
}

uint64_t evidence_number(const struct workload_spec *spec, const char *option)
{
	unsigned int place;

	if (!spec_find_option(spec->workload->options, option, &place))
		return 0;
	return spec->values[place].number;
}

const char *evidence_text(const struct workload_spec *spec, const char *option)
{
	unsigned int place;

	if (!spec_find_option(spec->workload->options, option, &place) ||
	    !spec->values[place].text)
		return "";
	return spec->values[place].text;
}

void evidence_growth_text(const char *rule, uint64_t bytes, char *text,
			  size_t size)
{
	char end[UNITS_TEXT_SIZE];

	snprintf(text, size, "%s%s to %s",
		 rule[0] >= '0' && rule[0] <= '9' ? "x" : "", rule,
		 units_exact_size(bytes, end));
}

const struct results_cell *evidence_cell(const struct results_file *file,
					 const struct results_group *group,
					 const char *allocator)
{
	static struct allocator_spec spec;
	char why[128];

	if (spec_parse_allocator(allocator, &spec, why, sizeof(why)) != 0)
		return NULL;
	for (unsigned int i = 0; i < file->cells_count; i++) {
		const struct results_cell *cell = &file->cells[i];

		if (cell->group == group && !cell->skipped &&
		    (cell->role == ROLE_REFERENCE || cell->role == ROLE_ROW) &&
		    strcmp(cell->allocator, spec.canonical) == 0)
			return cell;
	}
	return NULL;
}

/* Values one after the other; whether they repeat. */
struct repeats {
	size_t count;
	int64_t first;
	bool equal;
};

static void repeats_add(struct repeats *repeats, int64_t value)
{
	if (repeats->count++ == 0)
		repeats->first = value;
	repeats->equal = repeats->count == 1
				 ? value != FIGURE_ABSENT
				 : repeats->equal && value == repeats->first;
}

static bool repeats_end(const struct repeats *repeats, int64_t *value)
{
	*value = repeats->count ? repeats->first : FIGURE_ABSENT;
	return repeats->count >= EVIDENCE_REPEATS && repeats->equal;
}

static bool is_counted(const struct results_sample *sample)
{
	return sample->valid && sample->pass != PASS_PILOT;
}

bool evidence_count(const struct results_cell *cell, enum figure_index figure,
		    int64_t *value)
{
	struct repeats repeats = {0};

	for (size_t i = 0; i < cell->samples_count; i++)
		if (is_counted(&cell->samples[i]))
			repeats_add(&repeats, cell->samples[i].values[figure]);
	return repeats_end(&repeats, value);
}

bool evidence_own(const struct results_cell *cell, const char *name,
		  int64_t *value)
{
	struct repeats repeats = {0};
	int place = names_find((const char *const *)cell->file->own_names,
			       cell->file->own_names_count, name);

	for (size_t i = 0; i < cell->samples_count; i++)
		if (is_counted(&cell->samples[i]))
			repeats_add(&repeats,
				    place < 0
					    ? FIGURE_ABSENT
					    : results_own(&cell->samples[i],
							  (unsigned int)place));
	return repeats_end(&repeats, value);
}

int evidence_ratio(const struct results_cell *of, const struct results_cell *to,
		   double level, struct row_ratio *ratio)
{
	size_t room = of->samples_count < to->samples_count ? of->samples_count
							    : to->samples_count;
	enum figure_index clock =
		of->group->clock == CLOCK_CPU ? FIGURE_CPU_NS : FIGURE_WALL_NS;
	double *values = calloc(3 * room + 1, sizeof(*values));
	size_t count;

	*ratio = (struct row_ratio){.median = NAN, .p = NAN};
	if (!values)
		return -ENOMEM;
	count = results_pair_values(of, to, PASS_TIMING, clock, values,
				    values + room);
	ratio->median = stats_paired_ratio(values, values + room, count, level,
					   values + 2 * room, &ratio->interval,
					   &ratio->pairs);
	free(values);
	return 0;
}

/* How far from 1 an interval reaches at most, as a logarithm. */
static double reach(const struct interval *interval)
{
	return fmax(fabs(log(interval->low)), fabs(log(interval->high)));
}

bool evidence_credible(const struct table_group *group,
		       const struct row_ratio *ratio)
{
	double noise = 0, nearest;
	bool planted = false;

	for (unsigned int i = 0; i < group->rows_count; i++) {
		const struct table_row *row = &group->rows[i];

		if (row->cell->role != ROLE_TWIN &&
		    row->cell->role != ROLE_PLANTED)
			continue;
		if (!(row->ratio.interval.level > 0))
			return false;
		noise = fmax(noise, reach(&row->ratio.interval));
		if (row->cell->role != ROLE_PLANTED)
			continue;
		planted = true;
		if (row->cell->planted_percent == CELLS_PLANTED_PERCENT &&
		    table_finds(row))
			return true;
	}
	if (!planted || !(ratio->interval.level > 0) ||
	    (ratio->interval.low <= 1 && ratio->interval.high >= 1))
		return false;
	nearest = fmin(fabs(log(ratio->interval.low)),
		       fabs(log(ratio->interval.high)));
	return nearest > noise;
}

/* The sum of some figures of a sample; NaN: it lacks one. */
static double sum_of(const struct results_sample *sample,
		     const enum figure_index *list, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (sample->values[list[i]] == FIGURE_ABSENT)
			return NAN;
		sum += (double)sample->values[list[i]];
	}
	return sum;
}

int evidence_share(const struct results_cell *cell,
		   const enum figure_index *part, size_t part_count,
		   const enum figure_index *rest, size_t rest_count,
		   double level, struct evidence_share *share)
{
	double *values = calloc(cell->samples_count + 1, sizeof(*values));

	*share = (struct evidence_share){.median = NAN};
	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < cell->samples_count; i++) {
		const struct results_sample *sample = &cell->samples[i];
		double some = sum_of(sample, part, part_count);
		double all = some + sum_of(sample, rest, rest_count);

		if (sample->valid && sample->pass == PASS_TIMING && all > 0)
			values[share->rounds++] = some / all;
	}
	stats_sort(values, share->rounds);
	share->median = stats_median(values, share->rounds);
	share->interval = stats_median_interval(values, share->rounds, level);
	free(values);
	return 0;
}
