/*
 * exponential - rounds sizes up to classes and asks another allocator for them.
 *
 * On growth: nothing within a class (slack, no system call); beyond it over=
 * grows the block from one class's size to another's. Jason Evans's proposal
 * for large blocks; since jemalloc 4 its classes are quarter, and those of
 * 5.3.1 page. +4M is what jemalloc 3.6 had: whole chunks, linear.
 *
 * The classes, first being the smallest of each but page:
 *   x2       first * 2^k
 *   quarter  4, 5, 6, 7 * 2^k, those above first
 *   page     whole pages; first plays no part
 *   +SIZE    multiples of SIZE, those above first
 * A block smaller than first takes a class of first all the same, as a huge
 * allocation of jemalloc 3.6 takes a chunk: the waste is address space, and
 * memory only where it is touched.
 */
#include <stdio.h>
#include <stdlib.h>

#include <regrow/pages.h>

enum { STEP, FIRST, OVER };

static const struct option_entry exponential_options[] = {
	[STEP] = {"step", OPTION_TEXT, "x2", NULL,
		  "the classes: x2, quarter, page, or +SIZE, its multiples"},
	[FIRST] = {"first", OPTION_SIZE, "4M", NULL,
		   "the smallest class, but for page"},
	[OVER] = {"over", OPTION_ALLOCATOR, "copy-realloc", NULL,
		  "the allocator that blocks are asked of"},
	{0},
};

enum series { SERIES_DOUBLES, SERIES_QUARTERS, SERIES_MULTIPLES };

/* The classes, as step and first spell them. */
struct exponential_shared {
	enum series series;
	size_t unit; /* bytes; of SERIES_MULTIPLES */
	size_t first; /* bytes */
};

/* A size as it is typed: digits and K, M, G or T; 0: malformed or too large. */
static size_t exponential_size(const char *text)
{
	static const char units[] = "KMGT";
	unsigned long long number;
	const char *unit;
	char *end;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno)
		return 0;
	if (*end) {
		unit = strchr(units, *end);
		if (!unit || end[1] || number >> (54 - 10 * (unit - units)))
			return 0;
		number <<= 10 * (unit - units + 1);
	}
	return number;
}

/* 0, or -EINVAL: step is none of the words and no +SIZE. */
static int exponential_parse(const struct option_value *options,
			     size_t page_size,
			     struct exponential_shared *shared)
{
	const char *step = options[STEP].text;

	shared->first = options[FIRST].number;
	shared->series = SERIES_MULTIPLES;
	if (strcmp(step, "x2") == 0) {
		shared->series = SERIES_DOUBLES;
	} else if (strcmp(step, "quarter") == 0) {
		shared->series = SERIES_QUARTERS;
	} else if (strcmp(step, "page") == 0) {
		shared->unit = page_size;
		shared->first = page_size;
	} else if (*step == '+') {
		shared->unit = exponential_size(step + 1);
		return shared->unit ? 0 : -EINVAL;
	} else {
		return -EINVAL;
	}
	return 0;
}

static int exponential_check(const struct option_value *options, char *why,
			     size_t why_size)
{
	struct exponential_shared shared;

	if (exponential_parse(options, 1, &shared)) {
		snprintf(why, why_size,
			 "step=%s is not x2, quarter, page or + and a size "
			 "such as +4M",
			 options[STEP].text);
		return -EINVAL;
	}
	if (options[FIRST].number == 0) {
		snprintf(why, why_size, "first=%s: a class cannot be empty",
			 options[FIRST].text);
		return -EINVAL;
	}
	return 0;
}

static int exponential_setup(struct heap *heap)
{
	return exponential_parse(heap->options, heap->page_size, heap->shared);
}

/* The smallest class that holds size bytes; 0: none does. */
static size_t exponential_class(const struct exponential_shared *shared,
				size_t size)
{
	size_t class = shared->first, unit = shared->unit;

	if (size <= class)
		return class;
	if (shared->series == SERIES_DOUBLES) {
		while (class && class < size)
			class <<= 1;
		return class;
	}
	if (shared->series == SERIES_QUARTERS) {
		/* Four classes to each doubling: 2^k is the fourth below it. */
		unsigned int log2 =
			63 - (unsigned int)__builtin_clzll(size - 1);

		unit = log2 > 2 ? (size_t)1 << (log2 - 2) : 1;
	}
	size = (size - 1) / unit;
	return __builtin_mul_overflow(size + 1, unit, &class) ? 0 : class;
}

static void *exponential_alloc(struct heap *heap, size_t size)
{
	size_t class = exponential_class(heap->shared, size);

	return class ? heap_alloc(heap->over, class) : NULL;
}

static void *exponential_alloc_aligned(struct heap *heap, size_t alignment,
				       size_t size)
{
	size_t class = exponential_class(heap->shared, size);

	return class ? heap_alloc_aligned(heap->over, alignment, class) : NULL;
}

static void *exponential_grow(struct heap *heap, void *block, size_t size,
			      size_t new_size)
{
	size_t class = exponential_class(heap->shared, size);
	size_t new_class = exponential_class(heap->shared, new_size);

	if (new_class == class) {
		tally_growth(heap->recorder, OUTCOME_SLACK);
		return block;
	}
	if (new_class == 0) {
		tally_growth(heap->recorder, OUTCOME_FAILED);
		return NULL;
	}
	return heap_grow(heap->over, block, class, new_class);
}

static void exponential_release(struct heap *heap, void *block, size_t size)
{
	heap_release(heap->over, block, exponential_class(heap->shared, size));
}

static void *exponential_shrink(struct heap *heap, void *block, size_t size,
				size_t new_size)
{
	size_t class = exponential_class(heap->shared, size);
	size_t new_class = exponential_class(heap->shared, new_size);

	if (new_class == class)
		return block;
	return heap_shrink(heap->over, block, class, new_class);
}

static const struct allocator exponential = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "exponential",
	.summary = "sizes rounded up to classes; growth within one is free",
	.options = exponential_options,
	.mechanism = 1 << OUTCOME_SLACK,
	.shared_size = sizeof(struct exponential_shared),
	.check = exponential_check,
	.setup = exponential_setup,
	.alloc = exponential_alloc,
	.grow = exponential_grow,
	.release = exponential_release,
	.alloc_aligned = exponential_alloc_aligned,
	.shrink = exponential_shrink,
};

REGISTER_ALLOCATOR(exponential);
