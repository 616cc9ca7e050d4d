/*
 * regrow/churn_estimate.h - what is written of connections' buffers, and what
 * their lives take with an allocator that copies each growth.
 */
#ifndef REGROW_CHURN_ESTIMATE_H
#define REGROW_CHURN_ESTIMATE_H

#include <stdint.h>

#include <regrow/churn.h>
#include <regrow/workload.h>

/* Of new bytes those in their first and last page, all, or none. */
enum churn_touch { CHURN_TOUCH_ENDS, CHURN_TOUCH_ALL, CHURN_TOUCH_NONE };

/* Two ranges of a buffer, of which any may be empty. */
struct churn_written {
	uint64_t from[2];
	uint64_t to[2];
};

static inline struct churn_written churn_written(enum churn_touch touch,
						 uint64_t page_size,
						 uint64_t from, uint64_t to)
{
	uint64_t first_end = from / page_size * page_size + page_size;
	uint64_t last = (to - 1) / page_size * page_size;

	if (touch == CHURN_TOUCH_NONE)
		return (struct churn_written){{to, to}, {to, to}};
	if (touch == CHURN_TOUCH_ALL || last <= first_end)
		return (struct churn_written){{from, to}, {to, to}};
	return (struct churn_written){{from, last}, {first_end, to}};
}

/* Counts for the estimate, and what one thread has at the moment. */
struct churn_account {
	struct estimate *estimate;
	struct connection *connections;
	enum churn_touch touch;
	uint64_t page_size;
	uint64_t live;
	uint64_t live_max;
	uint64_t resident; /* all that was copied, and what was written since */
	uint64_t resident_max;
};

static inline uint64_t churn_pages(const struct churn_account *account,
				   uint64_t size)
{
	return (size + account->page_size - 1) / account->page_size;
}

/* Pages that a growth is the first to write. */
static inline uint64_t churn_fresh_pages(const struct churn_account *account,
					 uint64_t from, uint64_t to)
{
	uint64_t fresh = churn_pages(account, to) - churn_pages(account, from);

	if (account->touch == CHURN_TOUCH_NONE)
		return 0;
	if (account->touch == CHURN_TOUCH_ALL || fresh < 2)
		return fresh;
	return from % account->page_size ? 1 : 2;
}

static inline void churn_account_peak(struct churn_account *account)
{
	if (account->live_max < account->live)
		account->live_max = account->live;
	if (account->resident_max < account->resident)
		account->resident_max = account->resident;
}

/* A connection was born (old is 0), or grew from old bytes by copying. */
static inline void churn_account_sized(void *context, uint64_t place,
				       uint64_t old)
{
	struct churn_account *account = context;
	struct connection *connection = &account->connections[place];
	struct estimate *estimate = account->estimate;
	uint64_t size = connection->size;
	uint64_t copied = churn_pages(account, old) * account->page_size;
	uint64_t touched =
		churn_fresh_pages(account, old, size) * account->page_size;
	struct churn_written written =
		churn_written(account->touch, account->page_size, old, size);

	estimate->operations++;
	estimate->growths += old > 0;
	estimate->touched_bytes += touched;
	estimate->reread_bytes += connection->written;
	estimate->copied_bytes += old;
	if (estimate->block_bytes_max < size)
		estimate->block_bytes_max = size;
	account->resident += copied;
	churn_account_peak(account);
	account->resident += touched - connection->resident;
	account->live += size - old;
	churn_account_peak(account);
	connection->resident = copied + touched;
	connection->written += written.to[0] - written.from[0] + written.to[1] -
			       written.from[1];
}

static inline void churn_account_reads(void *context, uint64_t place)
{
	struct churn_account *account = context;

	account->estimate->reread_bytes += account->connections[place].written;
}

static inline void churn_account_dies(void *context, uint64_t place)
{
	struct churn_account *account = context;
	const struct connection *connection = &account->connections[place];

	account->estimate->operations++;
	account->live -= connection->size;
	account->resident -= connection->resident;
}

static inline void churn_account_begins(void *context)
{
	(void)context;
}

static inline void churn_account_ends(void *context, uint64_t number)
{
	(void)context;
	(void)number;
}

/* One thread's lives; connections is room for them, as of churn_walk(). */
static inline void churn_estimate(struct churn *churn, enum churn_touch touch,
				  uint64_t page_size,
				  struct connection *connections,
				  struct estimate *estimate)
{
	static const struct churn_visitor visitor = {
		.begins = churn_account_begins,
		.ends = churn_account_ends,
		.sized = churn_account_sized,
		.reads = churn_account_reads,
		.dies = churn_account_dies,
	};
	struct churn_account account = {
		.estimate = estimate,
		.connections = connections,
		.touch = touch,
		.page_size = page_size,
	};

	churn_walk(churn, connections, &visitor, &account);
	estimate->operations += churn->count; /* the drain */
	/* As if all threads had the most at once. */
	estimate->live_bytes_max += account.live_max;
	estimate->resident_bytes_max += account.resident_max;
}

#endif
