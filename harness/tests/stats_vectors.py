#!/usr/bin/env python3
"""stats_vectors.py - makes stats_vectors.h: what scipy and numpy compute.

Run as: python3 harness/tests/stats_vectors.py >harness/tests/stats_vectors.h, then
clang-format -i on it.
(Debian: apt-get install python3-scipy; made with scipy 1.10.1, numpy 1.24.2).
"""

import numpy
import scipy
from scipy.stats import binom, binomtest

QUANTILES = [0, 0.01, 0.05, 0.25, 1 / 3, 0.5, 0.9, 0.99, 1]
LEVELS = [0.5, 0.9, 0.95, 0.99, 0.999]
COUNTS = [1, 2, 5, 6, 7, 12, 13, 31, 100, 257]
BINOMIALS = [(1, 0), (2, 0), (5, 2), (6, 0), (6, 5), (12, 2), (31, 9),
             (31, 15), (100, 39), (100, 60), (1000, 468), (1000, 400),
             (1001, 500), (5000, 2400), (20000, 9800), (2000, 1)]


def samples():
    """Skewed, with ties where they are rounded to whole numbers."""
    rng = numpy.random.default_rng(1949)
    for count in COUNTS:
        yield numpy.round(rng.lognormal(5, 0.7, count), 3)
    for count in (12, 40):
        yield numpy.round(rng.lognormal(1, 0.7, count)) + 1


def interval(values, level):
    """x(k), x(n + 1 - k) of the largest k that covers level, and how much."""
    n = len(values)
    ordered = numpy.sort(values)
    k = 0
    while k < n // 2 and 1 - 2 * binom.cdf(k, n, 0.5) >= level:
        k += 1
    if k == 0:
        return ordered[0], ordered[-1], 0.0
    low, high = ordered[k - 1], ordered[n - k]
    # The sign test inverted: a median with k - 1 values below it is rejected,
    # one with k is not.
    assert binomtest(k - 1, n, 0.5).pvalue <= 1 - level + 1e-12
    assert binomtest(k, n, 0.5).pvalue > 1 - level + 1e-12
    return low, high, 1 - 2 * binom.cdf(k - 1, n, 0.5)


def row(numbers):
    return "{ " + ", ".join(repr(float(number)) for number in numbers) + " }"


def table(name, kind, rows):
    print(f"static const struct {kind} {name}[] = {{")
    for line in rows:
        print("{ " + ", ".join(line) + " },")
    print("};\n")


def main():
    data = list(samples())
    print("/* stats_vectors.h - made by stats_vectors.py "
          f"(scipy {scipy.__version__}, numpy {numpy.__version__}). */")
    print("#ifndef REGROW_STATS_VECTORS_H\n#define REGROW_STATS_VECTORS_H\n")
    print("#include <stddef.h>\n")
    print("struct binomial_vector {\nsize_t n;\nsize_t k;\ndouble cdf;\n};\n")
    print("struct sample_vector {\nsize_t count;\n"
          f"double values[{max(COUNTS)}];\n"
          f"double quantiles[{len(QUANTILES)}];\n"
          f"double intervals[{len(LEVELS)}][3];\n}};\n")
    print("struct pairs_vector {\nsize_t count;\n"
          f"double a[{max(COUNTS)}];\ndouble b[{max(COUNTS)}];\n"
          f"double ratio;\ndouble intervals[{len(LEVELS)}][3];\n}};\n")
    print(f"static const double vector_quantiles[] = {row(QUANTILES)};")
    print(f"static const double vector_levels[] = {row(LEVELS)};\n")
    table("binomial_vectors", "binomial_vector",
          [[str(n), str(k), repr(float(binom.cdf(k, n, 0.5)))]
           for n, k in BINOMIALS])
    table("sample_vectors", "sample_vector",
          [[str(len(x)), row(x), row(numpy.quantile(x, QUANTILES)),
            "{ " + ", ".join(row(interval(x, level)) for level in LEVELS)
            + " }"] for x in data])
    rng = numpy.random.default_rng(1908)
    pairs = []
    for x in data:
        b = numpy.round(x * rng.lognormal(-0.05, 0.1, len(x)), 3)
        logs = numpy.log(x / b)
        found = [(*numpy.exp(interval(logs, level)[:2]),
                  interval(logs, level)[2]) for level in LEVELS]
        pairs.append([str(len(x)), row(x), row(b),
                      repr(float(numpy.exp(numpy.median(logs)))),
                      "{ " + ", ".join(row(three) for three in found) + " }"])
    table("pairs_vectors", "pairs_vector", pairs)
    print("#endif")


main()
