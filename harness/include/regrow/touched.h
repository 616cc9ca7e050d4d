/*
 * regrow/touched.h - which pages of a block are written, where not all are: a
 * share of them, evenly spread, that depends on a page's number alone.
 *
 * A percent is 0 to 100; with any share above 0 the first page is written.
 */
#ifndef REGROW_TOUCHED_H
#define REGROW_TOUCHED_H

#include <stdbool.h>
#include <stdint.h>

static inline bool touched_page(uint64_t page, uint64_t percent)
{
	return page * percent % 100 < percent;
}

/* How many of the first pages pages are touched. */
static inline uint64_t touched_pages(uint64_t pages, uint64_t percent)
{
	if (pages == 0 || percent == 0)
		return 0;
	return (pages - 1) * percent / 100 + 1;
}

/* Of the first size bytes. */
static inline uint64_t touched_bytes(uint64_t page_size, uint64_t percent,
				     uint64_t size)
{
	uint64_t whole = size / page_size;
	uint64_t bytes = touched_pages(whole, percent) * page_size;

	if (touched_page(whole, percent))
		bytes += size % page_size;
	return bytes;
}

/*
 * Moves *from to the first touched byte at or above it and sets *end behind the
 * run of touched bytes that it begins; false: none below to.
 */
static inline bool touched_run(uint64_t page_size, uint64_t percent,
			       uint64_t *from, uint64_t *end, uint64_t to)
{
	uint64_t page = *from / page_size;

	*end = to;
	if (percent == 100)
		return *from < to;
	for (; page * page_size < to; page++)
		if (touched_page(page, percent))
			break;
	if (*from < page * page_size)
		*from = page * page_size;
	while (page * page_size < to && touched_page(page, percent))
		page++;
	if (page * page_size < to)
		*end = page * page_size;
	return *from < to;
}

#endif
