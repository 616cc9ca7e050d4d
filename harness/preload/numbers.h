/*
 * numbers - the numbers of a trace's blocks, by address: one that no living
 * block has, the least that was never used or the one that came free last.
 *
 * One caller at a time, but for numbers_has().
 */
#ifndef REGROW_PRELOAD_NUMBERS_H
#define REGROW_PRELOAD_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A new block's; 0, -ENOMEM, or -EOVERFLOW: a trace has no more. */
int numbers_give(const void *block, uint32_t *number);

/* Has it one? At any time, for a block that the caller owns. */
bool numbers_has(const void *block);

/* The block goes, and its number is free. False: it had none. */
bool numbers_retire(const void *block, uint32_t *number);

/*
 * The block may come to lie elsewhere: its address is no longer known, but its
 * number is not free. False: it had none. Then either numbers_set(), which
 * cannot fail, or numbers_drop(), which frees the number.
 */
bool numbers_lift(const void *block, uint32_t *number);
void numbers_set(const void *block, uint32_t number);
void numbers_drop(uint32_t number);

/* Around fork(2); and in the child, between them: none has one any more. */
void numbers_lock(void);
void numbers_unlock(void);
void numbers_clear(void);

#endif
