/* shape - how a cost grows along an axis. */
#include <math.h>
#include <stdbool.h>

#include "driver/shape.h"

#define EXPONENT_MAX 2.4 /* what grows faster is told from linear by then */
#define EXPONENT_STEP 0.05
#define REWEIGHTS 4

const char *const shape_names[SHAPE_COUNT] = {
	[SHAPE_UNTOLD] = "cannot tell",
	[SHAPE_CONSTANT] = "constant",
	[SHAPE_LOGARITHMIC] = "logarithmic",
	[SHAPE_LINEAR] = "linear",
};

const char *const shape_doubt_texts[SHAPE_DOUBTS] = {
	[SHAPE_SURE] = "",
	[SHAPE_FEW_ROUNDS] = "too few rounds",
	[SHAPE_FEW_POINTS] = "too few numbers on the axis",
	[SHAPE_FALLS] = "it falls",
	[SHAPE_NOISY] = "the growth's interval is too wide",
	[SHAPE_BETWEEN] = "the exponent is not told, or is another",
};

/* The costs of one round at the planted numbers. */
struct curve {
	size_t count;
	double n[SHAPE_POINTS_MAX];
	double cost[SHAPE_POINTS_MAX];
};

/* a + b * g(N) */
struct line {
	double a;
	double b;
};

static bool usable(double cost)
{
	return isfinite(cost) && cost > 0;
}

static double cost_at(const struct shape_axis *axis, size_t round, size_t point)
{
	return axis->costs[round * axis->points + point];
}

/* Box and Cox's family (J. R. Statist. Soc. B 26, 1964), from g(0) = 0. */
static double family(double n, double exponent)
{
	if (exponent < EXPONENT_STEP / 2)
		return log1p(n);
	return expm1(exponent * log1p(n)) / exponent;
}

/* Weighted least squares with both not below 0; weights are 1 / scale^2. */
static struct line line_fit(const struct curve *curve, const double *g,
			    const double *scale)
{
	double w = 0, wg = 0, wgg = 0, wc = 0, wgc = 0, determinant;
	struct line line;

	for (size_t i = 0; i < curve->count; i++) {
		double weight = 1 / (scale[i] * scale[i]);

		w += weight;
		wg += weight * g[i];
		wgg += weight * g[i] * g[i];
		wc += weight * curve->cost[i];
		wgc += weight * g[i] * curve->cost[i];
	}
	determinant = w * wgg - wg * wg;
	line.b = determinant > 0 ? (w * wgc - wg * wc) / determinant : 0;
	line.b = fmax(line.b, 0);
	line.a = (wc - line.b * wg) / w;
	if (line.a < 0) {
		line.a = 0;
		line.b = wgc / wgg;
	}
	return line;
}

/*
 * The member of that exponent that is nearest in relative terms: weights come
 * from the fit itself, since costs as weights would pull it to those that are
 * low by chance. Its distance, in logarithms, squared.
 */
static double curve_fit(const struct curve *curve, double exponent,
			struct line *line)
{
	double g[SHAPE_POINTS_MAX], scale[SHAPE_POINTS_MAX], distance = 0;

	for (size_t i = 0; i < curve->count; i++) {
		g[i] = family(curve->n[i], exponent);
		scale[i] = curve->cost[i];
	}
	for (unsigned int times = 0; times < REWEIGHTS; times++) {
		*line = line_fit(curve, g, scale);
		for (size_t i = 0; i < curve->count; i++)
			scale[i] = line->a + line->b * g[i];
	}
	for (size_t i = 0; i < curve->count; i++) {
		double off = log(curve->cost[i] / scale[i]);

		distance += off * off;
	}
	return distance;
}

/* NaN where it does not grow at all. */
static double curve_exponent(const struct curve *curve)
{
	double least = INFINITY, nearest = NAN;
	struct line line;

	for (unsigned int i = 0; i * EXPONENT_STEP <= EXPONENT_MAX; i++) {
		double exponent = i * EXPONENT_STEP;
		double distance = curve_fit(curve, exponent, &line);

		if (distance < least) {
			least = distance;
			nearest = line.b > 0 ? exponent : NAN;
		}
	}
	return nearest;
}

static struct shape_estimate estimate_of(double *values, size_t count,
					 double level)
{
	struct shape_estimate estimate = {.rounds = count};

	stats_sort(values, count);
	estimate.median = stats_median(values, count);
	estimate.interval = stats_median_interval(values, count, level);
	return estimate;
}

/* Of the cost at one point to that at another. */
static struct shape_estimate ratio_of(const struct shape_axis *axis, size_t to,
				      size_t from, double level,
				      double *scratch)
{
	size_t count = 0;

	for (size_t i = 0; i < axis->rounds; i++) {
		double above = cost_at(axis, i, to);
		double below = cost_at(axis, i, from);

		if (usable(above) && usable(below))
			scratch[count++] = above / below;
	}
	return estimate_of(scratch, count, level);
}

