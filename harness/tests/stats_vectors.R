#!/usr/bin/env Rscript
# stats_vectors.R - makes stats_vectors.h: what R itself computes.
#
# Run as: Rscript harness/tests/stats_vectors.R >harness/tests/stats_vectors.h,
# then clang-format -i on it. Base R only (Debian: apt-get install r-base-core);
# its own random numbers are not used, so that every version makes the same data.

QUANTILES <- c(0, 0.01, 0.05, 0.25, 1 / 3, 0.5, 0.9, 0.99, 1)
LEVELS <- c(0.5, 0.9, 0.95, 0.99, 0.999)

# Park and Miller's generator, after ten steps away from the seed: near.h has the
# same, for the data of large vectors.
MODULUS <- 2147483647
random <- function(seed, count) {
	x <- numeric(count)
	for (i in seq(-9, count)) {
		seed <- (48271 * seed) %% MODULUS
		if (i > 0)
			x[i] <- seed
	}
	x
}
skewed <- function(seed, count) 1000 * (MODULUS / random(seed, count))
tied <- function(seed, count) 1 + random(seed, count) %% 10
lognormal <- function(seed, count, log_median, sigma)
	round(exp(log_median + sigma * qnorm(random(seed, count) / MODULUS)), 3)

number <- function(x) {
	text <- ifelse(is.nan(x), "NAN", formatC(x, digits = 15, format = "g"))
	inexact <- !is.nan(x) & suppressWarnings(as.numeric(text)) != x
	text[inexact] <- formatC(x[inexact], digits = 17, format = "g")
	trimws(text)
}
row <- function(x) paste0("{ ", paste(number(x), collapse = ", "), " }")
rows <- function(x) paste0("{ ", paste(apply(x, 1, row), collapse = ", "), " }")
table_of <- function(name, lines) {
	cat("static const struct ", name, "_vector ", name, "_vectors[] = {\n", sep = "")
	cat(paste0("{ ", lines, " },\n"), sep = "")
	cat("};\n\n")
}
line <- function(...) paste(..., sep = ", ")

# --- the sign test ---

binomial <- function() {
	n <- c(1, 2, 5, 6, 6, 12, 31, 31, 100, 100, 1000, 1000, 1000, 1000, 1001, 2000,
	       5000, 20000, 100000, 1e6)
	k <- c(0, 0, 2, 0, 5, 2, 9, 15, 39, 60, 468, 400, 12, 0, 500, 1,
	       2400, 9800, 49000, 497000)
	table_of("binomial", line(n, k, number(pbinom(k, n, 0.5))))
}

sign_test <- function() {
	below <- c(0, 1, 1, 5, 0, 2, 6, 31, 9, 450, 3, 0, 0, 490)
	equal <- c(0, 3, 0, 0, 2, 0, 1, 0, 5, 2, 5, 0, 7, 40)
	above <- c(1, 0, 1, 0, 6, 10, 6, 12, 22, 550, 900, 500, 1000, 510)
	p <- mapply(function(x, y) binom.test(x, x + y)$p.value, below, above)
	table_of("sign", line(below, equal, above, number(p)))
}

# x(k), x(n + 1 - k) of the largest k that covers level, and how much.
median_interval <- function(x, level) {
	n <- length(x)
	x <- sort(x)
	k <- 0
	while (k < n %/% 2 && 1 - 2 * pbinom(k, n, 0.5) >= level)
		k <- k + 1
	if (k == 0)
		return(c(x[1], x[n], 0))
	# The sign test inverted: a median with k - 1 values below it is rejected, one
	# with k is not.
	stopifnot(binom.test(k - 1, n)$p.value <= 1 - level + 1e-12)
	stopifnot(binom.test(k, n)$p.value > 1 - level + 1e-12)
	c(x[k], x[n + 1 - k], 1 - 2 * pbinom(k - 1, n, 0.5))
}
intervals <- function(x) t(sapply(LEVELS, function(level) median_interval(x, level)))

