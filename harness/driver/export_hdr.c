/* export_hdr - latencies as HdrHistogram's percentile text, which is plotted. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "driver/export.h"
#include "driver/export_text.h"
#include "driver/group_units.h"
#include "driver/names.h"
#include "driver/output.h"

#define TICKS_PER_HALF 5 /* rows while the distance to 100 % halves */

/* Microseconds, exact to the ns; instructions as they were counted. */
static double ns_per_unit(const struct results_file *file)
{
	return group_units_counts_instructions(file) ? 1 : 1000;
}

/* One bucket past the others holds what is too long for them. */
static uint64_t count_in(const struct histogram *histogram, unsigned int bucket)
{
	return bucket < HISTOGRAM_BUCKETS ? histogram->buckets[bucket]
					  : histogram->overflow;
}

static uint64_t count_of(const struct histogram *histogram)
{
	uint64_t count = 0;

	for (unsigned int i = 0; i <= HISTOGRAM_BUCKETS; i++)
		count += count_in(histogram, i);
	return count;
}

/* The longest latency that may have been in a bucket. */
static uint64_t longest_ns(const struct histogram *histogram,
			   unsigned int bucket)
{
	uint64_t ns = histogram_bucket_high_ns(bucket) - 1;

	return ns < histogram->max_ns ? ns : histogram->max_ns;
}

/*
 * As HdrHistogram's outputPercentileDistribution(5 ticks): 0, 10, ... 50, 55,
 * ... 75, 77.5 % and so on, until the last latency; then 100 %.
 */
static void put_rows(const struct histogram *histogram, uint64_t count,
		     double unit_ns, FILE *stream)
{
	uint64_t seen = 0;
	unsigned int bucket = 0;
	double value = 0;

	fprintf(stream, "%12s %14s %10s %14s\n\n", "Value", "Percentile",
		"TotalCount", "1/(1-Percentile)");
	for (int row = 0; seen < count; row++) {
		int tenths = 2 * TICKS_PER_HALF - row % TICKS_PER_HALF;
		int halvings = row / TICKS_PER_HALF;
		double left = ldexp((double)count * tenths / 10, -halvings);

		while (seen == 0 || (double)(count - seen) > left) {
			seen += count_in(histogram, bucket);
			value = (double)longest_ns(histogram, bucket++);
		}
		fprintf(stream, "%12.3f %2.12f %10" PRIu64 " %14.2f\n",
			value / unit_ns, 1 - ldexp(tenths / 10.0, -halvings),
			seen, ldexp(10.0 / tenths, halvings));
	}
	fprintf(stream, "%12.3f %2.12f %10" PRIu64 "\n", value / unit_ns, 1.0,
		seen);
}

static double middle_ns(const struct histogram *histogram, unsigned int bucket)
{
	uint64_t low = histogram_bucket_low_ns(bucket);
	uint64_t half = (histogram_bucket_high_ns(bucket) - low) / 2;

	if (bucket == HISTOGRAM_BUCKETS)
		return (double)histogram->max_ns;
	return (double)(low + half);
}

/* From the middles of the buckets; the overflow as if all were the longest. */
static double deviation_ns(const struct histogram *histogram, uint64_t count,
			   double mean_ns)
{
	double sum = 0;

	for (unsigned int i = 0; i <= HISTOGRAM_BUCKETS; i++) {
		double distance_ns = middle_ns(histogram, i) - mean_ns;

		sum += (double)count_in(histogram, i) * distance_ns *
		       distance_ns;
	}
	return sqrt(sum / (double)count);
}

static void put_footer(const struct histogram *histogram, uint64_t count,
		       double unit_ns, FILE *stream)
{
	double mean_ns = (double)histogram->sum_ns / (double)count;

	fprintf(stream,
		"#[Mean    = %12.3f, StdDeviation   = %12.3f]\n"
		"#[Max     = %12.3f, Total count    = %12" PRIu64 "]\n"
		"#[Buckets = %12d, SubBuckets     = %12d]\n",
		mean_ns / unit_ns,
		deviation_ns(histogram, count, mean_ns) / unit_ns,
		(double)histogram->max_ns / unit_ns, count,
		HISTOGRAM_BITS_MAX - 7, HISTOGRAM_EXACT);
}