static void curve_take(const struct shape_axis *axis, size_t round,
		       size_t planted, struct curve *curve)
{
	curve->count = 0;
	for (size_t i = planted; i < axis->points; i++) {
		if (!usable(cost_at(axis, round, i)))
			continue;
		curve->n[curve->count] = axis->n[i];
		curve->cost[curve->count++] = cost_at(axis, round, i);
	}
}

static void exponent_fill(const struct shape_axis *axis, size_t planted,
			  double level, double *scratch, struct shape_fit *fit)
{
	size_t count = 0;
	struct curve curve;

	for (size_t i = 0; i < axis->rounds; i++) {
		double exponent = NAN;

		curve_take(axis, i, planted, &curve);
		if (curve.count >= SHAPE_PLANTED_MIN)
			exponent = curve_exponent(&curve);
		if (!isnan(exponent))
			scratch[count++] = exponent;
	}
	fit->exponent = estimate_of(scratch, count, level);
}

static void slope_fill(const struct shape_axis *axis, size_t planted,
		       double level, double *scratch, struct shape_fit *fit)
{
	size_t count = 0;
	struct curve curve;
	struct line line;

	for (size_t i = 0; i < axis->rounds; i++) {
		curve_take(axis, i, planted, &curve);
		if (curve.count < 2)
			continue;
		curve_fit(&curve, 1, &line);
		scratch[count++] = 1000 * line.b;
	}
	fit->slope = estimate_of(scratch, count, level);
}

static void medians_fill(const struct shape_axis *axis, double *scratch,
			 struct shape_fit *fit)
{
	for (size_t i = 0; i < axis->points; i++) {
		size_t count = 0;

		for (size_t j = 0; j < axis->rounds; j++)
			if (usable(cost_at(axis, j, i)))
				scratch[count++] = cost_at(axis, j, i);
		stats_sort(scratch, count);
		fit->medians[i] = stats_median(scratch, count);
	}
}

/* Between the ends of the axis nothing may stand out. */
static bool is_flat(const struct shape_axis *axis, size_t planted,
		    const struct shape_fit *fit)
{
	for (size_t i = planted; i < axis->points; i++)
		if (fit->medians[i] > SHAPE_MARGIN * fit->medians[planted] ||
		    fit->medians[i] * SHAPE_MARGIN < fit->medians[planted])
			return false;
	return true;
}

static enum shape_doubt tell(const struct shape_axis *axis, size_t planted,
			     struct shape_fit *fit)
{
	const struct interval *growth = &fit->growth.interval;
	const struct interval *exponent = &fit->exponent.interval;

	if (fit->growth.rounds < SHAPE_ROUNDS_MIN || !(growth->level > 0))
		return SHAPE_FEW_ROUNDS;
	if (growth->low > 1 / SHAPE_MARGIN && growth->high < SHAPE_MARGIN &&
	    is_flat(axis, planted, fit)) {
		fit->shape = SHAPE_CONSTANT;
		return SHAPE_SURE;
	}
	if (growth->high < 1)
		return SHAPE_FALLS;
	if (growth->low <= SHAPE_GROWS)
		return SHAPE_NOISY;
	/* A round that does not grow has no exponent: then they are not all. */
	if (fit->exponent.rounds < fit->growth.rounds || !(exponent->level > 0))
		return SHAPE_BETWEEN;
	if (exponent->high < SHAPE_LOGARITHMIC_MAX)
		fit->shape = SHAPE_LOGARITHMIC;
	else if (exponent->low > SHAPE_LINEAR_MIN &&
		 exponent->high < SHAPE_LINEAR_MAX &&
		 growth->low > SHAPE_MARGIN)
		fit->shape = SHAPE_LINEAR;
	else
		return SHAPE_BETWEEN;
	return SHAPE_SURE;
}

void shape_fit(const struct shape_axis *axis, double level, double *scratch,
	       struct shape_fit *fit)
{
	static const struct shape_estimate none = {NAN, {NAN, NAN, 0}, 0};
	size_t planted = axis->points > 0 && axis->n[0] == 0;
	size_t last = axis->points - 1;

	*fit = (struct shape_fit){
		.ratio = none,
		.step = none,
		.growth = none,
		.exponent = none,
		.slope = none,
		.doubt = SHAPE_FEW_POINTS,
	};
	medians_fill(axis, scratch, fit);
	if (axis->points < planted + SHAPE_PLANTED_MIN)
		return;
	if (planted == 1) {
		fit->ratio = ratio_of(axis, last, 0, level, scratch);
		fit->step = ratio_of(axis, 1, 0, level, scratch);
	}
	fit->growth = ratio_of(axis, last, planted, level, scratch);
	exponent_fill(axis, planted, level, scratch, fit);
	slope_fill(axis, planted, level, scratch, fit);
	fit->doubt = tell(axis, planted, fit);
}