COUNTS <- c(1, 2, 5, 6, 7, 12, 13, 31, 100, 257)
samples <- c(lapply(COUNTS, function(n) lognormal(1949 + n, n, 5, 0.7)),
	     list(tied(3, 12), tied(4, 40)))

sample <- function()
	table_of("sample", sapply(samples, function(x)
		line(length(x), row(x), row(quantile(x, QUANTILES, type = 7)),
		     rows(intervals(x)))))

pairs <- function()
	table_of("pairs", sapply(samples, function(a) {
		b <- round(a * exp(-0.05 + 0.1 * qnorm(random(1908, length(a)) / MODULUS)), 3)
		logs <- log(a) - log(b)
		found <- intervals(logs)
		found[, 1:2] <- exp(found[, 1:2])
		line(length(a), row(a), row(b), number(exp(median(logs))), rows(found))
	}))

holm <- function() {
	families <- list(0.03, c(0.01, 0.02, 0.03, 0.04, 0.05), c(0.5, 0.01, 0.9, 0.01),
			 c(0.04, NaN, 0.001, 0.04, NaN, 0.2), c(NaN, NaN), rep(0.02, 7),
			 c(1, 1e-300, 0, 3e-5, 0.7), random(77, 20)^3 / MODULUS^3)
	table_of("holm", sapply(families, function(p)
		line(length(p), row(p), row(p.adjust(p, method = "holm")))))
}

# --- the rank sum ---

rank_line <- function(a, b) {
	test <- suppressWarnings(wilcox.test(a, b)) # it warns of ties
	list(w = test$statistic, p = test$p.value, exact =
	     length(a) < 50 && length(b) < 50 && !any(duplicated(c(a, b))))
}
rank_sum <- function() {
	data <- function(seed, n, shift = 0) lognormal(seed, n, 5 + shift, 0.7)
	cases <- list(
		list(1, 2), list(c(1, 3, 5), c(2, 4)), list(1:5, 6:11), list(6, 1:12),
		list(data(1, 7), data(2, 9)), list(data(3, 12, 1), data(4, 12)),
		list(data(5, 49), data(6, 49, 0.3)), list(1:49, 50:98),
		list(data(7, 49, 0.2), data(8, 50)), list(data(9, 50), 150.0005),
		list(data(10, 20), data(11, 49, 0.8)),
		list(tied(12, 8), tied(13, 10)), list(tied(14, 60), tied(15, 33) + 1),
		list(c(1, 2, 2, 3), c(2, 2, 4)), list(c(1, 1), c(1, 2)), list(c(1, 2), c(1, 2)))
	table_of("rank", sapply(cases, function(case) {
		found <- rank_line(case[[1]], case[[2]])
		line(length(case[[1]]), length(case[[2]]), row(case[[1]]), row(case[[2]]),
		     number(found$w), number(found$p), tolower(found$exact))
	}))
	# a is seed, count, scale; the scale of b is 1.
	large <- list(c(21, 300, 1.1, 22, 200), c(23, 5000, 1, 24, 3000),
		      c(25, 700, 1e10, 26, 1000), c(27, 5000, 1.07, 28, 5000))
	table_of("rank_large", sapply(large, function(case) {
		found <- rank_line(case[3] * skewed(case[1], case[2]),
				   skewed(case[4], case[5]))
		line(paste(case, collapse = ", "), number(found$w), number(found$p))
	}))
}

# --- the bootstrap of the ratio of medians ---

# Logs of the medians of all n^n resamples, and their shares.
enumerated <- function(x) {
	n <- length(x)
	medians <- apply(as.matrix(expand.grid(rep(list(x), n))), 1, median)
	distinct <- sort(unique(medians))
	list(value = log(distinct), p = tabulate(match(medians, distinct)) / n^n)
}