static void put_heading(const struct results_cell *cell,
			enum operation operation, uint64_t overflow,
			FILE *stream)
{
	const struct results_file *file = cell->file;
	char text[EXPORT_LINE_SIZE], role[EXPORT_ROLE_SIZE];

	bool instructions = group_units_counts_instructions(file);

	fprintf(stream, "# %s in %s: %s", operation_names[operation],
		instructions ? "instructions" : "microseconds",
		export_line(cell->allocator, text));
	fprintf(stream, " (%s)\n# workload: ", export_role(cell, role));
	fprintf(stream, "%s", export_line(cell->group->workload, text));
	fprintf(stream, ", %s\n",
		names_mode(cell->group->thp, cell->group->layout));
	fprintf(stream, "# results: %s, cell %u%s\n",
		export_line(file->path, text), cell->index,
		file->ended ? "" : ", of a run that was interrupted");
	if (export_run_line(file, "label", text)[0] != 0)
		fprintf(stream, "# label: %s\n", text);
	if (overflow > 0)
		fprintf(stream,
			"# OVERFLOW: %" PRIu64 " of 2^%d %s or longer stand "
			"as the longest of them\n",
			overflow, HISTOGRAM_BITS_MAX,
			instructions ? "instructions" : "ns");
}

static void put_histogram(const struct results_cell *cell,
			  enum operation operation,
			  const struct histogram *histogram, uint64_t count,
			  FILE *stream)
{
	const double unit_ns = ns_per_unit(cell->file);

	put_heading(cell, operation, histogram->overflow, stream);
	put_rows(histogram, count, unit_ns, stream);
	put_footer(histogram, count, unit_ns, stream);
}

/* What is not safe in a file's name becomes _; cut where it is too long. */
static void put_safe(const char *text, char *out, size_t size)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+=.";
	size_t i;

	for (i = 0; text[i] != 0 && i + 1 < size; i++)
		out[i] = strchr(safe, text[i]) != NULL ? text[i] : '_';
	out[i] = 0;
}

/* The plotter takes the name of a file for the name of its line. */
static int write_file(const struct export *export,
		      const struct results_cell *cell, enum operation operation,
		      const struct histogram *histogram, uint64_t count)
{
	struct output output;
	char path[PATH_MAX], allocator[128], number[16] = "";
	char role[EXPORT_ROLE_SIZE];
	int error;

	put_safe(cell->allocator, allocator, sizeof(allocator));
	if (export->count > 1)
		snprintf(number, sizeof(number), "%u-", export->number);
	if (snprintf(path, sizeof(path), "%s/%scell-%03u-%s-%s-%s.hgrm",
		     export->folder, number, cell->index, allocator,
		     export_role(cell, role),
		     operation_names[operation]) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	error = output_open(&output, path);
	if (error != 0)
		return error;
	put_histogram(cell, operation, histogram, count, output.stream);
	return output_close(&output, 0);
}

static int write_cell(const struct export *export,
		      const struct results_cell *cell)
{
	struct histogram histogram;
	int error = 0;

	for (int i = 0; error == 0 && i < OPERATION_COUNT; i++) {
		enum operation operation = (enum operation)i;
		uint64_t count;

		results_histogram(cell, operation, &histogram);
		count = count_of(&histogram);
		if (count == 0)
			continue;
		if (export->folder) {
			error = write_file(export, cell, operation, &histogram,
					   count);
			continue;
		}
		put_histogram(cell, operation, &histogram, count,
			      export->stream);
		fputc('\n', export->stream);
	}
	return error;
}

static int hdr_file(struct export *export, const struct results_file *file)
{
	int error = 0;

	for (unsigned int i = 0; error == 0 && i < file->cells_count; i++)
		error = write_cell(export, &file->cells[i]);
	return error;
}

/* https://hdrhistogram.github.io/HdrHistogram/plotFiles.html reads it. */
const struct export_format export_hdr = {
	.name = "hdr",
	.has_folder = true,
	.file = hdr_file,
};
