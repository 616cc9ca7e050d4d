/*
 * personality - the layout of the memory map that a process gets at exec.
 */
#ifndef REGROW_PERSONALITY_H
#define REGROW_PERSONALITY_H

#include <stdbool.h>

/*
 * Legacy (bottom-up) or standard (top-down) from the next execve(2) on, by
 * ADDR_COMPAT_LAYOUT of personality(2); the other flags, address randomization
 * among them, stay. 0 or -errno. A call that would change nothing is not made,
 * so that a filter which refuses it does no harm. Safe between fork and exec.
 */
int personality_set_layout(bool legacy);

/* What was asked for and is in force; false also where it cannot be read. */
bool personality_is_legacy(void);

#endif