# The same by the distribution of order statistics, within reach of the middle.
computed <- function(x) {
	n <- length(x)
	x <- sort(x)
	m <- n %/% 2
	reach <- ceiling(12 * sqrt(n) / 2)
	i <- max(1, m - reach):min(n, m + 1 + reach)
	at <- function(k) # the kth of a resample is x[i]
		pbinom(k - 1, n, (i - 1) / n) - pbinom(k - 1, n, i / n)
	if (n %% 2 == 1)
		return(distribution(x[i], at(m + 1)))
	gap <- 1:min(n, 60)
	pair <- expand.grid(i = i, gap = gap)
	pair$j <- pair$i + pair$gap
	pair <- pair[pair$j <= n, ]
	log_power <- function(k) # log of (k^m - (k-1)^m) / (n/2)^m
		m * log1p((2 * k - n) / n) + log(-expm1(m * log1p(-1 / k)))
	p <- dbinom(m, n, 0.5) * exp(log_power(pair$i) + log_power(n - pair$j + 1))
	same <- at(m) - as.vector(tapply(p, factor(pair$i, i), sum, default = 0))
	distribution(c(x[i], (x[pair$i] + x[pair$j]) / 2), c(same, p))
}
distribution <- function(median, p) {
	stopifnot(abs(sum(p) - 1) < 1e-11)
	order <- order(median)
	list(value = log(median[order]), p = p[order])
}

# The least difference a - b that has p at or below it.
least <- function(a, b, p) {
	after <- c(rev(cumsum(rev(b$p))), 0) # of b from an index on
	at_or_below <- function(t)
		sum(a$p * after[findInterval(a$value - t, b$value, left.open = TRUE) + 1])
	low <- min(a$value) - max(b$value) - 1
	high <- max(a$value) - min(b$value) + 1
	for (step in 1:30) {
		middle <- (low + high) / 2
		if (at_or_below(middle) >= p) high <- middle else low <- middle
	}
	# What lies in that narrow band, one by one.
	from <- findInterval(a$value - high, b$value, left.open = TRUE) + 1
	to <- findInterval(a$value - low, b$value, left.open = TRUE)
	has <- which(from <= to)
	band <- do.call(rbind, lapply(has, function(k)
		cbind(a$value[k] - b$value[from[k]:to[k]], a$p[k] * b$p[from[k]:to[k]])))
	band <- band[order(band[, 1]), , drop = FALSE]
	reached <- at_or_below(low) + cumsum(band[, 2])
	band[which(reached >= p * (1 - 1e-12))[1], 1]
}
ratio_intervals <- function(a, b)
	t(sapply(LEVELS, function(level)
		c(exp(least(a, b, (1 - level) / 2)), exp(-least(b, a, (1 - level) / 2)), level)))

bootstrap <- function() {
	data <- function(seed, n) lognormal(seed, n, 5, 0.4)
	line_of <- function(a, b, by)
		line(length(a), length(b), row(a), row(b), rows(ratio_intervals(by(a), by(b))))
	brute <- list(c(2, 2), c(3, 3), c(3, 4), c(5, 4), c(6, 6), c(2, 6), c(5, 6))
	brute <- c(lapply(brute, function(n) list(data(31 + n[1], n[1]), data(71 + n[2], n[2]))),
		   list(list(c(1, 2, 2, 9), c(3, 3, 5, 5, 8)), list(rep(4, 6), c(1, 2, 4))))
	for (case in brute) # the formula is what enumeration finds
		stopifnot(all.equal(ratio_intervals(enumerated(case[[1]]), enumerated(case[[2]])),
				    ratio_intervals(computed(case[[1]]), computed(case[[2]])),
				    tolerance = 1e-12))
	more <- list(list(data(41, 12), data(42, 12)), list(data(43, 31), data(44, 30)),
		     list(data(45, 100), data(46, 100)), list(tied(47, 40), tied(48, 23)),
		     list(skewed(49, 80), skewed(50, 81)))
	table_of("bootstrap", c(
		sapply(brute, function(case) line_of(case[[1]], case[[2]], enumerated)),
		sapply(more, function(case) line_of(case[[1]], case[[2]], computed))))
	large <- list(c(51, 1000, 52, 1001), c(53, 4000, 54, 300), c(55, 100000, 56, 99999),
		      c(57, 100000, 58, 3))
	table_of("bootstrap_large", sapply(large, function(case)
		line(paste(case, collapse = ", "), rows(ratio_intervals(
			computed(skewed(case[1], case[2])), computed(skewed(case[3], case[4])))))))
}

