/*
 * regrow/turns.h - threads that use something in an order that is known before.
 *
 * Each use has a number, from 0; a thread waits for the number of its own and
 * passes on when it is done. What was written before turns_pass_on() is seen
 * behind turns_await(). Zeroed memory is ready for use. Waiting threads sleep,
 * as there may be fewer CPUs than threads, and their wait is outside the clock.
 */
#ifndef REGROW_TURNS_H
#define REGROW_TURNS_H

#include <limits.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <regrow/workload.h>

struct turns {
	uint32_t done; /* uses so far; a futex; it may wrap */
	uint32_t waiting; /* threads, for their turn */
};

static inline void turns_futex(struct turns *turns, int what, uint32_t value)
{
	syscall(SYS_futex, &turns->done, what | FUTEX_PRIVATE_FLAG, value, NULL,
		NULL, 0);
}

/* Until it is this turn's; true: it was not yet. */
static inline bool turns_await(struct worker *worker, struct turns *turns,
			       uint32_t turn)
{
	uint32_t now = __atomic_load_n(&turns->done, __ATOMIC_ACQUIRE);

	if (now == turn)
		return false;
	worker_pause(worker);
	__atomic_add_fetch(&turns->waiting, 1, __ATOMIC_SEQ_CST);
	while ((now = __atomic_load_n(&turns->done, __ATOMIC_SEQ_CST)) != turn)
		turns_futex(turns, FUTEX_WAIT, now);
	__atomic_sub_fetch(&turns->waiting, 1, __ATOMIC_SEQ_CST);
	worker_resume(worker);
	return true;
}

static inline void turns_pass_on(struct turns *turns)
{
	__atomic_store_n(&turns->done, turns->done + 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&turns->waiting, __ATOMIC_SEQ_CST) > 0)
		turns_futex(turns, FUTEX_WAKE, INT_MAX);
}

#endif