# --- Pettitt's test ---

pettitt_line <- function(x) {
	n <- length(x)
	signs <- sign(outer(x, x, "-"))
	u <- sapply(1:(n - 1), function(t) sum(signs[1:t, (t + 1):n]))
	k <- max(abs(u))
	line(number(k), number(min(1, 2 * exp(-6 * k^2 / (n^3 + n^2)))), which.max(abs(u)))
}
pettitt <- function() {
	data <- function(seed, n) lognormal(seed, n, 5, 0.2)
	cases <- list(c(1, 2), c(2, 1), c(3, 3, 3), 1:12, data(61, 20), tied(62, 31),
		      c(data(63, 20) * 2, data(64, 40)), c(data(65, 50), data(66, 7) * 1.5))
	table_of("pettitt", sapply(cases, function(x) line(length(x), row(x), pettitt_line(x))))
	large <- list(c(67, 500), c(68, 2000))
	table_of("pettitt_large", sapply(large, function(case)
		line(paste(case, collapse = ", "),
		     pettitt_line(skewed(case[1], case[2]) * (1 + (seq_len(case[2]) > 200))))))
}

struct <- function(name, ...)
	cat("struct ", name, "_vector {\n", paste0(c(...), ";\n"), "};\n\n", sep = "")

cat("/* stats_vectors.h - made by stats_vectors.R (R ", as.character(getRversion()),
    "). */\n#ifndef REGROW_STATS_VECTORS_H\n#define REGROW_STATS_VECTORS_H\n\n",
    "#include <math.h>\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n",
    "#define VECTOR_QUANTILES ", length(QUANTILES), "\n",
    "#define VECTOR_LEVELS ", length(LEVELS), "\n",
    "#define VECTOR_COUNT_MAX ", max(COUNTS), "\n\n", sep = "")
struct("binomial", "size_t n", "size_t k", "double cdf")
struct("sign", "size_t below", "size_t equal", "size_t above", "double p")
struct("sample", "size_t count", "double values[VECTOR_COUNT_MAX]",
       "double quantiles[VECTOR_QUANTILES]", "double intervals[VECTOR_LEVELS][3]")
struct("pairs", "size_t count", "double a[VECTOR_COUNT_MAX]", "double b[VECTOR_COUNT_MAX]",
       "double ratio", "double intervals[VECTOR_LEVELS][3]")
struct("holm", "size_t count", "double p[20]", "double adjusted[20]")
struct("rank", "size_t a_count", "size_t b_count", "double a[60]", "double b[60]",
       "double w", "double p", "bool exact")
struct("rank_large", "uint64_t a_seed", "size_t a_count", "double a_scale",
       "uint64_t b_seed", "size_t b_count", "double w", "double p")
struct("bootstrap", "size_t a_count", "size_t b_count", "double a[100]", "double b[100]",
       "double intervals[VECTOR_LEVELS][3]")
struct("bootstrap_large", "uint64_t a_seed", "size_t a_count", "uint64_t b_seed",
       "size_t b_count", "double intervals[VECTOR_LEVELS][3]")
struct("pettitt", "size_t count", "double values[60]", "double k", "double p", "size_t at")
struct("pettitt_large", "uint64_t seed", "size_t count", "double k", "double p", "size_t at")
cat("static const double vector_quantiles[VECTOR_QUANTILES] = ", row(QUANTILES), ";\n",
    "static const double vector_levels[VECTOR_LEVELS] = ", row(LEVELS), ";\n\n", sep = "")
options(scipen = 999)
binomial()
sign_test()
sample()
pairs()
holm()
rank_sum()
bootstrap()
pettitt()
cat("#endif\n")
